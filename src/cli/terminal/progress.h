/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h - a bar on stderr for work longer than a second, when somebody is there to see it. */
#ifndef PLIM_CLI_PROGRESS_H
#define PLIM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  bool watched;
  const char *unit; /* plural: "replicas" */
  size_t done, total;
  double work_done, work_total; /* in any unit: replicas of different sizes take different times */
  double work_given;            /* done before we began, which says nothing of our speed */
  double started, drawn;        /* seconds; drawn is 0 until the bar is first shown */
} plimi_progress;

double plimi_now(void); /* seconds of a clock that nobody sets */

void plimi_progress_begin(plimi_progress *progress, const char *unit, size_t total, double work_total);
void plimi_progress_more(plimi_progress *progress, size_t count, double work);  /* than was known */
void plimi_progress_given(plimi_progress *progress, size_t count, double work); /* known from before */
void plimi_progress_step(plimi_progress *progress, size_t count, double work);
void plimi_progress_end(plimi_progress *progress); /* wipe the bar */

#endif
