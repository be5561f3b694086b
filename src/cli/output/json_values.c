/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "json_values.h"

#include <math.h>
#include <stdlib.h>

#include "../terminal/message.h"

static void *allocate(size_t size)
{
  return plimi_allocate(size, 1);
}

void plimi_json_set_allocator(void)
{
  json_set_alloc_funcs(allocate, free);
}

json_t *plimi_json_text(const char *text)
{
  json_t *string = text != NULL ? json_string(text) : NULL;
  return string != NULL ? string : json_null();
}

json_t *plimi_json_number(double number)
{
  return isfinite(number) ? json_real(number) : json_null();
}

json_t *plimi_json_load(const char *path, size_t flags)
{
  FILE *file = plimi_unless_no_memory(fopen(path, "r"));
  json_t *read = file != NULL ? json_loadf(file, flags, NULL) : NULL;
  if (file != NULL)
    fclose(file);
  return read;
}
