/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs_file.c - the tables that --inputs csv:FILE names: read, made to have mean 0 and variance 1, and whitened. */
#include "config.h"

#include "inputs_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../terminal/message.h"
#include "plim_simulation.h"
#include "records.h"
#include "values.h"

typedef struct {
  double *values;
  size_t count, room, columns;
} table;

static void trim(const char **text, size_t *length)
{
  *text += strspn(*text, " \t");
  *length = strlen(*text);
  while (*length > 0 && strchr(" \t", (*text)[*length - 1]) != NULL)
    --*length;
}

/* Blanks around a number are no part of it. */
static bool read_cell(const char *field, double *number)
{
  size_t length;
  trim(&field, &length);
  char *copy = plimi_copy(field);
  copy[length] = '\0';
  const bool ok = plimi_read_number(copy, number) && isfinite(*number);
  free(copy);
  return ok;
}

/* A first record without a single number names the columns. */
static bool is_header(const char *const *fields, size_t count)
{
  double number;
  for (size_t j = 0; j < count; j++)
    if (read_cell(fields[j], &number) || fields[j][0] == '\0')
      return false;
  return true;
}

static int take_row(const plimi_records *records, const char *const *fields, size_t count, table *rows)
{
  if (rows->count > 0 && count != rows->columns)
    return plimi_records_refuse(records, count < rows->columns ? count - 1 : rows->columns,
                                "%zu fields, where the rows above have %zu", count, rows->columns);
  rows->columns = count;
  if (rows->count == rows->room) {
    rows->room = 2 * rows->room + 64;
    rows->values = plimi_reallocate(rows->values, rows->room, count * sizeof *rows->values);
  }
  for (size_t j = 0; j < count; j++)
    if (!read_cell(fields[j], &rows->values[rows->count * count + j]))
      return plimi_records_refuse(
          records, j, "'%.40s' is no finite number; every field of a table of inputs is one", fields[j]);
  rows->count++;
  return PLIM_EXIT_DONE;
}

static int read_rows(const char *path, table *rows)
{
  plimi_records *records;
  const char *const *fields;
  size_t count = 0, seen = 0;
  struct stat about;
  const bool there = stat(path, &about) == 0;
  if (!there || S_ISDIR(about.st_mode)) {
    plimi_complain("--inputs: csv:%s cannot be read: %s", path, strerror(there ? EISDIR : errno));
    return PLIM_EXIT_FILE;
  }
  if (!S_ISREG(about.st_mode)) {
    plimi_complain("--inputs: csv:%s is no file that can be read again, as a later --resume has to", path);
    return PLIM_EXIT_FILE;
  }
  int status = plimi_records_open(path, false, &records);
  if (status != PLIM_EXIT_DONE)
    return status;
  while ((status = plimi_records_next(records, &fields, &count)) == PLIM_EXIT_DONE && count > 0)
    if (seen++ > 0 || !is_header(fields, count))
      if ((status = take_row(records, fields, count, rows)) != PLIM_EXIT_DONE)
        break;
  plimi_records_close(records);
  if (status == PLIM_EXIT_DONE && rows->count < 2) {
    plimi_complain("--inputs: csv:%s: %zu rows of numbers; a table of inputs has at least two", path,
                   rows->count);
    status = PLIM_EXIT_USAGE;
  }
  return status;
}

/* Column number `column`, counted from 1, cannot serve. */
static int refuse_column(const plimi_inputs *law, size_t column)
{
  plimi_complain("--inputs: csv:%s: column %zu %s", law->file, column + 1,
                 law->whitened ? "is constant, or nearly a combination of those before it (its own part is "
                                 "less than 1e-4 of it): it "
                                 "cannot be whitened; leave it out"
                               : "is constant: it cannot be brought to variance 1; leave it out");
  return PLIM_EXIT_USAGE;
}

static int load(plimi_inputs *law)
{
  table rows = {.values = NULL};
  const char *why = "";
  size_t column = 0;
  int status = read_rows(law->file, &rows);
  if (status == PLIM_EXIT_DONE) {
    plim_status made = law->whitened ? plim_whiten(rows.values, rows.count, rows.columns, &column)
                                     : plim_standardise(rows.values, rows.count, rows.columns, &column);
    if (made == PLIM_OUTSIDE_DOMAIN)
      status = refuse_column(law, column);
    const plim_rows whole = {rows.values, rows.count, rows.columns};
    if (made == PLIM_OK)
      made = plim_inputs_of_rows(law->name, &whole, &law->inputs, &why);
    if (plimi_heed_memory(made) != PLIM_OK && made != PLIM_OUTSIDE_DOMAIN) {
      plimi_complain("--inputs: csv:%s: %s", law->file, why[0] != '\0' ? why : plim_status_meaning(made));
      status = PLIM_EXIT_USAGE;
    }
  }
  free(rows.values);
  return status;
}

int plimi_inputs_load(plimi_settings *settings)
{
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < settings->inputs.count && status == PLIM_EXIT_DONE; i++)
    if (settings->inputs.values[i].file != NULL && settings->inputs.values[i].inputs == NULL)
      status = load(&settings->inputs.values[i]);
  return status;
}
