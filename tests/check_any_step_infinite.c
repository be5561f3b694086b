/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_infinite.c - the risk after a large step where d is infinite: which functions of k cost nothing. */
#include <math.h>

#include "../theory/any_step/any_step.h"
#include "fixture.h"

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
               {"expr:z+0.01*(z^5-10*z^3+15*z)", 0.4, PLIM_OUTSIDE_DOMAIN}};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_problem p = infinite_problem(cases[i].activation, "erf", 1.3, cases[i].exponent);
    plim_value value;
    ck_assert_msg(plim_limit(theory, PLIM_RISK, &p, &value) == cases[i].status, "%zu", i);
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
  tcase_add_test(tests, small_e);
  tcase_add_test(tests, exponents_between);
  tcase_add_test(tests, critical_exponents);
  tcase_add_test(tests, expressions);
  return run_case(tests, "any_step_infinite");
}
