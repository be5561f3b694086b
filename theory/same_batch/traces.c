/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traces.c - averages over the spectrum of the sample's own kernel matrix S = a XX'/d.

   SOURCES. theory.md section 14.1, steps 1 and 2 (derived there); the third and fourth moments, the Gram
   determinants, the gaps and the forms below are derived here.

   NOTATION.
     theory.md     here              meaning
     k, z          k, z              effective ridge in sample space, z = mu2^2 + k;  P = (S + z)^-1
     p, q, w       -, -, w           tr P/n, z p, tr SP/n = 1 - q
     v             v                 1/(1 + a psi1 p) = z tr (a X'X/d + z)^-1/d
     b (of 14.1)   -                 psi1 w^2;  1 - psi1 w^2 = w D/a
     T_j, M_j      first, m          tr S^j P/n and tr S^j P^2/n
     D             mp.root           marchenko_pastur.c with psi1 in the place of psi2
     D (of 14.1)   -                 fit.c
   NORMALISATION. X is n x d with entries N(0, 1), so S has diagonal a on average, L = lambda psi1/psi2.

   FORMULA. k >= 0 is the only root of L = k (1 - rho (1 - k p)), rho = psi1/psi2 (14.1, step 1). With section 5's
   kappa it is no new equation: k p = lambda/kappa and L/k = kappa mh, so

     k = rho (lambda/kappa)/mh,    1/mh = zm (z5 + a (psi2 + 1) + D5)/2    at z5 = mu2^2 + kappa,

   which is also right where lambda = kappa = 0. With Y = a/w = (z + a (psi1 + 1) + D)/2, W = w/D, h = psi1 q + v,
   B = psi1 (1 - psi1 w^2) = psi1 D/Y and g = psi1 + psi1^2 + 2 psi1 v + v^2,

     T0 = 1/(v Y)      T1 = a/Y      T2 = a w (psi1 + v)     T3 = a^2 w g
     M0 = W/(a v^2)    M1 = W        M2 = a W h              M3 = a^2 W (h^2 + B)
     M4 = a^3 W (h (h^2 + B) + 2 (psi1 + v) B)
     M0 M2 - M1^2 = W^2 B/v^2,   M1 M3 - M2^2 = (a W)^2 B,   M2 M4 - M3^2 = (a^2 W)^2 B (psi1 h + v^2)
     T0 T2 - T1^2 = psi1 w^2/v,  T1 T3 - T2^2 = psi1 (a w)^2,
     a v^2/(1 - psi1 w^2) = a v^2 Y/D,     v^2 psi1 w^2/(1 - psi1 w^2) = psi1 (a v)^2/(Y D).

   The recursions are T_(j+1) = tr S^j/n - z T_j and M_j = -dT_j/dz with w' = -w/D, v' = psi1 w/D; each line follows
   with 1 - v = psi1 w and z = a v (1 - w)/w.

   WHY NOTHING CANCELS. Each line is a sum of positive terms. The gaps T_(j+1) - r T_j at r_j = M_(j+1)/M_j are
   worked out on paper as well; those that have both signs are differences of closed forms, not of the traces.

   DOMAIN. As fixed_point.c. z = 0 (a linear activation without a ridge, more samples than inputs) has T0 and M0
   infinite; they are 0 here, for all that they multiply (mu2, nu2, chi) is 0 there, and M0/p^2 is kept apart.
   ERROR. Running error analysis (wide.h).
   DRIFT. Traces of resolvents: O(1/d). */
#include "same_batch.h"

/* a/y for y of marchenko_pastur.c */
static plimi_wide inverse_share(plimi_wide a, double ratio, plimi_wide z, const plimi_mp *mp)
{
  const plimi_wide width = w_add(w_exact(ratio), w_exact(1.0));
  return w_scale(0.5, w_add(w_add(z, w_mul(a, width)), mp->root));
}

static void first_powers(plimi_wide a, plimi_wide psi1, plimi_wide y, plimi_traces *t)
{
  const plimi_wide sum = w_add(psi1, t->v);
  const plimi_wide rest = w_add(w_scale(2.0, w_mul(psi1, t->v)), w_square(t->v));
  const plimi_wide g = w_add(w_add(psi1, w_square(psi1)), rest);
  t->first0 = v_is_zero(t->inv_p.part) ? w_exact(0.0) : w_div(w_exact(1.0), t->inv_p);
  t->first1_a = w_div(w_exact(1.0), y);
  t->first1 = t->w;
  t->first2_a = w_mul(t->w, sum);
  t->first2 = w_mul(a, t->first2_a);
  t->first3_a = w_mul(a, w_mul(t->w, g));
  t->mean0 = w_mul(a, t->v);
  t->mean1 = w_mul(a, sum);
  t->around0 = t->around1_a = w_mul(a, w_mul(psi1, t->w));
}

/* What M_j and the Gram determinants are made of. */
typedef struct {
  plimi_wide psi1, q, h, b, tail; /* tail: psi1 h + v^2 */
} parts;

/* Times a factor, from (W/a) factor and M0 factor. */
static plimi_squares_of_p squares_from(plimi_wide a, const parts *p, plimi_wide w_over_a, plimi_wide m0)
{
  plimi_squares_of_p s;
  const plimi_wide w = w_mul(a, w_over_a), aw = w_mul(a, w);
  s.m0 = m0;
  s.m1_a = w_over_a;
  s.m1 = w;
  s.m2_a = w_mul(w, p->h);
  s.m2 = w_mul(a, s.m2_a);
  s.left0 = s.left1_a = w_mul(aw, p->b);
  s.left1 = w_mul(a, s.left1_a);
  s.left2_a = w_mul(s.left1, w_div(p->tail, p->h));
  return s;
}

static void second_powers(plimi_wide a, const parts *p, plimi_wide y, plimi_wide inv_root, plimi_traces *t)
{
  const plimi_wide v2 = w_square(t->v), w_over_a = w_div(inv_root, y);
  const plimi_wide m0 = v_is_zero(t->v.part) ? w_exact(0.0) : w_div(w_over_a, v2);
  t->plain = squares_from(a, p, w_over_a, m0);
  t->over_p2 = squares_from(a, p, w_mul(w_over_a, w_square(t->inv_p)), w_mul(y, inv_root));

  const plimi_wide aw = w_mul(a, t->plain.m1), h2b = w_add(w_square(p->h), p->b);
  const plimi_wide sum = w_mul(w_add(p->psi1, t->v), p->b);
  t->m3_a = w_mul(aw, h2b);
  t->m3 = w_mul(a, t->m3_a);
  t->m4_a = w_mul(w_mul(a, aw), w_add(w_mul(p->h, h2b), w_scale(2.0, sum)));
  t->bias = w_mul(w_mul(a, v2), w_mul(y, inv_root));
  t->turn = w_mul(p->psi1, w_mul(w_square(w_mul(a, t->v)), w_over_a));
}

static void places(plimi_wide a, const parts *p, plimi_traces *t)
{
  const plimi_wide one = w_exact(1.0), v = t->v, v2 = w_square(v), aw = w_mul(a, t->w);
  const plimi_wide psi1 = p->psi1, share = w_div(p->b, p->h), ap = w_mul(a, t->first0);
  t->at_zero = (plimi_place){w_exact(0.0), t->first1, t->first2, t->first2_a, t->first3_a};

  const plimi_wide cubic = w_add(w_add(w_mul(psi1, w_mul(t->rest_v, w_add(one, v))), w_square(psi1)),
                                 w_add(w_scale(2.0, w_mul(psi1, v)), w_mul(v2, t->rest_v)));
  t->at0.r = w_mul(a, v2);
  t->at0.gap0 = w_mul(t->w, t->rest_v);
  t->at0.gap1_a = w_mul(t->w, w_add(psi1, w_mul(v, t->rest_v)));
  t->at0.gap2_a = w_mul(aw, cubic);

  const plimi_wide square = w_add(w_mul(psi1, w_add(one, t->rest_v)), w_mul(v, t->rest_v));
  t->at1.r = w_mul(a, p->h);
  t->at1.gap0 = w_negative(w_mul(ap, w_mul(psi1, p->q)));
  t->at1.gap1_a = w_mul(t->w, t->rest_v);
  t->at1.gap2_a = w_mul(aw, square);

  t->at2.r = w_mul(a, w_add(p->h, share));
  t->at2.gap0 = w_negative(w_mul(ap, w_add(w_mul(psi1, p->q), share)));
  t->at2.gap1_a = w_mul(t->w, w_sub(t->rest_v, share));
  t->at2.gap2_a = w_mul(aw, w_sub(square, w_mul(w_add(psi1, v), share)));
  plimi_place *all[] = {&t->at0, &t->at1, &t->at2};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    all[i]->gap1 = w_mul(a, all[i]->gap1_a);
}

plim_status plimi_traces_of(const plimi_input *in, plimi_traces *traces)
{
  plimi_fixed_point point;
  const plim_status status = plimi_fixed_point_solve(in, &point);
  if (status != PLIM_OK)
    return status;
  plimi_traces *t = traces;
  const plim_problem *problem = in->problem;
  const plimi_wide a = in->wide.a, b = in->wide.b;
  t->rho = w_div(w_exact(problem->psi1), w_exact(problem->psi2));
  t->ratio = point.ratio;
  const plimi_wide kappa_share = w_sign(b) > 0 ? w_div(point.kappa, point.z) : w_exact(1.0);
  t->slack = w_mul(kappa_share, point.mp.zmh);
  const plimi_wide inv_mh = w_mul(point.mp.zm, inverse_share(a, problem->psi2, point.z, &point.mp));
  t->k = w_mul(t->rho, w_mul(point.ratio, inv_mh));
  t->z = w_add(b, t->k);

  const plimi_mp mp = plimi_mp_at(a, problem->psi1, t->z);
  const plimi_wide y = inverse_share(a, problem->psi1, t->z, &mp), psi1 = w_exact(problem->psi1);
  t->v = mp.zm;
  t->w = mp.y;
  t->rest_v = w_mul(psi1, t->w);
  t->inv_p = w_mul(t->v, y);
  const plimi_wide h = w_add(w_mul(psi1, mp.zmh), t->v);
  const plimi_wide tail = w_add(w_mul(psi1, h), w_square(t->v));
  const parts p = {psi1, mp.zmh, h, w_mul(psi1, w_div(mp.root, y)), tail};
  first_powers(a, psi1, y, t);
  second_powers(a, &p, y, mp.inv_root, t);
  places(a, &p, t);
  return PLIM_OK;
}
