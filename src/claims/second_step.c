/* SPDX-License-Identifier: GPL-3.0-or-later */
/* second_step.c - claims about what a second gradient step adds: how many directions, and what it does to the risk, of
   which no limit is known and none is asked here. */
#include <math.h>
#include <stdio.h>

#include "claims.h"
#include "points.h"

/* ---- outlier-count ---- */

#define COUNTED(second, law)                                                                                 \
  {                                                                                                          \
    .at = {.activation = "softplus",                                                                         \
           .teacher = "tanh",                                                                                \
           .n = 30,                                                                                          \
           .d = 10,                                                                                          \
           .width = 15,                                                                                      \
           .lambda = 0.137,                                                                                  \
           .noise = 0.1,                                                                                     \
           .eta = 5.0,                                                                                       \
           .eta_exponent = 0.25,                                                                             \
           .eta_second = 12.0,                                                                               \
           .readout = PLIM_READOUT_RADEMACHER,                                                               \
           .eta_second_exponent = (second),                                                                  \
           .steps = 2,                                                                                       \
           .batch = (law)},                                                                                  \
    PLIMI_MEASURE(PLIM_W2_OUTLIERS), .first = 8, .sizes = 3, .effort = 16000                                 \
  }
static const plimi_experiment counts[] = {
    COUNTED(0.2, PLIM_BATCH_SAME),
    COUNTED(0.2, PLIM_BATCH_FRESH),
    COUNTED(0.45, PLIM_BATCH_SAME),
    COUNTED(0.45, PLIM_BATCH_FRESH),
};

/* The share of replicas, at all sizes, with another number than the exponents say. */
static plim_status judge_count(plimi_claim_run *run, size_t experiment)
{
  static const double margin = 0.05;
  const plimi_measured *measured = &run->measured[experiment];
  const plim_problem *p = &measured->problem;
  const double number = 1.0 + floor(plim_problem_second_exponent(p) / (0.5 - p->eta_exponent));
  const plimi_term of = {experiment, PLIM_W2_OUTLIERS, 0};
  char what[PLIM_FINDING_WHAT], point[PLIM_FINDING_POINT];
  double all = 0.0, wrong = 0.0;
  plimi_clear_used(run);
  for (size_t k = 0; k < measured->sizes; k++)
    for (size_t r = 0; r < measured->replicas[k]; r++) {
      double seen;
      const plim_status status = plimi_sample_of(run, &of, k, r, &seen);
      if (status != PLIM_OK)
        return status;
      all += 1.0;
      wrong += seen != number;
    }
  run->measured[experiment].used = true;
  plim_extrapolation fit = plimi_share_of(wrong, fmax(all, 1.0), plimi_tier_margin(run, margin));
  fit.rungs = measured->sizes;
  snprintf(what, sizeof what, "replicas with other than %g outliers", number);
  plimi_point_text(p, point, sizeof point);
  return plimi_finding_add(run,
                           &(plimi_statement){.what = what,
                                              .point = point,
                                              .relation = PLIM_AT_MOST,
                                              .margin = margin,
                                              .d_min = measured->size[0].d,
                                              .d_max = measured->size[measured->sizes - 1].d},
                           &fit);
}

static plim_status conclude_counts(plimi_claim_run *run)
{
  plim_status status = PLIM_OK;
  for (size_t e = 0; e < PLIMI_COUNT(counts) && status == PLIM_OK; e++)
    status = judge_count(run, e);
  return status;
}

/* ---- second-step-gain ---- */

/* (max(z - 1, 0) - P z)/s and sin 2z - 2 exp(-2) z: no part along z. */
#define HINGE "expr:4.809759105795311*(max(z-1,0)-0.15865525393145707*z)"
#define WAVE "expr:sin(2*z)-0.2706705664732254*z"
#define AT_ROOT .eta_exponent = 0.5, .steps = 2, .batch = PLIM_BATCH_SAME, .noise = 0.1
static const plimi_experiment gains[] = {
    {.at = {.activation = "softplus",
            .teacher = HINGE,
            .n = 160,
            .d = 10,
            .width = 15,
            .lambda = 0.2,
            AT_ROOT,
            .eta = 4.0,
            .eta_second = 24.0},
     PLIMI_MEASURE(PLIM_DELTA2, PLIM_REUSE_GAIN),
     .first = 4,
     .sizes = 3,
     .effort = 6000},
    {.at = {.activation = "silu",
            .teacher = WAVE,
            .n = 10,
            .d = 10,
            .width = 15,
            .lambda = 0.05,
            AT_ROOT,
            .eta = 1.0,
            .eta_second = 1.0},
     PLIMI_MEASURE(PLIM_DELTA2, PLIM_REUSE_GAIN),
     .first = 4,
     .sizes = 3,
     .effort = 24000},
};
static const plimi_row gain_rows[] = {
    {.what = "R1 - R2 > 0.1, same batch",
     .of = {0, PLIM_DELTA2, 0},
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     .number = 0.1,
     .rates = {0.5}},
    {.what = "R2(fresh) - R2(same) > 0",
     .of = {0, PLIM_REUSE_GAIN, 0},
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     .rates = {0.5}},
    {.what = "R1 - R2 < 0, same batch",
     .of = {1, PLIM_DELTA2, 0},
     .relation = PLIM_AT_MOST,
     .by = PLIMI_BY_NUMBER,
     .rates = {1.0}},
    {.what = "R1 - R2 < 0, fresh batch",
     .of = {1, PLIM_DELTA2, 0},
     .minus = {1, PLIM_REUSE_GAIN, 0},
     .difference = true,
     .relation = PLIM_AT_MOST,
     .by = PLIMI_BY_NUMBER,
     .rates = {1.0}},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "outlier-count",
          .title = "how many directions two steps leave in the weights",
          .statement =
              "Steps eta_i = c_i N^alpha_i leave W2 with one outlier for the first step and one more for\n"
              "each k <= alpha_2/(1/2 - alpha_1) with E sigma^(k+1) != 0, on one batch or on fresh ones.",
          .source = "[MH26] for the count; sizes derived here (`plim cite w2_second`)",
          .keys = "MH26,BGN",
          .method =
              "softplus, readout of signs, c = (5, 12), alpha_1 = 1/4: 1 outlier at alpha_2 = 0.2 and 2 at\n"
              "0.45, on each batch; another number in at most 5 % of the replicas, at every size. The\n"
              "constants are such that the sizes at hand decide: N^0.2 stands clear and N^-0.05 does not.",
          .approach = "None: at each size, by the share of replicas with another number.",
          .failure = "alpha_2 without the loss of 1/2 - alpha_1 for the second direction (2 at 0.2), a\n"
                     "second step that adds no direction (1 at 0.45). Directions beyond the second grow too\n"
                     "slowly to be seen at these sizes, and pass whatever they are."},
     PLIMI_EXPERIMENTS(counts),
     .conclude = conclude_counts},
    {.info =
         {.name = "second-step-gain",
          .title = "a second step lowers the risk by reuse, or raises it",
          .statement = "Where sigma* has no part along xi one step learns nothing of it. After a second step "
                       "of order\n"
                       "sqrt N on the same batch the risk can be lower, and lower than after one on a fresh "
                       "batch; or\n"
                       "it is higher, on either batch. All risks of one replica have one W0, first step and "
                       "ridge batch.",
          .source = "found by simulation; no limit is known (`plim cite risk2`)",
          .keys = "MH26",
          .method =
              "softplus, sigma* a hinge at 1 without its linear part, psi1 = 16, e = (4, 24): R1 - R2 is\n"
              "above 0.1 and R2 on a fresh batch above R2 on the same. silu, sigma* = sin 2z without its\n"
              "linear part, psi1 = 1, e = (1, 1): R1 - R2 is below 0 on either batch. Differences replica\n"
              "by replica, extrapolated.",
          .approach = "d^-1/2 where reuse gains, whose gain still grows at d = 400; d^-1 where it hurts.",
          .failure = "The batches exchanged; R1 and R2 exchanged; risks of different draws, whose spread\n"
                     "hides the differences."},
     PLIMI_EXPERIMENTS(gains),
     PLIMI_ROWS(gain_rows)},
};

const plimi_claims plimi_second_step_claims = PLIMI_CLAIMS(claims);
