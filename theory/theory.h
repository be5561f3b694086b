/* SPDX-License-Identifier: GPL-3.0-or-later */
/* theory.h - what the files of theory/ share. Private to theory/.

   Notation of the whole folder (theory/<subject>.c adds its own):

     here          paper            meaning
     a             mu1^2            linear part of sigma, squared
     b             mu2^2            nonlinear part of sigma, squared
     star1, star2  mu1*^2, mu2*^2   the same of the teacher sigma*
     s2                             E y^2 = mu1*^2 + mu2*^2 + noise^2
     t                              an eigenvalue of a W0'W0, N x N; E_t is the average over its limiting law
     z             mu2^2 + kappa    the argument of the Marchenko-Pastur functions

   Normalisation as in plim_problem.h: W0 has entries N(0, 1/d), phi = N^-1/2 sigma(W'x), penalty (lambda/N)|a|^2. */
#ifndef PLIM_THEORY_PRIVATE_H
#define PLIM_THEORY_PRIVATE_H

#include <stdbool.h>

#include "plim_optimum.h"
#include "plim_theory.h"
#include "wide.h"

/* tau* and k* of one pair of activations: expensive, so the workspace keeps the last. */
typedef struct {
  plim_value tau_star;
  plim_value kappa_star;
  plim_status kappa_status; /* PLIM_DIVERGES: tau* is approached as |k| grows and kappa_star is not set */
} plimi_large_step;

char *plimi_copy_of(const char *text); /* names.c. NULL: no memory; to be released with free() */

/* any_step/cache.c: tables and solutions of section 9, kept between calls. */
typedef struct plimi_any_cache plimi_any_cache;
plim_status plimi_any_cache_alloc(plimi_any_cache **cache) PLIM_MUST_CHECK;
void plimi_any_cache_free(plimi_any_cache *cache); /* NULL is allowed */

/* staircase.c: the directions of the last step, for the quantities of section 10 come one after another. */
typedef struct plimi_stair_cache plimi_stair_cache;
plim_status plimi_stair_cache_alloc(plimi_stair_cache **cache) PLIM_MUST_CHECK;
void plimi_stair_cache_free(plimi_stair_cache *cache); /* NULL is allowed */

/* two_steps/two_steps.c: the weights after two steps, likewise. */
typedef struct plimi_two_cache plimi_two_cache;
plim_status plimi_two_cache_alloc(plimi_two_cache **cache) PLIM_MUST_CHECK;
void plimi_two_cache_free(plimi_two_cache *cache); /* NULL is allowed */

/* fixed_point.c: the last solution, for the quantities of one problem come one after another. */
typedef struct plimi_last_point plimi_last_point;

/* The squares that no size of the problem overflows, and the same in doubles, infinite where they do. */
typedef struct {
  plimi_wide a, b, star1, star2, noise2, s2;
} plimi_squares;

/* What a limit is computed from. Coefficients a quantity does not read are zero. */
typedef struct {
  const plim_problem *problem;
  plim_coefficients sigma, star;
  plim_value a, b;
  plim_value star1, star2, noise2, s2;
  plimi_squares wide;
  plimi_wide push;                    /* (sum of the step sizes)^2 */
  plimi_wide spread;                  /* the same on one batch; sum of their squares on fresh batches */
  const plimi_large_step *large_step; /* for the quantities that read it, otherwise NULL */
  plimi_any_cache *any_step;          /* likewise */
  plimi_stair_cache *staircase;       /* likewise */
  plimi_two_cache *two_steps;         /* likewise */
  plimi_last_point *last_point;       /* NULL: nothing is kept */
  double tolerance;                   /* relative, of what is computed by refinement */
  double *attainable; /* the least relative error that refinement came to: plim_theory_attainable */
} plimi_input;

/* What a quantity reads. */
enum {
  PLIMI_READS_ACTIVATION = 1,
  PLIMI_READS_TEACHER = 2,
  PLIMI_READS_STEP = 4, /* push and spread; outside the domain where the step size is infinite */
  PLIMI_READS_LARGE_STEP = 8,
  PLIMI_READS_ANY_STEP = 16,  /* with activation and teacher; not the step, which it takes apart itself */
  PLIMI_READS_STAIRCASE = 32, /* likewise */
  /* What a problem may have beyond [BA]'s experiment. A limit that does not read it has no number there; one that does
     not depend on it reads it too. */
  PLIMI_READS_RIDGE_BATCH = 64,  /* a ridge batch that shares samples with the gradient's */
  PLIMI_READS_STEP_BATCH = 128,  /* a gradient's batch of its own size: plim_problem_step_psi1 */
  PLIMI_READS_ATOMS = 256,       /* any law of zeta with finitely many values */
  PLIMI_READS_SECOND_STEP = 512, /* a second step of its own size */
  PLIMI_READS_BATCHES_AND_ATOMS = PLIMI_READS_RIDGE_BATCH | PLIMI_READS_STEP_BATCH | PLIMI_READS_ATOMS,
  PLIMI_READS_ALL_SMALL_STEPS = PLIMI_READS_STEP | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP,
  PLIMI_READS_TWO_STEPS = 1024 /* with activation and teacher; the steps it takes apart itself */
};

/* readout.c: the readout, atoms that are those of `constant` or `rademacher` as these; and E zeta, 0 exactly where
   it is within the rounding of typed atoms. */
plim_readout plimi_readout_of(const plim_problem *problem);
plim_value plimi_readout_mean(const plim_problem *problem);
/* Has the step's right vector a a part along that of the features' |x|^2 mode, (1, .., 1)? chi: small_step.c. */
bool plimi_has_norm_mode(const plim_problem *problem);

/* What a ridge regression's risk is made of, R = (mu2*^2 + gamma noise^2 + mu1*^2 bias)/(1 - gamma). As lambda grows
   bias never falls and gamma never grows: see optimum/enclosed.c. */
typedef struct {
  plim_value bias, gamma;
  plim_value residual; /* 1 - gamma, by a sum of positive terms; 0 exactly where the risk diverges */
} plimi_ridge_parts;

/* How a limit depends on lambda or eta, for every value of the other variables. */
typedef enum {
  PLIMI_SHAPE_UNKNOWN,
  PLIMI_SHAPE_CONSTANT,
  PLIMI_SHAPE_INCREASING, /* proved: at the head of the limit's file */
  PLIMI_SHAPE_DECREASING,
  PLIMI_SHAPE_ENDS, /* likewise: on any range its best value stands at an end (in eta only) */
  PLIMI_SHAPE_PARTS /* `parts` is there to bound it (in lambda only) */
} plimi_shape;

/* What plim_optimum_find needs to know of a limit; all zero: there is nothing to optimise. */
typedef struct {
  plim_goal goal;
  plimi_shape in_lambda, in_eta;
  plimi_shape (*in_eta_of)(
      const plim_problem *problem); /* in the place of in_eta where the problem matters */
  plim_status (*parts)(const plimi_input *in, plimi_ridge_parts *parts);
  bool of_fresh_batch; /* the shapes and parts are proved for a fresh ridge batch only */
} plimi_objective;

/* A limit: what is known of it, what it reads, and the function. The function may return any value: plim_limit
   turns a value that is not finite into PLIM_NOT_FINITE and an error that is not into PLIM_NOT_CONVERGED. */
typedef struct {
  plim_limit_info info;
  unsigned reads;
  plim_status (*evaluate)(const plimi_input *in, plim_value *value);
  plimi_objective objective;
} plimi_limit;

/* Each subject ends in the list of its limits, up to NULL; limits.c is the one list of these. */
extern const plimi_limit *const plimi_gradient_limits[];
extern const plimi_limit *const plimi_step_scaling_limits[];
extern const plimi_limit *const plimi_fixed_point_limits[];
extern const plimi_limit *const plimi_small_step_limits[];
extern const plimi_limit *const plimi_same_batch_limits[];
extern const plimi_limit *const plimi_any_step_limits[];
extern const plimi_limit *const plimi_weights_limits[];
extern const plimi_limit *const plimi_spectrum_limits[];
extern const plimi_limit *const plimi_staircase_limits[];
extern const plimi_limit *const plimi_two_steps_limits[];
extern const plimi_limit *const plimi_two_risks_limits[];
extern const plimi_limit *const plimi_kernels_limits[];
extern const plimi_limit *const plimi_large_step_limits[];
extern const plimi_limit *const plimi_student_limits[];

/* smoother.c: S(v) = E_y sigma(v + y) and S'(v) for |v| <= range, y ~ N(0,1), sigma not centred. The activation must
   outlive the smoother. The error is relative to 1 + |S|. */
typedef struct plimi_smoother plimi_smoother;
plim_status plimi_smoother_alloc(const plim_activation *activation, double range,
                                 plimi_smoother **smoother) PLIM_MUST_CHECK;
void plimi_smoother_free(plimi_smoother *smoother); /* NULL is allowed */
plim_status plimi_smooth(plimi_smoother *smoother, double v, double *value, double *slope) PLIM_MUST_CHECK;
double plimi_smoother_error(const plimi_smoother *smoother);

/* marchenko_pastur.c: the law of t at the argument z >= 0 (not a = z = 0). Every member is >= 0 and finite. */
typedef struct {
  plimi_wide zm;       /* z m(z) = lim (1/d) tr z (a W0W0' + z)^-1, in [0,1] */
  plimi_wide zmh;      /* z mh(z) = E_t z/(t + z), in [0,1] */
  plimi_wide y;        /* E_t t/(t + z) = 1 - z mh */
  plimi_wide inv_m;    /* 1/m */
  plimi_wide root;     /* D = sqrt(z^2 + 2 a z (psi2 + 1) + a^2 (psi2 - 1)^2), the discriminant's root */
  plimi_wide inv_root; /* 1/D; 0 where D = 0 (z = 0 at psi2 = 1), the limit of every product it enters */
} plimi_mp;
plimi_mp plimi_mp_at(plimi_wide a, double psi2, plimi_wide z);

plimi_wide plimi_norm_mode_of(const plimi_input *in); /* readout.c: chi, 0 where there is no norm mode */

/* fixed_point.c */
typedef struct {
  plimi_wide kappa;
  plimi_wide ratio;    /* lambda/kappa; its limit where lambda = 0 */
  plimi_wide z;        /* b + kappa */
  plimi_wide b_share;  /* b/z, 0 where b = 0 */
  plimi_wide gamma;    /* second-order degrees of freedom per sample */
  plimi_wide residual; /* 1 - gamma, by a sum of positive terms; 0 exactly where the risk diverges */
  plimi_mp mp;         /* at z */
} plimi_fixed_point;
plim_status plimi_fixed_point_solve(const plimi_input *in, plimi_fixed_point *point) PLIM_MUST_CHECK;
struct plimi_last_point {
  double psi1, psi2, lambda; /* all that the solution is a function of; psi1 = 0: nothing yet */
  plimi_wide a, b;
  plimi_fixed_point point;
};

/* gradient.c: the step's rank-one part, squared, in the limit. */
typedef struct {
  plimi_wide signal; /* r = eta^2 theta2^2, along beta* */
  plimi_wide noise;  /* s - r = eta^2 (theta1^2 - theta2^2), orthogonal to it */
  plimi_wide total;  /* s = eta^2 theta1^2 */
} plimi_wide_spike;
plimi_wide_spike plimi_wide_spike_of(const plimi_input *in);
typedef struct {
  plim_value signal, noise, total; /* the same in doubles, infinite where they overflow */
} plimi_spike;
plimi_spike plimi_spike_of(const plimi_input *in);
bool plimi_moves(const plim_problem *problem); /* is a step's size above 0? */
/* The largest power of N among the steps whose size is above 0; 0 where none is. */
double plimi_power_of_steps(const plim_problem *problem);
/* Are there two steps, the second of another size or power of N than the first? */
bool plimi_has_second_step(const plim_problem *problem);
/* The steps' sizes are eta width^(eta_exponent - less), d finite or that exponent 0. */
plimi_wide plimi_step_over_power(const plim_problem *problem, double less);
void plimi_add_steps(const plim_problem *problem, double less, plimi_input *in); /* push and spread */

/* small_step.c, and the second route in small_step_system.c */
typedef struct {
  plim_value kappa, risk0, risk1, delta, train0, train1;
} plimi_small_step;
plim_status plimi_small_step_closed_form(const plimi_input *in, plimi_small_step *result) PLIM_MUST_CHECK;
plim_status plimi_small_step_by_system(const plimi_input *in, plimi_small_step *result) PLIM_MUST_CHECK;
/* R1, T1 and R0 - R1 of the problem's ridge batch. */
plim_status plimi_risk_after(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;
plim_status plimi_train_after(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;
plim_status plimi_risk_gained(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;
plim_status plimi_small_step_gcv(const plimi_input *in,
                                 plim_value *value) PLIM_MUST_CHECK; /* a fresh batch */
plimi_shape plimi_falls_with_eta(const plim_problem *problem);       /* R1, T1 and gcv of a fresh batch */

/* same_batch/same_batch.c: the same on samples of the gradient's batch. */
plim_status plimi_same_batch_risk1(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;
plim_status plimi_same_batch_delta(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;
plim_status plimi_same_batch_train1(const plimi_input *in, plim_value *value) PLIM_MUST_CHECK;

/* large_step.c */
plim_status plimi_large_step_compute(const plim_activation *activation, const plim_activation *teacher,
                                     plimi_large_step *result) PLIM_MUST_CHECK;

/* limits.c: the descriptor of `quantity`, or NULL. */
const plimi_limit *plimi_limit_entry(plim_quantity quantity);

/* theory.c: the input of `problem`, as plim_limit prepares it. */
plim_status plimi_input_prepare(plim_theory *theory, const plim_problem *problem, unsigned reads,
                                plimi_input *in) PLIM_MUST_CHECK;

#endif
