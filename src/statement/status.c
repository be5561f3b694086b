/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.c - names and meanings, expanded from the one list in plim_status.h. */
#include "plim_status.h"

#define NAME(code, name, meaning) name,
#define MEANING(code, name, meaning) meaning,
static const char *const names[] = {PLIM_STATUS_TABLE(NAME)};
static const char *const meanings[] = {PLIM_STATUS_TABLE(MEANING)};

const char *plim_status_name(plim_status status)
{
  return (unsigned)status < PLIM_STATUS_COUNT ? names[status] : "unknown";
}

const char *plim_status_meaning(plim_status status)
{
  return (unsigned)status < PLIM_STATUS_COUNT ? meanings[status] : "a status this version does not know";
}
