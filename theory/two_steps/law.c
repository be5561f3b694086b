/* SPDX-License-Identifier: GPL-3.0-or-later */
/* law.c - the law of (y, t), y = sigma*(xi) + eps, t = mu1 (mu1* xi + up nn), as one rule on a product grid.

   METHOD. t: the trapezoidal rule. Given xi it is normal of variance (mu1 up)^2, and what is averaged over it has
   been smoothed with variance q0 = nu2 up^2 by the noise of the first step, whatever sigma: both are analytic, and
   the rule converges geometrically in 1/step^2 with a step in units of |mu1| up.
   y: polynomial interpolation (Chebyshev nodes) on pieces that grow with |y|, for the functions vary on the scale
   psi1 max(1/e1, sqrt q0) about 0 and on that of y beyond; the interpolating polynomials are averaged over (xi, eps)
   by a rule that may be as fine as it likes: 16-point Gauss-Legendre pieces (GSL) in xi, cut at the teacher's cuts
   (kinks among them), the trapezoidal rule in eps. So noise = 0 is no special case, and neither are wide labels.
   ERROR. By refinement: two_steps.c. What is cut off in xi is less than 1e-20 of E y^4 with xi^2 beside it.
   DOMAIN. E y^4 finite. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "../gaussian_grid.h"
#include "two_steps.h"

enum { RULE = 16, LEVELS = 5, MOST_NODES = 24, MOST_POINTS = 100000, MOST_ROWS = 5000, MOST_NOISE = 2000 };
static const size_t nodes_at[LEVELS] = {7, 9, 12, 16, 22}; /* a piece in y */
static const double piece_in_y = 0.9;                      /* in asinh(y/scale) */
static const double step_in_t = 0.7;                       /* in units of |mu1| up, at level 0 */
static const double end_of_t = 9.5, end_of_eps = 9.0;
static const double step_in_eps = 0.4;
static const double negligible = 1e-20, pi = 3.14159265358979324;
static const double nearest_end = 9.0, farthest_end = 38.0;

typedef struct {
  size_t n, room;
  double *xi, *s, *weight; /* s: sigma*(xi), centred */
} inputs;

static plim_status add_piece(const plimi_input *in, const gsl_integration_glfixed_table *rule, double left,
                             double right, inputs *q)
{
  if (q->n + RULE > q->room) {
    const size_t room = 2 * q->room + 1024;
    double **column[] = {&q->xi, &q->s, &q->weight};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
      double *longer = realloc(*column[i], room * sizeof *longer);
      if (longer == NULL)
        return PLIM_NO_MEMORY;
      *column[i] = longer;
    }
    q->room = room;
  }
  double *xi = q->xi + q->n, *s = q->s + q->n, *weight = q->weight + q->n;
  for (size_t j = 0; j < RULE; j++)
    gsl_integration_glfixed_point(left, right, j, &xi[j], &weight[j], rule);
  plim_activation_values(in->problem->teacher, RULE, xi, s);
  for (size_t j = 0; j < RULE; j++) {
    s[j] -= in->star.mean.value;
    weight[j] *= plimi_normal_density(xi[j]);
    if (!isfinite(s[j]))
      return PLIM_NOT_FINITE;
  }
  q->n += RULE;
  return PLIM_OK;
}

/* Where the line may end. */
static double end_of_line(const plimi_input *in, const plimi_two *two)
{
  for (double end = nearest_end; end < farthest_end; end += 1.0) {
    double largest = 0.0;
    for (int side = -1; side <= 1; side += 2) {
      const double s = plim_activation_value(in->problem->teacher, side * end) - in->star.mean.value;
      largest = fmax(largest, s * s / two->s2);
    }
    if (plimi_normal_density(end) * end * end * (1.0 + largest * largest) < negligible)
      return end;
  }
  return farthest_end;
}

static plim_status inputs_make(const plimi_input *in, const plimi_two *two, double finer, inputs *q)
{
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(RULE);
  if (rule == NULL)
    return PLIM_NO_MEMORY;
  size_t cuts;
  const double *cut = plim_activation_cuts(in->problem->teacher, &cuts), end = end_of_line(in, two);
  plim_status status = PLIM_OK;
  double left = -end;
  for (size_t i = 0; i <= cuts && status == PLIM_OK; i++) {
    const double right = i < cuts ? fmin(cut[i], end) : end;
    if (right <= left)
      continue;
    const double parts = ceil((right - left) * finer);
    for (double part = 0.0; part < parts && status == PLIM_OK; part++)
      status = add_piece(in, rule, left + (right - left) * part / parts,
                         left + (right - left) * (part + 1.0) / parts, q);
    left = right;
  }
  gsl_integration_glfixed_table_free(rule);
  return status;
}

/* The pieces of y: uniform in u = asinh(y/scale), n Chebyshev nodes each. */
typedef struct {
  double scale, low, width; /* in u */
  size_t pieces, n;
  double node[MOST_NODES], weight[MOST_NODES]; /* of one piece, on (-1, 1), and barycentric */
} ladder;

static double scale_of_y(const plimi_two *two)
{
  const double sd = sqrt(two->s2);
  if (!two->is_same || two->e[0] == 0.0)
    return sd;
  return fmin(sd, 1.5 * two->psi1 * fmax(0.5 / two->e[0], sqrt(two->q0)));
}

static ladder ladder_of(const plimi_two *two, const inputs *q, unsigned level)
{
  double low = q->s[0], high = q->s[0];
  for (size_t i = 0; i < q->n; i++) {
    low = fmin(low, q->s[i]);
    high = fmax(high, q->s[i]);
  }
  ladder l = {.scale = scale_of_y(two), .n = nodes_at[level]};
  l.low = asinh((low - end_of_eps * two->noise) / l.scale);
  const double length = asinh((high + end_of_eps * two->noise) / l.scale) - l.low;
  l.pieces = (size_t)fmax(1.0, ceil(length / piece_in_y));
  l.width = fmax(length / (double)l.pieces, 1e-12);
  for (size_t k = 0; k < l.n; k++) {
    const double angle = pi * ((double)k + 0.5) / (double)l.n;
    l.node[k] = -cos(angle);
    l.weight[k] = (k % 2 == 0 ? 1.0 : -1.0) * sin(angle);
  }
  return l;
}

/* row[..] += weight times Lagrange's polynomials at y. */
static void spread(const ladder *l, double y, double weight, double *row)
{
  const double u = (asinh(y / l->scale) - l->low) / l->width;
  const double piece = fmin(fmax(floor(u), 0.0), (double)l->pieces - 1.0), x = 2.0 * (u - piece) - 1.0;
  double *at = row + (size_t)piece * l->n, part[MOST_NODES], sum = 0.0;
  for (size_t k = 0; k < l->n; k++) {
    if (x == l->node[k]) {
      at[k] += weight;
      return;
    }
    part[k] = l->weight[k] / (x - l->node[k]);
    sum += part[k];
  }
  for (size_t k = 0; k < l->n; k++)
    at[k] += weight * part[k] / sum;
}

/* What the noise makes of one xi: E over eps of the polynomials. */
static void spread_noise(const plimi_two *two, const ladder *l, double s, double step, double *row)
{
  if (two->noise == 0.0) {
    spread(l, s, 1.0, row);
    return;
  }
  const int last = (int)ceil(end_of_eps / step);
  const double end = end_of_eps; /* no farther: the pieces end there */
  for (int i = -last; i <= last; i++) {
    const double g = fmin(fmax((double)i * step, -end), end);
    spread(l, s + two->noise * g, step * plimi_normal_density((double)i * step), row);
  }
}

static plim_status law_alloc(const plimi_two *two, const ladder *l, double finer, plimi_two_law *law)
{
  const double sd = fabs(two->mu1) * two->up, step = step_in_t * sd / finer;
  const double reach = end_of_t * fabs(two->mu1) * hypot(two->star_mu1, two->up);
  const double half = ceil(reach / step), rows = (double)(l->pieces * l->n);
  if (!(sd > 0.0) || !(rows <= MOST_ROWS) || !((2.0 * half + 1.0) * rows <= MOST_POINTS))
    return PLIM_NOT_CONVERGED;
  law->ny = l->pieces * l->n;
  law->nt = 2 * (size_t)half + 1;
  const size_t all = law->ny * law->nt;
  law->storage = calloc(law->ny + law->nt + PLIMI_TWO_WEIGHTS * all, sizeof *law->storage);
  if (law->storage == NULL)
    return PLIM_NO_MEMORY;
  law->y = law->storage;
  law->t = law->y + law->ny;
  for (int k = 0; k < PLIMI_TWO_WEIGHTS; k++)
    law->p[k] = law->t + law->nt + (size_t)k * all;
  for (size_t j = 0; j < law->nt; j++)
    law->t[j] = ((double)j - half) * step;
  for (size_t i = 0; i < law->ny; i++) {
    const double u = l->low + l->width * ((double)(i / l->n) + 0.5 * (1.0 + l->node[i % l->n]));
    law->y[i] = l->scale * sinh(u);
  }
  return PLIM_OK;
}

static void add_input(const plimi_two *two, double xi, double weight, const double *row, plimi_two_law *law)
{
  const double sd = two->mu1 * two->up, step = law->t[1] - law->t[0];
  for (size_t j = 0; j < law->nt; j++) {
    const double nn = (law->t[j] / two->mu1 - two->star_mu1 * xi) / two->up;
    const double p = weight * step / fabs(sd) * plimi_normal_density(nn);
    if (p == 0.0)
      continue;
    for (size_t i = 0; i < law->ny; i++) {
      const double here = p * row[i];
      law->p[PLIMI_TWO_PLAIN][i * law->nt + j] += here;
      law->p[PLIMI_TWO_BY_XI][i * law->nt + j] += here * xi;
      law->p[PLIMI_TWO_BY_NN][i * law->nt + j] += here * nn;
      law->p[PLIMI_TWO_BY_XI2][i * law->nt + j] += here * xi * xi;
    }
  }
}

plim_status plimi_two_law_make(const plimi_input *in, const plimi_two *two, unsigned level,
                               plimi_two_law *law)
{
  const double finer = exp2(0.5 * level);
  inputs q = {.n = 0};
  double *row = NULL;
  memset(law, 0, sizeof *law);
  if (!plimi_gaussian_has_moment(in->problem->teacher, 4))
    return PLIM_OUTSIDE_DOMAIN;
  plim_status status = inputs_make(in, two, finer, &q);
  if (status != PLIM_OK)
    goto done;
  const ladder l = ladder_of(two, &q, level);
  const double noise_step = fmin(step_in_eps, 0.5 * l.scale / fmax(two->noise, 1e-300)) / finer;
  status = end_of_eps / noise_step < MOST_NOISE ? law_alloc(two, &l, finer, law) : PLIM_NOT_CONVERGED;
  if (status != PLIM_OK)
    goto done;
  row = malloc(law->ny * sizeof *row);
  if (row == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  for (size_t i = 0; i < q.n; i++) {
    memset(row, 0, law->ny * sizeof *row);
    spread_noise(two, &l, q.s[i], noise_step, row);
    add_input(two, q.xi[i], q.weight[i], row, law);
  }
done:
  free(row);
  free(q.xi);
  free(q.s);
  free(q.weight);
  return status;
}

void plimi_two_law_clear(plimi_two_law *law)
{
  free(law->storage);
  memset(law, 0, sizeof *law);
}
