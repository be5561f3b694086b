/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average.c - a function averaged over N(v, sd^2) for many v: its mean, slope and what neither
   explains.

   FORMULA. With f = f(v + sd g) - mean and g ~ N(0,1):  m = E f,  slope = E g f,  rest = E (f - m - slope
   g)^2. In section 9.1 of theory.md these are m_b, S_b, E2_b (f = sigma) and h, h1, h2 - h^2 - h1^2 (f =
   sigma*).

   METHOD. f is tabulated once on 16-point Gauss-Legendre pieces (GSL), cut where plim_activation_features says,
   no wider than sd (so that the normal density is integrated to rounding) and halved until f itself is. An
   average then sums the pieces within 9 sd of v.
   WHY NOTHING CANCELS. rest is an average of squares, not E f^2 - m^2 - slope^2: nearly linear functions and
   neurons deep in saturation keep their digits. The two sums are divided by the sum of the weights, so that a
   constant is exact.
   ERROR. Rounding, 1e-15 relative to the largest |f| within reach, unless f is rough on the scale 1/1024. */
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "any_step.h"
#include "../bounded.h"

enum { RULE = 16, MOST_DEPTH = 10 };
static const double half_window = 9.0; /* the normal density is 1e-18 there */
static const double widest = 2.0;      /* of a piece, in units of sd */

struct plimi_ruler {
  const plim_activation *function;
  double mean, sd;
  gsl_integration_glfixed_table *rule;
  size_t pieces, room;
  double *edge;                      /* pieces x 2 */
  double *at, *weight, *f, *scratch; /* pieces x RULE */
};

static plim_status make_room(plimi_ruler *r)
{
  if (r->pieces < r->room)
    return PLIM_OK;
  const size_t room = 2 * r->room + 64;
  double **column[] = {&r->edge, &r->at, &r->weight, &r->f, &r->scratch};
  for (size_t i = 0; i < 5; i++) {
    double *longer = realloc(*column[i], room * (i == 0 ? 2 : RULE) * sizeof *longer);
    if (longer == NULL)
      return PLIM_NO_MEMORY;
    *column[i] = longer;
  }
  r->room = room;
  return PLIM_OK;
}

/* int f and int f^2 over a piece, and the largest |f| */
static void measure(const plimi_ruler *r, double left, double right, double sum[3])
{
  double at[RULE], weight[RULE], f[RULE];
  sum[0] = sum[1] = sum[2] = 0.0;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], r->rule);
  plim_activation_values(r->function, RULE, at, f);
  for (size_t j = 0; j < RULE; j++) {
    const double value = f[j] - r->mean;
    sum[0] += weight[j] * value;
    sum[1] += weight[j] * value * value;
    sum[2] = fmax(sum[2], fabs(value));
  }
}

static plim_status keep(plimi_ruler *r, double left, double right)
{
  const plim_status status = make_room(r);
  if (status != PLIM_OK)
    return status;
  const size_t first = r->pieces * RULE;
  r->edge[2 * r->pieces] = left;
  r->edge[2 * r->pieces + 1] = right;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &r->at[first + j], &r->weight[first + j], r->rule);
  plim_activation_values(r->function, RULE, r->at + first, r->f + first);
  for (size_t j = 0; j < RULE; j++) {
    r->f[first + j] -= r->mean;
    if (!isfinite(r->f[first + j]))
      return PLIM_NOT_FINITE;
  }
  r->pieces++;
  return PLIM_OK;
}

static plim_status add(plimi_ruler *r, double left, double right, int depth)
{
  const double middle = 0.5 * (left + right);
  double whole[3], half[3], other[3];
  measure(r, left, right, whole);
  measure(r, left, middle, half);
  measure(r, middle, right, other);
  const double size = fmax(whole[2], fmax(half[2], other[2])),
               exact = 16.0 * DBL_EPSILON * (right - left) * size;
  if (depth >= MOST_DEPTH ||
      (fabs(half[0] + other[0] - whole[0]) <= exact && fabs(half[1] + other[1] - whole[1]) <= exact * size))
    return keep(r, left, right);
  const plim_status status = add(r, left, middle, depth + 1);
  return status == PLIM_OK ? add(r, middle, right, depth + 1) : status;
}

static plim_status tabulate(plimi_ruler *r, double low, double high)
{
  size_t n_cuts;
  const double *cut = plim_activation_features(r->function, &n_cuts);
  double left = low;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= n_cuts && status == PLIM_OK; i++) {
    const double right = i < n_cuts ? fmin(cut[i], high) : high;
    if (right <= left)
      continue;
    const size_t pieces = (size_t)ceil((right - left) / (widest * r->sd));
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces && status == PLIM_OK; j++)
      status = add(r, left + (double)j * width, left + (double)(j + 1) * width, 0);
    left = right;
  }
  return status;
}

plim_status plimi_ruler_alloc(const plim_activation *function, double mean, plimi_reach reach,
                              plimi_ruler **ruler)
{
  plimi_ruler *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->function = function;
  made->mean = mean;
  made->sd = reach.sd;
  made->rule = gsl_integration_glfixed_table_alloc(RULE);
  plim_status status = PLIM_NO_MEMORY;
  if (made->rule != NULL)
    status = tabulate(made, reach.low - half_window * reach.sd, reach.high + half_window * reach.sd);
  if (status != PLIM_OK) {
    plimi_ruler_free(made);
    return status;
  }
  *ruler = made;
  return PLIM_OK;
}

void plimi_ruler_free(plimi_ruler *ruler)
{
  if (ruler == NULL)
    return;
  if (ruler->rule != NULL)
    gsl_integration_glfixed_table_free(ruler->rule);
  free(ruler->edge);
  free(ruler->at);
  free(ruler->weight);
  free(ruler->f);
  free(ruler->scratch);
  free(ruler);
}

void plimi_ruler_average(const plimi_ruler *ruler, double v, double *m, double *slope, double *rest)
{
  const double sd = ruler->sd;
  double mass = 0.0, mean = 0.0, g_mass = 0.0, g2_mass = 0.0, along = 0.0, square = 0.0;
  size_t first = 0, last = ruler->pieces;
  while (first < last && ruler->edge[2 * first + 1] <= v - half_window * sd)
    first++;
  while (last > first && ruler->edge[2 * last - 2] >= v + half_window * sd)
    last--;
  double *weight = ruler->scratch;
  for (size_t i = first * RULE; i < last * RULE; i++) {
    const double g = (ruler->at[i] - v) / sd, p = ruler->weight[i] * exp(-0.5 * g * g), f = p * ruler->f[i];
    weight[i] = p;
    mass += p;
    g_mass += p * g;
    g2_mass += p * g * g;
    mean += f;
    along += g * f;
  }
  mean /= mass;
  along = (along - g_mass * mean) / g2_mass;
  for (size_t i = first * RULE; i < last * RULE; i++) {
    const double residual = ruler->f[i] - mean - along * (ruler->at[i] - v) / sd;
    square += weight[i] * residual * residual;
  }
  *m = mean;
  *slope = along;
  *rest = square / mass;
}
