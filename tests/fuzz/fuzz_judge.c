/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_judge.c - a ladder of any numbers, fitted and judged: VALUE ERROR RELATIVE ABSOLUTE LEVEL FIT_LEVEL RATE, a
   second rate or 0, then D VALUE ERROR REPLICAS of each rung. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "fuzz.h"

enum { MOST_RUNGS = 8 };

static void check_fit(const plim_extrapolation *fit)
{
  REQUIRE(isfinite(fit->limit) && isfinite(fit->limit_error) && fit->limit_error >= 0.0);
  REQUIRE(isfinite(fit->drift_at_last) && fit->degrees > 0.0);
  REQUIRE(fit->fit_p >= 0.0 && fit->fit_p <= 1.0);
}

static void check_judgement(const plim_judgement *j)
{
  REQUIRE(plim_verdict_name(j->verdict) != NULL);
  REQUIRE(j->p_agree >= 0.0 && j->p_agree <= 1.0 && j->p_disagree >= 0.0 && j->p_disagree <= 1.0);
  REQUIRE(j->ci_low <= j->ci_high && j->margin >= 0.0);
}

static void judge(const plim_extrapolation *fit, const plim_value *predicted, const plim_criterion *criterion)
{
  plim_judgement family[3];
  if (plim_judge(fit, predicted, criterion, &family[0]) != PLIM_OK ||
      plim_judge_bound(fit, predicted, PLIM_LOWER_BOUND_OF, criterion, &family[1]) != PLIM_OK ||
      plim_judge_bound(fit, predicted, PLIM_UPPER_BOUND_OF, criterion, &family[2]) != PLIM_OK)
    return;
  for (int i = 0; i < 3; i++)
    check_judgement(&family[i]);
  const plim_verdict alone = family[0].verdict;
  if (plim_judge_family(family, 3, criterion) != PLIM_OK)
    return;
  for (int i = 0; i < 3; i++)
    check_judgement(&family[i]);
  REQUIRE(family[0].verdict == alone ||
          family[0].verdict == PLIM_UNDECIDED); /* the correction only takes away */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *rest = text;
  plim_rung rungs[MOST_RUNGS];
  plim_extrapolation fit;
  plim_value predicted;
  plim_criterion criterion;
  double rates[2], samples[MOST_RUNGS];
  size_t count = 0;
  predicted.value = fuzz_number(&rest);
  predicted.error = fuzz_number(&rest);
  criterion.relative_margin = fuzz_number(&rest);
  criterion.absolute_margin = fuzz_number(&rest);
  criterion.level = fuzz_number(&rest);
  criterion.fit_level = fuzz_number(&rest);
  rates[0] = fuzz_number(&rest);
  rates[1] = fuzz_number(&rest);
  for (; count < MOST_RUNGS && *rest != '\0'; count++) {
    rungs[count].d = fuzz_number(&rest);
    rungs[count].value = samples[count] = fuzz_number(&rest);
    rungs[count].error = fuzz_number(&rest);
    rungs[count].replicas = (size_t)fabs(fmin(fmax(fuzz_number(&rest), 0.0), 1e18));
  }
  if (plim_extrapolate_terms(rungs, count, rates, rates[1] != 0.0 ? 2 : 1, &fit) == PLIM_OK) {
    check_fit(&fit);
    judge(&fit, &predicted, &criterion);
  }
  plim_estimate estimate;
  if (plim_estimate_from_samples(samples, 1, count, &estimate) == PLIM_OK)
    REQUIRE(isfinite(estimate.mean) && (count == 1 || estimate.error >= 0.0));
  free(text);
  return 0;
}
