/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.h - an experiment under way. Private to src/experiment/: check.c says what is acceptable, experiment.c begins
   and ends it, ladder.c draws, verdicts.c judges, looks.c says what is drawn next, records.c is its journal. */
#ifndef PLIM_EXPERIMENT_COURSE_H
#define PLIM_EXPERIMENT_COURSE_H

#include <stdint.h>

#include "plim_experiment.h"
#include "records.h"

typedef struct {
  const plim_experiment *experiment;
  const plim_experiment_settings *settings;
  plim_experiment_failure *failure;
  plimi_records *records; /* NULL: no journal */
  bool in_looks;
  plim_value *predicted;         /* [size * count + value], and after the last size those of the limit */
  plim_experiment_result result; /* rungs[].replicas of it are those drawn so far */
  uint64_t *next;                /* replicas of each size in all, of the look that is planned */
  size_t *misfits;               /* looks running at which a value did not follow its rates */
  bool grown;                    /* was there a look after the pilot? */
  size_t members;                /* of the family judged */
  size_t done, planned;          /* replicas */
  int write_error;               /* errno, where the journal took no more */
  double spent;                  /* in replicas of the smallest size */
} plimi_course;

/* Write the reason down and return the status. */
plim_status plimi_refuse(plim_experiment_failure *failure, plim_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

size_t plimi_terms_of(const plim_experiment_value *value); /* how many rates it declares */
double plimi_ratio_of(const plim_experiment_value *value);

plim_status plimi_experiment_check(const plim_experiment *experiment,
                                   const plim_experiment_settings *settings,
                                   plim_experiment_failure *failure) PLIM_MUST_CHECK;

/* What one replica of size number k costs, in replicas of the smallest. */
double plimi_course_cost(const plimi_course *course, size_t k);

/* The predictions of the limit and of every size. */
plim_status plimi_course_predict(plimi_course *course) PLIM_MUST_CHECK;

/* Draw the look that is planned. */
plim_status plimi_course_draw(plimi_course *course) PLIM_MUST_CHECK;

/* Does `draw` still give what the journal has? */
plim_status plimi_course_try_records(const plimi_course *course) PLIM_MUST_CHECK;

/* Fit and judge what is at hand: everything at first, then what is open. */
plim_status plimi_course_judge(plimi_course *course, bool first) PLIM_MUST_CHECK;

bool plimi_is_judged(const plim_experiment_finding *finding);
bool plimi_course_is_open(const plimi_course *course, size_t value); /* would more replicas settle it? */

/* Look after look; or the one of a fixed design. */
plim_status plimi_course_run(plimi_course *course) PLIM_MUST_CHECK;

#endif
