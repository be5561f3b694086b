/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_journal.c - FILE.journal as --resume finds it: the bytes as they are, and with a right checksum before each line
   that is JSON, or no mutation would come past it. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/journal.h"
#include "cli/output/journal_line.h"
#include "fuzz.h"

/* What is recalled is known. */
static void recall(plimi_journal *journal)
{
  static const char *const quantities[] = {"risk1", "theta1"};
  static const double penalties[] = {0.1, 1.0};
  const plimi_journal_run run = {"point", quantities, 2, penalties, 2};
  double samples[4];
  plimi_journal_place *place = plimi_journal_place_alloc(journal, &run);
  for (size_t replica = 0; replica < 4; replica++)
    if (plimi_journal_recall(place, replica, samples))
      REQUIRE(plimi_journal_knows(place, 0, replica) && plimi_journal_knows(place, 1, replica));
  plimi_journal_place_free(place);
}

/* Go on from a journal of these bytes, then once more from what has become of it, which is a journal. */
static void resume(const plimi_output_request *request, const void *bytes, size_t size)
{
  plimi_journal *journal = NULL;
  free(fuzz_file("run.csv.journal", bytes, size));
  const int status = plimi_journal_open(request, true, &journal);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE || status == PLIM_EXIT_FILE);
  REQUIRE((status == PLIM_EXIT_DONE) == (journal != NULL));
  if (journal == NULL)
    return;
  const size_t kept = plimi_journal_size(journal);
  recall(journal);
  plimi_journal_close(journal, false);
  REQUIRE(plimi_journal_open(request, true, &journal) == PLIM_EXIT_DONE);
  REQUIRE(plimi_journal_size(journal) == kept);
  plimi_journal_close(journal, true);
}

static void seal(char *text, FILE *stream)
{
  for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
    json_t *object = json_loads(line, 0, NULL);
    if (object == NULL)
      fprintf(stream, "%s%s", line, rest != NULL ? "\n" : "");
    else
      REQUIRE(plimi_journal_line_write(object, stream));
    json_decref(object);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  plimi_invocation invocation = {.count = 0};
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
  const plimi_part part = {PLIMI_SIMULATE, "simulate", &settings};
  plimi_output_request request = {.command = "simulate", .parts = &part, .part_count = 1};
  char *text = fuzz_text(data, size), *path = fuzz_file("run.csv", "", 0), *sealed = NULL;
  size_t sealed_size = 0;
  request.path = path;
  resume(&request, data, size);
  FILE *stream = open_memstream(&sealed, &sealed_size);
  REQUIRE(stream != NULL);
  seal(text, stream);
  REQUIRE(fclose(stream) == 0);
  resume(&request, sealed, sealed_size);
  free(sealed);
  free(path);
  free(text);
  plimi_settings_free(&settings);
  return 0;
}
