/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_compare.c - the judge: its algebra by a second route, its verdicts by hand. How often it errs is in
   check_error_rates.c. */
#include <check.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "plim_compare.h"
#include "run_cases.h"

#define ROUNDING 1e-12 /* of sums of a few terms of order 1 */

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
  const plim_rung rungs[4] = {{.d = 96.0, .value = 0.8879, .error = 0.0113, .replicas = 20},
                              {.d = 192.0, .value = 0.8817, .error = 0.0071, .replicas = 20},
                              {.d = 384.0, .value = 0.8586, .error = 0.0055, .replicas = 20},
                              {.d = 768.0, .value = 0.8571, .error = 0.0037, .replicas = 20}};
  plim_rung other[4];
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
  ck_assert_double_ge(fit.degrees, (double)SIZE_MAX);
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
  const plim_criterion bad[] = {
      {0.0, 0.0, 0.05, 0.0, 0.0},  {-0.1, 1.0, 0.05, 0.0, 0.0}, {NAN, 0.0, 0.05, 0.0, 0.0},
      {0.1, -1.0, 0.05, 0.0, 0.0}, {0.1, NAN, 0.05, 0.0, 0.0},  {0.1, 0.0, 0.0, 0.0, 0.0},
      {0.1, 0.0, 0.5, 0.0, 0.0},   {0.1, 0.0, NAN, 0.0, 0.0},   {0.1, 0.0, 0.05, -0.1, 0.0},
      {0.1, 0.0, 0.05, NAN, 0.0},  {0.1, 0.0, 0.05, 1.1, 0.0},  {INFINITY, 0.0, 0.05, 0.0, 0.0},
      {0.1, 0.0, 1e-10, 0.0, 0.0}, {0.1, 0.0, 0.05, 0.0, -0.1}, {0.1, 0.0, 0.05, 0.0, 1.0},
      {0.1, 0.0, 0.05, 0.0, NAN}};
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
  ck_assert_double_eq(c.relative_margin, 0.05);
  ck_assert_double_eq(c.absolute_margin, 0.0);
  ck_assert_double_eq(c.level, 0.05);
  ck_assert_double_eq(c.fit_level, 1e-3);
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

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("compare");
  tcase_add_test(tests, fit_is_that_of_the_normal_equations);
  tcase_add_test(tests, several_rates_recover_an_exact_mixture);
  tcase_add_test(tests, fit_does_not_depend_on_units);
  tcase_add_test(tests, extreme_ladders_have_finite_fits);
  tcase_add_test(tests, extrapolate_refuses_bad_ladders);
  tcase_add_test(tests, judgement_is_that_of_the_formulas);
  tcase_add_test(tests, bound_is_that_of_the_formulas);
  tcase_add_test(tests, judge_refuses_bad_input);
  tcase_add_test(tests, names_and_defaults);
  tcase_add_test(tests, holm_steps_down);
  return run_cases("compare", 1, &tests);
}
