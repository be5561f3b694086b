/* SPDX-License-Identifier: GPL-3.0-or-later */
/* campaign.c - the simulations of one command: which, and whether there is memory for them. */
#include "config.h"

#include <string.h>

#include "../options/values.h"
#include "../terminal/ranks.h"
#include "registry.h"
#include "telling.h"
#include "work.h"

plim_simulation plimi_campaign_simulation(const plimi_campaign *campaign, const plimi_run *run)
{
  const plimi_settings *settings = campaign->settings;
  const plim_features features =
      settings->features.count > 0 ? (plim_features)settings->features.values[0] : 0;
  return (plim_simulation){
      .size = run->size,
      .replicas = (size_t)run->replicas,
      .seed = run->seed,
      .threads = (size_t)settings->threads.values[0],
      .test_points = settings->test_points.count > 0 ? (size_t)settings->test_points.values[0] : 0,
      .features = features,
      .precision = settings->precision.count > 0 ? (plim_precision)settings->precision.values[0]
                                                 : PLIM_PRECISION_DOUBLE,
      .processes = plimi_ranks_count(),
      .neighbours = plimi_ranks_here(),
      .device = settings->opened};
}

/* Is there memory for this run, the largest of all? For any other failure the run itself has the word. */
static int check_memory(const plimi_campaign *c, const plimi_run *run)
{
  plim_simulation simulation = plimi_campaign_simulation(c, run);
  const plim_measurement measured = {c->measured, c->measured_count, c->settings->lambda.values,
                                     c->settings->lambda.count};
  const plim_measurement *asked = c->measured_count > 0 ? &measured : NULL;
  plim_memory memory;
  simulation.replicas += simulation.replicas == 0 ? 1 : 0; /* a descent has none */
  if (plimi_heed_memory(plim_simulation_memory(&run->problem, &simulation, asked, &memory)) != PLIM_OK)
    return PLIM_EXIT_DONE;
  memory.needed *= (double)plimi_ranks_here();
  if (memory.needed <= memory.available)
    return PLIM_EXIT_DONE;
  plimi_complain("--d: %zu (n = %zu, N = %zu) takes %.3g GB of memory at least, and %.3g GB are to be had",
                 run->size.d, run->size.n, run->size.width, memory.needed / 1e9, memory.available / 1e9);
  return PLIM_EXIT_FAILED;
}

/* Are there rows enough in the tables of inputs? Where a law has too heavy tails its rows will be outside_domain:
   why is said here. */
static int check_inputs(const plimi_campaign *c, const plim_measurement *measured, const plimi_run *run)
{
  const plim_problem *problem = &run->problem;
  const char *const name = plim_inputs_name(problem->inputs);
  plim_simulation simulation = plimi_campaign_simulation(c, run);
  plim_inputs_need need;
  simulation.replicas += simulation.replicas == 0 ? 1 : 0; /* as many as it takes; a descent has none */
  const plim_status status = plim_simulation_inputs(problem, &simulation, measured, &need);
  if (status == PLIM_OUTSIDE_DOMAIN)
    plimi_complain("--inputs: %s: with %s and a teacher %s risks have a standard error from DF > %.3g on; "
                   "these rows are outside_domain",
                   name, plim_activation_name(problem->activation), plim_activation_name(problem->teacher),
                   need.moments_needed);
  if (status != PLIM_INVALID || need.rows == 0) /* for any other failure the run itself has the word */
    return PLIM_EXIT_DONE;
  if (need.columns < need.columns_needed)
    plimi_complain("--inputs: %s has %zu columns; --d %zu needs as many", name, need.columns, run->size.d);
  else
    plimi_complain("--inputs: %s has %zu rows; a replica with --d %zu, n = %zu, N = %zu needs %zu, none "
                   "twice (batches of the "
                   "gradient, of the ridge regression, and --test-points)",
                   name, need.rows, run->size.d, run->size.n, run->size.width, need.rows_needed);
  return PLIM_EXIT_USAGE;
}

void plimi_tell_universality(const plimi_settings *settings)
{
  for (size_t i = 0; i < settings->inputs.count; i++) {
    if (strcmp(plimi_inputs_called(&settings->inputs.values[i]), plim_inputs_name(NULL)) == 0)
      continue;
    plimi_complain(
        "the limits are of gaussian inputs: whether they hold for --inputs %s too is what is asked here",
        plimi_inputs_called(&settings->inputs.values[i]));
    return;
  }
}

plim_status plimi_campaign_plan(const plimi_campaign *campaign, size_t point_index, size_t d_index,
                                plimi_run *run)
{
  const plimi_point point = plimi_product_at(&campaign->product, point_index);
  *run = (plimi_run){.replicas = point.replicas, .seed = point.seed, .problem = point.problem};
  const plim_status status =
      plim_size_from_problem(&point.problem, (size_t)campaign->settings->d.values[d_index], &run->size);
  if (status == PLIM_OK)
    run->problem = plim_problem_at_size(&point.problem, &run->size);
  return status;
}

int plimi_campaign_check_inputs(const plimi_campaign *campaign, const plim_measurement *measured)
{
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < campaign->product.count && status == PLIM_EXIT_DONE; i++) {
    for (size_t k = 0; k < campaign->settings->d.count && status == PLIM_EXIT_DONE; k++) {
      plimi_run run;
      if (plimi_campaign_plan(campaign, i, k, &run) == PLIM_OK)
        status = check_inputs(campaign, measured, &run);
    }
  }
  return status;
}

int plimi_campaign_begin(plimi_campaign *campaign, const plimi_settings *settings)
{
  plimi_run largest = {.replicas = 0};
  *campaign = (plimi_campaign){.settings = settings};
  if (!plimi_product_begin(&campaign->product, settings, true))
    return plimi_too_many_points();
  for (size_t k = 0; k < settings->quantities.count; k++)
    if (plimi_registry_pairing(settings->quantities.values[k]).experiment != NULL)
      campaign->measured[campaign->measured_count++] = settings->quantities.values[k];
  plimi_progress_begin(&campaign->progress, "replicas", 0, 0.0);
  plimi_progress_threads(&campaign->progress, (size_t)settings->threads.values[0] * plimi_ranks_count());
  for (size_t i = 0; i < campaign->product.count; i++) {
    for (size_t k = 0; k < settings->d.count; k++) {
      plimi_run run;
      const plim_status status = plimi_campaign_plan(campaign, i, k, &run);
      if (status != PLIM_OK) {
        plimi_complain("--d: %llu with psi1 = %g and psi2 = %g is not accepted: %s",
                       (unsigned long long)settings->d.values[k], run.problem.psi1, run.problem.psi2,
                       plim_status_meaning(status));
        return PLIM_EXIT_USAGE;
      }
      plimi_progress_more(&campaign->progress, (size_t)run.replicas,
                          (double)run.replicas * plim_replica_seconds(&run.size));
      if (largest.size.d == 0 || plim_replica_seconds(&run.size) > plim_replica_seconds(&largest.size))
        largest = run;
    }
  }
  const plim_measurement measured = {campaign->measured, campaign->measured_count, settings->lambda.values,
                                     settings->lambda.count};
  const int inputs = plimi_campaign_check_inputs(campaign, campaign->measured_count > 0 ? &measured : NULL);
  if (inputs != PLIM_EXIT_DONE)
    return inputs;
  plimi_tell_machine(settings);
  return check_memory(campaign, &largest);
}

void plimi_campaign_end(plimi_campaign *campaign)
{
  plimi_progress_end(&campaign->progress);
}
