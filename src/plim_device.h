/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_device.h - a graphics processor for the large products and reductions of plim_simulation.h.

   CUDA's libraries are looked for when they are asked for (dlopen; versions 11 to 13): nothing is linked to them. All
   random numbers and activations stay on the processor, so a replica draws the same bits with and without; only sums of
   products are added in another order, and samples agree to 1e-9 of their size. What is small stays on the processor to
   the last bit. */
#ifndef PLIM_DEVICE_H
#define PLIM_DEVICE_H

#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct plim_device plim_device;

/* The first CUDA device that the process may see (CUDA_VISIBLE_DEVICES). `report`, of `length` characters, says what
   was tried, one clause after another; NULL with length 0: nobody asks. The device is to be closed when no simulation
   uses it any more; several may use it at a time.
   PLIM_NO_DEVICE: none that works; PLIM_NO_MEMORY. */
plim_status plim_device_open(char *report, size_t length, plim_device **device) PLIM_MUST_CHECK;
void plim_device_close(plim_device *device); /* NULL is allowed */

/* "NVIDIA H100 80GB HBM3, CUDA 12.4 (driver 12.6)" */
const char *plim_device_name(const plim_device *device);

/* After PLIM_NO_DEVICE from a simulation: which call failed first and why, with the bytes where it was for lack of
   memory; else "". */
const char *plim_device_failure(const plim_device *device);

/* A product, a Gram matrix and its reduction to a band, there and on the processor: *error is the largest difference,
   relative to the largest entry, or what the solution leaves of a system. PLIM_NO_DEVICE, PLIM_NO_MEMORY,
   PLIM_NOT_CONVERGED. */
plim_status plim_device_check(plim_device *device, double *error) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
