/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drawing.c - the replicas of a campaign: from the journal where it has them, else drawn and put there. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drawing_hooks.h"

/* Quantities and penalties of a run that are simulated together. */
typedef struct {
  size_t first_quantity, quantities, first_lambda, lambdas;
} block;

/* May a failure of many quantities and penalties together be one of only some of them? */
static bool may_be_partial(plim_status status)
{
  return status == PLIM_OUTSIDE_DOMAIN || status == PLIM_DIVERGES || status == PLIM_NOT_CONVERGED ||
         status == PLIM_NOT_FINITE || status == PLIM_INVALID;
}

/* Everything that shapes the samples of one run but quantities and penalties, in words; to be freed. */
static char *point_of(const plimi_campaign *campaign, const plimi_run *run, const char *what)
{
  const plim_problem *p = &run->problem;
  const plim_simulation simulation = plimi_campaign_simulation(campaign, run);
  char further[PLIM_FURTHER_WORDS];
  plim_problem_further_words(p, 17, further);
  return plimi_printed(
      "%s n=%zu d=%zu width=%zu seed=%" PRIu64 " eta=%.17g eta_exponent=%.17g noise=%.17g steps=%zu batch=%s "
      "readout=%s features=%s test_points=%zu activation=%s teacher=%s%s%s",
      what, run->size.n, run->size.d, run->size.width, run->seed, p->eta, p->eta_exponent, p->noise, p->steps,
      plim_batch_name(p->batch), plim_problem_readout_name(p), plim_features_name(simulation.features),
      simulation.test_points, plim_activation_name(p->activation), plim_activation_name(p->teacher), further,
      simulation.precision == PLIM_PRECISION_SINGLE ? " precision=single" : "");
}

/* Simulate the quantities at `measured`, at the penalties of `part`. */
static plim_status simulate(plimi_campaign *campaign, const plimi_run *run, const plim_quantity *measured,
                            const block *part, plimi_drawing_hooks *context, double *samples)
{
  char *point = point_of(campaign, run, "quantities");
  const plimi_settings *settings = campaign->settings;
  plim_simulation simulation = plimi_campaign_simulation(campaign, run);
  const plim_measurement measurement = {.quantities = measured,
                                        .n_quantities = part->quantities,
                                        .lambda = settings->lambda.values + part->first_lambda,
                                        .n_lambda = part->lambdas};
  plim_simulation_hooks hooks;
  plimi_drawing_enter(context, run, part->quantities * part->lambdas, point, &hooks);
  const plim_status status = plim_simulate(&run->problem, &simulation, &measurement, &hooks, samples);
  free(point);
  return plimi_drawing_leave(context, status);
}

/* The place of the quantities at `measured` in the journal. */
static plimi_journal_place *place_of(plimi_campaign *campaign, const char *point,
                                     const plim_quantity *measured, const block *part)
{
  const char *names[PLIM_QUANTITY_COUNT];
  for (size_t i = 0; i < part->quantities; i++)
    names[i] = plim_quantity_name(measured[i]);
  const plimi_journal_run run = {.point = point,
                                 .quantities = names,
                                 .quantity_count = part->quantities,
                                 .path = campaign->settings->lambda.values + part->first_lambda,
                                 .length = part->lambdas};
  return plimi_journal_place_alloc(campaign->journal, &run);
}

/* Which quantities lack a replica that others have? False where none does, or where all do and no one is to be
   completed to the others. */
static bool find_lacking(const plimi_journal_place *place, size_t quantities, size_t replicas, bool *lacking)
{
  size_t count = 0;
  for (size_t i = 0; i < quantities; i++)
    lacking[i] = false;
  for (size_t r = 0; r < replicas; r++) {
    size_t known = 0;
    for (size_t i = 0; i < quantities; i++)
      known += plimi_journal_knows(place, i, r) ? 1 : 0;
    for (size_t i = 0; known > 0 && known < quantities && i < quantities; i++)
      lacking[i] = lacking[i] || !plimi_journal_knows(place, i, r);
  }
  for (size_t i = 0; i < quantities; i++)
    count += lacking[i] ? 1 : 0;
  return count > 0 && count < quantities;
}

/* Where an earlier run measured some of the quantities, measure the others on its replicas, into the journal. The bits
   are those that all quantities together would have given: a sample does not depend on what else is measured. Whatever
   fails here fails again, and is dealt with, when all are asked for together. */
static plim_status complete_replicas(plimi_campaign *campaign, const plimi_run *run, const char *point,
                                     const block *part)
{
  const plim_quantity *measured = campaign->measured + part->first_quantity;
  bool lacking[PLIM_QUANTITY_COUNT];
  plim_quantity missing[PLIM_QUANTITY_COUNT];
  block pass = *part;
  plim_status status = PLIM_OK;
  plimi_journal_place *whole = place_of(campaign, point, measured, part);
  if (find_lacking(whole, part->quantities, (size_t)run->replicas, lacking)) {
    pass.quantities = 0;
    for (size_t i = 0; i < part->quantities; i++)
      if (lacking[i])
        missing[pass.quantities++] = measured[i];
    const plimi_completion completing = {whole, lacking, part->quantities};
    double *samples = calloc((size_t)run->replicas * pass.quantities * pass.lambdas, sizeof *samples);
    plimi_drawing_hooks context = {
        .campaign = campaign, .place = place_of(campaign, point, missing, &pass), .completing = &completing};
    status = samples == NULL ? PLIM_NO_MEMORY : simulate(campaign, run, missing, &pass, &context, samples);
    plimi_journal_place_free(context.place);
    free(samples);
  }
  plimi_journal_place_free(whole);
  return may_be_partial(status) ? PLIM_OK : status;
}

/* ---- Shards: a failure is one of all ---- */

/* Where the journal keeps that a block fails as a whole, whichever shard drew the replica that fails. */
static plimi_journal_place *failure_place(plimi_campaign *campaign, const char *point, const block *part)
{
  static const char *const status = "status";
  plimi_message what;
  plimi_message_set(&what, "failure of %zu quantities", part->quantities);
  for (size_t i = 0; i < part->quantities; i++)
    plimi_message_add(&what, " %d", (int)campaign->measured[part->first_quantity + i]);
  plimi_message_add(&what, "%s", ": ");
  char *whole = plimi_join(what.text, point);
  const plimi_journal_run run = {.point = whole,
                                 .quantities = &status,
                                 .quantity_count = 1,
                                 .path = campaign->settings->lambda.values + part->first_lambda,
                                 .length = part->lambdas};
  plimi_journal_place *place = plimi_journal_place_alloc(campaign->journal, &run);
  free(whole);
  return place;
}

/* A failure that only this shard knows of is left to the merging to tell to all: until then the block is lacking. */
static plim_status divided(plimi_campaign *campaign, const plimi_run *run, const block *part,
                           plimi_drawing_hooks *context, const char *point, double *samples)
{
  const plim_quantity *measured = campaign->measured + part->first_quantity;
  double *kept = plimi_allocate(part->lambdas, sizeof *kept);
  plimi_journal_place *failure = failure_place(campaign, point, part);
  plim_status status = PLIM_OK;
  if (plimi_journal_knew(failure, 0)) {
    (void)plimi_journal_recall(failure, 0, kept);
    status = (plim_status)kept[0];
  } else if (plimi_journal_knows(failure, 0, 0)) {
    plimi_share_left_out(campaign->share, (size_t)run->replicas);
  } else {
    status = simulate(campaign, run, measured, part, context, samples);
    if (may_be_partial(status)) {
      for (size_t l = 0; l < part->lambdas; l++)
        kept[l] = (double)status;
      plimi_share_left_out(campaign->share, (size_t)run->replicas);
      status = plimi_journal_record(failure, 0, kept, false) ? PLIM_OK : PLIM_FAILED;
    }
  }
  plimi_journal_place_free(failure);
  free(kept);
  return status;
}

static void enter(plimi_campaign *campaign, const plimi_run *run, const plimi_journal_place *place)
{
  plimi_message what;
  plimi_message_set(&what, "d = %zu, n = %zu, N = %zu", run->size.d, run->size.n, run->size.width);
  plimi_share_enter(campaign->share, place, run->drawn, plim_replica_seconds(&run->size), what.text);
}

/* Samples of a block, from the journal where it has them. */
static plim_status draw_block(plimi_campaign *campaign, const plimi_run *run, const block *part,
                              double *samples)
{
  const plim_quantity *measured = campaign->measured + part->first_quantity;
  plimi_drawing_hooks context = {
      .campaign = campaign, .work = plim_replica_seconds(&run->size), .drawn = run->drawn};
  if (campaign->journal == NULL) {
    enter(campaign, run, NULL);
    return simulate(campaign, run, measured, part, &context, samples);
  }
  char *point = point_of(campaign, run, "quantities");
  plim_status status = PLIM_OK;
  context.place = place_of(campaign, point, measured, part);
  enter(campaign, run, context.place);
  if (plimi_share_is_divided(campaign->share)) {
    status = divided(campaign, run, part, &context, point, samples);
  } else {
    status = complete_replicas(campaign, run, point, part);
    plimi_journal_place_free(context.place); /* which has not seen what was completed */
    context.place = place_of(campaign, point, measured, part);
    if (status == PLIM_OK)
      status = simulate(campaign, run, measured, part, &context, samples);
  }
  plimi_journal_place_free(context.place);
  free(point);
  return status == PLIM_OK && plimi_share_is_over(campaign->share) ? PLIM_INTERRUPTED : status;
}

/* Estimates of a block. Where it fails as a whole, halves are tried, so that one penalty without an answer
   does not cost the others theirs. Returns what stops the run altogether. */
static plim_status estimate_block(plimi_campaign *campaign, plimi_run *run, const block *part,
                                  double *samples)
{
  const size_t path = campaign->settings->lambda.count, cells = part->quantities * part->lambdas;
  plim_status status = draw_block(campaign, run, part, samples);
  if (status != PLIM_OK && !may_be_partial(status))
    return status;
  if (status != PLIM_OK && cells > 1) {
    block half[2] = {*part, *part};
    if (part->lambdas > 1) {
      half[0].lambdas = part->lambdas / 2;
      half[1].lambdas = part->lambdas - half[0].lambdas;
      half[1].first_lambda += half[0].lambdas;
    } else {
      half[0].quantities = part->quantities / 2;
      half[1].quantities = part->quantities - half[0].quantities;
      half[1].first_quantity += half[0].quantities;
    }
    status = estimate_block(campaign, run, &half[0], samples);
    return status == PLIM_OK ? estimate_block(campaign, run, &half[1], samples) : status;
  }
  for (size_t i = 0; i < cells; i++) {
    const size_t cell =
        (part->first_quantity + i / part->lambdas) * path + part->first_lambda + i % part->lambdas;
    run->statuses[cell] = status;
    if (status == PLIM_OK)
      run->statuses[cell] =
          plim_estimate_from_samples(samples + i, cells, (size_t)run->replicas, &run->estimates[cell]);
  }
  return PLIM_OK;
}

plim_status plimi_campaign_draw(plimi_campaign *campaign, plimi_run *run)
{
  const plimi_settings *settings = campaign->settings;
  const size_t cells = campaign->measured_count * settings->lambda.count;
  const block whole = {.quantities = campaign->measured_count, .lambdas = settings->lambda.count};
  if (cells == 0)
    return PLIM_OK;
  plimi_run made = *run;
  double *samples = calloc((size_t)made.replicas * cells, sizeof *samples);
  made.estimates = calloc(cells, sizeof *made.estimates);
  made.statuses = calloc(cells, sizeof *made.statuses);
  plim_status status = PLIM_NO_MEMORY;
  if (samples != NULL && made.estimates != NULL && made.statuses != NULL)
    status = estimate_block(campaign, &made, &whole, samples);
  free(samples);
  plimi_run_free(status == PLIM_OK ? run : &made);
  if (status == PLIM_OK)
    *run = made;
  return status;
}

void plimi_run_free(plimi_run *run)
{
  free(run->estimates);
  free(run->statuses);
  run->estimates = NULL;
  run->statuses = NULL;
}

plim_status plimi_campaign_spectrum(plimi_campaign *campaign, size_t point_index, size_t d_index,
                                    plim_spectrum spectrum, plimi_run *run, double **values)
{
  plimi_run made;
  plim_status status = plimi_campaign_plan(campaign, point_index, d_index, &made);
  if (status != PLIM_OK)
    return status;
  double *drawn = calloc((size_t)made.replicas * made.size.width, sizeof *drawn);
  made.statuses = calloc(1, sizeof *made.statuses);
  if (drawn == NULL || made.statuses == NULL) {
    status = PLIM_NO_MEMORY;
  } else {
    const plim_simulation simulation = plimi_campaign_simulation(campaign, &made);
    plimi_drawing_hooks context = {.campaign = campaign, .work = plim_replica_seconds(&made.size)};
    const char *const name = plim_spectrum_name(spectrum);
    char *point = point_of(campaign, &made, "spectrum");
    const plimi_journal_run values_of_all = {
        .point = point, .quantities = &name, .quantity_count = 1, .length = made.size.width};
    if (campaign->journal != NULL)
      context.place = plimi_journal_place_alloc(campaign->journal, &values_of_all);
    enter(campaign, &made, context.place);
    plim_simulation_hooks hooks;
    plimi_drawing_enter(&context, &made, made.size.width, point, &hooks);
    status = plim_simulate_spectrum(&made.problem, &simulation, spectrum, &hooks, drawn);
    status = plimi_drawing_leave(&context, status);
    plimi_journal_place_free(context.place);
    free(point);
    if (status == PLIM_OK && plimi_share_is_over(campaign->share))
      status = PLIM_INTERRUPTED;
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
