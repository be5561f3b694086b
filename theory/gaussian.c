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

   METHOD. Every average is a sum over nodes z > 0 of the integrand at z plus the integrand at -z, so that what is odd
   vanishes exactly. The half-line is cut wherever sigma(z) or sigma(-z) is (plim_activation_cuts), and no piece is
   wider than 1/2: on each sigma is a polynomial of degree 16 to rounding, and the 20-point Gauss-Legendre rule (GSL),
   exact to degree 39, integrates its square times the density to rounding too. It ends at 38.5, where the density
   is the smallest number a double holds, or where sigma overflows.

   WHY NOTHING CANCELS. mu2 and nu2 are averages of squares, not differences of averages: a nearly linear sigma keeps
   its digits. An error e in mean or mu1 changes them by e^2 only. Sums are compensated (Neumaier 1974).

   ERROR. All of it is rounding, of sigma and of the density, and sums of moduli bound it: what is odd is 0 with
   an error. plim_activation_errors says how far sigma and sigma' are off; it is asked at three nodes a piece and the
   worst of them stands for the piece. An expression's sigma' has E sigma' = mu1 as a second witness. Beyond the end a
   geometric tail.

   LIMITING CASES. mu1 or c2 below its error is 0 (with that error), and so is mu2.
   DOMAIN. E sigma^2 finite. PLIM_NOT_FINITE where sigma or the integral is not finite or the integrand does
   not decay. The error of nu2 is infinite where sigma' is unbounded or cannot be had: a teacher needs none. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bounded.h"
#include "gaussian_grid.h"
#include "gsl_errors.h"
#include "theory.h"

/* A sum and what its additions lost. */
typedef struct {
  double sum, lost;
} total;

static void add(total *t, double x)
{
  const double sum = t->sum + x;
  t->lost += fabs(t->sum) >= fabs(x) ? (t->sum - sum) + x : (x - sum) + t->sum;
  t->sum = sum;
}

static double sum_of(const total *t)
{
  return t->sum + t->lost;
}

/* Relative rounding of weight, density and products: that of z^2/2 is an absolute error of the exponent. */
static double rounding_at(double z)
{
  return (4.0 + 0.5 * z * z) * DBL_EPSILON;
}

static plim_value snap_to_zero(plim_value x)
{
  if (fabs(x.value) <= x.error)
    return (plim_value){0.0, x.error + fabs(x.value)};
  return x;
}

/* E sigma and E z sigma. */
static plim_status compute_linear(const plimi_gaussian_grid *g, plim_coefficients *made)
{
  total mean = {0.0, 0.0}, mu1 = {0.0, 0.0};
  double mean_error, mu1_error;
  plim_status status = plimi_gaussian_tail(g, 1, &mean_error);
  if (status != PLIM_OK)
    return status;
  mu1_error = g->end * mean_error;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], w = g->weight[i] * plimi_normal_density(z), right = g->sigma[0][i],
                 left = g->sigma[1][i];
    const double modulus = w * (fabs(right) + fabs(left)) * rounding_at(z);
    add(&mean, w * (right + left));
    add(&mu1, w * z * (right - left));
    mean_error += modulus;
    mu1_error += z * modulus;
  }
  for (size_t p = 0; p < g->pieces; p++) {
    const double error = g->mass[p] * (g->value_error[0][p] + g->value_error[1][p]);
    mean_error += error;
    mu1_error += g->edge[p + 1] * error;
  }
  made->mean = v_rounded(sum_of(&mean), mean_error);
  made->mu1 = snap_to_zero(v_rounded(sum_of(&mu1), mu1_error));
  if (plim_activation_is_named(g->activation)) { /* a named one that is odd or even at every node is */
    if (sum_of(&mean) == 0.0)
      made->mean = v_exact(0.0);
    if (sum_of(&mu1) == 0.0)
      made->mu1 = v_exact(0.0);
  }
  return v_is_finite(made->mean) && v_is_finite(made->mu1) ? PLIM_OK : PLIM_NOT_FINITE;
}

/* E r^2 for the residual r = f - mean - mu1 z (f = sigma) or r = f - mu1 (f = sigma') as computed. The root of the
   density goes inside the square: neither factor overflows where the product is an ordinary number. */
typedef struct {
  double *const *f;
  double *const *error; /* of the pieces */
  double constant, linear;
  double shift2; /* the square of what the errors of constant and linear add */
} residual;

static plim_value mean_square(const plimi_gaussian_grid *g, const residual *r, double tail)
{
  total square = {0.0, 0.0};
  double noise2 = 0.0, rounding = 0.0;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], root = exp(-0.25 * z * z), w = g->weight[i] * PLIMI_INV_SQRT_2PI;
    for (size_t side = 0; side < 2; side++) {
      const double line = side == 0 ? r->linear * z : -r->linear * z;
      const double here = root * (r->f[side][i] - r->constant - line);
      const double terms = DBL_EPSILON * root * (fabs(r->f[side][i]) + fabs(r->constant) + fabs(line));
      add(&square, w * here * here);
      rounding += w * here * here * rounding_at(z);
      noise2 += w * terms * terms;
    }
  }
  for (size_t p = 0; p < g->pieces; p++)
    noise2 += g->mass[p] * (r->error[0][p] * r->error[0][p] + r->error[1][p] * r->error[1][p]);
  const double noise = sqrt(noise2) + sqrt(noise2); /* the two kinds of it may lie the same way */
  plim_value value = {sum_of(&square), rounding + tail + r->shift2};
  if (value.value <= noise * noise)
    return (plim_value){0.0, value.error + value.value + noise * noise};
  value.error += 2.0 * sqrt(value.value) * noise + noise * noise;
  return value;
}

/* c2, of sigma less its mean: E (z^2 - 1) = 0, and E |z^2 - 1| < 1. */
static plim_value compute_second(const plimi_gaussian_grid *g, plim_value mean)
{
  total c2 = {0.0, 0.0};
  double error = mean.error, tail;
  if (plimi_gaussian_tail(g, 1, &tail) == PLIM_OK)
    error += g->end * g->end * tail;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], w = g->weight[i] * plimi_normal_density(z) * (z * z - 1.0),
                 right = g->sigma[0][i], left = g->sigma[1][i];
    add(&c2, w * ((right - mean.value) + (left - mean.value)));
    error += fabs(w) * (fabs(right) + fabs(left) + 2.0 * fabs(mean.value)) * rounding_at(z);
  }
  for (size_t p = 0; p < g->pieces; p++)
    error += g->mass[p] * fmax(1.0, g->edge[p + 1] * g->edge[p + 1] - 1.0) *
             (g->value_error[0][p] + g->value_error[1][p]);
  return snap_to_zero(v_rounded(sum_of(&c2), error));
}

/* mu2 and c2 */
static plim_status compute_curved(const plimi_gaussian_grid *g, plim_coefficients *made)
{
  double tail;
  const plim_status status = plimi_gaussian_tail(g, 2, &tail);
  if (status != PLIM_OK)
    return status;
  const residual r = {.f = g->sigma,
                      .error = g->value_error,
                      .constant = made->mean.value,
                      .linear = made->mu1.value,
                      .shift2 = made->mean.error * made->mean.error + made->mu1.error * made->mu1.error};
  made->mu2 = v_sqrt(mean_square(g, &r, tail));
  made->c2 = compute_second(g, made->mean);
  if (plim_activation_kind_of(g->activation) == PLIM_LINEAR)
    made->mu2 = v_exact(0.0);
  return PLIM_OK;
}

/* What a kink that is not quite where it is said to be changes in E (sigma' - mu1)^2: the jump of the square,
   times how far off it is. That is what plim_activation_kinks promises, and the error of sigma over the jump of
   its slope. */
static double misplaced_kinks(const plim_activation *activation, double mu1)
{
  const double promised = 1e-12, beside = 1e-10;
  size_t kinks;
  const double *kink = plim_activation_kinks(activation, &kinks);
  double sum = 0.0;
  for (size_t i = 0; i < kinks && !plim_activation_is_named(activation); i++) {
    const double unit = 1.0 + fabs(kink[i]);
    double at[2] = {kink[i] - beside * unit, kink[i] + beside * unit}, slope[2], value_error[2],
           slope_error[2];
    plim_activation_errors(activation, 2, at, value_error, slope_error);
    plim_activation_derivatives(activation, 2, at, slope);
    const double jump = fabs(slope[1] - slope[0]), noise = value_error[0] + value_error[1];
    const double change = jump * fabs(slope[1] + slope[0] - 2.0 * mu1);
    if (jump > 0.0)
      sum += plimi_normal_density(kink[i]) * change * (promised * unit + fmin(noise / jump, unit));
  }
  return sum;
}

/* nu2. E (sigma' - mu1) is 0 in exact arithmetic (Gaussian integration by parts); as computed it is a second
   witness of the error of a derivative taken from polynomials. */
static void compute_slopes(const plimi_gaussian_grid *g, plim_coefficients *made)
{
  if (plim_activation_rough(g->activation) != NULL) {
    made->nu2 = (plim_value){0.0, INFINITY};
    return;
  }
  double defect = 0.0;
  if (!plim_activation_is_named(g->activation)) {
    total gap = {0.0, 0.0};
    for (size_t i = 0; i < g->nodes; i++)
      add(&gap, g->weight[i] * plimi_normal_density(g->z[i]) *
                    ((g->slope[0][i] - made->mu1.value) + (g->slope[1][i] - made->mu1.value)));
    defect = fmax(fabs(sum_of(&gap)) - made->mu1.error, 0.0);
  }
  const residual r = {.f = g->slope,
                      .error = g->slope_error,
                      .constant = made->mu1.value,
                      .linear = 0.0,
                      .shift2 = made->mu1.error * made->mu1.error};
  made->nu2 = mean_square(g, &r, 0.0);
  made->nu2.error += 2.0 * sqrt(made->nu2.value) * defect + defect * defect +
                     misplaced_kinks(g->activation, made->mu1.value);
}

/* Is the bound small enough to be called converged? Absolute parts are in units of sigma's own size. */
static bool is_accurate(plim_value x, double size, double tolerance)
{
  return x.error <= tolerance * (fabs(x.value) + size);
}

static plim_status check_accuracy(plim_coefficients *c)
{
  const double tolerance = 1e-9; /* far above what smooth activations leave: only failures are caught */
  const double size = fabs(c->mean.value) + fabs(c->mu1.value) + c->mu2.value;
  if (!v_is_finite(c->mean) || !v_is_finite(c->mu1) || !v_is_finite(c->mu2))
    return PLIM_NOT_FINITE;
  if (!is_accurate(c->mean, size, tolerance) || !is_accurate(c->mu1, size, tolerance) ||
      !is_accurate(c->mu2, size, tolerance))
    return PLIM_NOT_CONVERGED;
  if (!is_accurate(c->nu2, size * size, 1e3 * tolerance))
    c->nu2.error = INFINITY; /* whoever needs it must not go on */
  return PLIM_OK;
}

plim_status plim_coefficients_compute(const plim_activation *activation, plim_coefficients *coefficients)
{
  if (activation == NULL)
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  plimi_gaussian_grid g;
  plim_coefficients made;
  plim_status status = plimi_gaussian_grid_make(activation, &g);
  if (status == PLIM_OK)
    status = compute_linear(&g, &made);
  if (status == PLIM_OK)
    status = compute_curved(&g, &made);
  if (status == PLIM_OK) {
    compute_slopes(&g, &made);
    status = check_accuracy(&made);
  }
  if (status == PLIM_OK)
    *coefficients = made;
  plimi_gaussian_grid_clear(&g);
  return status;
}
