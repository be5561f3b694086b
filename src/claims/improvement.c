/* SPDX-License-Identifier: GPL-3.0-or-later */
/* improvement.c - claims about what one step gains, delta = R0 - R1 ([BA] NeurIPS Thm 5 and its corollaries). */
#include <stdio.h>

#include "claims.h"
#include "points.h"

/* ---- improvement ---- */

#define BOTH_RISKS PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK1)
static const plimi_experiment gains[] = {
    {.at = {PLIMI_POINT_A(1.42), .readout = PLIM_READOUT_RADEMACHER},
     PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK),
     .first = 2,
     .sizes = 4,
     .effort = 30000},
    {.at = {PLIMI_POINT_B(1.37), .readout = PLIM_READOUT_RADEMACHER},
     PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK),
     .first = 2,
     .sizes = 4,
     .effort = 30000},
    {.at = {.activation = "hermite3",
            .teacher = PLIMI_TEACHER_A,
            .n = 31,
            .d = 13,
            .width = 21,
            .lambda = 0.137,
            .eta = 0.71,
            .noise = 0.253},
     BOTH_RISKS,
     .first = 2,
     .sizes = 4,
     .effort = 30000},
    {.at = {.activation = "tanh",
            .teacher = "hermite3",
            .n = 31,
            .d = 13,
            .width = 21,
            .lambda = 0.137,
            .eta = 1.42,
            .noise = 0.253},
     BOTH_RISKS,
     .first = 2,
     .sizes = 4,
     .effort = 20000},
    {.at = {PLIMI_POINT_A(0.0)}, BOTH_RISKS, .first = 2, .sizes = 3, .effort = 1000},
};

#define GAIN(experiment)                                                                                     \
  .of = {experiment, PLIM_RISK0, 0}, .minus = {experiment, PLIM_RISK1, 0}, .difference = true
/* The risk after the step as RISK, whose theory has the d^-1/2: what is left of it begins with d^-1. */
#define GAIN_LEFT(experiment)                                                                                \
  .of = {experiment, PLIM_RISK0, 0}, .minus = {experiment, PLIM_RISK, 0}, .difference = true,                \
  .less_drift = true, .rates = {1.0}
#define GAIN_IS(experiment)                                                                                  \
  {                                                                                                          \
    .what = "R0 - R1", GAIN_LEFT(experiment), .by = PLIMI_BY_QUANTITY, .bounded = PLIM_DELTA,                \
    .relative_margin = 0.025                                                                                 \
  }
#define GAIN_IS_POSITIVE(experiment)                                                                         \
  {                                                                                                          \
    .what = "R0 - R1 > 0", GAIN_LEFT(experiment), .relation = PLIM_AT_LEAST, .by = PLIMI_BY_NUMBER           \
  }
static const plimi_row gain_rows[] = {
    GAIN_IS(0),
    GAIN_IS(1),
    GAIN_IS_POSITIVE(0),
    GAIN_IS_POSITIVE(1),
    {.what = "R0 - R1, mu1 = 0",
     GAIN(2),
     .by = PLIMI_BY_NUMBER,
     .relative_margin = 0.01,
     .rates = {1.0, 2.0}},
    {.what = "R0 - R1, mu1* = 0", GAIN(3), .by = PLIMI_BY_NUMBER, .relative_margin = 0.01, .rates = {1.0}},
    {.what = "R0 - R1, eta = 0", GAIN(4), .by = PLIMI_BY_NUMBER, .relative_margin = 0.01, .rates = {1.0}},
};

/* ---- improvement-monotone ---- */

#define GROWING(samples, step)                                                                               \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = (samples),                                                                                   \
           .d = 13,                                                                                          \
           .width = 21,                                                                                      \
           .lambda = 0.4,                                                                                    \
           .eta = (step),                                                                                    \
           .noise = 0.253,                                                                                   \
           .readout = PLIM_READOUT_RADEMACHER},                                                              \
    PLIMI_MEASURE(PLIM_RISK), .first = 1, .sizes = 4, .effort = 4000                                         \
  }
static const plimi_experiment growing[] = {
    GROWING(27, 0.71), GROWING(27, 1.42),  GROWING(27, 2.84),  GROWING(54, 0.71),  GROWING(54, 1.42),
    GROWING(54, 2.84), GROWING(108, 0.71), GROWING(108, 1.42), GROWING(108, 2.84),
};

#define FALLS(smaller)                                                                                       \
  {                                                                                                          \
    .what = "R1 less R1 at twice the step", .of = {smaller, PLIM_RISK, 0},                                   \
    .minus = {(smaller) + 1, PLIM_RISK, 0}, .difference = true, .less_drift = true,                          \
    .relation = PLIM_AT_LEAST, .by = PLIMI_BY_NUMBER, .rates = {                                             \
      1.0                                                                                                    \
    }                                                                                                        \
  }
static const plimi_row growing_rows[] = {FALLS(0), FALLS(1), FALLS(3), FALLS(4), FALLS(6), FALLS(7)};

static plim_status conclude_growing(plimi_claim_run *run)
{
  static const double in_d[PLIM_MOST_TERMS] = {1.0}, in_psi1[PLIM_MOST_TERMS] = {1.0};
  for (size_t pair = 0; pair < 2; pair++) {
    plim_rung rungs[3];
    plim_extrapolation fit;
    plim_status status = PLIM_OK;
    plimi_clear_used(run);
    for (size_t k = 0; k < 3 && status == PLIM_OK; k++) {
      const plimi_term of = {3 * k + pair, PLIM_RISK, 0}, minus = {3 * k + pair + 1, PLIM_RISK, 0};
      status = plimi_extrapolated_left(run, &of, &minus, in_d, &fit);
      if (status == PLIM_OK)
        rungs[k] = plimi_rung_of_fit(run, run->measured[of.experiment].problem.psi1, &fit);
    }
    if (status == PLIM_OK)
      status = plimi_fit_uncovered(rungs, 3, in_psi1, &fit);
    if (status != PLIM_OK)
      return status;
    const plimi_statement statement = {.what = "R1 less R1 at twice the step, psi1 -> inf",
                                       .point = pair == 0 ? "from eta 0.71 to 1.42" : "from eta 1.42 to 2.84",
                                       .relation = PLIM_AT_LEAST};
    status = plimi_finding_add(run, &statement, &fit);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

/* ---- improvement-wide ---- */

#define WIDE(neurons, cost)                                                                                  \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = 31,                                                                                          \
           .d = 13,                                                                                          \
           .width = (neurons),                                                                               \
           .lambda = 0.137,                                                                                  \
           .eta = 2.13,                                                                                      \
           .noise = 0.253,                                                                                   \
           .readout = PLIM_READOUT_RADEMACHER},                                                              \
    PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK), .first = 1, .sizes = 4, .effort = (cost)                           \
  }
static const plimi_experiment wide[] = {WIDE(29, 10000), WIDE(58, 10000), WIDE(116, 8000), WIDE(232, 4000)};
enum { WIDTHS = PLIMI_COUNT(wide) };

static const plimi_row wide_rows[] = {
    {.what = "R0 - R1",
     GAIN_LEFT(0),
     .by = PLIMI_BY_QUANTITY,
     .bounded = PLIM_DELTA,
     .relative_margin = 0.04}, /* a quarter of the gain */
};

static plim_status conclude_wide(plimi_claim_run *run)
{
  static const double in_d[PLIM_MOST_TERMS] = {1.0}, in_psi2[PLIM_MOST_TERMS] = {1.0, 2.0};
  static const double share = 0.2; /* of the gain at the narrowest: the margin */
  plim_rung rungs[WIDTHS];
  plim_extrapolation fit;
  plim_value narrow = {0.0, 0.0};
  const plimi_term first = {0, PLIM_DELTA, 0};
  plim_status status = plimi_limit_of(run, &first, &narrow);
  for (size_t k = 0; k < WIDTHS && status == PLIM_OK; k++) {
    const plimi_term of = {k, PLIM_RISK0, 0}, minus = {k, PLIM_RISK, 0};
    status = plimi_extrapolated_left(run, &of, &minus, in_d, &fit);
    if (status == PLIM_OK)
      rungs[k] = plimi_rung_of_fit(run, run->measured[k].problem.psi2, &fit);
  }
  if (status == PLIM_OK)
    status = plimi_fit_uncovered(rungs, WIDTHS, in_psi2, &fit);
  if (status != PLIM_OK)
    return status;
  const plimi_statement statement = {.what = "R0 - R1, psi2 -> inf",
                                     .point = "psi2 from 2.23 to 17.8",
                                     .relation = PLIM_EQUALS,
                                     .margin = share * narrow.value};
  return plimi_finding_add(run, &statement, &fit);
}

static const plimi_claim claims[] = {
    {.info =
         {.name = "improvement",
          .title = "one step lowers the risk, unless there is nothing to learn by it",
          .statement =
              "delta = R0 - R1 >= 0, with the closed form of `plim cite delta`; it is 0 if and only if\n"
              "eta mu1 mu1* = 0.",
          .source = "[BA] NeurIPS Thm 5",
          .keys = "BA",
          .method =
              "R0 - R1 replica by replica. At two problems, the predicted effect of the finite d taken off\n"
              "each size, it is the closed form within 2.5 % of R0, and above 0. It is 0 within 1 % of R0\n"
              "where sigma is the third Hermite polynomial (mu1 = 0), where the teacher is (mu1* = 0), and "
              "in\n"
              "every replica where eta = 0.",
          .approach =
              "d^-1, the d^-1/2 of the network's own output being part of the prediction at each size; with "
              "d^-2 for the Hermite\nactivation.",
          .failure =
              "A sign, mu1 for mu1^2, theta2 for theta1, psi1 and psi2 exchanged turn it red, and a step\n"
              "that moves the risk where it has nothing to learn from."},
     PLIMI_EXPERIMENTS(gains),
     PLIMI_ROWS(gain_rows)},
    {.info =
         {.name = "improvement-monotone",
          .title = "the larger the step, the larger the gain",
          .statement =
              "delta = R0 - R1 grows with eta as psi1 -> inf; by the closed form it does at every psi1,\n"
              "psi2 and lambda.",
          .source = "[BA] NeurIPS Thm 5 and its corollaries; beyond psi1 -> inf derived here",
          .keys = "BA",
          .method =
              "R1 at eta and at 2 eta on the same draws, eta = 0.71 and 1.42, at psi1 = 2.1, 4.2 and 8.3:\n"
              "each difference, the predicted effect of the finite d taken off and extrapolated in d, is "
              "above\n"
              "0, and so is its limit for psi1 -> inf, extrapolated over the three.",
          .approach = "d^-1 of what is left, then psi1^-1.",
          .failure =
              "A step that acts against its direction or too far, so that R1 rises again. It does not look\n"
              "at the size of the gain: that is improvement's."},
     PLIMI_EXPERIMENTS(growing),
     PLIMI_ROWS(growing_rows),
     conclude_growing},
    {.info =
         {.name = "improvement-wide",
          .title = "a wide network gains nothing by a small step",
          .statement =
              "delta = R0 - R1 -> 0 as psi2 = N/d -> inf: the features at W0 already span what one step\n"
              "eta = Theta(1) could add.",
          .source = "[BA] NeurIPS Thm 5 and its corollaries",
          .keys = "BA",
          .method =
              "delta at psi2 = 2.2, 4.5, 8.9 and 17.8, each less the predicted effect of the finite d and\n"
              "extrapolated in d, then over the four; the limit is 0 within 20 % of the gain at the smallest "
              "psi2, where delta is the closed form\n"
              "within 25 %.",
          .approach = "d^-1 of what is left, then psi2^-1 and psi2^-2 together.",
          .failure = "A gain that levels off at more than 20 % of that at psi2 = 2.2, as with psi1 and psi2\n"
                     "exchanged."},
     PLIMI_EXPERIMENTS(wide),
     PLIMI_ROWS(wide_rows),
     conclude_wide},
};

const plimi_claims plimi_improvement_claims = PLIMI_CLAIMS(claims);
