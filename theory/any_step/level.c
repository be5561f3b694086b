/* SPDX-License-Identifier: GPL-3.0-or-later */
/* level.c - one level of refinement: tables, fixed point, linear stage, and how far each may be off. */
#include <math.h>

#include "../bounded.h"
#include "cache.h"
#include "kinds_reduced.h"

static plim_status labels_of(const plimi_input *in, const plimi_labels **labels)
{
  plimi_any_cache *cache = in->any_step;
  if (cache->labels == NULL) {
    const plimi_step *step = &cache->step;
    const double zeta2 = step->readout == PLIM_READOUT_GAUSSIAN ? -2.0 * log(step->tail) + 2.0 : 1.0;
    const double sharpest = step->e * step->e * zeta2 * step->nu2 / (step->step_psi1 * step->step_psi1);
    const plim_status status = plimi_labels_alloc(in, sharpest, &cache->labels);
    if (status != PLIM_OK)
      return status;
  }
  *labels = cache->labels;
  return PLIM_OK;
}

double plimi_any_change(const plimi_any_step *now, const plimi_any_step *old)
{
  static const plimi_any_number looked_at[] = {PLIMI_ANY_RISK, PLIMI_ANY_TRAIN, PLIMI_ANY_V};
  double largest = 0.0;
  for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i++) {
    const double value = now->number[looked_at[i]];
    largest = fmax(largest, fabs(value - old->number[looked_at[i]]) / fabs(value));
  }
  return largest;
}

/* Relative: the Newton step that was not taken, the law of y, the slopes and the arithmetic, times the amplification of
   the linear stage; and what is lost otherwise. */
static double uncertainty_of(const plimi_any_step *outcome, double correction, double averages, double lost)
{
  const double rounding = 64.0 * DBL_EPSILON;
  return outcome->amplification * (4.0 * correction + averages + rounding) + lost;
}

/* What cancels in sums of size d (odd sigma), or of size sqrt d where the means of the kinds do not vanish. The factor
   is 8 times the largest error seen of relu, silu and gelu at d = 1e16 to 1e24 against risk1. */
static double lost_to_width(const plim_problem *p)
{
  const double all = DBL_EPSILON * DBL_EPSILON * p->d;
  return plim_activation_is_odd(p->activation) ? all : all + 0.05 * DBL_EPSILON * sqrt(p->d);
}

/* Of many kinds the block means are nearly dependent, and their price 1/d is seen beside rounding: 4 times what was
   seen of five odd activations against section 9, at d to 1e12. */
static double lost_to_price(const plim_problem *p)
{
  const plim_readout readout = plimi_readout_of(p);
  const bool many = readout == PLIM_READOUT_GAUSSIAN || readout == PLIM_READOUT_ATOMS;
  return many ? 500.0 * DBL_EPSILON * sqrt(p->d) : 0.0;
}

/* What the norms of the neurons are worth with a Gaussian readout, and section 9 has not: up to 10/d was seen. */
static double lost_norms(const plim_problem *p)
{
  return 30.0 / p->d;
}

/* Poles of an activation that is not odd, of which law->error does not know: what the answer makes of less than half of
   the law's points. It hardly depends on the level, and is seen at this one. */
enum { told_by = 1 };
static plim_status law_change(const plimi_kinds_problem *problem, const plim_problem *p, double exact,
                              const plimi_any_step *outcome, double *change)
{
  plimi_kinds_problem finer = *problem;
  plimi_any_step with_more;
  double ignored;
  *change = 0.0;
  if (problem->law == NULL || plim_activation_is_odd(p->activation))
    return PLIM_OK;
  finer.law = problem->law->finer;
  const plim_status status = plimi_kinds_outcome(&finer, exact, &with_more, &ignored);
  if (status == PLIM_OK)
    *change = plimi_any_change(&with_more, outcome);
  return status;
}

/* What functions make of which it is not known whether they are learned. */
static plim_status span_change(const plimi_kinds_problem *problem, const plimi_any_cache *cache, double exact,
                               const plimi_any_step *outcome, double *change)
{
  plimi_kinds_problem fewer = *problem;
  plimi_any_step with_fewer;
  double ignored;
  if (plimi_same_functions(&cache->free_least, &cache->free_largest))
    return PLIM_OK;
  fewer.span = &cache->free_least;
  const plim_status status = plimi_kinds_outcome(&fewer, exact, &with_fewer, &ignored);
  if (status == PLIM_OK)
    *change = plimi_any_change(outcome, &with_fewer);
  return status;
}

/* Where neurons are of kinds: kinds.h. */
static plim_status solve_kinds_at(const plimi_input *in, unsigned level, plimi_any_kind kind,
                                  plimi_any_step *outcome, double *uncertain)
{
  plimi_any_cache *cache = in->any_step;
  const plim_problem *p = in->problem;
  plim_status status = PLIM_OK;
  if (!cache->has_slopes) {
    status = plimi_slopes_of(in, &cache->slopes);
    cache->has_slopes = status == PLIM_OK;
  }
  if (status == PLIM_OK && cache->kinds[level] == NULL)
    status = plimi_kinds_alloc(in, &cache->step, &cache->slopes, level, &cache->kinds[level]);
  if (status == PLIM_OK && kind == PLIMI_ANY_REAL && cache->law == NULL)
    status = plimi_law_alloc(in, plimi_kinds_sharpest(&cache->step, &cache->slopes), &cache->law);
  if (status != PLIM_OK)
    return status;
  plimi_kinds_problem problem = {.kinds = cache->kinds[level],
                                 .law = kind == PLIMI_ANY_REAL ? cache->law : NULL,
                                 .ridge_psi1 = p->psi1,
                                 .psi2 = p->psi2,
                                 .lambda = p->lambda,
                                 .noise2 = in->noise2.value,
                                 .d = p->d};
  const bool is_free = !isfinite(p->d) && plimi_readout_of(p) == PLIM_READOUT_GAUSSIAN;
  if (is_free)
    problem.span = &cache->free_largest;
  if (!isfinite(p->d) && plimi_readout_of(p) == PLIM_READOUT_ATOMS)
    problem.rank = cache->rank;
  const double exact = fmin(1e-4 * in->tolerance, 1e-9);
  double correction, unknown = 0.0;
  status = plimi_kinds_outcome(&problem, exact, outcome, &correction);
  if (status == PLIM_OK && level == told_by)
    status = law_change(&problem, p, exact, outcome, &cache->law_change);
  if (status == PLIM_OK && is_free)
    status = span_change(&problem, cache, exact, outcome, &unknown);
  if (status != PLIM_OK)
    return status;
  const double lost =
      (isfinite(p->d) ? lost_to_width(p) + lost_to_price(p) : 0.0) + cache->law_change + unknown;
  const double law = kind == PLIMI_ANY_REAL ? cache->law->error : 0.0;
  *uncertain = uncertainty_of(outcome, correction, 0.0, lost) + law + cache->slopes.error;
  return status;
}

plim_status plimi_any_solve_level(const plimi_input *in, unsigned level, plimi_any_kind kind,
                                  plimi_any_step *outcome, double *uncertain)
{
  plimi_any_cache *cache = in->any_step;
  const plim_problem *p = in->problem;
  plim_status status = PLIM_OK;
  if (plimi_has_kinds(in))
    return solve_kinds_at(in, level, kind, outcome, uncertain);
  if (cache->tables[level] == NULL)
    status = plimi_tables_alloc(in, &cache->step, level, &cache->tables[level]);
  if (status != PLIM_OK)
    return status;
  plimi_mixture mixture = {.tables = cache->tables[level],
                           .psi2 = p->psi2,
                           .penalty = p->lambda * p->psi1 / p->psi2,
                           .noise2 = in->noise2.value,
                           .d = p->d,
                           .span = &cache->largest,
                           .exact = fmin(1e-4 * in->tolerance, 1e-9)};
  if (kind == PLIMI_ANY_REAL)
    status = labels_of(in, &mixture.labels);
  if (status != PLIM_OK)
    return status;
  plimi_state state;
  status = plimi_state_alloc(mixture.tables->n_atoms, mixture.tables->n_nodes, &state);
  if (status != PLIM_OK)
    return status;
  double correction;
  status = plimi_mixture_solve(&mixture, &state, &correction);
  if (status == PLIM_OK)
    status = plimi_mixture_outcome(&mixture, &state, outcome);
  double lost = 0.0;
  if (status == PLIM_OK && !isfinite(p->d) && !plimi_same_span(&cache->least, &cache->largest)) {
    plimi_any_step smaller;
    mixture.span = &cache->least;
    status = plimi_mixture_outcome(&mixture, &state, &smaller);
    lost = status == PLIM_OK ? plimi_any_change(outcome, &smaller) : 0.0;
  }
  if (status == PLIM_OK) {
    if (isfinite(p->d))
      lost = lost_to_width(p) + (in->b.value > 0.0 ? lost_norms(p) : 0.0);
    *uncertain =
        uncertainty_of(outcome, correction, kind == PLIMI_ANY_REAL ? mixture.labels->error : 0.0, lost);
  }
  plimi_state_free(&state);
  return status;
}
