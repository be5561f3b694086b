/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_law.c - the law of (xi, y), y = sigma*(xi) + eps, as a short rule in y.

   METHOD. A long rule first: 16-point Gauss-Legendre pieces in xi (GSL) between the teacher's kinks, halved until
   E |y|^4 and E 1/(1 + sharpest y^2) stand still; in eps the trapezoidal rule with a step that the poles allow. Then
   Lanczos' short rule (gauss.c) in t = asinh(sqrt(sharpest) y), in which the functions to be averaged are
   analytic in a strip, with the density 1 + sharpest y^2: they grow no faster, and its poles are theirs. xi and xi^2
   come in as densities of their own.
   ERROR. What gauss.c finds between the two rules. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "kinds.h"

enum { RULE = 16, MOST_DEPTH = 16 };
static const double end_of_line = 12.0, widest = 2.0;
static const double inv_sqrt_2pi = 0.39894228040143267794;

typedef struct {
  const plim_activation *teacher;
  double mean, noise, sharpest, step; /* step of the trapezoidal rule in eps/noise; 0: no noise */
  gsl_integration_glfixed_table *rule;
  plimi_label_samples all; /* x: t less its least value, see plimi_law_alloc */
  double *y;
  double (*moment)[PLIMI_LAW_Y];
} survey;

static plim_status make_room(survey *q)
{
  plimi_label_samples *s = &q->all;
  if (s->n < s->room)
    return PLIM_OK;
  const size_t room = 2 * s->room + 4096;
  double **column[] = {&s->x, &s->p, &s->p1, &s->p2, &q->y};
  for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
    double *longer = realloc(*column[i], room * sizeof *longer);
    if (longer == NULL)
      return PLIM_NO_MEMORY;
    *column[i] = longer;
  }
  s->room = room;
  return PLIM_OK;
}

static plim_status keep(survey *q, double xi, double y, double weight)
{
  static const double negligible = 1e-32;
  const double grown = weight * (1.0 + q->sharpest * y * y);
  for (int i = 0; i < PLIMI_LAW_XI; i++)
    for (int j = 0; j < PLIMI_LAW_Y; j++)
      q->moment[i][j] += weight * pow(xi, i) * pow(y, j);
  if (grown * (1.0 + xi * xi) < negligible)
    return PLIM_OK;
  const plim_status status = make_room(q);
  if (status != PLIM_OK)
    return status;
  const size_t n = q->all.n++;
  q->y[n] = y;
  q->all.p[n] = grown;
  q->all.p1[n] = grown * xi;
  q->all.p2[n] = grown * xi * xi;
  return PLIM_OK;
}

static const double half_of_noise = 9.0; /* the normal density is 1e-18 there */

/* Either the tests of a piece, or its points kept. */
static plim_status visit(survey *q, double left, double right, double test[2], bool kept)
{
  double at[RULE], weight[RULE], teacher[RULE];
  test[0] = test[1] = 0.0;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], q->rule);
  plim_activation_values(q->teacher, RULE, at, teacher);
  const int last = q->step > 0.0 ? (int)ceil(half_of_noise / q->step) : 0;
  for (size_t j = 0; j < RULE; j++) {
    const double w = weight[j] * inv_sqrt_2pi * exp(-0.5 * at[j] * at[j]), s = teacher[j] - q->mean;
    if (!isfinite(s))
      return PLIM_NOT_FINITE;
    for (int i = -last; i <= last; i++) {
      const double g = (double)i * q->step, y = s + q->noise * g;
      const double share = last > 0 ? w * q->step * inv_sqrt_2pi * exp(-0.5 * g * g) : w;
      test[0] += share * y * y * y * y;
      test[1] += share / (1.0 + q->sharpest * y * y);
      const plim_status status = kept ? keep(q, at[j], y, share) : PLIM_OK;
      if (status != PLIM_OK)
        return status;
    }
  }
  return PLIM_OK;
}

static plim_status add(survey *q, double left, double right, int depth)
{
  const double middle = 0.5 * (left + right), exact = 1e-14;
  double whole[2], half[2], other[2];
  plim_status status = visit(q, left, right, whole, false);
  if (status == PLIM_OK)
    status = visit(q, left, middle, half, false);
  if (status == PLIM_OK)
    status = visit(q, middle, right, other, false);
  if (status != PLIM_OK)
    return status;
  const bool still = fabs(half[0] + other[0] - whole[0]) <= exact * (1.0 + half[0] + other[0]) &&
                     fabs(half[1] + other[1] - whole[1]) <= exact;
  if (still || depth >= MOST_DEPTH)
    return visit(q, left, right, whole, true);
  status = add(q, left, middle, depth + 1);
  return status == PLIM_OK ? add(q, middle, right, depth + 1) : status;
}

static plim_status survey_line(survey *q)
{
  size_t n_kinks;
  const double *kink = plim_activation_kinks(q->teacher, &n_kinks);
  double left = -end_of_line;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= n_kinks && status == PLIM_OK; i++) {
    const double right = i < n_kinks ? fmin(kink[i], end_of_line) : end_of_line;
    if (right <= left)
      continue;
    const size_t pieces = (size_t)ceil((right - left) / widest);
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces && status == PLIM_OK; j++)
      status = add(q, left + (double)j * width, left + (double)(j + 1) * width, 0);
    left = right;
  }
  return status;
}

/* The trapezoidal rule leaves exp(-2 pi pole/step), pole the distance of the poles in units of the noise, and
   exp(-2 pi^2/step^2). */
static double noise_step(double noise, double sharpest)
{
  const double pole = 1.0 / (sqrt(sharpest) * noise), exponent = 33.0, coarsest = 0.75, finest = 0.02;
  return noise == 0.0 ? 0.0 : fmin(coarsest, fmax(finest, 2.0 * 3.14159265358979 * pole / exponent));
}

/* x of the samples and of the short rule says where y is: */
typedef struct {
  double sharpest, root, least;
} scale_of_y;

static double y_at(const scale_of_y *scale, double x)
{
  return sinh(log1p(scale->sharpest * x) + scale->least) / scale->root;
}

/* E xi^i y^j/(1 + c y^2), i, j <= 2, by a rule with the densities p, and what each is to be judged beside. */
enum { TESTED = 9 };
static void tests_of(const scale_of_y *scale, size_t n, const double *x, const double *const p[PLIMI_LAW_XI],
                     double c, double value[TESTED], double size[TESTED])
{
  memset(value, 0, TESTED * sizeof *value);
  memset(size, 0, TESTED * sizeof *size);
  for (size_t k = 0; k < n; k++) {
    const double y = y_at(scale, x[k]), power[3] = {1.0, y, y * y},
                 f = 1.0 / ((1.0 + scale->sharpest * y * y) * (1.0 + c * y * y));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        value[3 * i + j] += p[i][k] * power[j] * f;
        size[3 * i + j] += fabs(p[i][k] * power[j] * f);
      }
    }
  }
}

static double difference(const plimi_label_samples *s, const plimi_labels *rule, const void *context)
{
  const scale_of_y *scale = context;
  const double *const by_long[PLIMI_LAW_XI] = {s->p, s->p1, s->p2};
  const double *const by_short[PLIMI_LAW_XI] = {rule->p, rule->p1, rule->p2};
  double worst = 0.0;
  for (double c = scale->sharpest; c > 1e-4 * scale->sharpest; c *= 0.0731) {
    double a[TESTED], b[TESTED], size[TESTED], ignored[TESTED];
    tests_of(scale, s->n, s->x, by_long, c, a, size);
    tests_of(scale, rule->n, rule->x, by_short, c, b, ignored);
    for (int i = 0; i < TESTED; i++)
      worst = fmax(worst, fabs(a[i] - b[i]) / size[i]);
  }
  return worst;
}

/* The short rule in t, as gauss.c makes it in log(1 + sharpest x): x is so chosen that this is t less its least
   value. */
static plim_status shorten(survey *q, plimi_law_of_labels *law)
{
  scale_of_y scale = {.sharpest = q->sharpest, .root = sqrt(q->sharpest), .least = INFINITY};
  for (size_t i = 0; i < q->all.n; i++)
    scale.least = fmin(scale.least, asinh(scale.root * q->y[i]));
  for (size_t i = 0; i < q->all.n; i++)
    q->all.x[i] = expm1(asinh(scale.root * q->y[i]) - scale.least) / q->sharpest;
  plimi_labels made = {.x = law->y, .p = law->p[0], .p1 = law->p[1], .p2 = law->p[2]};
  const plim_status status = plimi_rule_shorten(&q->all, q->sharpest, difference, &scale, &made);
  if (status != PLIM_OK)
    return status;
  law->n = made.n;
  law->error = made.error;
  for (size_t j = 0; j < law->n; j++) {
    const double y = y_at(&scale, law->y[j]);
    law->y[j] = y;
    for (int i = 0; i < PLIMI_LAW_XI; i++)
      law->p[i][j] /= 1.0 + q->sharpest * y * y;
  }
  return PLIM_OK;
}

plim_status plimi_law_alloc(const plimi_input *in, double sharpest, plimi_law_of_labels **law)
{
  plimi_law_of_labels *made = calloc(1, sizeof *made);
  double *storage = calloc((1 + PLIMI_LAW_XI) * PLIMI_LABEL_POINTS, sizeof *storage);
  survey q = {.teacher = in->problem->teacher,
              .mean = in->star.mean.value,
              .noise = in->problem->noise,
              .sharpest = fmax(sharpest, 1e-6 / in->s2.value)};
  plim_status status = PLIM_NO_MEMORY;
  q.step = noise_step(q.noise, q.sharpest);
  q.rule = gsl_integration_glfixed_table_alloc(RULE);
  if (made == NULL || storage == NULL || q.rule == NULL)
    goto done;
  made->storage = made->y = storage;
  for (int i = 0; i < PLIMI_LAW_XI; i++)
    made->p[i] = storage + (1 + i) * PLIMI_LABEL_POINTS;
  q.moment = made->moment;
  status = survey_line(&q);
  if (status == PLIM_OK)
    status = shorten(&q, made);
done:
  free(q.all.x);
  free(q.all.p);
  free(q.all.p1);
  free(q.all.p2);
  free(q.y);
  if (q.rule != NULL)
    gsl_integration_glfixed_table_free(q.rule);
  if (status == PLIM_OK) {
    *law = made;
    return status;
  }
  free(storage);
  free(made);
  return status;
}

void plimi_law_free(plimi_law_of_labels *law)
{
  if (law != NULL)
    free(law->storage);
  free(law);
}
