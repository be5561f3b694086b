/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_small_step_sim.c - ridge on the features of one small replica against the definitions in plain arithmetic:
   ahat, training error, effective ridge; weights and kernel spectrum. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_RISK0,      PLIM_RISK1,  PLIM_TRAIN0,       PLIM_TRAIN1,
                                           PLIM_KAPPA,      PLIM_DF2,    PLIM_W1_TOP,       PLIM_W1_LEFT_BETA,
                                           PLIM_W1_RIGHT_A, PLIM_CK_TOP, PLIM_CK_LEFT_XBETA};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, PENALTIES = 5 };
static const double penalties[PENALTIES] = {1e-7, 0.01999, 0.02, 0.02001,
                                            3.7}; /* three close ones: a derivative */

static const plim_size sizes[] = {{.n = 9, .d = 5, .width = 6}, {.n = 6, .d = 5, .width = 9},
                                  {.n = 7, .d = 4, .width = 7}, {.n = 1, .d = 3, .width = 4},
                                  {.n = 4, .d = 3, .width = 1}, {.n = 1, .d = 1, .width = 1}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void run_size(plim_size size, fixture *f)
{
  const fixture_settings settings = {.size = size,
                                     .activation = "tanh",
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES};
  fixture_prepare(&settings, f);
  fixture_open(f, 1);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 1), PLIM_OK);
}

/* Phi at `weights`, n x N, from the second batch that a finished replica still holds. */
static void plain_features(const fixture *f, const plimi_matrix *weights, double *phi)
{
  const size_t n = f->replica.size.n, d = f->replica.size.d, width = f->replica.size.width;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++)
      phi[i + j * n] =
          plain_sigma(f, plimi_dot(d, f->replica.x.at + i * d, weights->at + j * d)) / sqrt((double)width);
}

/* ahat = (Phi'Phi + (lambda n/N) I)^-1 Phi'y always by neurons, so that the path by samples is tested too; condition
   1e8 at the smallest penalty leaves 1e-8. */
START_TEST(ridge_regression_by_the_definition)
{
  fixture f;
  run_size(sizes[_i % SIZES], &f);
  const size_t side = (size_t)_i / SIZES, n = f.replica.size.n, width = f.replica.size.width;
  double phi[81], gram[81], ahat[9];
  plain_features(&f, side == PLIMI_AT_W0 ? &f.replica.w0 : &f.replica.w1, phi);
  for (size_t l = 0; l < PENALTIES; l++) {
    const double tolerance = penalties[l] < 1e-3 ? 1e-7 : 1e-11;
    for (size_t i = 0; i < width; i++) {
      for (size_t j = 0; j < width; j++)
        gram[i + j * width] = plimi_dot(n, phi + i * n, phi + j * n);
      gram[i + i * width] += penalties[l] * (double)n / (double)width;
      ahat[i] = plimi_dot(n, phi + i * n, f.replica.y);
    }
    plain_solve(width, gram, ahat);
    double error = 0.0;
    for (size_t i = 0; i < n; i++) {
      double prediction = 0.0;
      for (size_t j = 0; j < width; j++)
        prediction += phi[i + j * n] * ahat[j];
      error += pow(f.replica.y[i] - prediction, 2) / (double)n;
    }
    for (size_t j = 0; j < width; j++)
      ck_assert_double_eq_tol(f.replica.side[side].coefficients[j + l * width], ahat[j],
                              tolerance * (1.0 + fabs(ahat[j])));
    ck_assert_double_eq_tol(plimi_result(&f.replica, side == 0 ? PLIM_TRAIN0 : PLIM_TRAIN1)[l], error,
                            tolerance * (0.01 + error));
  }
  fixture_close(&f);
}
END_TEST

/* kappa (1 - df1/n) = lambda with df1 the trace of the hat matrix, and d kappa/d lambda = 1/(1 - gamma). */
START_TEST(effective_ridge_by_the_definition)
{
  fixture f;
  run_size(sizes[_i], &f);
  const size_t n = f.replica.size.n, width = f.replica.size.width;
  const double *kappa = plimi_result(&f.replica, PLIM_KAPPA), *gamma = plimi_result(&f.replica, PLIM_DF2);
  double phi[81], gram[81], column[9];
  plain_features(&f, &f.replica.w0, phi);
  for (size_t l = 1; l < PENALTIES; l++) {
    double trace = 0.0;
    for (size_t e = 0; e < width; e++) { /* tr Phi'Phi (Phi'Phi + s)^-1, column by column */
      for (size_t i = 0; i < width; i++) {
        for (size_t j = 0; j < width; j++)
          gram[i + j * width] = plimi_dot(n, phi + i * n, phi + j * n);
        column[i] = gram[i + e * width];
        gram[i + i * width] += penalties[l] * (double)n / (double)width;
      }
      plain_solve(width, gram, column);
      trace += column[e];
    }
    ck_assert_double_eq_tol(kappa[l] * (1.0 - trace / (double)n), penalties[l], 1e-11 * (1.0 + kappa[l]));
    ck_assert_double_ge(gamma[l], -1e-14);
    ck_assert_double_lt(gamma[l], 1.0);
  }
  const double slope =
      (kappa[3] - kappa[1]) / (penalties[3] - penalties[1]); /* central: step^2 relative, 1e-6 */
  ck_assert_double_eq_tol(slope * (1.0 - gamma[2]), 1.0, 1e-5);
  fixture_close(&f);
}
END_TEST

/* lambda = 0 is the limit of small lambda: by samples (interpolation), by neurons, at n = N, and for features of less
   than full rank. */
START_TEST(ridgeless_is_the_limit_of_small_penalties)
{
  static const plim_quantity risks[] = {PLIM_RISK0, PLIM_TRAIN0, PLIM_KAPPA, PLIM_DF2};
  static const double zero_and_small[] = {0.0, 1e-11};
  static const plim_size shapes[] = {{.n = 70, .d = 40, .width = 30},
                                     {.n = 30, .d = 40, .width = 70},
                                     {.n = 35, .d = 40, .width = 35},
                                     {.n = 60, .d = 20, .width = 90},
                                     {.n = 90, .d = 20, .width = 60}};
  const fixture_settings settings = {.size = shapes[_i],
                                     .activation = _i >= 3 ? "linear" : "tanh",
                                     .teacher = "softplus",
                                     .quantities = risks,
                                     .n_quantities = 4,
                                     .lambda = zero_and_small,
                                     .n_lambda = 2};
  fixture f;
  fixture_prepare(&settings, &f);
  fixture_open(&f, 1);
  ck_assert_int_eq(plimi_replica_run(&f.replica, 5), PLIM_OK);
  for (size_t q = 0; q < 4; q++) {
    const double *row = plimi_result(&f.replica, risks[q]);
    ck_assert(isfinite(row[0]));
    ck_assert_double_eq_tol(row[0], row[1], 3e-5 * (1.0 + fabs(row[1])));
  }
  if (shapes[_i].n < shapes[_i].width && _i < 3)
    ck_assert_double_lt(plimi_result(&f.replica, PLIM_TRAIN0)[0], 1e-20);
  fixture_close(&f);
}
END_TEST

/* The triplet of W1: W1 v = s u, W1'u = s v, and nothing is larger (|W1 x| <= s |x| for many x). */
START_TEST(weights_and_kernel_spectrum)
{
  fixture f;
  run_size(sizes[_i], &f);
  const size_t n = f.replica.size.n, d = f.replica.size.d, width = f.replica.size.width;
  const double s = plimi_result(&f.replica, PLIM_W1_TOP)[0], ck = plimi_result(&f.replica, PLIM_CK_TOP)[0];
  double phi[81], v[9], u[9], f_v[9];
  plain_features(&f, &f.replica.w1, phi);
  const plimi_matrix features = plimi_matrix_of(phi, n, width);
  for (size_t j = 0; j < width; j++)
    v[j] = f_v[j] = 1.0 + 0.37 * (double)j;
  for (int k = 0; k < 3000; k++) { /* power iteration, far past convergence for these sizes */
    plimi_apply(1.0, &f.replica.w1, v, 0.0, u);
    plimi_apply_transposed(1.0 / plimi_norm(d, u), &f.replica.w1, u, 0.0, v);
  }
  const double top = plimi_norm(width, v);
  const double left = plimi_dot(d, u, f.replica.beta) / plimi_norm(d, u);
  const double right = plimi_dot(width, v, f.replica.readout) / top / plimi_norm(width, f.replica.readout);
  ck_assert_double_eq_tol(s, top, 1e-12);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_W1_LEFT_BETA)[0], left * left, 1e-10);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_W1_RIGHT_A)[0], right * right, 1e-10);
  for (int k = 0; k < 3000; k++) {
    plimi_apply(1.0, &features, f_v, 0.0, u);
    plimi_apply_transposed(1.0 / plimi_norm(n, u), &features, u, 0.0, f_v);
  }
  const double value = plimi_norm(width, f_v);
  ck_assert_double_eq_tol(ck, value * value * (double)width / (double)n, 1e-11);
  double overlap = 0.0;
  for (size_t i = 0; i < n; i++)
    overlap += u[i] / plimi_norm(n, u) * plimi_dot(d, f.replica.x.at + i * d, f.replica.beta);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_CK_LEFT_XBETA)[0], overlap * overlap / (double)n,
                          1e-10);
  fixture_close(&f);
}
END_TEST

/* A finished replica holds the batch that ridge regression saw: inputs and label noise from streams of their own, not
   those of the gradient's batch. */
START_TEST(ridge_sees_a_second_batch)
{
  fixture f;
  run_size(sizes[0], &f);
  plimi_replica *r = &f.replica;
  const size_t n = r->size.n, d = r->size.d;
  double x[45], eps[9];
  const plimi_stream inputs = plimi_stream_of(r, PLIMI_STREAM_RIDGE_INPUTS, 0);
  const plimi_stream noise = plimi_stream_of(r, PLIMI_STREAM_RIDGE_NOISE, 0);
  plimi_stream_normals(&inputs, 0, n * d, x);
  plimi_stream_normals(&noise, 0, n, eps);
  ck_assert_mem_eq(r->x.at, x, sizeof x);
  for (size_t i = 0; i < n; i++) {
    const double signal =
        plim_activation_value(f.teacher, plimi_dot(d, x + i * d, r->beta)) - r->teacher.mean;
    ck_assert_double_eq_tol(r->y[i], signal + 0.23 * eps[i], 1e-14);
  }
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("small_step_sim");
  tcase_add_loop_test(tests, ridge_regression_by_the_definition, 0, 2 * SIZES);
  tcase_add_loop_test(tests, effective_ridge_by_the_definition, 0, SIZES);
  tcase_add_loop_test(tests, ridgeless_is_the_limit_of_small_penalties, 0, 5);
  tcase_add_loop_test(tests, weights_and_kernel_spectrum, 0, SIZES);
  tcase_add_test(tests, ridge_sees_a_second_batch);
  return run_cases("small_step_sim", 1, &tests);
}
