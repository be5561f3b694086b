/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.c - ridge regression on samples that made the gradient: the law of what is fitted.

   SOURCES. theory.md sections 14.1 to 14.3: the reduction of the step to rank one on the sample, the law of y'f(S)y
   and the overlap. [BA] leaves the case open and asks for a fresh batch. The form below, in which 14.1 to 14.3 are
   one formula that holds for any overlap at finite d as well, is derived here.

   NOTATION.
     theory.md        here            meaning
     H, G, E          -               samples of the ridge regression, of the gradient, and G without H
     phi, psiE        overlap, extra  share of H that is in G; |E|/d.  psiG = phi psi1 + psiE
     S, P, k, z ...   plimi_traces    traces.c
     e, x             -               eta/psiG;  rho e^2
     eps              -               e/sqrt N, 0 at d = infinity
     b                -               the step seen on H: e [(S + nu) J y + X g],  J the projector on the shared samples
     tau              pull2 = tau^2   a'ahat/sqrt N, the weight of the step's direction in the fit
     t                -               e tau
     Ms, V            linear, rest    mu1*^2 and s2 - mu1*^2
   NORMALISATION. nu = Var sigma', noise a standard deviation, P = (S + z)^-1, |ahat|^2/N -> Psi; sums over samples
   are over n. The self-term nu: sample i of the gradient moves its own feature by (eta/n) y_i |x_i|^2 a_j
   sigma'(w_j'x_i), whose part mu1 is in S and whose rest is nu.

   FORMULA (derived here). Call label-like of (l1, l0) and size s the vector u - s (S + nu) J u - s X g_u, where u =
   l1^(1/2) X b + l0^(1/2) white, b a unit vector, and g_u = (a/d) X_E'u_E. With J u = phi u + white of variance phi
   (1 - phi)(l1 + l0), and X g_u = a psiE l1^(1/2) X b + X times an isotropic vector of square a^2 psiE (l1 + l0)
   (both by exchangeability, 14.3), each of its forms in a function f of S is an integral over the law of S:

     f[l, s] = int f(t) { (l1/a) t (1 - s phi (t + nu) - s a psiE)^2 + l0 (1 - s phi (t + nu))^2
                          + phi (1 - phi)(l1 + l0) s^2 (t + nu)^2 + s^2 a psiE (l1 + l0) t }.

   The labels left over by the step, y - tau b, are label-like of y = (Ms, V) and size t, and the fit's own part of
   the step's direction, which G0's -N^-1/2 sigma(X W0) a bends, is label-like of c = (a, m + chi) and size eps: W0's
   linear and nonlinear part, and the norm mode of small_step.c. Where the mode's direction has the cosine cs = E
   zeta with the step's, the fit turns what lies across against it: with h = rho chi p (1 - cs^2) the mode counts as
   chi_a = chi cs^2/(1 + h)^2, and a, m and L/k as w = 1 + (1 - cs^2)(rho chi p cs/(1 + h))^2 times themselves in c
   and where they stand beside it. So (cs = 1)

     N   = Ms [phi tr S (S + nu) P/a + psiE tr SP] + V phi tr (S + nu) P,
     den = L/k + rho P[c, eps] + x (b'Pb/e^2),
     t = xN/den,    tau^2 = x rho N^2/den^2,
     Psi = rho (S_m P^2)[y, t; c] / D,     f[y, t; c] = f[y, t] + tau^2 f[c, eps],   S_m = S + m,  m = mu2^2,
     D   = L/k + rho k tr S_m P^2,
     T1  = k^2 { P^2[y, t; c] + tr S_m P^2 Psi },      gcv = T1/(k p)^2,
     R1  = mu2*^2 + R_lin[y, t] + tau^2 (R_lin[c, eps] + m + chi) + (a v^2/(1 - psi1 w^2) + a psi1 m tr SP^2 + m) Psi,
     R_lin[l, s] = l1 { [1 - C (1 - v) - s a psiE v]^2 + v^2 psi1 w^2/(1 - psi1 w^2) (C - s a psiE)^2 }
                   + a psi1 tr SP^2 { C^2 l0 + (s (z - nu))^2 phi (1 - phi)(l1 + l0) }
                   + s^2 a^2 psiE (l1 + l0) v^2/(1 - psi1 w^2),            C = 1 + s phi (z - nu).

   Here Psi leaves out the step's own direction, which 14.1 has in it. phi = 1, psiE = 0: 14.1, with eps 14.2. phi = 0:
   the fresh batch of section 5 with psiE samples of the gradient, and its d^-1/2 term at finite d.
   delta = t { 2 A - t Q - (rho N/den) X } with A, Q, X the coefficients of 2 t, -t^2 and -tau^2 in R0 - R1.

   NUMERICAL METHOD. Closed forms (traces.c). int f (1 - s phi (t + nu))^2 is F (1 - s phi (nu + r))^2 + (s phi)^2 G
   with r the mean of t under f and G what it leaves: a sum of squares.
   WHY NOTHING CANCELS. With size t the inner differences are [den - xN phi (nu + r)]/den, where den has the same
   terms: what is left is a sum over the gaps t - r (traces.c). In R_lin and in delta differences remain that change
   sign, as R0 - R1 does; the bound says what they lose.

   LIMITING CASES. eta = 0: R0, T0. psi1 -> infinity with phi = 1: the fresh batch. psi2 -> infinity: delta -> 0.
   lambda -> 0, psi2 > psi1: k = 0, T1 = 0, gcv keeps its limit; psi2 < psi1: k > 0; psi1 = psi2: R1 and gcv diverge,
   T1 -> 0. eta -> infinity at d = infinity: tau -> 0 and t -> N over the form of b.
   SIGN. R0 - R1 has none. On the whole batch (phi = 1, psiE = 0) without a norm mode T1 <= T0 and gcv <= R1 + noise^2
   (seen over random settings, not proved); with few samples shared, a long step and little noise neither holds. There
   the linear function that is learnt is c = 1 + t (z - nu) times that of W0: it does not turn towards beta*.
   SEVERAL STEPS on the gradient's batch: eta is the sum of their sizes. On fresh batches: refused.
   DOMAIN. Any activation, teacher and noise; eta = Theta(1). A step eta N^alpha at finite d is taken at its size for
   alpha < 1/4; from there on a second direction is learnt, at alpha = 1/2 every sample's own label reaches its
   features at O(1) and not as a Gaussian: open, PLIM_OUTSIDE_DOMAIN. Atoms with 0 < |E zeta| < 1 and sigma not odd:
   at d = infinity only.
   PROVED. The reduction to rank one for sigma with three bounded derivatives; Gaussian equivalence jointly in the
   step is observed (theory.md 14.4), not proved.
   ERROR. Running error analysis (wide.h) from the coefficients and kappa on.
   DRIFT. d = infinity: O(d^-1/2), the term of G0 named above. At finite d that is in the value and O(1/d) is left;
   but for a norm mode with a teacher that is not odd, E y (xi^2 - 1) != 0, where O(d^-1/2) stays. Slow where noise
   >= 1, psi1 <= 1 and eta/sqrt N > .15: the self-term saturates sigma. */
#include "same_batch.h"

static const double second_direction = 0.25; /* the exponent of eta at which it is learnt: [MLHD], ell = 2 */

plimi_wide plimi_sum3(plimi_wide x, plimi_wide y, plimi_wide z)
{
  return w_add(w_add(x, y), z);
}

/* f2 + 2 nu f1 + nu^2 f0 */
plimi_wide plimi_square_with_nu(const plimi_fit *f, plimi_wide f2, plimi_wide f1, plimi_wide f0)
{
  return plimi_sum3(f2, w_scale(2.0, w_mul(f->nu, f1)), w_mul(w_square(f->nu), f0));
}

/* f1 + nu f0 */
plimi_wide plimi_with_nu(const plimi_fit *f, plimi_wide f1, plimi_wide f0)
{
  return w_add(f1, w_mul(f->nu, f0));
}

static plimi_labels labels_of(const plimi_fit *f, plimi_wide linear, plimi_wide rest)
{
  plimi_labels l = {.linear = linear, .rest = rest, .both = w_add(linear, rest)};
  l.mixed = w_mul(w_mul(f->phi, f->rest_phi), l.both);
  l.extra = w_mul(f->a_extra, l.both);
  return l;
}

/* share (1 - s phi (nu + r))^2 + (s phi)^2 left, times weight */
static plimi_wide squared(const plimi_fit *f, const plimi_like *u, plimi_wide weight, plimi_wide share,
                          plimi_wide lead, plimi_wide left)
{
  const plimi_wide spread = w_mul(w_square(f->phi), w_mul(u->size2, left));
  return w_mul(weight, w_add(w_mul(share, w_square(lead)), spread));
}

/* P^2[l, s] */
plimi_wide plimi_form0(const plimi_fit *f, const plimi_like *u, const plimi_squares_of_p *s)
{
  const plimi_wide linear = squared(f, u, u->l.linear, s->m1_a, u->along1, s->left1_a);
  const plimi_wide rest = squared(f, u, u->l.rest, s->m0, u->lone0, s->left0);
  const plimi_wide mixed = w_mul(u->l.mixed, plimi_square_with_nu(f, s->m2, s->m1, s->m0));
  return plimi_sum3(linear, rest, w_mul(u->size2, w_add(mixed, w_mul(u->l.extra, s->m1))));
}

/* SP^2[l, s] */
static plimi_wide form1(const plimi_fit *f, const plimi_like *u)
{
  const plimi_squares_of_p *s = &f->tr.plain;
  const plimi_wide linear = squared(f, u, u->l.linear, s->m2_a, u->along2, s->left2_a);
  const plimi_wide rest = squared(f, u, u->l.rest, s->m1, u->lone1, s->left1);
  const plimi_wide mixed = w_mul(u->l.mixed, plimi_square_with_nu(f, f->tr.m3, s->m2, s->m1));
  return plimi_sum3(linear, rest, w_mul(u->size2, w_add(mixed, w_mul(u->l.extra, s->m2))));
}

/* S_m P^2[l, s] */
plimi_wide plimi_form_fitted(const plimi_fit *f, const plimi_like *u)
{
  return w_add(form1(f, u), w_mul(f->m, plimi_form0(f, u, &f->tr.plain)));
}

/* 1 - s phi (nu + r) for a size that is no fraction of den */
static plimi_wide lone_at(const plimi_fit *f, plimi_wide size, plimi_wide r)
{
  return w_sub(w_exact(1.0), w_mul(size, w_mul(f->phi, w_add(f->nu, r))));
}

/* The norm mode is in the direction (1, .., 1), whose part across a the fit uses against it: weight -aside tau
   there. */
static void meet_mode(plimi_fit *f)
{
  const plimi_wide one = w_exact(1.0), cosine = w_of(plimi_readout_mean(f->in->problem));
  const plimi_wide across2 = w_positive_part(w_sub(one, w_square(cosine)));
  const plimi_wide pull = w_mul(f->tr.rho, w_mul(f->chi, f->tr.first0));
  const plimi_wide felt = w_div(cosine, w_add(one, w_mul(pull, across2)));
  const plimi_wide aside2 = w_mul(across2, w_square(w_mul(pull, felt)));
  f->own = w_add(one, aside2);
  f->mode = w_mul(f->chi, w_square(felt));
}

/* The fit's own part c, of size eps; *response becomes P[c, eps]. */
static plimi_like own_part(const plimi_fit *f, plimi_wide eps, plimi_wide *response)
{
  const plimi_traces *tr = &f->tr;
  plimi_like c = {.l = labels_of(f, w_mul(f->own, f->a), w_add(w_mul(f->own, f->m), f->mode)),
                  .size = eps,
                  .size2 = w_square(eps)};
  const plimi_wide aside = w_mul(eps, f->a_extra);
  c.lone_zero = lone_at(f, eps, w_exact(0.0));
  c.lone0 = lone_at(f, eps, tr->at0.r);
  c.lone1 = lone_at(f, eps, tr->at1.r);
  c.along_zero = w_sub(c.lone_zero, aside);
  c.along1 = w_sub(c.lone1, aside);
  c.along2 = w_sub(lone_at(f, eps, tr->at2.r), aside);

  const plimi_wide linear =
      squared(f, &c, c.l.linear, tr->first1_a, w_sub(lone_at(f, eps, tr->mean1), aside), tr->around1_a);
  const plimi_wide rest = squared(f, &c, c.l.rest, tr->first0, lone_at(f, eps, tr->mean0), tr->around0);
  const plimi_wide mixed = w_mul(c.l.mixed, plimi_square_with_nu(f, tr->first2, tr->first1, tr->first0));
  *response = plimi_sum3(linear, rest, w_mul(c.size2, w_add(mixed, w_mul(c.l.extra, tr->first1))));
  return c;
}

/* [den - xN phi (nu + r)]/den, calm = den - x (form of b), and with the further - xN a psiE. */
static plimi_wide lone_place(const plimi_fit *f, plimi_wide calm, const plimi_place *at)
{
  const plimi_traces *tr = &f->tr;
  const plimi_labels *l = &f->y.l;
  const plimi_wide phi2 = w_square(f->phi);
  const plimi_wide linear = w_mul(phi2, plimi_with_nu(f, at->gap2_a, at->gap1_a));
  const plimi_wide cross =
      w_mul(w_mul(f->phi, f->extra), w_add(plimi_with_nu(f, tr->first2, tr->first1), at->gap1));
  const plimi_wide beside = w_mul(w_mul(f->a_extra, f->extra), tr->first1);
  const plimi_wide rest = w_mul(l->rest, w_mul(phi2, plimi_with_nu(f, at->gap1, at->gap0)));
  const plimi_wide mixed = w_mul(l->mixed, plimi_square_with_nu(f, tr->first2, tr->first1, tr->first0));
  const plimi_wide sum = plimi_sum3(w_mul(l->linear, plimi_sum3(linear, cross, beside)), rest,
                                    w_add(mixed, w_mul(l->extra, tr->first1)));
  return w_div(w_add(calm, w_mul(f->x, sum)), f->den);
}

static plimi_wide along_place(const plimi_fit *f, plimi_wide calm, const plimi_place *at)
{
  const plimi_traces *tr = &f->tr;
  const plimi_labels *l = &f->y.l;
  const plimi_wide phi2 = w_square(f->phi);
  const plimi_wide linear = w_mul(phi2, plimi_with_nu(f, at->gap2_a, at->gap1_a));
  const plimi_wide cross = w_mul(w_mul(f->phi, f->extra), at->gap1);
  const plimi_wide rest = w_mul(l->rest, w_mul(phi2, plimi_with_nu(f, at->gap1, at->gap0)));
  const plimi_wide fall = w_mul(w_mul(l->rest, w_mul(f->phi, f->a_extra)), w_mul(f->nu, tr->first0));
  const plimi_wide mixed = w_mul(l->mixed, plimi_square_with_nu(f, tr->first2, tr->first1, tr->first0));
  /* extra less what phi a psiE tr SP takes of the rest */
  const plimi_wide extra = w_mul(f->a_extra, w_add(l->linear, w_mul(f->rest_phi, l->rest)));
  const plimi_wide sum = plimi_sum3(w_mul(l->linear, w_add(linear, cross)), w_sub(rest, fall),
                                    w_add(mixed, w_mul(extra, tr->first1)));
  return w_div(w_add(calm, w_mul(f->x, sum)), f->den);
}

/* The step on the sample: x, N, den and all that follows from them. */
static void solve_step(plimi_fit *f, plimi_wide eps)
{
  const plimi_traces *tr = &f->tr;
  const plimi_labels *l = &f->y.l;
  const plimi_wide once_a = plimi_with_nu(f, tr->first2_a, tr->first1_a),
                   once = plimi_with_nu(f, tr->first1, tr->first0);
  const plimi_wide linear = w_add(w_mul(f->phi, once_a), w_mul(f->extra, tr->first1));
  f->n = w_add(w_mul(l->linear, linear), w_mul(l->rest, w_mul(f->phi, once)));

  const plimi_wide twice_a = plimi_square_with_nu(f, tr->first3_a, tr->first2_a, tr->first1_a);
  const plimi_wide twice = plimi_square_with_nu(f, tr->first2, tr->first1, tr->first0),
                   phi2 = w_square(f->phi);
  const plimi_wide cross =
      w_scale(2.0, w_mul(w_mul(f->phi, f->extra), plimi_with_nu(f, tr->first2, tr->first1)));
  const plimi_wide beside = w_mul(w_mul(f->a_extra, f->extra), tr->first1);
  const plimi_wide along = w_mul(l->linear, plimi_sum3(w_mul(phi2, twice_a), cross, beside));
  const plimi_wide rest = w_mul(w_add(w_mul(l->rest, phi2), l->mixed), twice);
  const plimi_wide form = plimi_sum3(along, rest, w_mul(l->extra, tr->first1));

  plimi_wide response;
  f->c = own_part(f, eps, &response);
  const plimi_wide calm = w_add(w_mul(f->own, tr->slack), w_mul(tr->rho, response));
  f->den = w_add(calm, w_mul(f->x, form));
  f->t = w_div(w_mul(f->x, f->n), f->den);
  f->pull2_over_t = w_mul(tr->rho, w_div(f->n, f->den));
  f->pull2 = w_mul(f->t, f->pull2_over_t);

  f->y.size = f->t;
  f->y.size2 = w_square(f->t);
  f->y.lone_zero = lone_place(f, calm, &tr->at_zero);
  f->y.lone0 = lone_place(f, calm, &tr->at0);
  f->y.lone1 = lone_place(f, calm, &tr->at1);
  f->y.along_zero = along_place(f, calm, &tr->at_zero);
  f->y.along1 = along_place(f, calm, &tr->at1);
  f->y.along2 = along_place(f, calm, &tr->at2);
}

/* Is there a value? */
static plim_status domain_of(const plim_problem *p)
{
  const bool grows = plimi_power_of_steps(p) >= second_direction;
  const bool several = p->steps > 1 && p->batch == PLIM_BATCH_FRESH;
  const bool odd = plim_activation_is_odd(p->activation), atoms = plimi_readout_of(p) == PLIM_READOUT_ATOMS;
  const bool partial =
      atoms && !odd && p->atoms->count > 1 && plimi_readout_mean(p).value != 0.0 && isfinite(p->d);
  return grows || several || partial ? PLIM_OUTSIDE_DOMAIN : PLIM_OK;
}

plim_status plimi_fit_of(const plimi_input *in, plimi_fit *f)
{
  const plim_problem *p = in->problem;
  plim_status status = domain_of(p);
  if (status == PLIM_OK)
    status = plimi_traces_of(in, &f->tr);
  if (status != PLIM_OK)
    return status;
  f->in = in;
  f->a = in->wide.a;
  f->m = in->wide.b;
  f->chi = plimi_norm_mode_of(in);
  f->nu = w_of(in->sigma.nu2);
  f->phi = w_exact(p->overlap);
  f->rest_phi = w_sub(w_exact(1.0), f->phi);
  f->extra = w_exact(p->extra);
  f->a_extra = w_mul(f->a, f->extra);
  const plimi_wide samples = w_add(w_scale(p->psi1, f->phi), f->extra);
  f->x = w_mul(f->tr.rho, w_div(in->push, w_square(samples)));
  f->y.l = labels_of(f, in->wide.star1, w_add(in->wide.star2, in->wide.noise2));
  meet_mode(f);
  plimi_wide eps = w_exact(0.0);
  if (isfinite(p->d))
    eps = w_div(w_sqrt(in->push), w_mul(samples, w_sqrt(w_scale(p->psi2, w_exact(p->d)))));
  solve_step(f, eps);

  const plimi_squares_of_p *s = &f->tr.plain;
  f->smp2 = w_add(s->m1, w_mul(f->m, s->m0));
  f->denominator = w_add(f->tr.slack, w_mul(w_mul(f->tr.rho, f->tr.k), f->smp2));
  const plimi_wide variance = w_scale(p->psi1, w_mul(w_mul(f->a, f->m), s->m1));
  f->weight = plimi_sum3(f->tr.bias, variance, f->m);
  f->fitted = w_add(plimi_form_fitted(f, &f->y), w_mul(f->pull2, plimi_form_fitted(f, &f->c)));
  return PLIM_OK;
}
