/* SPDX-License-Identifier: GPL-3.0-or-later */
/* version.c - which plim this is. */
#include "config.h"

#include "plim.h"

const char *plim_version(void)
{
  return PACKAGE_VERSION;
}
