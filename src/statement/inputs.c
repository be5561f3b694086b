/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs.c - laws of the inputs: their names, their parameters, tables of rows. */
#include "plim_inputs.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plim_formula.h"

static const double fewest_degrees = 4.0;
static const double rounding = 1e-6; /* of a mean and a mean square of many rows */

#define NAME(code, name, meaning) name,
static const char *const names[] = {PLIM_INPUTS_TABLE(NAME)};

struct plim_inputs {
  plim_inputs_kind kind;
  double parameter;
  size_t count, columns;
  double *values; /* count x columns, row by row */
  char name[PLIM_INPUTS_NAME_SIZE];
  atomic_size_t owners;
};

const char *plim_inputs_kind_name(plim_inputs_kind kind)
{
  return (unsigned)kind < PLIM_INPUTS_COUNT ? names[kind] : NULL;
}

/* ---- From a name ---------------------------------------------------------------------------------------- */

static bool has_parameter(plim_inputs_kind kind)
{
  return kind == PLIM_INPUTS_STUDENT || kind == PLIM_INPUTS_STUDENT_JOINT || kind == PLIM_INPUTS_AR1;
}

/* The kind that `name` begins with, up to its colon. */
static plim_inputs_kind kind_called(const char *name)
{
  const size_t length = strcspn(name, ":");
  int kind = 0;
  while (kind < PLIM_INPUTS_COUNT &&
         (strlen(names[kind]) != length || strncmp(names[kind], name, length) != 0))
    kind++;
  return (plim_inputs_kind)kind;
}

static plim_status read_parameter(plim_inputs_kind kind, const char *text, double *parameter,
                                  const char **why)
{
  plim_formula *formula = NULL;
  double number = NAN;
  plim_status status = plim_formula_alloc(text, NULL, 0, &formula, NULL);
  if (status == PLIM_OK)
    status = plim_formula_value(formula, NULL, &number);
  plim_formula_free(formula);
  if (status == PLIM_NO_MEMORY)
    return status;
  const bool correlation = kind == PLIM_INPUTS_AR1;
  *why = correlation
             ? "ar1:RHO wants a number between -1 and 1"
             : "student:DF wants more than 4 degrees of freedom: with fewer a risk has no standard error";
  if (status != PLIM_OK || !isfinite(number))
    return PLIM_INVALID;
  if (correlation ? fabs(number) >= 1.0 : number <= fewest_degrees)
    return PLIM_INVALID;
  *parameter = number;
  return PLIM_OK;
}

static plim_status make(const char *name, plim_inputs_kind kind, double parameter, plim_inputs **inputs)
{
  plim_inputs *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->kind = kind;
  made->parameter = parameter;
  atomic_init(&made->owners, 1);
  strcpy(made->name, name);
  *inputs = made;
  return PLIM_OK;
}

static bool is_too_long(const char *name, const char **why)
{
  *why = "the name is longer than 255 characters";
  return strlen(name) >= PLIM_INPUTS_NAME_SIZE;
}

plim_status plim_inputs_alloc(const char *name, plim_inputs **inputs, const char **why)
{
  const char *unsaid, **said = why != NULL ? why : &unsaid;
  const char *const colon = strchr(name, ':');
  const plim_inputs_kind kind = kind_called(name);
  double parameter = 0.0;
  if (is_too_long(name, said))
    return PLIM_INVALID;
  *said = "it is none of gaussian, rademacher, uniform, student:DF, student-joint:DF, sphere and ar1:RHO";
  if (kind == PLIM_INPUTS_COUNT)
    return PLIM_INVALID;
  *said = "a table has to be read first";
  if (kind == PLIM_INPUTS_CSV)
    return PLIM_INVALID;
  *said = has_parameter(kind) ? "its number is missing: student:DF, student-joint:DF, ar1:RHO"
                              : "it takes no number";
  if ((colon != NULL) != has_parameter(kind))
    return PLIM_INVALID;
  if (colon != NULL) {
    const plim_status status = read_parameter(kind, colon + 1, &parameter, said);
    if (status != PLIM_OK)
      return status;
  }
  return make(name, kind, parameter, inputs);
}

/* ---- From rows ------------------------------------------------------------------------------------------ */

static bool is_standard(const plim_rows *rows, size_t column)
{
  double sum = 0.0, square = 0.0;
  for (size_t i = 0; i < rows->count; i++) {
    const double x = rows->values[i * rows->columns + column];
    sum += x;
    square += x * x;
  }
  const double count = (double)rows->count;
  return fabs(sum / count) <= rounding && fabs(square / count - 1.0) <= rounding; /* false of a NaN */
}

plim_status plim_inputs_of_rows(const char *name, const plim_rows *rows, plim_inputs **inputs,
                                const char **why)
{
  const char *unsaid, **said = why != NULL ? why : &unsaid;
  if (is_too_long(name, said))
    return PLIM_INVALID;
  *said = "a table has two rows and a column at least";
  if (rows->count < 2 || rows->columns == 0)
    return PLIM_INVALID;
  *said = "there are more than 2^32 - 1 rows or columns";
  if (rows->count > UINT32_MAX || rows->columns > UINT32_MAX ||
      rows->count > PTRDIFF_MAX / sizeof(double) / rows->columns)
    return PLIM_INVALID;
  *said = "a column has not mean 0 and mean square 1";
  for (size_t j = 0; j < rows->columns; j++)
    if (!is_standard(rows, j))
      return PLIM_INVALID;
  plim_inputs *made;
  const size_t bytes = rows->count * rows->columns * sizeof *rows->values;
  const plim_status status = make(name, PLIM_INPUTS_CSV, 0.0, &made);
  if (status != PLIM_OK)
    return status;
  made->values = malloc(bytes);
  if (made->values == NULL) {
    free(made);
    return PLIM_NO_MEMORY;
  }
  memcpy(made->values, rows->values, bytes);
  made->count = rows->count;
  made->columns = rows->columns;
  *inputs = made;
  return PLIM_OK;
}

/* ---- Owners --------------------------------------------------------------------------------------------- */

plim_inputs *plim_inputs_share(const plim_inputs *inputs)
{
  plim_inputs *shared = (plim_inputs *)inputs;
  if (shared != NULL)
    atomic_fetch_add(&shared->owners, 1);
  return shared;
}

void plim_inputs_free(plim_inputs *inputs)
{
  if (inputs == NULL || atomic_fetch_sub(&inputs->owners, 1) > 1)
    return;
  free(inputs->values);
  free(inputs);
}

/* ---- What it is ----------------------------------------------------------------------------------------- */

plim_inputs_kind plim_inputs_kind_of(const plim_inputs *inputs)
{
  return inputs != NULL ? inputs->kind : PLIM_INPUTS_GAUSSIAN;
}

const char *plim_inputs_name(const plim_inputs *inputs)
{
  return inputs != NULL ? inputs->name : names[PLIM_INPUTS_GAUSSIAN];
}

double plim_inputs_parameter(const plim_inputs *inputs)
{
  return inputs != NULL ? inputs->parameter : 0.0;
}

plim_rows plim_inputs_rows(const plim_inputs *inputs)
{
  return inputs != NULL ? (plim_rows){inputs->values, inputs->count, inputs->columns}
                        : (plim_rows){NULL, 0, 0};
}

bool plim_inputs_same(const plim_inputs *a, const plim_inputs *b)
{
  const plim_rows left = plim_inputs_rows(a), right = plim_inputs_rows(b);
  return strcmp(plim_inputs_name(a), plim_inputs_name(b)) == 0 && left.count == right.count &&
         left.columns == right.columns &&
         (left.count == 0 ||
          memcmp(left.values, right.values, left.count * left.columns * sizeof *left.values) == 0);
}

double plim_inputs_moments(const plim_inputs *inputs)
{
  const plim_inputs_kind kind = plim_inputs_kind_of(inputs);
  return kind == PLIM_INPUTS_STUDENT || kind == PLIM_INPUTS_STUDENT_JOINT ? inputs->parameter : INFINITY;
}
