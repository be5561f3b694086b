/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.c - risk and training error of a step of any size with any activation, at readouts with finitely many
   kinds of neuron.

   SOURCES. Section 15 of theory.md and any_activation.md B, derived there: no paper prints it. The files:
     kinds_slopes.c       what sigma' says of the bulk
     kinds_law.c          the law of the labels
     kinds_tables.c       B.1, the averages over g and t at each k
     kinds_bulk.c         B.2, the operator-valued equivalent of the bulk
     kinds_fixed_point.c  B.3
     kinds_linear.c       B.4, B.6, B.7, and the objective
   FORMULA (B.5). With Obj the limit of min (1/n)|yt - Phi a|^2 + (lambda/N)|a|^2 + eps E (phi(x)'a - f*(x))^2,
     risk = dObj/d eps at eps = 0,   train = Obj - lambda dObj/d lambda      (envelope theorem).
   The derivatives go through the fixed point: complex steps, exact to rounding.
   WHAT IS NEW AGAINST SECTION 9. sigma need not be odd; and the norms of the neurons let the predictor add (1/2) E
   (g^2-1) sigma at a price of order one, for odd sigma too: tanh/linear, rademacher, psi1 = 8, psi2 = 1.5, lambda =
   .01, noise = .05, e = 3, d = 200 is .0972 with it and .1220 without; simulation .0978(6).
   REFINEMENT AND ERROR. any_step.c refines the rule in k and adds up what is uncertain. */
#include <stdlib.h>

#include "kinds.h"

static const double tiny = 1e-60;

/* Obj at state + i tiny state', over tiny: its derivative along the fixed point. */
static plim_status derivative_of(const plimi_kinds_problem *problem, plimi_tuning tuning,
                                 const plimi_kinds_state *state, const plimi_kinds_state *along,
                                 plimi_kinds_view *view, double *derivative)
{
  plimi_kinds_state moved = *state;
  plimi_kinds_stage stage;
  for (size_t i = 0; i < moved.size; i++)
    moved.x[i] += tiny * I * along->x[i];
  const plim_status status = plimi_kinds_stage_at(problem, &tuning, &moved, view, &stage);
  if (status == PLIM_OK)
    *derivative = cimag(stage.objective) / tiny;
  return status;
}

plim_status plimi_kinds_outcome(const plimi_kinds_problem *problem, double lambda, plimi_any_step *outcome,
                                double *correction)
{
  plimi_kinds_solution solution;
  plimi_kinds_stage stage;
  plimi_kinds_view view = {.v = calloc(2 * problem->kinds->nodes, sizeof *view.v)};
  double by_lambda, by_extra;
  if (view.v == NULL)
    return PLIM_NO_MEMORY;
  view.w = view.v + problem->kinds->nodes;
  const plimi_tuning plain = {.lambda = lambda};
  plim_status status = plimi_kinds_solve(problem, lambda, &view, &solution);
  if (status == PLIM_OK)
    status = plimi_kinds_stage_at(problem, &plain, &solution.state, &view, &stage);
  if (status == PLIM_OK)
    status = derivative_of(problem, (plimi_tuning){.lambda = lambda + tiny * I}, &solution.state,
                           &solution.by_lambda, &view, &by_lambda);
  if (status == PLIM_OK)
    status = derivative_of(problem, (plimi_tuning){.lambda = lambda, .extra = tiny * I}, &solution.state,
                           &solution.by_extra, &view, &by_extra);
  free(view.v);
  if (status != PLIM_OK)
    return status;
  plimi_any_step made = {.amplification = 1.0};
  for (size_t i = 0; i < PLIMI_ANY_NUMBERS; i++)
    made.number[i] = stage.order[i];
  made.number[PLIMI_ANY_RISK] = by_extra;
  made.number[PLIMI_ANY_TRAIN] = creal(stage.objective) - lambda * by_lambda;
  *outcome = made;
  *correction = solution.correction;
  return PLIM_OK;
}
