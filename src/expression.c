/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c - an activation written as an expression in z, evaluated by muParser.

   Threads: a muParser handle holds the variable and the compiled expression, so each belongs to one thread at a
   time, and different handles are independent. Two things of muParser are shared by all handles: the buffer of
   its messages, so that *why may be garbled if two threads ask for one at the same moment (clones ask for
   none), and its locale, which is its own: whatever setlocale() says, "." is the decimal point and ","
   separates arguments. mupEvalBulk is left alone: Debian builds it with OpenMP, which would start threads inside
   the workers of a simulation for a gain of a third on one core.

   muParser does not print: without an error handler it only sets the flag that mupError reads and clears. */
#include "expression.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
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

static char *copy_of_line(const char *text)
{
  const size_t length = strlen(text);
  char *copy = malloc(length + 1);
  if (copy == NULL)
    return NULL;
  for (size_t i = 0; i <= length; i++)
    copy[i] = iscntrl((unsigned char)text[i]) && text[i] != '\0' ? ' ' : text[i];
  return copy;
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

/* Compile the expression and evaluate it once; NULL, or a line that says what is wrong. */
static const char *compile(evaluator *e, const char *text)
{
  if (has_assignment(text))
    return "an assignment is not allowed; compare with ==";
  mupDefineFun1(e->parser, "erf", erf, 1);
  mupDefineConst(e->parser, "pi", 3.14159265358979323846);
  mupDefineVar(e->parser, "z", &e->z);
  mupSetExpr(e->parser, text);
  int results = 0;
  bool failed = mupError(e->parser); /* reading the flag clears it */
  if (!failed) {
    mupEvalMulti(e->parser, &results);
    failed = mupError(e->parser);
  }
  if (failed)
    return mupGetErrorMsg(e->parser);
  return results == 1 ? NULL : "a comma outside a function makes several results (the decimal point is .)";
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
  const char *wrong = compile(made->evaluator, text);
  if (wrong != NULL) {
    if (why != NULL)
      *why = copy_of_line(wrong);
    status = PLIM_INVALID;
    goto done;
  }
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
      derivative[i] = plimi_local_derivative(evaluate, expression->evaluator, z[i]);
  }
}

const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count)
{
  return plimi_pieces_breaks(expression->pieces, count);
}
