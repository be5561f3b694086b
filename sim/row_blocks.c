/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row_blocks.c - ridge regression on more samples than are held at a time: with n > N it needs sums over them only,

     G = Phi'Phi,   m = Phi'y,   y'y,

   added up block of rows by block of rows, each block drawn when its turn comes. The training error is then

     (1/n) |y - Phi a|^2 = (1/n) (y'y - m'a - shift a'a),   (G + shift) a = m,

   of which rounding leaves about eps (y'y + (|G| + shift) |a|^2) in the bracket, the residual of a stable solver being
   eps (|G| + shift) |a|. Where that is not small beside the bracket the residuals are added up instead, for which every
   block is drawn once more. Which of the two it is depends on the draws alone. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "sim.h"

static const double rounding = 16.0 * DBL_EPSILON; /* of products over a block, and their sum over blocks */
static const double enough = 1e-11;                /* of the training error */

void plimi_sum_blocks(plimi_replica *r, const plimi_block_sums *sums)
{
  const size_t blocks = plimi_row_blocks(r, r->size.n), width = r->size.width;
  r->square = 0.0;
  for (size_t block = 0; block < blocks; block++) {
    const double keep = block == 0 ? 0.0 : 1.0;
    plimi_draw_ridge_block(r, block);
    r->square += plimi_dot(r->x.columns, r->y, r->y);
    if (sums->signal != NULL)
      plimi_apply_transposed(1.0, &r->x, r->beta, 0.0, r->output);
    for (size_t lane = 0; lane < sums->lanes; lane++) {
      const plimi_matrix gram = plimi_matrix_of(r->path[lane].band.a, width, width);
      plimi_features(r, sums->weights[lane], lane);
      plimi_gram_add(r->team, PLIMI_OF_COLUMNS, &r->features[lane], keep, &gram);
      plimi_apply_transposed(1.0, &r->features[lane], r->y, keep, r->moments[lane]);
      if (sums->signal != NULL && lane == 0)
        plimi_apply_transposed(1.0, &r->features[lane], r->output, keep, sums->signal);
    }
  }
  for (size_t lane = 0; lane < sums->lanes; lane++) {
    r->path[lane].band.order = width;
    r->path[lane].shift = r->shift;
    memcpy(r->path[lane].rhs, r->moments[lane], width * sizeof *r->moments[lane]);
  }
}

static void residuals(plimi_replica *r, size_t lane, plimi_side *side)
{
  const size_t blocks = plimi_row_blocks(r, r->size.n), n_lambda = r->measurement->n_lambda;
  for (size_t l = 0; l < n_lambda; l++)
    side->training[l] = 0.0;
  for (size_t block = 0; block < blocks; block++) {
    plimi_draw_ridge_block(r, block);
    plimi_features(r, &side->weights, lane);
    for (size_t l = 0; l < n_lambda; l++) {
      memcpy(r->output, r->y, r->x.columns * sizeof *r->output);
      plimi_apply(-1.0, &r->features[lane], side->coefficients + l * r->size.width, 1.0, r->output);
      side->training[l] += plimi_dot(r->x.columns, r->output, r->output) / (double)r->size.n;
    }
  }
}

void plimi_block_training(plimi_replica *r, size_t lane, plimi_side *side)
{
  const size_t width = r->size.width;
  const double largest = plimi_band_norm(&r->path[lane].band);
  bool told = true;
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    const double *a = side->coefficients + l * width, shift = r->shift[l];
    const double own = plimi_dot(width, a, a);
    const double rest = r->square - plimi_dot(width, r->moments[lane], a) - shift * own;
    side->training[l] = rest / (double)r->size.n;
    told = told && rounding * (r->square + (largest + shift) * own) <= enough * rest;
  }
  if (!told)
    residuals(r, lane, side);
}
