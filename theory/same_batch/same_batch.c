/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same_batch.c - risk, training error and cross-validation on samples that made the gradient, from the fit of fit.c,
   where sources, notation, formulas, domain and error stand. */
#include "same_batch.h"

/* R_lin[l, s] */
static plimi_wide linear_risk(const plimi_fit *f, const plimi_like *u)
{
  const plimi_traces *tr = &f->tr;
  const plimi_wide s_phi = w_mul(u->size, f->phi), s_phi_z = w_mul(s_phi, tr->z);
  const plimi_wide first =
      w_sub(w_add(w_mul(tr->v, u->along_zero), w_mul(s_phi, f->nu)), w_mul(s_phi_z, tr->rest_v));
  const plimi_wide turned = w_add(u->along_zero, s_phi_z), c = w_add(u->lone_zero, s_phi_z);
  const plimi_wide bias = w_add(w_square(first), w_mul(tr->turn, w_square(turned)));
  const plimi_wide moved = w_mul(u->size2, w_square(w_sub(tr->z, f->nu)));
  const plimi_wide noise = w_add(w_mul(w_square(c), u->l.rest), w_mul(moved, u->l.mixed));
  const plimi_wide front = w_scale(f->in->problem->psi1, w_mul(f->a, tr->plain.m1));
  return plimi_sum3(w_mul(u->l.linear, bias), w_mul(front, noise),
                    w_mul(w_mul(u->size2, u->l.extra), tr->bias));
}

/* R_lin[c, eps] + w m + chi_a: the risk that the step's own direction brings, over tau^2 */
static plimi_wide own_risk(const plimi_fit *f)
{
  return plimi_sum3(linear_risk(f, &f->c), w_mul(f->own, f->m), f->mode);
}

/* A and Q: with f1 and c1 the slopes of the two brackets of R_lin in t, and the forms S_m P^2[y, t] by powers of t. */
static plimi_wide improvement_of(const plimi_fit *f)
{
  const plimi_traces *tr = &f->tr;
  const plimi_squares_of_p *s = &tr->plain;
  const plimi_labels *l = &f->y.l;
  const plimi_wide m = f->m, phi = f->phi, phi2 = w_square(phi), moved = w_sub(tr->z, f->nu);
  const plimi_wide phi_moved = w_mul(phi, moved);
  const plimi_wide f1 = w_add(w_mul(f->a_extra, tr->v), w_mul(phi_moved, tr->rest_v));
  const plimi_wide c1 = w_sub(phi_moved, f->a_extra);
  const plimi_wide front = w_scale(f->in->problem->psi1, w_mul(f->a, s->m1));

  const plimi_wide n0 = w_add(s->m1, w_mul(m, s->m0)), n1 = w_add(s->m2, w_mul(m, s->m1));
  const plimi_wide n2 = w_add(tr->m3, w_mul(m, s->m2)), n1_a = w_add(s->m2_a, w_mul(m, s->m1_a));
  const plimi_wide n2_a = w_add(tr->m3_a, w_mul(m, s->m2_a)), n3_a = w_add(tr->m4_a, w_mul(m, tr->m3_a));
  const plimi_wide once = w_add(w_mul(phi, plimi_with_nu(f, n2_a, n1_a)), w_mul(f->extra, n1));
  const plimi_wide fitted1 =
      w_add(w_mul(l->linear, once), w_mul(l->rest, w_mul(phi, plimi_with_nu(f, n1, n0))));
  const plimi_wide cross = w_scale(2.0, w_mul(w_mul(phi, f->extra), plimi_with_nu(f, n2, n1)));
  const plimi_wide beside = w_mul(w_mul(f->a_extra, f->extra), n1);
  const plimi_wide twice = plimi_sum3(w_mul(phi2, plimi_square_with_nu(f, n3_a, n2_a, n1_a)), cross, beside);
  const plimi_wide white = w_add(w_mul(l->rest, phi2), l->mixed);
  const plimi_wide fitted2 = plimi_sum3(
      w_mul(l->linear, twice), w_mul(white, plimi_square_with_nu(f, n2, n1, n0)), w_mul(l->extra, n1));

  const plimi_wide factor = w_div(w_mul(f->weight, tr->rho), f->denominator);
  const plimi_wide bias = w_mul(l->linear, w_sub(w_mul(tr->v, f1), w_mul(tr->turn, c1)));
  const plimi_wide variance = w_mul(front, w_mul(l->rest, phi_moved));
  const plimi_wide rise = w_add(w_sub(bias, variance), w_mul(factor, fitted1));
  const plimi_wide bend = w_mul(l->linear, w_add(w_square(f1), w_mul(tr->turn, w_square(c1))));
  const plimi_wide spread = w_add(w_mul(front, w_mul(w_square(moved), white)), w_mul(l->extra, tr->bias));
  const plimi_wide fall = plimi_sum3(bend, spread, w_mul(factor, fitted2));
  const plimi_wide own = w_add(own_risk(f), w_mul(factor, plimi_form_fitted(f, &f->c)));
  const plimi_wide lost = w_add(w_mul(f->t, fall), w_mul(f->pull2_over_t, own));
  return w_mul(f->t, w_sub(w_scale(2.0, rise), lost));
}

plim_status plimi_same_batch(const plimi_input *in, plimi_reused *result)
{
  plimi_fit f;
  const plim_status status = plimi_fit_of(in, &f);
  if (status != PLIM_OK)
    return status;
  plimi_reused made = {.diverges = v_is_zero(f.denominator.part)};
  if (made.diverges) { /* lambda = 0, psi1 = psi2: T1 -> 0 */
    made.is_zero_over_zero = w_sign(f.fitted) <= 0;
    *result = made;
    return PLIM_OK;
  }
  const plimi_wide norm = w_div(w_mul(f.tr.rho, f.fitted), f.denominator);
  const plimi_wide own = w_mul(f.pull2, own_risk(&f));
  made.risk1 = w_value(plimi_sum3(in->wide.star2, linear_risk(&f, &f.y), w_add(own, w_mul(f.weight, norm))));
  made.delta = w_value(improvement_of(&f));
  const plimi_squares_of_p *s = &f.tr.over_p2;
  const plimi_wide residual = w_add(plimi_form0(&f, &f.y, s), w_mul(f.pull2, plimi_form0(&f, &f.c, s)));
  const plimi_wide gcv = w_add(residual, w_mul(w_add(s->m1, w_mul(f.m, s->m0)), norm));
  made.gcv = w_value(gcv);
  made.train1 = w_value(w_mul(w_square(f.tr.ratio), gcv));
  *result = made;
  return PLIM_OK;
}

plim_status plimi_same_batch_risk1(const plimi_input *in, plim_value *value)
{
  plimi_reused r;
  const plim_status status = plimi_same_batch(in, &r);
  if (status != PLIM_OK)
    return status;
  if (r.diverges)
    return r.is_zero_over_zero ? PLIM_OUTSIDE_DOMAIN : PLIM_DIVERGES;
  *value = r.risk1;
  return PLIM_OK;
}

plim_status plimi_same_batch_delta(const plimi_input *in, plim_value *value)
{
  plimi_reused r;
  const plim_status status = plimi_same_batch(in, &r);
  if (status != PLIM_OK)
    return status;
  if (r.diverges && plimi_moves(in->problem))
    return PLIM_DIVERGES;
  *value = r.diverges ? v_exact(0.0) : r.delta;
  return PLIM_OK;
}

plim_status plimi_same_batch_train1(const plimi_input *in, plim_value *value)
{
  plimi_reused r;
  const plim_status status = plimi_same_batch(in, &r);
  if (status == PLIM_OK)
    *value = r.diverges ? v_exact(0.0) : r.train1;
  return status;
}
