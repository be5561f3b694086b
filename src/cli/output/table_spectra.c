/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table_spectra.c - spectra for reading: support, largest value, then the histogram beside its limit. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

enum { LABEL = 10 }; /* width of "largest   " and the like */

static bool is(const plimi_row *row, const char *quantity, plimi_source source)
{
  return strcmp(row->cells[PLIMI_QUANTITY].is.text, quantity) == 0 &&
         strcmp(row->cells[PLIMI_SOURCE].is.text, plimi_source_name(source)) == 0;
}

/* Rows first ... end - 1 are of one problem at one size: all but source, replicas and seed agree. */
static size_t end_of_point(const plimi_table *table, size_t first)
{
  static const plimi_column which[] = {PLIMI_SPECTRUM_NAME,
                                       PLIMI_PSI1,
                                       PLIMI_PSI2,
                                       PLIMI_ETA,
                                       PLIMI_ETA_EXPONENT,
                                       PLIMI_N,
                                       PLIMI_D,
                                       PLIMI_WIDTH,
                                       PLIMI_ACTIVATION,
                                       PLIMI_TEACHER,
                                       PLIMI_NOISE,
                                       PLIMI_READOUT,
                                       PLIMI_STEPS,
                                       PLIMI_BATCH,
                                       PLIMI_FURTHER_PARAMETERS};
  for (size_t end = first + 1; end < table->count; end++) {
    for (size_t i = 0; i < sizeof which / sizeof which[0]; i++)
      if (!plimi_cell_equal(&table->rows[end].cells[which[i]], &table->rows[first].cells[which[i]]))
        return end;
    /* the same problem with other replicas or another seed begins with its point mass again */
    if (is(&table->rows[end - 1], "density", PLIMI_SOURCE_THEORY) &&
        !is(&table->rows[end], "density", PLIMI_SOURCE_THEORY))
      return end;
  }
  return table->count;
}

static double number(const plimi_row *row, plimi_column column)
{
  return row->cells[column].kind == PLIMI_CELL_NUMBER ? row->cells[column].is.number : NAN;
}

/* The row of `quantity` from `source` at the same place as `like` (NULL: anywhere), or NULL. */
static const plimi_row *find(const plimi_row *rows, size_t count, const char *quantity, plimi_source source,
                             const plimi_row *like)
{
  for (size_t i = 0; i < count; i++)
    if (is(&rows[i], quantity, source) &&
        (like == NULL || (plimi_cell_equal(&rows[i].cells[PLIMI_LOW], &like->cells[PLIMI_LOW]) &&
                          plimi_cell_equal(&rows[i].cells[PLIMI_HIGH], &like->cells[PLIMI_HIGH]))))
      return &rows[i];
  return NULL;
}

static void add_seen_value(plimi_message *line, const plimi_row *row)
{
  const double value = number(row, PLIMI_VALUE), error = number(row, PLIMI_ERROR);
  if (isnan(value))
    plimi_message_add(line, "(%s)", row->cells[PLIMI_STATUS].is.text);
  else if (error > 0.0)
    plimi_message_add(line, "%.6g \u00b1 %.1g", value, error);
  else
    plimi_message_add(line, "%.6g", value);
}

static void print_line(const char *label, const plimi_row *limit, const char *remark, const plimi_row *seen,
                       FILE *stream)
{
  plimi_message line;
  plimi_message_set(&line, "%s", label);
  if (limit != NULL && isnan(number(limit, PLIMI_VALUE)))
    plimi_message_add(&line, "limit (%s)", limit->cells[PLIMI_STATUS].is.text);
  else if (limit != NULL)
    plimi_message_add(&line, "limit %.10g%s", number(limit, PLIMI_VALUE), remark);
  if (seen != NULL) {
    plimi_message_add(&line, "%s", limit != NULL ? ", seen " : "seen ");
    add_seen_value(&line, seen);
  }
  plimi_print_wrapped(line.text, 0, LABEL, plimi_text_width(stream), stream);
}

/* The limit's values outside the bulk, where there is more to say than the largest. */
static void print_outliers(const plimi_row *rows, size_t count, FILE *stream)
{
  for (size_t i = 0; i < count; i++) {
    if (!is(&rows[i], "outlier", PLIMI_SOURCE_THEORY))
      continue;
    const double at = 0.5 * (number(&rows[i], PLIMI_LOW) + number(&rows[i], PLIMI_HIGH));
    const double values = number(&rows[i], PLIMI_VALUE);
    fprintf(stream, "outlier   limit %.10g, %g value%s\n", at, values, values == 1.0 ? "" : "s");
  }
}

static void print_summary(const plimi_row *rows, size_t count, FILE *stream)
{
  const plimi_row *top = find(rows, count, "top", PLIMI_SOURCE_THEORY, NULL);
  plimi_message line;
  double edge = NAN;
  for (size_t i = 0; i < count; i++) {
    if (!is(&rows[i], "mass", PLIMI_SOURCE_THEORY) || number(&rows[i], PLIMI_HIGH) == 0.0)
      continue;
    edge = number(&rows[i], PLIMI_HIGH);
    plimi_message_set(&line, "bulk      from %.10g to %.10g holds %.10g of the values",
                      number(&rows[i], PLIMI_LOW), edge, number(&rows[i], PLIMI_VALUE));
    plimi_print_wrapped(line.text, 0, LABEL, plimi_text_width(stream), stream);
  }
  print_line("zeros     ", find(rows, count, "mass", PLIMI_SOURCE_THEORY, NULL), "",
             find(rows, count, "mass", PLIMI_SOURCE_SIMULATION, NULL), stream);
  print_line("largest   ", top,
             top != NULL && number(top, PLIMI_VALUE) > edge ? " (an outlier)" : " (the edge)",
             find(rows, count, "top", PLIMI_SOURCE_SIMULATION, NULL), stream);
  print_outliers(rows, count, stream);
  const plimi_row *below = find(rows, count, "below", PLIMI_SOURCE_SIMULATION, NULL);
  const plimi_row *above = find(rows, count, "above", PLIMI_SOURCE_SIMULATION, NULL);
  if (below == NULL || above == NULL)
    return;
  plimi_message_set(&line, "outside   %.3g values a replica below the bulk, %.3g above",
                    number(below, PLIMI_VALUE), number(above, PLIMI_VALUE));
  plimi_print_wrapped(line.text, 0, LABEL, plimi_text_width(stream), stream);
}

static void add_seen(plimi_columns *columns, const plimi_row *limit, const plimi_row *seen)
{
  const double value = number(seen, PLIMI_VALUE), error = number(seen, PLIMI_ERROR);
  plimi_columns_addf(columns, error > 0.0 ? "%.5f \u00b1 %.5f" : "%.5f", value, error);
  if (limit != NULL && error > 0.0)
    plimi_columns_addf(columns, "%+.1f", (value - number(limit, PLIMI_VALUE)) / error);
  else
    plimi_columns_add(columns, "");
}

static void print_histogram(const plimi_row *rows, size_t count, FILE *stream)
{
  const bool any = find(rows, count, "bin", PLIMI_SOURCE_SIMULATION, NULL) != NULL;
  const plimi_source lead = any ? PLIMI_SOURCE_SIMULATION : PLIMI_SOURCE_THEORY;
  plimi_columns columns = {.columns = 5};
  const char *const titles[] = {"from", "to", "limiting density", "seen", "in std errors"};
  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
    plimi_columns_add(&columns, titles[i]);
  for (size_t i = 0; i < count; i++) {
    const plimi_row *row = &rows[i];
    if (!is(row, "bin", lead))
      continue;
    const plimi_row *limit = any && i > 0 && is(row - 1, "bin", PLIMI_SOURCE_THEORY) ? row - 1
                             : any                                                   ? NULL
                                                                                     : row;
    plimi_columns_addf(&columns, "%.6g", number(row, PLIMI_LOW));
    plimi_columns_addf(&columns, "%.6g", number(row, PLIMI_HIGH));
    if (limit != NULL)
      plimi_columns_addf(&columns, "%.6f", number(limit, PLIMI_VALUE));
    else
      plimi_columns_add(&columns, "");
    if (any) {
      add_seen(&columns, limit, row);
    } else {
      plimi_columns_add(&columns, "");
      plimi_columns_add(&columns, "");
    }
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

void plimi_table_print_spectra(const plimi_table *table, FILE *stream)
{
  for (size_t first = 0, end; first < table->count; first = end) {
    end = end_of_point(table, first);
    const plimi_row *rows = table->rows + first, *heading = rows;
    const size_t count = end - first;
    for (size_t i = 0; i < count; i++)
      if (rows[i].cells[PLIMI_REPLICAS].kind != PLIMI_CELL_EMPTY)
        heading = &rows[i];
    if (first > 0)
      fputc('\n', stream);
    plimi_table_heading(heading, rows->cells[PLIMI_SPECTRUM_NAME].is.text, NULL, stream);
    print_summary(rows, count, stream);
    fputc('\n', stream);
    print_histogram(rows, count, stream);
  }
}
