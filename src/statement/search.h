/* SPDX-License-Identifier: GPL-3.0-or-later */
/* search.h - where a scalar function stops being smooth: the search behind pieces.c. Private to src/. */
#ifndef PLIM_SEARCH_H
#define PLIM_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "panel.h"

enum {
  PLIMI_MOST_BREAKS = 1024,
  PLIMI_MOST_PANELS = 16384,
  PLIMI_MOST_FITS = 80000,
  PLIMI_MOST_HINTS = 4096
};

/* What a search ends with; all but the first stop it. */
typedef enum {
  PLIMI_SMOOTH, /* in pieces */
  PLIMI_NOISY,  /* rounding is above the tolerance: try a larger one */
  PLIMI_ROUGH,
  PLIMI_NOT_FINITE_THERE,
  PLIMI_JUMPS,
  PLIMI_TOO_MANY,
  PLIMI_NO_ROOM
} plimi_search_result;

typedef struct {
  double at;
  double width;  /* of the panel that holds it: where it was looked for */
  bool is_steep; /* f' is unbounded there: f goes like a root */
} plimi_break;

typedef struct {
  plimi_function *f;
  void *context;
  double *hints; /* where a narrow feature is likely */
  size_t hint_count, hint_room;
  double floor; /* |f| below this counts as this in the tolerance */
  double tolerance;
  double where; /* of the trouble, if any */
  size_t fits;
  plimi_break *breaks; /* ascending */
  size_t break_count, break_room;
  plimi_panel *panels; /* ascending, adjacent */
  size_t panel_count, panel_room;
} plimi_search;

/* How far a fit of the panel may be from f by the tolerance and by the rounding of abscissas. */
double plimi_search_allowance(const plimi_search *search, const plimi_panel *panel, const plimi_fit *quality);

/* Compare a panel that seems resolved with f at points `spacing` apart and about the hints; what differs becomes
   a hint and sets *resolved to false. */
plimi_search_result plimi_search_look_closer(plimi_search *search, const plimi_panel *panel, double spacing,
                                             bool *resolved);

plimi_search_result plimi_search_add_hints(plimi_search *search, const double *hints, size_t count);

/* Find the breaks of f in [low, high] and cover it by resolved panels; both are added to the lists. The points where
   features are looked for beside those of the panels' own fits are `spacing` apart. */
plimi_search_result plimi_search_split(plimi_search *search, double low, double high, double spacing);
void plimi_search_clear(plimi_search *search);

#endif
