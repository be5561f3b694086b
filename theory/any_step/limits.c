/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - the quantities of sections 9 and 15 of theory.md; the method is in any_step.c. */
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
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_ANY_STEP | PLIMI_READS_STEP_BATCH |            \
   PLIMI_READS_ATOMS)
#define DOMAIN                                                                                               \
  "mu1 != 0 (else the step has no rank-one part, and terms that it otherwise drowns would count), any\n"     \
  "teacher with E y^4 finite, any readout, one step, lambda > 0. d finite (to about 1e24 where sigma is\n"   \
  "odd; else to 1e19, and with a Gaussian readout or atoms to 1e11), or d = inf: eta_exponent 0 is a\n"      \
  "small step (risk1, train1), 0.5 has eta for eta/sqrt N, and between them the limit depends on the\n"      \
  "exponent alone, through the orders i of sigma that are learned: E sigma^(i) != 0 and\n"                   \
  "i (1 - 2 eta_exponent) < 1 (rademacher: 1 and the least even one; constant: 1; atoms: the lowest\n"       \
  "whose zeta^i are linearly independent). None at exponents where equality holds for such an i (1/4,\n"     \
  "1/3, 3/8, 2/5, ...). An expression whose orders are not told from none within rounding, values of\n"      \
  "zeta or functions of k that are not told apart, and orders above 24: not_converged"
#define STATUS_OF_IT                                                                                         \
  "Proved: nothing of it in this generality ([BA] NeurIPS Thm 3 has eta = Theta(1), [CUI] the\n"             \
  "constant readout with spiked features by the replica method). Derived: neurons given the first\n"         \
  "batch as a mixture of kinds, one for each zeta; their bulk (1 + a D1)^2 + alpha S, D1 =\n"                \
  "(1/n) X'D_yX and S = (1/n) X'D_y^2X, by an operator-valued fixed point in the law of y; Gaussian\n"       \
  "equivalence within each kind, but for the norms of the neurons, which let the predictor add E\n"          \
  "(g^2-1) sigma (at |zeta| = 1 at a price of order one, with a Gaussian readout O(1/d)), and those of\n"    \
  "the inputs. Agrees with simulation. Left out: O(1/d) otherwise, non-Gaussian parts of the norms'\n"       \
  "variance, and the anisotropy of the bulk in terms that are O(d^-1/2) themselves, such as that of\n"       \
  "N^-1/2 sigma(X W0) a in the gradient. Between the exponents (derived) the second order learned is\n"      \
  "theta1^2 k^2 + q, q = nu2 s2/psi1, for the step's noise lengthens a neuron as much as it turns it:\n"     \
  "where the losses of [MLHD] for l = 2, as they are quoted (the text was not at hand), have 3 there\n"      \
  "stands 3 + 2x + x^2, x = q/theta1^2, and the constant that k^2 - 1 needs is had from the neurons'\n"      \
  "norms alone."

static const plimi_limit limit_risk = {
    .info =
        {.quantity = PLIM_RISK,
         .source = "derived here; [BA] for eta = Theta(1), [CUI] for the constant readout",
         .keys = "BA,CUI,MLHD",
         .statement =
             "Risk after one real gradient step of any size, e = eta/sqrt N, with the leading finite-d\n"
             "effect: neuron j is sigma(e theta1 zeta_j k + sqrt(c_j) g), k = <x, v> along X'y, its bulk\n"
             "of covariance Sigma_j/d, Sigma_j = (1 + a_j D1)^2 + alpha_j S with a_j = e zeta_j E sigma'',\n"
             "alpha_j = e^2 zeta_j^2 (nu2 - (E sigma'')^2)/psi1. With tr over d: V(k) = S'V1 S + E G E2,\n"
             "1/G_b = L + (E w E2_b + (A V1)_bb/(pi_b G_b))/psi2, w = psi1 (1/(1+V) + eps), A = E w S S',\n"
             "V1 = (1/d) tr (diag(c/(pi G Sigma)) + A)^-1. The risk is the derivative in eps of the limit "
             "of\n"
             "the ridge regression's objective, (1/psi1) E w (h2 - fit) + noise^2 E 1/(1+V).\n" //
         STATUS_OF_IT,
         .domain = DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_risk,
    .objective = {.goal = PLIM_GOAL_LEAST}};

static const plimi_limit limit_train = {
    .info =
        {.quantity = PLIM_TRAIN,
         .source = "derived here; [BA] for eta = Theta(1), [CUI] for the constant readout",
         .keys = "BA,CUI,MLHD",
         .statement =
             "Training error after one real gradient step of any size: with the objective of `risk` it is\n"
             "Obj - lambda dObj/d lambda; the noise of the labels is in it.\n" //
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
             "independent N(0, c_j/d) entries. As `risk` with c_j in the place of Sigma_j and without the\n"
             "term of N^-1/2 sigma(X W0) a: with a Gaussian readout and sigma odd the\n"
             "limit psi1 -> inf of the real step (with the others a neuron's length depends on\n"
             "<beta*, w_j>). The constant readout is [CUI], but for the norms of the neurons.",
         .domain = DOMAIN,
         .drift_rate = 1.0},
    .reads = READS_ALL,
    .evaluate = evaluate_srf_risk,
    .objective = {.goal = PLIM_GOAL_LEAST}};

static const plimi_limit limit_srf_train = {
    .info = {.quantity = PLIM_SRF_TRAIN,
             .source = "derived here; [CUI] for the constant readout",
             .keys = "CUI,BA",
             .statement =
                 "Training error of ridge with spiked random features in the place of W1: as `train` with "
                 "c_j in\n"
                 "the place of Sigma_j. The constant readout is [CUI], but for the norms of the neurons.",
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
