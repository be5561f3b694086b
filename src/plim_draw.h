/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_draw.h - anybody's experiment at one size, in independent replicas over threads: what plim_simulate is for
   plim's own. */
#ifndef PLIM_DRAW_H
#define PLIM_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "plim_simulation.h"
#include "plim_status.h"
#include "plim_stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Draw one replica of size d: all random numbers from `stream`, which is at its beginning (and from plim_stream_for of
   it), the numbers measured into `values`. Called from several threads at once with the same context, which it must not
   change without a lock; what comes out may depend on nothing but the context, d and the stream. Anything but PLIM_OK
   ends the run; a value that is NaN or infinite does so too. */
typedef plim_status (*plim_draw_function)(void *context, size_t d, size_t replica, plim_stream *stream,
                                          double *values);

typedef struct {
  plim_draw_function draw;
  void *context;
  size_t d;
  size_t values;   /* that draw writes; >= 1 */
  size_t replicas; /* >= 1, at most 2^32 */
  uint64_t seed;
  size_t threads; /* >= 1; never changes a sample */
} plim_draws;

/* What ended a run: the lowest replica that failed, whatever the number of threads. */
typedef struct {
  size_t replica;
  size_t value; /* which one was not finite; `values`: the function itself returned a status */
  int returned; /* by the function */
} plim_draw_failure;

/* Run them: samples[replica * values + value], all finite on success. Replica number r draws from
   plim_stream_named(seed, d, r, 0). While it runs OpenBLAS works on one thread in each of plim's own
   (PLIM_SIMULATION_BLAS_THREADS), as in plim_simulate, so that linear algebra in `draw` gives the same bits for any
   number of threads. One thread is the caller's own. `failure` may be NULL.
   The status that `draw` returned (PLIM_FAILED for a number that is no status of plim's); PLIM_NOT_FINITE; PLIM_INVALID
   for an argument that is not acceptable; PLIM_OVERFLOW, PLIM_NO_MEMORY, PLIM_NO_THREAD; PLIM_INTERRUPTED, PLIM_FAILED
   by the hooks. *failure is written where a replica failed, and then alone. */
plim_status plim_draw(const plim_draws *draws, const plim_simulation_hooks *hooks, double *samples,
                      plim_draw_failure *failure) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
