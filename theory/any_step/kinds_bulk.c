/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_bulk.c - what the first batch leaves in the bulk: an operator-valued equivalent, any_activation.md B.2.

   FORMULA. D1 = (1/n) X'D_yX and S = (1/n) X'D_y^2X do not commute, so that there is no spectral measure of both. The
   variables (theta, u, l) linearise (1 + a D1)^2 + alpha S: with
     C = [ Ah 0 -1 ; 0 1 1 ; -1 1 0 ],    Y(y) = on (u, l):  y [ 0 a ; a 0 ] + y^2 [ 0 0 ; 0 -alpha ],
     Gam(y) = Y (1 + r Y/psi1)^-1,        r = (C + E_y Gam(y))^-1                                        (*)
   the partial trace is V1 = gh r_theta,theta gh, and with xi and xi^2 as densities of the law of y
     q = (C + E xi^2 Gam)^-1,  J1 = E[xi y] - E[xi y Gam] r/psi1,  J0 = E[y^2] - E[y^2 Gam] r/psi1
     beta'V1 beta = gh q gh,  beta'V1 u = gh q J1 gh,  u'V1 u = gh (J1'q J1 + r J0/psi1) gh.
   a = 0 is section 9.2. Everything is analytic in r: a complex step differentiates it. */
#include <string.h>

#include "kinds.h"

enum { MOST_PAIR = 2 * PLIMI_MOST_KINDS };

/* Gam at one y, on (u, l): 2K x 2K. */
static plim_status gamma_at(const plimi_kinds_problem *problem, const double complex *r, double y,
                            double complex *gamma)
{
  const plimi_kinds *t = problem->kinds;
  const size_t kinds = t->kinds, pair = 2 * kinds, all = 3 * kinds;
  double complex m[MOST_PAIR * MOST_PAIR] = {0.0};
  /* 1 + r Y/psi1: column (u, b) of Y is y a at (l, b), column (l, b) is y a at (u, b) and -y^2 alpha at (l, b) */
  for (size_t i = 0; i < pair; i++) {
    const double complex *row = r + (kinds + i) * all + kinds;
    for (size_t b = 0; b < kinds; b++) {
      m[i * pair + b] = y * t->a[b] * row[kinds + b] / problem->kinds->step.step_psi1;
      m[i * pair + kinds + b] =
          (y * t->a[b] * row[b] - y * y * t->alpha[b] * row[kinds + b]) / problem->kinds->step.step_psi1;
    }
    m[i * pair + i] += 1.0;
  }
  const plim_status status = plimi_c_invert(pair, m);
  if (status != PLIM_OK)
    return status;
  for (size_t b = 0; b < kinds; b++) {
    for (size_t j = 0; j < pair; j++) {
      const double complex in_u = m[b * pair + j], in_l = m[(kinds + b) * pair + j];
      gamma[b * pair + j] = y * t->a[b] * in_l;
      gamma[(kinds + b) * pair + j] = y * t->a[b] * in_u - y * y * t->alpha[b] * in_l;
    }
  }
  return PLIM_OK;
}

/* Averages of Gam(y) with several weights at once: sum over the law of p[xi_power] y^y_power Gam. */
typedef struct {
  int xi_power, y_power;
} weighting;

static plim_status gamma_averages(const plimi_kinds_problem *problem, const double complex *r, size_t count,
                                  const weighting *by, double complex (*average)[MOST_PAIR * MOST_PAIR])
{
  const plimi_law_of_labels *law = problem->law;
  const size_t pair = 2 * problem->kinds->kinds;
  memset(average, 0, count * sizeof *average);
  for (size_t i = 0; i < law->n; i++) {
    double complex gamma[MOST_PAIR * MOST_PAIR];
    const double y = law->y[i];
    const plim_status status = gamma_at(problem, r, y, gamma);
    if (status != PLIM_OK)
      return status;
    for (size_t w = 0; w < count; w++) {
      double weight = law->p[by[w].xi_power][i];
      for (int power = 0; power < by[w].y_power; power++)
        weight *= y;
      for (size_t j = 0; j < pair * pair; j++)
        average[w][j] += weight * gamma[j];
    }
  }
  return PLIM_OK;
}

/* C + gamma, inverted. */
static plim_status resolve(const plimi_kinds_problem *problem, const double complex *ah,
                           const double complex *gamma, double complex *inverse)
{
  const size_t kinds = problem->kinds->kinds, pair = 2 * kinds, all = 3 * kinds;
  memset(inverse, 0, all * all * sizeof *inverse);
  for (size_t i = 0; i < kinds; i++) {
    for (size_t j = 0; j < kinds; j++)
      inverse[i * all + j] = ah[i * kinds + j];
    const size_t u = kinds + i, l = 2 * kinds + i;
    inverse[i * all + l] = inverse[l * all + i] = -1.0;
    inverse[u * all + u] = inverse[u * all + l] = inverse[l * all + u] = 1.0;
  }
  for (size_t i = 0; i < pair; i++)
    for (size_t j = 0; j < pair; j++)
      inverse[(kinds + i) * all + kinds + j] += gamma[i * pair + j];
  return plimi_c_invert(all, inverse);
}

plim_status plimi_bulk_step(const plimi_kinds_problem *problem, const double complex *ah,
                            const double complex *r, double complex *next)
{
  static const weighting plain = {0, 0};
  double complex gamma[1][MOST_PAIR * MOST_PAIR];
  const plim_status status = gamma_averages(problem, r, 1, &plain, gamma);
  return status == PLIM_OK ? resolve(problem, ah, gamma[0], next) : status;
}

/* J = moment 1 - (gamma on (u, l)) r/psi1, 3K x 3K */
static void spike_factor(const plimi_kinds_problem *problem, double moment, const double complex *gamma,
                         const double complex *r, double complex *factor)
{
  const size_t kinds = problem->kinds->kinds, pair = 2 * kinds, all = 3 * kinds;
  for (size_t i = 0; i < all; i++) {
    for (size_t j = 0; j < all; j++) {
      double complex sum = 0.0;
      for (size_t k = 0; k < pair && i >= kinds; k++)
        sum += gamma[(i - kinds) * pair + k] * r[(kinds + k) * all + j];
      factor[i * all + j] = (i == j ? moment : 0.0) - sum / problem->kinds->step.step_psi1;
    }
  }
}

static void keep_block(size_t kinds, const double complex *whole, double complex *block)
{
  const size_t all = 3 * kinds;
  for (size_t i = 0; i < kinds; i++)
    for (size_t j = 0; j < kinds; j++)
      block[i * kinds + j] = 0.5 * (whole[i * all + j] + whole[j * all + i]);
}

plim_status plimi_bulk_forms_at(const plimi_kinds_problem *problem, const double complex *ah,
                                const double complex *r, plimi_bulk_forms *forms)
{
  enum { MOST = PLIMI_MOST_PENCIL * PLIMI_MOST_PENCIL };
  static const weighting by[] = {{2, 0}, {1, 1}, {0, 2}};
  const plimi_law_of_labels *law = problem->law;
  const size_t kinds = problem->kinds->kinds, all = 3 * kinds;
  double complex gamma[3][MOST_PAIR * MOST_PAIR], q[MOST], j1[MOST], j0[MOST], qj[MOST], whole[MOST];
  plim_status status = gamma_averages(problem, r, 3, by, gamma);
  if (status == PLIM_OK)
    status = resolve(problem, ah, gamma[0], q);
  if (status != PLIM_OK)
    return status;
  spike_factor(problem, law->moment[1][1], gamma[1], r, j1);
  spike_factor(problem, law->moment[0][2], gamma[2], r, j0);
  plimi_c_multiply(all, q, j1, qj);
  plimi_c_multiply(all, r, j0, whole);
  for (size_t i = 0; i < all; i++) {
    for (size_t j = 0; j < all; j++) {
      double complex sum = whole[i * all + j] / problem->kinds->step.step_psi1;
      for (size_t k = 0; k < all; k++)
        sum += j1[k * all + i] * qj[k * all + j];
      whole[i * all + j] = sum;
    }
  }
  keep_block(kinds, q, forms->bb);
  keep_block(kinds, qj, forms->bu);
  keep_block(kinds, whole, forms->uu);
  return PLIM_OK;
}
