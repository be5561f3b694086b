/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_random_expressions.c - the error bounds of Gaussian coefficients hold: 500 random expressions against
   40-digit values, and expressions chosen to be awkward against closed forms. */
#include <float.h>
#include <math.h>

#include "fixture.h"
#include "random_expressions.h"

/* A bound must be of use: beside the size of sigma (mean, mu1, mu2), and of sigma' (nu2: a tent of slope 2000
   has three kinks, each known to 1e-12, and of two kinks 1e-7 apart the smaller may be unseen). */
#define WIDEST 1e-11
#define WIDEST_SLOPE 1e-6

/* What no double holds, a bump times a tent far from it, is 0. */
static void assert_covered(plim_value value, long double exact, double size, const char *what,
                           const char *name)
{
  const long double gap = fabsl((long double)value.value - exact);
  ck_assert_msg(gap <= (long double)value.error + (long double)DBL_MIN,
                "%s of %s: %.17g +- %.3g, off by %.3Lg", what, name, value.value, value.error, gap);
  ck_assert_msg(value.error <= size + DBL_MIN, "%s of %s: a bound of %.3g", what, name, value.error);
}

START_TEST(bounds_hold_for_random_expressions)
{
  FILE *file = random_expressions_open();
  random_expression row;
  size_t rows = 0;
  while (random_expression_next(file, &row)) {
    plim_activation *a = activation_called(row.name);
    plim_coefficients c;
    const plim_status status = plim_coefficients_compute(a, &c);
    ck_assert_msg(status == PLIM_OK, "%s: %s", row.name, plim_status_name(status));
    const double size = (double)(fabsl(row.mean) + fabsl(row.mu1) + row.mu2);
    assert_covered(c.mean, row.mean, WIDEST * size, "mean", row.name);
    assert_covered(c.mu1, row.mu1, WIDEST * size, "mu1", row.name);
    assert_covered(c.mu2, row.mu2, WIDEST * size, "mu2", row.name);
    assert_covered(c.nu2, row.nu2, WIDEST_SLOPE * (size * size + (double)row.nu2), "nu2", row.name);
    plim_activation_free(a);
    rows++;
  }
  fclose(file);
  ck_assert_uint_eq(rows, RANDOM_EXPRESSIONS);
}
END_TEST

/* ---- Awkward ones, in closed form -------------------------------------------------------------------------- */

static const long double pi_l = 3.14159265358979323846264338327950288L;

static long double density(long double z)
{
  return expl(-z * z / 2) / sqrtl(2 * pi_l);
}

static long double tail(long double z) /* P(g > z) */
{
  return erfcl(z / sqrtl(2)) / 2;
}

typedef struct {
  long double mean, mu1, square;
} moments;

/* e^(-k (z-c)^2): the mean as in every table of Gaussian integrals; times z by completing the square; its square
   has 2 k. */
static moments bump(long double k, long double c)
{
  const long double mean = expl(-k * c * c / (1 + 2 * k)) / sqrtl(1 + 2 * k);
  return (moments){mean, mean * 2 * k * c / (1 + 2 * k),
                   expl(-2 * k * c * c / (1 + 4 * k)) / sqrtl(1 + 4 * k)};
}

/* max(z-c, 0) */
static moments ramp(long double c)
{
  return (moments){density(c) - c * tail(c), tail(c), (1 + c * c) * tail(c) - c * density(c)};
}

static void check_moments_to(const char *name, moments exact, double widest)
{
  plim_activation *a = activation_called(name);
  plim_coefficients c;
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  const double size = (double)sqrtl(exact.square);
  const long double rest = exact.square - exact.mean * exact.mean - exact.mu1 * exact.mu1;
  assert_covered(c.mean, exact.mean, widest * size, "mean", name);
  assert_covered(c.mu1, exact.mu1, widest * size, "mu1", name);
  assert_covered(c.mu2, sqrtl(fmaxl(rest, 0)), widest * size, "mu2", name);
  plim_activation_free(a);
}

static void check_moments(const char *name, moments exact)
{
  check_moments_to(name, exact, WIDEST);
}

START_TEST(narrow_bumps)
{
  check_moments("expr:exp(-1e5*(z-1.2345)^2)", bump(1e5L, 1.2345L));
  check_moments("expr:exp(-3e5*(z-1.2345)^2)", bump(3e5L, 1.2345L));
  check_moments("expr:exp(-1e5*(z+0.77)^2)", bump(1e5L, -0.77L));
  /* where the bump is as wide as some ulps of z, its height there is uncertain by as much */
  check_moments_to("expr:exp(-1e9*(z-1.2345)^2)", bump(1e9L, 1.2345L), 1e-10);
  check_moments_to("expr:exp(-1e12*(z-1.2345)^2)", bump(1e12L, 1.2345L), 1e-8);
  check_moments("expr:exp(-(1e4*z-12345)^2)", bump(1e8L, 1.2345L));
  check_moments("expr:exp(-1e7*(z-pi/7)^2)", bump(1e7L, pi_l / 7));
  check_moments("expr:exp(-2385*(z-4.1)^2)", bump(2385, 4.1L));
}
END_TEST

START_TEST(ramps_far_out)
{
  check_moments("expr:max(z-4,0)", ramp(4));
  check_moments("expr:max(z-5,0)", ramp(5));
  /* these by mpmath: the formula cancels */
  check_moments("expr:max(z-11.9,0)",
                (moments){4.904698602384856020237129e-34L, 5.917357716306100721294355e-33L,
                          8.076637946812205721217061e-35L});
  check_moments("expr:max(z-14.3,0)",
                (moments){7.577623168689239154292744e-48L, 1.094047787018915891265346e-46L,
                          1.044767389635469220148342e-48L});
  moments both = ramp(4);
  both.mean *= 2;
  both.square *= 2;
  both.mu1 = 0;
  check_moments("expr:max(abs(z)-4,0)", both);
}
END_TEST

START_TEST(fast_growth_and_oscillation)
{
  check_moments("expr:exp(z^2/8)", (moments){1 / sqrtl(0.75L), 0, 1 / sqrtl(0.5L)});
  check_moments("expr:exp(0.21*z^2)", (moments){1 / sqrtl(0.58L), 0, 1 / sqrtl(0.16L)});
  check_moments("expr:exp(3.1*z)", (moments){expl(9.61L / 2), 3.1L * expl(9.61L / 2), expl(2 * 9.61L)});
  check_moments("expr:sin(50*z)", (moments){0, 0, 0.5L});
  check_moments("expr:sin(1000*z)", (moments){0, 0, 0.5L});
  check_moments("expr:abs(z)^0.5",
                (moments){powl(2, 0.25L) * tgammal(0.75L) / sqrtl(pi_l), 0, sqrtl(2 / pi_l)});
  check_moments("expr:abs(z)^0.9", (moments){powl(2, 0.45L) * tgammal(0.95L) / sqrtl(pi_l), 0,
                                             powl(2, 0.9L) * tgammal(1.4L) / sqrtl(pi_l)});
}
END_TEST

/* A coefficient that is small because the rest cancels, and small parts beside large ones. */
START_TEST(small_beside_large)
{
  plim_coefficients c;
  plim_activation *a = activation_called("expr:abs(z-1e-9)");
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  assert_covered(c.mu1, -erfl(1e-9L / sqrtl(2)), WIDEST, "mu1", "abs(z-1e-9)");
  plim_activation_free(a);
  a = activation_called("expr:z+1e-6*z^2");
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  assert_covered(c.mean, 1e-6L, WIDEST, "mean", "z+1e-6*z^2");
  assert_covered(c.mu2, 1e-6L * sqrtl(2), WIDEST, "mu2", "z+1e-6*z^2");
  assert_covered(c.nu2, 4e-12L, 1e-17, "nu2", "z+1e-6*z^2");
  plim_activation_free(a);
  a = activation_called("expr:z+1e-17*z^2"); /* linear in doubles: 0, with an error that covers the rest */
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  assert_covered(c.mean, 1e-17L, WIDEST, "mean", "z+1e-17*z^2");
  assert_covered(c.mu2, 1e-17L * sqrtl(2), WIDEST, "mu2", "z+1e-17*z^2");
  plim_activation_free(a);
  a = activation_called("expr:tanh(z)+1e-8*abs(z-0.123456)");
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  const long double cut = 0.123456L, absolute = 2 * density(cut) + cut * (1 - 2 * tail(cut));
  assert_covered(c.mean, 1e-8L * absolute, WIDEST, "mean", "tanh(z)+1e-8*abs(z-0.123456)");
  plim_activation_free(a);
  a = activation_called("expr:exp(-20000*(z-1)^2)+z"); /* by mpmath */
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  assert_covered(c.nu2, 42.88818504313274048116188L, 1e-6, "nu2", "exp(-20000*(z-1)^2)+z");
  plim_activation_free(a);
}
END_TEST

/* A root is a teacher: what needs no slope has a value, what needs one says so. */
START_TEST(roots_have_no_nu2)
{
  plim_coefficients c;
  plim_activation *a = activation_called("expr:sqrt(abs(z))");
  ck_assert_int_eq(plim_coefficients_compute(a, &c), PLIM_OK);
  ck_assert(isinf(c.nu2.error));
  plim_activation_free(a);
  plim_theory *theory = new_theory();
  plim_problem problem = problem_called("tanh", "expr:sqrt(abs(z))");
  problem.noise = 0.0;
  const plim_value bound = limit_of(theory, PLIM_LOWER_BOUND, &problem);
  assert_covered(bound, sqrtl(2 / pi_l) - sqrtl(2) * powl(tgammal(0.75L), 2) / pi_l, WIDEST, "lower_bound",
                 "sqrt(abs(z))");
  problem_clear(&problem);
  problem = problem_called("expr:sqrt(abs(z))", "tanh");
  plim_value value;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &problem, &value), PLIM_INVALID);
  problem_clear(&problem);
  plim_theory_free(theory);
}
END_TEST

/* The rows of a bug report: noise-free lower bounds mu2*^2 of teachers with a narrow feature. */
START_TEST(lower_bounds_of_narrow_teachers)
{
  const struct {
    const char *teacher;
    double value, digits;
  } rows[] = {{"expr:exp(-1e5*(z-1.2345)^2)", 7.35223082770e-4, 1e-14},
              {"expr:tanh(z)+exp(-1e5*(z-1.2345)^2)", 0.02835121597, 1e-11},
              {"expr:tanh(z)+max(0,1-abs(z-0.3)*1e3)*10", 0.0536613, 1e-7},
              {"expr:max(z-4,0)", 3.08915398122e-6, 1e-17}};
  plim_theory *theory = new_theory();
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    plim_problem problem = problem_called("linear", rows[k].teacher);
    problem.noise = 0.0;
    assert_close(limit_of(theory, PLIM_LOWER_BOUND, &problem).value, rows[k].value, 0.0, rows[k].digits,
                 rows[k].teacher);
    problem_clear(&problem);
  }
  plim_problem problem = problem_called("linear", "expr:max(z-4,0)");
  assert_close(limit_of(theory, PLIM_THETA2, &problem).value, 3.16712418331e-5, 0.0, 1e-16, "theta2");
  problem_clear(&problem);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("random_expressions");
  tcase_add_test(tests, bounds_hold_for_random_expressions);
  tcase_add_test(tests, narrow_bumps);
  tcase_add_test(tests, ramps_far_out);
  tcase_add_test(tests, fast_growth_and_oscillation);
  tcase_add_test(tests, small_beside_large);
  tcase_add_test(tests, roots_have_no_nu2);
  tcase_add_test(tests, lower_bounds_of_narrow_teachers);
  return run_case(tests, "random_expressions");
}
