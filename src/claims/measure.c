/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c - the experiments of a claim on their ladders of sizes. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"

uint64_t plimi_claim_seed(const plimi_claim_run *run, size_t draws)
{
  uint64_t hash =
      UINT64_C(14695981039346656037); /* FNV-1a of the name: does not move when claims are added */
  for (const char *c = run->claim->info.name; *c != '\0'; c++)
    hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
  return (hash + draws) ^ (run->settings->seed * UINT64_C(0x9E3779B97F4A7C15));
}

/* ---- Hooks ---------------------------------------------------------------------------------------------- */

typedef struct {
  const plim_claim_hooks *hooks;
  plim_claim_place place; /* all but the replica */
  const double *drawn;    /* the values of the first `known` replicas; NULL: nobody asks for them again */
  size_t known;
} context;

/* Replicas drawn before come from memory. Of spectra what is kept of them is elsewhere: any number will do. */
static bool recall(void *of, size_t replica, double *samples)
{
  const context *c = of;
  plim_claim_place place = c->place;
  place.replica = replica;
  if (replica < c->known) {
    for (size_t i = 0; i < place.values; i++)
      samples[i] = c->drawn != NULL ? c->drawn[replica * place.values + i] : 0.0;
    return true;
  }
  return c->hooks != NULL && c->hooks->recall != NULL && c->hooks->recall(c->hooks->context, &place, samples);
}

static bool record(void *of, size_t replica, const double *samples)
{
  const context *c = of;
  plim_claim_place place = c->place;
  place.replica = replica;
  return c->hooks->record(c->hooks->context, &place, samples);
}

static bool cancelled(void *of)
{
  const context *c = of;
  return c->hooks->cancelled(c->hooks->context);
}

static plim_status gather(void *of, plim_status status, size_t failed, double *samples)
{
  const context *c = of;
  return c->hooks->gather(c->hooks->context, &c->place, status, failed, samples);
}

static plim_simulation_hooks hooks_of(context *c)
{
  const plim_claim_hooks none = {.context = NULL}, *given = c->hooks != NULL ? c->hooks : &none;
  return (plim_simulation_hooks){.context = c,
                                 .recall = recall,
                                 .record = given->record != NULL ? record : NULL,
                                 .cancelled = given->cancelled != NULL ? cancelled : NULL,
                                 .gather = given->gather != NULL ? gather : NULL};
}

/* ---- Experiments ---------------------------------------------------------------------------------------- */

static plim_status state_own_problem(const plim_problem *stated, plimi_measured *measured)
{
  measured->problem = *stated;
  plim_status status = plim_activation_clone(stated->activation, &measured->activation);
  if (status == PLIM_OK)
    status = plim_activation_clone(stated->teacher, &measured->teacher);
  measured->problem.activation = measured->activation;
  measured->problem.teacher = measured->teacher;
  measured->problem.inputs = measured->inputs = plim_inputs_share(stated->inputs);
  return status;
}

static plim_status state_problem(const plimi_point *at, plimi_measured *measured)
{
  plim_problem *problem = &measured->problem;
  *problem = plim_problem_default();
  problem->psi1 = (double)at->n / (double)at->d;
  problem->psi2 = (double)at->width / (double)at->d;
  problem->lambda = at->lambda;
  problem->eta = at->eta;
  problem->eta_exponent = at->eta_exponent;
  problem->noise = at->noise;
  problem->steps = at->steps > 0 ? at->steps : 1;
  if (at->eta_second > 0.0)
    problem->eta_second = at->eta_second;
  if (at->eta_second_exponent > 0.0)
    problem->eta_second_exponent = at->eta_second_exponent;
  problem->batch = at->batch;
  problem->readout = at->readout;
  problem->ridge_batch = at->ridge_batch;
  problem->step_psi1 = (double)at->step_n / (double)at->d;
  if (at->ridge_batch == PLIM_RIDGE_SAME) {
    problem->overlap = at->overlap;
    problem->extra = at->extra;
  }
  plim_status status = plim_activation_alloc(at->activation, &measured->activation, NULL);
  if (status == PLIM_OK)
    status = plim_activation_alloc(at->teacher, &measured->teacher, NULL);
  if (status == PLIM_OK && at->inputs != NULL)
    status = plim_inputs_alloc(at->inputs, &measured->inputs, NULL);
  problem->activation = measured->activation;
  problem->teacher = measured->teacher;
  problem->inputs = measured->inputs;
  return status;
}

static size_t penalties_of(const plimi_experiment *experiment)
{
  return experiment->n_path > 0 ? experiment->n_path : 1;
}

/* The penalties, in units of the best one where the experiment wants that. */
static plim_status state_path(const plimi_claim_run *run, const plimi_experiment *experiment,
                              plimi_measured *measured)
{
  double unit = 1.0;
  if (experiment->around_best) {
    const plim_search search = plim_search_default();
    plim_optimum best;
    const plim_status status =
        plim_optimum_find(run->theory, experiment->quantities[0], &measured->problem, &search, &best);
    if (status != PLIM_OK)
      return status;
    if (best.lambda.place != PLIM_PLACE_INSIDE)
      return PLIM_OUTSIDE_DOMAIN;
    unit = best.lambda.at;
  }
  for (size_t i = 0; i < experiment->n_path; i++)
    measured->path[i] = unit * experiment->path[i];
  return PLIM_OK;
}

/* The first `known` replicas have their samples. */
static plim_status simulate_spectrum(const plimi_claim_run *run, plim_spectrum spectrum,
                                     const plim_problem *problem, const plim_simulation *asked,
                                     const plim_simulation_hooks *hooks, size_t known, double *samples)
{
  const size_t width = asked->size.width;
  double *values = malloc(asked->replicas * width * sizeof *values);
  if (values == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = plim_simulate_spectrum(problem, asked, spectrum, hooks, values);
  if (status == PLIM_OK)
    status = plimi_spectrum_reduce(run, spectrum, problem,
                                   &(plimi_spectra){.values = values + known * width,
                                                    .width = width,
                                                    .replicas = asked->replicas - known,
                                                    .samples = samples + known * PLIMI_SPECTRUM_SAMPLES});
  free(values);
  return status;
}

static plim_claim_place place_of(const plimi_claim_run *run, size_t e, size_t k, size_t replicas)
{
  const plimi_measured *measured = &run->measured[e];
  const bool spectrum = run->claim->experiments[e].spectrum != NULL;
  return (plim_claim_place){.claim = run->number,
                            .run = k < measured->planned ? measured->simulation + k : measured->added,
                            .replicas = replicas,
                            .values = spectrum ? measured->size[k].width : measured->values,
                            .work = plim_replica_seconds(&measured->size[k])};
}

size_t plimi_measured_at_hand(const plimi_claim_run *run, size_t e, size_t k, size_t replicas)
{
  const plim_claim_hooks *hooks = run->settings->hooks;
  if (hooks == NULL || hooks->at_hand == NULL)
    return replicas;
  const plim_claim_place place = place_of(run, e, k, replicas);
  return hooks->at_hand(hooks->context, &place);
}

/* Size number k of experiment e: what is wanted beyond what is there. */
static plim_status simulate(const plimi_claim_run *run, size_t e, size_t k)
{
  const plimi_experiment *experiment = &run->claim->experiments[e];
  plimi_measured *measured = &run->measured[e];
  const plim_claim_settings *settings = run->settings;
  const size_t replicas = measured->wanted[k], known = measured->replicas[k];
  if (replicas <= known)
    return PLIM_OK;
  double *samples = malloc(replicas * measured->values * sizeof *samples);
  if (samples == NULL)
    return PLIM_NO_MEMORY;
  if (known > 0)
    memcpy(samples, measured->samples[k], known * measured->values * sizeof *samples);
  const plim_problem problem = plim_problem_at_size(&measured->problem, &measured->size[k]);
  const plim_simulation asked = {.size = measured->size[k],
                                 .replicas = replicas,
                                 .seed = plimi_claim_seed(run, experiment->draws),
                                 .threads = settings->threads,
                                 .processes = settings->processes,
                                 .neighbours = settings->neighbours,
                                 .features = experiment->features,
                                 .device = settings->device};
  const plim_measurement measurement = {.quantities = experiment->quantities,
                                        .n_quantities = experiment->n_quantities,
                                        .lambda = experiment->n_path > 0 ? measured->path
                                                                         : &measured->problem.lambda,
                                        .n_lambda = penalties_of(experiment)};
  const bool spectrum = experiment->spectrum != NULL;
  context c = {.hooks = settings->hooks,
               .place = place_of(run, e, k, replicas),
               .drawn = spectrum ? NULL : measured->samples[k],
               .known = known};
  const plim_simulation_hooks hooks = hooks_of(&c);
  const plim_status status =
      spectrum ? simulate_spectrum(run, *experiment->spectrum, &problem, &asked, &hooks, known, samples)
               : plim_simulate(&problem, &asked, &measurement, &hooks, samples);
  if (status != PLIM_OK) {
    free(samples);
    return status;
  }
  free(measured->samples[k]);
  measured->samples[k] = samples;
  measured->replicas[k] = replicas;
  return PLIM_OK;
}

plim_status plimi_measure_begin(plimi_claim_run *run)
{
  size_t simulation = 0;
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    const plimi_experiment *experiment = &run->claim->experiments[e];
    plimi_measured *measured = &run->measured[e];
    const size_t sizes = plimi_ladder_sizes(experiment, run->settings->tier);
    if (sizes >= PLIMI_MOST_SIZES)
      return PLIM_INVALID;
    plim_status status = experiment->problem != NULL ? state_own_problem(experiment->problem, measured)
                                                     : state_problem(&experiment->at, measured);
    if (status == PLIM_OK)
      status = state_path(run, experiment, measured);
    measured->values = experiment->spectrum != NULL ? PLIMI_SPECTRUM_SAMPLES
                                                    : experiment->n_quantities * penalties_of(experiment);
    measured->sizes = measured->planned = sizes;
    measured->simulation = simulation;
    simulation += sizes;
    for (size_t k = 0; k <= sizes && status == PLIM_OK; k++) { /* and the one that may be added */
      measured->wanted[k] = k < sizes ? plimi_planned_replicas(experiment, run->settings, k) : 0;
      status = plim_size_from_problem(&measured->problem, plimi_ladder_d(experiment, k), &measured->size[k]);
    }
    if (status != PLIM_OK)
      return status;
  }
  for (size_t e = 0; e < run->claim->n_experiments; e++)
    run->measured[e].added = simulation + e;
  return PLIM_OK;
}

bool plimi_measured_can_grow(const plimi_measured *measured)
{
  return measured->sizes > 0 && measured->sizes == measured->planned;
}

void plimi_measured_grow(plimi_measured *measured)
{
  measured->sizes = measured->planned + 1;
}

plim_status plimi_measure(plimi_claim_run *run)
{
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    for (size_t k = 0; k < run->measured[e].sizes; k++) {
      const plim_status status = simulate(run, e, k);
      if (status != PLIM_OK)
        return status;
    }
  }
  return PLIM_OK;
}

void plimi_measured_free(plimi_measured *measured)
{
  for (size_t k = 0; k < PLIMI_MOST_SIZES; k++)
    free(measured->samples[k]);
  plim_activation_free(measured->activation);
  plim_activation_free(measured->teacher);
  plim_inputs_free(measured->inputs);
}

/* ---- Rungs ---------------------------------------------------------------------------------------------- */

/* Where the term stands among the values of a replica. */
static plim_status position_of(const plimi_claim_run *run, const plimi_term *term, size_t *position)
{
  const plimi_experiment *experiment = &run->claim->experiments[term->experiment];
  for (size_t q = 0; q < experiment->n_quantities && term->penalty < penalties_of(experiment); q++) {
    if (experiment->quantities[q] == term->quantity) {
      *position = q * penalties_of(experiment) + term->penalty;
      return PLIM_OK;
    }
  }
  return PLIM_INVALID;
}

plim_status plimi_sample_of(const plimi_claim_run *run, const plimi_term *of, size_t size, size_t replica,
                            double *sample)
{
  plimi_measured *measured = &run->measured[of->experiment];
  size_t position = 0;
  const plim_status status = position_of(run, of, &position);
  measured->used = true;
  if (status == PLIM_OK)
    *sample = measured->samples[size][replica * measured->values + position];
  return status;
}

bool plimi_same_draws(const plimi_claim_run *run, size_t a, size_t b)
{
  const plimi_experiment *x = &run->claim->experiments[a], *y = &run->claim->experiments[b];
  if (x->problem != NULL)
    return x->draws == y->draws; /* own.c numbers them by n and N */
  return x->draws == y->draws && x->first == y->first && x->sizes == y->sizes && x->effort == y->effort &&
         x->at.n == y->at.n && x->at.d == y->at.d && x->at.width == y->at.width;
}

/* Samples that are all the same have a mean that need not be: so much is rounding. */
bool plimi_is_rounding(const plim_estimate *estimate)
{
  return estimate->error <= 8.0 * DBL_EPSILON * fabs(estimate->mean);
}

plim_status plimi_rungs(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                        plim_rung *rungs, size_t *count)
{
  plimi_measured *measured = &run->measured[of->experiment];
  plimi_measured *other = minus != NULL ? &run->measured[minus->experiment] : NULL;
  const bool in_width = run->claim->experiments[of->experiment].in_width;
  size_t here = 0, there = 0;
  bool is_nothing = minus != NULL && measured->problem.eta != 0.0; /* without a step R0 - R1 is */
  measured->used = true;
  if (other != NULL)
    other->used = true;
  plim_status status = position_of(run, of, &here);
  if (status == PLIM_OK && minus != NULL)
    status = plimi_same_draws(run, of->experiment, minus->experiment) ? position_of(run, minus, &there)
                                                                      : PLIM_INVALID;
  *count = other != NULL && other->sizes < measured->sizes ? other->sizes : measured->sizes;
  for (size_t k = 0; k < *count && status == PLIM_OK; k++) {
    size_t replicas = measured->replicas[k];
    if (other != NULL && other->replicas[k] < replicas)
      replicas = other->replicas[k]; /* pairs */
    double *values = malloc(replicas * sizeof *values);
    plim_estimate estimate = {.replicas = 0};
    if (values == NULL)
      return PLIM_NO_MEMORY;
    for (size_t r = 0; r < replicas; r++) {
      values[r] = measured->samples[k][r * measured->values + here];
      if (other != NULL)
        values[r] -= other->samples[k][r * other->values + there];
    }
    status = plim_estimate_from_samples(values, 1, replicas, &estimate);
    free(values);
    if (status == PLIM_OK && plimi_is_rounding(&estimate) && measured->unspread == NULL) {
      measured->unspread = plim_quantity_name(of->quantity);
      measured->unspread_minus = minus != NULL ? plim_quantity_name(minus->quantity) : NULL;
      measured->unspread_size = k;
      measured->unspread_penalty = of->penalty;
    }
    is_nothing = is_nothing && estimate.mean == 0.0 && estimate.error == 0.0;
    const size_t at = in_width ? measured->size[k].width : measured->size[k].d;
    rungs[k] = (plim_rung){(double)at, estimate.mean, estimate.error, estimate.replicas};
  }
  /* one number measured twice: that it differs by 0 says nothing of a limit */
  return status == PLIM_OK && is_nothing ? PLIM_INVALID : status;
}
