/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c - split a scalar function into smooth pieces; differentiate it on each.

   On each panel f is interpolated (panel.h), and the panel is resolved when the interpolant is f to rounding.
   Then its derivative is f' to about 1e-12 of the largest |f| near.

   Breaks are found by bisection (Pachon, Platte & Trefethen 2010, IMA J. Numer. Anal. 30:898, give the idea
   for chebfun): a panel that is not resolved is cut in two, and about a break the cutting goes on to the
   finest scale, whereas about a steep but smooth place it soon ends. The order of the break is read off the
   way the residual shrinks with the panel: as its width for a jump of f', as the square for one of f'', not
   at all for a jump of f or for the noise of rounding. A residual that noise explains raises the tolerance
   and the search starts again. Panels are cut off centre so that no cut falls on a round number, where a
   break likes to sit and would be hidden. Last, the position is polished: the polynomials left and right of a
   break, continued, cross there. */
#include "pieces.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "panel.h"

enum { MOST_BREAKS = 256, MOST_PANELS = 8192, MOST_FITS = 40000, REASON = 160 };

static const double first_width = 0.5;         /* of the panels the search starts with */
static const double off_centre = 0.4817;       /* where a panel is cut */
static const double break_width = 1.0 / 128;   /* classify what is left unresolved below this width */
static const double finest_width = 0x1p-40;    /* some 500 ulp at |z| = 12 */
static const double least_tolerance = 0x1p-46; /* 64 ulp: what an expression's own rounding amounts to */
static const double largest_tolerance =
    0x1p-30;                          /* rounding noise beyond this leaves no derivative worth having */
static const double at_break = 1e-13; /* this near a break is at it */

struct plimi_pieces {
  double floor;     /* |f| below this counts as this in the tolerance */
  double tolerance; /* at which f was resolved */
  double breaks[MOST_BREAKS];
  size_t break_count;
  size_t panel_count, capacity;
  plimi_panel *panels; /* ascending, adjacent */
};

typedef enum { DONE, NOISY, NOT_FINITE, JUMP, ROUGH, TOO_MANY, NO_MEMORY } outcome;

typedef struct {
  plimi_function *f;
  void *context;
  double floor; /* |f| below this counts as this in the tolerance */
  double tolerance;
  size_t fits;
  double widths[MOST_BREAKS]; /* of the panels that hold the breaks */
  double where;               /* of the trouble, if any */
  plimi_pieces *pieces;
} search;

static outcome fit(search *s, double low, double high, plimi_panel *p, plimi_fit *quality)
{
  s->where = low;
  if (++s->fits > MOST_FITS)
    return TOO_MANY;
  *quality = plimi_panel_fit(s->f, s->context, low, high, p);
  quality->size = fmax(quality->size, s->floor);
  if (isfinite(quality->residual))
    return DONE;
  s->where = quality->where;
  return NOT_FINITE;
}

static outcome is_resolved(search *s, double low, double high, plimi_panel *p, bool *resolved)
{
  plimi_fit quality;
  const outcome result = fit(s, low, high, p, &quality);
  if (result == DONE)
    *resolved = quality.residual <= s->tolerance * quality.size;
  return result;
}

/* What is at z, the cut of the narrowest panel (of `width`) that is not resolved? */
static outcome classify(search *s, double z, double width)
{
  const double jump_of_value = 0.75, jump_of_curvature = 2.6; /* the orders seen are near 0, 1, 2, 3 */
  const double smooth = 3.5; /* between near panels; where f is smooth the residual falls as a high power */
  const double noise = 1e3;  /* in tolerances: rounding stays far below */
  const double ratio[] = {1.0, 4.0,
                          64.0}; /* far: where in the panel a break lies changes a residual twofold */
  plimi_pieces *pieces = s->pieces;
  plimi_panel p;
  plimi_fit quality[3];
  for (int i = 0; i < 3; i++) {
    const outcome result = fit(s, z - ratio[i] * width, z + ratio[i] * width, &p, &quality[i]);
    if (result != DONE)
      return result;
  }
  s->where = z;
  const double near_order = log(quality[1].residual / quality[0].residual) / log(ratio[1]);
  const double order = log(quality[2].residual / quality[0].residual) / log(ratio[2]);
  if (order < jump_of_value)
    return quality[0].residual < noise * s->tolerance * quality[0].size ? NOISY : JUMP;
  if (order > jump_of_curvature || near_order > smooth)
    return DONE;
  if (pieces->break_count == MOST_BREAKS)
    return TOO_MANY;
  s->widths[pieces->break_count] = width;
  pieces->breaks[pieces->break_count++] = z;
  return DONE;
}

/* Find the breaks in [low, high], from left to right. */
static outcome seek(search *s, double low, double high, bool *resolved)
{
  plimi_panel p;
  const outcome result = is_resolved(s, low, high, &p, resolved);
  if (result != DONE || *resolved)
    return result;
  const double cut = low + off_centre * (high - low);
  bool left = true, right = true;
  if (high - low > finest_width) {
    outcome half = seek(s, low, cut, &left);
    if (half == DONE)
      half = seek(s, cut, high, &right);
    if (half != DONE)
      return half;
  }
  if (left && right && high - low < break_width)
    return classify(s, cut, high - low);
  return DONE;
}

/* The widest panel from z towards `side` (-1 or 1), at most 1/16, on which f is smooth. */
static outcome smooth_side(search *s, double z, double side, plimi_panel *p, bool *found)
{
  const double least = 0x1p-14;
  *found = false;
  for (double width = 0x1p-4; width >= least && !*found; width *= 0.5) {
    const double far = z + side * width;
    const outcome result = is_resolved(s, fmin(z, far), fmax(z, far), p, found);
    if (result != DONE)
      return result;
  }
  return DONE;
}

/* Move a break to where the continuations of f from left and right cross, or, if they only touch, to where
   their slopes cross, by Newton's method. Left alone where a side is not smooth enough to be continued. */
static outcome polish(search *s, double width, double *z)
{
  const double guard = 4.0 * width; /* beyond the error of the search */
  const double crossing = 1e-4; /* a jump of f'' at a wrong place looks like a jump of f' less than this */
  enum { STEPS = 4 };
  plimi_panel left, right;
  bool has_left, has_right;
  outcome result = smooth_side(s, *z - guard, -1.0, &left, &has_left);
  if (result == DONE)
    result = smooth_side(s, *z + guard, 1.0, &right, &has_right);
  if (result != DONE || !has_left || !has_right)
    return result;
  double at = *z;
  for (int i = 0; i < STEPS; i++) {
    const double jump = plimi_panel_slope(&right, at) - plimi_panel_slope(&left, at);
    const double bend = (plimi_panel_slope(&right, at + guard) - plimi_panel_slope(&left, at + guard) -
                         plimi_panel_slope(&right, at - guard) + plimi_panel_slope(&left, at - guard)) /
                        (2.0 * guard);
    if (fabs(jump) > crossing * fabs(bend))
      at -= (plimi_panel_value(&right, at) - plimi_panel_value(&left, at)) / jump;
    else
      at -= jump / bend;
  }
  if (fabs(at - *z) < guard)
    *z = at;
  return DONE;
}

/* Cover [low, high], which has no break inside, by resolved panels. */
static outcome cover(search *s, double low, double high)
{
  plimi_pieces *pieces = s->pieces;
  plimi_panel p;
  bool resolved;
  const outcome result = is_resolved(s, low, high, &p, &resolved);
  if (result != DONE)
    return result;
  if (!resolved) {
    const double middle = 0.5 * (low + high);
    s->where = middle;
    if (high - low < finest_width)
      return ROUGH;
    const outcome half = cover(s, low, middle);
    return half != DONE ? half : cover(s, middle, high);
  }
  if (pieces->panel_count == MOST_PANELS)
    return TOO_MANY;
  if (pieces->panel_count == pieces->capacity) {
    const size_t capacity = pieces->capacity == 0 ? 64 : 2 * pieces->capacity;
    plimi_panel *panels = realloc(pieces->panels, capacity * sizeof *panels);
    if (panels == NULL)
      return NO_MEMORY;
    pieces->panels = panels;
    pieces->capacity = capacity;
  }
  pieces->panels[pieces->panel_count++] = p;
  return DONE;
}

/* Cover [low, high] by panels of at most first_width, ending at every break. */
static outcome cover_between(search *s, double low, double high)
{
  const plimi_pieces *pieces = s->pieces;
  for (size_t i = 0; i <= pieces->break_count; i++) {
    const double from = i == 0 ? low : pieces->breaks[i - 1];
    const double to = i == pieces->break_count ? high : pieces->breaks[i];
    const int parts = (int)ceil((to - from) / first_width);
    for (int k = 0; k < parts; k++) {
      const outcome result = cover(s, from + (to - from) * k / parts,
                                   k + 1 == parts ? to : from + (to - from) * (k + 1) / parts);
      if (result != DONE)
        return result;
    }
  }
  return DONE;
}

/* One search at the tolerance of `s`. */
static outcome split(search *s, double reach)
{
  plimi_pieces *pieces = s->pieces;
  const double low = -reach * 1.0017, high = reach * 1.0023;
  const int parts = (int)ceil((high - low) / first_width);
  pieces->break_count = pieces->panel_count = s->fits = 0;
  outcome result = DONE;
  bool resolved;
  for (int k = 0; k < parts && result == DONE; k++)
    result = seek(s, low + (high - low) * k / parts, low + (high - low) * (k + 1) / parts, &resolved);
  for (size_t i = 0; i < pieces->break_count && result == DONE; i++)
    result = polish(s, s->widths[i], &pieces->breaks[i]);
  return result != DONE ? result : cover_between(s, low, high);
}

/* A tenth of the largest |f| where a normal variable usually is: cancellation inside an expression leaves
   rounding of that order even where f itself is small. The points are round numbers, 0 among them: where a
   quotient is 0/0, that is where it likes to be. */
static outcome set_floor(search *s)
{
  const double usual = 4.0;
  enum { POINTS = 64 };
  for (int i = -POINTS; i <= POINTS; i++) {
    const double value = fabs(s->f(s->context, usual * i / POINTS));
    s->where = usual * i / POINTS;
    if (!isfinite(value))
      return NOT_FINITE;
    s->floor = fmax(s->floor, 0.1 * value);
  }
  return DONE;
}

static char *reason(outcome result, double where)
{
  const char *what = result == NOT_FINITE ? "it is not finite near z = "
                     : result == JUMP     ? "it jumps, has no bounded slope, or varies too fast near z = "
                     : result == TOO_MANY ? "it varies too fast to be differentiated, first near z = "
                                          : "it is not smooth enough to be differentiated near z = ";
  char *text = malloc(REASON);
  if (text != NULL)
    snprintf(text, REASON, "%s%.6g", what, fabs(where) < 1e-9 ? 0.0 : where);
  return text;
}

plim_status plimi_pieces_alloc(plimi_function *f, void *context, double reach, plimi_pieces **pieces,
                               char **why)
{
  plimi_pieces *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  search s = {.f = f, .context = context, .tolerance = least_tolerance, .pieces = made};
  outcome result = set_floor(&s);
  if (result == DONE)
    result = split(&s, reach);
  while ((result == NOISY || result == ROUGH) && s.tolerance < largest_tolerance) {
    s.tolerance *= 8.0;
    result = split(&s, reach);
  }
  if (result == DONE) {
    made->floor = s.floor;
    made->tolerance = s.tolerance;
    *pieces = made;
    return PLIM_OK;
  }
  plimi_pieces_free(made);
  if (result == NO_MEMORY)
    return PLIM_NO_MEMORY;
  if (why != NULL)
    *why = reason(result, s.where);
  return PLIM_INVALID;
}

void plimi_pieces_free(plimi_pieces *pieces)
{
  if (pieces == NULL)
    return;
  free(pieces->panels);
  free(pieces);
}

const double *plimi_pieces_breaks(const plimi_pieces *pieces, size_t *count)
{
  *count = pieces->break_count;
  return pieces->breaks;
}

double plimi_pieces_derivative(const plimi_pieces *pieces, double z)
{
  const plimi_panel *panels = pieces->panels;
  size_t first = 0, last = pieces->panel_count - 1; /* the panel of z is among these */
  if (!(z >= panels[first].low && z <= panels[last].high))
    return NAN;
  while (first < last) {
    const size_t middle = first + (last - first) / 2;
    if (z > panels[middle].high)
      first = middle + 1;
    else
      last = middle;
  }
  const plimi_panel *here = &panels[first];
  const double near = at_break * (1.0 + fabs(z));
  if (here->high - z < near && first + 1 < pieces->panel_count)
    return 0.5 * (plimi_panel_slope(here, here->high) + plimi_panel_slope(here + 1, here->high));
  if (z - here->low < near && first > 0)
    return 0.5 * (plimi_panel_slope(here, here->low) + plimi_panel_slope(here - 1, here->low));
  return plimi_panel_slope(here, z);
}

double plimi_pieces_outer_derivative(const plimi_pieces *pieces, plimi_function *f, void *context, double z)
{
  plimi_panel panel;
  double slope = NAN, least = INFINITY;
  for (double width = first_width; width > finest_width * fabs(z); width *= 0.25) {
    const plimi_fit fit = plimi_panel_fit(f, context, z - 0.5 * width, z + 0.5 * width, &panel);
    const double size = fmax(fit.size, pieces->floor); /* 0 where f is 0 everywhere */
    const double misfit = size > 0.0 ? fit.residual / size : fit.residual;
    if (misfit < least) {
      least = misfit;
      slope = plimi_panel_slope(&panel, z);
    }
    if (misfit <= pieces->tolerance || isnan(misfit))
      break;
  }
  return slope;
}
