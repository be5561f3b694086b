/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_descents.c - descents for reading: how the loss fell and the weights moved; the paths are for CSV and JSON. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

static bool is(const plimi_row *row, const char *quantity)
{
  return strcmp(row->cells[PLIMI_QUANTITY].is.text, quantity) == 0;
}

/* Its first row is the loss, before any step or of no step at all. */
static bool begins_descent(const plimi_row *row)
{
  const plimi_cell *steps = &row->cells[PLIMI_STEPS];
  return is(row, "loss") && (steps->kind == PLIMI_CELL_EMPTY || steps->is.integer == 0);
}

static void print_heading(const plimi_row *row, FILE *stream)
{
  plimi_row heading = *row;
  heading.cells[PLIMI_STEPS].kind = PLIMI_CELL_EMPTY;
  plimi_table_heading(&heading, row->cells[PLIMI_SCALING].is.text, NULL, stream);
}

/* Rows first ... end - 1: loss, moved, in_plane in turn, then what stands in no table. */
static void print_descent(const plimi_row *rows, size_t count, FILE *stream)
{
  plimi_columns columns = {.columns = 4};
  if (rows->cells[PLIMI_VALUE].kind == PLIMI_CELL_EMPTY) {
    fprintf(stream, "loss: (%s)\n", rows->cells[PLIMI_STATUS].is.text);
    return;
  }
  plimi_columns_add(&columns, "steps");
  plimi_columns_add(&columns, "loss");
  plimi_columns_add(&columns, "|W - W0|/|W0|");
  plimi_columns_add(&columns, "share in the plane");
  for (size_t i = 0; i < count && is(&rows[i], "loss"); i += 3) {
    plimi_columns_addf(&columns, "%" PRIu64, rows[i].cells[PLIMI_STEPS].is.integer);
    for (size_t k = 0; k < 3; k++)
      plimi_columns_addf(&columns, "%.6g", rows[i + k].cells[PLIMI_VALUE].is.number);
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

void plimi_table_print_descents(const plimi_table *table, FILE *stream)
{
  for (size_t first = 0, end; first < table->count; first = end) {
    end = first + 1;
    while (end < table->count && !begins_descent(&table->rows[end]))
      end++;
    if (first > 0)
      fputc('\n', stream);
    print_heading(&table->rows[first], stream);
    print_descent(&table->rows[first], end - first, stream);
  }
}
