/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "row.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#define NAME(code, name) name,
static const char *const column_names[] = {PLIMI_COLUMN_TABLE(NAME)};
static const char *const source_names[] = {"theory", "simulation", "extrapolation", "plan"};

static const double upper_tail = 0.025; /* of the 95 % confidence interval */

const char *plimi_column_name(plimi_column column)
{
  return column_names[column];
}

bool plimi_column_belongs(plimi_column column, unsigned of)
{
  if (column <= PLIMI_STATUS || (column == PLIMI_MARGIN && (of & PLIMI_OF_PLANS) != 0))
    return true;
  return (of & (column <= PLIMI_HIGH            ? PLIMI_OF_SPECTRA
                : column <= PLIMI_NEURON        ? PLIMI_OF_DESCENT
                : column <= PLIMI_EFFECT        ? PLIMI_OF_VERDICTS
                : column <= PLIMI_SEARCHED_HIGH ? PLIMI_OF_OPTIMA
                                                : PLIMI_OF_PLANS)) != 0;
}

bool plimi_column_tells_points(plimi_column column, unsigned of)
{
  static const plimi_column results[] = {PLIMI_QUANTITY, PLIMI_VALUE,   PLIMI_ERROR, PLIMI_STD,
                                         PLIMI_CI_LOW,   PLIMI_CI_HIGH, PLIMI_STATUS};
  for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
    if (column == results[i])
      return false;
  return plimi_column_belongs(column, of) && !(column >= PLIMI_VERDICT && column <= PLIMI_EFFECT);
}

const char *plimi_source_name(plimi_source source)
{
  return source_names[source];
}

void plimi_row_set_text(plimi_row *row, plimi_column column, const char *text)
{
  row->cells[column] = (plimi_cell){.kind = PLIMI_CELL_TEXT, .is.text = text};
}

void plimi_row_set_integer(plimi_row *row, plimi_column column, uint64_t integer)
{
  row->cells[column] = (plimi_cell){.kind = PLIMI_CELL_INTEGER, .is.integer = integer};
}

void plimi_row_set_number(plimi_row *row, plimi_column column, double number)
{
  row->cells[column] = (plimi_cell){.kind = isfinite(number) ? PLIMI_CELL_NUMBER : PLIMI_CELL_EMPTY,
                                    .is.number = isfinite(number) ? number : 0.0};
}

bool plimi_cell_equal(const plimi_cell *a, const plimi_cell *b)
{
  if (a->kind != b->kind)
    return false;
  switch (a->kind) {
  case PLIMI_CELL_TEXT:
    return a->is.text == b->is.text || strcmp(a->is.text, b->is.text) == 0;
  case PLIMI_CELL_NUMBER:
    return a->is.number == b->is.number && signbit(a->is.number) == signbit(b->is.number);
  case PLIMI_CELL_INTEGER:
    return a->is.integer == b->is.integer;
  case PLIMI_CELL_EMPTY:
    break;
  }
  return true;
}

void plimi_row_set_interval(plimi_row *row, double number, double error, double degrees)
{
  const double reach = gsl_cdf_tdist_Qinv(upper_tail, degrees) * error;
  plimi_row_set_number(row, PLIMI_CI_LOW, number - reach);
  plimi_row_set_number(row, PLIMI_CI_HIGH, number + reach);
}

void plimi_row_set_problem(plimi_row *row, const plim_problem *problem)
{
  plimi_row_set_number(row, PLIMI_PSI1, problem->psi1);
  plimi_row_set_number(row, PLIMI_PSI2, problem->psi2);
  plimi_row_set_number(row, PLIMI_LAMBDA, problem->lambda);
  plimi_row_set_number(row, PLIMI_ETA, problem->eta);
  plimi_row_set_number(row, PLIMI_ETA_EXPONENT, problem->eta_exponent);
  plimi_row_set_number(row, PLIMI_D, problem->d);
  plimi_row_set_text(row, PLIMI_ACTIVATION, plim_activation_name(problem->activation));
  plimi_row_set_text(row, PLIMI_TEACHER, plim_activation_name(problem->teacher));
  plimi_row_set_number(row, PLIMI_NOISE, problem->noise);
  plimi_row_set_text(row, PLIMI_READOUT, plim_problem_readout_name(problem));
  plimi_row_set_integer(row, PLIMI_STEPS, problem->steps);
  plimi_row_set_text(row, PLIMI_BATCH, plim_batch_name(problem->batch));
  const bool same = problem->ridge_batch == PLIM_RIDGE_SAME;
  const bool two = problem->steps == 2;
  plimi_row_set_number(row, PLIMI_ETA_SECOND, two ? plim_problem_second_eta(problem) : NAN);
  plimi_row_set_number(row, PLIMI_ETA_SECOND_EXPONENT, two ? plim_problem_second_exponent(problem) : NAN);
  plimi_row_set_text(row, PLIMI_RIDGE_BATCH, plim_ridge_batch_name(problem->ridge_batch));
  plimi_row_set_number(row, PLIMI_OVERLAP, same ? problem->overlap : NAN);
  plimi_row_set_number(row, PLIMI_EXTRA, same ? problem->extra : NAN);
  plimi_row_set_number(row, PLIMI_STEP_PSI1, plim_problem_step_psi1(problem));
  plimi_row_set_text(row, PLIMI_INPUTS, plim_inputs_name(problem->inputs));
}

bool plimi_row_is_usual(const plimi_row *row, plimi_column column)
{
  const plimi_cell *batch = &row->cells[PLIMI_RIDGE_BATCH];
  if (column == PLIMI_RIDGE_BATCH)
    return batch->kind == PLIMI_CELL_TEXT &&
           strcmp(batch->is.text, plim_ridge_batch_name(PLIM_RIDGE_FRESH)) == 0;
  if (column == PLIMI_INPUTS) {
    const plimi_cell *inputs = &row->cells[PLIMI_INPUTS];
    return inputs->kind == PLIMI_CELL_TEXT && strcmp(inputs->is.text, plim_inputs_name(NULL)) == 0;
  }
  if (column == PLIMI_STEP_PSI1)
    return plimi_cell_equal(&row->cells[PLIMI_STEP_PSI1], &row->cells[PLIMI_PSI1]);
  if (column == PLIMI_ETA_SECOND)
    return plimi_cell_equal(&row->cells[PLIMI_ETA_SECOND], &row->cells[PLIMI_ETA]);
  if (column == PLIMI_ETA_SECOND_EXPONENT)
    return plimi_cell_equal(&row->cells[PLIMI_ETA_SECOND_EXPONENT], &row->cells[PLIMI_ETA_EXPONENT]);
  return false;
}

bool plimi_row_tells_apart(const plimi_row *a, const plimi_row *b, plimi_column column)
{
  return !plimi_cell_equal(&a->cells[column], &b->cells[column]) &&
         !(plimi_row_is_usual(a, column) && plimi_row_is_usual(b, column));
}

void plimi_row_set_size(plimi_row *row, const plim_size *size)
{
  plimi_row_set_integer(row, PLIMI_N, size->n);
  plimi_row_set_integer(row, PLIMI_D, size->d);
  plimi_row_set_integer(row, PLIMI_WIDTH, size->width);
}

static void clear_number(plimi_row *row)
{
  static const plimi_column numbers[] = {PLIMI_VALUE, PLIMI_ERROR, PLIMI_STD, PLIMI_CI_LOW, PLIMI_CI_HIGH};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    row->cells[numbers[i]].kind = PLIMI_CELL_EMPTY;
}

static void set_labels(plimi_row *row, plim_quantity quantity, plimi_source source, plim_status status)
{
  plimi_row_set_text(row, PLIMI_QUANTITY, plim_quantity_name(quantity));
  plimi_row_set_text(row, PLIMI_SOURCE, source_names[source]);
  plimi_row_set_text(row, PLIMI_STATUS, plim_status_name(status));
}

plim_status plimi_row_set_limit(plimi_row *row, plim_quantity quantity, plim_status status,
                                const plim_value *value)
{
  if (status == PLIM_OK && !(isfinite(value->value) && isfinite(value->error)))
    status = PLIM_NOT_FINITE;
  set_labels(row, quantity, PLIMI_SOURCE_THEORY, status);
  clear_number(row);
  if (status == PLIM_OK) {
    plimi_row_set_number(row, PLIMI_VALUE, value->value);
    plimi_row_set_number(row, PLIMI_ERROR, value->error);
  }
  return status;
}

plim_status plimi_row_set_estimate(plimi_row *row, plim_quantity quantity, plim_status status,
                                   const plim_estimate *estimate)
{
  const bool spread = status == PLIM_OK && estimate->replicas > 1; /* one replica has no error */
  if (status == PLIM_OK && !(isfinite(estimate->mean) && (!spread || isfinite(estimate->error))))
    status = PLIM_NOT_FINITE;
  set_labels(row, quantity, PLIMI_SOURCE_SIMULATION, status);
  clear_number(row);
  if (status != PLIM_OK)
    return status;
  plimi_row_set_number(row, PLIMI_VALUE, estimate->mean);
  if (spread) {
    plimi_row_set_number(row, PLIMI_ERROR, estimate->error);
    plimi_row_set_number(row, PLIMI_STD, estimate->std);
    plimi_row_set_interval(row, estimate->mean, estimate->error, (double)(estimate->replicas - 1));
  }
  return status;
}
