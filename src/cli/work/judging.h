/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judging.h - observations that somebody gave, held against what is stated of them: cases, each with a verdict. */
#ifndef PLIM_CLI_JUDGING_H
#define PLIM_CLI_JUDGING_H

#include "../input/observations.h"
#include "plim_formula.h"
#include "work.h"

/* What is stated. */
typedef enum {
  PLIMI_BY_COLUMN,
  PLIMI_BY_NUMBER,
  PLIMI_BY_FORMULA,
  PLIMI_BY_LIMIT, /* plim's own */
  PLIMI_BY_EXPONENT,
  PLIMI_BY_PAIR, /* two groups have one limit */
  PLIMI_BY_ORDER /* it rises or falls with a key */
} plimi_basis;

typedef struct {
  const plimi_observed *sizes; /* of its series; of a difference those of the first */
  size_t count;
  plim_rung *seen; /* as measured */
  plim_rung *
      rungs; /* and as fitted: what theory says of ratios as drawn, less what of those asked for, is taken off */
  plim_value predicted;
  double scale; /* of the relative margin */
  size_t line;  /* in the file */
  plimi_row row;
  plimi_judged judged;
  /* PLIMI_BY_LIMIT */
  plim_status of_limit; /* PLIM_OK: `predicted` is there */
  plim_quantity quantity;
  plim_problem asked, *drawn;
} plimi_case;

typedef struct {
  const plimi_settings *settings;
  const plimi_observations *seen;
  plimi_basis basis;
  unsigned relation; /* PLIMI_RELATION_... */
  plim_criterion criterion;
  plim_theory *theory;
  plim_formula *formula;
  plimi_case *cases;
  size_t count, room;
  plimi_further further; /* keys that plim's output has no column for */
  size_t *further_keys;  /* which of the layout's */
  plimi_cell **cells;    /* theirs, of all cases; to be freed, like these */
  char **texts;
  size_t cell_count, text_count;
  plim_activation **activations;
  char **activation_names;
  size_t activation_count;
  plim_atoms **laws; /* of readouts */
  size_t law_count;
} plimi_judging;

/* What the options state, before anything is read. PLIM_EXIT_DONE, or a message and PLIM_EXIT_USAGE; so the next. */
int plimi_judging_begin(plimi_judging *judging, const plimi_settings *settings);

/* Cases from observations. */
int plimi_judging_take(plimi_judging *judging, const plimi_observations *seen);

/* Fit and judge all, and their rows; the verdicts in their order, to be freed. */
void plimi_judging_run(plimi_judging *judging);
void plimi_judging_rows(plimi_judging *judging, plimi_output *output, plimi_outcome *outcome,
                        plimi_judged **verdicts);
void plimi_judging_free(plimi_judging *judging);

/* ---- cases.c ---- */

/* Which keys have a column of plim's own. PLIM_EXIT_DONE, or a message and PLIM_EXIT_USAGE. */
int plimi_cases_begin(plimi_judging *judging);
/* A case of `series`, with room for its rungs, filled as seen; the identifying cells of its row are there. */
plimi_case *plimi_case_add(plimi_judging *judging, const plimi_series *series);
/* `text` in the cell of key number `key`; it is copied. */
void plimi_case_set_key(plimi_judging *judging, plimi_case *of, size_t key, const char *text);

/* The rates that are fitted, for the limit of `quantity` where there is one. */
size_t plimi_judging_rates(const plimi_judging *judging, plim_quantity quantity, double *rates);
plim_status plimi_judging_fit(const plimi_judging *judging, const plimi_case *of, const plim_rung *rungs,
                              plim_extrapolation *fit);

/* The key called `name`, or PLIMI_NO_COLUMN with a message that names `option`. */
size_t plimi_find_key(const plimi_judging *judging, const char *name, const char *option);

/* ---- predictions.c, by_limit.c, pairs.c: an exit status, after a message ---- */

int plimi_predict(plimi_judging *judging, const plimi_series *series);
int plimi_predict_by_limit(plimi_judging *judging, const plimi_series *series);
int plimi_pair(plimi_judging *judging);

#endif
