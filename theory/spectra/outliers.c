/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outliers.c - the rank-one parts of the conjugate kernel's features, and where they put eigenvalues.

   SOURCES. [WWF] arXiv Thm 6 for odd sigma; [BGN], [SC] for spikes over a bulk. What an even part adds, and the mixture
   of two parts in one direction, is derived here.

   NOTATION. a, b, p, c, H, u, D, l, psi as in spectral_map.c, and
     here      meaning
     w         a u, so that a = 0 is no special case
     t         a sqrt(p), the end of H in w
     s, r      the step's rank-one part, squared, and its share along beta* (gradient.c)
     chi       psi2 (E sigma'')^2/2
   NORMALISATION. Eigenvalues of F'F/n, F = sigma(Xt W1), n x N, sigma centred.

   FORMULA (derived here). The argument <x_i, w_j> has variance |x_i|^2 |w_j|^2/d = 1 + O(d^-1/2). To the second order
   of sigma's Hermite series, the only one whose mean over directions feels that,
     F = mu1 Xt W1 + mu2 Z + (E sigma''/2) (p_i 1' + 1 q_j'),    p_i = |x_i|^2/d - 1,   q_j = |w_j|^2 - 1.
   |p|^2 N/n and |q|^2 both tend to 2 psi2, and p, q are independent of all directions, so that the second moment of a
   row of F given the weights is
     mu2^2 + mu1^2 W1'W1 + chi 1 1'/N + chi q q'/|q|^2:
   two population spikes of strength chi beside the step's, with W1 = W0 + sqrt(s) u a'/|a|. In the limit 1, q, W0'u and
   the readout a are orthogonal and isotropic to W0'W0, but that a is 1 where the readout is `constant`. With
   int dH/(l - t) = 1/(w + a p) and u'W0 (l - .)^-1 W0'u = p/w, eigenvalues of the population solve
     the step                          w = a s
     each of the norms                 w = chi - a p
     `constant` (any law with |E zeta| = 1): the step with the inputs' norms
                                       w^2 - w (a s + chi - a p) - a^2 s p = 0,  two roots of opposite sign,
   and then w = chi - a p once. A root is an eigenvalue beyond H where w > t, or in the gap of H where w < -t, and gives
   one of the sample at psi(l) iff psi'(l) > 0 ([SC]). The larger root of the quadratic exceeds both a s and chi - a p.

   With 0 < |E zeta| < 1 the step shares a part of its right vector with the inputs' norms: not worked out, no number.

   ROOTS IN THE GAP. chi - a p > -a p, the point mass of H, is in the gap iff chi < a (p - sqrt p): an even part too
   weak to be seen above the bulk may be seen between its two intervals.
   WHY NOTHING CANCELS. The quadratic's roots are quotients by the sum that does not cancel; w + a p is chi for the
   norms and w chi/(w - a s) for the quadratic; (1 + p) w + 2 p a = (1 + p)(w + t) - t (1 - sqrt p)^2 in the gap. chi -
   a p and the distances of w to +-t are the problem's own thresholds.
   LIMITING CASES. E sigma'' = 0: the step alone. a = 0: l = b + chi, psi = (b + chi)(1 + c b/chi), seen iff chi >
   b sqrt c. ReLU, softplus, GELU, SiLU: (E sigma'')^2/2 < mu1^2, so the norms never make an eigenvalue above the bulk.
   ERROR. Running error analysis (wide.h): w is as large as the square of the step, which need be no double. */
#include "density.h"

/* a sqrt(p) */
plimi_wide plimi_strength_of_edge(const plimi_law *law)
{
  return w_mul(w_of(law->a), w_sqrt(w_exact(law->psi2)));
}

/* a p */
static plimi_wide strength_of_pole(const plimi_law *law)
{
  return w_mul(w_of(law->a), w_exact(law->psi2));
}

/* root and excess of a point whose w and w + a p are known */
static void complete(const plimi_law *law, plimi_population_point *at)
{
  const plimi_wide one = w_exact(1.0), p = w_exact(law->psi2), root_p = w_sqrt(p), w = at->u;
  const plimi_wide edge = plimi_strength_of_edge(law), width = w_add(one, p);
  const plimi_wide above = w_add(w, edge), under = w_sub(w, edge);
  at->root = w_mul(w_div(under, w), above);
  if (w_sign(w) < 0)
    at->excess = w_sub(w_mul(width, above), w_mul(edge, w_square(w_sub(one, root_p))));
  else
    at->excess = w_add(w_mul(width, w), w_scale(2.0, strength_of_pole(law)));
}

plimi_population_point plimi_point_of_strength(const plimi_law *law, plimi_wide w)
{
  plimi_population_point at = {.u = w, .pole = w_add(w, strength_of_pole(law))};
  complete(law, &at);
  return at;
}

/* w = a s: the distance to the edge is that of s to sqrt(p), whatever a's error. */
static plimi_mode step_alone(const plimi_law *law, plimi_wide s)
{
  const plimi_wide a = w_of(law->a), root_p = w_sqrt(w_exact(law->psi2));
  plimi_mode mode = {.at = plimi_point_of_strength(law, w_mul(a, s)), .has_step = true};
  mode.at.root = w_mul(a, w_mul(w_div(w_sub(s, root_p), s), w_add(s, root_p)));
  return mode;
}

static plimi_mode norms_alone(const plimi_law *law, plimi_wide chi)
{
  plimi_mode mode = {.at = {.u = w_sub(chi, strength_of_pole(law)), .pole = chi}};
  complete(law, &mode.at);
  return mode;
}

/* The two roots of w^2 - w m - q, m = a s + chi - a p, q = a^2 s p. */
static void step_with_norms(const plimi_law *law, plimi_wide s, plimi_wide chi, plimi_mode *modes)
{
  const plimi_wide push = w_mul(w_of(law->a), s), pole = strength_of_pole(law);
  const plimi_wide m = w_sub(w_add(push, chi), pole), q = w_mul(push, pole);
  const plimi_wide size = w_sign(m) < 0 ? w_negative(m) : m;
  const plimi_wide large = w_scale(0.5, w_add(size, w_sqrt(w_add(w_square(m), w_scale(4.0, q)))));
  const plimi_wide small = w_div(q, large);
  const plimi_wide above = w_sign(m) > 0 ? large : small, below = w_sign(m) > 0 ? small : large;
  modes[0] = (plimi_mode){.at = plimi_point_of_strength(law, above), .has_step = true};
  modes[1] = (plimi_mode){.at = {.u = w_negative(below)}, .has_step = true};
  modes[1].at.pole = w_mul(w_div(below, w_add(below, push)), chi);
  complete(law, &modes[1].at);
}

bool plimi_modes_are_known(const plimi_input *in)
{
  const double cosine = fabs(plimi_readout_mean(in->problem).value);
  const bool steps = in->a.value > 0.0 && w_sign(plimi_wide_spike_of(in).total) > 0;
  return !steps || in->sigma.c2.value == 0.0 || cosine == 0.0 || cosine == 1.0;
}

size_t plimi_modes_of(const plimi_input *in, plimi_mode *modes)
{
  const plimi_law law = plimi_law_of_kernel(in);
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  const plimi_wide chi = w_scale(0.5, w_mul(w_exact(law.psi2), w_square(w_of(in->sigma.c2))));
  const bool step = law.a.value > 0.0 && w_sign(spike.total) > 0, norms = in->sigma.c2.value != 0.0;
  size_t count = 0;
  if (step && norms && fabs(plimi_readout_mean(in->problem).value) == 1.0) {
    step_with_norms(&law, spike.total, chi, modes);
    modes[2] = norms_alone(&law, chi);
    return 3;
  }
  if (step)
    modes[count++] = step_alone(&law, spike.total);
  for (int k = 0; norms && k < 2; k++)
    modes[count++] = norms_alone(&law, chi);
  return count;
}

size_t plimi_kernel_outliers(const plimi_input *in, plim_value *values)
{
  const plimi_law law = plimi_law_of_kernel(in);
  const plimi_wide edge = plimi_strength_of_edge(&law);
  plimi_mode modes[PLIMI_MOST_MODES];
  size_t count = 0;
  const size_t all = plimi_modes_of(in, modes);
  for (size_t i = 0; i < all; i++) {
    const plimi_wide w = modes[i].at.u;
    if (w_sign(w_sub(w_sign(w) < 0 ? w_negative(w) : w, edge)) <= 0)
      continue;
    const plimi_spectral_map map = plimi_spectral_map_of_strength(&law, &modes[i].at);
    if (map.slope.value <= 0.0)
      continue; /* what has overflowed counts: it must not pass for the edge */
    size_t place = count++;
    for (; place > 0 && !(values[place - 1].value >= map.image.value); place--)
      values[place] = values[place - 1];
    values[place] = map.image;
  }
  return count;
}
