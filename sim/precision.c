/* SPDX-License-Identifier: GPL-3.0-or-later */
/* precision.c - the products of inputs and weights, in the precision that was asked for. In single precision x and a
   matrix of weights are copied to float, tile by tile, before they are multiplied. With a device there is no single
   precision (checks.c). */
#include "sim.h"

bool plimi_is_single(const plimi_replica *replica)
{
  return replica->simulation->precision == PLIM_PRECISION_SINGLE;
}

/* With sums over blocks of a batch in the place of the features a residual would be another pass over it. */
bool plimi_has_single_paths(const plimi_replica *replica)
{
  return plimi_is_single(replica) && plimi_needs(replica, PLIMI_NEEDS_SOME_RIDGE) && !replica->plan.by_blocks;
}

static void copy(plimi_replica *r, const plimi_matrix *from, float *to)
{
  if (plimi_is_single(r))
    plimi_round_matrix(r->team, from, to);
}

void plimi_copy_inputs(plimi_replica *replica)
{
  copy(replica, &replica->x, replica->x_single);
}

void plimi_copy_weights(plimi_replica *replica, const plimi_matrix *weights)
{
  copy(replica, weights, replica->w_single);
}

void plimi_inner(const plimi_inner_work *work, const plimi_place *place, plimi_scratch *scratch,
                 const plimi_matrix *z)
{
  const plimi_replica *r = work->replica;
  if (!plimi_is_single(r)) {
    const plimi_matrix left = plimi_matrix_columns(work->left, place->row, place->rows);
    const plimi_matrix right = plimi_matrix_columns(work->weights, place->column, place->columns);
    plimi_product(PLIMI_TN, 1.0, &left, &right, 0.0, z);
    return;
  }
  const plimi_floats inputs = plimi_floats_of(r->x_single, r->x.rows, r->x.columns);
  const plimi_floats weights = plimi_floats_of(r->w_single, work->weights->rows, work->weights->columns);
  const plimi_floats *whole = work->left == &r->x ? &inputs : &weights;
  const plimi_floats left = plimi_floats_block(whole, 0, whole->rows, place->row, place->rows);
  const plimi_floats right = plimi_floats_block(&weights, 0, weights.rows, place->column, place->columns);
  const plimi_floats product = plimi_floats_of(scratch->single, place->rows, place->columns);
  plimi_product_single(PLIMI_TN, &left, &right, &product);
  plimi_widen(&product, 1.0, 0.0, z);
}
