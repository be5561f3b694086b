/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_words.c - a finding in a sentence, and what an undecided claim still needs. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/tex.h"
#include "cli/output/verified.h"
#include "run_cases.h"

static const plim_judgement judgement = {
    .verdict = PLIM_DISAGREE, .margin = 0.012, .ci_low = 0.016, .ci_high = 0.017, .fit_p = 0.021};

START_TEST(words_of_a_finding)
{
  plimi_message words;
  plim_finding finding = {.what = "a number",
                          .point = "somewhere",
                          .relation = PLIM_AT_LEAST,
                          .predicted = {0.031, 9e-9},
                          .d_min = 33,
                          .d_max = 34,
                          .fit = {.limit = 0.032},
                          .judgement = judgement,
                          .growth = NAN,
                          .effect = -0.0121};
  plimi_finding_words(&finding, 0.07, &words);
  ck_assert_str_eq(words.text,
                   "a number (somewhere) extrapolates to 0.032 (86 % interval 0.016 to 0.017, d = 33 to 34); "
                   "this disagrees with the prediction, at least 0.031 to within 0.012 (chance of any false "
                   "verdict of its kind in the family at most 7 %).");
  finding.relation = PLIM_EQUALS;
  finding.judgement.verdict = PLIM_UNDECIDED;
  finding.judgement.reserved = 0.75, finding.growth = 2.56; /* 1 - 2 (0.07)(0.25) = 0.965 */
  plimi_finding_words(&finding, 0.07, &words);
  ck_assert_str_eq(
      words.text,
      "a number (somewhere) extrapolates to 0.032 (96.5 % interval 0.016 to 0.017, d = 33 to 34); "
      "this neither confirms nor refutes the prediction, 0.031 to within 0.012 (chance of any "
      "false verdict of its kind in the family at most 7 %): 2.56 times the replicas would settle "
      "it if the prediction is right.");
  finding.growth = 0.49;
  plimi_finding_words(&finding, 0.07, &words);
  ck_assert_ptr_null(strstr(words.text, "times the replicas"));
  ck_assert_ptr_nonnull(strstr(words.text, "at most 7 %): there are replicas enough for a right prediction"));
  finding.growth = 2.56;
  finding.effect = 0.0119; /* the margin is 0.012 */
  plimi_finding_words(&finding, 0.07, &words);
  ck_assert_ptr_nonnull(
      strstr(words.text, "is right; the margin is as wide as what the gradient step changes of it, 0.012,"));
  finding.judgement.fit_p = 1e-4, finding.effect = NAN;
  plimi_finding_words(&finding, 0.07, &words);
  ck_assert_ptr_nonnull(strstr(words.text, "do not follow the declared power of d (lack of fit)."));
  plim_claim_result result = {.findings = &finding, .count = 1, .work = 10.0};
  ck_assert_double_eq_tol(plimi_seconds_needed(&result), 15.6, 1e-12);
  finding.judgement.verdict = PLIM_AGREE;
  ck_assert_double_eq(plimi_seconds_needed(&result), 0.0);
}
END_TEST

/* Numbers and texts as TeX has them: two digits of the error, at the place where the value ends. */
START_TEST(tex_of_a_number)
{
  static const struct {
    double value, error;
    const char *text;
  } cases[] = {{0.18463, 0.0017, "0.1846(17)"},
               {0.99871, 0.0999, "1.00(10)"}, /* 0.0999 has two digits as 0.10 */
               {-2.385, 0.0996, "-2.38(10)"},
               {0.0, 0.312, "0.00(31)"},
               {53.4, 29.7, "53(30)"},
               {1234567.0, 251.0, "1.23457(25)\\times 10^{6}"},
               {2.385e-7, 1.3e-9, "2.385(13)\\times 10^{-7}"},
               {2.385, NAN, "2.385"},
               {2.385e-9, 0.0, "2.385\\times 10^{-9}"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    plimi_tex_number(stream, cases[i].value, cases[i].error, 6);
    fclose(stream);
    ck_assert_str_eq(text, cases[i].text);
    free(text);
  }
}
END_TEST

START_TEST(tex_of_a_text)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  plimi_tex_text(stream, "a\\b{c}$d$%_#&~^<|>\x01\xff");
  plimi_tex_comment(stream, "|x%\ny^^My\x7f|");
  fclose(stream);
  ck_assert_str_eq(text, "a\\textbackslash{}b\\{c\\}\\$d\\$\\%\\_\\#\\&\\textasciitilde{}\\textasciicircum{}"
                         "\\textless{}\\textbar{}\\textgreater{}??|x%?y?^My?|");
  free(text);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("words");
  tcase_add_test(tests, words_of_a_finding);
  tcase_add_test(tests, tex_of_a_number);
  tcase_add_test(tests, tex_of_a_text);
  return run_cases("words", 1, &tests);
}
