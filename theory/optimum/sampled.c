/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sampled.c - the optimum of a quantity of which nothing is proved: a grid over the range, and its best points
   refined.

   SOURCES. Brent's method is GSL's (optimum.c).

   NOTATION. As in optimum.c. x is lambda or eta, u = log x.
   NORMALISATION. eta is the eta0 of eta0 N^eta_exponent; its grid reaches from 1e-4 to 30 times what eta/sqrt
   N = 1 means where the range has no ends of its own, lambda's from 1e-8 to 1e3, to begin with.

   NUMERICAL METHOD. One variable: GRID points evenly spaced in log x, and x = 0 where the range begins there.
   Where the range has no end of its own and the best point is the last one, the grid goes on with the same spacing
   until that is so no more: the next point is worse, or no better than the errors tell, or has no value, or MOST_GROWN
   were added. Each of the lowest valleys of the grid, three at most, is refined by Brent's method. Two variables:
   plane.c.
   WHAT IS CERTAIN. That no point of the grid is better, and that the point given is the best of its own
   valley. A valley narrower than the grid, 0.16 in log lambda for one variable, would be missed: hence
   `sampled`.
   LIMITING CASES. Where the end x = 0 is as good as the best, it is the best. A grid point where the quantity
   diverges counts as the worst for a risk; an improvement that diverges is PLIM_DIVERGES.
   DOMAIN. Any quantity with a goal. A point without a value for another reason ends the search with its
   status, for an optimum of what could be computed would not be one of the range; unless it lies towards an end that
   the range does not have, which then begins or ends before it.
   ERROR, DRIFT. As in optimum.c. */
#include <math.h>

#include "../bounded.h"
#include "optimum.h"

/* MOST_GROWN: on either side, 24 powers of ten of lambda. */
enum { GRID = 161, MOST_GROWN = 350, VALLEYS = 3 };
static const plim_range usual_lambda = {1e-8, 1e3}, usual_step = {1e-4, 30.0};

plim_range plimi_sampled_range(const plimi_target *target, plimi_axis axis, plim_range range)
{
  const plim_problem *p = &target->here;
  double unit = 1.0;
  plim_range usual = usual_lambda;
  if (axis == PLIMI_AXIS_ETA) {
    usual = usual_step;
    if (isfinite(p->d))
      unit = pow(p->psi2 * p->d, 0.5 - p->eta_exponent);
  }
  const double span = usual.high / usual.low;
  plim_range made = range;
  if (range.low == 0.0)
    made.low = fmin(usual.low * unit, range.high / span);
  if (isinf(range.high))
    made.high = fmax(usual.high * unit, made.low * span);
  return made;
}

double plimi_sampled_point(plim_range range, int i, int count)
{
  return i == count - 1 ? range.high : range.low * pow(range.high / range.low, (double)i / (count - 1));
}

plim_status plimi_sample_at(plimi_target *target, plimi_axis axis, double x, plimi_sample *sample)
{
  sample->x = x;
  const plim_status status = plimi_target_at(target, axis, x, &sample->value);
  if (status != PLIM_DIVERGES || target->sign < 0.0)
    return status;
  sample->value = (plim_value){INFINITY, 0.0};
  return PLIM_OK;
}

int plimi_sample_compare(const plimi_sample *now, const plimi_sample *before)
{
  const double gap = now->value.value - before->value.value, error = now->value.error + before->value.error;
  return gap < -error ? -1 : gap > error ? 1 : 0;
}

/* The points of one variable, room[first..last], and room to go on at either side. */
typedef struct {
  plimi_sample room[MOST_GROWN + GRID + MOST_GROWN];
  int first, last;
} line;

static int best_of(const line *l)
{
  int best = l->first;
  for (int i = l->first + 1; i <= l->last; i++)
    if (l->room[i].value.value < l->room[best].value.value)
      best = i;
  return best;
}

bool plimi_sample_is_missing(plim_status status)
{
  return status == PLIM_OUTSIDE_DOMAIN || status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE;
}

static plim_status grow(plimi_target *target, plimi_axis axis, line *l, bool upward)
{
  const double ratio = l->room[l->last].x / l->room[l->last - 1].x;
  for (int grown = 0; grown < MOST_GROWN; grown++) {
    const int end = upward ? l->last : l->first;
    plimi_sample next;
    if (best_of(l) != end)
      return PLIM_OK;
    const plim_status status =
        plimi_sample_at(target, axis, upward ? l->room[end].x * ratio : l->room[end].x / ratio, &next);
    if (status != PLIM_OK)
      return plimi_sample_is_missing(status) ? PLIM_OK : status;
    if (plimi_sample_compare(&next, &l->room[end]) == 0)
      return PLIM_OK;
    l->room[upward ? ++l->last : --l->first] = next;
  }
  return PLIM_OK;
}

static bool is_valley(const line *l, int i)
{
  const double here = l->room[i].value.value;
  return isfinite(here) && here <= l->room[i - 1].value.value && here <= l->room[i + 1].value.value;
}

/* The lowest valley of the grid not yet seen, or -1: the next one to look into. */
static int next_valley(const line *l, const bool *seen)
{
  int found = -1;
  for (int i = l->first + 1; i < l->last; i++)
    if (!seen[i] && is_valley(l, i) && (found < 0 || l->room[i].value.value < l->room[found].value.value))
      found = i;
  return found;
}

static void take(plim_best *best, plim_optimum *optimum, const plimi_sample *sample, plim_place place,
                 plim_range bracket)
{
  best->place = place;
  best->at = sample->x;
  best->bracket = bracket;
  optimum->value = sample->value;
}

static plim_status look_into_valleys(plimi_target *target, plimi_axis axis, const line *l, plim_best *best,
                                     plim_optimum *optimum)
{
  bool seen[MOST_GROWN + GRID + MOST_GROWN] = {false};
  for (int valley = 0; valley < VALLEYS; valley++) {
    const int i = next_valley(l, seen);
    if (i < 0)
      break;
    seen[i] = true;
    plimi_sample found = l->room[i];
    bool refined;
    const plim_range around = {l->room[i - 1].x, l->room[i + 1].x};
    const plim_status status = plimi_optimum_refine(target, axis, around, &found, &refined);
    if (status != PLIM_OK)
      return status;
    if (found.value.value < optimum->value.value)
      take(best, optimum, &found, PLIM_PLACE_INSIDE, around);
  }
  return PLIM_OK;
}

static bool is_flat(const line *l)
{
  for (int i = l->first + 1; i <= l->last; i++)
    if (!(fabs(l->room[i].value.value - l->room[l->first].value.value) <=
          l->room[i].value.error + l->room[l->first].value.error))
      return false;
  return true;
}

/* 0 itself, which is no point of the grid: *known where it has a value. */
static plim_status look_at_zero(plimi_target *target, plimi_axis axis, plimi_sample *zero, bool *known)
{
  const plim_status status = plimi_sample_at(target, axis, 0.0, zero);
  *known = status == PLIM_OK;
  return plimi_sample_is_missing(status) ? PLIM_OK : status; /* some quantities want a penalty */
}

/* The grid over `range`. Towards an end that the range does not have points may have no value: it is then the longest
   run of those that have. */
static plim_status fill_line(plimi_target *target, plimi_axis axis, plim_range range, line *l)
{
  const plim_range finite = plimi_sampled_range(target, axis, range);
  plim_status missing = PLIM_OK;
  int run = 0, longest = 0, end = -1;
  for (int i = 0; i < GRID; i++) {
    const double x = plimi_sampled_point(finite, i, GRID);
    const plim_status status = plimi_sample_at(target, axis, x, &l->room[MOST_GROWN + i]);
    if (status != PLIM_OK && !plimi_sample_is_missing(status))
      return status;
    missing = status == PLIM_OK ? missing : status;
    run = status == PLIM_OK ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      end = i;
    }
  }
  l->last = MOST_GROWN + end;
  l->first = l->last - longest + 1;
  const bool is_whole_below = end - longest + 1 == 0 || range.low == 0.0;
  const bool is_whole_above = end == GRID - 1 || isinf(range.high);
  return longest >= 2 && is_whole_below && is_whole_above ? PLIM_OK : missing;
}

plim_status plimi_optimum_sample_one(plimi_target *target, plimi_axis axis, plim_range range,
                                     plim_optimum *optimum)
{
  plim_best *best = axis == PLIMI_AXIS_LAMBDA ? &optimum->lambda : &optimum->eta;
  line l;
  plimi_sample zero = {0.0, {INFINITY, 0.0}};
  bool has_zero = false;
  plim_status status = fill_line(target, axis, range, &l);
  if (status == PLIM_OK && isinf(range.high))
    status = grow(target, axis, &l, true);
  if (status == PLIM_OK && range.low == 0.0)
    status = look_at_zero(target, axis, &zero, &has_zero);
  if (status == PLIM_OK && range.low == 0.0 &&
      (!has_zero || plimi_sample_compare(&zero, &l.room[best_of(&l)]) > 0))
    status = grow(target, axis, &l, false);
  if (status != PLIM_OK)
    return status;
  const plimi_sample *low = &l.room[l.first], *high = &l.room[l.last];
  best->searched = (plim_range){low->x, high->x};
  take(best, optimum, low, PLIM_PLACE_LOW, (plim_range){low[0].x, low[1].x});
  if (high->value.value < optimum->value.value)
    take(best, optimum, high, PLIM_PLACE_HIGH, (plim_range){high[-1].x, high[0].x});
  status = look_into_valleys(target, axis, &l, best, optimum);
  if (status != PLIM_OK)
    return status;
  if (has_zero && zero.value.value - zero.value.error <= optimum->value.value + optimum->value.error)
    take(best, optimum, &zero, PLIM_PLACE_ZERO, (plim_range){0.0, best->searched.low});
  if (!isfinite(optimum->value.value))
    return PLIM_DIVERGES;
  if (is_flat(&l))
    take(best, optimum, low, PLIM_PLACE_ANYWHERE, best->searched);
  optimum->bound = NAN;
  optimum->certificate = PLIM_CERTIFICATE_SAMPLED;
  return PLIM_OK;
}
