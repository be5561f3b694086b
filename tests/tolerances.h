/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tolerances.h - how close is close, and why. A tolerance that several tests use stands here. */
#ifndef PLIM_TEST_TOLERANCES_H
#define PLIM_TEST_TOLERANCES_H

/* Gaussian coefficients against many-digit values: what theory/gaussian.c promises. */
#define TOLERANCE_COEFFICIENTS 1e-12

/* Limits against the reference tables: relative, and absolute near 0. The limits reach 1e-14; the rest is room for
   another libm. */
#define TOLERANCE_REFERENCE 1e-10
#define TOLERANCE_REFERENCE_NEAR_0 1e-13

/* The two routes to the small-step risk, over the whole box. The second one subtracts, so it loses up to 5 digits. */
#define TOLERANCE_ROUTES 1e-10

/* What the error bound of a limit may be, relative, for the bound to be of use. Coefficients leave 2e-14; the box
   amplifies that by up to 200, where psi1 is within 1e-6 of psi2. */
#define TOLERANCE_BOUND 1e-11

/* Quadrature of a density against a closed form: two integrations of smooth functions at 1e-13 each. */
#define TOLERANCE_QUADRATURE 1e-11

#endif
