/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_simulate.c - plim simulate: the experiment at finite size. */
#include "config.h"

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../work/work.h"

int plimi_cmd_simulate(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_SIMULATE, "simulate", settings};
  plimi_output_request request = {.command = "simulate", .parts = &part, .part_count = 1, .late = true};
  plimi_campaign campaign;
  plimi_destinations to;
  plimi_outcome outcome = {.rows = 0};
  plimi_choose_measurements(&settings->quantities, false);
  plimi_choose_threads(settings);
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_choose_device(settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open_with_journal(&request, settings, &to);
  if (status != PLIM_EXIT_DONE)
    return status;
  campaign.journal = to.journal;
  campaign.share = to.share;
  plimi_interrupt_catch();
  const plim_status stopped = plimi_simulation_rows(&campaign, to.output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(&to, stopped, status, NULL, 0);
}
