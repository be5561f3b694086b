/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_formula.h - an expression in named variables, such as a prediction in the parameters of an experiment:
   "psi1/(1 + psi1)". The operators and functions are those of an activation's expression (plim_activation.h). */
#ifndef PLIM_FORMULA_H
#define PLIM_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Holds the values of its variables while it computes: of one thread at a time, different ones are independent. */
typedef struct plim_formula plim_formula;

/* Compile `text`. The variables are `names`, no two of them equal: letters of any alphabet (UTF-8), digits and _, no
   digit first. A name that is none of these may stand in the list and cannot be used. One that is also a constant (pi)
   hides it. The decimal point is ".", whatever the locale.
   PLIM_INVALID with *why (if `why` is not NULL; release it with free()) and the position of what is wrong, counted
   from 0, in it: no expression, an unknown name, several results, an assignment, more than PLIM_LONGEST_EXPRESSION
   characters. PLIM_NO_MEMORY. */
plim_status plim_formula_alloc(const char *text, const char *const *names, size_t count,
                               plim_formula **formula, char **why) PLIM_MUST_CHECK;
void plim_formula_free(plim_formula *formula); /* NULL is allowed */

/* Does it have variable number `variable` in it? */
bool plim_formula_uses(const plim_formula *formula, size_t variable);

/* In double arithmetic as the text has it; its rounding is not bounded. PLIM_NOT_FINITE: no finite number;
   PLIM_NO_MEMORY. */
plim_status plim_formula_value(plim_formula *formula, const double *values, double *value) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
