/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - the experiment of [BA] NeurIPS sections 2 and 3: teacher, data, network, gradient steps.

   Matrices are computed in tiles of fixed size, and the activation is applied to a tile while it is still in cache.
   Sums over neurons are kept as one partial sum a tile and added in the order of the tiles. */
#include <math.h>
#include <string.h>

#include "device.h"
#include "map.h"
#include "sim.h"

/* ---- filling with normals, in tasks of whole tiles of columns ---- */

typedef struct {
  plimi_stream stream;
  const plimi_matrix *matrix;
  double scale;
} fill_work;

static void fill_columns(void *context, size_t task, size_t worker)
{
  const fill_work *work = context;
  const plimi_matrix *m = work->matrix;
  const size_t columns = plimi_tile_extent(m->columns, task), count = m->rows * columns;
  double *at = m->at + task * PLIMI_TILE * m->rows;
  (void)worker;
  plimi_stream_normals(&work->stream, (uint64_t)task * PLIMI_TILE * m->rows, count, at);
  for (size_t i = 0; i < count; i++)
    at[i] *= work->scale;
}

static void fill(plimi_replica *replica, fill_work work)
{
  plimi_team_run(replica->team, plimi_tiles(work.matrix->columns), fill_columns, &work);
}

/* The atom whose share of (0, 1) the normal number's distribution function falls into. */
static double atom_at(const plim_atoms *atoms, double normal)
{
  const double below = 0.5 * erfc(-normal / sqrt(2.0));
  double sum = 0.0;
  size_t i = 0;
  while (i + 1 < atoms->count && below > (sum += atoms->probability[i]))
    i++;
  return atoms->value[i];
}

void plimi_draw_network(plimi_replica *replica)
{
  const size_t d = replica->size.d, width = replica->size.width;
  const plimi_stream beta = plimi_stream_of(replica, PLIMI_STREAM_BETA, 0);
  plimi_stream_normals(&beta, 0, d, replica->beta);
  const double norm = plimi_norm(d, replica->beta);
  for (size_t i = 0; i < d; i++)
    replica->beta[i] /= norm;

  const plimi_stream zeta = plimi_stream_of(replica, PLIMI_STREAM_READOUT, 0);
  plimi_stream_normals(&zeta, 0, width, replica->readout);
  const double scale = 1.0 / sqrt((double)width);
  for (size_t j = 0; j < width; j++) {
    double *a = &replica->readout[j];
    switch (replica->problem->readout) {
    case PLIM_READOUT_RADEMACHER:
      *a = copysign(1.0, *a);
      break;
    case PLIM_READOUT_CONSTANT:
      *a = 1.0;
      break;
    case PLIM_READOUT_ATOMS:
      *a = atom_at(replica->problem->atoms, *a);
      break;
    default: /* PLIM_READOUT_GAUSSIAN: zeta itself */
      break;
    }
    *a *= scale;
  }
  fill(replica, (fill_work){.stream = plimi_stream_of(replica, PLIMI_STREAM_WEIGHTS, 0),
                            .matrix = &replica->w0,
                            .scale = 1.0 / sqrt((double)d)});
}

void plimi_teach(const plimi_replica *replica, const plimi_scratch *scratch, size_t count, double *value)
{
  plimi_map_values(scratch->teacher, count, value, value);
  for (size_t i = 0; i < count; i++)
    value[i] -= replica->teacher.mean;
}

void plimi_test_block(const plimi_replica *replica, size_t first, size_t count, plimi_scratch *scratch)
{
  const size_t d = replica->size.d;
  const plimi_samples of = {.purpose = PLIMI_STREAM_TEST_INPUTS, .first = first};
  const plimi_matrix points = plimi_matrix_of(scratch->inputs, d, count);
  plimi_draw_samples(replica, &of, count, scratch->inputs);
  plimi_apply_transposed(1.0, &points, replica->beta, 0.0, scratch->target);
  plimi_teach(replica, scratch, count, scratch->target);
}

/* ---- the gradient ----

   sqrt(N) G at the weights W, from a batch that is drawn block by block where it is long,
   G = (1/n) X' [ (N^-1/2 (y - f) a') o sigma'(X W) ],  f = N^-1/2 sigma(X W) a      ([BA] NeurIPS section 2). */

typedef struct {
  plimi_replica *replica;
  const plimi_matrix *weights;
  bool on_device; /* is the product there already? */
} pass_work;

/* out = X W by the replica's device, where it is large enough for that. */
static bool multiply_on_device(const plimi_replica *r, const plimi_matrix *weights, const plimi_matrix *out)
{
  plimi_queue *queue = plimi_team_queue(r->team);
  if (!plimi_queue_takes(queue, out->rows, out->columns, r->size.d))
    return false;
  plimi_queue_product(
      queue, &(plimi_queue_factors){.kind = PLIMI_TN, .alpha = 1.0, .a = &r->x, .b = weights, .c = out});
  return true;
}

/* Tile (i, j) of X W: its share of the network's output goes to `partial`, sigma'(X W) to the workspace. */
static void forward_tile(void *context, size_t task, size_t worker)
{
  const pass_work *work = context;
  plimi_replica *r = work->replica;
  plimi_scratch *scratch = &r->scratch[worker];
  const size_t row_tiles = plimi_tiles(r->x.columns), i = task % row_tiles, j = task / row_tiles;
  const size_t rows = plimi_tile_extent(r->x.columns, i), columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix z = plimi_matrix_block(&r->features[0], i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
  const plimi_matrix x = plimi_matrix_columns(&r->x, i * PLIMI_TILE, rows);
  const plimi_matrix w = plimi_matrix_columns(work->weights, j * PLIMI_TILE, columns);
  if (!work->on_device)
    plimi_product(PLIMI_TN, 1.0, &x, &w, 0.0, &z);

  double *share = r->partial + j * r->x.columns + i * PLIMI_TILE, *value = scratch->tile[0];
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
  const size_t row_tiles = plimi_tiles(r->size.d), i = task % row_tiles, j = task / row_tiles;
  const size_t rows = plimi_tile_extent(r->size.d, i), columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix target = plimi_matrix_block(work->target, i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
  const plimi_matrix x = plimi_matrix_block(&r->x, i * PLIMI_TILE, rows, 0, r->x.columns);
  const plimi_matrix weighted = plimi_matrix_columns(&r->features[0], j * PLIMI_TILE, columns);
  (void)worker;
  plimi_product(PLIMI_NN, work->scale, &x, &weighted, work->keep, &target);
}

void plimi_residual(plimi_replica *r, const plimi_matrix *weights, double divisor)
{
  const size_t n = r->x.columns, width = r->size.width;
  pass_work pass = {
      .replica = r, .weights = weights, .on_device = multiply_on_device(r, weights, &r->features[0])};
  plimi_team_run(r->team, plimi_tiles(n) * plimi_tiles(width), forward_tile, &pass);
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
  plimi_team_run(r->team, plimi_tiles(r->size.d) * plimi_tiles(r->size.width), gradient_tile, &work);
}

void plimi_descend(plimi_replica *r, double scale, double keep)
{
  descend_into(r, &r->w1, scale, keep);
}

void plimi_gradient(plimi_replica *r)
{
  const size_t blocks = plimi_row_blocks(r, plim_size_step_n(&r->size));
  for (size_t block = 0; block < blocks; block++) {
    if (block > 0)
      plimi_draw_batch_block(r, 0, block);
    if (plimi_needs(r, PLIMI_NEEDS_DIRECTION))
      plimi_add_direction(r, block == 0);
    plimi_residual(r, &r->w0, sqrt((double)r->size.width));
    descend_into(r, &r->w1, 1.0, block == 0 ? 0.0 : 1.0);
  }
  if (plimi_needs(r, PLIMI_NEEDS_DIRECTION))
    plimi_end_direction(r);
}

/* w1 = w1 + scale sqrt(N) G at w1, from batch `index`, whose first block is in x. In blocks the sum needs a place of its
   own: all of them see the weights before the step. */
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

/* ---- features ---- */

/* Network: N^-1/2 (sigma(X W) - E sigma). Equivalent: N^-1/2 (mu1 X W + mu2 z), z_ij number j + i N of its stream. */
void plimi_featurise(const plimi_replica *r, plimi_scratch *scratch, const plimi_feature_block *block)
{
  const plimi_matrix *phi = &block->phi;
  const double scale = 1.0 / sqrt((double)r->size.width);
  if (r->simulation->features == PLIM_FEATURES_NETWORK) {
    for (size_t c = 0; c < phi->columns; c++) {
      double *column = phi->at + c * phi->ld;
      plimi_map_values(scratch->activation, phi->rows, column, column);
      for (size_t k = 0; k < phi->rows; k++)
        column[k] = scale * (column[k] - r->activation.mean);
    }
    return;
  }
  const double mu1 = r->activation.mu1;
  const double mu2 = sqrt(fmax(0.0, r->activation.variance - mu1 * mu1));
  double *z = scratch->normals;
  for (size_t k = 0; k < phi->rows; k++) {
    plimi_stream_normals(&block->noise,
                         (uint64_t)(block->first_row + k) * r->size.width + block->first_column, phi->columns,
                         z);
    for (size_t c = 0; c < phi->columns; c++)
      phi->at[k + c * phi->ld] = scale * (mu1 * phi->at[k + c * phi->ld] + mu2 * z[c]);
  }
}

typedef struct {
  plimi_replica *replica;
  const plimi_matrix *weights;
  plimi_stream noise;
  size_t lane;
  bool on_device; /* is X W there already? */
} feature_work;

static void feature_tile(void *context, size_t task, size_t worker)
{
  const feature_work *work = context;
  plimi_replica *r = work->replica;
  const size_t row_tiles = plimi_tiles(r->x.columns), i = task % row_tiles, j = task / row_tiles;
  const size_t rows = plimi_tile_extent(r->x.columns, i), columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix phi =
      plimi_matrix_block(&r->features[work->lane], i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
  const plimi_matrix x = plimi_matrix_columns(&r->x, i * PLIMI_TILE, rows);
  const plimi_matrix w = plimi_matrix_columns(work->weights, j * PLIMI_TILE, columns);
  if (!work->on_device)
    plimi_product(PLIMI_TN, 1.0, &x, &w, 0.0, &phi);
  plimi_featurise(r, &r->scratch[worker],
                  &(plimi_feature_block){.phi = phi,
                                         .noise = work->noise,
                                         .first_row = r->first_row + i * PLIMI_TILE,
                                         .first_column = j * PLIMI_TILE});
}

void plimi_features(plimi_replica *replica, const plimi_matrix *weights, size_t lane)
{
  feature_work work = {.replica = replica,
                       .weights = weights,
                       .noise = plimi_stream_of(replica, PLIMI_STREAM_EQUIVALENT, 0),
                       .lane = lane,
                       .on_device = multiply_on_device(replica, weights, &replica->features[lane])};
  plimi_team_run(replica->team, plimi_tiles(replica->x.columns) * plimi_tiles(replica->size.width),
                 feature_tile, &work);
}
