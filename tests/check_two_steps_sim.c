/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_two_steps_sim.c - W2 after two gradient steps: small replicas against the definitions in plain arithmetic. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_W2_TOP,      PLIM_W2_SECOND,      PLIM_W2_THIRD,
                                           PLIM_W2_TOP_BETA, PLIM_W2_SECOND_BETA, PLIM_W2_BULK,
                                           PLIM_W2_EDGE,     PLIM_W2_OUTLIERS};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, MOST = 32, POWERS = 5 };
static const double one_lambda[] = {0.137};
/* Values through a Gram matrix of this size; Jacobi's own error is far below it. */
static const double tolerance = 1e-10;

static void prepare(plim_size size, plim_readout readout, plim_batch batch, fixture *f)
{
  const fixture_settings settings = {.size = size,
                                     .activation = "silu",
                                     .teacher = "expr:2.1*tanh(z)",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = one_lambda,
                                     .n_lambda = 1};
  fixture_prepare(&settings, f);
  f->problem.readout = readout;
  f->problem.batch = batch;
  f->problem.steps = 2;
  f->problem.eta = 1.31;
  f->problem.eta_second = 2.17;
  f->problem.eta_exponent = 0.5;
}

/* w += eta sqrt(N) G at w on the batch in the replica, by the definition: a sum over samples for every entry. */
static void plain_step(const fixture *f, double eta, double *w)
{
  const plimi_replica *r = &f->replica;
  const size_t n = r->size.n, d = r->size.d, width = r->size.width;
  double *now = malloc(d * width * sizeof *now);
  ck_assert_ptr_nonnull(now);
  memcpy(now, w, d * width * sizeof *now);
  const plimi_matrix weights = plimi_matrix_of(now, d, width);
  for (size_t i = 0; i < n; i++) {
    const double *x = r->x.at + i * d, residual = r->y[i] - plain_output(f, &weights, x);
    for (size_t j = 0; j < width; j++) {
      const double slope = plim_activation_derivative(f->activation, plimi_dot(d, x, now + j * d));
      for (size_t k = 0; k < d; k++)
        w[j * d + k] += eta * residual * r->readout[j] * slope * x[k] / (double)n;
    }
  }
  free(now);
}

/* Singular values of `a` (d x N), descending, with left vectors: eigen of a a'. */
static void plain_singular(size_t d, size_t width, const double *a, double *values, double *left)
{
  double gram[MOST * MOST], squares[MOST], vectors[MOST * MOST];
  for (size_t i = 0; i < d; i++)
    for (size_t k = 0; k < d; k++) {
      gram[i + k * d] = 0.0;
      for (size_t j = 0; j < width; j++)
        gram[i + k * d] += a[j * d + i] * a[j * d + k];
    }
  plain_eigen(d, gram, squares, vectors);
  for (size_t l = 0; l < d; l++) {
    values[l] = sqrt(fmax(squares[d - 1 - l], 0.0));
    memcpy(left + l * d, vectors + (d - 1 - l) * d, d * sizeof *left);
  }
}

/* a less each row's least-squares fit by the first `powers` powers of zeta, from the normal equations. */
static void plain_residual(const fixture *f, size_t powers, double *a)
{
  const plimi_replica *r = &f->replica;
  const size_t d = r->size.d, width = r->size.width;
  for (size_t i = 0; i < d; i++) {
    double gram[POWERS * POWERS] = {0.0}, part[POWERS] = {0.0};
    for (size_t j = 0; j < width; j++) {
      const double zeta = r->readout[j] * sqrt((double)width);
      for (size_t p = 0; p < powers; p++) {
        part[p] += pow(zeta, (double)p) * a[j * d + i];
        for (size_t q = 0; q < powers; q++)
          gram[p + q * powers] += pow(zeta, (double)(p + q));
      }
    }
    plain_solve(powers, gram, part);
    for (size_t j = 0; j < width; j++)
      for (size_t p = 0; p < powers; p++)
        a[j * d + i] -= part[p] * pow(r->readout[j] * sqrt((double)width), (double)p);
  }
}

static void compare(const fixture *f, size_t powers, double *w2)
{
  const plimi_replica *r = &f->replica;
  const size_t d = r->size.d, width = r->size.width;
  double values[MOST], left[MOST * MOST], rest[MOST], unused[MOST * MOST], square = 0.0;
  plain_singular(d, width, w2, values, left);
  for (size_t l = 0; l < 3; l++)
    ck_assert_double_eq_tol(plimi_result(r, quantities[l])[0], values[l], tolerance);
  for (size_t l = 0; l < 2; l++)
    ck_assert_double_eq_tol(plimi_result(r, quantities[3 + l])[0],
                            pow(plimi_dot(d, left + l * d, r->beta), 2.0), tolerance);
  plain_residual(f, powers, w2);
  plain_singular(d, width, w2, rest, unused);
  for (size_t i = 0; i < d * width; i++)
    square += w2[i] * w2[i];
  ck_assert_double_eq_tol(plimi_result(r, PLIM_W2_BULK)[0], square / (double)(width - powers), tolerance);
  ck_assert_double_eq_tol(plimi_result(r, PLIM_W2_EDGE)[0], rest[0], tolerance);
  size_t count = 0;
  while (count < 8 && values[count] > 1.05 * rest[0])
    count++;
  ck_assert_double_eq(plimi_result(r, PLIM_W2_OUTLIERS)[0], (double)count);
  ck_assert_uint_ge(count, 1);
}

/* Every readout, both batches, d < N and d > N; the second step has a size of its own. */
START_TEST(by_the_definition)
{
  static const plim_size shapes[] = {{.n = 19, .d = 11, .width = 17}, {.n = 23, .d = 17, .width = 13}};
  static const struct {
    plim_readout readout;
    size_t powers;
  } laws[] = {{PLIM_READOUT_GAUSSIAN, 5}, {PLIM_READOUT_RADEMACHER, 2}, {PLIM_READOUT_CONSTANT, 1}};
  fixture f;
  prepare(shapes[_i / 6], laws[_i % 3].readout, (plim_batch)(_i / 3 % 2), &f);
  fixture_open(&f, 1);
  plimi_replica *r = &f.replica;
  ck_assert_int_eq(plimi_replica_run(r, 2), PLIM_OK);
  const size_t length = r->size.d * r->size.width;
  const double root = sqrt((double)r->size.width);
  double *w = malloc(length * sizeof *w);
  ck_assert_ptr_nonnull(w);
  memcpy(w, r->w0.at, length * sizeof *w);
  plimi_draw_batch(r, 0);
  plain_step(&f, 1.31 * root, w);
  if (f.problem.batch == PLIM_BATCH_FRESH)
    plimi_draw_batch(r, 1);
  plain_step(&f, 2.17 * root, w);
  compare(&f, laws[_i % 3].powers, w);
  free(w);
  fixture_close(&f);
}
END_TEST

static plim_status simulated(fixture *f, double *samples)
{
  return plim_simulate(&f->problem, &f->simulation, &f->measurement, NULL, samples);
}

/* They are of two steps; a second step without a size of its own has the first one's. */
START_TEST(of_two_steps)
{
  fixture f;
  double first[QUANTITIES], second[QUANTITIES];
  prepare((plim_size){.n = 19, .d = 11, .width = 17}, PLIM_READOUT_GAUSSIAN, PLIM_BATCH_FRESH, &f);
  f.problem.eta_second = NAN;
  ck_assert_int_eq(simulated(&f, first), PLIM_OK);
  f.problem.eta_second = f.problem.eta;
  ck_assert_int_eq(simulated(&f, second), PLIM_OK);
  ck_assert_mem_eq(first, second, sizeof first);
  f.problem.eta_second_exponent = 0.25; /* 17 neurons */
  ck_assert_int_eq(simulated(&f, first), PLIM_OK);
  f.problem.eta_second *= pow(17.0, -0.25);
  f.problem.eta_second_exponent = NAN;
  ck_assert_int_eq(simulated(&f, second), PLIM_OK);
  for (size_t q = 0; q < QUANTITIES; q++)
    ck_assert_double_eq_tol(first[q], second[q], tolerance);
  f.problem.eta_second = NAN;
  f.problem.steps = 1;
  ck_assert_int_eq(simulated(&f, first), PLIM_OUTSIDE_DOMAIN);
  f.problem.steps = 3;
  ck_assert_int_eq(simulated(&f, first), PLIM_OUTSIDE_DOMAIN);
  fixture_close(&f);
}
END_TEST

/* ---- what the second step gains ---- */

enum { REPLICAS = 3, PENALTIES = 2, GAINS = 4 };
static const plim_quantity gains[GAINS] = {PLIM_RISK2, PLIM_TRAIN2, PLIM_DELTA2, PLIM_REUSE_GAIN};
static const plim_quantity before[2] = {PLIM_RISK1, PLIM_TRAIN1};
/* Of a difference of risks of order 1, each rounded. */
static const double rounding = 1e-14;

/* Samples of the first `count` quantities, replica by replica. */
static void draw_gains(fixture *f, const plim_quantity *names, size_t count, double *samples)
{
  f->measurement.quantities = names;
  f->measurement.n_quantities = count;
  ck_assert_int_eq(simulated(f, samples), PLIM_OK);
}

static void prepare_gains(fixture *f)
{
  static const double penalties[PENALTIES] = {0.137, 0.0213};
  prepare((plim_size){.n = 19, .d = 11, .width = 17}, PLIM_READOUT_GAUSSIAN, PLIM_BATCH_SAME, f);
  f->measurement.lambda = penalties;
  f->measurement.n_lambda = PENALTIES;
  f->simulation.replicas = REPLICAS;
}

/* Each by other runs with the same seed: after one step, and with the second step on the one batch and on the other; by
   the exact risk and by a test set. The last number is one, whichever batch the problem says. */
START_TEST(paired_gains)
{
  fixture f;
  double once[REPLICAS][2][PENALTIES], twice[2][REPLICAS][2][PENALTIES], seen[2][REPLICAS][GAINS][PENALTIES];
  prepare_gains(&f);
  f.simulation.test_points = _i == 0 ? 0 : 137;
  for (int batch = 0; batch < 2; batch++) {
    f.problem.batch = (plim_batch)batch;
    draw_gains(&f, gains, GAINS, &seen[batch][0][0][0]);
    draw_gains(&f, before, 2, &twice[batch][0][0][0]);
  }
  f.problem.steps = 1;
  f.problem.eta_second = NAN;
  draw_gains(&f, before, 2, &once[0][0][0]);
  for (size_t i = 0; i < REPLICAS; i++)
    for (size_t l = 0; l < PENALTIES; l++)
      for (int batch = 0; batch < 2; batch++) {
        const double risk = twice[batch][i][0][l];
        ck_assert_double_eq(seen[batch][i][0][l], risk);
        ck_assert_double_eq(seen[batch][i][1][l], twice[batch][i][1][l]);
        ck_assert_double_eq_tol(seen[batch][i][2][l], once[i][0][l] - risk, rounding);
        ck_assert_double_eq_tol(seen[batch][i][3][l],
                                twice[PLIM_BATCH_FRESH][i][0][l] - twice[PLIM_BATCH_SAME][i][0][l], rounding);
        ck_assert_double_gt(fabs(seen[batch][i][2][l]), 1e3 * rounding);
        ck_assert_double_gt(fabs(seen[batch][i][3][l]), 1e3 * rounding);
      }
  fixture_close(&f);
}
END_TEST

/* What is asked for beside them does not move them, nor they it. */
START_TEST(gains_alone)
{
  fixture f;
  double all[REPLICAS][GAINS][PENALTIES], alone[REPLICAS][PENALTIES], outliers[2][REPLICAS][PENALTIES];
  static const plim_quantity with[2] = {PLIM_W2_TOP, PLIM_REUSE_GAIN};
  double both[REPLICAS][2][PENALTIES];
  prepare_gains(&f);
  f.problem.batch = (plim_batch)_i;
  draw_gains(&f, gains, GAINS, &all[0][0][0]);
  for (size_t q = 0; q < GAINS; q++) {
    draw_gains(&f, &gains[q], 1, &alone[0][0]);
    for (size_t i = 0; i < REPLICAS; i++)
      ck_assert_mem_eq(alone[i], all[i][q], sizeof alone[i]);
  }
  draw_gains(&f, with, 2, &both[0][0][0]);
  draw_gains(&f, with, 1, &outliers[0][0][0]);
  for (size_t i = 0; i < REPLICAS; i++) {
    ck_assert_mem_eq(both[i][0], outliers[0][i], sizeof outliers[0][i]);
    ck_assert_mem_eq(both[i][1], all[i][3], sizeof both[i][1]);
  }
  fixture_close(&f);
}
END_TEST

/* Of two steps only; and a ridge regression on the gradient's samples has no second batch to compare with. */
START_TEST(gains_of_two_steps)
{
  fixture f;
  double samples[REPLICAS * GAINS * PENALTIES];
  prepare_gains(&f);
  f.measurement.n_quantities = 1;
  f.problem.eta_second = NAN;
  for (size_t q = 0; q < GAINS; q++) {
    f.measurement.quantities = &gains[q];
    f.problem.steps = 1;
    ck_assert_int_eq(simulated(&f, samples), PLIM_OUTSIDE_DOMAIN);
    f.problem.steps = 3;
    ck_assert_int_eq(simulated(&f, samples), PLIM_OUTSIDE_DOMAIN);
  }
  f.problem.steps = 2;
  f.problem.ridge_batch = PLIM_RIDGE_SAME;
  f.problem.overlap = 1.0;
  f.simulation.size.shared = f.simulation.size.n;
  ck_assert_int_eq(simulated(&f, samples), PLIM_OUTSIDE_DOMAIN);
  f.measurement.quantities = gains;
  f.measurement.n_quantities = 3;
  ck_assert_int_eq(simulated(&f, samples), PLIM_OK);
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("two_steps_sim");
  tcase_add_loop_test(tests, by_the_definition, 0, 12);
  tcase_add_test(tests, of_two_steps);
  tcase_add_loop_test(tests, paired_gains, 0, 2);
  tcase_add_loop_test(tests, gains_alone, 0, 2);
  tcase_add_test(tests, gains_of_two_steps);
  return run_cases("two_steps_sim", 1, &tests);
}
