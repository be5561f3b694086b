/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_sim.c - the order parameters of one small replica by their definitions in plain loops. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity quantities[] = {PLIM_ANY_M, PLIM_ANY_TAU, PLIM_ANY_P};
enum { PENALTIES = 2 };
static const double penalties[PENALTIES] = {0.0371, 1.9};
static const plim_size sizes[] = {{.n = 9, .d = 5, .width = 6},
                                  {.n = 6, .d = 7, .width = 9},
                                  {.n = 3, .d = 17, .width = 2}}; /* the last: d beyond n and N together */

/* sum_j N^-1/2 ahat_j <w_j, direction> */
static double read_by(const plimi_replica *r, const double *ahat, const double *direction)
{
  double sum = 0.0;
  for (size_t j = 0; j < r->size.width; j++)
    for (size_t i = 0; i < r->size.d; i++)
      sum += ahat[j] * r->w1.at[i + j * r->size.d] * direction[i] / sqrt((double)r->size.width);
  return sum;
}

/* X'y/n of the first batch: drawn anew, into the place of the second. */
static void first_pull(plimi_replica *r, double *u)
{
  plimi_draw_batch(r, 0);
  for (size_t i = 0; i < r->size.d; i++) {
    u[i] = 0.0;
    for (size_t k = 0; k < r->size.n; k++)
      u[i] += r->x.at[i + k * r->size.d] * r->y[k] / (double)r->size.n;
  }
}

START_TEST(order_parameters_by_the_definition)
{
  fixture f;
  const fixture_settings settings = {.size = sizes[_i],
                                     .activation = "erf",
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = 3,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES};
  fixture_prepare(&settings, &f);
  f.problem.eta_exponent = 0.3;
  fixture_open(&f, 1);
  plimi_replica *r = &f.replica;
  ck_assert_int_eq(plimi_replica_run(r, 1), PLIM_OK);
  const size_t d = r->size.d, width = r->size.width;
  double u[17], v[17], b[17];
  first_pull(r, u);
  const double length = sqrt(plimi_dot(d, u, u)), mu1 = r->activation.mu1;
  const double overlap = plimi_dot(d, u, r->beta) / length, rest = sqrt(1.0 - overlap * overlap);
  for (size_t i = 0; i < d; i++) {
    v[i] = u[i] / length;
    b[i] = (r->beta[i] - overlap * v[i]) / rest;
  }
  for (size_t l = 0; l < PENALTIES; l++) {
    const double *ahat = r->side[PLIMI_AT_W1].coefficients + l * width;
    double m = 0.0;
    for (size_t j = 0; j < width; j++)
      m += r->readout[j] * ahat[j];
    const double e = 1.37 * pow((double)width, 0.3 - 0.5);
    ck_assert_double_eq_tol(plimi_result(r, PLIM_ANY_M)[l], m, 1e-13);
    ck_assert_double_eq_tol(plimi_result(r, PLIM_ANY_TAU)[l], read_by(r, ahat, v) - e * mu1 * length * m,
                            1e-12);
    ck_assert_double_eq_tol(plimi_result(r, PLIM_ANY_P)[l], read_by(r, ahat, b), 1e-12);
  }
  fixture_close(&f);
}
END_TEST

START_TEST(several_steps_are_outside_the_domain)
{
  fixture f;
  const fixture_settings settings = {.size = sizes[0],
                                     .activation = "erf",
                                     .teacher = "tanh",
                                     .quantities = &quantities[_i],
                                     .n_quantities = 1,
                                     .lambda = penalties,
                                     .n_lambda = 1};
  double sample = 2.385;
  fixture_prepare(&settings, &f);
  f.problem.steps = 2;
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, &sample),
                   PLIM_OUTSIDE_DOMAIN);
  ck_assert_double_eq(sample, 2.385);
  f.problem.steps = 1;
  ck_assert_int_eq(plim_simulate(&f.problem, &f.simulation, &f.measurement, NULL, &sample), PLIM_OK);
  ck_assert_double_ne(sample, 2.385);
  plim_activation_free(f.activation);
  plim_activation_free(f.teacher);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_step_sim");
  tcase_add_loop_test(tests, order_parameters_by_the_definition, 0, 3);
  tcase_add_loop_test(tests, several_steps_are_outside_the_domain, 0, 3);
  return run_cases("any_step_sim", 1, &tests);
}
