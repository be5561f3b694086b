/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ridge_path.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void plimi_path_layout(plimi_arena *arena, size_t order, size_t n_shift, plimi_path *path)
{
  const size_t width = plimi_band_width(order);
  path->band.a = plimi_arena_take(arena, order, order);
  path->band.band = plimi_arena_take(arena, width + 1, order);
  path->band.tau = plimi_arena_take(arena, order, 1);
  path->band.work = plimi_arena_take(arena, plimi_band_work(order), 1);
  path->rhs = plimi_arena_take(arena, order, 1);
  path->solutions = plimi_arena_take(arena, order, n_shift);
  path->rotate_work = plimi_arena_take(arena, plimi_band_rotate_work(n_shift), 1);
}

size_t plimi_path_factor_size(size_t order)
{
  return (plimi_band_width(order) + 1 + 3) * order;
}

typedef struct {
  const plimi_path_settings *settings;
  plimi_path *paths;
} path_work;

static void reduce_one(void *context, size_t task, size_t worker)
{
  const path_work *work = context;
  plimi_path *path = &work->paths[task];
  (void)worker;
  path->band.bandwidth = plimi_band_width(path->band.order);
  path->status = plimi_band_reduce(work->settings->team, &path->band);
  if (path->status == PLIM_OK)
    plimi_band_rotate(&path->band, true, 1, path->rhs, path->rotate_work);
}

/* At shift 0 a Cholesky factorisation that goes through is trusted only while the matrix is clearly of full rank; with
   a positive shift the shifted matrix is what was asked for, whatever its condition. */
static void solve_one(void *context, size_t task, size_t worker)
{
  const path_work *work = context;
  const size_t n_shift = work->settings->n_shift, l = task % n_shift;
  plimi_path *path = &work->paths[task / n_shift];
  if (path->status != PLIM_OK)
    return;
  const size_t order = path->band.order;
  double *x = path->solutions + l * order, reciprocal = 1.0;
  memcpy(x, path->rhs, order * sizeof *x);
  const plim_status status = plimi_band_solve(&path->band, path->shift[l], work->settings->factors[worker], x,
                                              path->shift[l] == 0.0 ? &reciprocal : NULL);
  path->by_eigen[l] = status != PLIM_OK || !(reciprocal > (double)order * DBL_EPSILON);
}

/* x_l = V diag(1/(e + shift)) V' Q'b for the shifts that need it. Eigenvalues that are 0 up to rounding are 0; at
   shift 0 their directions are left out. */
static plim_status solve_by_eigen(const plimi_path *path, size_t n_shift)
{
  const size_t order = path->band.order;
  plim_status status = PLIM_OK;
  double *vectors = malloc(order * order * sizeof *vectors);
  double *eigenvalues = malloc(order * sizeof *eigenvalues), *part = malloc(2 * order * sizeof *part);
  if (vectors == NULL || eigenvalues == NULL || part == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  status = plimi_band_eigen(&path->band, eigenvalues, vectors);
  if (status != PLIM_OK)
    goto done;
  const plimi_matrix basis = plimi_matrix_of(vectors, order, order);
  const double zero = (double)order * DBL_EPSILON * fabs(eigenvalues[order - 1]);
  plimi_apply_transposed(1.0, &basis, path->rhs, 0.0, part);
  for (size_t l = 0; l < n_shift; l++) {
    if (!path->by_eigen[l])
      continue;
    for (size_t i = 0; i < order; i++) {
      const double shifted = (eigenvalues[i] > zero ? eigenvalues[i] : 0.0) + path->shift[l];
      part[order + i] = shifted > 0.0 ? part[i] / shifted : 0.0;
    }
    plimi_apply(1.0, &basis, part + order, 0.0, path->solutions + l * order);
  }
done:
  free(part);
  free(eigenvalues);
  free(vectors);
  return status;
}

static void rotate_back(void *context, size_t task, size_t worker)
{
  const path_work *work = context;
  const size_t n_shift = work->settings->n_shift;
  plimi_path *path = &work->paths[task];
  (void)worker;
  bool by_eigen = false;
  for (size_t l = 0; l < n_shift && path->status == PLIM_OK; l++)
    by_eigen = by_eigen || path->by_eigen[l];
  if (by_eigen)
    path->status = solve_by_eigen(path, n_shift);
  if (path->status == PLIM_OK)
    plimi_band_rotate(&path->band, false, n_shift, path->solutions, path->rotate_work);
}

plim_status plimi_paths_solve(const plimi_path_settings *settings, size_t count, plimi_path *paths)
{
  path_work work = {.settings = settings, .paths = paths};
  plimi_team_run(settings->team, count, reduce_one, &work);
  plimi_team_run(settings->team, count * settings->n_shift, solve_one, &work);
  plimi_team_run(settings->team, count, rotate_back, &work);
  for (size_t i = 0; i < count; i++)
    if (paths[i].status != PLIM_OK)
      return paths[i].status;
  return PLIM_OK;
}

plim_status plimi_path_eigenvalues(const plimi_path *path, double *eigenvalues)
{
  return plimi_band_eigen(&path->band, eigenvalues, NULL);
}
