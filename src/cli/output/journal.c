/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_header.h"
#include "journal_line.h"
#include "journal_lock.h"
#include "journal_reading.h"
#include "journal_state.h"
#include "../terminal/progress.h"

static const double between_syncs = 5.0; /* seconds: a crash of the machine costs no more work than that */

struct plimi_journal_place {
  plimi_journal *journal;
  plimi_kept_run *own; /* what `run` points into */
  plimi_journal_run run;
  /* runs of the same point and path: some quantity of theirs may be one of ours; from akin_before on those that were
     there before */
  const plimi_kept_run **akin;
  size_t akin_before, akin_count;
  size_t number; /* ours, where the file has one */
  bool has_number;
};

/* ---- reading ---- */

/* Cut off what a kill left of a line, so that new lines do not join it. */
static bool cut(const plimi_journal *journal, off_t whole)
{
  struct stat about;
  const int file = fileno(journal->stream);
  if (fstat(file, &about) != 0 || (about.st_size > whole && ftruncate(file, whole) != 0))
    return false;
  return fseeko(journal->stream, whole, SEEK_SET) == 0;
}

/* All that an older journal keeps for us; *is_last: is the present header that of its last lines? */
static int load(plimi_journal *journal, const json_t *present, bool *is_last)
{
  plimi_journal_extent extent;
  const plimi_journal_reader reader = {journal->stream, journal->path, journal->request, present, NULL};
  const int status = plimi_journal_read(&reader, &journal->kept, &extent);
  if (status != PLIM_EXIT_DONE)
    return status;
  if (!cut(journal, extent.whole)) {
    plimi_complain("%s cannot be read: %s", journal->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  *is_last = extent.present_is_last;
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
  const bool ok =
      journal->stream == NULL || plimi_journal_line_write(line, journal->stream) || complain(journal);
  json_decref(line);
  return ok;
}

/* Create the file, or open an older one where that is wanted; its descriptor, or -1 with *status. */
static int open_file(const plimi_journal *journal, bool resume, bool *created, int *status)
{
  struct stat about;
  int descriptor = open(journal->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  *created = descriptor >= 0;
  if (descriptor < 0 && errno == EEXIST && !resume) {
    plimi_complain("%s holds an interrupted run; continue it with --resume, or remove it to begin afresh",
                   journal->path);
    *status = PLIM_EXIT_USAGE;
    return -1;
  }
  if (descriptor < 0 && errno == EEXIST) /* no link is followed, and a FIFO not waited for */
    descriptor = open(journal->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  *status = PLIM_EXIT_FILE;
  if (descriptor < 0 && errno != ELOOP) {
    (void)complain(journal);
    return -1;
  }
  if (descriptor >= 0 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode))
    return descriptor;
  plimi_complain("%s is not a regular file", journal->path);
  if (descriptor >= 0)
    close(descriptor);
  return -1;
}

/* Create or open the file and take it for this process alone. */
static int take(plimi_journal *journal, bool resume, bool *created)
{
  int status = PLIM_EXIT_DONE;
  const int descriptor = open_file(journal, resume, created, &status);
  if (descriptor < 0)
    return status;
  status = plimi_journal_lock(descriptor, journal->path, &journal->lock);
  if (status == PLIM_EXIT_DONE &&
      (journal->stream = plimi_unless_no_memory(fdopen(descriptor, "r+"))) == NULL) {
    (void)complain(journal);
    status = PLIM_EXIT_FILE;
  }
  if (journal->lock != NULL)
    plimi_temporary_add(&journal->listed, journal->lock);
  if (journal->stream == NULL)
    close(descriptor);
  return status;
}

char *plimi_journal_path(const plimi_output_request *request)
{
  char suffix[64] = ".journal";
  if (request->shards > 0)
    snprintf(suffix, sizeof suffix, ".shard-%zu-of-%zu.journal", request->shard, request->shards);
  return plimi_join(request->path, suffix);
}

/* Of a shard: what earlier shards have drawn, once it was merged. */
static int load_before(plimi_journal *journal, bool resume)
{
  char *path = plimi_join(journal->request->path, ".journal");
  int status = PLIM_EXIT_DONE;
  if (!resume && access(path, F_OK) == 0) {
    plimi_complain("%s holds an interrupted run; continue it with --resume, or remove it to begin afresh",
                   path);
    status = PLIM_EXIT_USAGE;
  }
  if (status == PLIM_EXIT_DONE)
    status = plimi_journal_look(journal->request, path, &journal->before);
  free(path);
  return status;
}

int plimi_journal_open(const plimi_output_request *request, bool resume, plimi_journal **journal)
{
  plimi_journal *made = plimi_allocate(1, sizeof *made);
  json_t *present = plimi_journal_header(request);
  bool created = false, is_last = false;
  made->request = request;
  made->path = plimi_journal_path(request);
  made->synced = plimi_now();
  int status = request->shards > 0 ? load_before(made, resume) : PLIM_EXIT_DONE;
  if (status == PLIM_EXIT_DONE)
    status = take(made, resume, &created);
  if (status == PLIM_EXIT_DONE && !created)
    status = load(made, present, &is_last);
  if (status == PLIM_EXIT_DONE && !is_last && !put(made, json_incref(present)))
    status = PLIM_EXIT_FILE;
  if (status == PLIM_EXIT_DONE && created &&
      !sync_file(made)) { /* a journal without its header would be of no use */
    (void)complain(made);
    status = PLIM_EXIT_FILE;
  }
  json_decref(present);
  if (status != PLIM_EXIT_DONE)
    plimi_journal_close(made, created);
  else
    *journal = made;
  return status;
}

plimi_journal *plimi_journal_in_memory(void)
{
  return plimi_allocate(1, sizeof(plimi_journal));
}

size_t plimi_journal_size(const plimi_journal *journal)
{
  return journal->kept.replicas;
}

const plimi_output_request *plimi_journal_asked(const plimi_journal *journal)
{
  return journal->request;
}

const char *plimi_journal_name(const plimi_journal *journal)
{
  return journal->path;
}

static void remove_done(const char *path)
{
  if (unlink(path) != 0)
    plimi_complain("%s is done with and cannot be removed: %s; remove it", path, strerror(errno));
}

void plimi_journal_close(plimi_journal *journal, bool remove_file)
{
  if (journal == NULL)
    return;
  if (remove_file && journal->path != NULL && !journal->is_gathered)
    remove_done(journal->path);
  for (size_t i = 0; i < journal->gathered_count; i++) {
    if (remove_file)
      remove_done(journal->gathered[i]);
    free(journal->gathered[i]);
  }
  if (!remove_file && journal->stream != NULL)
    (void)sync_file(journal);
  if (journal->stream != NULL)
    fclose(journal->stream);
  plimi_temporary_drop(&journal->listed);
  plimi_journal_unlock(journal->lock);
  plimi_kept_runs_free(&journal->kept);
  plimi_kept_runs_free(&journal->before);
  free(journal->gathered);
  json_decref(journal->header);
  free(journal->path);
  free(journal);
}

/* ---- places ---- */

static bool is_akin(const plimi_kept_run *kept, const plimi_journal_run *run)
{
  return kept != NULL && plimi_kept_run_is_akin(kept, run);
}

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
  place->akin = plimi_allocate(journal->kept.count + journal->before.count, sizeof(plimi_kept_run *));
  for (size_t i = 0; i < journal->kept.count; i++) {
    if (!is_akin(journal->kept.runs[i], run))
      continue;
    place->akin[place->akin_count++] = journal->kept.runs[i];
    if (plimi_kept_run_has_same_quantities(journal->kept.runs[i], run)) {
      place->number = i;
      place->has_number = true;
    }
  }
  place->akin_before = journal->is_gathered ? 0 : place->akin_count;
  for (size_t i = 0; i < journal->before.count; i++)
    if (is_akin(journal->before.runs[i], run))
      place->akin[place->akin_count++] = journal->before.runs[i];
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

/* The `length` numbers of one quantity, or NULL. `first`: of the runs akin. */
static const double *find(const plimi_journal_place *place, size_t first, size_t quantity, size_t replica)
{
  for (size_t i = first; i < place->akin_count; i++) {
    const plimi_kept_run *kept = place->akin[i];
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
  return find(place, 0, quantity, replica) != NULL;
}

bool plimi_journal_knew(const plimi_journal_place *place, size_t replica)
{
  bool knew = true;
  for (size_t i = 0; knew && i < place->run.quantity_count; i++)
    knew = find(place, place->akin_before, i, replica) != NULL;
  return knew;
}

size_t plimi_journal_numbers(const plimi_journal_place *place)
{
  return place->run.quantity_count * place->run.length;
}

bool plimi_journal_recall(const plimi_journal_place *place, size_t replica, double *samples)
{
  const size_t length = place->run.length;
  for (size_t i = 0; i < place->run.quantity_count; i++)
    if (!plimi_journal_knows(place, i, replica))
      return false;
  for (size_t i = 0; i < place->run.quantity_count; i++)
    memcpy(samples + i * length, find(place, 0, i, replica), length * sizeof *samples);
  return true;
}

/* The run's own line, before its first record. */
static bool declare(plimi_journal_place *place)
{
  plimi_journal *journal = place->journal;
  plimi_kept_run *run = plimi_kept_run_copy(&place->run);
  place->number = journal->kept.count;
  place->has_number = true;
  plimi_kept_runs_add(&journal->kept, run, place->number);
  return put(journal, plimi_kept_run_line(run, place->number));
}

bool plimi_journal_record(plimi_journal_place *place, size_t replica, const double *samples, bool remember)
{
  plimi_journal *journal = place->journal;
  const size_t width = place->run.quantity_count * place->run.length;
  if (!place->has_number && !declare(place))
    return false;
  if (journal->stream != NULL && !put(journal, plimi_record_line(place->number, replica, samples, width)))
    return false;
  plimi_kept_runs_count(&journal->kept, place->number, replica);
  if (journal->stream != NULL && plimi_now() - journal->synced >= between_syncs && !sync_file(journal))
    return complain(journal);
  if (remember) {
    const plimi_record record = {replica, plimi_allocate(width, sizeof(double))};
    memcpy(record.samples, samples, width * sizeof *samples);
    plimi_kept_run_insert(journal->kept.runs[place->number], record);
  }
  return true;
}
