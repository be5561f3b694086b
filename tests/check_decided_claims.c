/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_decided_claims.c - claims drawn until they are decided: which findings are closed, what a budget does, what
   does not change a result. Planted values and fixed seeds. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "planted_claims.h"
#include "plim_looks.h"
#include "run_cases.h"

#define ROUNDING 1e-12 /* relative: a few operations on doubles */

#define NO_MORE 1e-9 /* a budget that pays for nothing beyond the pilot */

static const plim_finding *finding_of(const plim_claim_result *result, size_t i)
{
  ck_assert_uint_lt(i, result->count);
  return &result->findings[i];
}

static bool is_judged(const plim_finding *finding)
{
  return finding->relation != PLIM_REPORTED;
}

/* Some findings are decided by the pilot, others on the same experiments are not: the spread is chosen so. */
static const planting noisy = {.spread = 0.17};
static const char *const noisy_claim = "gradient-rank-one";

START_TEST(decided_findings_stay_closed)
{
  plim_claim_result pilot = planted_decision(noisy_claim, &noisy, NO_MORE),
                    all = planted_decision(noisy_claim, &noisy, INFINITY);
  size_t closed = 0, opened = 0;
  ck_assert_uint_eq(pilot.count, all.count);
  for (size_t i = 0; i < all.count; i++) {
    const plim_finding *a = finding_of(&pilot, i), *b = finding_of(&all, i);
    ck_assert_uint_eq(a->looks, is_judged(a) ? 1 : 0);
    if (!is_judged(a))
      continue;
    ck_assert_int_ne(b->judgement.verdict, PLIM_UNDECIDED);
    ck_assert_double_eq(b->judgement.reserved,
                        1.0 - plim_look_share(b->looks - 1)); /* each look its own share */
    ck_assert_double_le(b->judgement.p_agree, a->judgement.p_agree);
    if (a->judgement.verdict != PLIM_UNDECIDED) {
      closed++;
      ck_assert_uint_eq(b->looks, 1);
      ck_assert_int_eq(b->judgement.verdict, a->judgement.verdict);
      ck_assert_double_eq(b->fit.limit, a->fit.limit);
      ck_assert_double_eq(b->judgement.p_agree, a->judgement.p_agree);
      ck_assert(isnan(b->growth));
    } else {
      opened++;
      ck_assert_uint_ge(b->looks, 2);
      ck_assert_uint_le(b->looks, PLIM_MOST_LOOKS);
      ck_assert_double_lt(b->fit.limit_error, a->fit.limit_error);
    }
  }
  ck_assert_uint_gt(closed, 0);
  ck_assert_uint_gt(opened, 0);
  plim_claim_result_free(&pilot);
  plim_claim_result_free(&all);
}
END_TEST

START_TEST(budget_is_kept_and_the_rest_says_what_is_lacking)
{
  plim_claim_result pilot = planted_decision(noisy_claim, &noisy, NO_MORE),
                    all = planted_decision(noisy_claim, &noisy, INFINITY);
  ck_assert_double_gt(all.work, 1.1 * pilot.work);
  plim_claim_result less = planted_decision(noisy_claim, &noisy, all.work * (1.0 - 1e-9)),
                    enough = planted_decision(noisy_claim, &noisy, all.work * (1.0 + 1e-9));
  ck_assert_double_lt(less.work, all.work);
  ck_assert_double_eq(enough.work, all.work);
  size_t undecided = 0, members = 0;
  for (size_t i = 0; i < pilot.count; i++)
    members += is_judged(finding_of(&pilot, i));
  for (size_t i = 0; i < pilot.count; i++) {
    const plim_finding *f = finding_of(&pilot, i);
    if (!is_judged(f) || f->judgement.verdict != PLIM_UNDECIDED)
      continue;
    undecided++;
    const double level = 0.05 * plim_look_share(1) / (double)members;
    ck_assert_double_eq_tol(f->growth / plim_growth_needed(&f->judgement, level, 0.9), 1.0, ROUNDING);
  }
  ck_assert_uint_gt(undecided, 0);
  plim_claim_result_free(&pilot);
  plim_claim_result_free(&all);
  plim_claim_result_free(&less);
  plim_claim_result_free(&enough);
}
END_TEST

/* What a budget has left goes into a smaller look, if that is half as much again as there is. */
START_TEST(rest_of_the_budget_is_drawn)
{
  plim_claim_result pilot = planted_decision(noisy_claim, &noisy, NO_MORE),
                    all = planted_decision(noisy_claim, &noisy, INFINITY);
  const double dearest = 0.2; /* beyond one replica of each size, seconds */
  const double most = pilot.work + 0.4 * (all.work - pilot.work);
  plim_claim_result some = planted_decision(noisy_claim, &noisy, most),
                    little = planted_decision(noisy_claim, &noisy, 1.1 * pilot.work);
  ck_assert_double_le(some.work, most);
  ck_assert_double_gt(some.work, most - dearest);
  ck_assert_double_eq(little.work, pilot.work); /* no look at the same data */
  size_t later = 0;
  for (size_t i = 0; i < some.count; i++)
    later += finding_of(&some, i)->looks == 2;
  ck_assert_uint_gt(later, 0);
  plim_claim_result_free(&pilot);
  plim_claim_result_free(&all);
  plim_claim_result_free(&some);
  plim_claim_result_free(&little);
}
END_TEST

/* A risk below 0 in the limit, or a singular value in the bulk, as few replicas may have it: a finding that says
   so, in the place of the one that cannot be had, and no failure of the claim. */
START_TEST(a_number_without_logarithm_is_no_failure)
{
  static const char *const claims[] = {"large-step-bound", "weight-alignment"};
  static const char *const instead[] = {"R1 in the limit > 0", "s1 outside the bulk"};
  const planting wild = {.excess = -1.5}, calm = {.spread = 0.03};
  for (size_t i = 0; i < PLIMI_COUNT(claims); i++) {
    plim_claim_result a = planted_decision(claims[i], &wild, NO_MORE),
                      b = planted_decision(claims[i], &calm, NO_MORE);
    ck_assert_uint_eq(a.count, b.count);
    const plim_finding *last = finding_of(&a, a.count - 1);
    ck_assert_str_eq(last->what, instead[i]);
    ck_assert_int_eq(last->relation, PLIM_AT_LEAST);
    ck_assert_int_ne(last->judgement.verdict, PLIM_AGREE);
    plim_claim_result_free(&a);
    plim_claim_result_free(&b);
  }
}
END_TEST

/* Samples that are all the same leave no standard error, by either design; which, where, is said. */
START_TEST(samples_without_spread_are_named)
{
  static const char *const claims[] = {"gradient-rank-one", "kernel-lower-bound", "weight-spike"};
  const planting still = {.still = true};
  for (size_t i = 0; i < PLIMI_COUNT(claims); i++) {
    for (int in_looks = 0; in_looks < 2; in_looks++) {
      char why[512];
      ck_assert_int_eq(planted_failure(claims[i], &still, in_looks == 1, why), PLIM_INVALID);
      ck_assert_msg(strncmp(why, "all ", 4) == 0 && strstr(why, " samples of ") != NULL &&
                        strstr(why, " at d = ") != NULL && strstr(why, " psi1 ") != NULL &&
                        strstr(why, "no standard error") != NULL,
                    "%s: %s", claims[i], why);
    }
  }
}
END_TEST

/* No replica out of n shows a wrong number of directions: P <= (1 - margin)^n is exact, and the verdict's
   p-value is no smaller, nor more than what the bound may lose. */
START_TEST(count_is_judged_by_the_binomial)
{
  const double margin = 0.05, loses = 50.0;
  const planting how = {.spread = 0.0};
  plim_claim_result result = planted_result("staircase", &how);
  size_t seen = 0;
  for (size_t i = 0; i < result.count; i++) {
    const plim_finding *f = finding_of(&result, i);
    if (strncmp(f->what, "replicas with other", 19) != 0)
      continue;
    const double n = 1.0 / f->fit.limit, exact = pow(1.0 - margin, n); /* one more counts as wrong */
    ck_assert_double_eq_tol(n, round(n), 1e-6);
    ck_assert_double_ge(f->judgement.p_agree, exact);
    ck_assert_double_le(f->judgement.p_agree, loses * exact);
    seen++;
  }
  ck_assert_uint_gt(seen, 0);
  plim_claim_result_free(&result);
}
END_TEST

/* ---- Drawn, not planted -------------------------------------------------------------------------------------- */

enum { MOST_KEPT = 20000 };

typedef struct {
  plim_claim_place place[MOST_KEPT];
  double *samples[MOST_KEPT];
  size_t kept, recalled, planned, drawn, every;
} memory;

static bool keep(void *context, const plim_claim_place *place, const double *samples)
{
  memory *m = context;
  m->drawn++;
  if (m->kept == MOST_KEPT)
    return false;
  m->place[m->kept] = *place;
  m->samples[m->kept] = malloc(place->values * sizeof(double));
  memcpy(m->samples[m->kept++], samples, place->values * sizeof(double));
  return true;
}

/* Every replica is known, or every other. */
static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  memory *m = context;
  for (size_t i = 0; i < m->kept && place->replica % m->every == 0; i++)
    if (m->place[i].run == place->run && m->place[i].replica == place->replica) {
      memcpy(samples, m->samples[i], place->values * sizeof(double));
      m->recalled++;
      return true;
    }
  return false;
}

static bool count_only(void *context, const plim_claim_place *place, const double *samples)
{
  memory *m = context;
  (void)place, (void)samples;
  m->drawn++;
  return true;
}

static void plan(void *context, size_t replicas, double work)
{
  memory *m = context;
  ck_assert_double_gt(work, 0.0);
  m->planned += replicas;
}

/* A fixed design with as many replicas as the first simulation has in the end: the same number is measured. */
static void compare_with_fixed(size_t number, const plim_claim_settings *in_looks,
                               const plim_claim_result *seen, memory *m)
{
  plim_claim_settings fixed = *in_looks;
  plim_claim_result result;
  size_t same = 0;
  fixed.replicas = 0;
  for (size_t i = 0; i < m->kept; i++)
    fixed.replicas += m->place[i].run == 0;
  m->every = 1;
  ck_assert_int_eq(plim_claim_run(number, &fixed, &result), PLIM_OK);
  ck_assert_uint_eq(result.count, seen->count);
  for (size_t i = 0; i < result.count; i++)
    if (finding_of(seen, i)->looks > 1 && strcmp(result.findings[i].point, result.findings[0].point) == 0) {
      ck_assert_double_eq(result.findings[i].fit.limit, seen->findings[i].fit.limit);
      same++;
    }
  ck_assert_uint_gt(same, 0);
  plim_claim_result_free(&result);
}

START_TEST(same_result_for_any_threads_and_from_memory)
{
  static memory m;
  size_t number = 0;
  ck_assert_int_eq(plim_claim_find("weight-bulk", &number), PLIM_OK);
  const plim_claim_budget budget = {.work = 4.0, .power = 0.9};
  plim_claim_hooks hooks = {.context = &m, .record = keep, .planned = plan};
  plim_claim_settings settings = {
      .tier = PLIM_TIER_QUICK, .seed = 2385, .threads = 1, .level = 0.05, .replicas = 120, .hooks = &hooks};
  plim_claim_result once, again;
  plim_status status = PLIM_FAILED;
  ck_assert_int_eq(plim_claims_decide(&number, 1, &settings, &budget, &once, &status), PLIM_OK);
  ck_assert_int_eq(status, PLIM_OK);
  ck_assert_uint_eq(m.planned, m.drawn); /* what is told beforehand is what is drawn */
  ck_assert_uint_eq(m.drawn, once.replicas);
  const size_t drawn = m.drawn;
  m.every = 2;
  m.drawn = m.planned = 0;
  hooks.record = count_only;
  hooks.recall = recall;
  settings.threads = 3;
  ck_assert_int_eq(plim_claims_decide(&number, 1, &settings, &budget, &again, &status), PLIM_OK);
  ck_assert_uint_eq(m.planned, drawn);
  ck_assert_uint_eq(m.drawn + m.recalled, drawn); /* nothing is asked for twice */
  ck_assert_uint_gt(m.recalled, drawn / 3);
  ck_assert_uint_eq(once.count, again.count);
  bool later = false;
  for (size_t i = 0; i < once.count; i++) {
    const plim_finding *a = finding_of(&once, i), *b = finding_of(&again, i);
    later = later || a->looks > 1;
    ck_assert_uint_eq(a->looks, b->looks);
    ck_assert_double_eq(a->fit.limit, b->fit.limit);
    ck_assert_double_eq(a->judgement.p_agree, b->judgement.p_agree);
    ck_assert_int_eq(a->judgement.verdict, b->judgement.verdict);
  }
  ck_assert(later);
  compare_with_fixed(number, &settings, &once, &m);
  for (size_t i = 0; i < m.kept; i++)
    free(m.samples[i]);
  plim_claim_result_free(&once);
  plim_claim_result_free(&again);
}
END_TEST

START_TEST(unacceptable_arguments)
{
  const plim_claim_settings good = {.tier = PLIM_TIER_QUICK, .seed = 1, .threads = 1, .level = 0.05};
  const plim_claim_budget budgets[] = {{0.0, 0.9},  {-1.0, 0.9}, {NAN, 0.9},
                                       {1.0, 0.49}, {1.0, 1.0},  {1.0, NAN}},
                          fine = {1.0, 0.9};
  const size_t number = 0, none = plim_claim_count();
  plim_claim_result result = {.count = 385};
  plim_status status = PLIM_FAILED;
  for (size_t i = 0; i < PLIMI_COUNT(budgets); i++)
    ck_assert_int_eq(plim_claims_decide(&number, 1, &good, &budgets[i], &result, &status), PLIM_INVALID);
  plim_claim_settings bad[5] = {good, good, good, good, good};
  bad[0].threads = 0;
  bad[1].level = 0.0;
  bad[2].level = 0.5;
  bad[3].replicas = 1;
  bad[4].tier = PLIM_TIER_COUNT;
  for (size_t i = 0; i < PLIMI_COUNT(bad); i++)
    ck_assert_int_eq(plim_claims_decide(&number, 1, &bad[i], &fine, &result, &status), PLIM_INVALID);
  ck_assert_int_eq(plim_claims_decide(&none, 1, &good, &fine, &result, &status), PLIM_INVALID);
  ck_assert_uint_eq(result.count, 385); /* left alone */
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("decided claims");
  tcase_add_test(tests, decided_findings_stay_closed);
  tcase_add_test(tests, budget_is_kept_and_the_rest_says_what_is_lacking);
  tcase_add_test(tests, rest_of_the_budget_is_drawn);
  tcase_add_test(tests, a_number_without_logarithm_is_no_failure);
  tcase_add_test(tests, samples_without_spread_are_named);
  tcase_add_test(tests, count_is_judged_by_the_binomial);
  tcase_add_test(tests, same_result_for_any_threads_and_from_memory);
  tcase_add_test(tests, unacceptable_arguments);
  return run_cases("decided claims", 1, &tests);
}
