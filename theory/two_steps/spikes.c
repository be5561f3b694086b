/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spikes.c - the finite rank that two steps add to W0, and the trace of what they leave of it.

   FORMULA (two_steps.md 2; derived here). With R = y - f1, f_b = R D_b, B_b = E xi f_b, U_b = E nn f_b, q_b = E y
     f_b: along_b = push1 mu1 mu1* + push2 B_b
     same batch:   perp_b = push1 mu1 up + push2 (U_b + up q_b/s2),  rest_bc = push2^2 (E f_b f_c - q_b q_c/s2)/psi1
     fresh batch:  perp_b = push1 mu1 up + push2 U_b,                rest_bc = push2^2 E f_b f_c/psi1
     L_bc = along_b along_c + perp_b perp_c + rest_bc
     H_bc = sqrt(pi_b pi_c) zeta_b zeta_c L_bc = sum_l ev_l V_l V_l'
     <v_l, beta*> = sum_b V_lb sqrt(pi_b) zeta_b along_b/sqrt(ev_l)
   and c_b = lim (1/d) tr of the covariance of a neuron of kind b, from c2 = E z sigma'(z) and the columns of
     tables.c: fresh: c_b = c1 (1 + e2 zeta E[R A])^2 + (e2^2 zeta^2/psi1) E[R^2 V]
     same:  c_b = 1 + 2 zeta al
                  + zeta^2 { E[e1^2 y^2 nu2 + 2 e1 e2 y R C + e2^2 R^2 V]/psi1 + al^2 + be^2 q0 + 2 be yr/psi1 }
            al = e2 E[R A],  be = e2 E[R B]/sqrt(q0),  yr = E y (e1 y nu2 + e2 R C)
   (e1 E[y] c2 = 0 in al). `growth`: g_b, by which the bulk multiplies <w_j, beta*>, has
     same: 1 + zeta (e1 c2 E[y xi^2] + e2 E[R A xi^2]);   fresh: the product of the two factors.
   WHY NOTHING CANCELS. rest is a difference on the same batch, where it is small beside the rest of L; eigenvalues
   below rounding of the largest are 0. GSL's symmetric eigensolver.
   ERROR. By refinement: two_steps.c. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_eigen.h>

#include "../bounded.h"
#include "../symmetric.h"
#include "two_steps.h"

/* E of the product, with one of the law's weights. */
typedef double integrand(const plimi_two_tables *t, size_t kind, size_t i);

static double average(const plimi_two_tables *t, int weight, size_t kind, integrand *f)
{
  double sum = 0.0;
  for (size_t i = 0; i < t->law.ny * t->law.nt; i++)
    sum += t->law.p[weight][i] * f(t, kind, i);
  return sum;
}

static double label(const plimi_two_tables *t, size_t i)
{
  return plimi_two_y(&t->law, i);
}

static double force(const plimi_two_tables *t, size_t kind, size_t i)
{
  return plimi_two_residual(t, i) * plimi_two_at(t, PLIMI_TWO_D, kind, i);
}

static double y_force(const plimi_two_tables *t, size_t kind, size_t i)
{
  return label(t, i) * force(t, kind, i);
}

static double r_a(const plimi_two_tables *t, size_t kind, size_t i)
{
  return plimi_two_residual(t, i) * plimi_two_at(t, PLIMI_TWO_A, kind, i);
}

static double r_b(const plimi_two_tables *t, size_t kind, size_t i)
{
  return plimi_two_residual(t, i) * plimi_two_at(t, PLIMI_TWO_B, kind, i);
}

static double yr_c(const plimi_two_tables *t, size_t kind, size_t i)
{
  return label(t, i) * plimi_two_residual(t, i) * plimi_two_at(t, PLIMI_TWO_C, kind, i);
}

static double r2_v(const plimi_two_tables *t, size_t kind, size_t i)
{
  const double r = plimi_two_residual(t, i);
  return r * r * plimi_two_at(t, PLIMI_TWO_V, kind, i);
}

static double plain_label(const plimi_two_tables *t, size_t kind, size_t i)
{
  (void)kind;
  return label(t, i);
}

static double trace_of(const plimi_two_tables *t, size_t kind)
{
  const plimi_two *two = &t->two;
  const double zeta = t->zeta[kind], e1 = two->e[0], e2 = two->e[1], s2 = two->s2;
  const double by_a = average(t, PLIMI_TWO_PLAIN, kind, r_a), by_v = average(t, PLIMI_TWO_PLAIN, kind, r2_v);
  if (!two->is_same) {
    const double factor = 1.0 + e2 * zeta * by_a, c1 = 1.0 + e1 * e1 * zeta * zeta * two->q0;
    return c1 * factor * factor + e2 * e2 * zeta * zeta * by_v / two->psi1;
  }
  const double by_c = average(t, PLIMI_TWO_PLAIN, kind, yr_c);
  const double root = sqrt(two->q0), al = e2 * by_a;
  const double be = root > 0.0 ? e2 * average(t, PLIMI_TWO_PLAIN, kind, r_b) / root : 0.0;
  const double yr = e1 * s2 * two->nu2 + e2 * by_c;
  const double noise = e1 * e1 * s2 * two->nu2 + 2.0 * e1 * e2 * by_c + e2 * e2 * by_v;
  return 1.0 + 2.0 * zeta * al +
         zeta * zeta * (noise / two->psi1 + al * al + be * be * two->q0 + 2.0 * be * yr / two->psi1);
}

static double growth_of(const plimi_two_tables *t, size_t kind)
{
  const plimi_two *two = &t->two;
  const double zeta = t->zeta[kind];
  const double first = zeta * two->e[0] * two->c2 * average(t, PLIMI_TWO_BY_XI2, kind, plain_label);
  const double second = zeta * two->e[1] * average(t, PLIMI_TWO_BY_XI2, kind, r_a);
  return two->is_same ? 1.0 + first + second : (1.0 + first) * (1.0 + second);
}

/* E f_b f_c */
static double products(const plimi_two_tables *t, size_t b, size_t c)
{
  double sum = 0.0;
  for (size_t i = 0; i < t->law.ny * t->law.nt; i++)
    sum += t->law.p[PLIMI_TWO_PLAIN][i] * force(t, b, i) * force(t, c, i);
  return sum;
}

/* H, and along_b sqrt(pi_b) zeta_b */
static void fill(const plimi_two_tables *t, double *along, double *perp, double *q, gsl_matrix *h)
{
  const plimi_two *two = &t->two;
  const double s2 = two->s2;
  for (size_t b = 0; b < t->kinds; b++) {
    const double root = sqrt(t->pi[b]) * t->zeta[b];
    q[b] = root * average(t, PLIMI_TWO_PLAIN, b, y_force);
    along[b] = root * two->push[0] * two->mu1 * two->star_mu1 +
               root * two->push[1] * average(t, PLIMI_TWO_BY_XI, b, force);
    perp[b] = root * two->push[0] * two->mu1 * two->up +
              root * two->push[1] * average(t, PLIMI_TWO_BY_NN, b, force);
    if (two->is_same)
      perp[b] += two->push[1] * two->up * q[b] / s2;
  }
  for (size_t b = 0; b < t->kinds; b++) {
    for (size_t c = 0; c <= b; c++) {
      double rest = sqrt(t->pi[b] * t->pi[c]) * t->zeta[b] * t->zeta[c] * products(t, b, c);
      if (two->is_same)
        rest -= q[b] * q[c] / s2;
      const double entry =
          along[b] * along[c] + perp[b] * perp[c] + two->push[1] * two->push[1] * rest / two->psi1;
      gsl_matrix_set(h, b, c, entry);
      gsl_matrix_set(h, c, b, entry);
    }
  }
}

/* storage: n n + 5 n. */
static plim_status decompose(const plimi_two_tables *t, const double *along, gsl_matrix *h, double *storage,
                             plimi_two_spikes *spikes)
{
  const size_t n = t->kinds;
  gsl_matrix_view vectors = gsl_matrix_view_array(storage, n, n);
  gsl_vector_view values = gsl_vector_view_array(storage + n * n, n);
  gsl_eigen_symmv_workspace work = plimi_symmetric_workspace(n, storage + n * n + n);
  gsl_matrix *vector = &vectors.matrix;
  gsl_vector *value = &values.vector;
  if (gsl_eigen_symmv(h, value, vector, &work) != 0 ||
      gsl_eigen_symmv_sort(value, vector, GSL_EIGEN_SORT_VAL_DESC) != 0)
    return PLIM_NOT_CONVERGED;
  const double largest = gsl_vector_get(value, 0), least = 16.0 * DBL_EPSILON * (double)n * largest;
  for (size_t l = 0; l < PLIMI_TWO_SPIKES && l < n; l++) {
    const double strength = gsl_vector_get(value, l);
    if (!(strength > least))
      break;
    double sum = 0.0;
    for (size_t b = 0; b < n; b++)
      sum += gsl_matrix_get(vector, b, l) * along[b];
    spikes->strength[l].value = strength;
    spikes->along[l].value = sum * sum / strength;
  }
  return isfinite(largest) ? PLIM_OK : PLIM_NOT_FINITE;
}

plim_status plimi_two_spikes_of(const plimi_two_tables *t, plimi_two_spikes *spikes)
{
  *spikes = (plimi_two_spikes){.trace = v_exact(0.0)};
  const size_t n = t->kinds;
  double *storage = malloc((2 * n * n + 8 * n) * sizeof *storage);
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  gsl_matrix_view h = gsl_matrix_view_array(storage, n, n);
  double *scratch = storage + n * n;
  fill(t, scratch, scratch + n, scratch + 2 * n, &h.matrix);
  const plim_status status = decompose(t, scratch, &h.matrix, scratch + 3 * n, spikes);
  double mass = 0.0;
  for (size_t b = 0; b < t->kinds; b++) {
    const double growth = growth_of(t, b);
    mass += t->pi[b];
    spikes->trace.value += t->pi[b] * trace_of(t, b);
    spikes->growth.value += t->pi[b] * growth * growth;
  }
  spikes->trace.value /= mass;
  spikes->growth.value /= mass;
  free(storage);
  return status;
}
