/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norms.c - the directions a step learns beside what the norms of weights and inputs make, where E sigma'' != 0.

   SOURCES. Derived here: spectra/outliers.c for the two parts, bulk.c for how a direction is seen.

   NOTATION. chi, p_i, q_j as in outliers.c, theta_l^2 = N s_l^2, psi_l(k), phi_l(zeta) functions of direction l, and
     here   meaning
     flat   E phi_l, the direction's overlap with 1/sqrt N
     mean   E psi_l, its left vector's overlap with 1/sqrt n
   NORMALISATION. Strengths are eigenvalues of F'F/n where there is no bulk.

   FORMULA. F/sqrt(n) has, beside its bulk,
     sum_l theta_l psi_l phi_l' + sqrt(chi) (p^ 1^' + 1^ q^'),      unit vectors with a hat,
   where p^ and q^ are orthogonal to all else. For a readout that is symmetric the odd directions have flat = mean = 0
   and stand alone. The even ones have no linear part, so that the bulk is isotropic to all of it and they mix with the
   norms as without a bulk: in the basis phi_l, the rest of 1^, q^ the strengths are the eigenvalues of
     P = diag(theta_l^2, 0, 0) + chi x x' + chi e_q e_q' + sqrt(chi) sum_l theta_l mean_l (e_l e_q' + e_q e_l'),
   x = (flat_l, (1 - sum flat^2)^1/2, 0). Each is seen through the bulk as a direction of its own whose left vector is
     sum_l theta_l v_l psi_l + sqrt(chi) v_q 1^ + sqrt(chi) <x, v> p^,       v the eigenvector;
   p^ is no function of k, 1^ is its power 0.

   LIMITING CASES. No even direction: strength chi twice, as in outliers.c. theta_l^2 >> chi: theta_l^2 + O(chi).
   DOMAIN. `constant`: the one direction has odd and even parts, and is not covered (PLIM_OUTSIDE_DOMAIN).
   ERROR. The eigenvalues' are those of a symmetric matrix: no more than the norm of what is added to it. */
#include "staircase.h"

#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "../bounded.h"
#include "../symmetric.h"

enum { MOST_ORDER = PLIM_STAIRS + 2 };

/* The even directions and the two parts of the norms: e_l, the rest of 1^, e_q. */
typedef struct {
  size_t even, order;
  const plimi_direction *of[PLIM_STAIRS];
  double theta[PLIM_STAIRS], root_chi;
  double x[MOST_ORDER];
  double error; /* of a root of a strength */
} sector;

static sector sector_of(const plimi_input *in, double width, const plimi_direction *direction)
{
  sector s = {.root_chi = sqrt(0.5 * in->problem->psi2) * fabs(in->sigma.c2.value)};
  double rest = 1.0;
  s.error = sqrt(0.5 * in->problem->psi2) * in->sigma.c2.error;
  for (size_t l = 0; l < PLIM_STAIRS; l++) {
    if (!direction[l].even || !(direction[l].size.value > 0.0))
      continue;
    s.of[s.even] = &direction[l];
    s.theta[s.even] = sqrt(width) * direction[l].size.value;
    s.error += sqrt(width) * direction[l].size.error;
    s.x[s.even] = direction[l].flat;
    rest -= direction[l].flat * direction[l].flat;
    s.even++;
  }
  s.x[s.even] = sqrt(fmax(rest, 0.0));
  s.order = s.even + 2;
  return s;
}

static void fill(const sector *s, gsl_matrix *matrix)
{
  const double chi = s->root_chi * s->root_chi;
  const size_t q = s->order - 1;
  for (size_t i = 0; i < s->order; i++)
    for (size_t j = 0; j < s->order; j++)
      gsl_matrix_set(matrix, i, j, chi * s->x[i] * s->x[j] + (i == q && j == q ? chi : 0.0));
  for (size_t l = 0; l < s->even; l++) {
    const double cross = s->root_chi * s->theta[l] * s->of[l]->mean;
    *gsl_matrix_ptr(matrix, l, l) += s->theta[l] * s->theta[l];
    gsl_matrix_set(matrix, l, q, cross);
    gsl_matrix_set(matrix, q, l, cross);
  }
}

static plimi_direction mixture(const sector *s, double width, double strength, const gsl_vector *v)
{
  double outside = 0.0, along_ones = 0.0;
  for (size_t i = 0; i < s->order; i++)
    along_ones += s->x[i] * gsl_vector_get(v, i);
  outside = s->root_chi * along_ones * s->root_chi * along_ones;
  for (size_t l = 0; l < s->even; l++) {
    const double part = s->theta[l] * gsl_vector_get(v, l);
    outside += part * part * (1.0 - s->of[l]->inside);
  }
  const double size = sqrt(fmax(strength, 0.0) / width);
  return (plimi_direction){.size = {size, s->error / sqrt(width) + 16.0 * DBL_EPSILON * size},
                           .inside = strength > 0.0 ? fmax(0.0, 1.0 - outside / strength) : 0.0,
                           .even = true};
}

/* Into its place among the `count` directions, by size; the last falls out. */
static void insert(const plimi_direction *made, plimi_direction *direction)
{
  size_t place = PLIM_STAIRS;
  while (place > 0 && direction[place - 1].size.value < made->size.value)
    place--;
  if (place == PLIM_STAIRS)
    return;
  for (size_t l = PLIM_STAIRS - 1; l > place; l--)
    direction[l] = direction[l - 1];
  direction[place] = *made;
}

plim_status plimi_mix_norms(const plimi_input *in, double width, plimi_direction direction[PLIM_STAIRS])
{
  if (in->sigma.c2.value == 0.0)
    return PLIM_OK;
  if (plimi_readout_of(in->problem) == PLIM_READOUT_CONSTANT)
    return PLIM_OUTSIDE_DOMAIN;
  plimi_direction mixed[PLIM_STAIRS] = {{.even = false}};
  const sector s = sector_of(in, width, direction);
  const size_t n = s.order;
  double *storage = malloc((2 * n * n + 5 * n) * sizeof *storage);
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  gsl_matrix_view matrix = gsl_matrix_view_array(storage, n, n);
  gsl_matrix_view vectors = gsl_matrix_view_array(storage + n * n, n, n);
  gsl_vector_view strength = gsl_vector_view_array(storage + 2 * n * n, n);
  gsl_eigen_symmv_workspace workspace = plimi_symmetric_workspace(n, storage + 2 * n * n + n);
  plim_status status = PLIM_NOT_FINITE;
  fill(&s, &matrix.matrix);
  /* NaN among them is both */
  if (!isfinite(gsl_matrix_max(&matrix.matrix) - gsl_matrix_min(&matrix.matrix)))
    goto done;
  status = PLIM_NOT_CONVERGED;
  if (gsl_eigen_symmv(&matrix.matrix, &strength.vector, &vectors.matrix, &workspace) != GSL_SUCCESS)
    goto done;
  for (size_t l = 0; l < PLIM_STAIRS; l++)
    if (!direction[l].even)
      insert(&direction[l], mixed);
  for (size_t i = 0; i < n; i++) {
    const gsl_vector_const_view v = gsl_matrix_const_column(&vectors.matrix, i);
    const plimi_direction made = mixture(&s, width, gsl_vector_get(&strength.vector, i), &v.vector);
    insert(&made, mixed);
  }
  for (size_t l = 0; l < PLIM_STAIRS; l++)
    direction[l] = mixed[l];
  status = PLIM_OK;
done:
  free(storage);
  return status;
}
