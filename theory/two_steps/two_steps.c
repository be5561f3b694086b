/* SPDX-License-Identifier: GPL-3.0-or-later */
/* two_steps.c - two gradient steps of any sizes: what becomes of the weights, refined to the tolerance and kept.

   NUMERICAL METHOD. The law of (y, t), the kinds of neuron and the rules in z come at levels, each finer by sqrt 2 in
   each of them; a level is compared with the one before until strengths and overlaps of the spikes and the trace of
   the bulk stand still. A spike below 1e-3 of the first need only stand still on that scale: its own error says how
   well it is known.
   ERROR. The change from the level before.
   STATUS. PLIM_NOT_CONVERGED after the last level. PLIM_OUTSIDE_DOMAIN: not two steps, mu1 = 0 (the first step's
   spike vanishes), y = 0, E y^4 infinite. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../bounded.h"
#include "two_steps.h"

enum { LAST_LEVEL = 3, COMPARED = 3 };
static const double least_share = 1e-3;

/* The cut-off laws of the pencil, in standard deviations. */
static const double coarser_end = 2.3, finer_end = 2.6;

struct plimi_two_cache {
  char *names[3]; /* activation, teacher and readout, with the rest the key; NULL: nothing is known */
  double tolerance;
  plimi_two_tables *coarser, *finer; /* of the pencil, where there is one */
  plimi_two_solution solution;
};

plim_status plimi_two_cache_alloc(plimi_two_cache **cache)
{
  *cache = calloc(1, sizeof **cache);
  return *cache != NULL ? PLIM_OK : PLIM_NO_MEMORY;
}

static void forget(plimi_two_cache *cache)
{
  for (size_t i = 0; i < 3; i++)
    free(cache->names[i]);
  plimi_two_tables_free(cache->coarser);
  plimi_two_tables_free(cache->finer);
  *cache = (plimi_two_cache){.tolerance = 0.0};
}

void plimi_two_cache_free(plimi_two_cache *cache)
{
  if (cache != NULL)
    forget(cache);
  free(cache);
}

/* eta_i N^exponent_i over sqrt N, in the ways that a limit may read it (two_steps.h). */
static void set_steps(const plim_problem *p, plimi_two *two)
{
  const double eta[2] = {p->eta, plim_problem_second_eta(p)};
  const double exponent[2] = {p->eta_exponent, plim_problem_second_exponent(p)};
  for (size_t i = 0; i < 2; i++) {
    if (isfinite(p->d))
      two->e[i] = eta[i] * pow(p->psi2 * p->d, exponent[i] - 0.5);
    else
      two->e[i] = exponent[i] == 0.5 ? eta[i] : 0.0;
    two->push[i] = isfinite(p->d) ? two->e[i] : eta[i];
  }
}

/* Where d is infinite a step of the larger power is all that is left: in the spikes then too the other would be 0. */
static bool are_comparable(const plim_problem *p)
{
  const bool both = p->eta > 0.0 && plim_problem_second_eta(p) > 0.0;
  return isfinite(p->d) || !both || plim_problem_second_exponent(p) == p->eta_exponent;
}

static plim_status describe(const plimi_input *in, plimi_two *two)
{
  const plim_problem *p = in->problem;
  if (p->steps != 2 || !are_comparable(p) || in->sigma.mu1.value == 0.0 || !(in->s2.value > 0.0))
    return PLIM_OUTSIDE_DOMAIN;
  *two = (plimi_two){.mu1 = in->sigma.mu1.value,
                     .c2 = in->sigma.c2.value,
                     .nu2 = in->sigma.nu2.value,
                     .star_mu1 = in->star.mu1.value,
                     .s2 = in->s2.value,
                     .psi1 = plim_problem_step_psi1(p),
                     .noise = p->noise,
                     .is_same = p->batch == PLIM_BATCH_SAME,
                     .is_folded = plim_activation_is_odd(p->activation),
                     .readout = p->readout,
                     .atoms = p->atoms};
  two->up = sqrt(two->s2 / two->psi1);
  two->q0 = two->nu2 * two->s2 / two->psi1;
  set_steps(p, two);
  return isfinite(two->e[0]) && isfinite(two->e[1]) && isfinite(two->q0) ? PLIM_OK : PLIM_NOT_CONVERGED;
}

/* The names say the rest. */
static bool is_same_setting(const plimi_two *a, const plimi_two *b)
{
  return a->e[0] == b->e[0] && a->e[1] == b->e[1] && a->push[0] == b->push[0] && a->push[1] == b->push[1] &&
         a->psi1 == b->psi1 && a->noise == b->noise && a->is_same == b->is_same;
}

static bool is_known(const plimi_two_cache *cache, const plimi_input *in, const plimi_two *two)
{
  return cache->names[2] != NULL && cache->tolerance == in->tolerance &&
         is_same_setting(&cache->solution.two, two) &&
         strcmp(cache->names[0], plim_activation_name(in->problem->activation)) == 0 &&
         strcmp(cache->names[1], plim_activation_name(in->problem->teacher)) == 0 &&
         strcmp(cache->names[2], plim_problem_readout_name(in->problem)) == 0;
}

/* The change as the error; the largest of what is compared, relative. */
static double compare(const plimi_two_spikes *before, plimi_two_spikes *now)
{
  static const double rounding = 64.0 * DBL_EPSILON;
  const double first = now->strength[0].value;
  double largest = 0.0;
  for (size_t l = 0; l < PLIMI_TWO_SPIKES; l++) {
    plim_value *strength = &now->strength[l], *along = &now->along[l];
    strength->error = fabs(strength->value - before->strength[l].value) + rounding * first;
    along->error = fabs(along->value - before->along[l].value) + rounding;
    if (l >= COMPARED || !(strength->value > 0.0))
      continue;
    largest = fmax(largest, strength->error / fmax(strength->value, least_share * first));
    if (strength->value > least_share * first)
      largest = fmax(largest, along->error);
  }
  now->trace.error = fabs(now->trace.value - before->trace.value) + rounding * now->trace.value;
  now->growth.error = fabs(now->growth.value - before->growth.value) + rounding * now->growth.value;
  return fmax(largest, now->trace.error / now->trace.value);
}

static plim_status refine(const plimi_input *in, const plimi_two *two, plimi_two_cache *cache)
{
  plimi_two_spikes before = {.trace = {0.0, 0.0}};
  double change = INFINITY;
  for (unsigned level = 0; level <= LAST_LEVEL; level++) {
    plimi_two_tables *tables;
    plim_status status = plimi_two_tables_alloc(in, two, level, INFINITY, &tables);
    if (status != PLIM_OK)
      return status;
    plimi_two_spikes now;
    status = plimi_two_spikes_of(tables, &now);
    cache->solution.has_pencil = tables->kinds == 1 && (two->e[0] > 0.0 || two->e[1] > 0.0);
    plimi_two_tables_free(tables);
    if (status != PLIM_OK)
      return status;
    if (level > 0)
      change = compare(&before, &now);
    before = now;
    if (change <= in->tolerance) {
      cache->solution.spikes = now;
      return PLIM_OK;
    }
  }
  *in->attainable = fmin(*in->attainable, change);
  return PLIM_NOT_CONVERGED;
}

/* What has no pencil may have all the rest. */
static plim_status add_pencil(const plimi_input *in, const plimi_two *two, plimi_two_cache *cache)
{
  plim_status status = plimi_two_tables_alloc(in, two, 0, coarser_end, &cache->coarser);
  if (status == PLIM_OK)
    status = plimi_two_tables_alloc(in, two, 1, finer_end, &cache->finer);
  cache->solution.pencil = status;
  cache->solution.coarser = cache->coarser;
  cache->solution.finer = cache->finer;
  return status == PLIM_NO_MEMORY ? status : PLIM_OK;
}

static plim_status keep(const plimi_input *in, const plimi_two *two, plimi_two_cache *cache)
{
  cache->solution.two = *two;
  cache->tolerance = in->tolerance;
  cache->names[0] = plimi_copy_of(plim_activation_name(in->problem->activation));
  cache->names[1] = plimi_copy_of(plim_activation_name(in->problem->teacher));
  cache->names[2] = plimi_copy_of(plim_problem_readout_name(in->problem));
  const bool has_room = cache->names[0] != NULL && cache->names[1] != NULL && cache->names[2] != NULL;
  return has_room ? PLIM_OK : PLIM_NO_MEMORY;
}

plim_status plimi_two_solve(const plimi_input *in, const plimi_two_solution **solution)
{
  plimi_two two;
  plimi_two_cache *cache = in->two_steps;
  plim_status status = describe(in, &two);
  if (status != PLIM_OK)
    return status;
  if (!is_known(cache, in, &two)) {
    forget(cache);
    status = refine(in, &two, cache);
    if (status == PLIM_OK && cache->solution.has_pencil)
      status = add_pencil(in, &two, cache);
    if (status == PLIM_OK)
      status = keep(in, &two, cache);
    if (status != PLIM_OK) {
      forget(cache);
      return status;
    }
  }
  *solution = &cache->solution;
  return PLIM_OK;
}
