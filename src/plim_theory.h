/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_theory.h - limits: deterministic numbers, with a bound on their numerical error.

   Nothing here draws a random number. GSL's default error handler aborts the process: a program that calls
   these functions first calls gsl_set_error_handler_off(), as the program plim does. */
#ifndef PLIM_THEORY_H
#define PLIM_THEORY_H

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
     nu2  = Var sigma'(z)              (a variance) */
typedef struct {
  plim_value mean, mu1, mu2, nu2;
} plim_coefficients;

/* Adaptive quadrature split at the kinks; relative error below 1e-12 for the named activations.
   PLIM_NOT_FINITE for an activation whose square is not integrable, PLIM_NOT_CONVERGED, PLIM_NO_MEMORY. */
plim_status plim_coefficients_compute(const plim_activation *activation,
                                      plim_coefficients *coefficients) PLIM_MUST_CHECK;

/* What is known of a limit besides its number. Strings are static. */
typedef struct {
  plim_quantity quantity;
  const char
      *source; /* statement number and what is derived here, e.g. "[BA] Thm 3; closed form derived here" */
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

/* The limit of `quantity` for `problem`. The step size is eta; with eta_exponent > 0 it is eta (psi2 d)^exponent,
   which needs a finite problem->d.
   PLIM_INVALID         a member of the problem is not acceptable (plim_problem_validate)
   PLIM_OUTSIDE_DOMAIN  the statement does not cover this problem
   PLIM_DIVERGES        the limit is infinite (lambda = 0 at psi1 = psi2)
   PLIM_NOT_CONVERGED, PLIM_NOT_FINITE, PLIM_NO_MEMORY */
plim_status plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                       plim_value *value) PLIM_MUST_CHECK;

/* The bibliography entry of `key` in BibTeX, or NULL. */
const char *plim_reference(const char *key);

#ifdef __cplusplus
}
#endif
#endif
