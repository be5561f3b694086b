/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_inputs.c - laws of the inputs: their names, and that what is drawn has the law that the name says.

   Distributions by Kolmogorov and Smirnov's distance D of COUNT numbers at a fixed seed: with the right law
   sqrt(COUNT) D passes 2.6 with chance 2 exp(-2 2.6^2) = 3e-6 a test, some 5e-5 of all of them, were the seed drawn
   anew. With COUNT = 120000 D = 0.0075 is seen, and `wrong_laws_are_seen` holds every law against its nearest
   neighbours. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "run_cases.h"
#include "sim_fixture.h"

enum { D = 40, SAMPLES = 3000, COUNT = D * SAMPLES };
static const double ks_limit = 2.6;
static const double five_sigma = 5.0;

/* ---- Names ---------------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  plim_inputs_kind kind;
  double parameter, moments;
} accepted[] = {{"gaussian", PLIM_INPUTS_GAUSSIAN, 0.0, INFINITY},
                {"rademacher", PLIM_INPUTS_RADEMACHER, 0.0, INFINITY},
                {"uniform", PLIM_INPUTS_UNIFORM, 0.0, INFINITY},
                {"student:5.25", PLIM_INPUTS_STUDENT, 5.25, 5.25},
                {"student:4.0000001", PLIM_INPUTS_STUDENT, 4.0000001, 4.0000001},
                {"student-joint:6", PLIM_INPUTS_STUDENT_JOINT, 6.0, 6.0},
                {"sphere", PLIM_INPUTS_SPHERE, 0.0, INFINITY},
                {"ar1:-0.731", PLIM_INPUTS_AR1, -0.731, INFINITY},
                {"ar1:1/3", PLIM_INPUTS_AR1, 1.0 / 3.0, INFINITY}};

START_TEST(names_are_read)
{
  for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
    plim_inputs *inputs = NULL;
    ck_assert_int_eq(plim_inputs_alloc(accepted[i].name, &inputs, NULL), PLIM_OK);
    ck_assert_int_eq(plim_inputs_kind_of(inputs), accepted[i].kind);
    ck_assert_str_eq(plim_inputs_name(inputs), accepted[i].name);
    ck_assert_double_eq(plim_inputs_parameter(inputs), accepted[i].parameter);
    ck_assert(plim_inputs_moments(inputs) == accepted[i].moments);
    ck_assert_uint_eq(plim_inputs_rows(inputs).count, 0);
    plim_inputs *shared = plim_inputs_share(inputs);
    plim_inputs_free(inputs);
    ck_assert_str_eq(plim_inputs_name(shared), accepted[i].name);
    plim_inputs_free(shared);
  }
  ck_assert_str_eq(plim_inputs_name(NULL), "gaussian");
  ck_assert_int_eq(plim_inputs_kind_of(NULL), PLIM_INPUTS_GAUSSIAN);
  ck_assert_ptr_null(plim_inputs_share(NULL));
  ck_assert_ptr_null(plim_inputs_kind_name(PLIM_INPUTS_COUNT));
  plim_inputs_free(NULL);
}
END_TEST

START_TEST(other_names_are_refused)
{
  static const struct {
    const char *name, *why;
  } refused[] = {{"", "none of"},
                 {"Gaussian", "none of"},
                 {"rademacherr", "none of"},
                 {"rademache", "none of"},
                 {"csv", "has to be read"},
                 {"csv:a.csv", "has to be read"},
                 {"student", "number is missing"},
                 {"ar1", "number is missing"},
                 {"sphere:2", "takes no number"},
                 {"gaussian:", "takes no number"},
                 {"student:4", "more than 4"},
                 {"student:-5", "more than 4"},
                 {"student:nan", "more than 4"},
                 {"student:inf", "more than 4"},
                 {"student-joint:3.9", "more than 4"},
                 {"student:", "more than 4"},
                 {"student:5,joint", "more than 4"},
                 {"ar1:1", "between -1 and 1"},
                 {"ar1:-1", "between -1 and 1"},
                 {"ar1:x", "between -1 and 1"}};
  char longest[PLIM_INPUTS_NAME_SIZE + 1];
  memset(longest, '1', sizeof longest);
  memcpy(longest, "ar1:.", 5);
  longest[PLIM_INPUTS_NAME_SIZE] = '\0';
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    plim_inputs *inputs = NULL;
    const char *why = NULL;
    ck_assert_msg(plim_inputs_alloc(refused[i].name, &inputs, &why) == PLIM_INVALID, "%s", refused[i].name);
    ck_assert_ptr_null(inputs);
    ck_assert_msg(strstr(why, refused[i].why) != NULL, "%s: %s", refused[i].name, why);
  }
  plim_inputs *inputs = NULL;
  ck_assert_int_eq(plim_inputs_alloc(longest, &inputs, NULL), PLIM_INVALID);
  longest[PLIM_INPUTS_NAME_SIZE - 1] = '\0';
  ck_assert_int_eq(plim_inputs_alloc(longest, &inputs, NULL), PLIM_OK);
  plim_inputs_free(inputs);
}
END_TEST

START_TEST(other_tables_are_refused)
{
  enum { ROWS = 4, COLUMNS = 2 };
  static const double good[ROWS * COLUMNS] = {1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0};
  double shifted[ROWS * COLUMNS], scaled[ROWS * COLUMNS], hole[ROWS * COLUMNS];
  for (size_t i = 0; i < ROWS * COLUMNS; i++) {
    const bool second = i % COLUMNS == 1; /* the first column is right */
    shifted[i] = second ? good[i] + 1e-4 : good[i];
    scaled[i] = second ? good[i] * 1.0001 : good[i];
    hole[i] = i == 5 ? NAN : good[i];
  }
  char longest[PLIM_INPUTS_NAME_SIZE + 1];
  memset(longest, 'c', sizeof longest);
  longest[PLIM_INPUTS_NAME_SIZE] = '\0';
  const struct {
    const char *name;
    plim_rows rows;
    const char *why;
  } refused[] = {{longest, {good, ROWS, COLUMNS}, "longer than 255"},
                 {"csv:a", {good, 1, COLUMNS}, "two rows"},
                 {"csv:a", {good, ROWS, 0}, "a column at least"},
                 {"csv:a", {good, (size_t)UINT32_MAX + 1, 1}, "2^32 - 1"},
                 {"csv:a", {good, 2, (size_t)UINT32_MAX + 1}, "2^32 - 1"},
                 {"csv:a", {good, UINT32_MAX, UINT32_MAX}, "2^32 - 1"}, /* more than there are addresses */
                 {"csv:a", {shifted, ROWS, COLUMNS}, "mean 0"},
                 {"csv:a", {scaled, ROWS, COLUMNS}, "mean square 1"},
                 {"csv:a", {hole, ROWS, COLUMNS}, "mean square 1"}};
  plim_inputs *inputs = NULL;
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    const char *why = NULL;
    ck_assert_int_eq(plim_inputs_of_rows(refused[i].name, &refused[i].rows, &inputs, &why), PLIM_INVALID);
    ck_assert_ptr_null(inputs);
    ck_assert_msg(strstr(why, refused[i].why) != NULL, "case %zu: %s", i, why);
    ck_assert_int_eq(plim_inputs_of_rows(refused[i].name, &refused[i].rows, &inputs, NULL), PLIM_INVALID);
  }
}
END_TEST

/* The same law: one name, and one table behind it. */
START_TEST(tables_are_compared_whole)
{
  enum { ROWS = 4, COLUMNS = 2 }; /* its first two rows, and its first four numbers, are tables as well */
  static const double one[ROWS * COLUMNS] = {1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0},
                                 other[ROWS * COLUMNS] = {1.0, -1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0};
  static const struct {
    const char *name;
    plim_rows rows;
    bool same;
  } to[] = {{"csv:a", {one, ROWS, COLUMNS}, true},
            {"csv:a", {other, ROWS, COLUMNS}, false},
            {"csv:b", {one, ROWS, COLUMNS}, false},
            {"csv:a", {one, 2, COLUMNS}, false},
            {"csv:a", {one, ROWS, 1}, false}};
  plim_inputs *table = NULL;
  ck_assert_int_eq(plim_inputs_of_rows("csv:a", &to[0].rows, &table, NULL), PLIM_OK);
  ck_assert(plim_inputs_same(NULL, NULL));
  for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
    plim_inputs *second = NULL;
    ck_assert_int_eq(plim_inputs_of_rows(to[i].name, &to[i].rows, &second, NULL), PLIM_OK);
    ck_assert_msg(plim_inputs_same(table, second) == to[i].same, "case %zu", i);
    ck_assert(plim_inputs_same(second, table) == to[i].same && !plim_inputs_same(second, NULL));
    plim_inputs_free(second);
  }
  plim_inputs_free(table);
}
END_TEST

/* ---- Laws ----------------------------------------------------------------------------------------------- */

static const plim_quantity nothing = PLIM_GRAD_FRO2;
static const double penalty = 0.1;

static void open(const char *name, fixture *f, plim_inputs **inputs)
{
  const fixture_settings settings = {.size = {.n = 7, .d = D, .width = 5},
                                     .activation = "tanh",
                                     .teacher = "erf",
                                     .quantities = &nothing,
                                     .n_quantities = 1,
                                     .lambda = &penalty,
                                     .n_lambda = 1};
  fixture_prepare(&settings, f);
  ck_assert_int_eq(plim_inputs_alloc(name, inputs, NULL), PLIM_OK);
  f->problem.inputs = *inputs;
  fixture_open(f, 1);
  f->replica.number = 3;
}

static const plimi_samples whole = {.purpose = PLIMI_STREAM_TEST_INPUTS};

static double *drawn(const char *name)
{
  fixture f;
  plim_inputs *inputs;
  double *x = malloc(COUNT * sizeof *x), *piece = malloc(COUNT * sizeof *piece);
  open(name, &f, &inputs);
  plimi_draw_samples(&f.replica, &whole, SAMPLES, x);
  for (size_t first = 0, count; first < SAMPLES; first += count) { /* in pieces, the last first */
    count = first % 3 + 1 < SAMPLES - first ? first % 3 + 1 : SAMPLES - first;
    const plimi_samples part = {.purpose = PLIMI_STREAM_TEST_INPUTS, .first = SAMPLES - first - count};
    plimi_draw_samples(&f.replica, &part, count, piece + part.first * D);
  }
  ck_assert_mem_eq(x, piece, COUNT * sizeof *x);
  fixture_close(&f);
  plim_inputs_free(inputs);
  free(piece);
  return x;
}

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* sqrt(count) D; sorts x. */
static double distance(double *x, size_t count, double (*below)(double))
{
  double most = 0.0;
  qsort(x, count, sizeof *x, ascending);
  for (size_t i = 0; i < count; i++) {
    const double p = below(x[i]);
    most = fmax(most, fmax((double)(i + 1) / (double)count - p, p - (double)i / (double)count));
  }
  return sqrt((double)count) * most;
}

static double below_gaussian(double x)
{
  return gsl_cdf_ugaussian_P(x);
}

static double below_uniform(double x)
{
  return 0.5 + x / (2.0 * sqrt(3.0));
}

static double below_student5(double x)
{
  return gsl_cdf_tdist_P(x * sqrt(5.0 / 3.0), 5.0);
}

static double below_student6(double x)
{
  return gsl_cdf_tdist_P(x * sqrt(6.0 / 4.0), 6.0);
}

/* A coordinate of the sphere of radius sqrt(D): x^2/D is of the Beta law of 1/2 and (D - 1)/2. */
static double below_sphere(double x)
{
  return 0.5 + copysign(0.5 * gsl_cdf_beta_P(x * x / D, 0.5, 0.5 * (D - 1)), x);
}

/* |x|^2/D of student-joint:5 times 5/3 is of the F law of D and 5. */
static double below_length5(double x)
{
  return gsl_cdf_fdist_P(x * 5.0 / 3.0, D, 5.0);
}

static double below_length6(double x)
{
  return gsl_cdf_fdist_P(x * 6.0 / 4.0, D, 6.0);
}

/* One coordinate of each sample where coordinates are dependent, else all of them. */
static const struct {
  const char *name;
  bool one;
  double (*law)(double), (*neighbour)(double);
} coordinates[] = {{"gaussian", false, below_gaussian, below_student6},
                   {"uniform", false, below_uniform, below_gaussian},
                   {"student:5", false, below_student5, below_student6},
                   {"student-joint:5", true, below_student5, below_uniform},
                   {"sphere", false, below_sphere, below_student6},
                   {"ar1:0.62", true, below_gaussian, below_uniform}};

START_TEST(coordinates_have_their_law)
{
  double *x = drawn(coordinates[_i].name);
  size_t count = COUNT;
  if (coordinates[_i].one) {
    count = SAMPLES;
    for (size_t i = 0; i < SAMPLES; i++)
      x[i] = x[i * D + i % D];
  }
  const double right = distance(x, count, coordinates[_i].law);
  const double wrong = distance(x, count, coordinates[_i].neighbour);
  ck_assert_msg(right < ks_limit, "%s: %g", coordinates[_i].name, right);
  ck_assert_msg(wrong > ks_limit, "%s held against a neighbour: %g", coordinates[_i].name,
                wrong); /* the power */
  free(x);
}
END_TEST

START_TEST(lengths_have_their_law)
{
  double *x = drawn("student-joint:5"), square[SAMPLES];
  for (size_t i = 0; i < SAMPLES; i++)
    square[i] = plimi_dot(D, x + i * D, x + i * D) / D;
  ck_assert_double_lt(distance(square, SAMPLES, below_length5), ks_limit);
  ck_assert_double_gt(distance(square, SAMPLES, below_length6), ks_limit);
  free(x);
  x = drawn("sphere");
  for (size_t i = 0; i < SAMPLES; i++)
    ck_assert_double_eq_tol(plimi_dot(D, x + i * D, x + i * D), D, 1e-12 * D);
  free(x);
  x = drawn("rademacher");
  double *z = drawn("gaussian");
  for (size_t i = 0; i < COUNT; i++)
    ck_assert_double_eq(x[i], z[i] < 0.0 ? -1.0 : 1.0); /* paired with the Gaussian ones */
  free(x);
  free(z);
}
END_TEST

/* Means, and covariances of coordinates a lag of 0 to 3 apart, averaged over the samples: within five standard
   errors, as estimated from the samples themselves, of 0 and RHO^lag. Five sigma is 6e-7 of a Gaussian; the sums of
   student:6 have heavier tails, and 9 of its 24 moments exist that a standard error of its variance asks for (8
   would do). */
START_TEST(moments_are_standard)
{
  static const struct {
    const char *name;
    double rho;
  } laws[] = {{"gaussian", 0.0}, {"rademacher", 0.0}, {"uniform", 0.0},   {"student:9", 0.0},
              {"sphere", 0.0},   {"ar1:0.62", 0.62},  {"ar1:-0.9", -0.9}, {"student-joint:9", 0.0}};
  for (size_t l = 0; l < sizeof laws / sizeof laws[0]; l++) {
    double *x = drawn(laws[l].name);
    for (int lag = -1; lag <= 3; lag++) {
      double sum = 0.0, squares = 0.0;
      for (size_t i = 0; i < SAMPLES; i++) {
        double of_sample = 0.0;
        for (size_t j = 0; j + (lag > 0 ? (size_t)lag : 0) < D; j++)
          of_sample += lag < 0 ? x[i * D + j] : x[i * D + j] * x[i * D + j + (size_t)lag];
        of_sample /= D - (lag > 0 ? lag : 0);
        sum += of_sample;
        squares += of_sample * of_sample;
      }
      const double mean = sum / SAMPLES, spread = sqrt(fmax(0.0, squares / SAMPLES - mean * mean) / SAMPLES);
      const double expected = lag < 0 ? 0.0 : pow(laws[l].rho, lag);
      ck_assert_msg(fabs(mean - expected) <= five_sigma * spread + 1e-12, "%s, lag %d: %g, not %g (%g)",
                    laws[l].name, lag, mean, expected, spread);
      ck_assert_double_lt(spread, 0.02); /* a covariance wrong by 0.1 is seen */
    }
    free(x);
  }
}
END_TEST

/* Another replica, batch, seed: other numbers. */
START_TEST(draws_have_a_name)
{
  for (size_t i = 1; i < sizeof accepted / sizeof accepted[0]; i++) {
    fixture f;
    plim_inputs *inputs;
    double x[D], y[D];
    open(accepted[i].name, &f, &inputs);
    const plimi_samples here = {.purpose = PLIMI_STREAM_INPUTS, .index = 1, .first = 2};
    const plimi_samples others[] = {
        {PLIMI_STREAM_INPUTS, 1, 3}, {PLIMI_STREAM_INPUTS, 0, 2}, {PLIMI_STREAM_RIDGE_INPUTS, 1, 2}};
    plimi_draw_samples(&f.replica, &here, 1, x);
    plimi_draw_samples(&f.replica, &here, 1, y);
    ck_assert_mem_eq(x, y, sizeof x);
    for (size_t k = 0; k < 3; k++) {
      plimi_draw_samples(&f.replica, &others[k], 1, y);
      ck_assert_mem_ne(x, y, sizeof x);
    }
    f.replica.number++;
    plimi_draw_samples(&f.replica, &here, 1, y);
    ck_assert_mem_ne(x, y, sizeof x);
    fixture_close(&f);
    plim_inputs_free(inputs);
  }
}
END_TEST

int main(void)
{
  TCase *names = tcase_create("names"), *laws = tcase_create("laws");
  tcase_add_test(names, names_are_read);
  tcase_add_test(names, other_names_are_refused);
  tcase_add_test(names, other_tables_are_refused);
  tcase_add_test(names, tables_are_compared_whole);
  tcase_add_loop_test(laws, coordinates_have_their_law, 0, sizeof coordinates / sizeof coordinates[0]);
  tcase_add_test(laws, lengths_have_their_law);
  tcase_add_test(laws, moments_are_standard);
  tcase_add_test(laws, draws_have_a_name);
  TCase *cases[] = {names, laws};
  return run_cases("inputs", 2, cases);
}
