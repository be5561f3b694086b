/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.h - weighted least squares over a ladder of sizes: what compare.c and covered.c share. Private to src/judge. */
#ifndef PLIM_JUDGE_FIT_H
#define PLIM_JUDGE_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_compare.h"

enum { PLIMI_MOST_TERMS = PLIM_MOST_TERMS };
#define PLIMI_LOGARITHM 0.0 /* in the place of a rate: the column is log u */

/* The columns' orthogonalisation: column t is x_t = q_t + sum_{s<t} r[t][s] q_s, with |q_s|^2 = norm[s].
   Column `terms` is the constant. Rungs enter one at a time, so nothing is stored that grows with the ladder.
   Columns are in u = d/d_min, weights relative to the best rung. */
typedef struct {
  const plim_rung *rungs;
  size_t count, terms;
  const double *rates;
  double d_min, d_max, e_min;
  double r[PLIMI_MOST_TERMS + 1][PLIMI_MOST_TERMS + 1];
  double norm[PLIMI_MOST_TERMS + 1];
} plimi_fit;

/* Checks of what the caller gave; then PLIM_INVALID if the columns cannot be told apart. `rungs` and `rates` are
   referred to, not copied. count >= terms + 1. */
plim_status plimi_check_rates(const double *rates, size_t terms);
plim_status plimi_check_rungs(const plim_rung *rungs, size_t count);
plim_status plimi_fit_make(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                           plimi_fit *fit);

/* coefficient[t] of column t, t <= terms; the constant's is the limit. */
void plimi_fit_coefficients(const plimi_fit *f, double *coefficient);

/* What a unit, at the smallest size, of a term d^-power that is not fitted adds to coefficient t. */
double plimi_fit_gain(const plimi_fit *f, size_t t, double power);

/* What a unit, at the largest size, of such a term adds to the limit. */
double plimi_fit_gain_of_last(const plimi_fit *f, double power);

typedef struct {
  double error;   /* standard error with the allowance for estimated weights */
  double plain;   /* the same without it */
  double degrees; /* of freedom */
} plimi_uncertainty;

/* Of coefficient t. */
plimi_uncertainty plimi_fit_uncertainty(const plimi_fit *f, size_t t);

/* Of (1 - share) x coefficient t of `f` + share x coefficient s of `g`, two fits of the same ladder. */
plimi_uncertainty plimi_fit_uncertainty_between(const plimi_fit *f, size_t t, const plimi_fit *g, size_t s,
                                                double share);

/* Sum of the squared weighted residuals of `coefficient`, after a term extra (d/d_min)^-power has been taken off too,
   and its tail, as though `extra` were known. */
typedef struct {
  double chi2, p;
} plimi_misfit;
plimi_misfit plimi_fit_misfit(const plimi_fit *f, const double *coefficient, double extra, double power);

/* false: an overflow on the way */
bool plimi_is_finite_fit(const plim_extrapolation *e);

#endif
