/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluator.c - an expression in z compiled by muParser.

   Threads: a muParser handle holds the variable and the compiled expression, so each belongs to one thread at
   a time, and different handles are independent. Two things of muParser are shared by all handles: the buffer
   of its messages, so that *why may be garbled if two threads ask for one at the same moment (clones ask for
   none), and its locale, which is its own: whatever setlocale() says, "." is the decimal point and ","
   separates arguments. mupEvalBulk is left alone: Debian builds it with OpenMP, which would start threads
   inside the workers of a simulation for a gain of a third on one core.

   muParser does not print: without an error handler it only sets the flag that mupError reads and clears.

   Some of muParser's own functions and constants are worse than double arithmetic: builds of it have pi to 13 digits,
   asinh and atanh lose all digits near 0, log2 and rint the last. Those have the C library's here. */
#include "evaluator.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muParserDLL.h>

struct plimi_evaluator {
  muParserHandle_t parser;
  double z; /* the variable muParser reads */
};

double plimi_evaluate(void *evaluator, double z)
{
  plimi_evaluator *e = evaluator;
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

static void define_names(plimi_evaluator *e)
{
  const double pi = 3.14159265358979323846, euler = 2.71828182845904523536;
  const struct {
    const char *name;
    double (*function)(double);
  } functions[] = {{"erf", erf},     {"asinh", asinh}, {"acosh", acosh},
                   {"atanh", atanh}, {"log2", log2},   {"rint", rint}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    mupDefineFun1(e->parser, functions[i].name, functions[i].function, 1);
  mupDefineConst(e->parser, "pi", pi);
  mupDefineConst(e->parser, "_pi", pi);
  mupDefineConst(e->parser, "_e", euler);
  mupDefineVar(e->parser, "z", &e->z);
}

/* Compile the expression and evaluate it once. */
static plim_status compile(plimi_evaluator *e, const char *text, char **why)
{
  const char *wrong = NULL;
  int results = 0, position = -1;
  if (has_assignment(text)) {
    wrong = "an assignment is not allowed; compare with ==";
  } else {
    define_names(e);
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

plim_status plimi_evaluator_alloc(const char *text, plimi_evaluator **evaluator, char **why)
{
  plim_status status = PLIM_NO_MEMORY;
  plimi_evaluator *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->parser = mupCreate(muBASETYPE_FLOAT);
  if (made->parser != NULL)
    status = compile(made, text, why);
  if (status == PLIM_OK)
    *evaluator = made;
  else
    plimi_evaluator_free(made);
  return status;
}

void plimi_evaluator_free(plimi_evaluator *evaluator)
{
  if (evaluator == NULL)
    return;
  if (evaluator->parser != NULL)
    mupRelease(evaluator->parser);
  free(evaluator);
}
