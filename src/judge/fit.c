/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit.c - weighted least squares over a ladder of sizes: coefficients, their errors, lack of fit.

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
#include "fit.h"

#include <math.h>

#include "stats.h"

enum { MOST_TERMS = PLIMI_MOST_TERMS };

/* ---- The ladder ---------------------------------------------------------------------------------------- */

static bool is_positive(double x)
{
  return isfinite(x) && x > 0.0;
}

plim_status plimi_check_rungs(const plim_rung *rungs, size_t count)
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

plim_status plimi_check_rates(const double *rates, size_t terms)
{
  if (terms == 0 || terms > MOST_TERMS)
    return PLIM_INVALID;
  for (size_t t = 0; t < terms; t++) {
    if (!is_positive(rates[t]) || (t > 0 && rates[t] <= rates[t - 1]))
      return PLIM_INVALID;
  }
  return PLIM_OK;
}

/* ---- The columns --------------------------------------------------------------------------------------- */

/* Weight relative to the best rung: in (0, 1], no overflow. */
static double weight(const plimi_fit *f, size_t i)
{
  const double ratio = f->e_min / f->rungs[i].error;
  return ratio * ratio;
}

/* Column t of the drift at rung i. */
static double column(const plimi_fit *f, size_t t, size_t i)
{
  const double u = f->rungs[i].d / f->d_min;
  return f->rates[t] == PLIMI_LOGARITHM ? log(u) : pow(u, -f->rates[t]);
}

/* q_0..q_last at rung i, from the r found so far. */
static void columns_at(const plimi_fit *f, size_t i, size_t last, double *q)
{
  for (size_t t = 0; t <= last; t++) {
    q[t] = t == f->terms ? 1.0 : column(f, t, i);
    for (size_t s = 0; s < t; s++)
      q[t] -= f->r[t][s] * q[s];
  }
}

plim_status plimi_fit_make(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                           plimi_fit *fit)
{
  const double least = 1e-20; /* of |q|^2 beside |x|^2: columns parallel to 1e-10 */
  const double slant = 1e-4;  /* cosine between two q: rounding ate what should tell the columns apart */
  plimi_fit f = {rungs, count, terms, rates, rungs[0].d, rungs[0].d, rungs[0].error, {{0.0}}, {0.0}};
  double q[MOST_TERMS + 1];
  for (size_t i = 1; i < count; i++) {
    f.d_min = fmin(f.d_min, rungs[i].d);
    f.d_max = fmax(f.d_max, rungs[i].d);
    f.e_min = fmin(f.e_min, rungs[i].error);
  }
  for (size_t t = 0; t <= terms; t++) {
    double whole = 0.0, overlap[MOST_TERMS + 1] = {0.0};
    for (size_t i = 0; i < count; i++) {
      columns_at(&f, i, t, q);
      whole += weight(&f, i) * q[t] * q[t];
      for (size_t s = 0; s < t; s++)
        overlap[s] += weight(&f, i) * q[t] * q[s];
    }
    for (size_t s = 0; s < t; s++)
      f.r[t][s] = overlap[s] / f.norm[s];
    double left[MOST_TERMS + 1] = {0.0};
    for (size_t i = 0; i < count; i++) {
      columns_at(&f, i, t, q);
      f.norm[t] += weight(&f, i) * q[t] * q[t];
      for (size_t s = 0; s < t; s++)
        left[s] += weight(&f, i) * q[t] * q[s];
    }
    if (!(f.norm[t] > least * whole))
      return PLIM_INVALID;
    for (size_t s = 0; s < t; s++) {
      if (!(fabs(left[s]) <= slant * sqrt(f.norm[t]) * sqrt(f.norm[s])))
        return PLIM_INVALID;
    }
  }
  *fit = f;
  return PLIM_OK;
}

/* ---- Coefficients -------------------------------------------------------------------------------------- */

void plimi_fit_coefficients(const plimi_fit *f, double *coefficient)
{
  double q[MOST_TERMS + 1], along[MOST_TERMS + 1] = {0.0};
  for (size_t i = 0; i < f->count; i++) {
    columns_at(f, i, f->terms, q);
    for (size_t t = 0; t <= f->terms; t++)
      along[t] += weight(f, i) * q[t] * f->rungs[i].value / f->norm[t];
  }
  for (size_t t = f->terms + 1; t-- > 0;) {
    coefficient[t] = along[t];
    for (size_t s = t + 1; s <= f->terms; s++)
      coefficient[t] -= f->r[s][t] * coefficient[s];
  }
}

/* row[s] such that coefficient t = sum_i w_i y_i sum_s row[s] q_s(i)/norm[s]: row t of the inverse of r. */
static void inverse_row(const plimi_fit *f, size_t t, double *row)
{
  for (size_t s = 0; s <= f->terms; s++) {
    row[s] = s == t ? 1.0 : 0.0;
    for (size_t m = t; m < s; m++)
      row[s] -= row[m] * f->r[s][m];
  }
}

typedef struct {
  double slope;    /* of the coefficient with `row` in the value of rung i, over its weight */
  double leverage; /* of rung i */
} part;

static part part_of(const plimi_fit *f, const double *row, size_t i)
{
  double q[MOST_TERMS + 1];
  part p = {0.0, 0.0};
  columns_at(f, i, f->terms, q);
  for (size_t s = 0; s <= f->terms; s++) {
    p.slope += row[s] * q[s] / f->norm[s];
    p.leverage += weight(f, i) * q[s] * q[s] / f->norm[s];
  }
  return p;
}

double plimi_fit_gain(const plimi_fit *f, size_t t, double power)
{
  double row[MOST_TERMS + 1], sum = 0.0;
  inverse_row(f, t, row);
  for (size_t i = 0; i < f->count; i++)
    sum += weight(f, i) * part_of(f, row, i).slope * pow(f->rungs[i].d / f->d_min, -power);
  return sum;
}

double plimi_fit_gain_of_last(const plimi_fit *f, double power)
{
  double q[MOST_TERMS + 1], sum = 0.0;
  for (size_t i = 0; i < f->count; i++) {
    columns_at(f, i, f->terms, q);
    sum += weight(f, i) * q[f->terms] / f->norm[f->terms] * pow(f->rungs[i].d / f->d_max, -power);
  }
  return sum;
}

/* ---- Errors -------------------------------------------------------------------------------------------- */

typedef struct {
  double plain, corrected, fourth; /* in units of e_min^2 */
} sums;

static void add_rung(const plimi_fit *f, size_t i, part p, sums *s)
{
  const double nu = (double)(f->rungs[i].replicas - 1);
  const double share = weight(f, i) * p.slope * p.slope; /* c_i^2 e_i^2 */
  s->plain += share;
  s->corrected += share * (1.0 + 4.0 * fmax(0.0, 1.0 - p.leverage) / nu);
  s->fourth += share * share / nu;
}

static plimi_uncertainty uncertainty(const plimi_fit *f, const sums *s)
{
  return (plimi_uncertainty){.error = sqrt(s->corrected) * f->e_min,
                             .plain = sqrt(s->plain) * f->e_min,
                             .degrees = s->plain * s->plain / s->fourth};
}

plimi_uncertainty plimi_fit_uncertainty(const plimi_fit *f, size_t t)
{
  double row[MOST_TERMS + 1];
  sums s = {0.0, 0.0, 0.0};
  inverse_row(f, t, row);
  for (size_t i = 0; i < f->count; i++)
    add_rung(f, i, part_of(f, row, i), &s);
  return uncertainty(f, &s);
}

plimi_uncertainty plimi_fit_uncertainty_between(const plimi_fit *f, size_t t, const plimi_fit *g, size_t s,
                                                double share)
{
  double row_f[MOST_TERMS + 1], row_g[MOST_TERMS + 1];
  sums both = {0.0, 0.0, 0.0};
  inverse_row(f, t, row_f);
  inverse_row(g, s, row_g);
  for (size_t i = 0; i < f->count; i++) {
    const part a = part_of(f, row_f, i), b = part_of(g, row_g, i);
    add_rung(
        f, i,
        (part){(1.0 - share) * a.slope + share * b.slope, (1.0 - share) * a.leverage + share * b.leverage},
        &both);
  }
  return uncertainty(f, &both);
}

/* Q and its tail by (4). */
plimi_misfit plimi_fit_misfit(const plimi_fit *f, const double *coefficient, double extra, double power)
{
  const double k = (double)(f->count - f->terms - 1);
  double q[MOST_TERMS + 1], sum = 0.0, a = 0.0;
  for (size_t i = 0; i < f->count; i++) {
    double residual = f->rungs[i].value - coefficient[f->terms], leverage = 0.0;
    columns_at(f, i, f->terms, q);
    for (size_t s = 0; s <= f->terms; s++)
      leverage += weight(f, i) * q[s] * q[s] / f->norm[s];
    for (size_t t = 0; t < f->terms; t++)
      residual -= coefficient[t] * column(f, t, i);
    if (extra != 0.0)
      residual -= extra * pow(f->rungs[i].d / f->d_min, -power);
    residual /= f->rungs[i].error;
    sum += residual * residual;
    a += (1.0 - leverage) * (1.0 - leverage) / (double)(f->rungs[i].replicas - 1);
  }
  return (plimi_misfit){
      sum, plimi_f_upper(sum / (k + 2.0 * (k - 1.0) * a / (k + 2.0)), k, k * (k + 2.0) / (3.0 * a))};
}

bool plimi_is_finite_fit(const plim_extrapolation *e)
{
  return isfinite(e->limit) && is_positive(e->limit_error) && isfinite(e->drift) &&
         isfinite(e->drift_error) && isfinite(e->drift_at_last) && isfinite(e->next_gain) &&
         !isnan(e->fit_p) && !isnan(e->degrees);
}
