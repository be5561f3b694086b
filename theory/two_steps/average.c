/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average.c - an activation and its slope averaged over a normal variable, wherever its kinks are.

   FORMULA. E sigma, E sigma', E g sigma', E sigma'^2 at m + sd g, g ~ N(0,1).
   METHOD. The window m +- 9 sd is cut at plim_activation_cuts and into pieces of at most 2 sd and 1; a 20-point
   Gauss-Legendre rule (GSL) on each. Between its cuts sigma is a polynomial of degree 16 to rounding on a piece of
   length 1/2, or smooth on the scale of the piece (plim_activation.h).
   WHY NOTHING CANCELS. E sigma'' is not taken from second differences: E g sigma' = sd E sigma'' needs no second
   derivative, so that sigma' may jump.
   ERROR. Rounding, 1e-15 relative to the largest |sigma'| in the window, and that of sigma' of an expression.
   sd = 0: the function itself. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "../gaussian_grid.h"
#include "two_steps.h"

enum { RULE = 20, MOST_PIECES = 4096 };
static const double half_window = 9.0; /* the normal density is 1e-18 there */
static const double widest = 1.0, widest_in_sd = 2.0;

struct plimi_two_averager {
  const plim_activation *activation;
  size_t cuts;
  const double *cut;
  gsl_integration_glfixed_table *rule;
};

plim_status plimi_two_averager_alloc(const plim_activation *activation, plimi_two_averager **averager)
{
  plimi_two_averager *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->activation = activation;
  made->cut = plim_activation_cuts(activation, &made->cuts);
  made->rule = gsl_integration_glfixed_table_alloc(RULE);
  if (made->rule == NULL) {
    free(made);
    return PLIM_NO_MEMORY;
  }
  *averager = made;
  return PLIM_OK;
}

void plimi_two_averager_free(plimi_two_averager *averager)
{
  if (averager != NULL)
    gsl_integration_glfixed_table_free(averager->rule);
  free(averager);
}

/* The first cut right of x. */
static size_t cut_after(const plimi_two_averager *a, double x)
{
  size_t low = 0, high = a->cuts;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (a->cut[middle] <= x)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

typedef struct {
  double m, sd, mass, sum[PLIMI_TWO_AVERAGES];
} totals;

static void add_piece(const plimi_two_averager *a, double left, double right, totals *total)
{
  double at[RULE], weight[RULE], value[RULE], slope[RULE];
  for (size_t i = 0; i < RULE; i++)
    gsl_integration_glfixed_point(left, right, i, &at[i], &weight[i], a->rule);
  plim_activation_values(a->activation, RULE, at, value);
  plim_activation_derivatives(a->activation, RULE, at, slope);
  for (size_t i = 0; i < RULE; i++) {
    const double g = (at[i] - total->m) / total->sd, p = weight[i] * exp(-0.5 * g * g);
    total->mass += p;
    total->sum[PLIMI_TWO_VALUE] += p * value[i];
    total->sum[PLIMI_TWO_SLOPE] += p * slope[i];
    total->sum[PLIMI_TWO_TILT] += p * g * slope[i];
    total->sum[PLIMI_TWO_SQUARE] += p * slope[i] * slope[i];
  }
}

plim_status plimi_two_average(plimi_two_averager *a, double m, double sd, double average[PLIMI_TWO_AVERAGES])
{
  if (sd == 0.0) {
    average[PLIMI_TWO_VALUE] = plim_activation_value(a->activation, m);
    average[PLIMI_TWO_SLOPE] = plim_activation_derivative(a->activation, m);
    average[PLIMI_TWO_TILT] = 0.0;
    average[PLIMI_TWO_SQUARE] = average[PLIMI_TWO_SLOPE] * average[PLIMI_TWO_SLOPE];
    return PLIM_OK;
  }
  const double end = m + half_window * sd, most = fmin(widest, widest_in_sd * sd);
  totals total = {.m = m, .sd = sd};
  double left = m - half_window * sd;
  size_t pieces = 0;
  for (size_t next = cut_after(a, left); left < end; next++) {
    const double right = next < a->cuts ? fmin(a->cut[next], end) : end;
    const double parts = fmax(ceil((right - left) / most), 1.0);
    pieces += (size_t)fmin(parts, MOST_PIECES);
    if (!isfinite(right - left) || pieces > MOST_PIECES)
      return PLIM_NOT_CONVERGED;
    const double width = (right - left) / parts;
    for (double part = 0.0; part < parts; part++)
      add_piece(a, left + part * width, part + 1.0 < parts ? left + (part + 1.0) * width : right, &total);
    left = right;
  }
  for (int k = 0; k < PLIMI_TWO_AVERAGES; k++) {
    average[k] = total.sum[k] / total.mass;
    if (!isfinite(average[k]))
      return PLIM_NOT_FINITE;
  }
  return PLIM_OK;
}
