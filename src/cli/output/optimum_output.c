/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "optimum_output.h"

#include <math.h>
#include <string.h>

#include "../terminal/columns.h"
#include "writers.h"

/* What is said of one variable, and the names of its rows for every quantity. */
typedef struct {
  const char *name;
  plimi_column column;
  const char *const *places, *const *curvatures;
} variable;

#define PLACE_LAMBDA(code, name, symbol, title) name ".optimal_lambda",
#define PLACE_ETA(code, name, symbol, title) name ".optimal_eta",
#define CURVATURE_LAMBDA(code, name, symbol, title) name ".curvature_lambda",
#define CURVATURE_ETA(code, name, symbol, title) name ".curvature_eta",
static const char *const lambda_places[] = {PLIM_QUANTITY_TABLE(PLACE_LAMBDA)};
static const char *const eta_places[] = {PLIM_QUANTITY_TABLE(PLACE_ETA)};
static const char *const lambda_curvatures[] = {PLIM_QUANTITY_TABLE(CURVATURE_LAMBDA)};
static const char *const eta_curvatures[] = {PLIM_QUANTITY_TABLE(CURVATURE_ETA)};

static const variable variables[] = {{"lambda", PLIMI_LAMBDA, lambda_places, lambda_curvatures},
                                     {"eta", PLIMI_ETA, eta_places, eta_curvatures}};
enum { VARIABLES = sizeof variables / sizeof variables[0], MOST_ROWS = 1 + 2 * VARIABLES };

static bool is_searched(const plimi_findings *all, size_t v)
{
  return v == 0 ? all->search.over_lambda : all->search.over_eta;
}

static const plim_best *best_of(const plimi_found *found, size_t v)
{
  return v == 0 ? &found->optimum.lambda : &found->optimum.eta;
}

/* The problem with its variables at their best; where that is no number the cell stays empty. */
static void set_point(plimi_row *row, const plimi_findings *all, const plimi_found *found)
{
  plim_problem problem = found->problem;
  if (found->status == PLIM_OK && all->search.over_lambda &&
      found->optimum.lambda.place != PLIM_PLACE_ANYWHERE)
    problem.lambda = found->optimum.lambda.at;
  if (found->status == PLIM_OK && all->search.over_eta && found->optimum.eta.place != PLIM_PLACE_ANYWHERE)
    problem.eta = found->optimum.eta.at;
  plimi_row_set_problem(row, &problem);
  for (size_t v = 0; found->status != PLIM_OK && v < VARIABLES; v++)
    if (is_searched(all, v))
      row->cells[variables[v].column].kind = PLIMI_CELL_EMPTY;
}

static void set_name(plimi_row *row, const char *name, plim_status status)
{
  plimi_row_set_text(row, PLIMI_QUANTITY, name);
  plimi_row_set_text(row, PLIMI_STATUS, plim_status_name(status));
}

/* Why a place has no number: it is infinite, or any would do. */
static plim_status status_of_place(const plimi_found *found, const plim_best *best)
{
  if (found->status != PLIM_OK)
    return found->status;
  return best->place == PLIM_PLACE_INFINITY   ? PLIM_DIVERGES
         : best->place == PLIM_PLACE_ANYWHERE ? PLIM_OUTSIDE_DOMAIN
                                              : PLIM_OK;
}

/* The rows of one finding, as CSV and JSON have them; how many. */
static size_t rows_of(const plimi_findings *all, const plimi_found *found, plimi_row *rows)
{
  size_t count = 0;
  plimi_row plain = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  const plim_optimum *optimum = &found->optimum;
  set_point(&plain, all, found);
  if (found->status == PLIM_OK)
    plimi_row_set_text(&plain, PLIMI_CERTIFICATE, plim_certificate_name(optimum->certificate));
  const plim_status status = plimi_row_set_limit(&plain, found->quantity, found->status, &optimum->value);
  rows[count] = plain;
  if (status == PLIM_OK) {
    const double value = optimum->value.value, error = optimum->value.error;
    const bool greatest = plim_optimum_goal(found->quantity) == PLIM_GOAL_GREATEST;
    plimi_row_set_number(&rows[count], PLIMI_CI_LOW, greatest ? value - error : optimum->bound);
    plimi_row_set_number(&rows[count], PLIMI_CI_HIGH, greatest ? optimum->bound : value + error);
  }
  count++;
  for (size_t v = 0; v < VARIABLES; v++) {
    if (!is_searched(all, v))
      continue;
    const plim_best *best = best_of(found, v);
    plim_status place = status_of_place(found, best);
    const plim_value at = {best->at, best->error};
    rows[count] = plain;
    place = plimi_row_set_limit(&rows[count], found->quantity, place, &at);
    set_name(&rows[count], variables[v].places[found->quantity], place);
    if (found->status == PLIM_OK) {
      plimi_row_set_text(&rows[count], PLIMI_PLACE, plim_place_name(best->place));
      plimi_row_set_number(&rows[count], PLIMI_SEARCHED_LOW, best->searched.low);
      plimi_row_set_number(&rows[count], PLIMI_SEARCHED_HIGH, best->searched.high);
    }
    if (place == PLIM_OK) {
      plimi_row_set_number(&rows[count], PLIMI_CI_LOW, best->bracket.low);
      plimi_row_set_number(&rows[count], PLIMI_CI_HIGH, best->bracket.high);
    }
    count++;
    plim_status bend = found->status;
    if (bend == PLIM_OK && best->place != PLIM_PLACE_INSIDE)
      bend = PLIM_OUTSIDE_DOMAIN;
    rows[count] = plain;
    bend = plimi_row_set_limit(&rows[count], found->quantity, bend, &best->curvature);
    set_name(&rows[count], variables[v].curvatures[found->quantity], bend);
    count++;
  }
  return count;
}

static json_t *variable_object(const plim_best *best)
{
  const struct {
    const char *name;
    double number;
  } numbers[] = {{"value", best->at},
                 {"error", best->error},
                 {"bracket_low", best->bracket.low},
                 {"bracket_high", best->bracket.high},
                 {"searched_low", best->searched.low},
                 {"searched_high", best->searched.high},
                 {"curvature", best->curvature.value},
                 {"curvature_error", best->curvature.error}};
  json_t *object = json_object();
  json_object_set_new(object, "place", plimi_json_text(plim_place_name(best->place)));
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    json_object_set_new(object, numbers[i].name, plimi_json_number(numbers[i].number));
  return object;
}

/* The parameters that tell one finding from another. */
static const plimi_column telling[] = {
    PLIMI_ACTIVATION, PLIMI_TEACHER, PLIMI_PSI1,         PLIMI_PSI2,
    PLIMI_LAMBDA,     PLIMI_ETA,     PLIMI_ETA_EXPONENT, PLIMI_NOISE,
    PLIMI_READOUT,    PLIMI_STEPS,   PLIMI_BATCH,        PLIMI_FURTHER_PARAMETERS,
    PLIMI_D};
enum { TELLING = sizeof telling / sizeof telling[0] };

static plimi_row row_as_asked(const plimi_findings *all, const plimi_found *found)
{
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, &found->problem);
  for (size_t v = 0; v < VARIABLES; v++)
    if (is_searched(all, v))
      row.cells[variables[v].column].kind = PLIMI_CELL_EMPTY;
  return row;
}

static json_t *optimum_object(const plimi_findings *all, const plimi_found *found)
{
  json_t *object = json_object();
  const plimi_row row = row_as_asked(all, found);
  const bool known = found->status == PLIM_OK;
  json_object_set_new(object, "quantity", plimi_json_text(plim_quantity_name(found->quantity)));
  for (size_t k = 0; k < TELLING; k++)
    json_object_set_new(object, plimi_column_name(telling[k]), plimi_json_cell(&row.cells[telling[k]]));
  json_object_set_new(object, "status", plimi_json_text(plim_status_name(found->status)));
  json_object_set_new(
      object, "goal",
      plimi_json_text(plim_optimum_goal(found->quantity) == PLIM_GOAL_LEAST ? "least" : "greatest"));
  if (!known)
    return object;
  json_object_set_new(object, "value", plimi_json_number(found->optimum.value.value));
  json_object_set_new(object, "error", plimi_json_number(found->optimum.value.error));
  json_object_set_new(object, "bound", plimi_json_number(found->optimum.bound));
  json_object_set_new(object, "certificate",
                      plimi_json_text(plim_certificate_name(found->optimum.certificate)));
  for (size_t v = 0; v < VARIABLES; v++)
    if (is_searched(all, v))
      json_object_set_new(object, variables[v].name, variable_object(best_of(found, v)));
  return object;
}

static void write_json(const plimi_findings *all, FILE *stream)
{
  plimi_json json;
  plimi_row rows[MOST_ROWS];
  plimi_json_begin(&json, stream, all->request);
  for (size_t i = 0; i < all->count; i++) {
    const size_t count = rows_of(all, &all->found[i], rows);
    for (size_t k = 0; k < count; k++)
      plimi_json_row(&json, &rows[k]);
  }
  plimi_json_next_list(&json, "optima");
  for (size_t i = 0; i < all->count; i++)
    plimi_json_object(&json, optimum_object(all, &all->found[i]));
  plimi_json_end(&json, NULL, 0);
}

static void write_csv(const plimi_findings *all, FILE *stream)
{
  plimi_csv csv;
  plimi_row rows[MOST_ROWS];
  plimi_csv_begin(&csv, stream, PLIMI_OF_OPTIMA, NULL);
  for (size_t i = 0; i < all->count; i++) {
    const size_t count = rows_of(all, &all->found[i], rows);
    for (size_t k = 0; k < count; k++)
      plimi_csv_row(&csv, &rows[k]);
  }
  plimi_csv_end(&csv);
}

/* "0.40168 in [0.40118, 0.40217]", or the word that stands in its place. */
static void add_place(plimi_columns *columns, const plim_best *best)
{
  if (best->place == PLIM_PLACE_INSIDE)
    plimi_columns_addf(columns, "%.6g in [%.5g, %.5g]", best->at, best->bracket.low, best->bracket.high);
  else if (best->place == PLIM_PLACE_LOW || best->place == PLIM_PLACE_HIGH)
    plimi_columns_addf(columns, "%.6g (%s)", best->at, plim_place_name(best->place));
  else
    plimi_columns_add(columns, plim_place_name(best->place));
  if (best->place == PLIM_PLACE_INSIDE)
    plimi_columns_addf(columns, "%.4g", best->curvature.value);
  else
    plimi_columns_add(columns, "");
}

static void print_common(const plimi_row *row, const bool *varies, FILE *stream)
{
  plimi_message line = {.text = ""};
  plimi_short_text scratch;
  for (size_t k = 0; k < TELLING; k++) {
    if (varies[k] || row->cells[telling[k]].kind == PLIMI_CELL_EMPTY || plimi_row_is_usual(row, telling[k]))
      continue;
    plimi_message_add(&line, "%s%s=%s", line.text[0] != '\0' ? "  " : "", plimi_column_name(telling[k]),
                      plimi_cell_text(&row->cells[telling[k]], &scratch));
  }
  plimi_print_wrapped(line.text, 0, 0, plimi_text_width(stream), stream);
  fputc('\n', stream);
}

static bool is_sampled(const plimi_found *found)
{
  return found->status == PLIM_OK && found->optimum.certificate == PLIM_CERTIFICATE_SAMPLED;
}

/* The range searched stands in the table where it is a choice of the search, not all there is. */
static bool has_sampled(const plimi_findings *all)
{
  for (size_t i = 0; i < all->count; i++)
    if (is_sampled(&all->found[i]))
      return true;
  return false;
}

static void add_finding(plimi_columns *columns, const plimi_findings *all, const plimi_found *found)
{
  const bool known = found->status == PLIM_OK;
  if (known)
    plimi_columns_addf(columns, "%.10g", found->optimum.value.value);
  else
    plimi_columns_addf(columns, "(%s)", plim_status_name(found->status));
  if (known && !isnan(found->optimum.bound))
    plimi_columns_addf(columns, "%.10g", found->optimum.bound);
  else
    plimi_columns_add(columns, "");
  for (size_t v = 0; v < VARIABLES; v++) {
    if (!is_searched(all, v))
      continue;
    const plim_best *best = best_of(found, v);
    if (known) {
      add_place(columns, best);
    } else {
      plimi_columns_add(columns, "");
      plimi_columns_add(columns, "");
    }
    if (is_sampled(found))
      plimi_columns_addf(columns, "%.4g to %.4g", best->searched.low, best->searched.high);
    else if (has_sampled(all))
      plimi_columns_add(columns, "");
  }
  plimi_columns_add(columns, known ? plim_certificate_name(found->optimum.certificate) : "");
}

/* What the words in the table mean, each once. */
static void print_legend(const plimi_findings *all, FILE *stream)
{
  bool places[PLIM_PLACE_COUNT] = {false}, certificates[PLIM_CERTIFICATE_COUNT] = {false};
  for (size_t i = 0; i < all->count; i++) {
    if (all->found[i].status != PLIM_OK)
      continue;
    certificates[all->found[i].optimum.certificate] = true;
    for (size_t v = 0; v < VARIABLES; v++)
      if (is_searched(all, v))
        places[best_of(&all->found[i], v)->place] = true;
  }
  places[PLIM_PLACE_INSIDE] = false; /* a number with its bracket needs no word */
  fputc('\n', stream);
  plimi_message line;
  for (int i = 0; i < PLIM_CERTIFICATE_COUNT; i++) {
    if (!certificates[i])
      continue;
    plimi_message_set(&line, "%s: %s", plim_certificate_name((plim_certificate)i),
                      plim_certificate_meaning((plim_certificate)i));
    plimi_print_wrapped(line.text, 0, 2, plimi_text_width(stream), stream);
  }
  for (int i = 0; i < PLIM_PLACE_COUNT; i++) {
    if (!places[i])
      continue;
    plimi_message_set(&line, "%s: %s", plim_place_name((plim_place)i), plim_place_meaning((plim_place)i));
    plimi_print_wrapped(line.text, 0, 2, plimi_text_width(stream), stream);
  }
}

static void write_table(const plimi_findings *all, FILE *stream)
{
  bool varies[TELLING] = {false};
  plimi_columns columns = {.columns = 4};
  plimi_short_text scratch;
  if (all->count == 0)
    return;
  const plimi_row first = row_as_asked(all, &all->found[0]);
  for (size_t i = 1; i < all->count; i++) {
    const plimi_row row = row_as_asked(all, &all->found[i]);
    for (size_t k = 0; k < TELLING; k++)
      if (plimi_row_tells_apart(&row, &first, telling[k]))
        varies[k] = true;
  }
  print_common(&first, varies, stream);
  plimi_columns_add(&columns, "quantity");
  for (size_t k = 0; k < TELLING; k++) {
    if (varies[k])
      plimi_columns_add(&columns, plimi_column_name(telling[k]));
    columns.columns += varies[k] ? 1 : 0;
  }
  plimi_columns_add(&columns, "best");
  plimi_columns_add(&columns, "none better than");
  for (size_t v = 0; v < VARIABLES; v++) {
    if (!is_searched(all, v))
      continue;
    plimi_columns_addf(&columns, "at %s", variables[v].name);
    plimi_columns_add(&columns, "curvature");
    columns.columns += 2;
    if (has_sampled(all)) {
      plimi_columns_addf(&columns, "%s searched", variables[v].name);
      columns.columns++;
    }
  }
  plimi_columns_add(&columns, "certificate");
  for (size_t i = 0; i < all->count; i++) {
    const plimi_row row = row_as_asked(all, &all->found[i]);
    plimi_columns_add(&columns, plim_quantity_name(all->found[i].quantity));
    for (size_t k = 0; k < TELLING; k++)
      if (varies[k])
        plimi_columns_add(&columns, plimi_cell_text(&row.cells[telling[k]], &scratch));
    add_finding(&columns, all, &all->found[i]);
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
  print_legend(all, stream);
}

void plimi_optimum_write(const void *content, unsigned format, FILE *stream)
{
  const plimi_findings *all = content;
  if (format == PLIMI_FORMAT_CSV)
    write_csv(all, stream);
  else if (format == PLIMI_FORMAT_JSON)
    write_json(all, stream);
  else
    write_table(all, stream);
}
