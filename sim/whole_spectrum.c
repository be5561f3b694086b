/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole_spectrum.c - all eigenvalues of a'a, through the smaller of a'a and aa': band, then LAPACK's values only. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "sim.h"

plim_status plimi_whole_spectrum(plimi_replica *replica, const plimi_matrix *a, double *values)
{
  const bool inner = a->columns <= a->rows;
  const size_t order = inner ? a->columns : a->rows;
  const plimi_matrix gram = plimi_matrix_of(replica->path[0].band.a, order, order);
  plimi_gram(replica->team, inner ? PLIMI_OF_COLUMNS : PLIMI_OF_ROWS, a, &gram);
  return plimi_spectrum_of_gram(replica, order, a->columns, values);
}

plim_status plimi_spectrum_of_gram(plimi_replica *replica, size_t order, size_t count, double *values)
{
  const size_t zeros = count - order;
  plimi_band *band = &replica->path[0].band;
  band->order = order;
  band->bandwidth = plimi_band_width(order);
  plim_status status = plimi_band_reduce(replica->team, band);
  if (status == PLIM_OK)
    status = plimi_band_eigen(band, values + zeros, NULL);
  if (status != PLIM_OK)
    return status;
  memset(values, 0, zeros * sizeof *values);
  const double rounding = (double)order * DBL_EPSILON * fabs(values[count - 1]);
  for (size_t i = zeros; i < count && values[i] <= rounding; i++)
    values[i] = 0.0;
  return PLIM_OK;
}
