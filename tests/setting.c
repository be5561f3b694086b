/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setting.h"

#include <stdbool.h>
#include <stdlib.h>

#include <check.h>

static bool is_of_one_step(plim_quantity quantity)
{
  return quantity == PLIM_SRF_RISK || quantity == PLIM_SRF_TRAIN || quantity == PLIM_ANY_M ||
         quantity == PLIM_ANY_TAU || quantity == PLIM_ANY_P;
}

void open_setting(setting *s, const char *activation)
{
  *s = (setting){.problem = plim_problem_default(), .lambda = {0.0371, 1.9}};
  ck_assert_int_eq(plim_activation_alloc(activation, &s->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("relu", &s->teacher, NULL), PLIM_OK);
  s->problem.activation = s->activation;
  s->problem.teacher = s->teacher;
  s->problem.eta = 1.83;
  s->problem.noise = 0.25;
  s->problem.steps = 2;
  s->problem.batch = PLIM_BATCH_FRESH;
  s->simulation =
      (plim_simulation){.size = {.n = 270, .d = 43, .width = 61}, .replicas = 4, .seed = 11, .threads = 1};
  size_t count = 0;
  for (int q = 0; q < PLIM_QUANTITY_COUNT; q++)
    if (plim_experiment_describe((plim_quantity)q) != NULL && !is_of_one_step((plim_quantity)q))
      s->quantities[count++] = (plim_quantity)q;
  s->measurement = (plim_measurement){s->quantities, count, s->lambda, 2};
}

void close_setting(setting *s)
{
  plim_activation_free(s->activation);
  plim_activation_free(s->teacher);
}

size_t row_of(const setting *s)
{
  return s->measurement.n_quantities * s->measurement.n_lambda;
}

double *simulate(const setting *s)
{
  double *samples = calloc(s->simulation.replicas * row_of(s), sizeof *samples);
  ck_assert_ptr_nonnull(samples);
  ck_assert_int_eq(plim_simulate(&s->problem, &s->simulation, &s->measurement, NULL, samples), PLIM_OK);
  return samples;
}
