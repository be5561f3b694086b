/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry.h"

plimi_pairing plimi_registry_pairing(plim_quantity quantity)
{
  return (plimi_pairing){.quantity = quantity,
                         .limit = plim_limit_describe(quantity),
                         .experiment = plim_experiment_describe(quantity)};
}
