/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_verdicts.c - the verdicts of a comparison, for reading. */
#include "config.h"

#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

static const plimi_column telling[] = {
    PLIMI_ACTIVATION, PLIMI_TEACHER, PLIMI_PSI1,  PLIMI_PSI2,  PLIMI_LAMBDA,   PLIMI_ETA, PLIMI_ETA_EXPONENT,
    PLIMI_NOISE,      PLIMI_READOUT, PLIMI_STEPS, PLIMI_BATCH, PLIMI_REPLICAS, PLIMI_SEED};
enum { TELLING = sizeof telling / sizeof telling[0] };

static void add_judgement(plimi_columns *columns, const plimi_judged *judged)
{
  if (!judged->judged) {
    for (size_t i = 0; i < 5; i++)
      plimi_columns_add(columns, "");
    plimi_columns_add(columns, "withheld");
    return;
  }
  const plim_judgement *j = &judged->judgement;
  plimi_columns_addf(columns, "%+.3g", j->difference);
  plimi_columns_addf(columns, "%.3g", j->margin);
  plimi_columns_addf(columns, "%.2g", j->monte_carlo_error);
  plimi_columns_addf(columns, "%.1g", j->numerical_error);
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

static bool any_undecided(const plimi_judged *verdicts, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (verdicts[i].judged && verdicts[i].judgement.verdict == PLIM_UNDECIDED)
      return true;
  return false;
}

void plimi_table_print_verdicts(const plimi_judged *verdicts, size_t count, FILE *stream)
{
  static const char *const titles[] = {"limit - theory",     "margin", "Monte-Carlo", "numerical",
                                       "drift at largest d", "verdict"};
  bool varies[TELLING] = {false};
  plimi_short_text scratch;
  plimi_columns columns = {.columns = 1 + sizeof titles / sizeof titles[0]};
  if (count == 0)
    return;
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < TELLING; k++) {
    for (size_t i = 1; i < count; i++)
      if (!plimi_cell_equal(&verdicts[i].row.cells[telling[k]], &verdicts[0].row.cells[telling[k]]))
        varies[k] = true;
    if (varies[k]) {
      plimi_columns_add(&columns, plimi_column_name(telling[k]));
      columns.columns++;
    }
  }
  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
    plimi_columns_add(&columns, titles[i]);
  for (size_t i = 0; i < count; i++) {
    plimi_columns_add(&columns, verdicts[i].row.cells[PLIMI_QUANTITY].is.text);
    for (size_t k = 0; k < TELLING; k++)
      if (varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&verdicts[i].row.cells[telling[k]], &scratch));
    add_judgement(&columns, &verdicts[i]);
  }
  fputc('\n', stream);
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
  if (any_undecided(verdicts, count))
    plimi_print_wrapped(
        "UNDECIDED: the data do not settle it; more --replicas, larger --d or a wider --margin would.", 0, 2,
        plimi_text_width(stream), stream);
  print_reasons(verdicts, count, stream);
}
