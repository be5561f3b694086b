/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal_runs.h"

#include <stdlib.h>
#include <string.h>

plimi_kept_run *plimi_kept_run_copy(const plimi_journal_run *run)
{
  plimi_kept_run *kept = plimi_allocate(1, sizeof *kept);
  kept->point = plimi_copy(run->point);
  kept->length = run->length;
  kept->quantities = plimi_allocate(run->quantity_count, sizeof *kept->quantities);
  for (size_t i = 0; i < run->quantity_count; i++)
    kept->quantities[kept->quantity_count++] = plimi_copy(run->quantities[i]);
  if (run->path != NULL) {
    kept->path = plimi_allocate(run->length, sizeof *kept->path);
    memcpy(kept->path, run->path, run->length * sizeof *kept->path);
  }
  return kept;
}

void plimi_kept_run_free(plimi_kept_run *run)
{
  if (run == NULL)
    return;
  for (size_t i = 0; i < run->quantity_count; i++)
    free(run->quantities[i]);
  for (size_t i = 0; i < run->count; i++)
    free(run->records[i].samples);
  free(run->point);
  free(run->quantities);
  free(run->path);
  free(run->records);
  free(run);
}

/* The number of the point of this text, a new one where it has none yet. */
static size_t point_number(plimi_kept_runs *kept, const char *text)
{
  if (kept->point_of == NULL)
    kept->point_of = json_object();
  const json_t *known = json_object_get(kept->point_of, text);
  if (known != NULL)
    return (size_t)json_integer_value(known);
  kept->points = plimi_reallocate(kept->points, kept->point_count + 1, sizeof *kept->points);
  kept->points[kept->point_count] = (plimi_kept_point){.count = 0};
  json_object_set_new_nocheck(kept->point_of, text, json_integer((json_int_t)kept->point_count));
  return kept->point_count++;
}

void plimi_kept_runs_add(plimi_kept_runs *kept, plimi_kept_run *run, size_t number)
{
  run->at = point_number(kept, run->point);
  if (number >= kept->count)
    kept->runs = plimi_reallocate(kept->runs, number + 1, sizeof *kept->runs);
  while (kept->count <= number)
    kept->runs[kept->count++] = NULL;
  plimi_kept_run_free(kept->runs[number]);
  kept->runs[number] = run;
}

void plimi_kept_runs_free(plimi_kept_runs *kept)
{
  for (size_t i = 0; i < kept->count; i++)
    plimi_kept_run_free(kept->runs[i]);
  for (size_t i = 0; i < kept->point_count; i++)
    free(kept->points[i].replicas);
  free(kept->runs);
  free(kept->points);
  json_decref(kept->point_of);
}

void plimi_kept_runs_count(plimi_kept_runs *kept, size_t number, size_t replica)
{
  plimi_kept_point *point = &kept->points[kept->runs[number]->at];
  size_t at = 0, high = point->count;
  if (high > 0 && point->replicas[high - 1] < replica)
    at = high; /* they come nearly in order */
  while (at < high) {
    const size_t middle = at + (high - at) / 2;
    if (point->replicas[middle] < replica)
      at = middle + 1;
    else
      high = middle;
  }
  if (at < point->count && point->replicas[at] == replica)
    return;
  if (point->count == point->room) {
    point->room = 2 * point->room + 16;
    point->replicas = plimi_reallocate(point->replicas, point->room, sizeof *point->replicas);
  }
  memmove(point->replicas + at + 1, point->replicas + at, (point->count - at) * sizeof *point->replicas);
  point->replicas[at] = replica;
  point->count++;
  kept->replicas++;
}

/* ---- lines ---- */

static json_t *numbers_to_json(const double *numbers, size_t count)
{
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, plimi_json_number(numbers[i]));
  return array;
}

/* Numbers of an array, to be freed; NULL where it is none, or something else is in it. */
static double *numbers_from_json(const json_t *array, size_t count)
{
  if (!json_is_array(array) || json_array_size(array) != count)
    return NULL;
  double *numbers = plimi_allocate(count, sizeof *numbers);
  for (size_t i = 0; i < count; i++) {
    if (!json_is_number(json_array_get(array, i))) {
      free(numbers);
      return NULL;
    }
    numbers[i] = json_number_value(json_array_get(array, i));
  }
  return numbers;
}

json_t *plimi_kept_run_line(const plimi_kept_run *run, size_t number)
{
  json_t *line = json_object(), *names = json_array();
  for (size_t i = 0; i < run->quantity_count; i++)
    json_array_append_new(names, plimi_json_text(run->quantities[i]));
  json_object_set_new(line, "run", json_integer((json_int_t)number));
  json_object_set_new(line, "point", plimi_json_text(run->point));
  json_object_set_new(line, "quantities", names);
  json_object_set_new(line, "numbers", json_integer((json_int_t)run->length));
  json_object_set_new(line, "path",
                      run->path != NULL ? numbers_to_json(run->path, run->length) : json_null());
  return line;
}

plimi_kept_run *plimi_kept_run_read(const json_t *line, size_t *number)
{
  const json_int_t declared = json_integer_value(json_object_get(line, "run"));
  const char *point = json_string_value(json_object_get(line, "point"));
  const json_t *names = json_object_get(line, "quantities"), *path = json_object_get(line, "path");
  const json_int_t length = json_integer_value(json_object_get(line, "numbers"));
  if (declared < 0 || point == NULL || json_array_size(names) == 0 || length <= 0)
    return NULL;
  plimi_kept_run *run = plimi_allocate(1, sizeof *run);
  bool ok = true;
  run->point = plimi_copy(point);
  run->length = (size_t)length;
  run->quantities = plimi_allocate(json_array_size(names), sizeof *run->quantities);
  for (size_t i = 0; i < json_array_size(names) && ok; i++) {
    const char *name = json_string_value(json_array_get(names, i));
    ok = name != NULL;
    if (ok)
      run->quantities[run->quantity_count++] = plimi_copy(name);
  }
  if (ok && !json_is_null(path)) {
    run->path = numbers_from_json(path, run->length);
    ok = run->path != NULL;
  }
  if (!ok) {
    plimi_kept_run_free(run);
    return NULL;
  }
  *number = (size_t)declared;
  return run;
}

json_t *plimi_record_line(size_t number, size_t replica, const double *samples, size_t count)
{
  json_t *line = json_object();
  json_object_set_new(line, "of", json_integer((json_int_t)number));
  json_object_set_new(line, "replica", json_integer((json_int_t)replica));
  json_object_set_new(line, "samples", numbers_to_json(samples, count));
  return line;
}

bool plimi_record_read(const json_t *line, const plimi_kept_run *run, plimi_record *record)
{
  const json_t *replica = json_object_get(line, "replica");
  if (!json_is_integer(replica) || json_integer_value(replica) < 0)
    return false;
  const size_t count = run->quantity_count * run->length;
  const plimi_record read = {(size_t)json_integer_value(replica),
                             numbers_from_json(json_object_get(line, "samples"), count)};
  if (read.samples == NULL)
    return false;
  *record = read;
  return true;
}

/* ---- samples ---- */

/* Where `replica` stands among the records, or would. */
static size_t position_of(const plimi_kept_run *run, size_t replica)
{
  size_t low = 0, high = run->count;
  if (high > 0 && run->records[high - 1].replica < replica)
    return high; /* they come nearly in order */
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (run->records[middle].replica < replica)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const double *plimi_kept_run_find(const plimi_kept_run *run, size_t replica)
{
  const size_t at = position_of(run, replica);
  return at < run->count && run->records[at].replica == replica ? run->records[at].samples : NULL;
}

void plimi_kept_run_insert(plimi_kept_run *run, plimi_record record)
{
  const size_t at = position_of(run, record.replica);
  if (at < run->count && run->records[at].replica == record.replica) {
    free(record.samples);
    return;
  }
  if (run->count == run->room) {
    run->room = 2 * run->room + 16;
    run->records = plimi_reallocate(run->records, run->room, sizeof *run->records);
  }
  memmove(run->records + at + 1, run->records + at, (run->count - at) * sizeof *run->records);
  run->records[at] = record;
  run->count++;
}

bool plimi_kept_run_is_akin(const plimi_kept_run *kept, const plimi_journal_run *run)
{
  if (strcmp(kept->point, run->point) != 0 || kept->length != run->length ||
      (kept->path == NULL) != (run->path == NULL))
    return false;
  return run->path == NULL || memcmp(kept->path, run->path, run->length * sizeof *run->path) == 0;
}

bool plimi_kept_run_has_same_quantities(const plimi_kept_run *kept, const plimi_journal_run *run)
{
  bool same = kept->quantity_count == run->quantity_count;
  for (size_t i = 0; same && i < run->quantity_count; i++)
    same = strcmp(kept->quantities[i], run->quantities[i]) == 0;
  return same;
}
