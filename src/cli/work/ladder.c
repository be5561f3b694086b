/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder.c - what plim compare does with one quantity of one problem.

   The integers drawn miss the asked ratios a little (n = round(psi1 d)), and by another amount at each size. So the
   extrapolation is of value(d) - theory(ratios drawn at d) + theory(ratios asked), which has no such jitter, and the
   prediction is theory(ratios asked). */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "foresight.h"
#include "ladder.h"
#include "registry.h"

typedef struct {
  plim_status status;
  plim_value value;
} limit;

static limit limit_of(const plimi_ladder *ladder, plim_quantity quantity, const plim_problem *problem)
{
  limit found = {.status = PLIM_OK, .value = {0.0, 0.0}};
  found.status = plimi_limit(ladder->theory, quantity, problem, &found.value);
  return found;
}

static void put(plimi_ladder *ladder, plim_quantity quantity, const plimi_row *row, plim_status status)
{
  plimi_output_row(ladder->output, row);
  plimi_outcome_note(ladder->outcome, quantity, status, !ladder->campaign->settings->quantities.by_default);
}

static void withhold(plimi_judged *judged, const char *reason)
{
  snprintf(judged->reason, sizeof judged->reason, "%s", reason);
}

/* Fit and judge; on success *judged is complete, else it holds the reason why there is no verdict. */
static void judge(const plimi_ladder *ladder, const plimi_ladder_design *design, plimi_judged *judged)
{
  const plim_limit_info *info = plimi_registry_pairing(design->quantity).limit;
  judged->predicted = design->limit;
  if (plim_extrapolate(design->rungs, design->count, info->drift_rate, &judged->fit) != PLIM_OK) {
    withhold(judged, "the sizes or the errors allow no fit");
    return;
  }
  judged->fitted = true;
  if (design->margin <= 0.0) {
    withhold(judged, "the margin is 0; give --absolute-margin");
    return;
  }
  if (plimi_foresees_bias(ladder->theory, design, judged->reason, sizeof judged->reason))
    return;
  if (plim_judge(&judged->fit, &design->limit, ladder->criterion, &judged->judgement) != PLIM_OK) {
    withhold(judged, "the judge refused the numbers");
    return;
  }
  judged->judged = true;
}

static void put_extrapolation(plimi_ladder *ladder, plimi_row *row, const plimi_judged *judged)
{
  plimi_row_set_text(row, PLIMI_SOURCE, plimi_source_name(PLIMI_SOURCE_EXTRAPOLATION));
  row->cells[PLIMI_VALUE].kind = row->cells[PLIMI_ERROR].kind = PLIMI_CELL_EMPTY;
  if (!judged->fitted) {
    plimi_row_set_text(row, PLIMI_STATUS, plim_status_name(PLIM_OUTSIDE_DOMAIN));
    plimi_output_row(ladder->output, row);
    return;
  }
  const plim_extrapolation *fit = &judged->fit;
  plimi_row_set_text(row, PLIMI_STATUS, plim_status_name(PLIM_OK));
  plimi_row_set_number(row, PLIMI_VALUE, fit->limit);
  plimi_row_set_number(row, PLIMI_ERROR, fit->limit_error);
  plimi_row_set_interval(row, fit->limit, fit->limit_error, fit->degrees);
  plimi_output_row(ladder->output, row);
  ladder->outcome->rows++;
}

/* The limit at the ratios asked beside what the sizes extrapolate to, and the verdict on the two. The rungs come as
   differences from the theory at the ratios drawn. */
static void add_verdict(plimi_ladder *ladder, const plimi_ladder_place *place, plimi_ladder_design *design,
                        plim_rung *rungs, const char *obstacle)
{
  const plim_quantity quantity = design->quantity;
  const plim_criterion *criterion = ladder->criterion;
  const limit asked = limit_of(ladder, quantity, place->problem);
  plimi_judged judged = {.judged = false, .reason = ""};
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, place->problem);
  plimi_row theory_row = row;
  plimi_row_set_integer(&row, PLIMI_REPLICAS, place->runs[0].replicas); /* of each size */
  plimi_row_set_integer(&row, PLIMI_SEED, place->runs[0].seed);
  const plim_status status = plimi_row_set_limit(&theory_row, quantity, asked.status, &asked.value);
  const bool growing = place->problem->eta_exponent > 0.0 && asked.status == PLIM_OUTSIDE_DOMAIN;
  for (size_t k = 0; k < design->count; k++)
    rungs[k].value += asked.value.value;
  design->rungs = rungs;
  design->limit = asked.value;
  design->margin = criterion->relative_margin * fabs(asked.value.value) + criterion->absolute_margin;
  if (growing)
    withhold(&judged, "the step size grows with N: this theory has a value at each d and no limit");
  else if (asked.status != PLIM_OK)
    withhold(&judged, plim_status_meaning(asked.status));
  else if (obstacle != NULL)
    withhold(&judged, obstacle);
  else
    judge(ladder, design, &judged);
  plimi_output_row(ladder->output, &theory_row);
  if (!growing)
    plimi_outcome_note_limit(ladder->outcome, quantity, status,
                             !ladder->campaign->settings->quantities.by_default, ladder->theory);
  plimi_row_set_text(&row, PLIMI_QUANTITY, plim_quantity_name(quantity));
  put_extrapolation(ladder, &row, &judged);
  judged.row = row;
  ladder->verdicts = plimi_reallocate(ladder->verdicts, ladder->count + 1, sizeof judged);
  ladder->verdicts[ladder->count++] = judged;
}

void plimi_ladder_rows(plimi_ladder *ladder, const plimi_ladder_place *place)
{
  const plimi_settings *settings = ladder->campaign->settings;
  const plim_quantity quantity = settings->quantities.values[place->quantity];
  plim_rung *rungs = plimi_allocate(settings->d.count, sizeof *rungs);
  plim_problem *problems = plimi_allocate(settings->d.count, sizeof *problems);
  const char *obstacle = NULL;
  for (size_t k = 0; k < settings->d.count; k++) {
    const plimi_run *run = &place->runs[k];
    plim_problem drawn = run->problem;
    drawn.lambda = place->problem->lambda;
    problems[k] = drawn;
    const limit at_size = limit_of(ladder, quantity, &drawn);
    if (at_size.status == PLIM_OUTSIDE_DOMAIN && settings->quantities.by_default)
      goto done; /* not asked for and not defined: no word of it */
    plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
    plimi_row_set_problem(&row, &drawn);
    plimi_row_set_size(&row, &run->size);
    put(ladder, quantity, &row, plimi_row_set_limit(&row, quantity, at_size.status, &at_size.value));
    const plim_status measured = plimi_run_row(ladder->campaign, run, place->quantity, place->lambda, &row);
    put(ladder, quantity, &row, measured);

    const plim_estimate *estimate = plimi_run_estimate(ladder->campaign, run, place->quantity, place->lambda);
    if (plimi_registry_pairing(quantity).experiment == NULL)
      obstacle = "there is no experiment that measures it";
    else if (at_size.status != PLIM_OK || estimate == NULL)
      obstacle = plim_status_meaning(at_size.status != PLIM_OK ? at_size.status : measured);
    else
      rungs[k] = (plim_rung){.d = (double)run->size.d,
                             .value = estimate->mean - at_size.value.value,
                             .error = estimate->error,
                             .replicas = estimate->replicas};
  }
  if (settings->d.count >= PLIMI_LEAST_SIZES) {
    plimi_ladder_design design = {
        .quantity = quantity, .asked = place->problem, .drawn = problems, .count = settings->d.count};
    add_verdict(ladder, place, &design, rungs, obstacle);
  }
done:
  free(rungs);
  free(problems);
}

static void note(plimi_outcome *outcome, const plimi_judged *judged)
{
  outcome->verdicts++;
  if (!judged->judged) {
    if (outcome->withheld++ > 0)
      return;
    outcome->first_withheld = judged->row.cells[PLIMI_QUANTITY].is.text;
    outcome->why_withheld = judged->reason;
    return;
  }
  outcome->disagrees = outcome->disagrees || judged->judgement.verdict == PLIM_DISAGREE;
  outcome->undecided += judged->judgement.verdict == PLIM_UNDECIDED ? 1 : 0;
}

plim_status plimi_ladder_judge_family(plimi_ladder *ladder)
{
  plim_judgement *family = plimi_allocate(ladder->count, sizeof *family);
  size_t members = 0;
  for (size_t i = 0; i < ladder->count; i++)
    if (ladder->verdicts[i].judged)
      family[members++] = ladder->verdicts[i].judgement;
  plim_status status = PLIM_OK;
  if (members > 0)
    status = plim_judge_family(family, members, ladder->criterion);
  members = 0;
  for (size_t i = 0; status == PLIM_OK && i < ladder->count; i++) {
    if (ladder->verdicts[i].judged)
      ladder->verdicts[i].judgement = family[members++];
    note(ladder->outcome, &ladder->verdicts[i]);
  }
  free(family);
  return status;
}
