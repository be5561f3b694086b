/* SPDX-License-Identifier: GPL-3.0-or-later */
/* allot.c - how many replicas at which size.

   Sources.
     allotment by spread and cost     Neyman 1934, J. R. Statist. Soc. 97:558 (strata; cost as in Cochran 1977, 5.5)
     the iteration converges          Yu 2010, Ann. Statist. 38:1593 (multiplicative, exponent 1/2)

   With s_i the spread of one replica at size i, R_i their number and t_i their cost, the fit's limit sum c_i y_i has
   the variance V = sum c_i^2 s_i^2/R_i, where the weights c_i depend on the R_i. At a given sum R_i t_i it is stationary
   where

     R_i ~ |c_i(R)| s_i/sqrt(t_i),                                                                             (1)

   which is solved by putting the R of one step into the c of the next. Each half lowers V sum R_i t_i: the fit has the
   least V for its R, and (1) the least product for its c. Without a least share only as many sizes as the fit has coefficients
   would be left. */
#include "plim_looks.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 200, CUTS = 200, REFINEMENTS = 30 };
static const double settled = 1e-9;       /* change of a share in one step */
static const double many = 1e6;           /* replicas: the weights do not depend on it */
static const double enough = 1e-2;        /* of plim_growth_needed about 1 */
static const double most_replicas = 1e15; /* beyond: none are known */

/* The rungs that the pilot promises with `most` replicas at the size that gets most. */
static void promise(const plim_pilot *pilot, const double *share, double most, plim_rung *rungs)
{
  for (size_t i = 0; i < pilot->count; i++) {
    const plim_rung *seen = &pilot->rungs[i];
    const double replicas = fmax(2.0, share[i] * most);
    rungs[i] = *seen;
    rungs[i].error = seen->error * sqrt((double)seen->replicas / replicas);
    rungs[i].replicas = (size_t)replicas;
  }
}

static plim_status fit_of(const plim_pilot *pilot, const plim_rung *rungs, plim_extrapolation *fit)
{
  return plim_extrapolate_terms(rungs, pilot->count, pilot->rates, pilot->terms, fit);
}

/* Price x variance of the limit at the weights behind `free`, |c_i| s_i/sqrt(t_i), with that cut to [low, low/least
   share]: for given weights the best proportions have this form. */
static double waste(const plim_pilot *pilot, const double *free_share, double low)
{
  double price = 0.0, variance = 0.0;
  for (size_t i = 0; i < pilot->count; i++) {
    const double share = fmin(fmax(free_share[i], low), low / PLIM_LEAST_SHARE);
    price += share * pilot->cost[i];
    variance += free_share[i] * free_share[i] * pilot->cost[i] / share;
  }
  return price * variance;
}

/* From (1) to the best proportions that leave no size below the least share; the largest is 1. */
static void respect_least_share(const plim_pilot *pilot, double *share)
{
  double least = INFINITY, largest = 0.0;
  for (size_t i = 0; i < pilot->count; i++) {
    least = fmin(least, share[i]);
    largest = fmax(largest, share[i]);
  }
  const double top = PLIM_LEAST_SHARE * largest;
  double best = top;
  least = fmax(least, 1e-3 * top);
  for (size_t n = 0; n < CUTS && least < top; n++) {
    const double low = top * pow(least / top, (double)n / (CUTS - 1));
    if (waste(pilot, share, low) < waste(pilot, share, best))
      best = low;
  }
  largest = 0.0;
  for (size_t i = 0; i < pilot->count; i++) {
    share[i] = fmin(fmax(share[i], best), best / PLIM_LEAST_SHARE);
    largest = fmax(largest, share[i]);
  }
  for (size_t i = 0; i < pilot->count; i++)
    share[i] /= largest;
}

/* One step of (1). The limit is linear in the values: its weight of rung i is the limit of a 1 there and 0 elsewhere. */
static plim_status step(const plim_pilot *pilot, plim_rung *rungs, const double *share, double *next)
{
  promise(pilot, share, many, rungs);
  for (size_t i = 0; i < pilot->count; i++) {
    plim_extrapolation fit;
    for (size_t k = 0; k < pilot->count; k++)
      rungs[k].value = k == i ? 1.0 : 0.0;
    const plim_status status = fit_of(pilot, rungs, &fit);
    if (status != PLIM_OK)
      return status;
    const double spread = pilot->rungs[i].error * sqrt((double)pilot->rungs[i].replicas);
    next[i] = fabs(fit.limit) * spread / sqrt(pilot->cost[i]);
  }
  respect_least_share(pilot, next);
  return PLIM_OK;
}

plim_status plim_allot(const plim_pilot *pilot, double *share)
{
  for (size_t i = 0; i < pilot->count; i++)
    if (!(isfinite(pilot->cost[i]) && pilot->cost[i] > 0.0))
      return PLIM_INVALID;
  plim_rung *rungs = malloc((pilot->count + 1) * sizeof *rungs);
  double *now = malloc((2 * pilot->count + 1) * sizeof *now), *next = now == NULL ? NULL : now + pilot->count;
  plim_status status = rungs == NULL || now == NULL ? PLIM_NO_MEMORY : PLIM_OK;
  double change = INFINITY;
  for (size_t i = 0; status == PLIM_OK && i < pilot->count; i++)
    now[i] = 1.0;
  for (size_t n = 0; status == PLIM_OK && n < STEPS && change > settled; n++) {
    status = step(pilot, rungs, now, next);
    change = 0.0;
    for (size_t i = 0; status == PLIM_OK && i < pilot->count; i++) {
      change = fmax(change, fabs(next[i] - now[i]));
      now[i] = next[i];
    }
  }
  for (size_t i = 0; status == PLIM_OK && i < pilot->count; i++)
    share[i] = now[i];
  free(rungs);
  free(now);
  return status;
}

/* How many replicas the size needs that gets most. */
static plim_status most_needed(const plim_pilot *pilot, const plim_judgement *judgement,
                               const double tests[2], const double *share, double *most)
{
  plim_rung *rungs = malloc((pilot->count + 1) * sizeof *rungs);
  plim_status status = rungs == NULL ? PLIM_NO_MEMORY : PLIM_OK;
  double growth = 0.0;
  *most = 100.0; /* anything: the quantiles hardly depend on it */
  for (size_t n = 0; n < REFINEMENTS && status == PLIM_OK && fabs(growth - 1.0) > 0.1 * enough; n++) {
    plim_judgement then = *judgement;
    plim_extrapolation fit;
    promise(pilot, share, *most, rungs);
    for (size_t i = 0; i < pilot->count; i++)
      rungs[i].value = 0.0;
    status = fit_of(pilot, rungs, &fit);
    if (status != PLIM_OK)
      break;
    then.monte_carlo_error = fit.limit_error;
    then.degrees = fit.degrees;
    growth = plim_growth_needed(&then, tests[0], tests[1]);
    if (isnan(growth))
      status = PLIM_INVALID;
    else if (!(growth * *most < most_replicas))
      status = PLIM_OUTSIDE_DOMAIN;
    else
      *most = fmax(*most * growth, 2.0 / PLIM_LEAST_SHARE);
  }
  free(rungs);
  return status;
}

plim_status plim_replicas_needed(const plim_pilot *pilot, const plim_judgement *judgement, double level,
                                 double power, double *replicas)
{
  const double tests[2] = {level, power};
  double most = 0.0;
  plim_status status = plim_allot(pilot, replicas);
  if (status == PLIM_OK)
    status = most_needed(pilot, judgement, tests, replicas, &most);
  for (size_t i = 0; status == PLIM_OK && i < pilot->count; i++)
    replicas[i] *= most;
  return status;
}
