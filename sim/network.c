/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - the experiment of [BA] NeurIPS sections 2 and 3: teacher, data, network, gradient steps.

   Matrices are computed in tiles of fixed size, and the activation is applied to a tile while it is still in cache.
   Sums over neurons are kept as one partial sum a tile and added in the order of the tiles. */
#include <math.h>
#include <string.h>

#include "device.h"
#include "map.h"
#include "sim.h"

plimi_stream plimi_stream_of(const plimi_replica *replica, plimi_purpose purpose, size_t index)
{
  return plimi_stream_named(replica->simulation->seed, &replica->size, replica->number, purpose, index);
}

/* ---- filling with normals, in tasks of whole tiles of columns ---- */

typedef struct {
  plimi_stream stream;
  uint64_t first; /* number of the matrix's first entry in the stream */
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
  plimi_stream_normals(&work->stream, work->first + (uint64_t)task * PLIMI_TILE * m->rows, count, at);
  if (work->scale != 1.0)
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

/* x has so many columns from now on, and the features as many rows. */
static void set_samples(plimi_replica *r, size_t samples)
{
  r->x = plimi_matrix_of(r->x.at, r->size.d, samples);
  for (size_t lane = 0; lane < r->plan.lanes; lane++)
    r->features[lane] = plimi_matrix_of(r->features[lane].at, samples, r->size.width);
}

/* Pairs number `first` and later of a batch, into the columns of x from there on. */
typedef struct {
  plimi_purpose inputs, noise;
  size_t index, first;
} pairs;

static void draw_pairs(plimi_replica *r, const pairs *drawn)
{
  const size_t d = r->size.d, count = r->x.columns - drawn->first;
  const plimi_matrix x = plimi_matrix_columns(&r->x, drawn->first, count);
  fill(r, (fill_work){.stream = plimi_stream_of(r, drawn->inputs, drawn->index),
                      .first = (uint64_t)drawn->first * d,
                      .matrix = &x,
                      .scale = 1.0});
  const plimi_stream errors = plimi_stream_of(r, drawn->noise, drawn->index);
  double *y = r->y + drawn->first, *eps = r->output; /* free until the gradient */
  plimi_apply_transposed(1.0, &x, r->beta, 0.0, y);
  plimi_teach(r, &r->scratch[0], count, y);
  plimi_stream_normals(&errors, drawn->first, count, eps);
  for (size_t i = 0; i < count; i++)
    y[i] += r->problem->noise * eps[i];
}

void plimi_draw_batch(plimi_replica *replica, size_t index)
{
  set_samples(replica, plim_size_step_n(&replica->size));
  draw_pairs(replica, &(pairs){.inputs = PLIMI_STREAM_INPUTS, .noise = PLIMI_STREAM_NOISE, .index = index});
}

void plimi_draw_ridge_batch(plimi_replica *replica)
{
  set_samples(replica, replica->size.n);
  if (replica->size.shared < replica->size.n)
    draw_pairs(replica, &(pairs){.inputs = PLIMI_STREAM_RIDGE_INPUTS,
                                 .noise = PLIMI_STREAM_RIDGE_NOISE,
                                 .first = replica->size.shared});
}

void plimi_test_block(const plimi_replica *replica, size_t first, size_t count, plimi_scratch *scratch)
{
  const size_t d = replica->size.d;
  const plimi_stream inputs = plimi_stream_of(replica, PLIMI_STREAM_TEST_INPUTS, 0);
  const plimi_matrix points = plimi_matrix_of(scratch->inputs, d, count);
  plimi_stream_normals(&inputs, (uint64_t)first * d, count * d, scratch->inputs);
  plimi_apply_transposed(1.0, &points, replica->beta, 0.0, scratch->target);
  plimi_teach(replica, scratch, count, scratch->target);
}

/* ---- the gradient ---- */

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
  double scale, keep;
} gradient_work;

static void gradient_tile(void *context, size_t task, size_t worker)
{
  const gradient_work *work = context;
  plimi_replica *r = work->replica;
  const size_t row_tiles = plimi_tiles(r->size.d), i = task % row_tiles, j = task / row_tiles;
  const size_t rows = plimi_tile_extent(r->size.d, i), columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix target = plimi_matrix_block(&r->w1, i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
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

void plimi_descend(plimi_replica *r, double scale, double keep)
{
  pass_work pass = {.replica = r};
  plimi_team_run(r->team, plimi_tiles(r->size.width), weigh_columns, &pass);
  gradient_work work = {.replica = r, .scale = scale / (double)r->x.columns, .keep = keep};
  plimi_queue *queue = plimi_team_queue(r->team);
  if (plimi_queue_takes(queue, r->size.d, r->size.width, r->x.columns)) {
    plimi_queue_product(queue, &(plimi_queue_factors){.kind = PLIMI_NN,
                                                      .alpha = work.scale,
                                                      .beta = keep,
                                                      .a = &r->x,
                                                      .b = &r->features[0],
                                                      .c = &r->w1});
    return;
  }
  plimi_team_run(r->team, plimi_tiles(r->size.d) * plimi_tiles(r->size.width), gradient_tile, &work);
}

/* w1 = keep w1 + scale sqrt(N) G at `weights`, with
   G = (1/n) X' [ (N^-1/2 (y - f) a') o sigma'(X W) ],  f = N^-1/2 sigma(X W) a      ([BA] NeurIPS section 2). */
static void add_gradient(plimi_replica *r, const plimi_matrix *weights, double scale, double keep)
{
  plimi_residual(r, weights, sqrt((double)r->size.width));
  plimi_descend(r, scale, keep);
}

void plimi_gradient(plimi_replica *replica)
{
  add_gradient(replica, &replica->w0, 1.0, 0.0);
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

plim_status plimi_step(plimi_replica *replica)
{
  const plim_problem *problem = replica->problem;
  const double width = (double)replica->size.width, eta = plim_problem_step_size(problem, width);
  const size_t length = replica->w0.rows * replica->w0.columns;
  for (size_t i = 0; i < length; i++)
    replica->w1.at[i] = replica->w0.at[i] + eta * replica->w1.at[i];
  for (size_t step = 1; step < problem->steps; step++) {
    if (problem->batch == PLIM_BATCH_FRESH)
      plimi_draw_batch(replica, step);
    const double size = problem->steps == 2 ? plim_problem_second_step_size(problem, width) : eta;
    add_gradient(replica, &replica->w1, size, 1.0);
  }
  return is_bounded(&replica->w1) ? PLIM_OK : PLIM_NOT_FINITE;
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
  plimi_featurise(
      r, &r->scratch[worker],
      &(plimi_feature_block){
          .phi = phi, .noise = work->noise, .first_row = i * PLIMI_TILE, .first_column = j * PLIMI_TILE});
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
