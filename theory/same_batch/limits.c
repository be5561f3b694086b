/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - generalised cross-validation of the fit at W1.

   SOURCES. theory.md section 14 (derived there); for a fresh batch [BA] NeurIPS Thm 5.

   NOTATION.
     here      meaning
     gcv       T1/((1/n) tr (I - H))^2,  H = Phi (Phi'Phi + L)^-1 Phi' the hat matrix at W1
     k p       lim (1/n) tr (I - H) = lambda/kappa of fixed_point.c: the step, of rank one, does not move it
   NORMALISATION. As in plim_problem.h; gcv estimates R1 + noise^2.

   FORMULA. gcv = T1/(k p)^2. On a fresh batch T1 = (R1 + noise^2)(lambda/kappa)^2 (small_step.c), so gcv = R1 +
   noise^2: cross-validation is right. On samples that made the step it is not (fit.c): it is too low.
   LIMITING CASES. eta = 0: R0 + noise^2. lambda = 0: the limit lambda -> 0, a number also where T1 and k p vanish;
   infinite at psi1 = psi2.
   DOMAIN, ERROR, DRIFT. Those of small_step.c and fit.c. */
#include "same_batch.h"
#include "statement.h"

static plim_status evaluate_gcv(const plimi_input *in, plim_value *value)
{
  if (in->problem->ridge_batch == PLIM_RIDGE_FRESH)
    return plimi_small_step_gcv(in, value);
  plimi_reused r;
  const plim_status status = plimi_same_batch(in, &r);
  if (status != PLIM_OK)
    return status;
  if (r.diverges)
    return r.is_zero_over_zero ? PLIM_OUTSIDE_DOMAIN : PLIM_DIVERGES;
  *value = r.gcv;
  return PLIM_OK;
}

static const plimi_limit limit_gcv = {
    .info =
        {.quantity = PLIM_GCV,
         .source = "derived here; for a fresh batch from [BA] NeurIPS Thm 5",
         .keys = "BA",
         .statement =
             "gcv = T1/(k p)^2, k p = lim (1/n) tr (I - H) = lambda/kappa, H the hat matrix of the ridge\n"
             "regression at W1. A fresh batch: gcv = R1 + noise^2, so cross-validation is right. Samples "
             "that\n"
             "made the step: T1 of train1 there, and gcv is too low on the whole\n"
             "batch without a norm mode (seen over random settings, not proved); with an overlap it may err\n"
             "either way.",
         .domain =
             "eta = Theta(1); sigma not constant; lambda = 0: the limit lambda -> 0, infinite at psi1 = "
             "psi2" PLIMI_REUSED_DOMAIN,
         .drift_rate = 0.5},
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP | PLIMI_READS_BATCHES_AND_ATOMS |
             PLIMI_READS_SECOND_STEP,
    .evaluate = evaluate_gcv,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_UNKNOWN, PLIMI_SHAPE_ENDS, plimi_falls_with_eta, NULL, true}};

const plimi_limit *const plimi_same_batch_limits[] = {&limit_gcv, NULL};
