/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian_grid.c - the half-line cut wherever sigma(z) or sigma(-z) is, and a Gauss-Legendre rule (GSL) on each piece;
   why that is enough stands in gaussian.c. */
#include "gaussian_grid.h"

#include <float.h>
#include <stdlib.h>

#include <gsl/gsl_integration.h>

enum { RULE = 20, WITNESSES = 3 };
static const double end_of_line = 38.5;
static const double sure_of_line = 12.0;             /* an expression is finite as far as this */
static const double widest = 0.5;                    /* of a piece */
static const size_t witness[WITNESSES] = {1, 9, 18}; /* of a piece's nodes, where errors are asked for */

static int ascending(const void *x, const void *y)
{
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* Where to stop: the last z at which sigma(z) and sigma(-z) are both finite. */
static double find_end(const plim_activation *activation)
{
  double low = sure_of_line, high = end_of_line;
  const double close = 1e-3;
  for (double z = high; high - low > close; z = 0.5 * (low + high)) {
    if (isfinite(plim_activation_value(activation, z)) && isfinite(plim_activation_value(activation, -z)))
      low = z;
    else
      high = z;
  }
  return low;
}

static plim_status set_edges(plimi_gaussian_grid *g)
{
  size_t cuts, count = 0;
  const double *cut = plim_activation_cuts(g->activation, &cuts);
  double *at = malloc((cuts + 2) * sizeof *at);
  if (at == NULL)
    return PLIM_NO_MEMORY;
  at[count++] = 0.0;
  at[count++] = g->end;
  for (size_t i = 0; i < cuts; i++) {
    if (cut[i] != 0.0 && fabs(cut[i]) < g->end)
      at[count++] = fabs(cut[i]);
  }
  qsort(at, count, sizeof *at, ascending);
  g->edge = malloc((count + (size_t)(g->end / widest) + 2) * sizeof *g->edge);
  if (g->edge == NULL) {
    free(at);
    return PLIM_NO_MEMORY;
  }
  g->edge[0] = 0.0;
  for (size_t i = 1; i < count; i++) {
    const double length = at[i] - at[i - 1], parts = ceil(length / widest);
    for (double part = 1.0; part <= parts; part++)
      g->edge[++g->pieces] = part < parts ? at[i - 1] + length * part / parts : at[i];
  }
  free(at);
  g->nodes = g->pieces * RULE;
  return PLIM_OK;
}

void plimi_gaussian_grid_clear(plimi_gaussian_grid *g)
{
  free(g->edge);
  free(g->z);
}

static plim_status make_room(plimi_gaussian_grid *g)
{
  g->z = malloc((6 * g->nodes + 5 * g->pieces) * sizeof *g->z);
  if (g->z == NULL)
    return PLIM_NO_MEMORY;
  g->weight = g->z + g->nodes;
  for (size_t side = 0; side < 2; side++) {
    g->sigma[side] = g->weight + (1 + side) * g->nodes;
    g->slope[side] = g->weight + (3 + side) * g->nodes;
    g->value_error[side] = g->weight + 5 * g->nodes + side * g->pieces;
    g->slope_error[side] = g->value_error[0] + (2 + side) * g->pieces;
  }
  g->mass = g->value_error[0] + 4 * g->pieces;
  return PLIM_OK;
}

/* The worst errors of a piece's witnesses. */
static void ask_witnesses(plimi_gaussian_grid *g, size_t piece)
{
  for (size_t side = 0; side < 2; side++) {
    double at[WITNESSES], value[WITNESSES], slope[WITNESSES];
    for (size_t i = 0; i < WITNESSES; i++)
      at[i] = (side == 0 ? 1.0 : -1.0) * g->z[piece * RULE + witness[i]];
    plim_activation_errors(g->activation, WITNESSES, at, value, slope);
    g->value_error[side][piece] = fmax(value[0], fmax(value[1], value[2]));
    g->slope_error[side][piece] = fmax(slope[0], fmax(slope[1], slope[2]));
  }
}

static plim_status fill(plimi_gaussian_grid *g)
{
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(RULE);
  if (rule == NULL)
    return PLIM_NO_MEMORY;
  for (size_t p = 0; p < g->pieces; p++) {
    g->mass[p] = 0.0;
    for (size_t j = 0; j < RULE; j++) {
      const size_t i = p * RULE + j;
      gsl_integration_glfixed_point(g->edge[p], g->edge[p + 1], j, &g->z[i], &g->weight[i], rule);
      g->mass[p] += g->weight[i] * plimi_normal_density(g->z[i]);
      g->sigma[0][i] = g->slope[0][i] = g->z[i];
      g->sigma[1][i] = g->slope[1][i] = -g->z[i];
    }
    ask_witnesses(g, p);
  }
  gsl_integration_glfixed_table_free(rule);
  for (size_t side = 0; side < 2; side++) {
    plim_activation_values(g->activation, g->nodes, g->sigma[side], g->sigma[side]);
    plim_activation_derivatives(g->activation, g->nodes, g->slope[side], g->slope[side]);
  }
  return PLIM_OK;
}

plim_status plimi_gaussian_grid_make(const plim_activation *activation, plimi_gaussian_grid *g)
{
  *g = (plimi_gaussian_grid){.activation = activation, .end = find_end(activation)};
  plim_status status = set_edges(g);
  if (status == PLIM_OK)
    status = make_room(g);
  return status == PLIM_OK ? fill(g) : status;
}

bool plimi_gaussian_has_moment(const plim_activation *activation, int power)
{
  const plimi_gaussian_grid line = {.activation = activation, .end = find_end(activation)};
  double rest;
  return plimi_gaussian_tail(&line, power, &rest) == PLIM_OK;
}

plim_status plimi_gaussian_tail(const plimi_gaussian_grid *g, int power, double *rest)
{
  *rest = 0.0;
  for (int side = -1; side <= 1; side += 2) {
    double size[2]; /* half way, at the end */
    for (int i = 0; i < 2; i++) {
      const double z = i == 0 ? 0.5 * g->end : g->end, root = exp(-0.5 * z * z / power);
      size[i] = pow(fabs(plim_activation_value(g->activation, side * z)) * root, power);
      if (!isfinite(size[i]))
        return PLIM_NOT_FINITE;
    }
    if (size[1] >= size[0] && size[1] > DBL_MIN)
      return PLIM_NOT_FINITE;
    if (size[1] > 0.0 && size[1] < size[0])
      *rest += PLIMI_INV_SQRT_2PI * size[1] * 0.5 * g->end / log(size[0] / size[1]);
  }
  return PLIM_OK;
}
