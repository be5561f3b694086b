/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_formula.h - an expression in named variables, in muParser's syntax with the functions of activations
   (`plim list activations`): "train0*(kappa/lambda)^2 - noise^2". */
#ifndef PLIM_FORMULA_H
#define PLIM_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_formula plim_formula;

/* The formula `text` in the variables `names`, `count` of them, both copied. A name that is no identifier (letters,
   digits and _, no digit first), or that of a constant (pi, _pi, _e), cannot be spoken of. PLIM_INVALID
   with *why (if `why` is not NULL; release it with free()) where the text is no formula in these names, is longer
   than PLIM_LONGEST_EXPRESSION or has an assignment; PLIM_NO_MEMORY. The locale of the host plays no part. */
plim_status plim_formula_alloc(const char *text, const char *const *names, size_t count,
                               plim_formula **formula, char **why) PLIM_MUST_CHECK;
void plim_formula_free(plim_formula *formula); /* NULL is allowed */

/* Does the text speak of variable number `name`? */
bool plim_formula_uses(const plim_formula *formula, size_t name);

/* The value at values[i] of names[i], `count` of them; NaN or an infinity where it has none. A formula holds what it
   is evaluated with: one thread at a time. */
double plim_formula_value(plim_formula *formula, const double *values);

#ifdef __cplusplus
}
#endif
#endif
