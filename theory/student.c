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
     student_risk = inf_u R(u),   student_slope = u theta2 where it is reached
   over all u for a Gaussian readout (so it does not depend on eta > 0), over u = e zeta for each zeta that the
   others have, and -e zeta for odd sigma. psi1 is that of the gradient's batch. In words: the neurons to average are
   chosen by their readout.

   NUMERICAL METHOD. a_k and b_k by Gauss-Legendre quadrature on pieces that end at the kinks, with h_k from its
   three-term recurrence; the series stop where the bound of what is left (Cauchy-Schwarz: power^(K+1) times the
   root of what a_k^2 and b_k^2 have left of their sums) is below the tolerance. For a Gaussian readout R is
   scanned on a grid in w and each cell that may hold the least refined by Brent's method (GSL). Correlations are
   below 1 by c >= 1, so the series converge geometrically.
   LIMITING CASES. psi1 -> infinity: tau* and k* of large_step.c, by a different route. u = 0: R = mu1*^2 + mu2*^2.
   DOMAIN. d finite, or exponent 1/2: with a smaller exponent every u of a finite sample of zeta tends to 0 and R to
   mu1*^2 + mu2*^2. eta = 0 likewise. One step. The best slope within 8; beyond, PLIM_NOT_CONVERGED.
   ERROR. Absolute: R is a difference of terms of the size of E sigma*^2. What a finer quadrature changes, the
   bound of what the series leave out, and the coefficients' errors. Of the slope, besides, how far from the minimum R
   rises by its own error: (2 error/R'')^1/2.
   DRIFT. The experiment averages m = N^(2/3) neurons: variance 1/m, and the spread m/N of u squared: d^-2/3. */
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>

#include "bounded.h"
#include "one_slope.h"
#include "theory.h"

enum { COARSE = 20, FINE = 28, SCAN = 48, MAX_STEPS = 100 };
static const double steepest = 8.0;         /* of the scan, in units of theta1 u */
static const double scan_tolerance = 1e-5;  /* of the series there */
static const double brent_tolerance = 1e-7; /* of u, relative */

/* ---- the least R over all u ---- */

static double objective(double u, void *params)
{
  plimi_one_slope *s = params;
  double risk = 0.0;
  const plim_status status = plimi_one_slope_risk(s, u, &risk);
  if (status != PLIM_OK)
    s->status = status;
  return risk;
}

/* Minimum inside (low, high), of which `middle` is below both ends. */
static plim_status refine(plimi_one_slope *s, double low, double middle, double high, double *best)
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
                                  gsl_min_fminimizer_x_upper(minimiser), 0.0, brent_tolerance);
    if (state == GSL_SUCCESS)
      break;
    state = state == GSL_CONTINUE ? GSL_SUCCESS : state;
  }
  *best = gsl_min_fminimizer_x_minimum(minimiser);
  gsl_min_fminimizer_free(minimiser);
  return s->status == PLIM_OK && state != GSL_SUCCESS ? PLIM_NOT_CONVERGED : s->status;
}

/* Of two slopes the better, and what the other's risk is above its. The same one reached twice is no rival. */
static void keep_least(double u, double risk, double *best, double *least, double *rival)
{
  const bool is_other = isfinite(*least) && fabs(u - *best) > 1e-3 * fabs(u);
  const double apart = fabs(risk - *least);
  if (is_other)
    *rival = risk < *least ? apart : fmin(*rival, apart);
  if (risk < *least) {
    *least = risk;
    *best = u;
  }
}

/* u on the grid: theta1 u = sinh, from -steepest to steepest. */
static double grid_point(const plimi_one_slope *s, int i)
{
  return sinh(asinh(steepest) * (double)i / (double)SCAN) / s->theta1;
}

/* A minimum of the values known to the scan's tolerance need not be one: from point i on downhill, to the cell that has
   the minimum. `best` is NAN where that leads off the grid or R is flat to the last digit. */
static plim_status descend(plimi_one_slope *s, int i, double *best)
{
  double here[3];
  *best = NAN;
  for (int moved = 0; moved < SCAN && i > -SCAN && i < SCAN; moved++) {
    for (int k = 0; k < 3; k++) {
      const plim_status status = plimi_one_slope_risk(s, grid_point(s, i - 1 + k), &here[k]);
      if (status != PLIM_OK)
        return status;
    }
    if (here[1] < here[0] && here[1] < here[2])
      return refine(s, grid_point(s, i - 1), grid_point(s, i), grid_point(s, i + 1), best);
    i += here[0] < here[2] ? -1 : 1;
  }
  return PLIM_OK;
}

static plim_status minimise(plimi_one_slope *s, double *best)
{
  double value[2 * SCAN + 1], least = INFINITY;
  s->tolerance = scan_tolerance;
  for (int i = -SCAN; i <= SCAN; i++) {
    const plim_status status = plimi_one_slope_risk(s, grid_point(s, i), &value[i + SCAN]);
    if (status != PLIM_OK)
      return status;
  }
  s->tolerance = plimi_slope_tolerance;
  const double ends = fmin(value[0], value[2 * SCAN]);
  for (int i = 1; i < 2 * SCAN; i++) {
    if (value[i] > value[i - 1] || value[i] > value[i + 1])
      continue;
    double u, risk = INFINITY;
    plim_status status = descend(s, i - SCAN, &u);
    if (status == PLIM_OK && !isnan(u))
      status = plimi_one_slope_risk(s, u, &risk);
    if (status != PLIM_OK)
      return status;
    if (!isnan(u))
      keep_least(u, risk, best, &least, &s->rival);
  }
  return least < ends ? PLIM_OK : PLIM_NOT_CONVERGED;
}

/* ---- the limit ---- */

/* Of these u and, for odd sigma, whose neurons' signs are folded, of -u. */
static plim_status choose_among(plimi_one_slope *s, size_t count, const double *u, double *best)
{
  const size_t signs = plim_activation_is_odd(s->in->problem->activation) ? 2 : 1;
  double least = INFINITY;
  for (size_t i = 0; i < signs * count; i++) {
    const double here = i < count ? u[i] : -u[i - count];
    double risk;
    const plim_status status = plimi_one_slope_risk(s, here, &risk);
    if (status != PLIM_OK)
      return status;
    keep_least(here, risk, best, &least, &s->rival);
  }
  return PLIM_OK;
}

/* The best u: of those that the readout's law has, or of all. */
static plim_status choose(plimi_one_slope *s, double e, double *best)
{
  const plim_problem *problem = s->in->problem;
  double u[PLIM_MOST_ATOMS] = {e, -e};
  s->rival = INFINITY;
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

/* What the errors of the coefficients make of R. */
static double coefficients_error(const plimi_input *in)
{
  return 8.0 * (in->star1.error + in->star2.error + in->sigma.nu2.error + in->s2.error);
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
  plimi_one_slope coarse = {.in = NULL}, fine = {.in = NULL};
  double u, rough, risk;
  plim_status status = plimi_one_slope_open(in, COARSE, &coarse);
  if (status == PLIM_OK)
    status = choose(&coarse, e, &u);
  if (status == PLIM_OK)
    status = plimi_one_slope_risk(&coarse, u, &rough);
  if (status == PLIM_OK)
    status = plimi_one_slope_open(in, FINE, &fine);
  if (status == PLIM_OK)
    status = plimi_one_slope_risk(&fine, u, &risk);
  if (status == PLIM_OK) {
    *value = (plim_value){fmax(risk, 0.0), 2.0 * fabs(risk - rough) + fine.remainder +
                                               coefficients_error(in) + 64.0 * DBL_EPSILON * variance};
  }
  plimi_one_slope_close(&fine);
  plimi_one_slope_close(&coarse);
  return status;
}

/* How far from the least R(u) a u may be for which R, known to `error`, is no larger. */
static plim_status flatness(plimi_one_slope *s, double u, double error, double *reach)
{
  const double aside =
      1e-2 * fmax(fabs(u), 1e-2); /* R differs by 1e-4 of its size there, by far more than its error */
  double here, below, above;
  plim_status status = plimi_one_slope_risk(s, u, &here);
  if (status == PLIM_OK)
    status = plimi_one_slope_risk(s, u - aside, &below);
  if (status == PLIM_OK)
    status = plimi_one_slope_risk(s, u + aside, &above);
  if (status != PLIM_OK)
    return status;
  const double curvature = (below + above - 2.0 * here) / (aside * aside);
  *reach = sqrt(2.0 * error / curvature);
  return curvature > 0.0 && *reach < aside ? PLIM_OK : PLIM_NOT_CONVERGED;
}

static plim_status evaluate_slope(const plimi_input *in, plim_value *value)
{
  const double e = scaled_step(in->problem), variance = in->star1.value + in->star2.value;
  if (in->problem->steps != 1)
    return PLIM_OUTSIDE_DOMAIN;
  if (e == 0.0 || in->sigma.mu1.value * in->star.mu1.value == 0.0) {
    *value = v_exact(0.0);
    return PLIM_OK;
  }
  plimi_one_slope coarse = {.in = NULL}, fine = {.in = NULL};
  double rough, u, reach = 0.0;
  plim_status status = plimi_one_slope_open(in, COARSE, &coarse);
  if (status == PLIM_OK)
    status = choose(&coarse, e, &rough);
  if (status == PLIM_OK)
    status = plimi_one_slope_open(in, FINE, &fine);
  if (status == PLIM_OK)
    status = choose(&fine, e, &u);
  const double blur = coefficients_error(in) + 2.0 * plimi_slope_tolerance * variance;
  if (status == PLIM_OK && fine.rival <= blur)
    status = PLIM_NOT_CONVERGED; /* which of two is a matter of rounding */
  if (status == PLIM_OK && plimi_readout_of(in->problem) == PLIM_READOUT_GAUSSIAN)
    status = flatness(&fine, u, blur, &reach);
  if (status == PLIM_OK) {
    const plim_value theta2 = v_mul(in->sigma.mu1, in->star.mu1);
    *value = v_mul(theta2, (plim_value){u, 2.0 * fabs(u - rough) + brent_tolerance * fabs(u) + reach});
  }
  plimi_one_slope_close(&fine);
  plimi_one_slope_close(&coarse);
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

static const plimi_limit limit_student_slope = {
    .info = {.quantity = PLIM_STUDENT_SLOPE,
             .source = "[BA] NeurIPS eq. 5.1, Lemma 6; at finite n/d derived here",
             .keys = "BA",
             .statement =
                 "The slope along beta* of the neurons whose average has student_risk:\n"
                 "  student_slope -> u theta2,  u where R(u) is least.  For n/d -> infinity this is k*.",
             .domain = "that of student_risk, one u best. Near it R is flat: few digits of u are sharp",
             .drift_rate = 2.0 / 3.0},
    .reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP_BATCH | PLIMI_READS_ATOMS,
    .evaluate = evaluate_slope};

const plimi_limit *const plimi_student_limits[] = {&limit_student_risk, &limit_student_slope, NULL};
