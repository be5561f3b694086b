/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readout_values.c - reading laws of the readout. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "values.h"

/* The next law of a list, to be freed: atoms:V@P,V@P is one. */
static char *next_law(const char **rest)
{
  char *law = plimi_next_element(rest);
  while (*rest != NULL && strncmp(law, "atoms:", 6) == 0) {
    const char *ahead = *rest;
    char *element = plimi_next_element(&ahead);
    const bool goes_on = strncmp(element, "atoms:", 6) != 0 && strchr(element, '@') != NULL;
    if (goes_on) {
      char *begun = plimi_join(law, ",");
      free(law);
      law = plimi_join(begun, element);
      free(begun);
      *rest = ahead;
    }
    free(element);
    if (!goes_on)
      break;
  }
  return law;
}

static bool read_law(const char *name, plimi_readout *readout, plimi_message *why)
{
  const char *names[PLIM_READOUT_COUNT], *reason = NULL;
  for (int i = 0; i < PLIM_READOUT_COUNT; i++) {
    names[i] = plim_readout_name((plim_readout)i);
    readout->law = (plim_readout)i;
    if (i != PLIM_READOUT_ATOMS && strcmp(name, names[i]) == 0)
      return true;
  }
  readout->law = PLIM_READOUT_ATOMS;
  if (strncmp(name, "atoms:", 6) == 0) {
    const plim_status status = plimi_heed_memory(plim_atoms_read(name, &readout->atoms, &reason));
    if (status != PLIM_OK)
      plimi_message_set(why, "%s", reason);
    return status == PLIM_OK;
  }
  const char *nearest = plimi_nearest(name, names, PLIM_READOUT_COUNT);
  if (nearest != NULL)
    plimi_message_set(why, "did you mean %s?", nearest);
  return false;
}

bool plimi_read_readouts(const char *text, plimi_readouts *readouts, plimi_message *why)
{
  plimi_readouts read = {NULL, 0};
  const char *rest = text;
  bool ok = true;
  while (ok && rest != NULL) {
    char *law = next_law(&rest);
    read.values = plimi_reallocate(read.values, read.count + 1, sizeof *read.values);
    read.values[read.count] = (plimi_readout){.law = PLIM_READOUT_GAUSSIAN};
    ok = read_law(law, &read.values[read.count++], why);
    free(law);
  }
  if (!ok) {
    free(read.values);
    return false;
  }
  free(readouts->values);
  *readouts = read;
  return true;
}
