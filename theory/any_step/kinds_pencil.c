/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_pencil.c - what the first batch leaves in the bulk: the operator-valued equivalent of any_activation.md B.2 in
   the few dimensions of kinds_basis.c (kinds_reduced.h).

   FORMULA. D1 = (1/n) X'D_yX and S = (1/n) X'D_y^2X do not commute, so that there is no spectral measure of both. With
   t = abar D1 theta, W of kinds_reduced.h is the Schur complement of a pencil that is linear in D1 and S; with
     Gam(y) = Y (1 + r Y/psi1)^-1,        r = (C + E_y Gam(y))^-1                                        (*)
   and the blocks X, Y, Z of B0, -B2 and E Gam together, theta = X - Y Z^-1 Y' is what W is to the resolvent:
     V = (1 + theta A)^-1 theta,   r_theta,theta = R = A (1 + theta A)^-1.
   With U the identity t_b has zeta_b in it and B0 stands for B2 (kinds_reduced.h): B2 is singular where a zeta_b is 0.
   A may be singular, for it is never inverted. t = abar D1 theta says (1/d) tr abar D1 R = r_t,theta, and the theta row
   of the pencil, B2 (1/d) tr (abar^2 D1^2 + alphabar S) R = (theta - B0) R - 2 B1 r_t,theta: all that Sigma_b has.
   With xi and xi^2 as densities of the law of y, H_f = E f Gam, q = (C + H_xi^2)^-1 and V_q, left_q, rise_q of it,
     beta'Vbeta = V_q,   beta'V u = mu V_q + left_q rise_q' H_xi y rise left'/psi1,        mu = E xi y,
     u'V u = mu^2 V_q + mu (the same + transposed) + E y^2 V/psi1
             + left rise'(H_y^2 - H_xi y q H_xi y) rise left'/psi1^2,
   where A^-1 r_theta,. = left rise' has been used: any_activation.md has the same with r itself, less A^-1's. */
#include <math.h>
#include <stdlib.h>

#include "kinds_reduced.h"

size_t plimi_pair_of(const plimi_kinds_problem *problem, const plimi_basis *basis)
{
  return problem->law == NULL || problem->kinds->slopes.c2 == 0.0 ? basis->m : 2 * basis->m;
}

size_t plimi_pencil_size(size_t m, size_t parts)
{
  return (3 + 8) * m * m * parts;
}

plimi_pencil plimi_pencil_take(double **next, size_t m, size_t pair, size_t parts)
{
  plimi_pencil taken;
  for (size_t i = 0; i < 3; i++)
    taken.b[i] = plimi_dual_take(next, m, m, parts);
  taken.e1 = plimi_dual_take(next, pair, pair, parts);
  taken.e2 = plimi_dual_take(next, pair, pair, parts);
  return taken;
}

size_t plimi_resolvent_size(size_t m, size_t parts)
{
  return (3 + 2 + 4) * m * m * parts;
}

plimi_resolvent plimi_resolvent_take(double **next, size_t m, size_t pair, size_t parts)
{
  plimi_resolvent taken;
  taken.theta = plimi_dual_take(next, m, m, parts);
  taken.left = plimi_dual_take(next, m, m, parts);
  taken.v = plimi_dual_take(next, m, m, parts);
  taken.rise = plimi_dual_take(next, pair, m, parts);
  taken.r = plimi_dual_take(next, pair, pair, parts);
  return taken;
}

/* to += U' diag(g_b factor_b) U */
static void fold(const plimi_basis *basis, const plimi_dual *g, const double *factor, plimi_dual *to)
{
  const size_t m = basis->m;
  for (size_t part = 0; part < to->parts; part++) {
    const double *value = plimi_dual_part(g, part);
    double *x = plimi_dual_part(to, part);
    for (size_t b = 0; b < basis->kinds; b++) {
      const double *u = basis->u + b * m, weight = value[b] * factor[b];
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
          x[i * m + j] += weight * u[i] * u[j];
    }
  }
}

void plimi_pencil_fill(const plimi_kinds_problem *problem, const plimi_basis *basis, const plimi_dual *g,
                       plimi_pencil *pencil)
{
  const plimi_kinds *t = problem->kinds;
  const size_t m = basis->m;
  const double e = t->step.e, abar = e * t->slopes.c2,
               alphabar = e * e * t->slopes.nu3 / problem->kinds->step.step_psi1;
  double factor[PLIMI_MOST_KINDS];
  pencil->is_whole = m == basis->kinds;
  for (size_t i = 0; i < 3; i++) {
    for (size_t b = 0; b < t->kinds; b++)
      factor[b] = pow(t->zeta[b], (double)i) / (problem->law != NULL ? t->c[b] : 1.0);
    plimi_dual_clear(&pencil->b[i]);
    fold(basis, g, factor, &pencil->b[i]);
  }
  plimi_dual_clear(&pencil->e1);
  plimi_dual_clear(&pencil->e2);
  plimi_dual_put(&pencil->e1, 0, 0, 2.0 * abar, &pencil->b[1]);
  if (pencil->e1.rows > m) {
    plimi_dual_put(&pencil->e1, 0, m, abar, &pencil->b[pencil->is_whole ? 1 : 2]);
    plimi_dual_put(&pencil->e1, m, 0, abar, &pencil->b[pencil->is_whole ? 1 : 2]);
  }
  plimi_dual_put(&pencil->e2, 0, 0, alphabar, &pencil->b[2]);
}

/* theta -> left, v, and into r's first block R. room: 2 m^2 duals and m. */
static plim_status settle(const plimi_dual *a, const plimi_dual *theta, double *room, plimi_resolvent *to)
{
  const size_t m = a->rows, parts = a->parts;
  plimi_dual one = plimi_dual_take(&room, m, m, parts);
  if (to->theta.x != theta->x)
    plimi_dual_copy(&to->theta, theta);
  plimi_dual_multiply(&one, theta, a);
  plimi_dual_add_one(&one);
  plimi_dual_clear(&to->left);
  plimi_dual_add_one(&to->left);
  const plim_status status = plimi_dual_solve(&one, &to->left, room);
  if (status != PLIM_OK)
    return status;
  plimi_dual_multiply(&to->v, &to->left, theta);
  plimi_dual_symmetrise(&to->v);
  plimi_dual_multiply(&one, a, &to->left);
  plimi_dual_symmetrise(&one);
  plimi_dual_clear(&to->r);
  plimi_dual_put(&to->r, 0, 0, 1.0, &one);
  return PLIM_OK;
}

/* All of the resolvent at the blocks x, y (upper right), z: z is lost. room: 7 m^2 duals and m. */
static plim_status complete(const plimi_dual *a, const plimi_dual *x, const plimi_dual *y, plimi_dual *z,
                            double *room, plimi_resolvent *to)
{
  const size_t m = a->rows, parts = a->parts;
  plimi_dual turned = plimi_dual_take(&room, m, m, parts), inverse = plimi_dual_take(&room, m, m, parts);
  double *scratch = room;
  plimi_dual one = plimi_dual_take(&room, m, m, parts), tall = plimi_dual_take(&room, 2 * m, m, parts),
             flat = plimi_dual_take(&room, m, 2 * m, parts);
  plimi_dual_clear(&inverse);
  plimi_dual_add_one(&inverse);
  plim_status status = plimi_dual_solve(z, &inverse, room);
  if (status != PLIM_OK)
    return status;
  plimi_dual_symmetrise(&inverse);
  plimi_dual_transpose(&one, y);
  plimi_dual_multiply(&turned, &inverse, &one);
  plimi_dual_clear(&to->rise);
  plimi_dual_put(&to->rise, m, 0, -1.0, &turned);
  for (size_t i = 0; i < m; i++)
    to->rise.x[i * m + i] = 1.0;
  plimi_dual_multiply(&to->theta, y, &turned);
  for (size_t i = 0; i < parts * m * m; i++)
    to->theta.x[i] = x->x[i] - to->theta.x[i];
  plimi_dual_symmetrise(&to->theta);
  status = settle(a, &to->theta, scratch, to);
  if (status != PLIM_OK)
    return status;
  plimi_dual_get(&turned, &to->r, 0, 0);
  plimi_dual_multiply(&tall, &to->rise, &turned);
  plimi_dual_transpose(&flat, &to->rise);
  plimi_dual_multiply(&to->r, &tall, &flat);
  plimi_dual_put(&to->r, m, m, 1.0, &inverse);
  return PLIM_OK;
}

plim_status plimi_pencil_resolve(const plimi_pencil *pencil, const plimi_dual *a, const plimi_dual *gamma,
                                 plimi_resolvent *resolvent)
{
  const size_t m = a->rows, parts = a->parts;
  double *storage = calloc(10 * m * m * parts + 2 * m, sizeof *storage), *next = storage;
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  plimi_dual x = plimi_dual_take(&next, m, m, parts), y = plimi_dual_take(&next, m, m, parts),
             z = plimi_dual_take(&next, m, m, parts);
  if (resolvent->r.rows == m) { /* no t; of spiked random features no gamma either: W has no randomness */
    plimi_dual_copy(&x, &pencil->b[0]);
    if (gamma != NULL)
      plimi_dual_add(&x, 1.0, gamma);
    plimi_dual_clear(&resolvent->rise);
    plimi_dual_add_one(&resolvent->rise);
    const plim_status status = settle(a, &x, next, resolvent);
    free(storage);
    return status;
  }
  plimi_dual_get(&x, gamma, 0, 0);
  plimi_dual_get(&y, gamma, 0, m);
  plimi_dual_get(&z, gamma, m, m);
  plimi_dual_add(&x, 1.0, &pencil->b[0]);
  plimi_dual_add(&z, -1.0, &pencil->b[pencil->is_whole ? 0 : 2]);
  const plim_status status = complete(a, &x, &y, &z, next, resolvent);
  free(storage);
  return status;
}

/* sums[w][0] += E f y N^-1 and sums[w][1] += E f y^2 N^-1, N = 1 + r Y/psi1; f of weighting w. */
static plim_status sum_up(const plimi_kinds_problem *problem, const plimi_dual *with_1,
                          const plimi_dual *with_2, size_t count, const plimi_weighting *by,
                          plimi_dual (*sums)[2], double *room)
{
  const plimi_law_of_labels *law = problem->law;
  const size_t n = with_1->rows, parts = with_1->parts, size = n * n * parts;
  plimi_dual matrix = plimi_dual_take(&room, n, n, parts), inverse = plimi_dual_take(&room, n, n, parts);
  for (size_t i = 0; i < law->n; i++) {
    const double y = law->y[i];
    for (size_t j = 0; j < size; j++)
      matrix.x[j] = (y * with_1->x[j] + y * y * with_2->x[j]) / problem->kinds->step.step_psi1;
    plimi_dual_add_one(&matrix);
    plimi_dual_clear(&inverse);
    plimi_dual_add_one(&inverse);
    const plim_status status = plimi_dual_solve(&matrix, &inverse, room);
    if (status != PLIM_OK)
      return status;
    for (size_t w = 0; w < count; w++) {
      const double weight = y * law->p[by[w].xi_power][i] * pow(y, by[w].y_power);
      plimi_dual_add(&sums[w][0], weight, &inverse);
      plimi_dual_add(&sums[w][1], weight * y, &inverse);
    }
  }
  return PLIM_OK;
}

/* Gam = Y N^-1, and Y is linear in y and y^2. */
plim_status plimi_pencil_average(const plimi_kinds_problem *problem, const plimi_pencil *pencil,
                                 const plimi_dual *r, size_t count, const plimi_weighting *by,
                                 plimi_dual *average)
{
  const size_t n = r->rows, parts = r->parts, size = n * n * parts;
  double *storage = malloc(((5 + 2 * count) * size + n) * sizeof *storage), *next = storage;
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  plimi_dual with_1 = plimi_dual_take(&next, n, n, parts), with_2 = plimi_dual_take(&next, n, n, parts),
             product = plimi_dual_take(&next, n, n, parts), sums[PLIMI_MOST_WEIGHTINGS][2];
  for (size_t w = 0; w < count; w++) {
    for (size_t i = 0; i < 2; i++) {
      sums[w][i] = plimi_dual_take(&next, n, n, parts);
      plimi_dual_clear(&sums[w][i]);
    }
  }
  plimi_dual_multiply(&with_1, r, &pencil->e1);
  plimi_dual_multiply(&with_2, r, &pencil->e2);
  const plim_status status = sum_up(problem, &with_1, &with_2, count, by, sums, next);
  for (size_t w = 0; w < count && status == PLIM_OK; w++) {
    plimi_dual_multiply(&average[w], &pencil->e1, &sums[w][0]);
    plimi_dual_multiply(&product, &pencil->e2, &sums[w][1]);
    plimi_dual_add(&average[w], 1.0, &product);
    plimi_dual_symmetrise(&average[w]);
  }
  free(storage);
  return status;
}

static void form(const plimi_basis *basis, size_t b, const plimi_dual *a, double factor, plimi_dual *to)
{
  const size_t m = basis->m;
  const double *u = basis->u + b * m;
  for (size_t part = 0; part < a->parts; part++) {
    const double *x = plimi_dual_part(a, part);
    double sum = 0.0;
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < m; j++)
        sum += u[i] * x[i * m + j] * u[j];
    plimi_dual_part(to, part)[b] += factor * sum;
  }
}

plim_status plimi_pencil_along(const plimi_kinds_problem *problem, const plimi_basis *basis,
                               const plimi_pencil *pencil, const plimi_resolvent *resolvent,
                               plimi_dual *along)
{
  const plimi_kinds *t = problem->kinds;
  const size_t m = basis->m, parts = along->parts;
  double *storage = malloc((5 * m * m * parts + m) * sizeof *storage), *next = storage;
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  plimi_dual r = plimi_dual_take(&next, m, m, parts), by_d1 = plimi_dual_take(&next, m, m, parts),
             rest = plimi_dual_take(&next, m, m, parts), product = plimi_dual_take(&next, m, m, parts),
             b2 = plimi_dual_take(&next, m, m, parts);
  plim_status status = PLIM_OK;
  plimi_dual_get(&r, &resolvent->r, 0, 0);
  plimi_dual_clear(along);
  if (problem->law != NULL) {
    plimi_dual_clear(&by_d1);
    if (resolvent->r.rows > m)
      plimi_dual_get(&by_d1, &resolvent->r, m, 0);
    plimi_dual_copy(&b2, &resolvent->theta);
    plimi_dual_add(&b2, -1.0, &pencil->b[0]);
    plimi_dual_multiply(&rest, &b2, &r);
    plimi_dual_multiply(&product, &pencil->b[pencil->is_whole ? 0 : 1], &by_d1);
    plimi_dual_add(&rest, -2.0, &product);
    plimi_dual_copy(&b2, &pencil->b[pencil->is_whole ? 0 : 2]);
    status = plimi_dual_solve(&b2, &rest, next);
  }
  for (size_t b = 0; b < t->kinds && status == PLIM_OK; b++) {
    form(basis, b, &r, 1.0, along);
    if (problem->law != NULL) {
      const double zeta = pencil->is_whole ? 1.0 : t->zeta[b]; /* else it is in t */
      form(basis, b, &by_d1, 2.0 * zeta, along);
      form(basis, b, &rest, zeta * zeta, along);
    }
  }
  free(storage);
  return status;
}
