/* SPDX-License-Identifier: GPL-3.0-or-later */
/* false_alarms.c - how often a claim that is true gets another verdict: a claim of `plim verify` run again and
   again, all drawn anew each time. Prints the page doc/false_alarms.md.

     bench/false_alarms CLAIM REPETITIONS [WHERE]       WHERE: what was measured, e.g. "commit 1a2b3c4"

   Three things are counted for each finding whose number the theory predicts: the verdict on the prediction as it
   stands; whether the 90 % interval of the limit covers the prediction; and the verdicts on two predictions moved
   by the margin, which put the truth at the edge, where the judge's error rates are stated: the chance of AGREE and
   that of DISAGREE are then the level.

   Intervals are Clopper and Pearson's (1934), 95 %. Findings of one repetition share draws: rows are not
   independent of each other. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plim_claim.h"

enum { FIRST_SEED = 20260001 };
static const double level = 0.05;

typedef struct {
  char what[PLIM_FINDING_WHAT], point[PLIM_FINDING_POINT];
  plim_relation relation;
  size_t verdicts[PLIM_VERDICT_COUNT], covered;
  size_t agree_at_edge[2], disagree_at_edge[2];
} tally;

static void stop(const char *why)
{
  fprintf(stderr, "false_alarms: %s\n", why);
  exit(EXIT_FAILURE);
}

/* Judge the fit against the prediction moved by its margin, up and down. */
static void judge_at_edge(const plim_finding *finding, tally *t)
{
  const plim_judgement *judged = &finding->judgement;
  plim_criterion criterion = plim_criterion_default();
  criterion.level = level;
  criterion.relative_margin = 0.0;
  criterion.absolute_margin = judged->margin;
  for (int side = 0; side < 2; side++) {
    const double shift = side == 0 ? judged->margin : -judged->margin;
    const plim_value moved = {finding->predicted.value + shift, finding->predicted.error};
    plim_judgement j;
    if (plim_judge(&finding->fit, &moved, &criterion, &j) != PLIM_OK)
      stop("a moved prediction cannot be judged");
    t->agree_at_edge[side] += j.verdict == PLIM_AGREE;
    t->disagree_at_edge[side] += j.verdict == PLIM_DISAGREE;
  }
}

static void count_findings(const plim_claim_result *result, tally *tallies)
{
  for (size_t i = 0; i < result->count; i++) {
    const plim_finding *finding = &result->findings[i];
    const plim_judgement *j = &finding->judgement;
    tally *t = &tallies[i];
    memcpy(t->what, finding->what, sizeof t->what);
    memcpy(t->point, finding->point, sizeof t->point);
    t->relation = finding->relation;
    if (t->relation == PLIM_REPORTED)
      continue;
    t->verdicts[j->verdict]++;
    t->covered += j->ci_low <= finding->predicted.value && finding->predicted.value <= j->ci_high;
    if (t->relation == PLIM_EQUALS)
      judge_at_edge(finding, t);
  }
}

/* "4.5 (2.1-8.4)": per cent with its interval. */
static void print_share(size_t part, size_t whole)
{
  const double k = (double)part, n = (double)whole, tail = 0.025;
  const double low = part == 0 ? 0.0 : gsl_cdf_beta_Pinv(tail, k, n - k + 1.0);
  const double high = part == whole ? 1.0 : gsl_cdf_beta_Qinv(tail, k + 1.0, n - k);
  printf(" %.1f (%.1f-%.1f) |", 100.0 * k / n, 100.0 * low, 100.0 * high);
}

static size_t larger(const size_t pair[2])
{
  return pair[0] > pair[1] ? pair[0] : pair[1];
}

static void print_head(const plim_claim_info *info, size_t repetitions, const char *where)
{
  char today[16];
  const time_t now = time(NULL);
  strftime(today, sizeof today, "%Y-%m-%d", gmtime(&now));
  puts("<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
       "<!-- Written by bench/false_alarms (make false-alarms); do not edit. -->\n"
       "# How often a true claim gets another verdict\n");
  printf("`%s` (%s; %s), %zu times with all draws anew: seeds %d to %zu, quick tier, level %g. Measured "
         "%s%s%s.\n\n",
         info->name, info->title, info->source, repetitions, FIRST_SEED, FIRST_SEED + repetitions - 1, level,
         today, *where != '\0' ? ", " : "", where);
  puts("The claim is a theorem, so every DISAGREE is a false alarm. The first three columns are the "
       "verdicts, per cent\n"
       "with 95 % intervals. A false alarm has a chance of at most the level for a truth at the edge of the "
       "margin, and\n"
       "next to none for a truth in its middle; what is not AGREE is a lack of power. The others put the "
       "judge to the\n"
       "test where its error rates are stated: how often the 90 % interval of the limit covers the "
       "prediction, and how\n"
       "often a prediction moved by the margin, which puts the truth at the edge, gets AGREE or DISAGREE "
       "(worse of the\n"
       "two directions; stated: 5 % each).\n");
}

static void print_table(const tally *tallies, size_t findings, const size_t *claim, size_t repetitions)
{
  puts("| | AGREE | UNDECIDED | DISAGREE | covered | false AGREE at the edge | false DISAGREE at the edge |\n"
       "|---|---|---|---|---|---|---|");
  for (size_t i = 0; i < findings; i++) {
    const tally *t = &tallies[i];
    if (t->relation == PLIM_REPORTED)
      continue;
    printf("| %s, %s |", t->what, t->point);
    print_share(t->verdicts[PLIM_AGREE], repetitions);
    print_share(t->verdicts[PLIM_UNDECIDED], repetitions);
    print_share(t->verdicts[PLIM_DISAGREE], repetitions);
    if (t->relation == PLIM_EQUALS) {
      print_share(t->covered, repetitions);
      print_share(larger(t->agree_at_edge), repetitions);
      print_share(larger(t->disagree_at_edge), repetitions);
      puts("");
    } else {
      puts(" | | |");
    }
  }
  printf("| **the claim, after Holm** |");
  print_share(claim[PLIM_AGREE], repetitions);
  print_share(claim[PLIM_UNDECIDED], repetitions);
  print_share(claim[PLIM_DISAGREE], repetitions);
  puts(" | | |");
}

int main(int argc, char **argv)
{
  size_t claim = 0, findings = 0, verdicts[PLIM_VERDICT_COUNT] = {0};
  const long repetitions = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
  if (argc < 3 || argc > 4 || repetitions < 1 || plim_claim_find(argv[1], &claim) != PLIM_OK) {
    fputs("usage: false_alarms CLAIM REPETITIONS [WHERE]; plim list claims has the claims\n", stderr);
    return 2;
  }
  gsl_set_error_handler_off();
  tally *tallies = NULL;
  for (long r = 0; r < repetitions; r++) {
    const plim_claim_settings settings = {
        .tier = PLIM_TIER_QUICK, .seed = FIRST_SEED + (uint64_t)r, .threads = 2, .level = level};
    plim_claim_result result;
    if (plim_claim_run(claim, &settings, &result) != PLIM_OK)
      stop("the claim could not be run");
    if (tallies == NULL) {
      findings = result.count;
      tallies = calloc(findings > 0 ? findings : 1, sizeof *tallies);
    }
    if (tallies == NULL || result.count != findings)
      stop("no memory, or not the same findings every time");
    count_findings(&result, tallies);
    if (plim_claim_judge_family(&result, 1, level) != PLIM_OK)
      stop("the family could not be judged");
    verdicts[plim_claim_verdict(&result)]++;
    plim_claim_result_free(&result);
    fprintf(stderr, "\r%ld of %ld", r + 1, repetitions);
  }
  fputc('\n', stderr);
  print_head(plim_claim_describe(claim), (size_t)repetitions, argc > 3 ? argv[3] : "");
  print_table(tallies, findings, verdicts, (size_t)repetitions);
  free(tallies);
  return 0;
}
