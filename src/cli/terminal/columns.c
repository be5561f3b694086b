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

size_t plimi_line_width(FILE *stream)
{
  enum {
    LEAST = 20,
    NARROWEST = 30
  }; /* narrower, nothing would be left to read; below the first, no width is meant */
  const char *text = getenv("COLUMNS");
  struct winsize window;
  unsigned long width = 0;
  if (stream != stdout)
    return 0;
  if (text != NULL && '0' <= text[0] && text[0] <= '9')
    width = strtoul(text, NULL, 10);
  if (width == 0 && isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0)
    width = window.ws_col;
  if (width < LEAST || width > 100000) /* as good as none */
    return 0;
  return width < NARROWEST ? NARROWEST : (size_t)width;
}

size_t plimi_text_width(FILE *stream)
{
  enum { USUAL = 100 };
  const size_t width = plimi_line_width(stream);
  return width > 0 && width < USUAL ? width : USUAL;
}

bool plimi_has_colours(FILE *stream)
{
  const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return stream == stdout && (none == NULL || none[0] == '\0') && terminal != NULL && terminal[0] != '\0' &&
         strcmp(terminal, "dumb") != 0 && isatty(STDOUT_FILENO) == 1;
}

/* The word says it; the colour only helps to find it. */
static const char *colour_of(const char *word, size_t length)
{
  static const struct {
    const char *word, *colour;
  } words[] = {{"AGREE", "\033[32m"},    {"DISAGREE", "\033[1;31m"}, {"UNDECIDED", "\033[33m"},
               {"WITHHELD", "\033[35m"}, {"withheld", "\033[35m"},   {"fails", "\033[1;31m"},
               {"absent", "\033[33m"}};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i].word) == length && strncmp(words[i].word, word, length) == 0)
      return words[i].colour;
  return NULL;
}

/* The first `bytes` of a cell; its first word in its colour. */
static void put_piece(const char *text, size_t bytes, FILE *stream)
{
  const size_t word = strcspn(text, " ") < bytes ? strcspn(text, " ") : bytes;
  const char *colour = plimi_has_colours(stream) ? colour_of(text, word) : NULL;
  if (colour != NULL)
    fprintf(stream, "%s%.*s\033[0m%.*s", colour, (int)word, text, (int)(bytes - word), text + word);
  else
    fprintf(stream, "%.*s", (int)bytes, text);
}

/* Bytes of `text` for the next line of a cell that is `width` characters wide: up to the last blank that fits, or as
   many characters as fit where there is none. */
static size_t piece_of(const char *text, size_t width)
{
  size_t bytes = 0, characters = 0, at_blank = 0;
  for (; text[bytes] != '\0'; bytes++) {
    const bool begins = ((unsigned char)text[bytes] & 0xC0) != 0x80;
    if (begins && characters == width)
      break;
    characters += begins ? 1 : 0;
    if (text[bytes] == ' ')
      at_blank = bytes;
  }
  if (text[bytes] == '\0' || text[bytes] == ' ' || at_blank == 0)
    return bytes;
  return at_blank;
}

/* Some of the columns, side by side: their numbers, and the width of each. `digits` > 0: the rows are numbered, to be
   found again in the next block. */
typedef struct {
  size_t *which, *widths;
  size_t count, digits;
} block;

/* One row; a cell wider than its column goes on below. */
static void print_row(const plimi_columns *columns, const block *b, size_t row, const char *indent,
                      const char **rest, FILE *stream)
{
  bool more = true, first = true;
  for (size_t k = 0; k < b->count; k++)
    rest[k] = columns->cells[row * columns->columns + b->which[k]];
  while (more) {
    more = false;
    size_t due = 0; /* blanks before the next text of the line */
    fputs(indent, stream);
    if (b->digits > 0 && first && row > 0)
      fprintf(stream, "%*zu  ", (int)b->digits, row);
    else if (b->digits > 0)
      due = b->digits + 2;
    first = false;
    for (size_t k = 0; k < b->count; k++) {
      const size_t piece = piece_of(rest[k], b->widths[k]);
      const size_t width = width_of(rest[k]) - width_of(rest[k] + piece);
      if (piece > 0) {
        fprintf(stream, "%*s", (int)due, "");
        put_piece(rest[k], piece, stream);
      }
      due = (piece > 0 ? 0 : due) + b->widths[k] - width + 2;
      rest[k] += piece;
      rest[k] += strspn(rest[k], " ");
      more = more || rest[k][0] != '\0';
    }
    fputc('\n', stream);
  }
}

static void print_block(const plimi_columns *columns, const block *b, const char *indent, FILE *stream)
{
  const char **rest = plimi_allocate(b->count, sizeof *rest);
  for (size_t row = 0; row < columns->count / columns->columns; row++)
    print_row(columns, b, row, indent, rest, stream);
  free(rest);
}

static bool is_constant(const plimi_columns *columns, size_t column)
{
  const size_t n = columns->columns, rows = columns->count / n;
  for (size_t row = 2; row < rows; row++)
    if (strcmp(columns->cells[row * n + column], columns->cells[n + column]) != 0)
      return false;
  return rows > 2;
}

/* What is the same in every row goes into a line above; the first column stays. Returns how many columns are left. */
static size_t take_out_constants(const plimi_columns *columns, size_t *left, const char *indent, size_t width,
                                 FILE *stream)
{
  const size_t n = columns->columns;
  plimi_message line = {.text = "in every row:"};
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || !is_constant(columns, i)) {
      left[kept++] = i;
      continue;
    }
    const char *value = columns->cells[n + i];
    plimi_message_add(&line, "  %s=%s", columns->cells[i], value[0] != '\0' ? value : "(none)");
  }
  if (kept < n) {
    fputs(indent, stream);
    plimi_print_wrapped(line.text, strlen(indent), strlen(indent), width, stream);
  }
  return kept;
}

enum { WRAPS = 24 }; /* words in a column so wide can be read */

/* Do all columns stand side by side once the last one, of words, is wrapped? */
static bool fits_wrapped(const size_t *left, size_t count, const size_t *widths, size_t width)
{
  size_t before = 0;
  for (size_t i = 0; i + 1 < count; i++)
    before += widths[left[i]] + 2;
  return widths[left[count - 1]] > WRAPS && before + WRAPS <= width;
}

/* The columns `left`, as many side by side as fit; the first of them begins every block. */
static void print_blocks(const plimi_columns *columns, const size_t *left, size_t count, const size_t *widths,
                         const char *indent, size_t width, FILE *stream)
{
  block b = {.which = plimi_allocate(count, sizeof *b.which),
             .widths = plimi_allocate(count, sizeof *b.widths)};
  size_t all = 0, rows = columns->count / columns->columns;
  for (size_t i = 0; i < count; i++)
    all += widths[left[i]] + (i > 0 ? 2 : 0);
  const bool wrapped = fits_wrapped(left, count, widths, width);
  if (all > width && count > 2 && !wrapped) {
    for (; rows > 0; rows /= 10)
      b.digits++;
    width -= b.digits + 2;
  }
  const size_t half = width / 2, lead = widths[left[0]] < half ? widths[left[0]] : half;
  size_t next = count > 1 ? 1 : 0;
  do {
    size_t used = lead;
    b.which[0] = left[0];
    b.widths[0] = lead;
    for (b.count = 1; next > 0 && next < count; next++) {
      const size_t own = widths[left[next]], room = width - used;
      if (own + 2 > room && b.count > 1 && !wrapped)
        break;
      b.which[b.count] = left[next];
      b.widths[b.count++] = own + 2 > room ? room - 2 : own;
      used += own + 2 > room ? room : own + 2;
    }
    print_block(columns, &b, indent, stream);
    if (next < count)
      fputc('\n', stream);
  } while (next > 0 && next < count);
  free(b.which);
  free(b.widths);
}

void plimi_columns_print(const plimi_columns *columns, const char *indent, FILE *stream)
{
  const size_t n = columns->columns, limit = plimi_line_width(stream);
  size_t total = 0, count = n;
  if (n == 0 || columns->count == 0)
    return;
  size_t *widths = plimi_allocate(n, sizeof *widths), *left = plimi_allocate(n, sizeof *left);
  for (size_t i = 0; i < columns->count; i++) {
    const size_t width = width_of(columns->cells[i]);
    if (width > widths[i % n])
      widths[i % n] = width;
  }
  for (size_t i = 0; i < n; i++) {
    left[i] = i;
    total += widths[i] + 2;
  }
  size_t width = limit > 0 ? limit - strlen(indent) : total;
  if (limit > 0 && total - 2 > width)
    count = take_out_constants(columns, left, indent, limit, stream);
  print_blocks(columns, left, count, widths, indent, limit > 0 ? width : total, stream);
  free(widths);
  free(left);
}

void plimi_columns_free(plimi_columns *columns)
{
  for (size_t i = 0; i < columns->count; i++)
    free(columns->cells[i]);
  free(columns->cells);
  *columns = (plimi_columns){NULL, 0, 0, 0};
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
    const size_t wide = width_of(word) - width_of(word + length);
    if (!fresh && column + blanks + wide > width) {
      fprintf(stream, "\n%*s", (int)indent, "");
      column = indent;
      fresh = true;
    }
    const size_t gap = fresh ? 0 : blanks;
    fprintf(stream, "%*s%.*s", (int)gap, "", (int)length, word);
    column += wide + gap;
    fresh = false;
    text = word + length;
  }
  fputc('\n', stream);
}
