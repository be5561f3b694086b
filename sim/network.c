/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - the experiment of [BA] NeurIPS sections 2 and 3: teacher, network, features.

   Matrices are computed in tiles of fixed size, and the activation is applied to a tile while it is still in cache. */
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

/* out = X W by the replica's device, where it is large enough for that. */
bool plimi_multiply_on_device(const plimi_replica *r, const plimi_matrix *weights, const plimi_matrix *out)
{
  plimi_queue *queue = plimi_team_queue(r->team);
  if (!plimi_queue_takes(queue, out->rows, out->columns, r->size.d))
    return false;
  plimi_queue_product(
      queue, &(plimi_queue_factors){.kind = PLIMI_TN, .alpha = 1.0, .a = &r->x, .b = weights, .c = out});
  return true;
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
  const plimi_tall_tiles tall = plimi_tall(r->x.columns, r->size.width);
  const size_t first = task % tall.count * tall.rows, j = task / tall.count;
  const size_t rows = plimi_tall_extent(tall, r->x.columns, task % tall.count);
  const size_t columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix phi = plimi_matrix_block(&r->features[work->lane], first, rows, j * PLIMI_TILE, columns);
  if (!work->on_device)
    plimi_inner(&(plimi_inner_work){r, &r->x, work->weights},
                &(plimi_place){.row = first, .rows = rows, .column = j * PLIMI_TILE, .columns = columns},
                &r->scratch[worker], &phi);
  plimi_featurise(r, &r->scratch[worker],
                  &(plimi_feature_block){.phi = phi,
                                         .noise = work->noise,
                                         .first_row = r->first_row + first,
                                         .first_column = j * PLIMI_TILE});
}

void plimi_features(plimi_replica *replica, const plimi_matrix *weights, size_t lane)
{
  feature_work work = {.replica = replica,
                       .weights = weights,
                       .noise = plimi_stream_of(replica, PLIMI_STREAM_EQUIVALENT, 0),
                       .lane = lane,
                       .on_device = plimi_multiply_on_device(replica, weights, &replica->features[lane])};
  plimi_copy_inputs(replica);
  plimi_copy_weights(replica, weights);
  plimi_team_run(replica->team,
                 plimi_tall(replica->x.columns, replica->size.width).count * plimi_tiles(replica->size.width),
                 feature_tile, &work);
}
