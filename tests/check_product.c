/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_product.c - lists of options make the product of their values. */
#include "config.h"

#include <check.h>
#include <string.h>

#include "cli/options/options.h"
#include "cli/options/product.h"
#include "run_cases.h"

static void must_set(plimi_settings *settings, const char *name, unsigned command, const char *text)
{
  plimi_message why;
  const plimi_option *option = plimi_option_find(name, command, false);
  ck_assert_ptr_nonnull(option);
  ck_assert_msg(plimi_option_set(settings, option, text, &why), "%s: %s", name, why.text);
}

START_TEST(a_product_runs_through_every_combination_once)
{
  plimi_settings settings;
  plimi_product product;
  plimi_settings_default(&settings, PLIMI_THEORY);
  must_set(&settings, "psi1", PLIMI_THEORY, "0.7,2.385");
  must_set(&settings, "lambda", PLIMI_THEORY, "0.1,0.2,0.3");
  must_set(&settings, "readout", PLIMI_THEORY, "rademacher,constant");
  must_set(&settings, "batch", PLIMI_THEORY, "same,fresh");
  must_set(&settings, "teacher", PLIMI_THEORY, "relu,erf");
  ck_assert(plimi_product_begin(&product, &settings, false));
  ck_assert_uint_eq(product.count, 2 * 3 * 2 * 2 * 2);
  ck_assert(plimi_product_at(&product, 1).problem.lambda == 0.2); /* the fastest factor */
  for (size_t i = 0; i < product.count; i++) {
    const plim_problem a = plimi_product_at(&product, i).problem;
    for (size_t k = 0; k < i; k++) {
      const plim_problem b = plimi_product_at(&product, k).problem;
      ck_assert(a.psi1 != b.psi1 || a.lambda != b.lambda || a.readout != b.readout || a.batch != b.batch ||
                a.teacher != b.teacher);
    }
  }
  ck_assert(plimi_product_begin(&product, &settings, true)); /* penalties apart */
  ck_assert_uint_eq(product.count, 2 * 2 * 2 * 2);
  plimi_settings_free(&settings);
}
END_TEST

START_TEST(a_product_past_counting_is_noticed)
{
  static const char *const lists[] = {"psi1", "psi2", "lambda", "eta", "noise", "eta-exponent", "d"};
  plimi_settings settings;
  plimi_product product;
  plimi_settings_default(&settings, PLIMI_THEORY);
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    must_set(&settings, lists[i], PLIMI_THEORY,
             strcmp(lists[i], "d") == 0              ? "1:2:1000"
             : strcmp(lists[i], "eta-exponent") == 0 ? "0:0.5:1000"
                                                     : "1:2:1000"); /* 1e21 > 2^64 */
  ck_assert(!plimi_product_begin(&product, &settings, false));
  plimi_settings_free(&settings);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("product");
  tcase_add_test(tests, a_product_runs_through_every_combination_once);
  tcase_add_test(tests, a_product_past_counting_is_noticed);
  return run_cases("product", 1, &tests);
}
