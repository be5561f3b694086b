/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounded.h - arithmetic on numbers that carry a bound on their error (running error analysis).

   A plim_value x stands for every real number within x.error of x.value. Each operation below returns a value
   whose error covers what its operands stand for, plus the rounding of the operation itself: one whole
   DBL_EPSILON of the result, twice the rounding of IEEE arithmetic, so that the rounding of the error terms is
   covered as well. Operands are treated as unrelated, so a formula without cancellation comes out with a few tens
   of DBL_EPSILON, and one that cancels says so by itself. Below DBL_MIN a product or quotient rounds to a multiple of
   DBL_TRUE_MIN, which is added there; what has overflowed has an infinite error from then on, so that 1/infinity does
   not pass for 0.
   Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, SIAM 2002, section 3.3. */
#ifndef PLIM_BOUNDED_H
#define PLIM_BOUNDED_H

#include <float.h>
#include <math.h>

#include "plim_value.h"

static inline plim_value v_exact(double x)
{
  return (plim_value){x, 0.0};
}

static inline plim_value v_rounded(double value, double error)
{
  return (plim_value){value, isfinite(value) ? error + DBL_EPSILON * fabs(value) : INFINITY};
}

/* The same for a product or quotient that is not 0 by a factor 0: it may be too small for DBL_EPSILON to speak of,
   and so may each of the three terms of its error. */
static inline plim_value v_rounded_small(double value, double error)
{
  plim_value rounded = v_rounded(value, error);
  if (rounded.error < DBL_MIN)
    rounded.error += 4.0 * DBL_TRUE_MIN;
  return rounded;
}

static inline int v_is_zero(plim_value x)
{
  return x.value == 0.0 && x.error == 0.0;
}

static inline plim_value v_add(plim_value x, plim_value y)
{
  return v_rounded(x.value + y.value, x.error + y.error);
}

static inline plim_value v_sub(plim_value x, plim_value y)
{
  return v_rounded(x.value - y.value, x.error + y.error);
}

static inline plim_value v_mul(plim_value x, plim_value y)
{
  const double error = fabs(x.value) * y.error + fabs(y.value) * x.error + x.error * y.error;
  const plim_value product = v_rounded(x.value * y.value, error);
  if (product.error >= DBL_MIN || v_is_zero(x) || v_is_zero(y))
    return product;
  return v_rounded_small(product.value, error);
}

/* The error is infinite where y may be 0: such a quotient never passes for a number. */
static inline plim_value v_div(plim_value x, plim_value y)
{
  const double quotient = x.value / y.value;
  const double room = fabs(y.value) - y.error;
  if (!(room > 0.0) || isinf(y.value))
    return (plim_value){quotient, INFINITY};
  const double error = (x.error + fabs(quotient) * y.error) / room;
  const plim_value rounded = v_rounded(quotient, error);
  return rounded.error >= DBL_MIN || v_is_zero(x) ? rounded : v_rounded_small(quotient, error);
}

/* For x >= 0; what x stands for below 0 is rounding and counts as 0. */
static inline plim_value v_sqrt(plim_value x)
{
  const double root = sqrt(fmax(x.value, 0.0));
  const double least = sqrt(fmax(x.value - x.error, 0.0));
  return v_rounded(root, least > 0.0 ? x.error / (root + least) : sqrt(x.error));
}

static inline plim_value v_square(plim_value x)
{
  return v_mul(x, x);
}

/* Multiplication by a number that is exact. */
static inline plim_value v_scale(double factor, plim_value x)
{
  return v_mul(v_exact(factor), x);
}

static inline int v_is_finite(plim_value x)
{
  return isfinite(x.value) && isfinite(x.error);
}

#endif
