/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sizes.c - the ladder of sizes that an experiment is measured on, and how many replicas each has. */
#include "claims.h"

enum {
  LEAST_REPLICAS = 10,
  FULL_TIER_REPLICAS = 4
}; /* the judge's error rates hold from 10 on: doc/judge.md */

size_t plimi_ladder_sizes(const plimi_experiment *experiment, plim_tier tier)
{
  if (tier == PLIM_TIER_FULL)
    return experiment->sizes + 1;
  return experiment->full_only ? 0 : experiment->sizes;
}

size_t plimi_ladder_d(const plimi_experiment *experiment, size_t size)
{
  if (experiment->d != NULL)
    return size < experiment->sizes ? experiment->d[size]
                                    : experiment->d[experiment->sizes - 1] << (size - experiment->sizes + 1);
  return (experiment->first * experiment->at.d) << size;
}

plim_status plimi_ladder_size(const plimi_experiment *experiment, size_t k, plim_size *size)
{
  const size_t d = plimi_ladder_d(experiment, k);
  if (experiment->problem != NULL)
    return plim_size_from_problem(experiment->problem, d, size);
  const plimi_point *at = &experiment->at;
  const plim_problem ratios = {.psi1 = (double)at->n / (double)at->d,
                               .psi2 = (double)at->width / (double)at->d,
                               .ridge_batch = at->ridge_batch,
                               .step_psi1 = (double)at->step_n / (double)at->d,
                               .overlap = at->overlap,
                               .extra = at->extra};
  return plim_size_from_problem(&ratios, d, size);
}

size_t plimi_ladder_replicas(const plimi_experiment *experiment, plim_tier tier, size_t size)
{
  const size_t effort = experiment->effort * (tier == PLIM_TIER_FULL ? FULL_TIER_REPLICAS : 1);
  const size_t replicas = effort / plimi_ladder_d(experiment, size);
  return replicas > LEAST_REPLICAS ? replicas : LEAST_REPLICAS;
}

size_t plimi_planned_replicas(const plimi_experiment *experiment, const plim_claim_settings *settings,
                              size_t size)
{
  return settings->replicas > 0 ? settings->replicas
                                : plimi_ladder_replicas(experiment, settings->tier, size);
}
