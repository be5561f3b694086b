/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.c - the sizes of an experiment: predictions at them, replicas of them, each drawn once. */
#include "course.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double plimi_course_cost(const plimi_course *course, size_t k)
{
  const plim_experiment_settings *settings = course->settings;
  size_t least = settings->sizes[0];
  for (size_t i = 1; i < settings->n_sizes; i++)
    least = settings->sizes[i] < least ? settings->sizes[i] : least;
  return pow((double)settings->sizes[k] / (double)least, course->experiment->cost_exponent);
}

/* ---- predictions ---------------------------------------------------------------------------------------- */

static plim_status predict_at(const plimi_course *course, double d, plim_value *predicted)
{
  const plim_experiment *experiment = course->experiment;
  const char *where = isinf(d) ? "in the limit" : "at a size";
  for (size_t i = 0; i < experiment->count; i++)
    predicted[i] = experiment->predict != NULL ? (plim_value){NAN, 0.0} : experiment->values[i].predicted;
  if (experiment->predict != NULL) {
    const int returned = (int)experiment->predict(experiment->context, d, predicted);
    if (returned != PLIM_OK)
      return plimi_refuse(course->failure,
                          returned > 0 && returned < PLIM_STATUS_COUNT ? (plim_status)returned : PLIM_FAILED,
                          "predict returned %d %s", returned, where);
  }
  for (size_t i = 0; i < experiment->count; i++) {
    if (experiment->values[i].relation == PLIM_REPORTED)
      predicted[i] = (plim_value){0.0, 0.0}; /* nothing is said of it */
    if (!isfinite(predicted[i].value) || !isfinite(predicted[i].error) || predicted[i].error < 0.0)
      return plimi_refuse(course->failure, PLIM_NOT_FINITE,
                          "the prediction of %s %s has no finite value and error", experiment->values[i].name,
                          where);
  }
  return PLIM_OK;
}

plim_status plimi_course_predict(plimi_course *course)
{
  const size_t sizes = course->settings->n_sizes, count = course->experiment->count;
  plim_status status = predict_at(course, INFINITY, course->predicted + sizes * count);
  for (size_t k = 0; k < sizes && status == PLIM_OK; k++)
    status = predict_at(course, (double)course->settings->sizes[k], course->predicted + k * count);
  for (size_t i = 0; i < count && status == PLIM_OK; i++)
    course->result.findings[i].predicted = course->predicted[sizes * count + i];
  return status;
}

/* ---- replicas ------------------------------------------------------------------------------------------- */

typedef struct {
  plimi_course *course;
  size_t k;
  size_t known; /* so many of the first replicas are in memory */
} place;

static bool recall(void *of, size_t replica, double *values)
{
  const place *at = of;
  plimi_course *course = at->course;
  const size_t count = course->experiment->count;
  if (replica < at->known) {
    memcpy(values, course->result.samples[at->k] + replica * count, count * sizeof *values);
    return true;
  }
  const plimi_record *kept =
      course->records == NULL ? NULL
                              : plimi_records_find(course->records, course->settings->sizes[at->k], replica);
  if (kept == NULL)
    return false;
  memcpy(values, kept->values, count * sizeof *values);
  course->result.recalled++;
  course->done++;
  return true;
}

static bool record(void *of, size_t replica, const double *values)
{
  const place *at = of;
  plimi_course *course = at->course;
  course->result.drawn++;
  course->done++;
  if (course->records == NULL ||
      plimi_records_keep(course->records, course->settings->sizes[at->k], replica, values))
    return true;
  course->write_error = errno;
  return false;
}

static bool cancelled(void *of)
{
  const place *at = of;
  const plim_experiment_settings *settings = at->course->settings;
  return settings->cancelled != NULL &&
         settings->cancelled(settings->hooks_context, at->course->done, at->course->planned);
}

static plim_status explain(const plimi_course *course, plim_status status, const plim_draw_failure *failed,
                           size_t d)
{
  const plim_experiment *experiment = course->experiment;
  if (failed->replica == SIZE_MAX) {
    if (status == PLIM_FAILED)
      return plimi_refuse(course->failure, course->write_error == ENOMEM ? PLIM_NO_MEMORY : PLIM_FAILED,
                          "%s cannot be written: %s", course->settings->journal,
                          strerror(course->write_error));
    return plimi_refuse(course->failure, status, "at d = %zu: %s", d, plim_status_meaning(status));
  }
  if (failed->value < experiment->count)
    (void)plimi_refuse(course->failure, status, "draw at d = %zu, replica %zu: %s is not finite", d,
                       failed->replica, experiment->values[failed->value].name);
  else
    (void)plimi_refuse(course->failure, status, "draw at d = %zu, replica %zu returned %d (%s)", d,
                       failed->replica, failed->returned, plim_status_name(status));
  course->failure->d = d;
  course->failure->replica = failed->replica;
  return status;
}

static plim_draws draws_of(const plimi_course *course, size_t d, size_t replicas)
{
  const plim_experiment_settings *settings = course->settings;
  return (plim_draws){.draw = course->experiment->draw,
                      .context = course->experiment->context,
                      .d = d,
                      .values = course->experiment->count,
                      .replicas = replicas,
                      .seed = settings->seed,
                      .threads = settings->threads};
}

/* Size number k. */
static plim_status draw_size(plimi_course *course, size_t k)
{
  const size_t count = course->experiment->count, d = course->settings->sizes[k];
  place at = {.course = course, .k = k, .known = course->result.rungs[k].replicas};
  const plim_simulation_hooks hooks = {
      .context = &at, .recall = recall, .record = record, .cancelled = cancelled};
  const plim_draws draws = draws_of(course, d, (size_t)course->next[k]);
  plim_draw_failure failed = {.replica = SIZE_MAX};
  if (course->next[k] <= at.known)
    return PLIM_OK;
  if (draws.replicas > PTRDIFF_MAX / sizeof(double) / count)
    return plimi_refuse(course->failure, PLIM_OVERFLOW, "at d = %zu: %s", d,
                        plim_status_meaning(PLIM_OVERFLOW));
  double *samples = malloc(draws.replicas * count * sizeof *samples);
  if (samples == NULL)
    return plimi_refuse(course->failure, PLIM_NO_MEMORY, "no memory for %zu replicas", draws.replicas);
  const plim_status status = plim_draw(&draws, &hooks, samples, &failed);
  if (status != PLIM_OK) {
    free(samples);
    return explain(course, status, &failed, d);
  }
  free(course->result.samples[k]);
  course->result.samples[k] = samples;
  for (size_t i = 0; i < count; i++)
    course->result.rungs[i * course->settings->n_sizes + k].replicas = draws.replicas;
  return PLIM_OK;
}

plim_status plimi_course_draw(plimi_course *course)
{
  plim_status status = PLIM_OK;
  for (size_t k = 0; k < course->settings->n_sizes; k++) {
    const size_t known = course->result.rungs[k].replicas;
    const size_t more = course->next[k] > known ? (size_t)course->next[k] - known : 0;
    course->planned += more;
    course->spent += (double)more * plimi_course_cost(course, k);
  }
  for (size_t k = 0; k < course->settings->n_sizes && status == PLIM_OK; k++)
    status = draw_size(course, k);
  return status;
}

/* ---- is the journal of this experiment? ----------------------------------------------------------------- */

static bool all_but_one(void *of, size_t replica, double *values)
{
  const plimi_record *one = of;
  (void)values;
  return replica != one->replica;
}

/* Another processor or BLAS moves the last digits, another function or other parameters more than this. */
static const double same_draw = 1e-6;

plim_status plimi_course_try_records(const plimi_course *course)
{
  const plimi_record *kept = course->records == NULL ? NULL : plimi_records_first(course->records);
  const size_t count = course->experiment->count;
  if (kept == NULL)
    return PLIM_OK;
  plimi_record one = *kept;
  const plim_simulation_hooks hooks = {.context = &one, .recall = all_but_one};
  plim_draws draws = draws_of(course, one.d, one.replica + 1);
  plim_draw_failure failed = {.replica = SIZE_MAX};
  draws.threads = 1;
  double *samples = malloc(draws.replicas * count * sizeof *samples), largest = 0.0;
  if (samples == NULL)
    return plimi_refuse(course->failure, PLIM_NO_MEMORY, "no memory for %zu replicas", draws.replicas);
  plim_status status = plim_draw(&draws, &hooks, samples, &failed);
  if (status != PLIM_OK)
    status = explain(course, status, &failed, one.d);
  const double *anew = samples + one.replica * count;
  for (size_t i = 0; i < count && status == PLIM_OK; i++)
    largest = fmax(largest, fmax(fabs(anew[i]), fabs(one.values[i])));
  for (size_t i = 0; i < count && status == PLIM_OK; i++)
    if (!(fabs(anew[i] - one.values[i]) <= same_draw * largest))
      status =
          plimi_refuse(course->failure, PLIM_INVALID,
                       "%s holds draws of another function: %s of replica %zu at d = %zu is another now",
                       course->settings->journal, course->experiment->values[i].name, one.replica, one.d);
  free(samples);
  return status;
}
