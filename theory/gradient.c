/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradient.c - the first gradient and its rank-one part.

   SOURCES. [BA] NeurIPS Prop. 2 (the gradient is close to A = (mu1/(n sqrt N)) X'y a'); the limits of its norms are
   derived here (theory.md section 2), and so is the rule for several steps (section 5).

   NOTATION.
     paper      here                 meaning
     G0         -                    gradient at W0, d x N, of the square loss (1/2n) sum (f - y)^2
     theta1     theta1, grad_op      lim |sqrt(N) G0|_op = lim mu1 |X'y|/n
     theta2     theta2               its part along beta*: lim mu1 <X'y, beta*>/n
     -          grad_fro2            lim |sqrt(N) G0|_F^2
     eta        push, spread         (sum eta_t)^2, and sum eta_t^2 on fresh batches; eta_second where that is another
   NORMALISATION. W1 = W0 + eta sqrt(N) G0. nu2 = Var sigma'(z) is a variance, noise a standard deviation. psi1 is
   that of the gradient's batch (plim_problem_step_psi1) in this file, and n its samples.

   FORMULA.
     theta1^2 = mu1^2 (mu1*^2 + s2/psi1),   theta2 = mu1 mu1*,   grad_fro2 = theta1^2 + s2 nu2/psi1.
   T steps of sizes eta_t push W along X'y by, squared,
     same batch    s = (sum eta_t)^2 theta1^2
     fresh batches s = mu1^2 [(sum eta_t)^2 mu1*^2 + (sum eta_t^2) s2/psi1]
   and along beta* by r = (sum eta_t)^2 theta2^2 in both cases: f stays O(N^-1/2), so every step sees the same
   residual y, and on fresh batches only the part along beta* adds up coherently.

   The quantities theta1, theta2, grad_op and grad_fro2 are those of the gradient at W0, whatever problem.steps
   and problem.batch say.

   SIGN. theta1 and grad_op are norms; theta2 carries the sign of mu1 mu1*.
   WHY NOTHING CANCELS. s - r is computed from its own formula, mu1^2 (spread) s2/psi1.
   DOMAIN. Any sigma and teacher. mu1 = 0: the rank-one part and the operator norm vanish in the limit.
   ERROR. Running error analysis (wide.h) from the coefficients: squares that are no doubles do no harm.
   DRIFT. Squared norms have bias O(1/d); the correction of G0 by f is O(d^-1/2) but odd in the readout's sign, so it
   moves the means by O(1/d) only. mu1 = 0: norms whose limit is 0 are O(d^-1/2) themselves. */
#include <math.h>

#include "theory.h"

/* theta1^2 - theta2^2 = mu1^2 s2/psi1 */
static plimi_wide noise_strength(const plimi_input *in)
{
  return w_mul(in->wide.a, w_div(in->wide.s2, w_exact(plim_problem_step_psi1(in->problem))));
}

static plimi_wide signal_strength(const plimi_input *in)
{
  return w_mul(in->wide.a, in->wide.star1);
}

/* The two powers apart, for psi2 d need not be a double; error of a power: 2 DBL_EPSILON. */
plimi_wide plimi_step_over_power(const plim_problem *problem, double less)
{
  const double power = problem->eta_exponent - less;
  plimi_wide size = w_exact(problem->eta);
  if (problem->eta == 0.0 || power == 0.0)
    return size;
  const double base[] = {problem->psi2, problem->d};
  for (size_t i = 0; i < 2; i++) {
    const double factor = pow(base[i], power);
    size = w_mul(size, w_of((plim_value){factor, 2.0 * DBL_EPSILON * factor}));
  }
  return size;
}

bool plimi_moves(const plim_problem *problem)
{
  return problem->eta > 0.0 || (problem->steps == 2 && plim_problem_second_eta(problem) > 0.0);
}

double plimi_power_of_steps(const plim_problem *problem)
{
  const double second = problem->steps == 2 && plim_problem_second_eta(problem) > 0.0
                            ? plim_problem_second_exponent(problem)
                            : 0.0;
  return problem->eta > 0.0 ? fmax(problem->eta_exponent, second) : second;
}

bool plimi_has_second_step(const plim_problem *problem)
{
  return problem->steps == 2 && (plim_problem_second_eta(problem) != problem->eta ||
                                 plim_problem_second_exponent(problem) != problem->eta_exponent);
}

void plimi_add_steps(const plim_problem *problem, double less, plimi_input *in)
{
  const double steps = (double)problem->steps;
  const plimi_wide eta = plimi_step_over_power(problem, less);
  if (isnan(problem->eta_second) && isnan(problem->eta_second_exponent)) {
    in->push = w_square(w_scale(steps, eta));
    in->spread = problem->batch == PLIM_BATCH_SAME ? in->push : w_scale(steps, w_square(eta));
    return;
  }
  plim_problem turned = *problem;
  turned.eta = plim_problem_second_eta(problem);
  turned.eta_exponent = plim_problem_second_exponent(problem);
  const plimi_wide second = plimi_step_over_power(&turned, less);
  in->push = w_square(w_add(eta, second));
  in->spread = problem->batch == PLIM_BATCH_SAME ? in->push : w_add(w_square(eta), w_square(second));
}

plimi_wide_spike plimi_wide_spike_of(const plimi_input *in)
{
  plimi_wide_spike spike;
  spike.signal = w_mul(in->push, signal_strength(in));
  spike.noise = w_mul(in->spread, noise_strength(in));
  spike.total = w_add(spike.signal, spike.noise);
  return spike;
}

plimi_spike plimi_spike_of(const plimi_input *in)
{
  const plimi_wide_spike spike = plimi_wide_spike_of(in);
  return (plimi_spike){w_value(spike.signal), w_value(spike.noise), w_value(spike.total)};
}

static plimi_wide theta1_squared(const plimi_input *in)
{
  return w_add(signal_strength(in), noise_strength(in));
}

static plim_status evaluate_theta1(const plimi_input *in, plim_value *value)
{
  *value = w_value(w_sqrt(theta1_squared(in)));
  return PLIM_OK;
}

static plim_status evaluate_theta2(const plimi_input *in, plim_value *value)
{
  *value = w_value(w_mul(w_of(in->sigma.mu1), w_of(in->star.mu1)));
  return PLIM_OK;
}

static plim_status evaluate_grad_fro2(const plimi_input *in, plim_value *value)
{
  const plimi_wide rest = w_mul(in->wide.s2, w_of(in->sigma.nu2));
  *value = w_value(w_add(theta1_squared(in), w_div(rest, w_exact(plim_problem_step_psi1(in->problem)))));
  return PLIM_OK;
}

/* None of these sees the ridge regression, and E zeta^2 = 1 is all they know of the readout. */
#define READS_BOTH                                                                                           \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP)
#define OF_FIRST_GRADIENT                                                                                    \
  "any sigma (not constant) and teacher; of the gradient at W0, also for several steps"
#define TO_ZERO ".\nmu1 = 0: the limit 0 is approached like d^-0.5"

static const plimi_limit limit_theta1 = {
    .info =
        {.quantity = PLIM_THETA1,
         .source = "[BA] NeurIPS Prop. 2; the limit derived here",
         .keys = "BA",
         .statement =
             "theta1^2 = mu1^2 (mu1*^2 + s2/psi1),   s2 = mu1*^2 + mu2*^2 + noise^2:\n"
             "theta1 = lim mu1 |X'y|/n is the strength of the gradient's rank-one part. n and psi1 = n/d\n"
             "are those of the gradient's batch (step_psi1).",
         .domain = OF_FIRST_GRADIENT TO_ZERO,
         .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_theta1};

static const plimi_limit limit_theta2 = {
    .info = {.quantity = PLIM_THETA2,
             .source = "[BA] NeurIPS Prop. 2; the limit derived here",
             .keys = "BA",
             .statement = "theta2 = mu1 mu1* = lim mu1 <X'y, beta*>/n; theta2/theta1 is the cosine between\n"
                          "X'y and beta*.",
             .domain = OF_FIRST_GRADIENT,
             .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_theta2};

static const plimi_limit limit_grad_op = {
    .info = {.quantity = PLIM_GRAD_OP,
             .source = "[BA] NeurIPS Prop. 2; the limit derived here",
             .keys = "BA",
             .statement = "|sqrt(N) G0|_op -> theta1, because |G0 - A|_op / |G0|_op -> 0 for the rank-one\n"
                          "A = (mu1/(n sqrt N)) X'y a'.",
             .domain = OF_FIRST_GRADIENT TO_ZERO,
             .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_theta1};

static const plimi_limit limit_grad_fro2 = {
    .info = {.quantity = PLIM_GRAD_FRO2,
             .source = "derived here; [BA] NeurIPS Prop. 2 for the rank-one part",
             .keys = "BA",
             .statement = "|sqrt(N) G0|_F^2 -> theta1^2 + s2 nu2/psi1,   nu2 = Var sigma'(z): the rank-one\n"
                          "part and what is spread over all directions.",
             .domain = OF_FIRST_GRADIENT,
             .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_grad_fro2};

const plimi_limit *const plimi_gradient_limits[] = {&limit_theta1, &limit_theta2, &limit_grad_op,
                                                    &limit_grad_fro2, NULL};
