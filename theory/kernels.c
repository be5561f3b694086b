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
   ERROR. Running error analysis (wide.h).
   DRIFT. The replacement of K by its linear part costs O(1/d), as do traces of resolvents. */
#include "theory.h"

typedef struct {
  plimi_wide bias, gamma, residual; /* of plimi_ridge_parts */
} wide_parts;

/* What R_lin(l) is made of. */
static wide_parts parts_of_penalty(const plimi_input *in, plimi_wide l)
{
  const plimi_wide psi1 = w_exact(in->problem->psi1), one = w_exact(1.0);
  const plimi_wide c = w_sub(w_div(w_sub(psi1, one), psi1), l);
  const plimi_wide root = w_sqrt(w_add(w_square(c), w_scale(4.0, l)));
  plimi_wide kappa, ratio; /* ratio = l/kappa */
  if (w_sign(c) > 0) {
    ratio = w_scale(0.5, w_add(c, root));
    kappa = w_div(l, ratio);
  } else {
    kappa = w_scale(0.5, w_sub(root, c));
    ratio = w_sign(kappa) > 0 ? w_div(l, kappa) : w_exact(0.0);
  }
  const plimi_wide grown = w_add(one, kappa);
  return (wide_parts){.bias = w_square(w_div(kappa, grown)),
                      .gamma = w_div(one, w_mul(psi1, w_square(grown))),
                      .residual = w_div(w_add(kappa, ratio), grown)};
}

static wide_parts linear_ridge(const plimi_input *in)
{
  return parts_of_penalty(in, w_exact(in->problem->lambda));
}

static wide_parts ntk_ridge(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  if (in->sigma.mu1.value == 0.0) /* nothing linear to learn with: l = infinity */
    return (wide_parts){w_exact(1.0), w_exact(0.0), w_exact(1.0)};
  const plimi_wide ridge = w_mul(w_exact(p->lambda), w_div(w_exact(p->psi1), w_exact(p->psi2)));
  const plimi_wide top = w_add(ridge, w_of(in->sigma.nu2)), a = in->wide.a;
  return parts_of_penalty(in, w_div(top, w_scale(p->psi1, a)));
}

/* g(t) = exp(t) on <x,y>/d: g(1) - g(0) - g'(0) = e - 2. */
static wide_parts exp_inner(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  const plimi_wide excess = w_of((plim_value){0.71828182845904523536, DBL_EPSILON});
  const plimi_wide top = w_add(w_exact(p->lambda), excess);
  return parts_of_penalty(in, w_div(top, w_exact(p->psi1)));
}

/* g(t) = exp(-t) on |x-y|^2/d: g(0) - g(2) + 2 g'(2) = 1 - 3 e^-2, -2 g'(2) = 2 e^-2. */
static wide_parts exp_dist(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  const plimi_wide decay = w_of((plim_value){0.13533528323661269189, DBL_EPSILON}); /* e^-2 */
  const plimi_wide excess = w_sub(w_exact(1.0), w_scale(3.0, decay));
  const plimi_wide top = w_add(w_exact(p->lambda), excess);
  return parts_of_penalty(in, w_div(top, w_scale(2.0, w_scale(p->psi1, decay))));
}

static plim_status risk_of(const plimi_input *in, wide_parts parts, plim_value *value)
{
  const plimi_wide bias = w_mul(in->wide.star1, parts.bias);
  const plimi_wide noise = w_mul(in->wide.noise2, parts.gamma);
  const plimi_wide numerator = w_add(w_add(bias, in->wide.star2), noise);
  /* l = 0 at psi1 = 1: kappa -> 0 like sqrt(l); a lone bias would vanish */
  if (v_is_zero(parts.residual.part)) {
    if (w_sign(numerator) > 0)
      return PLIM_DIVERGES;
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  *value = w_value(w_div(numerator, parts.residual));
  return PLIM_OK;
}

static plim_status in_doubles(wide_parts wide, plimi_ridge_parts *parts)
{
  *parts = (plimi_ridge_parts){w_value(wide.bias), w_value(wide.gamma), w_value(wide.residual)};
  return PLIM_OK;
}

static plim_status parts_of_linear_ridge(const plimi_input *in, plimi_ridge_parts *parts)
{
  return in_doubles(linear_ridge(in), parts);
}

static plim_status parts_of_ntk_ridge(const plimi_input *in, plimi_ridge_parts *parts)
{
  return in_doubles(ntk_ridge(in), parts);
}

static plim_status parts_of_exp_inner(const plimi_input *in, plimi_ridge_parts *parts)
{
  return in_doubles(exp_inner(in), parts);
}

static plim_status parts_of_exp_dist(const plimi_input *in, plimi_ridge_parts *parts)
{
  return in_doubles(exp_dist(in), parts);
}

static plim_status evaluate_linear_ridge(const plimi_input *in, plim_value *value)
{
  return risk_of(in, linear_ridge(in), value);
}

static plim_status evaluate_ntk_ridge(const plimi_input *in, plim_value *value)
{
  return risk_of(in, ntk_ridge(in), value);
}

static plim_status evaluate_exp_inner(const plimi_input *in, plim_value *value)
{
  return risk_of(in, exp_inner(in), value);
}

static plim_status evaluate_exp_dist(const plimi_input *in, plim_value *value)
{
  return risk_of(in, exp_dist(in), value);
}

static plim_status evaluate_lower_bound(const plimi_input *in, plim_value *value)
{
  *value = w_value(in->wide.star2);
  return PLIM_OK;
}

#define OBJECTIVE(name)                                                                                      \
  {                                                                                                          \
    PLIM_GOAL_LEAST, PLIMI_SHAPE_PARTS, PLIMI_SHAPE_CONSTANT, NULL, parts_of_##name, false                   \
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
    .reads = PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP,
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
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS |
             PLIMI_READS_SECOND_STEP,
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
    .reads = PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP,
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
    .reads = PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP,
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
    .reads = PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP,
    .evaluate = evaluate_lower_bound};

const plimi_limit *const plimi_kernels_limits[] = {&limit_linear_ridge,     &limit_ntk_ridge,
                                                   &limit_kernel_exp_inner, &limit_kernel_exp_dist,
                                                   &limit_lower_bound,      NULL};
