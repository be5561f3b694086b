/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.c - the singular values of W1 and the top triplet (s1, u1, v1) ([BA] arXiv Thm 3). */
#include <math.h>

#include "sim.h"

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants;
  if (r->plan.whole[PLIM_SPECTRUM_WEIGHTS]) {
    const plim_status whole = plimi_whole_spectrum(r, &r->w1, r->spectrum_values);
    if (whole != PLIM_OK)
      return whole;
    for (size_t j = 0; j < r->size.width; j++)
      r->spectrum_values[j] = sqrt(r->spectrum_values[j]);
  }
  if (!wants[PLIM_W1_TOP] && !wants[PLIM_W1_LEFT_BETA] && !wants[PLIM_W1_RIGHT_A])
    return PLIM_OK;
  const size_t d = r->size.d, width = r->size.width;
  double *left = r->vectors, *right = left + d, value;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = right + width};
  const plim_status status = plimi_top_singular(&r->w1, &workspace, &value, left, right);
  if (status != PLIM_OK)
    return status;
  if (wants[PLIM_W1_TOP])
    plimi_result_constant(r, PLIM_W1_TOP, value);
  if (wants[PLIM_W1_LEFT_BETA]) {
    const double overlap = plimi_dot(d, left, r->beta);
    plimi_result_constant(r, PLIM_W1_LEFT_BETA, overlap * overlap);
  }
  if (wants[PLIM_W1_RIGHT_A]) {
    const double overlap = plimi_dot(width, right, r->readout) / plimi_norm(width, r->readout);
    plimi_result_constant(r, PLIM_W1_RIGHT_A, overlap * overlap);
  }
  return PLIM_OK;
}

static const plimi_experiment experiments[] = {
    {{PLIM_W1_TOP, "largest singular value s1 of W1, the weights after the gradient step(s)", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_WEIGHTS_GRAM},
    {{PLIM_W1_LEFT_BETA, "<u1, beta*>^2, u1 the unit left singular vector of W1 for s1", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_WEIGHTS_GRAM},
    {{PLIM_W1_RIGHT_A, "<v1, a>^2 / |a|^2, v1 the unit right singular vector of W1 for s1", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_WEIGHTS_GRAM},
};

const plimi_subject plimi_weights_subject = {
    .experiments = experiments,
    .count = sizeof experiments / sizeof *experiments,
    .whole =
        &(const plimi_whole_experiment){PLIM_SPECTRUM_WEIGHTS, PLIMI_NEEDS_STEP | PLIMI_NEEDS_WEIGHTS_GRAM},
    .stage = PLIMI_AFTER_STEP,
    .measure = measure};
