/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h - an answer that is no rows of quantities: named columns, written as a table, CSV or JSON. */
#ifndef PLIM_CLI_SHEET_H
#define PLIM_CLI_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output.h"

typedef struct {
  const plimi_output_request *request; /* whose JSON it is */
  const char *const *names;
  size_t columns;
  plimi_cell *cells; /* row by row; their text is owned */
  size_t rows, room;
  bool without_problem;    /* JSON has none: the options did not tell it */
  const char *words;       /* what a table says below, or NULL */
  unsigned rough_column;   /* numbers that a table rounds to four digits: a bit a column */
  unsigned without_column; /* a table does without these: a bit a column */
} plimi_sheet;

void plimi_sheet_row(plimi_sheet *sheet); /* a new last row of empty cells, which the next three fill */
void plimi_sheet_put_text(plimi_sheet *sheet, size_t column, const char *text); /* copied; NULL: empty */
void plimi_sheet_put_number(plimi_sheet *sheet, size_t column, double number);  /* not finite: empty */
void plimi_sheet_put_integer(plimi_sheet *sheet, size_t column, uint64_t integer);

/* For plimi_output_request: `content` is a plimi_sheet. */
void plimi_sheet_write(const void *content, unsigned format, FILE *stream);
void plimi_sheet_free(plimi_sheet *sheet);

#endif
