/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_spectrum.c - outlier and edge of the conjugate kernel, by integrals over the density of H. */
#include <math.h>

#include "reference.h"
#include "spectral_map_fixture.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_CK_TOP, PLIM_CK_LEFT_XBETA};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 10);
  reference_check("golden.csv", quantities, COUNT, 95);
}
END_TEST

START_TEST(integrals_by_quadrature)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  sweep s = {6131};
  int outliers = 0, edges = 0;
  for (int i = 0; i < 60; i++) {
    p.psi1 = sweep_log(&s, 0.2, 20.0);
    p.psi2 = sweep_log(&s, 0.2, 5.0);
    p.eta = sweep_log(&s, 0.5, 20.0);
    const plimi_input in = input_of(theory, &p);
    const double top = limit_of(theory, PLIM_CK_TOP, &p).value,
                 overlap = limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value;
    const double s1 = limit_of(theory, PLIM_W1_TOP, &p).value, bulk = 1.0 + sqrt(p.psi2);
    const double l = in.b.value + in.a.value * s1 * s1;
    if (overlap > 0.0 && s1 > 1.02 * bulk) {
      const double u1 = limit_of(theory, PLIM_W1_LEFT_BETA, &p).value;
      assert_close(top, image_at(&in, l), 1e-10, 0.0, "psi(l)");
      assert_close(overlap, slope_at(&in, l) * in.a.value * s1 * s1 * u1 / l, 1e-8, 1e-10, "alignment");
      outliers++;
    } else if (overlap == 0.0) {
      assert_close(top, edge_by_search(&in), 1e-9, 0.0, "edge");
      if (s1 > 1.02 * bulk)
        ck_assert(slope_at(&in, l) <= 1e-8);
      edges++;
    }
  }
  ck_assert(outliers > 10 && edges > 10);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Edge below outlier, overlaps within [0, 1], useful bounds, all over the box. */
START_TEST(whole_box)
{
  plim_theory *theory = new_theory();
  sweep s = {20402};
  for (int kind = 0; kind < PLIM_ACTIVATION_COUNT; kind++) {
    plim_problem p = problem_called(plim_activation_kind_name((plim_activation_kind)kind), "relu");
    for (int i = 0; i < 1000; i++) {
      sweep_problem(&s, &p);
      const plim_value top = limit_of(theory, PLIM_CK_TOP, &p),
                       overlap = limit_of(theory, PLIM_CK_LEFT_XBETA, &p);
      p.eta = 0.0;
      const plim_value edge = limit_of(theory, PLIM_CK_TOP, &p);
      ck_assert(top.value >= edge.value - edge.error - top.error && edge.value > 0.0);
      ck_assert(overlap.value >= 0.0 && overlap.value <= 1.0 + 1e-12);
      ck_assert(edge.error <= TOLERANCE_BOUND * edge.value);
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* With n >> N the kernel is its population: l and the edge of H; without a linear part the bulk is that of
   white noise. */
START_TEST(limiting_cases)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  p.psi1 = 1e12;
  p.psi2 = 1.379;
  p.eta = 7.13;
  const plimi_input in = input_of(theory, &p);
  const double s1 = limit_of(theory, PLIM_W1_TOP, &p).value, bulk = 1.0 + sqrt(p.psi2);
  assert_close(limit_of(theory, PLIM_CK_TOP, &p).value, in.b.value + in.a.value * s1 * s1, 1e-10, 0.0, "l");
  p.eta = 0.0;
  assert_close(limit_of(theory, PLIM_CK_TOP, &p).value, in.b.value + in.a.value * bulk * bulk, 1e-6, 0.0,
               "edge of H");
  problem_clear(&p);
  p = problem_called("hermite3", "erf");
  p.psi1 = 2.713;
  p.psi2 = 1.379;
  assert_close(limit_of(theory, PLIM_CK_TOP, &p).value, pow(1.0 + sqrt(1.379 / 2.713), 2.0), 1e-14, 0.0,
               "white");
  ck_assert(limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value == 0.0);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("spectrum");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, integrals_by_quadrature);
  tcase_add_test(tests, whole_box);
  tcase_add_test(tests, limiting_cases);
  return run_case(tests, "spectrum");
}
