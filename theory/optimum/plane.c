/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plane.c - the optimum of lambda and eta together, of a quantity of which nothing is proved.

   SOURCES. The simplex of Nelder and Mead is GSL's.

   NOTATION, NORMALISATION. As in sampled.c.
   NUMERICAL METHOD. A grid of SIDE x SIDE points, evenly spaced in the logarithms. Where the best point is on a border
   and the range has no end of its own there, the grid goes on by a line of points, until the next line has nothing
   better, or no better than the errors tell, or a point without a value. The best point, if it is inside, is refined by
   the simplex, beyond the range continued by the value at the border plus the squared distance, and the range is made
   longer where the simplex ends at an open border of it; on a border (or at 0,
   where a range begins there), along it.
   WHAT IS CERTAIN. That no point of the grid is better.
   LIMITING CASES, DOMAIN, ERROR, DRIFT. As in sampled.c. */
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "../bounded.h"
#include "optimum.h"

/* MOST_LINES: 27 powers of ten of lambda. */
enum {
  SIDE = 25,
  MOST_LINES = 60,
  MOST_SIMPLEX_STEPS = 400,
  AXES = 2,
  LINES_AT_ONCE = 2,
  END_OF_SIMPLEX = 100
};
static const double simplex_size = 1e-7; /* in log x */

/* One side of the grid: `count` points over the range, which may grow where it is open. */
typedef struct {
  plim_range range;
  int count;
  bool open_low, open_high;
} side;

/* Both variables, in logarithms. */
typedef struct {
  plimi_target *target;
  side axis[AXES]; /* by plimi_axis */
  plim_status status;
} plane;

/* A point of the grid, or, by follow, between its points. */
typedef struct {
  int at[AXES];
  double x[AXES];
  plimi_sample sample;
} spot;

static double point_of(const side *s, int i)
{
  return plimi_sampled_point(s->range, i, s->count);
}

static double spacing(const side *s)
{
  return pow(s->range.high / s->range.low, 1.0 / (s->count - 1));
}

static side side_over(const plimi_target *target, plimi_axis axis, plim_range range)
{
  return (side){.range = plimi_sampled_range(target, axis, range),
                .count = SIDE,
                .open_low = range.low == 0.0,
                .open_high = isinf(range.high)};
}

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
  plimi_target_set(p->target, PLIMI_AXIS_LAMBDA,
                   kept_inside(gsl_vector_get(point, 0), p->axis[PLIMI_AXIS_LAMBDA].range, &beyond));
  plimi_target_set(p->target, PLIMI_AXIS_ETA,
                   kept_inside(gsl_vector_get(point, 1), p->axis[PLIMI_AXIS_ETA].range, &beyond));
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
  gsl_vector_set(reach, 0,
                 log(p->axis[PLIMI_AXIS_LAMBDA].range.high / p->axis[PLIMI_AXIS_LAMBDA].range.low) / SIDE);
  gsl_vector_set(reach, 1,
                 log(p->axis[PLIMI_AXIS_ETA].range.high / p->axis[PLIMI_AXIS_ETA].range.low) / SIDE);
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
  *lambda = kept_inside(gsl_vector_get(simplex->x, 0), p->axis[PLIMI_AXIS_LAMBDA].range, &beyond);
  *eta = kept_inside(gsl_vector_get(simplex->x, 1), p->axis[PLIMI_AXIS_ETA].range, &beyond);
done:
  gsl_multimin_fminimizer_free(simplex);
  gsl_vector_free(start);
  gsl_vector_free(reach);
  return p->status != PLIM_OK ? p->status : status;
}

/* The best of the points along `along`, the other variable being where the target is. */
static plim_status best_of_line(const plane *p, plimi_axis along, spot *best)
{
  best->sample.value = (plim_value){INFINITY, 0.0};
  for (int i = 0; i < p->axis[along].count; i++) {
    plimi_sample sample;
    const plim_status status = plimi_sample_at(p->target, along, point_of(&p->axis[along], i), &sample);
    if (status != PLIM_OK)
      return status;
    if (i == 0 || sample.value.value < best->sample.value.value) {
      best->sample = sample;
      best->at[along] = i;
    }
  }
  return PLIM_OK;
}

/* Steps are the slow index: what a quantity tabulates depends on them. */
static plim_status best_of_grid(const plane *p, spot *best)
{
  best->sample.value = (plim_value){INFINITY, 0.0};
  for (int i = 0; i < p->axis[PLIMI_AXIS_ETA].count; i++) {
    spot here = {.at = {0}};
    plimi_target_set(p->target, PLIMI_AXIS_ETA, point_of(&p->axis[PLIMI_AXIS_ETA], i));
    const plim_status status = best_of_line(p, PLIMI_AXIS_LAMBDA, &here);
    if (status != PLIM_OK)
      return status;
    here.at[PLIMI_AXIS_ETA] = i;
    if (here.sample.value.value < best->sample.value.value)
      *best = here;
  }
  return isfinite(best->sample.value.value) ? PLIM_OK : PLIM_DIVERGES;
}

/* Is the best point on a border where the range is open, and on which? */
static bool find_open_border(const plane *p, const spot *best, plimi_axis *axis, bool *high)
{
  for (int a = 0; a < AXES; a++) {
    const side *s = &p->axis[a];
    *axis = (plimi_axis)a;
    *high = best->at[a] == s->count - 1;
    if ((*high && s->open_high) || (best->at[a] == 0 && s->open_low))
      return true;
  }
  return false;
}

/* One line more beyond a border; where it tells nothing the border is the end. */
static plim_status add_line(plane *p, plimi_axis axis, bool high, spot *best)
{
  const plimi_axis along = axis == PLIMI_AXIS_LAMBDA ? PLIMI_AXIS_ETA : PLIMI_AXIS_LAMBDA;
  side *s = &p->axis[axis];
  const double ratio = spacing(s);
  const double x = high ? s->range.high * ratio : s->range.low / ratio;
  spot next = {.at = {0}};
  plimi_target_set(p->target, axis, x);
  const plim_status status = best_of_line(p, along, &next);
  if (status != PLIM_OK && !plimi_sample_is_missing(status))
    return status;
  const int order = status == PLIM_OK ? plimi_sample_compare(&next.sample, &best->sample) : 0;
  if (order == 0) {
    *(high ? &s->open_high : &s->open_low) = false;
    return PLIM_OK;
  }
  *(high ? &s->range.high : &s->range.low) = x;
  s->count++;
  best->at[axis] += high ? 0 : 1;
  next.at[axis] = high ? s->count - 1 : 0;
  if (order < 0)
    *best = next;
  return PLIM_OK;
}

static plim_status grow(plane *p, spot *best)
{
  plimi_axis axis;
  bool high;
  for (int line = 0; line < MOST_LINES && find_open_border(p, best, &axis, &high); line++) {
    const plim_status status = add_line(p, axis, high, best);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static plim_range around(const side *s, int i)
{
  return (plim_range){point_of(s, i > 0 ? i - 1 : 0), point_of(s, i + 1 < s->count ? i + 1 : i)};
}

static bool is_on_border(const side *s, int i)
{
  return i == 0 || i == s->count - 1;
}

/* The best is on a border of `axis`: stay there, or at 0 where the range begins with it, and search the other. */
static plim_status search_border(const plane *p, plimi_axis axis, const spot *best, const plim_search *search,
                                 plim_optimum *optimum)
{
  const side *s = &p->axis[axis];
  const bool is_lambda = axis == PLIMI_AXIS_LAMBDA, is_low = best->at[axis] == 0;
  plim_best *end = is_lambda ? &optimum->lambda : &optimum->eta;
  *end = (plim_best){.place = is_low ? PLIM_PLACE_LOW : PLIM_PLACE_HIGH,
                     .at = is_low ? s->range.low : s->range.high,
                     .bracket = around(s, best->at[axis]),
                     .searched = s->range};
  if (is_low && (is_lambda ? search->lambda : search->eta).low == 0.0) {
    plimi_sample zero;
    const plimi_axis other = is_lambda ? PLIMI_AXIS_ETA : PLIMI_AXIS_LAMBDA;
    plimi_target_set(p->target, other, point_of(&p->axis[other], best->at[other]));
    const plim_status status = plimi_sample_at(p->target, axis, 0.0, &zero);
    if (status != PLIM_OK && !plimi_sample_is_missing(status))
      return status;
    if (status == PLIM_OK && plimi_sample_compare(&zero, &best->sample) <= 0) {
      end->place = PLIM_PLACE_ZERO;
      end->at = 0.0;
      end->bracket = (plim_range){0.0, s->range.low};
    }
  }
  plimi_target_set(p->target, axis, end->at);
  return is_lambda ? plimi_optimum_sample_one(p->target, PLIMI_AXIS_ETA, search->eta, optimum)
                   : plimi_optimum_sample_one(p->target, PLIMI_AXIS_LAMBDA, search->lambda, optimum);
}

static bool is_at(double x, double end)
{
  return fabs(log(x / end)) <= END_OF_SIMPLEX * simplex_size;
}

/* A valley that runs aslant, as where lambda is to grow with eta^2, goes on where no line of the grid shows it: room by
   some lines more where the simplex came to an open border. */
static bool make_room(plane *p, const spot *here)
{
  bool made = false;
  for (int a = 0; a < AXES; a++) {
    side *s = &p->axis[a];
    const bool high = s->open_high && is_at(here->x[a], s->range.high);
    const bool low = s->open_low && is_at(here->x[a], s->range.low);
    const double ratio = pow(spacing(s), LINES_AT_ONCE);
    if (high)
      s->range.high *= ratio;
    if (low)
      s->range.low /= ratio;
    s->count += high || low ? LINES_AT_ONCE : 0;
    made = made || high || low;
  }
  return made;
}

/* Down from a point of the grid, and on as long as that is better than the errors tell and has a value. */
static plim_status follow(plane *p, spot *best, plim_value *value)
{
  double *lambda = &best->x[PLIMI_AXIS_LAMBDA], *eta = &best->x[PLIMI_AXIS_ETA];
  *lambda = point_of(&p->axis[PLIMI_AXIS_LAMBDA], best->at[PLIMI_AXIS_LAMBDA]);
  *eta = point_of(&p->axis[PLIMI_AXIS_ETA], best->at[PLIMI_AXIS_ETA]);
  plim_status status = PLIM_OK;
  bool goes_on = true;
  for (int round = 0; round < MOST_LINES && goes_on; round++) {
    spot next = *best;
    const side before[AXES] = {p->axis[0], p->axis[1]};
    if (round > 0 && !make_room(p, best))
      break;
    status = descend(p, &next.x[PLIMI_AXIS_LAMBDA], &next.x[PLIMI_AXIS_ETA]);
    plimi_target_set(p->target, PLIMI_AXIS_LAMBDA, next.x[PLIMI_AXIS_LAMBDA]);
    if (status == PLIM_OK)
      status = plimi_target_at(p->target, PLIMI_AXIS_ETA, next.x[PLIMI_AXIS_ETA], &next.sample.value);
    if (round > 0 && plimi_sample_is_missing(status)) {
      p->axis[0] = before[0];
      p->axis[1] = before[1];
      p->status = PLIM_OK;
      break;
    }
    if (status != PLIM_OK)
      return status;
    goes_on = round == 0 || plimi_sample_compare(&next.sample, &best->sample) < 0;
    if (goes_on)
      *best = next;
  }
  plimi_target_set(p->target, PLIMI_AXIS_LAMBDA, *lambda);
  plimi_target_set(p->target, PLIMI_AXIS_ETA, *eta);
  *value = best->sample.value;
  return PLIM_OK;
}

/* Where the best is, between the lines of the grid next to it. */
static plim_best end_of(const side *s, double x)
{
  const double ratio = spacing(s);
  const bool low = is_at(x, s->range.low), high = is_at(x, s->range.high);
  return (plim_best){.place = low    ? PLIM_PLACE_LOW
                              : high ? PLIM_PLACE_HIGH
                                     : PLIM_PLACE_INSIDE,
                     .at = x,
                     .bracket = {fmax(s->range.low, x / ratio), fmin(s->range.high, x * ratio)},
                     .searched = s->range};
}

plim_status plimi_optimum_sample_both(plimi_target *target, const plim_search *search, plim_optimum *optimum)
{
  plane p = {.target = target, .status = PLIM_OK};
  p.axis[PLIMI_AXIS_LAMBDA] = side_over(target, PLIMI_AXIS_LAMBDA, search->lambda);
  p.axis[PLIMI_AXIS_ETA] = side_over(target, PLIMI_AXIS_ETA, search->eta);
  const side *lambdas = &p.axis[PLIMI_AXIS_LAMBDA], *etas = &p.axis[PLIMI_AXIS_ETA];
  spot best;
  plim_status status = best_of_grid(&p, &best);
  if (status == PLIM_OK)
    status = grow(&p, &best);
  if (status != PLIM_OK)
    return status;
  const int i = best.at[PLIMI_AXIS_ETA], k = best.at[PLIMI_AXIS_LAMBDA];
  if (is_on_border(etas, i))
    return search_border(&p, PLIMI_AXIS_ETA, &best, search, optimum);
  if (is_on_border(lambdas, k))
    return search_border(&p, PLIMI_AXIS_LAMBDA, &best, search, optimum);
  spot low = best;
  status = follow(&p, &low, &optimum->value);
  if (status != PLIM_OK)
    return status;
  optimum->lambda = end_of(lambdas, low.x[PLIMI_AXIS_LAMBDA]);
  optimum->eta = end_of(etas, low.x[PLIMI_AXIS_ETA]);
  optimum->bound = NAN;
  optimum->certificate = PLIM_CERTIFICATE_SAMPLED;
  return PLIM_OK;
}
