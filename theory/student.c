/* SPDX-License-Identifier: GPL-3.0-or-later */
/* student.c - the risk of the good student of [BA] NeurIPS Lemma 6, at finite n/d.

   SOURCES. [BA] NeurIPS Lemma 6 (the average of neurons of one slope reaches tau* for n/d large); its limit at finite
   n/d is derived here from the law of a neuron after the step (theory.md section 9.1).

   NOTATION.
     here       meaning
     u          e zeta, e = eta/sqrt N: what singles out a neuron. Its slope along beta* is u theta2
     across     u (theta1^2 - theta2^2)^1/2, the slope along the rest of X'y
     c          1 + u^2 nu2 s2/psi1, the variance of what is left, which neurons do not share
     w          (theta1^2 u^2 + c)^1/2, standard deviation of the neuron's input
     rho        theta1^2 u^2/w^2, correlation of the inputs of two neurons of one u
     cosine     u theta2/w, correlation of a neuron's input with the teacher's
     a_k(w)     E sigma(w z) h_k(z), h_k the normalised Hermite polynomials; b_k those of sigma*
   NORMALISATION. sigma and sigma* centred at z ~ N(0,1). The risk is against the noise-free teacher.

   FORMULA. The average over many neurons of one u is m(x) = E[sigma(neuron) | the directions they share], and
     R(u) = E sigma*^2 - 2 sum_k a_k b_k cosine^k + sum_k a_k^2 rho^k          (Mehler),
     student_risk = inf_u R(u)
   over all u for a Gaussian readout (so it does not depend on eta > 0), over u = e zeta for each zeta that the
   others have, and -e zeta for odd sigma. psi1 is that of the gradient's batch. In words: the neurons to average are
   chosen by their readout.

   NUMERICAL METHOD. a_k and b_k by Gauss-Legendre quadrature on pieces that end at the kinks, with h_k from its
   three-term recurrence; the series stop where the bound of what is left (Cauchy-Schwarz: power^(K+1) times the
   root of what a_k^2 and b_k^2 have left of their sums) is below the tolerance. For a Gaussian readout R is
   scanned on a grid in w and the least cell refined by Brent's method (GSL). Correlations are below 1 by c >=
   1, so the series converge geometrically.
   LIMITING CASES. psi1 -> infinity: tau* of large_step.c, by a different route. u = 0: R = mu1*^2 + mu2*^2.
   DOMAIN. d finite, or exponent 1/2: with a smaller exponent every u of a finite sample of zeta tends to 0 and R to
   mu1*^2 + mu2*^2. eta = 0 likewise. One step. The best slope within 8; beyond, PLIM_NOT_CONVERGED.
   ERROR. Absolute: R is a difference of terms of the size of E sigma*^2. What a finer quadrature changes, the
   bound of what the series leave out, and the coefficients' errors.
   DRIFT. The experiment averages m = N^(2/3) neurons: variance 1/m, and the spread m/N of u squared: d^-2/3. */
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_min.h>

#include "bounded.h"
#include "theory.h"

enum { TERMS = 2048, COARSE = 20, FINE = 28, PIECES = 104, SCAN = 48, MAX_STEPS = 100, MOST_CUTS = 4096 };
static const double half_line =
    13.0;                           /* the density's square root, which bounds h_k times it, is 4e-19 there */
static const double steepest = 8.0; /* of the scan, in units of theta1 u */
static const double tolerance = 1e-13, scan_tolerance = 1e-5; /* of the series, relative to E sigma*^2 */
static const double inv_sqrt_2pi = 0.39894228040143267794;

/* f(scale z) - mean times weight and density at quadrature nodes, and the recurrence's two rows. */
typedef struct {
  size_t n;
  double *z, *lower, *here;
  double square; /* E (f - mean)^2 */
} nodes;

typedef struct {
  const plimi_input *in;
  gsl_integration_glfixed_table *rule;
  size_t points; /* of the rule */
  nodes nodes;
  double *teacher;       /* TERMS: b_k */
  double left[TERMS];    /* what b_k^2, from k on, add up to */
  double tolerance;      /* of the series */
  double remainder;      /* bound of what the last series left out */
  double theta1, theta2; /* in units of u */
  plim_status status;    /* of the last evaluation inside a minimiser */
} student;

/* Add the pieces of [low, high] to the nodes. */
static void add_pieces(const student *s, const plim_activation *f, double scale, const double ends[2],
                       double mean, nodes *out)
{
  const double length = ends[1] - ends[0];
  const size_t pieces = (size_t)ceil(length / (2.0 * half_line / PIECES));
  for (size_t p = 0; p < pieces; p++) {
    const double step = length / (double)pieces, low = ends[0] + (double)p * step;
    for (size_t j = 0; j < s->points; j++) {
      double z, weight;
      gsl_integration_glfixed_point(low, low + step, j, &z, &weight, s->rule);
      const double value = plim_activation_value(f, scale * z) - mean;
      const double share = weight * inv_sqrt_2pi * exp(-0.5 * z * z) * value;
      out->z[out->n] = z;
      out->lower[out->n] = 0.0;
      out->here[out->n] = share;
      out->square += share * value;
      out->n++;
    }
  }
}

static plim_status set_nodes(student *s, const plim_activation *f, double scale, double mean)
{
  size_t cuts;
  const double *cut = plim_activation_cuts(f, &cuts);
  double ends[2] = {-half_line, -half_line};
  s->nodes.n = 0;
  s->nodes.square = 0.0;
  for (size_t i = 0; i <= cuts; i++) {
    ends[1] = i < cuts ? fmin(fmax(cut[i] / scale, -half_line), half_line) : half_line;
    if (ends[1] > ends[0])
      add_pieces(s, f, scale, ends, mean, &s->nodes);
    ends[0] = ends[1];
  }
  return isfinite(s->nodes.square) ? PLIM_OK : PLIM_NOT_FINITE;
}

/* The coefficient E f h_k, and the rows moved on to k + 1: h_{k+1} = (z h_k - sqrt(k) h_{k-1})/sqrt(k + 1). */
static double next_coefficient(nodes *at, size_t k)
{
  const double root = sqrt((double)k), inverse = 1.0 / sqrt((double)k + 1.0);
  double sum = 0.0;
  for (size_t i = 0; i < at->n; i++) {
    const double here = at->here[i];
    sum += here;
    at->here[i] = (at->z[i] * here - root * at->lower[i]) * inverse;
    at->lower[i] = here;
  }
  return sum;
}

static plim_status set_teacher(student *s)
{
  const plim_status status = set_nodes(s, s->in->problem->teacher, 1.0, s->in->star.mean.value);
  if (status != PLIM_OK)
    return status;
  double rest = s->nodes.square;
  for (size_t k = 0; k < TERMS; k++) {
    s->left[k] = fmax(rest, 0.0);
    s->teacher[k] = next_coefficient(&s->nodes, k);
    rest -= s->teacher[k] * s->teacher[k];
  }
  return PLIM_OK;
}

/* R(u). */
static plim_status risk_at(student *s, double u, double *risk)
{
  const plimi_input *in = s->in;
  const double variance = in->star1.value + in->star2.value;
  const double push2 = s->theta1 * u * s->theta1 * u;
  const double c = 1.0 + u * u * in->sigma.nu2.value * in->s2.value / plim_problem_step_psi1(in->problem);
  const double w = sqrt(push2 + c), rho = push2 / (w * w), cosine = s->theta2 * u / w;
  const plim_status status = set_nodes(s, in->problem->activation, w, in->sigma.mean.value);
  if (status != PLIM_OK)
    return status;
  const double most = s->tolerance * variance;
  double rest = s->nodes.square, pair = 1.0, cross = 1.0, sum = variance;
  for (size_t k = 0; k < TERMS; k++) {
    s->remainder = fmax(rest, 0.0) * pair + 2.0 * fabs(cross) * sqrt(fmax(rest, 0.0) * s->left[k]);
    if (s->remainder <= most) {
      *risk = sum;
      return PLIM_OK;
    }
    const double a = next_coefficient(&s->nodes, k);
    sum += a * (a * pair - 2.0 * s->teacher[k] * cross);
    rest -= a * a;
    pair *= rho;
    cross *= cosine;
  }
  return PLIM_NOT_CONVERGED;
}

/* ---- the least R over all u ---- */

static double objective(double u, void *params)
{
  student *s = params;
  double risk = 0.0;
  const plim_status status = risk_at(s, u, &risk);
  if (status != PLIM_OK)
    s->status = status;
  return risk;
}

/* Minimum inside (low, high), of which `middle` is below both ends. */
static plim_status refine(student *s, double low, double middle, double high, double *best)
{
  gsl_function function = {.function = objective, .params = s};
  gsl_min_fminimizer *minimiser = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (minimiser == NULL)
    return PLIM_NO_MEMORY;
  s->status = PLIM_OK;
  int state = gsl_min_fminimizer_set(minimiser, &function, middle, low, high);
  for (int step = 0; step < MAX_STEPS && state == GSL_SUCCESS && s->status == PLIM_OK; step++) {
    state = gsl_min_fminimizer_iterate(minimiser);
    if (state != GSL_SUCCESS)
      break;
    state = gsl_min_test_interval(gsl_min_fminimizer_x_lower(minimiser),
                                  gsl_min_fminimizer_x_upper(minimiser), 0.0, 1e-7);
    if (state == GSL_SUCCESS)
      break;
    state = state == GSL_CONTINUE ? GSL_SUCCESS : state;
  }
  *best = gsl_min_fminimizer_x_minimum(minimiser);
  gsl_min_fminimizer_free(minimiser);
  return s->status == PLIM_OK && state != GSL_SUCCESS ? PLIM_NOT_CONVERGED : s->status;
}

/* u on the grid: theta1 u = sinh, from -steepest to steepest. */
static double grid_point(const student *s, int i)
{
  return sinh(asinh(steepest) * (double)i / (double)SCAN) / s->theta1;
}

static plim_status minimise(student *s, double *best)
{
  double value[2 * SCAN + 1];
  int least = 0;
  s->tolerance = scan_tolerance;
  for (int i = -SCAN; i <= SCAN; i++) {
    const plim_status status = risk_at(s, grid_point(s, i), &value[i + SCAN]);
    if (status != PLIM_OK)
      return status;
    if (value[i + SCAN] < value[least + SCAN])
      least = i;
  }
  s->tolerance = tolerance;
  if (least == -SCAN || least == SCAN)
    return PLIM_NOT_CONVERGED;
  const double low = grid_point(s, least - 1), high = grid_point(s, least + 1);
  double ends[3];
  for (int i = 0; i < 3; i++) {
    const plim_status status = risk_at(s, grid_point(s, least - 1 + i), &ends[i]);
    if (status != PLIM_OK)
      return status;
  }
  *best = grid_point(s, least);
  return ends[1] < ends[0] && ends[1] < ends[2] ? refine(s, low, *best, high, best) : PLIM_OK;
}

/* ---- the limit ---- */

static plim_status open_student(const plimi_input *in, size_t points, student *s)
{
  size_t cuts[2];
  plim_activation_cuts(in->problem->activation, &cuts[0]);
  plim_activation_cuts(in->problem->teacher, &cuts[1]);
  const size_t most = cuts[0] > cuts[1] ? cuts[0] : cuts[1];
  if (most > MOST_CUTS)
    return PLIM_NOT_CONVERGED;
  const size_t room = (PIECES + most + 1) * points;
  s->in = in;
  s->points = points;
  s->tolerance = tolerance;
  s->theta2 = in->sigma.mu1.value * in->star.mu1.value;
  s->theta1 = sqrt(in->a.value * (in->star1.value + in->s2.value / plim_problem_step_psi1(in->problem)));
  s->rule = gsl_integration_glfixed_table_alloc(points);
  s->nodes.z = malloc(3 * room * sizeof *s->nodes.z);
  s->teacher = malloc(TERMS * sizeof *s->teacher);
  if (s->rule == NULL || s->nodes.z == NULL || s->teacher == NULL)
    return PLIM_NO_MEMORY;
  s->nodes.lower = s->nodes.z + room;
  s->nodes.here = s->nodes.lower + room;
  return set_teacher(s);
}

static void close_student(student *s)
{
  free(s->teacher);
  free(s->nodes.z);
  if (s->rule != NULL)
    gsl_integration_glfixed_table_free(s->rule);
}

/* Of these u and, for odd sigma, whose neurons' signs are folded, of -u. */
static plim_status choose_among(student *s, size_t count, const double *u, double *best)
{
  const size_t signs = plim_activation_is_odd(s->in->problem->activation) ? 2 : 1;
  double least = INFINITY;
  for (size_t i = 0; i < signs * count; i++) {
    const double here = i < count ? u[i] : -u[i - count];
    double risk;
    const plim_status status = risk_at(s, here, &risk);
    if (status != PLIM_OK)
      return status;
    if (risk < least) {
      least = risk;
      *best = here;
    }
  }
  return PLIM_OK;
}

/* The best u: of those that the readout's law has, or of all. */
static plim_status choose(student *s, double e, double *best)
{
  const plim_problem *problem = s->in->problem;
  double u[PLIM_MOST_ATOMS] = {e, -e};
  *best = 0.0; /* without a slope the least R is that of neurons that have not moved */
  switch (plimi_readout_of(problem)) {
  case PLIM_READOUT_RADEMACHER:
    return choose_among(s, plim_activation_is_odd(problem->activation) ? 1 : 2, u, best);
  case PLIM_READOUT_CONSTANT:
    return choose_among(s, 1, u, best);
  case PLIM_READOUT_ATOMS:
    for (size_t i = 0; i < problem->atoms->count; i++)
      u[i] = e * problem->atoms->value[i];
    return choose_among(s, problem->atoms->count, u, best);
  default: /* PLIM_READOUT_GAUSSIAN */
    return s->theta1 > 0.0 ? minimise(s, best) : PLIM_OK;
  }
}

/* e = eta/sqrt N, in the limit where d is infinite. */
static double scaled_step(const plim_problem *problem)
{
  const double width = problem->psi2 * problem->d;
  if (problem->eta == 0.0 || problem->eta_exponent == 0.5)
    return problem->eta;
  return isfinite(width) ? problem->eta * pow(width, problem->eta_exponent - 0.5) : 0.0;
}

static plim_status evaluate(const plimi_input *in, plim_value *value)
{
  const double e = scaled_step(in->problem), variance = in->star1.value + in->star2.value;
  if (in->problem->steps != 1)
    return PLIM_OUTSIDE_DOMAIN;
  if (e == 0.0 || variance == 0.0) {
    *value = v_add(in->star1, in->star2);
    return PLIM_OK;
  }
  student coarse = {.in = NULL}, fine = {.in = NULL};
  double u, rough, risk;
  plim_status status = open_student(in, COARSE, &coarse);
  if (status == PLIM_OK)
    status = choose(&coarse, e, &u);
  if (status == PLIM_OK)
    status = risk_at(&coarse, u, &rough);
  if (status == PLIM_OK)
    status = open_student(in, FINE, &fine);
  if (status == PLIM_OK)
    status = risk_at(&fine, u, &risk);
  if (status == PLIM_OK) {
    const double coefficients =
        8.0 * (in->star1.error + in->star2.error + in->sigma.nu2.error + in->s2.error);
    *value = (plim_value){fmax(risk, 0.0), 2.0 * fabs(risk - rough) + fine.remainder + coefficients +
                                               64.0 * DBL_EPSILON * variance};
  }
  close_student(&fine);
  close_student(&coarse);
  return status;
}

static const plimi_limit limit_student_risk = {
    .info =
        {.quantity = PLIM_STUDENT_RISK,
         .source = "[BA] NeurIPS Lemma 6; at finite n/d derived here",
         .keys = "BA",
         .statement =
             "Average of neurons of one readout zeta after a large step, e = eta/sqrt N, u = e zeta:\n"
             "  R(u) = E (sigma*(<x,beta*>) - m_u(x))^2,  m_u = E sigma(u theta1 <x,v> + sqrt(c) g),\n"
             "  c = 1 + u^2 nu2 s2/psi1,  v along X'y;  student_risk -> inf R(u) over the readout's law.\n"
             "For n/d -> infinity this is tau*.",
         .domain =
             "eta = Theta(sqrt N) (below, it tends to mu1*^2 + mu2*^2), one step, any sigma and teacher",
         .drift_rate = 2.0 / 3.0},
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP_BATCH | PLIMI_READS_ATOMS,
    .evaluate = evaluate};

const plimi_limit *const plimi_student_limits[] = {&limit_student_risk, NULL};
