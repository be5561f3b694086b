/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sampled.c - the optimum of a quantity of which nothing is proved: a grid over the range, and its best points
   refined.

   SOURCES. Brent's method and the simplex of Nelder and Mead are GSL's.

   NOTATION. As in optimum.c. x is lambda or eta, u = log x.
   NORMALISATION. eta is the eta0 of eta0 N^eta_exponent; its grid reaches from 1e-4 to 30 times what eta/sqrt
   N = 1 means where the range has no ends of its own, lambda's from 1e-8 to 1e3, to begin with.

   NUMERICAL METHOD. One variable: GRID points evenly spaced in log x, and x = 0 where the range begins there.
   Where the range has no end of its own and the best point is the last one, the grid goes on with the same spacing
   until that is so no more: the next point is worse, or no better than the errors tell, or has no value, or MOST_GROWN
   were added. In two variables it goes on by whole lines. Each of the lowest valleys of the grid, three at most, is refined by Brent's method. Two variables: a grid
   of SIDE x SIDE; its best point, if it is inside, is refined by the simplex, beyond the range continued by
   the value at the border plus the squared distance; on the border, along the border.
   WHAT IS CERTAIN. That no point of the grid is better, and that the point given is the best of its own
   valley. A valley narrower than the grid, 0.16 in log lambda for one variable, would be missed: hence
   `sampled`.
   LIMITING CASES. Where the end x = 0 is as good as the best, it is the best. A grid point where the quantity
   diverges counts as the worst for a risk; an improvement that diverges is PLIM_DIVERGES.
   DOMAIN. Any quantity with a goal. A point without a value for another reason ends the search with its
   status: an optimum of what could be computed would not be one of the range.
   ERROR, DRIFT. As in optimum.c. */
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "../bounded.h"
#include "optimum.h"

/* MOST_GROWN: on either side, 24 powers of ten of lambda for one variable and 27 for two. */
enum { GRID = 161, MOST_GROWN = 350, SIDE = 25, MOST_LINES = 60, VALLEYS = 3, MOST_SIMPLEX_STEPS = 400 };
static const plim_range usual_lambda = {1e-8, 1e3}, usual_step = {1e-4, 30.0};
static const double simplex_size = 1e-7; /* in log x */

/* The range with finite ends > 0: the user's, or the usual. */
static plim_range finite_range(const plimi_target *target, plimi_axis axis, plim_range range)
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

static double grid_point(plim_range range, int i, int count)
{
  return i == count - 1 ? range.high : range.low * pow(range.high / range.low, (double)i / (count - 1));
}

/* A point of the grid; where a risk diverges it is the worst there is. */
static plim_status sample_at(plimi_target *target, plimi_axis axis, double x, plimi_sample *sample)
{
  sample->x = x;
  const plim_status status = plimi_target_at(target, axis, x, &sample->value);
  if (status != PLIM_DIVERGES || target->sign < 0.0)
    return status;
  sample->value = (plim_value){INFINITY, 0.0};
  return PLIM_OK;
}

/* Is `now` better than `before` by more than their errors, or worse, or neither? -1, 1, 0 */
static int compare(const plimi_sample *now, const plimi_sample *before)
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

/* A point beyond an end that has no value ends the growth; what stops a whole search ends that. */
static bool is_no_value(plim_status status)
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
        sample_at(target, axis, upward ? l->room[end].x * ratio : l->room[end].x / ratio, &next);
    if (status != PLIM_OK)
      return is_no_value(status) ? PLIM_OK : status;
    if (compare(&next, &l->room[end]) == 0)
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
  const plim_status status = sample_at(target, axis, 0.0, zero);
  *known = status == PLIM_OK;
  return status == PLIM_OUTSIDE_DOMAIN ? PLIM_OK : status; /* some quantities want a penalty */
}

/* The grid over `range`, grown upwards where it is open. */
static plim_status fill_line(plimi_target *target, plimi_axis axis, plim_range range, line *l)
{
  const plim_range finite = finite_range(target, axis, range);
  l->first = MOST_GROWN;
  l->last = MOST_GROWN + GRID - 1;
  for (int i = 0; i < GRID; i++) {
    const plim_status status = sample_at(target, axis, grid_point(finite, i, GRID), &l->room[l->first + i]);
    if (status != PLIM_OK)
      return status;
  }
  return isinf(range.high) ? grow(target, axis, l, true) : PLIM_OK;
}

plim_status plimi_optimum_sample_one(plimi_target *target, plimi_axis axis, plim_range range,
                                     plim_optimum *optimum)
{
  plim_best *best = axis == PLIMI_AXIS_LAMBDA ? &optimum->lambda : &optimum->eta;
  line l;
  plimi_sample zero = {0.0, {INFINITY, 0.0}};
  bool has_zero = false;
  plim_status status = fill_line(target, axis, range, &l);
  if (status == PLIM_OK && range.low == 0.0)
    status = look_at_zero(target, axis, &zero, &has_zero);
  if (status == PLIM_OK && range.low == 0.0 && (!has_zero || compare(&zero, &l.room[best_of(&l)]) > 0))
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

/* Both variables, in logarithms. */
typedef struct {
  plimi_target *target;
  plim_range lambda, eta;
  plim_status status;
} plane;

static double kept_inside(double u, plim_range range, double *beyond)
{
  const double inside = fmin(fmax(u, log(range.low)), log(range.high));
  *beyond += (u - inside) * (u - inside);
  return exp(inside);
}

static double target_in_plane(const gsl_vector *point, void *params)
{
  plane *p = params;
  double beyond = 0.0;
  plim_value value = {NAN, NAN};
  plimi_target_set(p->target, PLIMI_AXIS_LAMBDA, kept_inside(gsl_vector_get(point, 0), p->lambda, &beyond));
  plimi_target_set(p->target, PLIMI_AXIS_ETA, kept_inside(gsl_vector_get(point, 1), p->eta, &beyond));
  const plim_status status = plimi_target_value(p->target, &value);
  if (status != PLIM_OK)
    p->status = status;
  return value.value + beyond;
}

/* From *lambda, *eta down into the valley they lie in. */
static plim_status descend(plane *p, double *lambda, double *eta)
{
  gsl_multimin_fminimizer *simplex = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
  gsl_vector *start = gsl_vector_alloc(2), *reach = gsl_vector_alloc(2);
  plim_status status = PLIM_NO_MEMORY;
  if (simplex == NULL || start == NULL || reach == NULL)
    goto done;
  gsl_multimin_function function = {.f = target_in_plane, .n = 2, .params = p};
  gsl_vector_set(start, 0, log(*lambda));
  gsl_vector_set(start, 1, log(*eta));
  gsl_vector_set(reach, 0, log(p->lambda.high / p->lambda.low) / SIDE);
  gsl_vector_set(reach, 1, log(p->eta.high / p->eta.low) / SIDE);
  status = PLIM_NOT_CONVERGED;
  if (gsl_multimin_fminimizer_set(simplex, &function, start, reach) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MOST_SIMPLEX_STEPS && status != PLIM_OK; step++) {
    if (gsl_multimin_fminimizer_iterate(simplex) != GSL_SUCCESS || p->status != PLIM_OK)
      goto done;
    if (gsl_multimin_fminimizer_size(simplex) <= simplex_size)
      status = PLIM_OK;
  }
  double beyond = 0.0;
  *lambda = kept_inside(gsl_vector_get(simplex->x, 0), p->lambda, &beyond);
  *eta = kept_inside(gsl_vector_get(simplex->x, 1), p->eta, &beyond);
done:
  gsl_multimin_fminimizer_free(simplex);
  gsl_vector_free(start);
  gsl_vector_free(reach);
  return p->status != PLIM_OK ? p->status : status;
}

/* Row i and column k of the grid that is best. Steps are the slow index: what a quantity tabulates depends on
   them. */
static plim_status best_of_grid(const plane *p, int *best_i, int *best_k)
{
  double least = INFINITY;
  *best_i = *best_k = -1;
  for (int i = 0; i < SIDE; i++) {
    plimi_target_set(p->target, PLIMI_AXIS_ETA, grid_point(p->eta, i, SIDE));
    for (int k = 0; k < SIDE; k++) {
      plimi_sample sample;
      const plim_status status =
          sample_at(p->target, PLIMI_AXIS_LAMBDA, grid_point(p->lambda, k, SIDE), &sample);
      if (status != PLIM_OK)
        return status;
      if (sample.value.value < least) {
        least = sample.value.value;
        *best_i = i;
        *best_k = k;
      }
    }
  }
  return *best_i < 0 ? PLIM_DIVERGES : PLIM_OK;
}

static plim_range around(plim_range range, int i)
{
  return (plim_range){grid_point(range, i > 0 ? i - 1 : 0, SIDE),
                      grid_point(range, i + 1 < SIDE ? i + 1 : SIDE - 1, SIDE)};
}

static void place_end(plim_best *best, plim_range range, int i)
{
  best->place = i == 0 ? PLIM_PLACE_LOW : PLIM_PLACE_HIGH;
  best->at = i == 0 ? range.low : range.high;
  best->bracket = around(range, i);
  best->searched = range;
}

plim_status plimi_optimum_sample_both(plimi_target *target, const plim_search *search, plim_optimum *optimum)
{
  plane p = {target, finite_range(target, PLIMI_AXIS_LAMBDA, search->lambda),
             finite_range(target, PLIMI_AXIS_ETA, search->eta), PLIM_OK};
  int i, k;
  plim_status status = best_of_grid(&p, &i, &k);
  if (status != PLIM_OK)
    return status;
  if (i == 0 || i == SIDE - 1) { /* along the border */
    place_end(&optimum->eta, p.eta, i);
    plimi_target_set(target, PLIMI_AXIS_ETA, optimum->eta.at);
    return plimi_optimum_sample_one(target, PLIMI_AXIS_LAMBDA, search->lambda, optimum);
  }
  if (k == 0 || k == SIDE - 1) {
    place_end(&optimum->lambda, p.lambda, k);
    plimi_target_set(target, PLIMI_AXIS_LAMBDA, optimum->lambda.at);
    return plimi_optimum_sample_one(target, PLIMI_AXIS_ETA, search->eta, optimum);
  }
  double lambda = grid_point(p.lambda, k, SIDE), eta = grid_point(p.eta, i, SIDE);
  status = descend(&p, &lambda, &eta);
  plimi_target_set(target, PLIMI_AXIS_LAMBDA, lambda);
  if (status == PLIM_OK)
    status = plimi_target_at(target, PLIMI_AXIS_ETA, eta, &optimum->value);
  if (status != PLIM_OK)
    return status;
  optimum->lambda = (plim_best){
      .place = PLIM_PLACE_INSIDE, .at = lambda, .bracket = around(p.lambda, k), .searched = p.lambda};
  optimum->eta =
      (plim_best){.place = PLIM_PLACE_INSIDE, .at = eta, .bracket = around(p.eta, i), .searched = p.eta};
  optimum->bound = NAN;
  optimum->certificate = PLIM_CERTIFICATE_SAMPLED;
  return PLIM_OK;
}
