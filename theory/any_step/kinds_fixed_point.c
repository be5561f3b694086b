/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_fixed_point.c - the equations of any_activation.md B.3 and their derivatives.

   UNKNOWNS. G_b and, for the real step, the symmetric r of (*); for spiked features V1 itself. All else follows:
     V1 = gh r_theta,theta gh,  gh_b = sqrt(pi_b G_b/c_b),   V(k) = S'V1 S + sum_b pi_b G_b E2_b,
     w = psi1 (1/(1 + V) + eps),  A = E w S S',  B_b = E w E2_b,  T_b = (A V1)_bb/(pi_b G_b),
     1/G_b = L + (B_b + T_b)/psi2,      r = (C + E Gam)^-1      or V1 = (diag(1/(pi G)) + A)^-1.
   METHOD. Damped iteration (B.3) until it moves by a percent, then GSL's globally safeguarded Newton method; the map is
   analytic, so its Jacobian comes from complex steps, exact to rounding. The derivatives of the fixed point in lambda
   and eps solve (1 - F') x' = dF/dtheta with the same Jacobian: B.5 asks for derivatives of the objective, and these
   are exact where a difference quotient would lose half the digits.
   ERROR. The relative size of the last Newton correction, far below which the next would be. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multiroots.h>

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
    view->w[k] = problem->psi1 * (1.0 / (1.0 + v) + tuning->extra);
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
  const double complex penalty = tuning->lambda * problem->psi1 / problem->psi2;
  for (size_t i = 0; i < kinds; i++) {
    double complex along = 0.0;
    for (size_t j = 0; j < kinds; j++)
      along += view->a[i * kinds + j] * view->v1[j * kinds + i];
    next[i] = 1.0 / (penalty + (b[i] + along / view->p[i]) / problem->psi2);
  }
  pack(order, whole, next + kinds);
  return PLIM_OK;
}

/* ---- GSL's view of the equations ---- */

typedef struct {
  const plimi_kinds_problem *problem;
  plimi_tuning tuning;
  plimi_kinds_view *view;
  size_t size;
  plim_status status;
} equations;

static int residual(const gsl_vector *x, void *context, gsl_vector *f)
{
  equations *q = context;
  double complex at[PLIMI_MOST_STATE], next[PLIMI_MOST_STATE];
  for (size_t i = 0; i < q->size; i++)
    at[i] = gsl_vector_get(x, i);
  const plim_status status = map(q->problem, &q->tuning, at, q->view, next);
  for (size_t i = 0; i < q->size; i++) {
    const double gap = creal(next[i]) - gsl_vector_get(x, i);
    if (status != PLIM_OK || !isfinite(gap)) {
      q->status = status != PLIM_OK ? status : PLIM_NOT_FINITE;
      return GSL_EFAILED;
    }
    gsl_vector_set(f, i, gap);
  }
  return GSL_SUCCESS;
}

static int slope(const gsl_vector *x, void *context, gsl_matrix *jacobian)
{
  equations *q = context;
  double complex at[PLIMI_MOST_STATE], next[PLIMI_MOST_STATE];
  for (size_t i = 0; i < q->size; i++)
    at[i] = gsl_vector_get(x, i);
  for (size_t j = 0; j < q->size; j++) {
    const double complex kept = at[j];
    at[j] += tiny * I;
    const plim_status status = map(q->problem, &q->tuning, at, q->view, next);
    at[j] = kept;
    if (status != PLIM_OK) {
      q->status = status;
      return GSL_EFAILED;
    }
    for (size_t i = 0; i < q->size; i++)
      gsl_matrix_set(jacobian, i, j, cimag(next[i]) / tiny - (i == j ? 1.0 : 0.0));
  }
  return GSL_SUCCESS;
}

static int both(const gsl_vector *x, void *context, gsl_vector *f, gsl_matrix *jacobian)
{
  const int status = residual(x, context, f);
  return status == GSL_SUCCESS ? slope(x, context, jacobian) : status;
}

/* ---- the solution ---- */

/* A start: the bulk of W0 and the G of features without structure; then damped steps until they are short. */
static plim_status approach(equations *q, double complex *x)
{
  const plimi_kinds_problem *problem = q->problem;
  const size_t kinds = problem->kinds->kinds, order = order_of(problem);
  double complex next[PLIMI_MOST_STATE], whole[PLIMI_MOST_PENCIL * PLIMI_MOST_PENCIL] = {0.0};
  const double close = 1e-2;
  for (size_t i = 0; i < kinds; i++)
    x[i] = 1.0 / (creal(q->tuning.lambda) * problem->psi1 / problem->psi2 + problem->psi1 / problem->psi2);
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

static double relative_step(const gsl_vector *step, const gsl_vector *x, size_t kinds, size_t size)
{
  double moved = 0.0, scale = 0.0;
  for (size_t i = kinds; i < size; i++)
    scale = fmax(scale, fabs(gsl_vector_get(x, i)));
  for (size_t i = 0; i < size; i++)
    moved = fmax(moved, fabs(gsl_vector_get(step, i)) / (i < kinds ? fabs(gsl_vector_get(x, i)) : scale));
  return moved;
}

static plim_status polish(equations *q, gsl_multiroot_fdfsolver *solver, double *correction)
{
  const double still = 1e-13;
  double before = INFINITY;
  for (int step = 0; step < MOST_NEWTON; step++) {
    if (gsl_multiroot_fdfsolver_iterate(solver) != GSL_SUCCESS)
      return q->status != PLIM_OK ? q->status : before < 1e-9 ? PLIM_OK : PLIM_NOT_CONVERGED;
    const double now = relative_step(solver->dx, solver->x, q->problem->kinds->kinds, q->size);
    *correction = now;
    if (now <= still || (now < 1e-9 && now >= before))
      return PLIM_OK;
    before = now;
  }
  return PLIM_NOT_CONVERGED;
}

/* x' = (1 - F')^-1 dF/dtheta; `jacobian` is F' - 1 at the solution, factored. */
static plim_status derive(equations *q, const gsl_matrix *lu, const gsl_permutation *order,
                          plimi_tuning tuning, const plimi_kinds_state *state, plimi_kinds_state *derivative)
{
  double complex next[PLIMI_MOST_STATE];
  double right[PLIMI_MOST_STATE];
  const plim_status status = map(q->problem, &tuning, state->x, q->view, next);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < q->size; i++)
    right[i] = -cimag(next[i]) / tiny;
  gsl_vector_view view = gsl_vector_view_array(right, q->size);
  if (gsl_linalg_LU_svx(lu, order, &view.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  derivative->size = q->size;
  for (size_t i = 0; i < q->size; i++)
    derivative->x[i] = right[i];
  return PLIM_OK;
}

plim_status plimi_kinds_solve(const plimi_kinds_problem *problem, double lambda, plimi_kinds_view *view,
                              plimi_kinds_solution *solution)
{
  const size_t kinds = problem->kinds->kinds, size = kinds + triangle(order_of(problem));
  equations q = {.problem = problem, .tuning = {.lambda = lambda}, .view = view, .size = size};
  gsl_multiroot_fdfsolver *solver = gsl_multiroot_fdfsolver_alloc(gsl_multiroot_fdfsolver_gnewton, size);
  gsl_vector *start = gsl_vector_alloc(size);
  gsl_matrix *jacobian = gsl_matrix_alloc(size, size);
  gsl_permutation *order = gsl_permutation_alloc(size);
  gsl_multiroot_function_fdf function = {.f = residual, .df = slope, .fdf = both, .n = size, .params = &q};
  plim_status status = PLIM_NO_MEMORY;
  int sign;
  if (solver == NULL || start == NULL || jacobian == NULL || order == NULL)
    goto done;
  solution->state.size = size;
  status = approach(&q, solution->state.x);
  if (status != PLIM_OK)
    goto done;
  for (size_t i = 0; i < size; i++)
    gsl_vector_set(start, i, creal(solution->state.x[i]));
  status = PLIM_NOT_CONVERGED;
  if (gsl_multiroot_fdfsolver_set(solver, &function, start) != GSL_SUCCESS)
    goto done;
  status = polish(&q, solver, &solution->correction);
  if (status != PLIM_OK)
    goto done;
  for (size_t i = 0; i < size; i++)
    solution->state.x[i] = gsl_vector_get(solver->x, i);
  status = PLIM_NOT_CONVERGED;
  if (slope(solver->x, &q, jacobian) != GSL_SUCCESS ||
      gsl_linalg_LU_decomp(jacobian, order, &sign) != GSL_SUCCESS)
    goto done;
  status = derive(&q, jacobian, order, (plimi_tuning){.lambda = lambda + tiny * I}, &solution->state,
                  &solution->by_lambda);
  if (status == PLIM_OK)
    status = derive(&q, jacobian, order, (plimi_tuning){.lambda = lambda, .extra = tiny * I},
                    &solution->state, &solution->by_extra);
done:
  if (solver != NULL)
    gsl_multiroot_fdfsolver_free(solver);
  gsl_vector_free(start);
  gsl_matrix_free(jacobian);
  gsl_permutation_free(order);
  return status;
}
