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
