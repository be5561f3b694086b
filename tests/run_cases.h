/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_cases.h - what the main function of a test program ends with. */
#ifndef PLIM_TEST_RUN_CASES_H
#define PLIM_TEST_RUN_CASES_H

#include <check.h>
#include <stdlib.h>

/* Run the cases as one suite (no test shares its process with another); returns main's status. */
static inline int run_cases(const char *name, size_t count, TCase *const cases[])
{
  Suite *suite = suite_create(name);
  for (size_t i = 0; i < count; i++)
    suite_add_tcase(suite, cases[i]);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
