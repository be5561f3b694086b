/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - the conjugate kernel F'F/n at W1, F = sigma(Xt W1) = sqrt(N) Phi: its eigenvalues and top direction. */
#include <math.h>

#include "sim.h"

/* F'F/n = (N/n) Phi'Phi */
static plim_status measure_whole(plimi_replica *r)
{
  const size_t width = r->size.width;
  plim_status status;
  if (r->plan.by_blocks) {
    plimi_sum_blocks(r, &(plimi_block_sums){.weights = {&r->w1}, .lanes = 1});
    status = plimi_spectrum_of_gram(r, width, width, r->spectrum_values);
  } else {
    status = plimi_whole_spectrum(r, &r->features[0], r->spectrum_values);
  }
  for (size_t j = 0; status == PLIM_OK && j < width; j++)
    r->spectrum_values[j] *= (double)width / (double)r->size.n;
  return status;
}

/* The largest singular value s of Phi and u'Xt beta*: from the features. */
static plim_status top_of_features(plimi_replica *r, double *value, double *overlap)
{
  const size_t n = r->size.n;
  double *left = r->vectors, *signal = left + n;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = signal + n};
  const plim_status status = plimi_top_singular(&r->features[0], &workspace, value, left, NULL);
  if (status != PLIM_OK)
    return status;
  plimi_apply_transposed(1.0, &r->x, r->beta, 0.0, signal);
  *overlap = plimi_dot(n, left, signal);
  return PLIM_OK;
}

/* From sums over blocks: with Phi'Phi v = s^2 v it is u = Phi v/s. */
static plim_status top_of_sums(plimi_replica *r, double *value, double *overlap)
{
  const size_t width = r->size.width;
  double *signal = r->vectors, *eigenvalue, *vector;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = signal + width};
  plimi_sum_blocks(r, &(plimi_block_sums){.weights = {&r->w1}, .lanes = 1, .signal = signal});
  const plim_status status = plimi_top_of_gram(width, &workspace, 1, &eigenvalue, &vector);
  if (status != PLIM_OK)
    return status;
  *value = sqrt(fmax(*eigenvalue, 0.0));
  *overlap = *value > 0.0 ? plimi_dot(width, vector, signal) / *value : 0.0;
  return PLIM_OK;
}

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants, top = wants[PLIM_CK_TOP] || wants[PLIM_CK_LEFT_XBETA];
  if (!top && !r->plan.whole[PLIM_SPECTRUM_KERNEL])
    return PLIM_OK;
  const double n = (double)r->size.n;
  if (!r->plan.by_blocks)
    plimi_features(r, &r->w1, 0);
  plim_status status = r->plan.whole[PLIM_SPECTRUM_KERNEL] ? measure_whole(r) : PLIM_OK;
  if (status != PLIM_OK || !top)
    return status;
  double value, overlap;
  status = r->plan.by_blocks ? top_of_sums(r, &value, &overlap) : top_of_features(r, &value, &overlap);
  if (status != PLIM_OK)
    return status;
  if (wants[PLIM_CK_TOP])
    plimi_result_constant(r, PLIM_CK_TOP, value * value * ((double)r->size.width / n));
  if (wants[PLIM_CK_LEFT_XBETA])
    plimi_result_constant(r, PLIM_CK_LEFT_XBETA, overlap * overlap / n);
  return PLIM_OK;
}

static const plimi_experiment experiments[] = {
    {{PLIM_CK_TOP, "largest eigenvalue of F'F/n, F = sigma(Xt W1), n x N, sigma centred, Xt the second batch",
      false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_FEATURES_GRAM},
    {{PLIM_CK_LEFT_XBETA, "(u' Xt beta*)^2 / n, u the unit top left singular vector of F", false},
     PLIMI_NEEDS_STEP | PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_FEATURES_GRAM},
};

const plimi_subject plimi_spectrum_subject = {
    .experiments = experiments,
    .count = sizeof experiments / sizeof *experiments,
    .whole =
        &(const plimi_whole_experiment){PLIM_SPECTRUM_KERNEL, PLIMI_NEEDS_STEP | PLIMI_NEEDS_SECOND_BATCH |
                                                                  PLIMI_NEEDS_FEATURES_GRAM},
    .stage = PLIMI_AFTER_SECOND_BATCH,
    .measure = measure};
