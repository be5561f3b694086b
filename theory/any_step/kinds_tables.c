/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_tables.c - the kinds of neuron and their averages, any_activation.md B.1.

   METHOD. The graded midpoint rule of tables.c on both half-lines of k, the averages over g and t by
   average.c, cut at the kinks. A Gaussian readout's kinds are the nodes of the same rule on both half-lines of zeta,
   graded towards 0 where the step is large: its error falls exponentially.
   ODD SIGMA. The neurons of -zeta are those of zeta with the sign of ahat turned: one kind serves for both, and of the
   teacher what is seen is the odd part of h and of htt and the even part of h1 (the rest stays in h2). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum { MOST_NODES = 4000, BY_KIND = 5, BY_BOTH = 5, BY_NODE = 6 };
static const double node_tail = 1e-18;

double plimi_kinds_sharpest(const plimi_step *step, const plimi_slopes *slopes)
{
  const double scale = step->e * plimi_largest_zeta(step) / step->step_psi1;
  return scale * scale * (slopes->nu3 + slopes->c2 * slopes->c2);
}

/* Scales in zeta: the push, and the zeros of Sigma_b at the ends of the bulk. */
static plimi_half_rule atoms_for(const plimi_step *step, const plimi_slopes *slopes, unsigned level)
{
  const double edge = 1.0 + 1.0 / sqrt(step->step_psi1);
  const double bulk = slopes->nu2 * step->s2 * edge * edge / step->step_psi1;
  return plimi_half_rule_for(step->e * sqrt(step->theta1 * step->theta1 + bulk), 1.0, step->tail, level);
}

/* How many kinds there are at this level. */
static size_t count_kinds(const plimi_input *in, const plimi_kinds *t, unsigned level)
{
  const bool is_odd = plim_activation_is_odd(in->problem->activation);
  switch (t->step.readout) {
  case PLIM_READOUT_GAUSSIAN:
    return (is_odd ? 1 : 2) * atoms_for(&t->step, &t->slopes, level).n;
  case PLIM_READOUT_RADEMACHER:
    return is_odd ? 1 : 2;
  case PLIM_READOUT_ATOMS:
    return t->step.atoms;
  default:
    return 1;
  }
}

/* zeta and -zeta, where both are there, stand at b and kinds - 1 - b. */
static void set_kinds(plimi_kinds *t, unsigned level)
{
  const double e = t->step.e;
  if (t->step.readout == PLIM_READOUT_GAUSSIAN) {
    const plimi_half_rule rule = atoms_for(&t->step, &t->slopes, level);
    const size_t below = t->kinds - rule.n;
    plimi_half_rule_fill(&rule, t->zeta + below, t->pi + below);
    for (size_t i = 0; i < below; i++) {
      t->pi[rule.n + i] *= 0.5;
      t->zeta[rule.n - 1 - i] = -t->zeta[rule.n + i];
      t->pi[rule.n - 1 - i] = t->pi[rule.n + i];
    }
  } else if (t->step.readout == PLIM_READOUT_ATOMS) {
    memcpy(t->zeta, t->step.atom, t->kinds * sizeof *t->zeta);
    memcpy(t->pi, t->step.chance, t->kinds * sizeof *t->pi);
  } else {
    for (size_t b = 0; b < t->kinds; b++) {
      t->zeta[b] = b == 0 ? 1.0 : -1.0;
      t->pi[b] = 1.0 / (double)t->kinds;
    }
  }
  for (size_t b = 0; b < t->kinds; b++) {
    const double step = e * t->zeta[b];
    t->c[b] = 1.0 + step * step * t->slopes.nu2 * t->step.s2 / t->step.step_psi1;
    t->a[b] = step * t->slopes.c2;
    t->alpha[b] = step * step * t->slopes.nu3 / t->step.step_psi1;
  }
}

/* Of zeta < 0 what its mirror image says at -k: there v is the same. */
static void copy_mirrored(plimi_kinds *t, size_t b)
{
  double *const table[BY_BOTH] = {t->m, t->s, t->rest, t->q2, t->q4};
  for (size_t i = 0; i < t->nodes; i++)
    for (size_t k = 0; k < BY_BOTH; k++)
      table[k][i * t->kinds + b] = table[k][(t->nodes - 1 - i) * t->kinds + t->kinds - 1 - b];
}

static plim_status fill_kind(const plimi_input *in, plimi_kinds *t, size_t b)
{
  const double push = t->step.e * t->step.mu1 * t->length * t->zeta[b];
  const double most = fabs(push) * t->k[t->nodes - 1];
  const plimi_reach reach = {.low = -most, .high = most, .sd = sqrt(t->c[b])};
  plimi_ruler *ruler;
  if (t->zeta[b] < 0.0 && t->step.readout != PLIM_READOUT_ATOMS) {
    copy_mirrored(t, b);
    return PLIM_OK;
  }
  const plim_status status = plimi_ruler_alloc(in->problem->activation, in->sigma.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < t->nodes; i++) {
    const size_t at = i * t->kinds + b;
    plimi_ruler_average(ruler, push * t->k[i], &t->m[at], &t->s[at], &t->rest[at]);
    plimi_ruler_even(ruler, push * t->k[i], &t->q2[at], &t->q4[at]);
    t->q2[at] *= 0.5;
    t->q4[at] *= 0.25;
  }
  plimi_ruler_free(ruler);
  return PLIM_OK;
}

static void fold_teacher(plimi_kinds *t)
{
  for (size_t i = 0; i < t->nodes / 2; i++) {
    const size_t other = t->nodes - 1 - i;
    const double h = 0.5 * (t->h[other] - t->h[i]), htt = 0.5 * (t->htt[other] - t->htt[i]),
                 h1 = 0.5 * (t->h1[other] + t->h1[i]);
    t->h[other] = h;
    t->htt[other] = htt;
    t->h[i] = -h;
    t->htt[i] = -htt;
    t->h1[i] = t->h1[other] = h1;
  }
}

static plim_status fill_teacher(const plimi_input *in, plimi_kinds *t)
{
  const double gam = t->step.gam, most = fabs(gam) * t->k[t->nodes - 1];
  const plimi_reach reach = {.low = -most, .high = most, .sd = sqrt(1.0 - gam * gam)};
  plimi_ruler *ruler;
  const plim_status status = plimi_ruler_alloc(in->problem->teacher, in->star.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < t->nodes; i++) {
    double rest, fourth;
    plimi_ruler_average(ruler, gam * t->k[i], &t->h[i], &t->h1[i], &rest);
    plimi_ruler_even(ruler, gam * t->k[i], &t->htt[i], &fourth);
    t->h2[i] = t->h[i] * t->h[i] + t->h1[i] * t->h1[i] + rest;
  }
  plimi_ruler_free(ruler);
  if (plim_activation_is_odd(in->problem->activation))
    fold_teacher(t);
  return PLIM_OK;
}

/* The steepest neuron that has weight, and the teacher as seen from v. */
static plimi_half_rule nodes_for(const plimi_kinds *t, unsigned level)
{
  const plimi_step *step = &t->step;
  const double zeta = step->readout == PLIM_READOUT_GAUSSIAN ? 4.0 : plimi_largest_zeta(step),
               push = step->e * step->theta1 * zeta;
  const double c = 1.0 + step->e * step->e * zeta * zeta * t->slopes.nu2 * step->s2 / step->step_psi1;
  const double teacher2 = step->gam * step->gam / (1.0 - step->gam * step->gam);
  return plimi_half_rule_for(sqrt(push * push / c + teacher2), 0.5, node_tail, level);
}

/* Both half-lines: k ascending in size on the right, mirrored on the left. */
static plim_status carve(const plimi_input *in, plimi_kinds *t, unsigned level)
{
  const plimi_half_rule rule = nodes_for(t, level);
  t->kinds = count_kinds(in, t, level);
  t->nodes = 2 * rule.n;
  if (t->nodes > MOST_NODES || t->kinds > PLIMI_MOST_KINDS)
    return PLIM_NOT_CONVERGED;
  t->storage = calloc(BY_KIND * t->kinds + (BY_NODE + BY_BOTH * t->kinds) * t->nodes, sizeof *t->storage);
  if (t->storage == NULL)
    return PLIM_NO_MEMORY;
  double *next = t->storage;
  double **by_kind[BY_KIND] = {&t->zeta, &t->pi, &t->c, &t->a, &t->alpha};
  double **by_node[BY_NODE] = {&t->k, &t->weight, &t->h, &t->h1, &t->h2, &t->htt};
  double **by_both[BY_BOTH] = {&t->m, &t->s, &t->rest, &t->q2, &t->q4};
  for (size_t i = 0; i < BY_KIND; i++, next += t->kinds)
    *by_kind[i] = next;
  for (size_t i = 0; i < BY_NODE; i++, next += t->nodes)
    *by_node[i] = next;
  for (size_t i = 0; i < BY_BOTH; i++, next += t->kinds * t->nodes)
    *by_both[i] = next;
  plimi_half_rule_fill(&rule, t->k + rule.n, t->weight + rule.n);
  for (size_t i = 0; i < rule.n; i++) {
    t->weight[rule.n + i] *= 0.5;
    t->k[rule.n - 1 - i] = -t->k[rule.n + i];
    t->weight[rule.n - 1 - i] = t->weight[rule.n + i];
  }
  set_kinds(t, level);
  return PLIM_OK;
}

plim_status plimi_kinds_alloc(const plimi_input *in, const plimi_step *step, const plimi_slopes *slopes,
                              unsigned level, plimi_kinds **kinds)
{
  plimi_kinds *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->step = *step;
  made->slopes = *slopes;
  made->star_mu1 = in->star.mu1.value;
  made->length = step->theta1 / fabs(step->mu1);
  plim_status status = carve(in, made, level);
  for (size_t b = made->kinds; b > 0 && status == PLIM_OK; b--) /* zeta > 0 first: see copy_mirrored */
    status = fill_kind(in, made, step->readout == PLIM_READOUT_GAUSSIAN ? b - 1 : made->kinds - b);
  if (status == PLIM_OK)
    status = fill_teacher(in, made);
  if (status != PLIM_OK) {
    plimi_kinds_free(made);
    return status;
  }
  *kinds = made;
  return PLIM_OK;
}

void plimi_kinds_free(plimi_kinds *kinds)
{
  if (kinds != NULL)
    free(kinds->storage);
  free(kinds);
}
