/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_planted_claims.c - what each claim makes of given numbers: it agrees with its own theory, and what it says
   would turn it red does; and its findings are those that are listed (claim_findings.c).

   The standard error at the ladders' sizes is 0.1 to 0.6 %, against margins of 2 % and more: the chance that a right
   value does not AGREE, or a wrong one below does, is under 1e-9. The numbers are fixed. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "claim_findings.h"
#include "limit_memo.h"
#include "planted_claims.h"
#include "plantings.h"
#include "run_cases.h"

/* ---- Right values ---- */

static const struct {
  const char *claim;
  planting how;
} right[] = {
    {"gradient-rank-one", {0}},
    {"step-scaling", {0}},
    {"weight-spike", {0}},
    {"weight-alignment", {0}},
    {"kernel-spike", {0}},
    {"kernel-alignment", {0}},
    {"kernel-spike-steps", {0}},
    {"gaussian-equivalence", {0}},
    {"risk-initial", {0}},
    {"risk-after-step", {0}},
    {"training-error", {0}},
    {"improvement", {0}},
    {"improvement-monotone", {0}},
    {"improvement-wide", {.spread = 0.3}}, /* 1/psi2 and 1/psi2^2 are all its fit knows */
    {"kernel-lower-bound", {0}},
    {"linear-regime", {0}},
    {"several-steps", {0}},
    {"optimum", {0}},
    {"good-student", {0}},
    {"large-step-bound", {0}},
    {"below-tau", {0}},
    {"beyond-kernels", {0}},
    {"weight-bulk", {0}},
    {"kernel-spectrum", {0}},
    {"spiked-features", {0}},
    {"any-step-risk", {0}},
    {"any-step-training", {0}},
    {"constant-readout", {0}},
    {"any-activation-risk", {0}},
    {"any-activation-training", {0}},
    {"staircase-risk", {0}},
    {"norm-direction", {0}},
    {"small-step-limit", {0}},
    {"first-batch-anisotropy", {0}},
    {"large-step-rate", {0}},
    {"staircase", {.wrong = at_root_the_limit}},
    {"kernel-risks", {0}},
    {"risk-beside-the-bound", {0}},
    {"effective-ridge", {.spread = 0.01}},
    {"ridgeless", {0}},
    {"predictor-parts", {0}},
    {"features-edge", {0}},
    {"leverage", {.spread = 0.001}},
    {"constant-readout-equivalence", {.wrong = equivalent_has_signs}},
    {"spiked-features-cui", {0}},
    {"same-batch-risk", {0}},
    {"same-batch-training", {0}},
    {"overlap", {0}},
    {"same-batch-sign", {0}},
    {"gcv-after-a-step", {0}},
    {"reuse-beats-splitting", {0}},
    {"two-step-outliers", {0}},
    {"two-step-alignment", {0}},
    {"two-step-bulk", {.spread = 0.01}},
    {"own-term", {0}},
    {"batch-reuse", {0}},
    {"outlier-count", {0}},
    {"second-step-gain", {.wrong = gains_as_stated}},
    {"universality-holds", {0}},
    {"universality-stops", {.wrong = laws_differ}},
    {"universality-norms", {.wrong = no_norms}},
    {"student-slope", {0}},
    {"between-exponents", {0}},
};

START_TEST(right_values_agree)
{
  plim_claim_result result = planted_result(right[_i].claim, &right[_i].how);
  for (size_t i = 0; i < result.count; i++) {
    const plim_finding *finding = &result.findings[i];
    ck_assert_msg(finding->relation == PLIM_REPORTED || finding->judgement.verdict == PLIM_AGREE,
                  "%s: %s is %g, predicted %g", right[_i].claim, finding->what, finding->fit.limit,
                  finding->predicted.value);
  }
  plim_claim_result_free(&result);
}
END_TEST

/* Where the sizes do not follow the declared powers of d, a finding leaves one out or is given a larger one: all that
   have a ladder say what theirs can do without. */
static void ladders_are_noted(const plimi_claim_run *run)
{
  for (size_t i = 0; i < run->result.count; i++) {
    const plim_finding *finding = &run->result.findings[i];
    ck_assert_msg(finding->ladder.count == 0 || run->traits[i].spare != PLIMI_NO_LADDER, "%s: %s",
                  run->claim->info.name, finding->what);
    ck_assert_msg(finding->ladder.count == 0 || run->traits[i].uses != 0, "%s: %s", run->claim->info.name,
                  finding->what);
  }
}

START_TEST(ladders_can_be_mended)
{
  planted_run(right[_i].claim, &right[_i].how, ladders_are_noted);
}
END_TEST

/* ---- A limit without a value ---- */

static void check_verdicts(const char *claim, const plim_claim_result *now, const plim_claim_result *before,
                           unsigned long k)
{
  ck_assert_msg(now->count == before->count, "%s: limit %lu", claim, k);
  for (size_t i = 0; i < now->count; i++)
    ck_assert_msg(now->findings[i].judgement.verdict == before->findings[i].judgement.verdict,
                  "%s: limit %lu: %s", claim, k, now->findings[i].what);
}

/* One of the limits that a claim asks for has no value: that is its status, with nothing in its result, unless it can
   do without (how much of the quantity the step makes; the theory at one of several very large d). */
START_TEST(no_verdict_without_a_limit)
{
  enum { PLACES = 4 };
  planting how = right[_i].how;
  how.aside = limit_memo_aside;
  if (!limit_memo_refuse(0))
    return;
  plim_claim_result before = planted_result(right[_i].claim, &how);
  const unsigned long asked = limit_memo_asked();
  for (unsigned long i = 0; i < PLACES && asked > 0; i++) {
    const unsigned long k = 1 + (2 * i + 1) * asked / (2 * PLACES);
    plim_claim_result result = {.findings = NULL};
    limit_memo_refuse(k);
    const plim_status status = planted_status(right[_i].claim, &how, &result);
    if (status == PLIM_OK) {
      check_verdicts(right[_i].claim, &result, &before, k);
    } else {
      ck_assert_msg(status == PLIM_NOT_CONVERGED && result.findings == NULL, "%s: limit %lu of %lu: %s",
                    right[_i].claim, k, asked, plim_status_name(status));
    }
    plim_claim_result_free(&result);
  }
  limit_memo_refuse(0);
  plim_claim_result_free(&before);
}
END_TEST

START_TEST(every_claim_is_looked_at)
{
  ck_assert_uint_eq(PLIMI_COUNT(right), plim_claim_count());
  for (size_t claim = 0; claim < plim_claim_count(); claim++) {
    size_t found = 0;
    for (size_t i = 0; i < PLIMI_COUNT(right); i++)
      found += strcmp(right[i].claim, plim_claim_describe(claim)->name) == 0;
    ck_assert_msg(found == 1, "%s", plim_claim_describe(claim)->name);
  }
}
END_TEST

/* ---- Wrong values ---- */

/* Findings that must turn red: of all called so at least one. */
enum { MOST_RED = 4 };
static const struct {
  const char *claim, *red[MOST_RED];
  planting how;
} wrong[] = {
    {"gradient-rank-one", {"|sqrt(N) G0|_op"}, {.wrong = ratios_exchanged}},
    {"gradient-rank-one", {"exponent of |G0 - A|_op/|G0|_op"}, {.power = -0.5}},
    {"step-scaling", {"|W1 - W0|_F/|W0|_F"}, {.wrong = ratios_exchanged}},
    {"step-scaling", {"exponent in operator norm", "exponent in Frobenius norm"}, {.power = 0.5}},
    {"weight-spike", {"s1 above the threshold"}, {.wrong = half_the_step}},
    {"weight-spike", {"s1 above the threshold"}, {.wrong = no_part_across}},
    {"weight-spike", {"s1 below: the edge"}, {.wrong = ratios_exchanged}},
    {"weight-alignment", {"<u1,beta*>^2 above", "<v1,a>^2/|a|^2 above"}, {.wrong = overlaps_exchanged}},
    {"weight-alignment", {"eta at the threshold"}, {.excess = 0.1}},
    {"kernel-spike", {"top eigenvalue above"}, {.wrong = ratios_exchanged}},
    {"kernel-alignment", {"(u'Xt beta*)^2/n above"}, {.wrong = ratios_exchanged}},
    {"kernel-spike-steps",
     {"top eigenvalue after two steps on one batch, less after one",
      "top eigenvalue after three steps on fresh batches, less after one < 0"},
     {.wrong = inverse_step}},
    {"gaussian-equivalence",
     {"R1, real less equivalent", "T1, real less equivalent"},
     {.wrong = equivalent_are_noisy}},
    {"risk-initial", {"R0"}, {.wrong = ratios_exchanged}},
    {"risk-after-step", {"R1"}, {.wrong = half_the_step}},
    {"training-error", {"T0", "T1"}, {.wrong = ratios_exchanged}},
    {"improvement", {"R0 - R1"}, {.wrong = ratios_exchanged}},
    {"improvement", {"R0 - R1 > 0"}, {.wrong = risk_raised}},
    {"improvement-monotone",
     {"R1 less R1 at twice the step", "R1 less R1 at twice the step, psi1 -> inf"},
     {.wrong = inverse_step}},
    {"improvement-wide", {"R0 - R1, psi2 -> inf"}, {.wrong = ratios_exchanged}},
    {"kernel-lower-bound", {"R0 at any penalty"}, {.excess = -0.5}},
    {"kernel-lower-bound", {"R_lin, psi1 -> inf: reached"}, {.excess = 0.05}},
    {"linear-regime", {"R1 >= mu2*^2"}, {.excess = -0.3}},
    {"several-steps",
     {"R1, same batch, less R1 of one step of the sum", "R1, fresh batches, less R1 of one step on them all"},
     {.wrong = one_step}},
    {"several-steps", {"s1, fresh batches", "s1, fresh batches, steps of two sizes"}, {.wrong = same_batch}},
    {"optimum", {"R0 at half the best penalty, less the best"}, {.wrong = penalty_doubled}},
    {"optimum", {"R1 at twice less at half the best penalty"}, {.wrong = ratios_exchanged}},
    {"good-student", {"student's risk", "student's risk, psi1 -> inf: tau*"}, {.excess = 0.15}},
    {"large-step-bound", {"slope of log R1 in log n/d"}, {.wrong = small_step}},
    {"below-tau",
     {"R1", "R1 below tau*", "R1 below 10 tau*", "R1, psi1 -> inf: 0, not tau*"},
     {.wrong = small_step}},
    {"below-tau", {"R1", "R1, psi1 -> inf: 0, not tau*"}, {.wrong = risk_levels_off}},
    {"beyond-kernels", {"R1 below mu2*^2"}, {.wrong = small_step}},
    {"weight-bulk", {"distance from the limit"}, {.excess = 0.1}},
    {"weight-bulk", {"smallest value: the lower edge"}, {.excess = -0.2}},
    {"staircase",
     {"first direction over its prediction at the same d", "second direction, squared, over n N"},
     {.wrong = ratios_exchanged, .excess = 0.05}},
    {"staircase",
     {"second direction: exponent of its growth in N",
      "replicas with other than 2 directions, at 3 of 3 sizes"},
     {.wrong = nothing_counted, .power = 0.1}},
    {"spiked-features", {"R_srf", "T_srf"}, {.excess = 0.03}},
    {"any-step-risk", {"R"}, {.excess = 0.03}},
    {"any-step-training", {"T"}, {.excess = 0.03}},
    {"constant-readout", {"R, a constant"}, {.excess = 0.03}},
    {"any-activation-risk", {"R"}, {.excess = 0.08}},
    {"any-activation-training", {"T"}, {.excess = 0.08}},
    {"staircase-risk", {"R, l = 1", "R, l = 2", "T, l = 1", "T, l = 2"}, {.excess = 0.08}},
    {"norm-direction", {"R", "T"}, {.excess = 0.05}},
    {"small-step-limit", {"R, eta fixed", "T, eta fixed"}, {.excess = 0.03}},
    {"large-step-rate", {"R over its prediction at the same d"}, {.excess = 0.2}},
    {"kernel-risks", {"R_lin"}, {.wrong = ratios_exchanged}},
    {"kernel-risks", {"R_NTK less R_lin at its penalty"}, {.wrong = tangent_without_ratio}},
    {"kernel-risks",
     {"R_inner less R_lin at its penalty", "R_dist less R_lin at its penalty"},
     {.wrong = kernels_exchanged}},
    {"risk-beside-the-bound", {"R near mu2*^2", "R far below mu2*^2"}, {.wrong = risk_without_step}},
    {"risk-beside-the-bound", {"R far below mu2*^2"}, {.excess = 0.2}},
    {"effective-ridge", {"kappa", "gamma"}, {.wrong = ratios_exchanged}},
    {"ridgeless", {"T0, least squares", "R_lin, least squares"}, {.excess = 0.05}},
    {"ridgeless", {"kappa, interpolation", "gamma, interpolation"}, {.wrong = small_penalty}},
    {"ridgeless", {"R0, least squares", "R0, interpolation"}, {.wrong = ratios_exchanged}},
    {"predictor-parts", {"p", "a'ahat over its prediction at the same d"}, {.excess = 0.08}},
    {"predictor-parts", {"tau"}, {.wrong = p_for_tau}},
    {"features-edge",
     {"largest singular value at W0 over its prediction at the same d"},
     {.wrong = one_ratio_for_both}},
    {"leverage", {"n/tr (1 - H) - 1 over E V at the same d"}, {.wrong = ratios_exchanged, .spread = 0.001}},
    {"constant-readout-equivalence", {"R1 of the network less R1 of its equivalent"}, {0}},
    {"spiked-features-cui", {"R_srf, alpha 0.8", "R_srf, alpha 3.2"}, {.wrong = one_size_for_both}},
    {"same-batch-risk", {"R1"}, {.wrong = fresh_ridge}},
    {"same-batch-training", {"T1"}, {.wrong = fresh_ridge}},
    {"overlap", {"R1", "T1"}, {.wrong = fresh_ridge}},
    {"same-batch-sign", {"R0 - R1, same batch", "R1 - R0 > 0, same batch"}, {.wrong = fresh_ridge}},
    {"gcv-after-a-step", {"GCV, same batch"}, {.wrong = fresh_ridge}},
    {"reuse-beats-splitting", {"R1, all three parts used twice"}, {.wrong = ratios_exchanged}},
    {"outlier-count", {"replicas with other than 2 outliers"}, {.wrong = second_step_weak}},
    {"second-step-gain",
     {"R1 - R2 > 0.1, same batch", "R2(fresh) - R2(same) > 0", "R1 - R2 < 0, same batch"},
     {.wrong = gains_reversed}},
    {"universality-holds",
     {"R0, rademacher inputs", "R0, sphere inputs", "R1, uniform less gaussian",
      "R1, student:9 less gaussian"},
     {.wrong = noisy_beyond_gaussian}},
    {"universality-stops",
     {"R0, gaussian less ar1:0.7, above 4 %", "R1, gaussian less ar1:0.7, above 4 %",
      "R0, student-joint:9 less gaussian, above 4 %", "R1, student-joint:9 less gaussian, above 4 %"},
     {0}},
    {"universality-norms",
     {"R1, gaussian less rademacher, above 4 %", "R1, gaussian less sphere, above 4 %",
      "R1, rademacher: no mode along |x|^2", "R1, sphere: no mode along |x|^2"},
     {0}},
    {"student-slope", {"student's slope", "student's slope, odd sigma"}, {.wrong = slope_of_all_samples}},
    {"student-slope", {"student's slope, psi1 -> inf: k*"}, {.excess = 0.12}},
    {"between-exponents",
     {"R, alpha = 1/8", "R, alpha = 3/8", "T, alpha = 1/4", "T, alpha = 3/8"},
     {.excess = 0.12}},
};

static bool is_red(const plim_claim_result *result, const char *what)
{
  for (size_t i = 0; i < result->count; i++) {
    const plim_finding *finding = &result->findings[i];
    if (finding->relation != PLIM_REPORTED && finding->judgement.verdict == PLIM_DISAGREE &&
        strcmp(finding->what, what) == 0)
      return true;
  }
  return false;
}

START_TEST(wrong_values_disagree)
{
  plim_claim_result result = planted_result(wrong[_i].claim, &wrong[_i].how);
  for (size_t i = 0; i < MOST_RED && wrong[_i].red[i] != NULL; i++)
    ck_assert_msg(is_red(&result, wrong[_i].red[i]), "%s: '%s'", wrong[_i].claim, wrong[_i].red[i]);
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_DISAGREE);
  plim_claim_result_free(&result);
}
END_TEST

START_TEST(missing_level_does_not_agree)
{
  const planting how = {.wrong = limit_at_every_size};
  plim_claim_result result = planted_result("large-step-rate", &how);
  ck_assert_int_ne(plim_claim_verdict(&result), PLIM_AGREE);
  plim_claim_result_free(&result);
}
END_TEST

/* A real step as isotropic as the model is below the difference predicted, and not above 0. */
START_TEST(isotropic_step_is_told_apart)
{
  const planting how = {.wrong = spiked_for_real};
  plim_claim_result result = planted_result("first-batch-anisotropy", &how);
  ck_assert_int_eq(plim_claim_verdict(&result), PLIM_DISAGREE);
  for (size_t i = 0; i < result.count; i++)
    ck_assert_msg(result.findings[i].judgement.verdict != PLIM_AGREE, "%s", result.findings[i].what);
  plim_claim_result_free(&result);
}
END_TEST

/* Does the row compare with the limit of what it measures, the theory's own drift taken off? */
static bool compares_with_limit(const plimi_row *row)
{
  return row->less_drift && !row->never_near && row->by == PLIMI_BY_ITSELF && row->relation == PLIM_EQUALS;
}

/* What is planted is the theory at each finite d, and the limit is wrong: it must not be wrong on both sides. */
START_TEST(wrong_limit_alone_is_seen)
{
  static const double excess = 0.3, seen = 0.2; /* of the prediction */
  const planting how = {0};
  const plimi_claim *claim = plimi_claim_at((size_t)_i, NULL);
  size_t compared = 0, number = 0;
  for (size_t r = 0; r < claim->n_rows; r++)
    compared += compares_with_limit(&claim->rows[r]);
  if (compared == 0 || !limit_memo_spoil(PLIM_QUANTITY_COUNT, excess))
    return;
  plim_claim_result result = planted_result(claim->info.name, &how);
  for (size_t r = 0; r < claim->n_rows; r++) {
    const plimi_row *row = &claim->rows[r];
    if (plimi_ladder_sizes(&claim->experiments[row->of.experiment], how.tier) == 0)
      continue; /* the full tier's */
    const plim_finding *finding = &result.findings[number++];
    const double predicted = finding->predicted.value;
    ck_assert_str_eq(finding->what, row->what);
    if (compares_with_limit(row))
      ck_assert_msg(fabs(finding->fit.limit - predicted) >= seen * fabs(predicted),
                    "%s: %s is %g, predicted %g", claim->info.name, row->what, finding->fit.limit, predicted);
  }
  plim_claim_result_free(&result);
  limit_memo_spoil(PLIM_QUANTITY_COUNT, 0.0);
}
END_TEST

/* The good student's risk tends to tau*, and to no other number. */
START_TEST(wrong_bound_of_the_student_is_seen)
{
  const planting how = {0};
  if (!limit_memo_spoil(PLIM_TAU_STAR, 0.3))
    return;
  plim_claim_result result = planted_result("good-student", &how);
  ck_assert(is_red(&result, "student's risk, psi1 -> inf: tau*"));
  plim_claim_result_free(&result);
  limit_memo_spoil(PLIM_TAU_STAR, 0.0);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  limit_memo_open();
  TCase *all = tcase_create("planted");
  tcase_set_timeout(all, 0);
  tcase_add_test(all, every_claim_is_looked_at);
  tcase_add_loop_test(all, right_values_agree, 0, (int)PLIMI_COUNT(right));
  tcase_add_loop_test(all, ladders_can_be_mended, 0, (int)PLIMI_COUNT(right));
  tcase_add_loop_test(all, no_verdict_without_a_limit, 0, (int)PLIMI_COUNT(right));
  tcase_add_loop_test(all, wrong_values_disagree, 0, (int)PLIMI_COUNT(wrong));
  tcase_add_loop_test(all, wrong_limit_alone_is_seen, 0, (int)plim_claim_count());
  tcase_add_test(all, wrong_bound_of_the_student_is_seen);
  tcase_add_test(all, missing_level_does_not_agree);
  tcase_add_test(all, isotropic_step_is_told_apart);
  return run_cases("planted_claims", 2, (TCase *[]){all, claim_findings()});
}
