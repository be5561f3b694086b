/* SPDX-License-Identifier: GPL-3.0-or-later */
/* problem.c - the statement of the problem: defaults, validation, sizes. */
#include "plim_problem.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define NAME(code, name, meaning) name,
static const char *const readout_names[] = {PLIM_READOUT_TABLE(NAME)};
static const char *const batch_names[] = {PLIM_BATCH_TABLE(NAME)};

const char *plim_readout_name(plim_readout readout)
{
  return (unsigned)readout < PLIM_READOUT_COUNT ? readout_names[readout] : NULL;
}

const char *plim_batch_name(plim_batch batch)
{
  return (unsigned)batch < PLIM_BATCH_COUNT ? batch_names[batch] : NULL;
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
                        .readout = PLIM_READOUT_GAUSSIAN};
}

static bool is_positive(double x)
{
  return isfinite(x) && x > 0.0;
}

static bool is_non_negative(double x)
{
  return isfinite(x) && x >= 0.0;
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
  if (n > INT_MAX || width > INT_MAX || d > INT_MAX)
    return PLIM_OVERFLOW;
  const plim_size drawn = {.n = (size_t)n, .d = d, .width = (size_t)width};
  if (!is_addressable(drawn.n, drawn.d) || !is_addressable(drawn.n, drawn.width) ||
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
  return drawn;
}

double plim_problem_step_size(const plim_problem *problem, double width)
{
  if (problem->eta_exponent == 0.0)
    return problem->eta; /* also where width is infinite */
  return problem->eta * pow(width, problem->eta_exponent);
}
