/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_own_claim_refusals.c - what is no claim: the member that is not acceptable is named, and why. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "own_claim_fixture.h"
#include "run_cases.h"

static void refused(const plim_own_claim *claim, const char *field, const char *says)
{
  plim_own_claims *own = plim_own_claims_alloc();
  const char *named = NULL;
  char *why = NULL;
  ck_assert_msg(plim_own_claims_add(own, claim, &named, &why) == PLIM_INVALID, "%s: accepted", says);
  ck_assert_str_eq(named, field);
  ck_assert_msg(why != NULL && strstr(why, says) != NULL, "%s: %s", field, why);
  free(why);
  ck_assert_int_eq(plim_own_claims_add(own, claim, NULL, NULL), PLIM_INVALID);
  ck_assert_uint_eq(plim_own_claims_count(own), 0);
  ck_assert_ptr_null(plim_own_claims_describe(own, 0));
  plim_own_claims_free(own);
}

#define REFUSED(member, value, field, says)                                                                  \
  do {                                                                                                       \
    plim_own_claim claim = own_claim_of(points, 2);                                                          \
    claim.member = value;                                                                                    \
    refused(&claim, field, says);                                                                            \
  } while (0)

START_TEST(what_is_no_claim_is_refused_by_name)
{
  plim_problem points[] = {own_problem_at(2.385, 0.137, 0.811), own_problem_at(2.0, 0.137, 0.811)};
  plim_problem bad[] = {own_problem_at(2.385, 0.137, 0.811), own_problem_at(-2.0, 0.137, 0.811)};
  static const size_t back[] = {26, 52, 52, 104}, huge[] = {26, 52, 104, 2147483647};
  REFUSED(info.name, NULL, "name", "needs a name");
  REFUSED(info.name, "", "name", "needs a name");
  REFUSED(info.name, "two words", "name", "letters, digits");
  REFUSED(info.name, "optimum", "name", "plim has a claim of this name");
  REFUSED(info.name, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "name",
          "65 characters");
  REFUSED(info.title, NULL, "title", "needs a title");
  REFUSED(n_points, 0, "points", "0 points");
  REFUSED(n_points, 65, "points", "65 points");
  REFUSED(points, bad, "points", "psi1");
  REFUSED(n_sizes, 2, "d", "2 sizes");
  REFUSED(n_sizes, 7, "d", "7 sizes");
  REFUSED(d, back, "d", "ascend");
  REFUSED(d, huge, "d", "no problem of size 2147483647");
  REFUSED(relative_margin, NAN, "margin", "number >= 0");
  REFUSED(relative_margin, -0.1, "margin", "number >= 0");
  REFUSED(absolute_margin, INFINITY, "absolute_margin", "number >= 0");
  REFUSED(relative_margin, 0.0, "margin", "margin > 0");
  REFUSED(predicted, "0", "absolute_margin", "part of 0");
  REFUSED(predicted, "psi1 - 2", "absolute_margin", "part of 0");
  REFUSED(relation, PLIM_OWN_RELATION_COUNT, "relation", "no such relation");
  REFUSED(relation, PLIM_OWN_INCREASING, "predicted", "has no prediction");
  REFUSED(rates[0], 0.0, "rates", "a rate is missing");
  REFUSED(rates[1], 1.0, "rates", "ascend");
  REFUSED(rates[0], NAN, "rates", "positive");
  REFUSED(rates[0], -1.0, "rates", "positive");
  REFUSED(measured, NULL, "measured", "missing");
  REFUSED(measured, "psi1", "measured", "0 quantities");
  REFUSED(measured, "risk0 + rsk1", "measured", "\"rsk1\" found at position 8");
  REFUSED(measured, "risk0+risk1+train0+train1+kappa+df2+theta1", "measured", "7 quantities");
  REFUSED(measured, "lower_bound", "measured", "cannot be measured");
  REFUSED(predicted, "risk0*d", "predicted", "\"d\" found");
  REFUSED(predicted, NULL, "predicted", "missing");
  plim_own_claim claim = own_claim_of(points, 1);
  claim.relation = PLIM_OWN_DECREASING;
  refused(&claim, "points", "two points");
}
END_TEST

/* Rows of +1 and of -1 in turn: mean 0, variance 1. */
static plim_inputs *rows_of(const char *name, size_t count, size_t columns)
{
  plim_inputs *inputs = NULL;
  double *values = malloc(count * columns * sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (size_t i = 0; i < count * columns; i++)
    values[i] = i / columns % 2 == 0 ? 1.0 : -1.0;
  ck_assert_int_eq(plim_inputs_of_rows(name, &(plim_rows){values, count, columns}, &inputs, NULL), PLIM_OK);
  free(values);
  return inputs;
}

/* Inputs that a replica cannot be drawn from: too heavy tails for the teacher, too few columns, too few rows. */
START_TEST(inputs_that_do_not_suffice)
{
  plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  plim_inputs *heavy = NULL, *narrow = rows_of("csv:narrow", 3832, 30), *few = rows_of("csv:few", 500, 230);
  ck_assert_int_eq(plim_inputs_alloc("student:5.385", &heavy, NULL), PLIM_OK);
  plim_own_claim claim = own_claim_of(&point, 1);
  point.inputs = heavy;
  refused(&claim, "inputs", "DF > 8 is needed"); /* the teacher grows like z^2 */
  point.inputs = narrow;
  refused(&claim, "inputs", "csv:narrow has 30 columns; d = 52 needs as many");
  point.inputs = few;
  refused(&claim, "inputs", "csv:few has 500 rows; a replica at d = ");
  plim_inputs_free(heavy);
  plim_inputs_free(narrow);
  plim_inputs_free(few);
}
END_TEST

START_TEST(a_name_is_taken_once)
{
  const plim_problem point = own_problem_at(2.385, 0.137, 0.811);
  const plim_own_claim claim = own_claim_of(&point, 1);
  plim_own_claims *own = plim_own_claims_alloc();
  const char *field = NULL;
  ck_assert_int_eq(plim_own_claims_add(own, &claim, NULL, NULL), PLIM_OK);
  ck_assert_int_eq(plim_own_claims_add(own, &claim, &field, NULL), PLIM_INVALID);
  ck_assert_str_eq(field, "name");
  ck_assert_uint_eq(plim_own_claims_count(own), 1);
  ck_assert_str_eq(plim_own_claims_describe(own, 0)->title, "what I think");
  ck_assert_ptr_nonnull(
      strstr(plim_own_claims_describe(own, 0)->method, "risk0\non every replica at d = 26, 52, 104, 208"));
  plim_own_claims_free(own);
  plim_own_claims_free(NULL);
}
END_TEST

int main(void)
{
  TCase *refusals = tcase_create("refusals");
  tcase_add_checked_fixture(refusals, own_set_up, own_tear_down);
  tcase_add_test(refusals, what_is_no_claim_is_refused_by_name);
  tcase_add_test(refusals, inputs_that_do_not_suffice);
  tcase_add_test(refusals, a_name_is_taken_once);
  return run_cases("refusals of claims of one's own", 1, (TCase *[]){refusals});
}
