/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_verdicts.c - the verdicts of a comparison, for reading. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

static const plimi_column telling[] = {
    PLIMI_ACTIVATION,   PLIMI_TEACHER, PLIMI_PSI1,    PLIMI_PSI2,  PLIMI_LAMBDA, PLIMI_ETA,
    PLIMI_ETA_EXPONENT, PLIMI_NOISE,   PLIMI_READOUT, PLIMI_STEPS, PLIMI_BATCH,  PLIMI_FURTHER_PARAMETERS,
    PLIMI_REPLICAS,     PLIMI_SEED};
enum { TELLING = sizeof telling / sizeof telling[0] };

/* Which columns a table of verdicts has besides those it always has. */
typedef struct {
  bool replicas; /* where a look made them: what the verdict was made from */
  bool needed;   /* where one is UNDECIDED: what would settle it */
  bool effect;   /* where the step changes one: by how much */
} extra;

static void add_replicas(plimi_columns *columns, const plimi_judged *judged)
{
  plimi_message text = {.text = ""};
  bool same = true;
  for (size_t k = 1; k < judged->sizes; k++)
    same = same && judged->replicas[k] == judged->replicas[0];
  for (size_t k = 0; k < (same ? 1 : judged->sizes); k++)
    plimi_message_add(&text, "%s%zu", k > 0 ? "," : "", judged->replicas[k]);
  plimi_columns_add(columns, text.text);
}

static void add_effect(plimi_columns *columns, const plimi_judged *judged)
{
  if (judged->judged && isfinite(judged->effect))
    plimi_columns_addf(columns, "%+.2g", judged->effect);
  else
    plimi_columns_add(columns, "");
}

static void add_needed(plimi_columns *columns, const plimi_judged *judged)
{
  plimi_message text = {.text = ""};
  if (judged->judged && judged->judgement.verdict == PLIM_UNDECIDED && !isfinite(judged->growth)) {
    plimi_message_set(&text, "%s", "more than replicas");
  } else if (judged->judged && judged->judgement.verdict == PLIM_UNDECIDED && judged->growth < 1.0) {
    plimi_message_set(&text, "%s",
                      "near the edge of the margin"); /* there are enough for a right prediction */
  } else if (judged->judged && judged->judgement.verdict == PLIM_UNDECIDED) {
    plimi_message_add_rough(&text, judged->growth);
    plimi_message_add(&text, "%s", " times the replicas");
    if (judged->relation == NULL) {
      plimi_message_add(&text, "%s", ": ");
      plimi_message_add_time(&text, judged->seconds);
      plimi_message_add(&text, "%s", " more");
    }
  }
  plimi_columns_add(columns, text.text);
}

static void add_judgement(plimi_columns *columns, const plimi_judged *judged)
{
  if (!judged->judged) {
    for (size_t i = 0; i < 6; i++)
      plimi_columns_add(columns, "");
    plimi_columns_add(columns, "withheld");
    return;
  }
  const plim_judgement *j = &judged->judgement;
  plimi_columns_addf(columns, "%+.3g", j->difference);
  plimi_columns_addf(columns, "%.3g", j->margin);
  plimi_columns_addf(columns, "%.2g", j->monte_carlo_error);
  plimi_columns_addf(columns, "%.1g", j->numerical_error);
  plimi_columns_addf(columns, "%.1g", j->neglected_bias);
  plimi_columns_addf(columns, "%+.2g", j->finite_size_drift);
  const bool misfit = j->fit_p < plim_criterion_default().fit_level;
  plimi_columns_addf(columns, "%s%s", plim_verdict_name(j->verdict), misfit ? " (lack of fit)" : "");
}

/* Why verdicts are withheld, each reason once, with the first quantity it is given for. */
static void print_reasons(const plimi_judged *verdicts, size_t count, FILE *stream)
{
  for (size_t i = 0; i < count; i++) {
    bool known = verdicts[i].judged;
    for (size_t k = 0; k < i && !known; k++)
      known = !verdicts[k].judged && strcmp(verdicts[k].reason, verdicts[i].reason) == 0;
    if (known)
      continue;
    plimi_message line;
    plimi_message_set(&line, "%s: withheld: %s.", verdicts[i].row.cells[PLIMI_QUANTITY].is.text,
                      verdicts[i].reason);
    plimi_print_wrapped(line.text, 0, 2, plimi_text_width(stream), stream);
  }
}

static extra extra_of(const plimi_judged *verdicts, size_t count)
{
  extra found = {false, false, false};
  for (size_t i = 0; i < count; i++) {
    found.replicas = found.replicas || verdicts[i].looks > 0;
    found.needed = found.needed || (verdicts[i].judged && verdicts[i].judgement.verdict == PLIM_UNDECIDED);
    found.effect = found.effect || (verdicts[i].judged && isfinite(verdicts[i].effect));
  }
  return found;
}

/* Of what is UNDECIDED, each reason once. */
static void print_undecided(const plimi_judged *verdicts, size_t count, FILE *stream)
{
  const bool given = count > 0 && verdicts[0].relation != NULL;
  bool needs_more = false, misfits = false, spent = false, vague = false;
  for (size_t i = 0; i < count; i++) {
    const plim_judgement *j = &verdicts[i].judgement;
    if (!verdicts[i].judged || j->verdict != PLIM_UNDECIDED)
      continue;
    const bool poor = j->fit_p < plim_criterion_default().fit_level,
               blurred = j->numerical_error >= j->margin;
    misfits = misfits || poor;
    vague = vague || (!poor && blurred);
    needs_more = needs_more || isfinite(verdicts[i].growth);
    spent = spent || (!poor && !blurred && !isfinite(verdicts[i].growth));
  }
  const struct {
    bool holds;
    const char *words;
  } reasons[] = {
      {needs_more && given,
       "UNDECIDED: the data do not settle it; more replicas, larger d or a wider --margin would."},
      {needs_more && !given,
       "UNDECIDED: the data do not settle it; more --replicas (or without them a longer --budget), larger "
       "--d or a wider --margin would."},
      {misfits, "(lack of fit): the sizes do not follow the declared power of d, so that no number of "
                "replicas settles it; "
                "larger --d would."},
      {vague && given,
       "UNDECIDED: the error of the prediction fills the margin, so that no number of replicas "
       "settles it; a wider --margin would."},
      {spent && given, "UNDECIDED: no number of replicas is known that would settle it."},
      {vague && !given,
       "UNDECIDED: the error of the prediction fills the margin, so that no number of replicas settles it; a "
       "smaller --tol or a wider --margin would."},
      {spent && !given,
       "UNDECIDED: all looks are spent, so that the limit lies close to the edge of the margin; "
       "another --margin "
       "or --seed and the --replicas of a fixed design would tell."}};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].holds)
      plimi_print_wrapped(reasons[i].words, 0, 2, plimi_text_width(stream), stream);
}

/* Which columns of the data differ between verdicts, their names added; how many. */
static size_t add_further(plimi_columns *columns, const plimi_judged *verdicts, size_t count,
                          const plimi_further *further, bool *varies)
{
  size_t added = 0;
  for (size_t k = 0; k < further->count; k++) {
    for (size_t i = 1; i < count && !varies[k]; i++)
      varies[k] = !plimi_cell_equal(&verdicts[i].row.further[k], &verdicts[0].row.further[k]);
    if (varies[k])
      plimi_columns_add(columns, further->names[k]);
    added += varies[k] ? 1 : 0;
  }
  return added;
}

static const char *title_of(size_t i, const plimi_judged *verdicts)
{
  static const char *const titles[] = {
      "limit - theory", "margin", "Monte-Carlo", "numerical", "neglected", "drift at largest d", "verdict"};
  return i == 0 && verdicts[0].relation != NULL ? "limit - predicted" : titles[i];
}
enum { TITLES = 7 };

/* A margin that hides the effect makes AGREE say little. */
static void print_hidden(const plimi_judged *verdicts, size_t count, FILE *stream)
{
  for (size_t i = 0; i < count; i++) {
    if (!verdicts[i].judged || !plimi_hides(verdicts[i].effect, verdicts[i].judgement.margin))
      continue;
    plimi_message line;
    plimi_message_set(
        &line,
        "%s: the margin is as wide as what the gradient step changes, so that a theory without the step "
        "would agree as well; a smaller --margin would tell.",
        verdicts[i].row.cells[PLIMI_QUANTITY].is.text);
    plimi_print_wrapped(line.text, 0, 2, plimi_text_width(stream), stream);
    return; /* once is enough */
  }
}

void plimi_table_print_verdicts(const plimi_judged *verdicts, size_t count, const plimi_further *further,
                                FILE *stream)
{
  const extra more = extra_of(verdicts, count);
  bool varies[TELLING] = {false}, *further_varies;
  plimi_short_text scratch;
  plimi_columns columns = {.columns = 1 + TITLES};
  if (count == 0)
    return;
  further_varies = plimi_allocate(further->count, sizeof *further_varies);
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < TELLING; k++) {
    for (size_t i = 1; i < count; i++)
      if (plimi_row_tells_apart(&verdicts[i].row, &verdicts[0].row, telling[k]))
        varies[k] = telling[k] != PLIMI_REPLICAS || !more.replicas;
    if (varies[k]) {
      plimi_columns_add(&columns, plimi_column_name(telling[k]));
      columns.columns++;
    }
  }
  columns.columns += add_further(&columns, verdicts, count, further, further_varies);
  for (size_t i = 0; i < TITLES; i++)
    plimi_columns_add(&columns, title_of(i, verdicts));
  if (more.effect)
    plimi_columns_add(&columns, "effect of step");
  if (more.replicas)
    plimi_columns_add(&columns, "replicas");
  if (more.needed)
    plimi_columns_add(&columns, "what would settle it");
  columns.columns += (more.replicas ? 1U : 0U) + (more.needed ? 1U : 0U) + (more.effect ? 1U : 0U);
  for (size_t i = 0; i < count; i++) {
    plimi_columns_add(&columns, verdicts[i].row.cells[PLIMI_QUANTITY].is.text);
    for (size_t k = 0; k < TELLING; k++)
      if (varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&verdicts[i].row.cells[telling[k]], &scratch));
    for (size_t k = 0; k < further->count; k++)
      if (further_varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&verdicts[i].row.further[k], &scratch));
    add_judgement(&columns, &verdicts[i]);
    if (more.effect)
      add_effect(&columns, &verdicts[i]);
    if (more.replicas)
      add_replicas(&columns, &verdicts[i]);
    if (more.needed)
      add_needed(&columns, &verdicts[i]);
  }
  free(further_varies);
  fputc('\n', stream);
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
  print_undecided(verdicts, count, stream);
  print_hidden(verdicts, count, stream);
  print_reasons(verdicts, count, stream);
}
