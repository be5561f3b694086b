/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_row_blocks.c - batches in blocks of rows: every quantity that can be summed over blocks comes to what the whole
   batch in memory gives, whatever the block; and the memory a replica takes does not grow with the samples. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "run_cases.h"
#include "sim_fixture.h"

enum { PENALTIES = 3 };
static const double penalties[PENALTIES] = {0.0, 0.0385, 2.385};

/* Sums of a few hundred terms in another order, through systems of condition below 1e4. */
static const double agreement = 1e-10;

static const plim_quantity of_one_step[] = {
    PLIM_RISK0,      PLIM_RISK1,        PLIM_DELTA,         PLIM_TRAIN0,   PLIM_TRAIN1,    PLIM_GCV,
    PLIM_KAPPA,      PLIM_DF2,          PLIM_THETA1,        PLIM_SRF_RISK, PLIM_SRF_TRAIN, PLIM_THETA2,
    PLIM_GRAD_OP,    PLIM_GRAD_FRO2,    PLIM_W1_TOP,        PLIM_ANY_M,    PLIM_ANY_TAU,   PLIM_ANY_P,
    PLIM_CK_TOP,     PLIM_STEP_OP,      PLIM_CK_LEFT_XBETA, PLIM_RISK,     PLIM_TRAIN,     PLIM_STEP_FRO,
    PLIM_W1_RIGHT_A, PLIM_GRAD_RANK_ONE};
static const plim_quantity of_two_steps[] = {PLIM_RISK0,   PLIM_RISK1,    PLIM_TRAIN1, PLIM_GRAD_RANK_ONE,
                                             PLIM_W2_TOP,  PLIM_W2_BULK,  PLIM_CK_TOP, PLIM_STEP_FRO,
                                             PLIM_W2_EDGE, PLIM_GRAD_FRO2};

typedef struct {
  plim_size size;
  const char *activation;
  size_t steps;
  plim_batch batch;
  plim_ridge_batch ridge_batch;
  plim_features features;
  size_t block, workers, blocks, step_blocks; /* blocks: of the ridge batch as drawn */
} design;

/* Blocks that divide the batches and that do not, of one sample in the last, longer than a tile, and shorter batches
   of either kind beside a long one; several steps; shared pairs that end inside a block. */
static const design designs[] = {
    {.size = {.n = 223, .d = 11, .width = 17}, .block = 37, .workers = 1, .blocks = 7, .step_blocks = 7},
    {.size = {.n = 223, .d = 11, .width = 17}, .block = 37, .workers = 2, .blocks = 7, .step_blocks = 7},
    {.size = {.n = 613, .d = 13, .width = 7}, .block = 306, .workers = 2, .blocks = 3, .step_blocks = 3},
    {.size = {.n = 224, .d = 23, .width = 29}, .block = 56, .workers = 1, .blocks = 4, .step_blocks = 4},
    {.size = {.n = 97, .d = 11, .width = 17, .step_n = 41},
     .block = 53,
     .workers = 2,
     .blocks = 2,
     .step_blocks = 1},
    {.size = {.n = 19, .d = 11, .width = 31, .step_n = 197},
     .block = 53,
     .workers = 2,
     .blocks = 1,
     .step_blocks = 4},
    {.size = {.n = 197, .d = 11, .width = 17, .shared = 197},
     .ridge_batch = PLIM_RIDGE_SAME,
     .block = 53,
     .workers = 2,
     .blocks = 4,
     .step_blocks = 4},
    {.size = {.n = 197, .d = 11, .width = 17, .step_n = 61, .shared = 61},
     .ridge_batch = PLIM_RIDGE_SAME,
     .block = 53,
     .workers = 1,
     .blocks = 4,
     .step_blocks = 2},
    {.size = {.n = 19, .d = 11, .width = 31, .step_n = 197, .shared = 9},
     .ridge_batch = PLIM_RIDGE_SAME,
     .block = 53,
     .workers = 1,
     .blocks = 1,
     .step_blocks = 4},
    {.size = {.n = 131, .d = 11, .width = 17},
     .features = PLIM_FEATURES_EQUIVALENT,
     .block = 41,
     .workers = 2,
     .blocks = 4,
     .step_blocks = 4},
    {.size = {.n = 131, .d = 11, .width = 17},
     .activation = "relu",
     .steps = 2,
     .block = 41,
     .workers = 2,
     .blocks = 4,
     .step_blocks = 4},
    {.size = {.n = 131, .d = 11, .width = 17},
     .steps = 2,
     .batch = PLIM_BATCH_FRESH,
     .block = 41,
     .workers = 1,
     .blocks = 4,
     .step_blocks = 4},
    {.size = {.n = 131, .d = 11, .width = 17, .shared = 131},
     .ridge_batch = PLIM_RIDGE_SAME,
     .steps = 2,
     .batch = PLIM_BATCH_SAME,
     .block = 41,
     .workers = 2,
     .blocks = 4,
     .step_blocks = 4},
};
enum { DESIGNS = sizeof designs / sizeof *designs };

static void prepare_design(const design *of, size_t block, fixture *f)
{
  const bool two = of->steps == 2;
  const fixture_settings settings = {.size = of->size,
                                     .activation = of->activation != NULL ? of->activation : "tanh",
                                     .teacher = "softplus",
                                     .quantities = two ? of_two_steps : of_one_step,
                                     .n_quantities = two ? sizeof of_two_steps / sizeof *of_two_steps
                                                         : sizeof of_one_step / sizeof *of_one_step,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES,
                                     .features = of->features};
  fixture_prepare(&settings, f);
  f->problem.ridge_batch = of->ridge_batch;
  f->problem.batch = of->batch;
  f->problem.steps = two ? 2 : 1;
  const plim_problem stated = plim_problem_at_size(&f->problem, &of->size);
  f->problem.overlap = stated.overlap;
  f->problem.extra = stated.extra;
  f->problem.step_psi1 = stated.step_psi1;
  f->row_block = block;
}

static void run_design(const design *of, size_t block, fixture *f)
{
  prepare_design(of, block, f);
  fixture_open(f, of->workers);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 3), PLIM_OK);
}

START_TEST(blocks_come_to_the_whole)
{
  const design *of = &designs[_i];
  fixture whole, blocks;
  run_design(of, 0, &whole);
  run_design(of, of->block, &blocks);
  ck_assert_uint_eq(whole.replica.plan.by_blocks, false);
  ck_assert_uint_eq(blocks.replica.plan.by_blocks, of->blocks > 1);
  ck_assert_uint_eq(plimi_row_blocks(&blocks.replica, plim_size_step_n(&of->size)), of->step_blocks);
  ck_assert_uint_le(blocks.replica.plan.rows, of->block);
  for (size_t q = 0; q < whole.measurement.n_quantities; q++) {
    const plim_quantity quantity = whole.measurement.quantities[q];
    for (size_t l = 0; l < PENALTIES; l++) {
      const double expected = plimi_result(&whole.replica, quantity)[l];
      const double found = plimi_result(&blocks.replica, quantity)[l];
      ck_assert_msg(fabs(found - expected) <= agreement * (1.0 + fabs(expected)), "%s: %.17g, whole %.17g",
                    plim_quantity_name(quantity), found, expected);
    }
  }
  fixture_close(&whole);
  fixture_close(&blocks);
}
END_TEST

/* How the work is shared out leaves every bit alone, in blocks too. */
START_TEST(workers_leave_the_bits_alone)
{
  design of = designs[_i == 0 ? 2 : DESIGNS - 1];
  fixture one, three;
  of.workers = 1;
  run_design(&of, of.block, &one);
  of.workers = 3;
  run_design(&of, of.block, &three);
  for (size_t q = 0; q < one.measurement.n_quantities; q++)
    ck_assert_mem_eq(plimi_result(&three.replica, one.measurement.quantities[q]),
                     plimi_result(&one.replica, one.measurement.quantities[q]), PENALTIES * sizeof(double));
  fixture_close(&one);
  fixture_close(&three);
}
END_TEST

/* A teacher that the features can follow leaves a training error of order lambda^2 y'y: the sums know nothing of it,
   the residuals have it to eps/lambda. */
START_TEST(small_training_errors_keep_their_digits)
{
  static const plim_quantity training[] = {PLIM_TRAIN0, PLIM_TRAIN1};
  static const double small_penalties[] = {2.385e-6, 0.137};
  static const double digits = 1e-8;
  const fixture_settings settings = {.size = {.n = 211, .d = 5, .width = 13},
                                     .activation = "linear",
                                     .teacher = "linear",
                                     .quantities = training,
                                     .n_quantities = 2,
                                     .lambda = small_penalties,
                                     .n_lambda = 2};
  fixture f[2];
  for (size_t i = 0; i < 2; i++) {
    fixture_prepare(&settings, &f[i]);
    f[i].problem.noise = 0.0;
    f[i].row_block = i == 0 ? 0 : 47;
    fixture_open(&f[i], 1);
    ck_assert_int_eq(plimi_replica_run(&f[i].replica, 1), PLIM_OK);
  }
  for (size_t q = 0; q < 2; q++) {
    for (size_t l = 0; l < 2; l++) {
      const double whole = plimi_result(&f[0].replica, training[q])[l];
      const double blocks = plimi_result(&f[1].replica, training[q])[l];
      ck_assert_msg(fabs(blocks - whole) <= digits * whole, "%.17g, whole %.17g", blocks, whole);
    }
  }
  ck_assert_double_lt(plimi_result(&f[0].replica, PLIM_TRAIN0)[0], 1e-9);
  fixture_close(&f[0]);
  fixture_close(&f[1]);
}
END_TEST

static const plim_quantity risks[] = {PLIM_RISK0, PLIM_RISK1, PLIM_TRAIN0, PLIM_TRAIN1, PLIM_DELTA};
enum { RISKS = sizeof risks / sizeof *risks, PATH = 20 };

static size_t bytes_of(plim_size size, size_t test_points, size_t workers)
{
  double path[PATH];
  for (size_t l = 0; l < PATH; l++)
    path[l] = 0.137 * (double)(l + 1);
  const fixture_settings settings = {.size = size,
                                     .activation = "tanh",
                                     .teacher = "softplus",
                                     .quantities = risks,
                                     .n_quantities = RISKS,
                                     .lambda = path,
                                     .n_lambda = PATH,
                                     .test_points = test_points};
  fixture f;
  plimi_replica pattern;
  size_t bytes = 0;
  fixture_prepare(&settings, &f);
  ck_assert_int_eq(plimi_replica_pattern(&f.problem, &f.simulation, &f.measurement, &pattern), PLIM_OK);
  ck_assert_int_eq(plimi_replica_bytes(&pattern, workers, &bytes), PLIM_OK);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
  return bytes;
}

/* d = N = 8000 with n = 10 N: within 6 GiB, OpenBLAS's buffers among them. A test set of a size that follows n leaves a
   sum for each of its blocks and each penalty; one of a size that was asked for does not grow. */
START_TEST(memory_does_not_grow_with_the_samples)
{
  const size_t workers = 2, buffers = workers * PLIM_SIMULATION_BLAS_BUFFER, gib = (size_t)1 << 30;
  const plim_size large = {.n = 80000, .d = 8000, .width = 8000},
                  longer = {.n = 3200000, .d = 8000, .width = 8000};
  ck_assert_uint_le(bytes_of(large, 0, workers) + buffers, 6 * gib);
  ck_assert_uint_eq(bytes_of(large, 2000, workers), bytes_of(longer, 2000, workers));
  ck_assert_uint_lt(bytes_of(longer, 0, workers) - bytes_of(large, 0, workers), gib / 100);
  const plim_size wide = {.n = 8000, .d = 8000, .width = 8000};
  ck_assert_uint_lt(bytes_of(wide, 0, 1), bytes_of(large, 0, 1));
}
END_TEST

/* A sanitizer keeps what was freed, and shadows of it: what the process holds is then its own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static double resident_after(size_t n)
{
  const design of = {.size = {.n = n, .d = 61, .width = 67}};
  struct rusage usage;
  fixture f;
  prepare_design(&of, 1021, &f);
  f.measurement.quantities = risks;
  f.measurement.n_quantities = RISKS;
  fixture_open(&f, 1);
  ck_assert_int_eq(plimi_replica_run(&f.replica, 0), PLIM_OK);
  fixture_close(&f);
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss * 1024.0;
}

/* What the process really held: 20 times the samples, whose features alone would be 10 MiB more. */
START_TEST(peak_does_not_grow_with_the_samples)
{
  const double slack = 2 << 20; /* the allocator's own */
  const double before = resident_after(1100);
  ck_assert_double_lt(resident_after(22000), before + slack);
}
END_TEST
#endif

int main(void)
{
  TCase *tests = tcase_create("row_blocks");
  tcase_add_loop_test(tests, blocks_come_to_the_whole, 0, DESIGNS);
  tcase_add_loop_test(tests, workers_leave_the_bits_alone, 0, 2);
  tcase_add_test(tests, small_training_errors_keep_their_digits);
  tcase_add_test(tests, memory_does_not_grow_with_the_samples);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  tcase_add_test(tests, peak_does_not_grow_with_the_samples);
#endif
  return run_cases("row_blocks", 1, &tests);
}
