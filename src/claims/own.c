/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.c - claims of one's own at work: two formulas, one on what is measured, one on what the theory says
   (plim_own_claim.h). How they are put together from a statement is own_claims.c. */
#include "own.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "plim_formula.h"

/* What the formulas may speak of: the quantities, then the parameters. */
#define NAME(code, name, symbol, title) name,
static const char *const names[] = {PLIM_QUANTITY_TABLE(NAME) "psi1",
                                    "psi2",
                                    "lambda",
                                    "eta",
                                    "eta_exponent",
                                    "noise",
                                    "steps",
                                    "d",
                                    "n",
                                    "N"};
enum {
  PSI1 = PLIM_QUANTITY_COUNT,
  PSI2,
  LAMBDA,
  ETA,
  ETA_EXPONENT,
  NOISE,
  STEPS,
  D,
  SAMPLES,
  WIDTH,
  OF_MEASURED,
  OF_PREDICTED = D /* in the limit there are no sizes */
};
_Static_assert(sizeof names / sizeof *names == OF_MEASURED, "a number for each name");

size_t plim_own_claims_count(const plim_own_claims *claims)
{
  return claims->count;
}

const plim_claim_info *plim_own_claims_describe(const plim_own_claims *claims, size_t own)
{
  const plimi_claim *claim = plimi_own_claim_at(claims, own);
  return claim != NULL ? &claim->info : NULL;
}

const plimi_claim *plimi_own_claim_at(const plim_own_claims *claims, size_t own)
{
  return claims != NULL && own < claims->count ? claims->list[own] : NULL;
}

plim_status plimi_own_formula(const char *text, bool measured, plim_formula **formula, char **why)
{
  return plim_formula_alloc(text, names, measured ? OF_MEASURED : OF_PREDICTED, formula, why);
}

static void fill_parameters(const plim_problem *problem, double *values)
{
  values[PSI1] = problem->psi1;
  values[PSI2] = problem->psi2;
  values[LAMBDA] = problem->lambda;
  values[ETA] = problem->eta;
  values[ETA_EXPONENT] = problem->eta_exponent;
  values[NOISE] = problem->noise;
  values[STEPS] = (double)problem->steps;
}

/* NaN where it has none. */
static double value_of(plim_formula *formula, const double *values)
{
  double value;
  return plim_formula_value(formula, values, &value) == PLIM_OK ? value : NAN;
}

double plimi_own_at_parameters(plim_formula *formula, const plim_problem *problem)
{
  double values[OF_MEASURED] = {0.0};
  fill_parameters(problem, values);
  return value_of(formula, values);
}

/* The problem of a term, with its own penalty. */
static plim_problem problem_of(const plimi_claim_run *run, const plimi_term *term)
{
  const plimi_measured *measured = &run->measured[term->experiment];
  plim_problem problem = measured->problem;
  problem.lambda = measured->path[term->penalty];
  return problem;
}

/* The formula on each of the first `replicas` of size number k. */
static plim_status evaluate(const plimi_claim_run *run, const plimi_row *row, const plimi_term *at, size_t k,
                            size_t replicas, double *samples)
{
  const plimi_measured *measured = &run->measured[at->experiment];
  const plim_size *size = &measured->size[k];
  const plim_problem limit = problem_of(run, at), problem = plim_problem_at_size(&limit, size);
  double values[OF_MEASURED] = {
      [D] = (double)size->d, [SAMPLES] = (double)size->n, [WIDTH] = (double)size->width};
  fill_parameters(&problem, values);
  for (size_t r = 0; r < replicas; r++) {
    for (size_t q = 0; q < PLIM_QUANTITY_COUNT; q++) {
      const plimi_term term = {at->experiment, (plim_quantity)q, at->penalty};
      if (!plim_formula_uses(row->own->measured, q))
        continue;
      const plim_status status = plimi_sample_of(run, &term, k, r, &values[q]);
      if (status != PLIM_OK)
        return status;
    }
    const plim_status status = plim_formula_value(row->own->measured, values, &samples[r]);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Of two estimates that are independent, the difference. */
static plim_rung difference_of(const plim_estimate *a, const plim_estimate *b, double d)
{
  return (plim_rung){d, a->mean - b->mean, hypot(a->error, b->error), least(a->replicas, b->replicas)};
}

/* Size number k of the row's ladder; `here` and `there` have room for the replicas. */
static plim_status rung(const plimi_claim_run *run, const plimi_row *row, size_t k, double *here,
                        double *there, plim_rung *made)
{
  const plimi_measured *of = &run->measured[row->of.experiment],
                       *minus = &run->measured[row->minus.experiment];
  const double d = (double)of->size[k].d;
  plim_estimate estimate, other;
  plim_status status = evaluate(run, row, &row->of, k, of->replicas[k], here);
  if (status == PLIM_OK && row->difference)
    status = evaluate(run, row, &row->minus, k, minus->replicas[k], there);
  if (status != PLIM_OK)
    return status;
  if (row->difference && !plimi_same_draws(run, row->of.experiment, row->minus.experiment)) {
    status = plim_estimate_from_samples(here, 1, of->replicas[k], &estimate);
    if (status == PLIM_OK)
      status = plim_estimate_from_samples(there, 1, minus->replicas[k], &other);
    if (status == PLIM_OK)
      *made = difference_of(&estimate, &other, d);
    return status;
  }
  const size_t pairs = row->difference ? least(of->replicas[k], minus->replicas[k]) : of->replicas[k];
  for (size_t r = 0; row->difference && r < pairs; r++)
    here[r] -= there[r];
  status = plim_estimate_from_samples(here, 1, pairs, &estimate);
  if (status == PLIM_OK)
    *made = (plim_rung){d, estimate.mean, estimate.error, estimate.replicas};
  return status;
}

/* A size where all replicas agree has no standard error: said to whoever asks why (claims.c). */
static void note_spread(const plimi_row *row, size_t k, const plim_rung *made, plimi_measured *of)
{
  const plim_estimate estimate = {.mean = made->value, .error = made->error};
  if (of->unspread != NULL || !plimi_is_rounding(&estimate))
    return;
  of->unspread = row->own->measured_text;
  of->unspread_minus = row->difference ? "the same at the point before" : NULL;
  of->unspread_size = k;
  of->unspread_penalty = row->of.penalty;
}

plim_status plimi_own_rungs(const plimi_claim_run *run, const plimi_row *row, plim_rung *rungs, size_t *count)
{
  plimi_measured *of = &run->measured[row->of.experiment];
  const plimi_measured *minus = &run->measured[row->minus.experiment];
  plim_status status = PLIM_OK;
  *count = row->difference ? least(of->sizes, minus->sizes) : of->sizes;
  for (size_t k = 0; k < *count && status == PLIM_OK; k++) {
    double *here = malloc(of->replicas[k] * sizeof *here);
    double *there = row->difference ? malloc(minus->replicas[k] * sizeof *there) : NULL;
    status = here == NULL || (row->difference && there == NULL) ? PLIM_NO_MEMORY
                                                                : rung(run, row, k, here, there, &rungs[k]);
    free(here);
    free(there);
    if (status == PLIM_OK)
      note_spread(row, k, &rungs[k], of);
  }
  return status;
}

void plimi_own_texts(const plimi_row *row, const char **measured, const char **predicted)
{
  *measured = row->own->measured_text;
  *predicted = row->own->predicted_text;
}

/* The errors of its quantities move it by at most this, to first order. */
static double inherited_error(plim_formula *formula, double *values, const double *errors, double at)
{
  double sum = 0.0;
  for (size_t q = 0; q < PLIM_QUANTITY_COUNT; q++) {
    const double value = values[q];
    if (!(errors[q] > 0.0))
      continue;
    values[q] = value + errors[q];
    const double above = fabs(value_of(formula, values) - at);
    values[q] = value - errors[q];
    sum += fmax(above, fabs(value_of(formula, values) - at));
    values[q] = value;
  }
  return sum;
}

plim_status plimi_own_predict(const plimi_claim_run *run, const plimi_row *row, plim_value *predicted)
{
  static const double rounding = 16.0 * DBL_EPSILON; /* of a formula's own operations */
  plim_formula *formula = row->own->predicted;
  const plim_problem problem = problem_of(run, &row->of);
  double values[OF_MEASURED] = {0.0}, errors[PLIM_QUANTITY_COUNT] = {0.0};
  if (formula == NULL) {
    *predicted = (plim_value){0.0, 0.0};
    return PLIM_OK;
  }
  fill_parameters(&problem, values);
  for (size_t q = 0; q < PLIM_QUANTITY_COUNT; q++) {
    const plimi_term term = {row->of.experiment, (plim_quantity)q, row->of.penalty};
    plim_value limit;
    if (!plim_formula_uses(formula, q))
      continue;
    const plim_status status = plimi_limit_of(run, &term, &limit);
    if (status != PLIM_OK)
      return status;
    values[q] = limit.value;
    errors[q] = limit.error;
  }
  double value;
  const plim_status status = plim_formula_value(formula, values, &value);
  if (status != PLIM_OK)
    return status;
  const double error = inherited_error(formula, values, errors, value) + rounding * fabs(value);
  if (!isfinite(value) || !isfinite(error))
    return PLIM_NOT_FINITE;
  *predicted = (plim_value){value, error};
  return PLIM_OK;
}
