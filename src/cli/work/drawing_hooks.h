/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drawing_hooks.h - what a simulation asks of the journal, of the share and of the other ranks, replica by replica. */
#ifndef PLIM_CLI_DRAWING_HOOKS_H
#define PLIM_CLI_DRAWING_HOOKS_H

#include "work.h"

/* A pass over replicas of which some quantities are known and others, those of the pass, are not. */
typedef struct {
  const plimi_journal_place *whole; /* of all the quantities */
  const bool *lacking;              /* of them: is it one of the pass? */
  size_t quantities;                /* of them */
} plimi_completion;

/* What the hooks of one simulation know. */
typedef struct {
  plimi_campaign *campaign;
  plimi_journal_place *place;         /* or NULL */
  double work;                        /* of one replica */
  size_t drawn;                       /* so many replicas, the first, are told as progress already */
  const plimi_completion *completing; /* or NULL */
  size_t replicas, numbers;           /* of the run; of a replica */
  bool is_gathered;
  plim_size size;
  size_t fresh;   /* replicas drawn in this run, by whichever rank */
  double started; /* then */
} plimi_drawing_hooks;

/* Before a simulation of `run`, of `numbers` numbers a replica: its hooks, and all ranks enter it. `point` says what is
   simulated. */
void plimi_drawing_enter(plimi_drawing_hooks *context, const plimi_run *run, size_t numbers,
                         const char *point, plim_simulation_hooks *hooks);
/* After it came to `status`: what it came to in all ranks. */
plim_status plimi_drawing_leave(plimi_drawing_hooks *context, plim_status status);

#endif
