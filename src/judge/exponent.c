/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exponent.c - the power of d that a quantity grows or falls with: a fit of its logarithm by fit.c, with log d for
   one of the columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

/* log |value| and its error, without the bias of the logarithm. */
static plim_status take_logarithms(const plim_rung *rungs, size_t count, plim_rung *logarithms)
{
  for (size_t i = 0; i < count; i++) {
    const double part = rungs[i].error / fabs(rungs[i].value);
    const bool same_sign = rungs[i].value != 0.0 && signbit(rungs[i].value) == signbit(rungs[0].value);
    if (!same_sign || !(part <= PLIM_LARGEST_PART))
      return PLIM_OUTSIDE_DOMAIN;
    logarithms[i] = rungs[i];
    logarithms[i].value = log(fabs(rungs[i].value)) + 0.5 * part * part;
    logarithms[i].error = part;
  }
  return PLIM_OK;
}

/* `rates` with the logarithm before them. */
static plim_status fit_slope(const plim_rung *logarithms, size_t count, const double *rates, size_t terms,
                             plim_extrapolation *fit)
{
  double columns[PLIMI_MOST_TERMS] = {PLIMI_LOGARITHM}, coefficient[PLIMI_MOST_TERMS + 1];
  plimi_fit f;
  memcpy(columns + 1, rates, terms * sizeof *rates);
  const plim_status status = plimi_fit_make(logarithms, count, columns, terms + 1, &f);
  if (status != PLIM_OK)
    return status;
  plimi_fit_coefficients(&f, coefficient);
  const double power = rates[0] + rates[terms - 1];
  const plimi_uncertainty of_slope = plimi_fit_uncertainty(&f, 0), of_drift = plimi_fit_uncertainty(&f, 1);
  const plimi_misfit misfit = plimi_fit_misfit(&f, coefficient, 0.0, rates[0]);
  plim_extrapolation made = {.limit = coefficient[0],
                             .limit_error = of_slope.error,
                             .degrees = of_slope.degrees,
                             .drift = coefficient[1] * pow(f.d_min, rates[0]),
                             .drift_error = of_drift.error * pow(f.d_min, rates[0]),
                             .rate = rates[0],
                             .next_gain = plimi_fit_gain(&f, 0, power) * pow(f.d_max / f.d_min, power),
                             .chi2 = misfit.chi2,
                             .fit_p = misfit.p,
                             .terms = terms + 1,
                             .rungs = count};
  for (size_t t = 0; t < terms; t++)
    made.drift_at_last -= rates[t] * coefficient[t + 1] * pow(f.d_max / f.d_min, -rates[t]);
  if (!plimi_is_finite_fit(&made))
    return PLIM_NOT_FINITE;
  *fit = made;
  return PLIM_OK;
}

plim_status plim_extrapolate_exponent(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                                      plim_extrapolation *fit)
{
  plim_status status = plimi_check_rates(rates, terms);
  if (status == PLIM_OK && (terms >= PLIMI_MOST_TERMS || count < terms + 3))
    status = PLIM_INVALID;
  if (status == PLIM_OK)
    status = plimi_check_rungs(rungs, count);
  if (status != PLIM_OK)
    return status;
  plim_rung *logarithms = calloc(count, sizeof *logarithms);
  if (logarithms == NULL)
    return PLIM_NO_MEMORY;
  status = take_logarithms(rungs, count, logarithms);
  if (status == PLIM_OK)
    status = fit_slope(logarithms, count, rates, terms, fit);
  free(logarithms);
  return status;
}
