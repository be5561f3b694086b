/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_gathering.c - the journals of shards, brought together. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal_header.h"
#include "journal_line.h"
#include "journal_lock.h"
#include "journal_reading.h"
#include "journal_state.h"
#include "whole_file.h"

/* ---- bringing together ---- */

/* Do two runs of one point have the same bits wherever both have a sample? */
static bool agree(const plimi_kept_run *a, const plimi_kept_run *b, size_t *replica, const char **quantity)
{
  const size_t length = a->length;
  for (size_t i = 0; i < a->count; i++) {
    const double *other = plimi_kept_run_find(b, a->records[i].replica);
    for (size_t j = 0; other != NULL && j < a->quantity_count; j++)
      for (size_t k = 0; k < b->quantity_count; k++)
        if (strcmp(a->quantities[j], b->quantities[k]) == 0 &&
            memcmp(a->records[i].samples + j * length, other + k * length, length * sizeof *other) != 0) {
          *replica = a->records[i].replica;
          *quantity = a->quantities[j];
          return false;
        }
  }
  return true;
}

/* The records of `from` that `to` does not have, which takes them over. */
static void move_records(plimi_kept_runs *kept, size_t to, plimi_kept_run *from)
{
  for (size_t i = 0; i < from->count; i++) {
    plimi_kept_runs_count(kept, to, from->records[i].replica);
    plimi_kept_run_insert(kept->runs[to], from->records[i]);
  }
  from->count = 0;
}

/* Take over what is in the run of the file at `path`. False with a message where it contradicts what is there. */
static bool absorb(plimi_kept_runs *kept, plimi_kept_run *run, const char *path)
{
  const plimi_journal_run like = {.point = run->point,
                                  .quantities = (const char *const *)run->quantities,
                                  .quantity_count = run->quantity_count,
                                  .path = run->path,
                                  .length = run->length};
  size_t target = kept->count;
  for (size_t i = 0; i < kept->count; i++) {
    size_t replica;
    const char *quantity;
    if (!plimi_kept_run_is_akin(kept->runs[i], &like))
      continue;
    if (!agree(run, kept->runs[i], &replica, &quantity)) {
      plimi_complain(
          "%s: replica %zu of %s at %s is there in another journal too, with other bits: one of the two "
          "was drawn where arithmetic is another (processor, BLAS), or is spoilt; take the wrong one "
          "away, or its machine's replicas anew",
          path, replica, quantity, run->point);
      return false;
    }
    if (plimi_kept_run_has_same_quantities(kept->runs[i], &like))
      target = i;
  }
  if (target == kept->count)
    plimi_kept_runs_add(kept, plimi_kept_run_copy(&like), target);
  move_records(kept, target, run);
  return true;
}

/* Is FILE.journal, which is to be replaced or removed, written to by a run that is not over? */
static int refuse_if_in_use(const char *path)
{
  char *beside = NULL;
  const int descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0)
    return PLIM_EXIT_DONE; /* it is not there, or whoever reads or writes it says what is wrong with it */
  const int status = plimi_journal_lock(descriptor, path, &beside);
  plimi_journal_unlock(beside);
  close(descriptor);
  return status;
}

static void remember_file(plimi_journal *journal, const char *path)
{
  journal->gathered =
      plimi_reallocate(journal->gathered, journal->gathered_count + 1, sizeof *journal->gathered);
  journal->gathered[journal->gathered_count++] = plimi_copy(path);
}

/* Last bits may depend on the machine, so whoever draws on two kinds should know. That we are on a third means nothing,
   for nothing is drawn here. */
static void compare_machines(plimi_journal *journal, json_t *header, const char *path)
{
  plimi_message what;
  if (journal->header == NULL)
    journal->header = json_incref(header);
  else if (header != NULL && !plimi_journal_same_machine(journal->header, header, &what))
    plimi_note(
        "%s was written on another kind of machine than the first of the journals (%s): the last bits may "
        "differ from what one kind would have given",
        path, what.text);
}

static int gather_one(plimi_journal *journal, const char *path)
{
  plimi_kept_runs one = {.count = 0};
  json_t *header = NULL;
  int status = plimi_journal_read_file(journal->request, path, &one, &header);
  if (status == PLIM_EXIT_DONE)
    compare_machines(journal, header, path);
  json_decref(header);
  for (size_t i = 0; i < one.count && status == PLIM_EXIT_DONE; i++)
    if (one.runs[i] != NULL && !absorb(&journal->kept, one.runs[i], path))
      status = PLIM_EXIT_USAGE;
  plimi_kept_runs_free(&one);
  return status;
}

int plimi_journal_gather(const plimi_output_request *request, const plimi_gathering *files,
                         plimi_journal **journal)
{
  plimi_journal *made = plimi_allocate(1, sizeof *made);
  *made =
      (plimi_journal){.request = request, .is_gathered = true, .path = plimi_join(request->path, ".journal")};
  int status = files->only_looks ? PLIM_EXIT_DONE : refuse_if_in_use(made->path);
  for (size_t i = 0; i < files->count && status == PLIM_EXIT_DONE; i++) {
    status = gather_one(made, files->paths[i]);
    if (!files->so_far && (!files->named || strcmp(files->paths[i], made->path) == 0))
      remember_file(made, files->paths[i]);
  }
  if (status != PLIM_EXIT_DONE)
    plimi_journal_close(made, false);
  else
    *journal = made;
  return status;
}

/* ---- keeping ---- */

static bool write_line(json_t *line, FILE *stream)
{
  const bool written = plimi_journal_line_write(line, stream);
  json_decref(line);
  return written;
}

static bool write_run(const plimi_kept_run *run, size_t number, FILE *stream)
{
  bool ok = write_line(plimi_kept_run_line(run, number), stream);
  for (size_t i = 0; i < run->count && ok; i++)
    ok = write_line(plimi_record_line(number, run->records[i].replica, run->records[i].samples,
                                      run->quantity_count * run->length),
                    stream);
  return ok;
}

int plimi_journal_keep(plimi_journal *journal)
{
  plimi_whole_file file;
  if (!plimi_whole_file_open(&file, journal->path))
    return PLIM_EXIT_FILE;
  json_t *header = plimi_journal_header(journal->request),
         *machine = json_object_get(journal->header, "machine");
  if (machine != NULL) /* where the samples come from, which need not be here */
    json_object_set(header, "machine", machine);
  bool ok = write_line(header, file.stream);
  for (size_t i = 0; i < journal->kept.count && ok; i++)
    ok = write_run(journal->kept.runs[i], i, file.stream);
  if (!ok) {
    plimi_complain("%s cannot be written: %s", journal->path, strerror(errno));
    plimi_whole_file_discard(&file);
    return PLIM_EXIT_FILE;
  }
  return plimi_whole_file_seal(&file) && plimi_whole_file_commit(&file) ? PLIM_EXIT_DONE : PLIM_EXIT_FILE;
}

/* ---- finding ---- */

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the name of a journal has after that of its file. */
static bool is_suffix(const char *text)
{
  unsigned number, of;
  int end = 0;
  return strcmp(text, ".journal") == 0 ||
         (sscanf(text, ".shard-%4u-of-%4u.journal%n", &number, &of, &end) == 2 && end > 0 &&
          text[end] == '\0');
}

char **plimi_journals_beside(const char *path, size_t *count)
{
  char *for_folder = plimi_copy(path), *for_name = plimi_copy(path), **found = NULL;
  const char *name = basename(for_name);
  const size_t length = strlen(name), before = strlen(path) - length;
  DIR *folder = plimi_unless_no_memory(opendir(dirname(for_folder)));
  *count = 0;
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    if (strncmp(entry->d_name, name, length) != 0 || !is_suffix(entry->d_name + length))
      continue;
    char *prefix = plimi_copy(path);
    prefix[before] = '\0';
    found = plimi_reallocate(found, *count + 1, sizeof *found);
    found[(*count)++] = plimi_join(prefix, entry->d_name);
    free(prefix);
  }
  if (folder != NULL)
    closedir(folder);
  free(for_folder);
  free(for_name);
  if (found != NULL)
    qsort(found, *count, sizeof *found, compare_names);
  return found;
}

/* ---- the command ---- */

/* The header, if the line of `length` bytes is one. */
static json_t *header_of(const char *line, size_t length)
{
  json_t *object = plimi_journal_line_read(line, length);
  if (object != NULL && json_object_get(object, "journal") != NULL)
    return object;
  json_decref(object);
  return NULL;
}

/* By its first bytes, before a line is read that may have no end. */
static bool is_ours(FILE *stream)
{
  char bytes[32] = "";
  int layout;
  const size_t length = fread(bytes, 1, sizeof bytes - 1, stream);
  rewind(stream);
  return length > 0 && plimi_journal_head_of(bytes, &layout) == PLIMI_JOURNAL_HEAD_OURS;
}

json_t *plimi_journal_command(const char *path, int *status)
{
  static const char mark[] = " {\"journal\":";
  char *text = NULL;
  size_t room = 0;
  ssize_t length;
  json_t *last = NULL;
  *status = PLIM_EXIT_FILE;
  FILE *stream = plimi_journal_open_to_read(path);
  if (stream == NULL)
    return NULL;
  const bool ours = is_ours(stream);
  for (bool first = true; ours && (length = plimi_next_line(&text, &room, stream)) > 0; first = false) {
    json_t *header = length > (ssize_t)sizeof mark + 8 && memcmp(text + 8, mark, sizeof mark - 1) == 0
                         ? header_of(text, (size_t)length - 1)
                         : NULL;
    if (first && header == NULL)
      break;
    if (header == NULL)
      continue;
    json_decref(last);
    last = header;
  }
  free(text);
  fclose(stream);
  json_t *words = json_incref(json_object_get(last, "again"));
  json_decref(last);
  if (json_array_size(words) > 0)
    return words;
  json_decref(words);
  plimi_complain("%s is no journal of this plim's that says which command it is of", path);
  return NULL;
}

/* As a word of a shell's line. */
static void print_word(const char *word, FILE *stream)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+@%";
  if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
    fputs(word, stream);
    return;
  }
  fputc('\'', stream);
  for (; *word != '\0'; word++) {
    if (*word == '\'')
      fputs("'\\''", stream);
    else
      fputc(*word, stream);
  }
  fputc('\'', stream);
}

void plimi_journal_print_command(const plimi_output_request *request, FILE *stream)
{
  size_t i;
  json_t *word, *words = plimi_journal_again(request);
  fputs("plim", stream);
  json_array_foreach(words, i, word)
  {
    fputc(' ', stream);
    print_word(json_string_value(word), stream);
  }
  if (request->program != NULL) { /* of figures, whose files are named by the command */
    char *path = plimi_copy(request->path);
    fputs(" --out ", stream);
    print_word(dirname(path), stream);
    free(path);
  } else {
    fputs(" -o ", stream);
    print_word(request->path, stream);
  }
  fputs(" --resume\n", stream);
  json_decref(words);
}
