/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_norm_mode.c - the constant readout beside the simulation, where sigma has an even part: at one size, with room
   for the drift, and far from what the formula without the norm mode says. One step, and three on fresh batches. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

#include "plim.h"
#include "run_cases.h"

/* Relative, at the d below. Seen with 300 replicas: 1.3(5) % in both.
   Student's t with 79 degrees of freedom is beyond 3.5 with chance 7.7e-4: with a drift of up to DRIFT the two
   right limits are refused with chance 1.5e-3 at most, with the drift seen 4e-6. Standard errors are 0.9 %:
   with that drift a limit too small by 9 % is noticed with chance 0.9999 in either, too large by 12 %. What has
   to be told from the limit is 11 % below it: that fails with chance below 1e-6. */
#define DRIFT 0.025
#define STANDARD_ERRORS 3.5

typedef struct {
  const char *activation, *teacher;
  double psi1, psi2, lambda, eta, noise;
  size_t steps, d, replicas;
} statement;

static double limit_with(plim_theory *theory, plim_problem problem, plim_readout readout)
{
  plim_value value = {NAN, NAN};
  problem.readout = readout;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &problem, &value), PLIM_OK);
  return value.value;
}

static plim_estimate measured(const plim_problem *problem, const statement *s)
{
  const plim_quantity risk1 = PLIM_RISK1;
  const plim_measurement measurement = {
      .quantities = &risk1, .n_quantities = 1, .lambda = &problem->lambda, .n_lambda = 1};
  plim_simulation simulation = {.replicas = s->replicas, .seed = 1936, .threads = 2};
  double *samples = malloc(sizeof *samples * s->replicas);
  ck_assert_ptr_nonnull(samples);
  ck_assert_int_eq(plim_size_from_problem(problem, s->d, &simulation.size), PLIM_OK);
  ck_assert_int_eq(plim_simulate(problem, &simulation, &measurement, NULL, samples), PLIM_OK);
  plim_estimate estimate;
  ck_assert_int_eq(plim_estimate_from_samples(samples, 1, s->replicas, &estimate), PLIM_OK);
  free(samples);
  return estimate;
}

static void compare(const statement *s)
{
  plim_theory *theory;
  plim_activation *activation, *teacher;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(s->activation, &activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(s->teacher, &teacher, NULL), PLIM_OK);
  plim_problem problem = plim_problem_default();
  problem.psi1 = s->psi1;
  problem.psi2 = s->psi2;
  problem.lambda = s->lambda;
  problem.eta = s->eta;
  problem.noise = s->noise;
  problem.steps = s->steps;
  problem.batch = PLIM_BATCH_FRESH;
  problem.activation = activation;
  problem.teacher = teacher;
  problem.readout = PLIM_READOUT_CONSTANT;
  const double with = limit_with(theory, problem, PLIM_READOUT_CONSTANT),
               without = limit_with(theory, problem, PLIM_READOUT_GAUSSIAN);
  const plim_estimate estimate = measured(&problem, s);
  const double allowed = STANDARD_ERRORS * estimate.error + DRIFT * with;
  ck_assert_msg(fabs(estimate.mean - with) <= allowed,
                "%.5f(%.5f), the limit is %.5f (%.5f without the mode)", estimate.mean, estimate.error, with,
                without);
  ck_assert_msg(fabs(estimate.mean - without) > allowed, "%.5f(%.5f) does not tell %.5f from %.5f",
                estimate.mean, estimate.error, with, without);
  plim_activation_free(teacher);
  plim_activation_free(activation);
  plim_theory_free(theory);
}

START_TEST(one_step)
{
  const statement s = {"relu", "linear", 4.0, 6.0, 0.3, 2.0, 0.1, 1, 128, 80};
  compare(&s);
}
END_TEST

START_TEST(three_steps_on_fresh_batches)
{
  const statement s = {"relu", "linear", 4.0, 6.0, 0.3, 0.7, 0.3, 3, 128, 80};
  compare(&s);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("norm_mode");
  tcase_add_test(tests, one_step);
  tcase_add_test(tests, three_steps_on_fresh_batches);
  return run_cases("norm_mode", 1, &tests);
}
