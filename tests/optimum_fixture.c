/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "optimum_fixture.h"

plim_optimum optimum_of(plim_theory *theory, plim_quantity quantity, const plim_problem *p,
                        const plim_search *search)
{
  plim_optimum optimum;
  const plim_status status = plim_optimum_find(theory, quantity, p, search, &optimum);
  ck_assert_msg(status == PLIM_OK, "%s: %s at psi1 = %.17g, psi2 = %.17g, eta = %.17g, noise = %.17g, %s, %s",
                plim_quantity_name(quantity), plim_status_name(status), p->psi1, p->psi2, p->eta, p->noise,
                plim_activation_name(p->activation), plim_activation_name(p->teacher));
  return optimum;
}

plim_optimum best_lambda(plim_theory *theory, plim_quantity quantity, const plim_problem *p)
{
  const plim_search search = plim_search_default();
  return optimum_of(theory, quantity, p, &search);
}

double at_lambda(plim_theory *theory, plim_quantity quantity, plim_problem p, double lambda)
{
  p.lambda = lambda;
  return limit_of(theory, quantity, &p).value;
}
