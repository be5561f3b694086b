/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checks.c - is what is asked for an experiment? */
#include "checks.h"

#include <limits.h>
#include <math.h>

#include "sim.h"

/* The law of the spiked random features and the order parameters are of a single step, outliers of W2 and what a
   second step gains are of two. Of two batches the ridge regression cannot see "the same" again. */
bool plimi_has_the_steps(const plim_problem *problem, const plim_measurement *measurement)
{
  unsigned needs = 0;
  for (size_t i = 0; i < measurement->n_quantities; i++)
    needs |= plimi_experiment_of(measurement->quantities[i])->needs;
  return ((needs & PLIMI_NEEDS_SINGLE_STEP) == 0 || problem->steps == 1) &&
         ((needs & PLIMI_NEEDS_TWO_STEPS) == 0 || problem->steps == 2) &&
         ((needs & PLIMI_NEEDS_RISK_AT_OTHER) == 0 || problem->ridge_batch == PLIM_RIDGE_FRESH);
}

/* Are the integers of the batches those that the problem states, each rounded to a whole sample one way or the
   other? psi1 and psi2 are not asked: n and N say all about them, but what is shared with whom stands in the
   problem. */
static bool is_stated(const plim_problem *problem, const plim_size *size)
{
  static const double half = 0.5 + 1e-6; /* of a sample, and the rounding of a ratio times a dimension */
  const size_t step_n = plim_size_step_n(size);
  const double n = (double)size->n, d = (double)size->d, shared = (double)size->shared;
  if (problem->ridge_batch == PLIM_RIDGE_FRESH) {
    const double samples = problem->step_psi1 > 0.0 ? fmax(1.0, problem->step_psi1 * d) : n;
    return size->shared == 0 && fabs((double)step_n - samples) <= half;
  }
  if (size->shared > size->n || size->shared > step_n || fabs(shared - problem->overlap * n) > half)
    return false;
  return fabs((double)step_n - fmax(1.0, shared + problem->extra * d)) <= half;
}

plim_status plimi_check_experiment(const plim_problem *problem, const plim_simulation *simulation)
{
  plim_problem sized = *problem;
  sized.psi1 = sized.psi2 = sized.lambda = 1.0; /* the simulation has sizes and a path instead */
  const plim_size *size = &simulation->size;
  if (plim_problem_validate(&sized, NULL) != PLIM_OK || plim_features_name(simulation->features) == NULL ||
      plim_precision_name(simulation->precision) == NULL)
    return PLIM_INVALID;
  if (simulation->precision == PLIM_PRECISION_SINGLE && simulation->device != NULL)
    return PLIM_INVALID;
  if (size->n == 0 || size->d == 0 || size->width == 0 || simulation->replicas == 0 ||
      simulation->threads == 0)
    return PLIM_INVALID;
  if (simulation->replicas - 1 > PLIMI_STREAM_MAX_REPLICA || problem->steps - 1 > PLIMI_STREAM_MAX_INDEX)
    return PLIM_INVALID;
  if (!is_stated(problem, size))
    return PLIM_INVALID;
  const size_t most = INT_MAX;
  if (size->n > most || size->d > most || size->width > most || size->step_n > most ||
      simulation->test_points > most)
    return PLIM_OVERFLOW;
  return PLIM_OK;
}

plim_status plimi_check_measurement(const plim_measurement *measurement)
{
  if (measurement->n_quantities == 0 || measurement->n_lambda == 0)
    return PLIM_INVALID;
  for (size_t i = 0; i < measurement->n_quantities; i++)
    if (plim_experiment_describe(measurement->quantities[i]) == NULL)
      return PLIM_INVALID;
  for (size_t l = 0; l < measurement->n_lambda; l++)
    if (!isfinite(measurement->lambda[l]) || measurement->lambda[l] < 0.0)
      return PLIM_INVALID;
  return measurement->n_quantities > INT_MAX || measurement->n_lambda > INT_MAX ? PLIM_OVERFLOW : PLIM_OK;
}
