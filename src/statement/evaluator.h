/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluator.h - an expression in named variables compiled by muParser. Private to src/. */
#ifndef PLIM_EVALUATOR_H
#define PLIM_EVALUATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plimi_evaluator plimi_evaluator;

typedef struct {
  const char *const *names;
  size_t count;
} plimi_variables;

/* A name that is no identifier, or that of a constant, is passed over: no text can speak of it.
   PLIM_INVALID with *why (if `why` is not NULL; release it with free()) when `text` does not parse; PLIM_NO_MEMORY. */
plim_status plimi_evaluator_alloc(const char *text, const plimi_variables *variables,
                                  plimi_evaluator **evaluator, char **why) PLIM_MUST_CHECK;
void plimi_evaluator_free(plimi_evaluator *evaluator); /* NULL is allowed */

/* A copy of `text` to be released with free(), or NULL. */
char *plimi_text_copy(const char *text);

/* A plimi_function: the value where the first variable is z. */
double plimi_evaluate(void *evaluator, double z);

/* The value at values[i] of variable number i; NaN where it cannot be computed. */
double plimi_evaluate_at(plimi_evaluator *evaluator, const double *values);
bool plimi_evaluator_uses(const plimi_evaluator *evaluator, size_t variable);

#ifdef __cplusplus
}
#endif
#endif
