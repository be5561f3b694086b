/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_optimum_step.c - the best step size, alone and with the best penalty: limits at an endless step, which end of a
   range is best, a best step inside. */
#include <math.h>

#include "optimum_fixture.h"

/* risk1 falls with eta for ever, to R0 - (r/s) mu1*^2 P0/(1 - gamma) in the limit. */
START_TEST(endless_step)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "tanh");
  plim_search search = {.over_eta = true, .eta = {0.0, INFINITY}};
  p.psi1 = 1.93;
  p.psi2 = 2.71;
  const plim_optimum risk = optimum_of(theory, PLIM_RISK1, &p, &search);
  const plim_optimum gain = optimum_of(theory, PLIM_DELTA, &p, &search);
  ck_assert_int_eq(risk.certificate, PLIM_CERTIFICATE_PROVED);
  ck_assert_int_eq(risk.eta.place, PLIM_PLACE_INFINITY);
  ck_assert_int_eq(gain.eta.place, PLIM_PLACE_INFINITY);
  ck_assert_int_eq(risk.lambda.place, PLIM_PLACE_FIXED);
  ck_assert(isinf(risk.eta.at) && isnan(risk.eta.error));
  const plimi_input in = input_of(theory, &p);
  plimi_ridge_parts parts;
  ck_assert_int_eq(plimi_limit_entry(PLIM_RISK0)->objective.parts(&in, &parts), PLIM_OK);
  const plimi_spike spike = plimi_spike_of(&in);
  const double bias = in.star1.value * parts.bias.value / parts.residual.value;
  const double before = limit_of(theory, PLIM_RISK0, &p).value;
  const double share = spike.signal.value / spike.total.value;
  assert_close(gain.value.value, share * bias, 1e-13, 0.0, "delta at eta = inf");
  assert_close(risk.value.value, before - share * bias, 1e-13, 0.0, "risk1 at eta = inf");
  ck_assert(gain.bound >= gain.value.value && risk.bound <= risk.value.value);

  search.eta = (plim_range){0.31, 4.7};
  const plim_optimum end = optimum_of(theory, PLIM_RISK1, &p, &search);
  p.eta = 4.7;
  ck_assert_int_eq(end.eta.place, PLIM_PLACE_HIGH);
  ck_assert(end.value.value == limit_of(theory, PLIM_RISK1, &p).value);
  problem_clear(&p);

  p = problem_called("hermite3", "tanh"); /* no linear part: a step changes nothing */
  ck_assert_int_eq(optimum_of(theory, PLIM_RISK1, &p, &search).eta.place, PLIM_PLACE_ANYWHERE);
  ck_assert_int_eq(optimum_of(theory, PLIM_RISK0, &p, &search).eta.place, PLIM_PLACE_ANYWHERE);
  ck_assert(optimum_of(theory, PLIM_RISK1, &p, &search).value.value ==
            limit_of(theory, PLIM_RISK0, &p).value);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Both variables: as risk1 falls with eta whatever lambda is, the best penalty is that of the end of eta's range. */
START_TEST(both_variables)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "softplus");
  p.psi1 = 1.31;
  p.noise = 0.41;
  plim_search search = {.over_lambda = true, .over_eta = true, .lambda = {0.0, INFINITY}, .eta = {0.0, 2.9}};
  const plim_optimum both = optimum_of(theory, PLIM_RISK1, &p, &search);
  p.eta = 2.9;
  const plim_optimum one = best_lambda(theory, PLIM_RISK1, &p);
  ck_assert_int_eq(both.certificate, PLIM_CERTIFICATE_ENCLOSED);
  ck_assert_int_eq(both.eta.place, PLIM_PLACE_HIGH);
  ck_assert(both.lambda.at == one.lambda.at && both.value.value == one.value.value && both.eta.at == 2.9);
  search.eta.high = INFINITY;
  const plim_optimum endless = optimum_of(theory, PLIM_RISK1, &p, &search);
  ck_assert_int_eq(endless.eta.place, PLIM_PLACE_INFINITY);
  ck_assert_int_eq(endless.lambda.place, PLIM_PLACE_INSIDE);
  ck_assert(endless.value.value < both.value.value);

  /* training errors: no penalty and no end to the step; interpolation, where there is nothing left to gain */
  p.psi1 = 2.031;
  const plim_optimum train = optimum_of(theory, PLIM_TRAIN1, &p, &search);
  ck_assert_int_eq(train.lambda.place, PLIM_PLACE_ZERO);
  ck_assert_int_eq(train.eta.place, PLIM_PLACE_INFINITY);
  ck_assert_int_eq(train.certificate, PLIM_CERTIFICATE_PROVED);
  ck_assert(train.value.value > 0.0);
  p.psi1 = 1.31;
  const plim_optimum interpolated = optimum_of(theory, PLIM_TRAIN1, &p, &search);
  ck_assert(interpolated.value.value == 0.0);
  ck_assert_int_eq(interpolated.eta.place, PLIM_PLACE_ANYWHERE);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Section 9's risk has a best step of the order of sqrt N and a best penalty with it: no neighbour is better, and both
   together are no worse than either alone. */
START_TEST(step_of_any_size)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "erf");
  p.psi1 = 3.83;
  p.psi2 = 1.31;
  p.lambda = 0.0137;
  p.d = 231.0;
  plim_search search = {.over_eta = true, .lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}};
  const plim_optimum step = optimum_of(theory, PLIM_RISK, &p, &search);
  ck_assert_int_eq(step.eta.place, PLIM_PLACE_INSIDE);
  ck_assert_int_eq(step.certificate, PLIM_CERTIFICATE_SAMPLED);
  const double root = sqrt(p.psi2 * p.d);
  ck_assert(0.5 * root < step.eta.at && step.eta.at < 5.0 * root);
  search.over_lambda = true;
  search.lambda = (plim_range){1e-4, 10.0};
  search.eta = (plim_range){0.1 * root, 10.0 * root};
  const plim_optimum both = optimum_of(theory, PLIM_RISK, &p, &search);
  ck_assert_int_eq(both.eta.place, PLIM_PLACE_INSIDE);
  ck_assert_int_eq(both.lambda.place, PLIM_PLACE_INSIDE);
  ck_assert(both.value.value < step.value.value);
  ck_assert(both.lambda.curvature.value > 0.0 && both.eta.curvature.value > 0.0);
  plim_problem here = p;
  for (int i = 0; i < 8; i++) { /* around it */
    here.lambda = both.lambda.at * (1.0 + 0.05 * cos(0.785 * i));
    here.eta = both.eta.at * (1.0 + 0.05 * sin(0.785 * i));
    ck_assert(limit_of(theory, PLIM_RISK, &here).value > both.value.value);
  }
  search = (plim_search){
      .over_lambda = true, .over_eta = true, .lambda = {3.17, 10.0}, .eta = {1.2 * root, 5.1 * root}};
  const plim_optimum bordered = optimum_of(theory, PLIM_SRF_RISK, &p, &search);
  ck_assert_int_eq(bordered.lambda.place, PLIM_PLACE_LOW);
  ck_assert_int_eq(bordered.eta.place, PLIM_PLACE_INSIDE);
  search.over_lambda = false;
  p.lambda = 3.17;
  const plim_optimum on_the_border = optimum_of(theory, PLIM_SRF_RISK, &p, &search);
  ck_assert(bordered.lambda.at == 3.17 && bordered.eta.at == on_the_border.eta.at &&
            bordered.value.value == on_the_border.value.value);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A constant readout and an even part of sigma: delta falls and then rises with eta, so that the better end of a range
   is best, and which one it is depends on the range. */
START_TEST(best_step_with_a_norm_mode)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:z+0.2*abs(z)", "linear");
  p.psi1 = 1.5;
  p.psi2 = 6.0;
  p.lambda = 0.01;
  p.readout = PLIM_READOUT_CONSTANT;
  p.eta = 0.713;
  ck_assert(limit_of(theory, PLIM_DELTA, &p).value < 0.0);
  plim_search search = {.over_eta = true, .eta = {0.0, 0.713}};
  plim_optimum found;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_DELTA, &p, &search, &found), PLIM_OK);
  ck_assert(found.eta.place == PLIM_PLACE_ZERO && found.certificate == PLIM_CERTIFICATE_PROVED);
  ck_assert(found.value.value == 0.0);
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_RISK1, &p, &search, &found), PLIM_OK);
  ck_assert_int_eq(found.eta.place, PLIM_PLACE_ZERO);
  search.eta.high = INFINITY;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_DELTA, &p, &search, &found), PLIM_OK);
  ck_assert(found.eta.place == PLIM_PLACE_INFINITY && found.certificate == PLIM_CERTIFICATE_PROVED);
  p.eta = 1e9;
  assert_close(found.value.value, limit_of(theory, PLIM_DELTA, &p).value, 1e-9, 0.0, "delta at infinity");
  p.readout = PLIM_READOUT_GAUSSIAN;
  search.eta.high = 0.713;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_DELTA, &p, &search, &found), PLIM_OK);
  ck_assert_int_eq(found.eta.place, PLIM_PLACE_HIGH);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("optimum_step");
  tcase_add_test(tests, endless_step);
  tcase_add_test(tests, both_variables);
  tcase_add_test(tests, step_of_any_size);
  tcase_add_test(tests, best_step_with_a_norm_mode);
  return run_case(tests, "optimum_step");
}
