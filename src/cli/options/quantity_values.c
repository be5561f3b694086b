/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantity_values.c - names of quantities, and what was meant by those that are none. */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/* Is `text` the symbol, as papers write it (R_1, r1)? */
static bool is_symbol(const char *text, const char *symbol)
{
  while (*text != '\0' && *symbol != '\0') {
    if (*text == '_' && *symbol != '_') {
      text++;
    } else {
      if (tolower((unsigned char)*text) != tolower((unsigned char)*symbol))
        return false;
      text++;
      symbol++;
    }
  }
  return *text == '\0' && *symbol == '\0';
}

static bool read_quantity(const char *name, plimi_quantities *quantities, plimi_message *why)
{
  plim_quantity quantity;
  if (plim_quantity_from_name(name, &quantity) == PLIM_OK) {
    for (size_t i = 0; i < quantities->count; i++) {
      if (quantities->values[i] == quantity) {
        plimi_message_set(why, "%s comes twice", name);
        return false;
      }
    }
    quantities->values[quantities->count++] = quantity;
    return true;
  }
  const char *names[PLIM_QUANTITY_COUNT];
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    names[i] = plim_quantity_name((plim_quantity)i);
    if (!is_symbol(name, plim_quantity_symbol((plim_quantity)i)))
      continue;
    plimi_message_set(why, "did you mean %s, whose symbol it is?", names[i]);
    return false;
  }
  const char *nearest = plimi_nearest(name, names, PLIM_QUANTITY_COUNT);
  if (nearest != NULL)
    plimi_message_set(why, "no quantity '%s'; did you mean %s?", name, nearest);
  else
    plimi_message_set(why, "no quantity '%s'", name);
  return false;
}

bool plimi_read_quantities(const char *text, plimi_quantities *quantities, plimi_message *why)
{
  plimi_quantities read = {.values = plimi_allocate(PLIM_QUANTITY_COUNT, sizeof *read.values)};
  const char *rest = text;
  bool ok = true;
  read.all = strcmp(text, "all") == 0;
  while (ok && !read.all && rest != NULL) {
    char *element = plimi_next_element(&rest);
    ok = read_quantity(element, &read, why);
    free(element);
  }
  if (!ok) {
    free(read.values);
    return false;
  }
  free(quantities->values);
  *quantities = read;
  return true;
}
