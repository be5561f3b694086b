/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_band.c - the reduction of a symmetric matrix to a band, on the device: what dsytrd_sy2sb of LAPACK does
   (lower triangle), with the same reflectors, in products of matrices.

   For the columns j .. j+b-1, b the bandwidth: the block below the band, A(j+b :, j : j+b), gets a QR factorisation;
   with its reflectors V and factor T (H = I - V T V') the rest becomes H' A H, which is A - V W' - W V' with
   W = Y - V (T' V'Y)/2, Y = A V T. T comes from V'V on the processor (b x b numbers), by columns as in dlarft. */
#include "device_queue.h"

#include <stdlib.h>
#include <string.h>

/* On the device: the panel, the k reflectors of it, and what lies right of the panel and below its first row. */
typedef struct {
  plimi_queue *queue;
  plimi_matrix panel, v, w, y, rest, small[3];
} step;

typedef struct {
  double top[PLIMI_PANEL * PLIMI_PANEL], inner[PLIMI_PANEL * PLIMI_PANEL], factor[PLIMI_PANEL * PLIMI_PANEL];
} little; /* k x k each, in memory of the processor */

static plimi_matrix square(double *at, size_t k)
{
  return (plimi_matrix){.at = at, .rows = k, .columns = k, .ld = k};
}

/* V as a matrix: the panel below its diagonal, ones on that and zeros above. *tau is the processor's copy. */
static bool make_reflectors(step *s, little *own, double *tau)
{
  plimi_queue *q = s->queue;
  const plimi_cuda *cuda = &q->device->cuda;
  const size_t k = s->v.columns;
  const plimi_matrix top = square(own->top, k),
                     read = {.at = s->panel.at, .rows = k, .columns = k, .ld = s->panel.ld};
  const plimi_matrix begin = {.at = s->v.at, .rows = k, .columns = k, .ld = s->v.ld};
  const plimi_matrix factors = {.at = tau, .rows = k, .columns = 1, .ld = k};
  const plimi_matrix there = {.at = q->tau, .rows = k, .columns = 1, .ld = k};
  int length = 0;
  const bool went =
      plimi_queue_went(q,
                       cuda->qr_work(q->solver, (int)s->panel.rows, (int)s->panel.columns, s->panel.at,
                                     (int)s->panel.ld, &length),
                       "cusolverDnDgeqrf_bufferSize") &&
      plimi_queue_work(q, length) &&
      plimi_queue_went(q,
                       cuda->qr(q->solver, (int)s->panel.rows, (int)s->panel.columns, s->panel.at,
                                (int)s->panel.ld, q->tau, q->work, q->work_length, q->info),
                       "cusolverDnDgeqrf") &&
      plimi_queue_copy(q, PLIMI_CUDA_ON_DEVICE, &s->v, &s->panel) &&
      plimi_queue_copy(q, PLIMI_CUDA_TO_HOST, &top, &read) &&
      plimi_queue_copy(q, PLIMI_CUDA_TO_HOST, &factors, &there) && plimi_queue_wait(q);
  for (size_t j = 0; j < k && went; j++)
    for (size_t i = 0; i <= j; i++)
      own->top[i + j * k] = i == j ? 1.0 : 0.0;
  return went && plimi_queue_copy(q, PLIMI_CUDA_TO_DEVICE, &begin, &top);
}

/* small[0] = T, by way of small[1]. */
static bool make_factor(step *s, little *own, const double *tau)
{
  plimi_queue *q = s->queue;
  const size_t k = s->v.columns;
  const plimi_matrix inner = square(own->inner, k), factor = square(own->factor, k);
  if (!plimi_queue_multiply(q,
                            &(plimi_queue_factors){
                                .kind = PLIMI_TN, .alpha = 1.0, .a = &s->v, .b = &s->v, .c = &s->small[1]}) ||
      !plimi_queue_copy(q, PLIMI_CUDA_TO_HOST, &inner, &s->small[1]) || !plimi_queue_wait(q))
    return false;
  memset(own->factor, 0, k * k * sizeof *own->factor);
  for (size_t j = 0; j < k; j++) {
    double *column = own->factor + j * k;
    for (size_t l = 0; l < j; l++) /* T(0:j, j) = -tau_j T(0:j, 0:j) (V'v_j)(0:j) */
      for (size_t i = 0; i <= l; i++)
        column[i] -= tau[j] * own->factor[i + l * k] * own->inner[l + j * k];
    column[j] = tau[j];
  }
  return plimi_queue_copy(q, PLIMI_CUDA_TO_DEVICE, &s->small[0], &factor);
}

/* rest = H' rest H. */
static bool update(step *s)
{
  static const double one = 1.0, none = 0.0, minus = -1.0;
  plimi_queue *q = s->queue;
  const plimi_cuda *cuda = &q->device->cuda;
  const int rows = (int)s->v.rows, k = (int)s->v.columns, ld = (int)s->rest.ld, panel = (int)s->v.ld;
  const plimi_matrix *t = &s->small[0], *inner = &s->small[1], *middle = &s->small[2];
  const plimi_queue_factors products[] = {
      {.kind = PLIMI_NN, .alpha = 1.0, .a = &s->y, .b = t, .c = &s->w},     /* A V T */
      {.kind = PLIMI_TN, .alpha = 1.0, .a = &s->v, .b = &s->w, .c = inner}, /* V'Y */
      {.kind = PLIMI_TN, .alpha = 1.0, .a = t, .b = inner, .c = middle},    /* T'V'Y */
      {.kind = PLIMI_NN, .alpha = -0.5, .a = &s->v, .b = middle, .beta = 1.0, .c = &s->w},
  };
  bool went = plimi_queue_went(q,
                               cuda->symm(q->blas, PLIMI_CUDA_LEFT, PLIMI_CUDA_LOWER, rows, k, &one,
                                          s->rest.at, ld, s->v.at, panel, &none, s->y.at, panel),
                               "cublasDsymm_v2");
  for (size_t i = 0; i < sizeof products / sizeof *products && went; i++)
    went = plimi_queue_multiply(q, &products[i]);
  return went && plimi_queue_went(q,
                                  cuda->syr2k(q->blas, PLIMI_CUDA_LOWER, PLIMI_CUDA_N, rows, k, &minus,
                                              s->v.at, panel, s->w.at, panel, &one, s->rest.at, ld),
                                  "cublasDsyr2k_v2");
}

static bool reduce_panel(plimi_queue *q, const plimi_band *band, size_t column, little *own)
{
  const size_t order = band->order, width = band->bandwidth, row = column + width, rows = order - row;
  const size_t k = rows < width ? rows : width;
  double *a = q->slot[PLIMI_QUEUE_A], *tau = band->tau + column;
  step s = {.queue = q,
            .panel = {.at = a + row + column * order, .rows = rows, .columns = width, .ld = order},
            .v = {.at = q->v, .rows = rows, .columns = k, .ld = q->room.order},
            .w = {.at = q->w, .rows = rows, .columns = k, .ld = q->room.order},
            .y = {.at = q->y, .rows = rows, .columns = k, .ld = q->room.order},
            .rest = {.at = a + row + row * order, .rows = rows, .columns = rows, .ld = order}};
  for (size_t i = 0; i < sizeof s.small / sizeof *s.small; i++)
    s.small[i] = square(q->small[i], k);
  return make_reflectors(&s, own, tau) && make_factor(&s, own, tau) && update(&s);
}

/* The lower band of what the reduction left: the upper triangles of the panels' factors end it. */
static void take_band(const plimi_band *band)
{
  const size_t order = band->order, width = band->bandwidth;
  for (size_t j = 0; j < order; j++)
    for (size_t i = 0; i <= width; i++)
      band->band[i + j * (width + 1)] = j + i < order ? band->a[j + i + j * order] : 0.0;
}

plim_status plimi_queue_band_reduce(plimi_queue *q, const plimi_band *band)
{
  const size_t order = band->order;
  const plimi_matrix here = square(band->a, order), there = square(q->slot[PLIMI_QUEUE_A], order);
  if (order > q->room.order || band->bandwidth > PLIMI_PANEL)
    return PLIM_INVALID;
  little *own = malloc(sizeof *own);
  if (own == NULL)
    return PLIM_NO_MEMORY;
  memset(band->tau, 0, order * sizeof *band->tau);
  pthread_mutex_lock(&q->lock);
  q->kept = 0;
  bool went = !q->failed && plimi_queue_copy_lower(q, PLIMI_CUDA_TO_DEVICE, &there, &here);
  for (size_t column = 0; column + band->bandwidth < order && went; column += band->bandwidth)
    went = reduce_panel(q, band, column, own);
  went = went && plimi_queue_copy_lower(q, PLIMI_CUDA_TO_HOST, &here, &there) && plimi_queue_wait(q);
  pthread_mutex_unlock(&q->lock);
  free(own);
  if (!went)
    return PLIM_NO_DEVICE;
  take_band(band);
  return PLIM_OK;
}
