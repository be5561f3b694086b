/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fixed_point.c - the effective ridge kappa of the features at W0, and the degrees of freedom it leaves.

   SOURCES. [BA] NeurIPS Thm 5 and its (m1, m2), in the form of theory.md section 5, step 1; monotonicity, the forms
   without cancellation and the ridgeless branch are derived here.

   NOTATION.
     paper     here         meaning
     kappa     kappa        effective ridge: the n x n resolvent acts like (population kernel + kappa)^-1
     -         ratio        lambda/kappa, finite also where lambda and kappa vanish together
     z         z            mu2^2 + kappa = b + kappa
     gamma     gamma        (psi2/psi1) E_t ((t + b)/(t + z))^2, the quantity df2
   t, E_t and y, m, mh, D as in marchenko_pastur.c.

   FORMULA. kappa > 0 is the only root of  psi1 (1 - lambda/kappa) = psi2 (1 - kappa mh(z)).
   With X(kappa) = psi1 - psi2 E_t (t + b)/(t + z) the equation reads  psi1 lambda = kappa X(kappa),  and

     gamma = (psi2/psi1)(1 - 2 kappa mh - kappa^2 mh'),      1 - gamma = lambda/kappa + kappa X'(kappa) / psi1.

   WHY ONE ROOT, AND HOW IT IS FOUND. F = psi1 lambda - kappa X is concave in kappa (kappa (t + b)/(t + b + kappa)
   is), F(0) >= 0, and F' = -(X + kappa X') < 0 wherever X > 0. So Newton's iteration (GSL's) from any point to
   the right of the root descends to it without overshooting. Two points to the right: lambda + (psi2/psi1)(a + b),
   because E_t kappa (t + b)/(t + z) <= a + b; and psi1 lambda/(psi1 - psi2) where psi1 > psi2, because then
   X >= psi1 - psi2.

   WHY NOTHING CANCELS. X' = psi2 E_t (t + b)/(t + z)^2 is a sum of positive terms, and so are gamma and 1 - gamma as
   coded. X is a difference; it is the same number in three forms, and the one with the smallest bound is used:
     psi1 - psi2 + psi2 kappa mh,      psi1 - psi2 (y + b mh),      psi1 - 1 + z m - psi2 b mh:
   small kappa and psi1 near psi2; large kappa; linear activations (b = 0 or nearly so).

   RIDGELESS LIMIT, lambda -> 0. The features have rank psi2 per dimension if b > 0 and min(psi2, 1) if b = 0.
     psi1 < rank: kappa stays positive, the root of X; ratio = 0.
     psi1 > rank: kappa = 0 and ratio = (psi1 - rank)/psi1.
     psi1 = rank: kappa = ratio = 0, gamma = 1, and the risk diverges.

   DOMAIN. psi1, psi2 > 0, lambda >= 0, a + b > 0.
   ERROR. The equation's residual and its bound over its slope: rounding, the root, and the coefficients of sigma.
   DRIFT. kappa and gamma are functions of traces of resolvents at W0, whose finite-size bias is O(1/d). */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "bounded.h"
#include "theory.h"

enum { MAX_NEWTON_STEPS = 200 }; /* psi1 = psi2 and a tiny lambda halves kappa at each step: 60 are seen */

/* The two functions of kappa that the equation is made of. */
typedef struct {
  plim_value x;     /* X */
  plim_value slope; /* kappa X' */
  plim_value z;
  plim_value b_share, kappa_share; /* b/z and kappa/z, which stay finite where b = 0 and kappa = 0 */
  plimi_mp mp;
} equation;

static plim_value least_error(plim_value x, plim_value y)
{
  return x.error <= y.error ? x : y;
}

static equation equation_at(const plimi_input *in, plim_value kappa)
{
  const double psi1 = in->problem->psi1, psi2 = in->problem->psi2;
  equation e;
  e.z = v_add(in->b, kappa);
  if (in->b.value > 0.0) {
    e.b_share = v_div(in->b, e.z);
    e.kappa_share = v_div(kappa, e.z);
  } else {
    e.b_share = v_exact(0.0);
    e.kappa_share = v_exact(1.0);
  }
  e.mp = plimi_mp_at(in->a, psi2, e.z);

  const plim_value kappa_mh = v_mul(e.kappa_share, e.mp.zmh), b_mh = v_mul(e.b_share, e.mp.zmh);
  const plim_value small = v_add(v_sub(v_exact(psi1), v_exact(psi2)), v_scale(psi2, kappa_mh));
  const plim_value large = v_sub(v_exact(psi1), v_scale(psi2, v_add(e.mp.y, b_mh)));
  const plim_value linear = v_add(v_sub(v_exact(psi1), v_exact(1.0)), v_sub(e.mp.zm, v_scale(psi2, b_mh)));
  e.x = least_error(least_error(small, large), linear);

  /* kappa E_t (t + b)/(t + z)^2 = kappa y/D + (kappa/z) b mh z/(z m D) */
  const plim_value from_t = v_mul(kappa, v_mul(e.mp.y, e.mp.inv_root));
  const plim_value from_b = v_mul(v_mul(e.kappa_share, b_mh), v_mul(e.mp.inv_m, e.mp.inv_root));
  e.slope = v_scale(psi2, v_add(from_t, from_b));
  return e;
}

static void newton_both(double kappa, void *params, double *f, double *df)
{
  const plimi_input *in = params;
  const equation e = equation_at(in, v_exact(kappa));
  *f = in->problem->psi1 * in->problem->lambda - kappa * e.x.value;
  *df = -(e.x.value + e.slope.value);
}

static double newton_function(double kappa, void *params)
{
  double f, df;
  newton_both(kappa, params, &f, &df);
  return f;
}

static double newton_derivative(double kappa, void *params)
{
  double f, df;
  newton_both(kappa, params, &f, &df);
  return df;
}

static double right_of_root(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  const double far = p->lambda + p->psi2 / p->psi1 * (in->a.value + in->b.value);
  if (p->psi1 > p->psi2)
    return fmin(far, p->psi1 * (p->lambda / (p->psi1 - p->psi2)));
  return far;
}

/* The root for lambda > 0, or for lambda = 0 below the rank. The iteration descends until rounding stops it. */
static plim_status solve_newton(plimi_input *in, double *kappa)
{
  gsl_root_fdfsolver *solver = gsl_root_fdfsolver_alloc(gsl_root_fdfsolver_newton);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  gsl_function_fdf function = {
      .f = newton_function, .df = newton_derivative, .fdf = newton_both, .params = in};
  double last = right_of_root(in);
  if (gsl_root_fdfsolver_set(solver, &function, last) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
    if (gsl_root_fdfsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double next = gsl_root_fdfsolver_root(solver);
    if (!(next > 0.0))
      goto done;
    if (last - next <= 2.0 * DBL_EPSILON * last) {
      *kappa = next;
      status = PLIM_OK;
      goto done;
    }
    last = next;
  }
done:
  gsl_root_fdfsolver_free(solver);
  return status;
}

/* kappa with the bound |residual| / slope, both of psi1 lambda/kappa = X in log kappa. */
static plim_value bound_root(const plimi_input *in, double kappa)
{
  const plim_problem *p = in->problem;
  const equation e = equation_at(in, v_exact(kappa));
  const plim_value left = v_div(v_scale(p->psi1, v_exact(p->lambda)), v_exact(kappa));
  const plim_value residual = v_sub(left, e.x);
  const double slope = e.x.value + e.slope.value - e.x.error - e.slope.error;
  if (!(slope > 0.0))
    return (plim_value){kappa, INFINITY};
  return v_rounded(kappa, kappa * (fabs(residual.value) + residual.error) / slope);
}

/* gamma = (psi2/psi1) E_t ((t + b)/(t + z))^2 = (psi2/psi1) [ y (D - z)/D + 2 b y/D + (b/z)^2 z mh / (z m) z/D ] */
static plim_value gamma_of(const plimi_input *in, const equation *e)
{
  const double psi1 = in->problem->psi1, psi2 = in->problem->psi2;
  const plimi_mp *mp = &e->mp;
  plim_value sum = mp->y; /* all of it where D = 0: a linear activation without a ridge at psi2 = 1 */
  if (mp->root.value > 0.0) {
    const plim_value width = v_add(v_exact(psi2), v_exact(1.0));
    const plim_value a_gap = v_mul(in->a, v_sub(v_exact(psi2), v_exact(1.0)));
    const plim_value square = v_add(v_scale(2.0, v_mul(v_mul(in->a, e->z), width)), v_square(a_gap));
    const plim_value gap = v_div(square, v_add(mp->root, e->z)); /* D - z, as (D^2 - z^2)/(D + z) */
    const plim_value both = v_add(gap, v_scale(2.0, in->b));
    const plim_value from_t = v_mul(v_mul(mp->y, both), mp->inv_root);
    const plim_value from_b = v_mul(v_mul(v_square(e->b_share), mp->zmh), v_mul(mp->inv_m, mp->inv_root));
    sum = v_add(from_t, from_b);
  }
  return v_div(v_scale(psi2, sum), v_exact(psi1));
}

static void fill(const plimi_input *in, plim_value kappa, plim_value ratio, plimi_fixed_point *point)
{
  const equation e = equation_at(in, kappa);
  point->kappa = kappa;
  point->ratio = ratio;
  point->z = e.z;
  point->b_share = e.b_share;
  point->mp = e.mp;
  point->gamma = gamma_of(in, &e);
  point->residual = v_add(ratio, v_div(e.slope, v_exact(in->problem->psi1)));
}

plim_status plimi_fixed_point_solve(const plimi_input *in, plimi_fixed_point *point)
{
  const plim_problem *p = in->problem;
  const double rank = in->b.value > 0.0 ? p->psi2 : fmin(p->psi2, 1.0);
  if (p->lambda == 0.0 && p->psi1 >= rank) {
    const plim_value free_share = v_sub(v_exact(p->psi1), v_exact(rank));
    fill(in, v_exact(0.0), v_div(free_share, v_exact(p->psi1)), point);
    return PLIM_OK;
  }

  plimi_input centre = *in; /* the root at the middle of a and b; bound_root puts their errors back */
  centre.a.error = centre.b.error = 0.0;
  double root;
  const plim_status status = solve_newton(&centre, &root);
  if (status != PLIM_OK)
    return status;
  const plim_value kappa = bound_root(in, root);
  fill(in, kappa, v_div(v_exact(p->lambda), kappa), point);
  return PLIM_OK;
}

static plim_status evaluate_kappa(const plimi_input *in, plim_value *value)
{
  plimi_fixed_point point;
  const plim_status status = plimi_fixed_point_solve(in, &point);
  if (status == PLIM_OK)
    *value = point.kappa;
  return status;
}

static plim_status evaluate_df2(const plimi_input *in, plim_value *value)
{
  plimi_fixed_point point;
  const plim_status status = plimi_fixed_point_solve(in, &point);
  if (status == PLIM_OK)
    *value = point.gamma;
  return status;
}

static const plimi_limit limit_kappa = {
    .info = {.quantity = PLIM_KAPPA,
             .source = "[BA] NeurIPS Thm 5 (kappa = psi2/(psi1 m1)); this form derived here",
             .keys = "BA,MM",
             .statement =
                 "kappa > 0 is the only root of\n"
                 "  psi1 (1 - lambda/kappa) = psi2 (1 - kappa mh(mu2^2 + kappa)),\n"
                 "mh(z) = lim (1/N) tr (mu1^2 W0'W0 + z)^-1. Ridge regression on the features at W0\n"
                 "acts on the population like ridge regression with penalty kappa.",
             .domain = "sigma not constant. lambda = 0: the limit lambda -> 0",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_ACTIVATION,
    .evaluate = evaluate_kappa};

static const plimi_limit limit_df2 = {
    .info = {.quantity = PLIM_DF2,
             .source = "[BA] NeurIPS Thm 5; this form derived here",
             .keys = "BA,MM",
             .statement = "gamma = (psi2/psi1) (1 - 2 kappa mh - kappa^2 mh') at z = mu2^2 + kappa,\n"
                          "the second-order degrees of freedom per sample: 0 <= gamma <= 1, and the risk's\n"
                          "denominator is 1 - gamma.",
             .domain = "sigma not constant. lambda = 0: the limit lambda -> 0",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_ACTIVATION,
    .evaluate = evaluate_df2};

const plimi_limit *const plimi_fixed_point_limits[] = {&limit_kappa, &limit_df2, NULL};
