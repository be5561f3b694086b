/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_journal.c - FILE.journal as --resume finds it: as it is, and its lines as runs and records once their JSON is
   read, so that neither a header nor a checksum keeps the bytes out. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/journal.h"
#include "cli/output/journal_header.h"
#include "cli/output/journal_runs.h"
#include "fuzz.h"

static plimi_settings settings;
static plimi_invocation invocation;
static plimi_part part = {PLIMI_SIMULATE, "simulate", &settings};
static plimi_output_request request = {.command = "simulate", .parts = &part, .part_count = 1};
static const char *const quantities[] = {"risk1", "theta1"};
static const double penalties[] = {0.1, 1.0};

static void prepare(void)
{
  if (settings.invocation != NULL)
    return;
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
}

/* What is recalled is what its place has room for. */
static void recall(plimi_journal *journal)
{
  const plimi_journal_run run = {"point", quantities, 2, penalties, 2};
  double samples[4];
  plimi_journal_place *place = plimi_journal_place_alloc(journal, &run);
  for (size_t replica = 0; replica < 4; replica++)
    if (plimi_journal_recall(place, replica, samples))
      REQUIRE(plimi_journal_knows(place, 0, replica) && plimi_journal_knows(place, 1, replica));
  plimi_journal_place_free(place);
}

static void open_file(const uint8_t *data, size_t size)
{
  char *journal_path = fuzz_file("run.csv.journal", data, size),
       *path = fuzz_text((uint8_t *)journal_path, strlen(journal_path));
  plimi_journal *journal = NULL;
  path[strlen(path) - strlen(".journal")] = '\0';
  request.path = path;
  const int status = plimi_journal_open(&request, true, &journal);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE || status == PLIM_EXIT_FILE);
  REQUIRE((status == PLIM_EXIT_DONE) == (journal != NULL));
  if (journal != NULL)
    recall(journal);
  plimi_journal_close(journal, true);
  request.path = NULL;
  free(path);
  free(journal_path);
}

/* A record of `run`, if that is what the line is. */
static void read_record(const json_t *line, plimi_kept_run *run)
{
  plimi_record record;
  if (!plimi_record_read(line, run, &record))
    return;
  const size_t replica = record.replica;
  plimi_kept_run_insert(run, record);
  REQUIRE(plimi_kept_run_find(run, replica) != NULL);
}

static void read_lines(char *text)
{
  plimi_kept_run *run = NULL;
  plimi_message why;
  json_t *present = plimi_journal_header(&request);
  for (char *rest = text, *word; (word = strsep(&rest, "\n")) != NULL;) {
    json_t *line = json_loads(word, 0, NULL);
    (void)plimi_journal_compatible(line, present, &request, &why);
    (void)plimi_journal_same_machine(line, present, &why);
    plimi_kept_run *read = plimi_kept_run_read(line, 0);
    if (read != NULL) {
      if (run != NULL)
        plimi_kept_run_free(run);
      run = read;
    } else if (run != NULL) {
      read_record(line, run);
    }
    json_decref(line);
  }
  if (run != NULL)
    plimi_kept_run_free(run);
  json_decref(present);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size);
  prepare();
  open_file(data, size);
  read_lines(text);
  free(text);
  return 0;
}
