/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.h - tables of reference values for the tests: tests/data/NAME.csv, a header and then rows of cells. */
#ifndef PLIM_TEST_REFERENCE_H
#define PLIM_TEST_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_activation.h"
#include "plim_problem.h"
#include "plim_quantity.h"

enum { REFERENCE_MAX_COLUMNS = 64, REFERENCE_MAX_ROWS = 512 };

typedef struct {
  char *text; /* the file, cut up in place */
  size_t rows, columns;
  const char *header[REFERENCE_MAX_COLUMNS];
  const char *cell[REFERENCE_MAX_ROWS][REFERENCE_MAX_COLUMNS];
} reference_table;

/* Abort the test if the file is missing or ragged. `name` is relative to tests/data. */
reference_table *reference_table_read(const char *name);
void reference_table_free(reference_table *table);

/* The text of a cell, NULL if there is no such column; its number, which must be one. */
const char *reference_text(const reference_table *table, size_t row, const char *column);
double reference_number(const reference_table *table, size_t row, const char *column);

/* The problem of a row, whose columns are named as the members of plim_problem. Columns that are absent keep
   plim_problem_default's value. Release it with problem_clear. */
plim_problem reference_problem(const reference_table *table, size_t row);

/* Check every cell of these quantities in tests/data/NAME.csv: to TOLERANCE_REFERENCE, within the limit's own
   error bound, and that bound below TOLERANCE_BOUND. `least` is the number of cells there must be: a test that
   compares nothing fails. Empty cells say that the statement makes no prediction there and are skipped. */
void reference_check(const char *name, const plim_quantity *quantities, size_t count, size_t least);

#endif
