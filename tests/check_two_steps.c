/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_two_steps.c - the weights after two gradient steps: by plain sums, against the values of two_steps.md, in
   limiting cases, at the ends of the domain. */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "reference.h"
#include "two_steps_fixture.h"

/* What plim_theory_alloc promises, relative; strengths below 1e-3 of the first on that scale. */
static const double usual_tolerance = 1e-7, small_share = 1e-3;
/* Trapezoidal sums of make_two_steps.py: what tanh, with its poles at +-i pi/2, leaves at a step of 0.35. */
static const double golden_tolerance = 2e-9;

static plimi_two_spikes spikes_of(plim_theory *theory, const plim_problem *p)
{
  const plimi_input in = prepared(theory, p);
  return solution_of(&in)->spikes;
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

/* Sums without tables, refinement or interpolation (make_two_steps.py): kinks, noise = 0, all readouts, both
   batches. */
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

/* No second step: th^2 = N e1^2 theta1^2, and the trace is 1 + e1^2 q0 with E zeta^2 = 1. Neither does it matter
   which of two steps is left out. */
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

/* A power of N of the second step's own: the size that it comes to at this N. Where d is infinite two powers have no
   one scale, unless one of the steps is none. */
START_TEST(a_power_of_its_own)
{
  static const plim_quantity seen[] = {PLIM_W2_TOP, PLIM_W2_TOP_BETA, PLIM_W2_BULK};
  static const double e[2] = {0.713, 0.9};
  plim_theory *theory = new_theory();
  plim_problem p = two_steps("tanh", "tanh", "rademacher", 2.3, e);
  p.batch = (plim_batch)_i;
  p.d = 317.0;
  p.eta_second_exponent = 0.4;
  plim_problem plain = p;
  plain.eta_second = e[1] * pow(p.psi2 * p.d, -0.1);
  plain.eta_second_exponent = NAN;
  for (size_t q = 0; q < sizeof seen / sizeof *seen; q++) {
    plim_value a, b;
    ck_assert_int_eq(plim_limit(theory, seen[q], &p, &a), PLIM_OK);
    ck_assert_int_eq(plim_limit(theory, seen[q], &plain, &b), PLIM_OK);
    ck_assert_double_le(fabs(a.value - b.value), a.error + b.error);
  }
  p.d = INFINITY;
  ck_assert_int_eq(status_of(theory, PLIM_W2_TOP_BETA, &p), PLIM_OUTSIDE_DOMAIN);
  p.eta_second = 0.0;
  ck_assert_int_eq(status_of(theory, PLIM_W2_TOP_BETA, &p), PLIM_OK);
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
  tcase_add_loop_test(tests, small_steps, 0, PLIM_BATCH_COUNT);
  tcase_add_loop_test(tests, one_of_them_is_none, 0, 2);
  tcase_add_loop_test(tests, atoms_are_readouts, 0, 2);
  tcase_add_test(tests, ranks);
  tcase_add_test(tests, ends_of_the_domain);
  tcase_add_loop_test(tests, a_power_of_its_own, 0, PLIM_BATCH_COUNT);
  return run_case(tests, "two_steps");
}
