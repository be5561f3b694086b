/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_replicas.c - plim_simulate: the same bits however the work is shared out, and hooks. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_cases.h"
#include "setting.h"

/* 4 replicas on 1, 2, 3, 4 threads, and on 7 (teams of one and more): bit for bit. */
START_TEST(same_bits_for_any_number_of_threads)
{
  static const char *const names[] = {"tanh", "expr:z/(1+abs(z))"};
  static const size_t threads[] = {2, 3, 4, 7, 9};
  setting s;
  open_setting(&s, names[_i]);
  double *one = simulate(&s);
  for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
    s.simulation.threads = threads[t];
    double *more = simulate(&s);
    ck_assert(memcmp(one, more, s.simulation.replicas * row_of(&s) * sizeof *one) == 0);
    free(more);
  }
  free(one);
  close_setting(&s);
}
END_TEST

/* A replica is the same alone, in company, and when fewer quantities or penalties are asked for. */
START_TEST(a_replica_does_not_know_its_neighbours)
{
  setting s;
  open_setting(&s, "gelu");
  double *four = simulate(&s);
  const size_t row = row_of(&s), n_lambda = s.measurement.n_lambda;
  s.simulation.replicas = 2;
  double *two = simulate(&s);
  ck_assert(memcmp(four, two, 2 * row * sizeof *four) == 0);
  ck_assert(memcmp(four, four + row, row * sizeof *four) != 0);
  for (size_t q = 0; q < s.measurement.n_quantities; q++) {
    setting alone = s;
    alone.measurement = (plim_measurement){s.quantities + q, 1, s.lambda + 1, 1};
    double *single = simulate(&alone);
    for (size_t r = 0; r < 2; r++) {
      const double together = four[r * row + q * n_lambda + 1];
      ck_assert_msg(single[r] == together || fabs(single[r] - together) <=
                                                 1e-12 * fabs(together), /* other tile shapes of the path */
                    "%s: %.17g alone, %.17g together", plim_quantity_name(s.quantities[q]), single[r],
                    together);
    }
    free(single);
  }
  free(two);
  free(four);
  close_setting(&s);
}
END_TEST

/* Along the same path of penalties, a quantity alone has the bits that it has beside all others: the journal of the
   program puts samples of several runs together. */
START_TEST(a_quantity_does_not_know_the_others)
{
  static const size_t sizes[][3] = {{270, 43, 61}, {37, 51, 90}}; /* n, d, width */
  setting s;
  open_setting(&s, _i % 2 == 0 ? "gelu" : "relu");
  s.simulation.size = (plim_size){.n = sizes[_i / 2][0], .d = sizes[_i / 2][1], .width = sizes[_i / 2][2]};
  s.simulation.replicas = 2;
  s.simulation.threads = 2;
  double *all = simulate(&s);
  const size_t row = row_of(&s), n_lambda = s.measurement.n_lambda;
  for (size_t q = 0; q < s.measurement.n_quantities; q++) {
    setting alone = s;
    alone.measurement = (plim_measurement){s.quantities + q, 1, s.lambda, n_lambda};
    double *single = simulate(&alone);
    for (size_t r = 0; r < s.simulation.replicas; r++)
      ck_assert_msg(memcmp(single + r * n_lambda, all + r * row + q * n_lambda, n_lambda * sizeof *all) == 0,
                    "%s: %.17g alone, %.17g together", plim_quantity_name(s.quantities[q]),
                    single[r * n_lambda], all[r * row + q * n_lambda]);
    free(single);
  }
  free(all);
  close_setting(&s);
}
END_TEST

/* Common random numbers: what does not depend on noise, step and penalty is the same number when they change. */
START_TEST(draws_do_not_depend_on_the_problem)
{
  setting s;
  open_setting(&s, "tanh");
  const plim_quantity kappa[] = {PLIM_KAPPA};
  s.measurement = (plim_measurement){kappa, 1, s.lambda, 1};
  double *first = simulate(&s);
  s.problem.noise = 1.7;
  s.problem.eta = 0.2;
  s.problem.steps = 1;
  double *second = simulate(&s);
  ck_assert(memcmp(first, second, s.simulation.replicas * sizeof *first) == 0);
  s.simulation.seed++;
  double *third = simulate(&s);
  for (size_t r = 0; r < s.simulation.replicas; r++)
    ck_assert(third[r] != first[r]);
  free(third);
  free(second);
  free(first);
  close_setting(&s);
}
END_TEST

START_TEST(what_needs_no_penalty_is_repeated_along_the_path)
{
  setting s;
  open_setting(&s, "tanh");
  double *samples = simulate(&s);
  for (size_t q = 0; q < s.measurement.n_quantities; q++) {
    const plim_experiment_info *info = plim_experiment_describe(s.quantities[q]);
    ck_assert_int_eq(info->quantity, s.quantities[q]);
    ck_assert_uint_gt(strlen(info->method), 10);
    ck_assert_int_eq(samples[2 * q] == samples[2 * q + 1], !info->uses_lambda);
  }
  free(samples);
  close_setting(&s);
}
END_TEST

/* ---- hooks ---- */

typedef struct {
  size_t row;
  const double *known; /* of replica 1 */
  size_t recorded, asked, refuse_at, cancel_at;
  bool seen[8];
} journal;

static bool recall(void *context, size_t replica, double *samples)
{
  journal *j = context;
  if (replica != 1)
    return false;
  memcpy(samples, j->known, j->row * sizeof *samples);
  return true;
}

static bool record(void *context, size_t replica, const double *samples)
{
  journal *j = context;
  ck_assert(isfinite(samples[0]));
  j->seen[replica] = true;
  return ++j->recorded != j->refuse_at;
}

static bool cancelled(void *context)
{
  journal *j = context;
  return ++j->asked == j->cancel_at;
}

START_TEST(hooks_recall_and_record)
{
  setting s;
  open_setting(&s, "tanh");
  s.measurement.n_quantities = 3;
  const size_t row = row_of(&s), total = s.simulation.replicas * row;
  double *plain = simulate(&s), known[6], samples[24];
  for (size_t i = 0; i < row; i++)
    known[i] = 100.0 + (double)i;
  for (size_t threads = 1; threads <= 3; threads++) {
    journal j = {.row = row, .known = known};
    const plim_simulation_hooks hooks = {
        .context = &j, .recall = recall, .record = record, .cancelled = cancelled};
    s.simulation.threads = threads;
    ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples), PLIM_OK);
    ck_assert_uint_eq(j.recorded, 3);
    ck_assert(j.seen[0] && !j.seen[1] && j.seen[2] && j.seen[3]);
    for (size_t i = 0; i < total; i++)
      ck_assert_double_eq(samples[i], i / row == 1 ? known[i % row] : plain[i]);
  }
  free(plain);
  close_setting(&s);
}
END_TEST

START_TEST(hooks_stop_the_run)
{
  setting s;
  open_setting(&s, "tanh");
  s.measurement.n_quantities = 3;
  double samples[24];
  for (size_t i = 0; i < 24; i++)
    samples[i] = -5.0;
  journal refusing = {.refuse_at = 2};
  plim_simulation_hooks hooks = {.context = &refusing, .record = record};
  ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples), PLIM_FAILED);
  ck_assert_uint_eq(refusing.recorded, 2);
  journal cancelling = {.cancel_at = 3};
  hooks = (plim_simulation_hooks){.context = &cancelling, .record = record, .cancelled = cancelled};
  ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples),
                   PLIM_INTERRUPTED);
  ck_assert_uint_eq(cancelling.recorded, 2); /* those under way were finished and recorded */
  for (size_t i = 0; i < 24; i++)
    ck_assert_double_eq(samples[i], -5.0); /* the result is left alone on failure */
  close_setting(&s);
}
END_TEST

/* ---- a run that processes share ---- */

typedef struct {
  const double *plain;
  size_t row, replicas, gathered, failed, drawn;
  plim_status status, answer;
} part;

/* This process has the even ones. */
static bool leave_the_odd(void *context, size_t replica, double *samples)
{
  const part *p = context;
  for (size_t i = 0; i < p->row; i++)
    samples[i] = -7.0;
  return replica % 2 == 1;
}

static bool count(void *context, size_t replica, const double *samples)
{
  part *p = context;
  ck_assert(replica % 2 == 0 && isfinite(samples[0]));
  p->drawn++;
  return true;
}

static plim_status gather(void *context, plim_status status, size_t failed, double *samples)
{
  part *p = context;
  p->gathered++;
  p->status = status;
  p->failed = failed;
  for (size_t r = 1; r < p->replicas && status == PLIM_OK; r += 2) {
    ck_assert_double_eq(samples[r * p->row], -7.0);
    memcpy(samples + r * p->row, p->plain + r * p->row, p->row * sizeof *samples);
  }
  return status == PLIM_OK ? p->answer : status;
}

START_TEST(what_others_drew_is_gathered)
{
  setting s;
  open_setting(&s, "tanh");
  s.measurement.n_quantities = 3;
  const size_t row = row_of(&s), total = s.simulation.replicas * row;
  double *plain = simulate(&s), samples[24] = {0.0};
  s.simulation.processes = 2;
  s.simulation.neighbours = 2;
  for (size_t threads = 1; threads <= 3; threads++) {
    part p = {.plain = plain, .row = row, .replicas = s.simulation.replicas};
    const plim_simulation_hooks hooks = {
        .context = &p, .recall = leave_the_odd, .record = count, .gather = gather};
    s.simulation.threads = threads;
    ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples), PLIM_OK);
    ck_assert_int_eq(p.status, PLIM_OK);
    ck_assert_uint_eq(p.gathered, 1);
    ck_assert_uint_eq(p.drawn, 2);
    ck_assert_uint_eq(p.failed, s.simulation.replicas);
    ck_assert(memcmp(samples, plain, total * sizeof *plain) == 0);
    p.answer = PLIM_NOT_FINITE; /* somewhere else */
    samples[0] = -5.0;
    ck_assert_int_eq(plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples),
                     PLIM_NOT_FINITE);
    ck_assert_double_eq(samples[0], -5.0);
  }
  free(plain);
  close_setting(&s);
}
END_TEST

static bool leave_the_first(void *context, size_t replica, double *samples)
{
  leave_the_odd(context, replica, samples);
  return replica < 1;
}

/* All replicas fail that are drawn here: it is the lowest of them that counts, whichever thread was the first. */
START_TEST(the_lowest_failure_counts)
{
  static const double penalty = 0.137;
  setting s;
  open_setting(&s, "relu");
  double samples[64];
  const plim_quantity risk = PLIM_RISK1;
  s.simulation.replicas = 40;
  s.measurement = (plim_measurement){&risk, 1, &penalty, 1};
  s.problem.eta = 1e300; /* its square is infinite */
  for (size_t threads = 1; threads <= 4; threads++) {
    part p = {.row = 1, .replicas = s.simulation.replicas};
    const plim_simulation_hooks hooks = {.context = &p, .recall = leave_the_first, .gather = gather};
    s.simulation.threads = threads;
    const plim_status status = plim_simulate(&s.problem, &s.simulation, &s.measurement, &hooks, samples);
    ck_assert_int_eq(status, PLIM_NOT_FINITE);
    ck_assert_int_eq(p.status, status);
    ck_assert_uint_eq(p.failed, 1);
  }
  close_setting(&s);
}
END_TEST

int main(void)
{
  TCase *tests[] = {tcase_create("threads"), tcase_create("replicas")}; /* CK_RUN_CASE takes one of them */
  tcase_add_loop_test(tests[0], same_bits_for_any_number_of_threads, 0, 2);
  tcase_add_test(tests[0], hooks_recall_and_record);
  tcase_add_test(tests[0], hooks_stop_the_run);
  tcase_add_test(tests[0], what_others_drew_is_gathered);
  tcase_add_test(tests[0], the_lowest_failure_counts);
  tcase_add_test(tests[1], a_replica_does_not_know_its_neighbours);
  tcase_add_loop_test(tests[1], a_quantity_does_not_know_the_others, 0, 4);
  tcase_add_test(tests[1], draws_do_not_depend_on_the_problem);
  tcase_add_test(tests[1], what_needs_no_penalty_is_repeated_along_the_path);
  return run_cases("replicas", 2, tests);
}
