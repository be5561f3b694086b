/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average.c - a function averaged over N(v, sd^2) for many v: its mean, slope and what neither
   explains.

   FORMULA. With f = f(v + sd g) - mean and g ~ N(0,1):  m = E f,  slope = E g f,  rest = E (f - m - slope
   g)^2. In section 9.1 of theory.md these are m_b, S_b, E2_b (f = sigma) and h, h1, h2 - h^2 - h1^2 (f =
   sigma*).

   METHOD. f is tabulated once on 16-point Gauss-Legendre pieces (GSL), cut where plim_activation_features says,
   no wider than sd (so that the normal density is integrated to rounding) and halved until f itself is, down to 1/512
   on f's own scale: beside a large sd the step of tanh is a small part of the line, and takes a few more pieces. An
   average then sums the pieces within 9 sd of v. Of sin, which would take them everywhere, the averages are known:
     E sin = w sin v,   E g sin = sd w cos v,   E sin^2 = (1 - w^4 cos 2v)/2,   E He_j(g) sin, j = 2, 4:
     -sd^2 w sin v, sd^4 w sin v,   w = exp(-sd^2/2).
   WHY NOTHING CANCELS. rest is an average of squares, not E f^2 - m^2 - slope^2: nearly linear functions and
   neurons deep in saturation keep their digits. The two sums are divided by the sum of the weights, so that a
   constant is exact. Of an odd f near v = 0 the mean is E f(sd g) (1 - density(g)/density(g - v/sd)), for
   E f(sd g) = 0: relative to itself it keeps its digits however small v is, and where d is large
   sqrt(d) times it counts.
   ERROR. Rounding, 1e-15 relative to the largest |f| within reach, unless f is rough on the scale 1/1024.
   STATUS. PLIM_NOT_CONVERGED where f wants more than MOST_PIECES. */
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "any_step.h"
#include "../bounded.h"

enum { RULE = 16, MOST_DEPTH = 10, MOST_PIECES = 32768 };
static const double half_window = 9.0; /* the normal density is 1e-18 there */
static const double widest = 2.0;      /* of a piece, in units of sd */
static const double own_scale = 4.0;   /* of the functions: at sd beyond it pieces are graded towards 0 */
static const double no_longer_small =
    3.0; /* sd from which 1 - w^4, of sin, is 1 and E sin^2 does not cancel */

struct plimi_ruler {
  const plim_activation *function;
  double mean, sd;
  bool is_odd, is_known; /* known: sin, without a table */
  int most_depth;
  gsl_integration_glfixed_table *rule;
  size_t pieces, room;
  double *edge;                      /* pieces x 2 */
  double *at, *weight, *f, *scratch; /* pieces x RULE */
};

static plim_status make_room(plimi_ruler *r)
{
  if (r->pieces < r->room)
    return PLIM_OK;
  const size_t room = 2 * r->room + 64;
  double **column[] = {&r->edge, &r->at, &r->weight, &r->f, &r->scratch};
  for (size_t i = 0; i < 5; i++) {
    double *longer = realloc(*column[i], room * (i == 0 ? 2 : RULE) * sizeof *longer);
    if (longer == NULL)
      return PLIM_NO_MEMORY;
    *column[i] = longer;
  }
  r->room = room;
  return PLIM_OK;
}

/* int f and int f^2 over a piece, and the largest |f| */
static void measure(const plimi_ruler *r, double left, double right, double sum[3])
{
  double at[RULE], weight[RULE], f[RULE];
  sum[0] = sum[1] = sum[2] = 0.0;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], r->rule);
  plim_activation_values(r->function, RULE, at, f);
  for (size_t j = 0; j < RULE; j++) {
    const double value = f[j] - r->mean;
    sum[0] += weight[j] * value;
    sum[1] += weight[j] * value * value;
    sum[2] = fmax(sum[2], fabs(value));
  }
}

static plim_status keep(plimi_ruler *r, double left, double right)
{
  const plim_status status = make_room(r);
  if (status != PLIM_OK)
    return status;
  const size_t first = r->pieces * RULE;
  r->edge[2 * r->pieces] = left;
  r->edge[2 * r->pieces + 1] = right;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &r->at[first + j], &r->weight[first + j], r->rule);
  plim_activation_values(r->function, RULE, r->at + first, r->f + first);
  for (size_t j = 0; j < RULE; j++) {
    r->f[first + j] -= r->mean;
    if (!isfinite(r->f[first + j]))
      return PLIM_NOT_FINITE;
  }
  r->pieces++;
  return PLIM_OK;
}

static plim_status add(plimi_ruler *r, double left, double right, int depth)
{
  const double middle = 0.5 * (left + right);
  double whole[3], half[3], other[3];
  measure(r, left, right, whole);
  measure(r, left, middle, half);
  measure(r, middle, right, other);
  /* far from 0 the rounding of z itself is in f */
  const double size = fmax(whole[2], fmax(half[2], other[2])), far = fmax(fabs(left), fabs(right)),
               exact = 16.0 * DBL_EPSILON * fmax(1.0, far / own_scale) * (right - left) * size;
  if (r->pieces >= MOST_PIECES)
    return PLIM_NOT_CONVERGED;
  if (depth >= r->most_depth ||
      (fabs(half[0] + other[0] - whole[0]) <= exact && fabs(half[1] + other[1] - whole[1]) <= exact * size))
    return keep(r, left, right);
  const plim_status status = add(r, left, middle, depth + 1);
  return status == PLIM_OK ? add(r, middle, right, depth + 1) : status;
}

/* The first point right of `left` where a piece ends: a feature (*i goes through them), or one of 0 and -+4^j where sd
   is large. Without these the test of a piece may see 16 points beside a step and think it flat. */
static double next_cut(const plimi_ruler *r, double left, size_t *i)
{
  size_t n_cuts;
  const double *cut = plim_activation_features(r->function, &n_cuts);
  while (*i < n_cuts && cut[*i] <= left)
    ++*i;
  const double feature = *i < n_cuts ? cut[*i] : INFINITY;
  if (r->sd <= own_scale)
    return feature;
  double ladder = own_scale;
  if (left >= 0.0) {
    while (ladder <= left)
      ladder *= own_scale;
    return fmin(feature, ladder);
  }
  while (ladder * own_scale < -left)
    ladder *= own_scale;
  return fmin(feature, ladder < -left ? -ladder : 0.0);
}

static plim_status tabulate(plimi_ruler *r, double low, double high)
{
  size_t feature = 0;
  plim_status status = PLIM_OK;
  for (double left = low, right; left < high && status == PLIM_OK; left = right) {
    right = fmin(next_cut(r, left, &feature), high);
    const size_t pieces = (size_t)ceil((right - left) / (widest * r->sd));
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces && status == PLIM_OK; j++)
      status = add(r, left + (double)j * width, left + (double)(j + 1) * width, 0);
  }
  return status;
}

plim_status plimi_ruler_alloc(const plim_activation *function, double mean, plimi_reach reach,
                              plimi_ruler **ruler)
{
  plimi_ruler *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->function = function;
  made->mean = mean;
  made->sd = reach.sd;
  made->is_odd = plim_activation_is_odd(function);
  made->is_known = plim_activation_kind_of(function) == PLIM_SIN && reach.sd >= no_longer_small;
  made->most_depth = MOST_DEPTH + (reach.sd > 1.0 && isfinite(reach.sd) ? (int)ceil(log2(reach.sd)) : 0);
  if (made->is_known) {
    *ruler = made;
    return PLIM_OK;
  }
  made->rule = gsl_integration_glfixed_table_alloc(RULE);
  plim_status status = PLIM_NO_MEMORY;
  if (made->rule != NULL)
    status = tabulate(made, reach.low - half_window * reach.sd, reach.high + half_window * reach.sd);
  if (status != PLIM_OK) {
    plimi_ruler_free(made);
    return status;
  }
  *ruler = made;
  return PLIM_OK;
}

void plimi_ruler_free(plimi_ruler *ruler)
{
  if (ruler == NULL)
    return;
  if (ruler->rule != NULL)
    gsl_integration_glfixed_table_free(ruler->rule);
  free(ruler->edge);
  free(ruler->at);
  free(ruler->weight);
  free(ruler->f);
  free(ruler->scratch);
  free(ruler);
}

/* Of sin: see METHOD. */
static void known_average(const plimi_ruler *r, double v, double *m, double *slope, double *rest)
{
  const double w = exp(-0.5 * r->sd * r->sd), w4 = exp(-2.0 * r->sd * r->sd);
  *m = w * sin(v);
  *slope = r->sd * w * cos(v);
  *rest = 0.5 * (1.0 - w4 * cos(2.0 * v)) - *m * *m - *slope * *slope;
}

void plimi_ruler_average(const plimi_ruler *ruler, double v, double *m, double *slope, double *rest)
{
  if (ruler->is_known) {
    known_average(ruler, v, m, slope, rest);
    return;
  }
  const double sd = ruler->sd;
  double mass = 0.0, mean = 0.0, g_mass = 0.0, g2_mass = 0.0, along = 0.0, square = 0.0;
  size_t first = 0, last = ruler->pieces;
  while (first < last && ruler->edge[2 * first + 1] <= v - half_window * sd)
    first++;
  while (last > first && ruler->edge[2 * last - 2] >= v + half_window * sd)
    last--;
  double *weight = ruler->scratch;
  const bool is_near = ruler->is_odd && fabs(v) < sd;
  for (size_t i = first * RULE; i < last * RULE; i++) {
    const double g = (ruler->at[i] - v) / sd, p = ruler->weight[i] * exp(-0.5 * g * g), f = p * ruler->f[i];
    weight[i] = p;
    mass += p;
    g_mass += p * g;
    g2_mass += p * g * g;
    mean += is_near ? f * -expm1(v / sd * (0.5 * v / sd - ruler->at[i] / sd)) : f;
    along += g * f;
  }
  mean /= mass;
  along = (along - g_mass * mean) / g2_mass;
  for (size_t i = first * RULE; i < last * RULE; i++) {
    const double residual = ruler->f[i] - mean - along * (ruler->at[i] - v) / sd;
    square += weight[i] * residual * residual;
  }
  *m = mean;
  *slope = along;
  *rest = square / mass;
}

void plimi_ruler_even(const plimi_ruler *ruler, double v, double *second, double *fourth)
{
  const double sd = ruler->sd;
  if (ruler->is_known) {
    *second = -sd * sd * exp(-0.5 * sd * sd) * sin(v);
    *fourth = -sd * sd * *second;
    return;
  }
  double sum[2] = {0.0, 0.0}, mass = 0.0, centre = 0.0;
  for (int pass = 0; pass < 2; pass++) { /* first the mean: a constant has neither */
    for (size_t i = 0; i < ruler->pieces; i++) {
      if (ruler->edge[2 * i + 1] <= v - half_window * sd || ruler->edge[2 * i] >= v + half_window * sd)
        continue;
      for (size_t j = i * RULE; j < (i + 1) * RULE; j++) {
        const double g = (ruler->at[j] - v) / sd, g2 = g * g, p = ruler->weight[j] * exp(-0.5 * g2);
        const double he2 = g2 - 1.0, he4 = g2 * g2 - 6.0 * g2 + 3.0;
        if (pass == 0) {
          mass += p;
          centre += p * ruler->f[j];
        } else {
          sum[0] += p * he2 * (ruler->f[j] - centre);
          sum[1] += p * he4 * (ruler->f[j] - centre);
        }
      }
    }
    if (pass == 0)
      centre /= mass;
  }
  *second = sum[0] / mass;
  *fourth = sum[1] / mass;
}
