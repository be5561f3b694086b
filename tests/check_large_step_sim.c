/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_large_step_sim.c - spiked random features and the good student: one small replica against the definitions in
   plain arithmetic. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_STUDENT_RISK, PLIM_STUDENT_SLOPE, PLIM_SRF_RISK,
                                           PLIM_SRF_TRAIN,    PLIM_RISK,          PLIM_RISK1,
                                           PLIM_TRAIN,        PLIM_TRAIN1};
enum { QUANTITIES = sizeof quantities / sizeof *quantities };
static const double path[] = {0.137, 2.9};

typedef struct {
  plim_size size;
  const char *activation;
  plim_readout readout;
  size_t test_points;
} setting;

static void run(const setting *s, fixture *f)
{
  const fixture_settings settings = {.size = s->size,
                                     .activation = s->activation,
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = path,
                                     .n_lambda = 2,
                                     .test_points = s->test_points};
  fixture_prepare(&settings, f);
  f->problem.eta_exponent = 0.5;
  f->problem.readout = s->readout;
  fixture_open(f, 1);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 2), PLIM_OK);
}

/* w_j = e theta1 zeta_j v + sqrt(c_j) w0_j with the coefficients of erf and softplus in closed form or to 17 digits. */
START_TEST(spiked_weights_by_the_definition)
{
  fixture f;
  const setting s = {
      .size = {.n = 13, .d = 7, .width = 11}, .activation = "erf", .readout = PLIM_READOUT_GAUSSIAN};
  run(&s, &f);
  const plimi_replica *r = &f.replica;
  const double pi = acos(-1.0), mu1 = 2.0 / sqrt(3.0 * pi), nu2 = 4.0 / (pi * sqrt(5.0)) - mu1 * mu1;
  const double star1 = 0.5, star2 = 0.14667822537977044, psi1 = 13.0 / 7.0;
  const double s2 = star1 * star1 + star2 * star2 + 0.23 * 0.23, e = 1.37;
  const double theta1 = mu1 * sqrt(star1 * star1 + s2 / psi1), cosine = mu1 * star1 / theta1;
  double v[7] = {0.0}, square = 0.0;
  for (size_t j = 0; j < 11; j++) {
    const double zeta = sqrt(11.0) * r->readout[j];
    const double c = 1.0 + e * e * zeta * zeta * nu2 * s2 / psi1;
    for (size_t i = 0; i < 7; i++) {
      const double share = (r->spiked.at[i + 7 * j] - sqrt(c) * r->w0.at[i + 7 * j]) / (e * theta1 * zeta);
      if (j == 0)
        v[i] = share;
      ck_assert_double_eq_tol(share, v[i], 1e-12 * (1.0 + 1.0 / fabs(zeta)));
    }
  }
  for (size_t i = 0; i < 7; i++)
    square += v[i] * v[i];
  ck_assert_double_eq_tol(square, 1.0, 1e-12);
  ck_assert_double_eq_tol(plimi_dot(7, v, r->beta), cosine, 1e-12);
  fixture_close(&f);
}
END_TEST

/* Var sigma' of activations whose value is known in closed form, with and without kinks. */
START_TEST(slope_variance)
{
  static const struct {
    const char *name;
    double value;
  } known[] = {{"relu", 0.25},
               {"hermite2", 2.0},
               {"hermite3", 3.0},
               {"linear", 0.0},
               {"sin", 0.19978820044686407},
               {"expr:abs(z)", 1.0}};
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work);
  plim_activation *activation;
  plimi_moments moments;
  ck_assert_ptr_nonnull(work);
  ck_assert_int_eq(plim_activation_alloc(known[_i].name, &activation, NULL), PLIM_OK);
  ck_assert_int_eq(plimi_moments_compute(activation, work, &moments), PLIM_OK);
  ck_assert_double_eq_tol(moments.slope_variance, known[_i].value, 1e-12);
  plim_activation_free(activation);
  free(work);
}
END_TEST

/* The two names of one measurement; and the ridge regression at the spiked weights solves its normal equations. */
START_TEST(ridge_on_the_spiked_features)
{
  fixture f;
  const setting s = {.size = _i == 0 ? (plim_size){.n = 9, .d = 5, .width = 6}
                                     : (plim_size){.n = 6, .d = 5, .width = 9},
                     .activation = "tanh",
                     .readout = PLIM_READOUT_RADEMACHER};
  run(&s, &f);
  const plimi_replica *r = &f.replica;
  const size_t n = r->size.n, d = r->size.d, width = r->size.width;
  for (size_t l = 0; l < 2; l++) {
    double gram[81], ahat[9] = {0.0}, phi[54], error = 0.0;
    for (size_t e = 0; e < n * width; e++)
      phi[e] =
          plain_sigma(&f, plimi_dot(d, r->x.at + e % n * d, r->spiked.at + e / n * d)) / sqrt((double)width);
    for (size_t i = 0; i < width; i++) {
      for (size_t j = 0; j < width; j++)
        gram[i + j * width] = plimi_dot(n, phi + i * n, phi + j * n);
      gram[i + i * width] += path[l] * (double)n / (double)width;
      ahat[i] = plimi_dot(n, phi + i * n, r->y);
    }
    plain_solve(width, gram, ahat);
    for (size_t i = 0; i < n; i++) {
      double rest = r->y[i];
      for (size_t j = 0; j < width; j++)
        rest -= phi[i + j * n] * ahat[j];
      error += rest * rest / (double)n;
    }
    ck_assert_double_eq_tol(plimi_result(r, PLIM_SRF_TRAIN)[l], error, 1e-11);
    ck_assert_double_eq(plimi_result(r, PLIM_RISK)[l], plimi_result(r, PLIM_RISK1)[l]);
    ck_assert_double_eq(plimi_result(r, PLIM_TRAIN)[l], plimi_result(r, PLIM_TRAIN1)[l]);
    ck_assert_double_ne(plimi_result(r, PLIM_SRF_RISK)[l], plimi_result(r, PLIM_RISK1)[l]);
  }
  fixture_close(&f);
}
END_TEST

/* Which place neuron j has in the order of a_j, or of |a_j|, by counting. */
static size_t place_of(const plimi_replica *r, bool odd, size_t j)
{
  size_t place = 0;
  for (size_t i = 0; i < r->size.width; i++) {
    const double a = odd ? fabs(r->readout[i]) : r->readout[i], b = odd ? fabs(r->readout[j]) : r->readout[j];
    place += a < b || (a == b && i < j);
  }
  return place;
}

/* The mean of <w_j, beta*> over that run, signs folded. */
static double plain_slope(const fixture *f, bool odd, size_t first, size_t count)
{
  const plimi_replica *r = &f->replica;
  double sum = 0.0;
  for (size_t j = 0; j < r->size.width; j++) {
    const size_t place = place_of(r, odd, j);
    if (place >= first && place < first + count)
      sum += (odd && r->readout[j] < 0.0 ? -1.0 : 1.0) *
             plimi_dot(r->size.d, r->beta, r->w1.at + j * r->size.d) / (double)count;
  }
  return sum;
}

/* The average f(x) over the run of `count` places from `first`, by the definition. */
static double plain_student(const fixture *f, bool odd, size_t first, size_t count, const double *x)
{
  const plimi_replica *r = &f->replica;
  double sum = 0.0;
  for (size_t j = 0; j < r->size.width; j++) {
    const size_t place = place_of(r, odd, j);
    if (place >= first && place < first + count)
      sum += (odd && r->readout[j] < 0.0 ? -1.0 : 1.0) *
             plain_sigma(f, plimi_dot(r->size.d, x, r->w1.at + j * r->size.d)) / (double)count;
  }
  return sum;
}

/* Every run of 19^(2/3) ~ 7 neighbours with either sign; the best on the second batch; its error on the test set. */
START_TEST(student_by_the_definition)
{
  static const struct {
    const char *activation;
    bool odd;
    plim_readout readout;
  } cases[] = {{"tanh", true, PLIM_READOUT_GAUSSIAN},
               {"softplus", false, PLIM_READOUT_GAUSSIAN},
               {"expr:-tanh(z)", true, PLIM_READOUT_RADEMACHER},
               {"relu", false, PLIM_READOUT_CONSTANT}};
  fixture f;
  const setting s = {.size = {.n = 31, .d = 5, .width = 19},
                     .activation = cases[_i].activation,
                     .readout = cases[_i].readout,
                     .test_points = 100};
  const bool odd = cases[_i].odd;
  run(&s, &f);
  plimi_replica *r = &f.replica;
  for (size_t number = 3; number < 11; number++) { /* so that the first and the last run win at times */
    ck_assert_int_eq(plimi_replica_run(r, number), PLIM_OK);
    double least = INFINITY, best_sign = 0.0, risk = 0.0;
    size_t best = 0;
    for (size_t first = 0; first + 7 <= 19; first++) {
      for (int sign = -1; sign <= 1; sign += 2) {
        double error = 0.0;
        for (size_t i = 0; i < 31; i++)
          error += pow(r->y[i] - sign * plain_student(&f, odd, first, 7, r->x.at + 5 * i), 2);
        if ((odd || sign == 1) && error < least) {
          least = error;
          best = first;
          best_sign = sign;
        }
      }
    }
    plimi_test_block(r, 0, 100, &r->scratch[0]);
    for (size_t i = 0; i < 100; i++)
      risk += pow(r->scratch[0].target[i] -
                      best_sign * plain_student(&f, odd, best, 7, r->scratch[0].inputs + 5 * i),
                  2);
    for (size_t l = 0; l < 2; l++) {
      ck_assert_double_eq_tol(plimi_result(r, PLIM_STUDENT_RISK)[l], risk / 100.0, 1e-12);
      ck_assert_double_eq_tol(plimi_result(r, PLIM_STUDENT_SLOPE)[l],
                              best_sign * plain_slope(&f, odd, best, 7), 1e-12);
    }
  }
  fixture_close(&f);
}
END_TEST

/* The exact expectation against a test set of 200 000 points: five standard errors of a mean of squared errors, whose
   spread is at most 3 times their mean here. */
START_TEST(student_risk_is_an_expectation)
{
  fixture exact, sampled;
  setting s = {.size = {.n = 31, .d = 5, .width = 19}, .activation = "erf", .readout = PLIM_READOUT_GAUSSIAN};
  run(&s, &exact);
  s.test_points = 200000;
  run(&s, &sampled);
  const double value = plimi_result(&exact.replica, PLIM_STUDENT_RISK)[0];
  ck_assert_double_eq_tol(plimi_result(&sampled.replica, PLIM_STUDENT_RISK)[0], value,
                          5.0 * 3.0 / sqrt(2e5) * value);
  fixture_close(&exact);
  fixture_close(&sampled);
}
END_TEST

/* The spiked law is that of one step. */
START_TEST(several_steps_have_no_spiked_law)
{
  static const plim_quantity spiked[] = {PLIM_SRF_RISK, PLIM_SRF_TRAIN};
  plim_activation *tanh_;
  double samples = 0.0;
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = tanh_;
  problem.steps = 2;
  const plim_simulation simulation = {
      .size = {.n = 13, .d = 7, .width = 11}, .replicas = 1, .seed = 5, .threads = 1};
  const plim_measurement measurement = {
      .quantities = &spiked[_i], .n_quantities = 1, .lambda = path, .n_lambda = 1};
  ck_assert_int_eq(plim_simulate(&problem, &simulation, &measurement, NULL, &samples), PLIM_OUTSIDE_DOMAIN);
  problem.steps = 1;
  ck_assert_int_eq(plim_simulate(&problem, &simulation, &measurement, NULL, &samples), PLIM_OK);
  ck_assert_double_gt(samples, 0.0);
  plim_activation_free(tanh_);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("large_step_sim");
  tcase_add_test(tests, spiked_weights_by_the_definition);
  tcase_add_loop_test(tests, slope_variance, 0, 6);
  tcase_add_loop_test(tests, ridge_on_the_spiked_features, 0, 2);
  tcase_add_loop_test(tests, student_by_the_definition, 0, 4);
  tcase_add_test(tests, student_risk_is_an_expectation);
  tcase_add_loop_test(tests, several_steps_have_no_spiked_law, 0, 2);
  return run_cases("large_step_sim", 1, &tests);
}
