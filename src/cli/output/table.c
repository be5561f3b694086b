/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - rows for reading: what is the same everywhere stands once above the table. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

/* The parameters in the order in which a reader looks for them. */
static const plimi_column parameters[] = {PLIMI_SOURCE,
                                          PLIMI_ACTIVATION,
                                          PLIMI_TEACHER,
                                          PLIMI_PSI1,
                                          PLIMI_PSI2,
                                          PLIMI_LAMBDA,
                                          PLIMI_ETA,
                                          PLIMI_ETA_EXPONENT,
                                          PLIMI_NOISE,
                                          PLIMI_READOUT,
                                          PLIMI_STEPS,
                                          PLIMI_BATCH,
                                          PLIMI_FURTHER_PARAMETERS,
                                          PLIMI_N,
                                          PLIMI_D,
                                          PLIMI_WIDTH,
                                          PLIMI_REPLICAS,
                                          PLIMI_SEED};
enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

void plimi_table_row(plimi_table *table, const plimi_row *row)
{
  if (table->count == table->room) {
    table->room = 2 * table->room + 64;
    table->rows = plimi_reallocate(table->rows, table->room, sizeof *table->rows);
  }
  table->rows[table->count++] = *row;
}

void plimi_table_free(plimi_table *table)
{
  free(table->rows);
  *table = (plimi_table){.rows = NULL};
}

const char *plimi_cell_text(const plimi_cell *cell, plimi_short_text *scratch)
{
  scratch->text[0] = '\0';
  if (cell->kind == PLIMI_CELL_TEXT)
    return cell->is.text;
  if (cell->kind == PLIMI_CELL_NUMBER)
    snprintf(scratch->text, sizeof scratch->text, "%.10g", cell->is.number);
  else if (cell->kind == PLIMI_CELL_INTEGER)
    snprintf(scratch->text, sizeof scratch->text, "%" PRIu64, cell->is.integer);
  return scratch->text;
}

/* How a number is printed: with `decimals` after the point, or in scientific form with `digits` where that is < 0. */
typedef struct {
  int digits, decimals;
} layout;

/* As many digits as the error leaves the value: two of the error's own for a measurement, at most 12. */
static layout layout_of(double value, double error)
{
  layout found = {.digits = 12, .decimals = -1};
  const int before = value != 0.0 ? (int)floor(log10(fabs(value))) + 1 : 1;
  if (error > 0.0)
    found.digits = before - (int)floor(log10(error)) + 1;
  found.digits = found.digits > 12 ? 12 : found.digits < 1 ? 1 : found.digits;
  if (before > -4 && before <= 7 && found.digits >= before)
    found.decimals = found.digits - before;
  return found;
}

static plimi_short_text number_text(double value, const layout *form)
{
  plimi_short_text text;
  if (value == 0.0)
    return (plimi_short_text){"0"};
  if (form->decimals >= 0)
    snprintf(text.text, sizeof text.text, "%.*f", form->decimals, value);
  else
    snprintf(text.text, sizeof text.text, "%.*e", form->digits - 1, value);
  return text;
}

/* An error stands to the decimal place of its value where that has no more places: nobody counts the zeros of more. */
enum { SPELT_OUT = 8 };

/* "0.1971(21)" would be shorter and is misread: value and error in full, or what stands in their place. */
static plimi_short_text value_text(const plimi_row *row)
{
  plimi_short_text text;
  const plimi_cell *value = &row->cells[PLIMI_VALUE], *error = &row->cells[PLIMI_ERROR];
  if (value->kind != PLIMI_CELL_NUMBER) {
    snprintf(text.text, sizeof text.text, "(%s)", row->cells[PLIMI_STATUS].is.text);
    return text;
  }
  const bool known = error->kind == PLIMI_CELL_NUMBER && error->is.number > 0.0;
  if (error->kind == PLIMI_CELL_NUMBER && !known) { /* exact: no zeros for show */
    snprintf(text.text, sizeof text.text, "%.12g", value->is.number);
    return text;
  }
  const layout form = layout_of(value->is.number, known ? error->is.number : 0.0);
  text = number_text(value->is.number, &form);
  const size_t used = strlen(text.text), left = sizeof text.text - used;
  const bool cut_at_the_error = form.digits < 12;
  if (known && cut_at_the_error && form.decimals >= 0 && form.decimals <= SPELT_OUT)
    snprintf(text.text + used, left, " \u00b1 %.*f", form.decimals, error->is.number);
  else if (known)
    snprintf(text.text + used, left, " \u00b1 %.*g", cut_at_the_error ? 2 : 1, error->is.number);
  return text;
}

/* Which parameters differ between the rows `first`, `first + stride`...? In a paired table the extrapolations,
   which have no size, have no say. */
static void find_varying(const plimi_table *table, size_t first, size_t stride, bool *varies)
{
  const plimi_row *reference = NULL;
  memset(varies, 0, PARAMETERS * sizeof *varies);
  for (size_t i = first; i < table->count; i += stride) {
    const plimi_row *row = &table->rows[i];
    if (stride == 2 && row->cells[PLIMI_D].kind == PLIMI_CELL_EMPTY)
      continue;
    if (reference == NULL)
      reference = row;
    for (size_t k = 0; k < PARAMETERS; k++)
      if (plimi_row_tells_apart(row, reference, parameters[k]))
        varies[k] = true;
  }
}

static void add_heading(plimi_message *line, bool begun, const char *name, const plimi_cell *cell)
{
  plimi_short_text scratch;
  plimi_message_add(line, "%s%s=%s", begun ? "  " : "", name, plimi_cell_text(cell, &scratch));
}

/* `further`: which of the further columns differ between rows; NULL: there are none. */
static void print_heading(const plimi_table *table, const bool *varies, const bool *further, FILE *stream)
{
  plimi_message line = {.text = ""};
  bool begun = false;
  const plimi_row *row = &table->rows[0];
  for (size_t k = 0; k < PARAMETERS; k++) {
    const plimi_cell *cell = &row->cells[parameters[k]];
    if (varies[k] || cell->kind == PLIMI_CELL_EMPTY || parameters[k] == PLIMI_SOURCE ||
        plimi_row_is_usual(row, parameters[k]))
      continue;
    add_heading(&line, begun, plimi_column_name(parameters[k]), cell);
    begun = true;
  }
  for (size_t k = 0; k < table->further.count; k++) {
    if (further[k])
      continue;
    add_heading(&line, begun, table->further.names[k], &row->further[k]);
    begun = true;
  }
  if (!begun)
    return;
  plimi_print_wrapped(line.text, 0, 0, plimi_text_width(stream), stream);
  fputc('\n', stream);
}

void plimi_table_heading(const plimi_row *row, const char *title, const bool *varies, FILE *stream)
{
  plimi_message line = {.text = ""};
  bool begun = false;
  if (title != NULL)
    plimi_message_add(&line, "%s: ", title);
  for (size_t k = 0; k < PARAMETERS; k++) {
    const plimi_cell *cell = &row->cells[parameters[k]];
    if ((varies != NULL && varies[k]) || cell->kind == PLIMI_CELL_EMPTY || parameters[k] == PLIMI_SOURCE ||
        plimi_row_is_usual(row, parameters[k]))
      continue;
    add_heading(&line, begun, plimi_column_name(parameters[k]), cell);
    begun = true;
  }
  plimi_print_wrapped(line.text, 0, 0, plimi_text_width(stream), stream);
  fputc('\n', stream);
}

/* Does further column number `i` differ between rows? */
static bool further_varies(const plimi_table *table, size_t i)
{
  for (size_t k = 1; k < table->count; k++)
    if (!plimi_cell_equal(&table->rows[k].further[i], &table->rows[0].further[i]))
      return true;
  return false;
}

static void print_single(const plimi_table *table, FILE *stream)
{
  bool varies[PARAMETERS], *further = plimi_allocate(table->further.count, sizeof *further);
  plimi_short_text scratch;
  plimi_columns columns = {.columns = 2};
  find_varying(table, 0, 1, varies);
  for (size_t k = 0; k < table->further.count; k++)
    further[k] = further_varies(table, k);
  print_heading(table, varies, further, stream);
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < PARAMETERS; k++) {
    if (!varies[k])
      continue;
    columns.columns++;
    plimi_columns_add(&columns, plimi_column_name(parameters[k]));
  }
  for (size_t k = 0; k < table->further.count; k++) {
    if (!further[k])
      continue;
    columns.columns++;
    plimi_columns_add(&columns, table->further.names[k]);
  }
  plimi_columns_add(&columns, "value");
  for (size_t i = 0; i < table->count; i++) {
    const plimi_row *row = &table->rows[i];
    plimi_columns_add(&columns, row->cells[PLIMI_QUANTITY].is.text);
    for (size_t k = 0; k < PARAMETERS; k++)
      if (varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&row->cells[parameters[k]], &scratch));
    for (size_t k = 0; k < table->further.count; k++)
      if (further[k])
        plimi_columns_add(&columns, plimi_cell_text(&row->further[k], &scratch));
    plimi_columns_add(&columns, value_text(row).text);
  }
  free(further);
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

static bool is_shown_in_pairs(size_t k, const bool *varies)
{
  return varies[k] && parameters[k] != PLIMI_SOURCE && parameters[k] != PLIMI_N &&
         parameters[k] != PLIMI_WIDTH;
}

/* How far the measurement is from the theory: relative, and in standard errors. */
static void add_difference(plimi_columns *columns, const plimi_row *theory, const plimi_row *measured)
{
  const plimi_cell *a = &theory->cells[PLIMI_VALUE], *b = &measured->cells[PLIMI_VALUE];
  const plimi_cell *error = &measured->cells[PLIMI_ERROR];
  if (a->kind != PLIMI_CELL_NUMBER || b->kind != PLIMI_CELL_NUMBER) {
    plimi_columns_add(columns, "");
    plimi_columns_add(columns, "");
    return;
  }
  const double difference = b->is.number - a->is.number;
  if (a->is.number != 0.0)
    plimi_columns_addf(columns, "%+.2f %%", 100.0 * difference / fabs(a->is.number));
  else
    plimi_columns_addf(columns, "%+.3g", difference);
  if (error->kind == PLIMI_CELL_NUMBER && error->is.number > 0.0)
    plimi_columns_addf(columns, "%+.1f", difference / error->is.number);
  else
    plimi_columns_add(columns, "");
}

static void print_paired(const plimi_table *table, FILE *stream)
{
  bool varies[PARAMETERS];
  plimi_short_text scratch;
  plimi_columns columns = {.columns = 5};
  find_varying(table, 1, 2, varies);
  plimi_table_heading(&table->rows[1], NULL, varies, stream);
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < PARAMETERS; k++) {
    if (!is_shown_in_pairs(k, varies))
      continue;
    columns.columns++;
    plimi_columns_add(&columns, plimi_column_name(parameters[k]));
  }
  plimi_columns_add(&columns, "theory");
  plimi_columns_add(&columns, "simulation");
  plimi_columns_add(&columns, "difference");
  plimi_columns_add(&columns, "in std errors");
  for (size_t i = 0; i + 1 < table->count; i += 2) {
    const plimi_row *theory = &table->rows[i], *measured = &table->rows[i + 1];
    const bool extrapolated = measured->cells[PLIMI_D].kind == PLIMI_CELL_EMPTY;
    plimi_columns_add(&columns, theory->cells[PLIMI_QUANTITY].is.text);
    for (size_t k = 0; k < PARAMETERS; k++)
      if (is_shown_in_pairs(k, varies))
        plimi_columns_add(&columns, extrapolated && parameters[k] == PLIMI_D
                                        ? "-> inf"
                                        : plimi_cell_text(&measured->cells[parameters[k]], &scratch));
    const plimi_cell *value = &theory->cells[PLIMI_VALUE];
    const layout brief = layout_of(value->is.number, 1e-7 * fabs(value->is.number));
    plimi_columns_add(&columns, value->kind == PLIMI_CELL_NUMBER ? number_text(value->is.number, &brief).text
                                                                 : value_text(theory).text);
    plimi_columns_add(&columns, value_text(measured).text);
    add_difference(&columns, theory, measured);
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

static void add_time(plimi_columns *columns, const plimi_cell *seconds)
{
  plimi_message text = {.text = ""};
  if (seconds->kind == PLIMI_CELL_NUMBER)
    plimi_message_add_time(&text, seconds->is.number);
  plimi_columns_add(columns, text.text);
}

void plimi_table_print_plans(const plimi_table *table, FILE *stream)
{
  static const char *const titles[] = {"margin", "processor time", "all sizes", "settled"};
  bool varies[PARAMETERS];
  plimi_short_text scratch;
  plimi_columns columns = {.columns = 1 + sizeof titles / sizeof titles[0]};
  if (table->count == 0)
    return;
  find_varying(table, 0, 1, varies);
  plimi_table_heading(&table->rows[0], NULL, varies, stream);
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < PARAMETERS; k++) {
    varies[k] = varies[k] && parameters[k] != PLIMI_N && parameters[k] != PLIMI_WIDTH;
    if (!varies[k])
      continue;
    columns.columns++;
    plimi_columns_add(&columns, plimi_column_name(parameters[k]));
  }
  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
    plimi_columns_add(&columns, titles[i]);
  for (size_t i = 0; i < table->count; i++) {
    const plimi_row *row = &table->rows[i];
    plimi_columns_add(&columns, row->cells[PLIMI_QUANTITY].is.text);
    for (size_t k = 0; k < PARAMETERS; k++)
      if (varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&row->cells[parameters[k]], &scratch));
    if (row->cells[PLIMI_MARGIN].kind == PLIMI_CELL_NUMBER)
      plimi_columns_addf(&columns, "%.3g", row->cells[PLIMI_MARGIN].is.number);
    else
      plimi_columns_add(&columns, "");
    add_time(&columns, &row->cells[PLIMI_SECONDS]);
    add_time(&columns, &row->cells[PLIMI_TOTAL_SECONDS]);
    plimi_columns_add(&columns, row->cells[PLIMI_SETTLED].is.text);
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

void plimi_table_print(const plimi_table *table, bool paired, FILE *stream)
{
  if (table->count == 0)
    return;
  if (paired)
    print_paired(table, stream);
  else
    print_single(table, stream);
}
