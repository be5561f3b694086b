/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_progress.c - the bar of long work, on a terminal and where there is none. The clock is set back rather than
   waited for. */
#include "config.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/terminal/progress.h"
#include "cli/terminal/temporary.h"
#include "run_cases.h"

/* Standard error becomes a terminal; returns its other side. */
static int watched_stderr(void)
{
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  struct termios raw;
  ck_assert_int_ge(master, 0);
  ck_assert_int_eq(grantpt(master), 0);
  ck_assert_int_eq(unlockpt(master), 0);
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  ck_assert_int_ge(slave, 0);
  ck_assert_int_eq(tcgetattr(slave, &raw), 0);
  raw.c_oflag &= ~(tcflag_t)OPOST; /* as it was written */
  ck_assert_int_eq(tcsetattr(slave, TCSANOW, &raw), 0);
  ck_assert_int_ge(dup2(slave, STDERR_FILENO), 0);
  close(slave);
  return master;
}

/* What was written since the last call, up to `last`, which is written after it. */
static void assert_shown(int master, const char *expected)
{
  char text[512];
  size_t length = 0;
  ck_assert_int_eq(fputs("$", stderr) >= 0 && fflush(stderr) == 0, 1);
  do {
    ck_assert_uint_lt(length, sizeof text);
    ck_assert_int_eq(read(master, text + length, 1), 1);
  } while (text[length++] != '$');
  text[length - 1] = '\0';
  ck_assert_str_eq(text, expected);
}

/* As if it had begun, and drawn last, so many seconds ago. */
static plimi_progress begun(double seconds, size_t total, double work)
{
  plimi_progress progress;
  plimi_progress_begin(&progress, "replicas", total, work);
  progress.started -= seconds;
  progress.ended -= seconds;
  return progress;
}

#define BAR_3_OF_10 "\r[#########.....................] 30 %, 3/10 replicas"
#define WIPED "\033[K"

START_TEST(shows_share_and_time_left)
{
  static const struct {
    double begun;
    const char *left;
  } cases[] = {{30.0, ", 70 s left"}, {60.0, ", 2.3 min left"}, {3600.0, ", 2.3 h left"}};
  const int master = watched_stderr();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char expected[128];
    plimi_progress progress = begun(cases[i].begun, 10, 100.0);
    plimi_progress_step(&progress, 3, 30.0);
    snprintf(expected, sizeof expected, "%s%s%s", BAR_3_OF_10, cases[i].left, WIPED);
    assert_shown(master, expected);
    plimi_progress_step(&progress, 1, 10.0);
    assert_shown(master, ""); /* a moment after the last */
    plimi_progress_end(&progress);
    assert_shown(master, "\r" WIPED);
    plimi_progress_end(&progress);
    assert_shown(master, "");
  }
}
END_TEST

START_TEST(what_was_given_says_nothing_of_the_speed)
{
  const int master = watched_stderr();
  plimi_progress progress = begun(10.0, 10, 100.0);
  plimi_progress_given(&progress, 2, 20.0);
  plimi_progress_step(&progress, 1, 10.0);
  assert_shown(master, BAR_3_OF_10 ", 70 s left" WIPED);
  progress = begun(10.0, 10, 100.0);
  plimi_progress_given(&progress, 3, 30.0);
  plimi_progress_step(&progress, 0, 0.0);
  assert_shown(master, BAR_3_OF_10 WIPED);
}
END_TEST

START_TEST(whole_or_empty_bar)
{
  const int master = watched_stderr();
  plimi_progress progress = begun(10.0, 2, 2.0);
  plimi_progress_step(&progress, 2, 2.0);
  assert_shown(master, "\r[##############################] 100 %, 2/2 replicas, 0 s left" WIPED);
  progress = begun(10.0, 0, 0.0);
  plimi_progress_mixture(&progress, 2, 2.0);
  plimi_progress_step(&progress, 2, 2.5); /* more than was foreseen */
  assert_shown(master, "\r[##############################] 100 %, 2/2 replicas, 0 s left" WIPED);
  progress = begun(10.0, 0, 0.0);
  plimi_progress_step(&progress, 0, 0.0);
  assert_shown(master, "\r[..............................] 0 %, 0/0 replicas" WIPED);
}
END_TEST

/* The bar goes with the cost, the count with the replicas; of looks the one at hand is told. */
START_TEST(dear_replicas_and_looks)
{
  const int master = watched_stderr();
  plimi_progress progress = begun(10.0, 0, 0.0);
  plimi_progress_look(&progress);
  plimi_progress_more(&progress, 10, 10.0);
  plimi_progress_more(&progress, 2, 90.0);
  plimi_progress_step(&progress, 10, 10.0);
  assert_shown(master,
               "\r[###...........................] 10 %, 10/12 replicas, 1.5 min left of look 1" WIPED);
  plimi_progress_step(&progress, 2, 90.0);
  plimi_progress_look(&progress);
  plimi_progress_more(&progress, 4, 4.0);
  progress.drawn -= 1.0;
  plimi_progress_step(&progress, 1, 1.0);
  assert_shown(master, "\r[#######.......................] 25 %, 1/4 replicas, 2.7 s left of look 2" WIPED);
}
END_TEST

/* A line that is too long for the terminal could not be wiped. */
START_TEST(narrow_terminals)
{
  const int master = watched_stderr();
  struct winsize window = {.ws_row = 24, .ws_col = 48};
  ck_assert_int_eq(ioctl(STDERR_FILENO, TIOCSWINSZ, &window), 0);
  plimi_progress progress = begun(30.0, 10, 100.0);
  plimi_progress_step(&progress, 3, 30.0);
  assert_shown(master, "\r[####..........] 30 %, 3/10 replicas, 70 s left" WIPED);
  window.ws_col = 20;
  ck_assert_int_eq(ioctl(STDERR_FILENO, TIOCSWINSZ, &window), 0);
  progress = begun(30.0, 10, 100.0);
  plimi_progress_step(&progress, 3, 30.0);
  assert_shown(master, "\r30 %, 3/10 replicas" WIPED);
}
END_TEST

/* ---- How right the time left is ------------------------------------------------------------------------ */

/* Replicas of one size: the cost that plim_replica_seconds foretells, and the seconds of a thread that one took. */
typedef struct {
  size_t count;
  double cost, seconds;
} size_course;

/* Recorded on one core of an AMD EPYC, psi1 = 2, psi2 = 1.5, d = 16, 32, ..., 512: the model is for the first. */
static const size_course recorded[][6] = {
    {{800, 0.000433, 0.000301}, /* simulate -q risk1 */
     {800, 0.000541, 0.000602},
     {500, 0.001033, 0.001544},
     {200, 0.003499, 0.004694},
     {100, 0.017324, 0.019091},
     {50, 0.104335, 0.115}},
    {{800, 0.000433, 0.0000501}, /* simulate -q ck_top */
     {800, 0.000541, 0.000134},
     {500, 0.001033, 0.000537},
     {200, 0.003499, 0.002653},
     {100, 0.017324, 0.016364},
     {50, 0.104335, 0.105}},
    {{800, 0.000433, 0.000602}, /* simulate -q risk0,risk1,train0,train1,delta */
     {800, 0.000541, 0.001204},
     {500, 0.001033, 0.002752},
     {200, 0.003499, 0.008163},
     {100, 0.017324, 0.032727},
     {50, 0.104335, 0.19}},
};

static const double silence = 1.0;      /* nothing is shown before */
static const double right_factor = 2.0; /* what is shown, over what it turned out to be */
static const double short_rest = 0.5;   /* seconds; of less, nobody minds the factor */

static double uniform(unsigned long *state)
{
  *state = (*state * 1103515245ul + 12345ul) % 2147483648ul;
  return (double)*state / 2147483648.0;
}

/* Threads take the replicas in their order, a size begins when the one before has ended, and a replica takes up to
   `spread` more or less than it should; everything `slower` than recorded. Ends of replicas into `ends`; how many. */
static size_t play(const size_course *sizes, size_t count, size_t threads, double spread, double slower,
                   double *ends, double *costs)
{
  double at = 0.0, free_at[64];
  unsigned long state = 2385ul + threads;
  size_t replicas = 0;
  for (size_t k = 0; k < count; k++) {
    double last = at;
    for (size_t t = 0; t < threads; t++)
      free_at[t] = at;
    for (size_t i = 0; i < sizes[k].count; i++) {
      size_t next = 0;
      for (size_t t = 1; t < threads; t++)
        next = free_at[t] < free_at[next] ? t : next;
      free_at[next] += slower * sizes[k].seconds * (1.0 + spread * (2.0 * uniform(&state) - 1.0));
      costs[replicas] = sizes[k].cost;
      ends[replicas++] = free_at[next];
      last = fmax(last, free_at[next]);
    }
    at = last;
  }
  return replicas;
}

static int compare_doubles(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* How many of the numbers that would be shown are beyond the factor, and how many there are. */
static size_t wrong_of(const size_course *sizes, size_t count, size_t threads, double spread, double slower,
                       size_t *shown)
{
  enum { MOST = 4096 };
  static double ends[MOST], costs[MOST];
  const size_t replicas = play(sizes, count, threads, spread, slower, ends, costs);
  size_t wrong = 0;
  plimi_progress progress;
  ck_assert_uint_le(replicas, MOST);
  qsort(ends, replicas, sizeof *ends,
        compare_doubles); /* those of one cost stay together: sizes do not overlap */
  plimi_progress_begin(&progress, "replicas", 0, 0.0);
  plimi_progress_threads(&progress, threads);
  for (size_t k = 0; k < count; k++)
    plimi_progress_more(&progress, sizes[k].count, (double)sizes[k].count * sizes[k].cost);
  progress.ended = 0.0;
  *shown = 0;
  for (size_t i = 0; i < replicas; i++) {
    plimi_progress_note(&progress, 1, costs[i], ends[i]);
    const double left = plimi_progress_left(&progress), really = ends[replicas - 1] - ends[i];
    if (ends[i] < silence || really < short_rest)
      continue;
    ++*shown;
    wrong += left > right_factor * really || left < really / right_factor ? 1 : 0;
  }
  return wrong;
}

START_TEST(time_left_is_right_to_a_factor_of_two)
{
  static const size_t threads[] = {1, 2, 7, 16};
  size_t shown, all = 0;
  for (size_t c = 0; c < sizeof recorded / sizeof *recorded; c++) {
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
      for (double slower = 1.0; slower < 9.0; slower += 2.9) {
        const size_t wrong = wrong_of(recorded[c], 6, threads[t], 0.3, slower, &shown);
        ck_assert_msg(wrong == 0, "course %zu, %zu threads, %g times slower: %zu of %zu", c, threads[t],
                      slower, wrong, shown);
        all += shown;
      }
    }
  }
  ck_assert_uint_ge(all, 5000);
}
END_TEST

/* Of sizes that the model gets wrong, each by up to half as much again as the one before: hardly a wrong number. */
START_TEST(time_left_where_the_model_is_wrong)
{
  unsigned long state = 1615;
  size_t wrong = 0, all = 0;
  for (size_t course = 0; course < 60; course++) {
    size_course sizes[5];
    double error = 0.3 + 3.0 * uniform(&state);
    for (size_t k = 0; k < 5; k++) {
      size_t shown;
      error *= pow(1.5, 2.0 * uniform(&state) - 1.0);
      sizes[k] =
          (size_course){.count = 10 + (size_t)(60.0 * uniform(&state)), .cost = 0.02 * pow(4.3, (double)k)};
      sizes[k].seconds = error * sizes[k].cost;
      if (k < 4)
        continue;
      wrong += wrong_of(sizes, 5, 1 + course % 5, 0.4, 1.0, &shown);
      all += shown;
    }
  }
  ck_assert_uint_ge(all, 5000);
  ck_assert_msg((double)wrong < 0.03 * (double)all, "%zu of %zu", wrong, all);
}
END_TEST

START_TEST(short_work_shows_nothing)
{
  const int master = watched_stderr();
  plimi_progress progress = begun(0.0, 10, 10.0);
  plimi_progress_step(&progress, 5, 5.0);
  plimi_progress_end(&progress);
  assert_shown(master, "");
}
END_TEST

START_TEST(nobody_is_watching)
{
  int ends[2];
  char text[8];
  ck_assert_int_eq(pipe(ends), 0);
  ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
  close(ends[1]);
  plimi_progress progress = begun(30.0, 10, 10.0);
  plimi_progress_step(&progress, 5, 5.0);
  plimi_progress_end(&progress);
  close(STDERR_FILENO);
  ck_assert_int_eq(read(ends[0], text, sizeof text), 0);
}
END_TEST

/* What is half written when memory ends goes, in whatever order it was listed; what was dropped from the list stays. */
START_TEST(temporary_files)
{
  enum { FILES = 4, STAYS = 1 };
  char folder[] = "check_progress.XXXXXX", paths[FILES][40];
  plimi_temporary listed[FILES];
  ck_assert_ptr_nonnull(mkdtemp(folder));
  for (size_t i = 0; i < FILES; i++) {
    snprintf(paths[i], sizeof paths[i], "%s/%zu", folder, i);
    ck_assert_int_eq(close(open(paths[i], O_WRONLY | O_CREAT | O_EXCL, 0600)), 0);
    plimi_temporary_add(&listed[i], paths[i]);
  }
  plimi_temporary_drop(&listed[STAYS]);
  plimi_temporary_drop(&listed[STAYS]); /* that it is not there any more is no matter */
  plimi_temporary_remove(&listed[STAYS]);
  plimi_temporary_remove(&listed[FILES - 1]);
  ck_assert_int_ne(access(paths[FILES - 1], F_OK), 0);
  ck_assert_int_eq(access(paths[0], F_OK), 0);
  plimi_temporaries_remove();
  for (size_t i = 0; i < FILES; i++)
    ck_assert_int_eq(access(paths[i], F_OK) == 0, i == STAYS);
  ck_assert_int_eq(remove(paths[STAYS]), 0);
  ck_assert_int_eq(remove(folder), 0);
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("progress");
  tcase_add_test(all, shows_share_and_time_left);
  tcase_add_test(all, what_was_given_says_nothing_of_the_speed);
  tcase_add_test(all, whole_or_empty_bar);
  tcase_add_test(all, dear_replicas_and_looks);
  tcase_add_test(all, narrow_terminals);
  tcase_add_test(all, time_left_is_right_to_a_factor_of_two);
  tcase_add_test(all, time_left_where_the_model_is_wrong);
  tcase_add_test(all, short_work_shows_nothing);
  tcase_add_test(all, nobody_is_watching);
  tcase_add_test(all, temporary_files);
  return run_cases("progress", 1, &all);
}
