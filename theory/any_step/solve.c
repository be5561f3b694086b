/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solve.c - the fixed point (1)-(4) of section 9.3.

   SOURCE. Section 9.3 of theory.md; existence, uniqueness and the iteration's convergence are derived here.

   NOTATION. As in any_step.h and state.c. F maps (V, G) to the right-hand sides of (4) and (3).

   ONE SOLUTION. F is increasing: V grows with G and falls with A, A falls with V, and 1/G grows with A, with
   B and falls with G. It is concave: (D(s)^-1 + A)^-1 is a parallel sum of D(s) and A^-1, and A^-1, 1/B_b,
   1/T_bb and G are parallel sums again. And F(0) >= 0 with G > 0. So there is one positive fixed point.

   HOW IT IS FOUND. Newton's iteration for x = F(x) from above: at a point with F(x) <= x the tangent lies
   above F, so the next point has F(x) <= x again and lies below the last; the iteration falls to the root
   from any such start, and no damping, no continuation is needed. The start is A = 0: G = 1/L, V = sum pi
   (S^2 + E2)/L. The matrix 1 - F' is made symmetric and positive definite by t and gamma of state.c
   with omega_k = (1 + V)^2/(psi1 weight), omega_b = psi2/(pi G^2): Cholesky's factors (GSL) after scaling by
   omega^-1/2.

   ERROR. `correction` is the Newton step at the state returned, relative: Newton's own estimate of what is
   left.
   STATUS. PLIM_NOT_CONVERGED when it neither falls below mixture->exact nor stands still below 1e-9 within 80
   steps. */
#include <stdlib.h>

#include <gsl/gsl_linalg.h>

#include "any_step.h"
#include "../bounded.h"

enum { MOST_STEPS = 80 };
static const double acceptable = 1e-9;

static void start(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  for (size_t b = 0; b < s->n; b++)
    s->g[b] = 1.0 / mixture->penalty;
  for (size_t k = 0; k < s->nodes; k++) {
    double sum = 0.0;
    for (size_t b = 0; b < s->n; b++) {
      const double slope = t->s[k * s->n + b];
      sum += t->pi[b] * (slope * slope + t->rest[k * s->n + b]);
    }
    s->v[k] = sum / mixture->penalty;
  }
}

plim_status plimi_state_factor(const plimi_mixture *mixture, plimi_state *state)
{
  plimi_state *s = state;
  const plimi_tables *t = mixture->tables;
  const size_t all = s->nodes + s->n;
  for (size_t k = 0; k < s->nodes; k++)
    s->scale[k] = sqrt(t->step.ridge_psi1 * t->weight[k]) / (1.0 + s->v[k]);
  for (size_t b = 0; b < s->n; b++)
    s->scale[s->nodes + b] = s->g_next[b] * sqrt(t->pi[b] / mixture->psi2);
  for (size_t i = 0; i < all; i++)
    for (size_t j = 0; j < all; j++)
      s->factor[i * all + j] = (i == j ? 1.0 : 0.0) - s->scale[i] * s->hessian[i * all + j] * s->scale[j];
  gsl_matrix_view factor = gsl_matrix_view_array(s->factor, all, all);
  return gsl_linalg_cholesky_decomp1(&factor.matrix) == GSL_SUCCESS ? PLIM_OK : PLIM_NOT_CONVERGED;
}

plim_status plimi_state_respond(const plimi_state *state, double *x)
{
  const size_t all = state->nodes + state->n;
  for (size_t i = 0; i < all; i++)
    x[i] *= state->scale[i];
  gsl_matrix_view factor = gsl_matrix_view_array(state->factor, all, all);
  gsl_vector_view vector = gsl_vector_view_array(x, all);
  if (gsl_linalg_cholesky_svx(&factor.matrix, &vector.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < all; i++)
    x[i] *= state->scale[i];
  return PLIM_OK;
}

/* The Newton step, as changes of V and G, in `step`; its relative size. */
static plim_status newton_step(const plimi_mixture *mixture, plimi_state *s, double *step, double *size)
{
  const plimi_tables *t = mixture->tables;
  for (size_t k = 0; k < s->nodes; k++)
    step[k] = s->v_next[k] - s->v[k];
  for (size_t b = 0; b < s->n; b++)
    step[s->nodes + b] = (s->g_next[b] - s->g[b]) / s->g_next[b] * (mixture->psi2 / s->g_next[b]);
  const plim_status status = plimi_state_respond(s, step);
  if (status != PLIM_OK)
    return status;
  double largest = 0.0;
  for (size_t k = 0; k < s->nodes; k++) {
    step[k] /= s->scale[k] * s->scale[k];
    largest = fmax(largest, fabs(step[k]) / (1.0 + s->v[k]));
  }
  for (size_t b = 0; b < s->n; b++) {
    step[s->nodes + b] /= t->pi[b];
    largest = fmax(largest, fabs(step[s->nodes + b]) / s->g[b]);
  }
  if (!isfinite(largest))
    return PLIM_NOT_FINITE;
  *size = largest;
  return PLIM_OK;
}

static plim_status iterate(const plimi_mixture *mixture, plimi_state *s, double *step, double *correction)
{
  double last = INFINITY;
  for (int i = 0; i < MOST_STEPS; i++) {
    double size;
    plim_status status = plimi_state_build(mixture, s);
    if (status != PLIM_OK)
      return status;
    plimi_state_couple(mixture, s);
    status = plimi_state_factor(mixture, s);
    if (status == PLIM_OK)
      status = newton_step(mixture, s, step, &size);
    if (status != PLIM_OK)
      return status;
    if (size <= mixture->exact || (size <= acceptable && size >= 0.5 * last)) {
      *correction = size;
      return PLIM_OK;
    }
    last = size;
    for (size_t k = 0; k < s->nodes; k++)
      s->v[k] = fmax(s->v[k] + step[k], 0.0);
    for (size_t b = 0; b < s->n; b++)
      s->g[b] = fmax(s->g[b] + step[s->nodes + b], 1e-3 * s->g[b]);
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_mixture_solve(const plimi_mixture *mixture, plimi_state *state, double *correction)
{
  double *step = malloc((state->nodes + state->n) * sizeof *step);
  if (step == NULL)
    return PLIM_NO_MEMORY;
  start(mixture, state);
  const plim_status status = iterate(mixture, state, step, correction);
  free(step);
  return status;
}
