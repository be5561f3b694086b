/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_words.c - a finding in a sentence, and what an undecided claim still needs. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <string.h>

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

int main(void)
{
  TCase *tests = tcase_create("words");
  tcase_add_test(tests, words_of_a_finding);
  return run_cases("words", 1, &tests);
}
