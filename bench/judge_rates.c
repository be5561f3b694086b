/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_rates.c - the judge's error rates and power on ladders with known truth: the tables of doc/judge.md.

     bench/judge_rates [TRIALS]        (20000: half a minute)

   Built by `make bench/judge_rates`. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plim_compare.h"

enum { MOST_RUNGS = 5, MOST_REPLICAS = 200 };

/* A replica at d is 1 + a d^-1/2 + b d^-1 + (spread/sqrt d) x, x of mean 0 and variance 1. Sizes double. */
typedef struct {
  double a, b, spread, d_min;
  size_t rungs, replicas;
  int skewed; /* x exponential rather than normal */
} ladder;

typedef struct {
  double agree_at_margin, disagree_at_margin, covered, poor_fit, power, limit_error, bias;
} rates;

static gsl_rng *generator;

static plim_rung draw_rung(const ladder *l, double d)
{
  double sample[MOST_REPLICAS];
  for (size_t r = 0; r < l->replicas; r++) {
    const double x =
        l->skewed ? gsl_ran_exponential(generator, 1.0) - 1.0 : gsl_ran_gaussian_ziggurat(generator, 1.0);
    sample[r] = 1.0 + l->a / sqrt(d) + l->b / d + l->spread / sqrt(d) * x;
  }
  plim_estimate e;
  if (plim_estimate_from_samples(sample, 1, l->replicas, &e) != PLIM_OK)
    abort();
  return (plim_rung){.d = d, .value = e.mean, .error = e.error, .replicas = e.replicas};
}

static plim_judgement judge(const plim_extrapolation *fit, double predicted, const plim_criterion *criterion)
{
  const plim_value value = {predicted, 0.0};
  plim_judgement j;
  if (plim_judge(fit, &value, criterion, &j) != PLIM_OK)
    abort();
  return j;
}

/* `terms` of the rates 1/2, 1 fitted; absolute margin. The limit is 1; predictions 1 and 1 +- margin. */
static rates measure(const ladder *l, size_t terms, double margin, int trials)
{
  const double exponents[] = {0.5, 1.0};
  const plim_criterion criterion = {.absolute_margin = margin, .level = 0.05, .fit_level = 1e-3};
  double agree[2] = {0.0}, disagree[2] = {0.0};
  rates sum = {0};
  for (int t = 0; t < trials; t++) {
    plim_rung rungs[MOST_RUNGS];
    plim_extrapolation fit;
    double d = l->d_min;
    for (size_t i = 0; i < l->rungs; i++, d *= 2.0)
      rungs[i] = draw_rung(l, d);
    if (plim_extrapolate_terms(rungs, l->rungs, exponents, terms, &fit) != PLIM_OK)
      abort();
    for (int side = 0; side < 2; side++) {
      const plim_judgement j = judge(&fit, 1.0 + (side ? margin : -margin), &criterion);
      agree[side] += j.verdict == PLIM_AGREE;
      disagree[side] += j.verdict == PLIM_DISAGREE;
    }
    const plim_judgement exact = judge(&fit, 1.0, &criterion);
    sum.power += exact.verdict == PLIM_AGREE;
    sum.covered += exact.ci_low <= 1.0 && 1.0 <= exact.ci_high;
    sum.poor_fit += fit.fit_p < 0.05;
    sum.limit_error += fit.limit_error;
    sum.bias += fit.limit - 1.0;
  }
  return (rates){.agree_at_margin = fmax(agree[0], agree[1]) / trials,
                 .disagree_at_margin = fmax(disagree[0], disagree[1]) / trials,
                 .covered = sum.covered / trials,
                 .poor_fit = sum.poor_fit / trials,
                 .power = sum.power / trials,
                 .limit_error = sum.limit_error / trials,
                 .bias = sum.bias / trials};
}

static void table_of_levels(int trials)
{
  const size_t replicas[] = {3, 5, 10, 20, 50, 200};
  puts("Right form, margin far beyond the noise, worse side; per cent (nominal 5, 5, 90, 5)");
  puts("law     rungs replicas   AGREE  DISAGREE  coverage  fit_p<.05");
  for (int skewed = 0; skewed < 2; skewed++) {
    for (size_t rungs = 3; rungs <= MOST_RUNGS; rungs++) {
      for (size_t k = 0; k < sizeof replicas / sizeof *replicas; k++) {
        const ladder l = {0.8, 0.0, 0.5, 100.0, rungs, replicas[k], skewed};
        const rates r = measure(&l, 1, 0.5 / sqrt((double)replicas[k]), trials);
        printf("%-8s %4zu %8zu %7.1f %9.1f %9.1f %10.1f\n", skewed ? "skewed" : "normal", rungs, replicas[k],
               100.0 * r.agree_at_margin, 100.0 * r.disagree_at_margin, 100.0 * r.covered,
               100.0 * r.poor_fit);
      }
    }
  }
}

static void table_of_drifts(int trials)
{
  const double drifts[][2] = {{0.5, 0.0}, {0.5, 2.0}, {0.5, -2.0}, {1.0, 5.0}};
  const double spreads[] = {0.5, 0.1}, sizes[] = {128.0, 256.0};
  puts("\nDrift a d^-1/2 + b d^-1, 4 sizes from d, spread/sqrt(d), margin 2 %: false AGREE and power, per "
       "cent");
  puts("   d spread replicas    a    b |  rate 1/2:  bias     se  false  power | 1/2 and 1:     se  false  "
       "power");
  for (size_t s = 0; s < 2; s++) {
    for (size_t p = 0; p < 2; p++) {
      for (size_t replicas = 50; replicas <= 200; replicas *= 4) {
        for (size_t k = 0; k < sizeof drifts / sizeof *drifts; k++) {
          const ladder l = {drifts[k][0], drifts[k][1], spreads[p], sizes[s], 4, replicas, 0};
          const rates one = measure(&l, 1, 0.02, trials / 5), two = measure(&l, 2, 0.02, trials / 5);
          printf("%4.0f %6.1f %8zu %4.1f %4.1f | %15.4f %6.4f %6.1f %6.1f | %17.4f %6.1f %6.1f\n", l.d_min,
                 l.spread, replicas, l.a, l.b, one.bias, one.limit_error, 100.0 * one.agree_at_margin,
                 100.0 * one.power, two.limit_error, 100.0 * two.agree_at_margin, 100.0 * two.power);
        }
      }
    }
  }
}

int main(int argc, char **argv)
{
  const int trials = argc > 1 ? atoi(argv[1]) : 20000;
  if (trials < 5 || argc > 2) {
    fputs("usage: judge_rates [TRIALS]\n", stderr);
    return 2;
  }
  gsl_set_error_handler_off();
  generator = gsl_rng_alloc(gsl_rng_mt19937);
  table_of_levels(trials);
  table_of_drifts(trials);
  gsl_rng_free(generator);
  return 0;
}
