/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - the conjugate kernel F'F/n at W1, F = sigma(Xt W1) = sqrt(N) Phi: its eigenvalues and top direction. */
#include <math.h>

#include "sim.h"

/* F'F/n = (N/n) Phi'Phi */
static plim_status measure_whole(plimi_replica *r)
{
  const size_t width = r->size.width;
  const plim_status status = plimi_whole_spectrum(r, &r->features[0], r->spectrum_values);
  for (size_t j = 0; status == PLIM_OK && j < width; j++)
    r->spectrum_values[j] *= (double)width / (double)r->size.n;
  return status;
}

static plim_status measure(plimi_replica *r)
{
  const bool *wants = r->plan.wants, top = wants[PLIM_CK_TOP] || wants[PLIM_CK_LEFT_XBETA];
  if (!top && !r->plan.whole[PLIM_SPECTRUM_KERNEL])
    return PLIM_OK;
  const size_t n = r->size.n;
  double *left = r->vectors, *signal = left + n, value;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = signal + n};
  plimi_features(r, &r->w1, 0);
  plim_status status = r->plan.whole[PLIM_SPECTRUM_KERNEL] ? measure_whole(r) : PLIM_OK;
  if (status != PLIM_OK || !top)
    return status;
  status = plimi_top_singular(&r->features[0], &workspace, &value, left, NULL);
  if (status != PLIM_OK)
    return status;
  if (wants[PLIM_CK_TOP])
    plimi_result_constant(r, PLIM_CK_TOP, value * value * ((double)r->size.width / (double)n));
  if (wants[PLIM_CK_LEFT_XBETA]) {
    plimi_apply_transposed(1.0, &r->x, r->beta, 0.0, signal);
    const double overlap = plimi_dot(n, left, signal);
    plimi_result_constant(r, PLIM_CK_LEFT_XBETA, overlap * overlap / (double)n);
  }
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
