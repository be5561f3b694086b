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

/* Apply the configuration file `path` for the options of `commands`: first the lines before any section, then
   those of each of `sections` in that order. Every name in the file must be an option of some command, every
   section one of `known_sections`. Prints a message and returns an exit status, like the above. */
int plimi_config_read(const char *path, unsigned commands, const char *const *sections,
                      const char *const *known_sections, plimi_settings *settings);

/* Does the file give any value in that section? */
bool plimi_config_has_section(const char *path, const char *section);

/* The value of `name` in `section` of the file, to be freed; NULL where there is none. [figure] is the one
   section whose names are not options: it describes a figure. */
char *plimi_config_lookup(const char *path, const char *section, const char *name);

#endif
