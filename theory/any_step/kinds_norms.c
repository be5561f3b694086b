/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_norms.c - the small terms of any_activation.md B.4: forms of Sigma_b, the norms of the neurons and of an input,
   and the functions of k that come of them. They depend on the tables and the law of y alone.

   Where any_activation.md B.6 says s_vv = s_tt = 1 of spiked features, that is in units of c_b: v'Sigma_b v = c_b. */
#include <math.h>
#include <stdlib.h>

#include "kinds_reduced.h"

/* Of the weight: kinds so far out that their own terms of the fourth order in zeta outgrow what they belong to. */
static const double far_out = 1e-6;

plim_status plimi_norms_alloc(const plimi_kinds *t, plimi_norms *s)
{
  const size_t n = t->kinds;
  *s = (plimi_norms){.omega = calloc(n * (n + 6), sizeof *s->omega)};
  if (s->omega == NULL)
    return PLIM_NO_MEMORY;
  s->vv = s->omega + n * n;
  s->vt = s->vv + n;
  s->tt = s->vt + n;
  s->gamma = s->tt + n;
  s->cross = s->gamma + n;
  s->own = s->cross + n;
  return PLIM_OK;
}

void plimi_norms_free(plimi_norms *s)
{
  free(s->omega);
  s->omega = NULL;
}

static void of_spiked(const plimi_kinds *t, plimi_norms *s)
{
  for (size_t i = 0; i < t->kinds; i++) {
    for (size_t j = 0; j < t->kinds; j++)
      s->omega[i * t->kinds + j] = 1.0;
    s->vv[i] = s->tt[i] = t->c[i];
    s->cross[i] = 1.0;
  }
  s->functions = 1;
}

static void fill_omega(const plimi_kinds *t, const plimi_law_of_labels *law, plimi_norms *s)
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

/* What the forms of Sigma and the norms have in common. */
typedef struct {
  double y2_lin, y3_lin; /* E y^j lin, lin = (mu1* xi + y/psi1)/|u| */
  double vDv, vSv, bDb, bSb, bDv, bSv, vD2, bD2, bvD2;
} spike_forms;

static spike_forms forms_of(const plimi_kinds *t, const plimi_law_of_labels *law)
{
  const double(*e)[PLIMI_LAW_Y] = law->moment;
  const double psi1 = t->step.step_psi1, star = t->star_mu1, u = t->length;
  const double up2 = t->step.s2 / psi1 / (u * u);
  const double y_lin2 =
      (star * star * e[2][1] + 2.0 * star * e[1][2] / psi1 + e[0][3] / (psi1 * psi1)) / (u * u);
  const double y2_lin2 =
      (star * star * e[2][2] + 2.0 * star * e[1][3] / psi1 + e[0][4] / (psi1 * psi1)) / (u * u);
  spike_forms f = {.y2_lin = (star * e[1][2] + e[0][3] / psi1) / u,
                   .y3_lin = (star * e[1][3] + e[0][4] / psi1) / u,
                   .vDv = y_lin2 + e[0][1] * up2,
                   .vSv = y2_lin2 + e[0][2] * up2,
                   .bDb = e[2][1],
                   .bSb = e[2][2],
                   .bDv = (star * e[2][1] + e[1][2] / psi1) / u,
                   .bSv = (star * e[2][2] + e[1][3] / psi1) / u};
  f.vD2 = f.vSv / psi1 + f.vDv * f.vDv;
  f.bD2 = f.bSb / psi1 + f.bDb * f.bDb;
  f.bvD2 = f.bSv / psi1 + f.bDb * f.bDv;
  return f;
}

/* PLIM_OUTSIDE_DOMAIN where the norms' variance would be below what W0's norms leave in it. */
static plim_status norms_of_kind(const plimi_kinds *t, const plimi_law_of_labels *law, const spike_forms *f,
                                 size_t b, plimi_norms *s)
{
  const double(*e)[PLIMI_LAW_Y] = law->moment;
  const plimi_slopes *x = &t->slopes;
  const double psi1 = t->step.step_psi1, u = t->length, k2 = t->step.s2 / psi1;
  const double a = t->a[b], c = t->c[b], step = t->step.e * t->zeta[b], step2 = step * step;
  s->gamma[b] = 2.0 * step * x->c3 * u + 3.0 * step2 / psi1 * x->zx2 * f->y2_lin +
                step2 * step / (psi1 * psi1) * x->x3 * f->y3_lin + 2.0 * step2 * x->c2 * x->c3 * u * f->vDv;
  const double mixed = 2.0 * step * x->c3 * t->star_mu1 + step2 * x->zx2 * e[1][2] / psi1;
  const double extra = 4.0 * step2 * k2 * (x->vzx - 2.0 * x->c2 * x->c2 - x->nu3) +
                       step2 * step2 * e[0][4] / (psi1 * psi1 * psi1) * (x->vxx - 2.0 * x->nu2 * x->nu2) +
                       4.0 * step2 * step * e[0][3] / (psi1 * psi1) * (x->zx3 - 2.0 * x->c2 * x->nu2) +
                       mixed * mixed;
  s->cross[b] = (1.0 + a * a * k2) / c;
  const double variance =
      s->omega[b * t->kinds + b] + (extra - s->gamma[b] * s->gamma[b] / s->vv[b]) / (2.0 * c * c);
  const double rest = variance - s->cross[b] * s->cross[b];
  if (rest < -1e-9 * fabs(variance) && t->pi[b] > far_out)
    return PLIM_OUTSIDE_DOMAIN;
  s->own[b] = sqrt(fmax(rest, 0.0));
  return PLIM_OK;
}

plim_status plimi_norms_fill(const plimi_kinds *t, const plimi_law_of_labels *law, plimi_norms *s)
{
  if (law == NULL) {
    of_spiked(t, s);
    return PLIM_OK;
  }
  const spike_forms f = forms_of(t, law);
  const double gam = t->step.gam, rho2 = 1.0 - gam * gam;
  fill_omega(t, law, s);
  s->functions = 2;
  s->own_output = plimi_own_output(t->step.e, t->step.mu1, t->step.mu2, t->step.step_psi1);
  for (size_t b = 0; b < t->kinds; b++) {
    const double a = t->a[b], alpha = t->alpha[b];
    const double bb = 1.0 + 2.0 * a * f.bDb + a * a * f.bD2 + alpha * f.bSb;
    const double bv = gam + 2.0 * a * f.bDv + a * a * f.bvD2 + alpha * f.bSv;
    s->vv[b] = 1.0 + 2.0 * a * f.vDv + a * a * f.vD2 + alpha * f.vSv;
    s->vt[b] = (bv - gam * s->vv[b]) / sqrt(rho2);
    s->tt[b] = (bb - 2.0 * gam * bv + gam * gam * s->vv[b]) / rho2;
    const plim_status status = norms_of_kind(t, law, &f, b, s);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

double plimi_push_of(const plimi_kinds *t, size_t b)
{
  return t->step.e * t->zeta[b] * t->step.mu1 * t->length;
}

double plimi_longer_of(const plimi_kinds *t, size_t b)
{
  return t->slopes.c3 / (2.0 * t->step.mu1) * plimi_push_of(t, b);
}

plimi_functions plimi_functions_at(const plimi_kinds_problem *problem, const plimi_norms *s, size_t node,
                                   size_t b)
{
  const plimi_kinds *t = problem->kinds;
  const plimi_slopes *x = &t->slopes;
  const size_t at = node * t->kinds + b;
  const double k = t->k[node], d = problem->d, k2 = t->step.s2 / t->step.step_psi1, c = t->c[b],
               q = t->q2[at], step = t->step.e * t->zeta[b];
  plimi_functions made = {
      .block = t->m[at] + ((k * k - 1.0) * s->vv[b] / c * q + s->omega[b * t->kinds + b] * t->q4[at]) / d,
      .lean = q * (s->tt[b] / c * t->htt[node] + 2.0 * s->vt[b] / c * k * t->h1[node]) / d,
      .along = k * t->s[at] + s->gamma[b] / (sqrt(c) * s->vv[b]) * q,
      .f = {s->cross[b] * q, 0.0}};
  if (s->functions == 2) { /* a long w_j gets another slope E sigma'(|w_j| z) */
    made.f[0] += plimi_longer_of(t, b) * k * t->s[at] / sqrt(c) +
                 q * step * step * k2 / c * (x->dilation - x->c2 * x->c2);
    made.f[1] = s->own[b] * q;
  }
  return made;
}
