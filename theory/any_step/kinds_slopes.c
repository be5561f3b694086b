/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_slopes.c - moments of sigma'(z), z ~ N(0,1): what the first batch does to a neuron, any_activation.md.

   METHOD. 16-point Gauss-Legendre pieces (GSL) between the features of sigma, halved until the two highest moments stand still, out
   to 14: the density times the eighth power of z is 1e-33 there. c2 = E z sigma' and its kin need no second derivative,
   so sigma may have kinks. Two passes: the central moments are averages of powers of sigma' - mu1, not differences. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "kinds.h"

enum { RULE = 16, MOST_DEPTH = 12, MOMENTS = 9 };
static const double end_of_line = 14.0, widest = 1.0;
static const double inv_sqrt_2pi = 0.39894228040143267794;

typedef struct {
  const plim_activation *activation;
  const gsl_integration_glfixed_table *rule;
  double mu1;
  double sum[MOMENTS];
} survey;

/* E of x, z x, z^2 x, x^2, z x^2, z^2 x^2, x^3, z x^3, x^4 over a piece, x = sigma' - mu1. */
static void measure(const survey *q, double left, double right, double sum[MOMENTS])
{
  double at[RULE], weight[RULE], slope[RULE];
  memset(sum, 0, MOMENTS * sizeof *sum);
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], q->rule);
  plim_activation_derivatives(q->activation, RULE, at, slope);
  for (size_t j = 0; j < RULE; j++) {
    const double z = at[j], x = slope[j] - q->mu1, p = weight[j] * inv_sqrt_2pi * exp(-0.5 * z * z);
    const double term[MOMENTS] = {x,         z * x,         z * z * x,    x * x, z * x * x, z * z * x * x,
                                  x * x * x, z * x * x * x, x * x * x * x};
    for (size_t i = 0; i < MOMENTS; i++)
      sum[i] += p * term[i];
  }
}

static void add(survey *q, double left, double right, int depth)
{
  const double middle = 0.5 * (left + right), exact = 1e-15;
  double whole[MOMENTS], half[MOMENTS], other[MOMENTS];
  measure(q, left, right, whole);
  measure(q, left, middle, half);
  measure(q, middle, right, other);
  const double change = fmax(fabs(half[3] + other[3] - whole[3]), fabs(half[8] + other[8] - whole[8]));
  if (depth < MOST_DEPTH && change > exact * (1.0 + half[8] + other[8])) {
    add(q, left, middle, depth + 1);
    add(q, middle, right, depth + 1);
    return;
  }
  for (size_t i = 0; i < MOMENTS; i++)
    q->sum[i] += half[i] + other[i];
}

plim_status plimi_slopes_of(const plim_activation *activation, double mu1, plimi_slopes *slopes)
{
  survey q = {.activation = activation, .mu1 = mu1};
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(RULE);
  if (rule == NULL)
    return PLIM_NO_MEMORY;
  q.rule = rule;
  size_t n_cuts;
  const double *cut = plim_activation_features(activation, &n_cuts);
  double left = -end_of_line;
  for (size_t i = 0; i <= n_cuts; i++) {
    const double right = i < n_cuts ? fmin(cut[i], end_of_line) : end_of_line;
    if (right <= left)
      continue;
    const size_t pieces = (size_t)ceil((right - left) / widest);
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces; j++)
      add(&q, left + (double)j * width, left + (double)(j + 1) * width, 0);
    left = right;
  }
  gsl_integration_glfixed_table_free(rule);
  const double *s = q.sum, c2 = s[1], c3 = s[2] - s[0], nu2 = s[3];
  /* E (z^2-1) sigma'^2 = E (z^2-1) x^2 + 2 mu1 c3 */
  *slopes = (plimi_slopes){.c2 = c2,
                           .c3 = c3,
                           .nu2 = nu2,
                           .nu3 = fmax(nu2 - c2 * c2, 0.0),
                           .dilation = 0.5 * (s[5] - s[3]),
                           .x3 = s[6],
                           .zx2 = s[4],
                           .zx3 = s[7] - c2 * nu2,
                           .vzx = s[5] - c2 * c2,
                           .vxx = s[8] - nu2 * nu2};
  return isfinite(nu2) && isfinite(s[8]) ? PLIM_OK : PLIM_NOT_FINITE;
}
