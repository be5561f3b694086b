/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_state.h - what a journal is, for journal.c and journal_gathering.c. */
#ifndef PLIM_CLI_JOURNAL_STATE_H
#define PLIM_CLI_JOURNAL_STATE_H

#include "../terminal/temporary.h"
#include "journal.h"
#include "journal_runs.h"

struct plimi_journal {
  const plimi_output_request *request;
  FILE *stream;           /* NULL, as path and lock are: in memory */
  char *path, *lock;      /* of a gathered one, which has no stream: where it is kept */
  plimi_temporary listed; /* the lock, where it is a file */
  plimi_kept_runs kept;
  plimi_kept_runs before; /* of a shard: what the merged journal has, which every shard sees */
  double synced;
  bool is_gathered;
  json_t *header;  /* of the first file it was gathered from, or NULL */
  char **gathered; /* the files it was gathered from that are done with when FILE stands */
  size_t gathered_count;
};

char *plimi_journal_path(const plimi_output_request *request); /* to be freed */

#endif
