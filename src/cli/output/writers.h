/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writers.h - the three formats and the provenance. Errors of the stream are left to its owner. */
#ifndef PLIM_CLI_WRITERS_H
#define PLIM_CLI_WRITERS_H

#include <stdio.h>

#include "json_values.h"
#include "number.h"
#include "output.h"
#include "whole_file.h"

/* CSV: RFC 4180 but for the line ends, which are LF; a header, no comments. What did not change from the row before is
   not printed anew: turning a double into digits costs more than some of the limits themselves. */
typedef struct {
  FILE *stream;
  unsigned of; /* PLIMI_OF_... */
  plimi_further further;
  bool begun;
  plimi_row last;
  struct {
    plimi_number_text inside; /* numbers, empty cells */
    char *longer;             /* text, or NULL */
    size_t length;
  } text[PLIMI_COLUMN_COUNT];
} plimi_csv;
void plimi_csv_begin(plimi_csv *csv, FILE *stream, unsigned of, const plimi_further *further); /* or NULL */
void plimi_csv_row(plimi_csv *csv, const plimi_row *row);
void plimi_csv_end(plimi_csv *csv);
void plimi_csv_field(FILE *stream, const char *text); /* quoted where it must be */
void plimi_csv_cell(FILE *stream, const plimi_cell *cell);

/* JSON: one object, {"plim", "command", "problem", "rows": [...]} and "verdicts" where there are any. */
typedef struct {
  FILE *stream;
  unsigned of; /* PLIMI_OF_... */
  plimi_further further;
  double level; /* of verdicts */
  size_t rows;
} plimi_json;
void plimi_json_begin(plimi_json *json, FILE *stream, const plimi_output_request *request);
void plimi_json_row(plimi_json *json, const plimi_row *row);
/* After the rows, another list under `name`, and an element of it (released). */
void plimi_json_next_list(plimi_json *json, const char *name);
void plimi_json_object(plimi_json *json, json_t *object);
void plimi_json_end(plimi_json *json, const plimi_judged *verdicts, size_t count);

/* The options of a part: with `as_written` their text, else numbers, words and arrays of them. Only those that
   shape the result where `shaping`. To be released with json_decref. */
json_t *plimi_json_options(const plimi_part *part, bool as_written, bool shaping);
json_t *plimi_json_cell(const plimi_cell *cell);
/* As json_dumpf would, but for numbers: each with the fewest digits that give its bits back. On one line, or with
   `indent` blanks a level. */
void plimi_json_print(const json_t *value, size_t indent, FILE *stream);

/* The text of a cell for reading, whole where it is text: two expressions may differ in their last character. */
typedef struct {
  char text[64];
} plimi_short_text;
const char *plimi_cell_text(const plimi_cell *cell, plimi_short_text *scratch);

/* What a limit was extrapolated from, {"d", "value", "error", "replicas", "fitted"} each, the first `skipped`
   not fitted.
   And the fit's curve, value(d) = limit + sum of coefficient d^-rate: [{"rate", "coefficient"}], or null where the fit
   does not tell it (three powers). `rates` are those declared together, up to the first 0. */
json_t *plimi_json_rungs(const plim_rung *rungs, size_t count, size_t skipped);
json_t *plimi_json_drift(const plim_extrapolation *fit, const double *rates, const plim_rung *rungs,
                         size_t count);

/* Table: rows are kept, since a column is as wide as its widest cell. */
typedef struct {
  plimi_row *rows;
  size_t count, room;
  plimi_further further;
} plimi_table;
void plimi_table_row(plimi_table *table, const plimi_row *row);
void plimi_table_print(const plimi_table *table, bool paired, FILE *stream);
/* Each number as a command of TeX; verdicts have been put into the rows. */
void plimi_macros_print(const plimi_table *table, const char *command, FILE *stream);
/* CSV with one row a point, the quantities beside each other; verdicts have been put into the rows. */
void plimi_wide_print(const plimi_table *table, unsigned of, FILE *stream);
void plimi_table_print_spectra(const plimi_table *table, FILE *stream);
void plimi_table_print_descents(const plimi_table *table, FILE *stream);
void plimi_table_print_plans(const plimi_table *table, FILE *stream);
/* Which problem a row is of, in a line or two after `title` (NULL: none); without the parameters that vary, where
   that is not NULL. */
void plimi_table_heading(const plimi_row *row, const char *title, const bool *varies, FILE *stream);
void plimi_table_print_verdicts(const plimi_judged *verdicts, size_t count, const plimi_further *further,
                                FILE *stream);
void plimi_table_free(plimi_table *table);

/* Did this version of plim, asked for the same numbers, write the very bytes that stand at request->path? */
bool plimi_provenance_matches(const plimi_output_request *request);

/* Where the numbers in a file that is sealed and not yet committed come from, as one JSON object. */
void plimi_provenance_print(const plimi_output_request *request, const plimi_whole_file *file, FILE *stream);

#endif
