/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "reconcile.h"

#include "../terminal/message.h"

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

static int refuse(const char *what)
{
  plimi_complain("%s", what);
  return PLIM_EXIT_USAGE;
}

static int reconcile_batches(plimi_settings *s)
{
  const bool again = s->overlap.count > 0 || s->extra.count > 0;
  const char *name = s->overlap.count > 0 ? "overlap" : "extra";
  if (again && s->ridge_batch.count == 0) {
    s->ridge_batch.values = plimi_allocate(1, sizeof *s->ridge_batch.values);
    s->ridge_batch.values[s->ridge_batch.count++] = PLIM_RIDGE_SAME;
  }
  if (again && has(&s->ridge_batch, PLIM_RIDGE_FRESH)) {
    plimi_complain("--%s says how much of the gradient's batch the ridge regression sees again; "
                   "--ridge-batch fresh sees "
                   "nothing of it: give --ridge-batch same, or leave one out",
                   name);
    return PLIM_EXIT_USAGE;
  }
  if (!has(&s->ridge_batch, PLIM_RIDGE_SAME))
    return PLIM_EXIT_DONE;
  if (s->step_psi1.count > 0)
    return refuse(
        "--step-psi1 is for a fresh ridge batch; where it is the same, --overlap and --extra say how many "
        "pairs the gradient's batch has");
  if (has_zero(&s->overlap, false) && has_zero(&s->extra, true))
    return refuse("--overlap 0 with --extra 0 leaves the gradient's batch empty; give an --extra above 0");
  bool several = false;
  for (size_t i = 0; i < s->steps.count; i++)
    several = several || s->steps.values[i] > 1;
  if (several && has(&s->batch, PLIM_BATCH_FRESH))
    return refuse("--ridge-batch same needs one batch that all steps use: give --batch same, or --steps 1");
  return PLIM_EXIT_DONE;
}

int plimi_settings_reconcile(plimi_settings *settings)
{
  for (size_t i = 0; i < settings->steps.count && settings->eta_second.count > 0; i++)
    if (settings->steps.values[i] != 2)
      return refuse("--eta-second is the size of the second of two steps: give --steps 2");
  return reconcile_batches(settings);
}
