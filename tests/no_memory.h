/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_memory.h - what check_no_memory.c fails the allocations of: the public functions of libplim, on small problems. */
#ifndef PLIM_TEST_NO_MEMORY_H
#define PLIM_TEST_NO_MEMORY_H

#include <stddef.h>

#include "plim_status.h"

/* Numbers that one run has made, to be compared with those of another to the last bit. */
enum { MOST_NOTES = 4096 };
typedef struct {
  size_t count;
  double number[MOST_NOTES];
} notes;

/* Runs from the first allocation to the last free; returns the first status that is not PLIM_OK. */
typedef struct {
  const char *name;
  plim_status (*run)(int which, notes *made);
  int from, to; /* `which` goes over from <= which < to */
  int sampled;  /* how many of its allocations fail in make check; 0: none */
  int most;     /* and in the long tier; 0: all */
} no_memory_subject;

extern const no_memory_subject no_memory_statement[], no_memory_theory[],
    no_memory_simulation[]; /* end: no name */

void note(notes *made, double number);

#endif
