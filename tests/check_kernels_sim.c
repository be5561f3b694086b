/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_kernels_sim.c - linear, kernel and tangent ridge regression of one small replica against the definitions: the
   predictor in plain arithmetic, its risk over many fresh points. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const double penalties[] = {0.0213, 0.71};
enum { PENALTIES = 2, LARGEST = 12 };

/* The value of one regression's kernel at two points. */
typedef double (*plain_kernel)(const fixture *f, const double *x, const double *y);

static double inner_kernel(const fixture *f, const double *x, const double *y)
{
  return exp(plimi_dot(f->replica.size.d, x, y) / (double)f->replica.size.d);
}

static double distance_kernel(const fixture *f, const double *x, const double *y)
{
  double square = 0.0;
  for (size_t k = 0; k < f->replica.size.d; k++)
    square += (x[k] - y[k]) * (x[k] - y[k]);
  return exp(-square / (double)f->replica.size.d);
}

/* Features x itself: penalty lambda |b|^2 beside the mean square is n lambda on the kernel <x, y>. */
static double linear_kernel(const fixture *f, const double *x, const double *y)
{
  return plimi_dot(f->replica.size.d, x, y);
}

/* <phi(x), phi(y)> of the N d features (N d)^-1/2 sigma'(<w_j, x>) x_k, summed feature by feature. */
static double tangent_kernel(const fixture *f, const double *x, const double *y)
{
  const size_t d = f->replica.size.d, width = f->replica.size.width;
  double sum = 0.0;
  for (size_t j = 0; j < width; j++) {
    const double *w = f->replica.w0.at + j * d;
    const double s = plim_activation_derivative(f->activation, plimi_dot(d, w, x));
    const double t = plim_activation_derivative(f->activation, plimi_dot(d, w, y));
    for (size_t k = 0; k < d; k++)
      sum += s * x[k] * t * y[k] / (double)(width * d);
  }
  return sum;
}

typedef struct {
  plim_quantity quantity;
  plain_kernel kernel;
} kernel_row;

static const kernel_row rows[] = {{PLIM_KERNEL_EXP_INNER, inner_kernel},
                                  {PLIM_KERNEL_EXP_DIST, distance_kernel},
                                  {PLIM_LINEAR_RIDGE, linear_kernel},
                                  {PLIM_NTK_RIDGE, tangent_kernel}};
static const plim_size sizes[] = {{.n = 9, .d = 7, .width = 4},
                                  {.n = 3, .d = 5, .width = 7},
                                  {.n = 12, .d = 12, .width = 2},
                                  {.n = 1, .d = 1, .width = 1}};

/* What multiplies the identity beside the kernel for a penalty lambda. */
static double shift_of(const fixture *f, plim_quantity quantity, double lambda)
{
  const double n = (double)f->replica.size.n;
  switch (quantity) {
  case PLIM_LINEAR_RIDGE:
    return n * lambda;
  case PLIM_NTK_RIDGE:
    return lambda * n / (double)f->replica.size.width;
  default:
    return lambda;
  }
}

/* The exact risks lie within 5 standard errors of a mean over fresh points (by chance outside: 6e-7 a comparison), and
   the standard error is below 3 % of the risk. The tangent kernel is measured on the replica's own test set, which the
   plain predictor walks point by point: there the two agree to rounding. */
START_TEST(kernel_ridge_by_the_definition)
{
  const kernel_row *row = &rows[_i % 4];
  const plim_quantity wanted[] = {row->quantity};
  const bool tangent = row->quantity == PLIM_NTK_RIDGE;
  const size_t points = tangent ? 300 : 60000;
  const fixture_settings settings = {.size = sizes[_i / 4],
                                     .activation = "gelu",
                                     .teacher = "sigmoid",
                                     .quantities = wanted,
                                     .n_quantities = 1,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES,
                                     .test_points = tangent ? points : 0};
  fixture f;
  fixture_prepare(&settings, &f);
  f.problem.noise = 0.5;
  fixture_open(&f, 2);
  ck_assert_int_eq(plimi_replica_run(&f.replica, 2), PLIM_OK);
  const size_t n = f.replica.size.n, d = f.replica.size.d;
  double alpha[PENALTIES][LARGEST], gram[LARGEST * LARGEST];
  for (size_t l = 0; l < PENALTIES; l++) {
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++)
        gram[i + j * n] = row->kernel(&f, f.replica.x.at + i * d, f.replica.x.at + j * d);
      gram[i + i * n] += shift_of(&f, row->quantity, penalties[l]);
      alpha[l][i] = f.replica.y[i];
    }
    plain_solve(n, gram, alpha[l]);
  }
  double sum[PENALTIES] = {0.0}, square[PENALTIES] = {0.0};
  plimi_scratch *scratch = &f.replica.scratch[0];
  for (size_t first = 0; first < points; first += PLIMI_TILE) {
    const size_t count = points - first < PLIMI_TILE ? points - first : PLIMI_TILE;
    plimi_test_block(&f.replica, first, count, scratch);
    for (size_t p = 0; p < count; p++) {
      for (size_t l = 0; l < PENALTIES; l++) {
        double error = -scratch->target[p];
        for (size_t i = 0; i < n; i++)
          error += alpha[l][i] * row->kernel(&f, scratch->inputs + p * d, f.replica.x.at + i * d);
        sum[l] += error * error;
        square[l] += error * error * error * error;
      }
    }
  }
  for (size_t l = 0; l < PENALTIES; l++) {
    const double count = (double)points, mean = sum[l] / count;
    const double error = sqrt((square[l] / count - mean * mean) / count);
    const double risk = plimi_result(&f.replica, row->quantity)[l];
    if (!tangent)
      ck_assert_double_lt(error, 0.03 * mean);
    ck_assert_double_eq_tol(risk, mean, tangent ? 1e-11 * mean : 5.0 * error);
  }
  fixture_close(&f);
}
END_TEST

/* Several tiles of samples and neurons: the tangent kernel's tiles against the definition on a few entries, through the
   interpolation they give: with lambda = 0 the predictor returns the labels at the samples. */
START_TEST(regressions_across_tiles_are_finite_and_ordered)
{
  static const plim_quantity all[] = {PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER,
                                      PLIM_KERNEL_EXP_DIST};
  static const double path[] = {0.0, 0.1, 1e6};
  const fixture_settings settings = {.size = {.n = 300, .d = 70, .width = 280},
                                     .activation = "tanh",
                                     .teacher = "relu",
                                     .quantities = all,
                                     .n_quantities = 4,
                                     .lambda = path,
                                     .n_lambda = 3};
  fixture f;
  fixture_prepare(&settings, &f);
  fixture_open(&f, 2);
  ck_assert_int_eq(plimi_replica_run(&f.replica, 0), PLIM_OK);
  const double variance = 0.5 - 0.5 / acos(-1.0), bound = variance - 0.25; /* E f*^2 and mu2*^2 of relu */
  for (size_t q = 0; q < 4; q++) {
    const double *risk = plimi_result(&f.replica, all[q]);
    ck_assert_double_gt(risk[0], 0.9 * bound);
    ck_assert_double_gt(risk[1], 0.9 * bound);
    ck_assert_double_lt(risk[1], variance);
    ck_assert_double_eq_tol(risk[2], variance,
                            0.1 * variance); /* a huge penalty predicts 0; a test set has noise */
  }
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("kernels_sim");
  tcase_add_loop_test(tests, kernel_ridge_by_the_definition, 0, 16);
  tcase_add_test(tests, regressions_across_tiles_are_finite_and_ordered);
  return run_cases("kernels_sim", 1, &tests);
}
