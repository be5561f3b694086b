/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fixture.h - what many tests need: an activation by name, a workspace, a value that must exist. */
#ifndef PLIM_TEST_FIXTURE_H
#define PLIM_TEST_FIXTURE_H

#include "plim_theory.h"

/* Each fails the test if it cannot do it. */
plim_activation *activation_called(const char *name);
plim_theory *new_theory(void);
plim_value limit_of(plim_theory *theory, plim_quantity quantity, const plim_problem *problem);

/* splitmix64: numbers for sweeps over problems, the same on every machine. */
typedef struct {
  unsigned long long state;
} sweep;
double sweep_uniform(sweep *s);                                 /* in (0,1) */
double sweep_log(sweep *s, double low, double high);            /* log-uniform */
size_t sweep_index(sweep *s, size_t count);                     /* 0 .. count - 1 */

/* Check that `value` lies within its own error of `expected`, which is itself exact to the rounding of 17 digits. */
void assert_within_error(plim_value value, double expected, const char *what);

/* Check |value - expected| <= relative |expected| + absolute. */
void assert_close(double value, double expected, double relative, double absolute, const char *what);

#endif
