/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_stage.c - what the fixed point says of the predictor: any_activation.md B.4, B.6, B.7 and the objective of B.5,
   in the few dimensions of kinds_basis.c.

   The predictor given k is mean(k) = M'm + T'f + kS'tau: block means M, the norms of the neurons T, and what the linear
   parts add along v. kS = U along(k), so that F = E w kS (h - mean) + A tau is U F and tau counts through U'tau:
     E w m (h - mean) + E w lean = P M,   E w f (h - mean) = diag(1/(2 p)) T,   F = E w along (h - mean) + A tau,
     tau = Vvb b1 + Vvv F,   p = Vbb b1 + Vvb F,   b1 = E w s h1,
     P = diag(1/(d p)) + (2/d) Omega o E w Q Q' - qf/(psi2 d) (U R U') o zc zc',   zc = zeta/sqrt(c),
   M and T in the units of kinds_rows.c, the rest in those of kinds_iterate.c. As w = psi1 (1/(lambda + V) + eps),
     Obj/lambda = E w (h2 - fit)/psi1 + noise^2 E 1/(lambda + V),   fit = h mean + h1 s'p + M'lean.
   Where functions of k are free (d infinite, Gaussian readout) h - mean has no part along them, and E w h (h - mean) is
   that of what is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kinds_reduced.h"

typedef struct {
  const plimi_kinds_problem *problem;
  const plimi_norms *norms;
  const plimi_basis *basis;
  const plimi_point *point;
  plimi_sight sight;
  plimi_pencil pencil;
  plimi_resolvent resolvent;
  plimi_forms forms;
  plimi_rows rows;
  plimi_dual gram, matrix, answer;      /* columns^2, n^2, n x 1 with n = columns - 1 */
  plimi_dual lean, b1, tau0, tau, p, f; /* blocks x 1; m x 1 */
  plimi_dual along, product;            /* n x m: E w x along'; the same times Vvv */
  plimi_dual square;                    /* m x m */
  double *pivots;
} stage_work;

static size_t work_size(const stage_work *q)
{
  const size_t m = q->basis->m, all = q->rows.columns, n = all - 1, parts = PLIMI_PARTS;
  return plimi_sight_size(q->basis, parts) + plimi_pencil_size(m, parts) + plimi_resolvent_size(m, parts) +
         (4 * m * m + all * all + n * n + n + q->rows.blocks + 5 * m + 2 * n * m) * parts + 2 * n;
}

static void carve(stage_work *q, double *next)
{
  const size_t m = q->basis->m, all = q->rows.columns, n = all - 1, parts = PLIMI_PARTS;
  q->sight = plimi_sight_take(&next, q->basis, parts);
  q->pencil = plimi_pencil_take(&next, m, plimi_pair_of(q->problem, q->basis), parts);
  q->resolvent = plimi_resolvent_take(&next, m, plimi_pair_of(q->problem, q->basis), parts);
  q->forms.vv = plimi_dual_take(&next, m, m, parts);
  q->forms.vb = plimi_dual_take(&next, m, m, parts);
  q->forms.bb = plimi_dual_take(&next, m, m, parts);
  q->square = plimi_dual_take(&next, m, m, parts);
  q->gram = plimi_dual_take(&next, all, all, parts);
  q->matrix = plimi_dual_take(&next, n, n, parts);
  q->answer = plimi_dual_take(&next, n, 1, parts);
  q->lean = plimi_dual_take(&next, q->rows.blocks, 1, parts);
  q->along = plimi_dual_take(&next, n, m, parts);
  q->product = plimi_dual_take(&next, n, m, parts);
  plimi_dual *const column[] = {&q->b1, &q->tau0, &q->tau, &q->p, &q->f};
  for (size_t i = 0; i < sizeof column / sizeof *column; i++)
    *column[i] = plimi_dual_take(&next, m, 1, parts);
  q->pivots = next;
}

/* E w lean and E w s h1 */
static void add_up(stage_work *q)
{
  const plimi_kinds *t = q->problem->kinds;
  plimi_dual_clear(&q->lean);
  plimi_dual_clear(&q->b1);
  for (size_t k = 0; k < t->nodes; k++) {
    for (size_t part = 0; part < PLIMI_PARTS; part++) {
      const double share = t->weight[k] * plimi_dual_part(&q->sight.w, part)[k];
      for (size_t b = 0; b < q->rows.blocks; b++)
        plimi_dual_part(&q->lean, part)[b] += share * q->rows.lean[k * q->rows.blocks + b];
      for (size_t i = 0; i < q->basis->m; i++)
        plimi_dual_part(&q->b1, part)[i] += share * q->basis->s[k * q->basis->m + i] * t->h1[k];
    }
  }
}

/* (u_b' x u_c) */
static double seen(const plimi_basis *basis, const double *x, size_t b, size_t c)
{
  const size_t m = basis->m;
  double sum = 0.0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++)
      sum += basis->u[b * m + i] * x[i * m + j] * basis->u[c * m + j];
  return sum;
}

/* factor/G and its derivatives, on the diagonal from `first` on. */
static void add_inverse(stage_work *q, size_t first, double factor)
{
  const size_t n = q->matrix.rows;
  for (size_t b = 0; b < q->basis->kinds; b++) {
    const double value = q->point->g.x[b];
    for (size_t part = 0; part < PLIMI_PARTS; part++)
      plimi_dual_part(&q->matrix, part)[(first + b) * (n + 1)] +=
          factor * (part == 0 ? 1.0 / value : -plimi_dual_part(&q->point->g, part)[b] / (value * value));
  }
}

/* (2/d) Omega o E w Q Q' at the upper left */
static void add_norms(stage_work *q)
{
  const plimi_kinds *t = q->problem->kinds;
  const size_t kinds = t->kinds, n = q->matrix.rows;
  for (size_t k = 0; k < t->nodes; k++) {
    for (size_t part = 0; part < PLIMI_PARTS; part++) {
      const double share = 2.0 / q->problem->d * t->weight[k] * plimi_dual_part(&q->sight.w, part)[k];
      double *to = plimi_dual_part(&q->matrix, part);
      for (size_t b = 0; b < kinds; b++) {
        const double one = share * sqrt(t->pi[b]) * t->q2[k * kinds + b];
        for (size_t c = 0; c < kinds; c++)
          to[b * n + c] += one * sqrt(t->pi[c]) * t->q2[k * kinds + c] * q->norms->omega[b * kinds + c];
      }
    }
  }
}

static void add_own_output(stage_work *q)
{
  const plimi_kinds *t = q->problem->kinds;
  const size_t n = q->matrix.rows;
  const double factor = q->norms->own_output / (q->problem->psi2 * q->problem->d);
  plimi_dual_get(&q->square, &q->resolvent.r, 0, 0);
  for (size_t part = 0; part < PLIMI_PARTS; part++)
    for (size_t b = 0; b < t->kinds; b++)
      for (size_t c = 0; c < t->kinds; c++)
        plimi_dual_part(&q->matrix, part)[b * n + c] -=
            factor * seen(q->basis, plimi_dual_part(&q->square, part), b, c) * t->zeta[b] * t->zeta[c] /
            sqrt(t->c[b] * t->c[c]);
}

/* The system in (M, T, F), and its right side into the answer. */
static void assemble(stage_work *q)
{
  const size_t m = q->basis->m, first = q->rows.blocks + q->rows.functions, n = first + m;
  plimi_dual_get(&q->along, &q->gram, 0, first);
  plimi_dual_get(&q->answer, &q->gram, 0, n);
  plimi_dual_get(&q->matrix, &q->gram, 0, 0);
  plimi_dual_multiply(&q->product, &q->along, &q->forms.vv);
  for (size_t part = 0; part < PLIMI_PARTS; part++)
    for (size_t i = 0; i < n; i++)
      memcpy(plimi_dual_part(&q->matrix, part) + i * n + first, plimi_dual_part(&q->product, part) + i * m,
             m * sizeof(double));
  plimi_dual_multiply(&q->square, &q->sight.a, &q->forms.vv);
  plimi_dual_put(&q->matrix, first, first, -1.0, &q->square);
  for (size_t i = first; i < n; i++)
    q->matrix.x[i * (n + 1)] += 1.0;
  if (q->problem->span == NULL && isfinite(q->problem->d)) {
    add_inverse(q, 0, 1.0 / q->problem->d);
    add_norms(q);
    add_own_output(q);
  }
  for (size_t i = 0; i < q->norms->functions; i++)
    add_inverse(q, q->rows.blocks + i * q->basis->kinds, 0.5);
  plimi_dual_put(&q->answer, 0, 0, 1.0, &q->lean);
  plimi_dual_multiply(&q->tau0, &q->forms.vb, &q->b1);
  plimi_dual fitted = q->product; /* n x 1, in what is free again */
  fitted.cols = 1;
  plimi_dual_multiply(&fitted, &q->along, &q->tau0);
  plimi_dual_add(&q->answer, -1.0, &fitted);
  plimi_dual_multiply(&q->tau, &q->sight.a, &q->tau0);
  plimi_dual_put(&q->answer, first, 0, 1.0, &q->tau);
}

/* tau and p of the answer */
static void linear_parts(stage_work *q)
{
  plimi_dual_get(&q->f, &q->answer, q->rows.blocks + q->rows.functions, 0);
  plimi_dual_multiply(&q->tau, &q->forms.vv, &q->f);
  plimi_dual_add(&q->tau, 1.0, &q->tau0);
  plimi_dual_multiply(&q->p, &q->forms.vb, &q->f);
  plimi_dual_multiply(&q->tau0, &q->forms.bb, &q->b1);
  plimi_dual_add(&q->p, 1.0, &q->tau0);
}

/* sum -= x'y */
static void take_off(const double *x, const plimi_dual *of_x, const plimi_dual *y, size_t count,
                     double sum[PLIMI_PARTS])
{
  for (size_t part = 0; part < PLIMI_PARTS; part++) {
    const double *dx = x + part * plimi_dual_size(of_x), *dy = plimi_dual_part(y, part);
    for (size_t i = 0; i < count; i++)
      sum[part] -= part == 0 ? x[i] * y->x[i] : dx[i] * y->x[i] + x[i] * dy[i];
  }
}

static void objective_of(const stage_work *q, double sum[PLIMI_PARTS])
{
  const plimi_kinds *t = q->problem->kinds;
  const double psi1 = q->problem->ridge_psi1, noise2 = q->problem->noise2;
  const size_t first = q->rows.blocks + q->rows.functions, n = first + q->basis->m;
  const double *h = q->gram.x + n * (n + 1); /* the last row of each part: E w h x' */
  for (size_t part = 0; part < PLIMI_PARTS; part++) {
    const double *w = plimi_dual_part(&q->sight.w, part);
    sum[part] = plimi_dual_part(&q->gram, part)[(n + 1) * (n + 1) - 1];
    for (size_t k = 0; k < t->nodes; k++)
      sum[part] += t->weight[k] * w[k] * (t->h2[k] - t->h[k] * t->h[k]);
  }
  take_off(h, &q->gram, &q->answer, first, sum);
  take_off(h + first, &q->gram, &q->tau, q->basis->m, sum);
  take_off(q->lean.x, &q->lean, &q->answer, q->rows.blocks, sum);
  take_off(q->b1.x, &q->b1, &q->p, q->basis->m, sum);
  for (size_t part = 0; part < PLIMI_PARTS; part++) {
    double noise = part == PLIMI_BY_EXTRA ? -psi1 : 0.0;
    for (size_t k = 0; k < t->nodes; k++)
      noise += t->weight[k] * plimi_dual_part(&q->sight.w, part)[k];
    sum[part] = (sum[part] + noise2 * noise) / psi1;
  }
}

static void order_of(const stage_work *q, double *order)
{
  const plimi_kinds *t = q->problem->kinds;
  for (size_t b = 0; b < t->kinds; b++) {
    const double root = sqrt(t->pi[b]);
    if (isfinite(q->problem->d))
      order[PLIMI_ANY_M] += t->zeta[b] * root * q->answer.x[b];
    /* <w_j, v> beyond e mu1 zeta_j |u|: the bulk's, and what long neurons got more of the spike */
    if (q->problem->law != NULL)
      order[PLIMI_ANY_TAU] += plimi_longer_of(t, b) * root * q->answer.x[q->rows.blocks + b];
  }
  for (size_t i = 0; i < q->basis->m; i++) {
    order[PLIMI_ANY_TAU] += q->basis->sides[i] * q->tau.x[i];
    order[PLIMI_ANY_P] += q->basis->sides[i] * q->p.x[i];
  }
  for (size_t k = 0; k < t->nodes; k++)
    order[PLIMI_ANY_V] += t->weight[k] * q->sight.v.x[k] / q->problem->lambda;
}

static plim_status answer(stage_work *q, plimi_reduced_stage *stage)
{
  plimi_look(q->problem, q->basis, q->point, &q->sight);
  plimi_pencil_fill(q->problem, q->basis, &q->point->g, &q->pencil);
  plim_status status = plimi_pencil_resolve(&q->pencil, &q->sight.a,
                                            q->problem->law != NULL ? &q->point->gamma : NULL, &q->resolvent);
  if (status == PLIM_OK)
    status = plimi_pencil_forms(q->problem, &q->pencil, &q->sight.a, &q->resolvent, &q->forms);
  if (status != PLIM_OK)
    return status;
  add_up(q);
  plimi_rows_gram(q->problem, &q->rows, &q->sight.w, &q->gram);
  assemble(q);
  status = plimi_dual_solve(&q->matrix, &q->answer, q->pivots);
  if (status != PLIM_OK)
    return status;
  linear_parts(q);
  memset(stage, 0, sizeof *stage);
  stage->lost = q->rows.lost;
  objective_of(q, stage->objective);
  order_of(q, stage->order);
  return PLIM_OK;
}

plim_status plimi_reduced_stage_at(const plimi_kinds_problem *problem, const plimi_norms *norms,
                                   const plimi_basis *basis, const plimi_point *point,
                                   plimi_reduced_stage *stage)
{
  stage_work q = {.problem = problem, .norms = norms, .basis = basis, .point = point};
  plim_status status = plimi_rows_alloc(problem, norms, basis, &q.rows);
  if (status != PLIM_OK)
    return status;
  double *storage = calloc(work_size(&q), sizeof *storage);
  status = PLIM_NO_MEMORY;
  if (storage != NULL) {
    carve(&q, storage);
    status = answer(&q, stage);
  }
  free(storage);
  plimi_rows_free(&q.rows);
  return status;
}
