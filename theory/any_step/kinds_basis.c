/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_basis.c - the few dimensions that the functions of k of many kinds of neuron span (kinds_reduced.h).

   METHOD. Columns sqrt(pi) S(k) at every node, what the norms add to kS, and sqrt(pi c), for the order parameters; QR
   with column pivoting (GSL). With as many dimensions as kinds U is the identity; of a
   readout with finitely many values that is always so, for one of them may be 0 (kinds_pencil.c).
   ERROR. What is left out of S, beside the part E2 of sigma that k and g do not explain, is seen in the second order (a
   tenth of it moves the answers by a hundredth). So nothing is left of a square above `exact` of E2's average; what is,
   counts as the error. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "kinds_reduced.h"

static double turned(const plimi_kinds *t, const plimi_norms *s, size_t node, size_t b)
{
  return s->gamma[b] / (sqrt(t->c[b]) * s->vv[b]) * t->q2[node * t->kinds + b];
}

/* columns: 2 nodes + 1 */
static void collect(const plimi_kinds *t, const plimi_norms *s, size_t columns, double *to)
{
  for (size_t b = 0; b < t->kinds; b++) {
    const double root = sqrt(t->pi[b]);
    for (size_t i = 0; i < t->nodes; i++) {
      to[b * columns + i] = root * t->s[i * t->kinds + b];
      to[b * columns + t->nodes + i] = root * turned(t, s, i, b);
    }
    to[b * columns + 2 * t->nodes] = root * sqrt(t->c[b]);
  }
}

static double square_of(double x)
{
  return x * x;
}

/* E E2 */
static double rest_of(const plimi_kinds *t)
{
  double sum = 0.0;
  for (size_t i = 0; i < t->nodes; i++)
    for (size_t b = 0; b < t->kinds; b++)
      sum += t->weight[i] * t->pi[b] * t->rest[i * t->kinds + b];
  return sum;
}

/* u: kinds x kinds, of which the first *m columns count. */
static plim_status span_of(const plimi_kinds *t, const plimi_norms *s, double exact, double *u, size_t *m,
                           double *lost)
{
  const size_t n = t->kinds, columns = 2 * t->nodes + 1;
  plim_status status = PLIM_NO_MEMORY;
  double *work = calloc(n * columns + 2 * n + columns, sizeof *work);
  size_t *order = calloc(columns, sizeof *order);
  if (work != NULL && order != NULL) {
    collect(t, s, columns, work);
    gsl_matrix_view a = gsl_matrix_view_array(work, n, columns);
    gsl_vector_view tau = gsl_vector_view_array(work + n * columns, n),
                    norm = gsl_vector_view_array(work + n * columns + n, columns);
    gsl_permutation permutation = {.size = columns, .data = order};
    int sign;
    status = gsl_linalg_QRPT_decomp(&a.matrix, &tau.vector, &permutation, &sign, &norm.vector) == GSL_SUCCESS
                 ? PLIM_OK
                 : PLIM_NOT_CONVERGED;
    const double unexplained = rest_of(t);
    *m = 0;
    while (*m < n && (t->step.readout == PLIM_READOUT_ATOMS ||
                      square_of(work[*m * columns + *m]) > exact * unexplained))
      ++*m;
    *lost = *m < n ? square_of(work[*m * columns + *m]) / unexplained : 0.0;
    for (size_t j = 0; j < *m && status == PLIM_OK; j++) {
      gsl_vector_view column = gsl_vector_view_array_with_stride(u + j, n, n);
      gsl_vector_set_basis(&column.vector, j);
      if (gsl_linalg_QR_Qvec(&a.matrix, &tau.vector, &column.vector) != GSL_SUCCESS)
        status = PLIM_NOT_CONVERGED;
    }
  }
  free(order);
  free(work);
  return status;
}

static void project(const plimi_kinds *t, const plimi_norms *norms, plimi_basis *q)
{
  for (size_t b = 0; b < t->kinds; b++) {
    const double root = sqrt(t->pi[b]);
    const double *u = q->u + b * q->m;
    for (size_t j = 0; j < q->m; j++)
      q->sides[j] += root * sqrt(t->c[b]) * u[j];
    for (size_t i = 0; i < t->nodes; i++) {
      const double s = root * t->s[i * t->kinds + b], along = t->k[i] * s + root * turned(t, norms, i, b);
      q->rest[i * t->kinds + b] = t->pi[b] * t->rest[i * t->kinds + b];
      for (size_t j = 0; j < q->m; j++) {
        q->s[i * q->m + j] += s * u[j];
        q->along[i * q->m + j] += along * u[j];
      }
    }
  }
}

plim_status plimi_basis_alloc(const plimi_kinds_problem *problem, const plimi_norms *norms, double exact,
                              plimi_basis *basis)
{
  const plimi_kinds *t = problem->kinds;
  const size_t n = t->kinds, nodes = t->nodes;
  plimi_basis made = {
      .kinds = n, .nodes = nodes, .storage = calloc(n * n + (3 * nodes + 1) * n, sizeof(double))};
  double *u = calloc(n * n, sizeof *u);
  plim_status status = made.storage != NULL && u != NULL ? PLIM_OK : PLIM_NO_MEMORY;
  if (status == PLIM_OK)
    status = span_of(t, norms, exact, u, &made.m, &made.lost);
  if (status != PLIM_OK) {
    free(u);
    free(made.storage);
    return status;
  }
  made.u = made.storage;
  made.s = made.u + n * n;
  made.along = made.s + nodes * n;
  made.rest = made.along + nodes * n;
  made.sides = made.rest + nodes * n;
  for (size_t b = 0; b < n; b++)
    for (size_t j = 0; j < made.m; j++)
      made.u[b * made.m + j] = made.m == n ? (b == j ? 1.0 : 0.0) : u[b * n + j];
  free(u);
  project(t, norms, &made);
  *basis = made;
  return PLIM_OK;
}

void plimi_basis_free(plimi_basis *basis)
{
  free(basis->storage);
  basis->storage = NULL;
}
