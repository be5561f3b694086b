/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps.c - the gradient steps of [BA] NeurIPS section 2:

     sqrt(N) G at the weights W,  G = (1/n) X' [ (N^-1/2 (y - f) a') o sigma'(X W) ],  f = N^-1/2 sigma(X W) a,

   from a batch that is drawn block by block where it is long. Sums over neurons are kept as one partial sum a tile and
   added in the order of the tiles. */
#include <math.h>
#include <string.h>

#include "map.h"
#include "sim.h"

typedef struct {
  plimi_replica *replica;
  const plimi_matrix *weights;
  bool on_device; /* is the product there already? */
} pass_work;

/* Tile (i, j) of X W: its share of the network's output goes to `partial`, sigma'(X W) to the workspace. */
static void forward_tile(void *context, size_t task, size_t worker)
{
  const pass_work *work = context;
  plimi_replica *r = work->replica;
  plimi_scratch *scratch = &r->scratch[worker];
  const plimi_tall_tiles tall = plimi_tall(r->x.columns, r->size.width);
  const size_t first = task % tall.count * tall.rows, j = task / tall.count;
  const size_t rows = plimi_tall_extent(tall, r->x.columns, task % tall.count);
  const size_t columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix z = plimi_matrix_block(&r->features[0], first, rows, j * PLIMI_TILE, columns);
  if (!work->on_device)
    plimi_inner(&(plimi_inner_work){r, &r->x, work->weights},
                &(plimi_place){.row = first, .rows = rows, .column = j * PLIMI_TILE, .columns = columns},
                scratch, &z);

  double *share = r->partial + j * r->x.columns + first, *value = scratch->tile[0];
  memset(share, 0, rows * sizeof *share);
  for (size_t c = 0; c < columns; c++) {
    double *column = z.at + c * z.ld;
    const double a = r->readout[j * PLIMI_TILE + c];
    plimi_map_values(scratch->activation, rows, column, value);
    for (size_t k = 0; k < rows; k++)
      share[k] += a * (value[k] - r->activation.mean);
    plimi_map_derivatives(scratch->activation, rows, column, column);
  }
}

/* The residual times the readout: sigma'(X W)_ij becomes residual_i a_j sigma'(X W)_ij. */
static void weigh_columns(void *context, size_t task, size_t worker)
{
  const pass_work *work = context;
  const plimi_replica *r = work->replica;
  const size_t columns = plimi_tile_extent(r->size.width, task), n = r->x.columns;
  (void)worker;
  for (size_t c = 0; c < columns; c++) {
    const size_t j = task * PLIMI_TILE + c;
    double *column = r->features[0].at + j * n;
    for (size_t i = 0; i < n; i++)
      column[i] *= r->output[i] * r->readout[j];
    if (plimi_is_single(r))
      plimi_round_in_place(n, column);
  }
}

typedef struct {
  plimi_replica *replica;
  const plimi_matrix *target;
  double scale, keep;
} gradient_work;

static void gradient_tile(void *context, size_t task, size_t worker)
{
  const gradient_work *work = context;
  plimi_replica *r = work->replica;
  const plimi_tall_tiles tall = plimi_tall(r->size.d, r->size.width);
  const size_t first = task % tall.count * tall.rows, j = task / tall.count;
  const size_t rows = plimi_tall_extent(tall, r->size.d, task % tall.count);
  const size_t columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix target = plimi_matrix_block(work->target, first, rows, j * PLIMI_TILE, columns);
  if (plimi_is_single(r)) {
    const size_t n = r->x.columns;
    const plimi_floats inputs = plimi_floats_of(r->x_single, r->size.d, n);
    const plimi_floats left = plimi_floats_block(&inputs, first, rows, 0, n);
    const plimi_floats right = {.at = (float *)(void *)(r->features[0].at + j * PLIMI_TILE * n),
                                .rows = n,
                                .columns = columns,
                                .ld = 2 * n}; /* rounded in place */
    const plimi_floats product = plimi_floats_of(r->scratch[worker].single, rows, columns);
    plimi_product_single(PLIMI_NN, &left, &right, &product);
    plimi_widen(&product, work->scale, work->keep, &target);
    return;
  }
  const plimi_matrix x = plimi_matrix_block(&r->x, first, rows, 0, r->x.columns);
  const plimi_matrix weighted = plimi_matrix_columns(&r->features[0], j * PLIMI_TILE, columns);
  plimi_product(PLIMI_NN, work->scale, &x, &weighted, work->keep, &target);
}

void plimi_residual(plimi_replica *r, const plimi_matrix *weights, double divisor)
{
  const size_t n = r->x.columns, width = r->size.width;
  pass_work pass = {
      .replica = r, .weights = weights, .on_device = plimi_multiply_on_device(r, weights, &r->features[0])};
  plimi_copy_inputs(r);
  plimi_copy_weights(r, weights);
  plimi_team_run(r->team, plimi_tall(n, width).count * plimi_tiles(width), forward_tile, &pass);
  for (size_t i = 0; i < n; i++) {
    double sum = 0.0;
    for (size_t j = 0; j < plimi_tiles(width); j++)
      sum += r->partial[j * n + i];
    r->output[i] = r->y[i] - sum / divisor;
  }
}

/* target = keep target + the share of the samples in x in (scale/n) X' [ ((y - f) a') o sigma'(X W) ]. */
static void descend_into(plimi_replica *r, const plimi_matrix *target, double scale, double keep)
{
  pass_work pass = {.replica = r};
  const double n = (double)plim_size_step_n(&r->size);
  plimi_team_run(r->team, plimi_tiles(r->size.width), weigh_columns, &pass);
  gradient_work work = {.replica = r, .target = target, .scale = scale / n, .keep = keep};
  plimi_queue *queue = plimi_team_queue(r->team);
  if (plimi_queue_takes(queue, r->size.d, r->size.width, r->x.columns)) {
    plimi_queue_product(queue, &(plimi_queue_factors){.kind = PLIMI_NN,
                                                      .alpha = work.scale,
                                                      .beta = keep,
                                                      .a = &r->x,
                                                      .b = &r->features[0],
                                                      .c = target});
    return;
  }
  plimi_team_run(r->team, plimi_tall(r->size.d, r->size.width).count * plimi_tiles(r->size.width),
                 gradient_tile, &work);
}

void plimi_descend(plimi_replica *r, double scale, double keep)
{
  descend_into(r, &r->w1, scale, keep);
}

/* along = X'y, summed over the blocks of the first batch. */
static void add_direction(plimi_replica *r, bool first)
{
  plimi_apply(1.0, &r->x, r->y, first ? 0.0 : 1.0, r->along);
}

static void end_direction(plimi_replica *r)
{
  const double norm = plimi_norm(r->size.d, r->along);
  r->pull = norm / (double)plim_size_step_n(&r->size);
  for (size_t i = 0; i < r->size.d; i++)
    r->along[i] = norm > 0.0 ? r->along[i] / norm : 0.0;
}

void plimi_gradient(plimi_replica *r)
{
  const size_t blocks = plimi_row_blocks(r, plim_size_step_n(&r->size));
  for (size_t block = 0; block < blocks; block++) {
    if (block > 0)
      plimi_draw_batch_block(r, 0, block);
    if (plimi_needs(r, PLIMI_NEEDS_DIRECTION))
      add_direction(r, block == 0);
    plimi_residual(r, &r->w0, sqrt((double)r->size.width));
    descend_into(r, &r->w1, 1.0, block == 0 ? 0.0 : 1.0);
  }
  if (plimi_needs(r, PLIMI_NEEDS_DIRECTION))
    end_direction(r);
}

/* w1 = w1 + scale sqrt(N) G at w1, from batch `index`, whose first block is in x. In blocks the sum needs a place of
   its own: all of them see the weights before the step. */
static void step_again(plimi_replica *r, size_t index, double scale)
{
  const size_t blocks = plimi_row_blocks(r, plim_size_step_n(&r->size)), length = r->w1.rows * r->w1.columns;
  const plimi_matrix *sum = blocks > 1 ? &r->change : &r->w1;
  for (size_t block = 0; block < blocks; block++) {
    if (block > 0)
      plimi_draw_batch_block(r, index, block);
    plimi_residual(r, &r->w1, sqrt((double)r->size.width));
    descend_into(r, sum, scale, blocks > 1 && block == 0 ? 0.0 : 1.0);
  }
  for (size_t i = 0; i < length && blocks > 1; i++)
    r->w1.at[i] += sum->at[i];
}

/* Is |W1|_F^2 a number? If so no product with the weights overflows later. Asked here because an activation may hide a
   NaN: max(NaN, 0) is 0. */
static bool is_bounded(const plimi_matrix *weights)
{
  double sum = 0.0;
  for (size_t j = 0; j < weights->columns; j++)
    sum += plimi_dot(weights->rows, weights->at + j * weights->ld, weights->at + j * weights->ld);
  return isfinite(sum);
}

/* w1: a step further, from batch `index`; is a block of the first batch in x? */
static void step_on(plimi_replica *r, size_t index, bool is_first_in_x)
{
  const double width = (double)r->size.width;
  const double size = r->problem->steps == 2 ? plim_problem_second_step_size(r->problem, width)
                                             : plim_problem_step_size(r->problem, width);
  const bool whole = plimi_row_blocks(r, plim_size_step_n(&r->size)) == 1;
  if (index > 0 || !is_first_in_x || !whole)
    plimi_draw_batch(r, index);
  step_again(r, index, size);
}

/* first = w1, that after the first of two steps; other = after a second one on the data that the problem does not
   take, which are left in x. */
static void keep_first(plimi_replica *r)
{
  const size_t bytes = r->w0.rows * r->w0.columns * sizeof *r->w0.at;
  memcpy(r->first.at, r->w1.at, bytes);
  if (!plimi_needs(r, PLIMI_NEEDS_RISK_AT_OTHER))
    return;
  step_on(r, r->problem->batch == PLIM_BATCH_SAME ? 1 : 0, true);
  memcpy(r->other.at, r->w1.at, bytes);
  memcpy(r->w1.at, r->first.at, bytes);
}

plim_status plimi_step(plimi_replica *replica)
{
  const plim_problem *problem = replica->problem;
  const double eta = plim_problem_step_size(problem, (double)replica->size.width);
  const size_t length = replica->w0.rows * replica->w0.columns;
  for (size_t i = 0; i < length; i++)
    replica->w1.at[i] = replica->w0.at[i] + eta * replica->w1.at[i];
  const bool has_other = plimi_needs(replica, PLIMI_NEEDS_RISK_AT_OTHER);
  if (has_other || plimi_needs(replica, PLIMI_NEEDS_RISK_AT_FIRST))
    keep_first(replica);
  for (size_t step = 1; step < problem->steps; step++) {
    step_on(replica, problem->batch == PLIM_BATCH_FRESH ? step : 0, !has_other);
  }
  const bool bounded = is_bounded(&replica->w1) && (!has_other || is_bounded(&replica->other));
  return bounded ? PLIM_OK : PLIM_NOT_FINITE;
}
