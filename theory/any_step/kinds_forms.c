/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_forms.c - the bulk along the spike: the forms that stand at the head of kinds_pencil.c. */
#include <math.h>
#include <stdlib.h>

#include "kinds_reduced.h"

/* to += factor left rise' middle rise_r left_r': m x m. room: 5 m^2 duals */
static void sandwich(const plimi_resolvent *l, const plimi_dual *middle, const plimi_resolvent *r,
                     double factor, double *room, plimi_dual *to)
{
  const size_t m = to->rows, pair = middle->rows, parts = to->parts;
  plimi_dual flat = plimi_dual_take(&room, m, pair, parts), next = plimi_dual_take(&room, m, pair, parts),
             one = plimi_dual_take(&room, m, m, parts), two = plimi_dual_take(&room, m, m, parts);
  plimi_dual_transpose(&flat, &l->rise);
  plimi_dual_multiply(&next, &flat, middle);
  plimi_dual_multiply(&one, &next, &r->rise);
  plimi_dual_multiply(&two, &l->left, &one);
  plimi_dual_transpose(&one, &r->left);
  plimi_dual left = plimi_dual_take(&room, m, m, parts);
  plimi_dual_multiply(&left, &two, &one);
  plimi_dual_add(to, factor, &left);
}

/* beta'V u and u'V u into bu and uu, at q of xi^2 and the averages h: of xi^2, xi y, y^2. room: 8 + 7 m^2 duals */
static void of_spike(const plimi_kinds_problem *problem, const plimi_resolvent *q, const plimi_dual *h,
                     const plimi_resolvent *resolvent, double *room, plimi_dual *bu, plimi_dual *uu)
{
  const size_t m = bu->rows, pair = q->r.rows, parts = bu->parts;
  const double psi1 = problem->kinds->step.step_psi1, mu = problem->law->moment[1][1],
               y2 = problem->law->moment[0][2];
  plimi_dual product = plimi_dual_take(&room, pair, pair, parts),
             middle = plimi_dual_take(&room, pair, pair, parts), mixed = plimi_dual_take(&room, m, m, parts);
  plimi_dual_clear(&mixed);
  sandwich(q, &h[1], resolvent, 1.0 / psi1, room, &mixed);
  plimi_dual_copy(bu, &mixed);
  plimi_dual_add(bu, mu, &q->v);
  plimi_dual_symmetrise(bu);
  plimi_dual_symmetrise(&mixed);
  plimi_dual_clear(uu);
  plimi_dual_add(uu, mu * mu, &q->v);
  plimi_dual_add(uu, 2.0 * mu, &mixed);
  plimi_dual_add(uu, y2 / psi1, &resolvent->v);
  plimi_dual_multiply(&product, &q->r, &h[1]);
  plimi_dual_multiply(&middle, &h[1], &product);
  plimi_dual_copy(&product, &h[2]);
  plimi_dual_add(&product, -1.0, &middle);
  sandwich(resolvent, &product, resolvent, 1.0 / (psi1 * psi1), room, uu);
  plimi_dual_symmetrise(uu);
}

plim_status plimi_pencil_forms(const plimi_kinds_problem *problem, const plimi_pencil *pencil,
                               const plimi_dual *a, const plimi_resolvent *resolvent, plimi_forms *forms)
{
  static const plimi_weighting by[] = {{2, 0}, {1, 1}, {0, 2}};
  const size_t m = a->rows, parts = a->parts;
  const double gam = problem->kinds->step.gam, rho = sqrt(1.0 - gam * gam), u = problem->kinds->length;
  if (problem->law == NULL) {
    plimi_dual_copy(&forms->vv, &resolvent->v);
    plimi_dual_copy(&forms->bb, &resolvent->v);
    plimi_dual_clear(&forms->vb);
    return PLIM_OK;
  }
  double *storage = malloc((30 * m * m * parts + plimi_resolvent_size(m, parts)) * sizeof *storage);
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  double *next = storage;
  const size_t pair = resolvent->r.rows;
  plimi_resolvent q = plimi_resolvent_take(&next, m, pair, parts);
  plimi_dual h[3];
  for (size_t i = 0; i < 3; i++)
    h[i] = plimi_dual_take(&next, pair, pair, parts);
  plim_status status = plimi_pencil_average(problem, pencil, &resolvent->r, 3, by, h);
  if (status == PLIM_OK)
    status = plimi_pencil_resolve(pencil, a, &h[0], &q);
  if (status == PLIM_OK) {
    of_spike(problem, &q, h, resolvent, next, &forms->vb, &forms->vv);
    for (size_t i = 0; i < m * m * parts; i++) { /* v = u/|u|, b = (beta - gam v)/rho */
      const double vv = forms->vv.x[i] / (u * u), bv = forms->vb.x[i] / u;
      forms->vv.x[i] = vv;
      forms->vb.x[i] = (bv - gam * vv) / rho;
      forms->bb.x[i] = (q.v.x[i] - 2.0 * gam * bv + gam * gam * vv) / (rho * rho);
    }
  }
  free(storage);
  return status;
}
