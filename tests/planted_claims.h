/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planted_claims.h - a claim run on samples planted through the hook that recalls finished replicas: nothing is
   simulated, so what the claim makes of given numbers is known.

   Planted are the theory's values at each size, times 1 + 1/d for what it leaves out, with a spread of 3 % over
   replicas; of a whole spectrum, the quantiles of the limit's law. The numbers are fixed. */
#ifndef PLIM_TEST_PLANTED_CLAIMS_H
#define PLIM_TEST_PLANTED_CLAIMS_H

#include "../src/claims/claims.h"

/* How what is planted differs from what the theory says. */
typedef struct {
  /* what it is the theory of instead, at one size of the experiment; of spectra the quantity is none; or NULL */
  void (*wrong)(const plimi_experiment *experiment, plim_problem *problem, plim_quantity *quantity);
  double excess;   /* relative */
  double power;    /* of d, as a factor */
  double spread;   /* 0: 3 % */
  double floor;    /* added: as large, over d and over replicas, so that nothing is 0 in all of them */
  bool still;      /* no spread at all: every replica shows the same */
  bool as_planned; /* planted_decision: of sizes that the design does not have there are no samples */
  plim_tier tier;
  void (*aside)(bool plants); /* told when limits are asked for to be planted, and when no longer; or NULL */
} planting;

/* Every finding of the claim called `name`. */
plim_claim_result planted_result(const char *name, const planting *how);

/* The status of the claim, with every finding where it is PLIM_OK. */
plim_status planted_status(const char *name, const planting *how, plim_claim_result *result);

/* Show `see` the run of the claim when it has been measured and judged. */
void planted_run(const char *name, const planting *how, void (*see)(const plimi_claim_run *run));

/* The status of a claim that cannot be judged so, by a fixed design or in looks, and what is said of it. */
plim_status planted_failure(const char *name, const planting *how, bool in_looks, char why[512]);

/* The same drawn until it is decided, within this budget of work, at power .9. */
plim_claim_result planted_decision(const char *name, const planting *how, double work);

/* Of the risk after two large steps there is no theory: numbers of the signs that second-step-gain states. */
static inline void gains_as_stated(const plimi_experiment *experiment, plim_problem *problem,
                                   plim_quantity *quantity)
{
  const bool helps = experiment->at.n > experiment->at.d;
  problem->eta_exponent = 0.0;
  problem->teacher = problem->activation; /* with a part along xi */
  if (*quantity == PLIM_DELTA2)
    *quantity = helps ? PLIM_THETA1 : PLIM_REUSE_GAIN; /* the last is negative at small steps */
  else
    *quantity = PLIM_THETA1;
}

#endif
