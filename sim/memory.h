/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.h - how much memory a run may still take. Private to sim/. */
#ifndef PLIM_SIM_MEMORY_H
#define PLIM_SIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of address space that a thread which calls OpenBLAS takes besides the arena: the buffer of its products
   (BUFFER_SIZE of x86-64, 32 MiB << 2, the largest of its processors; touched only in part), and its stack. */
enum { PLIMI_BLAS_BUFFER = 128 << 20, PLIMI_THREAD_STACK = 8 << 20 };

/* Is there memory for so many bytes, and address space for them and for so many threads that call OpenBLAS? */
bool plimi_memory_fits(double bytes, size_t threads);

#endif
