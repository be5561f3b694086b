/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refine.c - from a point near the bottom of a valley to the bottom, by Brent's method in log x. */
#include <float.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>

#include "optimum.h"

enum { MOST_BRENT_STEPS = 200 };
static const double widest_valley = 8.0; /* in log x, on either side of a point to refine */

/* How narrow an interval in log x Brent's method is to reach: GSL steps by sqrt(epsilon) |log x| at least. */
double plimi_brent_width(double log_x)
{
  return 1e-9 + 4.0 * sqrt(DBL_EPSILON) * fabs(log_x);
}

/* The target in log x for GSL, which has no way of its own to hand a status back. */
typedef struct {
  plimi_target *target;
  plimi_axis axis;
  plim_status status;
} callback;

static double target_in_log(double log_x, void *params)
{
  callback *c = params;
  plim_value value = {NAN, NAN};
  const plim_status status = plimi_target_at(c->target, c->axis, exp(log_x), &value);
  if (status != PLIM_OK)
    c->status = status;
  return value.value;
}

/* Is there higher ground on both sides within reach? Moves to a lower point where it meets one. */
static bool find_valley(callback *c, plim_range range, double *low, double *middle, double *high)
{
  double best = target_in_log(*middle, c);
  for (double width = 0.1; width <= widest_valley; width *= 2.0) {
    *low = fmax(*middle - width, log(range.low));
    *high = fmin(*middle + width, log(range.high));
    const double at_low = target_in_log(*low, c), at_high = target_in_log(*high, c);
    if (c->status != PLIM_OK)
      return false;
    if (at_low > best && at_high > best)
      return true;
    if (at_low < best || at_high < best) {
      *middle = at_low < at_high ? *low : *high;
      best = fmin(at_low, at_high);
    }
  }
  return false;
}

static plim_status minimise(callback *c, double low, double *middle, double high)
{
  gsl_min_fminimizer *minimiser = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (minimiser == NULL)
    return PLIM_NO_MEMORY;
  gsl_function function = {.function = target_in_log, .params = c};
  plim_status status = PLIM_NOT_CONVERGED;
  if (gsl_min_fminimizer_set(minimiser, &function, *middle, low, high) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MOST_BRENT_STEPS && status != PLIM_OK; step++) {
    if (gsl_min_fminimizer_iterate(minimiser) != GSL_SUCCESS || c->status != PLIM_OK)
      goto done;
    const double width = gsl_min_fminimizer_x_upper(minimiser) - gsl_min_fminimizer_x_lower(minimiser);
    if (width <= plimi_brent_width(gsl_min_fminimizer_x_minimum(minimiser)))
      status = PLIM_OK;
  }
done:
  *middle = gsl_min_fminimizer_x_minimum(minimiser);
  gsl_min_fminimizer_free(minimiser);
  return c->status != PLIM_OK ? c->status : status;
}

plim_status plimi_optimum_refine(plimi_target *target, plimi_axis axis, plim_range range, plimi_sample *best,
                                 bool *refined)
{
  callback c = {target, axis, PLIM_OK};
  double low, high, middle = log(best->x);
  *refined = false;
  const bool has_valley = find_valley(&c, range, &low, &middle, &high);
  plim_status status = c.status;
  if (status == PLIM_OK && has_valley)
    status = minimise(&c, low, &middle, high);
  if (status != PLIM_OK || !has_valley)
    return status;
  plimi_sample found = {.x = exp(middle)};
  status = plimi_target_at(target, axis, found.x, &found.value);
  if (status == PLIM_OK && found.value.value <= best->value.value + best->value.error) {
    *best = found;
    *refined = true;
  }
  return status;
}
