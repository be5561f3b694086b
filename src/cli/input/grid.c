/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "grid.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal/message.h"
#include "../options/records.h"

enum { MOST_COLUMNS = 1000 };

static int read_header(plimi_records *records, plimi_grid *grid)
{
  const char *const *fields;
  size_t count;
  const int status = plimi_records_next(records, &fields, &count);
  if (status != PLIM_EXIT_DONE)
    return status;
  if (count == 0)
    return plimi_records_refuse(records, 0, "no header: the first line names the columns");
  if (count > MOST_COLUMNS)
    return plimi_records_refuse(records, MOST_COLUMNS, "%zu columns; at most %d are read", count,
                                (int)MOST_COLUMNS);
  grid->names = plimi_allocate(count, sizeof *grid->names);
  for (size_t i = 0; i < count; i++) {
    if (fields[i][0] == '\0')
      return plimi_records_refuse(records, i, "column %zu has no name", i + 1);
    if (plimi_grid_find(grid, fields[i]) != PLIMI_NO_GRID_COLUMN)
      return plimi_records_refuse(records, i, "column %s comes twice", fields[i]);
    grid->names[grid->columns++] = plimi_copy(fields[i]);
  }
  return PLIM_EXIT_DONE;
}

static void add_row(plimi_grid *grid, const char *const *fields, size_t line)
{
  if (grid->rows == grid->room) {
    grid->room = 2 * grid->room + 64;
    grid->cells = plimi_reallocate(grid->cells, grid->room * grid->columns, sizeof *grid->cells);
    grid->lines = plimi_reallocate(grid->lines, grid->room, sizeof *grid->lines);
  }
  for (size_t c = 0; c < grid->columns; c++)
    grid->cells[grid->rows * grid->columns + c] = plimi_copy(fields[c]);
  grid->lines[grid->rows++] = line;
}

int plimi_grid_read(const char *path, plimi_grid *grid)
{
  plimi_records *records = NULL;
  const char *const *fields;
  size_t count = 1;
  *grid = (plimi_grid){.name = strcmp(path, "-") == 0 ? "standard input" : path};
  int status = plimi_records_open(path, false, &records);
  if (status == PLIM_EXIT_DONE)
    status = read_header(records, grid);
  while (status == PLIM_EXIT_DONE && count > 0) {
    status = plimi_records_next(records, &fields, &count);
    if (status == PLIM_EXIT_DONE && count > 0 && count != grid->columns)
      status = plimi_records_refuse(records, count < grid->columns ? count - 1 : grid->columns,
                                    "%zu fields where the header names %zu columns", count, grid->columns);
    else if (status == PLIM_EXIT_DONE && count > 0)
      add_row(grid, fields, plimi_records_line(records));
  }
  plimi_records_close(records);
  return status;
}

void plimi_grid_free(plimi_grid *grid)
{
  for (size_t i = 0; i < grid->columns; i++)
    free(grid->names[i]);
  for (size_t i = 0; i < grid->rows * grid->columns; i++)
    free(grid->cells[i]);
  free(grid->names);
  free(grid->cells);
  free(grid->lines);
}

size_t plimi_grid_find(const plimi_grid *grid, const char *name)
{
  for (size_t i = 0; i < grid->columns; i++)
    if (strcmp(grid->names[i], name) == 0)
      return i;
  return PLIMI_NO_GRID_COLUMN;
}

const char *plimi_grid_cell(const plimi_grid *grid, size_t row, size_t column)
{
  return grid->cells[row * grid->columns + column];
}
