/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide.c - one row a point: the cells that tell points apart, then of each quantity its value, error and status (and
   verdict and margin where there are verdicts). Rows are of one point where all those cells are equal. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "writers.h"

/* What each quantity has, and the end of the column's name. */
static const struct {
  plimi_column column;
  const char *suffix;
  bool of_verdicts;
} parts[] = {{PLIMI_VALUE, "", false},
             {PLIMI_ERROR, "_error", false},
             {PLIMI_STATUS, "_status", false},
             {PLIMI_VERDICT, "_verdict", true},
             {PLIMI_MARGIN, "_margin", true}};
enum { PARTS = sizeof parts / sizeof parts[0] };

typedef struct {
  const plimi_row *row;
  unsigned of;
  size_t further, place,
      point; /* place: in the order of the rows; point: that of the first row of its point */
} placed;

static int order_of_cells(const plimi_cell *a, const plimi_cell *b)
{
  if (plimi_cell_equal(a, b))
    return 0;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (a->kind == PLIMI_CELL_TEXT)
    return strcmp(a->is.text, b->is.text);
  if (a->kind == PLIMI_CELL_INTEGER)
    return a->is.integer < b->is.integer ? -1 : 1;
  if (a->is.number == b->is.number) /* zeros of two signs */
    return signbit(a->is.number) ? -1 : 1;
  return a->is.number < b->is.number ? -1 : 1;
}

static int order_of_points(const placed *a, const placed *b)
{
  int order = 0;
  for (int c = 0; c < PLIMI_COLUMN_COUNT && order == 0; c++)
    if (plimi_column_tells_points((plimi_column)c, a->of))
      order = order_of_cells(&a->row->cells[c], &b->row->cells[c]);
  for (size_t i = 0; i < a->further && order == 0; i++)
    order = order_of_cells(&a->row->further[i], &b->row->further[i]);
  return order;
}

static int by_point(const void *a, const void *b)
{
  const placed *first = a, *second = b;
  const int order = order_of_points(first, second);
  return order != 0 ? order : (first->place > second->place) - (first->place < second->place);
}

static int by_first(const void *a, const void *b)
{
  const placed *first = a, *second = b;
  if (first->point != second->point)
    return first->point < second->point ? -1 : 1;
  return (first->place > second->place) - (first->place < second->place);
}

/* The rows, those of one point together, points in the order of their first rows. */
static placed *gather(const plimi_table *table, unsigned of)
{
  placed *rows = plimi_allocate(table->count, sizeof *rows);
  for (size_t i = 0; i < table->count; i++)
    rows[i] = (placed){.row = &table->rows[i], .of = of, .further = table->further.count, .place = i};
  qsort(rows, table->count, sizeof *rows, by_point);
  for (size_t i = 0; i < table->count; i++)
    rows[i].point = i > 0 && order_of_points(&rows[i - 1], &rows[i]) == 0 ? rows[i - 1].point : rows[i].place;
  qsort(rows, table->count, sizeof *rows, by_first);
  return rows;
}

static const char *quantity_of(const plimi_row *row)
{
  return row->cells[PLIMI_QUANTITY].is.text;
}

/* In the order in which they come first. To be freed. */
static const char **quantities_in(const plimi_table *table, size_t *count)
{
  const char **names = NULL;
  *count = 0;
  for (size_t i = 0, q = 0; i < table->count; i++) {
    const char *name = quantity_of(&table->rows[i]);
    for (q = 0; q < *count && strcmp(names[q], name) != 0; q++)
      continue;
    if (q < *count)
      continue;
    names = plimi_reallocate(names, *count + 1, sizeof *names);
    names[(*count)++] = name;
  }
  return names;
}

static void put_header(const plimi_table *table, unsigned of, const char *const *quantities, size_t count,
                       FILE *stream)
{
  const bool judged = (of & PLIMI_OF_VERDICTS) != 0;
  bool first = true;
  for (int c = 0; c < PLIMI_COLUMN_COUNT; c++) {
    if (!plimi_column_tells_points((plimi_column)c, of))
      continue;
    fprintf(stream, "%s%s", first ? "" : ",", plimi_column_name((plimi_column)c));
    first = false;
  }
  for (size_t i = 0; i < table->further.count; i++) {
    fputc(',', stream);
    plimi_csv_field(stream, table->further.names[i]);
  }
  for (size_t q = 0; q < count; q++)
    for (size_t p = 0; p < PARTS; p++)
      if (judged || !parts[p].of_verdicts) {
        char *name = plimi_join(quantities[q], parts[p].suffix);
        fputc(',', stream);
        plimi_csv_field(stream, name);
        free(name);
      }
  fputc('\n', stream);
}

/* `rows` to `end` are of one point. */
static void put_point(const placed *rows, const placed *end, const char *const *quantities, size_t count,
                      FILE *stream)
{
  const bool judged = (rows->of & PLIMI_OF_VERDICTS) != 0;
  bool first = true;
  for (int c = 0; c < PLIMI_COLUMN_COUNT; c++) {
    if (!plimi_column_tells_points((plimi_column)c, rows->of))
      continue;
    if (!first)
      fputc(',', stream);
    plimi_csv_cell(stream, &rows->row->cells[c]);
    first = false;
  }
  for (size_t i = 0; i < rows->further; i++) {
    fputc(',', stream);
    plimi_csv_cell(stream, &rows->row->further[i]);
  }
  for (size_t q = 0; q < count; q++) {
    const placed *found = rows;
    while (found < end && strcmp(quantity_of(found->row), quantities[q]) != 0)
      found++;
    for (size_t p = 0; p < PARTS; p++) {
      if (!judged && parts[p].of_verdicts)
        continue;
      fputc(',', stream);
      if (found < end)
        plimi_csv_cell(stream, &found->row->cells[parts[p].column]);
    }
  }
  fputc('\n', stream);
}

void plimi_wide_print(const plimi_table *table, unsigned of, FILE *stream)
{
  size_t count;
  const char **quantities = quantities_in(table, &count);
  placed *rows = gather(table, of);
  put_header(table, of, quantities, count, stream);
  for (size_t i = 0, end = 0; i < table->count; i = end) {
    for (end = i + 1; end < table->count && rows[end].point == rows[i].point; end++)
      continue;
    put_point(&rows[i], &rows[end], quantities, count, stream);
  }
  free(rows);
  free(quantities);
}
