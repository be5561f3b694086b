/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_config.c - a configuration file, read for every command, and as that of a figure. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/options/config_file.h"
#include "fuzz.h"

/* As cmd_figures.c reads them. */
static const char *const figure_sections[] = {"figure",           "theory",      "theory quick",
                                              "theory limit",     "simulate",    "simulate full",
                                              "spectrum weights", "descent ntk", NULL};

static void read_for(const char *path, const plimi_command_entry *entry, const char *section,
                     const char *const *known)
{
  const char *const sections[] = {section, NULL};
  plimi_settings settings;
  plimi_settings_default(&settings, entry->command);
  const int status = plimi_config_read(path, entry->command, sections, known, &settings);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE);
  plimi_settings_free(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *value = NULL;
  const bool costly = fuzz_is_costly(text);
  free(text);
  if (costly)
    return -1;
  char *path = fuzz_file("config.ini", data, size);
  for (size_t i = 0; i < plimi_command_count; i++) {
    const plimi_command_entry *entry = &plimi_commands[i];
    if (((unsigned)entry->command & PLIMI_POSED) == 0)
      continue;
    read_for(path, entry, entry->name, plimi_config_sections);
    for (size_t k = 1; figure_sections[k] != NULL; k++)
      if (strncmp(figure_sections[k], entry->name, strlen(entry->name)) == 0)
        read_for(path, entry, figure_sections[k], figure_sections);
  }
  const bool described = plimi_config_has_section(path, "figure");
  const int status = plimi_config_lookup(path, "figure", "title", &value);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE);
  REQUIRE(value == NULL || (described && status == PLIM_EXIT_DONE));
  free(value);
  free(path);
  return 0;
}
