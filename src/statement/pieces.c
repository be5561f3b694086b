/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c - a scalar function as smooth pieces, and its derivative on each; the search is in search.c.

   The derivative of a resolved panel's polynomial is f' to about 1e-12 of the largest |f| near.

   |z| <= 12 must be covered: a normal variable is beyond once in 1e32. Further out, where a fast-growing f may still
   count and a large step may send an argument, panels are made as far as they can be, without a word if they
   cannot. */
#include "pieces.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

enum { REASON = 192 };

static const double core[2] = {-12.0 * 1.0017, 12.0 * 1.0023}; /* ends at no round number */
static const double outer[] = {16.03, 23.97, 31.02, 39.01};
static const double core_spacing = 1.0 / 512;  /* of the points where features are looked for */
static const double least_tolerance = 0x1p-46; /* 64 ulp: what an expression's own rounding amounts to */
static const double largest_tolerance =
    0x1p-30;                              /* rounding noise beyond this leaves no derivative worth having */
static const double least_floor = 1e-280; /* f below it is 0: numbers that lose their digits look rough */
static const double at_break = 1e-13;     /* this near a break is at it */

struct plimi_pieces {
  double floor;     /* |f| below this counts as this in the tolerance */
  double tolerance; /* at which f was resolved */
  size_t break_count, cut_count, feature_count, panel_count;
  double *breaks, *cuts, *features;
  plimi_panel *panels; /* ascending, adjacent */
  char steep[REASON];  /* why f' is unbounded; else empty */
};

/* Make `s` empty, for another go at another tolerance. */
static void restart(plimi_search *s)
{
  s->break_count = s->panel_count = s->fits = 0;
}

/* As far out on one side as it goes. A jump is refused even there: nothing else than an f that is continuous. */
static plimi_search_result extend(plimi_search *s, double sign)
{
  double near = sign < 0.0 ? core[0] : core[1];
  for (size_t i = 0; i < sizeof outer / sizeof *outer; i++) {
    const double far = sign * outer[i];
    const size_t breaks = s->break_count, panels = s->panel_count;
    const plimi_search_result result = plimi_search_split(s, fmin(near, far), fmax(near, far), INFINITY);
    if (result == PLIMI_JUMPS || result == PLIMI_NO_ROOM)
      return result;
    if (result != PLIMI_SMOOTH) {
      s->break_count = breaks;
      s->panel_count = panels;
      return PLIMI_SMOOTH;
    }
    near = far;
  }
  return PLIMI_SMOOTH;
}

static plimi_search_result search_all(plimi_search *s)
{
  restart(s);
  plimi_search_result result = plimi_search_split(s, core[0], core[1], core_spacing);
  if (result == PLIMI_SMOOTH)
    result = extend(s, -1.0);
  return result == PLIMI_SMOOTH ? extend(s, 1.0) : result;
}

/* A tenth of the largest |f| where a normal variable usually is: cancellation inside an expression leaves
   rounding of that order even where f itself is small. Where f is large only further out, the root of the density
   weighs it. The points are round numbers, 0 among them: where a quotient is 0/0, that is where it likes to be. */
static plimi_search_result set_floor(plimi_search *s)
{
  const double usual = 4.0, end = 12.0;
  const double largest = 1e150; /* squares, and slopes over the finest panel, must be numbers too */
  enum { POINTS = 192 };
  for (long i = -POINTS; i <= POINTS + (long)s->hint_count; i++) {
    const double z = i <= POINTS ? end * (double)i / POINTS : s->hints[i - POINTS - 1];
    const double value = fabs(s->f(s->context, z)), beyond = fmax(z * z - usual * usual, 0.0);
    s->where = z;
    if (!(value <= largest) && fabs(z) <= end)
      return PLIMI_NOT_FINITE_THERE;
    if (isfinite(value))
      s->floor = fmax(s->floor, 0.1 * value * exp(-0.25 * beyond));
  }
  return PLIMI_SMOOTH;
}

/* Search at the least tolerance that rounding allows, and at a floor that knows what the search has found. */
static plimi_search_result search_to_tolerance(plimi_search *s)
{
  plimi_search_result result = set_floor(s);
  while (result == PLIMI_SMOOTH) {
    const double floor = s->floor;
    const plimi_search_result found = search_all(s);
    const bool again = found == PLIMI_NOISY || found == PLIMI_ROUGH;
    if (found != PLIMI_SMOOTH && !again)
      return found;
    const double where = s->where;
    result = set_floor(s);
    if (result != PLIMI_SMOOTH || s->floor > 2.0 * floor)
      continue;
    s->where = where;
    if (!again || s->tolerance >= largest_tolerance)
      return found;
    s->tolerance *= 8.0;
  }
  return result;
}

static char *reason(plimi_search_result result, double where)
{
  const char *what = "it varies too fast to be taken apart, first near z = ";
  if (result == PLIMI_NOT_FINITE_THERE)
    what = "it is not finite, or above 1e150, near z = ";
  else if (result == PLIMI_JUMPS)
    what = "it jumps, or is too steep to be told from a jump, near z = ";
  else if (result == PLIMI_ROUGH || result == PLIMI_NOISY)
    what = "it varies too fast, or its rounding errors are too large, near z = ";
  char *text = malloc(REASON);
  if (text != NULL)
    snprintf(text, REASON, "%s%.6g", what, fabs(where) < 1e-9 ? 0.0 : where);
  return text;
}

static int by_place(const void *x, const void *y)
{
  const double a = ((const plimi_panel *)x)->low, b = ((const plimi_panel *)y)->low;
  return (a > b) - (a < b);
}

static int by_size(const void *x, const void *y)
{
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* The breaks and the ends of the panels narrower than `narrow`, ascending; returns how many. */
static size_t list_cuts(const plimi_pieces *made, double narrow, double *cuts)
{
  size_t count = 0, kept = 0;
  for (size_t i = 0; i < made->break_count; i++)
    cuts[count++] = made->breaks[i];
  for (size_t i = 0; i < made->panel_count; i++) {
    if (made->panels[i].high - made->panels[i].low < narrow) {
      cuts[count++] = made->panels[i].low;
      cuts[count++] = made->panels[i].high;
    }
  }
  qsort(cuts, count, sizeof *cuts, by_size);
  for (size_t i = 0; i < count; i++) {
    if (kept == 0 || cuts[i] > cuts[kept - 1])
      cuts[kept++] = cuts[i];
  }
  return kept;
}

static void set_cuts(plimi_pieces *made)
{
  const double below = 0.75, far_below = 0.25; /* panels between far breaks are somewhat below the widest */
  double widest = 0.0;
  for (size_t i = 0; i < made->panel_count; i++) {
    if (made->panels[i].low > core[0] && made->panels[i].high < core[1])
      widest = fmax(widest, made->panels[i].high - made->panels[i].low);
  }
  made->cut_count = list_cuts(made, below * PLIMI_WIDEST_PANEL, made->cuts);
  made->feature_count = list_cuts(made, far_below * widest, made->features);
}

/* Room for everything but the panels. */
static plim_status make_room(plimi_pieces *made)
{
  made->breaks = malloc((made->break_count + 1) * sizeof *made->breaks);
  made->cuts = malloc((made->break_count + 2 * made->panel_count) * sizeof *made->cuts);
  made->features = malloc((made->break_count + 2 * made->panel_count) * sizeof *made->features);
  return made->breaks != NULL && made->cuts != NULL && made->features != NULL ? PLIM_OK : PLIM_NO_MEMORY;
}

/* Hand the lists of a finished search over. */
static plim_status keep(plimi_search *s, plimi_pieces *made)
{
  made->floor = s->floor;
  made->tolerance = s->tolerance;
  made->panels = s->panels;
  s->panels = NULL;
  made->panel_count = s->panel_count;
  made->break_count = s->break_count;
  if (make_room(made) != PLIM_OK)
    return PLIM_NO_MEMORY;
  qsort(made->panels, made->panel_count, sizeof *made->panels, by_place);
  for (size_t i = 0; i < s->break_count; i++) {
    made->breaks[i] = s->breaks[i].at;
    if (s->breaks[i].is_steep && made->steep[0] == '\0')
      snprintf(made->steep, REASON, "it has no bounded slope near z = %.6g, which only a teacher may",
               fabs(s->breaks[i].at) < 1e-9 ? 0.0 : s->breaks[i].at);
  }
  qsort(made->breaks, made->break_count, sizeof *made->breaks, by_size);
  set_cuts(made);
  return PLIM_OK;
}

static plim_status status_of(plimi_search_result result)
{
  return result == PLIMI_SMOOTH ? PLIM_OK : result == PLIMI_NO_ROOM ? PLIM_NO_MEMORY : PLIM_INVALID;
}

plim_status plimi_pieces_alloc(plimi_function *f, void *context, const double *hints, size_t count,
                               plimi_pieces **pieces, char **why)
{
  plimi_pieces *made = calloc(1, sizeof *made);
  plimi_search s = {.f = f, .context = context, .tolerance = least_tolerance, .floor = least_floor};
  plimi_search_result result = PLIMI_NO_ROOM;
  if (made != NULL)
    result = plimi_search_add_hints(&s, hints, count);
  if (result == PLIMI_SMOOTH)
    result = search_to_tolerance(&s);
  plim_status status = status_of(result);
  if (status == PLIM_OK)
    status = keep(&s, made);
  if (status == PLIM_INVALID && why != NULL)
    *why = reason(result, s.where);
  plimi_search_clear(&s);
  if (status == PLIM_OK)
    *pieces = made;
  else
    plimi_pieces_free(made);
  return status;
}

plim_status plimi_pieces_copy(const plimi_pieces *pieces, plimi_pieces **copy)
{
  plimi_pieces *made = malloc(sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  *made = *pieces;
  made->breaks = made->cuts = made->features = NULL;
  made->panels = malloc(made->panel_count * sizeof *made->panels);
  if (make_room(made) != PLIM_OK || made->panels == NULL) {
    plimi_pieces_free(made);
    return PLIM_NO_MEMORY;
  }
  memcpy(made->breaks, pieces->breaks, made->break_count * sizeof *made->breaks);
  memcpy(made->cuts, pieces->cuts, made->cut_count * sizeof *made->cuts);
  memcpy(made->features, pieces->features, made->feature_count * sizeof *made->features);
  memcpy(made->panels, pieces->panels, made->panel_count * sizeof *made->panels);
  *copy = made;
  return PLIM_OK;
}

void plimi_pieces_free(plimi_pieces *pieces)
{
  if (pieces == NULL)
    return;
  free(pieces->breaks);
  free(pieces->cuts);
  free(pieces->features);
  free(pieces->panels);
  free(pieces);
}

const double *plimi_pieces_breaks(const plimi_pieces *pieces, size_t *count)
{
  *count = pieces->break_count;
  return pieces->breaks;
}

const double *plimi_pieces_cuts(const plimi_pieces *pieces, size_t *count)
{
  *count = pieces->cut_count;
  return pieces->cuts;
}

const double *plimi_pieces_features(const plimi_pieces *pieces, size_t *count)
{
  *count = pieces->feature_count;
  return pieces->features;
}

const plimi_panel *plimi_pieces_panels(const plimi_pieces *pieces, size_t *count)
{
  *count = pieces->panel_count;
  return pieces->panels;
}

const char *plimi_pieces_steep(const plimi_pieces *pieces)
{
  return pieces->steep[0] != '\0' ? pieces->steep : NULL;
}

const plimi_panel *plimi_pieces_panel_at(const plimi_pieces *pieces, double z)
{
  const plimi_panel *panels = pieces->panels;
  size_t first = 0, last = pieces->panel_count - 1; /* the panel of z is among these */
  if (!(z >= panels[first].low && z <= panels[last].high))
    return NULL;
  while (first < last) {
    const size_t middle = first + (last - first) / 2;
    if (z > panels[middle].high)
      first = middle + 1;
    else
      last = middle;
  }
  return &panels[first];
}

/* The least misfit on panels about z that shrink, until one is resolved or what is left is rounding, which a narrower
   one only divides by less. */
static double outer_derivative(const plimi_pieces *pieces, plimi_function *f, void *context, double z)
{
  const double finest = 0x1p-40;
  const double rounding = 1e-8; /* a misfit below it that does not shrink is of that */
  plimi_panel panel;
  double slope = NAN, least = INFINITY;
  for (double width = PLIMI_WIDEST_PANEL; width > finest * fabs(z); width *= 0.25) {
    const plimi_fit fit = plimi_panel_fit(f, context, z - 0.5 * width, z + 0.5 * width, &panel);
    const double size = fmax(fit.size, pieces->floor); /* 0 where f is 0 everywhere */
    const double misfit = size > 0.0 ? fit.residual / size : fit.residual;
    if (least < rounding && !(misfit < 0.5 * least))
      break;
    if (misfit < least) {
      least = misfit;
      slope = plimi_panel_slope(&panel, z);
    }
    if (misfit <= pieces->tolerance || isnan(misfit))
      break;
  }
  return slope;
}

double plimi_pieces_derivative(const plimi_pieces *pieces, plimi_function *f, void *context, double z)
{
  const plimi_panel *here = plimi_pieces_panel_at(pieces, z);
  if (here == NULL)
    return outer_derivative(pieces, f, context, z);
  const double near = at_break * (1.0 + fabs(z));
  const plimi_panel *end = pieces->panels + pieces->panel_count;
  if (here->high - z < near && here + 1 < end)
    return 0.5 * (plimi_panel_slope(here, here->high) + plimi_panel_slope(here + 1, here->high));
  if (z - here->low < near && here > pieces->panels)
    return 0.5 * (plimi_panel_slope(here, here->low) + plimi_panel_slope(here - 1, here->low));
  return plimi_panel_slope(here, z);
}
