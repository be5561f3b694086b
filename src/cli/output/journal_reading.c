/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal_reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../terminal/message.h"
#include "journal_header.h"
#include "journal_line.h"

/* How far it has come. */
typedef struct {
  const plimi_journal_reader *reader;
  plimi_kept_runs *kept;
  plimi_journal_extent extent;
  size_t line;             /* the number of the last one */
  size_t lost, first_lost; /* lines that are not used, and the number of the first */
} reading;

/* A run has a line of its own, so its number is less than that of the line. */
static bool read_run(reading *at, const json_t *line)
{
  size_t number;
  plimi_kept_run *run = plimi_kept_run_read(line, &number);
  if (run == NULL || number >= at->line) {
    plimi_kept_run_free(run);
    return false;
  }
  plimi_kept_runs_add(at->kept, run, number);
  return true;
}

static bool read_record(reading *at, const json_t *line)
{
  const json_t *of = json_object_get(line, "of");
  const json_int_t number = json_integer_value(of);
  plimi_record record;
  if (!json_is_integer(of) || number < 0 || (size_t)number >= at->kept->count ||
      at->kept->runs[number] == NULL || !plimi_record_read(line, at->kept->runs[number], &record))
    return false;
  plimi_kept_runs_count(at->kept, (size_t)number, record.replica);
  plimi_kept_run_insert(at->kept->runs[number], record);
  at->extent.records++;
  return true;
}

/* A header: does what follows serve us, and was it written where bits are like ours? */
static int read_header(reading *at, const json_t *line)
{
  const plimi_journal_reader *reader = at->reader;
  plimi_message why;
  if (!plimi_journal_compatible(line, reader->present, reader->request, &why)) {
    plimi_complain(
        "%s belongs to another configuration%s; give the same options, or remove it to begin afresh",
        reader->path, why.text);
    return PLIM_EXIT_USAGE;
  }
  if (reader->header != NULL) {
    json_decref(*reader->header);
    *reader->header = json_incref((json_t *)line);
  } else if (!plimi_journal_same_machine(line, reader->present, &why))
    plimi_note("%s was written elsewhere (%s): going on, but the last bits of new samples may differ from "
               "what the whole run would have given there",
               reader->path, why.text);
  at->extent.present_is_last = json_equal(line, reader->present);
  return PLIM_EXIT_DONE;
}

static int refuse_unreadable(const plimi_journal_reader *reader)
{
  plimi_complain("%s cannot be read: %s", reader->path, strerror(errno));
  return PLIM_EXIT_FILE;
}

static int refuse_foreign(const plimi_journal_reader *reader)
{
  plimi_complain("%s is no journal of plim's, or its first line is spoilt: it was left as it is; "
                 "move it away to begin afresh",
                 reader->path);
  return PLIM_EXIT_FILE;
}

/* Look at the first bytes, however long the file may be. An empty one is what a kill leaves of a journal just begun. */
static int check_head(const plimi_journal_reader *reader, bool *is_empty)
{
  char bytes[32] = "";
  int layout;
  *is_empty = fread(bytes, 1, sizeof bytes - 1, reader->stream) == 0 && feof(reader->stream);
  if (ferror(reader->stream))
    return refuse_unreadable(reader);
  rewind(reader->stream);
  if (*is_empty)
    return PLIM_EXIT_DONE;
  switch (plimi_journal_head_of(bytes, &layout)) {
  case PLIMI_JOURNAL_HEAD_OURS:
    return PLIM_EXIT_DONE;
  case PLIMI_JOURNAL_HEAD_OLDER:
    plimi_complain(
        "%s has lines of layout %d, and this plim reads layout %d: go on with the plim that wrote it, "
        "or remove it to begin afresh",
        reader->path, layout, PLIMI_JOURNAL_LAYOUT);
    return PLIM_EXIT_USAGE;
  case PLIMI_JOURNAL_HEAD_OTHER:
    break;
  }
  return refuse_foreign(reader);
}

/* One whole line; NULL where it is spoilt. It is passed over then, but for the first line, which says of what all
   others are. */
static int read_line(reading *at, const json_t *line)
{
  bool understood = true;
  int status = PLIM_EXIT_DONE;
  if (json_object_get(line, "journal") != NULL)
    status = read_header(at, line);
  else if (at->line == 1)
    status = refuse_foreign(at->reader);
  else if (json_object_get(line, "run") != NULL)
    understood = read_run(at, line);
  else
    understood = read_record(at, line);
  if (!understood && at->lost++ == 0)
    at->first_lost = at->line;
  return status;
}

static void tell_lost(const reading *at)
{
  if (at->lost == 1)
    plimi_complain("%s:%zu: this line is spoilt; what it held is computed again", at->reader->path,
                   at->first_lost);
  else if (at->lost > 1)
    plimi_complain(
        "%s:%zu: this line is spoilt, and %zu more that are or that need one that is; what they held "
        "is computed again",
        at->reader->path, at->first_lost, at->lost - 1);
}

int plimi_journal_read(const plimi_journal_reader *reader, plimi_kept_runs *kept,
                       plimi_journal_extent *extent)
{
  reading at = {.reader = reader, .kept = kept};
  char *text = NULL;
  size_t room = 0;
  ssize_t length = 0;
  bool is_empty;
  int status = check_head(reader, &is_empty);
  while (status == PLIM_EXIT_DONE && (length = plimi_next_line(&text, &room, reader->stream)) > 0 &&
         text[length - 1] == '\n') {
    at.line++;
    at.extent.whole += length;
    json_t *line = plimi_journal_line_read(text, (size_t)length - 1);
    status = read_line(&at, line);
    json_decref(line);
  }
  free(text);
  if (status == PLIM_EXIT_DONE && !feof(reader->stream))
    status = refuse_unreadable(reader);
  else if (status == PLIM_EXIT_DONE && at.line == 0 && !is_empty)
    status = refuse_foreign(reader);
  if (status != PLIM_EXIT_DONE)
    return status;
  tell_lost(&at);
  *extent = at.extent;
  return PLIM_EXIT_DONE;
}

/* ---- files ---- */

FILE *plimi_journal_open_to_read(const char *path)
{
  struct stat about;
  FILE *stream = NULL;
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
    return NULL;
  }
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
    plimi_complain("%s is not a regular file", path);
  else if ((stream = plimi_unless_no_memory(fdopen(descriptor, "r"))) == NULL)
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
  if (stream == NULL)
    close(descriptor);
  return stream;
}

int plimi_journal_read_file(const plimi_output_request *request, const char *path, plimi_kept_runs *kept,
                            json_t **header)
{
  plimi_journal_extent extent;
  FILE *stream = plimi_journal_open_to_read(path);
  if (stream == NULL)
    return PLIM_EXIT_FILE;
  json_t *present = plimi_journal_header(request);
  const plimi_journal_reader reader = {stream, path, request, present, header};
  const int status = plimi_journal_read(&reader, kept, &extent);
  json_decref(present);
  fclose(stream);
  return status;
}

int plimi_journal_look(const plimi_output_request *request, const char *path, plimi_kept_runs *kept)
{
  return access(path, F_OK) != 0 && errno == ENOENT ? PLIM_EXIT_DONE
                                                    : plimi_journal_read_file(request, path, kept, NULL);
}
