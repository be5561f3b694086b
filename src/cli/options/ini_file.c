/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ini_file.c - INI files, by libinih. */
#include "config.h"

#include "ini_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "../terminal/message.h"

enum { MOST_BYTES = 1 << 20 }; /* of a file: some ten thousand lines, more than anybody writes */

typedef struct {
  plimi_ini *file;
  char *text, *rest; /* all of the file, and what of it is not yet read */
  size_t line;
  bool too_long; /* the present line does not fit libinih's buffer */
} reader;

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
  plimi_ini *file = in->file;
  file->entries = plimi_reallocate(file->entries, file->count + 1, sizeof *file->entries);
  file->entries[file->count++] =
      (plimi_ini_entry){plimi_copy(section), plimi_copy(name), plimi_copy(value), in->line};
  return 1;
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
    plimi_complain("%s %s cannot be read: %s", in->file->what, in->file->path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  in->text[length] = '\0';
  if (strlen(in->text) < length) {
    size_t line = 1;
    for (const char *c = in->text; *c != '\0'; c++)
      line += *c == '\n' ? 1 : 0;
    plimi_complain("%s:%zu: a NUL byte: the file is not text", in->file->path, line);
    return PLIM_EXIT_USAGE;
  }
  if (length > MOST_BYTES) {
    plimi_complain("%s %s is longer than %d bytes, which is the most that is read", in->file->what,
                   in->file->path, (int)MOST_BYTES);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

static int load(const char *path, reader *in)
{
  const bool from_stdin = strcmp(path, "-") == 0;
  if (from_stdin)
    path = "standard input";
  in->file->path = path;
  FILE *file = from_stdin ? stdin : plimi_unless_no_memory(fopen(path, "r"));
  if (file == NULL) {
    plimi_complain("%s %s cannot be read: %s", in->file->what, path, strerror(errno));
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

int plimi_ini_read(const char *path, const char *what, plimi_ini *file)
{
  *file = (plimi_ini){.what = what};
  reader in = {.file = file};
  const int status = load(path, &in);
  free(in.text);
  return status;
}

void plimi_ini_free(plimi_ini *file)
{
  for (size_t i = 0; i < file->count; i++) {
    free(file->entries[i].section);
    free(file->entries[i].name);
    free(file->entries[i].value);
  }
  free(file->entries);
}
