/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_rows.c - what the predictor's mean is made of (kinds_reduced.h), in the units sqrt(pi_b) of its kinds, so that
   rare ones weigh no more than they are. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

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

static size_t blocks_of(const plimi_kinds_problem *problem)
{
  if (problem->span != NULL)
    return problem->span->count;
  return problem->rank > 0 ? problem->rank : problem->kinds->kinds;
}

/* Everything at a node; the lean part where there are prices. */
static void fill(const plimi_kinds_problem *problem, const plimi_norms *norms, const plimi_basis *basis,
                 const plimi_rows *rows, size_t node, double *x)
{
  const plimi_kinds *t = problem->kinds;
  for (size_t b = 0; b < t->kinds; b++) {
    const plimi_functions f = plimi_functions_at(problem, norms, node, b);
    const double root = sqrt(t->pi[b]);
    if (problem->span == NULL && problem->rank == 0) {
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

/* Block means that cost nothing: orthonormal functions with the span of the m_b, by QR with column pivoting. Functions
   beyond the rank are those of other kinds over again; what is left of them shows that. */
static plim_status orthonormalise(const plimi_kinds *t, plimi_rows *rows)
{
  static const double nothing = 1e-10, safety = 8.0;
  const size_t n = t->nodes, kinds = t->kinds, rank = rows->blocks;
  double *work = calloc(n * (kinds + 1) + 2 * kinds, sizeof *work);
  size_t *order = calloc(kinds, sizeof *order);
  plim_status status = work != NULL && order != NULL && rank <= kinds ? PLIM_OK : PLIM_NO_MEMORY;
  if (status == PLIM_OK) {
    gsl_matrix_view a = gsl_matrix_view_array(work, n, kinds);
    gsl_vector_view tau = gsl_vector_view_array(work + n * kinds, kinds),
                    norm = gsl_vector_view_array(work + n * kinds + kinds, kinds),
                    column = gsl_vector_view_array(work + n * kinds + 2 * kinds, n);
    gsl_permutation permutation = {.size = kinds, .data = order};
    int sign;
    for (size_t i = 0; i < n; i++)
      for (size_t b = 0; b < kinds; b++)
        work[i * kinds + b] = sqrt(t->weight[i] * t->pi[b]) * t->m[i * kinds + b];
    if (gsl_linalg_QRPT_decomp(&a.matrix, &tau.vector, &permutation, &sign, &norm.vector) != GSL_SUCCESS)
      status = PLIM_NOT_CONVERGED;
    const double first = fabs(work[0]), last = fabs(work[(rank - 1) * (kinds + 1)]);
    if (status == PLIM_OK &&
        (!(last > 0.0) || (rank < kinds && fabs(work[rank * (kinds + 1)]) > nothing * first)))
      status = PLIM_NOT_CONVERGED;
    rows->lost = safety * DBL_EPSILON * first / last;
    for (size_t j = 0; j < rank && status == PLIM_OK; j++) {
      gsl_vector_set_basis(&column.vector, j);
      if (gsl_linalg_QR_Qvec(&a.matrix, &tau.vector, &column.vector) != GSL_SUCCESS)
        status = PLIM_NOT_CONVERGED;
      for (size_t i = 0; i < n; i++)
        rows->x[i * rows->columns + j] = gsl_vector_get(&column.vector, i) / sqrt(t->weight[i]);
    }
  }
  free(order);
  free(work);
  return status;
}

plim_status plimi_rows_alloc(const plimi_kinds_problem *problem, const plimi_norms *norms,
                             const plimi_basis *basis, plimi_rows *rows)
{
  const plimi_kinds *t = problem->kinds;
  plimi_rows made = {.blocks = blocks_of(problem),
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
  if (problem->rank > 0) {
    const plim_status status = orthonormalise(t, &made);
    if (status != PLIM_OK) {
      plimi_rows_free(&made);
      return status;
    }
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
