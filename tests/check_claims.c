/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_claims.c - the claims as a list, and the run of one: hooks, seeds, how findings make a verdict. What the
   claims themselves say is looked at by cli_verify.test and `make check-asymptotic`. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim_claim.h"
#include "run_cases.h"

static plim_finding finding_of(plim_relation relation, double p_agree, double p_disagree)
{
  plim_finding finding = {.relation = relation,
                          .judgement = {.p_agree = p_agree, .p_disagree = p_disagree, .fit_p = 0.5}};
  finding.judgement.verdict = p_agree < 0.05      ? PLIM_AGREE
                              : p_disagree < 0.05 ? PLIM_DISAGREE
                                                  : PLIM_UNDECIDED;
  return finding;
}

START_TEST(findings_make_the_verdict)
{
  plim_finding findings[] = {finding_of(PLIM_EQUALS, 1e-9, 1.0), finding_of(PLIM_AT_LEAST, 0.026, 0.974),
                             finding_of(PLIM_REPORTED, 1.0, 1e-9)};
  plim_claim_result result = {.findings = findings, .count = 3};
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_AGREE);
  ck_assert_ptr_eq(plim_claim_decisive(&result), &findings[1]);
  /* Holm over two: 1e-9 against 0.025, then 0.026 against 0.05; with a third finding in the family 0.026 fails
     against 0.025 */
  ck_assert_int_eq(plim_claim_judge_family(&result, 1, 0.05), PLIM_OK);
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_AGREE);
  plim_finding others[] = {finding_of(PLIM_EQUALS, 0.03, 1.0)};
  plim_claim_result family[] = {result, {.findings = others, .count = 1}};
  ck_assert_int_eq(plim_claim_judge_family(family, 2, 0.05), PLIM_OK);
  ck_assert_int_eq(plim_claim_verdict(&family[0]), PLIM_UNDECIDED);
  ck_assert_int_eq(findings[0].judgement.verdict, PLIM_AGREE);
  ck_assert_ptr_eq(plim_claim_decisive(&family[0]), &findings[1]);

  findings[0] = finding_of(PLIM_EQUALS, 1.0, 1e-6);
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_DISAGREE);
  ck_assert_ptr_eq(plim_claim_decisive(&result), &findings[0]);
  plim_claim_result reported = {.findings = &findings[2], .count = 1}, empty = {.count = 0};
  ck_assert_int_eq(plim_claim_verdict(&reported), PLIM_UNDECIDED); /* nothing judged is nothing shown */
  ck_assert_int_eq(plim_claim_verdict(&empty), PLIM_UNDECIDED);
  ck_assert_ptr_null(plim_claim_decisive(&reported));
  ck_assert_int_eq(plim_claim_judge_family(&empty, 1, 0.05), PLIM_OK);
}
END_TEST

START_TEST(names)
{
  size_t claim = 77;
  ck_assert_int_eq(plim_claim_find("nobody", &claim), PLIM_INVALID);
  ck_assert_uint_eq(claim, 77);
  ck_assert_str_eq(plim_tier_name(PLIM_TIER_FULL), "full");
  ck_assert_ptr_null(plim_tier_name(PLIM_TIER_COUNT));
  ck_assert_str_eq(plim_relation_symbol(PLIM_AT_MOST), "<=");
  ck_assert_ptr_null(plim_relation_symbol(PLIM_RELATION_COUNT));
}
END_TEST

/* ---- A run, stopped by its hooks ---- */

enum { PATIENCE = 40 };
typedef struct {
  size_t asked, recorded, runs;
  double sum;
} witness;

static bool record(void *context, const plim_claim_place *place, const double *samples)
{
  witness *seen = context;
  ck_assert_uint_gt(place->values, 0);
  ck_assert_double_gt(place->work, 0.0);
  seen->recorded++;
  seen->runs = place->run + 1;
  seen->sum += samples[0] * (double)(place->replica + 1);
  return true;
}

static bool cancelled(void *context)
{
  witness *seen = context;
  return seen->asked++ >= PATIENCE;
}

static double sum_of_first_replicas(size_t claim, uint64_t seed)
{
  witness seen = {.asked = 0};
  const plim_claim_hooks hooks = {.context = &seen, .record = record, .cancelled = cancelled};
  const plim_claim_settings settings = {.seed = seed, .threads = 1, .level = 0.05, .hooks = &hooks};
  plim_claim_result result = {.count = 17};
  ck_assert_int_eq(plim_claim_run(claim, &settings, &result), PLIM_INTERRUPTED);
  ck_assert_uint_eq(result.count, 17); /* untouched */
  ck_assert_uint_eq(seen.recorded, PATIENCE);
  return seen.sum;
}

START_TEST(every_claim_starts_and_stops)
{
  for (size_t claim = 0; claim < plim_claim_count(); claim++) {
    size_t quick, full;
    double work, more;
    plim_claim_cost(claim, &(plim_claim_settings){.tier = PLIM_TIER_QUICK}, &quick, &work);
    plim_claim_cost(claim, &(plim_claim_settings){.tier = PLIM_TIER_FULL}, &full, &more);
    if (quick <= PATIENCE)
      continue;
    ck_assert_uint_gt(full, 3 * quick);
    ck_assert_double_gt(more, 4.0 * work);
    const double once = sum_of_first_replicas(claim, 1);
    ck_assert_msg(isfinite(once), "%s", plim_claim_describe(claim)->name);
    if (claim < 2) {
      ck_assert_double_eq(sum_of_first_replicas(claim, 1), once);
      ck_assert_double_ne(sum_of_first_replicas(claim, 2), once);
    }
  }
}
END_TEST

START_TEST(bad_settings_are_refused)
{
  plim_claim_settings settings = {.seed = 1, .threads = 1, .level = 0.05};
  plim_claim_result result;
  ck_assert_int_eq(plim_claim_run(plim_claim_count(), &settings, &result), PLIM_INVALID);
  settings.threads = 0;
  ck_assert_int_eq(plim_claim_run(0, &settings, &result), PLIM_INVALID);
  settings.threads = 1;
  settings.level = 0.5;
  ck_assert_int_eq(plim_claim_run(0, &settings, &result), PLIM_INVALID);
  settings.level = 0.05;
  settings.tier = PLIM_TIER_COUNT;
  ck_assert_int_eq(plim_claim_run(0, &settings, &result), PLIM_INVALID);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *all = tcase_create("claims");
  tcase_set_timeout(all, 0);
  tcase_add_test(all, findings_make_the_verdict);
  tcase_add_test(all, names);
  tcase_add_test(all, every_claim_starts_and_stops);
  tcase_add_test(all, bad_settings_are_refused);
  return run_cases("claims", 1, &all);
}
