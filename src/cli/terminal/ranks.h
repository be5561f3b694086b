/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks.h - the processes of one MPI job (./configure --with-mpi; mpirun -n 4 plim ...), and how they share replicas.

   Every rank runs the same command and comes to the same places in the same order, since all that decides where it goes
   is the same everywhere: options, the journal's replicas, and after each run the samples of all. Rank 0 hands out
   replicas while it draws some itself, and alone reads and writes journals and files and says anything. What happens to
   a rank (a failure, a signal, the end of its time) is told to all at the end of a run.

   ranks_mpi.c is the one file that knows MPI; ranks_alone.c stands in its place without it. */
#ifndef PLIM_CLI_RANKS_H
#define PLIM_CLI_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

/* Join the job, where the environment says that there is one. Other ranks than the first say nothing from then on. */
void plimi_ranks_begin(int *argc, char ***argv);
/* The end of the program, whose exit status `status` is: that of the first rank is the job's. Where the ranks are not
   all at their end, or `signalled` is about to end this one, the job is ended and not waited for. */
int plimi_ranks_end(int status, bool signalled);

/* Say whether the command that follows is one that all ranks work on; false: the first is then alone, and whether this
   is that one is what comes back. */
bool plimi_ranks_take_part(bool all);

size_t plimi_ranks_count(void);  /* that work on this command: 1 without MPI, and where one is alone */
size_t plimi_ranks_here(void);   /* of them on this machine */
bool plimi_ranks_is_first(void); /* who reads and writes files; true without MPI */
/* The threads for this rank, where `processors` are those that it may use: its part of them, where others on this
   machine may use the same. */
size_t plimi_ranks_threads(size_t processors);

/* What the first rank says, at every rank. */
int plimi_ranks_agree(int value);
/* The same of a text of any bytes, which others than the first get allocated. */
void plimi_ranks_agree_text(char **text, size_t *length);

/* A run: numbered replicas of `numbers` numbers each, that take `work` seconds, roughly. */
typedef struct {
  size_t replicas, numbers;
  double work;
  size_t threads;   /* of this rank */
  const char *what; /* is the same at all ranks, or they have lost each other */
  /* At the first rank, under the lock, from any thread: what another rank has drawn. False ends the run. */
  bool (*take)(void *context, size_t replica, const double *samples);
  void *context;
} plimi_ranks_run;

/* How a run ended, here or in all. */
typedef struct {
  int status;         /* plim_status */
  size_t failed;      /* the lowest replica that failed, where one did; else the number of replicas */
  bool is_over;       /* the time is up, */
  double needed, had; /* and how so */
} plimi_ranks_outcome;

/* Enter a run; what follows up to _gather is of it. Between _lock and _unlock `take` is not called. */
void plimi_ranks_enter(const plimi_ranks_run *run);
void plimi_ranks_lock(void);
void plimi_ranks_unlock(void);
/* Under the lock, once for each replica that is not known, and so for the same ones at every rank: is it for this one
   to draw? Then _drew is to follow with what came of it. Outside a run it is. */
bool plimi_ranks_claim(size_t replica);
void plimi_ranks_drew(size_t replica, const double *samples);
/* The end of the run here, without the lock. *outcome becomes that of all; where its status is PLIM_OK and time is not
   over, the samples of all replicas that were claimed are put in, and `replicas` of them are marked in `others` (NULL:
   do not) that were drawn elsewhere. */
void plimi_ranks_gather(plimi_ranks_outcome *outcome, double *samples, bool *others);

/* The name and version of the MPI that plim was built with; NULL: without. */
const char *plimi_ranks_library(void);
/* Does it work? What was found, in words. */
bool plimi_ranks_work(plimi_message *found);

#endif
