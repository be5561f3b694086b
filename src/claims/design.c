/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.c - a claim's design in words: what is drawn, and how each number is judged. It is made from the claim's data
   alone, before anything is drawn. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "claims.h"

typedef struct {
  char *text; /* ends in NUL once anything was added */
  size_t length, room;
  bool lost; /* memory was wanting */
} sheet;

__attribute__((format(printf, 2, 3))) static void add(sheet *made, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  made->lost = made->lost || length < 0; /* for want of memory too, with many conversions */
  const size_t needed = made->length + (length > 0 ? (size_t)length : 0) + 1;
  if (needed > made->room && !made->lost) {
    char *grown = realloc(made->text, 2 * needed);
    made->lost = grown == NULL;
    made->text = grown != NULL ? grown : made->text;
    made->room = grown != NULL ? 2 * needed : made->room;
  }
  if (made->lost)
    return;
  va_start(arguments, format);
  vsnprintf(made->text + made->length, made->room - made->length, format, arguments);
  va_end(arguments);
  made->length = needed - 1;
}

static void write_own_problem(const plim_problem *at, size_t number, sheet *made)
{
  add(made,
      "experiment %zu: %s/%s psi1 %.15g psi2 %.15g lambda %.15g eta %.15g N^%.15g noise %.15g steps %zu",
      number, plim_activation_name(at->activation), plim_activation_name(at->teacher), at->psi1, at->psi2,
      at->lambda, at->eta, at->eta_exponent, at->noise, at->steps);
  char further[PLIM_FURTHER_WORDS];
  plim_problem_further_words(at, 15, further);
  add(made, " %s batch, readout %s%s", plim_batch_name(at->batch), plim_problem_readout_name(at), further);
}

static void write_problem(const plimi_point *at, size_t number, sheet *made)
{
  add(made, "experiment %zu: %s/%s n:d:N %zu:%zu:%zu lambda %.15g eta %.15g N^%.15g noise %.15g steps %zu",
      number, at->activation, at->teacher, at->n, at->d, at->width, at->lambda, at->eta, at->eta_exponent,
      at->noise, at->steps > 0 ? at->steps : 1);
  if (at->inputs != NULL)
    add(made, " %s inputs", at->inputs);
  if (at->eta_second > 0.0)
    add(made, " second eta %.15g", at->eta_second);
  if (at->eta_second_exponent > 0.0)
    add(made, " N^%.15g", at->eta_second_exponent);
  add(made, " %s batch, readout %s", plim_batch_name(at->batch), plim_readout_name(at->readout));
  if (at->ridge_batch == PLIM_RIDGE_SAME)
    add(made, ", same ridge batch, overlap %.15g, extra %.15g", at->overlap, at->extra);
  else if (at->step_n > 0)
    add(made, ", gradient batch %zu", at->step_n);
}

static void write_experiment(const plimi_experiment *experiment, size_t number,
                             const plim_claim_settings *settings, sheet *made)
{
  const size_t sizes = plimi_ladder_sizes(experiment, settings->tier);
  if (experiment->problem != NULL)
    write_own_problem(experiment->problem, number, made);
  else
    write_problem(&experiment->at, number, made);
  add(made, ", %s features, draws %zu;", plim_features_name(experiment->features), experiment->draws);
  for (size_t l = 0; l < experiment->n_path; l++)
    add(made, "%s%.15g",
        l > 0                     ? ", "
        : experiment->around_best ? " penalties in units of the best "
                                  : " penalties ",
        experiment->path[l]);
  for (size_t q = 0; q < experiment->n_quantities; q++)
    add(made, "%s%s", q > 0 ? ", " : " measured ", plim_quantity_name(experiment->quantities[q]));
  if (experiment->spectrum != NULL)
    add(made, " spectrum of %s", plim_spectrum_name(*experiment->spectrum));
  for (size_t k = 0; k < sizes; k++)
    add(made, "%s%zu (%zu)", k > 0 ? ", " : "; d (replicas) ", plimi_ladder_d(experiment, k),
        plimi_planned_replicas(experiment, settings, k));
  add(made, "%s", sizes > 0 ? "\n" : "; not in this tier\n");
}

static void write_term(const plimi_term *term, sheet *made)
{
  add(made, "%s of experiment %zu, penalty %zu", plim_quantity_name(term->quantity), term->experiment,
      term->penalty);
}

static void write_prediction(const plimi_row *row, sheet *made)
{
  if (row->by == PLIMI_BY_NUMBER)
    add(made, "%.15g", row->number);
  else
    add(made, "%s", row->by == PLIMI_BY_QUANTITY ? plim_quantity_name(row->bounded) : "its limit");
}

/* The formulas in the place of quantities. */
static void write_own(const plimi_row *row, sheet *made)
{
  const char *measured, *predicted;
  plimi_own_texts(row, &measured, &predicted);
  add(made, "%s of experiment %zu, penalty %zu", measured, row->of.experiment, row->of.penalty);
  if (row->difference)
    add(made, ", less the same of experiment %zu, penalty %zu", row->minus.experiment, row->minus.penalty);
  add(made, " %s %s", plim_relation_symbol(row->relation), predicted != NULL ? predicted : "0");
}

static void write_terms(const plimi_row *row, sheet *made)
{
  write_term(&row->of, made);
  if (row->difference) {
    add(made, "%s", ", less ");
    write_term(&row->minus, made);
  }
  add(made, " %s ", plim_relation_symbol(row->relation));
  write_prediction(row, made);
}

static void write_row(const plimi_row *row, size_t number, plim_tier tier, sheet *made)
{
  const plim_limit_info *info = row->own == NULL ? plim_limit_describe(row->of.quantity) : NULL;
  const double declared[PLIM_MOST_TERMS] = {info != NULL ? info->drift_rate : 0.0};
  const double *rates = row->rates[0] > 0.0 ? row->rates : declared;
  add(made, "finding %zu: %s: ", number, row->what);
  if (row->own != NULL)
    write_own(row, made);
  else
    write_terms(row, made);
  add(made, "; margin %.15g of the limit and %.15g; rates", plimi_margin_in(tier, row->relative_margin),
      plimi_margin_in(tier, row->absolute_margin));
  for (size_t t = 0; t < PLIM_MOST_TERMS && rates[t] > 0.0; t++)
    add(made, " %.15g", rates[t]);
  if (rates[1] <= 0.0)
    add(made, ", next power covered to %.15g times the first", PLIM_USUAL_RATIO);
  add(made, "%s%s\n", row->less_drift ? "; the theory's own drift taken off" : "",
      row->never_near ? ", down to its limit" : "");
}

typedef struct {
  const plimi_claim *claim;
  const plim_claim_settings *settings;
  char **text;
} request;

static plim_status write_design(void *of)
{
  const request *asked = of;
  const plimi_claim *claim = asked->claim;
  sheet written = {.text = NULL}, *made = &written;
  add(made, "claim %s\n", claim->info.name);
  for (size_t e = 0; e < claim->n_experiments; e++)
    write_experiment(&claim->experiments[e], e, asked->settings, made);
  for (size_t i = 0; i < claim->n_rows; i++)
    write_row(&claim->rows[i], i, asked->settings->tier, made);
  if (claim->conclude != NULL) {
    add(made, "%s", "further findings: ");
    const size_t from = made->length;
    add(made, "%s", claim->info.method);
    for (size_t k = from; k < made->length; k++)
      made->text[k] = made->text[k] == '\n' ? ' ' : made->text[k];
    add(made, "%s", "\n");
  }
  if (made->lost) {
    free(made->text);
    return PLIM_NO_MEMORY;
  }
  *asked->text = made->text;
  return PLIM_OK;
}

plim_status plim_claim_design(size_t claim, const plim_claim_settings *settings, char **text)
{
  request asked = {plimi_claim_at(claim, settings->own), settings, text};
  if (asked.claim == NULL || plim_tier_name(settings->tier) == NULL || settings->replicas == 1)
    return PLIM_INVALID;
  return plimi_in_plain_locale(write_design, &asked);
}
