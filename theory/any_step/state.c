/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.c - the matrices of section 9.3 as functions of s, with every pole on the real axis.

   SOURCE. Equations (1)-(4) of section 9.3 of theory.md; the spectral form is derived here.

   The derivative of (3), (4) there: coupling.c.

   NOTATION. As in any_step.h, and
     D            diag(pi_b G_b/c_b);  D(s) = D (1 + s alpha) is diag(pi G w(s)) of the section
     root = F     A = F F', from the QR factors of the weighted S(k); A itself is never formed
     v10          V1(0) = D^1/2 H D^1/2,  H = (1 + D^1/2 A D^1/2)^-1
     frame        the orthogonal factor of (D^1/2 F; 1) = (Q1; Q2) R, completed by (Qa; Qb):
                  Q2 = R^-1, Q1 = D^1/2 F R^-1, and H = Qa Qa' without a difference
     mu, z, y, u  alpha^1/2 Q1 = sum z_i sqrt(mu_i) q_i' (singular values), y_i = F R^-1 q_i,
                  u_i = D^1/2 H alpha^1/2 z_i
   FORMULA (derived here).
     V1(s)          = (D(s)^-1 + A)^-1 = V10 + sum_i u_i u_i' s/(1 + s mu_i)
     T(s)           = A - A V1(s) A    = sum_i y_i y_i'/(1 + s mu_i)
     1 - A V1(s)    = (1 - A V10) - sum_i y_i kappa_i' s/(1 + s mu_i),   kappa_i = (alpha - mu_i) D y_i
   so that (2), (3), (4) need int a_i d rho and int s a_i d rho alone (measures.c).

   WHY NOTHING CANCELS. V10, T and the two sums are positive; only 1 - A V1 is a difference, between 1 and a
   matrix similar to one between 0 and 1. */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "any_step.h"
#include "../bounded.h"

/* How much room: matrices n x n, nodes x n, vectors of either kind, and what is square in nodes + n. */
enum { SQUARES = 9, TALLS = 7, BY_ATOM = 5, BY_NODE = 3, ROWS = 3 };

plim_status plimi_state_alloc(size_t n, size_t nodes, plimi_state *state)
{
  const size_t all = n + nodes, room = SQUARES * n * n + 6 * n * n + 2 * n + TALLS * nodes * n + BY_ATOM * n +
                                       BY_NODE * nodes + 2 * all * all + (1 + ROWS) * all;
  plimi_state made = {.n = n, .nodes = nodes};
  const plim_status status = plimi_measures_alloc(n, &made.measures);
  if (status != PLIM_OK)
    return status;
  double *next = calloc(room, sizeof *next);
  if (next == NULL) {
    plimi_measures_free(&made.measures);
    return PLIM_NO_MEMORY;
  }
  made.storage = next;
  double **square[SQUARES] = {&made.root,  &made.v10,  &made.y,    &made.u,   &made.z,
                              &made.kappa, &made.half, &made.turn, &made.rise};
  double **tall[TALLS] = {&made.sx, &made.sv, &made.se, &made.sk, &made.qr, &made.by_sx, &made.by_sk};
  double **by_atom[BY_ATOM] = {&made.g, &made.g_next, &made.d, &made.mu, &made.tau};
  double **by_node[BY_NODE] = {&made.v, &made.v_next, &made.a};
  for (size_t i = 0; i < SQUARES; i++, next += n * n)
    *square[i] = next;
  for (size_t i = 0; i < TALLS; i++, next += nodes * n)
    *tall[i] = next;
  for (size_t i = 0; i < BY_ATOM; i++, next += n)
    *by_atom[i] = next;
  for (size_t i = 0; i < BY_NODE; i++, next += nodes)
    *by_node[i] = next;
  made.stack = next; /* 2n x n, then the 2n x 2n orthogonal factor */
  next += 2 * n * n;
  made.frame = next;
  next += 4 * n * n;
  made.hessian = next;
  next += all * all;
  made.factor = next;
  next += all * all;
  made.scale = next;
  next += all;
  made.rows = next;
  next += ROWS * all;
  made.work = next;
  made.order = (size_t *)(void *)(next + n); /* no longer than n doubles */
  *state = made;
  return PLIM_OK;
}

void plimi_state_free(plimi_state *state)
{
  plimi_measures_free(&state->measures);
  free(state->storage);
}

/* c (rows x columns) = a (rows x inner) b (inner x columns) */
static void multiply(const double *a, const double *b, size_t rows, size_t inner, size_t columns, double *c)
{
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++)
      c[i * columns + j] = 0.0;
    for (size_t l = 0; l < inner; l++) {
      const double factor = a[i * inner + l];
      for (size_t j = 0; j < columns; j++)
        c[i * columns + j] += factor * b[l * columns + j];
    }
  }
}

/* A = root root' */
static plim_status take_root(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  const size_t n = s->n;
  for (size_t k = 0; k < s->nodes; k++) {
    s->a[k] = t->step.ridge_psi1 * t->weight[k] / (1.0 + s->v[k]);
    const double size = sqrt(s->a[k]);
    for (size_t b = 0; b < n; b++)
      s->qr[k * n + b] = size * t->s[k * n + b];
  }
  gsl_matrix_view qr = gsl_matrix_view_array(s->qr, s->nodes, n);
  gsl_vector_view tau = gsl_vector_view_array(s->tau, n);
  if (gsl_linalg_QR_decomp(&qr.matrix, &tau.vector) != GSL_SUCCESS)
    return PLIM_FAILED;
  for (size_t b = 0; b < n; b++)
    for (size_t j = 0; j < n; j++)
      s->root[b * n + j] = j <= b ? s->qr[j * n + b] : 0.0;
  return PLIM_OK;
}

/* The orthogonal factor of (D^1/2 F; 1): (Q1 Qa; Q2 Qb). Then Q2 = R^-1 and H = Qa Qa'. */
static plim_status take_frame(plimi_state *s)
{
  const size_t n = s->n;
  for (size_t b = 0; b < n; b++) {
    for (size_t j = 0; j < n; j++) {
      s->stack[b * n + j] = sqrt(s->d[b]) * s->root[b * n + j];
      s->stack[(n + b) * n + j] = b == j ? 1.0 : 0.0;
    }
  }
  gsl_matrix_view stack = gsl_matrix_view_array(s->stack, 2 * n, n);
  gsl_matrix_view frame = gsl_matrix_view_array(s->frame, 2 * n, 2 * n);
  gsl_vector_view tau = gsl_vector_view_array(s->tau, n);
  gsl_matrix_set_identity(&frame.matrix);
  if (gsl_linalg_QR_decomp(&stack.matrix, &tau.vector) != GSL_SUCCESS ||
      gsl_linalg_QR_QTmat(&stack.matrix, &tau.vector, &frame.matrix) != GSL_SUCCESS)
    return PLIM_FAILED;
  return PLIM_OK; /* frame holds Q' */
}

/* Vectors that complete the first `rank` columns of u, orthonormal ones, to n. */
static plim_status complete(plimi_state *s, size_t rank, double *u)
{
  const size_t n = s->n;
  gsl_matrix_view qr = gsl_matrix_view_array(s->turn, n, n);
  gsl_vector_view tau = gsl_vector_view_array(s->tau, n), column = gsl_vector_view_array(s->work, n);
  for (size_t b = 0; b < n; b++)
    for (size_t j = 0; j < n; j++)
      s->turn[b * n + j] = j < rank ? u[b * n + j] : 0.0;
  if (gsl_linalg_QR_decomp(&qr.matrix, &tau.vector) != GSL_SUCCESS)
    return PLIM_FAILED;
  for (size_t j = rank; j < n; j++) {
    for (size_t b = 0; b < n; b++)
      s->work[b] = b == j ? 1.0 : 0.0;
    if (gsl_linalg_QR_Qvec(&qr.matrix, &tau.vector, &column.vector) != GSL_SUCCESS)
      return PLIM_FAILED;
    for (size_t b = 0; b < n; b++)
      u[b * n + j] = s->work[b];
  }
  return PLIM_OK;
}

/* z := its left singular vectors, turn := the right ones, mu := the values. With pivots, z P = Q R, and Jacobi's method
   on the rows of R, R' = u diag(mu) v': they are graded, so that it has little to do and keeps what is small. (GSL's
   other method, gsl_linalg_SV_decomp, allocates, and does not look.) Where mu is 0, u is, and is completed. */
static plim_status take_singular(plimi_state *s)
{
  const size_t n = s->n;
  double *u = s->kappa;
  int sign;
  gsl_permutation order = {.size = n, .data = s->order};
  gsl_matrix_view z = gsl_matrix_view_array(s->z, n, n), rows = gsl_matrix_view_array(u, n, n),
                  v = gsl_matrix_view_array(s->turn, n, n);
  gsl_vector_view tau = gsl_vector_view_array(s->tau, n), mu = gsl_vector_view_array(s->mu, n),
                  work = gsl_vector_view_array(s->work, n);
  if (gsl_linalg_QRPT_decomp(&z.matrix, &tau.vector, &order, &sign, &work.vector) != GSL_SUCCESS)
    return PLIM_FAILED;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      u[i * n + j] = j <= i ? s->z[j * n + i] : 0.0;
  if (gsl_linalg_SV_decomp_jacobi(&rows.matrix, &v.matrix, &mu.vector) != GSL_SUCCESS)
    return PLIM_NOT_CONVERGED;
  for (size_t j = 0; j < n; j++) {
    gsl_vector_view column = gsl_matrix_column(&v.matrix, j);
    if (gsl_linalg_QR_Qvec(&z.matrix, &tau.vector, &column.vector) != GSL_SUCCESS)
      return PLIM_FAILED;
  }
  memcpy(s->z, s->turn, n * n * sizeof *s->z);
  size_t rank = n;
  while (rank > 0 && s->mu[rank - 1] == 0.0)
    rank--;
  const plim_status status = rank < n ? complete(s, rank, u) : PLIM_OK;
  for (size_t j = 0; j < n; j++)
    memcpy(s->turn + s->order[j] * n, u + j * n, n * sizeof *u);
  return status;
}

/* V10, and the vectors y, u, z with their mu. */
static plim_status take_spectrum(const plimi_tables *t, plimi_state *s)
{
  const size_t n = s->n;
  for (size_t b = 0; b < n; b++) {
    for (size_t c = 0; c < n; c++) {
      double h = 0.0;
      for (size_t j = n; j < 2 * n; j++)
        h += s->frame[j * 2 * n + b] * s->frame[j * 2 * n + c];
      s->half[b * n + c] = sqrt(s->d[b]) * h * sqrt(t->alpha[c]);
      s->v10[b * n + c] = sqrt(s->d[b]) * h * sqrt(s->d[c]);
      s->z[b * n + c] = sqrt(t->alpha[b]) * s->frame[c * 2 * n + b];
      s->rise[b * n + c] = s->frame[c * 2 * n + n + b]; /* R^-1 */
    }
  }
  const plim_status status = take_singular(s);
  if (status != PLIM_OK)
    return status;
  multiply(s->half, s->z, n, n, n, s->u);
  multiply(s->rise, s->turn, n, n, n, s->half);
  multiply(s->root, s->half, n, n, n, s->y);
  for (size_t i = 0; i < n; i++) {
    s->mu[i] *= s->mu[i];
    for (size_t b = 0; b < n; b++)
      s->kappa[i * n + b] = (t->alpha[b] - s->mu[i]) * s->d[b] * s->y[b * n + i];
  }
  return PLIM_OK;
}

/* The right-hand sides of (3) and (4). */
static void advance(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  const plimi_measures *m = &s->measures;
  const size_t n = s->n;
  for (size_t b = 0; b < n; b++) {
    double sum = 0.0;
    for (size_t k = 0; k < s->nodes; k++)
      sum += s->a[k] * t->rest[k * n + b];
    for (size_t i = 0; i < n; i++)
      sum += s->y[b * n + i] * s->y[b * n + i] * (m->phi[i] + t->alpha[b] * m->psi[i]) / t->c[b];
    s->g_next[b] = 1.0 / (mixture->penalty + sum / mixture->psi2);
  }
  for (size_t k = 0; k < s->nodes; k++) {
    double sum = 0.0;
    for (size_t b = 0; b < n; b++) {
      sum += t->s[k * n + b] * s->sv[k * n + b] + t->pi[b] * s->g[b] * t->rest[k * n + b];
      sum += m->psi[b] * s->sx[k * n + b] * s->sx[k * n + b];
    }
    s->v_next[k] = sum;
  }
}

plim_status plimi_state_build(const plimi_mixture *mixture, plimi_state *state)
{
  plimi_state *s = state;
  const plimi_tables *t = mixture->tables;
  const size_t n = s->n;
  for (size_t b = 0; b < n; b++)
    s->d[b] = t->pi[b] * s->g[b] / t->c[b];
  plim_status status = take_root(mixture, s);
  if (status == PLIM_OK)
    status = take_frame(s);
  if (status == PLIM_OK)
    status = take_spectrum(t, s);
  if (status == PLIM_OK)
    status = plimi_measures_bulk(mixture->labels, t->step.s2, s->mu, &s->measures);
  if (status != PLIM_OK)
    return status;
  multiply(t->s, s->u, s->nodes, n, n, s->sx);
  multiply(t->s, s->v10, s->nodes, n, n, s->sv);
  for (size_t k = 0; k < s->nodes; k++) {
    for (size_t b = 0; b < n; b++) {
      s->se[k * n + b] = s->sv[k * n + b] / s->d[b];
      double sum = 0.0;
      for (size_t c = 0; c < n; c++)
        sum += s->kappa[b * n + c] * t->s[k * n + c];
      s->sk[k * n + b] = sum;
    }
  }
  advance(mixture, s);
  return PLIM_OK;
}
