/* SPDX-License-Identifier: GPL-3.0-or-later */
/* two_steps_fixture.h - problems of two gradient steps for the tests of theory/two_steps/. */
#ifndef PLIM_TESTS_TWO_STEPS_FIXTURE_H
#define PLIM_TESTS_TWO_STEPS_FIXTURE_H

#include "../theory/two_steps/two_steps.h"

/* e1, e2 of order one, d infinite, psi2 = 1.5, noise = 0.1. Released by problem_clear. */
plim_problem two_steps(const char *activation, const char *teacher, const char *readout, double psi1,
                       const double e[2]);
plimi_input prepared(plim_theory *theory, const plim_problem *problem);
plim_readout readout_called(const char *name);
/* Kept in the theory that `in` is of until the next. */
const plimi_two_solution *solution_of(const plimi_input *in);

#endif
