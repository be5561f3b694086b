/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "temporary.h"

#include <stddef.h>
#include <stdio.h>

static plimi_temporary *latest;

void plimi_temporary_add(plimi_temporary *temporary, const char *path)
{
  *temporary = (plimi_temporary){.path = path, .older = latest};
  latest = temporary;
}

void plimi_temporary_drop(plimi_temporary *temporary)
{
  for (plimi_temporary **at = &latest; *at != NULL; at = &(*at)->older) {
    if (*at != temporary)
      continue;
    *at = temporary->older;
    temporary->path = NULL;
    return;
  }
}

void plimi_temporary_remove(plimi_temporary *temporary)
{
  if (temporary->path != NULL)
    (void)remove(temporary->path);
  plimi_temporary_drop(temporary);
}

void plimi_temporaries_remove(void)
{
  for (const plimi_temporary *at = latest; at != NULL; at = at->older)
    (void)remove(at->path);
}
