/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c - extrapolation over a ladder of sizes with declared rates: fit.c gives the formulas and their sources,
   covered.c an extrapolation that covers the next power too. The verdict on the limit is that of judge.c. */
#include "plim_compare.h"

#include <math.h>

#include "fit.h"

plim_status plim_extrapolate_terms(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                                   plim_extrapolation *fit)
{
  plim_status status = plimi_check_rates(rates, terms);
  if (status == PLIM_OK && count < terms + 2)
    status = PLIM_INVALID;
  if (status == PLIM_OK)
    status = plimi_check_rungs(rungs, count);
  if (status != PLIM_OK)
    return status;

  plimi_fit f;
  status = plimi_fit_make(rungs, count, rates, terms, &f);
  if (status != PLIM_OK)
    return status;
  double coefficient[PLIMI_MOST_TERMS + 1];
  plimi_fit_coefficients(&f, coefficient);
  const plimi_uncertainty of_limit = plimi_fit_uncertainty(&f, terms),
                          of_drift = plimi_fit_uncertainty(&f, 0);
  const plimi_misfit misfit = plimi_fit_misfit(&f, coefficient, 0.0, rates[0]);
  plim_extrapolation made = {.limit = coefficient[terms],
                             .limit_error = of_limit.error,
                             .degrees = of_limit.degrees,
                             .drift = coefficient[0] * pow(f.d_min, rates[0]),
                             .drift_error = of_drift.error * pow(f.d_min, rates[0]),
                             .rate = rates[0],
                             .next_gain = plimi_fit_gain_of_last(&f, rates[0] + rates[terms - 1]),
                             .chi2 = misfit.chi2,
                             .fit_p = misfit.p,
                             .terms = terms,
                             .rungs = count};
  for (size_t t = 0; t < terms; t++)
    made.drift_at_last += coefficient[t] * pow(f.d_max / f.d_min, -rates[t]);
  if (!plimi_is_finite_fit(&made))
    return PLIM_NOT_FINITE;
  *fit = made;
  return PLIM_OK;
}

plim_status plim_extrapolate(const plim_rung *rungs, size_t count, double rate, plim_extrapolation *fit)
{
  return plim_extrapolate_terms(rungs, count, &rate, 1, fit);
}
