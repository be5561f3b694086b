/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_two_steps.c - the weights after two gradient steps: by plain sums, against the values of two_steps.md, by second
   routes, in limiting cases, at the ends of the domain. */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "reference.h"
#include "../theory/two_steps/two_steps.h"

/* What plim_theory_alloc promises, relative; strengths below 1e-3 of the first on that scale. */
static const double usual_tolerance = 1e-7, small_share = 1e-3;
/* Trapezoidal sums of make_two_steps.py: what tanh, with its poles at +-i pi/2, leaves at a step of 0.35. */
static const double golden_tolerance = 2e-9;
/* The edge without the tails of the labels, beside one whose law is cut at another place (points.c). */
static const double edge_tolerance = 5e-3;
/* Two sums over the same law, or roots found to 1e-10. */
static const double same_law = 1e-9;

enum {
  READS = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_TWO_STEPS | PLIMI_READS_SECOND_STEP |
          PLIMI_READS_ATOMS
};

static plim_readout readout_called(const char *name)
{
  for (int i = 0; i < PLIM_READOUT_COUNT; i++)
    if (strcmp(plim_readout_name((plim_readout)i), name) == 0)
      return (plim_readout)i;
  ck_abort_msg("no readout is called %s", name);
}

/* e1, e2 of order one, d infinite. */
static plim_problem two_steps(const char *activation, const char *teacher, const char *readout, double psi1,
                              const double e[2])
{
  plim_problem p = problem_called(activation, teacher);
  p.readout = readout_called(readout);
  p.psi1 = psi1;
  p.psi2 = 1.5;
  p.noise = 0.1;
  p.eta = e[0];
  p.eta_second = e[1];
  p.eta_exponent = 0.5;
  p.steps = 2;
  p.d = INFINITY;
  return p;
}

static plimi_input prepared(plim_theory *theory, const plim_problem *p)
{
  plimi_input in;
  ck_assert_int_eq(plimi_input_prepare(theory, p, READS, &in), PLIM_OK);
  return in;
}

static plimi_two_spikes spikes_of(plim_theory *theory, const plim_problem *p)
{
  const plimi_input in = prepared(theory, p);
  const plimi_two_solution *solution;
  ck_assert_int_eq(plimi_two_solve(&in, &solution), PLIM_OK);
  return solution->spikes;
}

static plim_status status_of(plim_theory *theory, plim_quantity quantity, const plim_problem *p)
{
  plim_value unused;
  return plim_limit(theory, quantity, p, &unused);
}

/* ---- values ---- */

static void assert_promised(plim_value value, double expected, double size, const char *what)
{
  const double off = fabs(value.value - expected), golden = golden_tolerance;
  ck_assert_msg(off <= usual_tolerance * size, "%s: %.12g instead of %.12g", what, value.value, expected);
  ck_assert_msg(off <= value.error + golden, "%s: %.12g +- %g instead of %.12g", what, value.value,
                value.error, expected);
}

/* Sums without tables, refinement or interpolation (make_two_steps.py): kinks, noise = 0, all readouts, both batches. */
START_TEST(by_plain_sums)
{
  reference_table *table = reference_table_read("two_steps.csv");
  const size_t row = (size_t)_i;
  plim_theory *theory = new_theory();
  ck_assert_uint_eq(table->rows, 8);
  const double e[2] = {reference_number(table, row, "e1"), reference_number(table, row, "e2")};
  plim_problem p = two_steps(reference_text(table, row, "activation"), reference_text(table, row, "teacher"),
                             reference_text(table, row, "readout"), reference_number(table, row, "psi1"), e);
  p.noise = reference_number(table, row, "noise");
  if (strcmp(reference_text(table, row, "batch"), "fresh") == 0)
    p.batch = PLIM_BATCH_FRESH;
  const plimi_two_spikes spikes = spikes_of(theory, &p);
  const double first = reference_number(table, row, "strength1");
  assert_promised(spikes.strength[0], first, first, "strength1");
  const double second = reference_number(table, row, "strength2");
  assert_promised(spikes.strength[1], second, fmax(second, small_share * first), "strength2");
  assert_promised(spikes.along[0], reference_number(table, row, "along1"), 1.0, "along1");
  assert_promised(spikes.along[1], reference_number(table, row, "along2"), 1.0, "along2");
  assert_promised(spikes.trace, reference_number(table, row, "trace"), 1.0, "trace");
  problem_clear(&p);
  plim_theory_free(theory);
  reference_table_free(table);
}
END_TEST

/* two_steps.md 6, to the digits that it prints. */
START_TEST(the_values_of_two_steps_md)
{
  static const struct {
    const char *activation, *readout;
    double psi1;
    plim_batch batch;
    double strength, cosine, trace;
  } known[] = {{"silu", "constant", 1.0, PLIM_BATCH_SAME, 0.2535, 0.752, 1.067},
               {"silu", "constant", 1.0, PLIM_BATCH_FRESH, 0.3904, 0.832, 1.060},
               {"tanh", "rademacher", 4.0, PLIM_BATCH_SAME, 0.3446, 0.923, 0.9412},
               {"tanh", "rademacher", 4.0, PLIM_BATCH_FRESH, 0.3756, 0.957, 0.9366}};
  static const double e[2] = {1.0, 1.0};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    plim_problem p = two_steps(known[i].activation, "tanh", known[i].readout, known[i].psi1, e);
    p.batch = known[i].batch;
    const plimi_two_spikes spikes = spikes_of(theory, &p);
    ck_assert_double_eq_tol(spikes.strength[0].value, known[i].strength, 6e-5);
    ck_assert_double_eq_tol(sqrt(spikes.along[0].value), known[i].cosine, 6e-4);
    ck_assert_double_eq_tol(spikes.trace.value, known[i].trace, known[i].trace > 1.0 ? 6e-4 : 6e-5);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* Its largest singular values are those of a bulk with Sigma = 1: sqrt((1 + th^2)(psi2 + th^2))/th. */
START_TEST(its_largest_singular_values)
{
  static const struct {
    double e[2];
    plim_batch batch;
    double top;
  } known[] = {{{0.5, 0.5}, PLIM_BATCH_SAME, 11.385},
               {{0.5, 0.5}, PLIM_BATCH_FRESH, 11.087},
               {{0.2, 0.3}, PLIM_BATCH_SAME, 6.313},
               {{0.2, 0.3}, PLIM_BATCH_FRESH, 5.958}};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("silu", "tanh", "gaussian", 2.0, known[_i].e);
  p.batch = known[_i].batch;
  const double width = 1.5 * 800.0, th2 = width * spikes_of(theory, &p).strength[0].value;
  ck_assert_double_eq_tol(sqrt((1.0 + th2) * (1.5 + th2) / th2), known[_i].top, 6e-4);
  p.d = 800.0;
  const plim_value top = limit_of(theory, PLIM_W2_TOP, &p);
  ck_assert_double_eq_tol(top.value, known[_i].top, 6e-3); /* with the trace of the bulk: 1 + O(1/th^2) */
  ck_assert_double_eq_tol(limit_of(theory, PLIM_W2_OUTLIERS, &p).value, 1.0, 0.5);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

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

/* ---- second routes ---- */

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
    const plimi_two_solution *solution;
    ck_assert_int_eq(plimi_two_solve(&in, &solution), PLIM_OK);
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
  const plimi_two_solution *solution;
  ck_assert_int_eq(plimi_two_solve(&in, &solution), PLIM_OK);
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
  const plimi_two_solution *solution;
  ck_assert_int_eq(plimi_two_solve(&in, &solution), PLIM_OK);
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

/* ---- limiting cases ---- */

/* d infinite at exponent 0, equal steps: the quantities of W1 after two small steps, which weights.c has. */
START_TEST(small_steps)
{
  static const char *const readouts[] = {"gaussian", "rademacher", "constant"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < 3; i++) {
    plim_problem p = problem_called(i == 1 ? "relu" : "tanh", "softplus");
    p.readout = readout_called(readouts[i]);
    p.batch = (plim_batch)_i;
    p.steps = 2;
    p.eta = 2.385;
    p.psi1 = 1.617;
    const plim_value top = limit_of(theory, PLIM_W2_TOP, &p), along = limit_of(theory, PLIM_W2_TOP_BETA, &p);
    assert_close(top.value, limit_of(theory, PLIM_W1_TOP, &p).value, usual_tolerance, 0.0, "w2_top");
    assert_close(along.value, limit_of(theory, PLIM_W1_LEFT_BETA, &p).value, usual_tolerance, 0.0,
                 "w2_top_beta");
    assert_within_error(limit_of(theory, PLIM_W2_EDGE, &p), 1.0 + sqrt(p.psi2), "w2_edge");
    assert_within_error(limit_of(theory, PLIM_W2_BULK, &p), 1.0, "w2_bulk");
    const bool is_clear = top.value > PLIM_W2_CLEARANCE * (1.0 + sqrt(p.psi2));
    assert_within_error(limit_of(theory, PLIM_W2_OUTLIERS, &p), is_clear, "w2_outliers");
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* No second step: th^2 = N e1^2 theta1^2, and the trace is 1 + e1^2 q0 with E zeta^2 = 1. Neither does it matter which
   of two steps is left out. */
START_TEST(one_of_them_is_none)
{
  static const double e[2][2] = {{0.713, 0.0}, {0.0, 0.713}};
  plim_theory *theory = new_theory();
  for (int i = 0; i < 2; i++) {
    plim_problem p = two_steps(_i == 0 ? "relu" : "tanh", "softplus", "gaussian", 1.617, e[i]);
    p.noise = 0.413;
    const plimi_two_spikes spikes = spikes_of(theory, &p);
    plim_problem first = p;
    first.steps = 1;
    first.eta_second = NAN;
    const double length = limit_of(theory, PLIM_THETA1, &first).value,
                 along = limit_of(theory, PLIM_THETA2, &first).value;
    const double q0 = limit_of(theory, PLIM_GRAD_FRO2, &first).value - length * length;
    assert_close(spikes.strength[0].value, 0.713 * 0.713 * length * length, usual_tolerance, 0.0, "strength");
    assert_close(spikes.along[0].value, along * along / (length * length), usual_tolerance, 0.0, "along");
    assert_close(spikes.trace.value, 1.0 + 0.713 * 0.713 * q0, usual_tolerance, 0.0, "trace");
    ck_assert_double_le(spikes.strength[1].value, 1e-9 * spikes.strength[0].value);
    problem_clear(&p);
  }
  plim_theory_free(theory);
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

/* One law of zeta under two names. */
START_TEST(atoms_are_readouts)
{
  static const double e[2] = {0.613, 0.847};
  static const char *const names[] = {"atoms:-1@0.5,1@0.5", "atoms:1@1"};
  static const char *const same[] = {"rademacher", "constant"};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("silu", "sin", same[_i], 1.617, e);
  plim_atoms atoms;
  ck_assert_int_eq(plim_atoms_read(names[_i], &atoms, NULL), PLIM_OK);
  const plimi_two_spikes expected = spikes_of(theory, &p);
  p.readout = PLIM_READOUT_ATOMS;
  p.atoms = &atoms;
  const plimi_two_spikes spikes = spikes_of(theory, &p);
  ck_assert_double_eq_tol(spikes.strength[0].value, expected.strength[0].value, 1e-13);
  ck_assert_double_eq_tol(spikes.strength[1].value, expected.strength[1].value, 1e-13);
  ck_assert_double_eq_tol(spikes.trace.value, expected.trace.value, 1e-13);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The number of directions: one, or two where zeta = 1 and -1 act differently. */
START_TEST(ranks)
{
  static const double e[2] = {0.613, 0.847};
  plim_theory *theory = new_theory();
  plim_problem odd = two_steps("tanh", "sin", "rademacher", 1.617, e);
  plim_problem other = two_steps("silu", "sin", "rademacher", 1.617, e);
  assert_within_error(limit_of(theory, PLIM_W2_OUTLIERS, &odd), 1.0, "odd");
  assert_within_error(limit_of(theory, PLIM_W2_OUTLIERS, &other), 2.0, "not odd");
  other.d = 3000.0;
  const plim_value second = limit_of(theory, PLIM_W2_SECOND, &other);
  ck_assert_double_lt(second.value, limit_of(theory, PLIM_W2_TOP, &other).value);
  ck_assert_double_gt(second.value,
                      sqrt(limit_of(theory, PLIM_W2_BULK, &other).value) * (1.0 + sqrt(other.psi2)));
  ck_assert_int_eq(status_of(theory, PLIM_W2_THIRD, &other), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&odd);
  problem_clear(&other);
  plim_theory_free(theory);
}
END_TEST

/* ---- statuses ---- */

START_TEST(ends_of_the_domain)
{
  static const double e[2] = {0.613, 0.847};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("tanh", "sin", "gaussian", 1.617, e);
  ck_assert_int_eq(status_of(theory, PLIM_W2_TOP, &p), PLIM_DIVERGES); /* like sqrt N */
  ck_assert_int_eq(status_of(theory, PLIM_W2_TOP_BETA, &p), PLIM_OK);
  ck_assert_int_eq(status_of(theory, PLIM_W2_EDGE, &p), PLIM_OUTSIDE_DOMAIN); /* |zeta| varies */
  ck_assert_int_eq(status_of(theory, PLIM_W2_OUTLIERS, &p), PLIM_OUTSIDE_DOMAIN);
  p.d = 50.0;
  ck_assert_int_eq(status_of(theory, PLIM_W2_THIRD, &p), PLIM_OUTSIDE_DOMAIN); /* inside the bulk */
  p.steps = 1;
  p.eta_second = NAN;
  ck_assert_int_eq(status_of(theory, PLIM_W2_BULK, &p), PLIM_OUTSIDE_DOMAIN);
  p.steps = 3;
  ck_assert_int_eq(status_of(theory, PLIM_W2_BULK, &p), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  p = two_steps("hermite3", "sin", "constant", 1.617, e); /* mu1 = 0 */
  ck_assert_int_eq(status_of(theory, PLIM_W2_BULK, &p), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  p = two_steps("silu", "hermite2", "constant", 1.617, (double[]){0.613, 9.0}); /* amplifies beta* */
  p.d = 400.0;
  ck_assert_int_eq(status_of(theory, PLIM_W2_OUTLIERS, &p), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("two_steps");
  tcase_add_loop_test(tests, by_plain_sums, 0, 8);
  tcase_add_test(tests, the_values_of_two_steps_md);
  tcase_add_loop_test(tests, its_largest_singular_values, 0, 4);
  tcase_add_loop_test(tests, its_edges, 0, 5);
  tcase_add_loop_test(tests, the_pencil_has_the_trace, 0, 4);
  tcase_add_test(tests, one_step_is_a_scalar_equation);
  tcase_add_loop_test(tests, the_slope_is_the_derivative, 0, PLIM_BATCH_COUNT);
  tcase_add_test(tests, an_isotropic_bulk);
  tcase_add_loop_test(tests, small_steps, 0, PLIM_BATCH_COUNT);
  tcase_add_loop_test(tests, one_of_them_is_none, 0, 2);
  tcase_add_loop_test(tests, linear_neurons, 0, PLIM_BATCH_COUNT);
  tcase_add_loop_test(tests, atoms_are_readouts, 0, 2);
  tcase_add_test(tests, ranks);
  tcase_add_test(tests, ends_of_the_domain);
  return run_case(tests, "two_steps");
}
