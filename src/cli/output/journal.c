/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal_header.h"
#include "journal_lock.h"
#include "journal_runs.h"
#include "../terminal/progress.h"
#include "../terminal/temporary.h"

static const double between_syncs = 5.0; /* seconds: a crash of the machine costs no more work than that */

struct plimi_journal {
  const plimi_output_request *request;
  FILE *stream;
  char *path, *lock;
  plimi_temporary listed; /* the lock, where it is a file */
  plimi_kept_run **runs;  /* by their number in the file */
  size_t run_count;
  size_t records; /* in the file */
  double synced;
};

struct plimi_journal_place {
  plimi_journal *journal;
  plimi_kept_run *own; /* what `run` points into */
  plimi_journal_run run;
  size_t *akin; /* numbers of runs of the same point and path: some quantity of theirs may be one of ours */
  size_t akin_count;
  size_t number; /* ours, where the file has one */
  bool has_number;
};

static void add_run(plimi_journal *journal, plimi_kept_run *run)
{
  journal->runs = plimi_reallocate(journal->runs, journal->run_count + 1, sizeof *journal->runs);
  journal->runs[journal->run_count++] = run;
}

/* ---- reading ---- */

static bool read_run(plimi_journal *journal, const json_t *line)
{
  plimi_kept_run *run = plimi_kept_run_read(line, journal->run_count);
  if (run != NULL)
    add_run(journal, run);
  return run != NULL;
}

static bool read_record(plimi_journal *journal, const json_t *line)
{
  const json_t *of = json_object_get(line, "of");
  const json_int_t number = json_integer_value(of);
  plimi_record record;
  if (!json_is_integer(of) || number < 0 || (size_t)number >= journal->run_count ||
      !plimi_record_read(line, journal->runs[number], &record))
    return false;
  plimi_kept_run_insert(journal->runs[number], record);
  journal->records++;
  return true;
}

static int refuse(const plimi_journal *journal, const plimi_message *why)
{
  plimi_complain("%s belongs to another configuration%s; give the same options, or remove it to begin afresh",
                 journal->path, why->text);
  return PLIM_EXIT_USAGE;
}

/* A header: does what follows serve us, and was it written where bits are like ours? */
static int read_header(const plimi_journal *journal, const json_t *line, const json_t *present)
{
  plimi_message why;
  if (!plimi_journal_compatible(line, present, journal->request, &why))
    return refuse(journal, &why);
  if (!plimi_journal_same_machine(line, present, &why))
    plimi_complain(
        "%s was written elsewhere (%s): going on, but the last bits of new samples may differ from "
        "what the whole run would have given there",
        journal->path, why.text);
  return PLIM_EXIT_DONE;
}

/* One whole line; PLIM_EXIT_DONE, or an exit status, or -1 where it is not understood. */
static int read_line(plimi_journal *journal, const json_t *line, const json_t *present)
{
  if (json_object_get(line, "journal") != NULL)
    return read_header(journal, line, present);
  const bool understood =
      json_object_get(line, "run") != NULL ? read_run(journal, line) : read_record(journal, line);
  return understood ? PLIM_EXIT_DONE : -1;
}

/* Everything from an older journal up to the first line that is not whole; what follows is cut off, so that new
   lines do not join a torn one. *is_last: is the present header that of the last lines? */
static int load(plimi_journal *journal, const json_t *present, bool *is_last)
{
  char *text = NULL;
  size_t room = 0;
  long whole = 0;
  ssize_t length;
  int status = PLIM_EXIT_DONE;
  while (status == PLIM_EXIT_DONE && (length = getline(&text, &room, journal->stream)) > 0) {
    if (text[length - 1] != '\n')
      break;
    json_t *line = json_loads(text, 0, NULL);
    const bool is_header = whole == 0 || json_object_get(line, "journal") != NULL;
    status = whole == 0 ? read_header(journal, line, present) : read_line(journal, line, present);
    if (is_header)
      *is_last = json_equal(line, present);
    json_decref(line);
    if (status == PLIM_EXIT_DONE)
      whole = ftell(journal->stream);
  }
  free(text);
  if (length < 0 && !feof(journal->stream) && errno == ENOMEM)
    plimi_no_memory(); /* not the end of the file, which would cut off all that follows */
  if (status > PLIM_EXIT_DONE)
    return status;
  if (ferror(journal->stream) || fseek(journal->stream, whole, SEEK_SET) != 0 ||
      ftruncate(fileno(journal->stream), whole) != 0) {
    plimi_complain("%s cannot be read: %s", journal->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  return PLIM_EXIT_DONE;
}

/* ---- writing ---- */

/* File systems without it say so; there is nothing better to do there. */
static bool sync_file(plimi_journal *journal)
{
  journal->synced = plimi_now();
  return fdatasync(fileno(journal->stream)) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

static bool complain(const plimi_journal *journal)
{
  plimi_complain("%s cannot be written: %s", journal->path, strerror(errno));
  return false;
}

/* One line, which is released. */
static bool put(plimi_journal *journal, json_t *line)
{
  const bool ok = json_dumpf(line, journal->stream, JSON_COMPACT) == 0 &&
                  fputc('\n', journal->stream) != EOF && fflush(journal->stream) == 0;
  json_decref(line);
  return ok || complain(journal);
}

/* Create or open the file and take it for this process alone. */
static int take(plimi_journal *journal, bool resume)
{
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | (resume ? 0 : O_EXCL);
  const int descriptor = open(journal->path, flags, 0666);
  if (descriptor < 0 && errno == EEXIST) {
    plimi_complain("%s holds an interrupted run; continue it with --resume, or remove it to begin afresh",
                   journal->path);
    return PLIM_EXIT_USAGE;
  }
  if (descriptor < 0) {
    (void)complain(journal);
    return PLIM_EXIT_FILE;
  }
  const int status = plimi_journal_lock(descriptor, journal->path, &journal->lock);
  if (status != PLIM_EXIT_DONE) {
    if (!resume) /* it is ours, and empty */
      unlink(journal->path);
    close(descriptor);
    return status;
  }
  if (journal->lock != NULL)
    plimi_temporary_add(&journal->listed, journal->lock);
  journal->stream = plimi_unless_no_memory(fdopen(descriptor, "r+"));
  return PLIM_EXIT_DONE;
}

int plimi_journal_open(const plimi_output_request *request, bool resume, plimi_journal **journal)
{
  plimi_journal *made = plimi_allocate(1, sizeof *made);
  json_t *present = plimi_journal_header(request);
  bool is_last = false;
  made->request = request;
  made->path = plimi_join(request->path, ".journal");
  made->synced = plimi_now();
  int status = take(made, resume);
  if (status == PLIM_EXIT_DONE)
    status = load(made, present, &is_last);
  if (status == PLIM_EXIT_DONE && !is_last && !put(made, json_incref(present)))
    status = PLIM_EXIT_FILE;
  json_decref(present);
  if (status != PLIM_EXIT_DONE)
    plimi_journal_close(made, false);
  else
    *journal = made;
  return status;
}

size_t plimi_journal_size(const plimi_journal *journal)
{
  return journal->records;
}

void plimi_journal_close(plimi_journal *journal, bool remove_file)
{
  if (journal == NULL)
    return;
  if (remove_file)
    unlink(journal->path);
  else if (journal->stream != NULL)
    (void)sync_file(journal);
  if (journal->stream != NULL)
    fclose(journal->stream);
  plimi_temporary_drop(&journal->listed);
  plimi_journal_unlock(journal->lock);
  for (size_t i = 0; i < journal->run_count; i++)
    plimi_kept_run_free(journal->runs[i]);
  free(journal->runs);
  free(journal->path);
  free(journal);
}

/* ---- places ---- */

plimi_journal_place *plimi_journal_place_alloc(plimi_journal *journal, const plimi_journal_run *run)
{
  plimi_journal_place *place = plimi_allocate(1, sizeof *place);
  plimi_kept_run *own = plimi_kept_run_copy(run);
  *place = (plimi_journal_place){.journal = journal,
                                 .own = own,
                                 .run = {.point = own->point,
                                         .quantities = (const char *const *)own->quantities,
                                         .quantity_count = own->quantity_count,
                                         .path = own->path,
                                         .length = own->length}};
  place->akin = plimi_allocate(journal->run_count, sizeof *place->akin);
  for (size_t i = 0; i < journal->run_count; i++) {
    if (!plimi_kept_run_is_akin(journal->runs[i], run))
      continue;
    place->akin[place->akin_count++] = i;
    if (plimi_kept_run_has_same_quantities(journal->runs[i], run)) {
      place->number = i;
      place->has_number = true;
    }
  }
  return place;
}

void plimi_journal_place_free(plimi_journal_place *place)
{
  if (place == NULL)
    return;
  plimi_kept_run_free(place->own);
  free(place->akin);
  free(place);
}

/* The `length` numbers of one quantity, or NULL. */
static const double *find(const plimi_journal_place *place, size_t quantity, size_t replica)
{
  for (size_t i = 0; i < place->akin_count; i++) {
    const plimi_kept_run *kept = place->journal->runs[place->akin[i]];
    for (size_t k = 0; k < kept->quantity_count; k++) {
      if (strcmp(kept->quantities[k], place->run.quantities[quantity]) != 0)
        continue;
      const double *samples = plimi_kept_run_find(kept, replica);
      if (samples != NULL)
        return samples + k * kept->length;
    }
  }
  return NULL;
}

bool plimi_journal_knows(const plimi_journal_place *place, size_t quantity, size_t replica)
{
  return find(place, quantity, replica) != NULL;
}

bool plimi_journal_recall(const plimi_journal_place *place, size_t replica, double *samples)
{
  const size_t length = place->run.length;
  for (size_t i = 0; i < place->run.quantity_count; i++)
    if (!plimi_journal_knows(place, i, replica))
      return false;
  for (size_t i = 0; i < place->run.quantity_count; i++)
    memcpy(samples + i * length, find(place, i, replica), length * sizeof *samples);
  return true;
}

/* The run's own line, before its first record. */
static bool declare(plimi_journal_place *place)
{
  plimi_journal *journal = place->journal;
  plimi_kept_run *run = plimi_kept_run_copy(&place->run);
  place->number = journal->run_count;
  place->has_number = true;
  add_run(journal, run);
  return put(journal, plimi_kept_run_line(run, place->number));
}

bool plimi_journal_record(plimi_journal_place *place, size_t replica, const double *samples, bool remember)
{
  plimi_journal *journal = place->journal;
  const size_t width = place->run.quantity_count * place->run.length;
  if (!place->has_number && !declare(place))
    return false;
  if (!put(journal, plimi_record_line(place->number, replica, samples, width)))
    return false;
  journal->records++;
  if (plimi_now() - journal->synced >= between_syncs && !sync_file(journal))
    return complain(journal);
  if (remember) {
    const plimi_record record = {replica, plimi_allocate(width, sizeof(double))};
    memcpy(record.samples, samples, width * sizeof *samples);
    plimi_kept_run_insert(journal->runs[place->number], record);
  }
  return true;
}
