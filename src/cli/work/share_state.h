/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_state.h - what a share is, for share.c and share_end.c. */
#ifndef PLIM_CLI_SHARE_STATE_H
#define PLIM_CLI_SHARE_STATE_H

#include "share.h"

typedef enum {
  PLIMI_SHARE_TIMED,
  PLIMI_SHARE_DEALT,
  PLIMI_SHARE_GATHERED
} plimi_share_kind; /* all while there is time, a shard, none */

/* How long replicas of one cost took. */
typedef struct {
  double work, slowest;
} plimi_pace;

/* What was seen of a size, or of a claim. */
typedef struct {
  char *what;
  size_t known, lacking;
  double work; /* of what is lacking */
} plimi_tally;

struct plimi_share {
  const plimi_output_request *request;
  plimi_share_kind kind;
  bool only_looks;
  size_t number, of; /* PLIMI_SHARE_DEALT: from 0 */
  double deadline;   /* of plimi_now; INFINITY: none */
  double *load;      /* by shard: what it was dealt */
  /* the present place */
  const plimi_journal_place *place;
  size_t first, at; /* at: of the tallies */
  double work;
  bool *ours; /* by replica, `dealt` of them */
  size_t dealt, room;
  /* what was seen */
  plimi_pace *paces;
  size_t pace_count;
  plimi_tally *tallies;
  size_t tally_count, lacking, drawn;
  double needed,
      had; /* where time was up before anything was drawn: what the first replica would have taken */
  bool is_over;
};

#endif
