/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_compare.c - plim compare: limit and simulation side by side, and over a ladder of sizes a verdict. */
#include "config.h"

#include <stdlib.h>

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../work/comparison.h"
#include "../work/design_text.h"

#define UNJUDGED_REPLICAS "400"

static void tell_if_no_verdict(const plimi_settings *settings)
{
  if (settings->d.count < PLIMI_LEAST_SIZES)
    plimi_note(
        "no verdict: limits are approached with a bias, which takes three or more sizes in --d to tell "
        "from disagreement (%zu given); the exit status speaks of the numbers alone",
        settings->d.count);
}

/* With sizes for a verdict the replicas are as many as it takes; without, a number that has to be chosen. */
static void choose_replicas(plimi_settings *settings)
{
  plimi_message why;
  const plimi_option *option = plimi_option_find("replicas", PLIMI_COMPARE, false);
  if (settings->replicas.count == 0 && settings->d.count < PLIMI_LEAST_SIZES &&
      !plimi_option_set(settings, option, UNJUDGED_REPLICAS, &why))
    abort(); /* a mistake in that number */
}

/* Draw, judge, and put the rows. */
static plim_status compare(plimi_comparison *comparison, plimi_output *output, plimi_outcome *outcome,
                           plimi_judged **verdicts, size_t *count)
{
  const plimi_settings *settings = comparison->campaign->settings;
  plimi_journal *memory = NULL;
  if (comparison->in_looks && comparison->campaign->journal == NULL)
    comparison->campaign->journal = memory = plimi_journal_in_memory();
  comparison->campaign->grows = comparison->in_looks;
  plim_status status = plim_theory_alloc(&comparison->theory);
  if (status == PLIM_OK)
    status = plim_theory_set_tolerance(comparison->theory, settings->tolerance.values[0]);
  if (status == PLIM_OK)
    status = plimi_comparison_run(comparison);
  plimi_campaign_end(comparison->campaign);
  plimi_journal_close(memory, false);
  if (status == PLIM_OK)
    plimi_comparison_rows(comparison, output, outcome, verdicts, count);
  if (status == PLIM_OK)
    tell_if_no_verdict(settings);
  return status;
}

int plimi_cmd_compare(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_COMPARE, "compare", settings};
  plimi_output_request request = {.command = "compare",
                                  .parts = &part,
                                  .part_count = 1,
                                  .late = true,
                                  .of = PLIMI_OF_VERDICTS,
                                  .paired = true};
  plimi_campaign campaign;
  plimi_destinations to;
  plimi_outcome outcome = {.rows = 0};
  plimi_judged *verdicts = NULL;
  plimi_design design = {.text = NULL};
  size_t count = 0;
  choose_replicas(settings);
  plimi_choose_measurements(&settings->quantities, true);
  plimi_choose_threads(settings);
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_choose_device(settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE) {
    plimi_tell_universality(settings);
    plimi_design_fix(&design, plimi_design_of_campaign(&campaign));
    request.design = &design;
    status = plimi_output_open_with_journal(&request, settings, &to);
  }
  if (status != PLIM_EXIT_DONE) {
    plimi_design_free(&design);
    return status;
  }
  campaign.journal = to.journal;
  campaign.share = to.share;
  plimi_comparison comparison = {.campaign = &campaign,
                                 .criterion = plimi_criterion_of(settings),
                                 .in_looks = settings->replicas.count == 0,
                                 .budget = settings->budget.values[0],
                                 .power = settings->power.values[0]};
  plimi_interrupt_catch();
  const plim_status stopped = compare(&comparison, to.output, &outcome, &verdicts, &count);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  status = plimi_conclude(&to, stopped, status, verdicts, count);
  plim_theory_free(comparison.theory);
  plimi_comparison_free(&comparison);
  free(verdicts);
  plimi_design_free(&design);
  return status;
}
