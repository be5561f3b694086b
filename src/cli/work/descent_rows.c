/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descent_rows.c - a descent as rows: what became of the loss and of W, and the paths of the first neurons. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "../terminal/interrupt.h"
#include "work.h"

static const double thinning =
    1.12; /* kept are the steps that grow by this factor, all of the first eight, the last */
enum { PERCENT = 100 };

/* A state that is kept; place: along and across of the traced neurons. */
typedef struct {
  size_t steps;
  double loss, moved, in_plane;
  double *place;
} kept_state;

typedef struct {
  plimi_progress *progress;
  double tolerance, first_loss;
  size_t percent; /* of the way down in log L, as told to the progress bar */
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
  if (percent > h->percent)
    plimi_progress_step(h->progress, percent - h->percent, (double)(percent - h->percent));
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
  (void)context;
  return plimi_interrupted();
}

static void free_history(history *h)
{
  for (size_t i = 0; i < h->count; i++)
    free(h->states[i].place);
  free(h->states);
  free(h->zeta);
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
                                .eta = problem.eta};
  const size_t traced = (size_t)settings->paths.values[0];
  history h = {.progress = &campaign->progress,
               .tolerance = how.tolerance,
               .traced = traced < how.size.width ? traced : how.size.width};
  const plim_descent_hooks hooks = {.context = &h, .observe = keep, .cancelled = cancelled};
  plim_descent_end end;
  plimi_row row = row_of(&problem, &how.size, point->seed, scaling);
  h.zeta = plimi_allocate(h.traced + 1, sizeof *h.zeta);
  status = plim_descend(&descent, &how, &hooks, &end);
  if (status == PLIM_OK) {
    put_history(&h, descent.angle, row, output, outcome);
  } else if (status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE) {
    plimi_row_set_text(&row, PLIMI_QUANTITY, "loss");
    plimi_row_set_text(&row, PLIMI_STATUS, plim_status_name(status));
    plimi_output_row(output, &row);
    plimi_outcome_note_named(outcome, "loss", status);
    status = PLIM_OK;
  }
  free_history(&h);
  return status;
}

plim_status plimi_descent_rows(plimi_campaign *campaign, plim_scaling scaling, plimi_output *output,
                               plimi_outcome *outcome)
{
  const plimi_integers *d = &campaign->settings->d;
  const size_t all = PERCENT * campaign->product.count * d->count;
  plim_status status = PLIM_OK;
  plimi_progress_begin(&campaign->progress, "per cent of the way down", all, (double)all);
  for (size_t i = 0; i < campaign->product.count && status == PLIM_OK; i++) {
    const plimi_point point = plimi_product_at(&campaign->product, i);
    for (size_t k = 0; k < d->count && status == PLIM_OK; k++)
      status = add_descent(campaign, &point, d->values[k], scaling, output, outcome);
  }
  return status;
}
