/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decide.c - claims drawn until they are decided: a pilot, then the replicas that its standard errors call for, then
   twice as many at each further look (plim_looks.h, course.c), the cheapest claims first, until all are settled or the
   budget is spent. What it has left when the next look costs more goes into a smaller one. */
#include <stdlib.h>

#include "course.h"

typedef struct {
  plimi_course *courses;
  size_t count;
  const plim_claim_settings *settings;
  const plim_claim_budget *budget;
  double spent;
  size_t members; /* of the family */
} study;

/* Does it end the study, or one claim? */
static bool is_final(plim_status status)
{
  return status == PLIM_INTERRUPTED || status == PLIM_FAILED || status == PLIM_NO_MEMORY ||
         status == PLIM_NO_DEVICE;
}

/* Draw and judge the look that is planned. */
static plim_status advance(study *s, plimi_course *c)
{
  s->spent += c->work;
  const plim_status status = plimi_course_advance(c);
  return is_final(status) ? status : PLIM_OK;
}

static void announce(const study *s, size_t replicas, double work)
{
  const plim_claim_hooks *hooks = s->settings->hooks;
  if (hooks != NULL && hooks->planned != NULL)
    hooks->planned(hooks->context, replicas, work);
}

/* The level that is certain to be left for a finding at each look, whatever the rest of the family does. */
static plimi_course_aim aim_of(const study *s)
{
  plimi_course_aim aim = {.power = s->budget->power};
  for (size_t look = 0; look < PLIM_MOST_LOOKS; look++)
    aim.level[look] = s->settings->level * plim_look_share(look) / (double)s->members;
  return aim;
}

static int compare_work(const void *a, const void *b)
{
  const plimi_course *x = *(plimi_course *const *)a, *y = *(plimi_course *const *)b;
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
      s->members += plimi_is_judged(&results[i].findings[k]);
  }
  const plim_status status = plim_claim_judge_family(results, s->count, s->settings->level);
  free(results);
  return status;
}

/* One look for every claim that has open findings and can be afforded, the cheapest first, and a smaller one for the
   first that cannot. *any: was there one? */
static plim_status next_looks(study *s, plimi_course **open, bool *any)
{
  const plimi_course_aim aim = aim_of(s);
  size_t count = 0, chosen = 0, replicas = 0;
  double left = s->budget->work - s->spent, work = 0.0;
  for (size_t i = 0; i < s->count; i++)
    if (s->courses[i].status == PLIM_OK && plimi_course_plan(&s->courses[i], &aim) &&
        plimi_course_cut(&s->courses[i]))
      open[count++] = &s->courses[i];
  qsort(open, count, sizeof *open, compare_work);
  while (chosen < count && (open[chosen]->work <= left || plimi_course_shrink(open[chosen], left))) {
    replicas += open[chosen]->replicas;
    work += open[chosen]->work;
    left -= open[chosen]->work;
    chosen++;
  }
  *any = chosen > 0;
  if (*any)
    announce(s, replicas, work);
  for (size_t i = 0; i < chosen; i++) {
    const plim_status status = advance(s, open[i]);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

/* ---- The study ----------------------------------------------------------------------------------------- */

static plim_status begin(study *s, const size_t *claims)
{
  size_t replicas = 0;
  double work = 0.0;
  for (size_t i = 0; i < s->count; i++) {
    plimi_course *c = &s->courses[i];
    const plim_status status = plimi_course_begin(c, claims[i], s->settings);
    if (status == PLIM_INVALID || is_final(status))
      return status;
    if (c->status != PLIM_OK)
      continue;
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
  plimi_course **open = malloc((s->count + 1) * sizeof *open);
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
  study s = {.courses = calloc(count + 1, sizeof(plimi_course)),
             .count = count,
             .settings = settings,
             .budget = budget};
  task of = {&s, claims};
  plim_status status = s.courses == NULL ? PLIM_NO_MEMORY : plimi_in_plain_locale(run_task, &of);
  const plimi_course_aim aim = aim_of(&s);
  for (size_t i = 0; s.courses != NULL && i < count; i++) {
    plimi_course *c = &s.courses[i];
    if (status == PLIM_OK) {
      plimi_course_say_growth(c, &aim);
      statuses[i] = c->status;
      results[i] = c->status == PLIM_OK ? plimi_claim_result(&c->run) : (plim_claim_result){.findings = NULL};
    }
    plimi_course_end(c);
  }
  free(s.courses);
  return status;
}
