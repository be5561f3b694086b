/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enclosed.c - the best penalty of a ridge regression, with a proof that no other is better.

   SOURCES. The risk's form is that of [BA] NeurIPS Thm 5 and Prop. 1 (small_step.c, kernels.c); the two monotone
   parts and the search that rests on them are derived here.

   NOTATION.
     paper      here      meaning
     R          value     risk against the noise-free teacher
     P          bias      squared bias per mu1*^2: P0, P1 of small_step.c, (kappa/(1 + kappa))^2 of kernels.c
     gamma      gamma     second-order degrees of freedom per sample;  1 - gamma is `residual`
     kappa      -         effective ridge, a growing function of lambda (fixed_point.c, kernels.c)
   NORMALISATION. lambda as in plim_problem.h; the variable of the search is log lambda.

   FORMULA. R = (mu2*^2 + gamma noise^2 + mu1*^2 P)/(1 - gamma). With mu the spectral measure of mu1^2 W W'
   along beta* (of 1, at W0) and t its variable, z = mu2^2 + kappa,

     P = F - kappa F'(z) = int (z^2 + mu2^2 t)/(t + z)^2 dmu,  F(z) = int z/(t + z) dmu,   dP/dkappa = -kappa F'' >= 0,
     gamma = (psi2/psi1) E ((t + mu2^2)/(t + z))^2,                                        dgamma/dkappa <= 0,

   because F is an average of functions concave in z. (For the kernels P = (kappa/(1 + kappa))^2 and
   gamma = 1/(psi1 (1 + kappa)^2), of which it is seen at once.) So P never falls and gamma never grows with lambda, and
   R grows with each of them. For lambda_1 <= lambda <= lambda_2, therefore,

     R(lambda) >= (mu2*^2 + gamma_2 noise^2 + mu1*^2 P_1) / (1 - gamma_2),     gamma_2 at lambda_2, P_1 at lambda_1.

   The same holds at lambda_1 = 0 (the ridgeless limit, where R itself may be infinite) and at lambda_2 =
   infinity, where P = 1 and gamma = 0.

   NUMERICAL METHOD. A grid in log lambda; Brent's method (GSL) from its best point gives the upper bound U.
   Each interval of the grid whose lower bound is not below U cannot hold anything better; of the others,
   those within `gap` of U, above and below, count as possible places of the optimum, and the rest are halved
   (in log lambda; by tens next to 0 and infinity). The bounds are taken less their numerical error. The least
   of the bounds kept is the certificate, and the intervals kept span the bracket. As intervals of width w are
   excluded where R - U > w |dP| mu1*^2/(1 - gamma), the bracket is a few sqrt(gap/curvature) wide and takes
   of the order of 1/sqrt(gap) intervals.
   WHY NOTHING CANCELS. Sums, products and quotients of non-negative numbers.

   LIMITING CASES. Raw inputs: lambda = (mu2*^2 + noise^2)/(mu1*^2 psi1) is best (the posterior mean's
   penalty). A teacher without noise and nonlinear part: lambda = 0. A teacher without linear part: lambda =
   infinity, R -> mu2*^2.
   DOMAIN. Quantities with monotone parts: risk0, risk1, linear_ridge, ntk_ridge, kernel_exp_inner,
   kernel_exp_dist.
   ERROR. value: that of the quantity. Where the interval budget is spent the status is PLIM_NOT_CONVERGED.
   DRIFT. That of the quantity for the value. The best penalty of a finite network differs from the limit's by
   the same order over the curvature. */
#include <math.h>

#include "../bounded.h"
#include "optimum.h"

/* MOST_INTERVALS: of the order of 1e3 are used; a flat valley may take 1e5. */
enum { GRID = 193, MOST_INTERVALS = 2000000, ROUNDS = 4 };
static const double least_lambda = 1e-12,
                    most_lambda = 1e12; /* of the grid, where the range has no end of its own */
static const double relative_gap = 1e-7,
                    null_gap = 1e-12; /* of the best value; of the risk of predicting 0 */

typedef struct {
  double lambda;
  plimi_ridge_parts parts;
  plim_value value; /* INFINITY where the risk diverges */
} node;

typedef struct {
  plimi_target *target;
  plimi_input in;
  plimi_sample best;
  double gap, bound;
  plim_range bracket;
  bool is_flat; /* the grid shows no dependence on lambda */
  long budget;
} search;

static plim_value risk_of(const plimi_input *in, plim_value bias, plim_value gamma, plim_value residual)
{
  const plim_value noise = v_mul(gamma, in->noise2);
  return v_div(v_add(v_add(in->star2, noise), v_mul(in->star1, bias)), residual);
}

static plim_status node_at(search *s, double lambda, node *made)
{
  made->lambda = lambda;
  if (isinf(lambda)) {
    made->parts = (plimi_ridge_parts){v_exact(1.0), v_exact(0.0), v_exact(1.0)};
  } else {
    plimi_target_set(s->target, PLIMI_AXIS_LAMBDA, lambda);
    const plim_status status = s->target->limit->objective.parts(&s->in, &made->parts);
    if (status != PLIM_OK)
      return status;
  }
  made->value = (plim_value){INFINITY, 0.0};
  if (made->parts.residual.value > 0.0)
    made->value = risk_of(&s->in, made->parts.bias, made->parts.gamma, made->parts.residual);
  return PLIM_OK;
}

/* No risk between the two is lower. */
static double lower_bound(const search *s, const node *left, const node *right)
{
  const plim_value low = risk_of(&s->in, left->parts.bias, right->parts.gamma, right->parts.residual);
  return low.value - low.error;
}

static double middle_of(double low, double high)
{
  if (low == 0.0)
    return isinf(high) ? 1.0 : 0.1 * high;
  return isinf(high) ? 10.0 * low : low * sqrt(high / low);
}

static void take_if_better(search *s, const node *next)
{
  if (next->value.value < s->best.value.value)
    s->best = (plimi_sample){next->lambda, next->value};
}

static plim_status examine(search *s, const node *left, const node *right)
{
  const double low = lower_bound(s, left, right), best = s->best.value.value;
  if (low >= best)
    return PLIM_OK;
  const double middle_lambda = middle_of(left->lambda, right->lambda);
  const bool is_tiny = !(middle_lambda > left->lambda && middle_lambda < right->lambda);
  const bool is_near = fmin(left->value.value, right->value.value) <= best + s->gap;
  if ((low >= best - s->gap && is_near) || is_tiny) {
    s->bound = fmin(s->bound, low);
    s->bracket.low = fmin(s->bracket.low, left->lambda);
    s->bracket.high = fmax(s->bracket.high, right->lambda);
    return PLIM_OK;
  }
  if (s->budget-- <= 0)
    return PLIM_NOT_CONVERGED;
  node middle;
  plim_status status = node_at(s, middle_lambda, &middle);
  if (status != PLIM_OK)
    return status;
  take_if_better(s, &middle);
  status = examine(s, left, &middle);
  return status == PLIM_OK ? examine(s, &middle, right) : status;
}

/* Point i of the grid: the ends of the range, and between them even steps in log lambda. */
static double grid_point(plim_range range, int i)
{
  if (i == 0)
    return range.low;
  if (i == GRID - 1)
    return range.high;
  const double low = range.low > 0.0 ? range.low : fmin(least_lambda, range.high * least_lambda);
  const double high = isfinite(range.high) ? range.high : fmax(most_lambda, range.low * most_lambda);
  return low * pow(high / low, (double)i / (GRID - 1));
}

static plim_status examine_all(search *s, const node *nodes)
{
  s->bound = s->best.value.value - s->best.value.error;
  s->bracket = (plim_range){s->best.x, s->best.x};
  plim_status status = PLIM_OK;
  for (int i = 0; i + 1 < GRID && status == PLIM_OK; i++)
    status = examine(s, &nodes[i], &nodes[i + 1]);
  return status;
}

/* The grid, then valley and intervals in turn, until the intervals show no point below the valley's. */
static plim_status settle(search *s, plim_range range)
{
  node nodes[GRID];
  s->best = (plimi_sample){NAN, {INFINITY, 0.0}};
  for (int i = 0; i < GRID; i++) {
    const plim_status status = node_at(s, grid_point(range, i), &nodes[i]);
    if (status != PLIM_OK)
      return status;
    take_if_better(s, &nodes[i]);
  }
  if (isinf(s->best.value.value))
    return PLIM_DIVERGES;
  s->is_flat = true;
  for (int i = 0; i < GRID; i++)
    s->is_flat = s->is_flat &&
                 nodes[i].value.value - nodes[i].value.error <= s->best.value.value + s->best.value.error;
  const plim_value null_risk = v_add(v_add(s->in.star1, s->in.star2), s->in.noise2);
  s->gap = relative_gap * s->best.value.value + null_gap * null_risk.value;
  plim_status status = PLIM_OK;
  for (int round = 0; round < ROUNDS && status == PLIM_OK; round++) {
    bool refined = false;
    if (s->best.x > 0.0 && isfinite(s->best.x))
      status = plimi_optimum_refine(s->target, PLIMI_AXIS_LAMBDA, range, &s->best, &refined);
    const double reached = s->best.value.value;
    if (status == PLIM_OK)
      status = examine_all(s, nodes);
    if (status == PLIM_OK && s->best.value.value >= reached - 2.0 * s->best.value.error)
      return PLIM_OK;
  }
  return status != PLIM_OK ? status : PLIM_NOT_CONVERGED;
}

/* Of points that rounding cannot tell apart, the end of the range: 0 before a tiny number, infinity before a
   huge one. */
static plim_status prefer_end(search *s, double end)
{
  node there;
  const plim_status status = node_at(s, end, &there);
  if (status != PLIM_OK || s->best.x == end)
    return status;
  if (there.value.value - there.value.error <= s->best.value.value + s->best.value.error) {
    s->best = (plimi_sample){end, there.value};
    s->bracket.low = fmin(s->bracket.low, end);
    s->bracket.high = fmax(s->bracket.high, end);
    s->bound = fmin(s->bound, there.value.value - there.value.error);
  }
  return PLIM_OK;
}

plim_status plimi_optimum_enclose(plimi_target *target, plim_range range, plim_optimum *optimum)
{
  search s = {.target = target, .budget = MOST_INTERVALS};
  plim_problem *here = &target->here;
  plimi_target_set(target, PLIMI_AXIS_LAMBDA, 1.0);
  plim_status status = plimi_input_prepare(target->theory, here, target->limit->reads, &s.in);
  if (status == PLIM_OK)
    status = settle(&s, range);
  if (status == PLIM_OK)
    status = prefer_end(&s, range.high);
  if (status == PLIM_OK)
    status = prefer_end(&s, range.low);
  if (status != PLIM_OK)
    return status;
  plim_best *lambda = &optimum->lambda;
  const double x = s.best.x;
  lambda->place = x == range.low    ? (x == 0.0 ? PLIM_PLACE_ZERO : PLIM_PLACE_LOW)
                  : x == range.high ? (isinf(x) ? PLIM_PLACE_INFINITY : PLIM_PLACE_HIGH)
                                    : PLIM_PLACE_INSIDE;
  if (s.is_flat)
    lambda->place = PLIM_PLACE_ANYWHERE;
  lambda->at = x;
  lambda->bracket = s.bracket;
  lambda->searched = range;
  optimum->value = s.best.value;
  optimum->bound = s.bound;
  optimum->certificate = PLIM_CERTIFICATE_ENCLOSED;
  return PLIM_OK;
}
