/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_check.c - does a device do what the processor does? A Gram matrix X'X both as such and as a product, each
   against the processor's; and x with (X'X + I) x = b by the device's reduction, put into that equation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "stream.h"

enum { ROWS = 230, PART = 131, ORDER = 150 }; /* two whole panels of the reduction and a part of one */
static const double shift = 1.0;

typedef struct {
  double x[ROWS * ORDER], gram[ORDER * ORDER], product[ORDER * ORDER], wanted[ORDER * ORDER];
  double tau[ORDER], b[ORDER], solution[ORDER], left[ORDER];
} trial;

static void fill(double *at, size_t count, size_t index)
{
  const plim_size size = {.n = ROWS, .d = ORDER, .width = ORDER};
  const plimi_stream stream = plimi_stream_named(1, &size, 0, PLIMI_STREAM_INPUTS, index);
  plimi_stream_normals(&stream, 0, count, at);
}

/* Of the lower triangles: the largest difference over the largest entry. */
static double difference(const double *one, const double *other)
{
  double most = 0.0, largest = 0.0;
  for (size_t j = 0; j < ORDER; j++) {
    for (size_t i = j; i < ORDER; i++) {
      const double apart = fabs(one[i + j * ORDER] - other[i + j * ORDER]);
      most = apart <= most ? most : apart; /* a NaN stays */
      largest = fmax(largest, fabs(other[i + j * ORDER]));
    }
  }
  return most / largest;
}

/* |b - (X'X + shift I) x| over |b|; t->gram becomes the reflectors. */
static plim_status solve(plimi_queue *queue, trial *t, double *residual)
{
  const size_t width = plimi_band_width(ORDER);
  double *band = malloc((width + 1) * ORDER * sizeof *band),
         *factor = malloc((width + 4) * ORDER * sizeof *factor);
  double *work = malloc(plimi_band_rotate_work(1) * sizeof *work);
  plim_status status = PLIM_NO_MEMORY;
  if (band == NULL || factor == NULL || work == NULL)
    goto done;
  const plimi_band reduced = {.order = ORDER, .bandwidth = width, .a = t->gram, .band = band, .tau = t->tau};
  status = plimi_queue_band_reduce(queue, &reduced);
  if (status != PLIM_OK)
    goto done;
  memcpy(t->solution, t->b, sizeof t->b);
  plimi_band_rotate(&reduced, true, 1, t->solution, work);
  status = plimi_band_solve(&reduced, shift, factor, t->solution, NULL);
  if (status != PLIM_OK)
    goto done;
  plimi_band_rotate(&reduced, false, 1, t->solution, work);
  const plimi_matrix wanted = plimi_matrix_of(t->wanted, ORDER, ORDER);
  for (size_t i = 0; i < ORDER; i++)
    t->left[i] = t->b[i] - shift * t->solution[i];
  plimi_apply(-1.0, &wanted, t->solution, 1.0, t->left);
  *residual = plimi_norm(ORDER, t->left) / plimi_norm(ORDER, t->b);
done:
  free(work);
  free(factor);
  free(band);
  return status;
}

static plim_status try_out(plimi_queue *queue, trial *t, double *error)
{
  const plimi_matrix x = plimi_matrix_of(t->x, ROWS, ORDER), gram = plimi_matrix_of(t->gram, ORDER, ORDER);
  const plimi_matrix product = plimi_matrix_of(t->product, ORDER, ORDER);
  const plimi_matrix wanted = plimi_matrix_of(t->wanted, ORDER, ORDER);
  double residual = 0.0;
  fill(t->x, ROWS * ORDER, 0);
  fill(t->b, ORDER, 1);
  plimi_product(PLIMI_TN, 1.0, &x, &x, 0.0, &wanted);
  const plimi_matrix first = plimi_matrix_block(&x, 0, PART, 0, ORDER);
  const plimi_matrix rest = plimi_matrix_block(&x, PART, ROWS - PART, 0, ORDER);
  /* as a batch in blocks is summed, with other work between them */
  plimi_queue_gram_add(queue, PLIMI_OF_COLUMNS, &first, 0.0, &gram);
  plimi_queue_product(
      queue, &(plimi_queue_factors){.kind = PLIMI_TN, .alpha = 1.0, .a = &x, .b = &x, .c = &product});
  plimi_queue_gram_add(queue, PLIMI_OF_COLUMNS, &rest, 1.0, &gram);
  const double of_products = fmax(difference(t->gram, t->wanted), difference(t->product, t->wanted));
  plim_status status = plimi_queue_status(queue);
  if (status == PLIM_OK)
    status = solve(queue, t, &residual);
  if (status == PLIM_OK)
    *error = isfinite(of_products) && isfinite(residual) ? fmax(of_products, residual) : INFINITY;
  return status;
}

plim_status plim_device_check(plim_device *device, double *error)
{
  const plimi_queue_room room = {.largest = (size_t)ROWS * ORDER, .order = ORDER};
  plimi_queue *queue = NULL;
  trial *t = malloc(sizeof *t);
  if (t == NULL)
    return PLIM_NO_MEMORY;
  const int blas_threads = plimi_dense_single_thread();
  plim_status status = plimi_queue_open(device, &room, &queue);
  if (status == PLIM_OK)
    status = try_out(queue, t, error);
  plimi_dense_restore_threads(blas_threads);
  plimi_queue_close(queue);
  free(t);
  return status;
}
