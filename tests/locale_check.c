/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locale_check.c - libplim in a program whose user writes 0,5: under setlocale(LC_ALL, "de_DE.UTF-8") every number is
   the same to the bit, every text to the letter. Started by locale.test, which makes the locale; 77: there is none. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim.h"
#include "run_cases.h"

static const char german[] = "de_DE.UTF-8";

static bool speak(const char *locale, char point)
{
  return setlocale(LC_ALL, locale) != NULL && localeconv()->decimal_point[0] == point;
}

/* What an expression gives: numbers, or the reason why it is none. */
typedef struct {
  plim_status status;
  double values[3];
  plim_coefficients coefficients;
  char *why;
} reading;

static reading read_expression(const char *name)
{
  static const double z[] = {-1.7, 0.3, 2.1};
  reading made;
  memset(&made, 0, sizeof made);
  plim_activation *sigma = NULL;
  made.status = plim_activation_alloc(name, &sigma, &made.why);
  if (made.status == PLIM_OK) {
    plim_activation_values(sigma, 3, z, made.values);
    ck_assert_int_eq(plim_coefficients_compute(sigma, &made.coefficients), PLIM_OK);
  }
  plim_activation_free(sigma);
  return made;
}

START_TEST(expressions)
{
  /* the point is read; narrow features are found at the numbers written; the reasons name places; "," stays what
     separates arguments */
  static const char *const names[] = {
      "expr:tanh(1.5*z)+0.25", "expr:1/(1e-4+(z-0.7)^2)", "expr:max(0.1*z,z)",      "expr:1/(z-0.123)",
      "expr:(z>1.7)?z:z+1e-6", "expr:sqrt(abs(z-0.7))",   "expr:0,5*z+tanh(0.25*z)"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ck_assert(speak("C", '.'));
    reading plain = read_expression(names[i]);
    ck_assert(speak(german, ','));
    reading here = read_expression(names[i]);
    ck_assert_msg(localeconv()->decimal_point[0] == ',', "%s: the host's locale did not stay", names[i]);
    ck_assert_msg(plain.status == here.status, "%s: status %d, %d", names[i], plain.status, here.status);
    ck_assert_msg(memcmp(plain.values, here.values, sizeof plain.values) == 0, "%s: values", names[i]);
    ck_assert_msg(memcmp(&plain.coefficients, &here.coefficients, sizeof plain.coefficients) == 0,
                  "%s: coefficients", names[i]);
    ck_assert_msg((plain.status == PLIM_OK) == (plain.why == NULL), "%s: refused without a reason", names[i]);
    ck_assert_msg((plain.why == NULL) == (here.why == NULL) &&
                      (plain.why == NULL || strcmp(plain.why, here.why) == 0),
                  "%s: %s / %s", names[i], plain.why, here.why);
    free(plain.why);
    free(here.why);
  }
}
END_TEST

/* In place of a simulation, which takes minutes. */
static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  (void)context;
  for (size_t i = 0; i < place->values; i++)
    samples[i] = 1.0 + 0.01 * (double)(place->replica % 7) + 0.001 * (double)i;
  return true;
}

static plim_claim_result run_claim(void)
{
  const plim_claim_hooks hooks = {.recall = recall};
  const plim_claim_settings settings = {.seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  plim_claim_result result;
  ck_assert_int_eq(plim_claim_run(0, &settings, &result), PLIM_OK);
  return result;
}

START_TEST(findings)
{
  ck_assert(speak("C", '.'));
  plim_claim_result plain = run_claim();
  ck_assert(speak(german, ','));
  plim_claim_result here = run_claim();
  ck_assert_msg(localeconv()->decimal_point[0] == ',', "the host's locale did not stay");
  ck_assert_uint_gt(plain.count, 0);
  ck_assert_uint_eq(plain.count, here.count);
  bool points = false;
  for (size_t i = 0; i < plain.count; i++) {
    ck_assert_str_eq(plain.findings[i].what, here.findings[i].what);
    ck_assert_str_eq(plain.findings[i].point, here.findings[i].point);
    ck_assert_double_eq(plain.findings[i].fit.limit, here.findings[i].fit.limit);
    points = points || strchr(plain.findings[i].point, '.') != NULL;
  }
  ck_assert_msg(points, "no finding writes a fraction: this test no longer looks at the right thing");
  plim_claim_result_free(&plain);
  plim_claim_result_free(&here);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  if (!speak(german, ',')) {
    fprintf(stderr, "there is no locale %s here: started by tests/locale.test, which makes it\n", german);
    return 77;
  }
  TCase *all = tcase_create("a decimal comma");
  tcase_add_test(all, expressions);
  tcase_add_test(all, findings);
  return run_cases("locale", 1, &all);
}
