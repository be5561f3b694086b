/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coupling.c - the derivative of the fixed-point equations of section 9.3 at a state that was built.

   SOURCE. Equations (3), (4) of section 9.3 of theory.md; the symmetric form is derived here.

   NOTATION. As in state.c.
   THE HESSIAN. With t_k = psi1 weight dV/(1 + V)^2 and gamma_b = pi_b dG_b the derivative of (3), (4) is
   symmetric,
     dV = K t + R' gamma,   d(-1/G) psi2 = R t + N gamma,   K_kk' = int (S_k' V1 S_k')^2,
     R_bk = E2_b(k) + int w_b ((1 - A V1) S_k)_b^2,   N_bc = int w_b w_c T_bc^2,
   and the linear equations (6), (7) for the risk hold the same matrix (linear.c).

   ITS COST. Sums over two poles for every pair of nodes and atoms: (n + nodes)^2 n^2/4 products or so, which is most of
   the work where the step is large and the neurons are many kinds. So the loop over the pairs is the innermost, over
   neighbours in memory and without a sum that waits for itself; of what is symmetric one half is summed. */
#include <string.h>

#include "any_step.h"

/* to (columns x rows) = from' */
static void transpose(const double *from, size_t rows, size_t columns, double *to)
{
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      to[j * rows + i] = from[i * columns + j];
}

static void add_multiple(double factor, const double *x, size_t count, double *row)
{
  for (size_t i = 0; i < count; i++)
    row[i] += factor * x[i];
}

/* K_kk' = int (S_k' V1 S_k')^2 d rho */
static void couple_nodes(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  const plimi_measures *m = &s->measures;
  const size_t n = s->n, nodes = s->nodes, all = n + nodes;
  double *row = s->rows, *twice = row + all;
  for (size_t k = 0; k < nodes; k++) {
    const double *x = s->sx + k * n;
    memset(twice, 0, (k + 1) * sizeof *twice);
    for (size_t i = 0; i < n; i++) {
      const double *y = s->by_sx + i * nodes;
      memset(row, 0, (k + 1) * sizeof *row);
      for (size_t j = 0; j <= i; j++)
        add_multiple((i == j ? 1.0 : 2.0) * m->psi2[i * n + j] * x[i] * x[j], s->by_sx + j * nodes, k + 1,
                     row);
      for (size_t l = 0; l <= k; l++)
        twice[l] += row[l] * y[l];
    }
    for (size_t l = 0; l <= k; l++) {
      const double *y = s->sx + l * n;
      double flat = 0.0, once = 0.0;
      for (size_t i = 0; i < n; i++) {
        flat += t->s[l * n + i] * s->sv[k * n + i];
        once += m->psi[i] * x[i] * y[i];
      }
      s->hessian[k * all + l] = s->hessian[l * all + k] = flat * flat + 2.0 * flat * once + twice[l];
    }
  }
}

/* R_bk = E2_b + int w_b ((1 - C) S_k)_b^2, with one factor written as (V1 S_k)_b/(pi_b G_b w_b) */
static void couple_both(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  const plimi_measures *m = &s->measures;
  const size_t n = s->n, nodes = s->nodes, all = n + nodes;
  double *row = s->rows, *twice = row + all;
  for (size_t b = 0; b < n; b++) {
    const double *u = s->u + b * n, *y = s->y + b * n;
    memset(twice, 0, nodes * sizeof *twice);
    for (size_t i = 0; i < n; i++) {
      memset(row, 0, nodes * sizeof *row);
      for (size_t j = 0; j < n; j++)
        add_multiple(m->psi2[i * n + j] * y[j], s->by_sk + j * nodes, nodes, row);
      for (size_t k = 0; k < nodes; k++)
        twice[k] += u[i] * s->by_sx[i * nodes + k] * row[k];
    }
    for (size_t k = 0; k < nodes; k++) {
      const double *x = s->sx + k * n, *eta = s->sk + k * n;
      const double v0 = s->sv[k * n + b], e0 = s->se[k * n + b];
      double once = 0.0;
      for (size_t i = 0; i < n; i++)
        once += m->psi[i] * (e0 * (u[i] * x[i]) - v0 * y[i] * eta[i]);
      const double value = t->rest[k * n + b] + (v0 * e0 + once - twice[k]) / (t->pi[b] * s->g[b]);
      s->hessian[k * all + nodes + b] = s->hessian[(nodes + b) * all + k] = value;
    }
  }
}

/* N_bc = int w_b w_c T_bc^2, with
     w_b w_c a_i a_j = (a_i a_j + alpha_b s a_i a_j) + alpha_c (s a_i a_j + alpha_b s^2 a_i a_j):
   two sums over j for all c at once. */
static void couple_atoms(const plimi_mixture *mixture, plimi_state *s)
{
  const plimi_tables *t = mixture->tables;
  const plimi_measures *m = &s->measures;
  const size_t n = s->n, all = n + s->nodes;
  double *first = s->rows, *second = first + all, *value = second + all, *by_y = s->turn;
  transpose(s->y, n, n, by_y);
  for (size_t b = 0; b < n; b++) {
    const double *y = s->y + b * n;
    const double alpha = t->alpha[b];
    memset(value, 0, (b + 1) * sizeof *value);
    for (size_t i = 0; i < n; i++) {
      memset(first, 0, (b + 1) * sizeof *first);
      memset(second, 0, (b + 1) * sizeof *second);
      for (size_t j = 0; j <= i; j++) {
        const size_t at = i * n + j;
        const double factor = (i == j ? 1.0 : 2.0) * y[j];
        add_multiple(factor * (m->phi2[at] + alpha * m->chi2[at]), by_y + j * n, b + 1, first);
        add_multiple(factor * (m->chi2[at] + alpha * m->psi2[at]), by_y + j * n, b + 1, second);
      }
      for (size_t c = 0; c <= b; c++)
        value[c] += y[i] * by_y[i * n + c] * (first[c] + t->alpha[c] * second[c]);
    }
    for (size_t c = 0; c <= b; c++) {
      const double coupled = value[c] / (t->c[b] * t->c[c]);
      s->hessian[(s->nodes + b) * all + s->nodes + c] = coupled;
      s->hessian[(s->nodes + c) * all + s->nodes + b] = coupled;
    }
  }
}

void plimi_state_couple(const plimi_mixture *mixture, plimi_state *state)
{
  transpose(state->sx, state->nodes, state->n, state->by_sx);
  transpose(state->sk, state->nodes, state->n, state->by_sk);
  couple_nodes(mixture, state);
  couple_both(mixture, state);
  couple_atoms(mixture, state);
}
