/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limits.c - the quantities of two gradient steps: what is seen of the spikes (spikes.c) above the bulk (bulk.c).

   WHICH FORMULA. e_i = eta_i/sqrt N. d finite: e_i = eta_i (psi2 d)^(exponent_i - 1/2), and a spike has the squared
   strength N ev_l, ev_l of spikes.c. d infinite: exponent 1/2 has e_i = eta_i, and the singular values diverge like
   sqrt N; below 1/2 e_i = 0, the bulk is that of W0, and at exponent 0 the spike is that of weights.c.
   BULK. One kind of neuron (constant; rademacher with odd sigma): the true law of Sigma (pencil.c). Otherwise Sigma
   = the mean of c_b, which is right at e = 0 and to leading order in e beyond.
   LEFT OUT. Directions of the spikes and of beta* are not singled out by Sigma: exact as e -> 0; at fixed e a
   relative O(1/d) of w2_top. Where Sigma multiplies <w_j, beta*> so much that this makes an outlier of its own, no
   number. */
#include <math.h>

#include "../bounded.h"
#include "two_steps.h"

/* Where the two laws of points.c differ by more, the largest labels of a batch say where the bulk ends. */
static const double coarsest_edge = 0.02;

typedef struct {
  const plimi_two_solution *solution;
  double scale; /* N; 1 at exponent 0, infinite at others, where d is infinite */
} seen;

static plim_status look(const plimi_input *in, seen *at)
{
  const plim_problem *p = in->problem;
  const plim_status status = plimi_two_solve(in, &at->solution);
  if (isfinite(p->d))
    at->scale = p->psi2 * p->d;
  else
    at->scale = plimi_power_of_steps(p) == 0.0 ? 1.0 : INFINITY;
  return status;
}

static plimi_two_bulk bulk_of(const plimi_input *in, const seen *at, bool is_finer)
{
  const plimi_two_solution *s = at->solution;
  return (plimi_two_bulk){.tables = !s->has_pencil ? NULL : (is_finer ? s->finer : s->coarser),
                          .trace = s->spikes.trace.value + (is_finer ? 0.0 : s->spikes.trace.error),
                          .psi2 = in->problem->psi2};
}

/* The squared edge. */
static plim_status edge_of(const plimi_input *in, const seen *at, plim_value *square)
{
  if (at->solution->has_pencil && at->solution->pencil != PLIM_OK)
    return at->solution->pencil;
  plimi_two_place finer, coarser;
  plimi_two_bulk bulk = bulk_of(in, at, true);
  plim_status status = plimi_two_edge(&bulk, &finer);
  bulk = bulk_of(in, at, false);
  if (status == PLIM_OK)
    status = plimi_two_edge(&bulk, &coarser);
  if (status != PLIM_OK)
    return status;
  static const double rounding = 1e-12; /* of the fixed point, where Z is flat */
  *square = (plim_value){finer.square, fabs(finer.square - coarser.square) + rounding * finer.square};
  return PLIM_OK;
}

/* Spike number l: s^2 and <left vector, v>^2. */
typedef struct {
  plim_value square, overlap;
} sighting;

static plim_status sight(const plimi_input *in, const seen *at, size_t l, sighting *sighted)
{
  const plim_value ev = at->solution->spikes.strength[l];
  plimi_two_place place[3];
  double overlap[3];
  if (!(ev.value > 0.0))
    return PLIM_OUTSIDE_DOMAIN;
  if (at->solution->has_pencil && at->solution->pencil != PLIM_OK)
    return at->solution->pencil;
  /* as known; with the other bulk; stronger by its error */
  for (int i = 0; i < 3; i++) {
    const plimi_two_bulk bulk = bulk_of(in, at, i != 1);
    const plim_status status =
        plimi_two_outlier(&bulk, at->scale * (ev.value + (i == 2 ? ev.error : 0.0)), &place[i], &overlap[i]);
    if (status != PLIM_OK)
      return i == 0 || status != PLIM_OUTSIDE_DOMAIN ? status : PLIM_NOT_CONVERGED;
  }
  static const double rounding = 1e-12;
  sighted->square.value = place[0].square;
  sighted->square.error = fabs(place[1].square - place[0].square) + fabs(place[2].square - place[0].square) +
                          rounding * place[0].square;
  sighted->overlap.value = overlap[0];
  sighted->overlap.error = fabs(overlap[1] - overlap[0]) + fabs(overlap[2] - overlap[0]) + rounding;
  return PLIM_OK;
}

/* The squared singular value, about, that the bulk makes by itself: the row beta*'W has psi2 `growth` for its squared
   length, and an eigenvalue `growth` of Sigma leaves where it is above 1/x of the edge, here that of an isotropic bulk
   of the same trace. 0: none. */
static plim_status own_square(const plimi_input *in, const seen *at, double *square)
{
  const plimi_two_spikes *spikes = &at->solution->spikes;
  const plimi_two_bulk plain = {.tables = NULL, .trace = spikes->trace.value, .psi2 = in->problem->psi2};
  plimi_two_place edge;
  const plim_status status = plimi_two_edge(&plain, &edge);
  if (status != PLIM_OK)
    return status;
  const double growth = spikes->growth.value;
  *square = growth * edge.x > 1.0 ? fmax(edge.square, growth * (1.0 + in->problem->psi2)) : 0.0;
  return PLIM_OK;
}

/* The same, unless the bulk has an outlier of its own above it. */
static plim_status sight_in_order(const plimi_input *in, const seen *at, size_t l, sighting *sighted)
{
  plim_status status = sight(in, at, l, sighted);
  if (status != PLIM_OK)
    return status;
  double own;
  status = own_square(in, at, &own);
  if (status != PLIM_OK)
    return status;
  return own > sighted->square.value ? PLIM_OUTSIDE_DOMAIN : PLIM_OK;
}

static plim_status size_of(const plimi_input *in, size_t l, plim_value *value)
{
  seen at;
  sighting sighted;
  plim_status status = look(in, &at);
  if (status != PLIM_OK)
    return status;
  if (!isfinite(at.scale) && at.solution->spikes.strength[l].value > 0.0)
    return PLIM_DIVERGES;
  status = sight_in_order(in, &at, l, &sighted);
  if (status == PLIM_OK)
    *value = v_sqrt(sighted.square);
  return status;
}

static plim_status evaluate_top(const plimi_input *in, plim_value *value)
{
  return size_of(in, 0, value);
}

static plim_status evaluate_second(const plimi_input *in, plim_value *value)
{
  return size_of(in, 1, value);
}

static plim_status evaluate_third(const plimi_input *in, plim_value *value)
{
  return size_of(in, 2, value);
}

static plim_status overlap_of(const plimi_input *in, size_t l, plim_value *value)
{
  seen at;
  sighting sighted = {.overlap = {1.0, 0.0}};
  plim_status status = look(in, &at);
  if (status != PLIM_OK)
    return status;
  const plimi_two_spikes *spikes = &at.solution->spikes;
  if (!(spikes->strength[l].value > 0.0))
    return PLIM_OUTSIDE_DOMAIN;
  if (isfinite(at.scale))
    status = sight_in_order(in, &at, l, &sighted);
  if (status == PLIM_OK)
    *value = v_mul(spikes->along[l], sighted.overlap);
  return status;
}

static plim_status evaluate_top_beta(const plimi_input *in, plim_value *value)
{
  return overlap_of(in, 0, value);
}

static plim_status evaluate_second_beta(const plimi_input *in, plim_value *value)
{
  return overlap_of(in, 1, value);
}

static plim_status evaluate_bulk(const plimi_input *in, plim_value *value)
{
  seen at;
  const plim_status status = look(in, &at);
  if (status == PLIM_OK)
    *value = at.solution->spikes.trace;
  return status;
}

static plim_status evaluate_edge(const plimi_input *in, plim_value *value)
{
  seen at;
  plim_value square;
  plim_status status = look(in, &at);
  if (status != PLIM_OK)
    return status;
  const plimi_two *two = &at.solution->two;
  if (!at.solution->has_pencil && (two->e[0] > 0.0 || two->e[1] > 0.0))
    return PLIM_OUTSIDE_DOMAIN;
  status = edge_of(in, &at, &square);
  if (status != PLIM_OK)
    return status;
  const plim_value edge = v_sqrt(square);
  if (edge.error > coarsest_edge * edge.value)
    return PLIM_NOT_CONVERGED;
  *value = edge;
  return PLIM_OK;
}

/* d infinite at exponent 1/2: every spike is an outlier. */
static plim_status rank_of(const plimi_input *in, const seen *at, plim_value *value)
{
  double count = 0.0;
  if (plimi_power_of_steps(in->problem) != 0.5 || in->problem->readout == PLIM_READOUT_GAUSSIAN)
    return PLIM_OUTSIDE_DOMAIN;
  for (size_t l = 0; l < PLIMI_TWO_SPIKES; l++) {
    const plim_value ev = at->solution->spikes.strength[l];
    if (ev.value > 0.0 && ev.value <= ev.error)
      return PLIM_NOT_CONVERGED;
    count += ev.value > 0.0;
  }
  *value = v_exact(count);
  return PLIM_OK;
}

static plim_status evaluate_count(const plimi_input *in, plim_value *value)
{
  seen at;
  plim_value edge;
  double own, count = 0.0;
  plim_status status = look(in, &at);
  if (status != PLIM_OK)
    return status;
  if (!isfinite(at.scale))
    return rank_of(in, &at, value);
  status = own_square(in, &at, &own);
  if (status == PLIM_OK && own > 0.0)
    status = PLIM_OUTSIDE_DOMAIN;
  if (status == PLIM_OK)
    status = edge_of(in, &at, &edge);
  if (status != PLIM_OK)
    return status;
  const double clearance2 = PLIM_W2_CLEARANCE * PLIM_W2_CLEARANCE;
  for (size_t l = 0; l < PLIMI_TWO_SPIKES; l++) {
    sighting sighted;
    status = sight(in, &at, l, &sighted);
    if (status == PLIM_OUTSIDE_DOMAIN)
      break;
    if (status != PLIM_OK)
      return status;
    const double above = sighted.square.value - clearance2 * edge.value;
    if (fabs(above) <= sighted.square.error + clearance2 * edge.error)
      return PLIM_NOT_CONVERGED;
    count += above > 0.0;
  }
  *value = v_exact(count);
  return PLIM_OK;
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_TWO_STEPS | PLIMI_READS_SECOND_STEP |          \
   PLIMI_READS_ATOMS | PLIMI_READS_STEP_BATCH | PLIMI_READS_RIDGE_BATCH)
#define SOURCE "derived here; [MH26] for the phenomenon"
#define TWO_STEPS                                                                                            \
  "two steps (steps = 2), sizes eta N^eta_exponent and eta_second N^eta_second_exponent, same or\n"          \
  "fresh batch, one exponent where d = inf; any sigma with mu1 != 0, any teacher with E y^4 finite,\n"       \
  "any readout"
#define DOMAIN_OF_SPIKES                                                                                     \
  TWO_STEPS                                                                                                  \
  ". d finite, or d = inf with\n"                                                                            \
  "eta_exponent 0. No number for a direction inside the bulk, or where the bulk by itself has an\n"          \
  "outlier along beta* that is larger"
#define SPIKES                                                                                               \
  "Given the batches neuron j is its noise plus zeta_j/sqrt N (eta u + eta_second L(zeta_j)):\n"             \
  "H(zeta, zeta') = zeta zeta' <e1 u + e2 L(zeta), e1 u + e2 L(zeta')>, e = eta N^(exponent - 1/2), has\n"   \
  "eigenvalues th_l^2/N. L = X'((y - f1) o D)/n sees preactivations at W1; on the same batch h = z + e1 "    \
  "zeta\n"                                                                                                   \
  "(t + sigma'(z) y/psi1 + sqrt(q0) g): a sample's own term has the neuron's own slope on it.\n"
#define STATUS_OF_IT                                                                                         \
  "\nProved: nothing of it in this form; [MH26] has the phenomenon and the counts at eta_i = N^alpha_i.\n"   \
  "Derived: strengths and directions, for steps up to order sqrt N; agrees with simulation. Left out: "      \
  "that\n"                                                                                                   \
  "the bulk's covariance singles out X'y and beta* (a relative O(1/d) of the largest), the output\n"         \
  "N^-1/2 sigma(X W0) a in the first gradient (O(N^-1/2)), and for a Gaussian readout, or rademacher "       \
  "where\n"                                                                                                  \
  "E sigma'' != 0, all of the bulk but its mean trace."

#define SIZE(NAME, name, which)                                                                              \
  static const plimi_limit limit_w2_##name = {                                                               \
      .info = {.quantity = PLIM_W2_##NAME,                                                                   \
               .source = SOURCE ", [BGN], [SC] for outliers",                                                \
               .keys = "MH26,BGN,SC",                                                                        \
               .statement =                                                                                  \
                   "The " which " singular value of W2. " SPIKES                                             \
                   "With T(-x) = (1/d) tr (1 - x Sigma)^-1 of a neuron's covariance it is seen at\n"         \
                   "s^2 = (psi2 - 1 + T(-x))/x where th_l^2 x T(-x) = psi2; Sigma = 1:\n"                    \
                   "s^2 = (1 + th^2)(psi2 + th^2)/th^2." STATUS_OF_IT,                                       \
               .domain = DOMAIN_OF_SPIKES,                                                                   \
               .drift_rate = 0.5},                                                                           \
      .reads = READS_ALL,                                                                                    \
      .evaluate = evaluate_##name};
SIZE(TOP, top, "largest")
SIZE(SECOND, second, "second")
SIZE(THIRD, third, "third")

#define BETA(NAME, name, which)                                                                              \
  static const plimi_limit limit_w2_##name = {                                                               \
      .info = {.quantity = PLIM_W2_##NAME,                                                                   \
               .source = SOURCE ", [BGN] for outliers",                                                      \
               .keys = "MH26,BGN",                                                                           \
               .statement = "Squared overlap of beta* with the left vector of the " which                    \
                            " singular value of W2. " SPIKES                                                 \
                            "<v_l, beta*>^2 of the spike's direction v_l times <left vector, v_l>^2,\n"      \
                            "at Sigma = 1: 1 - (psi2 + th^2)/(th^2 (th^2 + 1))." STATUS_OF_IT,               \
               .domain = DOMAIN_OF_SPIKES ";\nd = inf with eta_exponent > 0: <v_l, beta*>^2 itself",         \
               .drift_rate = 0.5},                                                                           \
      .reads = READS_ALL,                                                                                    \
      .evaluate = evaluate_##name};
BETA(TOP_BETA, top_beta, "largest")
BETA(SECOND_BETA, second_beta, "second")

static const plimi_limit limit_w2_outliers = {
    .info = {.quantity = PLIM_W2_OUTLIERS,
             .source = SOURCE ", [BGN], [SC] for outliers",
             .keys = "MH26,BGN,SC",
             .statement =
                 "How many singular values of W2 are more than 5 % above the edge of the bulk with the\n"
                 "noise of both steps (w2_edge; where that is not known sqrt(w2_bulk) (1 + sqrt psi2)):\n"
                 "of the first 8 that w2_top, w2_second, ... predict." STATUS_OF_IT,
             .domain = TWO_STEPS
             ". d finite,\n"
             "or d = inf with eta_exponent 0, or 0.5 where |zeta| = 1: the rank of the spikes. No\n"
             "number where the bulk by itself has an outlier along beta*",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_count};

static const plimi_limit limit_w2_bulk = {
    .info = {.quantity = PLIM_W2_BULK,
             .source = "derived here",
             .keys = "MH26",
             .statement =
                 "lim (1/d) tr of d times a neuron's covariance given the batches, mean over the neurons:\n"
                 "fresh: c1 (1 + e2 zeta E[R A])^2 + e2^2 zeta^2 E[R^2 V]/psi1, c1 = 1 + e1^2 zeta^2 nu2 "
                 "s2/psi1;\n"
                 "same: with the correlations of both steps' noise besides. A second step may shrink it "
                 "below 1:\n"
                 "E[R A] zeta < 0 for tanh.",
             .domain = TWO_STEPS ". d finite\nor infinite (1 below eta_exponent 0.5)",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_bulk};

static const plimi_limit limit_w2_edge = {
    .info = {.quantity = PLIM_W2_EDGE,
             .source = "derived here; [SC] for the edge of a covariance's sample",
             .keys = "SC,MH26",
             .statement =
                 "Where the bulk of W2's singular values ends, the noise of both steps in it: squared, the\n"
                 "least of (psi2 - 1 + T(-x))/x over 0 < x, T(-x) = (1/d) tr (1 - x Sigma)^-1 by an\n"
                 "operator-valued equivalent of both steps. To leading order in e: sqrt(c) (1 + sqrt psi2),\n"
                 "c of w2_bulk.",
             .domain = TWO_STEPS
             " with one kind\n"
             "of neuron: constant, or rademacher with odd sigma; also where e = 0 (d = inf,\n"
             "eta_exponent < 0.5). Where the iteration stalls, or labels\n"
             "beyond 2.3 standard deviations move the edge by more than 2 % (its error says by how\n"
             "much): not_converged",
             .drift_rate = 2.0 / 3.0},
    .reads = READS_ALL,
    .evaluate = evaluate_edge};

const plimi_limit *const plimi_two_steps_limits[] = {
    &limit_w2_outliers, &limit_w2_top,      &limit_w2_second,
    &limit_w2_third,    &limit_w2_top_beta, &limit_w2_second_beta,
    &limit_w2_bulk,     &limit_w2_edge,     NULL};
