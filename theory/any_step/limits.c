/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - the quantities of section 9 of theory.md; the method is in any_step.c. */
#include "any_step.h"

static plim_status evaluate_risk(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_RISK, value);
}

static plim_status evaluate_train(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_TRAIN, value);
}

static plim_status evaluate_srf_risk(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_SPIKED, PLIMI_ANY_RISK, value);
}

static plim_status evaluate_srf_train(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_SPIKED, PLIMI_ANY_TRAIN, value);
}

static plim_status evaluate_m(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_M, value);
}

static plim_status evaluate_tau(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_TAU, value);
}

static plim_status evaluate_p(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_P, value);
}

static plim_status evaluate_v(const plimi_input *in, plim_value *value)
{
  return plimi_any_step_value(in, PLIMI_ANY_REAL, PLIMI_ANY_V, value);
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_ANY_STEP | PLIMI_READS_STEP_BATCH)
#define DOMAIN                                                                                               \
  "mu1 != 0, any teacher, one step, lambda > 0. Readouts rademacher and constant: any sigma, where E\n"      \
  "y^4 is finite; gaussian: sigma odd, for where it is not the first batch also multiplies w_j by 1 +\n"     \
  "e zeta_j E sigma'' (1/n) X'D_yX, which is left out there. d finite (to about 1e24; 1e19 where\n"          \
  "sigma is not odd), or d = inf: eta_exponent 0 is a small step (risk1, train1, any sigma), 0.5 has\n"      \
  "eta for eta/sqrt N, and between them (sigma odd) the limit depends on the exponent alone, through\n"      \
  "the powers of k that are learned: odd i with i (1 - 2 eta_exponent) < 1. None at exponents where\n"       \
  "equality holds for one (1/3, 2/5, 3/7, ...). An expression whose powers are not told from none\n"         \
  "within rounding: not_converged"
#define STATUS_OF_IT                                                                                         \
  "Proved: nothing of it in this generality ([BA] NeurIPS Thm 3 has eta = Theta(1), [CUI] the\n"             \
  "constant readout with spiked features by the replica method). Derived: neurons given the first\n"         \
  "batch as a mixture of kinds, one for each zeta, and Gaussian equivalence within each kind; with\n"        \
  "rademacher and constant readouts also the norms of the neurons, which let the predictor add E\n"          \
  "(g^2-1) sigma at a price of order one. Agrees with simulation. Left out: O(1/d), and the\n"               \
  "anisotropy of the bulk in the term that N^-1/2 sigma(X W0) a leaves in the gradient."

static const plimi_limit limit_risk = {
    .info =
        {.quantity = PLIM_RISK,
         .source = "derived here; [BA] for eta = Theta(1), [CUI] for the constant readout",
         .keys = "BA,CUI",
         .statement =
             "Risk after one real gradient step of any size, e = eta/sqrt N, with the leading finite-d\n"
             "effect: neuron j is sigma(e theta1 zeta_j k + sqrt(c_j) g), k = <x, v> along X'y, its bulk\n"
             "of covariance (1 + alpha_j S)/d, S = (1/n) X'D_y^2 X, alpha_j = e^2 zeta_j^2 nu2/psi1.\n"
             "V(k) = S'V1 S + E G E2,  1/G = L + (E psi1 E2/(1+V) + int w (A - A V1 A) d rho)/psi2,\n"
             "A = E psi1 S S'/(1+V), V1 = (diag(1/(pi G w)) + A)^-1; the risk is linear in V's solution.\n" //
         STATUS_OF_IT,
         .domain = DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_risk,
    .objective = {.goal = PLIM_GOAL_LEAST}};

static const plimi_limit limit_train = {
    .info = {.quantity = PLIM_TRAIN,
             .source = "derived here; [BA] for eta = Theta(1), [CUI] for the constant readout",
             .keys = "BA,CUI",
             .statement =
                 "Training error after one real gradient step of any size: E_k r2(k)/(1 + V(k))^2 with the\n"
                 "V(k) and the mean square residual r2(k) of `risk`; the noise of the labels is in it.\n" //
             STATUS_OF_IT,
             .domain = DOMAIN,
             .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_train,
    .objective = {.goal = PLIM_GOAL_LEAST}};

static const plimi_limit limit_srf_risk = {
    .info =
        {.quantity = PLIM_SRF_RISK,
         .source = "derived here; [CUI] for the constant readout",
         .keys = "CUI,BA",
         .statement =
             "Risk of ridge with spiked random features in the place of W1: w_j = e theta1 zeta_j v plus\n"
             "independent N(0, c_j/d) entries. As `risk` with the spectral measures of S replaced by a\n"
             "point mass at s2 and without the term of N^-1/2 sigma(X W0) a: with a Gaussian readout the\n"
             "limit psi1 -> inf of the real step (with the others a neuron's length depends on\n"
             "<beta*, w_j>). The constant readout is [CUI], but for the norms of the neurons.",
         .domain = DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_srf_risk,
    .objective = {.goal = PLIM_GOAL_LEAST}};

static const plimi_limit limit_srf_train = {
    .info =
        {.quantity = PLIM_SRF_TRAIN,
         .source = "derived here; [CUI] for the constant readout",
         .keys = "CUI,BA",
         .statement =
             "Training error of ridge with spiked random features in the place of W1: as `train` with the\n"
             "spectral measures of S replaced by a point mass at s2. The constant readout is [CUI].",
         .domain = DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_srf_train,
    .objective = {.goal = PLIM_GOAL_LEAST}};

#define ORDER_DOMAIN DOMAIN ". Order parameters: d finite, or eta_exponent 0.5 for all but any_m; eta > 0"
#define PREDICTOR                                                                                            \
  "Of the real step's predictor x -> N^-1/2 sum_j ahat_j sigma(<w_j, x>), v = X'y/|X'y| of the first batch"

static const plimi_limit limit_any_m = {
    .info =
        {.quantity = PLIM_ANY_M,
         .source = "derived here",
         .keys = "BA,CUI",
         .statement = PREDICTOR
         ":\n"
         "a'ahat = sum_b zeta_b M_b, the overlap of the fitted readout with the initial one, where M_b is\n"
         "the sum of N^-1/2 ahat_j over the neurons of kind b.",
         .domain = ORDER_DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_m};

static const plimi_limit limit_any_tau = {
    .info = {.quantity = PLIM_ANY_TAU,
             .source = "derived here",
             .keys = "BA,CUI",
             .statement = PREDICTOR
             ":\n"
             "N^-1/2 sum_j ahat_j <w_j, v> without the spike's own part e theta1 zeta_j in w_j: sum_b\n"
             "sqrt(c_b) tau_b of the fixed point.",
             .domain = ORDER_DOMAIN,
             .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_tau};

static const plimi_limit limit_any_p = {
    .info = {.quantity = PLIM_ANY_P,
             .source = "derived here",
             .keys = "BA,CUI",
             .statement = PREDICTOR
             ":\n"
             "N^-1/2 sum_j ahat_j <w_j, b> with b the unit vector of beta*'s part orthogonal to v:\n"
             "sum_b sqrt(c_b) p_b of the fixed point.",
             .domain = ORDER_DOMAIN,
             .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_p};

static const plimi_limit limit_any_v = {
    .info =
        {.quantity = PLIM_ANY_V,
         .source = "derived here",
         .keys = "BA,CUI",
         .statement =
             "E_k V(k), V(k) = phi(x)' (Phi'Phi + (lambda n/N) 1)^-1 phi(x) for a fresh input with <x, v> = "
             "k,\n"
             "without its mean part: the leverage of a sample that was left out. A sample's own residual is\n"
             "the fresh one divided by 1 + V.",
         .domain = ORDER_DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_v};

const plimi_limit *const plimi_any_step_limits[] = {&limit_risk,      &limit_train, &limit_srf_risk,
                                                    &limit_srf_train, &limit_any_m, &limit_any_tau,
                                                    &limit_any_p,     &limit_any_v, NULL};
