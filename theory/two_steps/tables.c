/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables.c - what neurons do at W1: averages over their own randomness, given what a sample sees of the first step.

   FORMULA (two_steps.md 1; derived here). f1 = E_zeta zeta E sigma(h), and per kind D, A, B, C, V (two_steps.h), at
   each (y, t) of the law, with
     same:   h = m(z) + e1 zeta sqrt(q0) g,   m(z) = z + e1 zeta (t + sigma'(z) y/psi1),
     fresh:  h = sqrt(c1) z + e1 zeta t.
   sigma'(z) y/psi1 is the sample's own term in the neuron's displacement: with the neuron's own slope on that sample,
   not its mean mu1.
   METHOD. fresh: average.c. same: the average over g from chart.c, at each z of Gauss-Legendre pieces (GSL) that are
   cut where sigma is and halved until m(z) crosses no more than two widths of the layer that a kink of sigma leaves,
   or stays as far from the kink as the piece is long: the integrand may jump nowhere, and what is steep is seen.
   e1 = 0: sigma(z) itself; all averages are those of its coefficients.
   ERROR. By refinement of the pieces in z with all else: two_steps.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "../gaussian_grid.h"
#include "two_steps.h"

enum {
  LEVELS = 5,
  MOST_RULE = 24,
  MOST_DEPTH = 48,
  MOST_PIECES = 1 << 14,
  COLUMN_SUMS = 1 + PLIMI_TWO_COLUMNS
};
static const size_t nodes_at[LEVELS] = {7, 9, 12, 16, 22}; /* a piece in z */
static const double end_of_z = 9.5, longest_in_z = 1.0;
static const double most_work = 4e8; /* points in z: half a minute */
static const double layer = 2.0;     /* of a kink, in units of its width */

/* z, sigma'(z) and the weight of z on one piece. */
typedef struct {
  double left, right;
  double z[MOST_RULE], slope[MOST_RULE], weight[MOST_RULE];
} piece;

typedef struct {
  const plimi_two *two;
  const plim_activation *activation;
  size_t rule_size, pieces, kinks;
  const double *kink;
  gsl_integration_glfixed_table *rule;
  piece *base;
  double steepest; /* |sigma'| at the nodes */
} line;

static void look_at(const line *l, double left, double right, piece *p)
{
  p->left = left;
  p->right = right;
  for (size_t i = 0; i < l->rule_size; i++)
    gsl_integration_glfixed_point(left, right, i, &p->z[i], &p->weight[i], l->rule);
  plim_activation_derivatives(l->activation, l->rule_size, p->z, p->slope);
  for (size_t i = 0; i < l->rule_size; i++)
    p->weight[i] *= plimi_normal_density(p->z[i]);
}

static void line_clear(line *l)
{
  if (l->rule != NULL) /* GSL does not ask */
    gsl_integration_glfixed_table_free(l->rule);
  free(l->base);
}

static plim_status line_make(const plimi_input *in, const plimi_two *two, unsigned level, line *l)
{
  size_t cuts, count = 0;
  const double *cut = plim_activation_cuts(in->problem->activation, &cuts);
  *l = (line){.two = two, .activation = in->problem->activation, .rule_size = nodes_at[level]};
  l->kink = plim_activation_kinks(l->activation, &l->kinks);
  l->rule = gsl_integration_glfixed_table_alloc(l->rule_size);
  if (l->rule == NULL)
    return PLIM_NO_MEMORY;
  for (int pass = 0; pass < 2; pass++) { /* first count */
    double left = -end_of_z;
    count = 0;
    for (size_t i = 0; i <= cuts; i++) {
      const double right = i < cuts ? fmin(cut[i], end_of_z) : end_of_z;
      if (right <= left)
        continue;
      const size_t parts = (size_t)ceil((right - left) / longest_in_z);
      for (size_t j = 0; j < parts; j++, count++)
        if (pass == 1)
          look_at(l, left + (right - left) * (double)j / (double)parts,
                  left + (right - left) * (double)(j + 1) / (double)parts, &l->base[count]);
      left = right;
    }
    if (pass == 0) {
      l->base = count <= MOST_PIECES ? malloc(count * sizeof *l->base) : NULL;
      if (l->base == NULL)
        return count <= MOST_PIECES ? PLIM_NO_MEMORY : PLIM_NOT_CONVERGED;
    }
  }
  l->pieces = count;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < l->rule_size; j++)
      l->steepest = fmax(l->steepest, fabs(l->base[i].slope[j]));
  return isfinite(l->steepest) ? PLIM_OK : PLIM_NOT_FINITE;
}

/* One kind at one (y, t): m = z + own sigma'(z) + shift. */
typedef struct {
  const line *line;
  const plimi_two_chart *chart;
  double own, shift, sd;
  double side; /* the sign of zeta: h has e1 zeta sqrt(q0) g, the chart sd g */
  size_t cell;
  double sum
      [COLUMN_SUMS]; /* E sigma(h) and the columns' E sigma', E z sigma', E g sigma', E sigma'(z) sigma', E sigma'^2 */
} neuron;

static void add_piece(const piece *p, neuron *q)
{
  for (size_t i = 0; i < q->line->rule_size; i++) {
    double at[PLIMI_TWO_AVERAGES];
    plimi_two_chart_at(q->chart, &q->cell, p->z[i] + q->own * p->slope[i] + q->shift, at);
    const double w = p->weight[i], slope = w * at[PLIMI_TWO_SLOPE];
    q->sum[0] += w * at[PLIMI_TWO_VALUE];
    q->sum[1 + PLIMI_TWO_D] += slope;
    q->sum[1 + PLIMI_TWO_A] += slope * p->z[i];
    q->sum[1 + PLIMI_TWO_B] += q->side * w * at[PLIMI_TWO_TILT];
    q->sum[1 + PLIMI_TWO_C] += slope * p->slope[i];
    q->sum[1 + PLIMI_TWO_V] += w * at[PLIMI_TWO_SQUARE];
  }
}

static bool is_too_long(const piece *p, const neuron *q)
{
  const size_t last = q->line->rule_size - 1, probe[] = {0, last / 2, last};
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < sizeof probe / sizeof *probe; i++) {
    const double m = p->z[probe[i]] + q->own * p->slope[probe[i]] + q->shift;
    low = fmin(low, m);
    high = fmax(high, m);
  }
  for (size_t i = 0; i < q->line->kinks; i++) {
    const double away = fmax(0.0, fmax(low - q->line->kink[i], q->line->kink[i] - high));
    if (high - low > fmax(layer * q->sd, away))
      return true;
  }
  return false;
}

static void refine(const piece *p, int depth, neuron *q)
{
  if (depth >= MOST_DEPTH || !is_too_long(p, q)) {
    add_piece(p, q);
    return;
  }
  const double middle = 0.5 * (p->left + p->right);
  piece half;
  look_at(q->line, p->left, middle, &half);
  refine(&half, depth + 1, q);
  look_at(q->line, middle, p->right, &half);
  refine(&half, depth + 1, q);
}

static void keep(const plimi_two *two, const neuron *q, size_t kind, size_t i, plimi_two_tables *t)
{
  const size_t at = kind * t->rows * t->law.nt + i;
  const double d = q->sum[1 + PLIMI_TWO_D];
  t->f1[i] += t->pi[kind] * t->zeta[kind] * q->sum[0];
  for (int c = 0; c < PLIMI_TWO_COLUMNS; c++)
    t->column[c][at] = q->sum[1 + c];
  t->column[PLIMI_TWO_C][at] -= two->mu1 * d;
  t->column[PLIMI_TWO_V][at] -= d * d;
}

/* same batch, one kind */
static plim_status fill_same(const line *l, plimi_two_averager *averager, double mean, size_t kind,
                             plimi_two_tables *t)
{
  const plimi_two *two = &t->two;
  const plimi_two_law *law = &t->law;
  const double push = two->e[0] * t->zeta[kind], sd = fabs(push) * sqrt(two->q0);
  double far_y = 0.0, far_t = 0.0;
  for (size_t i = 0; i < law->ny * law->nt; i++) {
    far_y = fmax(far_y, fabs(plimi_two_y(law, i)));
    far_t = fmax(far_t, fabs(plimi_two_t(law, i)));
  }
  const double far = end_of_z + fabs(push) * (far_t + l->steepest * far_y / two->psi1);
  plimi_two_chart chart;
  const plim_status status = plimi_two_chart_make(
      l->activation, averager, (plimi_two_span){.sd = sd, .low = -far, .high = far}, &chart);
  for (size_t i = 0; i < law->ny * law->nt && status == PLIM_OK; i++) {
    neuron q = {.line = l,
                .chart = &chart,
                .own = push * plimi_two_y(law, i) / two->psi1,
                .shift = push * plimi_two_t(law, i),
                .sd = sd,
                .side = copysign(1.0, push),
                .cell = chart.cells / 2};
    for (size_t p = 0; p < l->pieces; p++)
      refine(&l->base[p], 0, &q);
    q.sum[0] -= mean;
    keep(two, &q, kind, i, t);
  }
  plimi_two_chart_clear(&chart);
  return status;
}

static plim_status fill_fresh(plimi_two_averager *averager, double mean, size_t kind, plimi_two_tables *t)
{
  const plimi_two *two = &t->two;
  const double push = two->e[0] * t->zeta[kind], sd = sqrt(1.0 + push * push * two->q0);
  for (size_t i = 0; i < t->rows * t->law.nt; i++) {
    double at[PLIMI_TWO_AVERAGES];
    const plim_status status = plimi_two_average(averager, push * plimi_two_t(&t->law, i), sd, at);
    if (status != PLIM_OK)
      return status;
    neuron q = {.sum = {at[PLIMI_TWO_VALUE] - mean}};
    q.sum[1 + PLIMI_TWO_D] = at[PLIMI_TWO_SLOPE];
    q.sum[1 + PLIMI_TWO_A] = at[PLIMI_TWO_TILT] / sd;
    q.sum[1 + PLIMI_TWO_V] = at[PLIMI_TWO_SQUARE];
    keep(two, &q, kind, i, t);
  }
  return PLIM_OK;
}

/* e1 = 0: h = z */
static void fill_still(plimi_two_tables *t)
{
  const plimi_two *two = &t->two;
  neuron q = {.cell = 0};
  q.sum[1 + PLIMI_TWO_D] = two->mu1;
  q.sum[1 + PLIMI_TWO_A] = two->c2;
  q.sum[1 + PLIMI_TWO_C] = q.sum[1 + PLIMI_TWO_V] = two->nu2 + two->mu1 * two->mu1;
  for (size_t kind = 0; kind < t->kinds; kind++)
    for (size_t i = 0; i < t->rows * t->law.nt; i++)
      keep(two, &q, kind, i, t);
}

static plim_status fill(const plimi_input *in, unsigned level, plimi_two_tables *t)
{
  if (t->two.e[0] == 0.0) {
    fill_still(t);
    return PLIM_OK;
  }
  line l = {.rule = NULL};
  plimi_two_averager *averager;
  plim_status status = plimi_two_averager_alloc(in->problem->activation, &averager);
  if (status != PLIM_OK)
    return status;
  if (t->two.is_same)
    status = line_make(in, &t->two, level, &l);
  const double work = (double)(t->kinds * t->rows * t->law.nt) * (double)(l.pieces * l.rule_size);
  if (status == PLIM_OK && work > most_work)
    status = PLIM_NOT_CONVERGED;
  for (size_t kind = 0; kind < t->kinds && status == PLIM_OK; kind++)
    status = t->two.is_same ? fill_same(&l, averager, in->sigma.mean.value, kind, t)
                            : fill_fresh(averager, in->sigma.mean.value, kind, t);
  if (t->two.is_same)
    line_clear(&l);
  plimi_two_averager_free(averager);
  return status;
}

plim_status plimi_two_tables_alloc(const plimi_input *in, const plimi_two *two, unsigned level, double end,
                                   plimi_two_tables **tables)
{
  plimi_two_tables *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->two = *two;
  plim_status status = isinf(end) ? plimi_two_law_make(in, two, level, &made->law)
                                  : plimi_two_points_make(in, two, level, end, &made->law);
  if (status == PLIM_OK)
    status = plimi_two_kinds(two, level, &made->kinds, &made->zeta, &made->pi);
  if (status == PLIM_OK) {
    made->rows = (two->is_same && two->e[0] > 0.0) || made->law.is_list ? made->law.ny : 1;
    const size_t points = made->rows * made->law.nt;
    made->storage = calloc(points * (1 + PLIMI_TWO_COLUMNS * made->kinds), sizeof *made->storage);
    status = made->storage != NULL ? PLIM_OK : PLIM_NO_MEMORY;
    made->f1 = made->storage;
    for (int c = 0; c < PLIMI_TWO_COLUMNS && status == PLIM_OK; c++)
      made->column[c] = made->storage + points * (1 + (size_t)c * made->kinds);
  }
  if (status == PLIM_OK)
    status = fill(in, level, made);
  if (status != PLIM_OK) {
    plimi_two_tables_free(made);
    return status;
  }
  *tables = made;
  return PLIM_OK;
}

void plimi_two_tables_free(plimi_two_tables *tables)
{
  if (tables == NULL)
    return;
  plimi_two_law_clear(&tables->law);
  free(tables->zeta);
  free(tables->pi);
  free(tables->storage);
  free(tables);
}
