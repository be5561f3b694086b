/* SPDX-License-Identifier: GPL-3.0-or-later */
/* symmetric.h - GSL's workspace for the eigenvectors of a symmetric matrix, over memory of ours: gsl_eigen_symmv_alloc
   leaks what it has when it gets no more. Private to theory/. */
#ifndef PLIM_THEORY_SYMMETRIC_H
#define PLIM_THEORY_SYMMETRIC_H

#include <gsl/gsl_eigen.h>

/* storage: 4 n; the workspace ends with it. */
static inline gsl_eigen_symmv_workspace plimi_symmetric_workspace(size_t n, double *storage)
{
  return (gsl_eigen_symmv_workspace){
      .size = n, .d = storage, .sd = storage + n, .gc = storage + 2 * n, .gs = storage + 3 * n};
}

#endif
