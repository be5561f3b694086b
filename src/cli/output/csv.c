/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "writers.h"

void plimi_csv_begin(plimi_csv *csv, FILE *stream, unsigned of, const plimi_further *further)
{
  *csv = (plimi_csv){.stream = stream, .of = of};
  if (further != NULL)
    csv->further = *further;
  for (int column = 0; column < PLIMI_COLUMN_COUNT; column++)
    if (plimi_column_belongs((plimi_column)column, of))
      fprintf(stream, "%s%s", column > 0 ? "," : "", plimi_column_name((plimi_column)column));
  for (size_t i = 0; i < csv->further.count; i++) {
    fputc(',', stream);
    plimi_csv_field(stream, csv->further.names[i]);
  }
  fputc('\n', stream);
}

/* RFC 4180: a field that holds a comma, a quote or a line break stands in quotes, its own quotes doubled. */
static char *quoted(const char *text)
{
  char *field = plimi_allocate(2 * strlen(text) + 3, 1), *end = field;
  const bool plain = strpbrk(text, ",\"\r\n") == NULL;
  if (!plain)
    *end++ = '"';
  for (; *text != '\0'; text++) {
    if (*text == '"')
      *end++ = '"';
    *end++ = *text;
  }
  if (!plain)
    *end++ = '"';
  *end = '\0';
  return field;
}

void plimi_csv_field(FILE *stream, const char *text)
{
  char *field = quoted(text);
  fputs(field, stream);
  free(field);
}

void plimi_csv_cell(FILE *stream, const plimi_cell *cell)
{
  if (cell->kind == PLIMI_CELL_TEXT)
    plimi_csv_field(stream, cell->is.text);
  else if (cell->kind == PLIMI_CELL_NUMBER)
    fputs(plimi_number_write(cell->is.number).text, stream);
  else if (cell->kind == PLIMI_CELL_INTEGER)
    fprintf(stream, "%" PRIu64, cell->is.integer);
}

static void render(plimi_csv *csv, int column, const plimi_cell *cell)
{
  int length = 0;
  free(csv->text[column].longer);
  csv->text[column].longer = NULL;
  switch (cell->kind) {
  case PLIMI_CELL_EMPTY:
    break;
  case PLIMI_CELL_NUMBER:
    csv->text[column].inside = plimi_number_write(cell->is.number);
    length = (int)strlen(csv->text[column].inside.text);
    break;
  case PLIMI_CELL_INTEGER:
    length = snprintf(csv->text[column].inside.text, sizeof csv->text[column].inside, "%" PRIu64,
                      cell->is.integer);
    break;
  case PLIMI_CELL_TEXT:
    csv->text[column].longer = quoted(cell->is.text);
    length = (int)strlen(csv->text[column].longer);
    break;
  }
  csv->text[column].length = (size_t)length;
}

void plimi_csv_row(plimi_csv *csv, const plimi_row *row)
{
  for (int column = 0; column < PLIMI_COLUMN_COUNT; column++) {
    if (!plimi_column_belongs((plimi_column)column, csv->of))
      continue;
    if (column > 0)
      putc_unlocked(',', csv->stream);
    if (!csv->begun || !plimi_cell_equal(&row->cells[column], &csv->last.cells[column]))
      render(csv, column, &row->cells[column]);
    const char *longer = csv->text[column].longer;
    fwrite(longer != NULL ? longer : csv->text[column].inside.text, 1, csv->text[column].length, csv->stream);
  }
  for (size_t i = 0; i < csv->further.count; i++) {
    putc_unlocked(',', csv->stream);
    plimi_csv_cell(csv->stream, &row->further[i]); /* such tables are short */
  }
  putc_unlocked('\n', csv->stream);
  csv->last = *row;
  csv->begun = true;
}

void plimi_csv_end(plimi_csv *csv)
{
  for (int column = 0; column < PLIMI_COLUMN_COUNT; column++)
    free(csv->text[column].longer);
}
