/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_power.c - plim power: what it takes to settle a verdict, from a pilot. */
#include "config.h"

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../work/comparison.h"

static int exit_status_of(const plimi_forecast *forecast, const plimi_settings *settings)
{
  const double budget = settings->budget.values[0];
  plimi_message all = {.text = ""}, had = {.text = ""};
  plimi_message_add_time(&all, forecast->seconds);
  plimi_message_add_time(&had, budget);
  if (forecast->ladders == 0)
    plimi_complain("no quantity is defined for this problem; `plim cite NAME` states the domain of each");
  if (forecast->withheld > 0)
    plimi_complain("%zu of %zu verdicts would be withheld; the first is of %s: %s", forecast->withheld,
                   forecast->ladders, forecast->first_withheld, forecast->why_withheld);
  if (forecast->never > 0)
    plimi_complain(
        "%zu of %zu verdicts no number of replicas settles: the error of the prediction fills the margin",
        forecast->never, forecast->ladders);
  if (forecast->seconds > budget)
    plimi_complain("all together take %s of processor time, and --budget is %s", all.text, had.text);
  const bool all_settled = forecast->ladders > 0 && forecast->withheld + forecast->never == 0;
  return all_settled && forecast->seconds <= budget ? PLIM_EXIT_DONE : PLIM_EXIT_FAILED;
}

static plim_status forecast_all(plimi_comparison *comparison, plimi_output *output, plimi_forecast *forecast)
{
  const plimi_settings *settings = comparison->campaign->settings;
  plim_status status = plim_theory_alloc(&comparison->theory);
  if (status == PLIM_OK)
    status = plim_theory_set_tolerance(comparison->theory, settings->tolerance.values[0]);
  if (status == PLIM_OK)
    status = plimi_comparison_pilot(comparison);
  plimi_campaign_end(comparison->campaign);
  return status == PLIM_OK ? plimi_comparison_forecast(comparison, output, forecast) : status;
}

int plimi_cmd_power(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_POWER, "power", settings};
  plimi_output_request request = {
      .command = "power", .parts = &part, .part_count = 1, .late = true, .of = PLIMI_OF_PLANS};
  plimi_campaign campaign;
  plimi_output *output = NULL;
  plimi_forecast forecast = {.ladders = 0};
  if (settings->d.count < PLIMI_LEAST_SIZES) {
    plimi_complain("--d: a verdict takes three or more sizes (%zu given)", settings->d.count);
    return PLIM_EXIT_USAGE;
  }
  plimi_choose_measurements(&settings->quantities, true);
  plimi_choose_threads(settings);
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE)
    plimi_tell_universality(settings);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_comparison comparison = {.campaign = &campaign,
                                 .criterion = plimi_criterion_of(settings),
                                 .in_looks = true,
                                 .budget = settings->budget.values[0],
                                 .power = settings->power.values[0]};
  plimi_interrupt_catch();
  const plim_status stopped = forecast_all(&comparison, output, &forecast);
  status = stopped == PLIM_OK ? exit_status_of(&forecast, settings) : PLIM_EXIT_FAILED;
  status = plimi_conclude(&(plimi_destinations){.output = output}, stopped, status, NULL, 0);
  plim_theory_free(comparison.theory);
  plimi_comparison_free(&comparison);
  return status;
}
