/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fixture.h - what the tests of theory/ share. */
#ifndef PLIM_TEST_FIXTURE_H
#define PLIM_TEST_FIXTURE_H

#include <check.h>

#include "plim_theory.h"
#include "../theory/theory.h"

/* Each fails the test if it cannot do it. */
plim_activation *activation_called(const char *name);
plim_theory *new_theory(void);
plim_value limit_of(plim_theory *theory, plim_quantity quantity, const plim_problem *problem);
plimi_input input_of(plim_theory *theory, const plim_problem *problem); /* for functions private to theory/ */

/* The default problem with these activations. They are released by problem_clear. */
plim_problem problem_called(const char *activation, const char *teacher);
void problem_clear(plim_problem *problem);

/* Number `readout` of the list; `atoms` is a law of three values, neither symmetric nor of mean 0. */
void problem_readout(plim_problem *problem, size_t readout);

/* splitmix64: the same sweep over problems on every machine. */
typedef struct {
  unsigned long long state;
} sweep;
double sweep_uniform(sweep *s); /* in (0,1) */
double sweep_log(sweep *s, double low, double high);
size_t sweep_index(sweep *s, size_t count); /* 0 .. count - 1 */

/* Draw psi1, psi2, lambda, eta and noise from the whole box that plim promises: psi 1e-3..1e3, lambda
   1e-12..1e6 or 0, eta 1e-8..1e6 or 0, noise 0 or 1e-3..3; every tenth problem has psi2 within 10 % of psi1. */
void sweep_problem(sweep *s, plim_problem *problem);

/* The same with an activation and a teacher among the named ones, which all_activations makes. */
typedef struct {
  plim_activation *named[PLIM_ACTIVATION_COUNT];
} named_activations;
named_activations all_activations(void);
void free_activations(named_activations *all);
void sweep_named(sweep *s, const named_activations *all, plim_problem *problem);

/* |value - expected| <= error, but for the rounding of `expected`, which has 17 digits. */
void assert_within_error(plim_value value, double expected, const char *what);
/* |value - expected| <= relative |expected| + absolute. */
void assert_close(double value, double expected, double relative, double absolute, const char *what);

/* E over the eigenvalues t of a W0'W0 (N x N) of f(t), by quadrature of the Marchenko-Pastur density: the second route
   to everything in marchenko_pastur.c. */
double spectral_average(double a, double psi2, double (*f)(double t, void *params), void *params);

/* Run one case (no test shares its process with another) without GSL's handler, which aborts. Returns main's status. */
int run_case(TCase *tests, const char *name);

#endif
