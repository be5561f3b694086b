/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_covered.c - the extrapolation that covers the next power: its algebra by GSL's least squares with one more row,
   its ends, its bound on exact data, its refusals. What the judge makes of it is in check_covered_verdicts.c. */
#include <check.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>
#include <math.h>

#include "plim_compare.h"
#include "run_cases.h"

#define ROUNDING 1e-12    /* of sums of a few terms of order 1 */
#define SECOND_ROUTE 1e-8 /* relative: GSL solves by singular values in d^-p, whose condition is some 1e3 */
#define BOUND_TAIL 1e-3   /* as stated in covered.c */
#define CHOSEN_T 2.33     /* likewise */

enum { MOST = 6 };

static const double spacings[MOST] = {1.0, 2.17, 3.9, 8.3, 15.1, 33.7};
static const double noise[MOST] = {0.83, -1.21, 0.37, 1.03, -0.71, 0.29};

/* L + b d^-p + c d^-2p, with `kick` standard errors of fixed noise. */
static void ladder(double p, double b, double c, double error, double kick, plim_rung *rungs)
{
  for (size_t i = 0; i < MOST; i++) {
    const double d = 31.7 * spacings[i], e = error * pow(spacings[i], -0.43) * (1.0 + 0.11 * (double)i);
    rungs[i] =
        (plim_rung){d, 0.8317 + b * pow(d, -p) + c * pow(d, -2.0 * p) + kick * noise[i] * e, e, 9 + 4 * i};
  }
}

/* ---- By GSL -------------------------------------------------------------------------------------------- */

/* Coefficients (1, d^-p, d^-2p) of `y` on the rungs, and on one row more that observes the last as 0 with variance
   `prior`; 0: the last is left out. */
typedef struct {
  double value[3], covariance[3][3];
} solution;

static solution by_gsl(const plim_rung *rungs, size_t count, double p, const double *y, double prior)
{
  const size_t columns = prior > 0.0 ? 3 : 2, rows = count + (prior > 0.0 && isfinite(prior));
  gsl_matrix *x = gsl_matrix_calloc(rows, columns), *covariance = gsl_matrix_alloc(columns, columns);
  gsl_vector *w = gsl_vector_alloc(rows), *v = gsl_vector_calloc(rows), *c = gsl_vector_alloc(columns);
  gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(rows, columns);
  solution s = {{0.0}, {{0.0}}};
  double chi2;
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < columns; j++)
      gsl_matrix_set(x, i, j, pow(rungs[i].d, -p * (double)j));
    gsl_vector_set(w, i, 1.0 / (rungs[i].error * rungs[i].error));
    gsl_vector_set(v, i, y[i]);
  }
  if (rows > count) {
    gsl_matrix_set(x, count, 2, 1.0);
    gsl_vector_set(w, count, 1.0 / prior);
  }
  ck_assert_int_eq(gsl_multifit_wlinear(x, w, v, c, covariance, &chi2, work), GSL_SUCCESS);
  for (size_t j = 0; j < columns; j++) {
    s.value[j] = gsl_vector_get(c, j);
    for (size_t k = 0; k < columns; k++)
      s.covariance[j][k] = gsl_matrix_get(covariance, j, k);
  }
  gsl_multifit_linear_free(work);
  gsl_vector_free(c);
  gsl_vector_free(v);
  gsl_vector_free(w);
  gsl_matrix_free(covariance);
  gsl_matrix_free(x);
  return s;
}

/* Of coefficient j: its standard error by formula (2) of fit.c, its degrees by (3), and what a unit of d^-2p adds to
   it; from its weights, which are its values for unit vectors. */
typedef struct {
  double error, degrees, gain;
} functional;

static functional functional_of(const plim_rung *rungs, size_t count, double p, size_t j, double prior)
{
  double plain = 0.0, corrected = 0.0, fourth = 0.0, gain = 0.0;
  for (size_t i = 0; i < count; i++) {
    double unit[MOST] = {0.0};
    unit[i] = 1.0;
    const solution s = by_gsl(rungs, count, p, unit, prior);
    const double nu = (double)rungs[i].replicas - 1.0, c = s.value[j], u = pow(rungs[i].d, -p),
                 leverage = s.value[0] + s.value[1] * u + s.value[2] * u * u,
                 part = c * c * rungs[i].error * rungs[i].error;
    plain += part;
    corrected += part * (1.0 + 4.0 * (1.0 - leverage) / nu);
    fourth += part * part / nu;
    gain += c * u * u;
  }
  return (functional){sqrt(corrected), plain * plain / fourth, gain};
}

static double farthest(double value, functional f)
{
  return fabs(value) + gsl_cdf_tdist_Qinv(BOUND_TAIL, f.degrees) * f.error;
}

#define ck_close(a, b) ck_assert_double_eq_tol((a) / (b), 1.0, SECOND_ROUTE)

/* One ladder: the bound, the share that makes the half-length least, and the penalised fit that has it. */
static plim_extrapolation check_by_gsl(const plim_rung *rungs, size_t count, double p, double ratio)
{
  plim_extrapolation fit;
  double y[MOST];
  for (size_t i = 0; i < count; i++)
    y[i] = rungs[i].value;
  ck_assert_int_eq(plim_extrapolate_covered(rungs, count, p, ratio, &fit), PLIM_OK);
  const solution one = by_gsl(rungs, count, p, y, 0.0), both = by_gsl(rungs, count, p, y, INFINITY);
  const functional drift = functional_of(rungs, count, p, 1, 0.0);
  double b = farthest(both.value[1], functional_of(rungs, count, p, 1, INFINITY));
  if (ratio * fabs(drift.gain) < 1.0)
    b = fmin(b, farthest(one.value[1], drift) / (1.0 - ratio * fabs(drift.gain)));
  const double seen = fabs(both.value[2]) - functional_of(rungs, count, p, 2, INFINITY).error;
  ck_close(fit.next_bound, fmax(ratio * b, seen));

  const double gain = fabs(functional_of(rungs, count, p, 0, 0.0).gain), v = both.covariance[2][2];
  double least = INFINITY;
  for (int k = 0; k <= 1000; k++) {
    const double s = k / 1000.0;
    least = fmin(least, CHOSEN_T * sqrt(one.covariance[0][0] + s * s * gain * gain * v) +
                            (1.0 - s) * gain * fit.next_bound);
  }
  const double s = fit.share;
  ck_assert(s > 0.0 && s <= 1.0);
  ck_assert_double_le(CHOSEN_T * sqrt(one.covariance[0][0] + s * s * gain * gain * v) +
                          (1.0 - s) * gain * fit.next_bound,
                      least * (1.0 + SECOND_ROUTE));

  const double prior = s < 1.0 ? v * s / (1.0 - s) : INFINITY;
  const solution mixed = by_gsl(rungs, count, p, y, prior);
  const functional limit = functional_of(rungs, count, p, 0, prior);
  ck_close(fit.limit, mixed.value[0]);
  ck_close(fit.drift, mixed.value[1]);
  ck_close(fit.limit_error, limit.error);
  ck_close(fit.degrees, limit.degrees);
  ck_close(fit.drift_error, functional_of(rungs, count, p, 1, prior).error);
  const double last = pow(rungs[count - 1].d, -p);
  ck_close(fit.drift_at_last, mixed.value[1] * last + mixed.value[2] * last * last);
  ck_assert_double_eq_tol(fit.neglected, fabs(limit.gain) * fit.next_bound, SECOND_ROUTE * fit.limit_error);
  return fit;
}

START_TEST(fit_is_a_penalised_one)
{
  const double rates[] = {0.5, 1.0, 0.37}, errors[] = {0.003, 0.017}, drifts[] = {0.61, -7.3};
  size_t between = 0, whole = 0;
  for (size_t r = 0; r < 3; r++)
    for (size_t count = 3; count <= MOST; count++)
      for (size_t e = 0; e < 2; e++)
        for (size_t b = 0; b < 2; b++) {
          plim_rung rungs[MOST];
          ladder(rates[r], drifts[b], -2.3 * drifts[b], errors[e], 1.0, rungs);
          for (double ratio = 0.31; ratio < 6.0; ratio *= 4.1) {
            const plim_extrapolation fit = check_by_gsl(rungs, count, rates[r], ratio);
            between += fit.share < 0.9;
            whole += fit.share == 1.0;
          }
        }
  ck_assert(between > 20 && whole > 20);
}
END_TEST

/* ---- Its ends, and exact data -------------------------------------------------------------------------- */

START_TEST(no_ratio_is_one_rate_and_a_large_one_is_both)
{
  const double rates[] = {0.5, 1.0};
  for (size_t count = 4; count <= MOST; count++) {
    plim_rung rungs[MOST];
    plim_extrapolation one, both, none, all;
    ladder(0.5, 0.61, -1.7, 0.013, 1.0, rungs);
    ck_assert_int_eq(plim_extrapolate(rungs, count, 0.5, &one), PLIM_OK);
    ck_assert_int_eq(plim_extrapolate_terms(rungs, count, rates, 2, &both), PLIM_OK);
    ck_assert_int_eq(plim_extrapolate_covered(rungs, count, 0.5, 0.0, &none), PLIM_OK);
    ck_assert_int_eq(plim_extrapolate_covered(rungs, count, 0.5, 1e6, &all), PLIM_OK);
    const plim_extrapolation *const found[] = {&none, &all}, *const expected[] = {&one, &both};
    for (size_t k = 0; k < 2; k++) {
      ck_assert_double_eq(found[k]->share, (double)k);
      ck_assert_double_eq(found[k]->neglected, 0.0);
      ck_assert_double_eq(found[k]->limit, expected[k]->limit);
      ck_assert_double_eq(found[k]->limit_error, expected[k]->limit_error);
      ck_assert_double_eq(found[k]->degrees, expected[k]->degrees);
      ck_assert_double_eq(found[k]->drift, expected[k]->drift);
      ck_assert_double_eq(found[k]->drift_error, expected[k]->drift_error);
      ck_assert_double_eq_tol(found[k]->drift_at_last, expected[k]->drift_at_last, ROUNDING);
      ck_assert_uint_eq(found[k]->terms, 2);
      ck_assert_uint_eq(found[k]->rungs, count);
    }
    ck_assert_double_eq(none.chi2, one.chi2);
    ck_assert_double_eq(none.fit_p, one.fit_p);
    ck_assert_double_eq(all.next_gain, both.next_gain); /* of d^-3p for both */
    ck_assert_double_eq_tol(all.chi2, both.chi2, 1e-9);
  }
}
END_TEST

/* Without noise the limit is off by (1 - share) G c and `neglected` is the same of the bound on c. */
START_TEST(interval_of_exact_data_holds_the_limit)
{
  const double rates[] = {0.5, 1.0, 0.37}, ratios[] = {-5.0, -1.3, 0.7, 5.0},
               errors[] = {0.0007, 0.005, 0.041};
  size_t biased = 0;
  for (size_t r = 0; r < 3; r++)
    for (size_t count = 3; count <= MOST; count++)
      for (size_t k = 0; k < 4; k++)
        for (size_t e = 0; e < 3; e++)
          for (double b = -2.1; b < 3.0; b += 1.3) {
            plim_rung rungs[MOST];
            plim_extrapolation fit;
            ladder(rates[r], b, ratios[k] * b, errors[e], 0.0, rungs);
            ck_assert_int_eq(plim_extrapolate_covered(rungs, count, rates[r], PLIM_USUAL_RATIO, &fit),
                             PLIM_OK);
            const double off = fabs(fit.limit - 0.8317);
            ck_assert_double_le(fabs(ratios[k] * b), fit.next_bound);
            ck_assert_double_eq_tol(off, fit.neglected * fabs(ratios[k] * b) / fit.next_bound, 1e-10);
            ck_assert_double_le(fit.chi2, 1e-9);
            biased += off > 0.2 * fit.limit_error;
          }
  ck_assert(biased > 20);
}
END_TEST

/* Twice the declared ratio and precise: the fit of both rates. */
START_TEST(a_ratio_plainly_beyond_is_met_by_both_rates)
{
  plim_rung rungs[MOST];
  plim_extrapolation fit;
  ladder(0.5, -0.5, 5.0, 3e-4, 0.0, rungs);
  ck_assert_int_eq(plim_extrapolate_covered(rungs, MOST, 0.5, PLIM_USUAL_RATIO, &fit), PLIM_OK);
  ck_assert_double_eq(fit.share, 1.0);
  ck_assert_double_eq_tol(fit.limit, 0.8317, 1e-11);
  ck_assert_double_ge(fit.fit_p, 0.9); /* c is held one standard error nearer to the bound */
}
END_TEST

/* A third power that neither fits shows as lack of fit. */
START_TEST(a_form_that_does_not_hold_shows)
{
  plim_rung rungs[MOST];
  plim_extrapolation fit;
  ladder(0.5, 0.5, 1.0, 3e-4, 0.0, rungs);
  for (size_t i = 0; i < MOST; i++)
    rungs[i].value += 300.0 * pow(rungs[i].d, -2.0);
  ck_assert_int_eq(plim_extrapolate_covered(rungs, MOST, 0.5, PLIM_USUAL_RATIO, &fit), PLIM_OK);
  ck_assert_double_le(fit.fit_p, 1e-6);
}
END_TEST

/* Sizes that close in on each other: refused, or right. */
START_TEST(close_sizes_are_refused_or_fitted)
{
  const double rates[] = {0.5, 1.0, 1.5};
  size_t fitted = 0, refused = 0;
  for (double gap = 0.5; gap > 1e-15; gap *= 0.37)
    for (size_t terms = 1; terms <= 4; terms++) { /* 4: the covered one */
      plim_rung rungs[MOST];
      plim_extrapolation fit;
      ladder(0.5, 0.0, 0.0, 0.013, 0.0, rungs);
      for (size_t i = 0; i < MOST; i++) {
        rungs[i].d = 1013.0 * (1.0 + gap * (spacings[i] - 1.0));
        rungs[i].value += 0.61 / sqrt(rungs[i].d);
      }
      const plim_status status = terms == 4 ? plim_extrapolate_covered(rungs, MOST, 0.5, 5.0, &fit)
                                            : plim_extrapolate_terms(rungs, MOST, rates, terms, &fit);
      ck_assert(status == PLIM_OK || status == PLIM_INVALID);
      fitted += status == PLIM_OK;
      refused += status == PLIM_INVALID;
      if (status == PLIM_OK)
        ck_assert_double_le(fabs(fit.limit - 0.8317), 5e-4 * fit.limit_error);
    }
  ck_assert(fitted > 20 && refused > 20);
}
END_TEST

START_TEST(order_and_units_do_not_matter)
{
  plim_rung rungs[MOST], other[MOST];
  plim_extrapolation fit, scaled;
  ladder(0.5, 0.61, -1.7, 0.006, 1.0, rungs);
  ck_assert_int_eq(plim_extrapolate_covered(rungs, 5, 0.5, 1.6, &fit), PLIM_OK);
  ck_assert(fit.share > 0.05 && fit.share < 0.95);
  const double units[] = {1e-290, 1e-150, 1e150, 1e290};
  for (size_t k = 0; k < 4; k++) {
    for (size_t i = 0; i < 5; i++) {
      other[4 - i] = rungs[i];
      other[4 - i].value *= units[k];
      other[4 - i].error *= units[k];
      other[4 - i].d *= 7.0;
    }
    ck_assert_int_eq(plim_extrapolate_covered(other, 5, 0.5, 1.6 * sqrt(7.0), &scaled), PLIM_OK);
    ck_assert_double_eq_tol(scaled.limit / units[k], fit.limit, ROUNDING);
    ck_assert_double_eq_tol(scaled.neglected / units[k], fit.neglected, ROUNDING);
    ck_assert_double_eq_tol(scaled.next_bound / units[k], 7.0 * fit.next_bound, 1e-9);
    ck_assert_double_eq_tol(scaled.share, fit.share, 1e-10);
    ck_assert_double_eq_tol(scaled.fit_p, fit.fit_p, 1e-10);
  }
}
END_TEST

START_TEST(covered_refuses_bad_input)
{
  plim_rung good[MOST], rungs[MOST];
  plim_extrapolation fit = {.limit = -7.0};
  ladder(0.5, 0.61, -1.7, 0.013, 1.0, good);
  const double ratios[] = {-0.1, NAN, INFINITY, -INFINITY}, rates[] = {0.0, -0.5, NAN, INFINITY, 900.0};
  for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++)
    ck_assert_int_eq(plim_extrapolate_covered(good, 4, 0.5, ratios[k], &fit), PLIM_INVALID);
  for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
    ck_assert_int_eq(plim_extrapolate_covered(good, 4, rates[k], 5.0, &fit), PLIM_INVALID);
  for (size_t count = 0; count < 3; count++)
    ck_assert_int_eq(plim_extrapolate_covered(good, count, 0.5, 5.0, &fit), PLIM_INVALID);
  for (int fault = 0; fault < 6; fault++) {
    for (size_t i = 0; i < MOST; i++)
      rungs[i] = good[i];
    if (fault == 0)
      rungs[1].d = rungs[2].d;
    else if (fault == 1)
      rungs[1].error = 0.0;
    else if (fault == 2)
      rungs[1].replicas = 1;
    else if (fault == 3)
      for (size_t i = 0; i < MOST; i++) /* d^-p and d^-2p are the same line here */
        rungs[i].d = 1000.0 + 1e-4 * (double)i;
    else if (fault == 4)
      rungs[2].value = NAN;
    else
      rungs[2].error = INFINITY;
    ck_assert_int_eq(plim_extrapolate_covered(rungs, 4, 0.5, 5.0, &fit),
                     fault < 4 ? PLIM_INVALID : PLIM_NOT_FINITE);
  }
  for (size_t i = 0; i < MOST; i++) {
    rungs[i] = good[i];
    rungs[i].value *= 1e308;
    rungs[i].error *= 1e308;
  }
  ck_assert_int_eq(plim_extrapolate_covered(rungs, 4, 0.5, 5.0, &fit),
                   PLIM_NOT_FINITE); /* the bound overflows */
  ck_assert_double_eq(fit.limit, -7.0);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("covered");
  tcase_add_test(tests, fit_is_a_penalised_one);
  tcase_add_test(tests, no_ratio_is_one_rate_and_a_large_one_is_both);
  tcase_add_test(tests, interval_of_exact_data_holds_the_limit);
  tcase_add_test(tests, a_ratio_plainly_beyond_is_met_by_both_rates);
  tcase_add_test(tests, a_form_that_does_not_hold_shows);
  tcase_add_test(tests, close_sizes_are_refused_or_fitted);
  tcase_add_test(tests, order_and_units_do_not_matter);
  tcase_add_test(tests, covered_refuses_bad_input);
  return run_cases("covered", 1, &tests);
}
