/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_batch_sizes.c - sizes of batches of their own: what contradicts the problem, what rounding leaves, the
   memory. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "run_cases.h"
#include "sim_fixture.h"

static const plim_quantity quantities[] = {PLIM_RISK0, PLIM_RISK1, PLIM_GCV, PLIM_GRAD_FRO2, PLIM_W1_TOP};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, PENALTIES = 2 };
static const double penalties[PENALTIES] = {0.0, 0.0385};

static void open_plain(fixture *f)
{
  const fixture_settings settings = {.size = {.n = 10, .d = 5, .width = 7},
                                     .activation = "tanh",
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES};
  fixture_prepare(&settings, f);
  fixture_open(f, 2);
}

static plim_status simulate(fixture *f, plim_size size, double *samples)
{
  f->simulation.size = size;
  return plim_simulate(&f->problem, &f->simulation, &f->measurement, NULL, samples);
}

static const struct {
  plim_ridge_batch ridge_batch;
  double overlap, extra, step_psi1;
  plim_size size;
  plim_status status;
} asked[] = {
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7}, PLIM_OK},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 10}, PLIM_OK},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 11}, PLIM_INVALID},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .shared = 10}, PLIM_INVALID},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .shared = 1}, PLIM_INVALID},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 2.385, {.n = 10, .d = 5, .width = 7, .step_n = 12}, PLIM_OK},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 2.385, {.n = 10, .d = 5, .width = 7}, PLIM_INVALID},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 2.385, {.n = 10, .d = 5, .width = 7, .step_n = 13}, PLIM_INVALID},
    {PLIM_RIDGE_FRESH, 1.0, 0.0, 0.01, {.n = 10, .d = 5, .width = 7, .step_n = 1}, PLIM_OK},
    {PLIM_RIDGE_SAME, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .shared = 10}, PLIM_OK},
    {PLIM_RIDGE_SAME, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7}, PLIM_INVALID},
    {PLIM_RIDGE_SAME, 1.0, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 11, .shared = 10}, PLIM_INVALID},
    {PLIM_RIDGE_SAME, 1.0, 0.2, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 11, .shared = 10}, PLIM_OK},
    {PLIM_RIDGE_SAME, 1.0, 0.2, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 12, .shared = 11}, PLIM_INVALID},
    {PLIM_RIDGE_SAME, 0.37, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 4, .shared = 4}, PLIM_OK},
    {PLIM_RIDGE_SAME, 0.37, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 3, .shared = 4}, PLIM_INVALID},
    {PLIM_RIDGE_SAME, 0.37, 0.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 3, .shared = 3}, PLIM_INVALID},
    {PLIM_RIDGE_SAME, 0.0, 1.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 5}, PLIM_OK},
    {PLIM_RIDGE_SAME, 0.0, 1.0, 0.0, {.n = 10, .d = 5, .width = 7, .step_n = 5, .shared = 1}, PLIM_INVALID},
};

/* Sizes that do not say what the problem says. */
START_TEST(contradictions_are_refused)
{
  double samples[QUANTITIES * PENALTIES];
  plim_memory memory;
  fixture f;
  open_plain(&f);
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    f.problem.ridge_batch = asked[i].ridge_batch;
    f.problem.overlap = asked[i].overlap;
    f.problem.extra = asked[i].extra;
    f.problem.step_psi1 = asked[i].step_psi1;
    ck_assert_msg(simulate(&f, asked[i].size, samples) == asked[i].status, "row %zu", i);
    ck_assert_int_eq(plim_simulation_memory(&f.problem, &f.simulation, &f.measurement, &memory),
                     asked[i].status);
    double values[7];
    ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, PLIM_SPECTRUM_WEIGHTS, NULL, values),
                     asked[i].status);
  }
  fixture_close(&f);
}
END_TEST

/* What plim_size_from_problem makes of any ratios is accepted. */
START_TEST(rounded_sizes_are_accepted)
{
  static const plim_quantity gradient[] = {PLIM_GRAD_FRO2};
  double samples[PENALTIES];
  fixture f;
  open_plain(&f);
  f.measurement.quantities = gradient;
  f.measurement.n_quantities = 1;
  size_t shared = 0, odd = 0;
  for (size_t i = 0; i < 400; i++) {
    const double a = fmod(0.618033988749895 * (double)(i + 1), 1.0),
                 b = fmod(0.7548776662466927 * (double)i, 1.0);
    f.problem.psi1 = 0.05 + 3.0 * a;
    f.problem.ridge_batch = i % 2 == 0 ? PLIM_RIDGE_SAME : PLIM_RIDGE_FRESH;
    f.problem.overlap = i % 10 == 0 ? 0.0 : fmod(3.0 * b, 1.0);
    f.problem.extra = i % 6 == 2 ? 0.0 : 2.0 * b;
    f.problem.step_psi1 = i % 2 == 0 || i % 3 == 0 ? 0.0 : 3.0 * b;
    plim_size size;
    if (plim_problem_validate(&f.problem, NULL) != PLIM_OK)
      continue;
    ck_assert_int_eq(plim_size_from_problem(&f.problem, 3 + i % 7, &size), PLIM_OK);
    ck_assert_msg(simulate(&f, size, samples) == PLIM_OK, "case %zu", i);
    shared += size.shared > 0;
    odd += size.step_n > 0;
    const plim_problem drawn = plim_problem_at_size(&f.problem, &size);
    plim_size again;
    ck_assert_int_eq(plim_size_from_problem(&drawn, size.d, &again), PLIM_OK);
    ck_assert_mem_eq(&again, &size, sizeof size);
  }
  ck_assert_uint_gt(shared, 100);
  ck_assert_uint_gt(odd, 100);
  fixture_close(&f);
}
END_TEST

/* The memory is that of the larger batch: x, y and features in the gradient's samples; and the estimate of the seconds
   grows with it. The samples do not depend on the threads. */
START_TEST(larger_gradient_batch_has_its_room)
{
  const plim_size small = {.n = 40, .d = 30, .width = 20};
  const plim_size large = {.n = 40, .d = 30, .width = 20, .step_n = 400};
  plim_memory of_small, of_large;
  double one[QUANTITIES * PENALTIES], two[QUANTITIES * PENALTIES];
  fixture f;
  open_plain(&f);
  f.simulation.size = small;
  ck_assert_int_eq(plim_simulation_memory(&f.problem, &f.simulation, &f.measurement, &of_small), PLIM_OK);
  f.problem.step_psi1 = 400.0 / 30.0;
  f.simulation.size = large;
  ck_assert_int_eq(plim_simulation_memory(&f.problem, &f.simulation, &f.measurement, &of_large), PLIM_OK);
  ck_assert_double_ge(of_large.needed - of_small.needed, 360.0 * (30.0 + 20.0 + 2.0) * sizeof(double));
  ck_assert_double_gt(plim_replica_seconds(&large), plim_replica_seconds(&small));
  ck_assert_int_eq(simulate(&f, large, one), PLIM_OK);
  f.simulation.threads = 3;
  ck_assert_int_eq(simulate(&f, large, two), PLIM_OK);
  ck_assert_mem_eq(one, two, sizeof one);
  const plim_quantity unaware[] = {PLIM_LINEAR_RIDGE};
  f.measurement.quantities = unaware;
  f.measurement.n_quantities = 1;
  ck_assert_int_eq(plim_simulation_memory(&f.problem, &f.simulation, &f.measurement, &of_large), PLIM_OK);
  f.problem.step_psi1 = 0.0;
  f.simulation.size = small;
  ck_assert_int_eq(plim_simulation_memory(&f.problem, &f.simulation, &f.measurement, &of_small), PLIM_OK);
  ck_assert_double_eq(of_large.needed, of_small.needed); /* nothing asks for the gradient's batch */
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("batch_sizes");
  tcase_add_test(tests, contradictions_are_refused);
  tcase_add_test(tests, rounded_sizes_are_accepted);
  tcase_add_test(tests, larger_gradient_batch_has_its_room);
  return run_cases("batch_sizes", 1, &tests);
}
