/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drawing_hooks.c - a replica that the journal has is not drawn, nor one that is another's; what is drawn is kept. */
#include "config.h"

#include "drawing_hooks.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal/interrupt.h"
#include "../terminal/ranks.h"
#include "telling.h"

static bool is_known(const plimi_drawing_hooks *hook, size_t replica, double *samples)
{
  plimi_share *share = hook->campaign->share;
  if (hook->place != NULL && plimi_journal_recall(hook->place, replica, samples))
    plimi_share_knew(share, replica);
  else if (plimi_share_draws(share, replica))
    return false;
  else
    memset(samples, 0, hook->numbers * sizeof *samples);
  if (replica >= hook->drawn)
    plimi_progress_given(&hook->campaign->progress, 1, hook->work);
  return true;
}

static bool recall(void *context, size_t replica, double *samples)
{
  plimi_ranks_lock();
  const bool known = is_known(context, replica, samples);
  plimi_ranks_unlock();
  return known;
}

static bool keep(plimi_drawing_hooks *hook, size_t replica, const double *samples)
{
  const bool completes = hook->completing != NULL;
  hook->fresh++;
  if (!completes)
    plimi_progress_step(&hook->campaign->progress, 1, hook->work);
  return hook->place == NULL ||
         plimi_journal_record(hook->place, replica, samples, completes || hook->campaign->grows);
}

static bool record(void *context, size_t replica, const double *samples)
{
  plimi_drawing_hooks *hook = context;
  plimi_ranks_lock();
  plimi_share_drew(hook->campaign->share);
  const bool kept = keep(hook, replica, samples);
  plimi_ranks_drew(replica, samples);
  plimi_ranks_unlock();
  return kept;
}

/* Only replicas that have everything but what is lacking are for the pass: "known" are all others. */
static bool is_skipped(const plimi_drawing_hooks *hook, size_t replica)
{
  const plimi_completion *pass = hook->completing;
  bool lacks = false, has_rest = true;
  for (size_t i = 0; i < pass->quantities; i++) {
    const bool known = plimi_journal_knows(pass->whole, i, replica);
    if (pass->lacking[i])
      lacks = lacks || !known;
    else
      has_rest = has_rest && known;
  }
  return !lacks || !has_rest || !plimi_share_draws(hook->campaign->share, replica);
}

static bool skip(void *context, size_t replica, double *samples)
{
  const plimi_drawing_hooks *hook = context;
  plimi_ranks_lock();
  const bool skipped = is_skipped(hook, replica);
  plimi_ranks_unlock();
  if (skipped)
    memset(samples, 0, hook->numbers * sizeof *samples);
  return skipped;
}

static bool cancelled(void *context)
{
  const plimi_drawing_hooks *hook = context;
  return plimi_interrupt_signal() != 0 || plimi_share_is_over(hook->campaign->share);
}

/* ---- over ranks ---- */

static bool take(void *context, size_t replica, const double *samples)
{
  plimi_drawing_hooks *hook = context;
  plimi_share_took(hook->campaign->share);
  return keep(hook, replica, samples);
}

static plim_status gather(void *context, plim_status status, size_t failed, double *samples)
{
  plimi_drawing_hooks *hook = context;
  bool *others = plimi_allocate(hook->replicas, sizeof *others);
  hook->is_gathered = true;
  status = plimi_share_gather(hook->campaign->share, status, failed, samples, others);
  for (size_t i = 0; i < hook->replicas && !plimi_ranks_is_first(); i++)
    if (others[i] && !take(context, i, samples + i * hook->numbers)) /* the first took them as they came */
      status = PLIM_FAILED;
  free(others);
  return status;
}

void plimi_drawing_enter(plimi_drawing_hooks *context, const plimi_run *run, size_t numbers,
                         const char *point, plim_simulation_hooks *hooks)
{
  context->replicas = (size_t)run->replicas;
  context->numbers = numbers;
  context->size = run->size;
  context->fresh = 0;
  context->started = plimi_now();
  *hooks = (plim_simulation_hooks){.context = context,
                                   .recall = context->completing != NULL ? skip : recall,
                                   .record = record,
                                   .cancelled = cancelled};
  if (plimi_ranks_count() == 1)
    return;
  const plimi_ranks_run over = {.replicas = context->replicas,
                                .numbers = numbers,
                                .work = plim_replica_seconds(&run->size),
                                .threads = (size_t)context->campaign->settings->threads.values[0],
                                .what = point,
                                .take = take,
                                .context = context};
  hooks->gather = gather;
  plimi_ranks_enter(&over);
}

plim_status plimi_drawing_leave(plimi_drawing_hooks *context, plim_status status)
{
  if (plimi_ranks_count() > 1 && !context->is_gathered)
    status = gather(context, status, context->replicas, NULL);
  plimi_tell_run(context->campaign->settings, &context->size, context->fresh, plimi_now() - context->started);
  return status;
}
