/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_theory.c - the workspace, the descriptors and the bibliography. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../theory/bounded.h"
#include "fixture.h"

/* Every quantity has a limit, and its descriptor says where it comes from, in words a user can read. */
START_TEST(descriptors)
{
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plim_limit_info *info = plim_limit_describe((plim_quantity)i);
    ck_assert_ptr_nonnull(info);
    ck_assert_int_eq((int)info->quantity, i);
    ck_assert(strlen(info->source) > 3 && strlen(info->statement) > 40 && strlen(info->domain) > 5);
    ck_assert(info->drift_rate >= 0.5 && info->drift_rate <= 1.0);
    char keys[128];
    ck_assert_uint_lt(strlen(info->keys), sizeof keys);
    strcpy(keys, info->keys);
    int count = 0;
    for (char *key = strtok(keys, ","); key != NULL; key = strtok(NULL, ",")) {
      const char *entry = plim_reference(key);
      ck_assert_msg(entry != NULL, "%s: no entry for %s", plim_quantity_name((plim_quantity)i), key);
      ck_assert(entry[0] == '@' && strstr(entry, key) != NULL && strstr(entry, "year") != NULL);
      ck_assert(entry[strlen(entry) - 2] == '}');
      count++;
    }
    ck_assert_int_gt(count, 0);
  }
  ck_assert_ptr_null(plim_limit_describe(PLIM_QUANTITY_COUNT));
  ck_assert_ptr_null(plim_reference("NOBODY"));
}
END_TEST

/* The declared drift, on which the extrapolation stands: 1/d for what is a function of the features at W0 or of fixed
   kernels, and for means of the first gradient; d^-1/2 after a step, whose f of size N^-1/2 shrinks W0 along the
   readout (theory.md section 13). */
START_TEST(drift_rates)
{
  static const plim_quantity after_step[] = {PLIM_RISK1,  PLIM_TRAIN1,       PLIM_DELTA,
                                             PLIM_W1_TOP, PLIM_W1_LEFT_BETA, PLIM_W1_RIGHT_A,
                                             PLIM_CK_TOP, PLIM_CK_LEFT_XBETA};
  static const plim_quantity others[] = {PLIM_RISK0,        PLIM_TRAIN0,           PLIM_KAPPA,
                                         PLIM_DF2,          PLIM_THETA1,           PLIM_THETA2,
                                         PLIM_GRAD_OP,      PLIM_GRAD_FRO2,        PLIM_NTK_RIDGE,
                                         PLIM_LINEAR_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST};
  for (size_t i = 0; i < sizeof after_step / sizeof *after_step; i++)
    ck_assert_double_eq(plim_limit_describe(after_step[i])->drift_rate, 0.5);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    ck_assert_double_eq(plim_limit_describe(others[i])->drift_rate, 1.0);
}
END_TEST

/* More activations than the workspace remembers, again and again, and one name under two addresses. */
START_TEST(memory_of_activations)
{
  plim_theory *theory = new_theory();
  for (int round = 0; round < 2; round++) {
    for (int i = 1; i <= 20; i++) {
      char name[64];
      snprintf(name, sizeof name, "expr:%d*tanh(z)", i);
      plim_problem p = problem_called(name, "erf");
      const plimi_input in = input_of(theory, &p);
      assert_close(in.sigma.mu1.value, 0.60570550960215883 * i, 1e-12, 0.0, name);
      problem_clear(&p);
    }
  }
  plim_theory_free(theory);
}
END_TEST

START_TEST(refusals)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  plim_value value = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_QUANTITY_COUNT, &p, &value), PLIM_INVALID);
  ck_assert_int_eq(plim_limit(NULL, PLIM_RISK0, &p, &value), PLIM_INVALID);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, NULL, &value), PLIM_INVALID);
  p.psi1 = -1.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_LOWER_BOUND, &p, &value), PLIM_INVALID);
  p.psi1 = 2.385;
  p.noise = 1e200; /* noise^2 is not a double, and neither is the risk */
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_NOT_FINITE);
  problem_clear(&p);

  p = problem_called("hermite3", "relu"); /* mu1 = 0 to within rounding, which this step takes for a spike */
  p.eta = 1e200;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_NOT_CONVERGED);
  ck_assert_int_eq(plim_limit(theory, PLIM_W1_RIGHT_A, &p, &value), PLIM_NOT_CONVERGED);
  problem_clear(&p);

  static const char *const constants[] = {"expr:0.731", "expr:0", "expr:0*z", "expr:z-z"};
  static const plim_quantity of_features[] = {PLIM_RISK0,  PLIM_KAPPA,     PLIM_THETA1,  PLIM_CK_TOP,
                                              PLIM_W1_TOP, PLIM_NTK_RIDGE, PLIM_TAU_STAR};
  for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) { /* a constant has no features */
    p = problem_called(constants[k], "relu");
    for (size_t i = 0; i < sizeof of_features / sizeof *of_features; i++)
      ck_assert_int_eq(plim_limit(theory, of_features[i], &p, &value), PLIM_OUTSIDE_DOMAIN);
    ck_assert(value.value == -7.0 && value.error == -7.0);
    plim_value other;
    ck_assert_int_eq(plim_limit(theory, PLIM_LINEAR_RIDGE, &p, &other), PLIM_OK);
    problem_clear(&p);
  }

  p = problem_called("tanh", "expr:exp(z^2/3)");
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, &p, &value), PLIM_NOT_FINITE);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A constant teacher is learned: risk 0, or the price of noise alone, which is a use of its own. */
START_TEST(constant_teacher)
{
  static const char *const teachers[] = {"expr:0.731", "expr:0", "expr:0*z", "expr:z-z"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof teachers / sizeof *teachers; i++) {
    plim_problem p = problem_called("tanh", teachers[i]);
    p.noise = 0.0;
    ck_assert(limit_of(theory, PLIM_RISK1, &p).value == 0.0 &&
              limit_of(theory, PLIM_THETA1, &p).value == 0.0);
    ck_assert(limit_of(theory, PLIM_GRAD_RANK_ONE, &p).value == 1.0);
    p.noise = 0.5;
    assert_within_error(limit_of(theory, PLIM_RISK0, &p), 0.0863506316468874, "risk0 of pure noise");
    assert_within_error(limit_of(theory, PLIM_THETA1, &p), 0.214149236620870, "theta1 of pure noise");
    ck_assert(limit_of(theory, PLIM_THETA2, &p).value == 0.0 &&
              limit_of(theory, PLIM_DELTA, &p).value == 0.0);
    p.eta = 23.85; /* beyond the threshold: the spike is noise */
    ck_assert(limit_of(theory, PLIM_W1_RIGHT_A, &p).value > 0.9);
    ck_assert(limit_of(theory, PLIM_W1_LEFT_BETA, &p).value == 0.0);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* Running error analysis: each bound holds against long double, and stays within a few roundings. */
START_TEST(error_arithmetic)
{
  sweep s = {19};
  for (int i = 0; i < 100000; i++) {
    const plim_value x = {sweep_log(&s, 1e-6, 1e6), 0.0}, y = {sweep_log(&s, 1e-6, 1e6), 0.0};
    const plim_value shifted = {x.value * (1.0 + 1e-9 * (sweep_uniform(&s) - 0.5)), 1e-9 * x.value};
    const long double lx = x.value, ly = y.value;
    const plim_value results[] = {v_add(shifted, y), v_sub(shifted, y), v_mul(shifted, y),
                                  v_div(shifted, y), v_div(y, shifted), v_sqrt(shifted),
                                  v_add(x, y),       v_sqrt(x),         v_div(x, y)};
    const long double exact[] = {lx + ly,   lx - ly, lx * ly,   lx / ly, ly / lx,
                                 sqrtl(lx), lx + ly, sqrtl(lx), lx / ly};
    for (size_t j = 0; j < sizeof exact / sizeof exact[0]; j++) {
      ck_assert(fabsl(results[j].value - exact[j]) <= results[j].error);
      if (j >= 6)
        ck_assert(results[j].error <= 2.0 * DBL_EPSILON * fabs(results[j].value));
    }
  }
  const plim_value nearly_0 = {1e-20, 2e-20};
  ck_assert(!v_is_finite(v_div(v_exact(1.0), nearly_0)) && v_sqrt(nearly_0).error >= sqrt(3e-20) - 1e-10);
  ck_assert(v_sqrt((plim_value){0.0, 4e-28}).error >= 2e-14);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("theory");
  tcase_add_test(tests, descriptors);
  tcase_add_test(tests, drift_rates);
  tcase_add_test(tests, memory_of_activations);
  tcase_add_test(tests, refusals);
  tcase_add_test(tests, constant_teacher);
  tcase_add_test(tests, error_arithmetic);
  return run_case(tests, "theory");
}
