/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_provenance.c - FILE.provenance.json as `plim figures --resume` finds it: only what says of the bytes of FILE
   what they are may spare them a computation. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/writers.h"
#include "fuzz.h"

static bool matches(const plimi_output_request *request, const void *data, size_t size)
{
  free(fuzz_file("rows.csv.provenance.json", data, size));
  return plimi_provenance_matches(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char rows[] = "quantity,value\nrisk1,2.385\n", others[] = "quantity,value\nrisk1,2.386\n";
  plimi_invocation invocation = {.count = 0};
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  settings.invocation = &invocation;
  const plimi_part part = {PLIMI_THEORY, "theory", &settings};
  plimi_output_request request = {.command = "theory", .parts = &part, .part_count = 1};
  char *path = fuzz_file("rows.csv", rows, sizeof rows - 1);
  request.path = path;
  if (matches(&request, data, size)) { /* of other bytes it says nothing */
    free(fuzz_file("rows.csv", others, sizeof others - 1));
    REQUIRE(!plimi_provenance_matches(&request));
  }
  free(path);
  plimi_settings_free(&settings);
  return 0;
}
