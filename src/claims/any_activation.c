/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_activation.c - claims about one step of any size with activations that are not odd, about what the norms of the
   neurons are worth, and about steps between the exponents 0 and 1/2. Step sizes are given as e = eta/sqrt N, and as
   eta0 of eta0 N^alpha.

   Every row takes off what the theory says of the finite d (predictions.c); the fit is left with the d^-1 beyond it. */
#include "claims.h"
#include "points.h"

#define AT(e, samples, neurons, penalty, sigma, star)                                                        \
  .activation = (sigma), .teacher = (star), .n = (samples), .d = 10, .width = (neurons),                     \
  .lambda = (penalty), .eta = (e), .eta_exponent = 0.5
#define ROW(experiment, quantity, text, margin)                                                              \
  {                                                                                                          \
    .what = text, .of = {experiment, quantity, 0}, .less_drift = true, .relative_margin = (margin),          \
    .rates = {                                                                                               \
      1.0                                                                                                    \
    }                                                                                                        \
  }
#define BOTH(...) .at = {__VA_ARGS__}, PLIMI_MEASURE(PLIM_RISK, PLIM_TRAIN), .first = 2, .sizes = 4

/* ---- norm-direction ---- */

static const plimi_experiment norms[] = {
    {BOTH(AT(3.0, 80, 15, 0.0113, "tanh", "linear"), .noise = 0.0531, .readout = PLIM_READOUT_RADEMACHER),
     .effort = 30000},
};
static const plimi_row norm_rows[] = {
    ROW(0, PLIM_RISK, "R", 0.03),
    ROW(0, PLIM_TRAIN, "T", 0.03),
};

/* ---- any-activation-risk, any-activation-training: ReLU, SiLU, softplus; e = 1/2, 1, 2; psi1 = 0.6, 1, 4 ---- */

#define ONE(quantity, ...) .at = {__VA_ARGS__}, PLIMI_MEASURE(quantity), .first = 2, .sizes = 4
/* What is left begins to fall at d = 40 only: T is 1.9, 2.2, 1.8, 1.0 and .7 % below the theory at d = 20 to 320. */
#define ONE_FROM_40(quantity, ...) .at = {__VA_ARGS__}, PLIMI_MEASURE(quantity), .first = 4, .sizes = 3
#define SIGNS .readout = PLIM_READOUT_RADEMACHER
static const plimi_experiment risks[] = {
    {ONE(PLIM_RISK, AT(0.5, 40, 15, 0.0517, "relu", "softplus"), .noise = 0.113), .effort = 30000},
    {ONE(PLIM_RISK, AT(2.0, 17, 13, 0.0617, "softplus", "tanh"), .noise = 0.213, SIGNS), .effort = 30000},
    {ONE_FROM_40(PLIM_RISK, AT(2.0, 40, 15, 0.0517, "silu", "relu"), .noise = 0.113, SIGNS), .effort = 30000},
    {ONE(PLIM_RISK, AT(1.0, 40, 13, 0.0517, "silu", "relu"), .noise = 0.113), .effort = 30000},
    {ONE(PLIM_RISK, AT(1.0, 13, 17, 0.0717, "relu", "softplus"), .noise = 0.113,
         .readout = PLIM_READOUT_CONSTANT),
     .effort = 50000, .full_only = true},
    {ONE(PLIM_RISK, AT(2.0, 10, 15, 0.117, "relu", "softplus"), .noise = 0.113), .effort = 50000,
     .full_only = true},
    {ONE(PLIM_RISK, AT(2.0, 6, 17, 0.417, "softplus", "tanh"), .noise = 0.213), .effort = 50000,
     .full_only = true},
    {ONE(PLIM_RISK, AT(0.5, 10, 13, 0.117, "silu", "relu"), .noise = 0.113, SIGNS), .effort = 50000,
     .full_only = true},
    {ONE(PLIM_RISK, AT(1.0, 10, 17, 0.117, "softplus", "tanh"), .noise = 0.213), .effort = 40000},
    {ONE(PLIM_RISK, AT(1.0, 6, 13, 0.417, "silu", "relu"), .noise = 0.113, SIGNS), .effort = 50000,
     .full_only = true},
};
/* A Gaussian readout and an even part with all orders at n/d = 4: the theory is 2 to 14 % off its limit at d = 1e11. */
#define NEVER_NEAR(experiment, quantity, text)                                                               \
  {                                                                                                          \
    .what = text, .of = {experiment, quantity, 0}, .less_drift = true, .never_near = true,                   \
    .relative_margin = 0.05, .rates = {                                                                      \
      1.0                                                                                                    \
    }                                                                                                        \
  }
#define R_ROW(experiment) ROW(experiment, PLIM_RISK, "R", 0.05)
#define R_NEVER_NEAR(experiment) NEVER_NEAR(experiment, PLIM_RISK, "R")
static const plimi_row risk_rows[] = {R_NEVER_NEAR(0), R_ROW(1), R_ROW(2), R_NEVER_NEAR(3), R_ROW(4),
                                      R_ROW(5),        R_ROW(6), R_ROW(7), R_ROW(8),        R_ROW(9)};

static const plimi_experiment trainings[] = {
    {ONE(PLIM_TRAIN, AT(1.0, 40, 15, 0.0517, "relu", "softplus"), .noise = 0.113), .effort = 30000},
    {ONE(PLIM_TRAIN, AT(2.0, 10, 17, 0.217, "softplus", "tanh"), .noise = 0.213), .effort = 60000},
    {ONE_FROM_40(PLIM_TRAIN, AT(2.0, 40, 15, 0.0517, "silu", "relu"), .noise = 0.113, SIGNS),
     .effort = 40000},
    {ONE(PLIM_TRAIN, AT(0.5, 6, 13, 0.617, "silu", "relu"), .noise = 0.113, SIGNS), .effort = 60000},
    {ONE(PLIM_TRAIN, AT(0.5, 6, 13, 0.617, "softplus", "tanh"), .noise = 0.213), .effort = 60000,
     .full_only = true},
    {ONE(PLIM_TRAIN, AT(2.0, 10, 15, 0.217, "relu", "softplus"), .noise = 0.113), .effort = 60000,
     .full_only = true},
    {ONE(PLIM_TRAIN, AT(1.0, 13, 17, 0.0717, "relu", "softplus"), .noise = 0.113,
         .readout = PLIM_READOUT_CONSTANT),
     .effort = 50000, .full_only = true},
    {ONE(PLIM_TRAIN, AT(2.0, 17, 13, 0.0617, "softplus", "tanh"), .noise = 0.213, SIGNS), .effort = 40000,
     .full_only = true},
};
#define T_ROW(experiment) ROW(experiment, PLIM_TRAIN, "T", 0.05)
static const plimi_row training_rows[] = {
    NEVER_NEAR(0, PLIM_TRAIN, "T"), T_ROW(1), T_ROW(2), T_ROW(3), T_ROW(4), T_ROW(5), T_ROW(6), T_ROW(7)};

/* ---- staircase-risk ---- */

#define STAIR(step, exponent, sigma, star)                                                                   \
  .activation = (sigma), .teacher = (star), .n = 40, .d = 10, .width = 15, .lambda = 0.0517, .eta = (step),  \
  .eta_exponent = (exponent), .noise = 0.113
static const plimi_experiment stairs[] = {
    {BOTH(STAIR(2.0, 0.2, "relu", "softplus")), .effort = 30000},
    {BOTH(STAIR(2.0, 0.35, "relu", "softplus")), .effort = 30000},
    {BOTH(STAIR(1.5, 0.37, "silu", "relu")), .effort = 60000, .full_only = true},
};
static const plimi_row stair_rows[] = {
    ROW(0, PLIM_RISK, "R, l = 1", 0.04), ROW(0, PLIM_TRAIN, "T, l = 1", 0.05),
    ROW(1, PLIM_RISK, "R, l = 2", 0.04), ROW(1, PLIM_TRAIN, "T, l = 2", 0.05),
    ROW(2, PLIM_RISK, "R, l = 2", 0.04), ROW(2, PLIM_TRAIN, "T, l = 2", 0.05),
};

#define TAKEN_OFF "at d = 20 (or 40) to 160, the predicted effect of the finite d taken off each size; "
#define PART                                                                                                 \
  "(part of the grid; more of it in the full tier),\n" TAKEN_OFF "margin 5 %\n(full tier: half of it)."
#define LEFT_OVER "d^-1: what is larger is part of the prediction at each size and taken off."

static const plimi_claim claims[] = {
    {.info = {.name = "norm-direction",
              .title =
                  "the norms of the neurons are worth something to the predictor, for odd activations too",
              .statement =
                  "With |zeta_j| = 1 and e = eta/sqrt N of order one the predictor may add the function\n"
                  "(1/2) E (g^2-1) sigma(e theta1 k + sqrt(c) g) of k at a price of order one: neurons that\n"
                  "are longer by chance differ by it. A mixture of neurons of one length has a risk that is\n"
                  "a quarter larger (tanh/linear, psi1 = 8, psi2 = 1.5, e = 3).",
              .source = "derived here",
              .keys = "BA,CUI",
              .method = "R and T for a Rademacher readout at d = 20 to 160, the predicted effect of "
                        "the finite\n"
                        "d taken off each size; margin 3 % (full tier: 1.5 %).",
              .approach = LEFT_OVER,
              .failure =
                  "Without the norms R is 25 % too large and T 27 %; at twice their price, a third of that."},
     PLIMI_EXPERIMENTS(norms),
     PLIMI_ROWS(norm_rows)},
    {.info =
         {.name = "any-activation-risk",
          .title = "one formula for the risk after a step of any size, for activations that are not odd",
          .statement =
              "Where E sigma'' != 0 the first batch also multiplies neuron j by 1 + e zeta_j E sigma'' D1,\n"
              "D1 = (1/n) X'D_yX, which does not commute with the S = (1/n) X'D_y^2X of its noise: the risk\n"
              "is that of the bulk (1 + a D1)^2 + alpha S, by an operator-valued fixed point.",
          .source = "derived here",
          .keys = "BA,CUI",
          .method = "R for ReLU, SiLU and softplus, all three readouts, e = 1/2, 1 and 2, psi1 = 0.6, 1 and "
                    "4\n" PART,
          .approach = LEFT_OVER,
          .failure =
              "E sigma'' left out of the bulk, psi1 and psi2 exchanged, the penalty without n/N, s2 without\n"
              "the noise. What moves R by less than 3 % everywhere passes. For ReLU and SiLU with a "
              "Gaussian\n"
              "readout R is held to the theory of each d and not to the limit, which that is far from."},
     PLIMI_EXPERIMENTS(risks),
     PLIMI_ROWS(risk_rows)},
    {.info =
         {.name = "any-activation-training",
          .title = "the training error after a step of any size, for activations that are not odd",
          .statement =
              "The training error is Obj - lambda dObj/d lambda with the objective whose derivative in\n"
              "the weight of the risk is the R of `any-activation-risk`.",
          .source = "derived here",
          .keys = "BA,CUI",
          .method = "T for ReLU, SiLU and softplus, all three readouts, e = 1/2, 1 and 2, psi1 = 0.6, 1 "
                    "and 4\n" PART,
          .approach = LEFT_OVER,
          .failure =
              "E sigma'' left out of the bulk moves T by up to 12 % at e = 2; the labels' noise left out.\n"
              "For ReLU T is held to the theory of each d and not to the limit, which that is far from."},
     PLIMI_EXPERIMENTS(trainings),
     PLIMI_ROWS(training_rows)},
    {.info =
         {.name = "staircase-risk",
          .title = "risk and training error with one and with two directions learned",
          .statement =
              "With eta = eta0 N^alpha, 0 < alpha < 1/2, and a Gaussian readout, R and T tend to those of "
              "the\n"
              "features of W0 to which the functions P_i(k) = E (theta1 k + sqrt(q) g)^i, i (1 - 2 alpha) < "
              "1\n"
              "and E sigma^(i) != 0, have been added for nothing; k = <x, X'y>/|X'y|, q = nu2 s2/psi1. P_2 "
              "is\n"
              "theta1^2 k^2 + q: its norm is theta1^4 (3 + 2x + x^2), x = q/theta1^2, for the step's noise\n"
              "lengthens a neuron as much as it turns it, and the constant that k^2 - 1 needs is had from "
              "the\n"
              "norms of the neurons.",
          .source = "derived here; [MLHD] Thms 4.4 and 4.5 for l = 1, 2",
          .keys = "MLHD",
          .method =
              "R and T for ReLU at alpha = 0.2 (l = 1) and 0.35 (l = 2), in the full tier for SiLU too, at\n"
              "d = 20 to 160; the predicted distance from the limit, where the directions have a price,\n"
              "taken off each size; margins 4 and 5 % (full tier: half).",
          .approach = LEFT_OVER,
          .failure =
              "One direction taken for two moves R by 5 to 10 %. That P_2 is k^2 (as the losses of [MLHD] "
              "are\nquoted) moves it by less than 1 %: `plim theory` knows it apart, this claim does not."},
     PLIMI_EXPERIMENTS(stairs),
     PLIMI_ROWS(stair_rows)},
};

const plimi_claims plimi_any_activation_claims = PLIMI_CLAIMS(claims);
