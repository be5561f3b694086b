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
  if (f->row_block > 0)
    pattern.row_block = f->row_block;
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

static void rotate_columns(size_t order, double *m, size_t p, size_t q, double angle)
{
  const double c = cos(angle), s = sin(angle);
  for (size_t k = 0; k < order; k++) {
    const double x = m[k + p * order], y = m[k + q * order];
    m[k + p * order] = c * x - s * y;
    m[k + q * order] = s * x + c * y;
  }
}

static void rotate_rows(size_t order, double *m, size_t p, size_t q, double angle)
{
  const double c = cos(angle), s = sin(angle);
  for (size_t k = 0; k < order; k++) {
    const double x = m[p + k * order], y = m[q + k * order];
    m[p + k * order] = c * x - s * y;
    m[q + k * order] = s * x + c * y;
  }
}

static void swap_columns(size_t order, double *m, size_t p, size_t q)
{
  for (size_t k = 0; k < order; k++) {
    const double x = m[k + p * order];
    m[k + p * order] = m[k + q * order];
    m[k + q * order] = x;
  }
}

void plain_eigen(size_t order, double *a, double *values, double *vectors)
{
  for (size_t i = 0; vectors != NULL && i < order * order; i++)
    vectors[i] = i % (order + 1) == 0 ? 1.0 : 0.0;
  for (int pass = 0; pass < 40; pass++) {
    for (size_t p = 0; p < order; p++) {
      for (size_t q = p + 1; q < order; q++) {
        const double angle = 0.5 * atan2(2.0 * a[p + q * order], a[q + q * order] - a[p + p * order]);
        rotate_columns(order, a, p, q, angle);
        rotate_rows(order, a, p, q, angle);
        if (vectors != NULL)
          rotate_columns(order, vectors, p, q, angle);
      }
    }
  }
  for (size_t i = 0; i < order; i++)
    values[i] = a[i + i * order];
  for (size_t i = 0; i < order; i++) { /* by selection */
    size_t least = i;
    for (size_t j = i + 1; j < order; j++)
      if (values[j] < values[least])
        least = j;
    const double value = values[i];
    values[i] = values[least];
    values[least] = value;
    if (vectors != NULL && least != i)
      swap_columns(order, vectors, i, least);
  }
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
