/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_compare.c - plim compare: limit and simulation side by side, and over a ladder of sizes a verdict. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../work/ladder.h"

static void tell_if_no_verdict(const plimi_settings *settings)
{
  if (settings->d.count < PLIMI_LEAST_SIZES)
    plimi_complain(
        "no verdict: limits are approached with a bias, which takes three or more sizes in --d to tell "
        "from disagreement (%zu given); the exit status speaks of the numbers alone",
        settings->d.count);
}

/* All runs of one point, one for each size. */
static plim_status run_ladder(plimi_campaign *campaign, size_t point, plimi_run *runs)
{
  for (size_t k = 0; k < campaign->settings->d.count; k++) {
    const plim_status status = plimi_campaign_run(campaign, point, k, &runs[k]);
    if (status == PLIM_OK)
      continue;
    while (k-- > 0)
      plimi_run_free(&runs[k]);
    return status;
  }
  return PLIM_OK;
}

static plim_status compare_points(plimi_ladder *ladder, plimi_campaign *campaign)
{
  const plimi_settings *settings = campaign->settings;
  plimi_run *runs = plimi_allocate(settings->d.count, sizeof *runs);
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < campaign->product.count && status == PLIM_OK; i++) {
    status = run_ladder(campaign, i, runs);
    if (status != PLIM_OK)
      break;
    const plimi_point point = plimi_product_at(&campaign->product, i);
    for (size_t l = 0; l < settings->lambda.count; l++) {
      plim_problem problem = point.problem;
      problem.lambda = settings->lambda.values[l];
      for (size_t q = 0; q < settings->quantities.count; q++)
        plimi_ladder_rows(ladder, &(plimi_ladder_place){&problem, runs, q, l});
    }
    for (size_t k = 0; k < settings->d.count; k++)
      plimi_run_free(&runs[k]);
  }
  free(runs);
  return status;
}

static plim_criterion criterion_of(const plimi_settings *settings)
{
  plim_criterion criterion = plim_criterion_default();
  criterion.relative_margin = settings->margin.values[0];
  criterion.absolute_margin = settings->absolute_margin.values[0];
  criterion.level = settings->level.values[0];
  return criterion;
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
  const plim_criterion criterion = criterion_of(settings);
  plimi_campaign campaign;
  plimi_journal *journal = NULL;
  plimi_outcome outcome = {.rows = 0};
  plimi_ladder ladder = {.campaign = &campaign, .criterion = &criterion, .outcome = &outcome};
  plimi_choose_measurements(&settings->quantities, true);
  plimi_choose_threads(settings);
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open_with_journal(&request, settings->resume, &ladder.output, &journal);
  if (status != PLIM_EXIT_DONE)
    return status;
  campaign.journal = journal;
  plimi_interrupt_catch();
  plim_status stopped = plim_theory_alloc(&ladder.theory);
  if (stopped == PLIM_OK)
    stopped = plim_theory_set_tolerance(ladder.theory, settings->tolerance.values[0]);
  if (stopped == PLIM_OK)
    stopped = compare_points(&ladder, &campaign);
  plimi_campaign_end(&campaign);
  if (stopped == PLIM_OK)
    stopped = plimi_ladder_judge_family(&ladder);
  if (stopped == PLIM_OK)
    tell_if_no_verdict(settings);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  status = plimi_conclude(ladder.output, journal, stopped, status, ladder.verdicts, ladder.count);
  plim_theory_free(ladder.theory);
  free(ladder.verdicts);
  return status;
}
