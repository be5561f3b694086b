/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - the quantities of section 10 of theory.md: how large the directions are that a step learns, how
   many stand clear of the bulk, and whether they are powers of Xt X'y. The method is in staircase.c and
   bulk.c.

   NORMALISATION. Singular values of F = sigma(Xt W1), n x N, over sqrt(n N): the square times N is an eigenvalue of
   F'F/n, so stair1^2 N is ck_top. In F itself a direction of order k grows like N^(1 - k (1/2 - alpha)) for eta = eta0
   N^alpha and the bulk like N^(1/2); in these units like N^(-k (1/2 - alpha)) and N^(-1/2).

   WHICH FORMULA. d finite: e = eta0 (psi2 d)^(alpha - 1/2), the directions of staircase.c seen through the bulk of W0
   (bulk.c). d infinite: eta_exponent = 1/2 has the sizes s_l themselves, e = eta0; below 1/2 all sizes and
   the edge tend to 0 and there is no number, but the count and the angle have limits ([MLHD]): with l the largest
   integer below 1/(1 - 2 alpha), one direction for each k <= l with E sigma^(k) != 0, and angle 0 as long as l <= 4.
   ANGLE. 1 - overlap (bulk.c) is the noise F phi, phi the direction's function of zeta, over the direction's
   strength, with |F phi|^2/n = mu1^2 + mu2^2 of the features at W0. To first order in what the step does to the bulk,
   its own output takes the share qf (any_step.h) of mu1^2 (E zeta phi)^2 out of it (derived here): at eta = 1.87 N^0.3,
   tanh, 42 to 30 % of the noise at d = 52 to 416, where simulation less theory is then -6 % of it.
   DRIFT. d^-1 for sizes at exponent 1/2. Below, what is left out is o(1) of each size. */
#include <math.h>

#include "../any_step/any_step.h"
#include "../bounded.h"
#include "staircase.h"

/* All that is known of the directions at a finite d. */
typedef struct {
  double width, e;
  plimi_noise noise;
  plimi_direction direction[PLIM_STAIRS];
  plimi_sighting seen[PLIM_STAIRS];
} staircase;

static double height(const plimi_sighting *seen)
{
  return seen->leaves ? seen->square.value : 0.0;
}

/* A linear direction is seen lower than another of its size. */
static void order_by_sight(staircase *at)
{
  for (size_t l = 1; l < PLIM_STAIRS; l++) {
    for (size_t i = l; i > 0 && height(&at->seen[i - 1]) < height(&at->seen[i]); i--) {
      const plimi_direction direction = at->direction[i];
      const plimi_sighting seen = at->seen[i];
      at->direction[i] = at->direction[i - 1];
      at->seen[i] = at->seen[i - 1];
      at->direction[i - 1] = direction;
      at->seen[i - 1] = seen;
    }
  }
}

static plim_status staircase_at(const plimi_input *in, staircase *made)
{
  const plim_problem *p = in->problem;
  const double width = p->psi2 * p->d;
  made->width = width;
  made->e = plim_problem_step_size(p, width) / sqrt(width);
  plim_status status = plimi_directions_of(in, made->e, made->direction);
  if (status == PLIM_OK)
    status = plimi_mix_norms(in, width, made->direction);
  if (status == PLIM_OK)
    status = plimi_noise_of(in, &made->noise);
  for (size_t l = 0; l < PLIM_STAIRS && status == PLIM_OK; l++)
    status = plimi_direction_seen(&made->noise, &made->direction[l], width, &made->seen[l]);
  if (status == PLIM_OK)
    order_by_sight(made);
  return status;
}

/* Number `l` from 0. */
static plim_status size_of(const plimi_input *in, size_t l, plim_value *value)
{
  const plim_problem *p = in->problem;
  plimi_direction direction[PLIM_STAIRS];
  staircase at;
  plim_status status = PLIM_OUTSIDE_DOMAIN;
  if (isfinite(p->d)) {
    status = staircase_at(in, &at);
    if (status == PLIM_OK && !at.seen[l].leaves)
      status = PLIM_OUTSIDE_DOMAIN;
    if (status == PLIM_OK)
      *value = v_sqrt(v_div(at.seen[l].square, v_exact(at.width)));
  } else if (p->eta_exponent == 0.5) {
    status = plimi_directions_of(in, p->eta, direction);
    if (status == PLIM_OK)
      *value = direction[l].size;
  }
  return status;
}

static plim_status evaluate_1(const plimi_input *in, plim_value *value)
{
  return size_of(in, 0, value);
}

static plim_status evaluate_2(const plimi_input *in, plim_value *value)
{
  return size_of(in, 1, value);
}

static plim_status evaluate_3(const plimi_input *in, plim_value *value)
{
  return size_of(in, 2, value);
}

static plim_status evaluate_4(const plimi_input *in, plim_value *value)
{
  return size_of(in, 3, value);
}

static plim_status evaluate_edge(const plimi_input *in, plim_value *value)
{
  plimi_noise noise;
  if (!isfinite(in->problem->d))
    return PLIM_OUTSIDE_DOMAIN;
  const plim_status status = plimi_start_of(in, &noise);
  if (status == PLIM_OK)
    *value = v_sqrt(v_div(noise.top, v_mul(v_exact(in->problem->psi2), v_exact(in->problem->d))));
  return status;
}

/* The largest l with (l - 1)/(2 l) < alpha. */
static size_t orders_of(double exponent)
{
  size_t l = 0;
  while (l <= PLIMI_MOST_ORDER && (double)l / (2.0 * (double)(l + 1)) < exponent)
    l++;
  return l;
}

/* In the limit: orders k <= l with E sigma^(k) != 0. */
static plim_status count_of_orders(const plimi_input *in, plim_value *value)
{
  const size_t l = orders_of(in->problem->eta_exponent);
  double moment[PLIMI_MOST_ORDER + 1], count = 0.0;
  if (l == 0 || l > PLIMI_MOST_ORDER || plimi_readout_of(in->problem) != PLIM_READOUT_GAUSSIAN ||
      in->problem->steps != 1 || in->sigma.mu1.value == 0.0 || in->problem->eta == 0.0)
    return PLIM_OUTSIDE_DOMAIN;
  const plim_status status = plimi_hermite_moments(in, l, moment);
  for (size_t k = 1; k <= l && status == PLIM_OK; k++)
    count += moment[k] != 0.0;
  if (status == PLIM_OK)
    *value = v_exact(count);
  return status;
}

static bool stands_clear(const staircase *at, size_t l)
{
  const double clearance2 = PLIM_STAIR_CLEARANCE * PLIM_STAIR_CLEARANCE;
  return at->seen[l].leaves && at->seen[l].square.value > clearance2 * at->noise.top.value;
}

static plim_status evaluate_count(const plimi_input *in, plim_value *value)
{
  staircase at;
  double count = 0.0;
  if (!isfinite(in->problem->d))
    return count_of_orders(in, value);
  const plim_status status = staircase_at(in, &at);
  for (size_t l = 0; l < PLIM_STAIRS && status == PLIM_OK; l++)
    count += stands_clear(&at, l);
  if (status == PLIM_OK)
    *value = v_exact(count);
  return status;
}

/* sin^2 of the angle between the left vector of number `l` and the powers. */
static double angle_of(const plimi_input *in, const staircase *at, size_t l)
{
  const double a = in->a.value, b = in->b.value, linear = a / (a + b);
  const double own =
      plimi_own_output(at->e, in->sigma.mu1.value, in->sigma.mu2.value, plim_problem_step_psi1(in->problem));
  const double noise = (1.0 - at->seen[l].overlap) * (1.0 - own * at->direction[l].on_zeta * linear);
  return 1.0 - (1.0 - noise) * at->direction[l].inside;
}

static plim_status evaluate_angle(const plimi_input *in, plim_value *value)
{
  staircase at;
  const double exponent = in->problem->eta_exponent;
  if (!isfinite(in->problem->d)) {
    plim_value count;
    const plim_status status = count_of_orders(in, &count);
    if (status == PLIM_OK && orders_of(exponent) > PLIM_STAIR_POWERS)
      return PLIM_OUTSIDE_DOMAIN;
    if (status == PLIM_OK)
      *value = v_exact(0.0);
    return status;
  }
  const plim_status status = staircase_at(in, &at);
  double largest = 0.0;
  for (size_t l = 0; l < PLIM_STAIRS && status == PLIM_OK; l++)
    if (stands_clear(&at, l))
      largest = fmax(largest, angle_of(in, &at, l));
  if (status != PLIM_OK)
    return status;
  if (!stands_clear(&at, 0)) {
    *value = v_exact(1.0);
    return PLIM_OK;
  }
  const double step = at.direction[0].size.error / fmax(at.direction[0].size.value, DBL_MIN);
  *value = (plim_value){largest, 16.0 * (DBL_EPSILON + step)};
  return PLIM_OK;
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STAIRCASE | PLIMI_READS_STEP_BATCH)
#define SOURCE "[MLHD]; operator and bulk derived here"
#define OPERATOR                                                                                             \
  "F = sigma(Xt W1), n x N, has singular values sqrt(n N) s_l above its bulk, s_l those of the operator\n"   \
  "m(zeta, k) = E_g sigma(e theta1 zeta k + sqrt(1 + e^2 zeta^2 nu2 s2/psi1) g), e = eta/sqrt N,\n"          \
  "between the laws of zeta and k ~ N(0,1)."
#define SIZES                                                                                                \
  OPERATOR                                                                                                   \
  " At finite d: s_l seen through the bulk of W0,\n"                                                         \
  "where E sigma'' != 0 among what the norms of weights and inputs make of W0's features (ck_top).\n"        \
  "With eta = eta0 N^alpha order k is N^(-k (1/2 - alpha)) in these units, the bulk N^(-1/2)."
#define ONE_STEP                                                                                             \
  "any sigma with mu1 != 0, any teacher, one step; any readout, but at finite d not `constant` where\n"      \
  "E sigma'' != 0: the step then shares its right vector with the inputs' norms"
#define DOMAIN_OF_SIZES                                                                                      \
  ONE_STEP ". d finite, where the value leaves\n"                                                            \
           "the bulk (right to leading order for eta_exponent < 1/2, in order only at 1/2), or d = inf\n"    \
           "with eta_exponent 0.5, where eta is eta/sqrt N: s_l itself"
#define SIZE(number, which)                                                                                  \
  {                                                                                                          \
    .info = {.quantity = PLIM_STAIR##number,                                                                 \
             .source = SOURCE,                                                                               \
             .keys = "MLHD,BGN,WWF",                                                                         \
             .statement = "The " which " of the directions a step learns. " SIZES,                           \
             .domain = DOMAIN_OF_SIZES,                                                                      \
             .drift_rate = 1.0},                                                                             \
    .reads = READS_ALL, .evaluate = evaluate_##number                                                        \
  }

static const plimi_limit limit_stair1 = SIZE(1, "largest");
static const plimi_limit limit_stair2 = SIZE(2, "second");
static const plimi_limit limit_stair3 = SIZE(3, "third");
static const plimi_limit limit_stair4 = SIZE(4, "fourth");

static const plimi_limit limit_stair_edge = {
    .info =
        {.quantity = PLIM_STAIR_EDGE,
         .source = "[WWF] arXiv Thm 6, at W0",
         .keys = "WWF,SC,MP",
         .statement =
             "What learned directions stand above: the largest eigenvalue of F'F/n at W0 (ck_top without a\n"
             "step: the right edge, or the outlier of the norms where E sigma'' is large), as a singular\n"
             "value of F over sqrt(n N): sqrt(that/N).",
         .domain = "any sigma that is not constant; d finite (it is 0 in the limit)",
         .drift_rate = 2.0 / 3.0},
    .reads = READS_ALL | PLIMI_READS_BATCHES_AND_ATOMS,
    .evaluate = evaluate_edge};

static const plimi_limit limit_stair_count = {
    .info = {.quantity = PLIM_STAIR_COUNT,
             .source = "[MLHD]; at finite d derived here",
             .keys = "MLHD,BGN",
             .statement =
                 "How many directions a step learns. With eta = eta0 N^alpha and (l-1)/(2l) < alpha <\n"
                 "l/(2l+2): one for each k <= l with E sigma^(k)(z) != 0. At finite d: how many of the\n"
                 "first 8 predicted values (stair1, ...) are more than 10 % above stair_edge.",
             .domain = ONE_STEP ".\nd = inf: Gaussian readout, 0 < eta_exponent <= 12/25, eta > 0",
             .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_count};

static const plimi_limit limit_stair_angle = {
    .info =
        {.quantity = PLIM_STAIR_ANGLE,
         .source = "[MLHD]; at finite d derived here",
         .keys = "MLHD,BGN",
         .statement =
             "The left singular vectors of the directions learned (stair_count) approach the span of\n"
             "the entrywise powers of Xt v, v along X'y: the squared sine of the largest angle to powers\n"
             "0 to 4 tends to 0. At finite d: 1 - overlap |P psi_l|^2, the largest over the directions\n"
             "that stand clear of the bulk, the noise in 1 - overlap less what the step's own output takes\n"
             "out of it; 1 where there is none. (k^0 is there because the first\n"
             "batch's noise makes the direction of order 2 theta1^2 k^2 + nu2 s2/psi1.)",
         .domain = ONE_STEP ".\nd = inf: Gaussian readout, 0 < eta_exponent <= 2/5, eta > 0",
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_angle};

const plimi_limit *const plimi_staircase_limits[] = {
    &limit_stair1,     &limit_stair2,      &limit_stair3,      &limit_stair4,
    &limit_stair_edge, &limit_stair_count, &limit_stair_angle, NULL};
