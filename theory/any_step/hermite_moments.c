/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hermite_moments.c - E He_j(z) sigma(z), by which orders j the learned directions of an activation are known. */
#include <math.h>

#include "../bounded.h"
#include "any_step.h"

enum { MOST_POINTS = 400 };
static const double rule_tail = 1e-24;

/* E_g sigma(tau k + sqrt(1 - tau^2) g) = sum_j (alpha_j/j!) tau^j He_j(k): smooth in k wherever sigma has kinks, and
   tau near 1 does not amplify the errors of the averages. */
plim_status plimi_hermite_moments(const plimi_input *in, size_t most, double *moment)
{
  static const double tau = 0.9, exact = 2e-14; /* of the averages, relative to the largest |sigma| met */
  const plimi_half_rule rule = plimi_half_rule_for(0.0, 0.125, rule_tail, 0);
  const plimi_reach reach = {.low = -tau * rule.step * (double)rule.n,
                             .high = tau * rule.step * (double)rule.n,
                             .sd = sqrt(1.0 - tau * tau)};
  double k[MOST_POINTS], weight[MOST_POINTS], sum[PLIMI_MOST_ORDER + 1] = {0.0}, largest = 0.0;
  plimi_ruler *ruler;
  if (most > PLIMI_MOST_ORDER || rule.n > MOST_POINTS)
    return PLIM_INVALID;
  const plim_status status = plimi_ruler_alloc(in->problem->activation, in->sigma.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  plimi_half_rule_fill(&rule, k, weight);
  for (size_t i = 0; i < rule.n; i++) {
    double right, left, slope, rest, he = 1.0, before = 0.0;
    plimi_ruler_average(ruler, tau * k[i], &right, &slope, &rest);
    plimi_ruler_average(ruler, -tau * k[i], &left, &slope, &rest);
    largest = fmax(largest, fmax(fabs(right), fabs(left)));
    for (size_t j = 0; j <= most; j++) {
      sum[j] += 0.5 * weight[i] * he * (j % 2 == 0 ? right + left : right - left);
      const double next = (k[i] * he - sqrt((double)j) * before) / sqrt((double)j + 1.0);
      before = he;
      he = next;
    }
  }
  plimi_ruler_free(ruler);
  double scale = 1.0; /* tau^-j sqrt(j!) */
  for (size_t j = 0; j <= most; j++) {
    moment[j] = fabs(sum[j]) <= exact * largest ? 0.0 : scale * sum[j];
    scale *= sqrt((double)j + 1.0) / tau;
  }
  return PLIM_OK;
}
