/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observations.c - row by row: numbers, keys, and to which size of which group a row belongs.

   Rows are looked up twice at most: by the text of all cells that tell rows apart, which is quick, and where that is
   new by their values, since 0.1 and 1e-1 are the same. The table behind both is jansson's. */
#include "config.h"

#include "observations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../options/values.h"
#include "../terminal/message.h"

typedef struct {
  plimi_records *records;
  const char *const *fields; /* the present row */
  plimi_observations *to;
  json_t *by_text, *by_value, *groups; /* keys to numbers of observed and of groups */
  char *label;                         /* a key of these, growing */
  size_t length, room;
} reader;

/* ---- Cells --------------------------------------------------------------------------------------------- */

static int read_number(const reader *in, plimi_role role, const char *wanted, double *number)
{
  const size_t column = in->to->layout.at[role];
  const char *text = in->fields[column];
  if (plimi_read_number(text, number) && isfinite(*number))
    return PLIM_EXIT_DONE;
  return plimi_records_refuse(in->records, column, "column %s: '%.80s' is not accepted; give %s",
                              in->to->layout.names[column], text, wanted);
}

/* The same with a least value; `above`: and not that itself. */
static int read_bounded(const reader *in, plimi_role role, const char *wanted, bool above, double *number)
{
  const int status = read_number(in, role, wanted, number);
  if (status != PLIM_EXIT_DONE || (above ? *number > 0.0 : *number >= 0.0))
    return status;
  const size_t column = in->to->layout.at[role];
  return plimi_records_refuse(in->records, column, "column %s: '%.80s' is not accepted; give %s",
                              in->to->layout.names[column], in->fields[column], wanted);
}

static int read_whole(const reader *in, plimi_role role, uint64_t least, const char *wanted, uint64_t *whole)
{
  const size_t column = in->to->layout.at[role];
  if (plimi_read_whole(in->fields[column], whole) && *whole >= least && *whole <= SIZE_MAX)
    return PLIM_EXIT_DONE;
  return plimi_records_refuse(in->records, column, "column %s: '%.80s' is not accepted; give %s",
                              in->to->layout.names[column], in->fields[column], wanted);
}

/* ---- Labels -------------------------------------------------------------------------------------------- */

static void add_to_label(reader *in, const char *text)
{
  const size_t length = strlen(text);
  if (in->length + length + 2 > in->room) {
    in->room = 2 * in->room + length + 256;
    in->label = plimi_reallocate(in->label, in->room, 1);
  }
  memcpy(in->label + in->length, text, length);
  in->length += length;
  in->label[in->length++] = '\x1f'; /* between two cells */
  in->label[in->length] = '\0';
}

static void add_number(reader *in, double number)
{
  char text[40];
  snprintf(text, sizeof text, "%a", number + 0.0);
  add_to_label(in, text);
}

/* Digits beyond those that a double holds tell keys apart as text. */
static plimi_key key_of(const char *text)
{
  enum { SAFE_DIGITS = 15 };
  double number;
  const bool long_whole = strlen(text) > SAFE_DIGITS && text[strspn(text, "0123456789")] == '\0';
  if (long_whole || !plimi_read_number(text, &number) || !isfinite(number))
    number = NAN;
  return (plimi_key){.text = text, .number = number};
}

/* Key number k of the present row, a column of the file. plim's own files fill step_psi1 where it is psi1, which as
   drawn is another number at each size: there it says no more than psi1 does, and is empty. */
static plimi_key key_at(const reader *in, size_t k)
{
  const plimi_layout *layout = &in->to->layout;
  const char *text = in->fields[layout->keys[k]];
  const size_t psi1 = layout->ratio_key[0];
  const bool repeats = layout->of_simulate && strcmp(layout->key_names[k], "step_psi1") == 0 &&
                       psi1 != PLIMI_NO_COLUMN && layout->keys[psi1] != PLIMI_NO_COLUMN &&
                       strcmp(text, in->fields[layout->keys[psi1]]) == 0;
  return key_of(repeats ? "" : text);
}

static bool find(json_t *table, const char *label, size_t *number)
{
  const json_t *found = json_object_get(table, label);
  if (found == NULL)
    return false;
  *number = (size_t)json_integer_value(found);
  return true;
}

static void remember(json_t *table, const char *label, size_t number)
{
  json_object_set_new_nocheck(table, label, json_integer((json_int_t)number));
}

/* ---- Groups and sizes ---------------------------------------------------------------------------------- */

/* The ratio r as drawn, from n or width, or NaN. */
static int read_count(const reader *in, size_t r, double d, double *ratio)
{
  static const plimi_role counts[] = {PLIMI_ROLE_N, PLIMI_ROLE_WIDTH};
  double count;
  *ratio = NAN;
  if (!plimi_layout_has(&in->to->layout, counts[r]))
    return PLIM_EXIT_DONE;
  const int status = read_bounded(in, counts[r], "a number > 0", true, &count);
  if (status == PLIM_EXIT_DONE)
    *ratio = count / d;
  return status;
}

/* The group of the present row, whose drawn ratios are `ratio`: an old one, or a new one. */
static size_t find_group(reader *in, const double *ratio)
{
  plimi_observations *to = in->to;
  const plimi_layout *layout = &to->layout;
  const size_t keys = layout->key_count;
  size_t group;
  in->length = 0;
  add_to_label(in, "");
  for (size_t k = 0; k < keys; k++) {
    const bool made = layout->keys[k] == PLIMI_NO_COLUMN;
    const plimi_key key =
        made ? (plimi_key){.text = "", .number = ratio[k == layout->ratio_key[1]]} : key_at(in, k);
    if (isnan(key.number))
      add_to_label(in, key.text);
    else
      add_number(in, key.number);
  }
  if (find(in->groups, in->label, &group))
    return group;
  group = to->groups++;
  remember(in->groups, in->label, group);
  if (to->groups > to->group_room) {
    to->group_room = 2 * to->group_room + 16;
    to->keys = plimi_reallocate(to->keys, to->group_room, (keys > 0 ? keys : 1) * sizeof *to->keys);
    to->group_lines = plimi_reallocate(to->group_lines, to->group_room, sizeof *to->group_lines);
  }
  to->group_lines[group] = plimi_records_line(in->records);
  for (size_t k = 0; k < keys; k++) {
    plimi_key *key = &to->keys[group * keys + k];
    const bool made = layout->keys[k] == PLIMI_NO_COLUMN;
    *key = made ? (plimi_key){.number = ratio[k == layout->ratio_key[1]]} : key_at(in, k);
    char made_text[32];
    snprintf(made_text, sizeof made_text, "%.15g", key->number);
    key->text = plimi_copy(made ? made_text : key->text);
  }
  return group;
}

/* Where the file has a prediction it is a number, and the same in all rows of a size. */
static int read_prediction(const reader *in, plim_value *predicted)
{
  *predicted = (plim_value){NAN, 0.0};
  if (!plimi_layout_has(&in->to->layout, PLIMI_ROLE_PREDICTED))
    return PLIM_EXIT_DONE;
  const int status = read_number(in, PLIMI_ROLE_PREDICTED, "a finite number; every row has its prediction",
                                 &predicted->value);
  if (status != PLIM_EXIT_DONE || !plimi_layout_has(&in->to->layout, PLIMI_ROLE_PREDICTED_ERROR))
    return status;
  return read_bounded(in, PLIMI_ROLE_PREDICTED_ERROR, "a number >= 0", false, &predicted->error);
}

/* A size that was not seen before by its text; by its values it may be. */
static int find_size(reader *in, size_t *number)
{
  plimi_observations *to = in->to;
  plimi_observed seen = {.line = plimi_records_line(in->records)};
  int status = read_bounded(in, PLIMI_ROLE_D, "a number > 0", true, &seen.d);
  for (size_t r = 0; r < 2 && status == PLIM_EXIT_DONE; r++)
    status = read_count(in, r, seen.d, &seen.ratio[r]);
  if (status == PLIM_EXIT_DONE)
    status = read_prediction(in, &seen.predicted);
  if (status != PLIM_EXIT_DONE)
    return status;
  seen.group = find_group(in, seen.ratio);
  for (size_t r = 0; r < 2; r++)
    if (isnan(seen.ratio[r]) && to->layout.ratio_key[r] != PLIMI_NO_COLUMN)
      seen.ratio[r] = to->keys[seen.group * to->layout.key_count + to->layout.ratio_key[r]].number;
  in->length = 0;
  add_number(in, (double)seen.group);
  add_number(in, seen.d);
  if (find(in->by_value, in->label, number)) {
    const plim_value *before = &to->observed[*number].predicted;
    if (plimi_layout_has(&to->layout, PLIMI_ROLE_PREDICTED) &&
        (before->value != seen.predicted.value || before->error != seen.predicted.error))
      return plimi_records_refuse(in->records, to->layout.at[PLIMI_ROLE_PREDICTED],
                                  "another prediction than in line %zu, of the same size of the same group",
                                  to->observed[*number].line);
    return PLIM_EXIT_DONE;
  }
  if (to->observed_count == to->observed_room) {
    to->observed_room = 2 * to->observed_room + 64;
    to->observed = plimi_reallocate(to->observed, to->observed_room, sizeof *to->observed);
  }
  *number = to->observed_count++;
  remember(in->by_value, in->label, *number);
  to->observed[*number] = seen;
  return PLIM_EXIT_DONE;
}

static int size_of_row(reader *in, size_t *number)
{
  const plimi_layout *layout = &in->to->layout;
  in->length = 0;
  for (size_t i = 0; i < layout->columns; i++) {
    const plimi_role role = layout->roles[i];
    if (role == PLIMI_ROLE_KEY || role == PLIMI_ROLE_D || role == PLIMI_ROLE_PREDICTED ||
        role == PLIMI_ROLE_PREDICTED_ERROR || role == PLIMI_ROLE_N || role == PLIMI_ROLE_WIDTH)
      add_to_label(in, in->fields[i]);
  }
  if (find(in->by_text, in->label, number))
    return PLIM_EXIT_DONE;
  char *label = plimi_copy(in->label);
  const int status = find_size(in, number);
  if (status == PLIM_EXIT_DONE)
    remember(in->by_text, label, *number);
  free(label);
  return status;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static int take_replica(reader *in, size_t number)
{
  plimi_observations *to = in->to;
  plimi_replica replica = {.line = plimi_records_line(in->records)};
  int status = read_number(in, to->layout.roles[to->layout.value], "a finite number", &replica.value);
  if (status == PLIM_EXIT_DONE && plimi_layout_has(&to->layout, PLIMI_ROLE_REPLICA))
    status = read_whole(in, PLIMI_ROLE_REPLICA, 0, "a whole number, the replica's own", &replica.number);
  if (status != PLIM_EXIT_DONE)
    return status;
  if (to->replica_count == to->replica_room) {
    to->replica_room = 2 * to->replica_room + 1024;
    to->replicas = plimi_reallocate(to->replicas, to->replica_room, sizeof *to->replicas);
    to->replica_of = plimi_reallocate(to->replica_of, to->replica_room, sizeof *to->replica_of);
  }
  to->replica_of[to->replica_count] = number;
  to->replicas[to->replica_count++] = replica;
  to->observed[number].replicas++;
  return PLIM_EXIT_DONE;
}

static int take_mean(reader *in, size_t number)
{
  plimi_observed *seen = &in->to->observed[number];
  const plimi_layout *layout = &in->to->layout;
  uint64_t replicas;
  if (seen->replicas > 0)
    return plimi_records_refuse(in->records, layout->at[PLIMI_ROLE_D],
                                "d = %s comes twice in its group, the first time in line %zu",
                                in->fields[layout->at[PLIMI_ROLE_D]], seen->line);
  int status = read_number(in, layout->roles[layout->value], "a finite number", &seen->value);
  if (status == PLIM_EXIT_DONE)
    status = read_whole(in, PLIMI_ROLE_REPLICAS, 2, "a whole number >= 2: a mean over so many replicas",
                        &replicas);
  if (status == PLIM_EXIT_DONE)
    status = read_bounded(in, PLIMI_ROLE_ERROR, "a number > 0, the standard error of the mean", true,
                          &seen->error);
  if (status == PLIM_EXIT_DONE)
    seen->replicas = (size_t)replicas;
  return status;
}

/* Of rows that plim simulate or compare wrote: is it one to be judged? */
static bool counts(reader *in)
{
  plimi_observations *to = in->to;
  if (!to->layout.of_simulate)
    return true;
  if (strcmp(in->fields[to->layout.at[PLIMI_ROLE_SOURCE]], "simulation") != 0)
    return false;
  if (strcmp(in->fields[to->layout.at[PLIMI_ROLE_STATUS]], "ok") == 0)
    return true;
  if (to->left_out++ == 0)
    to->left_out_line = plimi_records_line(in->records);
  return false;
}

static int take_row(reader *in, size_t count)
{
  const size_t columns = in->to->layout.columns;
  size_t number;
  if (count != columns)
    return plimi_records_refuse(in->records, count < columns ? count - 1 : columns,
                                "%zu field%s, but the header names %zu columns", count, count == 1 ? "" : "s",
                                columns);
  if (!counts(in))
    return PLIM_EXIT_DONE;
  const int status = size_of_row(in, &number);
  if (status != PLIM_EXIT_DONE)
    return status;
  return in->to->layout.per_replica ? take_replica(in, number) : take_mean(in, number);
}

static int read_all(reader *in, const plimi_layout_request *request)
{
  size_t count;
  int status = plimi_records_next(in->records, &in->fields, &count);
  if (status == PLIM_EXIT_DONE && count == 0)
    return plimi_records_refuse(in->records, 0,
                                "the file is empty; a header line with the columns d and value, or d, "
                                "mean, error and replicas, was expected");
  if (status == PLIM_EXIT_DONE)
    status = plimi_layout_read(in->records, in->fields, count, request, &in->to->layout);
  while (status == PLIM_EXIT_DONE) {
    status = plimi_records_next(in->records, &in->fields, &count);
    if (status != PLIM_EXIT_DONE || count == 0)
      break;
    status = take_row(in, count);
  }
  if (status == PLIM_EXIT_DONE && in->to->observed_count == 0)
    return plimi_records_refuse(in->records, 0,
                                in->to->layout.of_simulate
                                    ? "no row whose source is simulation and whose status is ok"
                                    : "a header and no rows");
  return status;
}

int plimi_observations_read(const plimi_observations_request *request, plimi_observations *observations)
{
  reader in = {.to = observations};
  *observations = (plimi_observations){.name = NULL};
  int status = plimi_records_open(request->path, request->tabs, &in.records);
  if (status != PLIM_EXIT_DONE)
    return status;
  observations->name = plimi_records_name(in.records);
  in.by_text = json_object();
  in.by_value = json_object();
  in.groups = json_object();
  status = read_all(&in, &request->layout);
  json_decref(in.by_text);
  json_decref(in.by_value);
  json_decref(in.groups);
  free(in.label);
  plimi_records_close(in.records);
  return status == PLIM_EXIT_DONE ? plimi_series_make(observations) : status;
}

void plimi_observations_free(plimi_observations *observations)
{
  for (size_t i = 0; i < observations->groups * observations->layout.key_count; i++)
    free((char *)observations->keys[i].text);
  plimi_layout_free(&observations->layout);
  free(observations->series);
  free(observations->replicas);
  free(observations->replica_of);
  free(observations->observed);
  free(observations->keys);
  free(observations->group_lines);
}
