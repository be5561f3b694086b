/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bulk.c - where the bulk of W2 ends, and the singular values that spikes drive out of it.

   SOURCES. [SC] for the spectrum of Sigma^(1/2) Z, [BGN] for low rank on top of it; two_steps.md 4.

   FORMULA. With T(-x) = (1/d) tr (1 - x Sigma)^-1 and 0 < x < 1/sigma_max
     Z(x) = (psi2 - 1 + T(-x))/x                 squared singular values s^2 = Z(x); the edge is its least value
     D(x) = x T(-x)/psi2                         [BGN]'s D-transform at s; a spike th^2 in a direction that Sigma
                                                 does not single out leaves iff th^2 D > 1 at the edge, and goes to
                                                 th^2 D(x) = 1
     <left vector, v>^2 = -(T/Z) Z'(x)/(th^2 D'(x))
   (from x = psi2 (1/N) tr (s^2 - B'B)^-1, so that (1/d) tr (s^2 - BB')^-1 = T/s^2; derived here.) Sigma = c:
   T = 1/(1 - c x), edge c (1 + sqrt psi2)^2, s^2 = (c + th^2)(c psi2 + th^2)/th^2: at c = 1 section 11 of theory.md.
   The law of y is cut off in the pencil (points.c); T is given the slope of the whole law at x = 0, w2_bulk.
   NUMERICAL METHOD. x is walked up from 0, each solution the start of the next (pencil.c), until Z' changes sign or
   th^2 D passes 1; then Brent's root finder (GSL). Where the iteration fails, or T does not go on as an average
   of 1/(1 - x sigma) does, the step is halved.
   STATUS. PLIM_NOT_CONVERGED where it fails before that happens. */
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "two_steps.h"

enum { MOST_WALK = 400, MOST_ROOT = 100 };
static const double first_share = 0.04; /* of what x would be at the edge if Sigma = trace */
static const double least_share = 1e-5; /* of x: a shorter step is a stall */
static const double root_exact = 1e-10;

/* What is followed along x: Z' x^2, which is negative inside, or th^2 D - 1. */
typedef struct {
  const plimi_two_bulk *bulk;
  double strength;             /* 0: Z' */
  double shift;                /* of T', to the trace of the whole law */
  plimi_two_point point, from; /* from: where the root finder's moves begin */
  plim_status status;
} walk;

static plim_status move(walk *w, double x)
{
  if (w->bulk->tables != NULL) {
    const plim_status status = plimi_two_pencil_move(w->bulk->tables, x, &w->point);
    if (status == PLIM_OK) {
      w->point.t += x * w->shift;
      w->point.slope += w->shift;
    }
    return status;
  }
  const double left = 1.0 - w->bulk->trace * x;
  if (!(left > 0.0))
    return PLIM_NOT_CONVERGED;
  w->point.x = x;
  w->point.t = 1.0 / left;
  w->point.slope = w->bulk->trace / (left * left);
  return PLIM_OK;
}

static double bend(const walk *w) /* x^2 Z' */
{
  return w->point.slope * w->point.x - (w->bulk->psi2 - 1.0 + w->point.t);
}

static double excess(const walk *w)
{
  return w->strength * w->point.x * w->point.t / w->bulk->psi2 - 1.0;
}

/* T(-x) is an average of 1/(1 - x sigma): it and its slope rise, as they do between two points of one branch. */
static bool is_convex(const plimi_two_point *a, const plimi_two_point *b)
{
  const double step = b->x - a->x, rise = b->t - a->t, slack = 1e-9 * b->t;
  return b->slope >= a->slope && rise >= step * a->slope - slack && rise <= step * b->slope + slack;
}

static double followed(const walk *w)
{
  return w->strength > 0.0 ? excess(w) : bend(w);
}

static double followed_at(double x, void *params)
{
  walk *w = params;
  w->point = w->from;
  if (w->status == PLIM_OK)
    w->status = move(w, x);
  return followed(w);
}

static plimi_two_place place_of(const walk *w)
{
  return (plimi_two_place){.x = w->point.x, .square = (w->bulk->psi2 - 1.0 + w->point.t) / w->point.x};
}

/* The sign changes between `before` and w. */
static plim_status narrow(walk *w, const walk *before)
{
  double low = before->point.x, high = w->point.x;
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_NOT_CONVERGED;
  walk last = *before;
  last.from = before->point;
  gsl_function function = {.function = followed_at, .params = &last};
  if (gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS)
    goto done;
  for (int i = 0; i < MOST_ROOT; i++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS || last.status != PLIM_OK)
      goto done;
    low = gsl_root_fsolver_x_lower(solver);
    high = gsl_root_fsolver_x_upper(solver);
    if (gsl_root_test_interval(low, high, 0.0, root_exact) == GSL_SUCCESS) {
      (void)followed_at(gsl_root_fsolver_root(solver), &last);
      status = last.status;
      break;
    }
  }
  if (status == PLIM_OK)
    w->point = last.point;
done:
  gsl_root_fsolver_free(solver);
  return status;
}

/* From x = 0 until what is followed is no longer negative. *is_inside: Z' changed sign first. */
static plim_status climb(walk *w, bool *is_inside)
{
  const double root = sqrt(w->bulk->psi2), scale = root / ((1.0 + root) * w->bulk->trace);
  double step = first_share * scale;
  *is_inside = false;
  w->point = (plimi_two_point){.x = 0.0, .t = 1.0, .slope = w->bulk->trace};
  if (w->bulk->tables != NULL) {
    const plim_status status = plimi_two_pencil_start(w->bulk->tables, &w->point);
    if (status != PLIM_OK)
      return status;
    w->shift = w->bulk->trace - w->point.slope;
    w->point.slope += w->shift;
  }
  for (int i = 0; i < MOST_WALK; i++) {
    const walk before = *w;
    if (move(w, before.point.x + step) != PLIM_OK || !is_convex(&before.point, &w->point)) {
      *w = before;
      step *= 0.5;
      if (step < least_share * scale)
        return PLIM_NOT_CONVERGED;
      continue;
    }
    if (followed(w) >= 0.0) {
      const plim_status status = narrow(w, &before);
      if (status == PLIM_OK)
        *is_inside = bend(w) > 0.0 && w->strength > 0.0;
      return status;
    }
    if (bend(w) > 0.0) {
      *is_inside = true;
      return PLIM_OK;
    }
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_two_edge(const plimi_two_bulk *bulk, plimi_two_place *edge)
{
  walk w = {.bulk = bulk};
  bool is_inside;
  const plim_status status = climb(&w, &is_inside);
  if (status == PLIM_OK)
    *edge = place_of(&w);
  return status;
}

plim_status plimi_two_outlier(const plimi_two_bulk *bulk, double strength, plimi_two_place *place,
                              double *overlap)
{
  if (!(strength > 0.0))
    return PLIM_OUTSIDE_DOMAIN;
  walk w = {.bulk = bulk, .strength = strength};
  bool is_inside;
  const plim_status status = climb(&w, &is_inside);
  if (status != PLIM_OK)
    return status;
  if (is_inside)
    return PLIM_OUTSIDE_DOMAIN;
  *place = place_of(&w);
  const double t = w.point.t, x = w.point.x, rise = (t + x * w.point.slope) / bulk->psi2;
  *overlap = -t / place->square * bend(&w) / (x * x) / (strength * rise);
  return PLIM_OK;
}
