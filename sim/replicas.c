/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replicas.c - many replicas over the threads given.

   `outer` workers take replicas from a counter; each has a workspace of its own and a team of threads / outer for the
   tiles of its replica. Where memory does not hold one workspace a worker, fewer replicas run at a time on larger
   teams; where address space does not hold OpenBLAS's buffers for all threads, fewer threads. None of this touches a
   result: streams are keyed by the replica, and tiles do not depend on the team. */
#include "plim_simulation.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "memory.h"
#include "sim.h"

/* What is kept of a replica: `row` numbers, which `collect` copies out of one that has run. */
typedef struct {
  size_t row;
  void (*collect)(const plimi_replica *replica, double *samples);
} harvest;

typedef struct {
  const plim_simulation_hooks *hooks;
  harvest harvest;
  double *samples;
  size_t replicas;
  plimi_replica *stations; /* one an outer worker */
  pthread_mutex_t lock;
  /* under the lock */
  plim_status status;
  bool by_replica; /* the status is that of a replica, the lowest that fails: replica `failed` */
  size_t failed;
} run;

/* How many replicas at a time, and on how many threads each. */
typedef struct {
  size_t outer, inner;
} shares;

/* As many replicas at a time as there are threads and replicas for this process, and as its part of the memory holds;
   where that does not hold one on all the threads, fewer threads. For one at a time all is taken that is left. */
static plim_status choose_shares(const plimi_replica *pattern, shares *chosen)
{
  const plim_simulation *simulation = pattern->simulation;
  const size_t processes = simulation->processes > 0 ? simulation->processes : 1;
  const size_t replicas = (simulation->replicas - 1) / processes + 1;
  const double neighbours = simulation->neighbours > 0 ? (double)simulation->neighbours : 1.0;
  for (size_t threads = simulation->threads; threads >= 1; threads /= 2) {
    size_t outer = replicas < threads ? replicas : threads;
    for (; outer >= 1; outer--) {
      size_t bytes = 0;
      const plim_status status = plimi_replica_bytes(pattern, threads / outer, &bytes);
      if (status != PLIM_OK)
        return status;
      const double sharers = outer > 1 ? neighbours : 1.0;
      if (plimi_memory_fits((double)bytes * (double)outer * sharers, threads)) {
        *chosen = (shares){.outer = outer, .inner = threads / outer};
        return PLIM_OK;
      }
    }
  }
  return PLIM_NO_MEMORY;
}

/* As many of these at a time as the device has memory for, each on more threads. */
static plim_status fit_device(const plimi_replica *pattern, shares *chosen)
{
  plim_device *device = pattern->simulation->device;
  const plimi_queue_room room = plimi_replica_room(pattern);
  if (device == NULL || !plimi_queue_serves(&room))
    return PLIM_OK;
  const size_t most = plimi_device_holds(device, &room), threads = chosen->outer * chosen->inner;
  if (most == 0)
    return PLIM_NO_DEVICE;
  if (most < chosen->outer)
    *chosen = (shares){.outer = most, .inner = threads / most};
  return PLIM_OK;
}

/* ---- one replica of a run ---- */

static bool all_finite(size_t count, const double *x)
{
  for (size_t i = 0; i < count; i++)
    if (!isfinite(x[i]))
      return false;
  return true;
}

/* Should replica `number` be computed? Not when the run has failed below it, is cancelled, or remembers it. */
static bool is_due(run *work, size_t number, double *samples)
{
  const plim_simulation_hooks *hooks = work->hooks;
  bool due = false;
  pthread_mutex_lock(&work->lock);
  if (work->status == PLIM_OK || (work->by_replica && number < work->failed)) {
    if (work->status == PLIM_OK && hooks != NULL && hooks->cancelled != NULL &&
        hooks->cancelled(hooks->context))
      work->status = PLIM_INTERRUPTED;
    else
      due = !(hooks != NULL && hooks->recall != NULL && hooks->recall(hooks->context, number, samples));
  }
  pthread_mutex_unlock(&work->lock);
  return due;
}

static void settle(run *work, plim_status status, size_t number, const double *samples)
{
  const plim_simulation_hooks *hooks = work->hooks;
  const bool by_replica = status != PLIM_OK;
  pthread_mutex_lock(&work->lock);
  if (!by_replica && hooks != NULL && hooks->record != NULL &&
      !hooks->record(hooks->context, number, samples))
    status = PLIM_FAILED;
  if (status != PLIM_OK &&
      (work->status == PLIM_OK || (work->by_replica && (!by_replica || number < work->failed)))) {
    work->status = status;
    work->by_replica = by_replica;
    work->failed = number;
  }
  pthread_mutex_unlock(&work->lock);
}

static void run_replica(void *context, size_t number, size_t worker)
{
  run *work = context;
  plimi_replica *replica = &work->stations[worker];
  const size_t row = work->harvest.row;
  double *samples = work->samples + number * row;
  if (!is_due(work, number, samples))
    return;
  plim_status status = plimi_replica_run(replica, number);
  if (status == PLIM_OK) {
    work->harvest.collect(replica, samples);
    if (!all_finite(row, samples))
      status = PLIM_NOT_FINITE;
  }
  settle(work, status, number, samples);
}

/* ---- the run ---- */

/* What the run comes to in all processes. One that had no memory for samples takes no part but the word of it. */
static plim_status gathered(const run *work, plim_status status)
{
  const plim_simulation_hooks *hooks = work->hooks;
  if (hooks == NULL || hooks->gather == NULL)
    return status;
  return hooks->gather(hooks->context, status, work->by_replica ? work->failed : work->replicas,
                       work->samples);
}

/* Run the replicas of `pattern` and hand out what is kept of them. */
static plim_status run_all(const plimi_replica *pattern, const plim_simulation_hooks *hooks, harvest kept,
                           double *samples)
{
  const plim_simulation *simulation = pattern->simulation;
  shares chosen = {1, 1};
  size_t opened = 0;
  plimi_team *team = NULL;
  run work = {.hooks = hooks, .harvest = kept, .replicas = simulation->replicas};
  if (kept.row > PTRDIFF_MAX / sizeof(double) / simulation->replicas)
    return PLIM_OVERFLOW;
  const size_t length = simulation->replicas * kept.row;
  const int blas_threads = plimi_dense_single_thread();
  pthread_mutex_init(&work.lock, NULL);

  plim_status status = choose_shares(pattern, &chosen);
  if (status == PLIM_OK)
    status = fit_device(pattern, &chosen);
  if (status != PLIM_OK)
    goto done;
  work.stations = calloc(chosen.outer, sizeof *work.stations);
  work.samples = malloc(length * sizeof *work.samples);
  if (work.stations == NULL || work.samples == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  for (; opened < chosen.outer; opened++) {
    status = plimi_replica_open(pattern, chosen.inner, &work.stations[opened]);
    if (status != PLIM_OK)
      goto done;
  }
  status = plimi_team_alloc(chosen.outer, plimi_dense_hold_worker, &team);
  if (status != PLIM_OK)
    goto done;
  plimi_team_run(team, simulation->replicas, run_replica, &work);
  status = work.status;
done:
  plimi_team_free(team);
  for (size_t i = 0; i < opened; i++)
    plimi_replica_close(&work.stations[i]);
  free(work.stations);
  status = gathered(&work, status);
  if (status == PLIM_OK)
    memcpy(samples, work.samples, length * sizeof *samples);
  free(work.samples);
  pthread_mutex_destroy(&work.lock);
  plimi_dense_restore_threads(blas_threads);
  return status;
}

static void collect_quantities(const plimi_replica *replica, double *samples)
{
  const plim_measurement *measurement = replica->measurement;
  const size_t n_lambda = measurement->n_lambda;
  for (size_t q = 0; q < measurement->n_quantities; q++)
    memcpy(samples + q * n_lambda, plimi_result(replica, measurement->quantities[q]),
           n_lambda * sizeof *samples);
}

/* As plim_simulate, of what `collect` keeps. */
static plim_status simulate(const plim_problem *problem, const plim_simulation *simulation,
                            const plim_measurement *measurement, const plim_simulation_hooks *hooks,
                            harvest kept, double *samples)
{
  plimi_replica pattern;
  plim_status status = plimi_check_experiment(problem, simulation);
  if (status == PLIM_OK)
    status = plimi_check_measurement(measurement);
  if (status == PLIM_OK && !plimi_has_the_steps(problem, measurement))
    status = PLIM_OUTSIDE_DOMAIN;
  if (status == PLIM_OK)
    status = plimi_replica_pattern(problem, simulation, measurement, &pattern);
  return status == PLIM_OK ? run_all(&pattern, hooks, kept, samples) : status;
}

static size_t row_of(const plim_measurement *measurement)
{
  return measurement->n_quantities * measurement->n_lambda; /* both at most 2^31: fits */
}

plim_status plim_simulate(const plim_problem *problem, const plim_simulation *simulation,
                          const plim_measurement *measurement, const plim_simulation_hooks *hooks,
                          double *samples)
{
  const harvest kept = {.row = row_of(measurement), .collect = collect_quantities};
  return simulate(problem, simulation, measurement, hooks, kept, samples);
}

static void collect_with_paths(const plimi_replica *replica, double *samples)
{
  const size_t row = row_of(replica->measurement);
  collect_quantities(replica, samples);
  samples[row] = (double)replica->paths;
  samples[row + 1] = (double)replica->paths_in_double;
}

plim_status plim_precision_error(const plim_problem *problem, const plim_simulation *simulation,
                                 const plim_measurement *measurement, plim_precision_paths *paths,
                                 double *error)
{
  plim_simulation first = *simulation;
  plim_status status = plimi_check_measurement(measurement);
  if (status != PLIM_OK)
    return status;
  const size_t row = row_of(measurement);
  double *single = malloc((row + 2) * sizeof *single), *exact = malloc(row * sizeof *exact);
  const harvest kept = {.row = row + 2, .collect = collect_with_paths};
  first.replicas = 1;
  first.precision = PLIM_PRECISION_SINGLE;
  status = single == NULL || exact == NULL ? PLIM_NO_MEMORY
                                           : simulate(problem, &first, measurement, NULL, kept, single);
  first.precision = PLIM_PRECISION_DOUBLE;
  if (status == PLIM_OK)
    status = plim_simulate(problem, &first, measurement, NULL, exact);
  for (size_t i = 0; i < row && status == PLIM_OK; i++)
    error[i] = fabs(single[i] - exact[i]);
  if (paths != NULL && status == PLIM_OK)
    *paths = (plim_precision_paths){.count = (size_t)single[row], .in_double = (size_t)single[row + 1]};
  free(single);
  free(exact);
  return status;
}

/* Products at 25e9 multiplications a second; an entry of the features costs as much as a thousand of them (its
   activation, and its share of the test risk), half of that in the gradient; 0.4 ms for all else. Fitted to `plim
   simulate -q risk1`, tanh, d = 13 to 416, OpenBLAS 0.3.21 on an AMD EPYC with AVX-512. */
double plim_replica_seconds(const plim_size *size)
{
  const double n = (double)size->n, d = (double)size->d, width = (double)size->width;
  const double step_n = (double)plim_size_step_n(size);
  const double gradient = step_n * width * (2.0 * d + 500.0);
  return (gradient + n * width * (d + fmin(n, width) + 500.0) + 1e7) / 25e9;
}

plim_status plim_simulation_memory(const plim_problem *problem, const plim_simulation *simulation,
                                   const plim_measurement *measurement, plim_memory *memory)
{
  const double no_penalty = 0.0;
  const plim_measurement nothing = {.lambda = &no_penalty, .n_lambda = 1};
  plimi_replica pattern;
  size_t bytes = 0;
  plim_status status = plimi_check_experiment(problem, simulation);
  if (status == PLIM_OK && measurement != NULL)
    status = plimi_check_measurement(measurement);
  if (measurement == NULL)
    measurement = &nothing;
  if (status == PLIM_OK)
    status = plimi_replica_pattern(problem, simulation, measurement, &pattern);
  if (status == PLIM_OK)
    status = plimi_replica_bytes(&pattern, 1, &bytes);
  if (status != PLIM_OK)
    return status;
  const double samples = (double)simulation->replicas * (double)measurement->n_quantities *
                         (double)measurement->n_lambda * (double)sizeof(double);
  *memory = (plim_memory){.needed = (double)bytes + samples, .available = plimi_memory_free(1)};
  return PLIM_OK;
}

plim_status plim_simulation_inputs(const plim_problem *problem, const plim_simulation *simulation,
                                   const plim_measurement *measurement, plim_inputs_need *need)
{
  const double no_penalty = 0.0;
  const plim_measurement nothing = {.lambda = &no_penalty, .n_lambda = 1};
  plim_status status = plimi_check_experiment(problem, simulation);
  if (status == PLIM_OK && measurement != NULL)
    status = plimi_check_measurement(measurement);
  if (status != PLIM_OK)
    return status;
  plimi_replica asked = {.problem = problem,
                         .simulation = simulation,
                         .measurement = measurement != NULL ? measurement : &nothing,
                         .size = simulation->size};
  plimi_plan_make(&asked, 1);
  return plimi_inputs_suffice(&asked, need);
}

static void collect_spectrum(const plimi_replica *replica, double *samples)
{
  memcpy(samples, replica->spectrum_values, replica->size.width * sizeof *samples);
}

plim_status plim_simulate_spectrum(const plim_problem *problem, const plim_simulation *simulation,
                                   plim_spectrum spectrum, const plim_simulation_hooks *hooks, double *values)
{
  const double no_penalty = 0.0;
  const plim_measurement nothing_else = {.lambda = &no_penalty, .n_lambda = 1};
  plimi_replica pattern;
  if (plim_spectrum_name(spectrum) == NULL)
    return PLIM_INVALID;
  plim_status status = plimi_check_experiment(problem, simulation);
  if (status == PLIM_OK)
    status = plimi_replica_pattern(problem, simulation, &nothing_else, &pattern);
  if (status != PLIM_OK)
    return status;
  pattern.spectrum = &spectrum;
  const harvest kept = {.row = simulation->size.width, .collect = collect_spectrum};
  return run_all(&pattern, hooks, kept, values);
}
