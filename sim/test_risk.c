/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_risk.c - risk by a fresh test set: R ~ (1/m) sum_i (ahat' phi(x_i) - f*(x_i))^2 over m new points, walked in
   blocks so that the test set never stands in memory. Unbiased; its noise is that of m points. */
#include <math.h>
#include <string.h>

#include "sim.h"

enum { FEWEST_POINTS = 1000 };

size_t plimi_default_test_points(const plim_size *size)
{
  size_t largest = size->n > size->d ? size->n : size->d;
  largest = size->width > largest ? size->width : largest;
  return 2 * largest > FEWEST_POINTS ? 2 * largest : FEWEST_POINTS;
}

void plimi_add_errors(const plimi_replica *r, const plimi_scratch *scratch, size_t block, size_t rows)
{
  const size_t n_lambda = r->measurement->n_lambda;
  for (size_t l = 0; l < n_lambda; l++) {
    double sum = 0.0;
    for (size_t i = 0; i < rows; i++) {
      const double error = scratch->block[i + l * rows] - scratch->target[i];
      sum += error * error;
    }
    r->sums[block * n_lambda + l] = sum;
  }
}

void plimi_mean_errors(const plimi_replica *r, size_t blocks, double *risk)
{
  const size_t n_lambda = r->measurement->n_lambda;
  for (size_t l = 0; l < n_lambda; l++) {
    double sum = 0.0;
    for (size_t b = 0; b < blocks; b++)
      sum += r->sums[b * n_lambda + l];
    risk[l] = sum / (double)r->plan.test_points;
  }
}

typedef struct {
  plimi_replica *replica;
  const plimi_side *side;
} test_work;

/* One block of points: predictions tile by tile of neurons, then the sum of squared errors for each lambda. */
static void test_block(void *context, size_t task, size_t worker)
{
  const test_work *work = context;
  plimi_replica *r = work->replica;
  plimi_scratch *scratch = &r->scratch[worker];
  const size_t first = task * PLIMI_TILE, rows = plimi_tile_extent(r->plan.test_points, task);
  const size_t width = r->size.width, n_lambda = r->measurement->n_lambda;
  plimi_test_block(r, first, rows, scratch);

  const plimi_matrix points = plimi_matrix_of(scratch->inputs, r->size.d, rows);
  const plimi_matrix prediction = plimi_matrix_of(scratch->block, rows, n_lambda);
  const plimi_matrix coefficients = plimi_matrix_of(work->side->coefficients, width, n_lambda);
  memset(scratch->block, 0, rows * n_lambda * sizeof *scratch->block);
  for (size_t j = 0; j < plimi_tiles(width); j++) {
    const size_t columns = plimi_tile_extent(width, j);
    const plimi_matrix phi = plimi_matrix_of(scratch->tile[0], rows, columns);
    const plimi_matrix w = plimi_matrix_columns(&work->side->weights, j * PLIMI_TILE, columns);
    const plimi_matrix part = plimi_matrix_block(&coefficients, j * PLIMI_TILE, columns, 0, n_lambda);
    plimi_product(PLIMI_TN, 1.0, &points, &w, 0.0, &phi);
    plimi_featurise(r, scratch,
                    &(plimi_feature_block){.phi = phi,
                                           .noise = plimi_stream_of(r, PLIMI_STREAM_TEST_EQUIVALENT, 0),
                                           .first_row = first,
                                           .first_column = j * PLIMI_TILE});
    plimi_product(PLIMI_NN, 1.0, &phi, &part, 1.0, &prediction);
  }
  plimi_add_errors(r, scratch, task, rows);
}

void plimi_test_risk(plimi_replica *replica, const plimi_side *side, double *risk)
{
  const size_t blocks = plimi_tiles(replica->plan.test_points);
  test_work work = {.replica = replica, .side = side};
  plimi_team_run(replica->team, blocks, test_block, &work);
  plimi_mean_errors(replica, blocks, risk);
}
