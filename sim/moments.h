/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moments.h - averages of an activation over a normal variable, by sums on a grid. Private to sim/.

   This is the simulation's own route to E sigma and its kin; the limits have another (adaptive quadrature), and the
   two are meant to be independent. z ~ N(0, 1) throughout. A function that is smooth is summed on a uniform grid
   over |z| <= 12, or 38 where it grows fast (trapezoidal rule: the error falls exponentially in the number of
   nodes, below 1e-15 relative for the named activations); between the cuts of sigma nodes crowd toward them
   (tanh-sinh rule, also exponential). Every grid is summed at all and at every second node, and refined until
   the two agree to 1e-8 relative in E f, E z f and E f^2. The full sum is far better than that: doubling the
   nodes squares the error of either rule, and where an expression has a singularity that is not a kink (z^2 |z|)
   divides it by 16. A function that no grid of
   PLIMI_GRID_MAX nodes resolves is PLIM_NOT_CONVERGED, one whose square does not decay beside the density
   PLIM_NOT_FINITE. */
#ifndef PLIM_SIM_MOMENTS_H
#define PLIM_SIM_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_activation.h"
#include "plim_status.h"

/* mean = E sigma(z), mu1 = E z sigma(z), variance = Var sigma(z), slope_variance = Var sigma'(z), which is nu2. */
typedef struct {
  double mean, mu1, variance, slope_variance;
} plimi_moments;

/* Nodes a grid may have, and the numbers of workspace that needs. */
enum { PLIMI_GRID_MAX = 65536, PLIMI_GRID_WORK = 5 * PLIMI_GRID_MAX };

plim_status plimi_moments_compute(const plim_activation *activation, double *work,
                                  plimi_moments *moments) PLIM_MUST_CHECK;

/* E sigma(shift + scale z). */
plim_status plimi_shifted_mean(const plim_activation *activation, double shift, double scale, double *work,
                               double *mean) PLIM_MUST_CHECK;

/* a[k * stride] = E f h_k(z), k <= top, with f = sigma(scale z) - center and h_k the normalised Hermite polynomials
   (E h_j h_k = 1 if j = k, else 0), and *square = E f^2. */
typedef struct {
  const plim_activation *activation;
  double center;
  double *work; /* PLIMI_GRID_WORK numbers */
  size_t top;
  size_t stride;
} plimi_hermite_settings;
plim_status plimi_hermite_coefficients(const plimi_hermite_settings *settings, double scale, double *a,
                                       double *square) PLIM_MUST_CHECK;

/* What the tables of the exact risk know from replica to replica: the teacher and sigma at scale 1 have the same
   coefficients in all, and each wants tables about as long as the one before it did, by side; last, the student's. */
enum { PLIMI_EXPANSIONS = 6 };
typedef struct {
  bool known;
  double unit_square;
  int level[PLIMI_EXPANSIONS];
} plimi_expansion_state;

#endif
