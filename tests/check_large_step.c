/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_large_step.c - tau* and k*: closed forms, many-digit values, and a global search that knows no derivative. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_math.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

typedef struct {
  plim_value tau, k;
  plim_status k_status;
} answer;

static answer answer_of(const char *activation, const char *teacher)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called(activation, teacher);
  answer a = {.k = {NAN, NAN}};
  a.tau = limit_of(theory, PLIM_TAU_STAR, &p);
  a.k_status = plim_limit(theory, PLIM_KAPPA_STAR, &p, &a.k);
  problem_clear(&p);
  plim_theory_free(theory);
  return a;
}

/* E erf(k x + y) = erf(k x/sqrt 3). A linear sigma fits mu1* and leaves mu2*^2. E ((k x + y)^2 - 1) = k^2 x^2,
   whose best fit to x^2 - 1 has k^2 = 2/3 and leaves 1/3. */
START_TEST(closed_forms)
{
  const answer erfs = answer_of("erf", "erf");
  assert_within_error(erfs.k, M_SQRT3, "k* of erf/erf");
  assert_within_error(erfs.tau, 0.0, "tau* of erf/erf");
  ck_assert(erfs.tau.value < 1e-28 && erfs.k.error < 1e-12);
  const answer squares = answer_of("hermite2", "hermite2");
  assert_within_error(squares.k, sqrt(2.0 / 3.0), "k* of hermite2/hermite2"); /* and not its negative */
  assert_within_error(squares.tau, 1.0 / 3.0, "tau* of hermite2/hermite2");
  const answer odd = answer_of("tanh", "hermite2"); /* nothing in common: the flat model is best */
  assert_within_error(odd.k, 0.0, "k* of tanh/hermite2");
  assert_within_error(odd.tau, 1.0, "tau* of tanh/hermite2");

  plim_theory *theory = new_theory();
  plim_problem p = problem_called("linear", "softplus");
  const plimi_input in = input_of(theory, &p);
  assert_close(limit_of(theory, PLIM_KAPPA_STAR, &p).value, in.star.mu1.value, 1e-13, 0.0, "k* = mu1*");
  assert_close(limit_of(theory, PLIM_TAU_STAR, &p).value, in.star2.value, 1e-12, 0.0, "tau* = mu2*^2");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(many_digits)
{
  reference_table *table = reference_table_read("golden_large_step.csv");
  for (size_t row = 0; row < table->rows; row++) {
    const char *teacher = reference_text(table, row, "teacher");
    const answer a = answer_of(reference_text(table, row, "activation"), teacher);
    assert_within_error(a.tau, reference_number(table, row, "tau_star"), teacher);
    assert_within_error(a.k, reference_number(table, row, "kappa_star"), teacher);
    assert_close(a.tau.value, reference_number(table, row, "tau_star"), TOLERANCE_REFERENCE, 0.0, teacher);
    assert_close(a.k.value, reference_number(table, row, "kappa_star"), TOLERANCE_REFERENCE, 0.0, teacher);
    ck_assert(a.tau.error < 1e-12 && a.k.error < 1e-9);
  }
  ck_assert_uint_ge(table->rows, 6);
  reference_table_free(table);
}
END_TEST

/* f(k) by a trapezoidal rule in x and y, and the least of it over a dense grid of k. */
static double crude_f(const plim_activation *sigma, const plim_activation *star, const double mean[2],
                      double k)
{
  enum { HALF = 80 };
  const double step = 1.0 / 8.0, weight = step / sqrt(2.0 * M_PI);
  double sum = 0.0;
  for (int i = -HALF; i <= HALF; i++) {
    double at[2 * HALF + 1], value[2 * HALF + 1], smooth = 0.0;
    for (int j = -HALF; j <= HALF; j++)
      at[j + HALF] = k * i * step + j * step;
    plim_activation_values(sigma, 2 * HALF + 1, at, value);
    for (int j = -HALF; j <= HALF; j++)
      smooth += weight * exp(-0.5 * j * j * step * step) * value[j + HALF];
    const double r = plim_activation_value(star, i * step) - mean[1] - (smooth - mean[0]);
    sum += weight * exp(-0.5 * i * i * step * step) * r * r;
  }
  return sum;
}

START_TEST(no_lower_value_on_a_grid)
{
  static const char *const pairs[][2] = {{"tanh", "expr:sin(2*z)*exp(-z^2/8)"},
                                         {"sin", "hermite3"},
                                         {"sin", "expr:sin(2*z)+0.3*cos(3*z)"},
                                         {"silu", "tanh"},
                                         {"gelu", "sin"}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    const answer a = answer_of(pairs[i][0], pairs[i][1]);
    plim_theory *theory = new_theory();
    plim_problem p = problem_called(pairs[i][0], pairs[i][1]);
    const plimi_input in = input_of(theory, &p);
    const double mean[2] = {in.sigma.mean.value, in.star.mean.value};
    ck_assert_int_eq(a.k_status, PLIM_OK);
    assert_close(crude_f(p.activation, p.teacher, mean, a.k.value), a.tau.value, 1e-6, 1e-8, "f(k*)");
    for (double k = -6.0137; k < 6.0; k += 0.0471)
      ck_assert(crude_f(p.activation, p.teacher, mean, k) >= a.tau.value * (1.0 - 1e-6) - 1e-8);
    problem_clear(&p);
    plim_theory_free(theory);
  }
}
END_TEST

/* A step is a better fit than any finite slope: tau* is a number, k* is not. By quadrature over each half-line. */
START_TEST(infinite_slope)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:tanh(z-1.5)", "expr:tanh(6*z)+4*exp(-8*z^2)");
  plim_value k = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_KAPPA_STAR, &p, &k), PLIM_DIVERGES);
  ck_assert(k.value == -7.0);
  const plimi_input in = input_of(theory, &p);
  const double step = 1e-3, shift = in.sigma.mean.value - in.star.mean.value;
  double sum = 0.0;
  for (int i = 0; i < 8000; i++) {
    const double x = (i + 0.5) * step, bump = 4.0 * exp(-8.0 * x * x), slope = tanh(6.0 * x);
    const double right = bump + slope + shift - 1.0, left = bump - slope + shift + 1.0;
    sum += step * exp(-0.5 * x * x) / sqrt(2.0 * M_PI) * (right * right + left * left);
  }
  assert_close(limit_of(theory, PLIM_TAU_STAR, &p).value, sum, 1e-5, 0.0, "tau*");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A best slope that the scan does not reach is refused, not guessed. */
START_TEST(out_of_reach)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "expr:tanh(100*z)");
  plim_value value = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_TAU_STAR, &p, &value), PLIM_NOT_CONVERGED);
  ck_assert_int_eq(plim_limit(theory, PLIM_KAPPA_STAR, &p, &value), PLIM_NOT_CONVERGED);
  ck_assert(value.value == -7.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The workspace keeps the last pair: another pair must not be answered with it. */
START_TEST(pairs_are_not_mixed_up)
{
  plim_theory *theory = new_theory();
  plim_problem a = problem_called("erf", "tanh"), b = problem_called("tanh", "erf");
  const double first = limit_of(theory, PLIM_TAU_STAR, &a).value,
               second = limit_of(theory, PLIM_TAU_STAR, &b).value;
  ck_assert(first != second);
  ck_assert(limit_of(theory, PLIM_TAU_STAR, &a).value == first);
  a.psi1 = 7.13; /* nothing else matters */
  ck_assert(limit_of(theory, PLIM_TAU_STAR, &a).value == first);
  problem_clear(&a);
  problem_clear(&b);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("large_step");
  tcase_add_test(tests, closed_forms);
  tcase_add_test(tests, many_digits);
  tcase_add_test(tests, no_lower_value_on_a_grid);
  tcase_add_test(tests, infinite_slope);
  tcase_add_test(tests, out_of_reach);
  tcase_add_test(tests, pairs_are_not_mixed_up);
  return run_case(tests, "large_step");
}
