/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optimum.h - what the files of the search share. Private to theory/optimum/. */
#ifndef PLIM_OPTIMUM_PRIVATE_H
#define PLIM_OPTIMUM_PRIVATE_H

#include "../theory.h"

typedef enum { PLIMI_AXIS_LAMBDA, PLIMI_AXIS_ETA } plimi_axis;

/* The function to minimise: sign * quantity at `here`, with sign = -1 where the greatest value is best. */
typedef struct {
  plim_theory *theory;
  plim_quantity quantity;
  const plimi_limit *limit;
  plim_problem here;
  double sign;
} plimi_target;

/* Stands for an infinite step size: functions of eta differ from their limit by O(eta^-2), far below rounding, and
   eta^4 is still finite. */
#define PLIMI_ENDLESS_STEP 1e30

/* target.c */
void plimi_target_set(plimi_target *target, plimi_axis axis, double x);
plim_status plimi_target_value(plimi_target *target, plim_value *value) PLIM_MUST_CHECK;
/* The same at x on that axis, where `target` stays. */
plim_status plimi_target_at(plimi_target *target, plimi_axis axis, double x,
                            plim_value *value) PLIM_MUST_CHECK;

/* A point of one axis and the value there. */
typedef struct {
  double x;
  plim_value value;
} plimi_sample;

/* refine.c: how narrow an interval in log x the search for a minimum is to reach. */
double plimi_brent_width(double log_x);

/* refine.c: a local minimum near `best`, a point with `range` around it, by Brent's method in log x; `best` itself
   where its surroundings are flat or fall towards an end of the range. *refined says whether one was found. */
plim_status plimi_optimum_refine(plimi_target *target, plimi_axis axis, plim_range range, plimi_sample *best,
                                 bool *refined) PLIM_MUST_CHECK;

/* enclosed.c: lambda by proved bounds. Fills value, bound, certificate and the place, point and bracket of
   lambda. */
plim_status plimi_optimum_enclose(plimi_target *target, plim_range range,
                                  plim_optimum *optimum) PLIM_MUST_CHECK;

/* sampled.c: one axis, or both, on a grid. Fills what plimi_optimum_enclose does, of the axes searched. */
plim_status plimi_optimum_sample_one(plimi_target *target, plimi_axis axis, plim_range range,
                                     plim_optimum *optimum) PLIM_MUST_CHECK;
plim_status plimi_optimum_sample_both(plimi_target *target, const plim_search *search,
                                      plim_optimum *optimum) PLIM_MUST_CHECK;

#endif
