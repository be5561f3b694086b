/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_formula.c - formulas in named variables. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim_activation.h"
#include "plim_formula.h"
#include "run_cases.h"

static const double rounding = 4.0 * DBL_EPSILON; /* of the few operations of a formula here */

static const char *const names[] = {"psi1", "risk0", "train_0", "n/d", "min", "pi", "z"};
enum { PSI1, RISK0, TRAIN_0, N_OVER_D, MIN, PI, Z, NAMES };
static const double values[NAMES] = {2.385, 0.6173, 0.1937, 1e300, 7.75, 1e300, -1.37};

static plim_formula *made(const char *text)
{
  plim_formula *formula = NULL;
  char *why = NULL;
  ck_assert_msg(plim_formula_alloc(text, names, NAMES, &formula, &why) == PLIM_OK, "%s: %s", text, why);
  return formula;
}

START_TEST(a_formula_has_the_value_of_the_same_in_C)
{
  const struct {
    const char *text;
    double value;
  } cases[] = {{"psi1/(1+psi1)", 2.385 / 3.385},
               {"train_0*(psi1/.137)^2 - .0631", 0.1937 * (2.385 / .137) * (2.385 / .137) - .0631},
               {"min(psi1, risk0) + erf(z)*pi", 0.6173 + erf(-1.37) * 3.14159265358979323846},
               {"psi1 > 2 ? log(psi1) : z", log(2.385)},
               {"17.25", 17.25}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    plim_formula *formula = made(cases[i].text);
    const double value = plim_formula_value(formula, values);
    ck_assert_msg(fabs(value - cases[i].value) <= rounding * fabs(cases[i].value), "%s: %.17g for %.17g",
                  cases[i].text, value, cases[i].value);
    ck_assert_double_eq(plim_formula_value(formula, values), value);
    plim_formula_free(formula);
  }
}
END_TEST

START_TEST(it_follows_the_values_and_not_the_pointer)
{
  double moved[NAMES];
  plim_formula *formula = made("psi1 - risk0"), *other = made("risk0 - psi1");
  memcpy(moved, values, sizeof moved);
  ck_assert_double_eq(plim_formula_value(formula, moved), 2.385 - 0.6173);
  moved[PSI1] = -0.811;
  ck_assert_double_eq(plim_formula_value(other, values), 0.6173 - 2.385);
  ck_assert_double_eq(plim_formula_value(formula, moved), -0.811 - 0.6173);
  plim_formula_free(formula);
  plim_formula_free(other);
}
END_TEST

START_TEST(it_knows_what_it_speaks_of)
{
  plim_formula *formula = made("0*train_0 + min(z, 3)");
  const bool uses[NAMES] = {[TRAIN_0] = true, [Z] = true};
  for (size_t i = 0; i < NAMES; i++)
    ck_assert_msg(plim_formula_uses(formula, i) == uses[i], "%s", names[i]);
  ck_assert(!plim_formula_uses(formula, NAMES));
  plim_formula_free(formula);
}
END_TEST

/* A column that is called like a constant does not change what the constant is. */
START_TEST(names_that_no_text_can_speak_of_are_passed_over)
{
  plim_formula *formula = made("min(pi, 4) + _e");
  ck_assert_double_eq_tol(plim_formula_value(formula, values),
                          3.14159265358979323846 + 2.71828182845904523536, 1e-15);
  ck_assert(!plim_formula_uses(formula, PI) && !plim_formula_uses(formula, MIN));
  plim_formula_free(formula);
  formula = made("min(min, 9)"); /* before "(" it is the function */
  ck_assert_double_eq(plim_formula_value(formula, values), values[MIN]);
  plim_formula_free(formula);
}
END_TEST

START_TEST(what_is_no_formula_is_refused_with_the_place)
{
  const struct {
    const char *text, *says;
  } bad[] = {{"", "empty"},
             {"psi2", "\"psi2\" found at position 0"},
             {"1 + risk", "\"risk\" found at position 4"},
             {"psi1 = 3", "assignment"},
             {"(psi1", "parenthesis"},
             {"psi1, risk0", "several results"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    plim_formula *formula = NULL;
    char *why = NULL;
    ck_assert_int_eq(plim_formula_alloc(bad[i].text, names, NAMES, &formula, &why), PLIM_INVALID);
    ck_assert_ptr_null(formula);
    ck_assert_msg(why != NULL && strstr(why, bad[i].says) != NULL, "%s: %s", bad[i].text, why);
    free(why);
    ck_assert_int_eq(plim_formula_alloc(bad[i].text, names, NAMES, &formula, NULL), PLIM_INVALID);
  }
}
END_TEST

START_TEST(what_has_no_value_is_not_a_number)
{
  plim_formula *formula = made("log(z)");
  ck_assert(isnan(plim_formula_value(formula, values)));
  plim_formula_free(formula);
  plim_formula_free(NULL);
}
END_TEST

int main(void)
{
  TCase *formulas = tcase_create("formulas");
  tcase_add_test(formulas, a_formula_has_the_value_of_the_same_in_C);
  tcase_add_test(formulas, it_follows_the_values_and_not_the_pointer);
  tcase_add_test(formulas, it_knows_what_it_speaks_of);
  tcase_add_test(formulas, names_that_no_text_can_speak_of_are_passed_over);
  tcase_add_test(formulas, what_is_no_formula_is_refused_with_the_place);
  tcase_add_test(formulas, what_has_no_value_is_not_a_number);
  return run_cases("formula", 1, (TCase *[]){formulas});
}
