/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_second_step.c - two small steps of different sizes: sizes that are the same after all, a step of size 0, the
   sum on one batch, and simulation. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>

#include "plim.h"
#include "fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {
    PLIM_RISK1,      PLIM_DELTA,  PLIM_TRAIN1,        PLIM_GCV,     PLIM_W1_TOP,  PLIM_W1_LEFT_BETA,
    PLIM_W1_RIGHT_A, PLIM_CK_TOP, PLIM_CK_LEFT_XBETA, PLIM_STEP_OP, PLIM_STEP_FRO};
enum { COUNT = sizeof quantities / sizeof quantities[0] };
static const double rounding = 1e-13;

static plim_problem problem_of(const char *activation, const char *teacher)
{
  plim_problem p = problem_called(activation, teacher);
  p.psi1 = 0.813;
  p.psi2 = 1.453;
  p.lambda = 0.0417;
  p.noise = 0.213;
  p.d = 217.0;
  p.steps = 2;
  return p;
}

static double number_of(plim_theory *theory, plim_quantity quantity, const plim_problem *p)
{
  return limit_of(theory, quantity, p).value;
}

static void assert_same(double a, double b, plim_quantity which)
{
  ck_assert_msg(fabs(a - b) <= rounding * fabs(b), "%s: %.17g, %.17g", plim_quantity_name(which), a, b);
}

/* Said twice; one of the two of size 0, also with a power of N; on one batch the sum counts, halved or not. */
START_TEST(sizes_that_say_nothing_new)
{
  plim_theory *theory = new_theory();
  plim_problem twice = problem_of(_i < 2 ? "tanh" : "relu", "softplus");
  twice.batch = (plim_batch)(_i % 2);
  twice.eta = 1.613;
  plim_problem said = twice, first = twice, second = twice, once = twice, uneven = twice;
  said.eta_second = 1.613;
  first.eta_second = 0.0;
  second.eta = 0.0;
  second.eta_second = 1.613;
  once.steps = 1;
  first.eta_exponent = second.eta_exponent = once.eta_exponent = 0.0371;
  uneven.eta = 0.7;
  uneven.eta_second = 2.526;
  for (size_t q = 0; q < COUNT; q++) {
    const plim_quantity which = quantities[q];
    assert_same(number_of(theory, which, &said), number_of(theory, which, &twice), which);
    const double sum = number_of(theory, which, &twice), other = number_of(theory, which, &uneven);
    if (twice.batch == PLIM_BATCH_SAME)
      assert_same(other, sum, which);
    else if (which == PLIM_RISK1 || which == PLIM_STEP_OP) /* others may have no outlier */
      ck_assert_double_gt(fabs(other - sum), 1e-6 * fabs(sum));
    if (which == PLIM_STEP_OP || which == PLIM_STEP_FRO)
      continue; /* steps after the first at exponent 0 only */
    assert_same(number_of(theory, which, &first), number_of(theory, which, &once), which);
    assert_same(number_of(theory, which, &second), number_of(theory, which, &once), which);
  }
  problem_clear(&twice);
  plim_theory_free(theory);
}
END_TEST

/* A power of N of its own: that of the first said twice; the size that it comes to at this N, at exponent 0; it counts
   where the step's size is above 0, and only there. */
START_TEST(a_power_of_its_own)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_of("tanh", "softplus");
  p.batch = (plim_batch)_i;
  p.eta = 1.613;
  p.eta_second = 0.726;
  p.eta_exponent = 0.0371;
  plim_problem said = p, turned = p, plain = p;
  said.eta_second_exponent = 0.0371;
  turned.eta_second_exponent = 0.113;
  const double width = p.psi2 * p.d;
  plain.eta = plim_problem_step_size(&turned, width);
  plain.eta_second = plim_problem_second_step_size(&turned, width);
  plain.eta_exponent = 0.0;
  for (size_t q = 0; q < COUNT; q++) {
    const plim_quantity which = quantities[q];
    plim_value value;
    if (which == PLIM_STEP_OP || which == PLIM_STEP_FRO) { /* steps after the first at exponent 0 only */
      ck_assert_int_eq(plim_limit(theory, which, &turned, &value), PLIM_OUTSIDE_DOMAIN);
      continue;
    }
    assert_same(number_of(theory, which, &said), number_of(theory, which, &p), which);
    const double number = number_of(theory, which, &turned);
    ck_assert_double_le(fabs(number - number_of(theory, which, &plain)), 1e-12 * fabs(number));
    if (which == PLIM_RISK1) /* others may have no outlier */
      ck_assert_double_gt(fabs(number - number_of(theory, which, &p)), 1e-6 * number);
  }
  plim_value value;
  plain.eta_second_exponent = 0.113;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK2, &plain, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK2, &turned, &value), PLIM_OUTSIDE_DOMAIN);
  plain.d = INFINITY;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &plain, &value), PLIM_OUTSIDE_DOMAIN);
  plain.eta_second = 0.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK2, &plain, &value), PLIM_OK);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* What the second step adds, by the risks after one and after both; the sign of reuse. No number where steps grow with
   N, unless neither is one. */
START_TEST(what_the_second_step_gains)
{
  static const plim_quantity gains[] = {PLIM_RISK2, PLIM_TRAIN2, PLIM_DELTA2, PLIM_REUSE_GAIN};
  plim_theory *theory = new_theory();
  plim_problem p = problem_of(_i < 2 ? "tanh" : "relu", "softplus");
  p.batch = (plim_batch)(_i % 2);
  p.eta = 1.613;
  p.eta_second = 0.726;
  plim_problem once = p, other = p;
  once.steps = 1;
  once.eta_second = NAN;
  other.batch = (plim_batch)(1 - _i % 2);
  const double risk = number_of(theory, PLIM_RISK2, &p), sign = _i % 2 == 0 ? 1.0 : -1.0;
  ck_assert_double_eq(risk, number_of(theory, PLIM_RISK1, &p));
  ck_assert_double_eq(number_of(theory, PLIM_TRAIN2, &p), number_of(theory, PLIM_TRAIN1, &p));
  const plim_value gain = limit_of(theory, PLIM_DELTA2, &p), reuse = limit_of(theory, PLIM_REUSE_GAIN, &p);
  ck_assert_double_eq_tol(gain.value, number_of(theory, PLIM_RISK1, &once) - risk, rounding * risk);
  ck_assert_double_eq_tol(reuse.value, sign * (number_of(theory, PLIM_RISK1, &other) - risk),
                          rounding * risk);
  ck_assert_double_eq(reuse.value, number_of(theory, PLIM_REUSE_GAIN, &other));
  ck_assert_double_lt(reuse.value, -reuse.error);
  ck_assert_double_gt(gain.value, gain.error);
  plim_value value;
  p.eta_exponent = 0.0371;
  for (size_t q = 0; q < 4; q++)
    ck_assert_int_eq(plim_limit(theory, gains[q], &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.eta = p.eta_second = 0.0;
  for (size_t q = 0; q < 4; q++)
    ck_assert_int_eq(plim_limit(theory, gains[q], &p, &value), PLIM_OK);
  ck_assert_double_eq(value.value, 0.0);
  for (size_t q = 0; q < 4; q++)
    ck_assert_int_eq(plim_limit(theory, gains[q], &once, &value), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* What the gradient's samples say when they come again depends on the sum of the sizes. */
START_TEST(the_same_samples_again)
{
  static const plim_quantity reused[] = {PLIM_RISK1, PLIM_TRAIN1, PLIM_DELTA, PLIM_GCV};
  plim_value value;
  plim_theory *theory = new_theory();
  plim_problem p = problem_of("erf", "tanh");
  p.ridge_batch = PLIM_RIDGE_SAME;
  p.overlap = 0.613;
  p.extra = 0.21;
  p.batch = PLIM_BATCH_SAME;
  p.eta = 0.7;
  p.eta_second = 1.526;
  plim_problem once = p;
  once.steps = 1;
  once.eta = 0.7 + 1.526;
  once.eta_second = NAN;
  for (size_t q = 0; q < sizeof reused / sizeof *reused; q++)
    assert_same(number_of(theory, reused[q], &p), number_of(theory, reused[q], &once), reused[q]);
  plim_problem first = once;
  first.eta = 0.7;
  assert_same(number_of(theory, PLIM_RISK2, &p), number_of(theory, PLIM_RISK1, &once), PLIM_RISK2);
  assert_same(number_of(theory, PLIM_DELTA2, &p),
              number_of(theory, PLIM_RISK1, &first) - number_of(theory, PLIM_RISK1, &once), PLIM_DELTA2);
  ck_assert_int_eq(plim_limit(theory, PLIM_REUSE_GAIN, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.eta = 0.0; /* still a step: no value at that power of N */
  p.eta_exponent = 0.3;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.eta_second = 0.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_OK);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Fresh batches, at the d drawn: within 4 standard errors and 2 % for what the limit leaves out. Student's t beyond 4
   with 79 degrees of freedom has chance 1.4e-4, so that a right set of 2 numbers is refused with chance 3e-4 while the
   drifts are that small (the seed is fixed). Two steps of half the sum each are not that near. */
START_TEST(finite_sizes)
{
  enum { REPLICAS = 80 };
  static const double standard_errors = 4.0, drift = 0.02;
  static const plim_quantity measured[] = {PLIM_W1_TOP, PLIM_W1_LEFT_BETA};
  double samples[2 * REPLICAS];
  plim_theory *theory = new_theory();
  plim_problem p = problem_of("tanh", "tanh");
  p.batch = PLIM_BATCH_FRESH;
  p.eta = 0.5;
  p.eta_second = 6.0;
  p.noise = 0.5;
  plim_simulation simulation = {.replicas = REPLICAS, .seed = 2385, .threads = 2};
  const plim_measurement measurement = {
      .quantities = measured, .n_quantities = 2, .lambda = &p.lambda, .n_lambda = 1};
  ck_assert_int_eq(plim_size_from_problem(&p, 300, &simulation.size), PLIM_OK);
  p = plim_problem_at_size(&p, &simulation.size);
  ck_assert_int_eq(plim_simulate(&p, &simulation, &measurement, NULL, samples), PLIM_OK);
  plim_problem even = p;
  even.eta = even.eta_second = 3.25;
  for (size_t q = 0; q < 2; q++) {
    plim_estimate seen;
    ck_assert_int_eq(plim_estimate_from_samples(samples + q, 2, REPLICAS, &seen), PLIM_OK);
    const double value = number_of(theory, measured[q], &p), other = number_of(theory, measured[q], &even);
    printf("  %-12s %.5f, seen %.5f, standard error %.5f; even steps %.5f\n", plim_quantity_name(measured[q]),
           value, seen.mean, seen.error, other);
    ck_assert_double_le(fabs(seen.mean - value), standard_errors * seen.error + drift * value);
    ck_assert_double_gt(fabs(seen.mean - other), standard_errors * seen.error + drift * other);
  }
  fflush(stdout);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("second_step");
  tcase_set_timeout(tests, 0);
  tcase_add_loop_test(tests, sizes_that_say_nothing_new, 0, 4);
  tcase_add_loop_test(tests, a_power_of_its_own, 0, 2);
  tcase_add_loop_test(tests, what_the_second_step_gains, 0, 4);
  tcase_add_test(tests, the_same_samples_again);
  tcase_add_test(tests, finite_sizes);
  return run_cases("second_step", 1, &tests);
}
