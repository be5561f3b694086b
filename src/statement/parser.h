/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parser.h - the boundary to muParser: its exceptions end here, memory that runs out included. Private to src/. */
#ifndef PLIM_PARSER_H
#define PLIM_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "evaluator.h"
#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a text is no expression: the number of muParser's error (EErrorCodes) and where, -1 where it has no place. */
enum { PLIMI_SEVERAL_RESULTS = -2 }; /* not an error of muParser's: commas outside a function */
typedef struct {
  int code, position;
} plimi_parse_error;

/* The error in one line, to be freed; NULL without memory. (In evaluator.c, as the next.) */
char *plimi_parse_message(const char *text, plimi_parse_error error);

/* PLIM_INVALID with *why (if not NULL; NULL without memory) for a text that muParser would take and plim does not: too
   long, or an assignment. */
plim_status plimi_text_check(const char *text, char **why) PLIM_MUST_CHECK;

/* Compile `text` and evaluate it once. PLIM_INVALID with *error, or PLIM_NO_MEMORY. The rounding direction is that of
   the caller, for the numbers in the text as well. */
plim_status plimi_parse(const char *text, plimi_evaluator **evaluator,
                        plimi_parse_error *error) PLIM_MUST_CHECK;

/* The same for an expression in `count` variables. A name that is a constant of muParser's hides it; one that muParser
   cannot read (a blank in it) is no variable. Holds the variables' values: of one thread at a time. */
typedef struct plimi_compiled plimi_compiled;
plim_status plimi_compile(const char *text, const char *const *names, size_t count, plimi_compiled **compiled,
                          plimi_parse_error *error) PLIM_MUST_CHECK;
void plimi_compiled_free(plimi_compiled *compiled); /* NULL is allowed */
bool plimi_compiled_uses(const plimi_compiled *compiled, size_t variable);
/* PLIM_NO_MEMORY; a NaN where it has none. */
plim_status plimi_compiled_value(plimi_compiled *compiled, const double *values,
                                 double *value) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
