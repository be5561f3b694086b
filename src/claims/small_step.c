/* SPDX-License-Identifier: GPL-3.0-or-later */
/* small_step.c - claims about ridge regression on the features before and after a step eta = Theta(1) ([BA] NeurIPS
   Thm 3, Fact 4, Thm 5). */
#include "claims.h"
#include "points.h"

#define AT_A(step) .at = {PLIMI_POINT_A(step), .readout = PLIM_READOUT_RADEMACHER}
#define AT_B(step) .at = {PLIMI_POINT_B(step)}
#define MEASURE PLIMI_MEASURE

/* ---- risk-initial ---- */

static const plimi_experiment initial[] = {
    {AT_A(0.0), MEASURE(PLIM_RISK0), .first = 2, .sizes = 4, .effort = 40000, .n_path = 2,
     .path = {0.0137, 0.77}},
    {AT_B(0.0), MEASURE(PLIM_RISK0), .first = 2, .sizes = 4, .effort = 40000, .n_path = 2,
     .path = {0.0617, 1.3}},
};

#define R0_WITHIN .relative_margin = 0.02, .rates = {1.0}
static const plimi_row initial_rows[] = {
    {.what = "R0", .of = {0, PLIM_RISK0, 0}, R0_WITHIN},
    {.what = "R0", .of = {0, PLIM_RISK0, 1}, R0_WITHIN},
    {.what = "R0", .of = {1, PLIM_RISK0, 0}, R0_WITHIN},
    {.what = "R0", .of = {1, PLIM_RISK0, 1}, R0_WITHIN},
};

/* ---- risk-after-step, training-error ---- */

#define LADDER .first = 2, .sizes = 4, .effort = 40000
static const plimi_experiment after[] = {
    {AT_A(2.13), MEASURE(PLIM_RISK), LADDER},
    {AT_B(1.37), MEASURE(PLIM_RISK), LADDER},
};

/* Measured as RISK and TRAIN, whose theory has the effect of a finite d, and held to the closed forms of the limit. */
#define IS(form, margin)                                                                                     \
  .less_drift = true, .by = PLIMI_BY_QUANTITY, .bounded = (form), .relative_margin = (margin), .rates = {1.0}
static const plimi_row after_rows[] = {
    {.what = "R1", .of = {0, PLIM_RISK, 0}, IS(PLIM_RISK1, 0.03)},
    {.what = "R1", .of = {1, PLIM_RISK, 0}, IS(PLIM_RISK1, 0.03)},
};

static const plimi_experiment training[] = {
    {AT_A(2.13), MEASURE(PLIM_TRAIN0, PLIM_TRAIN), LADDER},
    {AT_B(1.37), MEASURE(PLIM_TRAIN0, PLIM_TRAIN), LADDER},
};

static const plimi_row training_rows[] = {
    {.what = "T0", .of = {0, PLIM_TRAIN0, 0}, R0_WITHIN},
    {.what = "T1", .of = {0, PLIM_TRAIN, 0}, IS(PLIM_TRAIN1, 0.04)},
    {.what = "T0", .of = {1, PLIM_TRAIN0, 0}, R0_WITHIN},
    {.what = "T1", .of = {1, PLIM_TRAIN, 0}, IS(PLIM_TRAIN1, 0.04)},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "risk-initial",
          .title = "the risk of ridge regression on the features at initialisation",
          .statement =
              "Ridge regression on the features N^-1/2 sigma(W0'x) of n fresh samples has the risk\n"
              "  R0 = (mu2*^2 + gamma noise^2 + mu1*^2 (z m - kappa (z m)'))/(1 - gamma)\n"
              "at z = mu2^2 + kappa, m the Stieltjes transform of mu1^2 W0W0', kappa the effective ridge.",
          .source = "[MM], [BA] NeurIPS Thm 5; this form derived here",
          .keys = "MM,BA",
          .method =
              "R0 at two penalties of two problems, psi1 above and below psi2, an exact expectation over\n"
              "the test point in each replica, extrapolated and compared at a margin of 2 %.",
          .approach = "d^-1: nothing in it depends on the gradient.",
          .failure =
              "psi1 and psi2 exchanged, the penalty without n/N, mu2^2 for mu2, a factor 1/2, a noise floor\n"
              "left in or out turn it red: each moves R0 by more than 5 % at one of the four points."},
     PLIMI_EXPERIMENTS(initial),
     PLIMI_ROWS(initial_rows)},
    {.info =
         {.name = "risk-after-step",
          .title = "the risk of ridge regression on the features after one step",
          .statement =
              "After W1 = W0 + eta sqrt(N) G0, eta = Theta(1), the risk on fresh data tends to\n"
              "  R1 = [s2 - mu1*^2 (1 - z q) - kappa mu1*^2 (q + z q')]/(1 - gamma) - noise^2,\n"
              "  q = m - r a z m^2 mh/(1 + s a z m mh), s = eta^2 theta1^2, r = eta^2 theta2^2, a = mu1^2.",
          .source = "[BA] NeurIPS Thm 3, Fact 4, Thm 5; closed form derived here",
          .keys = "BA",
          .method = "R1 at two problems, psi1 above and below psi2, the predicted effect of the finite d "
                    "taken off\n"
                    "each size, extrapolated and compared at 3 %.",
          .approach =
              "d^-1: the d^-1/2 of the network's own output in the gradient is part of the prediction "
              "at each size.",
          .failure =
              "psi1 and psi2 exchanged, the penalty without n/N, mu2^2 for mu2, a factor 1/2 in the step\n"
              "turn it red. What moves R1 by less than 3 % passes, theta1 without the label noise too."},
     PLIMI_EXPERIMENTS(after),
     PLIMI_ROWS(after_rows)},
    {.info =
         {.name = "training-error",
          .title = "the training error of the same regressions",
          .statement =
              "T = (1/n)|yt - Phi ahat|^2 tends to (R + noise^2)(lambda/kappa)^2, with R0 at W0, R1 at W1\n"
              "and the same effective ridge kappa in both.",
          .source = "derived here, from [BA] NeurIPS Thm 3 and Thm 5",
          .keys = "BA",
          .method =
              "T0 and T1 at two problems, psi1 above and below psi2, the predicted effect of the finite d "
              "taken\n"
              "off each size of T1, compared at 2 % and 4 %.",
          .approach = "d^-1, at W1 after the predicted d^-1/2 of the network's own output.",
          .failure = "The same faults as for the risk, and lambda/kappa without its square. What moves T by "
                     "less than\n"
                     "4 % passes."},
     PLIMI_EXPERIMENTS(training),
     PLIMI_ROWS(training_rows)},
};

const plimi_claims plimi_small_step_claims = PLIMI_CLAIMS(claims);
