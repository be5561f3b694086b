/* SPDX-License-Identifier: GPL-3.0-or-later */
/* references.c - the bibliography, made from references.bib. */
#include "plim_theory.h"

#include <string.h>

typedef struct {
  const char *key, *text;
} reference;

static const reference references[] = {
#include "references.inc"
};

const char *plim_reference(const char *key)
{
  for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
    if (strcmp(references[i].key, key) == 0)
      return references[i].text;
  }
  return NULL;
}
