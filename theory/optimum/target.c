/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.c - the function that a search minimises: a limit, times the sign of its goal. */
#include <math.h>

#include "optimum.h"

void plimi_target_set(plimi_target *target, plimi_axis axis, double x)
{
  if (axis == PLIMI_AXIS_LAMBDA)
    target->here.lambda = x;
  else
    target->here.eta = fmin(x, PLIMI_ENDLESS_STEP);
}

plim_status plimi_target_value(plimi_target *target, plim_value *value)
{
  const plim_status status = plim_limit(target->theory, target->quantity, &target->here, value);
  if (status == PLIM_OK)
    value->value *= target->sign;
  return status;
}

plim_status plimi_target_at(plimi_target *target, plimi_axis axis, double x, plim_value *value)
{
  plimi_target_set(target, axis, x);
  return plimi_target_value(target, value);
}
