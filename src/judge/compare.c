/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c - extrapolation over a ladder of sizes. The verdict on the limit is that of judge.c.

   Sources.
     standard error with estimated weights   Meier 1953, Biometrics 9:59;
                                             Kenward & Roger 1997, Biometrics 53:983
     its degrees of freedom                  Satterthwaite 1946, Biometrics Bull. 2:110;
                                             Welch 1947, Biometrika 34:28
     lack of fit with estimated weights      Welch 1951, Biometrika 38:330

   Notation. Rung i: y_i its value, e_i its standard error from r_i replicas, nu_i = r_i - 1, w_i ~ 1/e_i^2.
   The columns of the fit are u_i^-rate, u_i = d_i/d_min, and last the constant 1. They are made orthogonal in
   the inner product <a, b> = sum w_i a_i b_i; what remains of the constant gives the limit without a normal
   matrix, whose condition would be the square:

     limit = sum c_i y_i,  c_i = w_i q_i/<q, q>,  q = 1 less its projection on the drift's columns.      (1)

   The e_i are estimates. Each carries nu_i degrees of freedom, and a rung whose e_i came out small by chance
   gets too much weight. To first order in 1/nu_i (Kenward & Roger with one variance a rung; for a mean,
   Meier)

     var limit = sum c_i^2 e_i^2 (1 + 4 (1 - h_i)/nu_i),   h_i the leverage of rung i,                    (2)
     degrees   = (sum c_i^2 e_i^2)^2 / sum (c_i^4 e_i^4/nu_i).                                            (3)

   Q = sum w_i residual_i^2 is a chi-square only where every nu_i is infinite. With k = rungs - terms - 1 and
   A = sum (1 - h_i)^2/nu_i it has, to first order, the mean k + 2 A and the variance 2 k + 14 A (derived here
   for a regression; for a mean they are Welch's), which are also the first two moments of

     k (1 + 2 (k - 1) A/(k (k + 2))) F(k, k (k + 2)/(3 A)).                                             (4) */
#include "plim_compare.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "stats.h"

enum { MOST_TERMS = PLIM_MOST_TERMS };

/* ---- The ladder ---------------------------------------------------------------------------------------- */

static bool is_positive(double x)
{
  return isfinite(x) && x > 0.0;
}

static plim_status check_rungs(const plim_rung *rungs, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(rungs[i].value) || !isfinite(rungs[i].error))
      return PLIM_NOT_FINITE;
    if (!is_positive(rungs[i].d) || rungs[i].error <= 0.0 || rungs[i].replicas < 2)
      return PLIM_INVALID;
    for (size_t j = 0; j < i; j++) {
      if (rungs[j].d == rungs[i].d)
        return PLIM_INVALID;
    }
  }
  return PLIM_OK;
}

static plim_status check_rates(const double *rates, size_t terms)
{
  if (terms == 0 || terms > MOST_TERMS)
    return PLIM_INVALID;
  for (size_t t = 0; t < terms; t++) {
    if (!is_positive(rates[t]) || (t > 0 && rates[t] <= rates[t - 1]))
      return PLIM_INVALID;
  }
  return PLIM_OK;
}

/* What the fit knows of the whole ladder. */
typedef struct {
  const plim_rung *rungs;
  size_t count, terms;
  const double *rates;
  double d_min, d_max, e_min;
} ladder;

static ladder ladder_of(const plim_rung *rungs, size_t count, const double *rates, size_t terms)
{
  ladder l = {rungs, count, terms, rates, rungs[0].d, rungs[0].d, rungs[0].error};
  for (size_t i = 1; i < count; i++) {
    l.d_min = fmin(l.d_min, rungs[i].d);
    l.d_max = fmax(l.d_max, rungs[i].d);
    l.e_min = fmin(l.e_min, rungs[i].error);
  }
  return l;
}

/* ---- The fit ------------------------------------------------------------------------------------------- */

/* The columns' orthogonalisation: column t is x_t = q_t + sum_{s<t} r[t][s] q_s, with |q_s|^2 = norm[s].
   Column `terms` is the constant. Rungs enter one at a time, so nothing is stored that grows with the ladder.
   */
typedef struct {
  double r[MOST_TERMS + 1][MOST_TERMS + 1];
  double norm[MOST_TERMS + 1];
} orthogonal;

/* Weight relative to the best rung: in (0, 1], no overflow. */
static double weight(const ladder *l, size_t i)
{
  const double ratio = l->e_min / l->rungs[i].error;
  return ratio * ratio;
}

/* q_0..q_last at rung i, from the r found so far. */
static void columns_at(const ladder *l, const orthogonal *o, size_t i, size_t last, double *q)
{
  for (size_t t = 0; t <= last; t++) {
    q[t] = t == l->terms ? 1.0 : pow(l->rungs[i].d / l->d_min, -l->rates[t]);
    for (size_t s = 0; s < t; s++)
      q[t] -= o->r[t][s] * q[s];
  }
}

/* PLIM_INVALID if the columns cannot be told apart. */
static plim_status orthogonalise(const ladder *l, orthogonal *o)
{
  const double least = 1e-20; /* of |q|^2 beside |x|^2: columns parallel to 1e-10 */
  double q[MOST_TERMS + 1];
  memset(o, 0, sizeof *o);
  for (size_t t = 0; t <= l->terms; t++) {
    double whole = 0.0, overlap[MOST_TERMS + 1] = {0.0};
    for (size_t i = 0; i < l->count; i++) {
      columns_at(l, o, i, t, q);
      whole += weight(l, i) * q[t] * q[t];
      for (size_t s = 0; s < t; s++)
        overlap[s] += weight(l, i) * q[t] * q[s];
    }
    for (size_t s = 0; s < t; s++)
      o->r[t][s] = overlap[s] / o->norm[s];
    for (size_t i = 0; i < l->count; i++) {
      columns_at(l, o, i, t, q);
      o->norm[t] += weight(l, i) * q[t] * q[t];
    }
    if (!(o->norm[t] > least * whole))
      return PLIM_INVALID;
  }
  return PLIM_OK;
}

/* coefficient[t] of column t; the constant's is the limit. */
static void coefficients(const ladder *l, const orthogonal *o, double *coefficient)
{
  double q[MOST_TERMS + 1], along[MOST_TERMS + 1] = {0.0};
  for (size_t i = 0; i < l->count; i++) {
    columns_at(l, o, i, l->terms, q);
    for (size_t t = 0; t <= l->terms; t++)
      along[t] += weight(l, i) * q[t] * l->rungs[i].value / o->norm[t];
  }
  for (size_t t = l->terms + 1; t-- > 0;) {
    coefficient[t] = along[t];
    for (size_t s = t + 1; s <= l->terms; s++)
      coefficient[t] -= o->r[s][t] * coefficient[s];
  }
}

/* row[s] such that coefficient t = sum_i w_i y_i sum_s row[s] q_s(i)/norm[s]: row t of the inverse of r. */
static void inverse_row(const ladder *l, const orthogonal *o, size_t t, double *row)
{
  for (size_t s = 0; s <= l->terms; s++) {
    row[s] = s == t ? 1.0 : 0.0;
    for (size_t m = t; m < s; m++)
      row[s] -= row[m] * o->r[s][m];
  }
}

typedef struct {
  double error;   /* the root of (2) */
  double degrees; /* (3) */
} uncertainty;

/* Of coefficient t. */
static uncertainty uncertainty_of(const ladder *l, const orthogonal *o, size_t t)
{
  double q[MOST_TERMS + 1], row[MOST_TERMS + 1], plain = 0.0, corrected = 0.0, fourth = 0.0;
  inverse_row(l, o, t, row);
  for (size_t i = 0; i < l->count; i++) {
    const double nu = (double)(l->rungs[i].replicas - 1), w = weight(l, i);
    double c = 0.0, leverage = 0.0;
    columns_at(l, o, i, l->terms, q);
    for (size_t s = 0; s <= l->terms; s++) {
      c += row[s] * q[s] / o->norm[s];
      leverage += w * q[s] * q[s] / o->norm[s];
    }
    const double part = w * c * c; /* c_i^2 e_i^2 in units of e_min^2 */
    plain += part;
    corrected += part * (1.0 + 4.0 * fmax(0.0, 1.0 - leverage) / nu);
    fourth += part * part / nu;
  }
  return (uncertainty){sqrt(corrected) * l->e_min, plain * plain / fourth};
}

/* sum c_i (d_i/d_max)^-power: what the limit takes for its own of a term that is 1 at d_max and not fitted. */
static double gain_of(const ladder *l, const orthogonal *o, double power)
{
  double q[MOST_TERMS + 1], sum = 0.0;
  for (size_t i = 0; i < l->count; i++) {
    columns_at(l, o, i, l->terms, q);
    sum += weight(l, i) * q[l->terms] / o->norm[l->terms] * pow(l->rungs[i].d / l->d_max, -power);
  }
  return sum;
}

/* Q and its tail by (4). */
static void lack_of_fit(const ladder *l, const orthogonal *o, const double *coefficient,
                        plim_extrapolation *fit)
{
  const double k = (double)(l->count - l->terms - 1);
  double q[MOST_TERMS + 1], sum = 0.0, a = 0.0;
  for (size_t i = 0; i < l->count; i++) {
    double residual = l->rungs[i].value - coefficient[l->terms], leverage = 0.0;
    columns_at(l, o, i, l->terms, q);
    for (size_t s = 0; s <= l->terms; s++)
      leverage += weight(l, i) * q[s] * q[s] / o->norm[s];
    for (size_t t = 0; t < l->terms; t++)
      residual -= coefficient[t] * pow(l->rungs[i].d / l->d_min, -l->rates[t]);
    residual /= l->rungs[i].error;
    sum += residual * residual;
    a += (1.0 - leverage) * (1.0 - leverage) / (double)(l->rungs[i].replicas - 1);
  }
  fit->chi2 = sum;
  fit->fit_p = plimi_f_upper(sum / (k + 2.0 * (k - 1.0) * a / (k + 2.0)), k, k * (k + 2.0) / (3.0 * a));
}

plim_status plim_extrapolate_terms(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                                   plim_extrapolation *fit)
{
  plim_status status = check_rates(rates, terms);
  if (status == PLIM_OK && count < terms + 2)
    status = PLIM_INVALID;
  if (status == PLIM_OK)
    status = check_rungs(rungs, count);
  if (status != PLIM_OK)
    return status;

  const ladder l = ladder_of(rungs, count, rates, terms);
  orthogonal o;
  status = orthogonalise(&l, &o);
  if (status != PLIM_OK)
    return status;
  double coefficient[MOST_TERMS + 1];
  coefficients(&l, &o, coefficient);
  const uncertainty of_limit = uncertainty_of(&l, &o, terms), of_drift = uncertainty_of(&l, &o, 0);
  plim_extrapolation made = {.limit = coefficient[terms],
                             .limit_error = of_limit.error,
                             .degrees = of_limit.degrees,
                             .drift = coefficient[0] * pow(l.d_min, rates[0]),
                             .drift_error = of_drift.error * pow(l.d_min, rates[0]),
                             .rate = rates[0],
                             .next_gain = gain_of(&l, &o, rates[0] + rates[terms - 1]),
                             .terms = terms,
                             .rungs = count};
  for (size_t t = 0; t < terms; t++)
    made.drift_at_last += coefficient[t] * pow(l.d_max / l.d_min, -rates[t]);
  lack_of_fit(&l, &o, coefficient, &made);
  if (!isfinite(made.limit) || !is_positive(made.limit_error) || !isfinite(made.drift) ||
      !isfinite(made.drift_error) || !isfinite(made.drift_at_last) || !isfinite(made.next_gain) ||
      isnan(made.fit_p) || isnan(made.degrees))
    return PLIM_NOT_FINITE;
  *fit = made;
  return PLIM_OK;
}

plim_status plim_extrapolate(const plim_rung *rungs, size_t count, double rate, plim_extrapolation *fit)
{
  return plim_extrapolate_terms(rungs, count, &rate, 1, fit);
}
