/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_experiment.c - somebody's own experiment: its draws and its verdicts. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "experiment_fixture.h"
#include "run_cases.h"

/* ---- draws ---------------------------------------------------------------------------------------------- */

START_TEST(same_bits_for_any_number_of_threads)
{
  known alone, many;
  known_begin(&alone);
  known_begin(&many);
  alone.settings.replicas = many.settings.replicas = _i == 0 ? 60 : 0;
  alone.values[0].relative_margin = many.values[0].relative_margin = 0.1; /* more than the pilot */
  ck_assert_int_eq(known_run(&alone), PLIM_OK);
  for (size_t threads = 2; threads <= 5; threads += 3) {
    many.settings.threads = threads;
    ck_assert_int_eq(known_run(&many), PLIM_OK);
    assert_same_result(&alone.result, &many.result);
    size_t replicas = 0;
    for (size_t size = 0; size < SIZES; size++)
      replicas += many.result.rungs[size].replicas;
    ck_assert_uint_eq(many.result.drawn, replicas); /* each once */
    ck_assert_uint_eq(many.result.recalled, 0);
    known_end(&many);
  }
  known_end(&alone);
}
END_TEST

/* A replica is a function of seed, size and number: asked for elsewhere, it is the same. */
START_TEST(a_draw_is_a_function_of_its_name)
{
  known k;
  known_begin(&k);
  k.settings.threads = 3;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  for (size_t size = 0; size < SIZES; size++)
    for (size_t replica = 0; replica < k.settings.replicas; replica += 7) {
      double values[VALUES];
      plim_stream stream = plim_stream_named(k.settings.seed, k.settings.sizes[size], (uint32_t)replica, 0);
      ck_assert_int_eq(draw_known(&k.trouble, k.settings.sizes[size], replica, &stream, values), PLIM_OK);
      ck_assert(memcmp(values, k.result.samples[size] + replica * VALUES, sizeof values) == 0);
    }
  const double one = k.result.samples[1][5 * VALUES];
  known_end(&k);
  k.settings.sizes = (const size_t[]){160, 37, 55};
  k.settings.n_sizes = 3;
  k.values[1].rates[1] = 0.0;
  k.settings.replicas = 7;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_double_eq(k.result.samples[1][5 * VALUES], one);
  known_end(&k);
  k.settings.seed++;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_double_ne(k.result.samples[1][5 * VALUES], one);
  known_end(&k);
}
END_TEST

/* ---- verdicts ------------------------------------------------------------------------------------------- */

/* By the judge's own functions, from the samples. */
START_TEST(verdicts_are_those_of_the_judge)
{
  known k;
  plim_judgement family[2];
  plim_criterion criterion = plim_criterion_default();
  known_begin(&k);
  k.settings.level = criterion.level = 0.013;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  for (size_t i = 0; i < 2; i++) {
    plim_rung rungs[SIZES];
    plim_extrapolation fit;
    for (size_t size = 0; size < SIZES; size++) {
      plim_estimate estimate;
      ck_assert_int_eq(plim_estimate_from_samples(k.result.samples[size] + i, VALUES, 60, &estimate),
                       PLIM_OK);
      rungs[size] =
          (plim_rung){(double)k.settings.sizes[size], estimate.mean, estimate.error, estimate.replicas};
      const plim_value *said = &k.values[i].predicted; /* taken off and added again */
      rungs[size].value = rungs[size].value - said->value + said->value;
    }
    if (i == 0)
      ck_assert_int_eq(plim_extrapolate_covered(rungs, SIZES, 1.0, PLIM_USUAL_RATIO, &fit), PLIM_OK);
    else
      ck_assert_int_eq(plim_extrapolate_terms(rungs, SIZES, k.values[i].rates, 2, &fit), PLIM_OK);
    criterion.relative_margin = k.values[i].relative_margin;
    criterion.absolute_margin = k.values[i].absolute_margin;
    ck_assert_int_eq(plim_judge(&fit, &k.values[i].predicted, &criterion, &family[i]), PLIM_OK);
    ck_assert_double_eq(fit.limit, k.result.findings[i].fit.limit);
  }
  ck_assert_int_eq(plim_judge_family(family, 2, &criterion), PLIM_OK);
  for (size_t i = 0; i < 2; i++) {
    ck_assert_double_eq(family[i].p_agree, k.result.findings[i].judgement.p_agree);
    ck_assert_double_eq(family[i].agree_margin, k.result.findings[i].judgement.agree_margin);
    ck_assert_int_eq(family[i].verdict, k.result.findings[i].judgement.verdict);
    ck_assert_uint_eq(k.result.findings[i].looks, 0);
  }
  known_end(&k);
}
END_TEST

/* What is AGREE alone is not beside one that is open, where its p-value is above half of the level. */
START_TEST(values_are_one_family)
{
  const double level = 0.05;
  known k;
  known_begin(&k);
  k.settings.level = level;
  for (k.values[0].relative_margin = 0.1;; k.values[0].relative_margin += 0.002) {
    k.values[1].relation = PLIM_REPORTED;
    ck_assert_int_eq(known_run(&k), PLIM_OK);
    const double p = k.result.findings[0].judgement.p_agree;
    const plim_verdict alone = k.result.findings[0].judgement.verdict;
    known_end(&k);
    ck_assert_double_gt(p, level / 2.0); /* the steps are small */
    if (alone == PLIM_AGREE)
      break;
  }
  k.values[1].relation = PLIM_EQUALS;
  k.values[1].absolute_margin = 1e-3;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_int_eq(k.result.findings[0].judgement.verdict, PLIM_UNDECIDED);
  ck_assert_double_lt(k.result.findings[0].judgement.p_agree, level);
  ck_assert_double_gt(k.result.findings[0].growth, 1.0);
  known_end(&k);
}
END_TEST

/* A right prediction and a wrong one, of every relation. */
static const struct {
  plim_relation relation;
  double predicted;
  plim_verdict verdict;
} said[] = {
    {PLIM_EQUALS, 0.7312, PLIM_AGREE},      {PLIM_EQUALS, 0.9512, PLIM_DISAGREE},
    {PLIM_EQUALS, -0.7312, PLIM_DISAGREE},  {PLIM_AT_LEAST, 0.6317, PLIM_AGREE},
    {PLIM_AT_LEAST, 0.9931, PLIM_DISAGREE}, {PLIM_AT_MOST, 0.8317, PLIM_AGREE},
    {PLIM_AT_MOST, 0.5113, PLIM_DISAGREE},
};

START_TEST(right_and_wrong_predictions)
{
  known k;
  known_begin(&k);
  k.settings.replicas = 0; /* until it is decided */
  k.settings.threads = 2;
  k.values[0].relation = said[_i].relation;
  k.values[0].predicted.value = said[_i].predicted;
  k.values[0].relative_margin = said[_i].relation == PLIM_EQUALS ? 0.1 : 0.0;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_int_eq(k.result.findings[0].judgement.verdict, said[_i].verdict);
  ck_assert_int_eq(k.result.findings[1].judgement.verdict, PLIM_AGREE);
  ck_assert_int_eq(plim_experiment_verdict(&k.result), said[_i].verdict);
  ck_assert_str_eq(k.result.findings[0].name, "first");
  ck_assert_int_eq(k.result.findings[2].relation, PLIM_REPORTED);
  ck_assert_double_eq_tol(k.result.findings[2].fit.limit, first_limit * second_limit, 0.3);
  known_end(&k);
}
END_TEST

static atomic_int met;

/* Replicas 0 and 1 wait for each other, for ten seconds. */
static plim_status draw_together(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const struct timespec moment = {.tv_nsec = 10000000};
  (void)context, (void)d;
  plim_stream_normals(stream, 1, values);
  if (replica < 2)
    met++;
  for (int i = 0; i < 1000 && met < 2; i++)
    nanosleep(&moment, NULL);
  return met < 2 ? PLIM_FAILED : PLIM_OK;
}

START_TEST(replicas_run_side_by_side)
{
  double samples[3];
  const plim_draws draws = {
      .draw = draw_together, .d = 7, .values = 1, .replicas = 3, .seed = 5, .threads = 2};
  ck_assert_int_eq(plim_draw(&draws, NULL, samples, NULL), PLIM_OK);
}
END_TEST

/* ---- predictions ---------------------------------------------------------------------------------------- */

static double ratio_at(double d) /* n/d of whole numbers */
{
  return isinf(d) ? 1.7 : round(1.7 * d) / d;
}

static plim_status draw_jittered(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  plim_stream_normals(stream, 1, values);
  (void)context;
  (void)replica;
  values[0] = 0.01 * values[0] + 3.1 * ratio_at((double)d);
  return PLIM_OK;
}

static plim_status predict_jittered(void *context, double d, plim_value *predicted)
{
  (void)context;
  *predicted = (plim_value){3.1 * ratio_at(d), 1e-15};
  return PLIM_OK;
}

/* What whole numbers make of a ratio is taken off at each size. */
START_TEST(predictions_at_sizes)
{
  known k;
  known_begin(&k);
  k.values[0].relative_margin = 0.01;
  k.experiment = (plim_experiment){
      .name = "jittered", .draw = draw_jittered, .predict = predict_jittered, .values = k.values, .count = 1};
  k.settings.sizes = (const size_t[]){11, 13, 17, 23};
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_double_eq(k.result.findings[0].predicted.value, 3.1 * 1.7);
  for (size_t size = 0; size < SIZES; size++) {
    ck_assert_double_lt(fabs(k.result.rungs[size].value - 3.1 * 1.7), 5.0 * k.result.rungs[size].error);
    ck_assert_double_lt(fabs(k.result.rungs[size].error - 0.01 / sqrt(60.0)), 0.005 / sqrt(60.0));
  }
  ck_assert_int_eq(plim_experiment_verdict(&k.result), PLIM_AGREE);
  known_end(&k);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("experiment");
  tcase_add_loop_test(tests, same_bits_for_any_number_of_threads, 0, 2);
  tcase_add_test(tests, a_draw_is_a_function_of_its_name);
  tcase_add_test(tests, replicas_run_side_by_side);
  tcase_add_test(tests, verdicts_are_those_of_the_judge);
  tcase_add_test(tests, values_are_one_family);
  tcase_add_loop_test(tests, right_and_wrong_predictions, 0, (int)(sizeof said / sizeof *said));
  tcase_add_test(tests, predictions_at_sizes);
  return run_cases("experiment", 1, &tests);
}
