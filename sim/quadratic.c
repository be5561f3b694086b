/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdatomic.h>

#include "sim.h"

typedef struct {
  plimi_replica *replica;
  const plimi_form *form;
  atomic_bool failed;
} form_work;

/* One tile of the lower triangle: c_i' M_ij c_j, twice where the tile is not on the diagonal. */
static void form_tile(void *context, size_t task, size_t worker)
{
  form_work *work = context;
  plimi_replica *r = work->replica;
  const plimi_form *form = work->form;
  plimi_scratch *scratch = &r->scratch[worker];
  const size_t n_lambda = r->measurement->n_lambda;
  size_t i, j;
  if (atomic_load_explicit(&work->failed, memory_order_relaxed))
    return;
  plimi_triangle_tile(task, &i, &j);
  const plimi_place place = {.row = i * PLIMI_TILE,
                             .rows = plimi_tile_extent(form->order, i),
                             .column = j * PLIMI_TILE,
                             .columns = plimi_tile_extent(form->order, j)};
  const plimi_matrix tile = plimi_matrix_of(scratch->tile[0], place.rows, place.columns);
  if (!form->fill(form->context, &place, scratch, tile.at)) {
    atomic_store(&work->failed, true);
    return;
  }
  const plimi_matrix part = {.at = (double *)form->coefficients + place.column,
                             .rows = place.columns,
                             .columns = n_lambda,
                             .ld = form->order};
  const plimi_matrix product = plimi_matrix_of(scratch->block, place.rows, n_lambda);
  plimi_product(PLIMI_NN, i == j ? 1.0 : 2.0, &tile, &part, 0.0, &product);
  for (size_t l = 0; l < n_lambda; l++)
    r->sums[task * n_lambda + l] =
        plimi_dot(place.rows, product.at + l * place.rows, form->coefficients + l * form->order + place.row);
}

plim_status plimi_quadratic_forms(plimi_replica *replica, const plimi_form *form, double *value)
{
  form_work work = {.replica = replica, .form = form, .failed = false};
  const size_t tiles = plimi_tiles(form->order), count = tiles * (tiles + 1) / 2;
  const size_t n_lambda = replica->measurement->n_lambda;
  plimi_team_run(replica->team, count, form_tile, &work);
  if (work.failed)
    return PLIM_NOT_CONVERGED;
  for (size_t l = 0; l < n_lambda; l++) {
    double sum = 0.0;
    for (size_t t = 0; t < count; t++)
      sum += replica->sums[t * n_lambda + l];
    value[l] = sum;
  }
  return PLIM_OK;
}
