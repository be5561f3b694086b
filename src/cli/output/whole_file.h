/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole_file.h - a file that appears whole or not at all: written beside its place and renamed into it. */
#ifndef PLIM_CLI_WHOLE_FILE_H
#define PLIM_CLI_WHOLE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "../terminal/temporary.h"

typedef struct {
  FILE *stream;
  char *path;      /* where it will stand, symbolic links followed */
  char *temporary; /* where it is written */
  plimi_temporary listed;
} plimi_whole_file;

/* Open, seal (everything is on the disk) and commit (it has its name). Each prints a message and returns false
   when the system refuses; nothing is left behind then, nothing needs releasing, and an older file of that name
   is untouched. Discarding a file that is not open does nothing. */
bool plimi_whole_file_open(plimi_whole_file *file, const char *path);
bool plimi_whole_file_seal(plimi_whole_file *file);
bool plimi_whole_file_commit(plimi_whole_file *file);
void plimi_whole_file_discard(plimi_whole_file *file);

#endif
