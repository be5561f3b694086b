/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_check - is a file what interface says of plim's JSON? Used by the shell tests.
   usage: json_check rows FILE      {"plim", "command", "problem", "rows": [...]}, every row with every column,
                                    numbers finite or null; prints the number of rows
          json_check get FILE KEY   the value of a key of the outer object, as compact JSON
          json_check column FILE COLUMN   that cell of every row, one a line, as compact JSON */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static const char *const columns[] = {"quantity",
                                      "source",
                                      "value",
                                      "error",
                                      "std",
                                      "ci_low",
                                      "ci_high",
                                      "replicas",
                                      "psi1",
                                      "psi2",
                                      "lambda",
                                      "eta",
                                      "eta_exponent",
                                      "n",
                                      "d",
                                      "width",
                                      "activation",
                                      "teacher",
                                      "noise",
                                      "readout",
                                      "steps",
                                      "batch",
                                      "eta_second",
                                      "ridge_batch",
                                      "overlap",
                                      "extra",
                                      "step_psi1",
                                      "inputs",
                                      "eta_second_exponent",
                                      "seed",
                                      "status"};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* What compare's rows have more. */
static const char *const of_verdicts[] = {"verdict",          "margin",         "p_agree",
                                          "p_disagree",       "fit_p",          "agree_margin",
                                          "overturning_term", "neglected_bias", "effect"};
enum { OF_VERDICTS = sizeof of_verdicts / sizeof of_verdicts[0] };
/* What optimize's rows have more. */
static const char *const of_optima[] = {"place", "certificate", "searched_low", "searched_high"};
enum { OF_OPTIMA = sizeof of_optima / sizeof of_optima[0] };
/* What power's rows have more: as many, so that the first says which of the two they are. */
static const char *const of_plans[] = {"settled", "margin", "seconds", "total_seconds"};
_Static_assert(sizeof of_plans == sizeof of_optima, "a row's size stands for both");

static int fail(const char *what)
{
  fprintf(stderr, "json_check: %s\n", what);
  return EXIT_FAILURE;
}

static int check_row(const json_t *row)
{
  const size_t size = json_object_size(row);
  if (!json_is_object(row) ||
      (size != COLUMNS && size != COLUMNS + OF_VERDICTS && size != COLUMNS + OF_OPTIMA))
    return fail("a row is not an object of all columns");
  for (size_t i = 0; size == COLUMNS + OF_VERDICTS && i < OF_VERDICTS; i++)
    if (json_object_get(row, of_verdicts[i]) == NULL)
      return fail(of_verdicts[i]);
  const char *const *four = json_object_get(row, of_plans[0]) != NULL ? of_plans : of_optima;
  for (size_t i = 0; size == COLUMNS + OF_OPTIMA && i < OF_OPTIMA; i++)
    if (json_object_get(row, four[i]) == NULL)
      return fail(four[i]);
  for (size_t i = 0; i < COLUMNS; i++) {
    const json_t *cell = json_object_get(row, columns[i]);
    if (cell == NULL)
      return fail(columns[i]);
    if (json_is_real(cell) && !isfinite(json_real_value(cell)))
      return fail("a number is not finite");
  }
  const int ok = strcmp(json_string_value(json_object_get(row, "status")), "ok") == 0;
  if (ok != json_is_number(json_object_get(row, "value")))
    return fail("a row has a value if and only if its status is ok");
  return EXIT_SUCCESS;
}

static int check_rows(const json_t *object)
{
  const json_t *rows = json_object_get(object, "rows");
  if (!json_is_string(json_object_get(object, "plim")) ||
      !json_is_string(json_object_get(object, "command")) ||
      !json_is_object(json_object_get(object, "problem")) || !json_is_array(rows))
    return fail("plim, command, problem or rows is missing");
  for (size_t i = 0; i < json_array_size(rows); i++)
    if (check_row(json_array_get(rows, i)) != EXIT_SUCCESS)
      return EXIT_FAILURE;
  printf("%zu\n", json_array_size(rows));
  return EXIT_SUCCESS;
}

static void print(const json_t *value)
{
  if (value == NULL)
    puts("missing");
  else if (json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY) == 0)
    putchar('\n');
}

int main(int argc, char **argv)
{
  json_error_t error;
  if (argc < 3)
    return fail("usage: json_check rows|get|column FILE [KEY]");
  json_t *object = json_load_file(argv[2], JSON_REJECT_DUPLICATES, &error);
  if (object == NULL)
    return fail(error.text);
  int status = EXIT_SUCCESS;
  if (strcmp(argv[1], "rows") == 0) {
    status = check_rows(object);
  } else if (argc == 4 && strcmp(argv[1], "get") == 0) {
    print(json_object_get(object, argv[3]));
  } else if (argc == 4 && strcmp(argv[1], "column") == 0) {
    const json_t *rows = json_object_get(object, "rows");
    for (size_t i = 0; i < json_array_size(rows); i++)
      print(json_object_get(json_array_get(rows, i), argv[3]));
  } else {
    status = fail("usage: json_check rows|get|column FILE [KEY]");
  }
  json_decref(object);
  return status;
}
