/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim.h"

/* phi = N^-1/2 (mu1 W'x + mu2 z): E phi phi' = (mu1^2 W'W + mu2^2 I)/N, E phi f* = N^-1/2 mu1 mu1* W'beta*. */
static void equivalent_risk(plimi_replica *r, const plimi_side *side, double *risk)
{
  const size_t d = r->size.d, width = r->size.width;
  const double mu1 = r->activation.mu1, mu2_squared = fmax(0.0, r->activation.variance - mu1 * mu1);
  double *along = r->vectors;
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    const double *a = side->coefficients + l * width;
    plimi_apply(mu1 / sqrt((double)width), &side->weights, a, 0.0, along);
    const double signal = plimi_dot(d, along, along), noise = plimi_dot(width, a, a) / (double)width;
    const double cross = r->teacher.mu1 * plimi_dot(d, along, r->beta);
    risk[l] = signal + mu2_squared * noise - 2.0 * cross + r->teacher.variance;
  }
}

plim_status plimi_exact_risk(plimi_replica *replica, const plimi_side *side, double *risk)
{
  if (replica->simulation->features == PLIM_FEATURES_EQUIVALENT) {
    equivalent_risk(replica, side, risk);
    return PLIM_OK;
  }
  return PLIM_NOT_CONVERGED;
}
