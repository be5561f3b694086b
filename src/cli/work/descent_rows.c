/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descent_rows.c - a descent as rows: what became of the loss and of W, and the paths of the first neurons. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/interrupt.h"
#include "../terminal/ranks.h"
#include "work.h"

static const double thinning =
    1.12; /* kept are the steps that grow by this factor, all of the first eight, the last */
enum { PERCENT = 100, SURE = 30 };

/* A state that is kept; place: along and across of the traced neurons. */
typedef struct {
  size_t steps;
  double loss, moved, in_plane;
  double *place;
} kept_state;

typedef struct {
  plimi_progress *progress;
  plimi_share *share;
  double tolerance, first_loss;
  size_t percent; /* of the way down in log L, as told to the progress bar */
  double work;    /* one per cent of it, as the bar counts; a step costs about what a replica does */
  size_t traced;
  double *zeta; /* traced */
  kept_state *states;
  size_t count, next; /* next: the step to be kept next */
} history;

/* The bar follows the logarithm of the loss, which falls more evenly than the loss. */
static void tell_progress(history *h, double loss)
{
  const double share = log(h->first_loss / loss) / log(h->first_loss / h->tolerance);
  const size_t percent = share >= 1.0 ? PERCENT : share > 0.0 ? (size_t)(PERCENT * share) : 0;
  /* The loss falls fast at first, by a law of its own; what is slow decides how long it takes. */
  h->progress->unsure = percent < SURE;
  if (percent > h->percent)
    plimi_progress_step(h->progress, percent - h->percent, (double)(percent - h->percent) * h->work);
  h->percent = percent > h->percent ? percent : h->percent;
}

static bool keep(void *context, const plim_descent_state *state)
{
  history *h = context;
  if (state->steps == 0)
    h->first_loss = state->loss;
  tell_progress(h, state->loss);
  if (state->steps < h->next && state->loss >= h->tolerance)
    return true;
  h->states = plimi_reallocate(h->states, h->count + 1, sizeof *h->states);
  kept_state *kept = &h->states[h->count++];
  *kept = (kept_state){.steps = state->steps,
                       .loss = state->loss,
                       .moved = state->moved,
                       .in_plane = state->in_plane,
                       .place = plimi_allocate(2 * h->traced + 1, sizeof(double))};
  for (size_t j = 0; j < h->traced; j++) {
    kept->place[2 * j] = state->along[j];
    kept->place[2 * j + 1] = state->across[j];
    h->zeta[j] = state->zeta[j];
  }
  h->next = (size_t)fmax((double)state->steps + 1.0, floor(thinning * (double)state->steps));
  return true;
}

static bool cancelled(void *context)
{
  const history *h = context;
  return plimi_interrupted() || plimi_share_is_late(h->share);
}

static void free_history(history *h)
{
  for (size_t i = 0; i < h->count; i++)
    free(h->states[i].place);
  free(h->states);
  free(h->zeta);
}

/* ---- journal ----

   A descent is one run with one replica, its end: the status and how many states were kept. These are a second run,
   since only the end says how long it is. What is not at its end is not kept. */

enum { END = 2, OF_STATE = 4 };

static size_t length_of(const history *h)
{
  return h->traced + h->count * (OF_STATE + 2 * h->traced);
}

static plimi_journal_place *place_of(plimi_journal *journal, const char *point, const char *what,
                                     size_t length)
{
  const plimi_journal_run run = {.point = point, .quantities = &what, .quantity_count = 1, .length = length};
  return journal != NULL && length > 0 ? plimi_journal_place_alloc(journal, &run) : NULL;
}

static void pack(const history *h, double *numbers)
{
  memcpy(numbers, h->zeta, h->traced * sizeof *numbers);
  numbers += h->traced;
  for (size_t i = 0; i < h->count; i++) {
    const kept_state *state = &h->states[i];
    const double fixed[OF_STATE] = {(double)state->steps, state->loss, state->moved, state->in_plane};
    memcpy(numbers, fixed, sizeof fixed);
    memcpy(numbers + OF_STATE, state->place, 2 * h->traced * sizeof *numbers);
    numbers += OF_STATE + 2 * h->traced;
  }
}

static void unpack(const double *numbers, history *h)
{
  memcpy(h->zeta, numbers, h->traced * sizeof *numbers);
  numbers += h->traced;
  h->states = plimi_allocate(h->count + 1, sizeof *h->states);
  for (size_t i = 0; i < h->count; i++) {
    h->states[i] = (kept_state){.steps = (size_t)numbers[0],
                                .loss = numbers[1],
                                .moved = numbers[2],
                                .in_plane = numbers[3],
                                .place = plimi_allocate(2 * h->traced + 1, sizeof(double))};
    memcpy(h->states[i].place, numbers + OF_STATE, 2 * h->traced * sizeof *numbers);
    numbers += OF_STATE + 2 * h->traced;
  }
}

/* The status with which a descent that is kept ended. */
static bool recall(plimi_journal *journal, const plimi_journal_place *end, const char *point, history *h,
                   plim_status *status)
{
  double ended[END];
  if (end == NULL || !plimi_journal_recall(end, 0, ended) || !(ended[1] >= 0.0 && ended[1] < 1e9))
    return false;
  h->count = (size_t)ended[1];
  *status = (plim_status)ended[0];
  double *numbers = plimi_allocate(length_of(h) + 1, sizeof *numbers);
  plimi_journal_place *states = place_of(journal, point, "states", length_of(h));
  const bool known = h->count == 0 || (states != NULL && plimi_journal_recall(states, 0, numbers));
  if (known && h->count > 0)
    unpack(numbers, h);
  else
    h->count = 0;
  plimi_journal_place_free(states);
  free(numbers);
  return known;
}

static bool record(plimi_journal *journal, plimi_journal_place *end, const char *point, const history *h,
                   plim_status status)
{
  const double ended[END] = {(double)status, (double)h->count};
  double *numbers = plimi_allocate(length_of(h) + 1, sizeof *numbers);
  plimi_journal_place *states = place_of(journal, point, "states", length_of(h));
  pack(h, numbers);
  const bool ok = (states == NULL || plimi_journal_record(states, 0, numbers, false)) &&
                  (end == NULL || plimi_journal_record(end, 0, ended, false));
  plimi_journal_place_free(states);
  free(numbers);
  return ok;
}

/* ---- rows ---- */

static void put(plimi_output *output, plimi_outcome *outcome, plimi_row *row, const char *name, double value)
{
  plimi_row_set_text(row, PLIMI_QUANTITY, name);
  plimi_row_set_number(row, PLIMI_VALUE, value);
  plimi_output_row(output, row);
  plimi_outcome_note_named(outcome, name, PLIM_OK);
}

static void put_history(const history *h, double angle, plimi_row row, plimi_output *output,
                        plimi_outcome *outcome)
{
  const double radians = angle * M_PI / 180.0;
  for (size_t i = 0; i < h->count; i++) {
    plimi_row_set_integer(&row, PLIMI_STEPS, h->states[i].steps);
    put(output, outcome, &row, "loss", h->states[i].loss);
    put(output, outcome, &row, "moved", h->states[i].moved);
    put(output, outcome, &row, "in_plane", h->states[i].in_plane);
  }
  row.cells[PLIMI_STEPS].kind = PLIMI_CELL_EMPTY;
  for (unsigned k = 0; k < 2; k++) {
    plimi_row_set_integer(&row, PLIMI_NEURON, k + 1);
    put(output, outcome, &row, "teacher_along", k == 0 ? 1.0 : cos(radians));
    put(output, outcome, &row, "teacher_across", k == 0 ? 0.0 : sin(radians));
  }
  for (size_t j = 0; j < h->traced; j++) {
    plimi_row_set_integer(&row, PLIMI_NEURON, j + 1);
    row.cells[PLIMI_STEPS].kind = PLIMI_CELL_EMPTY;
    put(output, outcome, &row, "zeta", h->zeta[j]);
    for (size_t i = 0; i < h->count; i++) {
      plimi_row_set_integer(&row, PLIMI_STEPS, h->states[i].steps);
      put(output, outcome, &row, "along", h->states[i].place[2 * j]);
      put(output, outcome, &row, "across", h->states[i].place[2 * j + 1]);
    }
  }
}

/* What all rows of one descent share. */
static plimi_row row_of(const plim_problem *problem, const plim_size *size, uint64_t seed,
                        plim_scaling scaling)
{
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, problem);
  plimi_row_set_size(&row, size);
  row.cells[PLIMI_LAMBDA].kind = PLIMI_CELL_EMPTY;
  row.cells[PLIMI_ETA_EXPONENT].kind = PLIMI_CELL_EMPTY;
  row.cells[PLIMI_STEPS].kind = PLIMI_CELL_EMPTY;
  plimi_row_set_text(&row, PLIMI_SOURCE, plimi_source_name(PLIMI_SOURCE_SIMULATION));
  plimi_row_set_integer(&row, PLIMI_REPLICAS, 1);
  plimi_row_set_integer(&row, PLIMI_SEED, seed);
  plimi_row_set_text(&row, PLIMI_SCALING, plim_scaling_name(scaling));
  plimi_row_set_text(&row, PLIMI_STATUS, plim_status_name(PLIM_OK));
  return row;
}

/* Everything that shapes it, in words; to be freed. */
static char *point_of(const plim_descent *descent, const plim_descent_settings *how,
                      const plim_problem *problem, size_t traced)
{
  char further[PLIM_FURTHER_WORDS];
  plim_problem_further_words(problem, 17, further);
  return plimi_printed(
      "descent %s n=%zu d=%zu width=%zu seed=%" PRIu64
      " eta=%.17g noise=%.17g readout=%s angle=%.17g loss=%.17g most_steps=%zu paths=%zu activation=%s "
      "teacher=%s%s",
      plim_scaling_name(descent->scaling), how->size.n, how->size.d, how->size.width, how->seed, descent->eta,
      descent->noise, plim_problem_readout_name(problem), descent->angle, how->tolerance, how->most_steps,
      traced, plim_activation_name(problem->activation), plim_activation_name(problem->teacher), further);
}

/* From the journal, or descended now and put there. *lacks: it is for others, or for later. */
static plim_status descend(plimi_campaign *campaign, const plim_descent *descent,
                           const plim_descent_settings *how, const char *point, history *h)
{
  const plim_descent_hooks hooks = {.context = h, .observe = keep, .cancelled = cancelled};
  plimi_journal_place *ended = place_of(campaign->journal, point, "end", END);
  plimi_message what;
  plim_descent_end end;
  plim_status status = PLIM_INTERRUPTED;
  plimi_message_set(&what, "d = %zu, n = %zu, N = %zu", how->size.d, how->size.n, how->size.width);
  plimi_share_enter(campaign->share, ended, 0, plim_replica_seconds(&how->size), what.text);
  if (recall(campaign->journal, ended, point, h, &status)) {
    plimi_share_knew(campaign->share, 0);
    plimi_progress_given(h->progress, PERCENT, PERCENT * h->work);
  } else if (plimi_share_draws(campaign->share, 0)) {
    status = plim_descend(descent, how, &hooks, &end);
    if (status == PLIM_OK || status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE) {
      history kept = *h;
      kept.count = status == PLIM_OK ? h->count : 0; /* a failure has no numbers */
      plimi_share_drew(campaign->share);
      if (!record(campaign->journal, ended, point, &kept, status))
        status = PLIM_FAILED;
    }
  }
  plimi_journal_place_free(ended);
  return status;
}

static plim_status add_descent(plimi_campaign *campaign, const plimi_point *point, uint64_t d,
                               plim_scaling scaling, plimi_output *output, plimi_outcome *outcome)
{
  const plimi_settings *settings = campaign->settings;
  plim_descent_settings how = {.seed = point->seed,
                               .threads = (size_t)settings->threads.values[0],
                               .tolerance = settings->loss.values[0],
                               .most_steps = (size_t)settings->most_steps.values[0]};
  plim_status status = plim_size_from_problem(&point->problem, (size_t)d, &how.size);
  if (status != PLIM_OK)
    return status;
  const plim_problem problem = plim_problem_at_size(&point->problem, &how.size);
  const plim_descent descent = {.activation = problem.activation,
                                .teacher = problem.teacher,
                                .readout = problem.readout,
                                .atoms = problem.atoms,
                                .scaling = scaling,
                                .angle = settings->angle.values[0],
                                .noise = problem.noise,
                                .eta = problem.eta,
                                .inputs = problem.inputs};
  const size_t traced = (size_t)settings->paths.values[0];
  history h = {.progress = &campaign->progress,
               .work = plim_replica_seconds(&how.size),
               .share = campaign->share,
               .tolerance = how.tolerance,
               .traced = traced < how.size.width ? traced : how.size.width};
  plimi_row row = row_of(&problem, &how.size, point->seed, scaling);
  char *words = point_of(&descent, &how, &problem, h.traced);
  h.zeta = plimi_allocate(h.traced + 1, sizeof *h.zeta);
  status = descend(campaign, &descent, &how, words, &h);
  if (h.percent > 0 && h.percent < PERCENT) /* it did not come down */
    plimi_progress_given(h.progress, PERCENT - h.percent, (double)(PERCENT - h.percent) * h.work);
  free(words);
  if (status == PLIM_OK) {
    put_history(&h, descent.angle, row, output, outcome);
  } else if (status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE) {
    plimi_row_set_text(&row, PLIMI_QUANTITY, "loss");
    plimi_row_set_text(&row, PLIMI_STATUS, plim_status_name(status));
    plimi_output_row(output, &row);
    plimi_outcome_note_named(outcome, "loss", status);
    status = PLIM_OK;
  } else if (status == PLIM_INTERRUPTED && plimi_share_lacks(campaign->share) && !plimi_interrupted() &&
             !plimi_share_is_over(campaign->share)) {
    status = PLIM_OK; /* another shard descends there */
  }
  free_history(&h);
  return status;
}

static plim_status put_all(plimi_campaign *campaign, plim_scaling scaling, plimi_output *output,
                           plimi_outcome *outcome)
{
  const plimi_integers *d = &campaign->settings->d;
  plim_status status = PLIM_OK;
  plimi_progress_begin(&campaign->progress, "per cent of the way down", 0, 0.0);
  campaign->progress.uneven = true;
  for (size_t i = 0; i < campaign->product.count; i++) {
    for (size_t k = 0; k < d->count; k++) {
      plimi_run run;
      if (plimi_campaign_plan(campaign, i, k, &run) == PLIM_OK)
        plimi_progress_more(&campaign->progress, PERCENT, PERCENT * plim_replica_seconds(&run.size));
    }
  }
  for (size_t i = 0; i < campaign->product.count && status == PLIM_OK; i++) {
    const plimi_point point = plimi_product_at(&campaign->product, i);
    for (size_t k = 0; k < d->count && status == PLIM_OK; k++)
      status = add_descent(campaign, &point, d->values[k], scaling, output, outcome);
  }
  return plimi_share_status(campaign->share, status);
}

/* A descent is one thing that takes all threads of one rank: the first has it, and the others wait. */
plim_status plimi_descent_rows(plimi_campaign *campaign, plim_scaling scaling, plimi_output *output,
                               plimi_outcome *outcome)
{
  const plim_status status = plimi_ranks_is_first() ? put_all(campaign, scaling, output, outcome) : PLIM_OK;
  return (plim_status)plimi_ranks_agree((int)status);
}
