/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optimum.c - the best penalty, the best step size, or both.

   SOURCES. The quantities are those of the other files; which of them are monotone, and in what, is derived
   there (small_step.c, kernels.c, enclosed.c). The search is ours.

   NOTATION.
     here          meaning
     goal          least (risk, training error) or greatest (improvement); a target is minimised, times sign
     shape         what is proved of a quantity in one variable, whatever the others are (theory.h)
     bound         nothing in the range searched is better
     curvature     second derivative of the quantity in the logarithm of the variable, at the optimum
   NORMALISATION. lambda and eta as in plim_problem.h, eta the eta0 of eta0 N^eta_exponent.

   METHOD. A variable in which the quantity is proved monotone stands at an end of its range: `proved`. (As it
   is so whatever the other variable is, that one is then searched alone.) So does one in which only the place of the
   best is proved to be an end, where the other variable is not searched. lambda with monotone parts: `enclosed`
   (enclosed.c), a proof by interval bounds. What is left: `sampled` (sampled.c), no proof. An infinite step size is
   PLIMI_ENDLESS_STEP: R1 differs from its limit by O(eta^-2), which is 1e-60.

   CURVATURE. Central second differences at steps h and h/2 in log x, extrapolated (Richardson). h balances
   what is left out, O(h^4), with rounding, O(error/h^2): h = (relative error)^(1/6), at least 0.02.
   ERROR. value: the quantity's own. Place: how far the variable may move before the quantity rises by twice
   its error, sqrt(4 error/curvature), and the last step of Brent's method. Curvature: what halving h changes,
   and the rounding.
   LIMITING CASES. See enclosed.c. risk1 over eta: infinity, R1 -> R0 - (r/s)(P0 mu1*^2)/(1 - gamma)
   with r/s = theta2^2/theta1^2.
   DRIFT. That of the quantity. */
#include <math.h>

#include "../bounded.h"
#include "gsl_errors.h"
#include "optimum.h"

static const double least_step = 0.02; /* of the curvature's differences, in log x */

#define WORD(code, name, meaning) name,
#define MEANING(code, name, meaning) meaning,
static const char *const place_names[] = {PLIM_PLACE_TABLE(WORD)};
static const char *const place_meanings[] = {PLIM_PLACE_TABLE(MEANING)};
static const char *const certificate_names[] = {PLIM_CERTIFICATE_TABLE(WORD)};
static const char *const certificate_meanings[] = {PLIM_CERTIFICATE_TABLE(MEANING)};
#undef WORD
#undef MEANING

const char *plim_place_name(plim_place place)
{
  return (unsigned)place < PLIM_PLACE_COUNT ? place_names[place] : NULL;
}

const char *plim_place_meaning(plim_place place)
{
  return (unsigned)place < PLIM_PLACE_COUNT ? place_meanings[place] : NULL;
}

const char *plim_certificate_name(plim_certificate certificate)
{
  return (unsigned)certificate < PLIM_CERTIFICATE_COUNT ? certificate_names[certificate] : NULL;
}

const char *plim_certificate_meaning(plim_certificate certificate)
{
  return (unsigned)certificate < PLIM_CERTIFICATE_COUNT ? certificate_meanings[certificate] : NULL;
}

plim_goal plim_optimum_goal(plim_quantity quantity)
{
  const plimi_limit *limit = plimi_limit_entry(quantity);
  return limit != NULL ? limit->objective.goal : PLIM_GOAL_NONE;
}

plim_search plim_search_default(void)
{
  return (plim_search){
      .over_lambda = true, .over_eta = false, .lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}};
}

/* f(x e^h) - 2 f(x) + f(x e^-h), over h^2 */
static plim_status second_difference(plimi_target *target, plimi_axis axis, double x, double h,
                                     plim_value *found)
{
  plim_value at[3];
  for (int i = 0; i < 3; i++) {
    const plim_status status = plimi_target_at(target, axis, x * exp((i - 1) * h), &at[i]);
    if (status != PLIM_OK)
      return status;
  }
  found->value = ((at[0].value - at[1].value) + (at[2].value - at[1].value)) / (h * h);
  found->error = (at[0].error + 2.0 * at[1].error + at[2].error) / (h * h);
  return PLIM_OK;
}

/* Curvature and error of a variable whose best value is inside; an end is exact. */
static plim_status describe(plimi_target *target, plimi_axis axis, plim_value value, plim_best *best)
{
  best->curvature = (plim_value){NAN, NAN};
  best->error = 0.0;
  if (best->place == PLIM_PLACE_ANYWHERE)
    best->at = best->error = NAN;
  if (best->place == PLIM_PLACE_INFINITY)
    best->error = NAN;
  if (best->place != PLIM_PLACE_INSIDE)
    return PLIM_OK;
  const double relative = value.value != 0.0 ? fabs(value.error / value.value) : 1.0;
  const double h = fmin(fmax(least_step, pow(relative, 1.0 / 6.0)), 0.25);
  plim_value coarse, fine;
  plim_status status = second_difference(target, axis, best->at, h, &coarse);
  if (status == PLIM_OK)
    status = second_difference(target, axis, best->at, 0.5 * h, &fine);
  plimi_target_set(target, axis, best->at);
  if (status != PLIM_OK)
    return status;
  const double curvature = fine.value + (fine.value - coarse.value) / 3.0;
  best->curvature.value = target->sign * curvature;
  best->curvature.error = fabs(fine.value - coarse.value) / 3.0 + (4.0 * fine.error + coarse.error) / 3.0;
  const double in_log = sqrt(4.0 * value.error / fmax(curvature, DBL_MIN)) + plimi_brent_width(log(best->at));
  best->error = best->at * fmin(in_log, 1.0);
  return PLIM_OK;
}

static void put_at_end(plim_best *best, plim_range range, bool high)
{
  best->at = high ? range.high : range.low;
  best->place = high ? (isinf(range.high) ? PLIM_PLACE_INFINITY : PLIM_PLACE_HIGH)
                     : (range.low == 0.0 ? PLIM_PLACE_ZERO : PLIM_PLACE_LOW);
  best->bracket = (plim_range){best->at, best->at};
  best->searched = range;
}

/* Does a step change anything? With an activation without linear part it does not, and that part is 0 only to within
   rounding, which an endless step would blow up: so a step of ordinary size is asked. Leaves the variable at `low`. */
static plim_status see_whether_flat(plimi_target *target, plimi_axis axis, plim_range range, bool *is_flat)
{
  plim_value low, further;
  plim_status status = plimi_target_at(target, axis, fmin(range.high, fmax(1.0, 2.0 * range.low)), &further);
  if (status == PLIM_OK)
    status = plimi_target_at(target, axis, range.low, &low);
  *is_flat = status == PLIM_OK && fabs(low.value - further.value) <= low.error + further.error;
  return status;
}

static plimi_shape shape_of(const plimi_target *target, plimi_axis axis)
{
  const plimi_objective *objective = &target->limit->objective;
  if (objective->of_fresh_batch && target->here.ridge_batch != PLIM_RIDGE_FRESH)
    return PLIMI_SHAPE_UNKNOWN;
  if (axis == PLIMI_AXIS_LAMBDA)
    return objective->in_lambda;
  return objective->in_eta_of != NULL ? objective->in_eta_of(&target->here) : objective->in_eta;
}

/* Which of two ends is better? At the other variable's present value. */
static plim_status better_end(plimi_target *target, plimi_axis axis, plim_range range, bool *high)
{
  plim_value at_low, at_high;
  plim_status status = plimi_target_at(target, axis, range.low, &at_low);
  if (status == PLIM_OK)
    status = plimi_target_at(target, axis, range.high, &at_high);
  *high = status == PLIM_OK && at_high.value < at_low.value;
  return status;
}

/* A variable in which the quantity is monotone or constant is set to its best, and *settled becomes true; so is one
   whose best value stands at an end, which end depends on the other variable, unless that is searched too. */
static plim_status settle_monotone(plimi_target *target, plimi_axis axis, plim_range range, plim_best *best,
                                   bool other_is_free, bool *settled)
{
  const plimi_shape shape = shape_of(target, axis);
  const bool has_ends = shape == PLIMI_SHAPE_ENDS && !other_is_free;
  const bool rises = shape == PLIMI_SHAPE_INCREASING, falls = shape == PLIMI_SHAPE_DECREASING;
  bool is_flat = shape == PLIMI_SHAPE_CONSTANT;
  plim_status status = PLIM_OK;
  if (axis == PLIMI_AXIS_ETA && (rises || falls || has_ends))
    status = see_whether_flat(target, axis, range, &is_flat);
  *settled = is_flat || rises || falls || has_ends;
  bool high = target->sign > 0.0 ? falls : rises;
  if (status == PLIM_OK && has_ends && !is_flat)
    status = better_end(target, axis, range, &high);
  if (is_flat) {
    *best = (plim_best){.place = PLIM_PLACE_ANYWHERE, .bracket = range, .searched = range};
  } else if (*settled) {
    put_at_end(best, range, high);
    plimi_target_set(target, axis, best->at);
  }
  return status;
}

static bool is_acceptable(plim_range range)
{
  return range.low >= 0.0 && range.low < range.high;
}

static plim_best fixed_at(double x)
{
  return (plim_best){.place = PLIM_PLACE_FIXED, .at = x, .bracket = {x, x}, .searched = {x, x}};
}

static plim_status search_rest(plimi_target *target, const plim_search *rest, plim_optimum *optimum)
{
  if (rest->over_lambda && rest->over_eta)
    return plimi_optimum_sample_both(target, rest, optimum);
  if (rest->over_lambda && shape_of(target, PLIMI_AXIS_LAMBDA) == PLIMI_SHAPE_PARTS)
    return plimi_optimum_enclose(target, rest->lambda, optimum);
  if (rest->over_lambda)
    return plimi_optimum_sample_one(target, PLIMI_AXIS_LAMBDA, rest->lambda, optimum);
  if (rest->over_eta)
    return plimi_optimum_sample_one(target, PLIMI_AXIS_ETA, rest->eta, optimum);
  const plim_status status = plimi_target_value(target, &optimum->value);
  if (status == PLIM_OK) {
    optimum->bound = optimum->value.value - optimum->value.error;
    optimum->certificate = PLIM_CERTIFICATE_PROVED;
  }
  return status;
}

plim_status plim_optimum_find(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                              const plim_search *search, plim_optimum *optimum)
{
  if (theory == NULL || problem == NULL || search == NULL || plim_optimum_goal(quantity) == PLIM_GOAL_NONE ||
      !(search->over_lambda || search->over_eta) || (search->over_lambda && !is_acceptable(search->lambda)) ||
      (search->over_eta && !is_acceptable(search->eta)))
    return PLIM_INVALID;
  plimi_gsl_errors_return();
  const double sign = plim_optimum_goal(quantity) == PLIM_GOAL_LEAST ? 1.0 : -1.0;
  plimi_target target = {theory, quantity, plimi_limit_entry(quantity), *problem, sign};
  plim_optimum made = {.lambda = fixed_at(problem->lambda), .eta = fixed_at(problem->eta)};
  plim_search rest = *search;
  bool settled = false;
  plim_status status = PLIM_OK;
  if (rest.over_lambda)
    status = settle_monotone(&target, PLIMI_AXIS_LAMBDA, rest.lambda, &made.lambda, rest.over_eta, &settled);
  rest.over_lambda = rest.over_lambda && !settled;
  settled = false;
  if (status == PLIM_OK && rest.over_eta)
    status = settle_monotone(&target, PLIMI_AXIS_ETA, rest.eta, &made.eta, rest.over_lambda, &settled);
  rest.over_eta = rest.over_eta && !settled;
  if (status == PLIM_OK)
    status = search_rest(&target, &rest, &made);
  if (status == PLIM_OK && search->over_lambda && isfinite(made.lambda.at))
    plimi_target_set(&target, PLIMI_AXIS_LAMBDA, made.lambda.at);
  if (status == PLIM_OK)
    status = describe(&target, PLIMI_AXIS_LAMBDA, made.value, &made.lambda);
  if (status == PLIM_OK)
    status = describe(&target, PLIMI_AXIS_ETA, made.value, &made.eta);
  if (status != PLIM_OK)
    return status;
  made.value.value *= sign;
  made.bound *= sign;
  *optimum = made;
  return PLIM_OK;
}
