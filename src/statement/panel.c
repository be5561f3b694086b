/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.c - interpolation of a function at the extreme points of the Chebyshev polynomial T_16. */
#include "panel.h"

#include <float.h>
#include <math.h>

enum { DEGREE = PLIMI_DEGREE, CHECKS = 32 };

/* cos(pi j/16), 0 <= j <= 16 */
static const double cosine[DEGREE + 1] = {1.0,
                                          0.98078528040323044913,
                                          0.92387953251128675613,
                                          0.83146961230254523708,
                                          0.7071067811865475244,
                                          0.55557023301960222474,
                                          0.38268343236508977173,
                                          0.19509032201612826785,
                                          0.0,
                                          -0.19509032201612826785,
                                          -0.38268343236508977173,
                                          -0.55557023301960222474,
                                          -0.7071067811865475244,
                                          -0.83146961230254523708,
                                          -0.92387953251128675613,
                                          -0.98078528040323044913,
                                          -1.0};

/* sum c_k T_k(t), by Clenshaw's recurrence. */
static double chebyshev_sum(const double *c, double t)
{
  double b1 = 0.0, b2 = 0.0;
  for (int k = DEGREE; k > 0; k--) {
    const double b = c[k] + 2.0 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return c[0] + t * b1 - b2;
}

static double parameter(const plimi_panel *panel, double z)
{
  return ((z - panel->low) + (z - panel->high)) / (panel->high - panel->low);
}

double plimi_panel_value(const plimi_panel *panel, double z)
{
  return chebyshev_sum(panel->value, parameter(panel, z));
}

double plimi_panel_slope(const plimi_panel *panel, double z)
{
  return chebyshev_sum(panel->slope, parameter(panel, z));
}

/* The coefficients of f, from its values f[j] at t = cos(pi j/16). */
static void set_value(const double *f, double *value)
{
  for (int k = 0; k <= DEGREE; k++) {
    double sum = 0.5 * (f[0] + (k % 2 == 0 ? f[DEGREE] : -f[DEGREE]));
    for (int j = 1; j < DEGREE; j++) {
      const int m = j * k % (2 * DEGREE);
      sum += f[j] * cosine[m <= DEGREE ? m : 2 * DEGREE - m];
    }
    value[k] = (k == 0 || k == DEGREE ? 1.0 : 2.0) * sum / DEGREE;
  }
}

/* Those of f': c'_{k-1} = c'_{k+1} + 2 k c_k, times dt/dz; c'_0 is halved. */
static void set_slope(plimi_panel *p)
{
  const double scale = 2.0 / (p->high - p->low);
  p->slope[DEGREE] = 0.0;
  p->slope[DEGREE - 1] = scale * 2.0 * DEGREE * p->value[DEGREE];
  for (int k = DEGREE - 1; k > 0; k--)
    p->slope[k - 1] = p->slope[k + 1] + scale * 2.0 * k * p->value[k];
  p->slope[0] *= 0.5;
}

plimi_fit plimi_panel_fit(plimi_function *f, void *context, double low, double high, plimi_panel *panel)
{
  const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  plimi_fit fit = {.where = NAN};
  double sample[DEGREE + 1], least = INFINITY, most = -INFINITY;
  *panel = (plimi_panel){.low = low, .high = high};
  for (int j = 0; j <= DEGREE; j++) {
    const double z = j == 0 ? high : j == DEGREE ? low : middle + half * cosine[j];
    sample[j] = f(context, z);
    if (!isfinite(sample[j]))
      return (plimi_fit){.residual = INFINITY, .size = INFINITY, .where = z};
    least = fmin(least, sample[j]);
    most = fmax(most, sample[j]);
  }
  fit.size = fmax(fabs(least), fabs(most));
  fit.range = most - least;
  set_value(sample, panel->value);
  set_slope(panel);
  for (int k = DEGREE - 2; k <= DEGREE; k++)
    fit.residual = fmax(fit.residual, fabs(panel->value[k]));
  for (int i = 0; i < CHECKS; i++) {
    const double z = low + (high - low) * (i + 0.5) / CHECKS;
    const double gap = fabs(f(context, z) - plimi_panel_value(panel, z));
    if (!isfinite(gap))
      return (plimi_fit){.residual = INFINITY, .size = INFINITY, .where = z};
    fit.residual = fmax(fit.residual, 0.25 * gap); /* more roundings enter here than in a coefficient */
  }
  panel->noise = fit.residual + DBL_EPSILON * fit.size;
  return fit;
}

/* If every coefficient is off by the noise e, the slope is off by (2/width) e sum_k T_k'(t), and the root mean square
   of T_k' over [-1,1] is at most 1.55 k for k <= 16: (2/width) e 1.55 sum k. */
double plimi_panel_slope_error(const plimi_panel *panel)
{
  const double sum = 0.775 * DEGREE * (DEGREE + 1.0);
  return 2.0 / (panel->high - panel->low) * sum * panel->noise;
}
