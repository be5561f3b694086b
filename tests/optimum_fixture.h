/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optimum_fixture.h - a search that must succeed, for the tests of plim_optimum_find. */
#ifndef PLIM_TEST_OPTIMUM_FIXTURE_H
#define PLIM_TEST_OPTIMUM_FIXTURE_H

#include "fixture.h"

/* Each fails the test if it cannot do it. */
plim_optimum optimum_of(plim_theory *theory, plim_quantity quantity, const plim_problem *p,
                        const plim_search *search);
plim_optimum best_lambda(plim_theory *theory, plim_quantity quantity,
                         const plim_problem *p); /* over all of them */
double at_lambda(plim_theory *theory, plim_quantity quantity, plim_problem p,
                 double lambda); /* the limit there */

#endif
