/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_theory.h - limits: deterministic numbers, with a bound on their numerical error.

   Nothing here draws a random number. What becomes of GSL's error handler stands in plim.h, "Errors". */
#ifndef PLIM_THEORY_H
#define PLIM_THEORY_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_activation.h"
#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_status.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gaussian coefficients of one activation, z ~ N(0,1), sigma centred after `mean` is taken:
     mean = E sigma(z)                 mu1 = E z sigma(z)
     mu2  = sqrt(Var sigma(z) - mu1^2) (not squared; >= 0)
     nu2  = Var sigma'(z)              (a variance)
     c2   = E (z^2 - 1) sigma(z)       (E sigma''(z) where there is one; 0 for odd sigma) */
typedef struct {
  plim_value mean, mu1, mu2, nu2, c2;
} plim_coefficients;

/* Quadrature between the cuts of sigma; the errors are bounds, relative 1e-12 and less for the named
   activations. Where sigma' is unbounded (a teacher like sqrt(abs(z))) or cannot be had, the error of nu2 is
   infinite and the rest holds.
   PLIM_NOT_FINITE for an activation whose square is not integrable, PLIM_NOT_CONVERGED, PLIM_NO_MEMORY. */
plim_status plim_coefficients_compute(const plim_activation *activation,
                                      plim_coefficients *coefficients) PLIM_MUST_CHECK;

/* What is known of a limit besides its number. Strings are static. */
typedef struct {
  plim_quantity quantity;
  const char *
      source; /* statement number and what is derived here, e.g. "[BA] NeurIPS Thm 3; closed form derived here" */
  const char *keys;      /* entries of theory/references.bib, separated by commas: "BA,BGN" */
  const char *statement; /* formula and words, several lines */
  const char *domain;    /* where it holds, in words */
  double drift_rate;     /* value(d) = limit + O(d^-drift_rate) as the finite-size experiment approaches it */
} plim_limit_info;

/* NULL for a quantity that has no limit implemented. */
const plim_limit_info *plim_limit_describe(plim_quantity quantity);

/* A workspace that keeps what several limits share (Gaussian coefficients of the last activations seen).
   One per thread. */
typedef struct plim_theory plim_theory;
plim_status plim_theory_alloc(plim_theory **theory) PLIM_MUST_CHECK;
void plim_theory_free(plim_theory *theory); /* NULL is allowed */

/* The relative error at which the quantities of a step of any size (PLIM_RISK to PLIM_ANY_V and PLIM_STAIR1 to
   PLIM_STAIR_ANGLE) stop being refined; all other limits are as accurate as doubles allow. PLIM_INVALID outside
   PLIM_FINEST_TOLERANCE..PLIM_COARSEST_TOLERANCE. */
#define PLIM_FINEST_TOLERANCE 1e-11
#define PLIM_COARSEST_TOLERANCE 1e-2
#define PLIM_USUAL_TOLERANCE 1e-7 /* of a new workspace */
plim_status plim_theory_set_tolerance(plim_theory *theory, double relative) PLIM_MUST_CHECK;

/* After plim_limit has returned PLIM_NOT_CONVERGED for one of these: a tolerance, coarser than the workspace's, with
   which it has a value. INFINITY where none is known, and after any other call. */
double plim_theory_attainable(const plim_theory *theory);

/* The limit of `quantity` for `problem`. The step size is eta; with eta_exponent > 0 it is eta (psi2 d)^exponent,
   which needs a finite problem->d. The quantities of a step of any size (as above) keep the leading effect of a finite
   d; what they are at d = INFINITY, and at which exponents, stands in `domain` of their descriptors.
   PLIM_INVALID         a member of the problem is not acceptable (plim_problem_validate)
   PLIM_OUTSIDE_DOMAIN  the statement does not cover this problem
   PLIM_DIVERGES        the limit is infinite (lambda = 0 at psi1 = psi2)
   PLIM_NOT_CONVERGED, PLIM_NOT_FINITE, PLIM_NO_MEMORY */
plim_status plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                       plim_value *value) PLIM_MUST_CHECK;

/* The limiting law of a whole spectrum: N values, a point mass at 0 among them, one or two intervals with a
   density, and the few values outside them: the one that the gradient step drives out, and in the kernel also those
   that the norms of weights and inputs make where E sigma'' != 0. In the variable of the spectrum: singular values of
   W1 (not squared), eigenvalues of F'F/n. Edges at 0 are exact zeros. */
enum { PLIM_SUPPORT_INTERVALS = 2, PLIM_SUPPORT_OUTLIERS = 3 };
typedef struct {
  plim_value mass_at_zero; /* a fraction of the N values */
  size_t intervals;        /* 1 or 2, in ascending order */
  struct {
    plim_value low, high; /* edges */
    plim_value mass;      /* the fraction between them */
  } interval[PLIM_SUPPORT_INTERVALS];
  size_t outliers; /* how many values are outside the intervals: above the last one, or in the gap of two */
  plim_value outlier[PLIM_SUPPORT_OUTLIERS]; /* descending; the same value twice where two go there */
} plim_support;

/* One thread at a time. */
typedef struct plim_density plim_density;

/* The law of `spectrum` for `problem`; nothing of the problem is kept. Statuses as for plim_limit;
   PLIM_OUTSIDE_DOMAIN also for a kernel with a constant activation. */
plim_status plim_density_alloc(plim_theory *theory, plim_spectrum spectrum, const plim_problem *problem,
                               plim_density **density) PLIM_MUST_CHECK;
void plim_density_free(plim_density *density); /* NULL is allowed */
const plim_support *plim_density_support(const plim_density *density);

/* The density at x, 0 outside the intervals; the point mass at 0 is not in it. PLIM_DIVERGES at an edge where
   it is infinite, PLIM_INVALID where x is not finite, PLIM_NOT_CONVERGED. */
plim_status plim_density_at(const plim_density *density, double x, plim_value *value) PLIM_MUST_CHECK;

/* The fraction of values <= x, the point mass at 0 included for x >= 0. Statuses as above, never
   PLIM_DIVERGES. */
plim_status plim_density_cdf(const plim_density *density, double x, plim_value *value) PLIM_MUST_CHECK;

/* The bibliography entry of `key` in BibTeX, or NULL. */
const char *plim_reference(const char *key);

#ifdef __cplusplus
}
#endif
#endif
