/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "journal/line.h"

enum { DIGITS = PLIMI_LINE_PREFIX - 1 };

bool plimi_journal_line_write(const json_t *object, FILE *stream)
{
  char *text = json_dumps(object, JSON_COMPACT);
  if (text == NULL) {
    errno = ENOMEM;
    return false;
  }
  const bool written = plimi_line_write(text, strlen(text), stream);
  free(text);
  return written;
}

json_t *plimi_journal_line_read(const char *line, size_t length)
{
  const char *text = plimi_line_text(line, length);
  return text != NULL ? json_loadb(text, length - PLIMI_LINE_PREFIX, 0, NULL) : NULL;
}

plimi_journal_head plimi_journal_head_of(const char *bytes, int *layout)
{
  static const char begin[] = " {\"journal\":";
  if (strspn(bytes, "0123456789abcdef") == DIGITS && strncmp(bytes + DIGITS, begin, sizeof begin - 1) == 0)
    return PLIMI_JOURNAL_HEAD_OURS;
  const bool is_older = sscanf(bytes, "{\"journal\":%d,", layout) == 1 && *layout < PLIMI_JOURNAL_LAYOUT;
  return is_older ? PLIMI_JOURNAL_HEAD_OLDER : PLIMI_JOURNAL_HEAD_OTHER;
}
