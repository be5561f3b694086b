/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plim_quantity.h"

#include <stddef.h>
#include <string.h>

#define NAME(code, name, symbol, title) name,
#define SYMBOL(code, name, symbol, title) symbol,
#define TITLE(code, name, symbol, title) title,
static const char *const names[] = {PLIM_QUANTITY_TABLE(NAME)};
static const char *const symbols[] = {PLIM_QUANTITY_TABLE(SYMBOL)};
static const char *const titles[] = {PLIM_QUANTITY_TABLE(TITLE)};

const char *plim_quantity_name(plim_quantity quantity)
{
  return (unsigned)quantity < PLIM_QUANTITY_COUNT ? names[quantity] : NULL;
}

const char *plim_quantity_symbol(plim_quantity quantity)
{
  return (unsigned)quantity < PLIM_QUANTITY_COUNT ? symbols[quantity] : NULL;
}

const char *plim_quantity_title(plim_quantity quantity)
{
  return (unsigned)quantity < PLIM_QUANTITY_COUNT ? titles[quantity] : NULL;
}

plim_status plim_quantity_from_name(const char *name, plim_quantity *quantity)
{
  for (size_t i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    if (strcmp(name, names[i]) == 0) {
      *quantity = (plim_quantity)i;
      return PLIM_OK;
    }
  }
  return PLIM_INVALID;
}

#define SPECTRUM_NAME(code, name, title) name,
#define SPECTRUM_TITLE(code, name, title) title,
static const char *const spectrum_names[] = {PLIM_SPECTRUM_TABLE(SPECTRUM_NAME)};
static const char *const spectrum_titles[] = {PLIM_SPECTRUM_TABLE(SPECTRUM_TITLE)};

const char *plim_spectrum_name(plim_spectrum spectrum)
{
  return (unsigned)spectrum < PLIM_SPECTRUM_COUNT ? spectrum_names[spectrum] : NULL;
}

const char *plim_spectrum_title(plim_spectrum spectrum)
{
  return (unsigned)spectrum < PLIM_SPECTRUM_COUNT ? spectrum_titles[spectrum] : NULL;
}
