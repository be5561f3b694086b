/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.h - how much memory a run may still take. Private to sim/. */
#ifndef PLIM_SIM_MEMORY_H
#define PLIM_SIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of address space of a thread's stack, which comes to PLIM_SIMULATION_BLAS_BUFFER. */
enum { PLIMI_THREAD_STACK = 8 << 20 };

/* Bytes that there is memory for, and address space besides that of so many threads that call OpenBLAS; INFINITY where
   nothing says so. */
double plimi_memory_free(size_t threads);

/* Is it so many? */
bool plimi_memory_fits(double bytes, size_t threads);

#endif
