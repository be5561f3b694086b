/* SPDX-License-Identifier: GPL-3.0-or-later */
/* comparison.h - the ladders of one command, drawn and judged: once, or look after look until every verdict is settled
   (plim_looks.h). */
#ifndef PLIM_CLI_COMPARISON_H
#define PLIM_CLI_COMPARISON_H

#include "ladder.h"

/* Of each size in the pilot: a standard error from so many is good to 15 %, the replicas it calls for to 30 %. */
enum { PLIMI_PILOT = 25 };

/* A point of the product; its quantities and penalties share draws. */
typedef struct {
  plimi_run *runs;       /* one a size, with what was drawn so far */
  plimi_ladder *ladders; /* penalty by penalty, the quantities */
  bool begun, grown;     /* was a look drawn; one after the pilot? */
  /* the look that is planned: replicas of each size in all, and the processor seconds of the new ones */
  uint64_t *next;
  double work;
} plimi_comparison_point;

typedef struct {
  plimi_campaign *campaign;
  plim_theory *theory;
  plim_criterion criterion;
  bool in_looks; /* else the replicas are those of the points, judged once at the full level */
  double budget; /* of looks: processor seconds by plim_replica_seconds, the pilot's among them */
  double power;  /* chance of the first look after the pilot to settle a right prediction */

  plimi_comparison_point *points; /* as many as the campaign's product has */
  size_t members;                 /* of the family judged */
  double spent;
} plimi_comparison;

plim_criterion plimi_criterion_of(const plimi_settings *settings);

/* Draw and judge. Statuses as of plimi_campaign_draw. */
plim_status plimi_comparison_run(plimi_comparison *comparison) PLIM_MUST_CHECK;

/* Draw and judge the pilot alone. */
plim_status plimi_comparison_pilot(plimi_comparison *comparison) PLIM_MUST_CHECK;

/* After it: the replicas of each size that settle a ladder which is judged. Statuses of plimi_ladder_needs. */
plim_status plimi_comparison_needs(const plimi_comparison *comparison, const plimi_comparison_point *point,
                                   const plimi_ladder *ladder, uint64_t *replicas) PLIM_MUST_CHECK;

/* After the pilot: what settles the ladders, the right predictions among them with the chance --power, as rows. */
typedef struct {
  size_t ladders, never,
      withheld; /* in all; no number of replicas settles it; there is no verdict to be had */
  const char *first_withheld, *why_withheld;
  double seconds; /* of processor time for all of the others together */
} plimi_forecast;
plim_status plimi_comparison_forecast(plimi_comparison *comparison, plimi_output *output,
                                      plimi_forecast *forecast) PLIM_MUST_CHECK;

/* All rows, and the verdicts in their order: *count of them, to be freed; they, and the texts of the outcome, live as
   long as the comparison. */
void plimi_comparison_rows(plimi_comparison *comparison, plimi_output *output, plimi_outcome *outcome,
                           plimi_judged **verdicts, size_t *count);

void plimi_comparison_free(plimi_comparison *comparison);

#endif
