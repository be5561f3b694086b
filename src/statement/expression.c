/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c - an activation written as an expression in z, evaluated by muParser.

   Threads: a muParser handle holds the variable and the compiled expression, so each belongs to one thread at
   a time, and different handles are independent. Two things of muParser are shared by all handles: the buffer
   of its messages, so that *why may be garbled if two threads ask for one at the same moment (clones ask for
   none), and its locale, which is its own: whatever setlocale() says, "." is the decimal point and ","
   separates arguments. mupEvalBulk is left alone: Debian builds it with OpenMP, which would start threads
   inside the workers of a simulation for a gain of a third on one core.

   muParser does not print: without an error handler it only sets the flag that mupError reads and clears. */
#include "expression.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muParserDLL.h>

#include "pieces.h"

static const double reach = 12.0; /* a normal variable is beyond it once in 1e32 */

typedef struct {
  muParserHandle_t parser;
  double z; /* the variable muParser reads */
} evaluator;

struct plimi_expression {
  evaluator *evaluator; /* at an address of its own: evaluating changes it, and the expression stays const */
  plimi_pieces *pieces;
};

static double evaluate(void *context, double z)
{
  evaluator *e = context;
  e->z = z;
  return mupEval(e->parser);
}

/* A plain line to be freed: control characters, which an expression may hold, become spaces. */
static char *line_of(const char *text, int position)
{
  const char *where = position >= 0 && strstr(text, "position") == NULL ? ", at position" : NULL;
  const size_t size = strlen(text) + 32;
  char *line = malloc(size);
  if (line == NULL)
    return NULL;
  if (where == NULL)
    snprintf(line, size, "%s", text);
  else
    snprintf(line, size, "%s%s %d", text, where, position);
  for (char *c = line; *c != '\0'; c++)
    *c = iscntrl((unsigned char)*c) ? ' ' : *c;
  return line;
}

/* muParser has assignments ("z = 2"), which would change the variable under our feet. */
static bool has_assignment(const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (*c != '=')
      continue;
    if (c[1] == '=')
      c++;
    else if (c == text || strchr("<>!", c[-1]) == NULL)
      return true;
  }
  return false;
}

/* Compile the expression and evaluate it once. */
static plim_status compile(evaluator *e, const char *text, char **why)
{
  const char *wrong = NULL;
  int results = 0, position = -1;
  if (has_assignment(text)) {
    wrong = "an assignment is not allowed; compare with ==";
  } else {
    mupDefineFun1(e->parser, "erf", erf, 1);
    mupDefineConst(e->parser, "pi", 3.14159265358979323846);
    mupDefineVar(e->parser, "z", &e->z);
    mupSetExpr(e->parser, text);
    bool failed = mupError(e->parser); /* reading the flag clears it */
    if (!failed) {
      mupEvalMulti(e->parser, &results);
      failed = mupError(e->parser);
    }
    if (failed) {
      wrong = mupGetErrorMsg(e->parser);
      position = mupGetErrorPos(e->parser);
    } else if (results != 1) {
      wrong = "a comma outside a function makes several results (the decimal point is .)";
    }
  }
  if (wrong == NULL)
    return PLIM_OK;
  if (why != NULL)
    *why = line_of(wrong, position);
  return PLIM_INVALID;
}

plim_status plimi_expression_alloc(const char *text, plimi_expression **expression, char **why)
{
  plim_status status = PLIM_NO_MEMORY;
  plimi_expression *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->evaluator = calloc(1, sizeof *made->evaluator);
  if (made->evaluator == NULL)
    goto done;
  made->evaluator->parser = mupCreate(muBASETYPE_FLOAT);
  if (made->evaluator->parser == NULL)
    goto done;
  status = compile(made->evaluator, text, why);
  if (status == PLIM_OK)
    status = plimi_pieces_alloc(evaluate, made->evaluator, reach, &made->pieces, why);
done:
  if (status == PLIM_OK)
    *expression = made;
  else
    plimi_expression_free(made);
  return status;
}

void plimi_expression_free(plimi_expression *expression)
{
  if (expression == NULL)
    return;
  if (expression->evaluator != NULL && expression->evaluator->parser != NULL)
    mupRelease(expression->evaluator->parser);
  free(expression->evaluator);
  plimi_pieces_free(expression->pieces);
  free(expression);
}

void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z, double *value)
{
  for (size_t i = 0; i < count; i++)
    value[i] = evaluate(expression->evaluator, z[i]);
}

void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative)
{
  for (size_t i = 0; i < count; i++) {
    if (fabs(z[i]) <= reach)
      derivative[i] = plimi_pieces_derivative(expression->pieces, z[i]);
    else
      derivative[i] =
          plimi_pieces_outer_derivative(expression->pieces, evaluate, expression->evaluator, z[i]);
  }
}

const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count)
{
  return plimi_pieces_breaks(expression->pieces, count);
}
