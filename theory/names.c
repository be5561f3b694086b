/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c - copies of the names by which caches know an activation. */
#include "theory.h"

#include <stdlib.h>
#include <string.h>

char *plimi_copy_of(const char *text)
{
  const size_t length = strlen(text) + 1;
  char *copy = malloc(length);
  if (copy != NULL)
    memcpy(copy, text, length);
  return copy;
}
