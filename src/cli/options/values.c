/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_POINTS = 1000000
}; /* of one grid: a second to read; beyond it a mistake is likelier than a wish */

/* `fine`: the ends as long double, closer to the decimals that were typed. */
typedef struct {
  double start, stop;
  long double fine_start, fine_stop;
  size_t count;
  bool logarithmic;
} grid;

char *plimi_next_element(const char **rest)
{
  const char *text = *rest;
  size_t length = 0;
  int depth = 0;
  bool quoted = false;
  for (; text[length] != '\0'; length++) {
    const char c = text[length];
    if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '(')
      depth++;
    else if (!quoted && c == ')' && depth > 0)
      depth--;
    else if (c == ',' && depth == 0 && !quoted)
      break;
  }
  *rest = text[length] == ',' ? text + length + 1 : NULL;
  char *element = plimi_allocate(length + 1, 1);
  memcpy(element, text, length);
  return element;
}

static bool is_in_range(double x, const plimi_range *range)
{
  if (isinf(x) && x > 0.0)
    return range->infinity_allowed;
  if (!isfinite(x))
    return false;
  return (range->above_low ? x > range->low : x >= range->low) &&
         (range->below_high ? x < range->high : x <= range->high);
}

/* strtod would also skip blanks and read nan(...) and the like. */
bool plimi_read_number(const char *text, double *number)
{
  char *end;
  if (text[0] == '\0' || isspace((unsigned char)text[0]))
    return false;
  errno = 0;
  const double x = strtod(text, &end);
  if (*end != '\0' || isnan(x))
    return false;
  if (errno == ERANGE) /* 1e999 is not infinity and 1e-400 not 0: a double has no room for them */
    return false;
  *number = x + 0.0; /* -0 is 0 */
  return true;
}

bool plimi_read_whole(const char *text, uint64_t *whole)
{
  char *end;
  if (!isdigit((unsigned char)text[0]))
    return false;
  errno = 0;
  const uint64_t n = strtoumax(text, &end, 10);
  if (errno != 0)
    return false;
  if (*end != '\0') { /* 1e3 and 512.0 are whole numbers too */
    double x;
    if (!plimi_read_number(text, &x) || x != floor(x) || x > 9007199254740992.0)
      return false;
    *whole = (uint64_t)x;
    return true;
  }
  *whole = n;
  return true;
}

static bool read_grid(const char *element, grid *points, plimi_message *why)
{
  char *copy = plimi_copy(element), *fields[4] = {copy, NULL, NULL, NULL};
  size_t n = 1;
  for (char *c = copy; *c != '\0'; c++) {
    if (*c != ':')
      continue;
    *c = '\0';
    if (n == 4) {
      n = 5;
      break;
    }
    fields[n++] = c + 1;
  }
  uint64_t count = 0;
  bool ok = (n == 3 || n == 4) && plimi_read_number(fields[0], &points->start) && isfinite(points->start) &&
            plimi_read_number(fields[1], &points->stop) && isfinite(points->stop) &&
            plimi_read_whole(fields[2], &count);
  points->logarithmic = n == 4 && ok && strcmp(fields[3], "log") == 0;
  if (ok && n == 4 && !points->logarithmic)
    ok = false;
  if (ok && (count == 0 || count > MOST_POINTS)) {
    plimi_message_set(why, "a grid has 1 to %d points", MOST_POINTS);
    ok = false;
  } else if (ok && count == 1 && points->start != points->stop) {
    plimi_message_set(why, "a grid of 1 point has start equal to stop");
    ok = false;
  } else if (ok && points->logarithmic && !(points->start > 0.0 && points->stop > 0.0)) {
    plimi_message_set(why, "a logarithmic grid starts and stops above 0");
    ok = false;
  }
  points->count = (size_t)count;
  if (ok) { /* the texts have passed plimi_read_number */
    points->fine_start = strtold(fields[0], NULL);
    points->fine_stop = strtold(fields[1], NULL);
  }
  free(copy);
  return ok;
}

/* The double of the decimal that is meant: a point that lies within its rounding of a short decimal is that
   decimal. Any other number has such a neighbour with a chance of 1 in 500 at most, and moves by a few units in the
   last place. */
static double as_typed(long double x)
{
  enum { SHORT = 12 };
  const long double rounding = 4.0L * DBL_EPSILON;
  char text[32];
  snprintf(text, sizeof text, "%.*Lg", SHORT, x);
  const long double decimal = strtold(text, NULL);
  return fabsl(decimal - x) <= rounding * fabsl(x) ? strtod(text, NULL) : (double)x;
}

/* Both ends exact; what is an exact decimal, 2 in 0.5:8:5:log, comes out as the double one would get by typing it. */
static double grid_point(const grid *points, size_t i)
{
  if (i == 0)
    return points->start;
  if (i + 1 == points->count)
    return points->stop;
  const long double start = points->fine_start, stop = points->fine_stop;
  const long double t = (long double)i / (long double)(points->count - 1);
  if (points->logarithmic)
    return as_typed(powl(10.0L, (1.0L - t) * log10l(start) + t * log10l(stop)));
  return as_typed((1.0L - t) * start + t * stop);
}

/* One element of a list into numbers[*count...], growing it. */
static bool read_element(const char *element, const plimi_range *range, plimi_numbers *numbers,
                         plimi_message *why)
{
  grid points = {.count = 1};
  if (strchr(element, ':') != NULL) {
    if (!read_grid(element, &points, why))
      return false;
  } else {
    if (!plimi_read_number(element, &points.start))
      return false;
    points.stop = points.start;
  }
  if (!is_in_range(points.start, range) || !is_in_range(points.stop, range))
    return false;
  numbers->values = plimi_reallocate(numbers->values, numbers->count + points.count, sizeof(double));
  for (size_t i = 0; i < points.count; i++)
    numbers->values[numbers->count++] = grid_point(&points, i);
  return true;
}

bool plimi_read_numbers(const char *text, const plimi_range *range, plimi_numbers *numbers,
                        plimi_message *why)
{
  plimi_numbers read = {NULL, 0};
  const char *rest = text;
  bool ok = true;
  plimi_message_set(why, "%s", "");
  while (ok && rest != NULL) {
    char *element = plimi_next_element(&rest);
    ok = read_element(element, range, &read, why);
    free(element);
  }
  if (!ok) {
    free(read.values);
    return false;
  }
  *numbers = read;
  return true;
}

bool plimi_read_span(const char *text, const plimi_range *range, plimi_numbers *numbers)
{
  char *low = plimi_copy(text), *high = strchr(low, ':');
  double ends[2] = {0.0, 0.0};
  bool ok = high != NULL;
  if (ok) {
    *high++ = '\0';
    ok = plimi_read_number(low, &ends[0]) && plimi_read_number(high, &ends[1]) &&
         is_in_range(ends[0], range) && is_in_range(ends[1], range) && ends[0] < ends[1];
  }
  free(low);
  if (!ok)
    return false;
  numbers->values = plimi_allocate(2, sizeof ends[0]);
  memcpy(numbers->values, ends, sizeof ends);
  numbers->count = 2;
  return true;
}

/* 0.5, or 1/2. */
static bool read_quotient(const char *element, double *number)
{
  char *over = plimi_copy(element), *under = strchr(over, '/');
  double divisor = 1.0;
  if (under != NULL)
    *under++ = '\0';
  const bool ok = plimi_read_number(over, number) && (under == NULL || plimi_read_number(under, &divisor)) &&
                  isfinite(*number) && isfinite(divisor) && divisor != 0.0;
  *number /= divisor;
  free(over);
  return ok;
}

bool plimi_read_rates(const char *text, plimi_numbers *numbers, plimi_message *why)
{
  enum { MOST = 3 };
  plimi_numbers read = {.values = plimi_allocate(MOST, sizeof(double))};
  const char *rest = text;
  bool ok = true;
  while (ok && rest != NULL && read.count < MOST) {
    char *element = plimi_next_element(&rest);
    double *rate = &read.values[read.count];
    ok = read_quotient(element, rate) && *rate > 0.0 && isfinite(*rate);
    if (ok && read.count > 0 && *rate <= rate[-1]) {
      plimi_message_set(why, "the powers ascend");
      ok = false;
    }
    read.count++;
    free(element);
  }
  if (!ok || rest != NULL) {
    free(read.values);
    return false;
  }
  *numbers = read;
  return true;
}

bool plimi_read_seconds(const char *text, const plimi_range *range, plimi_numbers *numbers)
{
  static const struct {
    char letter;
    double seconds;
  } units[] = {{'s', 1.0}, {'m', 60.0}, {'h', 3600.0}};
  char *number = plimi_copy(text);
  const size_t length = strlen(number);
  double seconds = 0.0, unit = 1.0;
  for (size_t i = 0; length > 0 && i < sizeof units / sizeof units[0]; i++) {
    if (text[length - 1] == units[i].letter) {
      unit = units[i].seconds;
      number[length - 1] = '\0';
    }
  }
  const bool ok = plimi_read_number(number, &seconds) && is_in_range(seconds * unit, range);
  free(number);
  if (!ok)
    return false;
  numbers->values = plimi_allocate(1, sizeof seconds);
  numbers->values[0] = seconds * unit;
  numbers->count = 1;
  return true;
}

static int compare_integers(const void *a, const void *b)
{
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* A size or a seed that comes twice would be the same experiment counted twice. */
static bool has_repeat(const plimi_integers *integers, uint64_t *repeated)
{
  uint64_t *sorted = plimi_allocate(integers->count, sizeof *sorted);
  memcpy(sorted, integers->values, integers->count * sizeof *sorted);
  qsort(sorted, integers->count, sizeof *sorted, compare_integers);
  bool found = false;
  for (size_t i = 1; i < integers->count && !found; i++) {
    found = sorted[i] == sorted[i - 1];
    *repeated = sorted[i];
  }
  free(sorted);
  return found;
}

static bool read_integer_element(const char *element, const plimi_range *range, plimi_integers *integers,
                                 plimi_message *why)
{
  uint64_t whole;
  plimi_numbers points = {NULL, 0};
  if (strchr(element, ':') == NULL) {
    if (!plimi_read_whole(element, &whole) || !is_in_range((double)whole, range))
      return false;
    integers->values = plimi_reallocate(integers->values, integers->count + 1, sizeof *integers->values);
    integers->values[integers->count++] = whole;
    return true;
  }
  if (!read_element(element, range, &points, why))
    return false;
  integers->values =
      plimi_reallocate(integers->values, integers->count + points.count, sizeof *integers->values);
  bool ok = true;
  for (size_t i = 0; i < points.count; i++) {
    ok = ok && fabs(points.values[i]) <= 9007199254740992.0; /* beyond 2^53 rounding is not ours to do */
    integers->values[integers->count++] = ok ? (uint64_t)round(points.values[i]) : 0;
  }
  free(points.values);
  return ok;
}

bool plimi_read_integers(const char *text, const plimi_range *range, plimi_integers *integers,
                         plimi_message *why)
{
  plimi_integers read = {NULL, 0};
  const char *rest = text;
  uint64_t repeated = 0;
  bool ok = true;
  plimi_message_set(why, "%s", "");
  while (ok && rest != NULL) {
    char *element = plimi_next_element(&rest);
    ok = read_integer_element(element, range, &read, why);
    free(element);
  }
  if (ok && has_repeat(&read, &repeated)) {
    plimi_message_set(why, "%" PRIu64 " comes twice", repeated);
    ok = false;
  }
  if (!ok) {
    free(read.values);
    return false;
  }
  *integers = read;
  return true;
}
