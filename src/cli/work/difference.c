/* SPDX-License-Identifier: GPL-3.0-or-later */
/* difference.c - rows of two files are matched by their identifying cells: all that are no results. Numbers that are
   equal are equal cells, however they are written. seed and replicas tell rows apart only where nothing else does, so
   that two runs with other seeds can be held against each other.

   Of a theory the errors are bounds: a number moved where the difference is larger than both together. Of a simulation
   they are standard errors: where it is larger than chance allows, by Student's t with Welch's degrees of freedom, at
   one level for the whole table (Bonferroni). */
#include "config.h"

#include "difference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "../options/values.h"
#include "../output/number.h"

/* Numbers that are results, each with its error. */
static const struct {
  const char *value, *error;
  bool is_bound; /* whatever the source */
} measures[] = {{"value", "error", false},
                {"mean", "error", false},
                {"measured", "monte_carlo_error", false},
                {"predicted", "numerical_error", true},
                {"predicted", "predicted_error", true}};
enum { MEASURES = sizeof measures / sizeof measures[0] };
/* Words that are results. */
static const char *const words[] = {"status", "verdict", "claim_verdict", "settled", "certificate", "place"};
enum { WORDS = sizeof words / sizeof words[0] };
/* Further results, which follow from those. */
static const char *const following[] = {"std",           "ci_low",         "ci_high",
                                        "margin",        "p_agree",        "p_disagree",
                                        "fit_p",         "agree_margin",   "overturning_term",
                                        "effect",        "neglected_bias", "finite_size_drift",
                                        "difference",    "looks",          "without_smallest",
                                        "searched_low",  "searched_high",  "growth_needed",
                                        "total_seconds", "seconds",        "words",
                                        "d_min",         "d_max"};
/* What tells rows apart only where nothing else does. */
static const char *const last_resort[] = {"seed", "replicas"};
enum { LAST_RESORTS = sizeof last_resort / sizeof last_resort[0] };

static bool is_in(const char *name, const char *const *list, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, list[i]) == 0)
      return true;
  return false;
}

static bool is_result(const char *name)
{
  for (size_t i = 0; i < MEASURES; i++)
    if (strcmp(name, measures[i].value) == 0 || strcmp(name, measures[i].error) == 0)
      return true;
  return is_in(name, words, WORDS) || is_in(name, following, sizeof following / sizeof following[0]);
}

/* A name in a list with commas between. */
static bool is_listed(const char *name, const char *list)
{
  bool found = false;
  for (const char *rest = list; rest != NULL && !found;) {
    char *element = plimi_next_element(&rest);
    found = strcmp(element, name) == 0;
    free(element);
  }
  return found;
}

/* Is every name of --ignore a column of one of the files? */
static int check_ignored(const plimi_difference *d)
{
  for (const char *rest = d->ignored; rest != NULL;) {
    char *name = plimi_next_element(&rest);
    const bool known = plimi_grid_find(d->a, name) != PLIMI_NO_GRID_COLUMN ||
                       plimi_grid_find(d->b, name) != PLIMI_NO_GRID_COLUMN;
    if (!known)
      plimi_complain("--ignore: neither file has a column '%s'", name);
    free(name);
    if (!known)
      return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

/* The columns that tell rows apart and `resorts` of the last resort. */
static void choose_columns(plimi_difference *d, size_t resorts)
{
  d->column_count = 0;
  for (size_t c = 0; c < d->a->columns; c++) {
    const char *name = d->a->names[c];
    const size_t other = plimi_grid_find(d->b, name);
    if (other == PLIMI_NO_GRID_COLUMN || is_result(name) || is_listed(name, d->ignored) ||
        (is_in(name, last_resort, LAST_RESORTS) && !is_in(name, last_resort, resorts)))
      continue;
    d->columns_a[d->column_count] = c;
    d->columns_b[d->column_count++] = other;
  }
}

/* ---- Keys ---------------------------------------------------------------------------------------------- */

typedef struct {
  char *key;
  size_t row;
} keyed;

static int by_key(const void *a, const void *b)
{
  const keyed *first = a, *second = b;
  const int order = strcmp(first->key, second->key);
  return order != 0 ? order : (first->row > second->row) - (first->row < second->row);
}

static plimi_message canonical(const char *cell)
{
  plimi_message text;
  double number;
  if (plimi_read_number(cell, &number) && isfinite(number))
    plimi_message_set(&text, "%s", plimi_number_write(number + 0.0).text);
  else
    plimi_message_set(&text, "%s", cell);
  return text;
}

static char *key_of(const plimi_grid *grid, size_t row, const size_t *columns, size_t count)
{
  size_t length = 0, room = 64;
  char *key = plimi_allocate(room, 1);
  for (size_t i = 0; i < count; i++) {
    const plimi_message cell = canonical(plimi_grid_cell(grid, row, columns[i]));
    const size_t more = strlen(cell.text);
    if (length + more + 2 > room)
      key = plimi_reallocate(key, room = 2 * (length + more + 2), 1);
    memcpy(key + length, cell.text, more);
    length += more;
    key[length++] = '\037'; /* no cell has it: control characters are refused */
  }
  key[length] = '\0';
  return key;
}

static keyed *keys_of(const plimi_grid *grid, const size_t *columns, size_t count)
{
  keyed *keys = plimi_allocate(grid->rows, sizeof *keys);
  for (size_t r = 0; r < grid->rows; r++)
    keys[r] = (keyed){key_of(grid, r, columns, count), r};
  qsort(keys, grid->rows, sizeof *keys, by_key);
  return keys;
}

static void free_keys(keyed *keys, size_t count)
{
  for (size_t i = 0; keys != NULL && i < count; i++)
    free(keys[i].key);
  free(keys);
}

/* The first of two rows in order that have one key; `count`: none. */
static size_t twice(const keyed *keys, size_t count)
{
  for (size_t i = 0; i + 1 < count; i++)
    if (strcmp(keys[i].key, keys[i + 1].key) == 0)
      return i;
  return count;
}

/* ---- Two rows ------------------------------------------------------------------------------------------ */

static plimi_moved *add(plimi_difference *d, plimi_change change, size_t row_a, size_t row_b)
{
  if (d->count == d->room) {
    d->room = 2 * d->room + 16;
    d->moved = plimi_reallocate(d->moved, d->room, sizeof *d->moved);
  }
  d->moved[d->count] = (plimi_moved){
      .change = change, .row_a = row_a, .row_b = row_b, .difference = NAN, .error = NAN, .p = NAN};
  return &d->moved[d->count++];
}

static double number_in(const plimi_grid *grid, size_t row, const char *name)
{
  const size_t column = plimi_grid_find(grid, name);
  double number;
  return column != PLIMI_NO_GRID_COLUMN && plimi_read_number(plimi_grid_cell(grid, row, column), &number)
             ? number
             : NAN;
}

static const char *text_in(const plimi_grid *grid, size_t row, const char *name)
{
  const size_t column = plimi_grid_find(grid, name);
  return column != PLIMI_NO_GRID_COLUMN ? plimi_grid_cell(grid, row, column) : "";
}

static bool has_bounds(const plimi_difference *d, size_t row_a, size_t m)
{
  const char *source = text_in(d->a, row_a, "source");
  return measures[m].is_bound || (plimi_grid_find(d->a, "quantity") != PLIMI_NO_GRID_COLUMN &&
                                  (strcmp(source, "theory") == 0 || strcmp(source, "plan") == 0));
}

/* Two-sided, of a difference in standard errors of `ea` and `eb`. */
static double chance(double difference, double ea, double eb, double replicas_a, double replicas_b)
{
  const double va = ea * ea, vb = eb * eb, t = fabs(difference) / sqrt(va + vb);
  if (!(replicas_a > 1.0) || !(replicas_b > 1.0))
    return 2.0 * gsl_cdf_ugaussian_Q(t);
  const double degrees =
      (va + vb) * (va + vb) / (va * va / (replicas_a - 1.0) + vb * vb / (replicas_b - 1.0));
  return 2.0 * gsl_cdf_tdist_Q(t, degrees);
}

/* What is larger than chance allows is known when all are seen: numbers with standard errors are kept until then. */
static void compare_number(plimi_difference *d, size_t row_a, size_t row_b, size_t m)
{
  const char *name = measures[m].value;
  const double a = number_in(d->a, row_a, name), b = number_in(d->b, row_b, name);
  const double error_a = number_in(d->a, row_a, measures[m].error),
               error_b = number_in(d->b, row_b, measures[m].error);
  const double ea = isnan(error_a) ? 0.0 : error_a, eb = isnan(error_b) ? 0.0 : error_b;
  const bool same_text = strcmp(text_in(d->a, row_a, name), text_in(d->b, row_b, name)) == 0;
  const bool bounds = has_bounds(d, row_a, m), known = ea > 0.0 || eb > 0.0;
  if (isnan(a) && isnan(b) && same_text)
    return; /* neither has one, and its status says why */
  d->numbers++;
  d->tested += !bounds && known ? 1 : 0;
  if (same_text || a == b) {
    d->equal++;
    return;
  }
  if (bounds && known && fabs(b - a) <= ea + eb)
    return;
  plimi_moved *moved = add(d, PLIMI_CHANGE_MOVED, row_a, row_b);
  moved->column = name;
  moved->a = text_in(d->a, row_a, name);
  moved->b = text_in(d->b, row_b, name);
  moved->difference = b - a;
  moved->error = !known ? NAN : bounds ? ea + eb : hypot(ea, eb);
  if (!bounds && known && isfinite(b - a))
    moved->p = chance(b - a, ea, eb, number_in(d->a, row_a, "replicas"), number_in(d->b, row_b, "replicas"));
}

static void compare_rows(plimi_difference *d, size_t row_a, size_t row_b)
{
  d->pairs++;
  for (size_t m = 0; m < MEASURES; m++) {
    const bool in_both = plimi_grid_find(d->a, measures[m].value) != PLIMI_NO_GRID_COLUMN &&
                         plimi_grid_find(d->b, measures[m].value) != PLIMI_NO_GRID_COLUMN;
    const bool has_error = plimi_grid_find(d->a, measures[m].error) != PLIMI_NO_GRID_COLUMN;
    const bool is_first = m == 0 || strcmp(measures[m].value, measures[m - 1].value) != 0;
    const bool next_has = m + 1 < MEASURES && strcmp(measures[m].value, measures[m + 1].value) == 0 &&
                          plimi_grid_find(d->a, measures[m + 1].error) != PLIMI_NO_GRID_COLUMN;
    if (in_both && !is_listed(measures[m].value, d->ignored) && (has_error || (is_first && !next_has)))
      compare_number(d, row_a, row_b, m);
  }
  for (size_t w = 0; w < WORDS; w++) {
    const char *a = text_in(d->a, row_a, words[w]), *b = text_in(d->b, row_b, words[w]);
    if (plimi_grid_find(d->a, words[w]) == PLIMI_NO_GRID_COLUMN || is_listed(words[w], d->ignored) ||
        plimi_grid_find(d->b, words[w]) == PLIMI_NO_GRID_COLUMN || strcmp(a, b) == 0)
      continue;
    plimi_moved *moved = add(d, PLIMI_CHANGE_WORD, row_a, row_b);
    moved->column = words[w];
    moved->a = a;
    moved->b = b;
  }
}

/* Leave out what chance may have moved. */
static void judge(plimi_difference *d)
{
  size_t kept = 0;
  for (size_t i = 0; i < d->count; i++)
    if (isnan(d->moved[i].p) || d->moved[i].p * (double)d->tested < d->level)
      d->moved[kept++] = d->moved[i];
  d->count = kept;
}

static int by_place(const void *a, const void *b)
{
  const plimi_moved *first = a, *second = b;
  const size_t x = first->change == PLIMI_CHANGE_EXTRA ? (size_t)-1 : first->row_a,
               y = second->change == PLIMI_CHANGE_EXTRA ? (size_t)-1 : second->row_a;
  if (x != y)
    return x < y ? -1 : 1;
  if (first->row_b != second->row_b)
    return first->row_b < second->row_b ? -1 : 1;
  return first->column != NULL && second->column != NULL ? strcmp(first->column, second->column) : 0;
}

static void match(plimi_difference *d, const keyed *a, const keyed *b)
{
  size_t i = 0, k = 0;
  while (i < d->a->rows || k < d->b->rows) {
    const int order = i == d->a->rows ? 1 : k == d->b->rows ? -1 : strcmp(a[i].key, b[k].key);
    if (order == 0)
      compare_rows(d, a[i++].row, b[k++].row);
    else if (order < 0)
      add(d, PLIMI_CHANGE_MISSING, a[i++].row, 0);
    else
      add(d, PLIMI_CHANGE_EXTRA, 0, b[k++].row);
  }
  judge(d);
  if (d->count > 0)
    qsort(d->moved, d->count, sizeof *d->moved, by_place);
}

static int refuse_twice(const plimi_grid *grid, const keyed *first)
{
  plimi_complain("%s:%zu: this row and that of line %zu have the same identifying cells", grid->name,
                 grid->lines[first[1].row], grid->lines[first[0].row]);
  return PLIM_EXIT_USAGE;
}

static void note_varying(plimi_difference *d)
{
  for (size_t i = 0; i < d->column_count; i++) {
    const char *first = d->a->rows > 0   ? plimi_grid_cell(d->a, 0, d->columns_a[i])
                        : d->b->rows > 0 ? plimi_grid_cell(d->b, 0, d->columns_b[i])
                                         : "";
    for (size_t r = 0; r < d->a->rows; r++)
      d->varies[i] = d->varies[i] || strcmp(plimi_grid_cell(d->a, r, d->columns_a[i]), first) != 0;
    for (size_t r = 0; r < d->b->rows; r++)
      d->varies[i] = d->varies[i] || strcmp(plimi_grid_cell(d->b, r, d->columns_b[i]), first) != 0;
  }
}

int plimi_difference_find(plimi_difference *d)
{
  keyed *a = NULL, *b = NULL;
  size_t twice_a = 0, twice_b = 0;
  int status = check_ignored(d);
  if (status != PLIM_EXIT_DONE)
    return status;
  d->columns_a = plimi_allocate(d->a->columns, sizeof *d->columns_a);
  d->columns_b = plimi_allocate(d->a->columns, sizeof *d->columns_b);
  d->varies = plimi_allocate(d->a->columns, sizeof *d->varies);
  for (size_t c = 0; c < d->a->columns; c++)
    d->varies[c] = false;
  for (size_t resorts = 0; resorts <= LAST_RESORTS; resorts++) {
    free_keys(a, d->a->rows);
    free_keys(b, d->b->rows);
    choose_columns(d, resorts);
    a = keys_of(d->a, d->columns_a, d->column_count);
    b = keys_of(d->b, d->columns_b, d->column_count);
    twice_a = twice(a, d->a->rows);
    twice_b = twice(b, d->b->rows);
    if (twice_a == d->a->rows && twice_b == d->b->rows)
      break;
  }
  if (twice_a < d->a->rows)
    status = refuse_twice(d->a, &a[twice_a]);
  else if (twice_b < d->b->rows)
    status = refuse_twice(d->b, &b[twice_b]);
  else
    match(d, a, b);
  note_varying(d);
  free_keys(a, d->a->rows);
  free_keys(b, d->b->rows);
  return status;
}

void plimi_difference_free(plimi_difference *d)
{
  free(d->moved);
  free(d->columns_a);
  free(d->columns_b);
  free(d->varies);
}

void plimi_difference_row(const plimi_difference *d, const plimi_moved *moved, plimi_message *said)
{
  const bool in_b = moved->change == PLIMI_CHANGE_EXTRA;
  *said = (plimi_message){.text = ""};
  for (size_t i = 0; i < d->column_count; i++) {
    const char *cell = in_b ? plimi_grid_cell(d->b, moved->row_b, d->columns_b[i])
                            : plimi_grid_cell(d->a, moved->row_a, d->columns_a[i]);
    if (d->varies[i] && cell[0] != '\0')
      plimi_message_add(said, "%s%s=%s", said->text[0] != '\0' ? " " : "", d->a->names[d->columns_a[i]],
                        cell);
  }
}
