/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs_file.h - the tables that --inputs csv:FILE names.

   CSV as RFC 4180 says, a row a line, every field a finite number; lines that begin with # are passed over, and so
   is a first line without a number in it, which names the columns. The rows of the file are the population: each
   column is brought to mean 0 and variance 1 over all of them, and with ,whiten made uncorrelated with those before
   it. */
#ifndef PLIM_CLI_INPUTS_FILE_H
#define PLIM_CLI_INPUTS_FILE_H

#include "settings.h"

/* Read those of the settings that are not read yet: PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_inputs_load(plimi_settings *settings);

#endif
