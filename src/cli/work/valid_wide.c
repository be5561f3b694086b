/* SPDX-License-Identifier: GPL-3.0-or-later */
/* valid_wide.c - is a wide CSV what --wide writes? Each quantity of a row is held to the rules of a row of its own. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../input/wide_grid.h"
#include "../output/row.h"
#include "difference.h"
#include "validity.h"

/* The columns that tell points apart: all that rows of quantities have, and may be those of a descent; then, beside
   verdicts, whatever plim judge took from its table. */
static bool is_header(const plimi_grid *grid, const plimi_wide_layout *layout, plimi_message *why)
{
  size_t at = 0;
  for (int c = 0; c < PLIMI_COLUMN_COUNT; c++) {
    const char *name = plimi_column_name((plimi_column)c);
    const bool here = at < layout->first && strcmp(grid->names[at], name) == 0;
    const bool needed = plimi_column_tells_points((plimi_column)c, PLIMI_OF_QUANTITIES);
    if (here && plimi_column_tells_points((plimi_column)c, PLIMI_OF_DESCENT)) {
      at++;
    } else if (needed) {
      plimi_message_set(why, "column %zu is '%s', where %s belongs", at + 1, grid->names[at], name);
      return false;
    }
  }
  if (at < layout->first && layout->parts < PLIMI_MOST_WIDE_PARTS)
    plimi_message_set(why, "plim has no column '%s'", grid->names[at]);
  return at == layout->first || layout->parts == PLIMI_MOST_WIDE_PARTS;
}

/* One quantity of one row, as the row that a long file has. */
static bool is_quantity_valid(const plimi_grid *grid, size_t row, const plimi_wide_layout *layout, size_t q,
                              plimi_message *why)
{
  const size_t at = layout->first + q * layout->parts, fixed = 3;
  const size_t count = fixed + layout->first + layout->parts;
  size_t wrong = 0;
  bool filled = false, ok = true;
  plimi_message reason;
  plimi_entry *entries = plimi_allocate(count, sizeof *entries);
  entries[0] = (plimi_entry){"quantity", grid->names[at], PLIMI_ENTRY_PLAIN};
  entries[1] = (plimi_entry){"ci_low", "", PLIMI_ENTRY_PLAIN};
  entries[2] = (plimi_entry){"ci_high", "", PLIMI_ENTRY_PLAIN};
  for (size_t c = 0; c < layout->first; c++)
    entries[fixed + c] = (plimi_entry){grid->names[c], plimi_grid_cell(grid, row, c), PLIMI_ENTRY_PLAIN};
  for (size_t p = 0; p < layout->parts; p++) {
    const char *cell = plimi_grid_cell(grid, row, at + p);
    entries[fixed + layout->first + p] = (plimi_entry){plimi_wide_part(p), cell, PLIMI_ENTRY_PLAIN};
    filled = filled || cell[0] != '\0';
  }
  if (filled && !plimi_row_is_valid(PLIMI_TABLE_ROWS, entries, count, &wrong, &reason)) {
    ok = false;
    const size_t column = wrong < fixed                   ? at
                          : wrong < fixed + layout->first ? wrong - fixed
                                                          : at + wrong - fixed - layout->first;
    plimi_message_set(why, "column %s: %s", grid->names[column], reason.text);
  }
  free(entries);
  return ok;
}

/* No two rows of one point. */
static int check_points(plimi_grid *grid)
{
  plimi_difference difference = {.a = grid, .b = grid, .level = 0.0};
  plimi_grid_lengthen(grid);
  const int status = plimi_difference_find(&difference);
  plimi_difference_free(&difference);
  return status;
}

int plimi_validate_wide(const char *path, size_t *rows)
{
  plimi_grid grid;
  plimi_wide_layout layout;
  plimi_message why = {.text = ""};
  int status = plimi_grid_read(path, &grid);
  *rows = grid.rows;
  if (status == PLIM_EXIT_DONE && !(plimi_wide_find((const char *const *)grid.names, grid.columns, &layout) &&
                                    is_header(&grid, &layout, &why))) {
    plimi_complain("%s:1: %s", grid.name,
                   why.text[0] != '\0'
                       ? why.text
                       : "the last columns are not those of quantities: X, X_error, X_status");
    status = PLIM_EXIT_USAGE;
  }
  for (size_t row = 0; status == PLIM_EXIT_DONE && row < grid.rows; row++)
    for (size_t q = 0; status == PLIM_EXIT_DONE && q < layout.count; q++)
      if (!is_quantity_valid(&grid, row, &layout, q, &why)) {
        plimi_complain("%s:%zu: %s", grid.name, grid.lines[row], why.text);
        status = PLIM_EXIT_USAGE;
      }
  if (status == PLIM_EXIT_DONE)
    status = check_points(&grid);
  plimi_grid_free(&grid);
  return status;
}
