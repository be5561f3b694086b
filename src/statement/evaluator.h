/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluator.h - an expression in z compiled by muParser. Private to src/. */
#ifndef PLIM_EVALUATOR_H
#define PLIM_EVALUATOR_H

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plimi_evaluator plimi_evaluator;

/* PLIM_INVALID with *why (if `why` is not NULL; release it with free()) when `text` does not parse;
   PLIM_NO_MEMORY. */
plim_status plimi_evaluator_alloc(const char *text, plimi_evaluator **evaluator, char **why) PLIM_MUST_CHECK;
void plimi_evaluator_free(plimi_evaluator *evaluator); /* NULL is allowed */

/* A copy of `text` to be released with free(), or NULL. */
char *plimi_text_copy(const char *text);

/* A plimi_function: the value at z. */
double plimi_evaluate(void *evaluator, double z);

#ifdef __cplusplus
}
#endif
#endif
