/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options table, and reading values, lists and grids. */
#include "config.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/options/options.h"
#include "cli/options/product.h"
#include "plim_compare.h"
#include "plim_problem.h"
#include "plim_theory.h"
#include "run_cases.h"

/* What each option refuses. Every option that takes a value stands here: the test below looks. */
static const struct {
  const char *name;
  const char *bad[20]; /* ends in NULL */
} refusals[] = {
    {"quantity", {"risk7", "", "risk0,,risk1", "risk0,risk0", "all,risk0"}},
    {"psi1", {"0", "-2", "nan", "inf", "1e999", "2x", "1:2:1"}},
    {"n-over-d", {"0", "-1", "", "1,", ",1", "1:2", " 1"}},
    {"psi2", {"0", "nan", "1:2:3:lin", "0:2:3:log", "1:2:0", "1:inf:3", "1:2:3:log:4"}},
    {"width-over-d", {"0", "x"}},
    {"lambda",
     {"-1e-300", "nan", "inf", "0:1:3:log", "1e-3:1:1e8", "1e-400", "-1e-400", "4.9e-324", "0,1e-400",
      "0:1e-400:3", "1e-400:1:3:log"}},
    {"eta", {"-1", "nan(1)", "inf"}},
    {"eta-exponent", {"0.51", "-0.1", "nan"}},
    {"activation", {"tanhh", "", "expr:", "expr:foo(z)", "tanh,", "expr:1/z", "TANH"}},
    {"teacher", {"rellu", "expr:z+", "relu,,tanh"}},
    {"noise", {"-0.1", "nan"}},
    {"readout",
     {"gauss", "", "gaussian,", "Gaussian", "atoms", "atoms:", "atoms:1", "atoms:1@", "atoms:@1",
      "atoms:1@1.5", "atoms:1@0.5", "atoms:1@-1,1@2", "atoms:2@1", "atoms:1@1,", "atoms:1/0@1",
      "atoms:1@1,rademachr", "1@1"}},
    {"steps", {"0", "1.5", "-1", "1,1", "1e7", "nan"}},
    {"batch", {"old", "", "same fresh"}},
    {"eta-second-exponent", {"-0.1", "0.51", "nan", "inf", "", "1;2", "0:1"}},
    {"eta-second", {"-0.1", "nan", "inf", "", "1,,2", "1;2", "1:2"}},
    {"ridge-batch", {"Same", "fresh,", "", "ridge", "0"}},
    {"overlap", {"-0.1", "1.0000001", "nan", "inf", "", "0:1", "50%"}},
    {"extra", {"-1e-9", "nan", "inf", "", "1,,2"}},
    {"step-psi1", {"0", "-2", "nan", "inf", "", "1e999", "psi1"}},
    {"d", {"0", "-5", "nan", "x", "", "1e999"}},
    {"tol", {"0", "1e-12", "0.1", "nan", "1e-7,1e-8", "x"}},
    {"replicas", {"0", "1.5", "2,2", "-3", "1:3:9"}},
    {"seed", {"-1", "0.5", "18446744073709551616", "1e400"}},
    {"threads", {"0", "1,2", "5000", "x"}},
    {"precision", {"half", "single,double"}},
    {"features", {"real", "network,equivalent"}},
    {"device", {"gpu", "cpu,cuda"}},
    {"test-points", {"-1", "1,2", "1.5"}},
    {"bins", {"0", "-3", "1.5", "10,20", "100001"}},
    {"margin", {"-0.1", "nan", "0.1,0.2"}},
    {"absolute-margin", {"-1", "inf"}},
    {"level", {"0", "0.5", "1", "nan"}},
    {"budget", {"0", "-1", "-1m", "nan", "", "10x", "m", "1m,2m", "10 m", "1e999"}},
    {"power", {"0.49", "1", "-0.9", "nan", "0.8,0.9", ""}},
    {"format", {"xml", "", "CSV"}},
    {"output", {""}},
    {"out", {""}},
    {"angle", {"0", "180", "-60", "nan", "60,120", "x"}},
    {"loss", {"0", "-1e-3", "nan", "inf", "1e-3,1e-4"}},
    {"most-steps", {"0", "1.5", "10,20", "1e7"}},
    {"paths", {"-1", "0.5", "1,2"}},
    {"over", {"kappa", "", "lambda,", "lambda eta"}},
    {"search-lambda", {"3:1", "1:1", "0.1", "1:2:3", "-1:2", "0:nan", ":", "inf:inf"}},
    {"search-eta", {"3:1", "1:1", "", "1:2:3:log", "-0.1:2", "0:1e999"}},
    {"tier", {"fast", "quick,full"}},
    {"config", {""}},
    {"shard", {"0/3", "4/3", "3", "a/b", "-1/3", "1/2/3", "/", "", "1/5000", "99999999999999999999/3"}},
    {"inputs",
     {"", "Gaussian", "student", "student:4", "student:x", "ar1:1", "ar1:", "sphere,", "sphere,sphere",
      "csv:", "csv:-", "sphere,whiten", "csv"}},
    {"time-limit", {"-1", "0", "1:2", "1:60:00", "00:00:00", "::", "inf", "nan", "Slurm", "1x"}},
    {"claims", {""}},
    {"from", {"", "hmrt", "ba,mm", "BA"}},
    {"to", {"", "hmrt", "ba,", "mm mm"}},
    {"ignore", {""}},
    {"pair", {""}},
    {"size", {""}},
    {"predicted", {"", "x", "nan", "inf", "-1e999", "0.1,0.2"}},
    {"predicted-expr", {""}},
    {"against", {"risk7", "", "risk0,,risk1"}},
    {"relation", {"", "==", "<", "=,<="}},
    {"bound", {"", "low", "lower,upper"}},
    {"exponent", {"", "-1/2", "nan", "inf"}},
    {"compare", {""}},
    {"increasing", {""}},
    {"decreasing", {""}},
    {"rate",
     {"", "0", "-1", "1,1/2", "1,1", "1/0", "1/2/3", "1/2,1,3/2,2", "nan", "inf", "1/inf", "1,", "/2"}},
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

static const plimi_option *option_of(const char *name, unsigned command)
{
  const plimi_option *option = plimi_option_find(name, command, false);
  ck_assert_msg(option != NULL, "no option --%s", name);
  return option;
}

static void must_set(plimi_settings *settings, const char *name, unsigned command, const char *text)
{
  plimi_message why;
  ck_assert_msg(plimi_option_set(settings, option_of(name, command), text, &why), "--%s %s: %s", name, text,
                why.text);
}

START_TEST(every_option_is_complete)
{
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    ck_assert_msg(option->help != NULL && option->help[0] != '\0', "--%s has no help", option->name);
    ck_assert_uint_ne(option->commands, 0);
    const bool takes = option->kind != PLIMI_TAKES_NOTHING;
    ck_assert_msg(takes == (option->argument != NULL), "--%s: its argument has no name", option->name);
    for (size_t k = 0; k < i; k++) { /* one meaning for each name and letter in each command */
      const unsigned shared = plimi_options[k].commands & option->commands;
      ck_assert_msg(shared == 0 || strcmp(plimi_options[k].name, option->name) != 0, "--%s twice",
                    option->name);
      ck_assert_msg(shared == 0 || option->letter == 0 || plimi_options[k].letter != option->letter,
                    "-%c twice", option->letter);
    }
  }
}
END_TEST

START_TEST(every_bad_value_is_refused_in_words)
{
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    size_t at = 0;
    if (option->kind == PLIMI_TAKES_NOTHING)
      continue;
    while (at < REFUSALS && strcmp(refusals[at].name, option->name) != 0)
      at++;
    ck_assert_msg(at < REFUSALS, "--%s: add bad values to this test", option->name);
    plimi_settings settings;
    plimi_settings_default(&settings, option->commands & -option->commands);
    for (size_t k = 0; refusals[at].bad[k] != NULL; k++) {
      const char *bad = refusals[at].bad[k];
      plimi_message why = {.text = ""}, accepted, quoted;
      const char *before = plimi_option_text(&settings, option);
      ck_assert_msg(!plimi_option_set(&settings, option, bad, &why), "--%s took '%s'", option->name, bad);
      plimi_option_accepted(option, &accepted);
      plimi_message_set(&quoted, "'%s' is not accepted", bad);
      ck_assert_msg(strstr(why.text, quoted.text) != NULL, "%s", why.text);
      ck_assert_msg(strstr(why.text, accepted.text) != NULL, "%s", why.text);
      ck_assert_ptr_eq(plimi_option_text(&settings, option), before);
    }
    plimi_settings_free(&settings);
  }
}
END_TEST

START_TEST(rates)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_JUDGE);
  ck_assert_uint_eq(settings.rates.count, 0);
  must_set(&settings, "rate", PLIMI_JUDGE, "1/2,0.625,5/4");
  ck_assert_uint_eq(settings.rates.count, 3);
  ck_assert(settings.rates.values[0] == 0.5 && settings.rates.values[1] == 0.625 &&
            settings.rates.values[2] == 1.25);
  must_set(&settings, "rate", PLIMI_JUDGE, "2/3");
  ck_assert(settings.rates.count == 1 && settings.rates.values[0] == 2.0 / 3.0);
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(defaults_are_those_of_the_library)
{
  const plim_problem expected = plim_problem_default();
  const plim_criterion criterion = plim_criterion_default();
  int judging = 0;
  for (size_t i = 0; i < plimi_command_count; i++) {
    plimi_settings settings;
    plimi_product product;
    plimi_settings_default(&settings, plimi_commands[i].command);
    if ((plimi_commands[i].command & PLIMI_STATED) != 0) {
      ck_assert(plimi_product_begin(&product, &settings, false));
      ck_assert_uint_eq(product.count, 1);
      const plim_problem problem = plimi_product_at(&product, 0).problem;
      ck_assert(problem.psi1 == expected.psi1 && problem.psi2 == expected.psi2);
      ck_assert(problem.lambda == expected.lambda && problem.noise == expected.noise);
      ck_assert(problem.eta == expected.eta && problem.eta_exponent == expected.eta_exponent);
      ck_assert(problem.d == expected.d && problem.steps == expected.steps);
      ck_assert(problem.batch == expected.batch && problem.readout == expected.readout);
      ck_assert(problem.ridge_batch == expected.ridge_batch && problem.overlap == expected.overlap);
      ck_assert(problem.extra == expected.extra && problem.step_psi1 == expected.step_psi1);
      ck_assert(isnan(problem.eta_second) && isnan(problem.eta_second_exponent) && problem.atoms == NULL);
      ck_assert_int_eq(plim_problem_validate(&problem, NULL), PLIM_OK);
    }
    /* of the verdict and the accuracy, where the command has them */
    ck_assert(settings.margin.count == 0 || settings.margin.values[0] == criterion.relative_margin);
    ck_assert(settings.absolute_margin.count == 0 ||
              settings.absolute_margin.values[0] == criterion.absolute_margin);
    ck_assert(settings.level.count == 0 || settings.level.values[0] == criterion.level);
    ck_assert(settings.tolerance.count == 0 || settings.tolerance.values[0] == PLIM_USUAL_TOLERANCE);
    judging += settings.margin.count > 0;
    plimi_settings_free(&settings);
  }
  ck_assert_int_ge(judging, 1);
}
END_TEST

/* Has long double more digits than double, as this process computes? Under valgrind it has not. */
static bool has_wide_long_double(void)
{
  const volatile long double one = 1.0L, little = 0x1p-60L;
  const volatile long double sum = one + little;
  return sum != one;
}

/* A grid from one decimal to another by a decimal step has the doubles of the decimals, as if they were typed. */
START_TEST(grids_have_exact_decimals)
{
  static const plimi_range any = {.low = 0.0, .high = 1e300};
  unsigned long long state = 20261127;
  for (size_t trial = 0; trial < 3000; trial++) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const unsigned long long start = (state >> 33) % 100000, step = 1 + (state >> 50) % 997;
    const int decimals = (int)((state >> 20) % 9), count = 2 + (int)((state >> 28) % 60);
    char text[96], typed[32];
    plimi_numbers numbers;
    plimi_message why;
    snprintf(text, sizeof text, "%llue-%d:%llue-%d:%d", start, decimals, start + step * (unsigned)(count - 1),
             decimals, count);
    ck_assert_msg(plimi_read_numbers(text, &any, &numbers, &why), "%s", text);
    for (int i = 0; i < count; i++) {
      snprintf(typed, sizeof typed, "%llue-%d", start + step * (unsigned)i, decimals);
      ck_assert_msg(numbers.values[i] == strtod(typed, NULL), "%s has %.17g for %s", text, numbers.values[i],
                    typed);
    }
    free(numbers.values);
  }
  static const struct {
    const char *text;
    size_t at;
    double expected;
  } logarithmic[] = {{"0.5:8:5:log", 2, 2.0},         {"0.1:0.9:3:log", 1, 0.3},
                     {"1e-5:1e2:8:log", 2, 1e-3},     {"1e-300:1e300:601:log", 37, 1e-263},
                     {"0.3:0.0012:9:log", 8, 0.0012}, {"7e-9:7e-3:7:log", 5, 7e-4},
                     {"3:12288:13:log", 7, 384.0},    {"1e-300:1e300:601:log", 599, 1e299}};
  for (size_t k = 0; k < sizeof logarithmic / sizeof logarithmic[0]; k++) {
    plimi_numbers numbers;
    plimi_message why;
    ck_assert(plimi_read_numbers(logarithmic[k].text, &any, &numbers, &why));
    const double value = numbers.values[logarithmic[k].at], expected = logarithmic[k].expected;
    if (has_wide_long_double()) {
      ck_assert_msg(value == expected, "%s has %.17g for %.17g", logarithmic[k].text, value, expected);
    } else { /* doubles cannot do it over hundreds of decades: rounding of the logarithm is relative in its power */
      const double rounding = DBL_EPSILON * (1.0 + fabs(log(expected)));
      printf("long double has 53 bits here: %s is held to %.1e\n", logarithmic[k].text, rounding);
      ck_assert_msg(fabs(value / expected - 1.0) <= rounding, "%s has %.17g for %.17g", logarithmic[k].text,
                    value, expected);
    }
    free(numbers.values);
  }
}
END_TEST

START_TEST(grids_hit_their_ends)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  must_set(&settings, "psi1", PLIMI_THEORY, "0.1:7.3:23");
  ck_assert_uint_eq(settings.psi1.count, 23);
  ck_assert(settings.psi1.values[0] == 0.1 && settings.psi1.values[22] == 7.3);
  ck_assert_double_eq_tol(settings.psi1.values[11], 3.7, 1e-15 * 4.0); /* the middle, up to rounding */
  must_set(&settings, "lambda", PLIMI_THEORY, "1e-4:10:20:log");
  ck_assert_uint_eq(settings.lambda.count, 20);
  ck_assert(settings.lambda.values[0] == 1e-4 && settings.lambda.values[19] == 10.0);
  ck_assert_double_eq_tol(settings.lambda.values[7] / settings.lambda.values[6], pow(1e5, 1.0 / 19.0), 1e-14);
  must_set(
      &settings, "psi2", PLIMI_THEORY,
      "0.3:7.3:5:log,0.731:2.417:5:log,5.19:0.613:5:log,0.0713:12.9:5:log"); /* 10^log10 x is not always x */
  static const double ends[] = {0.3, 7.3, 0.731, 2.417, 5.19, 0.613, 0.0713, 12.9};
  bool trap = false;
  for (size_t i = 0; i < 8; i++) {
    ck_assert(settings.psi2.values[5 * (i / 2) + 4 * (i % 2)] == ends[i]);
    trap = trap || pow(10.0, log10(ends[i])) != ends[i];
  }
  ck_assert(trap);
  must_set(&settings, "lambda", PLIMI_THEORY, "1e-3:1e3:7:log");
  static const double decades[] = {1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0, 1000.0};
  for (size_t i = 0; i < 7; i++) /* they come out as one would type them */
    ck_assert(settings.lambda.values[i] == decades[i]);
  must_set(&settings, "eta", PLIMI_THEORY, "3:1:3"); /* downwards */
  ck_assert(settings.eta.values[0] == 3.0 && settings.eta.values[1] == 2.0 && settings.eta.values[2] == 1.0);
  must_set(&settings, "eta", PLIMI_THEORY, "2.5:2.5:1");
  ck_assert(settings.eta.count == 1 && settings.eta.values[0] == 2.5);
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(numbers_are_read_whole)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  must_set(&settings, "psi1", PLIMI_THEORY, "0x1.8p1,1e-3:1e-1:3:log,2.385");
  ck_assert_uint_eq(settings.psi1.count, 5);
  ck_assert(settings.psi1.values[0] == 3.0 && settings.psi1.values[2] == 1e-2 &&
            settings.psi1.values[4] == 2.385);
  must_set(&settings, "lambda", PLIMI_THEORY, "-0");
  ck_assert(settings.lambda.values[0] == 0.0 && !signbit(settings.lambda.values[0]));
  must_set(&settings, "d", PLIMI_THEORY, "300,inf");
  ck_assert(settings.dimension.values[0] == 300.0 && isinf(settings.dimension.values[1]));
  must_set(&settings, "psi2", PLIMI_THEORY, "2.2250738585072014e-308,1.7976931348623157e308");
  ck_assert(settings.psi2.values[0] == DBL_MIN && settings.psi2.values[1] == DBL_MAX);
  plimi_settings_free(&settings);

  plimi_settings_default(&settings, PLIMI_SIMULATE);
  must_set(&settings, "seed", PLIMI_SIMULATE, "18446744073709551615,0,9007199254740993");
  ck_assert(settings.seed.values[0] == UINT64_MAX && settings.seed.values[2] == 9007199254740993u);
  must_set(&settings, "d", PLIMI_SIMULATE, "64:512:4:log");
  static const uint64_t doubling[] = {64, 128, 256, 512};
  for (size_t i = 0; i < 4; i++)
    ck_assert(settings.d.values[i] == doubling[i]);
  must_set(&settings, "replicas", PLIMI_SIMULATE, "1e3");
  ck_assert(settings.replicas.values[0] == 1000);
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(commas_inside_an_expression_do_not_split_it)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  must_set(&settings, "activation", PLIMI_THEORY, "expr:max(z,0)+min(max(z,0.5),1),relu,expr:z");
  ck_assert_uint_eq(settings.activation.count, 3);
  ck_assert_str_eq(plim_activation_name(settings.activation.values[0]), "expr:max(z,0)+min(max(z,0.5),1)");
  ck_assert_str_eq(plim_activation_name(settings.activation.values[2]), "expr:z");
  ck_assert_double_eq_tol(plim_activation_value(settings.activation.values[0], 2.385), 3.385, 1e-15);
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(names_with_underscores_and_synonyms)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  ck_assert_ptr_eq(plimi_option_find("eta_exponent", PLIMI_THEORY, true),
                   plimi_option_find("eta-exponent", PLIMI_THEORY, false));
  ck_assert_ptr_null(plimi_option_find("eta_exponent", PLIMI_THEORY, false));
  ck_assert_ptr_null(plimi_option_find("eta", PLIMI_LIST, false));
  must_set(&settings, "n-over-d", PLIMI_THEORY, "3.25");
  ck_assert(settings.psi1.values[0] == 3.25);
  ck_assert_str_eq(plimi_option_text(&settings, option_of("psi1", PLIMI_THEORY)), "3.25");
  ck_assert_str_eq(plimi_option_nearest("acitvation", PLIMI_THEORY), "activation");
  ck_assert_ptr_null(plimi_option_nearest("bandwidth", PLIMI_THEORY));
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(command_that_there_is_not)
{
  ck_assert_ptr_null(plimi_command_entry_of((plimi_command)0));
  for (size_t i = 0; i < plimi_command_count; i++)
    ck_assert_ptr_eq(plimi_command_entry_of(plimi_commands[i].command), &plimi_commands[i]);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("options");
  tcase_add_test(tests, command_that_there_is_not);
  tcase_add_test(tests, every_option_is_complete);
  tcase_add_test(tests, every_bad_value_is_refused_in_words);
  tcase_add_test(tests, rates);
  tcase_add_test(tests, defaults_are_those_of_the_library);
  tcase_add_test(tests, grids_have_exact_decimals);
  tcase_add_test(tests, grids_hit_their_ends);
  tcase_add_test(tests, numbers_are_read_whole);
  tcase_add_test(tests, commas_inside_an_expression_do_not_split_it);
  tcase_add_test(tests, names_with_underscores_and_synonyms);
  return run_cases("options", 1, &tests);
}
