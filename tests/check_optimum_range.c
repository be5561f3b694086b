/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_optimum_range.c - what range a sampled search covers: one that grows, one that the user ends, one that ends
   with the values. */
#include <math.h>

#include "optimum_fixture.h"

/* The best lies beyond where the search begins: the range grows, in one variable and in two, unless the user ends
   it. */
START_TEST(range_that_grows)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("linear", "linear");
  p.psi1 = 0.0391439986;
  p.psi2 = 22.754947;
  p.eta = 98.8035;
  p.noise = 0.0;
  plim_search search = plim_search_default();
  const plim_optimum gain = optimum_of(theory, PLIM_DELTA, &p, &search);
  ck_assert_int_eq(gain.lambda.place, PLIM_PLACE_INSIDE);
  ck_assert_int_eq(gain.certificate, PLIM_CERTIFICATE_SAMPLED);
  ck_assert(gain.lambda.searched.high > gain.lambda.at && gain.lambda.searched.low > 0.0);
  for (double lambda = 1e-6; lambda < 1e9; lambda *= 1.07)
    ck_assert(at_lambda(theory, PLIM_DELTA, p, lambda) <= gain.value.value * (1.0 + 1e-13));
  search.lambda.high = 731.0;
  const plim_optimum ended = optimum_of(theory, PLIM_DELTA, &p, &search);
  ck_assert_int_eq(ended.lambda.place, PLIM_PLACE_HIGH);
  ck_assert(ended.lambda.at == 731.0 && ended.lambda.searched.high == 731.0);
  search.lambda = (plim_range){2e5, INFINITY}; /* it falls from the beginning: nothing to grow for */
  ck_assert_int_eq(optimum_of(theory, PLIM_DELTA, &p, &search).lambda.place, PLIM_PLACE_LOW);
  problem_clear(&p);

  p = problem_called("erf", "erf"); /* noise that wants a penalty of some 2e3 */
  p.readout = PLIM_READOUT_CONSTANT;
  p.noise = 40.0;
  p.d = 300.0;
  p.lambda = 0.1;
  search =
      (plim_search){.over_lambda = true, .over_eta = true, .lambda = {0.0, INFINITY}, .eta = {3.1, 29.0}};
  const plim_optimum both = optimum_of(theory, PLIM_SRF_RISK, &p, &search);
  ck_assert_int_eq(both.eta.place, PLIM_PLACE_LOW);
  ck_assert_int_eq(both.lambda.place, PLIM_PLACE_INSIDE);
  ck_assert(both.lambda.at > 1100.0);
  search.eta.low = 0.0;
  const plim_optimum none = optimum_of(theory, PLIM_SRF_RISK, &p, &search);
  ck_assert(none.eta.at < 1.0 &&
            none.value.value < both.value.value); /* as good as none: R differs by 2e-6 of it */
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Points without a value towards an end that the range does not have: it ends before them, and says so. */
START_TEST(range_that_ends_with_the_values)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("linear", "linear");
  p.readout = PLIM_READOUT_CONSTANT;
  p.noise = 0.0;
  p.d = 231.0;
  plim_search search = plim_search_default();
  plim_value value;
  p.lambda = 1e-8;
  ck_assert_int_eq(plim_limit(theory, PLIM_SRF_RISK, &p, &value), PLIM_NOT_CONVERGED);
  const plim_optimum best = optimum_of(theory, PLIM_SRF_RISK, &p, &search);
  ck_assert_int_eq(best.lambda.place, PLIM_PLACE_LOW); /* the risk falls with lambda */
  ck_assert(best.lambda.searched.low > 1e-7 && best.lambda.at == best.lambda.searched.low);
  plim_optimum refused;
  search.lambda.low = 1e-8;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_SRF_RISK, &p, &search, &refused), PLIM_NOT_CONVERGED);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("optimum_range");
  tcase_add_test(tests, range_that_grows);
  tcase_add_test(tests, range_that_ends_with_the_values);
  return run_case(tests, "optimum_range");
}
