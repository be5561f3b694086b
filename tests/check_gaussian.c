/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_gaussian.c - Gaussian coefficients and smoothed activations. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static plim_coefficients coefficients_called(const char *name)
{
  plim_coefficients c;
  plim_activation *activation = activation_called(name);
  const plim_status status = plim_coefficients_compute(activation, &c);
  ck_assert_msg(status == PLIM_OK, "%s: %s", name, plim_status_name(status));
  plim_activation_free(activation);
  return c;
}

static plim_status status_of(const char *name)
{
  plim_coefficients c;
  plim_activation *activation = activation_called(name);
  const plim_status status = plim_coefficients_compute(activation, &c);
  plim_activation_free(activation);
  return status;
}

static void check_one(plim_value value, double expected, const char *activation, const char *what)
{
  char label[96];
  snprintf(label, sizeof label, "%s of %s", what, activation);
  assert_within_error(value, expected, label);
  assert_close(value.value, expected, TOLERANCE_COEFFICIENTS, 1e-16, label);
  ck_assert_msg(value.error <= TOLERANCE_COEFFICIENTS * (fabs(expected) + 0.1), "%s: bound %.3g", label,
                value.error);
}

START_TEST(eleven_against_many_digits)
{
  reference_table *table = reference_table_read("activation.csv");
  ck_assert_uint_eq(table->rows, PLIM_ACTIVATION_COUNT);
  for (size_t row = 0; row < table->rows; row++) {
    const char *name = reference_text(table, row, "activation");
    const plim_coefficients c = coefficients_called(name);
    check_one(c.mean, reference_number(table, row, "mean"), name, "mean");
    check_one(c.mu1, reference_number(table, row, "mu1"), name, "mu1");
    check_one(c.mu2, reference_number(table, row, "mu2"), name, "mu2");
    check_one(c.nu2, reference_number(table, row, "nu2"), name, "nu2");
  }
  reference_table_free(table);
}
END_TEST

static plim_value second_called(const char *name)
{
  return coefficients_called(name).c2;
}

/* E sigma'': closed forms; 0 of what is odd, apart from a constant, however large; by sigma' of the expression. */
START_TEST(second_coefficients)
{
  const double root_2 = sqrt(2.0), root_2pi = sqrt(2.0 * M_PI);
  check_one(second_called("relu"), 1.0 / root_2pi, "relu", "E sigma''");
  check_one(second_called("hermite2"), root_2, "hermite2", "E sigma''");
  check_one(second_called("gelu"), 0.75 * root_2 / root_2pi, "gelu", "E sigma''"); /* E (2 - z^2) phi(z) */
  check_one(second_called("expr:z*z*z*z-2.385*z*z+z"), 12.0 - 2.0 * 2.385, "expr", "E sigma''");
  const char *const odd[] = {"linear", "tanh", "erf", "sin", "hermite3"};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
    ck_assert_msg(second_called(odd[i]).value == 0.0, "%s", odd[i]);
  const char *const shifted[] = {"sigmoid", "expr:tanh(z)+2.385", "expr:sin(z)-1234.5"};
  for (size_t i = 0; i < sizeof shifted / sizeof shifted[0]; i++)
    ck_assert_msg(second_called(shifted[i]).value == 0.0, "%s", shifted[i]);
  assert_within_error(second_called("expr:1234.5+0.01*z*z"), 0.02, "E sigma'' beside a large constant");
}
END_TEST

/* What is 0 is 0, not 1e-17 or the root of a negative number. */
START_TEST(zeros_are_exact)
{
  const plim_coefficients linear = coefficients_called("linear");
  ck_assert(linear.mean.value == 0.0 && linear.mu2.value == 0.0 && linear.mu2.error == 0.0);
  ck_assert(linear.nu2.value == 0.0);
  ck_assert(coefficients_called("tanh").mean.value == 0.0);
  ck_assert(coefficients_called("hermite2").mu1.value == 0.0);
  ck_assert(coefficients_called("hermite3").mu1.value == 0.0);
  const plim_coefficients constant = coefficients_called("expr:2.385");
  ck_assert(constant.mu1.value == 0.0 && constant.mu2.value == 0.0);
  assert_within_error(constant.nu2, 0.0, "nu2 of a constant");
  assert_within_error(constant.mean, 2.385, "mean of a constant");
}
END_TEST

/* E sigma'' without a second derivative: E (z^2 - 1) sigma. */
START_TEST(curvature)
{
  const double root_pi = sqrt(M_PI);
  assert_within_error(coefficients_called("relu").c2, 1.0 / sqrt(2.0 * M_PI), "c2 of relu");
  assert_within_error(coefficients_called("gelu").c2, 0.75 / root_pi, "c2 of gelu");
  assert_within_error(coefficients_called("hermite2").c2, sqrt(2.0), "c2 of hermite2");
  assert_within_error(coefficients_called("expr:2.385+abs(z)").c2, sqrt(2.0 / M_PI), "c2 of |z|");
  assert_within_error(coefficients_called("expr:1e3+tanh(z)+0.31*(z^2-1)").c2, 0.62, "c2 beside a constant");
  static const char *const odd[] = {"linear", "tanh", "erf", "sin", "sigmoid", "hermite3"};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    const plim_coefficients c = coefficients_called(odd[i]);
    ck_assert(c.c2.value == 0.0 && c.c2.error < TOLERANCE_COEFFICIENTS);
  }
}
END_TEST

/* Pure noise is a teacher: what is 0 everywhere has coefficients, and they are 0. */
START_TEST(nothing_at_all)
{
  static const char *const names[] = {"expr:0", "expr:0*z", "expr:z-z"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const plim_coefficients c = coefficients_called(names[i]);
    ck_assert(v_is_zero(c.mean) && v_is_zero(c.mu1) && v_is_zero(c.mu2) && v_is_zero(c.nu2) &&
              v_is_zero(c.c2));
  }
}
END_TEST

START_TEST(closed_forms)
{
  const plim_coefficients c = coefficients_called("erf");
  const double mu1 = 2.0 / sqrt(3.0 * M_PI), square = 2.0 / M_PI * asin(2.0 / 3.0);
  assert_within_error(c.mu1, mu1, "mu1 of erf");
  assert_close(c.mu2.value, sqrt(square - mu1 * mu1), 1e-14, 0.0, "mu2 of erf");
  const plim_coefficients s = coefficients_called("sin");
  assert_within_error(s.mu1, exp(-0.5), "mu1 of sin");
  assert_close(s.nu2.value, 0.5 * (1.0 + exp(-2.0)) - exp(-1.0), 1e-14, 0.0, "nu2 of sin");
}
END_TEST

/* A kink away from 0: E |z - c| and E z |z - c| in closed form, Var sign(z - c). */
START_TEST(expression_with_a_kink)
{
  const double cut = 0.713, density = exp(-0.5 * cut * cut) / sqrt(2.0 * M_PI);
  const double below = gsl_cdf_ugaussian_P(cut), mean = 2.0 * density + cut * (2.0 * below - 1.0);
  const double mu1 = 1.0 - 2.0 * below, square = 1.0 + cut * cut;
  const plim_coefficients c = coefficients_called("expr:abs(z-0.713)");
  assert_close(c.mean.value, mean, 1e-12, 0.0, "mean");
  assert_close(c.mu1.value, mu1, 1e-12, 0.0, "mu1");
  assert_close(c.mu2.value, sqrt(square - mean * mean - mu1 * mu1), 1e-12, 0.0, "mu2");
  assert_close(c.nu2.value, 1.0 - mu1 * mu1, 1e-9, 0.0, "nu2"); /* sigma' is taken by differences */
}
END_TEST

START_TEST(expressions_agree_with_names)
{
  static const char *const pairs[][2] = {{"tanh", "expr:tanh(z)"},
                                         {"softplus", "expr:ln(1+exp(z))"},
                                         {"relu", "expr:max(z,0)"},
                                         {"silu", "expr:z/(1+exp(-z))"},
                                         {"hermite3", "expr:(z^3-3*z)/sqrt(6)"}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    const plim_coefficients named = coefficients_called(pairs[i][0]),
                            written = coefficients_called(pairs[i][1]);
    assert_close(written.mean.value, named.mean.value, 1e-12, 1e-14, pairs[i][0]);
    assert_close(written.mu1.value, named.mu1.value, 1e-12, 1e-14, pairs[i][0]);
    assert_close(written.mu2.value, named.mu2.value, 1e-12, 0.0, pairs[i][0]);
    assert_close(written.nu2.value, named.nu2.value, 1e-9, 0.0, pairs[i][0]);
    ck_assert(fabs(written.nu2.value - named.nu2.value) <= written.nu2.error + named.nu2.error);
  }
}
END_TEST

/* E (z + e He3)^2 - 1 = 6 e^2: a difference of averages would have no digit left. */
START_TEST(nearly_linear_keeps_its_digits)
{
  const plim_coefficients c = coefficients_called("expr:z+1e-8*(z^3-3*z)");
  assert_within_error(c.mu2, 1e-8 * sqrt(6.0), "mu2");
  assert_close(c.mu2.value, 1e-8 * sqrt(6.0), 1e-6, 0.0, "mu2");
}
END_TEST

/* Mass far out, where the density is 1e-9 of its top: E e^(2 c z) = e^(2 c^2). */
START_TEST(mass_in_the_tail)
{
  const double c = 3.1, mean = exp(0.5 * c * c);
  const plim_coefficients e = coefficients_called("expr:exp(3.1*z)");
  assert_close(e.mean.value, mean, 1e-12, 0.0, "mean");
  assert_close(e.mu1.value, c * mean, 1e-12, 0.0, "mu1");
  assert_close(e.mu2.value, sqrt(exp(2.0 * c * c) - mean * mean * (1.0 + c * c)), 1e-11, 0.0, "mu2");
}
END_TEST

START_TEST(not_square_integrable)
{
  ck_assert_int_eq(status_of("expr:exp(z^2/3)"), PLIM_NOT_FINITE);
  ck_assert_int_eq(status_of("expr:exp(0.26*z^2)"), PLIM_NOT_FINITE);
  ck_assert_int_eq(status_of("expr:exp(z^2)"), PLIM_NOT_FINITE);
  ck_assert_int_eq(status_of("expr:exp(0.2*z^2)"), PLIM_OK);
}
END_TEST

static void check_smoothed(const char *name, double v, double value, double slope)
{
  plim_activation *activation = activation_called(name);
  plimi_smoother *smoother = NULL;
  double got, got_slope;
  ck_assert_int_eq(plimi_smoother_alloc(activation, 20.0, &smoother), PLIM_OK);
  ck_assert_int_eq(plimi_smooth(smoother, v, &got, &got_slope), PLIM_OK);
  const double error = plimi_smoother_error(smoother);
  assert_close(got, value, error, error, name);
  assert_close(got_slope, slope, error, error * (1.0 + fabs(value)), name);
  ck_assert(error < 1e-13);
  ck_assert_int_eq(plimi_smooth(smoother, 25.5, &got, &got_slope), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plimi_smooth(smoother, -25.5, &got, &got_slope), PLIM_OUTSIDE_DOMAIN);
  plimi_smoother_free(smoother);
  plim_activation_free(activation);
}

/* E erf(v + y) = erf(v/sqrt 3), E max(v + y, 0) = v Phi(v) + phi(v), and polynomials. */
START_TEST(smoothed_activations)
{
  const double points[] = {-7.919, -1.313, -0.0713, 0.419, 1.0, 3.771, 11.37};
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    const double v = points[i], density = exp(-0.5 * v * v) / sqrt(2.0 * M_PI);
    check_smoothed("erf", v, erf(v / sqrt(3.0)), 2.0 / sqrt(3.0 * M_PI) * exp(-v * v / 3.0));
    check_smoothed("relu", v, v * gsl_cdf_ugaussian_P(v) + density, gsl_cdf_ugaussian_P(v));
    check_smoothed("sin", v, exp(-0.5) * sin(v), exp(-0.5) * cos(v));
    check_smoothed("hermite2", v, v * v / sqrt(2.0), sqrt(2.0) * v);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("gaussian");
  tcase_add_test(tests, eleven_against_many_digits);
  tcase_add_test(tests, second_coefficients);
  tcase_add_test(tests, zeros_are_exact);
  tcase_add_test(tests, curvature);
  tcase_add_test(tests, nothing_at_all);
  tcase_add_test(tests, closed_forms);
  tcase_add_test(tests, expression_with_a_kink);
  tcase_add_test(tests, expressions_agree_with_names);
  tcase_add_test(tests, nearly_linear_keeps_its_digits);
  tcase_add_test(tests, mass_in_the_tail);
  tcase_add_test(tests, not_square_integrable);
  tcase_add_test(tests, smoothed_activations);
  return run_case(tests, "gaussian");
}
