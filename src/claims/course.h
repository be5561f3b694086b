/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.h - one claim on its way from look to look: what is drawn next, and what its findings are now. Private to
   src/claims/. */
#ifndef PLIM_COURSE_H
#define PLIM_COURSE_H

#include "claims.h"
#include "plim_looks.h"

typedef struct {
  plimi_claim_run run;
  plim_status status;
  size_t count;                          /* findings, from the pilot on */
  size_t *at;                            /* which look the finding is judged at next, or was last */
  bool *again;                           /* is it to be judged at the look that is being drawn? */
  size_t *skipped;                       /* the smallest sizes that it leaves out */
  double factor[PLIMI_MOST_EXPERIMENTS]; /* 0: not known yet */
  bool grown[PLIMI_MOST_EXPERIMENTS];
  /* the look that is planned: replicas of each size, with the one that may be added; and what is new of them */
  size_t next[PLIMI_MOST_EXPERIMENTS][PLIMI_MOST_SIZES];
  size_t replicas;
  double work;
} plimi_course;

/* The level left for one finding at each look, and the power asked for. */
typedef struct {
  double level[PLIM_MOST_LOOKS];
  double power;
} plimi_course_aim;

static inline bool plimi_is_judged(const plim_finding *finding)
{
  return finding->relation != PLIM_REPORTED;
}

/* The pilot. c->status is PLIM_INTERRUPTED where nothing is drawn and it is not there. */
plim_status plimi_course_begin(plimi_course *c, size_t claim,
                               const plim_claim_settings *settings) PLIM_MUST_CHECK;

/* The look after this one: every experiment of an open finding grows. False if there is none. */
bool plimi_course_plan(plimi_course *c, const plimi_course_aim *aim);

/* What is planned, made as small as `work` pays for, which is less than it costs; false, and nothing changed, if that
   is no look worth its share of the level. */
bool plimi_course_shrink(plimi_course *c, double work);

/* What is planned, as far as the replicas go that there are (the hook at_hand); false where that is no look either. */
bool plimi_course_cut(plimi_course *c);

/* Draw and judge what is planned. */
plim_status plimi_course_advance(plimi_course *c) PLIM_MUST_CHECK;

/* By how much the replicas of what is UNDECIDED would have to grow. */
void plimi_course_say_growth(plimi_course *c, const plimi_course_aim *aim);

void plimi_course_end(plimi_course *c);

#endif
