/* SPDX-License-Identifier: GPL-3.0-or-later */
/* brief.h - what a command's --help says on one screen: its usual options in a few words each, and two examples. */
#ifndef PLIM_CLI_BRIEF_H
#define PLIM_CLI_BRIEF_H

#include <stddef.h>

#include "commands.h"

enum { PLIMI_EXAMPLES = 2 };

/* Command lines that work as they stand, in a folder that has the files they read; NULL: none are known. Their words
   hold blanks only between single quotes. */
const char *const *plimi_examples_of(plimi_command command);

/* An option of `command` in a few words; NULL: it is not among the usual ones. */
const char *plimi_brief_of(const plimi_option *option, plimi_command command);

void plimi_print_example(const char *line, size_t width);
void plimi_print_brief_help(const plimi_command_entry *entry);

#endif
