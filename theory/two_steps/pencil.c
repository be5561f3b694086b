/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pencil.c - the spectrum of a neuron's covariance after two steps: an operator-valued equivalent.

   FORMULA (two_steps.md 3; derived here). One kind of neuron. The variables (theta, w, u1, l, l1) linearise
   theta = w + e1 zeta u1 + e2 zeta u2: u1, u2 what the steps' noise adds, l and l1 multipliers. With Ah = -x
     C = [ Ah 0 0 -1 0 ; 0 1 0 1 0 ; 0 0 0 e1 zeta -1 ; -1 1 e1 zeta 0 0 ; 0 0 -1 0 0 ]
     r = ( C + sum over batches E Y (1 + r Y/psi1)^-1 )^-1
     T(-x) = (1/d) tr (1 - x Sigma)^-1 = 1 + x r_theta,theta
   and Y, symmetric, with f = e2 zeta R, B = B_b/sqrt(q0), nu3 = nu2 - c2^2:
     same:  Y_l,w = f (A - B y c2/psi1),  Y_l,u1 = f B,  Y_l1,w = y c2,  gl = -f B y/psi1,
            Y_l,l = -(gl^2 nu3 + 2 gl f (C - c2 A) + f^2 (V - A^2 - B_b^2))/psi1,
            Y_l,l1 = -(gl y nu3 + y f (C - c2 A))/psi1,  Y_l1,l1 = -y^2 nu3/psi1
     fresh: batch 1: Y_l1,w = y c2, Y_l1,l1 = -y^2 nu3/psi1;
            batch 2: Y_l,w = f A, Y_l,u1 = f A e1 zeta, Y_l,l = -f^2 (V - A^2 c1)/psi1
   NUMERICAL METHOD. Newton's iteration from the solution at another x, taken on by its derivative: with
   Gam = Y (1 + r Y/psi1)^-1 the derivative of E Gam is -E Gam dr Gam/psi1, so that the equation and its Jacobian cost
   one pass over the law together. dr/dx from the same Jacobian. GSL's LU.
   CHECK. r_theta,theta at x = 0 is the trace c_b of spikes.c, by another derivation.
   STATUS. PLIM_NOT_CONVERGED where the iteration does not settle: past the end of Sigma's spectrum there is no real
   solution. */
#include <float.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "two_steps.h"

enum { N = PLIMI_PENCIL, NN = N * N, SIZE = 4, FIRST = 1, MOST_STEPS = 40 }; /* Y acts on w, u1, l, l1 */
enum { THETA, W, U1, L, L1 };
static const double settled = 1e-12, far_off = 1e6;

typedef struct {
  double gamma[SIZE * SIZE];              /* E Gam */
  double pair[SIZE * SIZE * SIZE * SIZE]; /* E Gam_ij Gam_kl at [(ij)(kl)] */
} passed;

static void set(double *y, int i, int j, double value)
{
  y[(i - FIRST) * SIZE + j - FIRST] = y[(j - FIRST) * SIZE + i - FIRST] = value;
}

/* Y of the one batch, or of the second. */
static void fill_same(const plimi_two_tables *t, size_t i, double *y)
{
  const plimi_two *two = &t->two;
  const double psi1 = two->psi1, c2 = two->c2, nu3 = fmax(two->nu2 - c2 * c2, 0.0), root = sqrt(two->q0);
  const double label = plimi_two_y(&t->law, i), f = two->e[1] * t->zeta[0] * plimi_two_residual(t, i);
  const double a = plimi_two_at(t, PLIMI_TWO_A, 0, i), b_plain = plimi_two_at(t, PLIMI_TWO_B, 0, i);
  const double b = root > 0.0 ? b_plain / root : 0.0, c = plimi_two_at(t, PLIMI_TWO_C, 0, i) - c2 * a;
  const double v = plimi_two_at(t, PLIMI_TWO_V, 0, i) - a * a - b_plain * b_plain;
  const double gl = -f * b * label / psi1;
  set(y, L, W, f * (a - b * label * c2 / psi1));
  set(y, L, U1, f * b);
  set(y, L1, W, label * c2);
  set(y, L, L, -(gl * gl * nu3 + 2.0 * gl * f * c + f * f * v) / psi1);
  set(y, L, L1, -(gl * label * nu3 + label * f * c) / psi1);
  set(y, L1, L1, -label * label * nu3 / psi1);
}

static void fill_second(const plimi_two_tables *t, size_t i, double *y)
{
  const plimi_two *two = &t->two;
  const double push = two->e[0] * t->zeta[0], c1 = 1.0 + push * push * two->q0;
  const double f = two->e[1] * t->zeta[0] * plimi_two_residual(t, i);
  const double a = plimi_two_at(t, PLIMI_TWO_A, 0, i), v = plimi_two_at(t, PLIMI_TWO_V, 0, i) - a * a * c1;
  set(y, L, W, f * a);
  set(y, L, U1, f * a * push);
  set(y, L, L, -f * f * v / two->psi1);
}

static void fill_first(const plimi_two_tables *t, size_t i, double *y)
{
  const plimi_two *two = &t->two;
  const double label = plimi_two_y(&t->law, i), nu3 = fmax(two->nu2 - two->c2 * two->c2, 0.0);
  set(y, L1, W, label * two->c2);
  set(y, L1, L1, -label * label * nu3 / two->psi1);
}

/* Gam = Y (1 + r Y/psi1)^-1, added up with weight p. */
static plim_status add(const double *r, double psi1, double p, const double *y, passed *sum)
{
  double m[SIZE * SIZE], inverse[SIZE * SIZE], gamma[SIZE * SIZE];
  size_t permuted[SIZE];
  int sign;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      double product = i == j ? psi1 : 0.0;
      for (int k = 0; k < SIZE; k++)
        product += r[(FIRST + i) * N + FIRST + k] * y[k * SIZE + j];
      m[i * SIZE + j] = product / psi1;
    }
  }
  gsl_matrix_view lu = gsl_matrix_view_array(m, SIZE, SIZE), to = gsl_matrix_view_array(inverse, SIZE, SIZE);
  gsl_permutation permutation = {.size = SIZE, .data = permuted};
  if (gsl_linalg_LU_decomp(&lu.matrix, &permutation, &sign) != GSL_SUCCESS ||
      gsl_linalg_LU_invert(&lu.matrix, &permutation, &to.matrix) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      double product = 0.0;
      for (int k = 0; k < SIZE; k++)
        product += y[i * SIZE + k] * inverse[k * SIZE + j];
      gamma[i * SIZE + j] = product;
    }
  }
  for (int i = 0; i < SIZE * SIZE; i++) {
    sum->gamma[i] += p * gamma[i];
    for (int j = 0; j < SIZE * SIZE; j++)
      sum->pair[i * SIZE * SIZE + j] += p * gamma[i] * gamma[j];
  }
  return PLIM_OK;
}

static plim_status pass(const plimi_two_tables *t, const double *r, passed *sum)
{
  memset(sum, 0, sizeof *sum);
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < t->law.ny * t->law.nt && status == PLIM_OK; i++) {
    double y[SIZE * SIZE] = {0.0}, other[SIZE * SIZE] = {0.0};
    const double p = t->law.p[PLIMI_TWO_PLAIN][i];
    if (fabs(p) < 1e-17)
      continue;
    if (t->two.is_same) {
      fill_same(t, i, y);
      status = add(r, t->two.psi1, p, y, sum);
      continue;
    }
    fill_first(t, i, y);
    fill_second(t, i, other);
    status = add(r, t->two.psi1, p, y, sum);
    if (status == PLIM_OK)
      status = add(r, t->two.psi1, p, other, sum);
  }
  return status;
}

/* next = (C + E Gam)^-1 */
static plim_status invert(const plimi_two_tables *t, double x, const double *gamma, double *next)
{
  const double push = t->two.e[0] * t->zeta[0];
  double c[NN] = {0.0};
  size_t permuted[N];
  int sign;
  c[THETA * N + THETA] = -x;
  c[THETA * N + L] = c[L * N + THETA] = -1.0;
  c[W * N + W] = c[W * N + L] = c[L * N + W] = 1.0;
  c[U1 * N + L] = c[L * N + U1] = push;
  c[U1 * N + L1] = c[L1 * N + U1] = -1.0;
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++)
      c[(FIRST + i) * N + FIRST + j] += gamma[i * SIZE + j];
  gsl_matrix_view lu = gsl_matrix_view_array(c, N, N), to = gsl_matrix_view_array(next, N, N);
  gsl_permutation permutation = {.size = N, .data = permuted};
  return gsl_linalg_LU_decomp(&lu.matrix, &permutation, &sign) == GSL_SUCCESS &&
                 gsl_linalg_LU_invert(&lu.matrix, &permutation, &to.matrix) == GSL_SUCCESS
             ? PLIM_OK
             : PLIM_NOT_CONVERGED;
}

/* 1 - dF/dr, F = (C + E Gam(r))^-1: dF = F E[Gam dr Gam] F/psi1 */
static void jacobian(const plimi_two_tables *t, const double *f, const passed *sum, double *j)
{
  double middle[NN];
  for (int k = 0; k < N; k++) {
    for (int l = 0; l < N; l++) { /* dr = e_k e_l' */
      memset(middle, 0, sizeof middle);
      for (int a = 0; a < SIZE && k >= FIRST && l >= FIRST; a++)
        for (int b = 0; b < SIZE; b++)
          middle[(FIRST + a) * N + FIRST + b] =
              sum->pair[(a * SIZE + k - FIRST) * SIZE * SIZE + (l - FIRST) * SIZE + b];
      for (int a = 0; a < N; a++) {
        for (int b = 0; b < N; b++) {
          double value = 0.0;
          for (int c = FIRST; c < N; c++)
            for (int d = FIRST; d < N; d++)
              value += f[a * N + c] * middle[c * N + d] * f[d * N + b];
          j[(a * N + b) * NN + k * N + l] = (a == k && b == l ? 1.0 : 0.0) - value / t->two.psi1;
        }
      }
    }
  }
}

static plim_status solve(double *j, double *residual, double *rise)
{
  size_t permuted[NN];
  int sign;
  gsl_matrix_view lu = gsl_matrix_view_array(j, NN, NN);
  gsl_vector_view x = gsl_vector_view_array(residual, NN), y = gsl_vector_view_array(rise, NN);
  gsl_permutation permutation = {.size = NN, .data = permuted};
  return gsl_linalg_LU_decomp(&lu.matrix, &permutation, &sign) == GSL_SUCCESS &&
                 gsl_linalg_LU_svx(&lu.matrix, &permutation, &x.vector) == GSL_SUCCESS &&
                 gsl_linalg_LU_svx(&lu.matrix, &permutation, &y.vector) == GSL_SUCCESS
             ? PLIM_OK
             : PLIM_NOT_CONVERGED;
}

/* One step of Newton's in r, and dr/dx where it began. */
static plim_status newton(const plimi_two_tables *t, double x, double *r, double *rise, double *step)
{
  static const double tiny = 1e-300;
  passed sum;
  double f[NN], j[NN * NN], residual[NN], size = tiny;
  plim_status status = pass(t, r, &sum);
  if (status == PLIM_OK)
    status = invert(t, x, sum.gamma, f);
  if (status != PLIM_OK)
    return status;
  jacobian(t, f, &sum, j);
  for (int i = 0; i < N; i++) {
    for (int k = 0; k < N; k++) {
      residual[i * N + k] = f[i * N + k] - r[i * N + k];
      rise[i * N + k] = f[i * N + THETA] * f[THETA * N + k];
      size = fmax(size, fabs(r[i * N + k]));
    }
  }
  status = solve(j, residual, rise);
  *step = 0.0;
  for (int i = 0; i < NN && status == PLIM_OK; i++) {
    *step = fmax(*step, fabs(residual[i]) / size);
    r[i] += residual[i];
    if (!isfinite(r[i]) || fabs(r[i]) > far_off)
      status = PLIM_NOT_CONVERGED;
  }
  return status;
}

static plim_status settle(const plimi_two_tables *t, double x, plimi_two_point *point)
{
  static const double longest = 0.5; /* of a step, relative: a longer one has left the branch */
  double step, last = INFINITY;
  for (int i = 0; i < MOST_STEPS; i++) {
    const plim_status status = newton(t, x, point->r, point->rise, &step);
    if (status != PLIM_OK)
      return status;
    if (step > longest)
      return PLIM_NOT_CONVERGED;
    if (step <= settled && (step <= 8.0 * DBL_EPSILON || step >= 0.25 * last)) {
      point->x = x;
      point->t = 1.0 + x * point->r[THETA * N + THETA];
      point->slope = point->r[THETA * N + THETA] + x * point->rise[THETA * N + THETA];
      return PLIM_OK;
    }
    last = step;
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_two_pencil_move(const plimi_two_tables *t, double x, plimi_two_point *point)
{
  plimi_two_point next = *point;
  for (int i = 0; i < NN; i++)
    next.r[i] += (x - point->x) * point->rise[i];
  const plim_status status = settle(t, x, &next);
  if (status == PLIM_OK)
    *point = next;
  return status;
}

/* e1 = e2 = 0 without noise is where the branch begins: r = C^-1; then plain iteration, which x = 0 lets converge. */
plim_status plimi_two_pencil_start(const plimi_two_tables *t, plimi_two_point *point)
{
  enum { MOST_ITERATIONS = 400 };
  static const double near = 1e-4;
  passed sum;
  double f[NN];
  *point = (plimi_two_point){.x = 0.0};
  memset(&sum, 0, sizeof sum);
  plim_status status = invert(t, 0.0, sum.gamma, point->r);
  for (int i = 0; i < MOST_ITERATIONS && status == PLIM_OK; i++) {
    double change = 0.0;
    status = pass(t, point->r, &sum);
    if (status == PLIM_OK)
      status = invert(t, 0.0, sum.gamma, f);
    for (int k = 0; k < NN && status == PLIM_OK; k++) {
      change = fmax(change, fabs(f[k] - point->r[k]));
      point->r[k] = 0.5 * (point->r[k] + f[k]);
    }
    if (status == PLIM_OK && change < near)
      return settle(t, 0.0, point);
  }
  return status == PLIM_OK ? PLIM_NOT_CONVERGED : status;
}
