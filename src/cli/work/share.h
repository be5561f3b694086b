/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h - which replicas this process draws where it does not draw them all: those that its shard is dealt
   (--shard), those that end before the time does (--time-limit), those that its rank claims (ranks.h), or none (plim
   merge, plim status).

   Whatever is left out has zeros for samples, so that the loops over replicas need not know; it is counted as lacking,
   and nothing that was made from it may be shown. */
#ifndef PLIM_CLI_SHARE_H
#define PLIM_CLI_SHARE_H

#include "../output/journal.h"
#include "../output/output.h"
#include "plim_status.h"

typedef struct plimi_share plimi_share;

/* The share that the settings and the environment ask for; *share is NULL where it is everything. The request gets
   the number of its shard. PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_share_open(const plimi_settings *settings, plimi_output_request *request, plimi_share **share);
void plimi_share_free(plimi_share *share); /* NULL is allowed, here and below */

/* The replicas asked for next are of this place, from number `first` on new, of `work` seconds each by
   plim_replica_seconds. Places are to come in the same order in every shard. `what` says of what they are. */
void plimi_share_enter(plimi_share *share, const plimi_journal_place *place, size_t first, double work,
                       const char *what);

/* A replica that is not known: is it to be drawn here? If so, it begins on this thread, and _drew is its end there. */
bool plimi_share_draws(plimi_share *share, size_t replica);
void plimi_share_drew(plimi_share *share);
void plimi_share_knew(plimi_share *share, size_t replica);
void plimi_share_took(plimi_share *share); /* one that another rank has drawn */
/* What a run over all ranks came to that came to `status` here (see plimi_ranks_gather): its status at all. */
plim_status plimi_share_gather(plimi_share *share, plim_status status, size_t failed, double *samples,
                               bool *others);
void plimi_share_left_out(plimi_share *share, size_t replicas); /* of the place: not even asked for */

bool plimi_share_is_divided(const plimi_share *share); /* do other processes draw what is left out? */
bool plimi_share_is_over(const plimi_share *share);    /* nothing more is to be begun: the time is up */
bool plimi_share_is_late(
    plimi_share *share); /* what is under way has to be dropped as well, and is lacking */
bool plimi_share_lacks(const plimi_share *share); /* was something left out? */
plim_status plimi_share_status(const plimi_share *share,
                               plim_status status); /* PLIM_INTERRUPTED in the place of PLIM_OK if so */

bool plimi_share_is_shard(const plimi_share *share);   /* which makes no FILE, whatever it knows */
bool plimi_share_only_looks(const plimi_share *share); /* plim status: no file is written */
/* What of a run that was cut off is kept, and how it goes on: "17 finished replicas are kept in x.csv.journal: ..." */
void plimi_share_kept(const plimi_journal *journal, plimi_message *words);
const char *plimi_share_unit(const plimi_output_request *request); /* what a journal keeps: "replicas" */
/* Say what is there and what comes next, and keep it: the exit status. Where something was left out, or no FILE is to
   be made. */
int plimi_share_conclude(const plimi_share *share, plimi_journal *journal);

#endif
