/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_verify.c - plim verify: the claims of the theorems, each with a verdict. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../terminal/ranks.h"
#include "../output/verified.h"
#include "../work/design_text.h"
#include "../work/telling.h"

/* What the hooks know. */
typedef struct {
  const plimi_verified *verified;
  plimi_journal *journal; /* or NULL */
  plimi_share *share;     /* NULL: all is drawn here */
  bool ends;              /* a look is lacking, so that the next means nothing */
  bool in_looks;          /* what is drawn depends on what was */
  plimi_progress progress;
  /* the run of the replica asked for last */
  plimi_journal_place *place;
  plim_claim_place at;
  char point[128]; /* "": none */
  bool is_running;
} watch;

static void leave(watch *seen)
{
  plimi_journal_place_free(seen->place);
  seen->place = NULL;
  seen->point[0] = '\0';
}

/* Go to the place of a claim's run, in the journal too if there is one. */
static void enter(watch *seen, const plim_claim_place *at)
{
  static const char *const values[] = {"values"};
  if (seen->point[0] != '\0' && seen->at.claim == at->claim && seen->at.run == at->run &&
      seen->at.values == at->values)
    return;
  leave(seen);
  seen->at = *at;
  const char *name = plimi_claim_book_at(seen->verified->book, at->claim)->name;
  if (at->claim < plim_claim_count())
    snprintf(seen->point, sizeof seen->point, "%s, simulation %zu", name, at->run);
  else /* whoever changes what the file says of a claim draws it anew */
    snprintf(seen->point, sizeof seen->point, "%s (%08lx), simulation %zu", name,
             seen->verified->book->sums[at->claim - plim_claim_count()], at->run);
  const plimi_journal_run run = {
      .point = seen->point, .quantities = values, .quantity_count = 1, .length = at->values};
  if (seen->journal != NULL)
    seen->place = plimi_journal_place_alloc(seen->journal, &run);
  plimi_share_enter(seen->share, seen->place, 0, at->work, name);
}

static bool is_known(watch *seen, const plim_claim_place *place, double *samples)
{
  if (seen->place != NULL && plimi_journal_recall(seen->place, place->replica, samples))
    plimi_share_knew(seen->share, place->replica);
  else if (plimi_share_draws(seen->share, place->replica))
    return false;
  else
    memset(samples, 0, place->values * sizeof *samples);
  plimi_progress_given(&seen->progress, 1, place->work);
  return true;
}

static bool keep(watch *seen, size_t replica, const double *samples)
{
  plimi_progress_step(&seen->progress, 1, seen->at.work);
  return seen->place == NULL || plimi_journal_record(seen->place, replica, samples, false);
}

/* At the first rank: another has drawn it. */
static bool take(void *context, size_t replica, const double *samples)
{
  watch *seen = context;
  plimi_share_took(seen->share);
  return keep(seen, replica, samples);
}

/* Where no replica of the run was asked for yet, all ranks enter it. */
static void enter_run(watch *seen, const plim_claim_place *place)
{
  if (seen->is_running)
    return;
  enter(seen, place);
  const plimi_ranks_run run = {.replicas = place->replicas,
                               .numbers = place->values,
                               .work = place->work,
                               .threads = (size_t)seen->verified->settings->threads.values[0],
                               .what = seen->point,
                               .take = take,
                               .context = seen};
  plimi_ranks_enter(&run);
  seen->is_running = true;
}

static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  watch *seen = context;
  enter_run(seen, place);
  plimi_ranks_lock();
  const bool known = is_known(seen, place, samples);
  plimi_ranks_unlock();
  return known;
}

static bool record(void *context, const plim_claim_place *place, const double *samples)
{
  watch *seen = context;
  plimi_ranks_lock();
  plimi_share_drew(seen->share);
  const bool kept = keep(seen, place->replica, samples);
  plimi_ranks_drew(place->replica, samples);
  plimi_ranks_unlock();
  return kept;
}

static plim_status gather(void *context, const plim_claim_place *place, plim_status status, size_t failed,
                          double *samples)
{
  watch *seen = context;
  enter_run(seen, place);
  seen->is_running = false;
  return seen->share != NULL ? plimi_share_gather(seen->share, status, failed, samples, NULL) : status;
}

static bool cancelled(void *context)
{
  const watch *seen = context;
  return plimi_interrupt_signal() != 0 || plimi_share_is_over(seen->share) || seen->ends;
}

static int complain_unknown(const plimi_claim_book *book, const char *name)
{
  const char *nearest = plimi_claim_book_nearest(book, name);
  plimi_complain("verify: there is no claim '%s'; %s%s%s", name,
                 nearest != NULL ? "did you mean " : "see `plim list claims`", nearest != NULL ? nearest : "",
                 nearest != NULL ? "?" : "");
  return PLIM_EXIT_USAGE;
}

/* The claims named, each once; without a name, all: of the file, where one is given. */
static int choose(char **operands, size_t operand_count, plimi_verified *verified)
{
  const plimi_claim_book *book = verified->book;
  const size_t first = book->own != NULL ? plim_claim_count() : 0;
  const size_t most = operand_count > 0 ? operand_count : plimi_claim_book_count(book) - first;
  verified->claims = plimi_allocate(most, sizeof *verified->claims);
  verified->statuses = plimi_allocate(most, sizeof *verified->statuses);
  verified->results = plimi_allocate(most, sizeof *verified->results);
  verified->reasons = plimi_allocate(most, sizeof *verified->reasons);
  for (size_t i = 0; i < most; i++) {
    size_t claim = first + i, known = 0;
    if (operand_count > 0 && !plimi_claim_book_find(book, operands[i], &claim))
      return complain_unknown(book, operands[i]);
    while (known < verified->count && verified->claims[known] != claim)
      known++;
    if (known == verified->count)
      verified->claims[verified->count++] = claim;
  }
  return PLIM_EXIT_DONE;
}

/* What is to be drawn is told look by look. */
static void planned(void *context, size_t replicas, double work)
{
  watch *seen = context;
  seen->ends = plimi_share_lacks(seen->share);
  if (seen->in_looks)
    plimi_progress_look(&seen->progress);
  plimi_progress_mixture(&seen->progress, replicas, work);
}

/* Where nothing is drawn: replicas of a simulation from the first on. */
static size_t at_hand(void *context, const plim_claim_place *place)
{
  watch *seen = context;
  size_t known = 0;
  enter(seen, place);
  while (known < place->replicas && plimi_journal_knows(seen->place, 0, known))
    known++;
  return known;
}

static void explained(void *context, size_t claim, const char *why)
{
  const plimi_verified *verified = ((const watch *)context)->verified;
  for (size_t i = 0; i < verified->count; i++) {
    if (verified->claims[i] != claim)
      continue;
    free(verified->reasons[i]);
    verified->reasons[i] = plimi_copy(why);
  }
}

/* Is it the run that ends, or one claim that has no answer? */
static bool is_final(plim_status status)
{
  return status == PLIM_INTERRUPTED || status == PLIM_FAILED || status == PLIM_NO_MEMORY ||
         status == PLIM_NO_DEVICE;
}

static void complain_of_failures(const plimi_verified *verified)
{
  for (size_t i = 0; i < verified->count; i++)
    if (verified->statuses[i] != PLIM_OK)
      plimi_complain("%s has no verdict: %s", plimi_claim_book_at(verified->book, verified->claims[i])->name,
                     verified->reasons[i] != NULL ? verified->reasons[i]
                                                  : plim_status_meaning(verified->statuses[i]));
}

/* One look at every claim, with the replicas that the user gave. */
static plim_status run_fixed(plimi_verified *verified, const plim_claim_settings *asked)
{
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < verified->count; i++) { /* before anything is lacking */
    size_t replicas;
    double work;
    plim_claim_cost(verified->claims[i], asked, &replicas, &work);
    asked->hooks->planned(asked->hooks->context, replicas, work);
  }
  for (size_t i = 0; i < verified->count && !is_final(status); i++) {
    status = plim_claim_run(verified->claims[i], asked, &verified->results[i]);
    verified->statuses[i] = status;
  }
  return is_final(status) ? status
                          : plim_claim_judge_family(verified->results, verified->count, asked->level);
}

static double budget_of(const plimi_settings *settings)
{
  static const double by_tier[] = {[PLIMI_TIER_QUICK] = 3600.0, [PLIMI_TIER_FULL] = 172800.0};
  return settings->budget.count > 0 ? settings->budget.values[0] : by_tier[settings->tier.values[0]];
}

static plim_claim_settings asked_of(const plimi_verified *verified)
{
  const plimi_settings *settings = verified->settings;
  return (plim_claim_settings){.tier = (plim_tier)settings->tier.values[0],
                               .seed = settings->seed.values[0],
                               .threads = (size_t)settings->threads.values[0],
                               .processes = plimi_ranks_count(),
                               .neighbours = plimi_ranks_here(),
                               .level = settings->level.values[0],
                               .replicas =
                                   settings->replicas.count > 0 ? (size_t)settings->replicas.values[0] : 0,
                               .own = verified->book->own,
                               .device = settings->opened};
}

static plim_status run_claims(plimi_verified *verified, watch *seen)
{
  const plimi_settings *settings = verified->settings;
  const bool fixed = settings->replicas.count > 0;
  const bool so_far = settings->gathering != NULL && settings->gathering->so_far;
  const plim_claim_hooks hooks = {.context = seen,
                                  .recall = recall,
                                  .record = record,
                                  .cancelled = cancelled,
                                  .gather = gather,
                                  .planned = planned,
                                  .at_hand = so_far ? at_hand : NULL,
                                  .explained = explained};
  plim_claim_settings asked = asked_of(verified);
  asked.hooks = &hooks;
  const plim_claim_budget budget = {.work = budget_of(settings), .power = settings->power.values[0]};
  seen->in_looks = !fixed;
  plimi_progress_begin(&seen->progress, "replicas", 0, 0.0);
  plimi_progress_threads(&seen->progress, asked.threads);
  plimi_tell_machine(settings);
  const plim_status status = fixed ? run_fixed(verified, &asked)
                                   : plim_claims_decide(verified->claims, verified->count, &asked, &budget,
                                                        verified->results, verified->statuses);
  plimi_progress_end(&seen->progress);
  if (seen->ends || (status == PLIM_OK && plimi_share_lacks(seen->share)))
    return PLIM_INTERRUPTED; /* whatever became of samples that are none */
  if (status == PLIM_OK && so_far)
    plimi_note("judged on the %zu replicas that there are; none was drawn",
               plimi_journal_size(seen->journal));
  if (status == PLIM_OK)
    complain_of_failures(verified);
  return status;
}

static int exit_status_of(const plimi_verified *verified)
{
  size_t failed = 0, undecided = 0, disagree = 0;
  for (size_t i = 0; i < verified->count; i++) {
    if (verified->statuses[i] != PLIM_OK) {
      failed++;
      continue;
    }
    const plim_verdict verdict = plim_claim_verdict(&verified->results[i]);
    disagree += verdict == PLIM_DISAGREE ? 1 : 0;
    undecided += verdict == PLIM_UNDECIDED ? 1 : 0;
  }
  if (undecided > 0)
    plimi_complain("%zu of %zu claims UNDECIDED: the data do not settle them", undecided, verified->count);
  if (disagree > 0)
    return PLIM_EXIT_DISAGREE;
  return failed + undecided > 0 ? PLIM_EXIT_FAILED : PLIM_EXIT_DONE;
}

static void release(plimi_verified *verified)
{
  for (size_t i = 0; i < verified->count; i++) {
    plim_claim_result_free(&verified->results[i]);
    free(verified->reasons[i]);
  }
  free(verified->reasons);
  free(verified->claims);
  free(verified->statuses);
  free(verified->results);
}

int plimi_cmd_verify(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_VERIFY, "verify", settings};
  plimi_claim_book book;
  plimi_verified verified = {.settings = settings, .book = &book};
  plimi_output_request request = {.command = "verify",
                                  .parts = &part,
                                  .part_count = 1,
                                  .late = true,
                                  .write = plimi_verified_write,
                                  .content = &verified};
  request.operands = operands;
  request.operand_count = operand_count;
  watch seen = {.verified = &verified};
  plimi_destinations to;
  plimi_design design = {.text = NULL};
  plimi_choose_threads(settings);
  int status = plimi_claim_book_open(settings->claims, &book);
  if (status == PLIM_EXIT_DONE)
    status = choose(operands, operand_count, &verified);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_choose_device(settings);
  if (status == PLIM_EXIT_DONE) {
    const plim_claim_settings asked = asked_of(&verified);
    plimi_design_fix(&design, plimi_design_of_claims(&verified, &asked, budget_of(settings)));
    request.design = verified.design = &design;
  }
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open_with_journal(&request, settings, &to);
  if (status == PLIM_EXIT_DONE) {
    seen.journal = to.journal;
    seen.share = to.share;
    plimi_interrupt_catch();
    const plim_status stopped = run_claims(&verified, &seen);
    leave(&seen);
    status = stopped == PLIM_OK ? exit_status_of(&verified) : PLIM_EXIT_FAILED;
    status = plimi_conclude(&to, stopped, status, NULL, 0);
  }
  release(&verified);
  plimi_claim_book_free(&book);
  plimi_design_free(&design);
  return status;
}
