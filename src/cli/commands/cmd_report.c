/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_report.c - plim report: verdicts of verify, compare and judge as one page of HTML. */
#include "config.h"

#include <string.h>

#include "../report/report.h"
#include "../work/work.h"
#include "commands.h"

/* A page over one's own data would be a loss. */
static int check_destination(const plimi_output_request *request, char **operands, size_t operand_count)
{
  if (request->format == PLIMI_FORMAT_CSV || request->format == PLIMI_FORMAT_JSON) {
    plimi_complain("--output: a report is HTML, and '%s' is called as if it were %s; name it .html",
                   request->path, request->format == PLIMI_FORMAT_CSV ? "CSV" : "JSON");
    return PLIM_EXIT_USAGE;
  }
  for (size_t i = 0; i < operand_count && request->path != NULL; i++) {
    if (strcmp(operands[i], request->path) == 0) {
      plimi_complain("--output: '%s' is what the report is made from", request->path);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

int plimi_cmd_report(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_REPORT, "report", settings};
  plimi_report report = {.with_host = settings->with_host};
  plimi_output_request request = {
      .command = "report", .parts = &part, .part_count = 1, .write = plimi_report_write, .content = &report};
  plimi_output *output = NULL;
  if (operand_count == 0) {
    plimi_complain(
        "report: a FILE is missing, a JSON of plim verify, compare or judge: plim verify -o verified.json, "
        "then plim report verified.json -o report.html");
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = check_destination(&request, operands, operand_count);
  for (size_t i = 0; i < operand_count && status == PLIM_EXIT_DONE; i++)
    status = plimi_report_read(&report, operands[i]);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_finish(output, NULL, 0);
  plimi_report_free(&report);
  return status;
}
