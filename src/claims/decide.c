/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decide.c - claims drawn until they are decided: a pilot, then the replicas that its standard errors call for, then
   twice as many at each further look (plim_looks.h).

   The shares of the level are honest only if the size of a look does not depend on the values judged. So the
   factor of the first look after the pilot is the largest that any finding on the experiment needs, settled or
   not, and a finding UNDECIDED at a look has all its experiments grown for the next one.

   More replicas do not mend a ladder that does not follow the declared power of d (lack of fit): its smallest
   size is left out from the next look on, as long as enough sizes remain, and then the finding is given up.
   Where the declared form does hold, fit_level is the chance that this happens. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims.h"
#include "plim_looks.h"

enum { PILOT_PART = 4, LEAST_PILOT = 25, MOST_REPLICAS = 1000000000 };
static const double least_factor = 1.5;      /* less would be a look at the same data */
static const double factor_unforeseen = 4.0; /* where no finding says how many replicas it needs */

typedef struct {
  plimi_claim_run run;
  plim_status status;
  size_t count;                          /* findings, from the pilot on */
  size_t rows;                           /* those of them that rows made: the first */
  size_t *at;                            /* which look the finding is judged at next, or was last */
  bool *again;                           /* is it to be judged at the look that is being drawn? */
  size_t *skipped;                       /* the smallest sizes that it leaves out */
  double factor[PLIMI_MOST_EXPERIMENTS]; /* 0: not known yet */
  bool grown[PLIMI_MOST_EXPERIMENTS];
  /* the look that is planned: replicas of each size, and what is new of them */
  size_t next[PLIMI_MOST_EXPERIMENTS][PLIMI_MOST_SIZES];
  size_t replicas;
  double work;
} course;

typedef struct {
  course *courses;
  size_t count;
  const plim_claim_settings *settings;
  const plim_claim_budget *budget;
  double spent;
  size_t members; /* of the family */
} study;

/* Does it end the study, or one claim? */
static bool is_final(plim_status status)
{
  return status == PLIM_INTERRUPTED || status == PLIM_FAILED || status == PLIM_NO_MEMORY;
}

static bool is_judged(const plim_finding *finding)
{
  return finding->relation != PLIM_REPORTED;
}

static bool misfits(const plim_finding *finding)
{
  return finding->judgement.fit_p < plim_criterion_default().fit_level;
}

/* Can the finding do with a size less? Only rows look at sizes one by one. */
static bool can_skip(const course *c, size_t i)
{
  const plim_extrapolation *fit = &c->run.result.findings[i].fit;
  return i < c->rows && fit->rungs > fit->terms + 2;
}

static bool is_open(const course *c, size_t i)
{
  const plim_finding *finding = &c->run.result.findings[i];
  return is_judged(finding) && finding->judgement.verdict == PLIM_UNDECIDED &&
         finding->looks < PLIM_MOST_LOOKS && (!misfits(finding) || can_skip(c, i));
}

/* ---- Drawing a look ------------------------------------------------------------------------------------ */

/* How many replicas `next` adds, and their cost. */
static void price(course *c)
{
  c->replicas = 0;
  c->work = 0.0;
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    for (size_t k = 0; k < measured->sizes; k++) {
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
static plim_status take_over(course *c, const plim_finding *before)
{
  const double fit_level = plim_criterion_default().fit_level;
  for (size_t i = 0; i < c->count; i++) {
    plim_finding *now = &c->run.result.findings[i];
    if (before != NULL && is_judged(&before[i]) && !c->again[i]) {
      *now = before[i];
      continue;
    }
    if (!is_judged(now))
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

static plim_status first_look(course *c)
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
  for (size_t i = 0; i < c->run.claim->n_rows; i++)
    c->rows += c->run.measured[c->run.claim->rows[i].of.experiment].sizes > 0;
  c->run.looked = findings;
  return take_over(c, NULL);
}

/* Where a later look fails, the findings stay those of the one before: their place in the family is kept. */
static plim_status draw_look(course *c)
{
  plim_finding *before = c->run.result.findings;
  c->run.result = (plim_claim_result){.findings = NULL};
  for (size_t e = 0; e < c->run.claim->n_experiments; e++)
    for (size_t k = 0; k < c->run.measured[e].sizes; k++)
      c->run.measured[e].wanted[k] = c->next[e][k];
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

/* Draw and judge the look that is planned. */
static plim_status advance(study *s, course *c)
{
  s->spent += c->work;
  for (size_t i = 0; i < c->count; i++)
    c->skipped[i] += c->again[i] && misfits(&c->run.result.findings[i]);
  c->status = draw_look(c);
  plimi_claim_explain(&c->run, c->status);
  if (c->status != PLIM_OK && c->count == 0)
    plim_claim_result_free(&c->run.result);
  return is_final(c->status) ? c->status : PLIM_OK;
}

static void announce(const study *s, size_t replicas, double work)
{
  const plim_claim_hooks *hooks = s->settings->hooks;
  if (hooks != NULL && hooks->planned != NULL)
    hooks->planned(hooks->context, replicas, work);
}

/* ---- Planning the next --------------------------------------------------------------------------------- */

/* The level that is certain to be left for the finding at look number `look`, whatever the rest of the family
   does. */
static double level_at(const study *s, size_t look)
{
  return s->settings->level * plim_look_share(look < PLIM_MOST_LOOKS ? look : PLIM_MOST_LOOKS - 1) /
         (double)s->members;
}

static double growth_of(const study *s, const plim_finding *finding, size_t look)
{
  return plim_growth_needed(&finding->judgement, level_at(s, look), s->budget->power);
}

/* What the pilot says of the first look after it. */
static void set_factors(const study *s, course *c)
{
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    double most = 0.0;
    for (size_t i = 0; i < c->count; i++) {
      const plim_finding *finding = &c->run.result.findings[i];
      const bool uses = (c->run.uses[i] >> e & 1) != 0;
      const double growth = uses && is_judged(finding) ? growth_of(s, finding, 1) : 0.0;
      if (isfinite(growth))
        most = fmax(most, growth);
    }
    c->factor[e] = most > 0.0 ? fmax(most, least_factor) : factor_unforeseen;
  }
}

/* Every experiment of an open finding grows. False if there is none. */
static bool plan(const study *s, course *c)
{
  uint64_t wanted = 0;
  for (size_t i = 0; i < c->count; i++) {
    c->again[i] = is_open(c, i);
    c->at[i] = c->again[i] ? c->run.result.findings[i].looks : 0;
    wanted |= c->again[i] ? c->run.uses[i] : 0;
  }
  if (wanted == 0)
    return false;
  if (c->factor[0] == 0.0)
    set_factors(s, c);
  for (size_t e = 0; e < c->run.claim->n_experiments; e++) {
    const plimi_measured *measured = &c->run.measured[e];
    const double factor = (wanted >> e & 1) == 0 ? 1.0 : c->grown[e] ? 2.0 : c->factor[e];
    for (size_t k = 0; k < measured->sizes; k++)
      c->next[e][k] = (size_t)fmin(ceil(factor * (double)measured->replicas[k]), MOST_REPLICAS);
  }
  price(c);
  return true;
}

static int compare_work(const void *a, const void *b)
{
  const course *x = *(course *const *)a, *y = *(course *const *)b;
  if (x->work != y->work)
    return x->work < y->work ? -1 : 1;
  return x->run.number < y->run.number ? -1 : 1;
}

static plim_status judge_family(study *s)
{
  plim_claim_result *results = malloc((s->count + 1) * sizeof *results);
  if (results == NULL)
    return PLIM_NO_MEMORY;
  s->members = 0;
  for (size_t i = 0; i < s->count; i++) {
    results[i] = s->courses[i].run.result;
    for (size_t k = 0; k < results[i].count; k++)
      s->members += is_judged(&results[i].findings[k]);
  }
  const plim_status status = plim_claim_judge_family(results, s->count, s->settings->level);
  free(results);
  return status;
}

/* One look for every claim that has open findings and can be afforded, the cheapest first. *any: was there one? */
static plim_status next_looks(study *s, course **open, bool *any)
{
  size_t count = 0, chosen = 0, replicas = 0;
  double work = 0.0;
  for (size_t i = 0; i < s->count; i++)
    if (s->courses[i].status == PLIM_OK && plan(s, &s->courses[i]))
      open[count++] = &s->courses[i];
  qsort(open, count, sizeof *open, compare_work);
  while (chosen < count && s->spent + work + open[chosen]->work <= s->budget->work) {
    replicas += open[chosen]->replicas;
    work += open[chosen]->work;
    chosen++;
  }
  *any = chosen > 0;
  if (*any)
    announce(s, replicas, work);
  for (size_t i = 0; i < chosen; i++) {
    for (size_t e = 0; e < open[i]->run.claim->n_experiments; e++)
      open[i]->grown[e] = open[i]->grown[e] || open[i]->next[e][0] > open[i]->run.measured[e].replicas[0];
    const plim_status status = advance(s, open[i]);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static void say_growth(const study *s, course *c)
{
  for (size_t i = 0; i < c->run.result.count; i++) {
    plim_finding *finding = &c->run.result.findings[i];
    if (!is_judged(finding) || finding->judgement.verdict != PLIM_UNDECIDED)
      continue;
    finding->growth = misfits(finding) ? INFINITY : growth_of(s, finding, finding->looks);
  }
}

/* ---- The study ----------------------------------------------------------------------------------------- */

static plim_status begin(study *s, const size_t *claims)
{
  size_t replicas = 0;
  double work = 0.0;
  for (size_t i = 0; i < s->count; i++) {
    course *c = &s->courses[i];
    c->status = plimi_claim_begin(claims[i], s->settings, &c->run);
    if (c->status == PLIM_INVALID || is_final(c->status))
      return c->status;
    if (c->status != PLIM_OK)
      continue;
    c->run.in_looks = true;
    for (size_t e = 0; e < c->run.claim->n_experiments; e++)
      for (size_t k = 0; k < c->run.measured[e].sizes; k++) {
        const size_t part = c->run.measured[e].wanted[k] / PILOT_PART;
        c->next[e][k] = part > LEAST_PILOT ? part : LEAST_PILOT;
      }
    price(c);
    replicas += c->replicas;
    work += c->work;
  }
  announce(s, replicas, work);
  for (size_t i = 0; i < s->count; i++) {
    const plim_status status = s->courses[i].status == PLIM_OK ? advance(s, &s->courses[i]) : PLIM_OK;
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static plim_status run_study(study *s, const size_t *claims)
{
  course **open = malloc((s->count + 1) * sizeof *open);
  bool any = true;
  plim_status status = open == NULL ? PLIM_NO_MEMORY : begin(s, claims);
  while (status == PLIM_OK && any) {
    status = judge_family(s);
    if (status == PLIM_OK)
      status = next_looks(s, open, &any);
  }
  free(open);
  return status;
}

typedef struct {
  study *study;
  const size_t *claims;
} task;

static plim_status run_task(void *of)
{
  const task *t = of;
  return run_study(t->study, t->claims);
}

plim_status plim_claims_decide(const size_t *claims, size_t count, const plim_claim_settings *settings,
                               const plim_claim_budget *budget, plim_claim_result *results,
                               plim_status *statuses)
{
  if (!(budget->work > 0.0) || !(budget->power >= 0.5 && budget->power < 1.0))
    return PLIM_INVALID;
  study s = {
      .courses = calloc(count + 1, sizeof(course)), .count = count, .settings = settings, .budget = budget};
  task of = {&s, claims};
  plim_status status = s.courses == NULL ? PLIM_NO_MEMORY : plimi_in_plain_locale(run_task, &of);
  for (size_t i = 0; s.courses != NULL && i < count; i++) {
    course *c = &s.courses[i];
    if (status == PLIM_OK) {
      say_growth(&s, c);
      statuses[i] = c->status;
      results[i] = c->status == PLIM_OK ? plimi_claim_result(&c->run) : (plim_claim_result){.findings = NULL};
    }
    if (c->run.claim != NULL)
      plimi_claim_end(&c->run);
    free(c->at);
    free(c->again);
    free(c->skipped);
  }
  free(s.courses);
  return status;
}
