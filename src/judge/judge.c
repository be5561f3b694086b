/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.c - verdicts on an extrapolated limit: two one-sided tests about a margin, one-sided tests of a bound, Holm's
   step-down over a family.

   Sources.
     two one-sided tests                     Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657
     family-wise error                       Holm 1979, Scand. J. Statist. 6:65 */
#include "plim_compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats.h"

#define NAME(code, name, meaning) name,
static const char *const verdict_names[] = {PLIM_VERDICT_TABLE(NAME)};
static const char *const relation_symbols[] = {PLIM_RELATION_TABLE(NAME)};

static const double least_level = 1e-9; /* quantiles further out say nothing about replicas */
static const double least_tail = 1e-12; /* of plimi_t_quantile */

const char *plim_verdict_name(plim_verdict verdict)
{
  return (unsigned)verdict < PLIM_VERDICT_COUNT ? verdict_names[verdict] : NULL;
}

const char *plim_relation_symbol(plim_relation relation)
{
  return (unsigned)relation < PLIM_RELATION_COUNT ? relation_symbols[relation] : NULL;
}

plim_criterion plim_criterion_default(void)
{
  return (plim_criterion){.relative_margin = 0.05, .absolute_margin = 0.0, .level = 0.05, .fit_level = 1e-3};
}

static bool is_positive(double x)
{
  return isfinite(x) && x > 0.0;
}

static bool is_criterion(const plim_criterion *c)
{
  return isfinite(c->relative_margin) && c->relative_margin >= 0.0 && isfinite(c->absolute_margin) &&
         c->absolute_margin >= 0.0 && c->level >= least_level && c->level < 0.5 && c->fit_level >= 0.0 &&
         c->fit_level <= 1.0 && c->reserved >= 0.0 && c->reserved < 1.0;
}

static double margin_of(const plim_value *predicted, const plim_criterion *criterion)
{
  return criterion->relative_margin * fabs(predicted->value) + criterion->absolute_margin;
}

static plim_status check(const plim_extrapolation *fit, const plim_value *predicted,
                         const plim_criterion *criterion)
{
  if (!isfinite(predicted->value) || !isfinite(predicted->error) || !isfinite(fit->limit) ||
      !isfinite(fit->limit_error) || !isfinite(fit->neglected) || isnan(fit->degrees) || isnan(fit->fit_p))
    return PLIM_NOT_FINITE;
  if (!is_criterion(criterion) || predicted->error < 0.0 || fit->limit_error <= 0.0 || fit->neglected < 0.0 ||
      fit->degrees < 1.0)
    return PLIM_INVALID;
  return PLIM_OK;
}

/* What is left of `level`, and a p-value to be compared with the whole of it. */
static double unreserved(double level, double reserved)
{
  return fmax(level * (1.0 - reserved), least_tail);
}

static double against_whole(double p, const plim_criterion *criterion)
{
  return fmin(1.0, p / (1.0 - criterion->reserved));
}

/* All but the two p-values and the verdict. */
static plim_judgement draft(const plim_extrapolation *fit, const plim_value *predicted,
                            const plim_criterion *criterion)
{
  const double half_width =
      plimi_t_quantile(unreserved(criterion->level, criterion->reserved), fit->degrees) * fit->limit_error +
      fit->neglected;
  return (plim_judgement){.verdict = PLIM_UNDECIDED,
                          .difference = fit->limit - predicted->value,
                          .margin = margin_of(predicted, criterion),
                          .numerical_error = predicted->error,
                          .monte_carlo_error = fit->limit_error,
                          .finite_size_drift = fit->drift_at_last,
                          .ci_low = fit->limit - half_width,
                          .ci_high = fit->limit + half_width,
                          .fit_p = fit->fit_p,
                          .degrees = fit->degrees,
                          .overturning_term = NAN,
                          .next_gain = fit->next_gain,
                          .neglected_bias = fit->neglected,
                          .reserved = criterion->reserved};
}

/* What is known only to within a bound, of the prediction and of the extrapolation: widens every null. */
static double bounds_of(const plim_judgement *j)
{
  return j->numerical_error + j->neglected_bias;
}

/* How far beyond margin + bounds the limit lies when DISAGREE is about to fail at `level`: exact for a bound, and for
   two tails an upper bound that is exact to within the far tail squared. */
static double disagree_reach(const plim_judgement *j, double level)
{
  const double se = j->monte_carlo_error, outer = j->margin + bounds_of(j);
  const double near = plimi_t_quantile(level, j->degrees) * se;
  if (j->of_bound)
    return near;
  const double far_tail = plimi_t_upper((near + 2.0 * outer) / se, j->degrees);
  return plimi_t_quantile(fmax(level - far_tail, 0.5 * level), j->degrees) * se;
}

/* agree_margin and overturning_term, where AGREE is tested at the level `agree` and DISAGREE at `disagree`. Both ask
   for how much the shortfall may change; a neglected term of size x moves it by |next_gain| x. */
static void add_slack(plim_judgement *j, const plim_criterion *criterion, double agree, double disagree)
{
  const double reach = plimi_t_quantile(unreserved(agree, j->reserved), j->degrees) * j->monte_carlo_error;
  j->agree_margin =
      j->fit_p < criterion->fit_level ? INFINITY : fmax(0.0, j->shortfall + bounds_of(j) + reach);
  double slack = NAN;
  if (j->verdict == PLIM_AGREE)
    slack = j->margin - bounds_of(j) - reach - j->shortfall;
  else if (j->verdict == PLIM_DISAGREE)
    slack = j->shortfall - j->margin - bounds_of(j) - disagree_reach(j, unreserved(disagree, j->reserved));
  j->overturning_term = fmax(0.0, slack) / fabs(j->next_gain);
  if (isnan(slack) || !isfinite(j->overturning_term))
    j->overturning_term = NAN;
}

static plim_verdict verdict_of(const plim_judgement *judgement, const plim_criterion *criterion)
{
  if (judgement->fit_p < criterion->fit_level)
    return PLIM_UNDECIDED;
  if (judgement->p_agree < criterion->level)
    return PLIM_AGREE;
  return judgement->p_disagree < criterion->level ? PLIM_DISAGREE : PLIM_UNDECIDED;
}

plim_status plim_judge(const plim_extrapolation *fit, const plim_value *predicted,
                       const plim_criterion *criterion, plim_judgement *judgement)
{
  const plim_status status = check(fit, predicted, criterion);
  if (status != PLIM_OK)
    return status;
  if (!is_positive(margin_of(predicted, criterion)))
    return PLIM_INVALID;

  /* The exact limit of the theory lies within `error` of the value, and what the fit estimates within `neglected`
     of the true limit, so each null is taken where it is hardest to reject: TOST from margin - both, the two-tailed
     test from margin + both. */
  plim_judgement made = draft(fit, predicted, criterion);
  const double se = fit->limit_error, nu = fit->degrees, distance = fabs(made.difference);
  const double inner = made.margin - bounds_of(&made), outer = made.margin + bounds_of(&made);
  made.p_agree = inner > 0.0 ? against_whole(plimi_t_upper((inner - distance) / se, nu), criterion) : 1.0;
  made.p_disagree = against_whole(
      plimi_t_upper((distance - outer) / se, nu) + plimi_t_upper((distance + outer) / se, nu), criterion);
  made.shortfall = distance;
  made.verdict = verdict_of(&made, criterion);
  add_slack(&made, criterion, criterion->level, criterion->level);
  *judgement = made;
  return PLIM_OK;
}

plim_status plim_judge_bound(const plim_extrapolation *fit, const plim_value *bound, plim_bound side,
                             const plim_criterion *criterion, plim_judgement *judgement)
{
  const plim_status status = check(fit, bound, criterion);
  if (status != PLIM_OK)
    return status;
  if (side != PLIM_LOWER_BOUND_OF && side != PLIM_UPPER_BOUND_OF)
    return PLIM_INVALID;

  /* `room`: how far the limit lies on the side where the claim holds; the bound's error and the fit's
     `neglected` widen both nulls. */
  plim_judgement made = draft(fit, bound, criterion);
  const double se = fit->limit_error, nu = fit->degrees;
  const double room = (side == PLIM_LOWER_BOUND_OF ? made.difference : -made.difference) + made.margin;
  made.p_agree = against_whole(plimi_t_upper((room - bounds_of(&made)) / se, nu), criterion);
  made.p_disagree = against_whole(plimi_t_upper((-room - bounds_of(&made)) / se, nu), criterion);
  made.shortfall = made.margin - room;
  made.of_bound = true;
  made.verdict = verdict_of(&made, criterion);
  add_slack(&made, criterion, criterion->level, criterion->level);
  *judgement = made;
  return PLIM_OK;
}

typedef double p_value(const plim_judgement *judgement, double fit_level);

/* A claim whose form does not fit takes part with p = 1: it gets no verdict, and helps no other to one. */
static double p_agree(const plim_judgement *judgement, double fit_level)
{
  return judgement->fit_p >= fit_level ? judgement->p_agree : 1.0;
}

static double p_disagree(const plim_judgement *judgement, double fit_level)
{
  return judgement->fit_p >= fit_level ? judgement->p_disagree : 1.0;
}

static int compare_numbers(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Holm's step-down over a family, for one of the two nulls. */
typedef struct {
  double *sorted; /* the p-values, ascending */
  size_t *
      shifted; /* for each i the first k >= i with sorted[k] >= level/(m - k + 1): where the step-down ends that
                      has left out one before i */
  size_t count, end; /* `end`: the first i with sorted[i] >= level/(m - i) */
  double level;
} holm;

static bool holm_begin(const plim_judgement *judgements, size_t count, const plim_criterion *criterion,
                       p_value *p, holm *family)
{
  *family = (holm){.sorted = malloc((count + 1) * sizeof *family->sorted),
                   .shifted = malloc((count + 1) * sizeof *family->shifted),
                   .count = count,
                   .level = criterion->level};
  if (family->sorted == NULL || family->shifted == NULL)
    return false;
  for (size_t i = 0; i < count; i++)
    family->sorted[i] = p(&judgements[i], criterion->fit_level);
  qsort(family->sorted, count, sizeof *family->sorted, compare_numbers);
  while (family->end < count && family->sorted[family->end] < family->level / (double)(count - family->end))
    family->end++;
  family->shifted[count] = count;
  for (size_t i = count; i-- > 0;)
    family->shifted[i] =
        i > 0 && family->sorted[i] < family->level / (double)(count - i + 1) ? family->shifted[i + 1] : i;
  return true;
}

static void holm_end(holm *family)
{
  free(family->sorted);
  free(family->shifted);
}

/* With p_1 <= ... <= p_m, step down while p_i < level/(m - i + 1): the p at which it stops; smaller ones are
   rejected. */
static double holm_stop(const holm *family)
{
  return family->end < family->count ? family->sorted[family->end] : INFINITY;
}

/* The level that Holm leaves to a member with p-value `own`, the other p-values as they are: the others step down
   first, and after k of them level/(m - k) is left. */
static double level_left(const holm *family, double own)
{
  size_t low = 0, high = family->count;
  while (low < high) { /* the first that is `own` */
    const size_t middle = low + (high - low) / 2;
    if (family->sorted[middle] < own)
      low = middle + 1;
    else
      high = middle;
  }
  const size_t rejected = family->end < low ? family->end : family->shifted[low + 1] - 1;
  return family->level / (double)(family->count - rejected);
}

plim_status plim_judge_family(plim_judgement *judgements, size_t count, const plim_criterion *criterion)
{
  if (!is_criterion(criterion))
    return PLIM_INVALID;
  for (size_t i = 0; i < count; i++) {
    if (isnan(judgements[i].p_agree) || isnan(judgements[i].p_disagree) || isnan(judgements[i].fit_p))
      return PLIM_NOT_FINITE;
  }
  holm agree = {.sorted = NULL}, disagree = {.sorted = NULL};
  const bool begun = holm_begin(judgements, count, criterion, p_agree, &agree) &&
                     holm_begin(judgements, count, criterion, p_disagree, &disagree);
  for (size_t i = 0; i < count && begun; i++) {
    plim_judgement *j = &judgements[i];
    const double p = p_agree(j, criterion->fit_level), q = p_disagree(j, criterion->fit_level);
    j->verdict = p < holm_stop(&agree)      ? PLIM_AGREE
                 : q < holm_stop(&disagree) ? PLIM_DISAGREE
                                            : PLIM_UNDECIDED;
    add_slack(j, criterion, level_left(&agree, p), level_left(&disagree, q));
  }
  holm_end(&agree);
  holm_end(&disagree);
  return begun ? PLIM_OK : PLIM_NO_MEMORY;
}
