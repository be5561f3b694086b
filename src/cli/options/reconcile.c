/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "reconcile.h"

static bool has(const plimi_choices *choices, unsigned choice)
{
  for (size_t i = 0; i < choices->count; i++)
    if (choices->values[i] == choice)
      return true;
  return false;
}

static bool has_zero(const plimi_numbers *numbers, bool by_default)
{
  for (size_t i = 0; i < numbers->count; i++)
    if (numbers->values[i] == 0.0)
      return true;
  return numbers->count == 0 && by_default;
}

static bool refuse(plimi_message *why, const char *words)
{
  plimi_message_set(why, "%s", words);
  return false;
}

static bool has_several_steps(const plimi_settings *s)
{
  for (size_t i = 0; i < s->steps.count; i++)
    if (s->steps.values[i] > 1)
      return true;
  return false;
}

/* As plimi_product_at has it, --overlap and --extra imply --ridge-batch same. */
static bool batches_agree(const plimi_settings *s, plimi_message *why)
{
  const bool again = s->overlap.count > 0 || s->extra.count > 0;
  if (again && has(&s->ridge_batch, PLIM_RIDGE_FRESH))
    return refuse(
        why, "--overlap and --extra say how much of the gradient's batch the ridge regression sees again; "
             "--ridge-batch fresh sees nothing of it: give --ridge-batch same, or leave one out");
  if (!again && !has(&s->ridge_batch, PLIM_RIDGE_SAME))
    return true;
  if (s->step_psi1.count > 0)
    return refuse(
        why, "--step-psi1 is for a fresh ridge batch; where it is the same, --overlap and --extra say how "
             "many pairs the gradient's batch has");
  if (has_zero(&s->overlap, false) && has_zero(&s->extra, true))
    return refuse(why,
                  "--overlap 0 with --extra 0 leaves the gradient's batch empty; give an --extra above 0");
  if (has_several_steps(s) && has(&s->batch, PLIM_BATCH_FRESH))
    return refuse(why,
                  "--ridge-batch same needs one batch that all steps use: give --batch same, or --steps 1");
  return true;
}

bool plimi_settings_agree(const plimi_settings *settings, plimi_message *why)
{
  if (settings->quiet && settings->verbose)
    return refuse(why, "--quiet and --verbose contradict each other: leave one out");
  for (size_t i = 0; i < settings->steps.count; i++) {
    if (settings->steps.values[i] == 2)
      continue;
    if (settings->eta_second.count > 0)
      return refuse(why, "--eta-second is the size of the second of two steps: give --steps 2");
    if (settings->eta_second_exponent.count > 0)
      return refuse(why, "--eta-second-exponent is of the second of two steps: give --steps 2");
  }
  return batches_agree(settings, why);
}
