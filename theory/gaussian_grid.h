/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian_grid.h - the nodes at which an activation is averaged over a standard normal variable: for gaussian.c and
   any_step/kinds_slopes.c. */
#ifndef PLIM_THEORY_GAUSSIAN_GRID_H
#define PLIM_THEORY_GAUSSIAN_GRID_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "plim_activation.h"

#define PLIMI_INV_SQRT_2PI 0.39894228040143267794

/* The two sides z and -z of a node are the columns 0 and 1. */
typedef struct {
  const plim_activation *activation;
  double end;
  size_t pieces, nodes;
  double *edge;                            /* pieces + 1, ascending */
  double *z, *weight;                      /* nodes; `weight` without the density */
  double *sigma[2], *slope[2];             /* nodes */
  double *value_error[2], *slope_error[2]; /* pieces */
  double *mass;                            /* pieces: of the density */
} plimi_gaussian_grid;

static inline double plimi_normal_density(double z)
{
  return PLIMI_INV_SQRT_2PI * exp(-0.5 * z * z);
}

/* To be cleared also where it fails. */
plim_status plimi_gaussian_grid_make(const plim_activation *activation,
                                     plimi_gaussian_grid *g) PLIM_MUST_CHECK;
void plimi_gaussian_grid_clear(plimi_gaussian_grid *g);

/* sigma(+-z)^2 times the density at the end and half way: E sigma^2 is finite only if it decays, else
   PLIM_NOT_FINITE. *rest is that of a geometric tail, for what is `power` 1 or 2 of |sigma|. */
plim_status plimi_gaussian_tail(const plimi_gaussian_grid *g, int power, double *rest) PLIM_MUST_CHECK;

/* Is E |sigma|^power finite, as far as the density is a double? */
bool plimi_gaussian_has_moment(const plim_activation *activation, int power);

#endif
