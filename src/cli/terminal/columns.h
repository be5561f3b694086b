/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h - text in aligned columns. */
#ifndef PLIM_CLI_COLUMNS_H
#define PLIM_CLI_COLUMNS_H

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
void plimi_columns_print(const plimi_columns *columns, const char *indent, FILE *stream);
void plimi_columns_free(plimi_columns *columns);

/* How long lines may be: COLUMNS where the environment has a number from 20 on, else the width of the terminal that
   standard output is, else 100. */
size_t plimi_line_width(void);

/* Words with blanks between, broken into lines of at most `width` characters after `indent` blanks; the first
   line begins at character `at`. Ends in a line break. */
void plimi_print_wrapped(const char *text, size_t at, size_t indent, size_t width, FILE *stream);

#endif
