/* SPDX-License-Identifier: GPL-3.0-or-later */
/* one_slope.h - R(u), the risk of the average of neurons of one u. Formula and notation stand in student.c. */
#ifndef PLIM_THEORY_ONE_SLOPE_H
#define PLIM_THEORY_ONE_SLOPE_H

#include <stddef.h>

#include <gsl/gsl_integration.h>

#include "theory.h"

enum { PLIMI_SLOPE_TERMS = 2048 };
static const double plimi_slope_tolerance = 1e-13; /* of the series, relative to E sigma*^2, at the start */

/* f(scale z) - mean times weight and density at quadrature nodes, and the recurrence's two rows. */
typedef struct {
  size_t n;
  double *z, *lower, *here;
  double square; /* E (f - mean)^2 */
} plimi_slope_nodes;

typedef struct {
  const plimi_input *in;
  gsl_integration_glfixed_table *rule;
  size_t points; /* of the rule */
  plimi_slope_nodes nodes;
  double *teacher;                /* b_k */
  double left[PLIMI_SLOPE_TERMS]; /* what b_k^2, from k on, add up to */
  double tolerance;               /* of the series */
  double remainder;               /* bound of what the last series left out */
  double theta1, theta2;          /* in units of u */
  plim_status status;             /* of the last evaluation inside a minimiser */
  double rival; /* of the last choice: by how much the next best u is worse; INFINITY: there is none */
} plimi_one_slope;

/* With `points` nodes a piece; to be closed whatever the status. */
plim_status plimi_one_slope_open(const plimi_input *in, size_t points, plimi_one_slope *s) PLIM_MUST_CHECK;
void plimi_one_slope_close(plimi_one_slope *s);

/* R(u). */
plim_status plimi_one_slope_risk(plimi_one_slope *s, double u, double *risk) PLIM_MUST_CHECK;

#endif
