/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_queue.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the device ---- */

void plimi_device_note(plim_device *device, const char *format, ...)
{
  va_list arguments;
  pthread_mutex_lock(&device->lock);
  if (device->failure[0] == '\0') {
    va_start(arguments, format);
    vsnprintf(device->failure, sizeof device->failure, format, arguments);
    va_end(arguments);
  }
  pthread_mutex_unlock(&device->lock);
}

static void name_it(plim_device *device)
{
  static const char unknown[] = "a CUDA device";
  const plimi_cuda *cuda = &device->cuda;
  char *properties = calloc(1, PLIMI_CUDA_PROPERTIES); /* a structure that begins with the name */
  const bool named = properties != NULL && cuda->properties != NULL &&
                     cuda->properties(properties, 0) == PLIMI_CUDA_OK && properties[0] != '\0';
  snprintf(device->name, sizeof device->name, "%.*s, CUDA %d.%d (driver %d.%d)", PLIMI_CUDA_NAME,
           named ? properties : unknown, cuda->version / 1000, cuda->version % 1000 / 10,
           cuda->driver_version / 1000, cuda->driver_version % 1000 / 10);
  free(properties);
}

plim_status plim_device_open(char *report, size_t length, plim_device **device)
{
  plim_device *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  if (!plimi_cuda_open(report, length, &made->cuda)) {
    free(made);
    return PLIM_NO_DEVICE;
  }
  pthread_mutex_init(&made->lock, NULL);
  name_it(made);
  *device = made;
  return PLIM_OK;
}

void plim_device_close(plim_device *device)
{
  if (device == NULL)
    return;
  pthread_mutex_destroy(&device->lock);
  plimi_cuda_close(&device->cuda);
  free(device);
}

const char *plim_device_name(const plim_device *device)
{
  return device->name;
}

const char *plim_device_failure(const plim_device *device)
{
  return device->failure;
}

/* ---- memory ---- */

/* Handles of cuBLAS and cuSOLVER have workspaces of their own: 32 MiB and a little on an H100, by cuBLAS's manual. */
static const double of_handles = 64.0 * 1048576.0;

double plimi_queue_bytes(const plimi_queue_room *room)
{
  const double panels = 3.0 * (double)room->order * PLIMI_PANEL;
  return (PLIMI_QUEUE_SLOTS * (double)room->largest + panels) * sizeof(double) + of_handles;
}

size_t plimi_device_holds(plim_device *device, const plimi_queue_room *room)
{
  size_t free_bytes = 0, all = 0;
  const double each = plimi_queue_bytes(room);
  const int code = device->cuda.memory(&free_bytes, &all);
  if (code != PLIMI_CUDA_OK) {
    plimi_device_note(device, "cudaMemGetInfo: %s", device->cuda.describe(code));
    return 0;
  }
  if (each > (double)free_bytes)
    plimi_device_note(device, "its memory does not hold one replica: %.0f bytes, and %zu of %zu are free",
                      each, free_bytes, all);
  const double queues = (double)free_bytes / each;
  return queues < 4096.0 ? (size_t)queues : 4096;
}

bool plimi_queue_went(plimi_queue *queue, int code, const char *call)
{
  if (code == PLIMI_CUDA_OK)
    return true;
  queue->failed = true;
  if (queue->stream != NULL) /* copies that were begun end before anybody frees what they write to */
    (void)queue->device->cuda.stream_wait(queue->stream);
  if (strncmp(call, "cuda", 4) == 0)
    plimi_device_note(queue->device, "%s: %s (%d)", call, queue->device->cuda.describe(code), code);
  else
    plimi_device_note(queue->device, "%s: status %d", call, code);
  return false;
}

static bool take(plimi_queue *queue, size_t count, size_t size, void *at)
{
  const plimi_cuda *cuda = &queue->device->cuda;
  void *taken = NULL;
  size_t free_bytes = 0, all = 0;
  const int code = cuda->allocate(&taken, (count > 0 ? count : 1) * size);
  memcpy(at, &taken, sizeof taken);
  if (code == PLIMI_CUDA_OK)
    return true;
  queue->failed = true;
  (void)cuda->last_error(); /* which is kept until it is asked for */
  (void)cuda->memory(&free_bytes, &all);
  plimi_device_note(queue->device, "cudaMalloc of %zu bytes: %s (%d); %zu of %zu are free", count * size,
                    cuda->describe(code), code, free_bytes, all);
  return false;
}

static bool take_all(plimi_queue *q, const plimi_queue_room *room)
{
  const size_t panel = room->order * PLIMI_PANEL, square = (size_t)PLIMI_PANEL * PLIMI_PANEL;
  for (size_t s = 0; s < PLIMI_QUEUE_SLOTS; s++)
    if (!take(q, room->largest, sizeof *q->slot[s], &q->slot[s]))
      return false;
  if (room->order == 0)
    return true;
  return take(q, panel, sizeof *q->v, &q->v) && take(q, panel, sizeof *q->w, &q->w) &&
         take(q, panel, sizeof *q->y, &q->y) && take(q, square, sizeof *q->small[0], &q->small[0]) &&
         take(q, square, sizeof *q->small[1], &q->small[1]) &&
         take(q, square, sizeof *q->small[2], &q->small[2]) &&
         take(q, PLIMI_PANEL, sizeof *q->tau, &q->tau) && take(q, 1, sizeof *q->info, &q->info);
}

bool plimi_queue_work(plimi_queue *q, int length)
{
  if (length <= q->work_length)
    return true;
  (void)q->device->cuda.release(q->work); /* which waits until nothing uses it */
  q->work = NULL;
  q->work_length = 0;
  if (!take(q, (size_t)length, sizeof *q->work, &q->work))
    return false;
  q->work_length = length;
  return true;
}

plim_status plimi_queue_open(plim_device *device, const plimi_queue_room *room, plimi_queue **queue)
{
  const plimi_cuda *cuda = &device->cuda;
  plimi_queue *q = calloc(1, sizeof *q);
  if (q == NULL)
    return PLIM_NO_MEMORY;
  q->device = device;
  q->room = *room;
  pthread_mutex_init(&q->lock, NULL);
  const bool made = plimi_queue_went(q, cuda->stream_create(&q->stream), "cudaStreamCreate") &&
                    plimi_queue_went(q, cuda->blas_create(&q->blas), "cublasCreate_v2") &&
                    plimi_queue_went(q, cuda->blas_stream(q->blas, q->stream), "cublasSetStream_v2") &&
                    plimi_queue_went(q, cuda->solver_create(&q->solver), "cusolverDnCreate") &&
                    plimi_queue_went(q, cuda->solver_stream(q->solver, q->stream), "cusolverDnSetStream");
  if (!made || !take_all(q, room)) {
    plimi_queue_close(q);
    return PLIM_NO_DEVICE;
  }
  *queue = q;
  return PLIM_OK;
}

void plimi_queue_close(plimi_queue *q)
{
  if (q == NULL)
    return;
  const plimi_cuda *cuda = &q->device->cuda;
  void *const taken[] = {q->slot[0],  q->slot[1],  q->slot[2],  q->v,   q->w,    q->y,
                         q->small[0], q->small[1], q->small[2], q->tau, q->work, q->info};
  if (q->stream != NULL)
    (void)cuda->stream_wait(q->stream);
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    (void)cuda->release(taken[i]); /* NULL is allowed */
  if (q->pinned != NULL)
    (void)cuda->unpin(q->pinned);
  if (q->solver != NULL)
    (void)cuda->solver_destroy(q->solver);
  if (q->blas != NULL)
    (void)cuda->blas_destroy(q->blas);
  if (q->stream != NULL)
    (void)cuda->stream_destroy(q->stream);
  pthread_mutex_destroy(&q->lock);
  free(q);
}

plim_status plimi_queue_status(const plimi_queue *queue)
{
  return queue != NULL && queue->failed ? PLIM_NO_DEVICE : PLIM_OK;
}

void plimi_queue_pin(plimi_queue *queue, void *at, size_t bytes)
{
  const plimi_cuda *cuda = &queue->device->cuda;
  if (cuda->pin(at, bytes, PLIMI_CUDA_PINNED) == PLIMI_CUDA_OK)
    queue->pinned = at;
  else
    (void)cuda->last_error();
}

/* ---- copies ---- */

bool plimi_queue_copy(plimi_queue *queue, int direction, const plimi_matrix *to, const plimi_matrix *from)
{
  const size_t size = sizeof *to->at;
  return to->rows == 0 || to->columns == 0 ||
         plimi_queue_went(queue,
                          queue->device->cuda.copy(to->at, to->ld * size, from->at, from->ld * size,
                                                   to->rows * size, to->columns, direction, queue->stream),
                          "cudaMemcpy2DAsync");
}

static plimi_matrix from_row(const plimi_matrix *whole, size_t row, size_t columns)
{
  const size_t left = whole->columns - row < columns ? whole->columns - row : columns;
  return (plimi_matrix){
      .at = whole->at + row + row * whole->ld, .rows = whole->rows - row, .columns = left, .ld = whole->ld};
}

bool plimi_queue_copy_lower(plimi_queue *queue, int direction, const plimi_matrix *to,
                            const plimi_matrix *from)
{
  bool went = true;
  for (size_t j = 0; j < to->columns && went; j += PLIMI_TILE) {
    const plimi_matrix there = from_row(to, j, PLIMI_TILE), here = from_row(from, j, PLIMI_TILE);
    went = plimi_queue_copy(queue, direction, &there, &here);
  }
  return went;
}

bool plimi_queue_wait(plimi_queue *queue)
{
  return plimi_queue_went(queue, queue->device->cuda.stream_wait(queue->stream), "cudaStreamSynchronize");
}

/* A matrix of that shape in a slot, without gaps between the columns. */
static plimi_matrix in_slot(const plimi_queue *queue, size_t slot, size_t rows, size_t columns)
{
  return (plimi_matrix){.at = queue->slot[slot], .rows = rows, .columns = columns, .ld = rows};
}

static void clear(const plimi_matrix *matrix)
{
  for (size_t j = 0; j < matrix->columns; j++)
    memset(matrix->at + j * matrix->ld, 0, matrix->rows * sizeof *matrix->at);
}

/* ---- products ---- */

/* WORTH^3. An H100 does that in 10 us, and 6 MB of matrices take .3 ms on the bus, about as long as one core of the
   processor takes for the product; sixteen cores break even there. Estimated, not measured: bench/device. */
enum { WORTH = 512 };

bool plimi_queue_serves(const plimi_queue_room *room)
{
  return room->largest >= (size_t)WORTH * WORTH; /* the largest of the three faces of WORTH^3 */
}

bool plimi_queue_takes(const plimi_queue *queue, size_t rows, size_t columns, size_t depth)
{
  return queue != NULL && (double)rows * (double)columns * (double)depth >= pow(WORTH, 3.0) &&
         rows * columns <= queue->room.largest && rows * depth <= queue->room.largest &&
         columns * depth <= queue->room.largest;
}

bool plimi_queue_multiply(plimi_queue *queue, const plimi_queue_factors *f)
{
  const size_t depth = f->kind == PLIMI_TN ? f->a->rows : f->a->columns;
  return plimi_queue_went(
      queue,
      queue->device->cuda.gemm(queue->blas, f->kind == PLIMI_TN ? PLIMI_CUDA_T : PLIMI_CUDA_N,
                               f->kind == PLIMI_NT ? PLIMI_CUDA_T : PLIMI_CUDA_N, (int)f->c->rows,
                               (int)f->c->columns, (int)depth, &f->alpha, f->a->at, (int)f->a->ld, f->b->at,
                               (int)f->b->ld, &f->beta, f->c->at, (int)f->c->ld),
      "cublasDgemm_v2");
}

void plimi_queue_product(plimi_queue *queue, const plimi_queue_factors *f)
{
  const plimi_matrix a = in_slot(queue, PLIMI_QUEUE_A, f->a->rows, f->a->columns);
  const plimi_matrix b = in_slot(queue, PLIMI_QUEUE_B, f->b->rows, f->b->columns);
  const plimi_matrix c = in_slot(queue, PLIMI_QUEUE_C, f->c->rows, f->c->columns);
  const plimi_queue_factors there = {
      .kind = f->kind, .alpha = f->alpha, .beta = f->beta, .a = &a, .b = &b, .c = &c};
  pthread_mutex_lock(&queue->lock);
  queue->kept = 0;
  const bool went = !queue->failed && plimi_queue_copy(queue, PLIMI_CUDA_TO_DEVICE, &a, f->a) &&
                    plimi_queue_copy(queue, PLIMI_CUDA_TO_DEVICE, &b, f->b) &&
                    (f->beta == 0.0 || plimi_queue_copy(queue, PLIMI_CUDA_TO_DEVICE, &c, f->c)) &&
                    plimi_queue_multiply(queue, &there) &&
                    plimi_queue_copy(queue, PLIMI_CUDA_TO_HOST, f->c, &c) && plimi_queue_wait(queue);
  pthread_mutex_unlock(&queue->lock);
  if (!went)
    clear(f->c);
}

/* ---- Gram matrices ---- */

/* Slot C = aa' or a'a + keep times what is there, without waiting. */
static bool make_gram(plimi_queue *queue, plimi_gram_kind kind, const plimi_matrix *a, double keep)
{
  static const double one = 1.0;
  const bool inner = kind == PLIMI_OF_COLUMNS;
  const int order = (int)(inner ? a->columns : a->rows), depth = (int)(inner ? a->rows : a->columns);
  const plimi_matrix there = in_slot(queue, PLIMI_QUEUE_A, a->rows, a->columns);
  return !queue->failed && plimi_queue_copy(queue, PLIMI_CUDA_TO_DEVICE, &there, a) &&
         plimi_queue_went(queue,
                          queue->device->cuda.syrk(
                              queue->blas, PLIMI_CUDA_LOWER, inner ? PLIMI_CUDA_T : PLIMI_CUDA_N, order,
                              depth, &one, there.at, (int)there.ld, &keep, queue->slot[PLIMI_QUEUE_C], order),
                          "cublasDsyrk_v2");
}

void plimi_queue_gram_add(plimi_queue *queue, plimi_gram_kind kind, const plimi_matrix *a, double keep,
                          const plimi_matrix *gram)
{
  const plimi_matrix there = in_slot(queue, PLIMI_QUEUE_C, gram->rows, gram->columns);
  pthread_mutex_lock(&queue->lock);
  queue->kept = 0;
  const bool went = (keep == 0.0 ||
                     (!queue->failed && plimi_queue_copy_lower(queue, PLIMI_CUDA_TO_DEVICE, &there, gram))) &&
                    make_gram(queue, kind, a, keep) &&
                    plimi_queue_copy_lower(queue, PLIMI_CUDA_TO_HOST, gram, &there) &&
                    plimi_queue_wait(queue);
  pthread_mutex_unlock(&queue->lock);
  if (!went)
    clear(gram);
}

void plimi_queue_gram_keep(plimi_queue *queue, plimi_gram_kind kind, const plimi_matrix *a)
{
  pthread_mutex_lock(&queue->lock);
  queue->kept = 0;
  if (make_gram(queue, kind, a, 0.0) && plimi_queue_wait(queue))
    queue->kept = kind == PLIMI_OF_COLUMNS ? a->columns : a->rows;
  pthread_mutex_unlock(&queue->lock);
}

void plimi_queue_gram_tile(plimi_queue *queue, size_t row, size_t column, const plimi_matrix *tile)
{
  pthread_mutex_lock(&queue->lock);
  const size_t order = queue->kept;
  const plimi_matrix there = {.at = queue->slot[PLIMI_QUEUE_C] + row + column * order,
                              .rows = tile->rows,
                              .columns = tile->columns,
                              .ld = order};
  const bool went =
      order > 0 && plimi_queue_copy(queue, PLIMI_CUDA_TO_HOST, tile, &there) && plimi_queue_wait(queue);
  pthread_mutex_unlock(&queue->lock);
  if (!went)
    clear(tile);
  for (size_t j = 0; row == column && j < tile->columns; j++)
    for (size_t i = 0; i < j; i++)
      tile->at[i + j * tile->ld] = tile->at[j + i * tile->ld];
}
