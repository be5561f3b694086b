/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { LINE = 64, PAGE = 4096 };

double *plimi_arena_take(plimi_arena *arena, size_t rows, size_t columns)
{
  const size_t most = (PTRDIFF_MAX - LINE) / sizeof(double);
  if (arena->overflow || (columns != 0 && rows > most / columns)) {
    arena->overflow = true;
    return NULL;
  }
  const size_t bytes = (rows * columns * sizeof(double) + LINE - 1) / LINE * LINE;
  if (bytes > PTRDIFF_MAX - arena->used) {
    arena->overflow = true;
    return NULL;
  }
  char *at = arena->base == NULL ? NULL : arena->base + arena->used;
  arena->used += bytes;
  return (double *)(void *)at;
}

char *plimi_arena_block_alloc(size_t bytes)
{
  return aligned_alloc(PAGE, bytes == 0 ? PAGE : (bytes + PAGE - 1) / PAGE * PAGE);
}

void plimi_arena_block_free(char *base)
{
  free(base);
}
