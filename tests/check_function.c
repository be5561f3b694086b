/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_function.c - activations that are a function of the caller's: the same numbers as the named ones and the
   expressions of the same formula, by theory and by simulation. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim.h"
#include "run_cases.h"

#define ROUNDING 1e-15 /* relative, of one formula written twice */
#define SLOPE 1e-11    /* of a derivative by polynomials, see plim_activation.h */
#define PLACE 1e-11    /* of a kink */

/* A family of functions: the context says which. */
typedef struct {
  double (*formula)(double z, double shift);
  double shift;
} one_of;

static void values(void *context, size_t count, const double *z, double *value)
{
  const one_of *function = context;
  for (size_t i = 0; i < count; i++)
    value[i] = function->formula(z[i], function->shift);
}

static double shifted_tanh(double z, double shift)
{
  return tanh(z - shift);
}

static double hinge(double z, double shift)
{
  return z > shift ? z - shift : 0.0;
}

static double step(double z, double shift)
{
  return z > shift ? 1.0 : 0.0;
}

static double pole(double z, double shift)
{
  return 1.0 / (z - shift);
}

/* Wide enough to count, too narrow to be found unasked. */
static double narrow_bump(double z, double shift)
{
  const double half_width = 1e-4;
  return z + 50.0 * fmax(0.0, 1.0 - fabs(z - shift) / half_width);
}

static double noisy_tanh(double z, double shift)
{
  return (float)tanh(z - shift);
}

static plim_status make(one_of *function, const double *kinks, size_t n_kinks, plim_activation **activation,
                        char **why)
{
  const plim_activation_function given = {"mine", values, function, kinks, n_kinks};
  return plim_activation_from_function(&given, activation, why);
}

static plim_activation *made(one_of *function)
{
  plim_activation *activation;
  char *why;
  const plim_status status = make(function, NULL, 0, &activation, &why);
  ck_assert_msg(status == PLIM_OK, "%s: %s", plim_status_name(status), why != NULL ? why : "");
  return activation;
}

static plim_activation *named(const char *name)
{
  plim_activation *activation;
  ck_assert_int_eq(plim_activation_alloc(name, &activation, NULL), PLIM_OK);
  return activation;
}

START_TEST(values_slopes_and_kinks)
{
  one_of function = {hinge, 0.3719};
  plim_activation *mine = made(&function), *written = named("expr:max(z-0.3719,0)"), *copy;
  size_t count;
  ck_assert_int_eq(plim_activation_kind_of(mine), PLIM_FUNCTION);
  ck_assert(!plim_activation_is_named(mine));
  ck_assert(!plim_activation_is_odd(mine));
  ck_assert_int_eq(plim_activation_clone(mine, &copy), PLIM_OK);
  ck_assert_str_eq(plim_activation_name(copy), plim_activation_name(mine));
  const double *kink = plim_activation_kinks(mine, &count);
  ck_assert_uint_eq(count, 1);
  ck_assert_double_eq_tol(kink[0], 0.3719, PLACE);
  double z[5000], value[5000], slope[5000];
  for (int i = 0; i < 5000; i++)
    z[i] = -14.03 + 0.0061 * i;
  plim_activation_values(copy, 5000, z, value);
  plim_activation_derivatives(written, 5000, z, slope);
  for (int i = 0; i < 5000; i++) {
    ck_assert_double_eq(value[i], hinge(z[i], 0.3719));
    ck_assert_double_eq_tol(plim_activation_derivative(mine, z[i]), slope[i], SLOPE);
  }
  plim_activation_values(copy, 5000, z, z); /* the result in the place of z */
  ck_assert_int_eq(memcmp(z, value, sizeof z), 0);
  plim_activation_free(copy);
  plim_activation_free(written);
  plim_activation_free(mine);
}
END_TEST

/* One workspace for all: a function must not be taken for another of its name. */
START_TEST(limits_are_those_of_the_formula)
{
  static const char *const name[] = {"tanh", "expr:tanh(z-0.731)", "relu", "expr:max(z-0.3719,0)"};
  one_of function[] = {{shifted_tanh, 0.0}, {shifted_tanh, 0.731}, {hinge, 0.0}, {hinge, 0.3719}};
  static const plim_quantity quantity[] = {PLIM_RISK0, PLIM_RISK1, PLIM_THETA1, PLIM_TRAIN1};
  plim_theory *theory;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  for (size_t i = 0; i < 4; i++) {
    plim_activation *mine = made(&function[i]), *written = named(name[i]);
    for (size_t k = 0; k < 8; k++) {
      plim_problem problem = plim_problem_default();
      plim_value by_function, by_formula;
      problem.psi1 = 2.385;
      problem.activation = problem.teacher = mine;
      ck_assert_int_eq(plim_limit(theory, quantity[k % 4], &problem, &by_function), PLIM_OK);
      problem.activation = problem.teacher = written;
      ck_assert_int_eq(plim_limit(theory, quantity[k % 4], &problem, &by_formula), PLIM_OK);
      ck_assert_double_le(fabs(by_function.value - by_formula.value), by_function.error + by_formula.error);
      ck_assert_double_le(by_function.error, 1e-9 * fabs(by_function.value));
    }
    plim_activation_free(written);
    plim_activation_free(mine);
  }
  plim_theory_free(theory);
}
END_TEST

START_TEST(samples_are_those_of_the_formula)
{
  enum { REPLICAS = 7 };
  one_of function = {shifted_tanh, 0.731};
  plim_activation *mine = made(&function), *written = named("expr:tanh(z-0.731)");
  const plim_quantity quantity[] = {PLIM_RISK0, PLIM_RISK1};
  plim_problem problem = plim_problem_default();
  const plim_measurement measurement = {quantity, 2, &problem.lambda, 1};
  double of_function[2 * REPLICAS], of_formula[2 * REPLICAS];
  problem.activation = problem.teacher = mine;
  plim_simulation simulation = {.replicas = REPLICAS, .seed = 20270209, .threads = 3};
  ck_assert_int_eq(plim_size_from_problem(&problem, 37, &simulation.size), PLIM_OK);
  ck_assert_int_eq(plim_simulate(&problem, &simulation, &measurement, NULL, of_function), PLIM_OK);
  problem.activation = problem.teacher = written;
  ck_assert_int_eq(plim_simulate(&problem, &simulation, &measurement, NULL, of_formula), PLIM_OK);
  for (int i = 0; i < 2 * REPLICAS; i++)
    ck_assert_double_eq_tol(of_function[i], of_formula[i], 1e3 * ROUNDING); /* through a solver */
  plim_activation_free(written);
  plim_activation_free(mine);
}
END_TEST

START_TEST(what_is_declared_is_not_missed)
{
  one_of function = {narrow_bump, 0.83217};
  const double places[] = {0.83217, 0.83217 - 1e-4, 0.83217 + 1e-4};
  plim_activation *seen;
  size_t count;
  plim_coefficients coefficients;
  ck_assert_int_eq(make(&function, places, 3, &seen, NULL), PLIM_OK);
  plim_activation_kinks(seen, &count);
  ck_assert_uint_eq(count, 3);
  ck_assert_int_eq(plim_coefficients_compute(seen, &coefficients), PLIM_OK);
  /* E z f = 1 + 50 z0 phi(z0) 1e-4 to the order of the square of the width */
  const double z0 = function.shift, density = exp(-0.5 * z0 * z0) / sqrt(2.0 * acos(-1.0));
  ck_assert_double_eq_tol(coefficients.mu1.value, 1.0 + 50.0 * z0 * density * 1e-4, 1e-9);
  plim_activation_free(seen);
}
END_TEST

/* The error says how far the noise reaches, or there is no number. */
START_TEST(noise_is_in_the_error_or_refused)
{
  one_of noisy = {noisy_tanh, 0.731};
  plim_activation *activation;
  char *why = NULL;
  ck_assert_int_eq(make(&noisy, NULL, 0, &activation, &why), PLIM_INVALID);
  ck_assert_ptr_nonnull(why);
  free(why);
}
END_TEST

START_TEST(refusals)
{
  static const struct {
    one_of function;
    double kink;
    const char *said;
  } wrong[] = {{{step, 0.3}, 0.3, "jumps"},
               {{pole, 0.75}, 0.75, "not finite, or above 1e150, near z = 0.75"},
               {{hinge, 0.3}, INFINITY, "a kink that is declared is not finite"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    one_of function = wrong[i].function;
    plim_activation *activation = NULL;
    char *why = NULL;
    ck_assert_int_eq(make(&function, &wrong[i].kink, 1, &activation, &why), PLIM_INVALID);
    ck_assert_ptr_null(activation);
    ck_assert_msg(why != NULL && strstr(why, wrong[i].said) != NULL, "%s", why != NULL ? why : "no reason");
    free(why);
    ck_assert_int_eq(make(&function, &wrong[i].kink, 1, &activation, NULL), PLIM_INVALID);
  }
  one_of function = {hinge, 0.3};
  plim_activation *activation = NULL;
  const plim_activation_function nameless[] = {
      {NULL, values, &function, NULL, 0},
      {"", values, &function, NULL, 0},
      {"two\nlines", values, &function, NULL, 0},
      {"no values", NULL, &function, NULL, 0},
      {"many", values, &function, &function.shift, PLIM_MOST_DECLARED_KINKS + 1}};
  for (size_t i = 0; i < sizeof nameless / sizeof *nameless; i++) {
    char *why = NULL;
    ck_assert_int_eq(plim_activation_from_function(&nameless[i], &activation, &why), PLIM_INVALID);
    ck_assert_ptr_nonnull(why);
    free(why);
  }
}
END_TEST

int main(void)
{
  TCase *functions = tcase_create("functions");
  tcase_add_test(functions, values_slopes_and_kinks);
  tcase_add_test(functions, limits_are_those_of_the_formula);
  tcase_add_test(functions, samples_are_those_of_the_formula);
  tcase_add_test(functions, what_is_declared_is_not_missed);
  tcase_add_test(functions, noise_is_in_the_error_or_refused);
  tcase_add_test(functions, refusals);
  return run_cases("functions", 1, &functions);
}
