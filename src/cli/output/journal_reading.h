/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_reading.h - all sound lines of a journal; for journal.c. */
#ifndef PLIM_CLI_JOURNAL_READING_H
#define PLIM_CLI_JOURNAL_READING_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "journal_runs.h"

typedef struct {
  FILE *stream;     /* at its beginning */
  const char *path; /* for messages */
  const plimi_output_request *request;
  const json_t *present; /* its header */
  json_t *
      *header; /* NULL, or where the last header is put, to be released: no word then of another machine */
} plimi_journal_reader;

/* What was read. */
typedef struct {
  off_t whole;          /* bytes of whole lines; what follows is torn */
  size_t records;       /* that are used */
  bool present_is_last; /* is the present header that of the last lines? */
} plimi_journal_extent;

/* Read a journal into `kept`, which is to be freed whatever comes of it. PLIM_EXIT_DONE, perhaps with a message of
   lines that are spoilt and not used; or a message and an exit status, where it is no journal, one of another layout or
   configuration, or cannot be read. */
int plimi_journal_read(const plimi_journal_reader *reader, plimi_kept_runs *kept,
                       plimi_journal_extent *extent);

/* The file for reading, or NULL with a message; no FIFO is waited for. */
FILE *plimi_journal_open_to_read(const char *path);

/* The same of a file that is only looked at: not written to, and not taken. `header` as above. */
int plimi_journal_read_file(const plimi_output_request *request, const char *path, plimi_kept_runs *kept,
                            json_t **header);
/* Where there is no such file, nothing is kept. */
int plimi_journal_look(const plimi_output_request *request, const char *path, plimi_kept_runs *kept);

#endif
