/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_student.c - the limit of the good student's risk: by direct integration, at its limiting cases, and against
   tau*, which theory/large_step.c computes by another route. */
#include <math.h>

#include "fixture.h"
#include "tolerances.h"

static plim_problem student_problem(const char *activation, const char *teacher)
{
  plim_problem p = problem_called(activation, teacher);
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.eta = 1.31;
  p.eta_exponent = 0.5;
  p.noise = 0.41;
  return p;
}

/* The coefficients, which do not depend on the step. */
static plimi_input coefficients_of(plim_theory *theory, const plim_problem *problem)
{
  plim_problem small = *problem;
  small.eta_exponent = 0.0;
  plimi_input in = input_of(theory, &small);
  in.problem = problem;
  return in;
}

/* n/d -> infinity leaves tau*: theta1 -> theta2 and c -> 1, off by O(1/psi1). */
START_TEST(many_samples_leave_tau_star)
{
  static const char *const pairs[][2] = {{"tanh", "tanh"}, {"relu", "relu"},     {"erf", "erf"},
                                         {"gelu", "tanh"}, {"softplus", "relu"}, {"expr:-tanh(z)", "sin"},
                                         {"sin", "erf"},   {"relu", "linear"}};
  plim_theory *theory = new_theory();
  plim_problem p = student_problem(pairs[_i][0], pairs[_i][1]);
  p.psi1 = 1e12;
  const plim_value student = limit_of(theory, PLIM_STUDENT_RISK, &p),
                   tau = limit_of(theory, PLIM_TAU_STAR, &p);
  assert_close(student.value, tau.value, 0.0, 1e-11, pairs[_i][0]);
  p.psi1 = 61.7; /* and fewer samples are worse */
  ck_assert_double_gt(limit_of(theory, PLIM_STUDENT_RISK, &p).value, student.value + 1e-4);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The trapezoidal rule on [-9, 9]: exponentially accurate for functions analytic in a strip of width 1 and more. */
enum { NODES = 181 };
static const double spacing = 0.1;

static double node(int i)
{
  return spacing * (double)(i - NODES / 2);
}

static double weight(int i)
{
  return spacing * exp(-0.5 * node(i) * node(i)) / sqrt(2.0 * acos(-1.0));
}

/* E (sigma*(<x, beta*>) - m(k))^2 with m(k) = E_g sigma(push k + sqrt(c) g), x in the plane of v and beta*;
   both odd. */
static double direct_risk(const plimi_input *in, double u)
{
  const plim_problem *p = in->problem;
  const double mu1 = in->sigma.mu1.value, star1 = in->star.mu1.value;
  const double theta1 = fabs(mu1) * sqrt(star1 * star1 + in->s2.value / p->psi1),
               along = mu1 * star1 / theta1;
  const double c = 1.0 + u * u * in->sigma.nu2.value * in->s2.value / p->psi1;
  double risk = 0.0;
  for (int i = 0; i < NODES; i++) {
    double m = 0.0;
    for (int j = 0; j < NODES; j++)
      m += weight(j) * plim_activation_value(p->activation, u * theta1 * node(i) + sqrt(c) * node(j));
    for (int j = 0; j < NODES; j++) {
      const double x = along * node(i) + sqrt(1.0 - along * along) * node(j);
      risk += weight(i) * weight(j) * pow(plim_activation_value(p->teacher, x) - m, 2);
    }
  }
  return risk;
}

/* A Rademacher readout leaves one slope of either sign; the two integrations leave 1e-12. */
START_TEST(one_slope_by_direct_integration)
{
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("erf", "sin");
  p.readout = _i % 2 == 0 ? PLIM_READOUT_RADEMACHER : PLIM_READOUT_CONSTANT;
  p.eta = _i < 2 ? 0.93 : 2.61;
  const plimi_input in = coefficients_of(theory, &p);
  const double up = direct_risk(&in, p.eta), down = direct_risk(&in, -p.eta);
  const plim_value value = limit_of(theory, PLIM_STUDENT_RISK, &p);
  assert_close(value.value, fmin(up, down), 0.0, 2e-12, "student");
  ck_assert_double_le(value.error, 1e-11);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A Gaussian readout has every slope: not above any one, and equal to the least over a grid up to its spacing
   squared. */
START_TEST(gaussian_readout_takes_the_best_slope)
{
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("tanh", "expr:sin(1.7*z)");
  const double best = limit_of(theory, PLIM_STUDENT_RISK, &p).value;
  p.eta = 0.31;
  assert_close(limit_of(theory, PLIM_STUDENT_RISK, &p).value, best, 1e-12, 0.0, "another step");
  p.readout = PLIM_READOUT_RADEMACHER;
  double least = INFINITY;
  for (p.eta = 0.1; p.eta < 6.0; p.eta += 0.1) {
    const double one = limit_of(theory, PLIM_STUDENT_RISK, &p).value;
    ck_assert_double_ge(one, best - 1e-11);
    least = fmin(least, one);
  }
  assert_close(least, best, 5e-3, 0.0, "the grid's least");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* n/d -> infinity leaves k*; at finite n/d the least R(u) by the trapezoidal rule over (k, g) with the teacher's E_t
   in closed form, in Python, golden sections to 1e-6. */
START_TEST(many_samples_leave_k_star)
{
  static const char *const pairs[][2] = {
      {"tanh", "tanh"}, {"softplus", "relu"}, {"expr:-tanh(z)", "sin"}, {"sin", "erf"}};
  plim_theory *theory = new_theory();
  plim_problem p = student_problem(pairs[_i][0], pairs[_i][1]);
  p.psi1 = 1e12;
  const plim_value slope = limit_of(theory, PLIM_STUDENT_SLOPE, &p);
  assert_close(slope.value, limit_of(theory, PLIM_KAPPA_STAR, &p).value, 0.0, slope.error, pairs[_i][0]);
  ck_assert_double_le(slope.error, 1e-4);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(slope_at_few_samples)
{
  static const struct {
    double psi1, slope;
  } cases[] = {{12.0, 0.9414652}, {24.0, 0.9971657}, {48.0, 1.0276012}};
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("softplus", "relu");
  p.noise = 0.103;
  p.psi1 = cases[_i].psi1;
  assert_close(limit_of(theory, PLIM_STUDENT_SLOPE, &p).value, cases[_i].slope, 0.0, 1e-6, "quadrature");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The vertex of the parabola through three directly integrated R(u) about the best u; its cubic term leaves 1e-4 of
   the spacing. Any constant of the step has it, atoms their own. */
START_TEST(slope_by_direct_integration)
{
  static const double aside = 0.02;
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("erf", "expr:sin(z)");
  const plimi_input in = coefficients_of(theory, &p);
  const double theta2 = in.sigma.mu1.value * in.star.mu1.value;
  const double slope = limit_of(theory, PLIM_STUDENT_SLOPE, &p).value, u = slope / theta2;
  const double below = direct_risk(&in, u - aside), here = direct_risk(&in, u),
               above = direct_risk(&in, u + aside);
  ck_assert_double_gt(below + above - 2.0 * here, 0.0);
  assert_close(0.5 * aside * (below - above) / (below + above - 2.0 * here), 0.0, 0.0, 1e-2 * aside,
               "vertex");
  p.eta = 0.31;
  assert_close(limit_of(theory, PLIM_STUDENT_SLOPE, &p).value, slope, 1e-5, 0.0, "another step");
  p.readout = PLIM_READOUT_RADEMACHER;
  assert_close(limit_of(theory, PLIM_STUDENT_SLOPE, &p).value, 0.31 * theta2, 1e-6, 0.0, "one slope");
  p.eta = 0.0;
  assert_close(limit_of(theory, PLIM_STUDENT_SLOPE, &p).value, 0.0, 0.0, 0.0, "no step");
  p.eta = 1.0;
  p.steps = 2;
  plim_value value = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_STUDENT_SLOPE, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Neurons at u and at -u fit a teacher that is even but for the last digits equally well: no slope is the best. */
START_TEST(slopes_that_tie)
{
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("softplus", "expr:z*z-1+1e-14*z");
  p.readout = PLIM_READOUT_RADEMACHER;
  plim_value value;
  ck_assert_int_eq(plim_limit(theory, PLIM_STUDENT_SLOPE, &p, &value), PLIM_NOT_CONVERGED);
  limit_of(theory, PLIM_STUDENT_RISK, &p);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Where the neurons do not see the teacher, the student is 0. */
START_TEST(no_large_step)
{
  plim_theory *theory = new_theory();
  plim_problem p = student_problem("tanh", "relu");
  plim_value value = {-7.0, -7.0};
  const plimi_input in = coefficients_of(theory, &p);
  const double nothing = in.star1.value + in.star2.value;
  p.eta_exponent = 0.31;
  assert_close(limit_of(theory, PLIM_STUDENT_RISK, &p).value, nothing, 1e-13, 0.0,
               "a smaller step, d infinite");
  p.eta_exponent = 0.5;
  p.eta = 0.0;
  assert_close(limit_of(theory, PLIM_STUDENT_RISK, &p).value, nothing, 1e-13, 0.0, "no step");
  p.eta = 1.0;
  p.steps = 2;
  ck_assert_int_eq(plim_limit(theory, PLIM_STUDENT_RISK, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  problem_clear(&p);
  plim_problem even = student_problem("hermite3", "relu"); /* mu1 = 0: no slope, c alone */
  const double blind = limit_of(theory, PLIM_STUDENT_RISK, &even).value;
  assert_close(blind, nothing, 1e-12, 0.0, "mu1 = 0");
  problem_clear(&even);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("limits");
  tcase_add_loop_test(tests, many_samples_leave_tau_star, 0, 8);
  tcase_add_loop_test(tests, one_slope_by_direct_integration, 0, 4);
  tcase_add_test(tests, gaussian_readout_takes_the_best_slope);
  tcase_add_loop_test(tests, many_samples_leave_k_star, 0, 4);
  tcase_add_loop_test(tests, slope_at_few_samples, 0, 3);
  tcase_add_test(tests, slope_by_direct_integration);
  tcase_add_test(tests, slopes_that_tie);
  tcase_add_test(tests, no_large_step);
  return run_case(tests, "student");
}
