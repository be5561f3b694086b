/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_batch_statement.c - what a problem has beyond one batch of n pairs for everything: laws of the readout, batches
   that share pairs, a second step; their validation, sizes and words. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plim_problem.h"
#include "run_cases.h"

static const double rounding = 1e-15;

static double mean_power(const plim_atoms *atoms, int power)
{
  double sum = 0.0;
  for (size_t i = 0; i < atoms->count; i++)
    sum += atoms->probability[i] * pow(atoms->value[i], power);
  return sum;
}

/* ---- laws of the readout ---- */

START_TEST(atoms_are_read)
{
  static const struct {
    const char *name;
    size_t count;
    double value[3], probability[3];
  } laws[] = {
      {"atoms:1@1", 1, {1.0}, {1.0}},
      {"atoms:-1@1", 1, {-1.0}, {1.0}},
      {"atoms:1@0.5,-1@0.5", 2, {-1.0, 1.0}, {0.5, 0.5}},
      {"atoms:sqrt(3)@1/4,-1/sqrt(3)@3/4", 2, {-0.57735026918962576, 1.7320508075688772}, {0.75, 0.25}},
      {"atoms:1.7320508@0.25,-0.57735027@0.75", 2, {-0.57735027, 1.7320508}, {0.75, 0.25}},
      {"atoms:0@0.3,max(1,sqrt(2))@0.35,-sqrt(6/7)@0.35",
       3,
       {-0.92582009977255146, 0.0, 1.4142135623730951},
       {0.35, 0.3, 0.35}},
      {"atoms:1@0.25,-1@0.5,1@0.25", 2, {-1.0, 1.0}, {0.5, 0.5}}, /* twice is one */
      {"atoms:1e3@1e-6", 0, {0.0}, {0.0}},
  };
  for (size_t k = 0; k < sizeof laws / sizeof laws[0]; k++) {
    plim_atoms atoms;
    const char *why = NULL;
    const plim_status status = plim_atoms_read(laws[k].name, &atoms, &why);
    ck_assert_msg(status == (laws[k].count > 0 ? PLIM_OK : PLIM_INVALID), "%s: %s", laws[k].name, why);
    if (status != PLIM_OK)
      continue;
    ck_assert_uint_eq(atoms.count, laws[k].count);
    ck_assert_str_eq(atoms.name, laws[k].name);
    for (size_t i = 0; i < atoms.count; i++) { /* typed decimals are scaled, by 1e-6 at most */
      ck_assert_double_eq_tol(atoms.value[i], laws[k].value[i], 1e-6);
      ck_assert_double_eq_tol(atoms.probability[i], laws[k].probability[i], 1e-6);
    }
    ck_assert_double_eq_tol(mean_power(&atoms, 0), 1.0, rounding);
    ck_assert_double_eq_tol(mean_power(&atoms, 2), 1.0, rounding);
  }
}
END_TEST

/* Refused in words that name the reason, and the result is left alone. */
START_TEST(bad_laws_are_refused)
{
  static const char *const laws[][2] = {
      {"gaussian", "begin"},
      {"atoms", "begin"},
      {"Atoms:1@1", "begin"},
      {"atoms:", "V@P"},
      {"atoms:1", "V@P"},
      {"atoms:1@1,", "V@P"},
      {"atoms:x@1", "finite"},
      {"atoms:1@y", "finite"},
      {"atoms:1@", "finite"},
      {"atoms:@1", "finite"},
      {"atoms:1/0@1", "finite"},
      {"atoms:nan@1", "finite"},
      {"atoms:1@0", "above 0"},
      {"atoms:1@-1", "above 0"},
      {"atoms:1@1.1", "at most 1"},
      {"atoms:1@0.5", "sum to 1"},
      {"atoms:1@0.5,-1@0.499998", "sum to 1"},
      {"atoms:2@1", "squares"},
      {"atoms:0@1", "squares"},
      {"atoms:1.000001@1", "squares"},
  };
  for (size_t k = 0; k < sizeof laws / sizeof laws[0]; k++) {
    plim_atoms atoms = {.count = 7};
    const char *why = NULL;
    ck_assert_msg(plim_atoms_read(laws[k][0], &atoms, &why) == PLIM_INVALID, "%s", laws[k][0]);
    ck_assert_msg(strstr(why, laws[k][1]) != NULL, "%s: %s", laws[k][0], why);
    ck_assert_int_eq(plim_atoms_read(laws[k][0], &atoms, NULL), PLIM_INVALID);
    ck_assert_uint_eq(atoms.count, 7);
  }
}
END_TEST

START_TEST(laws_have_ends)
{
  char many[2 * PLIM_ATOMS_NAME_SIZE] = "atoms:";
  plim_atoms atoms;
  const char *why = NULL;
  for (int i = 0; i < PLIM_MOST_ATOMS; i++) { /* (1 + 1e-9 i) all but the same, each with chance 1/16 */
    char one[64];
    snprintf(one, sizeof one, "%s1+%d/1e9@1/16", i > 0 ? "," : "", i);
    strcat(many, one);
  }
  ck_assert_int_eq(plim_atoms_read(many, &atoms, &why), PLIM_OK);
  ck_assert_uint_eq(atoms.count, PLIM_MOST_ATOMS);
  for (size_t i = 1; i < atoms.count; i++)
    ck_assert_double_lt(atoms.value[i - 1], atoms.value[i]);
  strcat(many, ",2@1/16");
  ck_assert_int_eq(plim_atoms_read(many, &atoms, &why), PLIM_INVALID);
  ck_assert_ptr_nonnull(strstr(why, "16"));
  memset(many, '1', sizeof many - 1);
  memcpy(many, "atoms:", 6);
  many[PLIM_ATOMS_NAME_SIZE] = '\0';
  ck_assert_int_eq(plim_atoms_read(many, &atoms, &why), PLIM_INVALID);
  ck_assert_ptr_nonnull(strstr(why, "long"));
}
END_TEST

/* ---- validation ---- */

#define CHECK_MEMBER(good, member, changed, expected)                                                        \
  do {                                                                                                       \
    plim_problem problem_ = (good);                                                                          \
    const char *field_ = NULL, *expected_ = (expected);                                                      \
    problem_.member = (changed);                                                                             \
    ck_assert_int_eq(plim_problem_validate(&problem_, &field_), expected_ == NULL ? PLIM_OK : PLIM_INVALID); \
    ck_assert_pstr_eq(field_, expected_);                                                                    \
  } while (0)

START_TEST(validation_knows_the_batches)
{
  plim_activation *tanh_ = NULL;
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  plim_problem fresh = plim_problem_default();
  fresh.activation = fresh.teacher = tanh_;
  CHECK_MEMBER(fresh, ridge_batch, PLIM_RIDGE_BATCH_COUNT, "ridge_batch");
  CHECK_MEMBER(fresh, step_psi1, 1e-300, NULL);
  CHECK_MEMBER(fresh, step_psi1, -1e-300, "step_psi1");
  CHECK_MEMBER(fresh, step_psi1, NAN, "step_psi1");
  CHECK_MEMBER(fresh, step_psi1, INFINITY, "step_psi1");
  CHECK_MEMBER(fresh, overlap, NAN, NULL); /* not read */
  CHECK_MEMBER(fresh, extra, -1.0, NULL);
  CHECK_MEMBER(fresh, eta_second, 1.0, "eta_second"); /* of one step there is no second */
  plim_problem two = fresh;
  two.steps = 2;
  CHECK_MEMBER(two, eta_second, 0.0, NULL);
  CHECK_MEMBER(two, eta_second, -0.1, "eta_second");
  CHECK_MEMBER(two, eta_second, INFINITY, "eta_second");
  CHECK_MEMBER(fresh, eta_second_exponent, 0.25, "eta_second_exponent");
  CHECK_MEMBER(two, eta_second_exponent, 0.5, NULL);
  CHECK_MEMBER(two, eta_second_exponent, 0.0, NULL);
  CHECK_MEMBER(two, eta_second_exponent, nextafter(0.5, 1.0), "eta_second_exponent");
  CHECK_MEMBER(two, eta_second_exponent, -1e-300, "eta_second_exponent");
  two.eta_second = 2.385;
  CHECK_MEMBER(two, steps, 3, "eta_second");
  plim_problem same = fresh;
  same.ridge_batch = PLIM_RIDGE_SAME;
  CHECK_MEMBER(same, overlap, nextafter(1.0, 2.0), "overlap");
  CHECK_MEMBER(same, overlap, -1e-300, "overlap");
  CHECK_MEMBER(same, overlap, NAN, "overlap");
  CHECK_MEMBER(same, overlap, 0.0, "extra"); /* then the gradient's batch is empty */
  CHECK_MEMBER(same, extra, -1e-300, "extra");
  CHECK_MEMBER(same, extra, INFINITY, "extra");
  CHECK_MEMBER(same, step_psi1, 2.0, "step_psi1");
  same.extra = 0.385;
  CHECK_MEMBER(same, overlap, 0.0, NULL);
  same.batch = PLIM_BATCH_FRESH;
  CHECK_MEMBER(same, steps, 1, NULL);
  CHECK_MEMBER(same, steps, 2, "ridge_batch");
  plim_activation_free(tanh_);
}
END_TEST

START_TEST(validation_knows_the_laws)
{
  plim_activation *tanh_ = NULL;
  plim_atoms good, bad;
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  ck_assert_int_eq(plim_atoms_read("atoms:sqrt(3)@0.25,-1/sqrt(3)@0.75", &good, NULL), PLIM_OK);
  plim_problem p = plim_problem_default();
  p.activation = p.teacher = tanh_;
  CHECK_MEMBER(p, readout, PLIM_READOUT_ATOMS, "atoms");
  p.readout = PLIM_READOUT_ATOMS;
  CHECK_MEMBER(p, atoms, &good, NULL);
  bad = good;
  bad.count = 0;
  CHECK_MEMBER(p, atoms, &bad, "atoms");
  bad.count = PLIM_MOST_ATOMS + 1;
  CHECK_MEMBER(p, atoms, &bad, "atoms");
  bad = good;
  bad.probability[0] += 1e-9;
  CHECK_MEMBER(p, atoms, &bad, "atoms");
  bad = good;
  bad.value[1] += 1e-9;
  CHECK_MEMBER(p, atoms, &bad, "atoms");
  bad.value[1] = NAN;
  CHECK_MEMBER(p, atoms, &bad, "atoms");
  ck_assert_str_eq(plim_problem_readout_name(&p), "atoms");
  p.atoms = &good;
  ck_assert_str_eq(plim_problem_readout_name(&p), "atoms:sqrt(3)@0.25,-1/sqrt(3)@0.75");
  plim_activation_free(tanh_);
}
END_TEST

/* ---- sizes ---- */

START_TEST(sizes_have_both_batches)
{
  static const struct {
    plim_ridge_batch ridge_batch;
    double overlap, extra, step_psi1, gradient; /* psi1 = 2.385 */
    size_t d, n, step_n, shared;
  } cases[] = {
      {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, 2.385, 100, 238, 0, 0}, /* 238.5 less rounding */
      {PLIM_RIDGE_FRESH, 0.3, 9.0, 0.0, 2.385, 100, 238, 0, 0}, /* neither is read */
      {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.714, 0.714, 100, 238, 71, 0},
      {PLIM_RIDGE_FRESH, 1.0, 0.0, 2.376, 2.376, 100, 238, 0, 0}, /* 237.6: the same number of pairs */
      {PLIM_RIDGE_FRESH, 1.0, 0.0, 1e-9, 1e-9, 100, 238, 1, 0},   /* never none */
      {PLIM_RIDGE_SAME, 1.0, 0.0, 0.0, 2.385, 100, 238, 0, 238},
      {PLIM_RIDGE_SAME, 1.0, 0.617, 0.0, 3.002, 100, 238, 300, 238}, /* 61.7 more */
      {PLIM_RIDGE_SAME, 0.385, 0.0, 0.0, 0.918225, 100, 238, 92, 92},
      {PLIM_RIDGE_SAME, 0.385, 1.46, 0.0, 2.378225, 100, 238, 0, 92}, /* 92 + 146 = 238 */
      {PLIM_RIDGE_SAME, 0.0, 1.23, 0.0, 1.23, 100, 238, 123, 0},
      {PLIM_RIDGE_SAME, 1e-9, 0.0, 0.0, 2.385e-9, 100, 238, 1, 0},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    plim_problem p = plim_problem_default();
    plim_size size;
    p.psi1 = 2.385;
    p.ridge_batch = cases[k].ridge_batch;
    p.overlap = cases[k].overlap;
    p.extra = cases[k].extra;
    p.step_psi1 = cases[k].step_psi1;
    ck_assert_double_eq_tol(plim_problem_step_psi1(&p), cases[k].gradient, rounding * 4.0);
    ck_assert_int_eq(plim_size_from_problem(&p, cases[k].d, &size), PLIM_OK);
    ck_assert_uint_eq(size.n, cases[k].n);
    ck_assert_uint_eq(size.step_n, cases[k].step_n);
    ck_assert_uint_eq(size.shared, cases[k].shared);
    ck_assert_uint_eq(plim_size_step_n(&size), cases[k].step_n > 0 ? cases[k].step_n : cases[k].n);
    const plim_problem drawn = plim_problem_at_size(&p, &size); /* the integers again */
    plim_size again;
    ck_assert_double_eq_tol(plim_problem_step_psi1(&drawn) * (double)size.d, (double)plim_size_step_n(&size),
                            1e-12);
    ck_assert_int_eq(plim_size_from_problem(&drawn, size.d, &again), PLIM_OK);
    ck_assert_mem_eq(&again, &size, sizeof size);
  }
  plim_problem p = plim_problem_default();
  plim_size size = {.n = 7};
  p.step_psi1 = 1e300;
  ck_assert_int_eq(plim_size_from_problem(&p, 100, &size), PLIM_OVERFLOW);
  p.step_psi1 = 0.0;
  p.ridge_batch = PLIM_RIDGE_SAME;
  p.extra = (double)INT_MAX;
  ck_assert_int_eq(plim_size_from_problem(&p, 1, &size), PLIM_OVERFLOW);
  ck_assert_uint_eq(size.n, 7);
}
END_TEST

/* Each matrix of a replica alone may pass what a machine addresses. */
START_TEST(no_matrix_is_beyond_addresses)
{
  static const double large =
      1.5e9; /* of it the square, in doubles, is beyond; of 1 and it the product is not */
  static const struct {
    size_t d;
    double n, width, step_n;
  } at[] = {{1, 1.0, 1.5e9, 1.0},          {1, 1.5e9, 1.0, 1.0},   {1500000000, 1.5e9, 1.0, 1.0},
            {1500000000, 1.0, 1.5e9, 1.0}, {1, 1.5e9, 1.5e9, 1.0}, {1500000000, 1.0, 1.0, 1.5e9},
            {1, 1.0, 1.5e9, 1.5e9}};
  for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
    plim_problem p = plim_problem_default();
    plim_size size = {.n = 7};
    p.psi1 = at[i].n / (double)at[i].d;
    p.psi2 = at[i].width / (double)at[i].d;
    p.step_psi1 = at[i].step_n / (double)at[i].d;
    ck_assert_msg(plim_size_from_problem(&p, at[i].d, &size) == PLIM_OVERFLOW, "case %zu", i);
    ck_assert_uint_eq(size.n, 7);
  }
  plim_problem p = plim_problem_default();
  plim_size size;
  p.psi1 = p.psi2 = 1.0 / large;
  p.step_psi1 = 1.0 / large;
  ck_assert_int_eq(plim_size_from_problem(&p, (size_t)large, &size), PLIM_OK);
  ck_assert(size.n == 1 && size.width == 1 && size.d == (size_t)large);
}
END_TEST

/* ---- in words ---- */

START_TEST(words_name_the_inputs_and_the_overlap)
{
  plim_problem p = plim_problem_default(), q;
  char words[PLIM_FURTHER_WORDS];
  plim_inputs *student = NULL, *other = NULL;
  ck_assert_int_eq(plim_inputs_alloc("student:5.25", &student, NULL), PLIM_OK);
  ck_assert_int_eq(plim_inputs_alloc("student:5.5", &other, NULL), PLIM_OK);
  p.step_psi1 = p.psi1; /* the usual one, though it is written */
  plim_problem_further_words(&p, 15, words);
  ck_assert_str_eq(words, "");
  p.ridge_batch = PLIM_RIDGE_SAME;
  plim_problem_further_words(&p, 15, words);
  ck_assert_str_eq(words, " same ridge batch");
  p.extra = 0.3125;
  p.inputs = student;
  plim_problem_further_words(&p, 15, words);
  ck_assert_str_eq(words, " same ridge batch, overlap 1, extra 0.3125 inputs student:5.25");
  q = p;
  ck_assert(plim_problem_same_further(&p, &q));
  q.inputs = other;
  ck_assert(!plim_problem_same_further(&p, &q));
  q.inputs = NULL;
  ck_assert(!plim_problem_same_further(&p, &q));
  q = p;
  q.ridge_batch = PLIM_RIDGE_FRESH;
  ck_assert(!plim_problem_same_further(&p, &q));
  q = p;
  q.overlap = 0.75;
  ck_assert(!plim_problem_same_further(&p, &q));
  plim_inputs_free(student);
  plim_inputs_free(other);
}
END_TEST

START_TEST(words_name_what_is_beyond)
{
  plim_problem p = plim_problem_default(), q = p;
  char words[PLIM_FURTHER_WORDS];
  plim_problem_further_words(&p, 15, words);
  ck_assert_str_eq(words, "");
  p.overlap = 0.3; /* not read where the ridge batch is fresh */
  ck_assert(plim_problem_same_further(&p, &q));
  p.step_psi1 = 0.714;
  plim_problem_further_words(&p, 15, words);
  ck_assert_str_eq(words, " step psi1 0.714");
  ck_assert(!plim_problem_same_further(&p, &q));
  p.ridge_batch = PLIM_RIDGE_SAME;
  p.extra = 1.0 / 3.0;
  p.eta_second = 0.1;
  plim_problem_further_words(&p, 3, words);
  ck_assert_str_eq(words, " second eta 0.1 same ridge batch, overlap 0.3, extra 0.333");
  q = p;
  q.step_psi1 = 9.0; /* not read where it is the same */
  ck_assert(plim_problem_same_further(&p, &q));
  q.extra = 0.3333;
  ck_assert(!plim_problem_same_further(&p, &q));
  q = p;
  q.eta_second = NAN;
  ck_assert(!plim_problem_same_further(&p, &q));
  q = p;
  q.eta_second_exponent = 0.45;
  ck_assert(!plim_problem_same_further(&p, &q));
  plim_problem_further_words(&q, 3, words);
  ck_assert_str_eq(words, " second eta 0.1 second exponent 0.45 same ridge batch, overlap 0.3, extra 0.333");
  p.eta_second_exponent = p.eta_second = p.overlap = p.extra = -1.7976931348623157e308;
  plim_problem_further_words(&p, 17, words);
  ck_assert_uint_lt(strlen(words), PLIM_FURTHER_WORDS);
  ck_assert_str_eq(plim_ridge_batch_name(PLIM_RIDGE_SAME), "same");
  ck_assert_ptr_null(plim_ridge_batch_name(PLIM_RIDGE_BATCH_COUNT));
}
END_TEST

START_TEST(second_step_has_its_size)
{
  plim_problem p = plim_problem_default();
  p.eta = 1.7;
  p.eta_exponent = 0.5;
  ck_assert_double_eq(plim_problem_second_step_size(&p, 289.0), plim_problem_step_size(&p, 289.0));
  p.eta_second = 0.3;
  ck_assert_double_eq_tol(plim_problem_second_step_size(&p, 289.0), 0.3 * 17.0, 1e-14);
  ck_assert_double_eq_tol(plim_problem_step_size(&p, 289.0), 1.7 * 17.0, 1e-13);
  p.eta_second_exponent = 0.25;
  ck_assert_double_eq_tol(plim_problem_second_step_size(&p, 289.0), 0.3 * sqrt(17.0), 1e-14);
  ck_assert_double_eq(plim_problem_second_exponent(&p), 0.25);
  p.eta_second = NAN;
  ck_assert_double_eq_tol(plim_problem_second_step_size(&p, 289.0), 1.7 * sqrt(17.0), 1e-14);
  ck_assert_double_eq(plim_problem_second_eta(&p), 1.7);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("batch_statement");
  tcase_add_test(tests, atoms_are_read);
  tcase_add_test(tests, bad_laws_are_refused);
  tcase_add_test(tests, laws_have_ends);
  tcase_add_test(tests, validation_knows_the_batches);
  tcase_add_test(tests, validation_knows_the_laws);
  tcase_add_test(tests, sizes_have_both_batches);
  tcase_add_test(tests, no_matrix_is_beyond_addresses);
  tcase_add_test(tests, words_name_the_inputs_and_the_overlap);
  tcase_add_test(tests, words_name_what_is_beyond);
  tcase_add_test(tests, second_step_has_its_size);
  return run_cases("batch_statement", 1, &tests);
}
