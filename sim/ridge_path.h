/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ridge_path.h - one symmetric system for a whole path of penalties. Private to sim/.

   (A + shift_l I) x_l = b for l < n_shift, A symmetric and positive semi-definite: a Gram matrix Phi'Phi or Phi Phi',
   or a kernel. A is reduced once to a band, A = Q B Q' (LAPACK's first stage of two, all matrix products), then each
   shift costs a band Cholesky, and Q is applied to all solutions at once. As stable as a Cholesky factorisation of
   A + shift I for each shift. */
#ifndef PLIM_SIM_RIDGE_PATH_H
#define PLIM_SIM_RIDGE_PATH_H

#include <stddef.h>

#include "arena.h"
#include "dense.h"
#include "plim_status.h"
#include "team.h"

/* One system. The caller sets band.order, fills the lower triangle of band.a (ld order) and `rhs`. */
typedef struct {
  plimi_band band;
  const double *shift; /* n_shift of them, each >= 0 */
  double *rhs;         /* order; overwritten by Q'b */
  double *solutions;   /* order x n_shift */
  double *rotate_work;
  bool *by_eigen; /* n_shift: the band's Cholesky factorisation did not serve */
  plim_status status;
} plimi_path;

/* Memory for systems of order up to `order`; by_eigen is the caller's. */
void plimi_path_layout(plimi_arena *arena, size_t order, size_t n_shift, plimi_path *path);

/* Numbers of workspace per worker of the team for plimi_paths_solve. */
size_t plimi_path_factor_size(size_t order);

/* Several systems side by side: reductions, then (system, shift) pairs, as tasks of the team. factors[w] is worker
   w's workspace. shift = 0 is the limit shift -> 0 for b in the range of A: x = A^+ b, the minimum-norm solution,
   with eigenvalues below order eps |A| counted as 0.
   Returns the first status that is not PLIM_OK. PLIM_NO_MEMORY, PLIM_NOT_CONVERGED. */
typedef struct {
  plimi_team *team;
  double *const *factors;
  size_t n_shift;
} plimi_path_settings;
plim_status plimi_paths_solve(const plimi_path_settings *settings, size_t count,
                              plimi_path *paths) PLIM_MUST_CHECK;

/* Eigenvalues of the system's matrix, ascending, from its band, once plimi_paths_solve has made it. */
plim_status plimi_path_eigenvalues(const plimi_path *path, double *eigenvalues) PLIM_MUST_CHECK;

#endif
