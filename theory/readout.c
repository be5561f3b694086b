/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readout.c - what limits ask of the law of zeta beyond E zeta^2 = 1, which plim_problem_validate has seen to. */
#include <float.h>
#include <math.h>

#include "theory.h"

static const double rounding = 8.0 * DBL_EPSILON; /* of values and chances that plim_atoms_read has scaled */

static bool is_about(double x, double expected)
{
  return fabs(x - expected) <= rounding;
}

plim_readout plimi_readout_of(const plim_problem *problem)
{
  if (problem->readout != PLIM_READOUT_ATOMS)
    return problem->readout;
  const plim_atoms *atoms = problem->atoms;
  if (atoms->count == 1 && is_about(atoms->value[0], 1.0))
    return PLIM_READOUT_CONSTANT;
  if (atoms->count == 2 && is_about(atoms->value[0], -1.0) && is_about(atoms->value[1], 1.0) &&
      is_about(atoms->probability[0], 0.5))
    return PLIM_READOUT_RADEMACHER;
  return PLIM_READOUT_ATOMS;
}

plim_value plimi_readout_mean(const plim_problem *problem)
{
  const plim_readout readout = plimi_readout_of(problem);
  if (readout != PLIM_READOUT_ATOMS)
    return v_exact(readout == PLIM_READOUT_CONSTANT ? 1.0 : 0.0);
  plim_value mean = v_exact(0.0);
  for (size_t i = 0; i < problem->atoms->count; i++) {
    const double term = problem->atoms->probability[i] * problem->atoms->value[i];
    mean.value += term;
    mean.error += rounding * fabs(term);
  }
  return fabs(mean.value) <= mean.error ? v_exact(0.0) : mean; /* typed as 0 */
}

bool plimi_has_norm_mode(const plim_problem *problem)
{
  return plimi_readout_mean(problem).value != 0.0 && !plim_activation_is_odd(problem->activation);
}

/* psi2 (E sigma'')^2/2 */
plimi_wide plimi_norm_mode_of(const plimi_input *in)
{
  if (!plimi_has_norm_mode(in->problem))
    return w_exact(0.0);
  return w_scale(0.5 * in->problem->psi2, w_square(w_of(in->sigma.c2)));
}
