/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wide_grid.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal/message.h"

static const char *const part_names[] = {"value", "error", "status", "verdict", "margin"};

const char *plimi_wide_part(size_t part)
{
  return part_names[part];
}

/* Are the columns from `at` those of one quantity? */
static bool is_group(const char *const *names, size_t count, size_t at, size_t parts)
{
  const size_t length = at < count ? strlen(names[at]) : 0;
  if (length == 0 || at + parts > count)
    return false;
  for (size_t p = 1; p < parts; p++) {
    const char *name = names[at + p];
    if (strncmp(name, names[at], length) != 0 || name[length] != '_' ||
        strcmp(name + length + 1, part_names[p]) != 0)
      return false;
  }
  return true;
}

bool plimi_wide_find(const char *const *names, size_t count, plimi_wide_layout *layout)
{
  size_t first = 0;
  while (first < count && !is_group(names, count, first, 3))
    first++;
  if (first == count)
    return false;
  *layout = (plimi_wide_layout){first, is_group(names, count, first, PLIMI_MOST_WIDE_PARTS) ? 5 : 3, 0};
  for (size_t at = first; at < count; at += layout->parts, layout->count++)
    if (!is_group(names, count, at, layout->parts))
      return false;
  return true;
}

/* The cells that tell the point, then what the quantity has. */
static void take_row(plimi_grid *to, const plimi_grid *from, size_t row, const plimi_wide_layout *layout,
                     size_t quantity)
{
  const size_t at = layout->first + quantity * layout->parts;
  char **cells = &to->cells[to->rows * to->columns];
  cells[0] = plimi_copy(from->names[at]);
  for (size_t c = 0; c < layout->first; c++)
    cells[1 + c] = plimi_copy(plimi_grid_cell(from, row, c));
  for (size_t p = 0; p < layout->parts; p++)
    cells[1 + layout->first + p] = plimi_copy(plimi_grid_cell(from, row, at + p));
  to->lines[to->rows++] = from->lines[row];
}

void plimi_grid_lengthen(plimi_grid *grid)
{
  plimi_wide_layout layout;
  if (grid->columns == 0 || strcmp(grid->names[0], "source") != 0 ||
      !plimi_wide_find((const char *const *)grid->names, grid->columns, &layout))
    return;
  plimi_grid made = {.name = grid->name, .columns = 1 + layout.first + layout.parts};
  made.room = grid->rows * layout.count;
  made.names = plimi_allocate(made.columns, sizeof *made.names);
  made.cells = plimi_allocate(made.room * made.columns, sizeof *made.cells);
  made.lines = plimi_allocate(made.room, sizeof *made.lines);
  made.names[0] = plimi_copy("quantity");
  for (size_t c = 0; c < layout.first; c++)
    made.names[1 + c] = plimi_copy(grid->names[c]);
  for (size_t p = 0; p < layout.parts; p++)
    made.names[1 + layout.first + p] = plimi_copy(part_names[p]);
  for (size_t row = 0; row < grid->rows; row++)
    for (size_t q = 0; q < layout.count; q++)
      if (plimi_grid_cell(grid, row, layout.first + q * layout.parts + 2)[0] != '\0') /* it has a status */
        take_row(&made, grid, row, &layout, q);
  plimi_grid_free(grid);
  *grid = made;
}
