/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.h - a table of text with a header, whole in memory: every record has as many fields as there are columns, and no
   two columns have one name. */
#ifndef PLIM_CLI_GRID_H
#define PLIM_CLI_GRID_H

#include <stddef.h>

typedef struct {
  const char *name; /* of the file, for messages */
  char **names;
  size_t columns, rows, room;
  char **cells;  /* row by row */
  size_t *lines; /* of each row's first */
} plimi_grid;

/* `path` - is standard input. PLIM_EXIT_DONE, or a message that names file, line and column, and an exit status. To be
   freed in any case. */
int plimi_grid_read(const char *path, plimi_grid *grid);
void plimi_grid_free(plimi_grid *grid);

#define PLIMI_NO_GRID_COLUMN ((size_t)-1)
size_t plimi_grid_find(const plimi_grid *grid, const char *name); /* or PLIMI_NO_GRID_COLUMN */
const char *plimi_grid_cell(const plimi_grid *grid, size_t row, size_t column);

#endif
