/* SPDX-License-Identifier: GPL-3.0-or-later */
/* findings.c - from rungs to findings: extrapolate, predict, judge. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "plim_looks.h"

static const double full_tier_margin = 0.5; /* twice as accurate, half the margin: the same power */

void plimi_point_text(const plim_problem *problem, char *text, size_t size)
{
  char steps[48] = "", power[32] = "", readout[24] = "", further[PLIM_FURTHER_WORDS];
  if (problem->steps > 1)
    snprintf(steps, sizeof steps, " steps %zu %s batch", problem->steps, plim_batch_name(problem->batch));
  if (problem->eta_exponent > 0.0)
    snprintf(power, sizeof power, " N^%.3g", problem->eta_exponent);
  if (problem->readout != PLIM_READOUT_GAUSSIAN)
    snprintf(readout, sizeof readout, " %s", plim_problem_readout_name(problem));
  plim_problem_further_words(problem, 4, further);
  snprintf(text, size, "%s/%s psi1 %.4g psi2 %.4g lambda %.4g eta %.4g%s noise %.4g%s%s%s",
           plim_activation_name(problem->activation), plim_activation_name(problem->teacher), problem->psi1,
           problem->psi2, problem->lambda, problem->eta, power, problem->noise, steps, readout, further);
}

/* Zero in every replica of every size? */
static bool all_zero(const plim_rung *rungs, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (rungs[k].value != 0.0 || rungs[k].error != 0.0)
      return false;
  return true;
}

/* Of rungs that are 0 in every replica: 0 to rounding. */
static plim_extrapolation nothing(size_t count)
{
  return (plim_extrapolation){.limit_error = DBL_EPSILON, .degrees = INFINITY, .fit_p = 1.0, .rungs = count};
}

plim_status plimi_fit_uncovered(const plim_rung *rungs, size_t count, const double *rates,
                                plim_extrapolation *fit)
{
  size_t terms = 0;
  while (terms < PLIM_MOST_TERMS && rates[terms] > 0.0)
    terms++;
  if (!all_zero(rungs, count))
    return plim_extrapolate_terms(rungs, count, rates, terms, fit);
  *fit = nothing(count);
  return PLIM_OK;
}

plim_status plimi_fit(const plim_rung *rungs, size_t count, const double *rates, plim_extrapolation *fit)
{
  if (rates[1] > 0.0 || all_zero(rungs, count))
    return plimi_fit_uncovered(rungs, count, rates, fit);
  return plim_extrapolate_covered(rungs, count, rates[0], PLIM_USUAL_RATIO, fit);
}

plim_rung plimi_rung_of_fit(const plimi_claim_run *run, double x, const plim_extrapolation *fit)
{
  run->notes->fits++;
  run->notes->fit_p = fmin(run->notes->fit_p, fit->fit_p);
  return (plim_rung){.d = x,
                     .value = fit->limit,
                     .error = hypot(fit->limit_error, fit->neglected),
                     .replicas = 1 + (size_t)fmin(1e9, fmax(1.0, fit->degrees))};
}

/* How many of the smallest sizes the next finding leaves out. */
static size_t skipped_by_next(const plimi_claim_run *run)
{
  return run->skipped != NULL ? run->skipped[run->result.count] : 0;
}

static void note_ladder(const plimi_claim_run *run, size_t sizes, const double *rates)
{
  size_t least = 2;
  for (size_t t = 0; t < PLIM_MOST_TERMS && rates[t] > 0.0; t++)
    least++;
  const size_t spare = sizes > least ? sizes - least : 0;
  if (spare < run->notes->spare)
    run->notes->spare = spare;
}

plim_status plimi_fit_noted(const plimi_claim_run *run, const plim_rung *rungs, size_t count,
                            const double *rates, plim_extrapolation *fit)
{
  const size_t skipped = skipped_by_next(run);
  note_ladder(run, count - skipped, rates);
  const plim_status status = plimi_fit(rungs + skipped, count - skipped, rates, fit);
  if (status != PLIM_OK)
    return status;
  plim_ladder *noted = &run->notes->ladder;
  *noted = (plim_ladder){.count = count, .skipped = skipped};
  memcpy(noted->rungs, rungs, count * sizeof *rungs);
  for (size_t t = 0; t < PLIM_MOST_TERMS && rates[t] > 0.0; t++)
    noted->rates[t] = rates[t];
  run->notes->limit = fit->limit;
  return PLIM_OK;
}

static plim_status extrapolated(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                                bool less_drift, const double *rates, plim_extrapolation *fit)
{
  plim_rung rungs[PLIMI_MOST_SIZES];
  size_t count = 0;
  plim_status status = plimi_rungs(run, of, minus, rungs, &count);
  if (status == PLIM_OK && less_drift)
    status = plimi_take_off_drift(run, of, minus, false, rungs, count);
  return status == PLIM_OK ? plimi_fit_noted(run, rungs, count, rates, fit) : status;
}

plim_status plimi_extrapolated(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                               const double *rates, plim_extrapolation *fit)
{
  return extrapolated(run, of, minus, false, rates, fit);
}

plim_status plimi_extrapolated_left(const plimi_claim_run *run, const plimi_term *of, const plimi_term *minus,
                                    const double *rates, plim_extrapolation *fit)
{
  return extrapolated(run, of, minus, true, rates, fit);
}

plim_status plimi_extrapolated_apart(const plimi_claim_run *run, const plimi_term *of, const plimi_term *less,
                                     const double *rates, plim_extrapolation *fit)
{
  plim_rung rungs[PLIMI_MOST_SIZES], others[PLIMI_MOST_SIZES];
  size_t count = 0, other_count = 0;
  plim_status status = plimi_rungs(run, of, NULL, rungs, &count);
  if (status == PLIM_OK)
    status = plimi_rungs(run, less, NULL, others, &other_count);
  if (status == PLIM_OK)
    status = plimi_take_off_drift(run, of, NULL, false, rungs, count);
  if (status == PLIM_OK)
    status = plimi_take_off_drift(run, less, NULL, false, others, other_count);
  if (status != PLIM_OK)
    return status;
  count = count < other_count ? count : other_count; /* one of them may have a size more */
  for (size_t k = 0; k < count; k++) {
    rungs[k].value -= others[k].value;
    rungs[k].error = hypot(rungs[k].error, others[k].error);
    rungs[k].replicas = rungs[k].replicas < others[k].replicas ? rungs[k].replicas : others[k].replicas;
  }
  return plimi_fit_noted(run, rungs, count, rates, fit);
}

/* What the row measures, in the limit, without the smallest sizes that its finding leaves out, and what it would be
   without one more. */
static plim_status extrapolate_row(const plimi_claim_run *run, const plimi_row *row, plim_extrapolation *fit,
                                   double *without_smallest)
{
  const size_t skipped = skipped_by_next(run);
  const plim_limit_info *info = row->own == NULL ? plim_limit_describe(row->of.quantity) : NULL;
  const double declared[PLIM_MOST_TERMS] = {info != NULL ? info->drift_rate : 0.0};
  const plimi_term *minus = row->difference ? &row->minus : NULL;
  plim_rung rungs[PLIMI_MOST_SIZES];
  size_t count = 0;
  plim_status status = row->own != NULL ? plimi_own_rungs(run, row, rungs, &count)
                                        : plimi_rungs(run, &row->of, minus, rungs, &count);
  if (status == PLIM_OK && row->less_drift)
    status = plimi_take_off_drift(run, &row->of, minus, row->never_near, rungs, count);
  if (status != PLIM_OK)
    return status;
  const double *rates = row->rates[0] > 0.0 ? row->rates : declared;
  plim_extrapolation rest;
  const size_t left = count - skipped;
  const bool fits = left > 1 && plimi_fit(rungs + skipped + 1, left - 1, rates, &rest) == PLIM_OK;
  *without_smallest = fits ? rest.limit : NAN;
  return plimi_fit_noted(run, rungs, count, rates, fit);
}

double plimi_margin_in(plim_tier tier, double margin)
{
  return margin * (tier == PLIM_TIER_FULL ? full_tier_margin : 1.0);
}

double plimi_tier_margin(const plimi_claim_run *run, double margin)
{
  return plimi_margin_in(run->settings->tier, margin);
}

static plim_status judge(const plimi_claim_run *run, const plimi_statement *statement,
                         const plim_extrapolation *fit, plim_judgement *judgement)
{
  plim_criterion criterion = plim_criterion_default();
  criterion.level = run->settings->level;
  const size_t place = run->result.count;
  if (run->in_looks && statement->relation != PLIM_REPORTED)
    criterion.reserved = 1.0 - plim_look_share(place < run->looked ? run->looks[place] : 0);
  criterion.relative_margin = 0.0;
  criterion.absolute_margin = plimi_tier_margin(run, statement->margin);
  switch (statement->relation) {
  case PLIM_AT_LEAST:
    return plim_judge_bound(fit, &statement->predicted, PLIM_LOWER_BOUND_OF, &criterion, judgement);
  case PLIM_AT_MOST:
    return plim_judge_bound(fit, &statement->predicted, PLIM_UPPER_BOUND_OF, &criterion, judgement);
  default:
    return plim_judge(fit, &statement->predicted, &criterion, judgement);
  }
}

/* The form does not hold if that of one of the fits does not whose limits were fitted again: the least of all the
   fit_p, by Bonferroni's bound. */
static double whole_fit_p(const plimi_notes *notes, const plim_extrapolation *fit)
{
  return notes->fits > 0 ? fmin(1.0, (double)(notes->fits + 1) * fmin(notes->fit_p, fit->fit_p)) : fit->fit_p;
}

/* AGREE rejects "one of them is beyond the bound", as soon as it does so for the worst and with it for each: no
   correction (Berger 1982, Technometrics 24:295). DISAGREE rejects "all are within" by the worst: Bonferroni. */
static void correct_for_choice(size_t count, double level, plim_judgement *judgement)
{
  judgement->p_disagree = fmin(1.0, (double)count * judgement->p_disagree);
  if (judgement->verdict == PLIM_DISAGREE && judgement->p_disagree >= level)
    judgement->verdict = PLIM_UNDECIDED;
}

plim_status plimi_finding_add(plimi_claim_run *run, const plimi_statement *statement,
                              const plim_extrapolation *fit)
{
  plim_finding made = {.relation = statement->relation,
                       .predicted = statement->predicted,
                       .d_min = statement->d_min << skipped_by_next(run), /* of sizes by twos */
                       .d_max = statement->d_max,
                       .fit = *fit,
                       .without_smallest = NAN,
                       .growth = NAN,
                       .effect = NAN};
  made.fit.fit_p = whole_fit_p(run->notes, fit);
  if (run->notes->limit == fit->limit) { /* else it was put together of several */
    made.ladder = run->notes->ladder;
    if (made.ladder.skipped > 0)
      made.d_min = (size_t)made.ladder.rungs[made.ladder.skipped].d;
  }
  snprintf(made.what, sizeof made.what, "%s", statement->what);
  snprintf(made.point, sizeof made.point, "%s", statement->point);
  const plim_status status = judge(run, statement, &made.fit, &made.judgement);
  if (status != PLIM_OK)
    return status;
  if (statement->chosen_of > 1)
    correct_for_choice(statement->chosen_of, run->settings->level, &made.judgement);
  plim_finding *grown = realloc(run->result.findings, (run->result.count + 1) * sizeof *grown);
  if (grown == NULL)
    return PLIM_NO_MEMORY;
  run->result.findings = grown;
  plimi_trait *traits = realloc(run->traits, (run->result.count + 1) * sizeof *traits);
  if (traits == NULL)
    return PLIM_NO_MEMORY;
  run->traits = traits;
  traits[run->result.count] = (plimi_trait){.spare = run->notes->spare};
  for (size_t e = 0; e < run->claim->n_experiments; e++)
    traits[run->result.count].uses |= run->measured[e].used ? UINT64_C(1) << e : 0;
  grown[run->result.count++] = made;
  return PLIM_OK;
}

/* What the row says the limit is, and the scale of its relative margin. */
static plim_status predict(const plimi_claim_run *run, const plimi_row *row, plim_value *predicted,
                           double *scale)
{
  plim_value limit = {0.0, 0.0}, other = {0.0, 0.0};
  const plimi_term bounded = {row->of.experiment, row->bounded, row->of.penalty};
  if (row->own != NULL) {
    const plim_status own = plimi_own_predict(run, row, predicted);
    *scale = fabs(predicted->value);
    return own;
  }
  const bool needed = row->by == PLIMI_BY_ITSELF || row->relative_margin > 0.0;
  plim_status status = needed ? plimi_limit_of(run, &row->of, &limit) : PLIM_OK;
  if (status == PLIM_OK && row->by == PLIMI_BY_QUANTITY)
    status = plimi_limit_of(run, &bounded, &other);
  else if (status == PLIM_OK && row->by == PLIMI_BY_ITSELF && row->difference)
    status = plimi_limit_of(run, &row->minus, &other);
  if (status != PLIM_OK)
    return status;
  *scale = fabs(limit.value);
  switch (row->by) {
  case PLIMI_BY_NUMBER:
    *predicted = (plim_value){row->number, 0.0};
    break;
  case PLIMI_BY_QUANTITY:
    *predicted = other;
    break;
  case PLIMI_BY_ITSELF:
    *predicted = (plim_value){limit.value - other.value, limit.error + other.error};
  }
  return PLIM_OK;
}

static plim_status judge_row(plimi_claim_run *run, const plimi_row *row)
{
  const plimi_measured *measured = &run->measured[row->of.experiment];
  const plimi_experiment *experiment = &run->claim->experiments[row->of.experiment];
  char point[PLIM_FINDING_POINT];
  plim_problem problem = measured->problem;
  plim_extrapolation fit;
  plim_value predicted = {0.0, 0.0};
  double scale = 0.0, without_smallest;
  if (experiment->n_path > 0)
    problem.lambda = measured->path[row->of.penalty];
  plimi_point_text(&problem, point, sizeof point);
  plim_status status = extrapolate_row(run, row, &fit, &without_smallest);
  if (status == PLIM_OK)
    status = predict(run, row, &predicted, &scale);
  if (status != PLIM_OK)
    return status;
  const plimi_statement statement = {.what = row->what,
                                     .point = point,
                                     .relation = row->relation,
                                     .predicted = predicted,
                                     .margin = row->relative_margin * scale + row->absolute_margin,
                                     .d_min = measured->size[0].d,
                                     .d_max = measured->size[measured->sizes - 1].d};
  status = plimi_finding_add(run, &statement, &fit);
  if (status != PLIM_OK)
    return status;
  plim_finding *finding = &run->result.findings[run->result.count - 1];
  finding->without_smallest = without_smallest;
  return plimi_effect_of(run, row, &finding->effect);
}

void plimi_clear_used(plimi_claim_run *run)
{
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    run->measured[e].used = false;
    run->measured[e].unspread = NULL;
  }
  /* the ladder stays: it belongs to whichever finding has its limit */
  *run->notes = (plimi_notes){
      .fit_p = 1.0, .spare = PLIMI_NO_LADDER, .ladder = run->notes->ladder, .limit = run->notes->limit};
}

plim_status plimi_judge_rows(plimi_claim_run *run)
{
  for (size_t i = 0; i < run->claim->n_rows; i++) {
    const plimi_row *row = &run->claim->rows[i];
    plimi_clear_used(run);
    const bool measured = run->measured[row->of.experiment].sizes > 0;
    const plim_status status = measured ? judge_row(run, row) : PLIM_OK;
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}
