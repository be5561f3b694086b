/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.h - an activation written as an expression in z, evaluated by muParser, or a function of the caller's:
   what is known of either is its values. Private to src/. */
#ifndef PLIM_EXPRESSION_H
#define PLIM_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_activation.h"
#include "plim_status.h"

typedef struct plimi_expression plimi_expression;

/* Parse `text`. PLIM_INVALID with *why (if `why` is not NULL; release it with free()) when it does not parse,
   or is not finite and continuous for |z| <= 12. */
plim_status plimi_expression_alloc(const char *text, plimi_expression **expression,
                                   char **why) PLIM_MUST_CHECK;
/* The same of a function; also PLIM_INVALID where its name or its kinks are not acceptable. */
plim_status plimi_expression_of_function(const plim_activation_function *function,
                                         plimi_expression **expression, char **why) PLIM_MUST_CHECK;

/* Of its values, all over: another function has another. */
uint64_t plimi_expression_digest(const plimi_expression *expression);
plim_status plimi_expression_clone(const plimi_expression *expression,
                                   plimi_expression **copy) PLIM_MUST_CHECK;
void plimi_expression_free(plimi_expression *expression); /* NULL is allowed */

/* value[i] = expression at z[i], and its derivative; `z` may be the result's own array. */
void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z,
                             double *value);
void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative);

/* Errors of the two: see plim_activation_errors. */
void plimi_expression_errors(const plimi_expression *expression, size_t count, const double *z, double *value,
                             double *derivative);

/* As plim_activation_kinks, _cuts, _features and _rough. */
const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count);
const double *plimi_expression_cuts(const plimi_expression *expression, size_t *count);
const double *plimi_expression_features(const plimi_expression *expression, size_t *count);
const char *plimi_expression_rough(const plimi_expression *expression);

/* Is f(z) + f(-z) = 2 f(0), on every panel? */
bool plimi_expression_is_odd(const plimi_expression *expression);

#endif
