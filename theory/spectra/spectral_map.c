/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectral_map.c - where sample eigenvalues go over a population of Marchenko-Pastur type, and the edges of
   their bulk.

   SOURCES. Marchenko and Pastur [MP]; Silverstein and Choi [SC] for the support; [WWF] arXiv Thm 6 for the kernel.
   The rational form of the map and its parametrisation of the edges are derived here.

   NOTATION.
     paper      here            meaning
     H          -               law of b + a t, t an eigenvalue of W0'W0 (N x N), p = psi2 = N/d
     c          -               psi2/psi1 = N/n
     s          u               a point outside the support of t, by its inverse Joukowski map
     -          x               (u + 1)(u + p)/u = u + p/u + 1 + p, the value of t at that point
     l          l               b + a x
     psi(l)     image           where a population eigenvalue at l goes; psi = -1/v read as z(v) with l = -1/v
     psi'(l)    slope
   NORMALISATION. N eigenvalues of F'F/n with population covariance of law H (for the kernel a = mu1^2, b =
   mu2^2).

   FORMULA. psi(l) = l (1 + c int tau dH/(l - tau)),  psi'(l) = 1 - c int tau^2 dH/(l - tau)^2. The complement
   of the support is the image under psi of {l real, outside H: psi'(l) > 0} ([SC]), so the edges are the
   values of psi where psi' = 0.

   INTEGRALS. u > sqrt(p) is the right of t's bulk, u < -sqrt(p) its left; for p > 1, u = -p is t's point mass
   at 0 and -p < u < -sqrt(p) the gap between the two. With D = u - p/u (derived here)
     T  = int t/(x - t)     = 1/u                    T1 = int 1/(x - t)     = 1/(u + p)
     int t/(x - t)^2   = 1/(u D)                     int 1/(x - t)^2   = u/((u + p)^2 D)
     int t^2/(x - t)^2 = ((1 + p) u + 2 p)/(u^2 D)
   and int tau/(l - tau) = T + (b/a) T1, int tau^2/(l - tau)^2 likewise by the binomial. In terms of w = a u
   all of this stays regular as a -> 0: int tau/(l - tau) = a/w + b/(w + a p), l = b + (a + w)(w + a p)/w.

   WHY NOTHING CANCELS. The quadratic integrals are sums of positive terms on every branch once D, u + p and
   (1 + p) u + 2 p are known to full precision: u is written as +-start e^tau with start = sqrt(p) or p, and
   the three are sums of terms of one sign in sinh and expm1 of tau, except u + p and D towards the far end of
   the gap, where the other start serves. psi itself has two forms, l (1 + c ...) and l (1 - c + c l T1/a):
   the first for large |l|, the second near l = 0, where the lower edge goes as c -> 1; the one with the
   smaller bound is used.

   NUMERICAL METHOD. On (sup H, inf) and on (-inf, inf H) psi' is monotone, from -infinity to 1; in the gap it
   is concave with -infinity at both ends. Brent's root (GSL) in log |tau|; in the gap the maximum of psi'
   comes first, by a scan and Brent's minimiser, and the bulk splits iff it is positive. psi is stationary at
   its edges, so they are exact to the square of the root's error.

   LIMITING CASES. a = 0: edges b (1 -+ sqrt c)^2. c -> 0: the edges of H. c = 1 with b > 0: the lower edge is
   0, exactly; b = 0: it is 0 where the largest of 1, p, c is reached twice. b = 0 with p > 1: H's point mass
   is at 0 and makes no interval.
   POINT MASS. F has rank min(n, N), and min(n, N, d) where b = 0: the rest of the N eigenvalues are 0. Where
   the bulk splits, the interval that comes from t's bulk carries its mass 1/p.
   DOMAIN. psi1, psi2 > 0, a, b >= 0 not both 0.
   ERROR. Running error analysis (bounded.h), and what psi varies by over the root's bracket. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>

#include "../bounded.h"
#include "density.h"

plimi_law plimi_law_of_kernel(const plimi_input *in)
{
  return (plimi_law){.a = in->a, .b = in->b, .psi1 = in->problem->psi1, .psi2 = in->problem->psi2};
}

static plim_value ratio_of(const plimi_law *law)
{
  return v_div(v_exact(law->psi2), v_exact(law->psi1));
}

plimi_population_point plimi_population_point_right(const plimi_law *law, plim_value u, plim_value root)
{
  const plim_value p = v_exact(law->psi2), width = v_add(v_exact(1.0), p);
  return (plimi_population_point){.u = w_of(u),
                                  .root = w_of(root),
                                  .pole = w_of(v_add(u, p)),
                                  .excess = w_of(v_add(v_mul(width, u), v_scale(2.0, p)))};
}

/* u = w/unit: the integrals in w, with H = (shift + unit t)*scale. Of the two forms one is regular as a -> 0. */
typedef struct {
  plim_value unit, shift, scale;
} units;

/* As v_div, x/y with an infinite error even where y may be 0: the sign of psi' is asked for there. */
static plimi_wide over(plimi_wide x, plimi_wide y)
{
  if (fabs(y.part.value) > y.part.error)
    return w_div(x, y);
  return (plimi_wide){v_div(x.part, y.part), x.exponent - y.exponent};
}

static plimi_spectral_map map_in(const plimi_law *law, const units *in, const plimi_population_point *at)
{
  const plimi_wide one = w_exact(1.0), ratio = w_of(ratio_of(law)), near = over(w_of(in->unit), at->u);
  const plimi_wide shift = w_of(in->shift), x = w_mul(w_add(one, near), at->pole);
  plimi_wide first = near;                                               /* int tau/(l - tau) */
  plimi_wide second = w_mul(w_square(near), over(at->excess, at->root)); /* int tau^2/(l - tau)^2 */
  if (in->shift.value > 0.0) {
    const plimi_wide far = over(shift, at->pole);
    first = w_add(first, far);
    second = w_add(second, w_mul(w_scale(2.0, near), over(shift, at->root)));
    second = w_add(second, w_mul(w_square(far), over(at->u, at->root)));
  }
  plimi_spectral_map map;
  map.l = w_add(w_of(law->b), w_mul(w_of(in->scale), x));
  map.slope = w_value(w_sub(one, w_mul(ratio, second)));
  map.image = w_value(w_mul(map.l, w_add(one, w_mul(ratio, first))));
  const plim_value spare = v_div(v_sub(v_exact(law->psi1), v_exact(law->psi2)), v_exact(law->psi1));
  const plimi_wide rest = over(w_mul(ratio, map.l), w_mul(w_of(in->scale), at->pole));
  const plim_value near_0 = w_value(w_mul(map.l, w_add(w_of(spare), rest)));
  if (near_0.error < map.image.error)
    map.image = near_0;
  return map;
}

plimi_spectral_map plimi_spectral_map_at(const plimi_law *law, const plimi_population_point *at)
{
  const units in = {.unit = v_exact(1.0), .shift = v_div(law->b, law->a), .scale = law->a};
  return map_in(law, &in, at);
}

plimi_spectral_map plimi_spectral_map_of_strength(const plimi_law *law, const plimi_population_point *at)
{
  const units in = {.unit = law->a, .shift = law->b, .scale = v_exact(1.0)};
  return map_in(law, &in, at);
}

/* ---- branches of the real line outside H ---- */

typedef enum {
  RIGHT,       /* u = sqrt(p) e^tau */
  CIRCLE_LEFT, /* u = -sqrt(p) e^tau: left of t's bulk */
  ATOM_RIGHT,  /* u = -p e^-tau: right of t's point mass, p > 1 */
  ATOM_LEFT    /* u = -p e^tau: left of it */
} branch;

static plimi_population_point point_on(const plimi_law *law, branch where, double tau)
{
  const double p = law->psi2, root_p = sqrt(p), one_sided = where == ATOM_RIGHT ? -tau : tau;
  const double rounding = 4.0 * DBL_EPSILON * (1.0 + tau);
  const plim_value growth = {exp(one_sided), rounding * exp(one_sided)};
  const plim_value hyperbolic = {2.0 * sinh(one_sided), 2.0 * rounding * sinh(tau)};
  const plim_value excess_growth = {expm1(one_sided), rounding * fabs(expm1(one_sided))};
  const plim_value exact_p = v_exact(p), width = v_add(v_exact(1.0), exact_p);
  if (where == RIGHT) {
    const plim_value start = v_rounded(root_p, 0.0);
    return plimi_population_point_right(law, v_mul(start, growth), v_mul(start, hyperbolic));
  }
  const plim_value below = v_sub(v_exact(1.0), exact_p); /* 1 - p */
  plim_value start, root, pole, excess;
  if (where == CIRCLE_LEFT) {
    const plim_value half = v_div(below, v_add(v_exact(1.0), v_rounded(root_p, 0.0))); /* 1 - sqrt(p) */
    start = v_rounded(root_p, 0.0);
    root = v_mul(start, hyperbolic);
    pole = v_scale(-1.0, v_mul(start, v_add(half, excess_growth)));
    excess = v_scale(-1.0, v_mul(start, v_add(v_square(half), v_mul(width, excess_growth))));
  } else {
    start = exact_p;
    root = v_sub(hyperbolic, v_mul(below, growth));
    pole = v_scale(-1.0, v_mul(start, excess_growth));
    excess = v_mul(start, v_sub(below, v_mul(width, excess_growth)));
  }
  return (plimi_population_point){.u = w_of(v_scale(-1.0, v_mul(start, growth))),
                                  .root = w_of(v_scale(-1.0, root)),
                                  .pole = w_of(pole),
                                  .excess = w_of(excess)};
}

typedef struct {
  const plimi_law *law;
  branch where;
} search;

static plimi_spectral_map map_on(const search *s, double tau)
{
  const plimi_population_point point = point_on(s->law, s->where, tau);
  return plimi_spectral_map_at(s->law, &point);
}

static double slope_at_log(double log_tau, void *params)
{
  return map_on(params, exp(log_tau)).slope.value;
}

static double minus_slope(double tau, void *params)
{
  return -map_on(params, tau).slope.value;
}

typedef struct {
  plim_value at;
  double u;
} edge;

enum { MAX_BRENT_STEPS = 300, SCAN = 64 };
static const double least = -200.0,
                    most = 6.5; /* log tau: products of three e^least do not underflow; sinh(e^most)
                                                    does not overflow */

/* psi where psi' = 0 between log tau = `low`, where psi' < 0, and `high`, where it is > 0. */
static plim_status edge_between(search *s, double low, double high, edge *found)
{
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  gsl_function function = {.function = slope_at_log, .params = s};
  if (gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_BRENT_STEPS; step++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double left = gsl_root_fsolver_x_lower(solver), right = gsl_root_fsolver_x_upper(solver);
    if (right - left > 1e-12 * (1.0 + fabs(left)))
      continue;
    /* psi is stationary in l, so in tau: its error is what it varies over the bracket, plus rounding. */
    const double tau = exp(gsl_root_fsolver_root(solver));
    const plim_value here = map_on(s, tau).image;
    const double spread = fabs(map_on(s, exp(left)).image.value - here.value) +
                          fabs(map_on(s, exp(right)).image.value - here.value);
    *found =
        (edge){.at = {here.value, here.error + spread}, .u = w_double(point_on(s->law, s->where, tau).u)};
    status = PLIM_OK;
    break;
  }
done:
  gsl_root_fsolver_free(solver);
  return status;
}

static plim_status edge_on(const plimi_law *law, branch where, double low, double high, edge *found)
{
  search s = {.law = law, .where = where};
  return edge_between(&s, low, high, found);
}

plim_status plimi_bulk_right_edge(const plimi_law *law, plim_value *at)
{
  if (law->a.value == 0.0) {
    *at = v_mul(law->b, v_square(v_add(v_exact(1.0), v_sqrt(ratio_of(law)))));
    return PLIM_OK;
  }
  edge found = {.u = 0.0};
  const plim_status status = edge_on(law, RIGHT, least, most, &found);
  if (status == PLIM_OK)
    *at = found.at;
  return status;
}

/* ---- the lower edge ---- */

/* Is the smallest of the eigenvalues that are not 0 by rank driven to 0? Ratios that tie, tie exactly. */
static bool touches_zero(const plimi_law *law)
{
  const double p = law->psi2, c = law->psi2 / law->psi1;
  if (law->b.value > 0.0)
    return law->psi1 == law->psi2;
  return (p == 1.0 && c <= 1.0) || (law->psi1 == law->psi2 && p <= 1.0) || (law->psi1 == 1.0 && p >= 1.0);
}

static plim_status left_edge(const plimi_law *law, edge *found)
{
  const bool atom = law->psi2 > 1.0 && law->b.value > 0.0;
  search s = {.law = law, .where = atom ? ATOM_LEFT : CIRCLE_LEFT};
  edge lowest = {.u = -sqrt(law->psi2)};
  plim_status status = PLIM_OK;
  if (slope_at_log(least, &s) < 0.0)
    status = edge_between(&s, least, most, &lowest);
  else if (!touches_zero(law))
    status = PLIM_NOT_CONVERGED;
  if (status != PLIM_OK)
    return status;
  if (touches_zero(law))
    lowest.at = v_exact(0.0);
  *found = lowest;
  return PLIM_OK;
}

/* ---- the gap ---- */

/* The tau on CIRCLE_LEFT where psi' is largest, for 0 < tau < `reach`: the maximum of a concave function of
   l. */
static plim_status peak_of_gap(search *s, double reach, double *peak)
{
  int best = 1;
  for (int i = 2; i < SCAN; i++)
    if (minus_slope(reach * i / SCAN, s) < minus_slope(reach * best / SCAN, s))
      best = i;
  double low = reach * (best - 1) / SCAN, high = reach * (best + 1) / SCAN;
  low = best == 1 ? reach * 1e-9 : low;
  high = best == SCAN - 1 ? reach * (1.0 - 1e-9) : high;
  *peak = reach * best / SCAN;
  gsl_min_fminimizer *minimiser = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (minimiser == NULL)
    return PLIM_NO_MEMORY;
  gsl_function function = {.function = minus_slope, .params = s};
  if (gsl_min_fminimizer_set(minimiser, &function, *peak, low, high) == GSL_SUCCESS) {
    for (int step = 0; step < MAX_BRENT_STEPS; step++) {
      if (gsl_min_fminimizer_iterate(minimiser) != GSL_SUCCESS)
        break;
      *peak = gsl_min_fminimizer_x_minimum(minimiser);
      if (gsl_min_fminimizer_x_upper(minimiser) - gsl_min_fminimizer_x_lower(minimiser) < 1e-9 * reach)
        break;
    }
  } /* where the largest is at an end of what is scanned, that end serves */
  gsl_min_fminimizer_free(minimiser);
  return PLIM_OK;
}

/* *split: does the gap of H open one in the sample law? Then *below and *above are its two sides. */
static plim_status gap_edges(const plimi_law *law, bool *split, edge *below, edge *above)
{
  *split = false;
  if (!(law->psi2 > 1.0 && law->b.value > 0.0))
    return PLIM_OK;
  const double reach = 0.5 * log(law->psi2);
  search s = {.law = law, .where = CIRCLE_LEFT};
  double peak;
  plim_status status = peak_of_gap(&s, reach, &peak);
  if (status != PLIM_OK || !(map_on(&s, peak).slope.value > 0.0))
    return status;
  status = edge_between(&s, least, log(peak), above);
  if (status == PLIM_OK)
    status = edge_on(law, ATOM_RIGHT, least, log(reach - peak), below);
  *split = status == PLIM_OK;
  return status;
}

/* ---- all of it ---- */

static plim_value atom_of(const plimi_law *law)
{
  const double rank = law->b.value > 0.0 ? law->psi1 : fmin(law->psi1, 1.0);
  if (rank >= law->psi2)
    return v_exact(0.0);
  return v_div(v_sub(v_exact(law->psi2), v_exact(rank)), v_exact(law->psi2));
}

static plim_status plain_bulk(const plimi_law *law, plimi_bulk *bulk)
{
  const plim_value one = v_exact(1.0), root = v_sqrt(ratio_of(law)), sum = v_add(one, root);
  const plim_value spare = v_div(v_sub(v_exact(law->psi1), v_exact(law->psi2)), v_exact(law->psi1));
  bulk->count = 1;
  bulk->interval[0].low = v_mul(law->b, v_square(v_div(spare, sum)));
  bulk->interval[0].high = v_mul(law->b, v_square(sum));
  bulk->interval[0].u_low = -root.value;
  bulk->interval[0].u_high = root.value;
  return PLIM_OK;
}

static plim_status mapped_bulk(const plimi_law *law, plimi_bulk *bulk)
{
  edge lowest = {.u = 0.0}, highest = {.u = 0.0}, below = {.u = 0.0}, above = {.u = 0.0};
  bool split = false;
  plim_status status = left_edge(law, &lowest);
  if (status == PLIM_OK)
    status = edge_on(law, RIGHT, least, most, &highest);
  if (status == PLIM_OK)
    status = gap_edges(law, &split, &below, &above);
  if (status != PLIM_OK)
    return status;
  bulk->count = split ? 2 : 1;
  bulk->interval[0].low = lowest.at;
  bulk->interval[0].u_low = lowest.u;
  if (split) {
    bulk->interval[0].high = below.at;
    bulk->interval[0].u_high = below.u;
    bulk->interval[1].low = above.at;
    bulk->interval[1].u_low = above.u;
  }
  bulk->interval[bulk->count - 1].high = highest.at;
  bulk->interval[bulk->count - 1].u_high = highest.u;
  return PLIM_OK;
}

plim_status plimi_bulk_of(const plimi_law *law, plimi_bulk *bulk)
{
  plimi_bulk made = {.atom = atom_of(law)};
  const plim_value psi2 = v_exact(law->psi2);
  if (law->a.value == 0.0 && law->b.value == 0.0)
    return PLIM_OUTSIDE_DOMAIN;
  const plim_status status = law->a.value == 0.0 ? plain_bulk(law, &made) : mapped_bulk(law, &made);
  if (status != PLIM_OK)
    return status;
  made.interval[0].mass = v_sub(v_exact(1.0), made.atom);
  if (made.count == 2) {
    made.interval[1].mass = v_div(v_exact(1.0), psi2);
    made.interval[0].mass = v_div(v_sub(v_exact(fmin(law->psi1, law->psi2)), v_exact(1.0)), psi2);
  }
  *bulk = made;
  return PLIM_OK;
}
