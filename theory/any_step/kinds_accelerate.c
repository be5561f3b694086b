/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_accelerate.c - x = map(x) by Anderson's method: a damped step along the combination of the last ones whose
   residual is least.

   SOURCE. D. G. Anderson, J. ACM 12 (1965) 547; H. F. Walker, P. Ni, SIAM J. Numer. Anal. 49 (2011) 1715: of a linear
   map it is GMRES. GSL's solvers want a Jacobian, of which there are hundreds of columns here, or build one.
   METHOD. Differences of the last DEPTH steps, least squares by QR with column pivoting (GSL), the components weighted
   as the caller says. What is not allowed, or worse by far than what was seen, is replaced by a damped step from the
   best and the history is dropped.
   ERROR. The residual times the largest |dx|/|d(map - x)| of the history: what the inverse of the derivative was seen
   to do. Relative to x. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "kinds_reduced.h"

enum { DEPTH = 8, MOST_STEPS = 600 };
static const double damping = 0.5;
static const double dependent = 1e-11; /* a column of the history, beside the largest */
static const double good = 1e-6;       /* no less is an answer, where no more can be had */
static const double far_worse = 1e2;   /* than the best residual */

typedef struct {
  size_t size, count;                             /* of the history */
  double *x, *f, *next, *weight, *best, *dx, *df; /* dx, df: DEPTH x size */
  double *matrix, *right, *rest;                  /* size x DEPTH, size, size */
  double *storage;
} history;

static plim_status history_alloc(size_t size, history *h)
{
  *h = (history){.size = size, .storage = calloc((7 + 3 * DEPTH) * size, sizeof *h->storage)};
  if (h->storage == NULL)
    return PLIM_NO_MEMORY;
  double **part[] = {&h->x, &h->f, &h->next, &h->weight, &h->best, &h->right, &h->rest};
  double *next = h->storage;
  for (size_t i = 0; i < sizeof part / sizeof *part; i++, next += size)
    *part[i] = next;
  h->dx = next;
  h->df = h->dx + DEPTH * size;
  h->matrix = h->df + DEPTH * size;
  return PLIM_OK;
}

static double weighted_size(const history *h, const double *x)
{
  double sum = 0.0;
  for (size_t i = 0; i < h->size; i++)
    sum += h->weight[i] * x[i] * h->weight[i] * x[i];
  return sqrt(sum);
}

/* |dx| over |df|, the largest of the history */
static double amplification(const history *h)
{
  double largest = 1.0;
  for (size_t j = 0; j < h->count; j++) {
    const double by = weighted_size(h, h->df + j * h->size);
    if (by > 0.0)
      largest = fmax(largest, weighted_size(h, h->dx + j * h->size) / by);
  }
  return largest;
}

static void remember(history *h, const double *x, const double *f)
{
  const size_t most = h->size < DEPTH ? h->size : DEPTH, n = h->size;
  if (h->count == most) {
    memmove(h->dx, h->dx + n, (most - 1) * n * sizeof *h->dx);
    memmove(h->df, h->df + n, (most - 1) * n * sizeof *h->df);
    h->count--;
  }
  for (size_t i = 0; i < n; i++) {
    h->dx[h->count * n + i] = x[i] - h->x[i];
    h->df[h->count * n + i] = f[i] - h->f[i];
  }
  h->count++;
}

/* share: of each difference */
static plim_status combine(history *h, double share[DEPTH])
{
  const size_t n = h->size, m = h->count;
  size_t order[DEPTH];
  double tau[DEPTH], norm[DEPTH];
  int sign;
  if (m == 0)
    return PLIM_OK;
  for (size_t i = 0; i < n; i++) {
    h->right[i] = h->weight[i] * h->f[i];
    for (size_t j = 0; j < m; j++)
      h->matrix[i * m + j] = h->weight[i] * h->df[j * n + i];
  }
  gsl_matrix_view a = gsl_matrix_view_array(h->matrix, n, m);
  gsl_vector_view scale = gsl_vector_view_array(tau, m), work = gsl_vector_view_array(norm, m),
                  right = gsl_vector_view_array(h->right, n), rest = gsl_vector_view_array(h->rest, n),
                  x = gsl_vector_view_array(share, m);
  gsl_permutation permutation = {.size = m, .data = order};
  if (gsl_linalg_QRPT_decomp(&a.matrix, &scale.vector, &permutation, &sign, &work.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  size_t rank = 0;
  while (rank < m && fabs(h->matrix[rank * m + rank]) > dependent * fabs(h->matrix[0]))
    rank++;
  if (rank == 0) {
    h->count = 0;
    return PLIM_OK;
  }
  return gsl_linalg_QRPT_lssolve2(&a.matrix, &scale.vector, &permutation, &right.vector, rank, &x.vector,
                                  &rest.vector) == GSL_SUCCESS
             ? PLIM_OK
             : PLIM_NOT_CONVERGED;
}

/* The next x into h->next. */
static plim_status propose(const plimi_iteration *q, history *h)
{
  double share[DEPTH] = {0.0};
  const plim_status status = combine(h, share);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < h->size; i++) {
    double to = h->x[i] + damping * h->f[i];
    for (size_t j = 0; j < h->count; j++)
      to -= share[j] * (h->dx[j * h->size + i] + damping * h->df[j * h->size + i]);
    h->next[i] = to;
  }
  if (h->count > 0 && !q->is_allowed(q->context, h->next)) {
    h->count = 0;
    for (size_t i = 0; i < h->size; i++)
      h->next[i] = h->x[i] + damping * h->f[i];
  }
  return PLIM_OK;
}

/* x and its residual, with what they say of the map, into the history. */
static plim_status evaluate(const plimi_iteration *q, history *h, const double *x, bool is_first)
{
  double *f = h->rest; /* free until the next combination */
  const plim_status status = q->map(q->context, x, f);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < h->size; i++) {
    f[i] -= x[i];
    if (!isfinite(f[i]))
      return PLIM_NOT_FINITE;
  }
  if (!is_first)
    remember(h, x, f);
  memmove(h->x, x, h->size * sizeof *x);
  memcpy(h->f, f, h->size * sizeof *f);
  q->weigh(q->context, h->x, h->weight);
  return PLIM_OK;
}

static plim_status iterate(const plimi_iteration *q, history *h, double exact, double *x, double *correction)
{
  double best = INFINITY;
  unsigned idle = 0;
  plim_status status = evaluate(q, h, x, true);
  for (int step = 0; step < MOST_STEPS && status == PLIM_OK; step++) {
    const double size = weighted_size(h, h->x);
    if (size == 0.0) { /* nothing responds */
      *correction = 0.0;
      return PLIM_OK;
    }
    const double left = weighted_size(h, h->f) * amplification(h) / size;
    idle = left < 0.5 * best ? 0 : idle + 1;
    if (left < best) {
      best = left;
      memcpy(h->best, h->x, h->size * sizeof *x);
      *correction = left;
    }
    if ((best <= exact && step > 0) || (best <= good && idle > 2 * DEPTH))
      break;
    if (left > far_worse * best)
      h->count = 0;
    status = propose(q, h);
    if (status == PLIM_OK)
      status = evaluate(q, h, h->next, false);
  }
  if (status != PLIM_OK || best > good)
    return status != PLIM_OK ? status : PLIM_NOT_CONVERGED;
  memcpy(x, h->best, h->size * sizeof *x);
  return PLIM_OK;
}

plim_status plimi_accelerate(const plimi_iteration *iteration, double exact, double *x, double *correction)
{
  history h;
  plim_status status = history_alloc(iteration->size, &h);
  if (status != PLIM_OK)
    return status;
  status = iterate(iteration, &h, exact, x, correction);
  free(h.storage);
  return status;
}
