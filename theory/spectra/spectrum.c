/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - the largest eigenvalue of the conjugate kernel after a gradient step, and what its vector knows.

   SOURCES. [WWF] arXiv Thm 6 for odd sigma; the alignment is rederived here, and what an even part adds derived
   (outliers.c).

   NOTATION. a, b, p, w, t, s, r, chi, H, l, psi(l) (here `image`), psi'(l) (`slope`) as in outliers.c.
   NORMALISATION. Eigenvalues of F'F/n, N of them. psi1 = n/d, psi2 = N/d.

   FORMULA. psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)),  psi'(l) = 1 - (psi2/psi1) int t^2 dH/(l - t)^2. Of the parts
   of rank one (outliers.c) take the one with the largest w: psi increases beyond the bulk. If w > t and psi'(l) > 0
     ck_top        -> psi(l)
     ck_left_xbeta -> psi'(l) mu1^2 (beta*'W1 xi)^2/l      of the top left singular vector of F, xi the population's
                      unit eigenvector: psi'(l) (a r/l) (w + a p)^2 D/(w (w^2 + a^2 s p)),  D = w - a^2 p/w,
                      where the step takes part; 0 where the part is that of the norms of weights or inputs
   and otherwise ck_top -> the right edge of the bulk and ck_left_xbeta -> 0. For w = a s, (beta*'W1 xi)^2 is
   s1^2 <u1, beta*>^2 of weights.c. The map psi, its integrals in closed form and the edge: spectral_map.c.
   (F's row i has the score <F_i, xi>, of variance l and covariance mu1 beta*'W1 xi with <x_i, beta*>; psi'(l) is the
   squared overlap of the sample's left vector with the scores.)

   AT THE THRESHOLD both limits are continuous in w, so that where errors leave open on which side of it w is, the value
   is that of the side it seems to be on, and the error reaches to the value at the far end of w's own error.

   WHY NOTHING CANCELS. Each integral is a quotient of sums of positive terms. psi' is a difference, and changes sign at
   the threshold.

   LIMITING CASES. eta = 0, odd sigma: the edge. mu1 = 0: H = {b}, edge b (1 + sqrt(psi2/psi1))^2.
   DOMAIN. eta = Theta(1), any sigma that is not constant. Where the step's part and that of the norms have the same w
   the two largest eigenvalues have the same limit: ck_top holds, the top vector has no limit (PLIM_OUTSIDE_DOMAIN).
   ERROR. Running error analysis (wide.h: the square of the step need be no double); for the edge also the root.
   DRIFT. As in weights.c: O(d^-1/2) for an outlier after a step, O(d^-2/3) at the edge. The two eigenvalues of the
   norms have the same limit and part by O(d^-1/2), which the largest shows. */
#include <stdbool.h>

#include "../bounded.h"
#include "density.h"

typedef enum { INSIDE, DOUBTFUL, OUTSIDE, OVERFLOWN } visibility;

/* What the bulk lets through of the mode with the largest w. */
typedef struct {
  plimi_law law;
  visibility seen;
  bool has_step;
  bool tied;                      /* another kind of mode may have a larger w */
  plimi_population_point at, far; /* `far`: the largest w that the errors allow, where `seen` is DOUBTFUL */
  plimi_spectral_map map, far_map;
} largest;

static bool may_be_outside(const plimi_spectral_map *map)
{
  return !(map->slope.value + map->slope.error <= 0.0);
}

static bool is_known(plimi_wide x)
{
  return isfinite(x.part.value) && isfinite(x.part.error);
}

/* x + by, a number >= 0 */
static plimi_wide raised(plimi_wide x, double by)
{
  return w_settled((plim_value){x.part.value + by, 0.0}, x.exponent);
}

/* Where may w be, beyond the end t of H? At that very end the slope is -infinity, without overflow. */
static void look(largest *top)
{
  const plimi_wide w = top->at.u, edge = plimi_strength_of_edge(&top->law);
  const bool beyond = w_is_less(edge, w);
  if (beyond)
    top->map = plimi_spectral_map_of_strength(&top->law, &top->at);
  if (!is_known(w) || !is_known(edge) || (beyond && isnan(top->map.slope.value))) {
    top->seen = OVERFLOWN;
    return;
  }
  if (beyond && top->map.slope.value > top->map.slope.error) {
    top->seen = OUTSIDE;
    return;
  }
  const double room =
      edge.part.error + DBL_EPSILON * edge.part.value; /* of the distance w - t, which must not be 0 */
  const plimi_wide most = raised(w, w.part.error),
                   farthest = w_is_less(edge, most) ? most : raised(edge, 0.0);
  if (!w_is_less(raised(edge, -room), most))
    return;
  const plimi_wide step = {{8.0 * room, 0.0}, edge.exponent};
  top->far = plimi_point_of_strength(&top->law, raised(w_add(farthest, step), 0.0));
  top->far_map = plimi_spectral_map_of_strength(&top->law, &top->far);
  if (isnan(top->far_map.slope.value))
    top->seen = OVERFLOWN;
  else if (may_be_outside(&top->far_map))
    top->seen = DOUBTFUL;
}

/* false: there is no mode at all */
static bool find_largest(const plimi_input *in, largest *top)
{
  plimi_mode modes[PLIMI_MOST_MODES];
  const size_t count = plimi_modes_of(in, modes);
  if (count == 0)
    return false;
  size_t best = 0;
  for (size_t i = 1; i < count && is_known(modes[best].at.u); i++) /* one that is not is found out */
    if (!is_known(modes[i].at.u) || w_is_less(modes[best].at.u, modes[i].at.u))
      best = i;
  *top = (largest){.law = plimi_law_of_kernel(in), .at = modes[best].at, .has_step = modes[best].has_step};
  for (size_t i = 0; i < count; i++) {
    const plimi_wide gap = w_sub(top->at.u, modes[i].at.u);
    top->tied = top->tied || (modes[i].has_step != top->has_step && gap.part.value <= gap.part.error);
  }
  look(top);
  return true;
}

/* Is the map at w itself of use on the doubtful side? */
static bool seems_outside(const largest *top)
{
  return w_is_less(plimi_strength_of_edge(&top->law), top->at.u) && top->map.slope.value > 0.0;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  const plimi_law law = plimi_law_of_kernel(in);
  largest top;
  if (!plimi_modes_are_known(in))
    return PLIM_OUTSIDE_DOMAIN;
  const bool any = find_largest(in, &top);
  if (any && top.seen == OUTSIDE) {
    *value = top.map.image;
    return v_is_finite(*value) ? PLIM_OK : PLIM_NOT_FINITE;
  }
  if (any && (top.seen == OVERFLOWN || (top.seen == DOUBTFUL && !v_is_finite(top.far_map.image))))
    return PLIM_NOT_FINITE;
  plim_value edge;
  const plim_status status = plimi_bulk_right_edge(&law, &edge);
  if (status != PLIM_OK)
    return status;
  *value = edge;
  if (any && top.seen == DOUBTFUL) {
    const double high = fmax(edge.value + edge.error, top.far_map.image.value + top.far_map.image.error);
    if (seems_outside(&top) && top.map.image.value <= high)
      value->value = fmax(edge.value, top.map.image.value);
    value->error = fmax(high - value->value, value->value - (edge.value - edge.error));
  }
  return PLIM_OK;
}

/* psi'(l) (a r/l) ((w + a p)/w)^2 (D/w)/(1 + a^2 s p/w^2) */
static plim_value overlap_at(const plimi_input *in, const plimi_wide_spike *spike,
                             const plimi_population_point *at, const plimi_spectral_map *map)
{
  const plimi_wide w = at->u, a = w_of(in->a);
  const plimi_wide slope = w_of((plim_value){fmax(map->slope.value, 0.0), map->slope.error});
  const plimi_wide push = w_div(w_mul(a, spike->total), w);
  const plimi_wide width = w_div(w_mul(a, w_exact(in->problem->psi2)), w);
  const plimi_wide along = w_div(w_mul(a, spike->signal), map->l);
  const plimi_wide share = w_div(w_div(at->root, w), w_add(w_exact(1.0), w_mul(push, width)));
  return w_value(w_mul(slope, w_mul(w_mul(along, w_square(w_div(at->pole, w))), share)));
}

static plim_status evaluate_left_xbeta(const plimi_input *in, plim_value *value)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  largest top;
  if (!plimi_modes_are_known(in))
    return PLIM_OUTSIDE_DOMAIN;
  *value = v_exact(0.0);
  if (!find_largest(in, &top) || top.seen == INSIDE || w_sign(spike.signal) == 0)
    return PLIM_OK;
  if (top.seen == OVERFLOWN)
    return PLIM_NOT_FINITE;
  if (top.tied)
    return PLIM_OUTSIDE_DOMAIN;
  if (!top.has_step)
    return PLIM_OK;
  if (top.seen == OUTSIDE) {
    *value = overlap_at(in, &spike, &top.at, &top.map);
    return PLIM_OK;
  }
  const plim_value far = overlap_at(in, &spike, &top.far, &top.far_map);
  const double high = far.value + far.error;
  if (seems_outside(&top))
    value->value = fmin(overlap_at(in, &spike, &top.at, &top.map).value, high);
  value->error = fmax(high - value->value, value->value);
  return PLIM_OK;
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP | PLIMI_READS_STEP_BATCH |                \
   PLIMI_READS_ATOMS | PLIMI_READS_SECOND_STEP)
#define MAP                                                                                                  \
  "psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)), H the law of mu2^2 + mu1^2 eig(W0'W0),\n"                  \
  "at l = mu2^2 + mu1^2 (u + 1)(u + psi2)/u with the largest of u = s = eta^2 theta1^2, where l is\n"        \
  "mu2^2 + mu1^2 s1^2 with W1's outlier s1, and u = chi/mu1^2 - psi2, chi = psi2 (E sigma'')^2/2, which\n"   \
  "the norms of the weights and of the inputs make (mu1 = 0: l = mu2^2 + chi). Readout `constant`: the\n"    \
  "larger root of u^2 - u (s + chi/mu1^2 - psi2) - s psi2 = 0"
#define DOMAIN "eta = Theta(1), any sigma that is not constant"

static const plimi_limit limit_ck_top = {
    .info = {.quantity = PLIM_CK_TOP,
             .source = "[WWF] arXiv Thm 6; beyond E sigma'' = 0 derived here",
             .keys = "WWF,BA",
             .statement = MAP ".\nIff u > sqrt(psi2) and psi'(l) > 0 the largest eigenvalue of F'F/n,\n"
                              "F = sigma(Xt W1), tends to psi(l); otherwise to the right edge of the bulk.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_top};

static const plimi_limit limit_ck_left_xbeta = {
    .info = {.quantity = PLIM_CK_LEFT_XBETA,
             .source = "[WWF] arXiv Thm 6; alignment rederived, beyond E sigma'' = 0 derived here",
             .keys = "WWF,BA",
             .statement = MAP
             ".\nIff u > sqrt(psi2) and psi'(l) > 0, for the top left singular vector of F,\n"
             "(v'Xt beta*)^2/n -> psi'(l) (mu1^2 eta^2 theta2^2/l) (u + psi2)^2 (u^2 - psi2) /\n"
             "(u^2 (u^2 + s psi2)), which is psi'(l) mu1^2 s1^2 <u1,beta*>^2/l at u = s; 0 where u is that\n"
             "of the norms alone, and otherwise.",
             .domain = DOMAIN ".\nNot where the step's u and that of the norms are the same: two vectors tie",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_left_xbeta};

const plimi_limit *const plimi_spectrum_limits[] = {&limit_ck_top, &limit_ck_left_xbeta, NULL};
