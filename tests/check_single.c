/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_single.c - products in single precision: the same experiment to some seven digits, in every quantity; and what
   is said of the difference is the difference. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_cases.h"
#include "sim_fixture.h"

enum { PENALTIES = 3 };
static const double penalties[PENALTIES] = {0.0137, 0.385, 2.385};

/* A product of depth K errs by FLT_EPSILON sqrt(K) of its terms' root mean square; systems of condition 100 pass that
   on. Far below what a replica scatters by, far above double's rounding. */
static const double most = 2e-5, least = 1e-12;

/* The first few without eigenvalues, for which paths are solved in double. */
static const plim_quantity quantities[] = {PLIM_RISK0,  PLIM_RISK1,     PLIM_TRAIN0,   PLIM_TRAIN1,
                                           PLIM_GCV,    PLIM_KAPPA,     PLIM_SRF_RISK, PLIM_STUDENT_RISK,
                                           PLIM_DF2,    PLIM_THETA1,    PLIM_THETA2,   PLIM_GRAD_OP,
                                           PLIM_CK_TOP, PLIM_GRAD_FRO2, PLIM_W1_TOP,   PLIM_STAIR1};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, RISKS = 4 };

typedef struct {
  plim_size size;
  const char *activation;
  plim_features features;
  size_t steps, block, workers;
  bool risks; /* RISKS quantities only */
} design;

/* By samples and by neurons, tiles that end in the middle, several steps, blocks of rows, equivalent features. */
static const design designs[] = {
    {.size = {.n = 301, .d = 53, .width = 83}, .activation = "tanh", .workers = 2},
    {.size = {.n = 83, .d = 61, .width = 301}, .activation = "relu", .workers = 1},
    {.size = {.n = 131, .d = 47, .width = 67, .step_n = 311}, .activation = "erf", .steps = 3, .workers = 2},
    {.size = {.n = 301, .d = 53, .width = 83}, .activation = "tanh", .block = 89, .workers = 1},
    {.size = {.n = 131, .d = 47, .width = 67},
     .activation = "tanh",
     .features = PLIM_FEATURES_EQUIVALENT,
     .workers = 1},
    {.size = {.n = 347, .d = 53, .width = 289}, .activation = "tanh", .workers = 1, .risks = true},
    {.size = {.n = 131, .d = 61, .width = 347}, .activation = "erf", .workers = 2, .risks = true},
};
enum { DESIGNS = sizeof designs / sizeof *designs };

static void prepare_design(const design *of, plim_precision precision, fixture *f)
{
  const bool one = of->steps == 0 && of->block == 0;
  const fixture_settings settings = {.size = of->size,
                                     .activation = of->activation,
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = one && !of->risks ? QUANTITIES : RISKS,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES,
                                     .features = of->features};
  fixture_prepare(&settings, f);
  f->problem.steps = one || of->steps == 0 ? 1 : of->steps;
  f->problem.step_psi1 = plim_problem_at_size(&f->problem, &of->size).step_psi1;
  f->simulation.precision = precision;
  f->row_block = of->block;
}

static void run_design(const design *of, plim_precision precision, fixture *f)
{
  prepare_design(of, precision, f);
  fixture_open(f, of->workers);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 0), PLIM_OK);
}

START_TEST(single_is_near_double)
{
  const design *of = &designs[_i];
  fixture exact, single;
  run_design(of, PLIM_PRECISION_DOUBLE, &exact);
  run_design(of, PLIM_PRECISION_SINGLE, &single);
  ck_assert_mem_eq(single.replica.w0.at, exact.replica.w0.at, of->size.d * of->size.width * sizeof(double));
  for (size_t q = 0; q < exact.measurement.n_quantities; q++) {
    double largest = 0.0;
    for (size_t l = 0; l < PENALTIES; l++) {
      const double expected = plimi_result(&exact.replica, quantities[q])[l];
      const double error = fabs(plimi_result(&single.replica, quantities[q])[l] - expected) / fabs(expected);
      ck_assert_msg(error < most, "%s: off by %g of itself", plim_quantity_name(quantities[q]), error);
      largest = fmax(largest, error);
    }
    if (quantities[q] != PLIM_SRF_RISK)
      ck_assert_msg(largest > least, "%s: single is double", plim_quantity_name(quantities[q]));
  }
  fixture_close(&exact);
  fixture_close(&single);
}
END_TEST

START_TEST(workers_leave_the_bits_alone)
{
  design of = designs[_i == 0 ? 0 : DESIGNS - 1];
  fixture two, five;
  run_design(&of, PLIM_PRECISION_SINGLE, &two);
  of.workers = 5;
  run_design(&of, PLIM_PRECISION_SINGLE, &five);
  for (size_t q = 0; q < two.measurement.n_quantities; q++)
    ck_assert_mem_eq(plimi_result(&five.replica, quantities[q]), plimi_result(&two.replica, quantities[q]),
                     PENALTIES * sizeof(double));
  fixture_close(&two);
  fixture_close(&five);
}
END_TEST

/* With a penalty of 0 beside them paths are solved in double, from the same features: what float and refinement leave
   is far below what rounding the products has done, and is not nothing. */
START_TEST(paths_are_refined_to_double)
{
  enum { MORE = PENALTIES + 1 };
  const double with_none[MORE] = {penalties[0], penalties[1], penalties[2], 0.0};
  const design *of = &designs[DESIGNS - 1 - (size_t)_i];
  static const double as_double = 1e-8; /* a risk beside the 1e-9 of a solution */
  fixture refined, in_double;
  double largest = 0.0;
  run_design(of, PLIM_PRECISION_SINGLE, &refined);
  prepare_design(of, PLIM_PRECISION_SINGLE, &in_double);
  in_double.measurement.lambda = with_none;
  in_double.measurement.n_lambda = MORE;
  fixture_open(&in_double, of->workers);
  ck_assert_int_eq(plimi_replica_run(&in_double.replica, 0), PLIM_OK);
  ck_assert_uint_eq(refined.replica.paths, 2);
  ck_assert_uint_eq(refined.replica.paths_in_double, 0);
  ck_assert_uint_eq(in_double.replica.paths, 2);
  ck_assert_uint_eq(in_double.replica.paths_in_double, 2);
  for (size_t q = 0; q < RISKS; q++) {
    for (size_t l = 0; l < PENALTIES; l++) {
      const double expected = plimi_result(&in_double.replica, quantities[q])[l];
      const double error = fabs(plimi_result(&refined.replica, quantities[q])[l] / expected - 1.0);
      ck_assert_msg(error < as_double, "%s at %g: %g", plim_quantity_name(quantities[q]), penalties[l],
                    error);
      largest = fmax(largest, error);
    }
  }
  ck_assert_msg(largest > 0.0, "the paths were not solved in float");
  fixture_close(&refined);
  fixture_close(&in_double);
}
END_TEST

START_TEST(the_error_that_is_said)
{
  fixture f;
  plim_precision_paths paths;
  double error[QUANTITIES * PENALTIES], single[QUANTITIES * PENALTIES], exact[QUANTITIES * PENALTIES];
  prepare_design(&designs[0], PLIM_PRECISION_SINGLE, &f);
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, single), PLIM_OK);
  ck_assert_int_eq(plim_precision_error(&f.problem, &f.simulation, &f.measurement, &paths, error), PLIM_OK);
  ck_assert_uint_eq(paths.count, 3);     /* at W0, W1 and the spiked weights */
  ck_assert_uint_eq(paths.in_double, 2); /* of which kappa and gcv want eigenvalues */
  f.simulation.precision = PLIM_PRECISION_DOUBLE;
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, exact), PLIM_OK);
  for (size_t i = 0; i < QUANTITIES * PENALTIES; i++)
    ck_assert_double_eq(error[i], fabs(single[i] - exact[i]));
  f.simulation.precision = PLIM_PRECISION_COUNT;
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, exact), PLIM_INVALID);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

/* Steps that single precision cannot hold end in a status, not in numbers. */
START_TEST(weights_beyond_single)
{
  fixture f;
  double samples[QUANTITIES * PENALTIES];
  prepare_design(&designs[0], PLIM_PRECISION_SINGLE, &f);
  f.measurement.n_quantities = 2;
  f.problem.eta = 2.385e42;
  ck_assert_int_ne(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, samples), PLIM_OK);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

/* In place: 1500 numbers pass a chunk; the floats stand at the front. */
START_TEST(rounding_in_place)
{
  enum { COUNT = 1500 };
  const plim_size any = {.n = 1, .d = 2, .width = 3};
  const plimi_stream stream = plimi_stream_named(17, &any, 0, PLIMI_STREAM_INPUTS, 0);
  double *x = malloc(COUNT * sizeof *x), *copy = malloc(COUNT * sizeof *copy);
  float *rounded = malloc(COUNT * sizeof *rounded);
  plimi_stream_normals(&stream, 0, COUNT, x);
  memcpy(copy, x, COUNT * sizeof *x);
  plimi_round_in_place(COUNT, x);
  memcpy(rounded, x, COUNT * sizeof *rounded);
  for (size_t i = 0; i < COUNT; i++)
    ck_assert(rounded[i] == (float)copy[i]);
  free(x);
  free(copy);
  free(rounded);
}
END_TEST

START_TEST(a_device_knows_double_only)
{
  fixture f;
  double samples[QUANTITIES * PENALTIES];
  prepare_design(&designs[0], PLIM_PRECISION_SINGLE, &f);
  f.simulation.device = (plim_device *)(void *)&f; /* refused before it is looked at */
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, samples), PLIM_INVALID);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("single");
  tcase_add_loop_test(tests, single_is_near_double, 0, DESIGNS);
  tcase_add_loop_test(tests, workers_leave_the_bits_alone, 0, 2);
  tcase_add_loop_test(tests, paths_are_refined_to_double, 0, 2);
  tcase_add_test(tests, a_device_knows_double_only);
  tcase_add_test(tests, the_error_that_is_said);
  tcase_add_test(tests, weights_beyond_single);
  tcase_add_test(tests, rounding_in_place);
  return run_cases("single", 1, &tests);
}
