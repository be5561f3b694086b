/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_two_steps_agreement.c - W2 beside the simulation at one size, with room for the drift: both batches, one kind of
   neuron and two, and the sample's own slope told from its mean. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

#include "plim.h"
#include "run_cases.h"

/* Student's t with 59 degrees of freedom is beyond 3.5 with chance 9e-4. A case has 4 or 5 comparisons: were the drifts
   as large as DRIFT allows, it would fail with chance 4e-3; with those seen (a third of that) with chance 1e-5. Standard
   errors at REPLICAS are 0.5 % of w2_top and the overlap and 0.1 to 0.5 % of the bulk: what is off by 5, 6 and 4 %
   is noticed with chance 0.99. */
enum { REPLICAS = 60, D = 200 };
static const double standard_errors = 3.5;
static const uint64_t seed = 1936;

/* Relative, at this D. Edges come from below like d^(-2/3): -3.4 % seen. A few labels that are larger than the law's
   cut (points.c) are in `theory.error`. */
static const struct {
  plim_quantity quantity;
  double drift;
} compared[] = {{PLIM_W2_TOP, 0.015}, {PLIM_W2_TOP_BETA, 0.025}, {PLIM_W2_BULK, 0.01}, {PLIM_W2_EDGE, 0.05}};
enum { COMPARED = sizeof compared / sizeof *compared };

typedef struct {
  const char *activation;
  plim_readout readout;
  plim_batch batch;
  double psi1, e[2];
} statement;

static const statement statements[] = {
    {"silu", PLIM_READOUT_CONSTANT, PLIM_BATCH_SAME, 1.0, {1.0, 1.0}},
    {"silu", PLIM_READOUT_CONSTANT, PLIM_BATCH_FRESH, 1.0, {1.0, 1.0}},
    {"tanh", PLIM_READOUT_RADEMACHER, PLIM_BATCH_SAME, 4.0, {1.0, 1.0}},
    {"tanh", PLIM_READOUT_RADEMACHER, PLIM_BATCH_FRESH, 4.0, {1.0, 1.0}},
    {"silu", PLIM_READOUT_RADEMACHER, PLIM_BATCH_SAME, 1.5, {0.8, 1.2}},
    {"relu", PLIM_READOUT_CONSTANT, PLIM_BATCH_SAME, 2.0, {0.6, 0.9}},
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

typedef struct {
  plim_activation *activation, *teacher;
  plim_problem problem;
  plim_estimate estimate[COMPARED];
} experiment;

static void run(const statement *s, experiment *x)
{
  plim_quantity quantities[COMPARED];
  double samples[COMPARED * REPLICAS];
  for (size_t q = 0; q < COMPARED; q++)
    quantities[q] = compared[q].quantity;
  gsl_set_error_handler_off();
  ck_assert_int_eq(plim_activation_alloc(s->activation, &x->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("tanh", &x->teacher, NULL), PLIM_OK);
  x->problem = plim_problem_default();
  x->problem.psi1 = s->psi1;
  x->problem.eta = s->e[0];
  x->problem.eta_second = s->e[1];
  x->problem.eta_exponent = 0.5;
  x->problem.steps = 2;
  x->problem.d = D;
  x->problem.batch = s->batch;
  x->problem.readout = s->readout;
  x->problem.activation = x->activation;
  x->problem.teacher = x->teacher;
  const plim_measurement measurement = {
      .quantities = quantities, .n_quantities = COMPARED, .lambda = &x->problem.lambda, .n_lambda = 1};
  plim_simulation simulation = {.replicas = REPLICAS, .seed = seed, .threads = 2};
  ck_assert_int_eq(plim_size_from_problem(&x->problem, D, &simulation.size), PLIM_OK);
  ck_assert_int_eq(plim_simulate(&x->problem, &simulation, &measurement, NULL, samples), PLIM_OK);
  for (size_t q = 0; q < COMPARED; q++)
    ck_assert_int_eq(plim_estimate_from_samples(samples + q, COMPARED, REPLICAS, &x->estimate[q]), PLIM_OK);
}

static void end(experiment *x)
{
  plim_activation_free(x->activation);
  plim_activation_free(x->teacher);
}

START_TEST(agrees)
{
  plim_theory *theory;
  experiment x;
  run(&statements[_i], &x);
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  size_t count = 0;
  for (size_t q = 0; q < COMPARED; q++) {
    plim_value limit;
    const plim_status status = plim_limit(theory, compared[q].quantity, &x.problem, &limit);
    if (status == PLIM_OUTSIDE_DOMAIN && compared[q].quantity == PLIM_W2_EDGE)
      continue; /* two kinds of neuron */
    ck_assert_int_eq(status, PLIM_OK);
    const double allowed =
        standard_errors * x.estimate[q].error + compared[q].drift * limit.value + limit.error;
    ck_assert_msg(fabs(x.estimate[q].mean - limit.value) <= allowed, "%s: %.5f(%.5f), the limit is %.5f",
                  plim_quantity_name(compared[q].quantity), x.estimate[q].mean, x.estimate[q].error,
                  limit.value);
    count++;
  }
  ck_assert_uint_ge(count, 3);
  plim_theory_free(theory);
  end(&x);
}
END_TEST

/* On the same batch a sample's own term in a neuron's displacement has the neuron's own slope on it. With the mean slope
   the first statement's spike is .3125 instead of .2535 of N: w2_top would be 11 % larger, 20 standard errors. */
START_TEST(own_slope)
{
  const double mean_slope = 0.3125;
  experiment x;
  run(&statements[0], &x);
  const double th2 = mean_slope * 1.5 * D, top = sqrt((1.0 + th2) * (1.5 + th2) / th2);
  ck_assert_double_gt(top - x.estimate[0].mean,
                      standard_errors * x.estimate[0].error + compared[0].drift * top);
  end(&x);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("two_steps_agreement");
  tcase_add_loop_test(tests, agrees, 0, STATEMENTS);
  tcase_add_test(tests, own_slope);
  return run_cases("two_steps_agreement", 1, &tests);
}
