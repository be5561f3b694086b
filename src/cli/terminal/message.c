/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "message.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "temporary.h"

/* Of a rank that is not the first: whose complaint it would be, and what that was; and how the program fails. */
static char who[256];
static bool is_quiet;
static plimi_message kept;
static void (*end_job)(int status);

void plimi_complain_last(const char *of_whom)
{
  snprintf(who, sizeof who, "%s", of_whom);
  is_quiet = true;
}

const char *plimi_last_complaint(void)
{
  return kept.text;
}

void plimi_fail_by(void (*end)(int status))
{
  end_job = end;
}

static void append(plimi_message *message, const char *format, va_list arguments)
{
  const size_t size = sizeof message->text, used = strlen(message->text);
  const int wanted = vsnprintf(message->text + used, size - used, format, arguments);
  if (wanted >= 0 && (size_t)wanted >= size - used)
    memcpy(message->text + size - 4, "...", 4);
}

void plimi_message_set(plimi_message *message, const char *format, ...)
{
  va_list arguments;
  message->text[0] = '\0';
  va_start(arguments, format);
  append(message, format, arguments);
  va_end(arguments);
}

void plimi_message_add(plimi_message *message, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  append(message, format, arguments);
  va_end(arguments);
}

void plimi_message_add_rough(plimi_message *message, double number)
{
  const bool has_whole_digits = number >= 9.95 && number < 999500.0;
  plimi_message_add(message, has_whole_digits ? "%.0f" : "%.2g", number);
}

void plimi_message_add_time(plimi_message *message, double seconds)
{
  static const struct {
    double below, unit;
    const char *name;
  } units[] = {{90.0, 1.0, "s"}, {5400.0, 60.0, "min"}, {HUGE_VAL, 3600.0, "h"}};
  size_t i = 0;
  while (!(seconds < units[i].below) && i + 1 < sizeof units / sizeof units[0])
    i++;
  plimi_message_add_rough(message, seconds / units[i].unit);
  plimi_message_add(message, " %s", units[i].name);
}

size_t plimi_utf8_length(const char *text)
{
  const unsigned char *c = (const unsigned char *)text;
  if (c[0] < 0x80)
    return 1;
  const size_t length = c[0] >= 0xf0 && c[0] < 0xf5   ? 4
                        : c[0] >= 0xe0 && c[0] < 0xf0 ? 3
                        : c[0] >= 0xc2 && c[0] < 0xe0 ? 2
                                                      : 0;
  for (size_t i = 1; i < length; i++)
    if ((c[i] & 0xc0) != 0x80)
      return 0;
  const bool overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
  const bool outside = (c[0] == 0xed && c[1] >= 0xa0) || (c[0] == 0xf4 && c[1] >= 0x90);
  return overlong || outside ? 0 : length;
}

/* The same, and 0 for a control character, which a terminal would obey. */
static size_t printable(const char *text)
{
  const unsigned char *c = (const unsigned char *)text;
  if (c[0] < 0x80)
    return c[0] >= ' ' && c[0] != 0x7f ? 1 : 0;
  return c[0] == 0xc2 && c[1] < 0xa0 ? 0 : plimi_utf8_length(text);
}

void plimi_print_escaped(const char *text, FILE *stream)
{
  while (*text != '\0') {
    const size_t length = printable(text);
    if (length > 0)
      fwrite(text, 1, length, stream);
    else
      fprintf(stream, "\\x%02x", (unsigned)(unsigned char)*text);
    text += length > 0 ? length : 1;
  }
}

static void say(const char *format, va_list arguments)
{
  plimi_message message = {.text = ""};
  append(&message, format, arguments);
  if (is_quiet) {
    kept = message;
    return;
  }
  fputs("plim: ", stderr);
  fputs(who, stderr);
  plimi_print_escaped(message.text, stderr);
  fputc('\n', stderr);
}

void plimi_complain(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  say(format, arguments);
  va_end(arguments);
}

static struct {
  bool quiet, verbose;
} voice; /* of the process, set once its command line is read */

void plimi_message_voice(bool quiet, bool verbose)
{
  voice.quiet = quiet;
  voice.verbose = verbose;
}

bool plimi_is_quiet(void)
{
  return voice.quiet;
}

bool plimi_is_verbose(void)
{
  return voice.verbose;
}

void plimi_note(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (!voice.quiet && !is_quiet)
    say(format, arguments);
  va_end(arguments);
}

void plimi_tell(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (voice.verbose && !is_quiet)
    say(format, arguments);
  va_end(arguments);
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

enum { LONGEST = 40 }; /* names are short; anything longer is not a typing mistake */

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
static size_t edits(const char *a, const char *b)
{
  const size_t m = strlen(a), n = strlen(b);
  size_t table[LONGEST + 1][LONGEST + 1];
  if (m > LONGEST || n > LONGEST)
    return SIZE_MAX;
  for (size_t i = 0; i <= m; i++) {
    for (size_t j = 0; j <= n; j++) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      size_t best = least(table[i - 1][j] + 1, table[i][j - 1] + 1);
      best = least(best, table[i - 1][j - 1] + swap);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = least(best, table[i - 2][j - 2] + 1);
      table[i][j] = best;
    }
  }
  return table[m][n];
}

const char *plimi_nearest(const char *word, const char *const *candidates, size_t count)
{
  const char *nearest = NULL;
  size_t fewest = 1 + strlen(word) / 3; /* one edit in three letters is still a typing mistake */
  for (size_t i = 0; i < count; i++) {
    const size_t distance = edits(word, candidates[i]);
    if (distance <= fewest && (nearest == NULL || distance < fewest)) {
      nearest = candidates[i];
      fewest = distance;
    }
  }
  if (nearest != NULL || strlen(word) < 3)
    return nearest;
  for (size_t i = 0; i < count; i++) /* "simul" means simulate */
    if (strncmp(word, candidates[i], strlen(word)) == 0)
      return candidates[i];
  return NULL;
}

/* Not by exit(): it may be a worker of a simulation that got no memory, and the others still use what exit() tears
   down. */
void plimi_no_memory(void)
{
  is_quiet = false;
  plimi_complain("memory could not be allocated");
  if (end_job != NULL)
    end_job(PLIM_EXIT_FAILED);
  plimi_temporaries_remove();
  fflush(stdout);
  _exit(PLIM_EXIT_FAILED);
}

void *plimi_unless_no_memory(void *result)
{
  if (result == NULL && errno == ENOMEM)
    plimi_no_memory();
  return result;
}

plim_status plimi_heed_memory(plim_status status)
{
  if (status == PLIM_NO_MEMORY)
    plimi_no_memory();
  return status;
}

static void *checked(void *memory)
{
  if (memory == NULL)
    plimi_no_memory();
  return memory;
}

void *plimi_allocate(size_t count, size_t size)
{
  return checked(calloc(count > 0 ? count : 1, size));
}

void *plimi_reallocate(void *memory, size_t count, size_t size)
{
  if (size != 0 && count > SIZE_MAX / size)
    return checked(NULL);
  return checked(realloc(memory, count * size));
}

char *plimi_copy(const char *text)
{
  return plimi_join(text, "");
}

char *plimi_join(const char *first, const char *second)
{
  const size_t m = strlen(first), n = strlen(second);
  char *joined = plimi_allocate(m + n + 1, 1);
  memcpy(joined, first, m);
  memcpy(joined + m, second, n + 1);
  return joined;
}

char *plimi_printed(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) /* it allocates itself, from some 15 conversions on */
    plimi_no_memory();
  char *text = plimi_allocate((size_t)length + 1, 1);
  va_start(arguments, format);
  if (vsnprintf(text, (size_t)length + 1, format, arguments) != length)
    plimi_no_memory();
  va_end(arguments);
  return text;
}

ssize_t plimi_next_line(char **line, size_t *room, FILE *stream)
{
  const ssize_t length = getline(line, room, stream);
  if (length < 0 && !feof(stream) && errno == ENOMEM)
    plimi_no_memory();
  return length;
}
