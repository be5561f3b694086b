/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judging.c - what plim judge does with a table: the statement, the cases, their fits and verdicts. */
#include "config.h"

#include "judging.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../options/values.h"
#include "foresight.h"
#include "plim_looks.h"

static const double usual_rate = 1.0;
static const double usual_power = 0.9; /* of what would settle an UNDECIDED verdict */

/* ---- The statement ------------------------------------------------------------------------------------- */

static int choose_basis(plimi_judging *judging)
{
  const plimi_settings *s = judging->settings;
  const struct {
    bool given;
    const char *option;
    plimi_basis basis;
  } ways[] = {{s->predicted.count > 0, "predicted", PLIMI_BY_NUMBER},
              {s->formula != NULL, "predicted-expr", PLIMI_BY_FORMULA},
              {s->against.all || s->against.count > 0, "against", PLIMI_BY_LIMIT},
              {s->exponent.count > 0, "exponent", PLIMI_BY_EXPONENT},
              {s->compared != NULL, "compare", PLIMI_BY_PAIR},
              {s->increasing != NULL, "increasing", PLIMI_BY_ORDER},
              {s->decreasing != NULL, "decreasing", PLIMI_BY_ORDER}};
  const char *first = NULL;
  judging->basis = PLIMI_BY_COLUMN;
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    if (!ways[i].given)
      continue;
    if (first != NULL) {
      plimi_complain("--%s and --%s are two statements; give one", first, ways[i].option);
      return PLIM_EXIT_USAGE;
    }
    first = ways[i].option;
    judging->basis = ways[i].basis;
  }
  return PLIM_EXIT_DONE;
}

static int choose_relation(plimi_judging *judging)
{
  const plimi_settings *s = judging->settings;
  judging->relation = s->relation.values[0];
  if (s->bound.count > 0) {
    const unsigned bound =
        s->bound.values[0] == PLIMI_BOUND_LOWER ? PLIMI_RELATION_AT_LEAST : PLIMI_RELATION_AT_MOST;
    if (judging->relation != PLIMI_RELATION_EQUAL && judging->relation != bound) {
      plimi_complain("--bound contradicts --relation; give one of them");
      return PLIM_EXIT_USAGE;
    }
    judging->relation = bound;
  }
  if (judging->basis != PLIMI_BY_ORDER)
    return PLIM_EXIT_DONE;
  if (judging->relation != PLIMI_RELATION_EQUAL) {
    plimi_complain("--%s is a relation of its own; drop --relation and --bound",
                   s->increasing != NULL ? "increasing" : "decreasing");
    return PLIM_EXIT_USAGE;
  }
  judging->relation = PLIMI_RELATION_AT_LEAST; /* the next over the one before */
  return PLIM_EXIT_DONE;
}

int plimi_judging_begin(plimi_judging *judging, const plimi_settings *settings)
{
  *judging = (plimi_judging){.settings = settings, .criterion = plim_criterion_default()};
  judging->criterion.relative_margin = settings->margin.values[0];
  judging->criterion.absolute_margin = settings->absolute_margin.values[0];
  judging->criterion.level = settings->level.values[0];
  int status = choose_basis(judging);
  if (status == PLIM_EXIT_DONE)
    status = choose_relation(judging);
  if (status == PLIM_EXIT_DONE && judging->basis == PLIMI_BY_EXPONENT &&
      settings->rates.count >= PLIM_MOST_TERMS) {
    plimi_complain("--rate: with --exponent at most %d powers are fitted", PLIM_MOST_TERMS - 1);
    status = PLIM_EXIT_USAGE;
  }
  return status;
}

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

/* ---- Cases --------------------------------------------------------------------------------------------- */

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
    PLIMI_QUANTITY,     PLIMI_PSI1,    PLIMI_PSI2,  PLIMI_LAMBDA, PLIMI_ETA,
    PLIMI_ETA_EXPONENT, PLIMI_TEACHER, PLIMI_NOISE, PLIMI_STEPS,  PLIMI_BATCH,
    PLIMI_ACTIVATION,   PLIMI_READOUT, PLIMI_SEED};

/* The one called `name`; PLIMI_COLUMN_COUNT: none. */
static plimi_column column_of(const char *name)
{
  for (size_t i = 0; i < sizeof identifying / sizeof identifying[0]; i++)
    if (strcmp(plimi_column_name(identifying[i]), name) == 0)
      return identifying[i];
  return PLIMI_COLUMN_COUNT;
}

static int choose_columns(plimi_judging *judging)
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
                       .judged = {.growth = NAN, .seconds = NAN}};
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

static int check_sizes(const plimi_judging *judging)
{
  double rates[PLIM_MOST_TERMS];
  for (size_t i = 0; i < judging->count; i++) {
    const plimi_case *c = &judging->cases[i];
    const size_t terms = plimi_judging_rates(judging, c->quantity, rates);
    const size_t least = terms + (judging->basis == PLIMI_BY_EXPONENT ? 3 : 2);
    if (c->count >= least)
      continue;
    plimi_message sizes = {.text = ""};
    for (size_t k = 0; k < c->count; k++)
      plimi_message_add(&sizes, "%s%.15g", k > 0 ? ", " : "", c->seen[k].d);
    plimi_complain(
        "%s:%zu: column d: the group of this row has %zu size%s (%s); a verdict takes %zu or more: limits "
        "are approached with a bias (a column that is no key belongs into --ignore)",
        judging->seen->name, c->line, c->count, c->count == 1 ? "" : "s", sizes.text, least);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

int plimi_judging_take(plimi_judging *judging, const plimi_observations *seen)
{
  judging->seen = seen;
  const bool has_column = plimi_layout_has(&seen->layout, PLIMI_ROLE_PREDICTED);
  if (judging->basis == PLIMI_BY_COLUMN && !has_column) {
    plimi_complain(
        "%s has no column predicted; give --predicted, --predicted-expr or --against, or one of --exponent, "
        "--compare, --increasing, --decreasing",
        seen->name);
    return PLIM_EXIT_USAGE;
  }
  if (has_column && judging->basis > PLIMI_BY_COLUMN && judging->basis <= PLIMI_BY_LIMIT) {
    plimi_complain(
        "%s has a column predicted, so there are two predictions; --ignore predicted leaves it aside",
        seen->name);
    return PLIM_EXIT_USAGE;
  }
  int status = choose_columns(judging);
  if (status == PLIM_EXIT_DONE && judging->basis >= PLIMI_BY_PAIR)
    status = plimi_pair(judging);
  for (size_t i = 0; i < seen->count && judging->basis < PLIMI_BY_PAIR && status == PLIM_EXIT_DONE; i++)
    status = plimi_predict(judging, &seen->series[i]);
  return status == PLIM_EXIT_DONE ? check_sizes(judging) : status;
}

/* ---- Verdicts ------------------------------------------------------------------------------------------ */

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

static void withhold(plimi_case *c, const char *reason)
{
  snprintf(c->judged.reason, sizeof c->judged.reason, "%s", reason);
}

static void judge(plimi_judging *judging, plimi_case *c)
{
  plimi_judged *judged = &c->judged;
  if (judged->reason[0] != '\0')
    return;
  const plim_status status = plimi_judging_fit(judging, c, c->rungs, &judged->fit);
  if (status == PLIM_NO_MEMORY)
    plimi_no_memory();
  judged->fitted = status == PLIM_OK;
  if (!judged->fitted) {
    withhold(c, status == PLIM_OUTSIDE_DOMAIN ? "the values have no common sign, or an error is above a "
                                                "fifth of its value: no logarithm of them"
                                              : "the sizes or the errors allow no fit");
    return;
  }
  plim_criterion criterion = judging->criterion;
  criterion.absolute_margin += criterion.relative_margin * c->scale;
  criterion.relative_margin = 0.0;
  const bool is_equal = judging->relation == PLIMI_RELATION_EQUAL;
  if (is_equal && criterion.absolute_margin <= 0.0) {
    withhold(c, "the margin is 0; give --absolute-margin");
    return;
  }
  const plimi_ladder_design design = {.quantity = c->quantity,
                                      .asked = &c->asked,
                                      .drawn = c->drawn,
                                      .rungs = c->rungs,
                                      .count = c->count,
                                      .limit = c->predicted,
                                      .margin = criterion.absolute_margin};
  if (c->drawn != NULL &&
      plimi_foresees_bias(judging->theory, &design, judged->reason, sizeof judged->reason))
    return;
  const plim_bound side =
      judging->relation == PLIMI_RELATION_AT_LEAST ? PLIM_LOWER_BOUND_OF : PLIM_UPPER_BOUND_OF;
  judged->judged = (is_equal ? plim_judge(&judged->fit, &c->predicted, &criterion, &judged->judgement)
                             : plim_judge_bound(&judged->fit, &c->predicted, side, &criterion,
                                                &judged->judgement)) == PLIM_OK;
  if (!judged->judged)
    withhold(c, "the judge refused the numbers");
}

/* Holm over all, and by how much the replicas of what is UNDECIDED would have to grow. */
static void judge_family(plimi_judging *judging)
{
  plim_judgement *family = plimi_allocate(judging->count, sizeof *family);
  size_t members = 0, member = 0;
  for (size_t i = 0; i < judging->count; i++)
    if (judging->cases[i].judged.judged)
      family[members++] = judging->cases[i].judged.judgement;
  const bool judged = members > 0 && plim_judge_family(family, members, &judging->criterion) == PLIM_OK;
  for (size_t i = 0; i < judging->count; i++) {
    plimi_judged *one = &judging->cases[i].judged;
    if (!one->judged)
      continue;
    one->judged = judged;
    one->judgement = family[member++];
    if (!judged)
      withhold(&judging->cases[i], "the judge refused the numbers");
    const bool misfits = one->judgement.fit_p < judging->criterion.fit_level;
    if (one->judgement.verdict == PLIM_UNDECIDED)
      one->growth = misfits ? INFINITY
                            : plim_growth_needed(&one->judgement, judging->criterion.level / (double)members,
                                                 usual_power);
  }
  free(family);
}

void plimi_judging_run(plimi_judging *judging)
{
  for (size_t i = 0; i < judging->count; i++)
    judge(judging, &judging->cases[i]);
  judge_family(judging);
}

void plimi_judging_free(plimi_judging *judging)
{
  for (size_t i = 0; i < judging->count; i++) {
    free(judging->cases[i].seen);
    free(judging->cases[i].rungs);
    free(judging->cases[i].drawn);
  }
  for (size_t i = 0; i < judging->cell_count; i++)
    free(judging->cells[i]);
  for (size_t i = 0; i < judging->text_count; i++)
    free(judging->texts[i]);
  for (size_t i = 0; i < judging->activation_count; i++) {
    plim_activation_free(judging->activations[i]);
    free(judging->activation_names[i]);
  }
  free(judging->cases);
  free(judging->cells);
  free(judging->texts);
  free(judging->activations);
  free(judging->activation_names);
  free(judging->further_keys);
  free((void *)judging->further.names);
  plim_formula_free(judging->formula);
  plim_theory_free(judging->theory);
}
