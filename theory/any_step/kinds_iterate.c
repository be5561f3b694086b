/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_iterate.c - the equations of any_activation.md B.3 in the few dimensions of kinds_basis.c, and their
   derivatives.

   UNKNOWNS. G_b, V (m x m) and, for the real step, gamma = E Gam of kinds_pencil.c. All else follows:
     V(k) = s'Vs + sum_b pi_b G_b E2_b,  w = psi1 (1/(lambda + V) + eps),  A = E w s s',  B_b = E w E2_b,
     T_b = u_b' (1/d) tr R Sigma_b u_b/(pi_b c_b),     1/G_b = (psi1 + B_b + T_b)/psi2,
     V = (1 + theta A)^-1 theta,  gamma = E Gam(r).
   UNITS. G and V are lambda times any_activation.md's, w and eps a lambda-th of its: nothing else changes, and
   lambda stands in one place. Obj is then a lambda-th too, so that the training error Obj - lambda dObj/d lambda is
   -lambda^2 times its derivative and no difference, however small lambda is.
   METHOD. Damped iteration converges (B.3); Anderson's method needs a tenth of its steps. The derivatives in lambda and
   eps solve the linearised equations, and the map says what those are when it is evaluated in dual numbers: the same
   method. ERROR. See kinds_accelerate.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kinds_reduced.h"

size_t plimi_point_size(const plimi_kinds_problem *problem, const plimi_basis *basis, size_t parts)
{
  const size_t m2 = basis->m * basis->m;
  return (basis->kinds + m2 + (problem->law != NULL ? 4 * m2 : 0)) * parts;
}

plimi_point plimi_point_take(double **next, const plimi_kinds_problem *problem, const plimi_basis *basis,
                             size_t parts)
{
  const size_t pair = problem->law != NULL ? plimi_pair_of(problem, basis) : 0;
  plimi_point taken;
  taken.g = plimi_dual_take(next, basis->kinds, 1, parts);
  taken.v = plimi_dual_take(next, basis->m, basis->m, parts);
  taken.gamma = plimi_dual_take(next, pair, pair, parts);
  return taken;
}

size_t plimi_sight_size(const plimi_basis *basis, size_t parts)
{
  return (2 * basis->nodes + basis->m * basis->m + basis->kinds) * parts;
}

plimi_sight plimi_sight_take(double **next, const plimi_basis *basis, size_t parts)
{
  plimi_sight taken;
  taken.v = plimi_dual_take(next, basis->nodes, 1, parts);
  taken.w = plimi_dual_take(next, basis->nodes, 1, parts);
  taken.a = plimi_dual_take(next, basis->m, basis->m, parts);
  taken.b = plimi_dual_take(next, basis->kinds, 1, parts);
  return taken;
}

/* V and w at a node; d eps is a derivative of w itself. */
static void look_at(const plimi_kinds_problem *problem, const plimi_basis *basis, const plimi_point *point,
                    size_t node, plimi_sight *sight)
{
  const size_t m = basis->m, kinds = basis->kinds;
  const double *s = basis->s + node * m, *rest = basis->rest + node * kinds;
  double falling = 0.0;
  for (size_t part = 0; part < sight->v.parts; part++) {
    const double *g = plimi_dual_part(&point->g, part), *full = plimi_dual_part(&point->v, part);
    double v = 0.0;
    for (size_t b = 0; b < kinds; b++)
      v += g[b] * rest[b];
    for (size_t i = 0; i < m; i++) {
      double row = 0.0;
      for (size_t j = 0; j < m; j++)
        row += full[i * m + j] * s[j];
      v += s[i] * row;
    }
    plimi_dual_part(&sight->v, part)[node] = v;
    if (part == 0)
      falling = 1.0 / (problem->lambda + v);
    else if (part == PLIMI_BY_LAMBDA)
      v += 1.0;
    plimi_dual_part(&sight->w, part)[node] =
        problem->ridge_psi1 *
        (part == 0 ? falling : (part == PLIMI_BY_EXTRA ? 1.0 : 0.0) - v * falling * falling);
  }
}

void plimi_look(const plimi_kinds_problem *problem, const plimi_basis *basis, const plimi_point *point,
                plimi_sight *sight)
{
  const plimi_kinds *t = problem->kinds;
  const size_t m = basis->m, kinds = basis->kinds;
  plimi_dual_clear(&sight->a);
  plimi_dual_clear(&sight->b);
  for (size_t k = 0; k < t->nodes; k++) {
    look_at(problem, basis, point, k, sight);
    for (size_t part = 0; part < sight->w.parts; part++) {
      const double share = t->weight[k] * plimi_dual_part(&sight->w, part)[k], *s = basis->s + k * m;
      double *a = plimi_dual_part(&sight->a, part), *b = plimi_dual_part(&sight->b, part);
      for (size_t i = 0; i < kinds; i++)
        b[i] += share * t->rest[k * kinds + i];
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++)
          a[i * m + j] += share * s[i] * s[j];
    }
  }
  for (size_t part = 0; part < sight->a.parts; part++) {
    double *a = plimi_dual_part(&sight->a, part);
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < i; j++)
        a[j * m + i] = a[i * m + j];
  }
}

/* ---- what the equations make of a point ---- */

typedef struct {
  const plimi_kinds_problem *problem;
  const plimi_basis *basis;
  size_t parts;
  plimi_point from, to;
  plimi_sight sight;
  plimi_pencil pencil;
  plimi_resolvent resolvent;
  plimi_dual along;
  double scale[PLIMI_PARTS]; /* of the derivatives */
  double *storage;
} equations;

static plim_status equations_alloc(const plimi_kinds_problem *problem, const plimi_basis *basis, size_t parts,
                                   equations *q)
{
  const size_t m = basis->m, pair = plimi_pair_of(problem, basis);
  *q = (equations){.problem = problem, .basis = basis, .parts = parts, .scale = {1.0, 1.0, 1.0}};
  q->storage = calloc(2 * plimi_point_size(problem, basis, parts) + plimi_sight_size(basis, parts) +
                          plimi_pencil_size(m, parts) + plimi_resolvent_size(m, parts) + basis->kinds * parts,
                      sizeof *q->storage);
  if (q->storage == NULL)
    return PLIM_NO_MEMORY;
  double *next = q->storage;
  q->from = plimi_point_take(&next, problem, basis, parts);
  q->to = plimi_point_take(&next, problem, basis, parts);
  q->sight = plimi_sight_take(&next, basis, parts);
  q->pencil = plimi_pencil_take(&next, m, pair, parts);
  q->resolvent = plimi_resolvent_take(&next, m, pair, parts);
  q->along = plimi_dual_take(&next, basis->kinds, 1, parts);
  return PLIM_OK;
}

/* 1/G_b = (psi1 + B_b + T_b)/psi2 */
static void renew(equations *q)
{
  const plimi_kinds_problem *p = q->problem;
  const plimi_kinds *t = p->kinds;
  for (size_t b = 0; b < t->kinds; b++) {
    const double share = 1.0 / (t->pi[b] * (p->law != NULL ? t->c[b] : 1.0));
    double value = 0.0;
    for (size_t part = 0; part < q->parts; part++) {
      const double sum = plimi_dual_part(&q->sight.b, part)[b] + share * plimi_dual_part(&q->along, part)[b];
      if (part == 0)
        q->to.g.x[b] = value = p->psi2 / (p->ridge_psi1 + sum);
      else
        plimi_dual_part(&q->to.g, part)[b] = -sum * value * value / p->psi2;
    }
  }
}

static plim_status apply(equations *q)
{
  static const plimi_weighting plain = {0, 0};
  const bool is_real = q->problem->law != NULL;
  plimi_look(q->problem, q->basis, &q->from, &q->sight);
  plimi_pencil_fill(q->problem, q->basis, &q->from.g, &q->pencil);
  plim_status status =
      plimi_pencil_resolve(&q->pencil, &q->sight.a, is_real ? &q->from.gamma : NULL, &q->resolvent);
  if (status == PLIM_OK)
    status = plimi_pencil_along(q->problem, q->basis, &q->pencil, &q->resolvent, &q->along);
  if (status == PLIM_OK && is_real)
    status = plimi_pencil_average(q->problem, &q->pencil, &q->resolvent.r, 1, &plain, &q->to.gamma);
  if (status != PLIM_OK)
    return status;
  plimi_dual_copy(&q->to.v, &q->resolvent.v);
  renew(q);
  return PLIM_OK;
}

/* ---- points as vectors: g, and the upper triangles of v and gamma ---- */

static size_t vector_size(const plimi_point *p)
{
  return p->g.rows + p->v.rows * (p->v.rows + 1) / 2 + p->gamma.rows * (p->gamma.rows + 1) / 2;
}

static const double *unpack(const plimi_point *p, size_t part, const double *x)
{
  const plimi_dual *const square[] = {&p->v, &p->gamma};
  memcpy(plimi_dual_part(&p->g, part), x, p->g.rows * sizeof *x);
  x += p->g.rows;
  for (size_t k = 0; k < 2; k++) {
    const size_t n = square[k]->rows;
    double *to = plimi_dual_part(square[k], part);
    for (size_t i = 0; i < n; i++)
      for (size_t j = i; j < n; j++, x++)
        to[i * n + j] = to[j * n + i] = *x;
  }
  return x;
}

static double *pack(const plimi_point *p, size_t part, double *x)
{
  const plimi_dual *const square[] = {&p->v, &p->gamma};
  memcpy(x, plimi_dual_part(&p->g, part), p->g.rows * sizeof *x);
  x += p->g.rows;
  for (size_t k = 0; k < 2; k++) {
    const size_t n = square[k]->rows;
    const double *from = plimi_dual_part(square[k], part);
    for (size_t i = 0; i < n; i++)
      for (size_t j = i; j < n; j++, x++)
        *x = from[i * n + j];
  }
  return x;
}

static double largest(const double *x, size_t n)
{
  double most = 0.0;
  for (size_t i = 0; i < n; i++)
    most = fmax(most, fabs(x[i]));
  return most > 0.0 ? most : 1.0;
}

/* Of one part: G relative, beside its share of the neurons; V beside its largest, gamma beside B0's. */
static double *weigh_part(const equations *q, double factor, double *weight)
{
  const plimi_kinds *t = q->problem->kinds;
  const size_t m = q->basis->m, pair = q->from.gamma.rows;
  for (size_t b = 0; b < t->kinds; b++)
    *weight++ = factor * sqrt(t->pi[b]) / q->from.g.x[b];
  const double v = largest(q->from.v.x, m * m), b0 = largest(q->pencil.b[0].x, m * m);
  for (size_t i = 0; i < m * (m + 1) / 2; i++)
    *weight++ = factor / v;
  for (size_t i = 0; i < pair * (pair + 1) / 2; i++)
    *weight++ = factor / b0;
  return weight;
}

static plim_status map_value(void *context, const double *x, double *next)
{
  equations *q = context;
  unpack(&q->from, 0, x);
  const plim_status status = apply(q);
  if (status == PLIM_OK)
    pack(&q->to, 0, next);
  return status;
}

static void weigh_value(void *context, const double *x, double *weight)
{
  const equations *q = context;
  (void)x; /* it is what was mapped last */
  weigh_part(q, 1.0, weight);
}

static bool value_is_allowed(void *context, const double *x)
{
  const equations *q = context;
  const plimi_basis *basis = q->basis;
  const size_t m = basis->m;
  for (size_t b = 0; b < basis->kinds; b++)
    if (!(x[b] > 0.0))
      return false;
  const double *v = x + basis->kinds;
  for (size_t i = 0; i < m; v += m - i, i++) /* the diagonal of V */
    if (!(*v >= 0.0))
      return false;
  return true;
}

static plim_status map_derivatives(void *context, const double *x, double *next)
{
  equations *q = context;
  for (size_t part = 1; part < PLIMI_PARTS; part++)
    x = unpack(&q->from, part, x);
  const plim_status status = apply(q);
  for (size_t part = 1; part < PLIMI_PARTS && status == PLIM_OK; part++)
    next = pack(&q->to, part, next);
  return status;
}

static void weigh_derivatives(void *context, const double *x, double *weight)
{
  const equations *q = context;
  (void)x;
  for (size_t part = 1; part < PLIMI_PARTS; part++)
    weight = weigh_part(q, q->scale[part], weight);
}

static bool always(void *context, const double *x)
{
  (void)context;
  (void)x;
  return true;
}

/* ---- the solution ---- */

/* The bulk of W0 and the G of features without structure. */
static void start(equations *q)
{
  const plimi_kinds_problem *p = q->problem;
  for (size_t b = 0; b < q->basis->kinds; b++)
    q->from.g.x[b] = p->lambda / (p->lambda + 1.0) * p->psi2 / p->ridge_psi1;
  plimi_pencil_fill(p, q->basis, &q->from.g, &q->pencil);
  plimi_dual_copy(&q->from.v, &q->pencil.b[0]);
}

static plim_status solve_value(const plimi_kinds_problem *problem, const plimi_basis *basis, double exact,
                               plimi_point *point, double *correction)
{
  equations q;
  plim_status status = equations_alloc(problem, basis, 1, &q);
  if (status != PLIM_OK)
    return status;
  const size_t size = vector_size(&q.from);
  double *x = malloc(size * sizeof *x);
  if (x == NULL) {
    free(q.storage);
    return PLIM_NO_MEMORY;
  }
  start(&q);
  pack(&q.from, 0, x);
  const plimi_iteration iteration = {
      .size = size, .map = map_value, .weigh = weigh_value, .is_allowed = value_is_allowed, .context = &q};
  status = plimi_accelerate(&iteration, exact, x, correction);
  if (status == PLIM_OK)
    unpack(point, 0, x);
  free(x);
  free(q.storage);
  return status;
}

/* The scale of each derivative: what it is where the point does not respond. */
static plim_status scale_of(equations *q, double *x, double *weight)
{
  const size_t size = vector_size(&q->from);
  plim_status status = map_derivatives(q, x, x);
  weigh_part(q, 1.0, weight);
  for (size_t part = 1; part < PLIMI_PARTS; part++) {
    double sum = 0.0;
    for (size_t i = 0; i < size; i++)
      sum += pow(weight[i] * x[(part - 1) * size + i], 2.0);
    q->scale[part] = sum > 0.0 ? 1.0 / sqrt(sum) : 1.0;
  }
  return status;
}

plim_status plimi_point_solve(const plimi_kinds_problem *problem, const plimi_basis *basis, double exact,
                              plimi_point *point, double *correction)
{
  plim_status status = solve_value(problem, basis, exact, point, correction);
  if (status != PLIM_OK)
    return status;
  equations q;
  status = equations_alloc(problem, basis, PLIMI_PARTS, &q);
  if (status != PLIM_OK)
    return status;
  const size_t size = vector_size(&q.from);
  double *x = calloc(3 * size, sizeof *x), slack = 0.0;
  status = x != NULL ? PLIM_OK : PLIM_NO_MEMORY;
  if (status == PLIM_OK) {
    pack(point, 0, x);
    unpack(&q.from, 0, x);
    memset(x, 0, size * sizeof *x);
    status = scale_of(&q, x, x + 2 * size);
  }
  const plimi_iteration iteration = {.size = 2 * size,
                                     .map = map_derivatives,
                                     .weigh = weigh_derivatives,
                                     .is_allowed = always,
                                     .context = &q};
  if (status == PLIM_OK)
    status = plimi_accelerate(&iteration, exact, x, &slack);
  if (status == PLIM_OK) {
    const double *next = x;
    for (size_t part = 1; part < PLIMI_PARTS; part++)
      next = unpack(point, part, next);
    *correction += slack;
  }
  free(x);
  free(q.storage);
  return status;
}
