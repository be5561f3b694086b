/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.c - blocks of matrices, and the tiles that work on them is shared out by. */
#include "dense.h"

plimi_matrix plimi_matrix_of(double *at, size_t rows, size_t columns)
{
  return (plimi_matrix){.at = at, .rows = rows, .columns = columns, .ld = rows};
}

plimi_matrix plimi_matrix_block(const plimi_matrix *whole, size_t row, size_t rows, size_t column,
                                size_t columns)
{
  return (plimi_matrix){
      .at = whole->at + row + column * whole->ld, .rows = rows, .columns = columns, .ld = whole->ld};
}

plimi_matrix plimi_matrix_columns(const plimi_matrix *whole, size_t column, size_t columns)
{
  return plimi_matrix_block(whole, 0, whole->rows, column, columns);
}

size_t plimi_tiles(size_t extent)
{
  return (extent + PLIMI_TILE - 1) / PLIMI_TILE;
}

size_t plimi_tile_extent(size_t extent, size_t tile)
{
  const size_t left = extent - tile * PLIMI_TILE;
  return left < PLIMI_TILE ? left : PLIMI_TILE;
}

enum { FEWEST_TASKS = 16 };

plimi_tall_tiles plimi_tall(size_t rows, size_t columns)
{
  size_t times = PLIMI_TALLEST;
  while (times > 1 && plimi_tiles((rows + times - 1) / times) * plimi_tiles(columns) < FEWEST_TASKS)
    times /= 2;
  const size_t height = times * PLIMI_TILE;
  return (plimi_tall_tiles){.rows = height, .count = (rows + height - 1) / height};
}

size_t plimi_tall_extent(plimi_tall_tiles tall, size_t rows, size_t tile)
{
  const size_t left = rows - tile * tall.rows;
  return left < tall.rows ? left : tall.rows;
}

static size_t tasks_of_panel(size_t order, size_t tall_rows, size_t panel)
{
  const size_t below = (panel + 1) * PLIMI_TILE;
  return 1 + (below < order ? (order - below + tall_rows - 1) / tall_rows : 0);
}

size_t plimi_gram_tasks(size_t order)
{
  const size_t tall_rows = plimi_tall(order, order).rows;
  size_t tasks = 0;
  for (size_t panel = 0; panel < plimi_tiles(order); panel++)
    tasks += tasks_of_panel(order, tall_rows, panel);
  return tasks;
}

plimi_place plimi_gram_place(size_t order, size_t task)
{
  const size_t tall_rows = plimi_tall(order, order).rows;
  size_t panel = 0;
  for (size_t tasks; task >= (tasks = tasks_of_panel(order, tall_rows, panel)); panel++)
    task -= tasks;
  const size_t column = panel * PLIMI_TILE, columns = plimi_tile_extent(order, panel);
  const size_t row = task == 0 ? column : column + columns + (task - 1) * tall_rows;
  const size_t left = order - row, most = task == 0 ? columns : tall_rows;
  return (plimi_place){.row = row, .rows = left < most ? left : most, .column = column, .columns = columns};
}

void plimi_triangle_tile(size_t task, size_t *row, size_t *column)
{
  size_t i = 0;
  while ((i + 1) * (i + 2) / 2 <= task)
    i++;
  *row = i;
  *column = task - i * (i + 1) / 2;
}
