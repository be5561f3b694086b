/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c - a verdict in words that can be put into a paper. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "verified.h"
#include "writers.h"

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

/* `text` into `size` bytes, cut where it is too long, but never within a character. */
static void copy_whole(char *to, size_t size, const char *text)
{
  size_t length = 0, next;
  while (text[length] != '\0' && (next = plimi_utf8_length(text + length)) > 0 && length + next < size)
    length += next;
  memcpy(to, text, length);
  to[length] = '\0';
}

/* The parameters that say which verdict it is, as far as there is room. */
static void point_of(const plimi_judged *judged, const plimi_further *further, char *point)
{
  static const plimi_column told[] = {
      PLIMI_ACTIVATION,   PLIMI_TEACHER, PLIMI_PSI1,    PLIMI_PSI2,  PLIMI_LAMBDA, PLIMI_ETA,
      PLIMI_ETA_EXPONENT, PLIMI_NOISE,   PLIMI_READOUT, PLIMI_STEPS, PLIMI_BATCH,  PLIMI_FURTHER_PARAMETERS};
  plimi_short_text scratch;
  plimi_message text = {.text = ""};
  for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
    const plimi_cell *cell = &judged->row.cells[told[i]];
    const bool usual =
        plimi_row_is_usual(&judged->row, told[i]) ||
        (told[i] == PLIMI_ETA_EXPONENT && cell->kind == PLIMI_CELL_NUMBER && !(cell->is.number > 0.0));
    if (cell->kind != PLIMI_CELL_EMPTY && !usual)
      plimi_message_add(&text, "%s%s %s", text.text[0] != '\0' ? ", " : "", plimi_column_name(told[i]),
                        plimi_cell_text(cell, &scratch));
  }
  for (size_t k = 0; k < further->count; k++)
    plimi_message_add(&text, "%s%s %s", text.text[0] != '\0' ? ", " : "", further->names[k],
                      plimi_cell_text(&judged->row.further[k], &scratch));
  copy_whole(point, PLIM_FINDING_POINT, text.text[0] != '\0' ? text.text : "one group");
}

static plim_relation relation_of(const char *symbol)
{
  for (plim_relation relation = PLIM_EQUALS; symbol != NULL && relation < PLIM_RELATION_COUNT; relation++)
    if (strcmp(plim_relation_symbol(relation), symbol) == 0)
      return relation;
  return PLIM_EQUALS;
}

void plimi_judged_words(const plimi_judged *judged, const plimi_further *further, double level,
                        plimi_message *words)
{
  const plimi_cell *quantity = &judged->row.cells[PLIMI_QUANTITY];
  plim_finding finding = {.relation = relation_of(judged->relation),
                          .predicted = judged->predicted,
                          .fit = judged->fit,
                          .judgement = judged->judgement,
                          .effect = judged->effect,
                          .growth = isfinite(judged->growth) ? judged->growth : NAN};
  copy_whole(finding.what, sizeof finding.what,
             quantity->kind == PLIMI_CELL_TEXT ? quantity->is.text : "the value");
  point_of(judged, further, finding.point);
  for (size_t k = 0; k < judged->rung_count; k++) {
    const size_t d = (size_t)fmin(judged->rungs[k].d, 9e15);
    finding.d_min = k == 0 || d < finding.d_min ? d : finding.d_min;
    finding.d_max = d > finding.d_max ? d : finding.d_max;
  }
  if (judged->judged)
    plimi_finding_words(&finding, level, words);
  else
    plimi_message_set(words, "%s (%s): the verdict is withheld: %s.", finding.what, finding.point,
                      judged->reason);
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
