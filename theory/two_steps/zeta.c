/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zeta.c - the kinds of neuron: atoms of the law of zeta.

   atoms: those. constant: zeta = 1. rademacher: zeta = +-1; where sigma is odd both act alike (z and g change sign
   with zeta) and one stands for both. gaussian: each half-line on its own, for a kink of sigma leaves functions of
   zeta that are smooth on either side of 0 alone; Gauss-Legendre pieces (GSL) that begin at the scale on which
   preactivations change, double until they are 2.5 long and end at 8.5, where zeta^2 times the normal density is
   1e-14. Where sigma is odd the right half-line stands for both. The rule is refined with all else (two_steps.c). */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "../gaussian_grid.h"
#include "two_steps.h"

enum { MOST_EDGES = 80, LEVELS = 5 };
static const size_t nodes_at[LEVELS] = {6, 8, 11, 15, 20};
static const double end_of_line = 8.5, longest = 2.5;

static size_t edges_of(const plimi_two *two, double edge[MOST_EDGES])
{
  /* of e1 zeta (t + sigma'(z) y/psi1) and of e1 zeta sqrt(q0) */
  const double t = fabs(two->mu1) * hypot(two->star_mu1, two->up);
  const double own = two->is_same ? fabs(two->mu1) * sqrt(two->s2) / two->psi1 : 0.0;
  const double scale = two->e[0] * (t + own + sqrt(two->q0));
  size_t count = 0;
  double width = fmin(1.0, 1.0 / fmax(scale, 1e-9));
  edge[count++] = 0.0;
  for (double at = 0.0; at < end_of_line && count < MOST_EDGES; width = fmin(longest, fmax(width, at))) {
    at = fmin(at + width, end_of_line);
    edge[count++] = at;
  }
  return count;
}

/* The problem's own atoms; where sigma is odd by |zeta|. */
static plim_status copy_atoms(const plimi_two *two, size_t *kinds, double **zeta, double **pi)
{
  double *x = malloc(PLIM_MOST_ATOMS * sizeof *x), *p = malloc(PLIM_MOST_ATOMS * sizeof *p);
  if (x == NULL || p == NULL) {
    free(x);
    free(p);
    return PLIM_NO_MEMORY;
  }
  size_t count = 0;
  for (size_t i = 0; i < two->atoms->count; i++) {
    const double value = two->is_folded ? fabs(two->atoms->value[i]) : two->atoms->value[i];
    size_t j = 0;
    while (j < count && x[j] != value)
      j++;
    if (j == count) {
      x[count] = value;
      p[count++] = 0.0;
    }
    p[j] += two->atoms->probability[i];
  }
  *kinds = count;
  *zeta = x;
  *pi = p;
  return PLIM_OK;
}

plim_status plimi_two_kinds(const plimi_two *two, unsigned level, size_t *kinds, double **zeta, double **pi)
{
  if (two->readout == PLIM_READOUT_ATOMS)
    return copy_atoms(two, kinds, zeta, pi);
  double edge[MOST_EDGES] = {0.0};
  const bool is_gaussian = two->readout == PLIM_READOUT_GAUSSIAN;
  const size_t edges = is_gaussian ? edges_of(two, edge) : 2, n = is_gaussian ? nodes_at[level] : 1;
  const size_t half = (edges - 1) * n;
  const bool is_halved = two->is_folded || two->readout == PLIM_READOUT_CONSTANT;
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(n);
  double *x = malloc(2 * half * sizeof *x), *p = malloc(2 * half * sizeof *p);
  if (rule == NULL || x == NULL || p == NULL) {
    if (rule != NULL) /* GSL does not ask */
      gsl_integration_glfixed_table_free(rule);
    free(x);
    free(p);
    return PLIM_NO_MEMORY;
  }
  for (size_t i = 0; i < half; i++) {
    double at = 1.0, weight = 1.0;
    if (is_gaussian) {
      gsl_integration_glfixed_point(edge[i / n], edge[i / n + 1], i % n, &at, &weight, rule);
      weight *= 2.0 * plimi_normal_density(at);
    }
    x[i] = at;
    p[i] = is_halved ? weight : 0.5 * weight;
    x[half + i] = -at;
    p[half + i] = p[i];
  }
  gsl_integration_glfixed_table_free(rule);
  *kinds = is_halved ? half : 2 * half;
  *zeta = x;
  *pi = p;
  return PLIM_OK;
}
