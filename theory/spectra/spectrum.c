/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - the largest eigenvalue of the conjugate kernel after a gradient step, and what its vector knows.

   SOURCES. [WWF] arXiv Thm 6; the alignment is rederived here.

   NOTATION.
     paper      here            meaning
     F          -               sigma(Xt W1), n x N; the kernel is F'F/n
     H          -               law of b + t, t an eigenvalue of a W0'W0 (a = mu1^2, b = mu2^2)
     s          u               strength of the spike, by a W0'W0's inverse Joukowski map (spectral_map.c)
     l          l               b + a s1^2, population spike
     psi(l)     image           where the kernel's eigenvalue goes
     psi'(l)    slope
   NORMALISATION. Eigenvalues of F'F/n, N of them. psi1 = n/d, psi2 = N/d.

   FORMULA. psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)),  psi'(l) = 1 - (psi2/psi1) int t^2 dH/(l - t)^2. If W1 has an
   outlier s1 (weights.c) and psi'(l) > 0 at l = b + a s1^2,
     ck_top        -> psi(l)
     ck_left_xbeta -> psi'(l) mu1^2 s1^2 <u1, beta*>^2 / l        of the top left singular vector of F
   and otherwise ck_top -> the right edge of the bulk and ck_left_xbeta -> 0. The map psi, its integrals in closed form
   at u = s, and the edge: spectral_map.c.

   WHY NOTHING CANCELS. Each integral is a quotient of sums of positive terms. psi' is a difference, and changes sign at
   the threshold.

   LIMITING CASES. eta = 0: the edge. mu1 = 0: H = {b}, edge b (1 + sqrt(psi2/psi1))^2.
   DOMAIN. E sigma'' = 0 (odd sigma). Otherwise F carries further rank-one parts of size Theta(1), from the fluctuations
   of |w_j|^2 and |x_i|^2, which [WWF] excludes and this formula leaves out: the values are then those of the
   eigenvalue that the step makes, and ck_top is the largest one only where that exceeds the others.
   ERROR. Running error analysis (bounded.h); for the edge also the root.
   DRIFT. As in weights.c: O(d^-1/2) for an outlier after a step, O(d^-2/3) at the edge. */
#include <stdbool.h>

#include "../bounded.h"
#include "density.h"

/* Has W1 an outlier, and the kernel with it? If so, *map is the map there. */
static bool has_outlier(const plimi_input *in, const plimi_spike *spike, plimi_spectral_map *map)
{
  const double threshold = sqrt(in->problem->psi2);
  if (!(spike->total.value > threshold))
    return false;
  const plim_value limit = v_sqrt(v_exact(in->problem->psi2));
  const plim_value root = v_div(v_mul(v_sub(spike->total, limit), v_add(spike->total, limit)), spike->total);
  const plimi_law law = plimi_law_of_kernel(in);
  const plimi_population_point point = plimi_population_point_right(&law, spike->total, root);
  *map = plimi_spectral_map_at(&law, &point);
  return !(map->slope.value <= 0.0); /* what has overflowed counts: it must not pass for the edge */
}

bool plimi_kernel_outlier(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  plimi_spectral_map map;
  if (!has_outlier(in, &spike, &map))
    return false;
  *value = map.image;
  return true;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  const plimi_law law = plimi_law_of_kernel(in);
  return plimi_kernel_outlier(in, value) ? PLIM_OK : plimi_bulk_right_edge(&law, value);
}

/* psi'(l) a s1^2 (r/s) (s^2 - psi2)/(s (s + 1)) / l, with s1^2 = (1 + s)(psi2 + s)/s */
static plim_status evaluate_left_xbeta(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  plimi_spectral_map map;
  if (!has_outlier(in, &spike, &map)) {
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  const plim_value s = spike.total, limit = v_sqrt(v_exact(in->problem->psi2));
  const plim_value above = v_mul(v_div(v_sub(s, limit), s), v_div(v_add(s, limit), s));
  const plim_value along = v_mul(v_div(spike.signal, s), v_add(v_exact(in->problem->psi2), s));
  *value = v_mul(v_mul(map.slope, v_div(in->a, map.l)), v_mul(along, above));
  return PLIM_OK;
}

#define READS_ALL (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP)
#define MAP                                                                                                  \
  "psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)), l = mu2^2 + mu1^2 s1^2, H the law of\n"                    \
  "mu2^2 + mu1^2 eig(W0'W0)"
#define DOMAIN                                                                                               \
  "eta = Theta(1); E sigma'' = 0 (odd sigma). Elsewhere F has further outliers of its own, from the norms "  \
  "of the weights and inputs, and this is the eigenvalue that the step makes"

static const plimi_limit limit_ck_top = {
    .info = {.quantity = PLIM_CK_TOP,
             .source = "[WWF] arXiv Thm 6",
             .keys = "WWF,BA",
             .statement = MAP ".\nIff W1 has an outlier s1 and psi'(l) > 0 the largest eigenvalue of F'F/n,\n"
                              "F = sigma(Xt W1), tends to psi(l); otherwise to the right edge of the bulk.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_top};

static const plimi_limit limit_ck_left_xbeta = {
    .info = {.quantity = PLIM_CK_LEFT_XBETA,
             .source = "[WWF] arXiv Thm 6; alignment rederived here",
             .keys = "WWF,BA",
             .statement =
                 MAP ".\nIff W1 has an outlier s1 and psi'(l) > 0, for the top left singular vector u of F,\n"
                     "(u'Xt beta*)^2/n -> psi'(l) mu1^2 s1^2 <u1,beta*>^2/l; otherwise it tends to 0.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_left_xbeta};

const plimi_limit *const plimi_spectrum_limits[] = {&limit_ck_top, &limit_ck_left_xbeta, NULL};
