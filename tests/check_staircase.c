/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_staircase.c - the directions one step learns: by a second route, as the step goes to 0, where they leave the
   bulk, how many. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "fixture.h"
#include "hermite_fixture.h"
#include "../theory/any_step/any_step.h"
#include "../theory/staircase/staircase.h"

static const plim_quantity sizes[] = {PLIM_STAIR1, PLIM_STAIR2, PLIM_STAIR3, PLIM_STAIR4};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* 48 Gauss-Hermite nodes leave 2e-9 for tanh, whose poles are near, and less for the others; 72 leave below 1e-9. */
static const double tolerance_nodes = 1e-8;

static plim_problem noisy_problem(const char *activation)
{
  plim_problem p = problem_called(activation, "expr:1.7*tanh(z)+0.3*(z*z-1)");
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.noise = 0.41;
  p.eta = 0.43;
  p.eta_exponent = 0.5;
  return p;
}

/* The coefficients of its activations: input_of would ask for a step, which needs a finite d. */
static plimi_input coefficients_of(plim_theory *theory, plim_problem *p)
{
  const double exponent = p->eta_exponent;
  p->eta_exponent = 0.0;
  const plimi_input in = input_of(theory, p);
  p->eta_exponent = exponent;
  return in;
}

/* ---- second route: all of zeta, k and g on Gauss-Hermite nodes, no parity, no grading ---- */

/* Singular values of m, and E m^2, from the definitions; theta1, nu2 and s2 by their own limits. */
static double by_nodes(plim_theory *theory, plim_problem *p, double *value)
{
  static double matrix[NODES * NODES], turn[NODES * NODES], work[NODES], all[NODES];
  const plimi_input in = coefficients_of(theory, p);
  const double theta1 = limit_of(theory, PLIM_THETA1, p).value;
  const double q = limit_of(theory, PLIM_GRAD_FRO2, p).value - theta1 * theta1; /* s2 nu2/psi1 */
  const hermite_rule rule = hermite_rule_made();
  double square = 0.0;
  for (size_t i = 0; i < NODES; i++) {
    for (size_t j = 0; j < NODES; j++) {
      const double zeta = rule.x[j], c = 1.0 + p->eta * p->eta * zeta * zeta * q;
      double m = 0.0;
      for (size_t g = 0; g < NODES; g++) {
        const double h = p->eta * theta1 * zeta * rule.x[i] + sqrt(c) * rule.x[g];
        m += rule.weight[g] * (plim_activation_value(p->activation, h) - in.sigma.mean.value);
      }
      matrix[i * NODES + j] = sqrt(rule.weight[i] * rule.weight[j]) * m;
      square += rule.weight[i] * rule.weight[j] * m * m;
    }
  }
  gsl_matrix_view a = gsl_matrix_view_array(matrix, NODES, NODES),
                  v = gsl_matrix_view_array(turn, NODES, NODES);
  gsl_vector_view s = gsl_vector_view_array(all, NODES), w = gsl_vector_view_array(work, NODES);
  ck_assert_int_eq(gsl_linalg_SV_decomp(&a.matrix, &v.matrix, &s.vector, &w.vector), 0);
  memcpy(value, all, SIZES * sizeof *value);
  return square;
}

START_TEST(sizes_by_a_second_route)
{
  static const char *const names[] = {"softplus", "tanh", "gelu", "expr:-sin(1.3*z)"};
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem(names[_i]);
  double expected[SIZES];
  by_nodes(theory, &p, expected);
  for (size_t l = 0; l < SIZES; l++) {
    const plim_value size = limit_of(theory, sizes[l], &p);
    assert_close(size.value, expected[l], 0.0, tolerance_nodes * expected[0], names[_i]);
    ck_assert_double_le(size.error, 1e-7 * size.value + 1e-13);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Signs alone, or no randomness at all: two directions, or one, and together all of E m^2 at |zeta| = 1. */
START_TEST(other_readouts)
{
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem("softplus");
  const hermite_rule rule = hermite_rule_made();
  const plimi_input in = coefficients_of(theory, &p);
  const double theta1 = limit_of(theory, PLIM_THETA1, &p).value;
  const double c = 1.0 + p.eta * p.eta * (limit_of(theory, PLIM_GRAD_FRO2, &p).value - theta1 * theta1);
  double square[2] = {0.0}; /* of the even and the odd part of m(1, k) */
  for (size_t i = 0; i < NODES; i++) {
    double m[2] = {0.0}; /* at k, at -k */
    for (size_t g = 0; g < NODES; g++)
      for (int side = 0; side < 2; side++) {
        const double k = side == 0 ? rule.x[i] : -rule.x[i];
        m[side] +=
            rule.weight[g] * (plim_activation_value(p.activation, p.eta * theta1 * k + sqrt(c) * rule.x[g]) -
                              in.sigma.mean.value);
      }
    square[0] += 0.25 * rule.weight[i] * (m[0] + m[1]) * (m[0] + m[1]);
    square[1] += 0.25 * rule.weight[i] * (m[0] - m[1]) * (m[0] - m[1]);
  }
  p.readout = PLIM_READOUT_RADEMACHER;
  assert_close(limit_of(theory, PLIM_STAIR1, &p).value, sqrt(square[1]), tolerance_nodes, 0.0, "odd");
  assert_close(limit_of(theory, PLIM_STAIR2, &p).value, sqrt(square[0]), tolerance_nodes, 0.0, "even");
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR3, &p).value, 0.0);
  p.readout = PLIM_READOUT_CONSTANT;
  assert_close(limit_of(theory, PLIM_STAIR1, &p).value, sqrt(square[0] + square[1]), tolerance_nodes, 0.0,
               "both");
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR2, &p).value, 0.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- small steps ---- */

/* E sigma^(j): sin has e^-1/2 with the signs of its derivatives, relu the derivatives of the normal density at 0. */
START_TEST(hermite_moments)
{
  plim_theory *theory = new_theory();
  double moment[9];
  plim_problem p = noisy_problem("sin");
  plimi_input in = coefficients_of(theory, &p);
  const double root_e = exp(-0.5), density = 1.0 / sqrt(2.0 * M_PI);
  ck_assert_int_eq(plimi_hermite_moments(&in, 8, moment), PLIM_OK);
  for (size_t j = 0; j <= 8; j++)
    assert_close(moment[j], j % 2 == 0 ? 0.0 : (j % 4 == 1 ? root_e : -root_e), 1e-10, 0.0, "sin");
  problem_clear(&p);
  p = noisy_problem("relu");
  in = coefficients_of(theory, &p);
  ck_assert_int_eq(plimi_hermite_moments(&in, 8, moment), PLIM_OK);
  static const double relu[] = {0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 3.0, 0.0, -15.0};
  for (size_t j = 2; j <= 8; j++)
    assert_close(moment[j], relu[j] * density, 1e-10, 0.0, "relu");
  assert_close(moment[1], 0.5, 1e-12, 0.0, "relu");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The leading size of the direction of order 1, 2 or 3: |alpha_k|/k! e^k times the two norms. For odd sigma order 3 is
   orthogonal to order 1, which makes it 3! and not (2 3 - 1)!! = 15; at order 2 the first batch's noise stands beside
   k^2. What is left is O(e^2): a tenth of the step leaves a hundredth. */
static double leading(const plimi_input *in, plim_theory *theory, size_t order, double e)
{
  double moment[4];
  const double theta1 = limit_of(theory, PLIM_THETA1, in->problem).value, theta2 = theta1 * theta1;
  const double q = limit_of(theory, PLIM_GRAD_FRO2, in->problem).value - theta2;
  ck_assert_int_eq(plimi_hermite_moments(in, 3, moment), PLIM_OK);
  switch (order) {
  case 1:
    return fabs(moment[1]) * e * theta1;
  case 2:
    return 0.5 * fabs(moment[2]) * e * e * sqrt(3.0) * sqrt(3.0 * theta2 * theta2 + 2.0 * theta2 * q + q * q);
  default:
    return fabs(moment[3]) * pow(e * theta1, 3.0);
  }
}

START_TEST(small_steps)
{
  static const struct {
    const char *activation;
    size_t order[2];
  } cases[] = {{"softplus", {1, 2}}, {"tanh", {1, 3}}, {"relu", {1, 2}}, {"sin", {1, 3}}};
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem(cases[_i].activation);
  const plimi_input in = coefficients_of(theory, &p);
  for (size_t l = 0; l < 2; l++) {
    double off[2];
    for (int i = 0; i < 2; i++) {
      p.eta = i == 0 ? 0.04 : 0.004;
      off[i] = limit_of(theory, sizes[l], &p).value / leading(&in, theory, cases[_i].order[l], p.eta) - 1.0;
    }
    ck_assert_double_le(fabs(off[0]), 0.05);
    ck_assert_double_le(fabs(off[1]), fmax(0.02 * fabs(off[0]), 1e-6));
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- through the bulk ---- */

/* At eta = Theta(1) the first direction is the outlier of the conjugate kernel: two derivations of its place and of
   what its left vector knows of beta*. d is so large that e = eta/sqrt N changes nothing but the angle, through the
   step's own output: by e times what is left of 1. */
START_TEST(a_small_step_is_the_kernels_outlier)
{
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem("tanh");
  p.eta = 2.9 + _i;
  p.eta_exponent = 0.0;
  const double top = limit_of(theory, PLIM_CK_TOP, &p).value;
  const double cosine = limit_of(theory, PLIM_THETA2, &p).value / limit_of(theory, PLIM_THETA1, &p).value;
  const double along = limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value / (cosine * cosine);
  p.d = 1e10;
  const double e = p.eta / sqrt(p.psi2 * p.d);
  const double first = limit_of(theory, PLIM_STAIR1, &p).value;
  plim_value value = {-7.0, -7.0};
  assert_close(p.psi2 * p.d * first * first, top, 1e-7, 0.0, "place");
  assert_close(1.0 - limit_of(theory, PLIM_STAIR_ANGLE, &p).value, along, 1e-7, e * (1.0 - along), "overlap");
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR_COUNT, &p).value, 1.0);
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR2, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.eta = 0.31; /* below the threshold */
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR_COUNT, &p).value, 0.0);
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR_ANGLE, &p).value, 1.0);
  ck_assert_double_eq(limit_of(theory, PLIM_STAIR_ANGLE, &p).error,
                      0.0); /* none stands clear: 1 by definition */
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(the_edge_is_that_of_the_kernel_at_w0)
{
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem("erf"), still = p;
  still.eta = still.eta_exponent = 0.0;
  p.d = 417.0;
  const double edge = limit_of(theory, PLIM_CK_TOP, &still).value;
  assert_close(limit_of(theory, PLIM_STAIR_EDGE, &p).value, sqrt(edge / (417.0 * p.psi2)), 1e-12, 0.0,
               "edge");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A generic direction (softplus, order 2, has no linear part) in noise that is nearly all white, mu1 << mu2: then
   F'F/n is that of white noise of variance b, where [BGN] has E = (theta^2 + b)(theta^2 + b c)/theta^2 in closed form,
   and for the left vector overlap (1 - c b^2/theta^4)/(1 + b/theta^2), c = psi2/psi1. */
START_TEST(white_noise)
{
  const plimi_noise white = {.law = {.a = {1e-9, 0.0}, .b = {0.83, 0.0}, .psi1 = 2.385, .psi2 = 1.617}};
  const plimi_direction direction = {.size = {0.31, 0.0}, .along = 0.0, .inside = 1.0};
  const double width = 57.0, strength = width * 0.31 * 0.31, c = 1.617 / 2.385, b = 0.83;
  plimi_noise noise = white;
  plimi_sighting seen;
  noise.u_edge = sqrt(1.617) * 1.0001;
  ck_assert_int_eq(plimi_direction_seen(&noise, &direction, width, &seen), PLIM_OK);
  ck_assert(seen.leaves);
  assert_close(seen.square.value, (strength + b) * (strength + b * c) / strength, 1e-6, 0.0, "place");
  assert_close(seen.overlap, (1.0 - c * b * b / (strength * strength)) / (1.0 + b / strength), 1e-6, 0.0,
               "overlap");
}
END_TEST

/* At eta = Theta(sqrt N) the bulk is left behind: the sizes of a finite d tend to those at infinity like 1/d. */
START_TEST(large_d)
{
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem("softplus");
  for (size_t l = 0; l < 2; l++) {
    p.d = INFINITY;
    const double limit = limit_of(theory, sizes[l], &p).value;
    double off[2];
    for (int i = 0; i < 2; i++) {
      p.d = i == 0 ? 1e5 : 1e6;
      off[i] = limit_of(theory, sizes[l], &p).value - limit;
    }
    ck_assert_double_gt(off[0], 0.0);
    assert_close(off[1], 0.1 * off[0], 0.01, 0.0, "1/d");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- how many ---- */

START_TEST(orders_that_grow)
{
  static const struct {
    const char *activation;
    double exponent, count;
  } cases[] = {
      {"tanh", 0.25, 1.0},     {"tanh", 0.33, 1.0},     {"tanh", 0.34, 2.0},     {"tanh", 0.41, 3.0},
      {"softplus", 0.2, 1.0},  {"softplus", 0.25, 1.0}, {"softplus", 0.26, 2.0}, {"softplus", 0.37, 2.0},
      {"softplus", 0.38, 3.0}, {"linear", 0.45, 1.0},   {"gelu", 0.34, 2.0},     {"silu", 0.4, 3.0},
  };
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    plim_problem p = noisy_problem(cases[i].activation);
    plim_value value;
    p.eta_exponent = cases[i].exponent;
    ck_assert_double_eq(limit_of(theory, PLIM_STAIR_COUNT, &p).value, cases[i].count);
    if (p.eta_exponent <= 0.4)
      ck_assert_double_eq(limit_of(theory, PLIM_STAIR_ANGLE, &p).value, 0.0);
    else
      ck_assert_int_eq(plim_limit(theory, PLIM_STAIR_ANGLE, &p, &value), PLIM_OUTSIDE_DOMAIN);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

START_TEST(outside_the_domain)
{
  plim_theory *theory = new_theory();
  plim_problem p = noisy_problem("hermite3"); /* mu1 = 0 */
  plim_value value = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.d = 417.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR_COUNT, &p, &value), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  p = noisy_problem("tanh");
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR_EDGE, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR_COUNT, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.steps = 2;
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.steps = 1;
  p.eta_exponent = 0.31;
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.readout = PLIM_READOUT_CONSTANT;
  ck_assert_int_eq(plim_limit(theory, PLIM_STAIR_COUNT, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* What is kept from one call to the next belongs to that problem alone. */
START_TEST(a_used_workspace_answers_as_a_new_one)
{
  plim_theory *used = new_theory();
  for (int i = 0; i < 7; i++) { /* each differs from the one before in one thing */
    plim_problem p = noisy_problem(i < 6 ? "tanh" : "softplus");
    p.psi1 = i >= 1 ? 1.837 : p.psi1;
    p.eta = i >= 2 ? 0.71 : p.eta;
    p.noise = i >= 3 ? 0.13 : p.noise;
    p.readout = i >= 4 ? PLIM_READOUT_RADEMACHER : p.readout;
    if (i >= 5)
      ck_assert_int_eq(plim_theory_set_tolerance(used, 1e-4), PLIM_OK);
    plim_theory *fresh = new_theory();
    if (i >= 5)
      ck_assert_int_eq(plim_theory_set_tolerance(fresh, 1e-4), PLIM_OK);
    const plim_value expected = limit_of(fresh, PLIM_STAIR1, &p);
    for (int again = 0; again < 2; again++) {
      const plim_value value = limit_of(used, PLIM_STAIR1, &p);
      ck_assert(value.value == expected.value && value.error == expected.error);
    }
    plim_theory_free(fresh);
    problem_clear(&p);
  }
  plim_theory_free(used);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("staircase");
  tcase_add_loop_test(tests, sizes_by_a_second_route, 0, 4);
  tcase_add_test(tests, other_readouts);
  tcase_add_test(tests, hermite_moments);
  tcase_add_loop_test(tests, small_steps, 0, 4);
  tcase_add_loop_test(tests, a_small_step_is_the_kernels_outlier, 0, 2);
  tcase_add_test(tests, the_edge_is_that_of_the_kernel_at_w0);
  tcase_add_test(tests, white_noise);
  tcase_add_test(tests, large_d);
  tcase_add_test(tests, orders_that_grow);
  tcase_add_test(tests, outside_the_domain);
  tcase_add_test(tests, a_used_workspace_answers_as_a_new_one);
  return run_case(tests, "staircase");
}
