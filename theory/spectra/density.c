/* SPDX-License-Identifier: GPL-3.0-or-later */
/* density.c - the limiting density and distribution of the singular values of W1 and of the kernel's eigenvalues.

   SOURCES. [MP] for the weights; [SC] and [WWF] arXiv Thm 6 for the kernel's bulk; [BA] arXiv Thm 3 for the outlier
   of W1. The algebraic form, and the distribution function in closed form, are derived here.

   NOTATION. H, a, b, p, c, u, D, l and psi as in spectral_map.c.
     paper      here            meaning
     E          e               an eigenvalue; of the weights, a singular value squared
     v(z)       -1/l            Stieltjes transform of the n eigenvalues of FF'/n
     m(z)       -               of the N eigenvalues of F'F/n: m = (v + (1 - c)/z)/c
   NORMALISATION. Laws of N values each: of W1'W1 (its roots) and of F'F/n. psi1 = n/d, psi2 = N/d. W1 has the bulk
   of W0 ([BA]: the step adds rank one and a remainder of operator norm o(1)), whose squares follow the law with a =
   0, b = 1 and c = psi2.

   FORMULA. v is the only solution in the upper half plane of z = -1/v + c int tau dH/(1 + tau v) ([SC]). With
   l = -1/v and l = b + a (u + 1)(u + p)/u that is z = psi(l), which is rational in u (derived here):

     z(u) = l(u) g(u),   g(u) = 1 + c/u + c (b/a)/(u + p),

   a quartic for u. The upper half planes of v and of l correspond to Im u > 0, |u|^2 > p, where the quartic of a
   real E has one root if E is in the bulk and none outside: z(u) is open there, so two would stay two nearby. Hence

     density(E) = Im v/(pi c) = Im l/(pi c |l|^2),   Im l = a Im u (1 - p/|u|^2).

   DISTRIBUTION. c (1 - F(E)) = -(1/pi) Im int v dz along the real line from the right, v dz = -dz/l is rational in
   u, and its partial fractions (poles 0, -p and the two zeros of l, where g = 1 - c) give (derived here)

     pi (1 - F(E)) = -2 Im u/|u|^2 - (b/a) Im u/|u + p|^2
                     + ((1 - c)/c) arg l + (1 - 1/p) arg(u + p) + (1/p) arg u,

   every arg in [0, pi], so there is no branch to choose. At the lowest edge it is pi (1 - the point mass at 0), in
   the gap pi/p: which the tests look at.
   a = 0: u = (b/a) w with a -> 0, z = b (w + 1)(w + c)/w, |w|^2 = c, cos arg w = (E/b - 1 - c)/(2 sqrt c), and

     density(E) = Im w/(pi c E),   pi (1 - F(E)) = -Im w/c + ((1 - c)/c) arg(1 + w) + arg w.

   NUMERICAL METHOD. All four roots by GSL's companion matrix, then Newton's iteration on z(u) in its rational form;
   close to an edge, where the pair of roots is ill-conditioned, it starts from the root of E_edge + z'' (u -
   u_edge)^2/2 as well.
   WHY NOTHING CANCELS. The density is a product, but for 1 - p/|u|^2, which is of the order of c where c is small
   (the law tends to H, the root to the circle): it loses log10(1/c) digits. The distribution function is a
   difference near both ends, with an absolute error of 1e-16 or so times 1/c.
   LIMITING CASES. mu1 = 0: Marchenko-Pastur of ratio c scaled by mu2^2. mu2 = 0 (linear activation): the product of
   two Wishart matrices, a cubic times the spurious root u = -p. psi1 -> inf: H. Hard edge (psi1 = psi2): density ~
   E^-1/2.
   DOMAIN. eta = Theta(1), any activation; the kernel's outliers: outliers.c.
   ERROR. First order in the residual z(u) - E, which includes the errors of a and b, plus rounding; at the edges the
   square root of it.
   DRIFT. The largest distance between the empirical distribution function and the limit is O(1/d) up to logarithms:
   eigenvalues are rigid, and what the step and the widths' fluctuations do to the bulk is of that order too. */
#include <complex.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_poly.h>

#include "../bounded.h"
#include "gsl_errors.h"
#include "density.h"

static const double pi = 3.14159265358979323846;

struct plim_density {
  plim_spectrum spectrum;
  plimi_law law;
  plimi_bulk bulk;
  plim_support support;
  gsl_poly_complex_workspace *quartic;
};

/* ---- z(u) and its derivatives, in units of a ---- */

typedef struct {
  double shift, p, c; /* b/a, psi2, psi2/psi1 */
} rational;

typedef struct {
  double complex l, z, dl, dz, d2z; /* over a; derivatives in u */
  double size;                      /* of the terms of z */
} value_of_map;

static value_of_map map_at(const rational *r, double complex u)
{
  const double complex pole = u + r->p, g = 1.0 + r->c / u + r->c * r->shift / pole;
  const double complex dg = -r->c / (u * u) - r->c * r->shift / (pole * pole);
  const double complex d2g = 2.0 * r->c / (u * u * u) + 2.0 * r->c * r->shift / (pole * pole * pole);
  const double complex d2l = 2.0 * r->p / (u * u * u);
  value_of_map at;
  at.l = r->shift + (u + 1.0) * pole / u;
  at.dl = 1.0 - r->p / (u * u);
  at.z = at.l * g;
  at.dz = at.dl * g + at.l * dg;
  at.d2z = d2l * g + 2.0 * at.dl * dg + at.l * d2g;
  at.size = (r->shift + (cabs(u) + 1.0) * (1.0 + r->p / cabs(u))) *
            (1.0 + r->c / cabs(u) + r->c * r->shift / cabs(pole));
  return at;
}

/* Im l over a, for Im u > 0: positive where the root is the one. */
static double height_of(const rational *r, double complex u)
{
  const double square = creal(u) * creal(u) + cimag(u) * cimag(u);
  return cimag(u) * (1.0 - r->p / square);
}

/* Newton's iteration for z(u) = e as long as it gets closer. */
static double complex polish(const rational *r, double e, double complex u)
{
  enum { STEPS = 60 };
  value_of_map at = map_at(r, u);
  for (int i = 0; i < STEPS; i++) {
    const double complex next = u - (at.z - e) / at.dz;
    const value_of_map there = map_at(r, next);
    if (!(cabs(there.z - e) < cabs(at.z - e)))
      break;
    u = next;
    at = there;
  }
  return u;
}

typedef struct {
  double complex u;
  double residual; /* |z(u) - e| over a, with its rounding; INFINITY: no root was found */
} root;

static void take_better(const rational *r, double e, double complex start, root *best)
{
  const double complex u = polish(r, e, start);
  const value_of_map at = map_at(r, u);
  const double residual = cabs(at.z - e) + 4.0 * DBL_EPSILON * at.size;
  if (height_of(r, u) > 0.0 && cimag(u) > 0.0 && residual < best->residual)
    *best = (root){.u = u, .residual = residual};
}

/* From the edge that the map sends u_edge to. */
static void try_from_edge(const rational *r, double e, double u_edge, root *best)
{
  const value_of_map at = map_at(r, u_edge);
  const double square = 2.0 * (e - creal(at.z)) / creal(at.d2z);
  if (square < 0.0)
    take_better(r, e, u_edge + I * sqrt(-square), best);
}

static plim_status solve_quartic(const plim_density *d, const rational *r, double e, root *found)
{
  const double alpha = r->shift + 1.0 + r->p, beta = r->p + r->c + r->c * r->shift;
  const double polynomial[] = {r->c * r->p * r->p, r->p * (alpha * r->c + beta),
                               alpha * beta + r->p + r->c * r->p - e * r->p, alpha + beta - e, 1.0};
  double roots[8];
  root best = {.residual = INFINITY};
  if (gsl_poly_complex_solve(polynomial, 5, d->quartic, roots) == GSL_SUCCESS)
    for (int i = 0; i < 4; i++)
      take_better(r, e, roots[2 * i] + I * fabs(roots[2 * i + 1]), &best);
  for (size_t i = 0; i < d->bulk.count && best.residual > 0.0; i++) {
    try_from_edge(r, e, d->bulk.interval[i].u_low, &best);
    try_from_edge(r, e, d->bulk.interval[i].u_high, &best);
  }
  if (!isfinite(best.residual))
    return PLIM_NOT_CONVERGED;
  *found = best;
  return PLIM_OK;
}

/* ---- density and distribution of eigenvalues inside an interval ---- */

typedef struct {
  plim_value density;
  plim_value above; /* 1 - F */
} law_value;

static plim_status mapped_value(const plim_density *d, double e, law_value *value)
{
  const plimi_law *law = &d->law;
  const double a = law->a.value, scaled = e / a;
  const rational r = {.shift = law->b.value / a, .p = law->psi2, .c = law->psi2 / law->psi1};
  root found;
  const plim_status status = solve_quartic(d, &r, scaled, &found);
  if (status != PLIM_OK)
    return status;
  const double complex u = found.u;
  const value_of_map at = map_at(&r, u);
  const double norm = creal(at.l) * creal(at.l) + cimag(at.l) * cimag(at.l), height = height_of(&r, u);
  const double density = height / (pi * r.c * norm * a);

  /* E is known to: residual, rounding, the error of a (which scales it all), that of b (in both factors) */
  const double complex pole = u + r.p;
  const double per_b = 1.0 + r.c / cabs(u) + r.c * (r.shift + cabs(at.l)) / cabs(pole);
  const double shaken =
      found.residual + (2.0 * DBL_EPSILON + law->a.error / a) * at.size + per_b * law->b.error / a;
  const double linear = shaken / cabs(at.dz), square = sqrt(2.0 * shaken / cabs(at.d2z));
  const double move = linear < square ? linear : square; /* of u */
  const double lost = 4.0 * DBL_EPSILON * cimag(u) / (pi * r.c * norm * a);
  value->density = v_rounded(density, move * cabs(at.dl) / (pi * r.c * norm * a) + lost);

  const double spare = (law->psi1 - law->psi2) / law->psi2; /* (1 - c)/c */
  const double near_0 = 2.0 * cimag(u) / (creal(u) * creal(u) + cimag(u) * cimag(u));
  const double near_p = r.shift * cimag(u) / (creal(pole) * creal(pole) + cimag(pole) * cimag(pole));
  const double arg_l = atan2(height, creal(at.l)), arg_pole = carg(pole), arg_u = carg(u);
  const double sum = -near_0 - near_p + spare * arg_l + (1.0 - 1.0 / r.p) * arg_pole + (1.0 / r.p) * arg_u;
  const double terms =
      near_0 + near_p + fabs(spare) * (arg_l + 1.0) + fabs(1.0 - 1.0 / r.p) * arg_pole + arg_u / r.p;
  value->above = v_rounded(sum / pi, density * a * shaken + 4.0 * DBL_EPSILON * terms);
  return PLIM_OK;
}

static law_value plain_value(const plim_density *d, double e)
{
  const plimi_law *law = &d->law;
  const double c = law->psi2 / law->psi1, root_c = sqrt(c), b = law->b.value;
  const double high = d->bulk.interval[0].high.value;
  const plim_value left = v_sqrt(v_sub(v_exact(e), d->bulk.interval[0].low));
  const plim_value right = v_sqrt(v_sub(d->bulk.interval[0].high, v_exact(e)));
  const double height = 0.5 * left.value * right.value / b;  /* Im w */
  const double angle = 2.0 * atan2(left.value, right.value); /* pi - arg w */
  const double turned = pi - angle, real = root_c * cos(turned);
  const double arg_1w = atan2(height, 1.0 + real), spare = (law->psi1 - law->psi2) / law->psi2;
  const double density = height / (pi * c * e);
  const double shaken = (8.0 * DBL_EPSILON + law->b.error / b) * (e + high);
  law_value value;
  value.density = v_div(v_mul(left, right), v_scale(2.0 * pi * c * e, law->b));
  const double sum = -height / c + spare * arg_1w + turned;
  value.above = v_rounded(sum / pi, density * shaken +
                                        4.0 * DBL_EPSILON * (height / c + fabs(spare) * arg_1w + turned));
  return value;
}

/* ---- the variable of the spectrum ---- */

static plim_status value_inside(const plim_density *d, double x, law_value *value)
{
  const double e = d->spectrum == PLIM_SPECTRUM_WEIGHTS ? x * x : x;
  if (d->law.a.value > 0.0)
    return mapped_value(d, e, value);
  *value = plain_value(d, e);
  return PLIM_OK;
}

/* density(x) = 2 x f(x^2) = sqrt(high^2 - x^2) sqrt(x^2 - low^2)/(pi c x), without the squares */
static plim_value weights_density(const plim_density *d, double x)
{
  const plim_value low = d->support.interval[0].low, high = d->support.interval[0].high, at = v_exact(x);
  const plim_value right = v_mul(v_sub(high, at), v_add(high, at));
  const plim_value left = v_mul(v_sub(at, low), v_add(at, low));
  const plim_value share = low.value > 0.0 ? v_div(v_sqrt(left), at) : v_exact(1.0);
  return v_div(v_mul(v_sqrt(right), share), v_mul(v_exact(pi), v_exact(d->law.psi2)));
}

/* x is at an edge, or beyond it by no more than its error: 0, up to what the density is as far on the other side. */
static bool is_beside(plim_value edge, double inward, double x)
{
  const double beyond = inward * (edge.value - x);
  return beyond >= 0.0 && beyond <= edge.error;
}

static plim_status beside_edge(const plim_density *d, plim_value edge, double inward, law_value *found)
{
  law_value there = {.density = v_exact(0.0)};
  const double step = inward * (2.0 * edge.error + 4.0 * DBL_EPSILON * edge.value);
  const plim_status status = edge.error > 0.0 ? value_inside(d, edge.value + step, &there) : PLIM_OK;
  const double most = there.density.value + there.density.error;
  *found = (law_value){.density = {0.0, most}, .above = {0.0, 3.0 * most * edge.error}};
  return status;
}

/* Inside interval i, or at one of its edges; *found is what it would be there. */
static plim_status value_in(const plim_density *d, size_t i, double x, bool *in, law_value *found)
{
  const plim_value low = d->support.interval[i].low, high = d->support.interval[i].high;
  *in = true;
  if (x > low.value && x < high.value)
    return value_inside(d, x, found);
  if (is_beside(low, 1.0, x))
    return beside_edge(d, low, 1.0, found);
  if (is_beside(high, -1.0, x))
    return beside_edge(d, high, -1.0, found);
  *in = false;
  return PLIM_OK;
}

plim_status plim_density_at(const plim_density *d, double x, plim_value *value)
{
  const plim_support *support = &d->support;
  const bool weights = d->spectrum == PLIM_SPECTRUM_WEIGHTS;
  if (!isfinite(x))
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  for (size_t i = 0; i < support->intervals; i++) {
    const plim_value low = support->interval[i].low, high = support->interval[i].high;
    if (low.value == 0.0 && x == 0.0 && !weights)
      return PLIM_DIVERGES;
    if (weights && x >= low.value - low.error && x <= high.value + high.error) {
      *value = weights_density(d, x);
      return PLIM_OK;
    }
    bool in = false;
    law_value found = {.density = v_exact(0.0)};
    const plim_status status = weights ? PLIM_OK : value_in(d, i, x, &in, &found);
    if (in && status == PLIM_OK)
      *value = found.density;
    if (in || status != PLIM_OK)
      return status;
  }
  *value = v_exact(0.0);
  return PLIM_OK;
}

plim_status plim_density_cdf(const plim_density *d, double x, plim_value *value)
{
  const plim_support *support = &d->support;
  if (!isfinite(x))
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  plim_value sum = x >= 0.0 ? support->mass_at_zero : v_exact(0.0);
  for (size_t i = 0; i < support->intervals; i++) {
    const double low = support->interval[i].low.value, high = support->interval[i].high.value;
    bool in = false;
    law_value found = {.above = v_exact(0.0)};
    const plim_status status = value_in(d, i, x, &in, &found);
    if (status != PLIM_OK)
      return status;
    if (x > low && x < high) {
      *value = v_sub(v_exact(1.0), found.above);
      return PLIM_OK;
    }
    if (x >= high)
      sum = i + 1 == support->intervals ? v_exact(1.0) : v_add(sum, support->interval[i].mass);
    sum.error += in ? found.above.error : 0.0;
  }
  *value = sum;
  return PLIM_OK;
}

/* ---- making it ---- */

static plim_status describe_support(plim_density *d, const plimi_input *in)
{
  plim_support *support = &d->support;
  const bool weights = d->spectrum == PLIM_SPECTRUM_WEIGHTS;
  support->mass_at_zero = d->bulk.atom;
  support->intervals = d->bulk.count;
  for (size_t i = 0; i < d->bulk.count; i++) {
    support->interval[i].low = weights ? v_sqrt(d->bulk.interval[i].low) : d->bulk.interval[i].low;
    support->interval[i].high = weights ? v_sqrt(d->bulk.interval[i].high) : d->bulk.interval[i].high;
    support->interval[i].mass = d->bulk.interval[i].mass;
  }
  support->outliers =
      weights ? plimi_weights_outlier(in, support->outlier) : plimi_kernel_outliers(in, support->outlier);
  for (size_t i = 0; i < support->outliers; i++)
    if (!v_is_finite(support->outlier[i])) /* a step of 1e200 */
      return PLIM_NOT_FINITE;
  return PLIM_OK;
}

plim_status plim_density_alloc(plim_theory *theory, plim_spectrum spectrum, const plim_problem *problem,
                               plim_density **density)
{
  plimi_input in;
  if (plim_spectrum_name(spectrum) == NULL)
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  const bool weights = spectrum == PLIM_SPECTRUM_WEIGHTS;
  const unsigned reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_ALL_SMALL_STEPS;
  plim_status status = plimi_input_prepare(theory, problem, reads, &in);
  if (status == PLIM_OK && !weights &&
      (problem->ridge_batch == PLIM_RIDGE_SAME || !plimi_modes_are_known(&in)))
    status = PLIM_OUTSIDE_DOMAIN;
  if (status != PLIM_OK)
    return status;
  plim_density *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->spectrum = spectrum;
  made->law = plimi_law_of_kernel(&in);
  if (weights)
    made->law = (plimi_law){.a = v_exact(0.0), .b = v_exact(1.0), .psi1 = 1.0, .psi2 = problem->psi2};
  made->quartic = gsl_poly_complex_workspace_alloc(5);
  status = made->quartic == NULL ? PLIM_NO_MEMORY : plimi_bulk_of(&made->law, &made->bulk);
  if (status == PLIM_OK)
    status = describe_support(made, &in);
  if (status == PLIM_OK)
    *density = made;
  else
    plim_density_free(made);
  return status;
}

void plim_density_free(plim_density *density)
{
  if (density == NULL)
    return;
  gsl_poly_complex_workspace_free(density->quartic); /* nothing of NULL */
  free(density);
}

const plim_support *plim_density_support(const plim_density *density)
{
  return &density->support;
}
