/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_value.h - numbers that carry their error. */
#ifndef PLIM_VALUE_H
#define PLIM_VALUE_H

#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A limit. `error` bounds |value - exact| from rounding, quadrature and root finding (absolute, >= 0). */
typedef struct {
  double value;
  double error;
} plim_value;

/* A finite-size estimate from independent replicas.
     mean      average over replicas
     error     standard error of the mean, std / sqrt(replicas); NaN when replicas = 1
     std       standard deviation over replicas (divisor replicas - 1); NaN when replicas = 1 */
typedef struct {
  double mean;
  double error;
  double std;
  size_t replicas;
} plim_estimate;

/* Mean, standard error and spread of samples[0], samples[stride], ..., `count` of them (two passes, so that a
   mean large beside the spread costs no digits). PLIM_INVALID for count = 0, PLIM_NOT_FINITE if a sample is
   NaN or infinite. */
plim_status plim_estimate_from_samples(const double *samples, size_t stride, size_t count,
                                       plim_estimate *estimate) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
