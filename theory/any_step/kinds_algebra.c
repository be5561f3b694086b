/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_algebra.c - small complex matrices, through GSL's factorisation. */
#include <string.h>

#include <gsl/gsl_complex.h>
#include <gsl/gsl_linalg.h>

#include "kinds.h"

enum { MOST = 32 };

/* A permutation without an allocation for each small system. */
static plim_status factor(size_t n, double complex *a, gsl_permutation *order, size_t *room)
{
  int sign;
  if (n > MOST)
    return PLIM_INVALID;
  *order = (gsl_permutation){.size = n, .data = room};
  gsl_matrix_complex_view view = gsl_matrix_complex_view_array((double *)a, n, n);
  if (gsl_linalg_complex_LU_decomp(&view.matrix, order, &sign) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++)
    if (!(cabs(a[i * n + i]) > 0.0))
      return PLIM_NOT_CONVERGED;
  return PLIM_OK;
}

plim_status plimi_c_invert(size_t n, double complex *a)
{
  size_t room[MOST];
  gsl_permutation order;
  const plim_status status = factor(n, a, &order, room);
  if (status != PLIM_OK)
    return status;
  gsl_matrix_complex_view view = gsl_matrix_complex_view_array((double *)a, n, n);
  return gsl_linalg_complex_LU_invx(&view.matrix, &order) == GSL_SUCCESS ? PLIM_OK : PLIM_NOT_CONVERGED;
}

plim_status plimi_c_solve(size_t n, double complex *a, double complex *x)
{
  size_t room[MOST];
  gsl_permutation order;
  const plim_status status = factor(n, a, &order, room);
  if (status != PLIM_OK)
    return status;
  gsl_matrix_complex_view view = gsl_matrix_complex_view_array((double *)a, n, n);
  gsl_vector_complex_view vector = gsl_vector_complex_view_array((double *)x, n);
  return gsl_linalg_complex_LU_svx(&view.matrix, &order, &vector.vector) == GSL_SUCCESS ? PLIM_OK
                                                                                        : PLIM_NOT_CONVERGED;
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
