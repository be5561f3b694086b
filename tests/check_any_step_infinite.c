/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_infinite.c - the risk after a large step where d is infinite: which functions of k cost nothing. */
#include <math.h>
#include <string.h>

#include "../theory/any_step/any_step.h"
#include "fixture.h"
#include "reference.h"

/* At d = 1e12 and more, e = 1: what is left is a small multiple of d^-1/2. */
static const double far_tolerance = 1e-6;

/* A polynomial's directions are all long, so their price falls like 1/d; 1e-9 is what the answers themselves are good
   for. */
static const double polynomial_tolerance = 2e-9;

static plim_problem infinite_problem(const char *activation, const char *teacher, double eta, double exponent)
{
  plim_problem p = problem_called(activation, teacher);
  p.psi1 = 2.385;
  p.psi2 = 1.617;
  p.lambda = 0.0837;
  p.noise = 0.253;
  p.eta = eta;
  p.eta_exponent = exponent;
  p.d = INFINITY;
  return p;
}

static void check_far(plim_theory *theory, plim_problem *p, double far, double relative)
{
  static const plim_quantity quantities[] = {PLIM_RISK, PLIM_TRAIN, PLIM_SRF_RISK, PLIM_SRF_TRAIN};
  for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
    p->d = far;
    const double value = limit_of(theory, quantities[i], p).value;
    p->d = INFINITY;
    assert_close(limit_of(theory, quantities[i], p).value, value, relative, 0.0,
                 plim_quantity_name(quantities[i]));
  }
}

/* Finite d goes there: every odd function for a Gaussian readout, one direction for the others. */
START_TEST(far_dimension)
{
  plim_theory *theory = new_theory();
  plim_problem p = infinite_problem("tanh", "sin", 1.31, 0.5);
  for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
    p.readout = (plim_readout)readout;
    check_far(theory, &p, 1e12, far_tolerance);
    plim_value value;
    ck_assert_int_eq(plim_limit(theory, PLIM_ANY_M, &p, &value), PLIM_OUTSIDE_DOMAIN); /* not unique */
    ck_assert_int_eq(plim_limit(theory, PLIM_ANY_V, &p, &value), PLIM_OK);
  }
  problem_clear(&p);
  p = infinite_problem("erf", "tanh", 0.31, 0.5);
  check_far(theory, &p, 1e23, polynomial_tolerance);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* 1, 3 and 1, 5: with a gap the functions are not the powers themselves. The gap costs as much as the fifth. */
START_TEST(polynomials)
{
  static const char *const polynomial[] = {"expr:z+0.1*z^3", "expr:z+0.01*(z^5-10*z^3+15*z)", "expr:1.7*z"};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof polynomial / sizeof polynomial[0]; i++) {
    plim_problem p = infinite_problem(polynomial[i], "tanh", 0.283, 0.5);
    check_far(theory, &p, 1e17, polynomial_tolerance);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* Not odd: finitely many of both parities; every odd function and P_2; every even one and P_1. The first two at their
   price 1/d, the third, which has no last direction, nearer at every decade. */
START_TEST(both_parities)
{
  static const struct {
    const char *activation;
    double relative;
  } cases[] = {{"expr:z+0.3*z^2", 2e-9}, {"expr:z+0.2*z^2+0.1*z^3", 2e-9}, {"expr:tanh(z)+0.3*z^2", 4e-8}};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_problem p = infinite_problem(cases[i].activation, "softplus", 0.717, 0.5);
    check_far(theory, &p, 1e10, cases[i].relative);
    problem_clear(&p);
  }
  plim_problem p = infinite_problem("gelu", "softplus", 0.717, 0.5);
  const double limit = limit_of(theory, PLIM_RISK, &p).value;
  double before = 0.1 * limit;
  for (p.d = 1e4; p.d < 1e11; p.d *= 100.0) {
    const double above = limit_of(theory, PLIM_RISK, &p).value - limit;
    ck_assert_msg(above > 0.0 && above < before, "%g at d = %g, %g before", above, p.d, before);
    before = above;
  }
  ck_assert(before < 0.02 * limit);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* From the smallest step that is promised to the limit e -> 0 nothing jumps. The bulk moves with e^2. */
START_TEST(small_e)
{
  plim_theory *theory = new_theory();
  plim_problem p = infinite_problem("erf", "erf", 1e-4, 0.5);
  const double start = limit_of(theory, PLIM_RISK, &p).value;
  p.eta = 0.02;
  const double low = (limit_of(theory, PLIM_RISK, &p).value - start) / (p.eta * p.eta);
  p.eta = 0.05;
  const double high = (limit_of(theory, PLIM_RISK, &p).value - start) / (p.eta * p.eta);
  ck_assert_msg(fabs(low / high - 1.0) < 0.02 && fabs(low) > 1e-3, "%g %g", low, high);
  p.eta = 1.0;
  p.eta_exponent = 0.497; /* so many directions that the rest does not count */
  assert_close(limit_of(theory, PLIM_RISK, &p).value, start, 1e-7, 0.0, "e -> 0");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Between the regimes: one direction is section 5 at eta -> infinity; two are what finite d goes to. */
START_TEST(exponents_between)
{
  static const double relative = 1e-9, slow = 2e-5; /* d^-0.22 at 1e23 is 9e-6, and eta is large */
  plim_theory *theory = new_theory();
  plim_problem p = infinite_problem("tanh", "sin", 1e8, 0.0);
  const double risk = limit_of(theory, PLIM_RISK, &p).value, train = limit_of(theory, PLIM_TRAIN, &p).value;
  p.eta_exponent = 0.217;
  p.eta = 0.37;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, risk, relative, 0.0, "risk, k alone");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, train, relative, 0.0, "train, k alone");
  p.readout = PLIM_READOUT_RADEMACHER;
  p.eta_exponent = 0.4; /* critical for a Gaussian readout, not for one direction */
  assert_close(limit_of(theory, PLIM_RISK, &p).value, risk, relative, 0.0, "risk, rademacher");
  p.readout = PLIM_READOUT_GAUSSIAN;
  p.eta_exponent = 0.37;
  const double two = limit_of(theory, PLIM_RISK, &p).value;
  ck_assert(two < 0.98 * risk);
  ck_assert(limit_of(theory, PLIM_ANY_TAU, &p).value == 0.0);
  p.d = 1e12;
  ck_assert(fabs(limit_of(theory, PLIM_ANY_TAU, &p).value) < 1e-6);
  p.d = INFINITY;
  p.eta = 3.1;
  ck_assert(limit_of(theory, PLIM_RISK, &p).value == two);
  check_far(theory, &p, 1e23, slow);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Values of an independent program (any_activation.md C). It has a rounding error for the c_2 = 0 of a centred sigmoid,
   and so learns P_2 where 2 (1 - 2 eta_exponent) < 1: sigmoid with a c_2 of that kind has its value. */
START_TEST(reference_values)
{
  static const double digits = 1e-11; /* those of the table */
  reference_table *table = reference_table_read("between_exponents.csv");
  plim_theory *theory = new_theory();
  for (size_t row = 0; row < table->rows; row++) {
    plim_problem p = reference_problem(table, row);
    p.d = INFINITY;
    p.eta = 1.31;
    p.eta_exponent = reference_number(table, row, "eta_exponent");
    if (strcmp(reference_text(table, row, "activation"), "sigmoid") == 0 && p.eta_exponent > 0.25) {
      plim_activation_free((plim_activation *)p.activation);
      p.activation = activation_called("expr:1/(1+exp(-z))+1e-9*z^2");
    }
    assert_close(limit_of(theory, PLIM_RISK, &p).value, reference_number(table, row, "risk"), digits, 0.0,
                 "risk");
    assert_close(limit_of(theory, PLIM_TRAIN, &p).value, reference_number(table, row, "train"), digits, 0.0,
                 "train");
    ck_assert(limit_of(theory, PLIM_SRF_RISK, &p).value == limit_of(theory, PLIM_RISK, &p).value);
    problem_clear(&p);
  }
  ck_assert_uint_ge(table->rows, 12);
  plim_theory_free(theory);
  reference_table_free(table);
}
END_TEST

/* The closed form is where the equations of any step size go. With |zeta| = 1 at d infinite and e -> 0, to O(e); with a
   Gaussian readout at e = .01 and a d at which P_1 and P_2 are long and P_4 is short, to O(e) too. */
START_TEST(between_by_any_step)
{
  static const double to_e = 5e-5, to_d = 5e-3;
  static const plim_quantity quantities[] = {PLIM_RISK, PLIM_TRAIN, PLIM_ANY_P, PLIM_ANY_V};
  plim_theory *theory = new_theory();
  plim_problem p = infinite_problem("relu", "softplus", 1.0, 0.0);
  for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
    static const double exponent[] = {[PLIM_READOUT_RADEMACHER] = 0.413, [PLIM_READOUT_CONSTANT] = 0.213};
    for (int readout = PLIM_READOUT_RADEMACHER; readout <= PLIM_READOUT_CONSTANT; readout++) {
      p.readout = (plim_readout)readout;
      p.eta = 1e-4;
      p.eta_exponent = 0.5;
      const double value = limit_of(theory, quantities[i], &p).value;
      p.eta_exponent = exponent[readout];
      assert_close(limit_of(theory, quantities[i], &p).value, value, to_e, 0.0,
                   plim_quantity_name(quantities[i]));
    }
    p.readout = PLIM_READOUT_GAUSSIAN;
    p.eta_exponent = 0.5;
    p.eta = 0.01;
    p.d = 1e11;
    const double value = limit_of(theory, quantities[i], &p).value;
    p.d = INFINITY;
    p.eta_exponent = 0.213;
    ck_assert(i > 1 ||
              fabs(limit_of(theory, quantities[i], &p).value / value - 1.0) > 5.0 * to_d); /* without P_2 */
    p.eta_exponent = 0.313;
    assert_close(limit_of(theory, quantities[i], &p).value, value, to_d, 0.0,
                 plim_quantity_name(quantities[i]));
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Where a direction is of order one the limit depends on eta. */
START_TEST(critical_exponents)
{
  static const struct {
    const char *activation;
    double exponent;
    plim_status status;
  } cases[] = {{"tanh", 1.0 / 3.0, PLIM_OUTSIDE_DOMAIN},
               {"tanh", 0.4, PLIM_OUTSIDE_DOMAIN},
               {"linear", 1.0 / 3.0, PLIM_OK},
               {"expr:z+0.1*z^3", 1.0 / 3.0, PLIM_OUTSIDE_DOMAIN},
               {"expr:z+0.1*z^3", 0.4, PLIM_OK},
               {"expr:z+0.01*(z^5-10*z^3+15*z)", 1.0 / 3.0, PLIM_OK},
               {"expr:z+0.01*(z^5-10*z^3+15*z)", 0.4, PLIM_OUTSIDE_DOMAIN},
               {"relu", 0.25, PLIM_OUTSIDE_DOMAIN},
               {"relu", 1.0 / 3.0, PLIM_OK}, /* it has no third order */
               {"silu", 0.375, PLIM_OUTSIDE_DOMAIN},
               {"expr:z+0.3*z^2", 0.375, PLIM_OK},
               {"sigmoid", 0.25, PLIM_OK}};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_problem p = infinite_problem(cases[i].activation, "erf", 1.3, cases[i].exponent);
    plim_value value;
    ck_assert_msg(plim_limit(theory, PLIM_RISK, &p, &value) == cases[i].status, "%zu", i);
    p.readout = PLIM_READOUT_CONSTANT; /* one direction, always long */
    ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_OK);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

static void check_spans(plim_theory *theory, const char *activation, bool is_known, plimi_span_kind kind)
{
  plim_problem p = infinite_problem(activation, "tanh", 0.5, 0.5);
  p.d = 417.0; /* what a step at infinite d would have in common with others is left out of an input */
  const plimi_input in = input_of(theory, &p);
  plimi_span least, largest;
  ck_assert_int_eq(plimi_spans_of(&in, &least, &largest), PLIM_OK);
  ck_assert_msg(plimi_same_span(&least, &largest) == is_known && largest.kind == kind, "%s", activation);
  problem_clear(&p);
}

/* What an expression's numbers say of it. */
START_TEST(expressions)
{
  plim_theory *theory = new_theory();
  check_spans(theory, "erf", true, PLIMI_SPAN_ALL);
  check_spans(theory, "expr:sin(z/2)", true, PLIMI_SPAN_ALL); /* fades: not a polynomial */
  check_spans(theory, "expr:max(-0.7,min(z,0.7))", true, PLIMI_SPAN_ALL);
  check_spans(theory, "expr:z+1e-3*z^3", true, PLIMI_SPAN_DEGREES);
  check_spans(theory, "expr:z+1e-9*z^3", false, PLIMI_SPAN_ALL); /* a polynomial, or more */
  plim_problem p =
      infinite_problem("expr:erf(z)", "tanh", 0.213, 0.5); /* the same function, the same value */
  const double expected = limit_of(theory, PLIM_RISK, &p).value;
  problem_clear(&p);
  p = infinite_problem("erf", "tanh", 0.213, 0.5);
  assert_close(limit_of(theory, PLIM_RISK, &p).value, expected, 1e-9, 0.0, "erf");
  problem_clear(&p);
  p = infinite_problem("expr:z+1e-9*z^3", "tanh", 0.5, 0.5); /* "more" makes 10 % */
  plim_value value;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_NOT_CONVERGED);
  p.eta_exponent = 0.2; /* k alone, either way */
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &value), PLIM_OK);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_step_infinite");
  tcase_add_test(tests, far_dimension);
  tcase_add_test(tests, polynomials);
  tcase_add_test(tests, both_parities);
  tcase_add_test(tests, reference_values);
  tcase_add_test(tests, between_by_any_step);
  tcase_add_test(tests, small_e);
  tcase_add_test(tests, exponents_between);
  tcase_add_test(tests, critical_exponents);
  tcase_add_test(tests, expressions);
  return run_case(tests, "any_step_infinite");
}
