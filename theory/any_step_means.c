/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step_means.c - equation (5) of section 9.3: the means of the predictor at the fixed point, M, tau and
   p.

   SOURCE. Section 9.3 of theory.md; the least-squares form is derived here.

   NOTATION. As in any_step.h and any_step_state.c; C = A V1, T = A - A V1 A,
     b1, f        b1 = E w S h1, F of (5)
     x            Vvb b1
     W            Vvv^-1 - A, with W^-1 = E E' = D + (alpha D)^1/2 Z diag(psi_vv/phi_vv) Z' (alpha D)^1/2
     block        M;  pull = M/sqrt(d), lean = Mz/sqrt(d), share = qf/psi2
   AS COMPUTED. (5) is the stationarity of

     E w (h - m'M - k S'tau)^2 + tau'W tau - 2 tau'(W + A) x + M'P M,

   a least-squares problem in (E^-1 tau, (pi G d)^-1/2 M), solved by QR (GSL) without forming its normal
   equations, whose condition number is d times that of the kinds' overlap. For d infinite P = 0, and M and
   tau come from singular values (minimum norm where they vanish).
   WHY P > 0. In units of 1/(d pi G) it is 1 - (qf/psi2) (pi G)^1/2 zc zc' (pi G)^1/2 o Tbar; equation (3)
   bounds the second term by qf, and qf <= 1.
   WHY NOTHING CANCELS. W^-1 is a sum of positive terms; it is never had as the difference Vvv^-1 - A.
   ERROR. Rounding; sqrt(d) times that in M along directions that the answer does not depend on. For d infinite every
   direction that the step learns is free, however short; those below `shortest` are lost in rounding. The answer
   without the shortest one that is kept (`without_last`) shows what that may cost: any_step.c. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "any_step_stage.h"
#include "bounded.h"

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

/* b1, x = Vvb b1, and the rows of the least-squares problem that come from E w (...)^2 and from tau'W tau. */
static void fill_rows(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const size_t n = q->n, width = 2 * n;
  for (size_t k = 0; k < q->nodes; k++)
    for (size_t b = 0; b < n; b++)
      q->b1[b] += s->a[k] * t->h1[k] * t->s[k * n + b];
  decompose(q, q->b1, q->b1_0, q->b1_u, q->b1_k);
  add_v1(q, 0.0, s->measures.psi_vb, q->b1_0, q->b1_u, q->x);

  const bool is_priced = isfinite(q->mixture->d);
  for (size_t k = 0; k < q->nodes; k++) {
    const double size = sqrt(s->a[k]);
    double *row = q->left + k * width;
    for (size_t j = 0; j < n; j++) {
      double sum = 0.0;
      for (size_t b = 0; b < n; b++)
        sum += t->s[k * n + b] * q->e[b * n + j];
      row[j] = size * t->k[k] * sum;
      const double unit = sqrt(t->pi[j] * s->g[j] * (is_priced ? q->mixture->d : 1.0));
      row[n + j] = size * t->m[k * n + j] * unit;
    }
    q->right[k] = size * t->h[k];
  }
}

/* Rows (1 | E'(W + A) x), and the price of M. */
static plim_status fill_prices(plimi_stage *q)
{
  const plimi_state *s = q->state;
  const size_t n = q->n, width = 2 * n;
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
    for (size_t b = j; b < n; b++)
      q->left[(q->nodes + n + j) * width + n + b] = q->penalty[b * n + j];
  }
  return PLIM_OK;
}

/* Singular values of directions that are lost or, asked for, left out become 0. Those of M fall like powers of e^2: a
   fall to nothing from where the next would still have been seen is the end of them (a polynomial sigma). The n largest
   values are at least 1, for tau's rows are those of the identity: if no more are kept, all of M is lost. */
static plim_status leave_out(const plimi_stage *q, gsl_vector *singular)
{
  static const double shortest = 1e-14, well_above = 1e4;
  const double floor = shortest * gsl_vector_get(singular, 0);
  size_t kept = 0;
  while (kept < singular->size && gsl_vector_get(singular, kept) > floor)
    kept++;
  for (size_t i = kept; i < singular->size; i++)
    gsl_vector_set(singular, i, 0.0);
  if (kept <= q->n)
    return PLIM_NOT_CONVERGED;
  if (!q->mixture->without_last || kept == singular->size || q->mixture->tables->step.nu2 == 0.0)
    return PLIM_OK; /* nu2 = 0: sigma is linear, and there is one direction */
  const double last = gsl_vector_get(singular, kept - 1), before = gsl_vector_get(singular, kept - 2);
  if (kept == q->n + 1 || last / before * last < well_above * floor)
    gsl_vector_set(singular, kept - 1, 0.0);
  return PLIM_OK;
}

/* The least-squares solution: by QR where M has a price, and by singular values where it has none. */
static plim_status least_squares(plimi_stage *q, double *solution)
{
  const size_t n = q->n, width = 2 * n, rows = q->nodes + 2 * n;
  plim_status status = PLIM_NO_MEMORY;
  gsl_matrix_view left = gsl_matrix_view_array(q->left, rows, width);
  gsl_vector_view right = gsl_vector_view_array(q->right, rows), x = gsl_vector_view_array(solution, width);
  gsl_vector *first = gsl_vector_alloc(width), *rest = gsl_vector_alloc(rows);
  gsl_matrix *turn = gsl_matrix_alloc(width, width);
  int code = GSL_EFAILED;
  if (first == NULL || rest == NULL || turn == NULL)
    goto done;
  if (isfinite(q->mixture->d)) {
    code = gsl_linalg_QR_decomp(&left.matrix, first);
    if (code == GSL_SUCCESS)
      code = gsl_linalg_QR_lssolve(&left.matrix, first, &right.vector, &x.vector, rest);
  } else {
    gsl_vector_view work = gsl_vector_subvector(rest, 0, width);
    code = gsl_linalg_SV_decomp(&left.matrix, turn, first, &work.vector);
    if (code == GSL_SUCCESS && leave_out(q, first) != PLIM_OK)
      code = GSL_ELOSS;
    if (code == GSL_SUCCESS)
      code = gsl_linalg_SV_solve(&left.matrix, turn, first, &right.vector, &x.vector);
  }
  status = code == GSL_SUCCESS ? PLIM_OK : PLIM_NOT_CONVERGED;
done:
  gsl_vector_free(first);
  gsl_vector_free(rest);
  gsl_matrix_free(turn);
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
    const double unit = sqrt(t->pi[b] * s->g[b]) * solution[n + b];
    q->tau[b] = plimi_dot(q->e + b * n, solution, n);
    q->block[b] = is_priced ? sqrt(q->mixture->d) * unit : unit;
    q->pull[b] = is_priced ? unit : 0.0;
    q->lean[b] = q->pull[b] * t->zeta[b] / sqrt(t->c[b]);
  }
  for (size_t k = 0; k < q->nodes; k++) {
    const double along = plimi_dot(t->s + k * n, q->tau, n);
    q->mean[k] = plimi_dot(t->m + k * n, q->block, n) + t->k[k] * along;
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
  double *solution = malloc(2 * stage->n * sizeof *solution);
  if (solution == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = take_e(stage);
  if (status == PLIM_OK)
    fill_rows(stage);
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
