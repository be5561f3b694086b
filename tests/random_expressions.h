/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random_expressions.h - the rows of tests/data/random_expressions.tsv, for the two halves' tests of it. */
#ifndef PLIM_TEST_RANDOM_EXPRESSIONS_H
#define PLIM_TEST_RANDOM_EXPRESSIONS_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_EXPRESSIONS = 500, LONGEST_ROW = 4096 };

/* A name for plim_activation_alloc; E sigma, E z sigma, the root of E of the rest squared, Var sigma'. */
typedef struct {
  char name[LONGEST_ROW];
  long double mean, mu1, mu2, nu2;
} random_expression;

/* automake sets srcdir for the tests; by hand, run from the top of the source tree. */
static inline FILE *random_expressions_open(void)
{
  const char *top = getenv("srcdir");
  char path[1024];
  const int length =
      snprintf(path, sizeof path, "%s/tests/data/random_expressions.tsv", top != NULL ? top : ".");
  ck_assert(length > 0 && (size_t)length < sizeof path);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s", path);
  return file;
}

/* 0 at the end of the file. */
static inline int random_expression_next(FILE *file, random_expression *row)
{
  char line[LONGEST_ROW];
  if (fgets(line, sizeof line, file) == NULL)
    return 0;
  char *number = strchr(line, '\t');
  ck_assert_ptr_nonnull(number);
  *number++ = '\0';
  const int length = snprintf(row->name, sizeof row->name, "expr:%s", line);
  ck_assert(length > 0 && (size_t)length < sizeof row->name);
  long double *const value[] = {&row->mean, &row->mu1, &row->mu2, &row->nu2};
  for (int i = 0; i < 4; i++) {
    char *end;
    *value[i] = strtold(number, &end);
    ck_assert_msg(end > number, "%s", row->name);
    number = end;
  }
  return 1;
}

#endif
