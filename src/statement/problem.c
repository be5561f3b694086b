/* SPDX-License-Identifier: GPL-3.0-or-later */
/* problem.c - the statement of the problem: defaults, validation, sizes. */
#include "plim_problem.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define NAME(code, name, meaning) name,
static const char *const readout_names[] = {PLIM_READOUT_TABLE(NAME)};
static const char *const batch_names[] = {PLIM_BATCH_TABLE(NAME)};
static const char *const ridge_batch_names[] = {PLIM_RIDGE_BATCH_TABLE(NAME)};

const char *plim_readout_name(plim_readout readout)
{
  return (unsigned)readout < PLIM_READOUT_COUNT ? readout_names[readout] : NULL;
}

const char *plim_batch_name(plim_batch batch)
{
  return (unsigned)batch < PLIM_BATCH_COUNT ? batch_names[batch] : NULL;
}

const char *plim_ridge_batch_name(plim_ridge_batch ridge_batch)
{
  return (unsigned)ridge_batch < PLIM_RIDGE_BATCH_COUNT ? ridge_batch_names[ridge_batch] : NULL;
}

const char *plim_problem_readout_name(const plim_problem *problem)
{
  return problem->readout == PLIM_READOUT_ATOMS && problem->atoms != NULL
             ? problem->atoms->name
             : plim_readout_name(problem->readout);
}

plim_problem plim_problem_default(void)
{
  return (plim_problem){.psi1 = 2.0,
                        .psi2 = 1.5,
                        .lambda = 0.1,
                        .eta = 1.0,
                        .eta_exponent = 0.0,
                        .noise = 0.1,
                        .d = INFINITY,
                        .steps = 1,
                        .batch = PLIM_BATCH_SAME,
                        .readout = PLIM_READOUT_GAUSSIAN,
                        .eta_second = NAN,
                        .eta_second_exponent = NAN,
                        .ridge_batch = PLIM_RIDGE_FRESH,
                        .overlap = 1.0};
}

static const double rounding = 1e-12; /* of sums that plim_atoms_read has scaled to 1 */

static bool is_positive(double x)
{
  return isfinite(x) && x > 0.0;
}

static bool is_non_negative(double x)
{
  return isfinite(x) && x >= 0.0;
}

static bool is_law(const plim_atoms *atoms)
{
  if (atoms == NULL || atoms->count == 0 || atoms->count > PLIM_MOST_ATOMS)
    return false;
  double sum = 0.0, square = 0.0;
  for (size_t i = 0; i < atoms->count; i++) {
    if (!isfinite(atoms->value[i]) || !is_positive(atoms->probability[i]))
      return false;
    sum += atoms->probability[i];
    square += atoms->probability[i] * atoms->value[i] * atoms->value[i];
  }
  return fabs(sum - 1.0) <= rounding && fabs(square - 1.0) <= rounding;
}

static const char *first_bad_batch(const plim_problem *p)
{
  if (plim_ridge_batch_name(p->ridge_batch) == NULL)
    return "ridge_batch";
  if (p->ridge_batch == PLIM_RIDGE_FRESH)
    return is_non_negative(p->step_psi1) ? NULL : "step_psi1";
  if (p->steps > 1 && p->batch == PLIM_BATCH_FRESH)
    return "ridge_batch"; /* which of the batches is the same? */
  if (!is_non_negative(p->overlap) || p->overlap > 1.0)
    return "overlap";
  if (!is_non_negative(p->extra) || !is_positive(p->overlap * p->psi1 + p->extra))
    return "extra";
  return p->step_psi1 == 0.0 ? NULL : "step_psi1";
}

static const char *first_bad_field(const plim_problem *p)
{
  if (!is_positive(p->psi1))
    return "psi1";
  if (!is_positive(p->psi2))
    return "psi2";
  if (!is_non_negative(p->lambda))
    return "lambda";
  if (!is_non_negative(p->eta))
    return "eta";
  if (!is_non_negative(p->eta_exponent) || p->eta_exponent > 0.5)
    return "eta_exponent";
  if (!is_non_negative(p->noise))
    return "noise";
  if (isnan(p->d) || p->d < 1.0)
    return "d";
  if (p->steps == 0)
    return "steps";
  if (plim_batch_name(p->batch) == NULL)
    return "batch";
  if (plim_readout_name(p->readout) == NULL)
    return "readout";
  if (p->readout == PLIM_READOUT_ATOMS && !is_law(p->atoms))
    return "atoms";
  if (!isnan(p->eta_second) && (!is_non_negative(p->eta_second) || p->steps != 2))
    return "eta_second";
  const double exponent = p->eta_second_exponent;
  if (!isnan(exponent) && (!is_non_negative(exponent) || exponent > 0.5 || p->steps != 2))
    return "eta_second_exponent";
  const char *bad_batch = first_bad_batch(p);
  if (bad_batch != NULL)
    return bad_batch;
  if (p->activation == NULL || plim_activation_rough(p->activation) != NULL)
    return "activation";
  if (p->teacher == NULL)
    return "teacher";
  return NULL;
}

plim_status plim_problem_validate(const plim_problem *problem, const char **field)
{
  const char *bad = first_bad_field(problem);
  if (bad == NULL)
    return PLIM_OK;
  if (field != NULL)
    *field = bad;
  return PLIM_INVALID;
}

/* Can a matrix of rows x columns doubles be addressed? */
static bool is_addressable(size_t rows, size_t columns)
{
  return rows <= PTRDIFF_MAX / sizeof(double) / columns;
}

plim_status plim_size_from_problem(const plim_problem *problem, size_t d, plim_size *size)
{
  if (d == 0 || !is_positive(problem->psi1) || !is_positive(problem->psi2))
    return PLIM_INVALID;
  const double n = fmax(1.0, round(problem->psi1 * (double)d));
  const double width = fmax(1.0, round(problem->psi2 * (double)d));
  const bool same = problem->ridge_batch == PLIM_RIDGE_SAME;
  const double shared = same ? round(problem->overlap * n) : 0.0;
  const double step_n = !same ? fmax(1.0, round(plim_problem_step_psi1(problem) * (double)d))
                              : fmax(1.0, shared + round(problem->extra * (double)d));
  if (!(n <= INT_MAX && width <= INT_MAX && d <= INT_MAX && step_n <= INT_MAX))
    return PLIM_OVERFLOW;
  const plim_size drawn = {.n = (size_t)n,
                           .d = d,
                           .width = (size_t)width,
                           .step_n = step_n == n ? 0 : (size_t)step_n,
                           .shared = (size_t)shared};
  if (!is_addressable(drawn.step_n, drawn.d) || !is_addressable(drawn.step_n, drawn.width) ||
      !is_addressable(drawn.n, drawn.d) || !is_addressable(drawn.n, drawn.width) ||
      !is_addressable(drawn.d, drawn.width) || !is_addressable(drawn.width, drawn.width) ||
      !is_addressable(drawn.n, drawn.n))
    return PLIM_OVERFLOW;
  *size = drawn;
  return PLIM_OK;
}

plim_problem plim_problem_at_size(const plim_problem *problem, const plim_size *size)
{
  plim_problem drawn = *problem;
  drawn.psi1 = (double)size->n / (double)size->d;
  drawn.psi2 = (double)size->width / (double)size->d;
  drawn.d = (double)size->d;
  if (problem->ridge_batch == PLIM_RIDGE_SAME) {
    drawn.overlap = (double)size->shared / (double)size->n;
    drawn.extra = (double)(plim_size_step_n(size) - size->shared) / (double)size->d;
  } else {
    drawn.step_psi1 = (double)size->step_n / (double)size->d;
  }
  return drawn;
}

size_t plim_size_step_n(const plim_size *size)
{
  return size->step_n > 0 ? size->step_n : size->n;
}

double plim_problem_step_psi1(const plim_problem *problem)
{
  if (problem->ridge_batch == PLIM_RIDGE_SAME)
    return problem->overlap * problem->psi1 + problem->extra;
  return problem->step_psi1 > 0.0 ? problem->step_psi1 : problem->psi1;
}

double plim_problem_step_size(const plim_problem *problem, double width)
{
  if (problem->eta_exponent == 0.0)
    return problem->eta; /* also where width is infinite */
  return problem->eta * pow(width, problem->eta_exponent);
}

double plim_problem_second_eta(const plim_problem *problem)
{
  return isnan(problem->eta_second) ? problem->eta : problem->eta_second;
}

double plim_problem_second_exponent(const plim_problem *problem)
{
  return isnan(problem->eta_second_exponent) ? problem->eta_exponent : problem->eta_second_exponent;
}

double plim_problem_second_step_size(const plim_problem *problem, double width)
{
  plim_problem second = *problem;
  second.eta = plim_problem_second_eta(problem);
  second.eta_exponent = plim_problem_second_exponent(problem);
  return plim_problem_step_size(&second, width);
}

/* ---- In words ------------------------------------------------------------------------------------------- */

void plim_problem_further_words(const plim_problem *p, int digits, char words[PLIM_FURTHER_WORDS])
{
  size_t used = 0;
  words[0] = '\0';
#define ADD(...) used += (size_t)snprintf(words + used, PLIM_FURTHER_WORDS - used, __VA_ARGS__)
  if (!isnan(p->eta_second))
    ADD(" second eta %.*g", digits, p->eta_second);
  if (!isnan(p->eta_second_exponent))
    ADD(" second exponent %.*g", digits, p->eta_second_exponent);
  if (p->ridge_batch == PLIM_RIDGE_SAME) {
    ADD(" same ridge batch");
    if (p->overlap != 1.0 || p->extra != 0.0)
      ADD(", overlap %.*g, extra %.*g", digits, p->overlap, digits, p->extra);
  } else if (p->step_psi1 > 0.0 && p->step_psi1 != p->psi1) {
    ADD(" step psi1 %.*g", digits, p->step_psi1);
  }
  if (plim_inputs_kind_of(p->inputs) != PLIM_INPUTS_GAUSSIAN)
    ADD(" inputs %s", plim_inputs_name(p->inputs));
#undef ADD
}

static bool is_same_or_none(double a, double b)
{
  return isnan(a) ? isnan(b) : a == b;
}

bool plim_problem_same_further(const plim_problem *a, const plim_problem *b)
{
  if (!is_same_or_none(a->eta_second, b->eta_second) ||
      !is_same_or_none(a->eta_second_exponent, b->eta_second_exponent))
    return false;
  if (a->ridge_batch != b->ridge_batch || !plim_inputs_same(a->inputs, b->inputs))
    return false;
  return a->ridge_batch == PLIM_RIDGE_SAME ? a->overlap == b->overlap && a->extra == b->extra
                                           : a->step_psi1 == b->step_psi1;
}
