/* SPDX-License-Identifier: GPL-3.0-or-later */
/* campaign.c - the simulations of one command, with journal and progress. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/interrupt.h"
#include "registry.h"
#include "work.h"

/* What the hooks of one plim_simulate know. */
typedef struct {
  plimi_campaign *campaign;
  plimi_journal_key key; /* all but the replica */
  double work;           /* of one replica */
} hook_context;

/* Multiplications of one replica, roughly: features, Gram matrix and factorisation. */
static double work_of(const plim_size *size)
{
  const double n = (double)size->n, d = (double)size->d, width = (double)size->width;
  return n * width * (3.0 * d + fmin(n, width)) + 1e5;
}

static bool recall(void *context, size_t replica, double *samples)
{
  hook_context *hook = context;
  plimi_journal_key key = hook->key;
  key.replica = replica;
  if (!plimi_journal_recall(hook->campaign->journal, &key, samples))
    return false;
  plimi_progress_given(&hook->campaign->progress, 1, hook->work);
  return true;
}

static bool record(void *context, size_t replica, const double *samples)
{
  hook_context *hook = context;
  plimi_journal_key key = hook->key;
  key.replica = replica;
  plimi_progress_step(&hook->campaign->progress, 1, hook->work);
  return hook->campaign->journal == NULL || plimi_journal_record(hook->campaign->journal, &key, samples);
}

static bool cancelled(void *context)
{
  (void)context;
  return plimi_interrupted();
}

/* May a failure of many quantities and penalties together be one of only some of them? */
static bool may_be_partial(plim_status status)
{
  return status == PLIM_OUTSIDE_DOMAIN || status == PLIM_DIVERGES || status == PLIM_NOT_CONVERGED ||
         status == PLIM_NOT_FINITE || status == PLIM_INVALID;
}

static plim_simulation simulation_of(const plimi_campaign *campaign, const plimi_run *run)
{
  const plimi_settings *settings = campaign->settings;
  return (plim_simulation){.size = run->size,
                           .replicas = (size_t)run->replicas,
                           .seed = run->seed,
                           .threads = (size_t)settings->threads.values[0],
                           .test_points =
                               settings->test_points.count > 0 ? (size_t)settings->test_points.values[0] : 0,
                           .features = (plim_features)settings->features.values[0]};
}

static plim_status simulate(plimi_campaign *campaign, const plimi_run *run, const plimi_journal_key *key,
                            double *samples)
{
  const plimi_settings *settings = campaign->settings;
  const plim_simulation simulation = simulation_of(campaign, run);
  const plim_measurement measurement = {.quantities = campaign->measured + key->first_quantity,
                                        .n_quantities = key->quantities,
                                        .lambda = settings->lambda.values + key->first_lambda,
                                        .n_lambda = key->lambdas};
  hook_context context = {.campaign = campaign, .key = *key, .work = work_of(&run->size)};
  const plim_simulation_hooks hooks = {.context = &context,
                                       .recall = campaign->journal != NULL ? recall : NULL,
                                       .record = record,
                                       .cancelled = cancelled};
  return plim_simulate(&run->problem, &simulation, &measurement, &hooks, samples);
}

/* Estimates of the block `key`. Where it fails as a whole, halves are tried, so that one penalty without an answer
   does not cost the others theirs. Returns what stops the run altogether. */
static plim_status estimate_block(plimi_campaign *campaign, plimi_run *run, const plimi_journal_key *key,
                                  double *samples)
{
  const size_t path = campaign->settings->lambda.count, block = key->quantities * key->lambdas;
  plim_status status = simulate(campaign, run, key, samples);
  if (status != PLIM_OK && !may_be_partial(status))
    return status;
  if (status != PLIM_OK && block > 1) {
    plimi_journal_key half[2] = {*key, *key};
    if (key->lambdas > 1) {
      half[0].lambdas = key->lambdas / 2;
      half[1].lambdas = key->lambdas - half[0].lambdas;
      half[1].first_lambda += half[0].lambdas;
    } else {
      half[0].quantities = key->quantities / 2;
      half[1].quantities = key->quantities - half[0].quantities;
      half[1].first_quantity += half[0].quantities;
    }
    status = estimate_block(campaign, run, &half[0], samples);
    return status == PLIM_OK ? estimate_block(campaign, run, &half[1], samples) : status;
  }
  for (size_t i = 0; i < block; i++) {
    const size_t cell =
        (key->first_quantity + i / key->lambdas) * path + key->first_lambda + i % key->lambdas;
    run->statuses[cell] = status;
    if (status == PLIM_OK)
      run->statuses[cell] =
          plim_estimate_from_samples(samples + i, block, (size_t)run->replicas, &run->estimates[cell]);
  }
  return PLIM_OK;
}

int plimi_campaign_begin(plimi_campaign *campaign, const plimi_settings *settings)
{
  size_t replicas = 0;
  double work = 0.0;
  *campaign = (plimi_campaign){.settings = settings};
  if (!plimi_product_begin(&campaign->product, settings, true))
    return plimi_too_many_points();
  for (size_t k = 0; k < settings->quantities.count; k++)
    if (plimi_registry_pairing(settings->quantities.values[k]).experiment != NULL)
      campaign->measured[campaign->measured_count++] = settings->quantities.values[k];
  for (size_t i = 0; i < campaign->product.count; i++) {
    const plimi_point point = plimi_product_at(&campaign->product, i);
    for (size_t k = 0; k < settings->d.count; k++) {
      plim_size size;
      const plim_status status = plim_size_from_problem(&point.problem, (size_t)settings->d.values[k], &size);
      if (status != PLIM_OK) {
        plimi_complain("--d: %llu with psi1 = %g and psi2 = %g is not accepted: %s",
                       (unsigned long long)settings->d.values[k], point.problem.psi1, point.problem.psi2,
                       plim_status_meaning(status));
        return PLIM_EXIT_USAGE;
      }
      replicas += (size_t)point.replicas;
      work += (double)point.replicas * work_of(&size);
    }
  }
  plimi_progress_begin(&campaign->progress, "replicas", replicas, work);
  return PLIM_EXIT_DONE;
}

void plimi_campaign_end(plimi_campaign *campaign)
{
  plimi_progress_end(&campaign->progress);
}

/* Problem, size, replicas and seed; no estimates yet. */
static plim_status start_run(const plimi_campaign *campaign, size_t point_index, size_t d_index,
                             plimi_run *run)
{
  const plimi_point point = plimi_product_at(&campaign->product, point_index);
  *run = (plimi_run){.replicas = point.replicas, .seed = point.seed};
  const plim_status status =
      plim_size_from_problem(&point.problem, (size_t)campaign->settings->d.values[d_index], &run->size);
  if (status == PLIM_OK)
    run->problem = plim_problem_at_size(&point.problem, &run->size);
  return status;
}

plim_status plimi_campaign_run(plimi_campaign *campaign, size_t point_index, size_t d_index, plimi_run *run)
{
  const plimi_settings *settings = campaign->settings;
  const size_t cells = campaign->measured_count * settings->lambda.count;
  plimi_run made;
  plim_status status = start_run(campaign, point_index, d_index, &made);
  if (status != PLIM_OK)
    return status;
  if (cells > 0) {
    double *samples = calloc((size_t)made.replicas * cells, sizeof *samples);
    made.estimates = calloc(cells, sizeof *made.estimates);
    made.statuses = calloc(cells, sizeof *made.statuses);
    const plimi_journal_key whole = {.run = point_index * settings->d.count + d_index,
                                     .quantities = campaign->measured_count,
                                     .lambdas = settings->lambda.count};
    if (samples == NULL || made.estimates == NULL || made.statuses == NULL)
      status = PLIM_NO_MEMORY;
    else
      status = estimate_block(campaign, &made, &whole, samples);
    free(samples);
  }
  if (status != PLIM_OK)
    plimi_run_free(&made);
  else
    *run = made;
  return status;
}

void plimi_run_free(plimi_run *run)
{
  free(run->estimates);
  free(run->statuses);
}

plim_status plimi_campaign_spectrum(plimi_campaign *campaign, size_t point_index, size_t d_index,
                                    plim_spectrum spectrum, plimi_run *run, double **values)
{
  plimi_run made;
  plim_status status = start_run(campaign, point_index, d_index, &made);
  if (status != PLIM_OK)
    return status;
  double *drawn = calloc((size_t)made.replicas * made.size.width, sizeof *drawn);
  made.statuses = calloc(1, sizeof *made.statuses);
  if (drawn == NULL || made.statuses == NULL) {
    status = PLIM_NO_MEMORY;
  } else {
    const plim_simulation simulation = simulation_of(campaign, &made);
    hook_context context = {.campaign = campaign, .work = work_of(&made.size)};
    const plim_simulation_hooks hooks = {.context = &context, .record = record, .cancelled = cancelled};
    status = plim_simulate_spectrum(&made.problem, &simulation, spectrum, &hooks, drawn);
    if (may_be_partial(status)) {
      made.statuses[0] = status;
      status = PLIM_OK;
    }
  }
  if (status != PLIM_OK) {
    free(drawn);
    plimi_run_free(&made);
    return status;
  }
  *values = drawn;
  *run = made;
  return PLIM_OK;
}
