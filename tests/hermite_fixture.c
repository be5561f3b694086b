/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hermite_fixture.h"

#include <check.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

hermite_rule hermite_rule_made(void)
{
  hermite_rule rule;
  gsl_integration_fixed_workspace *fixed =
      gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, NODES, 0.0, 0.5, 0.0, 0.0);
  ck_assert_ptr_nonnull(fixed);
  memcpy(rule.x, gsl_integration_fixed_nodes(fixed), sizeof rule.x);
  for (size_t i = 0; i < NODES; i++)
    rule.weight[i] = gsl_integration_fixed_weights(fixed)[i] / sqrt(2.0 * M_PI);
  gsl_integration_fixed_free(fixed);
  return rule;
}
