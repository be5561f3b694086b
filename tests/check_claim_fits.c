/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_claim_fits.c - what claims do to a fit before it is judged, on planted samples (planted_claims.h). */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include "planted_claims.h"
#include "run_cases.h"

/* The worst of six penalties speaks for all: what it rejects alone it rejects for six. */
START_TEST(worst_of_six_is_one_of_six)
{
  const double share = 6.0, relative = 1e-9;
  const planting how = {.excess = -0.28, .spread = 0.3};
  plim_claim_result result = planted_result("kernel-lower-bound", &how);
  size_t seen = 0;
  for (size_t i = 0; i < result.count; i++) {
    const plim_finding *f = &result.findings[i];
    plim_criterion criterion = plim_criterion_default();
    plim_judgement alone;
    if (strstr(f->what, "at any penalty") == NULL)
      continue;
    criterion.relative_margin = criterion.absolute_margin = 0.0;
    ck_assert_int_eq(plim_judge_bound(&f->fit, &f->predicted, PLIM_LOWER_BOUND_OF, &criterion, &alone),
                     PLIM_OK);
    ck_assert_double_eq_tol(f->judgement.p_disagree, fmin(1.0, share * alone.p_disagree),
                            relative * f->judgement.p_disagree);
    ck_assert_double_eq(f->judgement.p_agree, alone.p_agree);
    seen += share * alone.p_disagree < 1.0;
  }
  ck_assert_uint_gt(seen, 0);
  plim_claim_result_free(&result);
}
END_TEST

/* The ladder of softplus/relu is one of N, up to 1024, and not of d, up to 64: what is left of the drift at the largest
   size, beside its coefficient, tells them apart by a factor 6, of which the next power may take 2. */
START_TEST(student_is_fitted_in_neurons)
{
  const double neurons = 1024.0, factor = 2.0;
  const planting how = {.spread = 0.03};
  plim_claim_result result = planted_result("good-student", &how);
  size_t seen = 0;
  for (size_t i = 0; i < result.count; i++) {
    const plim_extrapolation *fit = &result.findings[i].fit;
    if (strcmp(result.findings[i].what, "student's risk") != 0)
      continue;
    const double left = fabs(fit->drift_at_last / fit->drift) / pow(neurons, -2.0 / 3.0);
    ck_assert_double_gt(left, 1.0 / factor);
    ck_assert_double_lt(left, factor);
    seen++;
  }
  ck_assert_uint_eq(seen, 4);
  plim_claim_result_free(&result);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *all = tcase_create("fits");
  tcase_add_test(all, worst_of_six_is_one_of_six);
  tcase_add_test(all, student_is_fitted_in_neurons);
  return run_cases("fits of claims", 1, &all);
}
