/* SPDX-License-Identifier: GPL-3.0-or-later */
/* large_step.c - the paper's bound for a step of size Theta(sqrt N): tau* and the slope at which it is reached.

   SOURCES. [BA] eq. 5.1, Lemma 6, Thm 7, Cor. 8; theory.md section 8. The numerical method is ours.

   NOTATION.
     paper     here         meaning
     kappa     k            slope of a group of neurons along beta*: eta a_j mu1 mu1* (not the effective ridge)
     tau*      tau_star     inf_k f(k)
     -         kappa_star   where it is reached
     -         f, f'        f(k) = E_x r^2, r(x) = sigma*(x) - S(k x);  f' = -2 E_x r x S'(k x)
     -         S            S(v) = E_y sigma(v + y), sigma and sigma* centred (smoother.c)
   NORMALISATION. x, y ~ N(0,1) independent. sigma - E sigma and sigma* - E sigma*, as everywhere.

   FORMULA. tau* = inf_k E_x (sigma*(x) - E_y sigma(k x + y))^2.

   WHY NOTHING CANCELS. f is an average of squares: tau* = 0 (erf/erf, k = sqrt 3) comes out as the square of rounding.
   f' has r as a factor, so k* is exact where tau* = 0 too, where a minimiser would leave half the digits.

   NUMERICAL METHOD. Gauss-Legendre pieces (GSL) in x no wider than 1/|k|, cut at the kinks of sigma*. Global minimum: k =
   sinh(tau) is scanned at steps of 0.05 for |k| <= 50. sqrt f is the L2 distance of S(k .) from sigma*, so over a step
   from k1 to k2 it exceeds (sqrt f1 + sqrt f2 - L |k2 - k1|)/2, L = sup |d S(k x)/dk| in L2. A step for which
   this (with L half as large again as at its ends) is above the least value seen cannot hold the minimum. Every other
   step is halved, three times at most, and where the bound still does not exclude a part Brent's method (GSL) finds
   the zero at which f' turns from - to +. The least of those minima is compared with the limits k -> +-infinity
   where sigma has limits at both ends.
   Where f is even (k and -k are equally good) the positive slope is returned.

   LIMITING CASES. linear/any: k = mu1*, tau* = mu2*^2. sigma bounded and too small for the teacher (sigmoid/erf): the
   infimum is that of steps, k -> infinity; tau_star is its value and kappa_star is PLIM_DIVERGES.
   DOMAIN. sigma not constant; k* within 50 or infinite, otherwise PLIM_NOT_CONVERGED.
   ERROR. tau*: what halving the pieces changes, and the root mean square error e of r as 2 e sqrt(tau*) + e^2.
   k*: the distance over which f' becomes larger than twice its own error, which also covers flat minima.
   DRIFT. tau* describes a network of Lemma 6 whose neurons lie in a window about k*; the risk of a finite one
   approaches it like the window, O(d^-1/2). */
#include <stdbool.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_roots.h>

#include "bounded.h"
#include "theory.h"

enum { RULE_POINTS = 16, HALF_STEPS = 92, HALVINGS = 3, MAX_BRENT_STEPS = 100 };
static const double scan_step = 0.05; /* sinh(92 * 0.05) = 49.7 */
static const double half_line = 9.5;  /* the normal density is 1e-20 there */
static const double inv_sqrt_2pi = 0.39894228040143267794;

typedef struct {
  plimi_smoother *smoother;
  const plim_activation *teacher;
  const double *kinks; /* of the teacher */
  size_t n_kinks;
  double mean, teacher_mean, mean_error; /* E sigma, E sigma*, and the error of their difference */
  gsl_integration_glfixed_table *rule;
  double width;            /* of the pieces in x, before the 1/|k| */
  plim_status status;      /* set by the callbacks of GSL */
  bool at_infinity;        /* S is replaced by its limits */
  double limit[2];         /* of S at -infinity and +infinity, times the sign of k */
} objective;

/* f, f' and E_x (d S(k x)/dk)^2 */
typedef struct {
  double f, slope, speed2;
} sample;

/* S(k x) and x S'(k x) */
static plim_status model(objective *o, double k, double x, double *value, double *by_k)
{
  if (o->at_infinity) {
    *value = x < 0.0 ? o->limit[0] : o->limit[1];
    *by_k = 0.0;
    return PLIM_OK;
  }
  const plim_status status = plimi_smooth(o->smoother, k * x, value, by_k);
  *by_k *= x;
  return status;
}

/* Add the pieces of [left, right], no kink of the teacher inside. */
static plim_status add_pieces(objective *o, double k, const double ends[2], sample *sum)
{
  const double length = ends[1] - ends[0], width = fmin(o->width, 1.0 / fabs(k));
  const size_t pieces = (size_t)fmax(1.0, ceil(length / width));
  double at[RULE_POINTS], weight[RULE_POINTS], teacher[RULE_POINTS];
  for (size_t i = 0; i < pieces; i++) {
    const double step = length / (double)pieces, low = ends[0] + (double)i * step;
    for (size_t j = 0; j < RULE_POINTS; j++)
      gsl_integration_glfixed_point(low, low + step, j, &at[j], &weight[j], o->rule);
    plim_activation_values(o->teacher, RULE_POINTS, at, teacher);
    for (size_t j = 0; j < RULE_POINTS; j++) {
      double value, by_k;
      const plim_status status = model(o, k, at[j], &value, &by_k);
      if (status != PLIM_OK)
        return status;
      const double w = weight[j] * inv_sqrt_2pi * exp(-0.5 * at[j] * at[j]);
      const double r = (teacher[j] - o->teacher_mean) - (value - o->mean);
      sum->f += w * r * r;
      sum->slope -= 2.0 * w * r * by_k;
      sum->speed2 += w * by_k * by_k;
    }
  }
  return PLIM_OK;
}

static plim_status sample_at(objective *o, double k, sample *result)
{
  sample sum = {0.0, 0.0, 0.0};
  double left = -half_line;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= o->n_kinks && status == PLIM_OK; i++) {
    const double right = i < o->n_kinks ? fmin(o->kinks[i], half_line) : half_line;
    const bool crosses = left < 0.0 && right > 0.0; /* at infinity the model jumps at 0 */
    const double ends[3] = {left, crosses ? 0.0 : right, right};
    if (right <= left)
      continue;
    status = add_pieces(o, k, ends, &sum);
    if (status == PLIM_OK && crosses)
      status = add_pieces(o, k, ends + 1, &sum);
    left = right;
  }
  if (status == PLIM_OK && !(isfinite(sum.f) && isfinite(sum.slope) && isfinite(sum.speed2)))
    status = PLIM_NOT_FINITE;
  if (status == PLIM_OK)
    *result = sum;
  return status;
}

/* The least value seen, and where. */
typedef struct {
  double k, f;
  double bracket; /* half width of what is known of k */
  bool is_minimum;
} candidate;

static double slope_at(double k, void *params)
{
  objective *o = params;
  sample s = {NAN, NAN, NAN};
  const plim_status status = sample_at(o, k, &s);
  if (status != PLIM_OK)
    o->status = status;
  return s.slope;
}

/* The zero of f' in [low, high]. */
static plim_status refine(objective *o, double low, double high, candidate *found)
{
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL)
    return PLIM_NO_MEMORY;
  gsl_function function = {.function = slope_at, .params = o};
  plim_status status = PLIM_NOT_CONVERGED;
  o->status = PLIM_OK;
  if (gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS)
    goto done;
  for (int step = 0; step < MAX_BRENT_STEPS && status != PLIM_OK; step++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS)
      goto done;
    const double left = gsl_root_fsolver_x_lower(solver), right = gsl_root_fsolver_x_upper(solver);
    found->k = gsl_root_fsolver_root(solver);
    found->bracket = fmax(right - found->k, found->k - left);
    if (right - left <= 4.0 * DBL_EPSILON * (1.0 + fabs(found->k)) || slope_at(found->k, o) == 0.0)
      status = PLIM_OK;
  }
  if (o->status != PLIM_OK)
    status = o->status;
  sample s;
  if (status == PLIM_OK)
    status = sample_at(o, found->k, &s);
  if (status == PLIM_OK) {
    found->f = s.f;
    found->is_minimum = true;
  }
done:
  gsl_root_fsolver_free(solver);
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
  sample at[2];
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
static plim_status search(objective *o, const interval *part, int halvings, double least, candidate *best)
{
  if (least_root(part) > sqrt(fmin(least, best->f)))
    return PLIM_OK;
  if (halvings > 0) {
    const double middle = 0.5 * (part->tau[0] + part->tau[1]);
    interval left = *part, right = *part;
    left.tau[1] = right.tau[0] = middle;
    plim_status status = sample_at(o, sinh(middle), &left.at[1]);
    right.at[0] = left.at[1];
    if (status == PLIM_OK)
      status = search(o, &left, halvings - 1, least, best);
    if (status == PLIM_OK)
      status = search(o, &right, halvings - 1, least, best);
    return status;
  }
  if (!(part->at[0].slope < 0.0 && part->at[1].slope >= 0.0))
    return PLIM_OK;
  candidate found = {.is_minimum = false};
  const plim_status status = refine(o, sinh(part->tau[0]), sinh(part->tau[1]), &found);
  if (status == PLIM_OK && is_better(&found, best))
    *best = found;
  return status;
}

/* tau of point i of the scan: half a step off 0, where f' may vanish by symmetry. */
static double scan_point(int i)
{
  return scan_step * (i - HALF_STEPS + 0.5);
}

static plim_status scan(objective *o, candidate *best)
{
  sample seen[2 * HALF_STEPS];
  double least = INFINITY;
  for (int i = 0; i < 2 * HALF_STEPS; i++) {
    const plim_status status = sample_at(o, sinh(scan_point(i)), &seen[i]);
    if (status != PLIM_OK)
      return status;
    least = fmin(least, seen[i].f);
  }
  *best = (candidate){.k = -INFINITY, .f = INFINITY, .is_minimum = false};
  for (int i = 0; i + 1 < 2 * HALF_STEPS; i++) {
    const interval step = {{scan_point(i), scan_point(i + 1)}, {seen[i], seen[i + 1]}};
    const plim_status status = search(o, &step, HALVINGS, least, best);
    if (status != PLIM_OK)
      return status;
  }
  const double ends = fmin(seen[0].f, seen[2 * HALF_STEPS - 1].f);
  if (ends < best->f)
    *best = (candidate){.k = INFINITY, .f = ends, .is_minimum = false};
  return PLIM_OK;
}

/* f as k -> sign * infinity, where sigma has limits at both ends: INFINITY where it has none. */
static plim_status at_infinity(objective *o, double sign, double reach, double *f)
{
  double far[2], near[2], unused;
  *f = INFINITY;
  for (int side = 0; side < 2; side++) {
    const double v = side == 0 ? -sign * reach : sign * reach;
    plim_status status = plimi_smooth(o->smoother, v, &far[side], &unused);
    if (status == PLIM_OK)
      status = plimi_smooth(o->smoother, 0.5 * v, &near[side], &unused);
    if (status != PLIM_OK)
      return status;
    if (fabs(far[side] - near[side]) > 1e-12 * (1.0 + fabs(far[side])))
      return PLIM_OK;
  }
  sample s;
  o->at_infinity = true;
  o->limit[0] = far[0];
  o->limit[1] = far[1];
  const plim_status status = sample_at(o, 1.0, &s);
  o->at_infinity = false;
  if (status == PLIM_OK)
    *f = s.f;
  return status;
}

/* How far k may be from the zero of f', given the error of f'. */
static plim_status bound_zero(objective *o, const candidate *best, double slope_error, double *radius)
{
  const double widest = 0.1 * (1.0 + fabs(best->k));
  sample left, right;
  for (*radius = fmax(best->bracket, DBL_EPSILON); *radius <= widest; *radius *= 2.0) {
    plim_status status = sample_at(o, best->k - *radius, &left);
    if (status == PLIM_OK)
      status = sample_at(o, best->k + *radius, &right);
    if (status != PLIM_OK)
      return status;
    if (left.slope < -2.0 * slope_error && right.slope > 2.0 * slope_error)
      return PLIM_OK;
  }
  return PLIM_NOT_CONVERGED;
}

/* Errors of the minimum: see the head of the file. */
static plim_status bound_minimum(objective *o, const candidate *best, plimi_large_step *result)
{
  sample here, finer;
  plim_status status = sample_at(o, best->k, &here);
  o->width *= 0.5;
  if (status == PLIM_OK)
    status = sample_at(o, best->k, &finer);
  o->width *= 2.0;
  if (status != PLIM_OK)
    return status;

  const double size = 4.0 * (1.0 + fabs(o->mean) + fabs(o->teacher_mean));
  const double error = size * plimi_smoother_error(o->smoother) + o->mean_error;
  const double f = finer.f, root = sqrt(f), speed = sqrt(finer.speed2);
  const double f_error = fabs(finer.f - here.f) + 2.0 * root * error + error * error + 1e-14 * f;
  const double slope_error = fabs(finer.slope - here.slope) + 2.0 * error * (speed + root);
  double radius;
  status = bound_zero(o, best, slope_error, &radius);
  if (status != PLIM_OK)
    return status;
  if (f_error > 1e-9 * (1.0 + f))
    return PLIM_NOT_CONVERGED;
  result->tau_star = (plim_value){f, f_error};
  result->kappa_star = (plim_value){best->k, radius};
  result->kappa_status = PLIM_OK;
  return PLIM_OK;
}

static plim_status minimise(objective *o, double reach, plimi_large_step *result)
{
  candidate best;
  double up, down;
  plim_status status = scan(o, &best);
  if (status == PLIM_OK)
    status = at_infinity(o, 1.0, reach, &up);
  if (status == PLIM_OK)
    status = at_infinity(o, -1.0, reach, &down);
  if (status != PLIM_OK)
    return status;
  const double limit = fmin(up, down);
  if (limit < best.f) {
    const double error = sqrt(limit) * (o->mean_error + 16.0 * DBL_EPSILON) + 1e-14 * limit;
    result->tau_star = (plim_value){limit, 4.0 * error};
    result->kappa_star = (plim_value){NAN, INFINITY};
    result->kappa_status = PLIM_DIVERGES;
    return PLIM_OK;
  }
  return best.is_minimum ? bound_minimum(o, &best, result) : PLIM_NOT_CONVERGED;
}

/* The widest pieces at which E sigma*^2 stands still. */
static plim_status calibrate(objective *o)
{
  const double narrowest = 1.0 / 64.0;
  o->at_infinity = true;
  o->limit[0] = o->limit[1] = o->mean;
  for (o->width = 1.0; o->width >= narrowest; o->width *= 0.5) {
    sample coarse, fine;
    plim_status status = sample_at(o, 1.0, &coarse);
    o->width *= 0.5;
    if (status == PLIM_OK)
      status = sample_at(o, 1.0, &fine);
    o->width *= 2.0;
    if (status != PLIM_OK)
      return status;
    if (fabs(fine.f - coarse.f) <= 1e-14 * fine.f) {
      o->at_infinity = false;
      return PLIM_OK;
    }
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_large_step_compute(const plim_activation *activation, const plim_activation *teacher,
                                     plimi_large_step *result)
{
  const double reach = (1.0 + sinh(scan_step * HALF_STEPS)) * half_line;
  plim_coefficients sigma, star;
  plimi_large_step made;
  plim_status status = plim_coefficients_compute(activation, &sigma);
  if (status == PLIM_OK)
    status = plim_coefficients_compute(teacher, &star);
  if (status != PLIM_OK)
    return status;

  objective o = {.teacher = teacher,
                 .mean = sigma.mean.value,
                 .teacher_mean = star.mean.value,
                 .mean_error = sigma.mean.error + star.mean.error};
  o.kinks = plim_activation_kinks(teacher, &o.n_kinks);
  o.rule = gsl_integration_glfixed_table_alloc(RULE_POINTS);
  if (o.rule == NULL)
    return PLIM_NO_MEMORY;
  status = plimi_smoother_alloc(activation, reach, &o.smoother);
  if (status == PLIM_OK)
    status = calibrate(&o);
  if (status == PLIM_OK)
    status = minimise(&o, reach, &made);
  if (status == PLIM_OK)
    *result = made;
  plimi_smoother_free(o.smoother);
  gsl_integration_glfixed_table_free(o.rule);
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

#define READS_ALL (PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_LARGE_STEP)

const plimi_limit plimi_limit_tau_star = {
    .info = {.quantity = PLIM_TAU_STAR,
             .source = "[BA] eq. 5.1, Lemma 6, Thm 7",
             .keys = "BA",
             .statement = "tau* = inf_k E_x (sigma*(x) - E_y sigma(k x + y))^2, x, y ~ N(0,1) independent:\n"
                          "the risk that an average of neurons with slope k along beta* reaches. For n/d large,\n"
                          "after a step eta = Theta(sqrt N), R1 <= 10 tau* + C (sqrt(tau*) sqrt(d/n) + d/n).",
             .domain = "sigma not constant; the best slope within 50, or infinite",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_tau_star};

const plimi_limit plimi_limit_kappa_star = {
    .info = {.quantity = PLIM_KAPPA_STAR,
             .source = "[BA] eq. 5.1",
             .keys = "BA",
             .statement = "k* = argmin_k E_x (sigma*(x) - E_y sigma(k x + y))^2, x, y ~ N(0,1) independent;\n"
                          "erf/erf: k* = sqrt 3. Where k and -k are equally good, the positive one.",
             .domain = "sigma not constant; the best slope within 50. Infinite where steps are best",
             .drift_rate = 0.5},
    .reads = READS_ALL,
    .evaluate = evaluate_kappa_star};
