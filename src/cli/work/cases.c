/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cases.c - series of a table as cases to be judged: their rungs, the cells of their rows, their fit. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../options/values.h"
#include "judging.h"

static const double usual_rate = 1.0;

size_t plimi_judging_rates(const plimi_judging *judging, plim_quantity quantity, double *rates)
{
  const plimi_numbers *given = &judging->settings->rates;
  rates[0] = usual_rate;
  if (given->count > 0)
    memcpy(rates, given->values, given->count * sizeof *rates);
  else if (judging->basis == PLIMI_BY_LIMIT && plim_limit_describe(quantity) != NULL)
    rates[0] = plim_limit_describe(quantity)->drift_rate;
  return given->count > 0 ? given->count : 1;
}

plim_status plimi_judging_fit(const plimi_judging *judging, const plimi_case *of, const plim_rung *rungs,
                              plim_extrapolation *fit)
{
  double rates[PLIM_MOST_TERMS];
  const size_t terms = plimi_judging_rates(judging, of->quantity, rates);
  if (judging->basis == PLIMI_BY_EXPONENT)
    return plim_extrapolate_exponent(rungs, of->count, rates, terms, fit);
  if (terms > 1)
    return plim_extrapolate_terms(rungs, of->count, rates, terms, fit);
  return plim_extrapolate_covered(rungs, of->count, rates[0], PLIM_USUAL_RATIO, fit);
}

size_t plimi_find_key(const plimi_judging *judging, const char *name, const char *option)
{
  const plimi_layout *layout = &judging->seen->layout;
  for (size_t k = 0; k < layout->key_count; k++)
    if (strcmp(layout->key_names[k], name) == 0)
      return k;
  const char *nearest = plimi_nearest(name, layout->key_names, layout->key_count);
  plimi_complain("--%s: '%s' is no key of %s%s%s%s", option, name, judging->seen->name,
                 nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "?" : "");
  return PLIMI_NO_COLUMN;
}

/* Columns of plim's own output that say which problem a row is of. */
static const plimi_column identifying[] = {
    PLIMI_QUANTITY,           PLIMI_PSI1,       PLIMI_PSI2,    PLIMI_LAMBDA, PLIMI_ETA,
    PLIMI_ETA_EXPONENT,       PLIMI_TEACHER,    PLIMI_NOISE,   PLIMI_STEPS,  PLIMI_BATCH,
    PLIMI_FURTHER_PARAMETERS, PLIMI_ACTIVATION, PLIMI_READOUT, PLIMI_SEED};

/* The one called `name`; PLIMI_COLUMN_COUNT: none. */
static plimi_column column_of(const char *name)
{
  for (size_t i = 0; i < sizeof identifying / sizeof identifying[0]; i++)
    if (strcmp(plimi_column_name(identifying[i]), name) == 0)
      return identifying[i];
  return PLIMI_COLUMN_COUNT;
}

int plimi_cases_begin(plimi_judging *judging)
{
  const plimi_layout *layout = &judging->seen->layout;
  const char **names = plimi_allocate(layout->key_count, sizeof *names);
  judging->further_keys = plimi_allocate(layout->key_count, sizeof *judging->further_keys);
  judging->further.names = names;
  for (size_t k = 0; k < layout->key_count; k++) {
    const char *name = layout->key_names[k];
    if (column_of(name) != PLIMI_COLUMN_COUNT)
      continue;
    for (int c = 0; c < PLIMI_COLUMN_COUNT; c++) {
      if (!plimi_column_belongs((plimi_column)c, PLIMI_OF_VERDICTS) ||
          strcmp(plimi_column_name((plimi_column)c), name) != 0)
        continue;
      plimi_complain(
          "%s:%zu: column %s: a column of this name stands in the verdicts for something else; give it "
          "another, or --ignore it",
          judging->seen->name, layout->line, name);
      return PLIM_EXIT_USAGE;
    }
    names[judging->further.count] = name;
    judging->further_keys[judging->further.count++] = k;
  }
  return PLIM_EXIT_DONE;
}

static plimi_cell cell_of(const plimi_key *key)
{
  uint64_t whole;
  if (plimi_read_whole(key->text, &whole) && key->text[strspn(key->text, "0123456789")] == '\0')
    return (plimi_cell){.kind = PLIMI_CELL_INTEGER, .is.integer = whole};
  if (!isnan(key->number))
    return (plimi_cell){.kind = PLIMI_CELL_NUMBER, .is.number = key->number};
  return (plimi_cell){.kind = key->text[0] != '\0' ? PLIMI_CELL_TEXT : PLIMI_CELL_EMPTY,
                      .is.text = key->text};
}

/* Where the cell of key number `key` stands. */
static plimi_cell *cell_at(const plimi_judging *judging, plimi_case *of, plimi_cell *further, size_t key)
{
  const plimi_column column = column_of(judging->seen->layout.key_names[key]);
  if (column != PLIMI_COLUMN_COUNT)
    return &of->row.cells[column];
  for (size_t i = 0; i < judging->further.count; i++)
    if (judging->further_keys[i] == key)
      return &further[i];
  return NULL;
}

plimi_case *plimi_case_add(plimi_judging *judging, const plimi_series *series)
{
  const plimi_layout *layout = &judging->seen->layout;
  if (judging->count == judging->room) {
    judging->room = 2 * judging->room + 16;
    judging->cases = plimi_reallocate(judging->cases, judging->room, sizeof *judging->cases);
    judging->cells = plimi_reallocate(judging->cells, judging->room, sizeof *judging->cells);
  }
  plimi_cell *further = judging->cells[judging->cell_count++] =
      plimi_allocate(judging->further.count, sizeof *further);
  plimi_case *made = &judging->cases[judging->count++];
  *made = (plimi_case){.sizes = series->sizes,
                       .count = series->count,
                       .seen = plimi_allocate(series->count, sizeof *made->seen),
                       .rungs = plimi_allocate(series->count, sizeof *made->rungs),
                       .line = series->line,
                       .row = {.further = further},
                       .judged = {.growth = NAN, .seconds = NAN, .effect = NAN}};
  for (size_t k = 0; k < series->count; k++) {
    const plimi_observed *seen = &series->sizes[k];
    made->seen[k] = made->rungs[k] =
        (plim_rung){.d = seen->d, .value = seen->value, .error = seen->error, .replicas = seen->replicas};
  }
  plimi_row_set_text(&made->row, PLIMI_QUANTITY, layout->names[layout->value]);
  for (size_t k = 0; k < layout->key_count; k++)
    *cell_at(judging, made, further, k) = cell_of(&series->keys[k]);
  return made;
}

static const char *keep_text(plimi_judging *judging, const char *text)
{
  judging->texts = plimi_reallocate(judging->texts, judging->text_count + 1, sizeof *judging->texts);
  return judging->texts[judging->text_count++] = plimi_copy(text);
}

void plimi_case_set_key(plimi_judging *judging, plimi_case *of, size_t key, const char *text)
{
  plimi_cell *further = judging->cells[of - judging->cases];
  *cell_at(judging, of, further, key) =
      (plimi_cell){.kind = PLIMI_CELL_TEXT, .is.text = keep_text(judging, text)};
}
