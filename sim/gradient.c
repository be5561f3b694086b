/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradient.c - norms of the first gradient ([BA] Prop. 2), measured on sqrt(N) G0 itself. */
#include <math.h>

#include "sim.h"

/* |G|_F^2 by columns: one sum a column, so that the order of addition is fixed. */
static double square_norm(const plimi_matrix *g)
{
  double sum = 0.0;
  for (size_t j = 0; j < g->columns; j++)
    sum += plimi_dot(g->rows, g->at + j * g->ld, g->at + j * g->ld);
  return sum;
}

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants;
  if (wants[PLIM_GRAD_FRO2])
    plimi_result_constant(r, PLIM_GRAD_FRO2, square_norm(&r->w1));
  if (wants[PLIM_THETA1] || wants[PLIM_THETA2]) {
    double *along = r->vectors; /* d */
    const double norm = plimi_norm(r->size.width, r->readout);
    plimi_apply(1.0 / norm, &r->w1, r->readout, 0.0, along);
    if (wants[PLIM_THETA1])
      plimi_result_constant(r, PLIM_THETA1, plimi_norm(r->size.d, along));
    if (wants[PLIM_THETA2])
      plimi_result_constant(r, PLIM_THETA2, plimi_dot(r->size.d, r->beta, along));
  }
  if (wants[PLIM_GRAD_OP]) {
    const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = r->vectors};
    double value;
    const plim_status status = plimi_top_singular(&r->w1, &workspace, &value, NULL, NULL);
    if (status != PLIM_OK)
      return status;
    plimi_result_constant(r, PLIM_GRAD_OP, value);
  }
  return PLIM_OK;
}

static const plim_experiment_info info[] = {
    {PLIM_THETA1, "|sqrt(N) G0 a| / |a|, G0 the gradient of the first step", false},
    {PLIM_THETA2, "beta*' sqrt(N) G0 a / |a|, G0 the gradient of the first step", false},
    {PLIM_GRAD_OP, "largest singular value of sqrt(N) G0", false},
    {PLIM_GRAD_FRO2, "squared Frobenius norm of sqrt(N) G0", false},
};

const plimi_subject plimi_gradient_subject = {
    .info = info, .count = sizeof info / sizeof *info, .measure = measure};
