/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c - from what is asked for to what a replica has to draw, form and solve: the union of the needs that the
   descriptors declare. No quantity is named here. */
#include <string.h>

#include "sim.h"

/* What a need rests on. A need stands before those it brings in. */
static const struct {
  unsigned need, rests_on;
} brings[] = {
    {PLIMI_NEEDS_RISK_AT_W0, PLIMI_NEEDS_RIDGE_AT_W0},
    {PLIMI_NEEDS_RISK_AT_W1, PLIMI_NEEDS_RIDGE_AT_W1},
    {PLIMI_NEEDS_RISK_AT_SPIKED, PLIMI_NEEDS_RIDGE_AT_SPIKED},
    {PLIMI_NEEDS_RISK_AT_FIRST, PLIMI_NEEDS_STEP},
    {PLIMI_NEEDS_RISK_AT_OTHER, PLIMI_NEEDS_STEP},
    {PLIMI_NEEDS_EIGEN_AT_W0, PLIMI_NEEDS_RIDGE_AT_W0},
    {PLIMI_NEEDS_EIGEN_AT_W1, PLIMI_NEEDS_RIDGE_AT_W1},
    {PLIMI_NEEDS_ORDER_PARAMETERS, PLIMI_NEEDS_RIDGE_AT_W1 | PLIMI_NEEDS_DIRECTION},
    {PLIMI_NEEDS_STAIRS, PLIMI_NEEDS_STAIR_EDGE | PLIMI_NEEDS_STEP | PLIMI_NEEDS_DIRECTION},
    {PLIMI_NEEDS_STAIR_EDGE, PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_FEATURES_GRAM},
    {PLIMI_NEEDS_STUDENT, PLIMI_NEEDS_STEP | PLIMI_NEEDS_SECOND_BATCH},
    {PLIMI_NEEDS_RIDGE_AT_W1, PLIMI_NEEDS_STEP},
    {PLIMI_NEEDS_RIDGE_AT_SPIKED, PLIMI_NEEDS_SPIKED},
    {PLIMI_NEEDS_SOME_RIDGE, PLIMI_NEEDS_SECOND_BATCH | PLIMI_NEEDS_FEATURES_GRAM},
    {PLIMI_NEEDS_STEP, PLIMI_NEEDS_GRADIENT},
    {PLIMI_NEEDS_DIRECTION, PLIMI_NEEDS_GRADIENT},
    {PLIMI_NEEDS_FEATURES_GRAM, PLIMI_NEEDS_FEATURES},
    {PLIMI_NEEDS_GRADIENT, PLIMI_NEEDS_FEATURES}, /* its workspace */
};

static unsigned with_what_they_rest_on(unsigned needs)
{
  for (size_t i = 0; i < sizeof brings / sizeof *brings; i++)
    if ((needs & brings[i].need) != 0)
      needs |= brings[i].rests_on;
  return needs;
}

static unsigned needs_of_spectrum(plim_spectrum spectrum)
{
  for (size_t s = 0; s < plimi_subject_count; s++) {
    const plimi_whole_experiment *whole = plimi_subjects[s]->whole;
    if (whole != NULL && whole->spectrum == spectrum)
      return whole->needs;
  }
  return 0;
}

/* What is measured on a second batch held whole. All else needs sums over it only, once n > N. */
enum {
  OF_WHOLE_BATCH = PLIMI_NEEDS_KERNEL | PLIMI_NEEDS_INPUTS_GRAM | PLIMI_NEEDS_STUDENT |
                   PLIMI_NEEDS_STAIR_EDGE | PLIMI_NEEDS_TANGENT
};

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

static size_t largest_order(unsigned needs, const plim_size *size)
{
  const struct {
    unsigned need;
    size_t order;
  } systems[] = {{PLIMI_NEEDS_WEIGHTS_GRAM, smaller(size->d, size->width)},
                 {PLIMI_NEEDS_FEATURES_GRAM, smaller(size->n, size->width)},
                 {PLIMI_NEEDS_INPUTS_GRAM, smaller(size->n, size->d)},
                 {PLIMI_NEEDS_KERNEL, size->n}};
  size_t order = 0;
  for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
    if ((needs & systems[i].need) != 0 && systems[i].order > order)
      order = systems[i].order;
  return order;
}

/* Samples held at a time, and whether the second batch is among them whole. */
static void plan_rows(plimi_replica *replica)
{
  plimi_plan *plan = &replica->plan;
  const plim_size *size = &replica->size;
  const size_t step_n = plim_size_step_n(size), block = replica->row_block;
  const bool draws_gradient = plimi_needs(replica, PLIMI_NEEDS_GRADIENT) || size->shared > 0;
  const bool of_whole = plimi_needs(replica, PLIMI_NEEDS_SECOND_BATCH) &&
                        (size->n <= size->width || plimi_needs(replica, OF_WHOLE_BATCH));
  plan->by_blocks = size->n > block && !of_whole;
  plan->rows = plan->by_blocks ? block : size->n;
  if (draws_gradient && smaller(step_n, block) > plan->rows)
    plan->rows = smaller(step_n, block);
  if (draws_gradient && step_n > block && replica->problem->steps > 1)
    plan->needs |= PLIMI_NEEDS_CHANGE; /* where the blocks of a later step are summed */
}

void plimi_plan_make(plimi_replica *replica, size_t workers)
{
  plimi_plan *plan = &replica->plan;
  const plim_measurement *measurement = replica->measurement;
  memset(plan, 0, sizeof *plan);
  for (size_t i = 0; i < measurement->n_quantities; i++) {
    plan->wants[measurement->quantities[i]] = true;
    plan->needs |= plimi_experiment_of(measurement->quantities[i])->needs;
  }
  if (replica->spectrum != NULL) {
    plan->whole[*replica->spectrum] = true;
    plan->needs |= needs_of_spectrum(*replica->spectrum);
  }
  plan->needs = with_what_they_rest_on(plan->needs);
  plan_rows(replica);
  size_t sides = 0;
  for (size_t s = 0; s < PLIMI_SIDES; s++)
    sides += plimi_needs(replica, plimi_ridge_at(s));
  plan->lanes = sides > 1 && workers > 1 ? PLIMI_LANES : 1;
  plan->order = largest_order(plan->needs, &replica->size);
  const size_t asked = replica->simulation->test_points;
  plan->test_points = asked > 0 ? asked : plimi_default_test_points(&replica->size);
}
