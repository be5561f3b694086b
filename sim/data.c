/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c - a table of real data made fit to stand for inputs: columns of mean 0 and mean square 1, and whitened. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "dense.h"
#include "plim_simulation.h"

/* A column whose spread is below this share of its largest entry is constant up to rounding: what is left of it after
   its mean is subtracted is noise of the subtraction. */
static const double least_spread = 64.0 * DBL_EPSILON;

/* What a column has beyond the ones before it, in variance: below this the covariance's inverse has lost 8 of its 16
   digits. */
static const double least_residual = 1e-8;

static bool fits(size_t count, size_t columns)
{
  return count >= 2 && columns > 0 && count <= PTRDIFF_MAX / sizeof(double) / columns &&
         columns <= PTRDIFF_MAX / sizeof(double) / columns;
}

/* Two passes: the mean, then what is left. fmax passes over a NaN, which then makes the sum one; 0/0 is one too. */
static bool standardise_column(double *values, size_t count, size_t stride)
{
  double sum = 0.0, square = 0.0, most = 0.0;
  for (size_t i = 0; i < count; i++)
    most = fmax(most, fabs(values[i * stride]));
  for (size_t i = 0; i < count; i++) {
    values[i * stride] /= most; /* no overflow, whatever the unit */
    sum += values[i * stride];
  }
  if (!isfinite(sum) || !isfinite(most))
    return false;
  for (size_t i = 0; i < count; i++) {
    values[i * stride] -= sum / (double)count;
    square += values[i * stride] * values[i * stride];
  }
  const double spread = sqrt(square / (double)count);
  if (!(spread > least_spread))
    return false;
  for (size_t i = 0; i < count; i++)
    values[i * stride] /= spread;
  return true;
}

plim_status plim_standardise(double *values, size_t count, size_t columns, size_t *column)
{
  if (!fits(count, columns))
    return PLIM_INVALID;
  for (size_t j = 0; j < columns; j++) {
    if (standardise_column(values + j, count, columns))
      continue;
    if (column != NULL)
      *column = j;
    return PLIM_OUTSIDE_DOMAIN;
  }
  return PLIM_OK;
}

/* Row-major count x columns is column-major columns x count. */
plim_status plim_whiten(double *values, size_t count, size_t columns, size_t *column)
{
  plim_status status = plim_standardise(values, count, columns, column);
  if (status != PLIM_OK)
    return status;
  const plimi_matrix x = plimi_matrix_of(values, columns, count);
  double *square = malloc(columns * columns * sizeof *square);
  if (square == NULL)
    return PLIM_NO_MEMORY;
  const plimi_matrix covariance = plimi_matrix_of(square, columns, columns);
  const int blas_threads = plimi_dense_single_thread();
  plimi_product(PLIMI_NT, 1.0 / (double)count, &x, &x, 0.0, &covariance);
  size_t dependent = columns;
  status = plimi_cholesky(&covariance, least_residual, &dependent);
  if (status == PLIM_OK)
    plimi_solve_lower(&covariance, &x);
  plimi_dense_restore_threads(blas_threads);
  free(square);
  if (status == PLIM_OUTSIDE_DOMAIN && column != NULL)
    *column = dependent;
  return status == PLIM_OK ? plim_standardise(values, count, columns, column) : status;
}
