/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_exponent.c - the power of d that a ladder follows: exact on exact data, by GSL's least squares, at the error
   rate it states, and its refusals. */
#include <check.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "plim_compare.h"
#include "run_cases.h"

#define ROUNDING 1e-9     /* of a fit in three columns, condition some 1e3, to the logarithm of a double */
#define SECOND_ROUTE 1e-7 /* relative: GSL solves by singular values */
#define MANY 1000000000   /* replicas: no allowance for estimated weights */

enum { SIZES = 5 };
static const double sizes[SIZES] = {26.0, 61.0, 113.0, 254.0, 509.0};
static const double noise[SIZES] = {0.83, -1.21, 0.37, 1.03, -0.71};
static const double exponent = -0.415, correction = 1.7;

/* 1.38 d^exponent exp(correction d^-rate), `kick` standard errors off. */
static void ladder(double rate, double part, double kick, plim_rung *rungs)
{
  for (size_t i = 0; i < SIZES; i++) {
    const double value = 1.38 * pow(sizes[i], exponent) * exp(correction * pow(sizes[i], -rate));
    const double error = part * value * (1.0 + 0.17 * (double)i);
    rungs[i] = (plim_rung){sizes[i], value + kick * noise[i] * error, error, MANY};
  }
}

START_TEST(exact_data)
{
  const double part = 1e-6; /* its square, which is taken off a logarithm, is far below ROUNDING */
  plim_rung rungs[SIZES];
  plim_extrapolation fit;
  for (int negative = 0; negative < 2; negative++) {
    ladder(0.5, part, 0.0, rungs);
    for (size_t i = 0; i < SIZES && negative; i++)
      rungs[i].value = -rungs[i].value;
    ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, (const double[]){0.5}, 1, &fit), PLIM_OK);
    ck_assert_msg(fabs(fit.limit - exponent) < ROUNDING, "exponent %.12g", fit.limit);
    ck_assert_msg(fabs(fit.drift - correction) < 10.0 * ROUNDING, "drift %.12g", fit.drift);
    const double slope = -0.5 * correction / sqrt(sizes[SIZES - 1]); /* d (1.7 d^-1/2)/d log d */
    ck_assert_msg(fabs(fit.drift_at_last - slope) < ROUNDING, "drift at last %.12g", fit.drift_at_last);
    ck_assert(fit.terms == 2 && fit.rungs == SIZES && fit.rate == 0.5);
  }
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, (const double[]){0.5, 1.0}, 2, &fit), PLIM_OK);
  ck_assert_msg(fabs(fit.limit - exponent) < 100.0 * ROUNDING, "both powers: %.12g", fit.limit);
}
END_TEST

/* What a unit of the next power, at the largest size, adds. */
START_TEST(next_gain)
{
  const double part = 1e-6, extra = 1e-3;
  plim_rung plain[SIZES], more[SIZES];
  plim_extrapolation without, with;
  ladder(1.0, part, 0.0, plain);
  ladder(1.0, part, 0.0, more);
  for (size_t i = 0; i < SIZES; i++) {
    const double factor = exp(extra * pow(sizes[i] / sizes[SIZES - 1], -2.0));
    more[i].value *= factor;
    more[i].error *= factor;
  }
  ck_assert_int_eq(plim_extrapolate_exponent(plain, SIZES, (const double[]){1.0}, 1, &without), PLIM_OK);
  ck_assert_int_eq(plim_extrapolate_exponent(more, SIZES, (const double[]){1.0}, 1, &with), PLIM_OK);
  ck_assert_msg(fabs((with.limit - without.limit) / extra - without.next_gain) <
                    1e-6 * fabs(without.next_gain),
                "%g, not %g", (with.limit - without.limit) / extra, without.next_gain);
}
END_TEST

START_TEST(by_gsl)
{
  const double rate = 2.0 / 3.0;
  plim_rung rungs[SIZES];
  plim_extrapolation fit;
  gsl_matrix *x = gsl_matrix_alloc(SIZES, 3), *covariance = gsl_matrix_alloc(3, 3);
  gsl_vector *w = gsl_vector_alloc(SIZES), *y = gsl_vector_alloc(SIZES), *c = gsl_vector_alloc(3);
  gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(SIZES, 3);
  double chi2;
  ladder(rate, 0.013, 1.0, rungs);
  for (size_t i = 0; i < SIZES; i++) {
    const double part = rungs[i].error / rungs[i].value;
    gsl_matrix_set(x, i, 0, log(sizes[i]));
    gsl_matrix_set(x, i, 1, pow(sizes[i], -rate));
    gsl_matrix_set(x, i, 2, 1.0);
    gsl_vector_set(w, i, 1.0 / (part * part));
    gsl_vector_set(y, i, log(rungs[i].value) + part * part / 2.0);
  }
  ck_assert_int_eq(gsl_multifit_wlinear(x, w, y, c, covariance, &chi2, work), 0);
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, &rate, 1, &fit), PLIM_OK);
  const struct {
    const char *what;
    double found, wanted;
  } pairs[] = {{"exponent", fit.limit, gsl_vector_get(c, 0)},
               {"its error", fit.limit_error, sqrt(gsl_matrix_get(covariance, 0, 0))},
               {"drift", fit.drift, gsl_vector_get(c, 1)},
               {"its error", fit.drift_error, sqrt(gsl_matrix_get(covariance, 1, 1))},
               {"lack of fit", fit.chi2, chi2}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
    ck_assert_msg(fabs(pairs[i].found - pairs[i].wanted) < SECOND_ROUTE * fabs(pairs[i].wanted),
                  "%s: %.12g, not %.12g", pairs[i].what, pairs[i].found, pairs[i].wanted);
  gsl_multifit_linear_free(work);
  gsl_matrix_free(x);
  gsl_matrix_free(covariance);
  gsl_vector_free(w);
  gsl_vector_free(y);
  gsl_vector_free(c);
}
END_TEST

/* One ladder of replicas with a tenth of the value for standard deviation, or more. */
static plim_verdict drawn_verdict(gsl_rng *rng, double margin, double offset)
{
  enum { REPLICAS = 12 };
  const double spread = 0.31, predicted = exponent + offset;
  plim_rung rungs[SIZES];
  plim_extrapolation fit;
  plim_judgement judgement;
  plim_criterion criterion = plim_criterion_default();
  ladder(1.0, 0.1, 0.0, rungs);
  for (size_t i = 0; i < SIZES; i++) {
    double samples[REPLICAS];
    plim_estimate estimate;
    for (size_t r = 0; r < REPLICAS; r++)
      samples[r] = rungs[i].value * (1.0 + gsl_ran_gaussian(rng, spread));
    ck_assert_int_eq(plim_estimate_from_samples(samples, 1, REPLICAS, &estimate), PLIM_OK);
    rungs[i] = (plim_rung){sizes[i], estimate.mean, estimate.error, REPLICAS};
  }
  criterion.relative_margin = 0.0;
  criterion.absolute_margin = margin;
  criterion.fit_level = 0.0;
  const plim_status status = plim_extrapolate_exponent(rungs, SIZES, (const double[]){1.0}, 1, &fit);
  if (status == PLIM_OUTSIDE_DOMAIN)
    return PLIM_UNDECIDED; /* an error above a fifth of its value */
  ck_assert_int_eq(status, PLIM_OK);
  ck_assert_int_eq(plim_judge(&fit, &(plim_value){predicted, 0.0}, &criterion, &judgement), PLIM_OK);
  return judgement.verdict;
}

/* With the truth at the margin: false AGREE and false DISAGREE near 5 %, on either side. */
START_TEST(error_rates)
{
  enum { LADDERS = 6000 };
  const double margin = 0.35, nominal = 0.05;
  const double beyond =
      0.02; /* what plim_compare.h owns to with few replicas, and 4 standard errors of the count */
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 20220502);
  for (int side = -1; side <= 1; side += 2) {
    size_t agree = 0, disagree = 0;
    for (size_t i = 0; i < LADDERS; i++) {
      const plim_verdict verdict = drawn_verdict(rng, margin, side * margin);
      agree += verdict == PLIM_AGREE;
      disagree += verdict == PLIM_DISAGREE;
    }
    const double a = (double)agree / LADDERS, b = (double)disagree / LADDERS;
    ck_assert_msg(fabs(a - nominal) < beyond && fabs(b - nominal) < beyond,
                  "side %d: AGREE %.4f, DISAGREE %.4f", side, a, b);
  }
  gsl_rng_free(rng);
}
END_TEST

START_TEST(refusals)
{
  plim_rung rungs[SIZES];
  plim_extrapolation fit = {.limit = 7.25};
  ladder(0.5, 0.01, 0.0, rungs);
  const double one[] = {0.5}, three[] = {0.5, 1.0, 1.5}, falling[] = {1.0, 0.5}, zero[] = {0.0};
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, 3, one, 1, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, three, 3, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, falling, 2, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, zero, 1, &fit), PLIM_INVALID);
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, one, 0, &fit), PLIM_INVALID);
  rungs[2].value = -rungs[2].value;
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, one, 1, &fit), PLIM_OUTSIDE_DOMAIN);
  rungs[2].value = 0.0;
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, one, 1, &fit), PLIM_OUTSIDE_DOMAIN);
  ladder(0.5, 0.01, 0.0, rungs);
  rungs[3].error = 1.01 * PLIM_LARGEST_PART * rungs[3].value;
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, one, 1, &fit), PLIM_OUTSIDE_DOMAIN);
  rungs[3].error = NAN;
  ck_assert_int_eq(plim_extrapolate_exponent(rungs, SIZES, one, 1, &fit), PLIM_NOT_FINITE);
  ck_assert(fit.limit == 7.25);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("exponent");
  tcase_add_test(tests, exact_data);
  tcase_add_test(tests, next_gain);
  tcase_add_test(tests, by_gsl);
  tcase_add_test(tests, error_rates);
  tcase_add_test(tests, refusals);
  return run_cases("exponent", 1, &tests);
}
