/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that say together which batches there are, and laws of the readout in a list. */
#include "config.h"

#include <check.h>
#include <math.h>

#include "cli/commands/commands.h"
#include "cli/options/options.h"
#include "cli/options/product.h"
#include "cli/options/reconcile.h"
#include "run_cases.h"

static void must_set(plimi_settings *settings, const char *name, const char *text)
{
  plimi_message why;
  const plimi_option *option = plimi_option_find(name, PLIMI_THEORY, false);
  ck_assert_ptr_nonnull(option);
  ck_assert_msg(plimi_option_set(settings, option, text, &why), "--%s %s: %s", name, text, why.text);
}

/* An atom after a law of atoms is one more of it; anything else begins the next law. */
START_TEST(commas_inside_a_law_do_not_split_it)
{
  plimi_settings settings;
  plimi_settings_default(&settings, PLIMI_THEORY);
  must_set(
      &settings, "readout",
      "rademacher,atoms:sqrt(3)@0.25,-1/sqrt(3)@0.75,atoms:1@1,constant,atoms:min(1,2)@0.5,-1@0.5,gaussian");
  const plimi_readouts *read = &settings.readout;
  static const plim_readout laws[] = {PLIM_READOUT_RADEMACHER, PLIM_READOUT_ATOMS, PLIM_READOUT_ATOMS,
                                      PLIM_READOUT_CONSTANT,   PLIM_READOUT_ATOMS, PLIM_READOUT_GAUSSIAN};
  ck_assert_uint_eq(read->count, sizeof laws / sizeof laws[0]);
  for (size_t i = 0; i < read->count; i++)
    ck_assert_int_eq(read->values[i].law, laws[i]);
  ck_assert_uint_eq(read->values[1].atoms.count, 2);
  ck_assert_double_eq_tol(read->values[1].atoms.value[0], -1.0 / sqrt(3.0), 1e-15);
  ck_assert_str_eq(read->values[1].atoms.name, "atoms:sqrt(3)@0.25,-1/sqrt(3)@0.75");
  ck_assert_uint_eq(read->values[2].atoms.count, 1);
  ck_assert_uint_eq(read->values[4].atoms.count, 2);
  plimi_settings_free(&settings);
}
END_TEST

/* What options say together: one message, or what follows from them. */
START_TEST(batches_are_reconciled)
{
  static const struct {
    const char *given[4][2];
    bool accepted;
    plim_ridge_batch ridge_batch;
  } cases[] = {
      {{{"overlap", "0.385"}}, true, PLIM_RIDGE_SAME},
      {{{"extra", "2.385"}}, true, PLIM_RIDGE_SAME},
      {{{"ridge-batch", "same"}}, true, PLIM_RIDGE_SAME},
      {{{"ridge-batch", "fresh"}, {"step-psi1", "0.5"}}, true, PLIM_RIDGE_FRESH},
      {{{"ridge-batch", "same"}, {"overlap", "0"}, {"extra", "1"}}, true, PLIM_RIDGE_SAME},
      {{{"ridge-batch", "same"}, {"steps", "3"}}, true, PLIM_RIDGE_SAME},
      {{{"ridge-batch", "same"}, {"batch", "fresh"}}, true, PLIM_RIDGE_SAME},
      {{{"steps", "2"}, {"eta-second", "0"}}, true, PLIM_RIDGE_FRESH},
      {{{"steps", "2"}, {"eta-second-exponent", "0.5"}}, true, PLIM_RIDGE_FRESH},
      {{{"overlap", "0.385"}, {"ridge-batch", "fresh"}}, false, PLIM_RIDGE_FRESH},
      {{{"extra", "1"}, {"ridge-batch", "same,fresh"}}, false, PLIM_RIDGE_FRESH},
      {{{"overlap", "0,1"}}, false, PLIM_RIDGE_FRESH},
      {{{"overlap", "0"}, {"extra", "1,0"}}, false, PLIM_RIDGE_FRESH},
      {{{"ridge-batch", "same"}, {"step-psi1", "2"}}, false, PLIM_RIDGE_FRESH},
      {{{"overlap", "1"}, {"step-psi1", "2"}}, false, PLIM_RIDGE_FRESH},
      {{{"ridge-batch", "same"}, {"steps", "1,2"}, {"batch", "same,fresh"}}, false, PLIM_RIDGE_FRESH},
      {{{"eta-second", "1"}}, false, PLIM_RIDGE_FRESH},
      {{{"eta-second-exponent", "0.25"}}, false, PLIM_RIDGE_FRESH},
      {{{"eta-second-exponent", "0.25"}, {"steps", "2,1"}}, false, PLIM_RIDGE_FRESH},
      {{{"eta-second", "1"}, {"steps", "2,3"}}, false, PLIM_RIDGE_FRESH},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plimi_settings settings;
    plimi_settings_default(&settings, PLIMI_THEORY);
    for (size_t k = 0; k < 4 && cases[i].given[k][0] != NULL; k++)
      must_set(&settings, cases[i].given[k][0], cases[i].given[k][1]);
    plimi_message why = {.text = ""};
    ck_assert_msg(plimi_settings_agree(&settings, &why) == cases[i].accepted, "case %zu", i);
    ck_assert_msg((why.text[0] != '\0') != cases[i].accepted, "case %zu", i);
    plimi_product product;
    if (cases[i].accepted) {
      ck_assert(plimi_product_begin(&product, &settings, false));
      const plim_problem problem = plimi_product_at(&product, 0).problem;
      ck_assert_msg(problem.ridge_batch == cases[i].ridge_batch, "case %zu", i);
      ck_assert_int_eq(plim_problem_validate(&problem, NULL), PLIM_OK);
    }
    plimi_settings_free(&settings);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("batch_options");
  tcase_add_test(tests, commas_inside_a_law_do_not_split_it);
  tcase_add_test(tests, batches_are_reconciled);
  return run_cases("batch_options", 1, &tests);
}
