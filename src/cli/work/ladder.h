/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.h - one quantity at one penalty of a problem: theory beside simulation at each size of --d, the extrapolation
   beyond them, and the verdict. */
#ifndef PLIM_CLI_LADDER_H
#define PLIM_CLI_LADDER_H

#include "work.h"

enum { PLIMI_LEAST_SIZES = 3 }; /* for a verdict: a line through two points always fits */

typedef struct {
  plim_status status;
  plim_value value;
  double attainable; /* as plim_theory_attainable says right after it */
} plimi_ladder_limit;

typedef struct {
  const plimi_campaign *campaign;
  size_t quantity, lambda; /* positions in the settings */
  plim_problem asked;      /* the ratios before rounding to integers */
  plim_problem *drawn;     /* at each size */
  plimi_ladder_limit *at_size, limit;
  double effect;       /* the limit less that at eta = 0; NAN where one has no value, or both the same */
  bool left_out;       /* not defined for the problem, and nobody named it: no word of it */
  plimi_judged judged; /* of the latest look at it */
} plimi_ladder;

/* Compute the limits. `runs`: one a size, planned. */
void plimi_ladder_begin(plimi_ladder *ladder, plim_theory *theory, const plimi_run *runs);

/* Fit and judge what the runs came to, anew: `judged` holds a judgement or the reason why there is none. With at least
   PLIMI_LEAST_SIZES sizes. */
void plimi_ladder_judge(plimi_ladder *ladder, plim_theory *theory, const plimi_run *runs,
                        const plim_criterion *criterion);

/* Replicas of each size, not rounded, with which one test at `level` settles a right prediction with chance `power`,
   by the standard errors of the runs and what a replica costs. Of a ladder that is judged. PLIM_OUTSIDE_DOMAIN: no
   number of them. */
plim_status plimi_ladder_needs(const plimi_ladder *ladder, const plimi_run *runs, double level, double power,
                               double *replicas) PLIM_MUST_CHECK;

/* Theory and simulation at each size, in pairs; with PLIMI_LEAST_SIZES or more then the limit beside the extrapolation,
   whose row the judged keeps. */
void plimi_ladder_rows(plimi_ladder *ladder, const plimi_run *runs, plimi_output *output,
                       plimi_outcome *outcome);

void plimi_ladder_note(const plimi_ladder *ladder, plimi_outcome *outcome); /* what came of the verdict */
void plimi_ladder_free(plimi_ladder *ladder);

#endif
