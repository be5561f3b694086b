/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formula.c - expressions in named variables; muParser is behind parser.h. */
#include "plim_formula.h"

#include <math.h>

#include "parser.h"

/* plim_formula is plimi_compiled: the name alone differs, so that parser.h stays private. */
static plimi_compiled *compiled_of(plim_formula *formula)
{
  return (plimi_compiled *)formula;
}

plim_status plim_formula_alloc(const char *text, const char *const *names, size_t count,
                               plim_formula **formula, char **why)
{
  plimi_parse_error error;
  plimi_compiled *made;
  plim_status status = plimi_text_check(text, why);
  if (status != PLIM_OK)
    return status;
  status = plimi_compile(text, names, count, &made, &error);
  if (status == PLIM_INVALID && why != NULL)
    *why = plimi_parse_message(text, error);
  if (status == PLIM_OK)
    *formula = (plim_formula *)made;
  return status;
}

void plim_formula_free(plim_formula *formula)
{
  plimi_compiled_free(compiled_of(formula));
}

bool plim_formula_uses(const plim_formula *formula, size_t variable)
{
  return plimi_compiled_uses((const plimi_compiled *)formula, variable);
}

plim_status plim_formula_value(plim_formula *formula, const double *values, double *value)
{
  double found;
  const plim_status status = plimi_compiled_value(compiled_of(formula), values, &found);
  if (status != PLIM_OK)
    return status;
  if (!isfinite(found))
    return PLIM_NOT_FINITE;
  *value = found;
  return PLIM_OK;
}
