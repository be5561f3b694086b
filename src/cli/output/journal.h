/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.h - finished replicas of a run with -o FILE, kept in FILE.journal until FILE stands.

   JSON lines: the first says which configuration the rest belong to, each other holds the samples of one replica,
   with the 17 digits that give the same bits back. A line torn by a kill is dropped. */
#ifndef PLIM_CLI_JOURNAL_H
#define PLIM_CLI_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "output.h"

typedef struct plimi_journal plimi_journal;

/* Which samples: the run, the quantities and penalties simulated together in it, the replica. */
typedef struct {
  size_t run;
  size_t first_quantity, quantities, first_lambda, lambdas;
  size_t replica;
} plimi_journal_key;

/* Open FILE.journal for the request's FILE. Without `resume` there must be none; with it, an older one must be of
   the same configuration, and where there is none the work begins afresh. PLIM_EXIT_DONE, or a message and an exit
   status. */
int plimi_journal_open(const plimi_output_request *request, bool resume, plimi_journal **journal);

/* The samples of `key`, quantities x lambdas of them, if they are known. */
bool plimi_journal_recall(const plimi_journal *journal, const plimi_journal_key *key, double *samples);

/* Keep samples; they are out of this process when it returns. False with a message if they cannot be written. */
bool plimi_journal_record(plimi_journal *journal, const plimi_journal_key *key, const double *samples);

size_t plimi_journal_size(const plimi_journal *journal);            /* replicas kept, now and before */
void plimi_journal_close(plimi_journal *journal, bool remove_file); /* NULL is allowed */

#endif
