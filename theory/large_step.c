/* SPDX-License-Identifier: GPL-3.0-or-later */
/* large_step.c - the paper's bound for a step of size Theta(sqrt N): tau* and the slope at which it is reached.

   SOURCES. [BA] NeurIPS eq. 5.1, Lemma 6, Thm 7, Cor. 8; theory.md section 8. The numerical method is ours.

   NOTATION.
     paper     here         meaning
     kappa     k            slope of a group of neurons along beta*: eta a_j mu1 mu1* (not the effective ridge)
     tau*      tau_star     inf_k f(k)
     -         kappa_star   where it is reached
     -         f, f'        f(k) = E_x r^2, r(x) = sigma*(x) - S(k x);  f' = -2 E_x r x S'(k x) (slope_fit.c)
     -         S            S(v) = E_y sigma(v + y), sigma and sigma* centred (smoother.c)
   NORMALISATION. x, y ~ N(0,1) independent. sigma - E sigma and sigma* - E sigma*, as everywhere.

   FORMULA. tau* = inf_k E_x (sigma*(x) - E_y sigma(k x + y))^2.

   WHY NOTHING CANCELS. f is an average of squares: tau* = 0 (erf/erf, k = sqrt 3) comes out as the square of rounding.
   f' has r as a factor, so k* is exact where tau* = 0 too, where a minimiser would leave half the digits.

   NUMERICAL METHOD. k = sinh(tau) is scanned at steps of 0.05 for |k| <= 50. sqrt f is the distance of
   S(k x) from sigma*(x) in L2, so over a step from k1 to k2 it exceeds (sqrt f1 + sqrt f2 - L |k2 - k1|)/2,
   L = sup |d S(k x)/dk| in L2. A step for which this (with L half as large again as at its ends) is above the
   least value seen cannot hold the minimum. Every other step is halved, three times at most, and where the bound still
   does not exclude a part Brent's method (GSL) finds the zero at which f' turns from - to +. The least of
   those minima is compared with the limits k -> +-infinity where sigma has limits at both ends.
   Where f is even (k and -k are equally good) the positive slope is returned.

   LIMITING CASES. linear/any: k = mu1*, tau* = mu2*^2. Where the infimum is that of a step (f falls to its
   limit for |k| -> infinity) tau_star is its value and kappa_star is PLIM_DIVERGES.
   DOMAIN. sigma not constant; k* within 50 or infinite, otherwise PLIM_NOT_CONVERGED.
   ERROR. tau*: what halving the pieces changes, and the root mean square error e of r as 2 e sqrt(tau*) + e^2.
   k*: the distance over which f' becomes larger than twice its own error, which also covers flat minima.
   DRIFT. tau* describes a network of Lemma 6 whose neurons lie in a window about k*; the risk of a finite one
   approaches it like the window, O(d^-1/2). */
#include <stdbool.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "bounded.h"
#include "slope_fit.h"
#include "theory.h"

enum { HALF_STEPS = 92, HALVINGS = 3, MAX_BRENT_STEPS = 100 };
static const double scan_step = 0.05; /* sinh(92 * 0.05) = 49.7 */

/* The least value seen, and where. */
typedef struct {
  double k, f;
  double bracket; /* half width of what is known of k */
  bool is_minimum;
} candidate;

/* f' for GSL, which has no way of its own to hand a status back. */
typedef struct {
  plimi_slope_fit *fit;
  plim_status status;
} callback;

static double slope_at(double k, void *params)
{
  callback *c = params;
  plimi_fit_sample s = {NAN, NAN, NAN};
  const plim_status status = plimi_slope_fit_at(c->fit, k, 1, &s);
  if (status != PLIM_OK)
    c->status = status;
  return s.slope;
}

/* The zero of f' in [low, high], by Brent's method. */
static plim_status find_zero(plimi_slope_fit *fit, double low, double high, candidate *found)
{
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  callback c = {.fit = fit, .status = PLIM_OK};
  gsl_function function = {.function = slope_at, .params = &c};
  plim_status status = PLIM_NOT_CONVERGED;
  if (gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_BRENT_STEPS && status != PLIM_OK; step++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double left = gsl_root_fsolver_x_lower(solver), right = gsl_root_fsolver_x_upper(solver);
    found->k = gsl_root_fsolver_root(solver);
    found->bracket = fmax(right - found->k, found->k - left);
    if (right - left <= 4.0 * DBL_EPSILON * (1.0 + fabs(found->k)) || slope_at(found->k, &c) == 0.0)
      status = PLIM_OK;
  }
done:
  gsl_root_fsolver_free(solver);
  return c.status != PLIM_OK ? c.status : status;
}

static plim_status refine(plimi_slope_fit *fit, double low, double high, candidate *found)
{
  plimi_fit_sample s;
  plim_status status = find_zero(fit, low, high, found);
  if (status == PLIM_OK)
    status = plimi_slope_fit_at(fit, found->k, 1, &s);
  if (status == PLIM_OK) {
    found->f = s.f;
    found->is_minimum = true;
  }
  return status;
}

/* Is `next` better? Of equals (an even f), the positive slope. */
static bool is_better(const candidate *next, const candidate *best)
{
  const double tie = 1e-12 * (next->f + best->f) + DBL_MIN;
  if (next->f < best->f - tie)
    return true;
  return next->f <= best->f + tie && next->k > best->k;
}

/* One step of the scan, or a part of one. */
typedef struct {
  double tau[2];
  plimi_fit_sample at[2];
} interval;

/* A lower bound of sqrt f inside: see the head of the file. */
static double least_root(const interval *part)
{
  const double length = sinh(part->tau[1]) - sinh(part->tau[0]);
  const double speed = 1.5 * sqrt(fmax(part->at[0].speed2, part->at[1].speed2));
  return 0.5 * (sqrt(part->at[0].f) + sqrt(part->at[1].f) - speed * length);
}

/* Every minimum inside that may be as low as best->f or the least value sampled: halve until the bound excludes the
   part or `halvings` are used up, then look for a zero of f'. */
static plim_status search(plimi_slope_fit *fit, const interval *part, int halvings, double least,
                          candidate *best)
{
  if (least_root(part) > sqrt(fmin(least, best->f)))
    return PLIM_OK;
  if (halvings > 0) {
    const double middle = 0.5 * (part->tau[0] + part->tau[1]);
    interval left = *part, right = *part;
    left.tau[1] = right.tau[0] = middle;
    plim_status status = plimi_slope_fit_at(fit, sinh(middle), 1, &left.at[1]);
    right.at[0] = left.at[1];
    if (status == PLIM_OK)
      status = search(fit, &left, halvings - 1, least, best);
    if (status == PLIM_OK)
      status = search(fit, &right, halvings - 1, least, best);
    return status;
  }
  if (!(part->at[0].slope < 0.0 && part->at[1].slope >= 0.0))
    return PLIM_OK;
  candidate found = {.is_minimum = false};
  const plim_status status = refine(fit, sinh(part->tau[0]), sinh(part->tau[1]), &found);
  if (status == PLIM_OK && is_better(&found, best))
    *best = found;
  return status;
}

/* tau of point i of the scan: half a step off 0, where f' may vanish by symmetry. */
static double scan_point(int i)
{
  return scan_step * (i - HALF_STEPS + 0.5);
}

static plim_status scan(plimi_slope_fit *fit, candidate *best)
{
  plimi_fit_sample seen[2 * HALF_STEPS];
  double least = INFINITY;
  for (int i = 0; i < 2 * HALF_STEPS; i++) {
    const plim_status status = plimi_slope_fit_at(fit, sinh(scan_point(i)), 1, &seen[i]);
    if (status != PLIM_OK)
      return status;
    least = fmin(least, seen[i].f);
  }
  *best = (candidate){.k = -INFINITY, .f = INFINITY, .is_minimum = false};
  for (int i = 0; i + 1 < 2 * HALF_STEPS; i++) {
    const interval step = {{scan_point(i), scan_point(i + 1)}, {seen[i], seen[i + 1]}};
    const plim_status status = search(fit, &step, HALVINGS, least, best);
    if (status != PLIM_OK)
      return status;
  }
  const double ends = fmin(seen[0].f, seen[2 * HALF_STEPS - 1].f);
  if (ends < best->f)
    *best = (candidate){.k = INFINITY, .f = ends, .is_minimum = false};
  return PLIM_OK;
}

/* How far k may be from the zero of f', given the error of f'. */
static plim_status bound_zero(plimi_slope_fit *fit, const candidate *best, double slope_error, double *radius)
{
  const double widest = 0.1 * (1.0 + fabs(best->k));
  plimi_fit_sample left, right;
  for (*radius = fmax(best->bracket, DBL_EPSILON); *radius <= widest; *radius *= 2.0) {
    plim_status status = plimi_slope_fit_at(fit, best->k - *radius, 1, &left);
    if (status == PLIM_OK)
      status = plimi_slope_fit_at(fit, best->k + *radius, 1, &right);
    if (status != PLIM_OK)
      return status;
    if (left.slope < -2.0 * slope_error && right.slope > 2.0 * slope_error)
      return PLIM_OK;
  }
  return PLIM_NOT_CONVERGED;
}

/* Error of f from that of r, whose root mean square is sqrt f. */
static double error_of_square(const plimi_slope_fit *fit, double f)
{
  const double error = plimi_slope_fit_error(fit);
  return 2.0 * sqrt(f) * error + error * error + 1e-14 * f;
}

/* Errors of the minimum: see the head of the file. */
static plim_status bound_minimum(plimi_slope_fit *fit, const candidate *best, plimi_large_step *result)
{
  plimi_fit_sample here, finer;
  plim_status status = plimi_slope_fit_at(fit, best->k, 1, &here);
  if (status == PLIM_OK)
    status = plimi_slope_fit_at(fit, best->k, 2, &finer);
  if (status != PLIM_OK)
    return status;
  const double f_error = fabs(finer.f - here.f) + error_of_square(fit, finer.f);
  const double slope_error = fabs(finer.slope - here.slope) +
                             2.0 * plimi_slope_fit_error(fit) * (sqrt(finer.speed2) + sqrt(finer.f));
  double radius;
  status = bound_zero(fit, best, slope_error, &radius);
  if (status != PLIM_OK)
    return status;
  if (f_error > 1e-9 * (1.0 + finer.f))
    return PLIM_NOT_CONVERGED;
  result->tau_star = (plim_value){finer.f, f_error};
  result->kappa_star = (plim_value){best->k, radius};
  result->kappa_status = PLIM_OK;
  return PLIM_OK;
}

static plim_status minimise(plimi_slope_fit *fit, plimi_large_step *result)
{
  candidate best;
  plimi_fit_limit up, down;
  plim_status status = scan(fit, &best);
  if (status == PLIM_OK)
    status = plimi_slope_fit_at_infinity(fit, 1.0, &up);
  if (status == PLIM_OK)
    status = plimi_slope_fit_at_infinity(fit, -1.0, &down);
  if (status != PLIM_OK)
    return status;
  const plimi_fit_limit limit = up.f <= down.f ? up : down;
  if (limit.f >= best.f)
    return best.is_minimum ? bound_minimum(fit, &best, result) : PLIM_NOT_CONVERGED;
  if (limit.approach <= 0.0) /* from below: there is a lower value beyond the scan */
    return PLIM_NOT_CONVERGED;
  result->tau_star = (plim_value){limit.f, error_of_square(fit, limit.f)};
  result->kappa_star = (plim_value){NAN, INFINITY};
  result->kappa_status = PLIM_DIVERGES;
  return PLIM_OK;
}

plim_status plimi_large_step_compute(const plim_activation *activation, const plim_activation *teacher,
                                     plimi_large_step *result)
{
  plimi_slope_fit *fit = NULL;
  plimi_large_step made;
  plim_status status = plimi_slope_fit_alloc(activation, teacher, sinh(scan_step * HALF_STEPS), &fit);
  if (status == PLIM_OK)
    status = minimise(fit, &made);
  if (status == PLIM_OK)
    *result = made;
  plimi_slope_fit_free(fit);
  return status;
}

static plim_status evaluate_tau_star(const plimi_input *in, plim_value *value)
{
  *value = in->large_step->tau_star;
  return PLIM_OK;
}

static plim_status evaluate_kappa_star(const plimi_input *in, plim_value *value)
{
  if (in->large_step->kappa_status == PLIM_OK)
    *value = in->large_step->kappa_star;
  return in->large_step->kappa_status;
}

#define READS_ALL                                                                                            \
  (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_LARGE_STEP | PLIMI_READS_BATCHES_AND_ATOMS)

static const plimi_limit limit_tau_star = {
    .info = {.quantity = PLIM_TAU_STAR,
             .source = "[BA] NeurIPS eq. 5.1, Lemma 6, Thm 7",
             .keys = "BA",
             .statement =
                 "tau* = inf_k E_x (sigma*(x) - E_y sigma(k x + y))^2, x, y ~ N(0,1) independent:\n"
                 "the risk that an average of neurons with slope k along beta* reaches. For n/d large,\n"
                 "after a step eta = Theta(sqrt N), R1 <= 10 tau* + C (sqrt(tau*) sqrt(d/n) + d/n).",
             .domain = "sigma not constant; the best slope within 50, or infinite",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_tau_star};

static const plimi_limit limit_kappa_star = {
    .info = {.quantity = PLIM_KAPPA_STAR,
             .source = "[BA] NeurIPS eq. 5.1",
             .keys = "BA",
             .statement = "k* = argmin_k E_x (sigma*(x) - E_y sigma(k x + y))^2, x, y ~ N(0,1) independent;\n"
                          "erf/erf: k* = sqrt 3. Where k and -k are equally good, the positive one.",
             .domain = "sigma not constant; the best slope within 50. Infinite where steps are best",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_kappa_star};

const plimi_limit *const plimi_large_step_limits[] = {&limit_tau_star, &limit_kappa_star, NULL};
