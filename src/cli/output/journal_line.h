/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_line.h - lines of a journal, each with a checksum of itself; for journal.c.

   A line of journal/line.h whose text is a JSON object. */
#ifndef PLIM_CLI_JOURNAL_LINE_H
#define PLIM_CLI_JOURNAL_LINE_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

enum { PLIMI_JOURNAL_LAYOUT = 3 }; /* of the lines; up to 2 they had no checksums */

/* Write the object as a line, in one piece where the stream's buffer is large enough. False with errno set. */
bool plimi_journal_line_write(const json_t *object, FILE *stream);

/* The object of a line of `length` bytes, its line break not counted. NULL where it is spoilt. To be released. */
json_t *plimi_journal_line_read(const char *line, size_t length);

/* What a file begins with. */
typedef enum {
  PLIMI_JOURNAL_HEAD_OURS,  /* as a journal of the present layout does */
  PLIMI_JOURNAL_HEAD_OLDER, /* as one of an older layout does */
  PLIMI_JOURNAL_HEAD_OTHER
} plimi_journal_head;

/* The same of its first bytes, with a NUL after them; *layout: of PLIMI_JOURNAL_HEAD_OLDER. */
plimi_journal_head plimi_journal_head_of(const char *bytes, int *layout);

#endif
