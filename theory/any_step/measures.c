/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measures.c - averages over the spectral measures of S = (1/n) X' D_y^2 X, by partial fractions.

   SOURCE. Section 9.2 of theory.md for r and J0, J1, J2; the averages of products are derived here.

   NOTATION. rho is the limiting spectral law of S, rho_ab the limits of a' f(S) b for unit vectors a, b.
     r_i          r(1/mu_i),  r(z) = lim (1/d) tr (S + z)^-1
     a_i(s)       1/(1 + mu_i s), so that r_i = mu_i phi_i
     w_i          1 + r_i y^2/psi1
     J0, J1, J2   E y^2/w, E xi y/w, E xi^2 y^2/w at r_i
     L, I, ...    averages over (xi, y) with w_i w_j below
     B, U         (index) along beta* and along u = X'y/n

   WHY PARTIAL FRACTIONS ARE ENOUGH. With V and G given, everything in section 9.3 is a rational function of s
   whose poles are -1/mu_i for the K eigenvalues mu_i >= 0 of a symmetric matrix (state.c), at most
   two of them in a product, so rho is needed through r(1/mu_i) alone: no contour, no density, no atoms, no
   error but rounding.

   FORMULA. phi_i = int a_i d rho = 1/(1 + mu_i J0_i), psi_i = int s a_i d rho = J0_i phi_i, and (derived
   here)

     int a_i a_j = phi_i phi_j/D,   int s a_i a_j = phi_i phi_j I/D,
     int s^2 a_i a_j = phi_i phi_j (L + I^2/D),
     I = E y^2/(w_i w_j),   L = (1/psi1) E y^4/(w_i w_j),   D = 1 - r_i r_j L = phi_i + r_i I.

   They are divided differences of r(1/mu) in mu, carried out on paper with 1/r = z + J0(r). Likewise
     along beta*:  int a_i d rho_BB = 1/(1 + mu_i J2),   int s a_i d rho_BB = J2/(1 + mu_i J2),
     beta* and u:  int s a_i d rho_BU = phi_i N + J1 psi_BB,               N = (1/psi1) E xi y^3/w_i,
     along u:      int s a_i d rho_UU = phi_i N (J1(0) + J1) + J1^2 psi_BB + (phi_i/psi1)(L_i0 + J0^2),
   with L_i0 = (1/psi1) E y^4/w_i. v = u/|u| and b follow by a rotation.
   WHY NOTHING CANCELS. Sums and products of numbers of one sign; mu_i = mu_j and mu_i = 0 are nothing
   special. Only the rotation to b subtracts, and loses a factor 1/(1 - gam^2) = 1 + psi1 mu1*^2/s2.
   LIMITING CASES. mu = 0: phi = 1, psi = s2. An isotropic bulk has all measures at s2.
   ERROR. The rule for the labels (labels.c) and rounding. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "any_step.h"
#include "../bounded.h"

enum { SINGLES = 10, PAIRS = 6, MOST_ITERATIONS = 100 };

plim_status plimi_measures_alloc(size_t n, plimi_measures *measures)
{
  double *next = calloc(SINGLES * n + PAIRS * n * n, sizeof *next);
  if (next == NULL)
    return PLIM_NO_MEMORY;
  *measures = (plimi_measures){.n = n, .storage = next};
  double **single[SINGLES] = {&measures->phi,    &measures->psi,    &measures->phi_vv, &measures->psi_vv,
                              &measures->psi_vb, &measures->psi_bb, &measures->r,      &measures->j0,
                              &measures->j1,     &measures->j2};
  double **pair[PAIRS] = {&measures->phi2,    &measures->chi2,    &measures->psi2,
                          &measures->psi2_vv, &measures->psi2_vb, &measures->psi2_bb};
  for (size_t i = 0; i < SINGLES; i++, next += n)
    *single[i] = next;
  for (size_t i = 0; i < PAIRS; i++, next += n * n)
    *pair[i] = next;
  return PLIM_OK;
}

void plimi_measures_free(plimi_measures *measures)
{
  free(measures->storage);
}

/* sum weight x^power / (w_i w_j) */
static double average(const plimi_labels *l, const double *weight, int power, double ci, double cj)
{
  double sum = 0.0;
  for (size_t q = 0; q < l->n; q++) {
    const double x = l->x[q], powers[3] = {1.0, x, x * x};
    sum += weight[q] * powers[power] / ((1.0 + ci * x) * (1.0 + cj * x));
  }
  return sum;
}

typedef struct {
  const plimi_labels *labels;
  double mu;
} scalar_equation;

/* phi (1 + mu J0(mu phi)) - 1, increasing and concave in phi */
static void equation_both(double phi, void *params, double *f, double *df)
{
  const scalar_equation *q = params;
  const plimi_labels *l = q->labels;
  const double c = q->mu * phi / l->psi1;
  double j0 = 0.0, slope = 0.0;
  for (size_t i = 0; i < l->n; i++) {
    const double w = 1.0 / (1.0 + c * l->x[i]), y = l->p[i] * w;
    j0 += y;
    slope += y * w;
  }
  *f = phi - 1.0 + phi * q->mu * j0;
  *df = 1.0 + q->mu * slope; /* d(phi J0)/d phi = E y^2/w^2 */
}

static double equation_value(double phi, void *params)
{
  double f, df;
  equation_both(phi, params, &f, &df);
  return f;
}

static double equation_slope(double phi, void *params)
{
  double f, df;
  equation_both(phi, params, &f, &df);
  return df;
}

/* Newton from the left of the root climbs to it. */
static plim_status solve_phi(gsl_root_fdfsolver *solver, const plimi_labels *labels, double mu, double *phi)
{
  scalar_equation equation = {.labels = labels, .mu = mu};
  gsl_function_fdf f = {.f = equation_value, .df = equation_slope, .fdf = equation_both, .params = &equation};
  double last = 1.0 / (1.0 + mu * labels->s2);
  if (gsl_root_fdfsolver_set(solver, &f, last) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (int i = 0; i < MOST_ITERATIONS; i++) {
    if (gsl_root_fdfsolver_iterate(solver) != GSL_SUCCESS)
      return PLIM_NOT_CONVERGED;
    const double next = gsl_root_fdfsolver_root(solver);
    if (!(fabs(next - last) > 4.0 * DBL_EPSILON * last)) {
      *phi = next;
      return isfinite(next) ? PLIM_OK : PLIM_NOT_FINITE;
    }
    last = next;
  }
  return PLIM_NOT_CONVERGED;
}

static void isotropic_bulk(double s2, const double *mu, plimi_measures *m)
{
  for (size_t i = 0; i < m->n; i++) {
    m->phi[i] = 1.0 / (1.0 + mu[i] * s2);
    m->psi[i] = s2 * m->phi[i];
  }
  for (size_t i = 0; i < m->n; i++) {
    for (size_t j = 0; j < m->n; j++) {
      const size_t at = i * m->n + j;
      m->phi2[at] = m->phi[i] * m->phi[j];
      m->chi2[at] = s2 * m->phi2[at];
      m->psi2[at] = s2 * m->chi2[at];
    }
  }
}

static void fill_pairs(const plimi_labels *labels, plimi_measures *m)
{
  const size_t n = m->n;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j <= i; j++) {
      const double ci = m->r[i] / labels->psi1, cj = m->r[j] / labels->psi1;
      const double one = average(labels, labels->p, 0, ci, cj);
      const double two = average(labels, labels->p, 1, ci, cj) / labels->psi1;
      const double both = m->phi[i] * m->phi[j], gap = m->phi[i] + m->r[i] * one;
      m->phi2[i * n + j] = m->phi2[j * n + i] = both / gap;
      m->chi2[i * n + j] = m->chi2[j * n + i] = both * one / gap;
      m->psi2[i * n + j] = m->psi2[j * n + i] = both * (two + one * one / gap);
    }
  }
}

plim_status plimi_measures_bulk(const plimi_labels *labels, double s2, const double *mu,
                                plimi_measures *measures)
{
  if (labels == NULL) {
    isotropic_bulk(s2, mu, measures);
    return PLIM_OK;
  }
  gsl_root_fdfsolver *solver = gsl_root_fdfsolver_alloc(gsl_root_fdfsolver_newton);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < measures->n && status == PLIM_OK; i++) {
    status = solve_phi(solver, labels, mu[i], &measures->phi[i]);
    measures->r[i] = mu[i] * measures->phi[i];
    measures->j0[i] = average(labels, labels->p, 0, measures->r[i] / labels->psi1, 0.0);
    measures->psi[i] = measures->j0[i] * measures->phi[i];
  }
  gsl_root_fdfsolver_free(solver);
  if (status == PLIM_OK)
    fill_pairs(labels, measures);
  return status;
}

/* Averages of s a_i (or s^2 a_i a_j) along beta*, between beta* and u, and along u. */
typedef struct {
  double bb, bu, uu;
} plane;

/* What the plane needs at one mu. */
typedef struct {
  double phi, r, c, j0, j1, j2, phi_b, psi_b, n3, l0;
} point;

static point point_at(const plimi_labels *l, const plimi_measures *m, const double *mu, size_t i)
{
  point q = {.phi = m->phi[i], .r = m->r[i], .c = m->r[i] / l->psi1, .j0 = m->j0[i]};
  q.j1 = m->j1[i] = average(l, l->p1, 0, q.c, 0.0);
  q.j2 = m->j2[i] = average(l, l->p2, 0, q.c, 0.0);
  q.phi_b = 1.0 / (1.0 + mu[i] * q.j2);
  q.psi_b = q.j2 * q.phi_b;
  q.n3 = average(l, l->p1, 1, q.c, 0.0) / l->psi1;
  q.l0 = average(l, l->p, 1, q.c, 0.0) / l->psi1;
  return q;
}

static plane single_plane(const plimi_labels *l, const point *q, double j1_0)
{
  return (plane){.bb = q->psi_b,
                 .bu = q->phi * q->n3 + q->j1 * q->psi_b,
                 .uu = q->phi * q->n3 * (j1_0 + q->j1) + q->j1 * q->j1 * q->psi_b +
                       q->phi / l->psi1 * (q->l0 + q->j0 * q->j0)};
}

static plane pair_plane(const plimi_labels *l, const point *p, const point *q, double phi2, double chi2,
                        double j1_0)
{
  const double l1 = average(l, l->p1, 1, p->c, q->c) / l->psi1;
  const double n5 = average(l, l->p1, 2, p->c, q->c) / (l->psi1 * l->psi1);
  const double l2 = average(l, l->p2, 1, p->c, q->c) / l->psi1;
  const double l4 = average(l, l->p, 1, p->c, q->c) / l->psi1;
  const double l6 = average(l, l->p, 2, p->c, q->c) / (l->psi1 * l->psi1);
  plane s;
  s.bb = p->phi_b * q->phi_b * (l2 * phi2 + p->j2 * q->j2);
  const double by_n3 = chi2 * p->n3 + q->phi * phi2 * n5; /* of phi N */
  s.bu = by_n3 + phi2 * l1 * p->psi_b + q->j1 * s.bb;
  s.uu = by_n3 * (j1_0 + p->j1) + q->phi * q->n3 * phi2 * l1 + (p->j1 + q->j1) * phi2 * l1 * p->psi_b +
         q->j1 * q->j1 * s.bb +
         (chi2 * (p->l0 + p->j0 * p->j0) + q->phi * phi2 * (l6 + (p->j0 + q->j0) * l4)) / l->psi1;
  return s;
}

/* From (beta*, u) to (v, b): v = u/|u|, b = (beta* - gam v)/sqrt(1 - gam^2). */
typedef struct {
  double length2, gam, sine;
} rotation;

static void rotate(const rotation *turn, plane s, double *vv, double *vb, double *bb)
{
  const double along = s.uu / turn->length2, across = s.bu / sqrt(turn->length2);
  *vv = along;
  *vb = (across - turn->gam * along) / turn->sine;
  *bb = (s.bb - 2.0 * turn->gam * across + turn->gam * turn->gam * along) / (turn->sine * turn->sine);
}

static void isotropic_spike(plimi_measures *m)
{
  const size_t n = m->n;
  memcpy(m->phi_vv, m->phi, n * sizeof *m->phi);
  memcpy(m->psi_vv, m->psi, n * sizeof *m->psi);
  memcpy(m->psi_bb, m->psi, n * sizeof *m->psi);
  memset(m->psi_vb, 0, n * sizeof *m->psi_vb);
  memcpy(m->psi2_vv, m->psi2, n * n * sizeof *m->psi2);
  memcpy(m->psi2_bb, m->psi2, n * n * sizeof *m->psi2);
  memset(m->psi2_vb, 0, n * n * sizeof *m->psi2_vb);
}

void plimi_measures_spike(const plimi_labels *labels, double s2, const double *mu, plimi_measures *measures)
{
  plimi_measures *m = measures;
  if (labels == NULL) {
    isotropic_spike(m);
    return;
  }
  const double j1_0 = average(labels, labels->p1, 0, 0.0, 0.0);
  const double length2 = j1_0 * j1_0 + s2 / labels->psi1;
  const rotation turn = {
      .length2 = length2, .gam = j1_0 / sqrt(length2), .sine = sqrt(s2 / labels->psi1 / length2)};
  for (size_t i = 0; i < m->n; i++) {
    const point p = point_at(labels, m, mu, i);
    rotate(&turn, single_plane(labels, &p, j1_0), &m->psi_vv[i], &m->psi_vb[i], &m->psi_bb[i]);
    m->phi_vv[i] = (p.phi_b * p.j1 * p.j1 + p.phi * p.j0 / labels->psi1) / length2;
    for (size_t j = 0; j <= i; j++) {
      const point q = point_at(labels, m, mu, j);
      const size_t at = i * m->n + j, mirror = j * m->n + i;
      const plane s = pair_plane(labels, &p, &q, m->phi2[at], m->chi2[at], j1_0);
      rotate(&turn, s, &m->psi2_vv[at], &m->psi2_vb[at], &m->psi2_bb[at]);
      m->psi2_vv[mirror] = m->psi2_vv[at];
      m->psi2_vb[mirror] = m->psi2_vb[at];
      m->psi2_bb[mirror] = m->psi2_bb[at];
    }
  }
}
