/* SPDX-License-Identifier: GPL-3.0-or-later */
/* risk.c - ridge regression on the features after two steps: where its limit is known, and what is missing where not.

   FORMULA. Steps of eta = Theta(1) (eta_exponent 0) add up to one of small_step.c: push (eta1 + eta2)^2, spread the
   same on one batch and eta1^2 + eta2^2 on two (gradient.c; theory.md 5). With R(eta1, eta2) that risk,
     risk2 = R(eta1, eta2),   delta2 = R(eta1, 0) - R(eta1, eta2),   reuse_gain = R on fresh batches - R on one.
   DOMAIN. Beyond, no limit is known. two_steps.md 2 and 3 have an approximation that is off by 1 to 4 %, which is no
   limit: no number here. What it lacks stands in the statement below.
   SIGN. reuse_gain <= 0 where E sigma'' = 0 or E zeta = 0: with A = 1 + c y and ry the signal's share, u and w of
   small_step.c rise with A, since d u/d A = ry/(A + ry)^2 and d w/d A = ry (A + ry + 2)/(A + ry)^3.
   ERROR. That of small_step.c. delta2 is the difference of two improvements over W0, each free of cancellation, and
   reuse_gain that of two risks: their errors are added. */
#include <math.h>

#include "two_steps.h"

/* Is the limit that of small steps? A step that does not move has no size to be large. */
static bool is_small(const plim_problem *p)
{
  return p->steps == 2 && plimi_power_of_steps(p) == 0.0;
}

/* risk1, train1 or delta: `limit` at the steps of another problem, which differs in these alone. */
typedef plim_status limit_of_steps(const plimi_input *in, plim_value *value);

static plim_status of_steps(const plimi_input *in, const plim_problem *problem, limit_of_steps *limit,
                            plim_value *value)
{
  plimi_input other = *in;
  other.problem = problem;
  plimi_add_steps(problem, 0.0, &other);
  return limit(&other, value);
}

static plim_status evaluate_risk2(const plimi_input *in, plim_value *value)
{
  return is_small(in->problem) ? plimi_risk_after(in, value) : PLIM_OUTSIDE_DOMAIN;
}

static plim_status evaluate_train2(const plimi_input *in, plim_value *value)
{
  return is_small(in->problem) ? plimi_train_after(in, value) : PLIM_OUTSIDE_DOMAIN;
}

static plim_status evaluate_delta2(const plimi_input *in, plim_value *value)
{
  plim_problem one = *in->problem;
  plim_value once, twice;
  one.steps = 1;
  one.eta_second = one.eta_second_exponent = NAN;
  plim_status status = is_small(in->problem) ? plimi_risk_gained(in, &twice) : PLIM_OUTSIDE_DOMAIN;
  if (status == PLIM_OK)
    status = of_steps(in, &one, plimi_risk_gained, &once);
  if (status == PLIM_OK)
    *value = v_sub(twice, once);
  return status;
}

static plim_status evaluate_reuse_gain(const plimi_input *in, plim_value *value)
{
  plim_problem other = *in->problem;
  const bool is_same = other.batch == PLIM_BATCH_SAME;
  plim_value here, there;
  other.batch = is_same ? PLIM_BATCH_FRESH : PLIM_BATCH_SAME;
  if (!is_small(in->problem) || other.ridge_batch != PLIM_RIDGE_FRESH)
    return PLIM_OUTSIDE_DOMAIN; /* of two batches neither is "the" batch that ridge could see again */
  plim_status status = plimi_risk_after(in, &here);
  if (status == PLIM_OK)
    status = of_steps(in, &other, plimi_risk_after, &there);
  if (status == PLIM_OK)
    *value = is_same ? v_sub(there, here) : v_sub(here, there);
  return status;
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP | PLIMI_READS_BATCHES_AND_ATOMS |         \
   PLIMI_READS_SECOND_STEP)
#define SOURCE "derived here, from [BA] NeurIPS Thm 3 and Thm 5"
#define SMALL                                                                                                \
  "two steps (steps = 2) of eta = Theta(1): both exponents 0; sigma not constant. No number at steps that\n" \
  "grow with N, whose limit is not known"
#define MISSING                                                                                              \
  "\nMissing for two steps of order sqrt N: with the spikes and the bulk of `plim cite w2_top` and\n"        \
  "`plim cite w2_bulk` in the place of one step's the order parameters come within 1 to 4 % of\n"            \
  "simulations, and no nearer as d grows. What that leaves out: on the same batch a term of order 1,\n"      \
  "about 2 %; the forms of the bulk's covariance along X'y and beta* (its trace stands for them); and\n"     \
  "the law of the neurons' norms where |zeta| = 1. `plim simulate` measures it at every setting."

static const plimi_limit limit_risk2 = {
    .info =
        {.quantity = PLIM_RISK2,
         .source = SOURCE,
         .keys = "BA,MH26",
         .statement =
             "R2 = R1 of `plim cite risk1` after two steps: (eta1 + eta2)^2 in the place of eta^2 along\n"
             "beta*, and in what the batch adds to it the same on one batch, eta1^2 + eta2^2 on two." MISSING,
         .domain = SMALL,
         .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_risk2};

static const plimi_limit limit_train2 = {
    .info = {.quantity = PLIM_TRAIN2,
             .source = SOURCE,
             .keys = "BA,MH26",
             .statement =
                 "T2 = T1 of `plim cite train1` after two steps, with the sizes that R2 has." MISSING,
             .domain = SMALL,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_train2};

static const plimi_limit limit_delta2 = {
    .info = {.quantity = PLIM_DELTA2,
             .source = SOURCE,
             .keys = "BA,MH26",
             .statement =
                 "R1 - R2, R1 the risk after the first of the two steps and R2 that after both, on the\n"
                 "batch that the problem says." MISSING,
             .domain = SMALL,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_delta2};

static const plimi_limit limit_reuse_gain = {
    .info = {.quantity = PLIM_REUSE_GAIN,
             .source = SOURCE,
             .keys = "BA,MH26",
             .statement =
                 "R2(fresh) - R2(same): the risk after a second step on a fresh batch less that after a\n"
                 "second step on the first. At eta = Theta(1) it is never positive where E sigma'' = 0 or\n"
                 "E zeta = 0: a fresh batch averages the noise of the spike's direction, the same one "
                 "repeats it." MISSING,
             .domain = SMALL "; the ridge batch fresh",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_reuse_gain};

const plimi_limit *const plimi_two_risks_limits[] = {&limit_risk2, &limit_train2, &limit_delta2,
                                                     &limit_reuse_gain, NULL};
