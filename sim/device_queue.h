/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_queue.h - inside a queue: for device.c and what it is made of. Private to sim/. */
#ifndef PLIM_SIM_DEVICE_QUEUE_H
#define PLIM_SIM_DEVICE_QUEUE_H

#include <pthread.h>

#include "cuda.h"
#include "device.h"

enum { PLIMI_DEVICE_TEXT = 512 };
struct plim_device {
  plimi_cuda cuda;
  char name[PLIMI_DEVICE_TEXT];
  pthread_mutex_t lock;
  char failure[PLIMI_DEVICE_TEXT]; /* under the lock until it is written, once */
};

enum { PLIMI_QUEUE_A, PLIMI_QUEUE_B, PLIMI_QUEUE_C, PLIMI_QUEUE_SLOTS };
enum { PLIMI_PANEL = 64 }; /* columns of a panel of a reduction, at most */
struct plimi_queue {
  plim_device *device;
  pthread_mutex_t lock;
  bool failed;
  void *stream, *blas, *solver;
  plimi_queue_room room;
  void *pinned;
  /* on the device */
  double *slot[PLIMI_QUEUE_SLOTS]; /* `largest` numbers each */
  size_t kept;                     /* order of the Gram matrix in slot C; 0: none */
  double *v, *w, *y;               /* room.order x PANEL each */
  double *small[3], *tau, *work;   /* PANEL x PANEL, PANEL, work_length */
  int work_length, *info;
};

/* A call's return code: true if it is 0; else the queue has failed, of which the device keeps the first reason. */
bool plimi_queue_went(plimi_queue *queue, int code, const char *call);
void plimi_device_note(plim_device *device, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `to` and `from` are on the device or in memory as `direction` (PLIMI_CUDA_TO_DEVICE, ...) says. Over when the queue
   has waited, which it does in plimi_queue_wait. */
bool plimi_queue_copy(plimi_queue *queue, int direction, const plimi_matrix *to, const plimi_matrix *from);
bool plimi_queue_wait(plimi_queue *queue);

/* The same for the lower triangle, with what more lies in the blocks on its diagonal. */
bool plimi_queue_copy_lower(plimi_queue *queue, int direction, const plimi_matrix *to,
                            const plimi_matrix *from);

/* `work` has so many numbers; what was in it is lost. */
bool plimi_queue_work(plimi_queue *queue, int length);

/* c = alpha op(a) op(b) + beta c, all on the device. */
bool plimi_queue_multiply(plimi_queue *queue, const plimi_queue_factors *factors);

#endif
