/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_algebra.c - small complex matrices, through GSL's QR factorisation: its LU allocates, and does not look. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_complex.h>
#include <gsl/gsl_linalg.h>

#include "kinds.h"

enum { MOST = 32 };

/* In place; tau: n. */
static plim_status factor(size_t n, double complex *a, double complex *tau)
{
  if (n > MOST)
    return PLIM_INVALID;
  gsl_matrix_complex_view view = gsl_matrix_complex_view_array((double *)a, n, n);
  gsl_vector_complex_view vector = gsl_vector_complex_view_array((double *)tau, n);
  if (gsl_linalg_complex_QR_decomp(&view.matrix, &vector.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++)
    if (!(cabs(a[i * n + i]) > 0.0))
      return PLIM_NOT_CONVERGED;
  return PLIM_OK;
}

/* R^-1 Q' */
plim_status plimi_c_invert(size_t n, double complex *a)
{
  double complex tau[MOST], q[MOST * MOST], r[MOST * MOST];
  const plim_status status = factor(n, a, tau);
  if (status != PLIM_OK)
    return status;
  gsl_matrix_complex_view factored = gsl_matrix_complex_view_array((double *)a, n, n),
                          left = gsl_matrix_complex_view_array((double *)q, n, n),
                          right = gsl_matrix_complex_view_array((double *)r, n, n);
  gsl_vector_complex_view scale = gsl_vector_complex_view_array((double *)tau, n);
  if (gsl_linalg_complex_QR_unpack(&factored.matrix, &scale.vector, &left.matrix, &right.matrix) !=
          GSL_SUCCESS ||
      gsl_linalg_complex_tri_invert(CblasUpper, CblasNonUnit, &right.matrix) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double complex sum = 0.0;
      for (size_t k = i; k < n; k++)
        sum += r[i * n + k] * conj(q[j * n + k]);
      a[i * n + j] = sum;
    }
  }
  return PLIM_OK;
}

/* The rows from the largest to the smallest: order, by insertion. */
static void sort_rows(size_t n, const double complex *a, size_t *order)
{
  double size[MOST] = {0.0};
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++)
      size[i] = fmax(size[i], cabs(a[i * n + j]));
    size_t place = i;
    for (; place > 0 && size[order[place - 1]] < size[i]; place--)
      order[place] = order[place - 1];
    order[place] = i;
  }
}

/* Equations and unknowns in the order of their sizes: without it reflections drown small rows in large ones, such as
   those with d before them. */
plim_status plimi_c_solve(size_t n, const double complex *a, double complex *x)
{
  double complex tau[MOST], sorted[MOST * MOST], right[MOST];
  size_t order[MOST];
  if (n > MOST)
    return PLIM_INVALID;
  sort_rows(n, a, order);
  for (size_t i = 0; i < n; i++) {
    right[i] = x[order[i]];
    for (size_t j = 0; j < n; j++)
      sorted[i * n + j] = a[order[i] * n + order[j]];
  }
  const plim_status status = factor(n, sorted, tau);
  if (status != PLIM_OK)
    return status;
  gsl_matrix_complex_view view = gsl_matrix_complex_view_array((double *)sorted, n, n);
  gsl_vector_complex_view scale = gsl_vector_complex_view_array((double *)tau, n),
                          vector = gsl_vector_complex_view_array((double *)right, n);
  if (gsl_linalg_complex_QR_svx(&view.matrix, &scale.vector, &vector.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++)
    x[order[i]] = right[i];
  return PLIM_OK;
}

void plimi_c_multiply(size_t n, const double complex *a, const double complex *b, double complex *product)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      double complex sum = 0.0;
      for (size_t k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
      product[i * n + j] = sum;
    }
  }
}
