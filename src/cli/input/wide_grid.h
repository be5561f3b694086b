/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide_grid.h - what --wide wrote: one row a point, of each quantity its value, error and status beside each other. */
#ifndef PLIM_CLI_WIDE_GRID_H
#define PLIM_CLI_WIDE_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "grid.h"

enum { PLIMI_MOST_WIDE_PARTS = 5 };

/* The quantities of a wide header. */
typedef struct {
  size_t first; /* column of the first quantity's value; from there on there is nothing else */
  size_t parts; /* 3: value, error, status; 5: and verdict, margin */
  size_t count;
} plimi_wide_layout;

/* Do the columns from some place on, up to the end, come in such groups (risk1, risk1_error, risk1_status)? */
bool plimi_wide_find(const char *const *names, size_t count, plimi_wide_layout *layout);
const char *plimi_wide_part(size_t part); /* "value", "error", "status", "verdict", "margin" */

/* Make a wide grid a long one, a row a point and quantity, without the columns that a wide file does not have. Leaves
   any other as it is. */
void plimi_grid_lengthen(plimi_grid *grid);

#endif
