/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claims.h - how a claim is written down: as data. Private to src/claims/.

   A claim has experiments (a problem, a ladder of sizes, what to measure there) and rows (one number of an
   experiment, or the difference of two, and what the theory says of it). What rows cannot say stands in
   `conclude`. Claims see the two halves through their public headers alone. */
#ifndef PLIM_CLAIMS_H
#define PLIM_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_activation.h"
#include "plim_claim.h"
#include "plim_optimum.h"
#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_simulation.h"
#include "plim_theory.h"

/* Ratios as whole numbers: psi1 = n/d and psi2 = width/d hold exactly at every multiple of d. */
typedef struct {
  const char *activation, *teacher;
  size_t n, d, width;
  double lambda, eta, noise;
  size_t steps; /* 0: one */
  plim_batch batch;
  plim_readout readout;
  double eta_exponent;
  plim_ridge_batch ridge_batch;
  size_t step_n;     /* samples of the gradient's batch where the ridge batch is fresh; 0: n */
  double overlap;    /* where it is the same: the share of its pairs that are the gradient's, 1 for all */
  double extra;      /* likewise: further pairs of the gradient's batch per input dimension */
  double eta_second; /* where steps = 2; 0: eta */
  double eta_second_exponent; /* likewise; 0: eta_exponent */
  const char *inputs;         /* NULL: gaussian */
} plimi_point;

enum { PLIMI_MOST_MEASURED = 6, PLIMI_MOST_PATH = 8, PLIMI_MOST_SIZES = 8 };

/* Replicas at size d: effort / d, so that every size ends with about the same standard error (the variance of what is
   measured falls like 1/d). It is that of plim_claim_run; plim_claims_decide begins with a quarter. Sizes first
   at.d, 2 first at.d, 4 first at.d, ... */
typedef struct {
  plimi_point at;
  plim_features features;
  size_t n_quantities;
  plim_quantity quantities[PLIMI_MOST_MEASURED];
  size_t first, sizes, effort;
  bool full_only; /* left out of the quick tier, with the rows that look at it */
  size_t draws;   /* experiments of a claim with the same number, n, d, width and ladder share draws */
  size_t n_path;  /* 0: at.lambda alone */
  double path[PLIMI_MOST_PATH]; /* penalties that share one factorisation */
  bool in_width;    /* the ladder is one of N, not of d: what is measured is an average over neurons */
  bool around_best; /* the path is in units of the limit's best penalty for the first quantity */
  const plim_spectrum *
      spectrum; /* not quantities but a whole spectrum, of which spectrum_samples.c keeps two numbers; or NULL */
  const plim_problem *problem; /* of a claim of one's own, in the place of `at`; else NULL */
  const size_t *d;             /* and its `sizes` dimensions, in the place of multiples of at.d */
} plimi_experiment;

/* A number measured: of which experiment, which quantity, which penalty of its path. */
typedef struct {
  size_t experiment;
  plim_quantity quantity;
  size_t penalty;
} plimi_term;

/* Where the prediction comes from: the limit of what is measured, a number, or the limit of another quantity at the
   problem of `of`. */
typedef enum { PLIMI_BY_ITSELF, PLIMI_BY_NUMBER, PLIMI_BY_QUANTITY } plimi_prediction;

/* What a claim of one's own measures and predicts: two formulas (own.c). */
typedef struct plimi_own plimi_own;

typedef struct {
  const char *what;
  plimi_term of, minus;
  bool difference; /* of - minus, replica by replica; else `minus` is not looked at */
  bool less_drift; /* the theory's value at each size, less that far away, is taken off before the fit */
  bool never_near; /* with it: at no d at which it has a value is the theory near its limit (predictions.c) */
  plim_relation relation;
  plimi_prediction by;
  double number;          /* for PLIMI_BY_NUMBER */
  plim_quantity bounded;  /* for PLIMI_BY_QUANTITY */
  double relative_margin; /* of |the limit of `of`|; halved in the full tier, like the next */
  double absolute_margin;
  double rates
      [PLIM_MOST_TERMS]; /* fitted together, up to the first 0; none: the one declared for the quantity */
  const plimi_own
      *own; /* measured and predicted by formulas: no quantity, `by`, number or less_drift; else NULL */
} plimi_row;

/* What one experiment came to. */
typedef struct {
  plim_problem problem; /* in the limit: ratios and all else, d = infinity */
  plim_activation *activation, *teacher;
  plim_inputs *inputs; /* NULL: Gaussian */
  double path[PLIMI_MOST_PATH];
  size_t sizes, values; /* values a replica: n_quantities x penalties */
  plim_size size[PLIMI_MOST_SIZES];
  size_t wanted[PLIMI_MOST_SIZES];   /* replicas to be drawn */
  size_t replicas[PLIMI_MOST_SIZES]; /* and those that are */
  double *samples[PLIMI_MOST_SIZES];
  size_t simulation; /* number of its first size among the simulations of the claim */
  size_t planned;    /* sizes by the design: simulation, simulation + 1, ...; one more may be added to them */
  size_t added;      /* number of its added size among the simulations */
  bool used;         /* has a finding looked at it since `used` was cleared? */
  /* Since then, the first estimate without a spread: of what, at which size; NULL quantity: there was none. */
  const char *unspread, *unspread_minus;
  size_t unspread_size, unspread_penalty;
} plimi_measured;

typedef struct plimi_claim plimi_claim;

/* What goes into the finding that comes next: noted from plimi_clear_used to plimi_finding_add. */
typedef struct {
  size_t fits;        /* in d, which became rungs of a ladder in another variable */
  double fit_p;       /* the least of theirs */
  size_t spare;       /* sizes that each of its ladders in d can do without; PLIMI_NO_LADDER: it has none */
  plim_ladder ladder; /* the last that was extrapolated, and to which limit */
  double limit;
} plimi_notes;
#define PLIMI_NO_LADDER SIZE_MAX
_Static_assert((int)PLIM_LADDER_RUNGS == (int)PLIMI_MOST_SIZES, "a ladder holds every size of an experiment");

/* Of a finding: what more draws can do for it. */
typedef struct {
  uint64_t uses; /* bit e for experiment e */
  size_t spare;  /* as noted */
} plimi_trait;

typedef struct {
  const plimi_claim *claim;
  size_t number; /* of the claim in the list */
  const plim_claim_settings *settings;
  plim_theory *theory;
  plimi_measured *measured; /* one an experiment */
  plim_claim_result result;
  struct plimi_answers *answers; /* what the theory has said */
  plimi_trait *traits;           /* one a finding */
  plimi_notes *notes;
  /* repeated looks (decide.c); the looks taken before by each of the `looked` findings, NULL while there are none */
  bool in_looks;
  const size_t *looks;
  size_t looked;
  const size_t *skipped; /* the smallest sizes that each of them leaves out; NULL: none */
} plimi_claim_run;
enum { PLIMI_MOST_EXPERIMENTS = 64 };

struct plimi_claim {
  plim_claim_info info;
  const plimi_experiment *experiments;
  size_t n_experiments;
  const plimi_row *rows;
  size_t n_rows;
  plim_status (*conclude)(plimi_claim_run *run); /* further findings, or NULL */
};

/* Each subject ends in its array of claims. */
typedef struct {
  const plimi_claim *claims;
  size_t count;
} plimi_claims;

#define PLIMI_COUNT(array) (sizeof(array) / sizeof *(array))
#define PLIMI_EXPERIMENTS(array) .experiments = array, .n_experiments = PLIMI_COUNT(array)
#define PLIMI_ROWS(array) .rows = array, .n_rows = PLIMI_COUNT(array)
#define PLIMI_CLAIMS(array)                                                                                  \
  {                                                                                                          \
    .claims = array, .count = PLIMI_COUNT(array)                                                             \
  }

/* ---- measure.c ---- */

/* The seed of experiments with this number of draws. */
uint64_t plimi_claim_seed(const plimi_claim_run *run, size_t draws);
size_t plimi_ladder_sizes(const plimi_experiment *experiment, plim_tier tier);
size_t plimi_ladder_d(const plimi_experiment *experiment, size_t size);
plim_status plimi_ladder_size(const plimi_experiment *experiment, size_t k, plim_size *size) PLIM_MUST_CHECK;
size_t plimi_ladder_replicas(const plimi_experiment *experiment, plim_tier tier, size_t size);
/* Those, or the settings' own number. */
size_t plimi_planned_replicas(const plimi_experiment *experiment, const plim_claim_settings *settings,
                              size_t size);

/* State every experiment: problem, penalties, sizes, and as `wanted` the replicas of the tier. */
plim_status plimi_measure_begin(plimi_claim_run *run) PLIM_MUST_CHECK;

/* Can one size more than the design has be drawn of the experiment? And from now on it is one of its sizes, of which
   nothing is wanted yet. */
bool plimi_measured_can_grow(const plimi_measured *measured);
void plimi_measured_grow(plimi_measured *measured);

/* How many of the first `replicas` of size number k of experiment e there can be: all, but where nothing is drawn. */
size_t plimi_measured_at_hand(const plimi_claim_run *run, size_t e, size_t k, size_t replicas);

/* Draw what is wanted and not yet drawn. */
plim_status plimi_measure(plimi_claim_run *run) PLIM_MUST_CHECK;
void plimi_measured_free(plimi_measured *measured);

/* The estimates of `of`, or of `of - minus` (NULL: of alone), at each size; *count of them. PLIM_INVALID where
   that is 0 in every replica although there is a step: one number that was measured twice. */
plim_status plimi_rungs(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                        plim_rung *rungs, size_t *count) PLIM_MUST_CHECK;

/* Are the samples all the same but for rounding? */
bool plimi_is_rounding(const plim_estimate *estimate);

/* What one replica showed at size number `size`. */
plim_status plimi_sample_of(const plimi_claim_run *run, const plimi_term *of, size_t size, size_t replica,
                            double *sample) PLIM_MUST_CHECK;

/* Are they of the same draws at every size, so that their replicas are pairs? */
bool plimi_same_draws(const plimi_claim_run *run, size_t a, size_t b);

/* ---- own.c ---- */

/* Number `own` of the claims; NULL beyond their end. */
const plimi_claim *plimi_own_claim_at(const plim_own_claims *claims, size_t own);

/* The row's formula measured at each size; less the same at `minus`, where the row is a difference. */
plim_status plimi_own_rungs(const plimi_claim_run *run, const plimi_row *row, plim_rung *rungs,
                            size_t *count) PLIM_MUST_CHECK;

/* The texts of a row's two formulas; `predicted` is NULL where there is none. */
void plimi_own_texts(const plimi_row *row, const char **measured, const char **predicted);

/* What the row's other formula says of the limit. */
plim_status plimi_own_predict(const plimi_claim_run *run, const plimi_row *row,
                              plim_value *predicted) PLIM_MUST_CHECK;

/* ---- spectrum_samples.c ---- */

/* The values of some replicas and what is kept of each, PLIMI_SPECTRUM_SAMPLES numbers. */
enum { PLIMI_SPECTRUM_DISTANCE, PLIMI_SPECTRUM_SMALLEST, PLIMI_SPECTRUM_SAMPLES };
typedef struct {
  const double *values;
  size_t width, replicas;
  double *samples;
} plimi_spectra;
plim_status plimi_spectrum_reduce(const plimi_claim_run *run, plim_spectrum spectrum,
                                  const plim_problem *problem, const plimi_spectra *drawn) PLIM_MUST_CHECK;

/* ---- predictions.c ---- */

/* The theory is asked once for each term and size, however many looks there are. */
plim_status plimi_answers_alloc(plimi_claim_run *run) PLIM_MUST_CHECK;
void plimi_answers_free(plimi_claim_run *run);

/* The limit of what `term` measures, by the theory. */
plim_status plimi_limit_of(const plimi_claim_run *run, const plimi_term *term,
                           plim_value *limit) PLIM_MUST_CHECK;

/* The theory of `term` at size number k. */
plim_status plimi_theory_at(const plimi_claim_run *run, const plimi_term *term, size_t k,
                            plim_value *value) PLIM_MUST_CHECK;

/* How far the step moves what the row says: the limit of `of`, or of `of - minus`, less the same at eta = 0; where two
   numbers are said to be equal, and so their difference is 0 in both, that of `of` alone. NAN where there is none. */
plim_status plimi_effect_of(const plimi_claim_run *run, const plimi_row *row, double *effect) PLIM_MUST_CHECK;

/* Each rung over what the theory says of its size; it must be > 0. */
plim_status plimi_over_theory(const plimi_claim_run *run, const plimi_term *of, plim_rung *rungs,
                              size_t count) PLIM_MUST_CHECK;

/* For quantities whose theory keeps the leading effect of a finite d: take value(d) - value(far) by the theory off each
   of the `count` rungs of `of`, or of `of - minus`; never_near: value(d) - value(inf). What remains has the limit of
   the rungs and drifts less. */
plim_status plimi_take_off_drift(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                                 bool never_near, plim_rung *rungs, size_t count) PLIM_MUST_CHECK;

/* ---- claims.c ---- */

const plimi_claim *plimi_claim_at(size_t number, const plim_own_claims *own); /* NULL beyond the lists */

/* From nothing to a run whose experiments are stated; to be ended whatever the status. */
plim_status plimi_claim_begin(size_t claim, const plim_claim_settings *settings,
                              plimi_claim_run *run) PLIM_MUST_CHECK;
/* Judge what is measured: run->result is made anew. */
plim_status plimi_claim_judge(plimi_claim_run *run) PLIM_MUST_CHECK;
/* Tell the hook why the run has no result, where it is known better than `status` says. */
void plimi_claim_explain(const plimi_claim_run *run, plim_status status);
/* The result, taken out of the run, with what was drawn for it. */
plim_claim_result plimi_claim_result(plimi_claim_run *run);
/* Release all. */
void plimi_claim_end(plimi_claim_run *run);

/* Do the task in the C locale, on this thread alone: the findings' texts have a point, whatever the host says to
   setlocale(). */
plim_status plimi_in_plain_locale(plim_status (*task)(void *), void *of) PLIM_MUST_CHECK;

/* ---- findings.c ---- */

/* "tanh/relu psi1 2.385 psi2 1.615 ..." */
void plimi_point_text(const plim_problem *problem, char *text, size_t size);

/* A margin of the quick tier, in the tier of the run. */
double plimi_margin_in(plim_tier tier, double margin);
double plimi_tier_margin(const plimi_claim_run *run, double margin);

/* A statement about the limit of a fit: judged and appended to the findings. `margin` is that of the quick tier. */
typedef struct {
  const char *what;
  const char *point;
  plim_relation relation;
  plim_value predicted;
  double margin;
  size_t d_min, d_max;
  size_t
      chosen_of; /* the fit speaks for that many, of which it is nearest to, or farthest beyond, its bound; 0: one */
} plimi_statement;
plim_status plimi_finding_add(plimi_claim_run *run, const plimi_statement *statement,
                              const plim_extrapolation *fit) PLIM_MUST_CHECK;

/* Extrapolate a ladder of dimensions at `rates` (up to the first 0): one alone with an error that covers the
   next power (plim_extrapolate_covered), several together as they are. Rungs that are 0 in every replica give 0
   to rounding. */
plim_status plimi_fit(const plim_rung *rungs, size_t count, const double *rates,
                      plim_extrapolation *fit) PLIM_MUST_CHECK;

/* The same where `d` is another variable, in whose units the ratio of two powers says nothing: nothing is covered. */
plim_status plimi_fit_uncovered(const plim_rung *rungs, size_t count, const double *rates,
                                plim_extrapolation *fit) PLIM_MUST_CHECK;

/* plimi_fit of the sizes of an experiment, without the smallest ones that the next finding leaves out, and noted: a
   finding with this limit shows these rungs, and where it lacks fit it can leave out a size or get a larger one. */
plim_status plimi_fit_noted(const plimi_claim_run *run, const plim_rung *rungs, size_t count,
                            const double *rates, plim_extrapolation *fit) PLIM_MUST_CHECK;

/* Estimates at d -> inf become the rungs of a ladder in another variable x: one rung, whose error has in it what the
   estimate's own fit may have neglected. Its lack of fit is noted, and counts as one of the finding's. */
plim_rung plimi_rung_of_fit(const plimi_claim_run *run, double x, const plim_extrapolation *fit);

/* The term extrapolated in d, `of` alone or less `minus`, without the smallest sizes that the next finding leaves
   out. */
plim_status plimi_extrapolated(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                               const double *rates, plim_extrapolation *fit) PLIM_MUST_CHECK;

/* And what the theory says of each size, less what it says far away, is taken off before. */
plim_status plimi_extrapolated_left(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                                    const double *rates, plim_extrapolation *fit) PLIM_MUST_CHECK;

/* The difference of two terms of different draws, whose ladders have the same sizes, what the theory says of each size
   taken off, extrapolated likewise. */
plim_status plimi_extrapolated_apart(const plimi_claim_run *run, const plimi_term *of, const plimi_term *less,
                                     const double *rates, plim_extrapolation *fit) PLIM_MUST_CHECK;

/* No finding has looked at any experiment, and nothing is noted. */
void plimi_clear_used(plimi_claim_run *run);

/* share.c: `wrong` of `all` replicas are wrong, where at most the share p is claimed: as a fit, to be judged by
   PLIM_AT_MOST 0 with the margin p. */
plim_extrapolation plimi_share_of(double wrong, double all, double p);

/* Every row of the claim. */
plim_status plimi_judge_rows(plimi_claim_run *run) PLIM_MUST_CHECK;

/* ---- the subjects ---- */
extern const plimi_claims plimi_gradient_claims;
extern const plimi_claims plimi_weights_claims;
extern const plimi_claims plimi_conjugate_kernel_claims;
extern const plimi_claims plimi_equivalence_claims;
extern const plimi_claims plimi_small_step_claims;
extern const plimi_claims plimi_improvement_claims;
extern const plimi_claims plimi_lower_bound_claims;
extern const plimi_claims plimi_several_steps_claims;
extern const plimi_claims plimi_large_step_claims;
extern const plimi_claims plimi_optimum_claims;
extern const plimi_claims plimi_spectrum_claims;
extern const plimi_claims plimi_any_step_claims;
extern const plimi_claims plimi_any_activation_claims;
extern const plimi_claims plimi_step_regimes_claims;
extern const plimi_claims plimi_staircase_claims;
extern const plimi_claims plimi_fixed_kernels_claims;
extern const plimi_claims plimi_resolvents_claims;
extern const plimi_claims plimi_parts_claims;
extern const plimi_claims plimi_same_batch_claims;
extern const plimi_claims plimi_two_steps_claims;
extern const plimi_claims plimi_universality_claims;
extern const plimi_claims plimi_second_step_claims;
extern const plimi_claims plimi_student_slope_claims;
extern const plimi_claims plimi_between_exponents_claims;

#endif
