/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formula.c - plim_formula.h over the evaluator. */
#include "config.h"

#include "plim_formula.h"

#include <locale.h>
#include <stdlib.h>

#include "evaluator.h"

struct plim_formula {
  plimi_evaluator *evaluator;
};

plim_status plim_formula_alloc(const char *text, const char *const *names, size_t count,
                               plim_formula **formula, char **why)
{
  const plimi_variables variables = {names, count};
  plim_formula *made = calloc(1, sizeof *made);
  const locale_t plain = made != NULL ? newlocale(LC_ALL_MASK, "C", (locale_t)0) : (locale_t)0;
  plim_status status = PLIM_NO_MEMORY;
  if (plain != (locale_t)0) {
    const locale_t hosts = uselocale(plain);
    status = plimi_evaluator_alloc(text, &variables, &made->evaluator, why);
    uselocale(hosts);
    freelocale(plain);
  }
  if (status == PLIM_OK)
    *formula = made;
  else
    free(made);
  return status;
}

void plim_formula_free(plim_formula *formula)
{
  if (formula != NULL)
    plimi_evaluator_free(formula->evaluator);
  free(formula);
}

bool plim_formula_uses(const plim_formula *formula, size_t name)
{
  return plimi_evaluator_uses(formula->evaluator, name);
}

double plim_formula_value(plim_formula *formula, const double *values)
{
  return plimi_evaluate_at(formula->evaluator, values);
}
