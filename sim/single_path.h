/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_path.h - the systems of ridge_path.h for the Gram matrix A of a matrix Phi, solved in float and refined in
   double until they are as good as solved in double. Private to sim/.

   Phi is rounded to float, its Gram matrix and the reduction of that to a band are taken in float, and what they give
   serves to improve solutions: x += z, r -= (A + shift I) z with z = M^-1 r, M = Q (B + shift I) Q' from the
   reduction, and A z by products with Phi itself, in double. As A is positive semi-definite the error of x is at most
   |r|/shift, whatever M is: a solution is taken where that is below 1e-9 |x|, a hundredth of what rounding the products
   before has done to Phi. The path of a system where some shift does not come to that is left to ridge_path.h. */
#ifndef PLIM_SIM_SINGLE_PATH_H
#define PLIM_SIM_SINGLE_PATH_H

#include "ridge_path.h"
#include "single.h"

/* Beside the path of a system, whose matrices hold the floats of the reduction. */
typedef struct {
  plimi_path *path;
  const plimi_matrix *phi;
  bool of_rows;     /* A = Phi Phi', else Phi'Phi */
  bool serves;      /* is the path to be solved like this, and afterwards: was it? */
  float *room;      /* of Phi's size: Phi in float, later the factors of as many shifts as it has room for */
  double *residual; /* order x n_shift, as the next */
  double *correction; /* z */
  double *through;    /* the larger of Phi's dimensions x n_shift: Phi z or Phi'z */
  float *rounded;     /* order x n_shift */
  double *norm;       /* n_shift: of the residuals before a pass */
  size_t *column;     /* n_shift: which shift a column of these is of */
  plimi_band_single band;
} plimi_single_path;

/* Memory for a Phi of so many rows and columns, once that of its path is laid out, of its order at least. */
void plimi_single_path_layout(plimi_arena *arena, size_t rows, size_t columns, size_t n_shift,
                              const plimi_path *path, plimi_single_path *single);

/* Shifts below it are not worth a trial where Phi's smaller Gram matrix has eigenvalues up to about `largest`. */
double plimi_single_path_least(double largest);

/* The systems that `serves` marks, side by side; path->rhs is left as it is, path->band.a becomes undefined. */
void plimi_single_paths_solve(const plimi_path_settings *settings, size_t count, plimi_single_path *singles);

#endif
