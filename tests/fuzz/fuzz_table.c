/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_table.c - a table of observations: refused in words, or series that can be judged, and then they are. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "cli/work/judging.h"
#include "fuzz.h"

/* Statements that read the table in their own ways; none that computes limits. */
static const struct {
  const char *option, *text;
} statements[] = {
    {"predicted", "0.731"},       {"exponent", "-0.5"},   {"compare", "a,b"},       {"increasing", "k"},
    {"predicted-expr", "psi1+k"}, {"decreasing", "psi1"}, {"compare", "k=1.5,2.5"}, {NULL, NULL}};
enum { STATEMENTS = sizeof statements / sizeof statements[0] };

static void check_series(const plimi_observations *seen)
{
  REQUIRE(seen->count > 0);
  for (size_t i = 0; i < seen->count; i++) {
    const plimi_series *series = &seen->series[i];
    REQUIRE(series->count > 0 && series->line > 0);
    for (size_t k = 0; k < series->count; k++) {
      const plimi_observed *size = &series->sizes[k];
      REQUIRE(isfinite(size->d) && size->d > 0.0 && (k == 0 || size->d > size[-1].d));
      REQUIRE(isfinite(size->value) && isfinite(size->error) && size->error > 0.0 && size->replicas >= 2);
      REQUIRE(size->line > 0);
    }
  }
}

static void judge(const plimi_observations *seen, size_t statement)
{
  plimi_settings settings;
  plimi_judging judging;
  plimi_message why;
  plimi_settings_default(&settings, PLIMI_JUDGE);
  if (statements[statement].option != NULL)
    REQUIRE(plimi_option_set(&settings, plimi_option_find(statements[statement].option, PLIMI_JUDGE, false),
                             statements[statement].text, &why));
  REQUIRE(plimi_judging_begin(&judging, &settings) == PLIM_EXIT_DONE);
  const int status = plimi_judging_take(&judging, seen);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE);
  if (status == PLIM_EXIT_DONE)
    plimi_judging_run(&judging);
  for (size_t i = 0; i < judging.count && status == PLIM_EXIT_DONE; i++) {
    const plimi_judged *judged = &judging.cases[i].judged;
    REQUIRE(judged->judged != (judged->reason[0] != '\0'));
    REQUIRE(!judged->judged || isfinite(judged->fit.limit));
  }
  plimi_judging_free(&judging);
  plimi_settings_free(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *path = fuzz_file("table.csv", data, size);
  for (int tabs = 0; tabs < 2; tabs++) {
    plimi_observations seen;
    const plimi_observations_request request = {
        .path = path, .tabs = tabs == 1, .layout = {.joined = "replica"}};
    const int status = plimi_observations_read(&request, &seen);
    REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE);
    if (status == PLIM_EXIT_DONE) {
      check_series(&seen);
      for (size_t i = 0; i < STATEMENTS; i++)
        judge(&seen, i);
    }
    plimi_observations_free(&seen);
  }
  free(path);
  return 0;
}
