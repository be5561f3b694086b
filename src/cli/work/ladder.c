/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.c - what plim compare does with one quantity of one problem.

   The integers drawn miss the asked ratios a little (n = round(psi1 d)), and by another amount at each size. So the
   extrapolation is of value(d) - theory(ratios drawn at d) + theory(ratios asked), which has no such jitter, and the
   prediction is theory(ratios asked). */
#include "config.h"

#include "ladder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "foresight.h"
#include "plim_looks.h"
#include "registry.h"

static const plimi_settings *settings_of(const plimi_ladder *ladder)
{
  return ladder->campaign->settings;
}

static plim_quantity quantity_of(const plimi_ladder *ladder)
{
  return settings_of(ladder)->quantities.values[ladder->quantity];
}

static plimi_ladder_limit limit_of(plim_theory *theory, plim_quantity quantity, const plim_problem *problem)
{
  plimi_ladder_limit found = {.value = {0.0, 0.0}};
  found.status = plimi_limit(theory, quantity, problem, &found.value);
  found.attainable = plim_theory_attainable(theory);
  return found;
}

void plimi_ladder_begin(plimi_ladder *ladder, plim_theory *theory, const plimi_run *runs)
{
  const size_t sizes = settings_of(ladder)->d.count;
  ladder->drawn = plimi_allocate(sizes, sizeof *ladder->drawn);
  ladder->at_size = plimi_allocate(sizes, sizeof *ladder->at_size);
  for (size_t k = 0; k < sizes; k++) {
    ladder->drawn[k] = runs[k].problem;
    ladder->drawn[k].lambda = ladder->asked.lambda;
    ladder->at_size[k] = limit_of(theory, quantity_of(ladder), &ladder->drawn[k]);
    if (ladder->at_size[k].status == PLIM_OUTSIDE_DOMAIN && settings_of(ladder)->quantities.by_default)
      ladder->left_out = true;
  }
  if (sizes >= PLIMI_LEAST_SIZES && !ladder->left_out) {
    ladder->limit = limit_of(theory, quantity_of(ladder), &ladder->asked);
    const double margin = settings_of(ladder)->margin.values[0] * fabs(ladder->limit.value.value) +
                          settings_of(ladder)->absolute_margin.values[0];
    if (ladder->limit.status == PLIM_OK)
      plimi_note_distance(theory, quantity_of(ladder), &ladder->asked, &ladder->limit.value, margin);
    ladder->effect =
        ladder->limit.status == PLIM_OK
            ? plimi_effect_of_step(theory, quantity_of(ladder), &ladder->asked, ladder->limit.value.value)
            : NAN;
  }
}

void plimi_ladder_free(plimi_ladder *ladder)
{
  free(ladder->drawn);
  free(ladder->at_size);
  free(ladder->judged.replicas);
  free(ladder->judged.rungs);
}

/* ---- The verdict --------------------------------------------------------------------------------------- */

static void withhold(plimi_judged *judged, const char *reason)
{
  snprintf(judged->reason, sizeof judged->reason, "%s", reason);
}

static bool is_growing(const plimi_ladder *ladder)
{
  return plimi_grows(&ladder->asked) && ladder->limit.status == PLIM_OUTSIDE_DOMAIN;
}

static const char *obstacle_at(const plimi_ladder *ladder, const plimi_run *run, size_t k)
{
  plimi_row row;
  if (plimi_registry_pairing(quantity_of(ladder)).experiment == NULL)
    return "there is no experiment that measures it";
  if (ladder->at_size[k].status != PLIM_OK)
    return plim_status_meaning(ladder->at_size[k].status);
  if (plimi_run_estimate(ladder->campaign, run, ladder->quantity, ladder->lambda) != NULL)
    return NULL;
  return plim_status_meaning(plimi_run_row(ladder->campaign, run, ladder->quantity, ladder->lambda, &row));
}

/* One a size. NULL, or why there is no ladder to be judged. */
static const char *rungs_of(const plimi_ladder *ladder, const plimi_run *runs, plim_rung *rungs)
{
  const char *obstacle = NULL;
  if (is_growing(ladder))
    return "the step size grows with N: this theory has a value at each d and no limit";
  if (ladder->limit.status != PLIM_OK)
    return plim_status_meaning(ladder->limit.status);
  for (size_t k = 0; k < settings_of(ladder)->d.count; k++) {
    const char *here = obstacle_at(ladder, &runs[k], k);
    if (here != NULL) {
      obstacle = here; /* of several the last: that of the largest size */
      continue;
    }
    const plim_estimate *estimate =
        plimi_run_estimate(ladder->campaign, &runs[k], ladder->quantity, ladder->lambda);
    rungs[k] =
        (plim_rung){.d = (double)runs[k].size.d,
                    .value = estimate->mean - ladder->at_size[k].value.value + ladder->limit.value.value,
                    .error = estimate->error,
                    .replicas = estimate->replicas};
  }
  return obstacle;
}

/* On success *judged is complete, else it holds the reason why there is no verdict. */
static void judge(const plimi_ladder *ladder, plim_theory *theory, const plim_rung *rungs,
                  const plim_criterion *criterion, plimi_judged *judged)
{
  const plim_limit_info *info = plimi_registry_pairing(quantity_of(ladder)).limit;
  const plim_value *limit = &ladder->limit.value;
  const plimi_ladder_design design = {.quantity = quantity_of(ladder),
                                      .asked = &ladder->asked,
                                      .drawn = ladder->drawn,
                                      .rungs = rungs,
                                      .count = settings_of(ladder)->d.count,
                                      .limit = *limit,
                                      .margin = criterion->relative_margin * fabs(limit->value) +
                                                criterion->absolute_margin};
  judged->predicted = *limit;
  judged->effect = ladder->effect;
  if (plimi_heed_memory(plim_extrapolate_covered(rungs, design.count, info->drift_rate, PLIM_USUAL_RATIO,
                                                 &judged->fit)) != PLIM_OK) {
    withhold(judged, "the sizes or the errors allow no fit");
    return;
  }
  judged->fitted = true;
  if (design.margin <= 0.0) {
    withhold(judged, "the margin is 0; give --absolute-margin");
    return;
  }
  if (plimi_foresees_bias(theory, &design, judged->reason, sizeof judged->reason))
    return;
  if (plimi_heed_memory(plim_judge(&judged->fit, limit, criterion, &judged->judgement)) != PLIM_OK) {
    withhold(judged, "the judge refused the numbers");
    return;
  }
  judged->judged = true;
}

void plimi_ladder_judge(plimi_ladder *ladder, plim_theory *theory, const plimi_run *runs,
                        const plim_criterion *criterion)
{
  const size_t sizes = settings_of(ladder)->d.count;
  plim_rung *rungs = plimi_allocate(sizes, sizeof *rungs);
  free(ladder->judged.replicas);
  free(ladder->judged.rungs);
  ladder->judged = (plimi_judged){.judged = false, .reason = "", .growth = NAN, .effect = NAN};
  ladder->judged.replicas = plimi_allocate(sizes, sizeof *ladder->judged.replicas);
  ladder->judged.sizes = sizes;
  for (size_t k = 0; k < sizes; k++)
    ladder->judged.replicas[k] = (size_t)runs[k].replicas;
  const char *obstacle = rungs_of(ladder, runs, rungs);
  if (obstacle != NULL)
    withhold(&ladder->judged, obstacle);
  else
    judge(ladder, theory, rungs, criterion, &ladder->judged);
  ladder->judged.rungs = rungs;
  ladder->judged.rung_count = ladder->judged.fitted ? sizes : 0;
}

/* Is the next power so large beside the first, if it is as large as the ratio allows, that with replicas enough
   the limit is that of the fit of both? */
static bool wants_both(double rate, double d_min)
{
  static const double large = 0.5;
  return PLIM_USUAL_RATIO * pow(d_min, -rate) > large;
}

plim_status plimi_ladder_needs(const plimi_ladder *ladder, const plimi_run *runs, double level, double power,
                               double *replicas)
{
  const size_t sizes = settings_of(ladder)->d.count;
  const double rate = plimi_registry_pairing(quantity_of(ladder)).limit->drift_rate;
  const double rates[] = {rate, 2.0 * rate};
  plim_rung *rungs = plimi_allocate(sizes, sizeof *rungs);
  double *cost = plimi_allocate(sizes, sizeof *cost), d_min = INFINITY;
  for (size_t k = 0; k < sizes; k++) {
    cost[k] = plim_replica_seconds(&runs[k].size);
    d_min = fmin(d_min, (double)runs[k].size.d);
  }
  const bool both = sizes > 3 && wants_both(rate, d_min);
  const plim_pilot pilot = {
      .rungs = rungs, .cost = cost, .count = sizes, .rates = rates, .terms = both ? 2 : 1};
  plim_judgement judgement = ladder->judged.judgement;
  if (both)
    judgement.neglected_bias = 0.0;
  plim_status status = PLIM_OUTSIDE_DOMAIN;
  if (rungs_of(ladder, runs, rungs) == NULL)
    status = plim_replicas_needed(&pilot, &judgement, level, power, replicas);
  free(rungs);
  free(cost);
  return status;
}

void plimi_ladder_note(const plimi_ladder *ladder, plimi_outcome *outcome)
{
  const plimi_judged *judged = &ladder->judged;
  outcome->verdicts++;
  if (!judged->judged) {
    if (outcome->withheld++ > 0)
      return;
    outcome->first_withheld = plim_quantity_name(quantity_of(ladder));
    outcome->why_withheld = judged->reason;
    return;
  }
  outcome->disagrees = outcome->disagrees || judged->judgement.verdict == PLIM_DISAGREE;
  outcome->undecided += judged->judgement.verdict == PLIM_UNDECIDED ? 1 : 0;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static bool was_asked(const plimi_ladder *ladder)
{
  return !settings_of(ladder)->quantities.by_default;
}

static void put_extrapolation(plimi_judged *judged, plimi_output *output, plimi_outcome *outcome)
{
  plimi_row row = judged->row;
  plimi_row_set_text(&row, PLIMI_SOURCE, plimi_source_name(PLIMI_SOURCE_EXTRAPOLATION));
  row.cells[PLIMI_VALUE].kind = row.cells[PLIMI_ERROR].kind = PLIMI_CELL_EMPTY;
  if (judged->fitted) {
    const plim_extrapolation *fit = &judged->fit;
    plimi_row_set_text(&row, PLIMI_STATUS, plim_status_name(PLIM_OK));
    plimi_row_set_number(&row, PLIMI_VALUE, fit->limit);
    plimi_row_set_number(&row, PLIMI_ERROR, fit->limit_error);
    plimi_row_set_interval(&row, fit->limit, fit->limit_error, fit->degrees);
    outcome->rows++;
  } else {
    plimi_row_set_text(&row, PLIMI_STATUS, plim_status_name(PLIM_OUTSIDE_DOMAIN));
  }
  judged->row = row;
  plimi_output_row(output, &row);
}

static bool are_equal(const size_t *numbers, size_t count)
{
  for (size_t i = 1; i < count; i++)
    if (numbers[i] != numbers[0])
      return false;
  return true;
}

static void put_limit(plimi_ladder *ladder, const plimi_run *runs, plimi_output *output,
                      plimi_outcome *outcome)
{
  const plim_quantity quantity = quantity_of(ladder);
  const plimi_ladder_limit *limit = &ladder->limit;
  plimi_judged *judged = &ladder->judged;
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, &ladder->asked);
  plimi_row theory_row = row;
  const plim_status status = plimi_row_set_limit(&theory_row, quantity, limit->status, &limit->value);
  plimi_output_row(output, &theory_row);
  if (!is_growing(ladder))
    plimi_outcome_note_limit(outcome, quantity, status, was_asked(ladder), limit->attainable);
  plimi_row_set_text(&row, PLIMI_QUANTITY, plim_quantity_name(quantity));
  if (are_equal(judged->replicas, judged->sizes))
    plimi_row_set_integer(&row, PLIMI_REPLICAS, judged->replicas[0]);
  plimi_row_set_integer(&row, PLIMI_SEED, runs[0].seed);
  judged->row = row;
  put_extrapolation(judged, output, outcome);
}

void plimi_ladder_rows(plimi_ladder *ladder, const plimi_run *runs, plimi_output *output,
                       plimi_outcome *outcome)
{
  const plim_quantity quantity = quantity_of(ladder);
  const size_t sizes = settings_of(ladder)->d.count;
  for (size_t k = 0; k < sizes; k++) {
    const plimi_ladder_limit *limit = &ladder->at_size[k];
    plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
    plimi_row_set_problem(&row, &ladder->drawn[k]);
    plimi_row_set_size(&row, &runs[k].size);
    plim_status status = plimi_row_set_limit(&row, quantity, limit->status, &limit->value);
    plimi_output_row(output, &row);
    plimi_outcome_note(outcome, quantity, status, was_asked(ladder));
    status = plimi_run_row(ladder->campaign, &runs[k], ladder->quantity, ladder->lambda, &row);
    plimi_output_row(output, &row);
    plimi_outcome_note(outcome, quantity, status, was_asked(ladder));
  }
  if (sizes >= PLIMI_LEAST_SIZES)
    put_limit(ladder, runs, output, outcome);
}
