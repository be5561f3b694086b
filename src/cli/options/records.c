/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records.c - reading by lines, taking them apart by libcsv.

   libcsv says nothing of where it is. So each line is handed to it whole, which is fast, and the bytes of the present
   record are kept: where one of its fields begins is found, when a message needs it, by handing them over once more,
   byte by byte. */
#include "config.h"

#include "records.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "../terminal/message.h"

enum { BLOCK = 1 << 16 };

typedef struct {
  char *bytes;
  size_t length, room;
} text;

struct plimi_records {
  const char *name;
  FILE *file;
  bool is_stdin, tabs, at_end;
  struct csv_parser parser;
  text ahead; /* read and not yet taken apart; from `taken` on */
  size_t taken;
  size_t lines; /* read so far */
  size_t line;  /* the first of the present record */
  text raw;     /* the present record as it stands in the file, ending in NUL */
  text content; /* its fields, each ending in NUL */
  size_t *starts;
  size_t count, start_room;
  const char **fields;
  bool complete;
};

static void append(text *to, const char *bytes, size_t length)
{
  if (to->length + length + 1 > to->room) {
    to->room = 2 * to->room + length + 256;
    to->bytes = plimi_reallocate(to->bytes, to->room, 1);
  }
  if (length > 0)
    memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
  to->bytes[to->length] = '\0';
}

/* ---- libcsv -------------------------------------------------------------------------------------------- */

static void *reallocate(void *memory, size_t size)
{
  return plimi_reallocate(memory, size, 1);
}

static void begin_parser(struct csv_parser *parser, bool tabs)
{
  csv_init(parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
  csv_set_delim(parser, tabs ? CSV_TAB : CSV_COMMA);
  csv_set_realloc_func(parser, reallocate);
  csv_set_free_func(parser, free);
}

static void take_field(void *field, size_t length, void *of)
{
  plimi_records *r = of;
  if (r->count == r->start_room) {
    r->start_room = 2 * r->start_room + 32;
    r->starts = plimi_reallocate(r->starts, r->start_room, sizeof *r->starts);
    r->fields = plimi_reallocate(r->fields, r->start_room, sizeof *r->fields);
  }
  r->starts[r->count++] = r->content.length;
  append(&r->content, field, length);
  r->content.length++; /* the NUL */
}

static void take_record(int end, void *of)
{
  (void)end;
  ((plimi_records *)of)->complete = true;
}

/* ---- Places -------------------------------------------------------------------------------------------- */

static void count_field(void *field, size_t length, void *of)
{
  (void)field, (void)length;
  ++*(size_t *)of;
}

static void ignore_record(int end, void *of)
{
  (void)end, (void)of;
}

/* The byte of the present record with which field number `field` begins. */
static size_t offset_of(const plimi_records *r, size_t field)
{
  struct csv_parser parser;
  size_t seen = 0, at = 0;
  begin_parser(&parser, r->tabs);
  while (seen < field && at < r->raw.length &&
         csv_parse(&parser, r->raw.bytes + at, 1, count_field, ignore_record, &seen) == 1)
    at++;
  csv_free(&parser);
  return at;
}

static int refuse_at(const plimi_records *r, size_t offset, const char *format, va_list arguments)
{
  char said[sizeof((plimi_message *)0)->text];
  size_t line = r->line > 0 ? r->line : 1, column = 1; /* an empty file has no line */
  vsnprintf(said, sizeof said, format, arguments);
  for (const char *c = r->raw.bytes, *end = c + offset; c < end;) {
    const size_t length = plimi_utf8_length(c);
    column = *c == '\n' ? 1 : column + 1;
    line += *c == '\n' ? 1 : 0;
    c += length > 0 ? length : 1;
  }
  plimi_complain("%s:%zu:%zu: %s", r->name, line, column, said);
  return PLIM_EXIT_USAGE;
}

int plimi_records_refuse(const plimi_records *records, size_t field, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int status = refuse_at(records, offset_of(records, field), format, arguments);
  va_end(arguments);
  return status;
}

static int refuse_byte(const plimi_records *r, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int refuse_byte(const plimi_records *r, size_t offset, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const int status = refuse_at(r, offset, format, arguments);
  va_end(arguments);
  return status;
}

/* ---- Lines --------------------------------------------------------------------------------------------- */

/* Is what stands in `raw` from `from` on, one line, text? */
static int check_line(const plimi_records *r, size_t from)
{
  const char *const line = r->raw.bytes + from;
  const size_t length = r->raw.length - from;
  for (size_t i = 0; i < length;) {
    const unsigned char c = (unsigned char)line[i];
    const size_t bytes = plimi_utf8_length(line + i);
    if (c == '\0')
      return refuse_byte(r, from + i, "a NUL byte: the file is not text");
    if (bytes == 0)
      return refuse_byte(r, from + i, "the byte 0x%02x is not UTF-8, in which text is expected", (unsigned)c);
    if (c == '\r' && line[i + 1] != '\n' && line[i + 1] != '\0')
      return refuse_byte(r, from + i, "a carriage return without a line feed; lines end in LF or CRLF");
    if (c < ' ' && c != '\t' && c != '\r' && c != '\n')
      return refuse_byte(r, from + i, "the control character 0x%02x: the file is not text", (unsigned)c);
    i += bytes;
  }
  return PLIM_EXIT_DONE;
}

/* More of the file into `ahead`. */
static int read_block(plimi_records *r)
{
  char block[BLOCK];
  errno = 0;
  const size_t length = fread(block, 1, sizeof block, r->file);
  if (length == 0 && ferror(r->file) != 0) {
    plimi_complain("%s cannot be read: %s", r->name, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  r->at_end = length == 0;
  memmove(r->ahead.bytes, r->ahead.bytes + r->taken, r->ahead.length - r->taken);
  r->ahead.length -= r->taken;
  r->taken = 0;
  append(&r->ahead, block, length);
  return PLIM_EXIT_DONE;
}

/* The next line, its end with it, onto `raw`: nothing at the end of the file. */
static int read_line(plimi_records *r)
{
  const size_t from = r->raw.length;
  const char *end = NULL;
  while ((end = memchr(r->ahead.bytes + r->taken, '\n', r->ahead.length - r->taken)) == NULL && !r->at_end &&
         from + r->ahead.length - r->taken <= PLIMI_LONGEST_RECORD) {
    const int status = read_block(r);
    if (status != PLIM_EXIT_DONE)
      return status;
  }
  const char *begin = r->ahead.bytes + r->taken;
  const size_t length = end != NULL ? (size_t)(end + 1 - begin) : r->ahead.length - r->taken;
  if (from + length > PLIMI_LONGEST_RECORD) {
    plimi_complain("%s:%zu:1: a record of more than %d bytes: a quote without an end, or no table", r->name,
                   r->line > 0 && from > 0 ? r->line : r->lines + 1, (int)PLIMI_LONGEST_RECORD);
    return PLIM_EXIT_USAGE;
  }
  append(&r->raw, begin, length);
  r->taken += length;
  r->lines += length > 0 ? 1 : 0;
  if (from == 0)
    r->line = r->lines;
  return check_line(r, from);
}

static int take_line(plimi_records *r, size_t from)
{
  const size_t length = r->raw.length - from;
  const size_t taken = csv_parse(&r->parser, r->raw.bytes + from, length, take_field, take_record, r);
  if (taken < length)
    return refuse_byte(r, from + taken,
                       "a quote in a field that does not begin with one, or something between its closing "
                       "quote and the next separator");
  return PLIM_EXIT_DONE;
}

static int take_end(plimi_records *r)
{
  if (csv_fini(&r->parser, take_field, take_record, r) == 0)
    return PLIM_EXIT_DONE;
  return plimi_records_refuse(r, r->count, "a quoted field without its closing quote");
}

static bool is_blank(const char *line)
{
  return line[strspn(line, " \t\r\n")] == '\0';
}

int plimi_records_next(plimi_records *records, const char *const **fields, size_t *count)
{
  plimi_records *r = records;
  int status = PLIM_EXIT_DONE;
  r->raw.length = r->content.length = r->count = 0;
  r->complete = false;
  while (!r->complete && status == PLIM_EXIT_DONE) {
    const size_t from = r->raw.length;
    status = read_line(r);
    if (status != PLIM_EXIT_DONE)
      return status;
    if (r->raw.length == from) { /* the end */
      status = take_end(r);
      break;
    }
    if (from == 0 && r->raw.bytes[0] == '#') {
      r->raw.length = 0;
      continue;
    }
    status = take_line(r, from);
    if (from == 0 && is_blank(r->raw.bytes))
      r->raw.length = r->complete ? r->raw.length : 0; /* of which libcsv makes nothing */
  }
  for (size_t i = 0; i < r->count; i++)
    r->fields[i] = r->content.bytes + r->starts[i];
  *fields = r->fields;
  *count = r->count;
  return status;
}

/* ---- The file ------------------------------------------------------------------------------------------ */

int plimi_records_open(const char *path, bool tabs, plimi_records **records)
{
  static const char mark[] = "\xef\xbb\xbf";
  const bool is_stdin = strcmp(path, "-") == 0;
  const char *const name = is_stdin ? "standard input" : path;
  FILE *file = is_stdin ? stdin : plimi_unless_no_memory(fopen(path, "r"));
  if (file == NULL) {
    plimi_complain("%s cannot be read: %s", name, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  plimi_records *r = plimi_allocate(1, sizeof *r);
  *r = (plimi_records){.name = name, .file = file, .is_stdin = is_stdin, .tabs = tabs};
  begin_parser(&r->parser, tabs);
  append(&r->ahead, "", 0);
  append(&r->raw, "", 0);
  int status = PLIM_EXIT_DONE;
  while (status == PLIM_EXIT_DONE && !r->at_end && r->ahead.length < strlen(mark))
    status = read_block(r);
  if (status != PLIM_EXIT_DONE) {
    plimi_records_close(r);
    return status;
  }
  if (r->ahead.length >= strlen(mark) && memcmp(r->ahead.bytes, mark, strlen(mark)) == 0)
    r->taken = strlen(mark);
  *records = r;
  return PLIM_EXIT_DONE;
}

void plimi_records_close(plimi_records *records)
{
  if (records == NULL)
    return;
  if (!records->is_stdin)
    fclose(records->file);
  csv_free(&records->parser);
  free(records->ahead.bytes);
  free(records->raw.bytes);
  free(records->content.bytes);
  free(records->starts);
  free(records->fields);
  free(records);
}

const char *plimi_records_name(const plimi_records *records)
{
  return records->name;
}

size_t plimi_records_line(const plimi_records *records)
{
  return records->line;
}
