/* SPDX-License-Identifier: GPL-3.0-or-later */
/* difference.h - which numbers of a table moved from one file to another, beyond their errors. */
#ifndef PLIM_CLI_DIFFERENCE_H
#define PLIM_CLI_DIFFERENCE_H

#include <stdbool.h>

#include "../input/grid.h"
#include "../terminal/message.h"

typedef enum {
  PLIMI_CHANGE_MOVED,   /* a number, beyond its errors */
  PLIMI_CHANGE_WORD,    /* a word: status, verdict */
  PLIMI_CHANGE_MISSING, /* a row of the first file alone */
  PLIMI_CHANGE_EXTRA    /* a row of the second alone */
} plimi_change;

/* What became of one cell of two rows that are about the same, or of a row. */
typedef struct {
  plimi_change change;
  size_t row_a, row_b;      /* of the grids; that of a file that has none is not read */
  const char *column;       /* NULL: of a row */
  const char *a, *b;        /* as they stand there; NULL: of a row */
  double difference, error; /* b - a, and how large it may be by the errors of both; NAN: unknown */
  double
      p; /* chance of one as large where the errors are standard errors; NAN: they are bounds, or there are none */
} plimi_moved;

typedef struct {
  const plimi_grid *a, *b;
  const char *ignored; /* names of columns that are left aside, with commas between, or NULL */
  double level;        /* chance that any number is said to have moved by chance, in the whole table */
  /* the answer */
  plimi_moved *moved;
  size_t count, room;
  size_t pairs;          /* rows that both files have */
  size_t numbers, equal; /* numbers in them, and how many have the same bits */
  /* what it is made of */
  size_t *columns_a, *columns_b; /* those that tell rows apart, in both files */
  bool *varies;
  size_t column_count;
  size_t tested; /* numbers with standard errors */
} plimi_difference;

/* PLIM_EXIT_DONE, or a message and PLIM_EXIT_USAGE. To be freed in any case. */
int plimi_difference_find(plimi_difference *difference);
void plimi_difference_free(plimi_difference *difference);

/* What tells the row of such a change from others: "quantity=risk1 d=40". */
void plimi_difference_row(const plimi_difference *difference, const plimi_moved *moved, plimi_message *words);

#endif
