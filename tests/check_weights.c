/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_weights.c - the outlier of W1 against the general theorem for rectangular matrices, by quadrature. */
#include <float.h>
#include <math.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_W1_TOP, PLIM_W1_LEFT_BETA, PLIM_W1_RIGHT_A};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 30);
  reference_check("golden.csv", quantities, COUNT, 140);
}
END_TEST

static double resolvent(double t, void *x2)
{
  return 1.0 / (*(double *)x2 - t);
}

static double resolvent_squared(double t, void *x2)
{
  return resolvent(t, x2) * resolvent(t, x2);
}

/* [BGN]: with f(x) = x tr_N (x^2 - W0'W0)^-1 and g(x) = x tr_d (x^2 - W0W0')^-1 a spike of strength th puts a singular
   value where f g = 1/th^2, with squared overlaps -2 g/(th^2 (f g)') on the left and -2 f/(th^2 (f g)') on the
   right. */
static void check_outlier(const plimi_spike *spike, double psi2, const double got[COUNT])
{
  const double x = got[0], th2 = spike->total.value;
  double x2 = x * x;
  const double r = spectral_average(1.0, psi2, resolvent, &x2);
  const double r2 = spectral_average(1.0, psi2, resolvent_squared, &x2);
  /* tr_d = psi2 tr_N + (1 - psi2)/x^2, derivatives by d/dx (x^2 - t)^-1 = -2 x (x^2 - t)^-2 */
  const double f = x * r, g = psi2 * f + (1.0 - psi2) / x;
  const double df = r - 2.0 * x2 * r2, dg = psi2 * df - (1.0 - psi2) / x2;
  const double slope = df * g + f * dg;
  assert_close(f * g, 1.0 / th2, 1e-9, 0.0, "f g = 1/th^2");
  assert_close(got[1], spike->signal.value / th2 * (-2.0 * g / (th2 * slope)), 1e-8, 0.0, "left overlap");
  assert_close(got[2], -2.0 * f / (th2 * slope), 1e-8, 0.0, "right overlap");
}

START_TEST(general_theorem)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  sweep s = {9119};
  int outliers = 0, edges = 0;
  for (int i = 0; i < 300; i++) {
    p.psi1 = sweep_log(&s, 0.1, 10.0);
    p.psi2 = sweep_log(&s, 0.1, 10.0);
    p.eta = sweep_log(&s, 0.3, 10.0);
    const plimi_input in = input_of(theory, &p);
    const plimi_spike spike = plimi_spike_of(&in);
    const double ratio = spike.total.value / sqrt(p.psi2);
    double got[COUNT];
    for (int j = 0; j < COUNT; j++)
      got[j] = limit_of(theory, quantities[j], &p).value;
    if (ratio > 1.05) { /* nearer to the edge the quadrature is singular */
      check_outlier(&spike, p.psi2, got);
      ck_assert(got[0] > 1.0 + sqrt(p.psi2));
      outliers++;
    } else if (ratio < 1.0) {
      ck_assert(got[0] == 1.0 + sqrt(p.psi2) && got[1] == 0.0 && got[2] == 0.0);
      edges++;
    }
  }
  ck_assert(outliers > 50 && edges > 50);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Continuous through the threshold; what is left of the digits there is in the error bound. */
START_TEST(threshold)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  p.psi1 = 2.713;
  p.psi2 = 1.379;
  const double theta1 = limit_of(theory, PLIM_THETA1, &p).value, critical = pow(p.psi2, 0.25) / theta1;
  for (int i = -1; i <= 1; i += 2) {
    p.eta = critical * (1.0 + i * 1e-7);
    assert_close(limit_of(theory, PLIM_W1_TOP, &p).value, 1.0 + sqrt(p.psi2), 1e-12, 0.0, "top");
    assert_close(limit_of(theory, PLIM_W1_LEFT_BETA, &p).value, 0.0, 0.0, 1e-6, "left");
    assert_close(limit_of(theory, PLIM_W1_RIGHT_A, &p).value, 0.0, 0.0, 1e-6, "right");
  }
  const plim_value left = limit_of(theory, PLIM_W1_LEFT_BETA, &p);
  ck_assert(left.error > 1e-10 * left.value && left.error < 1e-5 * left.value);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* At the threshold itself the sign of s^2 - psi2 is rounding: whichever side a step falls on, its neighbours within
   that rounding are inside its error. A value of 0 +- 0 would be a claim about the last bit. */
START_TEST(last_bits_of_the_threshold)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  sweep s = {379};
  for (int i = 0; i < 200; i++) {
    p.psi1 = sweep_log(&s, 0.05, 20.0);
    p.psi2 = sweep_log(&s, 0.05, 20.0);
    p.eta = 1.0;
    p.eta = pow(p.psi2, 0.25) / limit_of(theory, PLIM_THETA1, &p).value;
    for (int step = 0; step < 8; step++)
      p.eta = nextafter(p.eta, 0.0);
    for (int step = 0; step < 16; step++) {
      plim_value here[COUNT];
      for (int j = 0; j < COUNT; j++)
        here[j] = limit_of(theory, quantities[j], &p);
      p.eta = nextafter(p.eta, INFINITY);
      for (int j = 0; j < COUNT; j++) {
        const double next = limit_of(theory, quantities[j], &p).value;
        ck_assert_msg(here[j].error > 0.0 && fabs(next - here[j].value) <= here[j].error,
                      "%s: %.17g +- %.3g, and %.17g one bit on", plim_quantity_name(quantities[j]),
                      here[j].value, here[j].error, next);
        ck_assert(here[j].error < 1e-11);
      }
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(large_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  p.eta = 1e6;
  const double theta1 = limit_of(theory, PLIM_THETA1, &p).value,
               theta2 = limit_of(theory, PLIM_THETA2, &p).value;
  assert_close(limit_of(theory, PLIM_W1_TOP, &p).value, 1e6 * theta1, 1e-10, 0.0, "top");
  assert_close(limit_of(theory, PLIM_W1_LEFT_BETA, &p).value, theta2 * theta2 / (theta1 * theta1), 1e-10, 0.0,
               "left");
  assert_close(limit_of(theory, PLIM_W1_RIGHT_A, &p).value, 1.0, 1e-10, 0.0, "right");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("weights");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, general_theorem);
  tcase_add_test(tests, threshold);
  tcase_add_test(tests, last_bits_of_the_threshold);
  tcase_add_test(tests, large_steps);
  return run_case(tests, "weights");
}
