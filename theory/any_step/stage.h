/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.h - what means.c and linear.c share: the linear stage of section 9.3 at
   work. */
#ifndef PLIM_ANY_STEP_STAGE_H
#define PLIM_ANY_STEP_STAGE_H

#include "any_step.h"

typedef struct {
  const plimi_mixture *mixture;
  plimi_state *state;
  size_t n, nodes, columns;                     /* columns: block means, or functions of k that are free */
  double share;                                 /* qf/psi2, and 0 where d is infinite */
  double *b1, *x, *f, *tau, *p, *block, *pull;  /* n: block is M, and 0 where d is infinite */
  double *lean;                                 /* n: Mz/sqrt(d), Mz = M zeta/sqrt(c) */
  double *b1_0, *f_0, *b1_u, *f_u, *b1_k, *f_k; /* n: V10 b1, u_i' b1, kappa_i' b1 and so on */
  double *pull_y;                               /* n: y_i' Mz/sqrt(d) */
  double *mean, *source;                        /* nodes; nodes + n */
  double *e, *penalty;                          /* n x n: E, and the factor of P's own */
  double *column;                               /* nodes x columns: what each adds to the mean at a node */
  double *left, *right;                         /* (nodes + 2 n) x (n + columns), nodes + 2 n */
  double *storage;
} plimi_stage;

/* Equation (5): fills everything of the stage but `source`. */
plim_status plimi_stage_means(plimi_stage *stage) PLIM_MUST_CHECK;

static inline double plimi_dot(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

#endif
