/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_fixed_point.c - kappa and gamma. */
#include <math.h>

#include "../theory/bounded.h"
#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_KAPPA, PLIM_DF2};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 20);
  reference_check("golden.csv", quantities, COUNT, 90);
}
END_TEST

typedef struct {
  double b, kappa;
} averages;

static double degrees(double t, void *params)
{
  const averages *q = params;
  return (t + q->b) / (t + q->b + q->kappa);
}

static double degrees_squared(double t, void *params)
{
  return degrees(t, params) * degrees(t, params);
}

/* The equation and gamma with E over the density, not through m and mh. */
START_TEST(equation_by_quadrature)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "relu");
  sweep s = {731};
  for (int i = 0; i < 200; i++) {
    p.psi1 = sweep_log(&s, 0.05, 20.0);
    p.psi2 = sweep_log(&s, 0.05, 20.0);
    p.lambda = sweep_log(&s, 1e-3, 1e2);
    const plimi_input in = input_of(theory, &p);
    plimi_fixed_point point;
    ck_assert_int_eq(plimi_fixed_point_solve(&in, &point), PLIM_OK);
    averages q = {in.b.value, w_double(point.kappa)};
    const double df1 = spectral_average(in.a.value, p.psi2, degrees, &q);
    const double df2 = spectral_average(in.a.value, p.psi2, degrees_squared, &q);
    assert_close(p.psi1 * (1.0 - p.lambda / q.kappa), p.psi2 * df1, 0.0,
                 TOLERANCE_QUADRATURE * (p.psi1 + p.psi2), "equation of kappa");
    assert_close(w_double(point.gamma), p.psi2 / p.psi1 * df2, TOLERANCE_QUADRATURE, 0.0, "gamma");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* No failed root, gamma and 1 - gamma consistent and useful bounds over the whole box and all activations. */
START_TEST(whole_box)
{
  plim_theory *theory = new_theory();
  sweep s = {417};
  for (int kind = 0; kind < PLIM_ACTIVATION_COUNT; kind++) {
    plim_problem p = problem_called(plim_activation_kind_name((plim_activation_kind)kind), "erf");
    for (int i = 0; i < 3000; i++) {
      sweep_problem(&s, &p);
      const plimi_input in = input_of(theory, &p);
      plimi_fixed_point point;
      ck_assert_int_eq(plimi_fixed_point_solve(&in, &point), PLIM_OK);
      const plim_value kappa = w_value(point.kappa), gamma = w_value(point.gamma),
                       residual = w_value(point.residual);
      ck_assert(v_is_finite(kappa) && v_is_finite(gamma) && v_is_finite(residual));
      ck_assert(kappa.value >= p.lambda * (1.0 - 1e-14) && gamma.value >= 0.0);
      ck_assert(residual.value > 0.0);
      ck_assert(kappa.error <= TOLERANCE_BOUND * kappa.value);
      ck_assert(residual.error <= TOLERANCE_BOUND * residual.value);
      assert_close(gamma.value + residual.value, 1.0, 0.0, gamma.error + residual.error + 1e-15,
                   "gamma + (1 - gamma)");
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* lambda -> 0 meets lambda = 0 on either side of the rank, for a nonlinear and for a linear activation. */
START_TEST(ridgeless)
{
  static const struct {
    const char *activation;
    double psi1, psi2, kappa, gamma; /* NAN: not known in closed form */
  } cases[] = {{"tanh", 2.713, 0.719, 0.0, 0.719 / 2.713}, {"tanh", 0.337, 0.719, NAN, NAN},
               {"relu", 0.913, 2.417, NAN, NAN},           {"linear", 2.713, 5.19, 0.0, 1.0 / 2.713},
               {"linear", 0.731, 5.19, NAN, NAN},          {"linear", 0.931, 0.619, 0.0, 0.619 / 0.931}};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plim_problem p = problem_called(cases[i].activation, "erf");
    p.psi1 = cases[i].psi1;
    p.psi2 = cases[i].psi2;
    p.lambda = 0.0;
    const double kappa = limit_of(theory, PLIM_KAPPA, &p).value, gamma = limit_of(theory, PLIM_DF2, &p).value;
    p.lambda = 1e-11;
    assert_close(limit_of(theory, PLIM_KAPPA, &p).value, kappa, 1e-8, 1e-8, "kappa");
    assert_close(limit_of(theory, PLIM_DF2, &p).value, gamma, 1e-8, 0.0, "gamma");
    if (!isnan(cases[i].kappa)) {
      ck_assert(kappa == cases[i].kappa);
      assert_close(gamma, cases[i].gamma, 1e-13, 0.0, "gamma in closed form");
    } else {
      ck_assert(kappa > 1e-3);
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* psi1 = psi2, lambda = 0: kappa = 0 and gamma = 1. Next to it kappa grows like sqrt(lambda). */
START_TEST(at_the_threshold)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  p.psi1 = p.psi2 = 1.379;
  p.lambda = 0.0;
  ck_assert(limit_of(theory, PLIM_KAPPA, &p).value == 0.0);
  assert_within_error(limit_of(theory, PLIM_DF2, &p), 1.0, "gamma");
  p.lambda = 1e-12;
  const double kappa = limit_of(theory, PLIM_KAPPA, &p).value;
  p.lambda = 1e-14;
  assert_close(limit_of(theory, PLIM_KAPPA, &p).value, 0.1 * kappa, 1e-5, 0.0, "kappa ~ sqrt(lambda)");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(many_samples)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("gelu", "relu");
  p.psi1 = 1e12;
  p.psi2 = 1.733;
  p.lambda = 0.0417;
  assert_close(limit_of(theory, PLIM_KAPPA, &p).value, 0.0417, 1e-10, 0.0, "kappa -> lambda");
  ck_assert(limit_of(theory, PLIM_DF2, &p).value < 1e-11);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

static void assert_same(plimi_wide x, plimi_wide y, const char *what, size_t member)
{
  ck_assert_msg(w_is_same(x, y), "%s after a change of member %zu", what, member);
}

/* What is kept of the last problem answers no other, whichever one of its members has changed. */
START_TEST(last_solution_is_of_one_problem)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "softplus");
  p.psi1 = 2.385;
  p.psi2 = 1.137;
  p.lambda = 0.0713;
  plimi_input in = input_of(theory, &p);
  ck_assert_ptr_nonnull(in.last_point);
  plim_value *const a = &in.wide.a.part, *const b = &in.wide.b.part;
  double *const members[] = {&p.psi1, &p.psi2, &p.lambda, &a->value, &a->error, &b->value, &b->error};
  enum { MEMBERS = sizeof members / sizeof members[0], EXPONENTS = 2 };
  for (size_t i = 0; i < MEMBERS + EXPONENTS; i++) {
    for (int changed = 0; changed < 2; changed++) {
      if (changed && i < MEMBERS)
        *members[i] *= 1.0371;
      else if (changed)
        (i == MEMBERS ? &in.wide.a : &in.wide.b)->exponent++;
      plimi_fixed_point kept, fresh;
      plimi_input alone = in;
      alone.last_point = NULL;
      ck_assert_int_eq(plimi_fixed_point_solve(&in, &kept), PLIM_OK);
      ck_assert_int_eq(plimi_fixed_point_solve(&alone, &fresh), PLIM_OK);
      assert_same(kept.kappa, fresh.kappa, "kappa", i);
      assert_same(kept.gamma, fresh.gamma, "gamma", i);
      assert_same(kept.residual, fresh.residual, "1 - gamma", i);
      assert_same(kept.mp.zm, fresh.mp.zm, "z m", i);
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("fixed_point");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, equation_by_quadrature);
  tcase_add_test(tests, whole_box);
  tcase_add_test(tests, ridgeless);
  tcase_add_test(tests, at_the_threshold);
  tcase_add_test(tests, many_samples);
  tcase_add_test(tests, last_solution_is_of_one_problem);
  return run_case(tests, "fixed_point");
}
