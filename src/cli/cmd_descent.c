/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_descent.c - plim descent: the first layer trained to the end in one of two scalings. */
#include "config.h"

#include "commands.h"
#include "interrupt.h"
#include "work.h"

int plimi_cmd_descent(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_DESCENT, "descent", settings};
  plimi_output_request request = {
      .command = "descent", .parts = &part, .part_count = 1, .late = true, .of = PLIMI_OF_DESCENT};
  plimi_campaign campaign;
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  const char *names[PLIM_SCALING_COUNT];
  unsigned scaling = 0;
  for (int i = 0; i < PLIM_SCALING_COUNT; i++)
    names[i] = plim_scaling_name((plim_scaling)i);
  int status = plimi_operand_choose("descent", operands, operand_count, names, PLIM_SCALING_COUNT, &scaling);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_choose(settings, &request);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_choose_threads(settings);
  status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_interrupt_catch();
  const plim_status stopped = plimi_descent_rows(&campaign, (plim_scaling)scaling, output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(output, NULL, stopped, status, NULL, 0);
}
