/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct {
  plimi_team *team;
  size_t worker;
  pthread_t thread;
} member;

struct plimi_team {
  size_t size;    /* workers, the caller included */
  size_t started; /* members[1 .. started - 1] run */
  void (*begin)(void);
  member *members;
  struct plimi_queue *queue;
  pthread_mutex_t lock;
  pthread_cond_t begun, ended;
  /* under the lock */
  size_t round; /* how many pieces of work were handed out */
  size_t busy;  /* members still in this round */
  bool closing;
  /* the work of this round */
  plimi_task task;
  void *context;
  size_t count;
  atomic_size_t next;
};

static void share_tasks(plimi_team *team, size_t worker)
{
  for (;;) {
    const size_t task = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
    if (task >= team->count)
      return;
    team->task(team->context, task, worker);
  }
}

static void *serve(void *argument)
{
  const member *self = argument;
  plimi_team *team = self->team;
  size_t round = 0;
  if (team->begin != NULL)
    team->begin();
  pthread_mutex_lock(&team->lock);
  for (;;) {
    while (team->round == round && !team->closing)
      pthread_cond_wait(&team->begun, &team->lock);
    if (team->closing)
      break;
    round = team->round;
    pthread_mutex_unlock(&team->lock);
    share_tasks(team, self->worker);
    pthread_mutex_lock(&team->lock);
    if (--team->busy == 0)
      pthread_cond_signal(&team->ended);
  }
  pthread_mutex_unlock(&team->lock);
  return NULL;
}

plim_status plimi_team_alloc(size_t threads, void (*begin)(void), plimi_team **team)
{
  plimi_team *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->size = threads;
  made->started = 1;
  made->begin = begin;
  made->members = calloc(threads, sizeof *made->members);
  pthread_mutex_init(&made->lock, NULL);
  pthread_cond_init(&made->begun, NULL);
  pthread_cond_init(&made->ended, NULL);
  plim_status status = made->members == NULL ? PLIM_NO_MEMORY : PLIM_OK;
  for (size_t i = 1; i < threads && status == PLIM_OK; i++) {
    made->members[i].team = made;
    made->members[i].worker = i;
    if (pthread_create(&made->members[i].thread, NULL, serve, &made->members[i]) != 0)
      status = PLIM_NO_THREAD;
    else
      made->started++;
  }
  if (status != PLIM_OK) {
    plimi_team_free(made);
    return status;
  }
  *team = made;
  return PLIM_OK;
}

void plimi_team_free(plimi_team *team)
{
  if (team == NULL)
    return;
  pthread_mutex_lock(&team->lock);
  team->closing = true;
  pthread_cond_broadcast(&team->begun);
  pthread_mutex_unlock(&team->lock);
  for (size_t i = 1; i < team->started; i++)
    pthread_join(team->members[i].thread, NULL);
  pthread_cond_destroy(&team->ended);
  pthread_cond_destroy(&team->begun);
  pthread_mutex_destroy(&team->lock);
  free(team->members);
  free(team);
}

size_t plimi_team_size(const plimi_team *team)
{
  return team->size;
}

void plimi_team_equip(plimi_team *team, struct plimi_queue *queue)
{
  team->queue = queue;
}

struct plimi_queue *plimi_team_queue(const plimi_team *team)
{
  return team->queue;
}

void plimi_team_run(plimi_team *team, size_t count, plimi_task task, void *context)
{
  if (team->size == 1 || count <= 1) {
    for (size_t i = 0; i < count; i++)
      task(context, i, 0);
    return;
  }
  pthread_mutex_lock(&team->lock);
  team->task = task;
  team->context = context;
  team->count = count;
  atomic_store(&team->next, 0);
  team->busy = team->size - 1;
  team->round++;
  pthread_cond_broadcast(&team->begun);
  pthread_mutex_unlock(&team->lock);
  share_tasks(team, 0);
  pthread_mutex_lock(&team->lock);
  while (team->busy > 0)
    pthread_cond_wait(&team->ended, &team->lock);
  pthread_mutex_unlock(&team->lock);
}
