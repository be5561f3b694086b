/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own_claim_fixture.h - a claim of one's own that is acceptable, to be changed by the tests. */
#ifndef PLIM_TEST_OWN_CLAIM_FIXTURE_H
#define PLIM_TEST_OWN_CLAIM_FIXTURE_H

#include "plim.h"

enum { OWN_SIZES = 4 };
extern const size_t own_ladder[OWN_SIZES];

void own_set_up(void); /* the activations of the problems */
void own_tear_down(void);
plim_problem own_problem_at(double psi1, double lambda, double eta);

/* risk0 = risk0 at these points, margin 5 %, rate 1. */
plim_own_claim own_claim_of(const plim_problem *points, size_t count);

#endif
