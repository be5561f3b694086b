/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_same_batch_claims.c - what follows from the formulas for reused samples (theory.md 14.4): signs over
   thousands of settings, cross-validation, reuse against splitting, and searches for the best penalty and step. */
#include <math.h>
#include <stdbool.h>

#include "optimum_fixture.h"
#include "tolerances.h"

enum { SETTINGS = 4000 };

/* Settings as people have them, on the whole of the step's batch. */
static void ordinary(sweep *s, const named_activations *all, plim_problem *p)
{
  sweep_named(s, all, p);
  p->psi1 = sweep_log(s, 0.2, 20.0);
  p->psi2 = sweep_log(s, 0.2, 20.0);
  p->lambda = sweep_log(s, 1e-4, 10.0);
  p->eta = sweep_log(s, 0.1, 10.0);
  p->noise = sweep_log(s, 0.01, 3.0);
  p->ridge_batch = PLIM_RIDGE_SAME;
}

/* R0 - R1 has no sign at a fixed penalty; a fresh batch never harms. T1 <= T0, and cross-validation is too low, on
   the whole batch and without a norm mode. The least T0 - T1 may vanish: mu1 = 0 and nu2 = 0 leave nothing to learn.
   */
START_TEST(signs)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {14400};
  int harmful = 0, fresh_harmful = 0, too_low = 0;
  for (int i = 0; i < SETTINGS; i++) {
    ordinary(&s, &all, &p);
    const plim_value delta = limit_of(theory, PLIM_DELTA, &p), gcv = limit_of(theory, PLIM_GCV, &p);
    const plim_value before = limit_of(theory, PLIM_RISK0, &p), after = limit_of(theory, PLIM_RISK1, &p);
    const plim_value train0 = limit_of(theory, PLIM_TRAIN0, &p), train1 = limit_of(theory, PLIM_TRAIN1, &p);
    harmful += delta.value < -delta.error;
    assert_close(before.value - after.value, delta.value, 0.0, before.error + after.error + delta.error,
                 "R0 - R1");
    ck_assert_msg(train1.value <= train0.value + train0.error + train1.error, "T1 = %.17g above T0 = %.17g",
                  train1.value, train0.value);
    const double estimated = after.value + p.noise * p.noise, error = gcv.error + after.error;
    ck_assert_msg(gcv.value <= estimated + error, "gcv = %.17g above R1 + noise^2 = %.17g", gcv.value,
                  estimated);
    too_low += gcv.value < 0.99 * estimated;
    const plim_value bound = limit_of(theory, PLIM_LOWER_BOUND, &p);
    ck_assert(after.value >= bound.value - bound.error - after.error);
    p.ridge_batch = PLIM_RIDGE_FRESH;
    const plim_value fresh = limit_of(theory, PLIM_DELTA, &p);
    fresh_harmful += fresh.value < -fresh.error;
  }
  ck_assert_int_gt(harmful, SETTINGS / 20);
  ck_assert_int_lt(harmful, SETTINGS / 2);
  ck_assert_int_eq(fresh_harmful, 0);
  ck_assert_int_gt(too_low, SETTINGS / 2);
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

/* theory.md 14.4 to the digits it has: R0 .457, same .722, fresh .434. */
START_TEST(reuse_that_harms)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "erf");
  p.psi1 = p.psi2 = 1.5;
  p.lambda = 3.0;
  p.noise = 2.0;
  p.eta = 2.0;
  assert_close(limit_of(theory, PLIM_RISK0, &p).value, 0.457, 0.0, 5e-4, "R0");
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, 0.434, 0.0, 5e-4, "R1, fresh");
  p.ridge_batch = PLIM_RIDGE_SAME;
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, 0.722, 0.0, 5e-4, "R1, same");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* On a fresh batch cross-validation is right, whatever the step, the readout and the number of steps. */
START_TEST(cross_validation_of_a_fresh_batch)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {14401};
  for (int i = 0; i < SETTINGS; i++) {
    sweep_named(&s, &all, &p);
    p.readout = (plim_readout)(i % 3);
    p.steps = 1 + (size_t)(i % 2);
    p.batch = i % 4 < 2 ? PLIM_BATCH_SAME : PLIM_BATCH_FRESH;
    const plim_value gcv = limit_of(theory, PLIM_GCV, &p), risk = limit_of(theory, PLIM_RISK1, &p);
    const plim_value train = limit_of(theory, PLIM_TRAIN1, &p), kappa = limit_of(theory, PLIM_KAPPA, &p);
    const double square = p.noise * p.noise, rounding = 1e-15 * square;
    assert_close(gcv.value, risk.value + square, 0.0, gcv.error + risk.error + rounding, "R1 + noise^2");
    ck_assert(gcv.error <= TOLERANCE_BOUND * gcv.value);
    const double share = p.lambda / kappa.value;
    if (p.lambda > 0.0) /* the definition */
      assert_close(gcv.value * share * share, train.value, 1e-11, 0.0, "T1/(k p)^2");
  }
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

/* The same data for both: all of it for both, or a share for the step and the rest for the fit, each at its best
   penalty. */
static double best_risk(plim_theory *theory, plim_problem p)
{
  return best_lambda(theory, PLIM_RISK1, &p).value.value;
}

START_TEST(reuse_beats_splitting)
{
  static const char *const pairs[][2] = {{"tanh", "tanh"}, {"relu", "tanh"}, {"erf", "softplus"}};
  plim_theory *theory = new_theory();
  sweep s = {14402};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    plim_problem p = problem_called(pairs[i][0], pairs[i][1]);
    p.psi1 = sweep_log(&s, 1.0, 6.0);
    p.psi2 = sweep_log(&s, 1.0, 3.0);
    p.noise = sweep_log(&s, 0.1, 0.5);
    p.eta = sweep_log(&s, 0.5, 2.0);
    p.ridge_batch = PLIM_RIDGE_SAME;
    const double reused = best_risk(theory, p);
    for (double share = 0.1; share < 0.95; share += 0.2) {
      plim_problem split = p;
      split.overlap = 0.0;
      split.extra = share * p.psi1;
      split.psi1 = (1.0 - share) * p.psi1;
      ck_assert_double_lt(reused, best_risk(theory, split));
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* What is proved of a fresh batch is not used: the best penalty and step are sampled, and no other point is better. */
START_TEST(best_penalty_and_step)
{
  static const plim_quantity quantities[] = {PLIM_RISK1, PLIM_DELTA, PLIM_TRAIN1, PLIM_GCV};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "tanh");
  p.psi1 = 1.93;
  p.psi2 = 2.71;
  p.noise = 1.31;
  p.lambda = 0.63;
  plim_search step = {.over_eta = true, .eta = {0.0, INFINITY}};
  for (int reused = 0; reused < 2; reused++) {
    p.ridge_batch = reused ? PLIM_RIDGE_SAME : PLIM_RIDGE_FRESH;
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
      const plim_optimum best = optimum_of(theory, quantities[i], &p, &step);
      ck_assert_int_eq(best.certificate, reused ? PLIM_CERTIFICATE_SAMPLED : PLIM_CERTIFICATE_PROVED);
    }
    const plim_optimum penalty = best_lambda(theory, PLIM_RISK1, &p);
    ck_assert_int_eq(penalty.certificate, reused ? PLIM_CERTIFICATE_SAMPLED : PLIM_CERTIFICATE_ENCLOSED);
    ck_assert_int_eq(best_lambda(theory, PLIM_RISK0, &p).certificate,
                     PLIM_CERTIFICATE_ENCLOSED); /* no step */
  }
  /* the noise makes a long step on the same batch harmful: the best is no end, as it is on a fresh batch */
  const plim_optimum best = optimum_of(theory, PLIM_RISK1, &p, &step);
  ck_assert_int_ne(best.eta.place, PLIM_PLACE_INFINITY);
  plim_search both = {
      .over_lambda = true, .over_eta = true, .lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}};
  const plim_optimum plane = optimum_of(theory, PLIM_RISK1, &p, &both);
  ck_assert_int_eq(plane.certificate, PLIM_CERTIFICATE_SAMPLED);
  ck_assert(plane.value.value <= best.value.value + best.value.error);
  for (p.lambda = 1e-4; p.lambda < 1e3; p.lambda *= 1.9)
    for (p.eta = 1e-3; p.eta < 1e3; p.eta *= 1.7) {
      const plim_value here = limit_of(theory, PLIM_RISK1, &p);
      ck_assert_msg(here.value >= plane.value.value - 1e-9 * here.value,
                    "lambda %g, eta %g: %.12g below %.12g", p.lambda, p.eta, here.value, plane.value.value);
    }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A valley aslant: lambda is to grow with eta^2 for ever, which no line of a grid along one of them shows. */
START_TEST(valley_aslant)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "tanh");
  p.psi1 = p.psi2 = 2.0;
  p.noise = 1.0;
  p.ridge_batch = PLIM_RIDGE_SAME;
  plim_search both = {
      .over_lambda = true, .over_eta = true, .lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}};
  const plim_optimum plane = optimum_of(theory, PLIM_RISK1, &p, &both);
  ck_assert(plane.lambda.place == PLIM_PLACE_HIGH || plane.eta.place == PLIM_PLACE_HIGH);
  for (p.eta = 100.0; p.eta < 2e4; p.eta *= 10.0)
    ck_assert_double_lt(plane.value.value, best_lambda(theory, PLIM_RISK1, &p).value.value);
  both.eta.high = 60.0; /* an end of the user's own is kept */
  const plim_optimum bounded = optimum_of(theory, PLIM_RISK1, &p, &both);
  ck_assert_int_eq(bounded.eta.place, PLIM_PLACE_HIGH);
  assert_close(bounded.eta.at, 60.0, 1e-4, 0.0, "eta");
  p.eta = 60.0;
  assert_close(bounded.value.value, best_lambda(theory, PLIM_RISK1, &p).value.value, 1e-9, 0.0,
               "risk1 at the end");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("same_batch_claims");
  tcase_set_timeout(tests, 120.0);
  tcase_add_test(tests, signs);
  tcase_add_test(tests, reuse_that_harms);
  tcase_add_test(tests, cross_validation_of_a_fresh_batch);
  tcase_add_test(tests, reuse_beats_splitting);
  tcase_add_test(tests, best_penalty_and_step);
  tcase_add_test(tests, valley_aslant);
  return run_case(tests, "same_batch_claims");
}
