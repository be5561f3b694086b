/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear.c - risk and training error at the fixed point: equations (6)-(8) of section 9.3.

   SOURCE. Section 9.3 of theory.md; the symmetric form of (6), (7) is derived here.

   NOTATION. As in means.c; t_k = psi1 weight r2(k)/(1 + V(k))^2.
   AS COMPUTED. A2 = sum t_k S S' and B2 = sum t_k E2, so (6), (7) read

     omega_k t_k - (K t)_k - (R' Q2)_k = source_k,   omega_b Q2_b - (R t)_b - (N Q2)_b = source_b,
     source_k = (h - mean)^2 + (h1 - S'p)^2 + unseen + noise^2 + [S'Q0 S - (S'tau)^2 - (S'p)^2]
                - (qf/(psi2 d)) int (S'(1 - C)'Mz)^2,       Q0 = int V1 (b1 b1' d rho_bb + ...) V1,
     source_b = int w_b ((1 - C)(b1 b1' d rho_bb + ...)(1 - C)')_bb + M_b^2/(d pi_b^2 G_b^2)
                - (qf/(psi2 d)) int w_b (T Mz)_b^2:

   the matrix of Newton's step (solve.c), whose factor is at hand. (8) risk = E [source - noise^2 + K
   t + R' Q2], with noise^2 left out from the start, not subtracted.
   ERROR. Rounding times the amplification E r2/E source, which is 1/(1 - gamma) of section 5.
   ORDER PARAMETERS. See limits.c. */
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "../bounded.h"

static size_t columns_of(const plimi_mixture *mixture, size_t n)
{
  if (isfinite(mixture->d) || mixture->span->kind == PLIMI_SPAN_NEURON)
    return n;
  return mixture->span->kind == PLIMI_SPAN_ALL ? 0 : mixture->span->count;
}

static plim_status stage_alloc(const plimi_mixture *mixture, plimi_state *state, plimi_stage *made)
{
  const size_t n = state->n, nodes = state->nodes, rows = nodes + 2 * n;
  const size_t columns = columns_of(mixture, n);
  enum { VECTORS = 15, MATRICES = 2 };
  double *next =
      calloc(VECTORS * n + 2 * nodes + n + MATRICES * n * n + nodes * columns + rows * (n + columns) + rows,
             sizeof *next);
  if (next == NULL)
    return PLIM_NO_MEMORY;
  *made = (plimi_stage){
      .mixture = mixture, .state = state, .n = n, .nodes = nodes, .columns = columns, .storage = next};
  double **vector[VECTORS] = {&made->b1,   &made->x,     &made->f,    &made->tau,  &made->p,
                              &made->pull, &made->block, &made->lean, &made->b1_0, &made->f_0,
                              &made->b1_u, &made->f_u,   &made->b1_k, &made->f_k,  &made->pull_y};
  for (size_t i = 0; i < VECTORS; i++, next += n)
    *vector[i] = next;
  made->mean = next;
  made->source = next + nodes;
  next += 2 * nodes + n;
  made->e = next;
  made->penalty = next + n * n;
  next += MATRICES * n * n;
  made->column = next;
  made->left = next + nodes * columns;
  made->right = made->left + rows * (n + columns);
  const plimi_step *step = &mixture->tables->step;
  const double qf = plimi_own_output(step->e, step->mu1, step->mu2, step->step_psi1);
  made->share = mixture->labels != NULL && isfinite(mixture->d) ? qf / mixture->psi2 : 0.0;
  return PLIM_OK;
}

/* One measure: the mass and the averages of s a_i, s^2 a_i a_j. */
typedef struct {
  double mass;
  const double *psi, *psi2;
} moments;

/* int (l + sum left_i s a_i)(r + sum right_i s a_i) */
static double product(const moments *m, size_t n, const double flat[2], const double *left,
                      const double *right)
{
  double sum = m->mass * flat[0] * flat[1];
  for (size_t i = 0; i < n; i++) {
    sum += m->psi[i] * (flat[0] * right[i] + flat[1] * left[i]);
    sum += left[i] * plimi_dot(m->psi2 + i * n, right, n);
  }
  return sum;
}

/* S'Q0 S at node k, and what the step's own f takes away. work: 3 n. */
static double spread_at(const plimi_stage *q, size_t k, double *work)
{
  const plimi_state *s = q->state;
  const plimi_measures *m = &s->measures;
  const size_t n = q->n;
  const double *slope = q->mixture->tables->s + k * n;
  const moments vv = {1.0, m->psi_vv, m->psi2_vv}, vb = {0.0, m->psi_vb, m->psi2_vb},
                bb = {1.0, m->psi_bb, m->psi2_bb}, rho = {1.0, m->psi, m->psi2};
  double *one = work, *two = work + n, *three = work + 2 * n;
  for (size_t i = 0; i < n; i++) {
    one[i] = s->sx[k * n + i] * q->b1_u[i];
    two[i] = s->sx[k * n + i] * q->f_u[i];
    three[i] = -s->sk[k * n + i] * q->pull_y[i];
  }
  const double b1 = plimi_dot(slope, q->b1_0, n), f = plimi_dot(slope, q->f_0, n),
               pull = plimi_dot(s->se + k * n, q->lean, n);
  const double spread = product(&bb, n, (double[2]){b1, b1}, one, one) +
                        product(&vv, n, (double[2]){f, f}, two, two) +
                        2.0 * product(&vb, n, (double[2]){b1, f}, one, two);
  const double along = plimi_dot(slope, q->tau, n), across = plimi_dot(slope, q->p, n);
  const double kept =
      q->share == 0.0 ? 0.0 : q->share * product(&rho, n, (double[2]){pull, pull}, three, three);
  return spread - along * along - across * across - kept;
}

/* source_b of (7): one factor 1 - C is written as V1/(pi G w). work: 4 n. */
static double source_of_atom(const plimi_stage *q, size_t b, double *work)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const plimi_measures *m = &s->measures;
  const size_t n = q->n;
  const moments vv = {1.0, m->psi_vv, m->psi2_vv}, vb = {0.0, m->psi_vb, m->psi2_vb},
                bb = {1.0, m->psi_bb, m->psi2_bb};
  double *v1 = work, *vf = work + n, *c1 = work + 2 * n, *cf = work + 3 * n, kept = 0.0;
  for (size_t i = 0; i < n; i++) {
    const double u = s->u[b * n + i], y = s->y[b * n + i];
    v1[i] = u * q->b1_u[i];
    vf[i] = u * q->f_u[i];
    c1[i] = -y * q->b1_k[i];
    cf[i] = -y * q->f_k[i];
    for (size_t j = 0; j < n; j++)
      kept += y * s->y[b * n + j] * q->pull_y[i] * q->pull_y[j] *
              (m->phi2[i * n + j] + t->alpha[b] * m->chi2[i * n + j]) / t->c[b];
  }
  const double weight = t->pi[b] * s->g[b], b1 = q->b1_0[b], f = q->f_0[b];
  const double sum = product(&bb, n, (double[2]){b1, b1 / s->d[b]}, v1, c1) +
                     product(&vv, n, (double[2]){f, f / s->d[b]}, vf, cf) +
                     product(&vb, n, (double[2]){f, b1 / s->d[b]}, vf, c1) +
                     product(&vb, n, (double[2]){b1, f / s->d[b]}, v1, cf);
  return sum / weight + q->pull[b] * q->pull[b] / (weight * weight) - q->share * kept;
}

static void fill_sources(plimi_stage *q, double *work)
{
  const plimi_tables *t = q->mixture->tables;
  for (size_t k = 0; k < q->nodes; k++) {
    const double miss = t->h[k] - q->mean[k], across = t->h1[k] - plimi_dot(t->s + k * q->n, q->p, q->n);
    q->source[k] = miss * miss + across * across + t->unseen[k] + spread_at(q, k, work);
  }
  for (size_t b = 0; b < q->n; b++)
    q->source[q->nodes + b] = source_of_atom(q, b, work);
}

/* (8), and the order parameters. x holds t and Q2. */
static void conclude(const plimi_stage *q, const double *x, plimi_any_step *outcome)
{
  const plimi_state *s = q->state;
  const plimi_tables *t = q->mixture->tables;
  const size_t all = q->nodes + q->n;
  plimi_any_step made = {.number = {0.0}};
  double *number = made.number, driven = q->mixture->noise2;
  for (size_t k = 0; k < q->nodes; k++) {
    number[PLIMI_ANY_RISK] += t->weight[k] * (q->source[k] + plimi_dot(s->hessian + k * all, x, all));
    number[PLIMI_ANY_TRAIN] += x[k] / t->step.ridge_psi1;
    number[PLIMI_ANY_V] += t->weight[k] * s->v[k];
    driven += t->weight[k] * fabs(q->source[k]);
  }
  for (size_t b = 0; b < q->n; b++) {
    number[PLIMI_ANY_M] += copysign(t->zeta[b], t->step.mu1) * q->block[b];
    number[PLIMI_ANY_TAU] += sqrt(t->c[b]) * q->tau[b];
    number[PLIMI_ANY_P] += sqrt(t->c[b]) * q->p[b];
  }
  made.amplification = (number[PLIMI_ANY_RISK] + q->mixture->noise2) / driven;
  *outcome = made;
}

plim_status plimi_mixture_outcome(const plimi_mixture *mixture, plimi_state *state, plimi_any_step *outcome)
{
  plimi_stage q;
  plim_status status = stage_alloc(mixture, state, &q);
  if (status != PLIM_OK)
    return status;
  const size_t all = q.nodes + q.n;
  double *x = malloc((all + 4 * q.n) * sizeof *x);
  if (x == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  plimi_measures_spike(mixture->labels, mixture->tables->step.s2, state->mu, &state->measures);
  status = plimi_stage_means(&q);
  if (status != PLIM_OK)
    goto done;
  fill_sources(&q, x + all);
  memcpy(x, q.source, all * sizeof *x);
  for (size_t k = 0; k < q.nodes; k++)
    x[k] += mixture->noise2;
  status = plimi_state_respond(state, x);
  if (status == PLIM_OK)
    conclude(&q, x, outcome);
done:
  free(x);
  free(q.storage);
  return status;
}
