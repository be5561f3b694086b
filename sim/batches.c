/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batches.c - the pairs (x, y) of the gradient and of the ridge regression, whole or a block of rows at a time. Each
   draw is a function of its place in its stream, so a block holds what the whole batch would have there. */
#include "sim.h"

/* x holds these samples of a batch from now on, and the features have a row for each. */
static void set_samples(plimi_replica *r, plimi_rows rows)
{
  r->x = plimi_matrix_of(r->x.at, r->size.d, rows.count);
  r->first_row = rows.first;
  for (size_t lane = 0; lane < r->plan.lanes; lane++)
    r->features[lane] = plimi_matrix_of(r->features[lane].at, rows.count, r->size.width);
}

/* Pairs of a batch from number `first` on and below `end`, into the columns of x that are theirs. */
typedef struct {
  plimi_purpose inputs, noise;
  size_t index, first, end;
} pairs;

typedef struct {
  const plimi_replica *replica;
  const pairs *drawn;
  const plimi_matrix *x;
} input_work;

static void input_columns(void *context, size_t task, size_t worker)
{
  const input_work *work = context;
  const size_t first = task * PLIMI_TILE, count = plimi_tile_extent(work->x->columns, task);
  const plimi_samples of = {work->drawn->inputs, work->drawn->index, work->drawn->first + first};
  (void)worker;
  plimi_draw_samples(work->replica, &of, count, work->x->at + first * work->x->rows);
}

static void draw_pairs(plimi_replica *r, const pairs *drawn)
{
  if (drawn->first >= drawn->end)
    return;
  const size_t count = drawn->end - drawn->first, column = drawn->first - r->first_row;
  const plimi_matrix x = plimi_matrix_columns(&r->x, column, count);
  input_work work = {.replica = r, .drawn = drawn, .x = &x};
  plimi_team_run(r->team, plimi_tiles(count), input_columns, &work);
  const plimi_stream errors = plimi_stream_of(r, drawn->noise, drawn->index);
  double *y = r->y + column, *eps = r->output; /* free until the gradient */
  plimi_apply_transposed(1.0, &x, r->beta, 0.0, y);
  plimi_teach(r, &r->scratch[0], count, y);
  plimi_stream_normals(&errors, drawn->first, count, eps);
  for (size_t i = 0; i < count; i++)
    y[i] += r->problem->noise * eps[i];
}

size_t plimi_row_blocks(const plimi_replica *replica, size_t samples)
{
  return (samples + replica->row_block - 1) / replica->row_block;
}

static plimi_rows rows_of_block(const plimi_replica *r, size_t samples, size_t block)
{
  const size_t first = block * r->row_block, left = samples - first;
  return (plimi_rows){.first = first, .count = left < r->row_block ? left : r->row_block};
}

void plimi_draw_batch_block(plimi_replica *replica, size_t index, size_t block)
{
  const plimi_rows rows = rows_of_block(replica, plim_size_step_n(&replica->size), block);
  set_samples(replica, rows);
  draw_pairs(replica, &(pairs){.inputs = PLIMI_STREAM_INPUTS,
                               .noise = PLIMI_STREAM_NOISE,
                               .index = index,
                               .first = rows.first,
                               .end = rows.first + rows.count});
}

void plimi_draw_batch(plimi_replica *replica, size_t index)
{
  plimi_draw_batch_block(replica, index, 0);
}

/* The pairs shared with the gradient's batch, where x does not hold them yet, and those of the ridge's own. */
static void draw_ridge_rows(plimi_replica *r, plimi_rows rows, bool holds_shared)
{
  const size_t end = rows.first + rows.count, shared = r->size.shared;
  const size_t own = shared > rows.first ? shared : rows.first;
  set_samples(r, rows);
  if (!holds_shared)
    draw_pairs(r, &(pairs){.inputs = PLIMI_STREAM_INPUTS,
                           .noise = PLIMI_STREAM_NOISE,
                           .first = rows.first,
                           .end = shared < end ? shared : end});
  draw_pairs(r, &(pairs){.inputs = PLIMI_STREAM_RIDGE_INPUTS,
                         .noise = PLIMI_STREAM_RIDGE_NOISE,
                         .first = own,
                         .end = end});
}

void plimi_draw_ridge_batch(plimi_replica *replica)
{
  const bool holds_shared = plimi_row_blocks(replica, plim_size_step_n(&replica->size)) == 1;
  draw_ridge_rows(replica, (plimi_rows){.count = replica->size.n}, holds_shared);
}

void plimi_draw_ridge_block(plimi_replica *replica, size_t block)
{
  draw_ridge_rows(replica, rows_of_block(replica, replica->size.n, block), false);
}
