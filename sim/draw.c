/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw.c - the replicas of somebody's own experiment over the threads given.

   Replicas are handed out in order. After a failure those below the one that failed are still drawn, so the failure
   that is reported is that of the lowest replica, whatever the number of threads. */
#include "plim_draw.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dense.h"
#include "memory.h"
#include "stream.h"
#include "team.h"

typedef struct {
  const plim_draws *draws;
  const plim_simulation_hooks *hooks;
  double *samples;
  pthread_mutex_t lock;
  /* under the lock */
  plim_status status;
  bool by_replica; /* the status is that of a replica, failure.replica */
  plim_draw_failure failure;
} run;

/* Should replica `number` be drawn? Not when the run has failed below it, remembers it, or is cancelled. */
static bool is_due(run *work, size_t number, double *values)
{
  const plim_simulation_hooks *hooks = work->hooks;
  bool due = false;
  pthread_mutex_lock(&work->lock);
  if (work->status == PLIM_OK || (work->by_replica && number < work->failure.replica))
    due = hooks == NULL || hooks->recall == NULL || !hooks->recall(hooks->context, number, values);
  if (due && work->status == PLIM_OK && hooks != NULL && hooks->cancelled != NULL &&
      hooks->cancelled(hooks->context)) {
    work->status = PLIM_INTERRUPTED;
    due = false;
  }
  pthread_mutex_unlock(&work->lock);
  return due;
}

static void fail(run *work, plim_status status, plim_draw_failure failure)
{
  const bool first = work->status == PLIM_OK;
  if (!first && !(work->by_replica && failure.replica < work->failure.replica))
    return;
  work->status = status;
  work->by_replica = true;
  work->failure = failure;
}

static void keep(run *work, size_t number, const double *values)
{
  const plim_simulation_hooks *hooks = work->hooks;
  if (hooks == NULL || hooks->record == NULL || hooks->record(hooks->context, number, values))
    return;
  if (work->status == PLIM_OK || work->by_replica) {
    work->status = PLIM_FAILED;
    work->by_replica = false;
  }
}

static void draw_replica(void *context, size_t number, size_t worker)
{
  run *work = context;
  const plim_draws *draws = work->draws;
  double *values = work->samples + number * draws->values;
  (void)worker;
  if (!is_due(work, number, values))
    return;
  for (size_t i = 0; i < draws->values; i++)
    values[i] = NAN; /* what is not written is not a value */
  plim_stream stream = plim_stream_named(draws->seed, draws->d, (uint32_t)number, 0);
  const int returned = (int)draws->draw(draws->context, draws->d, number, &stream, values);
  plim_status status = returned >= 0 && returned < PLIM_STATUS_COUNT ? (plim_status)returned : PLIM_FAILED;
  size_t value = draws->values;
  for (size_t i = draws->values; i-- > 0 && returned == PLIM_OK;)
    value = isfinite(values[i]) ? value : i;
  if (value < draws->values)
    status = PLIM_NOT_FINITE;
  pthread_mutex_lock(&work->lock);
  if (status == PLIM_OK)
    keep(work, number, values);
  else
    fail(work, status, (plim_draw_failure){.replica = number, .value = value, .returned = returned});
  pthread_mutex_unlock(&work->lock);
}

static plim_status check(const plim_draws *draws)
{
  if (draws->draw == NULL || draws->values == 0 || draws->replicas == 0 || draws->threads == 0)
    return PLIM_INVALID;
  if (draws->replicas - 1 > PLIMI_STREAM_MAX_REPLICA)
    return PLIM_INVALID;
  return draws->values > PTRDIFF_MAX / sizeof(double) / draws->replicas ? PLIM_OVERFLOW : PLIM_OK;
}

/* No more than there are replicas, nor than there is address space for, should they call OpenBLAS. */
static size_t threads_for(const plim_draws *draws, size_t bytes)
{
  size_t threads = draws->replicas < draws->threads ? draws->replicas : draws->threads;
  while (threads > 1 && !plimi_memory_fits((double)bytes, threads))
    threads /= 2;
  return threads;
}

plim_status plim_draw(const plim_draws *draws, const plim_simulation_hooks *hooks, double *samples,
                      plim_draw_failure *failure)
{
  plim_status status = check(draws);
  if (status != PLIM_OK)
    return status;
  const size_t bytes = draws->replicas * draws->values * sizeof(double);
  run work = {.draws = draws, .hooks = hooks, .samples = malloc(bytes)};
  plimi_team *team = NULL;
  if (work.samples == NULL)
    return PLIM_NO_MEMORY;
  const int blas_threads = plimi_dense_single_thread();
  pthread_mutex_init(&work.lock, NULL);
  status = plimi_team_alloc(threads_for(draws, bytes), plimi_dense_hold_worker, &team);
  if (status == PLIM_OK) {
    plimi_team_run(team, draws->replicas, draw_replica, &work);
    status = work.status;
  }
  if (status == PLIM_OK)
    memcpy(samples, work.samples, bytes);
  else if (work.by_replica && failure != NULL)
    *failure = work.failure;
  plimi_team_free(team);
  pthread_mutex_destroy(&work.lock);
  plimi_dense_restore_threads(blas_threads);
  free(work.samples);
  return status;
}
