/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_spectrum.c - plim spectrum: all singular values of W1, or all eigenvalues of the kernel, over their limit. */
#include "config.h"

#include "commands.h"
#include "subject.h"

static const char *name_of(unsigned which)
{
  return plim_spectrum_name((plim_spectrum)which);
}

/* The kernel is that of the ridge regression's batch, as its training error is. */
static int check(const plimi_campaign *campaign, unsigned which)
{
  static const plim_quantity training = PLIM_TRAIN1;
  static const double no_penalty = 0.0;
  const plim_measurement measured = {&training, 1, &no_penalty, 1};
  plimi_tell_universality(campaign->settings);
  return which == PLIM_SPECTRUM_KERNEL ? plimi_campaign_check_inputs(campaign, &measured) : PLIM_EXIT_DONE;
}

static plim_status rows_of(plimi_campaign *campaign, unsigned which, plimi_output *output,
                           plimi_outcome *outcome)
{
  return plimi_spectrum_rows(campaign, (plim_spectrum)which, output, outcome);
}

int plimi_cmd_spectrum(plimi_settings *settings, char **operands, size_t operand_count)
{
  static const plimi_subjects spectra = {.command = PLIMI_SPECTRUM,
                                         .word = "spectrum",
                                         .of = PLIMI_OF_SPECTRA,
                                         .count = PLIM_SPECTRUM_COUNT,
                                         .name = name_of,
                                         .check = check,
                                         .rows = rows_of};
  return plimi_cmd_subject(&spectra, settings, operands, operand_count);
}
