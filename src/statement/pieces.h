/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.h - a scalar function as smooth pieces: where they meet, and the derivative on each. Private to
   src/. */
#ifndef PLIM_PIECES_H
#define PLIM_PIECES_H

#include <stddef.h>

#include "panel.h"
#include "plim_status.h"

typedef struct plimi_pieces plimi_pieces;

/* Find the breaks of f in |z| <= reach and a polynomial on each panel between them. A break is a point where
   f' or f'' jumps (f''' and beyond pass for smooth). A feature narrower than 1/64 may be missed. PLIM_INVALID
   with *why (release it with free()) where f is not finite, jumps, or has no bounded derivative;
   PLIM_NO_MEMORY. */
plim_status plimi_pieces_alloc(plimi_function *f, void *context, double reach, plimi_pieces **pieces,
                               char **why) PLIM_MUST_CHECK;
void plimi_pieces_free(plimi_pieces *pieces); /* NULL is allowed */

/* The breaks, ascending. Their position is good to about 1e-12 (1 + |z|). */
const double *plimi_pieces_breaks(const plimi_pieces *pieces, size_t *count);

/* f'(z) for |z| <= reach; at a break the mean of its two one-sided values. NaN beyond `reach`. */
double plimi_pieces_derivative(const plimi_pieces *pieces, double z);

/* f'(z) for |z| > reach, from evaluations of f about z, without knowledge of breaks there. */
double plimi_pieces_outer_derivative(const plimi_pieces *pieces, plimi_function *f, void *context, double z);

#endif
