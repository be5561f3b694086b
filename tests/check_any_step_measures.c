/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_step_measures.c - the spectral measures of the first batch's bulk, by contour integrals; and what they
   and the averages over a neuron's noise are worth at steps beyond all use. */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "../theory/any_step/any_step.h"
#include "fixture.h"

/* Contour integrals: 400 nodes and two trapezoidal rules leave less than 1e-11. */
static const double contour_tolerance = 1e-9;

/* ---- second route to the measures: contour integrals of r(-s), with a plain rule for the labels ---- */

/* y = tanh(xi) + noise g on the product of two trapezoidal rules. */
enum { XI_STEPS = 90, G_STEPS = 34 };
typedef struct {
  double psi1, noise;
} label_law;

typedef struct {
  double complex j0, j1, j2, slope; /* slope = dJ0/dr */
} label_averages;

static label_averages averages_at(const label_law *law, double complex r)
{
  const double step_xi = 0.1, step_g = 0.25, two_pi = 6.28318530717958647693;
  label_averages sum = {0.0, 0.0, 0.0, 0.0};
  for (int i = -XI_STEPS; i <= XI_STEPS; i++) {
    for (int j = -G_STEPS; j <= G_STEPS; j++) {
      const double xi = step_xi * i, g = step_g * j, y = tanh(xi) + law->noise * g;
      const double weight = step_xi * step_g / two_pi * exp(-0.5 * (xi * xi + g * g));
      const double complex w = 1.0 / (1.0 + r * y * y / law->psi1);
      sum.j0 += weight * y * y * w;
      sum.j1 += weight * xi * y * w;
      sum.j2 += weight * xi * xi * y * y * w;
      sum.slope -= weight * y * y * y * y / law->psi1 * w * w;
    }
  }
  return sum;
}

/* r(-s), by Newton's iteration from a guess that continuity provides. */
static double complex resolvent(const label_law *law, double complex s, double complex guess)
{
  double complex r = guess;
  for (int i = 0; i < 60; i++) {
    const label_averages a = averages_at(law, r);
    const double complex step = (r * (a.j0 - s) - 1.0) / (a.j0 - s + r * a.slope);
    r -= step;
    if (cabs(step) <= 1e-14 * cabs(r))
      return r;
  }
  ck_abort_msg("no r at s = %g + %g i", creal(s), cimag(s));
}

/* The pair of poles and the averages over the five measures of 1, s and s^2 over (1 + mu1 s)(1 + mu2 s). */
enum { POWERS = 3, MEASURES = 4 };
typedef struct {
  double rho[POWERS], vv[POWERS], vb[POWERS], bb[POWERS];
} pair_averages;

static pair_averages by_contour(const label_law *law, double s2, const double mu[2])
{
  enum { NODES = 400 };
  const double delta = 0.5 / fmax(mu[0], mu[1]), far = 14.0, pi = 3.14159265358979323846;
  const double low = log(0.25 * delta), high = log(far + delta); /* of log(s + delta), round the support */
  const double centre = 0.5 * (low + high), width = 0.5 * (high - low), height = 1.3;
  pair_averages sum = {{0.0}, {0.0}, {0.0}, {0.0}};
  double complex r = 0.5;
  for (int i = 0; i < NODES;
       i++) { /* from the left end over the upper half plane; the rest is the conjugate */
    const double theta = pi * (1.0 - (i + 0.5) / NODES);
    const double complex e = cexp(centre + width * cos(theta) + I * height * sin(theta)), s = e - delta;
    const double complex ds = e * (-width * sin(theta) + I * height * cos(theta)) * (pi / NODES);
    r = resolvent(law, s, i == 0 ? 1.0 / (s2 - creal(s)) : r);
    const label_averages a = averages_at(law, r);
    const double star = creal(averages_at(law, 0.0).j1), length2 = star * star + s2 / law->psi1;
    const double gam = star / sqrt(length2), sine = sqrt(1.0 - gam * gam);
    const double complex q = 1.0 / (a.j2 - s), bu = q * a.j1 / sqrt(length2),
                         vv = (q * a.j1 * a.j1 + r / law->psi1 * a.j0) / length2, vb = (bu - gam * vv) / sine,
                         bb = (q - 2.0 * gam * bu + gam * gam * vv) / (sine * sine);
    double complex f = -ds / (pi * I * (1.0 + mu[0] * s) * (1.0 + mu[1] * s)); /* twice: both halves */
    for (int k = 0; k < POWERS; k++, f *= s) {
      sum.rho[k] += creal(f * r);
      sum.vv[k] += creal(f * vv);
      sum.vb[k] += creal(f * vb);
      sum.bb[k] += creal(f * bb);
    }
  }
  return sum;
}

START_TEST(measures_by_contour)
{
  static const double mu[2] = {0.37, 1.71};
  plim_theory *theory = new_theory();
  for (int side = 0; side < 2; side++) { /* an atom at 0, and none */
    plim_problem p = problem_called("erf", "tanh");
    p.psi1 = side == 0 ? 0.731 : 2.385;
    p.noise = 0.21;
    const plimi_input in = input_of(theory, &p);
    const label_law law = {.psi1 = p.psi1, .noise = p.noise};
    const pair_averages expected = by_contour(&law, in.s2.value, mu);
    plimi_labels *labels;
    plimi_measures m;
    ck_assert_int_eq(plimi_labels_alloc(&in, 2.0 * mu[1] / p.psi1, &labels), PLIM_OK);
    ck_assert_int_eq(plimi_measures_alloc(2, &m), PLIM_OK);
    ck_assert_int_eq(plimi_measures_bulk(labels, in.s2.value, mu, &m), PLIM_OK);
    plimi_measures_spike(labels, in.s2.value, mu, &m);
    assert_close(m.phi2[1], expected.rho[0], contour_tolerance, 0.0, "int a a");
    assert_close(m.chi2[1], expected.rho[1], contour_tolerance, 0.0, "int s a a");
    assert_close(m.psi2[1], expected.rho[2], contour_tolerance, 0.0, "int s^2 a a");
    assert_close(m.psi2_vv[1], expected.vv[2], contour_tolerance, 0.0, "vv");
    assert_close(m.psi2_vb[1], expected.vb[2], contour_tolerance, 0.0, "vb");
    assert_close(m.psi2_bb[1], expected.bb[2], contour_tolerance, 0.0, "bb");
    /* a_0 = a_0 a_1 (1 + mu_1 s), and s a_0 likewise */
    assert_close(m.phi[0], expected.rho[0] + mu[1] * expected.rho[1], contour_tolerance, 0.0, "int a");
    assert_close(m.psi[0], expected.rho[1] + mu[1] * expected.rho[2], contour_tolerance, 0.0, "int s a");
    assert_close(m.phi_vv[0], expected.vv[0] + mu[1] * expected.vv[1], contour_tolerance, 0.0, "vv, a");
    assert_close(m.psi_vv[0], expected.vv[1] + mu[1] * expected.vv[2], contour_tolerance, 0.0, "vv, s a");
    assert_close(m.psi_vb[0], expected.vb[1] + mu[1] * expected.vb[2], contour_tolerance, 0.0, "vb, s a");
    assert_close(m.psi_bb[0], expected.bb[1] + mu[1] * expected.bb[2], contour_tolerance, 0.0, "bb, s a");
    plimi_measures_free(&m);
    plimi_labels_free(labels);
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* ---- steps of any size ---- */

static const double sharp_tolerance = 2e-13; /* of an average by some 20 pieces or a few hundred */

static const struct {
  double sd, v; /* v in units of sd */
} averaged[] = {{0.83, 1.37}, {2.9, 0.41}, {37.1, 0.713}, {2.385e4, 1.617}, {3.1e9, 0.0723}, {1.7e13, 2.13}};
enum { AVERAGED = sizeof averaged / sizeof averaged[0] };

static plimi_ruler *ruler_of(const plim_activation *function, double sd)
{
  plimi_ruler *ruler;
  const plimi_reach reach = {.low = 0.0, .high = 2.385 * sd, .sd = sd};
  ck_assert_int_eq(plimi_ruler_alloc(function, 0.0, reach, &ruler), PLIM_OK);
  return ruler;
}

/* E erf(v + sd g) = erf(v/s), s^2 = 1 + 2 sd^2; E g erf is sd times its slope; E erf(sd g)^2 is an arcsine. */
START_TEST(averages_of_erf)
{
  const double pi = 3.14159265358979323846;
  plim_activation *erf_itself = activation_called("erf");
  for (size_t i = 0; i < AVERAGED; i++) {
    const double sd = averaged[i].sd, v = averaged[i].v * sd, s2 = 1.0 + 2.0 * sd * sd;
    const double slope = 2.0 * sd / sqrt(pi * s2);
    plimi_ruler *ruler = ruler_of(erf_itself, sd);
    double m, g, rest;
    plimi_ruler_average(ruler, v, &m, &g, &rest);
    assert_close(m, erf(v / sqrt(s2)), sharp_tolerance, 0.0, "E erf");
    assert_close(g, slope * exp(-v * v / s2), sharp_tolerance, 0.0, "E g erf");
    plimi_ruler_average(ruler, 0.0, &m, &g, &rest);
    assert_close(rest, 2.0 / pi * atan2(2.0 * sd * sd, sqrt(1.0 + 4.0 * sd * sd)) - slope * slope, 0.0,
                 sharp_tolerance, "rest of erf");
    plimi_ruler_free(ruler);
  }
  plim_activation_free(erf_itself);
}
END_TEST

/* What is known of sin beside a sum over its pieces: an expression of the same values. */
START_TEST(averages_of_sin)
{
  plim_activation *by_name = activation_called("sin"), *by_pieces = activation_called("expr:sin(z)");
  for (size_t i = 0; i < AVERAGED; i++) {
    const double sd = 1.3 * averaged[i].sd;
    if (sd > 60.0) { /* what wants 10^4 pieces and more is refused, not summed for minutes */
      plimi_ruler *none;
      const plimi_reach reach = {.low = 0.0, .high = 2.385 * sd, .sd = sd};
      ck_assert_int_eq(plimi_ruler_alloc(by_pieces, 0.0, reach, &none), PLIM_NOT_CONVERGED);
      continue;
    }
    plimi_ruler *known = ruler_of(by_name, sd), *summed = ruler_of(by_pieces, sd);
    double a[5], b[5];
    plimi_ruler_average(known, averaged[i].v, &a[0], &a[1], &a[2]);
    plimi_ruler_even(known, averaged[i].v, &a[3], &a[4]);
    plimi_ruler_average(summed, averaged[i].v, &b[0], &b[1], &b[2]);
    plimi_ruler_even(summed, averaged[i].v, &b[3], &b[4]);
    for (int k = 0; k < 5; k++)
      assert_close(a[k], b[k], 1e-11, 1e-13, "an average of sin");
    plimi_ruler_free(known);
    plimi_ruler_free(summed);
  }
  plim_activation_free(by_name);
  plim_activation_free(by_pieces);
}
END_TEST

/* A step beyond all use has the limit of large ones, or is refused at once. */
START_TEST(steps_beyond_all_use)
{
  static const double at_once = 0.5; /* seconds of this processor; a level of that size takes ten */
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "relu");
  plim_value far, farther, none;
  p.noise = 0.4;
  p.lambda = 2.1;
  p.eta_exponent = 0.5;
  p.d = 20.0;
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-5), PLIM_OK);
  p.eta = 2.385e5;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &far), PLIM_OK);
  p.eta = 1.617e7;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &farther), PLIM_OK);
  assert_close(far.value, farther.value, 0.0, far.error + farther.error + 1.0 / 2.385e5, "the limit");
  for (p.eta = 1.1e19; p.eta < 1e150; p.eta *= 1e37) {
    const clock_t start = clock();
    ck_assert_int_eq(plim_limit(theory, PLIM_RISK, &p, &none), PLIM_NOT_CONVERGED);
    ck_assert_double_lt((double)(clock() - start) / CLOCKS_PER_SEC, at_once);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_step_measures");
  tcase_add_test(tests, measures_by_contour);
  tcase_add_test(tests, averages_of_erf);
  tcase_add_test(tests, averages_of_sin);
  tcase_add_test(tests, steps_beyond_all_use);
  return run_case(tests, "any_step_measures");
}
