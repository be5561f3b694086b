/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.c - the singular value that a gradient step drives out of the spectrum of W1, and its singular vectors.

   SOURCES. [BA] arXiv Thm 3; [BGN] for low-rank perturbations of rectangular matrices; theory.md section 3.

   NOTATION.
     paper      here               meaning
     theta      sqrt(s)            eta theta1, strength of the rank-one part of W1 - W0; s = total (gradient.c)
     u1, v1     -                  top left and right singular vectors of W1
     s1         w1_top             largest singular value of W1, d x N
     -          w1_left_beta       <u1, beta*>^2
     -          w1_right_a         <v1, a>^2/|a|^2, a the readout
   NORMALISATION. W0 has entries N(0, 1/d): its singular values end at 1 + sqrt(psi2).

   FORMULA. Iff s^2 > psi2,
     s1^2         -> (1 + s)(psi2 + s)/s
     w1_left_beta -> (theta2/theta1)^2 (1 - (psi2 + s)/(s (s + 1)))    = (r/s) (s^2 - psi2)/(s (s + 1))
     w1_right_a   -> 1 - psi2 (1 + s)/(s (s + psi2))                   = (s^2 - psi2)/(s (s + psi2))
   and otherwise s1 -> 1 + sqrt(psi2), both overlaps -> 0. Several steps: s and r by the rule of gradient.c.

   AS COMPUTED (derived here). With p = max(0, s - sqrt psi2), the distance to the threshold,
     s1 = e + g/(e + sqrt(e^2 + g)),   e = 1 + sqrt psi2,   g = p^2/s,      because s1^2 = e^2 + g,
   and s^2 - psi2 = p (s + sqrt psi2): one form on both sides, and at the threshold itself an error that covers both.
   WHY NOTHING CANCELS. Only p is a difference, and it loses what the problem itself loses there.
   LIMITING CASES. eta -> infinity: s1 ~ sqrt(s), the overlaps tend to (theta2/theta1)^2 and 1. At the threshold all
   three are continuous.
   DOMAIN. eta = Theta(1), any sigma. mu1 = 0: no outlier.
   ERROR. Running error analysis (wide.h). s - sqrt psi2 within its own error of 0 stands for both signs.
   DRIFT. Where there is an outlier, the gradient's term N^-1/2 sigma(X W0) a shrinks W0 along the readout by O(N^-1/2),
   which moves all three by O(d^-1/2). At an edge the bias of s1 is the O(d^-2/3) of the soft edge. */
#include "spectra/density.h"

/* s - sqrt(psi2) where it is positive; where its sign is not known, 0 with an error that covers what it may be. */
static plimi_wide above_threshold(const plimi_input *in, const plimi_wide_spike *spike)
{
  return w_positive_part(w_sub(spike->total, w_sqrt(w_exact(in->problem->psi2))));
}

static plimi_wide top(const plimi_input *in)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  const plimi_wide edge = w_add(w_exact(1.0), w_sqrt(w_exact(in->problem->psi2)));
  const plimi_wide above = above_threshold(in, &spike);
  if (v_is_zero(above.part))
    return edge;
  const plimi_wide gain = w_div(w_square(above), spike.total);
  return w_add(edge, w_div(gain, w_add(edge, w_sqrt(w_add(w_square(edge), gain)))));
}

bool plimi_weights_outlier(const plimi_input *in, plim_value *value)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  if (w_sign(above_threshold(in, &spike)) == 0)
    return false;
  *value = w_value(top(in));
  return true;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  *value = w_value(top(in));
  return PLIM_OK;
}

/* (s^2 - psi2)/(s (s + rest)), where positive */
static plimi_wide overlap(const plimi_input *in, const plimi_wide_spike *spike, plimi_wide rest)
{
  const plimi_wide above = above_threshold(in, spike), s = spike->total;
  if (v_is_zero(above.part))
    return above;
  const plimi_wide both = w_add(s, w_sqrt(w_exact(in->problem->psi2)));
  return w_mul(w_div(above, s), w_div(both, w_add(s, rest)));
}

/* A mu1 that is 0 to within rounding and a step that multiplies this rounding leave any number between 0 and 1. */
static plim_status fraction(plimi_wide x, plim_value *value)
{
  *value = w_value(x);
  return value->error < 1.0 ? PLIM_OK : PLIM_NOT_CONVERGED;
}

static plim_status evaluate_left_beta(const plimi_input *in, plim_value *value)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  const plimi_wide along = overlap(in, &spike, w_exact(1.0));
  if (v_is_zero(along.part)) {
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  return fraction(w_mul(w_div(spike.signal, spike.total), along), value);
}

static plim_status evaluate_right_a(const plimi_input *in, plim_value *value)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  return fraction(overlap(in, &spike, w_exact(in->problem->psi2)), value);
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP | PLIMI_READS_BATCHES_AND_ATOMS |         \
   PLIMI_READS_SECOND_STEP)
#define SOURCE "[BA] arXiv Thm 3; [BGN]"
#define DOMAIN "eta = Theta(1), any sigma that is not constant"

static const plimi_limit limit_w1_top = {
    .info = {.quantity = PLIM_W1_TOP,
             .source = SOURCE,
             .keys = "BA,BGN",
             .statement =
                 "With s = eta^2 theta1^2: iff s^2 > psi2 one singular value of W1 leaves the bulk,\n"
                 "  s1 -> sqrt((1 + s)(psi2 + s)/s);\n"
                 "otherwise s1 -> 1 + sqrt(psi2), the edge of the bulk.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_top};

static const plimi_limit limit_w1_left_beta = {
    .info = {.quantity = PLIM_W1_LEFT_BETA,
             .source = SOURCE,
             .keys = "BA,BGN",
             .statement = "With s = eta^2 theta1^2: iff s^2 > psi2\n"
                          "  <u1,beta*>^2 -> (theta2/theta1)^2 (1 - (psi2 + s)/(s (s + 1)));\n"
                          "otherwise it tends to 0.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_left_beta};

static const plimi_limit limit_w1_right_a = {
    .info = {.quantity = PLIM_W1_RIGHT_A,
             .source = SOURCE,
             .keys = "BA,BGN",
             .statement = "With s = eta^2 theta1^2: iff s^2 > psi2\n"
                          "  <v1,a>^2/|a|^2 -> 1 - psi2 (1 + s)/(s (s + psi2));\n"
                          "otherwise it tends to 0.",
             .domain = DOMAIN,
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_right_a};

const plimi_limit *const plimi_weights_limits[] = {&limit_w1_top, &limit_w1_left_beta, &limit_w1_right_a,
                                                   NULL};
