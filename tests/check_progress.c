/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_progress.c - the bar of long work, on a terminal and where there is none. The clock is set back rather than
   waited for. */
#include "config.h"

#include <check.h>
#include <fcntl.h>
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
  return progress;
}

#define BAR_3_OF_10 "\r[#########.....................] 3/10 replicas"
#define WIPED "\033[K"

START_TEST(shows_share_and_time_left)
{
  static const struct {
    double begun;
    const char *left;
  } cases[] = {{30.0, ", 70 s left"}, {60.0, ", 2 min left"}, {3600.0, ", 2.3 h left"}};
  const int master = watched_stderr();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char expected[128];
    plimi_progress progress = begun(cases[i].begun, 10, 100.0);
    plimi_progress_step(&progress, 3, 30.0);
    snprintf(expected, sizeof expected, BAR_3_OF_10 "%s" WIPED, cases[i].left);
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
  plimi_progress_step(&progress, 2, 2.5); /* more than was foreseen */
  assert_shown(master, "\r[##############################] 2/2 replicas, 0 s left" WIPED);
  progress = begun(10.0, 0, 0.0);
  plimi_progress_step(&progress, 0, 0.0);
  assert_shown(master, "\r[..............................] 0/0 replicas" WIPED);
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
  tcase_add_test(all, short_work_shows_nothing);
  tcase_add_test(all, nobody_is_watching);
  tcase_add_test(all, temporary_files);
  return run_cases("progress", 1, &all);
}
