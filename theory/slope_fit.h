/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slope_fit.h - how far the teacher is from the average of neurons with one slope k along beta*. Private to
   large_step.c.

   f(k) = E_x r^2,  r(x) = sigma*(x) - S(k x),  S(v) = E_y sigma(v + y), sigma and sigma* centred. */
#ifndef PLIM_SLOPE_FIT_H
#define PLIM_SLOPE_FIT_H

#include "theory.h"

typedef struct plimi_slope_fit plimi_slope_fit;

/* f, f' = -2 E_x r x S'(k x), and the squared speed E_x (x S'(k x))^2 of the model in L2 */
typedef struct {
  double f, slope, speed2;
} plimi_fit_sample;

/* For |k| <= most. PLIM_NOT_CONVERGED: a teacher or an activation too rough for the quadrature. */
plim_status plimi_slope_fit_alloc(const plim_activation *activation, const plim_activation *teacher,
                                  double most, plimi_slope_fit **fit) PLIM_MUST_CHECK;
void plimi_slope_fit_free(plimi_slope_fit *fit); /* NULL is allowed */

/* `refinement` 1, or 2 for pieces half as wide. */
plim_status plimi_slope_fit_at(plimi_slope_fit *fit, double k, int refinement,
                               plimi_fit_sample *sample) PLIM_MUST_CHECK;

/* f as k -> sign * infinity, and c in f(k) = f(infinity) + c/|k| + ...: is it approached from above? f is
   INFINITY unless sigma has limits at both ends. */
typedef struct {
  double f, approach;
} plimi_fit_limit;
plim_status plimi_slope_fit_at_infinity(plimi_slope_fit *fit, double sign,
                                        plimi_fit_limit *limit) PLIM_MUST_CHECK;

/* Bound on the root mean square error of r and of S'. */
double plimi_slope_fit_error(const plimi_slope_fit *fit);

#endif
