/* SPDX-License-Identifier: GPL-3.0-or-later */
/* numerals.c - where the numbers written in an expression put its narrow features.

   Nothing is decided by them: they say where to look closer, so that a number read wrongly costs a look. */
#include "numerals.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

/* The length of the digits, point and exponent at `text`. */
static size_t numeral_length(const char *text)
{
  static const char digits[] = "0123456789";
  size_t length = strspn(text, digits);
  if (text[length] == '.')
    length += 1 + strspn(text + length + 1, digits);
  if (text[length] == 'e' || text[length] == 'E') {
    const size_t sign = text[length + 1] == '+' || text[length + 1] == '-' ? 2 : 1;
    const size_t exponent = strspn(text + length + sign, digits);
    length += exponent > 0 ? sign + exponent : 0;
  }
  return length;
}

static double numeral_value(const char *text, size_t length)
{
  char copy[LONGEST + 1];
  if (length > LONGEST)
    return NAN;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return strtod(copy, NULL);
}

static size_t read_numerals(const char *text, double *numeral)
{
  size_t count = 0;
  for (const char *c = text; *c != '\0' && count < PLIMI_MOST_NUMERALS;) {
    const bool begins = isdigit((unsigned char)*c) || (*c == '.' && isdigit((unsigned char)c[1]));
    const bool in_name = c > text && (isalnum((unsigned char)c[-1]) || c[-1] == '_');
    const size_t length = begins ? numeral_length(c) : 1;
    if (begins && !in_name)
      numeral[count++] = numeral_value(c, length);
    c += length;
  }
  return count;
}

static void add(double z, double reach, double *place, size_t *count)
{
  if (!(z > 0.0 && z <= reach))
    return;
  for (size_t i = 1; i < *count; i += 2) {
    if (place[i] == z)
      return;
  }
  place[(*count)++] = z;
  place[(*count)++] = -z;
}

size_t plimi_numeral_places(const char *text, double reach, double *place)
{
  double numeral[PLIMI_MOST_NUMERALS];
  const size_t numerals = read_numerals(text, numeral);
  size_t count = 1;
  place[0] = 0.0;
  for (size_t i = 0; i < numerals; i++) {
    add(numeral[i], reach, place, &count);
    for (size_t j = 0; j < numerals; j++)
      add(numeral[i] / numeral[j], reach, place, &count);
  }
  return count;
}
