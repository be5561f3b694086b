/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_risk.c - the risk of ridge regression on the inputs and on the exponential kernels over a test set, where
   the inputs are not Gaussian and kernels.c's expectations do not hold. */
#include <string.h>

#include "map.h"
#include "sim.h"

typedef struct {
  plimi_replica *replica;
  const plimi_kernel_map *map;
  const plimi_matrix *solutions;
} risk_work;

/* tile (rows x columns) = k(test point, sample) of the samples from `first` on. */
static void kernel_tile(const risk_work *work, const plimi_scratch *scratch, size_t first,
                        const plimi_matrix *tile)
{
  const plimi_replica *r = work->replica;
  const plimi_kernel_map *map = work->map;
  const plimi_matrix points = plimi_matrix_of(scratch->inputs, r->size.d, tile->rows);
  const plimi_matrix x = plimi_matrix_columns(&r->x, first, tile->columns);
  plimi_product(PLIMI_TN, map->inner, &points, &x, 0.0, tile);
  for (size_t c = 0; c < tile->columns && map->exponential; c++) {
    double *column = tile->at + c * tile->ld;
    for (size_t i = 0; i < tile->rows; i++)
      column[i] += map->own * (scratch->normals[i] + map->square[first + c]);
    plimi_map_exp(tile->rows, column);
  }
}

static void predict_block(void *context, size_t task, size_t worker)
{
  const risk_work *work = context;
  plimi_replica *r = work->replica;
  plimi_scratch *scratch = &r->scratch[worker];
  const size_t d = r->size.d, n_lambda = r->measurement->n_lambda;
  const size_t rows = plimi_tile_extent(r->plan.test_points, task);
  const plimi_matrix prediction = plimi_matrix_of(scratch->block, rows, n_lambda);
  plimi_test_block(r, task * PLIMI_TILE, rows, scratch);
  if (work->map == NULL) {
    const plimi_matrix points = plimi_matrix_of(scratch->inputs, d, rows);
    plimi_product(PLIMI_TN, 1.0, &points, work->solutions, 0.0, &prediction);
    plimi_add_errors(r, scratch, task, rows);
    return;
  }
  for (size_t i = 0; i < rows; i++)
    scratch->normals[i] = plimi_dot(d, scratch->inputs + i * d, scratch->inputs + i * d);
  memset(scratch->block, 0, rows * n_lambda * sizeof *scratch->block);
  for (size_t j = 0; j < plimi_tiles(r->x.columns); j++) {
    const size_t columns = plimi_tile_extent(r->x.columns, j);
    const plimi_matrix tile = plimi_matrix_of(scratch->tile[0], rows, columns);
    const plimi_matrix part = plimi_matrix_block(work->solutions, j * PLIMI_TILE, columns, 0, n_lambda);
    kernel_tile(work, scratch, j * PLIMI_TILE, &tile);
    plimi_product(PLIMI_NN, 1.0, &tile, &part, 1.0, &prediction);
  }
  plimi_add_errors(r, scratch, task, rows);
}

void plimi_kernel_test_risk(plimi_replica *replica, const plimi_kernel_map *map,
                            const plimi_matrix *solutions, double *risk)
{
  const size_t blocks = plimi_tiles(replica->plan.test_points);
  risk_work work = {.replica = replica, .map = map, .solutions = solutions};
  plimi_team_run(replica->team, blocks, predict_block, &work);
  plimi_mean_errors(replica, blocks, risk);
}
