/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predictions.c - what the theory says of a term of a claim: its limit, its value at each size, and so the part of a
   measured drift that it predicts.

   The risk after a step of any size tends to its limit like d^-1/2, and after a large step on many samples more
   slowly than any ladder of sizes can follow. Its theory (PLIM_RISK and its kin) keeps the leading effect of a
   finite d, so that

     measured(d) - (theory(d) - theory(far)),   far the farthest d of three at which the theory has a value

   has the same limit and only the d^-1 that the theory leaves out. If what the theory says of d is wrong, so is
   the limit of what remains: a claim judged this way holds the theory to all sizes at once. And it is far, not
   infinity, for in the limit the theory has formulas of its own: with theory(inf) there their error would be on both
   sides of the comparison, and no claim could see it. At `far` the two are one to 2e-5 of their value, 5e-4 where
   sigma is not odd. Where the theory nears its limit like a small power of d, some percent apart still
   (plimi_row.never_near), there is nothing for it but theory(inf), which is not tested then. The ratios n/d and N/d are
   those of the integers drawn. */
#include <math.h>
#include <stdlib.h>

#include "claims.h"

/* Sigma odd; others with kinds of neuron that are the same for zeta and -zeta; the rest: the domain of PLIM_RISK. */
static const double far_d[] = {1e23, 1e19, 1e11};

enum {
  IN_THE_LIMIT = PLIMI_MOST_SIZES,
  FAR_AWAY
}; /* in the place of a size's number; FAR_AWAY + i: at far_d[i] */

typedef struct {
  plimi_term of;
  size_t k;
  plim_status status;
  plim_value value;
} answer;

typedef struct plimi_answers {
  size_t count, room;
  answer *list;
} answers;

plim_status plimi_answers_alloc(plimi_claim_run *run)
{
  run->answers = calloc(1, sizeof *run->answers);
  return run->answers != NULL ? PLIM_OK : PLIM_NO_MEMORY;
}

void plimi_answers_free(plimi_claim_run *run)
{
  if (run->answers != NULL)
    free(run->answers->list);
  free(run->answers);
}

static bool is_of(const answer *a, const plimi_term *term, size_t k)
{
  return a->k == k && a->of.experiment == term->experiment && a->of.quantity == term->quantity &&
         a->of.penalty == term->penalty;
}

/* In the limit, with the penalty of the term. */
static plim_problem problem_of(const plimi_claim_run *run, const plimi_term *term)
{
  plim_problem problem = run->measured[term->experiment].problem;
  if (run->claim->experiments[term->experiment].n_path > 0)
    problem.lambda = run->measured[term->experiment].path[term->penalty];
  return problem;
}

/* What the theory says of `term` at size number k, in the limit, or far away. */
static plim_status ask(const plimi_claim_run *run, const plimi_term *term, size_t k, plim_value *value)
{
  answers *m = run->answers;
  for (size_t i = 0; i < m->count; i++) {
    if (!is_of(&m->list[i], term, k))
      continue;
    if (m->list[i].status == PLIM_OK)
      *value = m->list[i].value;
    return m->list[i].status;
  }
  if (m->count == m->room) {
    const size_t room = 2 * m->room + 16;
    answer *grown = realloc(m->list, room * sizeof *grown);
    if (grown == NULL)
      return PLIM_NO_MEMORY;
    m->list = grown;
    m->room = room;
  }
  plim_problem problem = problem_of(run, term);
  if (k >= FAR_AWAY)
    problem.d = far_d[k - FAR_AWAY];
  else if (k != IN_THE_LIMIT)
    problem = plim_problem_at_size(&problem, &run->measured[term->experiment].size[k]);
  answer said = {.of = *term, .k = k};
  said.status = plim_limit(run->theory, term->quantity, &problem, &said.value);
  m->list[m->count++] = said;
  if (said.status == PLIM_OK)
    *value = said.value;
  return said.status;
}

plim_status plimi_limit_of(const plimi_claim_run *run, const plimi_term *term, plim_value *limit)
{
  return ask(run, term, IN_THE_LIMIT, limit);
}

plim_status plimi_theory_at(const plimi_claim_run *run, const plimi_term *term, size_t k, plim_value *value)
{
  return ask(run, term, k, value);
}

plim_status plimi_over_theory(const plimi_claim_run *run, const plimi_term *of, plim_rung *rungs,
                              size_t count)
{
  for (size_t k = 0; k < count; k++) {
    plim_value here;
    const plim_status status = plimi_theory_at(run, of, k, &here);
    if (status != PLIM_OK)
      return status;
    rungs[k].value /= here.value;
    rungs[k].error /= here.value;
  }
  return PLIM_OK;
}

/* What the theory says far away, or of the limit where it never comes near it. */
static plim_status far_from(const plimi_claim_run *run, const plimi_term *term, bool never_near,
                            plim_value *value)
{
  plim_status status = PLIM_NOT_CONVERGED;
  if (never_near)
    return plimi_limit_of(run, term, value);
  for (size_t i = 0; i < PLIMI_COUNT(far_d) && status != PLIM_OK && status != PLIM_NO_MEMORY; i++)
    status = ask(run, term, FAR_AWAY + i, value);
  return status;
}

plim_status plimi_take_off_drift(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                                 bool never_near, plim_rung *rungs, size_t count)
{
  const plimi_term *terms[] = {of, minus};
  const double signs[] = {1.0, -1.0};
  for (size_t t = 0; t < PLIMI_COUNT(terms) && terms[t] != NULL; t++) {
    plim_value far, here;
    plim_status status = far_from(run, terms[t], never_near, &far);
    for (size_t k = 0; k < count && status == PLIM_OK; k++) {
      status = plimi_theory_at(run, terms[t], k, &here);
      if (status == PLIM_OK)
        rungs[k].value -= signs[t] * (here.value - far.value);
    }
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

/* The limit of the term less the same at eta = 0; *known is false where one of them has no value. */
static plim_status moved_by_step(const plimi_claim_run *run, const plimi_term *term, double *moved,
                                 bool *known)
{
  plim_problem problem = problem_of(run, term);
  plim_value with, without;
  plim_status status = plimi_limit_of(run, term, &with);
  problem.eta = 0.0;
  problem.eta_exponent = 0.0;
  problem.eta_second = problem.eta_second_exponent = NAN;
  if (status == PLIM_OK)
    status = plim_limit(run->theory, term->quantity, &problem, &without);
  *known = status == PLIM_OK;
  *moved = *known ? with.value - without.value : NAN;
  return status == PLIM_NO_MEMORY ? status : PLIM_OK;
}

plim_status plimi_effect_of(const plimi_claim_run *run, const plimi_row *row, double *effect)
{
  double of, minus = 0.0;
  bool known, both = true;
  *effect = NAN;
  if (row->relation != PLIM_EQUALS || row->own != NULL)
    return PLIM_OK;
  plim_status status = moved_by_step(run, &row->of, &of, &known);
  if (status == PLIM_OK && row->difference)
    status = moved_by_step(run, &row->minus, &minus, &both);
  if (status != PLIM_OK || !known || !both)
    return status;
  const double moved = of != minus ? of - minus : of;
  if (moved != 0.0)
    *effect = moved;
  return PLIM_OK;
}
