/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_own_claims.c - claims of one's own: what is measured, predicted and paired. Samples are planted
   through the hook that recalls finished replicas, so what is to come out is known; one case draws. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "own_claim_fixture.h"
#include "run_cases.h"

enum { SIZES = OWN_SIZES, REPLICAS = 40 };
static const size_t *const ladder = own_ladder;
static const double same_arithmetic = 1e-12; /* relative: sums of 40 numbers in another order */

/* ---- Planted samples ---- */

/* What replica r of simulation `run` shows of number i of `values`. */
typedef double (*planting)(size_t run, size_t r, size_t i);

static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  const planting *planted = context;
  for (size_t i = 0; i < place->values; i++)
    samples[i] = (*planted)(place->run, place->replica, i);
  return true;
}

static plim_claim_result result_of(const plim_own_claim *claim, planting planted, plim_tier tier)
{
  plim_own_claims *own = plim_own_claims_alloc();
  char *why = NULL;
  ck_assert_ptr_nonnull(own);
  const plim_status added = plim_own_claims_add(own, claim, NULL, &why);
  ck_assert_msg(added == PLIM_OK, "%s", why);
  const plim_claim_hooks hooks = {.context = &planted, .recall = planted != NULL ? recall : NULL};
  const plim_claim_settings settings = {.tier = tier,
                                        .seed = 71,
                                        .threads = 1,
                                        .level = 0.05,
                                        .replicas = REPLICAS,
                                        .hooks = &hooks,
                                        .own = own};
  plim_claim_result result;
  const plim_status status = plim_claim_run(plim_claim_count(), &settings, &result);
  ck_assert_msg(status == PLIM_OK, "%s", plim_status_name(status));
  plim_own_claims_free(own);
  return result;
}

/* Spread over replicas, of mean 0: about 1 in size, not the same for two numbers or simulations. */
static double spread(size_t run, size_t r, size_t i)
{
  return sqrt(2.0) *
         sin(6.283185307179586 * (double)r * (double)(3 + i + run % 5) / REPLICAS + 0.37 * (double)(run + i));
}

static double size_of(size_t run)
{
  return (double)ladder[run % SIZES];
}

/* risk0, then train0. */
static double risk_and_train(size_t run, size_t r, size_t i)
{
  const double limit = i == 0 ? 0.617 : 0.193;
  return limit * (1.0 + 0.8 / size_of(run)) + 0.01 * spread(run, r, i);
}

START_TEST(what_is_measured_is_the_mean_of_the_formula)
{
  const plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  plim_own_claim claim = own_claim_of(&point, 1);
  claim.measured =
      "train0*risk0^2 + n/d - psi1 + 2*(N/d - psi2) + d*0 + 0*lambda*eta*noise*steps*eta_exponent";
  plim_rung rungs[SIZES];
  plim_extrapolation expected;
  for (size_t k = 0; k < SIZES; k++) {
    double sum = 0.0, squares = 0.0;
    for (size_t r = 0; r < REPLICAS; r++) {
      const double risk = risk_and_train(k, r, 0), x = risk_and_train(k, r, 1) * risk * risk;
      sum += x;
      squares += x * x;
    }
    const double mean = sum / REPLICAS, variance = (squares - sum * mean) / (REPLICAS - 1);
    rungs[k] = (plim_rung){(double)ladder[k], mean, sqrt(variance / REPLICAS), REPLICAS};
  }
  ck_assert_int_eq(plim_extrapolate_covered(rungs, SIZES, 1.0, PLIM_USUAL_RATIO, &expected), PLIM_OK);
  plim_claim_result result = result_of(&claim, risk_and_train, PLIM_TIER_QUICK);
  ck_assert_uint_eq(result.count, 1);
  const plim_finding *finding = &result.findings[0];
  ck_assert_double_eq_tol(finding->fit.limit, expected.limit, 1e-9 * expected.limit);
  ck_assert_double_eq_tol(finding->fit.limit_error, expected.limit_error, 1e-6 * expected.limit_error);
  ck_assert_uint_eq(finding->d_min, ladder[0]);
  ck_assert_uint_eq(finding->d_max, ladder[SIZES - 1]);
  plim_claim_result_free(&result);
}
END_TEST

START_TEST(what_is_predicted_has_the_errors_of_its_quantities)
{
  const plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  plim_own_claim claim = own_claim_of(&point, 1);
  plim_theory *theory;
  plim_value risk0, risk1, train0;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, &point, &risk0), PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &point, &risk1), PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_TRAIN0, &point, &train0), PLIM_OK);
  claim.predicted = "risk0*risk1/(psi1 + psi2) - 3*train0*lambda + noise^2*eta + steps";
  plim_claim_result result = result_of(&claim, risk_and_train, PLIM_TIER_QUICK);
  const plim_value predicted = result.findings[0].predicted;
  const double value =
      risk0.value * risk1.value / (2.385 + 1.615) - 3.0 * train0.value * 0.137 + 0.253 * 0.253 * 0.811 + 1.0;
  const double inherited =
      (risk0.error * risk1.value + risk0.value * risk1.error) / (2.385 + 1.615) + 3.0 * train0.error * 0.137;
  ck_assert_double_eq_tol(predicted.value, value, same_arithmetic * value);
  ck_assert_double_ge(predicted.error, inherited);
  ck_assert_double_le(predicted.error, inherited + 1e-14);
  ck_assert_double_eq_tol(result.findings[0].judgement.margin, 0.05 * value, same_arithmetic * value);
  plim_claim_result_free(&result);
  result = result_of(&claim, risk_and_train, PLIM_TIER_FULL);
  ck_assert_double_eq_tol(result.findings[0].judgement.margin, 0.025 * value, same_arithmetic * value);
  ck_assert_uint_eq(result.findings[0].d_max, 2 * ladder[SIZES - 1]);
  plim_claim_result_free(&result);
  plim_theory_free(theory);
}
END_TEST

/* Each point its own value: (psi1, lambda) in the order given, three penalties of one factorisation first. */
static const double at_point[] = {0.617, 0.5711, 0.731, 0.449};
static double by_point(size_t run, size_t r, size_t i)
{
  const size_t point = run < SIZES ? i : 3;
  return at_point[point] * (1.0 + 0.5 / size_of(run)) + 0.002 * spread(run, r, i);
}

START_TEST(every_point_has_its_finding)
{
  const plim_problem points[] = {own_problem_at(2.385, 0.137, 0.811), own_problem_at(2.385, 0.77, 0.811),
                                 own_problem_at(2.385, 1.3, 0.811), own_problem_at(0.8462, 1.3, 0.811)};
  static const char *const says[] = {"psi1 2.385 psi2 1.615 lambda 0.137",
                                     "psi1 2.385 psi2 1.615 lambda 0.77", "psi1 2.385 psi2 1.615 lambda 1.3",
                                     "psi1 0.8462 psi2 1.615 lambda 1.3"};
  plim_own_claim claim = own_claim_of(points, 4);
  claim.predicted = "lambda + psi1";
  plim_claim_result result = result_of(&claim, by_point, PLIM_TIER_QUICK);
  ck_assert_uint_eq(result.count, 4);
  for (size_t i = 0; i < 4; i++) {
    const plim_finding *finding = &result.findings[i];
    ck_assert_msg(strstr(finding->point, says[i]) != NULL, "%s", finding->point);
    ck_assert_double_eq(finding->predicted.value, points[i].lambda + points[i].psi1);
    ck_assert_double_eq_tol(finding->fit.limit, at_point[i],
                            4.0 * finding->fit.limit_error + finding->fit.neglected);
  }
  plim_claim_result_free(&result);
}
END_TEST

/* ---- Relations ---- */

static double steady(size_t run, size_t r, size_t i)
{
  return 0.617 * (1.0 + 0.3 / size_of(run)) + 0.01 * spread(run, r, i);
}

START_TEST(relations_say_what_they_say)
{
  const plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  const struct {
    const char *predicted;
    plim_own_relation relation;
    plim_verdict verdict;
  } cases[] = {{"0.62", PLIM_OWN_EQUALS, PLIM_AGREE},          {"0.75", PLIM_OWN_EQUALS, PLIM_DISAGREE},
               {"0.5", PLIM_OWN_AT_LEAST, PLIM_AGREE},         {"0.75", PLIM_OWN_AT_LEAST, PLIM_DISAGREE},
               {"0.75", PLIM_OWN_AT_MOST, PLIM_AGREE},         {"0.5", PLIM_OWN_AT_MOST, PLIM_DISAGREE},
               {"0.617/1.05", PLIM_OWN_EQUALS, PLIM_UNDECIDED}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    plim_own_claim claim = own_claim_of(&point, 1);
    claim.predicted = cases[i].predicted;
    claim.relation = cases[i].relation;
    plim_claim_result result = result_of(&claim, steady, PLIM_TIER_QUICK);
    ck_assert_msg(result.findings[0].judgement.verdict == cases[i].verdict, "%s %s: %s",
                  plim_own_relation_symbol(cases[i].relation), cases[i].predicted,
                  plim_verdict_name(result.findings[0].judgement.verdict));
    plim_claim_result_free(&result);
  }
}
END_TEST

/* Three points, each simulated by itself; what replicas have in common is large beside what is each one's own. */
static double rising(size_t run, size_t r, size_t i)
{
  const double value[] = {0.4, 0.5, 0.55};
  return value[run / SIZES] + 0.5 / size_of(run) + 0.3 * spread(run % SIZES, r, i) +
         0.001 * spread(run + 11, r, 7 + i);
}

static double falling(size_t run, size_t r, size_t i)
{
  return 1.0 - rising(run, r, i);
}

START_TEST(points_are_compared_with_the_one_before)
{
  const plim_problem steps[] = {own_problem_at(2.385, 0.137, 0.811), own_problem_at(2.385, 0.137, 1.37),
                                own_problem_at(2.385, 0.137, 2.13)};
  const plim_problem ratios[] = {own_problem_at(1.385, 0.137, 0.811), own_problem_at(2.385, 0.137, 0.811),
                                 own_problem_at(3.71, 0.137, 0.811)};
  const planting ways[] = {rising, falling};
  const plim_own_relation relations[] = {PLIM_OWN_INCREASING, PLIM_OWN_DECREASING};
  for (size_t way = 0; way < 2; way++) {
    for (size_t said = 0; said < 2; said++) {
      plim_own_claim claim = own_claim_of(steps, 3);
      claim.predicted = NULL;
      claim.relation = relations[said];
      plim_claim_result paired = result_of(&claim, ways[way], PLIM_TIER_QUICK);
      claim.points = ratios;
      plim_claim_result apart = result_of(&claim, ways[way], PLIM_TIER_QUICK);
      ck_assert_uint_eq(paired.count, 2);
      ck_assert_int_eq(plim_claim_verdict(&paired), way == said ? PLIM_AGREE : PLIM_DISAGREE);
      const double sign = way == 0 ? 1.0 : -1.0;
      ck_assert_double_eq_tol(paired.findings[0].fit.limit, sign * 0.1, 0.01);
      ck_assert_double_eq_tol(paired.findings[1].fit.limit, sign * 0.05, 0.01);
      /* independent: the common part does not cancel */
      ck_assert_double_gt(apart.findings[0].fit.limit_error, 50.0 * paired.findings[0].fit.limit_error);
      ck_assert_double_eq_tol(apart.findings[0].fit.limit, sign * 0.1, 0.01);
      plim_claim_result_free(&paired);
      plim_claim_result_free(&apart);
    }
  }
}
END_TEST

/* risk0 knows nothing of eta: with the same draws it is the same number. */
START_TEST(points_of_one_shape_share_their_draws)
{
  static const size_t small[] = {6, 9, 13};
  const plim_problem points[] = {own_problem_at(2.385, 0.137, 0.811), own_problem_at(2.385, 0.137, 1.37),
                                 own_problem_at(2.0, 0.137, 0.811)};
  plim_own_claim claim = own_claim_of(points, 3);
  claim.d = small;
  claim.n_sizes = 3;
  plim_claim_result result = result_of(&claim, NULL, PLIM_TIER_QUICK);
  ck_assert_uint_eq(result.replicas, (size_t)9 * REPLICAS);
  ck_assert(result.findings[0].fit.limit == result.findings[1].fit.limit);
  ck_assert(result.findings[0].fit.limit != result.findings[2].fit.limit);
  plim_claim_result_free(&result);
}
END_TEST

/* A limit that does not exist, and a formula without a value, leave the claim without a verdict. */
START_TEST(what_has_no_value_is_a_status)
{
  plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  const struct {
    const char *measured, *predicted;
    plim_status status;
  } cases[] = {{"log(risk0 - 0.617)", "risk0", PLIM_NOT_FINITE},
               {"risk0", "log(-risk0)", PLIM_NOT_FINITE},
               {"risk0", "risk0/(eta - eta)", PLIM_NOT_FINITE},
               {"risk0", "stair2", PLIM_OUTSIDE_DOMAIN}};
  planting planted = risk_and_train;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    plim_own_claims *own = plim_own_claims_alloc();
    plim_own_claim claim = own_claim_of(&point, 1);
    claim.measured = cases[i].measured;
    claim.predicted = cases[i].predicted;
    ck_assert_int_eq(plim_own_claims_add(own, &claim, NULL, NULL), PLIM_OK);
    const plim_claim_hooks hooks = {.context = &planted, .recall = recall};
    const plim_claim_settings settings = {
        .seed = 71, .threads = 1, .level = 0.05, .replicas = REPLICAS, .hooks = &hooks, .own = own};
    plim_claim_result result = {.count = 77};
    const plim_status status = plim_claim_run(plim_claim_count(), &settings, &result);
    ck_assert_msg(status == cases[i].status, "%s = %s: %s", cases[i].measured, cases[i].predicted,
                  plim_status_name(status));
    ck_assert_uint_eq(result.count, 77);
    plim_own_claims_free(own);
  }
}
END_TEST

int main(void)
{
  TCase *own = tcase_create("own claims");
  tcase_add_checked_fixture(own, own_set_up, own_tear_down);
  tcase_add_test(own, what_is_measured_is_the_mean_of_the_formula);
  tcase_add_test(own, what_is_predicted_has_the_errors_of_its_quantities);
  tcase_add_test(own, every_point_has_its_finding);
  tcase_add_test(own, relations_say_what_they_say);
  tcase_add_test(own, points_are_compared_with_the_one_before);
  tcase_add_test(own, points_of_one_shape_share_their_draws);
  tcase_add_test(own, what_has_no_value_is_a_status);
  return run_cases("own claims", 1, (TCase *[]){own});
}
