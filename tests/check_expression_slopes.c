/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_expression_slopes.c - the kinks of written functions, and their derivatives beside exact ones. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "plim_activation.h"
#include "run_cases.h"

#define SLOPE                                                                                                \
  1e-10 /* of an expression: relative to |f'|, or to a hundredth of max(1, |f|) where f' is small */
#define POSITION 1e-12 /* of a kink */

typedef long double real;
typedef real function(real z);

static plim_activation *made(const char *name)
{
  plim_activation *activation = NULL;
  char *why = NULL;
  const plim_status status = plim_activation_alloc(name, &activation, &why);
  ck_assert_msg(status == PLIM_OK, "%s: %s", name, why == NULL ? plim_status_name(status) : why);
  ck_assert_ptr_null(why);
  return activation;
}

static real d_tanh(real z)
{
  return 1 / (coshl(z) * coshl(z));
}
static real d_steep(real z)
{
  return 50 * d_tanh(50 * z);
}
static real d_steeper(real z)
{
  return 2000 * d_tanh(2000 * z);
}
static real d_steepest(real z)
{
  return 1e4L * d_tanh(1e4L * z);
}
static real d_abs(real z)
{
  return z > 0.3L ? 1 : z < 0.3L ? -1 : 0;
}
static real d_clip(real z)
{
  return fabsl(z) < 1 ? 1 : fabsl(z) > 1 ? 0 : 0.5L;
}
static real d_leaky(real z)
{
  return z > 0 ? 1 : z < 0 ? 0.1L : 0.55L;
}
static real d_elu(real z)
{
  return z > 0 ? 1 : expl(z);
}
static real d_huber(real z)
{
  return z > 1 ? 1 : z < -1 ? -1 : z;
}
static real d_square(real z)
{
  return z > 0 ? 2 * z : 0;
}
static real d_folds(real z)
{
  return sinl(3 * z) > 0 ? 3 * cosl(3 * z) : -3 * cosl(3 * z);
}
static real d_near(real z)
{
  return (z > 0.3L ? 1 : -1) + 1e-3L * (z > 0.3001L ? 1 : -1);
}
static real d_erf(real z)
{
  return 2 / sqrtl(3.14159265358979323846L) * expl(-z * z);
}
static real d_shifted(real z)
{
  return d_tanh(z);
}
static real d_quintic(real z)
{
  return 5 * z * z * z * z - 1;
}
static real d_constant(real z)
{
  return 0 * z;
}
static real d_wave(real z)
{
  return 30 * cosl(30 * z);
}
static real d_softplus(real z)
{
  return 1 / (1 + expl(-z));
}

enum { MOST_KINKS = 4, MANY = 99 };
static const struct {
  const char *name;
  function *slope;
  size_t kinks; /* MANY: 75 at multiples of pi/3, out to 39 */
  double kink[MOST_KINKS];
  double noise; /* of rounding beyond that of |f|, times what a derivative makes of it */
} expressions[] = {
    {"expr:tanh(z)", d_tanh, 0, {0}, 0},
    {"expr:erf(z)", d_erf, 0, {0}, 0},
    {"expr:z^5-z", d_quintic, 0, {0}, 0},
    {"expr:ln(1+exp(z))", d_softplus, 0, {0}, 0},
    {"expr:sin(30*z)", d_wave, 0, {0}, 0},
    {"expr:tanh(50*z)", d_steep, 0, {0}, 0},
    {"expr:tanh(2000*z)", d_steeper, 0, {0}, 2e-9},
    {"expr:tanh(1e4*z)", d_steepest, 0, {0}, 1e-7},
    {"expr:2.385", d_constant, 0, {0}, 0},
    {"expr:1e4+tanh(z)", d_shifted, 0, {0}, 1e-9},
    {"expr:abs(z-0.3)", d_abs, 1, {0.3}, 0},
    {"expr:max(-1,min(1,z))", d_clip, 2, {-1, 1}, 0},
    {"expr:(z>0) ? z : 0.1*z", d_leaky, 1, {0}, 0},
    {"expr:(z>0) ? z : exp(z)-1", d_elu, 1, {0}, 0},
    {"expr:(abs(z)<1) ? z^2/2 : abs(z)-0.5", d_huber, 2, {-1, 1}, 0},
    {"expr:max(z,0)^2", d_square, 1, {0}, 0},
    {"expr:abs(z-0.3)+1e-3*abs(z-0.3001)", d_near, 2, {0.3, 0.3001}, 0},
    {"expr:abs(sin(3*z))", d_folds, MANY, {0}, 1e-10},
};
enum { EXPRESSIONS = sizeof expressions / sizeof *expressions };

static void assert_slope(int k, const plim_activation *a, double z)
{
  const double exact = (double)expressions[k].slope(z);
  const double floor_ = 1e-2 * fmax(1.0, fabs(plim_activation_value(a, z)));
  const double gap = fabs(plim_activation_derivative(a, z) - exact);
  ck_assert_msg(gap <= SLOPE * fmax(fabs(exact), floor_) + expressions[k].noise, "(%s)'(%.17g) is off by %g",
                expressions[k].name + 5, z, gap);
}

START_TEST(expression_kinks_are_found)
{
  for (int k = 0; k < EXPRESSIONS; k++) {
    plim_activation *a = made(expressions[k].name);
    size_t count;
    const double *kinks = plim_activation_kinks(a, &count);
    if (expressions[k].kinks == MANY) {
      const real period = 3.14159265358979323846L / 3;
      ck_assert_uint_eq(count, 75);
      for (size_t i = 0; i < count; i++) {
        const double place = (double)(period * ((real)i - 37));
        ck_assert_double_eq_tol(kinks[i], place, POSITION * (1.0 + fabs(place)));
      }
    } else {
      ck_assert_msg(count == expressions[k].kinks, "%s: %zu kinks", expressions[k].name, count);
      for (size_t i = 0; i < count; i++)
        ck_assert_double_eq_tol(kinks[i], expressions[k].kink[i], POSITION);
    }
    plim_activation_free(a);
  }
}
END_TEST

START_TEST(expression_derivatives_are_exact)
{
  for (int k = 0; k < EXPRESSIONS; k++) {
    plim_activation *a = made(expressions[k].name);
    for (int i = -1000; i <= 1000; i++)
      assert_slope(k, a, 0.00717 * i + 1.234e-4);
    for (int i = 1; i < 1200; i++) { /* closer and closer to 0, where steep ones are steep */
      assert_slope(k, a, exp(-0.02 * i));
      assert_slope(k, a, -exp(-0.02 * i));
    }
    size_t count;
    const double *kinks = plim_activation_kinks(a, &count);
    for (size_t i = 0; i < count; i++) {
      const double beside[] = {2e-12, 1e-9, 1e-6, 1e-5, 1e-3}; /* a step from the kink, on both sides */
      for (size_t j = 0; j < 5; j++) {
        const double far = beside[j] * (1.0 + fabs(kinks[i]));
        assert_slope(k, a, kinks[i] + far);
        assert_slope(k, a, kinks[i] - far);
      }
    }
    plim_activation_free(a);
  }
}
END_TEST

/* At a kink the derivative is the mean of the two one-sided ones, also where rounding puts z beside it. */
START_TEST(expression_derivative_at_a_kink)
{
  const struct {
    const char *name;
    double z, slope;
  } cases[] = {{"expr:abs(z-0.3)", 0.3, 0.0},         {"expr:abs(z-0.3)", 0.1 + 0.2, 0.0},
               {"expr:(z>0) ? z : 0.1*z", 0.0, 0.55}, {"expr:max(-1,min(1,z))", -1.0, 0.5},
               {"expr:max(-1,min(1,z))", 1.0, 0.5},   {"expr:max(0,z^3)", 0.0, 0.0}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    plim_activation *a = made(cases[k].name);
    ck_assert_double_eq_tol(plim_activation_derivative(a, cases[k].z), cases[k].slope, 1e-9);
    plim_activation_free(a);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("expression_slopes");
  tcase_add_test(tests, expression_kinks_are_found);
  tcase_add_test(tests, expression_derivatives_are_exact);
  tcase_add_test(tests, expression_derivative_at_a_kink);
  return run_cases("expression_slopes", 1, &tests);
}
