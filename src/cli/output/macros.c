/* SPDX-License-Identifier: GPL-3.0-or-later */
/* macros.c - rows as commands of TeX, for numbers in running text that nobody copies by hand. A name has letters
   alone: it is the quantity, the source and whatever tells the row from others of the two, digits spelled out. So a
   name means the same number as long as it exists, and TeX itself complains of one that does not. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "tex.h"
#include "writers.h"

static const plimi_column telling[] = {PLIMI_D,
                                       PLIMI_PSI1,
                                       PLIMI_PSI2,
                                       PLIMI_LAMBDA,
                                       PLIMI_ETA,
                                       PLIMI_ETA_EXPONENT,
                                       PLIMI_ACTIVATION,
                                       PLIMI_TEACHER,
                                       PLIMI_NOISE,
                                       PLIMI_READOUT,
                                       PLIMI_STEPS,
                                       PLIMI_BATCH,
                                       PLIMI_FURTHER_PARAMETERS,
                                       PLIMI_SEED};
enum { TELLING = sizeof telling / sizeof telling[0] };

/* Letters for any text. */
static void put_spelled(FILE *stream, const char *text)
{
  static const char *const digits[] = {"Zero", "One", "Two",   "Three", "Four",
                                       "Five", "Six", "Seven", "Eight", "Nine"};
  bool first = true;
  for (; *text != '\0'; text++, first = false) {
    const unsigned char c = (unsigned char)*text;
    if (c >= '0' && c <= '9')
      fputs(digits[c - '0'], stream);
    else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
      fputc(first && c >= 'a' ? c - 'a' + 'A' : c, stream);
    else if (c == '.')
      fputs("Point", stream);
    else if (c == '-')
      fputs("Minus", stream);
    else if (c != '_') /* two letters from a to p */
      fprintf(stream, "X%c%c", 'a' + (c >> 4), 'a' + (c & 15));
  }
}

static bool are_alike(const plimi_row *a, const plimi_row *b)
{
  return plimi_cell_equal(&a->cells[PLIMI_QUANTITY], &b->cells[PLIMI_QUANTITY]) &&
         plimi_cell_equal(&a->cells[PLIMI_SOURCE], &b->cells[PLIMI_SOURCE]);
}

/* Does the column tell rows of one quantity and source apart, those of one size among themselves? The ratios of
   integers differ from size to size by rounding, and say no more than d. */
static bool tells(const plimi_table *table, const plimi_row *row, plimi_column column)
{
  for (size_t i = 0; i < table->count; i++) {
    const plimi_row *other = &table->rows[i];
    const bool same_size =
        column == PLIMI_D || plimi_cell_equal(&row->cells[PLIMI_D], &other->cells[PLIMI_D]);
    if (are_alike(row, other) && same_size && !plimi_cell_equal(&row->cells[column], &other->cells[column]))
      return true;
  }
  return false;
}

static void put_name(FILE *stream, const plimi_table *table, const plimi_row *row, const char *suffix)
{
  plimi_short_text scratch;
  fputs("\\plim", stream);
  put_spelled(stream, plimi_cell_text(&row->cells[PLIMI_QUANTITY], &scratch));
  put_spelled(stream, suffix);
  for (size_t i = 0; i < TELLING; i++) {
    const plimi_cell *cell = &row->cells[telling[i]];
    if (cell->kind == PLIMI_CELL_EMPTY || plimi_row_is_usual(row, telling[i]) ||
        !tells(table, row, telling[i]))
      continue;
    put_spelled(stream, plimi_column_name(telling[i]));
    if (cell->kind == PLIMI_CELL_NUMBER)
      put_spelled(stream, plimi_number_write(cell->is.number).text);
    else
      put_spelled(stream, plimi_cell_text(cell, &scratch));
  }
}

static void put_value(FILE *stream, const plimi_row *row)
{
  const double finest = 1e-6; /* of a value: a smaller error is not worth its digits */
  const plimi_cell *error = &row->cells[PLIMI_ERROR];
  const double value = row->cells[PLIMI_VALUE].is.number;
  const double size = error->kind == PLIMI_CELL_NUMBER ? error->is.number : NAN;
  plimi_tex_number(stream, value, size > finest * fabs(value) ? size : NAN, 6);
}

void plimi_macros_print(const plimi_table *table, const char *command, FILE *stream)
{
  fprintf(stream,
          "%% Made by plim %s %s. 0.1846(17): the value, and its error in units of its last digits: of a "
          "simulation the\n"
          "%% standard error, of the theory a bound, left out where it is below 1e-6 of the value. For "
          "between $ and $.\n",
          PACKAGE_VERSION, command);
  for (size_t i = 0; i < table->count; i++) {
    const plimi_row *row = &table->rows[i];
    const plimi_cell *verdict = &row->cells[PLIMI_VERDICT];
    if (row->cells[PLIMI_VALUE].kind != PLIMI_CELL_NUMBER) {
      fputs("% no number, ", stream);
      plimi_tex_comment(stream, row->cells[PLIMI_STATUS].is.text);
      fputs(": ", stream);
      put_name(stream, table, row, row->cells[PLIMI_SOURCE].is.text);
      fputc('\n', stream);
      continue;
    }
    fputs("\\newcommand{", stream);
    put_name(stream, table, row, row->cells[PLIMI_SOURCE].is.text);
    fputs("}{", stream);
    put_value(stream, row);
    fputs("}\n", stream);
    if (verdict->kind != PLIMI_CELL_TEXT)
      continue;
    fputs("\\newcommand{", stream);
    put_name(stream, table, row, "verdict");
    fprintf(stream, "}{%s}\n", verdict->is.text);
  }
}
