/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claims.c - the list of claims, and the run of one from draw to verdict. */
#include "config.h"

#include "claims.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of the paper. */
static const plimi_claims *const subjects[] = {
    &plimi_gradient_claims,       &plimi_weights_claims,       &plimi_conjugate_kernel_claims,
    &plimi_equivalence_claims,    &plimi_small_step_claims,    &plimi_improvement_claims,
    &plimi_lower_bound_claims,    &plimi_several_steps_claims, &plimi_optimum_claims,
    &plimi_large_step_claims,     &plimi_spectrum_claims,      &plimi_any_step_claims,
    &plimi_any_activation_claims, &plimi_step_regimes_claims,  &plimi_staircase_claims,
    &plimi_fixed_kernels_claims,  &plimi_resolvents_claims,    &plimi_parts_claims,
    &plimi_same_batch_claims,     &plimi_two_steps_claims,     &plimi_universality_claims,
    &plimi_second_step_claims,    &plimi_student_slope_claims, &plimi_between_exponents_claims};

const plimi_claim *plimi_claim_at(size_t number, const plim_own_claims *own)
{
  for (size_t s = 0; s < PLIMI_COUNT(subjects); s++) {
    if (number < subjects[s]->count)
      return &subjects[s]->claims[number];
    number -= subjects[s]->count;
  }
  return plimi_own_claim_at(own, number);
}

size_t plim_claim_count(void)
{
  size_t count = 0;
  for (size_t s = 0; s < PLIMI_COUNT(subjects); s++)
    count += subjects[s]->count;
  return count;
}

const plim_claim_info *plim_claim_describe(size_t claim)
{
  const plimi_claim *found = plimi_claim_at(claim, NULL);
  return found != NULL ? &found->info : NULL;
}

plim_status plim_claim_find(const char *name, size_t *claim)
{
  const plim_claim_info *info;
  for (size_t i = 0; (info = plim_claim_describe(i)) != NULL; i++) {
    if (strcmp(info->name, name) == 0) {
      *claim = i;
      return PLIM_OK;
    }
  }
  return PLIM_INVALID;
}

#define NAME(code, name, meaning) name,
static const char *const tier_names[] = {PLIM_TIER_TABLE(NAME)};

const char *plim_tier_name(plim_tier tier)
{
  return (unsigned)tier < PLIM_TIER_COUNT ? tier_names[tier] : NULL;
}

void plim_claim_cost(size_t claim, const plim_claim_settings *settings, size_t *replicas, double *work)
{
  const plimi_claim *found = plimi_claim_at(claim, settings->own);
  size_t sum = 0;
  double total = 0.0;
  for (size_t e = 0; found != NULL && e < found->n_experiments; e++) {
    const plimi_experiment *experiment = &found->experiments[e];
    for (size_t k = 0; k < plimi_ladder_sizes(experiment, settings->tier); k++) {
      const size_t count = plimi_planned_replicas(experiment, settings, k);
      plim_size size;
      if (plimi_ladder_size(experiment, k, &size) != PLIM_OK)
        continue; /* the run says so */
      sum += count;
      total += (double)count * plim_replica_seconds(&size);
    }
  }
  *replicas = sum;
  *work = total;
}

plim_status plimi_claim_begin(size_t claim, const plim_claim_settings *settings, plimi_claim_run *run)
{
  *run =
      (plimi_claim_run){.claim = plimi_claim_at(claim, settings->own), .number = claim, .settings = settings};
  if (run->claim == NULL || plim_tier_name(settings->tier) == NULL || settings->threads == 0 ||
      settings->replicas == 1 || !(settings->level > 0.0 && settings->level < 0.5) ||
      run->claim->n_experiments > PLIMI_MOST_EXPERIMENTS)
    return PLIM_INVALID;
  if (run->claim->n_experiments > 0) {
    run->measured = calloc(run->claim->n_experiments, sizeof *run->measured);
    if (run->measured == NULL)
      return PLIM_NO_MEMORY;
  }
  run->notes = calloc(1, sizeof *run->notes);
  if (run->notes == NULL)
    return PLIM_NO_MEMORY;
  plimi_clear_used(run);
  plim_status status = plimi_answers_alloc(run);
  if (status == PLIM_OK)
    status = plim_theory_alloc(&run->theory);
  return status == PLIM_OK ? plimi_measure_begin(run) : status;
}

plim_status plimi_claim_judge(plimi_claim_run *run)
{
  plim_claim_result_free(&run->result);
  plim_status status = plimi_judge_rows(run);
  if (status != PLIM_OK)
    return status; /* plimi_claim_explain sees what was looked at */
  plimi_clear_used(run);
  if (run->claim->conclude != NULL)
    status = run->claim->conclude(run);
  return status;
}

void plimi_claim_explain(const plimi_claim_run *run, plim_status status)
{
  const plim_claim_hooks *hooks = run->settings->hooks;
  char point[PLIM_FINDING_POINT], why[2 * PLIM_FINDING_POINT];
  if (status != PLIM_INVALID || run->measured == NULL || hooks == NULL || hooks->explained == NULL)
    return;
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    const plimi_measured *measured = &run->measured[e];
    if (measured->unspread == NULL)
      continue;
    const bool of_two = measured->unspread_minus != NULL;
    plim_problem problem = measured->problem;
    if (run->claim->experiments[e].n_path > 0)
      problem.lambda = measured->path[measured->unspread_penalty];
    plimi_point_text(&problem, point, sizeof point);
    snprintf(why, sizeof why,
             "all %zu samples of %s%s%s at d = %zu are the same (%s), which leaves no standard error",
             measured->replicas[measured->unspread_size], measured->unspread, of_two ? " less " : "",
             of_two ? measured->unspread_minus : "", measured->size[measured->unspread_size].d, point);
    hooks->explained(hooks->context, run->number, why);
    return;
  }
}

plim_claim_result plimi_claim_result(plimi_claim_run *run)
{
  plim_claim_result result = run->result;
  run->result = (plim_claim_result){.findings = NULL};
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    const plimi_measured *measured = &run->measured[e];
    for (size_t k = 0; k < measured->sizes; k++) {
      result.replicas += measured->replicas[k];
      result.work += (double)measured->replicas[k] * plim_replica_seconds(&measured->size[k]);
    }
  }
  return result;
}

void plimi_claim_end(plimi_claim_run *run)
{
  for (size_t e = 0; run->measured != NULL && e < run->claim->n_experiments; e++)
    plimi_measured_free(&run->measured[e]);
  free(run->measured);
  plimi_answers_free(run);
  free(run->traits);
  free(run->notes);
  plim_theory_free(run->theory);
  plim_claim_result_free(&run->result);
}

plim_status plimi_in_plain_locale(plim_status (*task)(void *), void *of)
{
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0)
    return PLIM_NO_MEMORY;
  const locale_t hosts = uselocale(plain);
  const plim_status status = task(of);
  uselocale(hosts);
  freelocale(plain);
  return status;
}

typedef struct {
  size_t claim;
  const plim_claim_settings *settings;
  plim_claim_result *result;
} fixed_design;

static plim_status run_fixed(void *of)
{
  const fixed_design *asked = of;
  plimi_claim_run run;
  plim_status status = plimi_claim_begin(asked->claim, asked->settings, &run);
  if (status == PLIM_OK)
    status = plimi_measure(&run);
  if (status == PLIM_OK)
    status = plimi_claim_judge(&run);
  if (status == PLIM_OK)
    *asked->result = plimi_claim_result(&run);
  else
    plimi_claim_explain(&run, status);
  plimi_claim_end(&run);
  return status;
}

plim_status plim_claim_run(size_t claim, const plim_claim_settings *settings, plim_claim_result *result)
{
  fixed_design asked = {claim, settings, result};
  return plimi_in_plain_locale(run_fixed, &asked);
}

void plim_claim_result_free(plim_claim_result *result)
{
  free(result->findings);
  *result = (plim_claim_result){.findings = NULL};
}

static bool is_judged(const plim_finding *finding)
{
  return finding->relation != PLIM_REPORTED;
}

plim_status plim_claim_judge_family(plim_claim_result *results, size_t count, double level)
{
  plim_criterion criterion = plim_criterion_default();
  criterion.level = level;
  size_t members = 0;
  for (size_t r = 0; r < count; r++)
    for (size_t i = 0; i < results[r].count; i++)
      members += is_judged(&results[r].findings[i]);
  if (members == 0)
    return PLIM_OK;
  plim_judgement *family = malloc(members * sizeof *family);
  if (family == NULL)
    return PLIM_NO_MEMORY;
  size_t next = 0;
  for (size_t r = 0; r < count; r++)
    for (size_t i = 0; i < results[r].count; i++)
      if (is_judged(&results[r].findings[i]))
        family[next++] = results[r].findings[i].judgement;
  const plim_status status = plim_judge_family(family, members, &criterion);
  next = 0;
  for (size_t r = 0; status == PLIM_OK && r < count; r++)
    for (size_t i = 0; i < results[r].count; i++)
      if (is_judged(&results[r].findings[i]))
        results[r].findings[i].judgement = family[next++];
  free(family);
  return status;
}

plim_verdict plim_claim_verdict(const plim_claim_result *result)
{
  size_t judged = 0, agree = 0;
  for (size_t i = 0; i < result->count; i++) {
    if (!is_judged(&result->findings[i]))
      continue;
    const plim_verdict verdict = result->findings[i].judgement.verdict;
    if (verdict == PLIM_DISAGREE)
      return PLIM_DISAGREE;
    judged++;
    agree += verdict == PLIM_AGREE;
  }
  return judged > 0 && agree == judged ? PLIM_AGREE : PLIM_UNDECIDED;
}

/* How near the finding is to another verdict. */
static double doubt(const plim_judgement *judgement)
{
  return judgement->verdict == PLIM_DISAGREE ? -judgement->p_disagree : judgement->p_agree;
}

const plim_finding *plim_claim_decisive(const plim_claim_result *result)
{
  const plim_verdict verdict = plim_claim_verdict(result);
  const plim_finding *found = NULL;
  for (size_t i = 0; i < result->count; i++) {
    const plim_finding *finding = &result->findings[i];
    if (!is_judged(finding) || finding->judgement.verdict != verdict)
      continue;
    if (found == NULL || doubt(&finding->judgement) > doubt(&found->judgement))
      found = finding;
  }
  return found;
}
