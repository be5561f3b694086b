/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.h - theory beside simulation at each size, the extrapolation beyond them, and the verdict. */
#ifndef PLIM_CLI_LADDER_H
#define PLIM_CLI_LADDER_H

#include "work.h"
#include "../output/writers.h"

enum { PLIMI_LEAST_SIZES = 3 }; /* for a verdict: a line through two points always fits */

typedef struct {
  const plimi_campaign *campaign;
  const plim_criterion *criterion;
  plim_theory *theory;
  plimi_output *output;
  plimi_outcome *outcome;
  plimi_judged *verdicts; /* count of them, to be freed */
  size_t count;
} plimi_ladder;

/* One quantity at one penalty of a problem, measured at every size of --d. */
typedef struct {
  const plim_problem *problem; /* as asked: the ratios before rounding to integers */
  const plimi_run *runs;       /* one for each size */
  size_t quantity, lambda;     /* positions in the settings */
} plimi_ladder_place;

/* Theory and simulation at each size, in pairs; with PLIMI_LEAST_SIZES or more then the limit beside the extrapolation,
   and one more verdict. */
void plimi_ladder_rows(plimi_ladder *ladder, const plimi_ladder_place *place);

/* Holm over all the verdicts; the outcome notes what came of them, with texts that live as long as the verdicts. */
plim_status plimi_ladder_judge_family(plimi_ladder *ladder) PLIM_MUST_CHECK;

#endif
