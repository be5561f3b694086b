/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_activation.c - activations: values by independent formulas in long double, derivatives by differences
   in long double, and expressions against exact derivatives and known kinks. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plim_activation.h"
#include "run_cases.h"

#define VALUE 6e-16            /* relative: erfc is good to 2 ulp, a product and a quotient follow */
#define NAMED_DERIVATIVE 1e-14 /* beside max(1, |sigma'|) */

typedef long double real;
typedef real function(real z);

/* ---- The named ones, written anew ---------------------------------------------------------------------- */

static real linear_l(real z)
{
  return z;
}
static real tanh_l(real z)
{
  return expm1l(2 * z) / (expm1l(2 * z) + 2);
}
static real erf_l(real z)
{
  return 1 - erfcl(z);
}
static real relu_l(real z)
{
  return (z + fabsl(z)) / 2;
}
static real softplus_l(real z)
{
  return log1pl(expl(z));
}
static real sigmoid_l(real z)
{
  return (1 + tanhl(z / 2)) / 2;
}
static real sin_l(real z)
{
  return 2 * sinl(z / 2) * cosl(z / 2);
}
static real gelu_l(real z)
{
  return z * erfcl(-z / sqrtl(2)) / 2;
}
static real silu_l(real z)
{
  return z / (1 + expl(-z));
}
static real hermite2_l(real z)
{
  return (z - 1) * (z + 1) / sqrtl(2);
}
static real hermite3_l(real z)
{
  return (z * z * z - 3 * z) / sqrtl(6);
}

static const struct {
  const char *name;
  function *value;
  bool odd;
} named[] = {{"linear", linear_l, true},
             {"tanh", tanh_l, true},
             {"erf", erf_l, true},
             {"relu", relu_l, false},
             {"softplus", softplus_l, false},
             {"sigmoid", sigmoid_l, true},
             {"sin", sin_l, true},
             {"gelu", gelu_l, false},
             {"silu", silu_l, false},
             {"hermite2", hermite2_l, false},
             {"hermite3", hermite3_l, true}};
enum { NAMED = sizeof named / sizeof *named };

static plim_activation *made(const char *name)
{
  plim_activation *activation = NULL;
  char *why = NULL;
  const plim_status status = plim_activation_alloc(name, &activation, &why);
  ck_assert_msg(status == PLIM_OK, "%s: %s", name, why == NULL ? plim_status_name(status) : why);
  ck_assert_ptr_null(why);
  return activation;
}

/* Central difference of order 8; in long double good to 1e-16 for functions that vary on the scale 1. */
static real difference(function *f, real z)
{
  const real h = 1.0L / 256;
  return (672 * (f(z + h) - f(z - h)) - 168 * (f(z + 2 * h) - f(z - 2 * h)) +
          32 * (f(z + 3 * h) - f(z - 3 * h)) - 3 * (f(z + 4 * h) - f(z - 4 * h))) /
         (840 * h);
}

START_TEST(named_values_and_derivatives)
{
  ck_assert_int_eq(NAMED, PLIM_ACTIVATION_COUNT);
  for (int k = 0; k < NAMED; k++) {
    plim_activation *a = made(named[k].name);
    ck_assert_int_eq(plim_activation_kind_of(a), k);
    ck_assert_str_eq(plim_activation_name(a), named[k].name);
    ck_assert_str_eq(plim_activation_kind_name((plim_activation_kind)k), named[k].name);
    ck_assert_ptr_nonnull(plim_activation_kind_formula((plim_activation_kind)k));
    ck_assert_int_eq(plim_activation_is_odd(a), named[k].odd);
    for (int i = -97; i <= 97; i++) {
      const double z = 0.0717 * i + 1e-3;
      if (k == PLIM_RELU && i == 0)
        continue; /* the difference would straddle the kink */
      const real value = named[k].value(z), slope = difference(named[k].value, z);
      const double value_gap = (double)fabsl(plim_activation_value(a, z) - value);
      const double slope_gap = (double)fabsl(plim_activation_derivative(a, z) - slope);
      /* polynomials have zeros: there the terms set the scale */
      const double scale =
          fmax(fabs((double)value), k >= PLIM_SIN ? 1e-1 : 0.0) + fabs(z) * 1e-1 * (k >= PLIM_HERMITE2);
      ck_assert_msg(value_gap <= VALUE * scale, "%s(%g) is off by %g", named[k].name, z, value_gap);
      ck_assert_msg(slope_gap <= NAMED_DERIVATIVE * fmax(1.0, fabs((double)slope)), "%s'(%g) is off by %g",
                    named[k].name, z, slope_gap);
    }
    plim_activation_free(a);
  }
  ck_assert_ptr_null(plim_activation_kind_name(PLIM_EXPRESSION));
  ck_assert_ptr_null(plim_activation_kind_formula((plim_activation_kind)-1));
}
END_TEST

/* Far out each has its limit, without a NaN on the way. */
START_TEST(named_tails)
{
  const struct {
    const char *name;
    double right, left, slope_right, slope_left; /* as |z| -> infinity; NaN: grows, see below */
  } tails[] = {{"linear", NAN, NAN, 1, 1}, {"tanh", 1, -1, 0, 0},      {"erf", 1, -1, 0, 0},
               {"relu", NAN, 0, 1, 0},     {"softplus", NAN, 0, 1, 0}, {"sigmoid", 1, 0, 0, 0},
               {"gelu", NAN, 0, 1, 0},     {"silu", NAN, 0, 1, 0}};
  const double far[] = {40.0, 800.0, 1e154, 1e300};
  for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
    plim_activation *a = made(tails[k].name);
    for (size_t i = 0; i < 4; i++) {
      const double z = far[i], e = 1e-15;
      ck_assert_double_eq_tol(plim_activation_value(a, z), isnan(tails[k].right) ? z : tails[k].right, e);
      ck_assert_double_eq_tol(plim_activation_value(a, -z), isnan(tails[k].left) ? -z : tails[k].left, e);
      ck_assert_double_eq_tol(plim_activation_derivative(a, z), tails[k].slope_right, e);
      ck_assert_double_eq_tol(plim_activation_derivative(a, -z), tails[k].slope_left, e);
    }
    plim_activation_free(a);
  }
  /* the left tails keep relative accuracy down to the smallest numbers */
  plim_activation *silu = made("silu"), *softplus = made("softplus"), *gelu = made("gelu"),
                  *tanh_ = made("tanh");
  ck_assert_double_eq_tol(plim_activation_value(softplus, -40.0) / exp(-40.0), 1.0, 1e-14);
  ck_assert_double_eq_tol(plim_activation_value(silu, -300.0) / (-300.0 * exp(-300.0)), 1.0, 1e-14);
  ck_assert_double_eq_tol(plim_activation_value(gelu, -20.0) / (double)gelu_l(-20.0L), 1.0, 1e-13);
  ck_assert_double_eq_tol(plim_activation_derivative(tanh_, 40.0) / (4.0 * exp(-80.0)), 1.0, 1e-13);
  plim_activation_free(silu);
  plim_activation_free(softplus);
  plim_activation_free(gelu);
  plim_activation_free(tanh_);
}
END_TEST

START_TEST(relu_has_the_only_kink)
{
  for (int k = 0; k < NAMED; k++) {
    plim_activation *a = made(named[k].name);
    size_t count = 99;
    const double *kinks = plim_activation_kinks(a, &count);
    ck_assert_uint_eq(count, k == PLIM_RELU ? 1 : 0);
    if (count == 1) {
      ck_assert_double_eq(kinks[0], 0.0);
      ck_assert_double_eq(plim_activation_derivative(a, 0.0), 0.5);
    }
    plim_activation_free(a);
  }
}
END_TEST

START_TEST(arrays_may_be_evaluated_in_place)
{
  const char *names[] = {"gelu", "expr:tanh(z)+0.1*abs(z)"};
  for (size_t k = 0; k < 2; k++) {
    plim_activation *a = made(names[k]), *copy = NULL;
    ck_assert_int_eq(plim_activation_clone(a, &copy), PLIM_OK);
    ck_assert_str_eq(plim_activation_name(copy), names[k]);
    double value[] = {-3.1, -0.2, 0.0, 0.7, 14.0}, slope[] = {-3.1, -0.2, 0.0, 0.7, 14.0};
    const double z[] = {-3.1, -0.2, 0.0, 0.7, 14.0};
    plim_activation_values(copy, 5, value, value);
    plim_activation_derivatives(copy, 5, slope, slope);
    for (size_t i = 0; i < 5; i++) {
      ck_assert_double_eq(value[i], plim_activation_value(a, z[i]));
      ck_assert_double_eq(slope[i], plim_activation_derivative(a, z[i]));
    }
    plim_activation_free(a);
    plim_activation_free(copy);
  }
  plim_activation_free(NULL);
}
END_TEST

/* An expression of a named activation is that activation; oddness comes out too. */
START_TEST(expressions_repeat_the_named_ones)
{
  const char *written[] = {"expr:z",
                           "expr:tanh(z)",
                           "expr:erf(z)",
                           "expr:max(z,0)",
                           "expr:ln(1+exp(z))",
                           "expr:1/(1+exp(-z))",
                           "expr:sin(z)",
                           "expr:z*(1+erf(z/sqrt(2)))/2",
                           "expr:z/(1+exp(-z))",
                           "expr:(z^2-1)/sqrt(2)",
                           "expr:(z^3-3*z)/sqrt(6)"};
  for (int k = 0; k < NAMED; k++) {
    plim_activation *a = made(named[k].name), *b = made(written[k]);
    ck_assert_int_eq(plim_activation_kind_of(b), PLIM_EXPRESSION);
    ck_assert_msg(plim_activation_is_odd(b) == named[k].odd, "%s", written[k]);
    for (int i = -60; i <= 60; i++) { /* beyond 12 too, where no polynomial is kept */
      const double z = 0.2517 * i, size = fmax(1.0, fabs(plim_activation_value(a, z)));
      ck_assert_double_eq_tol(plim_activation_value(b, z), plim_activation_value(a, z), 1e-15 * size);
      ck_assert_double_eq_tol(plim_activation_derivative(b, z), plim_activation_derivative(a, z),
                              2e-12 * size);
    }
    plim_activation_free(a);
    plim_activation_free(b);
  }
}
END_TEST

START_TEST(bad_names_are_refused_with_a_reason)
{
  const struct {
    const char *name, *says;
  } bad[] = {
      {"swish", "no activation of that name"},
      {"", "no activation of that name"},
      {"Tanh", "no activation of that name"},
      {"expr", "no activation of that name"},
      {"expr:", "empty"},
      {"expr:z+", "position 3"},
      {"expr:z +\n* 2", "position"},
      {"expr:sin(z", "position"},
      {"expr:w*z", "\"w\" found at position 0"},
      {"expr:swish(z)", "\"swish\""},
      {"expr:z=2", "assignment"},
      {"expr:(z>0) ? (z=3) : z", "assignment"},
      {"expr:1,5*z", "decimal point"},
      {"expr:\"z\"", "tring"},
      {"expr:ln(z)", "not finite, or above 1e150, near z = "},
      {"expr:sqrt(z)", "not finite, or above 1e150, near z = "},
      {"expr:sin(z)/z", "not finite, or above 1e150, near z = 0"},
      {"expr:1/(z-0.123)", "near z = 0.12"},
      {"expr:exp(z^4)", "not finite, or above 1e150, near z = "},
      {"expr:z>0?z:01e300",
       "above 1e150"}, /* its slope over a panel is no number, so the jump was not seen */
      {"expr:1e160*tanh(z)", "above 1e150"},
      {"expr:1e308*z", "not finite, or above 1e150, near z = "},
      {"expr:(abs(z-1.05)<0.0118) ? ln(-1) : z", "not finite, or above 1e150, near z = 1.0"},
      {"expr:sign(z)", "near z = 0"},
      {"expr:(z>1.7) ? z : z+1e-6", "near z = 1.7"},
      {"expr:rint(z)", "jumps"},
      {"expr:sin(1e6*z)", "varies too fast"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    plim_activation *untouched = NULL;
    char *why = NULL;
    ck_assert_msg(plim_activation_alloc(bad[k].name, &untouched, &why) == PLIM_INVALID, "%s", bad[k].name);
    ck_assert_msg(why != NULL && strstr(why, bad[k].says) != NULL, "%s: %s", bad[k].name, why);
    ck_assert_ptr_null(strpbrk(why, "\n\r\t")); /* one plain line */
    ck_assert_ptr_null(untouched);
    free(why);
    ck_assert_int_eq(plim_activation_alloc(bad[k].name, &untouched, NULL), PLIM_INVALID);
  }
  plim_activation *good = NULL; /* an error leaves nothing behind in muParser */
  char *why = NULL;
  ck_assert_int_eq(plim_activation_alloc("expr:pi*z", &good, &why), PLIM_OK);
  ck_assert_double_eq_tol(plim_activation_value(good, 1.0), 3.14159265358979323846, 1e-15);
  ck_assert(isnan(plim_activation_derivative(good, NAN)));
  plim_activation_free(good);
}
END_TEST

/* ---- Threads ------------------------------------------------------------------------------------------- */

enum { THREADS = 4, POINTS = 20000 };
typedef struct {
  plim_activation *own;
  double sum;
} worker;

static void *work(void *context)
{
  worker *w = context;
  for (int i = 0; i < POINTS; i++) {
    const double z = 7.0 * sin(0.37 * i);
    w->sum += plim_activation_value(w->own, z) + plim_activation_derivative(w->own, z);
  }
  return NULL;
}

START_TEST(clones_are_independent_across_threads)
{
  plim_activation *a = made("expr:tanh(z-0.2)+0.3*abs(z-0.3)");
  worker workers[THREADS + 1] = {{NULL, 0.0}};
  pthread_t threads[THREADS];
  for (int t = 0; t <= THREADS; t++)
    ck_assert_int_eq(plim_activation_clone(a, &workers[t].own), PLIM_OK);
  work(&workers[THREADS]); /* alone */
  for (int t = 0; t < THREADS; t++)
    ck_assert_int_eq(pthread_create(&threads[t], NULL, work, &workers[t]), 0);
  for (int t = 0; t < THREADS; t++)
    ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
  for (int t = 0; t <= THREADS; t++) {
    ck_assert_double_eq(workers[t].sum, workers[THREADS].sum); /* to the bit */
    plim_activation_free(workers[t].own);
  }
  plim_activation_free(a);
}
END_TEST

int main(void)
{
  TCase *names = tcase_create("named"), *written = tcase_create("expressions");
  tcase_add_test(names, named_values_and_derivatives);
  tcase_add_test(names, named_tails);
  tcase_add_test(names, relu_has_the_only_kink);
  tcase_add_test(names, arrays_may_be_evaluated_in_place);
  tcase_add_test(written, expressions_repeat_the_named_ones);
  tcase_add_test(written, bad_names_are_refused_with_a_reason);
  tcase_add_test(written, clones_are_independent_across_threads);
  return run_cases("activation", 2, (TCase *[]){names, written});
}
