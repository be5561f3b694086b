/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_density_edges.c - where the limiting spectra end: edges by bisection with quadrature, what lies beyond them,
   and the problems and places without a density. */
#include <math.h>

#include "density_fixture.h"
#include "spectral_map_fixture.h"

/* At an edge the root of what a point is known to: sqrt(1e-10) and more of the density's scale. */
#define TOLERANCE_AT_EDGE 1e-4

/* ---- edges: where the map of real l has slope 0, by bisection with quadrature ---- */

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
      const double inside = density_at(density, edge[k] - sign * reach[k]), beyond[] = {0.0, 0.9};
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
  ck_assert_double_eq(density_at(density, -1.0), 0.0);
  ck_assert_double_eq(density_at(density, 1e3), 0.0);
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
  TCase *tests = tcase_create("density_edges");
  tcase_add_test(tests, edges_by_bisection);
  tcase_add_test(tests, errors_cover_the_edges);
  tcase_add_test(tests, outliers_are_the_limits);
  tcase_add_test(tests, refusals);
  return run_case(tests, "density_edges");
}
