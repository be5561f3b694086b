/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own_checks.c - what a claim of one's own may be, and the reason where it is not. */
#include "own.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 64 };

#define SYMBOL(code, symbol, meaning) symbol,
static const char *const relation_symbols[] = {PLIM_OWN_RELATION_TABLE(SYMBOL)};

const char *plim_own_relation_symbol(plim_own_relation relation)
{
  return (unsigned)relation < PLIM_OWN_RELATION_COUNT ? relation_symbols[relation] : NULL;
}

bool plimi_own_is_between_points(plim_own_relation relation)
{
  return relation == PLIM_OWN_INCREASING || relation == PLIM_OWN_DECREASING;
}

plim_status plimi_own_refuse(const plimi_own_complaint *to, const char *field, const char *format, ...)
{
  enum { ROOM = 256 };
  if (to->field != NULL)
    *to->field = field;
  if (to->why == NULL)
    return PLIM_INVALID;
  char *text = malloc(ROOM);
  if (text == NULL)
    return PLIM_NO_MEMORY;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, ROOM, format, arguments);
  va_end(arguments);
  *to->why = text;
  return PLIM_INVALID;
}

static plim_status check_name(const plim_own_claims *claims, const plim_own_claim *claim,
                              const plimi_own_complaint *to)
{
  const char *name = claim->info.name;
  size_t known;
  if (name == NULL || name[0] == '\0')
    return plimi_own_refuse(to, "name", "a claim needs a name");
  if (strlen(name) > LONGEST_NAME)
    return plimi_own_refuse(to, "name", "a name of %zu characters is too long; at most %d are accepted",
                            strlen(name), (int)LONGEST_NAME);
  for (const char *c = name; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)
      return plimi_own_refuse(to, "name", "a name has letters, digits and - _ . alone");
  if (plim_claim_find(name, &known) == PLIM_OK)
    return plimi_own_refuse(to, "name", "plim has a claim of this name");
  for (size_t i = 0; i < plim_own_claims_count(claims); i++)
    if (strcmp(plim_own_claims_describe(claims, i)->name, name) == 0)
      return plimi_own_refuse(to, "name", "there is another claim of this name");
  if (claim->info.title == NULL || claim->info.title[0] == '\0')
    return plimi_own_refuse(to, "title", "a claim needs a title");
  return PLIM_OK;
}

static plim_status check_points(const plim_own_claim *claim, const plimi_own_complaint *to)
{
  if (claim->n_points == 0 || claim->n_points > PLIM_OWN_MOST_POINTS)
    return plimi_own_refuse(to, "points", "%zu points; a claim has 1 to %d", claim->n_points,
                            (int)PLIM_OWN_MOST_POINTS);
  if (plimi_own_is_between_points(claim->relation) && claim->n_points < 2)
    return plimi_own_refuse(to, "points", "what is %s needs two points at least",
                            relation_symbols[claim->relation]);
  for (size_t i = 0; i < claim->n_points; i++) {
    const char *field = "problem";
    if (plim_problem_validate(&claim->points[i], &field) != PLIM_OK)
      return plimi_own_refuse(to, "points", "%s is not acceptable", field);
  }
  return PLIM_OK;
}

static plim_status check_sizes(const plim_own_claim *claim, const plimi_own_complaint *to)
{
  if (claim->n_sizes < 3 || claim->n_sizes > PLIM_OWN_MOST_SIZES)
    return plimi_own_refuse(to, "d", "%zu sizes; a ladder has 3 to %d", claim->n_sizes,
                            (int)PLIM_OWN_MOST_SIZES);
  for (size_t k = 0; k < claim->n_sizes; k++) {
    if (k > 0 && claim->d[k] <= claim->d[k - 1])
      return plimi_own_refuse(to, "d", "the sizes of a ladder ascend");
    for (size_t i = 0; i < claim->n_points; i++) {
      plim_size size;
      if (plim_size_from_problem(&claim->points[i], claim->d[k], &size) != PLIM_OK)
        return plimi_own_refuse(to, "d", "there is no problem of size %zu", claim->d[k]);
    }
  }
  return PLIM_OK;
}

static bool is_margin(double margin)
{
  return margin >= 0.0 && isfinite(margin);
}

static plim_status check_judging(const plim_own_claim *claim, const plimi_own_complaint *to)
{
  size_t terms = 0;
  if ((unsigned)claim->relation >= PLIM_OWN_RELATION_COUNT)
    return plimi_own_refuse(to, "relation", "there is no such relation");
  if (!is_margin(claim->relative_margin))
    return plimi_own_refuse(to, "margin", "a margin is a number >= 0");
  if (!is_margin(claim->absolute_margin))
    return plimi_own_refuse(to, "absolute_margin", "a margin is a number >= 0");
  if (claim->relation == PLIM_OWN_EQUALS && claim->relative_margin == 0.0 && claim->absolute_margin == 0.0)
    return plimi_own_refuse(to, "margin", "equality needs a margin > 0");
  while (terms < PLIM_MOST_TERMS && claim->rates[terms] != 0.0) {
    if (!(claim->rates[terms] > (terms > 0 ? claim->rates[terms - 1] : 0.0)) ||
        !isfinite(claim->rates[terms]))
      return plimi_own_refuse(to, "rates", "rates are positive and ascend");
    terms++;
  }
  if (terms == 0)
    return plimi_own_refuse(to, "rates", "a rate is missing: value(d) = limit + O(d^-rate)");
  if (terms > 1 && claim->n_sizes < terms + 2)
    return plimi_own_refuse(to, "d", "%zu rates need %zu sizes at least", terms, terms + 2);
  return PLIM_OK;
}

plim_status plimi_own_check(const plim_own_claims *claims, const plim_own_claim *claim,
                            const plimi_own_complaint *to)
{
  plim_status status = check_name(claims, claim, to);
  if (status == PLIM_OK)
    status = check_judging(claim, to);
  if (status == PLIM_OK)
    status = check_points(claim, to);
  if (status == PLIM_OK)
    status = check_sizes(claim, to);
  return status;
}

static plim_status check_inputs(const plimi_experiment *experiment, size_t d, const plimi_own_complaint *to)
{
  const plim_problem *stated = experiment->problem;
  const char *const name = plim_inputs_name(stated->inputs);
  plim_simulation simulation = {.replicas = 1, .threads = 1};
  const plim_measurement measurement = {.quantities = experiment->quantities,
                                        .n_quantities = experiment->n_quantities,
                                        .lambda = experiment->path,
                                        .n_lambda = experiment->n_path};
  plim_inputs_need need;
  if (plim_size_from_problem(stated, d, &simulation.size) != PLIM_OK)
    return PLIM_OK; /* the run says so */
  const plim_problem problem = plim_problem_at_size(stated, &simulation.size);
  const plim_status status = plim_simulation_inputs(&problem, &simulation, &measurement, &need);
  if (status == PLIM_OUTSIDE_DOMAIN)
    return plimi_own_refuse(to, "inputs", "%s: with %s and a teacher %s DF > %.3g is needed", name,
                            plim_activation_name(problem.activation), plim_activation_name(problem.teacher),
                            need.moments_needed);
  if (status != PLIM_INVALID || need.rows == 0)
    return PLIM_OK;
  if (need.columns < need.columns_needed)
    return plimi_own_refuse(to, "inputs", "%s has %zu columns; d = %zu needs as many", name, need.columns, d);
  return plimi_own_refuse(to, "inputs", "%s has %zu rows; a replica at d = %zu needs %zu", name, need.rows, d,
                          need.rows_needed);
}

plim_status plimi_own_check_inputs(const plimi_claim *claim, const plimi_own_complaint *to)
{
  plim_status status = PLIM_OK;
  for (size_t e = 0; e < claim->n_experiments; e++)
    for (size_t k = 0; k < claim->experiments[e].sizes && status == PLIM_OK; k++)
      status = check_inputs(&claim->experiments[e], claim->experiments[e].d[k], to);
  return status;
}
