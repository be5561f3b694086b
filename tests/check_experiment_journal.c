/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_experiment_journal.c - the journal of somebody's own experiment: what was drawn is drawn once, and an
   interrupted run gives the same bytes as one that was not. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "experiment_fixture.h"
#include "run_cases.h"

static const char path[] = "check_experiment.journal";

static void remove_journal(void)
{
  (void)unlink(path);
}

static size_t read_journal(char **text)
{
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
  const long length = ftell(file);
  ck_assert_int_gt(length, 0);
  rewind(file);
  *text = calloc((size_t)length + 1, 1);
  ck_assert_ptr_nonnull(*text);
  ck_assert_uint_eq(fread(*text, 1, (size_t)length, file), (size_t)length);
  fclose(file);
  return (size_t)length;
}

static void write_journal(const char *text, size_t length)
{
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  ck_assert_uint_eq(fwrite(text, 1, length, file), length);
  ck_assert_int_eq(fclose(file), 0);
}

typedef struct {
  size_t stop_at, planned, asked, last;
  bool ordered;
} stopping;

static bool stop(void *context, size_t done, size_t planned)
{
  stopping *s = context;
  s->asked++;
  s->ordered = s->ordered && done >= s->last && done <= planned;
  s->last = done;
  s->planned = planned;
  return done >= s->stop_at;
}

static void begin(known *k)
{
  known_begin(k);
  k->settings.journal = path;
  remove_journal();
}

/* Stopped again and again on several threads, whatever the design: in the end all is as if in one go. */
START_TEST(interrupted_and_resumed)
{
  known whole, k;
  known_begin(&whole);
  begin(&k);
  whole.settings.replicas = k.settings.replicas = _i == 0 ? 60 : 0;
  whole.values[0].relative_margin = k.values[0].relative_margin = 0.1;
  ck_assert_int_eq(known_run(&whole), PLIM_OK);
  stopping s = {.stop_at = 37, .ordered = true};
  k.settings.cancelled = stop;
  k.settings.hooks_context = &s;
  k.settings.threads = 5;
  assert_refused(&k, PLIM_INTERRUPTED, "stopped on request");
  s.stop_at = 111;
  k.settings.threads = 2;
  s.last = 0;
  assert_refused(&k, PLIM_INTERRUPTED, "stopped on request");
  s = (stopping){.stop_at = SIZE_MAX, .ordered = true};
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  assert_same_result(&whole.result, &k.result);
  ck_assert_uint_ge(k.result.recalled, 111);
  ck_assert_uint_eq(k.result.recalled + k.result.drawn, whole.result.drawn);
  ck_assert_uint_eq(s.asked, k.result.drawn); /* one is drawn anew besides, and nobody is asked */
  ck_assert(s.ordered);
  ck_assert_uint_eq(s.planned, whole.result.drawn);
  known_end(&k);
  ck_assert_int_eq(known_run(&k), PLIM_OK); /* all is there */
  assert_same_result(&whole.result, &k.result);
  ck_assert_uint_eq(k.result.drawn, 0);
  known_end(&k);
  known_end(&whole);
}
END_TEST

/* Another ladder, more replicas, other margins and predictions look at the same draws. */
START_TEST(a_larger_run_adds)
{
  known k;
  begin(&k);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.drawn, 240);
  known_end(&k);
  k.settings.sizes = (const size_t[]){320, 37, 20, 80, 160};
  k.settings.n_sizes = 5;
  k.settings.replicas = 70;
  k.settings.level = 0.01;
  k.values[0].predicted.value = 2.2;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.recalled, 240);
  ck_assert_uint_eq(k.result.drawn, 40 + 70);
  known_end(&k);
}
END_TEST

/* What a kill leaves of the last line, a line in which a digit was changed, and one of another kind. */
START_TEST(torn_and_spoilt)
{
  known whole, k;
  char *text;
  known_begin(&whole);
  begin(&k);
  ck_assert_int_eq(known_run(&whole), PLIM_OK);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  known_end(&k);
  const size_t length = read_journal(&text);
  write_journal(text, length - 3);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  assert_same_result(&whole.result, &k.result);
  ck_assert_uint_eq(k.result.drawn, 1);
  ck_assert_uint_eq(k.result.spoilt, 0);
  known_end(&k);
  enum { TORN = 500 }; /* longer than a line */
  char *longer = malloc(length + TORN), *after;
  ck_assert_ptr_nonnull(longer);
  memcpy(longer, text, length);
  memset(longer + length, 'x', TORN);
  write_journal(longer, length + TORN);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_eq(k.result.drawn, 0);
  known_end(&k);
  ck_assert_uint_eq(read_journal(&after), length);
  free(after);
  free(longer);
  char *digit = strstr(text, " 37 30 ") + 12;
  *digit = *digit == '7' ? '8' : '7';
  write_journal(text, length);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  assert_same_result(&whole.result, &k.result);
  ck_assert_uint_eq(k.result.drawn, 1);
  ck_assert_uint_eq(k.result.spoilt, 1);
  known_end(&k);
  ck_assert_int_eq(known_run(&k), PLIM_OK); /* the line stays, what it held stands after it */
  ck_assert_uint_eq(k.result.drawn, 0);
  ck_assert_uint_eq(k.result.spoilt, 1);
  known_end(&k);
  known_end(&whole);
  free(text);
}
END_TEST

static plim_status draw_another(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const plim_status status = draw_known(context, d, replica, stream, values);
  values[1] *= 1.0 + 1e-4;
  return status;
}

/* A journal of another experiment is refused, and left as it was. */
START_TEST(of_another_experiment)
{
  known k;
  char *before, *after;
  begin(&k);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  known_end(&k);
  const size_t length = read_journal(&before);
  k.settings.seed++;
  assert_refused(&k, PLIM_INVALID, "its seed is another");
  k.settings.seed--;
  k.experiment.name = "known too";
  assert_refused(&k, PLIM_INVALID, "its name is another");
  k.experiment.name = "known";
  k.values[2].name = "fourth";
  assert_refused(&k, PLIM_INVALID, "its list of values is another");
  k.values[2].name = "third";
  k.experiment.draw = draw_another;
  assert_refused(&k, PLIM_INVALID, "draws of another function: second of replica 0 at d = 20");
  ck_assert_uint_eq(read_journal(&after), length);
  ck_assert(memcmp(before, after, length) == 0);
  free(before);
  free(after);
}
END_TEST

/* What is no journal at all. */
START_TEST(foreign_files)
{
  static const char *const texts[] = {"d,value\n1,2\n", "no line", "00000000 plim experiment 1\n"};
  known k;
  char *after;
  begin(&k);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    write_journal(texts[i], strlen(texts[i]));
    assert_refused(&k, PLIM_INVALID, "no journal of an experiment");
    (void)read_journal(&after);
    ck_assert_str_eq(after, texts[i]);
    free(after);
  }
  k.settings.journal = ".";
  assert_refused(&k, PLIM_FAILED, "cannot be opened");
  k.settings.journal = "/dev/null";
  assert_refused(&k, PLIM_FAILED, "not a regular file");
  k.settings.journal = "no/such/folder";
  assert_refused(&k, PLIM_FAILED, "cannot be opened");
  remove_journal();
  k.settings.journal = path;
  k.values[0].name = "fi\trst";
  assert_refused(&k, PLIM_INVALID, "no tabs");
  remove_journal();
  write_journal("", 0); /* what a kill leaves of one just begun */
  k.values[0].name = "first";
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  known_end(&k);
}
END_TEST

/* One run at a time. */
static bool run_another(void *context, size_t done, size_t planned)
{
  known *other = context;
  (void)planned;
  if (done == 3)
    assert_refused(other, PLIM_FAILED, "in use by another run");
  return false;
}

START_TEST(one_run_at_a_time)
{
  known k, other;
  begin(&other);
  begin(&k);
  k.settings.cancelled = run_another;
  k.settings.hooks_context = &other;
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  known_end(&k);
}
END_TEST

/* A file that takes no more: the run ends, nothing is judged, and what was kept serves. */
START_TEST(a_file_that_takes_no_more)
{
  const struct rlimit least = {3000, RLIM_INFINITY};
  struct rlimit usual;
  known k;
  begin(&k);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &usual), 0);
  ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &least), 0);
  assert_refused(&k, PLIM_FAILED, "check_experiment.journal cannot be written: ");
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &usual), 0);
  ck_assert_int_eq(known_run(&k), PLIM_OK);
  ck_assert_uint_gt(k.result.recalled, 10);
  known_end(&k);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("experiment_journal");
  tcase_add_checked_fixture(tests, NULL, remove_journal);
  tcase_add_loop_test(tests, interrupted_and_resumed, 0, 2);
  tcase_add_test(tests, a_larger_run_adds);
  tcase_add_test(tests, torn_and_spoilt);
  tcase_add_test(tests, of_another_experiment);
  tcase_add_test(tests, foreign_files);
  tcase_add_test(tests, one_run_at_a_time);
  tcase_add_test(tests, a_file_that_takes_no_more);
  return run_cases("experiment_journal", 1, &tests);
}
