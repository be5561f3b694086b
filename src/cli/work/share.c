/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "share.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../options/values.h"
#include "../terminal/progress.h"

/* What is kept free of the time that one replica takes: the slowest seen is not the slowest there is. */
static const double prudence = 1.5;
/* Slurm's end is that of the process; ours is that of the drawing. */
static const double before_slurm_ends = 5.0;
static const double longest_job = 366.0 * 86400.0; /* an end further away is no end of a job */

typedef enum { TIMED, DEALT, GATHERED } share_kind; /* all while there is time, a shard, none */

/* How long replicas of one cost took. */
typedef struct {
  double work, slowest;
} pace;

/* What was seen of a size, or of a claim. */
typedef struct {
  char *what;
  size_t known, lacking;
  double work; /* of what is lacking */
} tally;

struct plimi_share {
  const plimi_output_request *request;
  share_kind kind;
  bool only_looks;
  size_t number, of; /* DEALT: from 0 */
  double deadline;   /* of plimi_now; INFINITY: none */
  double *load;      /* by shard: what it was dealt */
  /* the present place */
  const plimi_journal_place *place;
  size_t first, at; /* at: of the tallies */
  double work;
  bool *ours; /* by replica, `dealt` of them */
  size_t dealt, room;
  /* what was seen */
  pace *paces;
  size_t pace_count;
  tally *tallies;
  size_t tally_count, lacking, drawn;
  double needed,
      had; /* where time was up before anything was drawn: what the first replica would have taken */
  bool is_over;
};

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
  if (!is_dealt && gathering == NULL && seconds == INFINITY)
    return PLIM_EXIT_DONE;
  plimi_share *made = plimi_allocate(1, sizeof *made);
  *made = (plimi_share){.request = request,
                        .kind = gathering != NULL ? GATHERED
                                : is_dealt        ? DEALT
                                                  : TIMED,
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
  share->tallies[share->tally_count++] = (tally){.what = plimi_copy(what)};
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
  bool draws = share->kind != GATHERED && !share->is_over;
  if (share->kind == DEALT && !is_ours(share, replica))
    draws = false;
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
  tally *seen = &share->tallies[share->at];
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
  share->paces[share->pace_count++] = (pace){share->work, took};
}

void plimi_share_knew(plimi_share *share, size_t replica)
{
  if (share == NULL)
    return;
  if (share->kind == DEALT)
    (void)is_ours(share, replica); /* what we have from before was dealt as well */
  if (replica >= share->first)
    share->tallies[share->at].known++;
}

bool plimi_share_is_divided(const plimi_share *share)
{
  return share != NULL && share->kind != TIMED;
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
  return share != NULL && share->kind == DEALT;
}

bool plimi_share_only_looks(const plimi_share *share)
{
  return share != NULL && share->only_looks;
}

/* ---- the end ---- */

static int print(const plimi_share *share, const plimi_output_request *request)
{
  size_t known = 0;
  double work = 0.0;
  plimi_message left;
  printf("%-32s %10s %10s  %s\n", request->path, "done", "left", "processor time left, roughly");
  for (size_t i = 0; i <= share->tally_count; i++) {
    const bool is_sum = i == share->tally_count;
    const tally sum = {.known = known, .lacking = share->lacking, .work = work};
    const tally *seen = is_sum ? &sum : &share->tallies[i];
    plimi_message_set(&left, "%s", "");
    if (seen->lacking > 0)
      plimi_message_add_time(&left, seen->work);
    printf("%-32s %10zu %10zu%s%s\n", is_sum ? "all" : seen->what, seen->known, seen->lacking,
           seen->lacking > 0 ? "  " : "", left.text);
    known += seen->known;
    work += seen->work;
  }
  return share->lacking > 0 ? PLIM_EXIT_UNFINISHED : PLIM_EXIT_DONE;
}

static int gathered_too_little(const plimi_share *share, const plimi_output_request *request,
                               plimi_journal *journal)
{
  double work = 0.0;
  plimi_message time = {.text = ""};
  for (size_t i = 0; i < share->tally_count; i++)
    work += share->tallies[i].work;
  plimi_message_add_time(&time, work);
  const int status = plimi_journal_keep(journal);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_complain(
      "%s is not complete: %zu replicas are missing, %s of processor time or so; the %zu that there "
      "are stand in %s.journal. This makes the others, alone or as shards with a --shard K/N more, "
      "after which plim merge goes on:",
      request->path, share->lacking, time.text, plimi_journal_size(journal), request->path);
  plimi_journal_print_command(request, stdout);
  return PLIM_EXIT_UNFINISHED;
}

const char *plimi_share_unit(const plimi_output_request *request)
{
  return request->parts[0].command == PLIMI_DESCENT ? "descents" : "replicas";
}

void plimi_share_kept(const plimi_journal *journal, plimi_message *words)
{
  const plimi_output_request *request = plimi_journal_asked(journal);
  const size_t kept = plimi_journal_size(journal);
  if (kept == 0)
    plimi_message_set(words, "not one of the %s was finished, so nothing is kept", plimi_share_unit(request));
  else if (request->parts[0].command == PLIMI_DESCENT) /* of a descent the journal has several records */
    plimi_message_set(words, "the finished descents are kept in %s", plimi_journal_name(journal));
  else
    plimi_message_set(words, "%zu finished replicas are kept in %s", kept, plimi_journal_name(journal));
  if (kept > 0)
    plimi_message_add(words, "%s", ": give the same command with --resume to go on");
}

int plimi_share_conclude(const plimi_share *share, plimi_journal *journal)
{
  const plimi_output_request *request = share->request;
  const char *kept = plimi_journal_name(journal);
  plimi_message needed = {.text = ""}, had = {.text = ""}, kept_words;
  if (share->only_looks)
    return print(share, request);
  if (share->kind == GATHERED)
    return gathered_too_little(share, request, journal);
  if (share->is_over) {
    if (share->drawn == 0) {
      plimi_message_add_time(&needed, share->needed);
      plimi_message_add_time(&had, share->had);
      plimi_complain("--time-limit: not one replica of %s was finished: it may take %s, and %s were left",
                     share->tallies[share->at].what, needed.text, had.text);
    }
    plimi_share_kept(journal, &kept_words);
    plimi_complain("unfinished at the time limit; %s", kept_words.text);
    return PLIM_EXIT_UNFINISHED;
  }
  plimi_note("shard %zu of %zu is done: %zu replicas are kept in %s; when all shards are, `plim merge -o %s` "
             "makes that file of them or says what is missing",
             share->number + 1, share->of, plimi_journal_size(journal), kept, request->path);
  return PLIM_EXIT_DONE;
}
