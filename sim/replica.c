/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replica.c - one replica from draw to samples: what it needs, the memory for it, the stages in order.

   Matrices held, each only when something asked for needs it: X (d x n; the first batch, later the second), W0 and W1
   (d x N; a third where a difference of the two is measured), and per ridge path in flight the features (n x N; the
   gradient's workspace before that) and the smaller Gram matrix. Those are the matrices the algorithm needs; everything
   else (tiles, bands, vectors, one N x n_lambda block of coefficients a side) is small beside them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

const plimi_subject *const plimi_subjects[] = {
    &plimi_gradient_subject,   &plimi_step_scaling_subject, &plimi_weights_subject,
    &plimi_small_step_subject, &plimi_any_step_subject,     &plimi_spectrum_subject,
    &plimi_kernels_subject,    &plimi_student_subject,      &plimi_staircase_subject};
const size_t plimi_subject_count = sizeof plimi_subjects / sizeof *plimi_subjects;

double *plimi_result(const plimi_replica *replica, plim_quantity quantity)
{
  return replica->result + (size_t)quantity * replica->measurement->n_lambda;
}

void plimi_result_constant(const plimi_replica *replica, plim_quantity quantity, double value)
{
  double *row = plimi_result(replica, quantity);
  for (size_t l = 0; l < replica->measurement->n_lambda; l++)
    row[l] = value;
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

static void grow(size_t *order, bool needed, size_t size)
{
  if (needed && size > *order)
    *order = size;
}

static void make_plan(plimi_replica *replica, size_t workers)
{
  plimi_plan *plan = &replica->plan;
  const plim_size *size = &replica->size;
  memset(plan, 0, sizeof *plan);
  for (size_t i = 0; i < replica->measurement->n_quantities; i++)
    plan->wants[replica->measurement->quantities[i]] = true;
  const bool *wants = plan->wants;
  if (replica->spectrum != NULL)
    plan->whole[*replica->spectrum] = true;
  const bool triplet = wants[PLIM_W1_TOP] || wants[PLIM_W1_LEFT_BETA] || wants[PLIM_W1_RIGHT_A] ||
                       plan->whole[PLIM_SPECTRUM_WEIGHTS];
  const bool scaling = wants[PLIM_STEP_OP] || wants[PLIM_STEP_FRO];
  const bool conjugate = wants[PLIM_CK_TOP] || wants[PLIM_CK_LEFT_XBETA] || plan->whole[PLIM_SPECTRUM_KERNEL];
  const bool kernel = wants[PLIM_NTK_RIDGE] || wants[PLIM_KERNEL_EXP_INNER] || wants[PLIM_KERNEL_EXP_DIST];

  plan->directions = wants[PLIM_STAIR_COUNT] || wants[PLIM_STAIR_ANGLE] || wants[PLIM_STAIR1] ||
                     wants[PLIM_STAIR2] || wants[PLIM_STAIR3] || wants[PLIM_STAIR4];
  plan->stairs = plan->directions || wants[PLIM_STAIR_EDGE];
  plan->order_parameters = wants[PLIM_ANY_M] || wants[PLIM_ANY_TAU] || wants[PLIM_ANY_P];
  plan->risk[PLIMI_AT_W0] = wants[PLIM_RISK0] || wants[PLIM_DELTA];
  plan->risk[PLIMI_AT_W1] = wants[PLIM_RISK1] || wants[PLIM_DELTA] || wants[PLIM_RISK];
  plan->risk[PLIMI_AT_SPIKED] = wants[PLIM_SRF_RISK];
  plan->eigenvalues = wants[PLIM_KAPPA] || wants[PLIM_DF2];
  plan->side[PLIMI_AT_W0] = plan->risk[PLIMI_AT_W0] || wants[PLIM_TRAIN0] || plan->eigenvalues;
  plan->side[PLIMI_AT_W1] =
      plan->risk[PLIMI_AT_W1] || wants[PLIM_TRAIN1] || wants[PLIM_TRAIN] || plan->order_parameters;
  plan->side[PLIMI_AT_SPIKED] = plan->risk[PLIMI_AT_SPIKED] || wants[PLIM_SRF_TRAIN];
  plan->student = wants[PLIM_STUDENT_RISK];
  plan->step =
      plan->side[PLIMI_AT_W1] || triplet || conjugate || scaling || plan->student || plan->directions;
  plan->gradient = plan->step || wants[PLIM_THETA1] || wants[PLIM_THETA2] || wants[PLIM_GRAD_OP] ||
                   wants[PLIM_GRAD_FRO2] || wants[PLIM_GRAD_RANK_ONE];
  plan->change = scaling || wants[PLIM_GRAD_RANK_ONE];
  size_t sides = 0;
  for (size_t s = 0; s < PLIMI_SIDES; s++)
    sides += plan->side[s];
  plan->features = plan->gradient || sides > 0 || plan->stairs || wants[PLIM_NTK_RIDGE];
  plan->second_batch =
      sides > 0 || conjugate || plan->stairs || kernel || wants[PLIM_LINEAR_RIDGE] || plan->student;
  plan->lanes = sides > 1 && workers > 1 ? PLIMI_LANES : 1;
  const size_t asked = replica->simulation->test_points;
  plan->test_points = asked > 0 ? asked : plimi_default_test_points(size);

  grow(&plan->order, wants[PLIM_GRAD_OP] || wants[PLIM_GRAD_RANK_ONE] || wants[PLIM_STEP_OP] || triplet,
       smaller(size->d, size->width));
  grow(&plan->order, sides > 0 || conjugate || plan->stairs, smaller(size->n, size->width));
  grow(&plan->order, wants[PLIM_LINEAR_RIDGE], smaller(size->n, size->d));
  grow(&plan->order, kernel, size->n);
}

static void scratch_layout(plimi_arena *arena, const plimi_replica *replica, size_t worker)
{
  plimi_scratch *scratch = &replica->scratch[worker];
  const bool blocks = replica->plan.second_batch;
  scratch->inputs = plimi_arena_take(arena, blocks ? replica->size.d : 0, PLIMI_TILE);
  scratch->tile[0] = plimi_arena_take(arena, PLIMI_TILE, PLIMI_TILE);
  scratch->tile[1] = plimi_arena_take(arena, blocks ? PLIMI_TILE : 0, PLIMI_TILE);
  scratch->target = plimi_arena_take(arena, PLIMI_TILE, 1);
  scratch->normals = plimi_arena_take(arena, PLIMI_TILE, 1);
  scratch->panel =
      plimi_arena_take(arena, replica->plan.wants[PLIM_NTK_RIDGE] ? PLIMI_TILE : 0, replica->size.n);
  scratch->block = plimi_arena_take(arena, blocks ? PLIMI_TILE : 0, replica->measurement->n_lambda);
  scratch->grid = plimi_arena_take(arena, PLIMI_GRID_WORK, 1);
  const size_t order = replica->plan.order;
  replica->factors[worker] = plimi_arena_take(arena, order > 0 ? plimi_path_factor_size(order) : 0, 1);
}

/* Tasks of a risk sum: blocks of test points, or tiles of the lower triangle over neurons or samples. */
static size_t sums_size(const plimi_replica *replica)
{
  const plim_size *size = &replica->size;
  const size_t tiles = plimi_tiles(size->n > size->width ? size->n : size->width);
  const size_t triangle = tiles * (tiles + 1) / 2, blocks = plimi_tiles(replica->plan.test_points);
  return (triangle > blocks ? triangle : blocks) * replica->measurement->n_lambda;
}

static void layout(plimi_arena *arena, plimi_replica *r, size_t workers)
{
  const size_t n = r->size.n, d = r->size.d, width = r->size.width, n_lambda = r->measurement->n_lambda;
  const plimi_plan *plan = &r->plan;
  const size_t order = plan->order;
  r->beta = plimi_arena_take(arena, d, 1);
  r->readout = plimi_arena_take(arena, width, 1);
  r->w0 = plimi_matrix_of(plimi_arena_take(arena, d, width), d, width);
  r->w1 = plimi_matrix_of(plimi_arena_take(arena, plan->gradient ? d : 0, width), d, width);
  r->change = plimi_matrix_of(plimi_arena_take(arena, plan->change ? d : 0, width), d, width);
  r->spiked = plimi_matrix_of(plimi_arena_take(arena, plan->side[PLIMI_AT_SPIKED] ? d : 0, width), d, width);
  r->x = plimi_matrix_of(plimi_arena_take(arena, d, n), d, n);
  r->y = plimi_arena_take(arena, n, 1);
  r->output = plimi_arena_take(arena, n, 1);
  r->plane = plimi_arena_take(arena, plan->order_parameters ? d : 0, 2);
  r->partial = plimi_arena_take(arena, n, plimi_tiles(width));
  for (size_t lane = 0; lane < plan->lanes; lane++) {
    r->features[lane] = plimi_matrix_of(plimi_arena_take(arena, plan->features ? n : 0, width), n, width);
    if (order > 0)
      plimi_path_layout(arena, order, n_lambda, &r->path[lane]);
    r->path[lane].by_eigen = r->by_eigen == NULL ? NULL : r->by_eigen + lane * n_lambda;
  }
  r->shift = plimi_arena_take(arena, n_lambda, 1);
  for (size_t s = 0; s < PLIMI_SIDES; s++) {
    r->side[s].coefficients = plimi_arena_take(arena, plan->side[s] ? width : 0, n_lambda);
    r->side[s].training = plimi_arena_take(arena, n_lambda, 1);
  }
  r->student.coefficients = plimi_arena_take(arena, plan->student ? width : 0, n_lambda);
  r->eigenvalues = plimi_arena_take(arena, plan->eigenvalues ? order : 0, 1);
  r->spectrum_values = plimi_arena_take(arena, r->spectrum != NULL ? width : 0, 1);
  r->vectors = plimi_arena_take(arena, 2 * (n + d + width) + plimi_top_several_work(order, PLIM_STAIRS), 1);
  r->along = plimi_arena_take(arena, plan->directions || plan->order_parameters ? d : 0, 1);
  r->stairs = plimi_arena_take(arena, plan->directions ? n : 0, PLIM_STAIRS + PLIM_STAIR_POWERS + 1);
  const bool risk = plan->risk[PLIMI_AT_W0] || plan->risk[PLIMI_AT_W1] || plan->risk[PLIMI_AT_SPIKED];
  const bool exact = (risk || plan->student) && r->simulation->test_points == 0 &&
                     r->simulation->features == PLIM_FEATURES_NETWORK;
  r->expansion = plimi_arena_take(arena, exact ? plimi_expansion_size(width) : 0, 1);
  r->sums = plimi_arena_take(arena, sums_size(r), 1);
  r->result = plimi_arena_take(arena, PLIM_QUANTITY_COUNT, n_lambda);
  for (size_t worker = 0; worker < workers; worker++)
    scratch_layout(arena, r, worker);
}

/* ---- memory ---- */

plim_status plimi_replica_pattern(const plim_problem *problem, const plim_simulation *simulation,
                                  const plim_measurement *measurement, plimi_replica *pattern)
{
  plimi_replica made = {
      .problem = problem, .simulation = simulation, .measurement = measurement, .size = simulation->size};
  double *grid = malloc(PLIMI_GRID_WORK * sizeof *grid);
  if (grid == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = plimi_moments_compute(problem->activation, grid, &made.activation);
  if (status == PLIM_OK)
    status = plimi_moments_compute(problem->teacher, grid, &made.teacher);
  free(grid);
  if (status == PLIM_OK)
    *pattern = made;
  return status;
}

/* Features of a constant are all 0, and nothing depends on the weights: there is no experiment. `variance` of what is
   constant is the rounding of `mean`. */
static bool is_constant(const plimi_moments *sigma)
{
  const double rounding = 1e-13 * fabs(sigma->mean); /* root mean square; named activations are above 0.1 */
  return sigma->variance <= rounding * rounding;
}

plim_status plimi_replica_bytes(const plimi_replica *pattern, size_t workers, size_t *bytes)
{
  plimi_replica trial = *pattern;
  plim_status status = PLIM_NO_MEMORY;
  trial.scratch = calloc(workers, sizeof *trial.scratch);
  trial.factors = calloc(workers, sizeof *trial.factors);
  if (trial.scratch != NULL && trial.factors != NULL) {
    plimi_arena arena = {.base = NULL};
    make_plan(&trial, workers);
    layout(&arena, &trial, workers);
    status = arena.overflow ? PLIM_OVERFLOW : PLIM_OK;
    if (trial.plan.features && is_constant(&trial.activation))
      status = PLIM_OUTSIDE_DOMAIN;
    *bytes = arena.used;
  }
  free(trial.scratch);
  free(trial.factors);
  return status;
}

/* What a replica needs besides its matrices. */
static plim_status equip(plimi_replica *r, size_t workers)
{
  const plim_status status = plimi_team_alloc(workers, &r->team);
  if (status != PLIM_OK)
    return status;
  r->scratch = calloc(workers, sizeof *r->scratch);
  r->factors = calloc(workers, sizeof *r->factors);
  r->by_eigen = calloc(PLIMI_LANES * r->measurement->n_lambda, sizeof *r->by_eigen);
  if (r->scratch == NULL || r->factors == NULL || r->by_eigen == NULL)
    return PLIM_NO_MEMORY;
  for (size_t w = 0; w < workers; w++) {
    plim_status copied = plim_activation_clone(r->problem->activation, &r->scratch[w].activation);
    if (copied == PLIM_OK)
      copied = plim_activation_clone(r->problem->teacher, &r->scratch[w].teacher);
    if (copied != PLIM_OK)
      return copied;
  }
  return PLIM_OK;
}

plim_status plimi_replica_open(const plimi_replica *pattern, size_t workers, plimi_replica *replica)
{
  plimi_replica made = *pattern;
  plimi_arena arena = {.base = NULL};
  make_plan(&made, workers);
  plim_status status = equip(&made, workers);
  if (status == PLIM_OK) {
    layout(&arena, &made, workers);
    status = arena.overflow ? PLIM_OVERFLOW : PLIM_OK;
  }
  if (status == PLIM_OK) {
    made.memory = plimi_arena_block_alloc(arena.used);
    status = made.memory == NULL ? PLIM_NO_MEMORY : PLIM_OK;
  }
  if (status != PLIM_OK) {
    plimi_replica_close(&made);
    return status;
  }
  arena = (plimi_arena){.base = made.memory};
  layout(&arena, &made, workers);
  *replica = made;
  return PLIM_OK;
}

void plimi_replica_close(plimi_replica *replica)
{
  if (replica->scratch != NULL) {
    for (size_t w = 0; w < plimi_team_size(replica->team); w++) {
      plim_activation_free(replica->scratch[w].activation);
      plim_activation_free(replica->scratch[w].teacher);
    }
  }
  free(replica->scratch);
  free(replica->factors);
  free(replica->by_eigen);
  plimi_team_free(replica->team);
  plimi_arena_block_free(replica->memory);
}

/* ---- stages ---- */

plim_status plimi_replica_run(plimi_replica *replica, size_t number)
{
  const plimi_plan *plan = &replica->plan;
  plim_status status = PLIM_OK;
  replica->number = number;
  plimi_draw_network(replica);
  if (plan->gradient) {
    plimi_draw_batch(replica, PLIMI_STREAM_INPUTS, PLIMI_STREAM_NOISE, 0);
    if (plan->directions || plan->order_parameters)
      plimi_remember_direction(replica);
    plimi_gradient(replica);
    status = plimi_gradient_subject.measure(replica);
  }
  if (status == PLIM_OK && plan->step) {
    status = plimi_step(replica);
    if (status == PLIM_OK)
      status = plimi_step_scaling_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_weights_subject.measure(replica);
  }
  if (plan->side[PLIMI_AT_SPIKED])
    plimi_draw_spiked(replica);
  if (status == PLIM_OK && plan->second_batch) {
    plimi_draw_batch(replica, PLIMI_STREAM_RIDGE_INPUTS, PLIMI_STREAM_RIDGE_NOISE, 0);
    status = plimi_small_step_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_any_step_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_spectrum_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_kernels_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_student_subject.measure(replica);
    if (status == PLIM_OK)
      status = plimi_staircase_subject.measure(replica);
  }
  return status;
}
