/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job_values.c - what part of a command a job does, and for how long. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/* The whole number before `end` in *text, which moves past that character. */
static bool read_part(const char **text, char end, uint64_t *part)
{
  char digits[24];
  const char *stop = strchr(*text, end); /* end may be NUL */
  if (stop == NULL || stop == *text || (size_t)(stop - *text) >= sizeof digits)
    return false;
  memcpy(digits, *text, (size_t)(stop - *text));
  digits[stop - *text] = '\0';
  if (strspn(digits, "0123456789") != strlen(digits))
    return false;
  *text = stop + (end != '\0' ? 1 : 0);
  return plimi_read_whole(digits, part);
}

bool plimi_read_shard(const char *text, plimi_integers *shard)
{
  uint64_t number, of;
  if (!read_part(&text, '/', &number) || !read_part(&text, '\0', &of) || number < 1 || number > of ||
      of > PLIMI_MOST_SHARDS)
    return false;
  free(shard->values);
  shard->values = plimi_allocate(2, sizeof *shard->values);
  shard->values[0] = number;
  shard->values[1] = of;
  shard->count = 2;
  return true;
}

/* HH:MM:SS; hours may be many. */
static bool read_clock(const char *text, double *seconds)
{
  const uint64_t most_hours = 1000000;
  uint64_t h, m, s;
  if (!read_part(&text, ':', &h) || !read_part(&text, ':', &m) || !read_part(&text, '\0', &s) || m > 59 ||
      s > 59 || h > most_hours)
    return false;
  *seconds = 3600.0 * (double)h + 60.0 * (double)m + (double)s;
  return *seconds > 0.0;
}

bool plimi_read_limit(const char *text, plimi_numbers *limit)
{
  const plimi_range range = {.low = 0.0, .high = DBL_MAX, .above_low = true};
  plimi_numbers read = {NULL, 0};
  double seconds = INFINITY;
  if (strchr(text, ':') != NULL) {
    if (!read_clock(text, &seconds))
      return false;
  } else if (strcmp(text, "slurm") != 0) {
    if (!plimi_read_seconds(text, &range, &read))
      return false;
    seconds = read.values[0];
    free(read.values);
  }
  free(limit->values);
  limit->values = plimi_allocate(1, sizeof *limit->values);
  limit->values[0] = seconds;
  limit->count = 1;
  return true;
}
