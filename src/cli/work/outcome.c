/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.c - choices that the user left to us, and how a command ends. */
#include "config.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../terminal/interrupt.h"
#include "../terminal/ranks.h"
#include "plim_device.h"
#include "registry.h"
#include "work.h"

void plimi_outcome_note_named(plimi_outcome *outcome, const char *name, plim_status status)
{
  plimi_heed_memory(status);
  outcome->rows++;
  if (status == PLIM_OK || status == PLIM_DIVERGES || outcome->failures++ > 0)
    return;
  outcome->failed = name;
  outcome->failure = status;
}

void plimi_outcome_note(plimi_outcome *outcome, plim_quantity quantity, plim_status status, bool asked)
{
  const bool left_out = status == PLIM_OUTSIDE_DOMAIN && !asked;
  plimi_outcome_note_named(outcome, plim_quantity_name(quantity), left_out ? PLIM_OK : status);
}

static void tell_undecided(const plimi_outcome *outcome)
{
  if (outcome->undecided > 0)
    plimi_complain("%zu of %zu verdicts UNDECIDED: the data do not settle them", outcome->undecided,
                   outcome->verdicts);
  if (outcome->withheld > 0)
    plimi_complain("%zu of %zu verdicts withheld; the first is of %s: %s", outcome->withheld,
                   outcome->verdicts, outcome->first_withheld, outcome->why_withheld);
}

/* Up to one digit: a number to be typed. */
static double rounded_up(double x)
{
  const double unit = pow(10.0, floor(log10(x)));
  return ceil(x / unit) * unit;
}

void plimi_outcome_note_limit(plimi_outcome *outcome, plim_quantity quantity, plim_status status, bool asked,
                              double attainable)
{
  const size_t before = outcome->failures;
  const double typed = rounded_up(attainable);
  plimi_outcome_note(outcome, quantity, status, asked);
  if (before == 0 && outcome->failures > 0 && status == PLIM_NOT_CONVERGED &&
      typed <= PLIM_COARSEST_TOLERANCE)
    outcome->attainable = typed;
}

int plimi_outcome_exit_status(const plimi_outcome *outcome)
{
  tell_undecided(outcome);
  if (outcome->rows == 0) {
    plimi_complain("no quantity is defined for this problem; `plim cite NAME` states the domain of each");
    return PLIM_EXIT_FAILED;
  }
  if (outcome->failures > 0) {
    const char *name = outcome->failed;
    plimi_message hint = {.text = ""};
    if (outcome->attainable > 0.0)
      plimi_message_set(&hint, " (--tol %.0e would do)", outcome->attainable);
    if (outcome->would_do != NULL)
      plimi_message_set(&hint, "; with %s it has one", outcome->would_do);
    plimi_complain("%zu of %zu rows have no value; the first is %s: %s%s%s%s%s", outcome->failures,
                   outcome->rows, name, plim_status_meaning(outcome->failure),
                   outcome->failure == PLIM_OUTSIDE_DOMAIN ? " (`plim cite " : "",
                   outcome->failure == PLIM_OUTSIDE_DOMAIN ? name : "",
                   outcome->failure == PLIM_OUTSIDE_DOMAIN ? "` states its domain)" : "", hint.text);
  }
  if (outcome->disagrees)
    return PLIM_EXIT_DISAGREE;
  return outcome->failures + outcome->undecided + outcome->withheld > 0 ? PLIM_EXIT_FAILED : PLIM_EXIT_DONE;
}

static void take_all(plimi_quantities *quantities, bool limit, bool experiment)
{
  free(quantities->values);
  quantities->values = plimi_allocate(PLIM_QUANTITY_COUNT, sizeof *quantities->values);
  quantities->count = 0;
  quantities->by_default = true;
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plimi_pairing pairing = plimi_registry_pairing((plim_quantity)i);
    if ((!limit || pairing.limit != NULL) && (!experiment || pairing.experiment != NULL))
      quantities->values[quantities->count++] = (plim_quantity)i;
  }
}

void plimi_choose_limits(plimi_quantities *quantities)
{
  if (quantities->by_default || quantities->all)
    take_all(quantities, true, false);
}

void plimi_choose_measurements(plimi_quantities *quantities, bool with_limit)
{
  /* delta last: a small difference of large numbers, which no demonstration of a verdict should rest on */
  static const plim_quantity usual[] = {PLIM_RISK0, PLIM_RISK1, PLIM_TRAIN0, PLIM_TRAIN1, PLIM_DELTA};
  if (quantities->all) {
    take_all(quantities, with_limit, true);
    return;
  }
  if (!quantities->by_default)
    return;
  free(quantities->values);
  quantities->count = sizeof usual / sizeof usual[0] - (with_limit ? 1 : 0);
  quantities->values = plimi_allocate(quantities->count, sizeof *quantities->values);
  for (size_t i = 0; i < quantities->count; i++)
    quantities->values[i] = usual[i];
}

/* Those this process may run on, where the system says so; else those that are switched on. */
static uint64_t count_processors(void)
{
#ifdef HAVE_SCHED_GETAFFINITY
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) == 0)
    return (uint64_t)CPU_COUNT(&usable);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (uint64_t)online : 1;
}

void plimi_choose_threads(plimi_settings *settings)
{
  if (settings->threads.count > 0)
    return;
  settings->threads.values = plimi_allocate(1, sizeof *settings->threads.values);
  settings->threads.values[0] = plimi_ranks_threads((size_t)count_processors());
  settings->threads.count = 1;
}

int plimi_too_many_points(void)
{
  plimi_complain("the lists together ask for more than %d points; shorten one of them", PLIMI_MOST_POINTS);
  return PLIM_EXIT_USAGE;
}

/* A finished file keeps no journal: whoever raises --replicas then should know that all is drawn again. */
static void tell_afresh(const char *path)
{
  struct stat about;
  if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0)
    plimi_note("--resume: nothing is kept in %s.journal; everything is computed afresh, and %s is replaced "
               "when that is done",
               path, path);
}

static int open_journal(const plimi_output_request *request, const plimi_settings *settings,
                        plimi_journal **journal)
{
  if (settings->resume && request->path == NULL) {
    plimi_complain("--resume: the journal stands beside a file; give the -o FILE of the run to go on with");
    return PLIM_EXIT_USAGE;
  }
  if (settings->gathering != NULL)
    return plimi_journal_gather(request, settings->gathering, journal);
  return request->path != NULL ? plimi_journal_open(request, settings->resume, journal) : PLIM_EXIT_DONE;
}

/* What only the first rank has opened, and whether that went well. */
static int open_files(plimi_output_request *request, const plimi_settings *settings, plimi_destinations *to)
{
  int status = open_journal(request, settings, &to->journal);
  if (status == PLIM_EXIT_DONE && !plimi_share_only_looks(to->share)) {
    status = plimi_output_open(request, &to->output);
    if (status != PLIM_EXIT_DONE)
      plimi_journal_close(to->journal, to->journal != NULL && plimi_journal_size(to->journal) == 0 &&
                                           settings->gathering == NULL);
  }
  return status;
}

int plimi_output_open_with_journal(plimi_output_request *request, const plimi_settings *settings,
                                   plimi_destinations *to)
{
  *to = (plimi_destinations){.output = NULL};
  int status = plimi_share_open(settings, request, &to->share);
  if (status == PLIM_EXIT_DONE) {
    if (plimi_ranks_is_first())
      status = open_files(request, settings, to);
    status = plimi_ranks_agree(status);
    if (status == PLIM_EXIT_DONE)
      status = plimi_journal_spread(request, &to->journal);
  }
  if (status != PLIM_EXIT_DONE) {
    plimi_share_free(to->share);
    return status;
  }
  if (settings->resume && to->journal != NULL && plimi_journal_size(to->journal) == 0 && request->shards == 0)
    tell_afresh(request->path);
  return PLIM_EXIT_DONE;
}

/* What is kept, and what would have been: only some commands have a journal. */
static void tell_interrupted(const plimi_output *output, const plimi_journal *journal)
{
  const plimi_output_request *asked = output != NULL ? plimi_output_asked(output) : NULL;
  const char *why = plimi_interrupt_reason();
  plimi_message kept;
  if (asked == NULL) {
    plimi_complain("interrupted (%s)", why);
  } else if (journal != NULL) {
    plimi_share_kept(journal, &kept);
    plimi_complain("interrupted (%s); %s", why, kept.text);
  } else if (asked->path != NULL) {
    plimi_complain("interrupted (%s); %s was not written", why, asked->path);
  } else if (plimi_option_find("resume", asked->parts[0].command, false) != NULL) {
    plimi_complain("interrupted (%s); with -o FILE the finished %s would have been kept for --resume "
                   "to go on with",
                   why, plimi_share_unit(asked));
  } else {
    plimi_complain("interrupted (%s); plim %s keeps nothing to go on with: given again it begins afresh", why,
                   asked->command);
  }
}

/* Of several ranks the device may be another's. */
static const char *failure_of_device(const plimi_output *output)
{
  const plim_device *device = output != NULL ? plimi_output_device(plimi_output_asked(output)) : NULL;
  const char *failure = device != NULL ? plim_device_failure(device) : "";
  return failure[0] != '\0' ? failure : plim_status_meaning(PLIM_NO_DEVICE);
}

/* Without a result: what was left out, what interrupted, or what failed. */
static int conclude_stopped(const plimi_destinations *to, plim_status stopped)
{
  if (stopped == PLIM_FAILED) /* the journal has spoken for itself */
    return PLIM_EXIT_FILE;
  if (stopped == PLIM_INTERRUPTED && !plimi_interrupted() && plimi_share_lacks(to->share))
    return plimi_share_conclude(to->share, to->journal);
  if (stopped == PLIM_INTERRUPTED)
    tell_interrupted(to->output, to->journal);
  else if (stopped == PLIM_NO_DEVICE)
    plimi_complain("the device stopped the simulation: %s", failure_of_device(to->output));
  else
    plimi_complain("the simulation stopped: %s", plim_status_meaning(stopped));
  return PLIM_EXIT_FAILED;
}

/* A journal without a replica says only that the command was given: it would stand in the way of the next. */
static bool is_in_vain(const plimi_destinations *to)
{
  return to->journal != NULL && (plimi_interrupted() || plimi_share_is_over(to->share)) &&
         plimi_journal_size(to->journal) == 0 && !plimi_share_is_divided(to->share);
}

int plimi_conclude(const plimi_destinations *to, plim_status stopped, int status,
                   const plimi_judged *verdicts, size_t verdict_count)
{
  plimi_heed_memory(stopped);
  const bool is_whole =
      stopped == PLIM_OK && !plimi_share_is_shard(to->share) && !plimi_share_only_looks(to->share);
  if (is_whole) {
    const int written =
        to->output != NULL ? plimi_output_finish(to->output, verdicts, verdict_count) : PLIM_EXIT_DONE;
    plimi_journal_close(to->journal, written == PLIM_EXIT_DONE);
    status = written != PLIM_EXIT_DONE ? written : status;
  } else {
    status =
        stopped == PLIM_OK ? plimi_share_conclude(to->share, to->journal) : conclude_stopped(to, stopped);
    plimi_output_discard(to->output);
    plimi_journal_close(to->journal, stopped == PLIM_INTERRUPTED && is_in_vain(to));
  }
  plimi_share_free(to->share);
  return status;
}
