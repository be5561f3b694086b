/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.c - tables are kept as long as the step stays the same: a path of penalties or a grid of psi2 shares them. */
#include "cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double atom_tail = 1e-14; /* left out where |zeta| > 8 */

plim_status plimi_any_cache_alloc(plimi_any_cache **cache)
{
  plimi_any_cache *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  *cache = made;
  return PLIM_OK;
}

static void forget(plimi_any_cache *cache)
{
  for (size_t i = 0; i < PLIMI_ANY_LEVELS; i++) {
    plimi_tables_free(cache->tables[i]);
    plimi_kinds_free(cache->kinds[i]);
  }
  plimi_labels_free(cache->labels);
  plimi_law_free(cache->law);
  free(cache->activation);
  free(cache->teacher);
  memset(cache, 0, sizeof *cache);
}

void plimi_any_cache_free(plimi_any_cache *cache)
{
  if (cache == NULL)
    return;
  forget(cache);
  free(cache);
}

/* e = eta/sqrt N. Infinite d: e itself where the step is of the order sqrt N, and so small below that nothing but the
   span depends on it. */
static double large_part(const plim_problem *p)
{
  static const double vanishing = 1e-9;
  if (isfinite(p->d)) {
    const double width = p->psi2 * p->d;
    return plim_problem_step_size(p, width) / sqrt(width);
  }
  return p->eta_exponent == 0.5 ? p->eta : vanishing;
}

static plimi_step step_of(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  const double length2 = in->star1.value + in->s2.value / plim_problem_step_psi1(p);
  plimi_step made = {.e = large_part(p),
                     .ridge_psi1 = p->psi1,
                     .step_psi1 = plim_problem_step_psi1(p),
                     .theta1 = fabs(in->sigma.mu1.value) * sqrt(length2),
                     .gam = in->star.mu1.value / sqrt(length2),
                     .mu1 = in->sigma.mu1.value,
                     .mu2 = in->sigma.mu2.value,
                     .nu2 = in->sigma.nu2.value,
                     .s2 = in->s2.value,
                     .readout = plimi_readout_of(p),
                     .tail = atom_tail};
  plimi_step_take_atoms(in, &made);
  return made;
}

/* For the same functions and noise: what else the steps have follows from those and from this. */
static bool same_step(const plimi_step *a, const plimi_step *b)
{
  return a->e == b->e && a->ridge_psi1 == b->ridge_psi1 && a->step_psi1 == b->step_psi1 &&
         a->readout == b->readout && a->tail == b->tail && plimi_same_atoms(a, b);
}

/* Make the cache one for this step: its tables are kept as long as the step stays the same. */
static plim_status prepare_step(const plimi_input *in, const plimi_step *step)
{
  plimi_any_cache *cache = in->any_step;
  const char *activation = plim_activation_name(in->problem->activation),
             *teacher = plim_activation_name(in->problem->teacher);
  if (cache->activation != NULL && same_step(&cache->step, step) && cache->noise == in->problem->noise &&
      strcmp(cache->activation, activation) == 0 && strcmp(cache->teacher, teacher) == 0)
    return PLIM_OK;
  forget(cache);
  cache->activation = plimi_copy_of(activation);
  cache->teacher = plimi_copy_of(teacher);
  cache->step = *step;
  cache->noise = in->problem->noise;
  if (cache->activation == NULL || cache->teacher == NULL) {
    forget(cache);
    return PLIM_NO_MEMORY;
  }
  return PLIM_OK;
}

bool plimi_has_kinds(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  if (in->b.value == 0.0)
    return false;
  if (plimi_readout_of(p) == PLIM_READOUT_GAUSSIAN && plim_activation_is_odd(p->activation))
    return p->d < PLIMI_NORMS_COUNT_TO;
  return isfinite(p->d) || p->eta_exponent == 0.5;
}

/* How many functions the m_b of finitely many kinds span. */
static plim_status count_functions(plimi_any_cache *cache)
{
  plimi_free_functions least, largest;
  plim_status status = plimi_atoms_learned(&cache->step, &cache->free_least, INFINITY, &least);
  if (status == PLIM_OK)
    status = plimi_atoms_learned(&cache->step, &cache->free_largest, INFINITY, &largest);
  if (status != PLIM_OK)
    return status;
  cache->rank = largest.count;
  return least.count == largest.count ? PLIM_OK : PLIM_NOT_CONVERGED;
}

/* What the step learns where d is infinite: at least and at most. One or two kinds are free as they are. */
static plim_status find_spans(const plimi_input *in)
{
  plimi_any_cache *cache = in->any_step;
  const bool has_kinds = plimi_has_kinds(in);
  const plim_readout readout = plimi_readout_of(in->problem);
  const bool has_atoms = has_kinds && readout == PLIM_READOUT_ATOMS;
  if (isfinite(in->problem->d) || in->problem->eta_exponent < 0.5 ||
      (has_kinds && readout != PLIM_READOUT_GAUSSIAN && !has_atoms) ||
      (cache->has_spans && cache->exponent == in->problem->eta_exponent))
    return PLIM_OK;
  plim_status status = has_kinds ? plimi_free_functions_of(in, &cache->free_least, &cache->free_largest)
                                 : plimi_spans_of(in, &cache->least, &cache->largest);
  if (status == PLIM_OK && has_atoms)
    status = count_functions(cache);
  cache->has_spans = status == PLIM_OK;
  cache->exponent = in->problem->eta_exponent;
  for (size_t i = 0; i < PLIMI_ANY_KINDS; i++)
    cache->last[i].is_known = false;
  return status;
}

plim_status plimi_any_prepare(const plimi_input *in)
{
  const plimi_step step = step_of(in);
  const plim_status status = prepare_step(in, &step);
  return status == PLIM_OK ? find_spans(in) : status;
}
