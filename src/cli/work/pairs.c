/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pairs.c - groups against each other: two that differ in one key, or each with its neighbour along a key. What is
   judged is the difference of the two, replica by replica where their numbers join them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../options/values.h"
#include "judging.h"

/* ---- Which groups -------------------------------------------------------------------------------------- */

static int compare_one_key(const plimi_key *a, const plimi_key *b)
{
  if (isnan(a->number) || isnan(b->number)) {
    const int kind = (int)isnan(a->number) - (int)isnan(b->number);
    return kind != 0 ? kind : strcmp(a->text, b->text);
  }
  return (a->number > b->number) - (a->number < b->number);
}

/* qsort has no room for a context: what it compares points at it. */
typedef struct {
  const plimi_judging *of;
  size_t key; /* the one along which groups are paired */
  const plimi_series *series;
} sortable;

static int compare_others(const sortable *x, const sortable *y)
{
  for (size_t k = 0; k < x->of->seen->layout.key_count; k++) {
    const int order = k != x->key ? compare_one_key(&x->series->keys[k], &y->series->keys[k]) : 0;
    if (order != 0)
      return order;
  }
  return 0;
}

static int compare_sortables(const void *a, const void *b)
{
  const sortable *x = a, *y = b;
  const int others = compare_others(x, y);
  return others != 0 ? others : compare_one_key(&x->series->keys[x->key], &y->series->keys[y->key]);
}

/* The groups with equal other keys side by side, along `key` within. */
static sortable *sorted_along(const plimi_judging *judging, size_t key)
{
  const size_t count = judging->seen->count;
  sortable *sorted = plimi_allocate(count, sizeof *sorted);
  for (size_t i = 0; i < count; i++)
    sorted[i] = (sortable){judging, key, &judging->seen->series[i]};
  qsort(sorted, count, sizeof *sorted, compare_sortables);
  return sorted;
}

/* ---- The difference ------------------------------------------------------------------------------------ */

/* Rows per size with one seed are of the same draws: plim's are functions of seed, size and replica. */
static int check_independence(const plimi_judging *judging, const plimi_series *a, const plimi_series *b)
{
  const plimi_layout *layout = &judging->seen->layout;
  for (size_t k = 0; k < layout->key_count && !layout->per_replica; k++) {
    if (strcmp(layout->key_names[k], plimi_column_name(PLIMI_SEED)) != 0 ||
        compare_one_key(&a->keys[k], &b->keys[k]) != 0)
      continue;
    plimi_complain(
        "%s:%zu: column seed: this group and that of line %zu have the seed %.40s both, so their errors are "
        "not independent; give rows per replica with their numbers, or other seeds and --ignore seed",
        judging->seen->name, a->line, b->line, a->keys[k].text);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

/* Of replicas with the same numbers. */
static int paired_rung(const plimi_judging *judging, const plimi_observed *a, const plimi_observed *b,
                       plim_rung *rung)
{
  const plimi_replica *of_a = judging->seen->replicas + a->first, *of_b = judging->seen->replicas + b->first;
  const size_t both = a->replicas < b->replicas ? a->replicas : b->replicas;
  const char *name = judging->seen->layout.names[judging->seen->layout.at[PLIMI_ROLE_REPLICA]];
  double *differences = plimi_allocate(both, sizeof *differences);
  plim_estimate found = {.error = 0.0};
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; (i < both || a->replicas != b->replicas) && status == PLIM_EXIT_DONE; i++) {
    if (i < both && of_a[i].number == of_b[i].number) {
      differences[i] = of_a[i].value - of_b[i].value;
      continue;
    }
    const bool alone = i >= b->replicas || (i < a->replicas && of_a[i].number < of_b[i].number);
    const plimi_replica *lone = alone ? &of_a[i] : &of_b[i];
    plimi_complain("%s:%zu: column %s: replica %llu at d = %.15g has no partner in the group of line %zu",
                   judging->seen->name, lone->line, name, (unsigned long long)lone->number, a->d,
                   alone ? b->line : a->line);
    status = PLIM_EXIT_USAGE;
  }
  if (status == PLIM_EXIT_DONE &&
      (plimi_heed_memory(plim_estimate_from_samples(differences, 1, both, &found)) != PLIM_OK ||
       !(found.error > 0.0))) {
    plimi_complain(
        "%s:%zu: the differences to the replicas of line %zu at d = %.15g are all the same, so there is no "
        "error to judge by",
        judging->seen->name, a->line, b->line, a->d);
    status = PLIM_EXIT_USAGE;
  }
  *rung = (plim_rung){.d = a->d, .value = found.mean, .error = found.error, .replicas = both};
  free(differences);
  return status;
}

/* Of independent means: as many replicas as give Welch and Satterthwaite's degrees of freedom, rounded down. */
static plim_rung independent_rung(const plimi_observed *a, const plimi_observed *b)
{
  const double error = hypot(a->error, b->error), p = a->error / error, q = b->error / error;
  const double degrees =
      1.0 / (p * p * p * p / (double)(a->replicas - 1) + q * q * q * q / (double)(b->replicas - 1));
  return (plim_rung){
      .d = a->d, .value = a->value - b->value, .error = error, .replicas = 1 + (size_t)fmax(1.0, degrees)};
}

/* A case of a - b. */
static int add_difference(plimi_judging *judging, const plimi_series *a, const plimi_series *b, size_t key)
{
  plimi_message text;
  int status = check_independence(judging, a, b);
  for (size_t k = 0; k < a->count || k < b->count; k++) {
    if (k < a->count && k < b->count && a->sizes[k].d == b->sizes[k].d)
      continue;
    const bool of_a = k >= b->count || (k < a->count && a->sizes[k].d < b->sizes[k].d);
    const plimi_observed *lone = of_a ? &a->sizes[k] : &b->sizes[k];
    plimi_complain(
        "%s:%zu: column d: the size %.15g of this group is not there in the group of line %zu, with which it "
        "is compared",
        judging->seen->name, lone->line, lone->d, of_a ? b->line : a->line);
    return PLIM_EXIT_USAGE;
  }
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_case *c = plimi_case_add(judging, a);
  plimi_message_set(&text, "%.200s - %.200s", a->keys[key].text, b->keys[key].text);
  plimi_case_set_key(judging, c, key, text.text);
  for (size_t k = 0; k < a->count && status == PLIM_EXIT_DONE; k++) {
    if (plimi_layout_has(&judging->seen->layout, PLIMI_ROLE_REPLICA))
      status = paired_rung(judging, &a->sizes[k], &b->sizes[k], &c->rungs[k]);
    else
      c->rungs[k] = independent_rung(&a->sizes[k], &b->sizes[k]);
  }
  plim_extrapolation of_a;
  if (status == PLIM_EXIT_DONE && judging->basis == PLIMI_BY_PAIR &&
      plimi_heed_memory(plimi_judging_fit(judging, c, c->seen, &of_a)) == PLIM_OK)
    c->scale = fabs(of_a.limit);
  memcpy(c->seen, c->rungs, c->count * sizeof *c->seen);
  return status;
}

/* ---- --compare ----------------------------------------------------------------------------------------- */

static bool has_value(const plimi_key *key, const char *value)
{
  double number;
  if (strcmp(key->text, value) == 0)
    return true;
  return !isnan(key->number) && plimi_read_number(value, &number) && number == key->number;
}

static bool column_has(const plimi_judging *judging, size_t key, const char *value)
{
  for (size_t i = 0; i < judging->seen->count; i++)
    if (has_value(&judging->seen->series[i].keys[key], value))
      return true;
  return false;
}

/* The column in which both values stand, or PLIMI_NO_COLUMN with a message. */
static size_t column_of_both(const plimi_judging *judging, const char *first, const char *second)
{
  size_t found = PLIMI_NO_COLUMN;
  const plimi_layout *layout = &judging->seen->layout;
  for (size_t k = 0; k < layout->key_count; k++) {
    if (!column_has(judging, k, first) || !column_has(judging, k, second))
      continue;
    if (found != PLIMI_NO_COLUMN) {
      plimi_complain("--compare: %s and %s stand in the columns %s and %s; give %s=%s,%s or %s=%s,%s", first,
                     second, layout->key_names[found], layout->key_names[k], layout->key_names[found], first,
                     second, layout->key_names[k], first, second);
      return PLIMI_NO_COLUMN;
    }
    found = k;
  }
  if (found == PLIMI_NO_COLUMN)
    plimi_complain("--compare: no key of %s has the values '%s' and '%s' both", judging->seen->name, first,
                   second);
  return found;
}

static int pair_along(plimi_judging *judging, size_t key, const char *first, const char *second)
{
  sortable *sorted = sorted_along(judging, key);
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0, end; i < judging->seen->count && status == PLIM_EXIT_DONE; i = end) {
    const plimi_series *a = NULL, *b = NULL;
    for (end = i; end < judging->seen->count && compare_others(&sorted[i], &sorted[end]) == 0; end++) {
      if (has_value(&sorted[end].series->keys[key], first))
        a = sorted[end].series;
      else if (has_value(&sorted[end].series->keys[key], second))
        b = sorted[end].series;
    }
    if (a != NULL && b != NULL) {
      status = add_difference(judging, a, b, key);
    } else if (a != NULL || b != NULL) {
      plimi_complain(
          "%s:%zu: column %s: there is no group with %s and the other keys of this row, to compare with",
          judging->seen->name, a != NULL ? a->line : b->line, judging->seen->layout.key_names[key],
          a != NULL ? second : first);
      status = PLIM_EXIT_USAGE;
    }
  }
  free(sorted);
  return status;
}

static int pair_two(plimi_judging *judging)
{
  char *text = plimi_copy(judging->settings->compared), *equals = strchr(text, '=');
  const char *rest = text;
  size_t key = PLIMI_NO_COLUMN;
  if (equals != NULL) {
    *equals = '\0';
    rest = equals + 1;
  }
  char *first = plimi_next_element(&rest), *second = rest != NULL ? plimi_next_element(&rest) : NULL;
  if (second == NULL || rest != NULL || strcmp(first, second) == 0)
    plimi_complain(
        "--compare: '%s' is not accepted; give two different values of a key with a comma between, or "
        "NAME=A,B",
        judging->settings->compared);
  else if (equals != NULL)
    key = plimi_find_key(judging, text, "compare");
  else
    key = column_of_both(judging, first, second);
  int status = key != PLIMI_NO_COLUMN ? pair_along(judging, key, first, second) : PLIM_EXIT_USAGE;
  if (status == PLIM_EXIT_DONE && judging->count == 0) {
    plimi_complain("--compare: no key of %s has the values '%s' and '%s' both", judging->seen->name, first,
                   second);
    status = PLIM_EXIT_USAGE;
  }
  free(text);
  free(first);
  free(second);
  return status;
}

/* ---- --increasing, --decreasing ------------------------------------------------------------------------- */

static int order_along(plimi_judging *judging)
{
  const bool rises = judging->settings->increasing != NULL;
  const char *name = rises ? judging->settings->increasing : judging->settings->decreasing;
  const size_t key = plimi_find_key(judging, name, rises ? "increasing" : "decreasing");
  if (key == PLIMI_NO_COLUMN)
    return PLIM_EXIT_USAGE;
  int status = PLIM_EXIT_DONE;
  sortable *sorted = sorted_along(judging, key);
  for (size_t i = 0; i < judging->seen->count && status == PLIM_EXIT_DONE; i++) {
    const plimi_series *here = sorted[i].series;
    const bool after = i > 0 && compare_others(&sorted[i - 1], &sorted[i]) == 0;
    const bool before = i + 1 < judging->seen->count && compare_others(&sorted[i], &sorted[i + 1]) == 0;
    if (isnan(here->keys[key].number) || (!after && !before)) {
      plimi_complain(
          "%s:%zu: column %s: '%.80s' %s", judging->seen->name, here->line, name, here->keys[key].text,
          after || before ? "is not a number, so that it has no order"
                          : "is the only value with the other keys of this row; an order takes two");
      status = PLIM_EXIT_USAGE;
    } else if (after) {
      const plimi_series *last = sorted[i - 1].series;
      status = rises ? add_difference(judging, here, last, key) : add_difference(judging, last, here, key);
    }
  }
  free(sorted);
  return status;
}

int plimi_pair(plimi_judging *judging)
{
  return judging->basis == PLIMI_BY_PAIR ? pair_two(judging) : order_along(judging);
}
