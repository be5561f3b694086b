/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_theory.c - plim theory: limits at every point of the product. */
#include "config.h"

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../work/work.h"

int plimi_cmd_theory(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_THEORY, "theory", settings};
  plimi_output_request request = {.command = "theory", .parts = &part, .part_count = 1};
  plimi_product product;
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  plimi_choose_limits(&settings->quantities);
  if (!plimi_product_begin(&product, settings, false))
    return plimi_too_many_points();
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_interrupt_catch();
  const bool finished = plimi_theory_rows(settings, output, &outcome);
  status = finished ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(&(plimi_destinations){.output = output}, finished ? PLIM_OK : PLIM_INTERRUPTED,
                        status, NULL, 0);
}
