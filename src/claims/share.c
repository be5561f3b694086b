/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.c - statements about the share of replicas that show something. */
#include <math.h>

#include "claims.h"

/* The share of replicas that are wrong, with the error for which a normal tail is an upper bound of the binomial
   one at the margin p (Zubkov & Serov 2013, Theory Probab. Appl. 57:539): of k wrong among n

     P(at most k) <= Phi(-z((k + 1)/n)) below p,  P(at least k) <= Phi(-z((k - 1)/n)) above,
     z(x)^2 = 2 n (x log(x/p) + (1 - x) log((1 - x)/(1 - p))).

   So one more counts as wrong, or one less; between the two there is no evidence on either side. Shares that differ
   from size to size spread the count less (Hoeffding 1956, Ann. Math. Statist. 27:713). */
plim_extrapolation plimi_share_of(double wrong, double all, double p)
{
  plim_extrapolation fit = {
      .limit = p, .limit_error = sqrt(p * (1.0 - p) / all), .degrees = INFINITY, .fit_p = 1.0};
  const double x = wrong + 1.0 < p * all ? (wrong + 1.0) / all : (wrong - 1.0) / all;
  if (wrong + 1.0 < p * all || wrong - 1.0 > p * all) {
    const double distance = x * log(x / p) + (1.0 - x) * log((1.0 - x) / (1.0 - p));
    fit.limit = x;
    fit.limit_error = fabs(x - p) / sqrt(2.0 * all * distance);
  }
  return fit;
}
