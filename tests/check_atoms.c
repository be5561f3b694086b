/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_atoms.c - section 15 for a readout with finitely many values: what is another readout said otherwise, the
   kind of neuron that a step leaves alone, infinite d, and simulation. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim.h"
#include "fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_RISK,  PLIM_TRAIN,   PLIM_SRF_RISK, PLIM_SRF_TRAIN,
                                           PLIM_ANY_M, PLIM_ANY_TAU, PLIM_ANY_P,    PLIM_ANY_V};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

static plim_problem problem_of(const char *activation, const char *teacher)
{
  plim_problem p = problem_called(activation, teacher);
  p.psi1 = 1.7;
  p.psi2 = 1.453;
  p.lambda = 0.0417;
  p.noise = 0.213;
  p.eta = 1.385;
  p.eta_exponent = 0.5;
  p.d = 150.0;
  return p;
}

static plim_value of_law(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                         const plim_atoms *atoms)
{
  plim_problem p = *problem;
  p.readout = PLIM_READOUT_ATOMS;
  p.atoms = atoms;
  return limit_of(theory, quantity, &p);
}

static plim_status status_of(plim_theory *theory, const plim_problem *problem, const plim_atoms *atoms)
{
  plim_problem p = *problem;
  plim_value value;
  p.readout = PLIM_READOUT_ATOMS;
  p.atoms = atoms;
  return plim_limit(theory, PLIM_RISK, &p, &value);
}

static plim_atoms law_called(const char *name)
{
  plim_atoms atoms;
  ck_assert_int_eq(plim_atoms_read(name, &atoms, NULL), PLIM_OK);
  return atoms;
}

static void assert_same(plim_value a, plim_value b, double more, const char *what)
{
  ck_assert_msg(fabs(a.value - b.value) <= a.error + b.error + more * fabs(b.value),
                "%s: %.15g (%.2g), %.15g (%.2g)", what, a.value, a.error, b.value, b.error);
}

/* Values 1e-13 off +-1 are kinds of their own, to the same answers: of a square, 1e-12. */
START_TEST(one_or_two_values)
{
  static const double typed = 1e-12;
  static const char *const laws[] = {"atoms:-0.9999999999999@0.5,1.0000000000001@0.5",
                                     "atoms:0.9999999999999@0.5,1.0000000000001@0.5"};
  static const plim_readout readouts[] = {PLIM_READOUT_RADEMACHER, PLIM_READOUT_CONSTANT};
  plim_theory *theory = new_theory();
  plim_problem p = problem_of(_i < 2 ? "relu" : "tanh", "softplus");
  const plim_atoms general = law_called(laws[_i % 2]),
                   exact = law_called(_i % 2 == 0 ? "atoms:-1@1/2,1@1/2" : "atoms:1@1");
  p.readout = readouts[_i % 2];
  for (size_t q = 0; q < COUNT; q++) {
    const plim_value expected = limit_of(theory, quantities[q], &p);
    assert_same(of_law(theory, quantities[q], &p, &exact), expected, 0.0, plim_quantity_name(quantities[q]));
    assert_same(of_law(theory, quantities[q], &p, &general), expected, typed,
                plim_quantity_name(quantities[q]));
  }
  if (_i == 0) {
    p.d = INFINITY;
    assert_same(of_law(theory, PLIM_RISK, &p, &general), limit_of(theory, PLIM_RISK, &p), typed, "d = inf");
    assert_same(of_law(theory, PLIM_SRF_TRAIN, &p, &general), limit_of(theory, PLIM_SRF_TRAIN, &p), typed,
                "d = inf");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Atoms of the Gauss-Hermite rule: nothing but an average over zeta of smooth functions is then asked for, and it is
   that of a Gaussian readout to what 15 nodes leave. An odd number of nodes has zeta = 0. */
START_TEST(a_gaussian_rule)
{
  static const double left[] = {1e-5, 1e-5};
  plim_theory *theory = new_theory();
  plim_problem p = problem_of(_i == 0 ? "softplus" : "tanh", "tanh");
  plim_atoms atoms = {.count = 15, .name = "atoms:a rule"};
  gsl_integration_fixed_workspace *rule =
      gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, 15, 0.0, 0.5, 0.0, 0.0);
  ck_assert_ptr_nonnull(rule);
  double sum = 0.0;
  for (size_t i = 0; i < 15; i++)
    sum += gsl_integration_fixed_weights(rule)[i];
  for (size_t i = 0; i < 15; i++) {
    atoms.value[i] = i == 7 ? 0.0 : gsl_integration_fixed_nodes(rule)[i];
    atoms.probability[i] = gsl_integration_fixed_weights(rule)[i] / sum;
  }
  gsl_integration_fixed_free(rule);
  p.eta = 0.5;
  p.readout = PLIM_READOUT_GAUSSIAN;
  for (size_t q = 0; q < COUNT; q++)
    assert_same(of_law(theory, quantities[q], &p, &atoms), limit_of(theory, quantities[q], &p), left[_i],
                plim_quantity_name(quantities[q]));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The kind that the step leaves alone is where kinds of ever smaller zeta end: a part of size zeta is seen to the first
   order at most. Its weight is that of no other kind. */
START_TEST(a_neuron_that_stays)
{
  static const double zeta = 1e-9, seen = 30.0;
  plim_theory *theory = new_theory();
  plim_problem p = problem_of(_i == 0 ? "relu" : "erf", "tanh");
  const plim_atoms zero = law_called("atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24"),
                   next = law_called("atoms:1e-9@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24"),
                   fewer = law_called("atoms:0@0.26,-0.6@0.5,sqrt(0.82/0.24)@0.24");
  for (size_t q = 0; q < COUNT; q++)
    assert_same(of_law(theory, quantities[q], &p, &zero), of_law(theory, quantities[q], &p, &next),
                seen * zeta, plim_quantity_name(quantities[q]));
  ck_assert_double_gt(
      fabs(of_law(theory, PLIM_RISK, &p, &fewer).value - of_law(theory, PLIM_RISK, &p, &zero).value), 1e-4);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The law of zeta is nothing to a linear sigma but E zeta^2. */
START_TEST(linear_neurons)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_of("linear", "relu");
  const plim_atoms atoms = law_called("atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24");
  p.readout = PLIM_READOUT_GAUSSIAN;
  for (size_t q = 0; q < COUNT; q++)
    assert_same(of_law(theory, quantities[q], &p, &atoms), limit_of(theory, quantities[q], &p), 0.0,
                plim_quantity_name(quantities[q]));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Prices of 1/d against orthonormal functions that cost nothing: what is left falls like 1/d. And a polynomial, whose
   means span two functions for three kinds. */
START_TEST(infinite_d)
{
  static const char *const activations[] = {"relu", "tanh", "expr:z+0.37*z^2"};
  static const plim_quantity finite[] = {PLIM_RISK,    PLIM_TRAIN, PLIM_SRF_RISK,
                                         PLIM_ANY_TAU, PLIM_ANY_P, PLIM_ANY_V};
  plim_theory *theory = new_theory();
  static const double near_infinity = 2e-3, curved = 0.1; /* 1/d^2, beside it */
  plim_problem p = problem_of(activations[_i % 3], "softplus");
  const plim_atoms atoms =
      law_called(_i < 3 ? "atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24"
                        : "atoms:0.21@0.36,-0.6@0.4,sqrt((0.856-0.36*0.0441)/0.24)@0.24");
  for (size_t q = 0; q < sizeof finite / sizeof *finite; q++) {
    p.d = INFINITY;
    const plim_value value = of_law(theory, finite[q], &p, &atoms);
    p.d = 1e8;
    const plim_value near = of_law(theory, finite[q], &p, &atoms);
    p.d = 1e10;
    const plim_value far = of_law(theory, finite[q], &p, &atoms);
    const double left = near.value - value.value, errors = value.error + far.error + 0.01 * near.error;
    ck_assert_msg(fabs(left) <= near_infinity * fabs(value.value) &&
                      fabs(far.value - value.value - 0.01 * left) <= curved * 0.01 * fabs(left) + errors,
                  "%s: %.15g; %.4g, %.4g at 1e8, 1e10 (%.2g)", plim_quantity_name(finite[q]), value.value,
                  left, far.value - value.value, errors);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* As many orders as there are values other than 0, the lowest ones. relu has 1, 2, 4, 6, ... */
START_TEST(between_the_exponents)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_of("relu", "relu"), gaussian, rademacher;
  const plim_atoms two = law_called("atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24"),
                   three = law_called("atoms:0.2@0.36,-0.6@0.4,sqrt((0.856-0.0144)/0.24)@0.24");
  p.d = INFINITY;
  p.eta_exponent = 0.39; /* orders below 4.5 */
  gaussian = rademacher = p;
  gaussian.readout = PLIM_READOUT_GAUSSIAN;
  rademacher.readout = PLIM_READOUT_RADEMACHER;
  ck_assert_double_gt(
      fabs(limit_of(theory, PLIM_RISK, &gaussian).value - limit_of(theory, PLIM_RISK, &rademacher).value),
      1e-3);
  assert_same(of_law(theory, PLIM_RISK, &p, &two), limit_of(theory, PLIM_RISK, &rademacher), 0.0, "two");
  assert_same(of_law(theory, PLIM_RISK, &p, &three), limit_of(theory, PLIM_RISK, &gaussian), 0.0, "three");
  p.eta_exponent = 0.25; /* the second order is of size one */
  ck_assert_int_eq(status_of(theory, &p, &two), PLIM_OUTSIDE_DOMAIN);
  p.eta_exponent = 0.375; /* the fourth is, and of two values it is not learned */
  ck_assert_int_eq(status_of(theory, &p, &two), PLIM_OK);
  ck_assert_int_eq(status_of(theory, &p, &three), PLIM_OUTSIDE_DOMAIN);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The tables are those of this law. */
START_TEST(the_law_is_part_of_the_key)
{
  plim_theory *theory = new_theory(), *other = new_theory();
  plim_problem p = problem_of("relu", "tanh");
  const plim_atoms one = law_called("atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24"),
                   two = law_called("atoms:0@0.26,-0.6@0.5,sqrt(0.82/0.24)@0.24");
  const double first = of_law(theory, PLIM_RISK, &p, &one).value,
               second = of_law(theory, PLIM_RISK, &p, &two).value;
  ck_assert_double_eq(second, of_law(other, PLIM_RISK, &p, &two).value);
  ck_assert_double_ne(first, second);
  problem_clear(&p);
  plim_theory_free(other);
  plim_theory_free(theory);
}
END_TEST

/* At the d drawn, within 4 standard errors and 1 % for what the limit leaves out: Student's t beyond 4 with 59 degrees
   of freedom has chance 1.8e-4 on both sides, so that with the 4 numbers here a right set is refused with chance 7e-4
   while the drifts are that small (seeds are fixed). A Gaussian readout's are not that near. */
START_TEST(finite_sizes)
{
  enum { REPLICAS = 60 };
  static const double standard_errors = 4.0, drift = 0.01;
  static const plim_quantity measured[] = {PLIM_RISK1, PLIM_SRF_RISK}, limits[] = {PLIM_RISK, PLIM_SRF_RISK};
  double samples[2 * REPLICAS];
  plim_theory *theory = new_theory();
  plim_problem p = problem_of(_i == 0 ? "relu" : "tanh", _i == 0 ? "tanh" : "sin");
  const plim_atoms atoms = law_called("atoms:0@0.36,-0.6@0.4,sqrt(0.856/0.24)@0.24");
  p.readout = PLIM_READOUT_ATOMS;
  p.atoms = &atoms;
  p.psi1 = _i == 0 ? 4.0 : 8.0;
  p.psi2 = 1.5;
  p.lambda = 0.01;
  p.noise = 0.1;
  p.eta = _i == 0 ? 2.385 : 3.0;
  plim_simulation simulation = {.replicas = REPLICAS, .seed = 2385, .threads = 2};
  const plim_measurement measurement = {
      .quantities = measured, .n_quantities = 2, .lambda = &p.lambda, .n_lambda = 1};
  ck_assert_int_eq(plim_size_from_problem(&p, 150, &simulation.size), PLIM_OK);
  p = plim_problem_at_size(&p, &simulation.size);
  ck_assert_int_eq(plim_simulate(&p, &simulation, &measurement, NULL, samples), PLIM_OK);
  plim_problem usual = p;
  usual.readout = PLIM_READOUT_GAUSSIAN;
  for (size_t q = 0; q < 2; q++) {
    plim_estimate seen;
    ck_assert_int_eq(plim_estimate_from_samples(samples + q, 2, REPLICAS, &seen), PLIM_OK);
    const double value = limit_of(theory, limits[q], &p).value,
                 other = limit_of(theory, limits[q], &usual).value;
    printf("  %-8s %.5f, seen %.5f, standard error %.5f; gaussian %.5f\n", plim_quantity_name(limits[q]),
           value, seen.mean, seen.error, other);
    ck_assert_double_le(fabs(seen.mean - value), standard_errors * seen.error + drift * value);
    if (q == 1)
      ck_assert_double_gt(fabs(seen.mean - other), standard_errors * seen.error + drift * other);
  }
  fflush(stdout);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("atoms");
  tcase_set_timeout(tests, 0);
  tcase_add_loop_test(tests, one_or_two_values, 0, 4);
  tcase_add_loop_test(tests, a_gaussian_rule, 0, 2);
  tcase_add_loop_test(tests, a_neuron_that_stays, 0, 2);
  tcase_add_test(tests, linear_neurons);
  tcase_add_loop_test(tests, infinite_d, 0, 6);
  tcase_add_test(tests, between_the_exponents);
  tcase_add_test(tests, the_law_is_part_of_the_key);
  tcase_add_loop_test(tests, finite_sizes, 0, 2);
  return run_cases("atoms", 1, &tests);
}
