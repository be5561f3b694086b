/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_rows.c - what the predictor's mean is made of (kinds_reduced.h), in the units sqrt(pi_b) of its kinds, so that
   rare ones weigh no more than they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kinds_reduced.h"

/* P_i(k) = E (theta1 k + sqrt(q) g)^i, normalised by its leading size, for the degrees of the span. */
static void span_at(const plimi_free_functions *span, const plimi_step *step, double k, double *value)
{
  const double along2 = step->theta1 * step->theta1, spread = step->nu2 * step->s2 / step->step_psi1,
               size = along2 + spread;
  double now = 1.0, before = 0.0;
  for (unsigned i = 0, found = 0; found < span->count; i++) {
    if (i == span->degree[found])
      value[found++] = now;
    const double next =
        (k * sqrt(along2 / size) * now + spread / size * sqrt((double)i) * before) / sqrt(i + 1.0);
    before = now;
    now = next;
  }
}

/* Everything at a node; the lean part where there are prices. */
static void fill(const plimi_kinds_problem *problem, const plimi_norms *norms, const plimi_basis *basis,
                 const plimi_rows *rows, size_t node, double *x)
{
  const plimi_kinds *t = problem->kinds;
  for (size_t b = 0; b < t->kinds; b++) {
    const plimi_functions f = plimi_functions_at(problem, norms, node, b);
    const double root = sqrt(t->pi[b]);
    if (problem->span == NULL) {
      x[b] = root * f.block;
      rows->lean[node * rows->blocks + b] = root * f.lean;
    }
    for (size_t i = 0; i < norms->functions; i++)
      x[rows->blocks + i * t->kinds + b] = root * f.f[i];
  }
  if (problem->span != NULL)
    span_at(problem->span, &t->step, t->k[node], x);
  memcpy(x + rows->blocks + rows->functions, basis->along + node * basis->m, basis->m * sizeof *x);
  x[rows->columns - 1] = t->h[node];
}

/* +1: differences over +-k are left of what is not even, -1: sums, 0: all as it is. */
static int folded(const plimi_free_functions *span)
{
  if (span == NULL || span->all[0] == span->all[1])
    return 0;
  return span->all[0] ? 1 : -1;
}

plim_status plimi_rows_alloc(const plimi_kinds_problem *problem, const plimi_norms *norms,
                             const plimi_basis *basis, plimi_rows *rows)
{
  const plimi_kinds *t = problem->kinds;
  plimi_rows made = {.blocks = problem->span != NULL ? problem->span->count : t->kinds,
                     .functions = norms->functions * t->kinds,
                     .m = basis->m,
                     .count = t->nodes};
  made.columns = made.blocks + made.functions + made.m + 1;
  made.storage = calloc(t->nodes * (made.columns + made.blocks) + 1, sizeof *made.storage);
  if (made.storage == NULL)
    return PLIM_NO_MEMORY;
  made.x = made.storage;
  made.lean = made.x + t->nodes * made.columns;
  for (size_t i = 0; i < t->nodes; i++)
    fill(problem, norms, basis, &made, i, made.x + i * made.columns);
  const int sign = folded(problem->span);
  if (sign != 0) {
    made.count /= 2;
    for (size_t i = 0; i < made.count; i++)
      for (size_t j = 0; j < made.columns; j++)
        made.x[i * made.columns + j] -= sign * made.x[(t->nodes - 1 - i) * made.columns + j];
  } else if (problem->span != NULL && problem->span->all[0]) {
    made.count = 0;
  }
  *rows = made;
  return PLIM_OK;
}

void plimi_rows_free(plimi_rows *rows)
{
  free(rows->storage);
  rows->storage = NULL;
}

/* The weight of a row and its derivatives. */
static void weights_of(const plimi_kinds *t, const plimi_rows *rows, const plimi_dual *w, size_t i,
                       double weight[PLIMI_PARTS])
{
  const size_t other = t->nodes - 1 - i;
  const double one = w->x[i], two = w->x[other], sum = one + two;
  for (size_t part = 0; part < w->parts; part++) {
    const double *x = plimi_dual_part(w, part);
    if (rows->count == t->nodes)
      weight[part] = t->weight[i] * x[i];
    else
      weight[part] = t->weight[i] *
                     (part == 0 ? one * two / sum : (two * two * x[i] + one * one * x[other]) / (sum * sum));
  }
}

void plimi_rows_gram(const plimi_kinds_problem *problem, const plimi_rows *rows, const plimi_dual *w,
                     plimi_dual *gram)
{
  const size_t n = rows->columns;
  plimi_dual_clear(gram);
  for (size_t k = 0; k < rows->count; k++) {
    const double *x = rows->x + k * n;
    double weight[PLIMI_PARTS];
    weights_of(problem->kinds, rows, w, k, weight);
    for (size_t part = 0; part < gram->parts; part++) {
      double *to = plimi_dual_part(gram, part);
      for (size_t i = 0; i < n; i++) {
        const double share = weight[part] * x[i];
        for (size_t j = 0; j <= i; j++)
          to[i * n + j] += share * x[j];
      }
    }
  }
  for (size_t part = 0; part < gram->parts; part++) {
    double *to = plimi_dual_part(gram, part);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < i; j++)
        to[j * n + i] = to[i * n + j];
  }
}
