/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_table.c - the rows of a figure, read back from its file. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../options/records.h"
#include "../terminal/message.h"
#include "figure_curves.h"

static char **copy_fields(const char *const *fields, size_t count)
{
  char **copies = plimi_allocate(count, sizeof *copies);
  for (size_t i = 0; i < count; i++)
    copies[i] = plimi_copy(fields[i]);
  return copies;
}

static void add_row(plimi_figure_table *table, const char *const *fields)
{
  if (table->count == table->room) {
    table->room = 2 * table->room + 64;
    table->rows = plimi_reallocate(table->rows, table->room, sizeof *table->rows);
  }
  table->rows[table->count++] = copy_fields(fields, table->columns);
}

int plimi_figure_table_read(const char *path, plimi_figure_table *table)
{
  plimi_records *records;
  const char *const *fields;
  size_t count;
  *table = (plimi_figure_table){.header = NULL};
  int status = plimi_records_open(path, false, &records);
  if (status != PLIM_EXIT_DONE)
    return status;
  status = plimi_records_next(records, &fields, &count);
  if (status == PLIM_EXIT_DONE) {
    table->columns = count;
    table->header = copy_fields(fields, count);
  }
  while (status == PLIM_EXIT_DONE &&
         (status = plimi_records_next(records, &fields, &count)) == PLIM_EXIT_DONE && count > 0) {
    if (count == table->columns)
      add_row(table, fields);
    else
      status = plimi_records_refuse(records, 0, "%zu fields, and %zu columns", count, table->columns);
  }
  plimi_records_close(records);
  return status;
}

void plimi_figure_table_free(plimi_figure_table *table)
{
  for (size_t i = 0; i < table->columns && table->header != NULL; i++)
    free(table->header[i]);
  for (size_t row = 0; row < table->count; row++) {
    for (size_t i = 0; i < table->columns; i++)
      free(table->rows[row][i]);
    free(table->rows[row]);
  }
  free(table->header);
  free(table->rows);
}

const char *plimi_figure_cell(const plimi_figure_table *table, size_t row, const char *column)
{
  for (size_t i = 0; i < table->columns; i++)
    if (strcmp(table->header[i], column) == 0)
      return table->rows[row][i];
  return "";
}

double plimi_figure_number(const plimi_figure_table *table, size_t row, const char *column)
{
  const char *text = plimi_figure_cell(table, row, column);
  char *end;
  const double number = strtod(text, &end);
  return end != text && *end == '\0' ? number : NAN;
}
