/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device.h - a queue of large operations on a graphics processor. Private to sim/.

   Operations take and leave matrices in the memory of the processor; what goes to the device and back is paid by the
   size of the operation (n^2 numbers for n^3 multiplications). A replica has one queue: a stream, with memory on the
   device for the largest matrices that it meets, taken when it is opened. One operation of a queue runs at a time;
   queues of several replicas run beside each other. Each has handles of its own: with one handle for several streams
   cuBLAS does not promise the same bits twice ("Results reproducibility" of its manual).

   An operation that fails fills its result with zeros, so that what follows has numbers to work on, and is remembered:
   whoever ran a replica asks plimi_queue_status before its results are believed. */
#ifndef PLIM_SIM_DEVICE_H
#define PLIM_SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "dense.h"
#include "plim_device.h"

typedef struct plimi_queue plimi_queue;

/* What a queue's memory is for: matrices of `largest` numbers at most, reductions of `order` at most. Is any operation
   on such matrices worth the way? */
typedef struct {
  size_t largest, order;
} plimi_queue_room;
bool plimi_queue_serves(const plimi_queue_room *room);
double plimi_queue_bytes(const plimi_queue_room *room);

/* How many queues with that room the device has memory for; 0 is also noted as its failure, with the bytes. */
size_t plimi_device_holds(plim_device *device, const plimi_queue_room *room);

plim_status plimi_queue_open(plim_device *device, const plimi_queue_room *room,
                             plimi_queue **queue) PLIM_MUST_CHECK;
void plimi_queue_close(plimi_queue *queue);                               /* NULL is allowed */
plim_status plimi_queue_status(const plimi_queue *queue) PLIM_MUST_CHECK; /* PLIM_OK for NULL */

/* Pages that matrices lie in are held in place until the queue is closed: transfers are twice as fast. Where that is
   refused nothing is lost but time. */
void plimi_queue_pin(plimi_queue *queue, void *at, size_t bytes);

/* Is an operation with rows x columns x depth multiplications worth the way, and is there room for its matrices, which
   have two of these sizes each? Never for NULL. Depends on the sizes alone. */
bool plimi_queue_takes(const plimi_queue *queue, size_t rows, size_t columns, size_t depth);

/* c = alpha op(a) op(b) + beta c, as plimi_product. */
typedef struct {
  plimi_product_kind kind;
  double alpha, beta;
  const plimi_matrix *a, *b, *c;
} plimi_queue_factors;
void plimi_queue_product(plimi_queue *queue, const plimi_queue_factors *factors);

/* As plimi_gram_add; and the same kept on the device until the next operation, for tiles of it to be fetched: row >=
   column, and a tile on the diagonal is whole. */
void plimi_queue_gram_add(plimi_queue *queue, plimi_gram_kind kind, const plimi_matrix *a, double keep,
                          const plimi_matrix *gram);
void plimi_queue_gram_keep(plimi_queue *queue, plimi_gram_kind kind, const plimi_matrix *a);
void plimi_queue_gram_tile(plimi_queue *queue, size_t row, size_t column, const plimi_matrix *tile);

/* As plimi_band_reduce, with PLIM_NO_DEVICE. */
plim_status plimi_queue_band_reduce(plimi_queue *queue, const plimi_band *band) PLIM_MUST_CHECK;

#endif
