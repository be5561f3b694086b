/* SPDX-License-Identifier: GPL-3.0-or-later */
/* density.h - the law of sample eigenvalues over a population of Marchenko-Pastur type. Private to
   theory/. */
#ifndef PLIM_THEORY_DENSITY_H
#define PLIM_THEORY_DENSITY_H

#include <stdbool.h>

#include "../theory.h"

/* Samples with the population law H of b + a t, t an eigenvalue of W0'W0 (N x N, N/d = psi2); n samples,
   N/n = psi2/psi1. a = 0: plain Marchenko-Pastur of ratio psi2/psi1, scaled by b. */
typedef struct {
  plim_value a, b;
  double psi1, psi2;
} plimi_law;

plimi_law plimi_law_of_kernel(const plimi_input *in);

/* A point l outside the population's support, as u of the map in spectral_map.c, with what would cancel if it
   were computed from u. Steps whose square is no double have such points too. */
typedef struct {
  plimi_wide u;
  plimi_wide root;   /* D = u - psi2/u */
  plimi_wide pole;   /* u + psi2 */
  plimi_wide excess; /* (1 + psi2) u + 2 psi2 */
} plimi_population_point;

/* The same at u >= sqrt(psi2), where nothing cancels but the root, which the caller knows. */
plimi_population_point plimi_population_point_right(const plimi_law *law, plim_value u, plim_value root);

/* psi(l), where a population spike at l goes, infinite where it is no double; and psi'(l). a > 0. */
typedef struct {
  plimi_wide l;
  plim_value image, slope;
} plimi_spectral_map;
plimi_spectral_map plimi_spectral_map_at(const plimi_law *law, const plimi_population_point *point);

/* The same where `strength` holds a u, a D, a (u + psi2) and a ((1 + psi2) u + 2 psi2); a >= 0. */
plimi_spectral_map plimi_spectral_map_of_strength(const plimi_law *law,
                                                  const plimi_population_point *strength);

/* Where the sample law lives. */
typedef struct {
  plim_value low, high; /* edges */
  plim_value mass;      /* between them */
  double u_low, u_high; /* the points that the map sends to the edges (w of density.c where a = 0) */
} plimi_bulk_interval;
typedef struct {
  plim_value atom; /* point mass at 0 */
  size_t count;
  plimi_bulk_interval interval[PLIM_SUPPORT_INTERVALS];
} plimi_bulk;
plim_status plimi_bulk_of(const plimi_law *law, plimi_bulk *bulk) PLIM_MUST_CHECK;

/* The right edge alone. */
plim_status plimi_bulk_right_edge(const plimi_law *law, plim_value *edge) PLIM_MUST_CHECK;

/* outliers.c: a rank-one part of the kernel's features. */
typedef struct {
  plimi_population_point at; /* in strength: u is w = a u, and so on */
  bool has_step;             /* the step takes part in it; otherwise the norms of weights or inputs alone */
} plimi_mode;
enum { PLIMI_MOST_MODES = 3 };

plimi_wide plimi_strength_of_edge(const plimi_law *law); /* a sqrt(psi2): beyond it w is outside H */
plimi_population_point plimi_point_of_strength(const plimi_law *law, plimi_wide w);

/* All of them, at most PLIMI_MOST_MODES, outside the bulk or not. */
size_t plimi_modes_of(const plimi_input *in, plimi_mode *modes);
/* No where the step's right vector is neither that of the inputs' norms nor orthogonal to it. */
bool plimi_modes_are_known(const plimi_input *in);

/* The values that leave the kernel's bulk, descending, those in a gap of it too: their number, at most
   PLIM_SUPPORT_OUTLIERS. */
size_t plimi_kernel_outliers(const plimi_input *in, plim_value *values);

/* weights.c: does the step drive a value out of the bulk of W1, and where to? */
bool plimi_weights_outlier(const plimi_input *in, plim_value *value);

#endif
