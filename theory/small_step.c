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
     chi, rho      -             strength of the norm mode, h = chi mh; its cosine with the step's right vector, E zeta
   NORMALISATION. As in plim_problem.h; a = mu1^2, b = mu2^2, s2 = E y^2 = mu1*^2 + mu2*^2 + noise^2.

   FORMULA (theory.md section 5, steps 3 to 5).
     q = m - r a z m^2 mh / (1 + (s a z m + chi) mh),
     total = [s2 - mu1*^2 (1 - z q) - kappa mu1*^2 (q + z q')] / (1 - gamma),
     R1 = total - noise^2,    T1 = total (lambda/kappa)^2;    R0 and T0 from eta = 0.

   THE NORM MODE (derived here). sigma's second Hermite part, of size E sigma''/2 = E (x^2 - 1) sigma(x)/2, sees
   |x|^2: sqrt(N) times the features have the common part (E sigma''/2)(|x|^2/d - 1) (1, .., 1), of variance psi2 (E
   sigma'')^2/2 along the unit vector of (1, .., 1), uncorrelated with every linear function of x. A step adds mu1
   eta u a'. The cosine between a and that unit vector is rho = E zeta: where it is 1 (the constant readout), the
   mode is noise in the one direction that the step has strengthened: chi = psi2 (E sigma'')^2/2. Where it is 0
   (gaussian, rademacher, any symmetric law) the two directions are orthogonal in the limit and the mode is not felt;
   nor is it for odd sigma. Between, mh(z) in step 3 with chi = 0 becomes the form of (a W0'W0 + z + chi 1 1'/N)^-1
   along a/|a|, mh - rho^2 chi mh^2/(1 + chi mh). Every step of several has the same right vector a, on one batch or
   on fresh ones: r and s are those of gradient.c, and chi, which is no part of the step, stays as it is. At W0 the
   mode is orthogonal to what is to be learned (E sigma* = 0): R0, T0, kappa and gamma do not know it.

   AS COMPUTED (derived here). a z m mh = y, so with h = chi mh, z q = z m (1 + h + c y)/(1 + h + s y), and with (z
   m)' = a psi2 z m mh/D, y' = -y/D and h' = -h/(z m D) every difference above but one can be carried out on paper.
   With Q = b + a z m + a psi2 b mh, k = 1 + h, G = 1 + (1 - rho^2) h and Y = y G (so that the mode's mh over its chi
   = 0 is G/k),

     total = (mu2*^2 + noise^2 + mu1*^2 P) / (1 - gamma),    R = (mu2*^2 + gamma noise^2 + mu1*^2 P) / (1 - gamma),
     P0 = (z m/D) (Q + kappa),
     P1 = (z m/D) (Q u + kappa w),   u = (k + c Y)/(k + s Y),   w = u^2 + r y (G c Y + rho^2 h/(z m))/(k + s Y)^2,
     delta = mu1*^2 (z m/D) (r y/(k + s Y)) (Q G + kappa (G (2 k + s Y) - rho^2 h/(z m))/(k + s Y)) / (1 - gamma).

   WHY NOTHING CANCELS. Only sums, products and quotients of non-negative numbers are left, but for h/(z m) in delta,
   which has to be a difference: with a norm mode delta may be negative. They also show R1 >= mu2*^2 (Fact 4), and for
   rho^2 h = 0 that delta >= 0 and that delta grows with eta for every psi1, psi2, lambda: r y/(1 + s y) times
   (2 + s y)/(1 + s y), with r and s proportional to eta^2, grows, although its second factor falls.

   MONOTONE (what optimum.c rests on). For rho^2 h = 0, R1 and T1 fall as eta grows, delta grows, by the line above.
   For h > 0, with E = eta^2, r y = r0 E, s Y = s0 E, A = (Q + kappa) G and B = G k - rho^2 h/(z m) <= G k, delta is
   a positive multiple of
     E A/(k + s0 E) + E kappa B/(k + s0 E)^2,
   whose derivative in E has the sign of  k (A k + kappa B) + s0 E (A k - kappa B). A k >= kappa G k >= kappa B, so
   this sign changes once at most, from - to +: delta grows, or falls and then grows, and on any range of eta its
   greatest value, and the least of R1 and T1, stand at an end. (An example of the second kind: z + |z|/5, psi1 =
   1.5, psi2 = 6, lambda = .01.) T0 and T1 grow with lambda: so does the training error of ridge regression on any
   finite sample, |lambda n/N (K + lambda n/N)^-1 y|^2/n. P0 and P1 grow with lambda and gamma falls: see
   optimum/enclosed.c; z q is 1 - w'(S + z)^-1 w with S >= w w' positive, with or without the mode.

   LIMITING CASES. eta = 0, mu1 = 0 or mu1* = 0: delta = 0. eta -> infinity: only the ratio r/s remains. lambda ->
   infinity: R -> mu1*^2 + mu2*^2. lambda = 0: by the branches of fixed_point.c; where psi1 equals the rank of the
   features the risk diverges and T -> 0.
   SEVERAL STEPS. On the same batch eta is replaced by the sum of the step sizes; on fresh batches see gradient.c.
   DOMAIN. The equivalence is proved for odd sigma and observed beyond; eta = Theta(1) as d grows. A step size with
   eta_exponent > 0 is used at its value at the given d, where section 9 of theory.md is sharper.
   ERROR. Running error analysis from the coefficients and kappa on, in numbers whose exponents do not end (wide.h): a
   step of any size, and any lambda, psi1, psi2 and noise.
   DRIFT. At W0 the risk is a function of traces of resolvents: bias O(1/d). After a step the gradient's term
   N^-1/2 sigma(X W0) a shrinks W0 along the readout by O(N^-1/2), which moves R1, T1 and delta by O(d^-1/2). So does
   the norm mode where the teacher is not odd: E y |x|^2 is O(d^-1/2) of the product of their sizes. */
#include <math.h>

#include "same_batch/statement.h"
#include "theory.h"

/* P0, P1 and P0 - P1. */
typedef struct {
  plimi_wide before, after, gain;
} linear_part;

/* h = chi mh */
static plimi_wide mode_of(const plimi_input *in, const plimi_fixed_point *point)
{
  const plimi_wide chi = plimi_norm_mode_of(in);
  return v_is_zero(chi.part) ? chi : w_mul(chi, w_div(point->mp.zmh, point->z));
}

/* rho^2, rho = E zeta the cosine between a and (1, .., 1) */
static plimi_wide cosine2_of(const plimi_input *in)
{
  return w_square(w_of(plimi_readout_mean(in->problem)));
}

static linear_part linear_part_of(const plimi_input *in, const plimi_fixed_point *point)
{
  const plimi_mp *mp = &point->mp;
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  const plimi_wide two = w_exact(2.0), y = mp->y, kappa = point->kappa;
  const plimi_wide a = in->wide.a, b = in->wide.b;

  const plimi_wide b_mh = w_mul(point->b_share, mp->zmh);
  const plimi_wide a_part = w_mul(a, w_add(mp->zm, w_scale(in->problem->psi2, b_mh)));
  const plimi_wide q = w_add(b, a_part);
  const plimi_wide front = w_mul(mp->zm, mp->inv_root);

  const plimi_wide h = mode_of(in, point), one = w_exact(1.0), cosine2 = cosine2_of(in);
  const plimi_wide share = w_add(one, w_mul(w_sub(one, cosine2), h)); /* G */
  const plimi_wide h_over_zm = /* times cosine^2; zm may be 0, without h */
      v_is_zero(h.part) ? h : w_div(w_mul(cosine2, h), mp->zm);
  const plimi_wide shared_y = w_mul(y, share), ry = w_mul(spike.signal, y);
  const plimi_wide cy = w_mul(spike.noise, shared_y), sy = w_mul(spike.total, shared_y);
  const plimi_wide damping = w_add(w_add(one, h), sy);
  const plimi_wide left = w_add(w_add(one, h), cy);
  const plimi_wide u = w_div(left, damping);
  const plimi_wide w_rest = w_mul(w_div(ry, damping), w_div(w_add(w_mul(share, cy), h_over_zm), damping));
  const plimi_wide w = w_add(w_square(u), w_rest);
  const plimi_wide steady = w_div(w_mul(share, w_add(w_add(two, w_scale(2.0, h)), sy)), damping);
  const plimi_wide w_gain = w_sub(steady, w_div(h_over_zm, damping));

  linear_part p;
  p.before = w_mul(front, w_add(q, kappa));
  p.after = w_mul(front, w_add(w_mul(q, u), w_mul(kappa, w)));
  p.gain = w_mul(w_mul(front, w_div(ry, damping)), w_add(w_mul(share, q), w_mul(kappa, w_gain)));
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

/* mu2*^2 + weight noise^2 + mu1*^2 p */
static plimi_wide weighed(const plimi_input *in, plimi_wide weight, plimi_wide p)
{
  const plimi_wide star1 = in->wide.star1, star2 = in->wide.star2;
  const plimi_wide noise = w_mul(weight, in->wide.noise2);
  return w_add(w_add(star2, noise), w_mul(star1, p));
}

static plim_status risk(const plimi_input *in, const solution *s, plimi_wide p, plim_value *value)
{
  const plimi_wide numerator = weighed(in, s->point.gamma, p);
  if (v_is_zero(s->point.residual.part)) /* 0/0: the limit depends on the order in which things vanish */
    return w_sign(numerator) > 0 ? PLIM_DIVERGES : PLIM_OUTSIDE_DOMAIN;
  *value = w_value(w_div(numerator, s->point.residual));
  return PLIM_OK;
}

static plim_status improvement(const plimi_input *in, const solution *s, plim_value *value)
{
  const plimi_wide numerator = w_mul(in->wide.star1, s->p.gain);
  if (v_is_zero(s->point.residual.part) && w_sign(numerator) != 0)
    return PLIM_DIVERGES;
  *value = v_is_zero(numerator.part) ? v_exact(0.0) : w_value(w_div(numerator, s->point.residual));
  return PLIM_OK;
}

static plim_value train(const plimi_input *in, const solution *s, plimi_wide p)
{
  if (v_is_zero(s->point.residual.part))
    return v_exact(0.0); /* total grows like 1/ratio there */
  const plimi_wide total = weighed(in, w_exact(1.0), p), ratio = s->point.ratio;
  return w_value(w_mul(total, w_mul(ratio, w_div(ratio, s->point.residual))));
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
  made.kappa = w_value(s.point.kappa);
  made.train0 = train(in, &s, s.p.before);
  made.train1 = train(in, &s, s.p.after);
  *result = made;
  return PLIM_OK;
}

static bool is_reused(const plimi_input *in)
{
  return in->problem->ridge_batch == PLIM_RIDGE_SAME;
}

static plim_status evaluate_risk0(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? risk(in, &s, s.p.before, value) : status;
}

plim_status plimi_risk_after(const plimi_input *in, plim_value *value)
{
  if (is_reused(in))
    return plimi_same_batch_risk1(in, value);
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? risk(in, &s, s.p.after, value) : status;
}

plim_status plimi_risk_gained(const plimi_input *in, plim_value *value)
{
  if (is_reused(in))
    return plimi_same_batch_delta(in, value);
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

plim_status plimi_train_after(const plimi_input *in, plim_value *value)
{
  if (is_reused(in))
    return plimi_same_batch_train1(in, value);
  solution s;
  const plim_status status = solve(in, &s);
  if (status == PLIM_OK)
    *value = train(in, &s, s.p.after);
  return status;
}

plim_status plimi_small_step_gcv(const plimi_input *in, plim_value *value)
{
  solution s;
  const plim_status status = solve(in, &s);
  if (status != PLIM_OK)
    return status;
  const plimi_wide total = weighed(in, w_exact(1.0), s.p.after);
  if (v_is_zero(s.point.residual.part))
    return w_sign(total) > 0 ? PLIM_DIVERGES : PLIM_OUTSIDE_DOMAIN;
  *value = w_value(w_div(total, s.point.residual));
  return PLIM_OK;
}

static plim_status in_doubles(const solution *s, plimi_wide bias, plimi_ridge_parts *parts)
{
  *parts = (plimi_ridge_parts){w_value(bias), w_value(s->point.gamma), w_value(s->point.residual)};
  return PLIM_OK;
}

static plim_status parts_before(const plimi_input *in, plimi_ridge_parts *parts)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? in_doubles(&s, s.p.before, parts) : status;
}

static plim_status parts_after(const plimi_input *in, plimi_ridge_parts *parts)
{
  solution s;
  const plim_status status = solve(in, &s);
  return status == PLIM_OK ? in_doubles(&s, s.p.after, parts) : status;
}

/* On fresh batches a second step of a size of its own makes the spike's direction depend on eta too. */
static bool turns_with_eta(const plim_problem *problem)
{
  return !isnan(problem->eta_second) && problem->batch == PLIM_BATCH_FRESH;
}

/* Where the norm mode is there R1 and T1 may rise before they fall, and R0 - R1 fall before it rises. */
plimi_shape plimi_falls_with_eta(const plim_problem *problem)
{
  if (turns_with_eta(problem))
    return PLIMI_SHAPE_UNKNOWN;
  return plimi_has_norm_mode(problem) ? PLIMI_SHAPE_ENDS : PLIMI_SHAPE_DECREASING;
}

static plimi_shape rises_with_eta(const plim_problem *problem)
{
  if (turns_with_eta(problem))
    return PLIMI_SHAPE_UNKNOWN;
  return plimi_has_norm_mode(problem) ? PLIMI_SHAPE_ENDS : PLIMI_SHAPE_INCREASING;
}

#define READS_BOTH (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_SECOND_STEP)
#define READS_AFTER (READS_BOTH | PLIMI_READS_STEP | PLIMI_READS_BATCHES_AND_ATOMS)
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
    .reads = READS_BOTH | PLIMI_READS_BATCHES_AND_ATOMS,
    .evaluate = evaluate_risk0,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_CONSTANT, NULL, parts_before, false}};

static const plimi_limit limit_risk1 = {
    .info = {.quantity = PLIM_RISK1,
             .source = "[BA] NeurIPS Thm 3, Fact 4, Thm 5; closed form derived here",
             .keys = "BA",
             .statement =
                 "R1 = [s2 - mu1*^2 (1 - z q) - kappa mu1*^2 (q + z q')] / (1 - gamma) - noise^2,\n"
                 "q = m - r a z m^2 mh / (1 + (s a z m + chi) mh), a = mu1^2, s = eta^2 theta1^2,\n"
                 "r = eta^2 theta2^2, z = mu2^2 + kappa: risk of ridge regression on the features\n"
                 "N^-1/2 sigma(W1'x) of fresh data. R1 >= mu2*^2. chi = psi2 (E sigma'')^2/2 for the\n"
                 "constant readout (derived here), 0 for the others and for odd sigma." PLIMI_REUSED_RISK
                     PLIMI_REUSED_REST,
             .domain = AT_W1 PLIMI_REUSED_DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_AFTER,
    .evaluate = plimi_risk_after,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_ENDS, plimi_falls_with_eta, parts_after,
                  true}};

static const plimi_limit limit_delta = {
    .info =
        {.quantity = PLIM_DELTA,
         .source = "[BA] NeurIPS Thm 5; this form derived here",
         .keys = "BA",
         .statement =
             "delta = R0 - R1 = mu1*^2 eta^2 theta2^2 / (1 - gamma) *\n"
             "  { (mu2/mu1)^2 g^2/(1 + c g)\n"
             "    + kappa (mu2^2 + kappa)/mu1^4 (-g') g (2 + c g)/(1 + c g)^2 },\n"
             "S = (mu2^2 + kappa)/mu1^2, S g^2 + (S + psi2 - 1) g = 1, c = 1 + eta^2 theta1^2.\n"
             "delta >= 0, and delta = 0 iff eta mu1 mu1* = 0. Constant readout (derived here): chi of\n"
             "risk1 joins the denominators, and where E sigma'' != 0 delta may be negative.\n"
             "The gradient's samples again (--ridge-batch same; derived here): delta = R0 - R1 with R1 of\n"
             "`plim cite risk1`; it has no sign at a fixed lambda.",
         .domain = AT_W1 PLIMI_REUSED_DOMAIN,
         .drift_rate = 0.5},
    .reads = READS_AFTER,
    .evaluate = plimi_risk_gained,
    .objective = {PLIM_GOAL_GREATEST, PLIMI_SHAPE_UNKNOWN, PLIMI_SHAPE_ENDS, rises_with_eta, NULL, true}};

static const plimi_limit limit_train0 = {
    .info = {.quantity = PLIM_TRAIN0,
             .source = "[BA] NeurIPS section 4, [MM]; this form derived here",
             .keys = "BA,MM",
             .statement =
                 "T0 = (R0 + noise^2) (lambda/kappa)^2, T = (1/n)|yt - Phi ahat|^2: training error of\n"
                 "ridge regression on the features at W0.",
             .domain = "sigma not constant; lambda = 0: the limit lambda -> 0",
             .drift_rate = 1.0},
    .reads = READS_BOTH | PLIMI_READS_BATCHES_AND_ATOMS,
    .evaluate = evaluate_train0,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_INCREASING, PLIMI_SHAPE_CONSTANT, NULL, NULL, false}};

static const plimi_limit limit_train1 = {
    .info = {.quantity = PLIM_TRAIN1,
             .source = "derived here, from [BA] NeurIPS Thm 3 and Thm 5",
             .keys = "BA",
             .statement =
                 "T1 = (R1 + noise^2) (lambda/kappa)^2, T = (1/n)|yt - Phi ahat|^2: training error of\n"
                 "ridge regression on the features at W1. kappa is the same as at W0, R1 with chi for the\n"
                 "constant readout." PLIMI_REUSED_TRAIN PLIMI_REUSED_REST,
             .domain =
                 "eta = Theta(1); proved for odd sigma, observed beyond; sigma not constant; lambda = 0: "
                 "the limit lambda -> 0" PLIMI_REUSED_DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_AFTER,
    .evaluate = plimi_train_after,
    .objective = {PLIM_GOAL_LEAST, PLIMI_SHAPE_INCREASING, PLIMI_SHAPE_ENDS, plimi_falls_with_eta, NULL,
                  true}};

const plimi_limit *const plimi_small_step_limits[] = {&limit_risk0,  &limit_risk1,  &limit_delta,
                                                      &limit_train0, &limit_train1, NULL};
