/* SPDX-License-Identifier: GPL-3.0-or-later */
/* atoms.c - laws of the readout with finitely many values, "atoms:V@P,V@P,...".

   V and P are constant expressions (plim_formula.h), so that sqrt(3)@1/4 needs no decimals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim_formula.h"
#include "plim_problem.h"

static const char prefix[] = "atoms:";
static const double typed_digits = 1e-6; /* how far decimals that were typed may be from a sum of 1 */

typedef struct {
  double value, probability;
} atom;

/* The number that text[0 ... length - 1] comes to. */
static plim_status read_number(const char *text, size_t length, double *number)
{
  char copy[PLIM_ATOMS_NAME_SIZE];
  plim_formula *formula = NULL;
  memcpy(copy, text, length);
  copy[length] = '\0';
  plim_status status = plim_formula_alloc(copy, NULL, 0, &formula, NULL);
  if (status == PLIM_OK)
    status = plim_formula_value(formula, NULL, number);
  plim_formula_free(formula);
  return status;
}

/* Up to the next comma outside parentheses. */
static size_t element_length(const char *text)
{
  size_t length = 0;
  for (int depth = 0; text[length] != '\0' && (text[length] != ',' || depth > 0); length++)
    depth += (text[length] == '(') - (text[length] == ')');
  return length;
}

static plim_status read_atom(const char *text, size_t length, atom *read, const char **why)
{
  const char *at = memchr(text, '@', length);
  *why = "an atom is V@P, a value and its chance";
  if (at == NULL)
    return PLIM_INVALID;
  const size_t before = (size_t)(at - text), after = length - before - 1;
  *why = "a value or a chance is no finite number";
  plim_status status = read_number(text, before, &read->value);
  if (status == PLIM_OK)
    status = read_number(at + 1, after, &read->probability);
  if (status != PLIM_OK)
    return status == PLIM_NO_MEMORY ? PLIM_NO_MEMORY : PLIM_INVALID;
  *why = "every chance is above 0 and at most 1";
  return read->probability > 0.0 && read->probability <= 1.0 ? PLIM_OK : PLIM_INVALID;
}

static int by_value(const void *a, const void *b)
{
  const double x = ((const atom *)a)->value, y = ((const atom *)b)->value;
  return (x > y) - (x < y);
}

/* The atoms in order, equal values as one. */
static void gather(atom *read, size_t count, plim_atoms *made)
{
  qsort(read, count, sizeof *read, by_value);
  for (size_t i = 0; i < count; i++) {
    const size_t last = made->count - 1;
    if (made->count > 0 && made->value[last] == read[i].value) {
      made->probability[last] += read[i].probability;
      continue;
    }
    made->value[made->count] = read[i].value;
    made->probability[made->count++] = read[i].probability;
  }
}

static plim_status scale(plim_atoms *made, const char **why)
{
  double sum = 0.0, square = 0.0;
  for (size_t i = 0; i < made->count; i++)
    sum += made->probability[i];
  *why = "the chances do not sum to 1";
  if (!(fabs(sum - 1.0) <= typed_digits))
    return PLIM_INVALID;
  for (size_t i = 0; i < made->count; i++) {
    made->probability[i] /= sum;
    square += made->probability[i] * made->value[i] * made->value[i];
  }
  *why = "the mean of the squares is not 1: divide the values by its root and multiply eta by it";
  if (!(fabs(square - 1.0) <= typed_digits))
    return PLIM_INVALID;
  for (size_t i = 0; i < made->count; i++)
    made->value[i] /= sqrt(square);
  return PLIM_OK;
}

plim_status plim_atoms_read(const char *name, plim_atoms *atoms, const char **why)
{
  const char *unsaid, **said = why != NULL ? why : &unsaid;
  atom read[PLIM_MOST_ATOMS];
  size_t count = 0;
  *said = "it does not begin with atoms:";
  if (strncmp(name, prefix, sizeof prefix - 1) != 0)
    return PLIM_INVALID;
  *said = "it is too long";
  if (strlen(name) >= PLIM_ATOMS_NAME_SIZE)
    return PLIM_INVALID;
  for (const char *text = name + sizeof prefix - 1;; text++) {
    const size_t length = element_length(text);
    *said = "there are more than 16 atoms";
    if (count == PLIM_MOST_ATOMS)
      return PLIM_INVALID;
    const plim_status status = read_atom(text, length, &read[count++], said);
    if (status != PLIM_OK)
      return status;
    text += length;
    if (*text == '\0')
      break;
  }
  plim_atoms made = {.count = 0};
  gather(read, count, &made);
  const plim_status status = scale(&made, said);
  if (status != PLIM_OK)
    return status;
  strcpy(made.name, name);
  *atoms = made;
  return PLIM_OK;
}
