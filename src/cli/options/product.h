/* SPDX-License-Identifier: GPL-3.0-or-later */
/* product.h - the points that several lists make together. */
#ifndef PLIM_CLI_PRODUCT_H
#define PLIM_CLI_PRODUCT_H

#include "plim_problem.h"
#include "settings.h"

enum {
  PLIMI_FACTORS = 21,
  PLIMI_MOST_POINTS =
      100000000 /* of all lists together: a day of limits, gigabytes of rows; beyond it a mistake is
                                   likelier than a wish */
};

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
   False where rows are asked for, of all penalties and sizes together, at more than PLIMI_MOST_POINTS points. */
bool plimi_product_begin(plimi_product *product, const plimi_settings *settings, bool lambda_apart);
plimi_point plimi_product_at(const plimi_product *product, size_t index);

#endif
