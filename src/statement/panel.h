/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.h - a smooth function on a short interval, as a Chebyshev series. Private to src/. */
#ifndef PLIM_PANEL_H
#define PLIM_PANEL_H

#define PLIMI_WIDEST_PANEL 0.5 /* the widest that a function is cut into */

typedef double plimi_function(void *context, double z);

enum { PLIMI_DEGREE = 16 };

/* f(z) = sum value[k] T_k(t), f'(z) = sum slope[k] T_k(t), t = (2 z - low - high)/(high - low). */
typedef struct {
  double low, high;
  double value[PLIMI_DEGREE + 1], slope[PLIMI_DEGREE + 1];
  double noise; /* how far the series is from f, rounding included */
} plimi_panel;

typedef struct {
  double residual; /* how far the series is from f at worst: last coefficients, 32 points */
  double size;     /* largest |f| */
  double range;    /* largest f less smallest */
  double where;    /* where f is not finite, if it is not */
} plimi_fit;

plimi_fit plimi_panel_fit(plimi_function *f, void *context, double low, double high, plimi_panel *panel);

/* Value and slope of the series; z may lie a little outside. */
double plimi_panel_value(const plimi_panel *panel, double z);
double plimi_panel_slope(const plimi_panel *panel, double z);

/* Root mean square over the panel of the error of its slope, from the noise. */
double plimi_panel_slope_error(const plimi_panel *panel);

#endif
