/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_spectrum.c - plim spectrum: all singular values of W1, or all eigenvalues of the kernel, over their limit. */
#include "config.h"

#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "work.h"

/* PLIM_EXIT_DONE, or a message and an exit status. */
static int read_spectrum(char **operands, size_t count, plim_spectrum *spectrum)
{
  const char *names[PLIM_SPECTRUM_COUNT];
  if (count != 1) {
    plimi_complain("spectrum: give one of weights, kernel");
    return PLIM_EXIT_USAGE;
  }
  for (int i = 0; i < PLIM_SPECTRUM_COUNT; i++) {
    names[i] = plim_spectrum_name((plim_spectrum)i);
    if (strcmp(operands[0], names[i]) == 0) {
      *spectrum = (plim_spectrum)i;
      return PLIM_EXIT_DONE;
    }
  }
  const char *nearest = plimi_nearest(operands[0], names, PLIM_SPECTRUM_COUNT);
  plimi_complain("spectrum: '%s' is not accepted; give one of weights, kernel%s%s%s", operands[0],
                 nearest != NULL ? " (did you mean " : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "?)" : "");
  return PLIM_EXIT_USAGE;
}

int plimi_cmd_spectrum(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_SPECTRUM, "spectrum", settings};
  plimi_output_request request = {
      .command = "spectrum", .parts = &part, .part_count = 1, .late = true, .spectra = true};
  plimi_campaign campaign;
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  plim_spectrum spectrum = PLIM_SPECTRUM_WEIGHTS;
  int status = read_spectrum(operands, operand_count, &spectrum);
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
  const plim_status stopped = plimi_spectrum_rows(&campaign, spectrum, output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(output, NULL, stopped, status, NULL, 0);
}
