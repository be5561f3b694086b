/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c - what a file holds, by its length and a checksum. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include <zlib.h>

#include "../terminal/message.h"
#include "provenance.h"

json_t *plimi_provenance_content(const char *path)
{
  unsigned char block[1 << 14];
  char digits[9];
  unsigned long sum = 0;
  json_int_t bytes = 0;
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
    return json_null();
  FILE *file = plimi_unless_no_memory(fopen(path, "rb"));
  if (file == NULL)
    return json_null();
  for (size_t read; (read = fread(block, 1, sizeof block, file)) > 0; bytes += (json_int_t)read)
    sum = crc32_z(sum, block, read);
  const bool whole = ferror(file) == 0;
  fclose(file);
  snprintf(digits, sizeof digits, "%08lx", sum);
  if (!whole)
    return json_null();
  json_t *object = json_object();
  json_object_set_new(object, "bytes", json_integer(bytes));
  json_object_set_new(object, "crc32", plimi_json_text(digits));
  return object;
}
