/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predictions.c - what the limit of each series is stated to be: a column, a number, an exponent, an expression. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "judging.h"

/* Take `at`, predicted at the ratios drawn at size k, less what is predicted at those asked for, off that size. */
static void take_off(plimi_case *c, size_t k, double at)
{
  if (at != c->predicted.value)
    c->rungs[k].value = c->seen[k].value - at + c->predicted.value;
}

/* Are ratios of the series as drawn, another at each size? */
static bool ratios_differ(const plimi_series *series)
{
  const plimi_observed *last = &series->sizes[series->count - 1];
  for (size_t k = 0; k < series->count; k++)
    for (size_t r = 0; r < 2; r++)
      if (!isnan(last->ratio[r]) && series->sizes[k].ratio[r] != last->ratio[r])
        return true;
  return false;
}

static int by_column(const plimi_judging *judging, const plimi_series *series, plimi_case *c)
{
  const plimi_observed *last = &series->sizes[series->count - 1];
  c->predicted = last->predicted;
  for (size_t k = 0; k < series->count; k++) {
    const plim_value *here = &series->sizes[k].predicted;
    c->predicted.error = fmax(c->predicted.error, here->error);
    if (here->value != last->predicted.value && !ratios_differ(series)) {
      plimi_complain(
          "%s:%zu: column predicted: another prediction than in line %zu of the same group; a limit has one "
          "for all sizes",
          judging->seen->name, series->sizes[k].line, last->line);
      return PLIM_EXIT_USAGE;
    }
    take_off(c, k, here->value);
  }
  return PLIM_EXIT_DONE;
}

/* Compiled once, in the names of the keys. */
static int compile(plimi_judging *judging)
{
  const plimi_layout *layout = &judging->seen->layout;
  plimi_message names = {.text = ""};
  char *why = NULL;
  if (judging->formula != NULL)
    return PLIM_EXIT_DONE;
  const plim_status status = plimi_heed_memory(plim_formula_alloc(
      judging->settings->formula, layout->key_names, layout->key_count, &judging->formula, &why));
  if (status == PLIM_OK)
    return PLIM_EXIT_DONE;
  for (size_t k = 0; k < layout->key_count; k++)
    plimi_message_add(&names, "%s%s", k > 0 ? ", " : "", layout->key_names[k]);
  plimi_complain("--predicted-expr: %s; the keys of %s are %s",
                 why != NULL ? why : plim_status_meaning(status), judging->seen->name,
                 names.text[0] != '\0' ? names.text : "none");
  free(why);
  return PLIM_EXIT_USAGE;
}

/* The expression at the keys, with the ratios drawn at size `at` (NULL: those of the keys). */
static int evaluate(plimi_judging *judging, const plimi_series *series, const plimi_observed *at,
                    double *value)
{
  const plimi_layout *layout = &judging->seen->layout;
  double *values = plimi_allocate(layout->key_count, sizeof *values);
  int status = PLIM_EXIT_DONE;
  for (size_t k = 0; k < layout->key_count && status == PLIM_EXIT_DONE; k++) {
    values[k] = series->keys[k].number;
    for (size_t r = 0; r < 2; r++)
      if (at != NULL && layout->ratio_key[r] == k && !isnan(at->ratio[r]))
        values[k] = at->ratio[r];
    if (!isnan(values[k]) || !plim_formula_uses(judging->formula, k))
      continue;
    plimi_complain("%s:%zu: column %s: '%.80s' is not a number, which --predicted-expr takes it for",
                   judging->seen->name, series->line, layout->key_names[k], series->keys[k].text);
    status = PLIM_EXIT_USAGE;
  }
  const plim_status found = plimi_heed_memory(
      status == PLIM_EXIT_DONE ? plim_formula_value(judging->formula, values, value) : PLIM_OK);
  if (found != PLIM_OK) {
    plimi_complain("%s:%zu: --predicted-expr is no finite number with the keys of this row",
                   judging->seen->name, series->line);
    status = PLIM_EXIT_USAGE;
  }
  free(values);
  return status;
}

static int by_formula(plimi_judging *judging, const plimi_series *series, plimi_case *c)
{
  int status = compile(judging);
  if (status == PLIM_EXIT_DONE)
    status = evaluate(judging, series, NULL, &c->predicted.value);
  for (size_t k = 0; k < series->count && status == PLIM_EXIT_DONE; k++) {
    double at;
    status = evaluate(judging, series, &series->sizes[k], &at);
    if (status == PLIM_EXIT_DONE)
      take_off(c, k, at);
  }
  return status;
}

int plimi_predict(plimi_judging *judging, const plimi_series *series)
{
  int status = PLIM_EXIT_DONE;
  if (judging->basis == PLIMI_BY_LIMIT)
    return plimi_predict_by_limit(judging, series);
  plimi_case *c = plimi_case_add(judging, series);
  if (judging->basis == PLIMI_BY_COLUMN)
    status = by_column(judging, series, c);
  else if (judging->basis == PLIMI_BY_FORMULA)
    status = by_formula(judging, series, c);
  else
    c->predicted.value = judging->basis == PLIMI_BY_NUMBER ? judging->settings->predicted.values[0]
                                                           : judging->settings->exponent.values[0];
  c->scale = fabs(c->predicted.value);
  return status;
}
