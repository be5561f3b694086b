/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c - tails of Student's t and F, by GSL. From `many` degrees of freedom on the limiting distribution
   stands in for them: it differs by less than 1e-7 relative where a verdict is made, and GSL's continued
   fractions lose their way at 1e15. */
#include "stats.h"

#include <gsl/gsl_cdf.h>

#include "gsl_errors.h"

static const double many = 1e8;

double plimi_t_upper(double x, double degrees)
{
  plimi_gsl_errors_return();
  return degrees < many ? gsl_cdf_tdist_Q(x, degrees) : gsl_cdf_ugaussian_Q(x);
}

double plimi_t_quantile(double tail, double degrees)
{
  plimi_gsl_errors_return();
  return degrees < many ? gsl_cdf_tdist_Qinv(tail, degrees) : gsl_cdf_ugaussian_Qinv(tail);
}

double plimi_f_upper(double x, double degrees1, double degrees2)
{
  plimi_gsl_errors_return();
  return degrees2 < many ? gsl_cdf_fdist_Q(x, degrees1, degrees2) : gsl_cdf_chisq_Q(x * degrees1, degrees1);
}
