/* SPDX-License-Identifier: GPL-3.0-or-later */
/* covered_rates.c - what plim_extrapolate_covered errs and costs on ladders whose next power is known: tables of
   doc/judge.md.

     bench/covered_rates [TRIALS [TABLES]]        (20000, all of rsbp: about 12 minutes of one core)

   Built by `make bench/covered_rates`. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_compare.h"

enum { MOST_RUNGS = 6, RATIOS = 7, LEVELS = 2 };

static const double ratios[RATIOS] = {-5.0, -2.0, -0.5, 0.0, 0.5, 2.0, 5.0};
static const double levels[LEVELS] = {0.05, 3.65e-4}; /* of a verdict alone, and of one of 137 */
static const double half[] = {0.5, 1.0}, whole[] = {1.0, 2.0};

typedef enum { NORMAL, EXPONENTIAL, LOGNORMAL } law;
static const char *const law_names[] = {"normal", "expon.", "lognormal"};

/* A replica at d is 1 + b d^-p + c d^-2p + (spread/sqrt d) x, x of mean 0 and variance 1. Sizes double. */
typedef struct {
  double p, b, c, spread, d_min;
  size_t rungs, replicas;
  law noise;
} ladder;

typedef enum { ONE, BOTH, COVERED, FITS } method;

static gsl_rng *generator;

static double draw(law noise)
{
  const double s = 0.5, middle = exp(0.125); /* lognormal(0, s): mean exp(s^2/2) */
  if (noise == EXPONENTIAL)
    return gsl_ran_exponential(generator, 1.0) - 1.0;
  return (exp(s * gsl_ran_gaussian_ziggurat(generator, 1.0)) - middle) / (middle * sqrt(exp(s * s) - 1.0));
}

static plim_rung draw_rung(const ladder *l, double d)
{
  const double value = 1.0 + l->b * pow(d, -l->p) + l->c * pow(d, -2.0 * l->p), scale = l->spread / sqrt(d),
               n = (double)l->replicas;
  double mean = 0.0, squares = 0.0;
  if (l->noise == NORMAL) { /* mean and variance are independent */
    mean = gsl_ran_gaussian_ziggurat(generator, 1.0) / sqrt(n);
    squares = gsl_ran_chisq(generator, n - 1.0);
  } else {
    for (size_t r = 0; r < l->replicas; r++) {
      const double x = draw(l->noise), step = x - mean;
      mean += step / (double)(r + 1);
      squares += step * (x - mean);
    }
  }
  return (plim_rung){d, value + scale * mean, scale * sqrt(squares / (n - 1.0) / n), l->replicas};
}

static void draw_ladder(const ladder *l, plim_rung *rungs)
{
  double d = l->d_min;
  for (size_t i = 0; i < l->rungs; i++, d *= 2.0)
    rungs[i] = draw_rung(l, d);
}

static plim_extrapolation extrapolate(method m, const ladder *l, const plim_rung *rungs)
{
  plim_extrapolation fit;
  const plim_status status =
      m == COVERED
          ? plim_extrapolate_covered(rungs, l->rungs, l->p, PLIM_USUAL_RATIO, &fit)
          : plim_extrapolate_terms(rungs, l->rungs, l->p < 0.75 ? half : whole, m == ONE ? 1 : 2, &fit);
  if (status != PLIM_OK)
    abort();
  return fit;
}

static plim_judgement judge(const plim_extrapolation *fit, double predicted, double margin, double level)
{
  const plim_value value = {predicted, 0.0};
  const plim_criterion criterion = {.absolute_margin = margin, .level = level, .fit_level = 1e-3};
  plim_judgement j;
  if (plim_judge(fit, &value, &criterion, &j) != PLIM_OK)
    abort();
  return j;
}

/* Shares of the ladders. The prediction lies a wide margin above the limit, which is 1: AGREE there is wrong on one
   side of the limit, DISAGREE on the other, and the interval misses on both. */
typedef struct {
  double agree[LEVELS], disagree[LEVELS], missed[LEVELS]; /* the worse side of missed */
  double middle, middle_even, power; /* DISAGREE and AGREE with the truth in the middle, level 0.05 */
  double half_width, poor, neglected;
} rates;

/* The half-width that a margin is measured by, from a few ladders of their own. */
static double usual_half_width(method m, const ladder *l)
{
  enum { FEW = 200 };
  double sum = 0.0;
  for (int t = 0; t < FEW; t++) {
    plim_rung rungs[MOST_RUNGS];
    draw_ladder(l, rungs);
    const plim_extrapolation fit = extrapolate(m, l, rungs);
    const plim_judgement j = judge(&fit, 1.0, 1.0, levels[0]);
    sum += 0.5 * (j.ci_high - j.ci_low);
  }
  return sum / FEW;
}

/* `margin` 0: 2 half-widths, at which AGREE has 90 %; 1.4 give it an even chance. */
static rates measure(method m, const ladder *l, double margin, int trials)
{
  const double width = usual_half_width(m, l), wide = 20.0 * width,
               narrow = margin > 0.0 ? margin : 2.0 * width, unit = 1.0 / trials;
  double above[LEVELS] = {0.0}, below[LEVELS] = {0.0};
  rates r;
  memset(&r, 0, sizeof r);
  for (int t = 0; t < trials; t++) {
    plim_rung rungs[MOST_RUNGS];
    draw_ladder(l, rungs);
    const plim_extrapolation fit = extrapolate(m, l, rungs);
    for (size_t k = 0; k < LEVELS; k++) {
      const plim_judgement j = judge(&fit, 1.0 + wide, wide, levels[k]);
      r.agree[k] += unit * (j.verdict == PLIM_AGREE);
      r.disagree[k] += unit * (j.verdict == PLIM_DISAGREE);
      above[k] += unit * (j.ci_low > 1.0);
      below[k] += unit * (j.ci_high < 1.0);
    }
    const plim_judgement j = judge(&fit, 1.0, narrow, levels[0]);
    r.middle += unit * (j.verdict == PLIM_DISAGREE);
    r.middle_even += unit * (judge(&fit, 1.0, 1.4 * width, levels[0]).verdict == PLIM_DISAGREE);
    r.power += unit * (j.verdict == PLIM_AGREE);
    r.half_width += unit * 0.5 * (j.ci_high - j.ci_low);
    r.neglected += unit * j.neglected_bias;
    r.poor += unit * (fit.fit_p < 1e-3);
  }
  for (size_t k = 0; k < LEVELS; k++)
    r.missed[k] = fmax(above[k], below[k]);
  return r;
}

/* Over the ratios: the worst of each, and of both verdicts at the family's level the mean too. */
typedef struct {
  double agree[LEVELS], disagree[LEVELS], missed[LEVELS], mean_wrong, middle, middle_even, poor, width;
} summary;

static summary over_ratios(method m, ladder l, int trials)
{
  summary s;
  memset(&s, 0, sizeof s);
  for (size_t k = 0; k < RATIOS; k++) {
    l.c = ratios[k] * l.b;
    const rates r = measure(m, &l, 0.0, trials);
    for (size_t a = 0; a < LEVELS; a++) {
      s.agree[a] = fmax(s.agree[a], r.agree[a]);
      s.disagree[a] = fmax(s.disagree[a], r.disagree[a]);
      s.missed[a] = fmax(s.missed[a], r.missed[a]);
    }
    s.mean_wrong += 0.5 * (r.agree[1] + r.disagree[1]) / RATIOS;
    s.middle = fmax(s.middle, r.middle);
    s.middle_even = fmax(s.middle_even, r.middle_even);
    s.poor = fmax(s.poor, r.poor);
    s.width += r.half_width / RATIOS;
  }
  return s;
}

static void head(const char *title)
{
  printf("\n%s\n", title);
  puts("  law         p  d_min sizes     b    R | level .05: AGREE DISAGR. missed | level 3.65e-4, x: AGREE "
       "DISAGR. "
       "missed   mean | middle, %: 2 w  1.4 w | fit_p<.001 % half-width");
}

static void line(const ladder *l, const summary *s)
{
  printf("  %-9s %3.1f %6.0f %5zu %5.1f %4zu | %16.2f %7.2f %6.2f", law_names[l->noise], l->p, l->d_min,
         l->rungs, l->b, l->replicas, 100.0 * s->agree[0], 100.0 * s->disagree[0], 100.0 * s->missed[0]);
  printf(" | %20.1f %7.1f %6.1f %6.2f", s->agree[1] / levels[1], s->disagree[1] / levels[1],
         s->missed[1] / levels[1], s->mean_wrong / levels[1]);
  printf(" | %14.3f %6.3f | %12.2f %10.4f\n", 100.0 * s->middle, 100.0 * s->middle_even, 100.0 * s->poor,
         s->width);
  fflush(stdout);
}

static void lines_of_rates(double d_min, size_t rungs, int trials)
{
  for (int p = 1; p <= 2; p++)
    for (int b = 0; b < 2; b++)
      for (size_t replicas = 10; replicas <= 300; replicas *= 30) {
        const ladder l = {0.5 * p, b ? 4.0 : 0.5, 0.0, 0.5, d_min, rungs, replicas, NORMAL};
        const summary s = over_ratios(COVERED, l, trials);
        line(&l, &s);
      }
}

static void table_of_rates(int trials)
{
  const double sizes[] = {13.0, 64.0, 128.0};
  head("Normal replicas, spread 0.5/sqrt d, c/b from -5 to 5: worst of the seven");
  for (size_t rungs = 3; rungs <= 6; rungs++)
    lines_of_rates(26.0, rungs, trials);
  for (size_t d = 0; d < 3; d++)
    lines_of_rates(sizes[d], 4, trials);
}

static void table_of_skewed(int trials)
{
  const size_t replicas[] = {10, 30, 100, 300};
  head("Skewed replicas, likewise: worst of the seven");
  for (int noise = EXPONENTIAL; noise <= LOGNORMAL; noise++)
    for (int p = 1; p <= 2; p++)
      for (size_t b = 0; b < 2; b++)
        for (size_t r = 0; r < 4; r++) {
          const ladder l = {0.5 * p, b ? 4.0 : 0.5, 0.0, 0.5, 26.0, 4, replicas[r], (law)noise};
          const summary s = over_ratios(COVERED, l, trials);
          line(&l, &s);
        }
}

/* -0.5 d^-1/2 + 5 d^-1: twice the declared ratio. */
static void table_of_beyond(int trials)
{
  const double sizes[] = {13.0, 26.0, 64.0, 128.0};
  const char *const names[] = {"one rate", "both", "covered"};
  puts("\n-0.5 d^-1/2 + 5 d^-1 (ratio 10), margin 5 %, level .05, per cent");
  puts("  d_min sizes    R fit      | at the margin: AGREE DISAGR. missed | middle: DISAGR. AGREE | "
       "fit_p<.001 | "
       "half-width neglected");
  for (size_t d = 0; d < 4; d++)
    for (size_t rungs = 4; rungs <= 5; rungs++)
      for (size_t replicas = 30; replicas <= 300; replicas *= 10)
        for (int m = 0; m < FITS; m++) {
          const ladder l = {0.5, -0.5, 5.0, 0.5, sizes[d], rungs, replicas, NORMAL};
          const rates r = measure((method)m, &l, 0.05, trials);
          printf("  %5.0f %5zu %4zu %-8s | %20.2f %7.2f %6.2f | %15.3f %5.1f | %10.2f | %10.4f %9.4f\n",
                 l.d_min, rungs, replicas, names[m], 100.0 * r.agree[0], 100.0 * r.disagree[0],
                 100.0 * r.missed[0], 100.0 * r.middle, 100.0 * r.power, 100.0 * r.poor, r.half_width,
                 r.neglected);
        }
}

/* Fewest replicas with 90 % AGREE for a true prediction, to 10 %; 0: not with `most`. */
static double replicas_needed(method m, ladder l, double margin, int trials)
{
  const double most = 3e6, step = 1.1;
  double low = 3.0, high = most;
  l.replicas = (size_t)high;
  if (measure(m, &l, margin, trials).power < 0.9)
    return 0.0;
  while (high > low * step) {
    const double middle = sqrt(low * high);
    l.replicas = (size_t)middle;
    if (measure(m, &l, margin, trials).power < 0.9)
      low = middle;
    else
      high = middle;
  }
  return high;
}

static void table_of_price(int trials)
{
  const double drifts[] = {0.5, 2.0, 8.0}, sizes[] = {13.0, 64.0, 128.0};
  puts("\nReplicas a size for 90 % AGREE at a true prediction, margin 2 %, spread 0.5/sqrt d, c = 0 (-: "
       "never)");
  puts("    p  d_min sizes     b |   one rate      both   covered | covered/one");
  for (int p = 1; p <= 2; p++)
    for (size_t d = 0; d < 3; d++)
      for (size_t rungs = 4; rungs <= 6; rungs += 2)
        for (size_t b = 0; b < 3; b++) {
          const ladder l = {0.5 * p, drifts[b], 0.0, 0.5, sizes[d], rungs, 0, NORMAL};
          double needed[FITS];
          for (int m = 0; m < FITS; m++)
            needed[m] = replicas_needed((method)m, l, 0.02, trials / 20);
          printf("  %3.1f %6.0f %5zu %5.1f | %10.0f %9.0f %9.0f | %11.1f\n", l.p, l.d_min, rungs, l.b,
                 needed[ONE], needed[BOTH], needed[COVERED], needed[COVERED] / needed[ONE]);
          fflush(stdout);
        }
}

int main(int argc, char **argv)
{
  const int trials = argc > 1 ? atoi(argv[1]) : 20000;
  const char *const tables = argc > 2 ? argv[2] : "rsbp";
  if (trials < 200 || argc > 3 || strspn(tables, "rsbp") != strlen(tables)) {
    fputs("usage: covered_rates [TRIALS [TABLES]]   (at least 200; r rates, s skewed, b beyond, p price)\n",
          stderr);
    return 2;
  }
  gsl_set_error_handler_off();
  generator = gsl_rng_alloc(gsl_rng_mt19937);
  if (strchr(tables, 'r') != NULL)
    table_of_rates(trials);
  if (strchr(tables, 's') != NULL)
    table_of_skewed(trials);
  if (strchr(tables, 'b') != NULL)
    table_of_beyond(trials);
  if (strchr(tables, 'p') != NULL)
    table_of_price(trials);
  gsl_rng_free(generator);
  return 0;
}
