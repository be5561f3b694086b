/* SPDX-License-Identifier: GPL-3.0-or-later */
/* team.h - a few threads that share out numbered tasks. Private to sim/.

   The tasks of a piece of work are fixed by its sizes, never by the number of threads, and each task writes a place
   of its own: what is computed does not depend on who computes it. */
#ifndef PLIM_SIM_TEAM_H
#define PLIM_SIM_TEAM_H

#include <stddef.h>

#include "plim_status.h"

typedef struct plimi_team plimi_team;

/* `task` runs on one of the team's workers, 0 <= worker < plimi_team_size. */
typedef void (*plimi_task)(void *context, size_t task, size_t worker);

/* A team of `threads` workers, the caller being one of them; each of the others calls `begin` first (NULL:
   nothing). PLIM_NO_MEMORY; PLIM_FAILED if the system gives no thread. */
plim_status plimi_team_alloc(size_t threads, void (*begin)(void), plimi_team **team) PLIM_MUST_CHECK;
void plimi_team_free(plimi_team *team); /* NULL is allowed */
size_t plimi_team_size(const plimi_team *team);

/* The device that takes large operations off the team; NULL, as it begins: there is none. */
struct plimi_queue;
void plimi_team_equip(plimi_team *team, struct plimi_queue *queue);
struct plimi_queue *plimi_team_queue(const plimi_team *team);

/* Run tasks 0 .. count - 1 and return when all are done. Called by one thread at a time. */
void plimi_team_run(plimi_team *team, size_t count, plimi_task task, void *context);

#endif
