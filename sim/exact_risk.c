/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_risk.c - the risk as an expectation over the test point, taken exactly instead of over a test set.

     R = a'M a - 2 a'c + E f*^2,   M_ij = E phi_i(x) phi_j(x),   c_i = E phi_i(x) f*(x),   x ~ N(0, I_d).

   <w_i, x>, <w_j, x> and <beta*, x> are Gaussian, so with s_i = |w_i|, rho_ij the cosine of w_i and w_j, and a_k(s)
   the normalised Hermite coefficients of sigma(s z) - E sigma (b_k those of the teacher),

     N M_ij = sum_k a_k(s_i) a_k(s_j) rho_ij^k,     sqrt(N) c_i = sum_k a_k(s_i) b_k cos(w_i, beta*)^k    (Mehler)

   with closed forms of the first for linear, erf (arcsine) and ReLU (arc-cosine). For linear and ReLU sigma(s z)
   is s sigma(z), so the coefficients at scale 1 give all others: one grid, where ReLU's kink would want a thousand
   nodes a neuron. Off the diagonal |rho| is of order d^-1/2 and few terms do; the diagonal V_i = N M_ii is summed
   on the grid. What the sum leaves out after term K is, by Cauchy-Schwarz, at most |rho|^(K+1) sqrt(T_i T_j), T_i
   = V_i - sum_{k <= K} a_k(s_i)^2; K is chosen, column by column of a tile, so that this is below tolerance
   sqrt(V_i V_j). The risk is then right to tolerance sum_i a_i^2 V_i. With tolerance = 1e-11 that is 1e-9 of the
   risk at the very worst (lambda = 0 at n = N), where the risk of one replica scatters by more than 1e-3 of
   itself. Where the longest table does not reach the tolerance (nearly parallel neurons after a huge step, and a
   sigma whose coefficients fall slowly) the answer is PLIM_NOT_CONVERGED and a fresh test set serves instead.
   Which of the two it is depends on the draws alone.

   Gaussian-equivalent features have M = (mu1^2 W'W + mu2^2 I)/N and c = N^-1/2 mu1 mu1* W'b with b = beta*. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "device.h"
#include "map.h"
#include "sim.h"
#include "vector.h"

static const double tolerance = 1e-11;
_Static_assert(PLIMI_SIDES + 1 <= PLIMI_EXPANSIONS, "a level for each side and for the student");
enum { LEVELS = 5, LARGEST_TOP = 255 };
/* Terms tabulated: the next only if one does not do. How many are summed, and so the sum, is the same for each that
   does. */
static const size_t tops[LEVELS] = {15, 31, 63, 127, LARGEST_TOP};

static const double pi = 3.14159265358979323846;
static const double inv_sqrt_2pi = 0.39894228040143267794;

/* Per neuron: scale |w_i|, variance V_i, cosine with beta*, and coefficients[k N + i] = a_k(|w_i|). */
typedef struct {
  plimi_replica *replica;
  const plimi_matrix *weights;
  plimi_queue *kept; /* the device that holds W'W, or NULL */
  plim_activation_kind kind;
  size_t top, width;
  double *scale, *variance, *cosine, *coefficients;
  bool homogeneous;             /* sigma(s z) = s sigma(z) for s > 0 */
  double tail[LARGEST_TOP + 1]; /* max over neurons of T_i/V_i after term K */
  /* LARGEST_TOP + 1 of each, made once: b_k; T/V of the teacher; where sigma is homogeneous its a_k(1), not centred */
  double *teacher, *teacher_tail, *unit;
  atomic_bool failed;    /* a grid could not resolve sigma(|w| z) */
  atomic_size_t *summed; /* the most terms that any pair or neuron took */
} expansion;

size_t plimi_expansion_size(size_t width)
{
  return (LARGEST_TOP + 1 + 3) * width + 3 * (LARGEST_TOP + 1);
}

/* ---- coefficients ---- */

/* a_k(s) = s a_k(1) but for the centre m that is taken off: V = s^2 E sigma^2 - 2 s m E sigma + m^2. */
static void scale_the_unit(expansion *e, size_t i)
{
  const double scale = e->scale[i], mean = e->replica->activation.mean;
  for (size_t k = 0; k <= e->top; k++)
    e->coefficients[i + k * e->width] = scale * e->unit[k];
  e->coefficients[i] -= mean;
  e->variance[i] =
      scale * (scale * e->replica->expansion_state.unit_square - 2.0 * mean * e->unit[0]) + mean * mean;
}

static void expand_tile(void *context, size_t task, size_t worker)
{
  expansion *e = context;
  const plimi_scratch *scratch = &e->replica->scratch[worker];
  const plimi_hermite_settings settings = {.activation = scratch->activation,
                                           .center = e->replica->activation.mean,
                                           .work = scratch->grid,
                                           .top = e->top,
                                           .stride = e->width};
  const size_t first = task * PLIMI_TILE, last = first + plimi_tile_extent(e->width, task);
  for (size_t i = first; i < last && !e->failed; i++) {
    const double *w = e->weights->at + i * e->weights->ld;
    e->scale[i] = plimi_norm(e->weights->rows, w);
    const double cosine = plimi_dot(e->weights->rows, w, e->replica->beta) / e->scale[i];
    e->cosine[i] = fmin(fmax(cosine, -1.0), 1.0);
    if (e->homogeneous) {
      scale_the_unit(e, i);
      continue;
    }
    const plim_status status =
        plimi_hermite_coefficients(&settings, e->scale[i], e->coefficients + i, &e->variance[i]);
    if (status != PLIM_OK) /* also where |w| z leaves the range in which an expression is finite */
      e->failed = true;
  }
}

/* tail[K] = max(tail[K], T/V after term K). Below 1e-15 T is rounding, and counts as that much. */
static void add_tail(const double *a, size_t stride, size_t top, double variance, double *tail)
{
  double rest = variance;
  for (size_t k = 0; k <= top && variance > 0.0; k++) {
    rest -= a[k * stride] * a[k * stride];
    tail[k] = fmax(tail[k], fmax(rest / variance, 1e-15));
  }
}

/* What does not depend on the weights. */
static plim_status expand_once(expansion *e)
{
  plimi_replica *r = e->replica;
  const plimi_scratch *scratch = &r->scratch[0];
  plimi_hermite_settings settings = {.activation = scratch->teacher,
                                     .center = r->teacher.mean,
                                     .work = scratch->grid,
                                     .top = LARGEST_TOP,
                                     .stride = 1};
  double variance;
  if (r->expansion_state.known)
    return PLIM_OK;
  plim_status status = plimi_hermite_coefficients(&settings, 1.0, e->teacher, &variance);
  if (status != PLIM_OK)
    return status;
  memset(e->teacher_tail, 0, (LARGEST_TOP + 1) * sizeof *e->teacher_tail);
  add_tail(e->teacher, 1, LARGEST_TOP, variance, e->teacher_tail);
  settings.activation = scratch->activation;
  settings.center = 0.0;
  if (e->homogeneous)
    status = plimi_hermite_coefficients(&settings, 1.0, e->unit, &r->expansion_state.unit_square);
  r->expansion_state.known = status == PLIM_OK;
  return status;
}

static plim_status expand(expansion *e)
{
  const plim_status status = expand_once(e);
  if (status != PLIM_OK)
    return status;
  memset(e->tail, 0, sizeof e->tail);
  plimi_team_run(e->replica->team, plimi_tiles(e->width), expand_tile, e);
  if (e->failed)
    return PLIM_NOT_CONVERGED;
  for (size_t i = 0; i < e->width; i++)
    add_tail(e->coefficients + i, e->width, e->top, e->variance[i], e->tail);
  return PLIM_OK;
}

static void note_terms(const expansion *e, size_t terms)
{
  size_t most = atomic_load(e->summed);
  while (most < terms && !atomic_compare_exchange_weak(e->summed, &most, terms))
    continue;
}

/* ---- pairs of neurons ---- */

/* The fewest terms that leave less than the tolerance for cosines up to `largest`; top + 1 if none do. */
static size_t terms_needed(const expansion *e, double largest)
{
  double power = largest;
  for (size_t k = 0; k <= e->top; k++, power *= largest)
    if (power * e->tail[k] <= tolerance)
      return k;
  return e->top + 1;
}

/* inner[i] = <w_i, w_j> for one j becomes the cosine; returns the largest in size, `own` (i = j) left out. */
PLIMI_CLONES static double to_cosines(size_t rows, size_t own, const double *scale, double scale_j,
                                      double *inner)
{
  double largest = 0.0;
  for (size_t i = 0; i < rows; i++)
    inner[i] /= scale[i] * scale_j;
  for (size_t i = 0; i < rows; i++)
    largest = i != own && fabs(inner[i]) > largest ? fabs(inner[i]) : largest;
  return largest;
}

/* sum[i] = sum_k a_k(i) a_k(j) cosine[i]^k by Horner, k = terms .. 0; `a` and `a_j` point at a_0, rows of a table
   with `stride` between the k. */
PLIMI_CLONES static void mehler(const plimi_matrix *a, const double *a_j, size_t terms, const double *cosine,
                                double *sum)
{
  const size_t rows = a->rows, stride = a->ld;
  const double lead = a_j[terms * stride];
  for (size_t i = 0; i < rows; i++)
    sum[i] = a->at[terms * stride + i] * lead;
  for (size_t k = terms; k-- > 0;) {
    const double b = a_j[k * stride], *row = a->at + k * stride;
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
      sum[i] = sum[i] * cosine[i] + row[i] * b;
  }
}

/* E erf(u) erf(v) = (2/pi) asin(2 <u v> / sqrt((1 + 2 <u u>)(1 + 2 <v v>))), u and v Gaussian. */
PLIMI_CLONES static void arcsine(size_t rows, const double *scale, double scale_j, double *column)
{
  const double own = 1.0 + 2.0 * scale_j * scale_j;
#pragma omp simd
  for (size_t i = 0; i < rows; i++) {
    const double ratio = 2.0 * scale[i] * scale_j * column[i] / sqrt((1.0 + 2.0 * scale[i] * scale[i]) * own);
    column[i] = 2.0 / pi * asin(ratio);
  }
}

/* E relu(u) relu(v) = s t (sqrt(1 - c^2) + c (pi - acos c)) / (2 pi), less the centring of both factors. */
PLIMI_CLONES static void arc_cosine(size_t rows, const double *scale, double scale_j, double *column)
{
  const double mean = inv_sqrt_2pi;
#pragma omp simd
  for (size_t i = 0; i < rows; i++) {
    const double c = column[i] > 1.0 ? 1.0 : column[i] < -1.0 ? -1.0 : column[i];
    const double product =
        scale[i] * scale_j * (sqrt((1.0 - c) * (1.0 + c)) + c * (pi - acos(c))) / (2.0 * pi);
    column[i] = product - mean * mean * (scale[i] + scale_j - 1.0);
  }
}

/* One column of N M from its cosines. */
static bool pair_column(const expansion *e, const plimi_place *place, size_t j, double *column,
                        double largest)
{
  const double *scale = e->scale + place->row;
  double sum[PLIMI_TILE];
  switch (e->kind) {
  case PLIM_LINEAR:
    for (size_t i = 0; i < place->rows; i++)
      column[i] *= scale[i] * e->scale[j];
    return true;
  case PLIM_ERF:
    arcsine(place->rows, scale, e->scale[j], column);
    return true;
  case PLIM_RELU:
    arc_cosine(place->rows, scale, e->scale[j], column);
    return true;
  default:
    break;
  }
  const size_t terms = terms_needed(e, largest);
  if (terms > e->top)
    return false;
  note_terms(e, terms);
  const plimi_matrix a = {
      .at = e->coefficients + place->row, .rows = place->rows, .columns = e->top + 1, .ld = e->width};
  mehler(&a, e->coefficients + j, terms, column, sum);
  memcpy(column, sum, place->rows * sizeof *column);
  return true;
}

static bool fill_pairs(const void *context, const plimi_place *place, plimi_scratch *scratch, double *tile)
{
  const expansion *e = context;
  const plimi_matrix out = plimi_matrix_of(tile, place->rows, place->columns);
  if (e->kept != NULL)
    plimi_queue_gram_tile(e->kept, place->row, place->column, &out);
  else
    plimi_inner(&(plimi_inner_work){e->replica, e->weights, e->weights}, place, scratch, &out);
  for (size_t c = 0; c < place->columns; c++) {
    const size_t j = place->column + c;
    const size_t own = j >= place->row ? j - place->row : place->rows; /* the row of the diagonal, if here */
    double *column = tile + c * place->rows;
    const double largest = to_cosines(place->rows, own, e->scale + place->row, e->scale[j], column);
    if (!pair_column(e, place, j, column, largest))
      return false;
    if (own < place->rows)
      column[own] = e->variance[j];
  }
  return true;
}

/* ---- with the teacher ---- */

/* cross[i] = sqrt(N) c_i; false if the tables are too short. */
static bool cross_moments(const expansion *e, double *cross)
{
  for (size_t i = 0; i < e->width; i++) {
    const double cosine = e->cosine[i];
    double power = fabs(cosine), sum;
    size_t terms = 0;
    while (terms <= e->top && power * sqrt(e->tail[terms] * e->teacher_tail[terms]) > tolerance) {
      power *= fabs(cosine);
      terms++;
    }
    if (terms > e->top)
      return false;
    note_terms(e, terms);
    sum = 0.0;
    for (size_t k = terms + 1; k-- > 0;)
      sum = sum * cosine + e->coefficients[i + k * e->width] * e->teacher[k];
    cross[i] = sum;
  }
  return true;
}

static plim_status expanded_risk(expansion *e, const plimi_side *side, double *risk)
{
  plimi_replica *r = e->replica;
  plim_status status = expand(e);
  if (status != PLIM_OK)
    return status;
  double *cross = r->vectors; /* N */
  if (!cross_moments(e, cross))
    return PLIM_NOT_CONVERGED;
  plimi_copy_weights(r, e->weights);
  const plimi_form form = {
      .order = e->width, .coefficients = side->coefficients, .fill = fill_pairs, .context = e};
  status = plimi_quadratic_forms(r, &form, risk);
  if (status != PLIM_OK)
    return status;
  const double root = sqrt((double)e->width);
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    risk[l] = risk[l] / (root * root) + r->teacher.variance -
              2.0 / root * plimi_dot(e->width, side->coefficients + l * e->width, cross);
  return PLIM_OK;
}

static plim_status network_risk(plimi_replica *r, const plimi_side *side, double *risk)
{
  const size_t width = r->size.width;
  const plim_activation_kind kind = plim_activation_kind_of(r->problem->activation);
  atomic_size_t summed;
  double *table = r->expansion, *own = table + (LARGEST_TOP + 1 + 3) * width;
  expansion e = {.replica = r,
                 .weights = &side->weights,
                 .kind = kind,
                 .homogeneous = kind == PLIM_LINEAR || kind == PLIM_RELU,
                 .width = width,
                 .scale = table,
                 .variance = table + width,
                 .cosine = table + 2 * width,
                 .coefficients = table + 3 * width,
                 .teacher = own,
                 .teacher_tail = own + LARGEST_TOP + 1,
                 .unit = own + 2 * (LARGEST_TOP + 1),
                 .failed = false,
                 .summed = &summed};
  int *first = &r->expansion_state.level[side == &r->student ? PLIMI_SIDES : side - r->side];
  plim_status status = PLIM_NOT_CONVERGED;
  plimi_queue *queue = plimi_team_queue(r->team);
  if (plimi_queue_takes(queue, width, width, r->size.d)) {
    plimi_queue_gram_keep(queue, PLIMI_OF_COLUMNS, &side->weights);
    e.kept = queue;
  }
  for (int level = *first; level < LEVELS && status == PLIM_NOT_CONVERGED; level++) {
    e.top = tops[level];
    e.failed = false;
    atomic_store(&summed, 0);
    status = expanded_risk(&e, side, risk);
  }
  *first = status == PLIM_OK ? 0 : LEVELS - 1;
  while (status == PLIM_OK && tops[*first] < atomic_load(&summed))
    ++*first;
  return status;
}

static void equivalent_risk(plimi_replica *r, const plimi_side *side, double *risk)
{
  const size_t d = r->size.d, width = r->size.width;
  const double mu1 = r->activation.mu1, mu2_squared = fmax(0.0, r->activation.variance - mu1 * mu1);
  double *along = r->vectors; /* d: N^-1/2 mu1 W a */
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    const double *a = side->coefficients + l * width;
    plimi_apply(mu1 / sqrt((double)width), &side->weights, a, 0.0, along);
    const double signal = plimi_dot(d, along, along), noise = plimi_dot(width, a, a) / (double)width;
    const double cross = r->teacher.mu1 * plimi_dot(d, along, r->beta);
    risk[l] = signal + mu2_squared * noise - 2.0 * cross + r->teacher.variance;
  }
}

plim_status plimi_exact_risk(plimi_replica *replica, const plimi_side *side, double *risk)
{
  if (replica->simulation->features == PLIM_FEATURES_NETWORK)
    return network_risk(replica, side, risk);
  equivalent_risk(replica, side, risk);
  return PLIM_OK;
}
