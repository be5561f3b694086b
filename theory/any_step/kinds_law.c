/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_law.c - the law of (xi, y), y = sigma*(xi) + eps, as a short rule in y.

   METHOD. The long rule of survey.c, until E |y|^4 and E 1/(1 + sharpest y^2) stand still; then Lanczos' short rule
   (gauss.c) in t = asinh(sqrt(sharpest) y), in which the functions to be averaged are analytic in a strip, with the
   density 1 + sharpest y^2: they grow no faster, and its poles are theirs. xi and xi^2 come in as densities of their
   own.
   ERROR. What gauss.c finds between the two rules, for poles at y = +-i/sqrt(c). Others are nearer the real line, and
   how near only the answer says: level.c compares it with that of a rule of more than twice the points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../gaussian_grid.h"
#include "kinds.h"

/* Half the width of that strip that the long rule is made for. The poles are where the pencil of B.2 is singular: for
   one kind y = psi1/a (-1 +- i sqrt((nu3/c2^2)(1 + A)/A + 1/A)) or so, A the answer's precision, nearer the real line
   than 1/sqrt(sharpest) where nu3 is small beside c2^2 and A large. */
static const double strip = 0.15;
static const double bluntest = 1e-6; /* sharpest E y^2: below it the functions are polynomials to rounding */

/* sqrt(sharpest) times the noise: beyond it t has more than 70 units, on which the PLIMI_LABEL_POINTS of the short rule
   leave exp(-2 pi strip 192/70) = 8 %, after seconds for the long one. (Tried: none converges from 1e9 on.) */
static const double longest = 1e15;

/* Of the density's mass: what a point of the long rule must bring. In that density the functions are bounded. */
static const double negligible = 1e-22;

typedef struct {
  double sharpest, s2;
  plimi_label_samples all; /* x: y as long as the line is surveyed */
  double (*moment)[PLIMI_LAW_Y];
} collection;

static void test_at(const void *context, double xi, double y, double value[PLIMI_SURVEY_TESTS])
{
  const collection *q = context;
  value[0] = y * y * y * y;
  value[1] = 1.0 / (1.0 + q->sharpest * y * y); /* beside 1: y^2 f is what is wanted */
  value[2] = xi * xi * y * y;
}

static plim_status keep(void *context, double xi, double y, double weight)
{
  collection *q = context;
  const double grown = weight * (1.0 + q->sharpest * y * y);
  double by_xi = weight;
  for (int i = 0; i < PLIMI_LAW_XI; i++, by_xi *= xi) {
    double term = by_xi;
    for (int j = 0; j < PLIMI_LAW_Y; j++, term *= y)
      q->moment[i][j] += term;
  }
  if (grown * (1.0 + xi * xi) < negligible * (1.0 + q->sharpest * q->s2))
    return PLIM_OK;
  return plimi_samples_add(&q->all, y, grown, grown * xi, grown * xi * xi);
}

/* x of the samples and of the short rule says where y is; and what the long rule says of the tests. */
enum { TESTED = 9, TESTED_AT = 4 };
typedef struct {
  double sharpest, root, least;
  double by_long[TESTED_AT][TESTED], size[TESTED_AT][TESTED];
} scale_of_y;
static const double next_tested = 0.0731; /* the coefficients c: the sharpest, and each this times the last */

static double y_at(const scale_of_y *scale, double x)
{
  return sinh(log1p(scale->sharpest * x) + scale->least) / scale->root;
}

/* E xi^i y^j/(1 + c y^2), i, j <= 2, by a rule with the densities p, and what each is to be judged beside. */
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

static void test_long_rule(const plimi_label_samples *s, scale_of_y *scale)
{
  const double *const by_long[PLIMI_LAW_XI] = {s->p, s->p1, s->p2};
  double c = scale->sharpest;
  for (int k = 0; k < TESTED_AT; k++, c *= next_tested)
    tests_of(scale, s->n, s->x, by_long, c, scale->by_long[k], scale->size[k]);
}

static double difference(const plimi_labels *rule, const void *context)
{
  const scale_of_y *scale = context;
  const double *const by_short[PLIMI_LAW_XI] = {rule->p, rule->p1, rule->p2};
  double worst = 0.0, c = scale->sharpest;
  for (int k = 0; k < TESTED_AT; k++, c *= next_tested) {
    double value[TESTED], ignored[TESTED];
    tests_of(scale, rule->n, rule->x, by_short, c, value, ignored);
    for (int i = 0; i < TESTED; i++)
      worst = fmax(worst, fabs(scale->by_long[k][i] - value[i]) / scale->size[k][i]);
  }
  return worst;
}

/* The short rule in t, as gauss.c makes it in log(1 + sharpest x): x is so chosen that this is t less its least
   value. */
static plim_status shorten(const collection *q, const scale_of_y *scale, size_t least,
                           plimi_law_of_labels *law)
{
  plimi_labels made = {.x = law->y, .p = law->p[0], .p1 = law->p[1], .p2 = law->p[2]};
  const plim_status status = plimi_rule_shorten(&q->all, q->sharpest, least, difference, scale, &made);
  if (status != PLIM_OK)
    return status;
  law->n = made.n;
  law->error = made.error;
  for (size_t j = 0; j < law->n; j++) {
    const double y = y_at(scale, law->y[j]);
    law->y[j] = y;
    for (int i = 0; i < PLIMI_LAW_XI; i++)
      law->p[i][j] /= 1.0 + q->sharpest * y * y;
  }
  return PLIM_OK;
}

static plim_status shorten_twice(collection *q, plimi_law_of_labels *law, plimi_law_of_labels *finer)
{
  scale_of_y scale = {.sharpest = q->sharpest, .root = sqrt(q->sharpest), .least = INFINITY};
  for (size_t i = 0; i < q->all.n; i++)
    scale.least = fmin(scale.least, asinh(scale.root * q->all.x[i]));
  for (size_t i = 0; i < q->all.n; i++)
    q->all.x[i] = expm1(asinh(scale.root * q->all.x[i]) - scale.least) / q->sharpest;
  test_long_rule(&q->all, &scale);
  const plim_status status = shorten(q, &scale, 0, law);
  if (status != PLIM_OK)
    return status;
  memcpy(finer->moment, law->moment, sizeof law->moment);
  return shorten(q, &scale, 2 * law->n + 16, finer);
}

static plimi_law_of_labels *law_with_room(void)
{
  plimi_law_of_labels *made = calloc(1, sizeof *made);
  double *storage = calloc((1 + PLIMI_LAW_XI) * PLIMI_LABEL_POINTS, sizeof *storage);
  if (made == NULL || storage == NULL) {
    free(storage);
    free(made);
    return NULL;
  }
  made->y = storage;
  for (int i = 0; i < PLIMI_LAW_XI; i++)
    made->p[i] = storage + (1 + i) * PLIMI_LABEL_POINTS;
  return made;
}

plim_status plimi_law_alloc(const plimi_input *in, double sharpest, plimi_law_of_labels **law)
{
  if (!plimi_gaussian_has_moment(in->problem->teacher, PLIMI_LAW_Y - 1))
    return PLIM_OUTSIDE_DOMAIN;
  if (sqrt(sharpest) * in->problem->noise > longest)
    return PLIM_NOT_CONVERGED;
  plim_status status = PLIM_NO_MEMORY;
  plimi_law_of_labels *made = law_with_room(), *finer = law_with_room();
  collection q = {
      .sharpest = fmax(sharpest, bluntest / in->s2.value), .s2 = in->s2.value, .all = {.strip = strip}};
  const plimi_survey survey = {.teacher = in->problem->teacher,
                               .mean = in->star.mean.value,
                               .noise = in->problem->noise,
                               .sharpest = q.sharpest,
                               .angle = strip,
                               .test = test_at,
                               .keep = keep,
                               .context = &q};
  if (made != NULL && finer != NULL) {
    q.moment = made->moment;
    made->finer = finer;
    status = plimi_survey_line(&survey);
    if (status == PLIM_OK)
      status = shorten_twice(&q, made, finer);
  }
  plimi_samples_clear(&q.all);
  if (status == PLIM_OK) {
    *law = made;
    return status;
  }
  if (made == NULL || made->finer == NULL)
    plimi_law_free(finer);
  plimi_law_free(made);
  return status;
}

void plimi_law_free(plimi_law_of_labels *law)
{
  if (law == NULL)
    return;
  plimi_law_free(law->finer);
  free(law->y);
  free(law);
}
