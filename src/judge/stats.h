/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.h - the distributions that the judge needs, safe for every number of degrees of freedom. Private to
   src/. */
#ifndef PLIM_STATS_H
#define PLIM_STATS_H

/* P(T > x) for Student's t with `degrees` >= 1 degrees of freedom (any real number; infinity: normal). */
double plimi_t_upper(double x, double degrees);

/* The x with P(T > x) = tail, 1e-12 <= tail < 1/2. */
double plimi_t_quantile(double tail, double degrees);

/* P(F > x) for the F distribution with `degrees1` >= 1 and `degrees2` > 0 degrees of freedom, x >= 0. */
double plimi_f_upper(double x, double degrees1, double degrees2);

#endif
