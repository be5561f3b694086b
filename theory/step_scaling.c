/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step_scaling.c - how close the gradient is to rank one, and how far a step moves W beside W0 itself.

   SOURCES. [BA] NeurIPS Prop. 2 (the gradient is close to a rank-one matrix) and section 3.2 (which norm of W1 - W0
   is of the order of that of W0, for which step size); the constants are derived here from the limits of gradient.c.

   NOTATION.
     paper      here               meaning
     A          -                  (mu1/(n sqrt N)) X'y a', the rank-one part of G0
     -          grad_rank_one      lim |G0 - A|_op / |G0|_op
     -          step_op            lim |W1 - W0|_op / |W0|_op
     -          step_fro           lim |W1 - W0|_F / |W0|_F
     eta        eta                the step size itself, eta0 N^exponent
   NORMALISATION. W0 has entries N(0, 1/d): |W0|_op -> 1 + sqrt(psi2) and |W0|_F^2 = N (1 + O((d N)^-1/2)). W1 = W0 +
   eta sqrt(N) G0. Both ratios are of norms, not of squares.

   FORMULA. One step is linear in eta, so with theta1 and grad_fro2 of gradient.c
     step_op  -> eta theta1 / (1 + sqrt(psi2)),      step_fro = (eta/sqrt N) sqrt(grad_fro2) (1 + o(1)),
   whatever the exponent: of order one at eta = Theta(1) and at eta = Theta(sqrt N), in this order. At finite d, eta =
   eta0 (psi2 d)^exponent stands in both. With d = infinity
     exponent         0                               between                 1/2
     step_op          eta0 theta1/(1 + sqrt psi2)     infinite                infinite
     step_fro         0                               0                       eta0 sqrt(grad_fro2).
   Several steps at exponent 0 push W by sqrt(s) along X'y (gradient.c), and on fresh batches what is spread over all
   directions adds up incoherently too:
     step_op  -> sqrt(s)/(1 + sqrt psi2),    N step_fro^2 -> s + (sum eta_t)^2 or (sum eta_t^2) times s2 nu2/psi1.
   grad_rank_one -> 0: sqrt(N)(G0 - A) is (1/n) X'D_y (sigma'(X W0) - mu1) D_a and what f adds, both of operator norm
   O(n^-1/2) up to logarithms. Where A = 0 (mu1 = 0, or y = 0) the ratio is 1, at every size.

   WHY NOTHING CANCELS. Sums and products of positive numbers.
   DOMAIN. Any sigma that is not constant, any teacher; several steps at exponent 0 only (beyond, a step changes the
   next gradient's direction). step_op has no finite limit at d = infinity with exponent > 0: PLIM_DIVERGES. Without a
   rank-one part (A = 0) what such a step does is the rest of the gradient, of which only the order is known: outside.
   ERROR. Running error analysis (wide.h).
   DRIFT. grad_rank_one: d^-1/2, up to logarithms. step_op: the soft edge of |W0|_op, d^-2/3. step_fro: d^-1. */
#include <stdbool.h>

#include "theory.h"

/* Does the first gradient fix the others' direction? */
static bool is_covered(const plim_problem *problem)
{
  return problem->steps == 1 || plimi_power_of_steps(problem) == 0.0;
}

static bool has_rank_one_part(const plimi_input *in)
{
  return in->sigma.mu1.value != 0.0 && w_sign(in->wide.s2) > 0;
}

static plim_status evaluate_op(const plimi_input *in, plim_value *value)
{
  const plim_problem *problem = in->problem;
  if (!is_covered(problem))
    return PLIM_OUTSIDE_DOMAIN;
  if (plimi_power_of_steps(problem) > 0.0) {
    if (!has_rank_one_part(in))
      return PLIM_OUTSIDE_DOMAIN;
    if (!isfinite(problem->d))
      return PLIM_DIVERGES;
  }
  plimi_input stepped = *in;
  plimi_add_steps(problem, 0.0, &stepped);
  const plimi_wide edge = w_add(w_exact(1.0), w_sqrt(w_exact(problem->psi2)));
  *value = w_value(w_div(w_sqrt(plimi_wide_spike_of(&stepped).total), edge));
  return PLIM_OK;
}

static plim_status evaluate_fro(const plimi_input *in, plim_value *value)
{
  const plim_problem *problem = in->problem;
  if (!is_covered(problem))
    return PLIM_OUTSIDE_DOMAIN;
  const bool vanishes = plimi_power_of_steps(problem) < 0.5 && !isfinite(problem->d);
  plimi_input stepped = *in; /* with no step in it */
  if (!vanishes)
    plimi_add_steps(problem, 0.5, &stepped);
  const plimi_wide spread = w_mul(in->wide.s2, w_of(in->sigma.nu2));
  const plimi_wide rest = w_mul(stepped.spread, w_div(spread, w_exact(plim_problem_step_psi1(problem))));
  *value = w_value(w_sqrt(w_add(plimi_wide_spike_of(&stepped).total, rest)));
  return PLIM_OK;
}

static plim_status evaluate_rank_one(const plimi_input *in, plim_value *value)
{
  *value = v_exact(has_rank_one_part(in) ? 0.0 : 1.0);
  return PLIM_OK;
}

#define READS_BOTH                                                                                           \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP)

static const plimi_limit limit_grad_rank_one = {
    .info = {.quantity = PLIM_GRAD_RANK_ONE,
             .source = "[BA] NeurIPS Prop. 2",
             .keys = "BA",
             .statement =
                 "|G0 - A|_op / |G0|_op -> 0 for the rank-one A = (mu1/(n sqrt N)) X'y a', at the rate\n"
                 "n^-1/2 up to logarithms. Where A = 0 (mu1 = 0, or y = 0) the ratio is 1.",
             .domain = "any sigma (not constant) and teacher; of the gradient at W0, also for several steps",
             .drift_rate = 0.5},
    .reads = READS_BOTH,
    .evaluate = evaluate_rank_one};

static const plimi_limit limit_step_op = {
    .info = {.quantity = PLIM_STEP_OP,
             .source = "[BA] NeurIPS section 3.2; the constant derived here",
             .keys = "BA",
             .statement =
                 "|W1 - W0|_op / |W0|_op -> eta theta1 / (1 + sqrt(psi2)): of order one at eta = Theta(1).\n"
                 "Several steps: sqrt(s) in place of eta theta1, s as in the weights' limits.",
             .domain =
                 "any sigma (not constant) and teacher; several steps at exponent 0 only; mu1 = 0 or y = 0\n"
                 "at exponent 0 only, where the limit 0 is approached like d^-0.5",
             .drift_rate = 2.0 / 3.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_op};

static const plimi_limit limit_step_fro = {
    .info =
        {.quantity = PLIM_STEP_FRO,
         .source = "[BA] NeurIPS section 3.2; the constant derived here",
         .keys = "BA",
         .statement =
             "|W1 - W0|_F / |W0|_F = (eta/sqrt N) sqrt(theta1^2 + s2 nu2/psi1) (1 + o(1)): of order one at\n"
             "eta = eta0 sqrt N, where it tends to eta0 sqrt(theta1^2 + s2 nu2/psi1); 0 in the limit below.",
         .domain = "any sigma (not constant) and teacher; several steps at exponent 0 only",
         .drift_rate = 1.0},
    .reads = READS_BOTH,
    .evaluate = evaluate_fro};

const plimi_limit *const plimi_step_scaling_limits[] = {&limit_grad_rank_one, &limit_step_op, &limit_step_fro,
                                                        NULL};
