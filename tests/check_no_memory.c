/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_no_memory.c - whichever allocation fails, one alone or all from it on, every public function of libplim says
   PLIM_NO_MEMORY or has the result it has with memory, and keeps none of it.

   A sample of the allocations fails here; with PLIM_EXHAUSTIVE=1 (the long tier) each of them does, with =7 every
   seventh, of each claim 200. A thread that needs memory to be started may be PLIM_NO_THREAD. The first run of a
   subject fills what the libraries below keep for good. To look for one that fails: PLIM_NO_MEMORY_ONLY=SUBJECT,
   PLIM_NO_MEMORY_SHOW=1, CK_FORK=no. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing_malloc.h"
#include "no_memory.h"
#include "run_cases.h"

/* Without an assertion: those of Check allocate. */
void note(notes *made, double number)
{
  if (made->count < MOST_NOTES)
    made->number[made->count] = number;
  made->count++;
}

typedef struct {
  plim_status status;
  long kept;           /* blocks */
  unsigned long asked; /* allocations */
  notes made;
} outcome;

/* The k-th allocation fails (0: none). */
static void run(const no_memory_subject *subject, int which, unsigned long k, bool and_all_after,
                outcome *had)
{
  *had = (outcome){.kept = -failing_malloc_held()};
  failing_malloc_at(k, and_all_after);
  had->status = subject->run(which, &had->made);
  had->asked = failing_malloc_seen();
  failing_malloc_at(0, false);
  had->kept += failing_malloc_held();
}

static void check_at(const no_memory_subject *subject, int which, unsigned long k, bool on,
                     const outcome *expected)
{
  static outcome had;
  char where[120];
  snprintf(where, sizeof where, "%s %d, allocation %lu%s", subject->name, which, k, on ? " and on" : "");
  if (getenv("PLIM_NO_MEMORY_SHOW") != NULL)
    fprintf(stderr, "%s\n", where);
  run(subject, which, k, on, &had);
  ck_assert_msg(had.kept == 0, "%s: %ld blocks are kept", where, had.kept);
  if (had.status == PLIM_NO_MEMORY || had.status == PLIM_NO_THREAD)
    return;
  ck_assert_msg(had.status == expected->status, "%s: %s", where, plim_status_name(had.status));
  ck_assert_msg(had.made.count == expected->made.count &&
                    memcmp(had.made.number, expected->made.number, had.made.count * sizeof(double)) == 0,
                "%s: another result", where);
}

static void check_subject(const no_memory_subject *subject, int which)
{
  static outcome expected, again;
  const char *every = getenv("PLIM_EXHAUSTIVE");
  const bool all = every != NULL;
  const unsigned long stride = all && atoi(every) > 1 ? (unsigned long)atoi(every) : 1;
  if (!all && subject->sampled == 0)
    return;
  run(subject, which, 0, false, &again);
  run(subject, which, 0, false, &expected);
  ck_assert_msg(expected.kept == 0, "%s %d: %ld blocks are kept", subject->name, which, expected.kept);
  ck_assert_msg(expected.status != PLIM_NO_MEMORY, "%s %d", subject->name, which);
  ck_assert_uint_le(expected.made.count, MOST_NOTES);
  const unsigned long most = subject->most > 0 ? (unsigned long)subject->most : expected.asked;
  const unsigned long wanted = all ? most : (unsigned long)subject->sampled;
  const unsigned long step = wanted >= expected.asked ? stride : 1 + expected.asked / wanted;
  if (getenv("PLIM_NO_MEMORY_SHOW") != NULL)
    fprintf(stderr, "%s %d: %lu allocations, %s\n", subject->name, which, expected.asked,
            plim_status_name(expected.status));
  for (unsigned long k = 1; k <= expected.asked; k += step) {
    check_at(subject, which, k, false, &expected);
    check_at(subject, which, k, true, &expected);
  }
}

static bool is_asked_for(const no_memory_subject *subject)
{
  const char *only = getenv("PLIM_NO_MEMORY_ONLY");
  return only == NULL || strcmp(only, subject->name) == 0;
}

static void check_all(const no_memory_subject *subjects)
{
  for (const no_memory_subject *subject = subjects; subject->name != NULL; subject++)
    for (int which = subject->from; which < subject->to; which++)
      if (is_asked_for(subject))
        check_subject(subject, which);
}

/* Else a name that is written wrong would pass. */
static bool any_is_asked_for(void)
{
  const no_memory_subject *const all[] = {no_memory_statement, no_memory_theory, no_memory_simulation};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    for (const no_memory_subject *subject = all[i]; subject->name != NULL; subject++)
      if (is_asked_for(subject))
        return true;
  return false;
}

START_TEST(statement_and_judge)
{
  check_all(no_memory_statement);
}
END_TEST

START_TEST(theory)
{
  check_all(no_memory_theory);
}
END_TEST

START_TEST(simulation)
{
  check_all(no_memory_simulation);
}
END_TEST

int main(void)
{
  if (!FAILING_MALLOC_WORKS) {
    puts("skipped: memory cannot be made to fail under a sanitizer or another C library than glibc");
    return 77;
  }
  if (!any_is_asked_for()) {
    puts("no subject has the name in PLIM_NO_MEMORY_ONLY");
    return 1;
  }
  TCase *tests = tcase_create("no memory");
  tcase_add_test(tests, statement_and_judge);
  tcase_add_test(tests, theory);
  tcase_add_test(tests, simulation);
  return run_cases("no memory", 1, &tests);
}
