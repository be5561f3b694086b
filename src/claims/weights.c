/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.c - claims about the spike of W1 ([BA] arXiv Thm 3). */
#include <math.h>
#include <stdio.h>

#include "claims.h"
#include "points.h"

/* theta1 is 0.86 at A and psi2^(1/4) = 1.13: the threshold is eta = 1.32. B has theta1 = 1.4, threshold 0.87. */

/* ---- weight-spike ---- */

static const plimi_experiment spikes[] = {
    {.at = {PLIMI_POINT_A(2.13)}, PLIMI_MEASURE(PLIM_W1_TOP), .first = 1, .sizes = 5, .effort = 100000},
    {.at = {PLIMI_POINT_B(1.37)}, PLIMI_MEASURE(PLIM_W1_TOP), .first = 1, .sizes = 5, .effort = 100000},
    {.at = {PLIMI_POINT_A(0.417)}, PLIMI_MEASURE(PLIM_W1_TOP), .first = 2, .sizes = 4, .effort = 8000},
};

static const plimi_row spike_rows[] = {
    {.what = "s1 above the threshold", .of = {0, PLIM_W1_TOP, 0}, .relative_margin = 0.02, PLIMI_AFTER_STEP},
    {.what = "s1 above the threshold", .of = {1, PLIM_W1_TOP, 0}, .relative_margin = 0.02, PLIMI_AFTER_STEP},
    {.what = "s1 below: the edge", .of = {2, PLIM_W1_TOP, 0}, .relative_margin = 0.02, .rates = {2.0 / 3.0}},
};

/* ---- weight-alignment ---- */

#define OVERLAPS PLIMI_MEASURE(PLIM_W1_LEFT_BETA, PLIM_W1_RIGHT_A)
#define NEAR(step)                                                                                           \
  {                                                                                                          \
    .at = {.activation = "tanh",                                                                             \
           .teacher = PLIMI_TEACHER_A,                                                                       \
           .n = 17,                                                                                          \
           .d = 13,                                                                                          \
           .width = 42,                                                                                      \
           .lambda = 0.137,                                                                                  \
           .eta = (step),                                                                                    \
           .noise = 0.253,                                                                                   \
           .readout = PLIM_READOUT_RADEMACHER},                                                              \
    PLIMI_MEASURE(PLIM_W1_TOP), .first = 1, .sizes = 5, .effort = 80000, .draws = (size_t)(100.0 * (step))   \
  }
enum { FIRST_NEAR = 3, NEARS = 4 };
static const plimi_experiment alignments[] = {
    {.at = {PLIMI_POINT_A(2.83), .readout = PLIM_READOUT_RADEMACHER},
     OVERLAPS,
     .first = 1,
     .sizes = 5,
     .effort = 200000},
    {.at = {PLIMI_POINT_B(1.71), .readout = PLIM_READOUT_RADEMACHER},
     OVERLAPS,
     .first = 1,
     .sizes = 5,
     .effort = 350000},
    {.at = {PLIMI_POINT_A(0.417)}, OVERLAPS, .first = 2, .sizes = 4, .effort = 8000},
    NEAR(1.79),
    NEAR(2.12),
    NEAR(2.48),
    NEAR(3.04),
};

#define ABOVE .relative_margin = 0.04, PLIMI_AFTER_STEP
#define BELOW .absolute_margin = 0.02, .rates = {1.0}
static const plimi_row alignment_rows[] = {
    {.what = "<u1,beta*>^2 above", .of = {0, PLIM_W1_LEFT_BETA, 0}, ABOVE},
    {.what = "<v1,a>^2/|a|^2 above", .of = {0, PLIM_W1_RIGHT_A, 0}, ABOVE},
    {.what = "<u1,beta*>^2 above", .of = {1, PLIM_W1_LEFT_BETA, 0}, ABOVE},
    {.what = "<v1,a>^2/|a|^2 above", .of = {1, PLIM_W1_RIGHT_A, 0}, ABOVE},
    {.what = "<u1,beta*>^2 below", .of = {2, PLIM_W1_LEFT_BETA, 0}, BELOW},
    {.what = "<v1,a>^2/|a|^2 below", .of = {2, PLIM_W1_RIGHT_A, 0}, BELOW},
};

/* The threshold: psi2^(1/4)/theta1. */
static plim_status predict_threshold(const plimi_claim_run *run, plim_value *threshold)
{
  const plimi_term strength = {FIRST_NEAR, PLIM_THETA1, 0};
  plim_value theta1 = {0.0, 0.0};
  const plim_status status = plimi_limit_of(run, &strength, &theta1);
  if (status != PLIM_OK)
    return status;
  const double value = pow(run->measured[FIRST_NEAR].problem.psi2, 0.25) / theta1.value;
  *threshold = (plim_value){value, value * theta1.error / theta1.value};
  return PLIM_OK;
}

/* By the theorem eta sqrt(s1^2 - (1 + sqrt psi2)^2) = theta1 eta^2 - sqrt(psi2)/theta1, a straight line in eta^2
   whatever theta1: no need to come near the threshold, where sizes are never large enough. The line is fitted about
   the point eta^2 = about, and crosses 0 at about - limit/slope. With few replicas s1 may lie within the bulk, or the
   line cross nowhere: then *fit is that number and *need says what must hold of it; else its text is NULL. */
static plim_status locate_threshold(const plimi_claim_run *run, double about, plim_extrapolation *fit,
                                    plimi_statement *need)
{
  static const double after_step[PLIM_MOST_TERMS] = {0.5, 1.0}, straight[PLIM_MOST_TERMS] = {1.0};
  const double edge = 1.0 + sqrt(run->measured[FIRST_NEAR].problem.psi2);
  plim_rung rungs[NEARS];
  plim_status status = PLIM_OK;
  for (size_t k = 0; k < NEARS && status == PLIM_OK; k++) {
    const plimi_term top = {FIRST_NEAR + k, PLIM_W1_TOP, 0};
    const double eta = run->measured[FIRST_NEAR + k].problem.eta;
    plim_extrapolation s1;
    status = plimi_extrapolated(run, &top, NULL, after_step, &s1);
    if (status != PLIM_OK)
      break;
    if (eta * eta <= about)
      return PLIM_NOT_FINITE;
    if (s1.limit <= edge) {
      *need = (plimi_statement){
          .what = "s1 outside the bulk", .relation = PLIM_AT_LEAST, .predicted = {edge, 0.0}};
      *fit = s1;
      return PLIM_OK;
    }
    const double height = sqrt((s1.limit - edge) * (s1.limit + edge));
    rungs[k] = plimi_rung_of_fit(run, 1.0 / (eta * eta - about), &s1);
    rungs[k].value = eta * height;
    rungs[k].error = eta * s1.limit / height * s1.limit_error;
  }
  if (status == PLIM_OK)
    status = plimi_fit_uncovered(rungs, NEARS, straight, fit);
  if (status != PLIM_OK)
    return status;
  const double crossing = about - fit->limit / fit->drift;
  fit->limit_error /= fabs(fit->drift);
  fit->limit = crossing;
  fit->drift_at_last = 0.0; /* the sizes were extrapolated before */
  if (!(crossing > 0.0)) {
    *need = (plimi_statement){.what = "eta^2 at the threshold > 0", .relation = PLIM_AT_LEAST};
    return PLIM_OK;
  }
  fit->limit = sqrt(crossing);
  fit->limit_error /= 2.0 * fit->limit;
  return PLIM_OK;
}

static plim_status conclude_alignment(plimi_claim_run *run)
{
  const plimi_measured *nearest = &run->measured[FIRST_NEAR];
  plim_value threshold = {0.0, 0.0};
  plim_extrapolation fit;
  plimi_statement statement = {.what = NULL};
  plim_status status = predict_threshold(run, &threshold);
  if (status == PLIM_OK)
    status = locate_threshold(run, threshold.value * threshold.value, &fit, &statement);
  if (status != PLIM_OK)
    return status;
  if (statement.what == NULL)
    statement = (plimi_statement){.what = "eta at the threshold",
                                  .relation = PLIM_EQUALS,
                                  .predicted = threshold,
                                  .margin = 0.08 * threshold.value};
  statement.point = "tanh/" PLIMI_TEACHER_A " psi1 1.308 psi2 3.231 eta 1.79 to 3.04";
  statement.d_min = nearest->size[0].d;
  statement.d_max = nearest->size[nearest->sizes - 1].d;
  return plimi_finding_add(run, &statement, &fit);
}

static const plimi_claim claims[] = {
    {.info =
         {.name = "weight-spike",
          .title = "one singular value of W1 leaves the bulk when the step is large enough",
          .statement =
              "With s = eta^2 theta1^2, theta1 the strength of the gradient's rank-one part: iff s^2 > psi2\n"
              "the largest singular value of W1 = W0 + eta sqrt(N) G0 leaves the bulk and tends to\n"
              "  s1 = sqrt((1 + s)(psi2 + s)/s);\n"
              "otherwise it tends to the bulk's edge 1 + sqrt(psi2).",
          .source = "[BA] arXiv Thm 3; [BGN]",
          .keys = "BA,BGN",
          .method =
              "s1 at two problems above the threshold, on either side of psi1 = 1, and at one below it,\n"
              "extrapolated, and compared with the limit at a margin of 2 %.",
          .approach =
              "Above the threshold d^-1/2 (the network's own output in the gradient) and d^-1, fitted\n"
              "together; at the edge d^-2/3.",
          .failure = "psi1 and psi2 exchanged, theta1 without its part across beta*, s for its square root, "
                     "a factor\n"
                     "1/2 in the step turn it red. Faults that move s1 by less than 2 % pass."},
     PLIMI_EXPERIMENTS(spikes),
     PLIMI_ROWS(spike_rows)},
    {.info =
         {.name = "weight-alignment",
          .title = "above the threshold W1's top singular vectors point at the teacher and at the readout",
          .statement = "With s = eta^2 theta1^2, for the top singular vectors u1, v1 of W1: iff s^2 > psi2\n"
                       "  <u1,beta*>^2   -> (theta2/theta1)^2 (1 - (psi2 + s)/(s (s + 1))),\n"
                       "  <v1,a>^2/|a|^2 -> 1 - psi2 (1 + s)/(s (s + psi2));\n"
                       "otherwise both tend to 0. The threshold is eta = psi2^(1/4)/theta1.",
          .source = "[BA] arXiv Thm 3; [BGN]",
          .keys = "BA,BGN",
          .method = "Both overlaps at two problems above the threshold, at a margin of 4 %, and at one below "
                    "it, at\n"
                    "a margin of 0.02. The threshold is located from s1 at four steps above it:\n"
                    "eta sqrt(s1^2 - (1 + sqrt psi2)^2) is a straight line in eta^2 that crosses 0 there; "
                    "the crossing\n"
                    "is compared at 8 % of eta.",
          .approach = "Above the threshold d^-1/2 and d^-1, fitted together; below it d^-1.",
          .failure =
              "psi1 and psi2 exchanged (the threshold moves by 20 %), s > psi2 for s^2 > psi2 (34 %), u1\n"
              "and v1 exchanged, theta2/theta1 without its square turn it red."},
     PLIMI_EXPERIMENTS(alignments),
     PLIMI_ROWS(alignment_rows),
     conclude_alignment},
};

const plimi_claims plimi_weights_claims = PLIMI_CLAIMS(claims);
