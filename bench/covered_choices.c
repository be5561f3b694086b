/* SPDX-License-Identifier: GPL-3.0-or-later */
/* covered_choices.c - how long the intervals are that cover a next power, by the ways of choosing them: a table of
   doc/judge.md. Errors are known and normal; lengths are beside those of one who knows |b| and so the bound on c.

     bench/covered_choices [TRIALS]        (1000: seconds)

   Built by `make bench/covered_choices`. The formulas are those of src/judge/covered.c, by the normal equations. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 6, SHARES = 4, WAYS = 7, RATIOS = 7, GRID = 20 };
static const double ratio = 5.0, tail = 1e-3;

typedef struct {
  size_t count;
  double u[MOST], w[MOST]; /* d^-p, 1/variance */
} design;

typedef struct {
  double of_limit[MOST], of_drift[MOST]; /* weights of the values */
} weights;

/* Columns 1, u and, with `both`, u^2; by Gauss-Jordan of the normal equations. */
static weights solve(const design *d, int both)
{
  double a[3][6] = {{0.0}};
  weights w;
  for (size_t i = 0; i < d->count; i++) {
    const double x[3] = {1.0, d->u[i], d->u[i] * d->u[i]};
    for (int r = 0; r < 3; r++)
      for (int c = 0; c < 3; c++)
        a[r][c] += d->w[i] * x[r] * x[c];
  }
  for (int r = 0; r < 3; r++)
    a[r][3 + r] = 1.0;
  const int size = both ? 3 : 2;
  for (int p = 0; p < size; p++)
    for (int r = 0; r < size; r++) {
      const double factor = a[r][p] / a[p][p];
      for (int c = 0; c < 6 && r != p; c++)
        a[r][c] -= factor * a[p][c];
    }
  for (size_t i = 0; i < d->count; i++) {
    const double x[3] = {1.0, d->u[i], both ? d->u[i] * d->u[i] : 0.0};
    w.of_limit[i] = w.of_drift[i] = 0.0;
    for (int c = 0; c < size; c++) {
      w.of_limit[i] += a[0][3 + c] / a[0][0] * x[c] * d->w[i];
      w.of_drift[i] += a[1][3 + c] / a[1][1] * x[c] * d->w[i];
    }
  }
  return w;
}

static double along(const design *d, const double *c, const double *y)
{
  double sum = 0.0;
  for (size_t i = 0; i < d->count; i++)
    sum += c[i] * y[i];
  return sum;
}

static double variance(const design *d, const double *c)
{
  double sum = 0.0;
  for (size_t i = 0; i < d->count; i++)
    sum += c[i] * c[i] / d->w[i];
  return sum;
}

static double gain(const design *d, const double *c)
{
  double sum = 0.0;
  for (size_t i = 0; i < d->count; i++)
    sum += c[i] * d->u[i] * d->u[i];
  return fabs(sum);
}

/* The share of both powers that makes t se + |bias| least; t = 0: the mean square error. `more` is the variance that
   the whole share adds to v, `bias` the bound at share 0. */
static double share_of(double v, double more, double bias, double t)
{
  if (t == 0.0)
    return bias * bias / (more + bias * bias);
  if (t * t * more <= bias * bias)
    return 1.0;
  return fmin(1.0, bias * sqrt(v / (more * (t * t * more - bias * bias))));
}

/* One rate with the column u + r u^2: its interval; the union of these over |r| <= ratio covers at the same level. */
static void widen(const design *d, const double *y, double r, double z, double *low, double *high)
{
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, t0 = 0.0, t1 = 0.0;
  for (size_t i = 0; i < d->count; i++) {
    const double x = d->u[i] * (1.0 + r * d->u[i]), w = d->w[i];
    s0 += w;
    s1 += w * x;
    s2 += w * x * x;
    t0 += w * y[i];
    t1 += w * x * y[i];
  }
  const double det = s0 * s2 - s1 * s1, limit = (s2 * t0 - s1 * t1) / det, half = z * sqrt(s2 / det);
  *low = fmin(*low, limit - half);
  *high = fmax(*high, limit + half);
}

static const double chosen[SHARES] = {0.0, 1.645, 2.33, 3.4};
static const char *const names[WAYS] = {"share of least mean square error",
                                        "share of least length at t = 1.645",
                                        "the same at t = 2.33 (plim)",
                                        "the same at t = 3.4",
                                        "union over the ratios",
                                        "both rates",
                                        "one rate (does not cover)"};

typedef struct {
  double log_length, longest, missed;
} score;

/* Half-lengths of the WAYS, over the ratios; misses into the score. */
static void try_design(gsl_rng *random, const design *d, double b, double level, int trials, score *scores)
{
  const double z = gsl_cdf_ugaussian_Qinv(level), t = gsl_cdf_ugaussian_Qinv(tail);
  const double ratios[RATIOS] = {-5.0, -2.0, -0.5, 0.0, 0.5, 2.0, 5.0};
  const weights one = solve(d, 0), both = solve(d, 1);
  const double v = variance(d, one.of_limit), more = variance(d, both.of_limit) - v;
  const double g = gain(d, one.of_limit), lost = ratio * gain(d, one.of_drift);
  const double s1 = sqrt(variance(d, one.of_drift)), s2 = sqrt(variance(d, both.of_drift));
  double length[WAYS] = {0.0};
  for (size_t k = 0; k < RATIOS; k++) {
    double missed[WAYS] = {0.0};
    for (int trial = 0; trial < trials; trial++) {
      double y[MOST], limit[WAYS], half[WAYS], low = INFINITY, high = -INFINITY;
      for (size_t i = 0; i < d->count; i++)
        y[i] = b * d->u[i] * (1.0 + ratios[k] * d->u[i]) +
               gsl_ran_gaussian_ziggurat(random, 1.0 / sqrt(d->w[i]));
      const double alone = along(d, one.of_limit, y), together = along(d, both.of_limit, y);
      double bound = fabs(along(d, both.of_drift, y)) + t * s2;
      if (lost < 1.0)
        bound = fmin(bound, (fabs(along(d, one.of_drift, y)) + t * s1) / (1.0 - lost));
      for (int m = 0; m < SHARES; m++) {
        const double s = share_of(v, more, ratio * bound * g, chosen[m]);
        limit[m] = (1.0 - s) * alone + s * together;
        half[m] = z * sqrt(v + s * s * more) + (1.0 - s) * ratio * bound * g;
      }
      for (int r = -GRID; r <= GRID; r++)
        widen(d, y, ratio * r / GRID, z, &low, &high);
      limit[4] = 0.5 * (low + high), half[4] = 0.5 * (high - low);
      limit[5] = together, half[5] = z * sqrt(v + more);
      limit[6] = alone, half[6] = z * sqrt(v);
      for (int m = 0; m < WAYS; m++) {
        length[m] += half[m] / trials / RATIOS;
        missed[m] += (fabs(limit[m]) > half[m]) / (2.0 * level * trials);
      }
    }
    for (int m = 0; m < WAYS; m++)
      scores[m].missed = fmax(scores[m].missed, missed[m]);
  }
  const double s = share_of(v, more, ratio * b * g, z);
  const double least = z * sqrt(v + s * s * more) + (1.0 - s) * ratio * b * g;
  for (int m = 0; m < WAYS; m++) {
    scores[m].log_length += log(length[m] / least);
    scores[m].longest = fmax(scores[m].longest, length[m] / least);
  }
}

int main(int argc, char **argv)
{
  const int trials = argc > 1 ? atoi(argv[1]) : 1000;
  const double levels[] = {0.05, 3.65e-4}, sizes[] = {13.0, 26.0, 64.0, 128.0};
  const double drifts[] = {0.3,  1.0,  3.0,
                           10.0, 30.0, 100.0}; /* at the smallest size, in its standard errors */
  if (trials < 1 || argc > 2) {
    fputs("usage: covered_choices [TRIALS]\n", stderr);
    return 2;
  }
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  for (size_t a = 0; a < 2; a++) {
    score scores[WAYS] = {{0.0, 0.0, 0.0}};
    int designs = 0;
    for (int p = 1; p <= 2; p++)
      for (size_t k = 0; k < 4; k++)
        for (size_t count = 3; count <= MOST; count++)
          for (size_t b = 0; b < 6; b++, designs++) {
            design d = {count, {0.0}, {0.0}};
            for (size_t i = 0; i < count; i++) {
              d.w[i] = pow(2.0, (double)i);
              d.u[i] = pow(sizes[k] * d.w[i], -0.5 * p);
            }
            try_design(random, &d, drifts[b] / d.u[0], levels[a], trials, scores);
          }
    printf("level %g: half-length beside the least with |b| known, mean of %d designs, longest; "
           "misses/nominal, worst\n",
           levels[a], designs);
    for (int m = 0; m < WAYS; m++)
      printf("  %-36s %6.2f %6.2f %8.2f\n", names[m], exp(scores[m].log_length / designs), scores[m].longest,
             scores[m].missed);
  }
  gsl_rng_free(random);
  return 0;
}
