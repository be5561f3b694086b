/* SPDX-License-Identifier: GPL-3.0-or-later */
/* looks.c - repeated looks at growing data. */
#include "plim_looks.h"

#include <math.h>

#include "stats.h"

/* Little for the pilot, which settles only what is plain; most for the look that is planned to settle it. */
static const double shares[PLIM_MOST_LOOKS] = {0.05, 0.45, 0.25, 0.12, 0.08, 0.05};

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

double plim_growth_needed(const plim_judgement *judgement, double level, double power)
{
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
  const double beyond = miss < 0.5 ? plimi_t_quantile(miss, judgement->degrees) : 0.0;
  const double errors =
      (plimi_t_quantile(level, judgement->degrees) + beyond) * judgement->monte_carlo_error / room;
  return errors * errors;
}
