/* SPDX-License-Identifier: GPL-3.0-or-later */
/* density_fixture.h - a limiting spectrum and its integrals, for the tests of theory/spectra/density.h. */
#ifndef PLIM_TEST_DENSITY_FIXTURE_H
#define PLIM_TEST_DENSITY_FIXTURE_H

#include "../theory/spectra/density.h"
#include "fixture.h"

/* What is promised: densities relative inside the bulk, masses, edges relative to the upper one. The values
   reach 1e-13; the promise is what the tests hold, but for two-route comparisons, which hold what both routes
   reach. */
#define TOLERANCE_DENSITY 1e-6
#define TOLERANCE_MASS 1e-8
#define TOLERANCE_EDGE 1e-10

/* Each fails the test if it cannot do it. */
plim_density *density_of(plim_theory *theory, plim_spectrum spectrum, const plim_problem *p);
double density_at(const plim_density *density, double x);
double density_below(const plim_density *density, double x); /* the distribution function */

/* int_low^high x^power density dx by quadrature; `low` and `high` inside one interval or at its edges. */
double density_integral(const plim_density *density, double low, double high, double power);
/* The same over all intervals; with the point mass at 0 for power = 0. */
double density_moment(const plim_density *density, double power);

#endif
