/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step.c - one sharp risk for every step size: what is computed when, how far it is refined, and the
   descriptors.

   SOURCES. Sections 15 and 9 of theory.md, derived there; [BA] for the experiment, [CUI] for the constant readout
   with spiked random features, [MLHD] for the mixture of kinds of neuron. The files:
     kinds*.c    15   any activation: kinds.c names them
     between.c   15   eta exponents strictly between 0 and 1/2, d infinite
     tables.c    9.1  atoms of zeta, nodes in k, the averages over g and t   (average.c)
     labels.c    9.2  the law of y, by a long rule (survey.c) and a short one (gauss.c)
     measures.c  9.2  averages over the spectral measures of the first batch
     state.c     9.3  (1)-(4), the matrices at given V and G; coupling.c: their derivative
     solve.c          their fixed point
     means.c          (5)
     linear.c         (6)-(8)
     level.c, cache.c the answer of one level, and what is kept between calls
   The tests hold the measures against contour integrals, one kind of neuron against its scalar equations, and the two
   sections against each other where they meet.

   NORMALISATION. As in plim_problem.h. e = eta/sqrt N with N = psi2 d; the penalty in units of the features'
   covariance is L = lambda psi1/psi2; noise is a standard deviation; the risk has no noise in it, the
   training error has.

   WHICH FORMULA. d finite: section 15 at that d. d infinite: eta_exponent = 0 is a small step, section 5 for any sigma
   (small_step.c); eta_exponent = 1/2 is a large one, e = eta, and block means cost nothing; between the two e -> 0 and
   the functions that are learned are finitely many, whatever eta is (between.c). eta = 0: section 5. Section 9, which
   lacks the norms of the neurons, is used where these say nothing: for linear sigma, and for an odd one with a Gaussian
   readout at d from 1e9 on, where they are worth O(1/d). Its least squares do not mind how cheap block means are.

   NUMERICAL METHOD. Tables at coarser and finer steps ("levels"), each finer by sqrt 2, until the answer
   stands still. The rules converge faster than geometrically, so with the last two differences D' and D the
   next is less than D q, q = D/D', and 5 D q/(1 - q) bounds what is left.
   ERROR. That bound; plus the step of the fixed point that was not taken, and in section 9 the error of the law of y,
   times the amplification of the linear stage (1 in section 15: 120 random problems, half of them with lambda < 1e-3,
   at tolerances 1e-4 and 1e-7 differed by less than their errors); in section 15 what the law of y makes of less than
   half its points (sigma not odd), its error and that of nu2; what rounding does where block means are cheap
   (level.c); what the norms are worth where section 9 leaves them out; and for d infinite the difference that
   directions make of which it is not known whether they are there.
   PLIM_NOT_CONVERGED where it exceeds the workspace's tolerance, as soon as that is clear;
   plim_theory_attainable then has the least it came to.

   LIMITING CASES. d -> infinity at fixed eta: section 5. d -> infinity at fixed e: the value at infinite d, but slowly,
   for ever shorter directions have to be paid for (erf/tanh, e = 0.3, psi1 = 2, psi2 = 1.5, lambda = 0.1: 0.0893,
   0.0784, 0.0724 at d = 240, 1e4, 1e6, and 0.0715). psi1 -> infinity: spiked random features.
   mu1 = 0 (hermite3): e theta1 = 0, and what would be left of the step is its noise in the bulk. Simulation
   (hermite3/tanh, psi1 = 2, psi2 = 1.5, lambda = 0.05, noise = 0.2, e = 1) gives a training error of
   0.0876(14) at d = 200 and 0.0860(11) at d = 500 where the formula has 0.0918, so terms that a push of
   order sqrt N otherwise drowns are missing: outside the domain.
   DOMAIN. mu1 != 0, any teacher (E y^4 finite in section 15), one step, lambda > 0 (mu1 = 0 and lambda = 0 in section 5
   alone).
   DRIFT. What is left out is O(1/d), times a function of d e^2 that takes long to settle at psi1 < 1. Simulation less
   theory at psi1 = 0.6, psi2 = 1.7, lambda = 0.417, erf/tanh, noise 0.253, in percent times d (plim simulate,
   seeds 5151, 616161 and 717171, 2500 to 40000 replicas):
     real step, e = 0.5            d = 30, 60, 120, 240, 480: 16(3), 34(5), 50(6), 58(13), 84(21)
     spiked features, e = 0.5, a constant    30 to 240: 50(3), 80(6), 104(9), 153(17)
     spiked features, e = 1, a constant      20 to 320: 102(3), 131(5), 123(8), 126(13), 148(29)
   so the slow fall at e = 0.5 is not the real step's: it is there in the model that the formula is exact for. That the
   bulk is anisotropic in the term of N^-1/2 sigma(X W0) a too moves the risk there by 0.01 %. */
#include <stdlib.h>
#include <string.h>

#include "../bounded.h"
#include "cache.h"

static const double negligible =
    0.01; /* of the tolerance: a difference as good as rounding, of which no ratio is asked */

/* What is left after differences `before` and `now`: see NUMERICAL METHOD. */
static double left_over(double before, double now, double least_told)
{
  const double least = 0.02, most = 0.5; /* no faster than seems credible; no slower than converging */
  const double safety = 5.0;             /* up to 3 was seen to be needed, at 1 point of 100 */
  if (now <= least_told)
    return now;
  const double ratio = fmax(before > 0.0 ? now / before : 0.0, least);
  return ratio <= most ? safety * now * ratio / (1.0 - ratio) : INFINITY;
}

static bool is_good(const plimi_any_answer *a, plimi_any_number which, double tolerance)
{
  return a->error[which] <= tolerance * fabs(a->outcome.number[which]);
}

/* The relative error of what must be within the tolerance together: the number asked for; risk and training error. */
static double worst_error(const plimi_any_answer *a, plimi_any_number which)
{
  const bool is_error = which == PLIMI_ANY_RISK || which == PLIMI_ANY_TRAIN;
  double worst = 0.0;
  for (size_t i = 0; i < PLIMI_ANY_NUMBERS; i++)
    if (i == which || (is_error && (i == PLIMI_ANY_RISK || i == PLIMI_ANY_TRAIN)))
      worst = fmax(worst, a->error[i] == 0.0 ? 0.0 : a->error[i] / fabs(a->outcome.number[i]));
  return worst;
}

/* Will no finer level do? What the fixed point, the law of y and the spans leave uncertain does not depend on the
   level; and differences that have not fallen, twice where they are small, are rounding. Large ones may stand still
   once or twice where the rules do not yet see the functions. */
static bool is_hopeless(unsigned level, double uncertain, double tolerance, const unsigned still[2])
{
  return level >= 2 && (uncertain > tolerance || still[0] >= 2 || still[1] >= 3);
}

/* A tolerance with which there is an answer: that of this level where something other than the level stands in the way,
   else one beside which the last differences, rounding and changing with the tolerance, are negligible. */
static double would_do(double reached, double uncertain, double differences, double tolerance)
{
  const double margin = 2.0;
  return uncertain > tolerance && isfinite(reached) ? reached : uncertain + margin * differences / negligible;
}

/* Refine until the number asked for is within the tolerance. */
static plim_status refine(const plimi_input *in, plimi_any_kind kind, plimi_any_number which,
                          plimi_any_answer *a)
{
  /* of a difference to the one before, any rule that converges is faster; relative, the rules see the functions */
  static const double falling = 0.7, small = 1e-3;
  double before[PLIMI_ANY_NUMBERS] = {0.0};
  unsigned still[2] = {0, 0}; /* how often small differences, and any, did not fall */
  for (unsigned level = 0; level < PLIMI_ANY_LEVELS; level++) {
    double uncertain = 0.0;
    const plimi_any_step old = a->outcome;
    const plim_status status = plimi_any_solve_level(in, level, kind, &a->outcome, &uncertain);
    if (status != PLIM_OK)
      return status;
    const double common = plimi_any_change(&a->outcome, &old);
    double change[PLIMI_ANY_NUMBERS];
    for (size_t i = 0; i < PLIMI_ANY_NUMBERS; i++) {
      const double size = fabs(a->outcome.number[i]), own = fabs(a->outcome.number[i] - old.number[i]);
      change[i] = fmax(own, common * size);
      const double left = left_over(before[i], change[i], negligible * in->tolerance * size);
      a->error[i] = uncertain * size + (level < 2 ? INFINITY : left);
    }
    const double size = fabs(a->outcome.number[which]);
    const bool has_fallen = level == 0 || change[which] <= falling * before[which];
    still[0] += has_fallen || change[which] > small * size ? 0 : 1;
    still[1] += has_fallen ? 0 : 1;
    const double last = fmax(before[which], change[which]);
    memcpy(before, change, sizeof before);
    const double reached = worst_error(a, which);
    const bool is_done = reached <= in->tolerance;
    *in->attainable =
        is_done || level < 2 ? INFINITY : would_do(reached, uncertain, last / size, in->tolerance);
    if (is_done)
      return PLIM_OK;
    if (is_hopeless(level, uncertain, in->tolerance, still))
      return PLIM_NOT_CONVERGED;
  }
  return PLIM_NOT_CONVERGED;
}

/* Section 5, for a small step in the limit and for none. Order parameters belong to section 9. */
static plim_status small_step(const plimi_input *in, plimi_any_number which, plim_value *value)
{
  plimi_input small = *in;
  plimi_small_step result;
  if (which != PLIMI_ANY_RISK && which != PLIMI_ANY_TRAIN)
    return PLIM_OUTSIDE_DOMAIN;
  small.push = small.spread = w_square(w_exact(in->problem->eta));
  const plim_status status = plimi_small_step_closed_form(&small, &result);
  if (status == PLIM_OK)
    *value = which == PLIMI_ANY_RISK ? result.risk1 : result.train1;
  return status;
}

/* M, tau and p are proportional to mu1* where it is small: one that is not told from 0 leaves no more of them. */
static plim_value along_teacher(const plimi_input *in, plim_value computed)
{
  const plim_value mu1 = in->star.mu1;
  if (mu1.value == 0.0)
    return v_exact(0.0);
  const double share = mu1.error / fabs(mu1.value), error = computed.error + share * fabs(computed.value);
  return share < 1.0 ? (plim_value){computed.value, error} : (plim_value){0.0, fabs(computed.value) + error};
}

plim_status plimi_any_step_value(const plimi_input *in, plimi_any_kind kind, plimi_any_number which,
                                 plim_value *value)
{
  const plim_problem *p = in->problem;
  if (p->steps != 1)
    return PLIM_OUTSIDE_DOMAIN;
  if (p->eta == 0.0 || (p->eta_exponent == 0.0 && !isfinite(p->d)))
    return small_step(in, which, value);
  if (in->a.value == 0.0) /* see LIMITING CASES */
    return PLIM_OUTSIDE_DOMAIN;
  if (p->lambda == 0.0 || (which == PLIMI_ANY_M && !isfinite(p->d)))
    return PLIM_OUTSIDE_DOMAIN;
  if (in->s2.value == 0.0) { /* y = 0 */
    *value = v_exact(0.0);
    return which == PLIMI_ANY_V ? PLIM_OUTSIDE_DOMAIN : PLIM_OK;
  }
  plim_status status = plimi_any_prepare(in);
  if (status != PLIM_OK)
    return status;
  if (!isfinite(p->d) && p->eta_exponent < 0.5)
    return plimi_between_value(in, &in->any_step->step, which, value);
  if (which == PLIMI_ANY_TAU && !isfinite(p->d) && in->b.value == 0.0) {
    /* k S'tau is one of the functions that cost nothing, and of itself tau = O(e^2 nu2) */
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  plimi_any_answer *last = &in->any_step->last[kind];
  if (!last->is_known || last->psi2 != p->psi2 || last->lambda != p->lambda || last->d != p->d ||
      !is_good(last, which, in->tolerance)) {
    plimi_any_answer fresh = {.is_known = true, .psi2 = p->psi2, .lambda = p->lambda, .d = p->d};
    last->is_known = false;
    status = refine(in, kind, which, &fresh);
    if (status != PLIM_OK)
      return status;
    *last = fresh;
  }
  *value = (plim_value){last->outcome.number[which], last->error[which]};
  const bool is_along = which == PLIMI_ANY_M || which == PLIMI_ANY_TAU || which == PLIMI_ANY_P;
  if (is_along &&
      plim_activation_is_odd(p->activation)) /* else the norms may say something of its even part */
    *value = along_teacher(in, *value);
  return PLIM_OK;
}
