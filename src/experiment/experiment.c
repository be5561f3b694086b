/* SPDX-License-Identifier: GPL-3.0-or-later */
/* experiment.c - an experiment from its beginning to its result. */
#include "plim_experiment.h"

#include <math.h>
#include <stdlib.h>

#include "course.h"

plim_experiment_settings plim_experiment_settings_default(void)
{
  return (plim_experiment_settings){.replicas = 200,
                                    .budget = INFINITY,
                                    .power = 0.9,
                                    .level = plim_criterion_default().level,
                                    .seed = 1,
                                    .threads = 1};
}

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
  plim_status status = plimi_experiment_check(experiment, settings, course.failure);
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
