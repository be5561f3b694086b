/* SPDX-License-Identifier: GPL-3.0-or-later */
/* looks.c - what is drawn next: a pilot, then the replicas that its standard errors call for, then twice as many at
   each further look (plim_looks.h), as long as a value is open and the budget holds.

   The shares of the level are honest only if the size of a look does not depend on the values judged. So the first look
   after the pilot has what every value needs, settled or not, by standard errors and margins alone; and with one value
   open all sizes grow. */
#include "course.h"

#include <math.h>
#include <stdlib.h>

/* Of each size: a standard error from so many is good to 15 %, the replicas it calls for to 30 %. */
enum { PILOT = 25 };
static const double least_factor = 1.5;      /* less would be a look at the same data */
static const double factor_unforeseen = 4.0; /* where no value says how many replicas it needs */
static const double most_replicas = 1e9;

/* The level that is certain to be left at look number `look`, whatever the other values do. */
static double level_at(const plimi_course *course, size_t look)
{
  const double share =
      course->in_looks ? plim_look_share(look < PLIM_MOST_LOOKS ? look : PLIM_MOST_LOOKS - 1) : 1.0;
  return course->settings->level * share / (double)course->members;
}

/* Is the next power so large beside the first, if it is as large as the ratio allows, that with replicas enough the
   limit is that of the fit of both? */
static bool wants_both(const plimi_course *course, const plim_experiment_value *value)
{
  static const double large = 0.5;
  const plim_experiment_settings *settings = course->settings;
  double least = (double)settings->sizes[0];
  for (size_t k = 1; k < settings->n_sizes; k++)
    least = fmin(least, (double)settings->sizes[k]);
  return plimi_terms_of(value) == 1 && settings->n_sizes > 3 &&
         plimi_ratio_of(value) * pow(least, -value->rates[0]) > large;
}

/* How many replicas of each size settle value number i, by what the pilot says. */
static plim_status needs_of(const plimi_course *course, size_t i, const double *cost, double *needed)
{
  const plim_experiment_value *value = &course->experiment->values[i];
  const size_t sizes = course->settings->n_sizes;
  const bool both = wants_both(course, value);
  const double powers[] = {value->rates[0], 2.0 * value->rates[0]};
  const plim_pilot pilot = {.rungs = course->result.rungs + i * sizes,
                            .cost = cost,
                            .count = sizes,
                            .rates = both ? powers : value->rates,
                            .terms = both ? 2 : plimi_terms_of(value)};
  plim_judgement judgement = course->result.findings[i].judgement;
  if (both)
    judgement.neglected_bias = 0.0;
  return plim_replicas_needed(&pilot, &judgement, level_at(course, 1), course->settings->power, needed);
}

static plim_status grow_first(plimi_course *course, const double *cost, double *needed)
{
  const size_t sizes = course->settings->n_sizes;
  double grown = 0.0;
  bool foreseen = false;
  for (size_t i = 0; i < course->experiment->count; i++) {
    if (!plimi_is_judged(&course->result.findings[i]))
      continue;
    const plim_status status = needs_of(course, i, cost, needed);
    if (status == PLIM_OUTSIDE_DOMAIN) /* no number will do, or none is known */
      continue;
    if (status != PLIM_OK)
      return plimi_refuse(course->failure, status, "%s: the replicas that it needs cannot be computed (%s)",
                          course->experiment->values[i].name, plim_status_name(status));
    foreseen = true;
    for (size_t k = 0; k < sizes; k++)
      course->next[k] = (uint64_t)fmax((double)course->next[k], fmin(ceil(needed[k]), most_replicas));
  }
  for (size_t k = 0; k < sizes; k++)
    grown = fmax(grown, (double)course->next[k] / PILOT);
  const double factor = !foreseen ? factor_unforeseen : grown < least_factor ? least_factor : 1.0;
  for (size_t k = 0; k < sizes && factor > 1.0; k++)
    course->next[k] = (uint64_t)ceil(factor * PILOT);
  return PLIM_OK;
}

/* *any: is there a look that something is open for, and that the budget allows? */
static plim_status plan(plimi_course *course, bool *any)
{
  const size_t sizes = course->settings->n_sizes;
  double work = 0.0;
  plim_status status = PLIM_OK;
  *any = false;
  for (size_t i = 0; i < course->experiment->count; i++)
    *any = *any || plimi_course_is_open(course, i);
  if (!*any)
    return PLIM_OK;
  if (course->grown) {
    for (size_t k = 0; k < sizes; k++)
      course->next[k] = (uint64_t)fmin(2.0 * (double)course->next[k], most_replicas);
  } else {
    double *cost = malloc(2 * sizes * sizeof *cost);
    if (cost == NULL)
      return plimi_refuse(course->failure, PLIM_NO_MEMORY, "no memory for the design");
    for (size_t k = 0; k < sizes; k++)
      cost[k] = plimi_course_cost(course, k);
    status = grow_first(course, cost, cost + sizes);
    free(cost);
  }
  for (size_t k = 0; k < sizes; k++)
    work += (double)(course->next[k] - course->result.rungs[k].replicas) * plimi_course_cost(course, k);
  *any = course->spent + work <= course->settings->budget;
  course->grown = course->grown || *any;
  return status;
}

/* Of what is UNDECIDED: by how much all replicas would have to grow. */
static void say_growth(plimi_course *course)
{
  for (size_t i = 0; i < course->experiment->count; i++) {
    plim_experiment_finding *finding = &course->result.findings[i];
    finding->growth = NAN;
    if (!plimi_is_judged(finding) || finding->judgement.verdict != PLIM_UNDECIDED)
      continue;
    finding->growth = INFINITY;
    if (course->misfits[i] > 0 || finding->looks >= PLIM_MOST_LOOKS)
      continue;
    const double needed =
        plim_growth_needed(&finding->judgement, level_at(course, finding->looks), course->settings->power);
    finding->growth = course->in_looks ? fmax(needed, course->grown ? 2.0 : least_factor) : fmax(needed, 1.0);
  }
}

plim_status plimi_course_run(plimi_course *course)
{
  const plim_experiment_settings *settings = course->settings;
  bool any = course->in_looks;
  for (size_t k = 0; k < settings->n_sizes; k++)
    course->next[k] = course->in_looks ? PILOT : settings->replicas;
  plim_status status = plimi_course_draw(course);
  if (status == PLIM_OK)
    status = plimi_course_judge(course, true);
  while (any && status == PLIM_OK) {
    status = plan(course, &any);
    if (any && status == PLIM_OK)
      status = plimi_course_draw(course);
    if (any && status == PLIM_OK)
      status = plimi_course_judge(course, false);
  }
  if (status == PLIM_OK)
    say_growth(course);
  return status;
}
