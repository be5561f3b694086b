/* SPDX-License-Identifier: GPL-3.0-or-later */
/* several_steps.c - the claim about more than one step eta = Theta(1). */
#include "claims.h"
#include "points.h"

/* On the same W0, a and beta*: T steps, and the one step that they act like. On fresh batches that is a step on all
   their samples; where the steps differ in size there is none that they act like. */
#define RUN(...)                                                                                             \
  {                                                                                                          \
    .at = {__VA_ARGS__, .readout = PLIM_READOUT_RADEMACHER}, PLIMI_MEASURE(PLIM_RISK1, PLIM_W1_TOP),         \
    .first = 1, .sizes = 5, .effort = 40000, .draws = 1                                                      \
  }
enum { SAME, SAME_AS_ONE, FRESH, FRESH_AS_ONE, UNLIKE };
static const plimi_experiment runs[] = {
    [SAME] = RUN(PLIMI_POINT_A(0.87), .steps = 2, .batch = PLIM_BATCH_SAME),
    [SAME_AS_ONE] = RUN(PLIMI_POINT_A(2 * 0.87)),
    [FRESH] = RUN(PLIMI_POINT_A(0.63), .steps = 3, .batch = PLIM_BATCH_FRESH),
    [FRESH_AS_ONE] = RUN(PLIMI_POINT_A(3 * 0.63), .step_n = 3 * 31),
    [UNLIKE] = {.at = {PLIMI_POINT_B(0.9), .steps = 2, .batch = PLIM_BATCH_FRESH, .eta_second = 1.6,
                       .readout = PLIM_READOUT_RADEMACHER},
                PLIMI_MEASURE(PLIM_W1_TOP),
                .first = 1,
                .sizes = 5,
                .effort = 40000,
                .draws = 2},
};

#define LIKE_ONE(several, one)                                                                               \
  .of = {several, PLIM_RISK1, 0}, .minus = {one, PLIM_RISK1, 0}, .difference = true,                         \
  .relative_margin = 0.04, PLIMI_AFTER_STEP
static const plimi_row rows[] = {
    {.what = "R1, same batch, less R1 of one step of the sum", LIKE_ONE(SAME, SAME_AS_ONE)},
    {.what = "s1, same batch", .of = {SAME, PLIM_W1_TOP, 0}, .relative_margin = 0.02, PLIMI_AFTER_STEP},
    {.what = "R1, fresh batches, less R1 of one step on them all", LIKE_ONE(FRESH, FRESH_AS_ONE)},
    {.what = "s1, fresh batches", .of = {FRESH, PLIM_W1_TOP, 0}, .relative_margin = 0.02, PLIMI_AFTER_STEP},
    {.what = "s1, fresh batches, steps of two sizes",
     .of = {UNLIKE, PLIM_W1_TOP, 0},
     .relative_margin = 0.03,
     PLIMI_AFTER_STEP},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "several-steps",
          .title = "several small steps act like one, with less noise on fresh batches",
          .statement =
              "After T steps eta_t = Theta(1) on the same batch all limits are those of one step with\n"
              "eta = sum eta_t; on a fresh batch each, theta2 likewise, and\n"
              "  eta^2 theta1^2 -> mu1^2 [(sum eta_t)^2 mu1*^2 + (sum eta_t^2) s2/psi1]:\n"
              "T equal steps act like one on all their samples.",
          .source = "derived here, from [BA] NeurIPS Prop. 2 and Thm 3",
          .keys = "BA",
          .method =
              "After two steps on one batch and after three on fresh ones: R1 less R1 after the one step "
              "that "
              "they\n"
              "act like, from the same W0 and beta*, is 0 within 4 % of R1, and s1 its limit within 2 %;\n"
              "s1 after two steps of different size on fresh batches its own within 3 %.",
          .approach = "d^-1/2 and d^-1, fitted together.",
          .failure =
              "One step in place of several, the noise added up as if the batch were the same (s1 moves\n"
              "by 3.5 %, after the steps of two sizes by 12 %), or as if every step's were independent on\n"
              "the same batch turn it red."},
     PLIMI_EXPERIMENTS(runs),
     PLIMI_ROWS(rows)},
};

const plimi_claims plimi_several_steps_claims = PLIMI_CLAIMS(claims);
