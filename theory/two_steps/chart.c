/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c - the averages of average.c at one sd as piecewise polynomials in m.

   METHOD. Chebyshev interpolation on 16 nodes a cell. Cells begin at the kinks and at 0, +-1, +-2, +-4, ... and are
   halved until none is longer than 2 sd or than its distance from the next kink, whichever is larger (what a kink
   leaves is a layer of width sd), and until the last coefficients are rounding. The odd ones out are those that a
   narrow feature of a smooth sigma leaves between nodes: features (plim_activation.h) are cell edges as well.
   ERROR. 1e-12 relative to the largest slope of a cell, unless a cell of sd/16 is not enough. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "two_steps.h"

enum { NODES = PLIMI_CHART_NODES, MOST_CELLS = 1 << 12, MOST_DEPTH = 60 };
static const double rounding = 2e-13, pi = 3.14159265358979324;
static const double layer = 2.0;         /* of a kink, in units of sd */
static const double finest = 1.0 / 16.0; /* of a cell, in units of sd */

typedef struct {
  plimi_two_averager *averager;
  double sd;
  size_t kinks;
  const double *kink;
  plimi_two_chart *chart;
} builder;

void plimi_two_chart_clear(plimi_two_chart *chart)
{
  free(chart->edge);
  free(chart->coefficient);
  memset(chart, 0, sizeof *chart);
}

static plim_status make_room(plimi_two_chart *chart)
{
  if (chart->cells < chart->room)
    return PLIM_OK;
  const size_t room = 2 * chart->room + 64;
  double *edge = realloc(chart->edge, (room + 1) * sizeof *edge);
  if (edge != NULL)
    chart->edge = edge;
  double *coefficient = realloc(chart->coefficient, room * PLIMI_TWO_AVERAGES * NODES * sizeof *coefficient);
  if (coefficient != NULL)
    chart->coefficient = coefficient;
  if (edge == NULL || coefficient == NULL)
    return PLIM_NO_MEMORY;
  chart->room = room;
  return PLIM_OK;
}

static bool is_too_long(const builder *b, double left, double right)
{
  for (size_t i = 0; i < b->kinks; i++) {
    const double away = fmax(0.0, fmax(left - b->kink[i], b->kink[i] - right));
    if (right - left > fmax(layer * b->sd, away))
      return true;
  }
  return false;
}

/* Chebyshev coefficients of the cell; *is_exact: are the last ones rounding? */
static plim_status fit(const builder *b, double left, double right,
                       double coefficient[NODES][PLIMI_TWO_AVERAGES], bool *is_exact)
{
  double value[NODES][PLIMI_TWO_AVERAGES], size[PLIMI_TWO_AVERAGES] = {0.0};
  for (int k = 0; k < NODES; k++) {
    const double x = cos(pi * (k + 0.5) / NODES);
    const plim_status status =
        plimi_two_average(b->averager, 0.5 * (left + right) + 0.5 * (right - left) * x, b->sd, value[k]);
    if (status != PLIM_OK)
      return status;
    for (int f = 0; f < PLIMI_TWO_AVERAGES; f++)
      size[f] = fmax(size[f], fabs(value[k][f]));
  }
  size[PLIMI_TWO_TILT] = size[PLIMI_TWO_SLOPE] = sqrt(size[PLIMI_TWO_SQUARE]); /* both are no larger */
  *is_exact = true;
  for (int f = 0; f < PLIMI_TWO_AVERAGES; f++) {
    for (int j = 0; j < NODES; j++) {
      double sum = 0.0;
      for (int k = 0; k < NODES; k++)
        sum += value[k][f] * cos(pi * j * (k + 0.5) / NODES);
      coefficient[j][f] = (j == 0 ? 1.0 : 2.0) / NODES * sum;
    }
    for (int j = NODES - 3; j < NODES; j++)
      *is_exact = *is_exact && fabs(coefficient[j][f]) <= rounding * size[f];
  }
  return PLIM_OK;
}

static plim_status add_cell(builder *b, double left, double right, int depth)
{
  double coefficient[NODES][PLIMI_TWO_AVERAGES];
  bool is_exact = false;
  plim_status status = PLIM_OK;
  if (depth >= MOST_DEPTH || !is_too_long(b, left, right))
    status = fit(b, left, right, coefficient, &is_exact);
  if (status != PLIM_OK)
    return status;
  if (!is_exact && depth < MOST_DEPTH && right - left > finest * b->sd) {
    const double middle = 0.5 * (left + right);
    status = add_cell(b, left, middle, depth + 1);
    return status == PLIM_OK ? add_cell(b, middle, right, depth + 1) : status;
  }
  status = b->chart->cells < MOST_CELLS ? make_room(b->chart) : PLIM_NOT_CONVERGED;
  if (status != PLIM_OK)
    return status;
  plimi_two_chart *chart = b->chart;
  memcpy(chart->coefficient + chart->cells * PLIMI_TWO_AVERAGES * NODES, coefficient, sizeof coefficient);
  chart->edge[chart->cells] = left;
  chart->edge[++chart->cells] = right;
  return PLIM_OK;
}

/* The first of 0, +-1, +-2, +-4, ... right of x. */
static double next_rung(double x)
{
  if (x >= 0.0) {
    double rung = 1.0;
    while (rung <= x)
      rung *= 2.0;
    return rung;
  }
  double rung = 1.0;
  while (2.0 * rung < -x)
    rung *= 2.0;
  return rung < -x ? -rung : 0.0;
}

plim_status plimi_two_chart_make(const plim_activation *activation, plimi_two_averager *averager,
                                 plimi_two_span span, plimi_two_chart *chart)
{
  builder b = {.averager = averager, .sd = span.sd, .chart = chart};
  size_t features, next = 0;
  const double *feature = plim_activation_features(activation, &features);
  b.kink = plim_activation_kinks(activation, &b.kinks);
  memset(chart, 0, sizeof *chart);
  plim_status status = PLIM_OK;
  for (double left = span.low, right; left < span.high && status == PLIM_OK; left = right) {
    while (next < features && feature[next] <= left)
      next++;
    right = fmin(span.high, next_rung(left));
    if (next < features)
      right = fmin(right, feature[next]);
    status = add_cell(&b, left, right, 0);
  }
  return status;
}

void plimi_two_chart_at(const plimi_two_chart *chart, size_t *cell, double m,
                        double average[PLIMI_TWO_AVERAGES])
{
  size_t i = *cell;
  while (i > 0 && m < chart->edge[i])
    i--;
  while (i + 1 < chart->cells && m > chart->edge[i + 1])
    i++;
  *cell = i;
  const double left = chart->edge[i], right = chart->edge[i + 1];
  const double x = fmin(fmax((2.0 * m - left - right) / (right - left), -1.0), 1.0), twice = 2.0 * x;
  const double *c = chart->coefficient + i * PLIMI_TWO_AVERAGES * NODES;
  double above[PLIMI_TWO_AVERAGES] = {0.0}, higher[PLIMI_TWO_AVERAGES] = {0.0};
  for (int j = NODES - 1; j > 0; j--) {
    double here[PLIMI_TWO_AVERAGES];
    for (int f = 0; f < PLIMI_TWO_AVERAGES; f++)
      here[f] = c[j * PLIMI_TWO_AVERAGES + f] + twice * above[f] - higher[f];
    memcpy(higher, above, sizeof higher);
    memcpy(above, here, sizeof above);
  }
  for (int f = 0; f < PLIMI_TWO_AVERAGES; f++)
    average[f] = c[f] + x * above[f] - higher[f];
}
