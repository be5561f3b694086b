/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "columns.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "message.h"

void plimi_columns_add(plimi_columns *columns, const char *text)
{
  if (columns->count == columns->room) {
    columns->room = 2 * columns->room + 64;
    columns->cells = plimi_reallocate(columns->cells, columns->room, sizeof *columns->cells);
  }
  columns->cells[columns->count++] = plimi_copy(text);
}

void plimi_columns_addf(plimi_columns *columns, const char *format, ...)
{
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  plimi_columns_add(columns, text);
}

/* Characters, not bytes: continuation bytes of UTF-8 take no room. */
static size_t width_of(const char *text)
{
  size_t width = 0;
  for (; *text != '\0'; text++)
    width += ((unsigned char)*text & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

void plimi_columns_print(const plimi_columns *columns, const char *indent, FILE *stream)
{
  const size_t n = columns->columns;
  if (n == 0)
    return;
  size_t *widths = plimi_allocate(n, sizeof *widths);
  for (size_t i = 0; i < columns->count; i++) {
    const size_t width = width_of(columns->cells[i]);
    if (width > widths[i % n])
      widths[i % n] = width;
  }
  for (size_t i = 0; i < columns->count; i++) {
    const char *text = columns->cells[i];
    if (i % n == 0)
      fputs(indent, stream);
    fputs(text, stream);
    if ((i + 1) % n == 0)
      fputc('\n', stream);
    else
      fprintf(stream, "%*s", (int)(widths[i % n] - width_of(text) + 2), "");
  }
  free(widths);
}

void plimi_columns_free(plimi_columns *columns)
{
  for (size_t i = 0; i < columns->count; i++)
    free(columns->cells[i]);
  free(columns->cells);
  *columns = (plimi_columns){NULL, 0, 0, 0};
}

size_t plimi_line_width(void)
{
  enum { LEAST = 20, MOST = 1000000, USUAL = 100 };
  const char *given = getenv("COLUMNS");
  char *end = NULL;
  const long number = given != NULL ? strtol(given, &end, 10) : 0;
  if (number >= LEAST && number <= MOST && *end == '\0')
    return (size_t)number;
  struct winsize window;
  if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= LEAST)
    return window.ws_col;
  return USUAL;
}

void plimi_print_wrapped(const char *text, size_t at, size_t indent, size_t width, FILE *stream)
{
  size_t column = at;
  bool fresh = true;
  while (*text != '\0') {
    const size_t blanks = strspn(text, " "), length = strcspn(text + blanks, " ");
    if (length == 0)
      break;
    const char *word = text + blanks;
    if (!fresh && column + blanks + length > width) {
      fprintf(stream, "\n%*s", (int)indent, "");
      column = indent;
      fresh = true;
    }
    const size_t gap = fresh ? 0 : blanks;
    fprintf(stream, "%*s%.*s", (int)gap, "", (int)length, word);
    column += length + gap;
    fresh = false;
    text = word + length;
  }
  fputc('\n', stream);
}
