/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gauss.c - the short rule for the law of y^2 from the long one (labels.c).

   METHOD. The Gauss rule of the long rule's discrete measure, with the density y^2, in the variable
   log(1 + sharpest y^2), in which the functions to be averaged are analytic for |Im| < pi, by Lanczos' iteration
   with full orthogonalisation and the eigenvectors of the Jacobi matrix (GSL). p1 and p2 are the projections of
   E[xi y|x]/x and E[xi^2|x] on its polynomials. Points are added until the long rule is reproduced. The long rule has
   10^5 points where the step is large, and is first thinned in the same way, piece by piece: in a piece of 0.4 times
   the distance of the poles a function is a polynomial of degree 15 to 10^-16.
   WHY THE DENSITY y^2. Every average wanted has a factor y^2 or xi y. The eigenvectors give weights to 1e-16 of the
   whole: of the law of y itself heavy tails, as of exp(xi), have too little of it to be told from rounding (E y^2 was
   off by 6e-10 and E y^4 by more).
   Source: W. Gautschi, Orthogonal Polynomials: Computation and Approximation, Oxford 2004, section 2.2.
   ERROR. The largest difference of the averages that measures.c needs, relative, over a ladder of r. Those with a
   factor y^2 more come with alpha <= psi1 sharpest, beside those without: relative to these over `sharpest` where they
   are less. (E y^4 of exp(2 xi) is 1e14, and does not matter where alpha is 1e-18.)
   */
#include <stdlib.h>
#include <string.h>

#include "any_step.h"
#include "../bounded.h"
#include "../symmetric.h"

enum { MOST_POINTS = PLIMI_LABEL_POINTS, CELL_POINTS = 16 };
static const double cell_width =
    0.4; /* in units of `strip`: a Gauss rule of CELL_POINTS is exact to 10^-32 */

/* Lanczos' iteration for multiplication by log(1 + sharpest x) on the long rule. */
typedef struct {
  size_t n;
  double *basis; /* vectors x n: sqrt(p) times the orthonormal polynomials */
  double *node;  /* n: log(1 + sharpest x) */
  double diagonal[MOST_POINTS], off[MOST_POINTS];
  double along[2][MOST_POINTS]; /* E xi y pi_m, E xi^2 pi_m */
  double mass;
} lanczos;

static double dot(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

/* Vector number m + 1 from those before it; false where the measure has no more points. */
static bool extend(lanczos *l, size_t m)
{
  const double *last = l->basis + m * l->n;
  double *next = l->basis + (m + 1) * l->n;
  for (size_t i = 0; i < l->n; i++)
    next[i] = l->node[i] * last[i];
  l->diagonal[m] = dot(next, last, l->n);
  for (int pass = 0; pass < 2; pass++) {
    for (size_t j = 0; j <= m; j++) {
      const double *old = l->basis + j * l->n;
      const double part = dot(next, old, l->n);
      for (size_t i = 0; i < l->n; i++)
        next[i] -= part * old[i];
    }
  }
  l->off[m] = sqrt(dot(next, next, l->n));
  if (!(l->off[m] > 1e-14 * fabs(l->diagonal[m])))
    return false;
  for (size_t i = 0; i < l->n; i++)
    next[i] /= l->off[m];
  return true;
}

static void project(lanczos *l, const plimi_label_samples *s, size_t m)
{
  const double *basis = l->basis + m * l->n;
  double sum[2] = {0.0, 0.0};
  for (size_t i = 0; i < l->n; i++) {
    if (s->p[i] <= 0.0)
      continue;
    const double polynomial = basis[i] / sqrt(s->p[i]);
    sum[0] += s->p1[i] * polynomial;
    sum[1] += s->p2[i] * polynomial;
  }
  l->along[0][m] = sum[0];
  l->along[1][m] = sum[1];
}

/* The Gauss rule with n points from the first n vectors. */
static plim_status gauss_rule(const lanczos *l, size_t n, double sharpest, plimi_labels *labels)
{
  double *storage = calloc(2 * n * n + 5 * n, sizeof *storage);
  if (storage == NULL)
    return PLIM_NO_MEMORY;
  gsl_matrix_view jacobi = gsl_matrix_view_array(storage, n, n);
  gsl_matrix_view vectors = gsl_matrix_view_array(storage + n * n, n, n);
  gsl_vector_view values = gsl_vector_view_array(storage + 2 * n * n, n);
  gsl_eigen_symmv_workspace work = plimi_symmetric_workspace(n, storage + 2 * n * n + n);
  plim_status status = PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < n; i++) {
    gsl_matrix_set(&jacobi.matrix, i, i, l->diagonal[i]);
    if (i + 1 < n) {
      gsl_matrix_set(&jacobi.matrix, i, i + 1, l->off[i]);
      gsl_matrix_set(&jacobi.matrix, i + 1, i, l->off[i]);
    }
  }
  if (gsl_eigen_symmv(&jacobi.matrix, &values.vector, &vectors.matrix, &work) != 0)
    goto done;
  labels->n = n;
  for (size_t j = 0; j < n; j++) {
    const double root = sqrt(l->mass) * gsl_matrix_get(&vectors.matrix, 0, j);
    double along[2] = {0.0, 0.0};
    for (size_t m = 0; m < n; m++) {
      along[0] += gsl_matrix_get(&vectors.matrix, m, j) * l->along[0][m];
      along[1] += gsl_matrix_get(&vectors.matrix, m, j) * l->along[1][m];
    }
    labels->x[j] = expm1(fmax(gsl_vector_get(&values.vector, j), 0.0)) / sharpest;
    labels->p[j] = root * root;
    labels->p1[j] = root * along[0];
    labels->p2[j] = root * along[1];
  }
  status = PLIM_OK;
done:
  free(storage);
  return status;
}

static void lanczos_free(lanczos *l)
{
  free(l->node);
  free(l->basis);
}

/* Room for `most` + 1 vectors, and the first of them. */
static plim_status lanczos_begin(const plimi_label_samples *s, double sharpest, size_t most, lanczos *l)
{
  *l = (lanczos){.n = s->n,
                 .node = malloc(s->n * sizeof *l->node),
                 .basis = malloc((most + 1) * s->n * sizeof *l->basis)};
  if (l->node == NULL || l->basis == NULL)
    return PLIM_NO_MEMORY;
  for (size_t i = 0; i < s->n; i++) {
    l->node[i] = log1p(sharpest * s->x[i]);
    l->mass += s->p[i];
  }
  for (size_t i = 0; i < s->n; i++)
    l->basis[i] = sqrt(s->p[i] / l->mass);
  return PLIM_OK;
}

/* J0, J1, J2 and what the products need, at the coefficient c, by one rule or the other. */
enum { MOMENTS = 6 };
static void moments_of(const double *const rule[4], size_t n, double c, double moment[MOMENTS])
{
  memset(moment, 0, MOMENTS * sizeof *moment);
  for (size_t i = 0; i < n; i++) {
    const double x = rule[0][i], f = 1.0 / (1.0 + c * x), p = rule[1][i] * f, p1 = rule[2][i] * f,
                 p2 = rule[3][i] * f;
    moment[0] += p;
    moment[1] += p * x * f;
    moment[2] += p1;
    moment[3] += p1 * x * f;
    moment[4] += p2;
    moment[5] += p2 * x * f;
  }
}

/* The ladder of c at which the rules are compared, and what the long one says there. */
typedef struct {
  size_t n;
  double sharpest;
  double *c, (*by_long)[MOMENTS];
} ladder;

static plim_status ladder_alloc(const plimi_label_samples *s, double sharpest, ladder *l)
{
  const double least = 1e-3 * fmin(sharpest, 1.0), ratio = 0.31;
  const double *const rule[4] = {s->x, s->p, s->p1, s->p2};
  const size_t room = (size_t)ceil(log(sharpest / least) / -log(ratio)) + 1;
  *l = (ladder){
      .sharpest = sharpest, .c = malloc(room * sizeof *l->c), .by_long = malloc(room * sizeof *l->by_long)};
  if (l->c == NULL || l->by_long == NULL)
    return PLIM_NO_MEMORY;
  for (double c = sharpest; c > least && l->n < room; c *= ratio, l->n++) {
    l->c[l->n] = c;
    moments_of(rule, s->n, c, l->by_long[l->n]);
  }
  return PLIM_OK;
}

static double difference(const plimi_labels *labels, const void *context)
{
  const ladder *l = context;
  const double *const by_short[4] = {labels->x, labels->p, labels->p1, labels->p2};
  double worst = 0.0;
  for (size_t k = 0; k < l->n; k++) {
    const double *a = l->by_long[k];
    double b[MOMENTS];
    moments_of(by_short, labels->n, l->c[k], b);
    double size = 0.0;
    for (size_t i = 0; i < MOMENTS; i++) {
      /* E xi y f may be 0: judged beside sqrt(E y^2 f E xi^2 y^2 f)... */
      const double own = i < 2 || i > 3 ? fabs(a[i]) : fmax(fabs(a[i]), a[i - 2]);
      size = i % 2 == 0 ? own : fmax(own, size / l->sharpest);
      if (size > 0.0)
        worst = fmax(worst, fabs(a[i] - b[i]) / size);
    }
  }
  return worst;
}

/* The samples `order`[0 .. n), all of one cell, or the Gauss rule for them where it is shorter, to `thinned`. */
static plim_status thin_cell(const plimi_label_samples *s, const size_t *order, size_t n, double sharpest,
                             plimi_label_samples *thinned)
{
  double storage[4 * CELL_POINTS];
  plimi_labels rule = {.x = storage,
                       .p = storage + CELL_POINTS,
                       .p1 = storage + 2 * CELL_POINTS,
                       .p2 = storage + 3 * CELL_POINTS};
  plimi_label_samples cell = {.n = 0};
  lanczos l = {.n = 0};
  plim_status status = PLIM_OK;
  for (size_t i = 0; i < n && status == PLIM_OK; i++)
    status = plimi_samples_add(n > CELL_POINTS ? &cell : thinned, s->x[order[i]], s->p[order[i]],
                               s->p1[order[i]], s->p2[order[i]]);
  if (cell.n == 0 || status != PLIM_OK)
    goto done;
  status = lanczos_begin(&cell, sharpest, CELL_POINTS, &l);
  size_t points = 0;
  for (bool more = status == PLIM_OK; more && points < CELL_POINTS; points++) {
    project(&l, &cell, points);
    more = extend(&l, points);
  }
  if (status == PLIM_OK)
    status = gauss_rule(&l, points, sharpest, &rule);
  for (size_t j = 0; j < rule.n && status == PLIM_OK; j++)
    status = plimi_samples_add(thinned, rule.x[j], rule.p[j], rule.p1[j], rule.p2[j]);
done:
  lanczos_free(&l);
  plimi_samples_clear(&cell);
  return status;
}

/* The long rule with no more than CELL_POINTS points in each cell of the variable: see METHOD. */
static plim_status thin(const plimi_label_samples *s, double sharpest, plimi_label_samples *thinned)
{
  const double width = cell_width * s->strip;
  double *at = malloc(s->n * sizeof *at), most = 0.0;
  if (at == NULL)
    return PLIM_NO_MEMORY;
  for (size_t i = 0; i < s->n; i++) {
    at[i] = log1p(sharpest * s->x[i]) / width;
    most = fmax(most, at[i]);
  }
  const bool is_finite = isfinite(most);
  const size_t cells = is_finite ? (size_t)most + 1 : 1;
  size_t *order = malloc(s->n * sizeof *order), *end = calloc(cells + 1, sizeof *end);
  plim_status status = order == NULL || end == NULL ? PLIM_NO_MEMORY : is_finite ? PLIM_OK : PLIM_NOT_FINITE;
  for (size_t i = 0; i < s->n && status == PLIM_OK; i++)
    end[(size_t)at[i] + 1]++;
  for (size_t c = 0; c < cells && status == PLIM_OK; c++)
    end[c + 1] += end[c]; /* where cell c + 1 begins; filled, where cell c ends */
  for (size_t i = 0; i < s->n && status == PLIM_OK; i++)
    order[end[(size_t)at[i]]++] = i;
  for (size_t c = 0, first = 0; c < cells && status == PLIM_OK; first = end[c], c++)
    status = thin_cell(s, order + first, end[c] - first, sharpest, thinned);
  free(at);
  free(order);
  free(end);
  return status;
}

static void keep(const plimi_labels *rule, plimi_labels *labels)
{
  labels->n = rule->n;
  labels->error = rule->error;
  memcpy(labels->x, rule->x, rule->n * sizeof *rule->x);
  memcpy(labels->p, rule->p, rule->n * sizeof *rule->p);
  memcpy(labels->p1, rule->p1, rule->n * sizeof *rule->p1);
  memcpy(labels->p2, rule->p2, rule->n * sizeof *rule->p2);
}

plim_status plimi_labels_shorten(const plimi_label_samples *s, double sharpest, plimi_labels *labels)
{
  ladder at;
  plim_status status = ladder_alloc(s, sharpest, &at);
  if (status == PLIM_OK)
    status = plimi_rule_shorten(s, sharpest, 0, difference, &at, labels);
  free(at.c);
  free(at.by_long);
  return status;
}

plim_status plimi_rule_shorten(const plimi_label_samples *s, double sharpest, size_t least,
                               plimi_rule_difference *difference_of, const void *context,
                               plimi_labels *labels)
{
  static const size_t tried[] = {8, 12, 16, 20, 24, 32, 40, 48, 60, 72, 96, 128, MOST_POINTS};
  const double enough = 1e-12;
  plimi_label_samples thinned = {.n = 0};
  lanczos l = {.n = 0};
  plimi_labels rule = {.x = malloc(4 * MOST_POINTS * sizeof *rule.x)};
  plim_status status = rule.x == NULL ? PLIM_NO_MEMORY : thin(s, sharpest, &thinned);
  if (status == PLIM_OK)
    status = lanczos_begin(&thinned, sharpest, MOST_POINTS, &l);
  if (status != PLIM_OK)
    goto done;
  rule.p = rule.x + MOST_POINTS;
  rule.p1 = rule.p + MOST_POINTS;
  rule.p2 = rule.p1 + MOST_POINTS;
  size_t done_points = 0;
  bool more = true;
  for (size_t t = 0; t < sizeof tried / sizeof tried[0] && more; t++) {
    while (done_points < tried[t] && more) {
      project(&l, &thinned, done_points);
      more = extend(&l, done_points);
      done_points++;
    }
    status = gauss_rule(&l, done_points, sharpest, &rule);
    if (status != PLIM_OK)
      goto done;
    rule.error = difference_of(&rule, context);
    if (t == 0 || labels->n < least || rule.error < labels->error)
      keep(&rule, labels);
    if (labels->error <= enough && labels->n >= least)
      break;
  }
done:
  free(rule.x);
  lanczos_free(&l);
  plimi_samples_clear(&thinned);
  return status;
}
