/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_slopes.c - moments of sigma'(z), z ~ N(0,1): what the first batch does to a neuron, any_activation.md.

   METHOD. The nodes of gaussian.c. c2 = E z sigma' and its kin need no second derivative, so sigma may have kinks. The
   central moments are averages of powers of sigma' - mu1, not differences.
   ERROR. That of nu2, which gaussian.c bounds, relative; twice that for x^4.
   DOMAIN. E sigma^4 finite, else PLIM_OUTSIDE_DOMAIN. */
#include <math.h>

#include "../gaussian_grid.h"
#include "kinds.h"

enum { MOMENTS = 9 };

plim_status plimi_slopes_of(const plimi_input *in, plimi_slopes *slopes)
{
  const plim_activation *activation = in->problem->activation;
  if (!plimi_gaussian_has_moment(activation, 4))
    return PLIM_OUTSIDE_DOMAIN;
  plimi_gaussian_grid g;
  const plim_status status = plimi_gaussian_grid_make(activation, &g);
  /* E of x, z x, z^2 x, x^2, z x^2, z^2 x^2, x^3, z x^3, x^4 */
  double s[MOMENTS] = {0.0};
  for (size_t i = 0; i < g.nodes && status == PLIM_OK; i++) {
    const double p = g.weight[i] * plimi_normal_density(g.z[i]);
    for (size_t side = 0; side < 2; side++) {
      const double z = side == 0 ? g.z[i] : -g.z[i], x = g.slope[side][i] - in->sigma.mu1.value;
      const double term[MOMENTS] = {x,         z * x,         z * z * x,    x * x, z * x * x, z * z * x * x,
                                    x * x * x, z * x * x * x, x * x * x * x};
      for (size_t k = 0; k < MOMENTS; k++)
        s[k] += p * term[k];
    }
  }
  plimi_gaussian_grid_clear(&g);
  if (status != PLIM_OK)
    return status;
  if (plim_activation_is_odd(activation)) /* sigma' is even */
    s[1] = s[4] = s[7] = 0.0;
  const double c2 = s[1], c3 = s[2] - s[0], nu2 = in->sigma.nu2.value;
  /* E (z^2-1) sigma'^2 = E (z^2-1) x^2 + 2 mu1 c3 */
  *slopes = (plimi_slopes){.c2 = c2,
                           .c3 = c3,
                           .nu2 = nu2,
                           .nu3 = fmax(nu2 - c2 * c2, 0.0),
                           .dilation = 0.5 * (s[5] - s[3]),
                           .error = nu2 > 0.0 ? 2.0 * in->sigma.nu2.error / nu2 : 0.0,
                           .x3 = s[6],
                           .zx2 = s[4],
                           .zx3 = s[7] - c2 * nu2,
                           .vzx = s[5] - c2 * c2,
                           .vxx = s[8] - nu2 * nu2};
  return isfinite(s[5]) && isfinite(s[8]) ? PLIM_OK : PLIM_NOT_FINITE;
}
