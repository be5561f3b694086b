/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../input/grid.h"
#include "../options/records.h"
#include "difference.h"
#include "validity.h"

static int check_rows(plimi_records *records, plimi_table_kind kind, char **names, size_t columns,
                      size_t *rows)
{
  const char *const *fields;
  size_t count = columns, wrong = 0;
  plimi_message why = {.text = ""};
  plimi_entry *entries = plimi_allocate(columns, sizeof *entries);
  int status = PLIM_EXIT_DONE;
  while ((status = plimi_records_next(records, &fields, &count)) == PLIM_EXIT_DONE && count > 0) {
    if (count != columns) {
      status = plimi_records_refuse(records, count < columns ? count - 1 : columns,
                                    "%zu fields where the header names %zu columns", count, columns);
      break;
    }
    for (size_t i = 0; i < columns; i++)
      entries[i] = (plimi_entry){names[i], fields[i], PLIMI_ENTRY_PLAIN};
    if (!plimi_row_is_valid(kind, entries, columns, &wrong, &why)) {
      status = plimi_records_refuse(records, wrong, "column %s: %s", names[wrong], why.text);
      break;
    }
    ++*rows;
  }
  free(entries);
  return status;
}

/* No two rows with the same identifying cells. */
static int check_keys(const char *path)
{
  plimi_grid grid;
  plimi_difference difference = {.a = &grid, .b = &grid, .level = 0.0};
  int status = plimi_grid_read(path, &grid);
  if (status == PLIM_EXIT_DONE) {
    status = plimi_difference_find(&difference);
    plimi_difference_free(&difference);
  }
  plimi_grid_free(&grid);
  return status;
}

int plimi_validate_csv(const char *path, plimi_message *what)
{
  static const char *const kinds[] = {
      [PLIMI_TABLE_ROWS] = "rows", [PLIMI_TABLE_FINDINGS] = "findings", [PLIMI_TABLE_ANSWER] = "rows"};
  plimi_records *records = NULL;
  const char *const *fields;
  char **names = NULL;
  size_t count = 0, wrong = 0, rows = 0;
  plimi_table_kind kind = PLIMI_TABLE_ROWS;
  plimi_message why;
  int status = plimi_records_open(path, false, &records);
  if (status == PLIM_EXIT_DONE)
    status = plimi_records_next(records, &fields, &count);
  if (status == PLIM_EXIT_DONE && count == 0)
    status = plimi_records_refuse(records, 0, "empty: not even a header");
  if (status == PLIM_EXIT_DONE && strcmp(fields[0], "source") == 0) {
    plimi_records_close(records);
    status = plimi_validate_wide(path, &rows);
    plimi_message_set(what, "CSV of plim, wide, %zu rows", rows);
    return status;
  }
  if (status == PLIM_EXIT_DONE && !plimi_header_is_valid(fields, count, &kind, &wrong, &why))
    status = plimi_records_refuse(records, wrong < count ? wrong : count - 1, "%s", why.text);
  if (status == PLIM_EXIT_DONE) {
    names = plimi_allocate(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
      names[i] = plimi_copy(fields[i]);
    status = check_rows(records, kind, names, count, &rows);
  }
  for (size_t i = 0; names != NULL && i < count; i++)
    free(names[i]);
  free(names);
  plimi_records_close(records);
  if (status == PLIM_EXIT_DONE && kind == PLIMI_TABLE_ROWS)
    status = check_keys(path);
  plimi_message_set(what, "CSV of plim, %zu %s", rows, kinds[kind]);
  return status;
}
