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
   the right of the root descends to it without overshooting. Such a point is the positive root k of
     k^2 + (g c - lambda) k - lambda c = 0,   g = (psi1 - psi2)/psi1,  c = a + b,
   because kappa X >= kappa (psi1 - psi2 + psi2 kappa/(kappa + a + b)): E_t 1/(t + z) is at least 1/(E_t t + z)
   (Jensen). A linear activation (b = 0) has a second one, with g = (psi1 - 1)/psi1 and c = a psi2: z m is the same
   average over the d x d matrix. The unknown is kappa in units of k, so that no size of the problem overflows; each
   step at least halves what is left to go, and the root is not far below k unless sigma is nearly linear.

   WHY NOTHING CANCELS. X' = psi2 E_t (t + b)/(t + z)^2 is a sum of positive terms, and so are gamma and 1 - gamma as
   coded. X is a difference; it is the same number in three forms, and the one with the smallest bound is used:
     psi1 - psi2 + psi2 kappa mh,      psi1 - psi2 (y + b mh),      psi1 - 1 + z m - psi2 b mh:
   small kappa and psi1 near psi2; large kappa; linear activations (b = 0 or nearly so).

   RIDGELESS LIMIT, lambda -> 0. The features have rank psi2 per dimension if b > 0 and min(psi2, 1) if b = 0.
     psi1 < rank: kappa stays positive, the root of X; ratio = 0.
     psi1 > rank: kappa = 0 and ratio = (psi1 - rank)/psi1.
     psi1 = rank: kappa = ratio = 0, gamma = 1, and the risk diverges.

   DOMAIN. psi1, psi2 > 0, lambda >= 0, a + b > 0.
   ERROR. In the arithmetic of wide.h: the equation's residual and its bound over its slope: rounding, the root, and
   the coefficients of sigma.
   DRIFT. kappa and gamma are functions of traces of resolvents at W0, whose finite-size bias is O(1/d). */
#include <stdbool.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "theory.h"

enum { MAX_NEWTON_STEPS = 2200 }; /* from one end of the doubles to the other by halves; 110 are seen */

/* The two functions of kappa that the equation is made of. */
typedef struct {
  plimi_wide x;     /* X */
  plimi_wide slope; /* kappa X' */
  plimi_wide z;
  plimi_wide b_share, kappa_share; /* b/z and kappa/z, which stay finite where b = 0 and kappa = 0 */
  plimi_mp mp;
} equation;

static plimi_wide least_error(plimi_wide x, plimi_wide y)
{
  return x.part.error <= ldexp(y.part.error, y.exponent - x.exponent) ? x : y;
}

static equation equation_at(const plimi_input *in, plimi_wide kappa)
{
  const double psi1 = in->problem->psi1, psi2 = in->problem->psi2;
  const plimi_wide a = in->wide.a, b = in->wide.b;
  equation e;
  e.z = w_add(b, kappa);
  if (w_sign(b) > 0) {
    e.b_share = w_div(b, e.z);
    e.kappa_share = w_div(kappa, e.z);
  } else {
    e.b_share = w_exact(0.0);
    e.kappa_share = w_exact(1.0);
  }
  e.mp = plimi_mp_at(a, psi2, e.z);

  const plimi_wide kappa_mh = w_mul(e.kappa_share, e.mp.zmh), b_mh = w_mul(e.b_share, e.mp.zmh);
  const plimi_wide small = w_add(w_sub(w_exact(psi1), w_exact(psi2)), w_scale(psi2, kappa_mh));
  const plimi_wide large = w_sub(w_exact(psi1), w_scale(psi2, w_add(e.mp.y, b_mh)));
  const plimi_wide linear = w_add(w_sub(w_exact(psi1), w_exact(1.0)), w_sub(e.mp.zm, w_scale(psi2, b_mh)));
  e.x = least_error(least_error(small, large), linear);

  /* kappa E_t (t + b)/(t + z)^2 = kappa y/D + (kappa/z) b mh z/(z m D) */
  const plimi_wide from_t = w_mul(kappa, w_mul(e.mp.y, e.mp.inv_root));
  const plimi_wide from_b = w_mul(w_mul(e.kappa_share, b_mh), w_mul(e.mp.inv_m, e.mp.inv_root));
  e.slope = w_scale(psi2, w_add(from_t, from_b));
  return e;
}

/* The unknown is share = kappa/unit, the function F/(psi1 unit). */
typedef struct {
  const plimi_input *in;
  plimi_wide unit;
} newton;

static void newton_both(double share, void *params, double *f, double *df)
{
  const newton *n = params;
  const plimi_wide psi1 = w_exact(n->in->problem->psi1);
  const equation e = equation_at(n->in, w_scale(share, n->unit));
  *f = w_double(w_div(w_exact(n->in->problem->lambda), n->unit)) - share * w_double(w_div(e.x, psi1));
  *df = -w_double(w_div(w_add(e.x, e.slope), psi1));
}

static double newton_function(double share, void *params)
{
  double f, df;
  newton_both(share, params, &f, &df);
  return f;
}

static double newton_derivative(double share, void *params)
{
  double f, df;
  newton_both(share, params, &f, &df);
  return df;
}

/* The positive root of k^2 + (g c - lambda) k - lambda c. */
static plimi_wide positive_root(plimi_wide g, plimi_wide c, plimi_wide lambda)
{
  const plimi_wide linear = w_sub(w_mul(g, c), lambda), product = w_mul(lambda, c);
  const plimi_wide root = w_sqrt(w_add(w_square(linear), w_scale(4.0, product)));
  if (w_sign(linear) > 0)
    return w_div(w_scale(2.0, product), w_add(root, linear));
  return w_scale(0.5, w_sub(root, linear));
}

static plimi_wide right_of_root(const plimi_input *in)
{
  const plimi_wide psi1 = w_exact(in->problem->psi1), psi2 = w_exact(in->problem->psi2);
  const plimi_wide lambda = w_exact(in->problem->lambda), a = in->wide.a;
  const plimi_wide both = w_add(a, in->wide.b);
  const plimi_wide right = positive_root(w_div(w_sub(psi1, psi2), psi1), both, lambda);
  if (w_sign(in->wide.b) > 0)
    return right;
  const plimi_wide other = positive_root(w_div(w_sub(psi1, w_exact(1.0)), psi1), w_mul(a, psi2), lambda);
  return w_is_less(other, right) ? other : right;
}

/* The root for lambda > 0, or for lambda = 0 below the rank. The iteration descends until rounding stops it. */
static plim_status solve_newton(const plimi_input *in, plimi_wide *kappa)
{
  gsl_root_fdfsolver *solver = gsl_root_fdfsolver_alloc(gsl_root_fdfsolver_newton);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  newton n = {.in = in, .unit = right_of_root(in)};
  n.unit.part.error = 0.0;
  gsl_function_fdf function = {
      .f = newton_function, .df = newton_derivative, .fdf = newton_both, .params = &n};
  double last = 1.0;
  if (gsl_root_fdfsolver_set(solver, &function, last) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
    if (gsl_root_fdfsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double next = gsl_root_fdfsolver_root(solver);
    if (!(next > 0.0))
      goto done;
    if (last - next <= 2.0 * DBL_EPSILON * last) {
      *kappa = w_scale(next, n.unit);
      kappa->part.error = 0.0; /* bound_root's business */
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
static plimi_wide bound_root(const plimi_input *in, plimi_wide kappa)
{
  const plim_problem *p = in->problem;
  const equation e = equation_at(in, kappa);
  const plimi_wide left = w_div(w_scale(p->psi1, w_exact(p->lambda)), kappa);
  const plimi_wide residual = w_sub(left, e.x), slope = w_add(e.x, e.slope);
  const plimi_wide shift = w_mul(kappa, w_div(residual, slope));
  const double error = fabs(shift.part.value) + shift.part.error;
  return w_add(kappa, (plimi_wide){{0.0, error}, shift.exponent});
}

/* gamma = (psi2/psi1) E_t ((t + b)/(t + z))^2 = (psi2/psi1) [ y (D - z)/D + 2 b y/D + (b/z)^2 z mh / (z m) z/D ] */
static plimi_wide gamma_of(const plimi_input *in, const equation *e)
{
  const double psi1 = in->problem->psi1, psi2 = in->problem->psi2;
  const plimi_mp *mp = &e->mp;
  plimi_wide sum = mp->y; /* all of it where D = 0: a linear activation without a ridge at psi2 = 1 */
  if (w_sign(mp->root) > 0) {
    const plimi_wide a = in->wide.a, b = in->wide.b;
    const plimi_wide width = w_add(w_exact(psi2), w_exact(1.0));
    const plimi_wide a_gap = w_mul(a, w_sub(w_exact(psi2), w_exact(1.0)));
    const plimi_wide square = w_add(w_scale(2.0, w_mul(w_mul(a, e->z), width)), w_square(a_gap));
    const plimi_wide gap = w_div(square, w_add(mp->root, e->z)); /* D - z, as (D^2 - z^2)/(D + z) */
    const plimi_wide both = w_add(gap, w_scale(2.0, b));
    const plimi_wide from_t = w_mul(w_mul(mp->y, both), mp->inv_root);
    const plimi_wide from_b = w_mul(w_mul(w_square(e->b_share), mp->zmh), w_mul(mp->inv_m, mp->inv_root));
    sum = w_add(from_t, from_b);
  }
  return w_div(w_scale(psi2, sum), w_exact(psi1));
}

static void fill(const plimi_input *in, plimi_wide kappa, plimi_wide ratio, plimi_fixed_point *point)
{
  const equation e = equation_at(in, kappa);
  point->kappa = kappa;
  point->ratio = ratio;
  point->z = e.z;
  point->b_share = e.b_share;
  point->mp = e.mp;
  point->gamma = gamma_of(in, &e);
  point->residual = w_add(ratio, w_div(e.slope, w_exact(in->problem->psi1)));
}

static plim_status solve(const plimi_input *in, plimi_fixed_point *point)
{
  const plim_problem *p = in->problem;
  const double rank = w_sign(in->wide.b) > 0 ? p->psi2 : fmin(p->psi2, 1.0);
  if (p->lambda == 0.0 && p->psi1 >= rank) {
    const plimi_wide free_share = w_sub(w_exact(p->psi1), w_exact(rank));
    fill(in, w_exact(0.0), w_div(free_share, w_exact(p->psi1)), point);
    return PLIM_OK;
  }

  plimi_input centre = *in; /* the root at the middle of a and b; bound_root puts their errors back */
  centre.wide.a.part.error = centre.wide.b.part.error = 0.0;
  plimi_wide root;
  const plim_status status = solve_newton(&centre, &root);
  if (status != PLIM_OK)
    return status;
  const plimi_wide kappa = bound_root(in, root);
  fill(in, kappa, w_div(w_exact(p->lambda), kappa), point);
  return PLIM_OK;
}

/* risk0, risk1, delta ... of one problem come one after another, and this is most of their work. */
static bool is_of(const plimi_last_point *last, const plimi_input *in)
{
  const plim_problem *p = in->problem;
  return last->psi1 == p->psi1 && last->psi2 == p->psi2 && last->lambda == p->lambda &&
         w_is_same(last->a, in->wide.a) && w_is_same(last->b, in->wide.b);
}

plim_status plimi_fixed_point_solve(const plimi_input *in, plimi_fixed_point *point)
{
  plimi_last_point *last = in->last_point;
  if (last != NULL && is_of(last, in)) {
    *point = last->point;
    return PLIM_OK;
  }
  const plim_status status = solve(in, point);
  if (status == PLIM_OK && last != NULL) {
    const plim_problem *p = in->problem;
    *last = (plimi_last_point){p->psi1, p->psi2, p->lambda, in->wide.a, in->wide.b, *point};
  }
  return status;
}

static plim_status evaluate_kappa(const plimi_input *in, plim_value *value)
{
  plimi_fixed_point point;
  const plim_status status = plimi_fixed_point_solve(in, &point);
  if (status == PLIM_OK)
    *value = w_value(point.kappa);
  return status;
}

static plim_status evaluate_df2(const plimi_input *in, plim_value *value)
{
  plimi_fixed_point point;
  const plim_status status = plimi_fixed_point_solve(in, &point);
  if (status == PLIM_OK)
    *value = w_value(point.gamma);
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
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_BATCHES_AND_ATOMS,
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
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_BATCHES_AND_ATOMS,
    .evaluate = evaluate_df2};

const plimi_limit *const plimi_fixed_point_limits[] = {&limit_kappa, &limit_df2, NULL};
