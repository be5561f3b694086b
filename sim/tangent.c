/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tangent.c - ridge regression on the tangent features at W0, (N d)^-1/2 vec(sigma'(W0'x) x'), in kernel form:
   N d features, but only n x n numbers. Risk on a fresh test set. */
#include <math.h>
#include <string.h>

#include "map.h"
#include "sim.h"

typedef struct {
  plimi_replica *replica;
  const plimi_matrix *gram;
} tangent_work;

/* Tile of S = sigma'(X W0), n x N. */
static void slope_tile(void *context, size_t task, size_t worker)
{
  plimi_replica *r = ((const tangent_work *)context)->replica;
  const size_t row_tiles = plimi_tiles(r->size.n), i = task % row_tiles, j = task / row_tiles;
  const size_t rows = plimi_tile_extent(r->size.n, i), columns = plimi_tile_extent(r->size.width, j);
  const plimi_matrix s = plimi_matrix_block(&r->features[0], i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
  const plimi_matrix x = plimi_matrix_columns(&r->x, i * PLIMI_TILE, rows);
  const plimi_matrix w = plimi_matrix_columns(&r->w0, j * PLIMI_TILE, columns);
  plimi_product(PLIMI_TN, 1.0, &x, &w, 0.0, &s);
  for (size_t c = 0; c < columns; c++)
    plimi_map_derivatives(r->scratch[worker].activation, rows, s.at + c * s.ld, s.at + c * s.ld);
}

/* Tile of K = (X X'/d) o (S S'/N). */
static void tangent_tile(void *context, size_t task, size_t worker)
{
  const tangent_work *work = context;
  plimi_replica *r = work->replica;
  const size_t n = r->size.n;
  size_t i, j;
  plimi_triangle_tile(task, &i, &j);
  const size_t rows = plimi_tile_extent(n, i), columns = plimi_tile_extent(n, j);
  const plimi_matrix k = plimi_matrix_block(work->gram, i * PLIMI_TILE, rows, j * PLIMI_TILE, columns);
  const plimi_matrix inner = plimi_matrix_of(r->scratch[worker].tile[0], rows, columns);
  const plimi_matrix x = plimi_matrix_columns(&r->x, i * PLIMI_TILE, rows);
  const plimi_matrix other_x = plimi_matrix_columns(&r->x, j * PLIMI_TILE, columns);
  const plimi_matrix s = plimi_matrix_block(&r->features[0], i * PLIMI_TILE, rows, 0, r->size.width);
  const plimi_matrix other_s = plimi_matrix_block(&r->features[0], j * PLIMI_TILE, columns, 0, r->size.width);
  plimi_product(PLIMI_TN, 1.0 / (double)r->size.d, &x, &other_x, 0.0, &inner);
  plimi_product(PLIMI_NT, 1.0 / (double)r->size.width, &s, &other_s, 0.0, &k);
  for (size_t c = 0; c < columns; c++)
    for (size_t e = 0; e < rows; e++)
      k.at[e + c * k.ld] *= inner.at[e + c * rows];
}

/* One block of test points: S S_test'/N summed over tiles of neurons, times X X_test'/d, times the solutions. */
static void predict_block(void *context, size_t task, size_t worker)
{
  plimi_replica *r = ((const tangent_work *)context)->replica;
  plimi_scratch *scratch = &r->scratch[worker];
  const size_t n = r->size.n, width = r->size.width, n_lambda = r->measurement->n_lambda;
  const size_t rows = plimi_tile_extent(r->plan.test_points, task);
  plimi_test_block(r, task * PLIMI_TILE, rows, scratch);
  const plimi_matrix points = plimi_matrix_of(scratch->inputs, r->size.d, rows);
  const plimi_matrix kernel = plimi_matrix_of(scratch->panel, rows, n);
  for (size_t j = 0; j < plimi_tiles(width); j++) {
    const size_t columns = plimi_tile_extent(width, j);
    const plimi_matrix s = plimi_matrix_of(scratch->tile[0], rows, columns);
    const plimi_matrix w = plimi_matrix_columns(&r->w0, j * PLIMI_TILE, columns);
    const plimi_matrix train = plimi_matrix_columns(&r->features[0], j * PLIMI_TILE, columns);
    plimi_product(PLIMI_TN, 1.0, &points, &w, 0.0, &s);
    plimi_map_derivatives(scratch->activation, rows * columns, s.at, s.at);
    plimi_product(PLIMI_NT, 1.0 / (double)width, &s, &train, j == 0 ? 0.0 : 1.0, &kernel);
  }
  const plimi_matrix solutions = plimi_matrix_of(r->path[0].solutions, n, n_lambda);
  const plimi_matrix prediction = plimi_matrix_of(scratch->block, rows, n_lambda);
  for (size_t j = 0; j < plimi_tiles(n); j++) {
    const size_t columns = plimi_tile_extent(n, j);
    const plimi_matrix inner = plimi_matrix_of(scratch->tile[0], rows, columns);
    const plimi_matrix x = plimi_matrix_columns(&r->x, j * PLIMI_TILE, columns);
    const plimi_matrix part = plimi_matrix_block(&solutions, j * PLIMI_TILE, columns, 0, n_lambda);
    const double *slopes = scratch->panel + j * PLIMI_TILE * rows;
    plimi_product(PLIMI_TN, 1.0 / (double)r->size.d, &points, &x, 0.0, &inner);
    for (size_t e = 0; e < rows * columns; e++)
      inner.at[e] *= slopes[e];
    plimi_product(PLIMI_NN, 1.0, &inner, &part, j == 0 ? 0.0 : 1.0, &prediction);
  }
  plimi_add_errors(r, scratch, task, rows);
}

plim_status plimi_tangent_ridge(plimi_replica *r)
{
  const size_t n = r->size.n, tiles = plimi_tiles(n), n_lambda = r->measurement->n_lambda;
  plimi_path *path = &r->path[0];
  path->band.order = n;
  const plimi_matrix gram = plimi_matrix_of(path->band.a, n, n);
  tangent_work work = {.replica = r, .gram = &gram};
  plimi_team_run(r->team, tiles * plimi_tiles(r->size.width), slope_tile, &work);
  plimi_team_run(r->team, tiles * (tiles + 1) / 2, tangent_tile, &work);
  memcpy(path->rhs, r->y, n * sizeof *path->rhs);
  for (size_t l = 0; l < n_lambda; l++)
    r->shift[l] = r->measurement->lambda[l] * ((double)n / (double)r->size.width);
  path->shift = r->shift;
  const plimi_path_settings settings = {.team = r->team, .factors = r->factors, .n_shift = n_lambda};
  const plim_status status = plimi_paths_solve(&settings, 1, path);
  if (status != PLIM_OK)
    return status;
  const size_t blocks = plimi_tiles(r->plan.test_points);
  plimi_team_run(r->team, blocks, predict_block, &work);
  plimi_mean_errors(r, blocks, plimi_result(r, PLIM_NTK_RIDGE));
  return PLIM_OK;
}
