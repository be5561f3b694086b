/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_optimum.c - the best penalty: closed forms, the lemma the certificate rests on, brute force. */
#include <math.h>
#include <stdbool.h>

#include "../theory/optimum/optimum.h"
#include "optimum_fixture.h"
#include "tolerances.h"

/* A minimum known to 1e-13 of its height is known to 1e-6 of its place, and Brent's interval is 1e-7 wide. */
#define TOLERANCE_PLACE 3e-6
/* The bracket of an enclosed optimum may be this wide in log lambda, times sqrt(gap/curvature): intervals reach
   to where the risk has risen by the gap, sqrt(2) on either side, and the last of them sticks out. */
#define TOLERANCE_BRACKET 4.0
/* Relative: how far the certified bound may lie below the value (twice the gap of the search). */
#define TOLERANCE_GAP 2e-7
/* Second differences over 0.02 and 0.01 in log lambda against those over 0.05 and 0.025: both leave O(h^4). */
#define TOLERANCE_CURVATURE 1e-5

static const plim_quantity enclosed[] = {
    PLIM_RISK0, PLIM_RISK1, PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST};
enum { ENCLOSED = sizeof enclosed / sizeof enclosed[0] };

/* [HMRT]: raw inputs want the posterior mean's penalty, (mu2*^2 + noise^2)/(mu1*^2 psi1); a kernel of penalty lambda
   acts like l = (lambda + c0)/c1, so its best lambda is c1 l - c0, or 0 where that is negative. */
START_TEST(closed_form_of_the_linear_yardstick)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  p.psi1 = 2.385;
  p.psi2 = 0.781;
  p.noise = 0.317;
  const plimi_input in = input_of(theory, &p);
  const double l = (in.star2.value + in.noise2.value) / (in.star1.value * p.psi1);
  const plim_optimum linear = best_lambda(theory, PLIM_LINEAR_RIDGE, &p);
  ck_assert_int_eq(linear.lambda.place, PLIM_PLACE_INSIDE);
  assert_close(linear.lambda.at, l, TOLERANCE_PLACE, 0.0, "linear_ridge");
  ck_assert(linear.lambda.bracket.low < l && l < linear.lambda.bracket.high);
  ck_assert(fabs(linear.lambda.at - l) <= linear.lambda.error);

  p.noise = 1.937; /* for the kernels to want a penalty beside their own */
  const plimi_input noisy = input_of(theory, &p);
  const double more = (noisy.star2.value + noisy.noise2.value) / (noisy.star1.value * p.psi1);
  const double ntk = (more * noisy.a.value * p.psi1 - noisy.sigma.nu2.value) * p.psi2 / p.psi1;
  const double inner = more * p.psi1 - (exp(1.0) - 2.0);
  const double dist = more * 2.0 * exp(-2.0) * p.psi1 - (1.0 - 3.0 * exp(-2.0));
  ck_assert(ntk > 0.0 && inner > 0.0 && dist > 0.0);
  assert_close(best_lambda(theory, PLIM_NTK_RIDGE, &p).lambda.at, ntk, TOLERANCE_PLACE, 0.0, "ntk_ridge");
  assert_close(best_lambda(theory, PLIM_KERNEL_EXP_INNER, &p).lambda.at, inner, TOLERANCE_PLACE, 0.0,
               "inner");
  assert_close(best_lambda(theory, PLIM_KERNEL_EXP_DIST, &p).lambda.at, dist, TOLERANCE_PLACE, 0.0, "dist");

  p.noise = 0.0817; /* a clean teacher: the kernel's nonlinear part is penalty enough */
  const plim_optimum clean = best_lambda(theory, PLIM_KERNEL_EXP_INNER, &p);
  ck_assert_int_eq(clean.lambda.place, PLIM_PLACE_ZERO);
  ck_assert(clean.lambda.at == 0.0 && isnan(clean.lambda.curvature.value));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Infinitely many linear neurons are the raw inputs: W0W0' -> psi2 I, and lambda acts like l = lambda/psi2. */
START_TEST(wide_linear_features)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("linear", "relu");
  p.psi1 = 1.618;
  p.noise = 0.271;
  const plimi_input in = input_of(theory, &p);
  const double l = (in.star2.value + in.noise2.value) / (in.star1.value * p.psi1);
  p.psi2 = 1e5;
  const plim_optimum best = best_lambda(theory, PLIM_RISK0, &p);
  assert_close(best.lambda.at / p.psi2, l, 20.0 / p.psi2, 0.0, "risk0 at psi2 -> inf");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The lemma of optimum/enclosed.c over the whole box: bias never falls, gamma never grows with lambda. */
START_TEST(parts_are_monotone)
{
  enum { PROBLEMS = 4000 };
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {271828};
  for (int i = 0; i < PROBLEMS; i++) {
    sweep_named(&s, &all, &p);
    plim_problem more = p;
    more.lambda = p.lambda > 0.0 ? p.lambda * (1.0 + sweep_log(&s, 1e-4, 10.0)) : sweep_log(&s, 1e-12, 1e-2);
    const plimi_input in = input_of(theory, &p), further = input_of(theory, &more);
    for (int k = 0; k < ENCLOSED; k++) {
      const plimi_objective *objective = &plimi_limit_entry(enclosed[k])->objective;
      plimi_ridge_parts a, b;
      ck_assert_int_eq(objective->parts(&in, &a), PLIM_OK);
      ck_assert_int_eq(objective->parts(&further, &b), PLIM_OK);
      ck_assert(b.bias.value >= a.bias.value - a.bias.error - b.bias.error);
      ck_assert(b.gamma.value <= a.gamma.value + a.gamma.error + b.gamma.error);
      ck_assert(b.residual.value >= a.residual.value - a.residual.error - b.residual.error);
    }
  }
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

static bool is_at_end(plim_place place)
{
  return place == PLIM_PLACE_ZERO || place == PLIM_PLACE_INFINITY || place == PLIM_PLACE_ANYWHERE;
}

/* No penalty drawn at random anywhere in the range is better than the bound, nor, outside the bracket, than the value;
   and the value is the quantity's at the place. */
static void compare_with_brute_force(plim_theory *theory, plim_quantity quantity, const plim_problem *p,
                                     const plim_optimum *best, sweep *s)
{
  enum { TRIALS = 60 };
  plim_problem here = *p;
  for (int i = 0; i < TRIALS; i++) {
    const bool is_near = i % 2 == 0 && best->lambda.place == PLIM_PLACE_INSIDE;
    here.lambda = is_near ? best->lambda.at * exp(0.2 * (sweep_uniform(s) - 0.5)) : sweep_log(s, 1e-14, 1e14);
    const plim_value value = limit_of(theory, quantity, &here);
    ck_assert(value.value + value.error >= best->bound);
    if (here.lambda < best->lambda.bracket.low || here.lambda > best->lambda.bracket.high)
      ck_assert(value.value + value.error >= best->value.value - best->value.error);
  }
  if (is_at_end(best->lambda.place))
    return;
  here.lambda = best->lambda.at;
  assert_close(limit_of(theory, quantity, &here).value, best->value.value, 1e-14, 0.0, "value");
}

START_TEST(no_penalty_is_better)
{
  enum { PROBLEMS = 250 };
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {31415926};
  int inside = 0;
  for (int i = 0; i < PROBLEMS; i++) {
    sweep_named(&s, &all, &p);
    const plim_quantity quantity = enclosed[i % ENCLOSED];
    const plim_optimum best = best_lambda(theory, quantity, &p);
    ck_assert_int_eq(best.certificate, PLIM_CERTIFICATE_ENCLOSED);
    ck_assert(best.bound <= best.value.value);
    ck_assert(best.value.value - best.bound <= TOLERANCE_GAP * best.value.value + 1e-10);
    inside += best.lambda.place == PLIM_PLACE_INSIDE ? 1 : 0;
    compare_with_brute_force(theory, quantity, &p, &best, &s);
  }
  ck_assert_int_gt(inside, PROBLEMS / 3);
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

START_TEST(slope_and_curvature)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = 2.385;
  p.psi2 = 1.737;
  p.eta = 1.29;
  p.noise = 0.53;
  for (int k = 0; k < ENCLOSED; k++) {
    const plim_optimum best = best_lambda(theory, enclosed[k], &p);
    if (best.lambda.place != PLIM_PLACE_INSIDE)
      continue;
    double second[2];
    const double middle = at_lambda(theory, enclosed[k], p, best.lambda.at);
    for (int i = 0; i < 2; i++) {
      const double h = i == 0 ? 0.05 : 0.025;
      const double up = at_lambda(theory, enclosed[k], p, best.lambda.at * exp(h));
      const double down = at_lambda(theory, enclosed[k], p, best.lambda.at * exp(-h));
      second[i] = (up - 2.0 * middle + down) / (h * h);
      /* what a central difference leaves is third order: less than h^2 of the curvature */
      ck_assert(fabs((up - down) / (2.0 * h)) <= h * h * second[i]);
    }
    const double curvature = second[1] + (second[1] - second[0]) / 3.0;
    assert_close(best.lambda.curvature.value, curvature, TOLERANCE_CURVATURE, 0.0, "curvature");
    ck_assert(best.lambda.curvature.error <= TOLERANCE_CURVATURE * curvature);
    const double reach = sqrt(0.5 * TOLERANCE_GAP * best.value.value / curvature);
    ck_assert(log(best.lambda.bracket.high / best.lambda.bracket.low) <= TOLERANCE_BRACKET * reach);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The search that proves nothing finds what the one that proves it does: the same quantities, their shapes
   forgotten. */
START_TEST(sampled_search_agrees)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = 2.385;
  p.psi2 = 1.137;
  p.noise = 0.47;
  plim_search search = plim_search_default();
  for (int k = 0; k < ENCLOSED; k++) {
    plimi_limit forgotten = *plimi_limit_entry(enclosed[k]);
    forgotten.objective = (plimi_objective){.goal = PLIM_GOAL_LEAST};
    plimi_target target = {theory, enclosed[k], &forgotten, p, 1.0};
    plim_optimum sampled = {.bound = 0.0};
    ck_assert_int_eq(plimi_optimum_sample_one(&target, PLIMI_AXIS_LAMBDA, search.lambda, &sampled), PLIM_OK);
    const plim_optimum proved = best_lambda(theory, enclosed[k], &p);
    ck_assert_int_eq(sampled.certificate, PLIM_CERTIFICATE_SAMPLED);
    ck_assert(isnan(sampled.bound));
    ck_assert_int_eq(sampled.lambda.place, proved.lambda.place);
    assert_close(sampled.lambda.at, proved.lambda.at, TOLERANCE_PLACE, 0.0, plim_quantity_name(enclosed[k]));
    assert_close(sampled.value.value, proved.value.value, 1e-13, 0.0, plim_quantity_name(enclosed[k]));
  }
  /* the plane: risk1 has no interior optimum, so along eta's end */
  search.over_eta = true;
  search.eta = (plim_range){0.0, 3.3};
  plimi_target target = {theory, PLIM_RISK1, plimi_limit_entry(PLIM_RISK1), p, 1.0};
  plim_optimum sampled, proved = optimum_of(theory, PLIM_RISK1, &p, &search);
  ck_assert_int_eq(plimi_optimum_sample_both(&target, &search, &sampled), PLIM_OK);
  ck_assert_int_eq(sampled.eta.place, PLIM_PLACE_HIGH);
  assert_close(sampled.lambda.at, proved.lambda.at, TOLERANCE_PLACE, 0.0, "along the border");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(improvement_over_lambda)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  p.psi1 = 2.2;
  p.psi2 = 2.2;
  plim_search search = plim_search_default();
  plim_optimum best = {.bound = 17.0};
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_DELTA, &p, &search, &best),
                   PLIM_DIVERGES); /* psi1 = psi2 */
  ck_assert(best.bound == 17.0);
  p.psi2 = 1.617;
  best = best_lambda(theory, PLIM_DELTA, &p);
  ck_assert_int_eq(best.certificate, PLIM_CERTIFICATE_SAMPLED);
  for (double lambda = 1e-8; lambda < 1e4; lambda *= 1.1)
    ck_assert(at_lambda(theory, PLIM_DELTA, p, lambda) <= best.value.value * (1.0 + 1e-13));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(what_is_refused)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  plim_search search = plim_search_default();
  plim_optimum best;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_KAPPA, &p, &search, &best), PLIM_INVALID);
  search.lambda = (plim_range){0.2, 0.2};
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_RISK0, &p, &search, &best), PLIM_INVALID);
  search.lambda = (plim_range){-0.1, 0.2};
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_RISK0, &p, &search, &best), PLIM_INVALID);
  search = (plim_search){.over_lambda = false};
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_RISK0, &p, &search, &best), PLIM_INVALID);
  search = plim_search_default();
  p.psi1 = -1.0;
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_RISK0, &p, &search, &best), PLIM_INVALID);
  problem_clear(&p);
  for (int i = 0; i < PLIM_PLACE_COUNT; i++)
    ck_assert(plim_place_name((plim_place)i) != NULL && plim_place_meaning((plim_place)i) != NULL);
  ck_assert_ptr_null(plim_certificate_name(PLIM_CERTIFICATE_COUNT));
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("optimum");
  tcase_add_test(tests, closed_form_of_the_linear_yardstick);
  tcase_add_test(tests, wide_linear_features);
  tcase_add_test(tests, parts_are_monotone);
  tcase_add_test(tests, no_penalty_is_better);
  tcase_add_test(tests, slope_and_curvature);
  tcase_add_test(tests, sampled_search_agrees);
  tcase_add_test(tests, improvement_over_lambda);
  tcase_add_test(tests, what_is_refused);
  return run_case(tests, "optimum");
}
