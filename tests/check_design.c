/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_design.c - what is written down before the first draw: it has in it whatever shapes a verdict, and its sum. */
#include "config.h"

#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/design.h"
#include "cli/work/comparison.h"
#include "cli/work/design_text.h"
#include "run_cases.h"

/* The check value of CRC-32, in every list of such sums: that of "123456789". */
START_TEST(sum_and_lines)
{
  plimi_design design;
  plimi_design_fix(&design, strdup("123456789"));
  ck_assert_str_eq(design.crc32, "cbf43926");
  ck_assert_uint_eq(strlen(design.fixed), strlen("2026-11-27T14:00:00Z"));
  plimi_design_free(&design);
  plimi_design_fix(&design, strdup("one\n\ntwo \xff\nthree\n"));
  json_t *object = plimi_design_object(&design), *lines = json_object_get(object, "lines");
  ck_assert_uint_eq(json_array_size(lines), 4);
  ck_assert_str_eq(json_string_value(json_array_get(lines, 0)), "one");
  ck_assert_str_eq(json_string_value(json_array_get(lines, 1)), "");
  ck_assert(json_is_null(json_array_get(lines, 2))); /* no UTF-8 */
  ck_assert_str_eq(json_string_value(json_array_get(lines, 3)), "three");
  ck_assert_ptr_null(json_object_get(object, "fixed")); /* a result does not depend on the hour */
  json_decref(object);
  object = plimi_design_sum(&design);
  ck_assert_str_eq(json_string_value(json_object_get(object, "crc32")), design.crc32);
  ck_assert_str_eq(json_string_value(json_object_get(object, "fixed")), design.fixed);
  json_decref(object);
  plimi_design_free(&design);
}
END_TEST

/* ---- Of claims ---- */

static char *of_claim(const char *name, const plim_claim_settings *settings)
{
  size_t claim = 0;
  char *text = NULL;
  ck_assert_int_eq(plim_claim_find(name, &claim), PLIM_OK);
  ck_assert_int_eq(plim_claim_design(claim, settings, &text), PLIM_OK);
  return text;
}

static void assert_has(const char *text, const char *words)
{
  ck_assert_msg(strstr(text, words) != NULL, "no '%s' in\n%s", words, text);
}

/* What the claims' data say, read off them by hand. */
START_TEST(claims_say_what_they_draw_and_judge)
{
  plim_claim_settings settings = {.tier = PLIM_TIER_QUICK, .seed = 3, .threads = 1, .level = 0.05};
  char *text = of_claim("risk-initial", &settings);
  assert_has(text, "claim risk-initial\n");
  assert_has(
      text,
      "experiment 0: tanh/expr:1.9*tanh(z)+0.3*(z*z-1) n:d:N 31:13:21 lambda 0.137 eta 0 N^0 noise 0.253 "
      "steps 1 same batch, readout rademacher, network features, draws 0; penalties 0.0137, 0.77 measured "
      "risk0; d (replicas) 26 (1538), 52 (769), 104 (384), 208 (192)\n");
  assert_has(
      text,
      "finding 3: R0: risk0 of experiment 1, penalty 1 = its limit; margin 0.02 of the limit and 0; rates 1, "
      "next power covered to 5 times the first\n");
  free(text);
  settings.tier = PLIM_TIER_FULL;
  text = of_claim("risk-initial", &settings);
  assert_has(text, "208 (769), 416 (384)\n"); /* four times as many, and one size more */
  assert_has(text, "margin 0.01 of the limit and 0;");
  free(text);
  settings.replicas = 17;
  text = of_claim("gaussian-equivalence", &settings);
  assert_has(text, "equivalent features");
  assert_has(text, ", less risk1 of experiment ");
  assert_has(text, " (17), ");
  free(text);
  text = of_claim("kernel-lower-bound", &settings);
  assert_has(text, "further findings: Each of the four at six penalties from 0.001 to 5.3: every one of its");
  free(text);
  text = of_claim("optimum", &settings);
  assert_has(text, " penalties in units of the best ");
  free(text);
  text = of_claim("weight-bulk", &settings);
  assert_has(text, " spectrum of weights");
  free(text);
  text = of_claim("beyond-kernels", &settings);
  assert_has(text, " <= lower_bound; margin 0 of the limit and 0; rates 1 2\n");
  free(text);
}
END_TEST

START_TEST(designs_that_there_are_none_of)
{
  plim_claim_settings settings = {.tier = PLIM_TIER_QUICK, .threads = 1, .level = 0.05};
  char *text = NULL;
  ck_assert_int_eq(plim_claim_design(plim_claim_count(), &settings, &text), PLIM_INVALID);
  settings.replicas = 1;
  ck_assert_int_eq(plim_claim_design(0, &settings, &text), PLIM_INVALID);
  settings = (plim_claim_settings){.tier = PLIM_TIER_COUNT, .threads = 1, .level = 0.05};
  ck_assert_int_eq(plim_claim_design(0, &settings, &text), PLIM_INVALID);
  ck_assert_ptr_null(text);
}
END_TEST

/* ---- Of commands: everything that shapes a verdict changes the sum, and nothing else does ---- */

static void set(plimi_settings *settings, plimi_command command, const char *name, const char *value)
{
  plimi_message why;
  ck_assert_msg(plimi_option_set(settings, plimi_option_find(name, command, false), value, &why), "%s",
                why.text);
}

static char *design_of(plimi_command command, const char *name, const char *value)
{
  plimi_settings settings;
  plimi_settings_default(&settings, command);
  if (name != NULL)
    set(&settings, command, name, value);
  char *text;
  if (command == PLIMI_COMPARE) {
    plimi_campaign campaign;
    plimi_choose_measurements(&settings.quantities, true);
    plimi_choose_threads(&settings);
    ck_assert_int_eq(plimi_campaign_begin(&campaign, &settings), PLIM_EXIT_DONE);
    text = plimi_design_of_campaign(&campaign);
    plimi_campaign_end(&campaign);
  } else {
    size_t claims[] = {0, 1};
    const plimi_verified verified = {.settings = &settings, .count = 2, .claims = claims};
    const plim_claim_settings asked = {
        .tier = (plim_tier)settings.tier.values[0],
        .seed = settings.seed.values[0],
        .threads = 1,
        .level = settings.level.values[0],
        .replicas = settings.replicas.count > 0 ? (size_t)settings.replicas.values[0] : 0};
    text = plimi_design_of_claims(&verified, &asked,
                                  settings.budget.count > 0 ? settings.budget.values[0] : 2400.0);
  }
  plimi_settings_free(&settings);
  return text;
}

static const struct {
  plimi_command command;
  const char *name, *value;
  bool same;
} options[] = {{PLIMI_COMPARE, "psi1", "2.385", false},
               {PLIMI_COMPARE, "psi2", "1.615", false},
               {PLIMI_COMPARE, "lambda", "0.137", false},
               {PLIMI_COMPARE, "eta", "0.73", false},
               {PLIMI_COMPARE, "noise", "0.253", false},
               {PLIMI_COMPARE, "activation", "erf", false},
               {PLIMI_COMPARE, "teacher", "relu", false},
               {PLIMI_COMPARE, "readout", "rademacher", false},
               {PLIMI_COMPARE, "steps", "2", false},
               {PLIMI_COMPARE, "batch", "fresh", false},
               {PLIMI_COMPARE, "d", "26,52,104", false},
               {PLIMI_COMPARE, "seed", "7", false},
               {PLIMI_COMPARE, "margin", "0.037", false},
               {PLIMI_COMPARE, "absolute-margin", "0.0013", false},
               {PLIMI_COMPARE, "level", "0.037", false},
               {PLIMI_COMPARE, "replicas", "37", false},
               {PLIMI_COMPARE, "budget", "37", false},
               {PLIMI_COMPARE, "power", "0.83", false},
               {PLIMI_COMPARE, "quantity", "risk0", false},
               {PLIMI_COMPARE, "eta-exponent", "0.13", false},
               {PLIMI_COMPARE, "features", "equivalent", false},
               {PLIMI_COMPARE, "test-points", "37", false},
               {PLIMI_COMPARE, "tol", "1e-5", false},
               {PLIMI_COMPARE, "threads", "1", true},
               {PLIMI_COMPARE, "format", "json", true},
               {PLIMI_VERIFY, "seed", "7", false},
               {PLIMI_VERIFY, "tier", "full", false},
               {PLIMI_VERIFY, "level", "0.037", false},
               {PLIMI_VERIFY, "budget", "37", false},
               {PLIMI_VERIFY, "power", "0.83", false},
               {PLIMI_VERIFY, "replicas", "37", false},
               {PLIMI_VERIFY, "threads", "1", true}};

START_TEST(sum_tells_designs_apart)
{
  plimi_design usual, other;
  plimi_design_fix(&usual, design_of(options[_i].command, NULL, NULL));
  plimi_design_fix(&other, design_of(options[_i].command, options[_i].name, options[_i].value));
  ck_assert_msg((strcmp(usual.crc32, other.crc32) == 0) == options[_i].same, "--%s %s", options[_i].name,
                options[_i].value);
  plimi_design_free(&usual);
  plimi_design_free(&other);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("design");
  tcase_add_test(tests, sum_and_lines);
  tcase_add_test(tests, claims_say_what_they_draw_and_judge);
  tcase_add_test(tests, designs_that_there_are_none_of);
  tcase_add_loop_test(tests, sum_tells_designs_apart, 0, (int)(sizeof options / sizeof options[0]));
  return run_cases("design", 1, &tests);
}
