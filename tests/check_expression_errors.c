/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_expression_errors.c - expressions that are long, deep or hostile: a reason of one line, whatever was written,
   whichever thread asks, and never a word from a buffer of muParser's. */
#include <check.h>
#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_activation.h"
#include "run_cases.h"

enum { LONGEST_REASON = 160 };

/* "expr:", then `before` and `after` `count` times each about `middle`; to be freed. */
static char *nest(const char *before, const char *middle, const char *after, size_t count)
{
  const size_t m = strlen(before), n = strlen(after);
  char *text = malloc(5 + count * (m + n) + strlen(middle) + 1), *end = text;
  ck_assert_ptr_nonnull(text);
  memcpy(end, "expr:", 5);
  end += 5;
  for (size_t i = 0; i < count; i++, end += m)
    memcpy(end, before, m);
  memcpy(end, middle, strlen(middle));
  end += strlen(middle);
  for (size_t i = 0; i < count; i++, end += n)
    memcpy(end, after, n);
  *end = '\0';
  return text;
}

/* Refused for what `says`, in one short line that can be printed. */
static void refused(const char *name, const char *says)
{
  plim_activation *untouched = NULL;
  char *why = NULL;
  ck_assert_msg(plim_activation_alloc(name, &untouched, &why) == PLIM_INVALID, "%.40s is accepted", name);
  ck_assert_ptr_null(untouched);
  ck_assert_ptr_nonnull(why);
  ck_assert_msg(strstr(why, says) != NULL, "%.40s: %s", name, why);
  ck_assert_uint_lt(strlen(why), LONGEST_REASON);
  for (const char *c = why; *c != '\0'; c++)
    ck_assert(!iscntrl((unsigned char)*c));
  free(why);
  ck_assert_int_eq(plim_activation_alloc(name, &untouched, NULL), PLIM_INVALID);
}

static const size_t lengths[] = {2039, 2040, 2048, 3001, 4096, 4097, 5000, 10000, 19999, 20001, 100000};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

START_TEST(what_is_too_long_is_refused_with_its_length)
{
  char says[64];
  for (size_t i = 0; i < LENGTHS; i++) {
    char *name = nest("a", "", "", lengths[i]);
    if (lengths[i] > PLIM_LONGEST_EXPRESSION) {
      snprintf(says, sizeof says, "%zu characters is too long; at most 4096", lengths[i]);
      refused(name, says);
    } else {
      refused(name, "unexpected token \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" found at position 0");
    }
    free(name);
  }
}
END_TEST

START_TEST(long_and_hostile_errors_are_said)
{
  const struct {
    const char *before, *middle, *after, *says;
  } bad[] = {{"z+", "w", "", "\"w\" found at position"},
             {"%s%n", "", "", "token \"%\" found at position 0"},
             {"(", "z", "", "parenthesis is missing"},
             {"z", "", "", "token \"zz"},
             {"max(z,", "q", ")", "token \"q\""},
             {"9", "z", "", "unexpected"},
             {"\"", "z", "", "string"},
             {"-", "z", "", "operator \"-\" found at position 2"},
             {"z?", "1", "", "\":\""},
             {"z?1:", "", "", "too early"},
             {"z:", "1", "", "misplaced"},
             {"z,", "z", "", "comma outside"},
             {"\x1b[31m", "", "", "cannot be printed"},
             {"\xff", "", "", "token \"\xff\""},
             {"\xc3\xa9", "", "", "token \"\xc3\xa9\""},
             {"\n", "w", "", "\"w\""},
             {"z w", "", "", "token \"w"},
             {"sin", "", "", "token \"sinsin"},
             {"z ", "sin(z)", "", "variable \"z\""},
             {"*", "", "", "operator \"*\""}};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    const size_t period = strlen(bad[k].before) + strlen(bad[k].after);
    for (size_t length = 300; length <= PLIM_LONGEST_EXPRESSION; length *= 3) {
      char *name = nest(bad[k].before, bad[k].middle, bad[k].after, (length - 6) / period);
      refused(name, bad[k].says);
      free(name);
    }
  }
}
END_TEST

START_TEST(long_and_deep_expressions_are_evaluated)
{
  const struct {
    const char *before, *middle, *after;
    double at; /* the value at 0.6137 */
  } good[] = {{"(", "z", ")", 0.6137},
              {"max(z,", "z", ")", 0.6137},
              {"abs(", "z", ")", 0.6137},
              {"(z<0)?z:", "z", "", 0.6137},
              {"0*z+", "z", "", 0.6137}};
  for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
    const size_t period = strlen(good[k].before) + strlen(good[k].after);
    const size_t count = (PLIM_LONGEST_EXPRESSION - strlen(good[k].middle)) / period;
    char *name = nest(good[k].before, good[k].middle, good[k].after, count), *why = NULL;
    plim_activation *a = NULL;
    const plim_status status = plim_activation_alloc(name, &a, &why);
    ck_assert_msg(status == PLIM_OK, "%s: %s", good[k].before, why);
    ck_assert_double_eq(plim_activation_value(a, 0.6137), good[k].at);
    plim_activation_free(a);
    free(name);
  }
}
END_TEST

/* Numerals tell where kinks may be; of any form, and more digits than a double has. */
START_TEST(kinks_at_numerals_of_any_form)
{
  static const struct {
    const char *text;
    double at;
  } cases[] = {
      {"expr:max(z,2.5E-1)", 0.25},
      {"expr:max(z,.3719)", 0.3719},
      {"expr:max(z,37.19e-2)", 0.3719},
      {"expr:max(z,3.719e+0)", 3.719},
      {"expr:max(z,log2(2.5))", 1.3219280948873623},
      {"expr:max(z,0.37190000000000000000000000000000000000000000000000000000000000000000001)", 0.3719}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    plim_activation *a = NULL;
    size_t count = 0;
    ck_assert_msg(plim_activation_alloc(cases[i].text, &a, NULL) == PLIM_OK, "%s", cases[i].text);
    const double *kink = plim_activation_kinks(a, &count);
    ck_assert_msg(count == 1, "%s: %zu kinks", cases[i].text, count);
    ck_assert_double_eq_tol(kink[0], cases[i].at, 1e-13);
    ck_assert_double_eq_tol(plim_activation_value(a, -7.3), cases[i].at, 1e-13);
    plim_activation_free(a);
  }
  refused("expr:=2", "assignment");
  refused("expr:z=2", "assignment");
  refused("expr:z+1e", "token \"1e\"");
  refused("expr:z+.", "token \".\"");
}
END_TEST

/* ---- Threads ------------------------------------------------------------------------------------------- */

enum { THREADS = 8, ROUNDS = 400 };

typedef struct {
  int number;
  size_t wrong;
} asker;

/* Each asks for a message that names its own token. */
static void *ask(void *argument)
{
  asker *self = argument;
  char name[64], says[64];
  for (int i = 0; i < ROUNDS; i++) {
    plim_activation *none = NULL;
    char *why = NULL;
    snprintf(name, sizeof name, "expr:z+thread%d_%d", self->number, i);
    snprintf(says, sizeof says, "unexpected token \"thread%d_%d\" found at position 2", self->number, i);
    if (plim_activation_alloc(name, &none, &why) != PLIM_INVALID || why == NULL || strcmp(why, says) != 0)
      self->wrong++;
    free(why);
  }
  return NULL;
}

START_TEST(threads_hear_of_their_own_errors)
{
  pthread_t threads[THREADS];
  asker askers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    askers[i] = (asker){.number = i};
    ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_uint_eq(askers[i].wrong, 0);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("expression errors");
  tcase_add_test(tests, what_is_too_long_is_refused_with_its_length);
  tcase_add_test(tests, long_and_hostile_errors_are_said);
  tcase_add_test(tests, long_and_deep_expressions_are_evaluated);
  tcase_add_test(tests, kinks_at_numerals_of_any_form);
  tcase_add_test(tests, threads_hear_of_their_own_errors);
  return run_cases("expression errors", 1, &tests);
}
