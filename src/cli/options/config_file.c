/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_file.c - configuration files: INI files whose names are those of the options. */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "config_file.h"
#include "ini_file.h"

static const char *const what = "configuration file";
static const char *const describing_section = "figure";

static size_t length_of(const char *const *names)
{
  size_t n = 0;
  while (names[n] != NULL)
    n++;
  return n;
}

static bool is_among(const char *name, const char *const *names)
{
  for (size_t i = 0; names[i] != NULL; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static bool belongs_on_the_command_line(const plimi_option *option)
{
  return option->target == offsetof(plimi_settings, help) ||
         option->target == offsetof(plimi_settings, version) ||
         option->target == offsetof(plimi_settings, config);
}

/* Is every section and name of the file known, whichever command is running? */
static int check_names(const plimi_ini *in, const char *const *known_sections)
{
  for (size_t i = 0; i < in->count; i++) {
    const plimi_ini_entry *at = &in->entries[i];
    if (at->section[0] != '\0' && !is_among(at->section, known_sections)) {
      const char *nearest = plimi_nearest(at->section, known_sections, length_of(known_sections));
      plimi_complain("%s:%zu: unknown section [%s]%s%s%s", in->path, at->line, at->section,
                     nearest != NULL ? "; did you mean [" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "]?" : "");
      return PLIM_EXIT_USAGE;
    }
    if (strcmp(at->section, describing_section) == 0)
      continue;
    const plimi_option *option = plimi_option_find(at->name, PLIMI_EVERY_COMMAND, true);
    if (option == NULL) {
      const char *nearest = plimi_option_nearest(at->name, PLIMI_EVERY_COMMAND);
      plimi_complain("%s:%zu: unknown option %s%s%s%s", in->path, at->line, at->name,
                     nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
      return PLIM_EXIT_USAGE;
    }
    if (belongs_on_the_command_line(option)) {
      plimi_complain("%s:%zu: %s belongs on the command line", in->path, at->line, at->name);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

/* An option given twice in one section is a mistake whose outcome nobody should have to guess. */
static int check_repeats(const plimi_ini *in)
{
  for (size_t i = 0; i < in->count; i++) {
    for (size_t k = 0; k < i; k++) {
      const plimi_ini_entry *a = &in->entries[k], *b = &in->entries[i];
      const plimi_option *first = plimi_option_find(a->name, PLIMI_EVERY_COMMAND, true);
      const plimi_option *second = plimi_option_find(b->name, PLIMI_EVERY_COMMAND, true);
      if (first != NULL && second != NULL && first->target == second->target &&
          strcmp(a->section, b->section) == 0) {
        if (first == second)
          plimi_complain("%s:%zu: %s was already given on line %zu", in->path, b->line, b->name, a->line);
        else
          plimi_complain("%s:%zu: %s: %s, another name of the same option, was already given on line %zu",
                         in->path, b->line, b->name, a->name, a->line);
        return PLIM_EXIT_USAGE;
      }
    }
  }
  return PLIM_EXIT_DONE;
}

static int apply_section(const plimi_ini *in, const char *section, unsigned commands,
                         plimi_settings *settings)
{
  plimi_message why;
  for (size_t i = 0; i < in->count; i++) {
    const plimi_ini_entry *at = &in->entries[i];
    const plimi_option *option = plimi_option_find(at->name, commands, true);
    if (strcmp(at->section, section) != 0)
      continue;
    if (option == NULL) {
      if (section[0] == '\0')
        continue; /* common lines may speak to other commands */
      plimi_complain("%s:%zu: %s is not an option of %s", in->path, at->line, at->name, section);
      return PLIM_EXIT_USAGE;
    }
    if (!plimi_option_set(settings, option, at->value, &why)) {
      plimi_complain("%s:%zu: %s: %s", in->path, at->line, at->name, why.text);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

int plimi_config_read(const char *path, unsigned commands, const char *const *sections,
                      const char *const *known_sections, plimi_settings *settings)
{
  plimi_ini in;
  int status = plimi_ini_read(path, what, &in);
  if (status == PLIM_EXIT_DONE)
    status = check_names(&in, known_sections);
  if (status == PLIM_EXIT_DONE)
    status = check_repeats(&in);
  if (status == PLIM_EXIT_DONE)
    status = apply_section(&in, "", commands, settings);
  for (size_t i = 0; status == PLIM_EXIT_DONE && sections[i] != NULL; i++)
    status = apply_section(&in, sections[i], commands, settings);
  plimi_ini_free(&in);
  return status;
}

int plimi_config_lookup(const char *path, const char *section, const char *name, char **value)
{
  plimi_ini in;
  const int status = plimi_ini_read(path, what, &in);
  *value = NULL;
  if (status == PLIM_EXIT_DONE)
    for (size_t i = 0; i < in.count && *value == NULL; i++)
      if (strcmp(in.entries[i].section, section) == 0 && strcmp(in.entries[i].name, name) == 0)
        *value = plimi_copy(in.entries[i].value);
  plimi_ini_free(&in);
  return status;
}

bool plimi_config_has_section(const char *path, const char *section)
{
  plimi_ini in;
  bool found = false;
  if (plimi_ini_read(path, what, &in) == PLIM_EXIT_DONE)
    for (size_t i = 0; i < in.count; i++)
      found = found || strcmp(in.entries[i].section, section) == 0;
  plimi_ini_free(&in);
  return found;
}
