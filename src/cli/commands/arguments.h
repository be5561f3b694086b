/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arguments.h - from argv and configuration files to settings. */
#ifndef PLIM_CLI_ARGUMENTS_H
#define PLIM_CLI_ARGUMENTS_H

#include "../options/options.h"

/* Read argv[1...] as the options of `command` (argv[0] is its name) into settings that hold the defaults, the
   file of --config included. *operands points at the words that are no options, *operand_count of them; argv is
   reordered. On refusal a message is printed and the exit status returned; else PLIM_EXIT_DONE. */
int plimi_arguments_read(int argc, char **argv, plimi_command command, plimi_settings *settings,
                         char ***operands, size_t *operand_count);

#endif
