/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smoother.c - an activation averaged over a Gaussian neighbourhood: S(v) = E_y sigma(v + y), y ~ N(0,1), and S'(v).

   SOURCE. The average of a group of neurons with the same slope, [BA] NeurIPS eq. 5.1 and Lemma 6 (theory.md section
   8).

   METHOD. S is wanted at very many v, and it is smooth on the scale 1 whatever sigma is. So it is computed at
   Chebyshev nodes on panels of width 2 as they are asked for, and a panel is a GSL Chebyshev series from then on: its
   n-th coefficient falls like 2^-n/sqrt(n!). At a node, S is a sum of Gauss-Legendre rules (GSL) over |y| <=
   9.5, cut where sigma is (plim_activation_features). The width of these pieces is halved until the answer
   stands still at a few v. S' has the same integral with y sigma(v + y) (Gaussian integration by parts), so it
   needs no sigma' and loses no digits to differences.

   ERROR. plimi_smoother_error, relative to 1 + |S|, for both: read off from the last halving, plus rounding.
   DOMAIN. |v| <= range. PLIM_NOT_CONVERGED if sigma is too rough for pieces of width 1/64. */
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_chebyshev.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "bounded.h"
#include "theory.h"

enum { SERIES_ORDER = 24, RULE_POINTS = 16 };
static const double panel_width = 2.0;
static const double half_window = 9.5; /* the normal density is 1e-20 there */
static const double inv_sqrt_2pi = 0.39894228040143267794;

/* Over memory of ours: gsl_cheb_alloc leaks what it has when it gets no more. */
typedef struct {
  gsl_cheb_series value, slope;
  double *storage; /* NULL: not yet needed */
} panel;

struct plimi_smoother {
  const plim_activation *activation;
  const double *cuts;
  size_t n_cuts;
  gsl_integration_glfixed_table *rule;
  double width; /* of the pieces */
  double error;
  size_t reach; /* panels 0 .. 2 reach - 1 start at (-reach .. reach - 1) panel_width */
  panel *panels;
};

/* What one integral is: at v, of sigma or of y sigma. */
typedef struct {
  const plimi_smoother *smoother;
  double v;
  bool is_slope;
} average;

/* Sum of Gauss-Legendre rules for [y] sigma(v + y) density(y) over left <= v + y <= right, no cut inside. */
static double piece(const average *q, double left, double right)
{
  const plimi_smoother *s = q->smoother;
  const size_t pieces = (size_t)fmax(1.0, ceil((right - left) / s->width));
  const double step = (right - left) / (double)pieces;
  double sum = 0.0, at[RULE_POINTS], weight[RULE_POINTS], sigma[RULE_POINTS];
  for (size_t i = 0; i < pieces; i++) {
    const double low = left + (double)i * step;
    for (size_t j = 0; j < RULE_POINTS; j++)
      gsl_integration_glfixed_point(low, low + step, j, &at[j], &weight[j], s->rule);
    plim_activation_values(s->activation, RULE_POINTS, at, sigma);
    for (size_t j = 0; j < RULE_POINTS; j++) {
      const double y = at[j] - q->v;
      sum += weight[j] * (q->is_slope ? y : 1.0) * sigma[j] * inv_sqrt_2pi * exp(-0.5 * y * y);
    }
  }
  return sum;
}

static double average_at(const average *q)
{
  const plimi_smoother *s = q->smoother;
  const double end = q->v + half_window;
  double sum = 0.0, left = q->v - half_window;
  for (size_t i = 0; i < s->n_cuts; i++) {
    if (s->cuts[i] > left && s->cuts[i] < end) {
      sum += piece(q, left, s->cuts[i]);
      left = s->cuts[i];
    }
  }
  return sum + piece(q, left, end);
}

static double value_at(double v, void *params)
{
  const average q = {.smoother = params, .v = v, .is_slope = false};
  return average_at(&q);
}

static double slope_at(double v, void *params)
{
  const average q = {.smoother = params, .v = v, .is_slope = true};
  return average_at(&q);
}

/* Halve the width of the pieces until S stands still where the activation is most likely to have its features. */
static plim_status calibrate(plimi_smoother *s)
{
  static const double probes[] = {-7.31, -3.17, -1.13, -0.29, 0.53, 1.87, 4.61, 8.03};
  enum { PROBES = sizeof probes / sizeof probes[0] };
  const double narrowest = 1.0 / 64.0;
  for (s->width = 2.0; s->width >= narrowest; s->width *= 0.5) {
    double change = 0.0, size = 0.0;
    for (size_t i = 0; i < PROBES; i++) {
      const double coarse = value_at(probes[i], s);
      s->width *= 0.5;
      const double fine = value_at(probes[i], s);
      s->width *= 2.0;
      if (!isfinite(coarse) || !isfinite(fine))
        return PLIM_NOT_FINITE;
      change = fmax(change, fabs(fine - coarse) / (1.0 + fabs(fine)));
      size = fmax(size, fabs(fine));
    }
    if (change <= 32.0 * DBL_EPSILON) {
      s->error = change + 32.0 * DBL_EPSILON;
      return PLIM_OK;
    }
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_smoother_alloc(const plim_activation *activation, double range, plimi_smoother **smoother)
{
  plimi_smoother *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->activation = activation;
  made->cuts = plim_activation_features(activation, &made->n_cuts);
  made->reach = (size_t)ceil(range / panel_width) + 1;
  made->panels = calloc(2 * made->reach, sizeof *made->panels);
  made->rule = gsl_integration_glfixed_table_alloc(RULE_POINTS);
  plim_status status = PLIM_NO_MEMORY;
  if (made->panels != NULL && made->rule != NULL)
    status = calibrate(made);
  if (status != PLIM_OK) {
    plimi_smoother_free(made);
    return status;
  }
  *smoother = made;
  return PLIM_OK;
}

void plimi_smoother_free(plimi_smoother *smoother)
{
  if (smoother == NULL)
    return;
  for (size_t i = 0; smoother->panels != NULL && i < 2 * smoother->reach; i++)
    free(smoother->panels[i].storage);
  if (smoother->rule != NULL)
    gsl_integration_glfixed_table_free(smoother->rule);
  free(smoother->panels);
  free(smoother);
}

static plim_status fill_panel(plimi_smoother *s, panel *p, double left)
{
  enum { LENGTH = SERIES_ORDER + 1 };
  gsl_function value = {.function = value_at, .params = s}, slope = {.function = slope_at, .params = s};
  double *storage = malloc(4 * LENGTH * sizeof *storage);
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  p->value =
      (gsl_cheb_series){.c = storage, .f = storage + LENGTH, .order = SERIES_ORDER, .order_sp = SERIES_ORDER};
  p->slope = p->value;
  p->slope.c += 2 * LENGTH;
  p->slope.f += 2 * LENGTH;
  if (gsl_cheb_init(&p->value, &value, left, left + panel_width) != GSL_SUCCESS ||
      gsl_cheb_init(&p->slope, &slope, left, left + panel_width) != GSL_SUCCESS) {
    free(storage);
    return PLIM_FAILED;
  }
  p->storage = storage;
  return isfinite(gsl_cheb_eval(&p->value, left)) ? PLIM_OK : PLIM_NOT_FINITE;
}

plim_status plimi_smooth(plimi_smoother *smoother, double v, double *value, double *slope)
{
  const double reach = (double)smoother->reach, index = floor(v / panel_width), left = index * panel_width;
  if (!(index >= -reach && index < reach))
    return PLIM_OUTSIDE_DOMAIN;
  panel *p = &smoother->panels[(size_t)(index + reach)];
  if (p->storage == NULL) {
    const plim_status status = fill_panel(smoother, p, left);
    if (status != PLIM_OK)
      return status;
  }
  *value = gsl_cheb_eval(&p->value, v);
  *slope = gsl_cheb_eval(&p->slope, v);
  return PLIM_OK;
}

double plimi_smoother_error(const plimi_smoother *smoother)
{
  return smoother->error;
}
