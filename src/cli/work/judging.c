/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judging.c - what plim judge does with a table: the statement, the cases, their fits and verdicts. */
#include "config.h"

#include "judging.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foresight.h"
#include "plim_looks.h"

static const double usual_power = 0.9; /* of what would settle an UNDECIDED verdict */

/* ---- The statement ------------------------------------------------------------------------------------- */

static int choose_basis(plimi_judging *judging)
{
  const plimi_settings *s = judging->settings;
  const struct {
    bool given;
    const char *option;
    plimi_basis basis;
  } ways[] = {{s->predicted.count > 0, "predicted", PLIMI_BY_NUMBER},
              {s->formula != NULL, "predicted-expr", PLIMI_BY_FORMULA},
              {s->against.all || s->against.count > 0, "against", PLIMI_BY_LIMIT},
              {s->exponent.count > 0, "exponent", PLIMI_BY_EXPONENT},
              {s->compared != NULL, "compare", PLIMI_BY_PAIR},
              {s->increasing != NULL, "increasing", PLIMI_BY_ORDER},
              {s->decreasing != NULL, "decreasing", PLIMI_BY_ORDER}};
  const char *first = NULL;
  judging->basis = PLIMI_BY_COLUMN;
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    if (!ways[i].given)
      continue;
    if (first != NULL) {
      plimi_complain("--%s and --%s are two statements; give one", first, ways[i].option);
      return PLIM_EXIT_USAGE;
    }
    first = ways[i].option;
    judging->basis = ways[i].basis;
  }
  return PLIM_EXIT_DONE;
}

static int choose_relation(plimi_judging *judging)
{
  const plimi_settings *s = judging->settings;
  judging->relation = s->relation.values[0];
  if (s->bound.count > 0) {
    const unsigned bound =
        s->bound.values[0] == PLIMI_BOUND_LOWER ? PLIMI_RELATION_AT_LEAST : PLIMI_RELATION_AT_MOST;
    if (judging->relation != PLIMI_RELATION_EQUAL && judging->relation != bound) {
      plimi_complain("--bound contradicts --relation; give one of them");
      return PLIM_EXIT_USAGE;
    }
    judging->relation = bound;
  }
  if (judging->basis != PLIMI_BY_ORDER)
    return PLIM_EXIT_DONE;
  if (judging->relation != PLIMI_RELATION_EQUAL) {
    plimi_complain("--%s is a relation of its own; drop --relation and --bound",
                   s->increasing != NULL ? "increasing" : "decreasing");
    return PLIM_EXIT_USAGE;
  }
  judging->relation = PLIMI_RELATION_AT_LEAST; /* the next over the one before */
  return PLIM_EXIT_DONE;
}

int plimi_judging_begin(plimi_judging *judging, const plimi_settings *settings)
{
  *judging = (plimi_judging){.settings = settings, .criterion = plim_criterion_default()};
  judging->criterion.relative_margin = settings->margin.values[0];
  judging->criterion.absolute_margin = settings->absolute_margin.values[0];
  judging->criterion.level = settings->level.values[0];
  int status = choose_basis(judging);
  if (status == PLIM_EXIT_DONE)
    status = choose_relation(judging);
  if (status == PLIM_EXIT_DONE && judging->basis == PLIMI_BY_EXPONENT &&
      settings->rates.count >= PLIM_MOST_TERMS) {
    plimi_complain("--rate: with --exponent at most %d powers are fitted", PLIM_MOST_TERMS - 1);
    status = PLIM_EXIT_USAGE;
  }
  return status;
}

/* ---- Cases --------------------------------------------------------------------------------------------- */

static int check_sizes(const plimi_judging *judging)
{
  double rates[PLIM_MOST_TERMS];
  for (size_t i = 0; i < judging->count; i++) {
    const plimi_case *c = &judging->cases[i];
    const size_t terms = plimi_judging_rates(judging, c->quantity, rates);
    const size_t least = terms + (judging->basis == PLIMI_BY_EXPONENT ? 3 : 2);
    if (c->count >= least)
      continue;
    plimi_message sizes = {.text = ""};
    for (size_t k = 0; k < c->count; k++)
      plimi_message_add(&sizes, "%s%.15g", k > 0 ? ", " : "", c->seen[k].d);
    plimi_complain(
        "%s:%zu: column d: the group of this row has %zu size%s (%s); a verdict takes %zu or more: limits "
        "are approached with a bias (a column that is no key belongs into --ignore)",
        judging->seen->name, c->line, c->count, c->count == 1 ? "" : "s", sizes.text, least);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

int plimi_judging_take(plimi_judging *judging, const plimi_observations *seen)
{
  judging->seen = seen;
  const bool has_column = plimi_layout_has(&seen->layout, PLIMI_ROLE_PREDICTED);
  if (judging->basis == PLIMI_BY_COLUMN && !has_column) {
    plimi_complain(
        "%s has no column predicted; give --predicted, --predicted-expr or --against, or one of --exponent, "
        "--compare, --increasing, --decreasing",
        seen->name);
    return PLIM_EXIT_USAGE;
  }
  if (has_column && judging->basis > PLIMI_BY_COLUMN && judging->basis <= PLIMI_BY_LIMIT) {
    plimi_complain(
        "%s has a column predicted, so there are two predictions; --ignore predicted leaves it aside",
        seen->name);
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_cases_begin(judging);
  if (status == PLIM_EXIT_DONE && judging->basis >= PLIMI_BY_PAIR)
    status = plimi_pair(judging);
  for (size_t i = 0; i < seen->count && judging->basis < PLIMI_BY_PAIR && status == PLIM_EXIT_DONE; i++)
    status = plimi_predict(judging, &seen->series[i]);
  return status == PLIM_EXIT_DONE ? check_sizes(judging) : status;
}

/* ---- Verdicts ------------------------------------------------------------------------------------------ */

static void withhold(plimi_case *c, const char *reason)
{
  snprintf(c->judged.reason, sizeof c->judged.reason, "%s", reason);
}

static void judge(plimi_judging *judging, plimi_case *c)
{
  plimi_judged *judged = &c->judged;
  if (judged->reason[0] != '\0')
    return;
  const plim_status status = plimi_heed_memory(plimi_judging_fit(judging, c, c->rungs, &judged->fit));
  judged->fitted = status == PLIM_OK;
  if (!judged->fitted) {
    withhold(c, status == PLIM_OUTSIDE_DOMAIN ? "the values have no common sign, or an error is above a "
                                                "fifth of its value: no logarithm of them"
                                              : "the sizes or the errors allow no fit");
    return;
  }
  plim_criterion criterion = judging->criterion;
  criterion.absolute_margin += criterion.relative_margin * c->scale;
  criterion.relative_margin = 0.0;
  const bool is_equal = judging->relation == PLIMI_RELATION_EQUAL;
  if (is_equal && criterion.absolute_margin <= 0.0) {
    withhold(c, "the margin is 0; give --absolute-margin");
    return;
  }
  const plimi_ladder_design design = {.quantity = c->quantity,
                                      .asked = &c->asked,
                                      .drawn = c->drawn,
                                      .rungs = c->rungs,
                                      .count = c->count,
                                      .limit = c->predicted,
                                      .margin = criterion.absolute_margin};
  if (c->drawn != NULL &&
      plimi_foresees_bias(judging->theory, &design, judged->reason, sizeof judged->reason))
    return;
  const plim_bound side =
      judging->relation == PLIMI_RELATION_AT_LEAST ? PLIM_LOWER_BOUND_OF : PLIM_UPPER_BOUND_OF;
  judged->judged =
      plimi_heed_memory(is_equal ? plim_judge(&judged->fit, &c->predicted, &criterion, &judged->judgement)
                                 : plim_judge_bound(&judged->fit, &c->predicted, side, &criterion,
                                                    &judged->judgement)) == PLIM_OK;
  if (!judged->judged)
    withhold(c, "the judge refused the numbers");
}

/* Holm over all, and by how much the replicas of what is UNDECIDED would have to grow. */
static void judge_family(plimi_judging *judging)
{
  plim_judgement *family = plimi_allocate(judging->count, sizeof *family);
  size_t members = 0, member = 0;
  for (size_t i = 0; i < judging->count; i++)
    if (judging->cases[i].judged.judged)
      family[members++] = judging->cases[i].judged.judgement;
  const bool judged =
      members > 0 && plimi_heed_memory(plim_judge_family(family, members, &judging->criterion)) == PLIM_OK;
  for (size_t i = 0; i < judging->count; i++) {
    plimi_judged *one = &judging->cases[i].judged;
    if (!one->judged)
      continue;
    one->judged = judged;
    one->judgement = family[member++];
    if (!judged)
      withhold(&judging->cases[i], "the judge refused the numbers");
    const bool misfits = one->judgement.fit_p < judging->criterion.fit_level;
    if (one->judgement.verdict == PLIM_UNDECIDED)
      one->growth = misfits ? INFINITY
                            : plim_growth_needed(&one->judgement, judging->criterion.level / (double)members,
                                                 usual_power);
  }
  free(family);
}

void plimi_judging_run(plimi_judging *judging)
{
  for (size_t i = 0; i < judging->count; i++)
    judge(judging, &judging->cases[i]);
  judge_family(judging);
}

void plimi_judging_free(plimi_judging *judging)
{
  for (size_t i = 0; i < judging->count; i++) {
    free(judging->cases[i].seen);
    free(judging->cases[i].rungs);
    free(judging->cases[i].drawn);
  }
  for (size_t i = 0; i < judging->cell_count; i++)
    free(judging->cells[i]);
  for (size_t i = 0; i < judging->text_count; i++)
    free(judging->texts[i]);
  for (size_t i = 0; i < judging->activation_count; i++) {
    plim_activation_free(judging->activations[i]);
    free(judging->activation_names[i]);
  }
  free(judging->cases);
  free(judging->cells);
  free(judging->texts);
  free(judging->activations);
  for (size_t i = 0; i < judging->law_count; i++)
    free(judging->laws[i]);
  free(judging->laws);
  free(judging->activation_names);
  free(judging->further_keys);
  free((void *)judging->further.names);
  plim_formula_free(judging->formula);
  plim_theory_free(judging->theory);
}
