/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h - text in aligned columns. */
#ifndef PLIM_CLI_COLUMNS_H
#define PLIM_CLI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
  char **cells; /* row by row */
  size_t count, room;
  size_t columns;
} plimi_columns;

void plimi_columns_add(plimi_columns *columns, const char *text); /* the next cell, copied */
void plimi_columns_addf(plimi_columns *columns, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Where the lines have a width they fit it: columns that are the same in every row are named in a line above in
   place of standing in the table; what is still too wide is printed in blocks of columns, each beginning with the
   first one, their rows numbered, and a cell that is too wide for its block goes on below. */
void plimi_columns_print(const plimi_columns *columns, const char *indent, FILE *stream);
void plimi_columns_free(plimi_columns *columns);

/* Is `stream` a terminal that shows colours, and does nobody object (NO_COLOR, TERM=dumb)? */
bool plimi_has_colours(FILE *stream);

/* How wide a line on `stream` may be: on standard output COLUMNS, where the environment has it, else the width of the
   terminal; 0: no limit. */
size_t plimi_line_width(FILE *stream);
size_t plimi_text_width(FILE *stream); /* the same for running text, at most 100 */

/* Words with blanks between, broken into lines of at most `width` characters, each but the first with `indent` blanks
   at its beginning; the first is at character `at` already. Ends in a line break. */
void plimi_print_wrapped(const char *text, size_t at, size_t indent, size_t width, FILE *stream);

#endif
