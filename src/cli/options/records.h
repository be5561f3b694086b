/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records.h - a table of text, record by record: CSV as RFC 4180 says, by libcsv, or with tabs between the fields.

   Beyond the RFC: LF or CRLF ends a line, a byte-order mark is passed over, lines that begin with # are comments, blank
   lines and blanks around fields that are not quoted count for nothing. The text is UTF-8 without NUL bytes, and no
   record is longer than PLIMI_LONGEST_RECORD, so that what is no table is refused before it fills the memory. */
#ifndef PLIM_CLI_RECORDS_H
#define PLIM_CLI_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { PLIMI_LONGEST_RECORD = 1 << 20 }; /* bytes */

typedef struct plimi_records plimi_records;

/* `path` - is standard input. PLIM_EXIT_DONE, or a message and an exit status; so the next. */
int plimi_records_open(const char *path, bool tabs, plimi_records **records);
void plimi_records_close(plimi_records *records); /* NULL is allowed */

/* The next record: *count fields, each ending in NUL, valid until the next call; *count is 0 at the end. */
int plimi_records_next(plimi_records *records, const char *const **fields, size_t *count);

const char *plimi_records_name(const plimi_records *records); /* of the file, for messages */
size_t plimi_records_line(const plimi_records *records);      /* the first of the present record, from 1 */

/* "FILE:LINE:COLUMN: ..." about field number `field` of the present record, from 0; the column is counted in characters
   from 1. Returns PLIM_EXIT_USAGE. */
int plimi_records_refuse(const plimi_records *records, size_t field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
