/* SPDX-License-Identifier: GPL-3.0-or-later */
/* staircase.h - what the files of theory/staircase/ share: the directions that one step learns, section 10 of
   theory.md. */
#ifndef PLIM_THEORY_STAIRCASE_H
#define PLIM_THEORY_STAIRCASE_H

#include <stdbool.h>

#include "../spectra/density.h"

/* One direction: a singular value of (zeta, k) -> m(zeta, k) and what its function of k knows, psi of norm 1. */
typedef struct {
  plim_value size; /* s_l */
  double along;    /* (E k psi)^2: how far it is the linear one */
  double inside;   /* |projection of psi on k^0 .. k^PLIM_STAIR_POWERS|^2 */
  double on_zeta;  /* (E zeta phi)^2 of its function phi of zeta, of norm 1 */
  double mean;     /* E psi */
  double flat;     /* E phi */
  bool even;       /* in k and in zeta; a constant readout's is neither */
} plimi_direction;

/* staircase.c: the first PLIM_STAIRS of them, in descending order, at eta = e sqrt N. */
plim_status plimi_directions_of(const plimi_input *in, double e,
                                plimi_direction direction[PLIM_STAIRS]) PLIM_MUST_CHECK;

/* norms.c: the same at N = `width` with what the norms of weights and inputs make among them, in order of size.
   PLIM_OUTSIDE_DOMAIN: a constant readout, E sigma'' != 0. */
plim_status plimi_mix_norms(const plimi_input *in, double width,
                            plimi_direction direction[PLIM_STAIRS]) PLIM_MUST_CHECK;

/* bulk.c: the noise in which a direction stands, that of the features at W0. */
typedef struct {
  plimi_law law;
  plim_value edge; /* of the eigenvalues of F'F/n */
  plim_value top;  /* the largest of them: the edge, or what the norms of weights and inputs put above it */
  double u_edge;   /* the point that the map of spectral_map.c sends there */
} plimi_noise;
plim_status plimi_noise_of(const plimi_input *in, plimi_noise *noise) PLIM_MUST_CHECK; /* mu1 != 0 */
plim_status plimi_start_of(const plimi_input *in, plimi_noise *noise) PLIM_MUST_CHECK; /* any sigma */

/* Where a direction of strength N s_l^2 is seen. */
typedef struct {
  bool leaves;       /* does its eigenvalue leave the bulk? If not, the rest is not set */
  plim_value square; /* the eigenvalue of F'F/n */
  double overlap;    /* <left singular vector, psi/sqrt n>^2 */
} plimi_sighting;
plim_status plimi_direction_seen(const plimi_noise *noise, const plimi_direction *direction, double width,
                                 plimi_sighting *sighting) PLIM_MUST_CHECK;

#endif
