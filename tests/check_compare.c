/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_compare.c - the judge on data whose truth is known: its algebra by a second route, and its error
   rates and power by simulation. Seeds are fixed. A measured rate is held against a binomial quantile: if the
   claimed rate holds, a bound is passed with chance FALSE_ALARM, before the seed is chosen. */
#include <check.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "plim_compare.h"
#include "run_cases.h"

#define FALSE_ALARM 1e-4
#define ROUNDING 1e-12      /* of sums of a few terms of order 1 */
#define CLAIMED_EXCESS 1.12 /* rates at 10 or more replicas are within 12 % of nominal: doc/judge.md */

enum { TRIALS = 20000 };

/* ---- A ladder with known truth ------------------------------------------------------------------------- */

typedef struct {
  double limit, drift, rate; /* value(d) = limit + drift d^-rate + drift2 d^-rate2 */
  double drift2, rate2;
  double spread, spread_rate; /* standard deviation of a replica at d: spread d^-spread_rate */
  size_t rungs, replicas;
  double d_min;
} truth;

static const truth usual = {.limit = 0.8317,
                            .drift = 0.61,
                            .rate = 0.5,
                            .spread = 0.47,
                            .spread_rate = 0.5,
                            .rungs = 4,
                            .replicas = 20,
                            .d_min = 96.0};

enum { MOST_RUNGS = 8 };

/* Sizes double. A rung's value and error are those of `replicas` normal replicas. */
static void draw(gsl_rng *random, const truth *t, plim_rung *rungs)
{
  double d = t->d_min;
  for (size_t i = 0; i < t->rungs; i++, d *= 2.0) {
    const double se = t->spread * pow(d, -t->spread_rate) / sqrt((double)t->replicas);
    const double nu = (double)t->replicas - 1.0;
    rungs[i].d = d;
    rungs[i].value =
        t->limit + t->drift * pow(d, -t->rate) + t->drift2 * pow(d, -t->rate2) + gsl_ran_gaussian(random, se);
    rungs[i].error = se * sqrt(gsl_ran_chisq(random, nu) / nu);
    rungs[i].replicas = t->replicas;
  }
}

/* The standard error of the limit if every rung's error were known. */
static double known_error(const truth *t)
{
  double w[3] = {0.0}, d = t->d_min;
  for (size_t i = 0; i < t->rungs; i++, d *= 2.0) {
    const double se = t->spread * pow(d, -t->spread_rate) / sqrt((double)t->replicas), u = pow(d, -t->rate);
    w[0] += 1.0 / (se * se);
    w[1] += u / (se * se);
    w[2] += u * u / (se * se);
  }
  return sqrt(w[2] / (w[0] * w[2] - w[1] * w[1]));
}

typedef struct {
  long agree, disagree, covered, poor_fit;
} counts;

/* Judge TRIALS ladders against `predicted`, fitting `terms` of `rates`. */
static counts judge_many(const truth *t, const double *rates, size_t terms, const plim_value *predicted,
                         const plim_criterion *criterion, unsigned long seed)
{
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(random, seed);
  counts c = {0, 0, 0, 0};
  for (int trial = 0; trial < TRIALS; trial++) {
    plim_rung rungs[MOST_RUNGS];
    plim_extrapolation fit;
    plim_judgement j;
    draw(random, t, rungs);
    ck_assert_int_eq(plim_extrapolate_terms(rungs, t->rungs, rates, terms, &fit), PLIM_OK);
    ck_assert_int_eq(plim_judge(&fit, predicted, criterion, &j), PLIM_OK);
    c.agree += j.verdict == PLIM_AGREE;
    c.disagree += j.verdict == PLIM_DISAGREE;
    c.covered += j.ci_low <= t->limit && t->limit <= j.ci_high;
    c.poor_fit += fit.fit_p < 0.01;
  }
  gsl_rng_free(random);
  return c;
}

/* Quantiles of the binomial(TRIALS, rate) at FALSE_ALARM, to the normal with a correction good at these
   counts. */
static double most(double rate)
{
  const double mean = rate * TRIALS, z = gsl_cdf_ugaussian_Qinv(FALSE_ALARM);
  return mean + z * sqrt(mean * (1.0 - rate)) + (z * z - 1.0) / 6.0 + 1.0;
}

static double least(double rate)
{
  return TRIALS - most(1.0 - rate);
}

#define ck_rate_at_most(count, rate) ck_assert_double_le((double)(count), most(rate))
#define ck_rate_at_least(count, rate) ck_assert_double_ge((double)(count), least(rate))

/* ---- The algebra, by a second route -------------------------------------------------------------------- */

/* The weighted normal equations in long double, for one rate: limit, drift and formula (2) for both errors.
   */
typedef struct {
  long double value[2], error[2], degrees, chi2, a;
} normal_fit;

static normal_fit by_normal_equations(const plim_rung *rungs, size_t count, double rate)
{
  long double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
  for (size_t i = 0; i < count; i++) {
    const long double w = 1.0L / ((long double)rungs[i].error * rungs[i].error),
                      u = powl(rungs[i].d, -(long double)rate);
    s0 += w;
    s1 += w * u;
    s2 += w * u * u;
    t0 += w * rungs[i].value;
    t1 += w * u * rungs[i].value;
  }
  const long double det = s0 * s2 - s1 * s1;
  normal_fit fit = {.value = {(s2 * t0 - s1 * t1) / det, (s0 * t1 - s1 * t0) / det}};
  long double plain = 0, fourth = 0;
  for (size_t i = 0; i < count; i++) {
    const long double e2 = (long double)rungs[i].error * rungs[i].error, w = 1.0L / e2,
                      u = powl(rungs[i].d, -(long double)rate), nu = (long double)rungs[i].replicas - 1.0L,
                      c0 = w * (s2 - s1 * u) / det, c1 = w * (s0 * u - s1) / det,
                      h = w * (s2 - 2.0L * s1 * u + s0 * u * u) / det,
                      r = rungs[i].value - fit.value[0] - fit.value[1] * u;
    fit.error[0] += c0 * c0 * e2 * (1.0L + 4.0L * (1.0L - h) / nu);
    fit.error[1] += c1 * c1 * e2 * (1.0L + 4.0L * (1.0L - h) / nu);
    plain += c0 * c0 * e2;
    fourth += c0 * c0 * e2 * c0 * c0 * e2 / nu;
    fit.chi2 += r * r / e2;
    fit.a += (1.0L - h) * (1.0L - h) / nu;
  }
  fit.error[0] = sqrtl(fit.error[0]);
  fit.error[1] = sqrtl(fit.error[1]);
  fit.degrees = plain * plain / fourth;
  return fit;
}

static void assert_close(double value, long double expected, double tolerance)
{
  ck_assert_msg(fabsl(value - expected) <= tolerance * fabsl(expected), "%.17g is not %.17Lg", value,
                expected);
}

START_TEST(fit_is_that_of_the_normal_equations)
{
  const plim_rung rungs[] = {{131.0, 0.4213, 0.0123, 11},
                             {257.0, 0.3971, 0.0057, 23},
                             {509.0, 0.3805, 0.0061, 17},
                             {1021.0, 0.3712, 0.0029, 9}};
  const double rates[] = {0.5, 1.0, 2.0 / 3.0, 2.385};
  for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
    plim_extrapolation fit;
    ck_assert_int_eq(plim_extrapolate(rungs, 4, rates[k], &fit), PLIM_OK);
    const normal_fit expected = by_normal_equations(rungs, 4, rates[k]);
    assert_close(fit.limit, expected.value[0], ROUNDING);
    assert_close(fit.drift, expected.value[1], ROUNDING);
    assert_close(fit.limit_error, expected.error[0], ROUNDING);
    assert_close(fit.drift_error, expected.error[1], ROUNDING);
    assert_close(fit.degrees, expected.degrees, ROUNDING);
    assert_close(fit.drift_at_last, expected.value[1] * powl(1021.0L, -(long double)rates[k]), ROUNDING);
    assert_close(fit.chi2, expected.chi2, 1e-9); /* of differences */
    const long double a = expected.a;            /* k = 2: c = 1 + 2 a/8, F(2, 8/(3 a)) has a closed tail */
    const long double f2 = 8.0L / (3.0L * a), x = expected.chi2 / 2.0L / (1.0L + a / 4.0L);
    assert_close(fit.fit_p, powl(1.0L + 2.0L * x / f2, -f2 / 2.0L), 1e-9);
    ck_assert_uint_eq(fit.rungs, 4);
    ck_assert_uint_eq(fit.terms, 1);
    ck_assert_double_eq(fit.rate, rates[k]);
  }
}
END_TEST

START_TEST(several_rates_recover_an_exact_mixture)
{
  const double rates[] = {0.5, 1.0, 1.5}, drift[] = {0.61, -3.7, 11.3}, limit = 0.8317;
  for (size_t terms = 1; terms <= 3; terms++) {
    plim_rung rungs[6];
    double d = 61.0, last = 0.0;
    for (size_t i = 0; i < 6; i++, d *= 1.9) {
      rungs[i] = (plim_rung){d, limit, 1e-3 * (1.0 + 0.37 * (double)i), 12 + i};
      last = 0.0;
      for (size_t t = 0; t < terms; t++)
        last += drift[t] * pow(d, -rates[t]);
      rungs[i].value += last;
    }
    plim_extrapolation fit;
    ck_assert_int_eq(plim_extrapolate_terms(rungs, 6, rates, terms, &fit), PLIM_OK);
    ck_assert_double_eq_tol(fit.limit, limit, 1e-12);
    ck_assert_double_eq_tol(fit.drift, drift[0], 1e-10);
    ck_assert_double_eq_tol(fit.drift_at_last, last, 1e-12);
    ck_assert_double_le(fit.chi2, 1e-15);
    ck_assert_double_ge(fit.fit_p, 1.0 - 1e-6);
    ck_assert_uint_eq(fit.terms, terms);
    ck_assert_double_eq(fit.rate, rates[0]);
  }
}
END_TEST

/* Order, and units of value and of d, do not matter. */
START_TEST(fit_does_not_depend_on_units)
{
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  plim_rung rungs[MOST_RUNGS], other[MOST_RUNGS];
  draw(random, &usual, rungs);
  plim_extrapolation fit, scaled;
  ck_assert_int_eq(plim_extrapolate(rungs, 4, 0.5, &fit), PLIM_OK);
  const double units[] = {1e-290, 1e-150, 1e150, 1e290};
  for (size_t k = 0; k < 4; k++) {
    for (size_t i = 0; i < 4; i++) {
      other[3 - i] = rungs[i];
      other[3 - i].value *= units[k];
      other[3 - i].error *= units[k];
      other[3 - i].d *= 7.0;
    }
    ck_assert_int_eq(plim_extrapolate(other, 4, 0.5, &scaled), PLIM_OK);
    ck_assert_double_eq_tol(scaled.limit / units[k], fit.limit, ROUNDING);
    ck_assert_double_eq_tol(scaled.limit_error / units[k], fit.limit_error, ROUNDING);
    ck_assert_double_eq_tol(scaled.degrees, fit.degrees, 1e-10);
    ck_assert_double_eq_tol(scaled.drift / units[k], fit.drift * sqrt(7.0), 1e-11);
    ck_assert_double_eq_tol(scaled.fit_p, fit.fit_p, 1e-10);
  }
  gsl_rng_free(random);
}
END_TEST

/* One rung far more precise than the rest, replicas past 2^53, rates that flatten all but one rung. */
START_TEST(extreme_ladders_have_finite_fits)
{
  plim_rung rungs[] = {{100.0, 1.3, 1e-2, 20}, {200.0, 1.2, 1e-2, SIZE_MAX}, {400.0, 1.1, 1e-2, 2}};
  const double rates[] = {1e-4, 0.5, 30.0, 100.0};
  const double errors[] = {1e-2, 1e-30, 1e-8, 1e10};
  for (size_t k = 0; k < 4; k++) {
    for (size_t e = 0; e < 4; e++) {
      rungs[2].error = errors[e];
      plim_extrapolation fit = {.limit = -7.0};
      const plim_status status = plim_extrapolate(rungs, 3, rates[k], &fit);
      if (status == PLIM_OK) {
        ck_assert(isfinite(fit.limit) && fit.limit_error > 0.0 && isfinite(fit.limit_error));
        ck_assert(fit.degrees >= 1.0 - ROUNDING && fit.fit_p >= 0.0 && fit.fit_p <= 1.0);
      } else { /* the weights of two rungs vanish beside the third's: nothing to tell the columns apart by */
        ck_assert_int_eq(status, PLIM_INVALID);
        ck_assert_double_le(errors[e], 1e-8);
        ck_assert_double_eq(fit.limit, -7.0);
      }
    }
  }
  for (size_t i = 0; i < 3; i++)
    rungs[i] = (plim_rung){100.0 * pow(2.0, (double)i), 1.0 + 0.1 * (double)i, 1e-2, SIZE_MAX};
  plim_extrapolation fit;
  ck_assert_int_eq(plim_extrapolate(rungs, 3, 0.5, &fit), PLIM_OK);
  ck_assert_double_ge(fit.degrees, 1e19);
  assert_close(fit.fit_p, gsl_cdf_chisq_Q(fit.chi2, 1.0), 1e-9); /* known errors: chi-square again */
}
END_TEST

START_TEST(extrapolate_refuses_bad_ladders)
{
  const plim_rung good[] = {{100.0, 1.3, 1e-2, 20}, {200.0, 1.2, 1e-2, 20}, {400.0, 1.1, 1e-2, 20}};
  const struct {
    size_t rung;
    plim_rung with;
    plim_status status;
  } bad[] = {
      {0, {NAN, 1.3, 1e-2, 20}, PLIM_INVALID},           {1, {INFINITY, 1.3, 1e-2, 20}, PLIM_INVALID},
      {0, {-100.0, 1.3, 1e-2, 20}, PLIM_INVALID},        {0, {0.0, 1.3, 1e-2, 20}, PLIM_INVALID},
      {0, {200.0, 1.3, 1e-2, 20}, PLIM_INVALID},         {2, {400.0, NAN, 1e-2, 20}, PLIM_NOT_FINITE},
      {2, {400.0, INFINITY, 1e-2, 20}, PLIM_NOT_FINITE}, {2, {400.0, 1.1, NAN, 20}, PLIM_NOT_FINITE},
      {2, {400.0, 1.1, INFINITY, 20}, PLIM_NOT_FINITE},  {2, {400.0, 1.1, 0.0, 20}, PLIM_INVALID},
      {2, {400.0, 1.1, -1e-2, 20}, PLIM_INVALID},        {2, {400.0, 1.1, 1e-2, 1}, PLIM_INVALID},
      {2, {400.0, 1.1, 1e-2, 0}, PLIM_INVALID},
  };
  plim_extrapolation fit = {.limit = -7.0};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    plim_rung rungs[3] = {good[0], good[1], good[2]};
    rungs[bad[k].rung] = bad[k].with;
    ck_assert_msg(plim_extrapolate(rungs, 3, 0.5, &fit) == bad[k].status, "bad ladder %zu", k);
  }
  const double rates[] = {0.0, -0.5, NAN, INFINITY, 1e-18};
  for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
    ck_assert_int_eq(plim_extrapolate(good, 3, rates[k], &fit), PLIM_INVALID);
  for (size_t count = 0; count < 3; count++)
    ck_assert_int_eq(plim_extrapolate(good, count, 0.5, &fit), PLIM_INVALID);
  const double descending[] = {1.0, 0.5}, twice[] = {0.5, 0.5}, two[] = {0.5, 1.0};
  ck_assert_int_eq(plim_extrapolate_terms(good, 3, two, 2, &fit), PLIM_INVALID); /* 4 sizes needed */
  ck_assert_int_eq(plim_extrapolate_terms(good, 3, descending, 2, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_terms(good, 3, twice, 2, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_terms(good, 3, two, 0, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_terms(good, 3, two, PLIM_MOST_TERMS + 1, &fit), PLIM_INVALID);
  ck_assert_double_eq(fit.limit, -7.0);
}
END_TEST

/* ---- The verdict, by hand ------------------------------------------------------------------------------ */

/* With 2 degrees of freedom P(T > x) = 1/2 - x/(2 sqrt(2 + x^2)). */
static double t2_upper(double x)
{
  return 0.5 - x / (2.0 * sqrt(2.0 + x * x));
}

START_TEST(judgement_is_that_of_the_formulas)
{
  const plim_extrapolation fit = {
      .limit = 1.0371, .limit_error = 0.0123, .degrees = 2.0, .drift_at_last = -0.0221, .fit_p = 0.31};
  const plim_criterion criterion = {
      .relative_margin = 0.05, .absolute_margin = 0.013, .level = 0.1, .fit_level = 0.01};
  const plim_value predicted = {-1.0, 0.0}, near = {1.02, 0.003}, far = {1.2, 0.004};
  plim_judgement j;
  ck_assert_int_eq(plim_judge(&fit, &near, &criterion, &j), PLIM_OK);
  const double margin = 0.05 * 1.02 + 0.013, gap = 1.0371 - 1.02;
  ck_assert_double_eq_tol(j.margin, margin, ROUNDING);
  ck_assert_double_eq_tol(j.difference, gap, ROUNDING);
  ck_assert_double_eq_tol(j.p_agree, t2_upper((margin - 0.003 - gap) / 0.0123), 1e-10);
  ck_assert_double_eq_tol(
      j.p_disagree, t2_upper((gap - margin - 0.003) / 0.0123) + t2_upper((gap + margin + 0.003) / 0.0123),
      1e-10);
  ck_assert_int_eq(j.verdict, PLIM_AGREE);
  ck_assert_double_eq(j.numerical_error, 0.003);
  ck_assert_double_eq(j.monte_carlo_error, 0.0123);
  ck_assert_double_eq(j.finite_size_drift, -0.0221);
  ck_assert_double_eq(j.fit_p, 0.31);
  const double width =
      0.8 * sqrt(2.0 / (1.0 - 0.64)) * 0.0123; /* t quantile at 0.1: 2 (0.5 - p) / sqrt(...) */
  ck_assert_double_eq_tol(j.ci_low, 1.0371 - width, 1e-10);
  ck_assert_double_eq_tol(j.ci_high, 1.0371 + width, 1e-10);

  ck_assert_int_eq(plim_judge(&fit, &far, &criterion, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_DISAGREE);
  ck_assert_int_eq(plim_judge(&fit, &predicted, &criterion, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_DISAGREE);
  ck_assert_double_eq_tol(j.margin, 0.063, ROUNDING); /* of the size of the prediction */

  plim_extrapolation poor = fit;
  poor.fit_p = 0.009;
  ck_assert_int_eq(plim_judge(&poor, &near, &criterion, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_UNDECIDED);
  ck_assert_int_eq(plim_judge(&poor, &far, &criterion, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_UNDECIDED);

  const plim_value vague = {1.0371, 0.07}; /* known no better than the margin: nothing can agree */
  ck_assert_int_eq(plim_judge(&fit, &vague, &criterion, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_UNDECIDED);
  ck_assert_double_eq(j.p_agree, 1.0);
}
END_TEST

START_TEST(bound_is_that_of_the_formulas)
{
  const plim_extrapolation fit = {.limit = 0.2371, .limit_error = 0.0123, .degrees = 2.0, .fit_p = 0.31};
  const plim_criterion strict = {.level = 0.1, .fit_level = 0.01},
                       lenient = {.relative_margin = 0.1, .absolute_margin = 0.013, .level = 0.1};
  const plim_value below = {0.2, 0.003}, above = {0.3, 0.004};
  plim_judgement j;
  ck_assert_int_eq(plim_judge_bound(&fit, &below, PLIM_LOWER_BOUND_OF, &strict, &j), PLIM_OK);
  ck_assert_double_eq_tol(j.p_agree, t2_upper((0.0371 - 0.003) / 0.0123), 1e-10);
  ck_assert_double_eq_tol(j.p_disagree, t2_upper((-0.0371 - 0.003) / 0.0123), 1e-10);
  ck_assert_double_eq_tol(j.difference, 0.0371, ROUNDING);
  ck_assert_double_eq(j.margin, 0.0);
  ck_assert_int_eq(j.verdict, PLIM_AGREE);
  ck_assert_int_eq(plim_judge_bound(&fit, &below, PLIM_UPPER_BOUND_OF, &strict, &j), PLIM_OK);
  ck_assert_double_eq_tol(j.p_disagree, t2_upper((0.0371 - 0.003) / 0.0123), 1e-10);
  ck_assert_int_eq(j.verdict, PLIM_DISAGREE);
  ck_assert_int_eq(plim_judge_bound(&fit, &above, PLIM_LOWER_BOUND_OF, &lenient, &j), PLIM_OK);
  ck_assert_double_eq_tol(j.margin, 0.043, ROUNDING);
  ck_assert_double_eq_tol(j.p_agree, t2_upper((-0.0629 + 0.043 - 0.004) / 0.0123), 1e-10);
  ck_assert_double_eq_tol(j.p_disagree, t2_upper((0.0629 - 0.043 - 0.004) / 0.0123), 1e-10);
  ck_assert_int_eq(j.verdict, PLIM_UNDECIDED);

  plim_extrapolation poor = fit;
  poor.fit_p = 0.009;
  ck_assert_int_eq(plim_judge_bound(&poor, &below, PLIM_LOWER_BOUND_OF, &strict, &j), PLIM_OK);
  ck_assert_int_eq(j.verdict, PLIM_UNDECIDED);
  ck_assert_int_eq(plim_judge_bound(&fit, &below, PLIM_BOUND_COUNT, &strict, &j), PLIM_INVALID);
  const plim_value broken = {NAN, 0.0};
  ck_assert_int_eq(plim_judge_bound(&fit, &broken, PLIM_LOWER_BOUND_OF, &strict, &j), PLIM_NOT_FINITE);
}
END_TEST

START_TEST(judge_refuses_bad_input)
{
  const plim_extrapolation fit = {.limit = 1.0, .limit_error = 0.01, .degrees = 5.0, .fit_p = 0.3};
  const plim_value good = {1.0, 0.0};
  const plim_criterion usual_criterion = plim_criterion_default();
  plim_judgement j = {.difference = -7.0};
  const plim_value values[] = {{NAN, 0.0}, {INFINITY, 0.0}, {1.0, NAN}, {1.0, INFINITY}, {1.0, -1e-9}};
  for (size_t k = 0; k < 5; k++)
    ck_assert_int_ne(plim_judge(&fit, &values[k], &usual_criterion, &j), PLIM_OK);
  const plim_criterion bad[] = {{0.0, 0.0, 0.05, 0.0},  {-0.1, 1.0, 0.05, 0.0}, {NAN, 0.0, 0.05, 0.0},
                                {0.1, -1.0, 0.05, 0.0}, {0.1, NAN, 0.05, 0.0},  {0.1, 0.0, 0.0, 0.0},
                                {0.1, 0.0, 0.5, 0.0},   {0.1, 0.0, NAN, 0.0},   {0.1, 0.0, 0.05, -0.1},
                                {0.1, 0.0, 0.05, NAN},  {0.1, 0.0, 0.05, 1.1},  {INFINITY, 0.0, 0.05, 0.0},
                                {0.1, 0.0, 1e-10, 0.0}};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
    ck_assert_msg(plim_judge(&fit, &good, &bad[k], &j) == PLIM_INVALID, "criterion %zu", k);
  plim_extrapolation broken[] = {fit, fit, fit, fit, fit};
  broken[0].limit = NAN;
  broken[1].limit_error = 0.0;
  broken[2].degrees = 0.3;
  broken[3].fit_p = NAN;
  broken[4].limit_error = NAN;
  for (size_t k = 0; k < 5; k++)
    ck_assert_int_ne(plim_judge(&broken[k], &good, &usual_criterion, &j), PLIM_OK);
  ck_assert_double_eq(j.difference, -7.0);
  ck_assert_int_eq(plim_judge_family(&j, 1, &bad[0]) == PLIM_OK, 1); /* a family needs no margin */
  ck_assert_int_eq(plim_judge_family(&j, 1, &bad[5]), PLIM_INVALID);
  j.p_agree = NAN;
  ck_assert_int_eq(plim_judge_family(&j, 1, &usual_criterion), PLIM_NOT_FINITE);
}
END_TEST

START_TEST(names_and_defaults)
{
  ck_assert_str_eq(plim_verdict_name(PLIM_AGREE), "AGREE");
  ck_assert_str_eq(plim_verdict_name(PLIM_DISAGREE), "DISAGREE");
  ck_assert_str_eq(plim_verdict_name(PLIM_UNDECIDED), "UNDECIDED");
  ck_assert_ptr_null(plim_verdict_name(PLIM_VERDICT_COUNT));
  const plim_criterion c = plim_criterion_default();
  ck_assert_double_eq(c.relative_margin, 0.02);
  ck_assert_double_eq(c.absolute_margin, 0.0);
  ck_assert_double_eq(c.level, 0.05);
  ck_assert_double_eq(c.fit_level, 1e-3);
}
END_TEST

/* ---- Error rates --------------------------------------------------------------------------------------- */

/* Margin five standard errors wide, so that only one side of each test matters at its edge. */
static plim_criterion criterion_for(const truth *t)
{
  return (plim_criterion){.absolute_margin = 5.0 * known_error(t), .level = 0.05, .fit_level = 0.0};
}

START_TEST(false_verdicts_at_the_margin)
{
  const size_t replicas[] = {10, 20, 200};
  for (size_t rungs = 3; rungs <= 5; rungs++) {
    for (size_t k = 0; k < 3; k++) {
      truth t = usual;
      t.rungs = rungs;
      t.replicas = replicas[k];
      const plim_criterion criterion = criterion_for(&t);
      for (int side = -1; side <= 1; side += 2) {
        const plim_value predicted = {t.limit + side * criterion.absolute_margin, 0.0};
        const counts c = judge_many(&t, &t.rate, 1, &predicted, &criterion, 20220501 + rungs);
        ck_rate_at_most(c.agree, CLAIMED_EXCESS * criterion.level);
        ck_rate_at_most(c.disagree, CLAIMED_EXCESS * criterion.level);
        ck_rate_at_least(c.agree, criterion.level / CLAIMED_EXCESS); /* nor does it waste power */
        ck_rate_at_least(c.disagree, criterion.level / CLAIMED_EXCESS);
        ck_rate_at_least(c.covered, 1.0 - CLAIMED_EXCESS * 2.0 * criterion.level);
        ck_rate_at_most(c.poor_fit, CLAIMED_EXCESS * 0.01);
      }
    }
  }
}
END_TEST

/* Five replicas a rung: rates rise to at most 7.0 % of a nominal 5 % (five rungs), no more. */
/* A bound and the truth at its edge: each wrong verdict has the level; four standard errors off, the right one is
   certain. */
START_TEST(false_verdicts_at_a_bound)
{
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  const plim_criterion criterion = {.absolute_margin = 0.031, .level = 0.05, .fit_level = 0.0};
  const double se = known_error(&usual);
  gsl_rng_set(random, 606);
  for (int side = 0; side < PLIM_BOUND_COUNT; side++) {
    const double outward = side == PLIM_LOWER_BOUND_OF ? 1.0 : -1.0;
    const plim_value edge = {usual.limit + outward * criterion.absolute_margin, 0.0},
                     kept = {edge.value - outward * 6.0 * se, 0.0},
                     broken = {edge.value + outward * 6.0 * se, 0.0};
    long agree = 0, disagree = 0, right = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      plim_rung rungs[MOST_RUNGS];
      plim_extrapolation fit;
      plim_judgement j[3];
      draw(random, &usual, rungs);
      ck_assert_int_eq(plim_extrapolate(rungs, usual.rungs, usual.rate, &fit), PLIM_OK);
      ck_assert_int_eq(plim_judge_bound(&fit, &edge, (plim_bound)side, &criterion, &j[0]), PLIM_OK);
      ck_assert_int_eq(plim_judge_bound(&fit, &kept, (plim_bound)side, &criterion, &j[1]), PLIM_OK);
      ck_assert_int_eq(plim_judge_bound(&fit, &broken, (plim_bound)side, &criterion, &j[2]), PLIM_OK);
      agree += j[0].verdict == PLIM_AGREE;
      disagree += j[0].verdict == PLIM_DISAGREE;
      right += j[1].verdict == PLIM_AGREE && j[2].verdict == PLIM_DISAGREE;
    }
    ck_rate_at_most(agree, 0.05 * CLAIMED_EXCESS);
    ck_rate_at_least(agree, 0.05 / CLAIMED_EXCESS);
    ck_rate_at_most(disagree, 0.05 * CLAIMED_EXCESS);
    ck_rate_at_least(disagree, 0.05 / CLAIMED_EXCESS);
    ck_rate_at_least(right, 0.999);
  }
  gsl_rng_free(random);
}
END_TEST

START_TEST(false_verdicts_with_five_replicas)
{
  const double few_replicas = 0.07;
  for (size_t rungs = 3; rungs <= 5; rungs++) {
    truth t = usual;
    t.rungs = rungs;
    t.replicas = 5;
    const plim_criterion criterion = criterion_for(&t);
    const plim_value predicted = {t.limit + criterion.absolute_margin, 0.0};
    const counts c = judge_many(&t, &t.rate, 1, &predicted, &criterion, 1917 + rungs);
    ck_rate_at_most(c.agree, few_replicas);
    ck_rate_at_most(c.disagree, few_replicas);
    ck_rate_at_least(c.covered, 1.0 - 2.0 * few_replicas);
    ck_rate_at_most(c.poor_fit, 0.012);
  }
}
END_TEST

/* A margin narrow beside the noise: both tails of DISAGREE count, and AGREE cannot be had. */
START_TEST(narrow_margin_keeps_the_level)
{
  truth t = usual;
  plim_criterion criterion = criterion_for(&t);
  criterion.absolute_margin = 0.05 * known_error(&t);
  const plim_value predicted = {t.limit + criterion.absolute_margin, 0.0};
  const counts c = judge_many(&t, &t.rate, 1, &predicted, &criterion, 77);
  ck_rate_at_most(c.disagree, CLAIMED_EXCESS * criterion.level);
  ck_rate_at_least(c.disagree, criterion.level / CLAIMED_EXCESS);
  ck_rate_at_most(c.agree, criterion.level);
}
END_TEST

/* The prediction is off by its whole error bound, the truth at the margin of the exact value. */
START_TEST(numerical_error_widens_both_nulls)
{
  truth t = usual;
  const plim_criterion criterion = criterion_for(&t);
  const double error = 0.7 * known_error(&t);
  const plim_value helps_agree = {t.limit + criterion.absolute_margin - error, error};
  const counts agree = judge_many(&t, &t.rate, 1, &helps_agree, &criterion, 78);
  ck_rate_at_most(agree.agree, CLAIMED_EXCESS * criterion.level);
  const plim_value helps_disagree = {t.limit + criterion.absolute_margin + error, error};
  const counts disagree = judge_many(&t, &t.rate, 1, &helps_disagree, &criterion, 79);
  ck_rate_at_most(disagree.disagree, CLAIMED_EXCESS * criterion.level);
}
END_TEST

/* With errors known (200 replicas) the power is that of the normal distribution: at no difference
   P(AGREE) = 2 Phi(m/se - z) - 1, and at a difference D beyond the margin P(DISAGREE) = Phi((D - m)/se - z).
   */
START_TEST(power_follows_the_noise)
{
  const double slack = 0.02; /* 200 replicas are not infinitely many */
  truth t = usual;
  t.replicas = 200;
  const double z = gsl_cdf_ugaussian_Qinv(0.05);
  const double ratios[] = {1.5, 2.0, 2.5, 3.0, 4.0};
  for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++) {
    const plim_criterion criterion = {.absolute_margin = ratios[k] * known_error(&t), .level = 0.05};
    const plim_value exact = {t.limit, 0.0}, off = {t.limit - 2.0 * criterion.absolute_margin, 0.0};
    const double agree = fmax(0.0, 2.0 * gsl_cdf_ugaussian_P(ratios[k] - z) - 1.0);
    const double disagree = gsl_cdf_ugaussian_P(ratios[k] - z);
    const counts right = judge_many(&t, &t.rate, 1, &exact, &criterion, 80 + k);
    const counts wrong = judge_many(&t, &t.rate, 1, &off, &criterion, 90 + k);
    ck_rate_at_most(right.agree, fmin(1.0, agree + slack));
    ck_rate_at_least(right.agree, fmax(0.0, agree - slack));
    ck_rate_at_most(wrong.disagree, fmin(1.0, disagree + slack));
    ck_rate_at_least(wrong.disagree, disagree - slack);
    ck_rate_at_most(right.disagree, 0.002);
    ck_rate_at_most(wrong.agree, 0.002);
  }
}
END_TEST

/* The wrong rate: a drift of d^-1/2 fitted as d^-1 shows once the misfit passes the noise. */
START_TEST(lack_of_fit_shows_a_wrong_rate)
{
  truth t = usual;
  t.rate = 0.5;
  t.drift = 2.0;
  t.replicas = 200;
  t.spread = 0.1;
  const double wrong = 1.0;
  const plim_criterion criterion = {.relative_margin = 0.02, .level = 0.05, .fit_level = 0.01};
  const plim_value predicted = {t.limit, 0.0};
  const counts c = judge_many(&t, &wrong, 1, &predicted, &criterion, 4242);
  ck_rate_at_least(c.poor_fit, 0.99);
  ck_rate_at_most(c.agree + c.disagree, 0.01);
}
END_TEST

/* A drift of two orders. One rate alone passes for a good fit and is biased; both together keep the level. */
START_TEST(two_rates_together_keep_the_level)
{
  truth t = usual;
  t.drift = 0.6;
  t.drift2 = 4.0;
  t.rate2 = 1.0;
  const double rates[] = {0.5, 1.0};
  const plim_criterion criterion = {.absolute_margin = 0.02, .level = 0.05, .fit_level = 1e-3};
  const plim_value predicted = {t.limit - 0.02, 0.0};
  const counts one = judge_many(&t, rates, 1, &predicted, &criterion, 555);
  const counts two = judge_many(&t, rates, 2, &predicted, &criterion, 556);
  ck_rate_at_least(one.agree, 0.1); /* twice the level and more: why the second rate is there */
  ck_rate_at_most(two.agree, CLAIMED_EXCESS * criterion.level);
  ck_rate_at_most(two.disagree, CLAIMED_EXCESS * criterion.level);
}
END_TEST

/* ---- Families ------------------------------------------------------------------------------------------ */

static plim_judgement with_p(double agree, double disagree, double fit_p)
{
  return (plim_judgement){
      .verdict = PLIM_UNDECIDED, .p_agree = agree, .p_disagree = disagree, .fit_p = fit_p};
}

/* Thresholds at level 0.06: 0.01, 0.012, 0.015, 0.02, 0.03, 0.06. */
START_TEST(holm_steps_down)
{
  const plim_criterion criterion = {.relative_margin = 0.02, .level = 0.06, .fit_level = 0.001};
  plim_judgement j[] = {with_p(0.0149, 1.0, 0.5), with_p(0.0021, 1.0, 0.5), with_p(0.0119, 1.0, 0.5),
                        with_p(0.0201, 1.0, 0.5), with_p(0.0205, 1.0, 0.5), with_p(1.0, 0.0099, 0.5)};
  ck_assert_int_eq(plim_judge_family(j, 6, &criterion), PLIM_OK);
  const plim_verdict expected[] = {PLIM_AGREE,     PLIM_AGREE,   PLIM_AGREE, PLIM_UNDECIDED,
                                   PLIM_UNDECIDED, PLIM_DISAGREE}; /* 0.0205 < 0.03, too late */
  for (size_t i = 0; i < 6; i++)
    ck_assert_msg(j[i].verdict == expected[i], "claim %zu", i);
  j[1].fit_p = 0.0009; /* a claim that does not fit keeps its place in the family and steps nobody down */
  ck_assert_int_eq(plim_judge_family(j, 6, &criterion), PLIM_OK);
  for (size_t i = 0; i < 5; i++)
    ck_assert_msg(j[i].verdict == PLIM_UNDECIDED, "claim %zu", i);
  plim_judgement ties[] = {with_p(0.029, 1.0, 1.0), with_p(0.029, 1.0, 1.0)};
  ck_assert_int_eq(plim_judge_family(ties, 2, &criterion), PLIM_OK);
  ck_assert_int_eq(ties[0].verdict, PLIM_AGREE);
  ck_assert_int_eq(ties[1].verdict, PLIM_AGREE);
  ck_assert_int_eq(plim_judge_family(NULL, 0, &criterion), PLIM_OK);
}
END_TEST

enum { FAMILY = 12, FAMILIES = 4000 };

/* `outside` of FAMILY claims have their limit at the margin, the others at the prediction. */
static void family_rates(size_t outside, bool holm, long *false_agree, long *false_disagree, long *true_agree)
{
  truth t = usual;
  const plim_criterion criterion = {
      .absolute_margin = 5.0 * known_error(&t), .level = 0.05, .fit_level = 1e-3};
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(random, 31337);
  *false_agree = *false_disagree = *true_agree = 0;
  for (int trial = 0; trial < FAMILIES; trial++) {
    plim_judgement j[FAMILY];
    bool agree = false, disagree = false;
    for (size_t i = 0; i < FAMILY; i++) {
      plim_rung rungs[MOST_RUNGS];
      plim_extrapolation fit;
      const plim_value predicted = {t.limit + (i < outside ? criterion.absolute_margin : 0.0), 0.0};
      draw(random, &t, rungs);
      ck_assert_int_eq(plim_extrapolate(rungs, t.rungs, t.rate, &fit), PLIM_OK);
      ck_assert_int_eq(plim_judge(&fit, &predicted, &criterion, &j[i]), PLIM_OK);
    }
    if (holm)
      ck_assert_int_eq(plim_judge_family(j, FAMILY, &criterion), PLIM_OK);
    for (size_t i = 0; i < FAMILY; i++) {
      agree = agree || (i < outside && j[i].verdict == PLIM_AGREE);
      disagree = disagree || j[i].verdict == PLIM_DISAGREE;
      *true_agree += i >= outside && j[i].verdict == PLIM_AGREE;
    }
    *false_agree += agree;
    *false_disagree += disagree;
  }
  gsl_rng_free(random);
}

START_TEST(family_error_is_held)
{
  const double z = gsl_cdf_ugaussian_Qinv(FALSE_ALARM),
               rate = 0.065; /* 5 % nominal at p = 0.05/12 and 20 replicas */
  const double bound = FAMILIES * rate + z * sqrt(FAMILIES * rate * (1.0 - rate)) + 4.0;
  const size_t outside[] = {FAMILY, FAMILY / 2, 1};
  for (size_t k = 0; k < 3; k++) {
    long agree, disagree, right;
    family_rates(outside[k], true, &agree, &disagree, &right);
    ck_assert_double_le((double)agree, bound);
    ck_assert_double_le((double)disagree, bound);
    if (outside[k] < FAMILY) /* and the true claims still get their verdict */
      ck_assert_double_ge((double)right, 0.8 * (double)((FAMILY - outside[k]) * FAMILIES));
  }
  long agree, disagree, right;
  family_rates(FAMILY, false, &agree, &disagree, &right);
  ck_assert_double_ge((double)agree, 0.4 * FAMILIES); /* what Holm is there for */
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *algebra = tcase_create("algebra"), *rates = tcase_create("rates");
  tcase_add_test(algebra, fit_is_that_of_the_normal_equations);
  tcase_add_test(algebra, several_rates_recover_an_exact_mixture);
  tcase_add_test(algebra, fit_does_not_depend_on_units);
  tcase_add_test(algebra, extreme_ladders_have_finite_fits);
  tcase_add_test(algebra, extrapolate_refuses_bad_ladders);
  tcase_add_test(algebra, judgement_is_that_of_the_formulas);
  tcase_add_test(algebra, bound_is_that_of_the_formulas);
  tcase_add_test(algebra, judge_refuses_bad_input);
  tcase_add_test(algebra, names_and_defaults);
  tcase_add_test(algebra, holm_steps_down);
  tcase_set_timeout(rates, 60.0);
  tcase_add_test(rates, false_verdicts_at_the_margin);
  tcase_add_test(rates, false_verdicts_at_a_bound);
  tcase_add_test(rates, false_verdicts_with_five_replicas);
  tcase_add_test(rates, narrow_margin_keeps_the_level);
  tcase_add_test(rates, numerical_error_widens_both_nulls);
  tcase_add_test(rates, power_follows_the_noise);
  tcase_add_test(rates, lack_of_fit_shows_a_wrong_rate);
  tcase_add_test(rates, two_rates_together_keep_the_level);
  tcase_add_test(rates, family_error_is_held);
  return run_cases("compare", 2, (TCase *[]){algebra, rates});
}
