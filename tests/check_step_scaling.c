/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_step_scaling.c - the rank-one part of the gradient and the size of a step beside W0, in the limit. */
#include <math.h>

#include "fixture.h"
#include "tolerances.h"

static plim_problem odd_problem(void)
{
  plim_problem p = problem_called("gelu", "relu");
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.eta = 0.83;
  p.noise = 0.41;
  return p;
}

/* One step is linear in eta: both ratios are eta times norms of the gradient, which have reference values, over norms
   of W0. N = psi2 d, |W0|_F^2 = N. */
START_TEST(one_step_against_the_gradient)
{
  static const double exponents[] = {0.0, 0.31, 0.5};
  plim_theory *theory = new_theory();
  plim_problem p = odd_problem();
  for (int i = 0; i < 3; i++) {
    p.eta_exponent = exponents[i];
    p.d = 371.0;
    const double width = 371.0 * 1.617, eta = 0.83 * pow(width, exponents[i]);
    const double op = limit_of(theory, PLIM_GRAD_OP, &p).value;
    const double fro2 = limit_of(theory, PLIM_GRAD_FRO2, &p).value;
    assert_close(limit_of(theory, PLIM_STEP_OP, &p).value, eta * op / (1.0 + sqrt(1.617)), 1e-13, 0.0, "op");
    assert_close(limit_of(theory, PLIM_STEP_FRO, &p).value, eta * sqrt(fro2 / width), 1e-13, 0.0, "fro");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* d -> infinity at each exponent: 0, a number, or no limit. */
START_TEST(the_limit_depends_on_the_exponent)
{
  plim_theory *theory = new_theory();
  plim_problem p = odd_problem();
  plim_value value = {-7.0, -7.0};
  const double fro = sqrt(limit_of(theory, PLIM_GRAD_FRO2, &p).value);
  ck_assert_double_eq(limit_of(theory, PLIM_STEP_FRO, &p).value, 0.0);
  ck_assert_double_gt(limit_of(theory, PLIM_STEP_OP, &p).value, 0.1);
  p.eta_exponent = 0.31;
  ck_assert_double_eq(limit_of(theory, PLIM_STEP_FRO, &p).value, 0.0);
  ck_assert_int_eq(plim_limit(theory, PLIM_STEP_OP, &p, &value), PLIM_DIVERGES);
  p.eta_exponent = 0.5;
  assert_close(limit_of(theory, PLIM_STEP_FRO, &p).value, 0.83 * fro, 1e-13, 0.0, "eta0 sqrt N");
  ck_assert_int_eq(plim_limit(theory, PLIM_STEP_OP, &p, &value), PLIM_DIVERGES);
  p.eta = 0.0; /* no step, whatever the exponent */
  ck_assert_double_eq(limit_of(theory, PLIM_STEP_OP, &p).value, 0.0);
  ck_assert_double_eq(limit_of(theory, PLIM_STEP_FRO, &p).value, 0.0);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Without a rank-one part (no linear part of sigma, or nothing to fit) a growing step moves W by the rest of the
   gradient, of which the formula knows nothing: neither 0 nor infinity. */
START_TEST(a_growing_step_without_rank_one_part)
{
  plim_theory *theory = new_theory();
  for (int i = 0; i < 2; i++) {
    plim_problem p = i == 0 ? problem_called("hermite2", "relu") : problem_called("tanh", "expr:0");
    p.noise = i == 0 ? 0.713 : 0.0;
    p.eta_exponent = 0.5;
    plim_value value;
    ck_assert_int_eq(plim_limit(theory, PLIM_STEP_OP, &p, &value), PLIM_OUTSIDE_DOMAIN);
    p.d = 417.0;
    ck_assert_int_eq(plim_limit(theory, PLIM_STEP_OP, &p, &value), PLIM_OUTSIDE_DOMAIN);
    p.eta_exponent = 0.0;
    ck_assert(limit_of(theory, PLIM_STEP_OP, &p).value == 0.0);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* T steps on one batch are one step of T eta; fresh batches of infinitely many samples leave the part along beta*, and
   for a teacher without one (mu1* = 0) squares add up. */
START_TEST(several_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = odd_problem();
  plim_value value;
  p.d = 371.0;
  const double op = limit_of(theory, PLIM_STEP_OP, &p).value;
  const double fro = limit_of(theory, PLIM_STEP_FRO, &p).value;
  p.steps = 3;
  assert_close(limit_of(theory, PLIM_STEP_OP, &p).value, 3.0 * op, 1e-13, 0.0, "op, same batch");
  assert_close(limit_of(theory, PLIM_STEP_FRO, &p).value, 3.0 * fro, 1e-13, 0.0, "fro, same batch");
  p.batch = PLIM_BATCH_FRESH;
  ck_assert_double_lt(limit_of(theory, PLIM_STEP_OP, &p).value, 2.999 * op);
  p.psi1 = 1e13;
  const double along = 3.0 * 0.83 * limit_of(theory, PLIM_THETA2, &p).value / (1.0 + sqrt(1.617));
  assert_close(limit_of(theory, PLIM_STEP_OP, &p).value, along, 1e-11, 0.0, "op, many samples");
  p.eta_exponent = 0.1;
  ck_assert_int_eq(plim_limit(theory, PLIM_STEP_OP, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_STEP_FRO, &p, &value), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);

  plim_problem even = problem_called("tanh", "hermite2");
  even.d = 371.0;
  const double single[] = {limit_of(theory, PLIM_STEP_OP, &even).value,
                           limit_of(theory, PLIM_STEP_FRO, &even).value};
  even.steps = 3;
  even.batch = PLIM_BATCH_FRESH;
  assert_close(limit_of(theory, PLIM_STEP_OP, &even).value, sqrt(3.0) * single[0], 1e-12, 0.0,
               "op, mu1* = 0");
  assert_close(limit_of(theory, PLIM_STEP_FRO, &even).value, sqrt(3.0) * single[1], 1e-12, 0.0,
               "fro, mu1* = 0");
  problem_clear(&even);
  plim_theory_free(theory);
}
END_TEST

/* A is all of the gradient in the limit, but where it is nothing at all. */
START_TEST(rank_one)
{
  plim_theory *theory = new_theory();
  plim_problem p = odd_problem(), even = problem_called("hermite3", "relu"),
               still = problem_called("tanh", "expr:0.3");
  still.noise = 0.0;
  ck_assert_double_eq(limit_of(theory, PLIM_GRAD_RANK_ONE, &p).value, 0.0);
  ck_assert_double_eq(limit_of(theory, PLIM_GRAD_RANK_ONE, &even).value, 1.0);
  ck_assert_double_eq(limit_of(theory, PLIM_GRAD_RANK_ONE, &still).value, 1.0);
  problem_clear(&p);
  problem_clear(&even);
  problem_clear(&still);
  plim_theory_free(theory);
}
END_TEST

START_TEST(bounds_are_of_use)
{
  static const plim_quantity both[] = {PLIM_STEP_OP, PLIM_STEP_FRO};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("softplus", "sin");
  sweep s = {1931};
  for (int i = 0; i < 1000; i++) {
    sweep_problem(&s, &p);
    p.eta_exponent = 0.5 * sweep_uniform(&s);
    p.d = sweep_log(&s, 1.0, 1e6);
    for (int q = 0; q < 2; q++) {
      const plim_value value = limit_of(theory, both[q], &p);
      ck_assert(value.value >= 0.0 && value.error <= TOLERANCE_BOUND * value.value);
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("limits");
  tcase_add_test(tests, one_step_against_the_gradient);
  tcase_add_test(tests, the_limit_depends_on_the_exponent);
  tcase_add_test(tests, a_growing_step_without_rank_one_part);
  tcase_add_test(tests, several_steps);
  tcase_add_test(tests, rank_one);
  tcase_add_test(tests, bounds_are_of_use);
  return run_case(tests, "step_scaling");
}
