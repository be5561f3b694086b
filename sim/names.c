/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c - the words for what a simulation may choose. */
#include <stddef.h>

#include "plim_simulation.h"

#define NAME(code, name, meaning) name,
static const char *const feature_names[] = {PLIM_FEATURES_TABLE(NAME)};

const char *plim_features_name(plim_features features)
{
  return (unsigned)features < sizeof feature_names / sizeof *feature_names ? feature_names[features] : NULL;
}

static const char *const precision_names[] = {PLIM_PRECISION_TABLE(NAME)};

const char *plim_precision_name(plim_precision precision)
{
  return (unsigned)precision < sizeof precision_names / sizeof *precision_names ? precision_names[precision]
                                                                                : NULL;
}
