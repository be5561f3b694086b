/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_simulation.h - the experiment of plim_problem.h at finite size, in independent replicas.

   Every replica draws everything anew: beta*, W0, a, both batches, the noise, any test set. All random numbers
   come from a counter-based stream keyed by (seed, size, replica, purpose), and no sum depends on how work is
   shared out, so the samples are the same bits for any number of threads. Problems that differ in lambda, eta,
   activation, teacher or noise alone see the same draws: paired comparisons are free. */
#ifndef PLIM_SIMULATION_H
#define PLIM_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_status.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which features the ridge regression sees: X(enumerator, name, meaning) */
#define PLIM_FEATURES_TABLE(X)                                                                               \
  X(PLIM_FEATURES_NETWORK, "network", "N^-1/2 sigma(W1'x): the real ones")                                   \
  X(PLIM_FEATURES_EQUIVALENT, "equivalent", "N^-1/2 (mu1 W1'x + mu2 z), z ~ N(0, I_N): Gaussian equivalent")

#define PLIM_FEATURES_ENUM(code, name, meaning) code,
typedef enum { PLIM_FEATURES_TABLE(PLIM_FEATURES_ENUM) PLIM_FEATURES_COUNT } plim_features;
#undef PLIM_FEATURES_ENUM
const char *plim_features_name(plim_features features); /* NULL outside the list */

/* In which the large products of inputs and weights are taken: X(enumerator, name, meaning). All else is double: random
   numbers, maps, risks, and ridge regressions as well: single solves their systems in float and then refines the
   solutions, with the features in double, until they are within 1e-9 of their length of those in double (bounded by
   their residuals); a path of penalties where one does not come to that is solved in double. How far single is from
   double for an experiment, plim_precision_error says. A device knows double only. */
#define PLIM_PRECISION_TABLE(X)                                                                              \
  X(PLIM_PRECISION_DOUBLE, "double", "16 digits")                                                            \
  X(PLIM_PRECISION_SINGLE, "single", "7 digits, and more than 1.5 times as fast at d = 2000")

#define PLIM_PRECISION_ENUM(code, name, meaning) code,
typedef enum { PLIM_PRECISION_TABLE(PLIM_PRECISION_ENUM) PLIM_PRECISION_COUNT } plim_precision;
#undef PLIM_PRECISION_ENUM
const char *plim_precision_name(plim_precision precision); /* NULL outside the list */

/* While plim_simulate runs, OpenBLAS works on this many threads in each of plim's own (and goes back to what it had
   afterwards): fixed tiles on plim's threads keep every bit independent of their number. */
enum { PLIM_SIMULATION_BLAS_THREADS = 1 };

/* Bytes of address space that each thread which calls OpenBLAS, or which OpenBLAS starts, takes for its products
   (BUFFER_SIZE of x86-64, 32 MiB << 2, the largest of its processors; touched only in part). Where there is no room
   for one, OpenBLAS never returns: under a limit (ulimit -v) leave that much. */
enum { PLIM_SIMULATION_BLAS_BUFFER = 128 << 20 };

struct plim_device;
typedef struct {
  plim_size size;
  size_t replicas; /* >= 1 */
  uint64_t seed;
  size_t threads; /* >= 1; replicas run in parallel, and the tiles of one replica where there are too few */
  size_t test_points; /* 0: exact expectation over the test point where it is available, else a fresh test set
                         of max(1000, 2 max(n, d, N)) points per replica; more: of so many. It is available with
                         Gaussian inputs alone. */
  plim_features features;
  size_t processes; /* that share the replicas out by the hooks, and so how many come to this one; 0: alone */
  size_t neighbours; /* of them on this machine, whose memory they share. No sample depends on either */
  plim_precision precision;
  struct plim_device *device; /* of plim_device.h, for what is large; NULL: all on the processor */
} plim_simulation;

/* What to measure: quantities, and a path of ridge penalties that share one factorisation. */
typedef struct {
  const plim_quantity *quantities;
  size_t n_quantities;
  const double *lambda; /* replaces problem->lambda */
  size_t n_lambda;      /* >= 1 */
} plim_measurement;

/* Hooks for long runs; any may be NULL. recall and record are called under a lock, one at a time.
     recall     fills `samples` (n_quantities x n_lambda of one replica) and returns true if they are known
     record     is told the samples of a replica just finished; false stops the run with PLIM_FAILED
     cancelled  asked now and then; true stops the run with PLIM_INTERRUPTED after the replicas under way
     gather     for runs that several processes share. Each recalls, as anything, what another draws; when all replicas
                have been asked for, `gather` puts in what those have drawn, in all that is there of this process
                (replica after replica), and returns what the run comes to. It is told what it came to here, with the
                lowest replica that failed (else the number of replicas). Called once, by the caller's thread, under no
                lock, whatever became of the run, unless the arguments were not acceptable */
typedef struct {
  void *context;
  bool (*recall)(void *context, size_t replica, double *samples);
  bool (*record)(void *context, size_t replica, const double *samples);
  bool (*cancelled)(void *context);
  plim_status (*gather)(void *context, plim_status status, size_t failed, double *samples);
} plim_simulation_hooks;

/* How a quantity is measured; strings are static. NULL for a quantity that cannot be. */
typedef struct {
  plim_quantity quantity;
  const char *method; /* in words, with normalisation */
  bool uses_lambda;   /* does it change along the path of penalties? */
} plim_experiment_info;
const plim_experiment_info *plim_experiment_describe(plim_quantity quantity);

/* Run the replicas: samples[(replica * n_quantities + quantity) * n_lambda + lambda], all finite on success.
   A quantity that does not use lambda is repeated along the path.
   PLIM_INVALID         an argument is not acceptable, or a quantity cannot be measured
   PLIM_OUTSIDE_DOMAIN  the request has no meaning here (e.g. lambda = 0 where the solution is not unique
                        and no limit is taken)
   PLIM_NO_DEVICE       the device has no memory for it or refused a call: plim_device_failure says which
   PLIM_OVERFLOW, PLIM_NO_MEMORY, PLIM_INTERRUPTED, PLIM_FAILED, PLIM_NOT_CONVERGED, PLIM_NOT_FINITE */
plim_status plim_simulate(const plim_problem *problem, const plim_simulation *simulation,
                          const plim_measurement *measurement, const plim_simulation_hooks *hooks,
                          double *samples) PLIM_MUST_CHECK;

/* A batch of more than 16384 samples is drawn and used up in blocks of that many, of which one is held at a time, where
   what is measured needs sums over it only: all but kernels, linear_ridge, student_* and the stairs, n > N. */

/* How far single precision is from double: the first replica of the experiment in both, error[quantity * n_lambda +
   lambda] = |single - double|. And (NULL: not wanted) the ridge regressions of that replica, each along the path of
   penalties, with those of them that were solved in double all the same: with a penalty of 0 or too small for float, of
   a batch in blocks, or for kappa, df2 and gcv, which are of eigenvalues. Statuses as for plim_simulate. */
typedef struct {
  size_t count, in_double;
} plim_precision_paths;
plim_status plim_precision_error(const plim_problem *problem, const plim_simulation *simulation,
                                 const plim_measurement *measurement, plim_precision_paths *paths,
                                 double *error) PLIM_MUST_CHECK;

/* Bytes: what a run takes for one replica at a time on one thread and for its samples, and what the machine, the
   control group and the limit on addresses leave this process (INFINITY where none says). With needed > available
   plim_simulate returns PLIM_NO_MEMORY before it allocates anything. */
typedef struct {
  double needed, available;
} plim_memory;

/* Without a measurement: what any experiment of that size takes, a spectrum and a descent too. Statuses as for
   plim_simulate. */
plim_status plim_simulation_memory(const plim_problem *problem, const plim_simulation *simulation,
                                   const plim_measurement *measurement, plim_memory *memory) PLIM_MUST_CHECK;

/* What the law of the inputs gives of what a run takes. `measurement` as for plim_simulation_memory. */
typedef struct {
  size_t rows_needed, rows;       /* of a table, in one replica; else both 0 */
  size_t columns_needed, columns; /* likewise: d of them */
  double moments_needed,
      moments; /* with tails: E |x_j|^p exists for p < moments; for a risk to have a standard error
                                     moments > moments_needed, 4 times the power with which sigma and sigma* grow */
} plim_inputs_need;
/* PLIM_OK where all is there, PLIM_INVALID where rows or columns are lacking, PLIM_OUTSIDE_DOMAIN where moments are:
   *need is set in all three. Another status as for plim_simulate. */
plim_status plim_simulation_inputs(const plim_problem *problem, const plim_simulation *simulation,
                                   const plim_measurement *measurement,
                                   plim_inputs_need *need) PLIM_MUST_CHECK;

/* Make a table stand for inputs, in place: values[i * columns + j] is entry j of row i, two rows at least.
   Standardised, each column has mean 0 and mean square 1. Whitened, the columns are uncorrelated besides: each is
   what it has beyond its regression on those before it, divided by the root mean square of that (L^-1 x, LL' the
   matrix of correlations). PLIM_OUTSIDE_DOMAIN where a column is constant or not finite, or to be whitened and all
   but a combination of those before it (its residual has less than 1e-8 of its variance): *column (if not NULL) is
   its number, and the values are no longer what they were. PLIM_INVALID, PLIM_NO_MEMORY. */
plim_status plim_standardise(double *values, size_t count, size_t columns, size_t *column) PLIM_MUST_CHECK;
plim_status plim_whiten(double *values, size_t count, size_t columns, size_t *column) PLIM_MUST_CHECK;

/* Processor seconds of one replica of this size, roughly: within a factor of about 2 for `risk1` on one core of a
   present-day x86-64 with AVX2, whatever the machine at hand. A function of the size alone, so that what is decided
   by it (how many replicas to draw at which size) is the same everywhere and always. */
double plim_replica_seconds(const plim_size *size);

/* A whole spectrum of each replica: values[replica * N + i], i < N ascending, N = size.width. The singular values
   of W1 or the eigenvalues of F'F/n, those that rank makes 0 being exactly 0; the others through the smaller Gram
   matrix, so to a few eps of the largest eigenvalue. recall and record see N values a replica. Statuses as for
   plim_simulate. */
plim_status plim_simulate_spectrum(const plim_problem *problem, const plim_simulation *simulation,
                                   plim_spectrum spectrum, const plim_simulation_hooks *hooks,
                                   double *values) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
