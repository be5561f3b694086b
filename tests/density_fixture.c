/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "density_fixture.h"

#include <math.h>

#include <gsl/gsl_integration.h>

plim_density *density_of(plim_theory *theory, plim_spectrum spectrum, const plim_problem *p)
{
  plim_density *density = NULL;
  ck_assert_int_eq(plim_density_alloc(theory, spectrum, p, &density), PLIM_OK);
  return density;
}

double density_at(const plim_density *density, double x)
{
  plim_value value = {NAN, NAN};
  ck_assert_msg(plim_density_at(density, x, &value) == PLIM_OK, "no density at %.17g", x);
  ck_assert_double_ge(value.value, 0.0);
  return value.value;
}

double density_below(const plim_density *density, double x)
{
  plim_value value = {NAN, NAN};
  ck_assert_msg(plim_density_cdf(density, x, &value) == PLIM_OK, "no distribution at %.17g", x);
  return value.value;
}

/* x = middle - half cos(angle) takes up the square roots of both edges, and x = low + length angle^3 the inverse
   powers of a hard one. */
typedef struct {
  const plim_density *density;
  double low, high, power;
} piece;

static double piece_at(double angle, void *params)
{
  const piece *q = params;
  const double half = 0.5 * (q->high - q->low), sine = sin(0.5 * angle);
  double x = q->low + 2.0 * half * sine * sine, weight = half * sin(angle);
  if (q->low == 0.0) {
    x = q->high * angle * angle * angle;
    weight = 3.0 * q->high * angle * angle;
  }
  return x > q->low && x < q->high ? pow(x, q->power) * density_at(q->density, x) * weight : 0.0;
}

double density_integral(const plim_density *density, double low, double high, double power)
{
  gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(2000);
  piece q = {density, low, high, power};
  gsl_function function = {.function = piece_at, .params = &q};
  double sum, error;
  const double end = low == 0.0 ? 1.0 : M_PI;
  (void)gsl_integration_qags(&function, 0.0, end, 1e-12, 1e-12, 2000, workspace, &sum, &error);
  gsl_integration_workspace_free(workspace);
  return sum;
}

double density_moment(const plim_density *density, double power)
{
  const plim_support *support = plim_density_support(density);
  double sum = power == 0.0 ? support->mass_at_zero.value : 0.0;
  for (size_t i = 0; i < support->intervals; i++)
    sum += density_integral(density, support->interval[i].low.value, support->interval[i].high.value, power);
  return sum;
}
