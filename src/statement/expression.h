/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.h - an activation written as an expression in z, evaluated by muParser. Private to src/. */
#ifndef PLIM_EXPRESSION_H
#define PLIM_EXPRESSION_H

#include <stddef.h>

#include "plim_status.h"

typedef struct plimi_expression plimi_expression;

/* Parse `text`. PLIM_INVALID with *why (if `why` is not NULL; release it with free()) when it does not parse,
   or is not finite, not continuous or without bounded derivative for |z| <= 12. */
plim_status plimi_expression_alloc(const char *text, plimi_expression **expression,
                                   char **why) PLIM_MUST_CHECK;
void plimi_expression_free(plimi_expression *expression); /* NULL is allowed */

/* value[i] = expression at z[i], and its derivative; `z` may be the result's own array. */
void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z,
                             double *value);
void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative);

/* Where the first or second derivative jumps, ascending. */
const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count);

#endif
