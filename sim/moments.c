/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "moments.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "map.h"
#include "vector.h"

/* How far the grid goes: phi(12) = 2e-32, and further only for what has grown so much that its end would be
   missed. */
static const double reaches[] = {12.0, 24.0, 38.0};
enum { REACHES = sizeof reaches / sizeof *reaches };
static const double missed = 1e-20; /* of E f^2, by the unit of length beyond the end */
static const double lost = 1e-12;   /* at the last reach: E f^2 is not finite, as far as can be told */
/* Spacing at scale 1. A pole of sigma at distance b from the real axis leaves exp(-2 pi b / spacing), tanh:
   5e-35; its product with h_k needs frequencies up to sqrt(k) more, which leaves room for k of several hundred. */
static const double spacing = 0.125;
static const double tanh_sinh_reach = 3.25; /* the weights there are below 1e-17 */
static const double agreement = 1e-8;       /* relative, between the sums at full and at half the nodes */

static const double inv_sqrt_2pi = 0.39894228040143267794;
static const double half_pi = 1.57079632679489661923;

/* Nodes and weights; every second node, with twice its weight, is the coarser rule. */
typedef struct {
  double reach, square;                       /* E f^2 */
  size_t count;                               /* even */
  double *z, *weight, *value, *lower, *upper; /* PLIMI_GRID_MAX each */
} grid;

static grid grid_in(double *work)
{
  return (grid){.z = work,
                .weight = work + PLIMI_GRID_MAX,
                .value = work + 2 * PLIMI_GRID_MAX,
                .lower = work + 3 * PLIMI_GRID_MAX,
                .upper = work + 4 * PLIMI_GRID_MAX};
}

static bool add_uniform(grid *g, double step)
{
  const double half = ceil(g->reach / step);
  if (2.0 * half > PLIMI_GRID_MAX)
    return false;
  const long last = (long)half;
  for (long i = -last; i < last; i++) { /* an even number of nodes; the one left out weighs nothing */
    const double z = (double)i * step;
    g->z[g->count] = z;
    g->weight[g->count] = step;
    g->count++;
  }
  return true;
}

/* z = middle + half tanh(pi/2 sinh t), t = i step: nodes at double-exponential density near both ends. */
static bool add_piece(grid *g, double low, double high, double spacing_inside)
{
  const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  const double coarsest =
      half < 0.25 ? 0.125 : 0.0625; /* f is a polynomial of low degree on a narrow piece */
  const double step = fmin(coarsest, spacing_inside / (half * half_pi));
  const double steps = ceil(tanh_sinh_reach / step);
  if ((double)g->count + 2.0 * steps > PLIMI_GRID_MAX)
    return false;
  const long last = (long)steps;
  for (long i = -last; i < last; i++) {
    const double t = (double)i * step;
    const double slope = half_pi * cosh(t), argument = half_pi * sinh(t);
    const double z = middle + half * tanh(argument);
    g->z[g->count] = z;
    g->weight[g->count] = step * half * slope / (cosh(argument) * cosh(argument));
    g->count++;
  }
  return true;
}

/* Pieces between the cuts of sigma; none where a narrow one has no room. */
static bool add_pieces(grid *g, const plim_activation *activation, double shift, double scale, double inside)
{
  size_t cuts;
  const double *cut = plim_activation_cuts(activation, &cuts);
  double low = -g->reach;
  bool fits = true;
  for (size_t i = 0; i <= cuts && fits; i++) {
    const double high = i < cuts ? fmin(fmax((cut[i] - shift) / scale, -g->reach), g->reach) : g->reach;
    if (high > low)
      fits = add_piece(g, low, high, inside);
    low = high;
  }
  return fits;
}

/* The least distance of neighbouring cuts that are no further out than `reach`. */
static double narrowest_piece(const plim_activation *activation, double reach)
{
  size_t cuts;
  const double *cut = plim_activation_cuts(activation, &cuts);
  double least = INFINITY;
  for (size_t i = 1; i < cuts; i++) {
    if (cut[i - 1] >= -reach && cut[i] <= reach)
      least = fmin(least, cut[i] - cut[i - 1]);
  }
  return least;
}

/* Times the density: the weights are those of length until then. */
static void weigh(grid *g)
{
  double *density = g->value;
  for (size_t i = 0; i < g->count; i++)
    density[i] = -0.5 * g->z[i] * g->z[i];
  plimi_map_exp(g->count, density);
  for (size_t i = 0; i < g->count; i++)
    g->weight[i] *= inv_sqrt_2pi * density[i];
}

/* A grid of a given spacing, and sigma(shift + scale z) on it. Where there are more pieces than room, as for
   sin(1000 z), but no kink, a uniform one that sees the narrowest. */
static bool grid_at_spacing(const plim_activation *activation, double shift, double scale, double inside,
                            grid *g)
{
  size_t cuts, kinks;
  plim_activation_cuts(activation, &cuts);
  plim_activation_kinks(activation, &kinks);
  g->count = 0;
  bool fits = cuts > 0 && scale != 0.0 && add_pieces(g, activation, shift, scale, inside);
  if (!fits && (cuts == 0 || kinks == 0 || scale == 0.0)) {
    g->count = 0;
    const double narrowest = narrowest_piece(activation, fabs(shift) + scale * g->reach);
    fits = add_uniform(g, scale > 0.0 ? fmin(inside, 0.25 * narrowest / scale) : inside);
  }
  if (!fits)
    return false;
  weigh(g);
  for (size_t i = 0; i < g->count; i++)
    g->value[i] = shift + scale * g->z[i];
  plimi_map_values(activation, g->count, g->value, g->value);
  return true;
}

/* Sums over the even nodes and over the odd ones, whose number is the same: of f, z f and f^2, each of both; then of
   |f|. */
enum { RULE_SUMS = 7 };
PLIMI_CLONES static void add_rules(const grid *g, double total[RULE_SUMS])
{
  const double *z = g->z, *weight = g->weight, *value = g->value;
  double f0 = 0.0, f1 = 0.0, z0 = 0.0, z1 = 0.0, s0 = 0.0, s1 = 0.0, size = 0.0;
#pragma omp simd reduction(+ : f0, f1, z0, z1, s0, s1, size)
  for (size_t i = 0; i < g->count; i += 2) {
    const double even = weight[i] * value[i], odd = weight[i + 1] * value[i + 1];
    f0 += even;
    f1 += odd;
    z0 += even * z[i];
    z1 += odd * z[i + 1];
    s0 += even * value[i];
    s1 += odd * value[i + 1];
    size += fabs(even) + fabs(odd);
  }
  const double sums[RULE_SUMS] = {f0, f1, z0, z1, s0, s1, size};
  memcpy(total, sums, sizeof sums);
}

/* Do all nodes and every second one give the same E f, E z f and E f^2? */
static plim_status compare_rules(grid *g)
{
  double sum[RULE_SUMS];
  add_rules(g, sum);
  g->square = sum[4] + sum[5];
  const double size = fmax(sum[6], sqrt(g->square)); /* E |f|, where f^2 is too small for a double */
  if (!isfinite(g->square))
    return PLIM_NOT_FINITE;
  const bool agree = fabs(sum[0] - sum[1]) <= agreement * size && fabs(sum[2] - sum[3]) <= agreement * size &&
                     fabs(sum[4] - sum[5]) <= agreement * g->square;
  return agree ? PLIM_OK : PLIM_NOT_CONVERGED;
}

/* The coarsest grid on which the two rules agree, from the spacing that serves every named activation on. */
static plim_status grid_to(const plim_activation *activation, double shift, double scale, grid *g)
{
  double inside = spacing / fmax(1.0, scale);
  for (;; inside *= 0.5) {
    if (!grid_at_spacing(activation, shift, scale, inside, g))
      return PLIM_NOT_CONVERGED;
    const plim_status status = compare_rules(g);
    if (status != PLIM_NOT_CONVERGED)
      return status;
  }
}

/* What the unit of length about the ends has of E f^2, as a share of it all. */
static double share_at_ends(const plim_activation *activation, double shift, double scale, const grid *g)
{
  const double at[2] = {shift + scale * g->reach, shift - scale * g->reach};
  const double root =
      exp(-0.25 * g->reach * g->reach); /* of the density: the square of f alone may overflow */
  double end[2];
  plimi_map_values(activation, 2, at, end);
  const double ends = inv_sqrt_2pi * (root * end[0] * root * end[0] + root * end[1] * root * end[1]);
  return ends > 0.0 ? ends / g->square : 0.0;
}

/* To the first reach beyond which nothing is missed. Where f is not finite so far out, the last at which it was. */
static plim_status grid_build(const plim_activation *activation, double shift, double scale, grid *g)
{
  plim_status status = PLIM_OK;
  double share = 0.0;
  for (size_t i = 0; i < REACHES; i++) {
    g->reach = reaches[i];
    status = grid_to(activation, shift, scale, g);
    if (status != PLIM_OK)
      return status;
    share = share_at_ends(activation, shift, scale, g);
    if (share <= missed)
      return PLIM_OK;
  }
  return share <= lost ? PLIM_OK : PLIM_NOT_FINITE;
}

plim_status plimi_moments_compute(const plim_activation *activation, double *work, plimi_moments *moments)
{
  grid g = grid_in(work);
  const plim_status status = grid_build(activation, 0.0, 1.0, &g);
  if (status != PLIM_OK)
    return status;
  double mean = 0.0, mu1 = 0.0, variance = 0.0;
  for (size_t i = 0; i < g.count; i++)
    mean += g.weight[i] * g.value[i];
  if (plim_activation_is_odd(activation)) /* E sigma = sigma(0) then, without the rounding of the sum */
    mean = plim_activation_value(activation, 0.0);
  for (size_t i = 0; i < g.count; i++) {
    mu1 += g.weight[i] * g.z[i] * (g.value[i] - mean);
    variance += g.weight[i] * (g.value[i] - mean) * (g.value[i] - mean);
  }
  double slope_mean = 0.0, slope_variance = 0.0;
  plimi_map_derivatives(activation, g.count, g.z, g.value);
  for (size_t i = 0; i < g.count; i++)
    slope_mean += g.weight[i] * g.value[i];
  for (size_t i = 0; i < g.count; i++)
    slope_variance += g.weight[i] * (g.value[i] - slope_mean) * (g.value[i] - slope_mean);
  *moments =
      (plimi_moments){.mean = mean, .mu1 = mu1, .variance = variance, .slope_variance = slope_variance};
  return PLIM_OK;
}

plim_status plimi_shifted_mean(const plim_activation *activation, double shift, double scale, double *work,
                               double *mean)
{
  grid g = grid_in(work);
  double sum = 0.0;
  const plim_status status = grid_build(activation, shift, scale, &g);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < g.count; i++)
    sum += g.weight[i] * g.value[i];
  *mean = sum;
  return PLIM_OK;
}

/* f - center on the grid, with its weight in `upper`, 0 in `lower`. Returns E f^2. */
PLIMI_CLONES static double begin_hermite(const grid *g, double center)
{
  const double *weight = g->weight, *value = g->value;
  double *upper = g->upper, *lower = g->lower, square = 0.0;
#pragma omp simd reduction(+ : square)
  for (size_t i = 0; i < g->count; i++) {
    const double f = value[i] - center;
    square += weight[i] * f * f;
    upper[i] = weight[i] * f;
    lower[i] = 0.0;
  }
  return square;
}

/* h_{k+1} = (z h_k - sqrt(k) h_{k-1}) / sqrt(k+1) on all nodes, weight and value folded in: `upper` and `lower` hold
   the terms of h_k and h_{k-1}, and after it those of h_{k+1} and h_k. Returns the sum of those of h_k. */
PLIMI_CLONES static double next_hermite(size_t count, size_t k, const double *z, double *upper, double *lower)
{
  const double root = sqrt((double)k), inverse = 1.0 / sqrt((double)k + 1.0);
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < count; i++) {
    const double here = upper[i];
    sum += here;
    upper[i] = (z[i] * here - root * lower[i]) * inverse;
    lower[i] = here;
  }
  return sum;
}

plim_status plimi_hermite_coefficients(const plimi_hermite_settings *settings, double scale, double *a,
                                       double *square)
{
  grid g = grid_in(settings->work);
  const plim_status status = grid_build(settings->activation, 0.0, scale, &g);
  if (status != PLIM_OK)
    return status;
  *square = begin_hermite(&g, settings->center);
  for (size_t k = 0; k <= settings->top; k++)
    a[k * settings->stride] = next_hermite(g.count, k, g.z, g.upper, g.lower);
  return PLIM_OK;
}
