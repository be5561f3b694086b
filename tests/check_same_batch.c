/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_same_batch.c - ridge regression on the samples that made the gradient: reference values, the formulas as displayed,
   other routes, limiting cases, and what follows. */
#include <math.h>
#include <stdbool.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

/* The tables of reference values have 15 and 12 digits. */
#define TOLERANCE_SAME_BATCH 1e-11

static const plim_quantity quantities[] = {PLIM_RISK0,  PLIM_RISK1,  PLIM_DELTA,
                                           PLIM_TRAIN0, PLIM_TRAIN1, PLIM_GCV};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

/* tests/data/NAME.csv, whose columns have the names of theory.md. */
static void check_table(const char *name, size_t least)
{
  reference_table *table = reference_table_read(name);
  plim_theory *theory = new_theory();
  ck_assert_uint_ge(table->rows, least);
  for (size_t row = 0; row < table->rows; row++) {
    plim_problem p = reference_problem(table, row);
    p.ridge_batch = PLIM_RIDGE_SAME;
    if (reference_text(table, row, "phi") != NULL) {
      p.overlap = reference_number(table, row, "phi");
      p.extra = reference_number(table, row, "psiE");
    }
    const plim_value risk = limit_of(theory, PLIM_RISK1, &p), train = limit_of(theory, PLIM_TRAIN1, &p);
    assert_close(risk.value, reference_number(table, row, "risk"), TOLERANCE_SAME_BATCH, 0.0, "risk1");
    assert_close(train.value, reference_number(table, row, "train"), TOLERANCE_SAME_BATCH, 0.0, "train1");
    problem_clear(&p);
  }
  plim_theory_free(theory);
  reference_table_free(table);
}

START_TEST(reference_values)
{
  check_table("same_batch.csv", 38);
  check_table("overlap.csv", 40);
}
END_TEST

START_TEST(many_digits)
{
  reference_check("golden_same_batch.csv", quantities, COUNT, 75 * COUNT);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("same_batch");
  tcase_set_timeout(tests, 120.0);
  tcase_add_test(tests, reference_values);
  tcase_add_test(tests, many_digits);
  return run_case(tests, "same_batch");
}
