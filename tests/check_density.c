/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_density.c - the limiting spectra: against the Silverstein equation solved with quadrature over H,
   against closed forms of their moments, at their limiting cases, over psi1 and psi2 from 0.05 to 50. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_integration.h>

#include "../theory/spectra/density.h"
#include "fixture.h"
#include "tolerances.h"

/* What is promised: densities relative inside the bulk, masses, edges relative to the upper one. The values
   reach 1e-13; the promise is what the tests hold, but for two-route comparisons, which hold what both routes
   reach. */
#define TOLERANCE_DENSITY 1e-6
#define TOLERANCE_MASS 1e-8
#define TOLERANCE_EDGE 1e-10
/* At an edge the root of what a point is known to: sqrt(1e-10) and more of the density's scale. */
#define TOLERANCE_AT_EDGE 1e-4
/* The equation solved with 4000 nodes over H: rounding times what c = 0.03 amplifies. */
#define TOLERANCE_EQUATION 1e-10

static const double ratios[] = {0.05, 0.131, 0.4, 0.97, 1.0, 1.03, 2.385, 7.3, 50.0};
enum { RATIOS = sizeof ratios / sizeof ratios[0] };

static plim_density *density_of(plim_theory *theory, plim_spectrum spectrum, const plim_problem *p)
{
  plim_density *density = NULL;
  ck_assert_int_eq(plim_density_alloc(theory, spectrum, p, &density), PLIM_OK);
  return density;
}

static double at(const plim_density *density, double x)
{
  plim_value value = {NAN, NAN};
  ck_assert_msg(plim_density_at(density, x, &value) == PLIM_OK, "no density at %.17g", x);
  ck_assert_double_ge(value.value, 0.0);
  return value.value;
}

static double below(const plim_density *density, double x)
{
  plim_value value = {NAN, NAN};
  ck_assert_msg(plim_density_cdf(density, x, &value) == PLIM_OK, "no distribution at %.17g", x);
  return value.value;
}

/* int_low^high x^power density dx; `low` and `high` inside one interval or at its edges. x = middle - half
   cos(angle) takes up the square roots of both edges, and x = low + length angle^3 the inverse powers of a
   hard one. */
typedef struct {
  const plim_density *density;
  double low, high, power;
} piece;

static double piece_at(double angle, void *params)
{
  const piece *q = params;
  const double half = 0.5 * (q->high - q->low), sine = sin(0.5 * angle);
  double x = q->low + 2.0 * half * sine * sine, weight = half * sin(angle);
  if (q->low == 0.0) {
    x = q->high * angle * angle * angle;
    weight = 3.0 * q->high * angle * angle;
  }
  return x > q->low && x < q->high ? pow(x, q->power) * at(q->density, x) * weight : 0.0;
}

static double integral(const plim_density *density, double low, double high, double power)
{
  gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(2000);
  piece q = {density, low, high, power};
  gsl_function function = {.function = piece_at, .params = &q};
  double sum, error;
  const double end = low == 0.0 ? 1.0 : M_PI;
  (void)gsl_integration_qags(&function, 0.0, end, 1e-12, 1e-12, 2000, workspace, &sum, &error);
  gsl_integration_workspace_free(workspace);
  return sum;
}

static double moment(const plim_density *density, double power)
{
  const plim_support *support = plim_density_support(density);
  double sum = power == 0.0 ? support->mass_at_zero.value : 0.0;
  for (size_t i = 0; i < support->intervals; i++)
    sum += integral(density, support->interval[i].low.value, support->interval[i].high.value, power);
  return sum;
}

/* Moments of the sample law over those of H, h[k] = E (b + t)^k (derived from the expansion of v at
   infinity). */
static void check_moments(const plim_density *density, const double *h, double c)
{
  const double expected[] = {1.0, h[1], h[2] + c * h[1] * h[1],
                             h[3] + 3.0 * c * h[1] * h[2] + c * c * h[1] * h[1] * h[1]};
  for (int k = 0; k < 4; k++)
    assert_close(moment(density, k), expected[k], TOLERANCE_MASS, 0.0, "moment");
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
        assert_close(integral(kernel, support->interval[k].low.value, support->interval[k].high.value, 0.0),
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
    assert_close(moment(density, 0.0), 1.0, TOLERANCE_MASS, 0.0, "mass");
    assert_close(moment(density, 2.0), 1.0, TOLERANCE_MASS, 0.0, "second moment of the singular values");
    assert_close(moment(density, 4.0), 1.0 + psi2, TOLERANCE_MASS, 0.0, "fourth moment");
    for (int k = 1; k < 20; k++) { /* the density as [MP] print it */
      const double x = fabs(1.0 - root) + (1.0 + root - fabs(1.0 - root)) * k / 20.0, t = x * x;
      const double left = t - (1.0 - root) * (1.0 - root), right = (1.0 + root) * (1.0 + root) - t;
      assert_close(at(density, x), 2.0 * x * sqrt(left * right) / (2.0 * M_PI * psi2 * t), 1e-12, 0.0,
                   "density");
    }
    plim_density_free(density);
  }
  p.psi2 = 1.0; /* the quarter circle, finite at 0 */
  plim_density *circle = density_of(theory, PLIM_SPECTRUM_WEIGHTS, &p);
  assert_close(at(circle, 0.0), 2.0 / M_PI, 1e-15, 0.0, "quarter circle at 0");
  assert_close(at(circle, 1.2), sqrt(4.0 - 1.44) / M_PI, 1e-15, 0.0, "quarter circle");
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
        assert_close(at(density, x), cimag(v) / (M_PI * h.c), TOLERANCE_EQUATION, 0.0, "density");
      }
    }
    plim_density_free(density);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* ---- edges: where the map of real l has slope 0, by bisection with quadrature ---- */

typedef struct {
  double b, l;
} place;

static double first(double t, void *params)
{
  const place *q = params;
  return (q->b + t) / (q->l - q->b - t);
}

static double second(double t, void *params)
{
  return first(t, params) * first(t, params);
}

static double slope_at(const plimi_input *in, double l)
{
  place q = {in->b.value, l};
  return 1.0 -
         in->problem->psi2 / in->problem->psi1 * spectral_average(in->a.value, in->problem->psi2, second, &q);
}

static double image_at(const plimi_input *in, double l)
{
  place q = {in->b.value, l};
  const double ratio = in->problem->psi2 / in->problem->psi1;
  return l * (1.0 + ratio * spectral_average(in->a.value, in->problem->psi2, first, &q));
}

/* slope < 0 at `bad` and > 0 at `good` */
static double edge_by_bisection(const plimi_input *in, double bad, double good)
{
  for (int i = 0; i < 45; i++) {
    const double middle = 0.5 * (bad + good);
    if (slope_at(in, middle) > 0.0)
      good = middle;
    else
      bad = middle;
  }
  return image_at(in, good);
}

START_TEST(edges_by_bisection)
{
  const double pairs[][2] = {{2.385, 0.71}, {0.43, 1.31}, {7.3, 2.385},
                             {1.7, 50.0},   {0.05, 0.4},  {50.0, 7.3}};
  const size_t intervals[] = {1, 1, 2, 2, 1, 2};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    p.psi1 = pairs[i][0];
    p.psi2 = pairs[i][1];
    const plimi_input in = input_of(theory, &p);
    const double a = in.a.value, b = in.b.value, root = sqrt(p.psi2);
    const double right = b + a * (1.0 + root) * (1.0 + root), left = b + a * (1.0 - root) * (1.0 - root);
    const double span = 1e3 * right * fmax(1.0, p.psi2 / p.psi1);
    plim_density *density = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
    const plim_support *s = plim_density_support(density);
    const double top = s->interval[s->intervals - 1].high.value, close = 1e-3 * a * p.psi2 / p.psi1;
    ck_assert_int_eq((int)s->intervals, (int)intervals[i]);
    assert_close(top, edge_by_bisection(&in, right + 1e-3 * close, right + span), 0.0, TOLERANCE_EDGE * top,
                 "right edge");
    const double lowest = p.psi2 > 1.0 ? b : left;
    assert_close(s->interval[0].low.value, edge_by_bisection(&in, lowest - 1e-3 * close, lowest - span), 0.0,
                 TOLERANCE_EDGE * top, "left edge");
    if (s->intervals == 2) {
      double peak = left;
      for (int m = 1; m < 100 && (peak == left || slope_at(&in, peak) < 0.0); m++)
        peak = b + 0.01 * m * (left - b);
      ck_assert_double_gt(slope_at(&in, peak), 0.0);
      assert_close(s->interval[0].high.value, edge_by_bisection(&in, b + 1e-6 * (left - b), peak), 0.0,
                   TOLERANCE_EDGE * top, "lower side of the gap");
      assert_close(s->interval[1].low.value, edge_by_bisection(&in, left - 1e-6 * (left - b), peak), 0.0,
                   TOLERANCE_EDGE * top, "upper side of the gap");
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
    ck_assert_double_eq(below(density, -0.3), 0.0);
    assert_close(below(density, 0.0), reached, 0.0, 1e-15, "point mass");
    for (size_t k = 0; k < support->intervals; k++) {
      const double low = support->interval[k].low.value, high = support->interval[k].high.value;
      const double x = low + (high - low) * sweep_uniform(&s), y = x + (high - x) * sweep_uniform(&s);
      assert_close(below(density, x) - reached, integral(density, low, x, 0.0), 0.0, TOLERANCE_MASS, "start");
      assert_close(below(density, y) - below(density, x), integral(density, x, y, 0.0), 0.0, TOLERANCE_MASS,
                   "increment");
      reached += support->interval[k].mass.value;
      assert_close(below(density, high), reached, 0.0, 1e-14, "end");
      /* continuous from both sides: sqrt-like there, so 1e-18 of the length is 1e-9 of the mass, no more */
      assert_close(below(density, high - 1e-13 * (high - low)), reached, 0.0, 1e-10, "from below");
    }
    assert_close(reached, 1.0, 0.0, 1e-14, "all");
    ck_assert_double_eq(below(density, 1e6), 1.0);
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
    assert_close(at(plain, x), sqrt((high - x) * (x - low)) / (2.0 * M_PI * c * 6.0 * x), 1e-11, 0.0,
                 "mu1 = 0");
  }
  problem_clear(&p);

  plim_problem near =
      problem_called("expr:z*z*z-2.9999*z", "tanh"); /* mu1 = 1e-4: the quartic's way to the same */
  near.psi1 = 2.385;
  near.psi2 = 0.71;
  plim_density *close = density_of(theory, PLIM_SPECTRUM_KERNEL, &near);
  assert_close(at(close, 5.1), at(plain, 5.1), 1e-7, 0.0, "mu1 -> 0");
  assert_close(below(close, 5.1), below(plain, 5.1), 1e-7, 0.0, "mu1 -> 0, distribution");
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
    assert_close(moment(fuss, k), catalan[k], TOLERANCE_MASS, 0.0, "Fuss-Catalan moment");
  plim_density_free(fuss);

  linear.psi1 = 1e7; /* many samples: the population itself, W0'W0 */
  linear.psi2 = 1.73;
  plim_density *many = density_of(theory, PLIM_SPECTRUM_KERNEL, &linear);
  plim_density *weights = density_of(theory, PLIM_SPECTRUM_WEIGHTS, &linear);
  assert_close(at(many, 2.11), at(weights, sqrt(2.11)) / (2.0 * sqrt(2.11)), 1e-6, 0.0, "psi1 -> inf");
  assert_close(below(many, 2.11), below(weights, sqrt(2.11)), 1e-6, 0.0, "psi1 -> inf, distribution");
  plim_density_free(weights);
  plim_density_free(many);
  problem_clear(&linear);
  plim_theory_free(theory);
}
END_TEST

START_TEST(outliers_are_the_limits)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "softplus");
  int seen[2] = {0, 0};
  sweep s = {4077};
  for (int i = 0; i < 60; i++) {
    p.psi1 = sweep_log(&s, 0.05, 50.0);
    p.psi2 = sweep_log(&s, 0.05, 50.0);
    p.eta = sweep_log(&s, 0.3, 30.0);
    const plim_spectrum spectrum = (plim_spectrum)(i % 2);
    const plim_value top =
        limit_of(theory, spectrum == PLIM_SPECTRUM_WEIGHTS ? PLIM_W1_TOP : PLIM_CK_TOP, &p);
    plim_density *density = density_of(theory, spectrum, &p);
    const plim_support *support = plim_density_support(density);
    const double edge = support->interval[support->intervals - 1].high.value;
    ck_assert_uint_le(support->outliers, 1);
    assert_close(support->outliers > 0 ? support->outlier[0].value : edge, top.value, 1e-13, 0.0, "top");
    if (support->outliers > 0)
      ck_assert_double_gt(top.value, edge);
    seen[support->outliers]++;
    plim_density_free(density);
  }
  ck_assert_msg(seen[0] > 5 && seen[1] > 5, "%d without and %d with an outlier", seen[0], seen[1]);
  problem_clear(&p);
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

/* At an edge as computed, and as far beyond it as it may lie, the density is 0 to what it is as far inside, but for
   the rounding of so short a distance. */
START_TEST(errors_cover_the_edges)
{
  static const char *const names[] = {"tanh", "relu", "hermite3", "linear"};
  plim_theory *theory = new_theory();
  for (int i = 0; i < 8; i++) {
    plim_problem p = problem_called(names[i / 2], "tanh");
    p.psi1 = 2.385;
    p.psi2 = 0.71;
    plim_density *density = density_of(theory, (plim_spectrum)(i % 2), &p);
    const plim_support *support = plim_density_support(density);
    const plim_value high = support->interval[support->intervals - 1].high;
    const plim_value low = support->interval[0].low;
    const double reach[] = {high.error, low.error}, edge[] = {high.value, low.value};
    ck_assert(high.error > 0.0 && low.error > 0.0);
    for (int k = 0; k < 2; k++) {
      const double sign = k == 0 ? 1.0 : -1.0;
      const double inside = at(density, edge[k] - sign * reach[k]), beyond[] = {0.0, 0.9};
      for (int m = 0; m < 2; m++) {
        plim_value value = {NAN, NAN}, sum = {NAN, NAN};
        ck_assert_int_eq(plim_density_at(density, edge[k] + sign * beyond[m] * reach[k], &value), PLIM_OK);
        ck_assert_int_eq(plim_density_cdf(density, edge[k] + sign * beyond[m] * reach[k], &sum), PLIM_OK);
        ck_assert_msg(value.value == 0.0 && value.error >= 0.9 * inside && value.error < TOLERANCE_AT_EDGE,
                      "%s: %g +- %g, inside %g", names[i / 2], value.value, value.error, inside);
        ck_assert(sum.error > 0.0 && sum.error < 1e-12);
      }
      plim_value far = {NAN, NAN};
      ck_assert_int_eq(plim_density_at(density, edge[k] + sign * 1e-9 * edge[k], &far), PLIM_OK);
      ck_assert(far.value == 0.0 && far.error == 0.0);
    }
    plim_density_free(density);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

START_TEST(refusals)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "tanh");
  plim_density *density = NULL;
  plim_value value = {2.385, 0.1};
  ck_assert_int_eq(plim_density_alloc(theory, PLIM_SPECTRUM_COUNT, &p, &density), PLIM_INVALID);
  p.psi1 = -1.0;
  ck_assert_int_eq(plim_density_alloc(theory, PLIM_SPECTRUM_KERNEL, &p, &density), PLIM_INVALID);
  p.psi1 = p.psi2 = 1.31;
  p.eta_exponent = 0.5; /* with d = inf: an infinite step */
  ck_assert_int_eq(plim_density_alloc(theory, PLIM_SPECTRUM_KERNEL, &p, &density), PLIM_OUTSIDE_DOMAIN);
  ck_assert_ptr_null(density);
  p.eta_exponent = 0.0;
  density = density_of(theory, PLIM_SPECTRUM_KERNEL, &p);
  ck_assert_int_eq(plim_density_at(density, 0.0, &value), PLIM_DIVERGES); /* psi1 = psi2: the hard edge */
  ck_assert_int_eq(plim_density_at(density, NAN, &value), PLIM_INVALID);
  ck_assert_int_eq(plim_density_cdf(density, INFINITY, &value), PLIM_INVALID);
  ck_assert_double_eq(value.value, 2.385);
  ck_assert_double_eq(at(density, -1.0), 0.0);
  ck_assert_double_eq(at(density, 1e3), 0.0);
  plim_density_free(density);
  plim_density_free(NULL);
  ck_assert_str_eq(plim_spectrum_name(PLIM_SPECTRUM_KERNEL), "kernel");
  ck_assert_ptr_null(plim_spectrum_name(PLIM_SPECTRUM_COUNT));
  ck_assert_ptr_null(plim_spectrum_title(PLIM_SPECTRUM_COUNT));
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
  tcase_add_test(tests, edges_by_bisection);
  tcase_add_test(tests, distribution_is_the_integral);
  tcase_add_test(tests, limiting_cases);
  tcase_add_test(tests, outliers_are_the_limits);
  tcase_add_test(tests, errors_are_small);
  tcase_add_test(tests, errors_cover_the_edges);
  tcase_add_test(tests, refusals);
  return run_case(tests, "density");
}
