/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_linear.c - what the fixed point says of the predictor: any_activation.md B.4, B.6, B.7, the objective of B.5.

   The predictor given k is mean(k) = M'm + T'f + k S'tau: block means M, the norms of the neurons T, and what the
   linear parts add along v. With F = E w kS (h - mean) + A tau, tau = Vvb b1 + Vvv F and p = Vbb b1 + Vvb F,
     E w m (h - mean) + E w lean = P M,     E w f (h - mean) = diag(1/(2 p)) T,
   and Obj = E (h2 + noise^2 - fit)/(1 + V) + eps E (h2 - fit), fit = h mean + h1 S'p + M'lean.
   Where any_activation.md B.6 says s_vv = s_tt = 1 of spiked features, that is in units of c_b: v'Sigma_b v = c_b. */
#include <math.h>
#include <string.h>

#include "kinds.h"

enum { MOST_UNKNOWNS = 4 * PLIMI_MOST_KINDS };

/* What depends on the tables and the law alone. */
typedef struct {
  double omega[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS];
  double vv[PLIMI_MOST_KINDS], vt[PLIMI_MOST_KINDS], tt[PLIMI_MOST_KINDS]; /* forms of Sigma_b */
  double gamma[PLIMI_MOST_KINDS]; /* d times the covariance of a neuron's norm with <w_j, v> */
  double cross[PLIMI_MOST_KINDS], own[PLIMI_MOST_KINDS]; /* Q's share in the two functions f */
  double own_output;                                     /* qf */
  size_t functions;                                      /* f's for each kind: 2 of the real step, else 1 */
} small_terms;

static void of_spiked(const plimi_kinds *t, small_terms *s)
{
  for (size_t i = 0; i < t->kinds; i++) {
    for (size_t j = 0; j < t->kinds; j++)
      s->omega[i * t->kinds + j] = 1.0;
    s->vv[i] = s->tt[i] = t->c[i];
    s->cross[i] = 1.0;
  }
  s->functions = 1;
}

static void fill_omega(const plimi_kinds *t, const plimi_law_of_labels *law, small_terms *s)
{
  const double psi1 = t->step.step_psi1, s2 = t->step.s2, k2 = s2 / psi1, k3 = law->moment[0][3],
               k4 = law->moment[0][4];
  const double gram[4][4] = {
      {1.0, 0.0, k2, s2},
      {0.0, k2, k3 / (psi1 * psi1), k3 / psi1},
      {k2, k3 / (psi1 * psi1), k4 / (psi1 * psi1 * psi1) + 2.0 * k2 * k2, k4 / (psi1 * psi1) + s2 * k2},
      {s2, k3 / psi1, k4 / (psi1 * psi1) + s2 * k2, k4 / psi1 + s2 * s2}};
  for (size_t i = 0; i < t->kinds; i++) {
    for (size_t j = 0; j < t->kinds; j++) {
      const double x[4] = {1.0, 2.0 * t->a[i], t->a[i] * t->a[i], t->alpha[i]},
                   y[4] = {1.0, 2.0 * t->a[j], t->a[j] * t->a[j], t->alpha[j]};
      double sum = 0.0;
      for (size_t k = 0; k < 4; k++)
        for (size_t l = 0; l < 4; l++)
          sum += x[k] * gram[k][l] * y[l];
      s->omega[i * t->kinds + j] = sum / (t->c[i] * t->c[j]);
    }
  }
}

/* PLIM_OUTSIDE_DOMAIN where the norms' variance would be below what W0's norms leave in it. */
static plim_status of_real(const plimi_kinds *t, const plimi_law_of_labels *law, small_terms *s)
{
  const double(*e)[PLIMI_LAW_Y] = law->moment;
  const plimi_slopes *x = &t->slopes;
  const double psi1 = t->step.step_psi1, star = t->star_mu1, u = t->length, gam = t->step.gam,
               rho2 = 1.0 - gam * gam;
  const double k2 = t->step.s2 / psi1, up2 = k2 / (u * u);
  /* E y^j lin^2 and so on, lin = (mu1* xi + y/psi1)/|u| */
  const double y_lin2 =
                   (star * star * e[2][1] + 2.0 * star * e[1][2] / psi1 + e[0][3] / (psi1 * psi1)) / (u * u),
               y2_lin2 =
                   (star * star * e[2][2] + 2.0 * star * e[1][3] / psi1 + e[0][4] / (psi1 * psi1)) / (u * u),
               y2_lin = (star * e[1][2] + e[0][3] / psi1) / u, y3_lin = (star * e[1][3] + e[0][4] / psi1) / u,
               vDv = y_lin2 + e[0][1] * up2, vSv = y2_lin2 + e[0][2] * up2, bDb = e[2][1], bSb = e[2][2],
               bDv = (star * e[2][1] + e[1][2] / psi1) / u, bSv = (star * e[2][2] + e[1][3] / psi1) / u;
  const double vD2 = vSv / psi1 + vDv * vDv, bD2 = bSb / psi1 + bDb * bDb, bvD2 = bSv / psi1 + bDb * bDv;
  fill_omega(t, law, s);
  s->functions = 2;
  s->own_output = plimi_own_output(t->step.e, t->step.mu1, t->step.mu2, psi1);
  for (size_t b = 0; b < t->kinds; b++) {
    const double a = t->a[b], alpha = t->alpha[b], c = t->c[b], step = t->step.e * t->zeta[b],
                 step2 = step * step;
    const double bb = 1.0 + 2.0 * a * bDb + a * a * bD2 + alpha * bSb;
    const double bv = gam + 2.0 * a * bDv + a * a * bvD2 + alpha * bSv;
    s->vv[b] = 1.0 + 2.0 * a * vDv + a * a * vD2 + alpha * vSv;
    s->vt[b] = (bv - gam * s->vv[b]) / sqrt(rho2);
    s->tt[b] = (bb - 2.0 * gam * bv + gam * gam * s->vv[b]) / rho2;
    s->gamma[b] = 2.0 * step * x->c3 * u + 3.0 * step2 / psi1 * x->zx2 * y2_lin +
                  step2 * step / (psi1 * psi1) * x->x3 * y3_lin + 2.0 * step2 * x->c2 * x->c3 * u * vDv;
    const double mixed = 2.0 * step * x->c3 * star + step2 * x->zx2 * e[1][2] / psi1;
    const double extra = 4.0 * step2 * k2 * (x->vzx - 2.0 * x->c2 * x->c2 - x->nu3) +
                         step2 * step2 * e[0][4] / (psi1 * psi1 * psi1) * (x->vxx - 2.0 * x->nu2 * x->nu2) +
                         4.0 * step2 * step * e[0][3] / (psi1 * psi1) * (x->zx3 - 2.0 * x->c2 * x->nu2) +
                         mixed * mixed;
    s->cross[b] = (1.0 + a * a * k2) / c;
    const double variance =
        s->omega[b * t->kinds + b] + (extra - s->gamma[b] * s->gamma[b] / s->vv[b]) / (2.0 * c * c);
    const double rest = variance - s->cross[b] * s->cross[b];
    if (rest < -1e-9 * variance)
      return PLIM_OUTSIDE_DOMAIN;
    s->own[b] = sqrt(fmax(rest, 0.0));
  }
  return PLIM_OK;
}

/* e zeta_b mu1 |u| */
static double push_of(const plimi_kinds *t, size_t b)
{
  return t->step.e * t->zeta[b] * t->step.mu1 * t->length;
}

/* The functions of k at one node. */
typedef struct {
  double block[PLIMI_MOST_KINDS], lean[PLIMI_MOST_KINDS],
      along[PLIMI_MOST_KINDS]; /* m_b at this d, lean_b, kS_b */
  double f[2 * PLIMI_MOST_KINDS];
} functions;

static functions functions_at(const plimi_kinds_problem *problem, const small_terms *s, size_t node)
{
  const plimi_kinds *t = problem->kinds;
  const plimi_slopes *x = &t->slopes;
  const double k = t->k[node], d = problem->d, k2 = t->step.s2 / t->step.step_psi1;
  functions made = {.block = {0.0}};
  for (size_t b = 0; b < t->kinds; b++) {
    const size_t at = node * t->kinds + b;
    const double c = t->c[b], q = t->q2[at], step = t->step.e * t->zeta[b], push = push_of(t, b);
    made.block[b] =
        t->m[at] + ((k * k - 1.0) * s->vv[b] / c * q + s->omega[b * t->kinds + b] * t->q4[at]) / d;
    made.lean[b] = q * (s->tt[b] / c * t->htt[node] + 2.0 * s->vt[b] / c * k * t->h1[node]) / d;
    made.along[b] = k * t->s[at] + s->gamma[b] / (sqrt(c) * s->vv[b]) * q;
    made.f[b] = s->cross[b] * q;
    if (s->functions == 2) { /* a long w_j gets another slope E sigma'(|w_j| z) */
      made.f[b] += x->c3 / (2.0 * t->step.mu1) * push * k * t->s[at] / sqrt(c) +
                   q * step * step * k2 / c * (x->dilation - x->c2 * x->c2);
      made.f[t->kinds + b] = s->own[b] * q;
    }
  }
  return made;
}

/* V1 along v, v and b, b. */
typedef struct {
  double complex vv[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS], vb[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS],
      bb[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS];
} bulk_along;

static plim_status bulk_along_spike(const plimi_kinds_problem *problem, const plimi_kinds_view *view,
                                    bulk_along *v)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = t->kinds;
  const double gam = t->step.gam, rho = sqrt(1.0 - gam * gam), u = t->length;
  memset(v, 0, sizeof *v);
  if (problem->law == NULL) {
    memcpy(v->vv, view->v1, kinds * kinds * sizeof *v->vv);
    memcpy(v->bb, view->v1, kinds * kinds * sizeof *v->bb);
    return PLIM_OK;
  }
  plimi_bulk_forms forms;
  const plim_status status = plimi_bulk_forms_at(problem, view->ah, view->r, &forms);
  for (size_t i = 0; i < kinds && status == PLIM_OK; i++) {
    for (size_t j = 0; j < kinds; j++) {
      const size_t at = i * kinds + j;
      const double complex outer = view->gh[i] * view->gh[j];
      const double complex vv = outer * forms.uu[at] / (u * u), bv = outer * forms.bu[at] / u;
      v->vv[at] = vv;
      v->vb[at] = (bv - gam * vv) / rho;
      v->bb[at] = (outer * forms.bb[at] - 2.0 * gam * bv + gam * gam * vv) / (rho * rho);
    }
  }
  return status;
}

/* The linear system in (M, T, F), row-major, and its right side. */
typedef struct {
  size_t kinds, functions, size;
  double complex matrix[MOST_UNKNOWNS * MOST_UNKNOWNS], right[MOST_UNKNOWNS];
  double complex b1[PLIMI_MOST_KINDS], tau0[PLIMI_MOST_KINDS]; /* E w S h1; Vvb b1 */
} system_of;

static void apply(size_t n, const double complex *matrix, const double complex *x, double complex *product)
{
  for (size_t i = 0; i < n; i++) {
    product[i] = 0.0;
    for (size_t j = 0; j < n; j++)
      product[i] += matrix[i * n + j] * x[j];
  }
}

/* E w (rows of m, f, kS) (columns of what M, T, F bring into mean) and what stands on the right. */
static void add_node(const plimi_kinds_problem *problem, const functions *f, const bulk_along *v,
                     double complex share, size_t node, system_of *q)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = q->kinds, count = q->functions;
  double complex column[MOST_UNKNOWNS], base = 0.0;
  double row[MOST_UNKNOWNS];
  for (size_t b = 0; b < kinds; b++) {
    column[b] = row[b] = f->block[b];
    row[kinds + count + b] = f->along[b];
    column[kinds + count + b] = 0.0;
    for (size_t j = 0; j < kinds; j++) /* k S'Vvv F */
      column[kinds + count + b] += v->vv[j * kinds + b] * f->along[j];
    base += q->tau0[b] * f->along[b];
  }
  for (size_t i = 0; i < count; i++)
    column[kinds + i] = row[kinds + i] = f->f[i];
  for (size_t i = 0; i < q->size; i++) {
    q->right[i] += share * row[i] * (t->h[node] - base);
    for (size_t j = 0; j < q->size; j++)
      q->matrix[i * q->size + j] += share * row[i] * column[j];
  }
  for (size_t b = 0; b < kinds; b++)
    q->right[b] += share * f->lean[b];
}

/* P, the prices of T, and 1 - A Vvv. */
static void add_prices(const plimi_kinds_problem *problem, const small_terms *s, const plimi_kinds_view *view,
                       const bulk_along *v, system_of *q)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = q->kinds, first = kinds + q->functions;
  double complex av[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS], ava[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS],
      at[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS], turned[PLIMI_MOST_KINDS];
  plimi_c_multiply(kinds, view->a, view->v1, av);
  plimi_c_multiply(kinds, av, view->a, ava);
  plimi_c_multiply(kinds, view->a, v->vv, at);
  for (size_t i = 0; i < kinds; i++) {
    for (size_t j = 0; j < kinds; j++) {
      double complex norms = 0.0;
      for (size_t k = 0; k < t->nodes; k++)
        norms += t->weight[k] * view->w[k] * t->q2[k * kinds + i] * t->q2[k * kinds + j];
      const double zeta = t->zeta[i] * t->zeta[j] / sqrt(t->c[i] * t->c[j]);
      const double complex bulk = view->a[i * kinds + j] - ava[i * kinds + j];
      q->matrix[i * q->size + j] +=
          (2.0 * s->omega[i * kinds + j] * norms - s->own_output / problem->psi2 * bulk * zeta +
           (i == j ? 1.0 / view->p[i] : 0.0)) /
          problem->d;
      q->matrix[(first + i) * q->size + first + j] += (i == j ? 1.0 : 0.0) - at[i * kinds + j];
    }
  }
  for (size_t i = 0; i < q->functions; i++)
    q->matrix[(kinds + i) * q->size + kinds + i] += 1.0 / (2.0 * view->p[i % kinds]);
  apply(kinds, view->a, q->tau0, turned);
  for (size_t i = 0; i < kinds; i++)
    q->right[first + i] += turned[i];
}

static void start(const plimi_kinds_problem *problem, const small_terms *s, const plimi_kinds_view *view,
                  const bulk_along *v, system_of *q)
{
  const plimi_kinds *t = problem->kinds;
  memset(q, 0, sizeof *q);
  q->kinds = t->kinds;
  q->functions = s->functions * t->kinds;
  q->size = 2 * t->kinds + q->functions;
  for (size_t k = 0; k < t->nodes; k++)
    for (size_t b = 0; b < t->kinds; b++)
      q->b1[b] += t->weight[k] * view->w[k] * t->s[k * t->kinds + b] * t->h1[k];
  apply(t->kinds, v->vb, q->b1, q->tau0);
}

/* M, T, F -> tau and p. */
static void linear_parts(const system_of *q, const bulk_along *v, double complex *tau, double complex *p)
{
  const double complex *f = q->right + q->kinds + q->functions;
  double complex more[PLIMI_MOST_KINDS];
  apply(q->kinds, v->vv, f, tau);
  apply(q->kinds, v->bb, q->b1, p);
  for (size_t b = 0; b < q->kinds; b++)
    tau[b] += q->tau0[b];
  for (size_t i = 0; i < q->kinds; i++) { /* Vvb is symmetric */
    more[i] = 0.0;
    for (size_t j = 0; j < q->kinds; j++)
      more[i] += v->vb[i * q->kinds + j] * f[j];
    p[i] += more[i];
  }
}

static double complex objective_of(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                                   const small_terms *s, const plimi_kinds_view *view, const system_of *q,
                                   const double complex *tau, const double complex *p)
{
  const plimi_kinds *t = problem->kinds;
  double complex sum = 0.0;
  for (size_t k = 0; k < t->nodes; k++) {
    const functions f = functions_at(problem, s, k);
    double complex mean = 0.0, fit = 0.0;
    for (size_t b = 0; b < q->kinds; b++) {
      mean += q->right[b] * f.block[b] + tau[b] * f.along[b];
      fit += p[b] * t->s[k * q->kinds + b] * t->h1[k] + q->right[b] * f.lean[b];
    }
    for (size_t i = 0; i < q->functions; i++)
      mean += q->right[q->kinds + i] * f.f[i];
    fit += t->h[k] * mean;
    sum += t->weight[k] *
           ((t->h2[k] + problem->noise2 - fit) / (1.0 + view->v[k]) + tuning->extra * (t->h2[k] - fit));
  }
  return sum;
}

plim_status plimi_kinds_stage_at(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                                 const plimi_kinds_state *state, plimi_kinds_view *view,
                                 plimi_kinds_stage *stage)
{
  const plimi_kinds *t = problem->kinds;
  small_terms s = {.own_output = 0.0};
  bulk_along v;
  system_of q;
  plim_status status = PLIM_OK;
  if (problem->law == NULL)
    of_spiked(t, &s);
  else
    status = of_real(t, problem->law, &s);
  plimi_kinds_look(problem, tuning, state, view);
  if (status == PLIM_OK)
    status = bulk_along_spike(problem, view, &v);
  if (status != PLIM_OK)
    return status;
  start(problem, &s, view, &v, &q);
  for (size_t k = 0; k < t->nodes; k++) {
    const functions f = functions_at(problem, &s, k);
    add_node(problem, &f, &v, t->weight[k] * view->w[k], k, &q);
  }
  add_prices(problem, &s, view, &v, &q);
  status = plimi_c_solve(q.size, q.matrix, q.right);
  if (status != PLIM_OK)
    return status;
  double complex tau[PLIMI_MOST_KINDS], p[PLIMI_MOST_KINDS];
  linear_parts(&q, &v, tau, p);
  memset(stage, 0, sizeof *stage);
  stage->objective = objective_of(problem, tuning, &s, view, &q, tau, p);
  for (size_t b = 0; b < t->kinds; b++) {
    stage->order[PLIMI_ANY_M] += t->zeta[b] * creal(q.right[b]);
    /* <w_j, v> beyond e mu1 zeta_j |u|: the bulk's, and what long neurons got more of the spike */
    const double longer = problem->law != NULL ? t->slopes.c3 / (2.0 * t->step.mu1) * push_of(t, b) : 0.0;
    stage->order[PLIMI_ANY_TAU] += sqrt(t->c[b]) * creal(tau[b]) + longer * creal(q.right[t->kinds + b]);
    stage->order[PLIMI_ANY_P] += sqrt(t->c[b]) * creal(p[b]);
  }
  for (size_t k = 0; k < t->nodes; k++)
    stage->order[PLIMI_ANY_V] += t->weight[k] * creal(view->v[k]);
  return PLIM_OK;
}
