/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_file.h - INI files whose names are those of the options. */
#ifndef PLIM_CLI_CONFIG_FILE_H
#define PLIM_CLI_CONFIG_FILE_H

#include <stdbool.h>

#include "options.h"

/* Apply the configuration file `path` for the options of `commands`: first the lines before any section, then
   those of each of `sections` in that order. Every name in the file must be an option of some command, every
   section one of `known_sections`. Prints a message and returns an exit status, like the above. */
int plimi_config_read(const char *path, unsigned commands, const char *const *sections,
                      const char *const *known_sections, plimi_settings *settings);

/* Does the file give any value in that section? */
bool plimi_config_has_section(const char *path, const char *section);

/* *value: that of `name` in `section` of the file, to be freed; NULL where there is none. [figure] is the one
   section whose names are not options: it describes a figure. An exit status, with a message. */
int plimi_config_lookup(const char *path, const char *section, const char *name, char **value);

#endif
