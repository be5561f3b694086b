/* SPDX-License-Identifier: GPL-3.0-or-later */
/* skewness.c - do third moments mend the t test of a limit from skewed replicas? For doc/judge.md.

     bench/skewness [LADDERS]        (200000: a minute)

   The limit of one rate, d^-1, over 4 doubling sizes with exponential replicas, weights known; no drift. Built by `make
   bench/skewness`. Johnson 1978, J. Am. Stat. Assoc. 73:536; Hall 1992, J. R. Stat. Soc. B 54:221. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNGS = 4, MOST_REPLICAS = 300, TESTS = 3, LEVELS = 2 };

/* Weights of the limit in units in which a replica has variance 1. */
static void weights(double *c)
{
  double s0 = 0.0, s1 = 0.0, s2 = 0.0;
  for (int i = 0; i < RUNGS; i++) {
    const double w = pow(2.0, i), x = 1.0 / w;
    s0 += w;
    s1 += w * x;
    s2 += w * x * x;
  }
  for (int i = 0; i < RUNGS; i++)
    c[i] = sqrt(pow(2.0, i)) * (s2 - s1 * pow(0.5, i)) / (s0 * s2 - s1 * s1);
}

typedef struct {
  double mean, variance, third; /* of the mean: the estimates of its variance and third cumulant */
} moments;

static moments draw(gsl_rng *random, int replicas)
{
  double x[MOST_REPLICAS], sum = 0.0, s2 = 0.0, s3 = 0.0;
  const double n = replicas;
  for (int r = 0; r < replicas; r++)
    sum += x[r] = gsl_ran_exponential(random, 1.0) - 1.0;
  for (int r = 0; r < replicas; r++) {
    const double step = x[r] - sum / n;
    s2 += step * step;
    s3 += step * step * step;
  }
  return (moments){sum / n, s2 / (n - 1.0) / n, s3 / ((n - 1.0) * (n - 2.0)) / n};
}

int main(int argc, char **argv)
{
  const int ladders = argc > 1 ? atoi(argv[1]) : 200000, replicas[] = {10, 30, 100, MOST_REPLICAS};
  const double levels[LEVELS] = {0.05, 3.65e-4};
  if (ladders < 1 || argc > 2) {
    fputs("usage: skewness [LADDERS]\n", stderr);
    return 2;
  }
  double c[RUNGS];
  weights(c);
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  puts("wrong above/below, beside the level:  t               Johnson         Hall");
  for (int k = 0; k < 4; k++) {
    double wrong[LEVELS][TESTS][2] = {{{0.0}}};
    for (int ladder = 0; ladder < ladders; ladder++) {
      double limit = 0.0, variance = 0.0, third = 0.0, fourth = 0.0;
      for (int i = 0; i < RUNGS; i++) {
        const moments m = draw(random, replicas[k]);
        const double part = c[i] * c[i] * m.variance;
        limit += c[i] * m.mean;
        variance += part;
        third += c[i] * c[i] * c[i] * m.third;
        fourth += part * part / (replicas[k] - 1.0);
      }
      const double t = limit / sqrt(variance), a = third / pow(variance, 1.5),
                   nu = variance * variance / fourth;
      const double tests[TESTS] = {t, t + a * (1.0 + 2.0 * t * t) / 6.0,
                                   t + a * t * t / 3.0 + a * a * t * t * t / 27.0 + a / 6.0};
      for (int m = 0; m < TESTS; m++) {
        const double tail = gsl_cdf_tdist_Q(fabs(tests[m]), nu);
        for (int l = 0; l < LEVELS; l++)
          wrong[l][m][tests[m] < 0.0] += (tail < levels[l]) / (levels[l] * ladders);
      }
    }
    for (int l = 0; l < LEVELS; l++) {
      printf("  %3d replicas, level %-12g", replicas[k], levels[l]);
      for (int m = 0; m < TESTS; m++)
        printf(" %7.2f/%-7.2f", wrong[l][m][0], wrong[l][m][1]);
      puts("");
    }
  }
  gsl_rng_free(random);
  return 0;
}
