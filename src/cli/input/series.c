/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.c - from rows to series: means over replicas, sizes of one group together and in order. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../options/values.h"
#include "../terminal/message.h"
#include "observations.h"

/* ---- Replicas ------------------------------------------------------------------------------------------ */

/* Each size's replicas side by side, in the order of the file. */
static void gather(plimi_observations *o)
{
  plimi_replica *sorted = plimi_allocate(o->replica_count, sizeof *sorted);
  size_t *next = plimi_allocate(o->observed_count, sizeof *next), first = 0;
  for (size_t i = 0; i < o->observed_count; i++) {
    next[i] = o->observed[i].first = first;
    first += o->observed[i].replicas;
  }
  for (size_t i = 0; i < o->replica_count; i++)
    sorted[next[o->replica_of[i]]++] = o->replicas[i];
  free(next);
  free(o->replicas);
  free(o->replica_of);
  o->replica_of = NULL;
  o->replicas = sorted;
}

static int compare_numbers(const void *a, const void *b)
{
  const plimi_replica *x = a, *y = b;
  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

/* No number may come twice. */
static int order(const plimi_observations *o, const plimi_observed *seen)
{
  plimi_replica *replicas = o->replicas + seen->first;
  bool sorted = true;
  for (size_t i = 1; i < seen->replicas; i++)
    sorted = sorted && replicas[i - 1].number < replicas[i].number;
  if (sorted)
    return PLIM_EXIT_DONE;
  qsort(replicas, seen->replicas, sizeof *replicas, compare_numbers);
  for (size_t i = 1; i < seen->replicas; i++) {
    if (replicas[i - 1].number != replicas[i].number)
      continue;
    plimi_complain(
        "%s:%zu: column %s: replica %llu comes twice at this size of its group, the first time in line %zu",
        o->name, replicas[i].line, o->layout.names[o->layout.at[PLIMI_ROLE_REPLICA]],
        (unsigned long long)replicas[i].number, replicas[i - 1].line);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

static int estimate(const plimi_observations *o, plimi_observed *seen)
{
  enum { STRIDE = sizeof(plimi_replica) / sizeof(double) };
  _Static_assert(sizeof(plimi_replica) % sizeof(double) == 0, "values lie a whole number of doubles apart");
  const char *const value = o->layout.names[o->layout.value];
  plim_estimate found;
  if (seen->replicas < 2) {
    const plimi_layout *layout = &o->layout;
    const bool keyed = layout->key_count > 0 && !plimi_layout_has(layout, PLIMI_ROLE_REPLICA);
    plimi_complain(
        "%s:%zu: column %s: one replica alone at d = %.15g of its group; a standard error takes 2 or "
        "more%s%s%s",
        o->name, seen->line, value, seen->d,
        keyed ? " (a column that numbers the replicas is no key once --pair names it, as in --pair " : "",
        keyed ? layout->key_names[layout->key_count - 1] : "", keyed ? ")" : "");
    return PLIM_EXIT_USAGE;
  }
  if (plim_estimate_from_samples(&o->replicas[seen->first].value, STRIDE, seen->replicas, &found) !=
          PLIM_OK ||
      !isfinite(found.mean) || !isfinite(found.error)) {
    plimi_complain("%s:%zu: column %s: the values at d = %.15g are too large to be averaged", o->name,
                   seen->line, value, seen->d);
    return PLIM_EXIT_USAGE;
  }
  if (!(found.error > 0.0)) {
    plimi_complain(
        "%s:%zu: column %s: the %zu values at d = %.15g are all the same, so there is no error to judge by",
        o->name, seen->line, value, seen->replicas, seen->d);
    return PLIM_EXIT_USAGE;
  }
  seen->value = found.mean;
  seen->error = found.error;
  return PLIM_EXIT_DONE;
}

/* ---- Ratios as drawn ----------------------------------------------------------------------------------- */

static const plimi_key *keys_of(const plimi_observations *o, const plimi_observed *seen)
{
  return o->keys + seen->group * o->layout.key_count;
}

/* The number of key `ratio` r, where it is the one of the integers drawn; else NaN. */
static double drawn_ratio(const plimi_observations *o, const plimi_observed *seen, size_t r)
{
  static const plimi_role counts[] = {PLIMI_ROLE_N, PLIMI_ROLE_WIDTH};
  const size_t key = o->layout.ratio_key[r];
  if (key == PLIMI_NO_COLUMN || !plimi_layout_has(&o->layout, counts[r]))
    return NAN;
  const double ratio = keys_of(o, seen)[key].number;
  return ratio == seen->ratio[r] ? ratio : NAN;
}

/* May `seen` and `leader`, of another size, be of one ratio, rounded? */
static bool may_be_one(const plimi_observations *o, const plimi_observed *seen, const plimi_observed *leader)
{
  const double slack = 1e-9; /* of the quotients themselves */
  for (size_t r = 0; r < 2; r++) {
    const size_t key = o->layout.ratio_key[r];
    if (key == PLIMI_NO_COLUMN)
      continue;
    const plimi_key *a = &keys_of(o, seen)[key], *b = &keys_of(o, leader)[key];
    const bool same =
        isnan(a->number) ? isnan(b->number) && strcmp(a->text, b->text) == 0 : a->number == b->number;
    const double x = drawn_ratio(o, seen, r), y = drawn_ratio(o, leader, r);
    if (!same && !(fabs(x - y) <= (0.5 / seen->d + 0.5 / leader->d) * (1.0 + slack)))
      return false;
  }
  return true;
}

static int compare_keys(const plimi_observations *o, const plimi_observed *x, const plimi_observed *y)
{
  const plimi_key *a = keys_of(o, x), *b = keys_of(o, y);
  for (size_t k = 0; k < o->layout.key_count; k++) {
    if (k == o->layout.ratio_key[0] || k == o->layout.ratio_key[1])
      continue;
    if (isnan(a[k].number) != isnan(b[k].number))
      return isnan(a[k].number) ? 1 : -1;
    const int text = isnan(a[k].number) ? strcmp(a[k].text, b[k].text) : 0;
    if (text != 0 || (!isnan(a[k].number) && a[k].number != b[k].number))
      return text != 0 ? text : a[k].number < b[k].number ? -1 : 1;
  }
  return 0;
}

/* qsort has no room for a context: what it compares points at it. */
typedef struct {
  const plimi_observations *of;
  plimi_observed *seen;
} sortable;

/* All keys but the ratios, the largest size first, psi1. */
static int compare_sortables(const void *a, const void *b)
{
  const sortable *x = a, *y = b;
  const int keys = compare_keys(x->of, x->seen, y->seen);
  if (keys != 0)
    return keys;
  if (x->seen->d != y->seen->d)
    return x->seen->d > y->seen->d ? -1 : 1;
  const double p = x->seen->ratio[0], q = y->seen->ratio[0];
  if (p != q && !isnan(p) && !isnan(q))
    return p < q ? -1 : 1;
  return (x->seen->line > y->seen->line) - (x->seen->line < y->seen->line);
}

/* Which of the `leaders`, the groups of the largest size, in the order of psi1, is `seen` of? Its own where none is;
   NULL with a message where several are. */
static const plimi_observed *leader_of(const plimi_observations *o, const sortable *leaders, size_t count,
                                       const plimi_observed *seen)
{
  const plimi_observed *found = NULL;
  size_t low = 0, high = count;
  const double reach = (0.5 / seen->d + 0.5 / leaders[0].seen->d) * 1.1;
  while (low < high) { /* the first whose psi1 may be near enough */
    const size_t middle = low + (high - low) / 2;
    if (leaders[middle].seen->ratio[0] < seen->ratio[0] - reach)
      low = middle + 1;
    else
      high = middle;
  }
  for (size_t i = low; i < count && !(leaders[i].seen->ratio[0] > seen->ratio[0] + reach); i++) {
    const plimi_observed *leader = leaders[i].seen;
    if (leader->group == seen->group)
      return leader;
    if (!may_be_one(o, seen, leader))
      continue;
    if (found != NULL) {
      plimi_complain(
          "%s:%zu: the ratios n/d and width/d of this row may be those of line %zu or of line %zu, rounded; "
          "give each its own file, or columns psi1 and psi2 with the ratios before rounding",
          o->name, seen->line, found->line, leader->line);
      return NULL;
    }
    found = leader;
  }
  return found != NULL ? found : seen;
}

/* Groups that differ in ratios as drawn alone, and belong together, take the number of that of the largest size. */
static int join_ratios(plimi_observations *o)
{
  int status = PLIM_EXIT_DONE;
  sortable *sorted = plimi_allocate(o->observed_count, sizeof *sorted);
  size_t *joined = plimi_allocate(o->observed_count, sizeof *joined);
  for (size_t i = 0; i < o->observed_count; i++)
    sorted[i] = (sortable){o, &o->observed[i]};
  qsort(sorted, o->observed_count, sizeof *sorted, compare_sortables);
  for (size_t first = 0, end; first < o->observed_count && status == PLIM_EXIT_DONE; first = end) {
    size_t leaders = 0;
    for (end = first; end < o->observed_count && compare_keys(o, sorted[first].seen, sorted[end].seen) == 0;
         end++)
      leaders += sorted[end].seen->d == sorted[first].seen->d ? 1 : 0;
    for (size_t i = first; i < end && status == PLIM_EXIT_DONE; i++) {
      const plimi_observed *leader =
          i < first + leaders ? sorted[i].seen : leader_of(o, sorted + first, leaders, sorted[i].seen);
      status = leader != NULL ? PLIM_EXIT_DONE : PLIM_EXIT_USAGE;
      joined[sorted[i].seen - o->observed] = leader != NULL ? leader->group : 0;
    }
  }
  for (size_t i = 0; i < o->observed_count && status == PLIM_EXIT_DONE; i++)
    o->observed[i].group = joined[i];
  free(joined);
  free(sorted);
  return status;
}

/* ---- Series -------------------------------------------------------------------------------------------- */

static int compare_observed(const void *a, const void *b)
{
  const plimi_observed *x = a, *y = b;
  if (x->series != y->series)
    return x->series < y->series ? -1 : 1;
  return (x->d > y->d) - (x->d < y->d);
}

/* In the order of the file. */
static void number_series(plimi_observations *o)
{
  size_t *series = plimi_allocate(o->groups, sizeof *series); /* of a group, from 1 */
  for (size_t i = 0; i < o->observed_count; i++) {
    size_t *number = &series[o->observed[i].group];
    if (*number == 0)
      *number = ++o->count;
    o->observed[i].series = *number - 1;
  }
  free(series);
}

static int collect(plimi_observations *o)
{
  number_series(o);
  qsort(o->observed, o->observed_count, sizeof *o->observed, compare_observed);
  o->series = plimi_allocate(o->count, sizeof *o->series);
  for (size_t i = 0; i < o->observed_count; i++) {
    const plimi_observed *seen = &o->observed[i];
    plimi_series *series = &o->series[seen->series];
    if (series->count == 0)
      *series = (plimi_series){.keys = keys_of(o, seen), .sizes = seen, .line = o->group_lines[seen->group]};
    series->count++;
    series->line = seen->line < series->line ? seen->line : series->line;
    if (i > 0 && seen[-1].series == seen->series && seen[-1].d == seen->d) {
      plimi_complain(
          "%s:%zu: the ratios n/d and width/d of this row and of line %zu, of the same size, may be those of "
          "one group, rounded; give columns psi1 and psi2 with the ratios before rounding",
          o->name, seen->line, seen[-1].line);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

int plimi_series_make(plimi_observations *observations)
{
  plimi_observations *o = observations;
  const bool numbered = plimi_layout_has(&o->layout, PLIMI_ROLE_REPLICA);
  int status = PLIM_EXIT_DONE;
  if (o->layout.per_replica)
    gather(o);
  for (size_t i = 0; i < o->observed_count && o->layout.per_replica && status == PLIM_EXIT_DONE; i++) {
    if (numbered)
      status = order(o, &o->observed[i]);
    if (status == PLIM_EXIT_DONE)
      status = estimate(o, &o->observed[i]);
  }
  if (status == PLIM_EXIT_DONE &&
      (plimi_layout_has(&o->layout, PLIMI_ROLE_N) || plimi_layout_has(&o->layout, PLIMI_ROLE_WIDTH)))
    status = join_ratios(o);
  if (status == PLIM_EXIT_DONE)
    status = collect(o);
  if (status == PLIM_EXIT_DONE && o->left_out > 0)
    plimi_note("%s: %zu row%s whose status is not ok left out, the first in line %zu", o->name, o->left_out,
               o->left_out == 1 ? "" : "s", o->left_out_line);
  return status;
}
