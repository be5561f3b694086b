/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "writers.h"

typedef struct {
  plimi_journal_key key;
  double *samples;
} record;

struct plimi_journal {
  FILE *stream;
  char *path;
  record *records; /* from before, sorted by key */
  size_t count;
  size_t recorded;
};

static int compare_keys(const void *a, const void *b)
{
  const plimi_journal_key *x = &((const record *)a)->key, *y = &((const record *)b)->key;
  const size_t left[] = {x->run, x->first_quantity, x->quantities, x->first_lambda, x->lambdas, x->replica};
  const size_t right[] = {y->run, y->first_quantity, y->quantities, y->first_lambda, y->lambdas, y->replica};
  for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
    if (left[i] != right[i])
      return left[i] < right[i] ? -1 : 1;
  return 0;
}

/* What the samples depend on. */
static json_t *fingerprint(const plimi_output_request *request)
{
  json_t *configuration = json_object();
  for (size_t i = 0; i < request->part_count; i++)
    json_object_set_new(configuration, request->parts[i].name,
                        plimi_json_options(&request->parts[i], true, true));
  json_t *object =
      json_pack("{s:i, s:s, s:s}", "journal", 1, "plim", PACKAGE_VERSION, "command", request->command);
  json_object_set_new(object, "configuration", configuration);
  return object;
}

/* Name the first option that differs, for the message. */
static void describe_difference(const json_t *older, const json_t *present, plimi_message *text)
{
  const char *part, *name;
  json_t *options, *value;
  plimi_message_set(text, "%s", "");
  json_object_foreach(json_object_get(present, "configuration"), part, options)
  {
    const json_t *before = json_object_get(json_object_get(older, "configuration"), part);
    json_object_foreach(options, name, value)
    {
      const json_t *was = json_object_get(before, name);
      if (json_equal(was, value) || !json_is_string(was) || !json_is_string(value))
        continue;
      plimi_message_set(text, " (--%s was %s, is %s)", name, json_string_value(was),
                        json_string_value(value));
      return;
    }
  }
}

static bool parse_record(const char *line, record *parsed)
{
  json_t *object = json_loads(line, 0, NULL), *samples = NULL;
  json_int_t run, part[4], replica;
  bool ok = object != NULL &&
            json_unpack(object, "{s:I, s:[I,I,I,I!], s:I, s:o}", "run", &run, "part", &part[0], &part[1],
                        &part[2], &part[3], "replica", &replica, "samples", &samples) == 0;
  ok = ok && part[1] > 0 && part[3] > 0 && part[1] < 1000000 && part[3] < 100000000 &&
       json_array_size(samples) == (size_t)part[1] * (size_t)part[3];
  if (ok) {
    parsed->key = (plimi_journal_key){.run = (size_t)run,
                                      .first_quantity = (size_t)part[0],
                                      .quantities = (size_t)part[1],
                                      .first_lambda = (size_t)part[2],
                                      .lambdas = (size_t)part[3],
                                      .replica = (size_t)replica};
    parsed->samples = plimi_allocate(json_array_size(samples), sizeof(double));
    for (size_t i = 0; i < json_array_size(samples); i++) {
      ok = ok && json_is_number(json_array_get(samples, i));
      parsed->samples[i] = json_number_value(json_array_get(samples, i));
    }
    if (!ok)
      free(parsed->samples);
  }
  json_decref(object);
  return ok;
}

static int refuse(const plimi_journal *journal, const plimi_message *why)
{
  plimi_complain("%s belongs to another configuration%s; give the same options, or remove it to begin afresh",
                 journal->path, why->text);
  return PLIM_EXIT_USAGE;
}

/* Everything from an older journal up to the first line that is not whole; what follows is cut off, so that new
   lines do not join a torn one. */
static int load(plimi_journal *journal, const json_t *present)
{
  char *line = NULL;
  size_t room = 0, number = 0;
  long whole = 0;
  ssize_t length;
  int status = PLIM_EXIT_DONE;
  plimi_message why = {.text = ""};
  while (status == PLIM_EXIT_DONE && (length = getline(&line, &room, journal->stream)) > 0) {
    record parsed;
    if (line[length - 1] != '\n')
      break;
    if (number++ == 0) {
      json_t *older = json_loads(line, 0, NULL);
      if (older == NULL || !json_equal(older, present)) {
        describe_difference(older, present, &why);
        status = refuse(journal, &why);
      }
      json_decref(older);
    } else if (parse_record(line, &parsed)) {
      journal->records = plimi_reallocate(journal->records, journal->count + 1, sizeof parsed);
      journal->records[journal->count++] = parsed;
    } else {
      break;
    }
    whole = ftell(journal->stream);
  }
  free(line);
  if (status != PLIM_EXIT_DONE)
    return status;
  if (ferror(journal->stream) || fseek(journal->stream, whole, SEEK_SET) != 0 ||
      ftruncate(fileno(journal->stream), whole) != 0) {
    plimi_complain("%s cannot be read: %s", journal->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  if (journal->count > 0)
    qsort(journal->records, journal->count, sizeof *journal->records, compare_keys);
  return number > 0 ? PLIM_EXIT_DONE : -1;
}

static int begin(plimi_journal *journal, const json_t *present)
{
  if (json_dumpf(present, journal->stream, JSON_COMPACT) == 0 && fputc('\n', journal->stream) != EOF &&
      fflush(journal->stream) == 0)
    return PLIM_EXIT_DONE;
  plimi_complain("%s cannot be written: %s", journal->path, strerror(errno));
  return PLIM_EXIT_FILE;
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
    plimi_complain("%s cannot be written: %s", journal->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    plimi_complain("%s is in use by another plim that is still running", journal->path);
    close(descriptor);
    return PLIM_EXIT_FILE;
  }
  journal->stream = fdopen(descriptor, "r+");
  return PLIM_EXIT_DONE;
}

int plimi_journal_open(const plimi_output_request *request, bool resume, plimi_journal **journal)
{
  plimi_journal *made = plimi_allocate(1, sizeof *made);
  json_t *present = fingerprint(request);
  made->path = plimi_join(request->path, ".journal");
  int status = take(made, resume);
  if (status == PLIM_EXIT_DONE) {
    status = load(made, present);
    if (status == -1) /* nothing in it yet */
      status = begin(made, present);
  }
  json_decref(present);
  if (status != PLIM_EXIT_DONE)
    plimi_journal_close(made, false);
  else
    *journal = made;
  return status;
}

bool plimi_journal_recall(const plimi_journal *journal, const plimi_journal_key *key, double *samples)
{
  const record wanted = {.key = *key};
  if (journal->count == 0)
    return false;
  const record *found =
      bsearch(&wanted, journal->records, journal->count, sizeof *journal->records, compare_keys);
  if (found == NULL)
    return false;
  memcpy(samples, found->samples, key->quantities * key->lambdas * sizeof *samples);
  return true;
}

bool plimi_journal_record(plimi_journal *journal, const plimi_journal_key *key, const double *samples)
{
  json_t *values = json_array();
  for (size_t i = 0; i < key->quantities * key->lambdas; i++)
    json_array_append_new(values, json_real(samples[i]));
  json_t *line =
      json_pack("{s:I, s:[I,I,I,I], s:I, s:o}", "run", (json_int_t)key->run, "part",
                (json_int_t)key->first_quantity, (json_int_t)key->quantities, (json_int_t)key->first_lambda,
                (json_int_t)key->lambdas, "replica", (json_int_t)key->replica, "samples", values);
  const bool ok = json_dumpf(line, journal->stream, JSON_COMPACT) == 0 &&
                  fputc('\n', journal->stream) != EOF && fflush(journal->stream) == 0;
  json_decref(line);
  if (!ok)
    plimi_complain("%s cannot be written: %s", journal->path, strerror(errno));
  else
    journal->recorded++;
  return ok;
}

size_t plimi_journal_size(const plimi_journal *journal)
{
  return journal->count + journal->recorded;
}

void plimi_journal_close(plimi_journal *journal, bool remove_file)
{
  if (journal == NULL)
    return;
  if (remove_file)
    unlink(journal->path);
  if (journal->stream != NULL)
    fclose(journal->stream);
  for (size_t i = 0; i < journal->count; i++)
    free(journal->records[i].samples);
  free(journal->records);
  free(journal->path);
  free(journal);
}
