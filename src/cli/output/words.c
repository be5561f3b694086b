/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c - a verdict in words that can be put into a paper. */
#include "config.h"

#include <math.h>

#include "output.h"
#include "verified.h"

static void add_relation(const plim_finding *finding, plimi_message *words)
{
  const plim_judgement *j = &finding->judgement;
  const double predicted = finding->predicted.value;
  switch (finding->relation) {
  case PLIM_AT_LEAST:
    plimi_message_add(words, "at least %.5g", predicted);
    break;
  case PLIM_AT_MOST:
    plimi_message_add(words, "at most %.5g", predicted);
    break;
  default:
    plimi_message_add(words, "%.5g", predicted);
  }
  if (j->margin > 0.0)
    plimi_message_add(words, " to within %.2g", j->margin);
}

/* "2.1 times the replicas" */
static void add_need(const plim_finding *finding, plimi_message *words)
{
  if (finding->judgement.fit_p < plim_criterion_default().fit_level)
    plimi_message_add(words, "%s",
                      ": the values at finite d do not follow the declared power of d (lack of fit)");
  else if (finding->growth < 1.0)
    plimi_message_add(
        words, "%s",
        ": there are replicas enough for a right prediction, so that the limit is likely to lie near the "
        "edge of the margin");
  else if (isfinite(finding->growth))
    plimi_message_add(words, ": %.3g times the replicas would settle it if the prediction is right",
                      finding->growth);
}

void plimi_finding_words(const plim_finding *finding, double level, plimi_message *words)
{
  const plim_judgement *j = &finding->judgement;
  plimi_message_set(words, "%s (%s) extrapolates to %.5g", finding->what, finding->point, finding->fit.limit);
  if (isfinite(j->ci_low) && isfinite(j->ci_high))
    plimi_message_add(words, " (%.4g %% interval %.5g to %.5g",
                      100.0 * (1.0 - 2.0 * level * (1.0 - j->reserved)), j->ci_low, j->ci_high);
  else
    plimi_message_add(words, " (standard error %.2g", j->monte_carlo_error);
  if (finding->d_max > 0)
    plimi_message_add(words, ", d = %zu to %zu", finding->d_min, finding->d_max);
  plimi_message_add(words, "%s", ")");
  if (finding->relation == PLIM_REPORTED) {
    plimi_message_add(words, "%s", "; nothing is claimed of it.");
    return;
  }
  static const char *const says[] = {[PLIM_AGREE] = "agrees with",
                                     [PLIM_DISAGREE] = "disagrees with",
                                     [PLIM_UNDECIDED] = "neither confirms nor refutes"};
  plimi_message_add(words, "; this %s the prediction, ", says[j->verdict]);
  add_relation(finding, words);
  plimi_message_add(words, " (chance of any false verdict of its kind in the family at most %.2g %%)",
                    100.0 * level);
  if (j->verdict == PLIM_UNDECIDED)
    add_need(finding, words);
  if (plimi_hides(finding->effect, j->margin))
    plimi_message_add(
        words,
        "; the margin is as wide as what the gradient step changes of it, %.2g, so that a theory "
        "without the step would agree as well",
        fabs(finding->effect));
  plimi_message_add(words, "%s", ".");
}

bool plimi_hides(double effect, double margin)
{
  return fabs(effect) <= margin;
}

double plimi_seconds_needed(const plim_claim_result *result)
{
  double most = 1.0;
  for (size_t k = 0; k < result->count; k++) {
    const plim_finding *finding = &result->findings[k];
    if (finding->relation != PLIM_REPORTED && finding->judgement.verdict == PLIM_UNDECIDED)
      most = fmax(most, isnan(finding->growth) ? INFINITY : finding->growth);
  }
  return (most - 1.0) * result->work;
}
