/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single.h - products of matrices in float, where single precision was asked for. Private to sim/.

   What is multiplied is rounded to float once, a product's sums are float, and its result is double again: maps,
   solutions and risks are double throughout; how solutions are, single_path.h says. A product of depth K has entries
   right to about 6e-8 sqrt(K) of the root mean square of its terms. */
#ifndef PLIM_SIM_SINGLE_H
#define PLIM_SIM_SINGLE_H

#include <stddef.h>

#include "dense.h"

/* As plimi_matrix. */
typedef struct {
  float *at;
  size_t rows, columns, ld;
} plimi_floats;

plimi_floats plimi_floats_of(float *at, size_t rows, size_t columns);
plimi_floats plimi_floats_block(const plimi_floats *whole, size_t row, size_t rows, size_t column,
                                size_t columns);

/* c = op(a) op(b). */
void plimi_product_single(plimi_product_kind kind, const plimi_floats *a, const plimi_floats *b,
                          const plimi_floats *c);

/* As plimi_gram. */
void plimi_gram_single(plimi_team *team, plimi_gram_kind kind, const plimi_floats *a,
                       const plimi_floats *gram);

/* As plimi_band, with what is done to one: work has plimi_band_work(order) floats here, rotating
   plimi_band_rotate_work(columns). */
typedef struct {
  size_t order, bandwidth;
  float *a, *band, *tau, *work;
} plimi_band_single;
plim_status plimi_band_reduce_single(const plimi_band_single *band) PLIM_MUST_CHECK;
void plimi_band_rotate_single(const plimi_band_single *band, bool transposed, size_t columns, float *x,
                              float *work);
/* The Cholesky factor of B + shift I, order (plimi_band_factor_width(order) + 1) floats; false: not positive definite.
   And x = (B + shift I)^-1 x by it. */
size_t plimi_band_factor_width(size_t order);
bool plimi_band_factor_single(const plimi_band_single *band, double shift, float *factor);
void plimi_band_solve_single(const plimi_band_single *band, const float *factor, float *x);

/* Rounded, whole matrices without gaps by a team, and back: to = keep to + scale from. */
void plimi_round(size_t count, const double *from, float *to);
void plimi_round_matrix(plimi_team *team, const plimi_matrix *from, float *to);
void plimi_widen(const plimi_floats *from, double scale, double keep, const plimi_matrix *to);

/* `count` numbers at `x` rounded in place: the floats stand in the first half of their memory. */
void plimi_round_in_place(size_t count, double *x);

#endif
