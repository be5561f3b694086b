/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replica.c - one replica from draw to samples: what it needs, the memory for it, the stages in order.

   Matrices held, each only when something asked for needs it: X (d x samples; the gradient's batch, later the ridge
   regression's: room for the larger), W0 and W1 (d x N; a third where a difference of the two is measured, others where
   two steps are compared with one, or a batch with another), and per
   ridge path in flight the features (samples x N; the gradient's workspace before that) and the smaller Gram matrix.
   Of a long batch X and the features hold one block of rows at a time: the gradient and, with n > N, Phi'Phi and Phi'y
   are sums over blocks. Those are the matrices the algorithm needs; everything else (tiles, bands, vectors, one
   N x n_lambda block of coefficients a side) is small beside them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static void scratch_layout(plimi_arena *arena, const plimi_replica *replica, size_t worker)
{
  plimi_scratch *scratch = &replica->scratch[worker];
  const bool blocks = plimi_needs(replica, PLIMI_NEEDS_SECOND_BATCH);
  scratch->inputs = plimi_arena_take(arena, blocks ? replica->size.d : 0, PLIMI_TILE);
  scratch->tile[0] = plimi_arena_take(arena, PLIMI_TILE, PLIMI_TILE);
  scratch->tile[1] = plimi_arena_take(arena, blocks ? PLIMI_TILE : 0, PLIMI_TILE);
  scratch->single = (float *)(void *)plimi_arena_take(arena, plimi_is_single(replica) ? PLIMI_TILE / 2 : 0,
                                                      PLIMI_TALLEST * PLIMI_TILE);
  scratch->target = plimi_arena_take(arena, PLIMI_TILE, 1);
  scratch->normals = plimi_arena_take(arena, PLIMI_TILE, 1);
  scratch->panel =
      plimi_arena_take(arena, plimi_needs(replica, PLIMI_NEEDS_TANGENT) ? PLIMI_TILE : 0, replica->size.n);
  scratch->block = plimi_arena_take(arena, blocks ? PLIMI_TILE : 0, replica->measurement->n_lambda);
  scratch->grid = plimi_arena_take(arena, PLIMI_GRID_WORK, 1);
  const size_t order = replica->plan.order;
  replica->factors[worker] = plimi_arena_take(arena, order > 0 ? plimi_path_factor_size(order) : 0, 1);
}

/* Tasks of a risk sum: blocks of test points, or tiles of the lower triangle over neurons or samples. */
static size_t sums_size(const plimi_replica *replica)
{
  const plim_size *size = &replica->size;
  const size_t order = size->n > size->width && !replica->plan.by_blocks ? size->n : size->width;
  const size_t tiles = plimi_tiles(order);
  const size_t triangle = tiles * (tiles + 1) / 2, blocks = plimi_tiles(replica->plan.test_points);
  return (triangle > blocks ? triangle : blocks) * replica->measurement->n_lambda;
}

/* d x N where one of these bits is in the plan. */
static plimi_matrix weights_if(plimi_arena *arena, const plimi_replica *r, unsigned needs)
{
  const size_t d = r->size.d, width = r->size.width;
  return plimi_matrix_of(plimi_arena_take(arena, plimi_needs(r, needs) ? d : 0, width), d, width);
}

static void layout(plimi_arena *arena, plimi_replica *r, size_t workers)
{
  const size_t samples = r->plan.rows, n = r->plan.by_blocks ? samples : r->size.n;
  const size_t d = r->size.d, width = r->size.width, n_lambda = r->measurement->n_lambda;
  const plimi_plan *plan = &r->plan;
  const size_t order = plan->order;
  r->beta = plimi_arena_take(arena, d, 1);
  r->readout = plimi_arena_take(arena, width, 1);
  r->w0 = plimi_matrix_of(plimi_arena_take(arena, d, width), d, width);
  r->w1 = weights_if(arena, r, PLIMI_NEEDS_GRADIENT);
  r->change = weights_if(arena, r, PLIMI_NEEDS_CHANGE);
  r->spiked = weights_if(arena, r, PLIMI_NEEDS_SPIKED);
  r->first = weights_if(arena, r, PLIMI_NEEDS_RISK_AT_FIRST | PLIMI_NEEDS_RISK_AT_OTHER);
  r->other = weights_if(arena, r, PLIMI_NEEDS_RISK_AT_OTHER);
  r->x = plimi_matrix_of(plimi_arena_take(arena, d, samples), d, samples);
  r->x_single = (float *)(void *)plimi_arena_take(arena, plimi_is_single(r) ? (d + 1) / 2 : 0, samples);
  r->w_single = (float *)(void *)plimi_arena_take(arena, plimi_is_single(r) ? (d + 1) / 2 : 0, width);
  r->y = plimi_arena_take(arena, samples, 1);
  r->output = plimi_arena_take(arena, samples, 1);
  r->plane = plimi_arena_take(arena, plimi_needs(r, PLIMI_NEEDS_ORDER_PARAMETERS) ? d : 0, 2);
  r->partial = plimi_arena_take(arena, samples, plimi_tiles(width));
  for (size_t lane = 0; lane < plan->lanes; lane++) {
    const bool own = plimi_needs(r, PLIMI_NEEDS_FEATURES) && (lane == 0 || !plan->by_blocks);
    double *features = plimi_arena_take(arena, own ? samples : 0, width);
    r->features[lane] = plimi_matrix_of(own ? features : r->features[0].at, samples, width);
    r->moments[lane] = plimi_arena_take(arena, plan->by_blocks ? width : 0, 1);
    if (order > 0)
      plimi_path_layout(arena, order, n_lambda, &r->path[lane]);
    if (plimi_has_single_paths(r))
      plimi_single_path_layout(arena, n, width, n_lambda, &r->path[lane], &r->single[lane]);
    r->path[lane].by_eigen = r->by_eigen == NULL ? NULL : r->by_eigen + lane * n_lambda;
  }
  r->shift = plimi_arena_take(arena, n_lambda, 1);
  for (size_t s = 0; s < PLIMI_SIDES; s++) {
    r->side[s].coefficients =
        plimi_arena_take(arena, plimi_needs(r, plimi_ridge_at(s)) ? width : 0, n_lambda);
    r->side[s].training = plimi_arena_take(arena, n_lambda, 1);
    r->side[s].limit = plimi_arena_take(arena, n_lambda, 1);
    r->side[s].eigenvalues = plimi_arena_take(arena, plimi_needs(r, plimi_eigen_at(s)) ? order : 0, 1);
  }
  r->student.coefficients =
      plimi_arena_take(arena, plimi_needs(r, PLIMI_NEEDS_STUDENT) ? width : 0, n_lambda);
  r->spectrum_values = plimi_arena_take(arena, r->spectrum != NULL ? width : 0, 1);
  r->vectors = plimi_arena_take(arena, 2 * (n + d + width) + plimi_top_several_work(order, PLIM_STAIRS), 1);
  r->along = plimi_arena_take(arena, plimi_needs(r, PLIMI_NEEDS_DIRECTION) ? d : 0, 1);
  r->stairs = plimi_arena_take(arena, plimi_needs(r, PLIMI_NEEDS_STAIRS) ? n : 0,
                               PLIM_STAIRS + PLIM_STAIR_POWERS + 1);
  const bool two = plimi_needs(r, PLIMI_NEEDS_OUTLIERS);
  r->lefts = plimi_arena_take(arena, two ? d : 0, PLIM_W2_COUNTED);
  r->powers = plimi_arena_take(arena, two ? width : 0, PLIMI_ZETA_POWERS);
  const bool exact = plimi_needs(r, PLIMI_NEEDS_SOME_RISK | PLIMI_NEEDS_STUDENT) && plimi_has_exact_risk(r) &&
                     r->simulation->features == PLIM_FEATURES_NETWORK;
  r->expansion = plimi_arena_take(arena, exact ? plimi_expansion_size(width) : 0, 1);
  r->sums = plimi_arena_take(arena, sums_size(r), 1);
  r->result = plimi_arena_take(arena, PLIM_QUANTITY_COUNT, n_lambda);
  for (size_t worker = 0; worker < workers; worker++)
    scratch_layout(arena, r, worker);
}

/* ---- memory ---- */

plim_status plimi_replica_pattern(const plim_problem *problem, const plim_simulation *simulation,
                                  const plim_measurement *measurement, plimi_replica *pattern)
{
  plimi_replica made = {.problem = problem,
                        .simulation = simulation,
                        .measurement = measurement,
                        .size = simulation->size,
                        .row_block = PLIMI_ROW_BLOCK};
  double *grid = malloc(PLIMI_GRID_WORK * sizeof *grid);
  if (grid == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = plimi_moments_compute(problem->activation, grid, &made.activation);
  if (status == PLIM_OK)
    status = plimi_moments_compute(problem->teacher, grid, &made.teacher);
  free(grid);
  if (status == PLIM_OK)
    *pattern = made;
  return status;
}

/* Features of a constant are all 0, and nothing depends on the weights: there is no experiment. `variance` of what is
   constant is the rounding of `mean`. */
static bool is_constant(const plimi_moments *sigma)
{
  const double rounding = 1e-13 * fabs(sigma->mean); /* root mean square; named activations are above 0.1 */
  return sigma->variance <= rounding * rounding;
}

plim_status plimi_replica_bytes(const plimi_replica *pattern, size_t workers, size_t *bytes)
{
  plimi_replica trial = *pattern;
  plim_inputs_need need;
  plim_status status = PLIM_NO_MEMORY;
  trial.scratch = calloc(workers, sizeof *trial.scratch);
  trial.factors = calloc(workers, sizeof *trial.factors);
  if (trial.scratch != NULL && trial.factors != NULL) {
    plimi_arena arena = {.base = NULL};
    plimi_plan_make(&trial, workers);
    layout(&arena, &trial, workers);
    status = arena.overflow ? PLIM_OVERFLOW : PLIM_OK;
    if (plimi_needs(&trial, PLIMI_NEEDS_FEATURES) && is_constant(&trial.activation))
      status = PLIM_OUTSIDE_DOMAIN;
    if (status == PLIM_OK)
      status = plimi_inputs_suffice(&trial, &need);
    *bytes = arena.used;
  }
  free(trial.scratch);
  free(trial.factors);
  return status;
}

plimi_queue_room plimi_replica_room(const plimi_replica *pattern)
{
  plimi_replica trial = *pattern;
  plimi_plan_make(&trial, 1);
  const size_t samples = trial.plan.rows, d = trial.size.d, width = trial.size.width;
  const size_t matrices[] = {d * samples, d * width, samples * width, width * width,
                             trial.plan.order * trial.plan.order};
  plimi_queue_room room = {.order = trial.plan.order};
  for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
    room.largest = matrices[i] > room.largest ? matrices[i] : room.largest;
  return room;
}

/* What a replica needs besides its matrices. */
static plim_status equip(plimi_replica *r, size_t workers)
{
  const plim_status status = plimi_team_alloc(workers, plimi_dense_hold_worker, &r->team);
  if (status != PLIM_OK)
    return status;
  r->scratch = calloc(workers, sizeof *r->scratch);
  r->factors = calloc(workers, sizeof *r->factors);
  r->by_eigen = calloc(PLIMI_LANES * r->measurement->n_lambda, sizeof *r->by_eigen);
  const plim_rows rows = plim_inputs_rows(r->problem->inputs);
  if (rows.count > 0) {
    r->row_order = calloc(rows.count, sizeof *r->row_order);
    r->column_order = calloc(rows.columns, sizeof *r->column_order);
  }
  if (r->scratch == NULL || r->factors == NULL || r->by_eigen == NULL ||
      (rows.count > 0 && (r->row_order == NULL || r->column_order == NULL)))
    return PLIM_NO_MEMORY;
  for (size_t w = 0; w < workers; w++) {
    plim_status copied = plim_activation_clone(r->problem->activation, &r->scratch[w].activation);
    if (copied == PLIM_OK)
      copied = plim_activation_clone(r->problem->teacher, &r->scratch[w].teacher);
    if (copied != PLIM_OK)
      return copied;
  }
  return PLIM_OK;
}

plim_status plimi_replica_open(const plimi_replica *pattern, size_t workers, plimi_replica *replica)
{
  plimi_replica made = *pattern;
  plimi_arena arena = {.base = NULL};
  plimi_plan_make(&made, workers);
  plim_status status = equip(&made, workers);
  if (status == PLIM_OK) {
    layout(&arena, &made, workers);
    status = arena.overflow ? PLIM_OVERFLOW : PLIM_OK;
  }
  if (status == PLIM_OK) {
    made.memory = plimi_arena_block_alloc(arena.used);
    status = made.memory == NULL ? PLIM_NO_MEMORY : PLIM_OK;
  }
  if (status != PLIM_OK) {
    plimi_replica_close(&made);
    return status;
  }
  const plimi_queue_room room = plimi_replica_room(&made);
  if (made.simulation->device != NULL && plimi_queue_serves(&room)) {
    plimi_queue *queue = NULL;
    status = plimi_queue_open(made.simulation->device, &room, &queue);
    if (status != PLIM_OK) {
      plimi_replica_close(&made);
      return status;
    }
    plimi_team_equip(made.team, queue);
    plimi_queue_pin(queue, made.memory, arena.used);
  }
  arena = (plimi_arena){.base = made.memory};
  layout(&arena, &made, workers);
  *replica = made;
  return PLIM_OK;
}

void plimi_replica_close(plimi_replica *replica)
{
  if (replica->scratch != NULL) {
    for (size_t w = 0; w < plimi_team_size(replica->team); w++) {
      plim_activation_free(replica->scratch[w].activation);
      plim_activation_free(replica->scratch[w].teacher);
    }
  }
  free(replica->scratch);
  free(replica->factors);
  free(replica->by_eigen);
  if (replica->team != NULL)
    plimi_queue_close(plimi_team_queue(replica->team));
  free(replica->row_order);
  free(replica->column_order);
  plimi_team_free(replica->team);
  plimi_arena_block_free(replica->memory);
}

/* ---- stages ---- */

/* The subjects of a stage; none where a status says that the replica has failed. */
static plim_status measure(plimi_replica *replica, plimi_stage stage, plim_status status)
{
  for (size_t s = 0; s < plimi_subject_count && status == PLIM_OK; s++)
    if (plimi_subjects[s]->stage == stage)
      status = plimi_subjects[s]->measure(replica);
  return status;
}

plim_status plimi_replica_run(plimi_replica *replica, size_t number)
{
  plim_status status = PLIM_OK;
  replica->number = number;
  replica->paths = replica->paths_in_double = 0;
  plimi_draw_rows(replica);
  plimi_draw_network(replica);
  if (plimi_needs(replica, PLIMI_NEEDS_GRADIENT)) {
    plimi_draw_batch(replica, 0);
    plimi_gradient(replica);
    status = measure(replica, PLIMI_AFTER_GRADIENT, status);
  }
  if (status == PLIM_OK && plimi_needs(replica, PLIMI_NEEDS_STEP))
    status = measure(replica, PLIMI_AFTER_STEP, plimi_step(replica));
  if (plimi_needs(replica, PLIMI_NEEDS_SPIKED))
    plimi_draw_spiked(replica);
  if (status == PLIM_OK && plimi_needs(replica, PLIMI_NEEDS_SECOND_BATCH)) {
    if (replica->size.shared > 0 && !plimi_needs(replica, PLIMI_NEEDS_GRADIENT))
      plimi_draw_batch(replica, 0);
    if (!replica->plan.by_blocks)
      plimi_draw_ridge_batch(replica);
    status = measure(replica, PLIMI_AFTER_SECOND_BATCH, status);
  }
  const plim_status device = plimi_queue_status(plimi_team_queue(replica->team));
  return device != PLIM_OK ? device : status;
}
