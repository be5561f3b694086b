/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_claims.c - the claims that take the predicted finite-d effect off each size, on samples planted
   through the hook that recalls finished replicas: nothing is simulated, so what a claim makes of given numbers
   is known.

   Planted are the theory's values at each size, times 1 + 1/d for what it leaves out, with a spread of 3 % over
   replicas. The standard error at the ladders' sizes, 500 replicas and more at d = 120, is 0.13 %: against
   margins of 2 % the chance that a right value does not AGREE, or a wrong one below does, is under 1e-9. The
   numbers are fixed. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../src/claims/claims.h"
#include "run_cases.h"

/* How samples go wrong. */
typedef enum { AS_PREDICTED, THREE_PERCENT_HIGH, LIMIT_AT_EVERY_SIZE, SPIKED_FOR_REAL } fault;

typedef struct {
  const plimi_claim *claim;
  fault fault;
  plim_theory *theory;
  plim_problem problem; /* of the experiment asked for last */
  plim_activation *activation, *teacher;
  size_t run;
  double predicted[PLIMI_MOST_MEASURED];
  double d;
} plant;

static plim_quantity planted_as(fault how, plim_quantity quantity)
{
  return how == SPIKED_FOR_REAL && quantity == PLIM_RISK ? PLIM_SRF_RISK : quantity;
}

/* What run number `run` is predicted to measure; experiments left out of the quick tier have no runs. */
static void prepare(plant *p, size_t run)
{
  size_t e = 0, k = run;
  for (; k >= plimi_ladder_sizes(&p->claim->experiments[e], PLIM_TIER_QUICK); e++)
    k -= plimi_ladder_sizes(&p->claim->experiments[e], PLIM_TIER_QUICK);
  const plimi_experiment *experiment = &p->claim->experiments[e];
  const plimi_point *at = &experiment->at;
  plim_activation_free(p->activation);
  plim_activation_free(p->teacher);
  ck_assert_int_eq(plim_activation_alloc(at->activation, &p->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(at->teacher, &p->teacher, NULL), PLIM_OK);
  p->d = (double)plimi_ladder_d(experiment, k);
  p->problem = plim_problem_default();
  p->problem.psi1 = (double)at->n / (double)at->d;
  p->problem.psi2 = (double)at->width / (double)at->d;
  p->problem.lambda = at->lambda;
  p->problem.eta = at->eta;
  p->problem.eta_exponent = at->eta_exponent;
  p->problem.noise = at->noise;
  p->problem.readout = at->readout;
  p->problem.d = p->fault == LIMIT_AT_EVERY_SIZE ? INFINITY : p->d;
  p->problem.activation = p->activation;
  p->problem.teacher = p->teacher;
  for (size_t q = 0; q < experiment->n_quantities; q++) {
    plim_value value;
    const plim_quantity quantity = planted_as(p->fault, experiment->quantities[q]);
    ck_assert_int_eq(plim_limit(p->theory, quantity, &p->problem, &value), PLIM_OK);
    p->predicted[q] = value.value;
  }
  p->run = run;
}

static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  static const double spread = 0.03, golden = 0.6180339887498949;
  plant *p = context;
  if (place->run != p->run)
    prepare(p, place->run);
  for (size_t q = 0; q < place->values; q++) {
    /* equidistributed on (-1, 1), the next quantity a shift of it */
    const double wave = 2.0 * fmod(golden * (double)(place->replica + 1) + 0.37 * (double)q, 1.0) - 1.0;
    const double bias = p->fault == THREE_PERCENT_HIGH ? 1.03 : 1.0;
    samples[q] = p->predicted[q] * (bias + 1.0 / p->d + spread * sqrt(3.0) * wave);
  }
  return true;
}

static plim_claim_result run_planted(const char *name, fault how)
{
  size_t number = 0;
  ck_assert_int_eq(plim_claim_find(name, &number), PLIM_OK);
  plant p = {.fault = how, .run = SIZE_MAX};
  const plimi_claims *subjects[] = {&plimi_any_step_claims, &plimi_step_regimes_claims};
  for (size_t s = 0; s < PLIMI_COUNT(subjects); s++)
    for (size_t c = 0; c < subjects[s]->count; c++)
      if (strcmp(subjects[s]->claims[c].info.name, name) == 0)
        p.claim = &subjects[s]->claims[c];
  ck_assert_ptr_nonnull(p.claim);
  ck_assert_int_eq(plim_theory_alloc(&p.theory), PLIM_OK);
  const plim_claim_hooks hooks = {.context = &p, .recall = recall};
  const plim_claim_settings settings = {.seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  plim_claim_result result = {NULL, 0};
  ck_assert_int_eq(plim_claim_run(number, &settings, &result), PLIM_OK);
  ck_assert_uint_gt(result.count, 0);
  plim_theory_free(p.theory);
  plim_activation_free(p.activation);
  plim_activation_free(p.teacher);
  return result;
}

static plim_verdict verdict_on(const char *name, fault how)
{
  plim_claim_result result = run_planted(name, how);
  const plim_verdict verdict = plim_claim_verdict(&result);
  plim_claim_result_free(&result);
  return verdict;
}

static const char *const names[] = {"spiked-features",  "any-step-risk",    "any-step-training",
                                    "constant-readout", "small-step-limit", "first-batch-anisotropy",
                                    "large-step-rate"};

START_TEST(predicted_values_agree)
{
  ck_assert_int_eq(verdict_on(names[_i], AS_PREDICTED), PLIM_AGREE);
}
END_TEST

START_TEST(three_percent_off_disagrees)
{
  static const char *const judged[] = {"spiked-features", "any-step-risk", "any-step-training",
                                       "constant-readout"};
  ck_assert_int_eq(verdict_on(judged[_i], THREE_PERCENT_HIGH), PLIM_DISAGREE);
}
END_TEST

/* A risk that has reached its limit at every size: the levelling-off is missing. */
START_TEST(missing_level_does_not_agree)
{
  ck_assert_int_ne(verdict_on("large-step-rate", LIMIT_AT_EVERY_SIZE), PLIM_AGREE);
}
END_TEST

/* A real step as isotropic as the model: below the difference predicted, and not above 0. */
START_TEST(isotropic_step_is_told_apart)
{
  plim_claim_result result = run_planted("first-batch-anisotropy", SPIKED_FOR_REAL);
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_DISAGREE);
  for (size_t i = 0; i < result.count; i++)
    ck_assert_msg(result.findings[i].judgement.verdict != PLIM_AGREE, "%s", result.findings[i].what);
  plim_claim_result_free(&result);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *all = tcase_create("planted");
  tcase_set_timeout(all, 0);
  tcase_add_loop_test(all, predicted_values_agree, 0, (int)PLIMI_COUNT(names));
  tcase_add_loop_test(all, three_percent_off_disagrees, 0, 4);
  tcase_add_test(all, missing_level_does_not_agree);
  tcase_add_test(all, isotropic_step_is_told_apart);
  return run_cases("any_step_claims", 1, &all);
}
