/* SPDX-License-Identifier: GPL-3.0-or-later */
/* two_steps.c - claims about the weights after two gradient steps of order sqrt N, on one batch and on two.

   What stands out of the bulk grows like sqrt N: positions are compared size by size with the prediction for it. */
#include <math.h>

#include "claims.h"
#include "points.h"

#define SIGNS .readout = PLIM_READOUT_RADEMACHER
#define STEPS(first_step, second_step, law)                                                                  \
  .eta = (first_step), .eta_second = (second_step), .eta_exponent = 0.5, .steps = 2, .batch = (law)
#define LADDER(cost) .first = 4, .sizes = 3, .effort = (cost)

/* Odd; not odd with one kind of neuron; not odd with two. psi1 = 23/10, 13/10; the penalty is not looked at. */
#define ODD                                                                                                  \
  .activation = "tanh", .teacher = PLIMI_TEACHER_B, .n = 23, .d = 10, .width = 17, .lambda = 0.137,          \
  .noise = 0.253, SIGNS
#define LEANING                                                                                              \
  .activation = "silu", .teacher = "tanh", .n = 13, .d = 10, .width = 17, .lambda = 0.137, .noise = 0.153,   \
  .readout = PLIM_READOUT_CONSTANT
#define TWO_KINDS                                                                                            \
  .activation = "silu", .teacher = PLIMI_TEACHER_A, .n = 23, .d = 10, .width = 17, .lambda = 0.137,          \
  .noise = 0.253, SIGNS

static const double order_d[PLIM_MOST_TERMS] = {1.0};

/* What the term measures, over the prediction for each size; `predicted` is what that tends to. */
typedef struct {
  const char *what;
  plimi_term of;
  plim_relation relation;
  double predicted, margin;
} ratio;

static plim_status judge_ratio(plimi_claim_run *run, const ratio *at)
{
  const plimi_measured *measured = &run->measured[at->of.experiment];
  char point[PLIM_FINDING_POINT];
  plim_rung rungs[PLIMI_MOST_SIZES];
  plim_extrapolation fit;
  size_t count = 0;
  plimi_clear_used(run);
  plim_status status = plimi_rungs(run, &at->of, NULL, rungs, &count);
  if (status == PLIM_OK)
    status = plimi_over_theory(run, &at->of, rungs, count);
  if (status == PLIM_OK)
    status = plimi_fit_noted(run, rungs, count, order_d, &fit);
  if (status != PLIM_OK)
    return status;
  plimi_point_text(&measured->problem, point, sizeof point);
  const plimi_statement statement = {.what = at->what,
                                     .point = point,
                                     .relation = at->relation,
                                     .predicted = {at->predicted, 0.0},
                                     .margin = at->margin,
                                     .d_min = measured->size[0].d,
                                     .d_max = measured->size[measured->sizes - 1].d};
  return plimi_finding_add(run, &statement, &fit);
}

static plim_status judge_ratios(plimi_claim_run *run, const ratio *ratios, size_t count)
{
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < count && status == PLIM_OK; i++)
    status = judge_ratio(run, &ratios[i]);
  return status;
}

/* ---- two-step-outliers ---- */

#define SEEN(cost, ...)                                                                                      \
  {                                                                                                          \
    .at = {__VA_ARGS__}, PLIMI_MEASURE(PLIM_W2_TOP), LADDER(cost)                                            \
  }
static const plimi_experiment outliers[] = {
    SEEN(12000, ODD, STEPS(1.0, 0.5, PLIM_BATCH_SAME)),
    SEEN(12000, ODD, STEPS(1.0, 0.5, PLIM_BATCH_FRESH)),
    SEEN(12000, ODD, STEPS(0.2, 1.0, PLIM_BATCH_SAME)),
    SEEN(12000, ODD, STEPS(0.2, 1.0, PLIM_BATCH_FRESH)),
    SEEN(16000, LEANING, STEPS(1.0, 1.0, PLIM_BATCH_SAME)),
    SEEN(16000, LEANING, STEPS(1.0, 1.0, PLIM_BATCH_FRESH)),
};
#define FIRST_OVER(experiment)                                                                               \
  {                                                                                                          \
    "s1 over its prediction at the same d", {experiment, PLIM_W2_TOP, 0}, PLIM_EQUALS, 1.0, 0.02             \
  }
static plim_status conclude_outliers(plimi_claim_run *run)
{
  static const ratio ratios[] = {FIRST_OVER(0), FIRST_OVER(1), FIRST_OVER(2),
                                 FIRST_OVER(3), FIRST_OVER(4), FIRST_OVER(5)};
  return judge_ratios(run, ratios, PLIMI_COUNT(ratios));
}

/* ---- two-step-alignment ---- */

#define TURNED(cost, ...)                                                                                    \
  {                                                                                                          \
    .at = {__VA_ARGS__}, PLIMI_MEASURE(PLIM_W2_TOP_BETA), LADDER(cost)                                       \
  }
static const plimi_experiment alignments[] = {
    TURNED(12000, ODD, STEPS(1.0, 0.5, PLIM_BATCH_SAME)),
    TURNED(12000, ODD, STEPS(0.2, 1.0, PLIM_BATCH_FRESH)),
    TURNED(16000, LEANING, STEPS(1.0, 1.0, PLIM_BATCH_SAME)),
    TURNED(16000, LEANING, STEPS(0.5, 1.0, PLIM_BATCH_FRESH)),
};
#define FIRST_BETA(experiment)                                                                               \
  {                                                                                                          \
    .what = "<u1(W2),beta*>^2", .of = {experiment, PLIM_W2_TOP_BETA, 0}, .relative_margin = 0.03,            \
    .less_drift = true, .rates = {                                                                           \
      1.0                                                                                                    \
    }                                                                                                        \
  }
static const plimi_row alignment_rows[] = {FIRST_BETA(0), FIRST_BETA(1), FIRST_BETA(2), FIRST_BETA(3)};

/* ---- two-step-bulk ---- */

#define BULK(cost, ...)                                                                                      \
  {                                                                                                          \
    .at = {__VA_ARGS__}, PLIMI_MEASURE(PLIM_W2_BULK, PLIM_W2_EDGE), LADDER(cost)                             \
  }
static const plimi_experiment bulks[] = {
    BULK(12000, ODD, STEPS(0.5, 0.5, PLIM_BATCH_SAME)),
    BULK(12000, ODD, STEPS(0.5, 0.5, PLIM_BATCH_FRESH)),
    {.at = {TWO_KINDS, STEPS(1.0, 1.0, PLIM_BATCH_SAME)}, PLIMI_MEASURE(PLIM_W2_BULK), LADDER(12000)},
};
#define TRACE(experiment)                                                                                    \
  {                                                                                                          \
    .what = "tr Sigma/d", .of = {experiment, PLIM_W2_BULK, 0}, .relative_margin = 0.02, .rates = { 1.0 }     \
  }
#define EDGE(experiment)                                                                                     \
  {                                                                                                          \
    .what = "edge of the bulk", .of = {experiment, PLIM_W2_EDGE, 0}, .relative_margin = 0.02, .rates = {     \
      2.0 / 3.0                                                                                              \
    }                                                                                                        \
  }
static const plimi_row bulk_rows[] = {TRACE(0), TRACE(1), TRACE(2), EDGE(0), EDGE(1)};

/* ---- own-term: two_steps.md 6 ---- */

static const plimi_experiment own_terms[] = {
    {.at = {.activation = "silu",
            .teacher = "tanh",
            .n = 10,
            .d = 10,
            .width = 15,
            .lambda = 0.137,
            .noise = 0.1,
            .readout = PLIM_READOUT_CONSTANT,
            STEPS(1.0, 1.0, PLIM_BATCH_SAME)},
     PLIMI_MEASURE(PLIM_W2_TOP),
     LADDER(24000)},
};
static plim_status conclude_own_term(plimi_claim_run *run)
{
  static const double own = 0.2535, mean = 0.3125; /* |spike|^2 with each slope */
  const ratio ratios[] = {
      {"s1 over its prediction at the same d", {0, PLIM_W2_TOP, 0}, PLIM_EQUALS, 1.0, 0.03},
      {"the same below halfway to the mean slope's",
       {0, PLIM_W2_TOP, 0},
       PLIM_AT_MOST,
       0.5 * (1.0 + sqrt(mean / own)),
       0.0},
  };
  return judge_ratios(run, ratios, PLIMI_COUNT(ratios));
}

/* ---- batch-reuse: sigma* has no part along xi nor along xi^2 - 1, its square has one along xi ---- */

#define HINGE "expr:12*(max(z-1.5,0)-0.0668072012688581*z-0.0647587978329459*(z*z-1))"
#define REUSED(law)                                                                                          \
  {                                                                                                          \
    .at = {.activation = "silu",                                                                             \
           .teacher = HINGE,                                                                                 \
           .n = 40,                                                                                          \
           .d = 10,                                                                                          \
           .width = 15,                                                                                      \
           .lambda = 0.137,                                                                                  \
           .noise = 0.1,                                                                                     \
           SIGNS,                                                                                            \
           STEPS(1.0, 4.0, law)},                                                                            \
    PLIMI_MEASURE(PLIM_W2_TOP_BETA, PLIM_W2_SECOND_BETA), LADDER(8000)                                       \
  }
static const plimi_experiment reuses[] = {REUSED(PLIM_BATCH_SAME), REUSED(PLIM_BATCH_FRESH)};
#define ABOUT(experiment, quantity, text, ...)                                                               \
  {                                                                                                          \
    .what = text, .of = {experiment, quantity, 0}, .rates = {1.0}, __VA_ARGS__                               \
  }
#define NONE .absolute_margin = 0.05
static const plimi_row reuse_rows[] = {
    ABOUT(0, PLIM_W2_TOP_BETA, "<u1(W2),beta*>^2, same batch", NONE),
    ABOUT(0, PLIM_W2_SECOND_BETA, "<u2(W2),beta*>^2, same batch", .relative_margin = 0.15,
          .less_drift = true),
    ABOUT(1, PLIM_W2_TOP_BETA, "<u1(W2),beta*>^2, fresh batch", NONE),
    ABOUT(1, PLIM_W2_SECOND_BETA, "<u2(W2),beta*>^2, fresh batch", NONE),
    ABOUT(0, PLIM_W2_SECOND_BETA, "<u2(W2),beta*>^2, same less fresh > 0.1",
          .minus = {1, PLIM_W2_SECOND_BETA, 0}, .difference = true, .relation = PLIM_AT_LEAST,
          .by = PLIMI_BY_NUMBER, .number = 0.1),
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "two-step-outliers",
          .title = "where the largest singular value of the weights stands after two steps",
          .statement =
              "After steps e_1 sqrt N and e_2 sqrt N, the second on the first batch or on a fresh one, the\n"
              "largest singular value of W2 is that of a spike of squared strength N ev_1 over a bulk with "
              "the\n"
              "noise of both steps, and over that tends to 1: `plim cite w2_top` has both.",
          .source = "derived here; [MH26] for the phenomenon, [BGN], [SC] for outliers",
          .keys = "MH26,BGN,SC",
          .method =
              "s1(W2) over its prediction for the same d, extrapolated, is 1 within 2 %: e = (1, 0.5) and\n"
              "(0.2, 1), odd with readouts of -1 and 1, and e = (1, 1), not odd with a constant readout; on "
              "one\n"
              "batch and on two each.",
          .approach = "d^-1, after the prediction for each d is taken off.",
          .failure = "The batches exchanged, e_2 for e_1, the second gradient taken at W0, a spike without\n"
                     "its part across beta*. How wide the bulk is, two-step-bulk judges."},
     PLIMI_EXPERIMENTS(outliers),
     .conclude = conclude_outliers},
    {.info = {.name = "two-step-alignment",
              .title = "how far the first direction of the weights turns to the teacher in two steps",
              .statement =
                  "The squared overlap of beta* with the left vector of W2's largest singular value tends "
                  "to\n<v_1, beta*>^2, v_1 the direction of the spike: `plim cite w2_top_beta`.",
              .source = "derived here; [MH26] for the phenomenon, [BGN] for outliers",
              .keys = "MH26,BGN",
              .method =
                  "<u1(W2),beta*>^2, what the prediction for each d differs from the limit taken off, within "
                  "3 %:\nodd, same batch, e = (1, 0.5) and fresh, (0.2, 1); not odd, same, (1, 1) and fresh, "
                  "(0.5, 1).",
              .approach = "d^-1, after the predicted effect of the finite d.",
              .failure = "The batches exchanged; a spike without its part across beta*; the overlap for its "
                         "square."},
     PLIMI_EXPERIMENTS(alignments),
     PLIMI_ROWS(alignment_rows)},
    {.info = {.name = "two-step-bulk",
              .title = "the bulk of the weights after two steps: its trace and its edge",
              .statement =
                  "The mean trace of the neurons' covariances over d tends to the mean of c_b (`plim cite "
                  "w2_bulk`): a\n"
                  "second step can shrink the neurons' random part, c_b < 1. Where |zeta| = 1 and all "
                  "neurons act alike\n"
                  "the largest singular value of the bulk tends to the edge with the noise of both steps.",
              .source = "derived here; [SC] for the edge of a given covariance",
              .keys = "MH26,SC",
              .method = "W2 less each row's regression on the powers of zeta: its squared norm and largest "
                        "singular value "
                        "at\ne = (0.5, 0.5), one batch and two, within 2 % of the limits, and the trace at e "
                        "= (1, 1) where "
                        "two kinds\nof neuron differ.",
              .approach = "d^-1 for the trace, d^-2/3 for the edge.",
              .failure =
                  "c_b = 1 (9 %, 8 % and 27 % off) and the edge 1 + sqrt psi2 of W0 with it (4 % and 3 %)."},
     PLIMI_EXPERIMENTS(bulks),
     PLIMI_ROWS(bulk_rows)},
    {.info = {.name = "own-term",
              .title = "on the same batch a sample meets its own term, with the neuron's own slope on it",
              .statement = "At W1 the preactivation of a sample that made the step has in it e_1 zeta "
                           "sigma'(z) y/psi1, with\n"
                           "sigma' at the neuron's own z and not its mean mu1. silu/tanh, constant readout, "
                           "psi1 = 1, e = (1, 1):\n"
                           "|spike|^2/N is .2535, with the mean slope .3125.",
              .source = "derived here",
              .keys = "MH26",
              .method = "s1(W2) over its prediction for the same d is 1 within 3 %, and below halfway to\n"
                        "sqrt(.3125/.2535) = 1.110, where the mean slope would have it.",
              .approach = "d^-1, after the prediction for each d is taken off.",
              .failure =
                  "The mean slope in the place of the own: 11 % of s1 (doc/judge.md has the error rates)."},
     PLIMI_EXPERIMENTS(own_terms),
     .conclude = conclude_own_term},
    {.info =
         {.name = "batch-reuse",
          .title = "a second step on the same batch finds a direction that a fresh batch cannot",
          .statement = "Where E xi sigma*(xi) = 0 one step does not see beta*, and neither does a second on "
                       "a fresh batch.\n"
                       "On the same batch it does by E xi y^2: the left vector of W2's second singular value "
                       "has a squared\n"
                       "overlap with beta* (`plim cite w2_second_beta`). Here E (xi^2 - 1) sigma*(xi) = 0 as "
                       "well, else the\n"
                       "bulk itself has an outlier along beta* on either batch.",
          .source = "derived here; [MH26] for the phenomenon",
          .keys = "MH26,BGN",
          .method =
              "silu, readouts of -1 and 1, sigma* a hinge at 1.5 less its parts of degree 1 and 2, psi1 = "
              "4,\n"
              "e = (1, 4): the first two overlaps on each batch, on the same one the second .264 within 15 "
              "%, "
              "the others\n0 within 0.05, and the second on the same batch above that on a fresh one by 0.1.",
          .approach = "d^-1, on the same batch after the predicted effect of the finite d.",
          .failure = "The batches exchanged; y for y^2 in the direction that reuse adds."},
     PLIMI_EXPERIMENTS(reuses),
     PLIMI_ROWS(reuse_rows)},
};

const plimi_claims plimi_two_steps_claims = PLIMI_CLAIMS(claims);
