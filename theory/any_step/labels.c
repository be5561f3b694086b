/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.c - the law of the labels y = sigma*(xi) + eps, as a short rule for averages of functions
   of y^2.

   SOURCE. Section 9.2 of theory.md asks for E[xi^i y^j / (1 + r y^2/psi1)], products of two such denominators
   and nothing else of the labels. The rule is derived here.

   NOTATION. xi, eps/noise ~ N(0,1) independent; y centred; c = r/psi1 is the coefficient of y^2, at most
   `sharpest`.
     x, p, p1, p2   E f(y^2) = sum p f(x),  E xi y f(y^2) = sum p1 f(x),  E xi^2 f(y^2) = sum p2 f(x)

   NUMERICAL METHOD. First a long rule: 16-point Gauss-Legendre pieces in xi (GSL), cut at the teacher's features
   and halved until the sharpest of those functions is integrated to rounding, so that they shrink towards the
   zeros of sigma* by themselves; in eps the trapezoidal rule, whose step follows from the distance of the
   poles y = +-i/sqrt(sharpest) and which is graded towards y = 0 where they are close. Then gauss.c
   makes the short rule.
   WHY NOTHING CANCELS. p is positive, and so are all the functions.
   ERROR. labels->error: the largest relative difference from the long rule over a ladder of c. */
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "any_step.h"
#include "../bounded.h"

enum { RULE = 16, MOST_DEPTH = 48 };
static const double end_of_line = 11.0; /* the normal density times xi^14 is 1e-12 of its integral there */
static const double inv_sqrt_2pi = 0.39894228040143267794;
static const double pole_exponent = 30.0; /* exp(-30) = 1e-13: what the trapezoidal rule may leave */

typedef struct {
  const plim_activation *teacher;
  double mean, noise, sharpest;
  bool is_odd;
  double scale[2]; /* of the two test functions */
  gsl_integration_glfixed_table *rule;
  plimi_label_samples all;
} survey;

static plim_status make_room(plimi_label_samples *s, size_t more)
{
  if (s->n + more <= s->room)
    return PLIM_OK;
  const size_t room = 2 * (s->n + more);
  double **column[] = {&s->x, &s->p, &s->xi_y, &s->xi2};
  for (size_t i = 0; i < 4; i++) {
    double *longer = realloc(*column[i], room * sizeof *longer);
    if (longer == NULL)
      return PLIM_NO_MEMORY;
    *column[i] = longer;
  }
  s->room = room;
  return PLIM_OK;
}

static void samples_clear(plimi_label_samples *s)
{
  free(s->x);
  free(s->p);
  free(s->xi_y);
  free(s->xi2);
}

/* Nodes of the average over eps at sigma*(xi) = s: y and its weight, for step -most..most. */
typedef struct {
  double s, noise, sharpest;
  double step;
  bool is_graded; /* y = sinh(t)/sqrt(sharpest) */
  int first, last;
} noise_rule;

static noise_rule noise_rule_at(const survey *q, double s)
{
  noise_rule rule = {.s = s, .noise = q->noise, .sharpest = q->sharpest};
  const double half = 9.0, widest = 0.8; /* exp(-2 pi^2/0.8^2) = 4e-14 */
  if (q->noise == 0.0)
    return rule;
  const double pole =
      1.0 / (sqrt(q->sharpest) * q->noise); /* its distance from the real axis, in units of noise */
  const double wanted = 2.0 * 3.14159265358979 * pole / pole_exponent;
  if (wanted >= 0.12 || fabs(s) > (half + 1.0) * q->noise) {
    rule.step = fabs(s) > (half + 1.0) * q->noise ? widest : fmin(widest, wanted);
    rule.last = (int)ceil(half / rule.step);
    rule.first = -rule.last;
    return rule;
  }
  rule.is_graded = true;
  rule.step = 0.06; /* the normal density spans no less than 1/18 in t; the poles are at +-i pi/2 */
  rule.first = (int)floor(asinh(sqrt(q->sharpest) * (s - half * q->noise)) / rule.step);
  rule.last = (int)ceil(asinh(sqrt(q->sharpest) * (s + half * q->noise)) / rule.step);
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

/* The pieces' own tests: E c y^2/(1 + c y^2) at the sharpest c, and E y^2 xi^2/(1 + c y^2) at c = 1. */
static void test_at(const survey *q, double xi, double s, double test[2])
{
  const noise_rule rule = noise_rule_at(q, s);
  test[0] = test[1] = 0.0;
  for (int i = rule.first; i <= rule.last; i++) {
    double weight;
    const double y = noise_rule_node(&rule, i, &weight), y2 = y * y;
    test[0] += weight * q->sharpest * y2 / (1.0 + q->sharpest * y2);
    test[1] += weight * y2 * (1.0 + xi * xi) / (1.0 + y2);
  }
}

static void test_piece(const survey *q, double left, double right, double test[2])
{
  double at[RULE], weight[RULE], teacher[RULE];
  test[0] = test[1] = 0.0;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], q->rule);
  plim_activation_values(q->teacher, RULE, at, teacher);
  for (size_t j = 0; j < RULE; j++) {
    double here[2];
    test_at(q, at[j], teacher[j] - q->mean, here);
    const double w = weight[j] * inv_sqrt_2pi * exp(-0.5 * at[j] * at[j]);
    test[0] += w * here[0];
    test[1] += w * here[1];
  }
}

static plim_status keep_piece(survey *q, double left, double right)
{
  double at[RULE], weight[RULE], teacher[RULE];
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &at[j], &weight[j], q->rule);
  plim_activation_values(q->teacher, RULE, at, teacher);
  for (size_t j = 0; j < RULE; j++) {
    const noise_rule rule = noise_rule_at(q, teacher[j] - q->mean);
    const plim_status status = make_room(&q->all, (size_t)(rule.last - rule.first + 1));
    if (status != PLIM_OK)
      return status;
    const double w = (q->is_odd ? 2.0 : 1.0) * weight[j] * inv_sqrt_2pi * exp(-0.5 * at[j] * at[j]);
    for (int i = rule.first; i <= rule.last; i++) {
      double share;
      const double y = noise_rule_node(&rule, i, &share);
      plimi_label_samples *s = &q->all;
      s->x[s->n] = y * y;
      s->p[s->n] = w * share;
      s->xi_y[s->n] = w * share * at[j] * y;
      s->xi2[s->n] = w * share * at[j] * at[j];
      s->n++;
    }
  }
  return PLIM_OK;
}

/* Halve [left, right], no kink inside, until its tests stand still. */
static plim_status survey_piece(survey *q, double left, double right, int depth)
{
  const double middle = 0.5 * (left + right), exact = 2e-14;
  double whole[2], half[2], other[2];
  if (!(right > left))
    return PLIM_OK;
  test_piece(q, left, right, whole);
  test_piece(q, left, middle, half);
  test_piece(q, middle, right, other);
  bool still = true;
  for (int i = 0; i < 2; i++) {
    const double change = fabs(half[i] + other[i] - whole[i]);
    if (!isfinite(change))
      return PLIM_NOT_FINITE;
    still = still && change <= exact;
  }
  if (still || depth >= MOST_DEPTH)
    return keep_piece(q, left, right);
  const plim_status status = survey_piece(q, left, middle, depth + 1);
  return status == PLIM_OK ? survey_piece(q, middle, right, depth + 1) : status;
}

static plim_status survey_line(survey *q)
{
  size_t n_cuts;
  const double *cut = plim_activation_features(q->teacher, &n_cuts);
  const double widest = 2.75;
  double left = q->is_odd ? 0.0 : -end_of_line;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= n_cuts && status == PLIM_OK; i++) {
    const double right = i < n_cuts ? fmin(cut[i], end_of_line) : end_of_line;
    if (right <= left)
      continue;
    const size_t pieces = (size_t)ceil((right - left) / widest);
    const double width = (right - left) / (double)pieces;
    for (size_t j = 0; j < pieces && status == PLIM_OK; j++)
      status = survey_piece(q, left + (double)j * width, left + (double)(j + 1) * width, 0);
    left = right;
  }
  return status;
}

plim_status plimi_labels_alloc(const plimi_input *in, double sharpest, plimi_labels **labels)
{
  plim_status status = PLIM_NO_MEMORY;
  survey q = {.teacher = in->problem->teacher,
              .mean = in->star.mean.value,
              .noise = in->problem->noise,
              .sharpest = fmax(sharpest, 1e-6),
              .is_odd = plim_activation_is_odd(in->problem->teacher)};
  plimi_labels *made = calloc(1, sizeof *made);
  double *storage = calloc(4 * PLIMI_LABEL_POINTS, sizeof *storage);
  q.rule = gsl_integration_glfixed_table_alloc(RULE);
  if (made == NULL || storage == NULL || q.rule == NULL)
    goto done;
  *made = (plimi_labels){.x = storage,
                         .p = storage + PLIMI_LABEL_POINTS,
                         .p1 = storage + 2 * PLIMI_LABEL_POINTS,
                         .p2 = storage + 3 * PLIMI_LABEL_POINTS,
                         .s2 = in->s2.value,
                         .star1 = in->star1.value,
                         .psi1 = in->problem->psi1};
  status = survey_line(&q);
  if (status == PLIM_OK)
    status = plimi_labels_shorten(&q.all, q.sharpest, made);
done:
  samples_clear(&q.all);
  if (q.rule != NULL)
    gsl_integration_glfixed_table_free(q.rule);
  if (status == PLIM_OK) {
    *labels = made;
    return status;
  }
  free(storage);
  free(made);
  return status;
}

void plimi_labels_free(plimi_labels *labels)
{
  if (labels != NULL)
    free(labels->x);
  free(labels);
}
