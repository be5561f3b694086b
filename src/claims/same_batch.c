/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same_batch.c - claims about ridge regression on pairs that have already made the gradient step, the case that [BA]
   leaves open. With readouts of -1 and 1 and teachers that are large beside the activation the drift is small
   (points.h). */
#include "claims.h"
#include "points.h"

#define SAME(share, more) .ridge_batch = PLIM_RIDGE_SAME, .overlap = (share), .extra = (more)
#define SIGNS .readout = PLIM_READOUT_RADEMACHER
#define LADDER(cost) .first = 2, .sizes = 4, .effort = (cost)
/* What the theory says of the finite d is taken off: what is left begins with d^-1. */
#define LEFT_OVER .less_drift = true, .rates = {1.0}

/* A third problem, whose activation is not odd. */
#define POINT_C                                                                                              \
  .activation = "softplus", .teacher = PLIMI_TEACHER_A, .n = 13, .d = 10, .width = 17, .lambda = 0.217,      \
  .eta = 1.83, .noise = 0.313

/* ---- same-batch-risk, same-batch-training ---- */

#define RISK(cost, ...)                                                                                      \
  {                                                                                                          \
    .at = {__VA_ARGS__, SIGNS, SAME(1.0, 0.0)}, PLIMI_MEASURE(PLIM_RISK1), LADDER(cost)                      \
  }
static const plimi_experiment risks[] = {RISK(60000, PLIMI_POINT_A(2.13)), RISK(90000, PLIMI_POINT_B(1.37)),
                                         RISK(90000, POINT_C)};
#define R_ROW(experiment)                                                                                    \
  {                                                                                                          \
    .what = "R1", .of = {experiment, PLIM_RISK1, 0}, .relative_margin = 0.03, LEFT_OVER                      \
  }
static const plimi_row risk_rows[] = {R_ROW(0), R_ROW(1), R_ROW(2)};

#define TRAINING(cost, ...)                                                                                  \
  {                                                                                                          \
    .at = {__VA_ARGS__, SIGNS, SAME(1.0, 0.0)}, PLIMI_MEASURE(PLIM_TRAIN0, PLIM_TRAIN1), LADDER(cost)        \
  }
static const plimi_experiment trainings[] = {
    TRAINING(90000, PLIMI_POINT_A(2.13)), TRAINING(120000, PLIMI_POINT_B(1.37)), TRAINING(120000, POINT_C)};
#define T_ROW(experiment)                                                                                    \
  {                                                                                                          \
    .what = "T1", .of = {experiment, PLIM_TRAIN1, 0}, .relative_margin = 0.04, LEFT_OVER                     \
  }
#define T_FALLS(experiment)                                                                                  \
  {                                                                                                          \
    .what = "T0 - T1 > 0", .of = {experiment, PLIM_TRAIN0, 0}, .minus = {experiment, PLIM_TRAIN1, 0},        \
    .difference = true, .relation = PLIM_AT_LEAST, .by = PLIMI_BY_NUMBER, LEFT_OVER                          \
  }
static const plimi_row training_rows[] = {T_ROW(0), T_ROW(1), T_ROW(2), T_FALLS(0), T_FALLS(1), T_FALLS(2)};

/* ---- overlap ---- */

#define SHARED(law, share, more, ...)                                                                        \
  {                                                                                                          \
    .at = {__VA_ARGS__, .readout = (law), SAME(share, more)}, PLIMI_MEASURE(PLIM_RISK1, PLIM_TRAIN1),        \
    LADDER(90000)                                                                                            \
  }
static const plimi_experiment overlaps[] = {
    SHARED(PLIM_READOUT_RADEMACHER, 0.5, 0.0, .activation = "tanh", .teacher = PLIMI_TEACHER_A, .n = 24,
           .d = 10, .width = 17, .lambda = 0.137, .eta = 2.13, .noise = 0.253),
    SHARED(PLIM_READOUT_CONSTANT, 0.25, 0.75, .activation = "erf", .teacher = PLIMI_TEACHER_B, .n = 8,
           .d = 10, .width = 23, .lambda = 0.617, .eta = 1.37, .noise = 0.531),
};
static const plimi_row overlap_rows[] = {R_ROW(0), T_ROW(0), R_ROW(1), T_ROW(1)};

/* ---- same-batch-sign: theory.md 14.4's setting, fresh and same on the same first batch ---- */

#define HURT(measured, ...)                                                                                  \
  {                                                                                                          \
    .at = {.activation = "erf",                                                                              \
           .teacher = "erf",                                                                                 \
           .n = 15,                                                                                          \
           .d = 10,                                                                                          \
           .width = 15,                                                                                      \
           .lambda = 3.0,                                                                                    \
           .eta = 2.0,                                                                                       \
           .noise = 2.0,                                                                                     \
           SIGNS,                                                                                            \
           __VA_ARGS__},                                                                                     \
    measured, LADDER(30000)                                                                                  \
  }
static const plimi_experiment hurts[] = {
    HURT(PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK1), SAME(1.0, 0.0)),
    HURT(PLIMI_MEASURE(PLIM_RISK0, PLIM_RISK), .ridge_batch = PLIM_RIDGE_FRESH)};
static const plimi_row hurt_rows[] = {
    {.what = "R0 - R1, same batch",
     .of = {0, PLIM_RISK0, 0},
     .minus = {0, PLIM_RISK1, 0},
     .difference = true,
     .relative_margin = 0.05,
     LEFT_OVER},
    {.what = "R1 - R0 > 0, same batch",
     .of = {0, PLIM_RISK1, 0},
     .minus = {0, PLIM_RISK0, 0},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     LEFT_OVER},
    {.what = "R0 - R1 > 0, fresh batch",
     .of = {1, PLIM_RISK0, 0},
     .minus = {1, PLIM_RISK, 0},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     LEFT_OVER},
};

/* ---- gcv-after-a-step ---- */

#define NOISE 0.313
#define SCORED(...)                                                                                          \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = 24,                                                                                          \
           .d = 10,                                                                                          \
           .width = 17,                                                                                      \
           .lambda = 0.237,                                                                                  \
           .eta = 1.83,                                                                                      \
           .noise = NOISE,                                                                                   \
           SIGNS,                                                                                            \
           __VA_ARGS__},                                                                                     \
    PLIMI_MEASURE(PLIM_GCV, PLIM_RISK1), LADDER(30000)                                                       \
  }
static const plimi_experiment scores[] = {SCORED(.ridge_batch = PLIM_RIDGE_FRESH), SCORED(SAME(1.0, 0.0))};
/* On a fresh batch cross-validation is right at whatever W1 is: the d^-1/2 that W1 brings to both cancels in the
   difference. */
static const plimi_row score_rows[] = {
    {.what = "GCV - R1, fresh batch, the variance of the noise",
     .of = {0, PLIM_GCV, 0},
     .minus = {0, PLIM_RISK1, 0},
     .difference = true,
     .by = PLIMI_BY_NUMBER,
     .number = NOISE * NOISE,
     .relative_margin = 0.03,
     .rates = {1.0}},
    {.what = "GCV, same batch", .of = {1, PLIM_GCV, 0}, .relative_margin = 0.03, LEFT_OVER},
    {.what = "R1 - GCV, same batch, above minus the variance of the noise",
     .of = {1, PLIM_RISK1, 0},
     .minus = {1, PLIM_GCV, 0},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     .number = -NOISE * NOISE,
     LEFT_OVER},
};

/* ---- reuse-beats-splitting: three pairs per dimension in all, each at its best penalty of the limit ---- */

enum { WHOLE = 30 };
#define TOTAL(measured, samples, ...)                                                                        \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = (samples),                                                                                   \
           .d = 10,                                                                                          \
           .width = 17,                                                                                      \
           .eta = 1.63,                                                                                      \
           .noise = 0.513,                                                                                   \
           SIGNS,                                                                                            \
           __VA_ARGS__},                                                                                     \
    measured, LADDER(60000), .n_path = 1, .path = {1.0}, .around_best = true                                 \
  }
#define SPLIT(samples) TOTAL(PLIMI_MEASURE(PLIM_RISK1, PLIM_RISK), samples, .step_n = WHOLE - (samples))
static const plimi_experiment totals[] = {TOTAL(PLIMI_MEASURE(PLIM_RISK1), WHOLE, SAME(1.0, 0.0)), SPLIT(15),
                                          SPLIT(20), SPLIT(25)};
/* One number measured, the risk after the step: as RISK1 on the same batch and as RISK on a fresh one the theory has
   its value at finite d too. */
#define TOTAL_ROW(experiment, quantity, text)                                                                \
  {                                                                                                          \
    .what = text, .of = {experiment, quantity, 0}, .relative_margin = 0.05, LEFT_OVER                        \
  }
static const plimi_row total_rows[] = {
    TOTAL_ROW(0, PLIM_RISK1, "R1, all three parts used twice"),
    TOTAL_ROW(1, PLIM_RISK, "R1, half for the step"),
    TOTAL_ROW(2, PLIM_RISK, "R1, one part for the step"),
    TOTAL_ROW(3, PLIM_RISK, "R1, half a part for the step"),
};

static plim_status conclude_totals(plimi_claim_run *run)
{
  static const double rates[PLIM_MOST_TERMS] = {1.0};
  static const char *const points[] = {"half for the step", "one part for the step",
                                       "half a part for the step"};
  const plimi_term whole = {0, PLIM_RISK1, 0};
  for (size_t split = 0; split < PLIMI_COUNT(points); split++) {
    const plimi_term parted = {split + 1, PLIM_RISK, 0};
    plim_extrapolation fit;
    plimi_clear_used(run);
    plim_status status = plimi_extrapolated_apart(run, &parted, &whole, rates, &fit);
    if (status != PLIM_OK)
      return status;
    const plimi_statement statement = {.what = "R1 of the split less R1 of reuse > 0",
                                       .point = points[split],
                                       .relation = PLIM_AT_LEAST,
                                       .d_min = run->measured[0].size[0].d,
                                       .d_max = run->measured[0].size[run->measured[0].sizes - 1].d};
    status = plimi_finding_add(run, &statement, &fit);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static const plimi_claim claims[] = {
    {.info =
         {.name = "same-batch-risk",
          .title = "the risk where the ridge regression reuses the pairs that made the step",
          .statement = "With Phi = N^-1/2 sigma(X W1) of the batch (X, y) that made W1, eta = Theta(1), the "
                       "risk tends to\n"
                       "the closed form of `plim cite risk1` for --ridge-batch same: the step rescales the "
                       "linear function\n"
                       "that ridge regression at W0 learns, by c, and does not turn it.",
          .source = "derived here",
          .keys = "BA",
          .method =
              "R1 at three problems, odd and not, psi1 above and below psi2 and 1, an exact expectation over "
              "the\n"
              "test point in each replica; the predicted effect of the finite d is taken off each size; 3 %.",
          .approach = "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
          .failure = "The formula for a fresh batch, nu2 left out of the leak of the labels, 1/psi1 left out "
                     "of it."},
     PLIMI_EXPERIMENTS(risks),
     PLIMI_ROWS(risk_rows)},
    {.info =
         {.name = "same-batch-training",
          .title = "the training error where the ridge regression reuses the pairs that made the step",
          .statement =
              "T1 tends to k^2 [Q + (tr S P^2/n + mu2^2 tr P^2/n) Psi], and T1 <= T0 for every problem: the\n"
              "features have seen the labels.",
          .source = "derived here",
          .keys = "BA",
          .method = "T0 and T1 at the three problems of same-batch-risk, the predicted effect of the finite "
                    "d taken\n"
                    "off each size: T1 within 4 %, T0 - T1 above 0.",
          .approach = "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
          .failure =
              "T = (R + noise^2)(lambda/kappa)^2, which holds on a fresh batch only; the leak without nu2."},
     PLIMI_EXPERIMENTS(trainings),
     PLIMI_ROWS(training_rows)},
    {.info = {.name = "overlap",
              .title = "risk and training error where a part of the pairs made the step",
              .statement = "With a share phi of the ridge regression's pairs among the gradient's, which has "
                           "psiE d further\n"
                           "ones, R1 and T1 tend to forms in phi and psiE that are those of the same batch "
                           "at (1, 0) and of a\n"
                           "fresh one at (0, psi1).",
              .source = "derived here",
              .keys = "BA",
              .method = "R1 and T1 at (1/2, 0), readout -1 and 1, and at (1/4, 3/4), constant readout, the "
                        "predicted effect\n"
                        "of the finite d taken off each size; 3 % and 4 %.",
              .approach =
                  "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
              .failure =
                  "phi in the place of 1 - phi, eta/psi1 in the place of eta over the gradient's own ratio."},
     PLIMI_EXPERIMENTS(overlaps),
     PLIMI_ROWS(overlap_rows)},
    {.info = {.name = "same-batch-sign",
              .title = "a step on the same batch can raise the risk where one on a fresh batch lowers it",
              .statement = "R0 - R1 has no sign at a fixed penalty where the batch is reused: erf, psi1 = "
                           "psi2 = 1.5, lambda 3,\n"
                           "noise 2, eta 2 raises R0 = .457 to .722, a fresh batch lowers it to .434.",
              .source = "derived here, beside [BA] NeurIPS Thm 5 for a fresh batch",
              .keys = "BA",
              .method = "R0 - R1 replica by replica, on the same W0 and first batch: the closed form within "
                        "5 % of R0 and\n"
                        "below 0 on the same batch, above 0 on a fresh one.",
              .approach =
                  "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
              .failure = "The theorem delta >= 0 carried over to a batch that is reused."},
     PLIMI_EXPERIMENTS(hurts),
     PLIMI_ROWS(hurt_rows)},
    {.info =
         {.name = "gcv-after-a-step",
          .title = "generalised cross-validation is blind to a step on the same batch",
          .statement = "GCV = T1/(tr(I - H)/n)^2, H the hat matrix at W1, tends to R1 + noise^2 on a "
                       "fresh batch, and to\n"
                       "less on the batch that made the step.",
          .source = "derived here",
          .keys = "BA",
          .method =
              "GCV and R1 replica by replica, fresh and same on the same W0 and first batch: GCV - R1 is "
              "noise^2\n"
              "within 3 % of GCV on the fresh batch; on the same, GCV is its limit within 3 %, and GCV - R1 "
              "below noise^2.",
          .approach = "d^-1, on the fresh batch because the d^-1/2 cancels in the difference, on the same "
                      "because it is\npart of the prediction at each size.",
          .failure =
              "The noise floor left out, a trace over N for one over n, GCV trusted on the same batch."},
     PLIMI_EXPERIMENTS(scores),
     PLIMI_ROWS(score_rows)},
    {.info = {.name = "reuse-beats-splitting",
              .title = "with a given number of pairs, using all of them twice beats splitting them",
              .statement = "At equal total data, each at its own best penalty, R1 on the same batch is below "
                           "R1 after any split\n"
                           "into a part for the step and a part for the regression (177 of 180 settings of "
                           "theory.md 14.4).",
              .source = "derived here",
              .keys = "BA",
              .method = "Three pairs per dimension: reused, and split at 1/6, 1/3 and 1/2 for the step, "
                        "each at the best\n"
                        "penalty of its limit, the predicted effect of the finite d taken off each size. R1 "
                        "is its limit\n"
                        "within 5 %, and each split less reuse, of independent draws, is above 0.",
              .approach =
                  "d^-1: the d^-1/2 of the network's own output is part of the prediction at each size.",
              .failure = "The ratio of the wrong batch in either half of the formula."},
     PLIMI_EXPERIMENTS(totals),
     PLIMI_ROWS(total_rows),
     conclude_totals},
};

const plimi_claims plimi_same_batch_claims = PLIMI_CLAIMS(claims);
