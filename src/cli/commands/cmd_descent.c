/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_descent.c - plim descent: the first layer trained to the end in one of two scalings. */
#include "config.h"

#include "commands.h"
#include "subject.h"

static const char *name_of(unsigned which)
{
  return plim_scaling_name((plim_scaling)which);
}

static plim_status rows_of(plimi_campaign *campaign, unsigned which, plimi_output *output,
                           plimi_outcome *outcome)
{
  return plimi_descent_rows(campaign, (plim_scaling)which, output, outcome);
}

int plimi_cmd_descent(plimi_settings *settings, char **operands, size_t operand_count)
{
  static const plimi_subjects scalings = {.command = PLIMI_DESCENT,
                                          .word = "descent",
                                          .of = PLIMI_OF_DESCENT,
                                          .count = PLIM_SCALING_COUNT,
                                          .name = name_of,
                                          .rows = rows_of};
  return plimi_cmd_subject(&scalings, settings, operands, operand_count);
}
