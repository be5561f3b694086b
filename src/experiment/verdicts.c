/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdicts.c - the rungs, the fit and the verdict of each value, and Holm's correction over all of them. */
#include "course.h"

#include <math.h>
#include <stdlib.h>

enum { MISFITS = 2 }; /* looks running with a lack of fit: it is not chance, and replicas do not mend it */

bool plimi_is_judged(const plim_experiment_finding *finding)
{
  return finding->relation != PLIM_REPORTED;
}

bool plimi_course_is_open(const plimi_course *course, size_t value)
{
  const plim_experiment_finding *finding = &course->result.findings[value];
  const plim_judgement *judgement = &finding->judgement;
  return course->in_looks && plimi_is_judged(finding) && judgement->verdict == PLIM_UNDECIDED &&
         finding->looks < PLIM_MOST_LOOKS && course->misfits[value] < MISFITS &&
         (judgement->of_bound || judgement->numerical_error < judgement->margin);
}

/* mean(d) - predicted(d) + predicted(INFINITY): what the ratios drawn miss is taken off. */
static plim_status set_rungs(plimi_course *course, size_t i)
{
  const plim_experiment *experiment = course->experiment;
  const size_t sizes = course->settings->n_sizes, count = experiment->count;
  const double limit = course->predicted[sizes * count + i].value;
  for (size_t k = 0; k < sizes; k++) {
    plim_rung *rung = &course->result.rungs[i * sizes + k];
    plim_estimate estimate;
    const plim_status status =
        plim_estimate_from_samples(course->result.samples[k] + i, count, rung->replicas, &estimate);
    if (status != PLIM_OK)
      return plimi_refuse(course->failure, status, "%s at d = %zu: %s", experiment->values[i].name,
                          course->settings->sizes[k], plim_status_meaning(status));
    if (!(estimate.error > 0.0))
      return plimi_refuse(course->failure, PLIM_INVALID,
                          "%s is the same in every replica at d = %zu: there is no error to judge by",
                          experiment->values[i].name, course->settings->sizes[k]);
    *rung = (plim_rung){.d = (double)course->settings->sizes[k],
                        .value = estimate.mean - course->predicted[k * count + i].value + limit,
                        .error = estimate.error,
                        .replicas = estimate.replicas};
  }
  return PLIM_OK;
}

static plim_status fit(const plimi_course *course, size_t i, plim_extrapolation *made)
{
  const plim_experiment_value *value = &course->experiment->values[i];
  const size_t sizes = course->settings->n_sizes, terms = plimi_terms_of(value);
  const plim_rung *rungs = course->result.rungs + i * sizes;
  const plim_status status =
      terms == 1 ? plim_extrapolate_covered(rungs, sizes, value->rates[0], plimi_ratio_of(value), made)
                 : plim_extrapolate_terms(rungs, sizes, value->rates, terms, made);
  if (status == PLIM_OK)
    return PLIM_OK;
  return plimi_refuse(course->failure, status, "%s: these sizes and errors allow no fit of its rates (%s)",
                      value->name, plim_status_name(status));
}

static plim_status judge(plimi_course *course, size_t i)
{
  const plim_experiment_value *value = &course->experiment->values[i];
  plim_experiment_finding *finding = &course->result.findings[i];
  const plim_judgement before = finding->judgement;
  const size_t looks = finding->looks;
  plim_criterion criterion = plim_criterion_default();
  plim_judgement now;
  plim_status status;
  criterion.relative_margin = value->relative_margin;
  criterion.absolute_margin = value->absolute_margin;
  criterion.level = course->settings->level;
  criterion.reserved = course->in_looks ? 1.0 - plim_look_share(looks) : 0.0;
  if (value->relation == PLIM_EQUALS)
    status = plim_judge(&finding->fit, &finding->predicted, &criterion, &now);
  else
    status = plim_judge_bound(&finding->fit, &finding->predicted,
                              value->relation == PLIM_AT_LEAST ? PLIM_LOWER_BOUND_OF : PLIM_UPPER_BOUND_OF,
                              &criterion, &now);
  if (status == PLIM_OK && course->in_looks)
    status = plim_judge_after(&now, looks > 0 ? &before : NULL, criterion.fit_level);
  if (status != PLIM_OK)
    return plimi_refuse(course->failure, status,
                        "%s cannot be judged with its prediction, margin and level (%s)", value->name,
                        plim_status_name(status));
  finding->judgement = now;
  finding->looks = course->in_looks ? looks + 1 : 0;
  course->misfits[i] = now.fit_p < criterion.fit_level ? course->misfits[i] + 1 : 0;
  return PLIM_OK;
}

static plim_status judge_family(plimi_course *course)
{
  const size_t count = course->experiment->count;
  plim_experiment_finding *findings = course->result.findings;
  plim_criterion criterion = plim_criterion_default();
  plim_judgement *family = malloc(count * sizeof *family);
  plim_status status = PLIM_OK;
  if (family == NULL)
    return plimi_refuse(course->failure, PLIM_NO_MEMORY, "no memory for the verdicts");
  criterion.level = course->settings->level;
  course->members = 0;
  for (size_t i = 0; i < count; i++)
    if (plimi_is_judged(&findings[i]))
      family[course->members++] = findings[i].judgement;
  if (course->members > 0)
    status = plim_judge_family(family, course->members, &criterion);
  for (size_t i = 0, member = 0; i < count && status == PLIM_OK; i++)
    if (plimi_is_judged(&findings[i]))
      findings[i].judgement = family[member++];
  free(family);
  return status == PLIM_OK ? status
                           : plimi_refuse(course->failure, status, "the values cannot be judged together");
}

plim_status plimi_course_judge(plimi_course *course, bool first)
{
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < course->experiment->count && status == PLIM_OK; i++) {
    plim_experiment_finding *finding = &course->result.findings[i];
    if (!first && plimi_is_judged(finding) && !plimi_course_is_open(course, i))
      continue; /* what is settled stays as it was when it was */
    status = set_rungs(course, i);
    if (status == PLIM_OK)
      status = fit(course, i, &finding->fit);
    if (status == PLIM_OK && plimi_is_judged(finding))
      status = judge(course, i);
  }
  return status == PLIM_OK ? judge_family(course) : status;
}
