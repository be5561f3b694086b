/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_expression.c - what an expression may be: muParser's functions and constants to the last bit, which
   functions are accepted and which are refused with which reason, narrow features, and the stated errors of
   values. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plim_problem.h"
#include "run_cases.h"

#define ULPS 1.0 /* half from rounding, half from the C library; powers by multiplication may have two more */

typedef long double real;

static plim_activation *made(const char *name)
{
  plim_activation *activation = NULL;
  char *why = NULL;
  const plim_status status = plim_activation_alloc(name, &activation, &why);
  ck_assert_msg(status == PLIM_OK, "%s: %s", name, why == NULL ? plim_status_name(status) : why);
  return activation;
}

/* ---- Functions and constants ---------------------------------------------------------------------------- */

static real asin_l(real z)
{
  return asinl(z / 16);
}
static real acos_l(real z)
{
  return acosl(z / 16);
}
static real atan2_l(real z)
{
  return atan2l(z, 1.5L);
}
static real tan_l(real z)
{
  return tanl(z / 16);
}
static real acosh_l(real z)
{
  return acoshl(2 + fabsl(z));
}
static real atanh_l(real z)
{
  return atanhl(z / 16);
}
static real log2_l(real z)
{
  return log2l(z + 16);
}
static real log10_l(real z)
{
  return log10l(z + 16);
}
static real log_l(real z)
{
  return logl(z + 16);
}
static real sqrt_l(real z)
{
  return sqrtl(z + 16);
}
static real wave_l(real z)
{
  return fabsl(z - rintl(z));
}
static real square_l(real z)
{
  return z * fabsl(z);
}
static real sum_l(real z)
{
  return z + 1.5L + 0.25L;
}
static real avg_l(real z)
{
  return (z + 1.5L) / 2;
}
static real power_l(real z)
{
  return powl(z + 16, 2.5L);
}

/* Arguments are exact in doubles at the points of the test, so that only the function is judged. max and min are in
   check_activation. */
static const struct {
  const char *name;
  real (*exact)(real);
  double ulps;
} functions[] = {{"expr:sin(z)", sinl, ULPS},
                 {"expr:cos(z)", cosl, ULPS},
                 {"expr:tan(z/16)", tan_l, ULPS},
                 {"expr:asin(z/16)", asin_l, ULPS},
                 {"expr:acos(z/16)", acos_l, ULPS},
                 {"expr:atan(z)", atanl, ULPS},
                 {"expr:atan2(z,1.5)", atan2_l, ULPS},
                 {"expr:sinh(z)", sinhl, 2.0 * ULPS},
                 {"expr:cosh(z)", coshl, 2.0 * ULPS},
                 {"expr:tanh(z)", tanhl, 2.0 * ULPS},
                 {"expr:asinh(z)", asinhl, 2.0 * ULPS},
                 {"expr:acosh(2+abs(z))", acosh_l, 2.0 * ULPS},
                 {"expr:atanh(z/16)", atanh_l, 2.0 * ULPS},
                 {"expr:log2(z+16)", log2_l, ULPS},
                 {"expr:log10(z+16)", log10_l, 2.0 * ULPS},
                 {"expr:log(z+16)", log_l, ULPS},
                 {"expr:ln(z+16)", log_l, ULPS},
                 {"expr:exp(z)", expl, ULPS},
                 {"expr:erf(z)", erfl, ULPS},
                 {"expr:sqrt(z+16)", sqrt_l, 0.5},
                 {"expr:abs(z)", fabsl, 0.0},
                 {"expr:abs(z-rint(z))", wave_l, 0.0},
                 {"expr:z*z*sign(z)", square_l, 0.5},
                 {"expr:sum(z,1.5,0.25)", sum_l, 1.0},
                 {"expr:avg(z,1.5)", avg_l, 1.0},
                 {"expr:(z+16)^2.5", power_l, ULPS}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

START_TEST(functions_are_right_to_the_last_bit)
{
  for (size_t k = 0; k < FUNCTIONS; k++) {
    plim_activation *a = made(functions[k].name);
    for (int i = -765; i <= 765; i++) {
      for (int small = 0; small < 2; small++) {
        const double z = small ? i * 0x1p-30 : i / 64.0;
        const double exact = (double)functions[k].exact(z), value = plim_activation_value(a, z);
        ck_assert_msg(fabs(value - exact) <= functions[k].ulps * DBL_EPSILON * fabs(exact),
                      "%s at %.17g: %.17g, not %.17g", functions[k].name, z, value, exact);
      }
    }
    plim_activation_free(a);
  }
}
END_TEST

START_TEST(constants_are_right_to_the_last_bit)
{
  const struct {
    const char *name;
    double value;
  } constants[] = {{"expr:_pi", 3.14159265358979323846},
                   {"expr:pi", 3.14159265358979323846},
                   {"expr:_e", 2.71828182845904523536},
                   {"expr:2*_pi", 2.0 * 3.14159265358979323846},
                   {"expr:0.1", 0.1},
                   {"expr:2.385e-7", 2.385e-7}};
  for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
    plim_activation *a = made(constants[k].name);
    ck_assert_double_eq(plim_activation_value(a, 0.731), constants[k].value);
    plim_activation_free(a);
  }
}
END_TEST

/* The parser's names are the ones above: whoever adds one adds it to the test. */
START_TEST(no_other_name_is_known)
{
  const char *unknown[] = {"cbrt(z)",   "floor(z)", "ceil(z)",      "round(z)",  "trunc(z)", "mod(z,2)",
                           "gamma(z)",  "relu(z)",  "heaviside(z)", "step(z)",   "pow(z,2)", "sec(z)",
                           "log1p(z)",  "expm1(z)", "erfc(z)",      "e*z",       "inf",      "nan",
                           "if(z,1,2)", "rnd(z)",   "sinc(z)",      "hypot(z,1)"};
  for (size_t k = 0; k < sizeof unknown / sizeof *unknown; k++) {
    char name[64] = "expr:";
    plim_activation *a = NULL;
    strcat(name, unknown[k]);
    ck_assert_msg(plim_activation_alloc(name, &a, NULL) == PLIM_INVALID, "%s", name);
  }
}
END_TEST

/* ---- What is accepted ------------------------------------------------------------------------------------ */

enum { MOST_KINKS = 3 };
static const struct {
  const char *name;
  size_t kinks;
  double kink[MOST_KINKS];
} accepted[] = {
    {"expr:max(z-4,0)", 1, {4}},
    {"expr:max(z-5,0)", 1, {5}},
    {"expr:max(z-11.9,0)", 1, {11.9}},
    {"expr:max(abs(z)-4,0)", 2, {-4, 4}},
    {"expr:max(0,1-100*abs(z-1.2345))", 3, {1.2245, 1.2345, 1.2445}},
    {"expr:tanh(z)+max(0,1-abs(z-0.3)*1e3)*10", 3, {0.299, 0.3, 0.301}},
    {"expr:max(0,1-1e3*abs(z-pi/7))", 3, {0.44779895051282759, 0.44879895051282759, 0.44979895051282759}},
    {"expr:abs(z-1e-9)", 1, {1e-9}},
    {"expr:abs(z-1e-300)", 1, {0}},
    {"expr:abs(z-0.3)+abs(z-0.3-1e-10)", 2, {0.3, 0.3000000001}},
    {"expr:1e-6*abs(z-0.123456)+z", 1, {0.123456}},
    {"expr:max(z-20.5,0)", 1, {20.5}}, /* beyond where a normal variable goes, not beyond a large step */
    {"expr:exp(-1e5*(z-1.2345)^2)", 0, {0}},
    {"expr:sin(1000*z)", 0, {0}},
    {"expr:tanh(1e8*(z-0.3))", 0, {0}},
    {"expr:exp(z^2/8)", 0, {0}},
    {"expr:ln(1+exp(z^2))", 0, {0}}, /* overflows at z = 27 */
    {"expr:sqrt(z+20)", 0, {0}}};

START_TEST(continuous_functions_are_accepted)
{
  const double position = 1e-12;
  for (size_t k = 0; k < sizeof accepted / sizeof *accepted; k++) {
    plim_activation *a = made(accepted[k].name);
    size_t count;
    const double *kinks = plim_activation_kinks(a, &count);
    ck_assert_msg(count == accepted[k].kinks, "%s: %zu kinks", accepted[k].name, count);
    for (size_t i = 0; i < count; i++)
      ck_assert_double_eq_tol(kinks[i], accepted[k].kink[i], 10.0 * position * (1.0 + fabs(kinks[i])));
    ck_assert_msg(plim_activation_rough(a) == NULL, "%s", accepted[k].name);
    plim_activation_free(a);
  }
}
END_TEST

/* An unbounded slope: a teacher, not sigma. */
START_TEST(roots_are_for_teachers)
{
  const struct {
    const char *name, *says;
  } roots[] = {{"expr:sqrt(abs(z))", "near z = 0,"},
               {"expr:sqrt(abs(z-0.7))", "near z = 0.7,"},
               {"expr:abs(z)^0.3", "near z = 0,"},
               {"expr:abs(z)^0.8", "near z = 0,"},
               {"expr:tanh(z)+1e-10*sqrt(abs(z))", "near z = "},
               {"expr:sqrt(1-min(1,z^2))", "near z = -1,"},
               {"expr:sqrt(abs(z-0.7))+abs(z-0.71)", "near z = 0.7,"}};
  plim_activation *tanh_ = made("tanh");
  for (size_t k = 0; k < sizeof roots / sizeof *roots; k++) {
    plim_activation *a = made(roots[k].name);
    const char *rough = plim_activation_rough(a), *field = NULL;
    ck_assert_msg(rough != NULL && strstr(rough, "no bounded slope") != NULL &&
                      strstr(rough, roots[k].says) != NULL,
                  "%s: %s", roots[k].name, rough);
    plim_problem problem = plim_problem_default();
    problem.activation = tanh_;
    problem.teacher = a;
    ck_assert_int_eq(plim_problem_validate(&problem, &field), PLIM_OK);
    problem.activation = a;
    ck_assert_int_eq(plim_problem_validate(&problem, &field), PLIM_INVALID);
    ck_assert_str_eq(field, "activation");
    plim_activation_free(a);
  }
  plim_activation_free(tanh_);
}
END_TEST

START_TEST(others_are_refused_with_the_true_reason)
{
  const struct {
    const char *name, *says;
  } bad[] = {{"expr:sign(z)", "it jumps, or is too steep to be told from a jump, near z = 0"},
             {"expr:rint(z)", "it jumps"},
             {"expr:(z>0) ? 1 : 0", "it jumps, or is too steep to be told from a jump, near z = 0"},
             {"expr:(z>1.7) ? z : z+1e-6", "near z = 1.7"},
             {"expr:tanh(1e15*z)", "too steep to be told from a jump, near z = 0"},
             {"expr:1/(1+exp(-1e14*(z-0.3)))", "too steep to be told from a jump, near z = 0.3"},
             {"expr:z/sqrt(z^2+1e-40)", "too steep to be told from a jump"},
             {"expr:atan(1/(z+1e-9))", "it jumps"},
             {"expr:(z>13) ? 1 : 0", "near z = 13"}, /* where a large step may send an argument */
             {"expr:(z>30.1) ? 1 : 0", "near z = 30.1"},
             {"expr:(z==0.3) ? 1 : 0", "near z = 0.3"},
             {"expr:exp(-1e30*(z-1.2345)^2)",
              "it varies too fast, or its rounding errors are too large, near z = 1.2345"},
             {"expr:sin(1e6*z)", "it varies too fast"},
             {"expr:sin(exp(z))", "it varies too fast"},
             {"expr:abs(z)/z", "not finite, or above 1e150, near z = 0"},
             {"expr:z*ln(abs(z))", "not finite, or above 1e150, near z = 0"},
             {"expr:ln(z)", "not finite, or above 1e150, near z = -12"},
             {"expr:sqrt(z)", "not finite"},
             {"expr:abs(z)^(-0.1)", "not finite, or above 1e150, near z = 0"}};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    plim_activation *a = NULL;
    char *why = NULL;
    ck_assert_msg(plim_activation_alloc(bad[k].name, &a, &why) == PLIM_INVALID, "%s", bad[k].name);
    ck_assert_msg(why != NULL && strstr(why, bad[k].says) != NULL, "%s: %s", bad[k].name, why);
    free(why);
  }
}
END_TEST

/* ---- Narrow features -------------------------------------------------------------------------------------- */

/* A bump of this width at `centre` has cuts within a few widths on both sides. */
START_TEST(narrow_features_are_seen)
{
  const struct {
    const char *name;
    double centre, width;
  } bumps[] = {{"expr:exp(-1e5*(z-1.2345)^2)", 1.2345, 3e-3},
               {"expr:exp(-1e5*(z+0.77)^2)", -0.77, 3e-3},
               {"expr:exp(-1e9*(z-1.2345)^2)", 1.2345, 3e-5},
               {"expr:exp(-1e12*(z-1.2345)^2)", 1.2345, 1e-6},
               {"expr:tanh(z)+exp(-(1e4*z-12345)^2)", 1.2345, 1e-4},
               {"expr:exp(-1e7*(z-pi/7)^2)", 0.44879895051282759, 3e-4},
               {"expr:tanh(z)+exp(-1e7*(z-pi/7)^2)", 0.44879895051282759, 3e-4},
               {"expr:z+1/(1+1e13*(z-2.5)^2)", 2.5, 3e-7}};
  for (size_t k = 0; k < sizeof bumps / sizeof *bumps; k++) {
    plim_activation *a = made(bumps[k].name);
    size_t count, near[2] = {0, 0};
    const double *cuts = plim_activation_cuts(a, &count);
    for (size_t i = 0; i < count; i++) {
      const double far = (cuts[i] - bumps[k].centre) / bumps[k].width;
      near[far > 0.0] += fabs(far) < 8.0;
      ck_assert(i == 0 || cuts[i] > cuts[i - 1]);
    }
    ck_assert_msg(near[0] >= 2 && near[1] >= 2, "%s: %zu and %zu cuts", bumps[k].name, near[0], near[1]);
    ck_assert_msg(!plim_activation_is_odd(a), "%s", bumps[k].name); /* tanh + bump is not odd */
    plim_activation_free(a);
  }
}
END_TEST

/* Copies have the same pieces, without a search. */
START_TEST(clones_have_the_same_pieces)
{
  const char *names[] = {"expr:tanh(z)+exp(-1e5*(z-1.2345)^2)", "expr:sqrt(abs(z-0.7))",
                         "expr:abs(sin(3*z))"};
  for (size_t k = 0; k < 3; k++) {
    plim_activation *a = made(names[k]), *copy = NULL;
    size_t counts[4];
    ck_assert_int_eq(plim_activation_clone(a, &copy), PLIM_OK);
    const double *cuts = plim_activation_cuts(a, &counts[0]), *same = plim_activation_cuts(copy, &counts[1]);
    const double *kinks = plim_activation_kinks(a, &counts[2]),
                 *too = plim_activation_kinks(copy, &counts[3]);
    ck_assert_uint_eq(counts[0], counts[1]);
    ck_assert_uint_eq(counts[2], counts[3]);
    ck_assert_mem_eq(cuts, same, counts[0] * sizeof *cuts);
    ck_assert_mem_eq(kinks, too, counts[2] * sizeof *kinks);
    ck_assert_int_eq(plim_activation_rough(a) == NULL, plim_activation_rough(copy) == NULL);
    for (int i = -300; i <= 300; i++) {
      const double z = 0.0431 * i;
      ck_assert_double_eq(plim_activation_derivative(a, z), plim_activation_derivative(copy, z));
    }
    plim_activation_free(a);
    plim_activation_free(copy);
  }
}
END_TEST

/* ---- Errors ------------------------------------------------------------------------------------------------ */

static real thirds_l(real z)
{
  return z / 3;
}
static real constants_l(real z)
{
  return 0 * z;
}
/* The error of a value covers rounding inside the expression and of the numbers written in it, and is not a wild
   guess. */
START_TEST(errors_cover_rounding)
{
  const struct {
    const char *name;
    real (*exact)(real);
    double widest; /* the most that is said, beside max(1, |f|) */
  } cases[] = {{"expr:1e4+tanh(z)-1e4", tanhl, 1e-11},
               {"expr:z*0.333333333333333333333333", thirds_l, 1e-14},
               {"expr:0.1+0.2-0.3", constants_l, 1e-15}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    plim_activation *a = made(cases[k].name);
    for (int i = -400; i <= 400; i++) {
      const double z = 0.01173 * i + 1e-4, value = plim_activation_value(a, z);
      const double exact = (double)cases[k].exact(z);
      double error, slope;
      plim_activation_errors(a, 1, &z, &error, &slope);
      ck_assert_msg(fabs(value - exact) <= error, "%s at %.17g: off by %g, said %g", cases[k].name, z,
                    fabs(value - exact), error);
      ck_assert_msg(error <= cases[k].widest * fmax(1.0, fabs(exact)), "%s at %.17g: said %g", cases[k].name,
                    z, error);
    }
    plim_activation_free(a);
  }
}
END_TEST

int main(void)
{
  TCase *names = tcase_create("names"), *domain = tcase_create("domain"), *errors = tcase_create("errors");
  tcase_add_test(names, functions_are_right_to_the_last_bit);
  tcase_add_test(names, constants_are_right_to_the_last_bit);
  tcase_add_test(names, no_other_name_is_known);
  tcase_add_test(domain, continuous_functions_are_accepted);
  tcase_add_test(domain, roots_are_for_teachers);
  tcase_add_test(domain, others_are_refused_with_the_true_reason);
  tcase_add_test(domain, narrow_features_are_seen);
  tcase_add_test(domain, clones_have_the_same_pieces);
  tcase_add_test(errors, errors_cover_rounding);
  return run_cases("expression", 3, (TCase *[]){names, domain, errors});
}
