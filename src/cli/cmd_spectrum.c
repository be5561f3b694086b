/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_spectrum.c - plim spectrum: all singular values of W1, or all eigenvalues of the kernel, over their limit. */
#include "config.h"

#include "commands.h"
#include "interrupt.h"
#include "work.h"

int plimi_cmd_spectrum(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_SPECTRUM, "spectrum", settings};
  plimi_output_request request = {
      .command = "spectrum", .parts = &part, .part_count = 1, .late = true, .of = PLIMI_OF_SPECTRA};
  plimi_campaign campaign;
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  const char *names[PLIM_SPECTRUM_COUNT];
  unsigned spectrum = 0;
  for (int i = 0; i < PLIM_SPECTRUM_COUNT; i++)
    names[i] = plim_spectrum_name((plim_spectrum)i);
  int status =
      plimi_operand_choose("spectrum", operands, operand_count, names, PLIM_SPECTRUM_COUNT, &spectrum);
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
  const plim_status stopped = plimi_spectrum_rows(&campaign, (plim_spectrum)spectrum, output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(output, NULL, stopped, status, NULL, 0);
}
