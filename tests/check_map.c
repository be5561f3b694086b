/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_map.c - the vector maps against the scalar activation, in units of rounding; and the grid averages of an
   activation against closed forms. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/map.h"
#include "../sim/moments.h"
#include "run_cases.h"

enum { COUNT = 40013 };

/* libmvec promises 4 ulp a function; the maps chain at most three and round in between. Where a map has a zero away
   from the origin (the Hermite polynomials, sin and cos, the slopes of gelu and silu) the error is relative to the
   size of what cancels there, `floor`. */
static const double ulps = 10.0;

static double floor_of(plim_activation_kind kind, double z)
{
  switch (kind) {
  case PLIM_SIN:
    return 1.0;
  case PLIM_HERMITE2:
    return 1.0 + z * z;
  case PLIM_HERMITE3:
    return 3.0 + fabs(z * z * z);
  case PLIM_GELU:
  case PLIM_SILU:
    return fabs(z) < 3.0 ? 0.2 : 0.0;
  default:
    return 0.0;
  }
}

static plim_activation *named(const char *name)
{
  plim_activation *activation;
  ck_assert_int_eq(plim_activation_alloc(name, &activation, NULL), PLIM_OK);
  return activation;
}

static double *grid(void)
{
  double *z = malloc(COUNT * sizeof *z);
  ck_assert_ptr_nonnull(z);
  for (size_t i = 0; i < COUNT; i++) /* 0 included, and far tails */
    z[i] = 12.385 * ((double)i - (COUNT - 1) / 2) / ((COUNT - 1) / 2);
  return z;
}

START_TEST(maps_agree_with_the_scalar_functions)
{
  plim_activation *activation = named(plim_activation_kind_name((plim_activation_kind)_i));
  double *z = grid(), *value = malloc(COUNT * sizeof *value), *slope = malloc(COUNT * sizeof *slope);
  plimi_map_values(activation, COUNT, z, value);
  plimi_map_derivatives(activation, COUNT, z, slope);
  double worst_value = 0.0, worst_slope = 0.0;
  for (size_t i = 0; i < COUNT; i++) {
    const double v = plim_activation_value(activation, z[i]),
                 s = plim_activation_derivative(activation, z[i]);
    const double floor = floor_of((plim_activation_kind)_i, z[i]);
    /* tails of gelu and silu are products with a large argument's exp: its argument's rounding is magnified */
    const double tail = z[i] < -3.0 || _i == PLIM_ERF || _i == PLIM_GELU ? fmax(1.0, z[i] * z[i]) : 1.0;
    worst_value =
        fmax(worst_value, fabs(value[i] - v) / (DBL_EPSILON * (fmax(fabs(v), floor) * tail + DBL_MIN)));
    worst_slope =
        fmax(worst_slope, fabs(slope[i] - s) / (DBL_EPSILON * (fmax(fabs(s), floor) * tail + DBL_MIN)));
  }
  ck_assert_msg(worst_value < ulps, "%s: values differ by %g ulp", plim_activation_name(activation),
                worst_value);
  ck_assert_msg(worst_slope < ulps, "%s: slopes differ by %g ulp", plim_activation_name(activation),
                worst_slope);
  free(slope);
  free(value);
  free(z);
  plim_activation_free(activation);
}
END_TEST

START_TEST(a_value_depends_on_its_argument_alone)
{
  static const char *const names[] = {"tanh", "erf", "gelu", "softplus", "expr:z/(1+abs(z))"};
  plim_activation *activation = named(names[_i]);
  double *z = grid(), *whole = malloc(COUNT * sizeof *whole), part[401];
  plimi_map_values(activation, COUNT, z, whole);
  for (size_t first = 0; first < 3000; first += 59) {
    const size_t count = 1 + first % 400;
    memcpy(part, z + first, count * sizeof *part);
    part[count] = 3.25;
    plimi_map_values(activation, count, part, part);
    ck_assert(memcmp(part, whole + first, count * sizeof *part) == 0);
    ck_assert(part[count] == 3.25);
  }
  free(whole);
  free(z);
  plim_activation_free(activation);
}
END_TEST

START_TEST(slope_at_the_kink_is_the_mean)
{
  plim_activation *relu = named("relu");
  double z[3] = {-0.0, 0.0, 1e-300};
  plimi_map_derivatives(relu, 3, z, z);
  ck_assert(z[0] == 0.5 && z[1] == 0.5 && z[2] == 1.0);
  plim_activation_free(relu);
}
END_TEST

/* ---- averages ---- */

/* Sums of some hundred terms of order 1. */
static const double rounding = 2e-15;

typedef struct {
  const char *name;
  double mean, mu1, variance;
} known_moments;

START_TEST(moments_have_their_closed_forms)
{
  const double pi = acos(-1.0), cut = 0.3;
  const double density = exp(-0.5 * cut * cut) / sqrt(2.0 * pi), side = erf(cut / sqrt(2.0));
  const double absolute = 2.0 * density + cut * side; /* E |z - cut| */
  const known_moments known[] = {
      {"linear", 0.0, 1.0, 1.0},
      {"relu", 1.0 / sqrt(2.0 * pi), 0.5, 0.5 - 0.5 / pi},
      {"erf", 0.0, 2.0 / sqrt(3.0 * pi), 2.0 / pi * asin(2.0 / 3.0)},
      {"sin", 0.0, exp(-0.5), 0.5 * (1.0 - exp(-2.0))},
      {"hermite2", 0.0, 0.0, 1.0},
      {"hermite3", 0.0, 0.0, 1.0},
      {"gelu", 0.5 / sqrt(pi), 0.5, NAN},
      {"softplus", 0.80605918334743978, 0.5, NAN}, /* the mean by an independent 30-digit computation */
      {"expr:z*z*abs(z)", 4.0 / sqrt(2.0 * pi), 0.0, 15.0 - 8.0 / pi},
      {"expr:abs(z-0.3)", absolute, -side, 1.0 + cut * cut - absolute * absolute},
  };
  const known_moments *k = &known[_i];
  plim_activation *activation = named(k->name);
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work);
  plimi_moments moments;
  ck_assert_int_eq(plimi_moments_compute(activation, work, &moments), PLIM_OK);
  /* z^2 |z| jumps in its third derivative, where no kink is reported: the promise there is the grid's own 1e-8 */
  const double tolerance = strcmp(k->name, "expr:z*z*abs(z)") == 0 ? 1e-8 * sqrt(15.0) : rounding;
  ck_assert_double_eq_tol(moments.mean, k->mean, tolerance);
  ck_assert_double_eq_tol(moments.mu1, k->mu1, tolerance);
  if (!isnan(k->variance))
    ck_assert_double_eq_tol(moments.variance, k->variance, tolerance == rounding ? rounding : 15.0e-8);
  free(work);
  plim_activation_free(activation);
}
END_TEST

/* E sin(s z) h_k(z) = (-1)^((k-1)/2) s^k exp(-s^2/2)/sqrt(k!) for odd k, 0 for even k. */
START_TEST(hermite_coefficients_of_the_sine)
{
  enum { TOP = 200 };
  static const double scales[] = {0.0731, 0.94, 1.7, 5.2};
  const double s = scales[_i];
  plim_activation *activation = named("sin");
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work), a[2 * (TOP + 1)], square, sum = 0.0;
  const plimi_hermite_settings settings = {.activation = activation, .work = work, .top = TOP, .stride = 2};
  ck_assert_int_eq(plimi_hermite_coefficients(&settings, s, a, &square), PLIM_OK);
  for (size_t k = 0; k <= TOP; k++) {
    const double size = exp((double)k * log(s) - 0.5 * s * s - 0.5 * lgamma((double)k + 1.0));
    const double expected = k % 2 == 0 ? 0.0 : k % 4 == 1 ? size : -size;
    ck_assert_double_eq_tol(a[2 * k], expected, 1e-14);
    sum += a[2 * k] * a[2 * k];
  }
  ck_assert_double_eq_tol(square, 0.5 * (1.0 - exp(-2.0 * s * s)), 1e-14);
  ck_assert_double_eq_tol(sum, square, 1e-13); /* Parseval */
  free(work);
  plim_activation_free(activation);
}
END_TEST

/* E |s z - c| h_2(z) = s^2 phi(c/s) sqrt(2)/s: the second derivative of |.| is twice a delta at the kink. */
START_TEST(hermite_coefficients_across_a_kink)
{
  static const double scales[] = {0.31, 1.0, 2.7};
  const double s = scales[_i], c = 0.3, pi = acos(-1.0);
  plim_activation *activation = named("expr:abs(z-0.3)");
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work), a[4], square;
  const plimi_hermite_settings settings = {.activation = activation, .work = work, .top = 3, .stride = 1};
  ck_assert_int_eq(plimi_hermite_coefficients(&settings, s, a, &square), PLIM_OK);
  const double density = exp(-0.5 * c * c / (s * s)) / sqrt(2.0 * pi);
  ck_assert_double_eq_tol(a[2], sqrt(2.0) * s * density, 1e-14);
  ck_assert_double_eq_tol(square, s * s + c * c, 2e-14);
  free(work);
  plim_activation_free(activation);
}
END_TEST

/* E sin(m + s z) = sin(m) exp(-s^2/2). */
START_TEST(shifted_mean_of_the_sine)
{
  plim_activation *activation = named("sin");
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work), mean;
  ck_assert_int_eq(plimi_shifted_mean(activation, 0.83, 0.61, work, &mean), PLIM_OK);
  ck_assert_double_eq_tol(mean, sin(0.83) * exp(-0.5 * 0.61 * 0.61), rounding);
  free(work);
  plim_activation_free(activation);
}
END_TEST

/* A grid that cannot resolve the function says so. */
START_TEST(unresolved_functions_are_refused)
{
  plim_activation *activation = named("sin");
  double *work = malloc(PLIMI_GRID_WORK * sizeof *work), a[2] = {7.0, 7.0}, square = 7.0;
  const plimi_hermite_settings settings = {.activation = activation, .work = work, .top = 1, .stride = 1};
  ck_assert_int_eq(plimi_hermite_coefficients(&settings, 1e4, a, &square), PLIM_NOT_CONVERGED);
  ck_assert(a[0] == 7.0 && a[1] == 7.0 && square == 7.0);
  free(work);
  plim_activation_free(activation);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("map");
  tcase_add_loop_test(tests, maps_agree_with_the_scalar_functions, 0, PLIM_ACTIVATION_COUNT);
  tcase_add_loop_test(tests, a_value_depends_on_its_argument_alone, 0, 5);
  tcase_add_test(tests, slope_at_the_kink_is_the_mean);
  tcase_add_loop_test(tests, moments_have_their_closed_forms, 0, 10);
  tcase_add_loop_test(tests, hermite_coefficients_of_the_sine, 0, 4);
  tcase_add_loop_test(tests, hermite_coefficients_across_a_kink, 0, 3);
  tcase_add_test(tests, shifted_mean_of_the_sine);
  tcase_add_test(tests, unresolved_functions_are_refused);
  return run_cases("map", 1, &tests);
}
