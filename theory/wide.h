/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide.h - the arithmetic of bounded.h without its ends: numbers with a bound on their error and an exponent that does
   not run out.

   Every finite double is accepted for psi1, psi2, lambda, eta and noise, and the limits are rational in their squares
   and products, which are no doubles at 1e155 already, while the limit itself is an ordinary number: a fraction of two
   that are too large, or too small. Here each number is (value +- error) 2^exponent. Scaling by powers of two is exact,
   so wherever bounded.h neither overflows nor underflows both give the same bits. A number is scaled back as soon as
   its size leaves [2^-256, 2^256]; products and quotients of two such, with errors of relative size 2^-53, stay far
   inside the range of doubles, so no operation here overflows, and an int holds the exponent of any formula.

   plimi_wide_value leaves this arithmetic: infinite where the number is no double, and with an error that covers the
   rounding to a subnormal number. */
#ifndef PLIM_WIDE_H
#define PLIM_WIDE_H

#include "bounded.h"

typedef struct {
  plim_value part;
  int exponent;
} plimi_wide;

/* wide.c: where the size may be out of range. */
plimi_wide plimi_wide_rescaled(plim_value part, int exponent);

/* In line for the ordinary number, which is nearly every one: its value alone has a size in range. */
static inline plimi_wide w_settled(plim_value part, int exponent)
{
  const double size = fabs(part.value);
  if (size >= 0x1p-256 && size <= 0x1p256 && part.error <= 0x1p256)
    return (plimi_wide){part, exponent};
  return plimi_wide_rescaled(part, exponent);
}

static inline plimi_wide w_of(plim_value x)
{
  return w_settled(x, 0);
}

static inline plimi_wide w_exact(double x)
{
  return w_of(v_exact(x));
}

/* -1, 0 or 1: the sign of the value. */
static inline int w_sign(plimi_wide x)
{
  return (x.part.value > 0.0) - (x.part.value < 0.0);
}

/* The same number with the same error; not where either is NaN. */
static inline int w_is_same(plimi_wide x, plimi_wide y)
{
  return x.part.value == y.part.value && x.part.error == y.part.error && x.exponent == y.exponent;
}

static inline plimi_wide w_negative(plimi_wide x)
{
  return (plimi_wide){{-x.part.value, x.part.error}, x.exponent};
}

/* x in units of 2^exponent, exponent >= x.exponent; what underflows is beyond the rounding of any sum in that unit. */
static inline plim_value w_in_units(plimi_wide x, int exponent)
{
  if (exponent == x.exponent)
    return x.part;
  const int shift = x.exponent - exponent;
  return (plim_value){ldexp(x.part.value, shift), ldexp(x.part.error, shift)};
}

static inline plimi_wide w_add(plimi_wide x, plimi_wide y)
{
  if (v_is_zero(x.part))
    return y;
  if (v_is_zero(y.part))
    return x;
  const int exponent = x.exponent > y.exponent ? x.exponent : y.exponent;
  return w_settled(v_add(w_in_units(x, exponent), w_in_units(y, exponent)), exponent);
}

static inline plimi_wide w_sub(plimi_wide x, plimi_wide y)
{
  return w_add(x, w_negative(y));
}

static inline plimi_wide w_mul(plimi_wide x, plimi_wide y)
{
  return w_settled(v_mul(x.part, y.part), x.exponent + y.exponent);
}

/* A y that may be 0 leaves nothing known: any value, with an infinite error. */
static inline plimi_wide w_div(plimi_wide x, plimi_wide y)
{
  if (!(fabs(y.part.value) > y.part.error))
    return (plimi_wide){{0.0, INFINITY}, 0};
  return w_settled(v_div(x.part, y.part), x.exponent - y.exponent);
}

static inline plimi_wide w_square(plimi_wide x)
{
  return w_mul(x, x);
}

static inline plimi_wide w_scale(double factor, plimi_wide x)
{
  return w_mul(w_exact(factor), x);
}

/* For x >= 0, as v_sqrt. */
static inline plimi_wide w_sqrt(plimi_wide x)
{
  const int odd = x.exponent % 2 != 0;
  const plim_value part = odd ? (plim_value){2.0 * x.part.value, 2.0 * x.part.error} : x.part;
  return w_settled(v_sqrt(part), (x.exponent - odd) / 2);
}

/* Every real number max(r, 0), r what x stands for. Where x may be on either side of 0 the error covers both. */
static inline plimi_wide w_positive_part(plimi_wide x)
{
  const double most = x.part.value + x.part.error;
  if (x.part.value >= x.part.error)
    return x;
  if (most <= 0.0)
    return w_exact(0.0);
  const double value = fmax(x.part.value, 0.0);
  const double error = fmax(value, most - value) * (1.0 + 4.0 * DBL_EPSILON);
  return (plimi_wide){v_rounded(value, error), x.exponent};
}

static inline int w_is_less(plimi_wide x, plimi_wide y)
{
  return w_sign(w_sub(x, y)) < 0;
}

/* Back to doubles. */
static inline plim_value w_value(plimi_wide x)
{
  if (x.exponent == 0)
    return x.part;
  const double value = ldexp(x.part.value, x.exponent), error = ldexp(x.part.error, x.exponent);
  return error < DBL_MIN ? v_rounded_small(value, error) : (plim_value){value, error};
}

/* The value alone. */
static inline double w_double(plimi_wide x)
{
  return ldexp(x.part.value, x.exponent);
}

#endif
