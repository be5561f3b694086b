/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stop_at_line.c - a signal at a certain line of a journal, for tests of what an interruption leaves. Sent from
   outside, by a process that looks again and again how far the work is, it wants work that takes seconds.

   Preloaded (LD_PRELOAD=tests/.libs/stop_at_line.so) it reads PLIM_STOP=SIGNAL:LINES, as in TERM:5, and sends the
   process that signal once so many lines have been flushed to a file whose name ends in .journal. Linux only, for
   /proc. */
#include "config.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_ulong flushed;

static int signal_called(const char *name, size_t length)
{
  static const struct {
    const char *name;
    int number;
  } signals[] = {{"INT", SIGINT},   {"TERM", SIGTERM}, {"KILL", SIGKILL}, {"HUP", SIGHUP},
                 {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"XCPU", SIGXCPU}};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (strlen(signals[i].name) == length && strncmp(signals[i].name, name, length) == 0)
      return signals[i].number;
  abort();
}

static int is_journal(FILE *stream)
{
  static const char end[] = ".journal";
  char link[64], name[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fileno(stream));
  const ssize_t length = readlink(link, name, sizeof name);
  return length >= (ssize_t)(sizeof end - 1) &&
         memcmp(name + length - (sizeof end - 1), end, sizeof end - 1) == 0;
}

int fflush(FILE *stream)
{
  int (*next)(FILE *) = NULL;
  const char *stop = getenv("PLIM_STOP"), *colon = stop != NULL ? strchr(stop, ':') : NULL;
  *(void **)&next = dlsym(RTLD_NEXT, "fflush"); /* as POSIX has it: ISO C has no such conversion */
  const int result = next(stream);
  if (colon != NULL && stream != NULL && is_journal(stream) &&
      atomic_fetch_add(&flushed, 1) + 1 == strtoul(colon + 1, NULL, 10))
    kill(getpid(), signal_called(stop, (size_t)(colon - stop)));
  return result;
}
