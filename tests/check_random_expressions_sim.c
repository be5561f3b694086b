/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_random_expressions_sim.c - the simulation's own averages of the same 500 random expressions: it accepts
   what the limits accept, and no average misses a feature. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "../sim/moments.h"
#include "random_expressions.h"
#include "run_cases.h"

/* What sim/moments.h promises is 1e-8 of the size of f; slopes come from polynomials of degree 16. */
#define AGREEMENT 1e-8
#define SLOPE_AGREEMENT 1e-6

static void assert_near(double value, long double exact, double allowed, const char *what, const char *name)
{
  ck_assert_msg(fabsl((long double)value - exact) <= (long double)(allowed + DBL_MIN),
                "%s of %s: %.17g, not %.17Lg", what, name, value, exact);
}

START_TEST(averages_of_random_expressions)
{
  FILE *file = random_expressions_open();
  random_expression row;
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work);
  size_t rows = 0;
  while (random_expression_next(file, &row)) {
    plim_activation *a = NULL;
    plimi_moments m;
    ck_assert_msg(plim_activation_alloc(row.name, &a, NULL) == PLIM_OK, "%s", row.name);
    const plim_status status = plimi_moments_compute(a, work, &m);
    ck_assert_msg(status == PLIM_OK, "%s: %s", row.name, plim_status_name(status));
    const long double variance = row.mu1 * row.mu1 + row.mu2 * row.mu2;
    const double square = (double)(variance + row.mean * row.mean), size = sqrt(square);
    assert_near(m.mean, row.mean, AGREEMENT * size, "mean", row.name);
    assert_near(m.mu1, row.mu1, AGREEMENT * size, "mu1", row.name);
    assert_near(m.variance, variance, AGREEMENT * square, "variance", row.name);
    assert_near(m.slope_variance, row.nu2, SLOPE_AGREEMENT * (square + (double)row.nu2), "nu2", row.name);
    plim_activation_free(a);
    rows++;
  }
  free(work);
  fclose(file);
  ck_assert_uint_eq(rows, RANDOM_EXPRESSIONS);
}
END_TEST

/* Statuses where there is no average, or none that is worth having. */
START_TEST(statuses)
{
  const struct {
    const char *name;
    plim_status status;
  } cases[] = {{"expr:exp(z^2/3)", PLIM_NOT_FINITE},
               {"expr:exp(0.26*z^2)", PLIM_NOT_FINITE},
               {"expr:exp(0.25*z^2)", PLIM_NOT_FINITE},
               {"expr:exp(0.2*z^2)", PLIM_OK},
               {"expr:exp(3.1*z)", PLIM_OK},
               {"expr:sqrt(z+20)", PLIM_OK},
               {"expr:ln(1+exp(z^2))", PLIM_OK},
               {"expr:sqrt(abs(z-0.7))", PLIM_OK},
               {"expr:sin(1000*z)", PLIM_OK},
               {"expr:abs(sin(50*z))", PLIM_OK}};
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work);
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    plim_activation *a = NULL;
    plimi_moments m;
    ck_assert_msg(plim_activation_alloc(cases[k].name, &a, NULL) == PLIM_OK, "%s", cases[k].name);
    const plim_status status = plimi_moments_compute(a, work, &m);
    ck_assert_msg(status == cases[k].status, "%s: %s", cases[k].name, plim_status_name(status));
    plim_activation_free(a);
  }
  free(work);
}
END_TEST

/* Fast growth: E e^(3.1 z) and its square, of which the part beyond |z| = 12 is 1e-8. */
START_TEST(mass_in_the_tail)
{
  plim_activation *a = NULL;
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work);
  plimi_moments m;
  ck_assert_int_eq(plim_activation_alloc("expr:exp(3.1*z)", &a, NULL), PLIM_OK);
  ck_assert_int_eq(plimi_moments_compute(a, work, &m), PLIM_OK);
  ck_assert_double_eq_tol(m.mean / exp(9.61 / 2.0), 1.0, 1e-13);
  ck_assert_double_eq_tol(m.variance / (exp(2.0 * 9.61) - exp(9.61)), 1.0, 1e-12);
  plim_activation_free(a);
  free(work);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("averages");
  tcase_add_test(tests, averages_of_random_expressions);
  tcase_add_test(tests, statuses);
  tcase_add_test(tests, mass_in_the_tail);
  return run_cases("random_expressions_sim", 1, (TCase *[]){tests});
}
