/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hints.c - what the fit of a panel may have stepped over, and how far a fit may be off.

   No finite number of values shows that a function has no narrower feature. A resolved panel is compared with f at
   points `spacing` apart and, ever closer, about the hints, which are the numbers written in an expression: that is
   where the bump of exp(-1e12*(z-1.2345)^2) is. */
#include "search.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double abscissa_rounding =
    4.0 * DBL_EPSILON; /* half an ulp times the Lebesgue constant of a panel, 2.7 */

plimi_search_result plimi_search_add_hints(plimi_search *s, const double *hints, size_t count)
{
  if (s->hint_count + count > PLIMI_MOST_HINTS)
    return PLIMI_TOO_MANY;
  if (s->hint_count + count > s->hint_room) {
    const size_t room = 2 * (s->hint_count + count);
    double *longer = realloc(s->hints, room * sizeof *longer);
    if (longer == NULL)
      return PLIMI_NO_ROOM;
    s->hints = longer;
    s->hint_room = room;
  }
  for (size_t i = 0; i < count; i++)
    s->hints[s->hint_count++] = hints[i];
  return PLIMI_SMOOTH;
}

double plimi_search_allowance(const plimi_search *s, const plimi_panel *p, const plimi_fit *quality)
{
  const double steepness = quality->range / (p->high - p->low), far = fmax(fabs(p->low), fabs(p->high));
  return s->tolerance * quality->size + abscissa_rounding * far * steepness;
}

/* From z, where f is not what the panel says, to where it differs most near: from the tail of a bump to its top. */
static double climb(const plimi_search *s, const plimi_panel *p, double z)
{
  const double first = 1.0 / 512.0, last = 0x1p-44;
  double most = fabs(s->f(s->context, z) - plimi_panel_value(p, z));
  for (double step = fmin(first, 0.1 * (p->high - p->low)); step > last;) {
    double moved = z;
    for (int side = -1; side <= 1; side += 2) {
      const double there = fmin(fmax(z + side * step, p->low), p->high);
      const double gap = fabs(s->f(s->context, there) - plimi_panel_value(p, there));
      if (gap > most) {
        most = gap;
        moved = there;
      }
    }
    step = moved != z ? step : 0.5 * step;
    z = moved;
  }
  return z;
}

static bool is_known(const plimi_search *s, double z)
{
  const double same = 1e-12;
  for (size_t i = 0; i < s->hint_count; i++) {
    if (fabs(s->hints[i] - z) <= same)
      return true;
  }
  return false;
}

/* Is f at z what the panel says? If not, the place is worth another look when the panel has been cut. */
static plimi_search_result compare(plimi_search *s, const plimi_panel *p, double z, double allowed,
                                   bool *same)
{
  const double value = s->f(s->context, z);
  s->where = z;
  if (!isfinite(value))
    return PLIMI_NOT_FINITE_THERE;
  *same = fabs(value - plimi_panel_value(p, z)) <= allowed;
  if (*same || is_known(s, z))
    return PLIMI_SMOOTH;
  const double places[2] = {z, climb(s, p, z)};
  return plimi_search_add_hints(s, places, is_known(s, places[1]) ? 1 : 2);
}

/* The points of the hint h in the panel: h itself and at distances that shrink to 2^-44. */
static plimi_search_result look_about(plimi_search *s, const plimi_panel *p, double h, double allowed,
                                      bool *same)
{
  const double shrink = 0.5, least = 0x1p-44;
  plimi_search_result result = compare(s, p, h, allowed, same);
  for (double far = p->high - p->low; far > least && *same && result == PLIMI_SMOOTH; far *= shrink) {
    if (h - far > p->low)
      result = compare(s, p, h - far, allowed, same);
    if (result == PLIMI_SMOOTH && *same && h + far < p->high)
      result = compare(s, p, h + far, allowed, same);
  }
  return result;
}

/* Does a panel that seems resolved hold what its fit stepped over? */
plimi_search_result plimi_search_look_closer(plimi_search *s, const plimi_panel *p, double spacing,
                                             bool *resolved)
{
  const double slack = 16.0; /* a residual is a quarter of a gap, and the points are other ones */
  const double width = p->high - p->low, points = floor(width / spacing);
  plimi_fit quality = {.size = s->floor, .range = 0.0};
  double least = INFINITY, most = -INFINITY;
  for (int k = 0; k <= 4; k++) {
    const double value = plimi_panel_value(p, p->low + 0.25 * k * width);
    least = fmin(least, value);
    most = fmax(most, value);
  }
  quality.size = fmax(s->floor, fmax(fabs(least), fabs(most)));
  quality.range = most - least;
  const double allowed = slack * plimi_search_allowance(s, p, &quality);
  plimi_search_result result = PLIMI_SMOOTH;
  if (points > 2.0 * PLIMI_DEGREE) { /* else the fit has looked as closely */
    for (int k = 0; k < (int)points && *resolved && result == PLIMI_SMOOTH; k++)
      result = compare(s, p, p->low + width * (k + 0.7193) / points, allowed, resolved);
  }
  for (size_t i = 0; i < s->hint_count && *resolved && result == PLIMI_SMOOTH; i++) {
    if (s->hints[i] > p->low && s->hints[i] < p->high)
      result = look_about(s, p, s->hints[i], allowed, resolved);
  }
  return result;
}
