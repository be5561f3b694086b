/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_accuracy.c - section 9 where digits are easily lost: large d, heavy-tailed labels, quantities that are
   0 or nearly so; and what is said where the tolerance cannot be met. */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_integration.h>

#include "../theory/any_step/kinds.h"
#include "fixture.h"

/* tau d of a linear activation at two d: 1e-7 is the workspace's tolerance, of which the discretisation takes part. */
static const double tau_tolerance = 2e-8;
/* The risk at d = 1e24 against its limit: the answers are within 1e-7 there, and d^-1/2 is nothing. */
static const double limit_tolerance = 2e-7;
/* Averages over the law of y: the short rule leaves its stated error, the long one 1e-13 where nothing is steeper than
   y^2 f, for which it is halved (survey.c), and ten times that with y^4. */
static const double label_tolerance = 1e-11;
/* The short rule of a heavy-tailed law must be as good as this to leave 1e-7 to the answer. */
static const double label_error = 1e-9;

static plim_problem accurate_problem(const char *activation, const char *teacher, double eta, double exponent)
{
  plim_problem p = problem_called(activation, teacher);
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.lambda = 0.0837;
  p.noise = 0.253;
  p.eta = eta;
  p.eta_exponent = exponent;
  return p;
}

static double tau_at(plim_theory *theory, plim_problem *p, double d)
{
  p->d = d;
  return limit_of(theory, PLIM_ANY_TAU, p).value;
}

/* A linear activation makes every direction the same, so M, tau solve a system linear in 1/d and 1/tau is linear in d:
   two moderate d give what it is at any. At 1e12 it was lost in rounding. */
START_TEST(tau_of_a_linear_activation)
{
  static const double far[] = {1e6, 1e12, 1e18, 1e24};
  plim_theory *theory = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-9), PLIM_OK);
  for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
    plim_problem p = accurate_problem("linear", "tanh", 1.31, 0.5);
    p.readout = (plim_readout)readout;
    const double near = 1.0 / tau_at(theory, &p, 30.0), further = 1.0 / tau_at(theory, &p, 470.0);
    const double slope = (further - near) / (470.0 - 30.0);
    ck_assert_int_eq(plim_theory_set_tolerance(theory, PLIM_USUAL_TOLERANCE), PLIM_OK);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
      assert_close(tau_at(theory, &p, far[i]), 1.0 / (near + slope * (far[i] - 30.0)), tau_tolerance, 0.0,
                   "tau");
    ck_assert(tau_at(theory, &p, INFINITY) == 0.0);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* sqrt(d) times the mean of a neuron enters, so that mean must keep its digits where it is 1e-12 of sigma. */
START_TEST(small_step_at_huge_d)
{
  static const char *const activations[] = {"linear", "erf", "expr:z^3-2.385*z"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof activations / sizeof activations[0]; i++) {
    plim_problem p = accurate_problem(activations[i], "tanh", 1.31, 0.0);
    p.d = 1e24;
    const double far = limit_of(theory, PLIM_RISK, &p).value;
    assert_close(far, limit_of(theory, PLIM_RISK1, &p).value, limit_tolerance, 0.0, activations[i]);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* E y^2/(1 + c y^2) and its like for y = exp(s xi) - E exp(s xi), by the trapezoidal rule: 1, y^2 before the fraction;
   xi y, xi^2 y^2. */
enum { AVERAGES = 4 };
static void averages_by_trapezoid(double s, double c, double average[AVERAGES])
{
  const double step = 1.0 / 512.0, inv_sqrt_2pi = 0.39894228040143267794, mean = exp(0.5 * s * s);
  for (int i = 0; i < AVERAGES; i++)
    average[i] = 0.0;
  for (int i = -20 * 512; i <= 36 * 512; i++) {
    const double xi = step * i, y = exp(s * xi) - mean, f = 1.0 / (1.0 + c * y * y);
    const double weight = step * inv_sqrt_2pi * exp(-0.5 * xi * xi) * f;
    average[0] += weight * y * y;
    average[1] += weight * f * y * y * y * y;
    average[2] += weight * xi * y;
    average[3] += weight * xi * xi * y * y;
  }
}

static void check_labels(plim_theory *theory, double s, double sharpest)
{
  char name[64];
  snprintf(name, sizeof name, "expr:exp(%.17g*z)", s);
  plim_problem p = accurate_problem("tanh", name, 1.0, 0.0);
  p.noise = 0.0;
  const plimi_input in = input_of(theory, &p);
  plimi_labels *l;
  ck_assert_int_eq(plimi_labels_alloc(&in, sharpest, &l), PLIM_OK);
  ck_assert_msg(l->error <= label_error, "%s, %g: %g", name, sharpest, l->error);
  for (double c = sharpest; c > 1e-3 * sharpest; c *= 0.19) {
    double expected[AVERAGES], found[AVERAGES] = {0.0};
    averages_by_trapezoid(s, c, expected);
    for (size_t i = 0; i < l->n; i++) {
      const double f = 1.0 / (1.0 + c * l->x[i]);
      found[0] += l->p[i] * f;
      found[1] += l->p[i] * l->x[i] * f * f;
      found[2] += l->p1[i] * f;
      found[3] += l->p2[i] * f;
    }
    for (int i = 0; i < AVERAGES; i++) { /* y^4 comes with no more than `sharpest` in the place of y^2 */
      const double size = i == 1 ? fmax(expected[1], expected[0] / sharpest) : fabs(expected[i]);
      assert_close(found[i], expected[i], 0.0, (l->error + label_tolerance) * size, name);
    }
  }
  plimi_labels_free(l);
  problem_clear(&p);
}

START_TEST(labels_with_heavy_tails)
{
  static const double steepness[] = {0.731, 1.0, 1.617}, sharpest[] = {1e-18, 3.1e-6, 2.7e-3, 0.83, 17.1};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof steepness / sizeof steepness[0]; i++)
    for (size_t j = 0; j < sizeof sharpest / sizeof sharpest[0]; j++)
      check_labels(theory, steepness[i], sharpest[j]);
  plim_theory_free(theory);
}
END_TEST

/* Between the exponents 0 and 1/3 one direction is learned, whatever its size: section 5 at an endless step. Its risk
   knows of the labels no more than mu1*^2, mu2*^2, so a heavy tail is no difficulty. */
START_TEST(heavy_tails_between_exponents)
{
  static const char *const teachers[] = {"expr:exp(z)", "expr:z^5", "expr:exp(2*z)"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof teachers / sizeof teachers[0]; i++) {
    for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
      plim_problem p = accurate_problem("tanh", teachers[i], 1.0, 0.25);
      p.readout = (plim_readout)readout;
      const double risk = limit_of(theory, PLIM_RISK, &p).value;
      p.eta_exponent = 0.0;
      p.eta = 1e8;
      assert_close(risk, limit_of(theory, PLIM_RISK1, &p).value, limit_tolerance, 0.0, teachers[i]);
      problem_clear(&p);
    }
  }
  plim_theory_free(theory);
}
END_TEST

/* Where mu1* = 0 nothing is learned along X'y: 0, and within the error where a quadrature does not tell. */
START_TEST(teachers_without_linear_part)
{
  static const char *const teachers[] = {"hermite2", "hermite3", "expr:z^4-z^2", "expr:cos(2.385*z)"};
  static const plim_quantity quantities[] = {PLIM_ANY_M, PLIM_ANY_TAU, PLIM_ANY_P};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof teachers / sizeof teachers[0]; i++) {
    plim_problem p = accurate_problem("tanh", teachers[i], 0.731, 0.5);
    p.d = 231.0;
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++) {
      const plim_value value = limit_of(theory, quantities[k], &p);
      ck_assert_msg(fabs(value.value) <= value.error && value.error <= 1e-12, "%s of %s: %g +- %g",
                    plim_quantity_name(quantities[k]), teachers[i], value.value, value.error);
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* A noiseless linear problem has a risk of the order lambda^2, of which rounding leaves ever less. */
START_TEST(tolerance_that_would_do)
{
  plim_theory *theory = new_theory();
  plim_problem p = accurate_problem("linear", "linear", 1.31, 0.0);
  plim_value value, fine;
  p.noise = 0.0;
  p.d = 231.0;
  p.lambda = 1.1e-4;
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-10), PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_NOT_CONVERGED);
  const double would_do = plim_theory_attainable(theory);
  ck_assert(would_do > 1e-10 && would_do <= PLIM_COARSEST_TOLERANCE);
  ck_assert_int_eq(plim_theory_set_tolerance(theory, would_do), PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_OK);
  ck_assert(value.error <= would_do * value.value);
  ck_assert(isinf(plim_theory_attainable(theory)));
  ck_assert_int_eq(plim_theory_set_tolerance(theory, fmin(10.0 * would_do, PLIM_COARSEST_TOLERANCE)),
                   PLIM_OK);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &fine), PLIM_OK);
  assert_close(fine.value, value.value, 10.0 * would_do, 0.0, "risk");
  p.lambda = 1.1e-9; /* nothing is left of it */
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_NOT_CONVERGED);
  ck_assert(isinf(plim_theory_attainable(theory)));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A bump 1/4500 wide carries a part of these labels, and at d = 1e18 the risk is that of risk1 to 1e-9. */
START_TEST(bumps_of_the_teacher)
{
  static const char *const teachers[] = {"expr:tanh(z)+30*exp(-1e7*(z-0.71)^2)",
                                         "expr:tanh(z)+max(0,1-abs(z-0.3)*1e3)*10"};
  static const double bump_tolerance = 1e-9;
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof teachers / sizeof teachers[0]; i++)
    for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
      plim_problem p = accurate_problem("tanh", teachers[i], 1.31, 0.0);
      p.noise = 0.0;
      p.d = 1e18;
      p.readout = (plim_readout)readout;
      assert_close(limit_of(theory, PLIM_RISK, &p).value, limit_of(theory, PLIM_RISK1, &p).value,
                   bump_tolerance, 0.0, teachers[i]);
      problem_clear(&p);
    }
  plim_theory_free(theory);
}
END_TEST

/* E of 1/(1 + c y^2) and y^2/(1 + c y^2) for y = s + noise g, by the trapezoidal rule in asinh(sqrt(c) y). */
static void averages_over_noise(double s, double noise, double c, double average[2])
{
  const double step = 1.0 / 64.0, inv_sqrt_2pi = 0.39894228040143267794;
  average[0] = average[1] = 0.0;
  for (int i = -64 * 16; i <= 64 * 16; i++) {
    const double t = step * i, y = sinh(t) / sqrt(c), g = (y - s) / noise, f = 1.0 / (1.0 + c * y * y);
    const double weight = step * cosh(t) / (sqrt(c) * noise) * inv_sqrt_2pi * exp(-0.5 * g * g);
    average[0] += weight * f;
    average[1] += weight * y * y * f;
  }
}

/* Half of these labels are one number, -E sigma*, and noise, and the poles of a large step lie nearer than any step in
   eps that does not follow them. E 1/(1 + c y^2) is judged beside 1, for c E y^2/(1 + c y^2) is what is wanted. */
START_TEST(labels_of_one_value)
{
  enum { NODES = 512 }; /* one of GSL's tables: the rules it computes are good to 1e-10 alone */
  const double sharpest = 4.0e6, noise = 0.253, mean = 0.39894228040143267794;
  plim_theory *theory = new_theory();
  plim_problem p = accurate_problem("relu", "relu", 1.31, 0.5);
  p.noise = noise;
  p.d = 317.0;
  const plimi_input in = input_of(theory, &p);
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(NODES);
  plimi_law_of_labels *law;
  ck_assert_int_eq(plimi_law_alloc(&in, sharpest, &law), PLIM_OK);
  for (double c = sharpest; c > 1e-3 * sharpest; c *= 0.19) {
    double expected[2], found[2] = {0.0};
    averages_over_noise(-mean, noise, c, expected);
    for (int k = 0; k < 2; k++)
      expected[k] *= 0.5;
    for (size_t j = 0; j < NODES; j++) {
      double z, weight, here[2];
      gsl_integration_glfixed_point(0.0, 9.0, j, &z, &weight, rule);
      averages_over_noise(z - mean, noise, c, here);
      for (int k = 0; k < 2; k++)
        expected[k] += weight * 0.39894228040143267794 * exp(-0.5 * z * z) * here[k];
    }
    for (size_t i = 0; i < law->n; i++) {
      const double y = law->y[i], f = 1.0 / (1.0 + c * y * y);
      found[0] += law->p[0][i] * f;
      found[1] += law->p[0][i] * y * y * f;
    }
    for (int k = 0; k < 2; k++)
      assert_close(found[k], expected[k], 0.0, (law->error + label_tolerance) * (k == 0 ? 1.0 : expected[k]),
                   "one value");
  }
  gsl_integration_glfixed_table_free(rule);
  plimi_law_free(law);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* sigma' = 1 + z: the poles lie near the real line, where law->error does not look. Value: the same equations with
   a law of 256 points (5.4e-11 is its own stated error). */
START_TEST(poles_beside_the_middle)
{
  static const double of_more_points = 0.09278054736693259, its_error = 5.5e-11;
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:z+0.5*(z^2-1)", "expr:z+0.5*z^2");
  p.readout = PLIM_READOUT_RADEMACHER;
  p.psi1 = 15.4;
  p.psi2 = 8.1;
  p.lambda = 0.00343;
  p.noise = 0.01;
  p.eta = 1.29;
  p.eta_exponent = 0.5;
  p.d = 1e4;
  const plim_value value = limit_of(theory, PLIM_RISK, &p);
  ck_assert_double_le(fabs(value.value - of_more_points), value.error + its_error);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* E y^4 of exp(z^2/7) is infinite, E y^2 is not. */
START_TEST(fourth_moment_of_the_labels)
{
  plim_theory *theory = new_theory();
  plim_problem p = accurate_problem("tanh", "expr:exp(z^2/7)", 1.31, 0.5);
  p.d = 317.0;
  for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
    plim_value value;
    p.readout = (plim_readout)readout;
    ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_OUTSIDE_DOMAIN);
  }
  p.readout = PLIM_READOUT_GAUSSIAN;
  p.d = INFINITY; /* where norms do not count E y^2 will do */
  ck_assert(limit_of(theory, PLIM_RISK, &p).value > 0.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_step_accuracy");
  tcase_add_test(tests, tau_of_a_linear_activation);
  tcase_add_test(tests, small_step_at_huge_d);
  tcase_add_test(tests, labels_with_heavy_tails);
  tcase_add_test(tests, heavy_tails_between_exponents);
  tcase_add_test(tests, teachers_without_linear_part);
  tcase_add_test(tests, tolerance_that_would_do);
  tcase_add_test(tests, bumps_of_the_teacher);
  tcase_add_test(tests, labels_of_one_value);
  tcase_add_test(tests, poles_beside_the_middle);
  tcase_add_test(tests, fourth_moment_of_the_labels);
  return run_case(tests, "any_step_accuracy");
}
