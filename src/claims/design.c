/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.c - a claim's design in words: what is drawn, and how each number is judged. It is made from the claim's data
   alone, before anything is drawn. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "claims.h"

static void write_experiment(const plimi_experiment *experiment, size_t number,
                             const plim_claim_settings *settings, FILE *stream)
{
  const plimi_point *at = &experiment->at;
  const size_t sizes = plimi_ladder_sizes(experiment, settings->tier);
  fprintf(stream,
          "experiment %zu: %s/%s n:d:N %zu:%zu:%zu lambda %.15g eta %.15g N^%.15g noise %.15g steps %zu",
          number, at->activation, at->teacher, at->n, at->d, at->width, at->lambda, at->eta, at->eta_exponent,
          at->noise, at->steps > 0 ? at->steps : 1);
  fprintf(stream, " %s batch, readout %s, %s features, draws %zu;", plim_batch_name(at->batch),
          plim_readout_name(at->readout), plim_features_name(experiment->features), experiment->draws);
  for (size_t l = 0; l < experiment->n_path; l++)
    fprintf(stream, "%s%.15g",
            l > 0                     ? ", "
            : experiment->around_best ? " penalties in units of the best "
                                      : " penalties ",
            experiment->path[l]);
  for (size_t q = 0; q < experiment->n_quantities; q++)
    fprintf(stream, "%s%s", q > 0 ? ", " : " measured ", plim_quantity_name(experiment->quantities[q]));
  if (experiment->spectrum != NULL)
    fprintf(stream, " spectrum of %s", plim_spectrum_name(*experiment->spectrum));
  for (size_t k = 0; k < sizes; k++)
    fprintf(stream, "%s%zu (%zu)", k > 0 ? ", " : "; d (replicas) ", plimi_ladder_d(experiment, k),
            plimi_planned_replicas(experiment, settings, k));
  fputs(sizes > 0 ? "\n" : "; not in this tier\n", stream);
}

static void write_term(const plimi_term *term, FILE *stream)
{
  fprintf(stream, "%s of experiment %zu, penalty %zu", plim_quantity_name(term->quantity), term->experiment,
          term->penalty);
}

static void write_prediction(const plimi_row *row, FILE *stream)
{
  if (row->by == PLIMI_BY_NUMBER)
    fprintf(stream, "%.15g", row->number);
  else
    fputs(row->by == PLIMI_BY_QUANTITY ? plim_quantity_name(row->bounded) : "its limit", stream);
}

static void write_row(const plimi_row *row, size_t number, plim_tier tier, FILE *stream)
{
  const double declared[PLIM_MOST_TERMS] = {plim_limit_describe(row->of.quantity)->drift_rate};
  const double *rates = row->rates[0] > 0.0 ? row->rates : declared;
  fprintf(stream, "finding %zu: %s: ", number, row->what);
  write_term(&row->of, stream);
  if (row->difference) {
    fputs(", less ", stream);
    write_term(&row->minus, stream);
  }
  fprintf(stream, " %s ", plim_relation_symbol(row->relation));
  write_prediction(row, stream);
  fprintf(stream, "; margin %.15g of the limit and %.15g; rates", plimi_margin_in(tier, row->relative_margin),
          plimi_margin_in(tier, row->absolute_margin));
  for (size_t t = 0; t < PLIM_MOST_TERMS && rates[t] > 0.0; t++)
    fprintf(stream, " %.15g", rates[t]);
  if (rates[1] <= 0.0)
    fprintf(stream, ", next power covered to %.15g times the first", PLIM_USUAL_RATIO);
  fputs(row->less_drift ? "; the theory's own drift taken off\n" : "\n", stream);
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
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  if (stream == NULL)
    return PLIM_NO_MEMORY;
  fprintf(stream, "claim %s\n", claim->info.name);
  for (size_t e = 0; e < claim->n_experiments; e++)
    write_experiment(&claim->experiments[e], e, asked->settings, stream);
  for (size_t i = 0; i < claim->n_rows; i++)
    write_row(&claim->rows[i], i, asked->settings->tier, stream);
  if (claim->conclude != NULL) {
    fputs("further findings: ", stream);
    for (const char *c = claim->info.method; *c != '\0'; c++)
      fputc(*c == '\n' ? ' ' : *c, stream);
    fputc('\n', stream);
  }
  const bool lost = ferror(stream) != 0;
  if (fclose(stream) != 0 || lost) {
    free(text);
    return PLIM_NO_MEMORY;
  }
  *asked->text = text;
  return PLIM_OK;
}

plim_status plim_claim_design(size_t claim, const plim_claim_settings *settings, char **text)
{
  request asked = {plimi_claim_at(claim), settings, text};
  if (asked.claim == NULL || plim_tier_name(settings->tier) == NULL || settings->replicas == 1)
    return PLIM_INVALID;
  return plimi_in_plain_locale(write_design, &asked);
}
