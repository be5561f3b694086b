/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course.h"
#include "journal/line.h"

struct plimi_records {
  const char *path;
  FILE *stream;
  size_t values; /* a replica */
  plimi_record *kept;
  size_t count, room;
  size_t spoilt;
};

/* ---- lines ---------------------------------------------------------------------------------------------- */

static json_t *numbers_to_json(const double *values, size_t count)
{
  json_t *array = json_array();
  for (size_t i = 0; array != NULL && i < count; i++)
    if (json_array_append_new(array, json_real(values[i])) != 0) {
      json_decref(array);
      return NULL;
    }
  return array;
}

static json_t *header_of(const plim_experiment *experiment, uint64_t seed)
{
  char text[32]; /* JSON's whole numbers have a sign */
  json_t *names = json_array();
  for (size_t i = 0; names != NULL && i < experiment->count; i++)
    (void)json_array_append_new(names, json_string(experiment->values[i].name)); /* looked at below */
  snprintf(text, sizeof text, "%" PRIu64, seed);
  if (names == NULL || json_array_size(names) != experiment->count) {
    json_decref(names);
    return NULL;
  }
  return json_pack("{s:i, s:s, s:s, s:o}", "journal", PLIMI_JOURNAL_LAYOUT, "experiment", experiment->name,
                   "seed", text, "values", names);
}

/* False without memory; a line that is no record counts as spoilt. */
static bool take_record(plimi_records *records, const json_t *line)
{
  const json_t *d = json_object_get(line, "d"), *replica = json_object_get(line, "replica");
  const json_t *values = json_object_get(line, "values");
  if (json_integer_value(d) <= 0 || !json_is_integer(replica) || json_integer_value(replica) < 0 ||
      !json_is_array(values) || json_array_size(values) != records->values) {
    records->spoilt++;
    return true;
  }
  if (records->count == records->room) {
    const size_t room = 2 * records->room + 64;
    plimi_record *larger = realloc(records->kept, room * sizeof *larger);
    if (larger == NULL)
      return false;
    records->kept = larger;
    records->room = room;
  }
  double *numbers = malloc(records->values * sizeof *numbers);
  if (numbers == NULL)
    return false;
  bool sound = true;
  for (size_t i = 0; i < records->values; i++) {
    sound = sound && json_is_number(json_array_get(values, i));
    numbers[i] = json_number_value(json_array_get(values, i));
  }
  if (sound) {
    records->kept[records->count++] =
        (plimi_record){(size_t)json_integer_value(d), (size_t)json_integer_value(replica), numbers};
  } else {
    records->spoilt++;
    free(numbers);
  }
  return true;
}

static int compare(const void *a, const void *b)
{
  const plimi_record *x = a, *y = b;
  if (x->d != y->d)
    return x->d < y->d ? -1 : 1;
  return (x->replica > y->replica) - (x->replica < y->replica);
}

/* ---- reading -------------------------------------------------------------------------------------------- */

static plim_status check_header(const plimi_records *records, const json_t *present, const json_t *line,
                                plim_experiment_failure *failure)
{
  static const char *const members[] = {"journal", "experiment", "seed", "values"};
  if (json_object_get(line, "journal") == NULL || json_object_get(line, "experiment") == NULL)
    return plimi_refuse(
        failure, PLIM_INVALID,
        "%s is no journal of an experiment, or its first line is spoilt: it was left as it is",
        records->path);
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (!json_equal(json_object_get(line, members[i]), json_object_get(present, members[i])))
      return plimi_refuse(failure, PLIM_INVALID, "%s is of another experiment (its %s is another)",
                          records->path, i == 0 ? "layout" : members[i]);
  return PLIM_OK;
}

/* All sound lines; *whole: their bytes, with those that are spoilt between them. */
static plim_status read_lines(plimi_records *records, const json_t *present, off_t *whole,
                              plim_experiment_failure *failure)
{
  char *text = NULL;
  size_t room = 0;
  ssize_t length;
  plim_status status = PLIM_OK;
  *whole = 0;
  while (status == PLIM_OK && (length = getline(&text, &room, records->stream)) > 0 &&
         text[length - 1] == '\n') {
    json_t *line = plimi_journal_line_read(text, (size_t)length - 1);
    if (*whole == 0)
      status = check_header(records, present, line, failure);
    else if (line == NULL)
      records->spoilt++;
    else if (!take_record(records, line))
      status = plimi_refuse(failure, PLIM_NO_MEMORY, "%s is larger than memory", records->path);
    *whole += length;
    json_decref(line);
  }
  free(text);
  if (status == PLIM_OK && (ferror(records->stream) || (length > 0 && *whole == 0)))
    status = plimi_refuse(failure, PLIM_INVALID, "%s is no journal of an experiment: it was left as it is",
                          records->path);
  if (records->count > 0)
    qsort(records->kept, records->count, sizeof *records->kept, compare);
  return status;
}

static plim_status cannot(const char *path, const char *what, plim_experiment_failure *failure)
{
  return plimi_refuse(failure, PLIM_FAILED, "%s cannot be %s (error %d of the system)", path, what, errno);
}

/* Open a regular file for this process alone: no FIFO is waited for. */
static plim_status open_alone(plimi_records *records, plim_experiment_failure *failure)
{
  struct stat about;
  const int file = open(records->path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666);
  if (file < 0)
    return cannot(records->path, "opened", failure);
  plim_status status = PLIM_OK;
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
    status = plimi_refuse(failure, PLIM_FAILED, "%s is not a regular file", records->path);
  else if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) /* some file systems have no locks */
    status = plimi_refuse(failure, PLIM_FAILED, "%s is in use by another run", records->path);
  else if ((records->stream = fdopen(file, "r+")) == NULL)
    status = cannot(records->path, "opened", failure);
  if (status != PLIM_OK)
    close(file);
  return status;
}

/* Read what is there, cut off what a kill left of a line, and begin where there was nothing. */
static plim_status load(plimi_records *records, const json_t *present, plim_experiment_failure *failure)
{
  off_t whole;
  const plim_status status = read_lines(records, present, &whole, failure);
  if (status != PLIM_OK)
    return status;
  if (ftruncate(fileno(records->stream), whole) != 0 || fseeko(records->stream, whole, SEEK_SET) != 0)
    return cannot(records->path, "written", failure);
  if (whole == 0 && !plimi_journal_line_write(present, records->stream))
    return cannot(records->path, "written", failure);
  return PLIM_OK;
}

plim_status plimi_records_open(const char *path, const plim_experiment *experiment, uint64_t seed,
                               plimi_records **records, plim_experiment_failure *failure)
{
  json_t *present = header_of(experiment, seed);
  plimi_records *made = calloc(1, sizeof *made);
  plim_status status = PLIM_OK;
  if (made == NULL) {
    json_decref(present);
    return plimi_refuse(failure, PLIM_NO_MEMORY, "no memory for the journal");
  }
  made->path = path;
  made->values = experiment->count;
  if (present == NULL)
    status = plimi_refuse(failure, PLIM_INVALID, "a name is not UTF-8, which a journal has to be");
  if (status == PLIM_OK)
    status = open_alone(made, failure);
  if (status == PLIM_OK)
    status = load(made, present, failure);
  json_decref(present);
  if (status != PLIM_OK)
    plimi_records_close(made);
  else
    *records = made;
  return status;
}

void plimi_records_close(plimi_records *records)
{
  if (records == NULL)
    return;
  if (records->stream != NULL) {
    (void)fdatasync(fileno(records->stream)); /* not every file system has it */
    fclose(records->stream);
  }
  for (size_t i = 0; i < records->count; i++)
    free(records->kept[i].values);
  free(records->kept);
  free(records);
}

/* ---- records -------------------------------------------------------------------------------------------- */

const plimi_record *plimi_records_find(const plimi_records *records, size_t d, size_t replica)
{
  const plimi_record wanted = {.d = d, .replica = replica};
  if (records->count == 0)
    return NULL;
  return bsearch(&wanted, records->kept, records->count, sizeof wanted, compare);
}

const plimi_record *plimi_records_first(const plimi_records *records)
{
  return records->count > 0 ? records->kept : NULL;
}

size_t plimi_records_spoilt(const plimi_records *records)
{
  return records->spoilt;
}

bool plimi_records_keep(plimi_records *records, size_t d, size_t replica, const double *values)
{
  json_t *numbers = numbers_to_json(values, records->values);
  json_t *line = numbers == NULL ? NULL
                                 : json_pack("{s:I, s:I, s:o}", "d", (json_int_t)d, "replica",
                                             (json_int_t)replica, "values", numbers);
  const bool kept = line != NULL && plimi_journal_line_write(line, records->stream);
  json_decref(line);
  return kept;
}
