/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single.c - to float and back. */
#include "single.h"

#include <string.h>

plimi_floats plimi_floats_of(float *at, size_t rows, size_t columns)
{
  return (plimi_floats){.at = at, .rows = rows, .columns = columns, .ld = rows};
}

plimi_floats plimi_floats_block(const plimi_floats *whole, size_t row, size_t rows, size_t column,
                                size_t columns)
{
  return (plimi_floats){
      .at = whole->at + row + column * whole->ld, .rows = rows, .columns = columns, .ld = whole->ld};
}

void plimi_round(size_t count, const double *from, float *to)
{
  for (size_t i = 0; i < count; i++)
    to[i] = (float)from[i];
}

typedef struct {
  const plimi_matrix *from;
  float *to;
} round_work;

static void round_columns(void *context, size_t task, size_t worker)
{
  const round_work *work = context;
  const size_t rows = work->from->rows, first = task * PLIMI_TILE * rows;
  (void)worker;
  plimi_round(rows * plimi_tile_extent(work->from->columns, task), work->from->at + first, work->to + first);
}

void plimi_round_matrix(plimi_team *team, const plimi_matrix *from, float *to)
{
  round_work work = {.from = from, .to = to};
  plimi_team_run(team, plimi_tiles(from->columns), round_columns, &work);
}

void plimi_widen(const plimi_floats *from, double scale, double keep, const plimi_matrix *to)
{
  for (size_t j = 0; j < to->columns; j++) {
    const float *restrict source = from->at + j * from->ld;
    double *restrict target = to->at + j * to->ld;
    if (keep == 0.0) /* whatever is there, infinite or no number at all */
      for (size_t i = 0; i < to->rows; i++)
        target[i] = scale * (double)source[i];
    else
      for (size_t i = 0; i < to->rows; i++)
        target[i] = keep * target[i] + scale * (double)source[i];
  }
}

enum { CHUNK = 512 };

void plimi_round_in_place(size_t count, double *x)
{
  double chunk[CHUNK];
  float rounded[CHUNK];
  char *to = (char *)x;
  for (size_t done = 0; done < count; done += CHUNK) {
    const size_t part = count - done < CHUNK ? count - done : CHUNK;
    memcpy(chunk, x + done, part * sizeof *chunk);
    plimi_round(part, chunk, rounded);
    memcpy(to + done * sizeof *rounded, rounded, part * sizeof *rounded);
  }
}
