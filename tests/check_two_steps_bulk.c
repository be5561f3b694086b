/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_two_steps_bulk.c - the bulk of W2: its trace by two derivations, one step by a scalar equation, the edges of
   two_steps.md, an isotropic one, linear neurons. */
#include <math.h>

#include "fixture.h"
#include "two_steps_fixture.h"

/* What plim_theory_alloc promises, relative. */
static const double usual_tolerance = 1e-7;
/* The edge without the tails of the labels, beside one whose law is cut at another place (points.c). */
static const double edge_tolerance = 5e-3;
/* Two sums over the same law, or roots found to 1e-10. */
static const double same_law = 1e-9;

START_TEST(its_edges)
{
  static const struct {
    double e[2];
    plim_batch batch;
    double edge;
  } known[] = {{{1.0, 0.0}, PLIM_BATCH_SAME, 2.564},
               {{1.0, 1.0}, PLIM_BATCH_SAME, 2.814},
               {{1.0, 1.0}, PLIM_BATCH_FRESH, 2.689},
               {{0.5, 2.0}, PLIM_BATCH_SAME, 3.316},
               {{0.5, 2.0}, PLIM_BATCH_FRESH, 3.142}};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("silu", "tanh", "constant", 1.0, known[_i].e);
  p.batch = known[_i].batch;
  const plim_value edge = limit_of(theory, PLIM_W2_EDGE, &p);
  assert_close(edge.value, known[_i].edge, edge_tolerance, 0.0, "w2_edge");
  ck_assert_double_lt(edge.error, edge_tolerance * edge.value);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The trace by the pencil is that of spikes.c, which comes from another derivation. */
START_TEST(the_pencil_has_the_trace)
{
  static const char *const names[] = {"silu", "relu", "tanh", "expr:0.7*z+0.4*abs(z-0.3)"};
  static const double e[2] = {0.813, 1.237};
  plim_theory *theory = new_theory();
  for (int batch = 0; batch < PLIM_BATCH_COUNT; batch++) {
    plim_problem p = two_steps(names[_i], "expr:sin(1.3*z)+0.2*(z*z-1)", "constant", 1.731, e);
    p.batch = (plim_batch)batch;
    const plimi_input in = prepared(theory, &p);
    const plimi_two_solution *solution = solution_of(&in);
    ck_assert(solution->has_pencil);
    plimi_two_tables *tables;
    ck_assert_int_eq(plimi_two_tables_alloc(&in, &solution->two, 0, INFINITY, &tables), PLIM_OK);
    plimi_two_point point;
    plimi_two_spikes spikes;
    ck_assert_int_eq(plimi_two_spikes_of(tables, &spikes), PLIM_OK);
    ck_assert_int_eq(plimi_two_pencil_start(tables, &point), PLIM_OK);
    assert_close(point.slope, spikes.trace.value, 1e-6, 0.0, names[_i]); /* level 0 of the law of y */
    plimi_two_tables_free(tables);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* r = 1/(z + E y^2/(1 + r y^2/psi1)), the law of y by trapezoidal sums: section 9.2 of theory.md. */
static double resolvent_of_labels(double psi1, double noise, double z)
{
  const double step = 0.2, density = 0.39894228040143267794;
  double r = 0.5;
  for (int iteration = 0; iteration < 300; iteration++) {
    double sum = 0.0;
    for (int i = -45; i <= 45; i++)
      for (int j = -45; j <= 45; j++) {
        const double xi = i * step, g = j * step, y = tanh(xi) + noise * g;
        sum += step * step * density * density * exp(-0.5 * (xi * xi + g * g)) * y * y /
               (1.0 + r * y * y / psi1);
      }
    r = 1.0 / (z + sum);
  }
  return r;
}

/* One step, E sigma'' = 0: Sigma = 1 + alpha S with S = (1/n) X'D_y^2 X, alpha = e1^2 nu2/psi1. */
START_TEST(one_step_is_a_scalar_equation)
{
  static const double e[2] = {1.319, 0.0};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("tanh", "tanh", "constant", 0.917, e);
  p.noise = 0.413;
  const plimi_input in = prepared(theory, &p);
  const plimi_two_solution *solution = solution_of(&in);
  plimi_two_tables *tables;
  ck_assert_int_eq(plimi_two_tables_alloc(&in, &solution->two, 1, INFINITY, &tables), PLIM_OK);
  plimi_two_point point;
  ck_assert_int_eq(plimi_two_pencil_start(tables, &point), PLIM_OK);
  const double alpha = e[0] * e[0] * in.sigma.nu2.value / p.psi1;
  for (double s = 0.25; s < 2.0; s *= 2.0) {
    ck_assert_int_eq(plimi_two_pencil_move(tables, -s, &point), PLIM_OK);
    const double z = (1.0 + s) / (s * alpha),
                 expected = resolvent_of_labels(p.psi1, p.noise, z) / (s * alpha);
    assert_close(point.t, expected, same_law, 0.0, "T");
  }
  plimi_two_tables_free(tables);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(the_slope_is_the_derivative)
{
  static const double e[2] = {0.813, 1.237}, at = 0.11, step = 1e-4;
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("silu", "tanh", "constant", 1.731, e);
  p.batch = (plim_batch)_i;
  const plimi_input in = prepared(theory, &p);
  const plimi_two_solution *solution = solution_of(&in);
  plimi_two_point low, high, middle;
  ck_assert_int_eq(plimi_two_pencil_start(solution->finer, &middle), PLIM_OK);
  ck_assert_int_eq(plimi_two_pencil_move(solution->finer, at, &middle), PLIM_OK);
  low = high = middle;
  ck_assert_int_eq(plimi_two_pencil_move(solution->finer, at - step, &low), PLIM_OK);
  ck_assert_int_eq(plimi_two_pencil_move(solution->finer, at + step, &high), PLIM_OK);
  assert_close(middle.slope, (high.t - low.t) / (2.0 * step), 1e-6, 0.0, "slope");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Sigma = c: the formulas of section 11 in units of sqrt c. */
START_TEST(an_isotropic_bulk)
{
  const double c = 0.731, psi2 = 1.863, edge2 = c * (1.0 + sqrt(psi2)) * (1.0 + sqrt(psi2));
  const plimi_two_bulk bulk = {.trace = c, .psi2 = psi2};
  plimi_two_place place;
  double overlap;
  ck_assert_int_eq(plimi_two_edge(&bulk, &place), PLIM_OK);
  assert_close(place.square, edge2, same_law, 0.0, "edge");
  for (double t = 1.01 * sqrt(psi2); t < 1e5; t *= 3.7) {
    ck_assert_int_eq(plimi_two_outlier(&bulk, c * t, &place, &overlap), PLIM_OK);
    assert_close(place.square, c * (1.0 + t) * (psi2 + t) / t, same_law, 0.0, "square");
    assert_close(overlap, 1.0 - (psi2 + t) / (t * (t + 1.0)), 1e-7, 1e-9, "overlap"); /* of x to 1e-10 */
  }
  ck_assert_int_eq(plimi_two_outlier(&bulk, 0.99 * c * sqrt(psi2), &place, &overlap), PLIM_OUTSIDE_DOMAIN);
}
END_TEST

/* A linear sigma leaves the neurons' noise alone. */
START_TEST(linear_neurons)
{
  static const double e[2] = {0.731, 1.219};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("linear", "relu", "constant", 1.617, e);
  p.batch = (plim_batch)_i;
  p.psi2 = 2.173;
  assert_close(limit_of(theory, PLIM_W2_BULK, &p).value, 1.0, usual_tolerance, 0.0, "w2_bulk");
  assert_close(limit_of(theory, PLIM_W2_EDGE, &p).value, 1.0 + sqrt(p.psi2), usual_tolerance, 0.0, "w2_edge");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("two_steps_bulk");
  tcase_add_loop_test(tests, its_edges, 0, 5);
  tcase_add_loop_test(tests, the_pencil_has_the_trace, 0, 4);
  tcase_add_test(tests, one_step_is_a_scalar_equation);
  tcase_add_loop_test(tests, the_slope_is_the_derivative, 0, PLIM_BATCH_COUNT);
  tcase_add_test(tests, an_isotropic_bulk);
  tcase_add_loop_test(tests, linear_neurons, 0, PLIM_BATCH_COUNT);
  return run_case(tests, "two_steps_bulk");
}
