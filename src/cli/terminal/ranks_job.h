/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks_job.h - messages between ranks; for ranks_mpi.c and ranks_run.c.

   All go to rank 0, which answers, or from it to all. Each says at which step of the job its sender is, so that ranks
   which lost each other are found out instead of waiting for ever. Whoever waits sleeps in between: MPI's own waiting
   takes a whole core. */
#ifndef PLIM_CLI_RANKS_JOB_H
#define PLIM_CLI_RANKS_JOB_H

#include <stdint.h>

#include <mpi.h>

#include "ranks.h"

typedef enum {
  PLIMI_RANKS_CLAIM = 1, /* more replicas, please: answered by _REPLY, two numbers */
  PLIMI_RANKS_RESULT,    /* what was drawn follows */
  PLIMI_RANKS_DONE,      /* nothing more to draw */
  PLIMI_RANKS_ASK,       /* what does the first rank say? */
  PLIMI_RANKS_END,       /* of the program; its last words follow */
  PLIMI_RANKS_REPLY
} plimi_ranks_kind;

typedef struct {
  uint64_t step, place; /* place: a sum of what the run is of */
  plimi_ranks_outcome outcome;
  int signal;
} plimi_ranks_head;

typedef struct {
  MPI_Comm all;
  int rank, size;
  bool joined, together;
  int here, sharers,
      place; /* ranks on this machine; those on the same processors, and which of them this is */
  char (*hosts)[MPI_MAX_PROCESSOR_NAME];
  uint64_t step;
} plimi_ranks_job;
extern plimi_ranks_job plimi_ranks_of;

/* A message with `bytes` bytes at `more` behind its head, to the first rank. */
void plimi_ranks_send(plimi_ranks_kind kind, const plimi_ranks_head *head, const void *more, size_t bytes);
/* At the first rank: one that has come, if any has; *more is to be freed, and ends in a 0. */
bool plimi_ranks_receive(plimi_ranks_kind *kind, int *from, plimi_ranks_head *head, char **more,
                         size_t *bytes);
void plimi_ranks_wait(MPI_Request *request);
/* From the first rank to all. */
void plimi_ranks_spread(void *bytes, size_t count);
void plimi_ranks_nap(double seconds);

/* A rank is not where it should be: the end of the job. */
void plimi_ranks_lost(plimi_ranks_kind kind, int rank, const char *last_words) __attribute__((noreturn));

#endif
