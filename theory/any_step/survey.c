/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survey.c - the long rule for the law of (xi, y), y = sigma*(xi) - E sigma* + eps, xi and eps/noise ~ N(0,1).

   METHOD. 16-point Gauss-Legendre pieces in xi (GSL), cut at the teacher's features and halved until the tests
   of whoever asks stand still, so that they shrink towards the zeros of sigma* by themselves; in eps the
   trapezoidal rule, whose step follows from the distance of the poles and which is graded towards y = 0, y =
   sinh(t)/sqrt(sharpest), where they are close. The trapezoidal rule leaves exp(-2 pi pole/step), and of a
   normal density exp(-2 pi^2/step^2). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "any_step.h"

enum { RULE = 16, MOST_DEPTH = 48, TESTS = PLIMI_SURVEY_TESTS };
static const double end_of_line =
    38.0; /* where the normal density leaves the doubles: y^2 may grow with it */
static const double inv_sqrt_2pi = 0.39894228040143267794, pi = 3.14159265358979324;
static const double pole_exponent = 30.0; /* exp(-30) = 1e-13: what the trapezoidal rule may leave */
static const double half_of_noise = 9.0;  /* the normal density is 1e-18 there */
static const double far_from_zero = 10.0; /* sigma* in units of the noise: no y has the other sign */

/* Nodes of the average over eps at sigma*(xi) = s: y and its weight, for step first..last. */
typedef struct {
  double s, noise, sharpest;
  double step;
  bool is_graded;
  int first, last;
} noise_rule;

static noise_rule noise_rule_at(const plimi_survey *q, double s)
{
  noise_rule rule = {.s = s, .noise = q->noise, .sharpest = q->sharpest};
  if (q->noise == 0.0)
    return rule;
  const double scale = sqrt(q->sharpest);
  const double near =
      sin(q->angle) / (scale * q->noise); /* of the poles to the real line, in units of noise */
  const double wanted = 2.0 * pi * near / pole_exponent;
  const double coarsest = 0.8; /* exp(-2 pi^2/0.8^2) = 4e-14 */
  const bool far = fabs(s) > far_from_zero * q->noise;
  if (wanted >= 0.12 || far) {
    /* far from zero the poles that matter have Re y = s or so, and Im y of angle times that */
    const double there = 2.0 * pi * far_from_zero * q->angle / pole_exponent;
    rule.step = fmin(coarsest, far ? fmax(wanted, there) : wanted);
    rule.last = (int)ceil(half_of_noise / rule.step);
    rule.first = -rule.last;
    return rule;
  }
  rule.is_graded = true;
  rule.step =
      fmin(0.06, 2.0 * pi * q->angle / pole_exponent); /* a normal density spans no less than 1/18 in t */
  rule.first = (int)floor(asinh(scale * (s - half_of_noise * q->noise)) / rule.step);
  rule.last = (int)ceil(asinh(scale * (s + half_of_noise * q->noise)) / rule.step);
  return rule;
}

static double noise_rule_node(const noise_rule *rule, int i, double *weight)
{
  if (rule->noise == 0.0) {
    *weight = 1.0;
    return rule->s;
  }
  const double t = (double)i * rule->step, scale = sqrt(rule->sharpest);
  const double g = rule->is_graded ? (sinh(t) / scale - rule->s) / rule->noise : t;
  const double stretch = rule->is_graded ? cosh(t) / (scale * rule->noise) : 1.0;
  *weight = rule->step * stretch * inv_sqrt_2pi * exp(-0.5 * g * g);
  return rule->s + rule->noise * g;
}

/* xi, sigma*(xi) - mean and the weight of xi, RULE of them. */
typedef struct {
  double xi[RULE], s[RULE], weight[RULE];
} piece;

static void look_at(const plimi_survey *q, const gsl_integration_glfixed_table *rule, double left,
                    double right, piece *p)
{
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &p->xi[j], &p->weight[j], rule);
  plim_activation_values(q->teacher, RULE, p->xi, p->s);
  for (size_t j = 0; j < RULE; j++) {
    p->s[j] -= q->mean;
    p->weight[j] *= inv_sqrt_2pi * exp(-0.5 * p->xi[j] * p->xi[j]);
  }
}

static void test_piece(const plimi_survey *q, const gsl_integration_glfixed_table *gauss, double left,
                       double right, double test[TESTS])
{
  piece p;
  memset(test, 0, TESTS * sizeof *test);
  look_at(q, gauss, left, right, &p);
  for (size_t j = 0; j < RULE; j++) {
    const noise_rule rule = noise_rule_at(q, p.s[j]);
    for (int i = rule.first; i <= rule.last; i++) {
      double share, here[TESTS];
      const double y = noise_rule_node(&rule, i, &share);
      q->test(q->context, p.xi[j], y, here);
      for (int k = 0; k < TESTS; k++)
        test[k] += p.weight[j] * share * here[k];
    }
  }
}

static plim_status keep_piece(const plimi_survey *q, const gsl_integration_glfixed_table *gauss, double left,
                              double right)
{
  piece p;
  plim_status status = PLIM_OK;
  look_at(q, gauss, left, right, &p);
  for (size_t j = 0; j < RULE; j++) {
    const noise_rule rule = noise_rule_at(q, p.s[j]);
    for (int i = rule.first; i <= rule.last && status == PLIM_OK; i++) {
      double share;
      const double y = noise_rule_node(&rule, i, &share);
      status = q->keep(q->context, p.xi[j], y, (q->by_half ? 2.0 : 1.0) * p.weight[j] * share);
    }
  }
  return status;
}

/* Halve [left, right], no feature inside, until its tests stand still. */
static plim_status survey_piece(const plimi_survey *q, const gsl_integration_glfixed_table *gauss,
                                double left, double right, int depth)
{
  const double middle = 0.5 * (left + right), exact = 2e-14;
  double whole[TESTS], half[TESTS], other[TESTS];
  if (!(right > left))
    return PLIM_OK;
  test_piece(q, gauss, left, right, whole);
  test_piece(q, gauss, left, middle, half);
  test_piece(q, gauss, middle, right, other);
  bool still = true;
  for (int i = 0; i < TESTS; i++) {
    const double both = half[i] + other[i], change = fabs(both - whole[i]);
    if (!isfinite(change))
      return PLIM_NOT_FINITE;
    still = still && change <= exact * (1.0 + both);
  }
  if (still || depth >= MOST_DEPTH)
    return keep_piece(q, gauss, left, right);
  const plim_status status = survey_piece(q, gauss, left, middle, depth + 1);
  return status == PLIM_OK ? survey_piece(q, gauss, middle, right, depth + 1) : status;
}

plim_status plimi_survey_line(const plimi_survey *q)
{
  const double widest = 1.4; /* poles of 1/(1 + c y^2) at c far below the tested move with c */
  gsl_integration_glfixed_table *gauss = gsl_integration_glfixed_table_alloc(RULE);
  if (gauss == NULL)
    return PLIM_NO_MEMORY;
  size_t n_cuts;
  const double *cut = plim_activation_features(q->teacher, &n_cuts);
  double left = q->by_half ? 0.0 : -end_of_line;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= n_cuts && status == PLIM_OK; i++) {
    const double right = i < n_cuts ? fmin(cut[i], end_of_line) : end_of_line;
    if (right <= left)
      continue;
    const size_t pieces = (size_t)ceil((right - left) / widest);
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces && status == PLIM_OK; j++)
      status = survey_piece(q, gauss, left + (double)j * width, left + (double)(j + 1) * width, 0);
    left = right;
  }
  gsl_integration_glfixed_table_free(gauss);
  return status;
}

plim_status plimi_samples_add(plimi_label_samples *s, double x, double p, double p1, double p2)
{
  if (s->n == s->room) {
    const size_t room = 2 * s->room + 4096;
    double **column[] = {&s->x, &s->p, &s->p1, &s->p2};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
      double *longer = realloc(*column[i], room * sizeof *longer);
      if (longer == NULL)
        return PLIM_NO_MEMORY;
      *column[i] = longer;
    }
    s->room = room;
  }
  s->x[s->n] = x;
  s->p[s->n] = p;
  s->p1[s->n] = p1;
  s->p2[s->n] = p2;
  s->n++;
  return PLIM_OK;
}

void plimi_samples_clear(plimi_label_samples *s)
{
  free(s->x);
  free(s->p);
  free(s->p1);
  free(s->p2);
}
