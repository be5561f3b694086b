/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "share_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../options/values.h"
#include "../terminal/progress.h"
#include "../terminal/ranks.h"

/* What is kept free of the time that one replica takes: the slowest seen is not the slowest there is. */
static const double prudence = 1.5;
/* Slurm's end is that of the process; ours is that of the drawing. */
static const double before_slurm_ends = 5.0;
static const double longest_job = 366.0 * 86400.0; /* an end further away is no end of a job */

/* When a replica that is being drawn on this thread began. */
static _Thread_local double began;

/* ---- beginning ---- */

/* Seconds until the job ends, from Slurm; false where it does not say, or nothing that can be meant. */
static bool slurm_seconds(double *seconds)
{
  const char *text = getenv("SLURM_JOB_END_TIME");
  uint64_t end;
  if (text == NULL || !plimi_read_whole(text, &end))
    return false;
  *seconds = (double)end - (double)time(NULL) - before_slurm_ends;
  return *seconds > 0.0 && *seconds < longest_job;
}

/* The time that is left from now on, INFINITY without a limit. */
static int find_seconds(const plimi_settings *settings, const plimi_output_request *request, double *seconds)
{
  const bool asked = settings->time_limit.count > 0;
  *seconds = INFINITY;
  if (asked && request->path == NULL) {
    plimi_complain("--time-limit: what is finished is kept beside a file; give it a name with -o FILE");
    return PLIM_EXIT_USAGE;
  }
  if (asked && isfinite(settings->time_limit.values[0])) {
    const struct timespec *start = &settings->invocation->started;
    *seconds =
        settings->time_limit.values[0] + (double)start->tv_sec + 1e-9 * (double)start->tv_nsec - plimi_now();
    return PLIM_EXIT_DONE;
  }
  double left;
  if (slurm_seconds(&left)) {
    *seconds = request->path != NULL ? left : INFINITY;
    return PLIM_EXIT_DONE;
  }
  if (!asked)
    return PLIM_EXIT_DONE;
  plimi_complain(
      "--time-limit: slurm takes the end of the job from SLURM_JOB_END_TIME, which is not set to a "
      "time to come; give seconds or HH:MM:SS");
  return PLIM_EXIT_USAGE;
}

int plimi_share_open(const plimi_settings *settings, plimi_output_request *request, plimi_share **share)
{
  const bool is_dealt = settings->shard.count > 0;
  const plimi_gathering *gathering = settings->gathering;
  double seconds = INFINITY;
  *share = NULL;
  if (is_dealt && request->path == NULL) {
    plimi_complain("--shard: a shard is kept beside the file that it is a part of; name that with -o FILE");
    return PLIM_EXIT_USAGE;
  }
  if (gathering == NULL) {
    const int status = find_seconds(settings, request, &seconds);
    if (status != PLIM_EXIT_DONE)
      return status;
  }
  if (!is_dealt && gathering == NULL && seconds == INFINITY && plimi_ranks_count() == 1)
    return PLIM_EXIT_DONE;
  plimi_share *made = plimi_allocate(1, sizeof *made);
  *made = (plimi_share){.request = request,
                        .kind = gathering != NULL ? PLIMI_SHARE_GATHERED
                                : is_dealt        ? PLIMI_SHARE_DEALT
                                                  : PLIMI_SHARE_TIMED,
                        .only_looks = gathering != NULL && gathering->only_looks,
                        .deadline = plimi_now() + seconds};
  if (is_dealt) {
    request->shard = (size_t)settings->shard.values[0];
    request->shards = (size_t)settings->shard.values[1];
    made->number = request->shard - 1;
    made->of = request->shards;
    made->load = plimi_allocate(made->of, sizeof *made->load);
    memset(made->load, 0, made->of * sizeof *made->load);
  }
  *share = made;
  return PLIM_EXIT_DONE;
}

void plimi_share_free(plimi_share *share)
{
  if (share == NULL)
    return;
  for (size_t i = 0; i < share->tally_count; i++)
    free(share->tallies[i].what);
  free(share->tallies);
  free(share->paces);
  free(share->ours);
  free(share->load);
  free(share);
}

void plimi_share_enter(plimi_share *share, const plimi_journal_place *place, size_t first, double work,
                       const char *what)
{
  if (share == NULL)
    return;
  share->place = place;
  share->first = first;
  share->work = work;
  share->dealt = 0;
  for (share->at = 0; share->at < share->tally_count; share->at++)
    if (strcmp(share->tallies[share->at].what, what) == 0)
      return;
  share->tallies = plimi_reallocate(share->tallies, share->tally_count + 1, sizeof *share->tallies);
  share->tallies[share->tally_count++] = (plimi_tally){.what = plimi_copy(what)};
}

/* ---- dealing ---- */

/* To whom has least, so that no two shards are apart by more than the dearest replica. */
static size_t deal(plimi_share *share)
{
  size_t least = 0;
  for (size_t k = 1; k < share->of; k++)
    if (share->load[k] < share->load[least])
      least = k;
  share->load[least] += share->work;
  return least;
}

/* Replicas are asked for in no order and dealt in that of their numbers, each once. What the merged journal knows is
   dealt to nobody: all shards see that one, and none sees another's. */
static bool is_ours(plimi_share *share, size_t replica)
{
  if (replica >= share->room) {
    share->room = 2 * replica + 64;
    share->ours = plimi_reallocate(share->ours, share->room, sizeof *share->ours);
  }
  for (; share->dealt <= replica; share->dealt++)
    share->ours[share->dealt] =
        !plimi_journal_knew(share->place, share->dealt) && deal(share) == share->number;
  return share->ours[replica];
}

/* ---- the clock ---- */

/* Of a size not seen yet the model speaks, at the worst ratio that was seen of another. */
static double expected_seconds(const plimi_share *share)
{
  double ratio = 0.0;
  for (size_t i = 0; i < share->pace_count; i++) {
    if (share->paces[i].work == share->work)
      return prudence * share->paces[i].slowest;
    ratio = fmax(ratio, share->paces[i].slowest / share->paces[i].work);
  }
  return prudence * share->work * (ratio > 0.0 ? ratio : 1.0);
}

static bool is_in_time(plimi_share *share)
{
  const double needed = expected_seconds(share), had = share->deadline - plimi_now();
  if (needed <= had)
    return true;
  share->is_over = true;
  share->needed = needed;
  share->had = fmax(0.0, had);
  return false;
}

bool plimi_share_draws(plimi_share *share, size_t replica)
{
  if (share == NULL)
    return true;
  bool draws = share->kind != PLIMI_SHARE_GATHERED && !share->is_over;
  if (share->kind == PLIMI_SHARE_DEALT && !is_ours(share, replica))
    draws = false;
  if (draws && !plimi_ranks_claim(replica))
    return false; /* nor is it lacking */
  if (draws && isfinite(share->deadline))
    draws = is_in_time(share);
  if (draws)
    began = plimi_now();
  else if (replica >= share->first)
    plimi_share_left_out(share, 1);
  else
    share->lacking++;
  return draws;
}

void plimi_share_left_out(plimi_share *share, size_t replicas)
{
  plimi_tally *seen = &share->tallies[share->at];
  seen->lacking += replicas;
  seen->work += (double)replicas * share->work;
  share->lacking += replicas;
}

void plimi_share_drew(plimi_share *share)
{
  if (share == NULL)
    return;
  const double took = plimi_now() - began;
  share->drawn++;
  share->tallies[share->at].known++;
  for (size_t i = 0; i < share->pace_count; i++) {
    if (share->paces[i].work == share->work) {
      share->paces[i].slowest = fmax(share->paces[i].slowest, took);
      return;
    }
  }
  share->paces = plimi_reallocate(share->paces, share->pace_count + 1, sizeof *share->paces);
  share->paces[share->pace_count++] = (plimi_pace){share->work, took};
}

void plimi_share_took(plimi_share *share)
{
  share->drawn++;
  share->tallies[share->at].known++;
}

plim_status plimi_share_gather(plimi_share *share, plim_status status, size_t failed, double *samples,
                               bool *others)
{
  plimi_ranks_outcome all = {.status = (int)status,
                             .failed = failed,
                             .is_over = share->is_over,
                             .needed = share->needed,
                             .had = share->had};
  plimi_ranks_gather(&all, samples, others);
  share->is_over = all.is_over;
  share->needed = all.needed;
  share->had = all.had;
  if (all.is_over && share->lacking == 0)
    plimi_share_left_out(share, 1);
  return (plim_status)all.status;
}

void plimi_share_knew(plimi_share *share, size_t replica)
{
  if (share == NULL)
    return;
  if (share->kind == PLIMI_SHARE_DEALT)
    (void)is_ours(share, replica); /* what we have from before was dealt as well */
  if (replica >= share->first)
    share->tallies[share->at].known++;
}

bool plimi_share_is_divided(const plimi_share *share)
{
  return share != NULL && share->kind != PLIMI_SHARE_TIMED;
}

bool plimi_share_is_over(const plimi_share *share)
{
  return share != NULL && share->is_over;
}

bool plimi_share_is_late(plimi_share *share)
{
  if (share == NULL || share->is_over || plimi_now() < share->deadline)
    return plimi_share_is_over(share);
  share->is_over = true;
  share->needed = plimi_now() - began;
  plimi_share_left_out(share, 1);
  return true;
}

bool plimi_share_lacks(const plimi_share *share)
{
  return share != NULL && share->lacking > 0;
}

plim_status plimi_share_status(const plimi_share *share, plim_status status)
{
  return status == PLIM_OK && plimi_share_lacks(share) ? PLIM_INTERRUPTED : status;
}

bool plimi_share_is_shard(const plimi_share *share)
{
  return share != NULL && share->kind == PLIMI_SHARE_DEALT;
}

bool plimi_share_only_looks(const plimi_share *share)
{
  return share != NULL && share->only_looks;
}
