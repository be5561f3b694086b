/* SPDX-License-Identifier: GPL-3.0-or-later */
/* registry.h - the one list that pairs a theory with its simulation: by quantity. Private to the program. */
#ifndef PLIM_REGISTRY_H
#define PLIM_REGISTRY_H

#include "plim_quantity.h"
#include "plim_simulation.h"
#include "plim_theory.h"

typedef struct {
  plim_quantity quantity;
  const plim_limit_info *limit;           /* NULL: no limit */
  const plim_experiment_info *experiment; /* NULL: cannot be measured */
} plimi_pairing;

plimi_pairing plimi_registry_pairing(plim_quantity quantity);

#endif
