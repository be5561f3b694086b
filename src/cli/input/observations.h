/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observations.h - what somebody measured, from a table: series of sizes, told apart by the columns that are keys.

   The columns d and value make a row a replica; d, mean (or value), error and replicas a row a size. predicted and
   predicted_error are the prediction; n and width the other two sizes, whose ratios to d are psi1 and psi2; replica
   numbers the replicas. Every other column is a key. Numbers that are equal are equal keys, however they are written.
   Of rows that plim simulate or plim compare wrote, those of the simulation whose status is ok count.

   psi1 = n/d as drawn misses the ratio asked for a little, by another amount at each size: such ratios are one key
   where n = round(ratio d) allows it, that of the largest size. */
#ifndef PLIM_CLI_OBSERVATIONS_H
#define PLIM_CLI_OBSERVATIONS_H

#include <stdint.h>

#include "layout.h"
#include "plim_value.h"

/* A key's value: a number where the text is one, else the text; both empty where the cell is. */
typedef struct {
  const char *text; /* as in the file; owned by the observations */
  double number;    /* or NaN */
} plimi_key;

typedef struct {
  double value;
  uint64_t number; /* 0 where no column numbers them */
  size_t line;
} plimi_replica;

/* What was seen at one size of one series. */
typedef struct {
  double d;
  double ratio[2]; /* psi1 and psi2 at the integers drawn; NaN: unknown */
  double value, error;
  size_t replicas;
  plim_value predicted; /* NaN: there is no column */
  size_t first;         /* of its replicas; in numerical order where they have numbers */
  size_t line;          /* its first row */
  size_t group, series; /* while reading */
} plimi_observed;

typedef struct {
  const plimi_key *keys;       /* one for each name */
  const plimi_observed *sizes; /* ascending */
  size_t count;
  size_t line;
} plimi_series;

typedef struct {
  plimi_layout layout;
  const char *name; /* of the file */
  plimi_series *series;
  size_t count;
  plimi_replica *replicas;        /* where the layout is per_replica */
  size_t left_out, left_out_line; /* rows that are not ok, and the first of them */

  /* what they are made of */
  plimi_observed *observed;
  size_t observed_count, observed_room;
  plimi_key *keys; /* of the groups, one after the other */
  size_t *group_lines;
  size_t groups, group_room;
  size_t replica_count, replica_room;
  size_t *replica_of; /* while reading: which of `observed` */
} plimi_observations;

typedef struct {
  const char *path;
  bool tabs;
  plimi_layout_request layout;
} plimi_observations_request;

/* PLIM_EXIT_DONE, or a message that names file, line and column, and an exit status. To be freed in any case. */
int plimi_observations_read(const plimi_observations_request *request, plimi_observations *observations);
void plimi_observations_free(plimi_observations *observations);

/* From rows to series (series.c). */
int plimi_series_make(plimi_observations *observations);

#endif
