/* SPDX-License-Identifier: GPL-3.0-or-later */
/* experiment_fixture.h - an experiment whose truth is known, for check_experiment.c and check_experiment_journal.c. */
#ifndef PLIM_TEST_EXPERIMENT_FIXTURE_H
#define PLIM_TEST_EXPERIMENT_FIXTURE_H

#include <stdbool.h>

#include "plim.h"

/* Three values: 0.7312 + 1.83/d + 0.31 z, -2.385 - 0.91/d + 0.47 z', and their product without z. */
enum { VALUES = 3, SIZES = 4 };
static const double first_limit = 0.7312, second_limit = -2.385;

/* What goes wrong, and where; zeros: nothing does. */
typedef struct {
  size_t d, from; /* replicas from this one on, of that size */
  int status;     /* that is returned */
  double instead; /* of the second value, where `replace` is set */
  bool replace, forget;
} trouble;

plim_status draw_known(void *context, size_t d, size_t replica, plim_stream *stream, double *values);

typedef struct {
  trouble trouble;
  plim_experiment_value values[VALUES];
  plim_experiment experiment; /* its context is `trouble` */
  plim_experiment_settings settings;
  plim_experiment_result result;
  plim_experiment_failure failure;
} known;

/* Right predictions, 60 replicas, sizes 20, 37, 80, 160. It points into itself: not to be copied. */
void known_begin(known *k);
plim_status known_run(known *k);
void known_end(known *k);

void assert_refused(known *k, plim_status status, const char *reason); /* with a reason that has this in it */
void assert_same_result(const plim_experiment_result *a, const plim_experiment_result *b);

#endif
