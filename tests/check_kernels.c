/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_kernels.c - ridge regression on the inputs and the kernels that act like it. */
#include <math.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER,
                                           PLIM_KERNEL_EXP_DIST, PLIM_LOWER_BOUND};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 50);
  reference_check("golden.csv", quantities, COUNT, 240);
}
END_TEST

static double bias(double t, void *l)
{
  const double share = *(double *)l / (t + *(double *)l);
  return share * share;
}

static double variance(double t, void *l)
{
  return t / ((t + *(double *)l) * (t + *(double *)l));
}

/* Second route: ridge regression with penalty l has, S = X'X/n, the risk
   mu1*^2 l^2 E (s + l)^-2 + (mu2*^2 + noise^2) E s (s + l)^-2/psi1 + mu2*^2, with E over the eigenvalues of S. The d
   eigenvalues of S are those of W0'W0 with d in the place of N and n in the place of d. */
static double risk_by_quadrature(const plimi_input *in, double l)
{
  const double psi1 = in->problem->psi1, noise2 = in->star2.value + in->noise2.value;
  return in->star1.value * spectral_average(1.0, 1.0 / psi1, bias, &l) +
         noise2 / psi1 * spectral_average(1.0, 1.0 / psi1, variance, &l) + in->star2.value;
}

START_TEST(linear_ridge_by_quadrature)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("silu", "gelu");
  sweep s = {557};
  for (int i = 0; i < 200; i++) {
    p.psi1 = sweep_log(&s, 0.05, 20.0);
    p.psi2 = sweep_log(&s, 0.05, 20.0);
    p.lambda = sweep_log(&s, 1e-3, 1e2);
    p.noise = sweep_uniform(&s);
    const plimi_input in = input_of(theory, &p);
    assert_close(limit_of(theory, PLIM_LINEAR_RIDGE, &p).value, risk_by_quadrature(&in, p.lambda),
                 TOLERANCE_QUADRATURE, 0.0, "linear_ridge");
    const double e2 = exp(-2.0);
    const double inner = (p.lambda + exp(1.0) - 1.0 - 1.0) / p.psi1;
    const double dist = (p.lambda + 1.0 - e2 + 2.0 * -e2) / (2.0 * e2 * p.psi1);
    const double ntk = (p.lambda * p.psi1 / p.psi2 + in.sigma.nu2.value) / (in.a.value * p.psi1);
    assert_close(limit_of(theory, PLIM_KERNEL_EXP_INNER, &p).value, risk_by_quadrature(&in, inner),
                 TOLERANCE_QUADRATURE, 0.0, "kernel_exp_inner");
    assert_close(limit_of(theory, PLIM_KERNEL_EXP_DIST, &p).value, risk_by_quadrature(&in, dist),
                 TOLERANCE_QUADRATURE, 0.0, "kernel_exp_dist");
    assert_close(limit_of(theory, PLIM_NTK_RIDGE, &p).value, risk_by_quadrature(&in, ntk),
                 TOLERANCE_QUADRATURE, 0.0, "ntk_ridge");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* No fixed kernel goes below mu2*^2, anywhere; and no digits are lost. */
START_TEST(lower_bound_over_the_box)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  sweep s = {8713};
  for (int i = 0; i < 20000; i++) {
    sweep_problem(&s, &p);
    const double bound = limit_of(theory, PLIM_LOWER_BOUND, &p).value;
    for (int j = 0; j < COUNT; j++) {
      const plim_value risk = limit_of(theory, quantities[j], &p);
      ck_assert(risk.value + risk.error >= bound && risk.error <= TOLERANCE_BOUND * risk.value);
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(without_a_ridge)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  plim_value value;
  p.lambda = 0.0;
  p.psi1 = 2.385; /* least squares: noise d/(n - d) */
  const plimi_input in = input_of(theory, &p);
  const double rest = in.star2.value + in.noise2.value;
  assert_close(limit_of(theory, PLIM_LINEAR_RIDGE, &p).value, in.star2.value + rest / 1.385, 1e-13, 0.0,
               "psi1 > 1");
  p.psi1 = 0.731; /* the shortest solution: n of d directions */
  const double seen = 0.731, short_of = 1.0 - seen;
  assert_close(limit_of(theory, PLIM_LINEAR_RIDGE, &p).value,
               in.star1.value * short_of + rest * seen / short_of + in.star2.value, 1e-13, 0.0, "psi1 < 1");
  p.psi1 = 1.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_LINEAR_RIDGE, &p, &value), PLIM_DIVERGES);
  p.noise = 0.0;
  ck_assert_int_eq(plim_limit(theory, PLIM_LINEAR_RIDGE, &p, &value), PLIM_DIVERGES);
  problem_clear(&p);

  p = problem_called("tanh", "linear"); /* nothing but the linear part, which n = d samples give exactly */
  p.lambda = p.noise = 0.0;
  p.psi1 = 1.0;
  ck_assert(limit_of(theory, PLIM_LINEAR_RIDGE, &p).value == 0.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(tangent_kernel_without_linear_part)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("hermite2", "softplus");
  const plimi_input in = input_of(theory, &p);
  assert_close(limit_of(theory, PLIM_NTK_RIDGE, &p).value, in.star1.value + in.star2.value, 1e-14, 0.0,
               "ntk_ridge");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("kernels");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, linear_ridge_by_quadrature);
  tcase_add_test(tests, lower_bound_over_the_box);
  tcase_add_test(tests, without_a_ridge);
  tcase_add_test(tests, tangent_kernel_without_linear_part);
  return run_case(tests, "kernels");
}
