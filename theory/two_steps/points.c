/* SPDX-License-Identifier: GPL-3.0-or-later */
/* points.c - the law of (y, t) without its tails, for the spectrum of a neuron's covariance.

   A sample's label enters the covariance through y^2 and f^2 (pencil.c), so that labels without bound give it a
   spectrum without an end, however little of it is far out; what a batch of n makes of it ends with its largest
   labels. Here xi, eps and nn are cut off at a few standard deviations (two_steps.c has two laws with two ends: what
   differs between them is the error of whatever depends on it).
   METHOD. Gauss-Legendre (GSL) in xi on pieces cut at the teacher's cuts, in eps and in nn; scaled to sum to 1. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "../gaussian_grid.h"
#include "two_steps.h"

enum { LEVELS = 2, MOST_RULE = 32, MOST_POINTS = 20000 };
static const size_t nodes_in_xi[LEVELS] = {5, 6}, nodes_in_nn[LEVELS] = {9, 11};
static const size_t nodes_in_eps[LEVELS] = {5, 6}, nodes_in_wide_eps[LEVELS] = {9, 11};
static const double longest_in_xi = 1.7, wide = 0.3; /* noise, in units of y's size */

typedef struct {
  size_t n;
  double at[MOST_RULE], weight[MOST_RULE];
} rule;

/* Of the normal density over (left, right). */
static plim_status rule_make(size_t n, double left, double right, rule *made)
{
  gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(n);
  if (table == NULL)
    return PLIM_NO_MEMORY;
  made->n = n;
  for (size_t i = 0; i < n; i++) {
    gsl_integration_glfixed_point(left, right, i, &made->at[i], &made->weight[i], table);
    made->weight[i] *= plimi_normal_density(made->at[i]);
  }
  gsl_integration_glfixed_table_free(table);
  return PLIM_OK;
}

typedef struct {
  const plimi_input *in;
  const plimi_two *two;
  const rule *eps, *nn;
} factors;

static void add_piece(const factors *f, const rule *xi, plimi_two_law *law)
{
  const plimi_two *two = f->two;
  for (size_t i = 0; i < xi->n; i++) {
    const double s = plim_activation_value(f->in->problem->teacher, xi->at[i]) - f->in->star.mean.value;
    for (size_t j = 0; j < f->eps->n; j++) {
      for (size_t k = 0; k < f->nn->n; k++) {
        law->y[law->ny] = s + two->noise * f->eps->at[j];
        law->t[law->ny] = two->mu1 * (two->star_mu1 * xi->at[i] + two->up * f->nn->at[k]);
        law->p[PLIMI_TWO_PLAIN][law->ny++] = xi->weight[i] * f->eps->weight[j] * f->nn->weight[k];
      }
    }
  }
}

/* The ends of the pieces in xi, ascending; *count + 1 of them. NULL: no memory. */
static double *pieces_of(const plimi_input *in, double end, size_t *count)
{
  size_t cuts;
  const double *cut = plim_activation_cuts(in->problem->teacher, &cuts);
  double *edge = malloc((cuts + 2 + (size_t)ceil(2.0 * end / longest_in_xi) + 1) * sizeof *edge);
  if (edge == NULL)
    return NULL;
  *count = 0;
  edge[0] = -end;
  for (size_t i = 0; i <= cuts; i++) {
    const double left = edge[*count], right = i < cuts ? fmin(cut[i], end) : end;
    const double parts = ceil((right - left) / longest_in_xi);
    for (double part = 1.0; part <= parts; part++)
      edge[++*count] = part < parts ? left + (right - left) * part / parts : right;
  }
  return edge;
}

plim_status plimi_two_points_make(const plimi_input *in, const plimi_two *two, unsigned level, double end,
                                  plimi_two_law *law)
{
  rule eps = {.n = 1, .at = {0.0}, .weight = {1.0}}, nn, xi;
  size_t pieces = 0;
  memset(law, 0, sizeof *law);
  law->is_list = true;
  law->nt = 1;
  plim_status status = rule_make(nodes_in_nn[level], -end, end, &nn);
  const bool is_wide = two->noise * two->noise > wide * wide * two->s2;
  if (status == PLIM_OK && two->noise > 0.0)
    status = rule_make(is_wide ? nodes_in_wide_eps[level] : nodes_in_eps[level], -end, end, &eps);
  double *edge = status == PLIM_OK ? pieces_of(in, end, &pieces) : NULL;
  const size_t all = pieces * nodes_in_xi[level] * eps.n * nn.n;
  if (edge == NULL || all > MOST_POINTS) {
    free(edge);
    return status != PLIM_OK ? status : all > MOST_POINTS ? PLIM_NOT_CONVERGED : PLIM_NO_MEMORY;
  }
  law->storage = calloc(3 * all, sizeof *law->storage);
  if (law->storage == NULL)
    status = PLIM_NO_MEMORY;
  law->y = law->storage;
  law->t = law->y + all;
  law->p[PLIMI_TWO_PLAIN] = law->t + all;
  const factors f = {in, two, &eps, &nn};
  for (size_t i = 0; i < pieces && status == PLIM_OK; i++) {
    status = rule_make(nodes_in_xi[level], edge[i], edge[i + 1], &xi);
    if (status == PLIM_OK)
      add_piece(&f, &xi, law);
  }
  free(edge);
  double mass = 0.0;
  for (size_t i = 0; i < law->ny; i++)
    mass += law->p[PLIMI_TWO_PLAIN][i];
  for (size_t i = 0; i < law->ny; i++)
    law->p[PLIMI_TWO_PLAIN][i] /= mass;
  return status;
}
