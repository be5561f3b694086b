/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_small_step.c - risk and training error after a small step: two routes, reference values, claims, limits. */
#include <math.h>
#include <stdbool.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_RISK0, PLIM_RISK1, PLIM_DELTA, PLIM_TRAIN0, PLIM_TRAIN1};
enum { COUNT = sizeof quantities / sizeof quantities[0], PROBLEMS = 40000 };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 50);
  reference_check("golden.csv", quantities, COUNT, 240);
}
END_TEST

static void compare_routes(plim_value x, plim_value y, const char *what)
{
  const double gap = fabs(x.value - y.value);
  ck_assert_msg(gap <= TOLERANCE_ROUTES * fabs(x.value) + TOLERANCE_REFERENCE_NEAR_0, "%s: %.17g and %.17g",
                what, x.value, y.value);
  ck_assert_msg(gap <= x.error + y.error, "%s: %.17g and %.17g, bounds %.3g and %.3g", what, x.value, y.value,
                x.error, y.error);
}

/* The closed form and the (m1, m2) system share no formula. */
START_TEST(two_routes_over_the_box)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  plim_atoms atoms;
  ck_assert_int_eq(plim_atoms_read("atoms:1.7@0.2,-sqrt(0.422/0.8)@0.8", &atoms, NULL), PLIM_OK);
  p.atoms = &atoms;
  sweep s = {20220501445ULL};
  int compared = 0;
  for (int i = 0; i < PROBLEMS; i++) {
    sweep_named(&s, &all, &p);
    problem_readout(&p, (size_t)i % PLIM_READOUT_COUNT);
    p.step_psi1 = i % 3 == 0 ? 0.0 : sweep_log(&s, 1e-3, 1e3);
    const plimi_input in = input_of(theory, &p);
    plimi_small_step x, y;
    const plim_status closed = plimi_small_step_closed_form(&in, &x),
                      system = plimi_small_step_by_system(&in, &y);
    ck_assert_int_eq(closed, PLIM_OK);
    const bool has_linear_part = in.a.value > 0.0;
    const double rank = in.b.value > 0.0 ? p.psi2 : fmin(p.psi2, 1.0);
    const bool is_defined = has_linear_part && (p.lambda > 0.0 || p.psi1 < rank);
    ck_assert_int_eq(system, is_defined ? PLIM_OK : PLIM_OUTSIDE_DOMAIN);
    if (!is_defined)
      continue;
    compared++;
    compare_routes(x.kappa, y.kappa, "kappa");
    compare_routes(x.risk0, y.risk0, "risk0");
    compare_routes(x.risk1, y.risk1, "risk1");
    compare_routes(x.delta, y.delta, "delta");
    compare_routes(x.train0, y.train0, "train0");
    compare_routes(x.train1, y.train1, "train1");
  }
  ck_assert_int_gt(compared, PROBLEMS / 2);
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

/* A constant readout and a sigma that is not odd: theory.md section 5 has delta .01936 (.02626 without the norm mode),
   any_activation.md D risk1 .2454 (.2289); in many digits by the displayed formulas. */
START_TEST(constant_readout)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("relu", "tanh");
  p.psi1 = p.psi2 = 1.5;
  p.lambda = 0.1;
  p.noise = 0.3;
  p.eta = 2.0;
  p.readout = PLIM_READOUT_CONSTANT;
  assert_close(limit_of(theory, PLIM_DELTA, &p).value, 0.01936, 0.0, 5e-6, "delta");
  p.readout = PLIM_READOUT_RADEMACHER;
  assert_close(limit_of(theory, PLIM_DELTA, &p).value, 0.02626, 0.0, 5e-6, "delta of random signs");
  p.psi1 = 2.0;
  p.psi2 = 3.0;
  p.lambda = 0.005;
  p.noise = 0.1;
  p.eta = 3.0;
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, 0.2289, 0.0, 5e-5, "risk1 of random signs");
  p.readout = PLIM_READOUT_CONSTANT;
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, 0.2454, 0.0, 5e-5, "risk1");
  problem_clear(&p);

  p = problem_called("tanh", "relu"); /* odd: no norm mode */
  const double gaussian = limit_of(theory, PLIM_RISK1, &p).value;
  p.readout = PLIM_READOUT_CONSTANT;
  ck_assert(limit_of(theory, PLIM_RISK1, &p).value == gaussian);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

static plim_value improvement_at(plim_theory *theory, plim_problem *p, double eta)
{
  p->eta = eta;
  return limit_of(theory, PLIM_DELTA, p);
}

/* What is left of Thm 5's claims there: R1 >= mu2*^2, R0 - R1 = delta, and as eta grows delta grows, or falls and then
   grows (so its best value stands at an end of any range). It may be negative. */
START_TEST(claims_with_a_norm_mode)
{
  static const char *const even_parts[] = {
      "relu", "softplus", "silu", "gelu", "expr:z+0.2*abs(z)", "expr:z+0.5*(z^2-1)", "expr:0.1*z+z^2"};
  plim_theory *theory = new_theory();
  sweep s = {1936};
  int harmful = 0, turning = 0;
  for (size_t k = 0; k < sizeof even_parts / sizeof even_parts[0]; k++) {
    plim_problem p = problem_called(even_parts[k], "relu");
    for (int i = 0; i < 700; i++) {
      sweep_problem(&s, &p);
      p.readout = PLIM_READOUT_CONSTANT;
      p.batch = i % 2 == 0 ? PLIM_BATCH_SAME : PLIM_BATCH_FRESH;
      p.steps = 1 + (size_t)(i % 3);
      const plim_value before = limit_of(theory, PLIM_RISK0, &p), after = limit_of(theory, PLIM_RISK1, &p);
      const plim_value delta = limit_of(theory, PLIM_DELTA, &p),
                       bound = limit_of(theory, PLIM_LOWER_BOUND, &p);
      ck_assert(after.value >= bound.value - bound.error - after.error);
      assert_close(before.value - after.value, delta.value, 0.0, before.error + after.error + delta.error,
                   "R0 - R1");
      harmful += delta.value < -delta.error;
      bool rises = false, has_fallen = false;
      plim_value last = improvement_at(theory, &p, 0.0);
      for (double eta = 1e-3; eta < 1e4; eta *= 1.7) {
        const plim_value here = improvement_at(theory, &p, eta);
        const double change = here.value - last.value, noise = here.error + last.error;
        ck_assert_msg(!(rises && change < -noise), "%s: delta falls again at eta %g", even_parts[k], eta);
        rises = rises || change > noise;
        has_fallen = has_fallen || change < -noise;
        last = here;
      }
      turning += has_fallen && rises;
      ck_assert(last.value >= -last.error); /* an endless step never harms */
    }
    problem_clear(&p);
  }
  ck_assert_int_gt(harmful, 20);
  ck_assert_int_gt(turning, 20);
  plim_theory_free(theory);
}
END_TEST

/* Fact 4 and the claims of Thm 5 at every point of the box, and error bounds that are of use. */
START_TEST(claims_over_the_box)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {1445};
  for (int i = 0; i < PROBLEMS; i++) {
    sweep_named(&s, &all, &p);
    const plim_value before = limit_of(theory, PLIM_RISK0, &p), after = limit_of(theory, PLIM_RISK1, &p);
    const plim_value delta = limit_of(theory, PLIM_DELTA, &p), bound = limit_of(theory, PLIM_LOWER_BOUND, &p);
    const plim_value train = limit_of(theory, PLIM_TRAIN1, &p);
    ck_assert(delta.value >= 0.0 && train.value >= 0.0);
    ck_assert(after.value >= bound.value - bound.error - after.error);
    assert_close(before.value - after.value, delta.value, 0.0, before.error + after.error + delta.error,
                 "R0 - R1");
    ck_assert(after.error <= TOLERANCE_BOUND * after.value &&
              delta.error <= TOLERANCE_BOUND * delta.value + 1e-28);
    ck_assert(train.error <= TOLERANCE_BOUND * train.value);

    p.eta = 1.1 * p.eta + 1e-9; /* further steps help more */
    const plim_value further = limit_of(theory, PLIM_DELTA, &p);
    ck_assert(further.value >= delta.value * (1.0 - 1e-13));
  }
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

START_TEST(no_step_or_nothing_to_learn)
{
  static const char *const pairs[][2] = {{"tanh", "relu"},
                                         {"hermite2", "erf"},
                                         {"hermite3", "relu"},
                                         {"tanh", "hermite2"},
                                         {"relu", "hermite3"}};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    plim_problem p = problem_called(pairs[i][0], pairs[i][1]);
    p.eta = i == 0 ? 0.0 : 3.71;
    ck_assert(limit_of(theory, PLIM_DELTA, &p).value <= 1e-28);
    assert_close(limit_of(theory, PLIM_RISK1, &p).value, limit_of(theory, PLIM_RISK0, &p).value, 1e-15, 0.0,
                 "R1 = R0");
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

START_TEST(limits_in_psi_and_lambda)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  p.psi1 = 2.385;
  p.psi2 = 1e9; /* delta -> 0 as psi2 -> infinity ([BA] NeurIPS section 4) */
  ck_assert(limit_of(theory, PLIM_DELTA, &p).value < 1e-8);
  p.psi2 = 1.617;
  p.lambda = 1e12;
  const plimi_input in = input_of(theory, &p);
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, in.star1.value + in.star2.value, 1e-9, 0.0,
               "lambda -> inf");
  assert_close(limit_of(theory, PLIM_TRAIN1, &p).value, in.s2.value, 1e-9, 0.0, "T at lambda -> inf");
  p.lambda = 1e-9;
  p.psi2 = 1e6;
  p.psi1 = 1e12; /* everything linear is learned */
  assert_close(limit_of(theory, PLIM_RISK0, &p).value, in.star2.value, 1e-4, 0.0, "psi1 -> inf");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(without_a_ridge)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = 1.043;
  p.eta = 2.71;
  for (int side = 0; side < 2; side++) {
    p.psi2 = side == 0 ? 0.613 : 3.83;
    p.lambda = 0.0;
    double at_0[COUNT];
    for (int i = 0; i < COUNT; i++)
      at_0[i] = limit_of(theory, quantities[i], &p).value;
    p.lambda = 1e-11;
    for (int i = 0; i < COUNT; i++)
      assert_close(limit_of(theory, quantities[i], &p).value, at_0[i], 1e-8, 1e-15,
                   plim_quantity_name(quantities[i]));
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* psi1 = psi2 without a ridge: the risk is infinite and the status says so; the training error is 0. */
START_TEST(divergence)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = p.psi2 = 1.379;
  p.lambda = 0.0;
  plim_value value = {-7.0, -7.0};
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, &p, &value), PLIM_DIVERGES);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_DIVERGES);
  ck_assert_int_eq(plim_limit(theory, PLIM_DELTA, &p, &value), PLIM_DIVERGES);
  ck_assert(value.value == -7.0 && value.error == -7.0);
  ck_assert(limit_of(theory, PLIM_TRAIN1, &p).value == 0.0);
  p.eta = 0.0;
  ck_assert(limit_of(theory, PLIM_DELTA, &p).value == 0.0);
  p.lambda = 1e-12;
  ck_assert(limit_of(theory, PLIM_RISK0, &p).value > 1e4);
  problem_clear(&p);

  p = problem_called("linear", "relu"); /* its features have rank min(N, d) */
  p.psi1 = 1.0;
  p.psi2 = 2.417;
  p.lambda = 0.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, &p, &value), PLIM_DIVERGES);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* On one batch only the sum of the steps counts; on fresh batches the noise part of T steps is T times smaller. */
START_TEST(several_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("sigmoid", "softplus"), once = p;
  p.steps = 4;
  p.eta = 1.37;
  once.eta = 4.0 * 1.37;
  const double same = limit_of(theory, PLIM_RISK1, &p).value;
  assert_close(same, limit_of(theory, PLIM_RISK1, &once).value, 1e-14, 0.0, "same batch");
  p.batch = PLIM_BATCH_FRESH;
  const double fresh = limit_of(theory, PLIM_RISK1, &p).value;
  ck_assert(fresh < same);
  const plimi_input in = input_of(theory, &p);
  const plimi_spike spike = plimi_spike_of(&in);
  assert_close(spike.noise.value, 4.0 * 1.37 * 1.37 * in.a.value * in.s2.value / p.psi1, 1e-14, 0.0,
               "spread");
  p.steps = 1;
  once.eta = 1.37;
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, limit_of(theory, PLIM_RISK1, &once).value, 1e-15, 0.0,
               "one fresh step");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* eta N^exponent needs N. What does not depend on eta needs neither. */
START_TEST(growing_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu"), plain = p;
  p.eta = 0.31;
  p.eta_exponent = 0.25;
  plim_value value;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_W1_TOP, &p, &value), PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK0, &p, &value), PLIM_OK);
  p.d = 417.0;
  plain.eta = 0.31 * pow(p.psi2 * 417.0, 0.25);
  assert_close(limit_of(theory, PLIM_RISK1, &p).value, limit_of(theory, PLIM_RISK1, &plain).value, 1e-14, 0.0,
               "risk1");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("small_step");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, two_routes_over_the_box);
  tcase_add_test(tests, constant_readout);
  tcase_add_test(tests, claims_with_a_norm_mode);
  tcase_add_test(tests, claims_over_the_box);
  tcase_add_test(tests, no_step_or_nothing_to_learn);
  tcase_add_test(tests, limits_in_psi_and_lambda);
  tcase_add_test(tests, without_a_ridge);
  tcase_add_test(tests, divergence);
  tcase_add_test(tests, several_steps);
  tcase_add_test(tests, growing_steps);
  return run_case(tests, "small_step");
}
