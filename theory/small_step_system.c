/* SPDX-License-Identifier: GPL-3.0-or-later */
/* small_step_system.c - the numbers of small_step.c by another route: the paper's (m1, m2) system and its formula for
   R0 - R1. It shares no formula with small_step.c, fixed_point.c and marchenko_pastur.c; the tests compare the two.

   SOURCES. [BA] NeurIPS Thm 5, in the form of theory.md section 5 ("second route"). The scaling of the unknowns, 1 -
   gamma and P0 below are derived here.

   NOTATION.
     paper    here        meaning
     m1, m2   -           kappa = psi2/(psi1 m1), x = m2/m1
     kappa    kappa       effective ridge
     x        x, rest     x and 1 - x, both kept: x = 1/(1 + e^-xi), 1 - x = 1/(1 + e^xi)
     S, g, c  s, g, c     S = (mu2^2 + kappa)/mu1^2, g(S), c = 1 + eta^2 theta1^2
     -        mode        C = chi/mu1^2, chi of small_step.c (sigma not odd), else 0;  M = C/S
     -        cosine2     rho^2 of small_step.c

   FORMULA.
     (m1 - m2)(mu2^2 m1 + mu1^2 m2)/psi1 + mu1^2 m1 m2 (lambda (psi1/psi2) m1 - 1) = 0
     (psi2/psi1)(mu1^2 m1 m2 + (m2 - m1)/psi1) + mu1^2 m1 m2 (lambda (psi1/psi2) m1 - 1) = 0.
   Over mu1^2 m1 m2/psi1 and in kappa and x:
     e1 = psi1 (lambda/kappa - 1) + Y,               Y = (1 - x)(b + a x)/(a x)
     e2 = psi1 (lambda/kappa - 1) + psi2 - kappa E,  E = (1 - x)/(a x).
   e1 = e2 gives kappa = psi2 a x/(1 - x) - b - a x, which grows with x where it is positive, so what is left of e1
   falls with x and has one root: Brent's method (GSL) on the logit of x. Newton's method on
   (log kappa, logit x), its linear equations GSL's, then restores the digits that this kappa, a difference, has lost.

   1 - gamma. Differentiating R's equation in lambda, 1 - gamma = 1/kappa'(lambda) (derived here); with the Jacobian of
   (e1, e2), rho = psi1 lambda/kappa and Y' = dY/dlogit(x) < 0:
     psi1 (1 - gamma) = rho + kappa E |Y'| / (kappa E + |Y'|).
   RISK AT W0. total = (mu2*^2 + noise^2 + mu1*^2 P0)/(1 - gamma), P0 = x - kappa dx/dkappa from the implicit function
   psi2 a x = (1 - x)(kappa + b + a x):  P0 = (kappa x + b + a x^2)/(psi2 a + b + kappa + 2 a x - a).
   IMPROVEMENT. The displayed formula of section 5,
     delta = mu1*^2 eta^2 theta2^2/(1 - gamma) { (mu2/mu1)^2 g^2/(1 + c g)
             + kappa (mu2^2 + kappa)/mu1^4 (-g') g (2 + c g)/(1 + c g)^2 },
   and R1 = R0 - delta. With a norm mode (derived here): mh = 1/(z (1 + g)) turns step 3 of section 5 into
   m - q = r S g^2 F/(z n), F = 1 + (1 - rho^2) M/(1 + g), n = 1 + g + M + s g F with s = c - 1, and
   delta (1 - gamma)/mu1*^2 = K - kappa dK/dz for K = z (m - q), that is
     r { (mu2/mu1)^2 g^2 F/n + kappa (mu2^2 + kappa)/mu1^4 [(-g') g X - rho^2 g^2 M/S]/n^2 },
     X = F (2 + g + s g F) + M (F (2 + g) + rho^2 g)/(1 + g).

   DOMAIN. mu1 != 0 and kappa > 0: lambda > 0, or lambda = 0 below the rank of the features.
   ERROR. Running error analysis (bounded.h), the root's by |J^-1| times the bound on (e1, e2). */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_vector.h>

#include "bounded.h"
#include "theory.h"

enum { MAX_BRENT_STEPS = 300, MAX_NEWTON_STEPS = 20 };
static const double farthest_logit = 100.0; /* 1e-3 <= psi <= 1e3 and lambda <= 1e6 stay within 40 */

static double logistic(double xi)
{
  return 1.0 / (1.0 + exp(-xi));
}

/* e1 (or e2) as a function of logit x alone, mapped to (-1, 1] so that no end of the bracket is infinite. */
static double reduced_equation(double xi, void *params)
{
  const plimi_input *in = params;
  const double psi1 = in->problem->psi1, psi2 = in->problem->psi2, lambda = in->problem->lambda;
  const double a = in->a.value, b = in->b.value, x = logistic(xi), rest = logistic(-xi);
  const double kappa = psi2 * a * x / rest - b - a * x;
  if (!(kappa > 0.0))
    return 1.0;
  const double y = rest * (b / (a * x) + 1.0);
  return (lambda - kappa * (1.0 - y / psi1)) / (lambda + kappa);
}

static plim_status solve_reduced(plimi_input *in, double *xi)
{
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  gsl_function function = {.function = reduced_equation, .params = in};
  if (gsl_root_fsolver_set(solver, &function, -farthest_logit, farthest_logit) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_BRENT_STEPS && status != PLIM_OK; step++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double low = gsl_root_fsolver_x_lower(solver), high = gsl_root_fsolver_x_upper(solver);
    *xi = high; /* kappa > 0 there */
    if (high - low <= 4.0 * DBL_EPSILON * fmax(1.0, fabs(high)))
      status = PLIM_OK;
  }
done:
  gsl_root_fsolver_free(solver);
  return status;
}

/* e1, e2 and the pieces of their Jacobian in (log kappa, logit x):
     [ -rho        slope ]
     [ -rho - pull  pull ]   rho = psi1 lambda/kappa, pull = kappa E, slope = Y' */
typedef struct {
  plim_value e1, e2, rho, pull, slope, x, rest;
} system_value;

static system_value system_at(const plimi_input *in, plim_value kappa, double xi, double xi_error)
{
  const plim_problem *p = in->problem;
  const double x = logistic(xi), rest = logistic(-xi);
  const double rounding = 4.0 * DBL_EPSILON * (1.0 + 0.25 * fabs(xi)); /* exp rounds xi once */
  system_value v;
  v.x = (plim_value){x, x * (rest * xi_error + rounding)};
  v.rest = (plim_value){rest, rest * (x * xi_error + rounding)};
  const plim_value b_over_ax = v_div(in->b, v_mul(in->a, v.x));
  const plim_value y = v_mul(v.rest, v_add(b_over_ax, v_exact(1.0)));
  v.slope = v_scale(-1.0, v_mul(v.rest, v_add(b_over_ax, v.x)));
  v.pull = v_div(v_mul(kappa, v.rest), v_mul(in->a, v.x));
  v.rho = v_div(v_scale(p->psi1, v_exact(p->lambda)), kappa);
  const plim_value common = v_sub(v.rho, v_exact(p->psi1));
  v.e1 = v_add(common, y);
  v.e2 = v_add(v_sub(v.rho, v_sub(v_exact(p->psi1), v_exact(p->psi2))), v_scale(-1.0, v.pull));
  return v;
}

/* The step of Newton's method from (log kappa, logit x). GSL's own solvers allocate within a step, and do not look. */
static bool newton_step(plimi_input *in, const double at[2], double step[2])
{
  const system_value v = system_at(in, v_exact(exp(at[0])), at[1], 0.0);
  double jacobian[] = {-v.rho.value, v.slope.value, -v.rho.value - v.pull.value, v.pull.value}, tau[2];
  gsl_matrix_view matrix = gsl_matrix_view_array(jacobian, 2, 2);
  gsl_vector_view scale = gsl_vector_view_array(tau, 2), vector = gsl_vector_view_array(step, 2);
  step[0] = -v.e1.value;
  step[1] = -v.e2.value;
  return gsl_linalg_QR_decomp(&matrix.matrix, &scale.vector) == GSL_SUCCESS &&
         gsl_linalg_QR_svx(&matrix.matrix, &scale.vector, &vector.vector) == GSL_SUCCESS;
}

/* Newton from a start that is already good; it ends when the steps are rounding. */
static plim_status polish(plimi_input *in, double *log_kappa, double *xi)
{
  double at[2] = {*log_kappa, *xi}, move[2], last = INFINITY;
  for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
    if (!newton_step(in, at, move))
      return PLIM_NOT_CONVERGED;
    at[0] += move[0];
    at[1] += move[1];
    const double change = fabs(move[0]) + fabs(move[1]);
    if (!isfinite(change))
      return PLIM_NOT_CONVERGED;
    if (change <= DBL_EPSILON || (change < 1e-9 && change >= 0.5 * last))
      break;
    last = change;
  }
  *log_kappa = at[0];
  *xi = at[1];
  return PLIM_OK;
}

/* kappa and the pieces at the root, with their errors: |J^-1| times the bound on (e1, e2). */
static plim_status solve_system(const plimi_input *in, plim_value *kappa, system_value *root)
{
  plimi_input centre = *in;
  centre.a.error = centre.b.error = 0.0;
  double xi;
  plim_status status = solve_reduced(&centre, &xi);
  if (status != PLIM_OK)
    return status;
  const double x = logistic(xi), a = in->a.value;
  double log_kappa = log(in->problem->psi2 * a * x / logistic(-xi) - in->b.value - a * x);
  if (!isfinite(log_kappa))
    return PLIM_NOT_CONVERGED;
  status = polish(&centre, &log_kappa, &xi);
  if (status != PLIM_OK)
    return status;

  const plim_value middle = {exp(log_kappa), 0.0};
  const system_value v = system_at(in, middle, xi, 0.0);
  const double rho = v.rho.value, pull = v.pull.value, slope = fabs(v.slope.value);
  const double determinant = rho * pull + slope * rho + slope * pull;
  const double e1 = fabs(v.e1.value) + v.e1.error, e2 = fabs(v.e2.value) + v.e2.error;
  const double log_error = (pull * e1 + slope * e2) / determinant;
  const double xi_error = ((rho + pull) * e1 + rho * e2) / determinant;
  *kappa = v_rounded(middle.value, middle.value * log_error);
  *root = system_at(in, *kappa, xi, xi_error);
  return PLIM_OK;
}

/* -g' and g at S: S g^2 + (S + psi2 - 1) g - 1 = 0, so -g' = (g^2 + g)/(2 S g + S + psi2 - 1). */
static void solve_g(const plimi_input *in, plim_value s, plim_value *g, plim_value *minus_slope)
{
  const plim_value linear = v_add(s, v_sub(v_exact(in->problem->psi2), v_exact(1.0)));
  const plim_value root = v_sqrt(v_add(v_square(linear), v_scale(4.0, s)));
  if (linear.value > 0.0)
    *g = v_div(v_exact(2.0), v_add(linear, root));
  else
    *g = v_div(v_sub(root, linear), v_scale(2.0, s));
  *minus_slope = v_div(v_mul(*g, v_add(*g, v_exact(1.0))), root);
}

/* C and rho^2 */
static void norm_mode(const plimi_input *in, plim_value *mode, plim_value *cosine2)
{
  *cosine2 = v_square(plimi_readout_mean(in->problem));
  *mode = v_exact(0.0);
  if (!plim_activation_is_odd(in->problem->activation))
    *mode = v_div(v_scale(0.5 * in->problem->psi2, v_square(in->sigma.c2)), in->a);
}

/* delta (1 - gamma) */
static plim_value displayed_delta(const plimi_input *in, plim_value kappa)
{
  const plimi_spike spike = plimi_spike_of(in);
  const plim_value z = v_add(in->b, kappa), one = v_exact(1.0), two = v_exact(2.0);
  const plim_value s = v_div(z, in->a);
  plim_value g, minus_slope, mode, cosine2;
  solve_g(in, s, &g, &minus_slope);
  norm_mode(in, &mode, &cosine2);
  mode = v_div(mode, s);
  const plim_value free = v_div(v_mul(v_sub(one, cosine2), mode), v_add(one, g)), share = v_add(one, free);
  const plim_value push = v_mul(v_mul(spike.total, g), share);
  const plim_value damping = v_add(v_add(v_add(one, g), push), mode);
  const plim_value first = v_mul(v_div(v_mul(v_div(in->b, in->a), v_square(g)), damping), share);
  const plim_value weight = v_mul(v_div(kappa, in->a), v_div(z, in->a));
  const plim_value two_g = v_add(two, g);
  const plim_value by_mode = v_div(v_add(v_mul(share, two_g), v_mul(cosine2, g)), v_add(one, g));
  const plim_value inner = v_add(v_mul(share, v_add(two_g, push)), v_mul(mode, by_mode));
  const plim_value rise = v_mul(v_mul(minus_slope, g), inner);
  const plim_value fall = v_mul(v_mul(cosine2, v_square(g)), v_div(mode, s));
  const plim_value second = v_mul(weight, v_div(v_div(v_sub(rise, fall), damping), damping));
  return v_mul(v_mul(in->star1, spike.signal), v_add(first, second));
}

plim_status plimi_small_step_by_system(const plimi_input *in, plimi_small_step *result)
{
  const double psi2 = in->problem->psi2, rank = in->b.value > 0.0 ? psi2 : fmin(psi2, 1.0);
  if (in->a.value == 0.0 || (in->problem->lambda == 0.0 && in->problem->psi1 >= rank))
    return PLIM_OUTSIDE_DOMAIN;
  plim_value kappa;
  system_value v;
  const plim_status status = solve_system(in, &kappa, &v);
  if (status != PLIM_OK)
    return status;

  const plim_value psi1 = v_exact(in->problem->psi1), slope = v_scale(-1.0, v.slope);
  const plim_value parallel = v_div(v_mul(v.pull, slope), v_add(v.pull, slope));
  const plim_value residual = v_div(v_add(v.rho, parallel), psi1); /* 1 - gamma */

  const plim_value ax = v_mul(in->a, v.x), z = v_add(in->b, kappa);
  const plim_value p0_top = v_add(v_add(v_mul(kappa, v.x), in->b), v_mul(ax, v.x));
  const plim_value a_gap = v_mul(in->a, v_sub(v_exact(psi2), v_exact(1.0)));
  const plim_value p0 = v_div(p0_top, v_add(v_add(a_gap, z), v_scale(2.0, ax)));
  const plim_value numerator = v_add(v_add(in->star2, in->noise2), v_mul(in->star1, p0));
  const plim_value total = v_div(numerator, residual);

  const plim_value shrink = v_square(v_div(v_exact(in->problem->lambda), kappa));
  result->kappa = kappa;
  result->delta = v_div(displayed_delta(in, kappa), residual);
  result->risk0 = v_sub(total, in->noise2);
  result->risk1 = v_sub(result->risk0, result->delta);
  result->train0 = v_mul(total, shrink);
  result->train1 = v_mul(v_sub(total, result->delta), shrink);
  return PLIM_OK;
}
