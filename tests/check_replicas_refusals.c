/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_replicas_refusals.c - what plim_simulate refuses, and the smallest sizes that it does not. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "run_cases.h"
#include "setting.h"

static void expect(const setting *s, plim_status status)
{
  double samples[4 * 2 * MOST];
  ck_assert_int_eq(plim_simulate(&s->problem, &s->simulation, &s->measurement, NULL, samples), status);
}

START_TEST(unacceptable_arguments)
{
  setting s;
  open_setting(&s, "tanh");
  const setting good = s;
  plim_quantity unmeasurable[] = {PLIM_LOWER_BOUND};
  s.measurement.quantities = unmeasurable;
  s.measurement.n_quantities = 1;
  expect(&s, PLIM_INVALID);
#define REFUSED(change, status)                                                                              \
  do {                                                                                                       \
    s = good;                                                                                                \
    s.measurement.quantities = s.quantities;                                                                 \
    s.measurement.lambda = s.lambda;                                                                         \
    change;                                                                                                  \
    expect(&s, status);                                                                                      \
  } while (0)
  REFUSED(s.simulation.size.n = 0, PLIM_INVALID);
  REFUSED(s.simulation.size.d = 0, PLIM_INVALID);
  REFUSED(s.simulation.size.width = 0, PLIM_INVALID);
  REFUSED(s.simulation.replicas = 0, PLIM_INVALID);
  REFUSED(s.simulation.threads = 0, PLIM_INVALID);
  REFUSED(s.simulation.features = (plim_features)7, PLIM_INVALID);
  REFUSED(s.measurement.n_quantities = 0, PLIM_INVALID);
  REFUSED(s.measurement.n_lambda = 0, PLIM_INVALID);
  REFUSED(s.lambda[1] = -1e-9, PLIM_INVALID);
  REFUSED(s.lambda[0] = NAN, PLIM_INVALID);
  REFUSED(s.problem.noise = -0.1, PLIM_INVALID);
  REFUSED(s.problem.eta = NAN, PLIM_INVALID);
  REFUSED(s.problem.steps = 0, PLIM_INVALID);
  REFUSED(s.problem.activation = NULL, PLIM_INVALID);
  REFUSED(s.simulation.size.n = (size_t)INT_MAX + 1, PLIM_OVERFLOW);
#if SIZE_MAX > UINT32_MAX /* where size_t is narrower no replica has a number too large for the streams */
  REFUSED(s.simulation.replicas = (size_t)UINT32_MAX + 2, PLIM_INVALID);
#endif
#undef REFUSED
  close_setting(&s);
}
END_TEST

/* An activation that is constant has no features: refused where it is read, and nowhere else, whatever the constant. A
   teacher may be constant: its labels are noise. As the limits have it (check_theory). */
START_TEST(constants)
{
  static const char *const names[] = {"expr:0", "expr:2.385", "expr:z-z", "expr:1e-200"};
  static const plim_quantity reads[] = {PLIM_RISK0, PLIM_THETA1, PLIM_NTK_RIDGE, PLIM_KAPPA},
                             others[] = {PLIM_LINEAR_RIDGE, PLIM_KERNEL_EXP_DIST};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    setting s;
    double samples[4 * 2 * MOST];
    open_setting(&s, names[i]);
    s.measurement.n_quantities = 1;
    for (size_t k = 0; k < sizeof reads / sizeof *reads; k++) {
      s.measurement.quantities = &reads[k];
      expect(&s, PLIM_OUTSIDE_DOMAIN);
    }
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
      s.measurement.quantities = &others[k];
      ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, NULL, samples), PLIM_OK);
    }
    const plim_activation *constant = s.problem.activation;
    s.problem.activation = s.problem.teacher;
    s.problem.teacher = constant;
    s.problem.noise = 0.713;
    s.measurement.quantities = reads; /* theta1 and risk0 */
    s.measurement.n_quantities = 2;
    ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, NULL, samples), PLIM_OK);
    ck_assert(samples[0] > 0.0 && samples[2] > 0.0);
    s.problem.teacher = s.problem.activation;
    s.problem.activation = constant;
    close_setting(&s);
  }
}
END_TEST

/* Refused before anything is allocated: more than any machine has, and more than an address holds. */
START_TEST(sizes_beyond_memory)
{
  setting s;
  open_setting(&s, "tanh");
  s.simulation.size = (plim_size){.n = 30000000, .d = 20000000, .width = 1000};
  expect(&s, SIZE_MAX > UINT32_MAX ? PLIM_NO_MEMORY : PLIM_OVERFLOW);
  s.simulation.size = (plim_size){.n = INT_MAX, .d = INT_MAX, .width = INT_MAX};
  expect(&s, PLIM_OVERFLOW);
  close_setting(&s);
}
END_TEST

/* W1 overflows to infinity: no number is returned. */
START_TEST(overflow_in_the_computation_is_not_a_number)
{
  setting s;
  open_setting(&s, "relu");
  const plim_quantity risk[] = {PLIM_RISK1};
  s.measurement.quantities = risk;
  s.measurement.n_quantities = 1;
  s.problem.eta = 1e308;
  double samples[8] = {-5.0};
  ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, NULL, samples), PLIM_NOT_FINITE);
  ck_assert_double_eq(samples[0], -5.0);
  close_setting(&s);
}
END_TEST

/* Every quantity exists at the smallest sizes, one neuron, one sample, one dimension included, for both features. */
START_TEST(tiny_sizes)
{
  static const plim_size sizes[] = {{.n = 1, .d = 1, .width = 1}, {.n = 2, .d = 1, .width = 3},
                                    {.n = 1, .d = 3, .width = 2}, {.n = 5, .d = 2, .width = 1},
                                    {.n = 3, .d = 3, .width = 3}, {.n = 2, .d = 7, .width = 2}};
  setting s;
  open_setting(&s, _i % 2 == 0 ? "tanh" : "relu");
  s.simulation.size = sizes[_i / 2];
  s.simulation.features = _i % 3 == 0 ? PLIM_FEATURES_EQUIVALENT : PLIM_FEATURES_NETWORK;
  double *samples = simulate(&s);
  for (size_t i = 0; i < s.simulation.replicas * row_of(&s); i++)
    ck_assert(isfinite(samples[i]));
  free(samples);
  close_setting(&s);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("replicas_refusals");
  tcase_add_test(tests, unacceptable_arguments);
  tcase_add_test(tests, constants);
  tcase_add_test(tests, sizes_beyond_memory);
  tcase_add_test(tests, overflow_in_the_computation_is_not_a_number);
  tcase_add_loop_test(tests, tiny_sizes, 0, 12);
  return run_cases("replicas_refusals", 1, &tests);
}
