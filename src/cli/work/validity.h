/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validity.h - is a file what plim writes? The first thing that is wrong with it, and where. doc/format.md is the same
   for readers. */
#ifndef PLIM_CLI_VALIDITY_H
#define PLIM_CLI_VALIDITY_H

#include <stdbool.h>
#include <stddef.h>

#include "../terminal/message.h"

/* One cell with the name of its column. In CSV it may be text or number, in JSON it is one of them. */
typedef enum { PLIMI_ENTRY_PLAIN, PLIMI_ENTRY_NUMBER, PLIMI_ENTRY_TEXT } plimi_entry_type;
typedef struct {
  const char *name;
  const char *text; /* "": empty, null in JSON */
  plimi_entry_type type;
} plimi_entry;

/* The kinds of table that plim writes. */
typedef enum { PLIMI_TABLE_ROWS, PLIMI_TABLE_FINDINGS, PLIMI_TABLE_ANSWER } plimi_table_kind;

/* Are these the columns of a table of plim, in its order, and of which kind? false with the first that is not (`count`
   where one is missing at the end) and *why. The second: of a finding in JSON, whose claim stands above it? */
bool plimi_header_is_valid(const char *const *names, size_t count, plimi_table_kind *kind, size_t *wrong,
                           plimi_message *why);
bool plimi_findings_are_named(const char *const *names, size_t count, size_t *wrong, plimi_message *why);

/* Does every cell of a row hold what its column may, by itself and beside the others? */
bool plimi_row_is_valid(plimi_table_kind kind, const plimi_entry *entries, size_t count, size_t *wrong,
                        plimi_message *why);

/* Each: PLIM_EXIT_DONE with *what in words ("CSV of plim, 12 rows"), or a message with the line, and an exit status. */
int plimi_validate_csv(const char *path, plimi_message *what);
int plimi_validate_wide(const char *path, size_t *rows); /* called by the first */
int plimi_validate_json(const char *path, plimi_message *what);

/* A provenance by itself, without a look at the data it describes. */
int plimi_validate_provenance(const char *path);

/* Does the file at `path` hold what the provenance beside it says, where there is one? */
int plimi_validate_content(const char *path);

/* The line of a member of well-formed JSON, from 1: that called `key` of element number `index` of the list `list` of
   the object, or of the object itself where `list` is NULL; without `key` the line where the element begins. */
size_t plimi_json_line(const char *text, const char *list, size_t index, const char *key);

#endif
