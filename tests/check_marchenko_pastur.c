/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_marchenko_pastur.c - averages over the spectrum of a W0'W0 against quadrature of its density. */
#include <float.h>
#include <math.h>

#include "../theory/bounded.h"
#include "fixture.h"
#include "tolerances.h"

static double z_over(double t, void *z)
{
  return *(double *)z / (t + *(double *)z);
}

static double t_over(double t, void *z)
{
  return t / (t + *(double *)z);
}

static double one_over_square(double t, void *z)
{
  return 1.0 / ((t + *(double *)z) * (t + *(double *)z));
}

static double t_over_square(double t, void *z)
{
  return t * one_over_square(t, z);
}

START_TEST(density_by_quadrature)
{
  sweep s = {2385};
  for (int i = 0; i < 300; i++) {
    const double a = sweep_log(&s, 1e-2, 10.0), psi2 = sweep_log(&s, 0.03, 30.0);
    double z = sweep_log(&s, 1e-3, 1e3);
    const plimi_mp mp = plimi_mp_at(w_exact(a), psi2, w_exact(z));
    const double zmh = spectral_average(a, psi2, z_over, &z), y = spectral_average(a, psi2, t_over, &z);
    assert_close(w_double(mp.zmh), zmh, TOLERANCE_QUADRATURE, 0.0, "z mh");
    assert_close(w_double(mp.y), y, TOLERANCE_QUADRATURE, 0.0, "y");
    assert_close(w_double(mp.zm), 1.0 - psi2 * y, 0.0, TOLERANCE_QUADRATURE * (1.0 + psi2), "z m");
    assert_close(w_double(mp.y) * w_double(mp.inv_root), spectral_average(a, psi2, t_over_square, &z),
                 TOLERANCE_QUADRATURE, 0.0, "E t/(t + z)^2 = y/D");
    assert_close(w_double(mp.zmh) * w_double(mp.inv_root) * w_double(mp.inv_m) / z / z,
                 spectral_average(a, psi2, one_over_square, &z), TOLERANCE_QUADRATURE, 0.0,
                 "E 1/(t + z)^2 = -mh'");
  }
}
END_TEST

/* The quadratic of section 4 and its companion, at the corners of the box too, within the bounds claimed. */
START_TEST(quadratics)
{
  sweep s = {1617};
  for (int i = 0; i < 20000; i++) {
    const double a = sweep_log(&s, 1e-6, 1e3), psi2 = sweep_log(&s, 1e-3, 1e3), z = sweep_log(&s, 1e-15, 1e9);
    const plimi_mp mp = plimi_mp_at(w_exact(a), psi2, w_exact(z));
    const double p = w_double(mp.zm), ph = w_double(mp.zmh), y = w_double(mp.y);
    /* a z m^2 + (z + a (psi2 - 1)) m = 1, times z */
    const double size = a * p * p + z * p + a * (1.0 + psi2) * p + z;
    assert_close(a * p * p + (z + a * (psi2 - 1.0)) * p, z, 0.0, 1e-14 * size, "quadratic of m");
    assert_close(ph, z / (z + a * p), 1e-13, 0.0, "mh = 1/(z (1 + a m))");
    assert_close(y, a * p / (z + a * p), 1e-13, 0.0, "y = a z m mh");
    assert_close(w_double(mp.inv_m), z / p, 1e-13, 0.0, "1/m");
    ck_assert(w_value(mp.zm).error <= 1e-13 * p && w_value(mp.zmh).error <= 1e-13 * ph &&
              w_value(mp.y).error <= 1e-13 * y);
    ck_assert(p > 0.0 && p <= 1.0 + 4.0 * DBL_EPSILON && ph > 0.0 && ph <= 1.0 + 4.0 * DBL_EPSILON);
  }
}
END_TEST

START_TEST(limiting_cases)
{
  const plimi_mp flat = plimi_mp_at(w_exact(0.0), 1.617, w_exact(0.713));
  ck_assert(w_double(flat.zm) == 1.0 && w_double(flat.zmh) == 1.0 && w_double(flat.y) == 0.0);
  assert_close(w_double(flat.inv_m), 0.713, 1e-15, 0.0, "1/m at a = 0");
  const plimi_mp wide = plimi_mp_at(w_exact(0.37), 2.417, w_exact(0.0));
  ck_assert(w_double(wide.zm) == 0.0);
  assert_close(w_double(wide.zmh), 1.0 - 1.0 / 2.417, 1e-15, 0.0, "mass at 0 of W0'W0");
  const plimi_mp narrow = plimi_mp_at(w_exact(0.37), 0.731, w_exact(0.0));
  ck_assert(w_double(narrow.zmh) == 0.0 && w_double(narrow.inv_m) == 0.0);
  assert_close(w_double(narrow.zm), 1.0 - 0.731, 1e-15, 0.0, "mass at 0 of W0W0'");
  const plimi_mp square = plimi_mp_at(w_exact(0.37), 1.0, w_exact(0.0));
  ck_assert(w_double(square.zm) == 0.0 && w_double(square.zmh) == 0.0 && w_double(square.inv_root) == 0.0);
  assert_close(w_double(square.y), 1.0, 1e-15, 0.0, "y at the hard edge");
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("marchenko_pastur");
  tcase_add_test(tests, density_by_quadrature);
  tcase_add_test(tests, quadratics);
  tcase_add_test(tests, limiting_cases);
  return run_case(tests, "marchenko_pastur");
}
