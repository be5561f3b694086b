/* SPDX-License-Identifier: GPL-3.0-or-later */
/* product.h - the points that several lists make together. */
#ifndef PLIM_CLI_PRODUCT_H
#define PLIM_CLI_PRODUCT_H

#include "plim_problem.h"
#include "settings.h"

enum { PLIMI_FACTORS = 14 };

/* Factors from the slowest to the fastest: activation, teacher, readout, batch, steps, noise, eta_exponent, psi1,
   psi2, eta, replicas, seed, lambda, dimension. */
typedef struct {
  const plimi_settings *settings;
  size_t lengths[PLIMI_FACTORS];
  size_t count; /* their product */
} plimi_product;

typedef struct {
  plim_problem problem;
  uint64_t replicas, seed; /* 0 where the command draws nothing */
} plimi_point;

/* With `lambda_apart` the penalties are no factor (they share one factorisation), and each point carries the first.
   False when the product passes the range of size_t. */
bool plimi_product_begin(plimi_product *product, const plimi_settings *settings, bool lambda_apart);
plimi_point plimi_product_at(const plimi_product *product, size_t index);

#endif
