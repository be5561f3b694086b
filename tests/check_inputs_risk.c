/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_inputs_risk.c - what is measured with inputs of other laws. ar1:0 draws the Gaussian inputs, bit for bit,
   and takes the route of other laws: the second one to everything. And tables: which rows serve, and how they are
   made standard. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_cases.h"
#include "sim_fixture.h"

static const plim_quantity quantities[] = {PLIM_TRAIN0,
                                           PLIM_TRAIN1,
                                           PLIM_THETA1,
                                           PLIM_W1_TOP,
                                           PLIM_GCV,
                                           PLIM_RISK0,
                                           PLIM_RISK1,
                                           PLIM_SRF_RISK,
                                           PLIM_STUDENT_RISK,
                                           PLIM_LINEAR_RIDGE,
                                           PLIM_KERNEL_EXP_INNER,
                                           PLIM_KERNEL_EXP_DIST,
                                           PLIM_NTK_RIDGE};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, SAME = 5, PENALTIES = 2, REPLICAS = 12 };
static const double penalties[PENALTIES] = {0.0385, 2.385};

static plim_problem problem_of(const fixture *f, const plim_inputs *inputs)
{
  plim_problem problem = f->problem;
  problem.inputs = inputs;
  return problem;
}

static void prepare(plim_size size, size_t test_points, fixture *f)
{
  const fixture_settings settings = {.size = size,
                                     .activation = "tanh",
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES,
                                     .test_points = test_points};
  fixture_prepare(&settings, f);
  f->simulation.replicas = REPLICAS;
  f->simulation.threads = 2;
}

static void forget(fixture *f)
{
  plim_activation_free(f->activation);
  plim_activation_free(f->teacher);
}

/* Training errors are the same bits. Risks differ by what 3000 test points leave: over 12 replicas and two
   penalties the mean difference is within 5 of its own standard errors (t with 11 degrees of freedom: 4e-4 a test
   and 6e-3 of all; the seed is fixed), and the errors are below 3 % of the risk, so that a risk wrong by a fifth is
   seen. n > d and n < d: two systems. */
START_TEST(measured_risks_are_the_exact_ones)
{
  static const plim_size sizes[] = {{.n = 41, .d = 17, .width = 29}, {.n = 23, .d = 31, .width = 37}};
  fixture f;
  plim_inputs *inputs;
  double exact[REPLICAS * QUANTITIES * PENALTIES], measured[REPLICAS * QUANTITIES * PENALTIES];
  ck_assert_int_eq(plim_inputs_alloc("ar1:0", &inputs, NULL), PLIM_OK);
  prepare(sizes[_i], 0, &f);
  plim_simulation tested = f.simulation;
  tested.test_points = 3000;
  const plim_problem other = problem_of(&f, inputs);
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, exact), PLIM_OK);
  ck_assert_int_eq(plim_simulate(&other, &tested, &f.measurement, NULL, measured), PLIM_OK);
  for (size_t q = 0; q < QUANTITIES; q++) {
    for (size_t l = 0; l < PENALTIES; l++) {
      double mean = 0.0, squares = 0.0, whole = 0.0;
      for (size_t r = 0; r < REPLICAS; r++) {
        const size_t at = (r * QUANTITIES + q) * PENALTIES + l;
        const double gap = measured[at] - exact[at];
        if (q < SAME)
          ck_assert_double_eq(measured[at], exact[at]);
        mean += gap / REPLICAS;
        squares += gap * gap;
        whole += exact[at] / REPLICAS;
      }
      if (q < SAME)
        continue;
      const double error = sqrt((squares - REPLICAS * mean * mean) / (REPLICAS - 1) / REPLICAS);
      ck_assert_msg(fabs(mean) <= 5.0 * error && error < 0.03 * whole && error > 0.0,
                    "%s: %g in %g, error %g", plim_quantity_name(quantities[q]), mean, whole, error);
    }
  }
  forget(&f);
  plim_inputs_free(inputs);
}
END_TEST

/* The number of test points where none is asked for, and bits that no number of threads changes. */
START_TEST(default_test_set_is_stated)
{
  static const char *const names[] = {"rademacher",      "uniform", "student:5",
                                      "student-joint:5", "sphere",  "ar1:0.7"};
  fixture f;
  double first[REPLICAS * QUANTITIES * PENALTIES], second[REPLICAS * QUANTITIES * PENALTIES];
  prepare((plim_size){.n = 19, .d = 13, .width = 11}, 0, &f);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    plim_inputs *inputs;
    ck_assert_int_eq(plim_inputs_alloc(names[i], &inputs, NULL), PLIM_OK);
    const plim_problem other = problem_of(&f, inputs);
    plim_simulation again = f.simulation;
    again.test_points = 1000;
    again.threads = 5;
    ck_assert_int_eq(plim_simulate(&other, &f.simulation, &f.measurement, NULL, first), PLIM_OK);
    ck_assert_int_eq(plim_simulate(&other, &again, &f.measurement, NULL, second), PLIM_OK);
    ck_assert_mem_eq(first, second, sizeof first);
    plim_inputs_free(inputs);
  }
  forget(&f);
}
END_TEST

/* ---- Tables --------------------------------------------------------------------------------------------- */

enum { ROWS = 97, COLUMNS = 9 };

/* A row says which it is: all its entries are its number, brought to mean 0 and mean square 1, but for signs by
   column. */
static plim_inputs *numbered(void)
{
  static double values[ROWS * COLUMNS];
  plim_inputs *inputs = NULL;
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLUMNS; j++)
      values[i * COLUMNS + j] = ((double)i + 0.385) * (1.0 + (double)j);
  ck_assert_int_eq(plim_standardise(values, ROWS, COLUMNS, NULL), PLIM_OK);
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLUMNS; j += 2)
      values[i * COLUMNS + j] *= -1.0;
  const plim_rows rows = {values, ROWS, COLUMNS};
  ck_assert_int_eq(plim_inputs_of_rows("csv:numbered", &rows, &inputs, NULL), PLIM_OK);
  return inputs;
}

/* Two gradient batches, the ridge regression's and test points: no row twice in a replica, each row as often as any
   other over many (97 rows, 81 a replica, 400 replicas: 334 times with a spread of 7.4; five of these), d of the 9
   columns likewise, and the same for every row of a replica. */
START_TEST(rows_are_drawn_without_replacement)
{
  enum { N = 20, STEPS = 2, TEST = 21, MANY = 400, DIM = 5 };
  size_t rows_seen[ROWS] = {0}, columns_seen[COLUMNS] = {0};
  plim_inputs *inputs = numbered();
  const plim_rows table = plim_inputs_rows(inputs);
  fixture f;
  prepare((plim_size){.n = N, .d = DIM, .width = 3}, TEST, &f);
  f.problem.inputs = inputs;
  f.problem.steps = STEPS;
  f.problem.batch = PLIM_BATCH_FRESH;
  f.measurement.n_quantities = SAME + 2; /* without those of one step alone */
  fixture_open(&f, 1);
  for (f.replica.number = 0; f.replica.number < MANY; f.replica.number++) {
    static const struct {
      plimi_purpose purpose;
      size_t index, count;
    } parts[] = {{PLIMI_STREAM_INPUTS, 0, N},
                 {PLIMI_STREAM_INPUTS, 1, N},
                 {PLIMI_STREAM_RIDGE_INPUTS, 0, N},
                 {PLIMI_STREAM_TEST_INPUTS, 0, TEST}};
    bool taken[ROWS] = {false};
    plimi_draw_rows(&f.replica);
    for (size_t j = 0; j < DIM; j++)
      columns_seen[f.replica.column_order[j]]++;
    for (size_t p = 0; p < 4; p++) {
      double x[TEST * DIM];
      const plimi_samples of = {parts[p].purpose, parts[p].index, 0};
      plimi_draw_samples(&f.replica, &of, parts[p].count, x);
      for (size_t i = 0; i < parts[p].count; i++) {
        size_t row = 0;
        while (row < ROWS && table.values[row * COLUMNS + f.replica.column_order[0]] != x[i * DIM])
          row++;
        ck_assert_uint_lt(row, ROWS);
        for (size_t j = 0; j < DIM; j++)
          ck_assert_double_eq(x[i * DIM + j], table.values[row * COLUMNS + f.replica.column_order[j]]);
        ck_assert_msg(!taken[row], "row %zu comes twice", row);
        taken[row] = true;
        rows_seen[row]++;
      }
    }
  }
  const double share = (3.0 * N + TEST) / ROWS, spread = sqrt(MANY * share * (1.0 - share));
  for (size_t i = 0; i < ROWS; i++)
    ck_assert_double_lt(fabs((double)rows_seen[i] - MANY * share), 5.0 * spread);
  for (size_t j = 0; j < COLUMNS; j++)
    ck_assert_double_lt(fabs((double)columns_seen[j] - MANY * 5.0 / 9.0), 5.0 * sqrt(MANY * 20.0 / 81.0));
  fixture_close(&f);
  plim_inputs_free(inputs);
}
END_TEST

/* A replica takes no more than it says, and with a row or column less is refused. */
START_TEST(rows_must_suffice)
{
  plim_inputs *inputs = numbered();
  fixture f;
  plim_inputs_need need;
  double samples[QUANTITIES * PENALTIES];
  prepare((plim_size){.n = 20, .d = 9, .width = 3}, 57, &f);
  f.problem.inputs = inputs;
  f.simulation.replicas = 1;
  ck_assert_int_eq(plim_simulation_inputs(&f.problem, &f.simulation, &f.measurement, &need), PLIM_OK);
  ck_assert_uint_eq(need.rows_needed, 97);
  ck_assert_uint_eq(need.rows, ROWS);
  ck_assert_uint_eq(need.columns_needed, 9);
  ck_assert_uint_eq(need.columns, COLUMNS);
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, samples), PLIM_OK);
  f.simulation.test_points = 58;
  ck_assert_int_eq(plim_simulation_inputs(&f.problem, &f.simulation, &f.measurement, &need), PLIM_INVALID);
  ck_assert_uint_eq(need.rows_needed, 98);
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, samples), PLIM_INVALID);
  f.measurement.n_quantities = 1; /* a training error needs no test points */
  ck_assert_int_eq(plim_simulation_inputs(&f.problem, &f.simulation, &f.measurement, &need), PLIM_OK);
  ck_assert_uint_eq(need.rows_needed, 40);
  ck_assert_int_eq(plim_simulation_inputs(&f.problem, &f.simulation, NULL, &need), PLIM_OK);
  ck_assert_uint_eq(need.rows_needed, 20);
  f.simulation.size.d = 10;
  ck_assert_int_eq(plim_simulation_inputs(&f.problem, &f.simulation, &f.measurement, &need), PLIM_INVALID);
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, samples), PLIM_INVALID);
  forget(&f);
  plim_inputs_free(inputs);
}
END_TEST

/* DF above 4 times the power with which sigma and sigma* grow, and 4 where they do not. */
START_TEST(tails_must_suffice)
{
  static const struct {
    const char *inputs, *activation, *teacher;
    plim_status status;
  } cases[] = {{"student:4.1", "tanh", "softplus", PLIM_OK},
               {"student:4.1", "relu", "erf", PLIM_OK},
               {"student:7.9", "tanh", "hermite2", PLIM_OUTSIDE_DOMAIN},
               {"student:8.1", "tanh", "hermite2", PLIM_OK},
               {"student-joint:11.9", "tanh", "hermite3", PLIM_OUTSIDE_DOMAIN},
               {"student:12.1", "hermite3", "tanh", PLIM_OK},
               {"student:11.9", "hermite3", "tanh", PLIM_OUTSIDE_DOMAIN},
               {"student:300", "tanh", "expr:exp(z/3)", PLIM_OUTSIDE_DOMAIN},
               {"student:5", "tanh", "sin", PLIM_OK},
               {"rademacher", "tanh", "expr:exp(z/3)", PLIM_OK}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const double lambda = 0.1;
    const plim_quantity risk = PLIM_RISK0;
    const fixture_settings settings = {.size = {.n = 9, .d = 5, .width = 7},
                                       .activation = cases[i].activation,
                                       .teacher = cases[i].teacher,
                                       .quantities = &risk,
                                       .n_quantities = 1,
                                       .lambda = &lambda,
                                       .n_lambda = 1};
    fixture f;
    plim_inputs *inputs;
    plim_inputs_need need;
    double sample;
    fixture_prepare(&settings, &f);
    ck_assert_int_eq(plim_inputs_alloc(cases[i].inputs, &inputs, NULL), PLIM_OK);
    const plim_problem problem = problem_of(&f, inputs);
    ck_assert_msg(plim_simulation_inputs(&problem, &f.simulation, &f.measurement, &need) == cases[i].status,
                  "case %zu", i);
    f.simulation.replicas = 1;
    ck_assert_int_eq(plim_simulate(&problem, &f.simulation, &f.measurement, NULL, &sample), cases[i].status);
    forget(&f);
    plim_inputs_free(inputs);
  }
}
END_TEST

/* ---- Making a table standard ---------------------------------------------------------------------------- */

static const double rounding = 1e-14; /* of sums of four and a hundred numbers of order 1 */

START_TEST(columns_are_standardised)
{
  /* by hand: 1, 2, 4, 9 has mean 4 and variance 9.5; the second has mean 0 and variance 4e600 */
  double x[] = {1, 2e300, 2, -2e300, 4, 2e300, 9, -2e300};
  const double root = sqrt(9.5), expected[] = {-3 / root, 1, -2 / root, -1, 0, 1, 5 / root, -1};
  size_t column = 77;
  ck_assert_int_eq(plim_standardise(x, 4, 2, &column), PLIM_OK);
  for (size_t i = 0; i < 8; i++)
    ck_assert_double_eq_tol(x[i], expected[i], rounding);
  double constant[] = {1, 7, 2, 7, 3, 7}, zero[] = {0, 0}, nan[] = {1, NAN, 2, 3},
         infinite[] = {1, 3, 2, INFINITY};
  double nearly[] = {1e9, 1e9 + 1e-7, 1e9, 1e9};
  ck_assert_int_eq(plim_standardise(constant, 3, 2, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_uint_eq(column, 1);
  ck_assert_int_eq(plim_standardise(zero, 2, 1, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_uint_eq(column, 0);
  ck_assert_int_eq(plim_standardise(nan, 2, 2, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_uint_eq(column, 1);
  ck_assert_int_eq(plim_standardise(infinite, 2, 2, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_standardise(nearly, 4, 1, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_standardise(x, 1, 8, &column), PLIM_INVALID);
  ck_assert_int_eq(plim_standardise(x, 4, 0, &column), PLIM_INVALID);
}
END_TEST

START_TEST(columns_are_whitened)
{
  enum { COUNT = 100, WIDE = 3 };
  double x[COUNT * WIDE], first[COUNT], second[COUNT];
  size_t column = 77;
  for (size_t i = 0; i < COUNT;
       i++) { /* nothing random about it: two columns and a sum of both and a third */
    const double a = sin(2.385 * (double)i), b = cos(0.731 * (double)i * (double)i), c = (double)(i % 7);
    x[i * WIDE] = first[i] = 5.0 + 2.0 * a;
    x[i * WIDE + 1] = second[i] = b - 3.0 * a;
    x[i * WIDE + 2] = 100.0 * c + a + b;
  }
  ck_assert_int_eq(plim_whiten(x, COUNT, WIDE, &column), PLIM_OK);
  for (size_t j = 0; j < WIDE; j++) {
    for (size_t k = 0; k <= j; k++) {
      double sum = 0.0, mean = 0.0;
      for (size_t i = 0; i < COUNT; i++) {
        sum += x[i * WIDE + j] * x[i * WIDE + k];
        mean += x[i * WIDE + j];
      }
      ck_assert_double_eq_tol(sum / COUNT, j == k ? 1.0 : 0.0, 10.0 * rounding);
      ck_assert_double_eq_tol(mean / COUNT, 0.0, 10.0 * rounding);
    }
  }
  /* the first only standardised; the second its residual in the regression on the first */
  ck_assert_int_eq(plim_standardise(first, COUNT, 1, NULL), PLIM_OK);
  ck_assert_int_eq(plim_standardise(second, COUNT, 1, NULL), PLIM_OK);
  const double slope = plimi_dot(COUNT, first, second) / COUNT;
  for (size_t i = 0; i < COUNT; i++) {
    ck_assert_double_eq_tol(x[i * WIDE], first[i], 10.0 * rounding);
    ck_assert_double_eq_tol(x[i * WIDE + 1], (second[i] - slope * first[i]) / sqrt(1.0 - slope * slope),
                            100.0 * rounding);
  }
  for (size_t i = 0; i < COUNT; i++)
    x[i * WIDE + 2] = 3.0 * x[i * WIDE] - 0.2 * x[i * WIDE + 1] + 1e-5 * sin(17.0 * (double)i);
  ck_assert_int_eq(plim_whiten(x, COUNT, WIDE, &column), PLIM_OUTSIDE_DOMAIN);
  ck_assert_uint_eq(column, 2);
}
END_TEST

START_TEST(rows_must_be_standard)
{
  double x[] = {1, -1, 1, -1, 1, -1, 1, -1};
  plim_rows rows = {x, 4, 2};
  plim_inputs *inputs = NULL, *other = NULL;
  const char *why;
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &inputs, &why), PLIM_INVALID); /* constant columns */
  ck_assert_ptr_null(inputs);
  rows.count = 8;
  rows.columns = 1;
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &inputs, &why), PLIM_OK);
  x[0] = NAN;
  ck_assert_double_eq(plim_inputs_rows(inputs).values[0], 1.0); /* a copy */
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &other, &why), PLIM_INVALID);
  x[0] = 1.0;
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &other, &why), PLIM_OK);
  ck_assert(plim_inputs_same(inputs, other));
  plim_inputs_free(other);
  x[0] = -1.0;
  x[1] = 1.0;
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &other, &why), PLIM_OK);
  ck_assert(!plim_inputs_same(inputs, other)); /* of one name */
  plim_inputs_free(other);
  plim_inputs_free(inputs);
  rows.count = 1;
  ck_assert_int_eq(plim_inputs_of_rows("t", &rows, &inputs, &why), PLIM_INVALID);
}
END_TEST

int main(void)
{
  TCase *risks = tcase_create("risks"), *tables = tcase_create("tables"),
        *standard = tcase_create("standard");
  tcase_add_loop_test(risks, measured_risks_are_the_exact_ones, 0, 2);
  tcase_add_test(risks, default_test_set_is_stated);
  tcase_add_test(risks, tails_must_suffice);
  tcase_add_test(tables, rows_are_drawn_without_replacement);
  tcase_add_test(tables, rows_must_suffice);
  tcase_add_test(standard, columns_are_standardised);
  tcase_add_test(standard, columns_are_whitened);
  tcase_add_test(standard, rows_must_be_standard);
  TCase *cases[] = {risks, tables, standard};
  return run_cases("inputs_risk", 3, cases);
}
