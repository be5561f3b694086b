/* SPDX-License-Identifier: GPL-3.0-or-later */
/* staircase.c - the directions that one step learns: singular values of the neurons' conditional mean.

   SOURCES. [MLHD] for the phenomenon and the orders in N; section 10 of theory.md. The operator, its small-step
   expansion with the first batch's noise, and the numerical form are derived here.

   NOTATION.
     paper      here          meaning
     F          -             sigma(Xt W1), n x N, sigma centred; Xt independent of the first batch
     e          e             eta/sqrt N
     zeta, k    zeta, k       sqrt(N) a_j, and <x, v> with v the unit vector along X'y
     t          push          e theta1
     q          spread        nu2 s2/psi1, so that the bulk of neuron j has variance c = 1 + e^2 zeta^2 q
     alpha_j    moment        E He_j(z) sigma(z) = E sigma^(j)(z)
     s_l        size          l-th singular value
     psi_l      -             its function of k, of norm 1 under N(0,1)
   NORMALISATION. F/sqrt(n N) has singular values s_l; the eigenvalues of F'F/n are N s_l^2. sigma is centred by E
   sigma(z) at W0, once and for all: nothing is taken out of m, so that a step which moves the mean of an activation
   that is not odd learns that too, and k^0 is one of the powers.

   FORMULA. Given the first batch neuron j is sigma(t zeta_j k + sqrt(c_j) g), g ~ N(0,1), so that up to a bulk of
   operator norm O(sqrt n + sqrt N) the matrix F/sqrt(n N) acts as the operator with kernel
     m(zeta, k) = E_g sigma(t zeta k + sqrt(c(zeta)) g)
   between the L2 spaces of the laws of zeta and of k ~ N(0,1). For any sigma with mu1 != 0: where E sigma'' != 0 the
   first batch also makes c_j differ by e zeta_j tr(X'D_yX)/(n d), which vanishes because E y = 0.

   SMALL STEPS (derived here). m = sum_j (alpha_j/j!) e^j zeta^j P_j(k), where P_j is the Hermite polynomial of
   variance -q of theta1 k: P_1 = theta1 k, P_2 = theta1^2 k^2 + q, P_3 = theta1^3 k^3 + 3 theta1 q k. As e -> 0 the
   direction of order j has the size
     (|alpha_j|/j!) e^j |zeta^j| |P_j|,
   norms taken of what is orthogonal to the lower orders present (alpha_i != 0): theta1^j j! where all lower orders of
   the parity of j are, so t |alpha_1| and, for odd sigma, t^3 |alpha_3|; and for j = 2
     (|alpha_2|/2) e^2 sqrt(3) sqrt(3 theta1^4 + 2 theta1^2 q + q^2).
   (The (2j-1)!! that stands in theory.md is |z^j|^2 without the orthogonality and without q: right for j = 1.)

   NUMERICAL METHOD. m(-zeta, k) = m(zeta, -k), so m falls into a part even in both variables and one odd in both, each
   an operator on half-lines. Both half-lines carry the graded midpoint rule of any_step/tables.c, which converges
   faster than geometrically; kinks of sigma are met by the average over g alone (any_step/average.c), which is cut at
   them. Singular values by one-sided Jacobi rotations (GSL). The rule is refined until the sizes stand still.
   `rademacher`: one atom. `constant`: zeta = 1 alone, so the two parts make one direction, of size |m(1, .)|.
   WHY NOTHING CANCELS. The odd part is a difference of two averages that differ by O(e), the even one of a mean and
   that of sigma: absolute errors of a few eps of sigma, which is the error stated.
   LIMITING CASES. e -> 0: above. e -> infinity, Gaussian or Rademacher readout: sizes grow with sigma; for tanh and its
   kin m tends to a function of zeta k/sqrt(e^-2 + zeta^2 q). linear: s_1 = t, all others 0, exactly.
   DOMAIN. mu1 != 0 (otherwise the step's rank-one part vanishes and what its noise does is not covered), one step.
   ERROR. The last refinement's change, and the absolute one above; within it of 0, a size is 0. Relative to the
   workspace's tolerance or that absolute error, whichever is larger; PLIM_NOT_CONVERGED beyond. */
#include "staircase.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "../any_step/any_step.h"
#include "../bounded.h"

enum { EVEN, ODD, PARTS };
enum { FIRST_LEVEL = 1, LAST_LEVEL = 9, LEVEL_STEP = 2, MOST_POINTS = 400 };
static const double rule_tail = 1e-24, coarsest = 0.5;
static const double far_zeta = 4.0; /* the steepest neuron that sets the scale in k */

typedef struct {
  double e, push, spread;
  double size; /* of sigma, root mean square */
} step_of_staircase;

typedef struct {
  size_t n, atoms; /* nodes in k, atoms of zeta */
  double *k, *weight, *zeta, *pi;
  double
      *part[PARTS]; /* n x atoms: sqrt(weight) m sqrt(pi); after plimi_decompose its left singular vectors */
  double *turn[PARTS]; /* atoms x atoms */
  double *value[PARTS];
  double *storage;
} grid;

static plim_status grid_alloc(const plimi_input *in, const step_of_staircase *step, unsigned level,
                              grid *made)
{
  const bool gaussian = plimi_readout_of(in->problem) == PLIM_READOUT_GAUSSIAN;
  const double zeta2 = gaussian ? far_zeta * far_zeta : 1.0, e2 = step->e * step->e;
  const plimi_half_rule atoms =
      plimi_half_rule_for(sqrt(step->push * step->push + e2 * step->spread), coarsest, rule_tail, level);
  const plimi_half_rule nodes = plimi_half_rule_for(
      step->push * sqrt(zeta2 / (1.0 + e2 * zeta2 * step->spread)), coarsest, rule_tail, level);
  const size_t count = gaussian ? atoms.n : 1;
  plimi_half_rule taken = nodes;
  if (taken.n < count) { /* gsl's decomposition wants no fewer rows than columns */
    taken.step *= (double)taken.n / (double)count;
    taken.n = count;
  }
  if (taken.n > MOST_POINTS)
    return PLIM_NOT_CONVERGED;
  grid g = {.n = taken.n, .atoms = count};
  double *next = calloc(2 * (g.n + count) + PARTS * count * (g.n + count + 1), sizeof *next);
  if (next == NULL)
    return PLIM_NO_MEMORY;
  g.storage = next;
  g.k = next;
  g.weight = g.k + g.n;
  g.zeta = g.weight + g.n;
  g.pi = g.zeta + count;
  next = g.pi + count;
  for (int p = 0; p < PARTS; p++) {
    g.part[p] = next;
    g.turn[p] = g.part[p] + g.n * count;
    g.value[p] = g.turn[p] + count * count;
    next = g.value[p] + count;
  }
  plimi_half_rule_fill(&taken, g.k, g.weight);
  g.zeta[0] = g.pi[0] = 1.0;
  if (gaussian)
    plimi_half_rule_fill(&atoms, g.zeta, g.pi);
  *made = g;
  return PLIM_OK;
}

/* Column b of both parts. */
static plim_status fill_atom(const plimi_input *in, const step_of_staircase *step, size_t b, grid *g)
{
  const plim_activation *sigma = in->problem->activation;
  const bool odd = plim_activation_is_odd(sigma);
  const double push = step->push * g->zeta[b], far = push * g->k[g->n - 1];
  const double c = 1.0 + step->e * step->e * g->zeta[b] * g->zeta[b] * step->spread;
  const plimi_reach reach = {.low = -far, .high = far, .sd = sqrt(c)};
  plimi_ruler *ruler;
  const plim_status status = plimi_ruler_alloc(sigma, in->sigma.mean.value, reach, &ruler);
  if (status != PLIM_OK)
    return status;
  for (size_t i = 0; i < g->n; i++) {
    double right, left, slope, rest;
    plimi_ruler_average(ruler, push * g->k[i], &right, &slope, &rest);
    plimi_ruler_average(ruler, -push * g->k[i], &left, &slope, &rest);
    const double root = sqrt(g->weight[i] * g->pi[b]);
    g->part[EVEN][i * g->atoms + b] = odd ? 0.0 : 0.5 * root * (right + left);
    g->part[ODD][i * g->atoms + b] = 0.5 * root * (right - left);
  }
  plimi_ruler_free(ruler);
  return PLIM_OK;
}

static plim_status decompose(grid *g)
{
  for (int p = 0; p < PARTS; p++) {
    gsl_matrix_view part = gsl_matrix_view_array(g->part[p], g->n, g->atoms);
    gsl_matrix_view turn = gsl_matrix_view_array(g->turn[p], g->atoms, g->atoms);
    gsl_vector_view value = gsl_vector_view_array(g->value[p], g->atoms);
    if (gsl_linalg_SV_decomp_jacobi(&part.matrix, &turn.matrix, &value.vector) != GSL_SUCCESS)
      return PLIM_NOT_CONVERGED;
  }
  return PLIM_OK;
}

/* Direction `column` of a part: its size, and what its functions have of Hermite's polynomials. */
static plimi_direction direction_at(const grid *g, int part, size_t column)
{
  double sum[PLIM_STAIR_POWERS + 1] = {0.0};
  for (size_t i = 0; i < g->n; i++) {
    const double psi = sqrt(g->weight[i]) * g->part[part][i * g->atoms + column];
    double he = 1.0, before = 0.0; /* of norm 1 */
    for (size_t j = 0; j <= PLIM_STAIR_POWERS; j++) {
      if (j % 2 == (part == ODD))
        sum[j] += psi * he;
      const double next = (g->k[i] * he - sqrt((double)j) * before) / sqrt((double)j + 1.0);
      before = he;
      he = next;
    }
  }
  double of_zeta = 0.0; /* E zeta phi of an odd function, E phi of an even one; the others are 0 */
  for (size_t b = 0; b < g->atoms; b++)
    of_zeta += sqrt(g->pi[b]) * (part == ODD ? g->zeta[b] : 1.0) * g->turn[part][b * g->atoms + column];
  plimi_direction made = {.size = v_exact(g->value[part][column]),
                          .along = sum[1] * sum[1],
                          .on_zeta = part == ODD ? of_zeta * of_zeta : 0.0,
                          .mean = sum[0],
                          .flat = part == EVEN ? of_zeta : 0.0,
                          .even = part == EVEN};
  for (size_t j = 0; j <= PLIM_STAIR_POWERS; j++)
    made.inside += sum[j] * sum[j];
  return made;
}

/* Both parts share the one atom of a constant readout: their functions of k add up. */
static plimi_direction joined(const plimi_direction *x, const plimi_direction *y)
{
  const double size = hypot(x->size.value, y->size.value);
  if (size == 0.0)
    return *x;
  const double of_x = x->size.value / size, of_y = y->size.value / size;
  return (plimi_direction){.size = v_exact(size),
                           .along = of_x * of_x * x->along + of_y * of_y * y->along,
                           .inside = of_x * of_x * x->inside + of_y * of_y * y->inside,
                           .on_zeta = 1.0};
}

/* The largest of both parts, in descending order; the rest is 0. */
static void collect(const plimi_input *in, const grid *g, plimi_direction direction[PLIM_STAIRS])
{
  size_t taken[PARTS] = {0};
  memset(direction, 0, PLIM_STAIRS * sizeof *direction);
  if (plimi_readout_of(in->problem) == PLIM_READOUT_CONSTANT) {
    const plimi_direction even = direction_at(g, EVEN, 0), odd = direction_at(g, ODD, 0);
    direction[0] = joined(&even, &odd);
    return;
  }
  for (size_t l = 0; l < PLIM_STAIRS; l++) {
    double most[PARTS];
    for (int p = 0; p < PARTS; p++)
      most[p] = taken[p] < g->atoms ? g->value[p][taken[p]] : 0.0;
    const int part = most[EVEN] > most[ODD] ? EVEN : ODD;
    if (most[part] > 0.0)
      direction[l] = direction_at(g, part, taken[part]++);
  }
}

static plim_status directions_at(const plimi_input *in, const step_of_staircase *step, unsigned level,
                                 plimi_direction direction[PLIM_STAIRS])
{
  grid g = {.storage = NULL};
  plim_status status = grid_alloc(in, step, level, &g);
  for (size_t b = 0; b < g.atoms && status == PLIM_OK; b++)
    status = fill_atom(in, step, b, &g);
  if (status == PLIM_OK)
    status = decompose(&g);
  if (status == PLIM_OK)
    collect(in, &g, direction);
  free(g.storage);
  return status;
}

/* Takes the change from `before` as the error; has it all stood still? */
static bool settle(const plimi_direction *before, double tolerance, double absolute, plimi_direction *now)
{
  bool still = true;
  for (size_t l = 0; l < PLIM_STAIRS; l++) {
    plim_value *size = &now[l].size;
    size->error = fabs(size->value - before[l].size.value) + absolute;
    if (size->value <= absolute)
      *size = (plim_value){0.0, absolute + size->value};
    still = still && size->error <= tolerance * size->value + 10.0 * absolute;
  }
  return still;
}

static plim_status refine(const plimi_input *in, const step_of_staircase *step,
                          plimi_direction direction[PLIM_STAIRS])
{
  const double absolute = 16.0 * DBL_EPSILON * step->size + in->sigma.mean.error;
  plimi_direction before[PLIM_STAIRS];
  plim_status status = directions_at(in, step, FIRST_LEVEL, before);
  for (unsigned level = FIRST_LEVEL + LEVEL_STEP; level <= LAST_LEVEL && status == PLIM_OK;
       level += LEVEL_STEP) {
    status = directions_at(in, step, level, direction);
    if (status == PLIM_OK && settle(before, in->tolerance, absolute, direction))
      return PLIM_OK;
    memcpy(before, direction, sizeof before);
  }
  return status == PLIM_OK ? PLIM_NOT_CONVERGED : status;
}

struct plimi_stair_cache {
  char *activation; /* with the rest the key; NULL: nothing is known */
  step_of_staircase step;
  plim_readout readout;
  double tolerance;
  plimi_direction direction[PLIM_STAIRS];
};

plim_status plimi_stair_cache_alloc(plimi_stair_cache **cache)
{
  *cache = calloc(1, sizeof **cache);
  return *cache != NULL ? PLIM_OK : PLIM_NO_MEMORY;
}

void plimi_stair_cache_free(plimi_stair_cache *cache)
{
  if (cache != NULL)
    free(cache->activation);
  free(cache);
}

static bool is_known(const plimi_stair_cache *cache, const plimi_input *in, const step_of_staircase *step)
{
  const step_of_staircase *last = &cache->step;
  return cache->activation != NULL && last->e == step->e && last->push == step->push &&
         last->spread == step->spread && cache->readout == plimi_readout_of(in->problem) &&
         cache->tolerance == in->tolerance &&
         strcmp(cache->activation, plim_activation_name(in->problem->activation)) == 0;
}

/* Kept if there is memory for the name. */
static void keep(const plimi_input *in, const step_of_staircase *step, const plimi_direction *direction,
                 plimi_stair_cache *cache)
{
  free(cache->activation);
  cache->activation = plimi_copy_of(plim_activation_name(in->problem->activation));
  if (cache->activation == NULL)
    return;
  cache->step = *step;
  cache->readout = plimi_readout_of(in->problem);
  cache->tolerance = in->tolerance;
  memcpy(cache->direction, direction, sizeof cache->direction);
}

plim_status plimi_directions_of(const plimi_input *in, double e, plimi_direction direction[PLIM_STAIRS])
{
  const plim_problem *p = in->problem;
  if (p->steps != 1 || in->sigma.mu1.value == 0.0)
    return PLIM_OUTSIDE_DOMAIN;
  const double length2 = in->star1.value + in->s2.value / plim_problem_step_psi1(p);
  const step_of_staircase step = {.e = e,
                                  .push = e * fabs(in->sigma.mu1.value) * sqrt(length2),
                                  .spread = in->sigma.nu2.value * in->s2.value / plim_problem_step_psi1(p),
                                  .size = sqrt(in->a.value + in->b.value)};
  if (in->staircase != NULL && is_known(in->staircase, in, &step)) {
    memcpy(direction, in->staircase->direction, sizeof in->staircase->direction);
    return PLIM_OK;
  }
  plimi_direction found[PLIM_STAIRS];
  const plim_status status = refine(in, &step, found);
  if (status != PLIM_OK)
    return status;
  memcpy(direction, found, sizeof found);
  if (in->staircase != NULL)
    keep(in, &step, found, in->staircase);
  return PLIM_OK;
}
