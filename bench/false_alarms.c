/* SPDX-License-Identifier: GPL-3.0-or-later */
/* false_alarms.c - how often a claim that is true gets another verdict: a claim of `plim verify` run again and
   again, all drawn anew each time.

     bench/false_alarms draw CLAIM REPETITIONS DATA [WHERE]   add what DATA lacks of so many seeds to it: it may be
                                                              stopped and begun again. WHERE: what is measured, e.g.
                                                              "commit 1a2b3c4"; DATA of something else is refused
     bench/false_alarms page DATA                             the page doc/false_alarms.md
     bench/false_alarms curves DATA                           what bench/false_alarms.gp draws

   Three things are counted for each finding whose number the theory predicts: the verdict on the prediction as it
   stands; whether the 90 % interval of the limit covers the prediction; and the verdicts on two predictions moved
   by the margin, which put the truth at the edge, where the judge's error rates are stated: the chance of AGREE and
   that of DISAGREE are then the level. The picture has (limit - prediction)/error itself: by Student's distribution
   function of its degrees of freedom, and then by the normal quantile, it becomes a number that is normal if the
   error is what it says; `neglected` may move it by so much to either side.

   Intervals are Clopper and Pearson's (1934), 95 %. Findings of one repetition share draws: rows are not
   independent of each other. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_claim.h"

enum { FIRST_SEED = 20260001, MOST_FINDINGS = 64, LONGEST = 1024 };
static const double level = 0.05;
#define LARGER(pair) ((pair)[0] > (pair)[1] ? (pair)[0] : (pair)[1])

/* One finding of one repetition, as a line of DATA has it. */
typedef struct {
  long seed;
  size_t number;
  int relation;
  plim_value predicted;
  double margin;
  plim_extrapolation fit;
  char text[PLIM_FINDING_WHAT + PLIM_FINDING_POINT + 3]; /* "what, point" */
} record;

typedef struct {
  record *records;
  size_t count;
  char claim[64], where[128];
} data;

typedef struct {
  const record *first;
  plim_relation relation;
  size_t verdicts[PLIM_VERDICT_COUNT], covered;
  size_t agree_at_edge[2], disagree_at_edge[2];
} tally;

static void stop(const char *why)
{
  fprintf(stderr, "false_alarms: %s\n", why);
  exit(EXIT_FAILURE);
}

/* ---- The file ------------------------------------------------------------------------------------------ */

static void write_records(FILE *file, long seed, const plim_claim_result *result)
{
  for (size_t i = 0; i < result->count; i++) {
    const plim_finding *f = &result->findings[i];
    fprintf(file, "%ld %zu %d %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g\t%s, %s\n", seed, i,
            (int)f->relation, f->predicted.value, f->predicted.error, f->judgement.margin, f->fit.limit,
            f->fit.limit_error, f->fit.degrees, f->fit.neglected, f->fit.fit_p, f->fit.next_gain, f->what,
            f->point);
  }
}

static bool read_record(const char *line, record *r)
{
  const char *text = strchr(line, '\t');
  *r = (record){.seed = 0};
  if (text == NULL || strchr(line, '\n') == NULL ||
      sscanf(line, "%ld %zu %d %lf %lf %lf %lf %lf %lf %lf %lf %lf", &r->seed, &r->number, &r->relation,
             &r->predicted.value, &r->predicted.error, &r->margin, &r->fit.limit, &r->fit.limit_error,
             &r->fit.degrees, &r->fit.neglected, &r->fit.fit_p, &r->fit.next_gain) != 12)
    return false;
  snprintf(r->text, sizeof r->text, "%.*s", (int)strcspn(text + 1, "\n"), text + 1);
  return true;
}

static data read_data(const char *path)
{
  data read = {.records = NULL};
  char line[LONGEST];
  size_t room = 0;
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return read;
  if (fgets(line, sizeof line, file) == NULL || sscanf(line, "%63s %127[^\n]", read.claim, read.where) < 1)
    stop("the data have no first line");
  while (fgets(line, sizeof line, file) != NULL) {
    if (read.count == room) {
      room = 2 * room + 256;
      read.records = realloc(read.records, room * sizeof *read.records);
      if (read.records == NULL)
        stop("no memory");
    }
    if (!read_record(line, &read.records[read.count]))
      stop("a line of the data cannot be read: take the last repetition out");
    read.count++;
  }
  fclose(file);
  return read;
}

static bool is_drawn(const data *known, long seed)
{
  size_t i = 0;
  while (i < known->count && known->records[i].seed != seed)
    i++;
  return i < known->count;
}

static int draw(const char *name, long repetitions, const char *path, const char *where)
{
  size_t claim = 0;
  if (plim_claim_find(name, &claim) != PLIM_OK || repetitions < 1)
    stop("no such claim, or no repetitions; plim list claims has the claims");
  const data known = read_data(path);
  if (known.claim[0] != '\0' && (strcmp(known.claim, name) != 0 || strcmp(known.where, where) != 0))
    stop("the data are of another claim or program");
  FILE *file = fopen(path, "a");
  if (file != NULL && known.claim[0] == '\0')
    fprintf(file, "%s %s\n", name, where);
  for (long r = 0; file != NULL && r < repetitions; r++) {
    const plim_claim_settings settings = {
        .tier = PLIM_TIER_QUICK, .seed = (uint64_t)(FIRST_SEED + r), .threads = 2, .level = level};
    plim_claim_result result;
    if (is_drawn(&known, FIRST_SEED + r))
      continue;
    if (plim_claim_run(claim, &settings, &result) != PLIM_OK)
      stop("the claim could not be run");
    write_records(file, FIRST_SEED + r, &result);
    plim_claim_result_free(&result);
    if (fflush(file) != 0)
      stop("the data cannot be written");
    fprintf(stderr, "\r%ld of %ld", r + 1, repetitions);
  }
  fputc('\n', stderr);
  if (file == NULL || fclose(file) != 0)
    stop("the data cannot be written");
  return 0;
}

/* ---- Counting ------------------------------------------------------------------------------------------ */

static plim_judgement judge(const record *r, double shift)
{
  plim_criterion criterion = plim_criterion_default();
  const plim_value predicted = {r->predicted.value + shift, r->predicted.error};
  plim_judgement j;
  plim_status status;
  criterion.level = level;
  criterion.relative_margin = 0.0;
  criterion.absolute_margin = r->margin;
  if (r->relation == PLIM_EQUALS)
    status = plim_judge(&r->fit, &predicted, &criterion, &j);
  else
    status = plim_judge_bound(&r->fit, &predicted,
                              r->relation == PLIM_AT_LEAST ? PLIM_LOWER_BOUND_OF : PLIM_UPPER_BOUND_OF,
                              &criterion, &j);
  if (status != PLIM_OK)
    stop("a record cannot be judged");
  return j;
}

static plim_judgement count_record(const record *r, tally *t)
{
  const plim_judgement j = judge(r, 0.0);
  t->verdicts[j.verdict]++;
  t->covered += j.ci_low <= r->predicted.value && r->predicted.value <= j.ci_high;
  for (int side = 0; side < 2 && r->relation == PLIM_EQUALS; side++) {
    const plim_judgement moved = judge(r, side == 0 ? r->margin : -r->margin);
    t->agree_at_edge[side] += moved.verdict == PLIM_AGREE;
    t->disagree_at_edge[side] += moved.verdict == PLIM_DISAGREE;
  }
  return j;
}

/* The claim's verdict of one repetition, whose findings follow each other in the file. */
static plim_verdict count_repetition(const record *records, size_t count, tally *tallies)
{
  plim_judgement family[MOST_FINDINGS];
  size_t members = 0, agree = 0;
  plim_criterion criterion = plim_criterion_default();
  criterion.level = level;
  for (size_t i = 0; i < count; i++) {
    tally *t = &tallies[records[i].number];
    t->first = t->first != NULL ? t->first : &records[i];
    t->relation = (plim_relation)records[i].relation;
    if (t->relation != PLIM_REPORTED)
      family[members++] = count_record(&records[i], t);
  }
  if (plim_judge_family(family, members, &criterion) != PLIM_OK)
    stop("the family could not be judged");
  for (size_t i = 0; i < members; i++) {
    if (family[i].verdict == PLIM_DISAGREE)
      return PLIM_DISAGREE;
    agree += family[i].verdict == PLIM_AGREE;
  }
  return agree == members ? PLIM_AGREE : PLIM_UNDECIDED;
}

static size_t length_of_repetition(const data *all, size_t from)
{
  size_t count = 0;
  while (from + count < all->count && all->records[from + count].seed == all->records[from].seed) {
    if (all->records[from + count].number != count || count >= MOST_FINDINGS)
      stop("a repetition is not whole");
    count++;
  }
  return count;
}

/* The number that is normal if the error is what it says. */
static double normal_of(const record *r)
{
  const double t = (r->fit.limit - r->predicted.value) / r->fit.limit_error;
  const double tail = gsl_cdf_tdist_Q(fabs(t), r->fit.degrees);
  return copysign(gsl_cdf_ugaussian_Qinv(tail), t);
}

static int compare_numbers(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Those of finding `number`, sorted; *count of them, to be freed. */
static double *normals_of(const data *all, size_t number, size_t *count)
{
  double *z = malloc((all->count + 1) * sizeof *z);
  if (z == NULL)
    stop("no memory");
  *count = 0;
  for (size_t i = 0; i < all->count; i++)
    if (all->records[i].number == number && all->records[i].relation == PLIM_EQUALS)
      z[(*count)++] = normal_of(&all->records[i]);
  qsort(z, *count, sizeof *z, compare_numbers);
  return z;
}

/* Kolmogorov's, of the sorted numbers from the normal law. */
static double distance(const double *z, size_t count)
{
  double most = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double p = gsl_cdf_ugaussian_P(z[i]);
    most = fmax(most, fmax(fabs(p - (double)i / (double)count), fabs(p - (double)(i + 1) / (double)count)));
  }
  return most;
}

/* The distance that the normal law itself exceeds in 5 % (Stephens 1970, J. R. Statist. Soc. B 32:115). */
static double critical_distance(double root_count)
{
  return 1.358 / (root_count + 0.12 + 0.11 / root_count);
}

/* "4.5 (2.1-8.4)": per cent with its interval. */
static void print_share(size_t part, size_t whole)
{
  const double k = (double)part, n = (double)whole, tail = 0.025;
  const double low = part == 0 ? 0.0 : gsl_cdf_beta_Pinv(tail, k, n - k + 1.0);
  const double high = part == whole ? 1.0 : gsl_cdf_beta_Qinv(tail, k + 1.0, n - k);
  printf(" %.1f (%.1f-%.1f) |", 100.0 * k / n, 100.0 * low, 100.0 * high);
}

static void print_head(const plim_claim_info *info, size_t repetitions, const char *where)
{
  puts("<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
       "<!-- Written by bench/false_alarms (make false-alarms); do not edit. -->\n"
       "# How often a true claim gets another verdict\n");
  printf("`%s` (%s; %s), %zu times with all draws anew: seeds from %d on, quick tier, a fixed design, level "
         "%g%s%s.\n\n",
         info->name, info->title, info->source, repetitions, FIRST_SEED, level, *where != '\0' ? "; " : "",
         where);
  puts("The claim is a theorem, so every DISAGREE is a false alarm. The first three columns are the "
       "verdicts, per\n"
       "cent with 95 % intervals. A false alarm has a chance of at most the level for a truth at the edge of "
       "the\n"
       "margin, and next to none for a truth in its middle; what is not AGREE is a lack of power. The others "
       "put\n"
       "the judge to the test where its error rates are stated: how often the 90 % interval of the limit "
       "covers\n"
       "the prediction, and how often a prediction moved by the margin, which puts the truth at the edge, "
       "gets\n"
       "AGREE or DISAGREE (worse of the two; stated: at most 5 % each where the fit covers the next "
       "power).\n");
}

static void print_table(const tally *tallies, size_t findings, const size_t *claim, size_t repetitions)
{
  puts("| | AGREE | UNDECIDED | DISAGREE | covered | false AGREE at the edge | false DISAGREE at the edge |\n"
       "|---|---|---|---|---|---|---|");
  for (size_t i = 0; i < findings; i++) {
    const tally *t = &tallies[i];
    if (t->relation == PLIM_REPORTED)
      continue;
    printf("| %s |", t->first->text);
    print_share(t->verdicts[PLIM_AGREE], repetitions);
    print_share(t->verdicts[PLIM_UNDECIDED], repetitions);
    print_share(t->verdicts[PLIM_DISAGREE], repetitions);
    if (t->relation == PLIM_EQUALS) {
      print_share(t->covered, repetitions);
      print_share(LARGER(t->agree_at_edge), repetitions);
      print_share(LARGER(t->disagree_at_edge), repetitions);
    }
    puts(t->relation == PLIM_EQUALS ? "" : " | | |");
  }
  printf("| **the claim, after Holm** |");
  print_share(claim[PLIM_AGREE], repetitions);
  print_share(claim[PLIM_UNDECIDED], repetitions);
  print_share(claim[PLIM_DISAGREE], repetitions);
  puts(" | | |");
}

static void print_distances(const data *all, const tally *tallies, size_t findings)
{
  puts("\n![(limit - prediction)/error over the seeds](false_alarms.svg)\n\n"
       "(limit - prediction)/error of each seed, made normal by Student's law of its degrees of freedom: "
       "mean and\n"
       "standard deviation, Kolmogorov's distance from the normal law beside the one that this exceeds in 5 "
       "%, and how\n"
       "far the part of the next power of d that the verdict allows for may move the mean, in errors.\n\n"
       "| | mean | standard deviation | distance | 5 % | allowed for |\n|---|---|---|---|---|---|");
  for (size_t i = 0; i < findings; i++) {
    size_t count;
    double sum = 0.0, squares = 0.0, allowed = 0.0, *z = normals_of(all, i, &count);
    for (size_t k = 0; k < count; k++)
      sum += z[k], squares += z[k] * z[k];
    for (size_t k = 0; k < all->count; k++)
      if (all->records[k].number == i)
        allowed += all->records[k].fit.neglected / all->records[k].fit.limit_error / (double)count;
    if (count > 1)
      printf("| %s | %+.3f | %.3f | %.3f | %.3f | %.2f |\n", tallies[i].first->text, sum / (double)count,
             sqrt((squares - sum * sum / (double)count) / (double)(count - 1)), distance(z, count),
             critical_distance(sqrt((double)count)), allowed);
    free(z);
  }
}

static int page(const data *all)
{
  size_t claim = 0, repetitions = 0, findings = 0, verdicts[PLIM_VERDICT_COUNT] = {0};
  tally tallies[MOST_FINDINGS] = {{.first = NULL}};
  if (all->count == 0 || plim_claim_find(all->claim, &claim) != PLIM_OK)
    stop("no data, or of no claim");
  for (size_t i = 0; i < all->count; repetitions++) {
    const size_t length = length_of_repetition(all, i);
    if (findings > 0 && length != findings)
      stop("not the same findings every time");
    findings = length;
    verdicts[count_repetition(&all->records[i], length, tallies)]++;
    i += length;
  }
  print_head(plim_claim_describe(claim), repetitions, all->where);
  print_table(tallies, findings, verdicts, repetitions);
  print_distances(all, tallies, findings);
  return 0;
}

/* Blocks of gnuplot's: number, share below it, share by the normal law; one a finding, its name first. */
static int curves(const data *all)
{
  for (size_t i = 0; i < MOST_FINDINGS; i++) {
    size_t count;
    double *z = normals_of(all, i, &count);
    for (size_t k = 0; k < count; k++) {
      if (k == 0)
        printf("%s\"%zu: n = %zu\"\n", i > 0 ? "\n\n" : "", i + 1, count);
      printf("%.6g %.6g %.6g\n", z[k], ((double)k + 0.5) / (double)count,
             critical_distance(sqrt((double)count)));
    }
    free(z);
  }
  return 0;
}

int main(int argc, char **argv)
{
  gsl_set_error_handler_off();
  if (argc >= 5 && argc <= 6 && strcmp(argv[1], "draw") == 0)
    return draw(argv[2], strtol(argv[3], NULL, 10), argv[4], argc > 5 ? argv[5] : "");
  if (argc != 3 || (strcmp(argv[1], "page") != 0 && strcmp(argv[1], "curves") != 0)) {
    fputs("usage: false_alarms draw CLAIM REPETITIONS DATA [WHERE] | page DATA | curves DATA\n", stderr);
    return 2;
  }
  const data all = read_data(argv[2]);
  return strcmp(argv[1], "page") == 0 ? page(&all) : curves(&all);
}
