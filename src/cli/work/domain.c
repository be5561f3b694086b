/* SPDX-License-Identifier: GPL-3.0-or-later */
/* domain.c - a limit, and where it has none: which option is it that the statement does not cover? */
#include "config.h"

#include <math.h>

#include "work.h"

enum { FINITE = 256 };

plim_status plimi_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                        plim_value *value)
{
  if (plim_limit_describe(quantity) == NULL)
    return PLIM_OUTSIDE_DOMAIN;
  return plimi_heed_memory(plim_limit(theory, quantity, problem, value));
}

typedef struct {
  const char *words; /* of the command line */
  void (*change)(plim_problem *problem);
} trial;

static void small_step(plim_problem *problem)
{
  problem->eta_exponent = 0.0;
}
static void large_step(plim_problem *problem)
{
  problem->eta_exponent = 0.5;
}
static void one_step(plim_problem *problem)
{
  problem->steps = 1;
  problem->eta_second = NAN;
}
static void two_steps(plim_problem *problem)
{
  problem->steps = 2;
}
static void fresh_ridge(plim_problem *problem)
{
  problem->ridge_batch = PLIM_RIDGE_FRESH;
}
static void same_ridge(plim_problem *problem)
{
  problem->ridge_batch = PLIM_RIDGE_SAME;
}
static void same_batch(plim_problem *problem)
{
  problem->batch = PLIM_BATCH_SAME;
}
static void fresh_batch(plim_problem *problem)
{
  problem->batch = PLIM_BATCH_FRESH;
}
static void gaussian_readout(plim_problem *problem)
{
  problem->readout = PLIM_READOUT_GAUSSIAN;
}
static void limit_itself(plim_problem *problem)
{
  problem->d = INFINITY;
}
static void some_dimension(plim_problem *problem)
{
  problem->d = FINITE;
}
static void penalty(plim_problem *problem)
{
  problem->lambda = plim_problem_default().lambda;
}

/* One change at a time, the likeliest first. */
static const trial trials[] = {{"--steps 1", one_step},
                               {"--eta-exponent 0", small_step},
                               {"--eta-exponent 0.5", large_step},
                               {"--ridge-batch fresh", fresh_ridge},
                               {"--ridge-batch same", same_ridge},
                               {"--batch same", same_batch},
                               {"--batch fresh", fresh_batch},
                               {"--readout gaussian", gaussian_readout},
                               {"--d inf", limit_itself},
                               {"a finite --d", some_dimension},
                               {"--lambda above 0", penalty},
                               {"--steps 2", two_steps}};

void plimi_outcome_explain(plimi_outcome *outcome, plim_theory *theory, plim_quantity quantity,
                           const plim_problem *problem)
{
  if (outcome->failures != 1 || outcome->failure != PLIM_OUTSIDE_DOMAIN || outcome->would_do != NULL)
    return;
  for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
    plim_problem changed = *problem;
    plim_value value;
    trials[i].change(&changed);
    if (plim_problem_validate(&changed, NULL) != PLIM_OK)
      continue;
    const plim_status status = plimi_limit(theory, quantity, &changed, &value);
    if (status == PLIM_OK || status == PLIM_DIVERGES) {
      outcome->would_do = trials[i].words;
      return;
    }
  }
}
