/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - a bar on stderr for work longer than a second, when somebody is there to see it.

   Work comes in units (replicas) whose cost a model foretells. How long the rest takes is told by the seconds that
   units of each cost have taken so far; of those not seen yet by what the ones next to them in cost have taken for
   their part of the model. So the model need only be right from one size to the next. */
#ifndef PLIM_CLI_PROGRESS_H
#define PLIM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { PLIMI_PROGRESS_KINDS = 48 }; /* of more costs than these, the nearest ones are one */

/* Units of one cost. */
typedef struct {
  double cost, planned, done; /* of a unit; of all in this stage, those given among the done ones */
  double seen, seconds;       /* drawn here, in every stage: their cost and the wall time they took */
} plimi_progress_kind;

typedef struct {
  bool watched;
  const char *unit; /* plural: "replicas" */
  size_t threads;   /* units that are under way together */
  bool uneven;      /* units of one cost get slower: what the latest of them took is what counts */
  bool unsure;      /* the present ones say nothing of those to come: no time left is shown */
  size_t stage;     /* 0: all that there is to do is known; else the look at hand, from 1 */
  size_t done, total;
  size_t drawn_here; /* units, in all stages; their cost, and the seconds they took */
  double cost_here, seconds_here;
  bool in_seconds;                                 /* costs are seconds of one core */
  plimi_progress_kind kinds[PLIMI_PROGRESS_KINDS]; /* the first: a mixture, of which the sum alone is known */
  size_t count;
  size_t latest; /* kind of the last unit that ended */
  double started, drawn,
      ended; /* seconds; drawn is 0 until the bar is first shown; ended: the last unit, or the start */
} plimi_progress;

double plimi_now(void); /* seconds of a clock that nobody sets */

/* `total` units of equal cost, `work_total` together. */
void plimi_progress_begin(plimi_progress *progress, const char *unit, size_t total, double work_total);
/* Units are drawn by so many threads, and their cost is in seconds of one. */
void plimi_progress_threads(plimi_progress *progress, size_t threads);
/* What was to be done is done, and there is more, the next look: count and bar begin anew. */
void plimi_progress_look(plimi_progress *progress);
void plimi_progress_more(plimi_progress *progress, size_t count,
                         double work); /* of equal cost, than was known */
void plimi_progress_mixture(plimi_progress *progress, size_t count,
                            double work); /* the same, of costs unknown */
void plimi_progress_given(plimi_progress *progress, size_t count, double work); /* known from before */
void plimi_progress_step(plimi_progress *progress, size_t count, double work);
void plimi_progress_end(plimi_progress *progress); /* wipe the bar */

/* The parts of a step, for tests: note that units have ended at `now`, and the seconds to the end of the stage from
   then on; NAN where nothing is known yet. */
void plimi_progress_note(plimi_progress *progress, size_t count, double work, double now);
double plimi_progress_left(const plimi_progress *progress);
double plimi_progress_share(
    const plimi_progress *progress); /* of the stage's time that is over, by the same knowledge */

#endif
