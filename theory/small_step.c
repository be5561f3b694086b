/* SPDX-License-Identifier: GPL-3.0-or-later */
/* small_step.c - risk and training error of ridge regression on the features, before and after gradient steps of
   size Theta(1).

   SOURCES. [BA] NeurIPS Thm 3 (Gaussian equivalence), Fact 4 (lower bound), Thm 5 (R0 - R1); theory.md section 5. The
   closed form of R1 and the forms without cancellation below are derived here. [MM] has R0.

   NOTATION.
     paper         here          meaning
     R0, R1        risk0, risk1  risk at W0 and W1 against the noise-free teacher, no factor 1/2
     T0, T1        train0, train1  training error (1/n)|yt - Phi ahat|^2
     delta         delta         R0 - R1
     r, s          signal, total eta^2 theta2^2 and eta^2 theta1^2 (gradient.c)
     c             noise         s - r, computed as such
     kappa, gamma  point         fixed_point.c;  1 - gamma is point.residual
     y, z m, D     point.mp      marchenko_pastur.c at z = mu2^2 + kappa
   NORMALISATION. As in plim_problem.h; a = mu1^2, b = mu2^2, s2 = E y^2 = mu1*^2 + mu2*^2 + noise^2.

   FORMULA (theory.md section 5, steps 3 to 5).
     q = m - r a z m^2 mh / (1 + s a z m mh),
     total = [s2 - mu1*^2 (1 - z q) - kappa mu1*^2 (q + z q')] / (1 - gamma),
     R1 = total - noise^2,    T1 = total (lambda/kappa)^2;    R0 and T0 from eta = 0.

   AS COMPUTED (derived here). a z m mh = y, so z q = z m (1 + c y)/(1 + s y), and with (z m)' = a psi2 z m mh/D and
   y' = -y/D every difference above can be carried out on paper. With Q = b + a z m + a psi2 b mh,

     total = (mu2*^2 + noise^2 + mu1*^2 P) / (1 - gamma),    R = (mu2*^2 + gamma noise^2 + mu1*^2 P) / (1 - gamma),
     P0 = (z m/D) (Q + kappa),
     P1 = (z m/D) (Q u + kappa w),   u = (1 + c y)/(1 + s y),   w = (1 + 2 c y + c s y^2)/(1 + s y)^2,
     delta = mu1*^2 (z m/D) (r y/(1 + s y)) (Q + kappa (2 + s y)/(1 + s y)) / (1 - gamma).

   WHY NOTHING CANCELS. Only sums, products and quotients of non-negative numbers are left. They also show
   delta >= 0, R1 >= mu2*^2 (Fact 4), and that delta grows with eta for every psi1, psi2, lambda: r y/(1 + s y)
   times (2 + s y)/(1 + s y), with r and s proportional to eta^2, grows, although its second factor falls.

   MONOTONE (what optimum.c rests on). R1 and T1 fall as eta grows, delta grows, by the line above. T0 and T1 grow with
   lambda: so does the training error of ridge regression on any finite sample, |lambda n/N (K + lambda n/N)^-1 y|^2/n.
   P0 and P1 grow with lambda and gamma falls: see optimum/enclosed.c.

   LIMITING CASES. eta = 0, mu1 = 0 or mu1* = 0: delta = 0. lambda -> infinity: R -> mu1*^2 + mu2*^2. lambda = 0: by the
   branches of fixed_point.c; where psi1 equals the rank of the features the risk diverges and T -> 0.
   SEVERAL STEPS. On the same batch eta is replaced by the sum of the step sizes; on fresh batches see gradient.c.
   DOMAIN. The equivalence is proved for odd sigma and observed beyond; eta = Theta(1) as d grows. A step size with
   eta_exponent > 0 is used at its value at the given d, where section 9 of theory.md is sharper.
   ERROR. Running error analysis from the coefficients and kappa on (bounded.h).
   DRIFT. At W0 the risk is a function of traces of resolvents: bias O(1/d). After a step the gradient's term
   N^-1/2 sigma(X W0) a shrinks W0 along the readout by O(N^-1/2), which moves R1, T1 and delta by O(d^-1/2). */
#include "bounded.h"
#include "theory.h"

/* P0, P1 and P0 - P1. */
typedef struct {
  plim_value before, after, gain;
} linear_part;

static linear_part linear_part_of(const plimi_input *in, const plimi_fixed_point *point)
{
  const plimi_mp *mp = &point->mp;
  const plimi_spike spike = plimi_spike_of(in);
  const plim_value one = v_exact(1.0), y = mp->y;

  const plim_value b_mh = v_mul(point->b_share, mp->zmh);
  const plim_value a_part = v_mul(in->a, v_add(mp->zm, v_scale(in->problem->psi2, b_mh)));
  const plim_value q = v_add(in->b, a_part);
  const plim_value front = v_mul(mp->zm, mp->inv_root);

  const plim_value cy = v_mul(spike.noise, y), sy = v_mul(spike.total, y), ry = v_mul(spike.signal, y);
  const plim_value damping = v_add(one, sy);
  const plim_value u = v_div(v_add(one, cy), damping);
  const plim_value w_top = v_add(one, v_mul(cy, v_add(v_exact(2.0), sy)));
  const plim_value w = v_div(v_div(w_top, damping), damping);
  const plim_value w_gain = v_div(v_add(v_exact(2.0), sy), damping);

  linear_part p;
  p.before = v_mul(front, v_add(q, point->kappa));
  p.after = v_mul(front, v_add(v_mul(q, u), v_mul(point->kappa, w)));
  p.gain = v_mul(v_mul(front, v_div(ry, damping)), v_add(q, v_mul(point->kappa, w_gain)));
  return p;
}

typedef struct {
  plimi_fixed_point point;
  linear_part p;
} solution;

static plim_status solve(const plimi_input *in, solution *s)
{
  const plim_status status = plimi_fixed_point_solve(in, &s->point);
  if (status == PLIM_OK)
    s->p = linear_part_of(in, &s->point);
  return status;
}

static plim_status risk(const plimi_input *in, const solution *s, plim_value p, plim_value *value)
{
  const plim_value noise = v_mul(s->point.gamma, in->noise2);
  const plim_value numerator = v_add(v_add(in->star2, noise), v_mul(in->star1, p));
  if (s->point.residual.value == 0.0) /* 0/0: the limit depends on the order in which things vanish */
    return numerator.value > 0.0 ? PLIM_DIVERGES : PLIM_OUTSIDE_DOMAIN;
  *value = v_div(numerator, s->point.residual);
  return PLIM_OK;
}

static plim_status improvement(const plimi_input *in, const solution *s, plim_value *value)
{
  const plim_value numerator = v_mul(in->star1, s->p.gain);
  if (s->point.residual.value == 0.0 && numerator.value > 0.0)
    return PLIM_DIVERGES;
  *value = numerator.value > 0.0 ? v_div(numerator, s->point.residual) : v_exact(0.0);
  return PLIM_OK;
}

static plim_value train(const plimi_input *in, const solution *s, plim_value p)
{
  if (s->point.residual.value == 0.0)
    return v_exact(0.0); /* total grows like 1/ratio there */
  const plim_value total = v_add(v_add(in->star2, in->noise2), v_mul(in->star1, p));
  return v_mul(total, v_mul(s->point.ratio, v_div(s->point.ratio, s->point.residual)));
}

plim_status plimi_small_step_closed_form(const plimi_input *in, plimi_small_step *result)
{
  solution s;
  plimi_small_step made;
  plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    status = risk(in, &s, s.p.before, &made.risk0);
  if (status == PLIM_OK)
    status = risk(in, &s, s.p.after, &made.risk1);
  if (status == PLIM_OK)
    status = improvement(in, &s, &made.delta);
  if (status != PLIM_OK)
    return status;
  made.kappa = s.point.kappa;
  made.train0 = train(in, &s, s.p.before);
  made.train1 = train(in, &s, s.p.after);
  *result = made;
  return PLIM_OK;
}

static plim_status evaluate_risk0(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? risk(in, &s, s.p.before, value) : status;
}

static plim_status evaluate_risk1(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? risk(in, &s, s.p.after, value) : status;
}

static plim_status evaluate_delta(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? improvement(in, &s, value) : status;
}

static plim_status evaluate_train0(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    *value = train(in, &s, s.p.before);
  return status;
}

static plim_status evaluate_train1(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    *value = train(in, &s, s.p.after);
  return status;
}

static plim_status parts_before(const plimi_input *in, plimi_ridge_parts *parts)
{
  solution s;
  const plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    *parts = (plimi_ridge_parts){s.p.before, s.point.gamma, s.point.residual};
  return status;
}

static plim_status parts_after(const plimi_input *in, plimi_ridge_parts *parts)
{
  solution s;
  const plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    *parts = (plimi_ridge_parts){s.p.after, s.point.gamma, s.point.residual};
  return status;
}

#define READS_BOTH (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER)
#define AT_W0 "sigma not constant; lambda = 0: the limit lambda -> 0, infinite at psi1 = psi2"
#define AT_W1                                                                                                \
  "eta = Theta(1); proved for odd sigma, observed beyond; sigma not constant; "                              \
  "lambda = 0: the limit lambda -> 0, infinite at psi1 = psi2"

static const plimi_limit limit_risk0 = {
    .info = {.quantity = PLIM_RISK0,
             .source = "[MM], [BA] NeurIPS Thm 5; this form derived here",
             .keys = "MM,BA",
             .statement = "R0 = (mu2*^2 + gamma noise^2 + mu1*^2 P0) / (1 - gamma),\n"
                          "P0 = z m - kappa (z m)' at z = mu2^2 + kappa: risk of ridge regression on the\n"
                          "features N^-1/2 sigma(W0'x), against the noise-free teacher.",
             .domain = AT_W0,
             .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_risk0,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_CONSTANT, parts_before}};

static const plimi_limit limit_risk1 = {
    .info = {.quantity = PLIM_RISK1,
             .source = "[BA] NeurIPS Thm 3, Fact 4, Thm 5; closed form derived here",
             .keys = "BA",
             .statement = "R1 = [s2 - mu1*^2 (1 - z q) - kappa mu1*^2 (q + z q')] / (1 - gamma) - noise^2,\n"
                          "q = m - r a z m^2 mh / (1 + s a z m mh), a = mu1^2, s = eta^2 theta1^2,\n"
                          "r = eta^2 theta2^2, z = mu2^2 + kappa: risk of ridge regression on the features\n"
                          "N^-1/2 sigma(W1'x) of fresh data. R1 >= mu2*^2.",
             .domain = AT_W1,
             .drift_rate = 0.5},
    .reads = READS_BOTH | PLIMI_READS_STEP,
    .evaluate = evaluate_risk1,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_DECREASING, parts_after}};

static const plimi_limit limit_delta = {
    .info = {.quantity = PLIM_DELTA,
             .source = "[BA] NeurIPS Thm 5; this form derived here",
             .keys = "BA",
             .statement = "delta = R0 - R1 = mu1*^2 eta^2 theta2^2 / (1 - gamma) *\n"
                          "  { (mu2/mu1)^2 g^2/(1 + c g)\n"
                          "    + kappa (mu2^2 + kappa)/mu1^4 (-g') g (2 + c g)/(1 + c g)^2 },\n"
                          "S = (mu2^2 + kappa)/mu1^2, S g^2 + (S + psi2 - 1) g = 1, c = 1 + eta^2 theta1^2.\n"
                          "delta >= 0, and delta = 0 iff eta mu1 mu1* = 0.",
             .domain = AT_W1,
             .drift_rate = 0.5},
    .reads = READS_BOTH | PLIMI_READS_STEP,
    .evaluate = evaluate_delta,
    .objective = {PLIM_GOAL_GREATEST, PLIMI_SHAPE_UNKNOWN, PLIMI_SHAPE_INCREASING, NULL}};

static const plimi_limit limit_train0 = {
    .info = {.quantity = PLIM_TRAIN0,
             .source = "[BA] NeurIPS section 4, [MM]; this form derived here",
             .keys = "BA,MM",
             .statement =
                 "T0 = (R0 + noise^2) (lambda/kappa)^2, T = (1/n)|yt - Phi ahat|^2: training error of\n"
                 "ridge regression on the features at W0.",
             .domain = "sigma not constant; lambda = 0: the limit lambda -> 0",
             .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_train0,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_INCREASING, PLIMI_SHAPE_CONSTANT, NULL}};

static const plimi_limit limit_train1 = {
    .info = {.quantity = PLIM_TRAIN1,
             .source = "derived here, from [BA] NeurIPS Thm 3 and Thm 5",
             .keys = "BA",
             .statement =
                 "T1 = (R1 + noise^2) (lambda/kappa)^2, T = (1/n)|yt - Phi ahat|^2: training error of\n"
                 "ridge regression on the features at W1. kappa is the same as at W0.",
             .domain =
                 "eta = Theta(1); proved for odd sigma, observed beyond; sigma not constant; lambda = 0: "
                 "the limit lambda -> 0",
             .drift_rate = 0.5},
    .reads = READS_BOTH | PLIMI_READS_STEP,
    .evaluate = evaluate_train1,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_INCREASING, PLIMI_SHAPE_DECREASING, NULL}};

const plimi_limit *const plimi_small_step_limits[] = {&limit_risk0,  &limit_risk1,  &limit_delta,
                                                      &limit_train0, &limit_train1, NULL};
