/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim_findings.c - every finding of every claim against tests/data/claim_findings.tsv: which numbers are
   judged at all, by which relation, margin and rates, over which sizes. A margin ten times as wide, a finding that
   is only reported or a rate that is not declared would let a wrong formula pass, and nothing else would turn red. */
#include "config.h"

#include "claim_findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planted_claims.h"

/* Margins follow from limits, printed with 7 digits. */
static const double margin_tolerance = 1e-6;

/* The second direction of tanh is a direction in the limit alone. */
static void at_root_the_limit(const plimi_experiment *experiment, plim_problem *problem,
                              plim_quantity *quantity)
{
  (void)experiment, (void)quantity;
  if (problem->eta_exponent == 0.5)
    problem->d = INFINITY;
}

/* A line of tests/data/claim_findings.tsv. */
enum { CLAIM, WHAT, RELATION, MARGIN, RATE, TERMS, RATIO, SIZES, D_MIN, D_MAX, TIER, POINT, CELLS };
typedef struct {
  char text[512];
  const char *cell[CELLS];
} listed;

enum { MOST_LISTED = 400 };
static listed list[MOST_LISTED];
static size_t list_length;

static void read_list(void)
{
  char path[1024];
  const char *top = getenv("srcdir");
  snprintf(path, sizeof path, "%s/tests/data/claim_findings.tsv", top != NULL ? top : ".");
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s", path);
  bool is_header = true;
  while (list_length < MOST_LISTED && fgets(list[list_length].text, sizeof list->text, file) != NULL) {
    listed *line = &list[list_length];
    if (line->text[0] == '#')
      continue;
    char *rest = line->text;
    for (size_t k = 0; k < CELLS; k++)
      line->cell[k] = strsep(&rest, "\t\n");
    ck_assert_msg(line->cell[POINT] != NULL, "a cell is missing in line %zu", list_length + 1);
    list_length += is_header ? 0 : 1;
    is_header = false;
  }
  fclose(file);
  ck_assert_uint_lt(list_length, MOST_LISTED);
}

static double number(const listed *line, int cell)
{
  return strcmp(line->cell[cell], "2/3") == 0 ? 2.0 / 3.0 : strtod(line->cell[cell], NULL);
}

static size_t integer(const listed *line, int cell)
{
  return strtoul(line->cell[cell], NULL, 10);
}

static size_t with_ladder; /* findings, of the claim that is looked at */

/* The ladder that a finding shows is the one that its limit was fitted to. Returns whether it has one. */
static bool fits_its_ladder(const plim_finding *finding, const char *where)
{
  const plim_ladder *ladder = &finding->ladder;
  const plim_rung *fitted = ladder->rungs + ladder->skipped;
  const size_t count = ladder->count - ladder->skipped;
  plim_extrapolation fit;
  size_t terms = 0;
  bool zero = true; /* in every replica: then nothing is fitted */
  for (size_t k = 0; k < ladder->count; k++)
    zero = zero && fitted[k].value == 0.0;
  if (ladder->count == 0 || zero)
    return false;
  while (terms < PLIM_MOST_TERMS && ladder->rates[terms] > 0.0)
    terms++;
  const plim_status status =
      finding->fit.ratio > 0.0
          ? plim_extrapolate_covered(fitted, count, ladder->rates[0], finding->fit.ratio, &fit)
          : plim_extrapolate_terms(fitted, count, ladder->rates, terms, &fit);
  ck_assert_msg(status == PLIM_OK && fit.limit == finding->fit.limit &&
                    fit.drift_at_last == finding->fit.drift_at_last,
                "%s: its ladder has the limit %.17g, not %.17g", where, fit.limit, finding->fit.limit);
  return true;
}

static void compare(const listed *is, const plim_finding *finding, plim_tier tier)
{
  const bool full = tier == PLIM_TIER_FULL;
  const double margin = (full ? 0.5 : 1.0) * number(is, MARGIN);
  const size_t sizes = integer(is, SIZES);
  char where[512];
  snprintf(where, sizeof where, "%s: %s (%s), %s tier", is->cell[CLAIM], finding->what, finding->point,
           plim_tier_name(tier));
  ck_assert_msg(strncmp(finding->what, is->cell[WHAT], strlen(is->cell[WHAT])) == 0 &&
                    strcmp(finding->point, is->cell[POINT]) == 0,
                "%s", where);
  ck_assert_msg(strcmp(plim_relation_symbol(finding->relation), is->cell[RELATION]) == 0, "%s: %s", where,
                plim_relation_symbol(finding->relation));
  ck_assert_msg(fabs(finding->judgement.margin - margin) <= margin_tolerance * margin,
                "%s: margin %.7g for %.7g", where, finding->judgement.margin, margin);
  /* one declared rate over dimensions is covered (plim_extrapolate_covered), which fits the next power with it */
  const size_t terms = finding->fit.ratio > 0.0 ? 1 : finding->fit.terms;
  ck_assert_msg(fabs(finding->fit.rate - number(is, RATE)) <= 1e-12 && terms == integer(is, TERMS),
                "%s: rate %g, %zu terms", where, finding->fit.rate, finding->fit.terms);
  ck_assert_msg(finding->fit.ratio == number(is, RATIO), "%s: ratio %g", where, finding->fit.ratio);
  with_ladder += fits_its_ladder(finding, where) ? 1 : 0;
  ck_assert_msg(finding->fit.rungs == sizes || (full && finding->fit.rungs == sizes + 1), "%s: %zu sizes",
                where, finding->fit.rungs);
  ck_assert_msg(finding->d_min == integer(is, D_MIN) && finding->d_max == (full ? 2 : 1) * integer(is, D_MAX),
                "%s: d %zu to %zu", where, finding->d_min, finding->d_max);
}

/* A claim that takes seconds or has the same findings in both tiers is run in one of them: what tells the tiers apart,
   margins and one size more, is the same for all, so the dear ones go without that size. */
static bool is_run(const char *name, plim_tier tier)
{
  static const char *const in_both[] = {"weight-spike", "any-step-risk", "any-step-training"};
  static const char *const dear[] = {
      "kernel-spectrum", "weight-bulk",  "predictor-parts",   "staircase",          "own-term",
      "batch-reuse",     "good-student", "two-step-outliers", "two-step-alignment", "two-step-bulk"};
  for (size_t i = 0; i < PLIMI_COUNT(in_both); i++)
    if (strcmp(name, in_both[i]) == 0)
      return true;
  bool is_dear = false;
  for (size_t i = 0; i < PLIMI_COUNT(dear); i++)
    is_dear = is_dear || strcmp(name, dear[i]) == 0;
  return (tier == PLIM_TIER_QUICK) == is_dear;
}

START_TEST(findings_are_those_listed)
{
  const char *name = plim_claim_describe((size_t)_i)->name;
  const planting quick = {.floor = 1e-6,
                          .wrong = strcmp(name, "staircase") == 0          ? at_root_the_limit
                                   : strcmp(name, "second-step-gain") == 0 ? gains_as_stated
                                                                           : NULL};
  read_list();
  for (plim_tier tier = PLIM_TIER_QUICK; tier < PLIM_TIER_COUNT; tier++) {
    const bool full = tier == PLIM_TIER_FULL;
    if (!is_run(name, tier))
      continue;
    planting how = quick;
    how.tier = tier;
    plim_claim_result result = planted_result(name, &how);
    size_t next = 0;
    for (size_t i = 0; i < list_length; i++) {
      if (strcmp(list[i].cell[CLAIM], name) != 0 || (!full && strcmp(list[i].cell[TIER], "full") == 0))
        continue;
      ck_assert_msg(next < result.count, "%s: %zu findings", name, result.count);
      compare(&list[i], &result.findings[next++], tier);
    }
    /* each of that claim's is the worst of several, or a limit of limits */
    ck_assert_msg(with_ladder > 0 || strcmp(name, "kernel-lower-bound") == 0, "%s: no finding has a ladder",
                  name);
    ck_assert_msg(next == result.count, "%s: %zu findings, %zu listed", name, result.count, next);
    plim_claim_result_free(&result);
  }
}
END_TEST

TCase *claim_findings(void)
{
  TCase *all = tcase_create("findings");
  tcase_set_timeout(all, 0);
  tcase_add_loop_test(all, findings_are_those_listed, 0, (int)plim_claim_count());
  return all;
}
