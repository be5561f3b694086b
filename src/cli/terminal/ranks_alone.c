/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks_alone.c - plim without MPI: one rank, the first. */
#include "config.h"

#include <stdlib.h>

#include "ranks.h"

void plimi_ranks_begin(int *argc, char ***argv)
{
  (void)argc, (void)argv;
}

int plimi_ranks_end(int status, bool signalled)
{
  (void)signalled;
  return status;
}

bool plimi_ranks_take_part(bool all)
{
  (void)all;
  return true;
}

size_t plimi_ranks_count(void)
{
  return 1;
}

size_t plimi_ranks_here(void)
{
  return 1;
}

bool plimi_ranks_is_first(void)
{
  return true;
}

size_t plimi_ranks_threads(size_t processors)
{
  return processors;
}

int plimi_ranks_agree(int value)
{
  return value;
}

void plimi_ranks_agree_text(char **text, size_t *length)
{
  (void)text, (void)length;
}

void plimi_ranks_enter(const plimi_ranks_run *run)
{
  (void)run;
}

void plimi_ranks_lock(void)
{
}

void plimi_ranks_unlock(void)
{
}

bool plimi_ranks_claim(size_t replica)
{
  (void)replica;
  return true;
}

void plimi_ranks_drew(size_t replica, const double *samples)
{
  (void)replica, (void)samples;
}

void plimi_ranks_gather(plimi_ranks_outcome *outcome, double *samples, bool *others)
{
  (void)outcome, (void)samples, (void)others;
}

const char *plimi_ranks_library(void)
{
  return NULL;
}

bool plimi_ranks_work(plimi_message *found)
{
  plimi_message_set(found, "%s", "not built in (./configure --with-mpi)");
  return false;
}
