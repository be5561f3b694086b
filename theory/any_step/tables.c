/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables.c - the mixture of section 9.1: atoms of the readout's law, nodes in k, and the averages at
   each pair.

   SOURCE. Section 9.1 of theory.md; the half-range form and the graded rules are derived here.

   NOTATION. As in any_step.h. Given the first batch neuron j is sigma(h), h = rr zeta_j k + sqrt(c_j) g, with
   k = <x, v>, rr = e theta1, c_j = 1 + alpha_j s2, alpha_j = e^2 zeta_j^2 nu2/psi1; the teacher is
   sigma*(gam k + sqrt(1 - gam^2) t). g, t, k ~ N(0,1) independent.
     m, s, rest   m_b = E sigma,  S_b = E g sigma,  E2_b = E (sigma - m_b - S_b g)^2
     h, h1        E_t sigma*, E_t t sigma*

   HALF THE LINE. sigma is odd, so m_b(k) is odd and S_b, E2_b are even, in zeta and in k. Then G is even in
   zeta, V in k, M odd, and in every sum of section 9.3 the atoms zeta and -zeta come together: the equations
   keep their form with zeta > 0 alone and pi doubled (M then stands for M_b - M_-b, Q2_b for twice Q2_b).
   Likewise k > 0 with the weights doubled, and of the teacher the odd part of h and the even part of h1 are
   all that is seen; the rest,
     unseen = (even h)^2 + (odd h1)^2 + E over +-k of (h2 - h^2 - h1^2),
   stays in the risk. A `rademacher` readout is then the single atom of a `constant` one.

   NUMERICAL METHOD. zeta = sinh(a t)/a at the midpoints of equal steps in t > 0: the trapezoidal rule of an
   even analytic function, whose error falls exponentially with 1/step. a is the largest of the scales on
   which the integrand changes near 0, so the rule is graded toward 0 where the step is large and is that of
   the plain normal law where it is small. The same for k. `level` halves the steps every second time; the
   caller watches the answer.
   LIMITING CASES. e = 0: every neuron is the same, m = 0, S = mu1, E2 = mu2^2. */
#include <stdlib.h>
#include <string.h>

#include "any_step.h"
#include "../bounded.h"

enum { LEAST_LEVEL = 2, MOST_ATOMS_AT_LEAST = 80 }; /* any_step.c wants three levels */
enum { MOST_ATOMS = 128, MOST_NODES = 600, COLUMNS_A = 4, COLUMNS_K = 5, TABLES = 3 };

/* A training error near 0 comes from far out, where the neurons are saturated and V is no longer large: to
   k = 11.4. */
static const double node_tail = 1e-28;

static double rule_point(const plimi_half_rule *rule, size_t i, double *weight)
{
  const double t = ((double)i + 0.5) * rule->step, a = rule->scale;
  const bool plain = a * t < 1e-8;
  const double x = plain ? t : sinh(a * t) / a;
  *weight = exp(-0.5 * x * x) * (plain ? 1.0 : cosh(a * t));
  return x;
}

plimi_half_rule plimi_half_rule_for(double scale, double coarsest, double tail, unsigned level)
{
  const double end = sqrt(-2.0 * log(tail));
  plimi_half_rule rule = {.scale = scale};
  rule.step = coarsest * pow(0.5, 0.5 * (double)level) / sqrt(1.0 + 2.5 * scale * scale);
  const double reach = scale * end < 1e-8 ? end : asinh(scale * end) / scale;
  rule.n = (size_t)ceil(reach / rule.step);
  return rule;
}

void plimi_half_rule_fill(const plimi_half_rule *rule, double *point, double *weight)
{
  double sum = 0.0;
  for (size_t i = 0; i < rule->n; i++) {
    point[i] = rule_point(rule, i, &weight[i]);
    sum += weight[i];
  }
  for (size_t i = 0; i < rule->n; i++)
    weight[i] /= sum;
}

/* Scales in zeta: the push, and the poles of 1/(1 + alpha s) at the largest s of the bulk. In k: the steepest
   neuron that has weight, and the teacher as seen from v. */
static plimi_half_rule atoms_for(const plimi_step *step, unsigned level)
{
  if (step->readout != PLIM_READOUT_GAUSSIAN)
    return (plimi_half_rule){.step = 1.0, .scale = 1.0, .n = 1};
  const double edge = 1.0 + 1.0 / sqrt(step->step_psi1);
  const double bulk = step->nu2 * step->s2 * edge * edge / step->step_psi1;
  return plimi_half_rule_for(step->e * sqrt(step->theta1 * step->theta1 + bulk), 1.0, step->tail, level);
}

static plimi_half_rule nodes_for(const plimi_step *step, unsigned level)
{
  const double zeta = step->readout == PLIM_READOUT_GAUSSIAN ? 4.0 : 1.0;
  const double push = step->e * step->theta1 * zeta;
  const double c = 1.0 + step->e * step->e * zeta * zeta * step->nu2 * step->s2 / step->step_psi1;
  const double teacher2 = step->gam * step->gam / (1.0 - step->gam * step->gam);
  return plimi_half_rule_for(sqrt(push * push / c + teacher2), 0.5, node_tail, level);
}

static plim_status tables_carve(const plimi_step *step, unsigned level, plimi_tables **tables)
{
  const plimi_half_rule atoms = atoms_for(step, level);
  plimi_half_rule nodes = nodes_for(step, level);
  if (atoms_for(step, LEAST_LEVEL).n > MOST_ATOMS_AT_LEAST)
    return PLIM_NOT_CONVERGED; /* at once: with every level the work grows fourfold, and there is no answer before */
  if (nodes.n < atoms.n) { /* no fewer equations than unknowns */
    nodes.step *= (double)nodes.n / (double)atoms.n;
    nodes.n = atoms.n;
  }
  if (atoms.n > MOST_ATOMS || nodes.n > MOST_NODES)
    return PLIM_NOT_CONVERGED;
  plimi_tables *made = calloc(1, sizeof *made);
  double *next = calloc(COLUMNS_A * atoms.n + COLUMNS_K * nodes.n + TABLES * atoms.n * nodes.n, sizeof *next);
  if (made == NULL || next == NULL) {
    free(made);
    free(next);
    return PLIM_NO_MEMORY;
  }
  *made = (plimi_tables){.step = *step, .n_atoms = atoms.n, .n_nodes = nodes.n, .storage = next};
  double **by_atom[COLUMNS_A] = {&made->zeta, &made->pi, &made->c, &made->alpha};
  double **by_node[COLUMNS_K] = {&made->k, &made->weight, &made->h, &made->h1, &made->unseen};
  double **by_both[TABLES] = {&made->m, &made->s, &made->rest};
  for (size_t i = 0; i < COLUMNS_A; i++, next += atoms.n)
    *by_atom[i] = next;
  for (size_t i = 0; i < COLUMNS_K; i++, next += nodes.n)
    *by_node[i] = next;
  for (size_t i = 0; i < TABLES; i++, next += atoms.n * nodes.n)
    *by_both[i] = next;
  plimi_half_rule_fill(&nodes, made->k, made->weight);
  if (step->readout == PLIM_READOUT_GAUSSIAN)
    plimi_half_rule_fill(&atoms, made->zeta, made->pi);
  else
    made->zeta[0] = made->pi[0] = 1.0;
  *tables = made;
  return PLIM_OK;
}

static plim_status fill_atom(const plimi_input *in, plimi_tables *t, size_t b)
{
  const plimi_step *step = &t->step;
  const double push = step->e * step->theta1 * t->zeta[b];
  t->alpha[b] = step->e * step->e * t->zeta[b] * t->zeta[b] * step->nu2 / step->step_psi1;
  t->c[b] = 1.0 + t->alpha[b] * step->s2;
  const plimi_reach reach = {.low = 0.0, .high = push * t->k[t->n_nodes - 1], .sd = sqrt(t->c[b])};
  plimi_ruler *ruler;
  const plim_status status = plimi_ruler_alloc(in->problem->activation, in->sigma.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < t->n_nodes; i++) {
    const size_t at = i * t->n_atoms + b;
    plimi_ruler_average(ruler, push * t->k[i], &t->m[at], &t->s[at], &t->rest[at]);
  }
  plimi_ruler_free(ruler);
  return PLIM_OK;
}

static plim_status fill_teacher(const plimi_input *in, plimi_tables *t)
{
  const double gam = t->step.gam, most = fabs(gam) * t->k[t->n_nodes - 1];
  const plimi_reach reach = {.low = -most, .high = most, .sd = sqrt(1.0 - gam * gam)};
  plimi_ruler *ruler;
  const plim_status status = plimi_ruler_alloc(in->problem->teacher, in->star.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < t->n_nodes; i++) {
    double h[2], h1[2], rest[2];
    plimi_ruler_average(ruler, gam * t->k[i], &h[0], &h1[0], &rest[0]);
    plimi_ruler_average(ruler, -gam * t->k[i], &h[1], &h1[1], &rest[1]);
    const double even = 0.5 * (h[0] + h[1]), odd = 0.5 * (h1[0] - h1[1]);
    t->h[i] = 0.5 * (h[0] - h[1]);
    t->h1[i] = 0.5 * (h1[0] + h1[1]);
    t->unseen[i] = even * even + odd * odd + 0.5 * (rest[0] + rest[1]);
  }
  plimi_ruler_free(ruler);
  return PLIM_OK;
}

plim_status plimi_tables_alloc(const plimi_input *in, const plimi_step *step, unsigned level,
                               plimi_tables **tables)
{
  plimi_tables *made;
  plim_status status = tables_carve(step, level, &made);
  if (status != PLIM_OK)
    return status;
  for (size_t b = 0; b < made->n_atoms && status == PLIM_OK; b++)
    status = fill_atom(in, made, b);
  if (status == PLIM_OK)
    status = fill_teacher(in, made);
  if (status != PLIM_OK) {
    plimi_tables_free(made);
    return status;
  }
  *tables = made;
  return PLIM_OK;
}

void plimi_tables_free(plimi_tables *tables)
{
  if (tables != NULL)
    free(tables->storage);
  free(tables);
}
