/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_journal_failures.c - a journal for which the system has no stream, no disk or no removal. fdopen, fdatasync and
   unlink are defined here and thus serve the program's code in the place of the system's. */
#include "config.h"

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/journal.h"
#include "run_cases.h"

static int open_error, sync_error, unlink_error; /* 0: the system's own */

FILE *fdopen(int descriptor, const char *mode)
{
  FILE *(*real)(int, const char *);
  *(void **)&real = dlsym(RTLD_NEXT, "fdopen");
  errno = open_error;
  return open_error != 0 ? NULL : real(descriptor, mode);
}

int fdatasync(int descriptor)
{
  (void)descriptor;
  errno = sync_error;
  return sync_error == 0 ? 0 : -1;
}

int unlink(const char *name)
{
  errno = unlink_error;
  return unlink_error != 0 ? -1 : unlinkat(AT_FDCWD, name, 0);
}

static char folder[] = "check_journal.XXXXXX";
static char path[64], journal_path[80];
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
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
  part = (plimi_part){PLIMI_SIMULATE, "simulate", &settings};
  request = (plimi_output_request){.command = "simulate", .parts = &part, .part_count = 1, .path = path};
}

static void end(void)
{
  plimi_settings_free(&settings);
  unlink(journal_path);
  ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
}

/* No stream, no room for the header: status 4, and no journal is left; one that cannot be removed is left, and said. */
START_TEST(no_stream_and_no_removal)
{
  for (int i = 0; i < 2; i++) {
    plimi_journal *none = NULL;
    *(i == 0 ? &open_error : &sync_error) = EIO;
    ck_assert_int_eq(plimi_journal_open(&request, false, &none), PLIM_EXIT_FILE);
    ck_assert_ptr_null(none);
    open_error = sync_error = 0;
    ck_assert_int_ne(access(journal_path, F_OK), 0);
  }
  plimi_journal *journal = NULL;
  ck_assert_int_eq(plimi_journal_open(&request, false, &journal), PLIM_EXIT_DONE);
  char said[512] = "";
  int ends[2];
  const int kept = dup(STDERR_FILENO);
  ck_assert_int_eq(pipe(ends), 0);
  ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
  unlink_error = EACCES;
  plimi_journal_close(journal, true);
  unlink_error = 0;
  ck_assert_int_ge(dup2(kept, STDERR_FILENO), 0);
  ck_assert_int_gt(read(ends[0], said, sizeof said - 1), 0);
  ck_assert_ptr_nonnull(strstr(said, "is done with and cannot be removed: Permission denied; remove it"));
  ck_assert_int_eq(access(journal_path, F_OK), 0);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("journal failures");
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, no_stream_and_no_removal);
  return run_cases("journal failures", 1, &tests);
}
