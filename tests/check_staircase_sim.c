/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_staircase_sim.c - singular values of the features after a step, how many stand out, and their angle to powers
   of Xt X'y: small replicas against the definitions in plain arithmetic, and how the angle falls with d. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_STAIR1,     PLIM_STAIR2,      PLIM_STAIR3,     PLIM_STAIR4,
                                           PLIM_STAIR_EDGE, PLIM_STAIR_COUNT, PLIM_STAIR_ANGLE};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, MOST = 24, POWERS = 5 };
static const double one_lambda[] = {0.137};
/* Values and angles through a Gram matrix of this size; Jacobi's own error is far below it. */
static const double tolerance = 1e-11;

static void prepare(plim_size size, const char *activation, fixture *f)
{
  const fixture_settings settings = {.size = size,
                                     .activation = activation,
                                     .teacher = "expr:2.1*tanh(z)",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = one_lambda,
                                     .n_lambda = 1};
  fixture_prepare(&settings, f);
}

/* Singular values of sigma(Xt W) over sqrt(n N), descending, and left vectors: eigen of FF'/(n N). */
static void plain_features(const fixture *f, const plimi_matrix *weights, double *values, double *left)
{
  const plim_size *size = &f->replica.size;
  double row[MOST][MOST], gram[MOST * MOST], squares[MOST], vectors[MOST * MOST];
  const size_t n = size->n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < size->width; j++)
      row[i][j] =
          plain_sigma(f, plimi_dot(size->d, f->replica.x.at + i * size->d, weights->at + j * size->d));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++) {
      gram[i + k * n] = 0.0;
      for (size_t j = 0; j < size->width; j++)
        gram[i + k * n] += row[i][j] * row[k][j] / (double)(n * size->width);
    }
  plain_eigen(n, gram, squares, vectors);
  for (size_t l = 0; l < n; l++) {
    values[l] = sqrt(fmax(squares[n - 1 - l], 0.0));
    memcpy(left + l * n, vectors + (n - 1 - l) * n, n * sizeof *left);
  }
}

/* sin^2 of the largest angle between the first `count` columns of `left` and the powers of t: 1 less the least
   eigenvalue of U'PU, with Pu from the normal equations of the powers. */
static double plain_angle(size_t n, size_t count, const double *left, const double *t)
{
  double projected[MOST * MOST], form[MOST * MOST], values[MOST];
  for (size_t l = 0; l < count; l++) {
    double gram[POWERS * POWERS] = {0.0}, part[POWERS] = {0.0};
    for (size_t i = 0; i < n; i++)
      for (int p = 0; p < POWERS; p++) {
        part[p] += pow(t[i], p) * left[l * n + i];
        for (int q = 0; q < POWERS; q++)
          gram[p + q * POWERS] += pow(t[i], p + q);
      }
    plain_solve(POWERS, gram, part);
    for (size_t i = 0; i < n; i++) {
      projected[l * n + i] = 0.0;
      for (int p = 0; p < POWERS; p++)
        projected[l * n + i] += part[p] * pow(t[i], p);
    }
  }
  for (size_t l = 0; l < count; l++)
    for (size_t m = 0; m < count; m++)
      form[l + m * count] = plimi_dot(n, left + l * n, projected + m * n);
  plain_eigen(count, form, values, NULL);
  return 1.0 - values[0];
}

/* Both shapes of F, one direction and two; replicas where two stand out by softplus and one by tanh. */
START_TEST(by_the_definition)
{
  static const plim_size shapes[] = {{.n = 23, .d = 7, .width = 17}, {.n = 14, .d = 6, .width = 21}};
  static const char *const activations[] = {"softplus", "tanh"};
  fixture f;
  double values[MOST], start[MOST], left[MOST * MOST], unused[MOST * MOST], v[MOST] = {0.0}, t[MOST];
  double along = 0.0;
  const plim_size size = shapes[_i % 2];
  prepare(size, activations[_i / 2], &f);
  f.problem.eta = 3.1;
  f.problem.eta_exponent = 0.5;
  fixture_open(&f, 1);
  plimi_replica *r = &f.replica;
  ck_assert_int_eq(plimi_replica_run(r, 2), PLIM_OK);
  plain_features(&f, &r->w1, values, left);
  plain_features(&f, &r->w0, start, unused);
  for (size_t l = 0; l < 4; l++)
    ck_assert_double_eq_tol(plimi_result(r, quantities[l])[0], values[l], tolerance);
  ck_assert_double_eq_tol(plimi_result(r, PLIM_STAIR_EDGE)[0], start[0], tolerance);
  size_t count = 0;
  while (values[count] > 1.1 * start[0])
    count++;
  ck_assert_double_eq(plimi_result(r, PLIM_STAIR_COUNT)[0], (double)count);
  ck_assert_uint_eq(count, _i / 2 == 0 ? 2 : 1);

  plimi_matrix second = plimi_matrix_of(malloc(size.d * size.n * sizeof(double)), size.d, size.n);
  ck_assert_ptr_nonnull(second.at);
  memcpy(second.at, r->x.at, size.d * size.n * sizeof(double));
  plimi_draw_batch(r, 0);
  for (size_t k = 0; k < size.d; k++)
    for (size_t i = 0; i < size.n; i++)
      v[k] += r->x.at[k + i * size.d] * r->y[i];
  for (size_t k = 0; k < size.d; k++)
    along += v[k] * v[k];
  for (size_t i = 0; i < size.n; i++) {
    t[i] = 0.0;
    for (size_t k = 0; k < size.d; k++)
      t[i] += second.at[k + i * size.d] * v[k] / sqrt(along);
  }
  ck_assert_double_eq_tol(plimi_result(r, PLIM_STAIR_ANGLE)[0], plain_angle(size.n, count, left, t), 1e-9);
  free(second.at);
  fixture_close(&f);
}
END_TEST

/* No step: nothing stands out, and the largest value is that of W0 to the bit. Ranks below 4 have zeros. */
START_TEST(without_a_step)
{
  fixture f;
  prepare((plim_size){.n = 3, .d = 5, .width = 11}, "erf", &f);
  f.problem.eta = 0.0;
  fixture_open(&f, 1);
  plimi_replica *r = &f.replica;
  ck_assert_int_eq(plimi_replica_run(r, 0), PLIM_OK);
  ck_assert_double_eq_tol(plimi_result(r, PLIM_STAIR1)[0], plimi_result(r, PLIM_STAIR_EDGE)[0], 1e-15);
  ck_assert_double_gt(plimi_result(r, PLIM_STAIR3)[0], 0.0);
  ck_assert_double_eq(plimi_result(r, PLIM_STAIR4)[0], 0.0);
  ck_assert_double_eq(plimi_result(r, PLIM_STAIR_COUNT)[0], 0.0);
  ck_assert_double_eq(plimi_result(r, PLIM_STAIR_ANGLE)[0], 1.0);
  fixture_close(&f);
}
END_TEST

/* After a step of a fixed multiple of sqrt N, tanh learns a direction that is a polynomial of degree 3 but for a
   little, and what the bulk adds to its left vector falls like 1/d: from d = 24 to 96 the squared sine falls by 4, and
   a little less for what is no polynomial. Over 40 and 20 replicas the standard error of the ratio is 10 %; a
   direction other than X'y (of the second batch, say) leaves both near 1. */
START_TEST(the_angle_falls)
{
  double mean[2] = {0.0};
  for (int step = 0; step < 2; step++) {
    fixture f;
    const size_t d = step == 0 ? 24 : 96, replicas = step == 0 ? 40 : 20;
    prepare((plim_size){.n = d * 12 / 5, .d = d, .width = d * 8 / 5}, "tanh", &f);
    f.problem.eta = 0.9;
    f.problem.eta_exponent = 0.5;
    fixture_open(&f, 2);
    for (size_t number = 0; number < replicas; number++) {
      ck_assert_int_eq(plimi_replica_run(&f.replica, number), PLIM_OK);
      mean[step] += plimi_result(&f.replica, PLIM_STAIR_ANGLE)[0] / (double)replicas;
    }
    fixture_close(&f);
  }
  ck_assert_double_lt(mean[1], 0.03);
  ck_assert_double_lt(mean[1] / mean[0], 0.3);
  ck_assert_double_gt(mean[1] / mean[0], 0.12);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("staircase_sim");
  tcase_add_loop_test(tests, by_the_definition, 0, 4);
  tcase_add_test(tests, without_a_step);
  tcase_add_test(tests, the_angle_falls);
  return run_cases("staircase_sim", 1, &tests);
}
