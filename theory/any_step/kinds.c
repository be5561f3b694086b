/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.c - risk and training error of section 15 for any number of kinds of neuron.

   SOURCES. Section 15 of theory.md and any_activation.md B, derived there: no paper prints it. The files:
     kinds_slopes.c    what sigma' says of the bulk
     kinds_law.c       the law of the labels
     kinds_tables.c    B.1, the averages over g and t at each k
     kinds_norms.c     B.4's small terms
     kinds_basis.c     the few dimensions that the kinds span (derived here)
     kinds_pencil.c    B.2 in these
     kinds_forms.c     the bulk along the spike
     kinds_iterate.c   B.3, by kinds_accelerate.c
     kinds_stage.c     B.4, B.6, B.7, and the objective
     kinds_dual.c      arithmetic
   FORMULA (B.5). With Obj the limit of min (1/n)|yt - Phi a|^2 + (lambda/N)|a|^2 + eps E (phi(x)'a - f*(x))^2,
     risk = dObj/d eps at eps = 0,   train = Obj - lambda dObj/d lambda = -lambda^2 d(Obj/lambda)/d lambda
   (envelope theorem).
   WHAT IS NEW AGAINST SECTION 9. sigma need not be odd; and the norms of the neurons let the predictor add (1/2) E
   (g^2-1) sigma, at |zeta| = 1 at a price of order one, for odd sigma too: tanh/linear, rademacher, psi1 = 8, psi2 =
   1.5, lambda = .01, noise = .05, e = 3, d = 200 is .0972 with it and .1220 without; simulation .0978(6).
   REFINEMENT AND ERROR. any_step.c refines the rules in k and zeta and adds up what is uncertain. */
#include <math.h>
#include <stdlib.h>

#include "kinds_reduced.h"

static plim_status solve(const plimi_kinds_problem *problem, const plimi_norms *norms,
                         const plimi_basis *basis, double exact, plimi_reduced_stage *stage,
                         double *correction)
{
  double *storage = calloc(plimi_point_size(problem, basis, PLIMI_PARTS), sizeof *storage), *next = storage;
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  plimi_point point = plimi_point_take(&next, problem, basis, PLIMI_PARTS);
  plim_status status = plimi_point_solve(problem, basis, exact, &point, correction);
  if (status == PLIM_OK)
    status = plimi_reduced_stage_at(problem, norms, basis, &point, stage);
  free(storage);
  return status;
}

plim_status plimi_kinds_outcome(const plimi_kinds_problem *problem, double exact, plimi_any_step *outcome,
                                double *correction)
{
  plimi_norms norms;
  plimi_basis basis = {.storage = NULL};
  plimi_reduced_stage stage;
  plim_status status = plimi_norms_alloc(problem->kinds, &norms);
  if (status == PLIM_OK)
    status = plimi_norms_fill(problem->kinds, problem->law, &norms);
  if (status == PLIM_OK)
    status = plimi_basis_alloc(problem, &norms, exact, &basis);
  if (status == PLIM_OK)
    status = solve(problem, &norms, &basis, exact, &stage, correction);
  if (status == PLIM_OK)
    *correction += basis.lost + stage.lost;
  plimi_basis_free(&basis);
  plimi_norms_free(&norms);
  if (status != PLIM_OK)
    return status;
  plimi_any_step made = {.amplification = 1.0};
  for (size_t i = 0; i < PLIMI_ANY_NUMBERS; i++)
    made.number[i] = stage.order[i];
  made.number[PLIMI_ANY_RISK] = stage.objective[PLIMI_BY_EXTRA];
  made.number[PLIMI_ANY_TRAIN] = -problem->lambda * problem->lambda * stage.objective[PLIMI_BY_LAMBDA];
  *outcome = made;
  return PLIM_OK;
}
