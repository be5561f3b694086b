/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sheet.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "../terminal/columns.h"
#include "writers.h"

static plimi_cell *last_row(plimi_sheet *sheet)
{
  return &sheet->cells[(sheet->rows - 1) * sheet->columns];
}

void plimi_sheet_row(plimi_sheet *sheet)
{
  if (sheet->rows == sheet->room) {
    sheet->room = 2 * sheet->room + 16;
    sheet->cells = plimi_reallocate(sheet->cells, sheet->room * sheet->columns, sizeof *sheet->cells);
  }
  sheet->rows++;
  for (size_t c = 0; c < sheet->columns; c++)
    last_row(sheet)[c] = (plimi_cell){.kind = PLIMI_CELL_EMPTY};
}

void plimi_sheet_put_text(plimi_sheet *sheet, size_t column, const char *text)
{
  if (text != NULL)
    last_row(sheet)[column] = (plimi_cell){.kind = PLIMI_CELL_TEXT, .is.text = plimi_copy(text)};
}

void plimi_sheet_put_number(plimi_sheet *sheet, size_t column, double number)
{
  if (isfinite(number))
    last_row(sheet)[column] = (plimi_cell){.kind = PLIMI_CELL_NUMBER, .is.number = number};
}

void plimi_sheet_put_integer(plimi_sheet *sheet, size_t column, uint64_t integer)
{
  last_row(sheet)[column] = (plimi_cell){.kind = PLIMI_CELL_INTEGER, .is.integer = integer};
}

static void write_csv(const plimi_sheet *sheet, FILE *stream)
{
  for (size_t c = 0; c < sheet->columns; c++)
    fprintf(stream, "%s%s", c > 0 ? "," : "", sheet->names[c]);
  fputc('\n', stream);
  for (size_t i = 0; i < sheet->rows * sheet->columns; i++) {
    const plimi_cell *cell = &sheet->cells[i];
    if (i % sheet->columns > 0)
      fputc(',', stream);
    if (cell->kind == PLIMI_CELL_TEXT)
      plimi_csv_field(stream, cell->is.text);
    else if (cell->kind == PLIMI_CELL_NUMBER)
      fputs(plimi_number_write(cell->is.number).text, stream);
    else if (cell->kind == PLIMI_CELL_INTEGER)
      fprintf(stream, "%" PRIu64, cell->is.integer);
    if ((i + 1) % sheet->columns == 0)
      fputc('\n', stream);
  }
}

static void write_json(const plimi_sheet *sheet, FILE *stream)
{
  plimi_output_request request = *sheet->request;
  plimi_json json;
  if (sheet->without_problem)
    request.part_count = 0;
  plimi_json_begin(&json, stream, &request);
  for (size_t r = 0; r < sheet->rows; r++) {
    json_t *object = json_object();
    for (size_t c = 0; c < sheet->columns; c++)
      json_object_set_new(object, sheet->names[c], plimi_json_cell(&sheet->cells[r * sheet->columns + c]));
    plimi_json_object(&json, object);
  }
  plimi_json_end(&json, NULL, 0);
}

static bool is_shown(const plimi_sheet *sheet, size_t column)
{
  return (sheet->without_column >> column & 1u) == 0;
}

static void write_table(const plimi_sheet *sheet, FILE *stream)
{
  plimi_columns columns = {.columns = 0};
  for (size_t c = 0; c < sheet->columns; c++)
    columns.columns += is_shown(sheet, c) ? 1 : 0;
  for (size_t c = 0; c < sheet->columns; c++)
    if (is_shown(sheet, c))
      plimi_columns_add(&columns, sheet->names[c]);
  for (size_t i = 0; i < sheet->rows * sheet->columns; i++) {
    const plimi_cell *cell = &sheet->cells[i];
    if (!is_shown(sheet, i % sheet->columns))
      continue;
    if (cell->kind == PLIMI_CELL_TEXT)
      plimi_columns_add(&columns, cell->is.text);
    else if (cell->kind == PLIMI_CELL_NUMBER && (sheet->rough_column >> i % sheet->columns & 1u) != 0)
      plimi_columns_addf(&columns, "%.4g", cell->is.number);
    else if (cell->kind == PLIMI_CELL_NUMBER)
      plimi_columns_add(&columns, plimi_number_write(cell->is.number).text);
    else if (cell->kind == PLIMI_CELL_INTEGER)
      plimi_columns_addf(&columns, "%" PRIu64, cell->is.integer);
    else
      plimi_columns_add(&columns, "");
  }
  if (sheet->rows > 0)
    plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
  if (sheet->words == NULL)
    return;
  if (sheet->rows > 0)
    fputc('\n', stream);
  plimi_print_wrapped(sheet->words, 0, 0, plimi_text_width(stream), stream);
}

void plimi_sheet_write(const void *content, unsigned format, FILE *stream)
{
  if (format == PLIMI_FORMAT_CSV)
    write_csv(content, stream);
  else if (format == PLIMI_FORMAT_JSON)
    write_json(content, stream);
  else
    write_table(content, stream);
}

void plimi_sheet_free(plimi_sheet *sheet)
{
  for (size_t i = 0; i < sheet->rows * sheet->columns; i++)
    if (sheet->cells[i].kind == PLIMI_CELL_TEXT)
      free((void *)(uintptr_t)sheet->cells[i].is.text);
  free(sheet->cells);
}
