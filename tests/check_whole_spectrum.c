/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_whole_spectrum.c - plim_simulate_spectrum: against Jacobi rotations on the definition in plain loops, the same
   bits for any number of threads, and what it refuses. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity tops[] = {PLIM_W1_TOP, PLIM_CK_TOP};
static const double no_penalty = 0.0;
/* Eigenvalues through a Gram matrix, to this of the largest; Jacobi's own error is far below it. */
static const double tolerance = 1e-13;

/* F'F/n by the definition, or W1'W1. */
static double plain_entry(const fixture *f, plim_spectrum spectrum, size_t i, size_t j)
{
  const plimi_replica *r = &f->replica;
  const size_t d = r->size.d, n = r->size.n;
  const double *wi = r->w1.at + i * d, *wj = r->w1.at + j * d;
  if (spectrum == PLIM_SPECTRUM_WEIGHTS)
    return plimi_dot(d, wi, wj);
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) {
    const double *x = r->x.at + k * d;
    sum += plain_sigma(f, plimi_dot(d, wi, x)) * plain_sigma(f, plimi_dot(d, wj, x));
  }
  return sum / (double)n;
}

static const plim_size sizes[] = {{.n = 9, .d = 7, .width = 4},
                                  {.n = 3, .d = 5, .width = 7},
                                  {.n = 12, .d = 4, .width = 12},
                                  {.n = 6, .d = 2, .width = 9},
                                  {.n = 1, .d = 1, .width = 1}};
enum { SIZES = sizeof sizes / sizeof sizes[0], LARGEST = 12 };

START_TEST(values_by_definition)
{
  for (int s = 0; s < PLIM_SPECTRUM_COUNT; s++) {
    const plim_spectrum spectrum = (plim_spectrum)s;
    const size_t width = sizes[_i].width;
    const fixture_settings settings = {.size = sizes[_i],
                                       .activation = "softplus",
                                       .teacher = "tanh",
                                       .quantities = tops,
                                       .n_quantities = 2,
                                       .lambda = &no_penalty,
                                       .n_lambda = 1};
    double values[LARGEST], expected[LARGEST], matrix[LARGEST * LARGEST];
    fixture f;
    fixture_prepare(&settings, &f);
    ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, spectrum, NULL, values), PLIM_OK);
    fixture_open(&f, 1);
    ck_assert_int_eq(plimi_replica_run(&f.replica, 0), PLIM_OK);
    for (size_t i = 0; i < width; i++)
      for (size_t j = 0; j < width; j++)
        matrix[i + j * width] = plain_entry(&f, spectrum, i, j);
    plain_eigen(width, matrix, expected, NULL);
    const double scale = expected[width - 1];
    const size_t rank = spectrum == PLIM_SPECTRUM_WEIGHTS ? sizes[_i].d : sizes[_i].n;
    for (size_t i = 0; i < width; i++) {
      const double value = spectrum == PLIM_SPECTRUM_WEIGHTS ? values[i] * values[i] : values[i];
      ck_assert_double_le(fabs(value - expected[i]), tolerance * scale);
      if (i + rank < width)
        ck_assert_double_eq(values[i], 0.0);
      ck_assert(i == 0 || values[i] >= values[i - 1]);
    }
    const double top = *plimi_result(&f.replica, tops[s]);
    ck_assert_double_le(fabs(values[width - 1] - top), tolerance * top);
    fixture_close(&f);
  }
}
END_TEST

static double *simulate(const fixture *f, plim_spectrum spectrum)
{
  double *values = calloc(f->simulation.replicas * f->simulation.size.width, sizeof *values);
  ck_assert_ptr_nonnull(values);
  ck_assert_int_eq(plim_simulate_spectrum(&f->problem, &f->simulation, spectrum, NULL, values), PLIM_OK);
  return values;
}

START_TEST(same_bits_for_any_number_of_threads)
{
  const plim_spectrum spectrum = (plim_spectrum)_i;
  const fixture_settings settings = {
      .size = {.n = 130, .d = 71, .width = 270}, .activation = "tanh", .teacher = "relu"};
  fixture f;
  fixture_prepare(&settings, &f);
  f.simulation.replicas = 3;
  const size_t width = f.simulation.size.width;
  double *one = simulate(&f, spectrum);
  ck_assert(memcmp(one, one + width, width * sizeof *one) != 0);
  for (size_t threads = 2; threads <= 7; threads += 5) {
    f.simulation.threads = threads;
    double *more = simulate(&f, spectrum);
    ck_assert(memcmp(one, more, 3 * width * sizeof *one) == 0);
    free(more);
  }
  free(one);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

static bool always(void *context)
{
  (void)context;
  return true;
}

static bool count_values(void *context, size_t replica, const double *values)
{
  size_t *seen = context;
  (void)replica;
  *seen += values[6] > 0.0 ? 1 : 0; /* the last of a replica's seven */
  return true;
}

START_TEST(hooks_and_refusals)
{
  const fixture_settings settings = {
      .size = {.n = 11, .d = 5, .width = 7}, .activation = "tanh", .teacher = "tanh"};
  fixture f;
  double values[4 * 7] = {-2.385};
  size_t seen = 0;
  fixture_prepare(&settings, &f);
  plim_simulation_hooks hooks = {.context = &seen, .cancelled = always};
  plim_simulation wrong = f.simulation;
  ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, PLIM_SPECTRUM_KERNEL, &hooks, values),
                   PLIM_INTERRUPTED);
  ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, PLIM_SPECTRUM_COUNT, NULL, values),
                   PLIM_INVALID);
  wrong.size.d = 0;
  ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &wrong, PLIM_SPECTRUM_KERNEL, NULL, values),
                   PLIM_INVALID);
  wrong = f.simulation;
  wrong.replicas = SIZE_MAX / 16;
  ck_assert_int_ne(plim_simulate_spectrum(&f.problem, &wrong, PLIM_SPECTRUM_KERNEL, NULL, values), PLIM_OK);
  f.problem.eta = NAN;
  ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, PLIM_SPECTRUM_KERNEL, NULL, values),
                   PLIM_INVALID);
  ck_assert_double_eq(values[0], -2.385);
  f.problem.eta = 1.37;
  f.simulation.replicas = 4;
  hooks = (plim_simulation_hooks){.context = &seen, .record = count_values};
  ck_assert_int_eq(plim_simulate_spectrum(&f.problem, &f.simulation, PLIM_SPECTRUM_WEIGHTS, &hooks, values),
                   PLIM_OK);
  ck_assert_int_eq((int)seen, 4);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("whole spectrum");
  tcase_add_loop_test(tests, values_by_definition, 0, SIZES);
  tcase_add_loop_test(tests, same_bits_for_any_number_of_threads, 0, PLIM_SPECTRUM_COUNT);
  tcase_add_test(tests, hooks_and_refusals);
  return run_cases("whole spectrum", 1, &tests);
}
