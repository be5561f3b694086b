/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_names.c - how to find a row of the options table. */
#include "config.h"

#include "options.h"

static bool is_called(const plimi_option *option, const char *name, bool underscores)
{
  const char *a = option->name;
  for (; *a != '\0' && *name != '\0'; a++, name++)
    if (*a != *name && !(underscores && *a == '-' && *name == '_'))
      return false;
  return *a == *name;
}

const plimi_option *plimi_option_find(const char *name, unsigned commands, bool underscores)
{
  for (size_t i = 0; i < plimi_option_count; i++)
    if ((plimi_options[i].commands & commands) != 0 && is_called(&plimi_options[i], name, underscores))
      return &plimi_options[i];
  return NULL;
}

const char *plimi_option_nearest(const char *name, unsigned commands)
{
  const char *names[PLIMI_MOST_OPTIONS];
  size_t count = 0;
  for (size_t i = 0; i < plimi_option_count; i++)
    if ((plimi_options[i].commands & commands) != 0)
      names[count++] = plimi_options[i].name;
  return plimi_nearest(name, names, count);
}
