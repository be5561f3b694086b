/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <check.h>
#include <float.h>
#include <math.h>

plim_activation *activation_called(const char *name)
{
  plim_activation *activation = NULL;
  ck_assert_ptr_nonnull(name);
  ck_assert_msg(plim_activation_alloc(name, &activation, NULL) == PLIM_OK, "no activation %s", name);
  return activation;
}

plim_theory *new_theory(void)
{
  plim_theory *theory = NULL;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  return theory;
}

plim_value limit_of(plim_theory *theory, plim_quantity quantity, const plim_problem *p)
{
  plim_value value;
  const plim_status status = plim_limit(theory, quantity, p, &value);
  ck_assert_msg(status == PLIM_OK,
                "%s: %s at psi1 = %.17g, psi2 = %.17g, lambda = %.17g, eta = %.17g, noise = %.17g, %s, %s",
                plim_quantity_name(quantity), plim_status_name(status), p->psi1, p->psi2, p->lambda, p->eta,
                p->noise, plim_activation_name(p->activation), plim_activation_name(p->teacher));
  ck_assert(isfinite(value.value) && isfinite(value.error) && value.error >= 0.0);
  return value;
}

static unsigned long long sweep_next(sweep *s)
{
  unsigned long long z = (s->state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

double sweep_uniform(sweep *s)
{
  return ((double)(sweep_next(s) >> 11) + 0.5) * 0x1p-53;
}

double sweep_log(sweep *s, double low, double high)
{
  return low * pow(high / low, sweep_uniform(s));
}

size_t sweep_index(sweep *s, size_t count)
{
  return (size_t)(sweep_uniform(s) * (double)count);
}

void assert_within_error(plim_value value, double expected, const char *what)
{
  const double gap = fabs(value.value - expected), allowed = value.error + DBL_EPSILON * fabs(expected);
  ck_assert_msg(gap <= allowed, "%s: %.17g, expected %.17g: off by %.3g, error bound %.3g", what, value.value,
                expected, gap, value.error);
}

void assert_close(double value, double expected, double relative, double absolute, const char *what)
{
  const double gap = fabs(value - expected);
  ck_assert_msg(gap <= relative * fabs(expected) + absolute, "%s: %.17g, expected %.17g: off by %.3g", what,
                value, expected, gap);
}
