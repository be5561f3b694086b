/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_statement.c - the statement of the problem: statuses, quantities, validation, sizes, estimates. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plim_activation.h"
#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_status.h"
#include "plim_value.h"
#include "run_cases.h"

#define ROUNDING 1e-15 /* relative, of a handful of operations */

/* ---- Tables -------------------------------------------------------------------------------------------- */

static void assert_is_name(const char *name)
{
  ck_assert_ptr_nonnull(name);
  ck_assert_uint_gt(strlen(name), 0);
  ck_assert_msg(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name), "'%s' is not a name",
                name);
}

START_TEST(statuses_have_names_and_meanings)
{
  for (int i = 0; i < PLIM_STATUS_COUNT; i++) {
    const char *name = plim_status_name((plim_status)i), *meaning = plim_status_meaning((plim_status)i);
    assert_is_name(name);
    ck_assert_str_ne(name, "unknown");
    ck_assert_uint_gt(strlen(meaning), 0);
    ck_assert_msg(meaning[strlen(meaning) - 1] != '.' && !(meaning[0] >= 'B' && meaning[0] <= 'Z'), "'%s'",
                  meaning);
    for (int j = 0; j < i; j++)
      ck_assert_str_ne(name, plim_status_name((plim_status)j));
  }
  ck_assert_int_eq(PLIM_OK, 0);
  ck_assert_str_eq(plim_status_name(PLIM_OK), "ok");
  ck_assert_str_eq(plim_status_name(PLIM_DIVERGES), "diverges");
  const int outside[] = {-1, PLIM_STATUS_COUNT, INT_MAX, INT_MIN};
  for (size_t k = 0; k < 4; k++) {
    ck_assert_str_eq(plim_status_name((plim_status)outside[k]), "unknown");
    ck_assert_ptr_nonnull(plim_status_meaning((plim_status)outside[k]));
  }
}
END_TEST

START_TEST(quantities_are_found_by_their_names)
{
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plim_quantity quantity = (plim_quantity)i;
    plim_quantity found;
    assert_is_name(plim_quantity_name(quantity));
    ck_assert_uint_gt(strlen(plim_quantity_symbol(quantity)), 0);
    ck_assert_uint_gt(strlen(plim_quantity_title(quantity)), 0);
    ck_assert_int_eq(plim_quantity_from_name(plim_quantity_name(quantity), &found), PLIM_OK);
    ck_assert_int_eq(found, quantity);
  }
  plim_quantity untouched = PLIM_DELTA;
  const char *wrong[] = {"", "risks", "Risk1", "risk1 ", "gamma"};
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
    ck_assert_int_eq(plim_quantity_from_name(wrong[k], &untouched), PLIM_INVALID);
  ck_assert_int_eq(untouched, PLIM_DELTA);
  ck_assert_ptr_null(plim_quantity_name(PLIM_QUANTITY_COUNT));
  ck_assert_ptr_null(plim_quantity_symbol(PLIM_QUANTITY_COUNT));
  ck_assert_ptr_null(plim_quantity_title((plim_quantity)-1));
}
END_TEST

START_TEST(readouts_and_batches_have_names)
{
  for (int i = 0; i < PLIM_READOUT_COUNT; i++)
    assert_is_name(plim_readout_name((plim_readout)i));
  for (int i = 0; i < PLIM_BATCH_COUNT; i++)
    assert_is_name(plim_batch_name((plim_batch)i));
  ck_assert_str_eq(plim_readout_name(PLIM_READOUT_RADEMACHER), "rademacher");
  ck_assert_str_eq(plim_batch_name(PLIM_BATCH_FRESH), "fresh");
  ck_assert_ptr_null(plim_readout_name(PLIM_READOUT_COUNT));
  ck_assert_ptr_null(plim_batch_name((plim_batch)-1));
}
END_TEST

/* ---- Validation ---------------------------------------------------------------------------------------- */

static plim_problem valid_problem(const plim_activation *activation)
{
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = activation;
  return problem;
}

/* Every number of the problem, where it stands, and which of NaN, inf, -inf, -1, 0 it accepts. */
static const struct {
  const char *name;
  size_t offset;
  bool accepts[5];
} numbers[] = {
    {"psi1", offsetof(plim_problem, psi1), {false, false, false, false, false}},
    {"psi2", offsetof(plim_problem, psi2), {false, false, false, false, false}},
    {"lambda", offsetof(plim_problem, lambda), {false, false, false, false, true}},
    {"eta", offsetof(plim_problem, eta), {false, false, false, false, true}},
    {"eta_exponent", offsetof(plim_problem, eta_exponent), {false, false, false, false, true}},
    {"noise", offsetof(plim_problem, noise), {false, false, false, false, true}},
    {"d", offsetof(plim_problem, d), {false, true, false, false, false}},
};

START_TEST(validation_names_the_bad_number)
{
  plim_activation *tanh_ = NULL;
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  const double odd[] = {NAN, INFINITY, -INFINITY, -1.0, 0.0};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
    for (size_t v = 0; v < 5; v++) {
      plim_problem problem = valid_problem(tanh_);
      memcpy((char *)&problem + numbers[k].offset, &odd[v], sizeof(double));
      const char *field = "untouched";
      const plim_status status = plim_problem_validate(&problem, &field);
      ck_assert_msg(status == (numbers[k].accepts[v] ? PLIM_OK : PLIM_INVALID), "%s = %g", numbers[k].name,
                    odd[v]);
      ck_assert_str_eq(field, numbers[k].accepts[v] ? "untouched" : numbers[k].name);
      ck_assert_int_eq(plim_problem_validate(&problem, NULL), status);
    }
  }
  plim_activation_free(tanh_);
}
END_TEST

/* The problem with one member changed is invalid by that member, or valid if `expected` is NULL. */
#define CHECK_MEMBER(good, member, changed, expected)                                                        \
  do {                                                                                                       \
    plim_problem problem_ = (good);                                                                          \
    const char *field_ = NULL, *expected_ = (expected);                                                      \
    problem_.member = (changed);                                                                             \
    ck_assert_int_eq(plim_problem_validate(&problem_, &field_), expected_ == NULL ? PLIM_OK : PLIM_INVALID); \
    ck_assert_pstr_eq(field_, expected_);                                                                    \
  } while (0)

START_TEST(validation_knows_the_edges)
{
  plim_activation *tanh_ = NULL;
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  const plim_problem good = valid_problem(tanh_);
  CHECK_MEMBER(good, psi1, good.psi1, NULL);
  CHECK_MEMBER(good, psi1, 1e-300, NULL);
  CHECK_MEMBER(good, psi2, 1e300, NULL);
  CHECK_MEMBER(good, eta_exponent, 0.5, NULL);
  CHECK_MEMBER(good, eta_exponent, nextafter(0.5, 1.0), "eta_exponent");
  CHECK_MEMBER(good, d, 1.0, NULL);
  CHECK_MEMBER(good, d, nextafter(1.0, 0.0), "d");
  CHECK_MEMBER(good, steps, SIZE_MAX, NULL);
  CHECK_MEMBER(good, steps, 0, "steps");
  CHECK_MEMBER(good, batch, PLIM_BATCH_FRESH, NULL);
  CHECK_MEMBER(good, batch, PLIM_BATCH_COUNT, "batch");
  CHECK_MEMBER(good, readout, PLIM_READOUT_CONSTANT, NULL);
  CHECK_MEMBER(good, readout, (plim_readout)-1, "readout");
  CHECK_MEMBER(good, activation, NULL, "activation");
  CHECK_MEMBER(good, teacher, NULL, "teacher");
  plim_activation_free(tanh_);
}
END_TEST

START_TEST(defaults_are_those_of_the_header)
{
  const plim_problem p = plim_problem_default();
  ck_assert_double_eq(p.psi1, 2.0);
  ck_assert_double_eq(p.psi2, 1.5);
  ck_assert_double_eq(p.lambda, 0.1);
  ck_assert_double_eq(p.eta, 1.0);
  ck_assert_double_eq(p.eta_exponent, 0.0);
  ck_assert_double_eq(p.noise, 0.1);
  ck_assert(isinf(p.d) && p.d > 0.0);
  ck_assert_uint_eq(p.steps, 1);
  ck_assert_int_eq(p.batch, PLIM_BATCH_SAME);
  ck_assert_int_eq(p.readout, PLIM_READOUT_GAUSSIAN);
  ck_assert_ptr_null(p.atoms);
  ck_assert(isnan(p.eta_second) && isnan(p.eta_second_exponent));
  ck_assert_int_eq(p.ridge_batch, PLIM_RIDGE_FRESH);
  ck_assert_double_eq(p.overlap, 1.0);
  ck_assert_double_eq(p.extra, 0.0);
  ck_assert_double_eq(p.step_psi1, 0.0);
  ck_assert_ptr_null(p.activation);
  ck_assert_ptr_null(p.teacher);
}
END_TEST

/* ---- Sizes --------------------------------------------------------------------------------------------- */

START_TEST(sizes_are_rounded)
{
  const struct {
    double psi1, psi2;
    size_t d;
    plim_size size;
  } cases[] = {
      {2.385, 0.713, 317, {.n = 756, .d = 317, .width = 226}}, /* 756.045, 226.021 */
      {2.385, 0.713, 1, {.n = 2, .d = 1, .width = 1}},         /* 2.385, 0.713 */
      {1e-9, 1e-300, 1000, {.n = 1, .d = 1000, .width = 1}},   /* never none */
      {0.5, 1.5, 3, {.n = 2, .d = 3, .width = 5}},             /* ties go away from zero, as round() */
      {10.0, 9.99951171875, 1024, {.n = 10240, .d = 1024, .width = 10240}}, /* 10239.5 */
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    plim_problem problem = plim_problem_default();
    problem.psi1 = cases[k].psi1;
    problem.psi2 = cases[k].psi2;
    plim_size size;
    ck_assert_int_eq(plim_size_from_problem(&problem, cases[k].d, &size), PLIM_OK);
    ck_assert_uint_eq(size.n, cases[k].size.n);
    ck_assert_uint_eq(size.d, cases[k].size.d);
    ck_assert_uint_eq(size.width, cases[k].size.width);
    ck_assert_uint_eq(size.step_n, 0);
    ck_assert_uint_eq(size.shared, 0);
    const plim_problem drawn = plim_problem_at_size(&problem, &size);
    ck_assert_double_eq(drawn.psi1, (double)size.n / (double)size.d);
    ck_assert_double_eq(drawn.psi2, (double)size.width / (double)size.d);
    ck_assert_double_eq(drawn.d, (double)size.d);
    ck_assert_double_eq(drawn.lambda, problem.lambda);
  }
}
END_TEST

START_TEST(sizes_do_not_overflow)
{
  const size_t largest = INT_MAX; /* BLAS counts in int */
  plim_problem problem = plim_problem_default();
  plim_size size = {.n = 7, .d = 7, .width = 7};
  problem.psi1 = problem.psi2 = 1e-9;
  const bool addressable = SIZE_MAX > UINT32_MAX; /* of 2 x INT_MAX doubles */
  ck_assert_int_eq(plim_size_from_problem(&problem, largest, &size), addressable ? PLIM_OK : PLIM_OVERFLOW);
  ck_assert_uint_eq(size.d, addressable ? largest : 7);
  ck_assert_uint_eq(size.n, addressable ? 2 : 7); /* 2.147 */
  size = (plim_size){.n = 7, .d = 7, .width = 7};
  ck_assert_int_eq(plim_size_from_problem(&problem, largest + 1, &size), PLIM_OVERFLOW);
  ck_assert_int_eq(plim_size_from_problem(&problem, SIZE_MAX, &size), PLIM_OVERFLOW);
  problem.psi1 = 2.0;
  ck_assert_int_eq(plim_size_from_problem(&problem, largest, &size), PLIM_OVERFLOW); /* n */
  problem.psi1 = 1e-9;
  problem.psi2 = 1e300;
  ck_assert_int_eq(plim_size_from_problem(&problem, 2, &size), PLIM_OVERFLOW); /* width */
  problem.psi1 = problem.psi2 = 1.0; /* each fits an int, a matrix of doubles does not fit ptrdiff_t */
  ck_assert_int_eq(plim_size_from_problem(&problem, largest - 1, &size),
                   PTRDIFF_MAX / sizeof(double) / (largest - 1) >= largest - 1 ? PLIM_OK : PLIM_OVERFLOW);
  size = (plim_size){.n = 7, .d = 7, .width = 7};
  ck_assert_int_eq(plim_size_from_problem(&problem, 0, &size), PLIM_INVALID);
  const double bad[] = {NAN, INFINITY, 0.0, -1.0};
  for (size_t k = 0; k < 4; k++) {
    problem.psi1 = bad[k];
    problem.psi2 = 1.0;
    ck_assert_int_eq(plim_size_from_problem(&problem, 100, &size), PLIM_INVALID);
    problem.psi1 = 1.0;
    problem.psi2 = bad[k];
    ck_assert_int_eq(plim_size_from_problem(&problem, 100, &size), PLIM_INVALID);
  }
  ck_assert(size.n == 7 && size.d == 7 && size.width == 7);
}
END_TEST

START_TEST(step_size_grows_with_the_width)
{
  plim_problem problem = plim_problem_default();
  problem.eta = 1.7;
  ck_assert_double_eq(plim_problem_step_size(&problem, 300.0), 1.7);
  ck_assert_double_eq(plim_problem_step_size(&problem, INFINITY), 1.7);
  problem.eta_exponent = 0.5;
  ck_assert_double_eq_tol(plim_problem_step_size(&problem, 289.0), 1.7 * 17.0, 1e-13);
  problem.eta_exponent = 0.25;
  ck_assert_double_eq_tol(plim_problem_step_size(&problem, 625.0), 1.7 * 5.0, 1e-13);
}
END_TEST

/* ---- Estimates ----------------------------------------------------------------------------------------- */

/* Samples 1..9 about a mean of 1e9, where one pass of sums of squares keeps no digit: mean offset + 5,
   variance 7.5. */
START_TEST(estimate_keeps_its_digits)
{
  const double offsets[] = {0.0, 1e9, -3e14, 4e15, 1e-3}; /* at 4e15 the sum itself is rounded */
  for (size_t k = 0; k < 5; k++) {
    double samples[27];
    for (size_t i = 0; i < 27; i++)
      samples[i] = i % 3 == 0 ? offsets[k] + (double)(i / 3 + 1) : NAN; /* what a stride skips is not read */
    plim_estimate e;
    ck_assert_int_eq(plim_estimate_from_samples(samples, 3, 9, &e), PLIM_OK);
    ck_assert_double_eq_tol(e.mean, offsets[k] + 5.0, ROUNDING * fabs(offsets[k] + 5.0));
    ck_assert_double_eq_tol(e.std, sqrt(7.5), 1e-13);
    ck_assert_double_eq_tol(e.error, sqrt(7.5 / 9.0), 1e-13);
    ck_assert_uint_eq(e.replicas, 9);
  }
}
END_TEST

START_TEST(estimate_of_few_samples)
{
  const double one = 3.217, same[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
  plim_estimate e;
  ck_assert_int_eq(plim_estimate_from_samples(&one, 1, 1, &e), PLIM_OK);
  ck_assert_double_eq(e.mean, one);
  ck_assert(isnan(e.std) && isnan(e.error));
  ck_assert_uint_eq(e.replicas, 1);
  ck_assert_int_eq(plim_estimate_from_samples(same, 1, 7, &e), PLIM_OK);
  ck_assert_double_eq_tol(e.mean, 0.1, ROUNDING);
  ck_assert_double_le(e.std, 1e-16);
  ck_assert_int_eq(plim_estimate_from_samples(&one, 0, 1, &e), PLIM_INVALID);
}
END_TEST

START_TEST(estimate_refuses_what_is_not_finite)
{
  const double bad[] = {NAN, INFINITY, -INFINITY};
  plim_estimate e = {.mean = -7.0};
  for (size_t k = 0; k < 3; k++) {
    for (size_t i = 0; i < 4; i++) {
      double samples[] = {0.3, 0.1, 0.7, 0.2};
      samples[i] = bad[k];
      ck_assert_int_eq(plim_estimate_from_samples(samples, 1, 4, &e), PLIM_NOT_FINITE);
    }
    ck_assert_int_eq(plim_estimate_from_samples(&bad[k], 1, 1, &e), PLIM_NOT_FINITE);
  }
  const double huge[] = {1e308, 1.1e308, -1e308}, opposed[] = {INFINITY, -INFINITY}, wide[] = {1e200, -1e200};
  ck_assert_int_eq(plim_estimate_from_samples(huge, 1, 3, &e), PLIM_NOT_FINITE);
  ck_assert_int_eq(plim_estimate_from_samples(opposed, 1, 2, &e), PLIM_NOT_FINITE);
  ck_assert_int_eq(plim_estimate_from_samples(wide, 1, 2, &e), PLIM_NOT_FINITE); /* the square overflows */
  ck_assert_int_eq(plim_estimate_from_samples(huge, 1, 0, &e), PLIM_INVALID);
  ck_assert_double_eq(e.mean, -7.0);
}
END_TEST

int main(void)
{
  TCase *tables = tcase_create("tables"), *problem = tcase_create("problem"), *value = tcase_create("value");
  tcase_add_test(tables, statuses_have_names_and_meanings);
  tcase_add_test(tables, quantities_are_found_by_their_names);
  tcase_add_test(tables, readouts_and_batches_have_names);
  tcase_add_test(problem, validation_names_the_bad_number);
  tcase_add_test(problem, validation_knows_the_edges);
  tcase_add_test(problem, defaults_are_those_of_the_header);
  tcase_add_test(problem, sizes_are_rounded);
  tcase_add_test(problem, sizes_do_not_overflow);
  tcase_add_test(problem, step_size_grows_with_the_width);
  tcase_add_test(value, estimate_keeps_its_digits);
  tcase_add_test(value, estimate_of_few_samples);
  tcase_add_test(value, estimate_refuses_what_is_not_finite);
  return run_cases("statement", 3, (TCase *[]){tables, problem, value});
}
