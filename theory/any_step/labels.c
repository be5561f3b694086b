/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels.c - the law of the labels y = sigma*(xi) + eps, as a short rule for averages of functions
   of y^2.

   SOURCE. Section 9.2 of theory.md asks for E[xi^i y^j / (1 + r y^2/psi1)], products of two such denominators
   and nothing else of the labels. The rule is derived here.

   NOTATION. xi, eps/noise ~ N(0,1) independent; y centred; c = r/psi1 is the coefficient of y^2, at most
   `sharpest`.
     x, p, p1, p2   E y^2 f(y^2) = sum p f(x),  E xi y f(y^2) = sum p1 f(x),  E xi^2 y^2 f(y^2) = sum p2 f(x)

   NUMERICAL METHOD. The long rule of survey.c, until the sharpest of those functions is integrated to rounding; gauss.c
   makes the short one. The poles are y = +-i/sqrt(c), c <= sharpest: t = +-i pi/2.
   WHY NOTHING CANCELS. p is positive, and so are all the functions.
   ERROR. labels->error: the largest relative difference from the long rule over a ladder of c. */
#include <math.h>
#include <stdlib.h>

#include "any_step.h"

static const double negligible = 1e-30; /* of E y^2: what a point of the long rule must bring */
static const double bluntest = 1e-100;  /* as good as 0 beside 1/y^2 */
static const double right_angle = 1.57079632679489662;

typedef struct {
  double sharpest, s2;
  plimi_label_samples all;
} collection;

/* c y^2/(1 + c y^2) at the sharpest c, and y^2 (1 + xi^2)/(1 + c y^2) at c = 1 and as heavy as it comes, at the
   sharpest c in units of E y^2. */
static void test_at(const void *context, double xi, double y, double value[PLIMI_SURVEY_TESTS])
{
  const collection *q = context;
  const double y2 = y * y, f = 1.0 / (1.0 + q->sharpest * y2);
  value[0] = q->sharpest * y2 * f;
  value[1] = y2 * (1.0 + xi * xi) / (1.0 + y2);
  value[2] = y2 * (1.0 + xi * xi) * f / q->s2;
}

static plim_status keep(void *context, double xi, double y, double weight)
{
  collection *q = context;
  if (!(weight * y * y * (1.0 + xi * xi) > negligible * q->s2))
    return PLIM_OK;
  return plimi_samples_add(&q->all, y * y, weight * y * y, weight * xi * y, weight * xi * xi * y * y);
}

plim_status plimi_labels_alloc(const plimi_input *in, double sharpest, plimi_labels **labels)
{
  plim_status status = PLIM_NO_MEMORY;
  collection q = {
      .sharpest = fmax(sharpest, bluntest), .s2 = in->s2.value, .all = {.strip = 2.0 * right_angle}};
  const plimi_survey survey = {.teacher = in->problem->teacher,
                               .mean = in->star.mean.value,
                               .noise = in->problem->noise,
                               .sharpest = q.sharpest,
                               .angle = right_angle,
                               .by_half = plim_activation_is_odd(in->problem->teacher),
                               .test = test_at,
                               .keep = keep,
                               .context = &q};
  plimi_labels *made = calloc(1, sizeof *made);
  double *storage = calloc(4 * PLIMI_LABEL_POINTS, sizeof *storage);
  if (made == NULL || storage == NULL)
    goto done;
  *made = (plimi_labels){.x = storage,
                         .p = storage + PLIMI_LABEL_POINTS,
                         .p1 = storage + 2 * PLIMI_LABEL_POINTS,
                         .p2 = storage + 3 * PLIMI_LABEL_POINTS,
                         .s2 = in->s2.value,
                         .star1 = in->star1.value,
                         .psi1 = plim_problem_step_psi1(in->problem)};
  status = plimi_survey_line(&survey);
  if (status == PLIM_OK)
    status = plimi_labels_shorten(&q.all, q.sharpest, made);
done:
  plimi_samples_clear(&q.all);
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
