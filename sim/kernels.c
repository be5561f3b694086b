/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernels.c - the yardsticks that do not learn features, on the second batch (any n pairs serve: none of these sees the
   first). Statement: [BA] NeurIPS Prop. 1 and section 6's table of kernels.

   linear_ridge       b = argmin (1/n) |y - X b|^2 + lambda |b|^2;   R = |b - mu1* beta*|^2 + mu2*^2
   kernel_exp_inner   k(x, y) = exp(<x, y>/d),     predictor k(x, X) (K + lambda I)^-1 y
   kernel_exp_dist    k(x, y) = exp(-|x - y|^2/d), the same
   ntk_ridge          features (N d)^-1/2 vec(sigma'(W0'x) x'), penalty (lambda/N) |a|^2: the kernel
                      K_ij = (<x_i, x_j>/d) (1/N) sum_k sigma'(<w_k, x_i>) sigma'(<w_k, x_j>) and K + (lambda n/N) I

   The risk is an exact expectation over the test point in the first three (derived here: x is Gaussian and the kernels
   are exponentials of quadratic functions of x, so the test point is integrated by completing the square, and the
   teacher becomes a one-dimensional average at a shifted mean); the tangent kernel is measured on a test set, and with
   inputs of another law all four are (kernel_risk.c). */
#include <math.h>
#include <string.h>

#include "map.h"
#include "sim.h"

static plim_status solve(plimi_replica *r)
{
  const plimi_path_settings settings = {
      .team = r->team, .factors = r->factors, .n_shift = r->measurement->n_lambda};
  r->path[0].shift = r->shift;
  return plimi_paths_solve(&settings, 1, r->path);
}

static void set_shifts(plimi_replica *r, double factor)
{
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    r->shift[l] = factor * r->measurement->lambda[l];
}

/* ---- linear ridge ---- */

static plim_status measure_linear(plimi_replica *r)
{
  const size_t n = r->size.n, d = r->size.d;
  const bool by_samples = n <= d;
  plimi_path *path = &r->path[0];
  path->band.order = by_samples ? n : d;
  const plimi_matrix gram = plimi_matrix_of(path->band.a, path->band.order, path->band.order);
  plimi_gram(r->team, by_samples ? PLIMI_OF_COLUMNS : PLIMI_OF_ROWS, &r->x, &gram);
  if (by_samples)
    memcpy(path->rhs, r->y, n * sizeof *path->rhs);
  else
    plimi_apply(1.0, &r->x, r->y, 0.0, path->rhs);
  set_shifts(r, (double)n);
  const plim_status status = solve(r);
  if (status != PLIM_OK)
    return status;
  if (!plimi_has_gaussian_inputs(r)) {
    static const plimi_kernel_map linear = {.inner = 1.0};
    const plimi_matrix solutions =
        plimi_matrix_of(path->solutions, path->band.order, r->measurement->n_lambda);
    plimi_kernel_test_risk(r, by_samples ? &linear : NULL, &solutions, plimi_result(r, PLIM_LINEAR_RIDGE));
    return PLIM_OK;
  }
  const double mu1 = r->teacher.mu1;
  double *gap = r->vectors; /* d */
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    const double *solution = path->solutions + l * path->band.order;
    if (by_samples)
      plimi_apply(1.0, &r->x, solution, 0.0, gap);
    else
      memcpy(gap, solution, d * sizeof *gap);
    for (size_t i = 0; i < d; i++)
      gap[i] -= mu1 * r->beta[i];
    plimi_result(r, PLIM_LINEAR_RIDGE)[l] =
        plimi_dot(d, gap, gap) + fmax(0.0, r->teacher.variance - mu1 * mu1);
  }
  return PLIM_OK;
}

/* ---- exponential kernels ---- */

/* k(x_i, x_j) = exp(scale (<x_i, x_j> + square_share (|x_i|^2 + |x_j|^2))), and the expectation over x of
   k(x, x_i) k(x, x_j) = constant exp(the same form with other numbers). */
typedef struct {
  const plimi_replica *replica;
  const double *square;        /* |x_i|^2 */
  double constant, inner, own; /* constant exp(inner <x_i, x_j> + own (|x_i|^2 + |x_j|^2)) */
} exponential;

static bool fill_exponential(const void *context, const plimi_place *place, plimi_scratch *scratch,
                             double *tile)
{
  const exponential *e = context;
  const plimi_matrix left = plimi_matrix_columns(&e->replica->x, place->row, place->rows);
  const plimi_matrix right = plimi_matrix_columns(&e->replica->x, place->column, place->columns);
  const plimi_matrix out = plimi_matrix_of(tile, place->rows, place->columns);
  (void)scratch;
  plimi_product(PLIMI_TN, e->inner, &left, &right, 0.0, &out);
  for (size_t c = 0; c < place->columns; c++) {
    double *column = tile + c * place->rows;
    const double own = e->own * e->square[place->column + c];
    for (size_t k = 0; k < place->rows; k++)
      column[k] += own + e->own * e->square[place->row + k];
    plimi_map_exp(place->rows, column);
    for (size_t k = 0; k < place->rows; k++)
      column[k] *= e->constant;
  }
  return true;
}

typedef struct {
  plimi_replica *replica;
  const exponential *kernel;
  const plimi_matrix *gram;
} kernel_work;

static void kernel_tile(void *context, size_t task, size_t worker)
{
  const kernel_work *work = context;
  plimi_scratch *scratch = &work->replica->scratch[worker];
  const size_t n = work->gram->rows;
  size_t i, j;
  plimi_triangle_tile(task, &i, &j);
  const plimi_place place = {.row = i * PLIMI_TILE,
                             .rows = plimi_tile_extent(n, i),
                             .column = j * PLIMI_TILE,
                             .columns = plimi_tile_extent(n, j)};
  (void)fill_exponential(work->kernel, &place, scratch, scratch->tile[0]);
  for (size_t c = 0; c < place.columns; c++)
    memcpy(work->gram->at + place.row + (place.column + c) * work->gram->ld,
           scratch->tile[0] + c * place.rows, place.rows * sizeof(double));
}

/* What distinguishes the two kernels: the exponents of k and of E k k, and cross[i] = E k(x, x_i) f*(x), which is
   weight_i E f*(mean_i + spread z) with mean_i = tilt <x_i, beta*>. */
typedef struct {
  plim_quantity quantity;
  exponential kernel, pair;
  double cross_constant, cross_own, tilt, spread;
} kernel_case;

static kernel_case inner_product_case(const plimi_replica *r, const double *square)
{
  const double d = (double)r->size.d;
  const exponential base = {.replica = r, .square = square, .constant = 1.0};
  kernel_case c = {.quantity = PLIM_KERNEL_EXP_INNER, .kernel = base, .pair = base};
  c.kernel.inner = 1.0 / d;
  c.pair.inner = 1.0 / (d * d); /* E exp(<x, x_i + x_j>/d) = exp(|x_i + x_j|^2/(2 d^2)) */
  c.pair.own = 0.5 / (d * d);
  c.cross_constant = 1.0;
  c.cross_own = 0.5 / (d * d);
  c.tilt = 1.0 / d;
  c.spread = 1.0;
  return c;
}

/* E exp(-a |x|^2 + <b, x>) = (1 + 2 a)^(-d/2) exp(|b|^2/(2 (1 + 2 a))): a = 2/d, b = 2 (x_i + x_j)/d for the pair and
   a = 1/d, b = 2 x_i/d for the cross moment, where x is left with mean b/(1 + 2 a) and variance 1/(1 + 2 a). */
static kernel_case distance_case(const plimi_replica *r, const double *square)
{
  const double d = (double)r->size.d, two = 1.0 + 4.0 / d, one = 1.0 + 2.0 / d;
  const exponential base = {.replica = r, .square = square, .constant = 1.0};
  kernel_case c = {.quantity = PLIM_KERNEL_EXP_DIST, .kernel = base, .pair = base};
  c.kernel.inner = 2.0 / d;
  c.kernel.own = -1.0 / d;
  c.pair.constant = exp(-0.5 * d * log1p(4.0 / d));
  c.pair.inner = 4.0 / (d * d * two);
  c.pair.own = -1.0 / d + 2.0 / (d * d * two);
  c.cross_constant = exp(-0.5 * d * log1p(2.0 / d));
  c.cross_own = -1.0 / d + 2.0 / (d * d * one);
  c.tilt = 2.0 / (d * one);
  c.spread = 1.0 / sqrt(one);
  return c;
}

static plim_status cross_moments(plimi_replica *r, const kernel_case *c, double *cross)
{
  plimi_apply_transposed(c->tilt, &r->x, r->beta, 0.0, cross);
  for (size_t i = 0; i < r->size.n; i++) {
    double mean;
    const plim_status status =
        plimi_shifted_mean(r->scratch[0].teacher, cross[i], c->spread, r->scratch[0].grid, &mean);
    if (status != PLIM_OK)
      return status;
    cross[i] = c->cross_constant * exp(c->cross_own * c->kernel.square[i]) * (mean - r->teacher.mean);
  }
  return PLIM_OK;
}

static plim_status measure_exponential(plimi_replica *r, const kernel_case *c, double *cross)
{
  const size_t n = r->size.n, tiles = plimi_tiles(n);
  plimi_path *path = &r->path[0];
  path->band.order = n;
  const plimi_matrix gram = plimi_matrix_of(path->band.a, n, n);
  kernel_work work = {.replica = r, .kernel = &c->kernel, .gram = &gram};
  plimi_team_run(r->team, tiles * (tiles + 1) / 2, kernel_tile, &work);
  memcpy(path->rhs, r->y, n * sizeof *path->rhs);
  set_shifts(r, 1.0);
  plim_status status = solve(r);
  double *risk = plimi_result(r, c->quantity);
  if (status == PLIM_OK && !plimi_has_gaussian_inputs(r)) {
    const plimi_kernel_map map = {
        .exponential = true, .inner = c->kernel.inner, .own = c->kernel.own, .square = c->kernel.square};
    const plimi_matrix solutions = plimi_matrix_of(path->solutions, n, r->measurement->n_lambda);
    plimi_kernel_test_risk(r, &map, &solutions, risk);
    return PLIM_OK;
  }
  if (status == PLIM_OK)
    status = cross_moments(r, c, cross);
  const plimi_form form = {
      .order = n, .coefficients = path->solutions, .fill = fill_exponential, .context = &c->pair};
  if (status == PLIM_OK)
    status = plimi_quadratic_forms(r, &form, risk);
  if (status != PLIM_OK)
    return status;
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    risk[l] += r->teacher.variance - 2.0 * plimi_dot(n, path->solutions + l * n, cross);
  return PLIM_OK;
}

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants;
  const size_t n = r->size.n;
  double *square = r->vectors, *cross = square + n;
  plim_status status = PLIM_OK;
  if (wants[PLIM_LINEAR_RIDGE])
    status = measure_linear(r);
  if (status != PLIM_OK || !plimi_needs(r, PLIMI_NEEDS_KERNEL))
    return status;
  for (size_t i = 0; i < n; i++)
    square[i] = plimi_dot(r->size.d, r->x.at + i * r->size.d, r->x.at + i * r->size.d);
  if (wants[PLIM_KERNEL_EXP_INNER]) {
    const kernel_case inner = inner_product_case(r, square);
    status = measure_exponential(r, &inner, cross);
  }
  if (status == PLIM_OK && wants[PLIM_KERNEL_EXP_DIST]) {
    const kernel_case distance = distance_case(r, square);
    status = measure_exponential(r, &distance, cross);
  }
  if (status == PLIM_OK && wants[PLIM_NTK_RIDGE])
    status = plimi_tangent_ridge(r);
  return status;
}

static const plimi_experiment experiments[] = {
    {{PLIM_LINEAR_RIDGE,
      "argmin (1/n) |y - X b|^2 + lambda |b|^2 on the second batch; risk |b - mu1* beta*|^2 + mu2*^2, exact",
      true},
     PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_INPUTS_GRAM | PLIMI_NEEDS_TEST_POINTS},
    {{PLIM_NTK_RIDGE,
      "kernel ridge with K_ij = (<x_i,x_j>/d) (1/N) sum_k sigma'(<w_k,x_i>) sigma'(<w_k,x_j>) at W0 and K + "
      "(lambda n/N) I; "
      "risk on a fresh test set",
      true},
     PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_FEATURES | PLIMI_NEEDS_KERNEL | PLIMI_NEEDS_TANGENT |
         PLIMI_NEEDS_TEST_POINTS},
    {{PLIM_KERNEL_EXP_INNER,
      "k(x, X) (K + lambda I)^-1 y with k(x, y) = exp(<x, y>/d); risk by exact expectation", true},
     PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_KERNEL | PLIMI_NEEDS_TEST_POINTS},
    {{PLIM_KERNEL_EXP_DIST,
      "k(x, X) (K + lambda I)^-1 y with k(x, y) = exp(-|x - y|^2/d); risk by exact expectation", true},
     PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_KERNEL | PLIMI_NEEDS_TEST_POINTS},
};

const plimi_subject plimi_kernels_subject = {.experiments = experiments,
                                             .count = sizeof experiments / sizeof *experiments,
                                             .stage = PLIMI_AFTER_SECOND_BATCH,
                                             .measure = measure};
