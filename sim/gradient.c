/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradient.c - norms of the first gradient ([BA] NeurIPS Prop. 2), measured on sqrt(N) G0 itself. */
#include <math.h>
#include <string.h>

#include "sim.h"

double plimi_square_norm(const plimi_matrix *matrix)
{
  double sum = 0.0;
  for (size_t j = 0; j < matrix->columns; j++)
    sum += plimi_dot(matrix->rows, matrix->at + j * matrix->ld, matrix->at + j * matrix->ld);
  return sum;
}

/* change = sqrt(N) (G0 - A), sqrt(N) A = (mu1/n) X'y a'. */
static void subtract_rank_one(plimi_replica *r)
{
  const size_t d = r->size.d, width = r->size.width;
  const plimi_matrix left = plimi_matrix_of(r->vectors, d, 1), right = plimi_matrix_of(r->readout, width, 1);
  memcpy(r->change.at, r->w1.at, d * width * sizeof *r->change.at);
  if (plimi_row_blocks(r, plim_size_step_n(&r->size)) == 1)
    plimi_apply(r->activation.mu1 / (double)r->x.columns, &r->x, r->y, 0.0, left.at);
  for (size_t i = 0; i < d && r->x.columns < plim_size_step_n(&r->size); i++)
    left.at[i] = r->activation.mu1 * r->pull * r->along[i];
  plimi_product(PLIMI_NT, -1.0, &left, &right, 1.0, &r->change);
}

static plim_status operator_norm(plimi_replica *r, const plimi_matrix *matrix, double *value)
{
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = r->vectors};
  return plimi_top_singular(matrix, &workspace, value, NULL, NULL);
}

/* Where G0 = 0, every neuron being flat on every sample, nothing of it is rank one: the ratio counts as 1. */
static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants;
  if (wants[PLIM_GRAD_FRO2])
    plimi_result_constant(r, PLIM_GRAD_FRO2, plimi_square_norm(&r->w1));
  if (wants[PLIM_THETA1] || wants[PLIM_THETA2]) {
    double *along = r->vectors; /* d */
    const double norm = plimi_norm(r->size.width, r->readout);
    plimi_apply(1.0 / norm, &r->w1, r->readout, 0.0, along);
    if (wants[PLIM_THETA1])
      plimi_result_constant(r, PLIM_THETA1, plimi_norm(r->size.d, along));
    if (wants[PLIM_THETA2])
      plimi_result_constant(r, PLIM_THETA2, plimi_dot(r->size.d, r->beta, along));
  }
  if (!wants[PLIM_GRAD_OP] && !wants[PLIM_GRAD_RANK_ONE])
    return PLIM_OK;
  double whole, rest;
  plim_status status = operator_norm(r, &r->w1, &whole);
  if (status == PLIM_OK)
    plimi_result_constant(r, PLIM_GRAD_OP, whole);
  if (status != PLIM_OK || !wants[PLIM_GRAD_RANK_ONE])
    return status;
  subtract_rank_one(r);
  status = operator_norm(r, &r->change, &rest);
  if (status == PLIM_OK)
    plimi_result_constant(r, PLIM_GRAD_RANK_ONE, whole > 0.0 ? rest / whole : 1.0);
  return status;
}

static const plimi_experiment experiments[] = {
    {{PLIM_THETA1, "|sqrt(N) G0 a| / |a|, G0 the gradient of the first step", false}, PLIMI_NEEDS_GRADIENT},
    {{PLIM_THETA2, "beta*' sqrt(N) G0 a / |a|, G0 the gradient of the first step", false},
     PLIMI_NEEDS_GRADIENT},
    {{PLIM_GRAD_OP, "largest singular value of sqrt(N) G0", false},
     PLIMI_NEEDS_GRADIENT | PLIMI_NEEDS_WEIGHTS_GRAM},
    {{PLIM_GRAD_FRO2, "squared Frobenius norm of sqrt(N) G0", false}, PLIMI_NEEDS_GRADIENT},
    {{PLIM_GRAD_RANK_ONE,
      "|G0 - A|_op / |G0|_op of largest singular values, A = (mu1/(n sqrt N)) X'y a' from the same batch",
      false},
     PLIMI_NEEDS_DIRECTION | PLIMI_NEEDS_CHANGE | PLIMI_NEEDS_WEIGHTS_GRAM},
};

const plimi_subject plimi_gradient_subject = {.experiments = experiments,
                                              .count = sizeof experiments / sizeof *experiments,
                                              .stage = PLIMI_AFTER_GRADIENT,
                                              .measure = measure};
