/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.c - where the numbers of a replica are written. */
#include "sim.h"

double *plimi_result(const plimi_replica *replica, plim_quantity quantity)
{
  return replica->result + (size_t)quantity * replica->measurement->n_lambda;
}

void plimi_result_constant(const plimi_replica *replica, plim_quantity quantity, double value)
{
  double *row = plimi_result(replica, quantity);
  for (size_t l = 0; l < replica->measurement->n_lambda; l++)
    row[l] = value;
}
