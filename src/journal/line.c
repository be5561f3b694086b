/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "line.h"

#include <string.h>

#include <zlib.h>

/* The digits for `text`, and the blank. */
static void make_prefix(const char *text, size_t length, char prefix[PLIMI_LINE_PREFIX + 1])
{
  snprintf(prefix, PLIMI_LINE_PREFIX + 1, "%08lx ",
           (unsigned long)crc32_z(0, (const unsigned char *)text, length));
}

bool plimi_line_write(const char *text, size_t length, FILE *stream)
{
  char prefix[PLIMI_LINE_PREFIX + 1];
  make_prefix(text, length, prefix);
  return fwrite(prefix, 1, PLIMI_LINE_PREFIX, stream) == PLIMI_LINE_PREFIX &&
         fwrite(text, 1, length, stream) == length && fwrite("\n", 1, 1, stream) == 1 && fflush(stream) == 0;
}

const char *plimi_line_text(const char *line, size_t length)
{
  char prefix[PLIMI_LINE_PREFIX + 1];
  if (length < PLIMI_LINE_PREFIX)
    return NULL;
  make_prefix(line + PLIMI_LINE_PREFIX, length - PLIMI_LINE_PREFIX, prefix);
  return memcmp(line, prefix, PLIMI_LINE_PREFIX) == 0 ? line + PLIMI_LINE_PREFIX : NULL;
}
