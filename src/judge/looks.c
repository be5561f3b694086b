/* SPDX-License-Identifier: GPL-3.0-or-later */
/* looks.c - repeated looks at growing data. */
#include "plim_looks.h"

#include <math.h>

#include "stats.h"

static const double least_tail = 1e-12; /* of plimi_t_quantile */

/* Little for the pilot, which settles only what is plain; most for the look that is planned to settle it. */
static const double shares[PLIM_MOST_LOOKS] = {0.05, 0.60, 0.20, 0.08, 0.05, 0.02};

double plim_look_share(size_t look)
{
  return look < PLIM_MOST_LOOKS ? shares[look] : 0.0;
}

plim_status plim_judge_after(plim_judgement *now, const plim_judgement *before, double fit_level)
{
  if (isnan(now->p_agree) || isnan(now->p_disagree) || isnan(now->fit_p) ||
      (before != NULL && (isnan(before->p_agree) || isnan(before->p_disagree))))
    return PLIM_NOT_FINITE;
  if (!(fit_level >= 0.0 && fit_level <= 1.0))
    return PLIM_INVALID;
  if (now->fit_p < fit_level)
    now->p_agree = now->p_disagree = 1.0;
  if (before != NULL) {
    now->p_agree = fmin(now->p_agree, before->p_agree);
    now->p_disagree = fmin(now->p_disagree, before->p_disagree);
  }
  return PLIM_OK;
}

/* The q with which E Phi(q S - far) = 1 - miss, S^2 a chi-square over its `degrees`: the quantile of a noncentral t
   (Abramowitz & Stegun 26.7.10, solved for q). 0 where so few degrees of freedom are beyond that formula. */
static double noncentral(double far, double miss, double degrees)
{
  const double least = 0.5;
  const double near = miss < 0.5 ? plimi_t_quantile(miss, INFINITY) : 0.0;
  const double per = 0.5 / degrees, a = 1.0 - 0.5 * per, left = a * a - near * near * per;
  return left > least ? (a * far + near * sqrt(left + far * far * per)) / left : 0.0;
}

/* In standard errors of the data at hand: how far the edge must be. `growth` gives the last look its degrees of
   freedom. Stein's two-stage rule, all quantiles at the degrees at hand, is always enough. */
static double errors_needed(double level, double miss, double degrees, double growth)
{
  const double far = plimi_t_quantile(level, degrees * fmax(1.0, growth));
  const double needed = noncentral(far, miss, degrees);
  const double steins =
      plimi_t_quantile(level, degrees) + (miss < 0.5 ? plimi_t_quantile(miss, degrees) : 0.0);
  return needed > 0.0 ? fmin(needed, steins) : steins;
}

double plim_growth_needed(const plim_judgement *judgement, double level, double power)
{
  enum { STEPS = 40 };
  if (!(level > 0.0 && level < 0.5 && power >= 0.5 && power < 1.0))
    return NAN;
  const double whole = judgement->margin - judgement->numerical_error;
  if (!(whole > 0.0))
    return INFINITY;
  /* What a small pilot cannot exclude of the next power is bounded by its own errors, and shrinks with them. */
  const double room = whole - fmin(judgement->neglected_bias, 0.5 * whole);
  /* With the truth in the middle both sides can fail, each by (1 - power)/2; about a bound the truth is taken to lie
     on it, one margin from the edge, and only one side can. */
  const double miss = judgement->of_bound ? 1.0 - power : 0.5 * (1.0 - power);
  const double unit = judgement->monte_carlo_error / room, tail = fmax(level, least_tail);
  double growth = 1.0;
  /* the quantile falls slowly with the degrees: half steps settle it */
  for (int step = 0; step < STEPS; step++) {
    const double errors = errors_needed(tail, miss, judgement->degrees, growth) * unit;
    growth = sqrt(growth) * errors;
  }
  return growth;
}
