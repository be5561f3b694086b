/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lower_bound.c - claims that no fixed kernel ([BA] NeurIPS Prop. 1) and no small step (Fact 4) gets below mu2*^2. */
#include <math.h>
#include <stdio.h>

#include "claims.h"
#include "points.h"

/* ---- kernel-lower-bound ---- */

static const plim_quantity kernels[] = {PLIM_RISK0, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER,
                                        PLIM_KERNEL_EXP_DIST};
enum { KERNELS = PLIMI_COUNT(kernels), PENALTIES = 6, LINEARS = 4 };

#define LINEAR(samples)                                                                                      \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = (samples),                                                                                   \
           .d = 13,                                                                                          \
           .width = 13,                                                                                      \
           .lambda = 1e-3,                                                                                   \
           .noise = 0.253},                                                                                  \
    PLIMI_MEASURE(PLIM_LINEAR_RIDGE), .first = 2, .sizes = 3, .effort = 20000                                \
  }
static const plimi_experiment fixed[] = {
    {.at = {.activation = "tanh", .teacher = PLIMI_TEACHER_A, .n = 62, .d = 13, .width = 55, .noise = 0.253},
     PLIMI_MEASURE(PLIM_RISK0, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST),
     .first = 2,
     .sizes = 3,
     .effort = 5000,
     .n_path = PENALTIES,
     .path = {1e-3, 0.0137, 0.11, 0.37, 1.3, 5.3}},
    LINEAR(62),
    LINEAR(124),
    LINEAR(248),
    LINEAR(496),
};

/* The penalty of the path whose limit is least sure to be above the bound: the least by its own standard errors, not
   the least number, which may be the luck of the noisiest. */
static plim_status least_sure(const plimi_claim_run *run, plim_quantity quantity, double bound,
                              plim_extrapolation *worst, double *penalty)
{
  static const double rate[PLIM_MOST_TERMS] = {1.0};
  double least = INFINITY;
  for (size_t l = 0; l < PENALTIES; l++) {
    const plimi_term term = {0, quantity, l};
    plim_extrapolation fit;
    const plim_status status = plimi_extrapolated(run, &term, NULL, rate, &fit);
    if (status != PLIM_OK)
      return status;
    const double above = (fit.limit - fit.neglected - bound) / fit.limit_error;
    if (l == 0 || above < least) {
      least = above;
      *worst = fit;
      *penalty = fixed[0].path[l];
    }
  }
  return PLIM_OK;
}

/* The bound is the right number: ridge regression on the inputs reaches it as psi1 -> inf. */
static plim_status reach(plimi_claim_run *run, const plim_value *bound)
{
  static const double rate[PLIM_MOST_TERMS] = {1.0}, in_psi1[PLIM_MOST_TERMS] = {1.0, 2.0};
  plim_rung rungs[LINEARS];
  plim_extrapolation fit;
  plim_status status = PLIM_OK;
  plimi_clear_used(run);
  for (size_t k = 0; k < LINEARS && status == PLIM_OK; k++) {
    const plimi_term of = {1 + k, PLIM_LINEAR_RIDGE, 0};
    status = plimi_extrapolated(run, &of, NULL, rate, &fit);
    if (status == PLIM_OK)
      rungs[k] = plimi_rung_of_fit(run, run->measured[of.experiment].problem.psi1, &fit);
  }
  if (status == PLIM_OK)
    status = plimi_fit_uncovered(rungs, LINEARS, in_psi1, &fit);
  if (status != PLIM_OK)
    return status;
  const plimi_statement statement = {.what = "R_lin, psi1 -> inf: reached",
                                     .point = "psi1 from 4.8 to 38, lambda 0.001",
                                     .relation = PLIM_EQUALS,
                                     .predicted = *bound,
                                     .margin = 0.03 * bound->value};
  return plimi_finding_add(run, &statement, &fit);
}

static plim_status conclude_fixed(plimi_claim_run *run)
{
  const plimi_term bounding = {0, PLIM_LOWER_BOUND, 0};
  plim_value bound = {0.0, 0.0};
  plim_status status = plimi_limit_of(run, &bounding, &bound);
  for (size_t k = 0; k < KERNELS && status == PLIM_OK; k++) {
    char what[PLIM_FINDING_WHAT], point[PLIM_FINDING_POINT];
    plim_extrapolation worst = {.limit = 0.0};
    plim_problem problem = run->measured[0].problem;
    plimi_clear_used(run);
    status = least_sure(run, kernels[k], bound.value, &worst, &problem.lambda);
    if (status != PLIM_OK)
      break;
    snprintf(what, sizeof what, "%s at any penalty", plim_quantity_symbol(kernels[k]));
    plimi_point_text(&problem, point, sizeof point);
    const plimi_statement statement = {
        .what = what, .point = point, .relation = PLIM_AT_LEAST, .predicted = bound, .chosen_of = PENALTIES};
    status = plimi_finding_add(run, &statement, &worst);
  }
  return status == PLIM_OK ? reach(run, &bound) : status;
}

/* ---- linear-regime ---- */

/* Close to the bound, so that another number in its place shows: mu2*^2 = 0.279, R1 from 0.51 to 0.31. */
#define STEPPED(samples, neurons, step, cost)                                                                \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = (samples),                                                                                   \
           .d = 13,                                                                                          \
           .width = (neurons),                                                                               \
           .lambda = 0.2,                                                                                    \
           .eta = (step),                                                                                    \
           .noise = 0.253,                                                                                   \
           .readout = PLIM_READOUT_RADEMACHER},                                                              \
    PLIMI_MEASURE(PLIM_RISK), .first = 1, .sizes = 4, .effort = (cost)                                       \
  }
static const plimi_experiment stepped[] = {STEPPED(40, 20, 2.13, 6000), STEPPED(160, 80, 2.13, 3000),
                                           STEPPED(320, 160, 3.71, 1500)};

#define ABOVE(experiment)                                                                                    \
  {                                                                                                          \
    .what = "R1 >= mu2*^2", .of = {experiment, PLIM_RISK, 0}, .less_drift = true, .relation = PLIM_AT_LEAST, \
    .by = PLIMI_BY_QUANTITY, .bounded = PLIM_LOWER_BOUND, .rates = {                                         \
      1.0                                                                                                    \
    }                                                                                                        \
  }
static const plimi_row stepped_rows[] = {ABOVE(0), ABOVE(1), ABOVE(2)};

static const plimi_claim claims[] = {
    {.info =
         {.name = "kernel-lower-bound",
          .title = "no fixed kernel learns the teacher's nonlinear part",
          .statement =
              "Ridge regression on the features at W0 (CK), on the tangent features (NTK), or with a\n"
              "kernel g(<x,y>/d) or g(|x-y|^2/d) has a risk of at least mu2*^2 = E sigma*^2 - mu1*^2 in\n"
              "the limit, whatever its penalty.",
          .source = "[BA] NeurIPS Prop. 1; [EK]",
          .keys = "BA,EK",
          .method =
              "Each of the four at six penalties from 0.001 to 5.3: every one of its extrapolated risks is\n"
              "above mu2*^2; shown is the one that is least sure to be. That the bound is the right number\n"
              "is seen where it is reached: ridge regression on the inputs at psi1 = 4.8 to 38,\n"
              "extrapolated in d and then to psi1 -> inf, gives it within 3 %.",
          .approach = "d^-1; then psi1^-1 and psi1^-2 together.",
          .failure =
              "A kernel below the bound; mu2* for its square, a bound with the label noise in it, or with a\n"
              "factor 1/2, which the limit psi1 -> inf contradicts."},
     PLIMI_EXPERIMENTS(fixed),
     .conclude = conclude_fixed},
    {.info =
         {.name = "linear-regime",
          .title = "after one small step the regression is still no better than a linear one",
          .statement =
              "With eta = Theta(1) the features act like linear ones (Gaussian equivalence): whatever\n"
              "psi1, psi2, lambda and eta,  R1 >= mu2*^2.",
          .source = "[BA] NeurIPS Fact 4",
          .keys = "BA",
          .method =
              "R1 at psi1/psi2 = 2, psi1 = 40/13, 160/13 and 320/13, lambda = 0.2, extrapolated in d, is\n"
              "above mu2*^2 each time: the margin is 0. That it comes near is not judged.",
          .approach = "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
          .failure =
              "Features that see more than the linear part of the teacher, as after a step of the order of\n"
              "sqrt(N); mu2* for its square or the label noise in the bound."},
     PLIMI_EXPERIMENTS(stepped),
     PLIMI_ROWS(stepped_rows)},
};

const plimi_claims plimi_lower_bound_claims = PLIMI_CLAIMS(claims);
