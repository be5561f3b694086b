/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.c - what an experiment and its settings may be, and how a reason is written down. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

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

size_t plimi_terms_of(const plim_experiment_value *value)
{
  size_t terms = 0;
  while (terms < PLIM_MOST_TERMS && value->rates[terms] > 0.0)
    terms++;
  return terms;
}

double plimi_ratio_of(const plim_experiment_value *value)
{
  return value->ratio > 0.0 ? value->ratio : PLIM_USUAL_RATIO;
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

plim_status plimi_experiment_check(const plim_experiment *experiment,
                                   const plim_experiment_settings *settings, plim_experiment_failure *failure)
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
