/* SPDX-License-Identifier: GPL-3.0-or-later */
/* family_rates.c - what a family's joint law would gain over Holm's correction: the table of doc/judge.md.

     bench/family_rates [TRIALS]        (20000: half a minute)

   A family of findings: blocks that share draws, in each of them test statistics with one correlation, blocks
   independent; normal, the errors known. Holm compares the largest statistic with the quantile of level/m; who knows
   the joint law compares it with that law's own quantile of the largest, and steps down with that of those left
   (Romano & Wolf 2005, J. Am. Statist. Ass. 100:94). Printed: what either spends of its level where every null holds at
   its edge, the ratio of the replicas that give a right prediction the same chance, and the mean share of right
   predictions that AGREE where all of them are right and Holm's first step gives each 90 %. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const double level = 0.05, power = 0.9;
enum { MOST = 200 };

typedef struct {
  size_t blocks, size; /* findings: blocks x size */
  double correlation;
} family;

static gsl_rng *generator;

static size_t members_of(const family *f)
{
  return f->blocks * f->size;
}

static void draw(const family *f, double *z)
{
  for (size_t b = 0; b < f->blocks; b++) {
    const double shared = gsl_ran_gaussian_ziggurat(generator, 1.0);
    for (size_t i = 0; i < f->size; i++)
      z[b * f->size + i] = sqrt(f->correlation) * shared +
                           sqrt(1.0 - f->correlation) * gsl_ran_gaussian_ziggurat(generator, 1.0);
  }
}

static int descending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x < y) - (x > y);
}

/* joint[k]: the value that the largest of k + 1 exceeds with chance `level`, of those k + 1 that share the fewest
   blocks: the hardest to reach, so that a step down with it is conservative. */
static void quantiles(const family *f, int trials, double *joint)
{
  const size_t members = members_of(f);
  double *largest = malloc((size_t)trials * members * sizeof *largest), z[MOST];
  if (largest == NULL)
    exit(EXIT_FAILURE);
  for (int t = 0; t < trials; t++) {
    double most = -INFINITY;
    draw(f, z);
    for (size_t k = 0; k < members; k++) {
      most = fmax(most, z[k % f->blocks * f->size + k / f->blocks]);
      largest[k * (size_t)trials + (size_t)t] = most;
    }
  }
  for (size_t k = 0; k < members; k++) {
    double *of = &largest[k * (size_t)trials];
    qsort(of, (size_t)trials, sizeof *of, descending);
    joint[k] = of[(size_t)(level * trials)];
  }
  free(largest);
}

/* How many of the statistics, descending, step down past critical[what is left - 1]. */
static size_t rejected(const double *z, size_t members, const double *critical)
{
  size_t k = 0;
  while (k < members && z[k] > critical[members - k - 1])
    k++;
  return k;
}

static void report(const family *f, int trials)
{
  const size_t members = members_of(f);
  double holm[MOST], joint[MOST], z[MOST];
  for (size_t k = 0; k < members; k++)
    holm[k] = gsl_cdf_ugaussian_Qinv(level / (double)(k + 1));
  quantiles(f, 10 * trials, joint);
  const double needed = gsl_cdf_ugaussian_Pinv(power), centre = holm[members - 1] + needed;
  size_t by_holm = 0, by_joint = 0, false_holm = 0, false_joint = 0;
  for (int t = 0; t < trials; t++) {
    draw(f, z);
    qsort(z, members, sizeof *z, descending);
    false_holm += rejected(z, members, holm) > 0;
    false_joint += rejected(z, members, joint) > 0;
    for (size_t k = 0; k < members; k++)
      z[k] += centre;
    by_holm += rejected(z, members, holm);
    by_joint += rejected(z, members, joint);
  }
  const double all = (double)trials * (double)members,
               ratio = pow((joint[members - 1] + needed) / centre, 2.0);
  printf("%6zu %6zu %6.2f | %5.2f %6.2f | %9.3f | %6.2f %6.2f\n", f->blocks, f->size, f->correlation,
         (double)false_holm / trials / level, (double)false_joint / trials / level, ratio,
         100.0 * (double)by_holm / all, 100.0 * (double)by_joint / all);
}

int main(int argc, char **argv)
{
  static const family families[] = {{1, 4, 0.5},   {1, 4, 0.9},   {1, 4, 0.99}, {1, 20, 0.9},
                                    {1, 180, 0.9}, {1, 180, 0.5}, {45, 4, 0.5}, {45, 4, 0.9},
                                    {45, 4, 0.99}, {20, 9, 0.9},  {180, 1, 0.0}};
  const int trials = argc > 1 ? atoi(argv[1]) : 20000;
  if (trials < 100 || argc > 2) {
    fputs("usage: family_rates [TRIALS]\n", stderr);
    return 2;
  }
  generator = gsl_rng_alloc(gsl_rng_mt19937);
  puts("                     | spent of level | replicas, | AGREE, per cent\n"
       "blocks   size  corr. |  Holm  joint | joint/Holm |   Holm  joint");
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    report(&families[i], trials);
  gsl_rng_free(generator);
  return 0;
}
