/* SPDX-License-Identifier: GPL-3.0-or-later */
/* by_limit.c - plim's own limit for a series that somebody measured: the problem is put together from columns and
   options, and the theory taken at the ratios drawn at each size and at those asked for, as by plim compare. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "foresight.h"
#include "judging.h"
#include "../options/product.h"

/* ---- The problem --------------------------------------------------------------------------------------- */

static int refuse(const plimi_judging *judging, const plimi_series *series, size_t key, const char *wanted)
{
  plimi_complain("%s:%zu: column %s: '%.80s' is not accepted; give %s", judging->seen->name, series->line,
                 judging->seen->layout.key_names[key], series->keys[key].text, wanted);
  return PLIM_EXIT_USAGE;
}

/* The activation called `name`, made once. NULL with *why. */
static const plim_activation *activation_called(plimi_judging *judging, const char *name, plimi_message *why)
{
  char *reason = NULL;
  plim_activation *made;
  for (size_t i = 0; i < judging->activation_count; i++)
    if (strcmp(judging->activation_names[i], name) == 0)
      return judging->activations[i];
  const plim_status status = plimi_heed_memory(plim_activation_alloc(name, &made, &reason));
  plimi_message_set(why, "a name from `plim list activations` or expr:EXPRESSION in z%s%s%s",
                    reason != NULL ? " (" : "", reason != NULL ? reason : "", reason != NULL ? ")" : "");
  free(reason);
  if (status != PLIM_OK)
    return NULL;
  const size_t count = judging->activation_count + 1;
  judging->activations = plimi_reallocate(judging->activations, count, sizeof *judging->activations);
  judging->activation_names =
      plimi_reallocate(judging->activation_names, count, sizeof *judging->activation_names);
  judging->activations[count - 1] = made;
  judging->activation_names[count - 1] = plimi_copy(name);
  judging->activation_count = count;
  return made;
}

static int set_activation(plimi_judging *judging, const plimi_series *series, size_t key,
                          const plim_activation **activation)
{
  plimi_message why;
  *activation = activation_called(judging, series->keys[key].text, &why);
  return *activation != NULL ? PLIM_EXIT_DONE : refuse(judging, series, key, why.text);
}

static int set_readout(plimi_judging *judging, const plimi_series *series, size_t key, plim_problem *problem)
{
  const char *text = series->keys[key].text;
  for (int r = 0; r < PLIM_READOUT_COUNT; r++)
    if (r != PLIM_READOUT_ATOMS && strcmp(plim_readout_name((plim_readout)r), text) == 0)
      return problem->readout = (plim_readout)r, PLIM_EXIT_DONE;
  plim_atoms *law = plimi_allocate(1, sizeof *law);
  const plim_status status = plimi_heed_memory(plim_atoms_read(text, law, NULL));
  if (status != PLIM_OK) {
    free(law);
    return refuse(judging, series, key, "gaussian, rademacher, constant or atoms:V@P,V@P,...");
  }
  judging->laws = plimi_reallocate(judging->laws, judging->law_count + 1, sizeof *judging->laws);
  judging->laws[judging->law_count++] = law;
  problem->readout = PLIM_READOUT_ATOMS;
  problem->atoms = law;
  return PLIM_EXIT_DONE;
}

/* Key number `key` into the problem, where it is a parameter. */
static int set_parameter(plimi_judging *judging, const plimi_series *series, size_t key,
                         plim_problem *problem)
{
  const char *name = judging->seen->layout.key_names[key], *text = series->keys[key].text;
  const double number = series->keys[key].number;
  const struct {
    const char *name;
    double *field;
  } numbers[] = {{"psi1", &problem->psi1},     {"psi2", &problem->psi2},
                 {"lambda", &problem->lambda}, {"eta", &problem->eta},
                 {"noise", &problem->noise},   {"eta_exponent", &problem->eta_exponent}};
  const struct {
    const char *name;
    double *field;
  } further[] = {{"eta_second", &problem->eta_second},
                 {"eta_second_exponent", &problem->eta_second_exponent},
                 {"overlap", &problem->overlap},
                 {"extra", &problem->extra},
                 {"step_psi1", &problem->step_psi1}};
  for (size_t i = 0; i < sizeof further / sizeof further[0]; i++) {
    if (strcmp(name, further[i].name) != 0)
      continue;
    if (text[0] != '\0') /* empty: it does not apply */
      *further[i].field = number;
    return isnan(number) && text[0] != '\0' ? refuse(judging, series, key, "a number") : PLIM_EXIT_DONE;
  }
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    if (strcmp(name, numbers[i].name) != 0)
      continue;
    *numbers[i].field = number;
    return isnan(number) ? refuse(judging, series, key, "a number") : PLIM_EXIT_DONE;
  }
  if (strcmp(name, "steps") == 0) {
    problem->steps = number >= 1.0 && number == floor(number) && number < 1e9 ? (size_t)number : 0;
    return problem->steps > 0 ? PLIM_EXIT_DONE : refuse(judging, series, key, "a whole number >= 1");
  }
  if (strcmp(name, "activation") == 0)
    return set_activation(judging, series, key, &problem->activation);
  if (strcmp(name, "teacher") == 0)
    return set_activation(judging, series, key, &problem->teacher);
  if (strcmp(name, "batch") == 0) {
    for (int b = 0; b < PLIM_BATCH_COUNT; b++)
      if (strcmp(plim_batch_name((plim_batch)b), text) == 0)
        return problem->batch = (plim_batch)b, PLIM_EXIT_DONE;
    return refuse(judging, series, key, "same or fresh");
  }
  if (strcmp(name, "ridge_batch") == 0) {
    for (int b = 0; b < PLIM_RIDGE_BATCH_COUNT; b++)
      if (strcmp(plim_ridge_batch_name((plim_ridge_batch)b), text) == 0)
        return problem->ridge_batch = (plim_ridge_batch)b, PLIM_EXIT_DONE;
    return refuse(judging, series, key, "fresh or same");
  }
  if (strcmp(name, "readout") == 0)
    return set_readout(judging, series, key, problem);
  return PLIM_EXIT_DONE; /* no parameter */
}

static int problem_of(plimi_judging *judging, const plimi_series *series, plim_problem *problem)
{
  plimi_product product;
  const char *field = NULL;
  int status = PLIM_EXIT_DONE;
  if (!plimi_product_begin(&product, judging->settings, false) || product.count != 1) {
    plimi_complain(
        "plim judge takes one value of each option of the problem; several stand in a column of FILE");
    return PLIM_EXIT_USAGE;
  }
  *problem = plimi_product_at(&product, 0).problem;
  for (size_t k = 0; k < judging->seen->layout.key_count && status == PLIM_EXIT_DONE; k++)
    status = set_parameter(judging, series, k, problem);
  if (problem->ridge_batch == PLIM_RIDGE_SAME)
    problem->step_psi1 = 0.0; /* plim's own files say there what overlap and extra come to */
  if (status == PLIM_EXIT_DONE && plim_problem_validate(problem, &field) != PLIM_OK) {
    plimi_complain("%s:%zu: %s is not acceptable with the columns of this row and the options",
                   judging->seen->name, series->line, field);
    return PLIM_EXIT_USAGE;
  }
  return status;
}

/* ---- Which quantity ------------------------------------------------------------------------------------ */

static bool is_asked(const plimi_quantities *against, plim_quantity quantity)
{
  for (size_t i = 0; i < against->count; i++)
    if (against->values[i] == quantity)
      return true;
  return against->all;
}

/* The key `quantity` of the file, or PLIMI_NO_COLUMN. */
static size_t quantity_key(const plimi_layout *layout)
{
  for (size_t k = 0; k < layout->key_count; k++)
    if (strcmp(layout->key_names[k], plimi_column_name(PLIMI_QUANTITY)) == 0)
      return k;
  return PLIMI_NO_COLUMN;
}

/* Does any series name one that is asked for? Then the others are left out; else all are held against the one. */
static bool any_is_named(const plimi_judging *judging, size_t key)
{
  plim_quantity quantity;
  for (size_t i = 0; key != PLIMI_NO_COLUMN && i < judging->seen->count; i++)
    if (plim_quantity_from_name(judging->seen->series[i].keys[key].text, &quantity) == PLIM_OK &&
        is_asked(&judging->settings->against, quantity))
      return true;
  return false;
}

/* *chosen: is the series judged? */
static int choose(plimi_judging *judging, const plimi_series *series, plim_quantity *quantity, bool *chosen)
{
  const plimi_quantities *against = &judging->settings->against;
  const size_t key = quantity_key(&judging->seen->layout);
  *chosen = true;
  if (series > judging->seen->series && judging->count > 0 && key == PLIMI_NO_COLUMN) {
    *quantity = judging->cases[0].quantity;
    return PLIM_EXIT_DONE;
  }
  if (!any_is_named(judging, key)) {
    if (!against->all && against->count == 1) {
      *quantity = against->values[0];
      return PLIM_EXIT_DONE;
    }
    plimi_complain(
        "--against: several quantities, and %s has no column quantity that names one of them; give one",
        judging->seen->name);
    return PLIM_EXIT_USAGE;
  }
  *chosen =
      plim_quantity_from_name(series->keys[key].text, quantity) == PLIM_OK && is_asked(against, *quantity);
  if (!*chosen && against->all)
    return refuse(judging, series, key, "a name from `plim list quantities`");
  return PLIM_EXIT_DONE;
}

/* ---- The limit ----------------------------------------------------------------------------------------- */

static int begin_theory(plimi_judging *judging)
{
  if (judging->theory != NULL)
    return PLIM_EXIT_DONE;
  if (plim_theory_alloc(&judging->theory) != PLIM_OK)
    plimi_no_memory();
  return plim_theory_set_tolerance(judging->theory, judging->settings->tolerance.values[0]) == PLIM_OK
             ? PLIM_EXIT_DONE
             : PLIM_EXIT_USAGE;
}

static void withhold(plimi_case *c, const char *reason)
{
  snprintf(c->judged.reason, sizeof c->judged.reason, "%s", reason);
}

/* The theory at each size and in the limit; where one lacks, the verdict is withheld. */
static void compute(plimi_judging *judging, const plimi_series *series, plimi_case *c)
{
  plim_status status = plimi_limit(judging->theory, c->quantity, &c->asked, &c->predicted);
  c->of_limit = status;
  c->drawn = plimi_allocate(series->count, sizeof *c->drawn);
  if (status == PLIM_OUTSIDE_DOMAIN && plimi_grows(&c->asked))
    withhold(c, "the step size grows with N: this theory has a value at each d and no limit");
  else if (status != PLIM_OK)
    withhold(c, plim_status_meaning(status));
  else {
    c->judged.effect = plimi_effect_of_step(judging->theory, c->quantity, &c->asked, c->predicted.value);
    plimi_note_distance(judging->theory, c->quantity, &c->asked, &c->predicted,
                        judging->criterion.relative_margin * fabs(c->predicted.value) +
                            judging->criterion.absolute_margin);
  }
  for (size_t k = 0; k < series->count; k++) {
    const plimi_observed *seen = &series->sizes[k];
    plim_value here;
    c->drawn[k] = c->asked;
    c->drawn[k].d = seen->d;
    c->drawn[k].psi1 = isnan(seen->ratio[0]) ? c->asked.psi1 : seen->ratio[0];
    c->drawn[k].psi2 = isnan(seen->ratio[1]) ? c->asked.psi2 : seen->ratio[1];
    if (c->judged.reason[0] != '\0')
      continue;
    status = plimi_limit(judging->theory, c->quantity, &c->drawn[k], &here);
    if (status != PLIM_OK)
      withhold(c, plim_status_meaning(status));
    else if (here.value != c->predicted.value)
      c->rungs[k].value = c->seen[k].value - here.value + c->predicted.value;
  }
}

/* What is not in the file stands in the rows too. */
static void fill_row(plimi_case *c, bool named)
{
  plimi_row row = {.further = c->row.further};
  plimi_row_set_problem(&row, &c->asked);
  row.cells[PLIMI_D].kind = PLIMI_CELL_EMPTY;
  row.cells[PLIMI_SEED] = c->row.cells[PLIMI_SEED];
  row.cells[PLIMI_QUANTITY] = c->row.cells[PLIMI_QUANTITY];
  if (!named)
    plimi_row_set_text(&row, PLIMI_QUANTITY, plim_quantity_name(c->quantity));
  c->row = row;
}

int plimi_predict_by_limit(plimi_judging *judging, const plimi_series *series)
{
  plim_quantity quantity;
  plim_problem problem;
  bool chosen;
  int status = begin_theory(judging);
  if (status == PLIM_EXIT_DONE)
    status = choose(judging, series, &quantity, &chosen);
  if (status != PLIM_EXIT_DONE || !chosen)
    return status;
  status = problem_of(judging, series, &problem);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_case *c = plimi_case_add(judging, series);
  c->quantity = quantity;
  c->asked = problem;
  c->asked.d = INFINITY;
  compute(judging, series, c);
  fill_row(c, quantity_key(&judging->seen->layout) != PLIMI_NO_COLUMN);
  c->scale = fabs(c->predicted.value);
  return PLIM_EXIT_DONE;
}
