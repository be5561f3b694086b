/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_fixed_point.c - the equations of any_activation.md B.3 and their derivatives.

   UNKNOWNS. G_b and, for the real step, the symmetric r of (*); for spiked features V1 itself. All else follows:
     V1 = gh r_theta,theta gh,  gh_b = sqrt(pi_b G_b/c_b),   V(k) = S'V1 S + sum_b pi_b G_b E2_b,
     w = psi1 (1/(1 + V) + eps),  A = E w S S',  B_b = E w E2_b,  T_b = (A V1)_bb/(pi_b G_b),
     1/G_b = L + (B_b + T_b)/psi2,      r = (C + E Gam)^-1      or V1 = (diag(1/(pi G)) + A)^-1.
   METHOD. Damped iteration (B.3) until it moves by a percent, then Newton's, its step halved while the equations are
   left worse. (GSL's Newton solvers allocate within a step, and do not look; its hybrid ones leave blocks behind where
   they get no memory. By them the answers are the same to 1e-4 of their errors.) The map is analytic, so its Jacobian
   comes from complex steps, exact to rounding. The derivatives of the fixed point in lambda and eps solve (1 - F') x' =
   dF/dtheta with the same Jacobian: B.5 asks for derivatives of the objective, and these are exact where a difference
   quotient would lose half the digits.
   ERROR. The relative size of the last Newton correction, far below which the next would be. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "kinds.h"

enum { MOST_DAMPED = 400, MOST_NEWTON = 60 };
static const double tiny = 1e-60; /* of complex steps: its square is nothing beside 1 */

static size_t triangle(size_t n)
{
  return n * (n + 1) / 2;
}

static size_t order_of(const plimi_kinds_problem *problem)
{
  return (problem->law != NULL ? 3 : 1) * problem->kinds->kinds;
}

static void unpack(size_t n, const double complex *upper, double complex *full)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++, upper++)
      full[i * n + j] = full[j * n + i] = *upper;
}

static void pack(size_t n, const double complex *full, double complex *upper)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++, upper++)
      *upper = 0.5 * (full[i * n + j] + full[j * n + i]);
}

/* V, w, A, B of what p and V1 of the view say. */
static void average(const plimi_kinds_problem *problem, const plimi_tuning *tuning, plimi_kinds_view *view,
                    double complex *b)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = t->kinds;
  memset(view->a, 0, kinds * kinds * sizeof *view->a);
  memset(b, 0, kinds * sizeof *b);
  for (size_t k = 0; k < t->nodes; k++) {
    const double *s = t->s + k * kinds, *rest = t->rest + k * kinds;
    double complex v = 0.0;
    for (size_t i = 0; i < kinds; i++) {
      v += view->p[i] * rest[i];
      for (size_t j = 0; j < kinds; j++)
        v += view->v1[i * kinds + j] * s[i] * s[j];
    }
    view->v[k] = v;
    view->w[k] = problem->ridge_psi1 * (1.0 / (1.0 + v) + tuning->extra);
    const double complex share = t->weight[k] * view->w[k];
    for (size_t i = 0; i < kinds; i++) {
      b[i] += share * rest[i];
      for (size_t j = 0; j < kinds; j++)
        view->a[i * kinds + j] += share * s[i] * s[j];
    }
  }
}

static void look(const plimi_kinds_problem *problem, const plimi_tuning *tuning, const double complex *x,
                 plimi_kinds_view *view, double complex *b)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = t->kinds, all = 3 * kinds;
  for (size_t i = 0; i < kinds; i++) {
    view->p[i] = t->pi[i] * x[i];
    view->gh[i] = csqrt(view->p[i] / t->c[i]);
  }
  if (problem->law == NULL) {
    unpack(kinds, x + kinds, view->v1);
  } else {
    unpack(all, x + kinds, view->r);
    for (size_t i = 0; i < kinds; i++)
      for (size_t j = 0; j < kinds; j++)
        view->v1[i * kinds + j] = view->gh[i] * view->r[i * all + j] * view->gh[j];
  }
  average(problem, tuning, view, b);
  for (size_t i = 0; i < kinds; i++)
    for (size_t j = 0; j < kinds; j++)
      view->ah[i * kinds + j] = view->gh[i] * view->a[i * kinds + j] * view->gh[j];
}

void plimi_kinds_look(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                      const plimi_kinds_state *state, plimi_kinds_view *view)
{
  double complex b[PLIMI_MOST_KINDS];
  look(problem, tuning, state->x, view, b);
}

/* What the equations make of x. */
static plim_status map(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                       const double complex *x, plimi_kinds_view *view, double complex *next)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = t->kinds, order = order_of(problem);
  double complex b[PLIMI_MOST_KINDS], whole[PLIMI_MOST_PENCIL * PLIMI_MOST_PENCIL];
  look(problem, tuning, x, view, b);
  plim_status status = PLIM_OK;
  if (problem->law != NULL) {
    status = plimi_bulk_step(problem, view->ah, view->r, whole);
  } else {
    memcpy(whole, view->a, kinds * kinds * sizeof *whole);
    for (size_t i = 0; i < kinds; i++)
      whole[i * kinds + i] += 1.0 / view->p[i];
    status = plimi_c_invert(kinds, whole);
  }
  if (status != PLIM_OK)
    return status;
  const double complex penalty = tuning->lambda * problem->ridge_psi1 / problem->psi2;
  for (size_t i = 0; i < kinds; i++) {
    double complex along = 0.0;
    for (size_t j = 0; j < kinds; j++)
      along += view->a[i * kinds + j] * view->v1[j * kinds + i];
    next[i] = 1.0 / (penalty + (b[i] + along / view->p[i]) / problem->psi2);
  }
  pack(order, whole, next + kinds);
  return PLIM_OK;
}

/* ---- the equations: F(x) - x = 0 ---- */

typedef struct {
  const plimi_kinds_problem *problem;
  plimi_tuning tuning;
  plimi_kinds_view *view;
  size_t size;
} equations;

static plim_status residual(const equations *q, const double *x, double *f)
{
  double complex at[PLIMI_MOST_STATE], next[PLIMI_MOST_STATE];
  for (size_t i = 0; i < q->size; i++)
    at[i] = x[i];
  const plim_status status = map(q->problem, &q->tuning, at, q->view, next);
  for (size_t i = 0; i < q->size && status == PLIM_OK; i++) {
    f[i] = creal(next[i]) - x[i];
    if (!isfinite(f[i]))
      return PLIM_NOT_FINITE;
  }
  return status;
}

/* F' - 1, by rows. */
static plim_status slope(const equations *q, const double *x, double *jacobian)
{
  double complex at[PLIMI_MOST_STATE], next[PLIMI_MOST_STATE];
  for (size_t i = 0; i < q->size; i++)
    at[i] = x[i];
  for (size_t j = 0; j < q->size; j++) {
    at[j] += tiny * I;
    const plim_status status = map(q->problem, &q->tuning, at, q->view, next);
    at[j] = x[j];
    if (status != PLIM_OK)
      return status;
    for (size_t i = 0; i < q->size; i++)
      jacobian[i * q->size + j] = cimag(next[i]) / tiny - (i == j ? 1.0 : 0.0);
  }
  return PLIM_OK;
}

/* ---- the solution ---- */

/* A start: the bulk of W0 and the G of features without structure; then damped steps until they are short. */
static plim_status approach(const equations *q, double complex *x)
{
  const plimi_kinds_problem *problem = q->problem;
  const size_t kinds = problem->kinds->kinds, order = order_of(problem);
  double complex next[PLIMI_MOST_STATE], whole[PLIMI_MOST_PENCIL * PLIMI_MOST_PENCIL] = {0.0};
  const double close = 1e-2;
  for (size_t i = 0; i < kinds; i++)
    x[i] = 1.0 / (creal(q->tuning.lambda) * problem->ridge_psi1 / problem->psi2 +
                  problem->ridge_psi1 / problem->psi2);
  /* (C)^-1 at Ah = 1: theta = u, l = theta - ... ; any positive start serves */
  for (size_t i = 0; i < order; i++)
    whole[i * order + i] = problem->law == NULL ? 0.5 * problem->kinds->pi[i] * x[i]
                           : i < 2 * kinds      ? 0.5
                                                : -0.5;
  if (problem->law != NULL) {
    for (size_t i = 0; i < kinds; i++) {
      whole[i * order + kinds + i] = whole[(kinds + i) * order + i] = 0.5;
      for (size_t j = 0; j < 2; j++)
        whole[(j * kinds + i) * order + 2 * kinds + i] = whole[(2 * kinds + i) * order + j * kinds + i] =
            j == 0 ? -0.5 : 0.5;
    }
  }
  pack(order, whole, x + kinds);
  for (int step = 0; step < MOST_DAMPED; step++) {
    const plim_status status = map(problem, &q->tuning, x, q->view, next);
    if (status != PLIM_OK)
      return status;
    double moved = 0.0;
    for (size_t i = 0; i < q->size; i++) {
      const double size = i < kinds ? cabs(x[i]) : 1.0;
      moved = fmax(moved, cabs(next[i] - x[i]) / size);
      x[i] = 0.5 * (creal(x[i]) + creal(next[i]));
    }
    if (!isfinite(moved))
      return PLIM_NOT_FINITE;
    if (moved < close)
      return PLIM_OK;
  }
  return PLIM_NOT_CONVERGED;
}

static double relative_step(const equations *q, const double *step, const double *x)
{
  const size_t kinds = q->problem->kinds->kinds;
  double moved = 0.0, scale = 0.0;
  for (size_t i = kinds; i < q->size; i++)
    scale = fmax(scale, fabs(x[i]));
  for (size_t i = 0; i < q->size; i++)
    moved = fmax(moved, fabs(step[i]) / (i < kinds ? fabs(x[i]) : scale));
  return moved;
}

static double size_of(size_t n, const double *f)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += f[i] * f[i];
  return sqrt(sum);
}

/* (F' - 1) = Q R, in place */
static plim_status factor(size_t n, double *jacobian, double *tau)
{
  gsl_matrix_view matrix = gsl_matrix_view_array(jacobian, n, n);
  gsl_vector_view scale = gsl_vector_view_array(tau, n);
  return gsl_linalg_QR_decomp(&matrix.matrix, &scale.vector) == GSL_SUCCESS ? PLIM_OK : PLIM_NOT_CONVERGED;
}

static plim_status solve(size_t n, double *factored, double *tau, double *x)
{
  gsl_matrix_view matrix = gsl_matrix_view_array(factored, n, n);
  gsl_vector_view scale = gsl_vector_view_array(tau, n), vector = gsl_vector_view_array(x, n);
  if (gsl_linalg_QR_svx(&matrix.matrix, &scale.vector, &vector.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i]))
      return PLIM_NOT_CONVERGED;
  return PLIM_OK;
}

/* One step from x, where the equations are off by f: both move, and *moved is its relative size. */
static plim_status advance(const equations *q, double *x, double *f, double *jacobian, double *moved)
{
  const size_t n = q->size;
  double tau[PLIMI_MOST_STATE], step[PLIMI_MOST_STATE], to[PLIMI_MOST_STATE];
  const double before = size_of(n, f);
  plim_status status = slope(q, x, jacobian);
  if (status == PLIM_OK)
    status = factor(n, jacobian, tau);
  for (size_t i = 0; i < n; i++)
    step[i] = -f[i];
  if (status == PLIM_OK)
    status = solve(n, jacobian, tau, step);
  while (status == PLIM_OK) {
    for (size_t i = 0; i < n; i++)
      to[i] = x[i] + step[i];
    status = residual(q, to, f);
    *moved = relative_step(q, step, to);
    if (size_of(n, f) <= before || *moved < DBL_EPSILON)
      break;
    for (size_t i = 0; i < n; i++)
      step[i] *= 0.5;
  }
  if (status == PLIM_OK)
    memcpy(x, to, n * sizeof *x);
  return status;
}

static plim_status polish(const equations *q, double *x, double *jacobian, double *correction)
{
  const double still = 1e-13;
  double f[PLIMI_MOST_STATE], before = INFINITY;
  plim_status status = residual(q, x, f);
  for (int step = 0; step < MOST_NEWTON && status == PLIM_OK; step++) {
    double now = 0.0;
    status = advance(q, x, f, jacobian, &now);
    if (status == PLIM_NOT_CONVERGED)
      return before < 1e-9 ? PLIM_OK : status;
    *correction = now;
    if (now <= still || (now < 1e-9 && now >= before))
      return status;
    before = now;
  }
  return status == PLIM_OK ? PLIM_NOT_CONVERGED : status;
}

/* x' = (1 - F')^-1 dF/dtheta; `jacobian` is F' - 1 at the solution, factored. */
static plim_status derive(const equations *q, double *factored, double *tau, plimi_tuning tuning,
                          const plimi_kinds_state *state, plimi_kinds_state *derivative)
{
  double complex next[PLIMI_MOST_STATE];
  double right[PLIMI_MOST_STATE];
  plim_status status = map(q->problem, &tuning, state->x, q->view, next);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < q->size; i++)
    right[i] = -cimag(next[i]) / tiny;
  status = solve(q->size, factored, tau, right);
  if (status != PLIM_OK)
    return status;
  derivative->size = q->size;
  for (size_t i = 0; i < q->size; i++)
    derivative->x[i] = right[i];
  return PLIM_OK;
}

plim_status plimi_kinds_solve(const plimi_kinds_problem *problem, double lambda, plimi_kinds_view *view,
                              plimi_kinds_solution *solution)
{
  const size_t kinds = problem->kinds->kinds, size = kinds + triangle(order_of(problem));
  const equations q = {.problem = problem, .tuning = {.lambda = lambda}, .view = view, .size = size};
  double x[PLIMI_MOST_STATE] = {0.0}; /* not every gcc sees that there is an unknown */
  double tau[PLIMI_MOST_STATE], *jacobian = malloc(size * size * sizeof *jacobian);
  if (jacobian == NULL)
    return PLIM_NO_MEMORY;
  solution->state.size = size;
  plim_status status = approach(&q, solution->state.x);
  for (size_t i = 0; i < size && status == PLIM_OK; i++)
    x[i] = creal(solution->state.x[i]);
  if (status == PLIM_OK)
    status = polish(&q, x, jacobian, &solution->correction);
  for (size_t i = 0; i < size && status == PLIM_OK; i++)
    solution->state.x[i] = x[i];
  if (status == PLIM_OK)
    status = slope(&q, x, jacobian);
  if (status == PLIM_OK)
    status = factor(size, jacobian, tau);
  if (status == PLIM_OK)
    status = derive(&q, jacobian, tau, (plimi_tuning){.lambda = lambda + tiny * I}, &solution->state,
                    &solution->by_lambda);
  if (status == PLIM_OK)
    status = derive(&q, jacobian, tau, (plimi_tuning){.lambda = lambda, .extra = tiny * I}, &solution->state,
                    &solution->by_extra);
  free(jacobian);
  return status;
}
