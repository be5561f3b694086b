/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_extremes.c - limits where psi1, psi2, lambda, eta and noise are any doubles: right within the stated error, or
   refused with a true reason. And the arithmetic this stands on. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "../theory/bounded.h"
#include "fixture.h"
#include "reference.h"

static const plim_quantity quantities[] = {PLIM_THETA1,          PLIM_THETA2,
                                           PLIM_KAPPA,           PLIM_DF2,
                                           PLIM_RISK0,           PLIM_RISK1,
                                           PLIM_DELTA,           PLIM_TRAIN0,
                                           PLIM_TRAIN1,          PLIM_W1_TOP,
                                           PLIM_W1_LEFT_BETA,    PLIM_W1_RIGHT_A,
                                           PLIM_GRAD_OP,         PLIM_GRAD_FRO2,
                                           PLIM_STEP_OP,         PLIM_LINEAR_RIDGE,
                                           PLIM_NTK_RIDGE,       PLIM_KERNEL_EXP_INNER,
                                           PLIM_KERNEL_EXP_DIST, PLIM_LOWER_BOUND};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

/* Relative, for the bound on the error to be of use. Coefficients leave 3e-14; the worst row has 1.8e-12 (delta with a
   norm mode, which is a difference). */
#define TOLERANCE_EXTREME_BOUND 1e-11

typedef struct {
  size_t agreed, overflowed, withheld;
} tally;

/* mu1 (or mu1*) is 0 to within rounding: what a step of 1e200 makes of it cannot be known. */
static bool is_nearly_even(const plimi_input *in)
{
  return (in->sigma.mu1.value == 0.0 && in->sigma.mu1.error > 0.0) ||
         (in->star.mu1.value == 0.0 && in->star.mu1.error > 0.0);
}

static void check_cell(plim_theory *theory, const plim_problem *problem, plim_quantity quantity,
                       double expected, tally *seen)
{
  plim_value value = {NAN, NAN};
  const plim_status status = plim_limit(theory, quantity, problem, &value);
  const plimi_input in = input_of(theory, problem);
  char what[256];
  snprintf(what, sizeof what, "%s at psi1 %g, psi2 %g, lambda %g, eta %g, noise %g, %s, %s, %s",
           plim_quantity_name(quantity), problem->psi1, problem->psi2, problem->lambda, problem->eta,
           problem->noise, plim_activation_name(problem->activation), plim_activation_name(problem->teacher),
           plim_readout_name(problem->readout));
  if (isinf(expected)) { /* the number itself is no double */
    ck_assert_msg(status == PLIM_NOT_FINITE, "%s: %s", what, plim_status_name(status));
    seen->overflowed++;
    return;
  }
  if (is_nearly_even(&in) && status == PLIM_NOT_CONVERGED) {
    seen->withheld++;
    return;
  }
  ck_assert_msg(status == PLIM_OK, "%s: %s", what, plim_status_name(status));
  const double gap = fabs(value.value - expected);
  ck_assert_msg(gap <= value.error + DBL_EPSILON * fabs(expected) + DBL_TRUE_MIN,
                "%s: %.17g, expected %.17g: off by %.3g, bound %.3g", what, value.value, expected, gap,
                value.error);
  ck_assert_msg(is_nearly_even(&in) || value.error <= TOLERANCE_EXTREME_BOUND * fabs(expected) + DBL_MIN,
                "%s: %.17g with a bound of %.3g", what, value.value, value.error);
  seen->agreed++;
}

/* Log-uniform problems from 1e-300 to 1e300, by the displayed formulas in 2600 digits (make_golden.py). */
START_TEST(reference_points)
{
  reference_table *table = reference_table_read("extremes.csv");
  plim_theory *theory = new_theory();
  tally seen = {0};
  for (size_t row = 0; row < table->rows; row++) {
    plim_problem problem = reference_problem(table, row);
    for (size_t i = 0; i < COUNT; i++)
      check_cell(theory, &problem, quantities[i],
                 reference_number(table, row, plim_quantity_name(quantities[i])), &seen);
    problem_clear(&problem);
  }
  ck_assert_uint_ge(table->rows, 100);
  ck_assert_uint_ge(seen.agreed, table->rows * COUNT * 3 / 4);
  ck_assert_uint_ge(seen.overflowed, 10);
  ck_assert_uint_le(seen.withheld, table->rows * COUNT / 40);
  plim_theory_free(theory);
  reference_table_free(table);
}
END_TEST

/* What issue trackers call "0 +- 0": a step beyond the root of the largest double is the limit eta -> infinity. */
START_TEST(endless_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "tanh");
  static const double eta[] = {2.385e40, 1e155, 1.7e200, DBL_MAX};
  for (size_t i = 0; i < sizeof eta / sizeof eta[0]; i++) {
    p.eta = eta[i];
    assert_within_error(limit_of(theory, PLIM_DELTA, &p), 0.06795795591798724, "delta");
    const plim_value before = limit_of(theory, PLIM_RISK0, &p), after = limit_of(theory, PLIM_RISK1, &p);
    assert_close(before.value - after.value, 0.06795795591798724, 0.0, before.error + after.error, "R0 - R1");
  }
  p.eta = 1e200;
  p.steps = 3;
  p.batch = PLIM_BATCH_FRESH;
  const double three = limit_of(theory, PLIM_DELTA, &p).value;
  p.eta = 2.385e9;
  assert_close(three, limit_of(theory, PLIM_DELTA, &p).value, 1e-13, 0.0, "three steps");
  ck_assert(three > 0.08);
  problem_clear(&p);
  p = problem_called("tanh", "tanh");
  p.lambda = 1e300; /* nothing is learned: E sigma*^2 */
  static const plim_quantity risks[] = {
      PLIM_RISK0, PLIM_RISK1, PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST};
  for (size_t i = 0; i < sizeof risks / sizeof risks[0]; i++)
    assert_within_error(limit_of(theory, risks[i], &p), 0.39429449039784124, plim_quantity_name(risks[i]));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The kernel's outlier of such a step is no double; the edge of the bulk, to which a NaN once led, is one. */
START_TEST(an_overflow_is_no_edge)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "tanh");
  for (p.eta = 1e30; p.eta < 1e300; p.eta *= 2.385e9) {
    plim_value top = {NAN, NAN};
    const plim_status status = plim_limit(theory, PLIM_CK_TOP, &p, &top);
    ck_assert_msg(status != PLIM_OK || top.value > 1e50, "ck_top %g at eta %g", top.value, p.eta);
    ck_assert(status == PLIM_OK || status == PLIM_NOT_FINITE || status == PLIM_NOT_CONVERGED);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

static double any_size(sweep *s, double zero)
{
  const double reach = sweep_uniform(s) < 0.6 ? 2.0 : 300.0;
  return sweep_uniform(s) < zero ? 0.0 : pow(10.0, (2.0 * sweep_uniform(s) - 1.0) * reach);
}

/* Ridge regression on reused samples: with none shared it is that on a fresh batch, wherever both have a number; and as many
   of those as make the comparison one. */
START_TEST(nothing_shared)
{
  static const plim_quantity moved[] = {PLIM_RISK1, PLIM_DELTA, PLIM_TRAIN1, PLIM_GCV};
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {14500};
  int compared = 0, refused = 0;
  for (int i = 0; i < 6000; i++) {
    sweep_named(&s, &all, &p);
    p.psi1 = any_size(&s, 0.0);
    p.psi2 = any_size(&s, 0.0);
    p.lambda = any_size(&s, 0.1);
    p.eta = any_size(&s, 0.05);
    p.noise = any_size(&s, 0.2);
    p.step_psi1 = any_size(&s, 0.0);
    p.readout = i % 2 == 0 ? PLIM_READOUT_GAUSSIAN : PLIM_READOUT_CONSTANT;
    plim_problem other = p;
    other.ridge_batch = PLIM_RIDGE_SAME;
    other.overlap = other.step_psi1 = 0.0;
    other.extra = p.step_psi1;
    for (size_t j = 0; j < sizeof moved / sizeof moved[0]; j++) {
      plim_value fresh, reused;
      const bool has_fresh = plim_limit(theory, moved[j], &p, &fresh) == PLIM_OK;
      const bool has_reused = plim_limit(theory, moved[j], &other, &reused) == PLIM_OK;
      refused += has_fresh != has_reused;
      if (!has_fresh || !has_reused)
        continue;
      compared++;
      assert_close(fresh.value, reused.value, 0.0, fresh.error + reused.error, plim_quantity_name(moved[j]));
    }
  }
  ck_assert_int_gt(compared, 20000);
  ck_assert_int_lt(refused, 200); /* sigma nearly even: a step of 1e200 makes anything of its rounding */
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

/* eta (psi2 d)^exponent where psi2 d is no double. */
START_TEST(endless_widths)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi2 = 2.385e300;
  p.d = 4e200;
  p.eta_exponent = 0.25;
  p.eta = 0.713;
  const double width4 = pow(p.psi2, 0.25) * pow(p.d, 0.25); /* to the power 1/4 */
  const plim_value theta1 = limit_of(theory, PLIM_THETA1, &p), fro2 = limit_of(theory, PLIM_GRAD_FRO2, &p);
  assert_close(limit_of(theory, PLIM_STEP_OP, &p).value, 0.713 * width4 * theta1.value / (1.0 + sqrt(p.psi2)),
               1e-13, 0.0, "step_op");
  assert_close(limit_of(theory, PLIM_STEP_FRO, &p).value, 0.713 * sqrt(fro2.value) / width4, 1e-13, 0.0,
               "step_fro");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The arithmetic itself. Where bounded.h has room both give the same bits; elsewhere long double judges. */
START_TEST(wide_arithmetic)
{
  sweep s = {2600};
  for (int i = 0; i < 100000; i++) {
    const plim_value x = {sweep_log(&s, 1e-20, 1e20), 0.0}, y = {sweep_log(&s, 1e-20, 1e20), 0.0};
    const plim_value pairs[][2] = {{w_value(w_add(w_of(x), w_of(y))), v_add(x, y)},
                                   {w_value(w_sub(w_of(x), w_of(y))), v_sub(x, y)},
                                   {w_value(w_mul(w_of(x), w_of(y))), v_mul(x, y)},
                                   {w_value(w_div(w_of(x), w_of(y))), v_div(x, y)},
                                   {w_value(w_sqrt(w_of(x))), v_sqrt(x)}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++)
      ck_assert(pairs[k][0].value == pairs[k][1].value && pairs[k][0].error == pairs[k][1].error);

    const double far = sweep_log(&s, 1e-150, 1e150), near = sweep_log(&s, 1e-150, 1e150);
    const plimi_wide u = w_square(w_square(w_exact(far))), v = w_square(w_square(w_exact(near)));
    assert_within_error(w_value(w_sqrt(w_sqrt(u))), far, "fourth root of a fourth power");
    const plim_value quotient = w_value(w_sqrt(w_sqrt(w_div(u, v)))),
                     sum = w_value(w_sqrt(w_sqrt(w_add(u, v))));
    assert_within_error(quotient, far / near, "quotient of fourth powers");
    const double large = fmax(far, near), small = fmin(far, near) / large;
    assert_within_error(sum, large * sqrt(sqrt(1.0 + small * small * small * small)), "sum of fourth powers");
    ck_assert_int_eq(w_is_less(u, v), far < near);
    ck_assert(sum.error <= 16.0 * DBL_EPSILON * sum.value);
  }
  const plimi_wide huge = w_square(w_exact(1e300)), tiny = w_div(w_exact(1.0), huge);
  ck_assert(isinf(w_value(huge).value) && !v_is_finite(w_value(huge)));
  ck_assert(w_value(tiny).value == 0.0 && w_value(tiny).error >= DBL_TRUE_MIN);
  ck_assert(w_value(w_mul(tiny, w_exact(0.0))).error == 0.0);
}
END_TEST

/* What has overflowed or underflowed in doubles never comes back as a number with a small error. */
START_TEST(bounded_arithmetic_at_its_ends)
{
  const plim_value huge = v_mul(v_exact(1e200), v_exact(1e200)),
                   tiny = v_mul(v_exact(1e-200), v_exact(1e-150));
  ck_assert(!v_is_finite(huge) && !v_is_finite(v_div(v_exact(2.385), huge)));
  ck_assert(!v_is_finite(v_div(v_exact(2.385), v_exact(INFINITY))));
  ck_assert(!v_is_finite(v_sub(huge, huge)) && !v_is_finite(v_sqrt(v_sub(huge, huge))));
  ck_assert(tiny.value == 0.0 && tiny.error >= DBL_TRUE_MIN);
  ck_assert(!v_is_finite(v_div(v_exact(1.0), tiny)));
  const plim_value small = v_mul(v_exact(2.385e-200), v_exact(3.1e-120));
  ck_assert(fabs(small.value - 2.385e-200 * 3.1e-120) <= small.error && small.error >= DBL_TRUE_MIN);
  ck_assert(v_mul(v_exact(0.0), v_exact(2.385)).error == 0.0 &&
            v_div(v_exact(0.0), v_exact(3.1)).error == 0.0);
}
END_TEST

START_TEST(positive_parts)
{
  const plimi_wide above = {{3e-9, 1e-9}, 40}, below = {{-3e-9, 1e-9}, 40}, at = {{-1e-9, 3e-9}, 40};
  ck_assert(w_value(w_positive_part(above)).value == w_value(above).value);
  ck_assert(v_is_zero(w_positive_part(below).part));
  const plim_value straddling = w_value(w_positive_part(at));
  ck_assert(straddling.value == 0.0 && straddling.error >= 0x1p40 * 2e-9);
  const plimi_wide rather_above = {{1e-9, 3e-9}, 40};
  const plim_value covered = w_value(w_positive_part(rather_above));
  ck_assert(covered.value - covered.error <= 0.0 && covered.value + covered.error >= 0x1p40 * 4e-9);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("extremes");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, endless_steps);
  tcase_add_test(tests, an_overflow_is_no_edge);
  tcase_add_test(tests, nothing_shared);
  tcase_add_test(tests, endless_widths);
  tcase_add_test(tests, wide_arithmetic);
  tcase_add_test(tests, bounded_arithmetic_at_its_ends);
  tcase_add_test(tests, positive_parts);
  return run_case(tests, "extremes");
}
