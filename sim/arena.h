/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.h - one block of memory cut into matrices. Private to sim/.

   The layout is written once and run twice: with base = NULL it only counts, so that the bytes a worker needs are
   known, and can be refused, before anything is allocated. Every matrix starts on a cache line. */
#ifndef PLIM_SIM_ARENA_H
#define PLIM_SIM_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  char *base;    /* NULL: count only */
  size_t used;   /* bytes */
  bool overflow; /* the sizes do not fit in memory's addresses */
} plimi_arena;

/* rows x columns numbers, not initialised; NULL while counting. */
double *plimi_arena_take(plimi_arena *arena, size_t rows, size_t columns);

/* Allocate and release the block, whole pages of its own, for they may be pinned; NULL when memory is short. */
char *plimi_arena_block_alloc(size_t bytes);
void plimi_arena_block_free(char *base);

#endif
