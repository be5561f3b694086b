/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_claim_misfits.c - what becomes of a finding whose sizes do not follow the declared powers of d: a size less,
   a larger one, no verdict; and of one whose rungs are limits of such fits. Planted values. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "planted_claims.h"
#include "run_cases.h"

#define FIT_LEVEL (plim_criterion_default().fit_level)
enum { SMALLEST = 26 };

/* Four sizes and two powers: none can be left out before a larger one is there. */
static const char *const tight = "beyond-kernels";

/* At the smallest size the risk is not what the theory says. */
static void smallest_is_off(const plimi_experiment *experiment, plim_problem *problem,
                            plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  if (problem->d == SMALLEST)
    problem->noise *= 8.385;
}

/* The smallest size is left out and a larger one added: with them it agrees. */
START_TEST(larger_size_for_lack_of_fit)
{
  const planting how = {.spread = 0.02, .wrong = smallest_is_off};
  plim_claim_result pilot = planted_decision(tight, &how, 1e-9),
                    all = planted_decision(tight, &how, INFINITY);
  size_t mended = 0;
  for (size_t i = 0; i < pilot.count; i++) {
    const plim_finding *before = &pilot.findings[i], *after = &all.findings[i];
    if (before->judgement.fit_p >= FIT_LEVEL)
      continue;
    mended++;
    ck_assert_int_eq(before->judgement.verdict, PLIM_UNDECIDED);
    ck_assert_uint_eq(before->fit.rungs, 4);
    ck_assert_uint_eq(after->fit.rungs, 4);
    ck_assert_uint_eq(before->d_min, SMALLEST);
    ck_assert_uint_eq(after->d_min, 2 * SMALLEST);
    ck_assert_uint_eq(after->d_max, 2 * before->d_max);
    ck_assert_double_ge(after->judgement.fit_p, FIT_LEVEL);
    ck_assert_int_eq(after->judgement.verdict, PLIM_AGREE);
  }
  ck_assert_uint_gt(mended, 0);
  plim_claim_result_free(&pilot);
  plim_claim_result_free(&all);
}
END_TEST

static void smallest_is_wide(const plimi_experiment *experiment, plim_problem *problem,
                             plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  if (problem->d == SMALLEST)
    problem->psi2 *= 1.385;
}

/* From the least pilot and with the least growth half of what the largest size gets is less than a pilot: the added
   size gets one. */
START_TEST(larger_size_from_the_least_pilot)
{
  const planting how = {.spread = 0.003, .wrong = smallest_is_wide};
  plim_claim_result all = planted_decision("features-edge", &how, INFINITY);
  for (size_t i = 0; i < all.count; i++) {
    ck_assert_int_eq(all.findings[i].judgement.verdict, PLIM_AGREE);
    ck_assert_uint_eq(all.findings[i].d_min, 2 * SMALLEST);
  }
  plim_claim_result_free(&all);
}
END_TEST

/* Of kept samples without a larger size: it stays as it was, rather than with a size less and none for it. */
START_TEST(larger_size_that_is_not_at_hand)
{
  const planting how = {.spread = 0.02, .wrong = smallest_is_off, .as_planned = true};
  plim_claim_result all = planted_decision(tight, &how, INFINITY);
  size_t open = 0;
  for (size_t i = 0; i < all.count; i++) {
    const plim_finding *f = &all.findings[i];
    if (f->judgement.fit_p >= FIT_LEVEL)
      continue;
    open++;
    ck_assert_int_eq(f->judgement.verdict, PLIM_UNDECIDED);
    ck_assert_uint_eq(f->fit.rungs, 4);
    ck_assert_uint_eq(f->d_min, SMALLEST);
  }
  ck_assert_uint_gt(open, 0);
  plim_claim_result_free(&all);
}
END_TEST

static void steps_about(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  const size_t times = (size_t)problem->d / SMALLEST;
  if (times == 2 || times == 8)
    problem->noise *= 2.385;
}

/* Where no four sizes follow the powers it is given up after the one size more. */
START_TEST(one_larger_size_and_no_more)
{
  const planting how = {.spread = 0.02, .wrong = steps_about};
  plim_claim_result all = planted_decision(tight, &how, INFINITY);
  size_t given_up = 0;
  for (size_t i = 0; i < all.count; i++) {
    const plim_finding *f = &all.findings[i];
    if (f->judgement.fit_p >= FIT_LEVEL)
      continue;
    given_up++;
    ck_assert_int_eq(f->judgement.verdict, PLIM_UNDECIDED);
    ck_assert_uint_eq(f->d_max, 16 * SMALLEST);
    ck_assert_uint_lt(f->looks, 4);
    ck_assert(isinf(f->growth));
  }
  ck_assert_uint_gt(given_up, 0);
  plim_claim_result_free(&all);
}
END_TEST

/* ---- Limits that are fitted again ---- */

/* A step in each ladder, alike: the limits, rungs of a ladder in eta, are all off and follow its form. */
static void ladders_have_a_step(const plimi_experiment *experiment, plim_problem *problem,
                                plim_quantity *quantity)
{
  if (experiment->at.width == 42 && *quantity == PLIM_W1_TOP && problem->d == 104.0)
    problem->eta *= 1.0385;
}

static const plim_finding *threshold_of(const plim_claim_result *result)
{
  const plim_finding *last = &result->findings[result->count - 1];
  ck_assert_str_eq(last->what, "eta at the threshold");
  return last;
}

START_TEST(misfit_of_a_rung_is_that_of_the_finding)
{
  const planting right = {.spread = 0.01}, wrong = {.spread = 0.01, .wrong = ladders_have_a_step};
  plim_claim_result fits = planted_result("weight-alignment", &right),
                    misfits = planted_result("weight-alignment", &wrong);
  const plim_finding *a = threshold_of(&fits), *b = threshold_of(&misfits);
  ck_assert_double_ge(a->judgement.fit_p, FIT_LEVEL);
  ck_assert_int_eq(a->judgement.verdict, PLIM_AGREE);
  ck_assert_msg(b->judgement.fit_p < FIT_LEVEL, "%g", b->judgement.fit_p);
  ck_assert_int_eq(b->judgement.verdict, PLIM_UNDECIDED);
  plim_claim_result_free(&fits);
  plim_claim_result_free(&misfits);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("claim misfits");
  tcase_set_timeout(tests, 0);
  tcase_add_test(tests, larger_size_for_lack_of_fit);
  tcase_add_test(tests, larger_size_from_the_least_pilot);
  tcase_add_test(tests, larger_size_that_is_not_at_hand);
  tcase_add_test(tests, one_larger_size_and_no_more);
  tcase_add_test(tests, misfit_of_a_rung_is_that_of_the_finding);
  return run_cases("claim misfits", 1, &tests);
}
