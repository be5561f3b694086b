/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_experiment.h - your own theorem: a function that draws one replica, a function that predicts, and plim runs
   the ladder of sizes, keeps what was drawn, extrapolates d -> inf and judges.

     static plim_status draw(void *context, size_t d, size_t replica, plim_stream *stream, double *values);

     const plim_experiment_value values[] = {
         {.name = "edge", .predicted = {4.0, 0.0}, .rates = {2.0 / 3.0}, .relative_margin = 0.02}};
     const plim_experiment experiment = {.name = "edge", .draw = draw, .values = values, .count = 1};
     plim_experiment_settings settings = plim_experiment_settings_default();
     plim_experiment_result result;
     settings.sizes = (const size_t[]){50, 100, 200, 400};
     settings.n_sizes = 4;
     if (plim_experiment_run(&experiment, &settings, &result, NULL) == PLIM_OK) ...

   Every draw is a function of (seed, size, replica): the same bits for any number of threads, interrupted or not.
   Complete: examples/wishart.c and examples/ridge_spiked.c. What the judge asks of a ladder: plim_compare.h. */
#ifndef PLIM_EXPERIMENT_H
#define PLIM_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_compare.h"
#include "plim_draw.h"
#include "plim_looks.h"
#include "plim_status.h"
#include "plim_stream.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One number that is measured on every replica, and what is said of its mean in the limit d -> inf. */
typedef struct {
  const char *name;
  plim_relation relation; /* 0 is PLIM_EQUALS */
  plim_value predicted;   /* where the experiment has no `predict`; not looked at for PLIM_REPORTED */
  /* the mean approaches its limit like d^-rate: up to the first 0, ascending; at least one. One alone is fitted with an
     error that covers the next power (plim_extrapolate_covered), several together (plim_extrapolate_terms) */
  double rates[PLIM_MOST_TERMS];
  double ratio; /* of plim_extrapolate_covered; 0: PLIM_USUAL_RATIO */
  double
      relative_margin; /* the margin is relative_margin |predicted| + absolute_margin; > 0, of a bound >= 0 */
  double absolute_margin;
} plim_experiment_value;

/* All the values of a replica, `count` of them. Called on the caller's thread, before anything is drawn.
     d = INFINITY   the predictions, with a bound on their numerical error
     d of a size    the same formula where whole numbers make the ratios drawn miss those asked (n = 2 for 5/3 at
                    d = 1). The fit is of mean(d) - predicted(d) + predicted(INFINITY), and the rates are of that.
                    A function that does not look at d changes nothing; of the errors that at INFINITY counts. */
typedef plim_status (*plim_predict_function)(void *context, double d, plim_value *predicted);

typedef struct {
  const char *name; /* a journal is of this name: change it with the experiment */
  void *context;    /* of both functions */
  plim_draw_function draw;
  plim_predict_function predict; /* NULL: the values have it as data */
  const plim_experiment_value *values;
  size_t count; /* of them, >= 1 */
  double
      cost_exponent; /* a replica costs d^cost_exponent, >= 0: 3 for dense linear algebra. Only for the design */
} plim_experiment;

typedef struct {
  const size_t *sizes; /* d, no two alike: 3 at least, and 2 more than the rates fitted together */
  size_t n_sizes;
  size_t replicas; /* of each size, >= 2; 0: look after look until every verdict is settled */
  /* of looks: the most that all draws may cost together, in replicas of the smallest size, > 0, may be INFINITY (the
     pilot of 25 of each size is drawn whatever it costs); and the chance of the first look after the pilot to settle a
     prediction that is right, 1/2 <= power < 1 */
  double budget, power;
  double
      level; /* of the whole family of values, at whichever look each is settled: plim_compare.h, plim_looks.h */
  uint64_t seed;
  size_t threads; /* >= 1; never changes a result */
  /* a file that keeps every replica drawn, or NULL. Where it exists its replicas are not drawn again, so an interrupted
     run goes on and a later one with more sizes or replicas adds to it. Any other threads, level, margins, predictions
     may look at it; another name, seed or list of values may not, and one kept replica is drawn anew to see that `draw`
     is still the same. One run at a time */
  const char *journal;
  /* NULL, or called before each replica that is drawn, one call at a time but from any thread: replicas finished, and
     planned so far. True ends the run with PLIM_INTERRUPTED after the replicas under way */
  bool (*cancelled)(void *hooks_context, size_t done, size_t planned);
  void *hooks_context;
} plim_experiment_settings;

/* No sizes, 200 replicas, budget INFINITY, power 0.9, level 0.05, seed 1, one thread, no journal. */
plim_experiment_settings plim_experiment_settings_default(void);

/* What became of one value. */
typedef struct {
  const char *name; /* the experiment's own text */
  plim_relation relation;
  plim_value predicted;
  plim_extrapolation fit;   /* fit.limit is the number measured, d -> inf */
  plim_judgement judgement; /* after Holm's correction; of no consequence for PLIM_REPORTED */
  size_t looks;             /* at which look it was judged, the pilot being 1; 0: once, by a fixed design */
  double
      growth; /* UNDECIDED: the factor by which all replicas would have to grow (plim_growth_needed); else NAN */
} plim_experiment_finding;

typedef struct {
  size_t count, sizes;
  plim_experiment_finding *findings; /* count */
  plim_rung *rungs;                  /* rungs[value * sizes + size], those fitted; sizes as in the settings */
  double **samples; /* samples[size][replica * count + value]: rungs[size].replicas replicas, as drawn */
  size_t drawn;     /* replicas, in this run */
  size_t recalled;  /* replicas, from the journal */
  size_t spoilt;    /* lines of the journal that were passed over; what they held was drawn again */
} plim_experiment_result;

/* Why there is no result. */
enum { PLIM_EXPERIMENT_REASON = 256 };
typedef struct {
  char reason[PLIM_EXPERIMENT_REASON]; /* one clause, e.g. "draw at d = 50, replica 3: edge is not finite" */
  size_t d, replica;                   /* where a replica failed; else 0 */
} plim_experiment_failure;

/* Draw, extrapolate, judge; nothing half judged: the result is whole, to be released with
   plim_experiment_result_free, or untouched. Statuses as of plim_draw; what `predict` returned; PLIM_NOT_FINITE for a
   prediction that is not; PLIM_INVALID for an experiment or settings that are not acceptable, a journal of another
   experiment, and a value that is the same in every replica; PLIM_FAILED where the journal cannot be read or written.
   `failure` (may be NULL) is written unless PLIM_OK is returned. */
plim_status plim_experiment_run(const plim_experiment *experiment, const plim_experiment_settings *settings,
                                plim_experiment_result *result,
                                plim_experiment_failure *failure) PLIM_MUST_CHECK;
void plim_experiment_result_free(plim_experiment_result *result);

/* AGREE if every value judged does, DISAGREE if one does, else UNDECIDED. */
plim_verdict plim_experiment_verdict(const plim_experiment_result *result);

#ifdef __cplusplus
}
#endif
#endif
