/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - the one list of limits, and plim_limit. */
#include "theory.h"

#include "bounded.h"
#include "gsl_errors.h"

/* plim list, plim cite, the tests and the manual read the same strings, in the order of the list of names. */
static const plimi_limit *const *const subjects[] = {
    plimi_gradient_limits,   plimi_step_scaling_limits, plimi_fixed_point_limits, plimi_small_step_limits,
    plimi_same_batch_limits, plimi_any_step_limits,     plimi_weights_limits,     plimi_spectrum_limits,
    plimi_staircase_limits,  plimi_two_steps_limits,    plimi_two_risks_limits,   plimi_kernels_limits,
    plimi_large_step_limits, plimi_student_limits,
};

const plimi_limit *plimi_limit_entry(plim_quantity quantity)
{
  for (size_t s = 0; s < sizeof subjects / sizeof *subjects; s++)
    for (const plimi_limit *const *limit = subjects[s]; *limit != NULL; limit++)
      if ((*limit)->info.quantity == quantity)
        return *limit;
  return NULL;
}

const plim_limit_info *plim_limit_describe(plim_quantity quantity)
{
  const plimi_limit *limit = plimi_limit_entry(quantity);
  return limit != NULL ? &limit->info : NULL;
}

plim_status plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                       plim_value *value)
{
  const plimi_limit *limit = plimi_limit_entry(quantity);
  if (theory == NULL || problem == NULL || limit == NULL)
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  plimi_input in;
  plim_value made;
  plim_status status = plimi_input_prepare(theory, problem, limit->reads, &in);
  if (status == PLIM_OK)
    status = limit->evaluate(&in, &made);
  if (status != PLIM_OK)
    return status;
  if (!isfinite(made.value))
    return PLIM_NOT_FINITE;
  if (!isfinite(made.error)) /* a divisor that its own error does not tell from 0 */
    return PLIM_NOT_CONVERGED;
  *value = made;
  return PLIM_OK;
}
