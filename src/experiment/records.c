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
  char *text;    /* room for one line */
  plimi_record *kept;
  size_t count, room;
  size_t spoilt;
};

/* ---- lines ---------------------------------------------------------------------------------------------- */

/* The header is one line: layout, seed, names, with tabs between. NULL without memory. */
static const char layout[] = "plim experiment 1";

static char *header_of(const plim_experiment *experiment, uint64_t seed)
{
  size_t room = sizeof layout + 32 + strlen(experiment->name);
  for (size_t i = 0; i < experiment->count; i++)
    room += 1 + strlen(experiment->values[i].name);
  char *text = malloc(room);
  if (text == NULL)
    return NULL;
  size_t length = (size_t)snprintf(text, room, "%s\t%" PRIu64 "\t%s", layout, seed, experiment->name);
  for (size_t i = 0; i < experiment->count; i++)
    length += (size_t)snprintf(text + length, room - length, "\t%s", experiment->values[i].name);
  return text;
}

static bool is_plain(const char *name)
{
  for (; *name != '\0'; name++)
    if ((unsigned char)*name < ' ')
      return false;
  return true;
}

/* Size and replica, then the bits of each value: the same again in any locale. */
enum { NUMBER = 21, VALUE = 17 };

static size_t put_record(char *text, size_t d, size_t replica, const double *values, size_t count)
{
  size_t length = (size_t)snprintf(text, 2 * NUMBER + 1, "%zu %zu", d, replica);
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    length += (size_t)snprintf(text + length, VALUE + 1, " %016" PRIx64, bits);
  }
  return length;
}

/* Is the text of so many bytes a record, to the last one? */
static bool get_record(const char *text, size_t length, size_t count, plimi_record *record)
{
  char *at = NULL;
  record->d = (size_t)strtoull(text, &at, 10);
  record->replica = (size_t)strtoull(at, &at, 10);
  if ((size_t)(at - text) + VALUE * count != length)
    return false;
  for (size_t i = 0; i < count; i++) {
    const uint64_t bits = strtoull(at, &at, 16);
    memcpy(&record->values[i], &bits, sizeof bits);
  }
  return (size_t)(at - text) == length && record->d > 0;
}

static plim_status take_record(plimi_records *records, const char *text, size_t length)
{
  plimi_record read = {.values = malloc(records->values * sizeof(double))};
  if (read.values == NULL)
    return PLIM_NO_MEMORY;
  if (records->count == records->room) {
    const size_t room = 2 * records->room + 64;
    plimi_record *larger = realloc(records->kept, room * sizeof *larger);
    if (larger == NULL) {
      free(read.values);
      return PLIM_NO_MEMORY;
    }
    records->kept = larger;
    records->room = room;
  }
  if (get_record(text, length, records->values, &read)) {
    records->kept[records->count++] = read;
  } else {
    records->spoilt++;
    free(read.values);
  }
  return PLIM_OK;
}

static int compare(const void *a, const void *b)
{
  const plimi_record *x = a, *y = b;
  if (x->d != y->d)
    return x->d < y->d ? -1 : 1;
  return (x->replica > y->replica) - (x->replica < y->replica);
}

static plim_status cannot(const char *path, const char *what, plim_experiment_failure *failure)
{
  const int error = errno;
  return plimi_refuse(failure, error == ENOMEM ? PLIM_NO_MEMORY : PLIM_FAILED, "%s cannot be %s: %s", path,
                      what, strerror(error));
}

/* ---- reading -------------------------------------------------------------------------------------------- */

/* Field by field, to say which is another. */
static plim_status check_header(const plimi_records *records, const char *present, const char *text,
                                plim_experiment_failure *failure)
{
  static const char *const fields[] = {"layout", "seed", "name", "list of values"};
  enum { FIELDS = sizeof fields / sizeof *fields };
  size_t field = 0, at = 0;
  if (text == NULL || strncmp(text, layout, sizeof layout - 3) != 0) /* all but the number */
    return plimi_refuse(
        failure, PLIM_INVALID,
        "%s is no journal of an experiment, or its first line is spoilt: it was left as it is",
        records->path);
  while (present[at] != '\0' && present[at] == text[at])
    field += present[at++] == '\t';
  if (present[at] == text[at])
    return PLIM_OK;
  return plimi_refuse(failure, PLIM_INVALID, "%s is of another experiment: its %s is another", records->path,
                      fields[field < FIELDS ? field : FIELDS - 1]);
}

/* All sound lines; *whole: their bytes, with those that are spoilt between them. */
static plim_status read_lines(plimi_records *records, const char *present, off_t *whole,
                              plim_experiment_failure *failure)
{
  char *line = NULL;
  size_t room = 0;
  ssize_t length = 0;
  plim_status status = PLIM_OK;
  *whole = 0;
  while (status == PLIM_OK && (length = getline(&line, &room, records->stream)) > 0 &&
         line[length - 1] == '\n') {
    line[length - 1] = '\0';
    const char *text = plimi_line_text(line, (size_t)length - 1);
    if (*whole == 0)
      status = check_header(records, present, text, failure);
    else if (text == NULL)
      records->spoilt++;
    else if (take_record(records, text, (size_t)length - 1 - PLIMI_LINE_PREFIX) != PLIM_OK)
      status = plimi_refuse(failure, PLIM_NO_MEMORY, "%s is larger than memory", records->path);
    *whole += length;
  }
  free(line);
  if (status == PLIM_OK && length < 0 && !feof(records->stream))
    status = cannot(records->path, "read", failure);
  if (status == PLIM_OK && length > 0 && *whole == 0)
    status = plimi_refuse(failure, PLIM_INVALID, "%s is no journal of an experiment: it was left as it is",
                          records->path);
  if (records->count > 0)
    qsort(records->kept, records->count, sizeof *records->kept, compare);
  return status;
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
static plim_status load(plimi_records *records, const char *present, plim_experiment_failure *failure)
{
  off_t whole;
  const plim_status status = read_lines(records, present, &whole, failure);
  if (status != PLIM_OK)
    return status;
  if (ftruncate(fileno(records->stream), whole) != 0 || fseeko(records->stream, whole, SEEK_SET) != 0)
    return cannot(records->path, "written", failure);
  if (whole == 0 && !plimi_line_write(present, strlen(present), records->stream))
    return cannot(records->path, "written", failure);
  return PLIM_OK;
}

static plim_status check_names(const plim_experiment *experiment, plim_experiment_failure *failure)
{
  bool plain = is_plain(experiment->name);
  for (size_t i = 0; i < experiment->count; i++)
    plain = plain && is_plain(experiment->values[i].name);
  return plain ? PLIM_OK
               : plimi_refuse(failure, PLIM_INVALID, "names in a journal have no tabs and no line breaks");
}

plim_status plimi_records_open(const char *path, const plim_experiment *experiment, uint64_t seed,
                               plimi_records **records, plim_experiment_failure *failure)
{
  plim_status status = check_names(experiment, failure);
  if (status != PLIM_OK)
    return status;
  char *present = header_of(experiment, seed);
  plimi_records *made = calloc(1, sizeof *made);
  if (made != NULL)
    *made = (plimi_records){.path = path,
                            .values = experiment->count,
                            .text = malloc(2 * NUMBER + VALUE * experiment->count + 1)};
  if (present == NULL || made == NULL || made->text == NULL)
    status = plimi_refuse(failure, PLIM_NO_MEMORY, "no memory for the journal");
  if (status == PLIM_OK)
    status = open_alone(made, failure);
  if (status == PLIM_OK)
    status = load(made, present, failure);
  free(present);
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
  free(records->text);
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
  const size_t length = put_record(records->text, d, replica, values, records->values);
  return plimi_line_write(records->text, length, records->stream);
}
