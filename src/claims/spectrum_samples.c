/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum_samples.c - what is kept of a whole spectrum drawn: its distance from the limit's distribution function and
   its smallest value that is not 0 by rank. */
#include <math.h>

#include "claims.h"

static plim_status distance_of(const plim_density *density, const double *x, size_t count, double *distance)
{
  double largest = 0.0;
  for (size_t i = 0; i < count; i++) {
    plim_value limit = {0.0, 0.0};
    const plim_status status = plim_density_cdf(density, x[i], &limit);
    if (status != PLIM_OK)
      return status;
    const double after = (double)(i + 1) / (double)count, before = (double)i / (double)count;
    if (i + 1 == count || x[i + 1] > x[i]) /* of equal values, the zeros, the last says how many there are */
      largest = fmax(largest, fabs(after - limit.value));
    if (x[i] > 0.0)
      largest = fmax(largest, fabs(before - limit.value));
  }
  *distance = largest;
  return PLIM_OK;
}

plim_status plimi_spectrum_reduce(const plimi_claim_run *run, plim_spectrum spectrum,
                                  const plim_problem *problem, const plimi_spectra *drawn)
{
  plim_density *density = NULL;
  plim_status status = plim_density_alloc(run->theory, spectrum, problem, &density);
  for (size_t r = 0; r < drawn->replicas && status == PLIM_OK; r++) {
    const double *x = drawn->values + r * drawn->width;
    double *samples = drawn->samples + r * PLIMI_SPECTRUM_SAMPLES;
    size_t zeros = 0;
    while (zeros + 1 < drawn->width && x[zeros] == 0.0)
      zeros++;
    samples[PLIMI_SPECTRUM_SMALLEST] = x[zeros];
    status = distance_of(density, x, drawn->width, &samples[PLIMI_SPECTRUM_DISTANCE]);
  }
  plim_density_free(density);
  return status;
}
