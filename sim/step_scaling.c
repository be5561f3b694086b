/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step_scaling.c - how far the gradient step(s) move the weights beside W0 ([BA] NeurIPS section 3.2). */
#include <math.h>

#include "sim.h"

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants;
  if (!wants[PLIM_STEP_OP] && !wants[PLIM_STEP_FRO])
    return PLIM_OK;
  const size_t length = r->size.d * r->size.width;
  for (size_t i = 0; i < length; i++)
    r->change.at[i] = r->w1.at[i] - r->w0.at[i];
  if (wants[PLIM_STEP_FRO])
    plimi_result_constant(r, PLIM_STEP_FRO, sqrt(plimi_square_norm(&r->change) / plimi_square_norm(&r->w0)));
  if (!wants[PLIM_STEP_OP])
    return PLIM_OK;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = r->vectors};
  double change, start;
  plim_status status = plimi_top_singular(&r->change, &workspace, &change, NULL, NULL);
  if (status == PLIM_OK)
    status = plimi_top_singular(&r->w0, &workspace, &start, NULL, NULL);
  if (status == PLIM_OK)
    plimi_result_constant(r, PLIM_STEP_OP, change / start);
  return status;
}

static const plimi_experiment experiments[] = {
    {{PLIM_STEP_OP, "ratio of the largest singular values of W1 - W0 and W0", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_CHANGE | PLIMI_NEEDS_WEIGHTS_GRAM},
    {{PLIM_STEP_FRO, "ratio of the Frobenius norms of W1 - W0 and W0", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_CHANGE},
};

const plimi_subject plimi_step_scaling_subject = {.experiments = experiments,
                                                  .count = sizeof experiments / sizeof *experiments,
                                                  .stage = PLIMI_AFTER_STEP,
                                                  .measure = measure};
