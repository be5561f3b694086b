/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_runs.h - runs and their samples as the file of a journal has them; for journal.c. */
#ifndef PLIM_CLI_JOURNAL_RUNS_H
#define PLIM_CLI_JOURNAL_RUNS_H

#include "journal.h"
#include "json_values.h"

typedef struct {
  size_t replica;
  double *samples;
} plimi_record;

/* A run as the file has it. */
typedef struct {
  char *point;
  char **quantities;
  size_t quantity_count;
  double *path; /* or NULL */
  size_t length;
  plimi_record *records; /* those known, by replica */
  size_t count, room;
  size_t at; /* which of the points of plimi_kept_runs */
} plimi_kept_run;

plimi_kept_run *plimi_kept_run_copy(const plimi_journal_run *run);
void plimi_kept_run_free(plimi_kept_run *run); /* NULL is allowed */

/* The replicas that some run of a point has, ascending. */
typedef struct {
  size_t *replicas;
  size_t count, room;
} plimi_kept_point;

/* The runs of a file by their numbers; NULL where one is not known. */
typedef struct {
  plimi_kept_run **runs;
  size_t count;
  plimi_kept_point *points;
  size_t point_count;
  json_t *point_of; /* the number of a point, by its text */
  size_t replicas;  /* of all points: one that several runs have, with other quantities, is one */
} plimi_kept_runs;
void plimi_kept_runs_add(plimi_kept_runs *kept, plimi_kept_run *run, size_t number); /* takes the run over */
void plimi_kept_runs_free(plimi_kept_runs *kept);
void plimi_kept_runs_count(plimi_kept_runs *kept, size_t number,
                           size_t replica); /* a replica of run `number` */

/* From and to the line of the file that declares a run, with its number; the former NULL where it is no such line. */
plimi_kept_run *plimi_kept_run_read(const json_t *line, size_t *number);
json_t *plimi_kept_run_line(const plimi_kept_run *run, size_t number);

/* The record of a line of samples of the run: false where it is none. */
bool plimi_record_read(const json_t *line, const plimi_kept_run *run, plimi_record *record);
json_t *plimi_record_line(size_t number, size_t replica, const double *samples, size_t count);

/* Take the samples of `record` over. The first of two records of a replica counts; they are the same. */
void plimi_kept_run_insert(plimi_kept_run *run, plimi_record record);
const double *plimi_kept_run_find(const plimi_kept_run *run, size_t replica); /* NULL: not known */

/* Same point and same path: do samples of a quantity that both have mean the same? */
bool plimi_kept_run_is_akin(const plimi_kept_run *kept, const plimi_journal_run *run);
bool plimi_kept_run_has_same_quantities(const plimi_kept_run *kept, const plimi_journal_run *run);

#endif
