/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.h - matrices: what sim/ asks of BLAS and LAPACK. Private to sim/.

   Matrices are column-major. OpenBLAS is held to one thread while plim simulates: plim's own team shares out tiles of
   fixed size instead, because OpenBLAS's own split, and with it the last bits, would follow the number of threads
   (and threaded OpenBLAS collapses when the machine has other work). */
#ifndef PLIM_SIM_DENSE_H
#define PLIM_SIM_DENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"
#include "team.h"

/* rows x columns numbers at `at`, entry (i, j) at at[i + j * ld]. */
typedef struct {
  double *at;
  size_t rows, columns, ld;
} plimi_matrix;

/* Rows and columns of the tiles that matrices are computed in: 512 kB each, so that a tile is still in the cache of
   its core when the activation is applied to it. */
enum { PLIMI_TILE = 256 };

plimi_matrix plimi_matrix_of(double *at, size_t rows, size_t columns); /* ld = rows */
plimi_matrix plimi_matrix_block(const plimi_matrix *whole, size_t row, size_t rows, size_t column,
                                size_t columns);
plimi_matrix plimi_matrix_columns(const plimi_matrix *whole, size_t column, size_t columns);

/* Number of tiles along `extent`, and how many entries tile number `tile` has. */
size_t plimi_tiles(size_t extent);
size_t plimi_tile_extent(size_t extent, size_t tile);

/* The same with tiles of several times as many rows, as products of large matrices are shared out: OpenBLAS packs the
   right factor once a call, which at 256 rows is a tenth of the work. As tall as leaves 16 tasks of them. */
enum { PLIMI_TALLEST = 4 }; /* tiles */
typedef struct {
  size_t rows;  /* of all but the last */
  size_t count; /* along the rows */
} plimi_tall_tiles;
plimi_tall_tiles plimi_tall(size_t rows, size_t columns);
size_t plimi_tall_extent(plimi_tall_tiles tall, size_t rows, size_t tile);

/* Hold OpenBLAS to one thread; returns what it was set to, for plimi_dense_restore_threads. The setting belongs to
   the process: two simulations that overlap in time in one process need OpenBLAS held to one thread by the caller
   (openblas_set_num_threads(1) or OPENBLAS_NUM_THREADS=1) if both are to keep it throughout. In an OpenBLAS built for
   OpenMP it belongs to each thread: there every other one begins with plimi_dense_hold_worker, while the first is
   held; elsewhere that does nothing. */
int plimi_dense_single_thread(void);
void plimi_dense_restore_threads(int previous);
void plimi_dense_hold_worker(void);

/* c = alpha op(a) op(b) + beta c; N as it is, T transposed. */
typedef enum { PLIMI_NN, PLIMI_TN, PLIMI_NT } plimi_product_kind;
void plimi_product(plimi_product_kind kind, double alpha, const plimi_matrix *a, const plimi_matrix *b,
                   double beta, const plimi_matrix *c);

/* y = alpha a x + beta y, or with a' in place of a. */
void plimi_apply(double alpha, const plimi_matrix *a, const double *x, double beta, double *y);
void plimi_apply_transposed(double alpha, const plimi_matrix *a, const double *x, double beta, double *y);

double plimi_dot(size_t count, const double *x, const double *y);
double plimi_norm(size_t count, const double *x);

/* Lower triangle of gram = a'a (of columns) or aa' (of rows), by the team in tiles, or where it is large by the team's
   device; the upper tiles are not written. */
typedef enum { PLIMI_OF_COLUMNS, PLIMI_OF_ROWS } plimi_gram_kind;
void plimi_gram(plimi_team *team, plimi_gram_kind kind, const plimi_matrix *a, const plimi_matrix *gram);
/* gram = keep gram + the same. */
void plimi_gram_add(plimi_team *team, plimi_gram_kind kind, const plimi_matrix *a, double keep,
                    const plimi_matrix *gram);

/* A tile of a matrix. */
typedef struct {
  size_t row, rows, column, columns;
} plimi_place;

/* The lower triangle of a matrix of `order`, as a Gram matrix is shared out: in panels of columns, of each the tile on
   the diagonal and tall tiles below. How many tasks, and the place of one. */
size_t plimi_gram_tasks(size_t order);
plimi_place plimi_gram_place(size_t order, size_t task);

/* Tile number `task` of the lower triangle, counted along its rows: block row and block column. */
void plimi_triangle_tile(size_t task, size_t *row, size_t *column);

/* Workspace of the next two, in numbers. */
size_t plimi_top_singular_work(size_t order);

/* L of a = LL' in the lower triangle of `a`, a symmetric matrix of diagonal 1 given there. PLIM_OUTSIDE_DOMAIN with
   *column where the square of a pivot, what a column has beyond those before it, is not above `least`; `a` is then
   undefined. And x = L^-1 x. */
plim_status plimi_cholesky(const plimi_matrix *a, double least, size_t *column) PLIM_MUST_CHECK;
void plimi_solve_lower(const plimi_matrix *l, const plimi_matrix *x);

/* Largest singular value of `a` and its unit vectors left[a->rows], right[a->columns] (either may be NULL), through
   the top eigenpair of the smaller Gram matrix (dsyevr, in `gram`, which is overwritten): a direct method, so a small
   gap at the edge of the bulk costs nothing. The relative error of the value is a few eps; that of the vectors is
   eps over the relative gap. `work` has plimi_top_singular_work(order) numbers, order the smaller dimension.
   PLIM_NOT_CONVERGED if LAPACK gives up. */
typedef struct {
  plimi_team *team;
  double *gram; /* order x order */
  double *work;
} plimi_top_workspace;
plim_status plimi_top_singular(const plimi_matrix *a, const plimi_top_workspace *workspace, double *value,
                               double *left, double *right) PLIM_MUST_CHECK;

/* The `count` largest singular values, descending, count <= the smaller dimension, and their left vectors in `left`
   (a->rows x count). As above; `work` has plimi_top_several_work(order, count) numbers. The vectors are orthogonal to
   eps over the gaps between the values. */
size_t plimi_top_several_work(size_t order, size_t count);
plim_status plimi_top_several(const plimi_matrix *a, const plimi_top_workspace *workspace, size_t count,
                              double *value, double *left) PLIM_MUST_CHECK;

/* Of a Gram matrix of `order` that stands in workspace->gram already: its `count` largest eigenvalues, ascending, and
   their unit vectors (order x count), both in workspace->work. */
plim_status plimi_top_of_gram(size_t order, const plimi_top_workspace *workspace, size_t count,
                              double **eigenvalues, double **vectors) PLIM_MUST_CHECK;

/* First stage of LAPACK's two-stage reduction: the symmetric matrix of `order` in the lower triangle of `a` becomes
   Q B Q' with B of bandwidth `bandwidth`, whose lower band is written to band[(bandwidth + 1) x order]; `a` then holds
   the reflectors of Q, with their factors in tau[order]. All in products of matrices, by the team's device where the
   matrix is large, else by the thread that calls. */
typedef struct {
  size_t order, bandwidth;
  double *a, *band, *tau;
  double *work; /* plimi_band_work(order) numbers */
} plimi_band;
size_t plimi_band_width(size_t order);
size_t plimi_band_work(size_t order);
plim_status plimi_band_reduce(const plimi_team *team, const plimi_band *band) PLIM_MUST_CHECK;

/* The largest sum of |b_ij| over a row of B: no eigenvalue is larger. */
double plimi_band_norm(const plimi_band *band);

/* x = Q'x or Q x for `columns` vectors x of length order, ld order; `work` has plimi_band_rotate_work(columns). */
size_t plimi_band_rotate_work(size_t columns);
void plimi_band_rotate(const plimi_band *band, bool transposed, size_t columns, double *x, double *work);

/* Solve (B + shift I) x = x in place with `factor` of the band's size as workspace; *condition estimates the
   reciprocal condition number when it is not NULL (then `factor` needs 3 order numbers more).
   PLIM_NOT_CONVERGED: not positive definite in floating point. */
plim_status plimi_band_solve(const plimi_band *band, double shift, double *factor, double *x,
                             double *condition) PLIM_MUST_CHECK;

/* Eigenvalues of B, ascending, and with `vectors` (order x order) its eigenvectors; allocates workspace. */
plim_status plimi_band_eigen(const plimi_band *band, double *eigenvalues, double *vectors) PLIM_MUST_CHECK;

#endif
