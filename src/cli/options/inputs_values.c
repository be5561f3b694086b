/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs_values.c - reading laws of the inputs. A table is only named here: its file is read by plimi_inputs_load. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "values.h"

static const char table[] = "csv:";

static bool is_suffix(const char *element)
{
  return strcmp(element, "whiten") == 0 || strcmp(element, "standardise") == 0;
}

/* The next law of a list, to be freed: csv:FILE,whiten is one. */
static char *next_law(const char **rest)
{
  char *law = plimi_next_element(rest);
  if (*rest == NULL || strncmp(law, table, sizeof table - 1) != 0)
    return law;
  const char *ahead = *rest;
  char *element = plimi_next_element(&ahead);
  if (is_suffix(element)) {
    char *begun = plimi_join(law, ",");
    free(law);
    law = plimi_join(begun, element);
    free(begun);
    *rest = ahead;
  }
  free(element);
  return law;
}

/* csv:FILE or csv:FILE,whiten or csv:FILE,standardise. */
static bool name_table(const char *name, plimi_inputs *law, plimi_message *why)
{
  const char *file = name + sizeof table - 1, *comma = strrchr(file, ',');
  const size_t length = comma != NULL && is_suffix(comma + 1) ? (size_t)(comma - file) : strlen(file);
  plimi_message_set(why, "%s", "csv:FILE wants the name of a file");
  if (length == 0 || strcmp(file, "-") == 0)
    return false;
  plimi_message_set(why, "the name is longer than %d characters", PLIM_INPUTS_NAME_SIZE - 1);
  if (strlen(name) >= PLIM_INPUTS_NAME_SIZE)
    return false;
  law->whitened = comma != NULL && strcmp(comma + 1, "whiten") == 0;
  law->file = plimi_copy(file);
  law->file[length] = '\0';
  law->name = plimi_copy(name);
  return true;
}

static bool read_law(const char *name, plimi_inputs *law, plimi_message *why)
{
  const char *reason = NULL, *names[PLIM_INPUTS_COUNT];
  if (strncmp(name, table, sizeof table - 1) == 0)
    return name_table(name, law, why);
  if (strcmp(name, plim_inputs_kind_name(PLIM_INPUTS_GAUSSIAN)) == 0)
    return true; /* no law of its own: as where nothing is said */
  const plim_status status = plimi_heed_memory(plim_inputs_alloc(name, &law->inputs, &reason));
  if (status == PLIM_OK)
    return true;
  for (int i = 0; i < PLIM_INPUTS_COUNT; i++)
    names[i] = plim_inputs_kind_name((plim_inputs_kind)i);
  const char *nearest = strchr(name, ':') == NULL ? plimi_nearest(name, names, PLIM_INPUTS_COUNT) : NULL;
  if (nearest != NULL && strcmp(nearest, name) != 0)
    plimi_message_set(why, "did you mean %s?", nearest);
  else
    plimi_message_set(why, "%s", reason);
  return false;
}

void plimi_inputs_release(plimi_inputs_list *list)
{
  for (size_t i = 0; i < list->count; i++) {
    plim_inputs_free(list->values[i].inputs);
    free(list->values[i].file);
    free(list->values[i].name);
  }
  free(list->values);
  *list = (plimi_inputs_list){NULL, 0};
}

const char *plimi_inputs_called(const plimi_inputs *law)
{
  return law->name != NULL ? law->name : plim_inputs_name(law->inputs);
}

bool plimi_read_inputs(const char *text, plimi_inputs_list *list, plimi_message *why)
{
  plimi_inputs_list read = {NULL, 0};
  const char *rest = text;
  bool ok = true;
  while (ok && rest != NULL) {
    char *law = next_law(&rest);
    read.values = plimi_reallocate(read.values, read.count + 1, sizeof *read.values);
    read.values[read.count] = (plimi_inputs){.inputs = NULL};
    ok = read_law(law, &read.values[read.count++], why);
    free(law);
  }
  for (size_t i = 0; ok && i < read.count; i++) {
    for (size_t k = 0; ok && k < i; k++)
      ok = strcmp(plimi_inputs_called(&read.values[i]), plimi_inputs_called(&read.values[k])) != 0;
    if (!ok)
      plimi_message_set(why, "%s comes twice", plimi_inputs_called(&read.values[i]));
  }
  if (!ok) {
    plimi_inputs_release(&read);
    return false;
  }
  plimi_inputs_release(list);
  *list = read;
  return true;
}
