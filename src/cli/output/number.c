/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every decimal of DBL_DIG digits survives the way into a normal double and back, so a number that has a text of so
   many or fewer is found with so many (printf's %g drops zeros at the end); a subnormal number has fewer. */
enum { SAFE = DBL_DIG, NEARLY = SAFE + 1, MOST = SAFE + 2, SIZE = sizeof(plimi_number_text) };

static bool reads_back(double number, int digits, char *text)
{
  snprintf(text, SIZE, "%.*g", digits, number);
  return strtod(text, NULL) == number;
}

/* What may become of a normal number whose text with NEARLY digits reads back, with SAFE of them: the same text, one
   that is to be tried, or none. In units of the last of NEARLY digits a text with SAFE is a multiple of 10, the number
   is below 10^16, and what reads back to it lies within half a place, 2^-53 of it: 1.2 units, and half a one for the
   rounding to NEARLY digits. So the last of these is 9, 0 or 1. */
typedef enum { THE_SAME, TO_BE_TRIED, NONE } shorter;
static shorter shorter_than(const char *nearly)
{
  int digits = 0;
  char last = '0';
  for (; *nearly != '\0' && *nearly != 'e'; nearly++) {
    if (*nearly < '0' || *nearly > '9' || (digits == 0 && *nearly == '0'))
      continue;
    digits++;
    last = *nearly;
  }
  if (digits < NEARLY)
    return THE_SAME; /* it ended in zeros */
  return last == '9' || last == '0' || last == '1' ? TO_BE_TRIED : NONE;
}

/* The text, as %g gives it, and its precision. NEARLY digits come first, as most numbers have that many or one more: a
   text with fewer is one with as many, and the nearest of these is no farther from the number, so where it does not
   read back no shorter does. But below a power of 2 doubles are twice as close as above: the nearest may lie below and
   not read back, where one above that is farther does. */
static int write_shortest(double number, char *text)
{
  if (fabs(number) < DBL_MIN) {
    int digits = 1;
    while (!reads_back(number, digits, text))
      digits++;
    return digits;
  }
  if (!reads_back(number, NEARLY, text)) {
    if (fabs(frexp(number, &(int){0})) == 0.5 && reads_back(number, SAFE, text))
      return SAFE;
    snprintf(text, SIZE, "%.*g", MOST, number);
    return MOST;
  }
  const shorter found = shorter_than(text);
  if (found == NONE)
    return NEARLY;
  char tried[SIZE];
  if (found == TO_BE_TRIED && !reads_back(number, SAFE, tried))
    return NEARLY;
  if (found == TO_BE_TRIED)
    memcpy(text, tried, sizeof tried);
  return SAFE;
}

int plimi_number_digits(double number)
{
  return write_shortest(number, (char[SIZE]){0});
}

plimi_number_text plimi_number_write(double number)
{
  plimi_number_text made;
  write_shortest(number, made.text);
  char *exponent = strchr(made.text, 'e');
  if (exponent != NULL) {
    char *sign = exponent + 1, *digits = sign + 1;
    char *to = *sign == '-' ? digits : sign;
    digits += strspn(digits, "0");
    memmove(to, digits, strlen(digits) + 1);
  }
  return made;
}
