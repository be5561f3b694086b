/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_journal_failures.c - a journal for which the system has no stream, no disk or no removal, or that it cannot
   read. fdopen, fdatasync and unlink are defined here and thus serve the program's code in the place of the
   system's. */
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
static ssize_t readable = -1; /* bytes that can be read before EIO; -1: the system's own stream */

#ifdef HAVE_FOPENCOOKIE
static int served;

static ssize_t read_some(void *cookie, char *bytes, size_t size)
{
  (void)cookie;
  const ssize_t got =
      readable > 0 ? read(served, bytes, size < (size_t)readable ? size : (size_t)readable) : 0;
  if (readable == 0) {
    errno = EIO;
    return -1;
  }
  readable -= got;
  return got;
}

/* plim begins again at 0, where it has read no more than the buffer that stdio keeps */
static int seek_some(void *cookie, off64_t *offset, int whence)
{
  (void)cookie;
  const off_t at = lseek(served, 0, SEEK_CUR), to = lseek(served, (off_t)*offset, whence);
  readable += at - to;
  *offset = to;
  return to < 0 ? -1 : 0;
}

static int close_served(void *cookie)
{
  (void)cookie;
  return close(served);
}
#endif

FILE *fdopen(int descriptor, const char *mode)
{
  FILE *(*real)(int, const char *);
  *(void **)&real = dlsym(RTLD_NEXT, "fdopen");
#ifdef HAVE_FOPENCOOKIE
  if (readable >= 0) {
    served = descriptor;
    return fopencookie(NULL, mode,
                       (cookie_io_functions_t){.read = read_some, .seek = seek_some, .close = close_served});
  }
#endif
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

/* What stderr is told meanwhile. */
static int told_to, own_stderr;

static void begin_listening(void)
{
  int ends[2];
  ck_assert_int_eq(pipe(ends), 0);
  own_stderr = dup(STDERR_FILENO);
  ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
  close(ends[1]);
  told_to = ends[0];
}

static void heard(const char *words)
{
  char said[512] = "";
  ck_assert_int_ge(dup2(own_stderr, STDERR_FILENO), 0);
  close(own_stderr);
  ck_assert_int_ge(read(told_to, said, sizeof said - 1), 0);
  close(told_to);
  ck_assert_msg(strstr(said, words) != NULL, "'%s' was said", said);
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
  begin_listening();
  unlink_error = EACCES;
  plimi_journal_close(journal, true);
  unlink_error = 0;
  heard("is done with and cannot be removed: Permission denied; remove it");
  ck_assert_int_eq(access(journal_path, F_OK), 0);
}
END_TEST

#ifdef HAVE_FOPENCOOKIE
static size_t contents(char *bytes, size_t room)
{
  FILE *file = fopen(journal_path, "r");
  ck_assert_ptr_nonnull(file);
  const size_t length = fread(bytes, 1, room, file);
  fclose(file);
  return length;
}

/* A disk that gives a journal's beginning and no more: that is said, nothing is taken for the end of it or for no
   journal, and not a byte is changed. */
START_TEST(cannot_be_read)
{
  enum { RECORDS = 200, ROOM = 100000 };
  static char before[ROOM], after[ROOM];
  static const char *const names[] = {"risk1"};
  static const double penalties[] = {0.0371}, sample = 2.385;
  const plimi_journal_run run = {
      .point = "here", .quantities = names, .quantity_count = 1, .path = penalties, .length = 1};
  plimi_journal *journal = NULL;
  ck_assert_int_eq(plimi_journal_open(&request, false, &journal), PLIM_EXIT_DONE);
  plimi_journal_place *place = plimi_journal_place_alloc(journal, &run);
  for (size_t r = 0; r < RECORDS; r++)
    ck_assert(plimi_journal_record(place, r, &sample, false));
  plimi_journal_place_free(place);
  plimi_journal_close(journal, false);
  const size_t length = contents(before, ROOM), first = strcspn(before, "\n");
  ck_assert(length > 9000 && length < ROOM);
  const size_t at[] = {0, 17, first, first + 1, first + 2, 4096, 8192, length - 1};
  for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
    readable = (ssize_t)at[i];
    journal = NULL;
    begin_listening();
    const int status = plimi_journal_open(&request, true, &journal);
    readable = -1;
    heard("run.csv.journal cannot be read: Input/output error");
    ck_assert_int_eq(status, PLIM_EXIT_FILE);
    ck_assert_ptr_null(journal);
    ck_assert_uint_eq(contents(after, ROOM), length);
    ck_assert_mem_eq(after, before, length);
  }
  ck_assert_int_eq(plimi_journal_open(&request, true, &journal), PLIM_EXIT_DONE); /* and none of it is lost */
  ck_assert_uint_eq(plimi_journal_size(journal), RECORDS);
  plimi_journal_close(journal, true);
}
END_TEST
#endif

int main(void)
{
  TCase *tests = tcase_create("journal failures");
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, no_stream_and_no_removal);
#ifdef HAVE_FOPENCOOKIE
  tcase_add_test(tests, cannot_be_read);
#endif
  return run_cases("journal failures", 1, &tests);
}
