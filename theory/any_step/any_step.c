/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step.c - one sharp risk for every step size: what is computed when, how far it is refined, and the
   descriptors.

   SOURCES. Section 9 of theory.md, derived there; [BA] for the experiment, [CUI] for the constant readout
   with spiked random features, [MLHD] for the mixture of kinds of neuron. The files:
     tables.c    9.1  atoms of zeta, nodes in k, the averages over g and t   (average.c)
     labels.c    9.2  the law of y, by a long rule and a short one   (gauss.c)
     measures.c  9.2  averages over the spectral measures of the first batch
     state.c     9.3  (1)-(4), the matrices at given V and G
     solve.c          their fixed point
     means.c          (5)
     linear.c         (6)-(8)
   The tests hold the measures against contour integrals, and one kind of neuron against its scalar equations.

   NORMALISATION. As in plim_problem.h. e = eta/sqrt N with N = psi2 d; the penalty in units of the features'
   covariance is L = lambda psi1/psi2; noise is a standard deviation; the risk has no noise in it, the
   training error has.

   WHICH FORMULA. d finite: section 9 at that d. d infinite: eta_exponent = 0 is a small step, section 5
   (small_step.c); eta_exponent = 1/2 is a large one, e = eta, and block means cost nothing. Between the two e -> 0 and
   the functions that are learned are finitely many, whatever eta is (span.c). eta = 0: section 5.

   NUMERICAL METHOD. Tables at coarser and finer steps ("levels"), each finer by sqrt 2, until the answer
   stands still. The rules converge faster than geometrically, so with the last two differences D' and D the
   next is less than D q, q = D/D', and 5 D q/(1 - q) bounds what is left.
   ERROR. That bound; plus the Newton step that was not taken and the error of the law of y, times the
   amplification of the linear stage; eps^2 d, which covers 100 times what the rounding of block means of size sqrt d
   was seen to do at d = 1e24 to 1e28; and for d infinite the difference that directions make of which it is not known
   whether they are there. PLIM_NOT_CONVERGED where it exceeds the workspace's tolerance.

   LIMITING CASES. d -> infinity at fixed eta: section 5. d -> infinity at fixed e: the value at infinite d, but slowly,
   for ever shorter directions have to be paid for (erf/tanh, e = 0.3, psi1 = 2, psi2 = 1.5, lambda = 0.1: 0.0893,
   0.0784, 0.0724 at d = 240, 1e4, 1e6, and 0.0715). psi1 -> infinity: spiked random features.
   mu1 = 0 (hermite3): e theta1 = 0, and what would be left of the step is its noise in the bulk. Simulation
   (hermite3/tanh, psi1 = 2, psi2 = 1.5, lambda = 0.05, noise = 0.2, e = 1) gives a training error of
   0.0876(14) at d = 200 and 0.0860(11) at d = 500 where the formula has 0.0918, so terms that a push of
   order sqrt N otherwise drowns are missing: outside the domain.
   DOMAIN. sigma odd with mu1 != 0, any teacher, one step, lambda > 0 (mu1 = 0 and lambda = 0 in section 5
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

#include "any_step.h"
#include "../bounded.h"

enum { LEVELS = 10 };
static const double atom_tail = 1e-14; /* left out where |zeta| > 8 */

/* An answer with its errors, and the problem it belongs to: the quantities of one problem come one after
   another. */
typedef struct {
  bool is_known;
  double psi2, lambda, d;
  plimi_any_step outcome;
  double error[PLIMI_ANY_NUMBERS];
} answer;

struct plimi_any_cache {
  plimi_step step; /* the key of the tables, with the two names and the noise */
  char *activation, *teacher;
  double noise;
  plimi_tables *tables[LEVELS];
  plimi_labels *labels;
  bool has_spans;
  double exponent; /* the key of the spans, with that of the tables */
  plimi_span least, largest;
  answer last[PLIMI_ANY_KINDS];
};

plim_status plimi_any_cache_alloc(plimi_any_cache **cache)
{
  plimi_any_cache *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  *cache = made;
  return PLIM_OK;
}

static void forget(plimi_any_cache *cache)
{
  for (size_t i = 0; i < LEVELS; i++)
    plimi_tables_free(cache->tables[i]);
  plimi_labels_free(cache->labels);
  free(cache->activation);
  free(cache->teacher);
  memset(cache, 0, sizeof *cache);
}

void plimi_any_cache_free(plimi_any_cache *cache)
{
  if (cache == NULL)
    return;
  forget(cache);
  free(cache);
}

/* e = eta/sqrt N. Infinite d: e itself where the step is of the order sqrt N, and so small below that nothing but the
   span depends on it. */
static double large_part(const plim_problem *p)
{
  static const double vanishing = 1e-9;
  if (isfinite(p->d)) {
    const double width = p->psi2 * p->d;
    return plim_problem_step_size(p, width) / sqrt(width);
  }
  return p->eta_exponent == 0.5 ? p->eta : vanishing;
}

static plimi_step step_of(const plimi_input *in)
{
  const plim_problem *p = in->problem;
  const double length2 = in->star1.value + in->s2.value / p->psi1;
  return (plimi_step){.e = large_part(p),
                      .psi1 = p->psi1,
                      .theta1 = fabs(in->sigma.mu1.value) * sqrt(length2),
                      .gam = in->star.mu1.value / sqrt(length2),
                      .mu1 = in->sigma.mu1.value,
                      .mu2 = in->sigma.mu2.value,
                      .nu2 = in->sigma.nu2.value,
                      .s2 = in->s2.value,
                      .readout = p->readout,
                      .tail = atom_tail};
}

static bool same_step(const plimi_step *a, const plimi_step *b)
{
  return a->e == b->e && a->psi1 == b->psi1 && a->theta1 == b->theta1 && a->gam == b->gam && a->s2 == b->s2 &&
         a->readout == b->readout && a->tail == b->tail;
}

/* Make the cache one for this step: its tables are kept as long as the step stays the same. */
static plim_status prepare(const plimi_input *in, const plimi_step *step)
{
  plimi_any_cache *cache = in->any_step;
  const char *activation = plim_activation_name(in->problem->activation),
             *teacher = plim_activation_name(in->problem->teacher);
  if (cache->activation != NULL && same_step(&cache->step, step) && cache->noise == in->problem->noise &&
      strcmp(cache->activation, activation) == 0 && strcmp(cache->teacher, teacher) == 0)
    return PLIM_OK;
  forget(cache);
  cache->activation = plimi_copy_of(activation);
  cache->teacher = plimi_copy_of(teacher);
  cache->step = *step;
  cache->noise = in->problem->noise;
  if (cache->activation == NULL || cache->teacher == NULL) {
    forget(cache);
    return PLIM_NO_MEMORY;
  }
  return PLIM_OK;
}

/* What the step learns where d is infinite: at least and at most. */
static plim_status find_spans(const plimi_input *in)
{
  plimi_any_cache *cache = in->any_step;
  if (isfinite(in->problem->d) || (cache->has_spans && cache->exponent == in->problem->eta_exponent))
    return PLIM_OK;
  const plim_status status = plimi_spans_of(in, &cache->least, &cache->largest);
  cache->has_spans = status == PLIM_OK;
  cache->exponent = in->problem->eta_exponent;
  for (size_t i = 0; i < PLIMI_ANY_KINDS; i++)
    cache->last[i].is_known = false;
  return status;
}

static plim_status labels_of(const plimi_input *in, const plimi_labels **labels)
{
  plimi_any_cache *cache = in->any_step;
  if (cache->labels == NULL) {
    const plimi_step *step = &cache->step;
    const double zeta2 = step->readout == PLIM_READOUT_GAUSSIAN ? -2.0 * log(step->tail) + 2.0 : 1.0;
    const double sharpest = step->e * step->e * zeta2 * step->nu2 / (step->psi1 * step->psi1);
    const plim_status status = plimi_labels_alloc(in, sharpest, &cache->labels);
    if (status != PLIM_OK)
      return status;
  }
  *labels = cache->labels;
  return PLIM_OK;
}

/* The largest relative change of risk, training error and E V: one of them may happen to stand still. */
static double largest_change(const plimi_any_step *now, const plimi_any_step *old)
{
  static const plimi_any_number looked_at[] = {PLIMI_ANY_RISK, PLIMI_ANY_TRAIN, PLIMI_ANY_V};
  double largest = 0.0;
  for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i++) {
    const double value = now->number[looked_at[i]];
    largest = fmax(largest, fabs(value - old->number[looked_at[i]]) / fabs(value));
  }
  return largest;
}

/* The answer of one level, and what its fixed point and law of y leave uncertain, relative. */
static plim_status solve_at(const plimi_input *in, unsigned level, plimi_any_kind kind,
                            plimi_any_step *outcome, double *uncertain)
{
  plimi_any_cache *cache = in->any_step;
  const plim_problem *p = in->problem;
  plim_status status = PLIM_OK;
  if (cache->tables[level] == NULL)
    status = plimi_tables_alloc(in, &cache->step, level, &cache->tables[level]);
  if (status != PLIM_OK)
    return status;
  plimi_mixture mixture = {.tables = cache->tables[level],
                           .psi2 = p->psi2,
                           .penalty = p->lambda * p->psi1 / p->psi2,
                           .noise2 = in->noise2.value,
                           .d = p->d,
                           .span = &cache->largest,
                           .exact = fmin(1e-4 * in->tolerance, 1e-9)};
  if (kind == PLIMI_ANY_REAL)
    status = labels_of(in, &mixture.labels);
  if (status != PLIM_OK)
    return status;
  plimi_state state;
  status = plimi_state_alloc(mixture.tables->n_atoms, mixture.tables->n_nodes, &state);
  if (status != PLIM_OK)
    return status;
  double correction;
  status = plimi_mixture_solve(&mixture, &state, &correction);
  if (status == PLIM_OK)
    status = plimi_mixture_outcome(&mixture, &state, outcome);
  double lost = 0.0;
  if (status == PLIM_OK && !isfinite(p->d) && !plimi_same_span(&cache->least, &cache->largest)) {
    plimi_any_step smaller;
    mixture.span = &cache->least;
    status = plimi_mixture_outcome(&mixture, &state, &smaller);
    lost = status == PLIM_OK ? largest_change(outcome, &smaller) : 0.0;
  }
  if (status == PLIM_OK) {
    const double law = kind == PLIMI_ANY_REAL ? mixture.labels->error : 0.0, rounding = 64.0 * DBL_EPSILON;
    if (isfinite(p->d))
      lost = DBL_EPSILON * DBL_EPSILON * p->d;
    *uncertain = outcome->amplification * (4.0 * correction + law + rounding) + lost;
  }
  plimi_state_free(&state);
  return status;
}

/* What is left after differences `before` and `now`: see NUMERICAL METHOD. A difference far below the
   tolerance is rounding, or as good as that, and no ratio is asked of it. */
static double left_over(double before, double now, double negligible)
{
  const double least = 0.02, most = 0.5; /* no faster than seems credible; no slower than converging */
  const double safety = 5.0;             /* up to 3 was seen to be needed, at 1 point of 100 */
  if (now <= negligible)
    return now;
  const double ratio = fmax(before > 0.0 ? now / before : 0.0, least);
  return ratio <= most ? safety * now * ratio / (1.0 - ratio) : INFINITY;
}

static bool is_good(const answer *a, plimi_any_number which, double tolerance)
{
  return a->error[which] <= tolerance * fabs(a->outcome.number[which]);
}

/* Refine until the number asked for is within the tolerance; risk and training error together. */
static plim_status refine(const plimi_input *in, plimi_any_kind kind, plimi_any_number which, answer *a)
{
  const bool is_error = which == PLIMI_ANY_RISK || which == PLIMI_ANY_TRAIN;
  double before[PLIMI_ANY_NUMBERS] = {0.0};
  for (unsigned level = 0; level < LEVELS; level++) {
    double uncertain = 0.0;
    const plimi_any_step old = a->outcome;
    const plim_status status = solve_at(in, level, kind, &a->outcome, &uncertain);
    if (status != PLIM_OK)
      return status;
    const double common = largest_change(&a->outcome, &old);
    for (size_t i = 0; i < PLIMI_ANY_NUMBERS; i++) {
      const double size = fabs(a->outcome.number[i]), own = fabs(a->outcome.number[i] - old.number[i]);
      const double change = fmax(own, common * size);
      a->error[i] = uncertain * size;
      a->error[i] += level < 2 ? INFINITY : left_over(before[i], change, 0.01 * in->tolerance * size);
      before[i] = change;
    }
    const bool both = is_good(a, PLIMI_ANY_RISK, in->tolerance) && is_good(a, PLIMI_ANY_TRAIN, in->tolerance);
    if (is_error ? both : is_good(a, which, in->tolerance))
      return PLIM_OK;
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

plim_status plimi_any_step_value(const plimi_input *in, plimi_any_kind kind, plimi_any_number which,
                                 plim_value *value)
{
  const plim_problem *p = in->problem;
  if (!plim_activation_is_odd(p->activation) || p->steps != 1)
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
  const plimi_step step = step_of(in);
  plim_status status = prepare(in, &step);
  if (status == PLIM_OK)
    status = find_spans(in);
  if (status != PLIM_OK)
    return status;
  if (which == PLIMI_ANY_TAU && !isfinite(p->d) && p->eta_exponent < 0.5) {
    *value = v_exact(0.0); /* k S'tau is one of the functions that cost nothing, and tau = O(e^2) */
    return PLIM_OK;
  }
  answer *last = &in->any_step->last[kind];
  if (!last->is_known || last->psi2 != p->psi2 || last->lambda != p->lambda || last->d != p->d ||
      !is_good(last, which, in->tolerance)) {
    answer fresh = {.is_known = true, .psi2 = p->psi2, .lambda = p->lambda, .d = p->d};
    last->is_known = false;
    status = refine(in, kind, which, &fresh);
    if (status != PLIM_OK)
      return status;
    *last = fresh;
  }
  *value = (plim_value){last->outcome.number[which], last->error[which]};
  return PLIM_OK;
}
