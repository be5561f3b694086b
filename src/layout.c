/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.c - how the structures of the interface lie in memory; tests/check_layout.c finds a member that is missing
   here. */
#include "plim_layout.h"

#include <stdbool.h>

#include "plim.h"

#define TYPE(x)                                                                                              \
  _Generic((x), double                                                                                       \
           : "double", bool                                                                                  \
           : "bool", int                                                                                     \
           : "integer", unsigned                                                                             \
           : "integer", unsigned long                                                                        \
           : "integer", unsigned long long                                                                   \
           : "integer", plim_size                                                                            \
           : "plim_size", default                                                                            \
           : "pointer")
#define WHOLE(structure)                                                                                     \
  {                                                                                                          \
#structure, "", "structure", 0, sizeof(structure)                                                        \
  }
#define MEMBER(structure, member)                                                                            \
  {                                                                                                          \
#structure, #member, TYPE(((structure *)0)->member), offsetof(structure, member),                        \
        sizeof(((structure *)0)->member)                                                                     \
  }

#define ARRAY(structure, member, type)                                                                       \
  {                                                                                                          \
#structure, #member, type, offsetof(structure, member), sizeof(((structure *)0)->member)                 \
  }

static const plim_member members[] = {
    WHOLE(plim_value),
    MEMBER(plim_value, value),
    MEMBER(plim_value, error),
    WHOLE(plim_estimate),
    MEMBER(plim_estimate, mean),
    MEMBER(plim_estimate, error),
    MEMBER(plim_estimate, std),
    MEMBER(plim_estimate, replicas),
    WHOLE(plim_size),
    MEMBER(plim_size, n),
    MEMBER(plim_size, d),
    MEMBER(plim_size, width),
    MEMBER(plim_size, step_n),
    MEMBER(plim_size, shared),
    WHOLE(plim_problem),
    MEMBER(plim_problem, psi1),
    MEMBER(plim_problem, psi2),
    MEMBER(plim_problem, lambda),
    MEMBER(plim_problem, eta),
    MEMBER(plim_problem, eta_exponent),
    MEMBER(plim_problem, noise),
    MEMBER(plim_problem, d),
    MEMBER(plim_problem, steps),
    MEMBER(plim_problem, batch),
    MEMBER(plim_problem, readout),
    MEMBER(plim_problem, activation),
    MEMBER(plim_problem, teacher),
    MEMBER(plim_problem, atoms),
    MEMBER(plim_problem, eta_second),
    MEMBER(plim_problem, ridge_batch),
    MEMBER(plim_problem, overlap),
    MEMBER(plim_problem, extra),
    MEMBER(plim_problem, step_psi1),
    MEMBER(plim_problem, inputs),
    MEMBER(plim_problem, eta_second_exponent),
    WHOLE(plim_atoms),
    MEMBER(plim_atoms, count),
    ARRAY(plim_atoms, value, "doubles"),
    ARRAY(plim_atoms, probability, "doubles"),
    ARRAY(plim_atoms, name, "text"),
    WHOLE(plim_rows),
    MEMBER(plim_rows, values),
    MEMBER(plim_rows, count),
    MEMBER(plim_rows, columns),
    WHOLE(plim_activation_function),
    MEMBER(plim_activation_function, name),
    MEMBER(plim_activation_function, values),
    MEMBER(plim_activation_function, context),
    MEMBER(plim_activation_function, kinks),
    MEMBER(plim_activation_function, n_kinks),
    WHOLE(plim_limit_info),
    MEMBER(plim_limit_info, quantity),
    MEMBER(plim_limit_info, source),
    MEMBER(plim_limit_info, keys),
    MEMBER(plim_limit_info, statement),
    MEMBER(plim_limit_info, domain),
    MEMBER(plim_limit_info, drift_rate),
    WHOLE(plim_experiment_info),
    MEMBER(plim_experiment_info, quantity),
    MEMBER(plim_experiment_info, method),
    MEMBER(plim_experiment_info, uses_lambda),
    WHOLE(plim_simulation),
    MEMBER(plim_simulation, size),
    MEMBER(plim_simulation, replicas),
    MEMBER(plim_simulation, seed),
    MEMBER(plim_simulation, threads),
    MEMBER(plim_simulation, test_points),
    MEMBER(plim_simulation, features),
    MEMBER(plim_simulation, processes),
    MEMBER(plim_simulation, neighbours),
    MEMBER(plim_simulation, precision),
    MEMBER(plim_simulation, device),
    WHOLE(plim_measurement),
    MEMBER(plim_measurement, quantities),
    MEMBER(plim_measurement, n_quantities),
    MEMBER(plim_measurement, lambda),
    MEMBER(plim_measurement, n_lambda),
    WHOLE(plim_simulation_hooks),
    MEMBER(plim_simulation_hooks, context),
    MEMBER(plim_simulation_hooks, recall),
    MEMBER(plim_simulation_hooks, record),
    MEMBER(plim_simulation_hooks, cancelled),
    MEMBER(plim_simulation_hooks, gather),
    WHOLE(plim_memory),
    MEMBER(plim_memory, needed),
    MEMBER(plim_memory, available),
    WHOLE(plim_rung),
    MEMBER(plim_rung, d),
    MEMBER(plim_rung, value),
    MEMBER(plim_rung, error),
    MEMBER(plim_rung, replicas),
    WHOLE(plim_extrapolation),
    MEMBER(plim_extrapolation, limit),
    MEMBER(plim_extrapolation, limit_error),
    MEMBER(plim_extrapolation, degrees),
    MEMBER(plim_extrapolation, drift),
    MEMBER(plim_extrapolation, drift_error),
    MEMBER(plim_extrapolation, rate),
    MEMBER(plim_extrapolation, drift_at_last),
    MEMBER(plim_extrapolation, next_gain),
    MEMBER(plim_extrapolation, chi2),
    MEMBER(plim_extrapolation, fit_p),
    MEMBER(plim_extrapolation, terms),
    MEMBER(plim_extrapolation, rungs),
    MEMBER(plim_extrapolation, neglected),
    MEMBER(plim_extrapolation, ratio),
    MEMBER(plim_extrapolation, next_bound),
    MEMBER(plim_extrapolation, share),
    WHOLE(plim_criterion),
    MEMBER(plim_criterion, relative_margin),
    MEMBER(plim_criterion, absolute_margin),
    MEMBER(plim_criterion, level),
    MEMBER(plim_criterion, fit_level),
    MEMBER(plim_criterion, reserved),
    WHOLE(plim_judgement),
    MEMBER(plim_judgement, verdict),
    MEMBER(plim_judgement, difference),
    MEMBER(plim_judgement, margin),
    MEMBER(plim_judgement, numerical_error),
    MEMBER(plim_judgement, monte_carlo_error),
    MEMBER(plim_judgement, finite_size_drift),
    MEMBER(plim_judgement, ci_low),
    MEMBER(plim_judgement, ci_high),
    MEMBER(plim_judgement, p_agree),
    MEMBER(plim_judgement, p_disagree),
    MEMBER(plim_judgement, fit_p),
    MEMBER(plim_judgement, degrees),
    MEMBER(plim_judgement, shortfall),
    MEMBER(plim_judgement, agree_margin),
    MEMBER(plim_judgement, overturning_term),
    MEMBER(plim_judgement, next_gain),
    MEMBER(plim_judgement, of_bound),
    MEMBER(plim_judgement, reserved),
    MEMBER(plim_judgement, neglected_bias),
    WHOLE(plim_pilot),
    MEMBER(plim_pilot, rungs),
    MEMBER(plim_pilot, cost),
    MEMBER(plim_pilot, count),
    MEMBER(plim_pilot, rates),
    MEMBER(plim_pilot, terms),
};

const plim_member *plim_layout(size_t *count)
{
  *count = sizeof members / sizeof *members;
  return members;
}
