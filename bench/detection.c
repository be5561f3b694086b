/* SPDX-License-Identifier: GPL-3.0-or-later */
/* detection.c - how large an error of a formula each claim sees: doc/detection.md, made from what a run of plim verify
   measured.

     plim verify --seed SEED -o verified.json && bench/detection verified.json

   Every number that a claim predicts is multiplied by 1 + x. With the standard error, the bounds and the degrees of
   freedom of the look that decided each finding, the level that Holm leaves for it when nothing else is rejected, and
   that look's share of the level, the limit falls with a known chance where the wrong prediction AGREEs or
   DISAGREEs; in between more would be drawn. The truth is taken to be the right prediction; of a bound, what was
   measured, and x goes to the side where it hurts. Findings count as independent. */
#include <gsl/gsl_cdf.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_looks.h"

static const double level = 0.05;
static const double errors[] = {0.01, 0.02, 0.05, 0.1};
enum { ERRORS = sizeof errors / sizeof *errors };

typedef struct {
  double predicted, margin, error, bounds; /* margin 0: a bound without one */
  double difference;                       /* measured less predicted */
  double agree_quantile, disagree_quantile;
  int side; /* 0: equality; 1: a lower bound of what is measured, -1: an upper one */
} finding;

typedef struct {
  double agree, disagree;
} chance;

static double number_of(const json_t *object, const char *name)
{
  return json_number_value(json_object_get(object, name));
}

/* The degrees of freedom of an interval whose half is so many standard errors. */
static double degrees_of(double quantile, double tail)
{
  double low = 1.0, high = 1e7;
  if (quantile <= gsl_cdf_tdist_Qinv(tail, high))
    return high;
  for (int i = 0; i < 100; i++) {
    const double middle = sqrt(low * high);
    if (gsl_cdf_tdist_Qinv(tail, middle) > quantile)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static finding read_finding(const json_t *object, size_t members)
{
  const char *relation = json_string_value(json_object_get(object, "relation"));
  const json_int_t looks = json_integer_value(json_object_get(object, "looks"));
  const double share = looks > 0 ? plim_look_share((size_t)looks - 1) : 1.0;
  const double neglected = number_of(object, "neglected_bias");
  finding f = {.predicted = number_of(object, "predicted"),
               .margin = number_of(object, "margin"),
               .error = number_of(object, "monte_carlo_error"),
               .bounds = number_of(object, "numerical_error") + neglected,
               .difference = number_of(object, "difference"),
               .side = strcmp(relation, ">=") == 0   ? 1
                       : strcmp(relation, "<=") == 0 ? -1
                                                     : 0};
  const double half = 0.5 * (number_of(object, "ci_high") - number_of(object, "ci_low")) - neglected;
  const double degrees = degrees_of(half / f.error, level * share);
  f.agree_quantile = f.disagree_quantile = gsl_cdf_tdist_Qinv(level * share / (double)members, degrees);
  return f;
}

static double below(double limit, double centre, double error)
{
  return gsl_cdf_ugaussian_P((limit - centre) / error);
}

/* The limit is normal around `truth` less the wrong prediction. */
static chance of_equality(const finding *f, double x)
{
  const double moved = -x * f->predicted;
  const double inner = f->margin - f->bounds - f->agree_quantile * f->error;
  const double outer = f->margin + f->bounds + f->disagree_quantile * f->error;
  return (chance){inner > 0.0 ? below(inner, moved, f->error) - below(-inner, moved, f->error) : 0.0,
                  below(-outer, moved, f->error) + 1.0 - below(outer, moved, f->error)};
}

static chance of_bound(const finding *f, double x)
{
  const double room = f->side * f->difference + f->margin - x * fabs(f->predicted);
  return (chance){1.0 - below(f->bounds + f->agree_quantile * f->error, room, f->error),
                  below(-f->bounds - f->disagree_quantile * f->error, room, f->error)};
}

static int is_judged(const json_t *object)
{
  return strcmp(json_string_value(json_object_get(object, "relation")), "~") != 0;
}

/* "99/0" */
static void print_chance(chance c)
{
  printf(" %.0f/%.0f |", 100.0 * c.agree, 100.0 * c.disagree);
}

/* The error of which half passes: of the finding that sees most. */
static double half_passes(const finding *f)
{
  const double room = f->side == 0 ? f->margin : f->side * f->difference + f->margin;
  return fmax(0.0, room - f->bounds - f->agree_quantile * f->error) / fabs(f->predicted);
}

static void report(const json_t *claim, size_t members)
{
  const json_t *findings = json_object_get(claim, "findings"), *object;
  chance all[ERRORS];
  size_t i, judged = 0, blind = 0, undecided = 0;
  double half = INFINITY;
  for (size_t k = 0; k < ERRORS; k++)
    all[k] = (chance){1.0, 1.0};
  json_array_foreach(findings, i, object)
  {
    if (!is_judged(object))
      continue;
    const finding f = read_finding(object, members);
    judged++;
    undecided += strcmp(json_string_value(json_object_get(object, "verdict")), "UNDECIDED") == 0;
    if (fabs(f.predicted) * errors[ERRORS - 1] < 1e-9) { /* 0: nothing changes by being multiplied */
      blind++;
      continue;
    }
    half = fmin(half, half_passes(&f));
    for (size_t k = 0; k < ERRORS; k++) {
      const chance up = f.side == 0 ? of_equality(&f, errors[k]) : of_bound(&f, errors[k]);
      all[k].agree *= up.agree;
      all[k].disagree *= 1.0 - up.disagree;
    }
  }
  printf("| %s | %zu", json_string_value(json_object_get(claim, "claim")), judged);
  if (blind > 0)
    printf(", %zu of 0", blind);
  if (undecided > 0)
    printf(", %zu UNDECIDED", undecided);
  fputs(" |", stdout);
  for (size_t k = 0; k < ERRORS && blind < judged; k++)
    print_chance((chance){all[k].agree, 1.0 - all[k].disagree});
  if (blind < judged)
    printf(" %.2g %% |\n", 100.0 * half);
  else
    puts(" | | | | |");
}

static size_t members_of(const json_t *claims)
{
  size_t i, k, members = 0;
  const json_t *claim, *object;
  json_array_foreach(claims, i, claim)
  {
    json_array_foreach(json_object_get(claim, "findings"), k, object) members += is_judged(object) != 0;
  }
  return members;
}

int main(int argc, char **argv)
{
  json_t *verified = argc == 2 ? json_load_file(argv[1], 0, NULL) : NULL;
  const json_t *claims = json_object_get(verified, "claims"), *claim;
  const json_t *design = json_object_get(json_object_get(verified, "design"), "crc32");
  size_t i;
  if (!json_is_array(claims)) {
    fputs("usage: detection FILE, the JSON of plim verify\n", stderr);
    return 2;
  }
  const size_t members = members_of(claims);
  printf("<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
         "<!-- Written by bench/detection from the JSON of a plim verify (make detection); do not edit. -->\n"
         "# How large an error each claim sees\n\n"
         "From `plim verify --seed %s`, design %s, %zu findings judged as one family.\n\n",
         json_string_value(json_object_get(json_object_get(verified, "configuration"), "seed")),
         json_string_value(design), members);
  puts("Suppose that every number a claim predicts were wrong by a factor of 1.01, 1.02, 1.05, 1.1. Per "
       "cent: the chance\n"
       "that the claim would AGREE all the same at the look that decided it (the error passes), and after "
       "the stroke that\n"
       "it would DISAGREE there; in the rest more would be drawn, and as the replicas grow the one or the "
       "other remains,\n"
       "as the error is within the margin or not. The last column has the error of which half passes, of the "
       "finding that\n"
       "sees most. Computed from the standard errors, bounds and degrees of freedom measured, as "
       "bench/detection.c says; a\n"
       "number predicted to be 0 shows no factor (\"of 0\"), and a bound only what would bring it to the "
       "wrong side.\n\n"
       "| claim | findings | 1 % | 2 % | 5 % | 10 % | half passes |\n|---|---|---|---|---|---|---|");
  json_array_foreach(claims, i, claim) report(claim, members);
  json_decref(verified);
  return 0;
}
