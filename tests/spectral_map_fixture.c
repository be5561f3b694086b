/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectral_map_fixture.h"

#include <math.h>

typedef struct {
  double b, l;
} place;

static double first(double t, void *params)
{
  const place *q = params;
  return (q->b + t) / (q->l - q->b - t);
}

static double second(double t, void *params)
{
  return first(t, params) * first(t, params);
}

double image_at(const plimi_input *in, double l)
{
  place q = {in->b.value, l};
  const double ratio = in->problem->psi2 / in->problem->psi1;
  return l * (1.0 + ratio * spectral_average(in->a.value, in->problem->psi2, first, &q));
}

double slope_at(const plimi_input *in, double l)
{
  place q = {in->b.value, l};
  const double ratio = in->problem->psi2 / in->problem->psi1;
  return 1.0 - ratio * spectral_average(in->a.value, in->problem->psi2, second, &q);
}

double right_end_of(const plimi_input *in)
{
  return in->b.value + in->a.value * pow(1.0 + sqrt(in->problem->psi2), 2.0);
}

double edge_by_search(const plimi_input *in)
{
  const double golden = 0.5 * (sqrt(5.0) - 1.0), right = right_end_of(in);
  double low = log(1e-4 * right), high = log(1e4 * right);
  while (high - low > 1e-7) {
    const double x = high - golden * (high - low), y = low + golden * (high - low);
    if (image_at(in, right + exp(x)) < image_at(in, right + exp(y)))
      high = y;
    else
      low = x;
  }
  return image_at(in, right + exp(0.5 * (low + high)));
}
