/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_density.c - the limiting spectra: against the Silverstein equation solved with quadrature over H,
   against closed forms of their moments, at their limiting cases, over psi1 and psi2 from 0.05 to 50. */
#include <complex.h>
#include <math.h>

#include <gsl/gsl_math.h>

#include "density_fixture.h"

/* The equation solved with 4000 nodes over H: rounding times what c = 0.03 amplifies. */
#define TOLERANCE_EQUATION 1e-10

static const double ratios[] = {0.05, 0.131, 0.4, 0.97, 1.0, 1.03, 2.385, 7.3, 50.0};
enum { RATIOS = sizeof ratios / sizeof ratios[0] };

/* Moments of the sample law over those of H, h[k] = E (b + t)^k (derived from the expansion of v at
   infinity). */
static void check_moments(const plim_density *density, const double *h, double c)
{
  const double expected[] = {1.0, h[1], h[2] + c * h[1] * h[1],
                             h[3] + 3.0 * c * h[1] * h[2] + c * c * h[1] * h[1] * h[1]};
  for (int k = 0; k < 4; k++)
    assert_close(density_moment(density, k), expected[k], TOLERANCE_MASS, 0.0, "moment");
}

START_TEST(moments_and_masses)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "softplus");
  for (int i = 0; i < RATIOS; i++) {
    for (int j = 0; j < RATIOS; j++) {
      p.psi1 = ratios[i];
      p.psi2 = ratios[j];
      const plimi_input in = input_of(theory, &p);
      const double a = in.a.value, b = in.b.value, psi2 = p.psi2;
      const double h[] = {1.0, a + b, b * b + 2.0 * a * b + a * a * (1.0 + psi2),
                          b * b * b + 3.0 * b * b * a + 3.0 * b * a * a * (1.0 + psi2) +
                              a * a * a * (1.0 + 3.0 * psi2 + psi2 * psi2)};
      plim_density *kernel = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
      const plim_support *support = plim_density_support(kernel);
      check_moments(kernel, h, p.psi2 / p.psi1);
      assert_close(support->mass_at_zero.value, fmax(0.0, 1.0 - p.psi1 / p.psi2), 1e-15, 1e-16, "atom");
      for (size_t k = 0; k < support->intervals; k++)
        assert_close(
            density_integral(kernel, support->interval[k].low.value, support->interval[k].high.value, 0.0),
            support->interval[k].mass.value, TOLERANCE_MASS, 0.0, "mass of an interval");
      plim_density_free(kernel);
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(weights_are_marchenko_pastur)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "tanh");
  for (int j = 0; j < RATIOS; j++) {
    const double psi2 = p.psi2 = ratios[j], root = sqrt(psi2);
    plim_density *density = density_of(theory, PLIM_SPECTRUM_WEIGHTS, &p);
    const plim_support *support = plim_density_support(density);
    ck_assert_int_eq((int)support->intervals, 1);
    assert_close(support->interval[0].low.value, fabs(1.0 - root), TOLERANCE_EDGE, 0.0, "low edge");
    assert_close(support->interval[0].high.value, 1.0 + root, TOLERANCE_EDGE, 0.0, "high edge");
    assert_close(density_moment(density, 0.0), 1.0, TOLERANCE_MASS, 0.0, "mass");
    assert_close(density_moment(density, 2.0), 1.0, TOLERANCE_MASS, 0.0,
                 "second moment of the singular values");
    assert_close(density_moment(density, 4.0), 1.0 + psi2, TOLERANCE_MASS, 0.0, "fourth moment");
    for (int k = 1; k < 20; k++) { /* the density as [MP] print it */
      const double x = fabs(1.0 - root) + (1.0 + root - fabs(1.0 - root)) * k / 20.0, t = x * x;
      const double left = t - (1.0 - root) * (1.0 - root), right = (1.0 + root) * (1.0 + root) - t;
      assert_close(density_at(density, x), 2.0 * x * sqrt(left * right) / (2.0 * M_PI * psi2 * t), 1e-12, 0.0,
                   "density");
    }
    plim_density_free(density);
  }
  p.psi2 = 1.0; /* the quarter circle, finite at 0 */
  plim_density *circle = density_of(theory, PLIM_SPECTRUM_WEIGHTS, &p);
  assert_close(density_at(circle, 0.0), 2.0 / M_PI, 1e-15, 0.0, "quarter circle at 0");
  assert_close(density_at(circle, 1.2), sqrt(4.0 - 1.44) / M_PI, 1e-15, 0.0, "quarter circle");
  plim_density_free(circle);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- the second route: z = -1/v + c int tau dH/(1 + tau v) with H as nodes, followed from far above the
   axis ---- */

enum { NODES = 4000 };
typedef struct {
  double tau[NODES + 1], weight[NODES + 1], c;
} population;

static void population_of(const plimi_input *in, population *h)
{
  const double psi2 = in->problem->psi2, root = sqrt(psi2);
  h->c = psi2 / in->problem->psi1;
  for (int k = 0; k < NODES; k++) {
    const double angle = M_PI * (k + 0.5) / NODES, half = cos(0.5 * angle);
    const double t = (1.0 - root) * (1.0 - root) + 4.0 * root * half * half;
    h->tau[k] = in->b.value + in->a.value * t;
    h->weight[k] = 2.0 / NODES * sin(angle) * sin(angle) / t;
  }
  h->tau[NODES] = in->b.value;
  h->weight[NODES] = fmax(0.0, 1.0 - 1.0 / psi2);
}

static double complex equation(const population *h, double complex v, double complex *slope)
{
  double complex sum = 0.0, derivative = 0.0;
  for (int k = 0; k <= NODES; k++) {
    const double complex share = h->tau[k] / (1.0 + h->tau[k] * v);
    sum += h->weight[k] * share;
    derivative -= h->weight[k] * share * share;
  }
  *slope = 1.0 / (v * v) + h->c * derivative;
  return -1.0 / v + h->c * sum;
}

/* v(x + i0): the fixed-point iteration high above the axis, where it contracts, then Newton's down to the
   axis. */
static double complex transform_at(const population *h, double x, double scale)
{
  double complex v = I, slope;
  for (int i = 0; i < 400; i++) {
    const double complex z = x + I * 4.0 * scale;
    v = 1.0 / (equation(h, v, &slope) + 1.0 / v - z);
  }
  for (double height = 4.0 * scale; height > 0.0;) {
    height = height > 1e-4 * scale ? 0.7 * height : 0.0;
    for (int i = 0; i < 8; i++) {
      const double complex difference = equation(h, v, &slope) - (x + I * height);
      v -= difference / slope;
    }
  }
  return v;
}

START_TEST(silverstein_equation)
{
  const double pairs[][2] = {{2.385, 0.71}, {0.43, 1.31}, {7.3, 2.385}, {1.7, 50.0}, {20.0, 0.6}, {3.1, 3.1}};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    p.psi1 = pairs[i][0];
    p.psi2 = pairs[i][1];
    const plimi_input in = input_of(theory, &p);
    population h;
    population_of(&in, &h);
    plim_density *density = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
    const plim_support *support = plim_density_support(density);
    for (size_t k = 0; k < support->intervals; k++) {
      const double low = support->interval[k].low.value, length = support->interval[k].high.value - low;
      for (int m = 0; m < 3; m++) {
        const double x = low + length * (0.13 + 0.35 * m);
        const double complex v = transform_at(&h, x, support->interval[support->intervals - 1].high.value);
        ck_assert_double_gt(cimag(v), 0.0);
        assert_close(density_at(density, x), cimag(v) / (M_PI * h.c), TOLERANCE_EQUATION, 0.0, "density");
      }
    }
    plim_density_free(density);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* The distribution function is a closed form of its own: its increments are integrals of the density. */
START_TEST(distribution_is_the_integral)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "relu");
  sweep s = {90210};
  for (int i = 0; i < 60; i++) {
    p.psi1 = sweep_log(&s, 0.05, 50.0);
    p.psi2 = sweep_log(&s, 0.05, 50.0);
    plim_density *density = density_of(theory, (plim_spectrum)(i % 2), &p);
    const plim_support *support = plim_density_support(density);
    double reached = support->mass_at_zero.value;
    ck_assert_double_eq(density_below(density, -0.3), 0.0);
    assert_close(density_below(density, 0.0), reached, 0.0, 1e-15, "point mass");
    for (size_t k = 0; k < support->intervals; k++) {
      const double low = support->interval[k].low.value, high = support->interval[k].high.value;
      const double x = low + (high - low) * sweep_uniform(&s), y = x + (high - x) * sweep_uniform(&s);
      assert_close(density_below(density, x) - reached, density_integral(density, low, x, 0.0), 0.0,
                   TOLERANCE_MASS, "start");
      assert_close(density_below(density, y) - density_below(density, x),
                   density_integral(density, x, y, 0.0), 0.0, TOLERANCE_MASS, "increment");
      reached += support->interval[k].mass.value;
      assert_close(density_below(density, high), reached, 0.0, 1e-14, "end");
      /* continuous from both sides: sqrt-like there, so 1e-18 of the length is 1e-9 of the mass, no more */
      assert_close(density_below(density, high - 1e-13 * (high - low)), reached, 0.0, 1e-10, "from below");
    }
    assert_close(reached, 1.0, 0.0, 1e-14, "all");
    ck_assert_double_eq(density_below(density, 1e6), 1.0);
    plim_density_free(density);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(limiting_cases)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:z*z*z-3*z", "tanh"); /* mu1 = 0, mu2^2 = 6 */
  p.psi1 = 2.385;
  p.psi2 = 0.71;
  const double c = p.psi2 / p.psi1, root = sqrt(c);
  plim_density *plain = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
  for (int k = 1; k < 20; k++) {
    const double low = 6.0 * (1.0 - root) * (1.0 - root), high = 6.0 * (1.0 + root) * (1.0 + root);
    const double x = low + (high - low) * k / 20.0;
    assert_close(density_at(plain, x), sqrt((high - x) * (x - low)) / (2.0 * M_PI * c * 6.0 * x), 1e-11, 0.0,
                 "mu1 = 0");
  }
  problem_clear(&p);

  plim_problem near =
      problem_called("expr:z*z*z-2.9999*z", "tanh"); /* mu1 = 1e-4: the quartic's way to the same */
  near.psi1 = 2.385;
  near.psi2 = 0.71;
  plim_density *close = density_of(theory, PLIM_SPECTRUM_KERNEL, &near);
  assert_close(density_at(close, 5.1), density_at(plain, 5.1), 1e-7, 0.0, "mu1 -> 0");
  assert_close(density_below(close, 5.1), density_below(plain, 5.1), 1e-7, 0.0, "mu1 -> 0, distribution");
  plim_density_free(close);
  plim_density_free(plain);
  problem_clear(&near);

  plim_problem linear = problem_called("linear", "tanh"); /* a product of two Wishart matrices */
  linear.psi1 = linear.psi2 = 1.0;                        /* of squares: the Fuss-Catalan law of order 2 */
  plim_density *fuss = density_of(theory, PLIM_SPECTRUM_KERNEL, &linear);
  assert_close(plim_density_support(fuss)->interval[0].high.value, 27.0 / 4.0, 1e-14, 0.0,
               "Fuss-Catalan edge");
  const double catalan[] = {1.0, 1.0, 3.0, 12.0, 55.0}; /* binomial(3 k, k)/(2 k + 1) */
  for (int k = 1; k < 5; k++)
    assert_close(density_moment(fuss, k), catalan[k], TOLERANCE_MASS, 0.0, "Fuss-Catalan moment");
  plim_density_free(fuss);

  linear.psi1 = 1e7; /* many samples: the population itself, W0'W0 */
  linear.psi2 = 1.73;
  plim_density *many = density_of(theory, PLIM_SPECTRUM_KERNEL, &linear);
  plim_density *weights = density_of(theory, PLIM_SPECTRUM_WEIGHTS, &linear);
  assert_close(density_at(many, 2.11), density_at(weights, sqrt(2.11)) / (2.0 * sqrt(2.11)), 1e-6, 0.0,
               "psi1 -> inf");
  assert_close(density_below(many, 2.11), density_below(weights, sqrt(2.11)), 1e-6, 0.0,
               "psi1 -> inf, distribution");
  plim_density_free(weights);
  plim_density_free(many);
  problem_clear(&linear);
  plim_theory_free(theory);
}
END_TEST

/* Bounds that are of use inside the bulk, a hundredth of what is promised and less. */
START_TEST(errors_are_small)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("softplus", "tanh");
  for (int i = 0; i < RATIOS; i++) {
    for (int j = 0; j < RATIOS; j++) {
      p.psi1 = ratios[i];
      p.psi2 = ratios[j];
      plim_density *density = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
      const plim_support *support = plim_density_support(density);
      for (size_t k = 0; k < support->intervals; k++) {
        const double low = support->interval[k].low.value, high = support->interval[k].high.value;
        ck_assert_double_le(support->interval[k].low.error, TOLERANCE_EDGE * high);
        ck_assert_double_le(support->interval[k].high.error, TOLERANCE_EDGE * high);
        for (int m = 1; m < 8; m++) {
          plim_value value, sum;
          const double x = low + (high - low) * m / 8.0;
          ck_assert_int_eq(plim_density_at(density, x, &value), PLIM_OK);
          ck_assert_int_eq(plim_density_cdf(density, x, &sum), PLIM_OK);
          ck_assert_double_le(value.error, 1e-3 * TOLERANCE_DENSITY * value.value);
          ck_assert_double_le(sum.error, 1e-2 * TOLERANCE_MASS);
        }
      }
      plim_density_free(density);
    }
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("density");
  tcase_add_test(tests, moments_and_masses);
  tcase_add_test(tests, weights_are_marchenko_pastur);
  tcase_add_test(tests, silverstein_equation);
  tcase_add_test(tests, distribution_is_the_integral);
  tcase_add_test(tests, limiting_cases);
  tcase_add_test(tests, errors_are_small);
  return run_case(tests, "density");
}
