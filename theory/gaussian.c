/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian.c - averages of an activation over a standard normal variable.

   SOURCE. The definitions of [BA] section 2; theory.md section 1.

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

#include <gsl/gsl_integration.h>

#include "bounded.h"
#include "gsl_errors.h"
#include "theory.h"

enum { RULE = 20, WITNESSES = 3 };
static const double end_of_line = 38.5;
static const double sure_of_line = 12.0; /* an expression is finite as far as this */
static const double widest = 0.5;        /* of a piece */
static const double inv_sqrt_2pi = 0.39894228040143267794;
static const size_t witness[WITNESSES] = {1, 9, 18}; /* of a piece's nodes, where errors are asked for */

/* The two sides z and -z of a node are the columns 0 and 1. */
typedef struct {
  const plim_activation *activation;
  double end;
  size_t pieces, nodes;
  double *edge;                            /* pieces + 1, ascending */
  double *z, *weight;                      /* nodes; `weight` without the density */
  double *sigma[2], *slope[2];             /* nodes */
  double *value_error[2], *slope_error[2]; /* pieces */
  double *mass;                            /* pieces: of the density */
} grid;

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

static double density(double z)
{
  return inv_sqrt_2pi * exp(-0.5 * z * z);
}

/* Relative rounding of weight, density and products: that of z^2/2 is an absolute error of the exponent. */
static double rounding_at(double z)
{
  return (4.0 + 0.5 * z * z) * DBL_EPSILON;
}

static int ascending(const void *x, const void *y)
{
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* Where to stop: the last z at which sigma(z) and sigma(-z) are both finite. */
static double find_end(const plim_activation *activation)
{
  double low = sure_of_line, high = end_of_line;
  const double close = 1e-3;
  for (double z = high; high - low > close; z = 0.5 * (low + high)) {
    if (isfinite(plim_activation_value(activation, z)) && isfinite(plim_activation_value(activation, -z)))
      low = z;
    else
      high = z;
  }
  return low;
}

static plim_status set_edges(grid *g)
{
  size_t cuts, count = 0;
  const double *cut = plim_activation_cuts(g->activation, &cuts);
  double *at = malloc((cuts + 2) * sizeof *at);
  if (at == NULL)
    return PLIM_NO_MEMORY;
  at[count++] = 0.0;
  at[count++] = g->end;
  for (size_t i = 0; i < cuts; i++) {
    if (cut[i] != 0.0 && fabs(cut[i]) < g->end)
      at[count++] = fabs(cut[i]);
  }
  qsort(at, count, sizeof *at, ascending);
  g->edge = malloc((count + (size_t)(g->end / widest) + 2) * sizeof *g->edge);
  if (g->edge == NULL) {
    free(at);
    return PLIM_NO_MEMORY;
  }
  g->edge[0] = 0.0;
  for (size_t i = 1; i < count; i++) {
    const double length = at[i] - at[i - 1], parts = ceil(length / widest);
    for (double part = 1.0; part <= parts; part++)
      g->edge[++g->pieces] = part < parts ? at[i - 1] + length * part / parts : at[i];
  }
  free(at);
  g->nodes = g->pieces * RULE;
  return PLIM_OK;
}

static void grid_clear(grid *g)
{
  free(g->edge);
  free(g->z);
}

static plim_status make_room(grid *g)
{
  g->z = malloc((6 * g->nodes + 5 * g->pieces) * sizeof *g->z);
  if (g->z == NULL)
    return PLIM_NO_MEMORY;
  g->weight = g->z + g->nodes;
  for (size_t side = 0; side < 2; side++) {
    g->sigma[side] = g->weight + (1 + side) * g->nodes;
    g->slope[side] = g->weight + (3 + side) * g->nodes;
    g->value_error[side] = g->weight + 5 * g->nodes + side * g->pieces;
    g->slope_error[side] = g->value_error[0] + (2 + side) * g->pieces;
  }
  g->mass = g->value_error[0] + 4 * g->pieces;
  return PLIM_OK;
}

/* The worst errors of a piece's witnesses. */
static void ask_witnesses(grid *g, size_t piece)
{
  for (size_t side = 0; side < 2; side++) {
    double at[WITNESSES], value[WITNESSES], slope[WITNESSES];
    for (size_t i = 0; i < WITNESSES; i++)
      at[i] = (side == 0 ? 1.0 : -1.0) * g->z[piece * RULE + witness[i]];
    plim_activation_errors(g->activation, WITNESSES, at, value, slope);
    g->value_error[side][piece] = fmax(value[0], fmax(value[1], value[2]));
    g->slope_error[side][piece] = fmax(slope[0], fmax(slope[1], slope[2]));
  }
}

static plim_status fill(grid *g)
{
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(RULE);
  if (rule == NULL)
    return PLIM_NO_MEMORY;
  for (size_t p = 0; p < g->pieces; p++) {
    g->mass[p] = 0.0;
    for (size_t j = 0; j < RULE; j++) {
      const size_t i = p * RULE + j;
      gsl_integration_glfixed_point(g->edge[p], g->edge[p + 1], j, &g->z[i], &g->weight[i], rule);
      g->mass[p] += g->weight[i] * density(g->z[i]);
      g->sigma[0][i] = g->slope[0][i] = g->z[i];
      g->sigma[1][i] = g->slope[1][i] = -g->z[i];
    }
    ask_witnesses(g, p);
  }
  gsl_integration_glfixed_table_free(rule);
  for (size_t side = 0; side < 2; side++) {
    plim_activation_values(g->activation, g->nodes, g->sigma[side], g->sigma[side]);
    plim_activation_derivatives(g->activation, g->nodes, g->slope[side], g->slope[side]);
  }
  return PLIM_OK;
}

static plim_status grid_make(const plim_activation *activation, grid *g)
{
  *g = (grid){.activation = activation, .end = find_end(activation)};
  plim_status status = set_edges(g);
  if (status == PLIM_OK)
    status = make_room(g);
  return status == PLIM_OK ? fill(g) : status;
}

/* sigma(+-z)^2 times the density at the end and half way: E sigma^2 is finite only if it decays. The rest of a
   geometric tail, for what is `power` 1 or 2 of |sigma|. */
static plim_status tail_of(const grid *g, int power, double *rest)
{
  *rest = 0.0;
  for (int side = -1; side <= 1; side += 2) {
    double size[2]; /* half way, at the end */
    for (int i = 0; i < 2; i++) {
      const double z = i == 0 ? 0.5 * g->end : g->end, root = exp(-0.5 * z * z / power);
      size[i] = pow(fabs(plim_activation_value(g->activation, side * z)) * root, power);
      if (!isfinite(size[i]))
        return PLIM_NOT_FINITE;
    }
    if (size[1] >= size[0] && size[1] > DBL_MIN)
      return PLIM_NOT_FINITE;
    if (size[1] > 0.0 && size[1] < size[0])
      *rest += inv_sqrt_2pi * size[1] * 0.5 * g->end / log(size[0] / size[1]);
  }
  return PLIM_OK;
}

static plim_value snap_to_zero(plim_value x)
{
  if (fabs(x.value) <= x.error)
    return (plim_value){0.0, x.error + fabs(x.value)};
  return x;
}

/* E sigma and E z sigma. */
static plim_status compute_linear(const grid *g, plim_coefficients *made)
{
  total mean = {0.0, 0.0}, mu1 = {0.0, 0.0};
  double mean_error, mu1_error;
  plim_status status = tail_of(g, 1, &mean_error);
  if (status != PLIM_OK)
    return status;
  mu1_error = g->end * mean_error;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], w = g->weight[i] * density(z), right = g->sigma[0][i], left = g->sigma[1][i];
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

static plim_value mean_square(const grid *g, const residual *r, double tail)
{
  total square = {0.0, 0.0};
  double noise2 = 0.0, rounding = 0.0;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], root = exp(-0.25 * z * z), w = g->weight[i] * inv_sqrt_2pi;
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
static plim_value compute_second(const grid *g, plim_value mean)
{
  total c2 = {0.0, 0.0};
  double error = mean.error, tail;
  if (tail_of(g, 1, &tail) == PLIM_OK)
    error += g->end * g->end * tail;
  for (size_t i = 0; i < g->nodes; i++) {
    const double z = g->z[i], w = g->weight[i] * density(z) * (z * z - 1.0), right = g->sigma[0][i],
                 left = g->sigma[1][i];
    add(&c2, w * ((right - mean.value) + (left - mean.value)));
    error += fabs(w) * (fabs(right) + fabs(left) + 2.0 * fabs(mean.value)) * rounding_at(z);
  }
  for (size_t p = 0; p < g->pieces; p++)
    error += g->mass[p] * fmax(1.0, g->edge[p + 1] * g->edge[p + 1] - 1.0) *
             (g->value_error[0][p] + g->value_error[1][p]);
  return snap_to_zero(v_rounded(sum_of(&c2), error));
}

/* mu2 and c2 */
static plim_status compute_curved(const grid *g, plim_coefficients *made)
{
  double tail;
  const plim_status status = tail_of(g, 2, &tail);
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
  for (size_t i = 0; i < kinks && plim_activation_kind_of(activation) == PLIM_EXPRESSION; i++) {
    const double unit = 1.0 + fabs(kink[i]);
    double at[2] = {kink[i] - beside * unit, kink[i] + beside * unit}, slope[2], value_error[2],
           slope_error[2];
    plim_activation_errors(activation, 2, at, value_error, slope_error);
    plim_activation_derivatives(activation, 2, at, slope);
    const double jump = fabs(slope[1] - slope[0]), noise = value_error[0] + value_error[1];
    const double change = jump * fabs(slope[1] + slope[0] - 2.0 * mu1);
    if (jump > 0.0)
      sum += density(kink[i]) * change * (promised * unit + fmin(noise / jump, unit));
  }
  return sum;
}

/* nu2. E (sigma' - mu1) is 0 in exact arithmetic (Gaussian integration by parts); as computed it is a second
   witness of the error of a derivative taken from polynomials. */
static void compute_slopes(const grid *g, plim_coefficients *made)
{
  if (plim_activation_rough(g->activation) != NULL) {
    made->nu2 = (plim_value){0.0, INFINITY};
    return;
  }
  double defect = 0.0;
  if (plim_activation_kind_of(g->activation) == PLIM_EXPRESSION) {
    total gap = {0.0, 0.0};
    for (size_t i = 0; i < g->nodes; i++)
      add(&gap, g->weight[i] * density(g->z[i]) *
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
  grid g;
  plim_coefficients made;
  plim_status status = grid_make(activation, &g);
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
  grid_clear(&g);
  return status;
}
