/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_judge.c - plim judge: a table of anybody's, held against what is stated of it. */
#include "config.h"

#include <stdlib.h>

#include "commands.h"
#include "../work/judging.h"

static int read_table(const plimi_settings *settings, const char *path, plimi_observations *observations)
{
  const bool asked = settings->joined != NULL;
  const plimi_observations_request request = {.path = path,
                                              .tabs = settings->tabs,
                                              .layout = {.ignored = settings->ignored,
                                                         .joined = asked ? settings->joined : "replica",
                                                         .joined_is_asked = asked}};
  return plimi_observations_read(&request, observations);
}

/* With the table read: judge it and write. */
static int judge(const plimi_settings *settings, plimi_judging *judging, plimi_output_request *request)
{
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  plimi_judged *verdicts = NULL;
  request->further = judging->further;
  int status = plimi_output_choose(settings, request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_judging_run(judging);
  plimi_judging_rows(judging, output, &outcome, &verdicts);
  status = plimi_outcome_exit_status(&outcome);
  status = plimi_conclude(&(plimi_destinations){.output = output}, PLIM_OK, status, verdicts, judging->count);
  free(verdicts);
  return status;
}

int plimi_cmd_judge(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_JUDGE, "judge", settings};
  plimi_output_request request = {
      .command = "judge", .parts = &part, .part_count = 1, .of = PLIMI_OF_VERDICTS};
  plimi_observations observations = {.name = NULL};
  plimi_judging judging;
  if (operand_count != 1) {
    plimi_complain("plim judge takes one FILE, a table with a header, or - for standard input (%zu given)",
                   operand_count);
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_judging_begin(&judging, settings);
  if (status == PLIM_EXIT_DONE)
    status = read_table(settings, operands[0], &observations);
  if (status == PLIM_EXIT_DONE)
    status = plimi_judging_take(&judging, &observations);
  if (status == PLIM_EXIT_DONE)
    status = judge(settings, &judging, &request);
  plimi_judging_free(&judging);
  plimi_observations_free(&observations);
  return status;
}
