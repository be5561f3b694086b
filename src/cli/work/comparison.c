/* SPDX-License-Identifier: GPL-3.0-or-later */
/* comparison.c - ladders drawn until they are decided: a pilot, then the replicas that its standard errors call for,
   then twice as many at each further look.

   The shares of the level are honest only if the size of a look does not depend on the values judged. So the first
   look after the pilot has what every ladder of the point needs, settled or not, by standard errors and margins alone;
   and with one ladder open all sizes of its point grow. */
#include "config.h"

#include "comparison.h"

#include <math.h>
#include <stdlib.h>

#include "../terminal/interrupt.h"
#include "plim_looks.h"

static const double least_factor = 1.5; /* less would be a look at the same data */
static const double most_replicas = 1e9;
enum { MISFITS = 2 }; /* looks running with a lack of fit: it is not chance, and replicas do not mend it */

static const plimi_settings *settings_of(const plimi_comparison *c)
{
  return c->campaign->settings;
}

static size_t ladders_of(const plimi_comparison *c)
{
  return settings_of(c)->lambda.count * settings_of(c)->quantities.count;
}

static bool misfits(const plimi_comparison *c, const plimi_judged *judged)
{
  return judged->judgement.fit_p < c->criterion.fit_level;
}

/* Would more replicas settle it? */
static bool is_open(const plimi_comparison *c, const plimi_ladder *ladder)
{
  const plimi_judged *judged = &ladder->judged;
  return c->in_looks && judged->judged && judged->judgement.verdict == PLIM_UNDECIDED &&
         judged->looks < PLIM_MOST_LOOKS && judged->misfits < MISFITS &&
         judged->judgement.numerical_error < judged->judgement.margin;
}

plim_criterion plimi_criterion_of(const plimi_settings *settings)
{
  plim_criterion criterion = plim_criterion_default();
  criterion.relative_margin = settings->margin.values[0];
  criterion.absolute_margin = settings->absolute_margin.values[0];
  criterion.level = settings->level.values[0];
  return criterion;
}

/* ---- Drawing and judging a look ------------------------------------------------------------------------ */

static void begin_ladders(plimi_comparison *c, size_t at)
{
  const plimi_settings *settings = settings_of(c);
  const size_t quantities = settings->quantities.count;
  plimi_comparison_point *point = &c->points[at];
  point->ladders = plimi_allocate(ladders_of(c), sizeof *point->ladders);
  for (size_t i = 0; i < ladders_of(c); i++) {
    plimi_ladder *ladder = &point->ladders[i];
    *ladder = (plimi_ladder){.campaign = c->campaign,
                             .quantity = i % quantities,
                             .lambda = i / quantities,
                             .asked = plimi_product_at(&c->campaign->product, at).problem};
    ladder->asked.lambda = settings->lambda.values[ladder->lambda];
    plimi_ladder_begin(ladder, c->theory, point->runs);
  }
}

static plim_status judge(plimi_comparison *c, plimi_ladder *ladder, const plimi_run *runs)
{
  const plimi_judged before = ladder->judged;
  plimi_judged *now = &ladder->judged;
  plim_criterion criterion = c->criterion;
  criterion.reserved = c->in_looks ? 1.0 - plim_look_share(before.looks) : 0.0;
  plimi_ladder_judge(ladder, c->theory, runs, &criterion);
  if (!c->in_looks)
    return PLIM_OK;
  now->looks = before.looks + 1;
  if (!now->judged)
    return PLIM_OK;
  now->misfits = misfits(c, now) ? before.misfits + 1 : 0;
  return plim_judge_after(&now->judgement, before.judged ? &before.judgement : NULL, criterion.fit_level);
}

/* The look that is planned of point number `at`. */
static plim_status look(plimi_comparison *c, size_t at)
{
  plimi_comparison_point *point = &c->points[at];
  const size_t sizes = settings_of(c)->d.count;
  const bool first = !point->begun;
  plim_status status = PLIM_OK;
  c->spent += point->work;
  for (size_t k = 0; k < sizes && status == PLIM_OK; k++) {
    plimi_run wanted = point->runs[k];
    if (point->next[k] == wanted.replicas)
      continue;
    wanted.drawn = (size_t)wanted.replicas;
    wanted.replicas = point->next[k];
    status = plimi_campaign_draw(c->campaign, &wanted);
    if (status == PLIM_OK)
      point->runs[k] = wanted;
  }
  if (status != PLIM_OK || plimi_share_lacks(c->campaign->share)) /* what lacks is not judged */
    return status;
  if (first)
    begin_ladders(c, at);
  for (size_t i = 0; i < ladders_of(c) && sizes >= PLIMI_LEAST_SIZES && status == PLIM_OK; i++) {
    plimi_ladder *ladder = &point->ladders[i];
    if (first ? !ladder->left_out : is_open(c, ladder))
      status = judge(c, ladder, point->runs);
  }
  point->begun = true;
  return status;
}

/* Holm over everything that is judged. */
static plim_status judge_family(plimi_comparison *c)
{
  const size_t most = c->campaign->product.count * ladders_of(c);
  plim_judgement *family = plimi_allocate(most, sizeof *family);
  plim_judgement **from = plimi_allocate(most, sizeof(plim_judgement *));
  c->members = 0;
  for (size_t i = 0; i < c->campaign->product.count; i++) {
    for (size_t k = 0; k < ladders_of(c); k++) {
      plimi_judged *judged = &c->points[i].ladders[k].judged;
      if (!judged->judged)
        continue;
      family[c->members] = judged->judgement;
      from[c->members++] = &judged->judgement;
    }
  }
  plim_status status = PLIM_OK;
  if (c->members > 0)
    status = plim_judge_family(family, c->members, &c->criterion);
  for (size_t i = 0; i < c->members && status == PLIM_OK; i++)
    *from[i] = family[i];
  free(family);
  free(from);
  return status;
}

/* ---- Planning the next --------------------------------------------------------------------------------- */

/* The level that is certain to be left at look number `number`, whatever the rest of the family does. */
static double level_at(const plimi_comparison *c, size_t number)
{
  const double share =
      c->in_looks ? plim_look_share(number < PLIM_MOST_LOOKS ? number : PLIM_MOST_LOOKS - 1) : 1.0;
  return c->criterion.level * share / (double)c->members;
}

/* How many replicas `next` adds, and their cost. */
static void price(const plimi_comparison *c, plimi_comparison_point *point)
{
  point->work = 0.0;
  for (size_t k = 0; k < settings_of(c)->d.count; k++) {
    const uint64_t more = point->next[k] - point->runs[k].replicas;
    point->work += (double)more * plim_replica_seconds(&point->runs[k].size);
  }
}

/* The bar is told of what `next` adds. */
static void announce(const plimi_comparison *c, const plimi_comparison_point *point)
{
  for (size_t k = 0; k < settings_of(c)->d.count; k++) {
    const uint64_t more = point->next[k] - point->runs[k].replicas;
    plimi_progress_more(&c->campaign->progress, (size_t)more,
                        (double)more * plim_replica_seconds(&point->runs[k].size));
  }
}

/* What the pilot says of the first look after it: the replicas that settle one ladder, no fewer than there are. */
plim_status plimi_comparison_needs(const plimi_comparison *c, const plimi_comparison_point *point,
                                   const plimi_ladder *ladder, uint64_t *replicas)
{
  const size_t sizes = settings_of(c)->d.count;
  double *needed = plimi_allocate(sizes, sizeof *needed);
  const plim_status status = plimi_ladder_needs(ladder, point->runs, level_at(c, 1), c->power, needed);
  for (size_t k = 0; k < sizes && status == PLIM_OK; k++)
    replicas[k] = (uint64_t)fmin(fmax((double)point->runs[k].replicas, ceil(needed[k])), most_replicas);
  free(needed);
  return status;
}

/* And all ladders of the point. */
static plim_status first_look(const plimi_comparison *c, plimi_comparison_point *point)
{
  const size_t sizes = settings_of(c)->d.count;
  uint64_t *needed = plimi_allocate(sizes, sizeof *needed);
  double grown = 0.0;
  plim_status status = PLIM_OK;
  for (size_t k = 0; k < sizes; k++)
    point->next[k] = point->runs[k].replicas;
  for (size_t i = 0; i < ladders_of(c) && status == PLIM_OK; i++) {
    if (!point->ladders[i].judged.judged)
      continue;
    status = plimi_comparison_needs(c, point, &point->ladders[i], needed);
    for (size_t k = 0; k < sizes && status == PLIM_OK; k++)
      point->next[k] = needed[k] > point->next[k] ? needed[k] : point->next[k];
    status = status == PLIM_OUTSIDE_DOMAIN ? PLIM_OK : status; /* no number will do for this one */
  }
  free(needed);
  if (status != PLIM_OK)
    return status;
  for (size_t k = 0; k < sizes; k++)
    grown = fmax(grown, (double)point->next[k] / (double)point->runs[k].replicas);
  for (size_t k = 0; k < sizes && grown < least_factor; k++)
    point->next[k] = (uint64_t)ceil(least_factor * (double)point->runs[k].replicas);
  return PLIM_OK;
}

/* *open: is anything of the point? Only then is there a plan. */
static plim_status plan(const plimi_comparison *c, plimi_comparison_point *point, bool *open)
{
  plim_status status = PLIM_OK;
  *open = false;
  for (size_t i = 0; i < ladders_of(c); i++)
    *open = *open || is_open(c, &point->ladders[i]);
  if (!*open)
    return PLIM_OK;
  if (!point->grown)
    status = first_look(c, point);
  for (size_t k = 0; k < settings_of(c)->d.count && point->grown; k++)
    point->next[k] = (uint64_t)fmin(2.0 * (double)point->runs[k].replicas, most_replicas);
  price(c, point);
  return status;
}

static int compare_work(const void *a, const void *b)
{
  const plimi_comparison_point *x = *(plimi_comparison_point *const *)a;
  const plimi_comparison_point *y = *(plimi_comparison_point *const *)b;
  if (x->work != y->work)
    return x->work < y->work ? -1 : 1;
  return (x > y) - (x < y);
}

/* One look at every point that has something open and can be afforded, the cheapest first. *any: was there one? */
static plim_status next_looks(plimi_comparison *c, plimi_comparison_point **open, bool *any)
{
  size_t count = 0, chosen = 0;
  double work = 0.0;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < c->campaign->product.count && status == PLIM_OK; i++) {
    bool is_any = false;
    status = plan(c, &c->points[i], &is_any);
    if (is_any)
      open[count++] = &c->points[i];
  }
  if (status != PLIM_OK)
    return status;
  qsort(open, count, sizeof *open, compare_work);
  while (chosen < count && c->spent + work + open[chosen]->work <= c->budget)
    work += open[chosen++]->work;
  *any = chosen > 0;
  if (chosen > 0)
    plimi_progress_look(&c->campaign->progress);
  for (size_t i = 0; i < chosen; i++)
    announce(c, open[i]);
  for (size_t i = 0; i < chosen && status == PLIM_OK; i++) {
    open[i]->grown = true;
    status = look(c, (size_t)(open[i] - c->points));
  }
  status = plimi_share_status(c->campaign->share, status);
  return status == PLIM_OK ? judge_family(c) : status;
}

/* Of what is UNDECIDED: by how much the replicas would have to grow, and the processor time of those to come. */
static void say_growth(const plimi_comparison *c, plimi_comparison_point *point)
{
  double spent = 0.0;
  for (size_t k = 0; k < settings_of(c)->d.count; k++)
    spent += (double)point->runs[k].replicas * plim_replica_seconds(&point->runs[k].size);
  for (size_t i = 0; i < ladders_of(c); i++) {
    plimi_judged *judged = &point->ladders[i].judged;
    if (!judged->judged || judged->judgement.verdict != PLIM_UNDECIDED)
      continue;
    judged->growth = INFINITY;
    if (misfits(c, judged) || (c->in_looks && judged->looks >= PLIM_MOST_LOOKS))
      continue;
    const double needed = plim_growth_needed(&judged->judgement, level_at(c, judged->looks), c->power);
    judged->growth = fmax(needed, point->grown ? 2.0 : least_factor); /* as much as the next look has */
    judged->seconds = (judged->growth - 1.0) * spent;
  }
}

/* ---- The whole ----------------------------------------------------------------------------------------- */

/* The runs of every point, and its first look: the pilot, or all there is to draw. */
static plim_status begin(plimi_comparison *c)
{
  const size_t sizes = settings_of(c)->d.count, points = c->campaign->product.count;
  c->points = plimi_allocate(points, sizeof *c->points);
  if (c->in_looks)
    plimi_progress_look(&c->campaign->progress);
  for (size_t i = 0; i < points; i++) {
    plimi_comparison_point *point = &c->points[i];
    point->runs = plimi_allocate(sizes, sizeof *point->runs);
    point->next = plimi_allocate(sizes, sizeof *point->next);
    for (size_t k = 0; k < sizes; k++) {
      const plim_status status = plimi_campaign_plan(c->campaign, i, k, &point->runs[k]);
      if (status != PLIM_OK)
        return status;
      point->next[k] = c->in_looks ? PLIMI_PILOT : point->runs[k].replicas;
      point->runs[k].replicas = 0;
    }
    price(c, point);
    if (c->in_looks) /* else the campaign has said so */
      announce(c, point);
  }
  return PLIM_OK;
}

plim_status plimi_comparison_pilot(plimi_comparison *c)
{
  plim_status status = begin(c);
  for (size_t i = 0; i < c->campaign->product.count && status == PLIM_OK; i++)
    status = look(c, i);
  status = plimi_share_status(c->campaign->share, status);
  return status == PLIM_OK ? judge_family(c) : status;
}

plim_status plimi_comparison_run(plimi_comparison *c)
{
  const size_t points = c->campaign->product.count;
  plimi_comparison_point **open = plimi_allocate(points, sizeof(plimi_comparison_point *));
  bool any = c->in_looks;
  plim_status status = plimi_comparison_pilot(c);
  while (any && status == PLIM_OK)
    status = next_looks(c, open, &any);
  for (size_t i = 0; i < points && status == PLIM_OK; i++)
    say_growth(c, &c->points[i]);
  free(open);
  return status;
}

void plimi_comparison_rows(plimi_comparison *c, plimi_output *output, plimi_outcome *outcome,
                           plimi_judged **verdicts, size_t *count)
{
  const size_t points = c->campaign->product.count;
  *verdicts = plimi_allocate(points * ladders_of(c), sizeof **verdicts);
  *count = 0;
  for (size_t i = 0; i < points; i++) {
    plimi_comparison_point *point = &c->points[i];
    for (size_t k = 0; k < ladders_of(c); k++) {
      plimi_ladder *ladder = &point->ladders[k];
      if (ladder->left_out)
        continue;
      plimi_ladder_rows(ladder, point->runs, output, outcome);
      if (settings_of(c)->d.count < PLIMI_LEAST_SIZES)
        continue;
      plimi_ladder_note(ladder, outcome);
      (*verdicts)[(*count)++] = ladder->judged;
    }
  }
}

void plimi_comparison_free(plimi_comparison *c)
{
  for (size_t i = 0; c->points != NULL && i < c->campaign->product.count; i++) {
    plimi_comparison_point *point = &c->points[i];
    for (size_t k = 0; point->runs != NULL && k < settings_of(c)->d.count; k++)
      plimi_run_free(&point->runs[k]);
    for (size_t k = 0; point->ladders != NULL && k < ladders_of(c); k++)
      plimi_ladder_free(&point->ladders[k]);
    free(point->runs);
    free(point->next);
    free(point->ladders);
  }
  free(c->points);
}
