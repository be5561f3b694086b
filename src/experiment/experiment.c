/* SPDX-License-Identifier: GPL-3.0-or-later */
/* experiment.c - an experiment from its check to its result. */
#include "plim_experiment.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "course.h"

enum { LEAST_SIZES = 3, LEAST_REPLICAS = 2 };

plim_status plimi_refuse(plim_experiment_failure *failure, plim_status status, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  *failure = (plim_experiment_failure){.d = 0};
  vsnprintf(failure->reason, sizeof failure->reason, format, arguments);
  va_end(arguments);
  return status;
}

plim_experiment_settings plim_experiment_settings_default(void)
{
  return (plim_experiment_settings){.replicas = 200,
                                    .budget = INFINITY,
                                    .power = 0.9,
                                    .level = plim_criterion_default().level,
                                    .seed = 1,
                                    .threads = 1};
}

/* ---- what is acceptable: NULL, or the reason ------------------------------------------------------------ */

static const char *fault_of_value(const plim_experiment_value *value, size_t sizes)
{
  const size_t terms = plimi_terms_of(value);
  if (value->name == NULL)
    return "has no name";
  if (plim_relation_symbol(value->relation) == NULL)
    return "has an unknown relation";
  if (terms == 0)
    return "declares no rate";
  for (size_t t = 0; t < PLIM_MOST_TERMS; t++)
    if (!isfinite(value->rates[t]) || value->rates[t] < 0.0 || (t >= terms && value->rates[t] != 0.0) ||
        (t > 0 && t < terms && value->rates[t] <= value->rates[t - 1]))
      return "declares rates that are not ascending and positive";
  if (!isfinite(value->ratio) || value->ratio < 0.0)
    return "declares a ratio that is negative or not finite";
  if (terms > 1 && sizes < terms + 2)
    return "declares more rates than the sizes can tell apart";
  if (!(value->relative_margin >= 0.0) || !(value->absolute_margin >= 0.0) || isinf(value->relative_margin) ||
      isinf(value->absolute_margin))
    return "has a margin that is negative or not finite";
  if (value->relation == PLIM_EQUALS && value->relative_margin == 0.0 && value->absolute_margin == 0.0)
    return "has no margin, and a limit is never found to be a number exactly";
  return NULL;
}

static const char *fault_of_sizes(const plim_experiment_settings *settings)
{
  if (settings->sizes == NULL || settings->n_sizes < LEAST_SIZES)
    return "a ladder has three sizes or more";
  for (size_t k = 0; k < settings->n_sizes; k++)
    for (size_t i = 0; i <= k; i++)
      if (settings->sizes[k] == 0 || (i < k && settings->sizes[i] == settings->sizes[k]))
        return "sizes are positive, and no two are alike";
  return NULL;
}

static const char *fault_of(const plim_experiment *experiment, const plim_experiment_settings *settings)
{
  static const double least_level = 1e-9; /* of plim_criterion */
  if (experiment->name == NULL)
    return "the experiment has no name";
  if (experiment->draw == NULL)
    return "the experiment has no function that draws";
  if (experiment->values == NULL || experiment->count == 0)
    return "the experiment has no values";
  if (!isfinite(experiment->cost_exponent) || experiment->cost_exponent < 0.0)
    return "cost_exponent is negative or not finite";
  if (settings->threads == 0)
    return "there are no threads to draw on";
  if (settings->replicas != 0 && settings->replicas < LEAST_REPLICAS)
    return "two replicas of each size are the least that have a standard error";
  if (!(settings->level >= least_level && settings->level < 0.5))
    return "the level is between 1e-9 and 1/2";
  if (!(settings->budget > 0.0) || !(settings->power >= 0.5 && settings->power < 1.0))
    return "the budget is positive, and 1/2 <= power < 1";
  return fault_of_sizes(settings);
}

static plim_status check(const plim_experiment *experiment, const plim_experiment_settings *settings,
                         plim_experiment_failure *failure)
{
  const char *fault = fault_of(experiment, settings);
  if (fault != NULL)
    return plimi_refuse(failure, PLIM_INVALID, "%s", fault);
  for (size_t i = 0; i < experiment->count; i++) {
    const plim_experiment_value *value = &experiment->values[i];
    fault = fault_of_value(value, settings->n_sizes);
    if (fault != NULL)
      return plimi_refuse(failure, PLIM_INVALID, "value %zu (%s) %s", i,
                          value->name != NULL ? value->name : "?", fault);
  }
  return PLIM_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static plim_status begin(plimi_course *course)
{
  const plim_experiment *experiment = course->experiment;
  const size_t sizes = course->settings->n_sizes, count = experiment->count;
  plim_experiment_result *result = &course->result;
  result->findings = calloc(count, sizeof *result->findings);
  result->rungs = calloc(count, sizes * sizeof *result->rungs);
  result->samples = calloc(sizes, sizeof *result->samples);
  course->predicted = calloc(count, (sizes + 1) * sizeof *course->predicted);
  course->next = calloc(sizes, sizeof *course->next);
  course->misfits = calloc(count, sizeof *course->misfits);
  if (result->findings == NULL || result->rungs == NULL || result->samples == NULL ||
      course->predicted == NULL || course->next == NULL || course->misfits == NULL)
    return plimi_refuse(course->failure, PLIM_NO_MEMORY, "no memory for the result");
  result->count = count;
  result->sizes = sizes;
  for (size_t i = 0; i < count; i++) {
    result->findings[i].name = experiment->values[i].name;
    result->findings[i].relation = experiment->values[i].relation;
  }
  return PLIM_OK;
}

plim_status plim_experiment_run(const plim_experiment *experiment, const plim_experiment_settings *settings,
                                plim_experiment_result *result, plim_experiment_failure *failure)
{
  plim_experiment_failure unasked;
  plimi_course course = {.experiment = experiment,
                         .settings = settings,
                         .failure = failure != NULL ? failure : &unasked,
                         .in_looks = settings->replicas == 0};
  plim_status status = check(experiment, settings, course.failure);
  if (status != PLIM_OK)
    return status;
  status = begin(&course);
  if (status == PLIM_OK)
    status = plimi_course_predict(&course);
  if (status == PLIM_OK && settings->journal != NULL)
    status =
        plimi_records_open(settings->journal, experiment, settings->seed, &course.records, course.failure);
  if (status == PLIM_OK)
    status = plimi_course_try_records(&course);
  if (status == PLIM_OK)
    status = plimi_course_run(&course);
  if (course.records != NULL)
    course.result.spoilt = plimi_records_spoilt(course.records);
  plimi_records_close(course.records);
  free(course.predicted);
  free(course.next);
  free(course.misfits);
  if (status == PLIM_OK) {
    *result = course.result;
  } else {
    course.result.sizes = settings->n_sizes;
    plim_experiment_result_free(&course.result);
  }
  return status;
}

void plim_experiment_result_free(plim_experiment_result *result)
{
  for (size_t k = 0; result->samples != NULL && k < result->sizes; k++)
    free(result->samples[k]);
  free(result->samples);
  free(result->rungs);
  free(result->findings);
  *result = (plim_experiment_result){.findings = NULL};
}

plim_verdict plim_experiment_verdict(const plim_experiment_result *result)
{
  bool all = true, any = false;
  for (size_t i = 0; i < result->count; i++) {
    const plim_experiment_finding *finding = &result->findings[i];
    if (!plimi_is_judged(finding))
      continue;
    if (finding->judgement.verdict == PLIM_DISAGREE)
      return PLIM_DISAGREE;
    any = true;
    all = all && finding->judgement.verdict == PLIM_AGREE;
  }
  return any && all ? PLIM_AGREE : PLIM_UNDECIDED;
}
