/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plantings.h - what check_planted_claims.c plants in the place of the theory: planting.wrong of planted_claims.h. */
#ifndef PLIM_TEST_PLANTINGS_H
#define PLIM_TEST_PLANTINGS_H

#include <math.h>
#include <string.h>

#include "planted_claims.h"

static void ratios_exchanged(const plimi_experiment *experiment, plim_problem *problem,
                             plim_quantity *quantity)
{
  const double psi1 = problem->psi1;
  (void)experiment, (void)quantity;
  problem->psi1 = problem->psi2;
  problem->psi2 = psi1;
}

/* theta1 = theta2: the labels' part across beta*, over psi1, is left out. */
static void no_part_across(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->psi1 = 1e9;
}

static void half_the_step(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->eta *= 0.5;
}

/* Falls where the step asked for grows. */
static void inverse_step(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->eta = 2.0 / problem->eta;
}

/* eta = Theta(1), and what is known of it. */
static void small_step(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment;
  problem->eta_exponent = 0.0;
  *quantity = *quantity == PLIM_RISK ? PLIM_RISK1 : *quantity;
}

static void one_step(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->steps = 1;
  problem->eta_second = NAN;
}

static void same_batch(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->batch = PLIM_BATCH_SAME;
}

static void risk_raised(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  *quantity = *quantity == PLIM_RISK0 ? PLIM_RISK1 : PLIM_RISK0;
}

static void overlaps_exchanged(const plimi_experiment *experiment, plim_problem *problem,
                               plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  if (*quantity != PLIM_W1_TOP)
    *quantity = *quantity == PLIM_W1_RIGHT_A ? PLIM_W1_LEFT_BETA : PLIM_W1_RIGHT_A;
}

static void equivalent_are_noisy(const plimi_experiment *experiment, plim_problem *problem,
                                 plim_quantity *quantity)
{
  (void)quantity;
  if (experiment->features == PLIM_FEATURES_EQUIVALENT)
    problem->noise *= 2.0;
}

/* What Gaussian equivalence has for a constant readout: the risk of one whose mean is 0. */
static void equivalent_has_signs(const plimi_experiment *experiment, plim_problem *problem,
                                 plim_quantity *quantity)
{
  (void)quantity;
  if (experiment->features == PLIM_FEATURES_EQUIVALENT)
    problem->readout = PLIM_READOUT_RADEMACHER;
}

/* As if labels of other inputs than Gaussian ones were noisier. */
static void noisy_beyond_gaussian(const plimi_experiment *experiment, plim_problem *problem,
                                  plim_quantity *quantity)
{
  (void)quantity;
  if (experiment->at.inputs != NULL)
    problem->noise *= 3.0;
}

/* Correlated inputs as if there were more of them, those of one length as if their labels were noisier. */
static void laws_differ(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)quantity;
  if (experiment->at.inputs == NULL)
    return;
  if (strncmp(experiment->at.inputs, "ar1", 3) == 0)
    problem->psi1 *= 2.0;
  else
    problem->noise *= 5.0;
}

/* Inputs of constant length know no mode along it. */
static void no_norms(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)quantity;
  if (experiment->at.inputs != NULL)
    problem->readout = PLIM_READOUT_RADEMACHER;
}

/* As if the ridge regression had seen none of the gradient's pairs. */
static void fresh_ridge(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->ridge_batch = PLIM_RIDGE_FRESH;
  problem->step_psi1 = 0.0;
}

/* As if the gradient's batch had the size of the ridge regression's. */
static void one_size_for_both(const plimi_experiment *experiment, plim_problem *problem,
                              plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->step_psi1 = 0.0;
}

static void penalty_doubled(const plimi_experiment *experiment, plim_problem *problem,
                            plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->lambda *= 2.0;
}

static void nothing_counted(const plimi_experiment *experiment, plim_problem *problem,
                            plim_quantity *quantity)
{
  (void)experiment;
  if (*quantity == PLIM_STAIR_COUNT)
    problem->eta = 0.0;
}

/* A risk that has reached its limit at every size: the levelling-off is missing. */
static void limit_at_every_size(const plimi_experiment *experiment, plim_problem *problem,
                                plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->d = INFINITY;
}

/* R1 of below-tau is .21 d/n in the limit: .0028 = tau* more, whatever n/d. */
static void risk_levels_off(const plimi_experiment *experiment, plim_problem *problem,
                            plim_quantity *quantity)
{
  static const double level = 75.0;
  (void)experiment, (void)quantity;
  problem->psi1 = 1.0 / (1.0 / problem->psi1 + 1.0 / level);
}

/* k* at every n/d. */
static void slope_of_all_samples(const plimi_experiment *experiment, plim_problem *problem,
                                 plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  *quantity = PLIM_KAPPA_STAR;
}

/* A real step as isotropic as the model. */
static void spiked_for_real(const plimi_experiment *experiment, plim_problem *problem,
                            plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  *quantity = *quantity == PLIM_RISK ? PLIM_SRF_RISK : *quantity;
}

/* At eta0 sqrt N the singular values' own limits: by the theory at their sizes the second of tanh is not yet near. */
static void at_root_the_limit(const plimi_experiment *experiment, plim_problem *problem,
                              plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  if (problem->eta_exponent == 0.5)
    problem->d = INFINITY;
}

/* The tangent features' penalty as if N were n. */
static void tangent_without_ratio(const plimi_experiment *experiment, plim_problem *problem,
                                  plim_quantity *quantity)
{
  (void)experiment;
  if (*quantity == PLIM_NTK_RIDGE)
    problem->psi2 = problem->psi1;
}

static void kernels_exchanged(const plimi_experiment *experiment, plim_problem *problem,
                              plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  if (*quantity == PLIM_KERNEL_EXP_INNER)
    *quantity = PLIM_KERNEL_EXP_DIST;
  else if (*quantity == PLIM_KERNEL_EXP_DIST)
    *quantity = PLIM_KERNEL_EXP_INNER;
}

static void risk_without_step(const plimi_experiment *experiment, plim_problem *problem,
                              plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  *quantity = PLIM_RISK0;
}

/* A floor under the penalty. */
static void small_penalty(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->lambda = 0.1;
}

static void one_ratio_for_both(const plimi_experiment *experiment, plim_problem *problem,
                               plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->psi2 = problem->psi1;
}

static void p_for_tau(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  (void)experiment, (void)problem;
  *quantity = *quantity == PLIM_ANY_TAU ? PLIM_ANY_P : *quantity;
}

static void gains_reversed(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity)
{
  const bool helps = experiment->at.n > experiment->at.d, is_gain = *quantity == PLIM_DELTA2;
  problem->eta_exponent = 0.0;
  problem->teacher = problem->activation;
  *quantity = is_gain && !helps ? PLIM_THETA1 : PLIM_REUSE_GAIN;
}

/* As if the second step added no direction, or the exponents no loss. */
static void second_step_weak(const plimi_experiment *experiment, plim_problem *problem,
                             plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  problem->eta_second_exponent = 0.2;
}

#endif
