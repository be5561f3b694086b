/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "tolerances.h"

/* automake sets srcdir for the tests; by hand, run from the top of the source tree. */
static FILE *open_data(const char *name)
{
  const char *top = getenv("srcdir");
  char path[1024];
  const int length = snprintf(path, sizeof path, "%s/tests/data/%s", top != NULL ? top : ".", name);
  ck_assert(length > 0 && (size_t)length < sizeof path);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s", path);
  return file;
}

static char *read_all(FILE *file)
{
  ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
  const long size = ftell(file);
  ck_assert_int_ge(size, 0);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  ck_assert_ptr_nonnull(text);
  ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
  text[size] = '\0';
  return text;
}

/* Cut one line at its commas (cells hold neither quotes nor commas); returns the number of cells. */
static size_t cut_line(char *line, const char *cells[REFERENCE_MAX_COLUMNS])
{
  size_t count = 0;
  for (char *cell = line;;) {
    ck_assert_uint_lt(count, REFERENCE_MAX_COLUMNS);
    cells[count++] = cell;
    char *comma = strchr(cell, ',');
    if (comma == NULL)
      return count;
    *comma = '\0';
    cell = comma + 1;
  }
}

reference_table *reference_table_read(const char *name)
{
  reference_table *table = calloc(1, sizeof *table);
  ck_assert_ptr_nonnull(table);
  FILE *file = open_data(name);
  table->text = read_all(file);
  fclose(file);
  char *line = strtok(table->text, "\r\n");
  ck_assert_ptr_nonnull(line);
  table->columns = cut_line(line, table->header);
  while ((line = strtok(NULL, "\r\n")) != NULL) {
    ck_assert_uint_lt(table->rows, REFERENCE_MAX_ROWS);
    ck_assert_uint_eq(cut_line(line, table->cell[table->rows]), table->columns);
    table->rows++;
  }
  ck_assert_uint_gt(table->rows, 0);
  return table;
}

void reference_table_free(reference_table *table)
{
  free(table->text);
  free(table);
}

const char *reference_text(const reference_table *table, size_t row, const char *column)
{
  for (size_t i = 0; i < table->columns; i++) {
    if (strcmp(table->header[i], column) == 0)
      return table->cell[row][i];
  }
  return NULL;
}

double reference_number(const reference_table *table, size_t row, const char *column)
{
  const char *text = reference_text(table, row, column);
  ck_assert_msg(text != NULL && *text != '\0', "no value in column %s of row %zu", column, row);
  char *end;
  const double number = strtod(text, &end);
  ck_assert_msg(*end == '\0', "not a number: %s", text);
  return number;
}

static void set_if_present(const reference_table *table, size_t row, const char *column, double *member)
{
  if (reference_text(table, row, column) != NULL)
    *member = reference_number(table, row, column);
}

plim_problem reference_problem(const reference_table *table, size_t row)
{
  plim_problem p = plim_problem_default();
  set_if_present(table, row, "psi1", &p.psi1);
  set_if_present(table, row, "psi2", &p.psi2);
  set_if_present(table, row, "lambda", &p.lambda);
  set_if_present(table, row, "eta", &p.eta);
  set_if_present(table, row, "noise", &p.noise);
  set_if_present(table, row, "d", &p.d);
  set_if_present(table, row, "overlap", &p.overlap);
  set_if_present(table, row, "extra", &p.extra);
  const char *ridge_batch = reference_text(table, row, "ridge_batch");
  if (ridge_batch != NULL && strcmp(ridge_batch, plim_ridge_batch_name(PLIM_RIDGE_SAME)) == 0)
    p.ridge_batch = PLIM_RIDGE_SAME;
  double steps = 1.0;
  set_if_present(table, row, "steps", &steps);
  p.steps = (size_t)steps;
  const char *batch = reference_text(table, row, "batch");
  if (batch != NULL && strcmp(batch, plim_batch_name(PLIM_BATCH_FRESH)) == 0)
    p.batch = PLIM_BATCH_FRESH;
  const char *readout = reference_text(table, row, "readout");
  if (readout != NULL && strcmp(readout, plim_readout_name(PLIM_READOUT_CONSTANT)) == 0)
    p.readout = PLIM_READOUT_CONSTANT;
  p.activation = activation_called(reference_text(table, row, "activation"));
  p.teacher = activation_called(reference_text(table, row, "teacher"));
  return p;
}

static void check_cell(plim_theory *theory, const reference_table *table, size_t row, plim_quantity quantity)
{
  char what[64];
  plim_problem problem = reference_problem(table, row);
  const double expected = reference_number(table, row, plim_quantity_name(quantity));
  const plim_value value = limit_of(theory, quantity, &problem);
  snprintf(what, sizeof what, "%s, row %zu", plim_quantity_name(quantity), row);
  assert_close(value.value, expected, TOLERANCE_REFERENCE, TOLERANCE_REFERENCE_NEAR_0, what);
  assert_within_error(value, expected, what);
  assert_close(value.error, 0.0, 0.0, TOLERANCE_BOUND * fabs(expected) + TOLERANCE_REFERENCE_NEAR_0, what);
  problem_clear(&problem);
}

void reference_check(const char *name, const plim_quantity *quantities, size_t count, size_t least)
{
  reference_table *table = reference_table_read(name);
  plim_theory *theory = new_theory();
  size_t compared = 0;
  for (size_t row = 0; row < table->rows; row++) {
    for (size_t i = 0; i < count; i++) {
      const char *cell = reference_text(table, row, plim_quantity_name(quantities[i]));
      if (cell == NULL || *cell == '\0')
        continue;
      check_cell(theory, table, row, quantities[i]);
      compared++;
    }
  }
  ck_assert_uint_ge(compared, least);
  plim_theory_free(theory);
  reference_table_free(table);
}
