/* SPDX-License-Identifier: GPL-3.0-or-later */
/* search.c - split a scalar function into smooth pieces.

   On each panel f is interpolated (panel.h), and the panel is resolved when the interpolant is f to rounding.
   Rounding is that of f itself and that of the abscissas, |z| ulp times the slope: where f is steep, or has its zero
   at a kink, the second is the larger.

   Breaks are found by bisection (Pachon, Platte & Trefethen 2010, IMA J. Numer. Anal. 30:898, give the idea
   for chebfun): a panel that is not resolved is cut in two, and about a break the cutting goes on to the
   finest scale, whereas about a steep but smooth place it soon ends. The order of the break is read off the
   way the residual shrinks with the panel: as its width for a jump of f', as the square for one of f'', as a
   lower power where f goes like a root, not at all for a jump of f or for the noise of rounding. A residual
   that noise explains raises the tolerance and the search starts again. Panels are cut off centre so that no
   cut falls on a round number, where a break likes to sit and would be hidden. Last, the position is
   polished: the polynomials left and right of a break, continued, cross there. */
#include "search.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double first_width = PLIMI_WIDEST_PANEL; /* of the panels the search starts with */
static const double off_centre = 0.4817;              /* where a panel is cut */
static const double break_width = 1.0 / 128;          /* classify what is left unresolved below this width */
static const double finest_width = 0x1p-40;           /* some 500 ulp at |z| = 12 */

static plimi_search_result fit(plimi_search *s, double low, double high, plimi_panel *p, plimi_fit *quality)
{
  s->where = low;
  if (++s->fits > PLIMI_MOST_FITS)
    return PLIMI_TOO_MANY;
  *quality = plimi_panel_fit(s->f, s->context, low, high, p);
  quality->size = fmax(quality->size, s->floor);
  if (isfinite(quality->residual))
    return PLIMI_SMOOTH;
  s->where = quality->where;
  return PLIMI_NOT_FINITE_THERE;
}

static plimi_search_result is_resolved(plimi_search *s, double low, double high, plimi_panel *p,
                                       bool *resolved)
{
  plimi_fit quality;
  const plimi_search_result result = fit(s, low, high, p, &quality);
  if (result == PLIMI_SMOOTH)
    *resolved = quality.residual <= plimi_search_allowance(s, p, &quality);
  return result;
}

static plimi_search_result add_break(plimi_search *s, double z, double width, bool is_steep)
{
  if (s->break_count == PLIMI_MOST_BREAKS)
    return PLIMI_TOO_MANY;
  if (s->break_count == s->break_room) {
    const size_t room = 2 * s->break_room + 16;
    plimi_break *breaks = realloc(s->breaks, room * sizeof *breaks);
    if (breaks == NULL)
      return PLIMI_NO_ROOM;
    s->breaks = breaks;
    s->break_room = room;
  }
  s->breaks[s->break_count++] = (plimi_break){.at = z, .width = width, .is_steep = is_steep};
  return PLIMI_SMOOTH;
}

/* The widest panel from z towards `side` (-1 or 1), at most 1/16, on which f is smooth. */
static plimi_search_result smooth_side(plimi_search *s, double z, double side, plimi_panel *p, bool *found)
{
  const double least = 0x1p-14;
  *found = false;
  for (double width = 0x1p-4; width >= least && !*found; width *= 0.5) {
    const double far = z + side * width;
    const plimi_search_result result = is_resolved(s, fmin(z, far), fmax(z, far), p, found);
    if (result != PLIMI_SMOOTH)
      return result;
  }
  return PLIMI_SMOOTH;
}

/* A jump is there on the finest scale (on a wider one it is what has been resolved by now: a bump), between
   smooth sides that end apart. Noise, and what varies faster than the finest panel, has no such sides. */
static plimi_search_result jump_or_else(plimi_search *s, double z, double width, double residual)
{
  const double least = 0.01;
  plimi_panel left, right;
  bool has_left, has_right;
  if (width > finest_width)
    return PLIMI_SMOOTH;
  plimi_search_result result = smooth_side(s, z - 4.0 * width, -1.0, &left, &has_left);
  if (result == PLIMI_SMOOTH)
    result = smooth_side(s, z + 4.0 * width, 1.0, &right, &has_right);
  s->where = z;
  if (result != PLIMI_SMOOTH)
    return result;
  if (!has_left || !has_right)
    return PLIMI_ROUGH;
  if (fabs(plimi_panel_value(&right, z) - plimi_panel_value(&left, z)) > least * residual)
    return PLIMI_JUMPS;
  return PLIMI_ROUGH;
}

/* The residuals of panels about z, 1, 4, 64 and 4096 `width`s to either side; far ones, because where in the panel a
   break lies changes a residual twofold. The last only where it is not too far. */
enum { RATIOS = 4 };
static const double ratio[RATIOS] = {1.0, 4.0, 64.0, 4096.0};
static const double farthest = 0.05;

static plimi_search_result measure(plimi_search *s, double z, double width, plimi_fit quality[RATIOS],
                                   double *allowed)
{
  plimi_panel p;
  for (int i = 0; i < RATIOS; i++) {
    if (i > 2 && ratio[i] * width > farthest)
      break;
    const plimi_search_result result = fit(s, z - ratio[i] * width, z + ratio[i] * width, &p, &quality[i]);
    if (result != PLIMI_SMOOTH)
      return result;
    *allowed = i == 0 ? plimi_search_allowance(s, &p, &quality[0]) : *allowed;
  }
  s->where = z;
  return PLIMI_SMOOTH;
}

static double order_of(const plimi_fit quality[RATIOS], int far)
{
  return log(quality[far].residual / quality[0].residual) / log(ratio[far]);
}

/* A root too flat to be followed to the finest scale falls by one power all the way; a flat bump does not. */
static bool is_power(const plimi_fit quality[RATIOS], double width)
{
  const double least = 0.2, most = 0.9;
  if (ratio[3] * width > farthest)
    return false;
  for (int i = 2; i < RATIOS; i++) {
    const double order = log(quality[i].residual / quality[i - 1].residual) / log(ratio[i] / ratio[i - 1]);
    if (!(order > least && order < most))
      return false;
  }
  return true;
}

/* What is at z, the cut of the narrowest panel (of `width`) that is not resolved? The orders seen are near 0, 1, 2, 3
   where f or its first, second, third derivative jumps. */
static plimi_search_result classify(plimi_search *s, double z, double width)
{
  const double jump_of_value = 0.15, flat = 0.4, root = 0.9, jump_of_curvature = 2.6;
  const double smooth = 3.5; /* between near panels; where f is smooth the residual falls as a high power */
  const double noise = 1e3;  /* in tolerances: rounding stays far below */
  const double narrow = 0.1; /* what wide panels see so much less of is a bump, resolved by now */
  plimi_fit quality[RATIOS];
  double allowed = 0.0;
  const plimi_search_result result = measure(s, z, width, quality, &allowed);
  if (result != PLIMI_SMOOTH)
    return result;
  if (quality[0].residual <= allowed || quality[2].residual < narrow * quality[0].residual)
    return PLIMI_SMOOTH;
  const double order = order_of(quality, 2);
  const double far_order = ratio[3] * width > farthest ? order : order_of(quality, 3);
  const bool is_noise =
      quality[0].residual < noise * s->tolerance * quality[0].size || quality[0].residual < 1.5 * allowed;
  if (far_order < flat && is_noise)
    return PLIMI_NOISY;
  if (far_order < jump_of_value)
    return jump_or_else(s, z, width, quality[0].residual);
  if (far_order < root)
    return width <= finest_width || is_power(quality, width) ? add_break(s, z, width, true) : PLIMI_SMOOTH;
  if (order > jump_of_curvature || order_of(quality, 1) > smooth)
    return PLIMI_SMOOTH;
  return add_break(s, z, width, false);
}

/* Find the breaks in [low, high], from left to right. */
static plimi_search_result seek(plimi_search *s, double low, double high, bool *resolved)
{
  plimi_panel p;
  plimi_search_result result = is_resolved(s, low, high, &p, resolved);
  if (result == PLIMI_SMOOTH && *resolved)
    result = plimi_search_look_closer(s, &p, INFINITY, resolved);
  if (result != PLIMI_SMOOTH || *resolved)
    return result;
  const double cut = low + off_centre * (high - low);
  bool left = true, right = true;
  if (high - low > finest_width) {
    plimi_search_result half = seek(s, low, cut, &left);
    if (half == PLIMI_SMOOTH)
      half = seek(s, cut, high, &right);
    if (half != PLIMI_SMOOTH)
      return half;
  }
  if (left && right && high - low < break_width)
    return classify(s, cut, high - low);
  return PLIMI_SMOOTH;
}

/* Move a break to where the continuations of f from left and right cross, or, if they only touch, to where
   their slopes cross, by Newton's method. Left alone where a side is not smooth enough to be continued. */
static plimi_search_result polish(plimi_search *s, double width, double *z)
{
  const double guard = 4.0 * width; /* beyond the error of the search */
  const double crossing = 1e-4; /* a jump of f'' at a wrong place looks like a jump of f' less than this */
  enum { STEPS = 4 };
  plimi_panel left, right;
  bool has_left, has_right;
  plimi_search_result result = smooth_side(s, *z - guard, -1.0, &left, &has_left);
  if (result == PLIMI_SMOOTH)
    result = smooth_side(s, *z + guard, 1.0, &right, &has_right);
  if (result != PLIMI_SMOOTH || !has_left || !has_right)
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
  return PLIMI_SMOOTH;
}

static plimi_search_result add_panel(plimi_search *s, const plimi_panel *p)
{
  if (s->panel_count == PLIMI_MOST_PANELS)
    return PLIMI_TOO_MANY;
  if (s->panel_count == s->panel_room) {
    const size_t room = 2 * s->panel_room + 128;
    plimi_panel *panels = realloc(s->panels, room * sizeof *panels);
    if (panels == NULL)
      return PLIMI_NO_ROOM;
    s->panels = panels;
    s->panel_room = room;
  }
  s->panels[s->panel_count++] = *p;
  return PLIMI_SMOOTH;
}

/* Is a place where f goes like a root, found to a finest_width or so, in or beside [low, high]? */
static bool is_at_root(const plimi_search *s, double low, double high)
{
  const double beside = 8.0 * finest_width;
  for (size_t i = 0; i < s->break_count; i++) {
    if (s->breaks[i].is_steep && s->breaks[i].at > low - beside && s->breaks[i].at < high + beside)
      return true;
  }
  return false;
}

/* Cover [low, high], which has no break inside, by resolved panels. At a root the last panels cannot be resolved. */
static plimi_search_result cover(plimi_search *s, double low, double high, double spacing)
{
  plimi_panel p;
  bool resolved;
  plimi_search_result result = is_resolved(s, low, high, &p, &resolved);
  if (result == PLIMI_SMOOTH && resolved)
    result = plimi_search_look_closer(s, &p, spacing, &resolved);
  if (result != PLIMI_SMOOTH)
    return result;
  const bool is_last = high - low < finest_width;
  if (resolved || (is_last && is_at_root(s, low, high)))
    return add_panel(s, &p);
  const double middle = 0.5 * (low + high);
  s->where = middle;
  if (is_last)
    return PLIMI_ROUGH;
  result = cover(s, low, middle, spacing);
  return result != PLIMI_SMOOTH ? result : cover(s, middle, high, spacing);
}

/* Cover [low, high] by panels of at most first_width, ending at every break from `first` on. */
static plimi_search_result cover_between(plimi_search *s, size_t first, double low, double high,
                                         double spacing)
{
  for (size_t i = first; i <= s->break_count; i++) {
    const double from = i == first ? low : s->breaks[i - 1].at;
    const double to = i == s->break_count ? high : s->breaks[i].at;
    const int parts = (int)ceil((to - from) / first_width);
    for (int k = 0; k < parts; k++) {
      const plimi_search_result result =
          cover(s, from + (to - from) * k / parts, k + 1 == parts ? to : from + (to - from) * (k + 1) / parts,
                spacing);
      if (result != PLIMI_SMOOTH)
        return result;
    }
  }
  return PLIMI_SMOOTH;
}

/* Panels beside a root see it too. Of those found within reach of each other the narrowest has it. */
static void keep_narrowest_roots(plimi_search *s, size_t first)
{
  const double reach = 4.0;
  size_t kept = first;
  for (size_t i = first; i < s->break_count; i++) {
    const plimi_break *here = &s->breaks[i];
    bool is_narrowest = true;
    for (size_t j = first; j < s->break_count && here->is_steep; j++) {
      const plimi_break *other = &s->breaks[j];
      if (other->is_steep && fabs(other->width) < here->width &&
          fabs(other->at - here->at) <= reach * here->width)
        is_narrowest = false;
    }
    s->breaks[i].width *= is_narrowest ? 1.0 : -1.0; /* it still counts for those after it */
  }
  for (size_t i = first; i < s->break_count; i++) {
    if (s->breaks[i].width > 0.0)
      s->breaks[kept++] = s->breaks[i];
  }
  s->break_count = kept;
}

/* Where the panels of the cover find what the search for breaks stepped over, both begin anew with these hints. */
plimi_search_result plimi_search_split(plimi_search *s, double low, double high, double spacing)
{
  enum { MOST_ROUNDS = 8 };
  const int parts = (int)ceil((high - low) / first_width);
  const size_t first = s->break_count, panels = s->panel_count;
  plimi_search_result result = PLIMI_SMOOTH;
  for (int round = 0; round < MOST_ROUNDS; round++) {
    const size_t hints = s->hint_count;
    bool resolved;
    s->break_count = first;
    s->panel_count = panels;
    result = PLIMI_SMOOTH;
    for (int k = 0; k < parts && result == PLIMI_SMOOTH; k++)
      result = seek(s, low + (high - low) * k / parts, low + (high - low) * (k + 1) / parts, &resolved);
    keep_narrowest_roots(s, first);
    for (size_t i = first; i < s->break_count && result == PLIMI_SMOOTH; i++) {
      if (!s->breaks[i].is_steep)
        result = polish(s, s->breaks[i].width, &s->breaks[i].at);
    }
    if (result == PLIMI_SMOOTH)
      result = cover_between(s, first, low, high, spacing);
    if (s->hint_count == hints)
      break;
  }
  return result;
}

void plimi_search_clear(plimi_search *s)
{
  free(s->hints);
  free(s->breaks);
  free(s->panels);
}
