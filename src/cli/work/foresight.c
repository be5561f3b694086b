/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foresight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "registry.h"
#include "work.h"

/* A bias moves the margin by as much: a quarter of it is what doc/judge.md takes for harmless. */
static const double most_bias = 0.25; /* of the margin */

/* Where the counterpart has no value: the most that e theta1 may be, e = eta/sqrt N at the smallest size, which is the
   length of the step's spike beside that of a neuron of W0. With a margin of 5 % of risk1, the default problem and
   d = 64, 128, 256 the curve of both powers through the values of the counterpart misses its limit by a quarter of the
   margin from .29 on (tanh), .28 (erf), .23 (sin), by half of it from .37, .36, .29. */
static const double longest_spike = 0.25;

/* Quantities of a small step and which quantity has their drift at finite d:
   drift = sign (any_step - limit), or sign (N any_step^2 - limit): ck_top = s1(F)^2/n, stair1 = s1(F)/sqrt(n N). */
typedef struct {
  plim_quantity small_step, any_step, limit;
  double sign;
  bool squared;
} counterpart;
static const counterpart counterparts[] = {{PLIM_RISK1, PLIM_RISK, PLIM_RISK1, 1.0, false},
                                           {PLIM_TRAIN1, PLIM_TRAIN, PLIM_TRAIN1, 1.0, false},
                                           {PLIM_DELTA, PLIM_RISK, PLIM_RISK1, -1.0, false},
                                           {PLIM_CK_TOP, PLIM_STAIR1, PLIM_CK_TOP, 1.0, true}};

static const counterpart *counterpart_of(plim_quantity quantity)
{
  for (size_t i = 0; i < sizeof counterparts / sizeof counterparts[0]; i++)
    if (counterparts[i].small_step == quantity)
      return &counterparts[i];
  return NULL;
}

static plim_status drift_of(plim_theory *theory, const counterpart *c, const plim_problem *drawn,
                            double *drift)
{
  plim_value here = {0.0, 0.0}, limit = {0.0, 0.0};
  plim_status status = plimi_limit(theory, c->any_step, drawn, &here);
  if (status == PLIM_OK)
    status = plimi_limit(theory, c->limit, drawn, &limit);
  if (status != PLIM_OK)
    return status;
  const double value = c->squared ? drawn->psi2 * drawn->d * here.value * here.value : here.value;
  *drift = c->sign * (value - limit.value);
  return PLIM_OK;
}

/* By how much the fit of the counterpart's values, weighted like the measured ones, misses the limit, beyond what it
   owns to neglect. */
static plim_status bias_of(plim_theory *theory, const plimi_ladder_design *design, const counterpart *c,
                           double *bias)
{
  plim_extrapolation fit;
  plim_rung *foreseen = plimi_allocate(design->count, sizeof *foreseen);
  plim_status status = PLIM_OK;
  for (size_t k = 0; k < design->count && status == PLIM_OK; k++) {
    double drift = 0.0;
    status = drift_of(theory, c, &design->drawn[k], &drift);
    foreseen[k] = design->rungs[k];
    foreseen[k].value = design->limit.value + drift;
  }
  if (status == PLIM_OK)
    status = plimi_heed_memory(plim_extrapolate_covered(
        foreseen, design->count, plimi_registry_pairing(design->quantity).limit->drift_rate, PLIM_USUAL_RATIO,
        &fit));
  if (status == PLIM_OK)
    *bias = fmax(0.0, fabs(fit.limit - design->limit.value) - fit.neglected);
  free(foreseen);
  return status;
}

/* The largest e theta1 of the sizes, and its d; 0 where theta1 has no value. */
static double longest_spike_of(plim_theory *theory, const plimi_ladder_design *design, double *d)
{
  plim_value theta1 = {0.0, 0.0};
  double longest = 0.0;
  *d = design->drawn[0].d;
  if (plimi_limit(theory, PLIM_THETA1, design->asked, &theta1) != PLIM_OK)
    return 0.0;
  for (size_t k = 0; k < design->count; k++) {
    const plim_problem *p = &design->drawn[k];
    const double width = p->psi2 * p->d, eta = (double)p->steps * plim_problem_step_size(p, width);
    if (eta / sqrt(width) * theta1.value <= longest)
      continue;
    longest = eta / sqrt(width) * theta1.value;
    *d = p->d;
  }
  return longest;
}

bool plimi_foresees_bias(plim_theory *theory, const plimi_ladder_design *design, char *reason, size_t size)
{
  const counterpart *c = counterpart_of(design->quantity);
  double bias = 0.0, d;
  if (c == NULL || design->asked->eta == 0.0)
    return false;
  const double spike = longest_spike_of(theory, design, &d), eta = design->asked->eta;
  const char *name = plim_quantity_name(c->any_step);
  const plim_status status = bias_of(theory, design, c, &bias);
  if (status == PLIM_OK && bias > most_bias * design->margin) {
    snprintf(
        reason, size,
        "eta = %g is not small beside sqrt N at d = %g: by %s the extrapolation misses its own limit by %.2g "
        "margins; compare %s, or take larger d",
        eta, d, name, bias / design->margin, name);
    return true;
  }
  if (status != PLIM_OK && spike > longest_spike) {
    snprintf(
        reason, size,
        "eta = %g is not small beside sqrt N at d = %g: eta theta1/sqrt N = %.2g, and %s has no value that "
        "would tell the drift; take larger d",
        eta, d, spike, name);
    return true;
  }
  return false;
}

void plimi_note_distance(plim_theory *theory, plim_quantity quantity, const plim_problem *asked,
                         const plim_value *limit, double margin)
{
  static const double far_d[] = {1e23, 1e19, 1e11}; /* the last: in the domain of all that have a d */
  plim_problem away = *asked;
  plim_value far = {0.0, 0.0};
  plim_status status = PLIM_NOT_CONVERGED;
  if (!(margin > 0.0))
    return;
  for (size_t i = 0; i < sizeof far_d / sizeof far_d[0] && status != PLIM_OK; i++) {
    away.d = far_d[i];
    status = plimi_limit(theory, quantity, &away, &far);
  }
  const bool is_far =
      status == PLIM_OK && fabs(far.value - limit->value) > most_bias * margin + far.error + limit->error;
  if (!is_far && status != PLIM_NOT_CONVERGED)
    return;
  char where[128], says[64] = "has no value";
  snprintf(where, sizeof where, "%s at psi1 %.4g, psi2 %.4g, lambda %.4g, eta %.4g",
           plim_quantity_name(quantity), asked->psi1, asked->psi2, asked->lambda, asked->eta);
  if (is_far)
    snprintf(says, sizeof says, "is %.5g still", far.value);
  plimi_note("%s: the theory %s at d = %g, for %.5g in the limit: judged are its values at the sizes drawn, "
             "which say "
             "little of the limit",
             where, says, away.d, limit->value);
}
