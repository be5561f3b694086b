/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.c - one claim from look to look (decide.c says which looks it gets).

   The shares of the level are honest only if the size of a look does not depend on the values judged. So the
   factor of the first look after the pilot is the largest that any finding on the experiment needs, settled or
   not, and a finding UNDECIDED at a look has all its experiments grown for the next one. What the budget has left
   for a look depends on which findings are open, not on the values of those that are.

   More replicas do not mend a ladder that does not follow the declared power of d (lack of fit): its smallest
   size is left out from the next look on; where too few sizes would be left, a larger one is added to its experiments,
   once, and then the finding is given up. Where the declared form does hold, fit_level is the chance that this
   happens. */
#include "course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PILOT_PART = 4, LEAST_PILOT = 25, MOST_REPLICAS = 1000000000 };
static const double least_factor = 1.5;      /* less would be a look at the same data */
static const double factor_unforeseen = 4.0; /* where no finding says how many replicas it needs */
static const double added_part = 0.5; /* replicas of an added size beside the next smaller one, as of all */

static bool misfits(const plim_finding *finding)
{
  return finding->judgement.fit_p < plim_criterion_default().fit_level;
}

/* Can the finding do with a size less? */
static bool can_skip(const plimi_course *c, size_t i)
{
  const size_t spare = c->run.traits[i].spare;
  return spare != PLIMI_NO_LADDER && spare > 0;
}

/* Or once a larger one is added? */
static bool can_grow(const plimi_course *c, size_t i)
{
  bool can = c->run.traits[i].spare != PLIMI_NO_LADDER;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++)
    can = can && ((c->run.traits[i].uses >> e & 1) == 0 || plimi_measured_can_grow(&c->run.measured[e]));
  return can;
}

static bool is_open(const plimi_course *c, size_t i)
{
  const plim_finding *finding = &c->run.result.findings[i];
  return plimi_is_judged(finding) && finding->judgement.verdict == PLIM_UNDECIDED &&
         finding->looks < PLIM_MOST_LOOKS && (!misfits(finding) || can_skip(c, i) || can_grow(c, i));
}

/* ---- Drawing a look ------------------------------------------------------------------------------------ */

/* How many replicas `next` adds, and their cost. */
static void price(plimi_course *c)
{
  c->replicas = 0;
  c->work = 0.0;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    for (size_t k = 0; measured->sizes > 0 && k <= measured->planned; k++) {
      const size_t more = c->next[e][k] > measured->replicas[k] ? c->next[e][k] - measured->replicas[k] : 0;
      c->replicas += more;
      c->work += (double)more * plim_replica_seconds(&measured->size[k]);
    }
  }
}

/* A claim that cannot take a logarithm of few replicas says something simpler instead: then what was found of the one
   statement says nothing of the other. */
static bool is_same(const plim_finding *a, const plim_finding *b)
{
  return a->relation == b->relation && strcmp(a->what, b->what) == 0;
}

/* The findings judged now, where they were not to be judged again, give way to those before. */
static plim_status take_over(plimi_course *c, const plim_finding *before)
{
  const double fit_level = plim_criterion_default().fit_level;
  for (size_t i = 0; i < c->count; i++) {
    plim_finding *now = &c->run.result.findings[i];
    if (before != NULL && plimi_is_judged(&before[i]) && !c->again[i]) {
      *now = before[i];
      continue;
    }
    if (!plimi_is_judged(now))
      continue;
    const bool had = before != NULL && is_same(now, &before[i]);
    now->looks = c->at[i] + 1;
    const plim_status status =
        plim_judge_after(&now->judgement, had ? &before[i].judgement : NULL, fit_level);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static plim_status first_look(plimi_course *c)
{
  const size_t findings = c->run.result.count;
  c->count = findings;
  c->at = calloc(findings + 1, sizeof *c->at);
  c->again = calloc(findings + 1, sizeof *c->again);
  c->skipped = calloc(findings + 1, sizeof *c->skipped);
  if (c->at == NULL || c->again == NULL || c->skipped == NULL)
    return PLIM_NO_MEMORY;
  c->run.looks = c->at;
  c->run.skipped = c->skipped;
  c->run.looked = findings;
  return take_over(c, NULL);
}

/* Where a later look fails, the findings stay those of the one before: their place in the family is kept. */
static plim_status draw_look(plimi_course *c)
{
  plim_finding *before = c->run.result.findings;
  c->run.result = (plim_claim_result){.findings = NULL};
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    plimi_measured *measured = &c->run.measured[e];
    if (measured->sizes > 0 && c->next[e][measured->planned] > 0)
      plimi_measured_grow(measured);
    for (size_t k = 0; k < measured->sizes; k++)
      measured->wanted[k] = c->next[e][k];
  }
  plim_status status = plimi_measure(&c->run);
  if (status == PLIM_OK)
    status = plimi_claim_judge(&c->run);
  if (status == PLIM_OK && before == NULL)
    status = first_look(c);
  else if (status == PLIM_OK)
    status = c->run.result.count == c->count ? take_over(c, before) : PLIM_NOT_FINITE; /* no claim does */
  if (status != PLIM_OK && before != NULL) {
    plim_claim_result_free(&c->run.result);
    c->run.result = (plim_claim_result){.findings = before, .count = c->count};
  } else {
    free(before);
  }
  return status;
}

plim_status plimi_course_advance(plimi_course *c)
{
  for (size_t i = 0; i < c->count; i++)
    c->skipped[i] += c->again[i] && misfits(&c->run.result.findings[i]);
  for (size_t e = 0; e < c->run.claim->n_experiments; e++)
    c->grown[e] = c->grown[e] || (c->count > 0 && c->next[e][0] > c->run.measured[e].replicas[0]);
  c->status = draw_look(c);
  plimi_claim_explain(&c->run, c->status);
  if (c->status != PLIM_OK && c->count == 0)
    plim_claim_result_free(&c->run.result);
  return c->status;
}

plim_status plimi_course_begin(plimi_course *c, size_t claim, const plim_claim_settings *settings)
{
  c->status = plimi_claim_begin(claim, settings, &c->run);
  if (c->status != PLIM_OK)
    return c->status;
  c->run.in_looks = true;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++)
    for (size_t k = 0; k < c->run.measured[e].sizes; k++) {
      const size_t part = c->run.measured[e].wanted[k] / PILOT_PART;
      c->next[e][k] = part > LEAST_PILOT ? part : LEAST_PILOT;
      if (plimi_measured_at_hand(&c->run, e, k, c->next[e][k]) < c->next[e][k])
        c->status = PLIM_INTERRUPTED;
    }
  price(c);
  const plim_claim_hooks *hooks = settings->hooks;
  if (c->status == PLIM_INTERRUPTED && hooks->explained != NULL)
    hooks->explained(hooks->context, claim, "its first look has not been drawn yet");
  return PLIM_OK;
}

void plimi_course_end(plimi_course *c)
{
  if (c->run.claim != NULL)
    plimi_claim_end(&c->run);
  free(c->at);
  free(c->again);
  free(c->skipped);
}

/* ---- Planning the next --------------------------------------------------------------------------------- */

static double growth_of(const plimi_course_aim *aim, const plim_finding *finding, size_t look)
{
  const size_t last = PLIM_MOST_LOOKS - 1;
  return plim_growth_needed(&finding->judgement, aim->level[look < last ? look : last], aim->power);
}

/* What the pilot says of the first look after it. */
static void set_factors(plimi_course *c, const plimi_course_aim *aim)
{
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    double most = 0.0;
    for (size_t i = 0; i < c->count; i++) {
      const plim_finding *finding = &c->run.result.findings[i];
      const bool uses = (c->run.traits[i].uses >> e & 1) != 0;
      const double growth = uses && plimi_is_judged(finding) ? growth_of(aim, finding, 1) : 0.0;
      if (isfinite(growth))
        most = fmax(most, growth);
    }
    c->factor[e] = most > 0.0 ? fmax(most, least_factor) : factor_unforeseen;
  }
}

static size_t grown_to(double factor, size_t replicas)
{
  return (size_t)fmin(ceil(factor * (double)replicas), MOST_REPLICAS);
}

/* Of an added size, beside so many of the next smaller one. */
static size_t added_to(size_t replicas)
{
  const size_t part = grown_to(added_part, replicas);
  return part > LEAST_PILOT ? part : LEAST_PILOT;
}

bool plimi_course_plan(plimi_course *c, const plimi_course_aim *aim)
{
  uint64_t wanted = 0, larger = 0;
  for (size_t i = 0; i < c->count; i++) {
    c->again[i] = is_open(c, i);
    c->at[i] = c->again[i] ? c->run.result.findings[i].looks : 0;
    wanted |= c->again[i] ? c->run.traits[i].uses : 0;
    larger |=
        c->again[i] && misfits(&c->run.result.findings[i]) && !can_skip(c, i) ? c->run.traits[i].uses : 0;
  }
  if (wanted == 0)
    return false;
  if (c->factor[0] == 0.0)
    set_factors(c, aim);
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    const double factor = (wanted >> e & 1) == 0 ? 1.0 : c->grown[e] ? 2.0 : c->factor[e];
    for (size_t k = 0; k < measured->sizes; k++)
      c->next[e][k] = grown_to(factor, measured->replicas[k]);
    if (plimi_measured_can_grow(measured))
      c->next[e][measured->planned] =
          (larger >> e & 1) != 0 ? added_to(c->next[e][measured->planned - 1]) : 0;
  }
  price(c);
  return true;
}

bool plimi_course_shrink(plimi_course *c, double work)
{
  const double part = work / c->work;
  double most = 0.0;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    for (size_t k = 0; k < measured->sizes; k++) {
      const double known = (double)measured->replicas[k], more = (double)c->next[e][k] - known;
      most = fmax(most, 1.0 + floor(part * more) / known);
    }
    if (measured->sizes == measured->planned && c->next[e][measured->planned] > 0)
      return false; /* a new size is wanted as a whole */
  }
  if (most < least_factor)
    return false;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++)
    for (size_t k = 0; k < c->run.measured[e].sizes; k++) {
      const size_t known = c->run.measured[e].replicas[k];
      c->next[e][k] = known + (size_t)floor(part * (double)(c->next[e][k] - known));
    }
  price(c);
  return true;
}

/* The size that is to be added to experiment e is not at hand: what cannot do without it is not looked at again. */
static void drop_added(plimi_course *c, size_t e)
{
  c->next[e][c->run.measured[e].planned] = 0;
  for (size_t i = 0; i < c->count; i++)
    if ((c->run.traits[i].uses >> e & 1) != 0 && misfits(&c->run.result.findings[i]) && !can_skip(c, i))
      c->again[i] = false;
}

bool plimi_course_cut(plimi_course *c)
{
  bool is_look = false, is_cut = false, any = false;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    for (size_t k = 0; measured->sizes > 0 && k <= measured->planned; k++) {
      const size_t known = measured->replicas[k], wanted = c->next[e][k];
      if (wanted <= known)
        continue;
      const size_t there = plimi_measured_at_hand(&c->run, e, k, wanted);
      const bool counts = known > 0 ? (double)there >= least_factor * (double)known : there >= LEAST_PILOT;
      if (known == 0 && !counts) {
        drop_added(c, e);
        is_cut = true;
        continue;
      }
      is_look = is_look || counts;
      is_cut = is_cut || there < wanted;
      c->next[e][k] = there > known && (known > 0 || counts) ? there : known;
    }
  }
  if (is_cut)
    price(c);
  for (size_t i = 0; i < c->count; i++)
    any = any || c->again[i];
  return any && (is_look || !is_cut);
}

void plimi_course_say_growth(plimi_course *c, const plimi_course_aim *aim)
{
  for (size_t i = 0; i < c->run.result.count; i++) {
    plim_finding *finding = &c->run.result.findings[i];
    if (!plimi_is_judged(finding) || finding->judgement.verdict != PLIM_UNDECIDED)
      continue;
    finding->growth = misfits(finding) ? INFINITY : growth_of(aim, finding, finding->looks);
  }
}
