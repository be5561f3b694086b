/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checks.h - is what is asked for an experiment? Private to sim/. */
#ifndef PLIM_SIM_CHECKS_H
#define PLIM_SIM_CHECKS_H

#include <stdbool.h>

#include "plim_simulation.h"

/* What a simulation refuses before anything is planned: PLIM_INVALID or PLIM_OVERFLOW. */
plim_status plimi_check_experiment(const plim_problem *problem,
                                   const plim_simulation *simulation) PLIM_MUST_CHECK;
plim_status plimi_check_measurement(const plim_measurement *measurement) PLIM_MUST_CHECK;

/* Does the problem take the steps that what is measured is of? */
bool plimi_has_the_steps(const plim_problem *problem, const plim_measurement *measurement);

#endif
