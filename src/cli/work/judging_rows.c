/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judging_rows.c - what was measured, what is predicted and what came of it, as the rows of plim compare. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "judging.h"

static const char *symbol_of(unsigned relation)
{
  return relation == PLIMI_RELATION_AT_LEAST ? ">=" : relation == PLIMI_RELATION_AT_MOST ? "<=" : "=";
}

static void put(plimi_row *row, plimi_source source, plim_status status, plimi_output *output,
                plimi_outcome *outcome)
{
  plimi_row_set_text(row, PLIMI_SOURCE, plimi_source_name(source));
  plimi_row_set_text(row, PLIMI_STATUS, plim_status_name(status));
  plimi_output_row(output, row);
  outcome->rows++;
}

static void set_whole(plimi_row *row, plimi_column column, double number)
{
  const double largest = 9007199254740992.0; /* 2^53 */
  if (number == floor(number) && number <= largest)
    plimi_row_set_integer(row, column, (uint64_t)number);
  else
    plimi_row_set_number(row, column, number);
}

/* One size, at the integers drawn where the file has them. */
static void put_size(const plimi_judging *judging, const plimi_case *c, size_t k, plimi_output *output,
                     plimi_outcome *outcome)
{
  const plim_rung *seen = &c->seen[k];
  const plimi_observed *at = &c->sizes[k];
  const plimi_layout *layout = &judging->seen->layout;
  plimi_row row = c->row;
  set_whole(&row, PLIMI_D, seen->d);
  if (plimi_layout_has(layout, PLIMI_ROLE_N))
    set_whole(&row, PLIMI_N, round(at->ratio[0] * seen->d));
  if (plimi_layout_has(layout, PLIMI_ROLE_WIDTH))
    set_whole(&row, PLIMI_WIDTH, round(at->ratio[1] * seen->d));
  if (layout->ratio_key[0] != PLIMI_NO_COLUMN && judging->basis < PLIMI_BY_PAIR)
    plimi_row_set_number(&row, PLIMI_PSI1, at->ratio[0]);
  if (layout->ratio_key[1] != PLIMI_NO_COLUMN && judging->basis < PLIMI_BY_PAIR)
    plimi_row_set_number(&row, PLIMI_PSI2, at->ratio[1]);
  plimi_row_set_number(&row, PLIMI_VALUE, seen->value);
  plimi_row_set_number(&row, PLIMI_ERROR, seen->error);
  plimi_row_set_number(&row, PLIMI_STD, seen->error * sqrt((double)seen->replicas));
  plimi_row_set_interval(&row, seen->value, seen->error, (double)(seen->replicas - 1));
  plimi_row_set_integer(&row, PLIMI_REPLICAS, seen->replicas);
  put(&row, PLIMI_SOURCE_SIMULATION, PLIM_OK, output, outcome);
}

static void put_prediction(const plimi_case *c, plimi_row row, plimi_output *output, plimi_outcome *outcome)
{
  if (c->of_limit == PLIM_OK) {
    plimi_row_set_number(&row, PLIMI_VALUE, c->predicted.value);
    plimi_row_set_number(&row, PLIMI_ERROR, c->predicted.error);
  }
  put(&row, PLIMI_SOURCE_THEORY, c->of_limit, output, outcome);
}

static void put_extrapolation(plimi_case *c, plimi_row row, plimi_output *output, plimi_outcome *outcome)
{
  const plim_extrapolation *fit = &c->judged.fit;
  bool same = true;
  for (size_t k = 1; k < c->count; k++)
    same = same && c->seen[k].replicas == c->seen[0].replicas;
  if (same)
    plimi_row_set_integer(&row, PLIMI_REPLICAS, c->seen[0].replicas);
  if (c->judged.fitted) {
    plimi_row_set_number(&row, PLIMI_VALUE, fit->limit);
    plimi_row_set_number(&row, PLIMI_ERROR, fit->limit_error);
    plimi_row_set_interval(&row, fit->limit, fit->limit_error, fit->degrees);
  }
  put(&row, PLIMI_SOURCE_EXTRAPOLATION, c->judged.fitted ? PLIM_OK : PLIM_OUTSIDE_DOMAIN, output, outcome);
  c->judged.row = row;
}

static void note(const plimi_judged *judged, plimi_outcome *outcome)
{
  outcome->verdicts++;
  if (!judged->judged && outcome->withheld++ == 0) {
    outcome->first_withheld = judged->row.cells[PLIMI_QUANTITY].is.text;
    outcome->why_withheld = judged->reason;
  }
  if (!judged->judged)
    return;
  outcome->disagrees = outcome->disagrees || judged->judgement.verdict == PLIM_DISAGREE;
  outcome->undecided += judged->judgement.verdict == PLIM_UNDECIDED ? 1 : 0;
}

void plimi_judging_rows(plimi_judging *judging, plimi_output *output, plimi_outcome *outcome,
                        plimi_judged **verdicts)
{
  *verdicts = plimi_allocate(judging->count, sizeof **verdicts);
  for (size_t i = 0; i < judging->count; i++) {
    plimi_case *c = &judging->cases[i];
    plimi_row row = c->row;
    for (size_t k = 0; k < c->count; k++)
      put_size(judging, c, k, output, outcome);
    if (judging->basis == PLIMI_BY_EXPONENT)
      plimi_row_set_text(&row, PLIMI_QUANTITY, "exponent");
    put_prediction(c, row, output, outcome);
    put_extrapolation(c, row, output, outcome);
    c->judged.predicted = c->predicted;
    c->judged.relation = symbol_of(judging->relation);
    c->judged.rungs = c->rungs;
    (void)plimi_judging_rates(judging, c->quantity, c->judged.rates);
    c->judged.rung_count = judging->basis != PLIMI_BY_EXPONENT && c->judged.fitted ? c->count : 0;
    note(&c->judged, outcome);
    (*verdicts)[i] = c->judged;
  }
}
