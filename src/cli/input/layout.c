/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "../options/values.h"
#include "../terminal/message.h"

#define NAME(code, name) name,
static const char *const role_names[] = {PLIMI_ROLE_TABLE(NAME)};

static const char expected[] = "d and value (a row a replica), or d, mean, error and replicas (a row a size)";

/* Columns of plim simulate and compare that say nothing new. */
static const char *const of_simulate[] = {"quantity", "source", "std", "ci_low", "ci_high", "status"};
static const char *const needless[] = {"std",          "ci_low",           "ci_high",        "verdict",
                                       "margin",       "p_agree",          "p_disagree",     "fit_p",
                                       "agree_margin", "overturning_term", "neglected_bias", "effect"};

bool plimi_layout_has(const plimi_layout *layout, plimi_role role)
{
  return layout->at[role] != PLIMI_NO_COLUMN;
}

static size_t find(const plimi_layout *layout, const char *name)
{
  for (size_t i = 0; i < layout->columns; i++)
    if (strcmp(layout->names[i], name) == 0)
      return i;
  return PLIMI_NO_COLUMN;
}

/* Names that can be told apart, and are no numbers. */
enum { MOST_COLUMNS = 1000 };
static int check_names(const plimi_records *records, const char *const *fields, size_t count)
{
  if (count > MOST_COLUMNS)
    return plimi_records_refuse(records, MOST_COLUMNS, "%zu columns; at most %d are read", count,
                                (int)MOST_COLUMNS);
  for (size_t i = 0; i < count; i++) {
    double number;
    if (fields[i][0] == '\0')
      return plimi_records_refuse(records, i, "column %zu has no name", i + 1);
    if (plimi_read_number(fields[i], &number))
      return plimi_records_refuse(records, i,
                                  "'%s' is a number; the first line that is no comment was expected to name "
                                  "the columns: %s",
                                  fields[i], expected);
    for (size_t k = 0; k < i; k++)
      if (strcmp(fields[k], fields[i]) == 0)
        return plimi_records_refuse(records, i, "column %s comes twice", fields[i]);
  }
  return PLIM_EXIT_DONE;
}

/* --ignore: every name must be there. */
static int ignore(plimi_layout *layout, const char *names)
{
  const char *rest = names;
  while (rest != NULL) {
    char *name = plimi_next_element(&rest);
    const size_t column = find(layout, name);
    const char *nearest = plimi_nearest(name, (const char *const *)layout->names, layout->columns);
    if (column == PLIMI_NO_COLUMN)
      plimi_complain("--ignore: the file has no column '%s'%s%s%s", name,
                     nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "?" : "");
    else
      layout->roles[column] = PLIMI_ROLE_IGNORED;
    free(name);
    if (column == PLIMI_NO_COLUMN)
      return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

static bool is_in(const char *name, const char *const *list, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, list[i]) == 0)
      return true;
  return false;
}

static void assign_roles(plimi_layout *layout, const char *joined)
{
  layout->of_simulate = true;
  for (size_t i = 0; i < sizeof of_simulate / sizeof of_simulate[0]; i++)
    layout->of_simulate = layout->of_simulate && find(layout, of_simulate[i]) != PLIMI_NO_COLUMN;
  for (size_t i = 0; i < layout->columns; i++) {
    if (layout->roles[i] == PLIMI_ROLE_IGNORED)
      continue;
    layout->roles[i] = PLIMI_ROLE_KEY;
    for (int role = 0; role < PLIMI_ROLE_KEY; role++) {
      const char *name = role == PLIMI_ROLE_REPLICA ? joined : role_names[role];
      const bool only_there = role == PLIMI_ROLE_SOURCE || role == PLIMI_ROLE_STATUS;
      if (strcmp(layout->names[i], name) == 0 && (!only_there || layout->of_simulate))
        layout->roles[i] = (plimi_role)role;
    }
    if (layout->of_simulate && is_in(layout->names[i], needless, sizeof needless / sizeof needless[0]))
      layout->roles[i] = PLIMI_ROLE_IGNORED;
    if (layout->roles[i] < PLIMI_ROLE_KEY)
      layout->at[layout->roles[i]] = i;
  }
}

/* A row a replica or a row a size? */
static int find_kind(const plimi_records *records, plimi_layout *layout)
{
  const size_t *at = layout->at;
  const bool mean = plimi_layout_has(layout, PLIMI_ROLE_MEAN),
             value = plimi_layout_has(layout, PLIMI_ROLE_VALUE),
             error = plimi_layout_has(layout, PLIMI_ROLE_ERROR),
             replicas = plimi_layout_has(layout, PLIMI_ROLE_REPLICAS);
  if (!plimi_layout_has(layout, PLIMI_ROLE_D))
    return plimi_records_refuse(records, 0, "no column d; expected are %s", expected);
  if (!mean && !value)
    return plimi_records_refuse(records, 0, "no column value or mean; expected are %s", expected);
  if (mean && value)
    return plimi_records_refuse(
        records, at[PLIMI_ROLE_MEAN],
        "columns value and mean together: a row is of a replica or of a size; expected are %s", expected);
  if (error != replicas)
    return plimi_records_refuse(records, at[error ? PLIMI_ROLE_ERROR : PLIMI_ROLE_REPLICAS],
                                "column %s without %s; expected are %s", error ? "error" : "replicas",
                                error ? "replicas" : "error", expected);
  if (mean && !error)
    return plimi_records_refuse(records, at[PLIMI_ROLE_MEAN],
                                "column mean without error and replicas; expected are %s", expected);
  layout->per_replica = !error;
  layout->value = at[mean ? PLIMI_ROLE_MEAN : PLIMI_ROLE_VALUE];
  if (!layout->per_replica && plimi_layout_has(layout, PLIMI_ROLE_REPLICA))
    return plimi_records_refuse(
        records, at[PLIMI_ROLE_REPLICA],
        "column %s numbers single replicas, columns error and replicas are of means over them; "
        "expected are %s",
        layout->names[at[PLIMI_ROLE_REPLICA]], expected);
  if (plimi_layout_has(layout, PLIMI_ROLE_PREDICTED_ERROR) && !plimi_layout_has(layout, PLIMI_ROLE_PREDICTED))
    return plimi_records_refuse(records, at[PLIMI_ROLE_PREDICTED_ERROR],
                                "column predicted_error without predicted");
  return PLIM_EXIT_DONE;
}

static void add_key(plimi_layout *layout, size_t column, const char *name)
{
  layout->keys[layout->key_count] = column;
  layout->key_names[layout->key_count++] = name;
}

/* The keys; n and width are sizes, and give the ratios where the file does not. */
static void find_keys(plimi_layout *layout)
{
  static const char *const ratios[] = {"psi1", "psi2"};
  static const plimi_role counts[] = {PLIMI_ROLE_N, PLIMI_ROLE_WIDTH};
  layout->keys = plimi_allocate(layout->columns + 2, sizeof *layout->keys);
  layout->key_names = plimi_allocate(layout->columns + 2, sizeof *layout->key_names);
  for (size_t i = 0; i < layout->columns; i++)
    if (layout->roles[i] == PLIMI_ROLE_KEY)
      add_key(layout, i, layout->names[i]);
  for (size_t r = 0; r < 2; r++) {
    layout->ratio_key[r] = PLIMI_NO_COLUMN;
    layout->ratio_made[r] = plimi_layout_has(layout, counts[r]) && find(layout, ratios[r]) == PLIMI_NO_COLUMN;
    if (layout->ratio_made[r])
      add_key(layout, PLIMI_NO_COLUMN, ratios[r]);
    for (size_t k = 0; k < layout->key_count; k++)
      if (strcmp(layout->key_names[k], ratios[r]) == 0)
        layout->ratio_key[r] = k;
  }
}

int plimi_layout_read(const plimi_records *records, const char *const *fields, size_t count,
                      const plimi_layout_request *request, plimi_layout *layout)
{
  *layout = (plimi_layout){.columns = count, .line = plimi_records_line(records)};
  int status = check_names(records, fields, count);
  if (status != PLIM_EXIT_DONE)
    return status;
  for (int role = 0; role < PLIMI_ROLE_COUNT; role++)
    layout->at[role] = PLIMI_NO_COLUMN;
  layout->names = plimi_allocate(count, sizeof *layout->names);
  layout->roles = plimi_allocate(count, sizeof *layout->roles);
  for (size_t i = 0; i < count; i++) {
    layout->names[i] = plimi_copy(fields[i]);
    layout->roles[i] = PLIMI_ROLE_KEY;
  }
  if (request->ignored != NULL)
    status = ignore(layout, request->ignored);
  if (status == PLIM_EXIT_DONE && request->joined_is_asked &&
      find(layout, request->joined) == PLIMI_NO_COLUMN) {
    plimi_complain("--pair: the file has no column '%s'", request->joined);
    status = PLIM_EXIT_USAGE;
  }
  if (status != PLIM_EXIT_DONE)
    return status;
  assign_roles(layout, request->joined);
  find_keys(layout);
  return find_kind(records, layout);
}

void plimi_layout_free(plimi_layout *layout)
{
  for (size_t i = 0; layout->names != NULL && i < layout->columns; i++)
    free(layout->names[i]);
  free(layout->names);
  free(layout->roles);
  free(layout->keys);
  free(layout->key_names);
}
