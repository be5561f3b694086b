/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step.c - one risk for every step size: reference values, second routes, limits, domain. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../theory/any_step/any_step.h"
#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

/* What plim_theory_alloc promises of these quantities, relative. */
static const double usual_tolerance = 1e-7;

/* A problem with e = eta/sqrt N at d. */
static plim_problem large_problem(const char *activation, const char *teacher, double e, double d)
{
  plim_problem p = problem_called(activation, teacher);
  p.eta = e;
  p.eta_exponent = 0.5;
  p.d = d;
  return p;
}

static plim_readout readout_called(const char *name)
{
  for (int i = 0; i < PLIM_READOUT_COUNT; i++)
    if (strcmp(plim_readout_name((plim_readout)i), name) == 0)
      return (plim_readout)i;
  ck_abort_msg("no readout is called %s", name);
}

static void check_cell(plim_theory *theory, const reference_table *table, size_t row, plim_quantity quantity)
{
  char what[64];
  const bool is_real = quantity == PLIM_RISK || quantity == PLIM_TRAIN;
  plim_problem p = reference_problem(table, row);
  p.d = reference_number(table, row, "d");
  p.eta = reference_number(table, row, "eta_over_sqrt_width");
  p.eta_exponent = 0.5;
  p.readout = readout_called(reference_text(table, row, "readout"));
  const double expected = reference_number(table, row, plim_quantity_name(quantity));
  const double relative = reference_number(table, row, is_real ? "relative_error" : "srf_relative_error");
  const plim_value value = limit_of(theory, quantity, &p);
  snprintf(what, sizeof what, "%s, row %zu", plim_quantity_name(quantity), row);
  assert_close(value.value, expected, relative, value.error, what);
  ck_assert(value.error <= usual_tolerance * expected);
  problem_clear(&p);
}

/* Values from an independent program (contours, all of zeta, damped iteration), within its errors. */
START_TEST(reference_values)
{
  static const plim_quantity quantities[] = {PLIM_SRF_RISK, PLIM_SRF_TRAIN, PLIM_RISK, PLIM_TRAIN};
  reference_table *table = reference_table_read("any_step.csv");
  plim_theory *theory = new_theory();
  for (size_t row = 0; row < table->rows; row++)
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++)
      check_cell(theory, table, row, quantities[i]);
  ck_assert_uint_ge(table->rows, 12);
  plim_theory_free(theory);
  reference_table_free(table);
}
END_TEST

/* Fixed eta, d -> infinity: section 5, at the rate d^-1/2 of the gradient's f0 term (d^-1 without it). */
START_TEST(small_step_limit)
{
  static const double relative = 1e-6, far = 1e12, near = 1e8; /* near: where O(1/d) is all there */
  static const plim_quantity pairs[][2] = {{PLIM_RISK, PLIM_RISK1},
                                           {PLIM_TRAIN, PLIM_TRAIN1},
                                           {PLIM_SRF_RISK, PLIM_RISK1},
                                           {PLIM_SRF_TRAIN, PLIM_TRAIN1}};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.lambda = 0.0137;
  p.noise = 0.25;
  p.eta = 1.31;
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    p.d = INFINITY;
    const double limit = limit_of(theory, pairs[i][1], &p).value;
    ck_assert(limit_of(theory, pairs[i][0], &p).value == limit); /* by section 5 itself */
    p.d = far;
    assert_close(limit_of(theory, pairs[i][0], &p).value, limit, relative, 0.0, "far");
    p.d = near;
    const double gap = limit_of(theory, pairs[i][0], &p).value / limit - 1.0;
    p.d = 0.01 * near;
    const double ratio = (limit_of(theory, pairs[i][0], &p).value / limit - 1.0) / gap;
    ck_assert_msg(i < 2 ? fabs(ratio - 10.0) < 0.5 : fabs(ratio - 100.0) < 40.0, "%zu: %g", i, ratio);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

static void refuse(plim_theory *theory, const plim_problem *p, plim_status expected, const char *what)
{
  static const plim_quantity quantities[] = {PLIM_RISK, PLIM_TRAIN, PLIM_SRF_RISK, PLIM_SRF_TRAIN};
  for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
    plim_value value = {-7.0, -7.0};
    const plim_status status = plim_limit(theory, quantities[i], p, &value);
    ck_assert_msg(status == expected, "%s: %s", what, plim_status_name(status));
    ck_assert(value.value == -7.0 && value.error == -7.0);
  }
}

START_TEST(domain)
{
  static const char *const no_push[] = {"hermite2", "hermite3", "expr:z^2+0.1*z^4"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof no_push / sizeof no_push[0]; i++) {
    plim_problem p = large_problem(no_push[i], "erf", 0.7, 417.0);
    for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
      p.readout = (plim_readout)readout;
      refuse(theory, &p, PLIM_OUTSIDE_DOMAIN, no_push[i]);
    }
    problem_clear(&p);
  }
  plim_problem p = large_problem("hermite3", "erf", 0.7, 417.0); /* no push; but a small step is section 5 */
  refuse(theory, &p, PLIM_OUTSIDE_DOMAIN, "mu1 = 0");
  p.d = INFINITY;
  p.eta_exponent = 0.0;
  ck_assert(limit_of(theory, PLIM_RISK, &p).value == limit_of(theory, PLIM_RISK1, &p).value);
  problem_clear(&p);
  p = large_problem("tanh", "erf", 0.7, 417.0);
  p.steps = 2;
  refuse(theory, &p, PLIM_OUTSIDE_DOMAIN, "two steps");
  p.steps = 1;
  p.lambda = 0.0;
  refuse(theory, &p, PLIM_OUTSIDE_DOMAIN, "no ridge");
  p.lambda = 0.01;
  p.noise = -1.0;
  refuse(theory, &p, PLIM_INVALID, "noise");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Neurons with zeta = 1 and -1 differ by a sign that the ridge regression undoes; no step is section 5
   at any d. */
START_TEST(special_cases)
{
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("tanh", "softplus", 0.83, 317.0);
  p.psi1 = 0.731;
  p.readout = PLIM_READOUT_CONSTANT;
  const plim_value constant = limit_of(theory, PLIM_RISK, &p);
  p.readout = PLIM_READOUT_RADEMACHER;
  ck_assert(limit_of(theory, PLIM_RISK, &p).value == constant.value);
  p.readout = PLIM_READOUT_GAUSSIAN;
  p.eta = 0.0;
  ck_assert(limit_of(theory, PLIM_RISK, &p).value == limit_of(theory, PLIM_RISK0, &p).value);
  p.eta = 1e-9; /* and the formula goes there */
  assert_close(limit_of(theory, PLIM_RISK, &p).value, limit_of(theory, PLIM_RISK0, &p).value, 1e-7, 0.0,
               "e -> 0");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, limit_of(theory, PLIM_TRAIN0, &p).value, 1e-7, 0.0,
               "e -> 0");
  problem_clear(&p);

  p = large_problem("tanh", "expr:0.731", 0.83, 317.0); /* nothing to learn, nothing in the way */
  p.noise = 0.0;
  ck_assert(limit_of(theory, PLIM_RISK, &p).value == 0.0 && limit_of(theory, PLIM_TRAIN, &p).value == 0.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* psi1 -> infinity with a Gaussian readout: the real step is the spiked model. (At |zeta| = 1 it is not: a neuron's
   length depends on <beta*, w_j>; check_any_activation.c.) */
START_TEST(large_batch_limit)
{
  static const double relative = 2e-5; /* the distance is O(1/psi1) */
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("erf", "erf", 1.37, INFINITY);
  p.psi1 = 1e6;
  p.psi2 = 1.617;
  p.lambda = 0.0137;
  p.noise = 0.21;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, limit_of(theory, PLIM_SRF_RISK, &p).value, relative,
               0.0, "risk");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, limit_of(theory, PLIM_SRF_TRAIN, &p).value, relative,
               0.0, "train");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- the promise: every point of the box, within its own error ---- */

START_TEST(whole_box)
{
  static const char *const activations[] = {"tanh", "erf", "sin", "sigmoid"};
  static const char *const teachers[] = {"tanh", "relu", "sin", "softplus", "hermite2", "linear"};
  enum { POINTS = 60 };
  plim_theory *coarse = new_theory(), *fine = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(coarse, 1e-4), PLIM_OK);
  sweep s = {20220501445ULL};
  for (int i = 0; i < POINTS; i++) {
    const char *activation = activations[sweep_index(&s, 4)], *teacher = teachers[sweep_index(&s, 6)];
    plim_problem p = large_problem(activation, teacher, sweep_log(&s, 1e-4, 30.0), sweep_log(&s, 50.0, 1e5));
    p.psi1 = sweep_log(&s, 0.05, 50.0);
    p.psi2 = sweep_log(&s, 0.05, 50.0);
    p.lambda = sweep_log(&s, 1e-8, 1e3);
    p.noise = i % 4 == 0 ? 0.0 : sweep_log(&s, 1e-2, 2.0);
    p.readout = i % 3 == 0 ? PLIM_READOUT_CONSTANT : PLIM_READOUT_GAUSSIAN;
    p.d = i % 5 == 2 ? INFINITY : p.d;
    static const plim_quantity both[] = {PLIM_RISK, PLIM_TRAIN};
    for (size_t j = 0; j < 2; j++) {
      const plim_value rough = limit_of(coarse, both[j], &p), value = limit_of(fine, both[j], &p);
      ck_assert(value.value > 0.0 && value.error <= usual_tolerance * value.value);
      assert_close(rough.value, value.value, 0.0, rough.error + value.error, plim_quantity_name(both[j]));
    }
    problem_clear(&p);
  }
  plim_theory_free(coarse);
  plim_theory_free(fine);
}
END_TEST

/* A point that coarse rules get wrong by 3e-5; the value is that of an independent program with 1200 nodes in k. */
START_TEST(hard_point)
{
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("erf", "softplus", 1.869, 1180.0);
  p.psi1 = 4.818;
  p.psi2 = 35.0;
  p.lambda = 1.67e-8;
  p.noise = 1.39;
  p.readout = PLIM_READOUT_CONSTANT;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, 0.88120409638027, usual_tolerance, 0.0, "risk");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, 2.7146039892583e-11, usual_tolerance, 0.0, "train");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(tolerance)
{
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("tanh", "relu", 1.37, 413.0);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-2), PLIM_OK);
  const plim_value rough = limit_of(theory, PLIM_RISK, &p);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-5),
                   PLIM_OK); /* the same tables, not the same answer */
  const plim_value better = limit_of(theory, PLIM_RISK, &p);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-10), PLIM_OK);
  const plim_value best = limit_of(theory, PLIM_RISK, &p);
  ck_assert(rough.error <= 1e-2 * rough.value && better.error <= 1e-5 * better.value);
  ck_assert(best.error <= 1e-10 * best.value && best.error < better.error && better.error <= rough.error);
  assert_close(rough.value, best.value, 0.0, rough.error + best.error, "1e-2");
  assert_close(better.value, best.value, 0.0, better.error + best.error, "1e-5");
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-12), PLIM_INVALID);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 0.1), PLIM_INVALID);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, NAN), PLIM_INVALID);
  ck_assert_int_eq(plim_theory_set_tolerance(NULL, 1e-3), PLIM_INVALID);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_step");
  tcase_add_test(tests, reference_values);
  tcase_add_test(tests, small_step_limit);
  tcase_add_test(tests, domain);
  tcase_add_test(tests, special_cases);
  tcase_add_test(tests, large_batch_limit);
  tcase_add_test(tests, whole_box);
  tcase_add_test(tests, hard_point);
  tcase_add_test(tests, tolerance);
  return run_case(tests, "any_step");
}
