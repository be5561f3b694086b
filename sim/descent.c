/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descent.c - the setting of plim_descent.h: full-batch gradient descent on W with a teacher of two neurons.

   A replica (replica.c) holds the matrices and draws W0, zeta, X and the labels of the teacher's first neuron, b_1 in
   the place of beta*; the second neuron's direction is stream BETA, index 1, made orthogonal to b_1 and turned to the
   angle. With a = zeta/sqrt(N) and f = sigma(X W) a / divisor, mean-field has divisor sqrt(N) and s = 1/N, ntk has 1
   and N^-1/2; in both the step is eta divisor (1/n) X' [((y - f) a') o sigma'(X W)], added to W in place by steps.c.
   A step costs 4 n d N multiplications and additions, two products of matrices. */
#include "plim_descent.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "sim.h"

#define NAME(code, name, meaning) name,
static const char *const scaling_names[] = {PLIM_SCALING_TABLE(NAME)};

const char *plim_scaling_name(plim_scaling scaling)
{
  return (unsigned)scaling < sizeof scaling_names / sizeof *scaling_names ? scaling_names[scaling] : NULL;
}

typedef struct {
  const plim_descent *descent;
  const plim_descent_settings *settings;
  const plim_descent_hooks *hooks;
  plimi_replica replica;
  double divisor;                /* f = sigma(X W) a / divisor */
  double *b2, *normal;           /* d each: the second neuron; the plane's unit vector across b_1 */
  double *along, *across, *zeta; /* N each */
  double weights0;               /* |W0|_F^2 */
} training;

static plim_status check(const plim_descent *descent, const plim_descent_settings *settings)
{
  const plim_size *size = &settings->size;
  const size_t most = INT_MAX;
  if (plim_scaling_name(descent->scaling) == NULL || !(descent->angle > 0.0 && descent->angle < 180.0) ||
      !(descent->eta > 0.0 && isfinite(descent->eta)) ||
      !(settings->tolerance > 0.0 && isfinite(settings->tolerance)))
    return PLIM_INVALID;
  if (size->n == 0 || size->d < 2 || size->width == 0 || settings->threads == 0 || settings->most_steps == 0)
    return PLIM_INVALID;
  if (size->shared > 0 || plim_size_step_n(size) != size->n) /* there is one batch */
    return PLIM_INVALID;
  return size->n > most || size->d > most || size->width > most ? PLIM_OVERFLOW : PLIM_OK;
}

/* ---- the start ---- */

static void draw_teacher(training *t)
{
  plimi_replica *r = &t->replica;
  const size_t n = r->size.n, d = r->size.d;
  const double radians = t->descent->angle * acos(-1.0) / 180.0;
  const plimi_stream stream = plimi_stream_of(r, PLIMI_STREAM_BETA, 1);
  plimi_stream_normals(&stream, 0, d, t->normal);
  const double overlap = plimi_dot(d, r->beta, t->normal);
  for (size_t i = 0; i < d; i++)
    t->normal[i] -= overlap * r->beta[i];
  const double norm = plimi_norm(d, t->normal);
  for (size_t i = 0; i < d; i++) {
    t->normal[i] /= norm;
    t->b2[i] = cos(radians) * r->beta[i] + sin(radians) * t->normal[i];
  }
  double *label = r->output; /* free until the descent */
  plimi_apply_transposed(1.0, &r->x, t->b2, 0.0, label);
  plimi_teach(r, &r->scratch[0], n, label);
  for (size_t i = 0; i < n; i++)
    r->y[i] += label[i];
}

static void begin(training *t)
{
  plimi_replica *r = &t->replica;
  const double root = sqrt((double)r->size.width);
  plimi_draw_rows(r);
  plimi_draw_network(r);
  plimi_draw_batch(r, 0);
  draw_teacher(t);
  memcpy(r->w1.at, r->w0.at, r->size.d * r->size.width * sizeof *r->w1.at);
  t->divisor = t->descent->scaling == PLIM_SCALING_MEAN_FIELD ? root : 1.0;
  t->weights0 = plimi_square_norm(&r->w0);
  for (size_t j = 0; j < r->size.width; j++)
    t->zeta[j] = r->readout[j] * root;
}

/* ---- the descent ---- */

static double square_distance(const plimi_matrix *a, const plimi_matrix *b)
{
  double sum = 0.0;
  for (size_t j = 0; j < a->columns; j++) {
    double column = 0.0;
    for (size_t i = 0; i < a->rows; i++) {
      const double difference = a->at[i + j * a->ld] - b->at[i + j * b->ld];
      column += difference * difference;
    }
    sum += column;
  }
  return sum;
}

static plim_descent_state state_of(const training *t, size_t steps)
{
  const plimi_replica *r = &t->replica;
  const size_t n = r->size.n, width = r->size.width;
  plimi_apply_transposed(1.0, &r->w1, r->beta, 0.0, t->along);
  plimi_apply_transposed(1.0, &r->w1, t->normal, 0.0, t->across);
  const double in_plane = plimi_dot(width, t->along, t->along) + plimi_dot(width, t->across, t->across);
  return (plim_descent_state){.steps = steps,
                              .loss = 0.5 * plimi_dot(n, r->output, r->output) / (double)n,
                              .moved = sqrt(square_distance(&r->w1, &r->w0) / t->weights0),
                              .in_plane = in_plane / plimi_square_norm(&r->w1),
                              .along = t->along,
                              .across = t->across,
                              .zeta = t->zeta};
}

/* An activation may hide a NaN in the weights from the loss: max(NaN, 0) is 0. */
static bool is_finite(const plim_descent_state *state)
{
  return isfinite(state->loss) && isfinite(state->moved) && isfinite(state->in_plane);
}

static plim_status descend(training *t, plim_descent_end *end)
{
  const plim_descent_hooks *hooks = t->hooks;
  double at_start = INFINITY;
  for (size_t steps = 0;; steps++) {
    plimi_residual(&t->replica, &t->replica.w1, t->divisor);
    const plim_descent_state state = state_of(t, steps);
    if (!is_finite(&state))
      return PLIM_NOT_FINITE;
    if (hooks != NULL && hooks->observe != NULL && !hooks->observe(hooks->context, &state))
      return PLIM_FAILED;
    if (state.loss < t->settings->tolerance) {
      *end = (plim_descent_end){.steps = steps, .loss = state.loss};
      return PLIM_OK;
    }
    if (state.loss > at_start || steps == t->settings->most_steps)
      return PLIM_NOT_CONVERGED;
    if (steps == 0)
      at_start = state.loss;
    if (hooks != NULL && hooks->cancelled != NULL && hooks->cancelled(hooks->context))
      return PLIM_INTERRUPTED;
    plimi_descend(&t->replica, t->descent->eta * t->divisor, 1.0);
  }
}

plim_status plim_descend(const plim_descent *descent, const plim_descent_settings *settings,
                         const plim_descent_hooks *hooks, plim_descent_end *end)
{
  static const plim_quantity gradient =
      PLIM_GRAD_FRO2; /* what a replica needs for a gradient is what is needed here */
  static const double no_penalty = 0.0;
  const plim_measurement measurement = {
      .quantities = &gradient, .n_quantities = 1, .lambda = &no_penalty, .n_lambda = 1};
  const plim_simulation simulation = {
      .size = settings->size, .replicas = 1, .seed = settings->seed, .threads = settings->threads};
  plim_problem problem = plim_problem_default();
  training t = {.descent = descent, .settings = settings, .hooks = hooks};
  plimi_replica pattern;
  size_t bytes = 0;
  problem.activation = descent->activation;
  problem.teacher = descent->teacher;
  problem.readout = descent->readout;
  problem.atoms = descent->atoms;
  problem.noise = descent->noise;
  problem.inputs = descent->inputs;
  plim_status status = check(descent, settings);
  if (status == PLIM_OK)
    status = plim_problem_validate(&problem, NULL);
  if (status == PLIM_OK)
    status = plimi_replica_pattern(&problem, &simulation, &measurement, &pattern);
  pattern.row_block = settings->size.n; /* X stays, step after step */
  if (status == PLIM_OK)
    status = plimi_replica_bytes(&pattern, settings->threads, &bytes);
  if (status == PLIM_OK && !plimi_memory_fits((double)bytes, settings->threads))
    status = PLIM_NO_MEMORY;
  if (status != PLIM_OK)
    return status;

  const size_t d = settings->size.d, width = settings->size.width;
  const int blas_threads = plimi_dense_single_thread();
  double *vectors = malloc((2 * d + 3 * width) * sizeof *vectors);
  status = vectors == NULL ? PLIM_NO_MEMORY : plimi_replica_open(&pattern, settings->threads, &t.replica);
  if (status == PLIM_OK) {
    t.b2 = vectors;
    t.normal = t.b2 + d;
    t.along = t.normal + d;
    t.across = t.along + width;
    t.zeta = t.across + width;
    begin(&t);
    status = descend(&t, end);
    plimi_replica_close(&t.replica);
  }
  free(vectors);
  plimi_dense_restore_threads(blas_threads);
  return status;
}
