/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ini_file.h - an INI file as a list of `name = value`, each with its section and line. Others know what they mean. */
#ifndef PLIM_CLI_INI_FILE_H
#define PLIM_CLI_INI_FILE_H

#include <stddef.h>

typedef struct {
  char *section, *name, *value; /* section "": before any */
  size_t line;
} plimi_ini_entry;

typedef struct {
  const char *what; /* "configuration file", for messages */
  const char *path; /* or "standard input" */
  plimi_ini_entry *entries;
  size_t count;
} plimi_ini;

/* All entries of the file (-: standard input), to be freed whatever is returned: an exit status, with a message. The
   path stays the caller's. */
int plimi_ini_read(const char *path, const char *what, plimi_ini *file);
void plimi_ini_free(plimi_ini *file);

#endif
