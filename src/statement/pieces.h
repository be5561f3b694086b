/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.h - a scalar function as smooth pieces: where they meet, and the derivative on each. Private to
   src/. */
#ifndef PLIM_PIECES_H
#define PLIM_PIECES_H

#include <stddef.h>

#include "panel.h"
#include "plim_status.h"

typedef struct plimi_pieces plimi_pieces;

/* Find the breaks of f and a polynomial on each panel between them, for |z| <= 12 at least and as far as 39 where f
   allows it. A break is a point where f' or f'' jumps (f''' and beyond pass for smooth), or where f' is
   unbounded. A feature narrower than 1/512 may be missed unless it is at one of the `count` hints (at most 2^-44 wide
   there). PLIM_INVALID with *why (release it with free()) where f is not finite, jumps, or varies too fast in
   |z| <= 12, or jumps beyond; PLIM_NO_MEMORY. */
plim_status plimi_pieces_alloc(plimi_function *f, void *context, const double *hints, size_t count,
                               plimi_pieces **pieces, char **why) PLIM_MUST_CHECK;
plim_status plimi_pieces_copy(const plimi_pieces *pieces, plimi_pieces **copy) PLIM_MUST_CHECK;
void plimi_pieces_free(plimi_pieces *pieces); /* NULL is allowed */

/* The breaks, ascending. Their position is good to about 1e-12 (1 + |z|). */
const double *plimi_pieces_breaks(const plimi_pieces *pieces, size_t *count);

/* The breaks and the ends of the panels narrower than PLIMI_WIDEST_PANEL, ascending. */
const double *plimi_pieces_cuts(const plimi_pieces *pieces, size_t *count);

/* The breaks and the ends of the panels narrower than a quarter of the widest in |z| <= 12, ascending. */
const double *plimi_pieces_features(const plimi_pieces *pieces, size_t *count);

/* The panels, ascending and adjacent. */
const plimi_panel *plimi_pieces_panels(const plimi_pieces *pieces, size_t *count);

/* NULL, or why f' is unbounded. */
const char *plimi_pieces_steep(const plimi_pieces *pieces);

/* The panel of z; NULL beyond them, or if z is NaN. */
const plimi_panel *plimi_pieces_panel_at(const plimi_pieces *pieces, double z);

/* f'(z), at a break the mean of its two one-sided values. Beyond the panels from evaluations of f about z, without
   knowledge of breaks there. */
double plimi_pieces_derivative(const plimi_pieces *pieces, plimi_function *f, void *context, double z);

#endif
