/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_effect.c - what a claim says that the gradient step changes, beside its margin. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#include "planted_claims.h"
#include "run_cases.h"

/* What the step changes, by hand: R0 - R1 has a formula of its own. */
static double delta_at(double n, double width, double lambda, double eta)
{
  plim_theory *theory = NULL;
  plim_value delta = {NAN, NAN};
  plim_problem problem = plim_problem_default();
  plim_activation *tanh_itself = NULL, *teacher = NULL;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_itself, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("expr:1.9*tanh(z)+0.3*(z*z-1)", &teacher, NULL), PLIM_OK);
  problem.psi1 = n / 13.0, problem.psi2 = width / 13.0, problem.lambda = lambda, problem.eta = eta;
  problem.noise = 0.253, problem.activation = tanh_itself, problem.teacher = teacher;
  ck_assert_int_eq(plim_limit(theory, PLIM_DELTA, &problem, &delta), PLIM_OK);
  plim_activation_free(tanh_itself);
  plim_activation_free(teacher);
  plim_theory_free(theory);
  return delta.value;
}

static void assert_effect(const char *claim, size_t finding, double effect)
{
  const planting how = {0};
  plim_claim_result result = planted_result(claim, &how);
  ck_assert_uint_lt(finding, result.count);
  const double found = result.findings[finding].effect;
  ck_assert_msg(isnan(effect) ? isnan(found) : fabs(found - effect) < 1e-9, "%s: %g for %g", claim, found,
                effect);
  plim_claim_result_free(&result);
}

START_TEST(effect_of_the_step)
{
  assert_effect("risk-after-step", 0, -delta_at(31, 21, 0.137, 2.13));
  assert_effect("improvement", 0, delta_at(31, 21, 0.137, 1.42));           /* of a difference: of both */
  assert_effect("gaussian-equivalence", 0, -delta_at(31, 21, 0.137, 2.13)); /* of equals: of one */
  assert_effect("risk-initial", 0, NAN);                                    /* there is no step */
  assert_effect("improvement", 2, NAN);                                     /* a bound */
  assert_effect("linear-regime", 0, NAN);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *all = tcase_create("effect");
  tcase_set_timeout(all, 0);
  tcase_add_test(all, effect_of_the_step);
  return run_cases("effect", 1, &all);
}
