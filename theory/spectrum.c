/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - the largest eigenvalue of the conjugate kernel after a gradient step, and what its vector knows.

   SOURCES. [WWF] Thm 6; the alignment is rederived (theory.md section 7). The integrals in closed form and the
   parametrisation of the edge are derived here.

   NOTATION.
     paper      here            meaning
     F          -               sigma(Xt W1), n x N; the kernel is F'F/n
     H          -               law of b + t, t an eigenvalue of a W0'W0 (a = mu1^2, b = mu2^2)
     s          u               a point outside the bulk, by a W0'W0's inverse Joukowski map (below)
     l          l               b + a s1^2, population spike
     psi(l)     image           where the kernel's eigenvalue goes
     psi'(l)    slope
   NORMALISATION. Eigenvalues of F'F/n, N of them. psi1 = n/d, psi2 = N/d.

   FORMULA. psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)),  psi'(l) = 1 - (psi2/psi1) int t^2 dH/(l - t)^2. If W1 has an
   outlier s1 (weights.c) and psi'(l) > 0 at l = b + a s1^2,
     ck_top        -> psi(l)
     ck_left_xbeta -> psi'(l) mu1^2 s1^2 <u1, beta*>^2 / l        of the top left singular vector of F
   and otherwise ck_top -> the right edge of the bulk and ck_left_xbeta -> 0. The edge is psi(l) at the l right of H
   where psi' = 0.

   INTEGRALS. Put l = b + a (u + psi2/u + 1 + psi2) with u > sqrt(psi2): the map of a spike of strength u = s,
   under which the Marchenko-Pastur functions at the argument -(l - b) are rational (derived here). With
   x = (l - b)/a and D = u - psi2/u (the discriminant's root over a),
     T  = int t/(x - t)   = 1/u                   (t here an eigenvalue of W0'W0)
     T1 = int 1/(x - t)   = (1 + T)/x
     int t/(x - t)^2 = T/D,  int 1/(x - t)^2 = (T1 + T/D)/x,  int t^2/(x - t)^2 = T (x - D)/D,
     x - D = 1 + psi2 + 2 psi2/u.

   WHY NOTHING CANCELS. Each integral is a quotient of sums of positive terms. psi' is a difference, and changes sign at
   the threshold; the edge is found where it does.
   NUMERICAL METHOD. psi' increases with u, from -infinity at u = sqrt(psi2) to 1: Brent's root (GSL) in
   log(log(u/sqrt psi2)). psi is flat there, so the edge is exact to the square of the root's error.

   LIMITING CASES. eta = 0: the edge. mu1 = 0: H = {b}, edge b (1 + sqrt(psi2/psi1))^2.
   DOMAIN. E sigma'' = 0 (odd sigma). Otherwise F carries further rank-one parts of size Theta(1), from the fluctuations
   of |w_j|^2 and |x_i|^2, which [WWF] excludes and this formula leaves out: the values are then those of the
   eigenvalue that the step makes, and ck_top is the largest one only where that exceeds the others.
   ERROR. Running error analysis (bounded.h); for the edge also the root.
   DRIFT. As in weights.c: O(d^-1/2) for an outlier after a step, O(d^-2/3) at the edge. */
#include <stdbool.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "bounded.h"
#include "theory.h"

typedef struct {
  plim_value l, image, slope;
} spectral_map;

/* psi and psi' at the point u, D = u - psi2/u being handed in because near sqrt(psi2) only the caller knows it well. */
static spectral_map map_at(const plimi_input *in, plim_value u, plim_value root)
{
  const plim_value one = v_exact(1.0), psi2 = v_exact(in->problem->psi2);
  const plim_value ratio = v_div(psi2, v_exact(in->problem->psi1));
  const plim_value a = in->a, b = in->b, width = v_add(one, psi2), back = v_div(psi2, u);
  const plim_value x = v_add(v_add(u, back), width);

  const plim_value t = v_div(one, u);                                /* int t/(x - t) */
  const plim_value t1 = v_div(v_add(one, t), x);                     /* int 1/(x - t) */
  const plim_value t2 = v_div(t, root);                              /* int t/(x - t)^2 */
  const plim_value t3 = v_div(v_add(t1, t2), x);                     /* int 1/(x - t)^2 */
  const plim_value t4 = v_mul(t2, v_add(width, v_scale(2.0, back))); /* int t^2/(x - t)^2 */

  const plim_value c = v_div(b, a); /* H in units of a: c + t */
  const plim_value first = v_add(t, v_mul(c, t1));
  const plim_value second = v_add(t4, v_add(v_scale(2.0, v_mul(c, t2)), v_mul(v_square(c), t3)));

  spectral_map map;
  map.l = v_add(b, v_mul(a, x));
  map.image = v_mul(map.l, v_add(one, v_mul(ratio, first)));
  map.slope = v_sub(one, v_mul(ratio, second));
  return map;
}

/* The same at u = sqrt(psi2) e^tau: D = 2 sqrt(psi2) sinh tau. */
static spectral_map map_at_log(const plimi_input *in, double tau)
{
  const double threshold = sqrt(in->problem->psi2);
  const double u = threshold * exp(tau), root = 2.0 * threshold * sinh(tau);
  const double rounding = 4.0 * DBL_EPSILON * (1.0 + tau);
  return map_at(in, (plim_value){u, rounding * u}, (plim_value){root, rounding * root});
}

static double slope_at(double log_tau, void *params)
{
  return map_at_log(params, exp(log_tau)).slope.value;
}

enum { MAX_BRENT_STEPS = 200 };

/* The right edge: psi where psi' = 0. */
static plim_status edge_by_root(plimi_input *in, plim_value *edge)
{
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  gsl_function function = {.function = slope_at, .params = in};
  const double least = -40.0, most = 6.5; /* tau from e^-40 to 665, as far as exp and sinh go */
  if (gsl_root_fsolver_set(solver, &function, least, most) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_BRENT_STEPS; step++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double low = gsl_root_fsolver_x_lower(solver), high = gsl_root_fsolver_x_upper(solver);
    if (high - low > 1e-12)
      continue;
    /* psi is stationary in l, so in tau: its error is at most what it varies over the bracket, plus rounding. */
    const spectral_map here = map_at_log(in, exp(gsl_root_fsolver_root(solver)));
    const spectral_map left = map_at_log(in, exp(low)), right = map_at_log(in, exp(high));
    *edge = here.image;
    edge->error += fabs(left.image.value - here.image.value) + fabs(right.image.value - here.image.value);
    status = PLIM_OK;
    break;
  }
done:
  gsl_root_fsolver_free(solver);
  return status;
}

static plim_status edge_of(const plimi_input *in, plim_value *edge)
{
  if (in->a.value == 0.0) {
    const plim_value ratio = v_div(v_exact(in->problem->psi2), v_exact(in->problem->psi1));
    *edge = v_mul(in->b, v_square(v_add(v_exact(1.0), v_sqrt(ratio))));
    return PLIM_OK;
  }
  plimi_input copy = *in;
  return edge_by_root(&copy, edge);
}

/* Has W1 an outlier, and the kernel with it? If so, *map is the map there. */
static bool has_outlier(const plimi_input *in, const plimi_spike *spike, spectral_map *map)
{
  const double threshold = sqrt(in->problem->psi2);
  if (!(spike->total.value > threshold))
    return false;
  const plim_value limit = v_sqrt(v_exact(in->problem->psi2));
  const plim_value root = v_div(v_mul(v_sub(spike->total, limit), v_add(spike->total, limit)), spike->total);
  *map = map_at(in, spike->total, root);
  return map->slope.value > 0.0;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  spectral_map map;
  if (!has_outlier(in, &spike, &map))
    return edge_of(in, value);
  *value = map.image;
  return PLIM_OK;
}

/* psi'(l) a s1^2 (r/s) (s^2 - psi2)/(s (s + 1)) / l, with s1^2 = (1 + s)(psi2 + s)/s */
static plim_status evaluate_left_xbeta(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  spectral_map map;
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

const plimi_limit plimi_limit_ck_top = {
    .info = {.quantity = PLIM_CK_TOP,
             .source = "[WWF] Thm 6",
             .keys = "WWF,BA",
             .statement = MAP ".\nIff W1 has an outlier s1 and psi'(l) > 0 the largest eigenvalue of F'F/n,\n"
                              "F = sigma(Xt W1), tends to psi(l); otherwise to the right edge of the bulk.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_top};

const plimi_limit plimi_limit_ck_left_xbeta = {
    .info = {.quantity = PLIM_CK_LEFT_XBETA,
             .source = "[WWF] Thm 6; alignment rederived here",
             .keys = "WWF,BA",
             .statement =
                 MAP ".\nIff W1 has an outlier s1 and psi'(l) > 0, for the top left singular vector u of F,\n"
                     "(u'Xt beta*)^2/n -> psi'(l) mu1^2 s1^2 <u1,beta*>^2/l; otherwise it tends to 0.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_left_xbeta};
