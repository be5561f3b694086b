/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum { DIGITS = 8, PREFIX = DIGITS + 1 };

/* The digits for `text`, and the blank. */
static void write_prefix(const char *text, size_t length, char *prefix)
{
  snprintf(prefix, PREFIX + 1, "%08lx ", (unsigned long)crc32_z(0, (const unsigned char *)text, length));
}

bool plimi_journal_line_write(const json_t *object, FILE *stream)
{
  char prefix[PREFIX + 1];
  char *text = json_dumps(object, JSON_COMPACT);
  if (text == NULL) {
    errno = ENOMEM;
    return false;
  }
  const size_t length = strlen(text);
  write_prefix(text, length, prefix);
  const bool written = fwrite(prefix, 1, PREFIX, stream) == PREFIX &&
                       fwrite(text, 1, length, stream) == length && fwrite("\n", 1, 1, stream) == 1 &&
                       fflush(stream) == 0;
  free(text);
  return written;
}

json_t *plimi_journal_line_read(const char *line, size_t length)
{
  char prefix[PREFIX + 1];
  if (length < PREFIX)
    return NULL;
  write_prefix(line + PREFIX, length - PREFIX, prefix);
  if (memcmp(line, prefix, PREFIX) != 0)
    return NULL;
  return json_loadb(line + PREFIX, length - PREFIX, 0, NULL);
}

plimi_journal_head plimi_journal_head_of(const char *bytes, int *layout)
{
  static const char begin[] = " {\"journal\":";
  if (strspn(bytes, "0123456789abcdef") == DIGITS && strncmp(bytes + DIGITS, begin, sizeof begin - 1) == 0)
    return PLIMI_JOURNAL_HEAD_OURS;
  const bool is_older = sscanf(bytes, "{\"journal\":%d,", layout) == 1 && *layout < PLIMI_JOURNAL_LAYOUT;
  return is_older ? PLIMI_JOURNAL_HEAD_OLDER : PLIMI_JOURNAL_HEAD_OTHER;
}
