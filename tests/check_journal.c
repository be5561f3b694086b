/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: the same bits back, for whatever configuration they serve; one writer; how often it waits for the disk.
   flock, fdatasync and clock_gettime are defined here and thus serve the program's code in the place of the system's:
   file systems without locks and clocks that jump are seldom at hand. */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/output/journal.h"
#include "run_cases.h"

static int lock_error; /* 0: the system's flock */
static size_t syncs;
static int sync_error;
static time_t seconds_added;

int flock(int descriptor, int operation)
{
  if (lock_error == 0)
    return (int)syscall(SYS_flock, descriptor, operation);
  errno = lock_error;
  return -1;
}

int fdatasync(int descriptor)
{
  (void)descriptor;
  syncs++;
  errno = sync_error;
  return sync_error == 0 ? 0 : -1;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
  const int result = (int)syscall(SYS_clock_gettime, clock, time);
  time->tv_sec += seconds_added;
  return result;
}

static char folder[] = "check_journal.XXXXXX";
static char path[64], journal_path[80], lock_path[96];
static plimi_settings settings;
static plimi_part part;
static plimi_output_request request;
static plimi_invocation invocation;

static void begin(void)
{
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/run.csv", folder);
  snprintf(journal_path, sizeof journal_path, "%s.journal", path);
  snprintf(lock_path, sizeof lock_path, "%s.lock", journal_path);
  lock_error = sync_error = 0;
  syncs = 0;
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
  part = (plimi_part){PLIMI_SIMULATE, "simulate", &settings};
  request = (plimi_output_request){.command = "simulate", .parts = &part, .part_count = 1, .path = path};
}

static void end(void)
{
  plimi_settings_free(&settings);
  unlink(journal_path);
  unlink(lock_path);
  ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
}

static plimi_journal *opened(bool resume)
{
  plimi_journal *journal = NULL;
  ck_assert_int_eq(plimi_journal_open(&request, resume, &journal), PLIM_EXIT_DONE);
  return journal;
}

static int refused(bool resume)
{
  plimi_journal *journal = NULL;
  const int status = plimi_journal_open(&request, resume, &journal);
  ck_assert_ptr_null(journal);
  return status;
}

static void set(const char *option, const char *text)
{
  plimi_message why;
  ck_assert_msg(plimi_option_set(&settings, plimi_option_find(option, PLIMI_SIMULATE, false), text, &why),
                "%s", why.text);
}

static const char *const three[] = {"risk1", "theta1", "ck_top"};
static const double penalties[] = {0.0371, 1.0 / 3.0, 2.385};
static const double samples[] = {0.1,    1.0 / 3.0, 4.9e-324, 1.7976931348623157e308, -2.385e-17, 0.0,
                                 3e-310, 7.1,       -0.3};

static plimi_journal_run run_of(const char *point, size_t first, size_t count)
{
  return (plimi_journal_run){
      .point = point, .quantities = three + first, .quantity_count = count, .path = penalties, .length = 3};
}

static plimi_journal_place *place_of(plimi_journal *journal, plimi_journal_run run)
{
  return plimi_journal_place_alloc(journal, &run);
}

static void record(plimi_journal *journal, plimi_journal_run run, size_t replica, const double *values)
{
  plimi_journal_place *place = place_of(journal, run);
  ck_assert(plimi_journal_record(place, replica, values, false));
  plimi_journal_place_free(place);
}

static bool recall(plimi_journal *journal, plimi_journal_run run, size_t replica, double *back)
{
  plimi_journal_place *place = place_of(journal, run);
  const bool known = plimi_journal_recall(place, replica, back);
  plimi_journal_place_free(place);
  return known;
}

static off_t file_size(void)
{
  struct stat status;
  ck_assert_int_eq(stat(journal_path, &status), 0);
  return status.st_size;
}

static void append(const char *text)
{
  FILE *file = fopen(journal_path, "a");
  fputs(text, file);
  fclose(file);
}

START_TEST(the_same_bits_come_back)
{
  double back[6];
  plimi_journal *journal = opened(false);
  record(journal, run_of("a \"point\", in words", 0, 2), 41, samples);
  record(journal, run_of("a \"point\", in words", 0, 2), 3, samples + 3);
  plimi_journal_close(journal, false);
  ck_assert_int_eq(refused(false), PLIM_EXIT_USAGE); /* not over an older one */

  append("{\"of\":0,\"replica\":5,\"sam"); /* a kill in the middle of a line */
  journal = opened(true);
  ck_assert_uint_eq(plimi_journal_size(journal), 2);
  const plimi_journal_run run = run_of("a \"point\", in words", 0, 2);
  ck_assert(recall(journal, run, 41, back));
  ck_assert_mem_eq(back, samples, sizeof back);
  ck_assert(recall(journal, run, 3, back));
  ck_assert_mem_eq(back, samples + 3, sizeof back);
  ck_assert(!recall(journal, run, 5, back));
  record(journal, run, 5, samples); /* begins a line of its own */
  plimi_journal_close(journal, false);

  ck_assert_int_eq(truncate(journal_path, file_size() - 1), 0); /* whole but for its line break */
  journal = opened(true);
  ck_assert_uint_eq(plimi_journal_size(journal), 2);
  record(journal, run, 5, samples);
  plimi_journal_close(journal, false);
  journal = opened(true);
  ck_assert_uint_eq(plimi_journal_size(journal), 3);
  plimi_journal_close(journal, true);
  ck_assert_int_ne(access(journal_path, F_OK), 0);
}
END_TEST

/* A sample is of its point, its quantity, all penalties beside it, and its replica. */
START_TEST(samples_serve_where_they_are_the_same)
{
  double back[9];
  plimi_journal *journal = opened(false);
  record(journal, run_of("here", 0, 2), 4, samples); /* risk1, theta1 */
  record(journal, run_of("here", 2, 1), 4, samples + 6);
  record(journal, run_of("there", 0, 1), 4, samples + 2);
  record(journal, run_of("here", 1, 1), 7, samples + 1);
  plimi_journal_close(journal, false);
  journal = opened(true);
  ck_assert(recall(journal, run_of("here", 0, 3), 4, back)); /* out of two runs */
  ck_assert_mem_eq(back, samples, sizeof back);
  ck_assert(recall(journal, run_of("here", 1, 2), 4, back)); /* fewer, from the middle on */
  ck_assert_mem_eq(back, samples + 3, 6 * sizeof *back);
  ck_assert(recall(journal, run_of("there", 0, 1), 4, back));
  ck_assert_mem_eq(back, samples + 2, 3 * sizeof *back);
  ck_assert(!recall(journal, run_of("there", 0, 2), 4, back));
  ck_assert(!recall(journal, run_of("here", 0, 2), 7, back));
  ck_assert(!recall(journal, run_of("here", 0, 2), 5, back));
  ck_assert(!recall(journal, run_of("her", 0, 2), 4, back));
  plimi_journal_run other = run_of("here", 0, 2);
  other.length = 2; /* fewer penalties: other last bits */
  ck_assert(!recall(journal, other, 4, back));
  other = run_of("here", 0, 2);
  other.path = samples; /* other penalties */
  ck_assert(!recall(journal, other, 4, back));
  other.path = NULL;
  ck_assert(!recall(journal, other, 4, back));
  plimi_journal_place *place = place_of(journal, run_of("here", 0, 3));
  ck_assert(plimi_journal_knows(place, 1, 7) && !plimi_journal_knows(place, 0, 7));
  plimi_journal_place_free(place);
  plimi_journal_close(journal, false);
}
END_TEST

/* What a run records of itself is known to it only where it was told to remember. */
START_TEST(remembering)
{
  double back[3];
  plimi_journal *journal = opened(false);
  plimi_journal_place *place = place_of(journal, run_of("here", 0, 1));
  for (size_t r = 20; r-- > 0;) /* in any order */
    ck_assert(plimi_journal_record(place, (7 * r) % 20, samples + r % 7, r % 2 == 0));
  plimi_journal_place_free(place);
  for (size_t r = 0; r < 20; r++) {
    ck_assert(recall(journal, run_of("here", 0, 1), (7 * r) % 20, back) == (r % 2 == 0));
    if (r % 2 == 0)
      ck_assert_mem_eq(back, samples + r % 7, sizeof back);
  }
  plimi_journal_close(journal, false);
}
END_TEST

/* A replica that several runs of a point have, or one of them twice, is one; so it is when they are read again. */
START_TEST(a_replica_counts_once)
{
  static const size_t runs[][4] = {{0, 1, 3, 1}, {0, 1, 0, 2}, {0, 1, 7, 3}, {1, 2, 7, 3},
                                   {1, 2, 5, 4}, {0, 1, 0, 4}, {0, 1, 7, 5}, {1, 1, 7, 5}};
  plimi_journal *journal = opened(false);
  for (size_t i = 0; i < 8; i++) {
    record(journal, run_of(i < 6 ? "here" : "there", runs[i][0], runs[i][1]), runs[i][2], samples);
    ck_assert_uint_eq(plimi_journal_size(journal), runs[i][3]);
  }
  plimi_journal_close(journal, false);
  journal = opened(true);
  ck_assert_uint_eq(plimi_journal_size(journal), 5);
  plimi_journal_close(journal, false);
}
END_TEST

START_TEST(what_may_change_between_runs)
{
  static const struct {
    const char *option, *text;
    int status;
  } cases[] = {{"threads", "3", PLIM_EXIT_DONE},     {"psi1", "2.0", PLIM_EXIT_DONE},
               {"psi1", "2.00001", PLIM_EXIT_USAGE}, {"seed", "2", PLIM_EXIT_USAGE},
               {"replicas", "21", PLIM_EXIT_DONE},   {"replicas", "19", PLIM_EXIT_USAGE},
               {"d", "128,256", PLIM_EXIT_DONE},     {"d", "128", PLIM_EXIT_USAGE},
               {"steps", "2", PLIM_EXIT_USAGE},      {"activation", "relu", PLIM_EXIT_USAGE}};
  plimi_journal_close(opened(false), false);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plimi_journal *journal = NULL;
    set(cases[i].option, cases[i].text);
    const int status = plimi_journal_open(&request, true, &journal);
    ck_assert_msg(status == cases[i].status, "--%s %s: %d", cases[i].option, cases[i].text, status);
    plimi_journal_close(journal, true);
    plimi_settings_free(&settings); /* and a journal of the first configuration again */
    plimi_settings_default(&settings, PLIMI_SIMULATE);
    if (status == PLIM_EXIT_DONE)
      plimi_journal_close(opened(false), false);
  }
}
END_TEST

/* A configuration that has grown counts from then on: what it has added is not thrown away either. */
START_TEST(the_last_header_counts)
{
  plimi_journal_close(opened(false), false);
  set("replicas", "30");
  plimi_journal_close(opened(true), false);
  plimi_journal_close(opened(true), false);
  set("replicas", "25");
  ck_assert_int_eq(refused(true), PLIM_EXIT_USAGE);
}
END_TEST

static void write_lock(const char *text)
{
  FILE *file = fopen(lock_path, "w");
  fputs(text, file);
  fclose(file);
}

START_TEST(one_writer)
{
  static const int reasons[] = {0, ENOLCK, ENOSYS, EOPNOTSUPP};
  lock_error = reasons[_i];
  plimi_journal *first = opened(true);
  ck_assert_int_eq(access(lock_path, F_OK) == 0, lock_error != 0);
  ck_assert_int_eq(refused(true), PLIM_EXIT_FILE);
  const int one_that_has_locks = lock_error;
  lock_error = 0;
  ck_assert_int_eq(refused(true), PLIM_EXIT_FILE); /* a lock file is heeded there too */
  lock_error = one_that_has_locks;
  plimi_journal_close(first, false);
  ck_assert_int_ne(access(lock_path, F_OK), 0);
  plimi_journal_close(opened(true), true);
  ck_assert_int_ne(access(lock_path, F_OK), 0);
}
END_TEST

/* The message of a refusal. */
static void expect_message(const char *words)
{
  char file[80], text[1024] = "";
  snprintf(file, sizeof file, "%s/err", folder);
  fflush(stderr);
  const int saved = dup(STDERR_FILENO);
  ck_assert_ptr_nonnull(freopen(file, "w", stderr));
  const int status = refused(true);
  fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  FILE *said = fopen(file, "r");
  ck_assert_uint_gt(fread(text, 1, sizeof text - 1, said), 0);
  fclose(said);
  unlink(file);
  ck_assert_int_eq(status, PLIM_EXIT_FILE);
  ck_assert_msg(strstr(text, words) != NULL, "%s", text);
}

START_TEST(locks_left_behind)
{
  char host[256] = "", text[300];
  lock_error = ENOLCK;
  ck_assert_int_eq(gethostname(host, sizeof host - 1), 0);
  const pid_t ended = fork();
  if (ended == 0)
    _exit(0);
  ck_assert_int_eq(waitpid(ended, NULL, 0), ended); /* a number that was a process and is none */
  snprintf(text, sizeof text, "%ld %s\n", (long)ended, host);
  write_lock(text);
  expect_message("was left behind by process");
  snprintf(text, sizeof text, "%ld %s\n", (long)getpid(), host);
  write_lock(text);
  expect_message("is still running (process");
  write_lock("17 elsewhere\n");
  expect_message("is in use by process 17 on elsewhere");
  write_lock("");
  expect_message("if none is running, remove that file");
  unlink(journal_path);
  ck_assert_int_eq(refused(false), PLIM_EXIT_FILE);
  ck_assert_int_ne(access(journal_path, F_OK),
                   0); /* no empty journal, which would look like an interrupted run */
}
END_TEST

/* On the disk every five seconds at the latest, and at the end; not at every replica. */
START_TEST(waiting_for_the_disk)
{
  plimi_journal *journal = opened(false);
  plimi_journal_place *place = place_of(journal, run_of("here", 0, 1));
  for (size_t r = 0; r < 300; r++)
    ck_assert(plimi_journal_record(place, r, samples, false));
  ck_assert_uint_eq(syncs, 1); /* of the header */
  syncs = 0;
  for (size_t k = 1; k <= 3; k++) {
    seconds_added += 6;
    for (size_t r = 0; r < 50; r++)
      ck_assert(plimi_journal_record(place, 300 + 50 * k + r, samples, false));
    ck_assert_uint_eq(syncs, k);
  }
  seconds_added += 6;
  sync_error = EIO;
  ck_assert(!plimi_journal_record(place, 1000, samples, false));
  seconds_added += 6;
  sync_error = EINVAL; /* a file system that has no such thing */
  ck_assert(plimi_journal_record(place, 1001, samples, false));
  plimi_journal_place_free(place);
  syncs = 0;
  plimi_journal_close(journal, false);
  ck_assert_uint_eq(syncs, 1);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("journal");
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, the_same_bits_come_back);
  tcase_add_test(tests, samples_serve_where_they_are_the_same);
  tcase_add_test(tests, remembering);
  tcase_add_test(tests, a_replica_counts_once);
  tcase_add_test(tests, what_may_change_between_runs);
  tcase_add_test(tests, the_last_header_counts);
  tcase_add_loop_test(tests, one_writer, 0, 4);
  tcase_add_test(tests, locks_left_behind);
  tcase_add_test(tests, waiting_for_the_disk);
  return run_cases("journal", 1, &tests);
}
