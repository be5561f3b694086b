/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_staircase_norms.c - what the norms of weights and inputs add to the directions of a step, where E sigma'' != 0:
   against singular values of the whole operator on Gauss-Hermite nodes, and at W0. */
#include <math.h>

#include <gsl/gsl_linalg.h>

#include "fixture.h"
#include "hermite_fixture.h"
#include "../theory/staircase/staircase.h"

/* Nodes in k and zeta, and the parts p^ (a row of its own) and q^ (a column). */
enum { SIDE = NODES + 1, COMPARED = 4, POWERS = PLIM_STAIR_POWERS + 1 };
/* 48 nodes leave 2e-9 of the largest; what of a left vector is a power, to the cross terms that norms.c leaves out. */
static const double tolerance_nodes = 1e-8, tolerance_inside = 1e-3;

typedef struct {
  double matrix[SIDE * SIDE], turn[SIDE * SIDE], work[SIDE], value[SIDE];
  hermite_rule rule;
} operator_on_nodes;

/* sqrt(N) m(zeta, k) with the row of p^ and the column of q^; singular values and left vectors. */
static void decompose(const plimi_input *in, double e, double width, operator_on_nodes *o)
{
  const plim_problem *p = in->problem;
  const double length2 = in->star1.value + in->s2.value / p->psi1;
  const double push = e * in->sigma.mu1.value * sqrt(length2),
               q = in->sigma.nu2.value * in->s2.value / p->psi1;
  const double root_chi = sqrt(0.5 * p->psi2) * in->sigma.c2.value;
  const hermite_rule rule = o->rule = hermite_rule_made();
  for (size_t i = 0; i < NODES; i++)
    for (size_t j = 0; j < NODES; j++) {
      const double zeta = rule.x[j], c = 1.0 + e * e * zeta * zeta * q;
      double m = 0.0;
      for (size_t g = 0; g < NODES; g++)
        m += rule.weight[g] *
             (plim_activation_value(p->activation, push * zeta * rule.x[i] + sqrt(c) * rule.x[g]) -
              in->sigma.mean.value);
      o->matrix[i * SIDE + j] = sqrt(width * rule.weight[i] * rule.weight[j]) * m;
    }
  for (size_t i = 0; i < NODES; i++)
    o->matrix[i * SIDE + NODES] = o->matrix[NODES * SIDE + i] = root_chi * sqrt(rule.weight[i]);
  o->matrix[NODES * SIDE + NODES] = 0.0;
  gsl_matrix_view a = gsl_matrix_view_array(o->matrix, SIDE, SIDE),
                  v = gsl_matrix_view_array(o->turn, SIDE, SIDE);
  gsl_vector_view s = gsl_vector_view_array(o->value, SIDE), w = gsl_vector_view_array(o->work, SIDE);
  ck_assert_int_eq(gsl_linalg_SV_decomp(&a.matrix, &v.matrix, &s.vector, &w.vector), 0);
}

/* What of left vector `l` is a polynomial of degree PLIM_STAIR_POWERS in k. */
static double inside_of(const operator_on_nodes *o, size_t l)
{
  double sum[POWERS] = {0.0}, square = 0.0;
  for (size_t i = 0; i < NODES; i++) {
    double he = sqrt(o->rule.weight[i]), before = 0.0;
    for (size_t j = 0; j < POWERS; j++) {
      sum[j] += he * o->matrix[i * SIDE + l];
      const double next = (o->rule.x[i] * he - sqrt((double)j) * before) / sqrt((double)j + 1.0);
      before = he;
      he = next;
    }
  }
  for (size_t j = 0; j < POWERS; j++)
    square += sum[j] * sum[j];
  return square;
}

static double largest_even(const plimi_direction *direction)
{
  for (size_t l = 0; l < PLIM_STAIRS; l++)
    if (direction[l].even)
      return direction[l].size.value;
  return 0.0;
}

static const char *const names[] = {"softplus", "gelu", "expr:0.8*z+0.6*(z*z-1)"};
static const double steps[] = {0.07, 0.31, 0.62};
enum { NAMES = sizeof names / sizeof names[0], STEPS = sizeof steps / sizeof steps[0] };

START_TEST(mixtures_by_a_second_route)
{
  static operator_on_nodes o;
  const double e = steps[_i % STEPS], width = 271.3;
  plim_theory *theory = new_theory();
  plim_problem p = problem_called(names[_i / STEPS], "expr:1.7*tanh(z)+0.3*(z*z-1)");
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.noise = 0.41;
  const plimi_input in = input_of(theory, &p);
  plimi_direction direction[PLIM_STAIRS];
  decompose(&in, e, width, &o);
  ck_assert_int_eq(plimi_directions_of(&in, e, direction), PLIM_OK);
  const double alone = largest_even(direction);
  ck_assert_int_eq(plimi_mix_norms(&in, width, direction), PLIM_OK);
  ck_assert_double_gt(largest_even(direction), alone);
  for (size_t l = 0; l < COMPARED; l++) {
    const double size = o.value[l] / sqrt(width);
    assert_close(direction[l].size.value, size, 0.0, tolerance_nodes * o.value[0], names[_i / STEPS]);
    if (l == 0 || o.value[l] < 0.9 * o.value[l - 1]) /* two of nearly the same size share their vectors */
      assert_close(direction[l].inside, inside_of(&o, l), 0.0, tolerance_inside, "inside the powers");
    if (o.value[l + 1] > 0.9 * o.value[l])
      break;
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Without a step to speak of there is what the kernel has at W0, twice; the edge of the staircase is its largest. */
START_TEST(at_the_start)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:0.31*z+z*z", "tanh"), still = p;
  p.psi1 = still.psi1 = 2.385;
  p.psi2 = still.psi2 = 1.617;
  still.eta = 0.0;
  p.eta = 1e-6;
  p.eta_exponent = 0.1;
  p.d = 417.0;
  const double top = sqrt(limit_of(theory, PLIM_CK_TOP, &still).value / (417.0 * p.psi2));
  assert_close(limit_of(theory, PLIM_STAIR_EDGE, &p).value, top, 1e-12, 0.0, "stair_edge");
  for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
    plim_value value = {NAN, NAN};
    p.readout = (plim_readout)readout;
    const plim_status status = plim_limit(theory, PLIM_STAIR1, &p, &value);
    if (p.readout == PLIM_READOUT_CONSTANT) {
      ck_assert_int_eq(status, PLIM_OUTSIDE_DOMAIN);
      continue;
    }
    ck_assert_int_eq(status, PLIM_OK);
    assert_close(value.value, top, 1e-6, 0.0, "stair1");
    assert_close(limit_of(theory, PLIM_STAIR2, &p).value, top, 1e-6, 0.0, "stair2");
    ck_assert_int_eq(plim_limit(theory, PLIM_STAIR3, &p, &value), PLIM_OUTSIDE_DOMAIN);
    ck_assert_double_eq(limit_of(theory, PLIM_STAIR_COUNT, &p).value, 0.0); /* nothing above what W0 has */
    ck_assert_double_eq(limit_of(theory, PLIM_STAIR_ANGLE, &p).value, 1.0);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A constant readout: covered where sigma is odd, or where d is infinite. */
START_TEST(constant_readout)
{
  plim_theory *theory = new_theory();
  const plim_quantity refused[] = {PLIM_STAIR1, PLIM_STAIR_COUNT, PLIM_STAIR_ANGLE};
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    plim_value value = {NAN, NAN};
    plim_problem p = problem_called("relu", "tanh");
    p.readout = PLIM_READOUT_CONSTANT;
    p.eta = 2.385;
    p.eta_exponent = 0.31;
    p.d = 417.0;
    ck_assert_int_eq(plim_limit(theory, refused[i], &p, &value), PLIM_OUTSIDE_DOMAIN);
    problem_clear(&p);
    p = problem_called("tanh", "relu");
    p.readout = PLIM_READOUT_CONSTANT;
    p.eta = 2.385;
    p.eta_exponent = 0.31;
    p.d = 417.0;
    ck_assert_int_eq(plim_limit(theory, refused[i], &p, &value), PLIM_OK);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("staircase norms");
  tcase_add_loop_test(tests, mixtures_by_a_second_route, 0, (int)(NAMES * STEPS));
  tcase_add_test(tests, at_the_start);
  tcase_add_test(tests, constant_readout);
  return run_case(tests, "staircase norms");
}
