/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parser.h - the boundary to muParser: its exceptions end here, memory that runs out included. Private to src/. */
#ifndef PLIM_PARSER_H
#define PLIM_PARSER_H

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

/* Compile `text`, whose variables these are, and evaluate it once, all of them 0. PLIM_INVALID with *error, or PLIM_NO_MEMORY. The rounding direction is that of
   the caller, for the numbers in the text as well. */
plim_status plimi_parse(const char *text, const plimi_variables *variables, plimi_evaluator **evaluator,
                        plimi_parse_error *error) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
