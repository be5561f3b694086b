/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bulk.c - where a learned direction is seen through the bulk of the features.

   SOURCES. [BGN] for a perturbation of rank one; the bulk by spectral_map.c; [WWF] for the linear direction. The
   formula for a direction that is partly linear is derived here.

   NOTATION. a, b, p, c, u, l, psi (the map, not the function of k) as in spectral_map.c, and
     here      meaning
     K         F at W0 over sqrt(n): the noise, eigenvalues E of K'K with the law of spectral_map.c
     theta^2   N s_l^2, strength of the direction among the eigenvalues of F'F/n
     o         along of staircase.h: squared overlap of its function of k with k itself
   NORMALISATION. Eigenvalues E of F'F/n; a singular value of F over sqrt(n N) is sqrt(E/N).

   FORMULA. F/sqrt(n) = K + theta w z', w = psi_l(k)/sqrt(n), z = phi_l(zeta)/sqrt(N). z is independent of W0, so
   Qz = z'(E - K'K)^-1 z has E Qz = 1 + 1/u + (b/a)/(u + p) =: r(u) at E = psi(l(u)) (from v = -1/l). For a function of
   k that is orthogonal to k, Qw = w'(E - KK')^-1 w = 1/l. The linear one is part of K itself (K holds mu1 Xt W0): by
   [WWF] a spike of strength a u goes to psi(l(u)), so there E Qw Qz = 1/(a u). For overlap o,
     theta^2 h(u) = 1,   h(u) = o/(a u) + (1 - o) r(u)/l(u),
   which decreases in u: the direction leaves the bulk iff theta^2 h > 1 at the edge, to the eigenvalue E(u), and
     overlap = -E'(u)/(theta^4 h'(u) r(u)),      E'(u) = psi'(l) a (1 - p/u^2),
   is the squared overlap of the left singular vector with w. Several directions are taken one by one: what couples
   them is of relative order (p/u)^2 times their linear parts.

   WHY NOTHING CANCELS. h, -h' and r are sums of positive terms; psi' and 1 - p/u^2 vanish at the edge with the
   overlap itself.
   LIMITING CASES. N -> infinity at fixed s_l: E/N -> s_l^2, overlap -> 1. e -> 0: the linear direction is that of
   spectrum.c, with theta^2 = a s.
   DOMAIN. The bulk is that of W0, which the step leaves as it was where eta = o(sqrt N); at eta = Theta(sqrt N) the
   correction E/N - s_l^2 = O(1/d) is right in order only, and whether a direction whose size is that of the bulk is
   seen is not covered. E sigma'' != 0: norms.c.
   ERROR. Running error analysis (bounded.h) from Brent's root (GSL), whose error counts as one of u; and what E moves
   by with theta at the end of its error. */
#include "staircase.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "../bounded.h"

plim_status plimi_start_of(const plimi_input *in, plimi_noise *noise)
{
  plimi_bulk bulk;
  plimi_noise made = {.law = plimi_law_of_kernel(in)};
  const plim_status status = plimi_bulk_of(&made.law, &bulk);
  if (status != PLIM_OK)
    return status;
  made.edge = bulk.interval[bulk.count - 1].high;
  made.u_edge = bulk.interval[bulk.count - 1].u_high;
  made.top = made.edge;
  plim_value outlier[PLIM_SUPPORT_OUTLIERS];
  plimi_input start = *in;
  start.push = start.spread = w_exact(0.0);
  if (plimi_kernel_outliers(&start, outlier) > 0 && outlier[0].value > made.edge.value)
    made.top = outlier[0];
  *noise = made;
  return PLIM_OK;
}

plim_status plimi_noise_of(const plimi_input *in, plimi_noise *noise)
{
  return in->a.value > 0.0 ? plimi_start_of(in, noise) : PLIM_OUTSIDE_DOMAIN;
}

typedef struct {
  double a, b, p, along, strength; /* strength: theta^2 */
} coupling;

/* r(u), h(u), and the derivative of h */
static void couple(const coupling *q, double u, double *r, double *h, double *slope)
{
  const double ratio = q->b / q->a, pole = u + q->p;
  const double l = q->b + q->a * (1.0 + 1.0 / u) * pole, dl = q->a * (1.0 - q->p / (u * u));
  const double dr = -1.0 / (u * u) - ratio / (pole * pole);
  *r = 1.0 + 1.0 / u + ratio / pole;
  *h = q->along / (q->a * u) + (1.0 - q->along) * *r / l;
  *slope = -q->along / (q->a * u * u) + (1.0 - q->along) * (dr / l - *r * dl / (l * l));
}

/* log theta^2 h, as a function of log u */
static double excess_at(double log_u, void *params)
{
  const coupling *q = params;
  double r, h, slope;
  couple(q, exp(log_u), &r, &h, &slope);
  return log(q->strength * h);
}

static const double root_error = 1e-13; /* of log u */

/* The u where theta^2 h = 1; *u = 0 where there is none beyond the edge. */
static plim_status solve(coupling *q, double u_edge, double *u)
{
  enum { STEPS = 200 };
  const double low = log(u_edge);
  double high = low + 1.0;
  *u = 0.0;
  if (!(q->strength > 0.0) || !(excess_at(low, q) > 0.0))
    return PLIM_OK;
  while (excess_at(high, q) >= 0.0)
    high += 2.0;
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  gsl_function function = {.function = excess_at, .params = q};
  int code = gsl_root_fsolver_set(solver, &function, low, high);
  for (int step = 0; step < STEPS && code == GSL_SUCCESS && status != PLIM_OK; step++) {
    code = gsl_root_fsolver_iterate(solver);
    if (gsl_root_fsolver_x_upper(solver) - gsl_root_fsolver_x_lower(solver) < root_error)
      status = PLIM_OK;
  }
  *u = exp(gsl_root_fsolver_root(solver));
  gsl_root_fsolver_free(solver);
  return status;
}

static plimi_spectral_map image_of(const plimi_law *law, double u)
{
  const plim_value here = v_rounded(u, root_error * u), start = v_sqrt(v_exact(law->psi2));
  const plim_value root = v_div(v_mul(v_sub(here, start), v_add(here, start)), here);
  const plimi_population_point point = plimi_population_point_right(law, here, root);
  return plimi_spectral_map_at(law, &point);
}

plim_status plimi_direction_seen(const plimi_noise *noise, const plimi_direction *direction, double width,
                                 plimi_sighting *sighting)
{
  const double s = direction->size.value, moved = s + direction->size.error;
  coupling q = {.a = noise->law.a.value,
                .b = noise->law.b.value,
                .p = noise->law.psi2,
                .along = fmin(direction->along, 1.0),
                .strength = width * moved * moved};
  double u, beside, r, h, slope;
  plimi_sighting made = {.leaves = false};
  plim_status status = solve(&q, noise->u_edge, &beside);
  q.strength = width * s * s;
  if (status == PLIM_OK)
    status = solve(&q, noise->u_edge, &u);
  if (status != PLIM_OK)
    return status;
  if (u > 0.0) {
    const plimi_spectral_map map = image_of(&noise->law, u);
    made.leaves = true;
    made.square = map.image;
    made.square.error += fabs(image_of(&noise->law, beside).image.value - map.image.value);
    couple(&q, u, &r, &h, &slope);
    const double stretch = map.slope.value * q.a * (1.0 - q.p / (u * u));
    made.overlap = -stretch / (q.strength * q.strength * slope * r);
  }
  *sighting = made;
  return PLIM_OK;
}
