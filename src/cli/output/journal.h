/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.h - finished replicas of a run with -o FILE, kept in FILE.journal until FILE stands.

   Lines of three kinds, each with its checksum. A header says under which configuration and on which machine the lines
   after it were written. A run says what was simulated: the point in full, the quantities, the penalties. A record
   holds the samples of one replica of a run, with the 17 digits that give the same bits back. A last line torn by a
   kill is dropped. Any other line that is spoilt is passed over, with a message that names it, and so are the records
   of a run that it declared; what they held is computed again. A file whose first line is spoilt or no header is
   refused and left as it is.

   A sample is a function of its point, its quantity, the penalties that shared its factorisation and its replica; so it
   serves any later configuration in which these come again, whatever else is asked for there. */
#ifndef PLIM_CLI_JOURNAL_H
#define PLIM_CLI_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "json_values.h"
#include "output.h"

typedef struct plimi_journal plimi_journal;

/* What is simulated together. */
typedef struct {
  const char *point; /* a text that tells problem, size, seed and everything else that shapes the samples */
  const char *const *quantities;
  size_t quantity_count;
  const double *path; /* the penalties; NULL where the numbers of a quantity are not along such a path */
  size_t length;      /* numbers of each quantity */
} plimi_journal_run;

/* Open FILE.journal for the request's FILE, of a shard FILE.shard-K-of-N.journal. Without `resume` there must be none;
   with it, an older one must be of a configuration that the present one is or adds to (see plimi_journal_compatible),
   and where there is none the work begins afresh. The request must outlive the journal. PLIM_EXIT_DONE, or a message
   and an exit status. */
int plimi_journal_open(const plimi_output_request *request, bool resume, plimi_journal **journal);

/* What the first rank has opened, at every rank: at the others without a file. PLIM_EXIT_DONE, or a message and an exit
   status. */
int plimi_journal_spread(const plimi_output_request *request, plimi_journal **journal);

/* A journal without a file: it remembers, for as long as the program runs, what is recorded with `remember`. */
plimi_journal *plimi_journal_in_memory(void);

/* The place of one run in the journal: what is kept of it there, and where more is put. To be freed first. */
typedef struct plimi_journal_place plimi_journal_place;
plimi_journal_place *plimi_journal_place_alloc(plimi_journal *journal, const plimi_journal_run *run);
void plimi_journal_place_free(plimi_journal_place *place); /* NULL is allowed */

/* Are the samples of quantity number `quantity` of the run known? */
bool plimi_journal_knows(const plimi_journal_place *place, size_t quantity, size_t replica);

/* Did a shard know all of a replica from the merged journal, which every shard sees, when it began? */
bool plimi_journal_knew(const plimi_journal_place *place, size_t replica);
size_t plimi_journal_numbers(const plimi_journal_place *place); /* samples of a replica */

/* The samples of a replica, quantity_count x length of them, if all are known: from one run or from several. */
bool plimi_journal_recall(const plimi_journal_place *place, size_t replica, double *samples);

/* Keep samples; they are out of this process when it returns, and on the disk within seconds. With `remember`, places
   allocated later know them too. False with a message if they cannot be written. */
bool plimi_journal_record(plimi_journal_place *place, size_t replica, const double *samples, bool remember);

size_t
plimi_journal_size(const plimi_journal *journal); /* replicas kept, now and before, each once at its point */
const plimi_output_request *plimi_journal_asked(const plimi_journal *journal);
const char *plimi_journal_name(const plimi_journal *journal);       /* of its file, or NULL */
void plimi_journal_close(plimi_journal *journal, bool remove_file); /* NULL is allowed */

/* ---- of shards ---- */

/* What the files of a plimi_gathering keep for the request, in one journal without a file. Each must be of a
   configuration that the present one is or adds to; samples of one replica in two of them must have the same bits.
   PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_journal_gather(const plimi_output_request *request, const plimi_gathering *files,
                         plimi_journal **journal);

/* Write what was gathered to FILE.journal, for --resume and for shards to go on from. */
int plimi_journal_keep(plimi_journal *journal);

/* The journals that stand beside `path`: its own and those of its shards, in the order of their names; to be freed, and
   each as well. */
char **plimi_journals_beside(const char *path, size_t *count);

/* The words of the command whose journal `path` is, as its last header has them, without the name of the program and
   the options that say where and how much of it: an array of texts, to be released. NULL with a message and
   *status. */
json_t *plimi_journal_command(const char *path, int *status);
/* The same command for the request, as a line for a shell that goes on from FILE.journal. */
void plimi_journal_print_command(const plimi_output_request *request, FILE *stream);

#endif
