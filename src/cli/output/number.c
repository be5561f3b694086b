/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every decimal of this many digits survives the way into a normal double and back, so a number that has so short a
   text is found here in one go (printf's %g drops zeros at the end); a subnormal number has fewer. */
enum { SAFE = DBL_DIG, MOST = 17 };

int plimi_number_digits(double number)
{
  char text[32];
  int digits = fabs(number) < DBL_MIN ? 1 : SAFE;
  for (; digits < MOST; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, number);
    if (strtod(text, NULL) == number)
      break;
  }
  return digits;
}

plimi_number_text plimi_number_write(double number)
{
  plimi_number_text made;
  snprintf(made.text, sizeof made.text, "%.*g", plimi_number_digits(number), number);
  char *exponent = strchr(made.text, 'e');
  if (exponent != NULL) {
    char *sign = exponent + 1, *digits = sign + 1;
    char *to = *sign == '-' ? digits : sign;
    digits += strspn(digits, "0");
    memmove(to, digits, strlen(digits) + 1);
  }
  return made;
}
