/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_error_rates.c - the judge on data whose truth is known: its error rates and power by simulation. Seeds are
   fixed. A measured rate is held against a binomial quantile: if the claimed rate holds, a bound is passed with chance
   FALSE_ALARM, before the seed is chosen. */
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
  TCase *tests = tcase_create("error_rates");
  tcase_add_test(tests, false_verdicts_at_the_margin);
  tcase_add_test(tests, false_verdicts_at_a_bound);
  tcase_add_test(tests, false_verdicts_with_five_replicas);
  tcase_add_test(tests, narrow_margin_keeps_the_level);
  tcase_add_test(tests, numerical_error_widens_both_nulls);
  tcase_add_test(tests, power_follows_the_noise);
  tcase_add_test(tests, lack_of_fit_shows_a_wrong_rate);
  tcase_add_test(tests, two_rates_together_keep_the_level);
  tcase_add_test(tests, family_error_is_held);
  return run_cases("error_rates", 1, &tests);
}
