/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plim_value.h"

#include <math.h>

plim_status plim_estimate_from_samples(const double *samples, size_t stride, size_t count,
                                       plim_estimate *estimate)
{
  if (count == 0 || stride == 0)
    return PLIM_INVALID;
  double sum = 0.0;
  for (size_t i = 0; i < count; i++)
    sum += samples[i * stride];
  const double mean = sum / (double)count;
  double square = 0.0, rest = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double gap = samples[i * stride] - mean;
    square += gap * gap;
    rest += gap;
  }
  if (!isfinite(mean) || !isfinite(square))
    return PLIM_NOT_FINITE;

  /* `rest` would be 0 in exact arithmetic: taking it out corrects the rounding of the mean. */
  double variance = NAN;
  if (count > 1)
    variance = fmax(0.0, square - rest * rest / (double)count) / (double)(count - 1);
  estimate->mean = mean + rest / (double)count;
  estimate->std = sqrt(variance);
  estimate->error = sqrt(variance / (double)count);
  estimate->replicas = count;
  return PLIM_OK;
}
