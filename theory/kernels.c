/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernels.c - ridge regression on the raw inputs, and the fixed kernels that act like it; the lower bound for all.

   SOURCES. [BA] NeurIPS Prop. 1 (kernels, lower bound); [EK] (a kernel matrix of the proportional regime is a linear
   one plus a multiple of the identity); [HMRT] (ridge regression on the inputs); theory.md section 6.

   NOTATION.
     paper    here     meaning
     l        l        penalty of argmin (1/n)|y - X b|^2 + l |b|^2
     kappa    kappa    effective ridge of that regression (not the one of the features)
     g        kernel   kernel function: g(0), g'(0), g(1) or g(0), g(2), g'(2)
   NORMALISATION. Kernels enter as k(x,X)(K + lambda I)^-1 y. NTK features (Nd)^-1/2 vec(sigma'(W0'x) x') with
   the penalty (lambda/N)|a|^2. Risk against the noise-free teacher, no factor 1/2.

   FORMULA. kappa = [-C + sqrt(C^2 + 4 l)]/2,  C = 1 - l - 1/psi1,
     R_lin(l) = [mu1*^2 (kappa/(1 + kappa))^2 + mu2*^2 + noise^2] / (1 - 1/(psi1 (1 + kappa)^2)) - noise^2,
   and with that function of l
     g(<x,y>/d)      l = (lambda + g(1) - g(0) - g'(0)) / (g'(0) psi1)
     g(|x-y|^2/d)    l = (lambda + g(0) - g(2) + 2 g'(2)) / (-2 g'(2) psi1)
     NTK at W0       l = (lambda psi1/psi2 + nu2) / (mu1^2 psi1)
   Every fixed kernel has risk >= mu2*^2, whatever lambda.

   WHY NOTHING CANCELS. C = (psi1 - 1)/psi1 - l. kappa is read as 2 l/(C + sqrt) where C > 0, and l/kappa likewise. The
   equation for kappa is (kappa - l)(1 + kappa) = kappa/psi1, so (derived here)
     1 - 1/(psi1 (1 + kappa)^2) = (kappa + l/kappa)/(1 + kappa),
   and noise^2 is taken out by hand: R_lin = [mu1*^2 (..)^2 + mu2*^2 + noise^2 g]/(1 - g), g = 1/(psi1 (1 + kappa)^2).
   The dist kernel's 1 - 3 e^-2 and the inner kernel's e - 2 are differences of numbers of order 1.

   LIMITING CASES. l = 0: least squares for psi1 > 1, the minimum-norm solution for psi1 < 1, infinite at psi1 = 1.
   l -> infinity (NTK with mu1 = 0: such a kernel has no linear part): mu1*^2 + mu2*^2.
   DOMAIN. psi1 > 0, l >= 0, any teacher.
   ERROR. Running error analysis (bounded.h).
   DRIFT. The replacement of K by its linear part costs O(1/d), as do traces of resolvents. */
#include "bounded.h"
#include "theory.h"

/* What R_lin(l) is made of. */
static plimi_ridge_parts parts_of_penalty(const plimi_input *in, plim_value l)
{
  const plim_value psi1 = v_exact(in->problem->psi1), one = v_exact(1.0);
  const plim_value c = v_sub(v_div(v_sub(psi1, one), psi1), l);
  const plim_value root = v_sqrt(v_add(v_square(c), v_scale(4.0, l)));
  plim_value kappa, ratio; /* ratio = l/kappa */
  if (c.value > 0.0) {
    ratio = v_scale(0.5, v_add(c, root));
    kappa = v_div(l, ratio);
  } else {
    kappa = v_scale(0.5, v_sub(root, c));
    ratio = kappa.value > 0.0 ? v_div(l, kappa) : v_exact(0.0);
  }
  const plim_value grown = v_add(one, kappa);
  return (plimi_ridge_parts){.bias = v_square(v_div(kappa, grown)),
                             .gamma = v_div(one, v_mul(psi1, v_square(grown))),
                             .residual = v_div(v_add(kappa, ratio), grown)};
}

static plim_status parts_of_linear_ridge(const plimi_input *in, plimi_ridge_parts *parts)
{
  *parts = parts_of_penalty(in, v_exact(in->problem->lambda));
  return PLIM_OK;
}

static plim_status parts_of_ntk_ridge(const plimi_input *in, plimi_ridge_parts *parts)
{
  const plim_problem *p = in->problem;
  if (in->a.value == 0.0) { /* nothing linear to learn with: l = infinity */
    *parts = (plimi_ridge_parts){v_exact(1.0), v_exact(0.0), v_exact(1.0)};
    return PLIM_OK;
  }
  const plim_value ridge = v_mul(v_exact(p->lambda), v_div(v_exact(p->psi1), v_exact(p->psi2)));
  const plim_value top = v_add(ridge, in->sigma.nu2);
  *parts = parts_of_penalty(in, v_div(top, v_scale(p->psi1, in->a)));
  return PLIM_OK;
}

/* g(t) = exp(t) on <x,y>/d: g(1) - g(0) - g'(0) = e - 2. */
static plim_status parts_of_exp_inner(const plimi_input *in, plimi_ridge_parts *parts)
{
  const plim_problem *p = in->problem;
  const plim_value excess = {0.71828182845904523536, DBL_EPSILON};
  const plim_value top = v_add(v_exact(p->lambda), excess);
  *parts = parts_of_penalty(in, v_div(top, v_exact(p->psi1)));
  return PLIM_OK;
}

/* g(t) = exp(-t) on |x-y|^2/d: g(0) - g(2) + 2 g'(2) = 1 - 3 e^-2, -2 g'(2) = 2 e^-2. */
static plim_status parts_of_exp_dist(const plimi_input *in, plimi_ridge_parts *parts)
{
  const plim_problem *p = in->problem;
  const plim_value decay = {0.13533528323661269189, DBL_EPSILON}; /* e^-2 */
  const plim_value excess = v_sub(v_exact(1.0), v_scale(3.0, decay));
  const plim_value top = v_add(v_exact(p->lambda), excess);
  *parts = parts_of_penalty(in, v_div(top, v_scale(2.0 * p->psi1, decay)));
  return PLIM_OK;
}

static plim_status risk_of_parts(const plimi_input *in, const plimi_ridge_parts *parts, plim_value *value)
{
  const plim_value bias = v_mul(in->star1, parts->bias);
  const plim_value numerator = v_add(v_add(bias, in->star2), v_mul(in->noise2, parts->gamma));
  if (parts->residual.value ==
      0.0) { /* l = 0 at psi1 = 1: kappa -> 0 like sqrt(l), so a lone bias would vanish */
    if (numerator.value > 0.0)
      return PLIM_DIVERGES;
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  *value = v_div(numerator, parts->residual);
  return PLIM_OK;
}

static plim_status evaluate_by(plim_status (*parts_of)(const plimi_input *in, plimi_ridge_parts *parts),
                               const plimi_input *in, plim_value *value)
{
  plimi_ridge_parts parts;
  const plim_status status = parts_of(in, &parts);
  return status == PLIM_OK ? risk_of_parts(in, &parts, value) : status;
}

static plim_status evaluate_linear_ridge(const plimi_input *in, plim_value *value)
{
  return evaluate_by(parts_of_linear_ridge, in, value);
}

static plim_status evaluate_ntk_ridge(const plimi_input *in, plim_value *value)
{
  return evaluate_by(parts_of_ntk_ridge, in, value);
}

static plim_status evaluate_exp_inner(const plimi_input *in, plim_value *value)
{
  return evaluate_by(parts_of_exp_inner, in, value);
}

static plim_status evaluate_exp_dist(const plimi_input *in, plim_value *value)
{
  return evaluate_by(parts_of_exp_dist, in, value);
}

static plim_status evaluate_lower_bound(const plimi_input *in, plim_value *value)
{
  *value = in->star2;
  return PLIM_OK;
}

#define OBJECTIVE(name)                                                                                      \
  {                                                                                                          \
    PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_CONSTANT, parts_of_##name                                \
  }
#define R_LIN                                                                                                \
  "R_lin(l) = [mu1*^2 (k/(1+k))^2 + mu2*^2 + noise^2]/(1 - 1/(psi1 (1+k)^2)) - noise^2,\n"                   \
  "k = [-C + sqrt(C^2 + 4 l)]/2, C = 1 - l - 1/psi1"

static const plimi_limit limit_linear_ridge = {
    .info = {.quantity = PLIM_LINEAR_RIDGE,
             .source = "[HMRT]",
             .keys = "HMRT",
             .statement = R_LIN ":\nrisk of argmin (1/n)|y - X b|^2 + l |b|^2, here with l = lambda.",
             .domain = "any teacher; lambda = 0: the limit lambda -> 0, infinite at psi1 = 1",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_TEACHER,
    .evaluate = evaluate_linear_ridge,
    .objective = OBJECTIVE(linear_ridge)};

static const plimi_limit limit_ntk_ridge = {
    .info = {.quantity = PLIM_NTK_RIDGE,
             .source = "[BA] NeurIPS Prop. 1; [EK], [HMRT]",
             .keys = "BA,EK,HMRT",
             .statement = "R_lin((lambda psi1/psi2 + nu2)/(mu1^2 psi1)),\n" R_LIN ":\n"
                          "ridge regression on the tangent features (Nd)^-1/2 vec(sigma'(W0'x) x'), penalty\n"
                          "(lambda/N)|a|^2.",
             .domain = "sigma not constant, any teacher",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER,
    .evaluate = evaluate_ntk_ridge,
    .objective = OBJECTIVE(ntk_ridge)};

static const plimi_limit limit_kernel_exp_inner = {
    .info = {.quantity = PLIM_KERNEL_EXP_INNER,
             .source = "[BA] NeurIPS Prop. 1; [EK], [HMRT]",
             .keys = "BA,EK,HMRT",
             .statement =
                 "R_lin((lambda + g(1) - g(0) - g'(0))/(g'(0) psi1)) for the kernel g(<x,y>/d), here\n"
                 "g(t) = exp(t);\n" R_LIN ".",
             .domain = "any teacher",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_TEACHER,
    .evaluate = evaluate_exp_inner,
    .objective = OBJECTIVE(exp_inner)};

static const plimi_limit limit_kernel_exp_dist = {
    .info = {.quantity = PLIM_KERNEL_EXP_DIST,
             .source = "[BA] NeurIPS Prop. 1; [EK], [HMRT]",
             .keys = "BA,EK,HMRT",
             .statement =
                 "R_lin((lambda + g(0) - g(2) + 2 g'(2))/(-2 g'(2) psi1)) for the kernel g(|x-y|^2/d),\n"
                 "here g(t) = exp(-t);\n" R_LIN ".",
             .domain = "any teacher",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_TEACHER,
    .evaluate = evaluate_exp_dist,
    .objective = OBJECTIVE(exp_dist)};

static const plimi_limit limit_lower_bound = {
    .info = {.quantity = PLIM_LOWER_BOUND,
             .source = "[BA] NeurIPS Prop. 1",
             .keys = "BA,EK",
             .statement =
                 "mu2*^2 = E sigma*^2 - mu1*^2: no ridge regression with a fixed rotation-invariant kernel,\n"
                 "nor on the features after one small step ([BA] NeurIPS Fact 4), has a smaller risk, "
                 "whatever lambda.",
             .domain = "any teacher",
             .drift_rate = 1.0},
    .reads = PLIMI_READS_TEACHER,
    .evaluate = evaluate_lower_bound};

const plimi_limit *const plimi_kernels_limits[] = {&limit_linear_ridge,     &limit_ntk_ridge,
                                                   &limit_kernel_exp_inner, &limit_kernel_exp_dist,
                                                   &limit_lower_bound,      NULL};
