/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look_rates.c - error rates, power and cost of repeated looks (plim_looks.h) on ladders with known truth: the tables
   "Repeated looks" of doc/judge.md.

     bench/look_rates [TRIALS [TABLE]]      TABLE: levels, plans or shares; all without

   Built by `make bench/look_rates`. One finding goes through the loop of src/claims/decide.c. Normal replicas enter by
   their mean and variance, drawn as such; others replica by replica up to a block, and by blocks drawn beforehand. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_looks.h"

enum { MOST_SIZES = 5, BLOCK = 64, BLOCKS = 1 << 18 };

/* A replica at d is 1 + d^-1/2 + (spread/sqrt d) x, x of mean 0 and variance 1. Sizes double from 100. */
typedef enum { NORMAL, EXPONENTIAL, LOGNORMAL, LAWS } law;
static const char *const law_names[LAWS] = {"normal", "exponential", "lognormal"};

typedef struct {
  law replicas;
  size_t sizes, pilot; /* replicas of each size */
  double growth; /* replicas that a fixed design of this level and power needs, over those of the pilot */
  double level, power;
} design;

/* Sums of x and of x^2 over the replicas drawn so far. */
typedef struct {
  size_t count;
  double sum, squares;
} heap;

static gsl_rng *generator;
static heap *blocks[LAWS];

static double draw_one(law of)
{
  static const double s = 0.5; /* lognormal(.5) */
  if (of == EXPONENTIAL)
    return gsl_ran_exponential(generator, 1.0) - 1.0;
  const double mean = exp(0.5 * s * s), deviation = mean * sqrt(exp(s * s) - 1.0);
  return (exp(s * gsl_ran_gaussian_ziggurat(generator, 1.0)) - mean) / deviation;
}

static void add(heap *to, const heap *more)
{
  to->count += more->count;
  to->sum += more->sum;
  to->squares += more->squares;
}

static void add_singly(heap *to, law of, size_t count)
{
  for (size_t r = 0; r < count; r++) {
    const double x = draw_one(of);
    add(to, &(heap){1, x, x * x});
  }
}

/* The blocks' mean is made exact: else thousands of them would share its error. */
static void make_blocks(law of)
{
  double mean = 0.0;
  blocks[of] = calloc(BLOCKS, sizeof **blocks);
  if (blocks[of] == NULL)
    abort();
  for (size_t b = 0; b < BLOCKS; b++) {
    add_singly(&blocks[of][b], of, BLOCK);
    mean += blocks[of][b].sum / BLOCKS;
  }
  for (size_t b = 0; b < BLOCKS; b++)
    blocks[of][b].sum -= mean;
}

static void draw_more(heap *h, law of, size_t wanted)
{
  size_t more = wanted > h->count ? wanted - h->count : 0;
  if (of == NORMAL && more > 0) {
    const double n = (double)more, mean = gsl_ran_gaussian_ziggurat(generator, 1.0) / sqrt(n);
    const double around = more > 1 ? gsl_ran_chisq(generator, n - 1.0) : 0.0;
    add(h, &(heap){more, n * mean, around + n * mean * mean});
    return;
  }
  for (; more >= BLOCK; more -= BLOCK)
    add(h, &blocks[of][gsl_rng_uniform_int(generator, BLOCKS)]);
  add_singly(h, of, more);
}

/* ---- One ladder, looked at again and again ---------------------------------------------------------------- */

enum { MOST_TRUTHS = 8 };

typedef struct {
  const design *as;
  double margin, factor; /* factor: of the first look after the pilot; 0: not yet known */
  heap drawn[MOST_SIZES];
  plim_extrapolation fit[PLIM_MOST_LOOKS];
  double cost[PLIM_MOST_LOOKS]; /* replicas of a size, over those of a fixed design */
  size_t looks;                 /* drawn */
} ladder;

static plim_criterion criterion_of(const design *as, double margin, size_t look, const double *shares)
{
  plim_criterion c = plim_criterion_default();
  c.relative_margin = 0.0;
  c.absolute_margin = margin;
  c.level = as->level;
  c.reserved = 1.0 - shares[look];
  return c;
}

static plim_judgement judge(const ladder *l, size_t look, double predicted, const double *shares)
{
  const plim_value value = {predicted, 0.0};
  const plim_criterion criterion = criterion_of(l->as, l->margin, look, shares);
  plim_judgement j;
  if (plim_judge(&l->fit[look], &value, &criterion, &j) != PLIM_OK)
    abort();
  return j;
}

/* As src/claims/decide.c: the pilot, then what its standard error calls for, then twice as many. */
static void next_look(ladder *l, const double *shares)
{
  static const double least_factor = 1.5;
  const double rate = 0.5;
  plim_rung rungs[MOST_SIZES];
  double factor = l->looks == 0 ? 1.0 : 2.0, d = 100.0;
  if (l->looks == 1) {
    const plim_judgement pilot = judge(l, 0, 1.0, shares);
    factor = fmax(plim_growth_needed(&pilot, l->as->level * shares[1], l->as->power), least_factor);
  }
  for (size_t k = 0; k < l->as->sizes; k++, d *= 2.0) {
    heap *h = &l->drawn[k];
    const size_t wanted = l->looks == 0 ? l->as->pilot : (size_t)ceil(factor * (double)h->count);
    draw_more(h, l->as->replicas, wanted);
    const double n = (double)h->count, mean = h->sum / n, scale = 1.0 / sqrt(d);
    const double variance = (h->squares - n * mean * mean) / (n - 1.0);
    rungs[k] = (plim_rung){d, 1.0 + rate / sqrt(d) + scale * mean, scale * sqrt(variance / n), h->count};
  }
  if (plim_extrapolate(rungs, l->as->sizes, rate, &l->fit[l->looks]) != PLIM_OK)
    abort();
  l->cost[l->looks] = (double)l->drawn[0].count / ((double)l->as->pilot * l->as->growth);
  l->looks++;
}

/* The standard error of the limit of a ladder with `replicas` of each size, were their variance known. */
static double known_error(size_t sizes, double replicas)
{
  double w[3] = {0.0}, d = 100.0;
  for (size_t k = 0; k < sizes; k++, d *= 2.0) {
    w[0] += d * replicas;
    w[1] += sqrt(d) * replicas;
    w[2] += replicas;
  }
  return sqrt(w[2] / (w[0] * w[2] - w[1] * w[1]));
}

/* In standard errors, the margin at which a fixed design has the power, with the truth in its middle. */
static double reach_of(double level, double power)
{
  return gsl_cdf_ugaussian_Qinv(level) + gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - power));
}

typedef struct {
  double agree, disagree, at_first, cost; /* at_first: AGREE by the first look after the pilot */
} rates;

/* The prediction stands truths[i] margins off the limit. */
static void measure(const design *as, const double *shares, const double *truths, size_t count, long trials,
                    rates *of)
{
  const double margin =
      reach_of(as->level, as->power) * known_error(as->sizes, (double)as->pilot * as->growth);
  memset(of, 0, count * sizeof *of);
  for (long t = 0; t < trials; t++) {
    ladder l = {.as = as, .margin = margin};
    for (size_t i = 0; i < count; i++) {
      plim_judgement now, before;
      plim_verdict verdict = PLIM_UNDECIDED;
      size_t look = 0;
      for (; look < PLIM_MOST_LOOKS && shares[look] > 0.0 && verdict == PLIM_UNDECIDED; look++) {
        if (look == l.looks)
          next_look(&l, shares);
        now = judge(&l, look, 1.0 + truths[i] * margin, shares);
        plim_criterion criterion = criterion_of(as, margin, look, shares);
        if (plim_judge_after(&now, look > 0 ? &before : NULL, criterion.fit_level) != PLIM_OK ||
            plim_judge_family(&now, 1, &criterion) != PLIM_OK)
          abort();
        before = now;
        verdict = now.verdict;
      }
      of[i].agree += (verdict == PLIM_AGREE) / (double)trials;
      of[i].disagree += (verdict == PLIM_DISAGREE) / (double)trials;
      of[i].at_first += (verdict == PLIM_AGREE && look <= 2) / (double)trials;
      of[i].cost += l.cost[look - 1] / (double)trials;
    }
  }
}

/* The replicas of a fixed design, over those of design `as`, with another power. */
static double relative_cost(const design *as, double power)
{
  const double ratio = reach_of(as->level, fmin(power, 0.9999)) / reach_of(as->level, as->power);
  return ratio * ratio;
}

/* ---- Tables ----------------------------------------------------------------------------------------------- */

static const double family_level = 3.65e-4; /* 5 % over 137 findings */

static void table_of_levels(const double *shares, long trials)
{
  static const double truths[] = {0.0, -1.0, 1.0}, levels[] = {0.05, family_level};
  static const size_t pilots[] = {10, 25, 100};
  puts("False verdicts over the stated rate: truth at the margin, worse side; in the middle of it: false "
       "DISAGREE, AGREE "
       "in all and by\nlook 1 (per cent), cost over a fixed design's. A fixed design needs 6 pilots; power "
       ".9");
  puts("law         level    sizes pilot |  AGREE  DISAGREE | DISAGREE  AGREE  by look 1  cost");
  for (int of = 0; of < LAWS; of++)
    for (size_t v = 0; v < 2; v++)
      for (size_t sizes = 3; sizes <= MOST_SIZES; sizes++)
        for (size_t p = 0; p < 3; p++) {
          const design as = {(law)of, sizes, pilots[p], 6.0, levels[v], 0.9};
          rates r[3];
          measure(&as, shares, truths, 3, v == 0 ? trials : 3 * trials, r);
          printf("%-11s %-8.3g %5zu %5zu | %6.2f %9.2f | %8.3f %6.1f %10.1f %5.2f\n", law_names[of], as.level,
                 sizes, as.pilot, fmax(r[1].agree, r[2].agree) / as.level,
                 fmax(r[1].disagree, r[2].disagree) / as.level, 100.0 * r[0].disagree, 100.0 * r[0].agree,
                 100.0 * r[0].at_first, r[0].cost);
          fflush(stdout);
        }
}

static void table_of_plans(const double *shares, long trials)
{
  static const double truths[] = {0.0, 0.3, 0.6, 1.4, 1.8}, levels[] = {0.05, family_level};
  static const double powers[] = {0.8, 0.9, 0.95};
  static const size_t pilots[] = {10, 25, 100};
  puts("\nNormal replicas, 4 sizes: AGREE with the truth 0, .3, .6 margins off, DISAGREE 1.4 and 1.8 off "
       "(per cent); cost "
       "over that of a\nfixed design of the same level and power, truth in the middle, and of one with the "
       "power reached");
  puts("level  power pilot growth |     0 by look 1    .3    .6   1.4   1.8 | cost: 0  same    .3    .6   "
       "1.4   1.8");
  for (size_t v = 0; v < 2; v++)
    for (size_t w = 0; w < 3; w++)
      for (size_t p = 0; p < 3; p++) {
        const design as = {NORMAL, 4, pilots[p], 6.0, levels[v], powers[w]};
        rates r[5];
        measure(&as, shares, truths, 5, trials, r);
        printf("%-8.3g %.2f %4zu %6g | %5.1f %9.1f %5.1f %5.1f %5.1f %5.1f | %7.2f %5.2f %5.2f %5.2f %5.2f "
               "%5.2f\n",
               as.level, as.power, as.pilot, as.growth, 100.0 * r[0].agree, 100.0 * r[0].at_first,
               100.0 * r[1].agree, 100.0 * r[2].agree, 100.0 * r[3].disagree, 100.0 * r[4].disagree,
               r[0].cost, r[0].cost / relative_cost(&as, r[0].agree), r[1].cost, r[2].cost, r[3].cost,
               r[4].cost);
        fflush(stdout);
      }
}

/* What other shares would cost: the mean over truths 0, .3, .6 and 1.8 margins off. */
static void table_of_shares(long trials)
{
  static const double candidates[][PLIM_MOST_LOOKS] = {
      {0.05, 0.45, 0.25, 0.12, 0.08, 0.05},
      {0.05, 0.60, 0.20, 0.08, 0.05, 0.02},
      {0.05, 0.70, 0.15, 0.06, 0.03, 0.01},
      {0.05, 0.80, 0.10, 0.03, 0.01, 0.01},
      {0.15, 0.60, 0.15, 0.06, 0.03, 0.01},
      {0.01, 0.74, 0.15, 0.06, 0.03, 0.01},
      {0.05, 0.30, 0.30, 0.20, 0.10, 0.05},
      {1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0}};
  static const double truths[] = {0.0, 0.3, 0.6, 1.8}, levels[] = {0.05, family_level},
                      grows[] = {0.7, 3.0, 12.0};
  puts(
      "\nNormal replicas, 4 sizes, pilot of 25, power .9: mean cost with the truth 0, .3, .6 and 1.8 margins "
      "off, the "
      "first also over\nthat of a fixed design with the power reached, and chance of a right verdict .6 off");
  puts("shares                         level   growth |    0  same    .3    .6   1.8 |  .6: AGREE");
  for (size_t v = 0; v < 2; v++)
    for (size_t g = 0; g < 3; g++)
      for (size_t c = 0; c < sizeof candidates / sizeof *candidates; c++) {
        const design as = {NORMAL, 4, 25, grows[g], levels[v], 0.9};
        rates r[4];
        measure(&as, candidates[c], truths, 4, trials, r);
        for (size_t k = 0; k < PLIM_MOST_LOOKS; k++)
          printf("%.2f%s", candidates[c][k], k + 1 < PLIM_MOST_LOOKS ? " " : "  ");
        printf("%-8.3g %5g | %5.2f %5.2f %5.2f %5.2f %5.2f | %6.1f\n", as.level, as.growth, r[0].cost,
               r[0].cost / relative_cost(&as, r[0].agree), r[1].cost, r[2].cost, r[3].cost,
               100.0 * r[2].agree);
        fflush(stdout);
      }
}

int main(int argc, char **argv)
{
  const long trials = argc > 1 ? atol(argv[1]) : 20000;
  const char *table = argc > 2 ? argv[2] : "all";
  const bool all = strcmp(table, "all") == 0;
  if (trials < 5 || argc > 3) {
    fputs("usage: look_rates [TRIALS [levels|plans|shares]]\n", stderr);
    return 2;
  }
  double shares[PLIM_MOST_LOOKS];
  for (size_t k = 0; k < PLIM_MOST_LOOKS; k++)
    shares[k] = plim_look_share(k);
  gsl_set_error_handler_off();
  generator = gsl_rng_alloc(gsl_rng_taus2);
  for (int of = EXPONENTIAL; of < LAWS; of++)
    make_blocks((law)of);
  if (all || strcmp(table, "levels") == 0)
    table_of_levels(shares, trials);
  if (all || strcmp(table, "plans") == 0)
    table_of_plans(shares, trials);
  if (all || strcmp(table, "shares") == 0)
    table_of_shares(trials);
  for (int of = EXPONENTIAL; of < LAWS; of++)
    free(blocks[of]);
  gsl_rng_free(generator);
  return 0;
}
