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

   WHY NOTHING CANCELS. s^2 - psi2 = (s - sqrt psi2)(s + sqrt psi2); its first factor is the distance to the
   threshold and loses what the problem itself loses there.
   LIMITING CASES. eta -> infinity: s1 ~ sqrt(s), the overlaps tend to (theta2/theta1)^2 and 1. At the threshold all
   three are continuous.
   DOMAIN. eta = Theta(1), any sigma. mu1 = 0: no outlier.
   ERROR. Running error analysis (bounded.h).
   DRIFT. Where there is an outlier, the gradient's term N^-1/2 sigma(X W0) a shrinks W0 along the readout by O(N^-1/2),
   which moves all three by O(d^-1/2). At an edge the bias of s1 is the O(d^-2/3) of the soft edge. */
#include "bounded.h"
#include "spectra/density.h"

static bool has_outlier(const plimi_input *in, const plimi_spike *spike)
{
  return spike->total.value * spike->total.value > in->problem->psi2;
}

/* s^2 - psi2 */
static plim_value above_threshold(const plimi_input *in, const plimi_spike *spike)
{
  const plim_value threshold = v_sqrt(v_exact(in->problem->psi2));
  return v_mul(v_sub(spike->total, threshold), v_add(spike->total, threshold));
}

bool plimi_weights_outlier(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  const plim_value one = v_exact(1.0), psi2 = v_exact(in->problem->psi2);
  if (!has_outlier(in, &spike))
    return false;
  *value = v_sqrt(v_mul(v_add(one, spike.total), v_add(one, v_div(psi2, spike.total))));
  return true;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  if (!plimi_weights_outlier(in, value))
    *value = v_add(v_exact(1.0), v_sqrt(v_exact(in->problem->psi2)));
  return PLIM_OK;
}

static plim_status evaluate_left_beta(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  if (!has_outlier(in, &spike)) {
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  const plim_value s = spike.total;
  const plim_value overlap = v_div(v_div(above_threshold(in, &spike), s), v_add(s, v_exact(1.0)));
  *value = v_mul(v_div(spike.signal, s), overlap);
  return PLIM_OK;
}

static plim_status evaluate_right_a(const plimi_input *in, plim_value *value)
{
  const plimi_spike spike = plimi_spike_of(in);
  if (!has_outlier(in, &spike)) {
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  const plim_value s = spike.total, psi2 = v_exact(in->problem->psi2);
  *value = v_div(v_div(above_threshold(in, &spike), s), v_add(s, psi2));
  return PLIM_OK;
}

#define READS_ALL (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP)
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
