/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim_fixture.h"

#include <check.h>
#include <math.h>

void fixture_prepare(const fixture_settings *settings, fixture *f)
{
  *f = (fixture){.problem = plim_problem_default()};
  ck_assert_int_eq(plim_activation_alloc(settings->activation, &f->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(settings->teacher, &f->teacher, NULL), PLIM_OK);
  f->problem.activation = f->activation;
  f->problem.teacher = f->teacher;
  f->problem.eta = 1.37;
  f->problem.noise = 0.23;
  f->simulation = (plim_simulation){.size = settings->size,
                                    .replicas = 1,
                                    .seed = 20240611,
                                    .threads = 1,
                                    .test_points = settings->test_points,
                                    .features = settings->features};
  f->measurement = (plim_measurement){.quantities = settings->quantities,
                                      .n_quantities = settings->n_quantities,
                                      .lambda = settings->lambda,
                                      .n_lambda = settings->n_lambda};
}

void fixture_open(fixture *f, size_t workers)
{
  plimi_replica pattern;
  ck_assert_int_eq(plimi_replica_pattern(&f->problem, &f->simulation, &f->measurement, &pattern), PLIM_OK);
  ck_assert_int_eq(plimi_replica_open(&pattern, workers, &f->replica), PLIM_OK);
}

void fixture_close(fixture *f)
{
  plimi_replica_close(&f->replica);
  plim_activation_free(f->activation);
  plim_activation_free(f->teacher);
}

void plain_solve(size_t order, double *a, double *x)
{
  for (size_t c = 0; c < order; c++) {
    size_t pivot = c;
    for (size_t i = c + 1; i < order; i++)
      if (fabs(a[i + c * order]) > fabs(a[pivot + c * order]))
        pivot = i;
    for (size_t j = 0; j < order; j++) {
      const double swap = a[c + j * order];
      a[c + j * order] = a[pivot + j * order];
      a[pivot + j * order] = swap;
    }
    const double swap = x[c];
    x[c] = x[pivot];
    x[pivot] = swap;
    for (size_t i = c + 1; i < order; i++) {
      const double factor = a[i + c * order] / a[c + c * order];
      for (size_t j = c; j < order; j++)
        a[i + j * order] -= factor * a[c + j * order];
      x[i] -= factor * x[c];
    }
  }
  for (size_t i = order; i-- > 0;) {
    for (size_t j = i + 1; j < order; j++)
      x[i] -= a[i + j * order] * x[j];
    x[i] /= a[i + i * order];
  }
}

double plain_sigma(const fixture *f, double z)
{
  return plim_activation_value(f->activation, z) - f->replica.activation.mean;
}

double plain_output(const fixture *f, const plimi_matrix *weights, const double *x)
{
  double sum = 0.0;
  for (size_t j = 0; j < weights->columns; j++) {
    double z = 0.0;
    for (size_t i = 0; i < weights->rows; i++)
      z += weights->at[i + j * weights->ld] * x[i];
    sum += f->replica.readout[j] * plain_sigma(f, z);
  }
  return sum / sqrt((double)weights->columns);
}
