/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_file.c - configuration files, by libinih. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "config_file.h"

typedef struct {
  char *section, *name, *value;
  size_t line;
} entry;

enum { MOST_BYTES = 1 << 20 }; /* of a file: some ten thousand lines, more than anybody writes */

typedef struct {
  const char *path;
  char *text, *rest; /* all of the file, and what of it is not yet read */
  entry *entries;
  size_t count;
  size_t line;
  bool too_long; /* the present line does not fit libinih's buffer */
} reader;

static const char *const describing_section = "figure";

/* libinih reads lines through this, which counts them and drops leading blanks: libinih would take an indented
   line for the continuation of the value above it. */
static char *read_line(char *buffer, int size, void *stream)
{
  reader *in = stream;
  if (in->too_long || *in->rest == '\0')
    return NULL;
  in->line++;
  size_t length = strcspn(in->rest, "\n");
  length += in->rest[length] == '\n' ? 1 : 0;
  if (length >= (size_t)size) {
    in->too_long = true;
    return NULL;
  }
  const char *line = in->rest;
  in->rest += length;
  const size_t blanks = strspn(line, " \t");
  memcpy(buffer, line + blanks, length - blanks);
  buffer[length - blanks] = '\0';
  return buffer;
}

static int keep_entry(void *context, const char *section, const char *name, const char *value)
{
  reader *in = context;
  in->entries = plimi_reallocate(in->entries, in->count + 1, sizeof(entry));
  in->entries[in->count++] = (entry){plimi_copy(section), plimi_copy(name), plimi_copy(value), in->line};
  return 1;
}

static void free_entries(reader *in)
{
  for (size_t i = 0; i < in->count; i++) {
    free(in->entries[i].section);
    free(in->entries[i].name);
    free(in->entries[i].value);
  }
  free(in->entries);
  free(in->text);
}

/* All of the file, or a message and an exit status. What is no text is seen at its first bytes, not after the
   gigabytes that may follow. */
static int read_text(FILE *file, reader *in)
{
  size_t length = 0;
  in->rest = in->text = plimi_allocate(MOST_BYTES + 2, 1);
  errno = 0;
  length = fread(in->text, 1, MOST_BYTES + 1, file);
  if (ferror(file) != 0) {
    plimi_complain("configuration file %s cannot be read: %s", in->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  in->text[length] = '\0';
  if (strlen(in->text) < length) {
    size_t line = 1;
    for (const char *c = in->text; *c != '\0'; c++)
      line += *c == '\n' ? 1 : 0;
    plimi_complain("%s:%zu: a NUL byte: the file is not text", in->path, line);
    return PLIM_EXIT_USAGE;
  }
  if (length > MOST_BYTES) {
    plimi_complain("configuration file %s is longer than %d bytes, which is the most that is read", in->path,
                   (int)MOST_BYTES);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

/* All entries of the file; on trouble a message and an exit status. */
static int load(const char *path, reader *in)
{
  const bool from_stdin = strcmp(path, "-") == 0;
  if (from_stdin)
    path = "standard input";
  *in = (reader){.path = path};
  FILE *file = from_stdin ? stdin : plimi_unless_no_memory(fopen(path, "r"));
  if (file == NULL) {
    plimi_complain("configuration file %s cannot be read: %s", path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  const int status = read_text(file, in);
  if (!from_stdin)
    fclose(file);
  if (status != PLIM_EXIT_DONE)
    return status;
  const int bad_line = ini_parse_stream(read_line, in, keep_entry, in);
  if (in->too_long) {
    plimi_complain("%s:%zu: the line is too long; shorten it, for instance with a grid", path, in->line);
    return PLIM_EXIT_USAGE;
  }
  if (bad_line == -2) /* libinih's word for it */
    plimi_no_memory();
  if (bad_line != 0) {
    plimi_complain("%s:%d: neither `name = value` nor `[section]` nor a comment", path, bad_line);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

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
static int check_names(const reader *in, const char *const *known_sections)
{
  for (size_t i = 0; i < in->count; i++) {
    const entry *at = &in->entries[i];
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
static int check_repeats(const reader *in)
{
  for (size_t i = 0; i < in->count; i++) {
    for (size_t k = 0; k < i; k++) {
      const entry *a = &in->entries[k], *b = &in->entries[i];
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

static int apply_section(const reader *in, const char *section, unsigned commands, plimi_settings *settings)
{
  plimi_message why;
  for (size_t i = 0; i < in->count; i++) {
    const entry *at = &in->entries[i];
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
  reader in;
  int status = load(path, &in);
  if (status == PLIM_EXIT_DONE)
    status = check_names(&in, known_sections);
  if (status == PLIM_EXIT_DONE)
    status = check_repeats(&in);
  if (status == PLIM_EXIT_DONE)
    status = apply_section(&in, "", commands, settings);
  for (size_t i = 0; status == PLIM_EXIT_DONE && sections[i] != NULL; i++)
    status = apply_section(&in, sections[i], commands, settings);
  free_entries(&in);
  return status;
}

int plimi_config_lookup(const char *path, const char *section, const char *name, char **value)
{
  reader in;
  const int status = load(path, &in);
  *value = NULL;
  if (status == PLIM_EXIT_DONE)
    for (size_t i = 0; i < in.count && *value == NULL; i++)
      if (strcmp(in.entries[i].section, section) == 0 && strcmp(in.entries[i].name, name) == 0)
        *value = plimi_copy(in.entries[i].value);
  free_entries(&in);
  return status;
}

bool plimi_config_has_section(const char *path, const char *section)
{
  reader in;
  bool found = false;
  if (load(path, &in) == PLIM_EXIT_DONE)
    for (size_t i = 0; i < in.count; i++)
      found = found || strcmp(in.entries[i].section, section) == 0;
  free_entries(&in);
  return found;
}
