/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_experiment_looks.c - an experiment drawn until it is decided: each look's share of the level, and what is drawn
   for it, computed again from the samples by the judge's own functions. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "experiment_fixture.h"
#include "run_cases.h"

enum { PILOT = 25 };

/* The first value alone: judged, the others reported. */
static void begin(known *k, double margin)
{
  known_begin(k);
  k->settings.replicas = 0;
  k->settings.power = 0.83;
  k->values[0].relative_margin = margin;
  k->values[1].relation = PLIM_REPORTED;
}

static plim_criterion criterion_of(const known *k, size_t look)
{
  plim_criterion criterion = plim_criterion_default();
  criterion.relative_margin = k->values[0].relative_margin;
  criterion.level = k->settings.level;
  criterion.reserved = 1.0 - plim_look_share(look);
  return criterion;
}

/* With so many of the first replicas. */
static plim_judgement judge_look(const known *k, size_t look, const size_t *replicas, plim_rung *rungs)
{
  plim_extrapolation fit;
  plim_judgement judgement;
  const plim_criterion criterion = criterion_of(k, look);
  const double ratio = k->values[0].ratio > 0.0 ? k->values[0].ratio : PLIM_USUAL_RATIO;
  const double said = k->values[0].predicted.value; /* taken off and added again */
  for (size_t size = 0; size < SIZES; size++) {
    plim_estimate estimate;
    ck_assert_int_eq(plim_estimate_from_samples(k->result.samples[size], VALUES, replicas[size], &estimate),
                     PLIM_OK);
    rungs[size] = (plim_rung){(double)k->settings.sizes[size], estimate.mean - said + said, estimate.error,
                              estimate.replicas};
  }
  ck_assert_int_eq(plim_extrapolate_covered(rungs, SIZES, 1.0, ratio, &fit), PLIM_OK);
  ck_assert_int_eq(plim_judge(&fit, &k->values[0].predicted, &criterion, &judgement), PLIM_OK);
  return judgement;
}

/* Each look spends its share and no more, and takes over the p-values of those before. */
START_TEST(looks_share_the_level)
{
  enum { RUNS = 60 };
  size_t late = 0, taken_over = 0;
  known k;
  begin(&k, 0.15);
  k.values[0].predicted.value +=
      0.55 * 0.15 * first_limit; /* right, and nearer to the margin than foreseen */
  for (k.settings.seed = 77; k.settings.seed < 77 + RUNS; k.settings.seed++) {
    plim_judgement judgement = {.verdict = PLIM_UNDECIDED};
    plim_rung rungs[SIZES];
    ck_assert_int_eq(known_run(&k), PLIM_OK);
    const plim_experiment_finding *found = &k.result.findings[0];
    const size_t looks = found->looks;
    for (size_t look = 0; look < looks; look++) {
      const plim_judgement before = judgement;
      const plim_criterion criterion = criterion_of(&k, look);
      size_t replicas[SIZES];
      ck_assert_int_eq(before.verdict, PLIM_UNDECIDED); /* or it would have stopped */
      for (size_t size = 0; size < SIZES; size++)       /* the pilot; what the last has, halved */
        replicas[size] = look == 0 ? PILOT : k.result.rungs[size].replicas >> (looks - 1 - look);
      judgement = judge_look(&k, look, replicas, rungs);
      const plim_judgement alone = judgement;
      ck_assert_int_eq(plim_judge_after(&judgement, look > 0 ? &before : NULL, criterion.fit_level), PLIM_OK);
      ck_assert_int_eq(plim_judge_family(&judgement, 1, &criterion), PLIM_OK);
      taken_over += look + 1 == looks && judgement.p_agree < alone.p_agree;
    }
    ck_assert_double_eq(judgement.p_agree, found->judgement.p_agree);
    ck_assert_double_eq(judgement.p_disagree, found->judgement.p_disagree);
    ck_assert_double_eq(found->judgement.reserved, 1.0 - plim_look_share(looks - 1));
    ck_assert_int_eq(judgement.verdict, found->judgement.verdict);
    late += looks > 2;
    known_end(&k);
  }
  ck_assert_uint_ge(late, 5); /* else nothing was looked at */
  ck_assert_uint_ge(taken_over, 1);
}
END_TEST

/* After the pilot: the replicas that its standard errors call for; and where the next power of d may be large beside
   the first, those for the fit of both. */
START_TEST(the_pilot_says_how_many)
{
  const double rates[] = {1.0, 2.0}, ratio = _i == 0 ? 0.0 : 23.1;
  const size_t pilot[SIZES] = {PILOT, PILOT, PILOT, PILOT};
  double cost[SIZES], needed[SIZES];
  plim_rung rungs[SIZES];
  known k;
  begin(&k, 0.11);
  k.values[0].ratio = ratio;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.findings[0].looks, 2);
  plim_judgement judgement = judge_look(&k, 0, pilot, rungs);
  if (_i == 1)
    judgement.neglected_bias = 0.0;
  for (size_t size = 0; size < SIZES; size++)
    cost[size] = pow((double)k.settings.sizes[size] / 20.0, 0.7);
  const plim_pilot asked = {
      .rungs = rungs, .cost = cost, .count = SIZES, .rates = rates, .terms = _i == 0 ? 1 : 2};
  ck_assert_int_eq(plim_replicas_needed(&asked, &judgement, k.settings.level * plim_look_share(1),
                                        k.settings.power, needed),
                   PLIM_OK);
  for (size_t size = 0; size < SIZES; size++)
    ck_assert_uint_eq(k.result.rungs[size].replicas, (size_t)fmax(PILOT, ceil(needed[size])));
  ck_assert_uint_gt(k.result.rungs[0].replicas, 2 * PILOT);
  known_end(&k);
}
END_TEST

/* A bound without a margin calls for no number: four times the pilot; and one that is settled by the pilot for none. */
START_TEST(unforeseen)
{
  known k;
  begin(&k, 0.0);
  k.values[0].relation = PLIM_AT_MOST;
  k.values[0].predicted.value = first_limit + 0.13;
  for (k.settings.seed = 1;; k.settings.seed++) {
    ck_assert_uint_lt(k.settings.seed, 30);
    ck_assert_int_eq(known_run(&k), PLIM_OK);
    if (k.result.findings[0].looks == 2)
      break;
    known_end(&k);
  }
  for (size_t size = 0; size < SIZES; size++)
    ck_assert_uint_eq(k.result.rungs[size].replicas, 4 * PILOT);
  known_end(&k);
  k.values[0].predicted.value = first_limit + 5.7;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.drawn, PILOT * SIZES);
  ck_assert_int_eq(plim_experiment_verdict(&k.result), PLIM_AGREE);
  known_end(&k);
}
END_TEST

/* The pilot is drawn whatever it costs, and no more than the budget allows after it. */
START_TEST(budget)
{
  known k;
  begin(&k, 0.02);
  k.settings.budget = 3.7;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.drawn, PILOT * SIZES);
  ck_assert_int_eq(plim_experiment_verdict(&k.result), PLIM_UNDECIDED);
  ck_assert_double_gt(k.result.findings[0].growth, 1.5);
  ck_assert(isfinite(k.result.findings[0].growth));
  known_end(&k);
  k.settings.budget = 1e5;
  k.values[0].relative_margin = 0.07;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  double spent = 0.0;
  for (size_t size = 0; size < SIZES; size++)
    spent += (double)k.result.rungs[size].replicas * pow((double)k.settings.sizes[size] / 20.0, 0.7);
  ck_assert_double_le(spent, 1e5);
  ck_assert_uint_gt(k.result.drawn, PILOT * SIZES);
  known_end(&k);
  k.settings.budget = spent - 0.1; /* just not enough for the same */
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_lt(k.result.drawn, (size_t)spent);
  ck_assert_int_eq(plim_experiment_verdict(&k.result), PLIM_UNDECIDED);
  known_end(&k);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("experiment_looks");
  tcase_add_test(tests, looks_share_the_level);
  tcase_add_loop_test(tests, the_pilot_says_how_many, 0, 2);
  tcase_add_test(tests, unforeseen);
  tcase_add_test(tests, budget);
  return run_cases("experiment_looks", 1, &tests);
}
