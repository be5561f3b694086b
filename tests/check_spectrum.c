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

/* Steps whose square is no double: the eigenvalue is one as long as it is below the largest, and the alignment, a
   fraction, always; by what weights.c says, which l = b + a s1^2 ties them to. */
START_TEST(squares_beyond_doubles)
{
  static const char *const activations[] = {"tanh", "relu", "softplus"};
  static const double etas[] = {2.385e9, 1.1e154, 1.3e154, 1.617e155, 2.385e211, 1.7e308};
  plim_theory *theory = new_theory();
  size_t finite = 0, beyond = 0;
  for (size_t k = 0; k < sizeof activations / sizeof activations[0]; k++) {
    for (int constant = 0; constant < 2; constant++) {
      plim_problem p = problem_called(activations[k], "erf");
      p.psi1 = 2.385;
      p.psi2 = 1.617;
      p.readout = constant == 1 ? PLIM_READOUT_CONSTANT : PLIM_READOUT_GAUSSIAN;
      for (size_t i = 0; i < sizeof etas / sizeof etas[0]; i++) {
        p.eta = etas[i];
        const plimi_input in = input_of(theory, &p);
        const plim_value along = limit_of(theory, PLIM_CK_LEFT_XBETA, &p),
                         same = limit_of(theory, PLIM_W1_LEFT_BETA, &p);
        ck_assert_msg(fabs(along.value - same.value) <= along.error + same.error, "alignment at eta = %g",
                      p.eta);
        ck_assert(along.error < TOLERANCE_BOUND * along.value);
        const double root = sqrt(in.a.value) * limit_of(theory, PLIM_W1_TOP, &p).value;
        plim_value top = {0.0, 0.0};
        const plim_status status = plim_limit(theory, PLIM_CK_TOP, &p, &top);
        ck_assert_int_eq(status, isfinite(root * root) ? PLIM_OK : PLIM_NOT_FINITE);
        if (status == PLIM_OK)
          assert_close(sqrt(top.value), root, TOLERANCE_BOUND, 0.0, "psi(l)");
        *(status == PLIM_OK ? &finite : &beyond) += 1;
      }
      problem_clear(&p);
    }
  }
  ck_assert_uint_ge(finite, 6);
  ck_assert_uint_ge(beyond, 18);
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
  tcase_add_test(tests, squares_beyond_doubles);
  return run_case(tests, "spectrum");
}
