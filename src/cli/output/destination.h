/* SPDX-License-Identifier: GPL-3.0-or-later */
/* destination.h - what the FILE of -o stands for. */
#ifndef PLIM_CLI_DESTINATION_H
#define PLIM_CLI_DESTINATION_H

#include <stdio.h>

typedef enum {
  PLIMI_TO_FILE, /* a file that appears whole or not at all, with its provenance; or what cannot be written */
  PLIMI_TO_STDOUT, /* -, or /dev/stdout and whatever else leads there */
  PLIMI_TO_A_STREAM /* a FIFO, a terminal, /dev/null, /dev/fd/3: written to as it is, and nothing stands beside it */
} plimi_destination;

/* Symbolic links are followed. */
plimi_destination plimi_destination_of(const char *path);

/* Open what is PLIMI_TO_A_STREAM; a FIFO waits for its reader. NULL with errno set. */
FILE *plimi_stream_open(const char *path);

/* The file that `path` leads to, every symbolic link followed although the last may lead nowhere yet. To be freed. */
char *plimi_follow_links(const char *path);

#endif
