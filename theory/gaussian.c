/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian.c - averages of an activation over a standard normal variable.

   SOURCE. The definitions of [BA] NeurIPS section 2; theory.md section 1.

   NOTATION.
     paper   here    meaning, z ~ N(0,1)
     -       mean    E sigma(z); the paper's sigma is sigma - mean
     mu1     mu1     E z sigma(z)
     mu2     mu2     sqrt(E (sigma(z) - mean - mu1 z)^2), not squared
     -       nu2     E (sigma'(z) - mu1)^2 = Var sigma'(z), because E sigma' = mu1
     -       c2      E (z^2 - 1) sigma(z) = E sigma''(z), which a kink does not disturb

   METHOD. Every average is an integral over z > 0 of the integrand at z plus the integrand at -z, so that what is odd
   vanishes exactly. The half-line is cut at the kinks of sigma and of sigma(-z) and at a few points that keep
   the Gaussian's bulk and tail apart, and each piece goes to GSL's adaptive 61-point Gauss-Kronrod rule. It ends
   at 38.5, where the density is the smallest number a double holds.

   WHY NOTHING CANCELS. mu2 and nu2 are averages of squares, not differences of averages: a nearly linear sigma keeps
   its digits. An error e in mean or mu1 changes them by e^2 only.

   ERROR. GSL's estimate for each piece, which is never below 50 DBL_EPSILON of the integral of the modulus and so
   covers the rounding of sigma(z) as well; for mu2 and nu2 also the rounding of the difference that is squared.
   Expressions: sigma' is itself a difference quotient, and its error is read off E sigma' = mu1.

   LIMITING CASES. mu1 or c2 below its error is 0 (with that error). mu2 below the rounding of sigma is 0 exactly:
   linear to working precision.
   DOMAIN. E sigma^2 finite. PLIM_NOT_FINITE where sigma or the integral is not finite or the integrand does
   not decay. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "bounded.h"
#include "gsl_errors.h"
#include "theory.h"

static const double end_of_line = 38.5;
static const double inv_sqrt_2pi = 0.39894228040143267794;
static const double fixed_cuts[] = {2.0, 5.0, 9.0, 16.0};
enum { FIXED_CUTS = sizeof fixed_cuts / sizeof fixed_cuts[0], MAX_INTERVALS = 400 };

/* What is integrated against the normal density, as a function of z > 0 that has both signs in it. */
typedef struct {
  const plim_activation *activation;
  double mean, mu1;
} integrand;

static double density(double z)
{
  return inv_sqrt_2pi * exp(-0.5 * z * z);
}

static void both_sides(void (*function)(const plim_activation *, size_t, const double *, double *),
                       const plim_activation *activation, double z, double sides[2])
{
  const double at[2] = {z, -z};
  function(activation, 2, at, sides);
}

static double mean_integrand(double z, void *params)
{
  const integrand *q = params;
  double sigma[2];
  both_sides(plim_activation_values, q->activation, z, sigma);
  return (sigma[0] + sigma[1]) * density(z);
}

static double mu1_integrand(double z, void *params)
{
  const integrand *q = params;
  double sigma[2];
  both_sides(plim_activation_values, q->activation, z, sigma);
  return z * (sigma[0] - sigma[1]) * density(z);
}

static double c2_integrand(double z, void *params)
{
  const integrand *q = params;
  double sigma[2];
  both_sides(plim_activation_values, q->activation, z, sigma);
  return (z * z - 1.0) * ((sigma[0] - q->mean) + (sigma[1] - q->mean)) * density(z);
}

/* The root of the density goes inside the square: neither factor overflows where the product is an ordinary number. */
static double mu2_integrand(double z, void *params)
{
  const integrand *q = params;
  const double weight = exp(-0.25 * z * z);
  double sigma[2];
  both_sides(plim_activation_values, q->activation, z, sigma);
  const double right = weight * (sigma[0] - q->mean - q->mu1 * z);
  const double left = weight * (sigma[1] - q->mean + q->mu1 * z);
  return inv_sqrt_2pi * (right * right + left * left);
}

static double slope_integrand(double z, void *params)
{
  const integrand *q = params;
  double slope[2];
  both_sides(plim_activation_derivatives, q->activation, z, slope);
  return ((slope[0] - q->mu1) + (slope[1] - q->mu1)) * density(z);
}

static double nu2_integrand(double z, void *params)
{
  const integrand *q = params;
  const double weight = exp(-0.25 * z * z);
  double slope[2];
  both_sides(plim_activation_derivatives, q->activation, z, slope);
  const double right = weight * (slope[0] - q->mu1), left = weight * (slope[1] - q->mu1);
  return inv_sqrt_2pi * (right * right + left * left);
}

/* The points at which the half-line is cut, ascending, both ends included. */
typedef struct {
  double *at;
  size_t count;
} cuts;

static int ascending(const void *x, const void *y)
{
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

static plim_status cuts_alloc(const plim_activation *activation, cuts *made)
{
  size_t kinks;
  const double *kink = plim_activation_kinks(activation, &kinks);
  double *at = malloc((kinks + FIXED_CUTS + 2) * sizeof *at);
  if (at == NULL)
    return PLIM_NO_MEMORY;
  size_t count = 0;
  at[count++] = 0.0;
  at[count++] = end_of_line;
  for (size_t i = 0; i < FIXED_CUTS; i++)
    at[count++] = fixed_cuts[i];
  for (size_t i = 0; i < kinks; i++) {
    if (kink[i] != 0.0 && fabs(kink[i]) < end_of_line)
      at[count++] = fabs(kink[i]);
  }
  qsort(at, count, sizeof *at, ascending);
  made->at = at;
  made->count = count;
  return PLIM_OK;
}

typedef struct {
  cuts pieces;
  gsl_integration_workspace *workspace;
} quadrature;

/* GSL reports rounding (GSL_EROUND) where the relative accuracy asked for is below what doubles hold; the error
   estimate is then still one, and whether it is good enough is decided by whoever asked. */
static plim_status integrate(const quadrature *rule, double (*function)(double, void *), integrand *params,
                             plim_value *sum)
{
  const double relative = 1e-13;
  gsl_function f = {.function = function, .params = params};
  plim_value total = v_exact(0.0);
  for (size_t i = 0; i + 1 < rule->pieces.count; i++) {
    const double left = rule->pieces.at[i], right = rule->pieces.at[i + 1];
    if (left == right)
      continue;
    plim_value piece;
    const double absolute = 1e-18 * fabs(total.value); /* far pieces need not be exact beside near ones */
    const int code = gsl_integration_qag(&f, left, right, absolute, relative, MAX_INTERVALS,
                                         GSL_INTEG_GAUSS61, rule->workspace, &piece.value, &piece.error);
    if (!v_is_finite(piece))
      return PLIM_NOT_FINITE;
    if (code != GSL_SUCCESS && code != GSL_EROUND && code != GSL_EMAXITER && code != GSL_ESING)
      return PLIM_FAILED;
    total = v_add(total, piece);
  }
  *sum = total;
  return PLIM_OK;
}

/* E sigma^2 is finite only if sigma(z)^2 times the density decays; a double sees it as far as end_of_line. */
static plim_status check_decay(integrand *params)
{
  const double half = mu2_integrand(0.5 * end_of_line, params), end = mu2_integrand(end_of_line, params);
  if (!isfinite(half) || !isfinite(end) || end > half + DBL_MIN)
    return PLIM_NOT_FINITE;
  return PLIM_OK;
}

/* E r^2 for the residual r = f - mean - mu1 z as computed: `scale` bounds the root mean square of the terms of r,
   `shift2` the square of what the errors of mean and mu1 add. Below its rounding the average counts as 0. */
static plim_value bound_square(plim_value square, double scale, double shift2)
{
  const double rounding =
      8.0 * DBL_EPSILON * scale; /* root mean square error of r: libm's and two operations */
  if (square.value <= rounding * rounding)
    return v_exact(0.0);
  square.error += 2.0 * sqrt(square.value) * rounding + rounding * rounding + shift2;
  return square;
}

static plim_value snap_to_zero(plim_value x)
{
  if (fabs(x.value) <= x.error)
    return (plim_value){0.0, x.error + fabs(x.value)};
  return x;
}

/* mean, mu1, mu2 and c2 */
static plim_status compute_values(const quadrature *rule, integrand *params, plim_coefficients *made)
{
  plim_value square;
  plim_status status = check_decay(params);
  if (status == PLIM_OK)
    status = integrate(rule, mean_integrand, params, &made->mean);
  if (status == PLIM_OK)
    status = integrate(rule, mu1_integrand, params, &made->mu1);
  if (status != PLIM_OK)
    return status;
  made->mu1 = snap_to_zero(made->mu1);
  params->mean = made->mean.value;
  params->mu1 = made->mu1.value;
  status = integrate(rule, mu2_integrand, params, &square);
  if (status == PLIM_OK)
    status = integrate(rule, c2_integrand, params, &made->c2);
  if (status != PLIM_OK)
    return status;
  const double scale = sqrt(fmax(square.value, 0.0)) + 2.0 * (fabs(params->mean) + fabs(params->mu1));
  const double shift2 = made->mean.error * made->mean.error + made->mu1.error * made->mu1.error;
  made->mu2 = v_sqrt(bound_square(square, scale, shift2));
  made->c2.error +=
      made->mean.error + 8.0 * DBL_EPSILON * scale; /* E |z^2 - 1| < 1; rounding as in bound_square */
  made->c2 = snap_to_zero(made->c2);
  return PLIM_OK;
}

/* nu2. E (sigma' - mu1) is 0 in exact arithmetic (Gaussian integration by parts); as computed it shows the error of
   a derivative taken by differences. */
static plim_status compute_slopes(const quadrature *rule, integrand *params, plim_coefficients *made)
{
  plim_value square, defect;
  plim_status status = integrate(rule, nu2_integrand, params, &square);
  if (status == PLIM_OK)
    status = integrate(rule, slope_integrand, params, &defect);
  if (status != PLIM_OK)
    return status;
  double slope_error = 0.0;
  if (plim_activation_kind_of(params->activation) == PLIM_EXPRESSION)
    slope_error = fabs(defect.value) + defect.error;
  const double scale = sqrt(fmax(square.value, 0.0)) + 2.0 * fabs(params->mu1) + slope_error / DBL_EPSILON;
  made->nu2 = bound_square(square, scale, made->mu1.error * made->mu1.error);
  return PLIM_OK;
}

/* Is the bound small enough to be called converged? Absolute parts are in units of sigma's own size. */
static bool is_accurate(plim_value x, double size, double tolerance)
{
  return x.error <= tolerance * (fabs(x.value) + size);
}

static plim_status check_accuracy(const plim_coefficients *c)
{
  const double tolerance = 1e-9; /* far above what smooth activations leave: only failures are caught */
  const double size = fabs(c->mean.value) + fabs(c->mu1.value) + c->mu2.value;
  if (!v_is_finite(c->mean) || !v_is_finite(c->mu1) || !v_is_finite(c->mu2) || !v_is_finite(c->nu2) ||
      !v_is_finite(c->c2))
    return PLIM_NOT_FINITE;
  if (!is_accurate(c->mean, size, tolerance) || !is_accurate(c->mu1, size, tolerance) ||
      !is_accurate(c->mu2, size, tolerance) || !is_accurate(c->c2, size, tolerance) ||
      !is_accurate(c->nu2, size * size, 1e3 * tolerance))
    return PLIM_NOT_CONVERGED;
  return PLIM_OK;
}

plim_status plim_coefficients_compute(const plim_activation *activation, plim_coefficients *coefficients)
{
  if (activation == NULL)
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  quadrature rule = {.pieces = {NULL, 0}, .workspace = NULL};
  integrand params = {.activation = activation, .mean = 0.0, .mu1 = 0.0};
  plim_coefficients made;
  plim_status status = cuts_alloc(activation, &rule.pieces);
  if (status != PLIM_OK)
    return status;
  rule.workspace = gsl_integration_workspace_alloc(MAX_INTERVALS);
  if (rule.workspace == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  status = compute_values(&rule, &params, &made);
  if (status == PLIM_OK)
    status = compute_slopes(&rule, &params, &made);
  if (status == PLIM_OK)
    status = check_accuracy(&made);
  if (status == PLIM_OK)
    *coefficients = made;
done:
  gsl_integration_workspace_free(rule.workspace);
  free(rule.pieces.at);
  return status;
}
