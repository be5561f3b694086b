/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c - an activation written as an expression in z, evaluated by muParser. */
#include "expression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <muParserDLL.h>

struct plimi_expression {
  muParserHandle_t parser;
  double z; /* the variable muParser reads */
};

plim_status plimi_expression_alloc(const char *text, plimi_expression **expression, char **why)
{
  (void)why;
  plimi_expression *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->parser = mupCreate(muBASETYPE_FLOAT);
  if (made->parser == NULL) {
    free(made);
    return PLIM_NO_MEMORY;
  }
  mupDefineFun1(made->parser, "erf", erf, 1);
  mupDefineConst(made->parser, "pi", 3.14159265358979323846);
  mupDefineVar(made->parser, "z", &made->z);
  mupSetExpr(made->parser, text);
  mupEval(made->parser);
  if (mupError(made->parser)) {
    plimi_expression_free(made);
    return PLIM_INVALID;
  }
  *expression = made;
  return PLIM_OK;
}

void plimi_expression_free(plimi_expression *expression)
{
  if (expression == NULL)
    return;
  mupRelease(expression->parser);
  free(expression);
}

static double evaluate(const plimi_expression *expression, double z)
{
  *(double *)&((plimi_expression *)expression)->z = z;
  return mupEval(expression->parser);
}

void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z, double *value)
{
  for (size_t i = 0; i < count; i++)
    value[i] = evaluate(expression, z[i]);
}

void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative)
{
  const double h = 1e-4;
  for (size_t i = 0; i < count; i++) {
    const double at = z[i];
    derivative[i] = (8.0 * (evaluate(expression, at + h) - evaluate(expression, at - h)) -
                     (evaluate(expression, at + 2 * h) - evaluate(expression, at - 2 * h))) /
                    (12.0 * h);
  }
}

const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count)
{
  (void)expression;
  *count = 0;
  return NULL;
}
