/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "single_path.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Of |x|, what its error may be, and passes until then: each takes off a digit or two at a shift that is worth it. */
static const double enough = 1e-9;
enum { MOST_PASSES = 8 };

void plimi_single_path_layout(plimi_arena *arena, size_t rows, size_t columns, size_t n_shift,
                              const plimi_path *path, plimi_single_path *single)
{
  const size_t order = rows < columns ? rows : columns, longer = rows < columns ? columns : rows;
  const bool half_serves = longer == order; /* of path->band.a, whose other half holds the Gram matrix */
  float *own = (float *)(void *)plimi_arena_take(arena, half_serves ? 0 : (rows + 1) / 2, columns);
  float *a = (float *)(void *)path->band.a;
  single->room = half_serves && a != NULL ? a + order * order : own;
  single->residual = plimi_arena_take(arena, order, n_shift);
  single->correction = plimi_arena_take(arena, order, n_shift);
  single->through = plimi_arena_take(arena, longer, n_shift);
  single->rounded = (float *)(void *)plimi_arena_take(arena, (order + 1) / 2, n_shift);
  single->norm = plimi_arena_take(arena, n_shift, 1);
  single->column = (size_t *)(void *)plimi_arena_take(arena, n_shift, 1);
}

double plimi_single_path_least(double largest)
{
  return 64.0 * FLT_EPSILON * largest;
}

typedef struct {
  const plimi_path_settings *settings;
  plimi_single_path *singles;
  size_t count, first, columns; /* of the shifts whose factors are held */
} single_work;

static size_t factor_size(const plimi_single_path *s)
{
  return (plimi_band_factor_width(s->band.order) + 1) * s->band.order;
}

/* How many shifts' factors the room holds: one at least, for it has order^2 floats. */
static size_t group_of(const plimi_single_path *s)
{
  return s->phi->rows * s->phi->columns / factor_size(s);
}

/* ---- the matrix and its reduction ---- */

static void form(const plimi_path_settings *settings, plimi_single_path *s)
{
  plimi_band *own = &s->path->band;
  own->bandwidth = plimi_band_width(own->order);
  s->band = (plimi_band_single){.order = own->order,
                                .bandwidth = own->bandwidth,
                                .a = (float *)(void *)own->a,
                                .band = (float *)(void *)own->band,
                                .tau = (float *)(void *)own->tau,
                                .work = (float *)(void *)own->work};
  plimi_round_matrix(settings->team, s->phi, s->room);
  const plimi_floats phi = plimi_floats_of(s->room, s->phi->rows, s->phi->columns);
  const plimi_floats gram = plimi_floats_of(s->band.a, own->order, own->order);
  plimi_gram_single(settings->team, s->of_rows ? PLIMI_OF_ROWS : PLIMI_OF_COLUMNS, &phi, &gram);
}

static void reduce_one(void *context, size_t task, size_t worker)
{
  const single_work *work = context;
  plimi_single_path *s = &work->singles[task];
  (void)worker;
  if (s->serves)
    s->serves = plimi_band_reduce_single(&s->band) == PLIM_OK;
}

/* ---- a group of shifts ---- */

static float *factor_of(const plimi_single_path *s, size_t in_group)
{
  return s->room + in_group * factor_size(s);
}

static void factor_one(void *context, size_t task, size_t worker)
{
  const single_work *work = context;
  plimi_single_path *s = &work->singles[task / work->columns];
  const size_t in_group = task % work->columns, l = work->first + in_group;
  (void)worker;
  if (s->serves)
    s->path->by_eigen[l] = !plimi_band_factor_single(&s->band, s->path->shift[l], factor_of(s, in_group));
}

/* correction = M^-1 residual, by floats of the residual's own scale. At first all residuals are the right-hand side. */
static void precondition(const single_work *work, plimi_single_path *s, size_t active, bool at_first)
{
  const size_t order = s->band.order, different = at_first ? 1 : active;
  float *rotate_work = (float *)(void *)s->path->rotate_work;
  for (size_t c = 0; c < different; c++) {
    const double *r = s->residual + c * order, norm = plimi_norm(order, r);
    double *z = s->correction + c * order;
    for (size_t i = 0; i < order; i++)
      z[i] = norm > 0.0 ? r[i] / norm : 0.0;
    plimi_round(order, z, s->rounded + c * order);
    s->norm[c] = norm;
  }
  plimi_band_rotate_single(&s->band, true, different, s->rounded, rotate_work);
  for (size_t c = different; c < active; c++) {
    memcpy(s->rounded + c * order, s->rounded, order * sizeof *s->rounded);
    s->norm[c] = s->norm[0];
  }
  for (size_t c = 0; c < active; c++)
    plimi_band_solve_single(&s->band, factor_of(s, s->column[c] - work->first), s->rounded + c * order);
  plimi_band_rotate_single(&s->band, false, active, s->rounded, rotate_work);
  for (size_t c = 0; c < active; c++)
    for (size_t i = 0; i < order; i++)
      s->correction[i + c * order] = s->norm[c] * (double)s->rounded[i + c * order];
}

/* residual -= A correction + shift correction, and the solutions take the correction. */
static void correct(plimi_single_path *s, size_t active)
{
  const size_t order = s->band.order, longer = s->of_rows ? s->phi->columns : s->phi->rows;
  const plimi_matrix z = plimi_matrix_of(s->correction, order, active);
  const plimi_matrix r = plimi_matrix_of(s->residual, order, active);
  const plimi_matrix through = plimi_matrix_of(s->through, longer, active);
  plimi_product(s->of_rows ? PLIMI_TN : PLIMI_NN, 1.0, s->phi, &z, 0.0, &through);
  plimi_product(s->of_rows ? PLIMI_NN : PLIMI_TN, -1.0, s->phi, &through, 1.0, &r);
  for (size_t c = 0; c < active; c++) {
    double *x = s->path->solutions + s->column[c] * order;
    const double shift = s->path->shift[s->column[c]];
    for (size_t i = 0; i < order; i++) {
      r.at[i + c * order] -= shift * z.at[i + c * order];
      x[i] += z.at[i + c * order];
    }
  }
}

/* Those of the columns that are not there yet, at the front; `serves` where each of them will be in the passes that
   are left, if they gain what this one did. */
static size_t drop_done(plimi_single_path *s, size_t active, int passes_left)
{
  const size_t order = s->band.order;
  size_t left = 0;
  for (size_t c = 0; c < active && s->serves; c++) {
    const size_t l = s->column[c];
    const double norm = plimi_norm(order, s->residual + c * order);
    const double most = enough * s->path->shift[l] * plimi_norm(order, s->path->solutions + l * order);
    if (norm <= most)
      continue;
    s->serves = norm * pow(norm / s->norm[c], passes_left) <= most; /* false of a NaN too */
    memmove(s->residual + left * order, s->residual + c * order, order * sizeof *s->residual);
    s->column[left++] = l;
  }
  return left;
}

static void refine_one(void *context, size_t task, size_t worker)
{
  const single_work *work = context;
  plimi_single_path *s = &work->singles[task];
  const size_t order = s->band.order;
  size_t active = work->columns;
  (void)worker;
  for (size_t c = 0; c < active && s->serves; c++) {
    s->column[c] = work->first + c;
    s->serves = !s->path->by_eigen[s->column[c]];
    memcpy(s->residual + c * order, s->path->rhs, order * sizeof *s->residual);
    memset(s->path->solutions + s->column[c] * order, 0, order * sizeof *s->residual);
  }
  for (int left = MOST_PASSES; left > 0 && s->serves && active > 0; left--) {
    precondition(work, s, active, left == MOST_PASSES);
    correct(s, active);
    active = drop_done(s, active, left - 1);
  }
  s->serves = s->serves && active == 0;
}

void plimi_single_paths_solve(const plimi_path_settings *settings, size_t count, plimi_single_path *singles)
{
  single_work work = {.settings = settings, .singles = singles, .count = count};
  size_t group = settings->n_shift;
  bool some = false;
  for (size_t i = 0; i < count; i++) {
    if (!singles[i].serves)
      continue;
    some = true;
    form(settings, &singles[i]);
    group = group_of(&singles[i]) < group ? group_of(&singles[i]) : group;
  }
  if (!some)
    return;
  plimi_team_run(settings->team, count, reduce_one, &work);
  for (; work.first < settings->n_shift; work.first += group) {
    const size_t left = settings->n_shift - work.first;
    work.columns = left < group ? left : group;
    plimi_team_run(settings->team, count * work.columns, factor_one, &work);
    plimi_team_run(settings->team, count, refine_one, &work);
  }
}
