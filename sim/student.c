/* SPDX-License-Identifier: GPL-3.0-or-later */
/* student.c - the good student of [BA] NeurIPS Lemma 6: the network that averages neurons of one effective slope.

   After a large step neuron j sees <w_j, x> ~ k_j <x, beta*> + noise with the slope k_j = eta a_j mu1 mu1*, so
   the average over neurons of about one slope k is E_y sigma(k <x, beta*> + y), and its risk tau* for the best
   k. The slope is proportional to a_j, so neurons of about one slope are neighbours in the order of a_j; for
   odd sigma, where a neuron of slope -k is one of slope k with its sign changed, in the order of |a_j|. Which
   slope is best is learned from the second batch, as ridge regression would: of all runs of

     m = N^(2/3) neighbours, rounded, and both signs of the average where sigma is odd,

   the one with the least error (1/n) sum (y_i - f(x_i))^2 on the second batch. Nothing here knows k*. The
   average leaves a variance of order 1/m and the spread of slopes in a run, of order m/N, enters squared: m =
   N^(2/3) makes both N^(-2/3). The risk is then taken over new test points, exactly where that is available. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

typedef struct {
  double key; /* a_j, or |a_j| */
  size_t neuron;
} place;

/* Neurons of equal keys (Rademacher and constant readouts) keep their order. */
static int by_key(const void *left, const void *right)
{
  const place *a = left, *b = right;
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return a->neuron < b->neuron ? -1 : a->neuron > b->neuron;
}

/* sum += factor sqrt(N) s_j phi_j, s_j the sign that folds the slopes. */
static void add_neuron(const plimi_replica *r, bool odd, size_t neuron, double factor, double *sum)
{
  const double *phi = r->features[0].at + neuron * r->size.n;
  const double sign = odd && r->readout[neuron] < 0.0 ? -1.0 : 1.0;
  const double scale = factor * sign * sqrt((double)r->size.width);
  for (size_t i = 0; i < r->size.n; i++)
    sum[i] += scale * phi[i];
}

/* A run of neighbours: its first place, and the sign of the average. */
typedef struct {
  size_t first;
  double sign;
} run;

/* The run with the least error on the second batch. */
static run best_run(plimi_replica *r, bool odd, const place *order, size_t count)
{
  const size_t n = r->size.n, width = r->size.width;
  const double m = (double)count;
  double *sum = r->output, least = INFINITY;
  run best = {.first = 0, .sign = 1.0};
  memset(sum, 0, n * sizeof *sum);
  for (size_t j = 0; j + 1 < count; j++)
    add_neuron(r, odd, order[j].neuron, 1.0, sum);
  for (size_t first = 0; first + count <= width; first++) {
    add_neuron(r, odd, order[first + count - 1].neuron, 1.0, sum);
    const double square = plimi_dot(n, sum, sum) / (m * m), cross = plimi_dot(n, sum, r->y) / m;
    const double sign = odd && cross < 0.0 ? -1.0 : 1.0, error = square - 2.0 * sign * cross;
    if (error < least) {
      least = error;
      best = (run){.first = first, .sign = sign};
    }
    add_neuron(r, odd, order[first].neuron, -1.0, sum);
  }
  return best;
}

/* f = N^-1/2 sum_j a_j sigma(<w_j, x>) with a_j = sqrt(N) s_j/m on the run: one column for each lambda. */
static void set_coefficients(plimi_replica *r, bool odd, const place *order, size_t count, const run *chosen)
{
  const size_t width = r->size.width, n_lambda = r->measurement->n_lambda;
  const double weight = chosen->sign * sqrt((double)width) / (double)count;
  memset(r->student.coefficients, 0, width * n_lambda * sizeof(double));
  for (size_t j = chosen->first; j < chosen->first + count; j++) {
    const size_t neuron = order[j].neuron;
    const double a = odd && r->readout[neuron] < 0.0 ? -weight : weight;
    for (size_t l = 0; l < n_lambda; l++)
      r->student.coefficients[neuron + l * width] = a;
  }
}

/* The mean over the run of <w_j, beta*>, of -w_j where the sign is folded. */
static plim_status measure_slope(plimi_replica *r, bool odd, const place *order, size_t count,
                                 const run *chosen)
{
  double *along = malloc(r->size.width * sizeof *along), sum = 0.0;
  if (along == NULL)
    return PLIM_NO_MEMORY;
  plimi_apply_transposed(1.0, &r->w1, r->beta, 0.0, along);
  for (size_t j = chosen->first; j < chosen->first + count; j++) {
    const size_t neuron = order[j].neuron;
    sum += odd && r->readout[neuron] < 0.0 ? -along[neuron] : along[neuron];
  }
  free(along);
  plimi_result_constant(r, PLIM_STUDENT_SLOPE, chosen->sign * sum / (double)count);
  return PLIM_OK;
}

static plim_status measure(plimi_replica *r)
{
  if (!plimi_needs(r, PLIMI_NEEDS_STUDENT))
    return PLIM_OK;
  const size_t width = r->size.width;
  const bool odd = plim_activation_is_odd(r->problem->activation);
  const double rounded = round(cbrt((double)width) * cbrt((double)width));
  const size_t count = (size_t)rounded;
  place *order = malloc(width * sizeof *order);
  if (order == NULL)
    return PLIM_NO_MEMORY;
  for (size_t j = 0; j < width; j++)
    order[j] = (place){.key = odd ? fabs(r->readout[j]) : r->readout[j], .neuron = j};
  qsort(order, width, sizeof *order, by_key);
  plimi_features(r, &r->w1, 0);
  const run chosen = best_run(r, odd, order, count);
  set_coefficients(r, odd, order, count, &chosen);
  plim_status status = PLIM_OK;
  if (r->plan.wants[PLIM_STUDENT_SLOPE])
    status = measure_slope(r, odd, order, count, &chosen);
  free(order);
  if (status != PLIM_OK || !r->plan.wants[PLIM_STUDENT_RISK])
    return status;
  r->student.weights = r->w1;
  double *risk = plimi_result(r, PLIM_STUDENT_RISK);
  status = PLIM_NOT_CONVERGED; /* with a test set of the size asked for, that */
  if (plimi_has_exact_risk(r))
    status = plimi_exact_risk(r, &r->student, risk);
  if (status != PLIM_NOT_CONVERGED)
    return status;
  plimi_test_risk(r, &r->student, risk);
  return PLIM_OK;
}

static const plimi_experiment experiments[] = {
    {{PLIM_STUDENT_RISK,
      "risk of the average of N^(2/3) neurons of W1 that are neighbours in a_j (|a_j| with signs folded for "
      "odd "
      "sigma), the run of neighbours with the least error on the second batch",
      false},
     PLIMI_NEEDS_STUDENT},
    {{PLIM_STUDENT_SLOPE,
      "mean of <w_j, beta*> over that run of neurons of W1 (of -w_j where the sign is folded)", false},
     PLIMI_NEEDS_STUDENT},
};

const plimi_subject plimi_student_subject = {.experiments = experiments,
                                             .count = sizeof experiments / sizeof *experiments,
                                             .stage = PLIMI_AFTER_SECOND_BATCH,
                                             .measure = measure};
