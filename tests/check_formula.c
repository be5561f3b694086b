/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions in named variables: values, names of any alphabet, which variables are used, and what is wrong with a
   text that is none. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim_formula.h"
#include "run_cases.h"

#define ROUNDING 1e-15 /* relative: a few operations */

static const char *const names[] = {"psi1", "ψ₂", "lambda", "pi", "_e", "n/d", "min", "with blank"};
static const double values[] = {2.385, 1.3125, 0.113, 2.5, 3.25, 7.25, 0.375, 11.5};
enum { NAMES = sizeof names / sizeof names[0] };

static plim_formula *compiled(const char *text)
{
  plim_formula *formula;
  char *why = NULL;
  const plim_status status = plim_formula_alloc(text, names, NAMES, &formula, &why);
  ck_assert_msg(status == PLIM_OK, "%s: %s", text, why != NULL ? why : "");
  return formula;
}

START_TEST(computes)
{
  const struct {
    const char *text;
    double value;
  } cases[] = {{"psi1/(1+psi1)", 2.385 / 3.385},
               {"ψ₂^2 - 0.25", 1.3125 * 1.3125 - 0.25},
               {"sqrt(lambda)*exp(-psi1)", sqrt(0.113) * exp(-2.385)},
               {"pi*_e", 2.5 * 3.25}, /* the variables, not the constants */
               {"2*_pi", 6.283185307179586},
               {"min(psi1, min)", 0.375},
               {"psi1 > 2 ? lambda : -1", 0.113},
               {"1.5e-3", 0.0015}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_formula *formula = compiled(cases[i].text);
    double value = NAN;
    for (int again = 0; again < 2; again++) {
      ck_assert_int_eq(plim_formula_value(formula, values, &value), PLIM_OK);
      ck_assert_msg(fabs(value - cases[i].value) <= ROUNDING * fabs(cases[i].value), "%s: %.17g",
                    cases[i].text, value);
    }
    plim_formula_free(formula);
  }
}
END_TEST

/* Each evaluation has its own values, and two formulas have nothing in common. */
START_TEST(variables)
{
  plim_formula *one = compiled("psi1 - lambda"), *other = compiled("ψ₂");
  double moved[NAMES], value;
  memcpy(moved, values, sizeof moved);
  moved[0] = -3.75;
  ck_assert(plim_formula_value(one, moved, &value) == PLIM_OK && value == -3.75 - 0.113);
  ck_assert(plim_formula_value(other, values, &value) == PLIM_OK && value == 1.3125);
  ck_assert(plim_formula_value(one, values, &value) == PLIM_OK && value == 2.385 - 0.113);
  for (size_t i = 0; i < NAMES; i++) {
    ck_assert_int_eq(plim_formula_uses(one, i), i == 0 || i == 2);
    ck_assert_int_eq(plim_formula_uses(other, i), i == 1);
  }
  ck_assert(!plim_formula_uses(one, NAMES));
  plim_formula_free(one);
  plim_formula_free(other);
  plim_formula_free(NULL);
}
END_TEST

START_TEST(not_finite)
{
  static const char *const texts[] = {"1/(psi1-psi1)", "log(-psi1)", "exp(1000*psi1)"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    plim_formula *formula = compiled(texts[i]);
    double value = 0.375;
    ck_assert_int_eq(plim_formula_value(formula, values, &value), PLIM_NOT_FINITE);
    ck_assert(value == 0.375);
    plim_formula_free(formula);
  }
}
END_TEST

START_TEST(refusals)
{
  const struct {
    const char *text, *why;
  } cases[] = {{"psi1 + psi3", "\"psi3\" found at position 7"},
               {"psi1 +", "ends too early"},
               {"", "empty"},
               {"psi1, lambda", "several results"},
               {"psi1 = 2", "assignment"},
               {"n/d", "\"n\" found at position 0"},
               {"with blank", "\"with\" found at position 0"},
               {"(psi1", "parenthesis is missing"},
               {"0,5", "several results"},
               {"ψ₃", "found at position 0"},
               {"z", "\"z\" found at position 0"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_formula *formula = NULL;
    char *why = NULL;
    ck_assert_msg(plim_formula_alloc(cases[i].text, names, NAMES, &formula, &why) == PLIM_INVALID,
                  "'%s' is accepted", cases[i].text);
    ck_assert(formula == NULL);
    ck_assert_msg(why != NULL && strstr(why, cases[i].why) != NULL, "'%s': %s", cases[i].text, why);
    free(why);
    ck_assert_int_eq(plim_formula_alloc(cases[i].text, names, NAMES, &formula, NULL), PLIM_INVALID);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("formula");
  tcase_add_test(tests, computes);
  tcase_add_test(tests, variables);
  tcase_add_test(tests, not_finite);
  tcase_add_test(tests, refusals);
  return run_cases("formula", 1, &tests);
}
