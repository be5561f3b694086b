/* SPDX-License-Identifier: GPL-3.0-or-later */
/* means.c - equation (5) of section 9.3: the means of the predictor at the fixed point, M, tau and
   p.

   SOURCE. Section 9.3 of theory.md; the least-squares form is derived here.

   NOTATION. As in any_step.h and state.c; C = A V1, T = A - A V1 A,
     b1, f        b1 = E w S h1, F of (5)
     x            Vvb b1
     W            Vvv^-1 - A, with W^-1 = E E' = D + (alpha D)^1/2 Z diag(psi_vv/phi_vv) Z' (alpha D)^1/2
     block        M;  pull = M/sqrt(d), lean = Mz/sqrt(d), share = qf/psi2
   AS COMPUTED. (5) is the stationarity of

     E w (h - m'M - k S'tau)^2 + tau'W tau - 2 tau'(W + A) x + M'P M,

   a least-squares problem in (E^-1 tau, (pi G d)^-1/2 M), solved by QR (GSL) without forming its normal
   equations, whose condition number is d times that of the kinds' overlap. For d infinite P = 0 and m'M is any function
   of their span (span.c): its own basis stands in the place of m. Where it is every odd function the mean is h
   and E^-1 tau = E'(W + A) x.
   WHY P > 0. In units of 1/(d pi G) it is 1 - (qf/psi2) (pi G)^1/2 zc zc' (pi G)^1/2 o Tbar; equation (3)
   bounds the second term by qf, and qf <= 1.
   WHY NOTHING CANCELS. W^-1 is a sum of positive terms; it is never had as the difference Vvv^-1 - A.
   ERROR. Rounding; sqrt(d) times that in M along directions that the answer does not depend on. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "stage.h"
#include "../bounded.h"

/* V10 b, u_i' b and kappa_i' b */
static void decompose(const plimi_stage *q, const double *b, double *flat, double *along_u, double *along_k)
{
  const plimi_state *s = q->state;
  for (size_t i = 0; i < q->n; i++) {
    flat[i] = plimi_dot(s->v10 + i * q->n, b, q->n);
    along_k[i] = plimi_dot(s->kappa + i * q->n, b, q->n);
    along_u[i] = 0.0;
    for (size_t c = 0; c < q->n; c++)
      along_u[i] += s->u[c * q->n + i] * b[c];
  }
}

/* out += mass V10 b + sum u_i psi_i (u_i' b): the integral of V1 b over one of the measures */
static void add_v1(const plimi_stage *q, double mass, const double *psi, const double *flat,
                   const double *along_u, double *out)
{
  for (size_t b = 0; b < q->n; b++) {
    out[b] += mass * flat[b];
    for (size_t i = 0; i < q->n; i++)
      out[b] += q->state->u[b * q->n + i] * psi[i] * along_u[i];
  }
}

/* E: W^-1 = E E', lower triangular. */
static plim_status take_e(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const plimi_measures *m = &s->measures;
  const double *alpha = q->mixture->tables->alpha;
  const size_t n = q->n;
  for (size_t b = 0; b < n; b++) {
    for (size_t c = 0; c < n; c++) {
      double sum = 0.0;
      for (size_t i = 0; i < n; i++)
        sum += s->z[b * n + i] * s->z[c * n + i] * m->psi_vv[i] / m->phi_vv[i];
      sum *= sqrt(alpha[b] * alpha[c]);
      q->e[b * n + c] = sqrt(s->d[b] * s->d[c]) * (sum + (b == c ? 1.0 : 0.0));
    }
  }
  gsl_matrix_view e = gsl_matrix_view_array(q->e, n, n);
  if (gsl_linalg_cholesky_decomp1(&e.matrix) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t b = 0; b < n; b++)
    for (size_t c = b + 1; c < n; c++)
      q->e[b * n + c] = 0.0;
  return PLIM_OK;
}

/* The factor of 1 - share (pi G)^1/2 zc zc' (pi G)^1/2 o Tbar: P in units of 1/(d pi G). */
static plim_status take_penalty(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const size_t n = q->n;
  for (size_t b = 0; b < n; b++) {
    for (size_t c = 0; c < n; c++) {
      double bar = 0.0;
      for (size_t i = 0; i < n; i++)
        bar += s->y[b * n + i] * s->y[c * n + i] * s->measures.phi[i];
      const double weights =
          sqrt(s->d[b] * s->d[c]) * t->zeta[b] * t->zeta[c]; /* (pi G)^1/2 zc = d^1/2 zeta */
      q->penalty[b * n + c] = (b == c ? 1.0 : 0.0) - q->share * weights * bar;
    }
  }
  gsl_matrix_view penalty = gsl_matrix_view_array(q->penalty, n, n);
  if (gsl_linalg_cholesky_decomp1(&penalty.matrix) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  return PLIM_OK;
}

/* What each column of the problem that is not tau's adds to the mean, at every node. */
static void fill_columns(plimi_stage *q)
{
  const plimi_mixture *mixture = q->mixture;
  const plimi_tables *t = mixture->tables;
  const bool is_priced = isfinite(mixture->d);
  for (size_t k = 0; k < q->nodes; k++) {
    double *column = q->column + k * q->columns;
    if (!is_priced && mixture->span->kind == PLIMI_SPAN_DEGREES)
      plimi_span_at(mixture->span, &t->step, t->k[k], column);
    else
      for (size_t j = 0; j < q->columns; j++)
        column[j] = t->m[k * q->n + j] * (is_priced ? sqrt(t->pi[j] * q->state->g[j] * mixture->d) : 1.0);
  }
}

/* b1, x = Vvb b1, and the rows of the least-squares problem that come from E w (...)^2 and from tau'W tau. */
static void fill_rows(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const size_t n = q->n, width = n + q->columns;
  for (size_t k = 0; k < q->nodes; k++)
    for (size_t b = 0; b < n; b++)
      q->b1[b] += s->a[k] * t->h1[k] * t->s[k * n + b];
  decompose(q, q->b1, q->b1_0, q->b1_u, q->b1_k);
  add_v1(q, 0.0, s->measures.psi_vb, q->b1_0, q->b1_u, q->x);

  for (size_t k = 0; k < q->nodes; k++) {
    const double size = sqrt(s->a[k]);
    double *row = q->left + k * width;
    for (size_t j = 0; j < n; j++) {
      double sum = 0.0;
      for (size_t b = 0; b < n; b++)
        sum += t->s[k * n + b] * q->e[b * n + j];
      row[j] = size * t->k[k] * sum;
    }
    for (size_t j = 0; j < q->columns; j++)
      row[n + j] = size * q->column[k * q->columns + j];
    q->right[k] = size * t->h[k];
  }
}

/* Rows (1 | E'(W + A) x), and the price of M. */
static plim_status fill_prices(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const size_t n = q->n, width = n + q->columns;
  const bool is_priced = isfinite(q->mixture->d);
  double *inner = q->f, *weighted = q->p; /* not yet needed for themselves */
  for (size_t j = 0; j < n; j++) {
    inner[j] = 0.0;
    for (size_t b = 0; b < n; b++)
      inner[j] += s->root[b * n + j] * q->x[b];
  }
  gsl_matrix_view e = gsl_matrix_view_array(q->e, n, n);
  gsl_vector_view x = gsl_vector_view_array(q->x, n), solved = gsl_vector_view_array(weighted, n);
  if (gsl_linalg_cholesky_solve(&e.matrix, &x.vector, &solved.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t b = 0; b < n; b++)
    weighted[b] += plimi_dot(s->root + b * n, inner, n); /* (W + A) x */
  for (size_t j = 0; j < n; j++) {
    double sum = 0.0;
    for (size_t b = 0; b < n; b++)
      sum += q->e[b * n + j] * weighted[b];
    q->left[(q->nodes + j) * width + j] = 1.0;
    q->right[q->nodes + j] = sum;
    for (size_t b = j; b < n && is_priced; b++)
      q->left[(q->nodes + n + j) * width + n + b] = q->penalty[b * n + j];
  }
  return PLIM_OK;
}

/* Without columns the mean is h, and tau meets its own rows exactly. */
static plim_status least_squares(plimi_stage *q, double *solution)
{
  const size_t width = q->n + q->columns, rows = q->nodes + 2 * q->n;
  if (q->columns == 0) {
    memcpy(solution, q->right + q->nodes, q->n * sizeof *solution);
    return PLIM_OK;
  }
  plim_status status = PLIM_NO_MEMORY;
  gsl_matrix_view left = gsl_matrix_view_array(q->left, rows, width);
  gsl_vector_view right = gsl_vector_view_array(q->right, rows), x = gsl_vector_view_array(solution, width);
  gsl_vector *first = gsl_vector_alloc(width), *rest = gsl_vector_alloc(rows);
  if (first != NULL && rest != NULL) {
    int code = gsl_linalg_QR_decomp(&left.matrix, first);
    if (code == GSL_SUCCESS)
      code = gsl_linalg_QR_lssolve(&left.matrix, first, &right.vector, &x.vector, rest);
    status = code == GSL_SUCCESS ? PLIM_OK : PLIM_NOT_CONVERGED;
  }
  gsl_vector_free(first);
  gsl_vector_free(rest);
  return status;
}

/* M, tau, F, p and the mean of the predictor at every node, from the least-squares solution. */
static void unpack(plimi_stage *q, const double *solution)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const size_t n = q->n;
  const bool is_priced = isfinite(q->mixture->d);
  memset(q->f, 0, n * sizeof *q->f);
  memset(q->p, 0, n * sizeof *q->p);
  for (size_t b = 0; b < n; b++) {
    q->tau[b] = plimi_dot(q->e + b * n, solution, n);
    q->pull[b] = is_priced ? sqrt(t->pi[b] * s->g[b]) * solution[n + b] : 0.0;
    q->block[b] = is_priced ? sqrt(q->mixture->d) * q->pull[b] : 0.0;
    q->lean[b] = q->pull[b] * t->zeta[b] / sqrt(t->c[b]);
  }
  for (size_t k = 0; k < q->nodes; k++) {
    const double along = plimi_dot(t->s + k * n, q->tau, n);
    q->mean[k] = plimi_dot(q->column + k * q->columns, solution + n, q->columns) + t->k[k] * along;
    if (q->columns == 0)
      q->mean[k] = t->h[k];
    const double weight = s->a[k] * (t->k[k] * (t->h[k] - q->mean[k]) + along);
    for (size_t b = 0; b < n; b++)
      q->f[b] += t->s[k * n + b] * weight;
  }
  decompose(q, q->f, q->f_0, q->f_u, q->f_k);
  add_v1(q, 1.0, s->measures.psi_bb, q->b1_0, q->b1_u, q->p);
  add_v1(q, 0.0, s->measures.psi_vb, q->f_0, q->f_u, q->p);
  for (size_t i = 0; i < n; i++) {
    q->pull_y[i] = 0.0;
    for (size_t b = 0; b < n; b++)
      q->pull_y[i] += s->y[b * n + i] * q->lean[b];
  }
}

plim_status plimi_stage_means(plimi_stage *stage)
{
  double *solution = malloc((stage->n + stage->columns) * sizeof *solution);
  if (solution == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = take_e(stage);
  if (status == PLIM_OK) {
    fill_columns(stage);
    fill_rows(stage);
  }
  if (status == PLIM_OK && isfinite(stage->mixture->d))
    status = take_penalty(stage);
  if (status == PLIM_OK)
    status = fill_prices(stage);
  if (status == PLIM_OK)
    status = least_squares(stage, solution);
  if (status == PLIM_OK)
    unpack(stage, solution);
  free(solution);
  return status;
}
