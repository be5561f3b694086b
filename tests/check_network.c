/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_network.c - the draws, the gradient against differences of the loss, the steps, the features. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity gradient_and_risk[] = {PLIM_GRAD_FRO2, PLIM_GRAD_OP, PLIM_THETA1, PLIM_THETA2,
                                                  PLIM_RISK1};
static const double one_lambda[] = {0.137};

static void open_replica(fixture *f, plim_size size, const char *activation, plim_features features)
{
  const fixture_settings settings = {.size = size,
                                     .activation = activation,
                                     .teacher = "softplus",
                                     .quantities = gradient_and_risk,
                                     .n_quantities = 5,
                                     .lambda = one_lambda,
                                     .n_lambda = 1,
                                     .features = features};
  fixture_prepare(&settings, f);
  fixture_open(f, 2);
}

/* (1/2n) sum (f(x_i) - y_i)^2 by the definition. */
static double loss(const fixture *f, const plimi_matrix *weights)
{
  const plimi_replica *r = &f->replica;
  double sum = 0.0;
  for (size_t i = 0; i < r->size.n; i++)
    sum += pow(plain_output(f, weights, r->x.at + i * r->size.d) - r->y[i], 2);
  return sum / (2.0 * (double)r->size.n);
}

/* Central differences of fourth order: truncation h^4, rounding eps/h; 1e-9 of the largest entry. */
static double difference(const fixture *f, plimi_matrix *weights, size_t entry)
{
  const double h = 1e-3, w = weights->at[entry];
  double value[4];
  const double at[4] = {-2.0, -1.0, 1.0, 2.0};
  for (int k = 0; k < 4; k++) {
    weights->at[entry] = w + at[k] * h;
    value[k] = loss(f, weights);
  }
  weights->at[entry] = w;
  return (value[0] - 8.0 * value[1] + 8.0 * value[2] - value[3]) / (12.0 * h);
}

static void first_gradient(fixture *f)
{
  plimi_draw_network(&f->replica);
  plimi_draw_batch(&f->replica, 0);
  plimi_gradient(&f->replica);
}

/* sqrt(N) G0 = -sqrt(N) dL/dW at W0. */
START_TEST(gradient_is_that_of_the_loss)
{
  static const char *const names[] = {"tanh", "gelu", "hermite3", "expr:z*exp(-z^2/3)+0.2*z"};
  static const plim_size sizes[] = {{.n = 7, .d = 5, .width = 6},
                                    {.n = 1, .d = 1, .width = 1},
                                    {.n = 4, .d = 9, .width = 2},
                                    {.n = 13, .d = 2, .width = 5}};
  fixture f;
  open_replica(&f, sizes[_i], names[_i], PLIM_FEATURES_NETWORK);
  first_gradient(&f);
  const double root = sqrt((double)f.replica.size.width);
  const size_t count = f.replica.size.d * f.replica.size.width;
  double largest = 0.0;
  for (size_t e = 0; e < count; e++)
    largest = fmax(largest, fabs(f.replica.w1.at[e]));
  for (size_t e = 0; e < count; e++)
    ck_assert_double_eq_tol(f.replica.w1.at[e], -root * difference(&f, &f.replica.w0, e), 1e-9 * largest);
  fixture_close(&f);
}
END_TEST

/* Across tile boundaries, by the formula of section 1 with plain loops. */
START_TEST(tiles_make_the_same_gradient)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 300, .d = 270, .width = 259}, "relu", PLIM_FEATURES_NETWORK);
  first_gradient(&f);
  const plimi_replica *r = &f.replica;
  const size_t n = r->size.n, d = r->size.d, width = r->size.width;
  double *weight = malloc(n * sizeof *weight);
  for (size_t j = 0; j < width; j += 17) {
    for (size_t i = 0; i < n; i++) {
      double z = 0.0;
      for (size_t k = 0; k < d; k++)
        z += r->x.at[k + i * d] * r->w0.at[k + j * d];
      if (j == 0)
        weight[i] = r->y[i] - plain_output(&f, &r->w0, r->x.at + i * d);
      const double slope = plim_activation_derivative(f.activation, z);
      r->output[i] = weight[i] * r->readout[j] * slope / (double)n;
    }
    for (size_t k = 0; k < d; k += 13) {
      double sum = 0.0;
      for (size_t i = 0; i < n; i++)
        sum += r->x.at[k + i * d] * r->output[i];
      ck_assert_double_eq_tol(r->w1.at[k + j * d], sum, 1e-14);
    }
  }
  free(weight);
  fixture_close(&f);
}
END_TEST

/* W1 = W0 + eta N^eta_exponent sqrt(N) G0. */
START_TEST(step_has_the_stated_size)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 23, .d = 11, .width = 17}, "tanh", PLIM_FEATURES_NETWORK);
  f.problem.eta_exponent = 0.31;
  first_gradient(&f);
  double gradient[11 * 17];
  memcpy(gradient, f.replica.w1.at, sizeof gradient);
  ck_assert_int_eq(plimi_step(&f.replica), PLIM_OK);
  for (size_t e = 0; e < 11 * 17; e++)
    ck_assert_double_eq_tol(f.replica.w1.at[e], f.replica.w0.at[e] + 1.37 * pow(17.0, 0.31) * gradient[e],
                            1e-15);
  fixture_close(&f);
}
END_TEST

/* Later steps take the gradient at the current weights, with f recomputed, on the batch asked for. */
START_TEST(later_steps_follow_the_loss)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 9, .d = 4, .width = 5}, "sigmoid", PLIM_FEATURES_NETWORK);
  f.problem.batch = _i == 0 ? PLIM_BATCH_SAME : PLIM_BATCH_FRESH;
  double stepped[20], before[20], first_x;
  f.problem.steps = 1;
  first_gradient(&f);
  first_x = f.replica.x.at[0];
  ck_assert_int_eq(plimi_step(&f.replica), PLIM_OK);
  memcpy(before, f.replica.w1.at, sizeof before);
  f.problem.steps = 2;
  first_gradient(&f);
  ck_assert_int_eq(plimi_step(&f.replica), PLIM_OK);
  memcpy(stepped, f.replica.w1.at, sizeof stepped);
  ck_assert_int_eq(f.replica.x.at[0] == first_x, f.problem.batch == PLIM_BATCH_SAME);
  plimi_matrix at = plimi_matrix_of(before, 4, 5); /* the second batch of the run is the one in x */
  for (size_t e = 0; e < 20; e++) {
    const double gradient = -sqrt(5.0) * difference(&f, &at, e);
    ck_assert_double_eq_tol(stepped[e], before[e] + 1.37 * gradient, 1e-10);
  }
  fixture_close(&f);
}
END_TEST

START_TEST(labels_follow_the_teacher)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 40, .d = 6, .width = 5}, "tanh", PLIM_FEATURES_NETWORK);
  plimi_draw_network(&f.replica);
  plimi_draw_ridge_batch(&f.replica);
  const plimi_stream stream = plimi_stream_of(&f.replica, PLIMI_STREAM_RIDGE_NOISE, 0);
  const double mean = 0.80605918334743978; /* E softplus */
  double eps[40];
  plimi_stream_normals(&stream, 0, 40, eps);
  ck_assert_double_eq_tol(plimi_norm(6, f.replica.beta), 1.0, 1e-15);
  for (size_t i = 0; i < 40; i++) {
    const double t = plimi_dot(6, f.replica.x.at + 6 * i, f.replica.beta);
    const double y = log1p(exp(t)) - mean + 0.23 * eps[i];
    ck_assert_double_eq_tol(f.replica.y[i], y, 1e-14);
  }
  fixture_close(&f);
}
END_TEST

/* Entries of W0 are N(0, 1/d), those of a zeta/sqrt(N). Five sigma of 240 000 and 400 draws: 6e-7 each. */
START_TEST(weights_and_readout_have_the_stated_laws)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 2, .d = 600, .width = 400}, "tanh", PLIM_FEATURES_NETWORK);
  plimi_draw_network(&f.replica);
  const double count = 240000.0, square = plimi_dot(240000, f.replica.w0.at, f.replica.w0.at);
  ck_assert_double_eq_tol(square * 600.0 / count, 1.0, 5.0 * sqrt(2.0 / count));
  double gaussian[400];
  memcpy(gaussian, f.replica.readout, sizeof gaussian);
  ck_assert_double_eq_tol(plimi_dot(400, gaussian, gaussian), 1.0, 5.0 * sqrt(2.0 / 400.0));
  f.problem.readout = PLIM_READOUT_RADEMACHER;
  plimi_draw_network(&f.replica);
  for (size_t j = 0; j < 400; j++)
    ck_assert_double_eq(f.replica.readout[j], copysign(0.05, gaussian[j]));
  f.problem.readout = PLIM_READOUT_CONSTANT;
  plimi_draw_network(&f.replica);
  for (size_t j = 0; j < 400; j++)
    ck_assert_double_eq(f.replica.readout[j], 0.05);
  fixture_close(&f);
}
END_TEST

/* Every draw comes from the stream of its own purpose and of this replica: no two replicas, batches or purposes share
   one. The numbers of the purposes are those of stream.h. */
START_TEST(draws_come_from_their_own_streams)
{
  fixture f;
  open_replica(&f, (plim_size){.n = 4, .d = 3, .width = 2}, "tanh", PLIM_FEATURES_NETWORK);
  plimi_replica *r = &f.replica;
  for (size_t number = 0; number < 6; number += 5) {
    double beta[3], w0[6], zeta[2], first[12], test[6];
    const struct {
      unsigned purpose;
      size_t count;
      double *z;
    } draws[] = {{0, 3, beta}, {1, 6, w0}, {2, 2, zeta}, {3, 12, first}, {7, 6, test}};
    for (size_t k = 0; k < sizeof draws / sizeof *draws; k++) {
      const plimi_stream stream =
          plimi_stream_named(20240611, &r->size, number, (plimi_purpose)draws[k].purpose, 0);
      plimi_stream_normals(&stream, 0, draws[k].count, draws[k].z);
    }
    r->number = number;
    plimi_draw_network(r);
    plimi_draw_batch(r, 0);
    plimi_test_block(r, 0, 2, &r->scratch[0]);
    for (size_t i = 0; i < 3; i++)
      ck_assert_double_eq_tol(r->beta[i], beta[i] / plimi_norm(3, beta), 1e-15);
    for (size_t i = 0; i < 6; i++)
      ck_assert_double_eq_tol(r->w0.at[i], w0[i] / sqrt(3.0), 1e-15);
    for (size_t j = 0; j < 2; j++)
      ck_assert_double_eq_tol(r->readout[j], zeta[j] / sqrt(2.0), 1e-15);
    ck_assert_mem_eq(r->x.at, first, sizeof first);
    ck_assert_mem_eq(r->scratch[0].inputs, test, sizeof test);
  }
  fixture_close(&f);
}
END_TEST

START_TEST(features_are_as_stated)
{
  fixture f;
  const plim_features kind = _i == 0 ? PLIM_FEATURES_NETWORK : PLIM_FEATURES_EQUIVALENT;
  const size_t n = 270, d = 5, width = 263;
  open_replica(&f, (plim_size){.n = n, .d = d, .width = width}, "softplus", kind);
  plimi_draw_network(&f.replica);
  plimi_draw_ridge_batch(&f.replica);
  plimi_features(&f.replica, &f.replica.w0, 0);
  const double mu1 = 0.5, mu2 = 0.14667822537977044;
  const plimi_stream noise = plimi_stream_of(&f.replica, PLIMI_STREAM_EQUIVALENT, 0);
  double *z = malloc(n * width * sizeof *z);
  plimi_stream_normals(&noise, 0, n * width, z);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < width; j += 7) {
      const double h = plimi_dot(d, f.replica.x.at + i * d, f.replica.w0.at + j * d);
      const double phi =
          kind == PLIM_FEATURES_NETWORK ? plain_sigma(&f, h) : mu1 * h + mu2 * z[j + i * width];
      ck_assert_double_eq_tol(f.replica.features[0].at[i + j * n], phi / sqrt((double)width), 1e-14);
    }
  }
  free(z);
  fixture_close(&f);
}
END_TEST

/* grad_fro2, grad_op, theta1, theta2 of one replica against the matrix they are taken from. */
START_TEST(gradient_norms)
{
  fixture f;
  const size_t d = 5, width = 4;
  open_replica(&f, (plim_size){.n = 12, .d = d, .width = width}, "tanh", PLIM_FEATURES_NETWORK);
  first_gradient(&f);
  double along[5] = {0.0}, square = 0.0, norm = 0.0;
  for (size_t j = 0; j < width; j++) {
    norm += f.replica.readout[j] * f.replica.readout[j];
    for (size_t i = 0; i < d; i++) {
      along[i] += f.replica.w1.at[i + j * d] * f.replica.readout[j];
      square += f.replica.w1.at[i + j * d] * f.replica.w1.at[i + j * d];
    }
  }
  ck_assert_int_eq(plimi_gradient_subject.measure(&f.replica), PLIM_OK);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_GRAD_FRO2)[0], square, 1e-15);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_THETA1)[0], plimi_norm(d, along) / sqrt(norm), 1e-15);
  ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_THETA2)[0],
                          plimi_dot(d, along, f.replica.beta) / sqrt(norm), 1e-15);
  const double op = plimi_result(&f.replica, PLIM_GRAD_OP)[0];
  ck_assert_double_le(op * op, square);
  ck_assert_double_ge(op, plimi_result(&f.replica, PLIM_THETA1)[0]);
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("network");
  tcase_add_loop_test(tests, gradient_is_that_of_the_loss, 0, 4);
  tcase_add_test(tests, tiles_make_the_same_gradient);
  tcase_add_test(tests, step_has_the_stated_size);
  tcase_add_loop_test(tests, later_steps_follow_the_loss, 0, 2);
  tcase_add_test(tests, labels_follow_the_teacher);
  tcase_add_test(tests, weights_and_readout_have_the_stated_laws);
  tcase_add_test(tests, draws_come_from_their_own_streams);
  tcase_add_loop_test(tests, features_are_as_stated, 0, 2);
  tcase_add_test(tests, gradient_norms);
  return run_cases("network", 1, &tests);
}
