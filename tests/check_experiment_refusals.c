/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_experiment_refusals.c - what becomes of an experiment that fails or says what cannot be: its own status, the
   reason, and nothing half judged. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "experiment_fixture.h"
#include "run_cases.h"

static plim_status predict_badly(void *context, double d, plim_value *predicted)
{
  const double *said_of = context; /* status, value, error, and at which d */
  for (size_t i = 0; i < VALUES; i++)
    predicted[i] = (plim_value){first_limit, 0.0};
  if (d == said_of[3] || (isinf(d) && isinf(said_of[3])))
    predicted[1] = (plim_value){said_of[1], said_of[2]};
  return said_of[0] == 0.0 || d != said_of[3] ? PLIM_OK : (plim_status)said_of[0];
}

START_TEST(bad_predictions)
{
  known k;
  known_begin(&k);
  double context[4] = {(double)PLIM_OUTSIDE_DOMAIN, 1.0, 0.0, INFINITY};
  k.experiment.predict = predict_badly;
  k.experiment.context = context;
  assert_refused(&k, PLIM_OUTSIDE_DOMAIN, "predict returned 2 in the limit");
  context[0] = 77.0;
  assert_refused(&k, PLIM_FAILED, "predict returned 77");
  context[0] = 0.0;
  context[1] = NAN;
  assert_refused(&k, PLIM_NOT_FINITE, "prediction of second in the limit");
  context[3] = 80.0;
  assert_refused(&k, PLIM_NOT_FINITE, "prediction of second at a size");
  context[1] = 1.0;
  context[2] = -1e-3;
  assert_refused(&k, PLIM_NOT_FINITE, "second");
  k.experiment.predict = NULL;
  k.values[0].predicted.error = INFINITY;
  assert_refused(&k, PLIM_NOT_FINITE, "prediction of first");
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------------------- */

/* The status is the function's own, the replica the lowest that fails, for any number of threads. */
START_TEST(draws_that_fail)
{
  static const size_t threads[] = {1, 2, 5};
  known k;
  known_begin(&k);
  k.settings.threads = threads[_i];
  k.trouble = (trouble){.d = 80, .from = 11, .status = PLIM_DIVERGES};
  assert_refused(&k, PLIM_DIVERGES, "draw at d = 80, replica 11 returned 3 (diverges)");
  ck_assert_uint_eq(k.failure.d, 80);
  ck_assert_uint_eq(k.failure.replica, 11);
  k.trouble.status = 77;
  assert_refused(&k, PLIM_FAILED, "returned 77");
  k.trouble = (trouble){.d = 37, .from = 3, .replace = true, .instead = NAN};
  assert_refused(&k, PLIM_NOT_FINITE, "draw at d = 37, replica 3: second is not finite");
  k.trouble.instead = -INFINITY;
  assert_refused(&k, PLIM_NOT_FINITE, "second is not finite");
  k.trouble = (trouble){.d = 37, .from = 3, .forget = true};
  assert_refused(&k, PLIM_NOT_FINITE, "replica 3: first is not finite");
  k.trouble = (trouble){.d = 37, .from = 0, .replace = true, .instead = 0.4};
  assert_refused(&k, PLIM_INVALID, "second is the same in every replica at d = 37");
}
END_TEST

/* The replicas after the one that fails fail at once, and it takes its time. */
static plim_status draw_late(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const struct timespec while_others_fail = {.tv_nsec = 30000000};
  (void)context, (void)d;
  plim_stream_normals(stream, 1, values);
  if (replica == 3)
    nanosleep(&while_others_fail, NULL);
  return replica < 3 ? PLIM_OK : replica == 3 ? PLIM_DIVERGES : PLIM_NOT_CONVERGED;
}

START_TEST(the_lowest_replica_speaks)
{
  double samples[20];
  plim_draw_failure failure;
  const plim_draws draws = {.draw = draw_late, .d = 23, .values = 1, .replicas = 20, .seed = 5, .threads = 2};
  ck_assert_int_eq(plim_draw(&draws, NULL, samples, &failure), PLIM_DIVERGES);
  ck_assert_uint_eq(failure.replica, 3);
  ck_assert_uint_eq(failure.value, 1);
  ck_assert_int_eq(failure.returned, PLIM_DIVERGES);
  ck_assert_int_eq(plim_draw(&draws, NULL, samples, NULL), PLIM_DIVERGES);
}
END_TEST

START_TEST(draws_that_cannot_be)
{
  double samples[20] = {0.0};
  const plim_draws draws = {.draw = draw_late, .d = 23, .values = 1, .replicas = 3, .seed = 5, .threads = 2};
  plim_draws other = draws;
  ck_assert_int_eq(plim_draw(&draws, NULL, samples, NULL), PLIM_OK);
  other.draw = NULL;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_INVALID);
  other = draws;
  other.values = 0;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_INVALID);
  other = draws;
  other.replicas = 0;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_INVALID);
#if SIZE_MAX > UINT32_MAX
  other.replicas = (size_t)UINT32_MAX + 2;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_INVALID);
#endif
  other = draws;
  other.threads = 0;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_INVALID);
  other = draws;
  other.values = SIZE_MAX / 8;
  ck_assert_int_eq(plim_draw(&other, NULL, samples, NULL), PLIM_OVERFLOW);
}
END_TEST

START_TEST(unacceptable)
{
  known k;
#define REFUSED(change, reason)                                                                              \
  do {                                                                                                       \
    known_begin(&k);                                                                                         \
    change;                                                                                                  \
    assert_refused(&k, PLIM_INVALID, reason);                                                                \
  } while (0)
  REFUSED(k.experiment.name = NULL, "the experiment has no name");
  REFUSED(k.experiment.draw = NULL, "no function");
  REFUSED(k.experiment.values = NULL, "no values");
  REFUSED(k.experiment.count = 0, "no values");
  REFUSED(k.experiment.cost_exponent = -0.1, "cost_exponent");
  REFUSED(k.settings.threads = 0, "threads");
  REFUSED(k.settings.replicas = 1, "two replicas");
  REFUSED(k.settings.level = 0.5, "level");
  REFUSED(k.settings.level = NAN, "level");
  REFUSED(k.settings.budget = 0.0, "budget");
  REFUSED(k.settings.power = 1.0, "power");
  REFUSED(k.settings.n_sizes = 2, "three sizes");
  REFUSED(k.settings.sizes = NULL, "three sizes");
  REFUSED(k.settings.sizes = ((const size_t[]){20, 40, 20, 80}), "no two are alike");
  REFUSED(k.settings.sizes = ((const size_t[]){20, 40, 0, 80}), "positive");
  REFUSED(k.values[1].name = NULL, "value 1 (?) has no name");
  REFUSED(k.values[1].relation = PLIM_RELATION_COUNT, "relation");
  REFUSED(k.values[0].rates[0] = 0.0, "value 0 (first) declares no rate");
  REFUSED(k.values[1].rates[1] = 0.7, "ascending");
  REFUSED(k.values[1].rates[1] = -1.0, "ascending");
  REFUSED(k.values[1].rates[2] = NAN, "ascending");
  REFUSED(k.settings.n_sizes = 3, "more rates than the sizes");
  REFUSED(k.values[0].ratio = -1.0, "ratio");
  REFUSED(k.values[0].relative_margin = NAN, "margin");
  REFUSED(k.values[0].relative_margin = 0.0, "no margin");
  REFUSED(k.values[0].rates[0] = 1e-9, "allow no fit");
#undef REFUSED
}
END_TEST

/* Nothing is judged: UNDECIDED; and releasing what is released does nothing. */
START_TEST(nothing_to_judge)
{
  known k;
  known_begin(&k);
  k.values[0].relation = k.values[1].relation = PLIM_REPORTED;
  for (k.settings.replicas = 0; k.settings.replicas < 60; k.settings.replicas += 30) {
    ck_assert_int_eq(known_run(&k), PLIM_OK);
    ck_assert_int_eq(plim_experiment_verdict(&k.result), PLIM_UNDECIDED);
    known_end(&k);
    known_end(&k);
  }
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("experiment_refusals");
  tcase_add_test(tests, bad_predictions);
  tcase_add_loop_test(tests, draws_that_fail, 0, 3);
  tcase_add_test(tests, the_lowest_replica_speaks);
  tcase_add_test(tests, draws_that_cannot_be);
  tcase_add_test(tests, unacceptable);
  tcase_add_test(tests, nothing_to_judge);
  return run_cases("experiment_refusals", 1, &tests);
}
