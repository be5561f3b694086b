/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide.c - the arithmetic of wide.h where a number needs its exponent: zeros, and sizes that leave the range. */
#include "wide.h"

plimi_wide plimi_wide_rescaled(plim_value part, int exponent)
{
  const double size = fmax(fabs(part.value), part.error);
  if (size == 0.0)
    return (plimi_wide){part, 0};
  if ((size >= 0x1p-256 && size <= 0x1p256) || !isfinite(size))
    return (plimi_wide){part, exponent};
  int shift;
  frexp(size, &shift);
  return (plimi_wide){{ldexp(part.value, -shift), ldexp(part.error, -shift)}, exponent + shift};
}
